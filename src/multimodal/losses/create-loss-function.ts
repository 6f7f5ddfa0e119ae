// `createLossFunction`: the loss that a training's arguments ask for, with defaults that follow the size of data and batch.

import { checkOptions, choice, count, flag, type Rule } from '../../metrics/options.ts';
import { camelCased } from '../../trainer/parts/part-options.ts';
import { above, atLeast } from './loss-options.ts';
import { makeLoss } from './make-loss.ts';
import type { MultimodalLoss } from './multimodal-loss.ts';

/** Arguments of a training that concern its loss, of all losses: those of others are not looked at. Snake case is as good. */
export interface LossArguments {
  /** Default 'contrastive'. */
  readonly lossType?:
    | 'contrastive'
    | 'simple'
    | 'mixed'
    | 'barlow_twins'
    | 'vicreg'
    | 'memory_queue'
    | 'dynamic_temp'
    | 'hard_negative'
    | 'decoupled'
    | 'combined'
    | undefined;
  /** Default 0.07. */
  readonly temperature?: number | undefined;
  /** Size of a batch. Default 32. */
  readonly batchSize?: number | undefined;
  /** Size of the features. Default 768. */
  readonly fusionDim?: number | undefined;
  /** Takes 'simple', whatever `lossType` says. */
  readonly useSimpleModel?: boolean | undefined;
  /** Takes 'mixed', whatever `lossType` says. */
  readonly useMixedLoss?: boolean | undefined;
  /** Of 'contrastive'. Default 'auto': by the size of the data. */
  readonly contrastiveSampling?: 'auto' | 'in-batch' | 'memory-bank' | 'global' | undefined;
  /** Rows of the memory bank of 'contrastive'. Default 4096; twice as many are kept. */
  readonly memoryBankSize?: number | undefined;
  /** Of 'memory_queue'. Default: by the size of the data. */
  readonly queueSize?: number | undefined;
  readonly dynamicTempMin?: number | undefined;
  readonly dynamicTempMax?: number | undefined;
  /** Of 'hard_negative'. Default 'auto': semi-hard for batches below 32. */
  readonly miningStrategy?: 'auto' | 'hard' | 'semi-hard' | undefined;
  readonly hardNegativeFactor?: number | undefined;
  /** Whether 'mixed' and 'combined' have projections. Default false. */
  readonly useHardNegatives?: boolean | undefined;
  /** Size of the projection of 'mixed'. Default 256. */
  readonly dim?: number | undefined;
  /** Of 'mixed' and 'combined'. Default 0.4. */
  readonly contrastiveWeight?: number | undefined;
  /** Of 'mixed' and 'combined'. Default 0.3. */
  readonly classificationWeight?: number | undefined;
  /** Of 'mixed' and 'combined'. Default 0.3. */
  readonly multimodalMatchingWeight?: number | undefined;
  /** Of 'decoupled' and 'combined'. Default 0.5. */
  readonly lambdaV?: number | undefined;
  readonly lambdaT?: number | undefined;
  /** Of 'combined'. Default 0.5. */
  readonly secondaryLossWeight?: number | undefined;
  /** Of 'combined'. Default 0.3. */
  readonly tertiaryLossWeight?: number | undefined;
  /** Of 'barlow_twins'. Default 0.005. */
  readonly lambdaCoeff?: number | undefined;
  readonly batchNormLast?: boolean | undefined;
  readonly correlationMode?: 'cross_modal' | 'within_batch' | undefined;
  /** Of 'vicreg'. Default 5. */
  readonly simWeight?: number | undefined;
  readonly varWeight?: number | undefined;
  /** Default 1. */
  readonly covWeight?: number | undefined;
  readonly vicregWarmupEpochs?: number | undefined;
  readonly useCurriculum?: boolean | undefined;
  readonly numEpochs?: number | undefined;
  /** Whether 'vicreg' begins with contrast (`HybridPretrainVICRegLoss`). Default false. */
  readonly useContrastivePretrain?: boolean | undefined;
  readonly contrastivePretrainSteps?: number | undefined;
  readonly adaptiveTransition?: boolean | undefined;
  readonly minAlignmentThreshold?: number | undefined;
  readonly gradualTransitionSteps?: number | undefined;
}

const TYPES = [
  'contrastive',
  'simple',
  'mixed',
  'barlow_twins',
  'vicreg',
  'memory_queue',
  'dynamic_temp',
  'hard_negative',
  'decoupled',
  'combined',
] as const;

