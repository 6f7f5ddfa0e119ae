// `TimeBudgetCallback`: measures how long steps take, and sets the number of epochs that fit into a budget, with the schedules' length.

import { ConfigError } from '../../errors.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import { stamped } from '../../trainer/callbacks/heartbeat.ts';
import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import { record, storedNumber } from '../../trainer/checkpoint/format.ts';
import type { StatefulScheduler } from '../../trainer/checkpoint/run-state.ts';
import type { EvaluationResult } from '../../trainer/loop/evaluator.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';

export interface TimeBudgetCallbackOptions {
  /** Minutes that training may take. */
  readonly timeBudgetMinutes: number;
  /** Batches that are measured. Default 20. */
  readonly benchmarkSteps?: number;
  /** Batches of an epoch before those, which are slower. Default 5. */
  readonly warmupSteps?: number;
  /** Where lines go. Default: the process's standard output. */
  readonly stream?: ProgressStream;
  /** The clock, in milliseconds. Default: one that never goes back. */
  readonly now?: () => number;
}

const OPTIONS = ['timeBudgetMinutes', 'benchmarkSteps', 'warmupSteps', 'stream', 'now'] as const;

/** Measures batches early in training, and sets the number of epochs so that the run takes its budget, and its schedules end with it:
 *  maxEpochs = epoch + 1 + max(1, floor((budget - spent) / (mean batch * batches an epoch + first validation))), the epoch in progress being `epoch`.
 *
 *  A batch is measured from the end of the one before: what it waits for data is a part of it. It is reckoned when `benchmarkSteps` batches are measured, and once more at the end of the first validation, which is part of an epoch. Schedules with a settable `maxEpochs` (`LinearWarmupCosineAnnealingLR`) are
 *  given the new number, unless their warm-up alone is longer. A budget that is spent by then changes nothing: `TimeBudget` is the one that ends a run in time.
 *
 *  State: `benchmarked` and `target_max_epochs`. A run that goes on keeps what was reckoned.
 *  @throws {ConfigError} that lists every option that is wrong; for loaders without a length.
 *  Source: VisionCore, training callbacks.
 *  @example
 *  import { TimeBudgetCallback } from 'sconce/multidataset';
 *  new TimeBudgetCallback({ timeBudgetMinutes: 90 }).targetMaxEpochs; // undefined */
export class TimeBudgetCallback implements Callback {
  readonly name = 'TimeBudgetCallback';
  readonly #budgetMs: number;
  readonly #benchmarkSteps: number;
  readonly #warmupSteps: number;
  readonly #say: (text: string) => void;
  readonly #now: () => number;
  #isBenchmarked = false;
  #target: number | undefined;
  #startedMs = 0;
  /** At the end of the last batch of the epoch, or the start of the first: the time, and what had gone into validations and checkpoints. */
  #mark: { readonly at: number; readonly aside: number } | undefined;
  #validationStartMs = 0;
  #batchesMs: number[] = [];
  /** Undefined until the first validation of this process is over. */
  #validationMs: number | undefined;

  constructor(options: TimeBudgetCallbackOptions) {
    const checks = new OptionChecks(options, OPTIONS)
      .expect(
        'timeBudgetMinutes',
        Number.isFinite(options?.timeBudgetMinutes) && options.timeBudgetMinutes > 0,
        'minutes above 0',
      )
      .count('benchmarkSteps')
      .expect(
        'warmupSteps',
        Number.isSafeInteger(options?.warmupSteps) && options.warmupSteps! >= 0,
        'an integer from 0 on',
      )
      .stream('stream')
      .expect('now', typeof options?.now === 'function', 'a function that gives milliseconds');
    if (options?.timeBudgetMinutes === undefined)
      checks.problems.push('timeBudgetMinutes: expected minutes above 0, got none');
    checks.throwIfAny('TimeBudgetCallback');
    this.#budgetMs = options.timeBudgetMinutes * 60_000;
    this.#benchmarkSteps = options.benchmarkSteps ?? 20;
    this.#warmupSteps = options.warmupSteps ?? 5;
    this.#say = stamped(options.stream ?? process.stdout);
    this.#now = options.now ?? (() => performance.now());
  }

  /** The number of epochs that was reckoned, if it was. */
  get targetMaxEpochs(): number | undefined {
    return this.#target;
  }

