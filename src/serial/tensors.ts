// Tensors in files: what joins the file layer's plain descriptions with the engine's tensors.

import { Parameter } from '../nn/parameter.ts';
import { getNative, h } from '../tensor/call.ts';
import { fromBytes } from '../tensor/create.ts';
import { dtypeBytes } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/tensor.ts';
import { loadValue, saveValue } from './file.ts';
import { itemBytes, type StoredStorage, StoredTensor } from './stored-tensor.ts';

/** Describes tensors for one file: tensors that share memory share it there too. The memory is copied when a tensor is met, so that training may go on.
 *  What libtorch has only marked as conjugated or negated is written as it reads, in memory of its own. */
export function tensorDescriber(): (value: object) => StoredTensor | undefined {
  const storages = new Map<string, StoredStorage>();
  return (value) => {
    if (!(value instanceof Tensor)) return undefined;
    const native = getNative();
    const tensor = value.isConj() || value.isNeg() ? value.detach().resolveConj().resolveNeg() : value;
    // The address tells storages apart as long as their tensors live: those of the value do, one that was made here does not.
    const key = tensor === value ? `${value.device} ${native.storage(h(value))[0]} ${value.dtype}` : undefined;
    const known = key === undefined ? undefined : storages.get(key);
    const storage = known ?? { dtype: tensor.dtype, bytes: storageBytes(tensor) };
    if (key !== undefined) storages.set(key, storage);
    return new StoredTensor({
      storage,
      shape: tensor.shape,
      stride: tensor.stride,
      storageOffset: native.storageOffset(h(tensor)),
      requiresGrad: value.isLeaf && value.requiresGrad,
      isParameter: value instanceof Parameter,
    });
  };
}

/** A copy of the whole memory that a tensor looks into. */
function storageBytes(tensor: Tensor): Uint8Array {
  const native = getNative();
  if (tensor.device === 'cpu') return new Uint8Array(native.readStorage(h(tensor)));
  const numElements = native.storage(h(tensor))[1] / dtypeBytes(tensor.dtype);
  const whole = tensor.detach().asStrided([numElements], [1], { storageOffset: 0 }); // [all elements]
  return whole.to('cpu').toBytes();
}

/** Makes tensors of one file's descriptions: those that share memory share it again. */
export function tensorMaker(): (stored: StoredTensor) => Tensor {
  const storages = new Map<StoredStorage, Tensor>();
  return (stored) => {
    let flat = storages.get(stored.storage);
    if (!flat) {
      flat = fromBytes(stored.storage.bytes, [stored.storage.bytes.length / itemBytes(stored.dtype)], stored.dtype);
      storages.set(stored.storage, flat);
    }
    const view = flat.asStrided(stored.shape, stored.stride, { storageOffset: stored.storageOffset });
    if (stored.isParameter) return new Parameter(view, stored.requiresGrad);
    return stored.requiresGrad ? view.requiresGrad_() : view;
  };
}

/** Writes a value as torch.save does: any nesting of plain objects, arrays, maps, numbers, strings and tensors (the table is in `values.ts`).
 *  The file appears whole or not at all: temporary file, fsync, rename, fsync of the folder. Tensors are copied before the first wait.
 *  @throws {CheckpointError} for a value that a file cannot hold, or where it cannot be written. */
export async function save(value: unknown, path: string): Promise<void> {
  await saveValue(value, path, { toStored: tensorDescriber() });
}

/** Reads what torch.save or `save` wrote, as `torch.load(path, weights_only=True)` does: nothing in the file is executed, and every CRC is checked.
 *  @param options.keepFloats - give Python floats as PyFloat, so that writing them again keeps 1.0 as 1.0. Default false.
 *  @throws {CheckpointError} for a file that is damaged or holds what is not on the list. */
export async function load(path: string, options: { keepFloats?: boolean } = {}): Promise<unknown> {
  return loadValue(path, { fromStored: tensorMaker(), keepFloats: options.keepFloats });
}
