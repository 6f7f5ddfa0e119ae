// One suite for every schedule; their numbers are held against PyTorch's in test/parity/schedules.test.ts.
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../errors.ts';
import { LayerNorm, Linear, Sequential } from '../../nn/index.ts';
import { Parameter } from '../../nn/parameter.ts';
import { tensor, zeros } from '../../tensor/create.ts';
import * as optim from '../index.ts';

type Made = optim.Scheduler & { step(...metric: never[]): void };

const step = (scheduler: Made, metric: number): void => {
  if (scheduler instanceof optim.ReduceLROnPlateau) scheduler.step(metric);
  else scheduler.step();
};

const leaf = (): Parameter => new Parameter(zeros([1]));
/** Two groups, with momentum. */
const sgd = (): optim.SGD =>
  new optim.SGD([{ params: [leaf()], lr: 0.3 }, { params: [leaf()] }], { lr: 0.1, momentum: 0.5 });

/** One line for each class: an ordinary one, and options that it refuses with what the message says. */
const CLASSES: readonly [name: string, make: (o: optim.SGD) => Made, refused: readonly (readonly [options: object, message: string])[]][] = [
  ['StepLR', (o) => new optim.StepLR(o, { stepSize: 3 }), [
    [{ stepSize: 0 }, 'expected stepSize to be an integer of at least 1, got 0'], [{}, 'expected stepSize to be an integer of at least 1, got undefined'],
    [{ stepSize: 2, gamma: Number.NaN }, 'expected gamma to be a finite number, got NaN'],
    [{ stepSize: 2, lastEpoch: 0.5 }, 'expected lastEpoch to be an integer of at least -1, got 0.5']]],
  ['MultiStepLR', (o) => new optim.MultiStepLR(o, { milestones: [2, 4, 4] }), [
    [{ milestones: [1.5] }, 'expected milestones to be an integer of at least 0, got 1.5'], [{ milestones: 3 }, 'expected milestones to be a list of steps, got 3']]],
  ['ConstantLR', (o) => new optim.ConstantLR(o, { totalIters: 4 }), [
    [{ factor: 0 }, 'expected factor to be a finite number above 0 and of at most 1, got 0'], [{ factor: 1.5 }, 'got 1.5'], [{ totalIters: -1 }, 'got -1']]],
  ['LinearLR', (o) => new optim.LinearLR(o, { totalIters: 4 }), [
    [{ startFactor: 0 }, 'expected startFactor to be a finite number above 0 and of at most 1, got 0'], [{ endFactor: 2 }, 'expected endFactor to be a finite number of at least 0 and of at most 1, got 2']]],
  ['ExponentialLR', (o) => new optim.ExponentialLR(o, { gamma: 0.9 }), [[{}, 'expected gamma to be a finite number, got undefined']]],
  ['PolynomialLR', (o) => new optim.PolynomialLR(o, { totalIters: 9, power: 2 }), [[{ power: -1 }, 'expected power to be a finite number of at least 0, got -1']]],
  ['CosineAnnealingLR', (o) => new optim.CosineAnnealingLR(o, { tMax: 4, etaMin: 0.01 }), [
    [{ tMax: 0 }, 'expected tMax to be an integer of at least 1, got 0'], [{ tMax: 4, etaMin: Infinity }, 'expected etaMin to be a finite number, got Infinity'],
    [{ T_max: 4 }, 'expected options of { tMax, etaMin, lastEpoch }, got "T_max"']]],
  ['CosineAnnealingWarmRestarts', (o) => new optim.CosineAnnealingWarmRestarts(o, { t0: 3, tMult: 2 }), [
    [{ t0: 2.5 }, 'expected t0 to be an integer of at least 1, got 2.5'], [{ t0: 2, tMult: 0 }, 'expected tMult to be an integer of at least 1, got 0']]],
  ['CyclicLR', (o) => new optim.CyclicLR(o, { baseLr: 0.1, maxLr: [0.2, 0.4], stepSizeUp: 3 }), [
    [{ baseLr: 0.1, maxLr: [0.2] }, 'expected maxLr for 2 parameter groups, got 1'], [{ maxLr: 1 }, 'expected baseLr to be a finite number, got undefined'],
    [{ baseLr: 0, maxLr: 1, mode: 'square' }, 'expected mode to be one of "triangular", "triangular2", "exp_range", got "square"'],
    [{ baseLr: 0, maxLr: 1, stepSizeUp: 0 }, 'expected stepSizeUp to be a finite number above 0, got 0'],
    [{ baseLr: 0, maxLr: 1, scaleFn: 2 }, 'expected scaleFn to be a function, got 2'],
    [{ baseLr: 0, maxLr: 1, scaleMode: 'iterations' }, 'expected no scaleMode beside mode "triangular", got "iterations"; it is for scaleFn'],
    [{ baseLr: 0, maxLr: 1, cycleMomentum: 1 }, 'expected cycleMomentum to be a boolean, got 1']]],
  ['OneCycleLR', (o) => new optim.OneCycleLR(o, { maxLr: 0.5, totalSteps: 12 }), [
    [{ maxLr: 1 }, 'expected totalSteps, or epochs and stepsPerEpoch, got neither'], [{ maxLr: 1, epochs: 2, stepsPerEpoch: 0 }, 'expected stepsPerEpoch to be an integer of at least 1, got 0'],
    [{ maxLr: 1, totalSteps: 9, pctStart: 1.1 }, 'expected pctStart to be a finite number of at least 0 and of at most 1, got 1.1'],
    [{ maxLr: 1, totalSteps: 9, annealStrategy: 'exp' }, 'expected annealStrategy to be one of "cos", "linear", got "exp"'],
    [{ maxLr: 1, totalSteps: 9, threePhase: 1 }, 'expected threePhase to be a boolean, got 1']]],
  ['ReduceLROnPlateau', (o) => new optim.ReduceLROnPlateau(o, { patience: 1 }), [
    [{ factor: 1 }, 'expected factor below 1, got 1'], [{ mode: 'least' }, 'expected mode to be one of "min", "max", got "least"'], [{ patience: 1.5 }, 'got 1.5'],
    [{ minLr: [0, 0, 0] }, 'expected minLr for 2 parameter groups, got 3'], [{ verbose: true }, 'got "verbose"']]],
  ['SWALR', (o) => new optim.SWALR(o, { swaLr: 0.05, annealEpochs: 4 }), [
    [{ swaLr: [1] }, 'expected swaLr for 2 parameter groups, got 1'], [{ swaLr: 1, annealEpochs: -1 }, 'expected annealEpochs to be an integer of at least 0, got -1'],
    [{ swaLr: 1, annealStrategy: 'step' }, 'expected annealStrategy to be one of "cos", "linear", got "step"']]],
  ['LinearWarmupCosineAnnealingLR', (o) => new optim.LinearWarmupCosineAnnealingLR(o, { warmupEpochs: 3, maxEpochs: 9 }), [
    [{ warmupEpochs: 5, maxEpochs: 5 }, 'expected maxEpochs above warmupEpochs, got 5 and 5; the cosine divides by what lies between'], [{ warmupEpochs: -1, maxEpochs: 5 }, 'got -1'],
    [{ warmupEpochs: 1, maxEpochs: 5, isClamped: 'yes' }, 'expected isClamped to be a boolean, got "yes"']]],
  ['LinearWarmupCosineAnnealingWarmRestartsLR', (o) => new optim.LinearWarmupCosineAnnealingWarmRestartsLR(o, { warmupEpochs: 3, maxEpochs: 9 }), [
    [{ warmupEpochs: 5, maxEpochs: 5 }, 'expected maxEpochs above warmupEpochs'], [{ warmupEpochs: 1, maxEpochs: 5, restartPeriod: 0 }, 'expected restartPeriod to be a finite number above 0, got 0']]],
  ['LinearWarmupLR', (o) => new optim.LinearWarmupLR(o, { warmupSteps: 4, startLr: 0.01 }), [
    [{ warmupSteps: 1.5 }, 'expected warmupSteps to be an integer of at least 0, got 1.5'], [{ warmupSteps: 1, startLr: -1 }, 'expected startLr to be a finite number of at least 0, got -1'],
    [{ warmupSteps: 1, targetLr: Number.NaN }, 'expected targetLr to be a finite number of at least 0, got NaN']]],
  ['WarmupCosineScheduler', (o) => new optim.WarmupCosineScheduler(o, { warmupSteps: 3, totalSteps: 9, minLr: [0.02, 0.01] }), [
    [{ warmupSteps: 5, totalSteps: 4 }, 'expected warmupSteps of at most totalSteps, 4, got 5'], [{ warmupSteps: 1, totalSteps: 4, minLr: 0.2 }, 'expected minLr from 0 to the rate of group 1, 0.1, got 0.2; give a list with one for each group'],
    [{ warmupSteps: 1, totalSteps: 4, minLr: [0.2] }, 'expected minLr for 2 parameter groups, got 1'], [{ warmupSteps: 1, totalSteps: 4, warmupStartFactor: 2 }, 'got 2']]],
  ['LinearWarmupScheduler', (o) => new optim.LinearWarmupScheduler(o, { warmupEpochs: 3, totalEpochs: 9, finalLr: 0.01 }), [
    [{ warmupEpochs: 5, totalEpochs: 4 }, 'expected warmupEpochs of at most totalEpochs, 4, got 5'], [{ warmupEpochs: 1, totalEpochs: 4, initLr: -1 }, 'expected initLr to be a finite number of at least 0, got -1']]],
  ['LinearWarmupOneCycleLR', (o) => new optim.LinearWarmupOneCycleLR(o, { maxLr: 0.5, epochs: 3, stepsPerEpoch: 4 }), [
    [{ maxLr: 0, epochs: 1, stepsPerEpoch: 4 }, 'expected maxLr to be a finite number above 0, got 0'], [{ maxLr: 1, epochs: 1, stepsPerEpoch: 4, annealStrategy: 'exp' }, 'expected annealStrategy to be one of "cos", "linear", got "exp"']]],
  ['SequentialLR', (o) => new optim.SequentialLR(o, { schedulers: [new optim.LinearLR(o), new optim.StepLR(o, { stepSize: 2 })], milestones: [4] }), [
    [{ schedulers: [], milestones: [] }, 'expected a list of schedulers, got []']]],
]; // biome-ignore format: a table

