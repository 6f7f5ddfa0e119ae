// Reads the fields of plain data one by one, and notes everything that is wrong with its path.

import { snakeCased } from '../../../config/spelling.ts';
import { describeUnknown, describeValue } from '../../../trainer/config/problems.ts';

/** Something that is wrong. */
export interface FieldProblem {
  readonly path: readonly (string | number)[];
  /** `expected …, got …`. */
  readonly text: string;
}

/** A kind of value: how messages call it, and whether a value is of it. */
export interface Kind<T> {
  readonly wanted: string;
  is(value: unknown): value is T;
}

const kind = <T>(wanted: string, is: (value: unknown) => boolean): Kind<T> => ({
  wanted,
  is: (value): value is T => is(value),
});

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown): value is number => isInteger(value) && value >= 0;
const isName = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isFileName = (value: unknown): value is string => isName(value) && !/[/\\]|^\.\.?$/.test(value);
const isListOfOwn = (value: unknown, is: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(is) && new Set(value).size === value.length;

export const kinds = {
  object: kind<Readonly<Record<string, unknown>>>('an object', isObject),
  list: kind<readonly unknown[]>('a list', Array.isArray),
  name: kind<string>('a name', isName),
  /** A name of a file or a folder that cannot lead elsewhere. */
  fileName: kind<string>('a name without slashes', isFileName),
  text: kind<string>('a text', (value) => typeof value === 'string'),
  flag: kind<boolean>('true or false', (value) => typeof value === 'boolean'),
  count: kind<number>('an integer from 0 on', isCount),
  number: kind<number>('a number', (value) => Number.isFinite(value)),
  positive: kind<number>('a number above 0', (value) => Number.isFinite(value) && (value as number) > 0),
  share: kind<number>('a number above 0 and at most 1', (value) => (value as number) > 0 && (value as number) <= 1),
  names: kind<readonly string[]>('a list of names without slashes, each once', (value) =>
    isListOfOwn(value, isFileName),
  ),
  units: kind<readonly number[]>('a list of columns (integers from 0 on), each once', (value) =>
    isListOfOwn(value, isCount),
  ),
  /** As `units`, of a list that says something to others. */
  unitList: kind<readonly number[]>('a list of integers', (value) => Array.isArray(value) && value.every(isInteger)),
  lags: kind<number | readonly number[] | null>(
    'a number of frames, a list of them, each once, or null',
    (value) => value === null || isInteger(value) || isListOfOwn(value, isInteger),
  ),
};

/** The fields of one object. */
export class Fields {
  readonly problems: FieldProblem[];
  readonly #path: readonly (string | number)[];
  /** By name in snake_case: the key as it is written. */
  readonly #written = new Map<string, string>();
  readonly #object: Readonly<Record<string, unknown>>;

  /** @param known - names that there may be, in snake_case; files may write camelCase too. */
  constructor(
    object: Readonly<Record<string, unknown>>,
    known: readonly string[],
    { path = [], problems = [] }: { path?: readonly (string | number)[]; problems?: FieldProblem[] } = {},
  ) {
    this.#object = object;
    this.#path = path;
    this.problems = problems;
    for (const key of Object.keys(object)) {
      const name = known.includes(key) ? key : snakeCased(key);
      if (!known.includes(name)) this.fail([key], describeUnknown(key, known));
      else if (this.#written.has(name))
        this.fail([key], `expected a key once, got it as ${this.#written.get(name)} too`);
      else this.#written.set(name, key);
    }
  }

  /** The path of a field, as it is written. */
  path(name: string): readonly (string | number)[] {
    return [...this.#path, this.#written.get(name) ?? name];
  }

  has(name: string): boolean {
    return this.#written.has(name);
  }

  fail(path: readonly (string | number)[], text: string): void {
    this.problems.push({ path: [...this.#path, ...path], text });
  }

  /** A field that may lack. */
  optional<T>(name: string, { wanted, is }: Kind<T>): T | undefined {
    const key = this.#written.get(name);
    const value = key === undefined ? undefined : this.#object[key];
    if (value === undefined) return undefined;
    if (is(value)) return value;
    this.problems.push({ path: this.path(name), text: `expected ${wanted}, got ${describeValue(value)}` });
    return undefined;
  }

  /** A field that has to be there; undefined where it is wrong, which is noted. */
  required<T>(name: string, expected: Kind<T>, wayOut = ''): T | undefined {
    if (!this.#written.has(name))
      this.problems.push({ path: this.path(name), text: `expected ${expected.wanted}, got none${wayOut}` });
    return this.optional(name, expected);
  }
}
