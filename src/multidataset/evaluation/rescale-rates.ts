// Rates with a gain and an offset of each unit that fit its counts best: what is compared where the scale of a prediction is not the question.

import { noGrad } from '../../tensor/autograd.ts';
import { where, zerosLike } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { RatesBatch } from '../objectives/bits-per-spike.ts';
import { spreadMask } from '../objectives/masked-loss.ts';

// T bins, N units.

const ITERATIONS = 50;
const TINY = 1e-12;

/** g * rhat + b of each unit, g and b at least 0, with the greatest Poisson likelihood of its counts: of sum dfs (robs log(g rhat + b) - (g rhat + b)).
 *  Where the best b is 0 g is the ratio of the sums, where the best g is 0 b is the mean count; else damped Newton steps, the problem being concave.
 *  Shape: rhat and robs [T, N]; dfs [T, N] or [T, 1]. @returns [T, N] in double precision.
 *  Source: VisionCore's rescale_rhat (mode "affine"), whose search begins where the offset has no slope.
 *  @example
 *  import { rescaleRates } from 'sconce/multidataset';
 *  const robs = tensor([[3], [5], [7]]);
 *  const rates = rescaleRates({ rhat: tensor([[0.1], [0.2], [0.3]]), robs });
 *  (rates.flatten().toArray() as number[]).map((rate) => rate.toFixed(3)); // ['3.000', '5.000', '7.000'] */
export function rescaleRates({ rhat, robs, dfs }: RatesBatch): Tensor {
  return noGrad(() => scope(() => rescaled(rhat.to('float64'), robs.to('float64'), dfs)));
}

function rescaled(rates: Tensor, counts: Tensor, dfs: Tensor | undefined): Tensor {
  const mask = dfs ? spreadMask(dfs, counts) : zerosLike(counts).add(1);
  const [p, r] = [rates.mul(mask), counts.mul(mask)]; // [T, N]
  const sum = (values: Tensor): Tensor => values.sum({ dim: 0 }); // [N]
  const [sumP, sumR, bins] = [sum(p), sum(r), sum(mask).clamp({ min: 1 })];
  const ratio = sumR.div(sumP.clamp({ min: TINY }));
  const mean = sumR.div(bins);
  // Where a side of the quadrant is the best: the likelihood falls from it inwards.
  const onlyGain = sum(r.div(ratio.mul(rates).clamp({ min: TINY }))).le(bins.mul(1 + 1e-9));
  const onlyOffset = sum(r.mul(rates))
    .div(mean.clamp({ min: TINY }))
    .le(sumP);
  let [g, b] = [ratio.div(2), mean.div(2)];
  for (let i = 0; i < ITERATIONS; i++) {
    const inverse = g.mul(rates).add(b).clamp({ min: TINY }).reciprocal(); // [T, N]
    const weight = r.mul(inverse);
    const curvature = weight.mul(inverse);
    const [slopeG, slopeB] = [sum(weight.mul(rates)).sub(sumP), sum(weight).sub(bins)];
    const [gg, gb, bb] = [sum(curvature.mul(rates.square())), sum(curvature.mul(rates)), sum(curvature)];
    const determinant = gg.mul(bb).sub(gb.square()).clamp({ min: TINY });
    const stepG = bb.mul(slopeG).sub(gb.mul(slopeB)).div(determinant);
    const stepB = gg.mul(slopeB).sub(gb.mul(slopeG)).div(determinant);
    const decrement = slopeG.mul(stepG).add(slopeB.mul(stepB)).clamp({ min: 0 }).sqrt();
    const share = decrement.add(1).reciprocal(); // the likelihood is self-concordant: never too far
    g = g.add(stepG.mul(share));
    b = b.add(stepB.mul(share));
  }
  const zero = zerosLike(g);
  g = where(onlyOffset, zero, where(onlyGain, ratio, g));
  b = where(onlyOffset, mean, where(onlyGain, zero, b));
  return g.mul(rates).add(b);
}
