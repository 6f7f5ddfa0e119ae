// What an accuracy matrix of tasks that were learnt one after the other says: average accuracy, forgetting, backward and forward transfer.

// T tasks; R[i][j] accuracy on task j after learning task i, from 0.

/** Accuracies from 0 to 1: a row for each task that was learnt, a column for each task that was evaluated. */
export type AccuracyMatrix = readonly (readonly number[])[];

/** The numbers that a benchmark of continual learning is compared by. */
export interface TransferMeasures {
  /** Mean accuracy over all tasks after the last one. */
  readonly average_accuracy: number;
  /** Mean over the tasks before the last one of how far each has fallen below its best. */
  readonly average_forgetting: number;
  /** Mean over the tasks before the last one of what later tasks have added to them; below 0 they were forgotten. */
  readonly backward_transfer: number;
  /** Mean over the tasks behind the first one of what earlier tasks have added to them before they were learnt. */
  readonly forward_transfer: number;
}

/** Mean accuracy of the last row. Rule: (1/T) Σ_j R[T-1][j]. Source: Lopez-Paz and Ranzato 2017, arXiv:1706.08840.
 *  @throws {RangeError} for a matrix that is not square, or empty. */
export function averageAccuracy(matrix: AccuracyMatrix): number {
  checkMatrix('average accuracies', matrix, 1);
  return mean(matrix.at(-1)!);
}

/** For each row the mean accuracy over the tasks learnt by then. Rule: A_k = (1/(k+1)) Σ_{j<=k} R[k][j]. Source: Chaudhry et al. 2018, arXiv:1801.10112.
 *  @throws {RangeError} for a matrix that is not square, or empty. */
export function averageAccuracies(matrix: AccuracyMatrix): number[] {
  checkMatrix('average accuracies', matrix, 1);
  return matrix.map((row, k) => mean(row.slice(0, k + 1)));
}

/** How far tasks have fallen below their best. Rule: (1/(T-1)) Σ_{j<T-1} (max_{l<T-1} R[l][j] - R[T-1][j]); below 0 where the last task has helped.
 *  @throws {RangeError} for a matrix that is not square, or of fewer than two tasks.  Source: Chaudhry et al. 2018, arXiv:1801.10112. */
export function averageForgetting(matrix: AccuracyMatrix): number {
  checkMatrix('measure forgetting', matrix, 2);
  const last = matrix.at(-1)!;
  const before = matrix.slice(0, -1);
  return mean(last.slice(0, -1).map((accuracy, j) => Math.max(...before.map((row) => row[j]!)) - accuracy));
}

/** What later tasks have added to earlier ones. Rule: (1/(T-1)) Σ_{j<T-1} (R[T-1][j] - R[j][j]).
 *  @throws {RangeError} for a matrix that is not square, or of fewer than two tasks.  Source: Lopez-Paz and Ranzato 2017, arXiv:1706.08840. */
export function backwardTransfer(matrix: AccuracyMatrix): number {
  checkMatrix('measure backward transfer', matrix, 2);
  const last = matrix.at(-1)!;
  return mean(last.slice(0, -1).map((accuracy, j) => accuracy - matrix[j]![j]!));
}

/** What earlier tasks have added to later ones before these were learnt. Rule: (1/(T-1)) Σ_{j>0} (R[j-1][j] - b[j]).
 *  @param baseline - b, the accuracies of the model before the first task.
 *  @throws {RangeError} for a matrix that is not square, of fewer than two tasks, or a baseline of another length.
 *  Source: Lopez-Paz and Ranzato 2017, arXiv:1706.08840. */
export function forwardTransfer(matrix: AccuracyMatrix, baseline: readonly number[]): number {
  checkMatrix('measure forward transfer', matrix, 2);
  if (baseline.length !== matrix.length)
    throw new RangeError(
      `Cannot measure forward transfer: expected a baseline of ${matrix.length} accuracies, got ${baseline.length}`,
    );
  return mean(baseline.slice(1).map((before, j) => matrix[j]![j + 1]! - before));
}

/** All measures of a matrix.
 *  @throws {RangeError} for a matrix that is not square, of fewer than two tasks, or a baseline of another length.
 *  @example
 *  import { transferMeasures } from 'sconce/adaptive';
 *  const matrix = [[1, 0.5], [0.75, 1]];
 *  transferMeasures(matrix, [0.5, 0.25]).average_accuracy; // 0.875
 *  transferMeasures(matrix, [0.5, 0.25]).average_forgetting; // 0.25
 *  transferMeasures(matrix, [0.5, 0.25]).backward_transfer; // -0.25
 *  transferMeasures(matrix, [0.5, 0.25]).forward_transfer; // 0.25 */
export function transferMeasures(matrix: AccuracyMatrix, baseline: readonly number[]): TransferMeasures {
  return {
    average_accuracy: averageAccuracy(matrix),
    average_forgetting: averageForgetting(matrix),
    backward_transfer: backwardTransfer(matrix),
    forward_transfer: forwardTransfer(matrix, baseline),
  };
}

function checkMatrix(action: string, matrix: AccuracyMatrix, least: number): void {
  const isSquare = matrix.every((row) => row.length === matrix.length);
  if (isSquare && matrix.length >= least) return;
  const got = isSquare ? `of ${matrix.length}` : `with rows of ${matrix.map((row) => row.length).join(', ')}`;
  throw new RangeError(`Cannot ${action}: expected a square matrix of at least ${least} tasks, got one ${got}`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
