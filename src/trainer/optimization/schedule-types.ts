// The schedules that a configuration can name: their options, which of them the run's length fills in, and how each is made.

import { ConstantLR } from '../../optim/schedules/constant.ts';
import { CosineAnnealingLR } from '../../optim/schedules/cosine.ts';
import { CosineAnnealingWarmRestarts } from '../../optim/schedules/cosine-restarts.ts';
import { CyclicLR } from '../../optim/schedules/cyclic.ts';
import { ExponentialLR } from '../../optim/schedules/exponential-decay.ts';
import { inverseSqrt } from '../../optim/schedules/inverse-sqrt.ts';
import { LambdaLR } from '../../optim/schedules/lambda.ts';
import { LinearLR } from '../../optim/schedules/linear.ts';
import { LinearWarmupCosineAnnealingLR } from '../../optim/schedules/linear-warmup-cosine.ts';
import { MultiStepLR } from '../../optim/schedules/multi-step-decay.ts';
import { OneCycleLR } from '../../optim/schedules/one-cycle.ts';
import { ReduceLROnPlateau } from '../../optim/schedules/plateau.ts';
import { PolynomialLR } from '../../optim/schedules/polynomial-decay.ts';
import type { ScheduledOptimizer, Scheduler } from '../../optim/schedules/scheduler.ts';
import { StepLR } from '../../optim/schedules/step-decay.ts';
import { warmupCosine } from '../../optim/schedules/warmup-cosine.ts';
import { warmupStableDecay } from '../../optim/schedules/warmup-stable-decay.ts';

/** Options by their names in Sconce; the class that gets them checks them. */
export type ScheduleOptions = Readonly<Record<string, unknown>>;

export interface ScheduleType {
  readonly name: string;
  /** PyTorch's class, whose name means the type too. */
  readonly className?: string;
  readonly options: readonly string[];
  /** Other names of options. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The option that is the number of steps left to it, unless it is given. */
  readonly length?: string;
  /** It moves by a metric. */
  readonly isByMetric?: true;
  /** `warmupSteps` is its own option, and not a warm-up in front of it. */
  readonly hasOwnWarmup?: true;
  make(optimizer: ScheduledOptimizer, options: ScheduleOptions): Scheduler;
}

type Maker = new (optimizer: ScheduledOptimizer, options: ScheduleOptions) => Scheduler;
/** A class as one that takes any options: it checks what it gets. */
const made = (Kind: unknown): ScheduleType['make'] => {
  const Made = Kind as Maker;
  return (optimizer, options) => new Made(optimizer, options);
};

/** A pure schedule as a factor; it checks its options itself. */
const factor =
  (schedule: (options: never) => (step: number) => number): ScheduleType['make'] =>
  (optimizer, options) =>
    new LambdaLR(optimizer, schedule(options as never));

const MIN_LR = { minLr: 'etaMin' };
const MOMENTUM = ['cycleMomentum', 'baseMomentum', 'maxMomentum'];
const PLATEAU = ['mode', 'factor', 'patience', 'threshold', 'thresholdMode', 'cooldown', 'minLr', 'eps'];
const ONE_CYCLE = ['maxLr', 'totalSteps', 'pctStart', 'annealStrategy', 'divFactor', 'finalDivFactor', 'threePhase'];
const CYCLIC = ['baseLr', 'maxLr', 'stepSizeUp', 'stepSizeDown', 'mode', 'gamma'];

/** The groups' own rates, as they are without a warm-up in front, are the highest ones, unless others are given. */
const withMaxLr =
  (make: ScheduleType['make']): ScheduleType['make'] =>
  (optimizer, options) =>
    make(optimizer, { maxLr: optimizer.paramGroups.map(({ lr, initialLr }) => initialLr ?? lr), ...options });

