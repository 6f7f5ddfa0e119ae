// `MultiDatasetDM`: the data of a training on many data sets, from YAML files to loaders.

import {
  ByDatasetBatchSampler,
  ContrastWeightedSampler,
  DataLoader,
  type DataLoaderOptions,
  DistributedSampler,
  type Float32View,
} from '../../data/index.ts';
import { canPin } from '../../data/loader/finishing.ts';
import { ConfigError } from '../../errors.ts';
import { checkDatasetConfigs } from './config/check-dataset-config.ts';
import type { DatasetConfig } from './config/dataset-config.ts';
import { readDatasetConfigs } from './config/read-dataset-configs.ts';
import { contrastScores } from './contrast-scores.ts';
import { type DMSettings, type MultiDatasetDMOptions, readDMOptions } from './dm-options.ts';
import { GroupedDataset } from './grouped-dataset.ts';
import { prepareSessions, type Session } from './prepare-session.ts';
import type { MultiDatasetBatch, MultiDatasetGroup, MultiDatasetSample } from './sample.ts';
import { planSession, type SessionPlan } from './session-plan.ts';
import { byteProblems, normRemoved } from './transforms/expose.ts';
import { ValidationBatches } from './validation-batches.ts';
import { noteSessions, type SharedSession, type Side, shareSession, viewOf } from './worker-sessions.ts';

type Loader = DataLoader<MultiDatasetSample, unknown, MultiDatasetBatch>;

/**
 * Reads many data sets and gives loaders of their samples.
 *
 * `setup()` reads the YAML files of `cfgDir` (see `readDatasetConfigs`; `configs` take their place), and for each data set its recordings, of which it makes samples by the file's transforms,
 * filters and lags, split into training and validation by trial. Nothing is read before it.
 *
 * Training batches are drawn from all samples of all data sets, shuffled, in whole batches; with `enableCurriculum` by contrast (`ContrastWeightedSampler`, or in
 * homogeneous batches `ByDatasetBatchSampler`). Validation is complete and has the same order in every epoch: each held-out sample once, in batches of one data set,
 * which take turns. The shares of ranks are pure functions of (rank, world), and disjoint.
 *
 * A batch is a list of groups, `{ stim [B, C, T, H, W], robs [B, N], dfs [B, N] or [B, 1], behavior? [B, D], history? [B, lags, N], …, datasetIdx }`, where `datasetIdx`
 * is a number. Its tensors are float32 on the CPU.
 * Memory: of each recording the keys of its samples, once; the stimulus in `dsetDtype`.
 * @throws {ConfigError} naming every option that is wrong.  Source: VisionCore, MultiDatasetDM.
 * @example
 * import { mkdirSync } from 'node:fs';
 * import { datasetConfig, MultiDatasetDM } from 'sconce/multidataset';
 * // Two minutes of ten units at 10 Hz, in trials of a second.
 * mkdirSync('/tmp/recordings/first', { recursive: true });
 * const stim = randint(0, 256, [1200, 8, 8]).to('uint8');
 * const trials = arange(1200).div(10, { roundingMode: 'floor' });
 * await saveSafetensors({ stim, robs: rand([1200, 10]).round(), trial_inds: trials }, '/tmp/recordings/first/noise.safetensors');
 * const config = datasetConfig({
 *   session: 'first',
 *   data_dir: '/tmp/recordings',
 *   types: ['noise'],
 *   cids: [0, 3, 4],
 *   keys_lags: { stim: [0, 1, 2, 3], robs: 0, dfs: 0 },
 *   transforms: { stim: { ops: ['pixelnorm'] } },
 * });
 * const dm = new MultiDatasetDM({ configs: { names: ['first'], configs: [config] }, batch: 32 });
 * await dm.setup();
 * [dm.trainDsets.first!.length, dm.valDsets.first!.length]; // [672, 168]
 * const shapes: unknown[] = [];
 * for await (const groups of dm.valDataloader())
 *   if (Array.isArray(groups)) shapes.push(groups.map(({ stim, robs, datasetIdx }) => [datasetIdx, stim.shape, robs.shape]));
 * shapes[0]; // [[0, [32, 1, 4, 8, 8], [32, 3]]]
 */
