// Golden schedules of model-training-framework, the table in policy.ts, and properties that hold for every configuration.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EpochLengthPolicy } from './epoch-length.ts';
import { MultiDataLoader } from './multi-loader.ts';
import { balancedInterleave, buildSchedule, largestRemainder, playableSchedule } from './policy.ts';
import { SamplingStrategy, type ScheduleConfig } from './schedule-config.ts';
import { loaderOf } from './testing/loaders.ts';

const schedule = (config: ScheduleConfig, lengths: readonly number[]): string =>
  [...buildSchedule(config, lengths)].join(' ');
const countOf = (order: Int32Array, loader: number): number => order.filter((other) => other === loader).length;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('balancedInterleave()', () => {
  // Made by running model-training-framework's algorithm.
  it.each([
    [
      [2, 3, 1],
      [1, 0, 1, 2, 0, 1],
    ],
    [
      [1, 1, 1],
      [0, 1, 2],
    ],
    [
      [5, 3, 2],
      [0, 1, 2, 0, 0, 1, 0, 2, 1, 0],
    ],
    [
      [2, 2, 2],
      [0, 1, 2, 2, 0, 1],
    ],
    [
      [9, 2, 2],
      [0, 0, 1, 0, 2, 0, 0, 0, 1, 0, 2, 0, 0],
    ],
    [
      [10, 6, 4],
      [0, 1, 2, 0, 0, 1, 0, 2, 1, 0, 0, 1, 2, 0, 0, 1, 0, 2, 1, 0],
    ],
    [
      [1, 5],
      [1, 1, 1, 0, 1, 1],
    ],
    [
      [0, 2],
      [1, 1],
    ],
    [
      [-1, 2],
      [1, 1],
    ],
    [[], []],
    [[0, 0], []],
  ])('spreads %j', (quotas, expected) => {
    expect([...balancedInterleave(quotas)]).toEqual(expected);
  });

  it('plays exactly the quotas, each loader near its share at every turn', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }), (quotas) => {
        const order = balancedInterleave(quotas);
        expect(quotas.map((_, loader) => countOf(order, loader))).toEqual(quotas);
        const total = sum(quotas);
        const played = quotas.map(() => 0);
        let farthest = 0;
        order.forEach((loader, turn) => {
          played[loader]!++;
          quotas.forEach((quota, i) => {
            farthest = Math.max(farthest, Math.abs(played[i]! - ((turn + 1) * quota) / total));
          });
        });
        expect(farthest).toBeLessThan(quotas.length);
      }),
    );
  });
});

describe('largestRemainder()', () => {
  it.each([
    [10, [0.5, 0.3, 0.2], [5, 3, 2]],
    [10, [1, 1, 1], [4, 3, 3]],
    [11, [1, 1, 1], [4, 4, 3]],
    [7, [0.5, 0.5], [4, 3]],
    [0, [1, 2], [0, 0]],
    [1, [1, 9], [0, 1]],
  ])('shares %d by %j', (total, weights, expected) => {
    expect(largestRemainder(total, weights)).toEqual(expected);
  });

  it('shares out the total, each loader less than 1 from its exact share', () => {
    const weights = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(100_000), weights, (total, w) => {
        const quotas = largestRemainder(total, w);
        expect(sum(quotas)).toBe(total);
        quotas.forEach((quota, i) => {
          expect(Math.abs(quota - (total * w[i]!) / sum(w))).toBeLessThan(1 + 1e-6);
        });
      }),
    );
  });
});

