// All transforms by the names that files have for them, and pipelines of them.

import { scope, type Tensor } from '../../../tensor/index.ts';
import type { OpConfig } from '../config/dataset-config.ts';
import type { FieldProblem } from '../config/fields.ts';
import { makeOp, opProblems } from '../config/ops.ts';
import { dacones, temporalBasis } from './filtered.ts';
import { cast, maxnorm, mul, pixelnorm, splitrelu, symlog, unsqueeze } from './pointwise.ts';
import { diff, fftwhitening, selectUnits, smooth } from './temporal.ts';
import type { Transform, TransformContext, TransformMaker } from './transform.ts';

const TRANSFORMS: Readonly<Record<string, TransformMaker>> = {
  pixelnorm,
  diff,
  mul,
  splitrelu,
  symlog,
  maxnorm,
  unsqueeze,
  cast,
  temporal_basis: temporalBasis,
  dacones,
  select_units: selectUnits,
  smooth,
  fftwhitening,
};

/** What is wrong with a transform of a file. */
export function checkTransform(name: string, params: unknown): readonly FieldProblem[] {
  return opProblems(TRANSFORMS, name, params);
}

/** Several transforms, one after the other. The tensor that goes in stays as it is; what comes out may be a view of it where nothing changes numbers. */
export function makePipeline(ops: readonly OpConfig[], context: TransformContext): Transform {
  const steps = ops
    .flatMap((op) => Object.entries(op))
    .map(([name, params]) => makeOp(TRANSFORMS, name, params, context));
  return (x) => scope(() => steps.reduce((value: Tensor, step) => step(value), x));
}
