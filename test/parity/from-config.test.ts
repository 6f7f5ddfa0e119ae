// Optimizers and schedules that a configuration names train as PyTorch's classes of the same options do.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arange, nn, type optim, type Tensor, tensor } from '../../src/index.ts';
import {
  type OptimizerConfig,
  optimizerFromConfig,
  type SchedulerConfig,
  schedulerFromConfig,
} from '../../src/trainer/index.ts';
import { findPythonTorch, runPython } from './python.ts';
import { expectClose } from './reference.ts';

const found = findPythonTorch();
const python =
  'torchVersion' in found && !found.torchVersion.startsWith('2.13.')
    ? { missing: `expected torch 2.13, got ${found.torchVersion}` }
    : found;
if ('missing' in python) console.log(`skipped, configurations against a live PyTorch: ${python.missing}`);

type Class = readonly [name: string, options: Readonly<Record<string, unknown>>];

interface Case {
  readonly config: OptimizerConfig;
  readonly schedule?: SchedulerConfig;
  /** What PyTorch makes of it. */
  readonly optimizer: Class;
  readonly schedulers?: readonly Class[];
  readonly milestones?: readonly number[];
  readonly byMetric?: boolean;
}

const STEPS = 40;
/** The same options on both sides: files spell them as PyTorch does. */
const same = (type: string, className: string, options: Record<string, unknown>): [string, Case] => [
  className,
  { config: { type, ...options } as OptimizerConfig, optimizer: [className, options] },
];
const SGD: Pick<Case, 'config' | 'optimizer'> = {
  config: { type: 'sgd', lr: 0.02, momentum: 0.9 },
  optimizer: ['SGD', { lr: 0.02, momentum: 0.9 }],
};
const scheduled = (
  schedule: SchedulerConfig,
  schedulers: readonly Class[],
  others: Pick<Case, 'milestones' | 'byMetric'> = {},
): Case => ({ ...SGD, schedule, schedulers, ...others });
const warmup: Class = ['LinearLR', { start_factor: 1 / 6, total_iters: 5 }];

const cases: Readonly<Record<string, Case>> = Object.fromEntries([
  same('adam', 'Adam', { lr: 0.01, betas: [0.8, 0.95], eps: 1e-6, weight_decay: 0.1, amsgrad: true }),
  same('adamw', 'AdamW', {}),
  same('sgd', 'SGD', { lr: 0.05, momentum: 0.9, nesterov: true, weight_decay: 0.01 }),
  same('rmsprop', 'RMSprop', { lr: 0.02, alpha: 0.9, centered: true, momentum: 0.5 }),
  same('adagrad', 'Adagrad', { lr_decay: 0.1, initial_accumulator_value: 0.2 }),
  same('adadelta', 'Adadelta', { rho: 0.8 }),
  same('adamax', 'Adamax', { lr: 0.03 }),
  same('nadam', 'NAdam', { momentum_decay: 0.01 }),
  same('radam', 'RAdam', { lr: 0.02, decoupled_weight_decay: true, weight_decay: 0.1 }),
  same('asgd', 'ASGD', { lambd: 0.001, t0: 3 }),
  same('adafactor', 'Adafactor', { lr: 0.1, beta2_decay: -0.5 }),
  same('rprop', 'Rprop', { etas: [0.4, 1.3], step_sizes: [1e-5, 2] }),
  same('muon', 'Muon', { lr: 0.01, ns_steps: 4 }),
  ['step', scheduled({ type: 'step', step_size: 7, gamma: 0.3 }, [['StepLR', { step_size: 7, gamma: 0.3 }]])],
  ['multistep', scheduled({ type: 'multistep', milestones: [4, 9] }, [['MultiStepLR', { milestones: [4, 9] }]])],
  ['exponential', scheduled({ type: 'exponential', gamma: 0.9 }, [['ExponentialLR', { gamma: 0.9 }]])],
  ['cosine', scheduled({ type: 'cosine', min_lr: 1e-3 }, [['CosineAnnealingLR', { T_max: STEPS, eta_min: 1e-3 }]])],
  [
    'cosine to a step of its own',
    scheduled({ type: 'CosineAnnealingLR', T_max: 25 }, [['CosineAnnealingLR', { T_max: 25 }]]),
  ],
  ['polynomial', scheduled({ type: 'polynomial', power: 2 }, [['PolynomialLR', { total_iters: STEPS, power: 2 }]])],
  ['linear', scheduled({ type: 'linear', maxSteps: 30 }, [['PolynomialLR', { total_iters: 30 }]])],
  ['linear_lr', scheduled({ type: 'linear_lr' }, [['LinearLR', {}]])],
  [
    'constant_lr',
    scheduled({ type: 'ConstantLR', factor: 0.2, total_iters: 8 }, [['ConstantLR', { factor: 0.2, total_iters: 8 }]]),
  ],
  [
    'cyclic',
    scheduled({ type: 'cyclic', base_lr: 0.001, step_size_up: 6, mode: 'triangular2' }, [
      ['CyclicLR', { base_lr: 0.001, max_lr: 0.02, step_size_up: 6, mode: 'triangular2' }],
    ]),
  ],
  ['one_cycle', scheduled({ type: 'one_cycle' }, [['OneCycleLR', { max_lr: 0.02, total_steps: STEPS }]])],
  [
    'cosine_annealing_warm_restarts',
    scheduled({ type: 'cosine_annealing_warm_restarts', T_0: 6, T_mult: 2 }, [
      ['CosineAnnealingWarmRestarts', { T_0: 6, T_mult: 2 }],
    ]),
  ],
  [
    'reduce_on_plateau',
    scheduled(
      { type: 'reduce_on_plateau', monitor: 'val/loss', patience: 3 },
      [['ReduceLROnPlateau', { patience: 3 }]],
      {
        byMetric: true,
      },
    ),
  ],
  [
    'reduce_on_plateau behind a warm-up',
    scheduled(
      { type: 'reduce_on_plateau', monitor: 'val/loss', patience: 3, warmup_steps: 5 },
      [warmup, ['ReduceLROnPlateau', { patience: 3 }]],
      { byMetric: true },
    ),
  ],
  [
    'cosine behind a warm-up',
    scheduled({ type: 'cosine', warmup_steps: 5 }, [warmup, ['CosineAnnealingLR', { T_max: STEPS - 5 }]], {
      milestones: [5],
    }),
  ],
  [
    'one_cycle behind a warm-up',
    scheduled(
      { type: 'one_cycle', warmup_steps: 5 },
      [warmup, ['OneCycleLR', { max_lr: 0.02, total_steps: STEPS - 5 }]],
      {
        milestones: [5],
      },
    ),
  ],
  [
    'linear_warmup',
    scheduled({ type: 'linear_warmup', warmup_steps: 5, warmup_start_factor: 0.25 }, [
      ['LinearLR', { start_factor: 0.25, total_iters: 5 }],
    ]),
  ],
]);

