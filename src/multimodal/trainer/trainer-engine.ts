// The inside of a `MultimodalTrainer`: the one loop with the trainer as its host, so that whatever of the trainer was replaced or overridden is what trains, evaluates, saves and stops.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { JsonlLogger } from '../../tracking/loggers/jsonl.ts';
import { ProgressCallback } from '../../trainer/callbacks/progress.ts';
import type { CheckpointOptions } from '../../trainer/checkpoint/checkpoint-manager.ts';
import type { Clocks } from '../../trainer/loop/clocks.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { GenericTrainerOptions } from '../../trainer/trainer-options.ts';
import type { CheckpointHost, RestoredCheckpoint } from '../stores/checkpoint-host.ts';
import type { LoadedState } from '../stores/checkpoint-manager.ts';
import { HostedTrainer, type PlayBatches, type TrainingHost, type Values } from './hosted-trainer.ts';
import { checksOf } from './loop-checks.ts';
import type { MultimodalTrainer } from './multimodal-trainer.ts';
import type { MultimodalTrainerOptions, TrainOptions } from './multimodal-trainer-options.ts';
import { TrainerFiles } from './trainer-files.ts';
import { type FlowHost, TrainerFlow } from './trainer-flow.ts';
import { configOf, PLAY, schedulersOf, type TrainingLoop } from './training-loop.ts';

/** Settings of a loop, and the options of a trainer that say them: they stay once training has begun, and none that was said gets lost with a loop that is replaced. */
const TOLD_BY = {
  scheduler: ['scheduler', 'warmupSteps'],
  mixedPrecision: ['mixedPrecision'],
  accumulationSteps: ['accumulationSteps'],
  clipGradNorm: ['clipGradNorm'],
  logSteps: ['logSteps'],
  gradScheduler: ['balanceModalityGradients'],
} as const satisfies { readonly [setting: string]: readonly (keyof MultimodalTrainerOptions)[] };

type LoopSetting = 'model' | 'optimizer' | 'lossFn' | keyof typeof TOLD_BY;

/** Trains for a `MultimodalTrainer`. */
export class TrainerEngine implements TrainingHost, FlowHost, CheckpointHost {
  readonly flow: TrainerFlow;
  /** Set while the loop waits for an epoch. */
  playEpochBatches: (() => Promise<Values>) | undefined;
  /** Set while the loop waits for an evaluation. */
  playEvaluation: PlayBatches | undefined;
  readonly #trainer: MultimodalTrainer;
  readonly #options: MultimodalTrainerOptions;
  #loop: TrainingLoop;
  #generic: HostedTrainer;
  /** Whether `train` runs, or a single epoch. */
  #mode: 'train' | 'epoch' | undefined;
  #maxEpochs = 0;
  #epochValues: Values = {};
  #isEpochOver = false;
  #isLoaded = false;
  readonly #files: TrainerFiles;

  /** @param ownSave - the trainer's `saveCheckpoint`, which a subclass may have overridden. */
  constructor(
    trainer: MultimodalTrainer,
    options: MultimodalTrainerOptions,
    loop: TrainingLoop,
    ownSave: MultimodalTrainer['saveCheckpoint'],
  ) {
    this.#trainer = trainer;
    this.#options = options;
    this.#loop = loop;
    this.flow = new TrainerFlow(this);
    this.#files = new TrainerFiles(trainer, options, ownSave);
    this.#generic = this.#makeTrainer();
  }

  get clocks(): Readonly<Clocks> {
    return this.#generic.clocks;
  }

  get loop(): TrainingLoop {
    return this.#loop;
  }

