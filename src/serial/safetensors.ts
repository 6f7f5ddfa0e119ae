// Weights as safetensors files: one file, or a folder of several with an index.

import type { StateDict } from '../nn/module.ts';
import { readOptions } from '../tensor/arguments.ts';
import type { Device } from '../tensor/device.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { inFile } from './problems.ts';
import { openSafetensors, type SafetensorsReader } from './safetensors-reader.ts';
import { readContents, writeSafetensorsFile, writeSafetensorsFolder } from './safetensors-writer.ts';
import { type SharedTensors, sharedTensorsChoices } from './shared-tensors.ts';

export {
  type OpenSafetensorsOptions,
  openSafetensors,
  type SafetensorsInfo,
  SafetensorsReader,
} from './safetensors-reader.ts';
export type { SharedTensors } from './shared-tensors.ts';

export interface SaveSafetensorsOptions {
  /** Text to keep beside the tensors. Default: none. Python's `transformers` wants `{ format: 'pt' }`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Tensors that share memory, which the format cannot say. 'error' lists them. 'once' writes tensors that are the same under the first of their names, in
   *  alphabetical order, and notes the others in the metadata (`dropped: kept`, as Python's `save_model`), from where `loadSafetensors` gives them all again.
   *  'copy' writes each. Default 'error'. */
  readonly sharedTensors?: SharedTensors | undefined;
  /** With it `path` is a folder, with `model.safetensors`, or with several files of at most so many bytes of tensors and `model.safetensors.index.json`.
   *  A tensor that is larger has a file of its own. */
  readonly maxShardBytes?: number | undefined;
  /** As in `SaveOptions`: copy all tensors first, and write the copies while the event loop goes on. Default false. */
  readonly inBackground?: boolean | undefined;
}

const SAVE_OPTIONS = ['metadata', 'sharedTensors', 'maxShardBytes', 'inBackground'];

/** Writes tensors by name to a safetensors file, byte for byte as Python's library does: the widest dtypes first, then by name.
 *  The file appears whole or not at all: temporary file, fsync, rename, fsync of the folder. Tensors are read before the first wait; strides are not kept.
 *  Source: safetensors.torch.save_file; in several files huggingface_hub's save_torch_state_dict.
 *  @throws {CheckpointError} for what is no dense tensor, a dtype that the format has not (complex128), tensors that share memory, a file that cannot be written.
 *  @example
 *  const { weight } = new nn.Linear(2, 3);
 *  await saveSafetensors({ weight }, '/tmp/linear.safetensors', { metadata: { format: 'pt' } });
 *  (await loadSafetensors('/tmp/linear.safetensors')).weight?.shape; // [3, 2] */
export async function saveSafetensors(
  state: Readonly<Record<string, Tensor>>,
  path: string,
  options: SaveSafetensorsOptions = {},
): Promise<void> {
  readOptions('saveSafetensors', SAVE_OPTIONS, options);
  const { metadata = {}, sharedTensors = 'error', maxShardBytes, inBackground = false } = options;
  if (!sharedTensorsChoices.includes(sharedTensors)) {
    throw new TypeError(
      `Cannot call saveSafetensors: expected sharedTensors of ${sharedTensorsChoices.join(', ')}, got ${String(sharedTensors)}`,
    );
  }
  if (maxShardBytes !== undefined && !(maxShardBytes > 0)) {
    throw new RangeError(`Cannot call saveSafetensors: expected maxShardBytes > 0, got ${String(maxShardBytes)}`);
  }
  try {
    const contents = readContents(state, metadata, { shared: sharedTensors, copies: inBackground });
    const isBlocking = !inBackground;
    const written =
      maxShardBytes === undefined
        ? writeSafetensorsFile(path, contents, { isBlocking })
        : writeSafetensorsFolder(path, contents, { maxShardBytes, isBlocking });
    contents.release();
    await written;
  } catch (error) {
    throw inFile('write', path, error);
  }
}

export interface LoadSafetensorsOptions {
  /** Only these tensors, in this order; the bytes of the others are not read. Default: all, in the file's order. */
  readonly names?: readonly string[] | undefined;
  /** Default 'cpu'. */
  readonly device?: Device | undefined;
  /** Whether names that `sharedTensors: 'once'` (or Python's `save_model`) left out are given too, as the very tensor under the name that was kept.
   *  Default true. Python's `load_file` does not. */
  readonly ties?: boolean | undefined;
  /** See `OpenSafetensorsOptions`. Default false; Python's `load_file` does it. */
  readonly mmap?: boolean | undefined;
}

const LOAD_OPTIONS = ['names', 'device', 'ties', 'mmap'];

/** Reads tensors by name from a safetensors file, an index, or a folder with either. Bytes go straight into the tensors' memory; the header is checked first.
 *  `openSafetensors` leaves the file open, for metadata and parts of tensors. Source: safetensors.torch.load_file.
 *  @throws {CheckpointError} for a file that is damaged or of another kind, and names that it has not. */
export async function loadSafetensors(path: string, options: LoadSafetensorsOptions = {}): Promise<StateDict> {
  readOptions('loadSafetensors', LOAD_OPTIONS, options);
  const { device = 'cpu', ties = true, mmap } = options;
  const reader = await openSafetensors(path, { mmap });
  try {
    const tied = ties ? tiesOf(reader) : new Map<string, string>();
    const names = options.names ?? [...reader.names, ...tied.keys()];
    const tensors = await reader.tensors(names.map((name) => tied.get(name) ?? name));
    return stateOf(names, device === 'cpu' ? tensors : moved(tensors, device));
  } finally {
    await reader.close();
  }
}

/** Names that were left out, with those under which their tensors are. */
function tiesOf({ names, metadata }: SafetensorsReader): Map<string, string> {
  const known = new Set(names);
  return new Map(Object.entries(metadata).filter(([dropped, kept]) => known.has(kept) && !known.has(dropped)));
}

/** What is one tensor stays one. */
function moved(tensors: readonly Tensor[], device: Device): Tensor[] {
  const copies = new Map<Tensor, Tensor>();
  return tensors.map((tensor) => {
    const copy = copies.get(tensor) ?? tensor.to(device);
    copies.set(tensor, copy);
    return copy;
  });
}

function stateOf(names: readonly string[], tensors: readonly Tensor[]): StateDict {
  const state: StateDict = {};
  names.forEach((name, index) => {
    // Assigning to "__proto__" would set the prototype.
    Object.defineProperty(state, name, { value: tensors[index], enumerable: true, configurable: true, writable: true });
  });
  return state;
}
