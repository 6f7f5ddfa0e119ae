// `ModelLoggingCallback`: pictures of a network's kernels, and an evaluation of one data set, while it trains.

import type { Dataset } from '../../data/index.ts';
import type { Module } from '../../nn/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { OptionChecks } from '../../trainer/callbacks/option-checks.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import type { RatesNetwork } from '../evaluation/evaluate-dataset.ts';
import { evaluationPictures } from '../evaluation/evaluation-pictures.ts';
import { ANALYSES, type Analysis, type EvaluationStack, evaluationStack } from '../evaluation/evaluation-stack.ts';
import { kernelPictures, type Picture } from '../evaluation/kernel-pictures.ts';

/** The data that it evaluates on: a `MultiDatasetDM` is one. It is looked at when a fit begins, and has to be set up by then, which `MultiDatasetTrainer.train()` does. */
export interface EvaluatedData {
  readonly names: readonly string[];
  readonly valDsets: Readonly<Record<string, Dataset<{ readonly [key: string]: Tensor | undefined }>>>;
  /** What each shows, and how often a second it was sampled. */
  readonly cfgs?: readonly {
    readonly types: readonly string[];
    readonly sampling?: { readonly source_rate?: number; readonly target_rate?: number };
  }[];
}

export interface ModelLoggingCallbackOptions {
  /** Held-out samples. Default: none, nothing is evaluated. */
  readonly data?: EvaluatedData;
  /** Epochs between two pictures of kernels. Default 5. */
  readonly fastInterval?: number;
  /** Epochs between two evaluations. Default 10. */
  readonly slowInterval?: number;
  /** The data set that is evaluated, by its place. Default 7. */
  readonly evalDatasetIdx?: number;
  /** Of the evaluation. Default 64. */
  readonly batchSize?: number;
  /** Whether predicted rates get each unit's best gain and offset first (`rescaleRates`). Default true. */
  readonly rescale?: boolean;
  /** Parts of the evaluation. Default: all. */
  readonly analyses?: readonly Analysis[];
  /** What an error in it does to the run. Default 'log': a warning. */
  readonly onError?: 'raise' | 'log';
}

const OPTIONS = [
  'data',
  'fastInterval',
  'slowInterval',
  'evalDatasetIdx',
  'batchSize',
  'rescale',
  'analyses',
  'onError',
] as const;

/** Logs pictures of what a network of many data sets has learned, behind every epoch but the first whose number, from 0, is a multiple of an interval:
 *  - every `fastInterval` epochs `kernels/frontend`, `kernels/stem`, `kernels/layer_{i}`, `kernels/readout_0_features`, `kernels/readout_0_spatial`, as far as the network has them (`kernelPictures`);
 *  - every `slowInterval` epochs `eval_ds{i}/bps`, `ccnorm`, `saccade_backimage` (by what the data set shows), `sta_full` and `sta_peak` of the held-out samples of data set i (`evaluationStack`), and as
 *    metrics `eval_ds{i}/mean_bps` and `eval_ds{i}/mean_ccnorm` over the units that have a value. What the data set has no values for is left out, with a warning that says why.
 *
 *  Pictures go to all loggers, and the last of each key is in the run's report. Training goes on as if there had been none. In the first of several processes alone; where nothing is logged it does nothing.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: VisionCore, training callbacks.
 *  @example
 *  import { ModelLoggingCallback } from 'sconce/multidataset';
 *  new ModelLoggingCallback({ fastInterval: 2, evalDatasetIdx: 0 }).onError; // 'log' */
export class ModelLoggingCallback implements Callback {
  readonly name = 'ModelLoggingCallback';
  readonly onError: 'raise' | 'log';
  readonly #options: Required<Omit<ModelLoggingCallbackOptions, 'data' | 'onError'>>;
  readonly #data: EvaluatedData | undefined;
  readonly #said = new Set<string>();

