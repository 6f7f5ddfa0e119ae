// Rates beside the clocks of the run, counted operations beside those of the model, and what is not training time.
import { expect, test, vi } from 'vitest';
import { Linear, LSTM } from '../../nn/index.ts';
import { countFlops, ones } from '../../tensor/index.ts';
import { OperatorRecorder } from '../../tensor/profiler/operator-recorder.ts';
import type { Callback } from '../loop/events.ts';
import { KeptLog } from '../testing/kept-log.ts';
import { tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { DeviceStatsMonitor } from './device-stats-monitor.ts';
import { measurePeakFlops } from './peak-flops.ts';
import { ThroughputMonitor } from './throughput-monitor.ts';

/** A clock that goes on by a second at each batch, and by an hour in what is no training. */
function withClock(): { readonly callback: Callback; end(): void } {
  let ms = 1e6;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => ms);
  const pass = (by: number) => (): void => {
    ms += by;
  };
  return {
    callback: {
      name: 'clock',
      before: ['ThroughputMonitor'],
      batchEnd: pass(1000),
      validationBatchEnd: pass(3.6e6),
      checkpointSaved: pass(3.6e6),
    },
    end: () => now.mockRestore(),
  };
}

/** An event of the clock's that comes behind the monitor's `epochEnd`. */
const between = (pass: () => void): Callback => ({ name: 'between', after: ['ThroughputMonitor'], epochEnd: pass });

