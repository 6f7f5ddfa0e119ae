// `MetricsCollector`: what a run of two modalities has measured, as lists by name that anybody may read and change, and what is made of them: lines, pictures, a diagnosis.

import { ConfigError } from '../../errors.ts';
import { checkOptions, show, text } from '../../metrics/options.ts';
import { diagnoseTrainingIssues } from '../../tracking/diagnosis/collector-rules.ts';
import {
  type AlignmentPoint,
  type MetricSummary,
  MetricsHistory,
  type MetricTree,
  type MetricValue,
} from '../../tracking/history/metrics-history.ts';
import { plotHistory } from '../../tracking/history/plot-history.ts';
import { formatFixed } from '../../tracking/number-format.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import type { Stateful } from '../../trainer/checkpoint/state.ts';

export interface MetricsCollectorOptions {
  /** Where the lines of `logMetrics` go. Default: the process's standard output. */
  readonly stream?: ProgressStream;
}

/** How well the two sides of a step's pairs fit each other; see `AlignmentPoint` of sconce/tracking. Tensors of one element are read at once. */
export type AlignmentValues = Readonly<Record<keyof AlignmentPoint, MetricValue>>;

const ALIGNMENT: readonly (keyof AlignmentPoint)[] = ['step', 'diagMean', 'simMean', 'alignmentGap', 'alignmentSnr'];

/** Collects the metrics of a run. Names are `{prefix}_{name}`, and `{prefix}_{name}.{inner}` of what is nested; values are numbers, tensors of one element are read when they
 *  come, and texts have no place in a list. The lists grow with every call: O(epochs × metrics).
 *  Source: multimodal_insight_engine, trainers/multimodal/metrics_collector.py. Alignment alone is drawn too, which it is not there.
 *  @example
 *  import { MetricsCollector } from 'sconce/multimodal';
 *  const metrics = new MetricsCollector();
 *  metrics.update({ loss: 0.5, recalls: { top1: 0.25 } }, 'val');
 *  metrics.update({ loss: 0.25 }, 'val');
 *  metrics.getMetric('val_loss'); // [0.5, 0.25]
 *  metrics.getLatest('val_recalls.top1'); // 0.25
 *  metrics.getSummary().val_loss?.best; // 0.25 */
