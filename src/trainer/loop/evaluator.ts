// `Evaluator`: every sample of its loaders once, without gradients, in evaluation mode; afterwards modules and random numbers are as they were before.

import type { NamedLoader } from '../../data/index.ts';
import type { AnyMetric } from '../../metrics/metric.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { getRngState, setRngState } from '../../tensor/generator.ts';
import { scope } from '../../tensor/scope.ts';
import type { Matrix } from '../../tracking/data-records.ts';
import type { Aggregation } from '../metrics/aggregation.ts';
import { LoaderMetrics } from '../metrics/loader-metrics.ts';
import { MetricNames } from '../metrics/metric-names.ts';
import { MetricsCollector } from '../metrics/metrics-collector.ts';
import { Ranks } from '../ranks/ranks.ts';
import { Breath } from './breath.ts';
import type { DataHandler } from './data-handler.ts';
import type { CallbackList } from './events.ts';
import type { LoopContext, Phase } from './loop-context.ts';
import { evalModeOf } from './modules-of-run.ts';
import type { Precision } from './precision.ts';
import { outputOf, type StepOutput } from './step.ts';
import { StepTimes } from './step-times.ts';

export interface EvaluationResult {
  /** Means and metrics: `val/loss`, `val/dl_{name}/loss`, `val/{metric}`, of metrics that can be merged `val/dl_{name}/{metric}`; of a test `test/…`. */
  readonly values: Readonly<Record<string, number>>;
  /** Tables of the metrics by name, as `val/confusion_matrix`; of each of several loaders too, `val/dl_{name}/confusion_matrix`. */
  readonly matrices: Readonly<Record<string, Matrix>>;
  readonly numSamples: number;
  /** Where the time went, `profile/val/dl_{name}/time_forward_ms`, where that is measured. */
  readonly times: Readonly<Record<string, number>>;
}

/** Runs on one batch; synchronous. */
export type ValidationStep = (
  batch: unknown,
  batchIndex: number,
  loaderIndex: number,
  loaderName: string,
) => StepOutput;

export interface EvaluatorOptions {
  /** The loaders, and how their batches reach the model. */
  readonly data: Pick<DataHandler, 'val' | 'prepare'>;
  readonly step: ValidationStep;
  readonly precision: Precision;
  readonly callbacks: CallbackList;
  /** Metrics over the whole evaluation; the step updates them. */
  readonly metrics?: readonly AnyMetric[];
  /** How the values of several loaders become one. Default 'micro_avg_weighted_by_samples'. */
  readonly aggregation?: Aggregation;
  /** What values are called outside. Default: as here. */
  readonly names?: MetricNames;
  /** Whether `shown` has the values of each loader. Default true. */
  readonly perLoaderMetrics?: boolean;
  /** Whether `shown` has the values over all loaders. Default true. */
  readonly globalMetrics?: boolean;
  /** Batches of each loader at most. Default: all. */
  readonly limitBatches?: number | undefined;
  /** Whether times are measured. Default false. */
  readonly isProfiled?: boolean;
  /** The processes that each evaluate their part of the loaders. Default: this one alone. */
  readonly ranks?: Ranks;
  /** Hears what the evaluation survives. Default: warnings of the process. */
  readonly warn?: (message: string) => void;
  /** Asked between batches; true ends the evaluation without a result. */
  readonly isStopped?: () => boolean;
}

/** One evaluation. */
export interface EvaluateOptions {
  /** Default 'validate'. */
  readonly phase?: Exclude<Phase, 'train' | 'predict'>;
  /** Batches of each loader at most. Default: as the evaluator has it. */
  readonly limitBatches?: number;
  /** What is evaluated on. Default: the validation loaders. */
  readonly loaders?: readonly NamedLoader<unknown>[];
}

const [DATA, FORWARD] = [0, 1];

/** Evaluates the model on loaders, one after the other. Training goes on as if there had been none: what the step draws from the default generator is drawn
 *  again. */
