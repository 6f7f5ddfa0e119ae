// `R2Score`: which part of the variance of the targets is explained.

import type { Tensor } from '../../tensor/tensor.ts';
import { numbersOf, requireSameShape, wrongShapes } from '../inputs.ts';
import { checkOptions, choice, text } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';
import type { NameOptions } from './errors.ts';
import { isConstant, joinMoments, momentsOf, ROWS } from './moments.ts';

export interface R2ScoreOptions extends NameOptions {
  /** How the scores of several outputs become one: their mean, their mean weighted by the variance of the targets, or not at all (`r2_0`, `r2_1`, …). Default 'uniform_average'. */
  readonly multioutput?: 'uniform_average' | 'variance_weighted' | 'raw_values';
}

/** 1 - (sum of squared differences) / (sum of squared deviations of the targets from their mean), in double precision. Where all targets are the same it is 1 for preds without error, else 0; of fewer
 *  than two samples NaN. Sync: `update` never waits. Source: torchmetrics.R2Score; for constant targets scikit-learn's r2_score, which looks for zero and not for less than 1e-4.
 *  @example
 *  import { R2Score } from 'sconce/metrics';
 *  const r2 = new R2Score();
 *  r2.update(tensor([2.5, 0, 2, 8]), tensor([3, -0.5, 2, 7]));
 *  r2.compute().r2!.toFixed(4); // '0.9486' */
export class R2Score extends TensorMetric {
  readonly #multioutput: NonNullable<R2ScoreOptions['multioutput']>;
  readonly #name: string;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: R2ScoreOptions = {}) {
    const multioutput = choice('uniform_average', 'variance_weighted', 'raw_values');
    checkOptions('make R2Score', options, { multioutput, name: text });
    super('R2Score', { moments: { kind: 'combined', combine: joinMoments } });
    this.#multioutput = options.multioutput ?? 'uniform_average';
    this.#name = options.name ?? 'r2';
  }

  /** Takes a batch. Shape: both [N], or [N, D] for D outputs. @throws {ShapeError} */
  update(preds: Tensor, target: Tensor): void {
    takeMoments(this.label, preds, target, (x, y) =>
      this.gather(preds.device, () => this.combine('moments', momentsOf(x(), y()))),
    );
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const outputs = this.reading(() => columnsOf(this.read('moments')));
    const scores = outputs.map((output) => {
      const [count, residuals] = [output[ROWS.count]!, output[ROWS.residuals]!];
      const squares = output[ROWS.squaresY]!;
      if (count < 2) return Number.NaN;
      if (isConstant(squares, count, output[ROWS.meanY]!)) return residuals === 0 ? 1 : 0;
      return 1 - residuals / squares;
    });
    if (this.#multioutput === 'raw_values' && scores.length > 1)
      return Object.fromEntries(scores.map((score, i) => [`${this.#name}_${i}`, score]));
    const isWeighted = this.#multioutput === 'variance_weighted';
    const weights = outputs.map((output) => (isWeighted ? output[ROWS.squaresY]! : 1));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { [this.#name]: scores.reduce((sum, score, i) => sum + (score * weights[i]!) / total, 0) };
  }
}

/** Checks a batch and gives both sides as [N, D]. */
export function takeMoments(
  label: string,
  preds: Tensor,
  target: Tensor,
  take: (x: () => Tensor, y: () => Tensor) => void,
): void {
  requireSameShape(label, preds, target);
  if (preds.ndim === 0 || preds.ndim > 2) wrongShapes(label, 'preds and target [N] or [N, D]', preds, target);
  if (preds.numel === 0) return;
  const columns = (value: Tensor) => (): Tensor => (value.ndim === 1 ? value.unsqueeze(1) : value);
  take(columns(preds), columns(target));
}

/** The rows of each column. */
export function columnsOf(value: Tensor): number[][] {
  const [rows, columns] = [value.size(0), value.size(1)];
  const numbers = numbersOf(value);
  return Array.from({ length: columns }, (_, j) => Array.from({ length: rows }, (_, i) => numbers[i * columns + j]!));
}
