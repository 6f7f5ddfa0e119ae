// The progress bar of a run: drawn on a timer from values that were read anyway.

import { basename } from 'node:path';
import { Progress, type ProgressStream } from '../../tracking/progress.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';

export interface ProgressCallbackOptions {
  /** Default: the process's standard error output. */
  readonly stream?: ProgressStream;
  /** Metrics to show, in this order, as in 'train/loss'. Default: all but those of single loaders, as 'train/dl_a/loss', that are there over all loaders too. */
  readonly metrics?: readonly string[];
}

/** Shows epoch, step, speed, remaining time and the metrics that matter; plain lines where there is no terminal. */
export class ProgressCallback implements Callback {
  readonly name = 'ProgressCallback';
  readonly isPrimaryOnly = true;
  readonly #progress: Progress;
  /** The bar is that of an evaluation, and training may go on behind it. */
  #isAside = false;
  #isFitting = false;
  /** Batches of the evaluation so far. */
  #numEvaluated = 0;

  constructor(options: ProgressCallbackOptions = {}) {
    const { stream = process.stderr, metrics } = options;
    this.#progress = new Progress({ stream, ...(metrics ? { metrics } : {}) });
  }

  fitStart(context: LoopContext): void {
    this.#isFitting = true;
    // An epoch that is resumed inside has no epochStart.
    if (context.clocks.batchInEpoch > 0) this.epochStart(context);
  }

  checkpointLoaded(_context: LoopContext, path: string): void {
    this.#progress.note(`going on from ${basename(path)}`);
  }

  epochStart({ clocks, maxEpochs, batchesPerEpoch }: LoopContext): void {
    this.#isAside = false;
    this.#progress.beginPhase({
      name: 'train',
      epoch: clocks.epoch,
      numEpochs: maxEpochs,
      numSteps: Number.isFinite(batchesPerEpoch) ? batchesPerEpoch : undefined,
      doneSteps: clocks.batchInEpoch,
    });
  }

  batchEnd(context: LoopContext): void {
    if (this.#isAside) this.epochStart(context);
    this.#progress.advance(context.clocks.batchInEpoch);
  }

  logged({ clocks }: LoopContext, values: Readonly<Record<string, number>>): void {
    this.#progress.advance(clocks.batchInEpoch, values);
  }

  validationStart(context: LoopContext): void {
    this.#beginAside(context);
  }

  validationBatchEnd(): void {
    this.#progress.advance(++this.#numEvaluated);
  }

  validationEnd(): void {
    this.#endAside();
  }

  predictionStart(context: LoopContext): void {
    this.#beginAside(context);
  }

  predictionBatchEnd(): void {
    this.#progress.advance(++this.#numEvaluated);
  }

  predictionEnd(): void {
    this.#endAside();
  }

  measured({ clocks }: LoopContext, values: Readonly<Record<string, number>>): void {
    // At the end of an epoch its line has them.
    if (!Object.keys(values).some((name) => /^train[/_]/.test(name))) this.#progress.measured(clocks.step, values);
  }

  epochEnd(_context: LoopContext, values: Readonly<Record<string, number>>): void {
    this.#progress.endEpoch(values);
  }

  warning(_context: LoopContext, message: string): void {
    this.#progress.note(`warning: ${message}`);
  }

  /** Also where the run was interrupted or failed: what is printed next begins on a line of its own. */
  close(): void {
    this.#isFitting = false;
    this.#progress.close();
  }

  #beginAside({ phase, clocks, maxEpochs, evaluationBatches }: LoopContext): void {
    this.#isAside = true;
    this.#numEvaluated = 0;
    this.#progress.beginPhase({
      name: phase === 'sanity' || phase === 'train' ? 'check' : phase,
      epoch: clocks.epoch,
      numEpochs: this.#isFitting ? maxEpochs : 0,
      numSteps: Number.isFinite(evaluationBatches) ? evaluationBatches : undefined,
    });
  }

  #endAside(): void {
    // Outside of a fit nothing else ends it.
    if (this.#isFitting) this.#progress.draw();
    else this.#progress.close();
  }
}
