// The operators of torch.linalg. Made by scripts/generate-operators.mjs from operators.facts.json; change those, then run `npm run generate`.

import type { Scalar } from './arguments.ts';
import { readOptions, unfit } from './arguments.ts';
import { call, h, handles, wrap, wrapTuple } from './call.ts';
import { type DType, dtypeCode } from './dtype.ts';
import type { Tensor } from './tensor.ts';

const OPTIONS_0: readonly string[] = ['upper'];
const OPTIONS_1: readonly string[] = ['upper', 'checkErrors'];
const OPTIONS_2: readonly string[] = ['p'];
const OPTIONS_3: readonly string[] = ['dim'];
const OPTIONS_4: readonly string[] = ['offset', 'dim1', 'dim2'];
const OPTIONS_5: readonly string[] = ['UPLO'];
const OPTIONS_6: readonly string[] = ['checkErrors'];
const OPTIONS_7: readonly string[] = ['hermitian'];
const OPTIONS_8: readonly string[] = ['hermitian', 'checkErrors'];
const OPTIONS_9: readonly string[] = ['rcond', 'driver'];
const OPTIONS_10: readonly string[] = ['pivot'];
const OPTIONS_11: readonly string[] = ['pivot', 'checkErrors'];
const OPTIONS_12: readonly string[] = ['left', 'adjoint'];
const OPTIONS_13: readonly string[] = ['ord', 'dim', 'keepdim', 'dtype'];
const OPTIONS_14: readonly string[] = ['tol', 'hermitian', 'atol', 'rtol'];
const OPTIONS_15: readonly string[] = ['rcond', 'hermitian', 'atol', 'rtol'];
const OPTIONS_16: readonly string[] = ['mode'];
const OPTIONS_17: readonly string[] = ['left'];
const OPTIONS_18: readonly string[] = ['left', 'checkErrors'];
const OPTIONS_19: readonly string[] = ['upper', 'left', 'unitriangular'];
const OPTIONS_20: readonly string[] = ['fullMatrices', 'driver'];
const OPTIONS_21: readonly string[] = ['driver'];
const OPTIONS_22: readonly string[] = ['ind'];
const OPTIONS_23: readonly string[] = ['dims'];
const OPTIONS_24: readonly string[] = ['N'];

/** The lower triangle L for which L L^H is the matrix, which has to be positive definite.
 *  Shape: [*, N, N] -> [*, N, N].
 *
 *  `linalg_cholesky(Tensor self, *, bool upper=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.cholesky.html
 *  @example
 *  linalg.cholesky(tensor([[4, 2], [2, 5]])); // tensor([[2., 0.], [1., 2.]]) */
export function cholesky(input: Tensor, options?: { upper?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(717, h(input)));
  readOptions('cholesky', OPTIONS_0, options);
  return wrap(call(717, h(input), options.upper));
}

/** The lower triangle L for which L L^H is the matrix and, in place of an error, a number that is not 0 where there is none.
 *  Shape: [*, N, N] -> [*, N, N], [*].
 *
 *  `linalg_cholesky_ex(Tensor self, *, bool upper=False, bool check_errors=False) -> (Tensor L, Tensor info)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.cholesky_ex.html
 *  @example
 *  linalg.choleskyEx(tensor([[-1]]))[1]; // tensor(1, dtype=torch.int32) */
export function choleskyEx(input: Tensor, options?: { upper?: boolean | undefined; checkErrors?: boolean | undefined }): readonly [L: Tensor, info: Tensor] {
  if (options === undefined) return wrapTuple<readonly [L: Tensor, info: Tensor]>(call(718, h(input)));
  readOptions('choleskyEx', OPTIONS_1, options);
  return wrapTuple<readonly [L: Tensor, info: Tensor]>(call(718, h(input), options.upper, options.checkErrors));
}

/** How much a matrix may magnify errors: its largest singular value over its smallest.
 *  Shape: [*, N, M] -> [*].
 *
 *  `linalg_cond.p_str(Tensor self, str p) -> Tensor`
 *  `linalg_cond(Tensor self, Scalar? p=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.cond.html
 *  @example
 *  linalg.cond(tensor([[9, 0], [0, 2]])); // tensor(4.5000) */
export function cond(input: Tensor, options?: { p?: string | Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(719, h(input)));
  const given = readOptions('cond', OPTIONS_2, options);
  if ((given & 1) === 1 && typeof options.p === 'string') return wrap(call(720, h(input), options.p));
  if (typeof options.p !== 'string') return wrap(call(719, h(input), options.p));
  throw unfit('cond', 'cond(input: Tensor, { p: string }) or cond(input: Tensor, { p?: Scalar })', [input, options]);
}

