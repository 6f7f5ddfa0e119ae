// Batch and instance normalisations that learn their channels from the first input.

import { ShapeError } from '../../errors.ts';
import { tensor } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { factoryOf } from '../factory.ts';
import { ones_, zeros_ } from '../init.ts';
import { UninitializedBuffer, UninitializedParameter } from '../uninitialized.ts';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions } from './batch-norm.ts';
import type { FeatureNorm, FeatureNormOptions } from './feature-norm.ts';
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, type InstanceNormOptions } from './instance-norm.ts';
import { hasUninitializedParams, plainOptions, waitForInput } from './lazy.ts';

const BARE = { affine: false, trackRunningStats: false, bias: false } as const;

/** @param channelOf - reads the channels off the first input. */
function wait(
  layer: FeatureNorm,
  Plain: { readonly prototype: object },
  options: FeatureNormOptions,
  channelOf: (input: Tensor) => number,
): void {
  const { affine = true, bias = true, trackRunningStats = true } = options;
  const factory = factoryOf(options);
  if (affine) Object.assign(layer, { weight: new UninitializedParameter(factory) });
  if (affine && bias) Object.assign(layer, { bias: new UninitializedParameter(factory) });
  if (trackRunningStats) {
    layer.registerBuffer('running_mean', new UninitializedBuffer(factory));
    layer.registerBuffer('running_var', new UninitializedBuffer(factory));
    layer.registerBuffer(
      'num_batches_tracked',
      tensor(0n, options.device === undefined ? {} : { device: options.device }),
    );
  }
  waitForInput(layer, Plain, (called: FeatureNorm, input) => initialize(called, input, channelOf));
}

function initialize(layer: FeatureNorm, input: Tensor, channelOf: (input: Tensor) => number): void {
  const { weight, bias, running_mean: mean, running_var: variance } = layer;
  if (!hasUninitializedParams(layer)) {
    // A state came first; without parameters and statistics, the input says it.
    Object.assign(layer, { numFeatures: (weight ?? mean)?.size(0) ?? channelOf(input) });
    return;
  }
  if (input.ndim < 2)
    throw new ShapeError(
      `Cannot apply ${layer.constructor.name}: expected at least 2 dimensions, got [${input.shape.join(', ')}]`,
    );
  const numFeatures = channelOf(input);
  for (const waiting of [weight, bias, mean, variance])
    (waiting as UninitializedParameter | UninitializedBuffer | undefined)?.materialize([numFeatures]);
  Object.assign(layer, { numFeatures });
  for (const one of [weight, variance]) if (one) ones_(one);
  for (const zero of [bias, mean]) if (zero) zeros_(zero);
}

/** A `BatchNorm1d` whose `numFeatures` are the channels of its first input. It becomes a `BatchNorm1d` then. Source: torch.nn.LazyBatchNorm1d. */
export class LazyBatchNorm1d extends BatchNorm1d {
  constructor(options: BatchNormOptions = {}) {
    super(0, plainOptions(options, BARE));
    wait(this, BatchNorm1d, options, (input) => input.size(1));
  }
}

/** A `BatchNorm2d` whose `numFeatures` are the channels of its first input. It becomes a `BatchNorm2d` then. Source: torch.nn.LazyBatchNorm2d. */
export class LazyBatchNorm2d extends BatchNorm2d {
  constructor(options: BatchNormOptions = {}) {
    super(0, plainOptions(options, BARE));
    wait(this, BatchNorm2d, options, (input) => input.size(1));
  }
}

/** A `BatchNorm3d` whose `numFeatures` are the channels of its first input. It becomes a `BatchNorm3d` then. Source: torch.nn.LazyBatchNorm3d. */
export class LazyBatchNorm3d extends BatchNorm3d {
  constructor(options: BatchNormOptions = {}) {
    super(0, plainOptions(options, BARE));
    wait(this, BatchNorm3d, options, (input) => input.size(1));
  }
}

/** An `InstanceNorm1d` whose `numFeatures` are the channels of its first input, with or without a batch. It becomes an `InstanceNorm1d` then.
 *  Learns factors and keeps statistics unless told otherwise, unlike the plain layer. Source: torch.nn.LazyInstanceNorm1d. */
export class LazyInstanceNorm1d extends InstanceNorm1d {
  constructor(options: InstanceNormOptions = {}) {
    super(0, plainOptions(options, BARE));
    wait(this, InstanceNorm1d, options, (input) => input.size(-2));
  }
}

/** An `InstanceNorm2d` whose `numFeatures` are the channels of its first input, with or without a batch. It becomes an `InstanceNorm2d` then.
 *  Learns factors and keeps statistics unless told otherwise, unlike the plain layer. Source: torch.nn.LazyInstanceNorm2d. */
export class LazyInstanceNorm2d extends InstanceNorm2d {
  constructor(options: InstanceNormOptions = {}) {
    super(0, plainOptions(options, BARE));
    wait(this, InstanceNorm2d, options, (input) => input.size(-3));
  }
}

/** An `InstanceNorm3d` whose `numFeatures` are the channels of its first input, with or without a batch. It becomes an `InstanceNorm3d` then.
 *  Learns factors and keeps statistics unless told otherwise, unlike the plain layer. Source: torch.nn.LazyInstanceNorm3d. */
export class LazyInstanceNorm3d extends InstanceNorm3d {
  constructor(options: InstanceNormOptions = {}) {
    super(0, plainOptions(options, BARE));
    wait(this, InstanceNorm3d, options, (input) => input.size(-4));
  }
}
