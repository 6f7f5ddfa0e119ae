// Regularisers against PyTorch and NumPy: penalties with their gradients, what is done behind a step, and whole trainings; matching, exclusion, and what is refused.

import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { Linear, Module, Parameter } from '../../nn/index.ts';
import { AdamW, type AnyOptimizer, Lion, SGD } from '../../optim/index.ts';
import { autocast, noGrad, ones, type Tensor, tensor } from '../../tensor/index.ts';
import { GenericTrainer } from '../../trainer/generic-trainer.ts';
import { createRegularizers, Regularization, type RegularizerSpec } from '../index.ts';

interface Training {
  readonly optimizer: 'AdamW' | 'SGD';
  readonly accumulation: number;
  readonly inputs: number[];
  readonly targets: number[];
  readonly start: Readonly<Record<string, number[]>>;
  readonly end: Readonly<Record<string, readonly number[]>>;
}

type Penalty = 'l1' | 'l2' | 'group_lasso' | 'ortho';
type Proximal = 'proximal_l1' | 'proximal_clamp' | 'proximal_clamp_positive' | 'proximal_clamp_min';

interface Fixture {
  readonly weights: readonly { readonly shape: readonly number[]; readonly values: number[] }[];
  readonly lambda: number;
  readonly penalties: Readonly<Record<Penalty, { readonly value: number; readonly gradients: readonly number[][] }>>;
  readonly proximal: Readonly<Record<Proximal | 'values', number[]>> & {
    readonly lr: number;
    readonly lambda: number;
  };
  readonly training: readonly Training[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/multidataset/regularizers.json', import.meta.url), 'utf8'),
) as Fixture;

const numbers = (of: Tensor): number[] => Array.from(of.detach().toTypedArray(), Number);

function close(got: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of got.entries())
    expect(Math.abs(value - wanted[i]!), `${i}: ${value} for ${wanted[i]}`).toBeLessThanOrEqual(
      tolerance * (1 + Math.abs(wanted[i]!)),
    );
}

const spec = (type: RegularizerSpec['type'], lambda: number, more: Partial<RegularizerSpec> = {}): RegularizerSpec => ({
  name: type,
  type,
  lambda,
  apply_to: ['weight'],
  ...more,
});

/** The warnings of the process from here on. */
function warnings(): string[] {
  const heard: string[] = [];
  const spy = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void heard.push(String(warning)));
  onTestFinished(() => spy.mockRestore());
  return heard;
}

describe('penalties()', () => {
  const makeWeights = (): [string, Parameter][] =>
    fixture.weights.map(({ shape, values }, i) => [`weight${i}`, new Parameter(tensor(values).reshape(shape))]);

  it.each(Object.keys(fixture.penalties) as Penalty[])(
    '%s has the value and the gradients of PyTorch, zeros included',
    (type) => {
      const named = makeWeights();
      const { value, gradients } = fixture.penalties[type];
      const penalty = createRegularizers([spec(type, fixture.lambda)], named).penalties(0)[type]!;
      expect(penalty.shape).toEqual([]);
      close([penalty.item()], [value], 1e-6);
      penalty.backward();
      for (const [i, [, parameter]] of named.entries()) close(numbers(parameter.grad!), gradients[i]!, 2e-6);
    },
  );

  it('keeps its precision under autocast', () => {
    const regularizers = createRegularizers([spec('ortho', fixture.lambda)], makeWeights());
    const { ortho } = autocast('cpu', () => regularizers.penalties(0));
    expect(ortho!.dtype).toBe('float32');
    close([ortho!.item()], [fixture.penalties.ortho.value], 1e-6);
  });

  it('leaves out frozen parameters, and what does not act', () => {
    const named = makeWeights();
    const off = spec('l2', 0, { name: 'off' });
    const later = spec('l1', 1, { name: 'later', schedule: { kind: 'warmup', start_epoch: 2 } });
    const regularizers = createRegularizers([off, later, spec('l2', 1)], named);
    expect(Object.keys(regularizers.penalties(0))).toEqual(['l2']);
    expect(Object.keys(regularizers.penalties(2))).toEqual(['later', 'l2']);
    named[0]![1].requiresGrad = false;
    const seen = named.slice(1).flatMap(([, parameter]) => numbers(parameter));
    close([regularizers.penalties(0).l2!.item()], [seen.reduce((sum, value) => sum + value ** 2, 0)], 1e-6);
    for (const [, parameter] of named) parameter.requiresGrad = false;
    expect(regularizers.penalties(0)).toEqual({});
  });
});

