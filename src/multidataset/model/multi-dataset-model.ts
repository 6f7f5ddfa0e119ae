// `MultiDatasetModel`: a network for many data sets with what it takes to train it.

import { ConfigError } from '../../errors.ts';
import { checkOptions, choice } from '../../metrics/options.ts';
import { Identity, Module } from '../../nn/index.ts';
import { AdamW } from '../../optim/index.ts';
import { zeros } from '../../tensor/create.ts';
import { where } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { batchSizeOf } from '../../trainer/loop/batch.ts';
import type { SchedulerEntry } from '../../trainer/loop/scheduler-entry.ts';
import type { StepOutput, TrainingOutput } from '../../trainer/loop/step.ts';
import { weighted } from '../../trainer/metrics/weighted-value.ts';
import { type BuildModelOptions, buildModel, type DatasetNetworkConfig } from '../network/build-model.ts';
import { type ModelConfig, readModelConfig } from '../network/model-config.ts';
import type { ModularNetwork } from '../network/modular-network.ts';
import { DatasetScores } from '../objectives/dataset-scores.ts';
import { type GroupLoss, groupLoss, meanOfGroups } from '../objectives/group-loss.ts';
import { type DatasetGroup, datasetOf, type Objective } from '../objectives/objective.ts';
import { PoissonObjective, ZeroInflatedPoissonObjective } from '../objectives/poisson-objective.ts';
import { SkippedGroups } from '../objectives/skipped-groups.ts';
import { type RegularizerSpec, specProblems } from '../regularizers/regularizer-spec.ts';
import { createRegularizers, type Regularizers } from '../regularizers/regularizers.ts';
import { LOSS_TYPES, type MultiDatasetHparams } from './hparams.ts';
import {
  checkModelOptions,
  type MultiDatasetModelOptions,
  TRAINING_RULES,
  type TrainingHparams,
} from './model-options.ts';
import { type CreateModelOptions, checkFileOptions, readModelFiles, readStoredModel } from './open-model.ts';
import { parameterGroups } from './parameter-groups.ts';
import {
  freezeParts,
  type LoadPretrainedOptions,
  loadPretrained,
  type PretrainedReport,
  VISION,
} from './pretrained.ts';
import { scheduleByName } from './schedules.ts';

// B samples, N units of a data set.

/** A batch: groups of several data sets, or one group. */
export type GroupedBatch = readonly DatasetGroup[] | DatasetGroup;

/** What comes into `forward`. */
export interface ModelInput {
  /** [B, C, T, H, W]; not needed where no part of the network sees. */
  readonly stim?: Tensor | undefined;
  /** Which data set it is of. */
  readonly dsIdx: number;
  /** Behaviour, [B, D]. */
  readonly beh?: Tensor | undefined;
  /** What the units did before, [B, lags, N]. */
  readonly history?: Tensor | undefined;
}

/** Options of `configureOptimizers`: those that are not given are the model's own. */
export interface ConfigureOptimizersOptions extends TrainingHparams {
  /** Epochs of the training, which schedules are made for. */
  readonly maxEpochs: number;
}

/** One group, forward. */
interface PlayedGroup extends GroupLoss {
  readonly datasetIdx: number;
  readonly size: number;
  readonly auxiliary: readonly Tensor[];
}

/** A shared core with an adapter and a readout for each of many data sets (`model`, a `ModularNetwork`), the loss that it is trained with (`loss_fn`), its regularisers and its optimizer.
 *
 *  The loss of a batch is the mean over its groups of each group's masked loss; groups whose loss is not finite, as those without a valid bin, are left out and counted. To it come `lambda_pred` times the mean square of
 *  a predictive modulator's errors, as a mean over the groups (VisionCore's is that of the last group alone), and the penalties of `regularization`.
 *  `multiDatasetTrainer` trains it; the steps are functions of a batch for any other loop. They never wait for the device.
 *  State keys are VisionCore's, `model.frontend.…`, so that its checkpoints load (`loadFromCheckpoint`).
 *  @throws {ConfigError} that lists everything that is wrong with options and configurations.
 *  Source: VisionCore, MultiDatasetModel.
 *  @example
 *  import { randn } from 'sconce';
 *  import { MultiDatasetModel } from 'sconce/multidataset';
 *  const model = new MultiDatasetModel({
 *    modelConfig: { model_type: 'v1multi', convnet: { type: 'none' }, readout: { type: 'linear' }, output_activation: 'softplus' },
 *    datasetConfigs: [{ session: 'Monday', cids: [3, 5, 9] }, { session: 'Tuesday', cids: [0, 1] }],
 *    lr: 1e-3,
 *  });
 *  model.forward({ stim: randn([4, 1, 8, 9, 9]), dsIdx: 1 }).shape; // [4, 2]
 *  const group = { stim: randn([4, 1, 8, 9, 9]), robs: ones([4, 3]), datasetIdx: 0 };
 *  model.trainingStep([group]).loss.shape; // [] */
