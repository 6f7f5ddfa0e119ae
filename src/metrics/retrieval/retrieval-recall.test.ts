// Recall against a count by hand, with ties, labels, several batches and what is not a number.
import { describe, expect, test } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import { BatchRetrievalRecall } from './batch-retrieval-recall.ts';
import { RetrievalRecall } from './retrieval-recall.ts';

type Rows = readonly (readonly number[])[];

/** The share of rows whose best partner is among the first k: a partner's place is the number of strangers before it, those level with it counted half. */
function recallByHand(left: Rows, right: Rows, labels: readonly number[], k: number): number {
  let found = 0;
  for (const [i, row] of left.entries()) {
    const similarity = right.map((other) => other.reduce((sum, value, d) => sum + value * row[d]!, 0));
    const partners = labels.flatMap((label, j) => (label === labels[i] ? [similarity[j]!] : []));
    const best = Math.max(...partners);
    const strangers = similarity.filter((_, j) => labels[j] !== labels[i]);
    const place =
      strangers.filter((value) => value > best).length + strangers.filter((value) => value === best).length / 2;
    if (place < k) found++;
  }
  return found / left.length;
}

/** Small integers: products and sums of them are exact, and often equal. */
function integers(rows: number, columns: number, seed: number): number[][] {
  let state = seed;
  const next = (): number => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * 5) - 2;
  };
  return Array.from({ length: rows }, () => Array.from({ length: columns }, next));
}

function measure(
  left: Rows,
  right: Rows,
  options: { k: number[]; labels?: number[]; batch?: number },
): Record<string, number> {
  const recall = new RetrievalRecall({ k: options.k, sides: ['a', 'b'] });
  const { batch = left.length, labels } = options;
  for (let start = 0; start < left.length; start += batch) {
    const part = <T>(list: readonly T[]): T[] => list.slice(start, start + batch);
    const rows = (list: Rows) => tensor(part(list).map((row) => [...row]));
    recall.update(rows(left), rows(right), labels && tensor(part(labels).map(BigInt)));
  }
  return recall.compute();
}

