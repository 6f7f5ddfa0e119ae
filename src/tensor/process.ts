// What belongs to the whole process: libtorch's version and build, and its threads.

import { loadNative } from '../binding/load.ts';
import { locateAddon } from '../binding/locate.ts';

/** The loaded libtorch's version, as in "2.13.0". */
export function libtorchVersion(): string {
  return loadNative().libtorchVersion();
}

/** libtorch's own description of its build. Source: torch.__config__.show. */
export function showConfig(): string {
  return loadNative().showConfig();
}

/** Threads that one operator may use. Source: torch.get_num_threads. */
export function numThreads(): number {
  return loadNative().numThreads();
}

/** Source: torch.set_num_threads.  @throws {RangeError} outside 1 to 4096. */
export function setNumThreads(count: number): void {
  loadNative().setNumThreads(count);
}

/** Where the loaded libtorch came from, as `sconce doctor` says it. */
export function libtorchSource(): string {
  return locateAddon().libtorch.source;
}
