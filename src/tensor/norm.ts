// The norm of PyTorch's `torch.norm`, which picks among operators by the kind of `p`.

import { readOptions } from './arguments.ts';
import * as aten from './aten.generated.ts';
import type { DType } from './dtype.ts';
import { matrixNorm, vectorNorm } from './linalg.generated.ts';
import { frobeniusNorm, nuclearNorm } from './ops.generated.ts';
import type { Tensor } from './tensor.ts';

export interface NormOptions {
  /** The order: a number, infinities and 0 included; 'fro', the root of the sum of squares; 'nuc', the sum of the singular values. Default 'fro'. */
  readonly p?: number | 'fro' | 'nuc' | undefined;
  /** The dimension or dimensions that go. Default all; 'nuc' wants two. */
  readonly dim?: number | readonly number[] | undefined;
  /** Keep them with size 1. Default false. */
  readonly keepdim?: boolean | undefined;
  /** What floating and complex input is converted to before, and the result's dtype. */
  readonly dtype?: DType | undefined;
}

const NAMES: readonly string[] = ['p', 'dim', 'keepdim', 'dtype'];

/** The p-norm of all elements, or of those along `dim`: (sum |x|^p)^(1/p), by default the length. Of a matrix too it is that of its elements, unless
 *  `p` is 'nuc'; `linalg.matrixNorm` has the others.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`. Source: torch.norm.
 *  @throws {RangeError} for another name.  @throws {NativeError} for 'fro' along more than two dimensions, 'nuc' along other than two, integers: convert them before.
 *  @example
 *  norm(tensor([[3, 4], [6, 8]]), { dim: 1 }); // tensor([ 5., 10.])
 *  norm(tensor([[3, 4]]), { p: Infinity }); // tensor(4.)
 *  norm(tensor([[3.5, 0], [0, 4]]), { p: 'nuc' }); // tensor(7.5000) */
export function norm(input: Tensor, options: NormOptions = {}): Tensor {
  readOptions('norm', NAMES, options);
  const { p = 'fro', keepdim, dtype } = options;
  const dim = typeof options.dim === 'number' ? [options.dim] : options.dim;
  if (typeof p === 'string' && p !== 'fro' && p !== 'nuc')
    throw new RangeError(`Cannot call norm: expected p to be a number, "fro" or "nuc", got ${JSON.stringify(p)}`);
  if (input.layout !== 'strided') return sparseNorm(input, p, dim, { keepdim, dtype });
  if (typeof p === 'number') return vectorNorm(input, { ord: p, dim, keepdim, dtype });
  if (p === 'fro' && (dim === undefined || dim.length <= 2)) return vectorNorm(input, { ord: 2, dim, keepdim, dtype });
  return matrixNorm(input, { ord: p, dim: dim ?? allDims(input), keepdim, dtype });
}

const allDims = (input: Tensor): number[] => Array.from({ length: input.ndim }, (_, i) => i);

/** The operators that sparse tensors have. */
function sparseNorm(
  input: Tensor,
  p: number | 'fro' | 'nuc',
  dim: readonly number[] | undefined,
  { keepdim, dtype }: Pick<NormOptions, 'keepdim' | 'dtype'>,
): Tensor {
  if (typeof p === 'string' && dtype !== undefined)
    throw new TypeError(
      `Cannot call norm: expected no dtype beside ${p} of a sparse tensor, got ${dtype}; convert it with to()`,
    );
  if (p === 'fro') return frobeniusNorm(input, dim ?? [], { keepdim });
  if (p === 'nuc') return dim === undefined ? nuclearNorm(input, { keepdim }) : nuclearNorm(input, { dim, keepdim });
  const dims = dim ?? allDims(input);
  return dtype === undefined
    ? aten.norm$ScalarOpt_dim(input, p, dims, keepdim)
    : aten.norm$ScalarOpt_dim_dtype(input, p, dims, keepdim ?? false, dtype);
}
