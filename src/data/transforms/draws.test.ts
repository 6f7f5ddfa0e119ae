// What transforms draw: the distributions, exact values of a fixed seed, and that draws keep to themselves.
import { describe, expect, it } from 'vitest';
import { arange, full, Generator, rand, scope, type Tensor, zeros } from '../../tensor/index.ts';
import { transforms as T } from '../index.ts';
import { Draws } from './draws.ts';

const contextOf = (count: number, seed = 11) => ({
  seed,
  epoch: 0,
  position: 0,
  indices: Int32Array.from({ length: count }, (_, row) => row),
});

/** Pearson's statistic of counts that should be alike. */
function chiSquare(
  counts: readonly number[],
  expected = counts.reduce((sum, count) => sum + count, 0) / counts.length,
): number {
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Kolmogorov's distance of draws in [0, 1] from a distribution function. */
function distance(values: readonly number[], cumulative: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((x, at) =>
      Math.max(Math.abs(cumulative(x) - at / sorted.length), Math.abs(cumulative(x) - (at + 1) / sorted.length)),
    ),
  );
}

const NUM_DRAWS = 2000;
/** What Kolmogorov's distance exceeds once in a thousand times. */
const FAR = 1.95 / Math.sqrt(NUM_DRAWS);
const draws = Draws.from(contextOf(NUM_DRAWS));

describe('SampleDraws', () => {
  it('gives these numbers for this seed for ever', () => {
    const draw = Draws.from({ seed: 5, epoch: 0 }).of(0);
    const all = [
      draw.uniform(),
      draw.integer(0, 1000),
      draw.chance(0.5),
      draw.normal(),
      draw.beta(0.5),
      draw.seed(),
      draw.logUniform(0.5, 2),
    ];
    expect(all).toEqual([
      0.7950282988604158,
      754,
      true,
      -0.2483125894545771,
      0.3833759225567457,
      417764723553753,
      0.9297770761810015,
    ]);
  });

  it('draws uniform, normal and Beta numbers', () => {
    const beta = (alpha: number): number[] => draws.map((draw) => draw.beta(alpha));
    expect(
      distance(
        draws.map((draw) => draw.uniform()),
        (x) => x,
      ),
    ).toBeLessThan(FAR);
    expect(distance(beta(1), (x) => x)).toBeLessThan(FAR);
    expect(distance(beta(0.5), (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x)))).toBeLessThan(FAR); // the arcsine distribution
    expect(distance(beta(2), (x) => x * x * (3 - 2 * x))).toBeLessThan(FAR);
    expect(
      distance(
        draws.map((draw) => 1 / (1 + Math.exp(-1.702 * draw.normal()))),
        (x) => x,
      ),
    ).toBeLessThan(FAR + 0.01); // the logistic curve is the normal one to 0.01
  });

  it('draws Beta numbers of tiny and huge parameters without NaN', () => {
    for (const alpha of [1e-6, 1e-3, 1e3, 1e9]) {
      const values = draws.map((draw) => draw.beta(alpha));
      expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    }
  });

  it('differs by picture, place, epoch of the seed, and between samples and batches', () => {
    const first = (source: Draws, row = 0): number => source.of(row).uniform();
    const batch = Draws.from(contextOf(2));
    const numbers = [
      first(batch),
      first(batch, 1),
      first(batch.after(1)),
      first(Draws.from(contextOf(2, 12))),
      first(Draws.from({ seed: 11, epoch: 0 })),
      batch.ofBatch('').uniform(),
    ];
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(first(batch.select([1]))).toBe(first(batch, 1));
  });
});

describe('RandomCrop', () => {
  it('draws every place alike', () => {
    scope(() => {
      const picture = arange(64, { dtype: 'float32' }).view([1, 1, 8, 8]).expand([NUM_DRAWS, 1, 8, 8]);
      const corners = T.compose([new T.RandomCrop([6, 5])])(picture, contextOf(NUM_DRAWS))
        .select(-1, 0)
        .select(-1, 0)
        .flatten();
      const counts = new Map<number, number>();
      for (const corner of corners.toArray() as number[]) counts.set(corner, (counts.get(corner) ?? 0) + 1);
      expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19]);
      expect(chiSquare([...counts.values()])).toBeLessThan(31.3); // 11 degrees of freedom, once in a thousand
    });
  });
});

describe('RandomHorizontalFlip and RandomVerticalFlip', () => {
  it.each([
    ['RandomHorizontalFlip', (p: number) => new T.RandomHorizontalFlip({ p }), -1],
    ['RandomVerticalFlip', (p: number) => new T.RandomVerticalFlip({ p }), -2],
  ] as const)('%s turns the share p of pictures, and only along its edge', (_, make, dim) => {
    scope(() => {
      const pictures = arange(4, { dtype: 'float32' }).view([1, 1, 2, 2]).expand([NUM_DRAWS, 1, 2, 2]).contiguous();
      for (const p of [0, 0.3, 1]) {
        const turned = T.compose([make(p)])(pictures, contextOf(NUM_DRAWS));
        const isTurned = turned
          .eq(pictures.flip([dim]))
          .flatten({ startDim: 1 })
          .all({ dim: 1 });
        const isKept = turned.eq(pictures).flatten({ startDim: 1 }).all({ dim: 1 });
        expect(isTurned.logicalXor(isKept).all().item()).toBeTruthy();
        expect(Math.abs(isTurned.to('float32').mean().item() - p)).toBeLessThan(p % 1 === 0 ? 1e-9 : 0.035);
      }
    });
  });
});

