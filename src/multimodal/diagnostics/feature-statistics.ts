// What shows whether the features of a batch have collapsed, as tensors that nobody has to wait for.

import { normalize } from '../../nn/functional/index.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { BatchFeatures } from '../batches/features.ts';

/** A dimension whose variance over a batch is below this says nothing. Source: multimodal_insight_engine, DataHandler. */
const DEAD = 1e-6;

const SIDES = ['vision', 'text'] as const;

/** Statistics of both sides of a batch, each a tensor of one element where the features lie. Of `vision` and `text` each:
 *  - `{side}_variance`: the variance over the batch (with B - 1), mean over dimensions,
 *  - `{side}_std`: the standard deviation of all elements,
 *  - `{side}_dead_share`: the share of dimensions whose variance is below 1e-6,
 *  - `{side}_norm`: the mean L2 norm of a row,
 *  - `{side}_nonfinite_share`: the share of elements that are NaN or infinite,
 *
 *  and `similarity_mean` and `similarity_std` of the cosine similarities of all pairs of the two sides.
 *  Shape: both [B, D] with B of at least 2. Half precision is computed in float32.
 *  Source: multimodal_insight_engine, TrainingLoop and DataHandler.
 *  @example
 *  import { featureStatistics } from 'sconce/multimodal';
 *  import { eye, ones } from 'sconce';
 *  const statistics = featureStatistics({ vision: eye(4), text: ones([4, 4]) });
 *  [statistics.vision_variance?.item(), statistics.text_variance?.item()]; // [0.25, 0] */
export function featureStatistics({ vision, text }: BatchFeatures): Record<string, Tensor> {
  return noGrad(() => {
    const sides = { vision: whole(vision), text: whole(text) };
    const values: Record<string, Tensor> = {};
    for (const side of SIDES) {
      const features = sides[side];
      const variances = features.var({ dim: 0 }); // [D]
      values[`${side}_variance`] = variances.mean();
      values[`${side}_std`] = features.std();
      values[`${side}_dead_share`] = variances.lt(DEAD).to('float32').mean();
      values[`${side}_norm`] = features.square().sum({ dim: 1 }).sqrt().mean();
      values[`${side}_nonfinite_share`] = features.isfinite().logicalNot().to('float32').mean();
    }
    const [left, right] = SIDES.map((side) => normalize(sides[side], { dim: 1 }));
    const similarities = left!.matmul(right!.t()); // [B, B]
    return { ...values, similarity_mean: similarities.mean(), similarity_std: similarities.std() };
  });
}

/** Outside of the graph, and of a precision in which squares of small numbers are not zero. */
function whole(features: Tensor): Tensor {
  const { dtype } = features;
  return features.detach().to(dtype === 'float64' ? 'float64' : 'float32');
}
