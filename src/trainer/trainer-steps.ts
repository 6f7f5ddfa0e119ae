// The functions of the user that a `GenericTrainer` runs, and the methods that make its parts: what a subclass overrides.

import { CheckpointManager, type CheckpointOptions, type RunDescription } from './checkpoint/checkpoint-manager.ts';
import type { StateRegistry } from './checkpoint/state.ts';
import { checkStep } from './faces/step-signature.ts';
import { TrainerSurface } from './faces/trainer-surface.ts';
import { DataHandler } from './loop/data-handler.ts';
import { Evaluator, type EvaluatorOptions } from './loop/evaluator.ts';
import { TrainingLoop } from './loop/loop.ts';
import type { LoopOptions } from './loop/loop-options.ts';
import type { StepOutput, TrainingOutput } from './loop/step.ts';
import type { Aggregation } from './metrics/aggregation.ts';
import { MetricsCollector } from './metrics/metrics-collector.ts';
import type { UserStep, WarmStartLoader } from './trainer-options.ts';

/** Steps that were set. */
export interface UserSteps {
  training?: UserStep<TrainingOutput>;
  validation?: UserStep<StepOutput>;
  test?: UserStep<StepOutput>;
  predict?: UserStep<unknown>;
}

/** The base of `GenericTrainer`. */
export abstract class TrainerSteps extends TrainerSurface {
  /** The functions that were set. */
  protected readonly steps: UserSteps = {};
  protected warmStartLoader: WarmStartLoader | undefined;

  get trainingStepFn(): UserStep<TrainingOutput> | undefined {
    return this.steps.training;
  }

  get validationStepFn(): UserStep<StepOutput> | undefined {
    return this.steps.validation;
  }

  /** @throws {TypeError} for what is no function, and for a function of one parameter: the trainer would come where it expects its batch. */
  setTrainingStep(step: UserStep<TrainingOutput>): this {
    return this.#set('training', step);
  }

  /** @throws {TypeError} as `setTrainingStep`. */
  setValidationStep(step: UserStep<StepOutput>): this {
    return this.#set('validation', step);
  }

  /** Default: the validation step. @throws {TypeError} as `setTrainingStep`. */
  setTestStep(step: UserStep<StepOutput>): this {
    return this.#set('test', step);
  }

  /** What `predict` runs on each batch; it may give anything. @throws {TypeError} as `setTrainingStep`. */
  setPredictStep(step: UserStep<unknown>): this {
    return this.#set('predict', step);
  }

  #set<K extends keyof UserSteps>(kind: K, step: UserSteps[K]): this {
    checkStep(step, kind);
    this.steps[kind] = step;
    return this;
  }

  /** Makes `fit({ resumeFromCheckpoint })` begin with the weights that `loader` reads from that file, and with nothing else of it; `warmStart` of the
   *  configuration says how they fit. A checkpoint of the run's own folder goes before. */
  setWarmStartLoader(loader: WarmStartLoader): this {
    this.warmStartLoader = loader;
    return this;
  }

  /** Around the training part of each epoch: what a subclass does to all of its batches together. Validation, the log and the checkpoint follow behind it.
   *  @param play - trains on the epoch's batches, and gives their values, as `train/loss`. Where it is not called, the epoch counts all the same. Behind a resume it plays the rest of the epoch.
   *  @returns the values of the epoch. */
  protected playEpoch(
    play: () => Promise<Readonly<Record<string, number>>>,
  ): Promise<Readonly<Record<string, number>>> {
    return play();
  }

  /** Epochs of the whole training, for modules that follow its clocks, where a fit is a part of it. @param maxEpochs - of the fit. */
  protected epochsInTotal(maxEpochs: number): number {
    return maxEpochs;
  }

  /** The folder of checkpoints that a face has of its own, in place of the configuration's; a run's goes before. */
  protected get ownCheckpointFolder(): string | undefined {
    return undefined;
  }

  /** Makes the collector of training values. */
  protected makeMetricsCollector(
    phase: 'train',
    options: { aggregation: Aggregation } & ConstructorParameters<typeof MetricsCollector>[1],
  ): MetricsCollector {
    return new MetricsCollector(phase, options);
  }

  /** Makes what evaluates, during a fit and outside of one. */
  protected makeEvaluator(options: EvaluatorOptions): Evaluator {
    return new Evaluator(options);
  }

  /** Makes what owns the loaders. */
  protected makeDataHandler(...parts: ConstructorParameters<typeof DataHandler>): DataHandler {
    return new DataHandler(...parts);
  }

  /** Makes what saves and restores. */
  protected makeCheckpointManager(
    options: CheckpointOptions,
    registry: StateRegistry,
    describe: () => RunDescription,
  ): CheckpointManager {
    return new CheckpointManager(options, registry, describe);
  }

  /** Makes the loop. */
  protected makeTrainingLoop(options: LoopOptions): TrainingLoop {
    return new TrainingLoop(options);
  }
}
