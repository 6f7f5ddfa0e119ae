// The same batches in every epoch, also behind a resume.
import { describe, expect, test } from 'vitest';
import { arange, type Tensor } from '../../tensor/index.ts';
import { TensorDataset } from '../datasets/tensor-dataset.ts';
import { FirstBatches } from './first-batches.ts';
import { DataLoader } from './loader.ts';

const shuffled = () =>
  new DataLoader<{ row: Tensor }, { row: Tensor }>({
    dataset: new TensorDataset({ row: arange(10) }),
    batchSize: 2,
    shuffle: true,
    seed: 3,
  });

async function play(loader: FirstBatches<{ row: Tensor }>, limit = 100): Promise<number[]> {
  const rows: number[] = [];
  if (limit === 0) return rows;
  for await (const { row } of loader) {
    rows.push(...(row.toArray() as number[]));
    if (rows.length >= 2 * limit) break;
  }
  return rows;
}

describe('FirstBatches', () => {
  test('plays the first batches of epoch 0 in every epoch', async () => {
    const whole: number[] = [];
    for await (const { row } of shuffled()) whole.push(...(row.toArray() as number[]));
    const loader = new FirstBatches(shuffled(), 2);
    expect(loader.length).toBe(2);
    const epochs: number[][] = [];
    for (const epoch of [0, 1, 5]) {
      loader.setEpoch(epoch);
      epochs.push(await play(loader));
    }
    expect(epochs).toEqual([whole.slice(0, 4), whole.slice(0, 4), whole.slice(0, 4)]);
  });

  test('goes on where its state says', async () => {
    const first = new FirstBatches(shuffled(), 3);
    first.setEpoch(4);
    const before = await play(first, 1);
    const second = new FirstBatches(shuffled(), 3);
    second.loadState(structuredClone(first.state()));
    second.setEpoch(4);
    const after = await play(second);
    second.setEpoch(5);
    expect([...before, ...after]).toEqual(await play(second));
    const other = new FirstBatches(shuffled(), 2);
    expect(() => other.loadState(first.state())).toThrow('expected limit 2 in the state, got 3');
  });

  test('plays what there is where the loader is shorter', async () => {
    const loader = new FirstBatches(shuffled(), 50);
    expect([loader.length, (await play(loader)).length]).toEqual([5, 10]);
  });
});
