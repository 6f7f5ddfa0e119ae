// The configuration of a network, as VisionCore's model files have it: every key read and checked.

import { camelCased, snakeCased } from '../../config/spelling.ts';
import { ConfigError } from '../../errors.ts';
import { describeUnknown, describeValue } from '../../trainer/config/problems.ts';
import type { ComponentConfig } from './component.ts';
import type { BaselineOptions } from './modular-network.ts';

/** What a model's YAML file says. Keys may be in camelCase, too. */
export interface ModelConfig {
  /** `v1` for one data set, `v1multi` for many, `v1multi_history` with what the units did before. Default `v1`. */
  readonly model_type?: ModelType;
  /** Rows that every stimulus has to have, where given. */
  readonly height?: number | null;
  /** Columns that every stimulus has to have, where given. */
  readonly width?: number | null;
  /** Frames a second, for frontends that know of time. Default 240. */
  readonly sampling_rate?: number;
  /** Channels of the stimulus. Default 1. */
  readonly initial_input_channels?: number;
  /** Of each data set that does not bring its own. Default: none. */
  readonly adapter?: ComponentConfig;
  /** Default: none. */
  readonly frontend?: ComponentConfig;
  /** Default: a densenet, whose parameters have to be given. */
  readonly convnet?: ComponentConfig;
  /** Default: none. */
  readonly modulator?: ComponentConfig;
  /** Default: none. */
  readonly recurrent?: ComponentConfig;
  /** Of each data set that does not bring its own. Default: gaussian. */
  readonly readout?: ComponentConfig;
  /** `v1multi_history` only. Default: an mlp of 5 lags with widths 32 and 10. */
  readonly history_encoder?: ComponentConfig;
  /** Name of an activation. Default `none`: the output is the logarithm of a rate. */
  readonly output_activation?: string | null;
  readonly baseline?: BaselineConfig;
  /** Penalties, clamps and schedules by name. */
  readonly regularization?: readonly unknown[] | null;
  /** Weight of a predictive modulator's error in the loss. Default 0.1. */
  readonly lambda_pred?: number;
}

export type ModelType = (typeof MODEL_TYPES)[number];

export interface BaselineConfig {
  /** Default false. */
  readonly enabled?: boolean;
  /** Default `relu`. */
  readonly activation?: 'relu' | 'softplus';
  /** Default 0.001. */
  readonly init_value?: number;
}

/** A configuration with its defaults. */
export interface NetworkConfig {
  readonly modelType: ModelType;
  readonly height: number | undefined;
  readonly width: number | undefined;
  readonly samplingRate: number;
  readonly initialInputChannels: number;
  readonly adapter: ComponentConfig;
  readonly frontend: ComponentConfig;
  readonly convnet: ComponentConfig;
  readonly modulator: ComponentConfig;
  readonly recurrent: ComponentConfig;
  readonly readout: ComponentConfig;
  readonly historyEncoder: ComponentConfig | undefined;
  readonly outputActivation: string;
  readonly baseline: BaselineOptions | undefined;
  readonly regularization: readonly unknown[];
  readonly lambdaPred: number;
}

const MODEL_TYPES = ['v1', 'v1multi', 'v1multi_history'] as const;
const NONE: ComponentConfig = { type: 'none' };
const HISTORY: ComponentConfig = { type: 'mlp', params: { num_lags: 5, hidden_dims: [32, 10], act_type: 'relu' } };

type Rule = readonly [wanted: string, isFit: (value: unknown) => boolean];
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const count: Rule = ['an integer above 0', (value) => Number.isSafeInteger(value) && (value as number) > 0];
const number: Rule = ['a number', isNumber];
const positive: Rule = ['a number above 0', (value) => isNumber(value) && value > 0];
const notNegative: Rule = ['a number of at least 0', (value) => isNumber(value) && value >= 0];
const name: Rule = ['a name', (value) => typeof value === 'string' && value !== ''];
const list: Rule = ['a list', Array.isArray];
const object: Rule = ['an object', (value) => typeof value === 'object' && !Array.isArray(value)];
const flag: Rule = ['true or false', (value) => typeof value === 'boolean'];
const oneOf = (values: readonly string[]): Rule => [
  `one of ${values.join(', ')}`,
  (value) => values.includes(value as string),
];

