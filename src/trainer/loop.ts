// The loop. Everything that trains goes through here; a test compares the real order of events with this:
//
//   fitStart
//   until maxEpochs are completed:
//     epochStart                               (not again when an epoch is resumed inside)
//     for each batch of the schedule:
//       one scope:
//         batchStart
//         forward under the precision -> loss
//         forwardEnd
//         backward of loss * weight / window, into the parameters of the optimizer that the loader is routed to
//         backwardEnd
//         if the optimizer's window is full:
//           optimizerStepStart; clip; update; clear gradients; schedules of interval 'step'; optimizerStepEnd
//         batchEnd
//       if logging is due: logged
//       if a checkpoint is due: save -> checkpointSaved
//       if a signal came: save, stop
//       breathe
//     for each window that is part full:
//       gradients * window / micro-batches; optimizerStepStart; ...; optimizerStepEnd
//     if validation is due: validationStart; (validationBatchEnd)*; validationEnd
//     schedules of interval 'epoch'
//     epochEnd
//     if a checkpoint is due: save -> checkpointSaved
//   fitEnd

import { basename, join } from 'node:path';
import { InterruptedError } from '../errors.ts';
import { clipGradNorm_, clipGradValue_ } from '../optim/clip.ts';
import { noGrad } from '../tensor/autograd.ts';
import { scope } from '../tensor/scope.ts';
import type { Logger } from '../tracking/logger.ts';
import { breathe } from './breathe.ts';
import type { CheckpointManager } from './checkpoint-manager.ts';
import type { Clocks } from './clocks.ts';
import type { DataHandler, LoaderBatch } from './data-handler.ts';
import type { EvaluationResult, Evaluator } from './evaluator.ts';
import type { CallbackList } from './events.ts';
import type { LoopContext } from './loop-context.ts';
import type { MetricsCollector } from './metrics-collector.ts';
import type { Precision } from './precision.ts';
import type { StopWatch } from './preemption.ts';
import { lossOf, type StepOutput } from './step.ts';

/** Runs on one batch and gives at least `loss`; synchronous. */
export type TrainingStep = (batch: unknown, batchIndex: number, loaderIndex: number, loaderName: string) => StepOutput;

/** A schedule and when it moves. */
export interface ScheduledScheduler {
  readonly scheduler: { step(): void };
  readonly interval: 'step' | 'epoch';
  /** Interval 'step': moves with this optimizer's updates. */
  readonly optimizerIndex: number;
}

/** Values of one epoch, as `fit` returns them. */
export type EpochRecord = Readonly<Record<string, number>> & { readonly epoch: number };

/** Where the time of this process went; no part of a run's state. */
export interface LoopDurations {
  trainMs: number;
  dataWaitMs: number;
  validationMs: number;
  checkpointMs: number;
  readonly epochsMs: number[];
}

export interface LoopOptions {
  readonly context: LoopContext;
  readonly clocks: Clocks;
  /** Micro-batches in each optimizer's window. */
  readonly pending: number[];
  /** Completed epochs; the loop adds to it. */
  readonly history: EpochRecord[];
  readonly durations: LoopDurations;
  readonly data: DataHandler;
  readonly step: TrainingStep;
  readonly precision: Precision;
  readonly callbacks: CallbackList;
  readonly metrics: MetricsCollector;
  readonly schedulers: readonly ScheduledScheduler[];
  /** Optimizer of each loader. */
  readonly routes: readonly number[];
  /** Factor on the loss of each loader. */
  readonly lossWeights: readonly number[];
  /** Micro-batches in an optimizer's window. */
  readonly accumulation: number;
  readonly clipGradNorm: number | undefined;
  readonly clipGradValue: number | undefined;
  readonly logEverySteps: number | undefined;
  readonly validateEveryEpochs: number;
  readonly evaluator: Evaluator | undefined;
  readonly checkpoints: CheckpointManager | undefined;
  readonly logger: Logger | undefined;
  readonly stop: StopWatch;
}