describe('RetrievalRecall', () => {
  for (const seed of [1, 2, 3]) {
    test(`equals a count by hand, ties included (seed ${seed})`, () => {
      const [left, right] = [integers(23, 3, seed), integers(23, 3, seed + 100)];
      const own = left.map((_, i) => i);
      const got = measure(left, right, { k: [1, 3, 10], batch: 5 });
      for (const k of [1, 3, 10]) {
        expect(got[`a_to_b_r${k}`]).toBeCloseTo(recallByHand(left, right, own, k), 6);
        expect(got[`b_to_a_r${k}`]).toBeCloseTo(recallByHand(right, left, own, k), 6);
        expect(got[`chance_r${k}`]).toBe(k / 23);
      }
      expect(got.a_to_b_r3).not.toBe(got.b_to_a_r3); // the two directions are told apart
    });

    test(`counts the best of several partners (seed ${seed})`, () => {
      const [left, right] = [integers(20, 3, seed), integers(20, 3, seed + 50)];
      const labels = left.map((_, i) => i % 7);
      const got = measure(left, right, { k: [1, 4], labels, batch: 6 });
      for (const k of [1, 4]) expect(got[`a_to_b_r${k}`]).toBeCloseTo(recallByHand(left, right, labels, k), 6);
    });
  }

  test('gives a model that maps everything to one point chance, and no more', () => {
    const same = Array.from({ length: 10 }, () => [1, 0]);
    const got = measure(same, same, { k: [1, 4, 5, 10] });
    expect([got.a_to_b_r1, got.a_to_b_r4, got.a_to_b_r5, got.a_to_b_r10]).toEqual([0, 0, 1, 1]); // every place is 4.5
  });

  test('finds nothing where all embeddings are NaN', () => {
    const bad = Array.from({ length: 6 }, () => [Number.NaN, 1]);
    expect(measure(bad, bad, { k: [1, 5] })).toMatchObject({ a_to_b_r1: 0, a_to_b_r5: 0, b_to_a_r1: 0 });
    const good = Array.from({ length: 6 }, (_, i) => [Math.cos(i), Math.sin(i)]);
    const mixed = good.map((row, i) => (i === 0 ? [Number.NaN, 0] : row));
    // The bad row is before every other, and never found itself.
    expect(measure(good, mixed, { k: [1, 2] })).toMatchObject({ a_to_b_r1: 0, a_to_b_r2: 5 / 6, b_to_a_r1: 5 / 6 });
  });

  test('takes sides of two lengths; a row without a partner is never found, and counts', () => {
    // Two pictures with one and two captions, one without; a caption without a picture.
    const pictures = tensor([
      [1, 0],
      [0, 1],
      [0.6, 0.8],
    ]);
    const captions = tensor([
      [0.9, 0.1],
      [0.7, 0.7],
      [0, 1],
      [0.8, 0.6],
    ]);
    const [own, theirs] = [tensor([1n, 2n, 3n]), tensor([1n, 2n, 2n, 9n])];
    const [recall, inBatch] = [new RetrievalRecall({ k: [1, 2, 9] }), new BatchRetrievalRecall({ k: [1, 2, 9] })];
    for (const metric of [recall, inBatch]) metric.update(pictures, captions, own, theirs);
    const values = recall.compute();
    // Ways: pictures are at their places 0, 0, none; captions at 0, 1, 0, none.
    expect([values.image_to_text_r1, values.image_to_text_r2, values.image_to_text_r9]).toEqual([2 / 3, 2 / 3, 2 / 3]);
    expect([values.text_to_image_r1, values.text_to_image_r2, values.text_to_image_r9]).toEqual([2 / 4, 3 / 4, 3 / 4]);
    // By chance a picture finds one of 0, 1 or 2 among four, a caption 1 or none among three.
    expect(values.chance_r1).toBeCloseTo(((1 / 4 + 2 / 4) / 3 + (3 * (1 / 3)) / 4) / 2, 12);
    for (const [name, value] of Object.entries(inBatch.compute()))
      expect(value).toBe(values[name.replace('in_batch_', '')]);
    expect(() => recall.update(pictures, captions, own)).toThrow('got [3, 2] and [4, 2]; give labels of both sides');
    expect(() => recall.update(pictures, captions, undefined, theirs)).toThrow('expected labels of the left side too');
    expect(() => recall.update(pictures, pictures, own)).toThrow(
      'expected labels of the right side for every batch or for none',
    );
    expect(() => recall.update(pictures, captions, own, own)).toThrow('expected a label for each of 4 rows, got [3]');
  });

  test('gives nothing before an update, and starts over after reset()', () => {
    const recall = new RetrievalRecall();
    expect(recall.compute()).toEqual({});
    recall.update(tensor([[1, 0]]), tensor([[1, 0]]));
    expect(recall.compute()).toMatchObject({ image_to_text_r1: 1, text_to_image_r10: 1, chance_r1: 1 });
    recall.reset();
    expect(recall.compute()).toEqual({});
  });

  test('refuses sides that do not belong together, labels for a part, and k below 1', () => {
    const recall = new RetrievalRecall();
    expect(() => recall.update(tensor([[1, 0]]), tensor([[1], [0]]))).toThrow(
      'Cannot update RetrievalRecall: expected both sides of one shape [B, D], got [1, 2] and [2, 1]',
    );
    recall.update(tensor([[1, 0]]), tensor([[1, 0]]));
    expect(() => recall.update(tensor([[1, 0]]), tensor([[1, 0]]), tensor([1n]))).toThrow(
      'Cannot update RetrievalRecall: expected labels for every batch or for none',
    );
    expect(() => new RetrievalRecall({ k: [0] })).toThrow(
      'Cannot make RetrievalRecall: k: expected a list of integers of at least 1, got [0]',
    );
  });
});
