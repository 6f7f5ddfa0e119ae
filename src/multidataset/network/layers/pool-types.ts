// The pools that a configuration can name, by type.

import {
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AdaptiveMaxPool2d,
  AdaptiveMaxPool3d,
  AvgPool2d,
  AvgPool3d,
  MaxPool2d,
  MaxPool3d,
  type UnaryModule,
} from '../../../nn/index.ts';
import type { SettingsReader } from '../settings-reader.ts';
import type { AxisSizes, Dim } from './conv-settings.ts';
import { GatedSoftPool, LocalChannelSpatialAttention, type SoftPoolOptions } from './pools.ts';

/** A pool by its type. */
export type PoolOptions =
  | {
      readonly type: 'max' | 'avg';
      readonly kernelSize: AxisSizes;
      /** Default: the kernel's size. */
      readonly stride?: AxisSizes;
      /** Default 0. */
      readonly padding?: AxisSizes;
    }
  /** `kernelSize` is the size of the output. */
  | { readonly type: 'adaptivemax' | 'adaptiveavg'; readonly kernelSize: AxisSizes }
  /** Soft windows and a gate for each channel and frame, with a blur before ('aablur') or without ('se_pool'). Of `dim` 3; time stays. */
  | ({
      readonly type: 'aablur' | 'se_pool';
      /** Where it is given, it has to be the channels that are there. */
      readonly channels?: number;
    } & SoftPoolOptions)
  /** Gates of channels and places; sizes stay. Of `dim` 3. */
  | {
      readonly type: 'locatt';
      /** Where it is given, it has to be the channels that are there. */
      readonly channels?: number;
      /** Odd; has to divide the channels. Default 3. */
      readonly chanWindow?: number;
      /** Odd. Default 3. */
      readonly spatialKernel?: number;
    };

/** A pool whose settings have been read. */
export interface PoolPlan {
  make(): UnaryModule;
  readonly outChannels: number;
  /** By how much each axis becomes shorter; undefined where the output has a size of its own. */
  readonly stride: readonly number[] | undefined;
}

export interface PoolContext {
  readonly channels: number;
  readonly dim: Dim;
}

export const POOLS = ['max', 'avg', 'adaptivemax', 'adaptiveavg', 'aablur', 'se_pool', 'locatt'] as const;

const ADAPTIVE = {
  adaptivemax: { 2: AdaptiveMaxPool2d, 3: AdaptiveMaxPool3d },
  adaptiveavg: { 2: AdaptiveAvgPool2d, 3: AdaptiveAvgPool3d },
};
const WINDOWS = { max: { 2: MaxPool2d, 3: MaxPool3d }, avg: { 2: AvgPool2d, 3: AvgPool3d } };

/** Reads a pool of a type. */
export function planPool(type: (typeof POOLS)[number], params: SettingsReader, context: PoolContext): PoolPlan {
  const { channels, dim } = context;
  if (type === 'aablur' || type === 'se_pool') return planSoftPool(type, params, context);
  if (type === 'locatt') return planAttention(params, context);
  const kernelSize = params.sizes('kernelSize', dim);
  if (type === 'adaptivemax' || type === 'adaptiveavg')
    return { make: () => new ADAPTIVE[type][dim](kernelSize), outChannels: channels, stride: undefined };
  const stride = params.sizes('stride', dim, kernelSize);
  const padding = params.sizes('padding', dim, 0, 0);
  if (padding.some((size, axis) => size > kernelSize[axis]! / 2)) params.note('padding', 'at most half of kernelSize');
  const make = (): UnaryModule => new WINDOWS[type][dim](kernelSize, { stride, padding });
  return { make, outChannels: channels, stride };
}

/** Notes settings that do not go with the place. */
function checkPlace(params: SettingsReader, { channels, dim }: PoolContext): void {
  if (dim !== 3) params.note('type', `a pool for dim ${dim}`);
  const given = params.raw('channels');
  if (given !== undefined && given !== channels)
    params.note('channels', `the ${channels} that there are here, or none`);
}

function planSoftPool(type: 'aablur' | 'se_pool', params: SettingsReader, context: PoolContext): PoolPlan {
  checkPlace(params, context);
  const stride = params.integer('stride', 2);
  const r = params.integer('r', 8);
  const useSoft = params.flag('useSoft', true);
  const temperature = params.number('temperature', 10, { above: 0 });
  if (r > context.channels) params.note('r', `at most the ${context.channels} channels`, String(r));
  const options = { stride, r, useSoft, temperature, hasBlur: type === 'aablur' };
  return {
    make: () => new GatedSoftPool(context.channels, options),
    outChannels: context.channels,
    stride: [1, stride, stride],
  };
}

function planAttention(params: SettingsReader, context: PoolContext): PoolPlan {
  checkPlace(params, context);
  const chanWindow = params.integer('chanWindow', 3);
  const spatialKernel = params.integer('spatialKernel', 3);
  if (chanWindow % 2 === 0) params.note('chanWindow', 'an odd integer');
  if (spatialKernel % 2 === 0) params.note('spatialKernel', 'an odd integer');
  if (context.channels % chanWindow !== 0)
    params.note('chanWindow', `a divisor of ${context.channels} channels`, String(chanWindow));
  return {
    make: () => new LocalChannelSpatialAttention(context.channels, { chanWindow, spatialKernel }),
    outChannels: context.channels,
    stride: [1, 1, 1],
  };
}
