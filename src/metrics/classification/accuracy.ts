// `Accuracy`: the share of right decisions.

import { ratio } from './averages.ts';
import { StatScores, type StatScoresOptions } from './stat-scores.ts';

/** The share of samples whose class was predicted; of decisions, in tasks 'binary' and 'multilabel'. With `topK`, of samples whose class is among the k best scores: its name is
 *  then `accuracy_top5`. `average` is 'micro' by default; with 'macro' it is the mean over classes of the share of each that was found, classes that never came left out.
 *  Sync: `update` never waits, `compute` does. Source: torchmetrics.Accuracy.
 *  @example
 *  import { Accuracy } from 'sconce/metrics';
 *  const accuracy = new Accuracy({ task: 'multiclass', numClasses: 3 });
 *  accuracy.update(tensor([[0.1, 0.8, 0.1], [0.7, 0.2, 0.1]]), tensor([1n, 2n]));
 *  accuracy.update(tensor([2n, 0n]), tensor([2n, 0n]));
 *  accuracy.compute(); // { accuracy: 0.75 } */
export class Accuracy extends StatScores {
  constructor(options: StatScoresOptions) {
    super('Accuracy', options, {
      name: 'accuracy',
      average: 'micro',
      score: ({ tp, fp, tn, fn }, { kind }) =>
        kind === 'multiclass' ? ratio(tp, tp + fn) : ratio(tp + tn, tp + tn + fp + fn),
    });
  }
}
