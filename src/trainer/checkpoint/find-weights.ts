// The weights inside whatever a file held.

import { Tensor } from '../../tensor/tensor.ts';

/** Tensors by name. */
export type Weights = Record<string, Tensor>;

export interface FoundWeights {
  /** Keys that lead to the weights; none where the whole value is. */
  readonly path: readonly string[];
  readonly weights: Weights;
  /** What is beside the tensors under the same key and is none. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** Where programs put a state dict, most telling first. */
const usualKeys = ['model_state_dict', 'state_dict', 'model', 'module', 'net', 'network', 'weights', 'params'];

/** Finds the weights in a value.
 *  @param key - where they are, as in `ema.model`. Default: the value itself if it holds tensors by name, else the first of the usual keys that does. */
export function findWeights(value: unknown, key?: string): FoundWeights | undefined {
  if (key !== undefined) return weightsAt(value, key.split('.')) ?? weightsAt(value, [key]);
  const whole = weightsAt(value, []);
  if (whole !== undefined) return whole;
  for (const usual of usualKeys) {
    const found = weightsAt(value, [usual]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function weightsAt(value: unknown, path: readonly string[]): FoundWeights | undefined {
  const inner = path.reduce<unknown>(
    (at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined),
    value,
  );
  if (!isRecord(inner)) return undefined;
  const entries = Object.entries(inner);
  const tensors = entries.filter((entry): entry is [string, Tensor] => entry[1] instanceof Tensor);
  // A state dict may hold more than tensors (extra state), but not mostly.
  if (tensors.length === 0 || 2 * tensors.length < entries.length) return undefined;
  const rest = entries.filter(([, entry]) => !(entry instanceof Tensor));
  return { path, weights: Object.fromEntries(tensors), rest: Object.fromEntries(rest) };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
