// Corruptions against what they are by hand, adversarial steps against hand-computed gradients, and which samples and corruptions each stage has.
import { describe, expect, test } from 'vitest';
import { TensorDataset, transforms } from '../../data/index.ts';
import { Flatten, Linear, Sequential } from '../../nn/index.ts';
import { SGD } from '../../optim/index.ts';
import { Generator, ones, rand, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import type { Pair } from '../data/loaders.ts';
import { runContinualBenchmark } from './benchmark.ts';
import { corruptPictures } from './corruptions.ts';
import { progressiveDomainShift } from './domain-shift.ts';
import { type DomainShiftConfig, shiftStages } from './domain-shift-options.ts';
import { fgsm } from './fgsm.ts';

const pictures = rand([40, 1, 9, 9], { generator: new Generator(3) })
  .mul(0.4)
  .add(0.3); // far from black and white
const valuesOf = (all: Tensor): number[] => all.flatten().toArray() as number[];
const kinds = ['blur', 'noise', 'rotation', 'brightness', 'contrast'] as const;

describe('corruptPictures()', () => {
  test.each(kinds)('%s changes nothing at 0, more at 1 than at a third, and the same every time', (kind) => {
    const changeAt = (intensity: number, seed = 1): number =>
      corruptPictures(pictures, { kind, intensity, seed }).sub(pictures).abs().mean().item() as number;
    expect(changeAt(0)).toBe(0);
    expect(changeAt(1)).toBeGreaterThan(1.1 * changeAt(1 / 3));
    expect(changeAt(1)).toBe(changeAt(1));
    if (kind !== 'blur') expect(changeAt(1, 2)).not.toBe(changeAt(1));
  });

  test('blurs by a Gaussian of 3 a pixels, and adds noise of 0.3 a', () => {
    const blurred = corruptPictures(pictures, { kind: 'blur', intensity: 0.5 });
    expect(blurred.allclose(transforms.functional.gaussianBlur(pictures, 5, { sigma: 1.5 }))).toBe(true);
    const noisy = corruptPictures(ones([50, 1, 20, 20]).mul(0.5), { kind: 'noise', intensity: 0.2 });
    expect(Math.abs((noisy.std().item() as number) / 0.06 - 1)).toBeLessThan(0.03);
    expect(Math.abs((noisy.mean().item() as number) - 0.5)).toBeLessThan(0.002);
  });

  test('takes a factor from 1 ± a for each picture: of its levels, or of their distance to their mean', () => {
    const distances = (all: Tensor): Tensor => all.sub(all.mean({ dim: [1, 2, 3], keepdim: true }));
    for (const [kind, part] of [
      ['brightness', (all: Tensor) => all],
      ['contrast', distances],
    ] as const) {
      const changed = corruptPictures(pictures, { kind, intensity: 0.3 });
      const factors = part(changed).div(part(pictures)).flatten({ startDim: 1 }); // [N, 81]
      const [least, most] = [factors.amin({ dim: [1] }), factors.amax({ dim: [1] })];
      expect(most.sub(least).max().item()).toBeLessThan(kind === 'contrast' ? 0.05 : 1e-4); // one for all of a picture
      const all = valuesOf(most);
      expect(Math.min(...all)).toBeGreaterThan(0.69);
      expect(Math.min(...all)).toBeLessThan(0.8);
      expect(Math.max(...all)).toBeGreaterThan(1.2);
      expect(Math.max(...all)).toBeLessThan(1.31);
    }
  });

  test('turns each picture around its middle by its own angle of at most 45 a degrees, with black behind it', () => {
    const dots = zeros([30, 1, 21, 21]);
    dots.select(3, 20).select(2, 10).fill_(1); // 10 pixels to the right of the middle
    const turned = corruptPictures(dots.mul(2).sub(1), { kind: 'rotation', intensity: 0.5, range: [-1, 1] })
      .add(1)
      .div(2);
    const places = valuesOf(turned.flatten({ startDim: 1 }).argmax({ dim: 1 }).to('float64'));
    const angles = places.map((place) => (Math.atan2(Math.floor(place / 21) - 10, (place % 21) - 10) * 180) / Math.PI);
    expect(Math.max(...angles.map(Math.abs))).toBeLessThan(26);
    expect([Math.min(...angles) < -10, Math.max(...angles) > 10]).toEqual([true, true]);
    expect(
      turned
        .sum({ dim: [1, 2, 3] })
        .max()
        .item(),
    ).toBeLessThan(1.3); // black stays black
  });

  test('knows what black and white are, and cuts to them', () => {
    const scaled = pictures.mul(2).sub(1);
    for (const kind of kinds) {
      const [here, there] = [
        corruptPictures(pictures, { kind, intensity: 1 }),
        corruptPictures(scaled, { kind, intensity: 1, range: [-1, 1] }),
      ];
      expect(there.add(1).div(2).allclose(here, { atol: 1e-5 })).toBe(true);
      expect([(here.min().item() as number) >= 0, (here.max().item() as number) <= 1]).toEqual([true, true]);
    }
    expect(() => corruptPictures(pictures, { kind: 'fog', intensity: 2 } as never)).toThrow(
      /kind: expected one of[\s\S]*intensity: expected a number from 0 to 1, got 2/,
    );
    expect(() => corruptPictures(ones([2, 9, 9]), { kind: 'blur', intensity: 1 })).toThrow(
      '[N, C, H, W], got float32 [2, 9, 9]',
    );
  });
});

describe('fgsm()', () => {
  test('goes along the sign of the gradient that the loss has by hand', () => {
    const model = new Linear(3, 2, { bias: false });
    model.loadStateDict({
      weight: tensor([
        [1, -2, 0],
        [-1, 1, 0],
      ]),
    });
    // ∂ CE / ∂x = (1 - p_y) (W_other - W_y) with two classes: class 0 has (-2, 3, 0), class 1 the opposite.
    const x = tensor([
      [0.5, 0.5, 0.5],
      [0.95, 0.05, 0.5],
    ]);
    const changed = fgsm(model, [x, tensor([0n, 1n])], { epsilon: 0.1 });
    const wanted = [0.4, 0.6, 0.5, 1, 0, 0.5]; // cut at 0 and 1
    valuesOf(changed).forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 6);
    });
    expect(model.weight.grad).toBeUndefined();
    expect(model.training).toBe(true);
    expect(() => fgsm(model, [x, tensor([0n, 1n])], { epsilon: -1 })).toThrow(
      'epsilon: expected a number from 0, got -1',
    );
  });
});

