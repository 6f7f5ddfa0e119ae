// `Evaluator`: every validation sample once, without gradients, in evaluation mode; afterwards modules and random numbers are as they were before.

import { noGrad } from '../../tensor/autograd.ts';
import { getRngState, setRngState } from '../../tensor/generator.ts';
import { scope } from '../../tensor/scope.ts';
import type { Metric } from '../metrics/metric.ts';
import { MetricsCollector } from '../metrics/metrics-collector.ts';
import { Breath } from './breath.ts';
import type { DataHandler } from './data-handler.ts';
import type { CallbackList } from './events.ts';
import type { LoopContext } from './loop-context.ts';
import type { Precision } from './precision.ts';
import { outputOf, type StepOutput } from './step.ts';

export interface EvaluationResult {
  /** Means and metrics: `val/loss`, `val/dl_{name}/loss`, `val/{metric}`. */
  readonly values: Readonly<Record<string, number>>;
  readonly numSamples: number;
}

/** Runs on one batch; synchronous. */
export type ValidationStep = (
  batch: unknown,
  batchIndex: number,
  loaderIndex: number,
  loaderName: string,
) => StepOutput;

export interface EvaluatorOptions {
  readonly data: DataHandler;
  readonly step: ValidationStep;
  readonly precision: Precision;
  readonly callbacks: CallbackList;
  /** Metrics over the whole evaluation; the step updates them. */
  readonly metrics?: readonly Metric[];
  /** Asked between batches; true ends the evaluation without a result. */
  readonly isStopped?: () => boolean;
}

/** Evaluates the model on the validation loaders, one after the other. Training goes on as if there had been none: what the step draws from the default
 *  generator is drawn again. */
export class Evaluator {
  readonly #options: EvaluatorOptions;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /** @returns undefined if it was stopped. */
  async evaluate(context: LoopContext): Promise<EvaluationResult | undefined> {
    const { callbacks, metrics = [] } = this.#options;
    const rng = getRngState();
    const means = new MetricsCollector('val');
    for (const metric of metrics) metric.reset();
    const mode = context.model.evalMode();
    try {
      await callbacks.announce('validationStart', context);
      const numSamples = await this.#play(context, means);
      if (numSamples === undefined) return undefined;
      const computed = metrics.flatMap((metric) =>
        Object.entries(metric.compute()).map(([name, value]) => [`val/${name}`, value] as const),
      );
      const result = { values: { ...means.means(), ...Object.fromEntries(computed) }, numSamples };
      await callbacks.announce('validationEnd', context, result);
      return result;
    } finally {
      mode.restore();
      setRngState(rng);
      for (const metric of metrics) metric.reset();
      means.reset();
    }
  }

  async #play(context: LoopContext, means: MetricsCollector): Promise<number | undefined> {
    const { data, step, precision, callbacks, isStopped } = this.#options;
    let numSamples = 0;
    const breath = new Breath();
    for (const [loaderIndex, { name, loader }] of data.val.entries()) {
      loader.setEpoch(0);
      let batchIndex = 0;
      for await (const item of loader) {
        if (isStopped?.()) return undefined;
        try {
          noGrad(() =>
            scope(() => {
              const { batch, batchSize } = data.prepare(item);
              Object.assign(context, { batch, batchSize, loaderIndex, loaderName: name, batchIndex });
              const output = outputOf(
                precision.run(() => step(batch, batchIndex, loaderIndex, name)),
                'validation',
              );
              means.add(name, output, batchSize);
              numSamples += batchSize;
              callbacks.tell('validationBatchEnd', context);
            }, 'validation step'),
          );
        } finally {
          context.batch = undefined;
        }
        batchIndex += 1;
        if (breath.isDue) await breath.take();
      }
    }
    return numSamples;
  }
}
