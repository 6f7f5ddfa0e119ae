// Loads the addon, on first use and never at import, and makes its errors instances of Sconce's classes.

import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { DisposedError, DTypeError, NativeError, OutOfMemoryError, SetupError, ShapeError } from '../errors.ts';
import { reasonOf } from './cache.ts';
import { locateAddon } from './locate.ts';
import type { ErrorKind, Native } from './native.ts';

/** The error that C++ asks for. Its stack begins where the addon was called, not here. */
function makeError(kind: ErrorKind, message: string, operator: string): Error {
  const error = errorOf(kind, message, operator);
  Error.captureStackTrace(error, makeError);
  return error;
}

function errorOf(kind: ErrorKind, message: string, operator: string): Error {
  switch (kind) {
    case 'type':
      return new TypeError(message);
    case 'range':
      return new RangeError(message);
    case 'shape':
      return new ShapeError(message);
    case 'dtype':
      return new DTypeError(message);
    case 'disposed':
      return new DisposedError(message);
    case 'memory':
      return new OutOfMemoryError(message);
    case 'native':
      return new NativeError(message, operator);
    case 'stop':
      return new RecomputationStop(message);
  }
}

/** Unwinds the body of a checkpoint that runs again, when it has given all that backward needs. Code in the body that catches everything does no harm.
 *  @internal */
export class RecomputationStop extends Error {
  override readonly name = 'RecomputationStop';
}

/** Debian's libtorch starts with one thread whatever the machine has; the wheel starts with one a core. */
function useAllCores(native: Native): void {
  if (process.env.OMP_NUM_THREADS === undefined && native.numThreads() === 1)
    native.setNumThreads(availableParallelism());
}

function requireAddon(path: string): Native {
  try {
    return createRequire(import.meta.url)(path) as Native;
  } catch (error) {
    const got = reasonOf(error).split('\n')[0];
    throw new SetupError(
      `Cannot load the addon: expected "${path}" to load, got "${got}"; for what is wrong run: npx sconce doctor`,
      { cause: error },
    );
  }
}

let loaded: Native | undefined;

/** The addon.
 *  @throws {SetupError} where set-up has not run, or its addon does not load; the message names the command. */
export function loadNative(): Native {
  if (loaded) return loaded;
  const { addonPath } = locateAddon();
  const native = requireAddon(addonPath);
  native.setErrorFactory(makeError);
  native.loadKeeper();
  if (!isMainThread) native.markWorker();
  else useAllCores(native);
  loaded = native;
  return native;
}