/** A model whose only weight is that of the other side. */
class Weight extends nn.Module {
  readonly weight = new nn.Parameter(arange(1, 7).to('float32').reshape([2, 3]));

  forward(): Tensor {
    return this.weight
      .mul(arange(0, 6).to('float32').reshape([2, 3]))
      .sin()
      .sum();
  }
}

function train({ config, schedule }: Case): { rates: number[]; weight: number[] } {
  const model = new Weight();
  const optimizer = optimizerFromConfig(config, model);
  const entries = schedule ? schedulerFromConfig(schedule, optimizer, { totalSteps: STEPS }) : [];
  const rates: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    optimizer.zeroGrad();
    model.forward().backward();
    optimizer.step();
    rates.push(optimizer.paramGroups[0]!.lr);
    for (const { scheduler, interval } of entries)
      if (interval === 'metric') (scheduler as optim.ReduceLROnPlateau).step(1);
      else scheduler.step();
  }
  return { rates, weight: model.weight.detach().flatten().toArray() as number[] };
}

describe.skipIf('missing' in python)('a configuration against a live PyTorch', () => {
  let folder: string;
  let theirs: Record<string, { rates: number[]; weight: number[] }>;
  beforeAll(() => {
    if ('missing' in python) return;
    folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    const [from, to] = [join(folder, 'in.json'), join(folder, 'out.json')];
    const asked = Object.entries(cases).map(([name, { config: _, schedule: __, ...rest }]) => [
      name,
      { ...rest, steps: STEPS },
    ]);
    writeFileSync(from, JSON.stringify(Object.fromEntries(asked)));
    runPython(python, ['-B', fileURLToPath(new URL('from_config_peer.py', import.meta.url)), from, to]);
    theirs = JSON.parse(readFileSync(to, 'utf8')) as typeof theirs;
  }, 60_000);
  afterAll(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it.each(Object.entries(cases))('%s', (name, each) => {
    const { rates, weight } = train(each);
    // Behind its warm-up ours has the rate itself; LinearLR has multiplied its way there.
    if (name === 'linear_warmup') expectClose(tensor(rates), tensor(theirs[name]!.rates), 1e-6);
    else expect(rates).toEqual(theirs[name]!.rates);
    expectClose(tensor(weight), tensor(theirs[name]!.weight), 1e-5);
  });
});
