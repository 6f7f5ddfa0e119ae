// The base of `AUROC` and `AveragePrecision`: gathers scores, or counts at thresholds, and reads them class by class.

import { arange, full, linspace } from '../../tensor/create.ts';
import { cat, searchsorted } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { numbersOf, requireFloating, widened } from '../inputs.ts';
import { choice, type Rule } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';
import { weightedMean } from './averages.ts';
import { type Binned, binned, type Ranked } from './curves.ts';
import { requireInRange } from './range.ts';
import { classProbabilities, probabilities, requireClasses, requireLabels } from './slots.ts';
import { addOnes } from './stat-scores.ts';
import { type ClassificationOptions, namedValues, type Task, taskOf } from './task.ts';

export interface CurveOptions extends ClassificationOptions {
  /** How the values of several classes or labels become one; 'micro', with task 'multilabel' alone, takes all decisions as those of one. Default 'macro'. */
  readonly average?: 'micro' | 'macro' | 'weighted' | 'none';
  /** How many thresholds between 0 and 1, at least 2, or a list of them, rising: the state is then a table of counts, of one size. Default: every score is one, and all scores are kept, 4 bytes for
   *  each sample and class. */
  readonly thresholds?: number | readonly number[];
}

/** How one class's value is made. */
export interface Curve {
  readonly name: string;
  /** @param otherwise - where the class never came. */
  exact(ranked: Ranked, otherwise: number): number;
  binned(counts: Binned): number;
}

const THRESHOLDS: Rule = [
  'an integer of at least 2, or a list of at least 2 rising numbers from 0 to 1',
  (value) =>
    Array.isArray(value)
      ? value.length > 1 && value.every((each, i) => each >= 0 && each <= 1 && (i === 0 || each > value[i - 1]))
      : Number.isSafeInteger(value) && (value as number) > 1,
];

/** Scores of classes and whether they were right, over all thresholds. */
export abstract class CurveMetric extends TensorMetric {
  readonly #task: Task;
  readonly #curve: Curve;
  readonly #average: NonNullable<CurveOptions['average']>;
  readonly #thresholds: number | readonly number[] | undefined;
  readonly #name: string;

  /** @throws {ConfigError} that lists every problem of the options. */
  protected constructor(label: string, options: CurveOptions, curve: Curve) {
    const rules = { average: choice('micro', 'macro', 'weighted', 'none'), thresholds: THRESHOLDS };
    const task = taskOf(label, options, rules, ({ kind }) => {
      if (kind === 'binary' && options.average !== undefined)
        return [`average: expected none with task "binary", got "${options.average}"`];
      return kind === 'multiclass' && options.average === 'micro'
        ? ['average: expected "macro", "weighted" or "none" with task "multiclass", got "micro"']
        : [];
    });
    const { thresholds } = options;
    const numThresholds = typeof thresholds === 'number' ? thresholds : (thresholds?.length ?? 0);
    // Places of each class: those of it and the others, between thresholds. Then one for ignored, one for out of range.
    const shape = [task.size * 2 * (numThresholds + 1) + 2];
    super(
      label,
      thresholds === undefined
        ? { preds: { kind: 'list' }, target: { kind: 'list' } }
        : { counts: { kind: 'sum', shape, dtype: 'int64' } },
    );
    this.#task = task;
    this.#curve = curve;
    this.#average = options.average ?? 'macro';
    this.#thresholds = thresholds;
    this.#name = options.name ?? curve.name;
  }

