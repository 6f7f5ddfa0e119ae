// Schedules: learning rates over fifty steps, in groups, with momenta where they move; states that change sides and go on.
import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

type Scheduler = (d: Draw) => {
  readonly args?: readonly Value[];
  readonly options?: Drawn;
  readonly needsMomentum?: boolean;
};

const path = (name: string): string => `optim.lr_scheduler.${name}`;

/** An optimizer of one or two groups. */
function optimizer(d: Draw, hasMomentum: boolean): { optimizer: string; numGroups: number } {
  const numGroups = d.int(1, 2);
  const parameters = Array.from({ length: numGroups }, () =>
    d.call('nn.Parameter', [d.tensor([1], { requiresGrad: false, dtype: 'float32', memory: 'contiguous' })]),
  );
  const groups = parameters.map((name) => ({ dict: { params: [{ var: name }], lr: d.float(0.01, 1) } }));
  const kind = hasMomentum && d.chance(0.4) ? 'AdamW' : 'SGD';
  const options = { lr: d.float(0.01, 1), momentum: hasMomentum && kind === 'SGD' ? d.float(0.1, 0.9) : undefined };
  return { optimizer: d.call(`optim.${kind}`, [groups], options), numGroups };
}

const FUNCTIONS: readonly Value[] = [
  { source: '(step) => 1 / (1 + step)', python: 'lambda step: 1 / (1 + step)' },
  { source: '(step) => (step < 5 ? (step + 1) / 5 : 1)', python: 'lambda step: (step + 1) / 5 if step < 5 else 1.0' },
  { source: '(step) => 0.5 + 0.125 * (step % 4)', python: 'lambda step: 0.5 + 0.125 * (step % 4)' },
];

const byFunction: Scheduler = (d) => ({ args: [d.pick(FUNCTIONS)] });

const SCHEDULERS: Readonly<Record<string, Scheduler>> = {
  LambdaLR: byFunction,
  MultiplicativeLR: byFunction,
  StepLR: (d) => ({ options: { stepSize: d.int(1, 8), gamma: d.maybeFloat(0.1, 0.99) } }),
  MultiStepLR: (d) => ({
    options: { milestones: Array.from({ length: d.int(0, 4) }, () => d.int(1, 30)), gamma: d.maybeFloat(0.1, 0.99) },
  }),
  ConstantLR: (d) => ({ options: { factor: d.maybeFloat(0.1, 1), totalIters: d.maybe([0, 1, 4, 12]) } }),
  LinearLR: (d) => ({
    options: { startFactor: d.maybeFloat(0.01, 1), endFactor: d.maybeFloat(0, 1), totalIters: d.maybe([1, 4, 12]) },
  }),
  ExponentialLR: (d) => ({ options: { gamma: d.float(0.5, 1) } }),
  PolynomialLR: (d) => ({ options: { totalIters: d.maybe([1, 5, 20]), power: d.maybeFloat(0.5, 3) } }),
  CosineAnnealingLR: (d) => ({ options: { tMax: d.int(1, 20), etaMin: d.maybeFloat(0, 0.1) } }),
  CosineAnnealingWarmRestarts: (d) => ({
    options: { t0: d.int(1, 10), tMult: d.maybe([1, 2, 3]), etaMin: d.maybeFloat(0, 0.1) },
  }),
  CyclicLR: (d) => ({
    options: {
      baseLr: d.float(0.001, 0.1),
      maxLr: d.float(0.1, 1),
      stepSizeUp: d.int(1, 9),
      stepSizeDown: d.maybe([1, 4, 9], 0.3),
      mode: d.maybe(['triangular', 'triangular2', 'exp_range'], 0.7),
      gamma: d.maybeFloat(0.8, 1, 0.4),
      cycleMomentum: d.flag(0.3),
      baseMomentum: d.maybeFloat(0.5, 0.8, 0.3),
      maxMomentum: d.maybeFloat(0.8, 0.95, 0.3),
    },
    needsMomentum: true,
  }),
  OneCycleLR: (d) => ({
    options: {
      maxLr: d.float(0.1, 2),
      totalSteps: d.int(50, 90),
      pctStart: d.maybeFloat(0.1, 0.9),
      annealStrategy: d.maybe(['cos', 'linear']),
      cycleMomentum: d.flag(0.3),
      baseMomentum: d.maybeFloat(0.5, 0.85, 0.3),
      maxMomentum: d.maybeFloat(0.86, 0.95, 0.3),
      divFactor: d.maybeFloat(2, 30),
      finalDivFactor: d.maybe([{ float: 100 }, { float: 10000 }], 0.4),
      threePhase: d.flag(0.3),
    },
    needsMomentum: true,
  }),
  SWALR: (d) => ({
    options: {
      swaLr: d.float(0.01, 0.5),
      annealEpochs: d.maybe([0, 1, 5, 12]),
      annealStrategy: d.maybe(['cos', 'linear']),
    },
  }),
};

const pythonPath = (name: string): string => (name === 'SWALR' ? 'optim.swa_utils.SWALR' : path(name));

function make(d: Draw, name: string, on: string, scheduler: ReturnType<Scheduler>): string {
  return d.call(`optim.${name}`, [{ var: on }, ...(scheduler.args ?? [])], scheduler.options, {
    python: { name: pythonPath(name) },
  });
}

