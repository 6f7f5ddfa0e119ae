// Where a sample is counted: numbers of classes and decisions as places in a table of counts, with places beside for what is out of range or ignored. Nothing
// here waits for the device: what is out of range is counted, and told by `compute`.

import { arange } from '../../tensor/create.ts';
import { isFloatingDType } from '../../tensor/dtype.ts';
import { where } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireFloating, requireIntegers, widened, wrongShapes } from '../inputs.ts';
import type { Task } from './task.ts';

/** Places of a class: 0 for below the first, then the classes, then one for above the last, one for ignored. */
export const EXTRA_CLASSES = 3;

/** Places of a label: 4 * target + decision, each from 0 (out of range) over 1 (no) and 2 (yes) to 3 (out of range), then one for ignored. */
export const LABEL_SLOTS = 17;
export const [TN, FP, FN, TP, IGNORED] = [5, 6, 9, 10, 16] as const;

/** The places of predicted and true class of each sample. Shape: preds [N, C, …] scores or [N, …] classes, target [N, …]; gives two of [N * …].
 *  With `topK` above 1 the prediction is the true class where it is among the k best. */
export function classSlots(
  label: string,
  { preds, target }: { preds: Tensor; target: Tensor },
  { size, ignoreIndex }: Task,
  topK = 1,
): [predicted: Tensor, actual: Tensor] {
  requireClasses(label, preds, target, size, topK > 1);
  const truth = target.to('int64');
  const isScores = preds.ndim === target.ndim + 1;
  const chosen = !isScores ? preds.to('int64') : topK === 1 ? preds.argmax({ dim: 1 }) : bestOf(preds, truth, topK);
  const slots = (value: Tensor): Tensor => value.reshape([-1]).clamp({ min: -1, max: size }).add_(1);
  const places = [isScores ? chosen.reshape([-1]).add(1) : slots(chosen), slots(truth)] as const;
  if (ignoreIndex === undefined) return [...places];
  const isIgnored = truth.reshape([-1]).eq(ignoreIndex);
  return [places[0].maskedFill(isIgnored, size + 2), places[1].maskedFill(isIgnored, size + 2)];
}

/** The place of each decision. Shape: preds and target [N, …], of several labels [N, L, …]; gives [N * …], label l behind `l * LABEL_SLOTS`. */
export function labelSlots(
  label: string,
  { preds, target }: { preds: Tensor; target: Tensor },
  task: Task,
  threshold: number,
): Tensor {
  requireLabels(label, preds, target, task);
  const truth = target.to('int64');
  const decided = isFloatingDType(preds.dtype) ? probabilities(preds).gt(threshold).to('int64') : preds.to('int64');
  const code = (value: Tensor): Tensor => value.clamp({ min: -1, max: 2 }).add_(1);
  let slots = code(truth).mul_(4).add_(code(decided));
  if (task.ignoreIndex !== undefined) slots = slots.maskedFill(truth.eq(task.ignoreIndex), IGNORED);
  if (task.kind === 'multilabel') {
    const others = Array.from({ length: target.ndim - 2 }, () => 1);
    const offsets = arange(task.size, { dtype: 'int64', device: target.device }).mul_(LABEL_SLOTS);
    slots = slots.add_(offsets.reshape([1, task.size, ...others]));
  }
  return slots.reshape([-1]);
}

/** Probabilities of labels: as they are where all lie between 0 and 1, else their sigmoid.
 *  @param isIgnored - of the same shape; what is ignored has no say. */
export function probabilities(preds: Tensor, isIgnored?: Tensor): Tensor {
  const scores = widened(preds);
  return where(areProbabilities(scores, isIgnored), scores, scores.sigmoid());
}

/** Probabilities of classes: as they are where all lie between 0 and 1, else their softmax over dimension 1. */
export function classProbabilities(preds: Tensor, isIgnored?: Tensor): Tensor {
  const scores = widened(preds);
  return where(areProbabilities(scores, isIgnored), scores, scores.softmax(1));
}

function areProbabilities(scores: Tensor, isIgnored: Tensor | undefined): Tensor {
  const isFit = scores.ge(0).logicalAnd(scores.le(1));
  return (isIgnored ? isFit.logicalOr(isIgnored) : isFit).all();
}

/** @throws {ShapeError} @throws {DTypeError} for what is not one class a sample, and its scores. */
export function requireClasses(label: string, preds: Tensor, target: Tensor, size: number, areScores: boolean): void {
  requireIntegers(label, 'target', target);
  const [p, t] = [preds.shape, target.shape];
  const hasScores = p.length === t.length + 1 && t.length > 0;
  if (hasScores && p[0] === t[0] && p[1] === size && String(p.slice(2)) === String(t.slice(1)))
    requireFloating(label, 'scores of classes', preds);
  else if (!areScores && String(p) === String(t)) requireIntegers(label, 'predicted classes', preds);
  else {
    const scores = `scores [N, ${size}, …] with targets [N, …]`;
    wrongShapes(label, areScores ? scores : `${scores}, or classes of the shape of targets`, preds, target);
  }
}

/** @throws {ShapeError} @throws {DTypeError} for what is not a decision or a score for each target. */
export function requireLabels(label: string, preds: Tensor, target: Tensor, { kind, size }: Task): void {
  requireIntegers(label, 'target', target);
  const isFit = String(preds.shape) === String(target.shape) && (kind === 'binary' || target.shape[1] === size);
  const wanted = kind === 'binary' ? 'preds and target of one shape' : `preds and target [N, ${size}, …]`;
  if (!isFit) wrongShapes(label, wanted, preds, target);
}

function bestOf(preds: Tensor, truth: Tensor, k: number): Tensor {
  const best = preds.topk(k, { dim: 1 })[1]; // [N, k, …]
  const isFound = best.eq(truth.unsqueeze(1)).any({ dim: 1 });
  return where(isFound, truth, best.select(1, 0));
}
