// Losses and measures as functions of tensors, by the names that multimodal_insight_engine has for them.

import { ShapeError } from '../../errors.ts';
import type { Rule } from '../../metrics/options.ts';
import type { Reduction } from '../../nn/functional/loss.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { arange, eye } from '../../tensor/create.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { above, checkLossOptions, reductions } from './loss-options.ts';
import { ntXentOfStack, stackSides } from './nt-xent-loss.ts';
import { readFeatures, toFloat, withoutAutocast } from './pairs.ts';
import { sameClass, supervisedOfStack } from './same-class.ts';

export interface ContrastOptions {
  /** Default 0.07. */
  readonly temperature?: number | undefined;
  /** Default 'mean'. */
  readonly reduction?: Reduction | undefined;
}

const RULES = { temperature: above(0), reduction: reductions };

function stacked(
  name: string,
  visionFeatures: Tensor,
  textFeatures: Tensor,
  options: ContrastOptions,
  body: (similarity: Tensor, rows: number, reduction: Reduction) => Tensor,
): Tensor {
  checkLossOptions(name, options, RULES);
  const { vision, text } = readFeatures(name, { visionFeatures, textFeatures });
  const { temperature = 0.07, reduction = 'mean' } = options;
  return withoutAutocast(vision.device, () => {
    const stack = stackSides({ vision: toFloat(vision), text: toFloat(text) }); // [2B, D]
    return body(stack.matmul(stack.t()).div(temperature), vision.size(0), reduction);
  });
}

/** NT-Xent of features as they are; for cosines give rows of length 1. With `reduction: 'none'` the loss is a table [2B, 2B], 0 where there is no pair.
 *  Rule and source: see `NTXentLoss`.  Shape: both [B, D].
 *  @example
 *  import { ntXentLoss } from 'sconce/multimodal';
 *  ntXentLoss(tensor([[1, 0], [0, 1]]), tensor([[1, 0], [0, 1]]), { temperature: 0.5 }); // tensor(0.2395) */
export function ntXentLoss(visionFeatures: Tensor, textFeatures: Tensor, options: ContrastOptions = {}): Tensor {
  return stacked('ntXentLoss', visionFeatures, textFeatures, options, (similarity, rows, reduction) => {
    const positives = eye(rows, { dtype: 'bool', device: similarity.device });
    return ntXentOfStack(similarity, positives, { reduction });
  });
}

/** The supervised contrast of features as they are, both sides in one stack; for cosines give rows of length 1.
 *  Rule: the mean over the 2B rows of -1 / |P(i)| sum over p in P(i) of log(e^s_ip / sum of e^s_ij over j other than i), P(i) the others of its class.
 *  Shape: both [B, D]; labels [B], or [B, C] of 0 and 1.  Source: Khosla et al. 2020, arXiv:2004.11362 (L_out).
 *  @example
 *  import { supervisedContrastiveLoss } from 'sconce/multimodal';
 *  supervisedContrastiveLoss(tensor([[1, 0], [0, 1]]), tensor([[1, 0], [0, 1]]), tensor([0n, 1n]), { temperature: 0.5 }); // tensor(0.2395) */
export function supervisedContrastiveLoss(
  visionFeatures: Tensor,
  textFeatures: Tensor,
  labels: Tensor,
  options: ContrastOptions = {},
): Tensor {
  return stacked('supervisedContrastiveLoss', visionFeatures, textFeatures, options, (similarity, rows, reduction) =>
    supervisedOfStack(similarity, sameClass('supervisedContrastiveLoss', labels, rows), reduction),
  );
}

export interface RecallAtKOptions {
  /** Default [1, 5, 10]; more than there are rows is as many as there are. */
  readonly k?: readonly number[] | undefined;
  /** The column that each row is to find, [B] of int64. Default its own. */
  readonly v2tTargets?: Tensor | undefined;
  /** The row that each column is to find, [B] of int64. Default its own. */
  readonly t2iTargets?: Tensor | undefined;
}

const isTargets: Rule = ['a tensor of int64', (value) => value instanceof Tensor && value.dtype === 'int64'];
const RECALL_RULES = {
  k: [
    'a list of integers above 0',
    (value: unknown) => Array.isArray(value) && value.every((k) => Number.isSafeInteger(k) && k > 0),
  ] as const,
  v2tTargets: isTargets,
  t2iTargets: isTargets,
};

/** How often the target is among the k most similar, for one target a row.
 *  Shape: [B, B], rows of vision.  @returns `v2t_recall@k`, `t2i_recall@k` and `avg_recall@k` for each k, tensors of shape [].
 *  @throws {ShapeError} for a table that is not square, and targets of another length.
 *  @example
 *  import { computeRecallAtK } from 'sconce/multimodal';
 *  const recalls = computeRecallAtK(tensor([[3, 2, 1], [9, 8, 7], [1, 3, 2]]), { k: [1, 2] });
 *  [recalls['v2t_recall@1'], recalls['v2t_recall@2']]; // [tensor(0.3333), tensor(1.)] */
export function computeRecallAtK(similarity: Tensor, options: RecallAtKOptions = {}): Record<string, Tensor> {
  checkLossOptions<RecallAtKOptions>('computeRecallAtK', options, RECALL_RULES);
  const [rows = 0, columns] = similarity.shape;
  const shape = `[${similarity.shape.join(', ')}]`;
  if (similarity.ndim !== 2 || rows !== columns || rows === 0)
    throw new ShapeError(`Cannot compute recalls: expected similarities [B, B], got ${shape}`);
  const { k: ranks = [1, 5, 10], v2tTargets, t2iTargets } = options;
  const targetsOf = (given: Tensor | undefined): Tensor => {
    if (given === undefined) return arange(rows, { dtype: 'int64', device: similarity.device });
    if (String(given.shape) === String(rows)) return given;
    throw new ShapeError(`Cannot compute recalls: expected targets [${rows}], got [${given.shape.join(', ')}]`);
  };
  const [v2t, t2i] = [targetsOf(v2tTargets), targetsOf(t2iTargets)].map((targets) => targets.unsqueeze(1)) as [
    Tensor,
    Tensor,
  ];
  return noGrad(() => {
    const recalls: Record<string, Tensor> = {};
    for (const k of ranks) {
      const recall = (table: Tensor, targets: Tensor): Tensor =>
        table.topk(Math.min(k, rows), { dim: 1 })[1].eq(targets).any({ dim: 1 }).mean({ dtype: 'float32' });
      const both = [recall(similarity, v2t), recall(similarity.t(), t2i)] as const;
      recalls[`v2t_recall@${k}`] = both[0];
      recalls[`t2i_recall@${k}`] = both[1];
      recalls[`avg_recall@${k}`] = both[0].add(both[1]).div(2);
    }
    return recalls;
  });
}
