// What lets data sets with other pictures share a network: each clip is blurred and sampled again on a grid that is learned.

import { DTypeError, ShapeError } from '../../../errors.ts';
import { checkOptions, choice, count, type Rule } from '../../../metrics/options.ts';
import { affineGrid, gridSample, softplus } from '../../../nn/functional/index.ts';
import { Module, Parameter } from '../../../nn/index.ts';
import { arange, eye, linspace, zeros } from '../../../tensor/create.ts';
import { tensor } from '../../../tensor/from-data.ts';
import { stack } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { placesDType } from '../clips.ts';
import { above } from '../option-rules.ts';

// B batch, C channels, T frames, H and W of the picture, G size of the grid.

export interface AffineAdapterOptions {
  /** Deviation of the blur that is learned, in pixels, at the start. Default 1. */
  readonly initSigma?: number;
  /** Height and width of what comes out, in pixels. Default 25. */
  readonly gridSize?: number;
  /** Whether the grid is scaled along both axes, or may be turned, sheared and shifted too. Default 'scale'. */
  readonly transform?: 'scale' | 'affine';
}

const RULES: Readonly<Record<keyof AffineAdapterOptions, Rule>> = {
  initSigma: above(0),
  gridSize: count(),
  transform: choice('scale', 'affine'),
};

/** Below this there is no blur. */
const LEAST_SIGMA = 1e-3;

/** Blurs pictures with a Gaussian, then samples them on a grid of G x G points by bilinear interpolation; both are learned.
 *
 *  The grid: points p in [-1, 1]^2, corner pixels' centres at -1 and 1, looked at in softplus(log_scale) p, or in A p + b with [A b] = affine. Outside of the picture there is 0.
 *  `log_scale` starts at 0, which makes the scale 0.693; `affine` at the identity.
 *
 *  The blur: sigma^2 = sigma_min^2 + softplus(log_sigma)^2 with sigma_min = 0.44 max(1 / s - 1, 0) and s the least scale (singular value of A). It reaches as far as the
 *  nearest odd number of pixels to 6 sigma, and not further than the picture. The gradient goes through sigma to `log_sigma` and the scale.
 *
 *  Shape: [B, C, T, H, W] -> [B, C, T, G, G], and [B, C, H, W] -> [B, C, G, G].
 *  @throws {ConfigError} for options that do not fit, all at once.  @throws {ShapeError} for other shapes.
 *  Source: VisionCore's AffineAdapter, whose blur has one tap too many (it moves a picture by half a pixel and loses a row) and no gradient for `log_sigma`: docs/decisions/0044.
 *  @example
 *  import { rand } from 'sconce';
 *  import { AffineAdapter } from 'sconce/multidataset';
 *  const adapter = new AffineAdapter({ gridSize: 25 });
 *  adapter.forward(rand([2, 1, 4, 60, 80])).shape; // [2, 1, 4, 25, 25] */
export class AffineAdapter extends Module {
  readonly gridSize: number;
  readonly transform: 'scale' | 'affine';
  readonly log_sigma: Parameter;
  declare readonly log_scale: Parameter | undefined;
  declare readonly affine: Parameter | undefined;

  constructor(options: AffineAdapterOptions = {}) {
    super();
    checkOptions('make AffineAdapter', options, RULES);
    const { initSigma = 1, gridSize = 25, transform = 'scale' } = options;
    this.gridSize = gridSize;
    this.transform = transform;
    this.log_sigma = new Parameter(tensor(Math.log(Math.expm1(initSigma))));
    if (transform === 'scale') this.log_scale = new Parameter(zeros([2]));
    else this.affine = new Parameter(eye(2, { m: 3 }));
  }

  forward(input: Tensor): Tensor {
    const { shape } = input;
    if (shape.length !== 4 && shape.length !== 5)
      throw new ShapeError(
        `Cannot apply AffineAdapter: expected [B, C, T, H, W] or [B, C, H, W], got [${shape.join(', ')}]`,
      );
    if (!input.isFloatingPoint())
      throw new DTypeError(
        `Cannot apply AffineAdapter: expected floating-point pictures, got ${input.dtype}; castStim() makes them of bytes`,
      );
    return this.log_scale ? this.sampleAlongAxes(input, this.log_scale) : this.sampleAnywhere(input, this.affine!);
  }

