// Grouping of samples by data set.
import { describe, expect, it } from 'vitest';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { DataLoader } from '../loader/loader.ts';
import { groupCollate, groupCollateBy } from './group-collate.ts';

const sample = (datasetIdx: number, size: number) => ({
  robs: new Float32Array(size).fill(datasetIdx),
  name: `d${datasetIdx}`,
  datasetIdx,
});

describe('groupCollate()', () => {
  it('makes a batch for each data set, in the order in which they first come up, each sample in its place', () => {
    const batch = groupCollate([sample(2, 1), sample(0, 3), sample(2, 1), sample(1, 2), sample(0, 3), sample(2, 1)]);
    expect(batch.map(({ robs }) => robs.shape)).toEqual([[3, 1], [2, 3], [1, 2]]); // biome-ignore format: a table
    expect(batch.map(({ name }) => name)).toEqual([['d2', 'd2', 'd2'], ['d0', 'd0'], ['d1']]);
    expect(batch.map(({ datasetIdx }) => datasetIdx.toArray())).toEqual([[2, 2, 2], [0, 0], [1]]);
  });

  it('collates for a loader', async () => {
    const samples = [sample(0, 2), sample(1, 1), sample(0, 2), sample(1, 1)];
    const dataset = { length: 4, get: (index: number) => samples[index]! };
    const shapes: unknown[] = [];
    for await (const groups of new DataLoader({
      dataset,
      batchSize: 3,
      collate: groupCollate<(typeof samples)[number]>,
    })) {
      shapes.push(groups.map(({ robs }) => robs.shape));
    }
    expect(shapes).toEqual([[[2, 2], [1, 1]], [[1, 1]]]); // biome-ignore format: a table
  });

  it('collates each group as it is told, with the places of its samples', () => {
    const seen: number[][] = [];
    const collate = groupCollateBy((samples: { name: string }[], context) => {
      seen.push([...context!.indices]);
      return samples.map(({ name }) => name).join();
    });
    const samples = [sample(1, 1), sample(0, 2), sample(1, 1)];
    expect(collate(samples, { indices: Int32Array.of(7, 8, 9) })).toEqual(['d1,d1', 'd0']);
    expect(seen).toEqual([[7, 9], [8]]); // biome-ignore format: a table
  });

  it('names the sample that does not fit', () => {
    const indices = Int32Array.of(70, 80, 90);
    const untagged = { robs: tensor([1]) } as unknown as { robs: Tensor; datasetIdx: number };
    expect(() => groupCollate([sample(0, 1), untagged] as { datasetIdx: number }[], { indices })).toThrow(
      'Cannot group samples: expected a datasetIdx that is a number, got undefined in the sample at index 80; wrap each dataset: new TaggedDataset(dataset, number)',
    );
    expect(() => groupCollate([untagged])).toThrow('in sample 0 of the batch');
    expect(() => groupCollate([sample(0, 1), sample(1, 1), sample(0, 2)], { indices })).toThrow(
      'in the sample at index 90',
    );
  });

  it('makes no batch of no samples', () => {
    expect(groupCollate([])).toEqual([]);
  });
});
