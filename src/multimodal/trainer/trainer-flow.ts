// What a `MultimodalTrainer` does around its epochs: a callback of the loop, so that what it counts is a part of every checkpoint.

import { CheckpointError } from '../../errors.ts';
import { PyFloat } from '../../serial/values.ts';
import { formatFixed } from '../../tracking/number-format.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import { record, storedNumber } from '../../trainer/checkpoint/format.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import type { DataHandler } from '../batches/data-handler.ts';
import type { MetricsCollector } from '../stores/metrics-collector.ts';
import { type Values, valuesOf } from './hosted-trainer.ts';

/** What the flow asks of its trainer, whose parts may be replaced. */
export interface FlowHost {
  /** Whether `train` runs, and not a single epoch by itself. */
  readonly isTraining: boolean;
  /** Whether the batches of an epoch have been played, and its values are measured next. */
  readonly isEpochOver: boolean;
  readonly metrics: MetricsCollector;
  readonly dataHandler: DataHandler;
  readonly patience: number | undefined;
  readonly logDir: string;
  readonly stream: ProgressStream;
  shouldStop(): boolean;
  /** The epoch is counted, and its values are known. */
  noteEpoch(): void;
  saveBest(): Promise<void>;
}

/** The key of its state in checkpoints, under `callbacks`. */
const NAME = 'MultimodalTrainer';

/** So many times as long as the last drawing took, training goes on before the next. */
const DRAWING_SHARE = 20;

/** Behind each epoch: logs its values, keeps the best model, counts patience, asks whether to stop, and from the second epoch on diagnoses and draws. At log points: keeps how the two sides
 *  are aligned, where that was measured. */
export class TrainerFlow implements Callback {
  readonly name = NAME;
  /** The least validation loss so far. */
  bestValMetric: number | undefined;
  /** Epochs since then. */
  patienceCounter = 0;
  /** Whether an epoch is under way. */
  isInEpoch = false;
  readonly #host: FlowHost;
  #isStopped = false;
  #startedMs = 0;
  /** When pictures were drawn last, and how long that took; undefined in a fit that has drawn none. */
  #drawn: { readonly atMs: number; readonly tookMs: number } | undefined;
  #hasUndrawn = false;

  constructor(host: FlowHost) {
    this.#host = host;
  }

