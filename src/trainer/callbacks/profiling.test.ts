import { describe, expect, test } from 'vitest';
import { RecentValues } from '../profiling/recent-values.ts';
import { tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { ProfilingCallback, type ProfilingCallbackOptions } from './profiling.ts';

async function profiled(options: ProfilingCallbackOptions = {}, config: object = {}) {
  const said: string[] = [];
  const callback = new ProfilingCallback({ stream: { write: (text) => said.push(text) }, ...options });
  const { trainer } = tinyTrainer({ callbacks: [callback], config });
  await trainer.fit({ trainLoaders: [tinyLoader(8)], valLoaders: [tinyLoader(4)], maxEpochs: 2 });
  return { callback, metrics: callback.getMetrics(), said: said.join('') };
}

describe('ProfilingCallback', () => {
  test('fills every list: epochs, batches, parts, updates, memory', async () => {
    const { callback, metrics } = await profiled({}, { performance: { gradientAccumulationSteps: 2 } });
    const lengths = Object.fromEntries(Object.entries(metrics).map(([name, list]) => [name, list.length]));
    expect(lengths).toEqual({
      ...{ epoch_times: 2, batch_times: 8, forward_times: 8, backward_times: 8, optimizer_times: 4 },
      ...{ memory_allocated: 8, memory_reserved: 8, memory_resident: 2 },
    });
    for (const [i, whole] of metrics.batch_times.entries())
      expect(metrics.forward_times[i]! + metrics.backward_times[i]!).toBeLessThanOrEqual(whole);
    const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
    expect(sum(metrics.batch_times)).toBeLessThan(sum(metrics.epoch_times));
    expect(metrics.memory_allocated!.every((mb, i) => mb > 0 && mb <= metrics.memory_reserved![i]!)).toBe(true);
    expect(metrics.memory_resident![0]).toBeGreaterThan(20);
    (metrics.batch_times as number[]).length = 0; // a copy
    expect(callback.getMetrics().batch_times.length).toBe(8);
  });

  test('writes the summary, and behind it where the time went', async () => {
    const { said } = await profiled();
    const number = String.raw`\d+\.\d\d`;
    const lines = [
      '={60}\nProfiling Summary\n={60}',
      `Epoch Times: mean=${number}s, std=${number}s, min=${number}s, max=${number}s`,
      `Batch Times: mean=${number}ms, std=${number}ms`,
      `CPU Memory Allocated: mean=${number}MB, max=${number}MB`,
      `CPU Memory Resident: mean=${number}MB, max=${number}MB`,
      '={60}\nWhere the time went: ',
    ];
    expect(said).toMatch(new RegExp(lines.join('\n')));
  });

  test('leaves out memory and the table where they are not measured', async () => {
    const { metrics, said } = await profiled({ profileMemory: false }, { profileTraining: false });
    expect(Object.keys(metrics)).toEqual([
      ...['epoch_times', 'batch_times', 'forward_times', 'backward_times', 'optimizer_times'],
    ]);
    expect(said).not.toMatch(/Memory|Where the time went/);
  });

  test('keeps the last values, and begins anew with each fit', async () => {
    const { callback } = await profiled({ maxValues: 3 });
    expect(callback.getMetrics().batch_times.length).toBe(3);
    await tinyTrainer({ callbacks: [callback] }).trainer.fit({ trainLoaders: [tinyLoader(2)] });
    expect(callback.getMetrics().batch_times.length).toBe(1);
    expect(() => new ProfilingCallback({ maxValues: 0, profileGpu: true } as never)).toThrow(
      /profileGpu[\s\S]*maxValues: expected an integer above 0, got 0/,
    );
  });
});

test('RecentValues keeps the last ones in their order', () => {
  const values = new RecentValues(3);
  for (const value of [1, 2, 3, 4, 5]) values.push(value);
  expect(values.toArray()).toEqual([3, 4, 5]);
  values.clear();
  values.push(6);
  expect(values.toArray()).toEqual([6]);
});