/** Plays epochs until there are enough or a signal comes. */
export class TrainingLoop {
  readonly #options: LoopOptions;
  #lastLoggedStep: number;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#lastLoggedStep = options.clocks.step;
  }

  /** @throws {InterruptedError} after a stop signal, when everything is saved. */
  async run(): Promise<void> {
    const { context, clocks, callbacks } = this.#options;
    this.#lastLoggedStep = clocks.step;
    context.model.train();
    await callbacks.announce('fitStart', context);
    while (clocks.epoch < context.maxEpochs) await this.#runEpoch();
    await callbacks.announce('fitEnd', context);
  }

  async #runEpoch(): Promise<void> {
    const { context, clocks, pending, history, durations, callbacks, metrics, schedulers } = this.#options;
    const started = performance.now();
    if (clocks.batchInEpoch === 0) {
      metrics.reset();
      await callbacks.announce('epochStart', context);
    }
    await this.#playBatches();
    pending.forEach((count, optimizerIndex) => {
      if (count > 0) this.#updateTail(optimizerIndex, count);
    });
    durations.trainMs += performance.now() - started;
    const evaluation = await this.#validateIfDue();
    for (const { scheduler, interval } of schedulers) if (interval === 'epoch') scheduler.step();
    const values = { ...metrics.means(), ...evaluation?.values };
    history.push({ epoch: clocks.epoch, ...values });
    // What is left since the last log point: an epoch has at least one record, however short it is.
    this.#options.logger?.logMetrics({ ...metrics.meansSinceLast(), ...evaluation?.values }, clocks);
    clocks.epoch += 1;
    clocks.batchInEpoch = 0;
    durations.epochsMs.push(performance.now() - started);
    await callbacks.announce('epochEnd', context, values);
    if (this.#options.checkpoints?.isDue('epoch', clocks)) await this.#save(values);
    if (this.#options.stop.isRequested) await this.#stop();
  }

  async #playBatches(): Promise<void> {
    const { data, clocks, durations, checkpoints, stop, logEverySteps } = this.#options;
    data.train.setEpoch(clocks.epoch);
    const batches = data.train[Symbol.asyncIterator]();
    try {
      for (;;) {
        const asked = performance.now();
        const next = await batches.next();
        durations.dataWaitMs += performance.now() - asked;
        if (next.done) return;
        const stepBefore = clocks.step;
        this.#playBatch(next.value);
        const hasStepped = clocks.step > stepBefore;
        if (hasStepped && logEverySteps !== undefined && clocks.step % logEverySteps === 0) this.#log();
        if (hasStepped && checkpoints?.isDue('step', clocks)) await this.#save({});
        if (stop.isRequested) await this.#stop();
        await breathe();
      }
    } finally {
      await batches.return();
    }
  }

  /** One micro-step: everything that it makes is freed at its end. */
  #playBatch(item: LoaderBatch<unknown>): void {
    scope(() => {
      const { context, clocks, pending, callbacks, data, step, precision, metrics, routes, lossWeights, accumulation } =
        this.#options;
      const { loaderIndex, loaderName, batchIndex } = item;
      const { batch, batchSize } = data.prepare(item.batch);
      const optimizerIndex = routes[loaderIndex]!;
      context.batch = batch;
      context.batchSize = batchSize;
      context.loaderIndex = loaderIndex;
      context.loaderName = loaderName;
      context.batchIndex = batchIndex;
      context.optimizerIndex = optimizerIndex;
      callbacks.tell('batchStart', context);
      const output = precision(() => step(batch, batchIndex, loaderIndex, loaderName));
      const loss = lossOf(output);
      context.loss = loss;
      callbacks.tell('forwardEnd', context);
      const factor = lossWeights[loaderIndex]! / accumulation;
      const root = factor === 1 ? loss : loss.mul(factor);
      // With several optimizers a loader's gradients must not pile up in the parameters of the others.
      root.backward(
        undefined,
        context.optimizers.length > 1 ? { inputs: context.optimizers[optimizerIndex]!.parameters() } : {},
      );
      metrics.add(loaderName, output, batchSize);
      clocks.microStep += 1;
      clocks.batchInEpoch += 1;
      clocks.samples += batchSize;
      callbacks.tell('backwardEnd', context);
      pending[optimizerIndex]! += 1;
      if (pending[optimizerIndex] === accumulation) this.#update(optimizerIndex);
      callbacks.tell('batchEnd', context);
      context.batch = undefined;
      context.loss = undefined;
      context.gradientNorm = undefined;
    }, 'step');
  }

  #update(optimizerIndex: number): void {
    const { context, clocks, pending, callbacks, schedulers, clipGradNorm, clipGradValue } = this.#options;
    const optimizer = context.optimizers[optimizerIndex]!;
    callbacks.tell('optimizerStepStart', context);
    if (clipGradNorm !== undefined) context.gradientNorm = clipGradNorm_(optimizer.parameters(), clipGradNorm);
    if (clipGradValue !== undefined) clipGradValue_(optimizer.parameters(), clipGradValue);
    optimizer.step();
    optimizer.zeroGrad();
    pending[optimizerIndex] = 0;
    clocks.step += 1;
    for (const entry of schedulers)
      if (entry.interval === 'step' && entry.optimizerIndex === optimizerIndex) entry.scheduler.step();
    callbacks.tell('optimizerStepEnd', context);
  }

  /** A window that the epoch's end cut short: its losses were divided by more micro-batches than it has. */
  #updateTail(optimizerIndex: number, count: number): void {
    const { context, accumulation } = this.#options;
    scope(() => {
      noGrad(() => {
        for (const parameter of context.optimizers[optimizerIndex]!.parameters())
          parameter.grad?.mul_(accumulation / count);
      });
      context.optimizerIndex = optimizerIndex;
      this.#update(optimizerIndex);
      context.gradientNorm = undefined;
    }, 'step');
  }

  async #validateIfDue(): Promise<EvaluationResult | undefined> {
    const { evaluator, clocks, context, durations, validateEveryEpochs } = this.#options;
    if (!evaluator || (clocks.epoch + 1) % validateEveryEpochs !== 0) return undefined;
    const started = performance.now();
    const result = await evaluator.evaluate(context);
    durations.validationMs += performance.now() - started;
    // Stopped: the epoch stays unfinished, and the resumed run begins with this validation.
    if (result === undefined) await this.#stop();
    return result;
  }

  /** Reads the means since the last log point from the device. */
  #log(): void {
    const { context, clocks, callbacks, metrics, logger } = this.#options;
    const means = metrics.meansSinceLast();
    const bad = Object.entries(means).find(([name, value]) => name.endsWith('/loss') && !Number.isFinite(value));
    if (bad) {
      throw new RangeError(
        `Cannot go on training: expected a finite loss, got ${bad[1]} for "${bad[0]}" between steps ${this.#lastLoggedStep + 1} and ${clocks.step}; lower the learning rate, clip gradients, or look at the data`,
      );
    }
    this.#lastLoggedStep = clocks.step;
    const rates = context.optimizers.map(
      (optimizer, i) =>
        [context.optimizers.length === 1 ? 'lr' : `lr/optimizer_${i}`, optimizer.paramGroups[0]!.lr] as const,
    );
    const values = { ...means, ...Object.fromEntries(rates) };
    logger?.logMetrics(values, clocks);
    callbacks.tell('logged', context, values);
  }

  async #save(values: Readonly<Record<string, number>>): Promise<string | undefined> {
    const { checkpoints, callbacks, context, clocks, durations, logger } = this.#options;
    if (!checkpoints) return undefined;
    const started = performance.now();
    const path = await checkpoints.save(clocks, values);
    logger?.logEvent({ event: 'checkpointSaved', path: join('checkpoints', basename(path)) }, clocks);
    durations.checkpointMs += performance.now() - started;
    await callbacks.announce('checkpointSaved', context, path);
    return path;
  }

  async #stop(): Promise<never> {
    const signal = this.#options.stop.signal ?? 'SIGTERM';
    const { checkpoints, clocks } = this.#options;
    const path = checkpoints?.isSavedAt(clocks) ? checkpoints.lastPath : await this.#save({});
    throw new InterruptedError(signal, path);
  }
}