describe.each(CLASSES)('%s', (name, make, refused) => {
  const play = (scheduler: Made, from: number, to: number): void => {
    for (let at = from; at < to; at++) step(scheduler, at < 3 ? 1 / at : 1);
  };
  const Class = make(sgd()).constructor as new (optimizer: unknown, options: object) => Made;

  it('goes on from its state: 10 steps equal k, a state, and 10 - k', () => {
    const whole = sgd();
    const all = make(whole);
    play(all, 0, 10);
    for (const k of [0, 1, 4, 9]) {
      const [first, second] = [sgd(), sgd()];
      const begun = make(first);
      play(begun, 0, k);
      const resumed = make(second);
      second.loadStateDict(first.stateDict());
      resumed.loadStateDict(begun.stateDict());
      play(resumed, k, 10);
      expect(resumed.stateDict()).toEqual(all.stateDict());
      expect(second.stateDict()).toEqual(whole.stateDict());
      expect(resumed.getLastLr()).toEqual(whole.paramGroups.map(({ lr }) => lr));
    }
  });

  it('gives states and rates that do not change with it', () => {
    const scheduler = make(sgd());
    const [state, rates] = [scheduler.stateDict(), scheduler.getLastLr()];
    const before = structuredClone([state, rates]);
    play(scheduler, 0, 6);
    expect([state, rates]).toEqual(before);
    scheduler.getLastLr().fill(7);
    expect(scheduler.getLastLr()).not.toContain(7);
  });

  it('refuses states that are none of its own, and takes nothing then', () => {
    const scheduler = make(sgd());
    const good = scheduler.stateDict() as Record<string, unknown>;
    const before = structuredClone(good);
    const bad: [state: object, message: string][] = [
      [{ ...good, foo: 1 }, 'expected no other entries, got "foo"'],
      [{ ...good, _last_lr: [1] }, 'expected a list of 2 for "_last_lr", got [1]'],
      [{ ...good, _last_lr: ['a', 1] }, 'expected a number for "_last_lr", got ["a", 1]'],
      [{ ...good, last_epoch: 'x' }, 'expected a number for "last_epoch", got "x"'],
      [
        {},
        `expected "${Object.keys(good)[0] === '_milestones' ? '_milestones' : Object.keys(good)[0]}", got none; expected`,
      ],
      [null as unknown as object, 'expected a dict, got null'],
    ];
    for (const [state, message] of bad) {
      expect(() => scheduler.loadStateDict(state)).toThrow(CheckpointError);
      expect(() => scheduler.loadStateDict(state)).toThrow(`Cannot load a state into ${name}: ${message}`);
    }
    expect(scheduler.stateDict()).toEqual(before);
  });

  it('takes numbers that keep 1.0 apart from 1, and entries of older PyTorch', () => {
    const scheduler = make(sgd());
    play(scheduler, 0, 3);
    const boxed = (value: unknown): unknown => {
      if (typeof value === 'number') return { valueOf: () => value };
      if (Array.isArray(value)) return value.map(boxed);
      if (typeof value !== 'object' || value === null || value instanceof Map) return value;
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, boxed(each)]));
    };
    const state = { ...(boxed(scheduler.stateDict()) as Record<string, unknown>), verbose: false };
    Reflect.deleteProperty(state, '_is_initial');
    Reflect.deleteProperty(state, '_get_lr_called_within_step');
    const other = make(sgd());
    other.loadStateDict(state);
    expect(other.stateDict()).toEqual(scheduler.stateDict());
  });

  it('refuses options that it does not have, and values out of their range', () => {
    const cases = [...refused, [{ learningRate: 1 }, 'got "learningRate"'] as const];
    for (const [options, message] of cases) {
      expect(() => new Class(sgd(), options)).toThrow(`Cannot make ${name}: `);
      expect(() => new Class(sgd(), options)).toThrow(message);
    }
    expect(() => new Class(sgd(), null as never)).toThrow(TypeError);
    const options = name === 'SequentialLR' ? { schedulers: [], milestones: [] } : {};
    if (['SequentialLR', 'ReduceLROnPlateau', 'ConstantLR', 'LinearLR', 'PolynomialLR'].includes(name))
      expect(() => new Class({}, options)).toThrow(
        new TypeError(`Cannot make ${name}: expected an optimizer, got a value of class Object`),
      );
  });

  it('can be traced, and is as before afterwards', () => {
    const [optimizer, other] = [sgd(), sgd()];
    const [scheduler, twin] = [make(optimizer), make(other)];
    play(scheduler, 0, 2);
    play(twin, 0, 2);
    const metric = name === 'ReduceLROnPlateau' ? () => 1 : undefined;
    const traced = optim.traceScheduler(scheduler, 7, metric);
    expect(scheduler.stateDict()).toEqual(twin.stateDict());
    expect(optimizer.stateDict()).toEqual(other.stateDict());
    const rates = [twin.getLastLr()];
    for (let at = 0; at < 7; at++) {
      step(twin, 1);
      rates.push(twin.getLastLr());
    }
    expect(traced).toEqual([0, 1].map((group) => rates.map((each) => each[group])));
    expect(() => optim.traceScheduler(scheduler, -1, metric)).toThrow(RangeError);
    expect(() => optim.traceScheduler(scheduler, 1, metric ? undefined : () => 1)).toThrow(
      `Cannot trace ${name}: expected ${metric ? 'a metric, got none' : 'no metric, got one; the schedule counts steps'}`,
    );
  });
});

