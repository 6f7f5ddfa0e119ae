// `LoggingCallback`: a run as lines of text, those of adaptiveneuralnetwork.

import { formatFixed, formatPercent } from '../../tracking/number-format.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import type { Callback } from '../loop/events.ts';
import { findMetric } from '../loop/find-metric.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { MetricsCollector } from '../metrics/metrics-collector.ts';
import { OptionChecks } from './option-checks.ts';

export interface LoggingCallbackOptions {
  /** Batches between two lines. Default 10. */
  readonly logInterval?: number;
  /** Whether lines are written; without, the callback only counts. Default true. */
  readonly verbose?: boolean;
  /** Where they go. Default: the process's standard output. */
  readonly stream?: ProgressStream;
}

const WIDTH = 60;

/** Writes a banner for each epoch, a line for every `logInterval`-th batch, and a summary with the speed:
 *
 *  ```text
 *  Batch    0 | Loss: 0.6931 | Acc: 50.00% | Throughput: 1234.5 samples/s
 *  ```
 *
 *  The loss is the batch's, before weight and accumulation; `Acc` is the `accuracy` that the training step gives, over the epoch so far, and is left out where it gives
 *  none. The time of an epoch has its validation in it. The device is read for the lines alone. In a run that is resumed inside an epoch, counts, accuracy and
 *  time are those of the part behind it.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: adaptiveneuralnetwork, training/callbacks.py.
 *  @example
 *  import { LoggingCallback } from 'sconce/trainer';
 *  const logging = new LoggingCallback({ logInterval: 100 });
 *  logging.batchCount; // 0 */
export class LoggingCallback implements Callback {
  readonly name = 'LoggingCallback';
  readonly isPrimaryOnly = true;
  readonly logInterval: number;
  readonly verbose: boolean;
  /** Batches of the epoch so far. */
  batchCount = 0;
  /** Their samples. */
  sampleCount = 0;
  /** When the epoch began, in milliseconds since 1970; undefined before the first. */
  epochStartTime: number | undefined;
  /** What the last epoch came to; empty while one runs. */
  epochMetrics: Readonly<Record<string, number>> = {};
  readonly #stream: ProgressStream;
  readonly #accuracy = new MetricsCollector('train');
  #epochStartMs = 0;
  #batchStartMs = 0;

  constructor(options: LoggingCallbackOptions = {}) {
    const known = ['logInterval', 'verbose', 'stream'] as const;
    new OptionChecks(options, known)
      .count('logInterval')
      .flag('verbose')
      .stream('stream')
      .throwIfAny('LoggingCallback');
    const { logInterval = 10, verbose = true, stream = process.stdout } = options;
    this.logInterval = logInterval;
    this.verbose = verbose;
    this.#stream = stream;
  }

  fitStart(context: LoopContext): void {
    if (context.clocks.batchInEpoch > 0) this.epochStart(context); // an epoch that is resumed inside has no epochStart
  }

  epochStart({ clocks, maxEpochs }: LoopContext): void {
    this.#accuracy.reset();
    this.epochStartTime = Date.now();
    this.#epochStartMs = performance.now();
    this.batchCount = 0;
    this.sampleCount = 0;
    this.epochMetrics = {};
    const rule = '='.repeat(WIDTH);
    this.#say('', rule, `Epoch ${clocks.epoch + 1}/${maxEpochs}`, rule);
  }

  batchStart(): void {
    this.#batchStartMs = performance.now();
  }

  batchEnd({ clocks, loss, output, batchSize, loaderName }: LoopContext): void {
    this.batchCount += 1;
    this.sampleCount += batchSize;
    if (!this.verbose) return;
    const { accuracy } = output as { readonly accuracy?: unknown }; // of a training step: an object
    if (accuracy !== undefined) this.#accuracy.add(loaderName, { accuracy }, batchSize);
    const place = clocks.batchInEpoch - 1;
    if (place % this.logInterval !== 0) return;
    const shown = `Loss: ${formatFixed(Number(loss!.item()), 4)}${accuracyText(this.#accuracy.means())}`; // there is a loss in a step
    const seconds = (performance.now() - this.#batchStartMs) / 1000;
    const speed = formatFixed(seconds > 0 ? batchSize / seconds : 0, 1);
    this.#say(`Batch ${String(place).padStart(4)} | ${shown} | Throughput: ${speed} samples/s`);
  }

  epochEnd({ clocks }: LoopContext, values: Readonly<Record<string, number>>): void {
    this.epochMetrics = values;
    const seconds = (performance.now() - this.#epochStartMs) / 1000;
    const perSecond = (count: number): number => (seconds > 0 ? count / seconds : 0);
    const of = (name: string): number | undefined => findMetric(values, name);
    const rule = '-'.repeat(WIDTH);
    const speed = `${formatFixed(perSecond(this.sampleCount), 1)} samples/s, ${formatFixed(perSecond(this.batchCount), 2)} batches/s`;
    this.#say(
      '',
      rule,
      `Epoch ${clocks.epoch} Summary:`,
      ...summaryLine('Train Loss: ', 'Train Acc: ', of('train/loss'), of('train/accuracy')),
      ...summaryLine('Val Loss:   ', 'Val Acc:   ', of('val/loss'), of('val/accuracy')),
      `  Time: ${formatFixed(seconds, 2)}s | Throughput: ${speed}`,
      rule,
    );
  }

  close(): void {
    this.#accuracy.reset();
  }

  #say(...lines: readonly string[]): void {
    if (this.verbose) this.#stream.write(`${lines.join('\n')}\n`);
  }
}

function accuracyText(means: Readonly<Record<string, number>>): string {
  const accuracy = means['train/accuracy'];
  return accuracy === undefined ? '' : ` | Acc: ${formatPercent(accuracy, 2)}`;
}

function summaryLine(
  lossName: string,
  accuracyName: string,
  loss: number | undefined,
  accuracy: number | undefined,
): string[] {
  if (loss === undefined) return [];
  const rest = accuracy === undefined ? '' : ` | ${accuracyName}${formatPercent(accuracy, 2)}`;
  return [`  ${lossName}${formatFixed(loss, 4)}${rest}`];
}