describe('proximal()', () => {
  const { values, lr, lambda } = fixture.proximal;

  it.each(['proximal_l1', 'proximal_clamp', 'proximal_clamp_positive', 'proximal_clamp_min'] as const)(
    '%s is that of NumPy',
    (type) => {
      const weight = new Parameter(tensor(values));
      createRegularizers([spec(type, lambda)], [['weight', weight]]).proximal(new SGD([weight], { lr }), 0);
      close(numbers(weight), fixture.proximal[type], 1e-6);
      expect(numbers(weight).map((value) => value === 0)).toEqual(fixture.proximal[type].map((value) => value === 0));
    },
  );

  it('measures its threshold element by element where an optimizer does, and keeps what is frozen or not its own', () => {
    const [own, frozen, other] = [0, 1, 2].map(() => new Parameter(ones([2])));
    const named: [string, Parameter][] = [
      ['weight', own!],
      ['frozen.weight', frozen!],
      ['other.weight', other!],
    ];
    const optimizer = new AdamW([own!, frozen!], { lr: 0.1, weightDecay: 0 });
    own!
      .mul(tensor([1, 4]))
      .sum()
      .add(frozen!.sum())
      .backward();
    optimizer.step(); // 0.9 each: step sizes of 1 and 0.25, times averages of 0.1 and 0.4
    frozen!.requiresGrad = false;
    createRegularizers([spec('proximal_l1', 0.2)], named).proximal(optimizer, 0);
    close(numbers(own!), [0.9 - 0.2, 0.9 - 0.05], 1e-5);
    close(numbers(frozen!), [0.9, 0.9], 1e-6);
    expect(numbers(other!)).toEqual([1, 1]);
  });

  it('takes lr as the size for a parameter that was never stepped', () => {
    const weight = new Parameter(ones([2]));
    createRegularizers([spec('proximal_l1', 2)], [['weight', weight]]).proximal(new AdamW([weight], { lr: 0.1 }), 0);
    close(numbers(weight), [0.8, 0.8], 1e-6);
  });

  it('does not act before its epochs, nor in the first of a ramp, whose bound would be 0', () => {
    const weight = new Parameter(ones([2]));
    const schedule = { kind: 'linear_ramp', start_epoch: 2, end_epoch: 4 } as const;
    const regularizers = createRegularizers([spec('proximal_clamp', 0.5, { schedule })], [['weight', weight]]);
    const optimizer = new SGD([weight]);
    for (const epoch of [0, 1, 2]) regularizers.proximal(optimizer, epoch);
    expect(numbers(weight)).toEqual([1, 1]);
    regularizers.proximal(optimizer, 3);
    expect(numbers(weight)).toEqual([0.25, 0.25]);
  });

  it('refuses a soft threshold for an optimizer without step sizes, and takes a clamp', () => {
    const weight = new Parameter(ones([2]));
    const optimizer = new Lion([weight]);
    const sparse = createRegularizers([spec('proximal_l1', 1)], [['weight', weight]]);
    expect(() => sparse.proximal(optimizer, 0)).toThrow(
      /expected an optimizer with a step size for each element .*, got Lion/,
    );
    createRegularizers([spec('proximal_clamp', 0.5)], [['weight', weight]]).proximal(optimizer, 0);
    expect(numbers(weight)).toEqual([0.5, 0.5]);
  });
});

/** The model of the fixture: two layers, in float64. */
class TwoLayers extends Module {
  readonly first = new Linear(4, 3);
  readonly second = new Linear(3, 2);

  forward(x: Tensor): Tensor {
    return this.second.forward(this.first.forward(x).tanh());
  }
}

const TRAINING_SPECS: readonly RegularizerSpec[] = [
  {
    name: 'ramp',
    type: 'l2',
    lambda: 0.8,
    apply_to: ['second/weight'],
    schedule: { kind: 'linear_ramp', start_epoch: 1, end_epoch: 3 },
  },
  {
    name: 'bound',
    type: 'proximal_clamp_positive',
    lambda: 0.9,
    apply_to: ['second/bias'],
    schedule: { kind: 'linear_decay', end_epoch: 2, start_lambda: 2 },
  },
];

