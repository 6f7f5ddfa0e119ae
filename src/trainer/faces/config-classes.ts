// The classes of model-training-framework that a configuration is written with: plain objects of what is given, as every other configuration is.

import { ConfigError } from '../../errors.ts';
import { readConfig } from '../config/schema.ts';
import type { MultiLoaderConfig, GenericTrainerConfig as TrainerFields } from '../config/types.generated.ts';

/** The fields of `T`, of which those in `G` are there. */
type Given<T, G> = T & { -readonly [K in keyof T & keyof G]-?: NonNullable<T[K]> };

class ConfigFields {
  constructor(fields: object = {}) {
    Object.assign(this, fields);
  }
}

class TrainerConfigFields extends ConfigFields {
  constructor(fields: { trainLoaderConfig?: unknown } = {}) {
    if (fields.trainLoaderConfig === undefined)
      throw new ConfigError('make a GenericTrainerConfig', [
        "trainLoaderConfig: expected a MultiDataLoaderConfig, got none; for one loader write trainLoaderConfig: new MultiDataLoaderConfig({ samplingStrategy: SamplingStrategy.SEQUENTIAL, dataloaderNames: ['main'] })",
      ]);
    super(fields);
  }

  /** Every setting with its default, in groups. @throws {ConfigError} for a configuration with problems. */
  getSummary(): ConfigSummary {
    return summaryOf(this as TrainerFields);
  }
}

/** Settings by group: `training` has those that lie in no section. */
export type ConfigSummary = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** How several training loaders take turns. */
export type MultiDataLoaderConfig = MultiLoaderConfig;
/** How loaders take turns and what they are called. A plain object with the same fields is as good.
 *  Source: model-training-framework. */
export const MultiDataLoaderConfig = ConfigFields as new <G extends MultiLoaderConfig>(fields?: G) => G;

/** A configuration as it is written: everything may be left out. */
export type GenericTrainerConfig = TrainerFields;
/** The configuration of a `GenericTrainer`. A plain object with the same fields is as good; this one has `getSummary()`. It is checked when a trainer is made of it, or
 *  asked for its summary, and may be changed before.
 *  @throws {ConfigError} for one without `trainLoaderConfig`, which this class alone asks for. Source: model-training-framework.
 *  @example
 *  import { GenericTrainerConfig, MultiDataLoaderConfig, SamplingStrategy } from 'sconce/trainer';
 *  const config = new GenericTrainerConfig({
 *    trainLoaderConfig: new MultiDataLoaderConfig({ samplingStrategy: SamplingStrategy.SEQUENTIAL, dataloaderNames: ['a', 'b'] }),
 *  });
 *  config.trainLoaderConfig.samplingStrategy = SamplingStrategy.WEIGHTED;
 *  config.trainLoaderConfig.dataloaderWeights = [3, 1];
 *  config.getSummary().trainMultiDataloader!.samplingStrategy; // 'weighted' */
export const GenericTrainerConfig = TrainerConfigFields as new <
  G extends TrainerFields & { trainLoaderConfig: MultiLoaderConfig },
>(
  fields: G,
) => Given<TrainerFields, G> & { getSummary(): ConfigSummary };

/** What model-training-framework calls the groups of loaders in a summary. */
const GROUPS: Readonly<Record<string, string>> = {
  trainLoaderConfig: 'trainMultiDataloader',
  valLoaderConfig: 'valMultiDataloader',
};

/** The settings of a configuration, defaults filled in. */
export function summaryOf(fields: TrainerFields): ConfigSummary {
  const { config, problems } = readConfig(fields);
  if (config === undefined) throw new ConfigError('summarise a configuration', problems);
  const training: Record<string, unknown> = {};
  const summary: Record<string, Record<string, unknown>> = { training };
  for (const [key, value] of Object.entries(config)) {
    const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isSection) summary[GROUPS[key] ?? key] = { ...(value as Record<string, unknown>) };
    else training[key] = value;
  }
  return summary;
}
