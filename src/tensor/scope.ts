// Scopes: everything that is made inside is freed at the end, except what is returned, kept, or assigned to registered state.

import { getNative, getScope, h, handles, onTensorMade, open } from './call.ts';
import { noteChange } from './capture/notes.ts';
import { refuseLater } from './synchronous.ts';
import { heldByState, Tensor } from './tensor.ts';

/** One opening of `scope`. Tensors point at the scope that will free them, so that an error can name it. */
export class Scope {
  readonly name: string | undefined;
  /** The one around it. */
  readonly parent: Scope | undefined;
  isEnded = false;
  /** Made by `passOn`. */
  passedOn: Tensor[] | undefined;

  constructor(name: string | undefined, parent: Scope | undefined) {
    this.name = name;
    this.parent = parent;
  }

  /** For messages: `the scope "step"`. */
  get label(): string {
    return this.name === undefined ? 'a scope' : `the scope "${this.name}"`;
  }
}

/** The values inside a container, in order; a tensor or a view of bytes has none. */
function valuesInside(nest: object): readonly unknown[] {
  if (ArrayBuffer.isView(nest)) return [];
  const own = Object.values(nest); // of an array its elements, those of a subclass's own properties too
  const elements = nest instanceof Map ? [...nest].flat() : nest instanceof Set ? [...nest] : undefined;
  const symbols = Object.getOwnPropertySymbols(nest);
  if (elements === undefined && symbols.length === 0) return own;
  return [...(elements ?? []), ...own, ...symbols.map((symbol) => (nest as Record<symbol, unknown>)[symbol])];
}

/** Every tensor in a nest of objects, arrays, maps and sets, once for each place that holds it. What private fields and closures hold cannot be seen.
 *  @example
 *  const model = { weight: ones([2]), parts: [zeros([1])] };
 *  collectTensors(model); // [tensor([1., 1.]), tensor([0.])] */
export function collectTensors(nest: unknown): Tensor[] {
  const found: Tensor[] = [];
  const seen = new Set<object>();
  const waiting: unknown[] = [nest]; // a list and no recursion: a linked list may be deeper than the stack
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (value instanceof Tensor) {
      found.push(value);
    } else if (!seen.has(value)) {
      seen.add(value);
      const inside = valuesInside(value);
      for (let i = inside.length - 1; i >= 0; i--) waiting.push(inside[i]);
    }
  }
  return found;
}

const NONE: readonly Tensor[] = [];

/** The same; a batch that is a list of tensors is given as it is, since this is done in every step. */
function listOf(nest: unknown): readonly Tensor[] {
  if (!Array.isArray(nest) || nest.constructor !== Array) return collectTensors(nest);
  for (let i = 0; i < nest.length; i++) if (!(nest[i] instanceof Tensor)) return collectTensors(nest);
  return Object.keys(nest).length === nest.length ? (nest as Tensor[]) : collectTensors(nest);
}

/** Runs `body` and frees every tensor that was made in it, except the ones in what it returns (any nesting), the ones given to `keep`, and the ones
 *  assigned to a registered parameter, buffer or optimizer state. Survivors belong to the scope around this one, or else to their collection.
 *  Synchronous: `body` must not return a Promise or a generator, since other code would run inside the scope meanwhile.
 *  @param name - for messages about tensors that are used after the scope freed them.
 *  @throws {TypeError} if `body` returns a Promise or a generator.
 *  @example
 *  const inside: Tensor[] = [];
 *  const sum = scope(() => { inside.push(ones([10])); return inside[0]!.sum(); });
 *  [sum.item(), inside[0]!.isDisposed]; // [10, true] */
export function scope<T>(body: () => T, name?: string): T {
  const native = getNative();
  const parent = open.scope;
  const current = new Scope(name, parent);
  // From here to the end no call may come between the two sides of the scope: the stack may be used up at any of them.
  const depth = native.beginScope();
  open.scope = current;
  let survivors = NONE;
  try {
    const result = body();
    if (typeof result === 'object' && result !== null) {
      refuseLater(result, `end ${current.label}`, 'outside the scope');
      survivors = collectTensors(result).filter((tensor) => tensor.scope === current && !tensor.isDisposed);
    }
    if (current.passedOn) {
      const passed = current.passedOn.filter((tensor) => tensor.scope === current && !tensor.isDisposed);
      survivors = [...new Set([...survivors, ...passed])];
    }
    return result;
  } finally {
    open.scope = parent;
    const kept = survivors.length === 0 ? undefined : handles(survivors); // before the scope counts as ended: a tensor of an ended one has no handle
    current.isEnded = true;
    native.endScope(depth, kept);
    for (const tensor of survivors) tensor.moveTo(parent);
  }
}

