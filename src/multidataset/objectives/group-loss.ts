// The loss of a group, and what becomes of one that is not finite.

import { noGrad } from '../../tensor/autograd.ts';
import { where } from '../../tensor/ops.generated.ts';
import { readUncounted } from '../../tensor/profiler/call-counts.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { DatasetGroup, Objective } from './objective.ts';

/** A loss with what it counts for. */
export interface GroupLoss {
  /** 0-d; on a device that works beside the host 0, without a gradient, where the loss is not finite. */
  readonly loss: Tensor;
  /** Whether it is finite; there 0-d. */
  readonly isValid: boolean | Tensor;
}

/** A group's loss. In the host's memory it is read, which costs nothing; elsewhere nobody waits: where it is not finite, it and the gradient of the output are 0.
 *  @param isBesideHost - whether reading would wait. */
export function groupLoss(
  objective: Objective,
  output: Tensor,
  group: DatasetGroup,
  isBesideHost = output.device !== 'cpu',
): GroupLoss {
  if (!isBesideHost) {
    const loss = objective.forward(output, group);
    return { loss, isValid: Number.isFinite(readUncounted(() => loss.item())) };
  }
  const isValid = noGrad(() => objective.forward(output.detach(), group).isfinite());
  // A selection, by which no gradient comes back where the condition is false, not even NaN.
  const gated = where(isValid, output, output.detach());
  return { loss: where(isValid, objective.forward(gated, group), 0), isValid };
}

/** The mean over the groups that count, and how many these are; undefined where it is known that none does. */
export function meanOfGroups(losses: readonly GroupLoss[]): { mean: Tensor; isAny: boolean | Tensor } | undefined {
  const counted = losses.filter(({ isValid }) => isValid !== false);
  const [first, ...others] = counted;
  if (!first) return undefined;
  const sum = others.reduce((total, { loss }) => total.add(loss), first.loss);
  const onDevice = counted.flatMap(({ isValid }) => (isValid === true || isValid === false ? [] : [isValid]));
  if (onDevice.length === 0) return { mean: sum.div(counted.length), isAny: true };
  const count = onDevice.reduce((total, isValid) => total.add(isValid), onDevice[0]!.to(sum.dtype).mul(0));
  return { mean: sum.div(count.clamp({ min: 1 })), isAny: count.gt(0) };
}
