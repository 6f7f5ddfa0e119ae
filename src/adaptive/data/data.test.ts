// Loaders of synthetic classes, digits and clothes.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { initialSeed } from '../../tensor/index.ts';
import { loadDigits } from './digits.ts';
import type { PairLoader } from './loaders.ts';
import { loadFashionMnist, loadMnist, loadMnistSubset } from './pictures.ts';
import { createSyntheticLoaders } from './synthetic.ts';

const place = mkdtempSync(join(tmpdir(), 'sconce-adaptive-data-'));
afterAll(() => rmSync(place, { recursive: true }));

async function batchesOf(
  loader: PairLoader,
): Promise<[shape: readonly number[], inputs: number[], classes: number[]][]> {
  const found: [readonly number[], number[], number[]][] = [];
  for await (const [inputs, classes] of loader)
    found.push([
      inputs.shape,
      inputs.flatten().toArray() as number[],
      Array.from(classes.toArray() as bigint[], Number),
    ]);
  return found;
}

describe('createSyntheticLoaders()', () => {
  // PyTorch 2.13 from seed 42: patterns by randn, then of each sample the class by randint and the noise by randn.
  test.each([
    [
      16,
      [0, 2, 2, 2, 2, 1, 1, 2],
      [0, 2],
      [-1.2883398532867432, -0.9021891951560974],
      [-1.09395170211792, -0.4699245095252991],
    ],
    [
      5,
      [1, 0, 1, 1, 0, 2, 2, 1],
      [1, 0],
      [-0.5457751750946045, 2.210116386413574],
      [0.24209202826023102, -1.0106570720672607],
    ],
  ])(
    'gives the samples that adaptiveneuralnetwork has: %i numbers each',
    async (inputDim, classes, testClasses, first, last) => {
      const before = initialSeed();
      const [train, tests] = createSyntheticLoaders({ numSamples: 10, inputDim, numClasses: 3, batchSize: 8 });
      expect(initialSeed()).toBe(before);
      const [[shape, inputs, drawn]] = (await batchesOf(train)) as [[readonly number[], number[], number[]]];
      expect(shape).toEqual([8, inputDim]);
      expect(drawn.toSorted()).toEqual(classes.toSorted());
      const seventh = Array.from({ length: 8 }, (_, row) => inputs.slice(row * inputDim, row * inputDim + 2));
      expect(seventh.map(String)).toContain(String(first));
      const [[, testInputs, testDrawn]] = (await batchesOf(tests)) as [[readonly number[], number[], number[]]];
      expect(testDrawn).toEqual(testClasses);
      expect(testInputs.slice(-2)).toEqual(last);
    },
  );

  test('plays training samples in another order each epoch, and the same one again from the same seed', async () => {
    const make = (seed: number): PairLoader => createSyntheticLoaders({ numSamples: 50, inputDim: 4, seed })[0];
    const loader = make(1);
    const first = await batchesOf(loader);
    expect(await batchesOf(make(1))).toEqual(first);
    expect(await batchesOf(make(2))).not.toEqual(first);
  });

  test('refuses what it does not know, all at once', () => {
    const wrong = { numSamples: 1, testSplit: 1, noise: 2 } as object;
    expect(() => createSyntheticLoaders(wrong)).toThrow(
      /^Cannot make synthetic data: 3 problems\n {2}- numSamples: expected an integer of at least 2, got 1\n {2}- testSplit: expected a number above 0 and below 1, got 1\n {2}- noise: expected one of .*, got an unknown option$/,
    );
  });
});

/** An IDX file of bytes. */
function idx(shape: readonly number[], byteAt: (i: number) => number): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [dim, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * dim);
  const body = Buffer.from(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => byteAt(i)));
  return Buffer.concat([header, body]);
}

