// What an optimizer can be told: kinds and ranges of hyperparameters, and how PyTorch spells them in a state dict.

import { describeValue } from '../tensor/autograd/callback.ts';

/** A hyperparameter's value; undefined is off, and None in files. */
export type Hyperparameter = number | boolean | string | null | undefined | readonly (number | null | undefined)[];

/** What Python holds: JavaScript cannot tell 1.0 from 1, files must. */
export type HyperparameterKind = 'float' | 'int' | 'bool' | 'string' | 'floats';

/** What was expected of an option or an entry, and what there was. */
export type Problem = readonly [expected: string, got: string];

/** One hyperparameter of an optimizer. */
export interface HyperparameterSpec<T = unknown> {
  /** PyTorch's spelling. */
  readonly key: string;
  readonly kind: HyperparameterKind;
  readonly initial: T;
  /** For messages, after the name: `of at least 0`. */
  readonly range?: string;
  /** Whether a value of the right kind lies in the range; everything does where this is left out. */
  isInRange?(value: NonNullable<T>): boolean;
  /** May be undefined. */
  readonly isOptional?: boolean;
}

interface Range {
  readonly range: string;
  readonly isInRange: (value: number) => boolean;
}

export const AT_LEAST_0: Range = { range: 'of at least 0', isInRange: (value) => value >= 0 };
export const ABOVE_0: Range = { range: 'above 0', isInRange: (value) => value > 0 };

export function float(key: string, initial: number, range?: Range): HyperparameterSpec<number> {
  return { key, kind: 'float', initial, ...range };
}

export function int(key: string, initial: number, range: Range): HyperparameterSpec<number> {
  return { key, kind: 'int', initial, ...range };
}

export function flag(key: string, initial = false): HyperparameterSpec<boolean> {
  return { key, kind: 'bool', initial };
}

/** Two shares in [0, 1), of what stays of two running averages. */
export function betas(first: number, second: number): HyperparameterSpec<readonly [number, number]> {
  const isInRange = (values: readonly number[]): boolean =>
    values.length === 2 && values.every((value) => value >= 0 && value < 1);
  return { key: 'betas', kind: 'floats', initial: [first, second], range: 'in [0, 1)', isInRange };
}

/** One of a few words, or undefined. */
export function choice<T extends string>(key: string, words: readonly T[]): HyperparameterSpec<T | undefined> {
  const range = `of ${words.map((word) => `"${word}"`).join(', ')} or undefined`;
  return {
    key,
    kind: 'string',
    initial: undefined,
    range,
    isInRange: (value) => words.includes(value as T),
    isOptional: true,
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const KINDS: {
  readonly [K in HyperparameterKind]: { readonly name: string; readonly fits: (value: unknown) => boolean };
} = {
  float: { name: 'a number', fits: isNumber },
  int: { name: 'an integer', fits: (value) => isNumber(value) && Number.isInteger(value) },
  bool: { name: 'a boolean', fits: (value) => typeof value === 'boolean' },
  string: { name: 'a string', fits: (value) => typeof value === 'string' },
  floats: {
    name: 'numbers',
    fits: (value) =>
      Array.isArray(value) && value.every((each) => each === undefined || each === null || isNumber(each)),
  },
};

/** What is wrong with a value, if anything. */
export function problemOf(name: string, spec: HyperparameterSpec, value: unknown): Problem | undefined {
  const off = value === undefined || value === null;
  if (off && spec.isOptional) return undefined;
  const { name: kind, fits } = KINDS[spec.kind];
  // An empty word for what has a range of words reads worse than the range.
  if (!fits(value)) {
    const isListed = spec.kind === 'string' && spec.range !== undefined;
    return [isListed ? `${name} ${spec.range}` : `${kind} for ${name}`, describeValue(value)];
  }
  if (spec.isInRange ? !spec.isInRange(value as NonNullable<unknown>) : Number.isNaN(value))
    return [`${name} ${spec.range ?? 'that is a number'}`, typeof value === 'string' ? `"${value}"` : String(value)];
  return undefined;
}

/** A value out of a state dict, where numbers may be objects that keep 1.0 apart from 1. Gives the problem where the kind is another. */
export function readValue(spec: HyperparameterSpec, value: unknown): { value: Hyperparameter } | Problem {
  const unboxed = (each: unknown): unknown =>
    typeof each === 'object' && typeof each?.valueOf() === 'number' ? each.valueOf() : each;
  const plain = Array.isArray(value) ? Array.from(value, (each) => unboxed(each) ?? undefined) : unboxed(value);
  const { name, fits } = KINDS[spec.kind];
  if (plain === null && spec.isOptional) return { value: undefined };
  if (fits(plain)) return { value: plain as Hyperparameter };
  return [
    `${name} for "${spec.key}"`,
    typeof value === 'object' && value !== null && 'shape' in value ? 'a tensor' : typeof value,
  ];
}
