// Transforms along frames: diff, smooth, fftwhitening; and of units: select_units.

import { choice, integer, type Rule } from '../../../metrics/options.ts';
import { fftfreq, fftn, ifftn } from '../../../tensor/fft.generated.ts';
import { arange, type Tensor, tensor } from '../../../tensor/index.ts';
import { pad } from '../../../tensor/nn-ops.generated.ts';
import { conv1d } from '../../../tensor/ops.generated.ts';
import { kinds } from '../config/fields.ts';
import { number } from './pointwise.ts';
import type { TransformMaker } from './transform.ts';

/** Differences of neighbours along `axis` (default 0); the first is 0, so that there are as many as before. */
export const diff: TransformMaker = {
  rules: { axis: integer },
  bare: 'axis',
  make:
    ({ axis = 0 }) =>
    (x) =>
      x.diff({ dim: axis as number, prepend: x.narrow(axis as number, 0, 1) }),
};

/** The columns `indices` of the last dimension; `cids` are the data set's units. */
export const selectUnits: TransformMaker = {
  rules: { indices: ['"cids" or a list of columns, each once', (value) => value === 'cids' || kinds.units.is(value)] },
  required: ['indices'],
  make: ({ indices }, { cids }) => {
    const columns = Int32Array.from(indices === 'cids' ? cids : (indices as readonly number[]));
    return (x) => x.indexSelect(-1, tensor(columns));
  },
};

const fromZero: Rule = ['a number from 0 on', (value) => Number.isFinite(value) && (value as number) >= 0];

/** A Gaussian over frames, `params` its standard deviation (default 1; 0 changes nothing), cut at about three of them and mirrored at both ends.
 *  Weights: exp(-d^2 / 2 sigma^2) at distance d, their sum 1, on 2 floor(3 sigma) + 1 frames, or two more where 6 sigma leaves an even count. */
export const smooth: TransformMaker = {
  rules: { type: choice('gaussian'), params: fromZero },
  bare: 'params',
  make: ({ params = 1 }) => {
    const sigma = params as number;
    return (x) => (sigma === 0 ? x.clone() : smoothed(x, sigma));
  },
};

function smoothed(x: Tensor, sigma: number): Tensor {
  const size = Math.floor(6 * sigma) + 1;
  const half = Math.floor((size % 2 === 0 ? size + 1 : size) / 2);
  const numFrames = x.shape[0]!;
  if (half >= numFrames)
    throw new RangeError(
      `Cannot apply smooth: expected more than ${half} frames for params ${sigma}, got ${numFrames}`,
    );
  const bell = arange(-half, half + 1, { dtype: 'float32' })
    .div(sigma)
    .pow(2)
    .mul(-0.5)
    .exp();
  const kernel = bell.div(bell.sum()).view([1, 1, -1]);
  const columns = x.to('float32').reshape([numFrames, -1]).t().unsqueeze(1); // [T, ...] -> [columns, 1, T]
  const even = conv1d(pad(columns, [half, half], { mode: 'reflect' }), kernel);
  return even.select(1, 0).t().reshape(x.shape).to(x.dtype); // [columns, 1, T] -> [T, ...]
}

/** Whitens a film in space and time: its spectrum times f * exp(-(f / f_0)^n), f the length of (temporal, vertical, horizontal) frequency in cycles a frame and a
 *  pixel. Defaults 0.4 and 4. Shape: [T, H, W] or [T, 1, H, W]. Memory: some four times the film as complex numbers. */
export const fftwhitening: TransformMaker = {
  rules: { f0: ['a number above 0', (value) => Number.isFinite(value) && (value as number) > 0], n: number },
  make:
    ({ f0 = 0.4, n = 4 }) =>
    (x) => {
      if (x.ndim !== 3 && !(x.ndim === 4 && x.shape[1] === 1))
        throw new RangeError(
          `Cannot apply fftwhitening: expected shape [T, H, W] or [T, 1, H, W], got [${x.shape.join(', ')}]`,
        );
      const film = x.ndim === 4 ? x.select(1, 0) : x;
      const [t, h, w] = film.shape.map((size) => fftfreq(size).pow(2)) as [Tensor, Tensor, Tensor];
      const radius = t
        .view([-1, 1, 1])
        .add(h.view([-1, 1]))
        .add(w)
        .sqrt(); // [T, H, W]
      const gain = radius.mul(
        radius
          .div(f0 as number)
          .pow(n as number)
          .neg()
          .exp(),
      );
      const white = ifftn(fftn(film).mul(gain)).real;
      return x.ndim === 4 ? white.unsqueeze(1) : white.clone();
    },
};