  /** @throws {ConfigError} where nobody knows how many batches an epoch has. */
  fitStart(context: LoopContext): void {
    if (!Number.isFinite(context.batchesPerEpoch))
      throw new ConfigError('reckon a time budget', [
        'trainLoaders: expected an epoch with a known number of batches, got one without; set limitTrainBatches',
      ]);
    if (context.clocks.microStep === 0) {
      this.#isBenchmarked = false; // a new run, whatever was before
      this.#target = undefined;
    }
    this.#startedMs = this.#now();
    this.#mark = undefined;
    this.#batchesMs = [];
    this.#validationMs = this.#isBenchmarked ? 0 : undefined;
    if (this.#target === undefined) return;
    const before = context.maxEpochs;
    this.#apply(context, this.#target);
    this.#say(`[TimeBudget] Resumed — restoring profiled target: max_epochs: ${before} -> ${this.#target}`);
  }

  epochStart(): void {
    this.#mark = undefined;
  }

  batchStart({ durations }: LoopContext): void {
    if (!this.#isBenchmarked) this.#mark ??= { at: this.#now(), aside: asideMs(durations) };
  }

  batchEnd(context: LoopContext): void {
    if (this.#isBenchmarked) return;
    const [before, now] = [this.#mark!, { at: this.#now(), aside: asideMs(context.durations) }]; // batchStart has set it
    this.#mark = now;
    if (context.clocks.batchInEpoch <= this.#warmupSteps) return; // this one is counted already
    this.#batchesMs.push(now.at - before.at - (now.aside - before.aside));
    if (context.ranks.isAlone && this.#hasMeasured) this.#reckonFirst(context);
  }

  /** Several processes reckon here, where all of them are. */
  logged(context: LoopContext): void {
    if (this.#isBenchmarked || context.ranks.isAlone) return;
    if (context.ranks.broadcast(this.#hasMeasured)) this.#reckonFirst(context);
  }

  get #hasMeasured(): boolean {
    return this.#batchesMs.length >= this.#benchmarkSteps;
  }

  #reckonFirst(context: LoopContext): void {
    this.#isBenchmarked = true;
    this.#reckon(context);
  }

  validationStart({ phase }: LoopContext): void {
    if (phase === 'validate') this.#validationStartMs = this.#now();
  }

  validationEnd(context: LoopContext, result: EvaluationResult | undefined): void {
    if (!result || context.phase !== 'validate' || this.#validationMs !== undefined) return;
    this.#validationMs = this.#now() - this.#validationStartMs;
    if (this.#isBenchmarked) this.#reckon(context);
  }

  state(): Record<string, unknown> {
    return { benchmarked: this.#isBenchmarked, target_max_epochs: this.#target ?? null };
  }

  loadState(state: Record<string, unknown>): void {
    const { benchmarked, target_max_epochs: target } = record(state, `callbacks.${this.name}`);
    this.#target = target === null ? undefined : storedNumber(target, `callbacks.${this.name}.target_max_epochs`);
    this.#isBenchmarked = benchmarked === true;
  }

  #reckon(context: LoopContext): void {
    const budget = this.#budgetMs / 1000;
    const mean = this.#batchesMs.reduce((sum, ms) => sum + ms, 0) / Math.max(1, this.#batchesMs.length) / 1000;
    // Several processes go by the times of the first.
    const measured = [(this.#now() - this.#startedMs) / 1000, mean, (this.#validationMs ?? 0) / 1000] as const;
    const [spent, step, validation] = context.ranks.broadcast(measured);
    const train = step * context.batchesPerEpoch;
    const remaining = budget - spent;
    if (remaining <= 0) {
      this.#say(`[TimeBudget] Budget already exceeded! Spent ${spent.toFixed(0)}s, budget ${budget.toFixed(0)}s`);
      return;
    }
    const epochs = Math.max(1, Math.floor(remaining / (train + validation)));
    const before = context.maxEpochs;
    this.#target = context.clocks.epoch + 1 + epochs;
    this.#apply(context, this.#target);
    this.#say(
      `[TimeBudget] avg step: ${step.toFixed(3)}s | train/epoch: ${train.toFixed(1)}s | val/epoch: ${validation.toFixed(1)}s | epoch total: ${(train + validation).toFixed(1)}s`,
    );
    this.#say(
      `[TimeBudget] budget: ${(budget / 60).toFixed(1)}min | spent: ${spent.toFixed(1)}s | remaining: ${remaining.toFixed(1)}s | max_epochs: ${before} -> ${this.#target}`,
    );
  }

  #apply(context: LoopContext, maxEpochs: number): void {
    context.setMaxEpochs(maxEpochs);
    for (const scheduler of context.schedulers)
      if (hasLength(scheduler) && maxEpochs > (scheduler.warmupEpochs ?? 0)) scheduler.maxEpochs = maxEpochs;
  }
}

const asideMs = ({ validationMs, checkpointMs }: LoopContext['durations']): number => validationMs + checkpointMs;

interface WithLength {
  maxEpochs: number;
  readonly warmupEpochs?: number;
}

const hasLength = (scheduler: StatefulScheduler): scheduler is StatefulScheduler & WithLength =>
  typeof (scheduler as Partial<WithLength>).maxEpochs === 'number';
