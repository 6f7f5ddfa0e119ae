// Operations on lists of tensors in one native call each, in the order of PyTorch's loops, so that bits agree. Where this libtorch lacks the operator for
// lists, the one for tensors is called one by one.

import * as aten from '../tensor/aten.generated.ts';
import { getNative } from '../tensor/call.ts';
import { vectorNorm } from '../tensor/linalg.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Batch } from './group-optimizer.ts';

type List = readonly Tensor[];

const known = new Map<string, boolean>();
function has(operator: string): boolean {
  let isThere = known.get(operator);
  if (isThere === undefined) {
    isThere = getNative().hasOperator(operator);
    known.set(operator, isThere);
  }
  return isThere;
}

/** self <- self + weight * (end - self). */
export function lerp_(selves: List, ends: List, weight: number): void {
  if (has('_foreach_lerp_.Scalar')) aten._foreach_lerp_$Scalar(selves, ends, weight);
  else for (const [i, self] of selves.entries()) self.lerp_(ends[i]!, weight);
}

/** self <- max(self, other). */
export function maximum_(selves: List, others: List): void {
  if (has('_foreach_maximum_.List')) aten._foreach_maximum_$List(selves, others);
  else for (const [i, self] of selves.entries()) self.copy_(self.maximum(others[i]!));
}

/** self <- sign(self). */
export function sign_(selves: List): void {
  if (has('_foreach_sign_')) aten._foreach_sign_(selves);
  else for (const self of selves) self.sign_();
}

/** self <- self * factor, a tensor without dimensions. */
export function mulByTensor_(selves: List, factor: Tensor): void {
  if (has('_foreach_mul_.Tensor') && selves[0]?.layout === 'strided') aten._foreach_mul_$Tensor(selves, factor);
  else for (const self of selves) self.mul_(factor);
}

/** self <- min(max(self, least), greatest). */
export function clampBetween_(selves: List, least: number, greatest: number): void {
  if (has('_foreach_clamp_min_.Scalar') && has('_foreach_clamp_max_.Scalar')) {
    aten._foreach_clamp_min_$Scalar(selves, least);
    aten._foreach_clamp_max_$Scalar(selves, greatest);
  } else for (const self of selves) self.clamp_({ min: least, max: greatest });
}

/** The norm of each, a tensor without dimensions. */
export function norms(selves: List, order: number): Tensor[] {
  if (has('_foreach_norm.Scalar')) return aten._foreach_norm$Scalar(selves, order);
  return selves.map((self) => vectorNorm(self, { ord: order }));
}

/** self <- other. */
export function copy_(selves: List, others: List): void {
  if (has('_foreach_copy_')) aten._foreach_copy_(selves, others);
  else for (const [i, self] of selves.entries()) self.copy_(others[i]!);
}

/** self <- decay * self + (1 - decay) * other * other. */
export function averageSquares_(selves: List, others: List, decay: number): void {
  aten._foreach_mul_$Scalar(selves, decay);
  aten._foreach_addcmul_$Scalar(selves, others, others, 1 - decay);
}

/** The gradients that are to be descended: negated to ascend, with the weights' share for a decay that goes through the gradient. */
export function descent(batch: Batch<{ maximize: boolean }>, weightDecay = 0): List {
  const grads = batch.group.maximize ? aten._foreach_neg(batch.grads) : batch.grads;
  return weightDecay === 0 ? grads : aten._foreach_add$List(grads, batch.params, weightDecay);
}

/** A number for each step count; counts are mostly the same, and then it is computed once. */
export function perStep(steps: readonly number[], compute: (step: number) => number): number[] {
  let last = Number.NaN;
  let value = Number.NaN;
  return steps.map((step) => {
    if (step !== last) [last, value] = [step, compute(step)];
    return value;
  });
}
