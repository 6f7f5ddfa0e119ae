// The loop. Everything that trains goes through here; a test plays this text and compares its events with the real ones:
//
// fit:
//   fitStart
//   for each warning of the set-up: warning
//   until maxEpochs are completed: epoch
//   fitEnd
//   whatever ended it:
//     if it was an error or a signal: exception
//     close
//
// epoch:
//   unless it is resumed inside: epochStart
//   for each batch of the schedule:
//     in one scope:
//       batchStart
//       forward under the precision -> loss
//       forwardEnd
//       backward of loss * weight / window * loss scale, into the parameters of the optimizer that the loader is routed to
//       backwardEnd
//       if the optimizer's window is full: update
//       batchEnd
//     if there was an update: report
//     if a signal came: stop
//     breathe
//   for each window that is part full:
//     in one scope: gradients * window / its micro-batches; update
//     report
//   if validation is due:
//     validationStart
//     for each validation batch:
//       if a signal came: stop
//       validationBatchEnd
//     validationEnd
//     the loaders hear of the losses
//   schedules of interval 'epoch' or 'metric'
//   the epoch is completed
//   epochEnd
//   if a checkpoint is due by epochs: save
//   if a signal came: stop
//
// update:
//   if the loss is scaled: gradients / loss scale
//   optimizerStepStart; clip; step, or not where a scaled gradient overflowed
//   if the loss is scaled: the next loss scale
//   clear gradients
//   if there was a step: schedules of interval 'step'
//   optimizerStepEnd
//
// report:
//   if logging is due: logged
//   if a checkpoint is due by steps: save
//
// save:
//   checkpointSaved, when it is on the disk
//
// stop:
//   unless this very moment is saved: save
//   end with an InterruptedError

import { basename, join } from 'node:path';
import { InterruptedError } from '../../errors.ts';
import type { Parameter } from '../../nn/parameter.ts';
import { clipGradNorm_, clipGradValue_ } from '../../optim/clip.ts';
import type { GradScaler } from '../../optim/grad-scaler.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { scope } from '../../tensor/scope.ts';
import { Breath } from './breath.ts';
import type { LoaderBatch } from './data-handler.ts';
import type { EvaluationResult } from './evaluator.ts';
import { HiddenParameters } from './hidden-parameters.ts';
import type { LoopOptions } from './loop-options.ts';
import { moveAtEpochEnd } from './scheduler-entry.ts';
import { lossOf, outputOf } from './step.ts';

/** Plays epochs until there are enough or a signal comes. */
export class TrainingLoop {
  readonly #options: LoopOptions;
  readonly #hidden = new HiddenParameters();

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  /** @throws {InterruptedError} after a stop signal, when everything is saved. */
  async run(): Promise<void> {
    const { context, callbacks } = this.#options;
    const errors: unknown[] = [];
    try {
      await this.#fit();
    } catch (error) {
      errors.push(error, ...(await callbacks.announceToAll('exception', context, error)));
    }
    errors.push(...(await callbacks.announceToAll('close', context)));
    if (errors.length === 0) return;
    const [first, ...others] = errors;
    // The first one is why the run ended; the others may follow from it, but must not get lost.
    for (const other of others) process.emitWarning(other instanceof Error ? other : String(other));
    throw first;
  }

