// `CalibrationError`: whether what a model calls 80 % sure is right 80 times in 100.

import { linspace } from '../../tensor/create.ts';
import { bucketize, cat, onesLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { numbersOf, requireFloating } from '../inputs.ts';
import { checkOptions, choice, count, type Rule } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';
import { requireInRange } from './range.ts';
import { classProbabilities, probabilities, requireClasses, requireLabels } from './slots.ts';
import { type ClassificationOptions, RULES, type Task, taskOf } from './task.ts';

type Norm = 'l1' | 'l2' | 'max';

export interface CalibrationErrorOptions extends Omit<ClassificationOptions, 'numLabels' | 'classNames' | 'name'> {
  readonly task: 'binary' | 'multiclass';
  /** Equally wide bins of confidence. Default 15. */
  readonly numBins?: number;
  /** Which errors: 'l1' is `ece`, the mean over samples; 'l2' is `rmsce`, its root of squares; 'max' is `mce`, the worst bin. Default ['l1', 'max']. */
  readonly norms?: readonly Norm[];
}

const NAMES: Readonly<Record<Norm, string>> = { l1: 'ece', l2: 'rmsce', max: 'mce' };
const NORMS: Rule = [
  'a list of "l1", "l2" and "max"',
  (value) => Array.isArray(value) && value.length > 0 && value.every((each) => Object.hasOwn(NAMES, each)),
];

/** The difference between confidence and accuracy in bins of confidence. Confidence is the greatest probability of a sample, accuracy whether that class is right; in task 'binary' it is the probability
 *  of 1, and how often the target is 1. State: three numbers a bin. Sync: `update` never waits. Source: Naeini et al. 2015; torchmetrics.CalibrationError.
 *  @example
 *  import { CalibrationError } from 'sconce/metrics';
 *  const calibration = new CalibrationError({ task: 'multiclass', numClasses: 2, numBins: 10 });
 *  calibration.update(tensor([[0.75, 0.25], [0.75, 0.25]]), tensor([0n, 1n]));
 *  calibration.compute(); // { ece: 0.25, mce: 0.25 } */
export class CalibrationError extends TensorMetric {
  readonly #task: Task;
  readonly #numBins: number;
  readonly #norms: readonly Norm[];

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: CalibrationErrorOptions) {
    const own = { task: choice('binary', 'multiclass'), numBins: count(), norms: NORMS };
    const known = { numClasses: RULES.numClasses!, ignoreIndex: RULES.ignoreIndex!, ...own };
    checkOptions('make CalibrationError', options, known, ['task']);
    const task = taskOf('CalibrationError', options, own);
    const numBins = options.numBins ?? 15;
    // Behind the last bin one for a confidence of exactly 1; of each bin samples, confidences, and how many were right.
    super('CalibrationError', {
      bins: { kind: 'sum', shape: [3 * (numBins + 1)], dtype: 'float64' },
      outside: { kind: 'sum', shape: [], dtype: 'int64' },
    });
    this.#task = task;
    this.#numBins = numBins;
    this.#norms = options.norms ?? ['l1', 'max'];
  }

  /** Takes a batch. Shape: 'binary' both [N, …]; 'multiclass' preds [N, C, …] and target [N, …]. Preds are probabilities, or logits where one of a batch lies outside of 0 to 1.
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
      const [confidence, isRight] =
        kind === 'multiclass' ? best(preds, truth, isIgnored) : sure(preds, truth, isIgnored);
      const edges = linspace(0, 1, this.#numBins + 1, { dtype: confidence.dtype, device: preds.device });
      const bin = bucketize(confidence, edges, { right: true }).sub_(1).clamp_({ min: 0, max: this.#numBins });
      const width = this.#numBins + 1;
      const weight = onesLike(confidence, { dtype: 'float64' });
      const counts = [weight, confidence.to('float64'), isRight.to('float64')];
      const limit = kind === 'multiclass' ? size : 2;
      const isOutside = truth.lt(0).logicalOr(truth.ge(limit));
      const values = cat(counts.map((value) => (isIgnored ? value.maskedFill(isIgnored, 0) : value).reshape([-1])));
      const places = bin.reshape([-1]);
      this.sum('bins').scatterAdd_(0, cat([places, places.add(width), places.add(2 * width)]), values);
      this.sum('outside').add_((isIgnored ? isOutside.logicalAnd(isIgnored.logicalNot()) : isOutside).sum());
    });
  }

  /** @throws {RangeError} for classes that were out of range. */
  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const { kind, size } = this.#task;
    const [bins, [outside]] = this.reading(() => [numbersOf(this.read('bins')), numbersOf(this.read('outside'))]);
    requireInRange(this.label, kind === 'multiclass' ? size : 2, outside!, 0);
    const width = this.#numBins + 1;
    const total = bins.slice(0, width).reduce((sum, samples) => sum + samples, 0);
    const gaps = Array.from({ length: width }, (_, i) => {
      const samples = bins[i]!;
      if (samples === 0) return { gap: 0, share: 0 };
      return { gap: Math.abs(bins[i + 2 * width]! - bins[i + width]!) / samples, share: samples / total };
    });
    const errors: Record<Norm, () => number> = {
      l1: () => gaps.reduce((sum, { gap, share }) => sum + gap * share, 0),
      l2: () => Math.sqrt(gaps.reduce((sum, { gap, share }) => sum + gap ** 2 * share, 0)),
      max: () => Math.max(...gaps.map(({ gap }) => gap)),
    };
    return Object.fromEntries(this.#norms.map((norm) => [NAMES[norm], errors[norm]()]));
  }
}

function best(preds: Tensor, truth: Tensor, isIgnored: Tensor | undefined): [confidence: Tensor, isRight: Tensor] {
  const [confidence, choice] = classProbabilities(preds, isIgnored?.unsqueeze(1)).max({ dim: 1 });
  return [confidence, choice.eq(truth)];
}

function sure(preds: Tensor, truth: Tensor, isIgnored: Tensor | undefined): [confidence: Tensor, isRight: Tensor] {
  return [probabilities(preds, isIgnored), truth.eq(1)];
}
