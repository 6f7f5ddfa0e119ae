// Look-ups of rows, one by one and in bags.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { arange } from '../../tensor/create.ts';
import {
  embedding as atenEmbedding,
  embeddingBag as atenEmbeddingBag,
  embeddingRenorm_,
} from '../../tensor/ops.generated.ts';
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

/** What both look-ups take. */
export interface LookupOptions {
  /** A row that gets no gradient, and that bags leave out; negative ones count from the end. */
  paddingIdx?: number;
  /** Rows that are looked up and are longer than this are shortened first, in place. */
  maxNorm?: number;
  /** The p of the norm for `maxNorm`. Default 2. */
  normType?: number;
  /** Divide a row's gradient by how often it was looked up. Default false. */
  scaleGradByFreq?: boolean;
  /** Make the weight's gradient a sparse tensor. Default false. */
  sparse?: boolean;
}

function renormalise(weight: Tensor, indices: Tensor, { maxNorm, normType = 2 }: LookupOptions): void {
  if (maxNorm !== undefined) noGrad(() => embeddingRenorm_(weight.detach(), indices, maxNorm, normType));
}

/** Rows of `weight` by index. Shape: indices [...], weight [N, D] -> [..., D]. Source: torch.nn.functional.embedding. */
export function embedding(input: Tensor, weight: Tensor, options: LookupOptions = {}): Tensor {
  readOptions('embedding', ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq', 'sparse'], options);
  const { paddingIdx, scaleGradByFreq = false, sparse = false } = options;
  const indices = options.maxNorm === undefined ? input : input.contiguous();
  renormalise(weight, indices, options);
  return atenEmbedding(weight, indices, {
    // To libtorch -1 is no row at all.
    paddingIdx: paddingIdx === undefined ? -1 : paddingRow(paddingIdx, weight.size(0)),
    scaleGradByFreq,
    sparse,
  });
}

const MODES = { sum: 0, mean: 1, max: 2 } as const;

export interface EmbeddingBagCall extends LookupOptions {
  /** Default 'mean'. */
  mode?: 'sum' | 'mean' | 'max';
  /** A factor for each row, for mode 'sum'. Shape: as the input. */
  perSampleWeights?: Tensor;
  /** The last offset is the end of the last bag, not the start of another. Default false. */
  includeLastOffset?: boolean;
}

/** Sum, mean or maximum of the rows of each bag. Shape: input [M], offsets [B] (where each bag starts) -> [B, D]; or input [B, L] without offsets,
 *  bags of one length. An empty bag gives zeros.
 *  @throws {ShapeError} unless offsets go with one dimension.  @throws {TypeError} for factors in another mode, and in mode 'max' for `scaleGradByFreq` and `sparse`.
 *  Source: torch.nn.functional.embedding_bag. */
export function embeddingBag(input: Tensor, weight: Tensor, offsets?: Tensor, options: EmbeddingBagCall = {}): Tensor {
  readOptions(
    'embeddingBag',
    ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq', 'sparse', 'mode', 'perSampleWeights', 'includeLastOffset'],
    options,
  );
  const {
    mode = 'mean',
    perSampleWeights,
    includeLastOffset = false,
    scaleGradByFreq = false,
    sparse = false,
  } = options;
  if (!Object.hasOwn(MODES, mode))
    throw new RangeError(`Cannot apply embeddingBag: expected mode of sum, mean, max, got "${String(mode)}"`);
  if ((input.ndim !== 1 || !offsets) && (input.ndim !== 2 || offsets))
    throw new ShapeError(
      `Cannot apply embeddingBag: expected one dimension with offsets or two without, got [${input.shape.join(', ')}] ${offsets ? 'with' : 'without'}`,
    );
  if (perSampleWeights && mode !== 'sum')
    throw new TypeError(`Cannot apply embeddingBag: expected mode "sum" with perSampleWeights, got "${mode}"`);
  if (perSampleWeights && String(perSampleWeights.shape) !== String(input.shape))
    throw new ShapeError(
      `Cannot apply embeddingBag: expected perSampleWeights of shape [${input.shape.join(', ')}], got [${perSampleWeights.shape.join(', ')}]`,
    );
  if (mode === 'max' && (scaleGradByFreq || sparse))
    throw new TypeError(
      `Cannot apply embeddingBag: expected mode "sum" or "mean" with ${scaleGradByFreq ? 'scaleGradByFreq' : 'sparse'}, got "max"`,
    );
  const rows = input.reshape([-1]); // [M]
  // libtorch takes no list of bags that has none.
  if (!offsets && input.size(0) === 0 && input.size(1) > 0) {
    const none = atenEmbedding(weight, rows); // [0, D]
    return perSampleWeights ? none.mul(perSampleWeights.sum({ dim: [1], keepdim: true })) : none;
  }
  const starts = offsets ?? arange(0, input.numel, { step: input.size(1), dtype: input.dtype, device: input.device });
  renormalise(weight, rows, options);
  const [bags] = atenEmbeddingBag(weight, rows, starts, {
    scaleGradByFreq,
    mode: MODES[mode],
    sparse,
    perSampleWeights: perSampleWeights?.reshape([-1]),
    includeLastOffset: includeLastOffset && offsets !== undefined,
    paddingIdx: options.paddingIdx === undefined ? undefined : paddingRow(options.paddingIdx, weight.size(0)),
  });
  return bags; // [B, D]
}
