// What files say of a model: configurations in YAML, and checkpoints, ours and VisionCore's.

import { readDocument } from '../../config/index.ts';
import { ConfigError } from '../../errors.ts';
import { count, flag, optionProblems, type Rule, text } from '../../metrics/options.ts';
import type { StateDict } from '../../nn/index.ts';
import { readDatasetConfigs } from '../data/config/read-dataset-configs.ts';
import { type MultiDatasetHparams, readHparams } from './hparams.ts';
import { type MultiDatasetModelOptions, TRAINING_RULES } from './model-options.ts';
import { networkWeights, readCheckpoint, weightsOf } from './pretrained.ts';

/** What a model is made of, where some of it lies in files. */
export interface CreateModelOptions extends Omit<MultiDatasetModelOptions, 'modelConfig'> {
  /** The configuration of the network: an object, or the path of a YAML file. */
  readonly modelConfig?: NonNullable<MultiDatasetModelOptions['modelConfig']> | string;
  /** VisionCore's name for the path. */
  readonly modelCfg?: string;
  /** In place of `datasetConfigs`: a folder of YAML files, or a parent file with sessions, as `readDatasetConfigs` takes it. */
  readonly cfgDir?: string;
  /** At most so many data sets of `cfgDir`, the first ones. Default 30. */
  readonly maxDs?: number;
  /** A checkpoint whose adapters, frontend and convnet are taken. */
  readonly pretrainedCheckpoint?: string;
  /** Do not train these parts. Default false. */
  readonly freezeVision?: boolean;
}

/** Options without files, and where they came from. */
export interface OpenedOptions {
  readonly options: MultiDatasetModelOptions;
  readonly origin: Pick<MultiDatasetHparams, 'modelCfg' | 'cfgDir' | 'maxDs'>;
}

/** Those of `CreateModelOptions` that the constructor does not have. */
const FILE_RULES: Readonly<Record<string, Rule>> = {
  modelCfg: text,
  cfgDir: text,
  maxDs: count(),
  pretrainedCheckpoint: text,
  freezeVision: flag,
};

/** What is wrong with the options that name files, before any is read. @throws {ConfigError} that lists it. */
export function checkFileOptions(options: CreateModelOptions): void {
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
  const own = isObject ? Object.fromEntries(Object.entries(options).filter(([name]) => name in FILE_RULES)) : options;
  const problems = optionProblems(own, FILE_RULES);
  if (isObject && options.modelConfig !== undefined && options.modelCfg !== undefined)
    problems.push('modelCfg: expected none beside modelConfig');
  if (isObject && options.cfgDir !== undefined && options.datasetConfigs !== undefined)
    problems.push('cfgDir: expected none beside datasetConfigs');
  if (problems.length > 0) throw new ConfigError('make a MultiDatasetModel', problems);
}

/** Reads the files that options name. @throws {ConfigError} for files that do not say what they should. */
export async function readModelFiles(all: CreateModelOptions): Promise<OpenedOptions> {
  checkFileOptions(all);
  const { modelConfig: given, modelCfg, cfgDir, maxDs = 30, ...others } = all;
  const { pretrainedCheckpoint: _checkpoint, freezeVision: _freezeVision, ...options } = others;
  const source = given ?? modelCfg;
  const modelConfig = typeof source === 'string' ? (await readDocument(source)).value : source;
  const read = cfgDir === undefined ? undefined : await readDatasetConfigs(cfgDir, { maxDs });
  return {
    options: {
      ...options,
      ...(modelConfig && { modelConfig }),
      ...(read && { datasetConfigs: read.configs, names: options.names ?? read.names }),
    },
    origin: {
      ...(typeof source === 'string' ? { modelCfg: source } : {}),
      ...(cfgDir === undefined ? {} : { cfgDir, maxDs }),
    },
  };
}

/** What a checkpoint says of the model that it is of. */
export interface StoredModel {
  readonly options: CreateModelOptions;
  /** By the names of a `MultiDatasetModel`. */
  readonly weights: StateDict;
  /** Everything that the file says, by names in camelCase. */
  readonly hparams: Readonly<Record<string, unknown>>;
}

/** Reads a checkpoint. What `overrides` have counts, and not what the file says.
 *  @throws {ConfigError} where neither says what the network is.  @throws {CheckpointError} for a file without weights. */
export async function readStoredModel(path: string, overrides: CreateModelOptions): Promise<StoredModel> {
  const value = await readCheckpoint(path);
  const found = weightsOf(value, path);
  const hparams = storedIn(value);
  const { network, objective, modelConfig, modelCfg, datasetConfigs, cfgDir } = overrides;
  const options = {
    ...trainingOf(hparams),
    ...(network ? {} : modelOf(hparams, modelConfig ?? modelCfg)),
    ...(network ? {} : datasetsOf(hparams, datasetConfigs ?? cfgDir)),
    ...(objective === undefined && hparams.lossType !== undefined ? { lossType: hparams.lossType } : {}),
    ...overrides,
  } as CreateModelOptions; // the constructor checks what a file said
  const missing: string[] = [];
  const nowhere = 'in the file or in the overrides, got none';
  if (!network && (options.modelConfig ?? options.modelCfg) === undefined)
    missing.push(`modelConfig: expected one ${nowhere}`);
  if (!network && (options.datasetConfigs ?? options.cfgDir) === undefined)
    missing.push(`cfgDir: expected data sets ${nowhere}`);
  if (missing.length > 0) throw new ConfigError(`load a model of "${path}"`, missing);
  const own = Object.fromEntries(
    Object.entries(networkWeights(found)).map(([name, tensor]) => [`model.${name}`, tensor]),
  );
  const ofLoss = Object.entries(found).filter(([name]) => name.startsWith('loss_fn.'));
  return { options, weights: { ...own, ...Object.fromEntries(ofLoss) }, hparams };
}

/** The hyperparameters in a file, by names in camelCase: of ours those under `experimentConfig.multidataset`, of Lightning's the file's own. */
function storedIn(value: unknown): Record<string, unknown> {
  const hyper = entryOf(value, 'hyper_parameters') ?? {};
  return readHparams((entryOf(entryOf(hyper, 'experimentConfig'), 'multidataset') ?? hyper) as Record<string, unknown>);
}

function entryOf(value: unknown, key: string): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entry: unknown = Reflect.get(value, key);
  return typeof entry === 'object' && entry !== null ? entry : undefined;
}

function trainingOf(hparams: Readonly<Record<string, unknown>>): object {
  const names = Object.keys(TRAINING_RULES).filter((name) => hparams[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, hparams[name]]));
}

function modelOf({ modelConfigDict, modelCfg }: Readonly<Record<string, unknown>>, given: unknown): object {
  if (given !== undefined) return {};
  if (modelConfigDict !== undefined) return { modelConfig: modelConfigDict };
  return modelCfg === undefined ? {} : { modelCfg };
}

function datasetsOf(hparams: Readonly<Record<string, unknown>>, given: unknown): object {
  const { datasetConfigs, names, cfgDir, maxDs } = hparams;
  if (given !== undefined) return {};
  if (datasetConfigs !== undefined) return { datasetConfigs, ...(names === undefined ? {} : { names }) };
  return cfgDir === undefined ? {} : { cfgDir, ...(maxDs === undefined ? {} : { maxDs }) };
}
