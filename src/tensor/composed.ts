// Functions that PyTorch writes in Python over operators, as torch.unique: here in TypeScript over the same ones.

import { ShapeError } from '../errors.ts';
import { readOptions } from './arguments.ts';
import * as aten from './aten.generated.ts';
import { randn, tensor } from './create.ts';
import { qr, svd } from './linalg.generated.ts';
import { uniqueDim } from './ops.generated.ts';
import type { Tensor } from './tensor.ts';

/** The shape that tensors of these shapes have together: sizes of 1, and missing ones in front, stretch. Source: torch.broadcast_shapes.
 *  @throws {ShapeError} for shapes that do not fit.
 *  @example
 *  broadcastShapes([2, 1], [3]); // [2, 3]
 */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  const ndim = shapes.reduce((most, shape) => Math.max(most, shape.length), 0);
  return Array.from({ length: ndim }, (_, i) => {
    const sizes = shapes.map((shape) => shape[i - ndim + shape.length] ?? 1);
    const size = sizes.find((each) => each !== 1) ?? 1;
    if (sizes.every((each) => each === size || each === 1)) return size;
    const shown = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
    throw new ShapeError(`Cannot broadcast shapes: expected equal sizes or 1 in dimension ${i - ndim}, got ${shown}`);
  });
}

/** The different elements, or with `dim` the different slices along it, in ascending order. Source: torch.unique.
 *  @param options.sorted - default true; false leaves the order open.
 *  @param options.returnInverse - where each element went, as the second result; else that is empty.
 *  @param options.returnCounts - how often each was there, as the third result; else that is empty.
 *  @example
 *  unique(tensor([3, 1, 3]), { returnCounts: true }); // [tensor([1., 3.]), tensor([], dtype=torch.int64), tensor([1, 2])]
 */
export function unique(
  input: Tensor,
  options: {
    readonly sorted?: boolean | undefined;
    readonly returnInverse?: boolean | undefined;
    readonly returnCounts?: boolean | undefined;
    readonly dim?: number | undefined;
  } = {},
): readonly [output: Tensor, inverse: Tensor, counts: Tensor] {
  readOptions('unique', ['sorted', 'returnInverse', 'returnCounts', 'dim'], options);
  const { dim, ...rest } = options;
  if (dim === undefined) return aten._unique2(input, rest.sorted ?? true, rest.returnInverse, rest.returnCounts);
  const [output, inverse, counts] = uniqueDim(input, dim, rest);
  // This operator counts and places whether it is asked or not.
  return [output, rest.returnInverse ? inverse : emptied(inverse), rest.returnCounts ? counts : emptied(counts)];
}

function emptied(unwanted: Tensor): Tensor {
  unwanted.dispose();
  return tensor([], { dtype: 'int64' });
}

/** Positions in a flattened tensor of this shape as one tensor of indices a dimension. Source: torch.unravel_index.
 *  @throws {ShapeError} for a shape of no dimensions.
 *  @example
 *  unravelIndex(tensor([4n]), [2, 3]); // [tensor([1]), tensor([1])]
 */
export function unravelIndex(indices: Tensor, shape: readonly number[]): Tensor[] {
  if (shape.length === 0)
    throw new ShapeError('Cannot unravel an index: expected a shape of at least one dimension, got []');
  let step = shape.reduce((product, size) => product * size, 1);
  return shape.map((size) => {
    step /= Math.max(size, 1);
    const whole = indices.div(step, { roundingMode: 'floor' });
    const index = whole.remainder(size);
    whole.dispose();
    return index;
  });
}

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);

/** The sum of products over pairs of dimensions, one of each tensor.
 *  Shape: the dimensions of `a` that are left, then those of `b`. Source: torch.tensordot.
 *  @param options.dims - how many: the last of `a` with the first of `b`; or which: those of `a`, and beside them those of `b`. Default 2.
 *  @throws {RangeError} for a number that is negative or above the dimensions of either.  @throws {TypeError} for what is neither a number nor two lists.
 *  @throws {NativeError} for pairs of different sizes.
 *  @example
 *  tensordot(ones([2, 3, 4]), ones([3, 4, 5])).shape; // [2, 5]
 *  tensordot(ones([2, 3]), ones([3, 4]), { dims: 1 }).shape; // [2, 4]
 *  tensordot(ones([2, 3, 4]), ones([4, 3, 5]), { dims: [[1, 2], [1, 0]] }).shape; // [2, 5] */
