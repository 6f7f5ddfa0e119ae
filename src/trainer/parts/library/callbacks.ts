// The callbacks that an experiment can name.

import { ProgressCallback } from '../../callbacks/progress.ts';
import { type Parts, part } from '../registry.ts';

export const callbacks: NonNullable<Parts['callbacks']> = {
  progress: part({
    options: { metrics: undefined },
    build: ({ metrics }) =>
      new ProgressCallback(metrics === undefined ? {} : { metrics: metrics as readonly string[] }),
  }),
};