  constructor(options: ModelLoggingCallbackOptions = {}) {
    const { evalDatasetIdx: index, analyses, data } = options ?? {};
    const isList = Array.isArray(analyses) && analyses.every((each) => ANALYSES.includes(each));
    new OptionChecks(options, OPTIONS)
      .expect('data', typeof data === 'object' && data !== null && 'valDsets' in data, 'a MultiDatasetDM')
      .count('fastInterval', 'slowInterval', 'batchSize')
      .expect('evalDatasetIdx', Number.isSafeInteger(index) && index! >= 0, 'an integer from 0 on')
      .flag('rescale')
      .expect('analyses', isList, `a list of ${ANALYSES.join(', ')}`)
      .oneOf('onError', ['raise', 'log'])
      .throwIfAny('ModelLoggingCallback');
    const { data: _, onError = 'log', ...given } = options;
    this.onError = onError;
    this.#data = data;
    const defaults = {
      fastInterval: 5,
      slowInterval: 10,
      evalDatasetIdx: 7,
      batchSize: 64,
      rescale: true,
      analyses: ANALYSES,
    };
    this.#options = {
      ...defaults,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    };
  }

  fitStart(context: LoopContext): void {
    const { evalDatasetIdx } = this.#options;
    this.#said.clear();
    if (!this.#data) return;
    const { names } = this.#data;
    if (evalDatasetIdx >= names.length)
      this.#warnOnce(
        context,
        `ModelLoggingCallback evaluates nothing: expected evalDatasetIdx among ${names.length} data sets from 0 on, got ${evalDatasetIdx}`,
      );
  }

  async epochEnd(context: LoopContext): Promise<void> {
    const epoch = context.clocks.epoch - 1; // it is counted already
    if (epoch === 0 || context.logger.isEmpty || Number(process.env.LOCAL_RANK ?? 0) !== 0) return;
    const { fastInterval, slowInterval, evalDatasetIdx } = this.#options;
    if (epoch % fastInterval === 0) await log(context, '', kernelPictures(networkOf(context.model)));
    const name = this.#data?.names[evalDatasetIdx];
    if (epoch % slowInterval === 0 && name !== undefined) await this.#evaluate(context, name);
  }

  async #evaluate(context: LoopContext, name: string): Promise<void> {
    const { evalDatasetIdx: datasetIdx, batchSize, rescale, analyses } = this.#options;
    const { valDsets, cfgs } = this.#data!; // it has the name
    const { types = ['all'], sampling } = cfgs?.[datasetIdx] ?? {};
    const samplingRate = sampling?.target_rate ?? sampling?.source_rate ?? 120;
    const options = { datasetIdx, batchSize, rescale, analyses, samplingRate };
    const stack = await evaluationStack(networkOf(context.model) as RatesNetwork, valDsets[name]!, options);
    const prefix = `eval_ds${datasetIdx}/`;
    try {
      for (const [analysis, reason] of Object.entries(stack.left))
        this.#warnOnce(context, `ModelLoggingCallback leaves out ${analysis} of "${name}": ${reason}`);
      await log(context, prefix, evaluationPictures(stack, { name, stimulus: types.join('_') }));
      logMeans(context, prefix, stack);
    } finally {
      for (const { average } of Object.values(stack.sta ?? {})) average.dispose();
    }
  }

  #warnOnce(context: LoopContext, message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    context.warn(message);
  }
}

/** A model that holds its network as `model`, or a network. */
function networkOf(model: Module): Module {
  const inner = (model as { model?: unknown }).model;
  return typeof inner === 'object' && inner !== null && 'readouts' in inner ? (inner as unknown as Module) : model;
}

async function log(
  { logger, clocks }: LoopContext,
  prefix: string,
  pictures: Readonly<Record<string, Picture>>,
): Promise<void> {
  for (const [key, picture] of Object.entries(pictures)) {
    if ('bytes' in picture) logger.logImage(prefix + key, picture, clocks);
    else logger.logFigure(prefix + key, await picture.toSvg(), clocks);
  }
}

function logMeans({ logger, clocks }: LoopContext, prefix: string, { bps, ccnorm }: EvaluationStack): void {
  const values: Record<string, number> = {};
  for (const [key, perUnit] of Object.entries({ mean_bps: bps, mean_ccnorm: ccnorm?.ccnorm })) {
    const known = (perUnit ?? []).filter((value) => !Number.isNaN(value));
    if (known.length > 0) values[prefix + key] = known.reduce((sum, value) => sum + value, 0) / known.length;
  }
  if (Object.keys(values).length > 0) logger.logMetrics(values, clocks);
}