describe('schedules by functions', () => {
  it.each([optim.LambdaLR, optim.MultiplicativeLR])('$name refuses what are no functions', (Made) => {
    const Class = Made as unknown as new (...args: unknown[]) => unknown;
    const { name } = Made;
    expect(() => new Class(sgd(), 0.9)).toThrow(
      new TypeError(`Cannot make ${name}: expected lrLambda to be a function, got 0.9`),
    );
    expect(() => new Class(sgd(), [() => 1])).toThrow(
      new RangeError(`Cannot make ${name}: expected functions for 2 parameter groups, got 1`),
    );
    expect(() => new Class(sgd(), () => 1, { last_epoch: 1 })).toThrow('got "last_epoch"');
    expect(() => new Class(undefined, () => 1)).toThrow(TypeError);
  });

  it('a learning rate that is not finite is an error that names group and step', () => {
    const scheduler = new optim.LambdaLR(sgd(), [() => 1, (step) => 1 / (2 - step)]);
    scheduler.step();
    expect(() => scheduler.step()).toThrow(
      new RangeError(
        'Cannot step LambdaLR: expected a finite learning rate for parameter group 1 at step 2, got Infinity',
      ),
    );
    expect(() => new optim.LambdaLR(sgd(), (() => {}) as never)).toThrow('got NaN');
  });

  it('goes on from its state, read from JSON too', () => {
    const make = (): optim.LambdaLR => new optim.LambdaLR(sgd(), (step) => 1 / (step + 1));
    const schedule = make();
    schedule.step();
    schedule.step();
    const other = make();
    other.loadStateDict(JSON.parse(JSON.stringify(schedule.stateDict())));
    expect(other.getLastLr()).toEqual(schedule.getLastLr());
    other.step();
    expect(other.getLastLr()).toEqual([0.3 / 4, 0.1 / 4]);
  });
});

