// Losses by name, as configuration files have them.

import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import { describeValue, editDistance } from '../../trainer/config/problems.ts';
import { camelCased } from '../../trainer/parts/part-options.ts';
import { BarlowTwinsLoss } from './barlow-twins-loss.ts';
import { CLIPLoss } from './clip-loss.ts';
import { CombinedLoss } from './combined-loss.ts';
import { CrossEntropyLoss } from './cross-entropy-loss.ts';
import { DecorrelationLoss } from './decorrelation-loss.ts';
import { DecoupledLoss } from './decoupled-loss.ts';
import { DynamicTemperatureLoss } from './dynamic-temperature-loss.ts';
import { EMAMoCoLoss } from './ema-moco-loss.ts';
import { FeatureConsistencyLoss } from './feature-consistency-loss.ts';
import { HardNegativeLoss } from './hard-negative-loss.ts';
import { HybridPretrainVICRegLoss } from './hybrid-pretrain-vicreg-loss.ts';
import { InfoNCELoss } from './info-nce-loss.ts';
import { MeanSquaredError } from './mean-squared-error.ts';
import { MixedMultimodalLoss } from './mixed-multimodal-loss.ts';
import { MoCoLoss } from './moco-loss.ts';
import { MultimodalLoss } from './multimodal-loss.ts';
import { MultitaskLoss } from './multitask-loss.ts';
import { NTXentLoss } from './nt-xent-loss.ts';
import { SigLIPLoss } from './siglip-loss.ts';
import { SimCLRLoss } from './simclr-loss.ts';
import { SimpleContrastiveLoss } from './simple-contrastive-loss.ts';
import { SupervisedContrastiveLoss } from './supervised-contrastive-loss.ts';
import { VICRegLoss } from './vicreg-loss.ts';

type LossClass = new (options: never) => MultimodalLoss;

/** Every loss by the name of its class. */
export const lossClasses: Readonly<Record<string, LossClass>> = {
  ...{ InfoNCELoss, NTXentLoss, CLIPLoss, SigLIPLoss, SimCLRLoss, MoCoLoss, EMAMoCoLoss, DecoupledLoss },
  ...{ HardNegativeLoss, DynamicTemperatureLoss, MixedMultimodalLoss, SupervisedContrastiveLoss, VICRegLoss },
  ...{ BarlowTwinsLoss, HybridPretrainVICRegLoss, DecorrelationLoss, FeatureConsistencyLoss, CombinedLoss },
  ...{ MultitaskLoss, SimpleContrastiveLoss },
};

/** Losses of an output and a target, for the tasks of a `MultitaskLoss`. */
const taskLosses = { CrossEntropyLoss, MeanSquaredError };

/** Further names: the `loss_type` of multimodal_insight_engine, and its older names of classes. */
export const lossAliases: Readonly<Record<string, string>> = {
  simple: 'SimpleContrastiveLoss',
  mixed: 'MixedMultimodalLoss',
  memory_queue: 'MoCoLoss',
  dynamic_temp: 'DynamicTemperatureLoss',
  contrastive: 'SimCLRLoss',
  supervised: 'SupervisedContrastiveLoss',
  hybrid_vicreg: 'HybridPretrainVICRegLoss',
  ContrastiveLoss: 'SimCLRLoss',
  MultiModalMixedContrastiveLoss: 'MixedMultimodalLoss',
  MemoryQueueContrastiveLoss: 'MoCoLoss',
  HardNegativeMiningContrastiveLoss: 'HardNegativeLoss',
  DynamicTemperatureContrastiveLoss: 'DynamicTemperatureLoss',
  DecoupledContrastiveLoss: 'DecoupledLoss',
};

/** Options that are losses themselves, in a file as losses by name. */
const LOSSES = ['primaryLoss', 'secondaryLoss', 'tertiaryLoss', 'contrastiveLoss'];
/** Options that are modules of the model, in a file the model's name for them, as in 'vision_model'. */
const MODULES = ['visionEncoder', 'textEncoder', 'referenceVisionModel', 'referenceTextModel'];
/** The option that is the whole model, of losses that look into it; left out, it is. */
const WHOLE_MODEL: Readonly<Record<string, string>> = {
  EMAMoCoLoss: 'model',
  FeatureConsistencyLoss: 'referenceModel',
};

/** A loss by its name with its options, `{ type: 'siglip', temperature: 0.1 }`, or its name alone. Names are those of the classes, with or without `Loss`, in any case and with hyphens or underscores. */
export type LossSpec = string | { readonly type: string; readonly [option: string]: unknown };

