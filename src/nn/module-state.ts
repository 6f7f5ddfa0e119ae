// State dicts: a module's tensors by name, out of it and into it.

import { CheckpointError } from '../errors.ts';
import { readOptions } from '../tensor/arguments.ts';
import { describeValue } from '../tensor/autograd/callback.ts';
import { noGrad } from '../tensor/autograd.ts';
import { getNative, h } from '../tensor/call.ts';
import { isComplexDType, isFloatingDType } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/tensor.ts';
import { loadMessage } from './load-message.ts';
import type { Module } from './module.ts';
import { isModule, registry } from './module-registry.ts';
import { ownProperties } from './module-tree.ts';
import { Parameter } from './parameter.ts';

/** Tensors by their names in a module, as in 'conv.weight'. Iteration order is PyTorch's. A module with `getExtraState` has whatever that returns under
 *  '_extra_state'. */
export type StateDict = Record<string, Tensor>;

export interface LoadReport {
  /** Names that the module has and the state has not. */
  readonly missing: readonly string[];
  /** Names that the state has and the module has not. */
  readonly unexpected: readonly string[];
}

export interface StateDictOptions {
  /** What every name begins with, dot included. Default ''. */
  prefix?: string;
  /** Give the parameters and buffers themselves, and not tensors of their own on the same memory. Default false. */
  keepVars?: boolean;
  /** An object that takes the entries, and is returned. Default a new one. */
  destination?: StateDict;
}

export interface LoadStateDictOptions {
  /** Every name must be on both sides. Default true. */
  strict?: boolean;
  /** Take over the state's tensors, with their dtype, device and memory, instead of copying into the module's. Whether a parameter requires a gradient stays
   *  the module's own. Optimizers must be made afterwards. Default false. */
  assign?: boolean;
}

/** Runs before a module's entries are collected. */
export type StateDictPreHook<M extends Module = Module> = (module: M, prefix: string, keepVars: boolean) => void;
/** Runs when the entries of a module and of all below it are in `state`, and may change them there. */
export type StateDictHook<M extends Module = Module> = (module: M, state: StateDict, prefix: string) => void;
/** What a hook before loading may look at and change: `state` is a copy, which later modules see; lists may be added to. */
export interface LoadContext {
  readonly prefix: string;
  readonly strict: boolean;
  readonly missing: string[];
  readonly unexpected: string[];
  /** What else does not fit, as lines of the error. */
  readonly problems: string[];
}
/** Runs before a module looks for its names in `state`, parents first. */
export type LoadStateDictPreHook<M extends Module = Module> = (
  module: M,
  state: StateDict,
  context: LoadContext,
) => void;
/** Runs when a module and all below it are loaded. Names may be taken out of the lists, or added, before they are checked. */
export type LoadStateDictHook<M extends Module = Module> = (
  module: M,
  report: { readonly missing: string[]; readonly unexpected: string[] },
) => void;

const EXTRA = '_extra_state';

function runHooks(module: Module, kind: 'stateDictPre' | 'stateDict' | 'loadPre' | 'load', ...args: unknown[]): void {
  for (const { run } of module[registry].hooksOf(kind)) {
    const result = run(...([module, ...args] as never[]));
    if (result !== undefined)
      throw new TypeError(
        `Cannot run a state dict hook of ${module.constructor.name}: expected it to change its arguments and return undefined, got ${describeValue(result)}`,
      );
  }
}

/** What a module itself saves, buffers last. */
function* ownState(module: Module): Generator<[name: string, tensor: Tensor]> {
  for (const [name, value] of ownProperties(module)) if (value instanceof Parameter) yield [name, value];
  for (const [name, { tensor, isPersistent }] of module[registry].buffers)
    if (tensor && isPersistent) yield [name, tensor];
}

/** The direct submodules, one that has two names under both. */
function* children(module: Module): Generator<[name: string, child: Module]> {
  for (const [name, value] of ownProperties(module)) if (isModule(value)) yield [name, value];
}

/** Refuses a module that lies below itself, whose names have no end. */
function requireTree(module: Module, ancestors: ReadonlySet<Module>, prefix: string): Set<Module> {
  if (ancestors.has(module))
    throw new TypeError(
      `Cannot collect the state of ${module.constructor.name}: expected a tree of modules, got one that lies below itself at "${prefix.slice(0, -1)}"`,
    );
  return new Set(ancestors).add(module);
}

