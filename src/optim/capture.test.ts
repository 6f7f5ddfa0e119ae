// Optimizers and what stands around them inside a captured step: the numbers are those of the step as it is written, to the bit.

import { describe, expect, it } from 'vitest';
import { Embedding, Linear, type Module, Parameter, Sequential, Tanh } from '../nn/index.ts';
import { type CapturedStep, capture } from '../tensor/capture/captured-step.ts';
import { randn } from '../tensor/create.ts';
import { manualSeed } from '../tensor/generator.ts';
import { cat } from '../tensor/ops.generated.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { AveragedWeights } from './averaged-weights.ts';
import * as optim from './index.ts';
import { SWA } from './swa.ts';

type Make = new (params: readonly unknown[], options?: object) => optim.AnyOptimizer;
const KINDS = optim as unknown as Readonly<Record<string, Make>>;
const NUM_STEPS = 60;

const bytesOf = (tensor: Tensor): string =>
  Buffer.from(tensor.contiguous().detach().toTypedArray().buffer).toString('hex');

/** Tensors by their bits. */
function plain(value: unknown): unknown {
  if (value instanceof Tensor) return bytesOf(value);
  if (value instanceof Map) return Array.from(value, ([key, each]) => [key, plain(each)]);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

interface Training {
  readonly model: Sequential;
  readonly optimizer: optim.AnyOptimizer;
  /** Beside the optimizer: what is compared at the end. */
  readonly extra?: () => unknown;
  readonly step: (x: Tensor) => unknown;
  readonly before?: (index: number) => void;
}

const makeModel = (): Sequential => {
  manualSeed(3);
  return new Sequential(new Linear(4, 5, { bias: false }), new Tanh(), new Linear(5, 3, { bias: false }));
};

/** Runs a training as it is written, and captured. @returns the captured one's step. */
function compare(make: () => Training): CapturedStep<[Tensor], unknown> {
  const run = (training: Training, step: Training['step']): unknown => {
    manualSeed(5);
    const losses: unknown[] = [];
    scope(() => {
      for (let i = 0; i < NUM_STEPS; i++) {
        training.before?.(i);
        losses.push(plain(step(randn([6, 4]))));
      }
    });
    return plain([losses, training.model.stateDict(), training.optimizer.stateDict(), training.extra?.()]);
  };
  const written = make();
  const expected = run(written, written.step);
  const captured = make();
  const step = capture(captured.step);
  expect(run(captured, step)).toEqual(expected);
  return step;
}

function stepOf(
  model: Sequential,
  optimizer: optim.AnyOptimizer,
  x: Tensor,
  last: (y: Tensor) => Tensor = (y) => y,
): Tensor {
  optimizer.zeroGrad();
  const loss = last(model.forward(x) as Tensor)
    .square()
    .mean();
  loss.backward();
  optimizer.step();
  return loss;
}

function copyOf(state: optim.OptimizerStateDict): optim.OptimizerStateDict {
  const copied = Array.from(state.state, ([key, entries]) => {
    const copies = Object.entries(entries).map(([name, value]) => [
      name,
      value instanceof Tensor ? value.clone() : value,
    ]);
    return [key, Object.fromEntries(copies)] as const;
  });
  return { ...state, state: new Map(copied) };
}

function trainBy(
  name: string,
  options: object = {},
  change: (group: Record<string, unknown>, i: number) => void = () => undefined,
  model: Sequential = makeModel(),
): Training {
  const optimizer = new KINDS[name]!(model.parameters(), options);
  return {
    model,
    optimizer,
    before(i) {
      for (const group of optimizer.paramGroups) {
        group.lr = 0.01 * (1 + Math.cos(i / 7)) + 1e-4;
        change(group as unknown as Record<string, unknown>, i);
      }
    },
    step: (x) => stepOf(model, optimizer, x),
  };
}

const changeBetas = (group: Record<string, unknown>, i: number): void => {
  group.betas = [0.8 + 0.1 * Math.sin(i), 0.99 - i / 1e4];
};
const changeMomentum = (group: Record<string, unknown>, i: number): void => {
  group.momentum = 0.8 + 0.1 * Math.sin(i);
};

describe('A captured step with an optimizer whose learning rate and momentum change at every step', () => {
  it.each([
    ['SGD', {}, undefined],
    ['SGD', { momentum: 0.9, weightDecay: 0.1, dampening: 0.1 }, changeMomentum],
    ['SGD', { momentum: 0.9, nesterov: true, maximize: true }, changeMomentum],
    ['Adam', { weightDecay: 0.1 }, changeBetas],
    ['Adam', { amsgrad: true }, changeBetas],
    ['AdamW', {}, changeBetas],
    ['Adagrad', { lrDecay: 0.1, weightDecay: 0.1 }, undefined],
    ['Adadelta', { weightDecay: 0.1 }, undefined],
    ['Adamax', { weightDecay: 0.1 }, changeBetas],
    ['NAdam', { weightDecay: 0.1 }, changeBetas],
    ['NAdam', { weightDecay: 0.1, decoupledWeightDecay: true }, changeBetas],
    ['RAdam', { weightDecay: 0.1 }, changeBetas],
    ['RAdam', { weightDecay: 0.1, decoupledWeightDecay: true }, undefined],
    ['RMSprop', { momentum: 0.9, centered: true, weightDecay: 0.1 }, changeMomentum],
    ['RMSprop', {}, undefined],
    ['Rprop', {}, undefined],
    ['ASGD', { t0: 10, weightDecay: 0.1 }, undefined],
    ['Lion', { weightDecay: 0.1 }, changeBetas],
    ['Muon', {}, changeMomentum],
    ['ClippedAdamW', { clipGrad: 0.1 }, changeBetas],
  ] as const)('%s %j', (name, options, change) => {
    const { refusal, numReplayed } = compare(() => trainBy(name, options, change)).status;
    expect(refusal).toBeUndefined();
    expect(numReplayed).toBeGreaterThan(40);
  });

  it.each([
    ['SGD', { momentum: 0.9, weightDecay: 0.1 }, changeMomentum],
    ['Adam', { weightDecay: 0.1, amsgrad: true }, changeBetas],
    ['AdamW', {}, changeBetas],
    ['Adagrad', { lrDecay: 0.1 }, undefined],
  ] as const)('%s %j by lists, where gradients lie otherwise than parameters', (name, options, change) => {
    const make = (): Training => {
      const model = makeModel();
      for (const layer of model.modules()) {
        if (!(layer instanceof Linear)) continue;
        const wide = cat([layer.weight.detach(), layer.weight.detach()], { dim: 1 });
        layer.registerParameter('weight', new Parameter(wide.narrow(1, 0, layer.inFeatures).keep()));
      }
      return trainBy(name, options, change, model);
    };
    const step = compare(make);
    const { refusal, numReplayed } = step.status;
    expect(refusal).toBeUndefined();
    expect(numReplayed).toBeGreaterThan(40);
    const names = step.explain()!.operations.map(({ name }) => name);
    expect(names.some((each) => each.startsWith('_foreach_add'))).toBe(true);
    expect(names.some((each) => each.startsWith('_fused'))).toBe(false);
  });

  it('of parameters in bfloat16', () => {
    const make = (): Training => {
      const training = trainBy('SGD', { momentum: 0.9 }, changeMomentum, makeModel().to({ dtype: 'bfloat16' }));
      return { ...training, step: (x) => training.step(x.to('bfloat16')) };
    };
    expect(compare(make).status.numReplayed).toBeGreaterThan(40);
  });

  it('of several groups', () => {
    const make = (): Training => {
      const training = trainBy('AdamW');
      const [first, second] = training.model.parameters();
      const optimizer = new optim.AdamW([{ params: [first!], lr: 0.1 }, { params: [second!] }]);
      return {
        model: training.model,
        optimizer,
        before(i) {
          for (const [place, group] of optimizer.paramGroups.entries()) group.lr = 0.01 / (1 + i + place);
        },
        step: (x) => stepOf(training.model, optimizer, x),
      };
    };
    expect(compare(make).status.numReplayed).toBeGreaterThan(40);
  });

  it('is recorded anew where a number changes that is not read anew', () => {
    const make = (): Training =>
      trainBy('AdamW', {}, (group, i) => {
        group.eps = i < 30 ? 1e-8 : 1e-3;
        if (i === 40) group.weightDecay = 0;
      });
    expect(compare(make).status.numReplayed).toBeGreaterThan(30);
  });

  it('notices numbers that an optimizer of somebody else does not read anew', () => {
    class Plain extends optim.GroupOptimizer<{ lr: number }> {
      constructor(params: optim.OptimizerParams<{ lr: number }>) {
        super(params, { hyperparameters: { lr: { key: 'lr', kind: 'float', initial: 1 } }, state: {} } as never);
      }
      protected start = (): Record<string, number> => ({});
      protected update({ params, grads, group }: optim.Batch<{ lr: number }>): void {
        for (const [i, param] of params.entries()) param.add_(grads[i]!, { alpha: -group.lr });
      }
    }
    const make = (): Training => {
      const model = makeModel();
      const optimizer = new Plain(model.parameters());
      return {
        model,
        optimizer,
        before(i) {
          optimizer.paramGroups[0]!.lr = i < 30 ? 0.1 : 0.1 / i;
        },
        step: (x) => stepOf(model, optimizer, x),
      };
    };
    const { refusal } = compare(make).status;
    expect(refusal).toBe('add_.Tensor is given another "alpha" from step to step');
  });

  it('that makes several steps in it counts in their order', () => {
    const make = (name: string) => (): Training => {
      const training = trainBy(name, {}, changeBetas);
      return { ...training, step: (x) => [training.step(x), training.step(x.neg())] };
    };
    expect(compare(make('NAdam')).status.numReplayed).toBeGreaterThan(40);
    expect(compare(make('AdamW')).status.numReplayed).toBeGreaterThan(40);
    expect(compare(make('RAdam')).status.refusal).toBe('RAdam makes several steps in it');
  });
});

describe('A captured step', () => {
  it('goes on after a state is loaded, and after parameters are added', () => {
    const make = (name: string) => (): Training => {
      const training = trainBy(name);
      const { optimizer, model } = training;
      const added = new Linear(3, 3);
      let saved: ReturnType<typeof optimizer.stateDict> | undefined;
      return {
        ...training,
        before(i) {
          training.before!(i);
          if (i === 20) saved = copyOf(optimizer.stateDict());
          if (i === 30) optimizer.loadStateDict(saved!);
          if (i === 40) (optimizer as optim.AdamW).addParamGroup({ params: added.parameters(), lr: 0.5 });
          if (i === 55) optimizer.paramGroups[0]!.params.pop();
        },
        step: (x) => stepOf(model, optimizer, x, (y) => added.forward(y)),
      };
    };
    for (const name of ['AdamW', 'NAdam', 'ASGD']) expect(compare(make(name)).status.numReplayed).toBeGreaterThan(30);
  });

  it.each([
    ['the norm', (parameters: readonly Parameter[]) => optim.clipGradNorm_(parameters, 0.05)],
    [
      'the greatest',
      (parameters: readonly Parameter[]) => optim.clipGradNorm_(parameters, 0.01, { normType: Infinity }),
    ],
    ['values', (parameters: readonly Parameter[]) => optim.clipGradValue_(parameters, 0.01)],
  ] as const)('clips gradients by %s', (_, clip) => {
    const make = (): Training => {
      const { model, optimizer } = trainBy('SGD', { lr: 0.5 });
      const step = (x: Tensor): unknown => {
        optimizer.zeroGrad();
        model.forward(x).square().mean().backward();
        const norm = clip(model.parameters());
        optimizer.step();
        return norm ?? x;
      };
      return { model, optimizer, step };
    };
    expect(compare(make).status.numReplayed).toBeGreaterThan(40);
  });

  it('sets gradients to zero, and lets them add up', () => {
    const make = (): Training => {
      const { model, optimizer } = trainBy('SGD', { lr: 0.5, momentum: 0.9 });
      let index = 0;
      const step = (x: Tensor): unknown => {
        optimizer.zeroGrad({ setToNone: false });
        for (const part of x.split(3))
          model
            .forward(part as Tensor)
            .square()
            .mean()
            .backward();
        optimizer.step();
        return model.parameters()[0]!.grad!.sum();
      };
      return {
        model,
        optimizer,
        step,
        before: () => void index++,
        extra: () => model.parameters().map(({ grad }) => grad),
      };
    };
    expect(compare(make).status.numReplayed).toBeGreaterThan(40);
  });

  it('keeps averages of weights', () => {
    const make = (of: (model: Module) => AveragedWeights) => (): Training => {
      const training = trainBy('AdamW');
      const average = of(training.model);
      return {
        ...training,
        step(x) {
          const loss = training.step(x);
          average.update();
          return loss;
        },
        extra: () => average.stateDict(),
      };
    };
    const averages = [
      (model: Module) => new optim.EMA(model, { decay: 0.9 }),
      (model: Module) => new optim.EMA(model, { decay: (n) => Math.min(0.99, (1 + n) / (10 + n)), startsEmpty: true }),
      (model: Module) => new SWA(model),
    ];
    for (const of of averages) expect(compare(make(of)).status.numReplayed).toBeGreaterThan(40);
  });

  it('scales losses by what a GradScaler says then', () => {
    const make = (): Training => {
      const { model, optimizer } = trainBy('SGD', { lr: 0.5 });
      const scaler = new optim.GradScaler({ growthInterval: 7, initScale: 8 });
      const step = (x: Tensor): unknown => {
        optimizer.zeroGrad();
        const loss = scaler.scale(model.forward(x).square().mean());
        loss.backward();
        return loss;
      };
      const update = (i: number): void => {
        if (i === 0) return;
        scaler.step(optimizer);
        scaler.update();
      };
      return { model, optimizer, step, before: update, extra: () => scaler.stateDict() };
    };
    expect(compare(make).status.numReplayed).toBeGreaterThan(40);
  });

  it.each<[name: string, reason: string, make: () => Training]>([
    ['Adafactor', 'Adafactor reads norms of updates and parameters as it goes', () => trainBy('Adafactor')],
    [
      'LBFGS',
      'LBFGS reads losses and gradients as it goes',
      () => {
        const model = makeModel();
        const optimizer = new optim.LBFGS(model.parameters(), { maxIter: 2 });
        const step = (x: Tensor): unknown =>
          optimizer.step(() => {
            optimizer.zeroGrad();
            const loss = model.forward(x).square().mean();
            loss.backward();
            return loss;
          });
        return { model, optimizer, step };
      },
    ],
    [
      'SparseAdam',
      'it has a tensor of layout sparse',
      () => {
        const model = new Sequential(new Embedding(5, 3, { sparse: true }));
        const optimizer = new optim.SparseAdam(model.parameters());
        const step = (x: Tensor): unknown => stepOf(model, optimizer, x.argmax({ dim: 1 }));
        return { model, optimizer, step };
      },
    ],
    [
      'a schedule',
      'a schedule goes on in it; call its step() outside of the step',
      () => {
        const training = trainBy('AdamW');
        const schedule = new optim.StepLR(training.optimizer, { stepSize: 2 });
        const step = (x: Tensor): unknown => {
          const loss = training.step(x);
          schedule.step();
          return loss;
        };
        return { ...training, before: () => undefined, step };
      },
    ],
    [
      'a hook',
      'an optimizer has hooks',
      () => {
        const training = trainBy('AdamW');
        (training.optimizer as optim.AdamW).registerStepPostHook(() => undefined);
        return training;
      },
    ],
    [
      'errorIfNonfinite',
      'clipping with errorIfNonfinite reads the norm',
      () => {
        const training = trainBy('AdamW');
        const clip = (): Tensor => optim.clipGradNorm_(training.model.parameters(), 1, { errorIfNonfinite: true });
        return { ...training, step: (x) => [training.step(x), clip()] };
      },
    ],
    [
      'AveragedModel',
      'AveragedModel reads how many models it has averaged; EMA and SWA do not',
      () => {
        const training = trainBy('AdamW');
        const average = new optim.AveragedModel(training.model);
        return {
          ...training,
          step(x) {
            const loss = training.step(x);
            average.updateParameters(training.model);
            return loss;
          },
          extra: () => average.stateDict(),
        };
      },
    ],
    [
      'GradScaler.step()',
      'GradScaler looks whether gradients are finite; call its unscale_, step and update outside of the step',
      () => {
        const { model, optimizer } = trainBy('SGD');
        const scaler = new optim.GradScaler();
        const step = (x: Tensor): unknown => {
          optimizer.zeroGrad();
          const loss = model.forward(x).square().mean();
          scaler.scale(loss).backward();
          scaler.step(optimizer);
          scaler.update();
          return loss;
        };
        return { model, optimizer, step, extra: () => scaler.stateDict() };
      },
    ],
  ])('runs as it is written with %s, and says why', (_, reason, make) => {
    expect(compare(make).status).toMatchObject({ refusal: reason, numReplayed: 0 });
  });
});