/** Makes a loss by name. Options may be in snake_case; those that are losses are such specs again (`lossFunctions` a table of them, `CrossEntropyLoss` and `MeanSquaredError` too), and those that are modules of the model its names for them.
 *  @param model - in which modules are looked up; the whole of it is what `EMAMoCoLoss` follows and `FeatureConsistencyLoss` remembers where no module is named.
 *  @throws {ConfigError} for a name or options that are wrong.
 *  @example
 *  import { makeLoss } from 'sconce/multimodal';
 *  makeLoss({ type: 'clip', label_smoothing: 0.1 }).constructor.name; // 'CLIPLoss'
 *  makeLoss({ type: 'combined', primary_loss: 'siglip', secondary_loss: { type: 'vicreg', sim_coeff: 5 } }).constructor.name; // 'CombinedLoss' */
export function makeLoss(spec: LossSpec, model?: Module): MultimodalLoss {
  const { type, ...given } = typeof spec === 'string' ? { type: spec } : spec;
  const name = nameOfLoss(type);
  const LossClass = lossClasses[name]!;
  const options = optionsOf(given, model);
  const whole = WHOLE_MODEL[name];
  const isLooking = whole !== undefined && model && ![whole, ...MODULES].some((option) => option in options);
  return new LossClass((isLooking ? { ...options, [whole]: model } : options) as never); // the class checks them
}

/** The class of a loss's name.
 *  @throws {ConfigError} for an unknown one, with those that there are. */
export function nameOfLoss(type: unknown): string {
  if (typeof type !== 'string')
    throw new ConfigError('make a loss', [`type: expected the name of a loss, got ${describeValue(type)}`]);
  const found = Object.keys(lossClasses).find((name) => shorn(name) === shorn(type));
  if (found !== undefined) return found;
  const alias = Object.keys(lossAliases).find((name) => plain(name) === plain(type));
  if (alias !== undefined) return lossAliases[alias]!;
  const names = Object.keys(lossClasses).map((name) => name.replace(/Loss$/, ''));
  const nearest = names.find((name) => editDistance(shorn(name), shorn(type)) <= 2);
  const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new ConfigError('make a loss', [`type: expected one of ${names.join(', ')}, got "${type}"${meant}`]);
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_\s]/g, '');
const shorn = (name: string): string => plain(name).replace(/loss$/, '');

function optionsOf(given: Readonly<Record<string, unknown>>, model: Module | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const name = camelCased(key); // K stays K
      if (LOSSES.includes(name)) return [name, isSpec(value) ? makeLoss(value, model) : value];
      if (name === 'lossFunctions' && typeof value === 'object' && value !== null)
        return [name, Object.fromEntries(Object.entries(value).map(([task, each]) => [task, taskLoss(each, model)]))];
      // Of a MultitaskLoss its keys are the names of tasks.
      if (name === 'lossWeights' && !('lossFunctions' in given || 'loss_functions' in given) && isTable(value))
        return [name, Object.fromEntries(Object.entries(value).map(([part, each]) => [camelCased(part), each]))];
      if (MODULES.includes(name) && typeof value === 'string') return [name, moduleOf(model, value, name)];
      return [name, value];
    }),
  );
}

function taskLoss(value: unknown, model: Module | undefined): unknown {
  if (!isSpec(value)) return value;
  const { type, ...given } = typeof value === 'string' ? { type: value } : value;
  const name = Object.keys(taskLosses).find((each) => shorn(each) === shorn(type)) as
    | keyof typeof taskLosses
    | undefined;
  if (name === undefined) return makeLoss(value, model);
  return new taskLosses[name](optionsOf(given, model));
}

const isTable = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isSpec = (value: unknown): value is LossSpec =>
  typeof value === 'string' ||
  (typeof value === 'object' &&
    value !== null &&
    !(value instanceof MultimodalLoss) &&
    typeof Reflect.get(value, 'type') === 'string');

function moduleOf(model: Module | undefined, path: string, option: string): Module {
  if (model === undefined)
    throw new ConfigError('make a loss', [`${option}: expected a model to find "${path}" in, got none`]);
  const found = new Map(model.namedModules()).get(path);
  if (found) return found;
  const names = [...model.namedModules()].map(([name]) => name).filter((name) => name !== '' && !name.includes('.'));
  throw new ConfigError('make a loss', [
    `${option}: expected a module of the model, as ${names.join(', ')}, got "${path}"`,
  ]);
}
