// The tensors of a parsed checkpoint with the keys that lead to them, and what in them is not finite.
import { countNonFinite, type NonFinite } from '../../serial/finite.ts';
import { contiguousStride, itemBytes, StoredTensor } from '../../serial/stored-tensor.ts';

/** Every tensor once, under the first name that leads to it, as in `model_state_dict.weight`. */
export function namedTensors(value: unknown): Map<StoredTensor, string> {
  const found = new Map<StoredTensor, string>();
  const seen = new Set<object>();
  const visit = (inner: unknown, path: string): void => {
    if (typeof inner !== 'object' || inner === null || seen.has(inner)) return;
    seen.add(inner);
    if (inner instanceof StoredTensor) {
      found.set(inner, path || '(the whole file)');
      return;
    }
    if (ArrayBuffer.isView(inner)) return;
    const entries = inner instanceof Map ? inner : inner instanceof Set ? [] : Object.entries(inner);
    for (const [key, item] of entries as Iterable<[unknown, unknown]>) {
      const name = typeof key === 'object' ? '…' : String(key);
      visit(item, path === '' ? name : `${path}.${name}`);
    }
  };
  visit(value, '');
  return found;
}

/** Of a view that skips elements, all those between its first and its last are looked at. */
export function countNonFiniteStored(tensor: StoredTensor): NonFinite {
  const { storage, storageOffset, shape, stride, dtype, numel } = tensor;
  if (numel === 0) return { numNan: 0, numInf: 0 };
  const size = itemBytes(dtype);
  const isWhole = contiguousStride(shape).every((step, dim) => shape[dim] === 1 || step === stride[dim]);
  const extent = isWhole ? numel : shape.reduce((last, length, dim) => last + (length - 1) * stride[dim]!, 1);
  const start = storageOffset * size;
  return countNonFinite(storage.bytes.subarray(start, start + extent * size), dtype);
}
