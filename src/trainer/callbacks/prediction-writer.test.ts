// The files of PredictionWriter, read back by our own readers and as text.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadNpy, readCsv } from '../../data/index.ts';
import { loadSafetensors } from '../../serial/safetensors.ts';
import { liveTensors, ones, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import type { Callback } from '../loop/events.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { PredictionWriter, type PredictionWriterOptions } from './prediction-writer.ts';

/** Predicts the rows of two loaders, of three and two samples in batches of two. Whether it succeeds or not, no tensor of it stays. */
async function predicted(
  options: PredictionWriterOptions,
  step: (batch: TinyBatch) => unknown = ({ row }) => row,
): Promise<PredictionWriter> {
  const writer = new PredictionWriter(options);
  const { trainer } = tinyTrainer({ callbacks: [writer] });
  trainer.setPredictStep((_trainer, batch: TinyBatch) => step(batch));
  const loaders = [tinyLoader(3), tinyLoader(2, { start: 7 })];
  const before = settledTensors();
  try {
    expect(await trainer.predict({ loaders, loaderNames: ['a', 'b/c'], onBatch: () => {} })).toEqual([]);
  } finally {
    expect(liveTensors()).toBeLessThanOrEqual(before); // garbage of the data above may go meanwhile
  }
  return writer;
}

describe('PredictionWriter', () => {
  test('writes a line of JSON for each sample', async () => {
    const path = join(temporaryFolder(), 'new', 'out.jsonl');
    const { files } = await predicted({ path }, ({ row }) => ({
      row,
      pair: row.div(2).unsqueeze(1).expand([-1, 2]), // [B, 2]
      is: row.gt(1),
      odd: row.sub(1).to('float32').log(), // of -1, 0, …
      mean: 3,
      whole: ones([9]),
    }));
    expect(files).toEqual([path]);
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines[0]).toBe('{"loader":"a","sample":0,"row":0,"pair":[0,0],"is":false,"odd":"NaN"}');
    expect(lines[1]).toBe('{"loader":"a","sample":1,"row":1,"pair":[0.5,0.5],"is":false,"odd":"-Infinity"}');
    expect(lines.slice(2, -1).map((line) => [JSON.parse(line).loader, JSON.parse(line).sample])).toEqual([
      ['a', 2],
      ['b/c', 0],
      ['b/c', 1],
    ]);
    expect(lines.at(-1)).toBe('');
  });

  test('writes CSV with a column for each element, a file for each loader where the path says so', async () => {
    const folder = temporaryFolder();
    const { files } = await predicted({ path: join(folder, '{loader}_{step:03d}.csv') }, ({ x }) => ({
      'a "b"': x.narrow(1, 0, 2).unsqueeze(1), // [B, 1, 2]
    }));
    expect(files).toEqual([join(folder, 'a_000.csv'), join(folder, 'b_c_000.csv')]);
    const text = readFileSync(files[0]!, 'utf8').split('\n');
    expect(text[0]).toBe('loader,sample,"a ""b""_0_0","a ""b""_0_1"');
    expect(text.length).toBe(5);
    const table = await readCsv(files[1]!);
    expect([...table.column('sample')].map(Number)).toEqual([0, 1]);
  });

  test('writes tensors over all samples, and nothing of predictions that failed', async () => {
    const folder = temporaryFolder();
    const path = (name: string): string => join(folder, name);
    await predicted({ path: path('rows.npy') });
    await predicted({ path: path('all.safetensors') }, ({ row, y }) => ({ row, y }));
    const rows = await loadNpy(path('rows.npy'));
    expect(rows.toArray()).toEqual([0, 1, 2, 7, 8]);
    const all = await loadSafetensors(path('all.safetensors'));
    expect(Object.entries(all).map(([name, { shape }]) => [name, shape])).toEqual([
      ['row', [5]],
      ['y', [5, 1]],
    ]);
    let count = 0;
    const failing = predicted({ path: path('none.npy') }, ({ row }) => {
      count += 1;
      if (count === 2) throw new Error('no');
      return row;
    });
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(path('none.npy'))).toBe(false);
  });

  test('writes what validation steps give, a file for each epoch, and the best of another kind of output', async () => {
    const folder = temporaryFolder();
    const writers = [
      new PredictionWriter({ path: join(folder, '{epoch}.csv'), of: 'validate' }),
      new PredictionWriter({
        path: join(folder, 'test.jsonl'),
        of: 'test',
        name: 'test',
        select: (output, { batchSize }) => ({ twice: (output as { y: Tensor }).y.mul(2).reshape([batchSize]) }),
      }),
    ];
    const { trainer } = tinyTrainer({ config: { validation: { sanitySteps: 1 } }, callbacks: writers });
    trainer.setValidationStep((_trainer, { y }: TinyBatch) => ({ loss: 1, y }));
    await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(3)], maxEpochs: 2 });
    for (const epoch of [0, 1]) {
      const text = readFileSync(join(folder, `${epoch}.csv`), 'utf8');
      expect(text).toMatch(/^loader,sample,y_0\nval_dl0,0,1\nval_dl0,1,0\.955\d+\nval_dl0,2,0\.825\d+\n$/);
    }
    expect(existsSync(join(folder, 'test.jsonl'))).toBe(false);
    await trainer.test({ loaders: [tinyLoader(1)] });
    expect(readFileSync(join(folder, 'test.jsonl'), 'utf8')).toBe('{"loader":"test_dl0","sample":0,"twice":2}\n');
  });

  test.each<[string, string, (batch: TinyBatch) => unknown, string]>([
    ['a number', 'x.csv', () => 3, 'expected tensors with 2 rows, one for each sample, got 3; give select'],
    ['no rows', 'x.csv', () => ({ a: zeros([]) }), 'got "a" of shape []; give select'],
    ['two arrays', 'x.npy', ({ x, y }) => ({ x, y }), 'expected one column, got x, y; select one'],
    ['complex', 'x.csv', ({ x }) => x.to('complex64'), 'expected real numbers in rows of text'],
    [
      'other rows',
      'x.npy',
      ({ x, row }) => (x.size(0) === 1 ? row : x),
      'expected "prediction" of shape [N, 3], got [1]',
    ],
    [
      'other columns',
      'x.csv',
      ({ x, row }) => (x.size(0) === 1 ? row : x),
      'expected columns loader,sample,prediction_0',
    ],
  ])('refuses outputs it has no place for: %s', async (_, name, step, message) => {
    await expect(predicted({ path: join(temporaryFolder(), name) }, step)).rejects.toThrow(message);
  });

  test('tells of a place that cannot be written, and the predictions end', async () => {
    const heard: string[] = [];
    const listener: Callback = { name: 'x', predictionEnd: (_, isComplete) => void heard.push(String(isComplete)) };
    const writer = new PredictionWriter({ path: '/dev/null/out.csv' });
    const { trainer } = tinyTrainer({ callbacks: [writer, listener] });
    trainer.setPredictStep(() => tensor([1]));
    await expect(trainer.predict({ loaders: [tinyLoader(1)] })).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(heard).toEqual(['false']);
  });

  test('refuses options that do not fit', () => {
    expect(() => new PredictionWriter({ path: 'a.txt', of: 'train' } as never)).toThrow(
      [
        'Cannot make PredictionWriter: 2 problems',
        'path: expected a file that ends in .jsonl, .csv, .npy, .safetensors, got "a.txt"',
        'of: expected one of predict, validate, test, got "train"',
      ].join('\n  - '),
    );
    expect(() => new PredictionWriter({ path: '{fold}.csv' })).toThrow('no other braces than {loader}, {epoch}');
    expect(() => new PredictionWriter({} as never)).toThrow('path: expected a file, got none');
  });
});
