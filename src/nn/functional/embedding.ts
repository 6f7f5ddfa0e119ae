// Look-ups of rows, one by one and in bags.

import { embedding as atenEmbedding, embeddingBag as atenEmbeddingBag } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** A row by its index from the start; negative ones count from the end.
 *  @throws {RangeError} for one that is not there. */
export function paddingRow(paddingIdx: number, numEmbeddings: number): number {
  const row = paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
  if (Number.isInteger(row) && row >= 0 && row < numEmbeddings) return row;
  throw new RangeError(
    `Cannot pad an embedding: expected paddingIdx from ${-numEmbeddings} to ${numEmbeddings - 1}, got ${paddingIdx}`,
  );
}

/** Rows of `weight` by index. Shape: indices [...], weight [N, D] -> [..., D].
 *  @param options.paddingIdx - a row that gets no gradient; negative ones count from the end.  Source: torch.nn.functional.embedding. */
export function embedding(input: Tensor, weight: Tensor, options: { paddingIdx?: number } = {}): Tensor {
  const { paddingIdx } = options;
  // To libtorch -1 is no row at all.
  return atenEmbedding(weight, input, {
    paddingIdx: paddingIdx === undefined ? -1 : paddingRow(paddingIdx, weight.size(0)),
  });
}

const MODES = { sum: 0, mean: 1, max: 2 } as const;

/** Sum, mean or maximum of the rows of each bag. Shape: input [M], offsets [B] (where each bag starts) -> [B, D]; an empty bag gives zeros.
 *  @param options.mode - default 'mean'.  @param options.paddingIdx - a row that bags leave out; negative ones count from the end.
 *  @param options.perSampleWeights - a factor for each row, for mode 'sum'. Shape: [M].  Source: torch.nn.functional.embedding_bag. */
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
    paddingIdx: options.paddingIdx === undefined ? undefined : paddingRow(options.paddingIdx, weight.size(0)),
  });
  return bags; // [B, D]
}
