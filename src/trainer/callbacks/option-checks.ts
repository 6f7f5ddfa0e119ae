// Checks the options of a callback: every problem at once, each by its path.

import { ConfigError } from '../../errors.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import { describeValue, unknownKeys } from '../config/problems.ts';

/** Collects what is wrong with the options of one callback. */
export class OptionChecks<Options extends object> {
  readonly problems: string[];
  readonly #options: Options;

  /** @param known - the names of all options; another one is a problem. */
  constructor(options: Options, known: readonly (keyof Options & string)[]) {
    const isObject = typeof options === 'object' && options !== null;
    this.problems = isObject
      ? unknownKeys(options, known)
      : [`options: expected an object, got ${describeValue(options)}`];
    this.#options = isObject ? options : ({} as Options);
  }

  /** An option that is given has to meet something. @param wanted - what, after "expected". */
  expect(name: keyof Options & string, isMet: boolean, wanted: string): this {
    const value = this.#options[name];
    if (value !== undefined && !isMet) this.problems.push(`${name}: expected ${wanted}, got ${describeValue(value)}`);
    return this;
  }

  flag(...names: (keyof Options & string)[]): this {
    for (const name of names) this.expect(name, typeof this.#options[name] === 'boolean', 'true or false');
    return this;
  }

  /** An integer above 0. */
  count(...names: (keyof Options & string)[]): this {
    for (const name of names) {
      const value = this.#options[name];
      this.expect(name, Number.isSafeInteger(value) && (value as number) > 0, 'an integer above 0');
    }
    return this;
  }

  oneOf(name: keyof Options & string, values: readonly string[]): this {
    return this.expect(name, values.includes(this.#options[name] as string), `one of ${values.join(', ')}`);
  }

  /** A text that is not empty. */
  text(...names: (keyof Options & string)[]): this {
    for (const name of names) {
      const value = this.#options[name];
      this.expect(name, typeof value === 'string' && value !== '', 'a text that is not empty');
    }
    return this;
  }

  /** Something that lines are written to. */
  stream(name: keyof Options & string): this {
    const stream = this.#options[name] as ProgressStream | undefined;
    return this.expect(name, typeof stream?.write === 'function', 'something to write to');
  }

  /** @throws {ConfigError} where there is a problem. */
  throwIfAny(callback: string): void {
    if (this.problems.length > 0) throw new ConfigError(`make ${callback}`, this.problems);
  }
}
