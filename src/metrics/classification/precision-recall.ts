// `Precision`, `Recall` and `F1Score`.

import { choice } from '../options.ts';
import { ratio } from './averages.ts';
import { StatScores, type StatScoresOptions } from './stat-scores.ts';

export interface ZeroDivisionOptions extends StatScoresOptions {
  /** The score of a class where it is 0 / 0. Default 0. */
  readonly zeroDivision?: 0 | 1;
}

const rules = { zeroDivision: choice(0, 1) };

/** Of what was said to be of a class, the share that is: tp / (tp + fp). `average` is 'macro' by default; classes that were neither said nor true are left out of it.
 *  Sync: `update` never waits, `compute` does. Source: torchmetrics.Precision, whose default is 'micro', which is the accuracy.
 *  @example
 *  import { Precision } from 'sconce/metrics';
 *  const precision = new Precision({ task: 'multiclass', numClasses: 3, average: 'none', classNames: ['cat', 'dog', 'owl'] });
 *  precision.update(tensor([0n, 1n, 1n]), tensor([0n, 1n, 2n]));
 *  precision.compute(); // { precision_cat: 1, precision_dog: 0.5, precision_owl: 0 } */
export class Precision extends StatScores {
  constructor(options: ZeroDivisionOptions) {
    const { zeroDivision } = options ?? {};
    super('Precision', options, {
      ...{ name: 'precision', average: 'macro', rules },
      score: ({ tp, fp }) => ratio(tp, tp + fp, zeroDivision),
    });
  }
}

/** Of what is of a class, the share that was found: tp / (tp + fn). Else as `Precision`. Source: torchmetrics.Recall.
 *  @example
 *  import { Recall } from 'sconce/metrics';
 *  const recall = new Recall({ task: 'binary' });
 *  recall.update(tensor([0.9, 0.2, 0.6]), tensor([1n, 1n, 0n]));
 *  recall.compute(); // { recall: 0.5 } */
export class Recall extends StatScores {
  constructor(options: ZeroDivisionOptions) {
    const { zeroDivision } = options ?? {};
    super('Recall', options, {
      ...{ name: 'recall', average: 'macro', rules },
      score: ({ tp, fn }) => ratio(tp, tp + fn, zeroDivision),
    });
  }
}

/** The harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn). Else as `Precision`. Source: torchmetrics.F1Score.
 *  @example
 *  import { F1Score } from 'sconce/metrics';
 *  const f1 = new F1Score({ task: 'multilabel', numLabels: 2 });
 *  f1.update(tensor([[0.9, 0.2], [0.8, 0.7]]), tensor([[1n, 0n], [0n, 1n]]));
 *  f1.compute().f1!.toFixed(4); // '0.8333' */
export class F1Score extends StatScores {
  constructor(options: ZeroDivisionOptions) {
    const { zeroDivision } = options ?? {};
    super('F1Score', options, {
      ...{ name: 'f1', average: 'macro', rules, countsOnlySaid: true },
      score: ({ tp, fp, fn }) => ratio(2 * tp, 2 * tp + fp + fn, zeroDivision),
    });
  }
}