describe('LRScheduler', () => {
  class Halving extends optim.LRScheduler<{ power: number }> {
    constructor(optimizer: optim.SGD, isFinished = true, options?: optim.SchedulerOptions) {
      super(optimizer, { power: 1 }, options);
      if (isFinished) this.initialStep();
    }
    protected getLr(): number[] {
      return this.baseLrs.map((baseLr) => baseLr / 2 ** (this.lastEpoch * this.entries.power));
    }
  }

  it('is extended by a class that says what the groups get', () => {
    const optimizer = sgd();
    const scheduler = new Halving(optimizer);
    scheduler.step();
    expect(optimizer.paramGroups.map(({ lr, initialLr }) => [lr, initialLr])).toEqual([[0.15, 0.3], [0.05, 0.1]]); // biome-ignore format: pairs
    expect(scheduler.stateDict()).toMatchObject({ power: 1, last_epoch: 1, _step_count: 2, base_lrs: [0.3, 0.1] });
    const two = new optim.SequentialLR(optimizer, { schedulers: [scheduler, new Halving(optimizer)], milestones: [1] });
    two.step();
    expect(two.getLastLr()).toEqual([0.3, 0.1]);
  });

  it('says what a constructor lacks, and groups that came later', () => {
    expect(() => new Halving(sgd(), false).step()).toThrow(
      'Cannot step Halving: expected a constructor that ends with this.initialStep(), got one that does not',
    );
    const optimizer = sgd();
    const scheduler = new Halving(optimizer);
    optimizer.addParamGroup({ params: [leaf()] });
    expect(() => scheduler.step()).toThrow(
      'Cannot step Halving: expected 2 parameter groups, as when it was made, got 3',
    );
    expect(() => scheduler.step(-1)).toThrow('Cannot step Halving: expected an epoch of at least 0, got -1');
  });

  it('asks for initial rates where it goes on', () => {
    expect(() => new Halving(sgd(), true, { lastEpoch: 3 })).toThrow(
      "Cannot make Halving: expected initialLr in parameter group 0 with lastEpoch 3, got none; load the optimizer's state first",
    );
    const optimizer = new optim.SGD([{ params: [leaf()], initialLr: 0.8, lr: 0.2 }]);
    new Halving(optimizer, true, { lastEpoch: 2 });
    expect(optimizer.paramGroups[0]!.lr).toBe(0.1);
  });
});

