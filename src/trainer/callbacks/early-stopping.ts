// `EarlyStopping`: ends a run when a metric has stopped getting better.

import { CheckpointError, ConfigError } from '../../errors.ts';
import type { StateDict } from '../../nn/module.ts';
import { PyFloat } from '../../serial/values.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import { record, storedNumber } from '../checkpoint/format.ts';
import { describeValue, unknownKeys } from '../config/problems.ts';
import type { Callback } from '../loop/events.ts';
import { findMetric, requireMetric } from '../loop/find-metric.ts';
import type { LoopContext } from '../loop/loop-context.ts';

export interface EarlyStoppingOptions {
  /** The metric, as in 'val/loss', or in the spelling `val_loss`. Default 'val/loss'. */
  readonly monitor?: string;
  /** Measurements in a row without an improvement after which the run ends. Default 10. */
  readonly patience?: number;
  /** Whether less or more of the metric is better. Default 'min'. */
  readonly mode?: 'min' | 'max';
  /** What a value must be better by to count as an improvement, in the metric's unit. Default 0. */
  readonly minDelta?: number;
  /** The run ends as soon as the metric is better than this. Default: no value is good enough. */
  readonly threshold?: number;
  /** The run ends as soon as the metric is worse than this. Default: no value is too bad. */
  readonly divergence?: number;
  /** The run ends as soon as the metric is nan or infinite; without it, such a value is one without an improvement. Default true. */
  readonly checkFinite?: boolean;
  /** Put the weights of the best measurement into the model at the end of the run. They are a part of every checkpoint. Default false. */
  readonly restoreBest?: boolean;
  /** Write a line for every improvement and for the end. Default false. */
  readonly verbose?: boolean;
  /** Where those lines go. Default: the process's standard error output. */
  readonly stream?: ProgressStream;
  /** Its name among the callbacks, where a run has several. Default 'EarlyStopping'. */
  readonly name?: string;
}

const OPTIONS = [
  ...['monitor', 'patience', 'mode', 'minDelta', 'threshold', 'divergence'],
  ...['checkFinite', 'restoreBest', 'verbose', 'stream', 'name'],
];

/** Ends a run after `patience` measurements in a row in which a metric was not better than its best by more than `minDelta`. The first value only sets the
 *  best. A measurement is an epoch's end, or a validation by steps or minutes, that has the metric. What the run ended by is in its log.
 *
 *  The best value, the count and whether it ended the run are a part of every checkpoint: a run that was ended so stays ended when it is resumed, until
 *  `reset()`.
 *
 *  Of the systems before, adaptiveneuralnetwork has patience 5 and minDelta 0.001; model-training-framework's hook has patience 10 and minDelta 0.0001, and
 *  its configuration's `earlyStoppingPatience` has minDelta 0.
 *  @throws {ConfigError} that lists every option that is wrong; in a run, for a metric that no complete epoch has, listing what there is.
 *  @example
 *  import { EarlyStopping } from 'sconce/trainer';
 *  const stopping = new EarlyStopping({ monitor: 'val/loss', patience: 3, minDelta: 1e-4 });
 *  stopping.stopReason; // undefined */
export class EarlyStopping implements Callback {
  readonly name: string;
  readonly monitor: string;
  readonly patience: number;
  readonly mode: 'min' | 'max';
  readonly minDelta: number;
  readonly #threshold: number | undefined;
  readonly #divergence: number | undefined;
  readonly #checkFinite: boolean;
  readonly #restoreBest: boolean;
  readonly #stream: ProgressStream | undefined;
  #best: number | undefined;
  #count = 0;
  #stopReason: string | undefined;
  #bestWeights: StateDict | undefined;

  constructor(options: EarlyStoppingOptions = {}) {
    const problems = problemsOf(options);
    if (problems.length > 0) throw new ConfigError('make EarlyStopping', problems);
    const { name = 'EarlyStopping', monitor = 'val/loss', patience = 10, mode = 'min', minDelta = 0 } = options;
    const { threshold, divergence, checkFinite = true, restoreBest = false, verbose = false } = options;
    this.name = name;
    this.monitor = monitor;
    this.patience = patience;
    this.mode = mode;
    this.minDelta = minDelta;
    this.#threshold = threshold;
    this.#divergence = divergence;
    this.#checkFinite = checkFinite;
    this.#restoreBest = restoreBest;
    this.#stream = verbose ? (options.stream ?? process.stderr) : undefined;
  }

  /** The best value so far. */
  get best(): number | undefined {
    return this.#best;
  }

  /** Measurements since then. */
  get count(): number {
    return this.#count;
  }

  /** Why it ended the run, if it did. */
  get stopReason(): string | undefined {
    return this.#stopReason;
  }

  /** Forgets everything, so that a run that it ended can go on. */
  reset(): void {
    this.#best = undefined;
    this.#count = 0;
    this.#stopReason = undefined;
    this.#bestWeights = undefined;
  }

