// Scores of classes out of counts, and how they become one. Source: torchmetrics, functional/classification.

/** How the scores of several classes become one: 'micro' counts all decisions alike, 'macro' is the mean over classes, 'weighted' that weighted by how often each class
 *  is the true one; 'none' leaves one score a class. */
export type Average = 'micro' | 'macro' | 'weighted' | 'none';

export interface Counts {
  /** The class, and said so. */
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/** @param isPresent - whether a class has a part in the mean over classes.  @returns one score, or one a class. */
export function average(
  counts: readonly Counts[],
  how: Average,
  score: (counts: Counts) => number,
  isPresent: (counts: Counts) => boolean,
): number[] {
  if (how === 'micro') {
    const total = (key: keyof Counts): number => counts.reduce((sum, each) => sum + each[key], 0);
    return [score({ tp: total('tp'), fp: total('fp'), tn: total('tn'), fn: total('fn') })];
  }
  const scores = counts.map(score);
  if (how === 'none') return scores;
  const weights = counts.map((each) => (how === 'weighted' ? each.tp + each.fn : isPresent(each) ? 1 : 0));
  return [weightedMean(scores, weights)];
}

/** 0 where all weights are 0. */
export function weightedMean(values: readonly number[], weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return 0;
  return values.reduce((sum, value, i) => sum + (weights[i]! === 0 ? 0 : (value * weights[i]!) / total), 0);
}

/** @param otherwise - the value of 0 / 0. */
export const ratio = (part: number, whole: number, otherwise = 0): number => (whole === 0 ? otherwise : part / whole);
