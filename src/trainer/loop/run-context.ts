// Makes the context of a run: the one object that steps and callbacks see.

import type { NamedLoader } from '../../data/index.ts';
import type { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { refuseCapture } from '../../tensor/capture/notes.ts';
import { LoggerList } from '../../tracking/loggers/logger-list.ts';
import type { StatefulScheduler } from '../checkpoint/run-state.ts';
import { describeValue } from '../config/problems.ts';
import type { RunProfiler } from '../profiling/run-profiler.ts';
import { Ranks } from '../ranks/ranks.ts';
import type { Clocks } from './clocks.ts';
import type { LoopContext } from './loop-context.ts';
import { type EpochRecord, type LoopDurations, startDurations } from './loop-options.ts';
import type { StepOutput } from './step.ts';

/** What is known before the run begins. */
export interface ContextParts {
  readonly model: Module;
  readonly modules?: Readonly<Record<string, Module>>;
  readonly optimizers: readonly AnyOptimizer[];
  readonly clocks: Clocks;
  /** The user's part of a checkpoint: a trainer's property may be set anew. */
  readonly extra: () => Record<string, unknown>;
  readonly logger?: LoggerList;
  readonly profiler?: RunProfiler | undefined;
  /** Default: this process alone. */
  readonly ranks?: Ranks;
  /** Default: a warning of the process. */
  readonly warn?: (message: string) => void;
  /** Takes further values of the batch being trained on; undefined outside of a fit. */
  readonly collect?: (loaderName: string, values: StepOutput, batchSize: number) => void;
  readonly history?: readonly EpochRecord[];
  readonly maxEpochs?: number;
  readonly schedulers?: readonly StatefulScheduler[];
  readonly maxSteps?: number | undefined;
  /** Batches of the epoch that runs. Default: none. */
  readonly batchesPerEpoch?: () => number;
  readonly loaders?: readonly NamedLoader<unknown>[];
  readonly durations?: LoopDurations;
  readonly loaderName?: string;
}

export function makeContext({
  extra,
  collect,
  batchesPerEpoch,
  maxEpochs: given = 0,
  ...parts
}: ContextParts): LoopContext {
  let stopReason: string | undefined;
  let maxEpochs = given;
  const context: LoopContext = {
    ...{ modules: {}, maxSteps: undefined, loaderName: '', loaders: [], schedulers: [] },
    history: [],
    warn: (message) => process.emitWarning(message, 'SconceWarning'),
    logger: new LoggerList(),
    profiler: undefined,
    ranks: Ranks.alone,
    durations: startDurations(),
    ...parts,
    phase: 'train',
    measure(values) {
      refuseCapture('it measures values beside those that it gives');
      const { phase, batch, loaderName, batchSize } = context;
      if (collect === undefined || phase !== 'train' || batch === undefined)
        throw new RangeError('Cannot measure values: expected a training batch, got none');
      collect(loaderName, values, batchSize);
    },
    metricNames: undefined,
    evaluationBatches: 0,
    evaluationLoaders: [],
    get batchesPerEpoch() {
      return batchesPerEpoch?.() ?? 0;
    },
    get extra() {
      return extra();
    },
    get maxEpochs() {
      return maxEpochs;
    },
    setMaxEpochs(value) {
      if (!Number.isSafeInteger(value) || value < 1)
        throw new RangeError(`Cannot set maxEpochs: expected an integer above 0, got ${describeValue(value)}`);
      maxEpochs = value;
    },
    get stopReason() {
      return stopReason;
    },
    requestStop(reason) {
      stopReason ??= reason; // the first one is why
    },
    batch: undefined,
    batchSize: 0,
    loaderIndex: 0,
    batchIndex: 0,
    optimizerIndex: 0,
    loss: undefined,
    output: undefined,
    gradientNorm: undefined,
  };
  return context;
}