function steps(
  d: Draw,
  on: string,
  scheduler: string,
  count: number,
  args: (step: number) => readonly Value[] = () => [],
): void {
  for (let i = 0; i < count; i++) {
    d.call('step', [], {}, { on });
    d.call('step', args(i), {}, { on: scheduler });
    d.show(d.call('getLastLr', [], {}, { on: scheduler }));
  }
}

/** Plays a schedule, changes sides, and goes on; what moves beside the learning rate shows in the optimizer's state. */
function play(
  d: Draw,
  build: (on: string) => string,
  on: string,
  rebuild: () => string,
  args?: (step: number) => readonly Value[],
): void {
  const scheduler = build(on);
  d.show(d.call('getLastLr', [], {}, { on: scheduler }));
  steps(d, on, scheduler, d.isSmall ? 3 : 50, args);
  d.show(scheduler, 'sorted state');
  d.show(on, 'sorted state');
  d.add({ kind: 'share', of: scheduler });
  d.add({ kind: 'share', of: on });
  d.after(() => {
    const other = rebuild();
    const next = build(other);
    d.add({ kind: 'take', on: other, from: on });
    d.add({ kind: 'take', on: next, from: scheduler });
    steps(d, other, next, 5, args);
    d.show(next, 'sorted state');
    d.show(other, 'sorted state');
  });
}

/** Makes an optimizer again with what made it first. */
function again(d: Draw, first: string): string {
  const calls = d.steps.filter((step) => step.kind === 'tensor' || step.kind === 'call');
  const last = calls.findIndex((step) => step.out === first);
  const renamed = new Map<string, string>();
  const rename = (value: Value): Value => {
    if (Array.isArray(value)) return value.map((each) => rename(each as Value));
    if (typeof value !== 'object' || value === null) return value;
    if ('var' in value) return { ...value, var: renamed.get(value.var) ?? value.var };
    if ('dict' in value)
      return { dict: Object.fromEntries(Object.entries(value.dict).map(([key, each]) => [key, rename(each)])) };
    return value;
  };
  for (const step of calls.slice(0, last + 1)) {
    const out = d.name(step.kind === 'tensor' ? 'x' : 'y');
    renamed.set(step.out!, out);
    d.add(step.kind === 'tensor' ? { ...step, out } : { ...step, out, args: step.args.map(rename) });
  }
  return renamed.get(first)!;
}

const schedule =
  (name: string, draw: Scheduler): Spec['draw'] =>
  (d) => {
    const scheduler = draw(d);
    const { optimizer: on } = optimizer(d, scheduler.needsMomentum === true && d.chance(0.9));
    play(
      d,
      (each) => make(d, name, each, scheduler),
      on,
      () => again(d, on),
    );
  };

const CHAINABLE = ['StepLR', 'ConstantLR', 'LinearLR', 'ExponentialLR', 'CosineAnnealingLR', 'PolynomialLR'] as const;

export const SCHEDULES: Specs = {
  ...Object.fromEntries(
    Object.entries(SCHEDULERS).map(([name, draw]) => [
      name === 'SWALR' ? 'optim.swa_utils.SWALR' : path(name),
      schedule(name, draw),
    ]),
  ),
  [path('ReduceLROnPlateau')]: (d) => {
    const { optimizer: on } = optimizer(d, false);
    const options: Drawn = {
      mode: d.maybe(['min', 'max']),
      factor: d.maybeFloat(0.1, 0.9),
      patience: d.maybe([0, 1, 3], 0.8),
      threshold: d.maybeFloat(0, 0.2),
      thresholdMode: d.maybe(['rel', 'abs']),
      cooldown: d.maybe([0, 1, 4]),
      minLr: d.maybeFloat(0, 0.05),
      eps: d.maybe([1e-4], 0.2),
    };
    const metrics = Array.from({ length: 64 }, () => d.float(0, 2));
    const build = (each: string): string =>
      d.call('optim.ReduceLROnPlateau', [{ var: each }], options, { python: { name: path('ReduceLROnPlateau') } });
    play(
      d,
      build,
      on,
      () => again(d, on),
      (step) => [metrics[step]!],
    );
  },
  [path('SequentialLR')]: (d) => {
    const { optimizer: on } = optimizer(d, false);
    const parts = Array.from({ length: d.int(2, 3) }, () => d.pick(CHAINABLE)).map(
      (name) => [name, SCHEDULERS[name]!(d)] as const,
    );
    const milestones = parts.slice(1).map((_, i) => 4 + 9 * i + d.int(0, 5));
    const build = (each: string): string => {
      const schedulers = parts.map(([name, scheduler]) => ({ var: make(d, name, each, scheduler) }));
      return d.call(
        'optim.SequentialLR',
        [{ var: each }],
        { schedulers, milestones },
        { python: { name: path('SequentialLR') } },
      );
    };
    play(d, build, on, () => again(d, on));
  },
  [path('ChainedScheduler')]: (d) => {
    const { optimizer: on } = optimizer(d, false);
    const parts = Array.from({ length: d.int(1, 3) }, () => d.pick(CHAINABLE)).map(
      (name) => [name, SCHEDULERS[name]!(d)] as const,
    );
    const build = (each: string): string => {
      const schedulers = parts.map(([name, scheduler]) => ({ var: make(d, name, each, scheduler) }));
      return d.call('optim.ChainedScheduler', [schedulers], {}, { python: { name: path('ChainedScheduler') } });
    };
    play(d, build, on, () => again(d, on));
  },
};
