// `TimeBudget`: ends a run in time, so that its last validation and its last checkpoint still fit.

import { PyFloat } from '../../serial/values.ts';
import { record, storedNumber } from '../checkpoint/format.ts';
import { secondsOf, TIME } from '../config/fields.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { OptionChecks } from './option-checks.ts';

export interface TimeBudgetOptions {
  /** How long the run may take, all of its processes together: seconds, or a text as '1h30m' or '01:30:00'. Default: as long as it takes. */
  readonly budget?: number | string;
  /** When this process has to be done, as the end of a job: a date, or what `new Date()` reads. Default: never. */
  readonly deadline?: Date | string;
  /** Where the run ends: behind a step (default), or behind the last epoch that fits. Where not even the first fits, it ends inside. */
  readonly endsAt?: 'step' | 'epoch';
  /** Seconds to spare beside what was measured. Default 0. */
  readonly marginSeconds?: number;
  /** The clock, in milliseconds since 1970. Default: one that never goes back. */
  readonly now?: () => number;
}

const OPTIONS = ['budget', 'deadline', 'endsAt', 'marginSeconds', 'now'] as const;

/** The longest of each so far, in milliseconds. */
interface Longest {
  step: number;
  epoch: number;
  validation: number;
  save: number;
}

/** Ends the run before its time is over, orderly: by then it has left what the longest step, validation and checkpoint so far took, for the last of each. The end is
 *  in the log with the times. Before the first validation and the first checkpoint nothing is known of them: `marginSeconds` is left in any case.
 *
 *  Time counts from the begin of `fit` to its end. What was spent, and the longest of each, are a part of every checkpoint: a run of several processes has one budget,
 *  and one that has used it up does not go on. What a process did behind its last checkpoint is not counted.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: VisionCore's TimeBudgetCallback, which sets a number of epochs once.
 *  @example
 *  import { TimeBudget } from 'sconce/trainer';
 *  new TimeBudget({ budget: '7h30m', endsAt: 'epoch' }).leftSeconds; // 27000 */
export class TimeBudget implements Callback {
  readonly name = 'TimeBudget';
  readonly #budgetMs: number;
  readonly #deadlineMs: number;
  readonly #endsAt: 'step' | 'epoch';
  readonly #marginMs: number;
  readonly #now: () => number;
  /** By earlier fits. */
  #spentMs = 0;
  #startedMs: number | undefined;
  #longest: Longest = nothing();
  /** At the end of the last batch: the time, and how much of the fit had gone into validations and checkpoints. */
  #mark = { at: 0, validationMs: 0, checkpointMs: 0 };
  /** Undefined in an epoch that is resumed inside. */
  #epochStartMs: number | undefined;

  constructor(options: TimeBudgetOptions = {}) {
    const { budget, deadline, endsAt = 'step', marginSeconds = 0, now } = options;
    const budgetSeconds = typeof budget === 'string' ? secondsOf(budget) : budget;
    const date = deadline === undefined ? undefined : new Date(deadline);
    const checks = new OptionChecks(options, OPTIONS)
      .expect('budget', Number.isFinite(budgetSeconds) && budgetSeconds! > 0, TIME)
      .expect('deadline', date !== undefined && !Number.isNaN(date.getTime()), 'a date')
      .oneOf('endsAt', ['step', 'epoch'])
      .expect('marginSeconds', Number.isFinite(marginSeconds) && marginSeconds >= 0, 'seconds from 0 on')
      .expect('now', typeof now === 'function', 'a function that gives milliseconds');
    if (budget === undefined && deadline === undefined)
      checks.problems.push('budget: expected it, or a deadline, got neither');
    checks.throwIfAny('TimeBudget');
    this.#budgetMs = (budgetSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    this.#deadlineMs = date?.getTime() ?? Number.POSITIVE_INFINITY;
    this.#endsAt = endsAt;
    this.#marginMs = marginSeconds * 1000;
    this.#now = now ?? (() => performance.timeOrigin + performance.now());
  }

  /** Of the budget, by all processes of the run. */
  get spentSeconds(): number {
    return this.#spent(this.#now()) / 1000;
  }

