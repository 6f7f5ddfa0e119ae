// Normalisations of feature maps that PyTorch does not have in this form.

import { Module, Parameter } from '../../../nn/index.ts';
import { full, ones, tensor, zeros } from '../../../tensor/create.ts';
import { isFloatingDType } from '../../../tensor/dtype.ts';
import { norm } from '../../../tensor/norm.ts';
import type { Tensor } from '../../../tensor/tensor.ts';

// B batch, C channels, T time, H height, W width; all of these take [B, C, T, H, W] and [B, C, H, W] and keep the shape.

/** At least float32: squares of half precision overflow, and sums of them lose what is small. */
function precise(input: Tensor): Tensor {
  const isHalf = input.dtype === 'float16' || input.dtype === 'bfloat16';
  return isHalf || !isFloatingDType(input.dtype) ? input.to('float32') : input;
}

const axesFrom = (first: number, input: Tensor): number[] =>
  Array.from({ length: input.ndim - first }, (_, i) => first + i);

/** A value for each channel, to be multiplied with a feature map. */
const perChannel = (values: Tensor, input: Tensor): Tensor =>
  values.to(input.dtype).view([1, -1, ...axesFrom(2, input).map(() => 1)]);

export interface StatisticsOptions {
  /** Axes over which statistics are taken. Default [1], the channels. */
  readonly dims?: readonly number[];
  /** Default 1e-5. */
  readonly eps?: number;
}

/** y = x / sqrt(mean(x²) + eps) * gamma + beta, gamma and beta a number for each channel, or without them.
 *  Source: Zhang and Sennrich 2019, arXiv:1910.07467; VisionCore's RMSNorm. */
export class RMSNorm extends Module {
  readonly gamma: Parameter | undefined;
  readonly beta: Parameter | undefined;
  readonly dims: readonly number[];
  readonly eps: number;

  /** @param options.affine - learn gamma and beta. Default true. */
  constructor(numFeatures: number, options: StatisticsOptions & { readonly affine?: boolean } = {}) {
    super();
    const { dims = [1], eps = 1e-5, affine = true } = options;
    this.dims = dims;
    this.eps = eps;
    this.gamma = affine ? new Parameter(ones([numFeatures])) : undefined;
    this.beta = affine ? new Parameter(zeros([numFeatures])) : undefined;
  }

  forward(input: Tensor): Tensor {
    const x = precise(input);
    const scale = x.square().mean({ dim: this.dims, keepdim: true }).add(this.eps).rsqrt();
    const normed = x.mul(scale);
    const { gamma, beta } = this;
    const result = gamma && beta ? normed.mul(perChannel(gamma, x)).add(perChannel(beta, x)) : normed;
    return result.to(input.dtype);
  }
}

/** y = (x - mean) / sqrt(var + eps), without anything to learn. Source: Ba et al. 2016, arXiv:1607.06450; VisionCore's LayerNorm. */
export class LayerNorm extends Module {
  readonly dims: readonly number[];
  readonly eps: number;

  constructor({ dims = [1], eps = 1e-5 }: StatisticsOptions = {}) {
    super();
    this.dims = dims;
    this.eps = eps;
  }

  forward(input: Tensor): Tensor {
    const x = precise(input);
    const centered = x.sub(x.mean({ dim: this.dims, keepdim: true }));
    const variance = centered.square().mean({ dim: this.dims, keepdim: true });
    return centered.mul(variance.add(this.eps).rsqrt()).to(input.dtype);
  }
}

/** y = gamma x / (sqrt(mean(x²) + eps) + clamp(offset, 0.1, 1)) + beta, the mean over all axes of one channel of one sample: gamma, beta and the offset
 *  are learned. However small the features are, they grow by 1 / offset at most.
 *  Source: VisionCore's SafeGRN, after Woo et al. 2023, arXiv:2301.00808. */
export class SafeGRN extends Module {
  readonly gamma: Parameter;
  readonly beta: Parameter;
  /** [1], or without axes where it is not learned. */
  declare offset: Tensor;
  readonly eps: number;

  /** @param options.eps - in the root. Default 1e-6.  @param options.offset - at the start. Default 0.5.  @param options.learnableOffset - default true. */
  constructor(channels: number, options: { eps?: number; offset?: number; learnableOffset?: boolean } = {}) {
    super();
    const { eps = 1e-6, offset = 0.5, learnableOffset = true } = options;
    this.eps = eps;
    if (learnableOffset) this.registerParameter('offset', new Parameter(full([1], offset)));
    else this.registerBuffer('offset', tensor(offset));
    this.gamma = new Parameter(ones([channels]));
    this.beta = new Parameter(zeros([channels]));
  }

  forward(input: Tensor): Tensor {
    const x = precise(input);
    const size = x
      .square()
      .mean({ dim: axesFrom(2, x), keepdim: true })
      .add(this.eps)
      .sqrt(); // [B, C, 1, 1, 1]
    const scale = perChannel(this.gamma, x).div(size.add(this.offset.to(x.dtype).clamp({ min: 0.1, max: 1 })));
    return x.mul(scale).add(perChannel(this.beta, x)).to(input.dtype);
  }
}

/** y = gamma x n + beta + x with n = ‖x‖ / (mean over channels of ‖x‖ + eps), ‖x‖ over all axes of one channel of one sample.
 *  Source: Woo et al. 2023, arXiv:2301.00808; VisionCore's GlobalResponseNorm. */
export class GlobalResponseNorm extends Module {
  readonly gamma: Parameter;
  readonly beta: Parameter;
  readonly eps: number;

  /** @param options.dim - axes behind the channels.  @param options.eps - default 1e-5. */
  constructor(channels: number, options: { dim: number; eps?: number }) {
    super();
    const shape = [1, channels, ...new Array<number>(options.dim).fill(1)];
    this.gamma = new Parameter(full(shape, 0.1));
    this.beta = new Parameter(zeros(shape));
    this.eps = options.eps ?? 1e-5;
  }

  forward(input: Tensor): Tensor {
    const x = precise(input);
    const size = norm(x, { p: 2, dim: axesFrom(2, x), keepdim: true }); // [B, C, 1, 1, 1]
    const share = size.div(size.mean({ dim: 1, keepdim: true }).add(this.eps));
    const scaled = x.mul(share.mul(this.gamma.to(x.dtype)).add(1)); // gamma x n + x
    return scaled.add(this.beta.to(x.dtype)).to(input.dtype);
  }
}
