// The schedules that an experiment can name: the classes of `optim`, pure functions that have no class, and the names of model-training-framework.

import { ConfigError } from '../../../errors.ts';
import { Parameter } from '../../../nn/parameter.ts';
import type { AnyOptimizer } from '../../../optim/optimizer.ts';
import * as classes from '../../../optim/schedules/classes.ts';
import { inverseSqrt, noam } from '../../../optim/schedules/inverse-sqrt.ts';
import type { Schedule } from '../../../optim/schedules/scheduler.ts';
import { warmupCosine } from '../../../optim/schedules/warmup-cosine.ts';
import { warmupStableDecay } from '../../../optim/schedules/warmup-stable-decay.ts';
import { SGD } from '../../../optim/sgd.ts';
import { zeros } from '../../../tensor/create.ts';
import { scope } from '../../../tensor/scope.ts';
import type { StatefulScheduler } from '../../checkpoint/run-state.ts';
import type { PartContexts } from '../part-kinds.ts';
import { type Part, type PartSpec, type Parts, part, type Registry } from '../registry.ts';

type Options = Readonly<Record<string, unknown>>;
type Context = PartContexts['scheduler'];
type SchedulerPart = Part<Context, StatefulScheduler>;
/** Each checks its options. */
type PureSchedule = (options: never) => Schedule;
type SchedulerClass = new (optimizer: AnyOptimizer, options: Options) => StatefulScheduler;

const NAMES = [
  ...['StepLR', 'MultiStepLR', 'ConstantLR', 'LinearLR', 'ExponentialLR', 'PolynomialLR', 'CosineAnnealingLR'],
  ...['CosineAnnealingWarmRestarts', 'CyclicLR', 'OneCycleLR', 'ReduceLROnPlateau', 'SWALR'],
  ...['LinearWarmupCosineAnnealingLR', 'LinearWarmupCosineAnnealingWarmRestartsLR'],
] as const satisfies readonly (keyof typeof classes)[];

const byName: Readonly<Record<string, unknown>> = classes;

/** The option that says how long a schedule is: the whole run where it is left out. */
const LENGTHS: Readonly<Record<string, string>> = {
  CosineAnnealingLR: 'tMax',
  OneCycleLR: 'totalSteps',
  PolynomialLR: 'totalIters',
  LinearWarmupCosineAnnealingLR: 'maxEpochs',
};

/** What model-training-framework calls them. */
const ALIASES: Readonly<Record<string, (typeof NAMES)[number]>> = {
  step: 'StepLR',
  multistep: 'MultiStepLR',
  exponential: 'ExponentialLR',
  'reduce-on-plateau': 'ReduceLROnPlateau',
  cyclic: 'CyclicLR',
  'one-cycle': 'OneCycleLR',
};

const byClass = (name: (typeof NAMES)[number]): SchedulerPart => classPart(name, byName[name] as SchedulerClass); // each takes options

export const schedulers: NonNullable<Parts['schedulers']> = {
  ...Object.fromEntries(NAMES.map((name) => [name, byClass(name)])),
  ...Object.fromEntries(Object.entries(ALIASES).map(([alias, name]) => [alias, byClass(name)])),
  SequentialLR: {
    build: async ({ schedulers: specs, ...options }: Options, context: Context, registry: Registry) =>
      new classes.SequentialLR(context.optimizer, {
        ...(options as { milestones: readonly number[] }), // the class checks them
        schedulers: await makeEach(specs, context, registry),
      }),
    try: ({ schedulers: specs }, registry) => checkEach(specs, registry),
  } satisfies SchedulerPart,
  ChainedScheduler: {
    build: async ({ schedulers: specs }: Options, context: Context, registry: Registry) =>
      new classes.ChainedScheduler(await makeEach(specs, context, registry)),
    try: ({ schedulers: specs }, registry) => checkEach(specs, registry),
  } satisfies SchedulerPart,
  cosine: part({
    options: { warmupSteps: 0, maxSteps: undefined, minFactor: 0 },
    build: ({ warmupSteps, maxSteps, minFactor }, context: Context): StatefulScheduler => {
      const totalSteps = Number(maxSteps ?? lengthOf('cosine', 'maxSteps', context));
      return new classes.LambdaLR(context.optimizer, warmupCosine({ warmupSteps, totalSteps, minFactor }));
    },
  }),
  warmupCosine: factorPart('warmupCosine', warmupCosine as PureSchedule, 'totalSteps'),
  warmupStableDecay: factorPart('warmupStableDecay', warmupStableDecay as PureSchedule),
  inverseSqrt: factorPart('inverseSqrt', inverseSqrt as PureSchedule),
  noam: factorPart('noam', noam as PureSchedule),
};

function classPart(name: string, Class: SchedulerClass): SchedulerPart {
  const length = LENGTHS[name];
  return {
    build: (options: Options, context) => new Class(context.optimizer, withLength(name, length, options, context)),
    try: (options) => onTrial((optimizer) => new Class(optimizer, withLength(name, length, options, TRIAL))),
  };
}

/** A pure function of the step around the optimizer. */
function factorPart(name: string, schedule: PureSchedule, length?: string): SchedulerPart {
  return {
    build: (options: Options, context) =>
      new classes.LambdaLR(context.optimizer, schedule(withLength(name, length, options, context) as never)),
    try: (options) => void schedule(withLength(name, length, options, TRIAL) as never),
  };
}

/** A trial does not know how long the run is, which is no fault of the options. */
const TRIAL = { numMoves: 1e9 };

function withLength(
  name: string,
  length: string | undefined,
  options: Options,
  context: Pick<Context, 'numMoves'>,
): Options {
  const isGiven = length === undefined || options[length] !== undefined || options.epochs !== undefined;
  return isGiven ? options : { ...options, [length]: lengthOf(name, length, context) };
}

/** @throws {ConfigError} where nobody knows how long an epoch is. */
function lengthOf(name: string, option: string, { numMoves }: Pick<Context, 'numMoves'>): number {
  if (numMoves !== undefined) return numMoves;
  throw new ConfigError(`make scheduler "${name}"`, [
    `${option}: expected a number, since the epochs of this experiment have no known length, got none`,
  ]);
}

/** Runs a check with an optimizer that trains nothing of anybody's. */
function onTrial(check: (optimizer: AnyOptimizer) => void): void {
  scope(() => check(new SGD([new Parameter(zeros([1]))], { lr: 0.1, momentum: 0.9 })));
}

function checkEach(specs: unknown, registry: Registry): void {
  if (!Array.isArray(specs))
    throw new TypeError('Cannot make schedules: expected schedulers, a list of schedules, got none');
  for (const [i, spec] of specs.entries()) {
    const [problem] = registry.check('scheduler', spec);
    if (problem) throw new TypeError(`Cannot make schedules: schedulers.${i}: ${problem.text}`);
  }
}

/** One after the other: each sets the learning rates when it is made. */
async function makeEach(specs: unknown, context: Context, registry: Registry): Promise<classes.Scheduler[]> {
  const made: classes.Scheduler[] = [];
  for (const spec of specs as readonly PartSpec[]) {
    made.push((await registry.build('scheduler', spec, context)) as unknown as classes.Scheduler); // those of the library have its methods; others fail in the class's checks
  }
  return made;
}
