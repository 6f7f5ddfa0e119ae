// How far a continual-learning benchmark has come: what its checkpoint has beside the trainer's state.

import { CheckpointError } from '../../errors.ts';
import type { AccuracyMatrix } from './transfer.ts';

/** What has to be the same for a benchmark to go on where another one stopped. */
export interface BenchmarkFacts {
  readonly method: string;
  readonly tasks: readonly string[];
  readonly epochs_per_task: number;
  readonly batch_size: number;
  readonly seed: number;
}

/** The part of the checkpoint that is the benchmark's own. */
export interface BenchmarkProgress {
  readonly facts: BenchmarkFacts;
  /** Accuracies before the first task. */
  readonly baseline: readonly number[];
  /** A row for each task that has been learnt and evaluated. */
  readonly accuracies: AccuracyMatrix;
  readonly method: Readonly<Record<string, unknown>>;
}

const isRow = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'number');

/** @throws {CheckpointError} for a checkpoint that is not of this benchmark, naming what differs. */
export function readProgress(
  extra: Readonly<Record<string, unknown>>,
  facts: BenchmarkFacts,
  path: string,
): BenchmarkProgress {
  const { continual } = extra as { readonly continual?: Partial<BenchmarkProgress> };
  const { facts: stored, baseline, accuracies, method } = continual ?? {};
  const isWhole = stored && isRow(baseline) && Array.isArray(accuracies) && accuracies.every(isRow) && method;
  if (!isWhole)
    throw new CheckpointError(`Cannot go on with a benchmark: expected its checkpoint in "${path}", got another file`, {
      path,
    });
  const names = Object.keys(facts) as (keyof BenchmarkFacts)[];
  const differing = names.filter((name) => JSON.stringify(stored[name]) !== JSON.stringify(facts[name]));
  if (differing.length > 0) {
    const lines = differing.map(
      (name) => `\n  ${name}: ${JSON.stringify(stored[name])}, now ${JSON.stringify(facts[name])}`,
    );
    throw new CheckpointError(
      `Cannot go on with a benchmark: expected the one of "${path}", got another:${lines.join('')}\nTake another folder, or delete that file`,
      { path },
    );
  }
  return continual as BenchmarkProgress;
}
