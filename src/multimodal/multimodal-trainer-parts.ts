// The parts of a `MultimodalTrainer` that nobody has given: its loss, device, optimizer and schedule.

import { ConfigError } from '../errors.ts';
import type { Parameter } from '../nn/parameter.ts';
import { AdamW } from '../optim/adamw.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';
import { LinearLR } from '../optim/schedules/linear.ts';
import { SequentialLR } from '../optim/schedules/sequential.ts';
import { getNative } from '../tensor/call.ts';
import type { Device } from '../tensor/device.ts';
import type { MultimodalTrainerOptions } from './multimodal-trainer-options.ts';
import type { LossModule, TrainingLoopOptions } from './training-loop-options.ts';

export function lossOf({ lossFn }: MultimodalTrainerOptions): LossModule {
  if (lossFn) return lossFn;
  throw new ConfigError('make a MultimodalTrainer', ['lossFn: expected a loss, got none']);
}

/** Moves model and loss there. */
export function deviceOf({ model, device }: MultimodalTrainerOptions, lossFn: LossModule): Device {
  const wanted = device ?? (getNative().numCudaDevices() > 0 ? 'cuda' : 'cpu');
  model.to({ device: wanted });
  lossFn.to({ device: wanted });
  return model.parameters()[0]?.device ?? wanted; // with its number
}

/** @throws {ConfigError} for an optimizer of the user's without the parameters of the loss. */
export function optimizerOf(options: MultimodalTrainerOptions, lossFn: LossModule): AnyOptimizer {
  const { model, optimizer, learningRate: lr = 1e-4, weightDecay = 0.01 } = options;
  const learned = [...lossFn.namedParameters()].filter(([, { requiresGrad }]) => requiresGrad);
  if (optimizer === undefined) {
    const parameters = new Set<Parameter>([...model.parameters(), ...learned.map(([, parameter]) => parameter)]);
    return new AdamW([...parameters], { lr, weightDecay });
  }
  const known = new Set(optimizer.parameters());
  const missed = learned.filter(([, parameter]) => !known.has(parameter)).map(([name]) => name);
  if (missed.length > 0)
    throw new ConfigError('make a MultimodalTrainer', [
      `optimizer: expected the parameters of the loss in it, got none that has ${missed.join(', ')}; make it of [...model.parameters(), ...lossFn.parameters()], or freeze those of the loss by requiresGrad_(false)`,
    ]);
  return optimizer;
}

/** The schedule, a warm-up before it. Rule: in the t-th of w steps, from 1 on, the learning rate is t / w of its value. */
export function scheduleOf(
  { scheduler, warmupSteps = 0 }: MultimodalTrainerOptions,
  optimizer: AnyOptimizer,
): TrainingLoopOptions['scheduler'] {
  if (warmupSteps <= 1) return scheduler; // the first step has the whole of it
  const warmUp = new LinearLR(optimizer, { startFactor: 1 / warmupSteps, totalIters: warmupSteps - 1 });
  if (scheduler === undefined) return warmUp;
  return new SequentialLR(optimizer, { schedulers: [warmUp, scheduler as never], milestones: [warmupSteps] }); // checked with the options
}
