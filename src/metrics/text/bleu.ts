// `BLEUScore`: how much of a translation's runs of words its references have too.

import { CheckpointError, ConfigError, ShapeError } from '../../errors.ts';
import type { MergeableMetric, MetricState } from '../metric.ts';
import { checkOptions, count, flag, type Rule, show, text } from '../options.ts';

/** A text, whose words are what lies between white space, or its tokens. */
export type Sentence = string | readonly (string | number | bigint)[];

export interface BLEUScoreOptions {
  /** The longest runs that are looked at, from 1 word to this. Default 4. */
  readonly nGram?: number;
  /** Counts one more run of each length from 2 on as found, so that a short text without any long one has no 0. Default false. */
  readonly smooth?: boolean;
  /** Of each length; default all alike. */
  readonly weights?: readonly number[];
  /** The value's name. Default 'bleu'. */
  readonly name?: string;
}

const WEIGHTS: Rule = [
  'a list of numbers',
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'number' && Number.isFinite(each)),
];

const FIELDS = ['predsLength', 'targetLength', 'found', 'runs'] as const;

/** The geometric mean over run lengths of the share of runs that a reference has too, times a penalty for texts that are shorter than their references; over the whole corpus. 0 where no run of one
 *  length was found. Lies on the host: its inputs are texts. Source: Papineni et al. 2002; torchmetrics.text.BLEUScore.
 *  @example
 *  import { BLEUScore } from 'sconce/metrics';
 *  const bleu = new BLEUScore();
 *  bleu.update(['the cat is on the mat'], [['there is a cat on the mat', 'a cat is on the mat']]);
 *  bleu.compute().bleu!.toFixed(4); // '0.7598' */