/** The vector that stands on both of two vectors in space, along `dim` (default the last).
 *  Shape: [*, 3], [*, 3] -> [*, 3].
 *
 *  `linalg_cross(Tensor self, Tensor other, *, int dim=-1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.cross.html
 *  @example
 *  linalg.cross(tensor([[0, 1, 0]]), tensor([[0, 0, 1]])); // tensor([[1., 0., 0.]]) */
export function cross(input: Tensor, other: Tensor, options?: { dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(721, h(input), h(other)));
  readOptions('cross', OPTIONS_3, options);
  return wrap(call(721, h(input), h(other), options.dim));
}

/** Another name of `det`. The determinant: by how much a matrix scales volumes.
 *  Shape: [*, N, N] -> [*].
 *
 *  `linalg_det(Tensor A) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.det.html
 *  @example
 *  tensor([[2, 0], [1, 3]]).det(); // tensor(6.) */
export function det(A: Tensor): Tensor {
  return wrap(call(722, h(A)));
}

/** The diagonal of the last two dimensions, as a view.
 *  Shape: [*, N, N] -> [*, N].
 *
 *  `linalg_diagonal(Tensor(a) A, *, int offset=0, int dim1=-2, int dim2=-1) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.diagonal.html
 *  @example
 *  linalg.diagonal(ones([5, 2, 3])).shape; // [5, 2] */
export function diagonal(A: Tensor, options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(723, h(A)));
  readOptions('diagonal', OPTIONS_4, options);
  return wrap(call(723, h(A), options.offset, options.dim1, options.dim2));
}

/** Eigenvalues and eigenvectors, always complex.
 *  Shape: [*, N, N] -> [*, N], [*, N, N].
 *
 *  `linalg_eig(Tensor self) -> (Tensor eigenvalues, Tensor eigenvectors)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.eig.html
 *  @example
 *  linalg.eig(tensor([[2, 1], [0, 3.5]]))[0]; // tensor([2.0000+0.j, 3.5000+0.j]) */
export function eig(input: Tensor): readonly [eigenvalues: Tensor, eigenvectors: Tensor] {
  return wrapTuple<readonly [eigenvalues: Tensor, eigenvectors: Tensor]>(call(724, h(input)));
}

/** Eigenvalues in ascending order and eigenvectors of a symmetric matrix, of which one triangle is read.
 *  Shape: [*, N, N] -> [*, N], [*, N, N].
 *
 *  `linalg_eigh(Tensor self, str UPLO="L") -> (Tensor eigenvalues, Tensor eigenvectors)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.eigh.html
 *  @example
 *  linalg.eigh(tensor([[2.5, 1], [1, 2.5]]))[0]; // tensor([1.5000, 3.5000]) */
export function eigh(input: Tensor, options?: { UPLO?: string | undefined }): readonly [eigenvalues: Tensor, eigenvectors: Tensor] {
  if (options === undefined) return wrapTuple<readonly [eigenvalues: Tensor, eigenvectors: Tensor]>(call(725, h(input)));
  readOptions('eigh', OPTIONS_5, options);
  return wrapTuple<readonly [eigenvalues: Tensor, eigenvectors: Tensor]>(call(725, h(input), options.UPLO));
}

/** The eigenvalues, always complex.
 *  Shape: [*, N, N] -> [*, N].
 *
 *  `linalg_eigvals(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.eigvals.html
 *  @example
 *  linalg.eigvals(tensor([[0, -1], [1, 0]])).imag.round(); // tensor([ 1., -1.]) */
export function eigvals(input: Tensor): Tensor {
  return wrap(call(726, h(input)));
}

/** The eigenvalues of a symmetric matrix in ascending order.
 *  Shape: [*, N, N] -> [*, N].
 *
 *  `linalg_eigvalsh(Tensor self, str UPLO="L") -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.eigvalsh.html
 *  @example
 *  linalg.eigvalsh(tensor([[5.5, 0], [0, 3]])); // tensor([3.0000, 5.5000]) */
export function eigvalsh(input: Tensor, options?: { UPLO?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(727, h(input)));
  readOptions('eigvalsh', OPTIONS_5, options);
  return wrap(call(727, h(input), options.UPLO));
}

