// `Optimizer`: parameter groups, state by parameter, and state dicts that PyTorch's optimizers load.

import { CheckpointError } from '../errors.ts';
import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { enableGrad, noGrad } from '../tensor/autograd.ts';
import { getNative, handles, wrap } from '../tensor/call.ts';
import { holdsWhile, isRecording, noteChange, refuseCapture } from '../tensor/capture/notes.ts';
import { scope } from '../tensor/scope.ts';
import { refuseLater } from '../tensor/synchronous.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type HyperparameterKind, type HyperparameterSpec, type Problem, problemOf } from './hyperparameters.ts';
import { HookList, type OptimizerHookHandle, runsOperatorsAlone } from './optimizer-hooks.ts';
import { OptimizerState } from './optimizer-state.ts';
import {
  type GroupName,
  groupsOf,
  type OptimizerParams,
  type ParamGroup,
  type ParamGroupInput,
  readParameters,
  SCHEDULE_ENTRIES,
  type ScheduleEntries,
} from './param-groups.ts';
import { type OptimizerStateDict, readStateDict } from './state-dict.ts';
import type { StateKind, StateValue } from './state-kinds.ts';

/** Evaluates the model, calls backward, and gives the loss. */
export type Closure<T = unknown> = () => T;

/** Called before a step, with its closure; gives another one, or nothing. */
export type StepPreHook = (optimizer: AnyOptimizer, closure: Closure | undefined) => Closure | undefined;
export type StepPostHook = (optimizer: AnyOptimizer) => void;

/** What an optimizer is, as far as others need to know. */
export interface OptimizerRule<H> {
  readonly hyperparameters: { readonly [K in keyof H]-?: HyperparameterSpec<H[K]> };
  /** Hyperparameters that do not go together. */
  readonly conflicts?: (group: Readonly<H>) => readonly Problem[];
  /** What is wrong with a parameter, if anything. */
  readonly unfit?: (parameter: Parameter) => Problem | undefined;
  /** Entries of a group that PyTorch has and Sconce has no use for. */
  readonly fixedEntries?: Readonly<Record<string, unknown>>;
  /** What is kept of a parameter, by PyTorch's names. */
  readonly state: Readonly<Record<string, StateKind>>;
}

/** Base of every optimizer. Source: torch.optim.Optimizer.
 *  @typeParam H - the hyperparameters of a group, camelCased. */
export abstract class Optimizer<H extends { lr: number } = { lr: number }> {
  readonly paramGroups: ParamGroup<H>[] = [];
  /** What groups have that do not say otherwise. */
  readonly defaults: Readonly<H>;
  /** Made at the first step that a parameter has a gradient; what is put in here lives beyond the scope of the step. */
  protected readonly state = new OptimizerState();
  readonly #rule: OptimizerRule<H>;
  /** Of the step that is being recorded: what its update has read anew. */
  readonly #readAnew = new Set<string>();
  readonly #preHooks = new HookList<StepPreHook>();
  readonly #postHooks = new HookList<StepPostHook>();

