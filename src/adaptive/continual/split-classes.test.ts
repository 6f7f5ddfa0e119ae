// Which samples, classes and outputs the tasks of a split have.
import { describe, expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { tensor } from '../../tensor/index.ts';
import type { Pair } from '../data/loaders.ts';
import { splitClasses } from './split-classes.ts';
import type { ContinualTask } from './task.ts';

/** Sample i is [i], its class given. */
function dataOf(classes: readonly number[]): TensorDataset<Pair> {
  return new TensorDataset<Pair>([tensor(classes.map((_, i) => [i])), tensor(BigInt64Array.from(classes, BigInt))]);
}

const data = [dataOf([3, 0, 1, 2, 0, 3]), dataOf([0, 1, 2, 3])] as const;
const shown = (tasks: readonly ContinualTask[]) =>
  tasks.map(({ train: [x, y] }) => [x.flatten().toArray(), Array.from(y.toArray() as number[], Number)]);

describe('splitClasses()', () => {
  test('gives each task its classes, samples in their order, and its outputs', async () => {
    const tasks = await splitClasses(data, { numTasks: 2 });
    expect(shown(tasks)).toEqual([
      [
        [1, 2, 4],
        [0, 1, 0],
      ],
      [
        [0, 3, 5],
        [3, 2, 3],
      ],
    ]);
    expect(tasks.map(({ outputs }) => outputs)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(tasks[1]!.test[1].toArray()).toEqual([2, 3]);
  });

  test('asks for places in the task, or for all classes, as the scenario says', async () => {
    const domain = await splitClasses(data, { classesPerTask: 2, scenario: 'domain' });
    expect(shown(domain).map(([, classes]) => classes)).toEqual([
      [0, 1, 0],
      [1, 0, 1],
    ]);
    const all = await splitClasses(data, { numTasks: 4, scenario: 'class', samplesPerTask: 1 });
    expect(shown(all)).toEqual([
      [[1], [0]],
      [[2], [1]],
      [[3], [2]],
      [[0], [3]],
    ]);
    for (const tasks of [domain, all]) expect(tasks.every((task) => !('outputs' in task))).toBe(true);
  });

  test('reads a loader that shuffles in the same order every time', async () => {
    const loader = new DataLoader<Pair, Pair>({
      dataset: dataOf(Array.from({ length: 40 }, (_, i) => i % 4)),
      shuffle: true,
    });
    const first = shown(await splitClasses([loader, data[1]], { numTasks: 2 }));
    expect(first[0]![0]).not.toEqual((first[0]![0] as number[]).toSorted((a, b) => a - b));
    expect(shown(await splitClasses([loader, data[1]], { numTasks: 2 }))).toEqual(first);
  });

  test('draws another order of classes from a seed, the same each time', async () => {
    const namesOf = async (seed?: number) => (await splitClasses(data, { numTasks: 4, seed })).map(({ name }) => name);
    const drawn = await namesOf(1);
    expect(await namesOf(1)).toEqual(drawn);
    expect(drawn).not.toEqual(await namesOf());
    expect(drawn.toSorted()).toEqual(await namesOf());
  });

  test('refuses what cannot be split, with all problems', async () => {
    await expect(splitClasses(data, { numTasks: 3 })).rejects.toThrow(
      'numTasks: expected a divisor of the 4 classes, got 3',
    );
    await expect(splitClasses(data, { classesPerTask: 4 })).rejects.toThrow('leaves two tasks, got 4');
    await expect(
      splitClasses([data[0], 3 as never], { numTasks: 2, classesPerTask: 2, scenario: 'all' as never }),
    ).rejects.toThrow(/scenario: expected one of[\s\S]*got both[\s\S]*test: expected a DataLoader or a dataset/);
    await expect(splitClasses([data[0], dataOf([0, 1, 9])], { numTasks: 2 })).rejects.toThrow(
      /expected classes of training, got 9\s+- test: expected samples of the classes 2, 3, got none/,
    );
  });
});