  /** Takes a batch. Shape: 'binary' both [N, …]; 'multiclass' preds [N, C, …] and target [N, …]; 'multilabel' both [N, L, …]. Preds are probabilities, or logits where one of a batch lies outside
   *  of 0 to 1.
   *  @throws {ShapeError} @throws {DTypeError} */
  update(preds: Tensor, target: Tensor): void {
    const { kind, size, ignoreIndex } = this.#task;
    if (kind === 'multiclass') requireClasses(this.label, preds, target, size, true);
    else requireLabels(this.label, preds, target, this.#task);
    requireFloating(this.label, 'preds', preds);
    if (target.numel === 0) return;
    this.gather(preds.device, () => {
      const truth = target.to('int64');
      const isIgnored = ignoreIndex === undefined ? undefined : truth.eq(ignoreIndex);
      const scores = this.#scores(preds, isIgnored);
      const rows = kind === 'binary' ? scores.reshape([-1, 1]) : rowsOf(scores, size); // [M, size]
      const targets = kind === 'multilabel' ? rowsOf(truth, size) : truth.reshape([-1, 1]); // [M, size] or [M, 1]
      if (this.#thresholds === undefined) {
        this.append('preds', rows);
        this.append('target', targets);
      } else addOnes(this.sum('counts'), this.#places(rows, targets, this.#thresholds));
    });
  }

  #scores(preds: Tensor, isIgnored: Tensor | undefined): Tensor {
    const { kind } = this.#task;
    if (kind === 'multiclass') return classProbabilities(preds, isIgnored?.unsqueeze(1));
    // The order of logits is that of their sigmoid, which rounds equal ones to two values where they lie in different lanes.
    if (this.#thresholds === undefined) return widened(preds);
    return probabilities(preds, kind === 'binary' ? isIgnored : undefined);
  }

  #places(rows: Tensor, targets: Tensor, thresholds: number | readonly number[]): Tensor {
    const { size, ignoreIndex, kind } = this.#task;
    const options = { device: rows.device, dtype: rows.dtype };
    // Made on the device: a copy from the host would wait for it.
    const edges =
      typeof thresholds === 'number'
        ? linspace(0, 1, thresholds, options)
        : cat(thresholds.map((threshold) => full([1], threshold, options)));
    const width = edges.numel + 1;
    const below = searchsorted(edges, rows.contiguous(), { right: true }); // [M, size], from 0 to the number of thresholds
    const classes = arange(size, { dtype: 'int64', device: rows.device });
    const isOf = kind === 'multiclass' ? targets.eq(classes) : targets.eq(1);
    const places = below.add(classes.mul(2 * width)).add_(isOf.mul(width));
    const end = size * 2 * width;
    const limit = kind === 'multiclass' ? size - 1 : 1;
    const marked = places.maskedFill(targets.lt(0).logicalOr(targets.gt(limit)), end + 1);
    return (ignoreIndex === undefined ? marked : marked.maskedFill(targets.eq(ignoreIndex), end)).reshape([-1]);
  }

  /** @throws {RangeError} for classes that were out of range. */
  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const { classNames, size, kind } = this.#task;
    const { values, supports } = this.reading(() =>
      this.#thresholds === undefined ? this.#exact() : this.#binned(numbersOf(this.read('counts'))),
    );
    if (this.#average === 'none' && kind !== 'binary') return namedValues(this.#name, values, classNames);
    if (values.length === 1 || size === 1) return { [this.#name]: values[0]! };
    const known = values.flatMap((value, i) => (Number.isNaN(value) ? [] : [i])); // a class that never came has none
    const weights = known.map((i) => (this.#average === 'weighted' ? supports[i]! : 1));
    const isNone = known.length === 0;
    return {
      [this.#name]: isNone
        ? Number.NaN
        : weightedMean(
            known.map((i) => values[i]!),
            weights,
          ),
    };
  }

  #exact(): Values {
    const { kind, size, ignoreIndex } = this.#task;
    const [preds, target] = [this.read('preds'), this.read('target')];
    const isIgnored = ignoreIndex === undefined ? target.ne(target) : target.eq(ignoreIndex);
    const limit = kind === 'multiclass' ? size : 2;
    const isOutside = target.lt(0).logicalOr(target.ge(limit)).logicalAnd(isIgnored.logicalNot());
    requireInRange(this.label, limit, Number(isOutside.sum().item()), 0);
    const isOf =
      kind === 'multiclass' ? target.eq(arange(size, { dtype: 'int64', device: target.device })) : target.eq(1);
    const labels = isOf.to('int8').maskedFill(isIgnored, -1);
    const isTogether = kind === 'multilabel' && this.#average === 'micro';
    const columns = isTogether
      ? [ranked(preds.reshape([-1]), labels.reshape([-1]))]
      : Array.from({ length: size }, (_, i) => ranked(preds.select(1, i), labels.select(1, i)));
    const otherwise = kind === 'multiclass' ? Number.NaN : 0;
    return {
      values: columns.map((column) => this.#curve.exact(column, otherwise)),
      supports: columns.map(({ labels }) => labels.reduce((sum, label) => sum + (label === 1 ? 1 : 0), 0)),
    };
  }

  #binned(counts: readonly number[]): Values {
    const { kind, size } = this.#task;
    requireInRange(
      this.label,
      kind === 'multiclass' ? size : 2,
      counts.at(-1)! / (kind === 'multiclass' ? size : 1),
      0,
    );
    const width = (counts.length - 2) / size / 2;
    const part = (i: number): number[] => counts.slice(i * width, (i + 1) * width);
    const added = (parts: readonly number[][]): number[] =>
      parts[0]!.map((_, j) => parts.reduce((sum, each) => sum + each[j]!, 0));
    const classes = Array.from({ length: size }, (_, i) => ({ others: part(2 * i), own: part(2 * i + 1) }));
    const isTogether = kind === 'multilabel' && this.#average === 'micro';
    const tables = isTogether
      ? [binned(added(classes.map(({ own }) => own)), added(classes.map(({ others }) => others)))]
      : classes.map(({ own, others }) => binned(own, others));
    return {
      values: tables.map((table) => this.#curve.binned(table)),
      supports: tables.map(({ positives }) => positives),
    };
  }
}

interface Values {
  readonly values: readonly number[];
  readonly supports: readonly number[];
}

/** From [N, C, …] to [N * …, C]. */
function rowsOf(value: Tensor, size: number): Tensor {
  return value.ndim === 2 ? value : value.transpose(0, 1).reshape([size, -1]).t();
}

/** Reads one class in falling order of its scores. */
function ranked(scores: Tensor, labels: Tensor): Ranked & { labels: Int8Array } {
  const [sorted, order] = scores.sort({ descending: true });
  return {
    scores: sorted.toTypedArray() as Float32Array,
    labels: labels.gather(0, order).toTypedArray() as Int8Array,
  };
}
