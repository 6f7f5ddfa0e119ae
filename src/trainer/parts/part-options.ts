// The options that a part says it takes: each by its default, or by its type where it has to be given. They are checked before anything is made.

import { describeUnknown, describeValue } from '../config/problems.ts';

/** What stands for an option that has to be given. */
type Required = NumberConstructor | StringConstructor | BooleanConstructor | ArrayConstructor | ObjectConstructor;

/** By name: a default, whose type every value has to have; `Number`, `String`, `Boolean`, `Array` or `Object` for an option that has to be given; undefined
 *  for one that may be left out and may be anything. */
export type OptionSpec = Readonly<
  Record<string, Required | number | string | boolean | readonly unknown[] | object | undefined>
>;

type Widened<T> = T extends number
  ? number
  : T extends string
    ? string
    : T extends boolean
      ? boolean
      : T extends readonly (infer E)[]
        ? readonly Widened<E>[]
        : T;

type OptionOf<T> = T extends NumberConstructor
  ? number
  : T extends StringConstructor
    ? string
    : T extends BooleanConstructor
      ? boolean
      : T extends ArrayConstructor
        ? readonly unknown[]
        : T extends ObjectConstructor
          ? Readonly<Record<string, unknown>>
          : T extends undefined
            ? unknown
            : Widened<T>;

/** What a builder gets of the options that its part takes. */
export type OptionsOf<S extends OptionSpec> = { readonly [Name in keyof S]: OptionOf<S[Name]> };

/** Something that is wrong with a part, and where. */
export interface PartProblem {
  /** From the part: keys of objects and places in lists. Empty for the part itself. */
  readonly path: readonly (string | number)[];
  /** `expected a number, got "many"`. */
  readonly text: string;
}

const WANTED: readonly [kind: unknown, wanted: string, fits: (value: unknown) => boolean][] = [
  [Number, 'a number', (value) => typeof value === 'number' && !Number.isNaN(value)],
  [String, 'a text', (value) => typeof value === 'string'],
  [Boolean, 'true or false', (value) => typeof value === 'boolean'],
  [Array, 'a list', Array.isArray],
  [Object, 'an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
];

/** What is wrong with options. Names are those of `spec`; a file may write them in snake_case. */
export function optionProblems(spec: OptionSpec, given: Readonly<Record<string, unknown>>): PartProblem[] {
  const problems: PartProblem[] = [];
  const names = Object.keys(spec);
  const written = new Map(Object.keys(given).map((key) => [nameIn(spec, key), key]));
  for (const key of Object.keys(given)) {
    const name = nameIn(spec, key);
    if (!Object.hasOwn(spec, name)) {
      const known = names.length === 0 ? 'expected no options, got one' : describeUnknown(key, names);
      problems.push({ path: [key], text: known });
    } else if (written.get(name) !== key) {
      problems.push({ path: [key], text: `expected one spelling, got ${written.get(name)} too` });
    } else {
      const [wanted, fits] = wantedBy(spec[name]);
      if (!fits(given[key]))
        problems.push({ path: [key], text: `expected ${wanted}, got ${describeValue(given[key])}` });
    }
  }
  for (const name of names) {
    const kind = WANTED.find(([type]) => type === spec[name]);
    if (kind && !written.has(name)) problems.push({ path: [], text: `expected ${name}, ${kind[1]}, got none` });
  }
  return problems;
}

/** The options with defaults, by the names of `spec`. They have been checked. */
export function fillOptions(spec: OptionSpec, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const defaults = Object.entries(spec).filter(([, value]) => !WANTED.some(([type]) => type === value));
  const own = Object.entries(given).map(([key, value]) => [nameIn(spec, key), value]);
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(own) };
}

/** A key as code spells it: `num_layers` is `numLayers`. */
export const camelCased = (key: string): string =>
  key.replace(/(?<=[a-z0-9])_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

/** The option that a key means: the one spelt so, or else the one in camelCase. */
const nameIn = (spec: OptionSpec, key: string): string => (Object.hasOwn(spec, key) ? key : camelCased(key));

function wantedBy(standard: OptionSpec[string]): [wanted: string, fits: (value: unknown) => boolean] {
  if (standard === undefined) return ['anything', () => true];
  const [, wanted, fits] =
    WANTED.find(([type]) => type === standard) ??
    WANTED.find(([, , isOf]) => isOf(standard)) ??
    ([undefined, 'anything', () => true] as const);
  return [wanted, fits];
}
