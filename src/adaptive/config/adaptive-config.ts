// `AdaptiveConfig`: what an adaptive network and its training are told, checked, and as a file.

import { writeFile } from 'node:fs/promises';
import { firstFile, readConfigFile } from '../../config/find-config.ts';
import { plainValue } from '../../config/node.ts';
import { problemLines } from '../../config/place.ts';
import { camelCased, snakeCased } from '../../config/spelling.ts';
import { ConfigError } from '../../errors.ts';
import type { Device } from '../../tensor/device.ts';
import {
  type AdaptiveConfigFields,
  type AdaptiveConfigOptions,
  type AdaptiveDType,
  DEFAULTS,
  OWN_FIELDS,
  type PhaseWeights,
  readFields,
} from './fields.ts';

/** What the nodes alone are told. Source: adaptiveneuralnetwork, NodeConfig. */
export interface NodeConfig {
  readonly numNodes: number;
  readonly hiddenDim: number;
  readonly energyDim: 1;
  readonly activityDim: 1;
  readonly spatialDim: number;
  readonly device: Device;
  readonly dtype: AdaptiveDType;
  readonly energyDecay: number;
  readonly activityThreshold: number;
  readonly connectionRadius: number;
  readonly learningRate: number;
  readonly adaptationRate: number;
}

/** The configuration of an adaptive network and of its training: checked when it is made, never changed afterwards. Names are camelCase here and
 *  snake_case in files and in `toDict()`; both spellings are read.
 *  @throws {ConfigError} that lists every field that is unknown or does not fit.
 *  Source: adaptiveneuralnetwork, AdaptiveConfig.
 *  @example
 *  import { AdaptiveConfig } from 'sconce/adaptive';
 *  const config = new AdaptiveConfig({ numNodes: 50 });
 *  config.update({ learningRate: 0.01 }).toDict().learning_rate; // 0.01
 *  config.hiddenDim; // 64 */
export class AdaptiveConfig implements AdaptiveConfigFields {
  declare readonly numNodes: number;
  declare readonly hiddenDim: number;
  declare readonly inputDim: number;
  declare readonly outputDim: number;
  declare readonly spatialDim: number;
  declare readonly energyDecay: number;
  declare readonly activityThreshold: number;
  declare readonly connectionRadius: number;
  declare readonly learningRate: number;
  declare readonly batchSize: number;
  declare readonly numEpochs: number;
  declare readonly adaptationRate: number;
  declare readonly circadianPeriod: number;
  declare readonly phaseWeights: PhaseWeights;
  declare readonly backend: 'pytorch';
  declare readonly device: Device;
  declare readonly dtype: AdaptiveDType;
  declare readonly seed: number;
  declare readonly logInterval: number;
  declare readonly saveCheckpoint: boolean;
  declare readonly checkpointDir: string;
  declare readonly metricsFile: string | null;
  declare readonly enableContinualLearning: boolean;
  declare readonly enableAblationStudy: boolean;
  declare readonly stochasticPolicy: boolean;
  declare readonly aliasedPhases: boolean;
  declare readonly evaluationMovesState: boolean;

  constructor(options: AdaptiveConfigOptions = {}) {
    const problems: string[] = [];
    const fields = readFields(options, problems);
    if (problems.length > 0) throw new ConfigError('make an AdaptiveConfig', problems);
    Object.assign(this, fields);
  }

  /** A configuration from plain data, as `toDict()` and files have it. @throws {ConfigError} that lists every problem. */
  static fromDict(dict: Readonly<Record<string, unknown>>): AdaptiveConfig {
    return new AdaptiveConfig(dict as AdaptiveConfigOptions);
  }

  /** Reads a file of YAML (or JSON, where it ends in .json).
   *  @throws {ConfigError} for a file that is not there, text that is no YAML, and fields that do not fit, with their names as the file spells them. */
  static async fromYaml(path: string): Promise<AdaptiveConfig> {
    const action = `read the configuration of an adaptive network from "${path}"`;
    const found = await firstFile([path]);
    if (found.path === undefined) throw new ConfigError(action, ['expected a file, got none there']);
    const { node, problems } = await readConfigFile(found.path, path);
    const lines = problemLines(problems);
    const plain = node && plainValue(node);
    const fields = plain === undefined ? undefined : readFields(plain, lines);
    if (lines.length > 0 || !fields) throw new ConfigError(action, lines);
    return new AdaptiveConfig(fields);
  }

  /** Writes every field to a file that `fromYaml` and adaptiveneuralnetwork read. */
  async toYaml(path: string): Promise<void> {
    const { stringify } = await import('yaml');
    await writeFile(path, stringify(this.toDict(), { lineWidth: 0 }));
  }

  /** Plain data with names in snake_case. Fields that adaptiveneuralnetwork does not have are there only where they are not the default. */
  toDict(): Record<string, unknown> {
    const entries = Object.entries(this.fields()).filter(
      ([name, value]) => !OWN_FIELDS.includes(name) || value !== DEFAULTS[name as keyof AdaptiveConfigFields],
    );
    return Object.fromEntries(
      entries.map(([name, value]) => [snakeCased(name), typeof value === 'object' && value ? { ...value } : value]),
    );
  }

  /** Another configuration, with some fields changed and everything checked again.
   *  @throws {ConfigError} that lists every field that does not fit. */
  update(changes: AdaptiveConfigOptions): AdaptiveConfig {
    const problems: string[] = [];
    readFields(changes, problems);
    if (problems.length > 0) throw new ConfigError('update an AdaptiveConfig', problems);
    const names = Object.entries(changes).filter(([, value]) => value !== undefined);
    return new AdaptiveConfig({
      ...this.fields(),
      ...Object.fromEntries(names.map(([key, value]) => [camelCased(key), value])),
    });
  }

  /** What the nodes alone are told. */
  toNodeConfig(): NodeConfig {
    const { numNodes, hiddenDim, spatialDim, device, dtype, energyDecay } = this;
    const { activityThreshold, connectionRadius, learningRate, adaptationRate } = this;
    const sizes = { numNodes, hiddenDim, energyDim: 1, activityDim: 1, spatialDim } as const;
    return { ...sizes, device, dtype, energyDecay, activityThreshold, connectionRadius, learningRate, adaptationRate };
  }

  private fields(): AdaptiveConfigFields {
    return { ...this };
  }
}
