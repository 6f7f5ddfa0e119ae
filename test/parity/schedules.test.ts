// Every schedule against PyTorch's: learning rates and momenta of 200 steps to the last bit, states both ways, closed forms.
import { describe, expect, it } from 'vitest';
import { nn, optim, type Tensor, zeros } from '../../src/index.ts';
import type { OptimizerStateDict } from '../../src/optim/index.ts';
import { cos, pow } from '../../src/tensor/float-math.ts';
import { references } from './reference.ts';
import {
  type AnyScheduler,
  type Case,
  makeOptimizer,
  makeScheduler,
  optionsOf,
  stepOnce,
  valuesOf,
} from './schedules.ts';

interface Played {
  readonly scheduler: Case;
  readonly optimizer: string;
  /** [steps + 1, groups] */
  readonly rates: Tensor;
  /** Null where they do not change. */
  readonly momenta: Tensor | null;
  readonly initial: object;
  readonly middle: { scheduler: object; groups: OptimizerStateDict['param_groups'] };
  readonly last: object;
  /** Of the first group; null where the class has none. */
  readonly closed: Tensor | null;
}

interface Cases {
  readonly cases: Readonly<Record<string, Played>>;
  readonly restarted: readonly { T_mult: number; epochs: number[]; rates: Tensor }[];
  readonly jumped: Readonly<Record<string, { scheduler: Case; rates: Tensor }>>;
  readonly continued: Readonly<Record<string, { scheduler: Case; rates: Tensor; state: object }>>;
  readonly shapes: Readonly<Record<string, Tensor>>;
  readonly math: Tensor;
  readonly metrics: readonly number[];
}

const NUM_STEPS = 200;
const MIDDLE = 77;

/** The closed form of each class as a pure function, of its options and the base rate. */
const PURE: Readonly<Record<string, (options: never) => optim.Schedule>> = {
  StepLR: optim.schedules.stepDecay,
  MultiStepLR: optim.schedules.multiStepDecay,
  ConstantLR: optim.schedules.constant,
  LinearLR: optim.schedules.linear,
  ExponentialLR: optim.schedules.exponentialDecay,
  PolynomialLR: optim.schedules.polynomialDecay,
  CosineAnnealingLR: optim.schedules.cosine,
};

/** Classes that refer to nothing but the step: the pure function gives their very bits. */
const PURE_CLASSES: Readonly<Record<string, (options: never) => optim.Schedule>> = {
  CosineAnnealingWarmRestarts: optim.schedules.cosineRestarts,
  CyclicLR: optim.schedules.cyclic,
  OneCycleLR: optim.schedules.oneCycle,
};

const all = await references<Cases>('schedules');