  /** @throws {ConfigError} for one of another model, optimizer or loss, or without a setting that the trainer was told, and once training has begun for one with other settings. */
  set loop(loop: TrainingLoop) {
    const differ = (names: readonly LoopSetting[]): LoopSetting[] =>
      names.filter((name) => loop[name] !== this.#loop[name]);
    const settings = Object.keys(TOLD_BY) as (keyof typeof TOLD_BY)[];
    const isTold = (name: keyof typeof TOLD_BY): boolean =>
      TOLD_BY[name].some((option) => this.#options[option] !== undefined);
    const hasBegun = this.#mode !== undefined || !this.#isStart;
    const problems = [
      ...differ(['model', 'optimizer', 'lossFn']).map((name) => `${name}: expected the trainer's, got another one`),
      ...differ(settings.filter((name) => hasBegun || isTold(name))).map(
        (name) =>
          `${name}: expected ${hasBegun ? 'the same once training has begun' : 'what the trainer was told'}, got another; give the loop ${name}: trainer.trainingLoop.${name}`,
      ),
    ];
    if (problems.length > 0) throw new ConfigError('set trainingLoop', problems);
    this.#loop = loop;
    if (!hasBegun) this.#generic = this.#makeTrainer();
  }

  /** The epoch that runs, or ran last; behind a load the one to go on with. */
  get currentEpoch(): number {
    const { epoch } = this.clocks;
    return this.flow.isInEpoch || this.#isLoaded ? epoch : Math.max(0, epoch - 1);
  }

  /** What a file tells of the training. */
  get state() {
    const { bestValMetric, patienceCounter } = this.flow;
    const best = bestValMetric === undefined ? {} : { bestValMetric };
    const { currentEpoch, clocks, metrics } = this;
    return { currentEpoch, globalStep: clocks.step, ...best, patienceCounter, history: metrics.toDict() };
  }

  #makeTrainer(): HostedTrainer {
    const { model } = this.#trainer;
    const loop = this.#loop;
    const { lossFn, optimizer } = loop;
    const trainer = new HostedTrainer(
      {
        config: this.#configOf(loop),
        ...{ model, optimizers: [optimizer], modules: { loss: lossFn }, schedulers: schedulersOf(loop.scheduler) },
        callbacks: this.#callbacksOf(loop),
        loggers: this.#loggers(),
        ...(this.#options.run ? { run: this.#options.run } : {}),
      },
      this,
    );
    trainer.setTrainingStep((_trainer, batch: never) =>
      this.#trainer.trainStep(this.dataHandler.toDevice(batch), optimizer),
    );
    trainer.setValidationStep(() => ({})); // evaluate() is in its place
    return trainer;
  }

  #configOf(loop: TrainingLoop): NonNullable<GenericTrainerOptions['config']> {
    const own = configOf(loop);
    const { config = {}, seed, args } = this.#options;
    const experimentConfig = { ...config.experimentConfig, ...args };
    return {
      ...config,
      ...own,
      ...(seed === undefined ? {} : { seed }),
      performance: { ...config.performance, ...own.performance },
      logging: { ...own.logging, ...config.logging },
      trainLoaderConfig: { ...config.trainLoaderConfig, ...own.trainLoaderConfig },
      ...(Object.keys(experimentConfig).length > 0 ? { experimentConfig } : {}),
    };
  }

  #callbacksOf(loop: TrainingLoop): Callback[] {
    const { callbacks = [], progressBar = false } = this.#options;
    return [
      ...(progressBar ? [new ProgressCallback()] : []),
      ...checksOf(loop, callbacks),
      ...callbacks,
      this.flow, // last, so that what it saves at the end of an epoch has what all others did
    ];
  }