function makeStable(optimizer: ScheduledOptimizer, options: ScheduleOptions): Scheduler {
  const {
    length,
    warmupSteps = 0,
    decaySteps,
    ...rest
  } = options as {
    readonly length?: number;
    readonly warmupSteps?: number;
    readonly decaySteps: number;
  };
  const stable = length === undefined ? {} : { stableSteps: length - warmupSteps - decaySteps };
  return new LambdaLR(optimizer, warmupStableDecay({ ...stable, warmupSteps, decaySteps, ...rest } as never));
}

const TYPES: readonly ScheduleType[] = [
  { name: 'constant', options: [], make: (optimizer) => new LambdaLR(optimizer, () => 1) },
  { name: 'linear_warmup', options: [], make: (optimizer) => new LambdaLR(optimizer, () => 1) },
  { name: 'step', className: 'StepLR', options: ['stepSize', 'gamma'], make: made(StepLR) },
  { name: 'multistep', className: 'MultiStepLR', options: ['milestones', 'gamma'], make: made(MultiStepLR) },
  { name: 'exponential', className: 'ExponentialLR', options: ['gamma'], make: made(ExponentialLR) },
  {
    ...{ name: 'cosine', className: 'CosineAnnealingLR', options: ['tMax', 'etaMin'], aliases: MIN_LR, length: 'tMax' },
    make: made(CosineAnnealingLR),
  },
  {
    ...{ name: 'cosine_annealing_warm_restarts', options: ['t0', 'tMult', 'etaMin'], aliases: MIN_LR },
    make: made(CosineAnnealingWarmRestarts),
  },
  {
    name: 'linear',
    options: ['totalIters'],
    length: 'totalIters',
    make: made(PolynomialLR),
  },
  {
    ...{ name: 'polynomial', className: 'PolynomialLR', options: ['totalIters', 'power'], length: 'totalIters' },
    make: made(PolynomialLR),
  },
  { name: 'linear_lr', options: ['startFactor', 'endFactor', 'totalIters'], make: made(LinearLR) },
  { name: 'constant_lr', options: ['factor', 'totalIters'], make: made(ConstantLR) },
  {
    ...{ name: 'reduce_on_plateau', className: 'ReduceLROnPlateau', options: PLATEAU, isByMetric: true },
    make: made(ReduceLROnPlateau),
  },
  {
    ...{ name: 'cyclic', className: 'CyclicLR', options: [...CYCLIC, ...MOMENTUM] },
    make: withMaxLr(made(CyclicLR)),
  },
  {
    ...{ name: 'one_cycle', className: 'OneCycleLR', options: [...ONE_CYCLE, ...MOMENTUM], length: 'totalSteps' },
    make: withMaxLr(made(OneCycleLR)),
  },
  {
    name: 'warmup_cosine',
    ...{ options: ['warmupSteps', 'totalSteps', 'minFactor'], length: 'totalSteps', hasOwnWarmup: true },
    make: (optimizer, options) => factor(warmupCosine)(optimizer, { warmupSteps: 0, ...options }),
  },
  {
    name: 'linear_warmup_cosine',
    className: 'LinearWarmupCosineAnnealingLR',
    options: ['warmupSteps', 'totalSteps', 'warmupStartLr', 'etaMin', 'isClamped'],
    ...{ aliases: MIN_LR, length: 'totalSteps', hasOwnWarmup: true },
    make: (optimizer, { warmupSteps: warmupEpochs = 0, totalSteps: maxEpochs, ...rest }) =>
      made(LinearWarmupCosineAnnealingLR)(optimizer, { warmupEpochs, maxEpochs, ...rest }),
  },
  {
    name: 'warmup_stable_decay',
    options: ['warmupSteps', 'stableSteps', 'decaySteps', 'minFactor', 'decay'],
    ...{ length: 'length', hasOwnWarmup: true },
    make: makeStable,
  },
  { name: 'inverse_sqrt', options: ['warmupSteps'], hasOwnWarmup: true, make: factor(inverseSqrt) },
];

/** By name. */
export const SCHEDULE_TYPES: Readonly<Record<string, ScheduleType>> = Object.fromEntries(
  TYPES.map((each) => [each.name, each]),
);