/** @internal `Module.stateDict`. */
export function collectState(module: Module, options: StateDictOptions): StateDict {
  readOptions('stateDict', ['prefix', 'keepVars', 'destination'], options);
  const { prefix = '', keepVars = false, destination = {} } = options;
  const collect = (owner: Module, at: string, above: ReadonlySet<Module>): void => {
    const ancestors = requireTree(owner, above, at);
    runHooks(owner, 'stateDictPre', at, keepVars);
    for (const [name, tensor] of ownState(owner)) destination[at + name] = keepVars ? tensor : tensor.detach();
    if (owner.getExtraState) destination[at + EXTRA] = owner.getExtraState() as Tensor; // see StateDict
    for (const [name, child] of children(owner)) collect(child, `${at}${name}.`, ancestors);
    runHooks(owner, 'stateDict', destination, at);
  };
  collect(module, prefix, new Set());
  return destination;
}

/** One entry that fits: where it goes and what comes there. */
interface Step {
  readonly owner: Module;
  readonly name: string;
  readonly key: string;
  readonly target: Tensor;
  readonly source: Tensor;
}

/** Everything that a load will do, found before anything changes. */
interface Plan {
  readonly steps: Step[];
  readonly extras: (() => void)[];
  readonly mismatched: string[];
  /** In the order of the walk: what a module lacks and does not know, or a module that is complete with all below it. */
  readonly events: (Names | Module)[];
}

/** Names that do not match. */
interface Names {
  readonly missing: string[];
  readonly unexpected: string[];
}

/** @internal `Module.loadStateDict`. */
export function loadState(
  root: Module,
  given: Readonly<Record<string, Tensor>>,
  options: LoadStateDictOptions,
): LoadReport {
  readOptions('loadStateDict', ['strict', 'assign'], options);
  const { strict = true, assign = false } = options;
  const { plan, check } = checkedPlan(root, given, strict, assign);
  noGrad(() => (assign ? assignAll(plan.steps) : copyAll(plan.steps)));
  for (const load of plan.extras) load();
  return check(report(plan, true));
}

/** Fails as `loadState` would that copies, and changes nothing. Where hooks behind loading have a say, names are left to them.
 *  @throws {CheckpointError} that lists what does not fit.  @internal */
export function checkState(root: Module, given: Readonly<Record<string, Tensor>>, { strict = true } = {}): void {
  checkedPlan(root, given, strict, false);
}

function checkedPlan(root: Module, given: Readonly<Record<string, Tensor>>, strict: boolean, assign: boolean) {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || given instanceof Map)
    throw new TypeError(
      `Cannot load a state into ${root.constructor.name}: expected an object of tensors by name, got ${describeValue(given)}`,
    );
  const plan = makePlan(root, { ...given }, strict, assign);
  const { mismatched } = plan;
  const check = ({ missing, unexpected }: Names): LoadReport => {
    if (mismatched.length === 0 && (!strict || missing.length + unexpected.length === 0))
      return { missing, unexpected };
    const problems = { missing, unexpected, mismatched };
    throw new CheckpointError(loadMessage(root.constructor.name, problems, strict, Object.keys(given)), problems);
  };
  const hasHooks = plan.events.some((event) => isModule(event) && event[registry].hooks.has('load'));
  if (!hasHooks || mismatched.length > 0) check(report(plan, false));
  return { plan, check };
}

/** All names that do not match. Hooks see those up to their module, and may change them. */
function report(plan: Plan, runsHooks: boolean): Names {
  const names: Names = { missing: [], unexpected: [] };
  for (const event of plan.events) {
    if (isModule(event)) {
      if (runsHooks) runHooks(event, 'load', names);
    } else {
      names.missing.push(...event.missing);
      names.unexpected.push(...event.unexpected);
    }
  }
  return names;
}

function makePlan(root: Module, state: StateDict, strict: boolean, assign: boolean): Plan {
  const plan: Plan = { steps: [], extras: [], mismatched: [], events: [] };
  const visit = (owner: Module, prefix: string, given: readonly string[], above: ReadonlySet<Module>): void => {
    const ancestors = requireTree(owner, above, prefix);
    const names: Names = { missing: [], unexpected: [] };
    plan.events.push(names);
    runHooks(owner, 'loadPre', state, { ...names, prefix, strict, problems: plan.mismatched });
    const isHooked = owner[registry].hooks.has('loadPre');
    const keys = isHooked ? Object.keys(state).filter((key) => key.startsWith(prefix)) : given;
    const known = planOwn(owner, prefix, state, plan, names.missing, assign);
    const below = new Map(Array.from(children(owner), ([name, child]) => [name, { child, keys: [] as string[] }]));
    for (const key of keys) {
      const [name, ...rest] = key.slice(prefix.length).split('.', 2) as [string, string?];
      const branch = rest.length > 0 ? below.get(name) : undefined;
      if (branch) branch.keys.push(key);
      else if (rest.length > 0 || !known.has(name)) names.unexpected.push(key);
    }
    for (const [name, { child, keys: own }] of below) visit(child, `${prefix}${name}.`, own, ancestors);
    plan.events.push(owner);
  };
  visit(root, '', Object.keys(state), new Set());
  return plan;
}