describe('momentum', () => {
  it('is refused where an optimizer has none, with the way out', () => {
    const optimizer = { paramGroups: [{ params: [leaf()], lr: 0.1 }] };
    expect(() => new optim.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 9 })).toThrow(
      new TypeError(
        'Cannot make OneCycleLR: expected an optimizer with momentum or betas, got Object; pass cycleMomentum: false',
      ),
    );
    new optim.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 9, cycleMomentum: false });
  });

  it('of OneCycleLR and SWALR needs what they left in the groups', () => {
    for (const [make, message] of [
      [
        (o: optim.SGD) => new optim.OneCycleLR(o, { maxLr: 1, totalSteps: 9 }),
        'Cannot step OneCycleLR: expected "initial_lr" in parameter group 0, got none',
      ],
      [
        (o: optim.SGD) => new optim.SWALR(o, { swaLr: 1 }),
        'Cannot step SWALR: expected "swa_lr" in parameter group 0, got none',
      ],
    ] as const) {
      // biome-ignore format: pairs
      const [fresh, optimizer] = [sgd(), sgd()];
      const scheduler = make(optimizer);
      optimizer.loadStateDict(fresh.stateDict());
      expect(() => scheduler.step()).toThrow(message);
    }
  });
});

describe('OneCycleLR', () => {
  it('ends', () => {
    const scheduler = new optim.OneCycleLR(sgd(), { maxLr: 1, totalSteps: 3 });
    for (let step = 0; step < 3; step++) scheduler.step();
    expect(() => scheduler.step()).toThrow(new RangeError('Cannot step OneCycleLR: expected at most 3 steps, got 4'));
  });

  it('says which option makes a phase of no time', () => {
    expect(() => new optim.OneCycleLR(sgd(), { maxLr: 1, totalSteps: 10, pctStart: 0.1 })).toThrow(
      'Cannot follow one cycle at step 0: expected a phase that takes time, got one that ends where it starts; change pctStart',
    );
  });
});

describe('ReduceLROnPlateau', () => {
  it('takes a tensor of one element, and asks for a metric', () => {
    const optimizer = sgd();
    const scheduler = new optim.ReduceLROnPlateau(optimizer, { patience: 0 });
    for (const value of [1, 1]) scheduler.step(tensor(value));
    expect(optimizer.paramGroups[1]!.lr).toBeCloseTo(0.01, 12);
    expect(() => scheduler.step(undefined as never)).toThrow(
      new TypeError('Cannot step ReduceLROnPlateau: expected a metric, got undefined'),
    );
    expect(() => scheduler.step(tensor([1, 2]))).toThrow();
  });

  it('has one least rate for groups that come later, unless it was given a list', () => {
    for (const minLr of [0.07, [0.07, 0.07]]) {
      const optimizer = sgd();
      const scheduler = new optim.ReduceLROnPlateau(optimizer, { patience: 0, minLr });
      optimizer.addParamGroup({ params: [leaf()], lr: 1 });
      scheduler.step(1);
      if (typeof minLr === 'number') {
        scheduler.step(1);
        expect(scheduler.getLastLr()).toEqual([0.07, 0.07, 0.1]);
      } else expect(() => scheduler.step(1)).toThrow('expected 2 parameter groups, one for each of minLr, got 3');
    }
  });
});

