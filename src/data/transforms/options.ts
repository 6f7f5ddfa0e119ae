// What constructors of transforms ask of their options; all problems together.
import { OptionProblems } from '../option-problems.ts';
import type { Size } from './pictures.ts';

/** A range [low, high]. */
export type Range = readonly [low: number, high: number];

/** Collects the problems of one transform's arguments. */
export class TransformProblems extends OptionProblems {
  readonly #name: string;

  constructor(name: string, options: object, known: readonly string[]) {
    super();
    this.#name = name;
    this.expectKnown(options, known);
  }

  /** Notes what `check` throws as a problem of `option`: the checks of the functions hold for constructors too. */
  expectPasses(option: string, check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.lines.push(`${option}: ${error.message.replace(/^Cannot [^:]*: /, '')}`);
    }
  }

  expectProbability(option: string, p: unknown): void {
    this.expect(typeof p === 'number' && p >= 0 && p <= 1, option, { wanted: 'a probability from 0 to 1', got: p });
  }

  /** A range of finite numbers within [least, most]. */
  expectRange(option: string, range: unknown, least = -Infinity, most = Infinity): void {
    const isRange =
      Array.isArray(range) &&
      range.length === 2 &&
      range.every((bound) => Number.isFinite(bound) && bound >= least && bound <= most) &&
      range[0] <= range[1];
    const within = least === -Infinity && most === Infinity ? '' : ` within ${least} to ${most}`;
    this.expect(isRange, option, { wanted: `[low, high]${within}, low first`, got: range });
  }

  /** A range of numbers above 0. */
  expectPositiveRange(option: string, range: unknown): void {
    const before = this.lines.length;
    this.expectRange(option, range);
    if (this.lines.length > before) return;
    this.expect((range as Range)[0] > 0, option, { wanted: 'numbers above 0', got: range }); // it was seen to be a range
  }

  expectOneOf(option: string, value: unknown, known: readonly string[]): void {
    this.expect(known.includes(value as string), option, { wanted: `one of ${known.join(', ')}`, got: value });
  }

  expectBoolean(option: string, value: unknown): void {
    this.expect(typeof value === 'boolean', option, { wanted: 'true or false', got: value });
  }

  /** @throws {ConfigError} naming every problem. */
  check(): void {
    this.throwIfAny(`make a ${this.#name}`);
  }
}

/** `degrees` alone means from -degrees to degrees. */
export function symmetricRange(value: number | Range): Range {
  return typeof value === 'number' ? [-value, value] : value;
}

/** Height and width of a size that was checked. */
export function edgesOf(size: Size): readonly [height: number, width: number] {
  return typeof size === 'number' ? [size, size] : size;
}
