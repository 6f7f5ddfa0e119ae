// What a strategy measures of the features of a validation batch: how well pairs stand out, and whether each is found.

import { normalize } from '../../nn/functional/normalize.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { arange, tensor } from '../../tensor/create.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { LossInputs, MatchIds } from '../losses/multimodal-loss.ts';

const RECALLS = [1, 5, 10];

/** Of the cosine similarities S of a batch's images and texts: `diag_similarity` = mean of the pairs, `mean_similarity` = mean of S, `alignment_gap` = their difference, `alignment_score` the same, and
 *  `recall@{k}`: the share of images that have a text of theirs among the k most similar of the batch; `top1_accuracy` is that with k = 1. All depend on the batch's size, but for the first.
 *  @returns 0-d tensors; none where a side is missing. */
export function alignmentOf({ visionFeatures, textFeatures, matchIds }: LossInputs): Record<string, Tensor> {
  if (!visionFeatures || !textFeatures) return {};
  return noGrad(() => {
    const vision = normalize(visionFeatures.to('float32'));
    const similarity = vision.matmul(normalize(textFeatures.to('float32')).t()); // [B, B]
    const [pairs, mean] = [similarity.diagonal().mean(), similarity.mean()];
    const gap = pairs.sub(mean);
    const isPair = pairsOf(matchIds, similarity); // [B, B]
    const size = similarity.size(1);
    const order = similarity.argsort({ dim: 1, descending: true });
    const found = isPair.gather(1, order).to('float32'); // [B, B], by rank
    const recalls = RECALLS.map((k) => {
      const isFound = found.narrow(1, 0, Math.min(k, size)).amax({ dim: [1] }); // [B]
      return [`recall@${k}`, isFound.mean()] as const;
    });
    return {
      ...{ diag_similarity: pairs, mean_similarity: mean, alignment_gap: gap, alignment_score: gap },
      ...{ top1_accuracy: recalls[0]![1], ...Object.fromEntries(recalls) },
    };
  });
}

/** Shape: [B, B], true where a row's image and a column's text belong together. */
function pairsOf(matchIds: MatchIds | undefined, similarity: Tensor): Tensor {
  const { device } = similarity;
  const ids = matchIds === undefined ? arange(similarity.size(0), { dtype: 'int64', device }) : numbersOf(matchIds);
  const placed = ids.to(device);
  return placed.unsqueeze(1).eq(placed.unsqueeze(0));
}

function numbersOf(ids: MatchIds): Tensor {
  if (ids instanceof Tensor) return ids.reshape([-1]);
  const places = new Map<unknown, number>();
  for (const id of ids) if (!places.has(id)) places.set(id, places.size);
  return tensor(ids.map((id) => BigInt(places.get(id)!)));
}
