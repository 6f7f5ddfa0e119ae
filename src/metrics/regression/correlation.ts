// `PearsonCorrelation` and `SpearmanCorrelation`.

import { searchsorted } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { widened } from '../inputs.ts';
import { checkOptions, text } from '../options.ts';
import { TensorMetric } from '../tensor-metric.ts';
import type { NameOptions } from './errors.ts';
import { isConstant, joinMoments, momentsOf, ROWS } from './moments.ts';
import { columnsOf, takeMoments } from './r2-score.ts';

/** How near two series are to one straight line, from -1 to 1, in double precision; NaN where one of them is constant. Of several outputs one each, `pearson_0` and so on.
 *  Sync: `update` never waits. Source: torchmetrics.PearsonCorrCoef, which gives NaN for a small variance already.
 *  @example
 *  import { PearsonCorrelation } from 'sconce/metrics';
 *  const pearson = new PearsonCorrelation();
 *  pearson.update(tensor([2.5, 0, 2, 8]), tensor([3, -0.5, 2, 7]));
 *  pearson.compute().pearson!.toFixed(4); // '0.9849' */
export class PearsonCorrelation extends TensorMetric {
  readonly #name: string;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: NameOptions = {}) {
    checkOptions('make PearsonCorrelation', options, { name: text });
    super('PearsonCorrelation', { moments: { kind: 'combined', combine: joinMoments } });
    this.#name = options.name ?? 'pearson';
  }

  /** Takes a batch. Shape: both [N], or [N, D] for D outputs. @throws {ShapeError} */
  update(preds: Tensor, target: Tensor): void {
    takeMoments(this.label, preds, target, (x, y) =>
      this.gather(preds.device, () => this.combine('moments', momentsOf(x(), y()))),
    );
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    return named(this.#name, this.reading(() => columnsOf(this.read('moments'))).map(correlation));
  }
}

/** How near the order of two series is to one another: the Pearson correlation of their ranks, equal values at the mean of their places. 0 where one of them is constant, NaN where one has a NaN.
 *  All values are kept, 8 bytes for each pair. Of several outputs one each, `spearman_0` and so on. Sync: `update` never waits. Source: torchmetrics.SpearmanCorrCoef.
 *  @example
 *  import { SpearmanCorrelation } from 'sconce/metrics';
 *  const spearman = new SpearmanCorrelation();
 *  spearman.update(tensor([1, 2, 3, 40]), tensor([1, 3, 2, 4]));
 *  spearman.compute().spearman!.toFixed(4); // '0.8000' */
export class SpearmanCorrelation extends TensorMetric {
  readonly #name: string;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: NameOptions = {}) {
    checkOptions('make SpearmanCorrelation', options, { name: text });
    super('SpearmanCorrelation', { preds: { kind: 'list' }, target: { kind: 'list' } });
    this.#name = options.name ?? 'spearman';
  }

  /** Takes a batch. Shape: both [N], or [N, D] for D outputs. @throws {ShapeError} */
  update(preds: Tensor, target: Tensor): void {
    takeMoments(this.label, preds, target, (x, y) =>
      this.gather(preds.device, () => {
        this.append('preds', widened(x()));
        this.append('target', widened(y()));
      }),
    );
  }

  compute(): Record<string, number> {
    if (this.isEmpty) return {};
    const values = this.reading(() => {
      const [preds, target] = [this.read('preds'), this.read('target')];
      return Array.from({ length: preds.size(1) }, (_, i) => {
        const [a, b] = [preds.select(1, i), target.select(1, i)];
        if (a.isnan().any().logicalOr(b.isnan().any()).item()) return Number.NaN;
        const moments = columnsOf(momentsOf(ranks(a).unsqueeze(1), ranks(b).unsqueeze(1)))[0]!;
        return moments[ROWS.squaresX] === 0 || moments[ROWS.squaresY] === 0 ? 0 : correlation(moments);
      });
    });
    return named(this.#name, values);
  }
}

function correlation(moments: readonly number[]): number {
  const of = (row: keyof typeof ROWS): number => moments[ROWS[row]]!;
  const isFlat =
    isConstant(of('squaresX'), of('count'), of('meanX')) || isConstant(of('squaresY'), of('count'), of('meanY'));
  if (isFlat) return Number.NaN;
  const value = of('products') / Math.sqrt(of('squaresX')) / Math.sqrt(of('squaresY'));
  return Math.max(-1, Math.min(1, value)); // rounding
}

/** From 1; equal values have the mean of their places. */
function ranks(values: Tensor): Tensor {
  const own = values.contiguous();
  const [sorted] = own.sort();
  const below = searchsorted(sorted, own);
  const upTo = searchsorted(sorted, own, { right: true });
  return below.add(upTo).add_(1).to('float64').div_(2);
}

function named(name: string, values: readonly number[]): Record<string, number> {
  if (values.length === 1) return { [name]: values[0]! };
  return Object.fromEntries(values.map((value, i) => [`${name}_${i}`, value]));
}
