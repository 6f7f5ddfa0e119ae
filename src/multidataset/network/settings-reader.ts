// Reads the settings of a part through all their levels, and collects everything that is wrong with them.

import { ConfigError } from '../../errors.ts';
import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';

export interface NumberRange {
  readonly least?: number;
  readonly most?: number;
  /** What it has to be larger than. */
  readonly above?: number;
}

/** One object of settings. Every read says what a setting has to be, and notes a problem where it is not that; what is asked for is then given all the
 *  same, so that reading goes on. A setting of null, as YAML has it for nothing, is one that is not given. */
export class SettingsReader {
  /** Of this object and those inside it, one line a problem. */
  readonly problems: string[];
  readonly path: string;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();
  readonly #inner: SettingsReader[] = [];
  #isOpen = false;

  constructor(settings: unknown, path = '', problems: string[] = []) {
    this.path = path;
    this.problems = problems;
    const isObject = typeof settings === 'object' && settings !== null && !Array.isArray(settings);
    if (!isObject) problems.push(`${path || 'options'}: expected an object, got ${describeValue(settings)}`);
    this.#settings = isObject ? (settings as Readonly<Record<string, unknown>>) : {};
    this.#isOpen = !isObject;
  }

  /** The setting as it is, undefined for null too. */
  raw(name: string): unknown {
    this.#known.add(name);
    return Object.hasOwn(this.#settings, name) ? (this.#settings[name] ?? undefined) : undefined;
  }

  /** Whether it is there and is null, for settings where that means something. */
  isNull(name: string): boolean {
    this.#known.add(name);
    return Object.hasOwn(this.#settings, name) && this.#settings[name] === null;
  }

  /** Notes a problem of a setting. @param wanted - what, after "expected". */
  note(name: string, wanted: string, got: string = describeValue(this.raw(name))): void {
    this.problems.push(`${this.#pathOf(name)}: expected ${wanted}, got ${got}`);
  }

  /** An integer, 1 or more unless told otherwise. @param fallback - undefined for one that has to be given. */
  integer(name: string, fallback?: number, { least = 1, most = Number.MAX_SAFE_INTEGER }: NumberRange = {}): number {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    const isFit = (value: unknown): value is number =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
    return this.#read(name, fallback, `an integer ${range}`, isFit, least);
  }

  /** A finite number in a range. */
  number(name: string, fallback: number, { least = -Infinity, most = Infinity, above }: NumberRange = {}): number {
    const isBetween = least !== -Infinity && most !== Infinity;
    const ranges = [
      above !== undefined && `above ${above}`,
      isBetween && `from ${least} to ${most}`,
      !isBetween && least !== -Infinity && `of at least ${least}`,
      !isBetween && most !== Infinity && `of at most ${most}`,
    ].filter((range) => range !== false);
    const isFit = (value: unknown): value is number =>
      typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most && !(value <= above!);
    return this.#read(name, fallback, ['a number', ranges.join(' and ')].join(' ').trim(), isFit, fallback);
  }

  flag(name: string, fallback: boolean): boolean {
    const isFit = (value: unknown): value is boolean => typeof value === 'boolean';
    return this.#read(name, fallback, 'true or false', isFit, fallback);
  }

  /** One of some words, without regard to case. */
  choice<const T extends string>(name: string, values: readonly T[], fallback?: T): T {
    const value = this.raw(name);
    if (value === undefined && fallback !== undefined) return fallback;
    const found = values.find((known) => typeof value === 'string' && known.toLowerCase() === value.toLowerCase());
    if (found === undefined) this.note(name, `one of ${values.join(', ')}`);
    return found ?? fallback ?? values[0]!;
  }

  /** A type where null and the word none mean nothing: 'none' then. */
  type<const T extends string>(name: string, values: readonly T[], fallback: T | 'none'): T | 'none' {
    return this.isNull(name) ? 'none' : this.choice<T | 'none'>(name, ['none', ...values], fallback);
  }

  /** Sizes of windows: one number for every axis, or a list of one an axis. */
  sizes(name: string, axes: number, fallback?: number | readonly number[], least = 1): readonly number[] {
    const isSize = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= least;
    const isFit = (value: unknown): value is number | readonly number[] =>
      isSize(value) || (Array.isArray(value) && value.length === axes && value.every(isSize));
    const wanted = `an integer of at least ${least}, or ${axes} of them`;
    const sizes = this.#read(name, fallback, wanted, isFit, fallback ?? least);
    return typeof sizes === 'number' ? new Array<number>(axes).fill(sizes) : sizes;
  }

  /** A list of integers that holds at least one. */
  integers(name: string, least = 1): readonly number[] {
    const value = this.raw(name);
    const isInteger = (each: unknown): each is number => Number.isSafeInteger(each) && (each as number) >= least;
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    if (list.length === 0 || !list.every(isInteger)) this.note(name, `a list of integers of at least ${least}`);
    return list.map((each) => (isInteger(each) ? each : least));
  }

  /** The settings under a name; no settings where it is not given. @param defaults - what holds where they do not say. */
  inner(name: string, defaults: Readonly<Record<string, unknown>> = {}): SettingsReader {
    const value = this.raw(name) ?? {};
    const isPlain = typeof value === 'object' && !Array.isArray(value);
    return this.#enter(isPlain ? { ...defaults, ...value } : value, this.#pathOf(name));
  }

  /** Each of a list of settings; undefined where it is not given. */
  list(name: string): readonly SettingsReader[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value.map((each, i) => this.#enter(each, `${this.#pathOf(name)}[${i}]`));
    this.note(name, 'a list of objects');
    return undefined;
  }

  /** The names that there are have been read: for settings whose owner is unknown, so that not all of them are said to be unknown too. */
  allowOthers(): void {
    this.#isOpen = true;
  }

  /** Notes every setting that nothing has read. */
  noteUnknown(): void {
    for (const reader of this.#inner) reader.noteUnknown();
    if (this.#isOpen) return;
    const known = [...this.#known];
    for (const name of Object.keys(this.#settings))
      if (!this.#known.has(name))
        this.problems.push(
          `${this.#pathOf(name)}: ${known.length > 0 ? describeUnknown(name, known) : 'expected no settings here, got one'}`,
        );
  }

  /** Ends reading. @throws {ConfigError} with every problem. */
  finish(action: string): void {
    this.noteUnknown();
    if (this.problems.length > 0) throw new ConfigError(action, [...new Set(this.problems)]); // one object may be read for several parts
  }

  #enter(settings: unknown, path: string): SettingsReader {
    const reader = new SettingsReader(settings, path, this.problems);
    this.#inner.push(reader);
    return reader;
  }

  #read<T>(
    name: string,
    fallback: T | undefined,
    wanted: string,
    isFit: (value: unknown) => value is T,
    goOnWith: T,
  ): T {
    const value = this.raw(name);
    if (value === undefined && fallback !== undefined) return fallback;
    if (isFit(value)) return value;
    this.note(name, wanted);
    return goOnWith;
  }

  #pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}