  #loggers(): NonNullable<GenericTrainerOptions['loggers']> {
    const { loggers = [], run } = this.#options;
    return run ? loggers : [...loggers, new JsonlLogger(this.#files.logPath)];
  }

  epochsInTotal(maxEpochs: number): number {
    return this.#mode === 'train' ? maxEpochs : Math.max(this.#trainer.numEpochs, maxEpochs);
  }

  /** What `train` does. */
  async train({ numEpochs, restore }: TrainOptions & { numEpochs: number }): Promise<void> {
    const { trainDataloader, valDataloader } = this.#trainer;
    this.#maxEpochs = numEpochs;
    if (this.#isStart) this.#files.setLogAside();
    await this.#during('train', () =>
      this.#generic.fit({
        trainLoaders: [trainDataloader],
        ...(valDataloader ? { valLoaders: [valDataloader], valLoaderNames: ['val'] } : {}),
        ...(restore ? { resume: restore } : {}),
        maxEpochs: numEpochs,
      }),
    );
  }

  /** One more epoch, without anything around it. */
  async trainOne(): Promise<Values> {
    if (this.#isStart) this.#files.setLogAside();
    const { trainDataloader } = this.#trainer;
    this.#maxEpochs = this.clocks.epoch + 1;
    await this.#during('epoch', () =>
      this.#generic.fit({ trainLoaders: [trainDataloader], maxEpochs: this.#maxEpochs }),
    );
    return this.#epochValues;
  }

  async #during(mode: 'train' | 'epoch', body: () => Promise<unknown>): Promise<void> {
    if (this.#mode !== undefined)
      throw new ConfigError('train', ['moment: expected one when nothing is trained, got one inside of train()']);
    this.#mode = mode;
    this.#isEpochOver = false;
    try {
      await body();
    } finally {
      this.#mode = undefined;
      this.#isLoaded = false;
    }
  }

  /** Around an epoch of the loop. */
  async playEpoch(play: () => Promise<Values>): Promise<Values> {
    this.#isLoaded = false;
    this.playEpochBatches = play;
    try {
      const isAlone = this.#mode === 'epoch'; // then trainEpoch() is what asked for it
      this.#epochValues = isAlone ? await this.playInLoop(play) : await this.#trainer.trainEpoch();
      this.#isEpochOver = true;
      return this.#epochValues;
    } finally {
      this.playEpochBatches = undefined;
    }
  }

  /** An epoch by the training loop. */
  async playInLoop(play: () => Promise<Values>): Promise<Values> {
    const loop = this.#loop;
    const trainer = this.#trainer;
    const { valDataloader } = trainer;
    const { evaluationSteps } = this;
    loop.setGlobalStep(this.clocks.step);
    loop[PLAY] = play;
    try {
      return await loop.trainEpoch({
        dataloader: trainer.trainDataloader,
        epoch: this.clocks.epoch,
        numEpochs: this.epochsInTotal(this.#maxEpochs),
        prepareModelInputsFn: (batch) => this.dataHandler.prepareModelInputs(batch),
        prepareLossInputsFn: (batch, outputs) => this.dataHandler.prepareLossInputs(batch, outputs),
        toDeviceFn: (batch) => this.dataHandler.toDevice(batch),
        ...(valDataloader ? { evaluationFn: () => trainer.evaluate(valDataloader), evaluationSteps } : {}),
      });
    } finally {
      loop[PLAY] = undefined;
      loop.setGlobalStep(this.clocks.step);
    }
  }

  async evaluate(loader: BatchLoader<unknown>, play: PlayBatches): Promise<unknown> {
    this.playEvaluation = play;
    try {
      return await this.#trainer.evaluate(loader);
    } finally {
      this.playEvaluation = undefined;
    }
  }

  get evaluationSteps(): number {
    return this.#options.evaluationSteps ?? 0;
  }

  get evaluatesEpochs(): boolean {
    return true;
  }

  get checkpointFolder(): string | undefined {
    return this.#mode === 'train' ? this.#trainer.checkpointDir : undefined;
  }

  checkpointOptions(options: CheckpointOptions): CheckpointOptions {
    return this.#files.optionsOf(options);
  }

  /** Writes everything of this moment, for the checkpoint manager. */
  async save(path: string, extra: Readonly<Record<string, unknown>>): Promise<void> {
    if (!(await this.#files.finish(path, extra))) await this.#generic.saveCheckpoint(path, extra);
  }

  /** Restores everything, for the checkpoint manager. */
  async load(path: string, look: (found: RestoredCheckpoint) => void): Promise<RestoredCheckpoint> {
    let found: RestoredCheckpoint | undefined;
    const check = (facts: RestoredCheckpoint): void => {
      look(facts);
      found = facts;
    };
    await this.#generic.loadCheckpoint(path, { check });
    this.#isLoaded = true;
    return found!; // a load without an error has checked
  }

  /** What a file told of the training, which is more than the next fit restores by itself: it is looked at before. */
  take({ history, bestValMetric, patienceCounter }: LoadedState): void {
    if (history) this.metrics.fromDict(history);
    const isMeasured = (history?.val_loss?.length ?? 0) > 0; // 0 is what a file says where nothing was
    this.flow.bestValMetric = isMeasured ? bestValMetric : undefined;
    this.flow.patienceCounter = patienceCounter ?? 0;
  }

  /** Loads what training is to go on from, and refuses to begin beside checkpoints of another training. */
  async goOnFrom(resume: string | undefined): Promise<void> {
    if (this.#isStart) {
      const path = await this.#files.pathToGoOnFrom(resume);
      if (path !== undefined) await this.#trainer.loadCheckpoint(path);
    } else if (resume !== undefined)
      throw new ConfigError('train', [`resume: expected none once training has begun or is loaded, got "${resume}"`]);
  }

  /** Whether nothing was trained and nothing loaded. */
  get #isStart(): boolean {
    return this.clocks.microStep === 0 && !this.#isLoaded;
  }

  // What the flow asks for.

  get isTraining(): boolean {
    return this.#mode === 'train';
  }

  get isEpochOver(): boolean {
    return this.#isEpochOver;
  }

  get metrics() {
    return this.#trainer.metrics;
  }

  get dataHandler() {
    return this.#trainer.dataHandler;
  }

  get patience(): number | undefined {
    return this.#options.earlyStoppingPatience;
  }

  get logDir(): string {
    return this.#trainer.logDir;
  }

  get stream() {
    return this.#options.stream ?? process.stdout;
  }

  shouldStop(): boolean {
    return this.#trainer.shouldStop();
  }

  noteEpoch(): void {
    this.#isEpochOver = false;
    this.#trainer.checkpointMgr.updateState(this.state);
  }

  saveBest(): Promise<void> {
    const { currentEpoch, globalStep, history } = this.state;
    return this.#files.saveBest({ metricValue: this.flow.bestValMetric!, currentEpoch, globalStep, history }); // there is one that is best
  }
}
