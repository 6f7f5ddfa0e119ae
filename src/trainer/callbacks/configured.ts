// The callbacks that a configuration asks for.

import type { ResolvedConfig } from '../config/types.generated.ts';
import type { Callback } from '../loop/events.ts';
import { EarlyStopping } from './early-stopping.ts';
import { EMA } from './ema.ts';
import { Freezing } from './freezing.ts';
import { ProgressCallback } from './progress.ts';
import { SWA } from './swa.ts';
import type { WeightAveraging } from './weight-averaging.ts';

/** In the order in which they hear events, all of them before the user's own.
 *  @param given - the user's own: a progress bar among them is the one that is shown. */
export function configuredCallbacks(config: ResolvedConfig, given: readonly unknown[]): Callback[] {
  const showsProgress = config.hooks.enableLoggingHook && !given.some((each) => each instanceof ProgressCallback);
  const { freeze, averaging } = config;
  return [
    ...(freeze ? [new Freezing({ parameters: freeze })] : []),
    ...(averaging ? [averagingOf(averaging)] : []),
    ...stoppersOf(config),
    ...(showsProgress ? [new ProgressCallback()] : []),
  ];
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