  /** @param options - hyperparameters for all groups; a group's own come before them.
   *  @throws {TypeError} for an option that is no hyperparameter or of another kind, and for what are no parameters.  @throws {RangeError} for values out of range. */
  constructor(params: OptimizerParams<H>, rule: OptimizerRule<H>, options?: Readonly<Partial<H>>) {
    this.#rule = rule;
    const initial = Object.fromEntries(this.#specs().map(([name, { initial }]) => [name, initial]));
    this.#refuseUnknown(options ?? {}, []);
    this.defaults = { ...(initial as H), ...given(options ?? {}) };
    for (const group of groupsOf(params)) this.addParamGroup(group);
  }

  /** Adds parameters that are trained from now on, such as layers that were frozen before.
   *  @throws as the constructor does; nothing is added then. */
  addParamGroup(group: ParamGroupInput<H>): void {
    const { params, paramNames } = readParameters(group.params);
    this.#refuseUnknown(group, ['params', 'name', ...Object.keys(SCHEDULE_ENTRIES)]);
    if (group.name !== undefined && typeof group.name !== 'string')
      throw new TypeError(`Cannot make an optimizer: expected a text as the name of a group, got ${typeof group.name}`);
    const seen = new Set(this.parameters());
    for (const parameter of params) {
      if (seen.has(parameter))
        throw new TypeError('Cannot make an optimizer: expected every parameter in one group, got one twice');
      seen.add(parameter);
      const problem = this.#rule.unfit?.(parameter);
      if (problem)
        throw new TypeError(`Cannot make ${this.constructor.name}: expected ${problem[0]}, got ${problem[1]}`);
    }
    const first = this.paramGroups[0];
    if (first && (first.paramNames === undefined) !== (paramNames === undefined))
      throw new TypeError(
        `Cannot make an optimizer: expected names in all groups or in none, got a group ${paramNames ? 'with' : 'without'} names`,
      );
    const { params: _, ...rest } = group;
    const names = paramNames ? { paramNames } : {};
    const added = { ...this.defaults, ...given(rest), ...names, params } as ParamGroup<H>;
    this.#refuseProblems(added);
    this.paramGroups.push(added);
    noteChange();
  }

  #refuseUnknown(options: object, others: readonly string[]): void {
    const names = Object.keys(this.#rule.hyperparameters);
    for (const [name, value] of Object.entries(options)) {
      if (names.includes(name) || (others.includes(name) && value !== undefined)) continue;
      const isSpeed = ['foreach', 'fused', 'capturable', 'differentiable'].includes(name);
      throw new TypeError(
        `Cannot make ${this.constructor.name}: expected options of { ${names.join(', ')} }, got "${name}"${isSpeed ? '; the fastest way is chosen by itself' : ''}`,
      );
    }
  }

  #refuseProblems(group: ParamGroup<H>): void {
    const single = this.#specs()
      .map(([name, spec]) => problemOf(name, spec, group[name]))
      .filter((problem) => problem !== undefined);
    const isKind = (problem: Problem): boolean => / for \w+$/.test(problem[0]);
    const problems = single.length > 0 ? single : (this.#rule.conflicts?.(group) ?? []);
    if (problems.length === 0) return;
    const text = problems.map(([expected, got]) => `expected ${expected}, got ${got}`).join(', and ');
    const isTensor = problems.some(([, got]) => got === 'a Tensor');
    throw new (problems.some(isKind) ? TypeError : RangeError)(
      `Cannot make ${this.constructor.name}: ${text}${isTensor ? '; give its item()' : ''}`,
    );
  }

  /** What one step does, without gradients being recorded: calls the closure, if there is one, and gives what that gave. */
  protected abstract advance(closure: Closure | undefined): unknown;

  /** Updates every parameter that has a gradient. What is made on the way is freed, state that is kept apart.
   *  @param closure - called first: evaluates the model again, calls backward, and gives the loss. Only LBFGS needs one.  @returns what the closure gave.
   *  @throws {TypeError} for a closure that gives a Promise. */
  step(): void;
  step<T>(closure: Closure<T>): T;
  step(closure?: Closure): unknown {
    if (closure !== undefined && typeof closure !== 'function')
      throw new TypeError(`Cannot step ${this.constructor.name}: expected a closure, got ${typeof closure}`);
    let chosen = closure;
    if (this.#preHooks.size > 0) for (const hook of this.#preHooks) chosen = hook(this, chosen) ?? chosen;
    const evaluate =
      chosen &&
      (() => {
        const loss = enableGrad(chosen);
        refuseLater(loss, `step ${this.constructor.name}`, 'outside of it');
        return loss;
      });
    const loss = scope(() => {
      const result = noGrad(() => this.advance(evaluate));
      this.state.settle();
      return result;
    }, 'optimizer.step()');
    if (isRecording()) this.#noteStep();
    if (this.#postHooks.size > 0) for (const hook of this.#postHooks) hook(this);
    return loss;
  }

  /** For `advance`: it reads these hyperparameters by `readAnew`, or does not look at them. A captured step goes on where they change, as long as those that
   *  are zero stay so and no other becomes it; where others change it is recorded anew. */
  protected readsAnew(...names: readonly (keyof H & string)[]): void {
    if (isRecording()) for (const name of names) this.#readAnew.add(name);
  }

  /** What a captured step goes by: it holds while the hyperparameters are what they were. */
  #noteStep(): void {
    const hooks = [...this.#preHooks, ...this.#postHooks];
    if (!hooks.every((hook) => runsOperatorsAlone(hook))) refuseCapture('an optimizer has hooks');
    const readAnew = new Set(this.#readAnew);
    this.#readAnew.clear();
    const names = this.#specs().map(([name]) => name);
    const { length } = this.paramGroups;
    for (const [place, group] of this.paramGroups.entries()) {
      const params = [...group.params];
      const known = names.map((name) => {
        const value: unknown = group[name];
        return {
          name,
          value: Array.isArray(value) ? [...(value as unknown[])] : value,
          isReadAnew: readAnew.has(name),
        };
      });
      holdsWhile(() => {
        if (this.paramGroups.length !== length || this.paramGroups[place] !== group) return false;
        if (group.params.length !== params.length) return false;
        for (let i = 0; i < params.length; i++) if (group.params[i] !== params[i]) return false;
        for (let i = 0; i < known.length; i++) {
          const { name, value, isReadAnew } = known[i]!;
          if (!isAlike(group[name], value, isReadAnew)) return false;
        }
        return true;
      });
    }
  }

  /** Calls `hook` before every step, with the closure or undefined; a closure that it returns takes the place of the step's.
   *  Source: torch.optim.Optimizer.register_step_pre_hook. */
  registerStepPreHook(hook: StepPreHook): OptimizerHookHandle {
    return this.#preHooks.add(hook, 'register a hook');
  }

  /** Calls `hook` after every step. Source: torch.optim.Optimizer.register_step_post_hook. */
  registerStepPostHook(hook: StepPostHook): OptimizerHookHandle {
    return this.#postHooks.add(hook, 'register a hook');
  }

  /** Forgets the gradients, or sets them to zero.
   *  @param options.setToNone - default true: a parameter that gets no gradient until the next step is left alone by it; with zeros it is updated. */
  zeroGrad(options: { setToNone?: boolean } = {}): void {
    const { setToNone = true, ...unknown } = options;
    const [stray] = Object.keys(unknown);
    if (stray !== undefined)
      throw new TypeError(`Cannot zero gradients: expected options of { setToNone }, got "${stray}"`);
    for (const { params } of this.paramGroups) {
      if (setToNone) getNative().clearGrads(handles(params));
      else scope(() => noGrad(() => setToZero(params)), 'optimizer.zeroGrad()');
    }
  }

  /** All parameters, in the order of the groups. */
  parameters(): Parameter[] {
    return this.paramGroups.flatMap((group) => group.params);
  }

  /** What is remembered of a parameter, by PyTorch's names; undefined before its first step. The tensors are the optimizer's own: read them, and keep copies.
   *  Source: `optimizer.state[parameter]` of torch.optim. */
  stateOf(parameter: Parameter): Readonly<Record<string, StateValue>> | undefined {
    return this.state.get(parameter);
  }

  /** What `torch.optim`'s load_state_dict takes: tensors of their own on the same memory. */
  stateDict(): OptimizerStateDict {
    const index = new Map(this.parameters().map((parameter, i) => [parameter, i]));
    const state = new Map<number, Readonly<Record<string, Tensor>>>();
    for (const [parameter, i] of index) {
      const entries = Object.entries(this.state.get(parameter) ?? {});
      if (entries.length === 0) continue;
      const shared = entries.map(([name, value]) => [name, this.#rule.state[name]!.give(value)]);
      state.set(i, Object.fromEntries(shared));
    }
    const param_groups = this.paramGroups.map((group) => {
      const entries: Record<string, unknown> = {};
      for (const [name, spec] of this.#specs()) entries[spec.key] = asNone(group[name]);
      Object.assign(entries, this.#rule.fixedEntries);
      for (const [name, spec] of Object.entries(SCHEDULE_ENTRIES) as [keyof ScheduleEntries, HyperparameterSpec][])
        if (group[name] !== undefined) entries[spec.key] = group[name];
      const name = group.name === undefined ? {} : { name: group.name };
      const names = group.paramNames ? { param_names: [...group.paramNames] } : {};
      return { ...name, ...names, ...entries, params: group.params.map((parameter) => index.get(parameter)!) };
    });
    return { state, param_groups };
  }

  /** Kinds of the entries of `param_groups`, for writers that must tell floats from integers. */
  get hyperparameterKinds(): Readonly<Record<string, HyperparameterKind>> {
    const specs = [...this.#specs(), ...Object.entries(SCHEDULE_ENTRIES)];
    return Object.fromEntries(specs.map(([, spec]) => [spec.key, spec.kind]));
  }

  /** Names of numbers in `state` that Python holds as float. */
  get floatStates(): readonly string[] {
    return Object.entries(this.#rule.state).flatMap(([name, kind]) => (kind.isFloat ? [name] : []));
  }

  #specs(): [keyof H & string, HyperparameterSpec][] {
    return Object.entries(this.#rule.hyperparameters) as [keyof H & string, HyperparameterSpec][];
  }

  /** Takes over a state dict of this class or of PyTorch's, hyperparameters included. Nothing is taken unless everything fits.
   *  @param isKept - of which parameters the state is taken. Default: of all.
   *  @throws {CheckpointError} where groups, parameters, entries, shapes or kinds of hyperparameters differ. */
  loadStateDict(stateDict: OptimizerStateDict, isKept: (parameter: Parameter) => boolean = () => true): void {
    const refuse = ([expected, got]: Problem): never => {
      throw new CheckpointError(`Cannot load a state into ${this.constructor.name}: expected ${expected}, got ${got}`);
    };
    const { hyperparameters, states } = readStateDict(stateDict, this.paramGroups, this.#rule, refuse);
    for (const [position, group] of this.paramGroups.entries()) {
      for (const name of Object.keys(SCHEDULE_ENTRIES)) delete group[name as keyof ScheduleEntries];
      Object.assign(group, hyperparameters[position]);
    }
    noteChange();
    scope(() => {
      this.state.clear();
      noGrad(() => {
        for (const [parameter, adopt] of states) if (isKept(parameter)) this.state.set(parameter, adopt());
      });
    }, 'loadStateDict()');
  }

  /** As PyTorch prints it: the class, and the hyperparameters of each group. */
  toString(): string {
    const groups = this.stateDict().param_groups.map(({ params: _, ...entries }, i) => {
      const lines = Object.keys(entries)
        .sort()
        .map((key) => `    ${key}: ${printed(entries[key], this.hyperparameterKinds[key])}\n`);
      return `\nParameter Group ${i}\n${lines.join('')}`;
    });
    return `${this.constructor.name} (${groups.join('')})`;
  }
}

/** Whether a hyperparameter is what it was; of what is read anew only whether it is zero: that decides what is computed. */
function isAlike(now: unknown, before: unknown, isReadAnew: boolean): boolean {
  if (!Array.isArray(now) || !Array.isArray(before))
    return isReadAnew ? (now === 0) === (before === 0) : Object.is(now, before);
  if (now.length !== before.length) return false;
  for (let i = 0; i < now.length; i++) if (!isAlike(now[i], before[i], isReadAnew)) return false;
  return true;
}

/** What Python has for what is not given, inside of a list too: undefined cannot be written to a file. */
function asNone(value: unknown): unknown {
  return Array.isArray(value) ? value.map((each: unknown) => each ?? null) : (value ?? null);
}

/** Options that are not undefined: those stand for the default. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function setToZero(params: readonly Parameter[]): void {
  for (const parameter of params) {
    const grad = parameter.grad;
    if (grad === undefined) continue;
    if (grad.requiresGrad) parameter.grad = grad.detach();
  }
  const found = Array.from(getNative().gradsOf(handles(params))).filter((handle) => handle !== 0);
  const grads: Tensor[] = found.map(wrap);
  if (grads.length === 0) return;
  if (grads.every((grad) => grad.layout === 'strided')) aten._foreach_zero_(grads);
  else for (const grad of grads) grad.zero_();
}

/** A value as Python prints it. */
function printed(value: unknown, kind: HyperparameterKind | undefined): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `(${value.map((each) => printed(each ?? null, 'float')).join(', ')})`;
  if (typeof value === 'number' && kind !== 'int' && Number.isInteger(value) && Math.abs(value) < 1e16)
    return `${value}.0`;
  return String(value).replace(/e-(\d)$/, 'e-0$1');
}

/** Any optimizer, whatever its hyperparameters: what trainers and checkpoints work with. */
export type AnyOptimizer = Pick<
  Optimizer,
  | 'step'
  | 'zeroGrad'
  | 'parameters'
  | 'stateDict'
  | 'loadStateDict'
  | 'hyperparameterKinds'
  | 'floatStates'
  | 'defaults'
> & {
  readonly paramGroups: readonly ({ params: Parameter[]; lr: number } & ScheduleEntries & GroupName)[];
  /** Of an optimizer whose state lies on several ranks: brings it to one, for `stateDict`. All ranks call it. */
  consolidateStateDict?(to?: number): void;
  /** Of such an optimizer: what this rank has. */
  ownStateDict?(): OptimizerStateDict;
};
