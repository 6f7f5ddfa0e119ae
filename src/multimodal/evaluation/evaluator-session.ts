// One evaluation of an `Evaluator`: what happens to a batch, and who plays the batches where no trainer does.

import type { BatchLoader } from '../../data/index.ts';
import type { AnyMetric } from '../../metrics/metric.ts';
import { show } from '../../metrics/options.ts';
import { normalize } from '../../nn/functional/normalize.ts';
import { Module } from '../../nn/module.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { startClocks } from '../../trainer/loop/clocks.ts';
import { prepareBatch } from '../../trainer/loop/data-handler.ts';
import { Evaluator as BatchEvaluator, type EvaluationResult } from '../../trainer/loop/evaluator.ts';
import { CallbackList } from '../../trainer/loop/events.ts';
import { precisionOf } from '../../trainer/loop/precision.ts';
import { makeContext } from '../../trainer/loop/run-context.ts';
import type { StepOutput } from '../../trainer/loop/step.ts';
import { DataHandler, type NamedBatch } from '../batches/data-handler.ts';
import { type BatchFeatures, FEATURES } from '../batches/features.ts';
import { type LossInputs, type LossOutput, type MultimodalLoss, takesRawFeatures } from '../losses/multimodal-loss.ts';
import { AlignmentMetric } from './alignment.ts';
import type { Evaluator } from './evaluator.ts';
import { hasBothKinds, withoutEnhanced } from './evaluator-features.ts';
import { idsOf } from './evaluator-ids.ts';
import { GlobalRetrieval, InBatchRetrieval } from './evaluator-metrics.ts';

/** What happens to each batch. */
export interface EvaluatorBatchOptions {
  /** What the model is given; nothing for a batch that is left out. Default: that of a `DataHandler`. */
  readonly prepareModelInputsFn?: (batch: NamedBatch) => object | undefined;
  /** Default: that of a `DataHandler`. */
  readonly toDeviceFn?: (batch: unknown) => NamedBatch;
  /** Default: no loss is computed. */
  readonly lossFn?: MultimodalLoss | Module | ((inputs: LossInputs) => LossOutput | Tensor);
  /** What the loss is given; its features are those that are looked up. Default: that of a `DataHandler`. */
  readonly prepareLossInputsFn?: (batch: NamedBatch, outputs: unknown) => LossInputs;
}

/** What an evaluation is made of, for who plays its batches. */
export interface EvaluationParts {
  readonly loader: BatchLoader<unknown>;
  readonly model: Module;
  /** Takes a batch as the loader gives it; synchronous. */
  readonly step: (batch: unknown) => StepOutput;
  /** Read at the end, and reset. */
  readonly metrics: readonly AnyMetric[];
  /** Modules beside the model that have to be in evaluation mode, as a loss. */
  readonly modules: readonly Module[];
}

/** Plays the batches of an evaluation. @returns undefined where it was stopped. */
export type PlayEvaluation = (parts: EvaluationParts) => Promise<EvaluationResult | undefined>;

/** Plays them by the trainer's evaluator, without callbacks and without a run. */
export const playAlone: PlayEvaluation = async ({ loader, model, step, metrics, modules }) => {
  const modes = modules.map((module) => module.evalMode());
  try {
    const evaluator = new BatchEvaluator({
      data: {
        val: [{ name: 'all', loader }],
        prepare: (batch) => prepareBatch(batch, { device: 'cpu' }), // the step takes it to the device
      },
      step,
      precision: precisionOf('float32', 'cpu'),
      callbacks: new CallbackList([]),
      metrics,
    });
    const context = makeContext({ model, optimizers: [], clocks: startClocks(), extra: () => ({}) });
    return await evaluator.evaluate(context);
  } finally {
    for (const mode of modes) mode.restore();
  }
};

/** What one call of `evaluate` does to its batches. */
export class EvaluationSession {
  readonly metrics: readonly (GlobalRetrieval | InBatchRetrieval | AlignmentMetric)[];
  readonly #evaluator: Evaluator;
  readonly #options: EvaluatorBatchOptions;
  readonly #handler: DataHandler;
  #numBatches = 0;
  #numLeftOut = 0;
  #hasIds: boolean | undefined;
  /** Whether the model gave features of both kinds. */
  hasBothKinds = false;

  constructor(evaluator: Evaluator, options: EvaluatorBatchOptions & { computeInBatchComparison: boolean }) {
    const { model, device, recallKValues } = evaluator;
    this.#evaluator = evaluator;
    this.#options = options;
    const normalizesFeatures = !takesRawFeatures(options.lossFn);
    this.#handler = new DataHandler({ model, device, enableDiagnostics: false, normalizesFeatures });
    const inBatch = options.computeInBatchComparison ? [new InBatchRetrieval(recallKValues)] : [];
    this.metrics = [new GlobalRetrieval(recallKValues), ...inBatch, new AlignmentMetric()];
  }

