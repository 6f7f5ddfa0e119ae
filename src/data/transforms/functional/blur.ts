// Smoothing pictures.
import { ShapeError } from '../../../errors.ts';
import { conv2d, pad } from '../../../nn/functional/index.ts';
import { readOptions } from '../../../tensor/arguments.ts';
import type { DType } from '../../../tensor/dtype.ts';
import { isFloatingDType, linspace, type Tensor, tensor } from '../../../tensor/index.ts';
import { batched, checkPictures, computeDType, describe, numPictures } from '../pictures.ts';

/** Edges of a kernel: one number for both, or [along x, along y]; odd. */
export type KernelSize = number | readonly [x: number, y: number];

/** Deviations along x and y in pixels; a list of pairs has one a picture. */
export type Sigma = number | readonly [x: number, y: number] | readonly (readonly [x: number, y: number])[];

/** Pictures smoothed by a Gaussian; edges are mirrored. Shape: [..., C, H, W], unchanged.
 *  @param kernelSize - odd, and at most 2 min(H, W) - 1.
 *  @param options.sigma - above 0, in pixels; for all pictures (torchvision's bits), or in a list one pair a picture. Default 0.15 kernelSize + 0.35.
 *  @throws {RangeError} for even kernels and deviations that are not above 0.  @throws {ShapeError} for a kernel larger than what can be mirrored.
 *  Source: torchvision.transforms.v2.functional.gaussian_blur. */
export function gaussianBlur(
  image: Tensor,
  kernelSize: KernelSize,
  options: { sigma?: Sigma | undefined } = {},
): Tensor {
  readOptions('gaussianBlur', ['sigma'], options);
  const action = 'blur pictures';
  checkPictures(action, image);
  const [kernelX, kernelY] = kernelOf(action, kernelSize);
  const { sigma = [0.15 * kernelX + 0.35, 0.15 * kernelY + 0.35] } = options;
  const sigmas = sigmasOf(action, sigma, image);
  const [marginX, marginY] = [(kernelX - 1) / 2, (kernelY - 1) / 2];
  if (marginX >= image.size(-1) || marginY >= image.size(-2))
    throw new ShapeError(
      `Cannot ${action}: expected a kernel of at most [${2 * image.size(-1) - 1}, ${2 * image.size(-2) - 1}] for pictures of [${image.size(-2)}, ${image.size(-1)}], got [${kernelX}, ${kernelY}]`,
    );
  if (image.numel === 0) return image;
  return batched(image, (images) => {
    const [count, channels, height, width] = images.shape as [number, number, number, number];
    const dtype = computeDType(images);
    const kernel = gaussianKernel(
      kernelY,
      sigmas.map(([, y]) => y),
      dtype,
    )
      .unsqueeze(-1)
      .mul(
        gaussianKernel(
          kernelX,
          sigmas.map(([x]) => x),
          dtype,
        ).unsqueeze(-2),
      )
      .to(images.device); // [1 or N, kernelY, kernelX]
    const padded = pad(images.to(dtype), [marginX, marginX, marginY, marginY], { mode: 'reflect' });
    const isShared = !isListOfPairs(sigma);
    // With a kernel a picture, every channel of every picture is a group of its own, as if they were channels of one picture.
    const blurred = isShared
      ? conv2d(padded, kernel.expand([channels, 1, kernelY, kernelX]), { groups: channels })
      : conv2d(
          padded.reshape([1, count * channels, padded.size(2), padded.size(3)]),
          kernel.unsqueeze(1).repeatInterleave(channels, { dim: 0 }),
          { groups: count * channels },
        ).view([count, channels, height, width]);
    return isFloatingDType(image.dtype) ? blurred : blurred.round_().to(image.dtype);
  });
}

/** [1 or N, size], sums of 1. Rule: softmax of -(x / sigma)^2 at places a unit of sqrt(2) apart. */
function gaussianKernel(size: number, sigmas: readonly number[], dtype: DType): Tensor {
  const reach = (size - 1) / (2 * Math.sqrt(2));
  const places = linspace(-reach, reach, size, { dtype });
  const deviations = tensor(Float64Array.from(sigmas)).to(dtype).unsqueeze(-1);
  return places.div(deviations).pow(2).neg().softmax(-1);
}

/** @throws {RangeError} for what is no odd kernel. */
export function kernelOf(action: string, kernelSize: KernelSize): readonly [x: number, y: number] {
  const pair = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
  const isOdd = (edge: number): boolean => Number.isInteger(edge) && edge > 0 && edge % 2 === 1;
  if (Array.isArray(pair) && pair.length === 2 && pair.every(isOdd))
    return pair as unknown as readonly [number, number];
  throw new RangeError(
    `Cannot ${action}: expected kernelSize of odd numbers above 0, one or [x, y], got ${describe(kernelSize)}`,
  );
}

function isListOfPairs(sigma: Sigma): sigma is readonly (readonly [number, number])[] {
  return Array.isArray(sigma) && sigma.every(Array.isArray);
}

function sigmasOf(action: string, sigma: Sigma, image: Tensor): readonly (readonly [x: number, y: number])[] {
  const pairs = typeof sigma === 'number' ? [[sigma, sigma] as const] : isListOfPairs(sigma) ? sigma : [sigma];
  const isFitting = !isListOfPairs(sigma) || sigma.length === numPictures(image);
  const isPair = (pair: readonly number[]): boolean =>
    Array.isArray(pair) && pair.length === 2 && pair.every((value) => value > 0 && Number.isFinite(value));
  if (isFitting && pairs.every(isPair)) return pairs;
  throw new RangeError(
    `Cannot ${action}: expected sigma above 0, one or [x, y], or a pair for each of ${numPictures(image)} pictures, got ${describe(sigma)}`,
  );
}