/** The orthonormal Q that `geqrf` keeps as reflections.
 *
 *  `linalg_householder_product(Tensor input, Tensor tau) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.householder_product.html
 *  @example
 *  const [a, tau] = tensor([[3], [4.5]]).geqrf();
 *  linalg.householderProduct(a, tau).abs(); // tensor([[0.5547], [0.8321]]) */
export function householderProduct(input: Tensor, tau: Tensor): Tensor {
  return wrap(call(728, h(input), h(tau)));
}

/** The matrix that undoes this one.
 *  Shape: [*, N, N] -> [*, N, N].
 *
 *  `linalg_inv(Tensor A) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.inv.html
 *  @example
 *  linalg.inv(tensor([[1, 1], [0, 1]])); // tensor([[ 1., -1.], [ 0.,  1.]]) */
export function inv(A: Tensor): Tensor {
  return wrap(call(729, h(A)));
}

/** The inverse and, in place of an error, a number that is not 0 where a matrix has none.
 *  Shape: [*, N, N] -> [*, N, N], [*].
 *
 *  `linalg_inv_ex(Tensor A, *, bool check_errors=False) -> (Tensor inverse, Tensor info)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.inv_ex.html
 *  @example
 *  linalg.invEx(tensor([[2]])); // [tensor([[0.5000]]), tensor(0, dtype=torch.int32)] */
export function invEx(A: Tensor, options?: { checkErrors?: boolean | undefined }): readonly [inverse: Tensor, info: Tensor] {
  if (options === undefined) return wrapTuple<readonly [inverse: Tensor, info: Tensor]>(call(730, h(A)));
  readOptions('invEx', OPTIONS_6, options);
  return wrapTuple<readonly [inverse: Tensor, info: Tensor]>(call(730, h(A), options.checkErrors));
}

/** `linalg_ldl_factor(Tensor self, *, bool hermitian=False) -> (Tensor LD, Tensor pivots)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.ldl_factor.html */
export function ldlFactor(input: Tensor, options?: { hermitian?: boolean | undefined }): readonly [LD: Tensor, pivots: Tensor] {
  if (options === undefined) return wrapTuple<readonly [LD: Tensor, pivots: Tensor]>(call(731, h(input)));
  readOptions('ldlFactor', OPTIONS_7, options);
  return wrapTuple<readonly [LD: Tensor, pivots: Tensor]>(call(731, h(input), options.hermitian));
}

/** `linalg_ldl_factor_ex(Tensor self, *, bool hermitian=False, bool check_errors=False) -> (Tensor LD, Tensor pivots, Tensor info)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.ldl_factor_ex.html */
export function ldlFactorEx(input: Tensor, options?: { hermitian?: boolean | undefined; checkErrors?: boolean | undefined }): readonly [LD: Tensor, pivots: Tensor, info: Tensor] {
  if (options === undefined) return wrapTuple<readonly [LD: Tensor, pivots: Tensor, info: Tensor]>(call(732, h(input)));
  readOptions('ldlFactorEx', OPTIONS_8, options);
  return wrapTuple<readonly [LD: Tensor, pivots: Tensor, info: Tensor]>(call(732, h(input), options.hermitian, options.checkErrors));
}

/** `linalg_ldl_solve(Tensor LD, Tensor pivots, Tensor B, *, bool hermitian=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.ldl_solve.html */
export function ldlSolve(LD: Tensor, pivots: Tensor, B: Tensor, options?: { hermitian?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(733, h(LD), h(pivots), h(B)));
  readOptions('ldlSolve', OPTIONS_7, options);
  return wrap(call(733, h(LD), h(pivots), h(B), options.hermitian));
}

/** The X for which A X comes closest to B; beside it residuals, rank and singular values, as far as the driver gives them.
 *  Shape: A [*, N, M], B [*, N, K] -> [*, M, K], ….
 *
 *  `linalg_lstsq(Tensor self, Tensor b, float? rcond=None, *, str? driver=None) -> (Tensor solution, Tensor residuals, Tensor rank, Tensor singular_values)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.lstsq.html
 *  @example
 *  const line = linalg.lstsq(tensor([[1, 1], [1, 2], [1, 3]]), tensor([[2], [4], [6]]))[0];
 *  line.mul(1000).round().div(1000).abs(); // tensor([[0.], [2.]]) */