export class MultiDatasetModel extends Module {
  readonly model: ModularNetwork;
  readonly loss_fn: Objective;
  readonly hparams: MultiDatasetHparams;
  /** Weight of a predictive modulator's error. */
  readonly lambdaPred: number;
  readonly #regularizers: Regularizers;
  readonly #scores: DatasetScores;
  readonly #skipped: SkippedGroups;

  constructor(options: MultiDatasetModelOptions) {
    checkModelOptions(options);
    super();
    const { network, modelConfig, datasetConfigs = [], names, makers, compileModel = false } = options;
    const { loss_type, ...config } = modelConfig ?? {};
    checkOptions('make a MultiDatasetModel', loss_type === undefined ? {} : { loss_type }, {
      loss_type: choice(...LOSS_TYPES),
    });
    this.model = network ?? builtModel(config, datasetConfigs, { names, makers });
    const { regularization = options.regularization ?? [], lambdaPred } = network ? {} : termsOf(config);
    this.lambdaPred = lambdaPred ?? options.lambdaPred ?? 0.1;
    const lossType = options.lossType ?? loss_type;
    this.loss_fn = options.objective ?? objectiveOf(this.model, lossType ?? 'poisson');
    this.hparams = {
      ...{ lr: 1e-4, wd: 1e-5, coreLrScale: 1, lrScheduler: 'none', warmupEpochs: 5 },
      ...given(options),
      ...{ compileModel, freezeVision: false, names: this.model.names },
      ...(lossType === undefined ? {} : { lossType }),
      ...(modelConfig && { modelConfigDict: modelConfig, datasetConfigs: datasetConfigs.map(networkPart) }),
    };
    this.#regularizers = createRegularizers(regularization as readonly RegularizerSpec[], this.model.namedParameters());
    this.#scores = new DatasetScores(this.names, this.loss_fn);
    this.#skipped = new SkippedGroups(this.names);
    if (compileModel)
      process.emitWarning('compileModel: nothing is compiled here, the model runs as it is', 'SconceWarning');
  }

  /** Makes a model of files: its configuration (`modelConfig`), those of its data sets (`cfgDir`), and the weights that it begins with (`pretrainedCheckpoint`, whose report `loadPretrained` gives).
   *  @throws {ConfigError} that lists everything that is wrong with them. @throws {CheckpointError} for a checkpoint of which nothing fits. */
  static async create(options: CreateModelOptions): Promise<MultiDatasetModel> {
    checkFileOptions(options);
    const { pretrainedCheckpoint, freezeVision = false } = options;
    if (freezeVision && pretrainedCheckpoint === undefined)
      throw new ConfigError('make a MultiDatasetModel', [
        'freezeVision: expected pretrainedCheckpoint beside it, got none; parts that see would stay as they were drawn',
      ]);
    const { options: own, origin } = await readModelFiles(options);
    const model = new MultiDatasetModel(own);
    Object.assign(model.hparams, origin);
    if (pretrainedCheckpoint !== undefined) await model.loadPretrained(pretrainedCheckpoint, { freezeVision });
    return model;
  }

  /** Makes the model of a checkpoint, ours or VisionCore's (`.ckpt` of Lightning), with its weights. What the file does not say, as the data sets of VisionCore's earlier ones where their folder is not there any more, `overrides` say.
   *  @throws {ConfigError} where neither says it.  @throws {CheckpointError} for weights that do not fit.  Source: Lightning, load_from_checkpoint. */
  static async loadFromCheckpoint(path: string, overrides: CreateModelOptions = {}): Promise<MultiDatasetModel> {
    const { options, weights, hparams } = await readStoredModel(path, overrides);
    const { options: own, origin } = await readModelFiles(options);
    const model = new this(own);
    Object.assign(model.hparams, origin);
    model.loadStateDict(weights);
    const { pretrainedCheckpoint, freezeVision } = { ...hparams, ...overrides };
    if (freezeVision === true) freezeParts(model.model, VISION);
    Object.assign(model.hparams, { freezeVision: freezeVision === true, pretrainedCheckpoint });
    return model;
  }

