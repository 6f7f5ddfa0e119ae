// A fixed set of temporal filters in front of a network, or behind a signal of behaviour.

import { ShapeError } from '../../../errors.ts';
import { checkOptions, count, flag, type Rule } from '../../../metrics/options.ts';
import { BatchNorm1d, Module } from '../../../nn/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { RAISED_COSINE_RULES, type RaisedCosineOptions, raisedCosineBasis } from './raised-cosine-basis.ts';
import { filterFrames } from './temporal-filter.ts';

// N batch, C channels, K functions of the basis, L their bins, T frames.

export interface TemporalBasisOptions extends RaisedCosineOptions {
  /** Whether a frame sees those before it. Else as many before as behind, and the functions run forward in time. Default true. */
  readonly causal?: boolean;
  /** Whether each function's signal is normalised over the batch. Default false. */
  readonly batchNorm?: boolean;
  /** Frames to leave out at the start, which see less of a history than the others. Default 0. */
  readonly chomp?: number;
}

const RULES: Readonly<Record<keyof TemporalBasisOptions, Rule>> = {
  ...RAISED_COSINE_RULES,
  causal: flag,
  batchNorm: flag,
  chomp: count(0),
};

/** Signals as sums of their past under each function b_k of a basis (`raisedCosineBasis`, in the buffer `basis`): y_k(t) = sum over l of b_k(l) x(t - l), zeros before the start.
 *  Without `causal`: y_k(t) = sum over l of b_k(l) x(t - floor(L / 2) + l).
 *  Shape: [N, C, T, H, W] -> [N, C K, T - chomp, H, W], and [N, C, T] -> [N, C K, T - chomp]; the functions of the first channel first.
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for other shapes, and where `chomp` leaves no frame.
 *  Source: Pillow et al. 2008, doi:10.1038/nature07140; VisionCore's TemporalBasis.
 *  @example
 *  import { randn } from 'sconce';
 *  import { TemporalBasis } from 'sconce/multidataset';
 *  const basis = new TemporalBasis({ numCosineFuncs: 4, historyBins: 20, chomp: 10 });
 *  basis.forward(randn([2, 3, 50])).shape; // [2, 12, 40] */
export class TemporalBasis extends Module {
  declare readonly basis: Tensor;
  readonly numBasis: number;
  readonly causal: boolean;
  readonly chomp: number;
  readonly bn: BatchNorm1d | undefined;

  constructor(options: TemporalBasisOptions = {}) {
    super();
    checkOptions('make TemporalBasis', options, RULES);
    const { causal = true, batchNorm = false, chomp = 0, ...basis } = options;
    this.causal = causal;
    this.chomp = chomp;
    // As filters that a convolution takes, the latest bin last.
    this.registerBuffer('basis', raisedCosineBasis(basis).flip([2])); // [K, 1, L]
    this.numBasis = this.basis.size(0);
    this.bn = batchNorm ? new BatchNorm1d(this.numBasis) : undefined;
  }

  forward(input: Tensor): Tensor {
    const [batch = 0, channels = 0, frames = 0, ...sizes] = input.shape;
    if (input.ndim !== 5 && input.ndim !== 3) this.refuse('[N, C, T, H, W] or [N, C, T]', input);
    if (frames <= this.chomp) this.refuse(`more than ${this.chomp} frames, which it leaves out`, input);
    const length = this.basis.size(2);
    const before = this.causal ? length - 1 : length >> 1;
    const basis = (this.causal ? this.basis : this.basis.flip([2])).squeeze({ dim: 1 }).to(input.dtype); // [K, L]
    let filtered = filterFrames(input, basis, { before, after: length - 1 - before }); // [N, C K, T, ...]
    if (this.bn) {
      const signals = filtered.reshape([batch * channels, this.numBasis, -1]); // a channel's signals are samples
      filtered = this.bn.forward(signals).reshape([batch, channels * this.numBasis, frames, ...sizes]);
    }
    return filtered.narrow(2, this.chomp, frames - this.chomp);
  }

  private refuse(expected: string, input: Tensor): never {
    throw new ShapeError(`Cannot apply TemporalBasis: expected ${expected}, got [${input.shape.join(', ')}]`);
  }
}
