// The settings of the convolutions of a core: what there is, and what of it a type takes.

import type { SettingsReader } from '../settings-reader.ts';
import { readWindow, WINDOWS, type WindowName, type WindowOf, type WindowOptions } from './anti-alias-window.ts';

/** Two spatial axes, or time before them. */
export type Dim = 2 | 3;

export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular';
const PADDING_MODES = ['zeros', 'reflect', 'replicate', 'circular'] as const;

/** One number for every axis, or one an axis: [T, H, W], or [H, W] where `dim` is 2. */
export type AxisSizes = number | readonly number[];

/** What every convolution takes. */
export interface ConvGeometry {
  readonly kernelSize: AxisSizes;
  /** Default 1. */
  readonly stride?: AxisSizes;
  /** At both ends of each axis; an axis on which the kernel is 1 has none. Default 0. */
  readonly padding?: AxisSizes;
  /** What the padding holds. Default 'replicate', 'zeros' for the windowed types. */
  readonly paddingMode?: PaddingMode;
  /** Default true; in a `ConvBlock` only without a norm. */
  readonly bias?: boolean;
}

/** What `standard` and `depthwise` convolutions take as well. */
export interface KernelOptions extends ConvGeometry {
  /** Distance between the kernel's elements. Default 1. */
  readonly dilation?: AxisSizes;
  /** Put a window over the kernel on every axis of five elements or more. Default false. */
  readonly aaSignal?: boolean;
  /** Default 'hann'. */
  readonly aaWindow?: WindowName;
  readonly aaWindowKwargs?: WindowOptions;
  /** Train kernels as lengths times directions. Default false. */
  readonly useWeightNorm?: boolean;
  /** Keep all lengths at 1. Default false. */
  readonly keepUnitNorm?: boolean;
  /** Each slice along it has a length. Default 0, the output channels. */
  readonly weightNormDim?: number;
}

/** The geometry as it is used, a number for each axis. */
export interface Geometry {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly paddingMode: PaddingMode;
  readonly bias: boolean;
}

/** What is done to the kernel of a `standard` or `depthwise` convolution. */
export interface KernelRule {
  readonly window: WindowOf | undefined;
  readonly weightNorm: { readonly dim: number; readonly keepUnitNorm: boolean } | undefined;
}

export interface GeometryContext {
  readonly dim: Dim;
  readonly paddingMode: PaddingMode;
  readonly bias: boolean;
  readonly hasDilation: boolean;
}

export function readGeometry(conv: SettingsReader, context: GeometryContext): Geometry {
  const { dim, hasDilation } = context;
  const kernelSize = conv.sizes('kernelSize', dim);
  const padding = conv.sizes('padding', dim, 0, 0);
  return {
    kernelSize,
    stride: conv.sizes('stride', dim, 1),
    padding: padding.map((size, axis) => (kernelSize[axis] === 1 ? 0 : size)),
    dilation: hasDilation ? conv.sizes('dilation', dim, 1) : new Array<number>(dim).fill(1),
    paddingMode: conv.choice('paddingMode', PADDING_MODES, context.paddingMode),
    bias: conv.flag('bias', context.bias),
  };
}

/** @param useWeightNorm - what holds where the settings do not say. */
export function readKernelRule(conv: SettingsReader, dim: Dim, useWeightNorm: boolean): KernelRule {
  const hasWindow = conv.flag('aaSignal', false);
  const name = conv.choice('aaWindow', WINDOWS, 'hann');
  const window = readWindow(name, conv.inner('aaWindowKwargs'));
  const hasWeightNorm = conv.flag('useWeightNorm', useWeightNorm);
  const keepUnitNorm = conv.flag('keepUnitNorm', false);
  const axis = conv.integer('weightNormDim', 0, { least: 0, most: dim + 1 });
  if (keepUnitNorm && !hasWeightNorm) conv.note('keepUnitNorm', 'useWeightNorm: true beside it', 'true alone');
  return {
    window: hasWindow ? window : undefined,
    weightNorm: hasWeightNorm ? { dim: axis, keepUnitNorm } : undefined,
  };
}

/** Both channel counts have to be divided by it. */
export function readGroups(conv: SettingsReader, inChannels: number, outChannels: number): number {
  const groups = conv.integer('groups', 1);
  if (inChannels % groups !== 0 || outChannels % groups !== 0)
    conv.note('groups', `a divisor of ${inChannels} and ${outChannels} channels`);
  return groups;
}
