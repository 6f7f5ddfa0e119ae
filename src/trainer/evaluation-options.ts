// The options of `validate`, `test` and `predict`, and what may be wrong with them.

import type { BatchLoader, NamedLoader } from '../data/index.ts';
import { ConfigError } from '../errors.ts';
import type { Matrix } from '../tracking/data-records.ts';
import { describeValue, unknownKeys } from './config/problems.ts';
import type { PredictionTaker } from './loop/predictor.ts';
import { isLoader, listProblems } from './trainer-problems.ts';

export interface EvaluationOptions {
  readonly loaders: readonly BatchLoader<unknown>[];
  /** Default: `val_dl0`, …, of a test `test_dl0`, …, of a prediction `dl0`, … */
  readonly loaderNames?: readonly string[];
  /** Batches of each loader at most. Default: all. */
  readonly limitBatches?: number;
  /** Use the weights of this checkpoint, and put the model's own back afterwards: a path, or 'best' or 'latest' of the trainer's folder. Default: the model as it is. */
  readonly checkpoint?: string;
}

/** Options of `validate` and `test`. */
export interface MeasureOptions extends EvaluationOptions {
  /** Gets the tables of metrics, as `val/confusion_matrix`. */
  readonly onMatrix?: (name: string, matrix: Matrix) => void;
}

export interface PredictOptions extends EvaluationOptions {
  /** Gets each output when it is there, in place of the list that is returned. Its tensors end with the call, unless they are kept. */
  readonly onBatch?: PredictionTaker;
}

const PREFIX = { validate: 'val_dl', test: 'test_dl', predict: 'dl' } as const;
const STEP = { validate: 'validation', test: 'test', predict: 'predict' } as const;

/** @returns the loaders with their names.  @throws {ConfigError} that lists everything that is wrong. */
export function checkEvaluationOptions(
  options: EvaluationOptions,
  phase: 'validate' | 'test' | 'predict',
  hasStep: boolean,
): NamedLoader<unknown>[] {
  const known = ['loaders', 'loaderNames', 'limitBatches', 'checkpoint', phase === 'predict' ? 'onBatch' : 'onMatrix'];
  const problems = unknownKeys(options, known);
  const { loaders, loaderNames, limitBatches, checkpoint } = options ?? {};
  if (!hasStep) {
    const name = STEP[phase];
    const setter = `set${name[0]!.toUpperCase()}${name.slice(1)}Step()`;
    problems.push(`${name} step: expected a function, got none; call ${setter} before ${phase}()`);
  }
  problems.push(...listProblems('loaders', loaders, 'a DataLoader', isLoader));
  if (Array.isArray(loaders)) {
    if (loaders.length === 0) problems.push('loaders: expected at least one loader, got none');
    loaders.forEach((loader: BatchLoader<unknown>, i) => {
      const isEndless = loader?.length === Number.POSITIVE_INFINITY && loader.isEndless !== false;
      if (isEndless && limitBatches === undefined)
        problems.push(`loaders.${i}: expected a loader that ends, got one without an end; set limitBatches`);
    });
    if (loaderNames !== undefined && loaderNames.length !== loaders.length)
      problems.push(`loaderNames: expected one entry a loader, ${loaders.length}, got ${loaderNames.length}`);
  }
  const twice = loaderNames?.find((name, i) => loaderNames.indexOf(name) !== i);
  if (twice !== undefined) problems.push(`loaderNames: expected names that differ, got "${twice}" twice`);
  if (limitBatches !== undefined && !(Number.isSafeInteger(limitBatches) && limitBatches > 0))
    problems.push(`limitBatches: expected an integer above 0, got ${describeValue(limitBatches)}`);
  if (checkpoint !== undefined && typeof checkpoint !== 'string')
    problems.push(`checkpoint: expected a path, "best" or "latest", got ${describeValue(checkpoint)}`);
  if (problems.length > 0) throw new ConfigError(phase, problems);
  return loaders!.map((loader, i) => ({ name: loaderNames?.[i] ?? `${PREFIX[phase]}${i}`, loader }));
}
