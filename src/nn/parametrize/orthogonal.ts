// Weights that stay orthogonal while they are trained.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { eye, randn } from '../../tensor/create.ts';
import type { DType } from '../../tensor/dtype.ts';
import { isComplexDType } from '../../tensor/dtype.ts';
import { finfo } from '../../tensor/dtype-info.ts';
import { householderProduct, solve } from '../../tensor/linalg.generated.ts';
import { add, cat, zerosLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';
import { registerParametrization } from './parametrize.ts';
import { requireTensor } from './spectral-norm.ts';

const MAPS = ['matrix_exp', 'cayley', 'householder'] as const;
export type OrthogonalMap = (typeof MAPS)[number];

export interface OrthogonalOptions {
  /** Default 'matrix_exp' for square and complex matrices, 'householder' for others. */
  orthogonalMap?: OrthogonalMap;
  /** Start the map at the weight itself, kept in the buffer `parametrizations.<name>.0.base`. Default true. */
  useTrivialization?: boolean;
}

const diagonal = (x: Tensor): Tensor => x.diagonal({ dim1: -2, dim2: -1 });
const make = (x: Tensor): { dtype: DType; device: Tensor['device'] } => ({ dtype: x.dtype, device: x.device });

/** Q of A = QR with R's diagonal made positive. */
function makeOrthogonal(a: Tensor): Tensor {
  const [x, tau] = a.geqrf();
  return householderProduct(x, tau).mul_(diagonal(x).sgn().unsqueeze(-2));
}

function isOrthogonal(q: Tensor): boolean {
  const [n, k] = [q.size(-2), q.size(-1)];
  const atol = 10 * n * finfo(q.dtype).eps;
  return q.mH.matmul(q).allclose(eye(k, make(q)), { atol });
}

/** PyTorch prints it under this name. */
class _Orthogonal extends Module {
  readonly shape: readonly number[];
  readonly orthogonalMap: OrthogonalMap;
  readonly useTrivialization: boolean;
  declare base: Tensor | undefined;

  constructor(weight: Tensor, orthogonalMap: OrthogonalMap, useTrivialization: boolean) {
    super();
    this.shape = weight.shape;
    this.orthogonalMap = orthogonalMap;
    this.useTrivialization = useTrivialization;
    if (useTrivialization) this.registerBuffer('base', undefined);
  }

  forward(given: Tensor): Tensor {
    const isWide = given.size(-2) < given.size(-1);
    const x = isWide ? given.mT : given; // [..., n, k], n >= k
    let q = this.orthogonalMap === 'householder' ? this.reflect(x) : this.rotate(x);
    if (this.base) q = this.base.matmul(q);
    return isWide ? q.mT : q;
  }

  /** Of a skew-symmetric matrix, by the exponential or by Cayley's map. */
  private rotate(given: Tensor): Tensor {
    const [n, k] = [given.size(-2), given.size(-1)];
    let x = given.tril();
    if (n !== k) {
      const zeros = x.newZeros([n, n - k]).expand([...x.shape.slice(0, -2), n, n - k]);
      x = cat([x, zeros], { dim: -1 }); // [..., n, n]
    }
    const skew = x.sub(x.mH);
    if (this.orthogonalMap === 'matrix_exp') return narrowed(skew.matrixExp(), k);
    const identity = eye(n, make(skew));
    return narrowed(solve(add(identity, skew, { alpha: -0.5 }), add(identity, skew, { alpha: 0.5 })), k);
  }

  private reflect(x: Tensor): Tensor {
    const a = x.tril({ diagonal: -1 });
    const tau = a
      .mul(a)
      .sum({ dim: [-2] })
      .add(1)
      .reciprocal()
      .mul(2);
    // The diagonal holds signs; it is not trained.
    return householderProduct(a, tau).mul(diagonal(x).to('int32').unsqueeze(-2));
  }

  /** What is trained where the map starts at the matrix; undefined where that cannot be told. */
  rightInverse(given: Tensor): Tensor | undefined {
    if (String(given.shape) !== String(this.shape))
      throw new ShapeError(
        `Cannot make a weight orthogonal: expected shape [${this.shape.join(', ')}], got [${given.shape.join(', ')}]`,
      );
    return noGrad(() => {
      const isWide = given.size(-2) < given.size(-1);
      const q = isWide ? given.mT : given;
      if (this.useTrivialization) return this.startAt(given, q);
      if (this.orthogonalMap !== 'householder') return undefined;
      const [a, tau] = q.geqrf();
      const signs = diagonal(a).sign_();
      // LAPACK gives exactly zero where it uses no reflection.
      signs.mul_(tau.eq(0).to(signs.dtype).mul(-2).add(1));
      return isWide ? a.mT : a;
    });
  }

  private startAt(given: Tensor, q: Tensor): Tensor {
    const [n, k] = [q.size(-2), q.size(-1)];
    if (n !== k) {
      const more = randn([...q.shape.slice(0, -2), n, n - k], make(q));
      this.base = makeOrthogonal(cat([q, more], { dim: -1 }));
    } else this.base = isOrthogonal(q) ? q.clone() : makeOrthogonal(q);
    const start = zerosLike(given);
    diagonal(start).fill_(-1);
    return start;
  }
}

/** The first columns. */
function narrowed(x: Tensor, count: number): Tensor {
  return x.size(-1) === count ? x : x.narrow(-1, 0, count);
}

/** Keeps a matrix, or each of a batch, orthogonal (or unitary); of one that is not square the shorter side. It starts as the given matrix made so.
 *  @param name - of the parameter or buffer. Default 'weight'.  @throws {TypeError} for one that the module does not have.
 *  @throws {ShapeError} for fewer than two dimensions.  @throws {RangeError} for another map, and 'householder' of complex numbers.
 *  Source: Lezcano-Casado and Martínez-Rubio 2019, arXiv:1901.08428; torch.nn.utils.parametrizations.orthogonal. */
export function orthogonal<M extends Module>(module: M, name = 'weight', options: OrthogonalOptions = {}): M {
  readOptions('orthogonal', ['orthogonalMap', 'useTrivialization'], options);
  const weight = requireTensor('orthogonal', module, name);
  if (weight.ndim < 2)
    throw new ShapeError(
      `Cannot make a weight orthogonal: expected at least 2 dimensions, got [${weight.shape.join(', ')}]`,
    );
  const isComplex = isComplexDType(weight.dtype);
  const isSquare = weight.size(-2) === weight.size(-1);
  const { orthogonalMap = isSquare || isComplex ? 'matrix_exp' : 'householder', useTrivialization = true } = options;
  if (!MAPS.includes(orthogonalMap))
    throw new RangeError(
      `Cannot make a weight orthogonal: expected orthogonalMap of ${MAPS.join(', ')}, got "${String(orthogonalMap)}"`,
    );
  if (isComplex && orthogonalMap === 'householder')
    throw new RangeError(
      'Cannot make a weight orthogonal: expected real numbers for orthogonalMap "householder", got complex ones',
    );
  const map = new _Orthogonal(weight, orthogonalMap, useTrivialization);
  return registerParametrization(module, name, map, { unsafe: true });
}
