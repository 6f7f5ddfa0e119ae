// `CurriculumCallback`: what follows the training's progress, told where it stands: samplers, or a function of the user's.

import { ConfigError } from '../../errors.ts';
import { describeValue } from '../config/problems.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { OptionChecks } from './option-checks.ts';

/** A sampler, or anything else, that is told the training's step. */
export interface StepFollower {
  setStep(step: number): void;
}

export interface CurriculumCallbackOptions {
  /** What is told the value by `setStep`. Default, without `apply`: the samplers of the training loaders that have it. */
  readonly samplers?: readonly StepFollower[];
  /** Is told the value, as a function of your own. */
  readonly apply?: (value: number, context: LoopContext) => void;
  /** What the value follows: optimizer steps, or epochs. Default 'step'. */
  readonly interval?: 'step' | 'epoch';
  /** From the step or epoch to the value. Default: the step or epoch itself. */
  readonly schedule?: (at: number) => number;
  /** Its name among the callbacks, where a run has several, and in the log. Default 'CurriculumCallback'. */
  readonly name?: string;
}

const OPTIONS = ['samplers', 'apply', 'interval', 'schedule', 'name'] as const;

/** Tells a value that follows the training to whatever makes it harder: where an epoch begins, and before the forward of the first batch of each step. Where the value is the same as before, nothing is told. At log points it is logged as `curriculum/{name}`.
 *
 *  When it acts:
 *  - what the step itself reads (a model's dropout, the weight of a loss): in that very batch.
 *  - a sampler with `setStep`: as its option `stepAt` says, 9 batches later (`INPUT_DELAY` behind the next batch that is handed out), or in the next epoch;
 *    the loader's state keeps it, so that a resumed run plays the same batches.
 *  - what a data set or a transform reads: in batches that are made from then on, and how many are made ahead is a matter of time. Give such a thing to a sampler.
 *
 *  The value is a pure function of the clocks: nothing of it is in checkpoints. Shares of loaders follow the training by `trainLoaderConfig.weightSchedule`, or losses by `lossMix`.
 *  @throws {ConfigError} that lists every option that is wrong; in a run without options, where no training loader has a sampler with `setStep`.
 *  Source: VisionCore's CurriculumCallback, which is the one without options.
 *  @example
 *  import { CurriculumCallback } from 'sconce/trainer';
 *  // The step reads it.
 *  const noise = { std: 0 };
 *  new CurriculumCallback({ name: 'noise', interval: 'epoch', schedule: (epoch) => Math.min(0.5, 0.1 * epoch), apply: (std) => { noise.std = std; } }).value; // undefined */
export class CurriculumCallback implements Callback {
  readonly name: string;
  readonly interval: 'step' | 'epoch';
  readonly #given: readonly StepFollower[] | undefined;
  readonly #apply: ((value: number, context: LoopContext) => void) | undefined;
  readonly #schedule: (at: number) => number;
  #samplers: readonly StepFollower[] = [];
  #at = -1;
  #value: number | undefined;

  constructor(options: CurriculumCallbackOptions = {}) {
    const { samplers, apply, interval = 'step', schedule, name = 'CurriculumCallback' } = options;
    const areFollowers = Array.isArray(samplers) && samplers.length > 0 && samplers.every(isFollower);
    new OptionChecks(options, OPTIONS)
      .expect('samplers', areFollowers, 'a list of what has setStep')
      .expect('apply', typeof apply === 'function', 'a function')
      .expect('schedule', typeof schedule === 'function', 'a function')
      .oneOf('interval', ['step', 'epoch'])
      .text('name')
      .throwIfAny('CurriculumCallback');
    this.name = name;
    this.interval = interval;
    this.#given = samplers ?? (apply ? [] : undefined);
    this.#apply = apply;
    this.#schedule = schedule ?? ((at) => at);
  }

  /** What was told last in this fit. */
  get value(): number | undefined {
    return this.#value;
  }

  /** @throws {ConfigError} without options, where no training loader has a sampler that can be told. */
  fitStart(context: LoopContext): void {
    this.#samplers = this.#given ?? context.loaders.flatMap(({ loader }) => followersOf(loader));
    if (this.#samplers.length === 0 && !this.#apply)
      throw new ConfigError('follow a curriculum', [
        `callbacks.${this.name}: expected a training loader whose sampler has setStep, got ${context.loaders.length} without; give samplers or apply`,
      ]);
    // Nothing is told yet: inside an epoch a loader that was restored has what its sampler was told before its next batch.
    this.#at = -1;
    this.#value = undefined;
  }

  epochStart(context: LoopContext): void {
    this.#follow(context);
  }

  batchStart(context: LoopContext): void {
    this.#follow(context);
  }

  logged({ logger, clocks }: LoopContext): void {
    if (this.#value !== undefined) logger.logMetrics({ [`curriculum/${this.name}`]: this.#value }, clocks);
  }

  #follow(context: LoopContext): void {
    const at = this.interval === 'step' ? context.clocks.step : context.clocks.epoch;
    if (at === this.#at) return;
    this.#at = at;
    const value: unknown = this.#schedule(at);
    if (typeof value !== 'number' || Number.isNaN(value))
      throw new TypeError(
        `Cannot follow the curriculum "${this.name}": expected the schedule to give a number at ${this.interval} ${at}, got ${describeValue(value)}`,
      );
    if (value === this.#value) return;
    this.#value = value;
    for (const sampler of this.#samplers) sampler.setStep(value);
    this.#apply?.(value, context);
  }
}

const isFollower = (value: unknown): value is StepFollower =>
  typeof value === 'object' && value !== null && typeof (value as Partial<StepFollower>).setStep === 'function';

/** The samplers of a loader that can be told: its batch sampler, or else what that plays. A loader around another one has that one's. */
function followersOf(player: unknown): StepFollower[] {
  if (isFollower(player)) return [player];
  if (typeof player !== 'object' || player === null) return [];
  const { loader, batchSampler, sampler } = player as {
    readonly loader?: unknown;
    readonly batchSampler?: unknown;
    readonly sampler?: unknown;
  };
  return followersOf(loader ?? batchSampler ?? sampler);
}
