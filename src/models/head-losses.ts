// The losses that transformers' heads compute where labels are given.

import { binaryCrossEntropyWithLogits, crossEntropy, mseLoss } from '../nn/functional/loss.ts';
import { pad } from '../tensor/nn-ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';

// B batch, T tokens, V vocabulary, K classes.

/** Labels of this value count for nothing. */
const IGNORED = -100;

/** Cross entropy of each token's logits against the next token. Shape: logits [B, T, V], labels [B, T] int64 -> []. */
export function nextTokenLoss(logits: Tensor, labels: Tensor): Tensor {
  const next = pad(labels, [0, 1], { value: IGNORED }).narrow(-1, 1, labels.size(-1)).contiguous(); // [B, T]
  return tokenLoss(logits.to('float32'), next);
}

/** Cross entropy of each token's logits against its label; -100 counts for nothing. Shape: logits [B, T, V], labels [B, T] int64 -> []. */
export function tokenLoss(logits: Tensor, labels: Tensor): Tensor {
  return crossEntropy(logits.view([-1, logits.size(-1)]), labels.view([-1]), { ignoreIndex: IGNORED });
}

/** What a sequence classifier is trained by: `problemType`, or else squared errors for one class, cross entropy for integer labels and binary cross
 *  entropy of each class for others. Shape: logits [B, K], labels [B] or [B, K] -> []. */
export function sequenceLoss(logits: Tensor, labels: Tensor, problemType: string | null): Tensor {
  const isInteger = labels.dtype === 'int64' || labels.dtype === 'int32';
  const found = logits.size(-1) === 1 ? 'regression' : isInteger ? 'single_label_classification' : undefined;
  const kind = problemType ?? found ?? 'multi_label_classification';
  if (kind === 'single_label_classification') return tokenLoss(logits, labels);
  if (kind === 'multi_label_classification') return binaryCrossEntropyWithLogits(logits, labels);
  return logits.size(-1) === 1 ? mseLoss(logits.squeeze(), labels.squeeze()) : mseLoss(logits, labels);
}
