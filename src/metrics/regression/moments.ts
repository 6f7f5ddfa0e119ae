// Means, squared deviations and products of deviations of two series, put together part by part without losing digits where the mean is large.

import { full } from '../../tensor/create.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Rows of the moments: how many, both means, both sums of squared deviations, the sum of products of deviations, the sum of squared differences. */
export const ROWS = { count: 0, meanX: 1, meanY: 2, squaresX: 3, squaresY: 4, products: 5, residuals: 6 } as const;

/** The moments of one batch. Shape: both [N, D]; gives [7, D] in double precision. */
export function momentsOf(x: Tensor, y: Tensor): Tensor {
  const [a, b] = [x.to('float64'), y.to('float64')];
  const [meanA, meanB] = [a, b].map((value) => value.mean({ dim: [0], keepdim: true })) as [Tensor, Tensor];
  const [fromA, fromB] = [a.sub(meanA), b.sub(meanB)];
  const total = (value: Tensor): Tensor => value.sum({ dim: [0], keepdim: true });
  const count = full([1, a.size(1)], a.size(0), { dtype: 'float64', device: a.device });
  const squares = [fromA.square(), fromB.square(), fromA.mul(fromB), a.sub(b).square()].map(total);
  return cat([count, meanA, meanB, ...squares]);
}

/** The moments of two parts together. Source: Chan, Golub and LeVeque 1979. */
export function joinMoments(own: Tensor, other: Tensor): Tensor {
  const rows = (start: number, length: number): [Tensor, Tensor] => [
    own.narrow(0, start, length),
    other.narrow(0, start, length),
  ];
  const [[n, m], [means, otherMeans], [sums, otherSums]] = [rows(0, 1), rows(1, 2), rows(3, 4)];
  const count = n.add(m);
  const delta = otherMeans.sub(means); // [2, D]
  const [deltaX, deltaY] = [delta.narrow(0, 0, 1), delta.narrow(0, 1, 1)];
  const spread = cat([delta.square(), deltaX.mul(deltaY)]).mul(n.mul(m).div(count)); // [3, D]
  const joined = sums.add(otherSums); // [4, D]
  return cat([count, means.add(delta.mul(m.div(count))), joined.narrow(0, 0, 3).add(spread), joined.narrow(0, 3, 1)]);
}

/** Whether a series is constant: what its squared deviations add up to is rounding. */
export function isConstant(squares: number, count: number, mean: number): boolean {
  return squares <= count * (1e-14 * Math.abs(mean)) ** 2;
}
