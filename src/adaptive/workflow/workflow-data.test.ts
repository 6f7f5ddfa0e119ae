// The data of workflows: how it is cut, tables with numbers, words and text, and what is wrong with files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tensor, zeros } from '../../tensor/index.ts';
import { readTableSamples } from './table-samples.ts';
import { hashedWords } from './word-features.ts';
import { cutSamples, type WorkflowDataOptions, workflowDataset } from './workflow-data.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-workflow-data-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const rows = (...places: number[]) => tensor(places, { dtype: 'int64' });

describe('cutSamples()', () => {
  const cut = (numSamples: number, splits: [number, number, number], testStart?: number, seed = 1) =>
    cutSamples(
      { targets: zeros([numSamples], { dtype: 'int64' }), ...(testStart === undefined ? {} : { testStart }) },
      { splits, seed },
    );
  const sizes = (cuts: ReturnType<typeof cut>): number[] => [cuts.train.length, cuts.val.length, cuts.test.length];

  test('parts have their shares, none a sample twice, and all samples are somewhere', () => {
    expect(sizes(cut(100, [0.8, 0.1, 0.1]))).toEqual([80, 10, 10]);
    expect(sizes(cut(10, [0.5, 0.3, 0.2]))).toEqual([5, 3, 2]);
    expect(sizes(cut(11, [0.7, 0, 0.3]))).toEqual([8, 0, 3]);
    expect(sizes(cut(11, [0.7, 0.3, 0]))).toEqual([8, 3, 0]);
    expect(sizes(cut(11, [1, 0, 0]))).toEqual([11, 0, 0]);
    const { train, val, test: tested } = cut(97, [0.8, 0.1, 0.1]);
    expect([...train, ...val, ...tested].sort((a, b) => a - b)).toEqual(Array.from({ length: 97 }, (_, i) => i));
  });

  test('test files of its own are the test, and the others are shared', () => {
    const cuts = cut(12, [0.6, 0.3, 0.1], 9);
    expect(sizes(cuts)).toEqual([6, 3, 3]);
    expect(cuts.test).toEqual([9, 10, 11]);
    expect(Math.max(...cuts.train, ...cuts.val)).toBe(8);
    expect(sizes(cut(12, [0.9, 0.1, 0], 9))).toEqual([8, 1, 0]);
    expect(sizes(cut(12, [0.9, 0, 0.1], 9))).toEqual([9, 0, 3]);
  });

  test('a seed decides who goes where', () => {
    expect(cut(50, [0.8, 0.1, 0.1])).toEqual(cut(50, [0.8, 0.1, 0.1]));
    expect(cut(50, [0.8, 0.1, 0.1], undefined, 2).train).not.toEqual(cut(50, [0.8, 0.1, 0.1]).train);
  });
});

describe('workflowDataset()', () => {
  const options: WorkflowDataOptions = {
    ...{ name: 'synthetic', splits: [0.5, 0.25, 0.25], seed: 3, width: 2, numClasses: 2 },
    params: { numSamples: 8, noise: 0 },
  };

  test('samples of a synthetic class are its pattern, whatever the part', async () => {
    const [train, held] = await Promise.all([workflowDataset(options, 'train'), workflowDataset(options, 'test')]);
    expect([train.length, held.length]).toEqual([4, 2]);
    const patterns = new Map<unknown, string>();
    for (const set of [train, held])
      for (let i = 0; i < set.length; i++) {
        const [input, target] = set.get(i);
        const pattern = JSON.stringify(input.toArray());
        expect(patterns.get(target.item()) ?? pattern).toBe(pattern);
        patterns.set(target.item(), pattern);
      }
    expect(new Set(patterns.values()).size).toBe(2);
  });

  test('a CSV file may be named by its folder, where it is the only one', async () => {
    file('one.csv', 'a,label\n1,x\n2,y\n3,x\n4,y\n');
    const table = { ...options, name: 'csv', path: folder, params: {} };
    expect((await workflowDataset(table, 'train')).length).toBe(2);
    file('two.csv', 'a,label\n1,x\n');
    await expect(workflowDataset(table, 'train')).rejects.toThrow(`got 2 of them in "${folder}"`);
  });
});