export class MetricsCollector implements Stateful {
  /** The values of each metric, oldest first. Lists may be changed and replaced. */
  history: Record<string, number[]> = Object.create(null) as Record<string, number[]>;
  readonly #stream: ProgressStream;
  #alignment: AlignmentPoint[] = [];

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: MetricsCollectorOptions = {}) {
    checkOptions('make MetricsCollector', options, {
      stream: ['something to write to', (value) => typeof (value as ProgressStream | null)?.write === 'function'],
    });
    this.#stream = options.stream ?? process.stdout;
  }

  /** Adds a value to each metric. @param prefix - goes before every name, as in 'train'. Default: nothing does. @throws {TypeError} for what is no object of values. */
  update(metrics: MetricTree, prefix = ''): void {
    if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics))
      throw new TypeError(
        `Cannot update metrics: expected an object of values, as { loss: 0.5 }, got ${show(metrics)}`,
      );
    const added = new MetricsHistory();
    added.update(metrics, prefix);
    for (const name of added.names) {
      this.history[name] ??= [];
      this.history[name].push(...added.getMetric(name));
    }
  }

  /** Writes a line as `Train: loss=0.5000, recalls.top1=0.8000` and adds the values. What is no number is written as it is. */
  logMetrics(metrics: MetricTree, prefix = ''): void {
    const title = prefix === '' ? '' : `${prefix[0]!.toUpperCase()}${prefix.slice(1).toLowerCase()}: `;
    this.#stream.write(`${title}${partsOf(metrics, '').join(', ')}\n`);
    this.update(metrics, prefix);
  }

  /** The values of a metric; empty where there is none of that name. */
  getMetric(name: string): readonly number[] {
    return this.history[name] ?? [];
  }

  /** The last value of a metric; undefined where there is none. */
  getLatest(name: string): number | undefined {
    return this.history[name]?.at(-1);
  }

  /** Adds a point to what is known of the alignment of both sides, which is apart from the metrics.
   *  @throws {ConfigError} that lists every problem of the values. */
  updateAlignmentMetrics(values: AlignmentValues): void {
    checkOptions(
      'update the alignment',
      values,
      Object.fromEntries(ALIGNMENT.map((name) => [name, NUMBER])),
      ALIGNMENT,
    );
    const numbers = ALIGNMENT.map((name) => [name, numberOf(values[name])]);
    this.#alignment.push(Object.fromEntries(numbers) as AlignmentPoint);
  }

  /** What is known of the alignment, oldest first. */
  get alignment(): readonly AlignmentPoint[] {
    return this.#alignment;
  }

  /** What loss and accuracy of the training say about it, in a line each: a loss that does not fall, explodes or jumps, an accuracy that stands still. */
  diagnoseTrainingIssues(): string {
    return diagnoseTrainingIssues(this.#asHistory());
  }

  /** Draws a picture for each metric, `loss.png` with a line for each prefix over epochs, and `alignment_metrics.png`; makes the folder.
   *  @returns the paths; none without `saveDir`, and none, with a warning, where nothing was measured.
   *  @throws {ConfigError} that lists every problem of the options. */
  async plotHistory(options: { readonly saveDir?: string | undefined } = {}): Promise<string[]> {
    checkOptions('plot the history', options, { saveDir: text });
    const history = this.#asHistory();
    if (history.names.length === 0 && history.alignment.length === 0) {
      process.emitWarning('No metrics to plot', 'SconceWarning');
      return [];
    }
    return options.saveDir === undefined ? [] : plotHistory(history, options.saveDir);
  }

  /** Of each metric its latest value, the best (the least where the name has `loss` in it, else the greatest), mean, population standard deviation and count. */
  getSummary(): Record<string, MetricSummary> {
    return this.#asHistory().getSummary();
  }

  /** Forgets everything, alignment too. */
  clear(): void {
    for (const name of Object.keys(this.history)) delete this.history[name]; // whoever holds the object sees it
    this.#alignment = [];
  }

  /** Copies of the lists; what is known of the alignment is not among them. */
  toDict(): Record<string, number[]> {
    return Object.fromEntries(Object.entries(this.history).map(([name, values]) => [name, [...values]]));
  }

  /** Takes these lists in place of those there are. @throws {ConfigError} where an entry is no list of numbers; then nothing has changed. */
  fromDict(dict: Readonly<Record<string, readonly number[]>>): void {
    const problems = Object.entries(dict).flatMap(([name, values]) =>
      Array.isArray(values) && values.every((value) => typeof value === 'number')
        ? []
        : [`${name}: expected a list of numbers, got ${show(values)}`],
    );
    if (problems.length > 0) throw new ConfigError('load metrics', problems);
    const copies = Object.entries(dict).map(([name, values]) => [name, [...values]] as const);
    this.history = Object.assign(Object.create(null), Object.fromEntries(copies)) as Record<string, number[]>;
  }

  /** Everything, alignment too, for a checkpoint. */
  state(): unknown {
    return { history: this.toDict(), alignment: this.#alignment.map((point) => ({ ...point })) };
  }

  /** Takes what `state` gave. @throws {ConfigError} for anything else; then nothing has changed. */
  loadState(state: unknown): void {
    const { history, alignment } = (typeof state === 'object' && state !== null ? state : {}) as {
      history?: Record<string, number[]>;
      alignment?: unknown;
    };
    const isPoint = (point: unknown): boolean =>
      typeof point === 'object' &&
      point !== null &&
      ALIGNMENT.every((name) => typeof (point as Record<string, unknown>)[name] === 'number');
    if (typeof history !== 'object' || !Array.isArray(alignment) || !alignment.every(isPoint))
      throw new ConfigError('load metrics', [`expected a state of a MetricsCollector, got ${show(state)}`]);
    this.fromDict(history);
    this.#alignment = alignment.map((point: AlignmentPoint) => ({ ...point }));
  }

  #asHistory(): MetricsHistory {
    const history = new MetricsHistory();
    const filled = Object.entries(this.history).filter(([, values]) => values.length > 0);
    history.fromDict(Object.fromEntries(filled));
    for (const point of this.#alignment) history.updateAlignmentMetrics(point);
    return history;
  }
}

const NUMBER = ['a number, or a tensor of one element', (value: unknown) => numberOf(value) !== undefined] as const;

function numberOf(value: unknown): number | undefined {
  const history = new MetricsHistory();
  history.update({ value });
  return history.getLatest('value');
}

/** `name=0.5000` of everything in a nest. */
function partsOf(metrics: MetricTree, before: string): string[] {
  return Object.entries(metrics).flatMap(([name, value]) => {
    const number = numberOf(value);
    if (number !== undefined) return [`${before}${name}=${formatFixed(number, 4)}`];
    const isNest = typeof value === 'object' && value !== null && !('item' in value);
    return isNest ? partsOf(value as MetricTree, `${before}${name}.`) : [`${before}${name}=${String(value)}`];
  });
}
