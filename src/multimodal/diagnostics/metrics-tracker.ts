// `MetricsTracker`: metrics of steps and epochs with files of their own: `metrics.json`, curves, and what is wrong with them.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '../../errors.ts';
import { diagnose } from '../../tracking/diagnosis/diagnose.ts';
import type { Finding } from '../../tracking/diagnosis/finding.ts';
import { TRACKER_RULES } from '../../tracking/diagnosis/tracker-rules.ts';
import { type AlignmentPoint, MetricsHistory, type MetricTree } from '../../tracking/history/metrics-history.ts';
import { plotHistory } from '../../tracking/history/plot-history.ts';
import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import { EpochTable } from './epoch-table.ts';

export interface MetricsTrackerOptions {
  /** Where `metrics.json` and `visualizations/` go; made at the first save. */
  readonly logDir: string;
  /** Whether `checkEarlyStopping` ever says so. Default false. */
  readonly earlyStopping?: boolean;
  /** Epochs in a row without an improvement after which training is to end. Default 5. */
  readonly patience?: number;
  /** The metric that has to improve. Default 'val_loss'. */
  readonly monitor?: string;
  /** Default 'min'. */
  readonly mode?: 'min' | 'max';
  /** Epochs between two drawings. Default 1. */
  readonly visualizationFrequency?: number;
  /** Whether what alignment and epochs show is told as a warning of the process. Default true. */
  readonly issueDetection?: boolean;
}

const OPTIONS = [
  ...(['logDir', 'earlyStopping', 'patience', 'monitor', 'mode'] as const),
  ...(['visualizationFrequency', 'issueDetection'] as const),
];

/** Points of alignment that stay. */
const MAX_ALIGNMENT = 1000;

/** Keeps metrics of steps and of epochs, by `{group}_{name}`; tells when to stop, draws them, and writes them to `metrics.json`. Metrics of epochs are aligned: `epochMetrics.val_loss[3]` is that of epoch 3, and null
 *  where there was none. The history of alignment has the newest 1000 points. What is wrong is what the rules of the diagnosis say that come from here (see docs/diagnosis.md); a `DiagnosisCallback` says the same
 *  of a trainer's run, which does not need a tracker.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: multimodal_insight_engine, MetricsTracker.
 *  @example
 *  import { MetricsTracker } from 'sconce/multimodal';
 *  const tracker = new MetricsTracker({ logDir: 'logs', earlyStopping: true, patience: 2 });
 *  tracker.startEpoch(0);
 *  tracker.updateEpochMetrics({ loss: 0.5 }, 'val');
 *  tracker.checkEarlyStopping(); // false
 *  tracker.getBestMetrics(); // { epoch: 0, score: 0.5, val_loss: 0.5 } */
export class MetricsTracker {
  readonly logDir: string;
  readonly #options: Required<MetricsTrackerOptions>;
  readonly #steps = new MetricsHistory();
  readonly #epochs = new EpochTable();
  readonly #alignment = new MetricsHistory({ maxPerSeries: MAX_ALIGNMENT });
  readonly #said = new Set<string>();
  #currentEpoch = 0;
  #globalStep = 0;
  #bestScore: number;
  #bestEpoch = 0;
  #counter = 0;
  #stoppedEarly = false;
  /** The epoch that was checked last, so that asking twice does not count twice. */
  #checkedEpoch = -1;

