// What a `TrainingLoop` is made of: its model, the part of the configuration that it reads, and its options.

import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import type { Device } from '../../tensor/device.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { problemsOfOptions, type TrainerOptions } from '../../trainer/faces/trainer-options.ts';

/** A model of the loop: an `AdaptiveModel`, or any other from a batch of inputs to a batch of outputs. */
export type LoopModel = Module & {
  forward(input: Tensor): Tensor;
  /** What a model says of itself at the end of an epoch. */
  getMetrics?(): Readonly<Record<string, number>>;
  /** Its state dict in the layout of adaptiveneuralnetwork, for checkpoints. */
  getStateDictFull?(): Readonly<Record<string, unknown>>;
};

/** The part of an `AdaptiveConfig` that the loop reads. */
export interface LoopConfig {
  /** Of the optimizer, where none is given. */
  readonly learningRate: number;
  /** Where `train` is not told. */
  readonly numEpochs: number;
  /** Where the model is moved to. */
  readonly device: Device;
  /** Batches between two printed lines. */
  readonly logInterval: number;
  /** Whether a checkpoint is written behind every fifth epoch. */
  readonly saveCheckpoint: boolean;
  readonly checkpointDir: string;
  /** Where the metrics are written at the end of `train`; nowhere where there is none. */
  readonly metricsFile?: string | null | undefined;
  /** All of it in snake_case, for checkpoints. */
  toDict(): Record<string, unknown>;
}

/** Options of a `TrainingLoop`: those of a `Trainer`, callbacks included, and two of its own. */
export interface TrainingLoopOptions extends Partial<Omit<TrainerOptions, 'model'>> {
  /** Whether inputs of four dimensions, pictures, become rows: [B, C, H, W] to [B, C * H * W]. A model of convolutions needs false. Default true. */
  readonly flattensInputs?: boolean;
  /** Where the lines go. Default: the process's standard output. */
  readonly stream?: ProgressStream;
}

const CONFIG = {
  learningRate: 'number',
  numEpochs: 'number',
  device: 'string',
  logInterval: 'number',
  saveCheckpoint: 'boolean',
  checkpointDir: 'string',
  toDict: 'function',
} as const satisfies Partial<Record<keyof LoopConfig, string>>;

/** @throws {ConfigError} that lists every problem. @returns the options of the `Trainer`, but for what the loop puts in where nothing is given. */
export function checkLoop(
  model: unknown,
  config: unknown,
  { flattensInputs, stream, ...options }: TrainingLoopOptions,
): Partial<Omit<TrainerOptions, 'model'>> {
  const problems = problemsOfConfig(config);
  if (flattensInputs !== undefined && typeof flattensInputs !== 'boolean')
    problems.push(`flattensInputs: expected true or false, got ${describeValue(flattensInputs)}`);
  if (stream !== undefined && typeof stream?.write !== 'function')
    problems.push(`stream: expected something to write to, got ${describeValue(stream)}`);
  if ('model' in options) problems.push('options.model: expected the model in front of the options, got another');
  const hasDefault = (problem: string): boolean =>
    (['optimizer', 'criterion'] as const).some((name) => options[name] === undefined && problem.startsWith(`${name}:`));
  const given = problemsOfOptions({ ...options, model } as TrainerOptions); // whatever it is
  problems.push(...given.filter((problem) => !hasDefault(problem)));
  if (problems.length > 0) throw new ConfigError('make a TrainingLoop', problems);
  return options;
}

function problemsOfConfig(config: unknown): string[] {
  if (typeof config !== 'object' || config === null)
    return [`config: expected an AdaptiveConfig, got ${describeValue(config)}`];
  const entries = Object.entries(CONFIG).filter(([name, type]) => typeof Reflect.get(config, name) !== type);
  return entries.map(
    ([name, type]) => `config.${name}: expected a ${type}, got ${describeValue(Reflect.get(config, name))}`,
  );
}
