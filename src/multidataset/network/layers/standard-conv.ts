// A convolution over two or three axes whose kernel may have a window and lengths of its own.

import { Conv2d, Conv3d, Module, type Parameter } from '../../../nn/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { SettingsReader } from '../settings-reader.ts';
import { maskOf } from './anti-alias-window.ts';
import { type Dim, type Geometry, type KernelRule, readGeometry, readGroups, readKernelRule } from './conv-settings.ts';
import { normWeight, windowWeight } from './weight-parametrizations.ts';

/** Axes of fewer elements have no window. */
const SHORTEST_WINDOWED = 5;

/** What the part that holds a convolution knows of it. */
export interface ConvContext {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly dim: Dim;
  /** Where the settings do not say. */
  readonly bias: boolean;
  /** Where the settings do not say. */
  readonly useWeightNorm: boolean;
}

/** A convolution that can say what its kernel is, with all that is done to it. */
export abstract class ConvModule extends Module {
  /** [outChannels, inChannels over groups, …] */
  abstract readonly weight: Tensor;
  abstract override forward(input: Tensor): Tensor;
}

/** A convolution whose settings have been read. */
export interface ConvPlan {
  readonly geometry: Geometry;
  /** @param isPadded - the caller pads the input itself. */
  make(isPadded: boolean): ConvModule;
}

/** A convolution of the geometry's axes. */
export function makeConv(
  channels: readonly [number, number],
  geometry: Geometry,
  { groups, isPadded, bias = geometry.bias }: { groups: number; isPadded: boolean; bias?: boolean },
): Conv2d | Conv3d {
  const { kernelSize, stride, dilation, padding, paddingMode } = geometry;
  // Without a padding the mode says nothing, and 'zeros' saves the copy of the input that the others make.
  const pads = !isPadded && padding.some((size) => size > 0);
  const options = { stride, dilation, groups, bias, ...(pads && { padding, paddingMode }) };
  return new (kernelSize.length === 2 ? Conv2d : Conv3d)(...channels, kernelSize, options);
}

/** Puts on a convolution's weight what the rule says. */
export function applyRule(conv: Conv2d | Conv3d, { weightNorm, window }: KernelRule): void {
  if (weightNorm) normWeight(conv, weightNorm);
  if (window) windowWeight(conv, maskOf(window, conv.kernelSize, { least: SHORTEST_WINDOWED }));
}

/** Rule: y = conv(x, w * mask), w = g v / ‖v‖ where lengths are trained; without them w is the weight itself, and without a window the mask is 1.
 *  Shape: [B, C, T, H, W] -> [B, outChannels, T', H', W'], or without T. Source: VisionCore's StandardConv. */
export class StandardConv extends ConvModule {
  readonly conv: Conv2d | Conv3d;

  constructor(conv: Conv2d | Conv3d, rule: KernelRule) {
    super();
    this.conv = conv;
    applyRule(conv, rule);
  }

  get weight(): Parameter {
    return this.conv.weight;
  }

  forward(input: Tensor): Tensor {
    return this.conv.forward(input);
  }
}

export function planStandardConv(conv: SettingsReader, context: ConvContext): ConvPlan {
  const { inChannels, outChannels, dim } = context;
  const geometry = readGeometry(conv, { dim, paddingMode: 'replicate', bias: context.bias, hasDilation: true });
  const groups = readGroups(conv, inChannels, outChannels);
  const rule = readKernelRule(conv, dim, context.useWeightNorm);
  return {
    geometry,
    make: (isPadded) => new StandardConv(makeConv([inChannels, outChannels], geometry, { groups, isPadded }), rule),
  };
}