export class MultiDatasetDM {
  readonly settings: DMSettings;
  #names: readonly string[] | undefined;
  #cfgs: readonly DatasetConfig[] = [];
  #trainDsets: Record<string, Float32View<MultiDatasetSample>> = {};
  #valDsets: Record<string, Float32View<MultiDatasetSample>> = {};
  #contrastScores: Record<string, Float32Array> | undefined;
  /** For worker threads, where there are to be some. */
  #shared: readonly SharedSession[] = [];
  #loaders: Loader[] = [];

  constructor(options: MultiDatasetDMOptions) {
    this.settings = readDMOptions(options);
  }

  /** Training steps in an epoch. */
  get stepsPerEpoch(): number {
    return this.settings.stepsPerEpoch;
  }

  /** Names of the data sets, in their order. */
  get names(): readonly string[] {
    return this.#expectSetup();
  }

  /** The configurations of the data sets, in the order of `names`. */
  get cfgs(): readonly DatasetConfig[] {
    this.#expectSetup();
    return this.#cfgs;
  }

  /** The number of each data set by its name. */
  get name2idx(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#expectSetup().map((name, at) => [name, at]));
  }

  /** What is trained on, by name. The `base` of each is what it is made of, with the stimulus as it is kept. */
  get trainDsets(): Readonly<Record<string, Float32View<MultiDatasetSample>>> {
    this.#expectSetup();
    return this.#trainDsets;
  }

  /** What is validated on, by name. */
  get valDsets(): Readonly<Record<string, Float32View<MultiDatasetSample>>> {
    this.#expectSetup();
    return this.#valDsets;
  }

  /** One number for each training sample, by name: its contrast, over the median of all. Undefined without `enableCurriculum`. */
  get contrastScores(): Readonly<Record<string, Float32Array>> | undefined {
    this.#expectSetup();
    return this.#contrastScores;
  }