  /** Names of the data sets, in their order. */
  get names(): readonly string[] {
    return this.model.names;
  }

  /** What `regularization` of the configuration says. */
  get regularizers(): Regularizers {
    return this.#regularizers;
  }

  /** Gathers validation: a trainer's `valMetrics`. */
  get scores(): DatasetScores {
    return this.#scores;
  }

  /** Counts groups that were left out: a trainer's `trainMetrics`. */
  get skippedGroups(): SkippedGroups {
    return this.#skipped;
  }

  /** Whether no part of the network sees, so that stimuli are not used. */
  get isModulatorOnly(): boolean {
    return this.model.isModulatorOnly;
  }

  /** Whether the loss has more terms than the data sets'. */
  get hasTerms(): boolean {
    return this.model.modulator?.takePredictionErrors !== undefined || this.#regularizers.hasPenalties;
  }

  /** What is predicted of each unit: rates, raised to 1e-8, or their logarithms, raised to -20. Shape: [B, N].
   *  @throws {TypeError | RangeError | ShapeError} for an input that the network cannot take. */
  forward({ stim, dsIdx, beh, history }: ModelInput): Tensor {
    const seen = this.isModulatorOnly ? undefined : stim;
    const output = this.model.forward({ stim: seen, datasetIdx: dsIdx, behavior: beh, history });
    const { minOutput } = this.loss_fn;
    return minOutput === undefined ? output : output.clamp({ min: minOutput });
  }

