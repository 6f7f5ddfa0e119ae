// What a `TrainingLoop` looks at while it trains: the checks that its options ask for.

import type { Callback } from '../../trainer/loop/events.ts';
import { AlignmentMonitor } from '../diagnostics/alignment-monitor.ts';
import { ComponentGradients } from '../diagnostics/component-gradients.ts';
import { FeatureCollapseCheck } from '../diagnostics/feature-collapse-check.ts';
import { LossAnomalies } from '../diagnostics/loss-anomalies.ts';
import type { TrainingLoop } from './training-loop.ts';

/** The callbacks of a loop. @param given - what the user gives: a check of the same kind is left to it. */
export function checksOf(loop: TrainingLoop, given: readonly Callback[]): Callback[] {
  const checks: Callback[] = [
    ...(loop.checkFeatureCollapse ? [new FeatureCollapseCheck()] : []),
    ...(loop.enableDiagnostics
      ? [new AlignmentMonitor(), new ComponentGradients({ everySteps: loop.logSteps }), new LossAnomalies()]
      : []),
    ...(loop.gradScheduler ? [loop.gradScheduler] : []),
  ];
  return checks.filter((check) => !given.some((callback) => callback.constructor === check.constructor));
}
