// `CharErrorRate` and `WordErrorRate`: how many letters or words have to be changed to make one text of another.

import { CheckpointError, ShapeError } from '../../errors.ts';
import type { MergeableMetric, MetricState } from '../metric.ts';
import { checkOptions, show, text } from '../options.ts';

export interface ErrorRateOptions {
  /** The value's name. Default 'cer' or 'wer'. */
  readonly name?: string;
}

const FIELDS = ['errors', 'total'] as const;

abstract class ErrorRate implements MergeableMetric<[preds: readonly string[], target: readonly string[]]> {
  readonly #action: string;
  readonly #name: string;
  #errors = 0;
  #total = 0;

  constructor(action: string, name: string, options: ErrorRateOptions) {
    checkOptions(`make ${action}`, options, { name: text });
    this.#action = action;
    this.#name = options.name ?? name;
  }

  protected abstract split(sentence: string): readonly string[];

  /** @param target - what each text should have been. @throws {ShapeError} where their numbers differ, and for what is no list of texts. */
  update(preds: readonly string[], target: readonly string[]): void {
    for (const list of [preds, target])
      if (!Array.isArray(list) || list.some((each) => typeof each !== 'string'))
        throw new ShapeError(`Cannot update ${this.#action}: expected a list of texts, got ${show(list)}`);
    if (preds.length !== target.length)
      throw new ShapeError(
        `Cannot update ${this.#action}: expected a target for each text, got ${target.length} for ${preds.length}`,
      );
    preds.forEach((pred, i) => {
      const wanted = this.split(target[i]!);
      this.#errors += editDistance(this.split(pred), wanted);
      this.#total += wanted.length;
    });
  }

  /** Infinite where something was said and nothing should have been. */
  compute(): Record<string, number> {
    if (this.#total === 0 && this.#errors === 0) return {};
    return { [this.#name]: this.#errors / this.#total };
  }

  reset(): void {
    [this.#errors, this.#total] = [0, 0];
  }

  state(): MetricState {
    return { errors: this.#errors, total: this.#total };
  }

  loadState(state: MetricState): void {
    [this.#errors, this.#total] = this.#checked(state);
  }

  merge(state: MetricState): void {
    const [errors, total] = this.#checked(state);
    this.#errors += errors;
    this.#total += total;
  }

  #checked(state: MetricState): readonly [number, number] {
    const [errors, total] = FIELDS.map((field) => state?.[field]);
    if (Number.isSafeInteger(errors) && Number.isSafeInteger(total) && Number(errors) >= 0 && Number(total) >= 0)
      return [Number(errors), Number(total)];
    throw new CheckpointError(
      `Cannot load the state of ${this.#action}: expected counts errors and total, got ${show(state)}`,
    );
  }
}

/** Letters to insert, delete and replace, divided by the letters of the targets, over all texts. A letter is a code point. Lies on the host: its inputs are texts.
 *  Source: torchmetrics.text.CharErrorRate (Levenshtein distance).
 *  @example
 *  import { CharErrorRate } from 'sconce/metrics';
 *  const rate = new CharErrorRate();
 *  rate.update(['this is the prediction', 'there is an other sample'], ['this is the reference', 'there is another one']);
 *  rate.compute().cer!.toFixed(4); // '0.3415' */
export class CharErrorRate extends ErrorRate {
  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: ErrorRateOptions = {}) {
    super('CharErrorRate', 'cer', options);
  }

  protected split(sentence: string): readonly string[] {
    return Array.from(sentence);
  }
}

/** As {@link CharErrorRate} for words, which are what lies between white space.  Source: torchmetrics.text.WordErrorRate.
 *  @example
 *  import { WordErrorRate } from 'sconce/metrics';
 *  const rate = new WordErrorRate();
 *  rate.update(['this is the prediction', 'there is an other sample'], ['this is the reference', 'there is another one']);
 *  rate.compute(); // { wer: 0.5 } */
export class WordErrorRate extends ErrorRate {
  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: ErrorRateOptions = {}) {
    super('WordErrorRate', 'wer', options);
  }

  protected split(sentence: string): readonly string[] {
    return sentence.split(/\s+/u).filter((word) => word !== '');
  }
}

/** The least number of insertions, deletions and replacements. Two rows of the table of Wagner and Fischer (1974). */
function editDistance(from: readonly string[], to: readonly string[]): number {
  let before = Uint32Array.from({ length: to.length + 1 }, (_, i) => i);
  let row = new Uint32Array(to.length + 1);
  from.forEach((item, i) => {
    row[0] = i + 1;
    for (let j = 0; j < to.length; j++)
      row[j + 1] = Math.min(before[j]! + (item === to[j] ? 0 : 1), before[j + 1]! + 1, row[j]! + 1);
    [before, row] = [row, before];
  });
  return before[to.length]!;
}
