// `Evaluator`: how well a model of two modalities finds what belongs together, among all samples of an evaluation and inside its batches.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError, ShapeError } from '../../errors.ts';
import { checkOptions, flag, type Rule, show } from '../../metrics/options.ts';
import { K } from '../../metrics/retrieval/pairs.ts';
import { rankBothWays } from '../../metrics/retrieval/places.ts';
import { normalize } from '../../nn/functional/normalize.ts';
import { Module } from '../../nn/module.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { type Device, isDeviceName } from '../../tensor/device.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { isLoader } from '../../trainer/trainer-problems.ts';
import { matchCodes } from '../losses/match-ids.ts';
import type { MatchIds } from '../losses/multimodal-loss.ts';
import { globalValues } from './evaluator-metrics.ts';
import { describeRetrieval } from './evaluator-report.ts';
import { EvaluationSession, type EvaluatorBatchOptions, type PlayEvaluation, playAlone } from './evaluator-session.ts';

export interface EvaluatorOptions {
  /** Takes `{ images, textData }` and gives an object with features: see `DataHandler`. */
  readonly model: Module;
  /** Where batches go. Default: where the model is. */
  readonly device?: Device;
  /** Default [1, 5, 10]. */
  readonly recallKValues?: readonly number[];
  /** Whether features count that have seen the other side of their own pair, where the model gives some (`visionFeaturesEnhanced`), as in multimodal_insight_engine. They find it by that: with false retrieval is
   *  measured on features that both sides have alone. Default true, with a warning where the model gives both. */
  readonly usesEnhancedFeatures?: boolean;
}

/** One evaluation. */
export interface EvaluatorEvaluateOptions extends EvaluatorBatchOptions {
  /** Whether retrieval inside batches is measured, too. Default true. */
  readonly computeInBatchComparison?: boolean;
  /** Who plays the batches. Default: the evaluator, without a trainer. @internal */
  readonly play?: PlayEvaluation;
}

/** Embeddings that are there already. */
export interface RetrievalInputs {
  /** [N, D]; normalised here. */
  readonly imageEmbeddings: Tensor;
  /** [M, D] */
  readonly textEmbeddings: Tensor;
  /** Rows with equal ids belong together. Default: row i of one side to row i of the other. */
  readonly indices?: MatchIds;
  /** Of the texts, where there is another number of them. Default: `indices`. */
  readonly textIndices?: MatchIds;
}

const RULES: Readonly<Record<string, Rule>> = {
  model: ['a Module', (value) => value instanceof Module],
  device: ['the name of a device', (value) => typeof value === 'string' && isDeviceName(value)],
  recallKValues: K,
  usesEnhancedFeatures: flag,
};

const isFunction = (value: unknown): boolean => typeof value === 'function';
const FUNCTION: Rule = ['a function', isFunction];
const EVALUATE_RULES: Readonly<Record<string, Rule>> = {
  prepareModelInputsFn: FUNCTION,
  toDeviceFn: FUNCTION,
  computeInBatchComparison: flag,
  lossFn: ['a loss', (value) => isFunction(value) || value instanceof Module],
  prepareLossInputsFn: FUNCTION,
  play: FUNCTION,
};

/** Measures retrieval both ways. Every picture is looked up among all texts of the evaluation, and every text among all pictures (`global_…`), and inside each batch, as a contrastive loss
 *  sees it (`in_batch_…`: easier, and no result).
 *  Values: `global_{i2t,t2i,avg}_recall@{k}`, `global_{i2t,t2i}_accuracy` and `global_accuracy` (recall at 1, whatever the k), `global_{i2t,t2i,avg}_mrr`, `global_{i2t,t2i}_median_rank`,
 *  `global_chance_recall@{k}`; the same recalls as `recalls.{t2i,i2t}_R{k}`; `in_batch_{i2t,t2i,avg}_recall@{k}`, `in_batch_{i2t,t2i}_accuracy`, `in_batch_accuracy`; the values of an
 *  `AlignmentMetric`; with a loss `loss` and what else it gives; and what `computeMetrics` gives. Partners, ties and memory as in `RetrievalRecall`.
 *  Features are those that the loss is given, by default what a `DataHandler` finds, of length 1. Which rows belong together say `original_idx`, `idx` or `match_id` of a batch, in either spelling; of texts, where there
 *  is another number of them than of pictures, `text_original_idx` or `text_idx`. Without ids row i of the texts belongs to row i of the pictures.
 *  Source: multimodal_insight_engine, trainers/multimodal/evaluation.py, whose values in batches are of the whole matrix, and whose accuracy is 0 unless 1 is among the k.
 *  @example
 *  import { Evaluator } from 'sconce/multimodal';
 *  const evaluator = new Evaluator({ model: new nn.Identity(), recallKValues: [1] });
 *  const values = evaluator.computeRetrievalMetrics({
 *    imageEmbeddings: tensor([[1, 0], [0, 1]]),
 *    textEmbeddings: tensor([[0.9, 0.1], [0.8, 0.2]]),
 *  });
 *  [values['global_i2t_recall@1'], values['recalls.t2i_R1'], values.global_accuracy]; // [1, 0.5, 0.75] */
