// `ConfusionMatrix`: how often each class was taken for each.

import type { Tensor } from '../../tensor/tensor.ts';
import type { Matrix } from '../../tracking/data-records.ts';
import { numbersOf } from '../inputs.ts';
import { choice } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';
import { requireInRange } from './range.ts';
import { classSlots, EXTRA_CLASSES, FN, FP, IGNORED, LABEL_SLOTS, labelSlots, TN, TP } from './slots.ts';
import { addOnes } from './stat-scores.ts';
import { type ClassificationOptions, type Task, THRESHOLD, type ThresholdOptions, taskOf } from './task.ts';

export interface ConfusionMatrixOptions extends ClassificationOptions, ThresholdOptions {
  /** What is divided by: the sum of its row ('true'), of its column ('pred') or of the matrix ('all'). Default: counts. */
  readonly normalize?: 'true' | 'pred' | 'all';
}

/** How often samples of each class (rows) were predicted to be of each (columns). `compute` has no values; `matrices` gives `confusion_matrix`, and in task 'multilabel' one of two rows a
 *  label, `confusion_matrix_{label}`. State: a table of C x C counts. Sync: `update` never waits. Source: torchmetrics.ConfusionMatrix.
 *  @example
 *  import { ConfusionMatrix } from 'sconce/metrics';
 *  const confusion = new ConfusionMatrix({ task: 'multiclass', numClasses: 2, classNames: ['cat', 'dog'] });
 *  confusion.update(tensor([0n, 1n, 1n]), tensor([0n, 0n, 1n]));
 *  confusion.matrices().confusion_matrix!.values; // [[1, 1], [0, 1]] */
export class ConfusionMatrix extends TensorMetric {
  readonly #task: Task;
  readonly #threshold: number;
  readonly #normalize: ConfusionMatrixOptions['normalize'];
  readonly #name: string;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: ConfusionMatrixOptions) {
    const rules = { threshold: THRESHOLD, normalize: choice('true', 'pred', 'all') };
    const task = taskOf('ConfusionMatrix', options, rules);
    const shape = [task.kind === 'multiclass' ? (task.size + EXTRA_CLASSES) ** 2 : task.size * LABEL_SLOTS];
    super('ConfusionMatrix', { counts: { kind: 'sum', shape, dtype: 'int64' } });
    this.#task = task;
    this.#threshold = options.threshold ?? 0.5;
    this.#normalize = options.normalize;
    this.#name = options.name ?? 'confusion_matrix';
  }

  /** Takes a batch. Shape: as `Accuracy`. @throws {ShapeError} @throws {DTypeError} */
  update(preds: Tensor, target: Tensor): void {
    this.gather(preds.device, () => {
      const slots =
        this.#task.kind === 'multiclass'
          ? this.#pairs(preds, target)
          : labelSlots(this.label, { preds, target }, this.#task, this.#threshold);
      if (slots.numel > 0) addOnes(this.sum('counts'), slots);
    });
  }

  #pairs(preds: Tensor, target: Tensor): Tensor {
    const [predicted, actual] = classSlots(this.label, { preds, target }, this.#task);
    return predicted.add(actual, { alpha: this.#task.size + EXTRA_CLASSES });
  }

  compute(): Record<string, number> {
    return {};
  }

  /** @throws {RangeError} for classes that were out of range. */
  matrices(): Record<string, Matrix> {
    if (this.isEmpty) return {};
    const counts = this.reading(() => numbersOf(this.read('counts')));
    const { kind, size, classNames } = this.#task;
    const make = (names: readonly string[], values: number[][]): Matrix => ({
      ...{ rows: names, columns: names, rowLabel: 'true', columnLabel: 'predicted' },
      values: normalized(values, this.#normalize),
    });
    if (kind === 'multiclass') return { [this.#name]: make(classNames, this.#table(counts)) };
    const labels = Array.from({ length: size }, (_, i) => counts.slice(i * LABEL_SLOTS, (i + 1) * LABEL_SLOTS));
    const known = [TN, FP, FN, TP, IGNORED] as const;
    const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);
    const outside = total(counts) - total(labels.flatMap((label) => known.map((place) => label[place]!)));
    requireInRange(this.label, 2, outside, 0);
    const tables = labels.map((label) => [
      [label[TN]!, label[FP]!],
      [label[FN]!, label[TP]!],
    ]);
    if (kind === 'binary') return { [this.#name]: make(classNames, tables[0]!) };
    return Object.fromEntries(
      tables.map((table, i) => [`${this.#name}_${classNames[i]}`, make(['not', classNames[i]!], table)]),
    );
  }

  #table(counts: readonly number[]): number[][] {
    const { size } = this.#task;
    const width = size + EXTRA_CLASSES;
    const rows = Array.from({ length: width }, (_, i) => counts.slice(i * width, (i + 1) * width));
    const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);
    const inside = rows.slice(1, size + 1);
    requireInRange(
      this.label,
      size,
      total(rows[0]!) + total(rows[size + 1]!),
      total(inside.map((row) => row[0]! + row[size + 1]!)),
    );
    return inside.map((row) => row.slice(1, size + 1));
  }
}

/** 0 where nothing is divided by. */
function normalized(values: readonly (readonly number[])[], by: ConfusionMatrixOptions['normalize']): number[][] {
  const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);
  const rows = values.map(total);
  const columns = values.map((_, j) => total(values.map((row) => row[j]!)));
  const all = total(rows);
  const divisor = (i: number, j: number): number => {
    if (by === undefined) return 1;
    return by === 'true' ? rows[i]! : by === 'pred' ? columns[j]! : all;
  };
  return values.map((row, i) => row.map((value, j) => (divisor(i, j) === 0 ? 0 : value / divisor(i, j))));
}
