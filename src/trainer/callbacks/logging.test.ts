// The lines of LoggingCallback, Heartbeat and EpochHeartbeat in real fits.
import { describe, expect, test, vi } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { CrossEntropyLoss, Linear } from '../../nn/index.ts';
import { SGD } from '../../optim/index.ts';
import { type Tensor, tensor } from '../../tensor/index.ts';
import type { Callback } from '../loop/events.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { Trainer } from '../trainer.ts';
import { EpochHeartbeat, Heartbeat } from './heartbeat.ts';
import { LoggingCallback } from './logging.ts';

/** Takes lines, with what differs from run to run replaced: times of day and speeds. */
function paper(): { readonly stream: { write(text: string): unknown }; lines(): string[] } {
  let text = '';
  return {
    stream: { write: (part: string) => (text += part) },
    lines: () =>
      text
        .replaceAll(/\d+\.\d(\d?) (samples|batches)\/s/g, 'x$1 $2/s')
        .replaceAll(/x\d /g, 'xx ')
        .replaceAll(/Time: \d+\.\d\ds/g, 'Time: t')
        .replaceAll(/^\[\d\d:\d\d:\d\d\] /gm, '> ')
        .split('\n'),
  };
}

/** Batches of two, of which the model below, which never learns, gets `right` right. */
function classes(right: readonly boolean[]): DataLoader<[Tensor, Tensor], [Tensor, Tensor]> {
  const dataset = new TensorDataset([
    tensor(right.map(() => [1])), // [N, 1]
    tensor(right.map((isRight) => (isRight ? 1n : 0n))),
  ] as const);
  return new DataLoader({ dataset, batchSize: 2 }) as unknown as DataLoader<[Tensor, Tensor], [Tensor, Tensor]>;
}

describe('LoggingCallback', () => {
  test('writes the lines of adaptiveneuralnetwork', async () => {
    const { stream, lines } = paper();
    const model = new Linear(1, 2, { bias: false });
    model.loadStateDict({ weight: tensor([[0], [1]]) });
    const optimizer = new SGD(model.parameters(), { lr: 0 });
    const logging = new LoggingCallback({ logInterval: 2, stream });
    const trainer = new Trainer({ model, optimizer, criterion: new CrossEntropyLoss(), callbacks: [logging] });
    const [trainLoader, valLoader] = [classes([true, true, true, false, false, false]), classes([true, false])];
    await trainer.fit({ trainLoader, valLoader, numEpochs: 2 });
    // The losses are ln(1 + 1/e) and ln(1 + e), and their means.
    const epoch = (number: number): string[] => [
      '',
      '='.repeat(60),
      `Epoch ${number}/2`,
      '='.repeat(60),
      'Batch    0 | Loss: 0.3133 | Acc: 100.00% | Throughput: x samples/s',
      'Batch    2 | Loss: 1.3133 | Acc: 50.00% | Throughput: x samples/s',
      '',
      '-'.repeat(60),
      `Epoch ${number} Summary:`,
      '  Train Loss: 0.8133 | Train Acc: 50.00%',
      '  Val Loss:   0.8133 | Val Acc:   50.00%',
      '  Time: t | Throughput: x samples/s, xx batches/s',
      '-'.repeat(60),
    ];
    expect(lines()).toEqual([...epoch(1), ...epoch(2), '']);
    expect([logging.batchCount, logging.sampleCount]).toEqual([3, 6]);
    expect(logging.epochMetrics['val/accuracy']).toBe(0.5);
    expect(Date.now() - logging.epochStartTime!).toBeLessThan(60_000);
  });

  test('leaves out what a step does not give, and counts in silence', async () => {
    const { stream, lines } = paper();
    const quiet = new LoggingCallback({ verbose: false, stream });
    await tinyTrainer({ callbacks: [quiet] }).trainer.fit({ trainLoaders: [tinyLoader(3)] });
    expect([lines(), quiet.batchCount, quiet.sampleCount]).toEqual([[''], 2, 3]);
    await tinyTrainer({ callbacks: [new LoggingCallback({ stream })] }).trainer.fit({ trainLoaders: [tinyLoader(2)] });
    expect(lines()[4]).toMatch(/^Batch {4}0 \| Loss: \d\.\d{4} \| Throughput: x samples\/s$/);
    expect(lines()[8]).toMatch(/^ {2}Train Loss: \d\.\d{4}$/);
  });

  test('begins its epoch where a run is resumed inside one', async () => {
    const config = { checkpoint: { rootDir: temporaryFolder() } };
    const trainLoaders = () => [tinyLoader(6)];
    await tinyTrainer({ config: { ...config, maxSteps: 1 } }).trainer.fit({ trainLoaders: trainLoaders() });
    const { stream, lines } = paper();
    const logging = new LoggingCallback({ logInterval: 1, stream });
    await tinyTrainer({ config, callbacks: [logging] }).trainer.fit({ trainLoaders: trainLoaders() });
    expect(lines()[2]).toBe('Epoch 1/1');
    expect(lines().flatMap((line) => /^Batch +\d+/.exec(line) ?? [])).toEqual(['Batch    1', 'Batch    2']);
    expect(logging.batchCount).toBe(2);
  });

  test('refuses options that do not fit, all at once', () => {
    const wrong = { logInterval: 0, verbose: 'yes', stream: 3, every: 1 } as never;
    expect(() => new LoggingCallback(wrong)).toThrow(
      [
        'Cannot make LoggingCallback: 4 problems',
        'every: expected one of logInterval, verbose, stream, got an unknown key',
        'logInterval: expected an integer above 0, got 0',
        'verbose: expected true or false, got "yes"',
        'stream: expected something to write to, got 3',
      ].join('\n  - '),
    );
  });
});

