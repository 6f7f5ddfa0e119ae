// The parts of a `MultimodalTrainer` that nobody has given: its loss, device, optimizer and schedule.

import { ConfigError } from '../../errors.ts';
import type { Parameter } from '../../nn/parameter.ts';
import { AdamW } from '../../optim/adamw.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { LinearLR } from '../../optim/schedules/linear.ts';
import { SequentialLR } from '../../optim/schedules/sequential.ts';
import { getNative } from '../../tensor/call.ts';
import type { Device } from '../../tensor/device.ts';
import { componentGroups } from '../diagnostics/components.ts';
import { groupProblems } from '../diagnostics/group-sides.ts';
import { ModalityBalancingScheduler } from '../diagnostics/modality-balancing-scheduler.ts';
import type { HookedOptimizer } from '../diagnostics/rate-factors.ts';
import { MixedMultimodalLoss } from '../losses/mixed-multimodal-loss.ts';
import type { MultimodalTrainerOptions } from './multimodal-trainer-options.ts';
import type { LossModule, TrainingLoopOptions } from './training-loop-options.ts';

/** The temperature of the default loss. Source: multimodal_insight_engine. */
const TEMPERATURE = 0.2;

export function lossOf({ lossFn }: MultimodalTrainerOptions): LossModule {
  return lossFn ?? new MixedMultimodalLoss({ temperature: TEMPERATURE });
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
    const own = new Set<Parameter>(model.parameters());
    const beside = learned.filter(([, parameter]) => !own.has(parameter)); // a loss may be a part of the model
    if (!options.balanceModalityGradients)
      return new AdamW([...own, ...beside.map(([, parameter]) => parameter)], { lr, weightDecay });
    const named = beside.map(([name, parameter]) => [`loss.${name}`, parameter] as const);
    const groups = named.length === 0 ? [] : [{ name: 'loss', params: named }];
    return new AdamW([...componentGroups(model), ...groups], { lr, weightDecay });
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

/** What balances the towers of a model, where that is asked for.
 *  @throws {ConfigError} for an optimizer, or a model, that has no group for each. */
export function balanceOf(
  { balanceModalityGradients = false, model }: MultimodalTrainerOptions,
  optimizer: AnyOptimizer,
): ModalityBalancingScheduler | undefined {
  if (!balanceModalityGradients) return undefined;
  const problems = groupProblems(optimizer, model, ['vision_model', 'text_model']);
  if (problems.length > 0)
    throw new ConfigError(
      'make a MultimodalTrainer',
      problems.map((problem) => `balanceModalityGradients: ${problem}`),
    );
  return new ModalityBalancingScheduler(optimizer as HookedOptimizer); // which refuses one without hooks
}