/** Runs `body`; the tensors that it makes outlive the innermost scope and go to the one around it. @internal */
export function passOn<T>(body: () => T): T {
  const current = open.scope;
  if (current === undefined) return body();
  current.passedOn ??= [];
  const made = current.passedOn;
  const before = onTensorMade.call;
  const note: typeof before = (handle, tensor) => {
    before?.(handle, tensor);
    made.push(tensor);
  };
  onTensorMade.call = note;
  try {
    return body();
  } finally {
    if (onTensorMade.call === note) onTensorMade.call = before;
  }
}

/** Takes a tensor (or every tensor of a nest) out of its scope: it lives until `dispose()` or until nothing refers to it. Returns its argument.
 *  @example
 *  const seen: unknown[] = [];
 *  scope(() => void seen.push(keep(ones([2]))));
 *  seen; // [tensor([1., 1.])] */
export function keep<T>(nest: T): T {
  for (const tensor of collectTensors(nest)) tensor.keep();
  return nest;
}

/** Gives tensors that no scope holds to the innermost scope, which frees them at its end. The trainer adopts each batch this way.
 *  @throws {Error} outside a scope.
 *  @example
 *  const batch = ones([2]);
 *  scope(() => void adopt(batch));
 *  batch.isDisposed; // true */
export function adopt<T>(nest: T): T {
  const current = getScope();
  if (!current) throw new Error('Cannot adopt tensors: expected an open scope, got none; call adopt inside scope()');
  for (const tensor of listOf(nest)) {
    if (tensor.scope !== undefined || !getNative().adopt(h(tensor))) continue;
    heldByState.delete(tensor);
    tensor.moveTo(current);
  }
  return nest;
}

/** Runs `body` outside of scopes and leaves the tensors of what it returns without an owner, which costs more than making a small tensor: a scope must
 *  adopt them, or somebody dispose of them, or they stay. Every other tensor is as it would be without this function. @internal */
export function withoutOwners<T>(body: () => T): T {
  const outer = open.unowned;
  const made: Tensor[] = [];
  let result: T | undefined;
  open.unowned = made;
  try {
    result = body();
    return result;
  } finally {
    open.unowned = outer;
    const given = made.length === 0 ? NONE : listOf(result);
    for (let i = 0; i < made.length; i++) {
      const tensor = made[i]!;
      if (tensor.scope === undefined && !given.includes(tensor) && !tensor.isDisposed) tensor.makeOwner();
    }
  }
}

/** Notes that a place of registered state holds this tensor from now on, and takes it out of its scope. @internal */
export function hold(tensor: Tensor): void {
  noteChange();
  const places = heldByState.get(tensor);
  if (places === undefined && tensor.scope === undefined) return; // whoever made it outside of scopes goes on owning it
  if (places === undefined) tensor.keep();
  heldByState.set(tensor, (places ?? 0) + 1);
}

/** Notes that a place of registered state holds this tensor no longer. If it had been taken out of a scope for it, and no other place holds it, then it
 *  goes to the open scope, which frees it at its end: a step that assigns a buffer anew leaves nothing behind. @internal */
export function letGo(tensor: Tensor): void {
  noteChange();
  const places = heldByState.get(tensor);
  if (places === undefined) return;
  if (places > 1) {
    heldByState.set(tensor, places - 1);
    return;
  }
  heldByState.delete(tensor);
  if (getScope() !== undefined && !tensor.isDisposed) adopt(tensor);
}

/** How many tensors are alive in this thread.
 *  @example
 *  const x = ones([2]);
 *  liveTensors() > 0; // true */
export function liveTensors(): number {
  return getNative().liveTensors();
}
