// Temporal kernels that a network learns, one set for all pixels.

import { ShapeError } from '../../../errors.ts';
import { Module } from '../../../nn/index.ts';
import { noGrad } from '../../../tensor/autograd.ts';
import { tensor } from '../../../tensor/from-data.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { clipShape } from '../clips.ts';
import type { WindowName, WindowOptions } from '../layers/anti-alias-window.ts';
import { readKernelRule } from '../layers/conv-settings.ts';
import { makeConv, StandardConv } from '../layers/standard-conv.ts';
import { SettingsReader } from '../settings-reader.ts';
import { coarseRows, LEAST_PIXELS } from './coarse-picture.ts';
import { filterFrames } from './temporal-filter.ts';
import { TEMPORAL_INITS, type TemporalInit, temporalKernels } from './temporal-kernels.ts';

// N batch, C channels, D kernels, T frames, K frames of a kernel.

export interface LearnableTemporalConvOptions {
  /** Frames of a kernel. Default 16. */
  readonly kernelSize?: number;
  /** Kernels for each channel that comes in. Default 6. */
  readonly numChannels?: number;
  /** What kernels are at the start: a Gaussian, its derivatives and noise; a fast lobe against a slow one, at 120 frames a second; a single frame each, from the first on; or
   *  as a convolution starts. Default 'gaussian_derivatives'. */
  readonly initType?: TemporalInit;
  /** There is one value: a frame that comes out sees those up to its own. Default true. */
  readonly causal?: boolean;
  /** Whether the first half of the kernels sees what is fine in a picture, and the second half the rest. Default false. */
  readonly splitMP?: boolean;
  /** Default false. */
  readonly bias?: boolean;
  /** Whether kernels of five frames or more are multiplied with a window, against aliasing. Default false. */
  readonly aaSignal?: boolean;
  /** Default 'hann'. */
  readonly aaWindow?: WindowName;
  readonly aaWindowKwargs?: WindowOptions;
  /** Whether kernels are trained as lengths times directions. Default false. */
  readonly useWeightNorm?: boolean;
  /** Whether their lengths stay 1. Default false. */
  readonly keepUnitNorm?: boolean;
  /** Axis along which each slice has a length. Default 0, the kernels. */
  readonly weightNormDim?: number;
}

/** y_k(t) = sum over j of w_k(j) x(t + j), for each pixel and channel: the kernels are learned, `temporal_conv` holds them. No frame is added, so that T - K + 1 come out, the last
 *  of them where the clip ends.
 *  With `splitMP` the kernels of the first half go over x minus its coarse part, the others over the coarse part, one octave of a Laplacian pyramid.
 *  Shape: [N, C, T, H, W] -> [N, C D, T - K + 1, H, W], the kernels of the first channel first.
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for other shapes, and for clips of fewer frames than a kernel.
 *  Source: VisionCore's LearnableTemporalConv, whose kernels under a window start at random whatever `initType` says (docs/decisions/0044).
 *  @example
 *  import { randn } from 'sconce';
 *  import { LearnableTemporalConv } from 'sconce/multidataset';
 *  const frontend = new LearnableTemporalConv({ kernelSize: 16, numChannels: 4 });
 *  frontend.forward(randn([2, 1, 20, 6, 6])).shape; // [2, 4, 5, 6, 6] */
export class LearnableTemporalConv extends Module {
  readonly temporal_conv: StandardConv;
  readonly kernelSize: number;
  readonly numChannels: number;
  readonly initType: TemporalInit;
  readonly splitMP: boolean;
  /** The coarse part along each axis, of the size of the last clip. Made again for another, so it is not saved. */
  declare coarse_rows: Tensor | undefined;
  declare coarse_columns: Tensor | undefined;

  constructor(options: LearnableTemporalConvOptions = {}) {
    super();
    const read = new SettingsReader(options);
    this.kernelSize = read.integer('kernelSize', 16);
    this.numChannels = read.integer('numChannels', 6);
    this.initType = read.choice('initType', TEMPORAL_INITS, 'gaussian_derivatives');
    this.splitMP = read.flag('splitMP', false);
    if (this.splitMP && this.numChannels % 2 !== 0) read.note('numChannels', 'an even number with splitMP');
    if (!read.flag('causal', true)) read.note('causal', 'true: every frame sees those up to its own');
    const bias = read.flag('bias', false);
    const rule = readKernelRule(read, 3, false);
    const kernels = temporalKernels(this.initType, this);
    if (typeof kernels === 'string') read.note('kernelSize', kernels);
    read.finish('make LearnableTemporalConv');
    const conv = makeConv([this.splitMP ? 2 : 1, this.numChannels], this.geometry(bias), {
      groups: this.splitMP ? 2 : 1,
      isPadded: false,
    });
    // Before window and lengths are put on, which read what is there.
    if (kernels) noGrad(() => conv.weight.copy_(tensor(kernels as number[][]).view(conv.weight.shape)));
    this.temporal_conv = new StandardConv(conv, rule);
    this.registerBuffer('coarse_rows', undefined, { persistent: false });
    this.registerBuffer('coarse_columns', undefined, { persistent: false });
  }

  forward(clip: Tensor): Tensor {
    const [batch, channels, frames, height, width] = clipShape('LearnableTemporalConv', clip);
    if (frames < this.kernelSize) this.refuse(`${this.kernelSize} frames or more`, clip);
    const kernels = this.temporal_conv.weight.view([this.numChannels, this.kernelSize]); // as they act
    const filter = (input: Tensor, filters: Tensor): Tensor => filterFrames(input, filters, { before: 0, after: 0 });
    let filtered: Tensor;
    if (this.splitMP) {
      const [ofFine, ofCoarse] = kernels.chunk(2);
      const each = clip.reshape([batch * channels, 1, frames, height, width]);
      const coarse = this.coarse(each);
      const both = [filter(each.sub(coarse), ofFine!), filter(coarse, ofCoarse!)];
      filtered = cat(both, { dim: 1 }).reshape([batch, channels * this.numChannels, -1, height, width]);
    } else filtered = filter(clip, kernels);
    const { bias } = this.temporal_conv.conv;
    return bias ? filtered.add(bias.repeat([channels]).view([1, -1, 1, 1, 1])) : filtered;
  }

  private coarse(clip: Tensor): Tensor {
    const [height = 0, width = 0] = clip.shape.slice(-2);
    if (Math.min(height, width) < LEAST_PIXELS) this.refuse(`pictures of ${LEAST_PIXELS} pixels or more`, clip);
    const { dtype, device } = clip;
    if (this.coarse_rows?.size(0) !== height) this.coarse_rows = tensor(coarseRows(height), { device });
    if (this.coarse_columns?.size(0) !== width) this.coarse_columns = tensor(coarseRows(width), { device });
    return this.coarse_rows.to(dtype).matmul(clip.matmul(this.coarse_columns.to(dtype).t()));
  }

  private geometry(bias: boolean): Parameters<typeof makeConv>[1] {
    const ones = [1, 1, 1];
    const kernelSize = [this.kernelSize, 1, 1];
    return { kernelSize, stride: ones, dilation: ones, padding: [0, 0, 0], paddingMode: 'zeros', bias };
  }

  private refuse(expected: string, clip: Tensor): never {
    throw new ShapeError(`Cannot apply LearnableTemporalConv: expected ${expected}, got [${clip.shape.join(', ')}]`);
  }
}
