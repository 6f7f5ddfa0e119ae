// The line search of LBFGS: a step along a direction that fulfils the strong Wolfe conditions. In the order of torch.optim's, so that bits agree.

import type { Tensor } from '../tensor/tensor.ts';
import { greatest, least, PythonNumber } from './python-number.ts';

/** A step along the direction, and what was found there. */
interface Trial {
  readonly step: PythonNumber;
  readonly loss: number;
  readonly gradient: Tensor;
  /** The gradient along the direction. */
  readonly slope: PythonNumber;
}

/** What a search starts from and asks. */
export interface LineSearch {
  /** Loss, gradient and slope after a step of that size along the direction. */
  readonly evaluate: (step: PythonNumber) => Trial;
  readonly step: PythonNumber;
  readonly loss: number;
  readonly gradient: Tensor;
  readonly slope: PythonNumber;
  /** The largest element of the direction. */
  readonly directionSize: PythonNumber;
  readonly toleranceChange: number;
  readonly maxEvaluations: number;
}

// Nocedal and Wright's constants.
const DECREASE = 1e-4;
const CURVATURE = 0.9;

/** Finds a step whose loss is low enough and whose slope is flat enough, or the best there is after `maxEvaluations`.
 *  Source: Nocedal and Wright 2006, algorithms 3.5 and 3.6; torch.optim.LBFGS, line_search_fn='strong_wolfe'. */
export function strongWolfe(search: LineSearch): Trial & { readonly numEvaluations: number } {
  return zoom(search, bracket(search));
}

interface Bracket {
  readonly trials: readonly Trial[];
  readonly isDone: boolean;
  readonly numEvaluations: number;
  readonly numIterations: number;
}

const lowOf = (trials: readonly Trial[]): number => (trials[0]!.loss <= trials.at(-1)!.loss ? 0 : 1);

/** Whether the loss is not low enough for a step of that size. */
function isTooHigh(search: LineSearch, { step, loss }: Trial): boolean {
  const bound = PythonNumber.float(search.loss).plus(PythonNumber.float(DECREASE).times(step).times(search.slope));
  return bound.isBelow(loss);
}

function isFlat(search: LineSearch, { slope }: Trial): boolean {
  return slope.abs().isAtMost(search.slope.times(-CURVATURE));
}

const isNotFalling = (slope: PythonNumber): boolean => PythonNumber.float(0).isAtMost(slope);

/** Goes further until two steps have a good one between them, or one is good. */
function bracket(search: LineSearch): Bracket {
  const { maxEvaluations, loss, gradient, slope } = search;
  const start: Trial = { step: PythonNumber.float(0), loss, gradient, slope };
  let before = start;
  let now = search.evaluate(search.step);
  let numEvaluations = 1;
  for (let i = 0; i < maxEvaluations; i++) {
    const counts = { numEvaluations, numIterations: i };
    if (isTooHigh(search, now) || (i > 1 && now.loss >= before.loss))
      return { trials: [before, now], isDone: false, ...counts };
    if (isFlat(search, now)) return { trials: [now], isDone: true, ...counts };
    if (isNotFalling(now.slope)) return { trials: [before, now], isDone: false, ...counts };
    const smallest = now.step.plus(now.step.minus(before.step).times(0.01));
    const step = interpolate(before, now, [smallest, now.step.times(10)]);
    before = now;
    now = search.evaluate(step);
    numEvaluations += 1;
  }
  return { trials: [start, now], isDone: false, numEvaluations, numIterations: maxEvaluations };
}

/** Narrows the bracket until a step in it is good. */
function zoom(search: LineSearch, found: Bracket): Trial & { readonly numEvaluations: number } {
  const trials = [...found.trials];
  let { isDone, numEvaluations, numIterations } = found;
  let isStuck = false;
  let low = lowOf(trials);
  while (!isDone && numIterations < search.maxEvaluations) {
    const [a, b] = trials as [Trial, Trial];
    if (b.step.minus(a.step).abs().times(search.directionSize).isBelow(search.toleranceChange)) break;
    const ends = [least(a.step, b.step), greatest(a.step, b.step)] as const;
    const moved = awayFromEnds(interpolate(a, b), ends, isStuck);
    isStuck = moved.isStuck;
    const now = search.evaluate(moved.step);
    numEvaluations += 1;
    numIterations += 1;
    if (isTooHigh(search, now) || now.loss >= trials[low]!.loss) {
      trials[1 - low] = now;
      low = lowOf(trials);
      continue;
    }
    if (isFlat(search, now)) isDone = true;
    else if (isNotFalling(now.slope.times(trials[1 - low]!.step.minus(trials[low]!.step))))
      trials[1 - low] = trials[low]!;
    trials[low] = now;
  }
  return { ...trials[low]!, numEvaluations };
}

/** A step too near to an end of the bracket twice in a row is moved inwards: progress would stall. */
function awayFromEnds(
  step: PythonNumber,
  [least_, greatest_]: readonly [PythonNumber, PythonNumber],
  wasStuck: boolean,
): { step: PythonNumber; isStuck: boolean } {
  const margin = greatest_.minus(least_).times(0.1);
  if (!least(greatest_.minus(step), step.minus(least_)).isBelow(margin)) return { step, isStuck: false };
  if (!wasStuck && step.isBelow(greatest_) && least_.isBelow(step)) return { step, isStuck: true };
  const isNearGreatest = step.minus(greatest_).abs().isBelow(step.minus(least_).abs());
  return { step: isNearGreatest ? greatest_.minus(margin) : least_.plus(margin), isStuck: false };
}

/** The minimum of the cubic through two trials, within bounds (by default: between them).
 *  Source: https://github.com/torch/optim/blob/master/polyinterp.lua, by way of torch.optim. */
function interpolate(a: Trial, b: Trial, bounds?: readonly [PythonNumber, PythonNumber]): PythonNumber {
  const isInOrder = a.step.isAtMost(b.step);
  const [lowest, highest] = bounds ?? (isInOrder ? [a.step, b.step] : [b.step, a.step]);
  const chord = PythonNumber.float(3 * (a.loss - b.loss)).over(a.step.minus(b.step));
  const d1 = a.slope.plus(b.slope).minus(chord);
  const square = d1.times(d1).minus(a.slope.times(b.slope));
  if (square.isBelow(0) || Number.isNaN(square.value)) return lowest.plus(highest).over(PythonNumber.float(2));
  const d2 = square.sqrt();
  const [far, near] = isInOrder ? [b, a] : [a, b];
  const ratio = far.slope
    .plus(d2)
    .minus(d1)
    .over(far.slope.minus(near.slope).plus(d2.times(2)));
  const minimum = far.step.minus(far.step.minus(near.step).times(ratio));
  return least(greatest(minimum, lowest), highest);
}