describe('composed schedules', () => {
  it.each([
    ['another optimizer', (o: optim.SGD) => [new optim.LinearLR(o), new optim.LinearLR(sgd())], "expected schedulers of one optimizer, got another's at index 1"],
    ['a metric', (o: optim.SGD) => [new optim.LinearLR(o), new optim.ReduceLROnPlateau(o)], 'expected schedulers that need no metric, got ReduceLROnPlateau at index 1'],
    ['no schedules', () => [], 'expected a list of schedulers, got []'],
    ['other things', (o: optim.SGD) => [new optim.LinearLR(o), 5], 'expected schedulers that need no metric, got Number at index 1'],
  ])('refuse %s', (_, parts, message) => {
    const optimizer = sgd();
    const schedulers = parts(optimizer) as optim.Scheduler[];
    const milestones = schedulers.length > 1 ? [3] : [];
    expect(() => new optim.SequentialLR(optimizer, { schedulers, milestones })).toThrow(`Cannot make SequentialLR: ${message}`);
    expect(() => new optim.ChainedScheduler(schedulers)).toThrow(`Cannot make ChainedScheduler: ${message}`);
  }); // biome-ignore format: a table

  it('SequentialLR refuses milestones that do not fit, and what cannot start over', () => {
    const optimizer = sgd();
    const parts = [
      new optim.LinearLR(optimizer),
      new optim.StepLR(optimizer, { stepSize: 2 }),
      new optim.ExponentialLR(optimizer, { gamma: 0.5 }),
    ];
    for (const [milestones, message] of [
      [[3], 'expected 2 milestones between 3 schedulers, got [3]'],
      [[5, 3], 'expected milestones[1] to be an integer of at least 5, got 3'],
      [[1.5, 3], 'expected milestones[0] to be an integer of at least 0, got 1.5'],
      [undefined, 'expected 2 milestones between 3 schedulers, got undefined'],
    ] as const) // biome-ignore format: pairs
      expect(() => new optim.SequentialLR(optimizer, { schedulers: parts, milestones: milestones as never })).toThrow(
        message,
      );
    const chained = new optim.ChainedScheduler(parts);
    expect(() => new optim.SequentialLR(optimizer, { schedulers: [parts[0]!, chained], milestones: [3] })).toThrow(
      'Cannot make SequentialLR: expected schedulers that can start over after the first, got ChainedScheduler at index 1; put its parts here',
    );
  });

  it('refuse states with other parts', () => {
    const optimizer = sgd();
    const one = new optim.ChainedScheduler([new optim.LinearLR(optimizer)]);
    const two = new optim.ChainedScheduler([new optim.LinearLR(optimizer), new optim.LinearLR(optimizer)]);
    expect(() => two.loadStateDict(one.stateDict())).toThrow(
      new CheckpointError('Cannot load a state into ChainedScheduler: expected states of 2 schedulers, got 1'),
    );
  });
});