export class Evaluator {
  readonly #options: EvaluatorOptions;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /** @returns undefined if it was stopped. */
  async evaluate(context: LoopContext, options: EvaluateOptions = {}): Promise<EvaluationResult | undefined> {
    const { callbacks, metrics = [] } = this.#options;
    const rng = getRngState();
    const mode = evalModeOf(context);
    context.phase = options.phase ?? 'validate';
    context.evaluationLoaders = options.loaders ?? this.#options.data.val;
    context.evaluationBatches = countBatches(
      context.evaluationLoaders,
      options.limitBatches ?? this.#options.limitBatches,
    );
    const errors: unknown[] = [];
    let result: EvaluationResult | undefined;
    try {
      await callbacks.announce('validationStart', context);
      result = await this.measure(context, options);
    } catch (error) {
      errors.push(error);
    }
    mode.restore();
    setRngState(rng);
    for (const metric of metrics) metric.reset();
    errors.push(...(await callbacks.announceToAll('validationEnd', context, result && this.#named(result))));
    if (errors.length === 0) return result;
    const [first, ...others] = errors;
    for (const other of others) process.emitWarning(other instanceof Error ? other : String(other));
    throw first;
  }

  /** What is between the events of an evaluation, with modules in evaluation mode. @returns undefined if it was stopped. */
  protected async measure(context: LoopContext, options: EvaluateOptions): Promise<EvaluationResult | undefined> {
    const { metrics = [], aggregation, data, isProfiled = false } = this.#options;
    const { phase = 'validate', loaders = data.val } = options;
    const prefix = phase === 'test' ? 'test' : 'val';
    const { ranks = Ranks.alone, warn = (message) => process.emitWarning(message, 'SconceWarning') } = this.#options;
    const means = new MetricsCollector(prefix, { ...(aggregation ? { aggregation } : {}), over: { ranks, warn } });
    const names = loaders.map(({ name }) => name);
    const times = isProfiled ? new StepTimes(prefix, names) : undefined;
    const gathered = new LoaderMetrics(metrics, ranks);
    gathered.reset();
    try {
      const numSamples = await this.#play(context, { ...options, loaders, means, times, gathered });
      if (numSamples === undefined) return undefined;
      const read = gathered.read(aggregation ?? 'micro_avg_weighted_by_samples');
      const keyed = <T>(named: Readonly<Record<string, T>>): Record<string, T> =>
        Object.fromEntries(Object.entries(named).map(([name, value]) => [`${prefix}/${name}`, value]));
      const values = { ...means.means(), ...keyed(read.values) };
      return { values, matrices: keyed(read.matrices), numSamples, times: times?.take() ?? {} };
    } finally {
      means.reset();
      gathered.dispose();
    }
  }

  /** The values, or matrices, that are logged and recorded, as they are called outside: with the loaders' own and those over all of them, as the options say. */
  shown<T>(values: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
    const { perLoaderMetrics = true, globalMetrics = true, names = new MetricNames() } = this.#options;
    if (perLoaderMetrics && globalMetrics) return names.outer(values);
    const isShown = (name: string): boolean => (/\/dl_[^/]+\//.test(name) ? perLoaderMetrics : globalMetrics);
    return names.outer(Object.fromEntries(Object.entries(values).filter(([name]) => isShown(name))));
  }

  #named(result: EvaluationResult): EvaluationResult {
    const { names } = this.#options;
    return names ? { ...result, values: names.outer(result.values), matrices: names.outer(result.matrices) } : result;
  }

  async #play(
    context: LoopContext,
    options: EvaluateOptions & {
      loaders: readonly NamedLoader<unknown>[];
      means: MetricsCollector;
      times: StepTimes | undefined;
      gathered: LoaderMetrics;
    },
  ): Promise<number | undefined> {
    const { data, isStopped, ranks = Ranks.alone } = this.#options;
    const {
      loaders,
      means,
      times,
      gathered,
      limitBatches = this.#options.limitBatches ?? Number.POSITIVE_INFINITY,
    } = options;
    let numSamples = 0;
    const breath = new Breath();
    for (const [loaderIndex, { name, loader }] of loaders.entries()) {
      loader.setEpoch(0);
      let batchIndex = 0;
      const samplesBefore = numSamples;
      let asked = performance.now();
      let isCut = false;
      for await (const item of loader) {
        isCut = isStopped?.() ?? false;
        if (isCut) break;
        times?.add(loaderIndex, DATA!, performance.now() - asked);
        try {
          noGrad(() =>
            scope(() => {
              const { batch, batchSize } = data.prepare(item);
              Object.assign(context, { batch, batchSize, loaderIndex, loaderName: name, batchIndex });
              numSamples += batchSize;
              this.#step(context, means, times);
            }, 'validation step'),
          );
        } finally {
          context.batch = undefined;
          context.output = undefined;
        }
        batchIndex += 1;
        if (breath.isDue) await breath.take();
        if (batchIndex >= limitBatches) break;
        asked = performance.now();
      }
      if (ranks.anyTrue(isCut)) return undefined;
      const ofLoader = ranks.sum([numSamples - samplesBefore])[0]!;
      numSamples = samplesBefore + ofLoader;
      gathered.endLoader(name, ofLoader, loaderIndex === loaders.length - 1);
    }
    return numSamples;
  }

  #step(context: LoopContext, means: MetricsCollector, times: StepTimes | undefined): void {
    const { step, precision, callbacks } = this.#options;
    const { batch, batchSize, batchIndex, loaderIndex, loaderName } = context;
    callbacks.tell('validationBatchStart', context);
    const started = times ? performance.now() : 0;
    const output = outputOf(
      precision.run(() => step(batch, batchIndex, loaderIndex, loaderName)),
      'validation',
    );
    times?.add(loaderIndex, FORWARD!, performance.now() - started);
    means.add(loaderName, output, batchSize);
    context.output = output;
    callbacks.tell('validationBatchEnd', context);
  }
}

/** Batches of several loaders together. @param limit - of each, at most. */
export function countBatches(loaders: readonly NamedLoader<unknown>[], limit = Number.POSITIVE_INFINITY): number {
  return loaders.reduce((sum, { loader }) => sum + Math.min(loader.length, limit), 0);
}