function trainingOf({ optimizer: kind, accumulation, inputs, targets, start }: Training) {
  const dtype = 'float64';
  const model = new TwoLayers().to({ dtype });
  for (const [name, parameter] of model.namedParameters())
    noGrad(() => parameter.copy_(tensor(start[name]!, { dtype }).reshape(parameter.shape)));
  const params = [model.first.weight, model.first.bias!, model.second.weight, model.second.bias!];
  const groups = params.map((parameter, i) => ({ params: [parameter], lr: [0.02, 0.02, 0.05, 0.05][i]! }));
  const optimizer: AnyOptimizer =
    kind === 'AdamW' ? new AdamW(groups, { weightDecay: 0.1 }) : new SGD(groups, { momentum: 0.9 });
  const soft = spec('proximal_l1', kind === 'AdamW' ? 0.05 : 0.4, { apply_to: ['first/weight'] });
  const regularizers = createRegularizers([...TRAINING_SPECS, soft], model.namedParameters());
  const trainer = new GenericTrainer({
    model,
    optimizers: [optimizer],
    config: { performance: { gradientAccumulationSteps: accumulation } },
    callbacks: [new Regularization(regularizers)],
  });
  type Rows = { x: Tensor; y: Tensor };
  trainer.setTrainingStep((_trainer, { x, y }: Rows) => {
    const base = model.forward(x).sub(y).square().mean();
    const added = Object.values(regularizers.penalties(trainer.currentEpoch));
    return { loss: added.reduce((sum, penalty) => sum.add(penalty), base) };
  });
  const dataset = new TensorDataset({
    x: tensor(inputs, { dtype }).reshape([24, 4]),
    y: tensor(targets, { dtype }).reshape([24, 2]),
  });
  return { model, trainer, loader: new DataLoader<Rows, Rows>({ dataset, batchSize: 4 }), regularizers };
}

describe('Regularization', () => {
  it.each(fixture.training)(
    '$optimizer in four groups, $accumulation batches a step, trains as written out in PyTorch',
    async (training) => {
      const { model, trainer, loader } = trainingOf(training);
      await trainer.fit({ trainLoaders: [loader], maxEpochs: 4 });
      for (const [name, parameter] of model.namedParameters()) close(numbers(parameter), training.end[name]!, 1e-6);
    },
  );

  it('comes once a step, whatever the groups and the accumulation, and no more when the fit is over', async () => {
    for (const [i, steps] of [24, 8].entries()) {
      const { trainer, loader, regularizers } = trainingOf(fixture.training[i]!);
      const calls = vi.spyOn(regularizers, 'proximal').mock.calls;
      await trainer.fit({ trainLoaders: [loader], maxEpochs: 4 });
      const wanted = Array.from({ length: steps }, (_, step) => Math.floor((4 * step) / steps));
      expect(calls.map(([, epoch]) => epoch)).toEqual(wanted);
      trainer.optimizers[0]!.step();
      expect(calls.length).toBe(steps);
    }
  });

  it('refuses optimizers without step sizes before anything is trained', async () => {
    const { loader } = trainingOf(fixture.training[0]!);
    const model = new TwoLayers();
    const regularizers = createRegularizers([spec('proximal_l1', 1)], model.namedParameters());
    const trainer = new GenericTrainer({
      model,
      optimizers: [new Lion(model.parameters())],
      callbacks: [new Regularization(regularizers)],
    });
    trainer.setTrainingStep(() => {
      throw new Error('it was trained');
    });
    await expect(trainer.fit({ trainLoaders: [loader], maxEpochs: 1 })).rejects.toThrow(
      /Cannot regularize: optimizers\.0: expected an optimizer with a step size/,
    );
  });

  it('takes only what createRegularizers made', () => {
    expect(() => new Regularization([] as never)).toThrow(
      'Cannot make Regularization: regularizers: expected what createRegularizers gives, got []',
    );
  });
});