describe('Heartbeat', () => {
  const validation = ['val-start', 'val-epoch-start', 'val-batch-start', 'val-batch-end', 'val-epoch-end', 'val-end'];
  const batch = ['train-batch-start', 'after-backward', 'train-batch-end'];

  test('writes a line for each of its events, in the order of Lightning', async () => {
    const { stream, lines } = paper();
    const { trainer } = tinyTrainer({
      config: { validation: { sanitySteps: 1 } },
      callbacks: [new Heartbeat({ stream })],
    });
    await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)] });
    const beats = ['fit-start', ...validation, 'train-start', ...batch, ...validation];
    expect(lines()).toEqual([...beats.map((beat) => `> ${beat}`), '']);
    await trainer.test({ loaders: [tinyLoader(2)] });
    expect(lines().length).toBe(beats.length + 1); // a test is no validation
  });

  test('does not say that a validation ended which did not', async () => {
    const { stream, lines } = paper();
    const failing: Callback = {
      name: 'failing',
      validationBatchEnd: () => {
        throw new Error('no');
      },
    };
    const { trainer } = tinyTrainer({ callbacks: [new Heartbeat({ stream }), failing] });
    await expect(trainer.validate({ loaders: [tinyLoader(2)] })).rejects.toThrow('no');
    expect(lines()).toEqual([...validation.slice(0, 4).map((beat) => `> ${beat}`), '']);
  });
});

test('heartbeats of other ranks are silent', async () => {
  const { stream, lines } = paper();
  vi.stubEnv('LOCAL_RANK', '1');
  try {
    const { trainer } = tinyTrainer({ callbacks: [new Heartbeat({ stream }), new EpochHeartbeat({ stream })] });
    await trainer.fit({ trainLoaders: [tinyLoader(2)] });
  } finally {
    vi.unstubAllEnvs();
  }
  expect(lines()).toEqual(['']);
});

test('EpochHeartbeat writes its lines, with the metric where there is one', async () => {
  const { stream, lines } = paper();
  const callbacks = ['val_loss', 'val_bps_overall'].map((metricKey) => {
    const heart = new EpochHeartbeat({ metricKey, stream });
    return Object.defineProperty(heart, 'name', { value: metricKey }) as EpochHeartbeat;
  });
  const { trainer } = tinyTrainer({ callbacks });
  trainer.setValidationStep(() => ({ loss: 0.03125 }));
  await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)] });
  const twice = ['> training begins', '> … running validation', '> validation done'].flatMap((line) => [line, line]);
  expect(lines()).toEqual([...twice, '> epoch 0 — val_loss: 0.0312', '> epoch 0 finished', '']);
});

test('EpochHeartbeat has the validation inside of an epoch', async () => {
  const { stream, lines } = paper();
  const { trainer } = tinyTrainer({
    config: { validation: { frequency: 'every_n_steps', everyNSteps: 1 } },
    callbacks: [new EpochHeartbeat({ metricKey: 'val_loss', stream })],
  });
  trainer.setValidationStep(() => ({ loss: 0.5 }));
  await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)] });
  expect(lines().at(-2)).toBe('> epoch 0 — val_loss: 0.5000');
});