describe('readTableSamples()', () => {
  const TABLE = 'speed,road,same,label\n1,wet,5,10\n3,dry,5,9\n100,wet,5,10\n5,icy,5,9\n';

  test('numbers have mean 0 and deviation 1 over the rows that are trained on, words a place each, classes their order', async () => {
    const { inputs, targets, classes, width } = await readTableSamples({
      ...{ path: file('table.csv', TABLE), target: 'label', width: 1 },
    });
    expect([classes, targets.toArray(), width]).toEqual([[9, 10], [1, 0, 1, 0], 5]);
    const scale = Math.sqrt(8 / 3); // of 1, 3, 5
    const expected = [
      ...[
        [-2 / scale, 0, 0, 1, 0],
        [0, 1, 0, 0, 0],
      ],
      ...[
        [97 / scale, 0, 0, 1, 0],
        [2 / scale, 0, 1, 0, 0],
      ],
    ];
    const made = inputs(rows(0, 1, 3)).toArray() as number[][];
    for (const [i, row] of expected.entries())
      for (const [j, value] of row.entries()) expect(made[i]![j]).toBeCloseTo(value, 4);
  });

  test('columns may be chosen, and text is read as text', async () => {
    const path = file('table.csv', TABLE);
    const chosen = await readTableSamples({ path, target: 'label', inputs: ['road'], width: 1 });
    expect([chosen.width, chosen.inputs(rows(0)).toArray()]).toEqual([
      3,
      [
        [0, 0, 1],
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
      ],
    ]);
    const text = await readTableSamples({ path, target: 'label', text: 'road', width: 16 });
    expect(text.inputs(rows(0)).toArray()).toEqual(hashedWords(['wet', 'dry', 'wet', 'icy'], 16).toArray());
  });

  test('says every column that is not there, has gaps, or too many words', async () => {
    const path = file('table.csv', TABLE);
    const missing = readTableSamples({ path, target: 'kind', inputs: ['road', 'sped'], width: 1 });
    await expect(missing).rejects.toThrow(
      [
        `Cannot read the samples of "${path}": 2 problems`,
        '  - target: expected one of the columns speed, road, same, label, got "kind"',
        '  - inputs: expected one of the columns speed, road, same, label, got "sped"',
      ].join('\n'),
    );
    const lines = Array.from({ length: 101 }, (_, i) => `${i === 4 ? '' : i}.5,word${i},a`.replace(/^\.5/, ''));
    const gaps = file('gaps.csv', `n,w,label\n${lines.join('\n')}\n`);
    await expect(readTableSamples({ path: gaps, target: 'label', width: 1 })).rejects.toThrow(
      /column "n", got 1 without[\s\S]*at most 100 different words in column "w", got 101/,
    );
    const bare = readTableSamples({ path: file('bare.csv', 'label\na\nb\n'), target: 'label', width: 1 });
    await expect(bare).rejects.toThrow('inputs: expected a column beside label, got none');
  });
});

describe('hashedWords()', () => {
  // FNV-1a of 32 bits, by its published test vectors: "a" e40c292c, "foobar" bf9cf968.
  test('counts words with their signs at the places of their hash, in rows of length 1', () => {
    const width = 1000;
    const place = (hash: number): number => (hash >>> 1) % width;
    const expected = Array<number>(width).fill(0);
    expected[place(0xe40c292c)] = -2 / Math.sqrt(5);
    expected[place(0xbf9cf968)] = -1 / Math.sqrt(5);
    const [row, none] = hashedWords(['A foobar, a!', ' -- '], width).toArray() as number[][];
    for (const [i, value] of expected.entries()) expect(row![i]).toBeCloseTo(value, 6);
    expect(none).toEqual(Array(width).fill(0));
  });

  test('a sign may be positive, and a row is its own whatever stands beside it', () => {
    const words = hashedWords(['b', 'c', 'd', 'e', 'f'], 8).toArray() as number[][];
    expect(new Set(words.flat())).toEqual(new Set([-1, 0, 1]));
    expect((hashedWords(['e'], 8).toArray() as number[][])[0]).toEqual(words[3]);
  });
});