export function lstsq(input: Tensor, b: Tensor, options?: { rcond?: number | undefined; driver?: string | undefined }): readonly [solution: Tensor, residuals: Tensor, rank: Tensor, singularValues: Tensor] {
  if (options === undefined) return wrapTuple<readonly [solution: Tensor, residuals: Tensor, rank: Tensor, singularValues: Tensor]>(call(734, h(input), h(b)));
  readOptions('lstsq', OPTIONS_9, options);
  return wrapTuple<readonly [solution: Tensor, residuals: Tensor, rank: Tensor, singularValues: Tensor]>(call(734, h(input), h(b), options.rcond, options.driver));
}

/** P, L and U, whose product is the matrix: rows exchanged, a lower and an upper triangle.
 *  Shape: [*, N, M] -> [*, N, N], [*, N, K], [*, K, M], where K = min(N, M).
 *
 *  `linalg_lu(Tensor A, *, bool pivot=True) -> (Tensor P, Tensor L, Tensor U)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.lu.html
 *  @example
 *  linalg.lu(tensor([[0, 2], [4, 8]])); // [tensor([[0., 1.], [1., 0.]]), tensor([[1., 0.], [0., 1.]]), tensor([[4., 8.], [0., 2.]])] */
export function lu(A: Tensor, options?: { pivot?: boolean | undefined }): readonly [P: Tensor, L: Tensor, U: Tensor] {
  if (options === undefined) return wrapTuple<readonly [P: Tensor, L: Tensor, U: Tensor]>(call(735, h(A)));
  readOptions('lu', OPTIONS_10, options);
  return wrapTuple<readonly [P: Tensor, L: Tensor, U: Tensor]>(call(735, h(A), options.pivot));
}

/** Both triangles of the LU decomposition in one matrix, and which row went where.
 *  Shape: [*, N, M] -> [*, N, M], [*, K], where K = min(N, M).
 *
 *  `linalg_lu_factor(Tensor A, *, bool pivot=True) -> (Tensor LU, Tensor pivots)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.lu_factor.html
 *  @example
 *  linalg.luFactor(tensor([[0, 2], [4, 8]])); // [tensor([[4., 8.], [0., 2.]]), tensor([2, 2], dtype=torch.int32)] */
export function luFactor(A: Tensor, options?: { pivot?: boolean | undefined }): readonly [LU: Tensor, pivots: Tensor] {
  if (options === undefined) return wrapTuple<readonly [LU: Tensor, pivots: Tensor]>(call(736, h(A)));
  readOptions('luFactor', OPTIONS_10, options);
  return wrapTuple<readonly [LU: Tensor, pivots: Tensor]>(call(736, h(A), options.pivot));
}

/** `linalg_lu_factor_ex(Tensor A, *, bool pivot=True, bool check_errors=False) -> (Tensor LU, Tensor pivots, Tensor info)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.lu_factor_ex.html */
export function luFactorEx(A: Tensor, options?: { pivot?: boolean | undefined; checkErrors?: boolean | undefined }): readonly [LU: Tensor, pivots: Tensor, info: Tensor] {
  if (options === undefined) return wrapTuple<readonly [LU: Tensor, pivots: Tensor, info: Tensor]>(call(737, h(A)));
  readOptions('luFactorEx', OPTIONS_11, options);
  return wrapTuple<readonly [LU: Tensor, pivots: Tensor, info: Tensor]>(call(737, h(A), options.pivot, options.checkErrors));
}

/** The X for which A X = B, out of what `luFactor` gave for A.
 *
 *  `linalg_lu_solve(Tensor LU, Tensor pivots, Tensor B, *, bool left=True, bool adjoint=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.lu_solve.html
 *  @example
 *  const [LU, pivots] = linalg.luFactor(tensor([[0, 2], [4, 8]]));
 *  linalg.luSolve(LU, pivots, tensor([[4], [20]])); // tensor([[1.], [2.]]) */
export function luSolve(LU: Tensor, pivots: Tensor, B: Tensor, options?: { left?: boolean | undefined; adjoint?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(738, h(LU), h(pivots), h(B)));
  readOptions('luSolve', OPTIONS_12, options);
  return wrap(call(738, h(LU), h(pivots), h(B), options.left, options.adjoint));
}

/** Another name of `matmul`. The matrix product; of batches, matrix by matrix; of two vectors, their dot product.
 *  Shape: [*, N, K], [*, K, M] -> [*, N, M], with leading dimensions broadcast; a vector counts as a row or a column, and that dimension is dropped.
 *
 *  `linalg_matmul(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.matmul.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).matmul(tensor([10, 1])); // tensor([12., 34.])
 *  ones([5, 2, 3]).matmul(ones([3, 4])).shape; // [5, 2, 4] */
