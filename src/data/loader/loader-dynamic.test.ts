// Tests of DataLoader with samplers whose order depends on the training itself: no timing changes a batch, and a resume goes on exactly.
import { setImmediate as breathe } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../datasets/dataset.ts';
import { INPUT_DELAY, type Sampler, type SamplerInput } from '../samplers/sampler.ts';
import { DataLoader } from './loader.ts';

/** What a run that trains would change: its step, and something that depends on every batch it has seen. */
class Training {
  step = 0;
  sum = 0;

  learn(batch: readonly number[]): void {
    this.step++;
    this.sum = (this.sum * 31 + batch.reduce((sum, sample) => sum + sample, 0)) % 1009;
  }
}

const LENGTH = 60;

/** Plays other samples the further the training is. */
const follow = (training: Training): Sampler => ({
  length: LENGTH,
  input: () => ({ step: training.step, sum: training.sum }),
  order: (epoch) => ({
    length: LENGTH,
    at: (position, input) => {
      const { step, sum } = input as { step: number; sum: number };
      return (position * 7 + epoch * 11 + step * 3 + sum) % LENGTH;
    },
  }),
});

interface Timing {
  readonly delays: readonly number[];
  readonly concurrency: number;
  readonly prefetchFactor: number;
  /** Turns of the event loop that a step takes. */
  readonly stepTurns: number;
}

const timings = fc.record({
  delays: fc.array(fc.nat(3), { minLength: LENGTH, maxLength: LENGTH }),
  concurrency: fc.integer({ min: 1, max: 20 }),
  prefetchFactor: fc.nat(20),
  stepTurns: fc.nat(2),
});

const wait = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await breathe();
};

function setUp({ delays, concurrency, prefetchFactor, stepTurns }: Timing, batchSize: number) {
  const training = new Training();
  const dataset: Dataset<number> = {
    length: LENGTH,
    get: (index) => (delays[index] === 0 ? index : wait(delays[index]!).then(() => index)),
  };
  const loader = new DataLoader({
    dataset,
    sampler: follow(training),
    batchSize,
    concurrency,
    prefetchFactor,
    collate: (samples) => samples,
  });
  const train = async (limit = Number.POSITIVE_INFINITY): Promise<number[][]> => {
    const batches: number[][] = [];
    if (limit === 0) return batches;
    for await (const batch of loader) {
      training.learn(batch);
      await wait(stepTurns);
      if (batches.push(batch) >= limit) break;
    }
    return batches;
  };
  return { training, loader, train };
}

describe('DataLoader with a dynamic sampler', () => {
  it('gives the same batches whatever the timing, and on resume at every position', async () => {
    await fc.assert(
      fc.asyncProperty(timings, timings, fc.integer({ min: 2, max: 9 }), async (before, after, batchSize) => {
        const whole = setUp(before, batchSize);
        const first = await whole.train();
        const expected = [...first, ...(await whole.train())]; // two epochs
        const other = setUp(after, batchSize);
        expect([...(await other.train()), ...(await other.train())]).toEqual(expected);
        for (let stop = 0; stop <= first.length; stop += 1 + Math.floor(first.length / 8)) {
          const stopped = setUp(before, batchSize);
          const begun = await stopped.train(stop);
          const resumed = setUp(after, batchSize);
          Object.assign(resumed.training, stopped.training); // the rest of the checkpoint
          resumed.loader.loadState(structuredClone(stopped.loader.state()));
          expect(resumed.loader.state()).toEqual(stopped.loader.state());
          expect([...begun, ...(await resumed.train()), ...(await resumed.train())]).toEqual(expected);
        }
      }),
      { numRuns: 12 },
    );
  });

  it(`has what the sampler said when batch p was handed out act on batch p + ${INPUT_DELAY}`, async () => {
    let said = 0;
    const played: SamplerInput[] = [];
    const sampler: Sampler = {
      length: 20,
      input: () => said,
      order: () => ({
        length: 20,
        at: (position, input) => {
          played.push(input!);
          return position;
        },
      }),
    };
    const loader = new DataLoader({ dataset: { length: 20, get: async (i) => i }, sampler, prefetchFactor: 100 });
    said = 100;
    for await (const _ of loader) said++; // 100 when batch 0 is handed out, 101 when batch 1 is, …
    expect(played).toEqual([...new Array(INPUT_DELAY).fill(100), ...Array.from({ length: 12 }, (_, p) => 100 + p)]);
  });

  it('keeps the inputs of an iterator that has given nothing yet', async () => {
    const training = new Training();
    const make = (): DataLoader<number, number[]> =>
      new DataLoader({
        dataset: { length: LENGTH, get: (i) => i },
        sampler: follow(training),
        collate: (samples) => samples,
      });
    const loader = make();
    loader[Symbol.asyncIterator](); // as several loaders under one schedule do, before its turn
    training.step = 5;
    const resumed = make();
    resumed.loadState(structuredClone(loader.state()));
    for await (const [sample] of resumed) {
      expect(sample).toBe(0); // and not 15
      break;
    }
  });

  it('throws what the sampler throws when it is asked', async () => {
    let asked = 0;
    const input = (): number => {
      if (++asked > 2) throw new Error('no losses yet');
      return 0;
    };
    const sampler: Sampler = { length: 5, input, order: () => ({ length: 5, at: (position) => position }) };
    const iterator = new DataLoader({ dataset: { length: 5, get: (i) => i }, sampler })[Symbol.asyncIterator]();
    expect((await iterator.next()).done).toBe(false);
    await expect(iterator.next()).rejects.toThrow('no losses yet');
    expect((await iterator.next()).done).toBe(true);
  });

  it('refuses a state without the inputs that it needs, or with some where it needs none', () => {
    const dynamic = setUp({ delays: [], concurrency: 1, prefetchFactor: 1, stepTurns: 0 }, 1).loader;
    const { inputs: _, ...state } = { ...dynamic.state(), position: 3 };
    expect(() => dynamic.loadState(state)).toThrow(
      'Cannot resume a DataLoader of the dataset: expected inputs of a dynamic sampler for 8 batches in the state, got none; make the loader as it was, or start it afresh',
    );
    const plain = new DataLoader({ dataset: { length: LENGTH, get: (i) => i } });
    expect(() => plain.loadState({ ...plain.state(), position: 3, inputs: new Array(8).fill(0) })).toThrow(
      'expected no inputs of a dynamic sampler for 8 batches in the state, got one',
    );
  });
});
