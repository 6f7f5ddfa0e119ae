// Transforms of single values: pixelnorm, mul, symlog, maxnorm, splitrelu, cast, unsqueeze.

import { choice, integer, type Rule } from '../../../metrics/options.ts';
import type { DType } from '../../../tensor/index.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { TransformMaker } from './transform.ts';

export const number: Rule = ['a number', (value) => Number.isFinite(value)];

/** (x - 127) / 255 in float32: bytes become -0.498 … 0.502. */
export const pixelnorm: TransformMaker = {
  rules: {},
  make: () => (x) => x.to('float32').sub(127).div(255),
};

/** x * factor, default 1. */
export const mul: TransformMaker = {
  rules: { factor: number },
  bare: 'factor',
  make:
    ({ factor = 1 }) =>
    (x) =>
      x.mul(factor as number),
};

/** sign(x) * log(1 + |x|). */
export const symlog: TransformMaker = {
  rules: {},
  make: () => (x) => x.sign().mul(x.abs().log1p()),
};

/** x / max |x|, over all frames. */
export const maxnorm: TransformMaker = {
  rules: {},
  make: () => (x) => {
    const largest = x.abs().max();
    const value = largest.item() as number; // of real numbers
    if (value > 0 && value < Number.POSITIVE_INFINITY) return x.div(largest);
    throw new RangeError(`Cannot apply maxnorm: expected a finite largest value above 0, got ${value}`);
  },
};

/** The positive part beside the negative one, along `split_dim` (default 1): [relu(x), relu(-x)]. Its gain stays 1: nothing trains it. */
export const splitrelu: TransformMaker = {
  rules: {
    splitDim: integer,
    trainableGain: ['false in a transform, which nothing trains', (value) => value === false],
  },
  make:
    ({ splitDim = 1 }) =>
    (x) =>
      cat([x.relu(), x.neg().relu()], { dim: splitDim as number }),
};

const dtypes = ['float16', 'float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'bool', 'uint8'];

/** Another dtype, default float32. */
export const cast: TransformMaker = {
  rules: { dtype: choice(...dtypes) },
  bare: 'dtype',
  make:
    ({ dtype = 'float32' }) =>
    (x) =>
      x.to(dtype as DType),
};

/** A dimension of size 1 at `axis`, default 0. */
export const unsqueeze: TransformMaker = {
  rules: { axis: integer },
  bare: 'axis',
  make:
    ({ axis = 0 }) =>
    (x) =>
      x.unsqueeze(axis as number),
};