describe('loadMnist() and loadFashionMnist()', () => {
  test('read the four files, normalise pixels, and take a subset by the seed', async () => {
    for (const [part, count] of [
      ['train', 6],
      ['t10k', 3],
    ] as const) {
      writeFileSync(
        join(place, `${part}-images-idx3-ubyte`),
        idx([count, 28, 28], (i) => (i % 784 === 0 ? 255 : 0)),
      );
      writeFileSync(
        join(place, `${part}-labels-idx1-ubyte`),
        idx([count], (i) => i),
      );
    }
    const [train, tests] = await loadMnist({ root: place, batchSize: 4 });
    expect([train.length, tests.length]).toEqual([2, 1]);
    const [[shape, pixels, classes]] = (await batchesOf(tests)) as [[readonly number[], number[], number[]]];
    expect(shape).toEqual([3, 1, 28, 28]);
    expect(classes).toEqual([0, 1, 2]);
    expect(pixels[0]).toBeCloseTo((1 - 0.1307) / 0.3081, 5);
    expect(pixels[1]).toBeCloseTo(-0.1307 / 0.3081, 5);
    const [clothes] = await loadFashionMnist({ root: place, subsetSize: 2 });
    const kept = (await batchesOf(clothes)).flatMap(([, , kinds]) => kinds);
    expect(new Set(kept).size).toBe(2);
    const [again] = await loadMnistSubset({ root: place, subsetSize: 2 });
    expect((await batchesOf(again)).flatMap(([, , kinds]) => kinds).toSorted()).toEqual(kept.toSorted());
    expect((await loadMnistSubset({ root: place }))[0].length).toBe(1);
  });

  test('say how to get files that are not there', async () => {
    await expect(loadMnist({ root: join(place, 'nowhere') })).rejects.toThrow(
      /^Cannot load MNIST: root: expected train-images-idx3-ubyte, .*got a folder without them all; put the four files of MNIST there/,
    );
    await expect(loadFashionMnist({ root: place, batchSize: 0 })).rejects.toThrow(
      /batchSize: expected an integer of at least 1/,
    );
  });
});

/** The digits of the scikit-learn that the tests of parity run beside. */
function digitsPath(): string | undefined {
  const { SCONCE_PYTHON } = process.env;
  if (SCONCE_PYTHON === undefined) return undefined;
  const library = join(dirname(SCONCE_PYTHON), '../lib');
  if (!existsSync(library)) return undefined;
  return readdirSync(library)
    .map((version) => join(library, version, 'site-packages/sklearn/datasets/data/digits.csv.gz'))
    .find((path) => existsSync(path));
}

describe('loadDigits()', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [
    ...Array.from({ length: 64 }, (_, pixel) => (pixel === i ? 16 : 0)),
    i % 2,
  ]);

  test('splits each digit alike and scales pixels from -1 to 1', async () => {
    const path = join(place, 'digits.csv');
    writeFileSync(path, rows.map((row) => row.join(',')).join('\n'));
    const [train, tests] = await loadDigits({ path, batchSize: 100, testSplit: 0.25 });
    const [[shape, pixels, classes]] = (await batchesOf(tests)) as [[readonly number[], number[], number[]]];
    expect(shape).toEqual([10, 1, 8, 8]);
    expect(classes.filter((digit) => digit === 0)).toHaveLength(5);
    expect([Math.min(...pixels), Math.max(...pixels)]).toEqual([-1, 1]);
    const lit = (values: number[]): number[] =>
      Array.from({ length: values.length / 64 }, (_, row) => values.slice(row * 64, row * 64 + 64).indexOf(1));
    const [[, trained]] = (await batchesOf(train)) as [[readonly number[], number[], number[]]];
    expect([...lit(trained), ...lit(pixels)].toSorted((a, b) => a - b)).toEqual(rows.map((_, i) => i)); // every sample once
    expect(
      (await batchesOf((await loadDigits({ path, subsetSize: 7 }))[0])).flatMap(([, , digits]) => digits),
    ).toHaveLength(7);
  });

  test('says where digits can be had, and what a file has to be', async () => {
    await expect(loadDigits({ path: join(place, 'none.csv') })).rejects.toThrow(
      /path: expected a file, got .*, where there is none/,
    );
    const path = join(place, 'narrow.csv');
    writeFileSync(path, '1,2,3\n4,5,6\n');
    await expect(loadDigits({ path })).rejects.toThrow(
      /expected 64 pixels and a digit in each row of .*, got 3 columns/,
    );
  });

  const path = digitsPath();
  test.skipIf(path === undefined)('reads those of scikit-learn (needs SCONCE_PYTHON with scikit-learn)', async () => {
    const [train, tests] = await loadDigits({ path });
    expect([train.length, tests.length]).toEqual([Math.ceil(1437 / 64), Math.ceil(360 / 64)]);
    const counts = new Map<number, number>();
    for (const [, , digits] of await batchesOf(tests))
      for (const digit of digits) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    expect([...counts.values()].every((count) => count === 35 || count === 36 || count === 37)).toBe(true);
  });
});