describe('RandomResizedCrop', () => {
  it('draws area and proportions within their ranges', () => {
    scope(() => {
      // The picture's values are its coordinates: corners of the result tell the part.
      const [rows, columns] = [
        arange(60, { dtype: 'float32' }).view([60, 1]).expand([60, 80]),
        arange(80, { dtype: 'float32' }).expand([60, 80]),
      ];
      const picture = zeros([2, 60, 80]).add(0);
      picture.select(0, 0).copy_(rows);
      picture.select(0, 1).copy_(columns);
      const pictures = picture.unsqueeze(0).expand([300, 2, 60, 80]);
      const crop = new T.RandomResizedCrop([2, 2], {
        interpolation: 'bilinear',
        antialias: false,
        scale: [0.2, 0.6],
        ratio: [0.5, 2],
      });
      const [above, beside] = T.compose([crop])(pictures, contextOf(300)).unbind({ dim: 1 }) as [Tensor, Tensor];
      const heights = above.select(1, 1).sub(above.select(1, 0)).select(1, 0).mul(2); // centres of halves lie half the part apart
      const widths = beside.select(2, 1).sub(beside.select(2, 0)).select(1, 0).mul(2);
      const areas = heights.mul(widths).div(4800);
      const ratios = widths.div(heights);
      expect(areas.amin().item()).toBeGreaterThan(0.19);
      expect(areas.amax().item()).toBeLessThan(0.61);
      expect(Math.abs(areas.mean().item() - 0.4)).toBeLessThan(0.03);
      expect(ratios.amin().item()).toBeGreaterThan(0.48);
      expect(ratios.amax().item()).toBeLessThan(2.1);
      expect(Math.abs(ratios.log().mean().item())).toBeLessThan(0.08);
    });
  });

  it('takes the middle where no draw fits', () => {
    scope(() => {
      const picture = arange(40, { dtype: 'float32' }).view([1, 4, 10]);
      const crop = new T.RandomResizedCrop([4, 4], { scale: [1, 1], ratio: [1, 1] });
      const result = T.compose([crop])(picture, { seed: 1, epoch: 0 });
      expect(result.equal(picture.narrow(2, 3, 4))).toBe(true);
    });
  });
});

describe('RandomErasing', () => {
  it('paints shares of the area within its range, over the share p of pictures', () => {
    scope(() => {
      const pictures = zeros([NUM_DRAWS, 1, 24, 20]);
      const erased = T.compose([new T.RandomErasing({ p: 0.4, value: 1, scale: [0.1, 0.3] })])(
        pictures,
        contextOf(NUM_DRAWS),
      );
      const shares = (erased.mean({ dim: [1, 2, 3] }).toArray() as number[]).filter((share) => share > 0);
      expect(Math.abs(shares.length / NUM_DRAWS - 0.4)).toBeLessThan(0.04);
      expect(Math.min(...shares)).toBeGreaterThan(0.09);
      expect(Math.max(...shares)).toBeLessThan(0.32);
    });
  });

  it('paints normal noise, which differs from picture to picture', () => {
    scope(() => {
      const pictures = full([200, 1, 24, 20], 9);
      const erased = T.compose([new T.RandomErasing({ p: 1, value: 'random' })])(pictures, contextOf(200));
      const noise = erased.maskedSelect(erased.ne(9));
      expect(Math.abs(noise.mean().item())).toBeLessThan(0.05);
      expect(Math.abs(noise.std().item() - 1)).toBeLessThan(0.05);
    });
  });
});

describe('ColorJitter', () => {
  it('applies its adjustments in every order', () => {
    scope(() => {
      const picture = rand([1, 3, 4, 4], { generator: new Generator(1) }).expand([600, 3, 4, 4]);
      // Fixed factors: results differ by the order alone, of which three adjustments have six.
      const jitter = new T.ColorJitter({ brightness: [1.5, 1.5], contrast: [0.5, 0.5], hue: [0.2, 0.2] });
      const results = T.compose([jitter])(picture, contextOf(600)).flatten({ startDim: 1 });
      const counts = new Map<string, number>();
      for (const one of results.toArray() as number[][]) {
        const key = one.map((value) => value.toFixed(3)).join();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      expect(counts.size).toBe(6);
      expect(chiSquare([...counts.values()], 100)).toBeLessThan(20.5); // 5 degrees of freedom, once in a thousand
    });
  });
});

describe('RandomChoice', () => {
  it('chooses by its weights', () => {
    scope(() => {
      const set = (value: number) => (images: Tensor) => images.mul(0).add(value);
      const choice = new T.RandomChoice([set(0), set(1), set(2)], { p: [1, 0, 3] });
      const chosen = T.compose([choice])(zeros([NUM_DRAWS, 1, 1, 1]), contextOf(NUM_DRAWS))
        .flatten()
        .toArray() as number[];
      expect(chosen.filter((one) => one === 1)).toEqual([]);
      expect(Math.abs(chosen.filter((one) => one === 2).length / NUM_DRAWS - 0.75)).toBeLessThan(0.035);
    });
  });
});

describe('RandAugment and TrivialAugmentWide', () => {
  it.each([
    ['RandAugment', () => new T.RandAugment({ numOps: 1 }), 18],
    ['TrivialAugmentWide', () => new T.TrivialAugmentWide({ numMagnitudeBins: 3 }), 36],
  ] as const)('%s draws all of its operations', (_, make, least) => {
    scope(() => {
      const picture = rand([1, 3, 40, 40]).mul(255).to('uint8').expand([400, 3, 40, 40]);
      const results = T.compose([make()])(picture, contextOf(400));
      const kinds = new Set(
        Array.from({ length: 400 }, (_unused, row) => Buffer.from(results.select(0, row).toBytes()).toString('base64')),
      );
      expect(kinds.size).toBeGreaterThanOrEqual(least);
      expect(kinds.size).toBeLessThanOrEqual(2 * least);
    });
  });
});
