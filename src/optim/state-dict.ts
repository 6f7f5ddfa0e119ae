// A state dict of an optimizer, ours or PyTorch's, held against the optimizer that takes it.

import type { Parameter } from '../nn/parameter.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Hyperparameter, type HyperparameterSpec, type Problem, readValue } from './hyperparameters.ts';
import type { OptimizerRule } from './optimizer.ts';
import type { Entries } from './optimizer-state.ts';
import { type ParamGroup, SCHEDULE_ENTRIES } from './param-groups.ts';
import type { StateKind } from './state-kinds.ts';

/** PyTorch's form: parameters by their index in the order of the groups. What is kept of a parameter is a tensor mostly; of some optimizers also numbers and
 *  lists of tensors. */
export interface OptimizerStateDict {
  readonly state: ReadonlyMap<number, Readonly<Record<string, Tensor>>>;
  readonly param_groups: readonly Readonly<Record<string, unknown>>[];
}

type Given = Readonly<Record<string, unknown>>;
type Refuse = (problem: Problem) => never;

/** Checks all of it, and gives hyperparameters by group and, by parameter, what makes the optimizer's own copy of its entries. */
export function readStateDict<H extends { lr: number }>(
  stateDict: OptimizerStateDict,
  groups: readonly ParamGroup<H>[],
  rule: OptimizerRule<H>,
  refuse: Refuse,
): { hyperparameters: Given[]; states: [Parameter, () => Entries][] } {
  const stored = stateDict.param_groups;
  if (!Array.isArray(stored) || !stored.every(isDict)) refuse(['a list of param_groups, each a dict', kindOf(stored)]);
  if (!isDict(stateDict.state)) refuse(['a dict of state', kindOf(stateDict.state)]);
  if (stored.length !== groups.length) refuse([`${groups.length} parameter groups`, String(stored.length)]);
  // A file's dict without entries is a plain object, whatever its keys would have been.
  const { state } = stateDict as { state: unknown };
  const pairs: [unknown, unknown][] =
    state instanceof Map ? [...state] : Object.entries(state as Given).map(([key, value]) => [Number(key), value]);
  const all = new Map(pairs);
  const states: [Parameter, () => Entries][] = [];
  const hyperparameters = stored.map((group) => readHyperparameters(group, rule, refuse));
  for (const [position, { params }] of groups.entries()) {
    const indices: unknown = stored[position]!.params;
    if (!Array.isArray(indices)) return refuse([`a list of params in group ${position}`, kindOf(indices)]);
    if (indices.length !== params.length)
      refuse([`${params.length} parameters in group ${position}`, String(indices.length)]);
    for (const [i, parameter] of params.entries()) {
      const entries = all.get(indices[i]);
      if (entries === undefined) continue;
      if (!isDict(entries)) return refuse([`a dict of state for parameter ${i} of group ${position}`, kindOf(entries)]);
      states.push([parameter, readEntries(entries, rule.state, parameter, indices[i], refuse)]);
    }
  }
  return { hyperparameters, states };
}

/** State dicts come from files, which may hold anything. */
function isDict(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'another dict' : typeof value;
}

function readHyperparameters<H>(group: Given, rule: OptimizerRule<H>, refuse: Refuse): Given {
  const read: Record<string, Hyperparameter | string[]> = {};
  const specs = { ...rule.hyperparameters, ...SCHEDULE_ENTRIES } as Record<string, HyperparameterSpec>;
  for (const [name, spec] of Object.entries(specs)) {
    const value = group[spec.key];
    // Older PyTorch lacks what came later; ours stays.
    if (value === undefined || (value === null && !spec.isOptional)) continue;
    const result = readValue(spec, value);
    if ('value' in result) read[name] = result.value;
    else refuse(result);
  }
  const names = group.param_names;
  if (Array.isArray(names)) read.paramNames = names.map(String);
  if (typeof group.name === 'string') read.name = group.name;
  return read;
}

/** @returns what copies the entries. */
function readEntries(
  given: Given,
  kinds: Readonly<Record<string, StateKind>>,
  parameter: Parameter,
  index: number,
  refuse: Refuse,
): () => Entries {
  // Older PyTorch keeps `momentum_buffer: None` where there is no momentum.
  const entries = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  for (const [name, value] of entries) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name]! : undefined;
    if (!kind) refuse([`entries of { ${Object.keys(kinds).join(', ')} } for parameter ${index}`, `"${name}"`]);
    const problem = kind!.problem(value, parameter, `"${name}" of parameter ${index}`);
    if (problem) refuse(problem);
  }
  if (entries.length > 0)
    for (const [name, { isOptional }] of Object.entries(kinds))
      if (!isOptional && !(name in given)) refuse([`"${name}" of parameter ${index}`, 'none']);
  return () => {
    const adopted: Entries = {};
    for (const [name, value] of entries) {
      const own = kinds[name]!.adopt(value, parameter);
      if (own !== undefined) adopted[name] = own;
    }
    return adopted;
  };
}
