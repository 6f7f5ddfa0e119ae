// Reads the settings of a convolutional block: what it does in which order, and what comes out of it.

import { Dropout, Identity, type UnaryModule } from '../../../nn/index.ts';
import type { SettingsReader } from '../settings-reader.ts';
import { ACTIVATIONS, planActivation } from './activation-types.ts';
import type { Dim } from './conv-settings.ts';
import { planConv } from './conv-types.ts';
import { NORMS, planNorm } from './norm-types.ts';
import { POOLS, type PoolContext, type PoolPlan, planPool } from './pool-types.ts';
import type { ConvModule, ConvPlan } from './standard-conv.ts';

/** What a block can do, in the order in which it does unless told otherwise. */
export const STEPS = ['pad', 'conv', 'norm', 'act', 'dropout', 'pool'] as const;
export type BlockStep = (typeof STEPS)[number];

/** Padding of the input before the convolution, as `pad` takes it. */
export interface BlockPadding {
  /** Before and after each axis, the last axis first. */
  readonly amount: readonly number[];
  readonly mode: string;
}

/** A block whose settings have been read. @internal */
export interface BlockPlan {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly dim: Dim;
  readonly causal: boolean;
  readonly order: readonly BlockStep[];
  /** Undefined where the convolution pads by itself, or nothing is padded. */
  readonly padding: BlockPadding | undefined;
  /** By how much each axis becomes shorter; undefined where the output has a size of its own. */
  readonly stride: readonly number[] | undefined;
  makeConv(): ConvModule;
  /** Those beside the convolution. */
  readonly make: Readonly<Record<Exclude<BlockStep, 'pad' | 'conv'>, () => UnaryModule>>;
}

export interface BlockContext {
  readonly inChannels: number;
  /** Of the convolution. */
  readonly outChannels: number;
  readonly dim: Dim;
  /** Settings of the convolution that hold where the block does not say. */
  readonly convDefaults?: Readonly<Record<string, unknown>>;
}

/** Makes a block inside a block. */
export type MakeBlock = (plan: BlockPlan) => UnaryModule;

const nothing = (): UnaryModule => new Identity();

/** Reads a block. Channels are followed through the order, so that each part is made for what comes to it. */
export function planBlock(block: SettingsReader, context: BlockContext, makeBlock: MakeBlock): BlockPlan {
  const { inChannels, dim } = context;
  const order = readOrder(block);
  const causal = block.flag('causal', true);
  const isPadded = causal && dim === 3;
  const parts = readParts(block, context, order, makeBlock);
  checkUnused(block, order);
  const { conv, poolStride } = parts;
  return {
    inChannels,
    outChannels: parts.channels,
    dim,
    causal,
    order,
    padding: conv && isPadded ? paddingOf(conv) : undefined,
    stride: poolStride?.map((step, axis) => step * (conv?.geometry.stride[axis] ?? 1)),
    makeConv: () => conv!.make(isPadded), // one that could not be read is a problem, and nothing is made
    make: parts.make,
  };
}

/** What `planBlock` finds along the order. */
interface Parts {
  /** Behind the last step that was read. */
  channels: number;
  conv: ConvPlan | undefined;
  poolStride: readonly number[] | undefined;
  readonly make: Record<Exclude<BlockStep, 'pad' | 'conv'>, () => UnaryModule>;
}

function readParts(
  block: SettingsReader,
  { inChannels, outChannels, dim, convDefaults }: BlockContext,
  order: readonly BlockStep[],
  makeBlock: MakeBlock,
): Parts {
  const normType = block.type('normType', NORMS, 'batch');
  const actType = block.type('actType', ACTIVATIONS, 'relu');
  const dropout = block.number('dropout', 0, { least: 0, most: 1 });
  const useWeightNorm = block.flag('useWeightNorm', false);
  const bias = normType === 'none' || !order.includes('norm');
  const make = {
    norm: nothing,
    act: nothing,
    dropout: dropout > 0 ? () => new Dropout(dropout) : nothing,
    pool: nothing,
  };
  const parts: Parts = { channels: inChannels, conv: undefined, poolStride: new Array<number>(dim).fill(1), make };
  const readStep: Readonly<Partial<Record<BlockStep, (channels: number) => void>>> = {
    conv: (channels) => {
      const conv = block.inner('convParams', convDefaults);
      parts.conv = planConv(conv, { inChannels: channels, outChannels, dim, bias, useWeightNorm });
      parts.channels = outChannels;
    },
    norm: (channels) => {
      make.norm = planNorm(normType, block.inner('normParams'), { numFeatures: channels, dim });
    },
    act: (channels) => {
      const act = planActivation(actType, block.inner('actParams'), dim + 2);
      make.act = () => act.make();
      if (act.isDoubling) parts.channels = 2 * channels;
    },
    pool: (channels) => {
      const pool = planBlockPool(block, { channels, dim }, makeBlock);
      if (pool === undefined) return;
      make.pool = () => pool.make();
      parts.channels = pool.outChannels;
      parts.poolStride = pool.stride;
    },
  };
  for (const step of order) readStep[step]?.(parts.channels);
  return parts;
}