/** Plans what a module itself takes. @returns the names that it knows. */
function planOwn(
  owner: Module,
  prefix: string,
  state: StateDict,
  plan: Plan,
  missing: string[],
  assign: boolean,
): Set<string> {
  const known = new Set<string>();
  for (const [name, target] of ownState(owner)) {
    const key = prefix + name;
    known.add(name);
    if (!Object.hasOwn(state, key)) {
      if (name !== 'num_batches_tracked') missing.push(key); // files of PyTorch before 0.4.1 have none, and norms do without
      continue;
    }
    const source = withoutDimension(state[key]!, target);
    const problem = mismatch(source, target, assign);
    if (problem === undefined) plan.steps.push({ owner, name, key, target, source });
    else plan.mismatched.push(`"${key}": ${problem}`);
  }
  if (owner.setExtraState) {
    known.add(EXTRA);
    const key = prefix + EXTRA;
    if (Object.hasOwn(state, key)) plan.extras.push(() => owner.setExtraState!(state[key]));
    else missing.push(key);
  }
  return known;
}

/** Files of PyTorch before 0.4 have one element in a dimension where there is none now. */
function withoutDimension(source: Tensor, target: Tensor): Tensor {
  if (!(source instanceof Tensor) || target.ndim !== 0) return source;
  return source.ndim === 1 && source.numel === 1 ? source.select(0, 0) : source;
}

const KINDS = ['booleans', 'integers', 'floating-point numbers', 'complex numbers'] as const;

/** Each kind holds all values of those before it. */
function kindOf(tensor: Tensor): number {
  if (isComplexDType(tensor.dtype)) return 3;
  if (isFloatingDType(tensor.dtype)) return 2;
  return tensor.dtype === 'bool' ? 0 : 1;
}

/** Why a value cannot go into a tensor of the module, or undefined where it can. */
function mismatch(source: unknown, target: Tensor, assign: boolean): string | undefined {
  if (!(source instanceof Tensor)) return `expected a tensor, got ${source === null ? 'null' : typeof source}`;
  if (String(target.shape) !== String(source.shape))
    return `expected shape [${target.shape.join(', ')}], got [${source.shape.join(', ')}]`;
  if (kindOf(source) > kindOf(target))
    return `expected ${KINDS[kindOf(target)]} (${target.dtype}), got ${source.dtype}; convert it with to() if that loses nothing`;
  if (target.device === 'meta' && source.device !== 'meta' && !assign)
    return 'expected memory to copy into, got a tensor on device meta; load with { assign: true }, or call toEmpty() before';
  return undefined;
}

function copyAll(steps: readonly Step[]): void {
  for (const { target, source } of steps) target.copy_(source);
}

const sameMemory = (a: Tensor, b: Tensor): boolean =>
  a === b ||
  String([getNative().storage(h(a)), getNative().storageOffset(h(a)), a.shape, a.stride, a.dtype]) ===
    String([getNative().storage(h(b)), getNative().storageOffset(h(b)), b.shape, b.stride, b.dtype]);

/** Puts the state's tensors in the place of the module's. What was shared stays shared.
 *  @throws {CheckpointError} where the state has two memories for what is one tensor in the module; nothing has changed then. */
function assignAll(steps: readonly Step[]): void {
  const first = new Map<Tensor, Step>();
  for (const step of steps) {
    const before = first.get(step.target);
    if (before && !sameMemory(before.source, step.source))
      throw new CheckpointError(
        `Cannot assign a state: expected one memory for "${before.key}" and "${step.key}", which are one tensor in the module, got two; load without { assign: true }`,
      );
    if (!before) first.set(step.target, step);
  }
  const replaced = new Map<Tensor, Tensor>();
  for (const { owner, name, target, source } of steps) {
    const value = replaced.get(target) ?? replacement(target, source);
    replaced.set(target, value);
    Reflect.set(owner, name, value);
  }
}

function replacement(target: Tensor, source: Tensor): Tensor {
  if (!(target instanceof Parameter)) return source;
  if (!(source instanceof Parameter)) return new Parameter(source, target.requiresGrad);
  source.requiresGrad = target.requiresGrad;
  return source;
}
