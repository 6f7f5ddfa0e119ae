// Convolutions that learn their input's channels from the first input.

import { ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { factoryOf } from '../factory.ts';
import type { Sizes } from '../sizes.ts';
import { UninitializedParameter } from '../uninitialized.ts';
import { Conv1d, Conv2d, Conv3d, type ConvOptions } from './conv.ts';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, type ConvTransposeOptions } from './conv-transpose.ts';
import type { Convolution, ConvolutionOptions } from './convolution.ts';
import { hasUninitializedParams, plainOptions, waitForInput } from './lazy.ts';

function wait(
  layer: Convolution,
  Plain: { readonly prototype: object },
  outChannels: number,
  options: ConvolutionOptions,
): void {
  const { groups = 1, bias = true } = options;
  if (outChannels % groups !== 0)
    throw new RangeError(
      `Cannot make ${layer.constructor.name}: expected groups that divide ${outChannels} channels, got ${groups}`,
    );
  const make = (): UninitializedParameter => new UninitializedParameter(factoryOf(options));
  layer.weight.dispose();
  Object.assign(layer, { outChannels, weight: make(), bias: bias ? make() : undefined });
  waitForInput(layer, Plain, initialize);
}

function initialize(layer: Convolution, input: Tensor): void {
  const { groups, outChannels, kernelSize } = layer;
  const isTransposed =
    layer instanceof ConvTranspose1d || layer instanceof ConvTranspose2d || layer instanceof ConvTranspose3d;
  if (!hasUninitializedParams(layer)) {
    // A state came first.
    Object.assign(layer, { inChannels: isTransposed ? layer.weight.size(0) : layer.weight.size(1) * groups });
    return;
  }
  const dims = kernelSize.length;
  const refuse = (expected: string): never => {
    throw new ShapeError(
      `Cannot apply ${layer.constructor.name}: expected ${expected}, got [${input.shape.join(', ')}]`,
    );
  };
  if (input.ndim !== dims + 1 && input.ndim !== dims + 2) refuse(`${dims + 1} or ${dims + 2} dimensions`);
  const inChannels = input.size(-dims - 1);
  if (inChannels % groups !== 0) refuse(`channels that ${groups} groups divide`);
  const channels = isTransposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
  (layer.weight as UninitializedParameter).materialize([...channels, ...kernelSize]);
  (layer.bias as UninitializedParameter | undefined)?.materialize([outChannels]);
  Object.assign(layer, { inChannels });
  layer.resetParameters();
}

/** A `Conv1d` whose `inChannels` are those of its first input. It becomes a `Conv1d` then, and draws its numbers then. Source: torch.nn.LazyConv1d. */
export class LazyConv1d extends Conv1d {
  constructor(outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(0, 0, kernelSize, plainOptions(options, { bias: false }));
    wait(this, Conv1d, outChannels, options);
  }
}

/** A `Conv2d` whose `inChannels` are those of its first input. It becomes a `Conv2d` then, and draws its numbers then. Source: torch.nn.LazyConv2d. */
export class LazyConv2d extends Conv2d {
  constructor(outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(0, 0, kernelSize, plainOptions(options, { bias: false }));
    wait(this, Conv2d, outChannels, options);
  }
}

/** A `Conv3d` whose `inChannels` are those of its first input. It becomes a `Conv3d` then, and draws its numbers then. Source: torch.nn.LazyConv3d. */
export class LazyConv3d extends Conv3d {
  constructor(outChannels: number, kernelSize: Sizes, options: ConvOptions = {}) {
    super(0, 0, kernelSize, plainOptions(options, { bias: false }));
    wait(this, Conv3d, outChannels, options);
  }
}

/** A `ConvTranspose1d` whose `inChannels` are those of its first input. It becomes a `ConvTranspose1d` then, and draws its numbers then. Source: torch.nn.LazyConvTranspose1d. */
export class LazyConvTranspose1d extends ConvTranspose1d {
  constructor(outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    super(0, 0, kernelSize, plainOptions(options, { bias: false }));
    wait(this, ConvTranspose1d, outChannels, options);
  }
}

/** A `ConvTranspose2d` whose `inChannels` are those of its first input. It becomes a `ConvTranspose2d` then, and draws its numbers then. Source: torch.nn.LazyConvTranspose2d. */
export class LazyConvTranspose2d extends ConvTranspose2d {
  constructor(outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    super(0, 0, kernelSize, plainOptions(options, { bias: false }));
    wait(this, ConvTranspose2d, outChannels, options);
  }
}

/** A `ConvTranspose3d` whose `inChannels` are those of its first input. It becomes a `ConvTranspose3d` then, and draws its numbers then. Source: torch.nn.LazyConvTranspose3d. */
export class LazyConvTranspose3d extends ConvTranspose3d {
  constructor(outChannels: number, kernelSize: Sizes, options: ConvTransposeOptions = {}) {
    super(0, 0, kernelSize, plainOptions(options, { bias: false }));
    wait(this, ConvTranspose3d, outChannels, options);
  }
}
