// Hooks around a module's forward and backward. A module with hooks has a `forward` property of its own that runs them; others pay nothing.

import { describeValue } from '../tensor/autograd/callback.ts';
import { noteChange, refuseCapture } from '../tensor/capture/notes.ts';
import { refuseLater } from '../tensor/synchronous.ts';
import { BackwardHooks } from './backward-hooks.ts';
import type { Module } from './module.ts';
import { type HookEntry, type HookKind, registry } from './module-registry.ts';

/** What `forward` of a module takes. */
export type Inputs<M extends Module> = Parameters<M['forward']>;
/** What `forward` of a module gives. */
export type Output<M extends Module> = ReturnType<M['forward']>;

/** Runs before `forward`, with its arguments; an array that it returns takes their place. */
export type ForwardPreHook<M extends Module = Module> = (
  module: M,
  inputs: Readonly<Inputs<M>>,
) => Readonly<Inputs<M>> | undefined;

/** Runs after `forward`, with its arguments and its output; what it returns, if anything, takes the output's place. */
export type ForwardHook<M extends Module = Module> = (
  module: M,
  inputs: Readonly<Inputs<M>>,
  output: Output<M>,
) => Output<M> | undefined;

export interface HookOptions {
  /** Run before the hooks that are there already. Default false. */
  prepend?: boolean;
}

export interface ForwardHookOptions extends HookOptions {
  /** Run also when `forward` or another hook throws; the output may be undefined then. Default false. */
  alwaysCall?: boolean;
}

/** What registering a hook on a module gives. Source: torch.utils.hooks.RemovableHandle. */
export class RemovableHandle {
  // No private fields: a deep copy of a module takes the handles of its hooks along.
  private readonly module: Module;
  private readonly kind: HookKind;
  private readonly entry: HookEntry;

  /** @internal */
  constructor(module: Module, kind: HookKind, entry: HookEntry) {
    this.module = module;
    this.kind = kind;
    this.entry = entry;
  }

  /** The hook runs no more. Removing it again does nothing. */
  remove(): void {
    const { hooks } = this.module[registry];
    const left = (hooks.get(this.kind) ?? []).filter((entry) => entry !== this.entry);
    if (left.length > 0) hooks.set(this.kind, left);
    else hooks.delete(this.kind);
    showHooks(this.module);
  }

  /** `using handle = module.registerForwardHook(…)` removes it at the end of the block. */
  [Symbol.dispose](): void {
    this.remove();
  }
}

/** @internal `Module.register…Hook`. */
export function registerHook(
  module: Module,
  kind: HookKind,
  run: (...args: never[]) => unknown,
  { prepend = false, alwaysCall = false }: ForwardHookOptions = {},
): RemovableHandle {
  if (typeof run !== 'function')
    throw new TypeError(
      `Cannot register a hook on ${module.constructor.name}: expected a function, got ${describeValue(run)}`,
    );
  const { hooks } = module[registry];
  const entry = { run, alwaysCall };
  const others = hooks.get(kind) ?? [];
  hooks.set(kind, prepend ? [entry, ...others] : [...others, entry]);
  showHooks(module);
  return new RemovableHandle(module, kind, entry);
}

const AROUND_FORWARD: readonly HookKind[] = ['forwardPre', 'forward', 'backwardPre', 'backward'];

/** Whether hooks stand in the way of the module's `forward`. @internal */
export function isHooked(module: object): boolean {
  const found = Object.getOwnPropertyDescriptor(module, 'forward');
  return found?.get !== undefined && wrappers.has(found.get);
}

const wrappers = new WeakSet<() => unknown>();

/** Puts hooks before the module's `forward` if it has any, and takes them away if it has none. @internal */
export function showHooks(module: Module): void {
  noteChange();
  const own = module[registry];
  const isWanted = AROUND_FORWARD.some((kind) => own.hooks.has(kind));
  if (isWanted === isHooked(module)) return;
  if (!isWanted) {
    Reflect.deleteProperty(module, 'forward');
    if (own.ownForward) Object.defineProperty(module, 'forward', own.ownForward);
    own.ownForward = undefined;
    return;
  }
  own.ownForward = Object.getOwnPropertyDescriptor(module, 'forward');
  const forward = (...inputs: unknown[]): unknown => runForward(module, inputs);
  const get = (): typeof forward => forward;
  wrappers.add(get);
  Object.defineProperty(module, 'forward', {
    configurable: true,
    enumerable: false, // what copies or lists properties does not see it
    get,
    set: (value: unknown) => {
      own.ownForward = { value, configurable: true, enumerable: true, writable: true };
    },
  });
}

/** The function that hooks stand before: the object's own, or its class's. */
function innerForward(module: Module): (...inputs: unknown[]) => unknown {
  const { ownForward } = module[registry];
  const own: unknown = ownForward && ('value' in ownForward ? ownForward.value : ownForward.get?.call(module));
  return (own ?? (Object.getPrototypeOf(module) as Module).forward) as (...inputs: unknown[]) => unknown;
}

function called(module: Module, kind: string, result: unknown): unknown {
  refuseLater(result, `run a ${kind} of ${module.constructor.name}`, 'outside of it');
  return result;
}

function runPreHooks(module: Module, inputs: unknown[]): unknown[] {
  let current = inputs;
  for (const { run } of module[registry].hooksOf('forwardPre')) {
    const changed = called(module, 'forward pre-hook', run(module as never, current as never));
    if (changed === undefined) continue;
    if (!Array.isArray(changed))
      throw new TypeError(
        `Cannot run a forward pre-hook of ${module.constructor.name}: expected an array of all inputs or undefined, got ${describeValue(changed)}`,
      );
    current = changed as unknown[];
  }
  return current;
}

/** As torch.nn.Module._call_impl: pre-hooks, forward, hooks. */
function runForward(module: Module, given: unknown[]): unknown {
  refuseCapture('a module has hooks');
  const own = module[registry];
  const done = new Set<HookEntry>();
  let inputs = given;
  let output: unknown;
  const runHook = ({ run }: HookEntry): void => {
    const changed = called(module, 'forward hook', run(module as never, inputs as never, output as never));
    if (changed !== undefined) output = changed;
  };
  try {
    inputs = runPreHooks(module, inputs);
    const backward = BackwardHooks.of(module);
    if (backward) inputs = backward.watchInputs(inputs);
    output = Reflect.apply(innerForward(module), module, inputs);
    for (const entry of own.hooksOf('forward')) {
      done.add(entry);
      runHook(entry);
    }
    return backward ? backward.watchOutput(output) : output;
  } catch (error) {
    for (const entry of own.hooksOf('forward')) {
      if (!entry.alwaysCall || done.has(entry)) continue;
      try {
        runHook(entry);
      } catch (second) {
        process.emitWarning(
          `A forward hook of ${module.constructor.name} with alwaysCall threw after another error: ${String(second)}`,
          'SconceWarning',
        );
      }
    }
    throw error;
  }
}