const RULES: Readonly<Record<keyof ModelConfig, Rule>> = {
  model_type: oneOf(MODEL_TYPES),
  height: count,
  width: count,
  sampling_rate: positive,
  initial_input_channels: count,
  adapter: object,
  frontend: object,
  convnet: object,
  modulator: object,
  recurrent: object,
  readout: object,
  history_encoder: object,
  output_activation: name,
  baseline: object,
  regularization: list,
  lambda_pred: notNegative,
};
const BASELINE_RULES: Readonly<Record<keyof BaselineConfig, Rule>> = {
  enabled: flag,
  activation: oneOf(['relu', 'softplus']),
  init_value: number,
};

/** Reads a model's configuration whole. What is in its components, those who make them check.
 *  @throws {ConfigError} that lists every unknown key and every value that does not fit.
 *  @example
 *  import { readModelConfig } from 'sconce/multidataset';
 *  readModelConfig({ model_type: 'v1multi', output_activation: 'softplus' }).samplingRate; // 240 */
export function readModelConfig(config: ModelConfig): NetworkConfig {
  const problems: string[] = [];
  const read = readNetworkConfig(config, problems);
  if (problems.length > 0) throw new ConfigError('read a model configuration', problems);
  return read;
}

/** The same, collecting what is wrong: where something is, the default stands in its place. */
export function readNetworkConfig(config: ModelConfig, problems: string[]): NetworkConfig {
  const given = readKeys(config, RULES, '', problems) as ModelConfig;
  const baseline = readKeys(given.baseline ?? {}, BASELINE_RULES, 'baseline.', problems) as BaselineConfig;
  const modelType = given.model_type ?? 'v1';
  const hasHistory = modelType === 'v1multi_history';
  if (given.history_encoder !== undefined && !hasHistory)
    problems.push(
      `history_encoder: expected nothing with model_type ${modelType}, got ${describeValue(given.history_encoder)}; write model_type: v1multi_history`,
    );
  const { activation = 'relu', init_value: initValue = 0.001 } = baseline;
  return {
    modelType,
    height: given.height ?? undefined,
    width: given.width ?? undefined,
    samplingRate: given.sampling_rate ?? 240,
    initialInputChannels: given.initial_input_channels ?? 1,
    adapter: given.adapter ?? NONE,
    frontend: given.frontend ?? NONE,
    convnet: given.convnet ?? { type: 'densenet' },
    modulator: given.modulator ?? NONE,
    recurrent: given.recurrent ?? NONE,
    readout: given.readout ?? { type: 'gaussian' },
    historyEncoder: hasHistory ? (given.history_encoder ?? HISTORY) : undefined,
    outputActivation: given.output_activation ?? 'none',
    baseline: baseline.enabled ? { activation, initValue } : undefined,
    regularization: given.regularization ?? [],
    lambdaPred: given.lambda_pred ?? 0.1,
  };
}

/** The keys of an object in snake_case, without those that are null: they have their defaults. What does not fit goes to `problems` and not into the result. */
function readKeys(
  config: unknown,
  rules: Readonly<Record<string, Rule>>,
  place: string,
  problems: string[],
): Readonly<Record<string, unknown>> {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    problems.push(`${place.slice(0, -1) || 'config'}: expected an object, got ${describeValue(config)}`);
    return {};
  }
  const result: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(config)) {
    const key = camelCased(given) === given ? snakeCased(given) : given;
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (!rule) problems.push(`${place}${given}: ${describeUnknown(given, Object.keys(rules))}`);
    else if (Object.hasOwn(result, key)) problems.push(`${place}${given}: expected one spelling, got ${key}, too`);
    else if (value === null || value === undefined) continue;
    else if (!rule[1](value)) problems.push(`${place}${given}: expected ${rule[0]}, got ${describeValue(value)}`);
    else result[key] = value;
  }
  return result;
}
