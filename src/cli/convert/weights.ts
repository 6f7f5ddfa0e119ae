// The weights inside whatever a file held: where they are, which of them are wanted, under which names and as which dtype.

import { type DType, dtypes, isFloatingDType } from '../../tensor/dtype.ts';
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

/** The same value with other weights at the place where they were. */
export function withWeights(value: unknown, path: readonly string[], weights: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return weights;
  const holder = value as Record<string, unknown>; // the weights were found in it
  return { ...holder, [key]: withWeights(holder[key], rest, weights) };
}

export interface WeightChanges {
  /** Taken from the front of names. */
  readonly strip?: string | undefined;
  /** Put in front of names. */
  readonly prefix?: string | undefined;
  /** Patterns of names, `*` for anything. */
  readonly only: readonly string[];
  readonly dtype?: string | undefined;
}

/** @returns the weights as they are wanted, and the names of those that are left out.
 *  @throws {TypeError} for a pattern, prefix or dtype that fits nothing. */
export function changeWeights(weights: Weights, changes: WeightChanges): { weights: Weights; dropped: string[] } {
  const { strip, prefix = '', only } = changes;
  const dtype = asDType(changes.dtype);
  const names = Object.keys(weights);
  for (const pattern of only) {
    if (names.some((name) => fits(name, pattern))) continue;
    throw new TypeError(`expected --only with a name of the weights, as in ${some(names)}, got "${pattern}"`);
  }
  const kept = names.filter((name) => only.length === 0 || only.some((pattern) => fits(name, pattern)));
  if (strip !== undefined && !kept.some((name) => name.startsWith(strip))) {
    throw new TypeError(`expected --strip with the beginning of a name, as in ${some(kept)}, got "${strip}"`);
  }
  const changed = new Map<string, Tensor>();
  const cast = new Map<Tensor, Tensor>();
  for (const name of kept) {
    const short = strip !== undefined && name.startsWith(strip) ? name.slice(strip.length) : name;
    const tensor = weights[name]!;
    const other = cast.get(tensor) ?? (dtype && isFloatingDType(tensor.dtype) ? tensor.to(dtype) : tensor);
    cast.set(tensor, other);
    if (changed.has(prefix + short))
      throw new TypeError(`expected names that stay apart, got "${prefix + short}" twice`);
    changed.set(prefix + short, other);
  }
  return { weights: Object.fromEntries(changed), dropped: names.filter((name) => !kept.includes(name)) };
}

function asDType(name: string | undefined): DType | undefined {
  if (name === undefined) return undefined;
  const floating = dtypes.filter(isFloatingDType);
  const found = floating.find((dtype) => dtype === name);
  if (found === undefined) throw new TypeError(`expected --dtype of ${floating.join(', ')}, got "${name}"`);
  return found;
}

function fits(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}

function some(names: readonly string[]): string {
  return names
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(', ');
}
