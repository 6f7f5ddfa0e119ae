// Which tensors are alive, and, for whoever asks beforehand, which line of the program made them.

import { fileURLToPath } from 'node:url';
import type { Handle } from '../binding/native.ts';
import { getNative, getScope, onTensorMade } from './call.ts';
import { type Device, deviceName } from './device.ts';
import { type DType, dtypeName } from './dtype.ts';
import { collectTensors, type Scope } from './scope.ts';

/** A live tensor as its thread's table knows it. */
export interface TensorInfo {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly device: Device;
  /** Of all memory behind it, which views share; 0 where that cannot be told (sparse tensors, the meta device). */
  readonly memoryBytes: number;
  /** The same number for tensors that share memory; 0 where it cannot be told. */
  readonly memory: number;
  /** The scope that frees it, as in 'the scope "step"'; undefined where none does. */
  readonly scope: string | undefined;
  /** The line that made it, as in 'train (/home/me/train.ts:12:5)', where it was made inside `trackTensors`. */
  readonly madeAt: string | undefined;
}

/** What `listTensors` knows beyond what it tells. @internal */
export interface TensorRow extends TensorInfo {
  readonly handle: Handle;
  /** Memory of its gradient, as `memory` and `memoryBytes`. */
  readonly gradient: number;
  readonly gradientBytes: number;
}

const COLUMNS = 6;

/** Every live tensor of this thread, gradients with them. @internal */
export function tensorRows(): TensorRow[] {
  const native = getNative();
  const numbers = native.listTensors();
  const labels: string[] = [];
  for (let scope: Scope | undefined = getScope(); scope !== undefined; scope = scope.parent)
    labels.unshift(scope.label);
  const describe = (row: number): TensorRow => {
    const [handle, depth, memory, memoryBytes, gradient, gradientBytes] = numbers.subarray(
      row * COLUMNS,
    ) as unknown as [number, ...number[]];
    return {
      handle,
      shape: native.shape(handle),
      dtype: dtypeName(native.dtype(handle)),
      device: deviceName(native.device(handle)),
      memory: memory!,
      memoryBytes: memoryBytes!,
      gradient: gradient!,
      gradientBytes: gradientBytes!,
      scope: depth! < 0 ? undefined : (labels[depth!] ?? 'a scope'),
      madeAt: tracked?.get(handle),
    };
  };
  const rows: TensorRow[] = [];
  for (let row = 0; row < numbers.length / COLUMNS; row++) {
    try {
      rows.push(describe(row));
    } catch (error) {
      if (native.isLive(numbers[row * COLUMNS]!)) throw error; // else a collection in between took it: it is not among the live
    }
  }
  return rows;
}

/** Every live tensor of this thread, the largest memory first. Gradients that nobody has read are not among them: they are their parameters'. */
export function listTensors(): TensorInfo[] {
  const rows = tensorRows().sort((a, b) => b.memoryBytes - a.memoryBytes);
  return rows.map(({ handle: _, gradient: __, gradientBytes: ___, ...info }) => info);
}

/** Where the tensors were made that were made while somebody tracks. */
let tracked: Map<Handle, string> | undefined;
let numTrackers = 0;

/** A place outside of this library, from a stack of one line a call. @internal */
export function placeIn(stack: string): string {
  const calls = stack.split('\n').slice(1);
  const own = fileURLToPath(new URL('..', import.meta.url));
  const place = calls.find((call) => !call.includes(own) && !call.includes('node:')) ?? calls.at(-1) ?? 'somewhere';
  return place.trim().replace(/^at /, '').replace('file://', '');
}

/** Kept small: tensors that are gone leave when so many have been noted. */
const SWEEP_AT = 2000;
let sweepAt = SWEEP_AT;

function note(handle: Handle): void {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 30; // a model's layers stand between the program's line and the operator
  const { stack } = new Error();
  Error.stackTraceLimit = before;
  tracked!.set(handle, placeIn(stack ?? ''));
  if (tracked!.size < sweepAt) return;
  for (const each of tracked!.keys()) if (!getNative().isLive(each)) tracked!.delete(each);
  sweepAt = Math.max(SWEEP_AT, 2 * tracked!.size);
}

function stopTracking(): void {
  numTrackers -= 1;
  if (numTrackers > 0) return;
  onTensorMade.call = undefined;
  tracked = undefined;
}

/** What is left of the tensors made since `known` were all: those that the result holds are its receiver's. */
function leftOver(known: ReadonlySet<Handle>, result: unknown): TensorInfo[] {
  (globalThis as { gc?: () => void }).gc?.();
  const handedOver = new Set(collectTensors(result).map(({ handle }) => handle));
  const rows = tensorRows().filter(({ handle }) => !known.has(handle) && !handedOver.has(handle));
  return rows.map(({ handle: _, gradient: __, gradientBytes: ___, ...info }) => info);
}

/** Runs `body`, which may be asynchronous, and tells which of the tensors that were made meanwhile are still alive and not in what it returns, with the
 *  line that made each. Finds what a step leaves behind: a tensor that is kept and forgotten, a list that grows. Outside of scopes what merely waits for its
 *  collection is alive too, unless Node was started with --expose-gc. Slow (about 20 us a tensor) while it runs; costs nothing when it does not.
 *  @example
 *  const forgotten: Tensor[] = [];
 *  const { left } = trackTensors(() => void forgotten.push(ones([2, 3])));
 *  left.map(({ shape }) => shape); // [[2, 3]] */
export function trackTensors<T>(body: () => Promise<T>): Promise<{ result: T; left: TensorInfo[] }>;
export function trackTensors<T>(body: () => T): { result: T; left: TensorInfo[] };
export function trackTensors<T>(
  body: () => T | Promise<T>,
): { result: T; left: TensorInfo[] } | Promise<{ result: T; left: TensorInfo[] }> {
  tracked ??= new Map();
  onTensorMade.call = note;
  numTrackers += 1;
  const known = new Set(tensorRows().map(({ handle }) => handle));
  const finish = (result: T): { result: T; left: TensorInfo[] } => ({ result, left: leftOver(known, result) });
  let isLater = false;
  try {
    const result = body();
    if (!(result instanceof Promise)) return finish(result);
    isLater = true;
    return result.then(finish).finally(stopTracking);
  } finally {
    if (!isLater) stopTracking();
  }
}
