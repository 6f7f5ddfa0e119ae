// `Heartbeat` and `EpochHeartbeat`: a line with the time for each event, or for each epoch, in a log that nobody watches but when a run hangs.

import { formatFixed } from '../../tracking/number-format.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import type { EvaluationResult } from '../loop/evaluator.ts';
import type { Callback } from '../loop/events.ts';
import { findMetric } from '../loop/find-metric.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { OptionChecks } from './option-checks.ts';

export interface HeartbeatOptions {
  /** Where lines go. Default: the process's standard output. */
  readonly stream?: ProgressStream;
}

export interface EpochHeartbeatOptions extends HeartbeatOptions {
  /** The metric of an epoch's line, as in 'val/loss', or in the spelling `val_loss`. Default 'train_loss'. */
  readonly metricKey?: string;
}

const isValidation = ({ phase }: LoopContext): boolean => phase === 'validate' || phase === 'sanity';

/** Writes the time of day and a text, in the first of several processes (`LOCAL_RANK`) alone. @internal */
export function stamped(stream: ProgressStream): (text: string) => void {
  if (Number(process.env.LOCAL_RANK ?? 0) !== 0) return () => {};
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return (text) => {
    const now = new Date();
    const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(twoDigits).join(':');
    stream.write(`[${time}] ${text}\n`);
  };
}

/** Writes `[HH:MM:SS] train-batch-start` and so on: a line when the fit, the training, a training batch, its gradients, a validation or one of its batches begins or
 *  ends. The last line of a run that hangs says where. A validation that was stopped or failed has no end.
 *  Source: VisionCore, training callbacks.
 *  @example
 *  import { Heartbeat } from 'sconce/trainer';
 *  new Heartbeat({ stream: process.stderr }).name; // 'Heartbeat' */
export class Heartbeat implements Callback {
  readonly name = 'Heartbeat';
  readonly #say: (text: string) => void;
  #isTraining = false;

  /** @throws {ConfigError} that lists every option that is wrong. */
  constructor(options: HeartbeatOptions = {}) {
    new OptionChecks(options, ['stream']).stream('stream').throwIfAny('Heartbeat');
    this.#say = stamped(options.stream ?? process.stdout);
  }

  fitStart(): void {
    this.#isTraining = false;
    this.#say('fit-start');
  }

  epochStart(): void {
    this.#beginTraining();
  }

  batchStart(): void {
    this.#beginTraining(); // an epoch that is resumed inside has no epochStart
    this.#say('train-batch-start');
  }

  backwardEnd(): void {
    this.#say('after-backward');
  }

  batchEnd(): void {
    this.#say('train-batch-end');
  }

  validationStart(context: LoopContext): void {
    if (!isValidation(context)) return;
    this.#say('val-start');
    this.#say('val-epoch-start');
  }

  validationBatchStart(context: LoopContext): void {
    if (isValidation(context)) this.#say('val-batch-start');
  }

  validationBatchEnd(context: LoopContext): void {
    if (isValidation(context)) this.#say('val-batch-end');
  }

  validationEnd(context: LoopContext, result: EvaluationResult | undefined): void {
    if (!result || !isValidation(context)) return;
    this.#say('val-epoch-end');
    this.#say('val-end');
  }

  #beginTraining(): void {
    if (!this.#isTraining) this.#say('train-start');
    this.#isTraining = true;
  }
}

/** Writes `[HH:MM:SS] training begins`, `… running validation`, `validation done`, and for each epoch `epoch 0 — train_loss: 0.1234`, or `epoch 0 finished` where it has no
 *  such metric. Epochs count from 0.
 *  Source: VisionCore, training callbacks.
 *  @example
 *  import { EpochHeartbeat } from 'sconce/trainer';
 *  new EpochHeartbeat({ metricKey: 'val_loss' }).metricKey; // 'val_loss' */
export class EpochHeartbeat implements Callback {
  readonly name = 'EpochHeartbeat';
  readonly metricKey: string;
  readonly #say: (text: string) => void;

  /** @throws {ConfigError} that lists every option that is wrong. */
  constructor(options: EpochHeartbeatOptions = {}) {
    new OptionChecks(options, ['stream', 'metricKey']).stream('stream').text('metricKey').throwIfAny('EpochHeartbeat');
    const { metricKey = 'train_loss', stream = process.stdout } = options;
    this.metricKey = metricKey;
    this.#say = stamped(stream);
  }

  fitStart(): void {
    this.#say('training begins');
  }

  validationStart(context: LoopContext): void {
    if (isValidation(context)) this.#say('… running validation');
  }

  validationEnd(context: LoopContext, result: EvaluationResult | undefined): void {
    if (result && isValidation(context)) this.#say('validation done');
  }

  epochEnd({ clocks, history }: LoopContext, values: Readonly<Record<string, number>>): void {
    const epoch = clocks.epoch - 1; // it is counted already
    const value = findMetric({ ...history.at(-1), ...values }, this.metricKey); // a validation inside of the epoch counts
    this.#say(
      value === undefined ? `epoch ${epoch} finished` : `epoch ${epoch} — ${this.metricKey}: ${formatFixed(value, 4)}`,
    );
  }
}
