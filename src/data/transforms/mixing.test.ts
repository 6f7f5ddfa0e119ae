// MixUp and CutMix: pictures and labels are mixed by the same share, with the picture before.
import { describe, expect, it } from 'vitest';
import { arange, scope, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import { transforms as T } from '../index.ts';

const COUNT = 6;
const contextOf = (count: number, seed = 3) => ({
  seed,
  epoch: 0,
  position: 0,
  indices: Int32Array.from({ length: count }, (_, row) => row),
});
/** Picture i is all i. */
const pictures = (): Tensor =>
  arange(COUNT, { dtype: 'float32' }).view([COUNT, 1, 1, 1]).expand([COUNT, 1, 10, 12]).contiguous();
const batchOf = (label: Tensor = arange(COUNT)): { image: Tensor; label: Tensor; name: string } => ({
  image: pictures(),
  label,
  name: 'kept',
});
const previous = (row: number): number => (row + COUNT - 1) % COUNT;

describe.each([
  ['MixUp', (options: object) => new T.MixUp({ numClasses: COUNT, ...options })],
  ['CutMix', (options: object) => new T.CutMix({ numClasses: COUNT, ...options })],
])('%s', (name, make) => {
  it.each([false, true])('mixes pictures and labels by one share, for each picture its own: %s', (isPerSample) => {
    scope(() => {
      const shares = new Set<string>();
      for (let seed = 0; seed < 20; seed++) {
        const { image, label, name: kept } = T.compose([make({ isPerSample })])(batchOf(), contextOf(COUNT, seed));
        expect([label.dtype, label.shape, kept]).toEqual(['float32', [COUNT, COUNT], 'kept']);
        const means = image.mean({ dim: [1, 2, 3] }).toArray() as number[];
        const soft = label.toArray() as number[][];
        soft.forEach((row, at) => {
          expect(row[at]! + row[previous(at)]!).toBeCloseTo(1, 5);
          expect(row.filter((share) => share > 0).length).toBeLessThanOrEqual(2);
          expect(means[at]).toBeCloseTo(row[at]! * at + row[previous(at)]! * previous(at), 4);
          if (isPerSample || at === 0) shares.add(`${seed} ${row[at]!.toFixed(5)}`);
          else expect(row[at]).toBeCloseTo(soft[0]![0]!, 6);
        });
      }
      expect(shares.size).toBeGreaterThan(isPerSample ? 60 : 10);
    });
  });

  it('mixes soft labels as they are', () => {
    scope(() => {
      const soft = tensor([[0.5, 0.5], [1, 0], [0, 1], [0.2, 0.8], [1, 0], [0, 1]]); // biome-ignore format: pairs
      const options = { numClasses: undefined };
      const { label } = T.compose([make(options)])(batchOf(soft), contextOf(COUNT));
      expect(label.sum({ dim: 1 }).allclose(tensor(new Array(COUNT).fill(1)))).toBe(true);
      const whole = T.compose([make(options)])(batchOf(soft.to('float64')), contextOf(COUNT)).label;
      expect(whole.dtype).toBe('float64');
    });
  });

  it('leaves its input as it is', () => {
    scope(() => {
      const batch = batchOf();
      T.compose([make({})])(batch, contextOf(COUNT));
      expect(batch.image.equal(pictures())).toBe(true);
      expect(batch.label.equal(arange(COUNT))).toBe(true);
    });
  });

  it('takes other keys, arrays, one picture and none', () => {
    scope(() => {
      const [image, label] = T.compose([make({})])([pictures(), arange(COUNT)], contextOf(COUNT)) as [Tensor, Tensor];
      expect([image.shape, label.shape]).toEqual([[COUNT, 1, 10, 12], [COUNT, COUNT]]); // biome-ignore format: pairs
      const named = T.compose([make({})], { key: 'x', target: 'y' })(
        { x: pictures(), y: arange(COUNT) },
        contextOf(COUNT),
      );
      expect(named.y.shape).toEqual([COUNT, COUNT]);
      for (const count of [0, 1]) {
        const small = { image: zeros([count, 1, 4, 4]), label: arange(count) };
        expect(T.compose([make({})])(small, contextOf(count)).label.shape).toEqual([count, COUNT]);
      }
    });
  });

  it('refuses labels that are none', () => {
    const run =
      (label: unknown, options: object = {}) =>
      () =>
        scope(() => T.compose([make(options)])({ ...batchOf(), label }, contextOf(COUNT)));
    expect(run(arange(COUNT), { numClasses: undefined })).toThrow(
      `Cannot apply ${name}: expected numClasses for labels [6] that are class numbers, got none`,
    );
    expect(run(arange(COUNT), { numClasses: 5 })).toThrow(
      `Cannot apply ${name}: expected labels from 0 to 4, got 0 to 5`,
    );
    expect(run(arange(5))).toThrow(`Cannot apply ${name}: expected labels [6] or [6, classes], got [5]`);
    expect(run(zeros([COUNT, 3]))).toThrow(`Cannot apply ${name}: expected labels of 6 classes, got [6, 3]`);
    expect(run(zeros([COUNT]))).toThrow(
      `Cannot apply ${name}: expected labels [N] of an integer dtype, got float32; a dataset gives class numbers as bigint`,
    );
    expect(run('seven')).toThrow('Cannot mix pictures: expected a batch with labels in a tensor, got "seven"');
    expect(() => T.compose([make({})])({ image: zeros([1, 4, 4]), label: arange(1) }, { seed: 0, epoch: 0 })).toThrow(
      `Cannot apply ${name}: expected a batch, got one sample; give the DataLoader the transform, which mixes the pictures of a batch`,
    );
  });
});

describe('MixUp', () => {
  it('refuses bytes', () => {
    scope(() => {
      const batch = { image: pictures().to('uint8'), label: arange(COUNT) };
      expect(() => T.compose([new T.MixUp({ numClasses: COUNT })])(batch, contextOf(COUNT))).toThrow(
        'Cannot apply MixUp: expected pictures of a floating dtype, got uint8; ToDtype comes before',
      );
    });
  });
});

describe('RandomChoice of MixUp and CutMix', () => {
  it('mixes each batch by one of them', () => {
    scope(() => {
      const mix = new T.RandomChoice([new T.MixUp({ numClasses: COUNT }), new T.CutMix({ numClasses: COUNT })]);
      let numBlended = 0;
      for (let seed = 0; seed < 60; seed++) {
        const { image } = T.compose([mix])(batchOf(), contextOf(COUNT, seed));
        if (image.ne(image.round()).any().item()) numBlended++; // CutMix keeps whole levels
      }
      expect(numBlended).toBeGreaterThan(15);
      expect(numBlended).toBeLessThan(45);
    });
  });
});
