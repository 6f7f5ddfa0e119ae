// The benchmark: what it measures, what it writes, and that one which was killed goes on as if it had not been.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Dropout, Linear, ReLU, Sequential } from '../../nn/index.ts';
import { Adam } from '../../optim/index.ts';
import { manualSeed, noGrad } from '../../tensor/index.ts';
import { temporaryFolder, weightsOf } from '../../trainer/testing/tiny.ts';
import type { Pair } from '../data/loaders.ts';
import { runContinualBenchmark } from './benchmark.ts';
import type { ContinualBenchmarkOptions } from './benchmark-options.ts';
import { FineTuning, JointTraining } from './method.ts';
import { resultSections } from './result.ts';
import { type ContinualScenario, splitClasses } from './split-classes.ts';
import type { ContinualTask } from './task.ts';
import { pointLoaders, points } from './testing/points.ts';

/** The same network every time; dropout draws in training. */
function networkOf(numOutputs = 4) {
  manualSeed(5);
  const model = new Sequential(new Linear(2, 16), new ReLU(), new Dropout(0.2), new Linear(16, numOutputs));
  return { model, optimizer: new Adam(model.parameters(), { lr: 0.03 }) };
}

const tasksOf = (scenario: ContinualScenario) => splitClasses(pointLoaders(), { numTasks: 2, scenario });

async function run(options: Partial<ContinualBenchmarkOptions> & Pick<ContinualBenchmarkOptions, 'tasks'>) {
  const { model, optimizer } = networkOf();
  const result = await runContinualBenchmark(model, { optimizer, epochsPerTask: 6, batchSize: 8, ...options });
  return { model, result };
}

describe('runContinualBenchmark()', () => {
  test('forgets all of the first task where it decides between all classes, and little where it knows the task', async () => {
    const { result: all } = await run({ tasks: await tasksOf('class') });
    expect(all.accuracies[0]![0]).toBeGreaterThan(0.9);
    expect(all.accuracies[1]![0]).toBeLessThan(0.1);
    expect(all.accuracies[1]![1]).toBeGreaterThan(0.9);
    expect(all.measures.average_forgetting).toBeGreaterThan(0.8);
    const { result: told } = await run({ tasks: await tasksOf('task') });
    expect(told.accuracies[1]![0]).toBeGreaterThan(0.5);
    const [pictures, table] = await resultSections(told);
    expect(pictures).toMatchObject({ kind: 'plot', caption: 'task 1: classes 0, 1; task 2: classes 2, 3' });
    const forgetting = `${(100 * told.measures.average_forgetting).toFixed(1)} %`;
    expect(table).toMatchObject({ rows: [{}, ['average forgetting', forgetting], {}, {}] });
    expect(told).toMatchObject({ method: 'fine-tuning', tasks: ['classes 0, 1', 'classes 2, 3'], epochsPerTask: 6 });
  });

  test('keeps everything when it trains on everything seen so far', async () => {
    const { result } = await run({ tasks: await tasksOf('class'), method: new JointTraining() });
    expect(result.averageAccuracies[1]).toBeGreaterThan(0.9);
    expect(result.accuracies[0]![1]).toBeLessThan(0.1); // task 2 was not seen then
  });

  test('measures accuracies on all test samples, and before the first task', async () => {
    const tasks = await tasksOf('class');
    const { model, result } = await run({ tasks });
    const shareOf = (network: typeof model, [x, y]: (typeof tasks)[number]['test']) =>
      noGrad(() => network.eval().forward(x).argmax({ dim: 1 }).eq(y).to('float64').mean().item());
    expect(result.accuracies[1]).toEqual(tasks.map(({ test }) => shareOf(model, test)));
    expect(result.baseline).toEqual(tasks.map(({ test }) => shareOf(networkOf().model, test)));
  });

  test('goes on where it was killed, inside a task, behind its epochs and between two, to the last bit', async () => {
    const [first, second] = (await tasksOf('class')) as [ContinualTask, ContinualTask];
    const [inputs, classes] = second.train;
    const fewer = inputs.shape[0]! - 9; // the file's loader, of the task before, is of another length
    const tasks = [first, { ...second, train: [inputs.narrow(0, 0, fewer), classes.narrow(0, 0, fewer)] as Pair }];
    const { model: whole, result } = await run({ tasks });
    for (const dies of [1, 6, 7]) {
      const folder = temporaryFolder();
      let epochs = 0;
      const killer = {
        ...{ name: 'killer', before: ['continual benchmark'] },
        epochStart: () => {
          if (epochs++ === dies) throw new Error('killed');
        },
      };
      await expect(run({ tasks, folder, callbacks: [killer] })).rejects.toThrow('killed');
      const again = await run({ tasks, folder, callbacks: [{ name: 'killer' }] });
      expect(again.result).toEqual(result);
      expect(weightsOf(again.model)).toEqual(weightsOf(whole));
      expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'))).toEqual(result);
      expect(readFileSync(join(folder, 'accuracy-matrix.svg'), 'utf8')).toContain('Accuracy on each task');
    }
  });

  test('gives the result of a benchmark that has ended without training, and refuses that of another', async () => {
    const tasks = await tasksOf('class');
    const folder = temporaryFolder();
    const first = await run({ tasks, folder });
    const trained = { name: 'sees', epochStart: () => expect.fail('it trained') };
    const second = await run({ tasks, folder, callbacks: [trained] });
    expect(second.result).toEqual(first.result);
    expect(weightsOf(second.model)).toEqual(weightsOf(first.model));
    await expect(run({ tasks, folder, seed: 1, method: new JointTraining() })).rejects.toThrow(
      /method: "fine-tuning", now "joint"\s+seed: 42, now 1\s+Take another folder/,
    );
  });

  test('trains no output of another task where the task is known', async () => {
    const { model, optimizer } = networkOf();
    const lastLayer = () => noGrad(() => model.stateDict()['3.weight']!.toArray() as number[][]);
    const before = lastLayer();
    const killer = {
      name: 'killer',
      epochStart: ({ clocks }: { clocks: { epoch: number } }) => {
        if (clocks.epoch === 1) throw new Error('one task is enough');
      },
    };
    await expect(
      runContinualBenchmark(model, { tasks: await tasksOf('task'), optimizer, callbacks: [killer] }),
    ).rejects.toThrow('one task is enough');
    const after = lastLayer();
    expect(after.slice(2)).toEqual(before.slice(2));
    expect(after[0]).not.toEqual(before[0]);
  });

  test('refuses what does not fit before anything is written, all at once', async () => {
    const folder = join(temporaryFolder(), 'new');
    const [first] = await tasksOf('class');
    const { model } = networkOf();
    const [x] = points(1, 0);
    const wrong = [first!, { name: first!.name, train: [x, x], test: first!.test, outputs: [] }] as never;
    await expect(
      runContinualBenchmark(model, { tasks: wrong, folder, epochsPerTask: 0, epochs: 3 } as never),
    ).rejects.toThrow(
      /epochsPerTask: expected[\s\S]*epochs: expected one of[\s\S]*optimizer: expected an optimizer, got none[\s\S]*tasks\[1\].train: expected classes \[N\][\s\S]*tasks\[1\].outputs/,
    );
    expect(existsSync(folder)).toBe(false);
    expect(new FineTuning().name).toBe('fine-tuning');
  });
});
