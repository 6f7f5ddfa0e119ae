// The options of a `TrainingLoop`, of one of its epochs, and what may be wrong with them.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { checkOptions, count, flag, type Rule, show } from '../../metrics/options.ts';
import { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { type Device, isDeviceName } from '../../tensor/device.ts';
import type { StatefulScheduler } from '../../trainer/checkpoint/run-state.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { SchedulerEntry } from '../../trainer/loop/scheduler-entry.ts';
import { isLoader, isOptimizer } from '../../trainer/trainer-problems.ts';
import type { ModelInputs, NamedBatch } from '../batches/data-handler.ts';
import type { LossInputs, LossOutput } from '../losses/multimodal-loss.ts';

/** A model of two modalities: from `{ images, textData }` to an object of features. */
export type MultimodalModel = Module & { forward(inputs: never): unknown };

/** A loss: from features and what belongs to them to `{ loss, … }`. One of ours also hears of epochs and steps. */
export type LossModule = Module & {
  forward(inputs: LossInputs): LossOutput;
  updateEpoch?(epoch: number): void;
  updateStep?(step: number, totalSteps?: number): void;
};

export interface TrainingLoopOptions {
  readonly model: MultimodalModel;
  readonly lossFn: LossModule;
  readonly optimizer: AnyOptimizer;
  /** Where batches go. Default: where the model is. */
  readonly device?: Device;
  /** Whether operators that gain from it run in bfloat16, as precision 'bf16-mixed'. Default false. */
  readonly mixedPrecision?: boolean;
  /** Batches in an optimizer step. Default 1. */
  readonly accumulationSteps?: number;
  /** Gradients are scaled so that their joint norm is at most this. Default: they are not. */
  readonly clipGradNorm?: number;
  /** Optimizer steps between two log points. Default 50. */
  readonly logSteps?: number;
  /** Moves after each optimizer step, unless it says another moment. Default: the learning rate stays. */
  readonly scheduler?: StatefulScheduler | SchedulerEntry;
  /** Whether losses, the alignment of both sides and the gradients of the model's components are looked at. Default true. */
  readonly enableDiagnostics?: boolean;
  /** Whether features are looked at for collapse. Default true. */
  readonly checkFeatureCollapse?: boolean;
  /** Balances the modalities by their gradients: a `ModalityBalancingScheduler`. Default: nothing does. */
  readonly gradScheduler?: Callback;
}

/** What an epoch is made of. */
export interface TrainEpochOptions {
  readonly dataloader: BatchLoader<unknown>;
  /** From 0. */
  readonly epoch: number;
  /** Of the whole training, for curricula. */
  readonly numEpochs: number;
  /** Default: those of a `DataHandler` of the model. */
  readonly prepareModelInputsFn?: (batch: NamedBatch) => ModelInputs;
  readonly prepareLossInputsFn?: (batch: NamedBatch, outputs: unknown) => LossInputs;
  readonly toDeviceFn?: (batch: unknown) => NamedBatch;
  /** Called every `evaluationSteps` optimizer steps; training waits for it, and goes on in training mode. */
  readonly evaluationFn?: () => unknown;
  /** Default 0: never inside an epoch. */
  readonly evaluationSteps?: number;
}

/** @internal */
export const moduleRule: Rule = ['a Module', (value) => value instanceof Module];
/** @internal */
export const deviceRule: Rule = ['the name of a device', (value) => typeof value === 'string' && isDeviceName(value)];
const isPositive = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < Infinity;
/** @internal */
export const positiveRule: Rule = ['a number above 0', isPositive];
/** @internal */
export const schedulerRule: Rule = [
  'a schedule',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ('scheduler' in value || typeof (value as { step?: unknown }).step === 'function'),
];
const callbackRule: Rule = [
  'a ModalityBalancingScheduler',
  (value) => typeof value === 'object' && value !== null && typeof (value as { name?: unknown }).name === 'string',
];

const RULES: Readonly<Record<keyof TrainingLoopOptions, Rule>> = {
  model: moduleRule,
  lossFn: moduleRule,
  optimizer: ['an optimizer', isOptimizer],
  device: deviceRule,
  mixedPrecision: flag,
  accumulationSteps: count(),
  clipGradNorm: positiveRule,
  logSteps: count(),
  scheduler: schedulerRule,
  enableDiagnostics: flag,
  checkFeatureCollapse: flag,
  gradScheduler: callbackRule,
};

/** @throws {ConfigError} that lists every problem. */
export function checkLoopOptions(options: TrainingLoopOptions): void {
  checkOptions('make a TrainingLoop', options, RULES, ['model', 'lossFn', 'optimizer']);
}

const functionRule: Rule = ['a function', (value) => typeof value === 'function'];

const EPOCH_RULES: Readonly<Record<keyof TrainEpochOptions, Rule>> = {
  dataloader: ['a DataLoader', isLoader],
  epoch: count(0),
  numEpochs: count(),
  prepareModelInputsFn: functionRule,
  prepareLossInputsFn: functionRule,
  toDeviceFn: functionRule,
  evaluationFn: functionRule,
  evaluationSteps: count(0),
};

/** @throws {ConfigError} that lists every problem. */
export function checkEpochOptions(options: TrainEpochOptions): void {
  checkOptions('train an epoch', options, EPOCH_RULES, ['dataloader', 'epoch', 'numEpochs']);
  const { evaluationFn, evaluationSteps = 0 } = options;
  if (evaluationSteps > 0 && evaluationFn === undefined)
    throw new ConfigError('train an epoch', [
      `evaluationSteps: expected an evaluationFn to call with it, got ${show(evaluationFn)}`,
    ]);
}
