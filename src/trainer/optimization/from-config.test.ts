// Optimizers and schedules out of configurations: groups by names, spellings, defaults, and what is refused.
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { Embedding, LayerNorm, Linear, Module, Sequential } from '../../nn/index.ts';
import { Adagrad, AdamW, SGD } from '../../optim/index.ts';
import type { Tensor } from '../../tensor/index.ts';
import { type OptimizerConfig, readOptimizerConfig } from './optimizer-config.ts';
import { optimizerFromConfig } from './optimizer-from-config.ts';
import { SCHEDULE_TYPES } from './schedule-types.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { schedulerConfigProblems, schedulerFromConfig } from './scheduler-from-config.ts';

class Net extends Module {
  readonly embed = new Embedding(5, 4);
  readonly encoder = new Sequential(new Linear(4, 4), new LayerNorm(4));
  readonly head = new Linear(4, 2);

  forward(x: Tensor): Tensor {
    return this.head.forward(this.encoder.forward(this.embed.forward(x)));
  }
}

/** Names and chosen hyperparameters of the groups. */
function groupsOf(config: OptimizerConfig, ...shown: string[]): unknown[][] {
  const groups = optimizerFromConfig(config, new Net()).paramGroups as unknown as Record<string, unknown>[];
  return groups.map((group) => [group.paramNames, ...shown.map((name) => group[name])]);
}

const problemsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('optimizerFromConfig()', () => {
  test('is AdamW with the defaults of its class, over all parameters', () => {
    const optimizer = optimizerFromConfig({}, new Net());
    expect(optimizer).toBeInstanceOf(AdamW);
    expect(optimizer.paramGroups).toMatchObject([{ lr: 1e-3, weightDecay: 0.01, betas: [0.9, 0.999] }]);
    expect(optimizer.parameters().length).toBe(7);
  });

  test('takes either spelling, and customParams', () => {
    const config = { type: 'SGD', lr: 0.1, weight_decay: 0.5, customParams: { momentum: 0.9, nesterov: true } };
    const optimizer = optimizerFromConfig(config, new Net());
    expect(optimizer).toBeInstanceOf(SGD);
    expect(optimizer.paramGroups).toMatchObject([{ lr: 0.1, weightDecay: 0.5, momentum: 0.9, nesterov: true }]);
  });

  test('decays matrices only where that is asked for; a group comes before it', () => {
    const config = {
      weight_decay: 0.1,
      weight_decay_on: 'matrices',
      groups: [{ match: 'head.bias', weightDecay: 0.3 }],
    };
    expect(groupsOf(config as OptimizerConfig, 'weightDecay')).toEqual([
      [['embed.weight', 'encoder.0.weight', 'head.weight'], 0.1],
      [['encoder.0.bias', 'encoder.1.weight', 'encoder.1.bias'], 0],
      [['head.bias'], 0.3],
    ]);
  });

  test('makes groups by names of modules, globs and regular expressions; later ones come before earlier ones', () => {
    const groups = [
      { match: 'encoder', lrScale: 0.5, betas: [0.8, 0.9] },
      { match: ['*.bias', '/^embed/'], lr: 0.2 },
    ];
    expect(groupsOf({ type: 'adamw', lr: 0.1, groups }, 'lr', 'betas')).toEqual([
      [['embed.weight', 'head.bias'], 0.2, [0.9, 0.999]],
      [['encoder.0.weight', 'encoder.1.weight'], 0.05, [0.8, 0.9]],
      [['encoder.0.bias', 'encoder.1.bias'], 0.2, [0.8, 0.9]],
      [['head.weight'], 0.1, [0.9, 0.999]],
    ]);
  });

  test('trains the parameters that it is given alone', () => {
    expect(groupsOf({ parameters: 'head', groups: [{ match: '*.bias', lr: 0 }] }, 'lr')).toEqual([
      [['head.weight'], 1e-3],
      [['head.bias'], 0],
    ]);
  });

  const refused: readonly [string, unknown, string[]][] = [
    [
      'a type that nobody knows',
      { type: 'adma' },
      [
        'optimizer.type: expected one of adam, adamw, sgd, rmsprop, adagrad, adadelta, adamax, nadam, radam, asgd, adafactor, lion, muon, rprop, sparse_adam, got "adma"',
      ],
    ],
    [
      'everything that is wrong at once, by path',
      {
        type: 'adamw',
        lr: -1,
        betas: [0.9, 1],
        weigth_decay: 1,
        groups: [{ lr: 'x' }, 3, { match: '[a', lrScale: -1 }],
      },
      [
        'optimizer.groups.0.match: expected names of parameters, got none',
        'optimizer.groups.0.lr: expected a number, got string "x"',
        'optimizer.groups.1: expected { match, … }, got 3',
        'optimizer.groups.2.match: expected a pattern, got "[a": expected a glob, got one that does not end its brackets',
        'optimizer.groups.2.lrScale: expected a number of at least 0, got -1',
        'optimizer.lr: expected a value of at least 0, got -1',
        'optimizer.betas: expected a value in [0, 1), got 0.9,1',
        'optimizer.weigth_decay: expected a known key, got an unknown key; did you mean weightDecay?',
        'optimizer.lr: expected a number beside the lrScale of a group, got none',
      ],
    ],
    [
      'a key in two spellings',
      { weight_decay: 1, weightDecay: 2 },
      ['optimizer.weightDecay: expected it once, got optimizer.weight_decay as well'],
    ],
    [
      'what does not go together',
      { type: 'sgd', nesterov: true },
      ['optimizer: expected momentum above 0 with nesterov, got 0'],
    ],
    [
      'a pattern that fits nothing',
      { lr: 1, parameters: ['head', 'hat'], groups: [{ match: 'encoder', lr: 1 }] },
      [
        'optimizer.parameters: expected a pattern that fits one of embed.weight, encoder.0.weight, encoder.0.bias, encoder.1.weight, encoder.1.bias, head.weight, head.bias, got "hat"',
        'optimizer.groups.0.match: expected a pattern that fits one of head.weight, head.bias, got "encoder"',
      ],
    ],
    [
      'parameters that the class does not train',
      { type: 'muon' },
      ['optimizer: expected matrices, got a parameter of shape [4]; give the others to AdamW'],
    ],
    ['what is no section', 'adam', ['optimizer: expected an object, got "adam"']],
  ];
  test.each(refused)('refuses %s', (_, config, problems) => {
    expect(problemsOf(() => optimizerFromConfig(config as OptimizerConfig, new Net()))).toEqual(problems);
  });

  test('warns of a learning rate above 1, but for Adadelta', () => {
    expect(readOptimizerConfig({ lr: 3 }).warnings).toEqual([
      'optimizer.lr is 3: a learning rate above 1 is rarely meant',
    ]);
    expect(readOptimizerConfig({ type: 'adadelta', lr: 3 }).warnings).toEqual([]);
  });
});

