// The monitors of a configuration, in real fits.
import { describe, expect, test } from 'vitest';
import type { GenericTrainerConfig } from '../config/types.generated.ts';
import type { Callback } from '../loop/events.ts';
import { KeptLog } from '../testing/kept-log.ts';
import { tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { DeviceStatsMonitor } from './device-stats-monitor.ts';
import { DiagnosisCallback } from './diagnosis-callback.ts';
import { GradientMonitor } from './gradient-monitor.ts';
import { ParameterMonitor } from './parameter-monitor.ts';

async function logOf(config: GenericTrainerConfig, callbacks: readonly Callback[] = []): Promise<KeptLog> {
  const log = new KeptLog();
  const { trainer } = tinyTrainer({ config: { logEveryNSteps: 2, ...config }, callbacks, loggers: [log] });
  await trainer.fit({ trainLoaders: [tinyLoader(16)] });
  return log;
}

const stepsOf = (log: KeptLog, key: string): number[] => log.series(key).map(([step]) => step);

describe('configuration', () => {
  test('hooks.enableGradientMonitor logs norms as its configuration says', async () => {
    const gradientMonitorConfig = { logFrequency: 3, paramFilter: ['second'] };
    const log = await logOf({ hooks: { enableGradientMonitor: true, gradientMonitorConfig } });
    expect(stepsOf(log, 'gradients/second/grad_norm')).toEqual([1, 3, 6]);
    expect(log.series('gradients/first/grad_norm')).toEqual([]);
    expect(log.histograms).toEqual([]);
  });

  test('logging.logGradients and logModelParameters log norms and histograms, and nothing does unless it is asked for', async () => {
    const logging = { logGradients: true, logModelParameters: true, logHistogramsEveryNSteps: 4 };
    const log = await logOf({ logging });
    for (const key of ['gradients/grad_norm', 'parameters/update_ratio']) expect(stepsOf(log, key)).toEqual([1, 4, 8]);
    const keys = new Set(log.histograms.map(({ key }) => key));
    expect([...keys]).toEqual(
      ['gradients', 'parameters'].flatMap((kind) =>
        ['first.weight', 'first.bias', 'second.weight', 'second.bias'].map((name) => `${kind}/${name}`),
      ),
    );
    const plain = await logOf({});
    expect(plain.metrics.some(({ values }) => Object.keys(values).some((key) => /^(grad|param)/.test(key)))).toBe(
      false,
    );
  });

  test('logging.logSystemMetrics is on unless it is put off', async () => {
    expect(stepsOf(await logOf({}), 'system/resident_mb')[0]).toBe(2);
    expect(stepsOf(await logOf({ logging: { logSystemMetrics: false } }), 'system/resident_mb')).toEqual([]);
  });

  test("the user's own monitors take the place of those", async () => {
    const own = new GradientMonitor({ everySteps: 5 });
    const log = await logOf({}, [own, new DeviceStatsMonitor({ everySeconds: 0 }), new DiagnosisCallback()]);
    expect(stepsOf(log, 'gradients/grad_norm')).toEqual([1, 5]);
    expect(stepsOf(log, 'system/resident_mb')).toEqual([2, 4, 6, 8]);
  });

  test('a monitor that is asked for twice is refused', () => {
    const config = {
      hooks: { enableGradientMonitor: true },
      logging: { logGradients: true, logModelParameters: true },
    };
    const callbacks = [new GradientMonitor(), new ParameterMonitor()];
    expect(() => tinyTrainer({ config, callbacks })).toThrow(
      `Cannot make a GenericTrainer: 3 problems
  - hooks.enableGradientMonitor: expected false beside the callback GradientMonitor, got true
  - logging.logGradients: expected false beside the callback GradientMonitor, got true; give it histograms: true
  - logging.logModelParameters: expected false beside the callback ParameterMonitor, got true; give it histograms: true`,
    );
  });

  test('a filter that lets no parameter through is refused before the first step', async () => {
    for (const [Class, name] of [
      [GradientMonitor, 'GradientMonitor'],
      [ParameterMonitor, 'ParameterMonitor'],
    ] as const)
      await expect(logOf({}, [new Class({ paramFilter: ['frist'] })])).rejects.toThrow(
        `Cannot watch parameters: callbacks.${name}.paramFilter: expected a part of a parameter's name, as in first.weight, first.bias, second.weight, second.bias, got "frist"`,
      );
  });

  test('settings that change nothing are told', async () => {
    const log = await logOf({
      hooks: { gradientMonitorConfig: { logFrequency: 3 } },
      logging: { logHistogramsEveryNSteps: 3 },
    });
    expect(log.warnings).toEqual([
      'hooks.gradientMonitorConfig changes nothing without hooks.enableGradientMonitor',
      'logging.logHistogramsEveryNSteps changes nothing without logging.logGradients or logging.logModelParameters',
    ]);
  });
});