describe.each(all)('schedules against $source', ({ cases: made }) => {
  const { metrics } = made;
  const functions = (made.math.toArray() as number[][]).every(([cosine, power], i) => {
    return cos(i * 0.01) === cosine && pow(0.9 + i * 1e-4, i % 50) === power;
  });
  if (!functions) console.log('skipped, bits of schedules: the C library computes cos or pow otherwise here');

  /** Numbers to the last bit where the same C library computes, else closely. */
  const hold = (actual: readonly number[], expected: readonly number[], what: string): void => {
    if (functions) expect([what, ...actual]).toEqual([what, ...expected]);
    for (const [i, value] of actual.entries())
      expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-10 * Math.abs(expected[i]!));
  };
  const holdState = (actual: object, expected: object): void => {
    if (functions) expect(actual).toEqual(structuredClone(expected)); // a Counter is a Map of its own kind
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  };

  describe.each(Object.entries(made.cases))('%s', (_, { scheduler: given, optimizer: kind, ...expected }) => {
    const rates = expected.rates.toArray() as number[][];
    const momenta = expected.momenta?.toArray() as number[][] | undefined;

    /** Goes on to the end, and holds every step against PyTorch's. */
    const play = (scheduler: AnyScheduler, optimizer: optim.SGD | optim.AdamW, start: number): void => {
      const constant = valuesOf(optimizer).momenta;
      for (let step = start; step <= NUM_STEPS; step++) {
        if (step > start) stepOnce(scheduler, metrics[step - 1]!);
        const values = valuesOf(optimizer);
        hold(values.rates, rates[step]!, `rates at ${step}`);
        hold(values.momenta, momenta?.[step] ?? constant, `momenta at ${step}`);
        hold(scheduler.getLastLr(), rates[step]!, `getLastLr() at ${step}`);
      }
    };

    it('gives the learning rates, the momenta and the states', () => {
      const optimizer = makeOptimizer(kind);
      const scheduler = makeScheduler(given, optimizer);
      holdState(scheduler.stateDict(), expected.initial);
      play(scheduler, optimizer, 0);
      holdState(scheduler.stateDict(), expected.last);
    });

    it("goes on from PyTorch's state", () => {
      const optimizer = makeOptimizer(kind);
      const scheduler = makeScheduler(given, optimizer);
      const state = new Map();
      optimizer.loadStateDict({ state, param_groups: expected.middle.groups });
      scheduler.loadStateDict(expected.middle.scheduler);
      holdState(scheduler.stateDict(), expected.middle.scheduler);
      const before = expected.middle.groups.map((group) => Object.keys(group).sort());
      expect(optimizer.stateDict().param_groups.map((group) => Object.keys(group).sort())).toEqual(before);
      play(scheduler, optimizer, MIDDLE);
    });

    it('is a pure function of the step', () => {
      const [name, options] = given;
      const { cycleMomentum: _, baseMomentum: __, maxMomentum: ___, ...pure } = optionsOf(options);
      for (const key of ['baseLr', 'maxLr']) if (Array.isArray(pure[key])) pure[key] = pure[key][0];
      if (PURE[name] && expected.closed) {
        const schedule = PURE[name]({ ...pure, baseLr: 0.3 } as never);
        hold(
          Array.from(rates, (_, step) => schedule(step)),
          expected.closed.toArray() as number[],
          'closed form',
        );
      } else if (PURE_CLASSES[name] && typeof pure.scaleFn !== 'string') {
        const base = name === 'CosineAnnealingWarmRestarts' ? { baseLr: 0.3 } : {};
        const schedule = PURE_CLASSES[name]({ ...pure, ...base } as never);
        hold(
          Array.from(rates, (_, step) => schedule(step)),
          rates.map(([first]) => first!),
          'class',
        );
      } else if (name === 'ReduceLROnPlateau') {
        const minLr = Array.isArray(pure.minLr) ? pure.minLr[0] : pure.minLr;
        const schedule = optim.schedules.plateau({ ...pure, ...(minLr === undefined ? {} : { minLr }), baseLr: 0.3 });
        hold(
          Array.from(rates, (_, step) => schedule(metrics.slice(0, step))),
          rates.map(([first]) => first!),
          'class',
        );
      } else if (name === 'SWALR') {
        const swaLr = Array.isArray(pure.swaLr) ? pure.swaLr[0] : pure.swaLr;
        const schedule = optim.schedules.swaAnneal({ ...pure, swaLr, baseLr: 0.3 });
        for (const [step, [rate]] of rates.entries()) expect(schedule(step)).toBeCloseTo(rate!, 13);
      } else if (name === 'MultiplicativeLR') {
        const schedule = optim.schedules.multiplicative((step) => (step % 7 ? 0.999 : 0.9), { baseLr: 0.3 });
        hold(
          Array.from(rates, (_, step) => schedule(step)),
          rates.map(([first]) => first!),
          'class',
        );
      } else
        expect(['LambdaLR', 'CyclicLR', 'SequentialLR', 'ChainedScheduler', 'ConstantLR', 'LinearLR']).toContain(name);
    });
  });

  it.each(made.restarted)('CosineAnnealingWarmRestarts.step(epoch) takes fractions, T_mult $T_mult', (each) => {
    const optimizer = makeOptimizer('SGD');
    const scheduler = new optim.CosineAnnealingWarmRestarts(optimizer, { t0: 5, tMult: each.T_mult });
    for (const [i, expected] of (each.rates.toArray() as number[][]).entries()) {
      scheduler.step(each.epochs[i]!);
      const { T_cur, T_i } = scheduler.entries;
      hold([...scheduler.getLastLr(), scheduler.lastEpoch, T_cur, T_i], expected, `epoch ${each.epochs[i]}`);
    }
  });

  it.each(Object.entries(made.jumped))('%s: step(epoch) jumps, and goes on from there', (_, each) => {
    const optimizer = makeOptimizer('SGD');
    const scheduler = makeScheduler(each.scheduler, optimizer);
    const expected = each.rates.toArray() as number[][];
    for (const [i, epoch] of [3, 50, 7, 0, 120].entries()) {
      scheduler.step(epoch);
      hold(valuesOf(optimizer).rates, expected[2 * i]!, `epoch ${epoch}`);
      scheduler.step();
      hold(valuesOf(optimizer).rates, expected[2 * i + 1]!, `after epoch ${epoch}`);
    }
  });

  it.each(Object.entries(made.continued))('%s: lastEpoch goes on where another schedule was', (_, each) => {
    const optimizer = makeOptimizer('SGD');
    const first = makeScheduler(each.scheduler, optimizer);
    for (let step = 0; step < 40; step++) first.step();
    const [name, options] = each.scheduler;
    const second = makeScheduler([name, { ...options, last_epoch: 40 }], optimizer);
    for (const [step, expected] of (each.rates.toArray() as number[][]).entries()) {
      if (step > 0) second.step();
      hold(valuesOf(optimizer).rates, expected, `step ${step}`);
    }
    holdState(second.stateDict(), each.state);
  });

  const curve = { warmupEpochs: 17, maxEpochs: 120, warmupStartLr: 0.01, etaMin: 0.002 };
  const { schedules } = optim;
  const shapes: Readonly<Record<string, optim.Schedule>> = {
    'linear warm-up, cosine': schedules.linearWarmupCosine({ ...curve, baseLr: 0.3 }),
    'linear warm-up, cosine, restarts': schedules.linearWarmupCosineRestarts({ ...curve, baseLr: 0.3 }),
    'inverse square root': schedules.inverseSqrt({ warmupSteps: 40, warmupStartLr: 1e-7, baseLr: 5e-4 }),
    Noam: schedules.noam({ modelSize: 512, warmupSteps: 40, factor: 1.5 }),
  };

  it.each(Object.entries(made.shapes))('%s: gives what its formula gives', (name, expected) => {
    const steps = Array.from({ length: NUM_STEPS + 1 }, (_, step) => step);
    hold(steps.map(shapes[name]!), expected.toArray() as number[], name);
  });

  it.each([
    ['linear warm-up, cosine', optim.LinearWarmupCosineAnnealingLR],
    ['linear warm-up, cosine, restarts', optim.LinearWarmupCosineAnnealingWarmRestartsLR],
  ] as const)('%s: the class gives what its formula gives', (name, Made) => {
    const optimizer = new optim.SGD([new nn.Parameter(zeros([1]))], { lr: 0.3 });
    const scheduler = new Made(optimizer, curve);
    const rates = [scheduler.getLastLr()[0]!];
    for (let step = 0; step < NUM_STEPS; step++) {
      scheduler.step();
      rates.push(optimizer.paramGroups[0]!.lr);
    }
    hold(rates, made.shapes[name]!.toArray() as number[], name);
  });
});
