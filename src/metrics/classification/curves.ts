// Areas under curves of decisions over all thresholds: pure functions of scores in falling order, or of counts at given thresholds.
// Source: torchmetrics, functional/classification/precision_recall_curve.py and roc.py.

/** Scores of one class in falling order, with 1 for those that are of the class, 0 for those that are not, -1 for those that do not count. */
export interface Ranked {
  readonly scores: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
}

/** Calls `visit` behind each group of equal scores with what lies above the threshold below it. */
function sweep({ scores, labels }: Ranked, visit: (tp: number, fp: number) => void): void {
  let [tp, fp] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const label = labels[i]!;
    if (label === 1) tp += 1;
    else if (label === 0) fp += 1;
    const isLast = i + 1 === scores.length;
    // A difference, so that NaN is level with nothing.
    if (isLast || scores[i]! - scores[i + 1]! !== 0) visit(tp, fp);
  }
}

const totals = ({ labels }: Ranked): [positives: number, negatives: number] => {
  let [positives, negatives] = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 1) positives += 1;
    else if (labels[i] === 0) negatives += 1;
  }
  return [positives, negatives];
};

/** 0 where one of the two kinds is missing. */
export function areaUnderRoc(ranked: Ranked): number {
  const [positives, negatives] = totals(ranked);
  if (positives === 0 || negatives === 0) return 0;
  let [area, lastTp, lastFp] = [0, 0, 0];
  sweep(ranked, (tp, fp) => {
    area += ((fp - lastFp) * (tp + lastTp)) / 2;
    [lastTp, lastFp] = [tp, fp];
  });
  return area / (positives * negatives);
}

/** The precision at each threshold, weighted by what the recall gains there; `otherwise` where no sample is of the class. */
export function averagePrecision(ranked: Ranked, otherwise: number): number {
  const [positives] = totals(ranked);
  if (positives === 0) return otherwise;
  let [sum, lastTp] = [0, 0];
  sweep(ranked, (tp, fp) => {
    if (tp > lastTp) sum += ((tp - lastTp) / positives) * (tp / (tp + fp));
    lastTp = tp;
  });
  return sum;
}

/** What lies at or above each of several thresholds, in rising order of these, and how many there are of each kind. */
export interface Binned {
  readonly tp: readonly number[];
  readonly fp: readonly number[];
  readonly positives: number;
  readonly negatives: number;
}

/** From counts between thresholds: entry i is of scores that have i thresholds at or below them. */
export function binned(positives: readonly number[], negatives: readonly number[]): Binned {
  const above = (counts: readonly number[]): number[] => {
    let sum = 0;
    return counts
      .toReversed()
      .map((count) => (sum += count))
      .toReversed();
  };
  const [tp, fp] = [above(positives), above(negatives)];
  return { tp: tp.slice(1), fp: fp.slice(1), positives: tp[0]!, negatives: fp[0]! };
}

export function binnedAreaUnderRoc({ tp, fp, positives, negatives }: Binned): number {
  const [tpr, fpr] = [tp, fp].map((counts, i) => {
    const all = i === 0 ? positives : negatives;
    return counts.map((count) => (all === 0 ? 0 : count / all));
  }) as [number[], number[]];
  return tpr.slice(1).reduce((area, rate, i) => area + ((fpr[i]! - fpr[i + 1]!) * (rate + tpr[i]!)) / 2, 0);
}

export function binnedAveragePrecision({ tp, fp, positives }: Binned): number {
  if (positives === 0) return 0;
  const precision = (i: number): number => (tp[i]! + fp[i]! === 0 ? 0 : tp[i]! / (tp[i]! + fp[i]!));
  return tp.reduce((sum, count, i) => sum + ((count - (tp[i + 1] ?? 0)) / positives) * precision(i), 0);
}