describe('createRegularizers()', () => {
  const named = ['readouts.0.features.weight', 'readouts.1.std_x', 'frontend.weight', 'convnet.bias'].map(
    (name): [string, Parameter] => [name, new Parameter(ones([2, 2]))],
  );
  const matched = (...patterns: string[]): string[] => [
    ...createRegularizers([spec('l1', 1, { apply_to: patterns })], named).terms[0]!.parameters.keys(),
  ];

  it('takes parameters with all parts of one of the patterns in their names', () => {
    expect(matched('readouts/features')).toEqual(['readouts.0.features.weight']);
    expect(matched('features/readouts', 'std')).toEqual(['readouts.0.features.weight', 'readouts.1.std_x']);
    expect(matched('weight')).toEqual(['readouts.0.features.weight', 'frontend.weight']);
  });

  it('warns of a regulariser that fits nothing, and of one without patterns', () => {
    const heard = warnings();
    createRegularizers(
      [spec('l1', 1, { apply_to: ['readouts/bias'] }), { name: 'no patterns', type: 'l1', lambda: 1 }],
      named,
    );
    expect(heard).toEqual([
      'Regularizer "l1" does nothing: none of 4 parameters fits "readouts/bias"',
      'Regularizer "no patterns" does nothing: none of 4 parameters fits no patterns',
    ]);
  });

  it('excludes from weight decay what an l2 or a group lasso is for, by the names that it was given', () => {
    const l2 = spec('l2', 0, { apply_to: ['std'] }); // no penalty: to exclude only
    const lasso = spec('group_lasso', 1, { apply_to: ['convnet'], schedule: { kind: 'warmup', start_epoch: 9 } });
    const regularizers = createRegularizers([l2, lasso, spec('l1', 1), spec('ortho', 1)], named);
    expect([...regularizers.excludedFromWeightDecay]).toEqual(['readouts.1.std_x', 'convnet.bias']);
  });

  it('has nothing to do without a list', () => {
    const regularizers = createRegularizers(undefined, named);
    expect([regularizers.terms, regularizers.penalties(0), regularizers.hasProximal]).toEqual([[], {}, false]);
  });

  it('reads keys in camelCase, too, and those without a value as not there', () => {
    const camel = {
      name: 'a',
      type: 'l1',
      lambda: 1,
      applyTo: ['std'],
      schedule: { kind: 'warmup', startEpoch: 2, end_epoch: null },
    };
    const [term] = createRegularizers([camel as never], named).terms;
    expect([...term!.parameters.keys()]).toEqual(['readouts.1.std_x']);
    expect([1, 2, 9].map((epoch) => term!.strengthAt(epoch))).toEqual([undefined, 1, 1]);
    expect(() => createRegularizers([{ ...camel, apply_to: ['x'] } as never], named)).toThrow(
      'regularization.0.apply_to: expected it once, got "apply_to" in two spellings',
    );
  });

  it('tells all problems of all entries at once', () => {
    const wrong = [
      { name: '', type: 'l3', lambda: -1, apply_to: 'weight', schdule: {} },
      { name: 'b', type: 'proximal_clamp', lambda: 0, apply_to: ['readouts/'], schedule: { kind: 'cosine' } },
      {
        name: 'b',
        type: 'l1',
        lambda: 1,
        apply_to: ['w'],
        schedule: { kind: 'warmup', start_epoch: 5, end_epoch: 2, start_lambda: 1 },
      },
      7,
    ];
    const make = (): unknown => createRegularizers(wrong as never, named);
    expect(make).toThrow(
      [
        'Cannot make regularizers: 12 problems',
        'regularization.0.schdule: expected one of name, type, lambda, apply_to, schedule, got an unknown key; did you mean schedule?',
        'regularization.0.name: expected a name, got ""',
        'regularization.0.type: expected one of l1, l2, group_lasso, ortho, proximal_l1, proximal_clamp, proximal_clamp_positive, proximal_clamp_min, got "l3"',
        'regularization.0.lambda: expected a number of at least 0, got -1',
        'regularization.0.apply_to: expected a list of texts without empty parts, as ["readouts/features"], got "weight"',
        'regularization.1.lambda: expected a number above 0, got 0',
        'regularization.1.apply_to: expected a list of texts without empty parts, as ["readouts/features"], got ["readouts/"]',
        'regularization.1.schedule.kind: expected one of constant, warmup, linear_ramp, linear_decay, got "cosine"',
        'regularization.2.schedule.start_lambda: expected one of kind, start_epoch, end_epoch, got an unknown key (kind "warmup")',
        'regularization.2.schedule.end_epoch: expected at least start_epoch, 5, got 2',
        'regularization.3: expected { name, type, lambda, apply_to, schedule }, got 7',
        'regularization.2.name: expected a name of its own, got "b" for the second time',
      ].join('\n  - '),
    );
  });
});