  async #fit(): Promise<void> {
    const { context, clocks, callbacks, warnings } = this.#options;
    context.model.train();
    await callbacks.announce('fitStart', context);
    for (const message of warnings) this.#warn(message);
    while (clocks.epoch < context.maxEpochs) await this.#playEpoch();
    await callbacks.announce('fitEnd', context);
  }

  #warn(message: string): void {
    const { context, clocks, callbacks, logger } = this.#options;
    logger?.logEvent({ event: 'warning', message }, clocks);
    if (!logger && !callbacks.hears('warning')) process.emitWarning(message, 'SconceWarning');
    callbacks.tell('warning', context, message);
  }

  async #playEpoch(): Promise<void> {
    const { context, clocks, pending, history, durations, callbacks, metrics, schedulers, evaluator, checkpoints } =
      this.#options;
    const started = performance.now();
    if (clocks.batchInEpoch === 0) {
      metrics.reset();
      await callbacks.announce('epochStart', context);
    }
    await this.#playBatches();
    for (const [optimizerIndex, count] of pending.entries()) {
      if (count === 0) continue;
      this.#updateTail(optimizerIndex, count);
      await this.#report();
    }
    durations.trainMs += performance.now() - started;
    const trained = metrics.means();
    this.#requireFiniteLoss(trained);
    const evaluation = await this.#validateIfDue();
    const values = { ...trained, ...evaluation?.values };
    const isComplete = evaluation !== undefined || !evaluator;
    moveAtEpochEnd(schedulers, values, isComplete);
    if (isComplete) checkpoints?.requireMonitor(values);
    history.push({ epoch: clocks.epoch, ...values });
    // What is left since the last log point: an epoch has at least one record, however short it is.
    this.#options.logger?.logMetrics({ ...metrics.meansSinceLast(), ...evaluation?.values }, clocks);
    clocks.epoch += 1;
    clocks.batchInEpoch = 0;
    durations.epochsMs.push(performance.now() - started);
    await callbacks.announce('epochEnd', context, values);
    if (checkpoints?.isDue('epoch', clocks)) await this.#save(values);
    if (this.#options.stop.isRequested) await this.#stop();
  }

  async #playBatches(): Promise<void> {
    const { data, clocks, durations, stop } = this.#options;
    data.train.setEpoch(clocks.epoch);
    const batches = data.train[Symbol.asyncIterator]();
    const breath = new Breath();
    try {
      for (;;) {
        const asked = performance.now();
        const next = await batches.next();
        durations.dataWaitMs += performance.now() - asked;
        if (next.done) return;
        const stepBefore = clocks.step;
        this.#playBatch(next.value);
        if (clocks.step > stepBefore) await this.#report();
        if (stop.isRequested) await this.#stop();
        if (breath.isDue) await breath.take();
      }
    } finally {
      await batches.return();
    }
  }

  /** One micro-step: everything that it makes is freed at its end. */
  #playBatch(item: LoaderBatch<unknown>): void {
    const { context, clocks, pending, callbacks, data, step, metrics, routes, lossWeights, accumulation } =
      this.#options;
    const { precision, scalers } = this.#options;
    const { loaderIndex, loaderName, batchIndex } = item;
    const body = (): void => {
      const { batch, batchSize } = data.prepare(item.batch);
      const optimizerIndex = routes[loaderIndex]!;
      context.batch = batch;
      context.batchSize = batchSize;
      context.loaderIndex = loaderIndex;
      context.loaderName = loaderName;
      context.batchIndex = batchIndex;
      context.optimizerIndex = optimizerIndex;
      callbacks.tell('batchStart', context);
      const output = outputOf(
        precision.run(() => step(batch, batchIndex, loaderIndex, loaderName)),
        'training',
      );
      const loss = lossOf(output);
      context.loss = loss;
      callbacks.tell('forwardEnd', context);
      const factor = lossWeights[loaderIndex]! / accumulation;
      const weighted = factor === 1 ? loss : loss.mul(factor);
      const root = scalers ? scalers[optimizerIndex]!.scale(weighted) : weighted;
      // With several optimizers a loader's gradients must not pile up in the parameters of the others.
      if (context.optimizers.length === 1) root.backward();
      else root.backward(undefined, { inputs: trainable(context.optimizers[optimizerIndex]!.parameters()) });
      metrics.add(loaderName, output, batchSize);
      clocks.microStep += 1;
      clocks.batchInEpoch += 1;
      clocks.samples += batchSize;
      callbacks.tell('backwardEnd', context);
      pending[optimizerIndex]! += 1;
      if (pending[optimizerIndex]! >= accumulation) this.#update(optimizerIndex);
      callbacks.tell('batchEnd', context);
    };
    this.#inScope(body);
  }

  /** Frees what `body` makes, and takes it out of the context. */
  #inScope(body: () => void): void {
    const { context } = this.#options;
    try {
      scope(body, 'step');
    } finally {
      context.batch = undefined;
      context.loss = undefined;
      context.gradientNorm = undefined;
    }
  }

  #update(optimizerIndex: number): void {
    const { context, clocks, pending, callbacks, schedulers, clipGradNorm, clipGradValue } = this.#options;
    const optimizer = context.optimizers[optimizerIndex]!;
    this.#hidden.refuse(context.model, context.optimizers);
    const scaler = this.#options.scalers?.[optimizerIndex];
    scaler?.unscale_(optimizer);
    callbacks.tell('optimizerStepStart', context);
    if (clipGradNorm !== undefined) context.gradientNorm = clipGradNorm_(optimizer.parameters(), clipGradNorm);
    if (clipGradValue !== undefined) clipGradValue_(optimizer.parameters(), clipGradValue);
    const isUpdated = steppedWith(scaler, optimizer);
    optimizer.zeroGrad();
    pending[optimizerIndex] = 0;
    clocks.step += 1;
    for (const entry of schedulers)
      if (isUpdated && entry.interval === 'step' && entry.optimizerIndex === optimizerIndex) entry.scheduler.step();
    callbacks.tell('optimizerStepEnd', context);
  }

  /** A window that the epoch's end cut short: its losses were divided by more micro-batches than it has. */
  #updateTail(optimizerIndex: number, count: number): void {
    const { context, accumulation } = this.#options;
    this.#inScope(() => {
      noGrad(() => {
        for (const parameter of context.optimizers[optimizerIndex]!.parameters())
          parameter.grad?.mul_(accumulation / count);
      });
      context.optimizerIndex = optimizerIndex;
      this.#update(optimizerIndex);
    });
  }

  /** What is due after an update. */
  async #report(): Promise<void> {
    const { clocks, checkpoints, logEverySteps } = this.#options;
    if (clocks.step % logEverySteps === 0) this.#log();
    if (checkpoints?.isDue('step', clocks)) await this.#save({});
  }

  async #validateIfDue(): Promise<EvaluationResult | undefined> {
    const { evaluator, clocks, context, data, durations, validateEveryEpochs } = this.#options;
    if (!evaluator || (clocks.epoch + 1) % validateEveryEpochs !== 0) return undefined;
    const started = performance.now();
    const result = await evaluator.evaluate(context);
    durations.validationMs += performance.now() - started;
    // Stopped: the epoch stays unfinished, and the resumed run begins with this validation.
    if (result === undefined) await this.#stop();
    else data.reportLosses(result.values);
    return result;
  }

  /** Reads the means since the last log point from the device. */
  #log(): void {
    const { context, clocks, callbacks, metrics, logger } = this.#options;
    const means = metrics.meansSinceLast();
    this.#requireFiniteLoss(means);
    const rates = context.optimizers.map(
      (optimizer, i) =>
        [context.optimizers.length === 1 ? 'lr' : `lr/optimizer_${i}`, optimizer.paramGroups[0]!.lr] as const,
    );
    const scales = (this.#options.scalers ?? []).map(
      (scaler, i, { length }) =>
        [length === 1 ? 'loss_scale' : `loss_scale/optimizer_${i}`, scaler.getScale()] as const,
    );
    const values = { ...means, ...Object.fromEntries([...rates, ...scales]) };
    logger?.logMetrics(values, clocks);
    callbacks.tell('logged', context, values);
  }

  /** Means are read at log points and at the end of an epoch only: what is bad came after the log point before this one. */
  #requireFiniteLoss(means: Readonly<Record<string, number>>): void {
    const { step } = this.#options.clocks;
    const first = step - ((step - 1) % this.#options.logEverySteps);
    const isBad = ([name, value]: [string, number]): boolean => name.endsWith('/loss') && !Number.isFinite(value);
    const bad = Object.entries(means).findLast(isBad); // a loader's own mean, which stands behind the mean over all
    if (!bad) return;
    throw new RangeError(
      `Cannot go on training: expected a finite loss, got ${bad[1]} for "${bad[0]}" between steps ${first} and ${step}; lower the learning rate, clip gradients, or look at the data`,
    );
  }

  async #save(values: Readonly<Record<string, number>>): Promise<string | undefined> {
    const { checkpoints, callbacks, context, clocks, pending, durations, logger } = this.#options;
    if (!checkpoints) return undefined;
    const started = performance.now();
    // The log first: a run that is killed right after the save goes on behind it, and would never log what led to it.
    await logger?.flush();
    await checkpoints.save({ clocks, values, isInsideWindow: pending.some((count) => count > 0) });
    await checkpoints.finish();
    for (const message of checkpoints.warnings()) this.#warn(message);
    const path = checkpoints.lastPath!;
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

/** Steps, unless a gradient overflowed, and sets the next scale.
 *  @returns whether the parameters were updated.
 *  @throws {RangeError} where the scale has become so small that it is not what overflows. */
function steppedWith(scaler: GradScaler | undefined, optimizer: AnyOptimizer): boolean {
  if (!scaler) {
    optimizer.step();
    return true;
  }
  const isUpdated = scaler.step(optimizer);
  scaler.update();
  if (scaler.getScale() >= SMALLEST_LOSS_SCALE) return isUpdated;
  throw new RangeError(
    `Cannot go on training: expected finite gradients, got inf or nan down to a loss scale of ${scaler.getScale()}; lower the learning rate, look at the data, or use precision "bf16-mixed"`,
  );
}

/** Float16 goes down to 2^-24: with a smaller scale gradients vanish that were finite without one. */
const SMALLEST_LOSS_SCALE = 2 ** -24;

/** The parameters that are not frozen: backward refuses the others. */
function trainable(parameters: readonly Parameter[]): Parameter[] {
  return parameters.filter(({ requiresGrad }) => requiresGrad);
}
