// The collates that an experiment can name.

import { type PadOptions, padCollate } from '../../../data/collate/pad-collate.ts';
import type { Collate } from '../../../data/index.ts';
import type { Part, Parts } from '../registry.ts';

const pad: Part<object, Collate<unknown, unknown>> = {
  build: (members: Readonly<Record<string, PadOptions>>) =>
    padCollate(members) as Collate<never, unknown> as Collate<unknown, unknown>, // it checks its samples
  try: (members) => void padCollate(members as Readonly<Record<string, PadOptions>>), // it checks them
};

export const collates: NonNullable<Parts['collates']> = {
  pad,
};
