// Look-ups of rows, one by one and in bags.

import { embedding as atenEmbedding, embeddingBag as atenEmbeddingBag } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Rows of `weight` by index. Shape: indices [...], weight [N, D] -> [..., D]. Source: torch.nn.functional.embedding. */
export function embedding(input: Tensor, weight: Tensor, options: { paddingIdx?: number } = {}): Tensor {
  return atenEmbedding(weight, input, { paddingIdx: options.paddingIdx ?? -1 });
}

const MODES = { sum: 0, mean: 1, max: 2 } as const;

/** Sum, mean or maximum of the rows of each bag. Shape: input [M], offsets [B] (where each bag starts) -> [B, D]; an empty bag gives zeros.
 *  @param options.mode - default 'mean'.  Source: torch.nn.functional.embedding_bag. */
export function embeddingBag(
  input: Tensor,
  weight: Tensor,
  offsets: Tensor,
  options: { mode?: keyof typeof MODES; perSampleWeights?: Tensor; paddingIdx?: number } = {},
): Tensor {
  const [bags] = atenEmbeddingBag(weight, input, offsets, {
    scaleGradByFreq: false,
    mode: MODES[options.mode ?? 'mean'],
    sparse: false,
    perSampleWeights: options.perSampleWeights,
    includeLastOffset: false,
    paddingIdx: options.paddingIdx,
  });
  return bags; // [B, D]
}