function readOrder(block: SettingsReader): readonly BlockStep[] {
  const given = block.raw('order');
  if (given === undefined) return STEPS;
  const isStep = (step: unknown): step is BlockStep => STEPS.includes(step as BlockStep);
  const isOrder = Array.isArray(given) && given.every(isStep) && new Set(given).size === given.length;
  if (isOrder && given.includes('conv')) return given.includes('pad') ? given : ['pad', ...given];
  block.note('order', `a list of ${STEPS.join(', ')}, each once at most, with conv`);
  return STEPS;
}

const OF_STEP: Readonly<Partial<Record<BlockStep, readonly string[]>>> = {
  norm: ['normType', 'normParams'],
  act: ['actType', 'actParams'],
  dropout: ['dropout'],
  pool: ['poolParams'],
};

/** Notes settings of parts that the order leaves out. */
function checkUnused(block: SettingsReader, order: readonly BlockStep[]): void {
  const says = (value: unknown): boolean =>
    value !== undefined && value !== 0 && (typeof value !== 'string' || value.toLowerCase() !== 'none');
  for (const step of STEPS.filter((each) => !order.includes(each)))
    for (const name of OF_STEP[step] ?? [])
      if (says(block.raw(name))) block.note(name, `"${step}" in the order beside it`);
}

/** The pool of a block, undefined for none. */
function planBlockPool(block: SettingsReader, place: PoolContext, makeBlock: MakeBlock): PoolPlan | undefined {
  const params = block.raw('poolParams');
  if (params === undefined || params === 'none') return undefined;
  const pool = block.inner('poolParams');
  const type = pool.type('type', [...POOLS, 'learned'], 'none');
  if (type === 'learned') return planLearnedPool(pool, place, makeBlock);
  if (type !== 'none') return planPool(type, pool, place);
  pool.allowOthers(); // whether there is no pool or one of an unknown type
  return undefined;
}

/** A convolutional block in the place of a pool, which makes maps smaller by its stride. */
function planLearnedPool(pool: SettingsReader, { channels, dim }: PoolContext, makeBlock: MakeBlock): PoolPlan {
  const inChannels = pool.integer('inChannels', channels);
  if (inChannels !== channels) pool.note('inChannels', `the ${channels} that there are here, or none`);
  const defaults: Readonly<Record<string, unknown>> = { kernelSize: 3, stride: 2, padding: 1 };
  const own = Object.keys(defaults).map((name) => [name, pool.raw(name) ?? defaults[name]] as const);
  const outChannels = pool.integer('outChannels', channels);
  const context = { inChannels: channels, outChannels, dim, convDefaults: Object.fromEntries(own) };
  const plan = planBlock(pool, context, makeBlock);
  return { make: () => makeBlock(plan), outChannels: plan.outChannels, stride: plan.stride };
}

/** Time is padded with what was before, as much as the kernel reaches back; space as the settings say. */
function paddingOf({ geometry }: ConvPlan): BlockPadding | undefined {
  const { kernelSize, dilation, padding, paddingMode } = geometry;
  const margins = padding.map((size, axis) => (axis === 0 ? [dilation[0]! * (kernelSize[0]! - 1), 0] : [size, size]));
  const amount = margins.reverse().flat();
  const mode = paddingMode === 'zeros' ? 'constant' : paddingMode;
  return amount.some((size) => size > 0) ? { amount, mode } : undefined;
}
