// Draws that runs already made depend on, computed by an independent implementation (Python integers, `math.log`).
import { describe, expect, it } from 'vitest';
import { ByDatasetBatchSampler } from './by-dataset-batch-sampler.ts';
import { ContrastWeightedSampler } from './contrast-weighted-sampler.ts';
import type { Sampler } from './sampler.ts';
import { list } from './statistics.fixture.ts';
import { WeightedRandomSampler } from './weighted-random-sampler.ts';

const weights = [1, 2, 3, 4, 5, 6];
const contrast = (transition: 'clamp' | 'blend'): Sampler =>
  new ContrastWeightedSampler({
    dataset: { datasets: [{ length: 6 }] },
    contrastScoresDict: { all: [0.5, 3, 1, 0.25, 2, 1.5] },
    datasetNameToIdx: { all: 0 },
    warmupSteps: 100,
    transition,
    seed: 7,
  });

describe('A seed gives the same order for ever', () => {
  it('of WeightedRandomSampler', () => {
    expect(list(new WeightedRandomSampler(weights, { numSamples: 10, seed: 7 }).order(3))).toEqual([
      5, 3, 4, 1, 5, 3, 3, 5, 2, 1,
    ]);
    expect(list(new WeightedRandomSampler(weights, { replacement: false, seed: 7 }).order(3))).toEqual([
      4, 1, 3, 5, 2, 0,
    ]);
  });

  it('of ContrastWeightedSampler, half way through the warm-up', () => {
    expect(list(contrast('clamp').order(3), { step: 50 })).toEqual([1, 2, 1, 4, 5, 3]);
    expect(list(contrast('blend').order(3), { step: 50 })).toEqual([1, 2, 1, 3, 3, 0]);
  });

  it('of ByDatasetBatchSampler', () => {
    const cat = { datasets: [{ length: 4 }, { length: 2 }] };
    const sampler = new ByDatasetBatchSampler({ cat, name2idx: { a: 0, b: 1 }, batchSize: 2, seed: 7 });
    expect(list(sampler.order(3)).map((batch) => [...batch])).toEqual([[0, 1], [1, 2], [1, 3]]); // biome-ignore format: a table
  });
});