export function tensordot(
  a: Tensor,
  b: Tensor,
  options: { readonly dims?: number | readonly [readonly number[], readonly number[]] | undefined } = {},
): Tensor {
  readOptions('tensordot', ['dims'], options);
  const { dims = 2 } = options;
  if (typeof dims !== 'number') {
    if (!Array.isArray(dims) || dims.length !== 2 || !dims.every(Array.isArray))
      throw new TypeError(
        `Cannot call tensordot: expected dims to be a number or two lists of dimensions, got ${JSON.stringify(dims)}`,
      );
    return aten.tensordot(a, b, dims[0], dims[1]);
  }
  const most = Math.min(a.ndim, b.ndim);
  if (!(Number.isInteger(dims) && dims >= 0 && dims <= most))
    throw new RangeError(
      `Cannot call tensordot: expected dims from 0 to ${most} for shapes [${a.shape.join(', ')}] and [${b.shape.join(', ')}], got ${dims}`,
    );
  return aten.tensordot(a, b, range(-dims, 0), range(0, dims));
}

export interface LowRankOptions {
  /** How many singular values to look for. Default 6; of `pcaLowrank` at most as many as there are. */
  readonly q?: number | undefined;
  /** Rounds that make the result more exact. Default 2. */
  readonly niter?: number | undefined;
}

/** The largest singular values of a matrix, or a batch of them, with their vectors, from random projections: quick for large matrices of low rank.
 *  Draws from the default generator. Source: torch.svd_lowrank; Halko et al. 2009, arXiv:0909.4061.
 *  @param options.M - subtracted from the matrix first.
 *  @returns U [..., m, q], S [..., q] and V [..., n, q] with input about U diag(S) V^H. */
export function svdLowrank(
  input: Tensor,
  options: LowRankOptions & { readonly M?: Tensor | undefined } = {},
): readonly [U: Tensor, S: Tensor, V: Tensor] {
  readOptions('svdLowrank', ['q', 'niter', 'M'], options);
  const { q = 6, niter = 2, M } = options;
  const matrix = M === undefined ? input : input.sub(M);
  const isWide = matrix.size(-2) < matrix.size(-1);
  const tall = isWide ? matrix.mH : matrix;
  const basis = approximateBasis(tall, q, niter);
  const [u, S, vh] = svd(basis.mH.matmul(tall), { fullMatrices: false });
  const [left, right] = [basis.matmul(u), vh.mH];
  return isWide ? [right, S, left] : [left, S, right];
}

/** Principal components: `svdLowrank` of a matrix whose columns have had their means taken away. Source: torch.pca_lowrank.
 *  @param options.center - take the means away. Default true.
 *  @returns U, S and V; the first columns of V are the main directions of the rows. */
export function pcaLowrank(
  input: Tensor,
  options: LowRankOptions & { readonly center?: boolean | undefined } = {},
): readonly [U: Tensor, S: Tensor, V: Tensor] {
  readOptions('pcaLowrank', ['q', 'niter', 'center'], options);
  const { q = Math.min(6, input.size(-2), input.size(-1)), niter, center = true } = options;
  return svdLowrank(center ? input.sub(input.mean({ dim: -2, keepdim: true })) : input, { q, niter });
}

/** An orthonormal basis of about the span of a matrix's columns. */
function approximateBasis(matrix: Tensor, q: number, niter: number): Tensor {
  const start = randn([matrix.size(-1), q], { dtype: matrix.dtype, device: matrix.device });
  let [basis] = qr(matrix.matmul(start));
  for (let round = 0; round < niter; round++) {
    const [across] = qr(matrix.mH.matmul(basis));
    [basis] = qr(matrix.matmul(across));
  }
  return basis;
}