test('ThroughputMonitor logs rates of the window, without validations and what lies between epochs', async () => {
  const log = new KeptLog();
  const clock = withClock();
  const monitor = new ThroughputMonitor({ windowSteps: 2, tokensOf: ({ x }: { x: { numel: number } }) => x.numel });
  const { trainer } = tinyTrainer({
    callbacks: [clock.callback, monitor, between(clock.callback.checkpointSaved as () => void)],
    loggers: [log],
    config: { logEveryNSteps: 1, performance: { gradientAccumulationSteps: 2 }, validation: { sanitySteps: 1 } },
  });
  try {
    await trainer.fit({ trainLoaders: [tinyLoader(16)], valLoaders: [tinyLoader(4)], maxEpochs: 2 });
  } finally {
    clock.end();
  }
  // `logged` comes inside the second batch of a window, before its end: a second is still to pass.
  expect(log.series('throughput/steps_per_sec').map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(log.series('throughput/steps_per_sec').at(-1)).toEqual([8, 0.5]);
  expect(log.series('throughput/batches_per_sec').at(-1)).toEqual([8, 1]);
  expect(log.series('throughput/samples_per_sec').at(-1)).toEqual([8, 2]);
  expect(log.series('throughput/tokens_per_sec').at(-1)).toEqual([8, 6]);
  expect(log.series('throughput/samples_per_sec').every(([, value]) => value >= 2 && value <= 4)).toBe(true);
});

test('ThroughputMonitor counts the operations of a batch once, and gives their part of the peak', async () => {
  const monitor = new ThroughputMonitor({ peakFlops: 1e9 });
  const log = new KeptLog();
  const { trainer } = tinyTrainer({ callbacks: [monitor], loggers: [log], config: { logEveryNSteps: 2 } });
  await trainer.fit({ trainLoaders: [tinyLoader(8)] });
  // Forward 3 -> 4 -> 1; backward as much for the weights, and for the input of the second layer.
  expect(monitor.flopsPerSample).toBe(2 * (2 * (3 * 4) + 3 * 4));
  const [rate, flops, mfu] = ['samples_per_sec', 'flops_per_sec', 'mfu'].map(
    (name) => log.series(`throughput/${name}`)[0]![1],
  );
  expect(flops).toBeCloseTo(rate! * 72, 6);
  expect(mfu).toBeCloseTo(flops! / 1e9, 12);
});

test('ThroughputMonitor logs an epoch that has no log point, and waits for others that record operators', async () => {
  const others = new OperatorRecorder().start();
  const monitor = new ThroughputMonitor();
  const ends: Callback = { name: 'ends', batchEnd: ({ clocks }) => void (clocks.microStep === 2 && others.stop()) };
  const log = new KeptLog();
  const { trainer } = tinyTrainer({ callbacks: [ends, monitor], loggers: [log], config: { logEveryNSteps: 100 } });
  await trainer.fit({ trainLoaders: [tinyLoader(8)] });
  expect(others.isRecording).toBe(false);
  expect(monitor.flopsPerSample).toBe(72);
  expect(log.series('throughput/steps_per_sec').map(([step]) => step)).toEqual([4]);
});

test('a fit that fails inside a batch leaves nothing recording', async () => {
  const failing: Callback = {
    name: 'failing',
    forwardEnd: () => {
      throw new Error('in between');
    },
  };
  const { trainer } = tinyTrainer({ callbacks: [new ThroughputMonitor(), failing] });
  await expect(trainer.fit({ trainLoaders: [tinyLoader(4)] })).rejects.toThrow('in between');
  expect(countFlops(() => new Linear(3, 4).forward(ones([2, 3])))).toBe(48);
});

test('countFlops() counts recurrent layers, whether one kernel runs them or products do', () => {
  const lstm = new LSTM(3, 4);
  expect(countFlops(() => lstm.forward(ones([5, 2, 3])))).toBe(2 * 5 * 2 * 4 * 4 * (3 + 4));
});

test('measurePeakFlops() is about what a product of that size takes', () => {
  const peak = measurePeakFlops('cpu', 'float32');
  const matrix = ones([512, 512]);
  const started = performance.now();
  matrix.mm(matrix);
  const one = (2 * 512 ** 3) / ((performance.now() - started) / 1000);
  expect(peak).toBeGreaterThan(one / 10);
  expect(peak).toBeLessThan(1e14);
});

test('ThroughputMonitor refuses options that do not go together', () => {
  const make = (options: object) => () => new ThroughputMonitor(options);
  expect(make({ windowSteps: 0, tokensOf: 3, peakFlops: -1 })).toThrow(
    /windowSteps: .*\n.*tokensOf: .*\n.*peakFlops: /,
  );
  expect(make({ countsFlops: false, peakFlops: 1e9 })).toThrow('peakFlops: expected none without countsFlops');
  expect(make({ peakDtype: 'bfloat16' })).toThrow("peakDtype: expected none without peakFlops: 'measure'");
});

test('DeviceStatsMonitor logs what the process has of the machine, at log points', async () => {
  const log = new KeptLog();
  const { trainer } = tinyTrainer({
    callbacks: [new DeviceStatsMonitor({ everySeconds: 0 })],
    loggers: [log],
    config: { logEveryNSteps: 2 },
  });
  await trainer.fit({ trainLoaders: [tinyLoader(8)] });
  const records = log.metrics.filter(({ values }) => 'system/resident_mb' in values);
  expect(records.map(({ step }) => step)).toEqual([2, 4]);
  const { values } = records[1]!;
  expect(Math.abs(values['system/resident_mb']! * 2 ** 20 - process.memoryUsage.rss())).toBeLessThan(2 ** 28);
  expect(values['system/heap_used_mb']).toBeLessThanOrEqual(values['system/heap_total_mb']!);
  expect(values['system/tensor_mb']).toBeLessThanOrEqual(values['system/tensor_peak_mb']!);
  expect(values['system/live_tensors']).toBeGreaterThan(4);
  expect(values['system/cpu_percent']).toBeGreaterThanOrEqual(0);
  expect(Object.values(values).every(Number.isFinite)).toBe(true);
});

test('DeviceStatsMonitor looks at log points that lie far enough apart', async () => {
  const log = new KeptLog();
  const callbacks = [new DeviceStatsMonitor({ everySeconds: 3600 })];
  const { trainer } = tinyTrainer({ callbacks, loggers: [log], config: { logEveryNSteps: 1 } });
  await trainer.fit({ trainLoaders: [tinyLoader(8)] });
  await trainer.fit({ trainLoaders: [tinyLoader(8)], maxEpochs: 2 });
  expect(log.series('system/resident_mb').map(([step]) => step)).toEqual([1, 5]);
  expect(() => new DeviceStatsMonitor({ everySeconds: -1 })).toThrow(
    'everySeconds: expected a number from 0 on, got -1',
  );
});
