// The options of `MultiDatasetModel`, and what has to hold for them.

import { ConfigError } from '../../errors.ts';
import { choice, count, flag, optionProblems, type Rule, texts } from '../../metrics/options.ts';
import type { BuildModelOptions, DatasetNetworkConfig } from '../network/build-model.ts';
import type { ModelConfig } from '../network/model-config.ts';
import { ModularNetwork } from '../network/modular-network.ts';
import { Objective } from '../objectives/objective.ts';
import type { RegularizerSpec } from '../regularizers/regularizer-spec.ts';
import { LOSS_TYPES, type LossType, LR_SCHEDULERS, type LrSchedulerName } from './hparams.ts';

/** How a model is trained. */
export interface TrainingHparams {
  /** Learning rate of readouts, and of all that is not core. Default 1e-4. */
  readonly lr?: number;
  /** Weight decay of weights with more than one dimension, but those that an `l2` or `group_lasso` regulariser is for. Default 1e-5. */
  readonly wd?: number;
  /** The rate of frontend, convnet and modulator is `lr` times this. Default 1. */
  readonly coreLrScale?: number;
  /** What the rates do from epoch to epoch. Default 'none'. */
  readonly lrScheduler?: LrSchedulerName;
  /** Epochs of a warm-up. Default 5. */
  readonly warmupEpochs?: number;
  /** 'cosine_warmup_restart': epochs between restarts. Default: half of those behind the warm-up. */
  readonly restartPeriod?: number;
  /** The rate of the first epoch of a warm-up. Default: the smallest rate / (warmupEpochs + 1); VisionCore's is 0, by which nothing is learned in that epoch. */
  readonly warmupStartLr?: number;
}

/** What a model is made of. */
export interface MultiDatasetModelOptions extends TrainingHparams, Pick<BuildModelOptions, 'makers'> {
  /** The configuration of the network, with `regularization`, `lambda_pred` and `loss_type`. */
  readonly modelConfig?: ModelConfig & { readonly loss_type?: LossType };
  /** Those of the data sets, of which the network takes `cids`, `adapter` and `readout`. */
  readonly datasetConfigs?: readonly DatasetNetworkConfig[];
  /** Names of the data sets. Default: their `session`. */
  readonly names?: readonly string[];
  /** A network that was made otherwise, in place of `modelConfig` and `datasetConfigs`. A checkpoint of it is complete with another one of that kind alone. */
  readonly network?: ModularNetwork;
  /** With `network`: penalties and what is done behind steps, as in a model's configuration. */
  readonly regularization?: readonly RegularizerSpec[];
  /** With `network`: weight of a predictive modulator's error. Default 0.1. */
  readonly lambdaPred?: number;
  /** The likelihood. Default: `loss_type` of the configuration, else 'poisson'. */
  readonly lossType?: LossType;
  /** What it is trained for, in place of a likelihood of counts. */
  readonly objective?: Objective;
  /** Nothing is compiled here: true says so. Default false. */
  readonly compileModel?: boolean;
}

const number = (wanted: string, isFit: (value: number) => boolean): Rule => [
  wanted,
  (value) => typeof value === 'number' && Number.isFinite(value) && isFit(value),
];
const rate = number('a number above 0', (value) => value > 0);
const notNegative = number('a number from 0 on', (value) => value >= 0);
const object: Rule = ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)];
const list: Rule = ['a list', Array.isArray];

export const TRAINING_RULES: Readonly<Record<keyof TrainingHparams, Rule>> = {
  lr: rate,
  wd: notNegative,
  coreLrScale: notNegative,
  lrScheduler: choice(...LR_SCHEDULERS),
  warmupEpochs: count(0),
  restartPeriod: count(),
  warmupStartLr: notNegative,
};

const RULES: Readonly<Record<keyof MultiDatasetModelOptions, Rule>> = {
  ...TRAINING_RULES,
  modelConfig: object,
  datasetConfigs: list,
  names: texts,
  makers: object,
  network: ['a ModularNetwork', (value) => value instanceof ModularNetwork],
  regularization: list,
  lambdaPred: notNegative,
  lossType: choice(...LOSS_TYPES),
  objective: ['an Objective', (value) => value instanceof Objective],
  compileModel: flag,
};

/** @throws {ConfigError} that lists everything that is wrong. */
export function checkModelOptions(options: MultiDatasetModelOptions): void {
  const problems = optionProblems(options, RULES);
  const refuse = (name: keyof MultiDatasetModelOptions, beside: string): void => {
    if (options[name] !== undefined) problems.push(`${name}: expected none beside ${beside}`);
  };
  if (problems.length === 0) {
    const { network, modelConfig, datasetConfigs, objective } = options;
    if (network)
      for (const name of ['modelConfig', 'datasetConfigs', 'names', 'makers'] as const) refuse(name, 'network');
    else {
      if (!modelConfig) problems.push('modelConfig: expected the configuration of a network, got none');
      if (!datasetConfigs) problems.push('datasetConfigs: expected those of the data sets, got none');
      for (const name of ['regularization', 'lambdaPred'] as const) refuse(name, 'modelConfig, which says it');
    }
    if (objective) refuse('lossType', 'objective');
    if (objective && modelConfig?.loss_type !== undefined)
      problems.push('modelConfig.loss_type: expected none beside objective');
  }
  if (problems.length > 0) throw new ConfigError('make a MultiDatasetModel', problems);
}
