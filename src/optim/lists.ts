// Operations on lists of tensors in one native call each, in the order of PyTorch's loops, so that bits agree. Where this libtorch lacks the operator for
// lists, the one for tensors is called one by one. Numbers that are given as functions are read anew at each replay of a captured step.

import * as aten from '../tensor/aten.generated.ts';
import { getNative } from '../tensor/call.ts';
import { numberOf, type Reading } from '../tensor/capture/notes.ts';
import { full } from '../tensor/create.ts';
import { vectorNorm } from '../tensor/linalg.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Batch, realPairs } from './group-optimizer.ts';

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

/** self <- self * factor. libtorch's operator for a number rounds it to the tensors' dtype first, which Python's does not: there it is a tensor of no
 *  dimensions. In float32 both are the same. */
export function mul_(selves: List, factor: Reading): void {
  if (!HALVES.has(selves[0]!.dtype)) {
    aten._foreach_mul_$Scalar(selves, numberOf(factor));
    return;
  }
  const other = full([], numberOf(factor), { dtype: 'float64' });
  if (has('_foreach_mul_.Tensor')) aten._foreach_mul_$Tensor(selves, other);
  else for (const self of selves) self.mul_(other);
}

const HALVES: ReadonlySet<string> = new Set(['bfloat16', 'float16']);

/** self <- self + weight * (end - self). */
export function lerp_(selves: List, ends: List, weight: Reading): void {
  if (has('_foreach_lerp_.Scalar')) aten._foreach_lerp_$Scalar(selves, ends, numberOf(weight));
  else for (const [i, self] of selves.entries()) self.lerp_(ends[i]!, numberOf(weight));
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
export function averageSquares_(selves: List, others: List, decay: Reading): void {
  mul_(selves, decay);
  const share = typeof decay === 'number' ? 1 - decay : () => 1 - decay();
  aten._foreach_addcmul_$Scalar(selves, others, others, numberOf(share));
}

type Ascending = Batch<{ maximize: boolean }>;
type Lists = Ascending['whole'];

/** The gradients that are to be descended: negated to ascend, with the weights' share for a decay that goes through the gradient. */
export function descent(batch: Ascending, weightDecay: Reading = 0): List {
  return downhill(batch, batch.group.maximize, weightDecay);
}

/** The same, where PyTorch decays complex numbers before it takes them for pairs. */
export function descentOfWhole(batch: Ascending, weightDecay: Reading): List {
  const grads = downhill(batch.whole, batch.group.maximize, weightDecay);
  return batch.hasPairs ? grads.map(realPairs) : grads;
}

function downhill(lists: Lists, maximize: boolean, weightDecay: Reading): List {
  const grads = maximize ? aten._foreach_neg(lists.grads) : lists.grads;
  const isNone = (typeof weightDecay === 'number' ? weightDecay : weightDecay()) === 0;
  return isNone ? grads : aten._foreach_add$List(grads, lists.params, numberOf(weightDecay));
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