describe('pure schedules', () => {
  const { schedules } = optim;
  const at = (schedule: optim.Schedule, steps: readonly number[]): number[] => steps.map(schedule);

  it('warmupCosine() rises, falls and stays', () => {
    const factor = optim.warmupCosine({ warmupSteps: 4, totalSteps: 8, minFactor: 0.2 });
    expect(at(factor, [0, 1, 2, 3, 4])).toEqual([0.25, 0.5, 0.75, 1, 1]);
    expect(factor(6)).toBeCloseTo(0.6, 12);
    expect(at(factor, [8, 100])).toEqual([0.2, 0.2]);
    expect(optim.warmupCosine({ warmupSteps: 0, totalSteps: 2 })(0)).toBe(1);
    for (const [warmupSteps, totalSteps] of [[4, 4], [-1, 4], [Number.NaN, 4]] as const) // biome-ignore format: pairs
      expect(() => optim.warmupCosine({ warmupSteps, totalSteps })).toThrow(
        'Cannot make a schedule: expected 0 <= warmupSteps < totalSteps',
      );
  });

  it('linearWarmupCosine() rises again beyond its end, unless it is clamped', () => {
    const options = { warmupEpochs: 2, maxEpochs: 6, etaMin: 0.25 };
    expect(schedules.linearWarmupCosine(options)(10)).toBe(1);
    const clamped = schedules.linearWarmupCosine({ ...options, isClamped: true });
    expect(at(clamped, [0, 1, 2, 4, 6, 10])).toEqual([0, 0.5, 1, expect.closeTo(0.625, 12), 0.25, 0.25]);
    const optimizer = new optim.SGD([leaf()], { lr: 1 });
    const scheduler = new optim.LinearWarmupCosineAnnealingLR(optimizer, { ...options, isClamped: true });
    const { is_clamped: _, ...seed } = scheduler.stateDict();
    scheduler.loadStateDict({ ...seed, last_epoch: 9 }); // what VisionCore's class saves
    scheduler.step();
    expect(optimizer.paramGroups[0]!.lr).toBe(0.25);
  });

  it('LinearWarmupCosineAnnealingLR and its restarts take another end, behind the warm-up alone', () => {
    const optimizer = new optim.SGD([leaf()], { lr: 1 });
    const once = new optim.LinearWarmupCosineAnnealingLR(optimizer, { warmupEpochs: 2, maxEpochs: 100 });
    once.maxEpochs = 4;
    const rates = [0, 1, 2, 3].map(() => {
      once.step();
      return optimizer.paramGroups[0]!.lr;
    });
    expect(rates).toEqual([0.5, 1, expect.closeTo(0.5, 12), expect.closeTo(0, 12)]);
    const again = new optim.LinearWarmupCosineAnnealingLR(optimizer, { warmupEpochs: 1, maxEpochs: 9 });
    again.loadStateDict(once.stateDict());
    expect([again.maxEpochs, again.warmupEpochs]).toEqual([4, 2]);
    const restarts = new optim.LinearWarmupCosineAnnealingWarmRestartsLR(optimizer, { warmupEpochs: 2, maxEpochs: 10 });
    restarts.maxEpochs = 6;
    expect([restarts.maxEpochs, restarts.warmupEpochs, restarts.entries.restart_period]).toEqual([6, 2, 4]);
    for (const scheduler of [once, restarts])
      expect(() => {
        scheduler.maxEpochs = 2;
      }).toThrow(/expected maxEpochs above warmupEpochs, got 2 and 2/);
  });

  it('linearWarmupCosineRestarts() starts anew after half of what is left, by default', () => {
    const schedule = schedules.linearWarmupCosineRestarts({ warmupEpochs: 2, maxEpochs: 11 });
    expect(at(schedule, [2, 4, 6, 10])).toEqual([1, expect.closeTo(0.5, 12), 1, 1]);
    expect(schedules.linearWarmupCosineRestarts({ warmupEpochs: 2, maxEpochs: 3 })(7)).toBe(1);
  });

  it('warmupStableDecay() rises, stays and falls in each form', () => {
    const options = { warmupSteps: 2, stableSteps: 3, decaySteps: 4, minFactor: 0.2 };
    for (const [decay, middle] of [['linear', 0.6], ['cosine', 0.6], ['sqrt', 0.2 + 0.8 * (1 - Math.SQRT1_2)]] as const) // biome-ignore format: pairs
      expect(at(schedules.warmupStableDecay({ ...options, decay }), [0, 1, 2, 4, 5, 7, 9, 50])).toEqual([
        ...[0.5, 1, 1, 1, 1],
        ...[expect.closeTo(middle, 12), 0.2, 0.2],
      ]);
    expect(schedules.warmupStableDecay({ warmupSteps: 0, stableSteps: 1, decaySteps: 0 })(1)).toBe(0);
    expect(() => schedules.warmupStableDecay({ ...options, decay: 'exp' as never })).toThrow(
      'expected decay to be one of',
    );
    expect(() => schedules.warmupStableDecay({ ...options, minFactor: 2 })).toThrow(RangeError);
  });

  it('inverseSqrt() and noam() have their peak at the end of the warm-up', () => {
    expect(at(schedules.inverseSqrt({ warmupSteps: 4 }), [0, 2, 4, 16])).toEqual([0, 0.5, 1, 0.5]);
    const noam = schedules.noam({ modelSize: 16, warmupSteps: 4 });
    expect(at(noam, [3, 15])).toEqual([0.125, 0.0625]);
  });

  it('compose', () => {
    const line = schedules.piecewiseLinear([[0, 0], [10, 1], [20, 0.5]]); // biome-ignore format: points
    expect(at(line, [-1, 0, 5, 10, 15, 20, 99])).toEqual([0, 0, 0.5, 1, 0.75, 0.5, 0.5]);
    expect(at(schedules.shift(line, 5), [0, 5, 10])).toEqual([0, 0, 0.5]);
    expect(at(schedules.shift(line, -5), [0, 5])).toEqual([0.5, 1]);
    expect(at(schedules.stretch(line, 2), [10, 20])).toEqual([0.5, 1]);
    expect(at(schedules.repeat(line, 10), [4, 14, 24])).toEqual([0.4, 0.4, 0.4]);
    expect(at(schedules.clamp(line, { min: 0.2, max: 0.8 }), [0, 5, 10])).toEqual([0.2, 0.5, 0.8]);
    expect(schedules.scale(line, 3)(5)).toBe(1.5);
    expect(schedules.product(line, (step) => step, () => 2)(5)).toBe(5); // biome-ignore format: one line
    const one = schedules.sequence([line, (step) => 10 + step, () => 7], [3, 5]);
    expect(at(one, [2, 3, 4, 5, 6])).toEqual([0.2, 10, 11, 7, 7]);
  });

  it.each<[string, () => unknown, string]>([
    ['sequence', () => schedules.sequence([() => 1], [2]), 'Cannot make sequence(): expected 0 milestones between 1 schedules, got [2]'],
    ['sequence', () => schedules.sequence([() => 1, () => 2, () => 3], [4, 2]), 'expected milestones[1] to be a finite number of at least 4, got 2'],
    ['product', () => schedules.product(), 'Cannot make product(): expected a list of schedules, got []'],
    ['product', () => schedules.product(3 as never), 'Cannot make product(): expected schedules[0] to be a function, got 3'],
    ['shift', () => schedules.shift(() => 1, Number.NaN), 'Cannot make shift(): expected numSteps to be a finite number, got NaN'],
    ['stretch', () => schedules.stretch(() => 1, 0), 'Cannot make stretch(): expected factor to be a finite number above 0, got 0'],
    ['repeat', () => schedules.repeat(() => 1, 0), 'Cannot make repeat(): expected period to be a finite number above 0, got 0'],
    ['clamp', () => schedules.clamp(() => 1, { min: 2, max: 1 }), 'Cannot make clamp(): expected min to be a finite number of at most 1, got 2'],
    ['piecewiseLinear', () => schedules.piecewiseLinear([]), 'Cannot make piecewiseLinear(): expected points, got []'],
    ['piecewiseLinear', () => schedules.piecewiseLinear([[1, 1], [1, 2]]), 'expected points[1][0] to be a finite number above 1, got 1'],
    ['linear', () => schedules.linear({ totalIters: 0 }), 'Cannot make linear(): expected totalIters to be an integer of at least 1, got 0'],
    ['stepDecay', () => schedules.stepDecay({ step_size: 3 } as never), 'got "step_size"'],
    ['noam', () => schedules.noam({ modelSize: 0, warmupSteps: 1 }), 'expected modelSize to be a finite number above 0, got 0'],
    ['multiplicative', () => schedules.multiplicative(2 as never), 'expected lrLambda to be a function, got 2'],
  ])('%s() refuses what it cannot follow', (_, make, message) => {
    expect(make).toThrow(message);
  }); // biome-ignore format: a table
});