  /** Both axes apart: blur and interpolation along an axis are one matrix, and the picture is multiplied by one from each side. */
  private sampleAlongAxes(input: Tensor, logScale: Parameter): Tensor {
    const scale = softplus(precise(logScale)); // [2], of x and y
    const sigma = this.sigma(scale.min());
    const [height = 0, width = 0] = input.shape.slice(-2);
    const [toX, toY] = [width, height].map((size, axis) => {
      const places = this.points(sigma).mul(scale.select(0, axis));
      return interpolation(places, size).matmul(blur(sigma, size)).to(input.dtype); // [G, size]
    });
    return toY!.matmul(input.matmul(toX!.t()));
  }

  private sampleAnywhere(input: Tensor, affine: Parameter): Tensor {
    const theta = precise(affine); // [2, 3]
    const sigma = this.sigma(leastSingularValue(theta));
    const [height = 0, width = 0] = input.shape.slice(-2);
    const blurred = blur(sigma, height).matmul(input.to(sigma.dtype).matmul(blur(sigma, width))); // symmetric matrices
    const grid = affineGrid(theta.unsqueeze(0), [1, 1, this.gridSize, this.gridSize], true); // [1, G, G, 2]
    // All pictures see the same grid: they are channels of one.
    const pictures = blurred.reshape([1, -1, height, width]).to(grid.dtype);
    const sampled = gridSample(pictures, grid, { alignCorners: true }).to(input.dtype);
    return sampled.reshape([...input.shape.slice(0, -2), this.gridSize, this.gridSize]);
  }

  private points(like: Tensor): Tensor {
    return linspace(-1, 1, this.gridSize, { dtype: like.dtype, device: like.device });
  }

  private sigma(leastScale: Tensor): Tensor {
    const least = leastScale.reciprocal().sub(1).relu().mul(0.44);
    return least
      .square()
      .add(softplus(precise(this.log_sigma)).square())
      .sqrt()
      .clampMin(LEAST_SIGMA);
  }
}

const precise = (parameter: Parameter): Tensor => parameter.to(placesDType(parameter.dtype));

/** Of [A b], in closed form: it waits for no decomposition, and its gradient is finite at the identity. Shape: [2, 3] -> []. */
function leastSingularValue(theta: Tensor): Tensor {
  const [[a, b], [c, d]] = theta.unbind().map((row) => row.unbind()) as [[Tensor, Tensor], [Tensor, Tensor]];
  const sum = stack([a.add(d), b.sub(c)]).norm();
  const difference = stack([a.sub(d), b.add(c)]).norm();
  return sum.sub(difference).abs().div(2);
}

/** A Gaussian's convolution with zeros around, as a matrix. Shape: [size, size]. */
function blur(sigma: Tensor, size: number): Tensor {
  const pixels = arange(size, { dtype: sigma.dtype, device: sigma.device });
  const weights = (distance: Tensor): Tensor => {
    const radius = sigma.detach().mul(6).round().div(2).floor();
    return distance.square().div(sigma.square().mul(-2)).exp().mul(distance.abs().le(radius).to(sigma.dtype));
  };
  const total = weights(pixels).sum().mul(2).sub(1);
  return weights(pixels.unsqueeze(1).sub(pixels)).div(total);
}

/** Bilinear interpolation as a matrix: each row has the weights of the two pixels beside a place. Shape: places [G], in [-1, 1] -> [G, size]. */
function interpolation(places: Tensor, size: number): Tensor {
  const pixels = arange(size, { dtype: places.dtype, device: places.device });
  const at = places.add(1).mul((size - 1) / 2); // [G], in pixels
  return at.unsqueeze(1).sub(pixels).abs().neg().add(1).relu();
}
