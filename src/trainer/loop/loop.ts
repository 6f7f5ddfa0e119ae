// The loop. Everything that trains goes through here; a test plays this text and compares its events with the real ones:
//
// fit:
//   fitStart
//   if it goes on from a checkpoint: checkpointLoaded
//   for each warning of the set-up: warning
//   if a new run is to be checked: evaluate
//   until the run is at its end: epoch
//   if that was inside an epoch: last look
//   unless this very moment is saved: save
//   fitEnd
//   if a signal came: stop
//   whatever ended it:
//     if it was an error or a signal: exception
//     close
//
// epoch:
//   unless it is resumed inside: epochStart
//   if it is resumed inside: catch up
//   for each batch of the schedule, until the run is at its end:
//     in one scope:
//       batchStart
//       forward under the precision -> loss
//       forwardEnd
//       unless the loss is bad and left out:
//         backward of loss * weight / window * loss scale, into the parameters of the optimizer that the loader is routed to
//         backwardEnd
//         if the optimizer's window is full: update
//       batchEnd
//     if there was an update: report
//     if a signal came: stop
//     breathe
//   unless the epoch is to stay unfinished:
//     for each window that is part full, until the run is at its end:
//       in one scope: gradients * window / its micro-batches; update
//       report
//   unless the epoch is to stay unfinished:
//     if validation is due by epochs:
//       evaluate
//       if a signal ended it: stop
//       the loaders hear of the losses
//     measured
//     schedules of interval 'metric' and of interval 'epoch'
//     the epoch is completed
//     epochEnd
//     if a checkpoint is due by epochs: save
//     if a signal came: stop
//
// update:
//   if the loss is scaled: gradients / loss scale
//   optimizerStepStart
//   if gradients are clipped by norm: gradientsClipped
//   step, or not where a gradient overflowed or is bad and left out
//   if the loss is scaled: the next loss scale
//   clear gradients
//   if there was a step: schedules of interval 'step'
//   optimizerStepEnd
//
// report:
//   if logging is due: logged
//   catch up
//
// catch up:
//   if validation is due by steps or minutes:
//     evaluate
//     if a signal ended it: stop
//     the loaders hear of the losses
//     measured
//     schedules of interval 'metric'
//   if a checkpoint is due by steps or minutes, and not written: save
//
// evaluate:
//   validationStart
//   for each validation batch, until a signal comes:
//     validationBatchStart
//     validationBatchEnd
//   validationEnd
//
// last look:
//   if this step is not validated: evaluate
//
// save:
//   checkpointSaved, when it is on the disk
//
// stop:
//   preempted
//   unless this very moment is saved, and no callback has heard that: save
//   end with an InterruptedError

import { basename, join } from 'node:path';
import { InterruptedError } from '../../errors.ts';
import type { Matrix } from '../../tracking/data-records.ts';
import type { CommittedCheckpoint } from '../checkpoint/checkpoint-manager.ts';
import { proportionValues } from '../metrics/proportion-values.ts';
import { PART } from '../profiling/run-times.ts';
import { StopAgreement } from '../ranks/stop-agreement.ts';
import { Breath } from './breath.ts';
import type { CapturedPartStatus } from './captured-part.ts';
import type { EvaluationResult } from './evaluator.ts';
import type { Callback } from './events.ts';
import { endReached } from './limits.ts';
import type { EpochRecord, LoopOptions } from './loop-options.ts';
import { MicroStep } from './micro-step.ts';
import { allModules } from './modules-of-run.ts';
import { WAY_OUT } from './non-finite.ts';
import { stepByMetric } from './scheduler-entry.ts';
import { isDueAtEpochEnd, isDueInside } from './validation-plan.ts';

type Values = Readonly<Record<string, number>>;

/** Before the name of a value of a whole epoch, beside what was measured since the last log point. Source: model-training-framework. */
const SUMMARY = 'epoch_summary/';

const summaryOf = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [SUMMARY + name, value]));