describe('layerwiseGroups()', () => {
  const named = (...names: string[]): [string, Parameter][] => names.map((name) => [name, leaf()]);

  it('gives each layer its share of the rate, in the order of the layers', () => {
    const parameters = named(
      'embed.weight',
      'blocks.1.weight',
      'blocks.0.bias',
      'blocks.10.weight',
      'norm.weight',
      'head.bias',
    );
    const groups = optim.layerwiseGroups(parameters, {
      lr: 1,
      decay: 0.5,
      layers: ['embed', 'blocks.0', /^blocks\.1\./, ['blocks.10', 'norm'], ''],
    });
    const of = (name: string): Parameter => parameters.find(([each]) => each === name)![1];
    expect(groups.map(({ lr }) => lr)).toEqual([1 / 16, 1 / 8, 1 / 4, 1 / 2, 1]);
    expect(groups.map(({ params }) => params.length)).toEqual([1, 1, 1, 2, 1]);
    expect(groups[2]!.params[0] === of('blocks.1.weight')).toBe(true);
    const optimizer = new optim.SGD(groups, { momentum: 0.9 });
    new optim.LambdaLR(optimizer, () => 0.5);
    expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2]);
  });

  it('lists parameters without a layer, and layers without parameters', () => {
    const options = { lr: 1, decay: 0.5 };
    expect(() => optim.layerwiseGroups(named('a.w', 'b.w', 'c.w'), { ...options, layers: ['b'] })).toThrow(
      new RangeError('Cannot make layerwiseGroups(): expected every parameter in a layer, got none for a.w, c.w'),
    );
    expect(() => optim.layerwiseGroups(named('a.w'), { ...options, layers: ['a', 'b'] })).toThrow(
      'expected parameters in every layer, got none for b',
    );
    expect(() => optim.layerwiseGroups(named('a.w'), { ...options, layers: [] })).toThrow(
      'expected a list of layers, got []',
    );
    expect(() => optim.layerwiseGroups(named('a.w'), { lr: 1, decay: 0, layers: ['a'] })).toThrow(
      'expected decay to be a finite number above 0, got 0',
    );
    expect(() => optim.schedules.layerwiseFactors({ numLayers: 2, decay: 0.5 })(2)).toThrow(
      'expected depth to be an integer of at least 0 and of at most 1, got 2',
    );
  });

  it('layerwiseRules() go together with other rules; a parameter of no layer keeps the whole rate', () => {
    const model = new Sequential(new Linear(2, 2), new LayerNorm([2]), new Linear(2, 1), new Linear(1, 1));
    const rules: optim.ParameterRule<{ weightDecay: number }>[] = [
      { where: optim.NO_DECAY, weightDecay: 0 },
      ...optim.layerwiseRules({ decay: 0.5, layers: [['0', '1'], /^2/] }),
    ];
    const groups = optim.parameterGroups(model, { lr: 1, rules });
    const found = groups.flatMap(({ params, lr, weightDecay }) => params.map(([name]) => [name, lr, weightDecay]));
    expect(found.sort()).toEqual([
      ['0.bias', 0.5, 0], ['0.weight', 0.5, undefined], ['1.bias', 0.5, 0], ['1.weight', 0.5, 0],
      ['2.bias', 1, 0], ['2.weight', 1, undefined], ['3.bias', 1, 0], ['3.weight', 1, undefined],
    ]); // biome-ignore format: a table
    expect(() => optim.layerwiseRules({ decay: 0.5, layers: [] })).toThrow(
      'Cannot make layerwiseRules(): expected a list of layers, got []',
    );
    expect(() => optim.layerwiseRules({ decay: -1, layers: ['0'] })).toThrow(RangeError);
  });
});