describe('shiftStages()', () => {
  test('has the intensities that its rule says', () => {
    const shown = (config: DomainShiftConfig) =>
      shiftStages(config).map((list) =>
        list.map(({ kind, intensity }) => `${kind} ${intensity.toFixed(3)}`).join(', '),
      );
    expect(shown({ scenario: 'blur', numStages: 3, initialCorruption: 0.2, finalCorruption: 0.6 })).toEqual([
      ...['blur 0.200', 'blur 0.400', 'blur 0.600'],
    ]);
    expect(shown({ scenario: 'blur_to_adversarial' })).toEqual([
      ...['blur 0.000', 'blur 0.500', 'blur 1.000', 'adversarial 0.500', 'adversarial 1.000'],
    ]);
    expect(shown({ scenario: 'multi_corruption', numStages: 3 })).toEqual([
      ...['blur 0.000', 'blur 0.333, noise 0.417', 'blur 0.667, noise 0.833, brightness 1.000'],
    ]);
  });
});

describe('progressiveDomainShift()', () => {
  /** Picture i is all of i / 100; its class is whether that is light. */
  const data = (size: number) => {
    const levels = Array.from({ length: size }, (_, i) => i / 100);
    const x = tensor(levels).view([-1, 1, 1, 1]).expand([size, 1, 9, 9]).contiguous();
    return new TensorDataset<Pair>([x, tensor(BigInt64Array.from(levels, (level) => BigInt(level >= size / 200)))]);
  };

  test('gives each stage other samples with the overlap that was asked for, and all tests to all', async () => {
    const config = { scenario: 'blur', numStages: 3, samplesPerStage: 10, overlapRatio: 0.3 } as const;
    const tasks = await progressiveDomainShift([data(40), data(8)], config);
    const samples = tasks.map(({ train: [x] }) =>
      valuesOf(x.mean({ dim: [1, 2, 3] })).map((level) => Math.round(100 * level)),
    );
    expect(samples.map((list) => new Set(list).size)).toEqual([10, 10, 10]);
    const numShared = (a: number, b: number) => samples[a]!.filter((sample) => samples[b]!.includes(sample)).length;
    expect([numShared(0, 1), numShared(1, 2), numShared(0, 2)]).toEqual([3, 3, 0]);
    tasks.forEach(({ train: [, classes], test: [x] }, stage) => {
      expect(Array.from(classes.toArray() as number[], Number)).toEqual(
        samples[stage]!.map((sample) => Number(sample >= 20)),
      );
      expect(x.shape).toEqual([8, 1, 9, 9]);
    });
    expect(tasks.map(({ name }) => name)).toEqual(['stage 1: blur 0', 'stage 2: blur 0.5', 'stage 3: blur 1']);
  });

  test('is the same every time, with other draws for stages, for tests, and for another seed', async () => {
    const make = async (seed: number) => {
      const config = { scenario: 'noise', initialCorruption: 1, numStages: 2, overlapRatio: 1, seed } as const;
      const tasks = await progressiveDomainShift([data(6), data(6)], config);
      return tasks.map(({ train: [x], test: [y] }) => [valuesOf(x).toSorted(), valuesOf(y).toSorted()].map(String));
    };
    const [first, again, other] = [await make(1), await make(1), await make(2)];
    expect(again).toEqual(first);
    expect(new Set([...first.flat(), ...other.flat()]).size).toBe(8);
  });

  test('takes more from a trained model by adversarial noise than by as much noise of another kind', async () => {
    const x = rand([300, 1, 9, 9], { generator: new Generator(1) });
    const side = x
      .narrow(3, 0, 4)
      .mean({ dim: [1, 2, 3] })
      .gt(x.narrow(3, 5, 4).mean({ dim: [1, 2, 3] }))
      .to('int64');
    const clean = new TensorDataset<Pair>([x, side]);
    const model = new Sequential(new Flatten(), new Linear(81, 2));
    const optimizer = () => new SGD(model.parameters(), { lr: 1 });
    const calm = { scenario: 'noise', finalCorruption: 0, overlapRatio: 1, numStages: 2 } as const;
    const tasks = await progressiveDomainShift([clean, clean], calm);
    await runContinualBenchmark(model, { tasks, optimizer: optimizer(), epochsPerTask: 15 });
    const accuracyUnder = async (config: DomainShiftConfig) => {
      const shifted = await progressiveDomainShift([clean, clean], { ...config, numStages: 2, overlapRatio: 1 });
      return (await runContinualBenchmark(model, { tasks: shifted, optimizer: optimizer() })).baseline;
    };
    const [before, attacked] = await accuracyUnder({ scenario: 'adversarial', finalCorruption: 0.25, model });
    expect(before).toBeGreaterThan(0.9);
    expect(attacked).toBeLessThan(0.3); // ε is 0.05
    const [, noisy] = await accuracyUnder({ scenario: 'noise', finalCorruption: 0.05 / 0.3 });
    expect(noisy).toBeGreaterThan((attacked as number) + 0.2);
  });

  test('refuses configurations that do not fit, all at once', async () => {
    const pair = [data(10), data(4)] as const;
    await expect(progressiveDomainShift(pair, { scenario: 'adversarial' })).rejects.toThrow(
      'expected one for scenario "adversarial"',
    );
    await expect(progressiveDomainShift(pair, { scenario: 'blur', model: new Flatten() })).rejects.toThrow(
      'expected none',
    );
    await expect(
      progressiveDomainShift(pair, { scenario: 'fog', numStages: 1, adaptationEpisodes: 2 } as never),
    ).rejects.toThrow(/scenario: expected one of[\s\S]*numStages: expected[\s\S]*adaptationEpisodes: expected one of/);
    await expect(progressiveDomainShift(pair, { scenario: 'blur', samplesPerStage: 4 })).rejects.toThrow(
      'expected at most 2 of 10 samples for 5 stages that overlap by 0.2, got 4',
    );
  });
});
