// Pools and gates of feature maps that PyTorch does not have.

import {
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  Conv1d,
  Conv2d,
  Conv3d,
  Identity,
  Module,
  Sequential,
  Sigmoid,
  SiLU,
  type UnaryModule,
} from '../../../nn/index.ts';
import { tensor } from '../../../tensor/create.ts';
import { avgPool2d } from '../../../tensor/nn-ops.generated.ts';
import { conv2d } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Dim } from './conv-settings.ts';

// B batch, C channels, T time, H height, W width.

/** A gate for each channel from its mean: average, 1×1 to `reduced` channels, SiLU, 1×1 back, sigmoid. */
function gate(channels: number, reduced: number, pool: UnaryModule, dim: Dim): Sequential {
  const Conv = dim === 2 ? Conv2d : Conv3d;
  return new Sequential(
    pool,
    new Conv(channels, reduced, 1),
    new SiLU(),
    new Conv(reduced, channels, 1),
    new Sigmoid(),
  );
}

/** y = x * gate(x), a gate for each channel of each sample, from its mean over time and space. Shape: [B, C, T, H, W], or without T, unchanged.
 *  Source: Hu et al. 2017, arXiv:1709.01507; VisionCore's SEBlock. */
export class SEBlock extends Module {
  readonly attn: UnaryModule;

  /** @param options.rdRatio - channels over those of the gate's middle, which has one at least; 0 for no gate. Default 16.  @param options.dim - default 3. */
  constructor(channels: number, options: { rdRatio?: number; dim?: Dim } = {}) {
    super();
    const { rdRatio = 16, dim = 3 } = options;
    const reduced = Math.max(Math.floor(channels / rdRatio), 1);
    const pool = dim === 2 ? new AdaptiveAvgPool2d(1) : new AdaptiveAvgPool3d(1);
    this.attn = rdRatio === 0 ? new Identity() : gate(channels, reduced, pool, dim);
  }

  forward(input: Tensor): Tensor {
    // VisionCore multiplies by the input itself where there is no gate, which squares it.
    return this.attn instanceof Identity ? input : input.mul(this.attn.forward(input));
  }
}

export interface SoftPoolOptions {
  /** Of windows of 2 × 2. Default 2. */
  readonly stride?: number;
  /** Channels over those of the gate's middle. Default 8. */
  readonly r?: number;
  /** Weigh the values of a window by exp(x / temperature), rather than alike. Default true. */
  readonly useSoft?: boolean;
  /** The larger, the more alike the weights; below it, exp overflows for large features. Default 10, and 1 is that of the paper. */
  readonly temperature?: number;
}

/** Makes pictures smaller, frame by frame: y = p * gate(p), with p = avg(x e) / (avg(e) + 1e-6) and e = exp(x / temperature) over windows of 2 × 2, of x
 *  as it is, or blurred first by [1 2 1]ᵀ[1 2 1] / 16, so that what the smaller grid cannot hold is gone. The gate is for each channel and frame.
 *  Shape: [B, C, T, H, W] -> [B, C, T, ⌊(H - 2) / stride⌋ + 1, ⌊(W - 2) / stride⌋ + 1].
 *  Source: Stergiou et al. 2021, arXiv:2101.00440; Zhang 2019, arXiv:1904.11486; VisionCore's AABlur_SE_SoftPool and SE_SoftPool. */
export class GatedSoftPool extends Module {
  readonly se: Sequential;
  declare blur: Tensor | undefined;
  readonly stride: number;
  readonly useSoft: boolean;
  readonly temperature: number;

  constructor(channels: number, options: Required<SoftPoolOptions> & { readonly hasBlur: boolean }) {
    super();
    const { stride, r, useSoft, temperature } = options;
    const steps = [1, 2, 1];
    const blur = (): Tensor => tensor([[steps.map((a) => steps.map((b) => (a * b) / 16))]]);
    this.registerBuffer('blur', options.hasBlur ? blur() : undefined);
    this.se = gate(channels, Math.floor(channels / r), new AdaptiveAvgPool3d([undefined, 1, 1]), 3);
    this.stride = stride;
    this.useSoft = useSoft;
    this.temperature = temperature;
  }

  private pool(frames: Tensor): Tensor {
    const options = { stride: this.stride };
    if (!this.useSoft) return avgPool2d(frames, 2, options);
    const weights = frames.div(this.temperature).exp();
    return avgPool2d(frames.mul(weights), 2, options).div(avgPool2d(weights, 2, options).add(1e-6));
  }

  forward(input: Tensor): Tensor {
    const [batch = 0, channels = 0, time = 0, height = 0, width = 0] = input.shape;
    const frames = input.reshape([batch * channels * time, 1, height, width]);
    const smooth = this.blur ? conv2d(frames, this.blur, { padding: 1 }) : frames;
    const pooled = this.pool(smooth);
    const result = pooled.view([batch, channels, time, ...pooled.shape.slice(2)]); // [B, C, T, H', W']
    return result.mul(this.se.forward(result));
  }
}

/** Two gates at each place: y = x * sigmoid(a) * sigmoid(b), a from the `chanWindow` channels of the same group at that place, b from the same channel
 *  around it in the same frame. Shape: [B, C, T, H, W], unchanged.
 *  Source: VisionCore's LocalChannelSpatialAttn, whose second gate mixes channels and frames where there are several frames; here it does not. */
export class LocalChannelSpatialAttention extends Module {
  readonly chan_conv1d: Conv1d;
  readonly spatial_conv2d: Conv2d;

  /** @param options.chanWindow - odd, has to divide the channels. Default 3.  @param options.spatialKernel - odd. Default 3. */
  constructor(channels: number, options: { chanWindow?: number; spatialKernel?: number } = {}) {
    super();
    const { chanWindow = 3, spatialKernel = 3 } = options;
    const around = (size: number): number => Math.floor(size / 2);
    this.chan_conv1d = new Conv1d(channels, channels, chanWindow, {
      padding: around(chanWindow),
      groups: channels / chanWindow,
    });
    const spatial = { padding: around(spatialKernel), groups: channels };
    this.spatial_conv2d = new Conv2d(channels, channels, spatialKernel, spatial);
  }

  forward(input: Tensor): Tensor {
    const [batch = 0, channels = 0, time = 0, height = 0, width = 0] = input.shape;
    const frames = input.transpose(1, 2); // [B, T, C, H, W]
    const around = this.spatial_conv2d.forward(frames.reshape([batch * time, channels, height, width]));
    const spatial = around.sigmoid().view([batch, time, channels, height, width]).transpose(1, 2);
    // Of a sequence of length 1 only the middle of the kernel is used: it mixes the channels of a group.
    const { weight, bias, groups } = this.chan_conv1d;
    const middle = weight.narrow(2, Math.floor(weight.size(2) / 2), 1).unsqueeze(3); // [C, C over groups, 1, 1]
    const flat = input.reshape([batch, channels, time * height, width]);
    const mixed = conv2d(flat, middle, { bias, groups }).sigmoid().view(input.shape);
    return input.mul(mixed).mul(spatial);
  }
}
