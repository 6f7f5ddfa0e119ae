// What belongs to the whole process: libtorch's version and build, and its threads.

import { readFileSync } from 'node:fs';
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

/** Sets how many threads one operator may use. Source: torch.set_num_threads.  @throws {RangeError} outside 1 to 4096.
 *  @example
 *  const before = numThreads();
 *  setNumThreads(1);
 *  numThreads(); // 1
 *  setNumThreads(before); */
export function setNumThreads(count: number): void {
  loadNative().setNumThreads(count);
}

/** Threads on which libtorch may run operators beside each other. Source: torch.get_num_interop_threads. */
export function numInteropThreads(): number {
  return loadNative().numInteropThreads();
}

/** Source: torch.set_num_interop_threads.  @throws {RangeError} outside 1 to 4096.  @throws {NativeError} the second time: libtorch takes it once. */
export function setNumInteropThreads(count: number): void {
  loadNative().setNumInteropThreads(count);
}

/** Where the loaded libtorch came from, as `sconce doctor` says it. */
export function libtorchSource(): string {
  return locateAddon().libtorch.source;
}

/** Whether matrix products and convolutions in bfloat16 are faster than in float32 on this processor: it has instructions for them, and libtorch's
 *  oneDNN uses them. Elsewhere bfloat16 works and is slower. */
export function hasFastBfloat16(): boolean {
  let flags: string;
  try {
    flags = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return false; // not Linux
  }
  return /\b(avx512_bf16|amx_bf16)\b/.test(flags) && /(MKL-DNN|oneDNN) v/.test(showConfig());
}
