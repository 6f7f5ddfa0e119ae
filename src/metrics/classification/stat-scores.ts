// The base of metrics that count decisions: true and false, positive and negative, by class.

import { ones } from '../../tensor/create.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { numbersOf } from '../inputs.ts';
import { choice, count, type Rule } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';
import { type Average, average, type Counts } from './averages.ts';
import { requireInRange } from './range.ts';
import { classSlots, EXTRA_CLASSES, FN, FP, IGNORED, LABEL_SLOTS, labelSlots, TN, TP } from './slots.ts';
import {
  type ClassificationOptions,
  namedValues,
  type Task,
  THRESHOLD,
  type ThresholdOptions,
  taskOf,
} from './task.ts';

export interface StatScoresOptions extends ClassificationOptions, ThresholdOptions {
  /** With task 'multiclass': whether the true class is among the k with the best scores. Default 1. */
  readonly topK?: number;
  /** Of a task with several classes or labels. */
  readonly average?: Average;
}

/** What makes one of these metrics out of counts. */
export interface Scoring {
  /** The default of `average`. */
  readonly average: Average;
  readonly name: string;
  /** From the counts of one class, or of all together. */
  score(counts: Counts, task: Task): number;
  /** Whether a class that was never true, but said, has a part in the mean over classes where topK is above 1. */
  readonly countsOnlySaid?: boolean;
  /** Rules of the options that it has beside. */
  readonly rules?: Readonly<Record<string, Rule>>;
}

/** Counts decisions in one table on the device; scores are made of it when it is read. */
export abstract class StatScores extends TensorMetric {
  readonly #task: Task;
  readonly #scoring: Scoring;
  readonly #topK: number;
  readonly #threshold: number;
  readonly #average: Average;
  readonly #name: string;

  /** @throws {ConfigError} that lists every problem of the options. */
  protected constructor(label: string, options: StatScoresOptions, scoring: Scoring) {
    const rules = {
      threshold: THRESHOLD,
      topK: count(),
      average: choice('micro', 'macro', 'weighted', 'none'),
      ...scoring.rules,
    };
    const task = taskOf(label, options, rules, ({ kind, size }) => {
      const { topK = 1 } = options;
      if (kind !== 'multiclass' && topK !== 1) return [`topK: expected none with task "${kind}", got ${topK}`];
      const isAveraged = kind === 'binary' && options.average !== undefined;
      if (isAveraged) return [`average: expected none with task "binary", got "${options.average}"`];
      return kind === 'multiclass' && topK > size ? [`topK: expected ${size} classes at most, got ${topK}`] : [];
    });
    const shape = [task.kind === 'multiclass' ? 3 * (task.size + EXTRA_CLASSES) : task.size * LABEL_SLOTS];
    super(label, { counts: { kind: 'sum', shape, dtype: 'int64' } });
    this.#task = task;
    this.#scoring = scoring;
    this.#topK = options.topK ?? 1;
    this.#threshold = options.threshold ?? 0.5;
    this.#average = options.average ?? scoring.average;
    this.#name = options.name ?? scoring.name + (this.#topK > 1 ? `_top${this.#topK}` : '');
  }

  /** Takes a batch. Shape: 'multiclass' preds [N, C, …] as scores or [N, …] as classes, target [N, …]; 'binary' both [N, …]; 'multilabel' both [N, L, …].
   *  Floating preds of tasks 'binary' and 'multilabel' are probabilities, or logits where one of a batch lies outside of 0 to 1.
   *  @throws {ShapeError} @throws {DTypeError} */
  update(preds: Tensor, target: Tensor): void {
    this.gather(preds.device, () => {
      const slots =
        this.#task.kind === 'multiclass'
          ? this.#classes(preds, target)
          : labelSlots(this.label, { preds, target }, this.#task, this.#threshold);
      if (slots.numel > 0) addOnes(this.sum('counts'), slots);
    });
  }

  /** Three tables one behind the other: true classes, predicted ones, and those that are both. */
  #classes(preds: Tensor, target: Tensor): Tensor {
    const [predicted, actual] = classSlots(this.label, { preds, target }, this.#task, this.#topK);
    const width = this.#task.size + EXTRA_CLASSES;
    const isHit = predicted.eq(actual);
    return cat([actual, predicted.add(width), isHit.mul(actual).add_(2 * width)]); // a miss is counted at place 0 of the third
  }

  /** @throws {RangeError} for classes that were out of range. */
  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const { kind, classNames, size } = this.#task;
    const counts = this.reading(() => numbersOf(this.read('counts')));
    const classes = kind === 'multiclass' ? this.#ofClasses(counts) : this.#ofLabels(counts);
    const how = kind === 'binary' ? 'micro' : this.#average;
    const isTopped = this.#topK > 1 && !this.#scoring.countsOnlySaid;
    const isPresent = ({ tp, fp, fn }: Counts): boolean =>
      kind !== 'multiclass' || (isTopped ? tp + fn : tp + fp + fn) > 0;
    const values = average(classes, how, (each) => this.#scoring.score(each, this.#task), isPresent);
    return how === 'none' && size > 1 ? namedValues(this.#name, values, classNames) : { [this.#name]: values[0]! };
  }

  #ofClasses(counts: readonly number[]): Counts[] {
    const { size } = this.#task;
    const width = size + EXTRA_CLASSES;
    const [actual, predicted, hits] = [0, 1, 2].map((i) => counts.slice(i * width, (i + 1) * width)) as [
      number[],
      number[],
      number[],
    ];
    requireInRange(this.label, size, actual[0]! + actual[size + 1]!, predicted[0]! + predicted[size + 1]!);
    const total = actual.slice(1, size + 1).reduce((sum, value) => sum + value, 0);
    return Array.from({ length: size }, (_, i) => {
      const tp = hits[i + 1]!;
      const [fp, fn] = [predicted[i + 1]! - tp, actual[i + 1]! - tp];
      return { tp, fp, fn, tn: total - tp - fp - fn };
    });
  }

  #ofLabels(counts: readonly number[]): Counts[] {
    const labels = Array.from({ length: this.#task.size }, (_, i) =>
      counts.slice(i * LABEL_SLOTS, (i + 1) * LABEL_SLOTS),
    );
    const known: readonly number[] = [TN, FP, FN, TP, IGNORED];
    const outside = labels.flat().reduce((sum, value, i) => sum + (known.includes(i % LABEL_SLOTS) ? 0 : value), 0);
    requireInRange(this.label, 2, outside, 0);
    return labels.map((label) => ({ tp: label[TP]!, fp: label[FP]!, tn: label[TN]!, fn: label[FN]! }));
  }
}

/** Adds 1 at every place that is listed. */
export function addOnes(counts: Tensor, places: Tensor): void {
  counts.scatterAdd_(0, places, ones([1], { dtype: counts.dtype, device: counts.device }).expand(places.shape));
}
