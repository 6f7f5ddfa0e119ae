// The monitors that a configuration asks for.

import { ProgressCallback } from '../callbacks/progress.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';
import type { Callback } from '../loop/events.ts';
import { DeviceStatsMonitor } from './device-stats-monitor.ts';
import { DiagnosisCallback } from './diagnosis-callback.ts';
import { GradientMonitor } from './gradient-monitor.ts';
import { ParameterMonitor } from './parameter-monitor.ts';

/** In the order in which they hear events, all of them behind the user's own: what they say follows what the progress bar says of an epoch.
 *  @param given - the user's own callbacks, of which none is asked for twice. One that is there by default gives way to theirs. */
export function configuredMonitors(config: ResolvedConfig, given: readonly unknown[]): Callback[] {
  const has = (kind: typeof DeviceStatsMonitor | typeof DiagnosisCallback | typeof ProgressCallback): boolean =>
    given.some((each) => each instanceof kind);
  const { logging, hooks } = config;
  const everySteps = logging.logHistogramsEveryNSteps;
  const isShown = hooks.enableLoggingHook || has(ProgressCallback);
  return [
    ...gradientMonitors(config),
    ...(logging.logModelParameters ? [new ParameterMonitor({ everySteps, histograms: true })] : []),
    ...(logging.logSystemMetrics && !has(DeviceStatsMonitor) ? [new DeviceStatsMonitor()] : []),
    ...(hooks.enableDiagnosis && !has(DiagnosisCallback) ? [new DiagnosisCallback({ onlyWhereLogged: !isShown })] : []),
  ];
}

/** What is asked for twice: a monitor of the user's own has options of its own, and those of the configuration would be nobody's. */
export function twofoldMonitors({ logging, hooks }: ResolvedConfig, given: readonly unknown[]): string[] {
  const twofold = {
    'hooks.enableGradientMonitor': [hooks.enableGradientMonitor, GradientMonitor, ''],
    'logging.logGradients': [logging.logGradients, GradientMonitor, '; give it histograms: true'],
    'logging.logModelParameters': [logging.logModelParameters, ParameterMonitor, '; give it histograms: true'],
  } as const;
  return Object.entries(twofold).flatMap(([field, [isAsked, Class, wayOut]]) => {
    const isTwofold = isAsked && given.some((each) => each instanceof Class);
    return isTwofold ? [`${field}: expected false beside the callback ${Class.name}, got true${wayOut}`] : [];
  });
}

/** The hook looks at what its own configuration says; with `logGradients` beside it, at histograms too. */
function gradientMonitors({ logging, hooks }: ResolvedConfig): GradientMonitor[] {
  const histograms = logging.logGradients;
  if (hooks.enableGradientMonitor) return [new GradientMonitor({ ...hooks.gradientMonitorConfig, histograms })];
  return histograms ? [new GradientMonitor({ everySteps: logging.logHistogramsEveryNSteps, histograms })] : [];
}
