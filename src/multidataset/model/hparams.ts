// What a `MultiDatasetModel` was made of and is trained with: in memory, and as a checkpoint keeps it.

import { camelCased, snakeCased } from '../../config/spelling.ts';
import type { DatasetNetworkConfig } from '../network/build-model.ts';
import type { ModelConfig } from '../network/model-config.ts';

export const LR_SCHEDULERS = ['none', 'step', 'plateau', 'cosine', 'cosine_warmup', 'cosine_warmup_restart'] as const;

export type LrSchedulerName = (typeof LR_SCHEDULERS)[number];

export const LOSS_TYPES = ['poisson', 'zip', 'zero_inflated_poisson'] as const;

export type LossType = (typeof LOSS_TYPES)[number];

/** Hyperparameters of a model. `configureOptimizers` reads them when it is called: what is set before counts. */
export interface MultiDatasetHparams {
  /** Of readouts, and of all that is not core. */
  lr: number;
  /** Weight decay of weights with more than one dimension. */
  wd: number;
  /** The core's learning rate is `lr` times this. */
  coreLrScale: number;
  lrScheduler: LrSchedulerName;
  /** Epochs of rising rates of the schedules with a warm-up. */
  warmupEpochs: number;
  /** Epochs from one restart to the next. */
  restartPeriod?: number | undefined;
  /** The rate of the first epoch of a warm-up. */
  warmupStartLr?: number | undefined;
  /** Of VisionCore: it is said, and nothing is compiled. */
  readonly compileModel: boolean;
  readonly lossType?: LossType | undefined;
  readonly pretrainedCheckpoint?: string | undefined;
  readonly freezeVision: boolean;
  /** At most so many data sets were read. */
  readonly maxDs?: number | undefined;
  /** Where the model's configuration came from. */
  readonly modelCfg?: string | undefined;
  /** Where those of the data sets came from. */
  readonly cfgDir?: string | undefined;
  readonly names: readonly string[];
  /** The model's configuration, by which a checkpoint is complete. */
  readonly modelConfigDict?: ModelConfig | undefined;
  /** What the model has of the configurations of the data sets. */
  readonly datasetConfigs?: readonly DatasetNetworkConfig[] | undefined;
}

/** Names of the file are VisionCore's: `core_lr_scale`, `model_config_dict`. What is in configurations stays as it is. */
export function storedHparams(hparams: Partial<MultiDatasetHparams>): Record<string, unknown> {
  const given = Object.entries(hparams).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [snakeCased(name), value]));
}

/** The other way. @param stored - `hyper_parameters` of a file, which may hold anything. */
export function readHparams(stored: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(stored).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [camelCased(name), value]));
}
