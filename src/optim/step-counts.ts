// The step counts of an optimizer whose rule needs them: one tensor of one number a parameter, as in PyTorch's state, advanced together.

import * as aten from '../tensor/aten.generated.ts';
import { atEachStep } from '../tensor/capture/notes.ts';
import { stack } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Entries } from './optimizer-state.ts';

/** Parameters that are updated together: their steps are views of one tensor. */
interface Packed {
  readonly all: Tensor;
  readonly states: readonly Entries[];
  readonly steps: Tensor[];
  readonly members: ReadonlySet<Tensor>;
}

/** Advances the `step` of many states at once. libtorch's own operator for lists adds to them one by one, which took a tenth of a small model's
 *  training step; so they are made views of one tensor, which PyTorch and its files take as they take others. */
export class StepCounts {
  readonly #packed = new Map<object, Packed>();
  /** Counts that were read from the device once, and are kept up since, each beside the tensor that it is the value of. */
  readonly #read = new WeakMap<Entries, { step: Tensor; count: number }>();
  #hasRead = false;

  /** Adds 1 to the `step` of each state, and puts views in their place where they are not yet.
   *  @param group - the parameter group that the states are of.  @returns the steps, in the order of the states. */
  advance(group: object, states: readonly Entries[]): Tensor[] {
    if (!this.#hasRead) return this.#advance(group, states);
    const known = states.filter((state) => this.#isKnown(state));
    const steps = this.#advance(group, states);
    const read = known.map((state) => this.#read.get(state)!);
    for (const [i, each] of read.entries()) each.step = known[i]!.step as Tensor;
    const count = (by: number) => (): void => {
      for (const each of read) each.count += by;
    };
    atEachStep(count(1), count(-1));
    return steps;
  }

  #isKnown(state: Entries): boolean {
    return this.#read.get(state)?.step === state.step;
  }

  /** What the states have counted, as numbers, now and at each replay of a captured step. The device is waited for at the first call alone. */
  reading(states: readonly Entries[]): () => number[] {
    if (!states.every((state) => this.#isKnown(state))) {
      const counts = stack(states.map((state) => state.step as Tensor)).toTypedArray();
      for (const [i, state] of states.entries())
        this.#read.set(state, { step: state.step as Tensor, count: Number(counts[i]) });
      this.#hasRead = true;
    }
    const read = states.map((state) => this.#read.get(state)!);
    return () => read.map(({ count }) => count);
  }

  #advance(group: object, states: readonly Entries[]): Tensor[] {
    const steps = states.map((state) => state.step as Tensor);
    let packed = this.#packed.get(group);
    if (packed?.steps.length === steps.length && packed.steps.every((step, i) => step === steps[i])) {
      packed.all.add_(1);
      return packed.steps;
    }
    // Fewer parameters have a gradient than last time, and soon others again; or they lie on several devices.
    const isPart = packed !== undefined && steps.every((step) => packed!.members.has(step));
    if (isPart || new Set(steps.map((step) => step.device)).size > 1) {
      aten._foreach_add_$Scalar(steps, 1);
      return steps;
    }
    // Those of before, too: what takes turns, as heads of several tasks do, is then a part of one whole.
    const others = packed ? packed.states.filter((state, i) => isOther(state, packed!.steps[i]!, steps)) : [];
    packed?.all.dispose(); // its views live on
    packed = pack([...states, ...others]);
    for (const [i, step] of packed.steps.entries()) packed.states[i]!.step = i < states.length ? step : step.keep();
    this.#packed.set(group, packed);
    if (others.length === 0) packed.all.add_(1);
    else aten._foreach_add_$Scalar(packed.steps.slice(0, states.length), 1);
    return packed.steps.slice(0, states.length);
  }
}

/** Whether a state still has the step that was packed, which is none of `steps` and can lie beside them. */
const isOther = ({ step }: Entries, packed: Tensor, steps: readonly Tensor[]): boolean =>
  step === packed &&
  !packed.isDisposed &&
  !steps.includes(packed) &&
  packed.device === steps[0]!.device &&
  packed.dtype === steps[0]!.dtype;

function pack(states: readonly Entries[]): Packed {
  const all = stack(states.map((state) => state.step as Tensor)).keep();
  const steps = all.unbind();
  return { all, states, steps, members: new Set(steps) };
}
