// Scopes: everything that is made inside is freed at the end, except what is returned, kept, or assigned to registered state.

import { getNative, getScope, h, handles, setScope } from './call.ts';
import { Tensor } from './tensor.ts';

/** One opening of `scope`. Tensors point at the scope that will free them, so that an error can name it. */
export class Scope {
  readonly name: string | undefined;
  isEnded = false;

  constructor(name: string | undefined) {
    this.name = name;
  }

  /** For messages: `the scope "step"`. */
  get label(): string {
    return this.name === undefined ? 'a scope' : `the scope "${this.name}"`;
  }
}

/** Every tensor in a nest of objects, arrays, maps and sets. */
export function collectTensors(nest: unknown, found: Tensor[] = [], seen: Set<object> = new Set()): Tensor[] {
  if (nest instanceof Tensor) {
    found.push(nest);
    return found;
  }
  if (typeof nest !== 'object' || nest === null || ArrayBuffer.isView(nest) || seen.has(nest)) return found;
  seen.add(nest);
  if (Array.isArray(nest) || nest instanceof Set) {
    for (const element of nest) collectTensors(element, found, seen);
  } else if (nest instanceof Map) {
    for (const [key, value] of nest) {
      collectTensors(key, found, seen);
      collectTensors(value, found, seen);
    }
  } else {
    for (const value of Object.values(nest)) collectTensors(value, found, seen);
  }
  return found;
}

/** Runs `body` and frees every tensor that was made in it, except the ones in what it returns (any nesting), the ones given to `keep`, and the ones
 *  assigned to a registered parameter, buffer or optimizer state. Survivors belong to the scope around this one, or else to their collection.
 *  Synchronous: `body` must not return a Promise, since other code would run inside the scope meanwhile.
 *  @param name - for messages about tensors that are used after the scope freed them.
 *  @throws {TypeError} if `body` returns a Promise. */
export function scope<T>(body: () => T, name?: string): T {
  const native = getNative();
  const parent = getScope();
  const current = new Scope(name);
  native.beginScope();
  setScope(current);
  let survivors: Tensor[] = [];
  try {
    const result = body();
    if (result instanceof Promise) {
      // The rejection, if any, is told by the error below.
      result.catch(() => {});
      throw new TypeError(
        `Cannot end ${current.label}: expected a synchronous body, got one that returns a Promise; await outside the scope`,
      );
    }
    survivors =
      typeof result === 'object' && result !== null
        ? collectTensors(result).filter((tensor) => tensor.scope === current && !tensor.isDisposed)
        : [];
    return result;
  } finally {
    setScope(parent);
    const kept = survivors.length === 0 ? undefined : handles(survivors); // before the scope counts as ended: a tensor of an ended one has no handle
    current.isEnded = true;
    native.endScope(kept);
    for (const tensor of survivors) tensor.moveTo(parent);
  }
}

/** Takes a tensor (or every tensor of a nest) out of its scope: it lives until `dispose()` or until nothing refers to it. Returns its argument. */
export function keep<T>(nest: T): T {
  for (const tensor of collectTensors(nest)) tensor.keep();
  return nest;
}

/** Gives tensors that no scope holds to the innermost scope, which frees them at its end. The trainer adopts each batch this way.
 *  @throws {Error} outside a scope. */
export function adopt<T>(nest: T): T {
  const current = getScope();
  if (!current) throw new Error('Cannot adopt tensors: expected an open scope, got none; call adopt inside scope()');
  for (const tensor of collectTensors(nest)) {
    if (tensor.scope === undefined && getNative().adopt(h(tensor))) tensor.moveTo(current);
  }
  return nest;
}

/** How many tensors are alive in this thread. */
export function liveTensors(): number {
  return getNative().liveTensors();
}
