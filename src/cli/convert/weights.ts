// What is done to weights on their way into another file: which of them are wanted, under which names and as which dtype.

import { type DType, dtypes, isFloatingDType } from '../../tensor/dtype.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Weights } from '../../trainer/checkpoint/find-weights.ts';

export { type FoundWeights, findWeights, isRecord, type Weights } from '../../trainer/checkpoint/find-weights.ts';

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