export function matmul(input: Tensor, other: Tensor): Tensor {
  return wrap(call(739, h(input), h(other)));
}

/** Another name of `matrixExp`. The exponential series of a matrix: I + A + A^2/2 + A^3/6 + …, without end.
 *  Shape: [*, N, N] -> [*, N, N].
 *
 *  `linalg_matrix_exp(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.matrix_exp.html
 *  @example
 *  tensor([[0, 0.5], [0, 0]]).matrixExp(); // tensor([[1.0000, 0.5000], [0.0000, 1.0000]]) */
export function matrixExp(input: Tensor): Tensor {
  return wrap(call(740, h(input)));
}

/** The norm of matrices, by default Frobenius's: the root of the sum of squares.
 *  Shape: [*, N, M] -> [*].
 *
 *  `linalg_matrix_norm.str_ord(Tensor self, str ord="fro", int[] dim=[-2, -1], bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  `linalg_matrix_norm(Tensor self, Scalar ord, int[] dim=[-2, -1], bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.matrix_norm.html
 *  @example
 *  linalg.matrixNorm(tensor([[3, 0], [0, 4]])); // tensor(5.)
 *  linalg.matrixNorm(tensor([[3.5, 0], [0, 4]]), { ord: 'nuc' }); // tensor(7.5000) */
