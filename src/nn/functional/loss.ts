// Losses as functions.

import { mseLoss as atenMseLoss, crossEntropyLoss } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** How the losses of the elements become one. */
export type Reduction = 'none' | 'mean' | 'sum';

const REDUCTIONS = { none: 0, mean: 1, sum: 2 } as const;

export interface CrossEntropyOptions {
  /** A factor for each class. Shape: [C]. Default 1. */
  weight?: Tensor;
  /** Targets of this class count for nothing. Default -100. */
  ignoreIndex?: number;
  /** Default 'mean': over the targets that count, by their weights. */
  reduction?: Reduction;
  /** The share of the target that is spread over all classes. Default 0. */
  labelSmoothing?: number;
}

/** Cross entropy between logits and targets. Shape: input [N, C, ...]; target [N, ...] class indices (int64) or [N, C, ...] probabilities.
 *  Rule: -sum_c target_c * log softmax(input)_c.  Source: torch.nn.functional.cross_entropy. */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  return crossEntropyLoss(input, target, {
    weight: options.weight,
    reduction: REDUCTIONS[options.reduction ?? 'mean'],
    ignoreIndex: options.ignoreIndex ?? -100,
    labelSmoothing: options.labelSmoothing ?? 0,
  });
}

/** Squared difference. Shape: both the same. Source: torch.nn.functional.mse_loss. */
export function mseLoss(input: Tensor, target: Tensor, options: { reduction?: Reduction } = {}): Tensor {
  return atenMseLoss(input, target, { reduction: REDUCTIONS[options.reduction ?? 'mean'] });
}
