// The monitors that a configuration asks for.

import { ProgressCallback } from '../callbacks/progress.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';
import type { Callback } from '../loop/events.ts';
import { DeviceStatsMonitor } from './device-stats-monitor.ts';
import { DiagnosisCallback } from './diagnosis-callback.ts';
import { GradientMonitor } from './gradient-monitor.ts';
import { ParameterMonitor } from './parameter-monitor.ts';

/** In the order in which they hear events, all of them behind the user's own: what they say follows what the progress bar says of an epoch.
 *  @param given - the user's own callbacks: a monitor among them is the one that looks. */
export function configuredMonitors(config: ResolvedConfig, given: readonly unknown[]): Callback[] {
  const has = (kind: typeof DeviceStatsMonitor | typeof DiagnosisCallback | typeof ProgressCallback): boolean =>
    given.some((each) => each instanceof kind);
  const { logging, hooks } = config;
  const everySteps = logging.logHistogramsEveryNSteps;
  const isShown = hooks.enableLoggingHook || has(ProgressCallback);
  return [
    ...gradientMonitors(config, given),
    ...(logging.logModelParameters && !given.some((each) => each instanceof ParameterMonitor)
      ? [new ParameterMonitor({ everySteps, histograms: true })]
      : []),
    ...(logging.logSystemMetrics && !has(DeviceStatsMonitor) ? [new DeviceStatsMonitor()] : []),
    ...(hooks.enableDiagnosis && !has(DiagnosisCallback) ? [new DiagnosisCallback({ onlyWhereLogged: !isShown })] : []),
  ];
}

/** The hook looks at what its own configuration says; with `logGradients` beside it, at histograms too. */
function gradientMonitors({ logging, hooks }: ResolvedConfig, given: readonly unknown[]): GradientMonitor[] {
  const histograms = logging.logGradients;
  if (given.some((each) => each instanceof GradientMonitor)) return [];
  if (hooks.enableGradientMonitor) return [new GradientMonitor({ ...hooks.gradientMonitorConfig, histograms })];
  return histograms ? [new GradientMonitor({ everySteps: logging.logHistogramsEveryNSteps, histograms })] : [];
}
