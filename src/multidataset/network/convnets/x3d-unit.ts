// One block of an X3D core: time, space, and a mixture of channels apart from each other, beside a shortcut.

import { Identity, Module, type UnaryModule } from '../../../nn/index.ts';
import { rand } from '../../../tensor/create.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { ActivationType } from '../layers/activation-types.ts';
import { ConvBlock } from '../layers/conv-block.ts';
import type { ConvOptions } from '../layers/conv-types.ts';
import type { NormType } from '../layers/norm-types.ts';

export interface X3DUnitOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Odd. */
  readonly tKernel: number;
  /** Odd. */
  readonly sKernel: number;
  readonly tStride: number;
  readonly sStride: number;
  /** Channels in the middle over those that come in. */
  readonly expRatio: number;
  readonly normType: NormType;
  readonly actType: ActivationType;
  readonly makeActivation: () => UnaryModule;
  readonly dropout: number;
  readonly stochasticDepth: number;
}

/** y = act(project(expand(space(time(x)))) + shortcut(x)); each of the five is a convolution with a norm, and `expand` has the activation and the dropout.
 *  In training it is the shortcut alone with the probability `stochasticDepth`.
 *  Shape: [B, inChannels, T, H, W] -> [B, outChannels, ⌈T / tStride⌉, ⌈H / sStride⌉, ⌈W / sStride⌉]. Source: VisionCore's X3DUnit. */
export class X3DUnit extends Module {
  readonly pre_temporal: ConvBlock;
  readonly pre_spatial: ConvBlock;
  readonly expand: ConvBlock;
  readonly project: ConvBlock;
  readonly proj: UnaryModule;
  readonly act: UnaryModule;
  readonly stochasticDepth: number;

  constructor(options: X3DUnitOptions) {
    super();
    const { inChannels, outChannels, tKernel, sKernel, tStride, sStride, expRatio, normType, actType } = options;
    const middle = inChannels * expRatio;
    const block = (channels: readonly [number, number], convParams: ConvOptions, more: object = {}): ConvBlock => {
      const [from, to] = channels;
      const rest = { normType, actType: 'none', causal: false, ...more } as const;
      return new ConvBlock({ inChannels: from, outChannels: to, convParams: { bias: false, ...convParams }, ...rest });
    };
    const within = (kernelSize: readonly number[], stride: readonly number[]): ConvBlock => {
      const padding = kernelSize.map((size) => (size - 1) / 2);
      return block([inChannels, inChannels], { type: 'depthwise', kernelSize, stride, padding });
    };
    this.pre_temporal = within([tKernel, 1, 1], [tStride, 1, 1]);
    this.pre_spatial = within([1, sKernel, sKernel], [1, sStride, sStride]);
    this.expand = block([inChannels, middle], { kernelSize: 1 }, { actType, dropout: options.dropout });
    this.project = block([middle, outChannels], { kernelSize: 1 });
    const isSame = inChannels === outChannels && tStride === 1 && sStride === 1;
    const stride = [tStride, sStride, sStride];
    this.proj = isSame ? new Identity() : block([inChannels, outChannels], { kernelSize: 1, stride });
    this.act = options.makeActivation();
    this.stochasticDepth = options.stochasticDepth;
  }

  forward(input: Tensor): Tensor {
    const skip = this.proj.forward(input);
    // A number of the host's generator: nothing waits for a device.
    if (this.training && this.stochasticDepth > 0 && rand([1]).item() < this.stochasticDepth) return skip;
    const inside = this.pre_spatial.forward(this.pre_temporal.forward(input)); // [B, inChannels, T', H', W']
    return this.act.forward(this.project.forward(this.expand.forward(inside)).add(skip));
  }
}
