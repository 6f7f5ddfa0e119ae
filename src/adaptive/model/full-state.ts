// The state of a model as adaptiveneuralnetwork's checkpoints have it: what nodes and scheduler carry in two objects beside the weights.

import type { LoadContext, StateDict } from '../../nn/module-state.ts';
import { tensor } from '../../tensor/from-data.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { AdaptiveModel } from './adaptive-model.ts';

const NODES = 'node_state.';
const SCHEDULER = 'phase_scheduler.';
/** What is numbers there and no tensor. */
const PLAIN: readonly string[] = ['current_step', 'policy_temperature', 'exploration_rate', 'policy_entropy_history'];

const plain = (value: Tensor): unknown => (value.ndim === 0 ? Number(value.item()) : value.toArray());

/** @internal `AdaptiveModel.getStateDictFull`. */
export function fullState(model: AdaptiveModel): Record<string, unknown> {
  const entries = Object.entries(model.stateDict());
  const below = (prefix: string): [string, Tensor][] =>
    entries.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]);
  const scheduler = below(SCHEDULER).map(([name, value]) => [name, PLAIN.includes(name) ? plain(value) : value]);
  return {
    ...Object.fromEntries(entries.filter(([key]) => !key.startsWith(NODES) && !key.startsWith(SCHEDULER))),
    node_state: Object.fromEntries(below(NODES)),
    scheduler_state: Object.fromEntries(scheduler) as Record<string, unknown>,
  };
}

/** Puts the two objects of a full state in the place of the entries of a state dict. Of the scheduler, adaptiveneuralnetwork has the step and the phases alone:
 *  the rest stays as it is. Runs before the model looks for its names.  @internal */
export function unfoldState(model: AdaptiveModel, state: StateDict, { prefix, problems }: LoadContext): void {
  const unfold = (name: string, to: string, others: StateDict): void => {
    const key = prefix + name;
    const given: unknown = state[key];
    if (given === undefined) return;
    delete state[key];
    if (typeof given !== 'object' || given === null || given instanceof Tensor) {
      problems.push(`"${key}": expected an object of state, got another value`);
      return;
    }
    const entries = Object.entries({ ...others, ...given }).map(([inner, value]) => [prefix + to + inner, made(value)]);
    Object.assign(state, Object.fromEntries(entries));
  };
  unfold('node_state', NODES, {});
  unfold('scheduler_state', SCHEDULER, model.phaseScheduler.carried());
}

/** Numbers as the tensors that they are in a state dict. */
function made(value: unknown): unknown {
  const isNumbers =
    typeof value === 'number' || (Array.isArray(value) && value.every((each) => typeof each === 'number'));
  return isNumbers ? tensor(value as number[], { dtype: 'float64' }) : value;
}
