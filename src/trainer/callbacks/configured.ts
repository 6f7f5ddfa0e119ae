// The callbacks that a configuration asks for.

import type { ResolvedConfig } from '../config/types.generated.ts';
import type { Callback } from '../loop/events.ts';
import { Checkpointing } from './checkpointing.ts';
import { EarlyStopping } from './early-stopping.ts';
import { EMA } from './ema.ts';
import { Freezing } from './freezing.ts';
import { LearningRateMonitor } from './learning-rate-monitor.ts';
import { ProgressCallback } from './progress.ts';
import { SWA } from './swa.ts';
import type { WeightAveraging } from './weight-averaging.ts';

/** In the order in which they hear events, all of them before the user's own.
 *  @param given - the user's own: a progress bar among them is the one that is shown. */
export function configuredCallbacks(config: ResolvedConfig, given: readonly unknown[]): Callback[] {
  const showsProgress = config.hooks.enableLoggingHook && !given.some((each) => each instanceof ProgressCallback);
  const { freeze, averaging, hooks } = config;
  return [
    ...(freeze ? [new Freezing({ parameters: freeze })] : []),
    ...(averaging ? [averagingOf(averaging)] : []),
    ...stoppersOf(config),
    ...(hooks.enableModelCheckpointHook ? [new Checkpointing(hooks.modelCheckpointConfig)] : []),
    ...(hooks.enableLearningRateMonitor ? [new LearningRateMonitor(hooks.learningRateMonitorConfig)] : []),
    ...(showsProgress ? [new ProgressCallback()] : []),
  ];
}

/** Callbacks of which a run has one, from the configuration or the user, but not from both.
 *  @param given - the user's own. */
export function twofoldCallbacks({ hooks }: ResolvedConfig, given: readonly unknown[]): string[] {
  const twofold = {
    enableModelCheckpointHook: Checkpointing,
    enableLearningRateMonitor: LearningRateMonitor,
  } as const;
  return Object.entries(twofold).flatMap(([field, Class]) => {
    const isTwofold = hooks[field as keyof typeof twofold] && given.some((each) => each instanceof Class);
    return isTwofold ? [`hooks.${field}: expected false beside the callback ${Class.name}, got true`] : [];
  });
}

/** model-training-framework has two ways to stop early, and a choice between them. */
function stoppersOf(config: ResolvedConfig): EarlyStopping[] {
  const { earlyStoppingPatience: patience, earlyStoppingMetric: monitor, validation, hooks } = config;
  const source = validation.earlyStoppingSource;
  const stoppers: EarlyStopping[] = [];
  if (patience !== undefined && source !== 'hook')
    stoppers.push(
      new EarlyStopping({
        name: 'earlyStoppingPatience',
        ...{ monitor, patience, mode: config.earlyStoppingMode, minDelta: config.earlyStoppingMinDelta },
      }),
    );
  if (hooks.enableEarlyStoppingHook && source !== 'legacy')
    stoppers.push(new EarlyStopping({ name: 'earlyStoppingHook', ...hooks.earlyStoppingConfig }));
  return stoppers;
}

function averagingOf({ kind, decay, ...options }: NonNullable<ResolvedConfig['averaging']>): WeightAveraging {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (kind === 'swa') return new SWA(given);
  return new EMA({ ...given, ...(decay === undefined ? {} : { decay }) });
}
