// `buildModel`: a network out of a model's configuration and those of its data sets.

import { ConfigError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { buildParts, type NetworkDataset } from './build-parts.ts';
import type { ComponentConfig } from './component.ts';
import { makerProblems, type NetworkMakers } from './makers.ts';
import { type ModelConfig, type NetworkConfig, readNetworkConfig } from './model-config.ts';
import { ModularNetwork } from './modular-network.ts';

/** What a network takes from the configuration of a data set. Other keys are the data's. */
export interface DatasetNetworkConfig {
  /** Its name. Default `dataset_{index}`. */
  readonly session?: string;
  /** Its units: as many outputs as entries. */
  readonly cids: readonly unknown[];
  /** In place of the model's. */
  readonly adapter?: ComponentConfig;
  /** In place of the model's. */
  readonly readout?: ComponentConfig;
}

export interface BuildModelOptions {
  /** In place of the data sets' own. */
  readonly names?: readonly string[] | undefined;
  /** Parts of your own that the configuration names, by place and type. A readout of them may give any shape with the batch first. */
  readonly makers?: NetworkMakers | undefined;
}

/** Builds the network that a configuration describes: shared frontend, convnet, modulator and recurrent part, and for each data set an adapter, a readout with as many units
 *  as its `cids`, a baseline and a reader of its history. Channels are handed from part to part, so that `feature_dim` of a modulator and `n_units` of a readout in the file,
 *  which VisionCore's files have as placeholders, change nothing. Weights are drawn in VisionCore's order.
 *  @param datasetConfigs - one of each data set; none with `model_type: v1`, whose readout has `n_units` of its file.
 *  @throws {ConfigError} that lists every problem of the configuration, of its parts and of the data sets.
 *  Source: VisionCore's build_model.
 *  @example
 *  import { randn } from 'sconce';
 *  import { buildModel } from 'sconce/multidataset';
 *  const network = buildModel(
 *    { model_type: 'v1multi', convnet: { type: 'none' }, readout: { type: 'linear' }, output_activation: 'softplus' },
 *    [{ session: 'Monday', cids: [3, 5, 9] }, { session: 'Tuesday', cids: [0, 1] }],
 *  );
 *  network.forward({ stim: randn([4, 1, 8, 9, 9]), datasetIdx: 1 }).shape; // [4, 2] */
export function buildModel(
  modelConfig: ModelConfig,
  datasetConfigs: readonly DatasetNetworkConfig[] = [],
  options: BuildModelOptions = {},
): ModularNetwork {
  readOptions('buildModel', ['names', 'makers'], options);
  const { names, makers = {} } = options;
  const wrongMakers = makerProblems(makers);
  const problems = [...wrongMakers];
  const config = readNetworkConfig(modelConfig, problems);
  const datasets = readDatasets(config, datasetConfigs, names, problems);
  const parts = wrongMakers.length > 0 ? undefined : buildParts(config, datasets, makers, problems);
  if (!parts) throw new ConfigError('build a model', [...new Set(problems)]);
  return new ModularNetwork(parts);
}

function readDatasets(
  config: NetworkConfig,
  datasetConfigs: readonly DatasetNetworkConfig[],
  names: readonly string[] | undefined,
  problems: string[],
): NetworkDataset[] {
  if (!Array.isArray(datasetConfigs)) {
    problems.push(`datasets: expected a list of configurations, got ${describeValue(datasetConfigs)}`);
    return [];
  }
  const isOne = config.modelType === 'v1';
  if (datasetConfigs.length === 0 && isOne) return [oneDataset(config, names?.[0])];
  if (isOne ? datasetConfigs.length !== 1 : datasetConfigs.length === 0)
    problems.push(
      `model_type: expected ${isOne ? '"v1multi", for more than one data set' : '"v1", or a data set'}, got "${config.modelType}" and ${datasetConfigs.length} data sets`,
    );
  if (names !== undefined && names.length !== datasetConfigs.length)
    problems.push(`names: expected ${datasetConfigs.length}, one of each data set, got ${describeValue(names)}`);
  return datasetConfigs.map((each, index) => readDataset(each, names?.[index], index, problems));
}

function readDataset(
  config: DatasetNetworkConfig,
  given: string | undefined,
  index: number,
  problems: string[],
): NetworkDataset {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    problems.push(`datasets.${index}: expected an object with cids, got ${describeValue(config)}`);
    return { name: `dataset_${index}`, nUnits: 1, adapter: undefined, readout: undefined, datasetConfig: {} };
  }
  const { session, cids, adapter, readout } = config;
  const name = given ?? session ?? `dataset_${index}`;
  const areUnits = Array.isArray(cids) && cids.length > 0;
  if (!areUnits) problems.push(`${name}: cids: expected a list of at least one unit, got ${describeValue(cids)}`);
  return { name, nUnits: areUnits ? cids.length : 1, adapter, readout, datasetConfig: config };
}

/** Of a model without configurations of data sets: its file says how many units there are. */
function oneDataset({ readout }: NetworkConfig, name = 'dataset_0'): NetworkDataset {
  const nUnits = readout.params?.n_units ?? readout.params?.nUnits;
  return {
    name,
    nUnits: typeof nUnits === 'number' && nUnits > 0 ? nUnits : UNITS_OF_ONE,
    adapter: undefined,
    readout: undefined,
    datasetConfig: {},
  };
}

/** VisionCore's default. */
const UNITS_OF_ONE = 16;
