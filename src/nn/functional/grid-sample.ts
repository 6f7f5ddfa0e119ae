// Sampling a picture at the places of a grid: rotation, scaling and shifting of a whole batch at once.

import { readOptions } from '../../tensor/arguments.ts';
import { gridSampler } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

const MODES = { bilinear: 0, nearest: 1, bicubic: 2 } as const;
const PADDING = { zeros: 0, border: 1, reflection: 2 } as const;

/** The input at the places that `grid` names, in coordinates from -1 to 1.
 *  Shape: input [N, C, H, W], grid [N, H', W', 2] as (x, y) -> [N, C, H', W'].
 *  @param options.mode - default 'bilinear'.  @param options.paddingMode - what lies outside; default 'zeros'.
 *  @param options.alignCorners - whether -1 and 1 are the centres of the corner pixels; default false.
 *  Source: Jaderberg et al. 2015, arXiv:1506.02025; torch.nn.functional.grid_sample. */
export function gridSample(
  input: Tensor,
  grid: Tensor,
  options: { mode?: keyof typeof MODES; paddingMode?: keyof typeof PADDING; alignCorners?: boolean } = {},
): Tensor {
  readOptions('gridSample', ['mode', 'paddingMode', 'alignCorners'], options);
  const { mode = 'bilinear', paddingMode = 'zeros', alignCorners = false } = options;
  const refuse = (name: string, codes: object, got: unknown): never => {
    throw new RangeError(
      `Cannot apply gridSample: expected ${name} of ${Object.keys(codes).join(', ')}, got "${String(got)}"`,
    );
  };
  if (!Object.hasOwn(MODES, mode)) refuse('mode', MODES, mode);
  if (!Object.hasOwn(PADDING, paddingMode)) refuse('paddingMode', PADDING, paddingMode);
  return gridSampler(input, grid, MODES[mode], PADDING[paddingMode], alignCorners);
}