export class Evaluator {
  readonly model: Module;
  readonly device: Device;
  readonly recallKValues: readonly number[];
  /** Undefined where nobody has said it: then they are used, and a warning says so. */
  readonly usesEnhancedFeatures: boolean | undefined;
  #hasWarned = false;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: EvaluatorOptions) {
    checkOptions('make an Evaluator', options, RULES, ['model']);
    const { model, device, recallKValues = [1, 5, 10] } = options;
    this.model = model;
    this.device = device ?? model.parameters()[0]?.device ?? 'cpu';
    this.recallKValues = recallKValues;
    this.usesEnhancedFeatures = options.usesEnhancedFeatures;
  }

  /** Plays every batch once, without gradients and in evaluation mode; training goes on as if there had been none. A batch for which `prepareModelInputsFn` gives nothing is left out, with a warning.
   *  @throws {ConfigError} for options that do not fit.  @throws {TypeError} for a model that gives no features of both sides.  @throws {ShapeError} where there is not one id for each row.
   *  @throws {RangeError} where no batch brought features. */
  async evaluate(
    dataloader: BatchLoader<unknown>,
    options: EvaluatorEvaluateOptions = {},
  ): Promise<Record<string, number>> {
    checkOptions('evaluate', options, EVALUATE_RULES);
    if (!isLoader(dataloader))
      throw new ConfigError('evaluate', [`dataloader: expected a DataLoader, got ${show(dataloader)}`]);
    const { computeInBatchComparison = true, play = playAlone, ...batchOptions } = options;
    const session = new EvaluationSession(this, { ...batchOptions, computeInBatchComparison });
    const result = await play({
      loader: dataloader,
      model: this.model,
      step: (batch) => session.step(batch),
      metrics: session.metrics,
      modules: session.modules,
    });
    if (session.hasBothKinds) this.#warnOfEnhanced();
    return result ? session.valuesOf(result) : {};
  }

  #warnOfEnhanced(): void {
    if (this.usesEnhancedFeatures !== undefined || this.#hasWarned) return;
    this.#hasWarned = true;
    process.emitWarning(
      'Retrieval is measured on enhanced features, which have seen the other side of their own pair; set usesEnhancedFeatures',
      'SconceWarning',
    );
  }

  /** Measures embeddings that are there already: the `global_…` values and `recalls.…`. Waits for the device.
   *  @throws {ShapeError} for sides that do not belong together. */
  computeRetrievalMetrics(inputs: RetrievalInputs): Record<string, number> {
    const any: Rule = ['a value', () => true];
    checkOptions(
      'compute retrieval metrics',
      inputs,
      { imageEmbeddings: any, textEmbeddings: any, indices: any, textIndices: any },
      ['imageEmbeddings', 'textEmbeddings'],
    );
    const { imageEmbeddings: image, textEmbeddings: text, indices, textIndices } = inputs;
    const numTexts = textIndices || !indices ? text.size(0) : image.size(0);
    if (
      image.ndim !== 2 ||
      text.ndim !== 2 ||
      image.size(1) !== text.size(1) ||
      (!textIndices && !sameRows(image, text))
    )
      throw new ShapeError(
        `Cannot compute retrieval metrics: expected embeddings [N, D] of both sides, and textIndices where their numbers differ, got [${image.shape.join(', ')}] and [${text.shape.join(', ')}]`,
      );
    if (image.size(0) === 0 || numTexts === 0) return {};
    return noGrad(() =>
      scope(() => {
        const { device } = image;
        const rankings = rankBothWays({
          left: normalize(image.to('float32')),
          right: normalize(text.to('float32')),
          leftIds: indices && matchCodes('retrieval metrics', indices, image.size(0), device),
          rightIds: textIndices && matchCodes('retrieval metrics', textIndices, text.size(0), device),
        });
        return globalValues(rankings, this.recallKValues);
      }, 'retrieval'),
    );
  }

  /** Measures one batch by a rule of your own: values by name, whose mean over samples is among those of `evaluate`. Runs inside the step: nothing waits. A subclass overrides it.
   *  @param _outputs - what the model gave.  @param _labels - `labels` of the batch or of the outputs; undefined where there are none. */
  computeMetrics(_outputs: unknown, _labels: unknown): Readonly<Record<string, unknown>> {
    return {};
  }

  /** The values as text: accuracy and recalls over all samples, and beside them how much easier it was inside the batches. */
  describe(values: Readonly<Record<string, number>>): string {
    return describeRetrieval(values, this.recallKValues);
  }
}

const sameRows = (image: Tensor, text: Tensor): boolean => image.size(0) === text.size(0);