export class BLEUScore
  implements MergeableMetric<[preds: readonly Sentence[], target: readonly (readonly Sentence[])[]]>
{
  readonly #nGram: number;
  readonly #smooth: boolean;
  readonly #weights: readonly number[];
  readonly #name: string;
  #predsLength = 0;
  #targetLength = 0;
  /** By length: runs that a reference has too, and all. */
  #found: number[];
  #runs: number[];

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: BLEUScoreOptions = {}) {
    checkOptions('make BLEUScore', options, { nGram: count(), smooth: flag, weights: WEIGHTS, name: text });
    const {
      nGram = 4,
      smooth = false,
      weights = Array.from({ length: nGram }, () => 1 / nGram),
      name = 'bleu',
    } = options;
    if (weights.length !== nGram)
      throw new ConfigError('make BLEUScore', [`weights: expected ${nGram} numbers, got ${weights.length}`]);
    this.#nGram = nGram;
    this.#smooth = smooth;
    this.#weights = weights;
    this.#name = name;
    [this.#found, this.#runs] = [this.#zeros(), this.#zeros()];
  }

  #zeros(): number[] {
    return Array.from({ length: this.#nGram }, () => 0);
  }

  /** @param target - the references of each text, one at least. @throws {ShapeError} where their numbers differ. */
  update(preds: readonly Sentence[], target: readonly (readonly Sentence[])[]): void {
    if (!Array.isArray(preds) || !Array.isArray(target) || preds.length !== target.length)
      throw new ShapeError(
        `Cannot update BLEUScore: expected a list of texts, and of references for each, got ${sizeOf(preds)} and ${sizeOf(target)}`,
      );
    const without = target.findIndex((references) => !Array.isArray(references) || references.length === 0);
    if (without >= 0)
      throw new ShapeError(
        `Cannot update BLEUScore: expected a list of references for each text, got ${show(target[without])} for text ${without}`,
      );
    preds.forEach((pred, i) => {
      this.#take(wordsOf(pred), target[i]!.map(wordsOf));
    });
  }

  #take(words: readonly string[], references: readonly (readonly string[])[]): void {
    const lengths = references.map(({ length }) => length);
    const off = (length: number): number => Math.abs(length - words.length);
    this.#predsLength += words.length;
    this.#targetLength += lengths.reduce((best, length) => (off(length) < off(best) ? length : best));
    for (let n = 1; n <= this.#nGram; n++) {
      const known = new Map<string, number>();
      for (const reference of references)
        for (const [run, times] of runsOf(reference, n)) known.set(run, Math.max(times, known.get(run) ?? 0));
      for (const [run, times] of runsOf(words, n)) {
        this.#runs[n - 1]! += times;
        this.#found[n - 1]! += Math.min(times, known.get(run) ?? 0);
      }
    }
  }

  compute(): Record<string, number> {
    if (this.#predsLength === 0 && this.#targetLength === 0) return {};
    if (Math.min(...this.#found) === 0) return { [this.#name]: 0 };
    const logs = this.#found.map((found, i) => {
      const extra = this.#smooth && i > 0 ? 1 : 0;
      return this.#weights[i]! * Math.log((found + extra) / (this.#runs[i]! + extra));
    });
    const isLonger = this.#predsLength > this.#targetLength;
    const penalty = isLonger ? 1 : Math.exp(1 - this.#targetLength / this.#predsLength);
    return { [this.#name]: penalty * Math.exp(logs.reduce((sum, value) => sum + value, 0)) };
  }

  reset(): void {
    [this.#predsLength, this.#targetLength, this.#found, this.#runs] = [0, 0, this.#zeros(), this.#zeros()];
  }

  state(): MetricState {
    return {
      predsLength: this.#predsLength,
      targetLength: this.#targetLength,
      found: [...this.#found],
      runs: [...this.#runs],
    };
  }

  loadState(state: MetricState): void {
    const { predsLength, targetLength, found, runs } = this.#checked(state);
    [this.#predsLength, this.#targetLength, this.#found, this.#runs] = [
      predsLength,
      targetLength,
      [...found],
      [...runs],
    ];
  }

  merge(state: MetricState): void {
    const other = this.#checked(state);
    this.#predsLength += other.predsLength;
    this.#targetLength += other.targetLength;
    this.#found = this.#found.map((value, i) => value + other.found[i]!);
    this.#runs = this.#runs.map((value, i) => value + other.runs[i]!);
  }

  /** @throws {CheckpointError} for what is no state of this metric. */
  #checked(state: MetricState): { predsLength: number; targetLength: number; found: number[]; runs: number[] } {
    const values = FIELDS.map((name) => Number(Array.isArray(state?.[name]) ? Number.NaN : state?.[name]));
    const lists = [state?.found, state?.runs].map((list) => (Array.isArray(list) ? list.map(Number) : []));
    const isFit =
      values.slice(0, 2).every((value) => value >= 0) &&
      lists.every((list) => list.length === this.#nGram && list.every((value) => value >= 0));
    if (!isFit)
      throw new CheckpointError(
        `Cannot load the state of BLEUScore: expected ${FIELDS.join(', ')} of runs up to ${this.#nGram}, got ${show(state)}; were the options the same?`,
      );
    return { predsLength: values[0]!, targetLength: values[1]!, found: lists[0]!, runs: lists[1]! };
  }
}

const sizeOf = (list: unknown): string => (Array.isArray(list) ? `${list.length}` : show(list));

function wordsOf(sentence: Sentence): string[] {
  if (typeof sentence === 'string') return sentence.split(/\s+/u).filter((word) => word !== '');
  return Array.from(sentence, String);
}

/** Runs of n words with how often they come. A separator that no word has keeps "a b", "c" from "a", "b c". */
function runsOf(words: readonly string[], n: number): Map<string, number> {
  const runs = new Map<string, number>();
  for (let i = 0; i + n <= words.length; i++) {
    const run = words.slice(i, i + n).join('\u0000');
    runs.set(run, (runs.get(run) ?? 0) + 1);
  }
  return runs;
}