/** Plays epochs until the run is at its end or a signal comes. */
export class TrainingLoop {
  readonly #options: LoopOptions;
  readonly #steps: MicroStep;
  readonly #elapsedBefore: number;
  readonly #startedMs = performance.now();
  /** The names of everything that was measured so far in this process. */
  readonly #measured = new Set<string>();
  /** What was measured last, and at which step: at first what a checkpoint says of it. */
  #latest: { readonly step: number; readonly microStep: number; readonly values: Values };
  /** What was logged last of each text that the steps give. */
  readonly #texts = new Map<string, string>();
  /** Errors of callbacks that were told. */
  readonly #failures = new Set<string>();
  /** Where the time of the last validation went, until it is logged. */
  #times: Values = {};
  /** What a run that ended inside an epoch has of it. */
  #unfinished: EpochRecord | undefined;
  readonly #agreement: StopAgreement;
  /** Warnings of this rank that the first has not heard of. */
  readonly #unsaid: string[] = [];
  /** Warnings so far, where there are several ranks. */
  readonly #said = new Set<string>();
  /** Why ranks end the run before its limits, since they last agreed. */
  #agreedStop: string | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#steps = new MicroStep(options);
    this.#agreement = new StopAgreement(options.ranks, options.stop);
    const { clocks, lastValidation } = options;
    this.#elapsedBefore = clocks.elapsedSeconds;
    const { microStep, values } = lastValidation;
    this.#latest = { step: clocks.validatedAt, microStep, values };
  }

  /** How the parts of steps that are captured fare; none where all run as they are written. */
  get capturedParts(): readonly CapturedPartStatus[] {
    return this.#steps.captured;
  }

  /** @returns the record of an epoch that the run's end left unfinished.
   *  @throws {InterruptedError} after a stop signal, when everything is saved. */
  async run(): Promise<EpochRecord | undefined> {
    const { context, callbacks, checkpoints } = this.#options;
    callbacks.onFailure = (callback, event, error) => this.#warnOfFailure(callback, event, error);
    callbacks.watch = this.#options.profiler?.times;
    this.#options.profiler?.times.start();
    const errors: unknown[] = [];
    const collect = async (task: () => Promise<unknown> | undefined): Promise<void> => {
      try {
        await task();
      } catch (error) {
        errors.push(error);
      }
    };
    await collect(() => this.#fit());
    this.#steps.end();
    if (errors.length > 0) errors.push(...(await callbacks.announceToAll('exception', context, errors[0])));
    // A save under way is finished, whatever ended the run.
    await collect(() => checkpoints?.finish());
    errors.push(...(await callbacks.announceToAll('close', context)));
    for (const message of this.#unsaid.splice(0))
      process.emitWarning(`Rank ${this.#options.ranks.rank}: ${message}`, 'SconceWarning');
    callbacks.onFailure = undefined;
    callbacks.watch = undefined;
    this.#options.profiler?.times.stop();
    if (errors.length === 0) return this.#unfinished;
    const [first, ...others] = errors;
    // The first one is why the run ended; the others may follow from it, but must not get lost.
    for (const other of others) process.emitWarning(other instanceof Error ? other : String(other));
    throw first;
  }

  async #fit(): Promise<void> {
    const { context, clocks, callbacks, warnings, resumedFrom, sanityBatches, evaluator } = this.#options;
    context.phase = 'train';
    for (const module of allModules(context)) module.train();
    await callbacks.announce('fitStart', context);
    if (resumedFrom !== undefined) await callbacks.announce('checkpointLoaded', context, resumedFrom);
    for (const message of warnings) this.warn(message);
    this.#steps.begin();
    this.#agree();
    const isOver = this.#whyOver();
    if (isOver !== undefined) this.warn(`Nothing to train: ${isOver}`);
    else if (clocks.microStep === 0 && sanityBatches > 0 && evaluator) {
      await this.#evaluate('sanity');
      await this.#stopIfAsked();
    }
    let isInside = false;
    while (this.#whyOver() === undefined) isInside = !(await this.#playEpoch());
    if (isInside) await this.#lookLast();
    this.#options.exchange?.shareBuffers();
    this.#agree();
    if (isOver === undefined) await this.#save({ isForced: true });
    await this.#tellSaved(await this.#options.checkpoints?.finish());
    await this.#options.ranks.barrier();
    const reason = this.#stopReason;
    if (reason !== undefined && isOver === undefined) this.warn(`Stopped: ${reason}`);
    await callbacks.announce('fitEnd', context);
    await this.#stopIfAsked();
  }

  /** Why the run is at its end. An epoch of which nothing is left to play is completed first, also by a process that begins there: the one before it may have
   *  died behind its last step. */
  #whyOver(): string | undefined {
    const { context, clocks, pending } = this.#options;
    const limits = { ...this.#options.limits, maxEpochs: context.maxEpochs };
    const isPlayed = clocks.batchInEpoch > 0 && clocks.batchInEpoch >= context.batchesPerEpoch;
    const isToComplete = isPlayed && clocks.epoch < limits.maxEpochs && pending.every((count) => count === 0);
    return isToComplete ? undefined : endReached(clocks, limits, this.#stopReason);
  }

  get #stopReason(): string | undefined {
    const { context, ranks } = this.#options;
    return ranks.isAlone ? context.stopReason : this.#agreedStop;
  }

  /** Gives all ranks the clock of the first, and the end that any of them asks for: between two calls they decide alike what is due, and when the run is at its end. Those that
   *  do so by their own clocks or data would else wait for each other. */
  #agree(): void {
    const { context, clocks, ranks } = this.#options;
    if (ranks.isAlone) return;
    const seconds = this.#elapsedBefore + (performance.now() - this.#startedMs) / 1000;
    const wanted = context.stopReason ?? null;
    const isForwardOpen = this.#steps.isForwardOpen;
    const own = [Number(wanted !== null), this.#unsaid.length, ranks.isPrimary ? seconds : 0, Number(isForwardOpen)];
    const [numWanted, numUnsaid, agreed, numOpen] = ranks.sum(own);
    clocks.elapsedSeconds = agreed!;
    this.#options.exchange?.setSeparate(numOpen! > 0);
    if (numUnsaid! > 0) this.#warnForOthers();
    if (numWanted! > 0) this.#agreedStop ??= ranks.gather(wanted).find((reason) => reason !== null)!;
  }

  #warnForOthers(): void {
    const all = this.#options.ranks.collect(this.#unsaid.splice(0)) ?? [];
    for (const [rank, messages] of all.entries())
      for (const message of messages) if (!this.#said.has(message)) this.warn(`Rank ${rank}: ${message}`);
  }

  /** Of one process; several have the time that they agreed on. */
  #readTime(now = performance.now()): void {
    if (this.#options.ranks.isAlone)
      this.#options.clocks.elapsedSeconds = this.#elapsedBefore + (now - this.#startedMs) / 1000;
  }

  /** Says something that the run survives. What other ranks say, the first one does when they agree, unless it has said so itself. */
  warn(message: string): void {
    const { context, clocks, callbacks, logger, ranks } = this.#options;
    if (!ranks.isAlone) this.#said.add(message);
    if (!ranks.isPrimary) {
      this.#unsaid.push(message);
      return;
    }
    logger.logEvent({ event: 'warning', message }, clocks);
    if (logger.isEmpty && !callbacks.hears('warning')) process.emitWarning(message, 'SconceWarning');
    callbacks.tell('warning', context, message);
  }

  /** Once for each event of a callback: one that fails in every step would fill the log. */
  #warnOfFailure({ name }: Callback, event: string, error: unknown): void {
    const what = `Callback "${name}" failed in ${event}`;
    if (this.#failures.has(what)) return;
    this.#failures.add(what);
    this.warn(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }

  /** @returns whether the epoch is completed. */
  async #playEpoch(): Promise<boolean> {
    const { context, clocks, durations, callbacks, metrics, trainMetrics } = this.#options;
    const started = performance.now();
    if (clocks.batchInEpoch === 0) {
      metrics.reset();
      trainMetrics.reset();
      await callbacks.announce('epochStart', context);
      this.#agree();
    } else {
      await this.#catchUp();
    }
    this.#options.followers.tellEpoch();
    const trained = await this.#train();
    durations.trainMs += performance.now() - started;
    if (trained === undefined) return false;
    await this.#closeEpoch(trained);
    durations.epochsMs.push(performance.now() - started);
    await this.#stopIfAsked();
    return true;
  }

  /** The training part of an epoch. @returns its values; undefined where the run's end leaves it unfinished. */
  async #train(): Promise<Values | undefined> {
    const { pending, metrics, trainMetrics, aroundEpoch } = this.#options;
    let isUnfinished = false;
    let isCalled = false;
    const values = await aroundEpoch(async () => {
      if (isCalled) throw new TypeError('Cannot play an epoch: expected one call of play() an epoch, got a second');
      isCalled = true;
      isUnfinished = !(await this.#playBatches());
      if (isUnfinished) return { ...metrics.means(), ...trainMetrics.values() };
      for (const [optimizerIndex, count] of pending.entries()) {
        if (count === 0) continue;
        // Here as between batches: a run that is resumed at this moment cannot tell the one from the other.
        isUnfinished = this.#whyOver() !== undefined;
        if (isUnfinished) break;
        this.#steps.updateTail(optimizerIndex);
        await this.#report();
      }
      const means = metrics.means();
      this.#requireFiniteLoss(means);
      return { ...means, ...trainMetrics.values() };
    });
    return isUnfinished ? undefined : this.#options.names.outer(values);
  }

  async #closeEpoch(trained: Values): Promise<void> {
    const { context, clocks, history, callbacks, metrics, trainMetrics, schedulers, checkpoints, lastValidation } =
      this.#options;
    const { names } = this.#options;
    const gathered = names.outer(trainMetrics.values());
    const validated = isDueAtEpochEnd(this.#options.validation, clocks) ? await this.#validate() : {};
    const values = { ...trained, ...validated };
    await this.#measure(values);
    for (const entry of schedulers) if (entry.interval === 'epoch') entry.scheduler.step();
    const inEpoch = lastValidation.epoch === clocks.epoch ? lastValidation.values : {};
    const whole = { ...trained, ...inEpoch };
    history.push({ epoch: clocks.epoch, ...whole });
    // What is left since the last log point: an epoch has at least one record, however short it is.
    const rest = {
      ...names.outer(metrics.meansSinceLast()),
      ...gathered,
      ...validated,
      ...this.#takeTimes(),
      ...this.#proportions(),
    };
    const beside = { ...this.#options.profiler?.times.take(), ...this.#options.exchange?.times.values() };
    this.#logValues({ ...rest, ...beside, ...summaryOf(whole) });
    this.#logTexts();
    this.#logMatrices(names.outer(trainMetrics.matrices()));
    clocks.epoch += 1;
    clocks.batchInEpoch = 0;
    await callbacks.announce('epochEnd', context, values);
    this.#agree();
    if (checkpoints?.isDue('epoch', clocks, this.#valuesNow())) await this.#save();
  }

  /** @returns whether the epoch has no batch left; false where the run is at its end before. */
  async #playBatches(): Promise<boolean> {
    const { data, clocks, durations, profiler } = this.#options;
    data.train.setEpoch(clocks.epoch);
    const batches = data.train[Symbol.asyncIterator]();
    const breath = new Breath();
    try {
      for (;;) {
        if (this.#whyOver() !== undefined) return false;
        const asked = performance.now();
        profiler?.times.enter(PART.data, asked);
        const next = batches.tryNext?.() ?? (await batches.next());
        const got = performance.now();
        durations.dataWaitMs += got - asked;
        if (next.done) {
          profiler?.times.enter(PART.rest, got);
          return true;
        }
        this.#readTime(got);
        const stepBefore = clocks.step;
        this.#steps.play(next.value, got);
        if (clocks.step > stepBefore && this.#isReportDue()) await this.#report();
        if (this.#isStopDue(stepBefore) && (await this.#agreement.isReached(clocks.step))) await this.#stopIfAsked();
        if (!breath.isDue) continue;
        const before = profiler?.times.begin(PART.turns);
        await breath.take();
        if (before !== undefined) profiler!.times.enter(before);
      }
    } finally {
      await batches.return();
    }
  }

  /** Whether a stop signal came; of several ranks behind a step alone, where all are. */
  #isStopDue(stepBefore: number): boolean {
    const { clocks, ranks } = this.#options;
    return (ranks.isAlone || clocks.step > stepBefore) && this.#agreement.isDue;
  }

  #isReportDue(): boolean {
    const { clocks, logging, validation, evaluator, checkpoints } = this.#options;
    if (clocks.step % logging.everySteps === 0) return true;
    if (evaluator && isDueInside(validation, clocks)) return true;
    return checkpoints !== undefined && (checkpoints.hasNews || checkpoints.isDue('step', clocks));
  }

  /** What is due after an update. */
  async #report(): Promise<void> {
    const { clocks, logging } = this.#options;
    if (clocks.step % logging.everySteps === 0) {
      this.#log();
      this.#agree();
    }
    await this.#catchUp();
  }

  /** What is due inside an epoch by the clocks, and not done: after an update, or by a process that ended before it did it. */
  async #catchUp(): Promise<void> {
    const { clocks, checkpoints, validation } = this.#options;
    if (clocks.step > 0 && this.#options.evaluator && isDueInside(validation, clocks)) {
      const values = await this.#validate();
      await this.#measure(values);
      this.#logValues({ ...values, ...this.#takeTimes() });
    }
    if (checkpoints === undefined) return;
    if (checkpoints.isDue('step', clocks, this.#valuesNow())) await this.#save();
    else await this.#tellSaved(checkpoints.committed());
  }

  /** A validation that counts. @returns its values. */
  async #validate(): Promise<Values> {
    const { evaluator, clocks, data, lastValidation } = this.#options;
    if (!evaluator) return {};
    const result = await this.#evaluate('validate');
    // Stopped: the clocks still say that it is due, and the resumed run begins with it.
    if (result === undefined) {
      await this.#stopIfAsked();
      return {};
    }
    this.#readTime();
    this.#agree();
    clocks.validatedAt = clocks.step;
    clocks.validatedAtSeconds = clocks.elapsedSeconds;
    data.reportLosses(result.values);
    this.#times = result.times;
    const values = evaluator.shown(result.values);
    lastValidation.epoch = clocks.epoch;
    lastValidation.microStep = clocks.microStep;
    lastValidation.values = values;
    this.#logMatrices(evaluator.shown(result.matrices));
    return values;
  }

  async #evaluate(phase: 'sanity' | 'validate'): Promise<EvaluationResult | undefined> {
    const { evaluator, context, durations, sanityBatches, profiler } = this.#options;
    const started = performance.now();
    this.#options.exchange?.shareBuffers();
    const before = profiler?.times.begin(PART.validation);
    try {
      return await evaluator!.evaluate(context, {
        phase,
        ...(phase === 'sanity' ? { limitBatches: sanityBatches } : {}),
      });
    } finally {
      if (before !== undefined) profiler!.times.enter(before);
      context.phase = 'train';
      durations.validationMs += performance.now() - started;
    }
  }

  /** Tells whatever monitors a metric.
   *  @throws {ConfigError} where somebody waits for one that nobody measures. */
  async #measure(values: Values): Promise<void> {
    const { context, clocks, callbacks, schedulers, checkpoints, evaluator } = this.#options;
    for (const name in values) this.#measured.add(name);
    const has = (phase: string): boolean =>
      [...this.#measured].some((name) => this.#options.names.inner(name).startsWith(phase));
    const isComplete = has('train/') && (!evaluator || has('val/'));
    const names = isComplete ? [...this.#measured] : undefined;
    this.#latest = { step: clocks.step, microStep: clocks.microStep, values: { ...this.#valuesNow(), ...values } };
    context.metricNames = names;
    checkpoints?.requireMonitor(names);
    await callbacks.announce('measured', context, values);
    this.#agree();
    stepByMetric(schedulers, values, names);
  }

  /** What was measured at this very moment, in this process or in the one that it goes on from. */
  #valuesNow(): Values {
    const { step, microStep } = this.#options.clocks;
    return this.#latest.step === step && this.#latest.microStep === microStep ? this.#latest.values : {};
  }

  /** A look at the weights with which the run ends inside an epoch. It changes nothing: a run with a higher limit goes on as if there had been none. */
  async #lookLast(): Promise<void> {
    const { clocks, metrics, trainMetrics, evaluator, lastValidation } = this.#options;
    const trained = this.#options.names.outer({ ...metrics.means(), ...trainMetrics.values() });
    let validated: Values = lastValidation.epoch === clocks.epoch ? lastValidation.values : {};
    if (evaluator && clocks.validatedAt !== clocks.step) {
      const result = await this.#evaluate('validate');
      await this.#stopIfAsked();
      if (result) {
        validated = evaluator.shown(result.values);
        this.#logMatrices(evaluator.shown(result.matrices));
      }
      this.#logValues({ ...trained, ...validated });
    }
    this.#unfinished = { epoch: clocks.epoch, ...trained, ...validated };
  }

  /** Reads the means since the last log point from the device. */
  #log(): void {
    const { context, callbacks, metrics, nonFinite, profiler } = this.#options;
    const before = profiler?.times.begin(PART.logging);
    const means = metrics.meansSinceLast();
    if (nonFinite.policy === 'error') this.#requireFiniteLoss(means);
    const bad = nonFinite.take();
    if (bad !== undefined) this.warn(bad);
    const rates = context.optimizers.map(
      (optimizer, i) =>
        [context.optimizers.length === 1 ? 'lr' : `lr/optimizer_${i}`, optimizer.paramGroups[0]!.lr] as const,
    );
    const scales = (this.#options.scalers ?? []).map(
      (scaler, i, { length }) =>
        [length === 1 ? 'loss_scale' : `loss_scale/optimizer_${i}`, scaler.getScale()] as const,
    );
    const values = { ...this.#options.names.outer(means), ...Object.fromEntries([...rates, ...scales]) };
    this.#logValues({ ...values, ...profiler?.times.take(), ...this.#options.exchange?.times.values() });
    this.#logTexts();
    callbacks.tell('logged', context, values);
    if (before !== undefined) profiler!.times.enter(before);
  }

  /** Where the last validation's time went, once. */
  #takeTimes(): Values {
    const times = this.#times;
    this.#times = {};
    return times;
  }

  #proportions(): Values {
    const { data, metrics, logging } = this.#options;
    return logging.proportions ? proportionValues(data.train.proportions().epoch, metrics) : {};
  }

  /** Writes values to the log, of training loaders those that are asked for. */
  #logValues(values: Values): void {
    const { logger, clocks, logging, names } = this.#options;
    const { perLoader, global } = logging;
    const isWritten = (name: string): boolean => {
      const key = names.inner(name.startsWith(SUMMARY) ? name.slice(SUMMARY.length) : name);
      return !key.startsWith('train/') || (key.startsWith('train/dl_') ? perLoader : global);
    };
    const written =
      perLoader && global ? values : Object.fromEntries(Object.entries(values).filter(([name]) => isWritten(name)));
    logger.logMetrics(written, clocks);
  }

  /** Those that the steps give and that have changed since. */
  #logTexts(): void {
    const { logger, clocks, metrics, names } = this.#options;
    for (const [key, text] of Object.entries(names.outer(metrics.texts()))) {
      if (this.#texts.get(key) === text) continue;
      this.#texts.set(key, text);
      logger.logText(key, text, clocks);
    }
  }

  #logMatrices(matrices: Readonly<Record<string, Matrix>>): void {
    const { logger, clocks } = this.#options;
    for (const [key, matrix] of Object.entries(matrices)) logger.logMatrix(key, matrix, clocks);
  }

  /** Means are read at log points and at the end of an epoch only: what is bad came after the log point before this one. */
  #requireFiniteLoss(means: Values): void {
    const { clocks, logging, nonFinite } = this.#options;
    if (nonFinite.policy !== 'error') return;
    const { step } = clocks;
    const first = step - ((step - 1) % logging.everySteps);
    const isBad = ([name, value]: [string, number]): boolean => name.endsWith('/loss') && !Number.isFinite(value);
    const bad = Object.entries(means).findLast(isBad); // a loader's own mean, which stands behind the mean over all
    if (!bad) return;
    throw new RangeError(
      `Cannot go on training: expected a finite loss, got ${bad[1]} for "${bad[0]}" between steps ${first} and ${step}; ${WAY_OUT}`,
    );
  }

  /** Saves, unless this very moment is saved and what is saved is what there is. */
  async #save({ isChanged = false, isForced = false, isRanked = true } = {}): Promise<void> {
    const { checkpoints, clocks, pending, durations, logger, profiler } = this.#options;
    if (!checkpoints || (checkpoints.isSavedAt(clocks) && !isChanged)) return;
    const started = performance.now();
    const before = profiler?.times.begin(PART.checkpoint);
    this.#readTime();
    clocks.savedAtSeconds = clocks.elapsedSeconds;
    // The log first: a run that is killed right after the save goes on behind it, and would never log what led to it.
    logger.flush();
    logger.logEvent({ event: 'checkpointStarted', save: clocks.savedAtSeconds }, clocks);
    const isInsideWindow = pending.some((count) => count > 0);
    await checkpoints.save({ clocks, values: this.#valuesNow(), isInsideWindow, isForced, isRanked });
    durations.checkpointMs += performance.now() - started;
    durations.checkpointWaitMs = checkpoints.waitMs;
    if (before !== undefined) profiler!.times.enter(before);
    await this.#tellSaved(checkpoints.committed());
  }

  async #tellSaved(committed: readonly CommittedCheckpoint[] = []): Promise<void> {
    const { callbacks, context, clocks, logger, checkpoints, durations } = this.#options;
    for (const { path, durationMs } of committed) {
      durations.longestSaveMs = Math.max(durations.longestSaveMs, durationMs);
      logger.logEvent({ event: 'checkpointSaved', path: join('checkpoints', basename(path)) }, clocks);
      await callbacks.announce('checkpointSaved', context, path);
    }
    for (const message of checkpoints?.warnings() ?? []) this.warn(message);
  }

  /** All ranks call it at the same places. */
  async #stopIfAsked(): Promise<void> {
    const { checkpoints, callbacks, clocks, context, ranks } = this.#options;
    const signal = this.#agreement.signal();
    if (signal === undefined) return;
    await callbacks.announce('preempted', context, signal);
    // What callbacks have done about it is in the checkpoint too. It ranks only where the run would have saved without the signal, else the best of a run
    // that was stopped were others than those of one that was not.
    const isRanked = checkpoints !== undefined && !checkpoints.isSavedAt(clocks) && this.#whyOver() !== undefined;
    await this.#save({ isChanged: callbacks.hears('preempted'), isForced: true, isRanked });
    await this.#tellSaved(await checkpoints?.finish());
    await ranks.barrier(); // the primary has written when the first one ends
    throw new InterruptedError(signal, checkpoints?.lastPath);
  }
}
