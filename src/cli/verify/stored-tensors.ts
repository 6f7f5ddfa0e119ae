// The tensors of a parsed checkpoint with the keys that lead to them, and what in them is not finite.
import { countNonFinite, type NonFinite } from '../../serial/finite.ts';
import { contiguousStride, itemBytes, StoredTensor } from '../../serial/stored-tensor.ts';
import { PyObject, plainClasses } from '../../serial/values.ts';

/** What a parsed checkpoint holds, to be looked at. */
export interface Holdings {
  /** Every tensor once, with the first name that leads to it, as in `model_state_dict.weight`. */
  readonly tensors: ReadonlyMap<StoredTensor, string>;
  /** Python classes that no reader knows. */
  readonly classes: ReadonlySet<string>;
}

/** Looks through a value, with a stack of its own. */
export function holdingsOf(value: unknown): Holdings {
  const tensors = new Map<StoredTensor, string>();
  const classes = new Set<string>();
  const seen = new Set<object>();
  const waiting: [unknown, string][] = [[value, '']];
  while (waiting.length > 0) {
    const [inner, path] = waiting.pop()!;
    if (typeof inner !== 'object' || inner === null || seen.has(inner)) continue;
    seen.add(inner);
    if (inner instanceof PyObject && !plainClasses.has(inner.className)) classes.add(inner.className);
    if (inner instanceof StoredTensor) tensors.set(inner, path || '(the whole file)');
    else if (!ArrayBuffer.isView(inner)) {
      for (const [key, item] of entriesOf(inner).reverse()) {
        const name = typeof key === 'object' ? '…' : String(key);
        waiting.push([item, path === '' ? name : `${path}.${name}`]);
      }
    }
  }
  return { tensors, classes };
}

function entriesOf(holder: object): [unknown, unknown][] {
  if (holder instanceof Map) return [...holder];
  return holder instanceof Set ? [] : Object.entries(holder);
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