const RULES: Readonly<Record<keyof LossArguments, Rule>> = {
  lossType: choice(...TYPES),
  temperature: above(0),
  ...{ batchSize: count(), fusionDim: count(), memoryBankSize: count(), queueSize: count(), dim: count() },
  ...{ useSimpleModel: flag, useMixedLoss: flag, useHardNegatives: flag, batchNormLast: flag },
  contrastiveSampling: choice('auto', 'in-batch', 'memory-bank', 'global'),
  ...{ dynamicTempMin: above(0), dynamicTempMax: above(0), hardNegativeFactor: above(0) },
  miningStrategy: choice('auto', 'hard', 'semi-hard'),
  ...{ contrastiveWeight: atLeast(0), classificationWeight: atLeast(0), multimodalMatchingWeight: atLeast(0) },
  ...{ lambdaV: atLeast(0), lambdaT: atLeast(0), secondaryLossWeight: atLeast(0), tertiaryLossWeight: atLeast(0) },
  ...{ lambdaCoeff: atLeast(0), simWeight: atLeast(0), varWeight: atLeast(0), covWeight: atLeast(0) },
  correlationMode: choice('cross_modal', 'within_batch'),
  ...{ vicregWarmupEpochs: count(), numEpochs: count(), useCurriculum: flag, useContrastivePretrain: flag },
  ...{ contrastivePretrainSteps: count(0), gradualTransitionSteps: count(0), adaptiveTransition: flag },
  minAlignmentThreshold: atLeast(0),
};

/** Makes the loss that `args` ask for. What they leave open follows `datasetSize`, the samples of the training, and `batchSize`:
 *  - 'memory_queue': 2048 places, from 1001 samples 4096, from 5001 on 8192, from 10001 on 16384; 8192 where the size is not known; 1.1 times the temperature.
 *  - 'contrastive': all samples' features as negatives below 1000 samples, a memory bank below 10000 and where the size is not known, the batch alone above; the temperature times 0.85 in batches below 64, 0.9 below 128, else 0.95
 *    where the batch alone is compared, and times 1.05 where all samples are.
 *  - 'dynamic_temp': from 0.6 to 2 times the temperature, inside 0.01 and 0.3.
 *  - 'hard_negative': semi-hard with a factor of 3 in batches below 32, else hard with 2.
 *
 *  Others are made as their classes are, with projections where multimodal_insight_engine has them.
 *  @throws {ConfigError} for arguments, all problems at once.
 *  Source: multimodal_insight_engine, losses/loss_factory.py; it takes 'semi-hard' whatever it has found to be better, and gives `BarlowTwinsLoss` an argument that it does not have.
 *  @example
 *  import { createLossFunction } from 'sconce/multimodal';
 *  const criterion = createLossFunction({ lossType: 'memory_queue', fusionDim: 64 }, { datasetSize: 3000 });
 *  criterion.constructor.name; // 'MoCoLoss' */
export function createLossFunction(
  args: LossArguments | Readonly<Record<string, unknown>>,
  { datasetSize }: { readonly datasetSize?: number | undefined } = {},
): MultimodalLoss {
  const named = Object.fromEntries(Object.entries(args).map(([key, value]) => [camelCased(key), value ?? undefined]));
  checkOptions('make a loss', named, RULES);
  checkOptions('make a loss', { datasetSize }, { datasetSize: count() });
  const given = named as LossArguments; // they have been checked
  const type = given.useSimpleModel ? 'simple' : given.useMixedLoss ? 'mixed' : (given.lossType ?? 'contrastive');
  return makeLoss({ type: nameOf(type, given), ...withoutUndefined(MAKERS[type](given, datasetSize)) });
}

type Options = Readonly<Record<string, unknown>>;
type Type = (typeof TYPES)[number];

const nameOf = (type: Type, { useContrastivePretrain }: LossArguments): string =>
  type === 'vicreg' && useContrastivePretrain ? 'hybrid_vicreg' : type;

const temperatureOf = ({ temperature = 0.07 }: LossArguments): number => temperature;
const dimOf = ({ fusionDim = 768 }: LossArguments): number => fusionDim;