describe('schedulerFromConfig()', () => {
  const make = (config: unknown, length = {}, lr = 0.1) => {
    const optimizer = new SGD(new Linear(2, 1).parameters(), { lr, momentum: 0.9 });
    return { optimizer, entries: schedulerFromConfig(config as SchedulerConfig, optimizer, length) };
  };
  const ratesOf = (config: unknown, count: number, length = {}): number[] => {
    const { optimizer, entries } = make(config, length);
    return Array.from({ length: count }, () => {
      const { lr } = optimizer.paramGroups[0]!;
      for (const { scheduler } of entries) scheduler.step();
      return Number(lr.toFixed(6));
    });
  };

  test('says when it moves', () => {
    expect(make({ type: 'step', stepSize: 1 }).entries).toMatchObject([{ interval: 'step' }]);
    expect(make({ type: 'step', stepSize: 1, interval: 'epoch' }).entries).toMatchObject([{ interval: 'epoch' }]);
    const plateau = { type: 'reduce_on_plateau', monitor: 'val_loss' };
    expect(make(plateau).entries).toMatchObject([{ interval: 'metric', monitor: 'val_loss' }]);
    expect(make({ ...plateau, warmup_epochs: 2 }).entries).toMatchObject([
      { interval: 'epoch' },
      { interval: 'metric' },
    ]);
  });

  test('ends with the run, or where it is told', () => {
    expect(ratesOf({ type: 'linear' }, 5, { totalSteps: 4 })).toEqual([0.1, 0.075, 0.05, 0.025, 0]);
    expect(ratesOf({ type: 'linear', interval: 'epoch' }, 3, { totalSteps: 4, totalEpochs: 2 })).toEqual([
      0.1, 0.05, 0,
    ]);
    expect(ratesOf({ type: 'linear', max_steps: 2 }, 3, { totalSteps: 4 })).toEqual([0.1, 0.05, 0]);
  });

  test('warms up in front of any, and never starts at 0', () => {
    expect(ratesOf({ type: 'constant', warmup_steps: 3 }, 6)).toEqual([0.025, 0.05, 0.075, 0.1, 0.1, 0.1]);
    expect(ratesOf({ type: 'linear', warmup_steps: 1, max_steps: 3 }, 4)).toEqual([0.05, 0.1, 0.05, 0]);
    expect(ratesOf({ type: 'step', step_size: 2, gamma: 0.5, interval: 'epoch', warmup_epochs: 1 }, 5)).toEqual([
      0.05, 0.1, 0.1, 0.05, 0.05,
    ]);
    expect(ratesOf({ type: 'warmup_cosine', warmup_steps: 2 }, 4, { totalSteps: 4 })).toEqual([0.05, 0.1, 0.1, 0.05]);
    expect(ratesOf({ type: 'warmup_stable_decay', warmup_steps: 2, decay_steps: 2 }, 6, { totalSteps: 5 })).toEqual([
      0.05, 0.1, 0.1, 0.1, 0.05, 0,
    ]);
  });

  test('every type can be made, and its state goes into another one', () => {
    const needed: Record<string, object> = {
      step: { step_size: 2 },
      multistep: { milestones: [2] },
      exponential: { gamma: 0.5 },
      cosine_annealing_warm_restarts: { T_0: 3 },
      reduce_on_plateau: { monitor: 'val/loss' },
      cyclic: { base_lr: 0.01 },
      linear_warmup: { warmup_steps: 2 },
      warmup_stable_decay: { decay_steps: 2 },
      inverse_sqrt: { warmup_steps: 2 },
    };
    for (const type of Object.keys(SCHEDULE_TYPES)) {
      const config = { type, ...needed[type] };
      expect([type, schedulerConfigProblems(config)]).toEqual([type, []]);
      const [one, two] = [make(config, { totalSteps: 9 }), make(config, { totalSteps: 9 })];
      const [entry] = one.entries;
      if (entry!.interval !== 'metric') entry!.scheduler.step();
      two.entries[0]!.scheduler.loadStateDict(entry!.scheduler.stateDict() as never);
      expect(two.entries[0]!.scheduler.stateDict()).toEqual(entry!.scheduler.stateDict());
    }
  });

  const refused: readonly [string, unknown, string[]][] = [
    ['no type', {}, [`scheduler.type: expected one of ${Object.keys(SCHEDULE_TYPES).join(', ')}, got none`]],
    [
      'an end that nothing says',
      { type: 'cosine' },
      ['scheduler.maxSteps: expected the number at which "cosine" ends, got none; a run of known length gives it'],
    ],
    [
      'a warm-up as long as the run',
      { type: 'cosine', warmup_steps: 5, max_steps: 5 },
      ['scheduler.warmup_steps: expected fewer than maxSteps, 5, got 5'],
    ],
    [
      'units of another interval',
      { type: 'cosine', interval: 'epoch', warmup_steps: 5, max_steps: 9 },
      [
        'scheduler.warmup_steps: expected none with interval epoch, got 5; use warmupEpochs',
        'scheduler.max_steps: expected none with interval epoch, got 9; use maxEpochs',
      ],
    ],
    [
      'a metric for what goes by none, and none for what goes by one',
      { type: 'step', step_size: 2, monitor: 'val/loss' },
      ['scheduler.monitor: expected none with step, which goes by no metric, got "val/loss"'],
    ],
    [
      'a plateau without a metric',
      { type: 'reduce_on_plateau' },
      ['scheduler.monitor: expected the key of a metric, as in val/loss, got none'],
    ],
    [
      'milestones out of order',
      { type: 'multistep', milestones: [3, 3] },
      ['scheduler.milestones: expected steps that rise, got [3, 3]'],
    ],
    [
      'unknown options',
      { type: 'exponential', gama: 0.5 },
      ['scheduler.gama: expected a known key, got an unknown key; did you mean gamma?'],
    ],
    [
      'options outside their range',
      { type: 'step', step_size: 0 },
      ['scheduler: expected stepSize to be an integer of at least 1, got 0'],
    ],
    [
      'an end for what has none',
      { type: 'step', step_size: 1, max_steps: 3 },
      ['scheduler.max_steps: expected none with step, which has no end of its own, got 3'],
    ],
    [
      'an option in both names',
      { type: 'cosine', min_lr: 1, eta_min: 1, T_max: 3 },
      ['scheduler.min_lr: expected none beside etaMin, which is the same, got 1'],
    ],
    [
      'a start without a warm-up',
      { type: 'constant', warmup_start_factor: 0.5 },
      ['scheduler.warmup_start_factor: expected a warm-up beside it, got 0.5'],
    ],
  ];
  test.each(refused)('refuses %s', (_, config, problems) => {
    expect(problemsOf(() => make(config))).toEqual(problems);
  });

  test('says what the optimizer lacks', () => {
    const optimizer = new Adagrad(new Linear(2, 1).parameters());
    const problems = problemsOf(() => schedulerFromConfig({ type: 'one_cycle' }, optimizer, { totalSteps: 9 }));
    expect(problems).toEqual([expect.stringMatching(/^scheduler: expected .*momentum/)]);
  });
});