  /** Reads everything. A second call does nothing.
   *  @throws {ConfigError} that lists everything that is wrong with the files, of all data sets. */
  async setup(): Promise<void> {
    if (this.#names) return;
    const { cfgDir, configs: given, maxDs, dsetDtype, enableCurriculum, workers } = this.settings;
    const { names, configs } =
      cfgDir === undefined ? checkDatasetConfigs(given!, maxDs) : await readDatasetConfigs(cfgDir, { maxDs });
    const plans = await this.#plan(names, configs);
    const prepared = await prepareSessions(plans, { names, dtype: dsetDtype, action: this.#action });
    const sessions: Record<string, Session> = {};
    const shared: SharedSession[] = [];
    for (const [at, plan] of plans.entries()) {
      const name = names[at]!;
      sessions[name] = prepared[at]!;
      if (workers === 0) continue;
      const { session, data } = shareSession(name, sessions[name]);
      sessions[name] = session;
      shared.push({ name, normRemoved: normRemoved(plan.config, dsetDtype), data });
    }
    const view = (side: Side): Record<string, Float32View<MultiDatasetSample>> =>
      Object.fromEntries(
        names.map((name, at) => [name, viewOf(sessions[name]![side], normRemoved(configs[at]!, dsetDtype))]),
      );
    if (enableCurriculum)
      this.#contrastScores = contrastScores(Object.fromEntries(names.map((name) => [name, sessions[name]!.train])));
    this.#trainDsets = view('train');
    this.#valDsets = view('val');
    this.#shared = shared;
    this.#cfgs = configs;
    this.#names = names;
  }

  /** A loader of training batches. Each call gives another one, which begins anew. */
  trainDataloader(): Loader {
    const { batch, rank, world, seed, homogeneousBatches } = this.settings;
    const dataset = this.#dataset('train');
    const numBatches = Math.floor(Math.floor(dataset.length / world) / batch);
    if (numBatches === 0)
      throw new ConfigError('make a training loader', [
        `batch: expected at most ${Math.floor(dataset.length / world)}, the training samples of a rank, got ${batch}`,
      ]);
    if (homogeneousBatches) return this.#loader(dataset, { batchSampler: this.#homogeneous(dataset) });
    const sampler = this.settings.enableCurriculum
      ? this.#curriculum(dataset)
      : new DistributedSampler(dataset.length, { numReplicas: world, rank, seed, dropLast: true });
    return this.#loader(dataset, { sampler, batchSize: batch, dropLast: true });
  }

  /** A loader of all held-out samples. */
  valDataloader(): Loader {
    const dataset = this.#dataset('val');
    const sizes = dataset.datasets.map(({ length }) => length);
    return this.#loader(dataset, { batchSampler: new ValidationBatches(sizes, this.settings.batch, this.settings) });
  }

  /** Ends the worker threads of all loaders. */
  async close(): Promise<void> {
    await Promise.all(this.#loaders.map((loader) => loader.close()));
    this.#loaders = [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** What each data set is made of. Files that were opened are closed where something is wrong. */
  async #plan(names: readonly string[], configs: readonly DatasetConfig[]): Promise<SessionPlan[]> {
    const { dsetDtype, missingTypes } = this.settings;
    const plans: SessionPlan[] = [];
    const problems: string[] = [];
    for (const [at, config] of configs.entries()) {
      const own = dsetDtype === 'uint8' ? byteProblems(config) : [];
      try {
        plans.push(await planSession(config, missingTypes));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        own.push(...error.problems);
      }
      problems.push(...own.map((problem) => `${names[at]}: ${problem}`));
    }
    if (problems.length === 0) return plans;
    await Promise.all(plans.flatMap(({ recordings }) => recordings.map(({ file }) => file.close())));
    throw new ConfigError(this.#action, problems);
  }

  get #action(): string {
    const { cfgDir } = this.settings;
    return `set up the data sets${cfgDir === undefined ? '' : ` of "${cfgDir}"`}`;
  }

  #dataset(side: Side): GroupedDataset<MultiDatasetSample> {
    const dataset = new GroupedDataset<MultiDatasetSample>(side === 'train' ? this.trainDsets : this.valDsets);
    if (this.settings.workers > 0) noteSessions(dataset, side, this.#shared);
    return dataset;
  }

  #curriculum(dataset: GroupedDataset<MultiDatasetSample>): ContrastWeightedSampler {
    const { rank, world, seed, warmupSteps, transition, stepAt } = this.settings;
    return new ContrastWeightedSampler({
      dataset,
      contrastScoresDict: this.#contrastScores!,
      datasetNameToIdx: this.name2idx,
      numReplicas: world,
      rank,
      seed,
      dropLast: true,
      warmupSteps,
      transition,
      stepAt,
    });
  }

  #homogeneous(dataset: GroupedDataset<MultiDatasetSample>): ByDatasetBatchSampler {
    const { batch, rank, world, seed, warmupSteps, stepAt } = this.settings;
    return new ByDatasetBatchSampler({
      cat: dataset,
      name2idx: this.name2idx,
      batchSize: batch,
      contrastScores: this.#contrastScores,
      numReplicas: world,
      rank,
      seed,
      warmupSteps,
      stepAt,
    });
  }

  #loader(
    dataset: GroupedDataset<MultiDatasetSample>,
    order: Pick<DataLoaderOptions<MultiDatasetSample, unknown>, 'sampler' | 'batchSampler' | 'batchSize' | 'dropLast'>,
  ): Loader {
    const { seed, prefetchFactor, homogeneousBatches, workers } = this.settings;
    const loader: Loader = new DataLoader<MultiDatasetSample, unknown, MultiDatasetBatch>({
      dataset,
      ...order,
      seed,
      prefetchFactor,
      numWorkers: workers,
      pinMemory: canPin(),
      // A homogeneous batch is its only group.
      ...(homogeneousBatches && { transform: (groups) => (groups as MultiDatasetGroup[])[0]! }),
    });
    this.#loaders.push(loader);
    return loader;
  }

  #expectSetup(): readonly string[] {
    if (this.#names) return this.#names;
    throw new Error('Cannot look at the data sets of a MultiDatasetDM: expected setup() before, got none');
  }
}