  fitStart(context: LoopContext): void {
    this.#startedMs = performance.now();
    this.#drawn = undefined;
    this.#hasUndrawn = false;
    this.isInEpoch = context.clocks.batchInEpoch > 0;
    if (this.isInEpoch) this.#host.dataHandler.setCurrentEpoch(context.clocks.epoch);
    if (!this.#host.isTraining || !this.#isStopped) return;
    // A training that was ended so stays ended, unless what ends it has changed.
    this.#isStopped = this.#host.shouldStop();
    if (this.#isStopped) context.requestStop(this.#reason(context));
  }

  epochStart({ clocks }: LoopContext): void {
    this.isInEpoch = true;
    this.#host.dataHandler.setCurrentEpoch(clocks.epoch);
  }

  logged(context: LoopContext, values: Values): void {
    this.#report(context);
    const names = ['diag_mean', 'sim_mean', 'alignment_gap', 'alignment_snr'].map((name) => values[`train/${name}`]);
    if (names.includes(undefined)) return;
    const [diagMean, simMean, alignmentGap, alignmentSnr] = names as [number, number, number, number];
    const { step } = context.clocks;
    this.#host.metrics.updateAlignmentMetrics({ step, diagMean, simMean, alignmentGap, alignmentSnr });
  }

  #report(context: LoopContext): void {
    for (const report of this.#host.dataHandler.takeReports()) context.warn(report);
  }

  measured(_context: LoopContext, values: Values): void {
    const { isTraining, isEpochOver, metrics } = this.#host;
    if (!isTraining || !isEpochOver) return; // an evaluation inside the epoch is in the log alone
    metrics.logMetrics(valuesOf(values, 'train'), 'train');
    const validated = valuesOf(values, 'val');
    if (Object.keys(validated).length > 0) metrics.logMetrics(validated, 'val');
  }

  async epochEnd(context: LoopContext, values: Values): Promise<void> {
    this.isInEpoch = false;
    this.#report(context);
    if (!this.#host.isTraining) return;
    const isBest = this.#rank(valuesOf(values, 'val').loss);
    this.#host.noteEpoch();
    if (this.#host.shouldStop()) {
      this.#isStopped = true;
      context.requestStop(this.#reason(context));
      this.#say(`Stopped early after ${context.clocks.epoch} epochs`);
    }
    if (isBest) await this.#host.saveBest();
    if (context.clocks.epoch > 1) await this.#look(context);
  }

  #reason({ clocks }: LoopContext): string {
    const { patience } = this.#host;
    const isPatience = patience !== undefined && this.patienceCounter >= patience;
    return isPatience
      ? `the validation loss has not improved on ${this.bestValMetric} in ${patience} epochs`
      : `shouldStop() said so after epoch ${clocks.epoch}`;
  }

  /** @returns whether the epoch's validation loss is the least so far. */
  #rank(loss: number | undefined): boolean {
    if (loss === undefined) return false;
    const { patience } = this.#host;
    if (this.bestValMetric === undefined ? !Number.isNaN(loss) : loss < this.bestValMetric) {
      this.bestValMetric = loss;
      this.patienceCounter = 0;
      if (patience !== undefined) this.#say(`Best validation loss so far: ${formatFixed(loss, 4)}`);
      return true;
    }
    this.patienceCounter += 1;
    if (patience !== undefined) this.#say(`No better validation loss: ${this.patienceCounter} of ${patience} epochs`);
    return false;
  }

  /** Says what the metrics tell of the training, and draws them, unless that would take more than a twentieth of the time: then the next epoch does, or the end. */
  async #look(context: LoopContext): Promise<void> {
    const diagnosis = this.#host.metrics.diagnoseTrainingIssues();
    this.#say(diagnosis);
    context.logger.logText('diagnosis', diagnosis);
    this.#hasUndrawn = true;
    const { atMs, tookMs } = this.#drawn ?? { atMs: Number.NEGATIVE_INFINITY, tookMs: 0 };
    if (performance.now() - atMs >= DRAWING_SHARE * tookMs) await this.#draw(context);
  }

  async #draw(context: LoopContext): Promise<void> {
    const { metrics, logDir } = this.#host;
    const startedMs = performance.now();
    this.#hasUndrawn = false;
    try {
      await metrics.plotHistory({ saveDir: logDir });
    } catch (error) {
      context.warn(`Could not draw the metrics: ${error instanceof Error ? error.message : String(error)}`);
    }
    const atMs = performance.now();
    this.#drawn = { atMs, tookMs: atMs - startedMs };
  }

  /** The log alone would have it, which a training has always. */
  warning(_context: LoopContext, message: string): void {
    this.#say(`Warning: ${message}`);
  }

  async fitEnd(context: LoopContext): Promise<void> {
    if (!this.#host.isTraining) return;
    if (this.#hasUndrawn) await this.#draw(context);
    this.#say(`Trained in ${((performance.now() - this.#startedMs) / 1000).toFixed(2)} seconds`);
  }

  close(): void {
    this.isInEpoch = false;
  }

  #say(line: string): void {
    this.#host.stream.write(`${line}\n`);
  }

  state(): Record<string, unknown> {
    return {
      best_val_metric: this.bestValMetric === undefined ? null : new PyFloat(this.bestValMetric),
      patience_counter: this.patienceCounter,
      is_stopped: this.#isStopped,
      metrics: this.#host.metrics.state(),
    };
  }

  loadState(state: Record<string, unknown>): void {
    const key = `callbacks.${NAME}`;
    const { best_val_metric: best, patience_counter: counter, is_stopped: isStopped, metrics } = state;
    if (typeof isStopped !== 'boolean')
      throw new CheckpointError(
        `Cannot read a checkpoint: expected true or false under "${key}.is_stopped", got ${typeof isStopped}`,
      );
    this.bestValMetric = best === null ? undefined : storedNumber(best, `${key}.best_val_metric`);
    this.patienceCounter = storedNumber(counter, `${key}.patience_counter`, { isCount: true });
    this.#isStopped = isStopped;
    this.#host.metrics.loadState(record(metrics, `${key}.metrics`));
  }
}