  fitStart(context: LoopContext): void {
    if (context.clocks.microStep === 0) this.reset(); // a new run, whatever was before
    if (this.#stopReason !== undefined) context.requestStop(this.#stopReason);
  }

  measured(context: LoopContext, values: Readonly<Record<string, number>>): void {
    const value = findMetric(values, this.monitor);
    if (value === undefined) {
      requireMetric(context.metricNames, this.monitor, `callbacks.${this.name}.monitor`, 'stop early');
      return;
    }
    const reason = this.#look(value, context);
    if (reason === undefined) return;
    this.#stopReason = `${this.name}: ${this.monitor} ${reason}`;
    this.#say(`Stopped by ${this.#stopReason}`, context);
    context.requestStop(this.#stopReason);
  }

  /** @returns why the run is to end, if it is. */
  #look(value: number, context: LoopContext): string | undefined {
    if (this.#isImproved(value)) {
      this.#say(`${this.name}: ${this.monitor} improved from ${this.#best ?? 'nothing'} to ${value}`, context);
      this.#best = value;
      this.#count = 0;
      if (this.#restoreBest) this.#bestWeights = copyOf(context.model.stateDict());
    } else {
      this.#count += 1;
    }
    const { patience } = this;
    if (this.#checkFinite && !Number.isFinite(value)) return `is ${value}`;
    if (this.#threshold !== undefined && this.#isBetter(value, this.#threshold))
      return `is ${value}, better than ${this.#threshold}`;
    if (this.#divergence !== undefined && this.#isBetter(this.#divergence, value))
      return `is ${value}, worse than ${this.#divergence}`;
    if (this.#count < patience) return undefined;
    const times = `${patience} measurement${patience === 1 ? '' : 's'}`;
    return this.#best === undefined
      ? `was never a number in ${times}`
      : `has not improved on ${this.#best} in ${times}`;
  }

  #isImproved(value: number): boolean {
    if (this.#best === undefined) return !Number.isNaN(value);
    const bound = this.mode === 'min' ? this.#best - this.minDelta : this.#best + this.minDelta;
    return this.#isBetter(value, bound);
  }

  #isBetter(value: number, than: number): boolean {
    return this.mode === 'min' ? value < than : value > than;
  }

  #say(line: string, { ranks }: LoopContext): void {
    if (ranks.isPrimary) this.#stream?.write(`${line}\n`);
  }

  fitEnd({ model }: LoopContext): void {
    if (this.#bestWeights) model.loadStateDict(this.#bestWeights);
  }

  state(): Record<string, unknown> {
    return {
      value: this.#best === undefined ? null : new PyFloat(this.#best),
      count: this.#count,
      stopped: this.#stopReason ?? null,
      best_weights: this.#bestWeights ?? null,
    };
  }

  loadState(state: Record<string, unknown>): void {
    const key = `callbacks.${this.name}`;
    const { value, count, stopped, best_weights: weights } = state;
    if (typeof stopped !== 'string' && stopped !== null)
      throw new CheckpointError(
        `Cannot read a checkpoint: expected a text under "${key}.stopped", got ${typeof stopped}`,
      );
    this.#best = value === null ? undefined : storedNumber(value, `${key}.value`);
    this.#count = storedNumber(count, `${key}.count`, { isCount: true });
    this.#stopReason = stopped ?? undefined;
    const isKept = this.#restoreBest && weights !== null && weights !== undefined;
    this.#bestWeights = isKept ? (record(weights, `${key}.best_weights`) as StateDict) : undefined;
  }
}

function problemsOf(options: EarlyStoppingOptions): string[] {
  const problems = unknownKeys(options, OPTIONS);
  const expect = (isMet: boolean, name: keyof EarlyStoppingOptions, wanted: string): void => {
    if (options[name] !== undefined && !isMet)
      problems.push(`${name}: expected ${wanted}, got ${describeValue(options[name])}`);
  };
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  const { monitor, patience, mode, minDelta, stream, name, verbose } = options;
  expect(isText(monitor), 'monitor', 'the name of a metric');
  expect(Number.isSafeInteger(patience) && patience! > 0, 'patience', 'an integer above 0');
  expect(mode === 'min' || mode === 'max', 'mode', 'min or max');
  expect(typeof minDelta === 'number' && minDelta >= 0 && minDelta < Infinity, 'minDelta', 'a number from 0 on');
  for (const bound of ['threshold', 'divergence'] as const)
    expect(Number.isFinite(options[bound]), bound, 'a finite number');
  for (const flag of ['checkFinite', 'restoreBest', 'verbose'] as const)
    expect(typeof options[flag] === 'boolean', flag, 'true or false');
  expect(typeof stream?.write === 'function', 'stream', 'something to write to');
  expect(stream === undefined || verbose === true, 'stream', 'none without verbose');
  expect(isText(name), 'name', 'a text that is not empty');
  return problems;
}

/** Copies that live on whatever the scope. */
function copyOf(state: StateDict): StateDict {
  return noGrad(() =>
    Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tensor.detach().clone().keep()])),
  );
}