  /** The loss of a batch, and what of it is logged. @param epoch - from 0, for penalties that follow it. */
  trainingStep(batch: GroupedBatch, epoch = 0): TrainingOutput {
    const played = groupsOf(batch).map((group) => this.#play(group));
    for (const { datasetIdx, isValid } of played) this.#skipped.update(datasetIdx, isValid);
    const samples = played.reduce((sum, { size }) => sum + size, 0);
    const base = meanOfGroups(played);
    const values: Record<string, unknown> = {};
    let loss = base?.mean ?? zeros([], { device: this.#device }).requiresGrad_();
    if (base) values.base_loss = weighted(base.mean.detach(), weightOf(base.isAny, samples));
    for (const { datasetIdx, size, loss, isValid } of played)
      values[`loss/${this.names[datasetIdx]}`] = weighted(loss.detach(), weightOf(isValid, size));
    const auxiliary = auxiliaryOf(played)?.mul(this.lambdaPred);
    if (auxiliary) {
      values.aux_loss = auxiliary.detach();
      loss = loss.add(auxiliary);
    }
    for (const [name, penalty] of Object.entries(this.#regularizers.penalties(epoch))) {
      values[`reg_loss/${name}`] = penalty.detach();
      loss = loss.add(penalty);
    }
    return { ...values, loss };
  }

  /** Gathers a batch into `scores`. It has no values of its own: those of a validation are `scores.compute()`. */
  validationStep(batch: GroupedBatch): StepOutput {
    for (const group of groupsOf(batch)) this.#scores.update(this.#predict(group), group);
    return {};
  }

  /** Predictions for each group of a batch, with its data set's number. */
  predictStep(batch: GroupedBatch): { readonly datasetIdx: number; readonly rhat: Tensor }[] {
    return groupsOf(batch).map((group) => ({ datasetIdx: datasetOf(group), rhat: this.#predict(group) }));
  }

  /** AdamW (0.9, 0.999, 1e-8) over core and heads, each with and without weight decay, and the schedule of its rates.
   *  @throws {ConfigError} for options that do not fit, and where everything is frozen. */
  configureOptimizers(options: ConfigureOptimizersOptions): {
    optimizer: AdamW;
    schedulers: readonly SchedulerEntry[];
  } {
    const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
    const rules = { ...TRAINING_RULES, maxEpochs: ['an integer above 0', isCount] as const };
    checkOptions('configure optimizers', options, rules, ['maxEpochs']);
    const settings = { ...this.hparams, ...given(options) };
    checkOptions('configure optimizers', given(settings), TRAINING_RULES);
    const { lr, wd, coreLrScale } = settings;
    const excluded = new Set(Array.from(this.#regularizers.excludedFromWeightDecay, (name) => `model.${name}`));
    const groups = parameterGroups(this.namedParameters(), { lr, coreLr: lr * coreLrScale, wd, excluded });
    if (groups.length === 0)
      throw new ConfigError('configure optimizers', [
        'model: expected parameters that are trained, got frozen ones alone',
      ]);
    const optimizer = new AdamW(groups, { lr, betas: [0.9, 0.999], eps: 1e-8 });
    return { optimizer, schedulers: scheduleByName(optimizer, { ...settings, maxEpochs: options.maxEpochs }) };
  }

  /** Takes adapters, frontend and convnet of a checkpoint, ours or VisionCore's, and says what became of every weight.
   *  @throws {CheckpointError} for a file of which nothing fits. */
  async loadPretrained(path: string, options: LoadPretrainedOptions = {}): Promise<PretrainedReport> {
    const report = await loadPretrained(this.model, path, options);
    Object.assign(this.hparams, { pretrainedCheckpoint: path, freezeVision: options.freezeVision ?? false });
    return report;
  }

  get #device() {
    return this.parameters()[0]?.device ?? 'cpu';
  }

  #predict(group: DatasetGroup): Tensor {
    const dsIdx = datasetOf(group);
    const { stim, behavior, history } = group as { readonly [name: string]: Tensor | undefined };
    // A network alone leaves a modulator out that keeps the channels; here that would be a training without it.
    if (this.model.modulator && behavior === undefined)
      throw new TypeError(
        `Cannot play a batch of "${this.names[dsIdx]}": expected behavior for the model's ${this.model.modulator.constructor.name}, got none; name it under keys_lags of the data set`,
      );
    return widened(this.forward({ stim, dsIdx, beh: behavior, history }));
  }

  #play(group: DatasetGroup): PlayedGroup {
    const loss = groupLoss(this.loss_fn, this.#predict(group), group);
    const errors = this.model.modulator?.takePredictionErrors?.() ?? [];
    return {
      ...loss,
      datasetIdx: datasetOf(group),
      size: batchSizeOf(group),
      auxiliary: loss.isValid === false ? [] : errors.map((error) => gated(error, loss.isValid).square().mean()),
    };
  }
}

/** In the precision in which losses are computed. */
const widened = (output: Tensor): Tensor => (output.dtype === 'float64' ? output : output.to('float32'));

const gated = (value: Tensor, isValid: boolean | Tensor): Tensor =>
  typeof isValid === 'boolean' ? value : where(isValid, value, 0);

const weightOf = (isValid: boolean | Tensor, size: number): number | Tensor =>
  typeof isValid === 'boolean' ? (isValid ? size : 0) : isValid.to('float64').mul(size);

/** The mean of the groups' errors; undefined without any. */
function auxiliaryOf(played: readonly PlayedGroup[]): Tensor | undefined {
  const errors = played.flatMap(({ auxiliary, isValid }) => auxiliary.map((loss) => ({ loss, isValid })));
  return meanOfGroups(errors)?.mean;
}

function groupsOf(batch: GroupedBatch): readonly DatasetGroup[] {
  return Array.isArray(batch) ? (batch as readonly DatasetGroup[]) : [batch as DatasetGroup];
}

function objectiveOf(network: ModularNetwork, lossType: (typeof LOSS_TYPES)[number]): Objective {
  const logInput = network.activation instanceof Identity;
  if (lossType === 'poisson') return new PoissonObjective({ logInput });
  return new ZeroInflatedPoissonObjective({ logInput, numUnits: [...network.readouts].map(({ nUnits }) => nUnits) });
}

/** `buildModel`, whose error lists what is wrong with the regularisers too. */
function builtModel(
  config: ModelConfig,
  ...others: [readonly DatasetNetworkConfig[], BuildModelOptions]
): ModularNetwork {
  try {
    return buildModel(config, ...others);
  } catch (error) {
    if (!(error instanceof ConfigError) || !Array.isArray(config.regularization)) throw error;
    throw new ConfigError('build a model', [...error.problems, ...specProblems(config.regularization)]);
  }
}

function termsOf(config: ModelConfig): { regularization: readonly unknown[]; lambdaPred: number } {
  const { regularization, lambdaPred } = readModelConfig(config);
  return { regularization, lambdaPred };
}

/** What a network takes of the configuration of a data set. */
const networkPart = ({
  session,
  cids,
  adapter,
  readout,
}: NonNullable<MultiDatasetModelOptions['datasetConfigs']>[number]) => ({
  ...(session === undefined ? {} : { session }),
  cids,
  ...(adapter && { adapter }),
  ...(readout && { readout }),
});

/** Of the options those that say how it is trained. */
function given(options: { readonly [K in keyof TrainingHparams]?: unknown }): TrainingHparams {
  const entries = Object.keys(TRAINING_RULES).map((name) => [name, options[name as keyof TrainingHparams]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
