// How photoreceptors and the cells behind them adapt to contrast, as a fixed or trained front of a network.

import { ShapeError } from '../../../errors.ts';
import { checkOptions, count, flag, type Rule } from '../../../metrics/options.ts';
import { Module, Parameter } from '../../../nn/index.ts';
import { arange } from '../../../tensor/create.ts';
import { tensor } from '../../../tensor/from-data.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { above, atLeast, finite } from '../option-rules.ts';
import { filterFrames } from './temporal-filter.ts';

// N batch, T frames, L taps of a filter.

export interface DAModelOptions {
  /** Frames a second. Default 240. */
  readonly samplingRate?: number;
  /** Height and width that clips have to have. Default: any. */
  readonly height?: number;
  readonly width?: number;
  /** Gain. Default 1. */
  readonly alpha?: number;
  /** Strength of the adaptation; below 0 it counts as 0. Default 0.00008. */
  readonly beta?: number;
  /** Share of the fast filter in the adaptation, held in [0, 1]. Default 0.5. */
  readonly gamma?: number;
  /** Time constants of the fast and the slow filter, at least 0.01 ms and a tenth of a frame. Defaults 5 and 60. */
  readonly tauYMs?: number;
  readonly tauZMs?: number;
  /** Rise of the fast filter, at least 0.5, and of the slow one, at least 0.1. Defaults 5 and 2. */
  readonly nY?: number;
  readonly nZ?: number;
  /** Frames of the filters. Default 200. */
  readonly filterLength?: number;
  /** Whether all seven numbers are trained. Default false. */
  readonly learnableParams?: boolean;
}

const RULES: Readonly<Record<keyof DAModelOptions, Rule>> = {
  samplingRate: above(0),
  height: count(),
  width: count(),
  alpha: finite,
  beta: finite,
  gamma: ['a number from 0 to 1', (value) => finite[1](value) && (value as number) >= 0 && (value as number) <= 1],
  tauYMs: above(0),
  tauZMs: above(0),
  nY: atLeast(0.5),
  nZ: atLeast(0.1),
  filterLength: count(),
  learnableParams: flag,
};

/** Dynamic adaptation: a response y that is divided by a slower one, z, of the same signal.
 *  Formula: r = alpha y / (1 + max(beta, 0) z), the denominator at least 1e-6, with y = K_y * s, z = K_z * s, zeros before the first frame,
 *  K(t; tau, n) = t^n exp(-t / tau) / (tau^(n + 1) Gamma(n + 1)) in frames, K_y = K(tau_y, n_y) and K_z = gamma K_y + (1 - gamma) K(tau_z, n_z).
 *  The numbers are parameters (`alpha`, `beta`, `gamma`, `tau_y_ms`, `n_y`, `tau_z_ms`, `n_z`) that are trained with `learnableParams`; else the filters are the buffers
 *  `Ky_filter` and `Kz_filter`, made once.
 *  Shape: [N, C, T, H, W] -> the same, each channel apart, and [N, T, H, W] -> [N, 1, T, H, W].
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for other shapes, and for another height or width than told.
 *  Source: Clark et al. 2013, doi:10.1371/journal.pcbi.1003289, equation 15 (tau_r near 0); VisionCore's DAModel, which takes one channel.
 *  @example
 *  import { rand } from 'sconce';
 *  import { DAModel } from 'sconce/multidataset';
 *  const adaptation = new DAModel({ samplingRate: 120, filterLength: 32 });
 *  adaptation.forward(rand([2, 1, 40, 8, 8])).shape; // [2, 1, 40, 8, 8] */
export class DAModel extends Module {
  readonly samplingRate: number;
  readonly filterLength: number;
  readonly height: number | undefined;
  readonly width: number | undefined;
  readonly alpha: Parameter;
  readonly beta: Parameter;
  readonly gamma: Parameter;
  readonly tau_y_ms: Parameter;
  readonly n_y: Parameter;
  readonly tau_z_ms: Parameter;
  readonly n_z: Parameter;
  /** [1, 1, L], the latest tap last; not there where the parameters are trained. */
  declare readonly Ky_filter: Tensor | undefined;
  declare readonly Kz_filter: Tensor | undefined;

  constructor(options: DAModelOptions = {}) {
    super();
    checkOptions('make DAModel', options, RULES);
    const { samplingRate = 240, filterLength = 200, learnableParams = false, height, width } = options;
    const { alpha = 1, beta = 0.00008, gamma = 0.5, tauYMs = 5, tauZMs = 60, nY = 5, nZ = 2 } = options;
    this.samplingRate = samplingRate;
    this.filterLength = filterLength;
    this.height = height;
    this.width = width;
    const parameter = (value: number): Parameter => new Parameter(tensor(value), learnableParams);
    this.alpha = parameter(alpha);
    this.beta = parameter(beta);
    this.gamma = parameter(gamma);
    this.tau_y_ms = parameter(tauYMs);
    this.n_y = parameter(nY);
    this.tau_z_ms = parameter(tauZMs);
    this.n_z = parameter(nZ);
    if (learnableParams) return;
    const [fast, slow] = this.filters().split(1);
    this.registerBuffer('Ky_filter', fast!.unsqueeze(0).clone());
    this.registerBuffer('Kz_filter', slow!.unsqueeze(0).clone());
  }

  forward(input: Tensor): Tensor {
    const clip = input.ndim === 4 ? input.unsqueeze(1) : input;
    const [batch = 0, channels = 0, frames = 0, ...size] = clip.shape;
    const { height = size[0], width = size[1] } = this;
    if (clip.ndim !== 5 || size[0] !== height || size[1] !== width)
      throw new ShapeError(
        `Cannot apply DAModel: expected [N, C, T, ${this.height ?? 'H'}, ${this.width ?? 'W'}], got [${input.shape.join(', ')}]`,
      );
    const { Ky_filter: fast, Kz_filter: slow } = this;
    const filters = fast && slow ? cat([fast, slow]).squeeze({ dim: 1 }) : this.filters(); // [2, L]
    const taps = Math.min(this.filterLength, frames); // the others lie before the first frame
    const latest = filters.narrow(1, this.filterLength - taps, taps).to(clip.dtype);
    const signals = clip.reshape([batch * channels, 1, frames, ...size]);
    const [y, z] = filterFrames(signals, latest, { before: taps - 1, after: 0 }).split(1, { dim: 1 });
    const denominator = z!.mul(this.beta.relu()).add(1).clampMin(1e-6);
    return y!.mul(this.alpha).div(denominator).view(clip.shape);
  }

  /** K_y and K_z, the latest tap last. Shape: [2, L]. */
  private filters(): Tensor {
    const gamma = this.gamma.clamp({ min: 0, max: 1 });
    const fast = this.filter(this.tau_y_ms, this.n_y.clampMin(0.5));
    const slow = this.filter(this.tau_z_ms, this.n_z.clampMin(0.1));
    const adapting = fast.mul(gamma).add(slow.mul(gamma.neg().add(1)));
    return cat([fast.unsqueeze(0), adapting.unsqueeze(0)]).flip([1]);
  }

  private filter(tauMs: Tensor, n: Tensor): Tensor {
    const tau = tauMs
      .clampMin(0.01)
      .mul(this.samplingRate / 1000)
      .clampMin(0.1); // in frames
    const time = arange(this.filterLength, { dtype: tau.dtype, device: tau.device });
    const area = tau.pow(n.add(1)).mul(n.add(1).lgamma().exp());
    return time.pow(n).mul(time.div(tau).neg().exp()).div(area.clampMin(1e-9));
  }
}
