// What an average of weights does with one more model: exponential moving averages, and plain means.

import { noGrad } from '../tensor/autograd.ts';
import { isFloatingDType } from '../tensor/dtype.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { lerp_ } from './lists.ts';

/** Gives the new average.
 *  @param numAveraged - models that are in the average already. */
export type AvgFn = (averaged: Tensor, current: Tensor, numAveraged: number) => Tensor;

/** Updates averages in place; lists of one device and dtype. */
export type MultiAvgFn = (averaged: readonly Tensor[], current: readonly Tensor[], numAveraged: number) => void;

function checkDecay(decay: number): void {
  if (!(decay >= 0 && decay <= 1))
    throw new RangeError(`Cannot average weights: expected decay from 0 to 1, got ${decay}`);
}

/** Rule: decay * averaged + (1 - decay) * current.
 *  @throws {RangeError} for a decay outside of [0, 1].  Source: torch.optim.swa_utils.get_ema_avg_fn. */
export function getEmaAvgFn(decay = 0.999): AvgFn {
  checkDecay(decay);
  return (averaged, current) => noGrad(() => averaged.mul(decay).add(current.mul(1 - decay)));
}

/** As `getEmaAvgFn`, in one call for a whole list. Rule: averaged + (1 - decay) * (current - averaged).
 *  @throws {RangeError} for a decay outside of [0, 1].  Source: torch.optim.swa_utils.get_ema_multi_avg_fn. */
export function getEmaMultiAvgFn(decay = 0.999): MultiAvgFn {
  checkDecay(decay);
  return (averaged, current) => {
    const update = getEmaAvgFn(decay);
    interpolate(averaged, current, 1 - decay, (mine, theirs) => update(mine, theirs, 0));
  };
}

/** Rule: averaged + (current - averaged) / (numAveraged + 1).  Source: torch.optim.swa_utils.get_swa_avg_fn. */
export function getSwaAvgFn(): AvgFn {
  return (averaged, current, numAveraged) => noGrad(() => averaged.add(current.sub(averaged).div(numAveraged + 1)));
}

/** As `getSwaAvgFn`, in one call for a whole list.  Source: torch.optim.swa_utils.get_swa_multi_avg_fn, which fails for integers on a CPU. */
export function getSwaMultiAvgFn(): MultiAvgFn {
  const update = getSwaAvgFn();
  return (averaged, current, numAveraged) => {
    // PyTorch's weight is a tensor, so a float32.
    const weight = Math.fround(1 / (numAveraged + 1));
    interpolate(averaged, current, weight, (mine, theirs) => update(mine, theirs, numAveraged));
  };
}

/** The plain mean, tensor by tensor: PyTorch's own choice on a CPU. */
export const meanOneByOne: MultiAvgFn = (averaged, current, numAveraged) => {
  const update = getSwaAvgFn();
  for (const [i, mine] of averaged.entries()) mine.copy_(update(mine, current[i]!, numAveraged));
};

/** Moves floating tensors by a share of the way; what is not floating goes by `each`, and is cut off to an integer. */
function interpolate(
  averaged: readonly Tensor[],
  current: readonly Tensor[],
  weight: number,
  each: (averaged: Tensor, current: Tensor) => Tensor,
): void {
  const [first] = averaged;
  if (first === undefined) return;
  scope(() =>
    noGrad(() => {
      if (isFloatingDType(first.dtype) || first.dtype.startsWith('complex')) lerp_(averaged, current, weight);
      else for (const [i, mine] of averaged.entries()) mine.copy_(each(mine, current[i]!));
    }),
  );
}
