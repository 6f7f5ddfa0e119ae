// The callbacks that an experiment can name.

import { EarlyStopping } from '../../callbacks/early-stopping.ts';
import { EMA } from '../../callbacks/ema.ts';
import { Freezing } from '../../callbacks/freezing.ts';
import { ProgressCallback } from '../../callbacks/progress.ts';
import { SWA } from '../../callbacks/swa.ts';
import type { Callback } from '../../loop/events.ts';
import { type Part, type Parts, part } from '../registry.ts';

type CallbackClass = new (options: never) => Callback;

/** A class that checks its options when it is made, and does nothing else then. */
function partOf(Class: CallbackClass): Part<object, Callback> {
  return {
    build: (options: object) => new Class(options as never),
    try: (options) => void new Class(options as never),
  };
}

export const callbacks: NonNullable<Parts['callbacks']> = {
  progress: part({
    options: { metrics: undefined },
    build: ({ metrics }) =>
      new ProgressCallback(metrics === undefined ? {} : { metrics: metrics as readonly string[] }),
  }),
  'early-stopping': partOf(EarlyStopping),
  ema: partOf(EMA),
  swa: partOf(SWA),
  freezing: partOf(Freezing),
};