  /** Until the budget is used up or the deadline comes, whichever is first. */
  get leftSeconds(): number {
    return this.#left(this.#now()) / 1000;
  }

  /** What is kept for the last step, the last validation and the last checkpoint. */
  get reservedSeconds(): number {
    const { step, validation, save } = this.#longest;
    return (this.#marginMs + step + validation + save) / 1000;
  }

  fitStart(context: LoopContext): void {
    if (context.clocks.microStep === 0) {
      this.#spentMs = 0; // a new run, whatever was before
      this.#longest = nothing();
    }
    this.#startedMs = this.#now();
    this.#epochStartMs = undefined;
    this.#setMark(context);
    this.#stopUnless(context, 0, 'step');
  }

  epochStart(): void {
    this.#epochStartMs = this.#now();
  }

  batchEnd(context: LoopContext): void {
    this.#measure(context);
    this.#stopUnless(context, 0, 'step');
  }

  epochEnd(context: LoopContext): void {
    this.#measure(context, { isStep: false });
    if (this.#epochStartMs !== undefined) this.#lengthen('epoch', this.#now() - this.#epochStartMs);
    if (this.#endsAt !== 'epoch') return;
    // An epoch has its own validation in it.
    const { step, validation, epoch } = this.#longest;
    this.#stopUnless(context, epoch - step - validation, 'epoch');
  }

  close(): void {
    if (this.#startedMs !== undefined) this.#spentMs = this.#spent(this.#now());
    this.#startedMs = undefined;
  }

  state(): Record<string, unknown> {
    const { step, epoch, validation, save } = this.#longest;
    return {
      spent: new PyFloat(this.spentSeconds),
      longest: Object.fromEntries(
        Object.entries({ step, epoch, validation, save }).map(([name, ms]) => [name, new PyFloat(ms / 1000)]),
      ),
    };
  }

  loadState(state: Record<string, unknown>): void {
    const key = `callbacks.${this.name}`;
    const longest = nothing();
    const stored = record(state.longest, `${key}.longest`);
    for (const name of Object.keys(longest) as (keyof Longest)[])
      longest[name] = 1000 * storedNumber(stored[name], `${key}.longest.${name}`);
    this.#spentMs = 1000 * storedNumber(state.spent, `${key}.spent`);
    this.#longest = longest;
  }

  #spent(now: number): number {
    return this.#spentMs + (this.#startedMs === undefined ? 0 : now - this.#startedMs);
  }

  #left(now: number): number {
    return Math.min(this.#budgetMs - this.#spent(now), this.#deadlineMs - now);
  }

  /** Where the time since the last batch went. */
  #measure(context: LoopContext, { isStep = true } = {}): void {
    const { validationMs, checkpointMs, longestSaveMs } = context.durations;
    const before = this.#mark;
    this.#setMark(context);
    const [validated, saved] = [validationMs - before.validationMs, checkpointMs - before.checkpointMs];
    this.#lengthen('validation', validated);
    this.#lengthen('save', Math.max(saved, longestSaveMs));
    if (isStep) this.#lengthen('step', this.#mark.at - before.at - validated - saved);
  }

  #setMark({ durations: { validationMs, checkpointMs } }: LoopContext): void {
    this.#mark = { at: this.#now(), validationMs, checkpointMs };
  }

  #lengthen(name: keyof Longest, ms: number): void {
    if (ms > this.#longest[name]) this.#longest[name] = ms;
  }

  /** Ends the run unless there is time for so much more. */
  #stopUnless(context: LoopContext, moreMs: number, next: 'step' | 'epoch'): void {
    if (context.stopReason !== undefined) return;
    const [left, reserved] = [this.leftSeconds, this.reservedSeconds + moreMs / 1000];
    if (left > reserved) return;
    const seconds = (value: number): string => value.toFixed(1);
    context.requestStop(
      `TimeBudget: ${seconds(Math.max(0, left))} s are left, and the next ${next} with its validation and checkpoint may take ${seconds(reserved)} s`,
    );
  }
}

const nothing = (): Longest => ({ step: 0, epoch: 0, validation: 0, save: 0 });
