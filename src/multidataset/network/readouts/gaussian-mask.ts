// The windows through which the units of a readout look at a map of features: rotated Gaussians, each of sum one.

import { ShapeError } from '../../../errors.ts';
import { linspace } from '../../../tensor/create.ts';
import type { Tensor } from '../../../tensor/tensor.ts';

// U units, H rows, W columns.

/** Where each unit's window lies. Positions are in pixels of the map from its centre, rows first. */
export interface GaussianWindow {
  /** Shape: [U, 2], row and column. */
  readonly mean: Tensor;
  /** Shape: [U, 2], along the window's own axes. At least 1e-3 is taken. */
  readonly std: Tensor;
  /** Radians. Shape: [U]. */
  readonly theta: Tensor;
}

const SMALLEST_STD = 1e-3;

/** Weights of each pixel for each unit: exp(-(u² / std_0² + v² / std_1²) / 2) over its sum + 1e-8, where (u, v) is the pixel's distance from the mean, (y, x), turned:
 *  u = y cos θ + x sin θ, v = x cos θ - y sin θ. Shape: [U, H, W].
 *  Source: VisionCore's DynamicGaussianReadout. */
export function gaussianMask(window: GaussianWindow, height: number, width: number): Tensor {
  const { mean, theta } = window;
  const y = pixels(height, mean).view([1, height, 1]).sub(column(mean, 0)); // [U, H, 1]
  const x = pixels(width, mean).view([1, 1, width]).sub(column(mean, 1)); // [U, 1, W]
  const [cosine, sine] = [theta.cos().view([-1, 1, 1]), theta.sin().view([-1, 1, 1])];
  const std = window.std.clamp({ min: SMALLEST_STD });
  const along = y.mul(cosine).add(x.mul(sine)).div(column(std, 0)); // [U, H, W]
  const across = x.mul(cosine).sub(y.mul(sine)).div(column(std, 1)); // [U, H, W]
  const weights = along.pow(2).add(across.pow(2)).mul(-0.5).exp();
  return weights.div(weights.sum({ dim: [-1, -2], keepdim: true }).add(1e-8));
}

/** One of two columns of [U, 2] as [U, 1, 1]. */
const column = (values: Tensor, index: number): Tensor => values.select(1, index).view([-1, 1, 1]);

/** The places of n pixels, the centre at 0. They stay exact where the parameters are of few bits. */
function pixels(count: number, like: Tensor): Tensor {
  const dtype = like.dtype === 'float64' ? 'float64' : 'float32';
  return linspace(-(count - 1) / 2, (count - 1) / 2, count, { dtype, device: like.device });
}

/** The map that a readout reads: of features over time, the last moment. Shape: [B, C, T, H, W] or [B, C, H, W] -> [B, C, H, W].
 *  @throws {ShapeError} for other shapes, other channels and maps without a pixel. */
export function lastMap(features: Tensor, readout: string, inChannels: number): Tensor {
  const { shape } = features;
  const isFit = (shape.length === 5 || shape.length === 4) && shape[1] === inChannels && !shape.slice(2).includes(0);
  if (!isFit)
    throw new ShapeError(
      `Cannot apply ${readout}: expected features [B, ${inChannels}, T, H, W] or [B, ${inChannels}, H, W] with at least one moment and pixel, got [${shape.join(', ')}]`,
    );
  return shape.length === 5 ? features.select(2, -1) : features;
}
