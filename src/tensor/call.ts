// The TypeScript side of an operator call: handles out of tensors, tensors out of handles, and who will free them.

import { loadNative } from '../binding/load.ts';
import type { Argument, Handle, Native, NativeResult } from '../binding/native.ts';
import { DisposedError } from '../errors.ts';
import { OPERATORS } from './operators.generated.ts';
import type { Scope } from './scope.ts';
import type { Tensor } from './tensor.ts';

export type { Argument, NativeResult } from '../binding/native.ts';

let native: Native | undefined;

/** The addon with the operator table in it. */
export function getNative(): Native {
  if (native) return native;
  native = loadNative();
  native.defineOperators(OPERATORS);
  call = native.call;
  return native;
}

/** Runs the operator at this place of the generated table. The first call loads the addon and puts its function here. */
export let call: (operator: number, ...args: Argument[]) => NativeResult = (operator, ...args) =>
  getNative().call(operator, ...args);

type TensorClass = new (handle: Handle, scope: Scope | undefined) => Tensor;
let TensorOf: TensorClass | undefined;

/** The innermost open scope, which scope.ts alone sets. A property and not a function: it is set back where no stack may be left for a call. @internal */
export const open: {
  scope: Scope | undefined;
  /** Tensors that no scope holds and that have no owner yet, while `withoutOwners` looks for those that need none. */
  unowned: Tensor[] | undefined;
} = { scope: undefined, unowned: undefined };

/** tensor.ts gives its class here: it extends what is generated, which calls this file. */
export function registerTensorClass(tensorClass: TensorClass): void {
  TensorOf = tensorClass;
}

/** Called with every tensor that is made, while memory-tracking.ts or `passOn` looks on. @internal */
export const onTensorMade: { call: ((handle: Handle, tensor: Tensor) => void) | undefined } = { call: undefined };

/** The innermost open scope. */
export function getScope(): Scope | undefined {
  return open.scope;
}

/** A tensor around a handle that an operator gave: the open scope frees it, or else its collection. */
export function wrap(handle: NativeResult): Tensor {
  return new TensorOf!(handle as Handle, open.scope);
}

/** The tensors of a list result. */
export function wrapAll(handles: NativeResult): Tensor[] {
  return (handles as Handle[]).map(wrap);
}

/** The tensors of a tuple result whose elements all are tensors. */
export function wrapTuple<T extends readonly Tensor[]>(results: NativeResult): T {
  return (results as Handle[]).map(wrap) as readonly Tensor[] as T; // the schema says how many there are
}

function freedByScope(scope: Scope): DisposedError {
  return new DisposedError(
    `Cannot use a tensor: expected a live one, got one that ${scope.label} freed at its end; return it from the scope or keep() it`,
  );
}

/** What generated code knows of a tensor. */
interface HasHandle {
  readonly handle: Handle;
}

/** The handle of a tensor argument. What is no tensor goes on as a value that the addon refuses, naming operator and argument.
 *  @throws {DisposedError} for a tensor whose scope has ended; the message names the scope. */
export function h(tensor: HasHandle): number;
export function h(tensor: HasHandle | undefined): number | undefined;
export function h(tensor: HasHandle | undefined): number | undefined {
  if (tensor instanceof TensorOf!) {
    if (tensor.scope?.isEnded) throw freedByScope(tensor.scope);
    return tensor.handle;
  }
  // null goes on as it is, for the message.
  return tensor === undefined || tensor === null ? (tensor as undefined) : Number.NaN;
}

/** Longer lists are rare, and their elements cost more than the array. */
const MAX_REUSED_LENGTH = 1024;
/** Lists of one length that are in use at once: no native call takes more. */
const REUSED_PER_LENGTH = 8;
const reused = new Array<{ readonly arrays: Float64Array[]; next: number } | undefined>(MAX_REUSED_LENGTH + 1);

/** An array for handles on their way to the addon. The first look at a typed array's memory from C++ moves it out of V8's heap, half of the cost of
 *  concatenating eight small tensors; so the arrays of the last few lists are used again. */
function arrayOf(length: number): Float64Array {
  if (length > MAX_REUSED_LENGTH) return new Float64Array(length);
  let ring = reused[length];
  if (!ring) {
    ring = { arrays: Array.from({ length: REUSED_PER_LENGTH }, () => new Float64Array(length)), next: 0 };
    reused[length] = ring;
  }
  ring.next = (ring.next + 1) % REUSED_PER_LENGTH;
  return ring.arrays[ring.next]!;
}

/** The handles of a list of tensors; undefined becomes 0, which stands for none, and what is no tensor NaN, which the addon refuses, as it
 *  does what is no array.
 *  Hand the array to the addon at once and do not keep it: later lists of this length are written into it. */
export function handles(tensors: readonly (Tensor | undefined)[]): Float64Array {
  if (!Array.isArray(tensors)) return tensors as unknown as Float64Array;
  const result = arrayOf(tensors.length);
  for (let i = 0; i < tensors.length; i++) result[i] = h(tensors[i]) ?? 0;
  return result;
}