  get modules(): readonly Module[] {
    const { lossFn } = this.#options;
    return lossFn instanceof Module ? [lossFn] : [];
  }

  /** Measures a batch: its features go to the metrics, its loss and its own values are the output. */
  step(given: unknown): StepOutput {
    const { toDeviceFn, prepareModelInputsFn } = this.#options;
    const batch = toDeviceFn ? toDeviceFn(given) : this.#handler.toDevice(given);
    this.#numBatches += 1;
    const inputs = prepareModelInputsFn ? prepareModelInputsFn(batch) : this.#handler.prepareModelInputs(batch);
    if (!inputs || Object.keys(inputs).length === 0) {
      this.#numLeftOut += 1;
      return {};
    }
    const outputs: unknown = Reflect.apply(this.#evaluator.model.forward, this.#evaluator.model, [inputs]);
    this.hasBothKinds ||= hasBothKinds(outputs);
    const inputsOfLoss = this.#prepare(batch, outputs);
    const { vision, text } = this.#featuresOf(batch, outputs, inputsOfLoss);
    this.#gather(batch, vision, text);
    const measured = this.#evaluator.computeMetrics(outputs, inputsOfLoss.labels);
    if (typeof measured !== 'object' || measured === null || measured instanceof Promise)
      throw new TypeError(`Cannot evaluate: expected values by name from computeMetrics(), got ${show(measured)}`);
    return {
      ...this.#lossOf(inputsOfLoss),
      ...measured,
      [FEATURES]: { vision, text },
    };
  }

  #prepare(batch: NamedBatch, outputs: unknown): LossInputs {
    return this.#options.prepareLossInputsFn?.(batch, outputs) ?? this.#handler.prepareLossInputs(batch, outputs);
  }

  /** Those that the loss is given, so that what is measured is what is trained; of length 1. */
  #featuresOf(batch: NamedBatch, outputs: unknown, inputsOfLoss: LossInputs): BatchFeatures {
    const seen = this.#evaluator.usesEnhancedFeatures === false ? withoutEnhanced(outputs) : outputs;
    const isGiven = seen === outputs && inputsOfLoss.visionFeatures && inputsOfLoss.textFeatures;
    const { visionFeatures, textFeatures } = isGiven ? inputsOfLoss : this.#handler.prepareLossInputs(batch, seen);
    if (!visionFeatures || !textFeatures)
      throw new TypeError(
        `Cannot evaluate: expected features of both sides in the model's output, got ${Object.keys(outputs as object).join(', ')}`,
      );
    return { vision: normalize(visionFeatures), text: normalize(textFeatures) };
  }

  #gather(batch: unknown, vision: Tensor, text: Tensor): void {
    const ids = idsOf(batch, [vision.size(0), text.size(0)], vision.device);
    const hasIds = ids.image !== undefined;
    this.#hasIds ??= hasIds;
    if (hasIds !== this.#hasIds)
      throw new TypeError(
        `Cannot evaluate: expected ids (original_idx, idx) in every batch or in none, got ${hasIds ? 'some' : 'none'} in batch ${this.#numBatches - 1}`,
      );
    if (vision.size(0) !== text.size(0) && !ids.text)
      throw new TypeError(
        `Cannot evaluate: expected as many texts as pictures, or ids of both (original_idx and text_original_idx), got ${vision.size(0)} pictures and ${text.size(0)} texts`,
      );
    for (const metric of this.metrics) metric.update(vision, text, ids.image, ids.text);
  }

  #lossOf(inputs: LossInputs): Readonly<Record<string, unknown>> {
    const { lossFn } = this.#options;
    if (!lossFn) return {};
    const output: unknown = lossFn instanceof Module ? Reflect.apply(lossFn.forward, lossFn, [inputs]) : lossFn(inputs);
    if (output instanceof Tensor) return { loss: output };
    const loss = typeof output === 'object' && output !== null ? Reflect.get(output, 'loss') : undefined;
    if (!(loss instanceof Tensor) && typeof loss !== 'number')
      throw new TypeError(`Cannot evaluate: expected { loss } from the loss, got ${show(output)}`);
    return output as Readonly<Record<string, unknown>>;
  }

  /** Without the phase, and without those of single loaders: there is one.
   *  @throws {RangeError} where no batch brought features. */
  valuesOf({ values }: EvaluationResult): Record<string, number> {
    const all = this.#numBatches;
    if (this.#numLeftOut === all)
      throw new RangeError(
        `Cannot evaluate: expected features from at least one batch, got ${all === 0 ? 'no batch' : `${all} without anything for the model`}`,
      );
    if (this.#numLeftOut > 0)
      process.emitWarning(
        `${this.#numLeftOut} of ${all} batches had nothing for the model and were left out`,
        'SconceWarning',
      );
    const entries = Object.entries(values).map(([name, value]) => [name.replace(/^\w+\//, ''), value] as const);
    return Object.fromEntries(entries.filter(([name]) => !name.startsWith('dl_')));
  }
}