describe('buildSchedule()', () => {
  const perStrategy: Record<SamplingStrategy, ScheduleConfig> = {
    round_robin: { strategy: 'round_robin' },
    sequential: { strategy: 'sequential' },
    weighted: { strategy: 'weighted', weights: [3, 1] },
    alternating: { strategy: 'alternating', pattern: [0, 0, 1] },
  };

  // The table in the header of policy.ts.
  it.each([
    ['round_robin', '0 1 0 1 0 1 0 1', '0 1 0 1 0', '0 1 0', '0 1 0 1'],
    ['sequential', '0 0 0 1 1 1 1 1', '0 0 0 0 0 1 1 1 1 1', '0 0 0 1 1 1', '0 0 1 1'],
    ['weighted', '0 0 1 0 0 0 1 0', '0 0 1 0 0', '0 1 0', '0 0 1 0'],
    ['alternating', '0 0 1 0 0 1 0 0', '0 0 1 0 0 1 0 0', '0 0 1 0 0 1 0 0', '0 0 1 0'],
  ] as const)('%s plays what the table says', (strategy, bySum, byMax, byMin, byFixed) => {
    const config = perStrategy[strategy];
    const lengths = [3, 5];
    expect(schedule({ ...config, epochLength: 'sum_of_lengths' }, lengths)).toBe(bySum);
    expect(schedule({ ...config, epochLength: 'max_of_lengths' }, lengths)).toBe(byMax);
    expect(schedule({ ...config, epochLength: 'min_of_lengths' }, lengths)).toBe(byMin);
    expect(schedule({ ...config, epochLength: 'fixed_num_steps', stepsPerEpoch: 4 }, lengths)).toBe(byFixed);
  });

  it('defaults to round robin over the sum of the lengths', () => {
    expect(schedule({}, [1, 2, 1])).toBe('0 1 2 0');
  });

  it('plays bursts and cuts the last one', () => {
    expect(schedule({ burstSize: 3 }, [4, 4])).toBe('0 0 0 1 1 1 0 0');
    expect(schedule({ strategy: 'alternating', pattern: [1, 0], burstSize: 2 }, [2, 3])).toBe('1 1 0 0 1');
  });

  it('gives what does not divide to the first loaders under sequential with a fixed length', () => {
    expect(schedule({ strategy: 'sequential', epochLength: 'fixed_num_steps', stepsPerEpoch: 5 }, [9, 9, 9])).toBe(
      '0 0 1 1 2',
    );
  });

  const shape = fc.record({
    lengths: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 5 }),
    strategy: fc.constantFrom(...Object.values(SamplingStrategy)),
    policy: fc.constantFrom(...Object.values(EpochLengthPolicy)),
    steps: fc.integer({ min: 1, max: 90 }),
    burst: fc.integer({ min: 1, max: 7 }),
    weights: fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 5, maxLength: 5 }),
    pattern: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
  });
  const toConfig = ({
    lengths,
    strategy,
    policy,
    steps,
    burst,
    weights,
    pattern,
  }: typeof shape extends fc.Arbitrary<infer T> ? T : never): ScheduleConfig => ({
    strategy,
    epochLength: policy,
    ...(policy === 'fixed_num_steps' && { stepsPerEpoch: steps }),
    ...(strategy === 'weighted' && { weights: weights.slice(0, lengths.length) }),
    ...(strategy === 'alternating' && { pattern: pattern.map((entry) => entry % lengths.length) }),
    ...(strategy !== 'sequential' && { burstSize: burst }),
  });

  it('keeps the length, the turns and the weights of its configuration', () => {
    fc.assert(
      fc.property(shape, (drawn) => {
        const config = toConfig(drawn);
        const { lengths, strategy, policy, steps, burst } = drawn;
        const order = buildSchedule(config, lengths);
        const one = policy === 'max_of_lengths' ? Math.max(...lengths) : Math.min(...lengths);
        const bySum = policy === 'sum_of_lengths' || (strategy === 'alternating' && policy !== 'fixed_num_steps');
        const expected = bySum
          ? sum(lengths)
          : policy === 'fixed_num_steps'
            ? steps
            : strategy === 'sequential'
              ? one * lengths.length
              : one;
        expect(order.length).toBe(expected);
        expect(buildSchedule(config, lengths)).toEqual(order);
        const limit = steps % (expected + 1);
        expect(buildSchedule(config, lengths, limit)).toEqual(order.slice(0, limit));
        const counts = lengths.map((_, loader) => countOf(order, loader));
        if (strategy === 'sequential') {
          expect([...order].sort((a, b) => a - b)).toEqual([...order]);
          if (policy === 'sum_of_lengths') expect(counts).toEqual(lengths);
          else expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        } else {
          for (let i = 0; i < order.length; i++) expect(order[i]).toBe(order[i - (i % burst)]); // only whole bursts, but for the last
        }
        if (strategy === 'round_robin') expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(burst);
        if (strategy === 'weighted') {
          const bursts = order.filter((_, i) => i % burst === 0);
          const shares = largestRemainder(bursts.length, config.weights!);
          expect(lengths.map((_, loader) => countOf(bursts, loader))).toEqual(shares);
        }
      }),
      { numRuns: 500 },
    );
  });

  // What systems.md says of each strategy and policy, over three loaders: [2, 4, 1] batches, weights 5, 3, 2, pattern 0 0 1 2, 10 steps, bursts of 2.
  it.each([
    ['round_robin', 1, '0 1 2 0 1 2 0', '0 1 2 0', '0', '0 1 2 0 1 2 0 1 2 0'],
    ['round_robin', 2, '0 0 1 1 2 2 0', '0 0 1 1', '0', '0 0 1 1 2 2 0 0 1 1'],
    ['sequential', 1, '0 0 1 1 1 1 2', '0 0 0 0 1 1 1 1 2 2 2 2', '0 1 2', '0 0 0 0 1 1 1 2 2 2'],
    ['weighted', 1, '0 1 0 2 0 1 0', '0 1 2 0', '0', '0 1 2 0 0 1 0 2 1 0'],
    ['weighted', 2, '0 0 1 1 2 2 0', '0 0 1 1', '0', '0 0 1 1 0 0 2 2 0 0'],
    ['alternating', 1, '0 0 1 2 0 0 1', '0 0 1 2 0 0 1', '0 0 1 2 0 0 1', '0 0 1 2 0 0 1 2 0 0'],
    ['alternating', 2, '0 0 0 0 1 1 2', '0 0 0 0 1 1 2', '0 0 0 0 1 1 2', '0 0 0 0 1 1 2 2 0 0'],
  ] as const)('%s in bursts of %d', (strategy, burstSize, bySum, byMax, byMin, byFixed) => {
    const config: ScheduleConfig = {
      strategy,
      burstSize,
      ...(strategy === 'weighted' && { weights: [5, 3, 2] }),
      ...(strategy === 'alternating' && { pattern: [0, 0, 1, 2] }),
    };
    const lengths = [2, 4, 1];
    const played = {
      bySum: schedule({ ...config, epochLength: 'sum_of_lengths' }, lengths),
      byMax: schedule({ ...config, epochLength: 'max_of_lengths' }, lengths),
      byMin: schedule({ ...config, epochLength: 'min_of_lengths' }, lengths),
      byFixed: schedule({ ...config, epochLength: 'fixed_num_steps', stepsPerEpoch: 10 }, lengths),
    };
    expect(played).toEqual({ bySum, byMax, byMin, byFixed });
  });

  it.each(
    (['round_robin', 'sequential', 'weighted', 'alternating'] as const).flatMap((strategy) =>
      (['sum_of_lengths', 'max_of_lengths', 'min_of_lengths'] as const).map((policy) => [strategy, policy] as const),
    ),
  )('%s with %s and a loader without an end plays only where the others give the length', (strategy, epochLength) => {
    const config = { ...perStrategy[strategy], epochLength };
    const build = (): string => schedule(config, [Number.POSITIVE_INFINITY, 4]);
    if (strategy === 'weighted' && epochLength === 'max_of_lengths') expect(build()).toBe('0 0 1 0');
    else
      expect(build).toThrow(
        `expected loaders that end under "${strategy}" with "${epochLength}", got loader 0 without an end; set epochLength to "fixed_num_steps" and stepsPerEpoch`,
      );
  });

  it('schedules no more batches than are played, and no more than it can count', () => {
    const weighted = { strategy: 'weighted', weights: [2, 1] } as const;
    for (const config of [
      {},
      weighted,
      { strategy: 'sequential' },
      { strategy: 'alternating', pattern: [1, 0] },
    ] as const) {
      const loader = new MultiDataLoader({ ...config, loaders: [loaderOf(9e8), loaderOf(9e8)], maxBatchesPerEpoch: 5 });
      expect(loader.length).toBe(5);
      expect(() => buildSchedule(config, [2e9, 2e9])).toThrow(
        'Cannot schedule the loaders: expected at most 2147483647 batches in an epoch, got 4000000000; set maxBatchesPerEpoch, or epochLength to "fixed_num_steps"',
      );
    }
  });

  it('has no schedule for shares that change', () => {
    expect(() => buildSchedule({ strategy: 'weighted', lossMix: {} }, [1, 1])).toThrow(
      'Cannot schedule the loaders: lossMix: expected none, as it changes shares while an epoch is played, got one; play it with a MultiDataLoader',
    );
    expect(() => buildSchedule({ strategy: 'weighted', weightSchedule: () => [1] }, [1])).toThrow(
      'weightSchedule: expected none',
    );
  });

  it('keeps the weights under bursts', () => {
    // model-training-framework shares 12 turns out as [2, 10], and of those plays only the first three, 1 1 1, four times each.
    expect(schedule({ strategy: 'weighted', weights: [1, 5], burstSize: 4 }, [2, 10])).toBe('1 1 1 1 0 0 0 0 1 1 1 1');
  });

  it('plays endless loaders for a fixed number of steps', () => {
    const endless = Number.POSITIVE_INFINITY;
    const fixed = { epochLength: 'fixed_num_steps', stepsPerEpoch: 4 } as const;
    expect(schedule(fixed, [endless, 2])).toBe('0 1 0 1');
    expect(schedule({ ...fixed, strategy: 'sequential' }, [endless, endless])).toBe('0 0 1 1');
    expect(schedule({ ...fixed, strategy: 'alternating', pattern: [1, 1, 0] }, [endless, 2])).toBe('1 1 0 1');
    expect(schedule({ ...fixed, strategy: 'weighted', weights: [3, 1] }, [endless, 2])).toBe('0 0 1 0');
    expect(schedule({ strategy: 'weighted', weights: [3, 1], epochLength: 'max_of_lengths' }, [endless, 4])).toBe(
      '0 0 1 0',
    );
  });

  it('says what an endless loader needs', () => {
    const message =
      'Cannot tell the length of an epoch: expected loaders that end under "round_robin" with "sum_of_lengths", got loader 1 without an end; set epochLength to "fixed_num_steps" and stepsPerEpoch';
    expect(() => buildSchedule({}, [2, Number.POSITIVE_INFINITY])).toThrow(message);
    const weighted = { strategy: 'weighted', weights: [1], epochLength: 'max_of_lengths' } as const;
    expect(() => buildSchedule(weighted, [Number.POSITIVE_INFINITY])).toThrow('got loader 0 without an end');
  });

  it('reports all problems together, options that would be ignored among them', () => {
    const config = { strategy: 'weighted', weights: [1, 0], burstSize: 0, pattern: [0], stepsPerEpoch: 3 } as const;
    expect(() => buildSchedule(config, [1, 1])).toThrow(
      [
        'Cannot schedule the loaders: 4 problems',
        '  - burstSize: expected an integer above 0, got 0',
        '  - stepsPerEpoch: expected none with sum_of_lengths, got 3',
        '  - weights: expected 2 finite numbers above 0, one a loader, got [1, 0]',
        '  - pattern: expected none with weighted, got [0]',
      ].join('\n'),
    );
    expect(() => buildSchedule({ strategy: 'sequential', burstSize: 2 }, [1])).toThrow(
      'burstSize: expected none with sequential',
    );
    expect(() => buildSchedule({ strategy: 'alternating', pattern: [0, 2] }, [1, 1])).toThrow(
      'pattern: expected loaders by number, from 0 to 1, got [0, 2]',
    );
    expect(() => buildSchedule({ epochLength: 'fixed_num_steps' }, [1])).toThrow(
      'stepsPerEpoch: expected an integer above 0, got none',
    );
    expect(() => buildSchedule({ strategy: 'random' as 'weighted' }, [1])).toThrow(
      'strategy: expected one of sequential, round_robin',
    );
  });
});

describe('playableSchedule()', () => {
  const order = Int32Array.of(0, 1, 0, 1, 0, 1, 1);
  const play = (options: Parameters<typeof playableSchedule>[2]): string =>
    [...playableSchedule(order, [2, 9], options)].join(' ');

  it('leaves out turns of a loader that has played all its batches, unless it plays again', () => {
    expect(play({ cycleShortLoaders: false })).toBe('0 1 0 1 1 1');
    expect(play({ cycleShortLoaders: true })).toBe('0 1 0 1 0 1 1');
  });

  it('cuts at maxBatches, counted in batches that are played', () => {
    expect(play({ cycleShortLoaders: false, maxBatches: 5 })).toBe('0 1 0 1 1');
    expect(play({ cycleShortLoaders: true, maxBatches: 5 })).toBe('0 1 0 1 0');
  });
});
