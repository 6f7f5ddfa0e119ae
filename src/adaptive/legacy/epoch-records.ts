// What a `TrainingLoop` writes down and prints while it trains: a line for every so many batches, and a record with a summary for each epoch.

import { formatFixed } from '../../tracking/number-format.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import { record, storedList, storedNumber } from '../../trainer/checkpoint/format.ts';
import { Callback, type Logs } from '../../trainer/faces/positional-callback.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import type { Trainer } from '../../trainer/trainer.ts';
import type { LoopConfig, LoopModel } from './loop-options.ts';

/** What an epoch came to: `train_loss`, `train_accuracy` in percent, `epoch_time` in seconds without the evaluation, `val_loss`, `val_accuracy`, and what the model says of itself.
 *  `timestamp` is in seconds since 1970. */
export type LoopMetrics = Readonly<Record<string, number>> & { readonly epoch: number; readonly timestamp: number };

const RULE = '-'.repeat(50);

/** Keeps the records of all epochs; their state in a checkpoint. @internal */
export class EpochRecords extends Callback {
  override readonly name = 'TrainingLoop';
  history: LoopMetrics[] = [];
  /** The epoch that runs, or ran last. */
  epoch = 0;
  /** Whether the lines around a training are printed. */
  announces = true;
  readonly #model: LoopModel;
  readonly #config: LoopConfig;
  readonly #stream: ProgressStream;
  #startMs: number | undefined;
  #trainSeconds = 0;

  constructor(model: LoopModel, config: LoopConfig, stream: ProgressStream) {
    super();
    this.#model = model;
    this.#config = config;
    this.#stream = stream;
  }

  say(...lines: readonly string[]): void {
    this.#stream.write(`${lines.join('\n')}\n`);
  }

  fitStart({ clocks }: LoopContext): void {
    if (clocks.batchInEpoch > 0) this.onEpochBegin(clocks.epoch); // an epoch that is resumed inside has no beginning
  }

  override onTrainBegin({ numEpochs, currentEpoch }: Trainer): void {
    if (!this.announces) return;
    const numParameters = this.#model.parameters().reduce((sum, { numel }) => sum + numel, 0);
    this.say(`Starting training for ${numEpochs} epochs...`, `Model: ${numParameters} parameters`);
    if (currentEpoch > 0) this.say(`Going on from epoch ${currentEpoch}`);
  }

  override onEpochBegin(epoch: number): void {
    this.epoch = epoch;
    this.#startMs = performance.now();
  }

  override onBatchEnd(batchIdx: number, _trainer: Trainer, logs: Logs): void {
    if (batchIdx % this.#config.logInterval !== 0) return;
    const accuracy = 'accuracy' in logs ? `, Acc: ${formatFixed(100 * logs.accuracy!, 2)}%` : '';
    this.say(`Epoch ${this.epoch}, Batch ${batchIdx}, Loss: ${formatFixed(logs.loss!, 6)}${accuracy}`);
  }

  override onEvaluateBegin(): void {
    this.#endTraining();
  }

  /** The evaluation is not in the time of an epoch. */
  #endTraining(): void {
    if (this.#startMs === undefined) return; // an evaluation by itself
    this.#trainSeconds = (performance.now() - this.#startMs) / 1000;
    this.#startMs = undefined;
  }

  override onEpochEnd(epoch: number, _trainer: Trainer, logs: Logs): void {
    this.#endTraining();
    const values = Object.entries(inPercent(logs)).filter(([name]) => name !== 'epoch');
    const isTraining = ([name]: [string, number]): boolean => name.startsWith('train_');
    const metrics: LoopMetrics = {
      epoch,
      timestamp: Date.now() / 1000,
      ...Object.fromEntries(values.filter(isTraining)),
      epoch_time: this.#trainSeconds,
      ...Object.fromEntries(values.filter((entry) => !isTraining(entry))),
      ...this.#model.getMetrics?.(),
    };
    this.history.push(metrics);
    this.say('', `Epoch ${epoch} Summary:`, ...summaryOf(metrics), RULE);
  }

  state(): Record<string, unknown> {
    return { history: this.history };
  }

  loadState({ history }: Record<string, unknown>): void {
    this.history = recordsOf(history, 'callbacks.TrainingLoop.history');
  }
}

const LINES: readonly (readonly [name: string, label: string, digits: number, unit: string])[] = [
  ['train_loss', 'Train Loss: ', 6, ''],
  ['train_accuracy', 'Train Acc:  ', 2, '%'],
  ['val_loss', 'Val Loss:   ', 6, ''],
  ['val_accuracy', 'Val Acc:    ', 2, '%'],
  ['active_node_ratio', 'Active Nodes: ', 3, ''],
  ['mean_energy', 'Mean Energy:  ', 3, ''],
];

/** A line for each value that there is. */
function summaryOf(metrics: LoopMetrics): string[] {
  const known = LINES.filter(([name]) => name in metrics);
  return known.map(([name, label, digits, unit]) => `  ${label}${formatFixed(metrics[name]!, digits)}${unit}`);
}

/** Values with accuracies from 0 to 100. @internal */
export function inPercent(values: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, /^(?:train|val)_accuracy$/.test(name) ? 100 * value : value]),
  );
}

/** Records out of a file, which may hold anything.
 *  @throws {CheckpointError} for what is no list of tables of numbers. @internal */
export function recordsOf(stored: unknown, key: string): LoopMetrics[] {
  return storedList(stored, key).map((entry, i): LoopMetrics => {
    const entries = Object.entries(record(entry, `${key}.${i}`));
    const values = entries.map(([name, value]) => [name, storedNumber(value, `${key}.${i}.${name}`)] as const);
    const { epoch = i, timestamp = 0, ...rest } = Object.fromEntries(values);
    return { epoch, timestamp, ...rest };
  });
}
