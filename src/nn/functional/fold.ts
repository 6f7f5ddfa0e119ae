// Windows of a picture as columns, and back.

import { readOptions } from '../../tensor/arguments.ts';
import { col2im, im2col } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Sizes, sizesFor } from '../sizes.ts';

export interface FoldOptions {
  /** Default 1. */
  dilation?: Sizes;
  /** Zeros around the picture. Default 0. */
  padding?: Sizes;
  /** Default 1. */
  stride?: Sizes;
}

type WindowSizes = readonly [readonly number[], readonly number[], readonly number[], readonly number[]];

function windows(name: string, kernelSize: Sizes, options: FoldOptions): WindowSizes {
  readOptions(name, ['dilation', 'padding', 'stride'], options);
  const action = `call ${name}`;
  return [
    sizesFor(action, kernelSize, 2, 'kernelSize', 1),
    sizesFor(action, options.dilation ?? 1, 2, 'dilation', 1),
    sizesFor(action, options.padding ?? 0, 2, 'padding'),
    sizesFor(action, options.stride ?? 1, 2, 'stride', 1),
  ];
}

/** Every window as a column. Shape: [N, C, H, W] -> [N, C * kernel, windows], with or without N. Source: torch.nn.functional.unfold. */
export function unfold(input: Tensor, kernelSize: Sizes, options: FoldOptions = {}): Tensor {
  return im2col(input, ...windows('unfold', kernelSize, options));
}

/** Columns put back as windows; where they lie on each other they are added. Shape: [N, C * kernel, windows] -> [N, C, *outputSize], with or without N.
 *  Source: torch.nn.functional.fold. */
export function fold(input: Tensor, outputSize: Sizes, kernelSize: Sizes, options: FoldOptions = {}): Tensor {
  const size = sizesFor('call fold', outputSize, 2, 'outputSize', 1);
  return col2im(input, size, ...windows('fold', kernelSize, options));
}
