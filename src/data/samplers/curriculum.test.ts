// Curricula through a loader: when a step begins to act, and that a resume in mid-epoch changes nothing.
import { describe, expect, it } from 'vitest';
import { DataLoader } from '../loader/loader.ts';
import { BatchSampler } from './batch-sampler.ts';
import { ByDatasetBatchSampler } from './by-dataset-batch-sampler.ts';
import { ContrastWeightedSampler } from './contrast-weighted-sampler.ts';
import { INPUT_DELAY, type Sampler } from './sampler.ts';
import { range } from './statistics.fixture.ts';

const scores = { a: range(30).map((i) => i / 10), b: range(34).map((i) => (i % 7) / 3 + 0.1) };
const dataset = { datasets: [{ length: 30 }, { length: 34 }] };
const names = { a: 0, b: 1 };
const WARMUP = 24;
const BATCH = 4;
const NUM_BATCHES = 16;

/** A curriculum's sampler of batches, and how its step is set. */
interface Curriculum {
  readonly batches: Sampler<Int32Array>;
  setStep(step: number): void;
}

type StepAt = 'epoch' | 'batch';
const curricula: [string, StepAt, (stepAt: StepAt) => Curriculum][] = (['epoch', 'batch'] as const).flatMap(
  (stepAt) => [
    ['ContrastWeightedSampler', stepAt, makeContrast],
    ['ByDatasetBatchSampler', stepAt, makeByDataset],
  ],
);

function makeContrast(stepAt: StepAt): Curriculum {
  const sampler = new ContrastWeightedSampler({
    dataset,
    contrastScoresDict: scores,
    datasetNameToIdx: names,
    warmupSteps: WARMUP,
    stepAt,
    seed: 5,
  });
  return { batches: new BatchSampler(sampler, { batchSize: BATCH }), setStep: (step) => sampler.setStep(step) };
}

function makeByDataset(stepAt: StepAt): Curriculum {
  const sampler = new ByDatasetBatchSampler({
    cat: dataset,
    name2idx: names,
    contrastScores: scores,
    batchSize: BATCH,
    warmupSteps: WARMUP,
    stepAt,
    seed: 5,
  });
  return { batches: sampler, setStep: (step) => sampler.setStep(step) };
}

/** Plays epochs as a trainer would: the step is set after each batch was taken. */
class Run {
  readonly curriculum: Curriculum;
  readonly loader: DataLoader<number, number[]>;
  readonly played: string[] = [];
  step: number;

  /** @param pace - how far is fetched ahead, how many samples at a time, and how many turns of the event loop each takes: nothing may depend on it. */
  constructor(curriculum: Curriculum, pace: number, step = 0) {
    this.curriculum = curriculum;
    this.step = step;
    const get = async (index: number): Promise<number> => {
      for (let turn = (index * 13 + pace) % 3; turn > 0; turn--) await new Promise(setImmediate);
      return index;
    };
    this.loader = new DataLoader({
      dataset: { length: 64, get },
      batchSampler: curriculum.batches,
      collate: (batch) => batch,
      prefetchFactor: pace % 11,
      concurrency: 1 + pace,
    });
  }

  /** Up to `stop` batches in all, or to the end of the epoch. */
  async play(epoch: number, stop = Number.POSITIVE_INFINITY): Promise<void> {
    this.loader.setEpoch(epoch);
    if (this.played.length >= stop) return;
    for await (const batch of this.loader) {
      this.played.push(batch.join());
      this.curriculum.setStep(this.step++);
      if (this.played.length >= stop) return;
    }
  }
}

describe.each(curricula)('%s with stepAt "%s"', (_, stepAt, make) => {
  it('plays each batch by the step that the contract names', async () => {
    const run = new Run(make(stepAt), 5);
    await run.play(0);
    await run.play(1);
    const expected = [0, 1].flatMap((epoch) => {
      const order = make(stepAt).batches.order(epoch);
      // Batch 0 of epoch 1 is taken when step 15 has been set; the sampler is asked before the step is set.
      const atStart = epoch === 0 ? 0 : NUM_BATCHES - 1;
      return range(NUM_BATCHES).map((position) => {
        const asked = position - INPUT_DELAY;
        const step = stepAt === 'epoch' || asked < 0 ? atStart : Math.max(0, epoch * NUM_BATCHES + asked - 1);
        return order.at(position, { step }).join();
      });
    });
    expect(run.played).toEqual(expected);
  });

  it('goes on after every batch as if it had never stopped', async () => {
    const whole = new Run(make(stepAt), 5);
    await whole.play(0);
    await whole.play(1);
    for (const stop of range(2 * NUM_BATCHES + 1)) {
      const first = new Run(make(stepAt), stop);
      await first.play(0, stop);
      if (stop > NUM_BATCHES) await first.play(1, stop);
      const state = JSON.parse(JSON.stringify(first.loader.state()));
      const second = new Run(make(stepAt), 3 * stop + 1, first.step);
      second.loader.loadState(state);
      second.played.push(...first.played);
      if (stop < NUM_BATCHES) await second.play(0);
      await second.play(1);
      expect(second.played).toEqual(whole.played);
    }
  });
});

describe('DataLoader with a dynamic sampler', () => {
  it('refuses a state that lacks what the sampler said', async () => {
    const run = new Run(makeContrast('batch'), 5);
    await run.play(0, 3);
    const { inputs: _, ...withoutInputs } = run.loader.state();
    expect(() => new Run(makeContrast('batch'), 5).loader.loadState(withoutInputs)).toThrow(
      'expected inputs of a dynamic sampler for 8 batches in the state, got none',
    );
    const { input: __, ...withoutInput } = run.loader.state();
    expect(() => new Run(makeContrast('batch'), 5).loader.loadState(withoutInput)).toThrow(
      'expected input of a dynamic sampler in the state, got none',
    );
  });
});