export function matrixNorm(input: Tensor, options?: { ord?: string | Scalar | undefined; dim?: readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(742, h(input)));
  const given = readOptions('matrixNorm', OPTIONS_13, options);
  if (options.ord === undefined || typeof options.ord === 'string') return wrap(call(742, h(input), options.ord, options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  if ((given & 1) === 1 && typeof options.ord !== 'string') return wrap(call(741, h(input), options.ord, options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  throw unfit('matrixNorm', 'matrixNorm(input: Tensor, { ord?: string, dim?, keepdim?, dtype? }) or matrixNorm(input: Tensor, { ord: Scalar, dim?, keepdim?, dtype? })', [input, options]);
}

/** Another name of `matrixPower`. A matrix multiplied with itself `n` times; its inverse, where `n` is negative.
 *  Shape: [*, N, N] -> [*, N, N].
 *
 *  `linalg_matrix_power(Tensor self, int n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.matrix_power.html
 *  @example
 *  tensor([[1, 1], [0, 1]]).matrixPower(5); // tensor([[1., 5.], [0., 1.]]) */
export function matrixPower(input: Tensor, n: number): Tensor {
  return wrap(call(743, h(input), n));
}

/** How many dimensions the image of a matrix has.
 *  Shape: [*, N, M] -> [*].
 *
 *  `linalg_matrix_rank(Tensor self, float tol, bool hermitian=False) -> Tensor`
 *  `linalg_matrix_rank.tol_tensor(Tensor input, Tensor tol, bool hermitian=False) -> Tensor`
 *  `linalg_matrix_rank.atol_rtol_tensor(Tensor input, *, Tensor? atol=None, Tensor? rtol=None, bool hermitian=False) -> Tensor`
 *  `linalg_matrix_rank.atol_rtol_float(Tensor self, *, float? atol=None, float? rtol=None, bool hermitian=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.matrix_rank.html
 *  @example
 *  linalg.matrixRank(tensor([[1, 2], [2, 4]])); // tensor(1) */
export function matrixRank(input: Tensor, options?: { atol?: Tensor | undefined; rtol?: Tensor | undefined; hermitian?: boolean | undefined } | { atol?: number | undefined; rtol?: number | undefined; hermitian?: boolean | undefined } | { tol: number | Tensor; hermitian?: boolean | undefined }): Tensor;
export function matrixRank(input: Tensor, options?: { tol?: number | Tensor | undefined; hermitian?: boolean | undefined; atol?: Tensor | number | undefined; rtol?: Tensor | number | undefined }): Tensor {
  if (options === undefined) return wrap(call(746, h(input)));
  const given = readOptions('matrixRank', OPTIONS_14, options);
  if ((given & 13) === 1 && typeof options.tol === 'number') return wrap(call(744, h(input), options.tol, options.hermitian));
  if ((given & 13) === 1 && typeof options.tol === 'object') return wrap(call(747, h(input), h(options.tol), options.hermitian));
  if ((given & 1) === 0 && (options.atol === undefined || typeof options.atol === 'object') && (options.rtol === undefined || typeof options.rtol === 'object')) return wrap(call(746, h(input), h(options.atol), h(options.rtol), options.hermitian));
  if ((given & 1) === 0 && (options.atol === undefined || typeof options.atol === 'number') && (options.rtol === undefined || typeof options.rtol === 'number')) return wrap(call(745, h(input), options.atol, options.rtol, options.hermitian));
  throw unfit('matrixRank', 'matrixRank(input: Tensor, { tol: number, hermitian? }) or matrixRank(input: Tensor, { tol: Tensor, hermitian? }) or matrixRank(input: Tensor, { atol?: Tensor, rtol?: Tensor, hermitian? }) or matrixRank(input: Tensor, { atol?: number, rtol?: number, hermitian? })', [input, options]);
}

/** The product of several matrices, multiplied in the cheapest order.
 *  Shape: [N, …], …, […, M] -> [N, M].
 *
 *  `linalg_multi_dot(Tensor[] tensors) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.multi_dot.html
 *  @example
 *  linalg.multiDot([ones([2, 3]), ones([3, 4]), ones([4, 1])]); // tensor([[12.], [12.]]) */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  return wrap(call(748, handles(tensors)));
}

/** A norm of vectors or matrices, by `ord`; without options, the root of the sum of all squares.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `linalg_norm.ord_str(Tensor self, str ord, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  `linalg_norm(Tensor self, Scalar? ord=None, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.norm.html
 *  @example
 *  linalg.norm(tensor([[3, 0], [0, 4]])); // tensor(5.)
 *  linalg.norm(tensor([3, -4]), { ord: Infinity }); // tensor(4.) */
export function norm(input: Tensor, options?: { ord?: string | Scalar | undefined; dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(749, h(input)));
  const given = readOptions('norm', OPTIONS_13, options);
  if ((given & 1) === 1 && typeof options.ord === 'string') return wrap(call(750, h(input), options.ord, options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  if (typeof options.ord !== 'string') return wrap(call(749, h(input), options.ord, options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  throw unfit('norm', 'norm(input: Tensor, { ord: string, dim?, keepdim?, dtype? }) or norm(input: Tensor, { ord?: Scalar, dim?, keepdim?, dtype? })', [input, options]);
}

/** The pseudo-inverse, which gives least-squares solutions for matrices of any shape.
 *  Shape: [*, N, M] -> [*, M, N].
 *
 *  `linalg_pinv(Tensor self, float rcond, bool hermitian=False) -> Tensor`
 *  `linalg_pinv.atol_rtol_float(Tensor self, *, float? atol=None, float? rtol=None, bool hermitian=False) -> Tensor`
 *  `linalg_pinv.atol_rtol_tensor(Tensor self, *, Tensor? atol=None, Tensor? rtol=None, bool hermitian=False) -> Tensor`
 *  `linalg_pinv.rcond_tensor(Tensor self, Tensor rcond, bool hermitian=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.pinv.html
 *  @example
 *  linalg.pinv(tensor([[1], [1]])); // tensor([[0.5000, 0.5000]]) */
export function pinv(input: Tensor, options?: { atol?: Tensor | undefined; rtol?: Tensor | undefined; hermitian?: boolean | undefined } | { atol?: number | undefined; rtol?: number | undefined; hermitian?: boolean | undefined } | { rcond: number | Tensor; hermitian?: boolean | undefined }): Tensor;
export function pinv(input: Tensor, options?: { rcond?: number | Tensor | undefined; hermitian?: boolean | undefined; atol?: number | Tensor | undefined; rtol?: number | Tensor | undefined }): Tensor {
  if (options === undefined) return wrap(call(752, h(input)));
  const given = readOptions('pinv', OPTIONS_15, options);
  if ((given & 13) === 1 && typeof options.rcond === 'number') return wrap(call(751, h(input), options.rcond, options.hermitian));
  if ((given & 1) === 0 && (options.atol === undefined || typeof options.atol === 'number') && (options.rtol === undefined || typeof options.rtol === 'number')) return wrap(call(752, h(input), options.atol, options.rtol, options.hermitian));
  if ((given & 1) === 0 && (options.atol === undefined || typeof options.atol === 'object') && (options.rtol === undefined || typeof options.rtol === 'object')) return wrap(call(753, h(input), h(options.atol), h(options.rtol), options.hermitian));
  if ((given & 13) === 1 && typeof options.rcond === 'object') return wrap(call(754, h(input), h(options.rcond), options.hermitian));
  throw unfit('pinv', 'pinv(input: Tensor, { rcond: number, hermitian? }) or pinv(input: Tensor, { atol?: number, rtol?: number, hermitian? }) or pinv(input: Tensor, { atol?: Tensor, rtol?: Tensor, hermitian? }) or pinv(input: Tensor, { rcond: Tensor, hermitian? })', [input, options]);
}

/** Q with orthonormal columns and an upper triangle R, whose product is the matrix.
 *  Shape: [*, N, M] -> [*, N, K], [*, K, M], where K = min(N, M).
 *
 *  `linalg_qr(Tensor A, str mode="reduced") -> (Tensor Q, Tensor R)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.qr.html
 *  @example
 *  const [q, r] = linalg.qr(tensor([[3, 1], [4, 2]]));
 *  q.matmul(r).allclose(tensor([[3, 1], [4, 2]])); // true */
export function qr(A: Tensor, options?: { mode?: string | undefined }): readonly [Q: Tensor, R: Tensor] {
  if (options === undefined) return wrapTuple<readonly [Q: Tensor, R: Tensor]>(call(755, h(A)));
  readOptions('qr', OPTIONS_16, options);
  return wrapTuple<readonly [Q: Tensor, R: Tensor]>(call(755, h(A), options.mode));
}

/** Another name of `slogdet`. The determinant's sign, and the logarithm of its size.
 *  Shape: [*, N, N] -> [*], [*].
 *
 *  `linalg_slogdet(Tensor A) -> (Tensor sign, Tensor logabsdet)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.slogdet.html
 *  @example
 *  tensor([[0, 1], [1, 0]]).slogdet(); // [tensor(-1.), tensor(0.)] */
export function slogdet(A: Tensor): readonly [sign: Tensor, logabsdet: Tensor] {
  return wrapTuple<readonly [sign: Tensor, logabsdet: Tensor]>(call(756, h(A)));
}

/** The X for which A X = B.
 *  Shape: A [*, N, N], B [*, N, K] -> [*, N, K].
 *
 *  `linalg_solve(Tensor A, Tensor B, *, bool left=True) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.solve.html
 *  @example
 *  linalg.solve(tensor([[2, 0], [0, 4]]), tensor([6, 8])); // tensor([3., 2.]) */
export function solve(A: Tensor, B: Tensor, options?: { left?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(757, h(A), h(B)));
  readOptions('solve', OPTIONS_17, options);
  return wrap(call(757, h(A), h(B), options.left));
}

/** The X for which A X = B and, in place of an error, a number that is not 0 where there is none.
 *  Shape: A [*, N, N], B [*, N, K] -> [*, N, K], [*].
 *
 *  `linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> (Tensor result, Tensor info)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.solve_ex.html
 *  @example
 *  linalg.solveEx(tensor([[2]]), tensor([6])); // [tensor([3.]), tensor(0, dtype=torch.int32)] */
export function solveEx(A: Tensor, B: Tensor, options?: { left?: boolean | undefined; checkErrors?: boolean | undefined }): readonly [result: Tensor, info: Tensor] {
  if (options === undefined) return wrapTuple<readonly [result: Tensor, info: Tensor]>(call(758, h(A), h(B)));
  readOptions('solveEx', OPTIONS_18, options);
  return wrapTuple<readonly [result: Tensor, info: Tensor]>(call(758, h(A), h(B), options.left, options.checkErrors));
}

/** The X for which A X = B, where A is a triangle.
 *  Shape: A [*, N, N], B [*, N, K] -> [*, N, K].
 *
 *  `linalg_solve_triangular(Tensor self, Tensor B, *, bool upper, bool left=True, bool unitriangular=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.solve_triangular.html
 *  @example
 *  linalg.solveTriangular(tensor([[2, 1], [0, 4]]), tensor([[8], [8]]), { upper: true }); // tensor([[3.], [2.]]) */
export function solveTriangular(input: Tensor, B: Tensor, options: { upper: boolean; left?: boolean | undefined; unitriangular?: boolean | undefined }): Tensor {
  const given = readOptions('solveTriangular', OPTIONS_19, options);
  if ((given & 1) === 1) return wrap(call(759, h(input), h(B), options.upper, options.left, options.unitriangular));
  throw unfit('solveTriangular', 'solveTriangular(input: Tensor, B: Tensor, { upper, left?, unitriangular? })', [input, B, options]);
}

/** U, S and V^H, whose product is the matrix: two rotations, and how long the axes become between them. `fullMatrices: false` leaves out what S does not reach.
 *  Shape: [*, N, M] -> [*, N, N], [*, K], [*, M, M], where K = min(N, M).
 *
 *  `linalg_svd(Tensor A, bool full_matrices=True, *, str? driver=None) -> (Tensor U, Tensor S, Tensor Vh)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.svd.html
 *  @example
 *  linalg.svd(tensor([[0, 3.5], [2, 0]]))[1]; // tensor([3.5000, 2.0000]) */
export function svd(A: Tensor, options?: { fullMatrices?: boolean | undefined; driver?: string | undefined }): readonly [U: Tensor, S: Tensor, Vh: Tensor] {
  if (options === undefined) return wrapTuple<readonly [U: Tensor, S: Tensor, Vh: Tensor]>(call(760, h(A)));
  readOptions('svd', OPTIONS_20, options);
  return wrapTuple<readonly [U: Tensor, S: Tensor, Vh: Tensor]>(call(760, h(A), options.fullMatrices, options.driver));
}

/** The singular values, from the largest down.
 *  Shape: [*, N, M] -> [*, K], where K = min(N, M).
 *
 *  `linalg_svdvals(Tensor A, *, str? driver=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.svdvals.html
 *  @example
 *  linalg.svdvals(tensor([[0, 0.5], [2, 0]])); // tensor([2.0000, 0.5000]) */
export function svdvals(A: Tensor, options?: { driver?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(761, h(A)));
  readOptions('svdvals', OPTIONS_21, options);
  return wrap(call(761, h(A), options.driver));
}

/** The tensor that undoes the linear map which this one is, from its last dimensions to the first `ind` (default 2).
 *
 *  `linalg_tensorinv(Tensor self, int ind=2) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.tensorinv.html
 *  @example
 *  linalg.tensorinv(tensor([[4]]), { ind: 1 }); // tensor([[0.2500]]) */
export function tensorinv(input: Tensor, options?: { ind?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(762, h(input)));
  readOptions('tensorinv', OPTIONS_22, options);
  return wrap(call(762, h(input), options.ind));
}

/** The X for which the sum of A's last dimensions times X is the other tensor.
 *
 *  `linalg_tensorsolve(Tensor self, Tensor other, int[]? dims=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.tensorsolve.html
 *  @example
 *  linalg.tensorsolve(tensor([[2, 0], [0, 4]]), tensor([6, 8])); // tensor([3., 2.]) */
export function tensorsolve(input: Tensor, other: Tensor, options?: { dims?: readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(763, h(input), h(other)));
  readOptions('tensorsolve', OPTIONS_23, options);
  return wrap(call(763, h(input), h(other), options.dims));
}

/** The powers of each element in a row, from 0 up.
 *  Shape: [*, N] -> [*, N, N].
 *
 *  `linalg_vander(Tensor x, *, int? N=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.vander.html
 *  @example
 *  linalg.vander(tensor([1, 2, 3])); // tensor([[1., 1., 1.], [1., 2., 4.], [1., 3., 9.]]) */
export function vander(x: Tensor, options?: { N?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(764, h(x)));
  readOptions('vander', OPTIONS_24, options);
  return wrap(call(764, h(x), options.N));
}

/** The dot product along `dim` (default the last), the first tensor conjugated.
 *  Shape: [*, N], [*, N] -> [*].
 *
 *  `linalg_vecdot(Tensor x, Tensor y, *, int dim=-1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.vecdot.html
 *  @example
 *  linalg.vecdot(tensor([[1, 2], [3, 4]]), tensor([1, 10])); // tensor([21., 43.]) */
export function vecdot(x: Tensor, y: Tensor, options?: { dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(765, h(x), h(y)));
  readOptions('vecdot', OPTIONS_3, options);
  return wrap(call(765, h(x), h(y), options.dim));
}

/** The norm of the elements as one vector, or along `dim`; `ord` 2 by default.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.linalg.vector_norm.html
 *  @example
 *  linalg.vectorNorm(tensor([[3, 4], [6, 8]]), { dim: 1 }); // tensor([ 5., 10.]) */
export function vectorNorm(input: Tensor, options?: { ord?: Scalar | undefined; dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(766, h(input)));
  readOptions('vectorNorm', OPTIONS_13, options);
  return wrap(call(766, h(input), options.ord, options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
}