const MAKERS: Readonly<Record<Type, (args: LossArguments, datasetSize: number | undefined) => Options>> = {
  simple: (args) => ({ temperature: temperatureOf(args) }),
  contrastive: (args, datasetSize) => contrastive(args, datasetSize),
  mixed: (args) => mixed(args, args.dim ?? 256),
  barlow_twins: (args) => ({
    ...{ lambdaCoeff: args.lambdaCoeff, correlationMode: args.correlationMode, normalizeEmbeddings: true },
    ...{ useProjection: true, inputDim: dimOf(args), projectionDim: 2 * dimOf(args) },
    batchNormLastLayer: args.batchNormLast,
  }),
  vicreg: (args) => vicreg(args),
  memory_queue: (args, datasetSize) => ({
    dim: dimOf(args),
    queueSize: args.queueSize ?? queueFor(datasetSize),
    temperature: 1.1 * temperatureOf(args),
  }),
  dynamic_temp: (args) => {
    const base = temperatureOf(args);
    return {
      baseTemperature: base,
      minTemp: args.dynamicTempMin ?? Math.max(0.01, 0.6 * base),
      maxTemp: args.dynamicTempMax ?? Math.min(0.3, 2 * base),
    };
  },
  hard_negative: (args) => {
    const { miningStrategy: asked = 'auto', batchSize = 32 } = args;
    const miningStrategy = asked === 'auto' ? (batchSize < 32 ? 'semi-hard' : 'hard') : asked;
    const hardNegativeFactor = args.hardNegativeFactor ?? (miningStrategy === 'semi-hard' ? 3 : 2);
    return { temperature: temperatureOf(args), miningStrategy, hardNegativeFactor };
  },
  decoupled: (args) => decoupled(args),
  combined: (args) => ({
    primaryLoss: { type: 'contrastive', ...projected(args), temperature: temperatureOf(args) },
    secondaryLoss: { type: 'decoupled', ...withoutUndefined(decoupled(args)) },
    secondaryLossWeight: args.secondaryLossWeight,
    tertiaryLoss: { type: 'mixed', ...withoutUndefined(mixed(args, dimOf(args))) },
    tertiaryLossWeight: args.tertiaryLossWeight,
  }),
};

const projected = (args: LossArguments, projectionDim = dimOf(args)): Options =>
  args.useHardNegatives ? { useProjection: true, inputDim: dimOf(args), projectionDim } : { useProjection: false };

function mixed(args: LossArguments, projectionDim: number): Options {
  const { contrastiveWeight: infonce = 0.4, classificationWeight: ntXent = 0.3 } = args;
  const { multimodalMatchingWeight: supervised = 0.3 } = args;
  return {
    temperature: temperatureOf(args),
    lossWeights: { infonce, ntXent, supervised },
    ...projected(args, projectionDim),
  };
}

const decoupled = ({ lambdaV, lambdaT, ...args }: LossArguments): Options => ({
  ...{ temperature: temperatureOf(args), lambdaV, lambdaT },
});

function vicreg(args: LossArguments): Options {
  const { simWeight: simCoeff = 5, varWeight: varCoeff = 5, covWeight: covCoeff = 1 } = args;
  const { vicregWarmupEpochs: warmupEpochs, useCurriculum: curriculum, numEpochs } = args;
  const own = { simCoeff, varCoeff, covCoeff, epsilon: 1e-4, warmupEpochs, curriculum, numEpochs };
  if (!args.useContrastivePretrain) return own;
  const { contrastivePretrainSteps = 200, adaptiveTransition, gradualTransitionSteps } = args;
  const minAlignmentThreshold = adaptiveTransition === false ? undefined : args.minAlignmentThreshold;
  const pretraining = { contrastivePretrainSteps, adaptiveTransition, minAlignmentThreshold, gradualTransitionSteps };
  return { ...own, ...pretraining, temperature: temperatureOf(args) };
}

function contrastive(args: LossArguments, datasetSize: number | undefined): Options {
  const { contrastiveSampling = 'auto', batchSize = 32, memoryBankSize = 4096 } = args;
  const samplingStrategy = contrastiveSampling === 'auto' ? samplingFor(datasetSize) : contrastiveSampling;
  const inBatch = batchSize < 64 ? 0.85 : batchSize < 128 ? 0.9 : 0.95;
  const scale = { 'in-batch': inBatch, 'memory-bank': 1, global: 1.05 }[samplingStrategy];
  return {
    temperature: scale * temperatureOf(args),
    samplingStrategy,
    ...{ useProjection: true, inputDim: dimOf(args), projectionDim: dimOf(args) },
    ...(samplingStrategy === 'memory-bank' ? { memoryBankSize: 2 * memoryBankSize } : {}),
    ...(samplingStrategy === 'global' ? { datasetSize } : {}),
  };
}

function samplingFor(datasetSize: number | undefined): 'global' | 'memory-bank' | 'in-batch' {
  if (datasetSize === undefined) return 'memory-bank';
  return datasetSize < 1000 ? 'global' : datasetSize < 10_000 ? 'memory-bank' : 'in-batch';
}

function queueFor(datasetSize: number | undefined): number {
  if (datasetSize === undefined) return 8192;
  return datasetSize > 10_000 ? 16_384 : datasetSize > 5000 ? 8192 : datasetSize > 1000 ? 4096 : 2048;
}

const withoutUndefined = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
