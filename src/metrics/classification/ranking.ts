// `AUROC` and `AveragePrecision`: how well scores put what is of a class before what is not, whatever the threshold.

import { CurveMetric, type CurveOptions } from './curve-metric.ts';
import { areaUnderRoc, averagePrecision, binnedAreaUnderRoc, binnedAveragePrecision } from './curves.ts';

/** The area under the curve of true over false positives: how often something of the class has a better score than something that is not; ties count half. Of several classes each against the
 *  rest. A class that never came, or alone, has 0, and counts.
 *  Sync: `update` never waits, `compute` does. Source: torchmetrics.AUROC.
 *  @example
 *  import { AUROC } from 'sconce/metrics';
 *  const auroc = new AUROC({ task: 'binary' });
 *  auroc.update(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0n, 0n, 1n, 1n]));
 *  auroc.compute(); // { auroc: 0.75 } */
export class AUROC extends CurveMetric {
  constructor(options: CurveOptions) {
    super('AUROC', options, { name: 'auroc', exact: areaUnderRoc, binned: binnedAreaUnderRoc });
  }
}

/** The mean of the precision over all thresholds, each weighted by what the recall gains there. Of several classes each against the rest. In task 'multiclass' a class that never came is left
 *  out of the mean; a label that never came has 0.
 *  Sync: `update` never waits, `compute` does. Source: torchmetrics.AveragePrecision.
 *  @example
 *  import { AveragePrecision } from 'sconce/metrics';
 *  const precision = new AveragePrecision({ task: 'binary' });
 *  precision.update(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0n, 0n, 1n, 1n]));
 *  precision.compute().average_precision!.toFixed(4); // '0.8333' */
export class AveragePrecision extends CurveMetric {
  constructor(options: CurveOptions) {
    super('AveragePrecision', options, {
      name: 'average_precision',
      exact: averagePrecision,
      binned: binnedAveragePrecision,
    });
  }
}