  constructor(options: MetricsTrackerOptions) {
    const { logDir, mode = 'min' } = options ?? {};
    const checks = new OptionChecks(options, OPTIONS)
      .text('logDir', 'monitor')
      .flag('earlyStopping', 'issueDetection')
      .count('patience', 'visualizationFrequency')
      .oneOf('mode', ['min', 'max']);
    if (logDir === undefined) checks.problems.push('logDir: expected a folder, got undefined');
    checks.throwIfAny('MetricsTracker');
    this.logDir = logDir;
    this.#options = {
      ...{ earlyStopping: false, patience: 5, monitor: 'val_loss', mode, visualizationFrequency: 1 },
      ...{ issueDetection: true },
      ...options,
    };
    this.#bestScore = mode === 'min' ? Infinity : -Infinity;
  }

  get currentEpoch(): number {
    return this.#currentEpoch;
  }

  get globalStep(): number {
    return this.#globalStep;
  }

  get bestScore(): number {
    return this.#bestScore;
  }

  get bestEpoch(): number {
    return this.#bestEpoch;
  }

  get stoppedEarly(): boolean {
    return this.#stoppedEarly;
  }

  /** Values by `{group}_{name}`, in the order in which they came. */
  get stepMetrics(): Record<string, readonly number[]> {
    return this.#steps.toDict();
  }

  /** Values by `{group}_{name}`, one an epoch; null where there was none. */
  get epochMetrics(): Record<string, readonly (number | null)[]> {
    return this.#epochs.toDict();
  }

  /** The newest 1000 points. */
  get alignmentHistory(): readonly AlignmentPoint[] {
    return this.#alignment.alignment;
  }

  /** @param epoch - from 0. */
  startEpoch(epoch: number): void {
    this.#currentEpoch = epoch;
  }

  /** Draws where that is due, looks whether training is to end, tells what is wrong, and saves. @returns what the epoch has measured. */
  async endEpoch(): Promise<Record<string, number>> {
    if (this.#currentEpoch % this.#options.visualizationFrequency === 0) await this.createVisualizations();
    this.checkEarlyStopping();
    if (this.#options.issueDetection) for (const finding of this.#findings()) this.#tell(finding);
    await this.saveMetrics();
    return this.getLatestMetrics();
  }

  /** Values of a step: numbers, tensors of one element, and objects of such. Tensors are read, and the device is waited for. */
  updateStepMetrics(metrics: MetricTree, group = 'train'): void {
    this.#globalStep += 1;
    this.#steps.update(metrics, group, { step: this.#globalStep, epoch: this.#currentEpoch });
  }

  /** The same of the current epoch; a value that is there already is replaced. */
  updateEpochMetrics(metrics: MetricTree, group = 'train'): void {
    const read = new MetricsHistory();
    read.update(metrics, group);
    for (const name of read.names) this.#epochs.set(name, this.#currentEpoch, read.getLatest(name)!);
  }

  /** Adds a point of alignment: the gap is `diagSimilarity - meanSimilarity`, signal to noise `|gap| / max(stdSimilarity, 1e-5)`. */
  updateAlignmentMetrics(point: {
    readonly diagSimilarity: number;
    readonly meanSimilarity: number;
    readonly stdSimilarity: number;
    /** Default: the steps so far. */
    readonly step?: number;
  }): void {
    const { diagSimilarity: diagMean, meanSimilarity: simMean, stdSimilarity, step = this.#globalStep } = point;
    const alignmentGap = diagMean - simMean;
    const alignmentSnr = Math.abs(alignmentGap) / Math.max(stdSimilarity, 1e-5);
    this.#alignment.updateAlignmentMetrics({ step, diagMean, simMean, alignmentGap, alignmentSnr });
  }

  /** Whether the monitored metric has not improved for `patience` epochs in a row. An epoch counts once, and one without the metric not at all. */
  checkEarlyStopping(): boolean {
    const { monitor, mode, patience, earlyStopping } = this.#options;
    const score = this.#epochs.get(monitor, this.#currentEpoch);
    if (score === undefined || this.#checkedEpoch === this.#currentEpoch) return this.#stoppedEarly;
    this.#checkedEpoch = this.#currentEpoch;
    if (mode === 'min' ? score < this.#bestScore : score > this.#bestScore) {
      this.#bestScore = score;
      this.#bestEpoch = this.#currentEpoch;
      this.#counter = 0;
    } else this.#counter += 1;
    if (earlyStopping && this.#counter >= patience) this.#stoppedEarly = true;
    return this.#stoppedEarly;
  }

  /** Of the best epoch. */
  getBestMetrics(): Record<string, number> {
    return { epoch: this.#bestEpoch, score: this.#bestScore, ...this.#epochs.row(this.#bestEpoch) };
  }

  /** The last value of each metric of epochs. */
  getLatestMetrics(): Record<string, number> {
    return this.#epochs.latest();
  }

  /** What is wrong, from the second epoch on: the training loss rises, the validation loss is far above it, something is NaN or infinite, the best validation lies back, the loss rises with the learning rate
   *  (`learning_rate` beside the `loss` of steps), pairs do not stand out. */
  checkForIssues(): string[] {
    return this.#findings().map(({ message }) => message);
  }

  #findings(): Finding[] {
    if (this.#epochs.numEpochs < 2) return [];
    const history = new MetricsHistory();
    for (const [name, values] of Object.entries(this.#epochs.toDict()))
      for (const [epoch, value] of values.entries())
        if (value !== null) history.update({ [`epoch_summary/${name.replace('_', '/')}`]: value }, '', { epoch });
    const moved = { 'train/loss': 'train_loss', lr: 'train_learning_rate' };
    for (const [name, own] of Object.entries(moved)) {
      const { values, steps, epochs } = this.#steps.getPoints(own);
      for (const [i, value] of values.entries())
        history.update({ [name]: value }, '', { step: steps[i]!, epoch: epochs[i]! });
    }
    for (const point of this.#alignment.alignment.slice(-1)) history.updateAlignmentMetrics(point);
    return diagnose(history, TRACKER_RULES);
  }

  #tell({ rule, severity, message }: Finding): void {
    const what = `${rule} ${severity}`;
    if (severity === 'note' || this.#said.has(what)) return;
    this.#said.add(what);
    process.emitWarning(`MetricsTracker: ${message}`, 'SconceWarning');
  }

  /** Draws a picture a metric, with a curve a group, and one of alignment, into `visualizations/`. @returns the paths. */
  async createVisualizations(): Promise<string[]> {
    const history = new MetricsHistory();
    for (const [name, values] of Object.entries(this.#epochs.toDict()))
      for (const [epoch, value] of values.entries())
        if (value !== null) history.update({ [name]: value }, '', { epoch });
    for (const point of this.#alignment.alignment) history.updateAlignmentMetrics(point);
    if (history.names.length === 0 && history.alignment.length === 0) return [];
    return plotHistory(history, join(this.logDir, 'visualizations'));
  }

  /** Everything as plain values: what `metrics.json` holds. */
  toDict(): Record<string, unknown> {
    const alignment = this.#alignment.alignment;
    return {
      ...{ step_metrics: this.stepMetrics, epoch_metrics: this.epochMetrics, best_score: this.#bestScore },
      ...{ best_epoch: this.#bestEpoch, early_stopped: this.#stoppedEarly, current_epoch: this.#currentEpoch },
      ...{ global_step: this.#globalStep },
      alignment_history: {
        step: alignment.map(({ step }) => step),
        diag_similarity: alignment.map(({ diagMean }) => diagMean),
        mean_similarity: alignment.map(({ simMean }) => simMean),
        alignment_gap: alignment.map(({ alignmentGap }) => alignmentGap),
        signal_to_noise: alignment.map(({ alignmentSnr }) => alignmentSnr),
      },
    };
  }

  /** Writes `metrics.json`: a reader sees the one of before or the new one. NaN and infinite numbers are texts in it. @returns its path. @throws {CheckpointError} where it cannot be written. */
  async saveMetrics(): Promise<string> {
    const path = join(this.logDir, 'metrics.json');
    const plain = (_: string, value: unknown): unknown =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    try {
      await mkdir(this.logDir, { recursive: true });
      await writeFile(`${path}.tmp`, `${JSON.stringify(this.toDict(), plain, 2)}\n`);
      await rename(`${path}.tmp`, path);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError(`Cannot save metrics: expected to write "${path}", got ${why}`, { cause });
    }
    return path;
  }
}
