// A convolution with what goes with it: padding, norm, activation, dropout, pool.

import { ShapeError } from '../../../errors.ts';
import { Module, ModuleDict, type UnaryModule } from '../../../nn/index.ts';
import { pad } from '../../../tensor/nn-ops.generated.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { SettingsReader } from '../settings-reader.ts';
import type { ActivationOptions, ActivationType } from './activation-types.ts';
import { type BlockContext, type BlockPadding, type BlockPlan, type BlockStep, planBlock } from './block-plan.ts';
import type { AxisSizes, Dim } from './conv-settings.ts';
import type { ConvOptions } from './conv-types.ts';
import type { NormOptions, NormType } from './norm-types.ts';
import type { PoolOptions } from './pool-types.ts';
import type { ConvModule } from './standard-conv.ts';

/** What a block does beside its channels. */
export interface BlockOptions {
  readonly convParams: ConvOptions;
  /** Default 'batch'; null for none. */
  readonly normType?: NormType | null;
  readonly normParams?: NormOptions;
  /** One of the names of VisionCore (relu, leakyrelu, gelu, sigmoid, tanh, silu, swish, mish, softplus, bsoftplus, identity, square, splitrelu), or of a
   *  class of PyTorch. Default 'relu'; null for none. */
  readonly actType?: ActivationType | null;
  readonly actParams?: ActivationOptions;
  /** Default: none. */
  readonly poolParams?: PoolOptions | LearnedPoolOptions | 'none' | null;
  /** Default 0. */
  readonly dropout?: number;
  /** What holds for the convolution where `convParams` do not say. Default false. */
  readonly useWeightNorm?: boolean;
  /** With `dim` 3: no output frame looks at later frames, and the first frame stands for those before it. Default true. */
  readonly causal?: boolean;
  /** What is done in which order. Without `pad` in it, padding comes first. Default pad, conv, norm, act, dropout, pool. */
  readonly order?: readonly BlockStep[];
}

/** A pool that is a block itself, with another default for its convolution: kernel 3, stride 2, padding 1. */
export interface LearnedPoolOptions extends Omit<BlockOptions, 'convParams' | 'poolParams'> {
  readonly type: 'learned';
  readonly convParams?: Partial<ConvOptions>;
  /** Where it is given, it has to be the channels that are there. */
  readonly inChannels?: number;
  /** Default: as many as come in. */
  readonly outChannels?: number;
  /** Where `convParams` has none. Default 3. */
  readonly kernelSize?: AxisSizes;
  /** Where `convParams` has none. Default 2. */
  readonly stride?: AxisSizes;
  /** Where `convParams` has none. Default 1. */
  readonly padding?: AxisSizes;
}

export interface ConvBlockOptions extends BlockOptions {
  readonly inChannels: number;
  /** Of the convolution: a `splitrelu` behind it makes them twice as many. */
  readonly outChannels: number;
  /** Axes of the convolution: 3 for time and space, 2 for space. Default 3. */
  readonly dim?: Dim;
}

/** Reads the settings of a block. @internal */
export function readBlock(block: SettingsReader, context: BlockContext): BlockPlan {
  return planBlock(block, context, (plan) => new ConvBlock(plan));
}

/** Reads `dim`. @internal */
export function readDim(options: SettingsReader): Dim {
  return options.integer('dim', 3, { least: 2, most: 3 }) as Dim;
}

function planOf(options: ConvBlockOptions): BlockPlan {
  const block = new SettingsReader(options);
  const [inChannels, outChannels] = [block.integer('inChannels'), block.integer('outChannels')];
  const plan = readBlock(block, { inChannels, outChannels, dim: readDim(block) });
  block.finish('make a ConvBlock');
  return plan;
}

/** Time alone is copied rather than padded: with backward that takes a half to a seventh of the time of `pad`, whose backward on a GPU is not the same twice. */
function padded(input: Tensor, { amount, mode }: BlockPadding): Tensor {
  const before = amount[4];
  const isTimeAlone = before !== undefined && amount.every((size, i) => size === 0 || i === 4);
  if (!isTimeAlone || mode !== 'replicate') return pad(input, amount, { mode });
  const [batch = 0, channels = 0, , height = 0, width = 0] = input.shape;
  return cat([input.narrow(2, 0, 1).expand([batch, channels, before, height, width]), input], { dim: 2 });
}

/** A convolution over time and space, or over space, with a norm, an activation, dropout and a pool around it. Along time it looks back alone unless told
 *  otherwise, and keeps the number of frames.
 *  Shape: [B, inChannels, T, H, W] -> [B, outChannels, T', H', W'], or without T where `dim` is 2; H and W need not be alike.
 *  @throws {ConfigError} with everything that is wrong.
 *  Source: VisionCore's ConvBlock.
 *  @example
 *  import { ConvBlock } from 'sconce/multidataset';
 *  const block = new ConvBlock({ inChannels: 1, outChannels: 8, convParams: { kernelSize: [3, 5, 5] }, normType: 'grn', actType: 'splitrelu' });
 *  block.outChannels; // 16
 *  block.forward(ones([2, 1, 6, 12, 9])).shape; // [2, 16, 6, 8, 5] */
export class ConvBlock extends Module {
  readonly components: ModuleDict<UnaryModule>;
  readonly inChannels: number;
  /** Of what `forward` gives. */
  readonly outChannels: number;
  readonly dim: Dim;
  readonly causal: boolean;
  readonly order: readonly BlockStep[];
  /** By how much each axis becomes shorter; undefined behind a pool whose output has a size of its own. */
  readonly stride: readonly number[] | undefined;
  private readonly padding: BlockPadding | undefined;

  constructor(options: ConvBlockOptions);
  /** @internal */
  constructor(plan: BlockPlan);
  constructor(given: ConvBlockOptions | BlockPlan) {
    super();
    const plan = 'makeConv' in given ? given : planOf(given);
    const { norm, act, dropout, pool } = plan.make;
    this.components = new ModuleDict<UnaryModule>({
      conv: plan.makeConv(),
      norm: norm(),
      act: act(),
      dropout: dropout(),
      pool: pool(),
    });
    this.inChannels = plan.inChannels;
    this.outChannels = plan.outChannels;
    this.dim = plan.dim;
    this.causal = plan.causal;
    this.order = plan.order;
    this.stride = plan.stride;
    this.padding = plan.padding;
  }

  /** The kernel of the convolution with all that is done to it, [outChannels of the convolution, inChannels, …]. */
  get weight(): Tensor {
    return (this.components.get('conv') as ConvModule).weight; // the constructor put it there
  }

  /** @throws {ShapeError} for another number of axes or channels. */
  forward(input: Tensor): Tensor {
    if (input.ndim !== this.dim + 2 || input.size(1) !== this.inChannels) {
      const wanted = ['B', this.inChannels, ...(this.dim === 3 ? ['T'] : []), 'H', 'W'].join(', ');
      throw new ShapeError(`Cannot apply ConvBlock: expected [${wanted}], got [${input.shape.join(', ')}]`);
    }
    return this.order.reduce((x, step) => (step === 'pad' ? this.pad(x) : this.components.get(step).forward(x)), input);
  }

  private pad(input: Tensor): Tensor {
    return this.padding ? padded(input, this.padding) : input;
  }
}
