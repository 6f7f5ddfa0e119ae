// Datafilters: which frames count, of all units or of single ones.

import { count, type Rule } from '../../../metrics/options.ts';
import { scope, type Tensor } from '../../../tensor/index.ts';
import type { OpConfig } from '../config/dataset-config.ts';
import type { FieldProblem } from '../config/fields.ts';
import { makeOp, type OpMaker, opProblems } from '../config/ops.ts';
import { validFrames } from './valid-frames.ts';

/** The tensors of a recording by name. @throws where there is none. */
export type FindTensor = (name: string) => Tensor;

/** A recording as filters see it. */
export interface FilteredRecording {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly numFrames: number;
  /** The tensor of a name. @throws where there is none. */
  need(name: string, why: string): Tensor;
}

/** Gives true where a frame counts. Shape: [frames, 1] or [frames, units], bool. */
export type Datafilter = (recording: FilteredRecording) => Tensor;

const percent: Rule = ['a number', (value) => Number.isFinite(value)];

const DATAFILTERS: Readonly<Record<string, OpMaker<undefined, Datafilter>>> = {
  /** Frames whose `n_lags` (default 1) frames, their own included, lie in one trial behind its first frame, with valid eye tracking (`dpi_valid` above 0)
   *  where it was recorded. */
  valid_nlags: {
    rules: { nLags: count(0) },
    bare: 'nLags',
    make:
      ({ nLags = 1 }) =>
      (recording) =>
        validFrames(recording, nLags as number),
  },
  /** Frames in which less than `threshold` per cent (default 45) of a unit's spikes are estimated to be missing, by the recording's `missing_pct`. A unit whose
   *  median is not below it counts in all frames: it is a multi-unit, for which the estimate says nothing. */
  missing_pct: {
    rules: { threshold: percent },
    bare: 'threshold',
    // As VisionCore's own files spell it.
    aliases: { theshold: 'threshold' },
    make:
      ({ threshold = 45 }) =>
      (recording) => {
        const missing = recording.need('missing_pct', 'the datafilter missing_pct').to('float32');
        const sorted = missing.sort({ dim: 0 })[0];
        const middle = (recording.numFrames - 1) / 2;
        const median = sorted
          .select(0, Math.floor(middle))
          .add(sorted.select(0, Math.ceil(middle)))
          .div(2);
        return missing.lt(threshold as number).logicalOr(median.ge(threshold as number));
      },
  },
};

/** What is wrong with a datafilter of a file. */
export function checkDatafilter(name: string, params: unknown): readonly FieldProblem[] {
  return opProblems(DATAFILTERS, name, params);
}

/** Frames that all of some filters let through. Shape: [frames, 1], or [frames, units] where one tells units apart; bool. */
export function makeDatafilter(ops: readonly OpConfig[]): Datafilter {
  const filters = ops
    .flatMap((op) => Object.entries(op))
    .map(([name, params]) => makeOp(DATAFILTERS, name, params, undefined));
  return (recording) =>
    scope(
      () =>
        filters
          .map((filter) => filter(recording))
          .reduce((all: Tensor | undefined, mask) => (all ? all.logicalAnd(mask) : mask), undefined) ??
        validFrames(recording, undefined),
    );
}
