// A convolution in two parts: each channel by itself, then a mixture of the channels at each place.

import type { Conv2d, Conv3d } from '../../../nn/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { SettingsReader } from '../settings-reader.ts';
import { type Geometry, type KernelRule, readGeometry, readKernelRule } from './conv-settings.ts';
import { applyRule, type ConvContext, ConvModule, type ConvPlan, makeConv } from './standard-conv.ts';

/** The geometry of a mixture of channels. */
function pointOf(geometry: Geometry): Geometry {
  const ones = geometry.kernelSize.map(() => 1);
  return { ...geometry, kernelSize: ones, stride: ones, dilation: ones, padding: ones.map(() => 0) };
}

/** Rule: y = pointwise(depthwise(x)); the window is over the depthwise kernel, lengths are trained of both.
 *  Shape: [B, C, T, H, W] -> [B, outChannels, T', H', W'], or without T. Source: Chollet 2016, arXiv:1610.02357; VisionCore's DepthwiseConv. */
export class DepthwiseConv extends ConvModule {
  readonly depthwise: Conv2d | Conv3d;
  readonly pointwise: Conv2d | Conv3d;

  constructor(depthwise: Conv2d | Conv3d, pointwise: Conv2d | Conv3d, rule: KernelRule) {
    super();
    this.depthwise = depthwise;
    this.pointwise = pointwise;
    applyRule(depthwise, rule);
    const { weightNorm } = rule;
    applyRule(pointwise, { weightNorm: weightNorm && { ...weightNorm, dim: 0 }, window: undefined });
  }

  /** The kernel of the two together, [outChannels, inChannels, …]. */
  get weight(): Tensor {
    return this.pointwise.weight.mul(this.depthwise.weight.transpose(0, 1));
  }

  forward(input: Tensor): Tensor {
    return this.pointwise.forward(this.depthwise.forward(input));
  }
}

export function planDepthwiseConv(conv: SettingsReader, context: ConvContext): ConvPlan {
  const { inChannels, outChannels, dim } = context;
  const geometry = readGeometry(conv, { dim, paddingMode: 'replicate', bias: context.bias, hasDilation: true });
  const rule = readKernelRule(conv, dim, context.useWeightNorm);
  const make = (isPadded: boolean): DepthwiseConv => {
    const depthwise = makeConv([inChannels, inChannels], geometry, { groups: inChannels, isPadded, bias: false });
    const pointwise = makeConv([inChannels, outChannels], pointOf(geometry), { groups: 1, isPadded });
    return new DepthwiseConv(depthwise, pointwise, rule);
  };
  return { geometry, make };
}
