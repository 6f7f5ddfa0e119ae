// Optimizers: several steps over random gradients, groups with options of their own, states that change sides and go on.
import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

type Options = (d: Draw) => Drawn;

const learningRate = (d: Draw): Value | undefined => d.maybe([d.float(0.001, 0.5), { float: 0 }, { float: 1 }], 0.7);
const pair = (d: Draw): Value => [d.float(0.3, 0.95), d.float(0.5, 0.9999)];
const decay: Options = (d) => ({ weightDecay: d.maybe([d.float(0, 0.3)], 0.5), maximize: d.flag(0.2) });
const eps = (d: Draw): Drawn => ({ eps: d.maybe([1e-6, 1e-3], 0.3) });
const adamLike: Options = (d) => ({
  lr: learningRate(d),
  betas: d.chance(0.5) ? pair(d) : undefined,
  ...eps(d),
  ...decay(d),
});

/** Options of each optimizer; of a group, any of them again. */
const OPTIMIZERS: Readonly<Record<string, Options>> = {
  SGD: (d) => {
    const momentum = d.maybeFloat(0.1, 0.95, 0.6);
    const isNesterov = momentum !== undefined && d.chance(0.4);
    return {
      lr: learningRate(d),
      momentum,
      dampening: isNesterov ? undefined : d.maybeFloat(0, 0.9, 0.3),
      nesterov: isNesterov || undefined,
      ...decay(d),
    };
  },
  AdamW: (d) => ({ ...adamLike(d), amsgrad: d.flag(0.3) }),
  Adam: (d) => ({ ...adamLike(d), amsgrad: d.flag(0.3), decoupledWeightDecay: d.flag(0.2) }),
  Adamax: adamLike,
  NAdam: (d) => ({ ...adamLike(d), momentumDecay: d.maybeFloat(0, 0.1, 0.3), decoupledWeightDecay: d.flag(0.3) }),
  RAdam: (d) => ({ ...adamLike(d), decoupledWeightDecay: d.flag(0.3) }),
  Adagrad: (d) => ({
    lr: learningRate(d),
    lrDecay: d.maybeFloat(0, 0.3, 0.4),
    ...eps(d),
    ...decay(d),
  }),
  Adadelta: (d) => ({ lr: learningRate(d), rho: d.maybeFloat(0.3, 0.99), ...eps(d), ...decay(d) }),
  RMSprop: (d) => ({
    lr: learningRate(d),
    alpha: d.maybeFloat(0.5, 0.99),
    momentum: d.maybeFloat(0, 0.9, 0.4),
    centered: d.flag(0.4),
    ...eps(d),
    ...decay(d),
  }),
  Rprop: (d) => ({
    lr: learningRate(d),
    etas: d.chance(0.4) ? [d.float(0.1, 0.9), d.float(1.1, 2)] : undefined,
    stepSizes: d.chance(0.4) ? [d.float(0.001, 0.01), d.float(0.1, 10)] : undefined,
    maximize: d.flag(0.2),
  }),
  ASGD: (d) => ({
    lr: learningRate(d),
    lambd: d.maybeFloat(0, 0.1, 0.4),
    alpha: d.maybeFloat(0.3, 1, 0.4),
    t0: d.maybe([{ float: 1 }, { float: 4 }], 0.5),
    ...decay(d),
  }),
  Adafactor: (d) => ({
    lr: learningRate(d),
    beta2Decay: d.maybeFloat(-0.9, -0.5, 0.4),
    eps: d.chance(0.3) ? [d.chance(0.5) ? null : 1e-6, d.float(0.001, 0.1)] : undefined,
    d: d.maybeFloat(1, 2, 0.3),
    ...decay(d),
  }),
  Muon: (d) => ({
    lr: learningRate(d),
    weightDecay: d.maybe([d.float(0, 0.3)], 0.5),
    momentum: d.maybeFloat(0.3, 0.95, 0.4),
    // In bfloat16 PyTorch's orthogonalisation writes into the momentum.
    nesterov: d.dtype === 'bfloat16' ? undefined : d.flag(0.4),
    nsSteps: d.maybe([1, 3, 5], 0.4),
    adjustLrFn: d.maybe(['original', 'match_rms_adamw'], 0.4),
  }),
};

interface Training {
  /** The names of the parameters. */
  readonly parameters: string[];
  /** By group, as the optimizer takes them. */
  readonly groups: (parameters: readonly string[]) => Value;
}

/** Parameters of one dtype, in one list or in groups with options of their own. */
function training(d: Draw, options: Options, shapes: readonly number[][], canDiffer: boolean): Training {
  const memory = d.pick(
    isPlain(d.target, d.dtype) ? (['contiguous'] as const) : (['contiguous', 'transposed'] as const),
  );
  const parameters = shapes.map((shape) => parameter(d, d.tensor(shape, { requiresGrad: false, scale: 0.5, memory })));
  const split = d.chance(0.5) && parameters.length > 1 ? d.int(1, parameters.length - 1) : undefined;
  const own = split !== undefined && canDiffer ? given(options(d)) : {};
  const list = (names: readonly string[]): Value => names.map((name) => ({ var: name }));
  return {
    parameters,
    groups: (names) =>
      split === undefined
        ? list(names)
        : [{ dict: { params: list(names.slice(0, split)), ...own } }, { dict: { params: list(names.slice(split)) } }],
  };
}

const parameter = (d: Draw, value: Value): string => d.call('nn.Parameter', [value]);

const given = (options: Drawn): Record<string, Value> =>
  Object.fromEntries(Object.entries(options).filter((entry): entry is [string, Value] => entry[1] !== undefined));

function step(d: Draw, optimizer: string, parameters: readonly string[], shapes: readonly number[][]): void {
  for (const [i, name] of parameters.entries()) {
    // PyTorch's fused SGD fails where some parameters have a momentum and others do not yet.
    const isLeftOut = d.target !== 'optim.SGD' && d.chance(0.08);
    const gradient = isLeftOut
      ? null
      : (d.tensor(shapes[i]!, {
          requiresGrad: false,
          scale: d.pick([1, 1, 10]),
          ...(isPlain(d.target, d.dtype) ? { memory: 'contiguous' } : {}),
        }) as { var: string });
    d.add({ kind: 'grad', of: name, from: gradient?.var ?? null });
  }
  d.call('step', [], {}, { on: optimizer });
  for (const name of parameters) d.show(name);
}

const shapesOf = (d: Draw, isMatrix: boolean): number[][] =>
  Array.from({ length: d.int(1, 3) }, () =>
    isMatrix ? [d.size(), d.size()] : [...d.lead(2).map((size) => size || 1), d.size(8)],
  );

/** Whose fused kernel Sconce takes; PyTorch is told to. */
const FUSED = ['optim.SGD', 'optim.Adam', 'optim.AdamW', 'optim.Adagrad'];
/** SGD of halves is not: docs/decisions/0015. */
/** Of half precision, PyTorch's velocities lie in memory as gradients do and ours as parameters; kernels round by that. */
const isPlain = (path: string, dtype: string): boolean => isFused(path, dtype) || path === 'optim.SGD';
const isFused = (path: string, dtype: string): boolean =>
  FUSED.includes(path) && !(path === 'optim.SGD' && /^b?float16$/.test(dtype));

function create(d: Draw, path: string, groups: Value, options: Drawn): string {
  return d.call(
    path,
    [groups],
    options,
    isFused(path, d.dtype) ? { python: { options: { ...given(options), fused: true } } } : {},
  );
}

const optimizer =
  (name: string, options: Options): Spec['draw'] =>
  (d) => {
    const path = `optim.${name}`;
    const shapes = shapesOf(d, name === 'Muon');
    // PyTorch casts these numbers to the parameter's dtype when it loads them; ours stay float32.
    const isCast = ['ASGD', 'NAdam'].includes(name) && d.dtype !== 'float32';
    const { parameters, groups } = training(d, options, shapes, true);
    // Of a group, PyTorch ignores Adagrad's first value.
    const first = name === 'Adagrad' ? { initialAccumulatorValue: d.maybeFloat(0, 1, 0.3) } : {};
    const all = { ...options(d), ...first };
    const made = create(d, path, groups(parameters), all);
    const count = d.int(1, d.isSmall ? 2 : 5);
    for (let i = 0; i < count; i++) step(d, made, parameters, shapes);
    d.show(made, 'sorted state');
    if (isCast) return;
    d.add({ kind: 'share', of: made });
    d.after(() => {
      const copies = parameters.map((each) =>
        parameter(d, { var: d.call('clone', [], {}, { on: d.call('detach', [], {}, { on: each }) }) }),
      );
      const other = create(d, path, groups(copies), { lr: 0.125 });
      d.add({ kind: 'take', on: other, from: made });
      d.show(other, 'sorted state');
      for (let i = 0; i < 2; i++) step(d, other, copies, shapes);
    });
  };

/** What an optimizer does otherwise than PyTorch's, which the draws leave out. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  SGD: 'takes a velocity that starts later than others, with which the fused kernel of PyTorch fails; half precision goes by lists on the CPU, where that kernel is wrong',
  Adagrad: '`initialAccumulatorValue` of a group counts, PyTorch ignores it',
  ASGD: 'numbers of a state that is loaded stay float32, PyTorch casts them to the dtype of the parameter',
  NAdam: 'numbers of a state that is loaded stay float32, PyTorch casts them to the dtype of the parameter',
  Muon: 'in bfloat16 without Nesterov the momentum is kept, in PyTorch the orthogonalisation writes into it',
};

const NESTEROV =
  'a group whose nesterov lacks momentum or has dampening: PyTorch checks what the optimizer is given alone';

const BETAS = 'a group with a beta of 1: PyTorch checks what the optimizer is given alone';

const REFUSES: NonNullable<Spec['refuses']> = [
  [/with nesterov/, NESTEROV],
  [/expected betas in \[0, 1\), got (1,|[\d.]+,1$)/, BETAS],
];

export const OPTIMIZER_SPECS: Specs = {
  ...Object.fromEntries(
    Object.entries(OPTIMIZERS).map(([name, options]) => [
      `optim.${name}`,
      {
        draw: optimizer(name, options),
        refuses: REFUSES,
        ...(DIFFERENCES[name] ? { differs: DIFFERENCES[name] } : {}),
      } satisfies Spec,
    ]),
  ),
  'optim.LBFGS': (d) => {
    const shapes = shapesOf(d, false);
    const float = { dtype: d.pick(['float32', 'float64']) };
    const parameters = shapes.map((shape) =>
      parameter(d, d.tensor(shape, { requiresGrad: false, scale: 0.5, memory: 'contiguous', ...float })),
    );
    const options = {
      lr: d.maybeFloat(0.1, 1, 0.6),
      maxIter: d.maybe([1, 3, 6], 0.8),
      maxEval: d.maybe([2, 5], 0.2),
      historySize: d.maybe([1, 2, 5], 0.4),
      lineSearchFn: d.maybe(['strong_wolfe'], 0.4),
    };
    const list = (names: readonly string[]): Value => names.map((name) => ({ var: name }));
    const made = d.call('optim.LBFGS', [list(parameters)], options);
    for (let i = 0; i < 3; i++) {
      const out = d.name('y');
      d.add({ kind: 'minimise', on: made, of: parameters, out });
      d.show(out);
      for (const name of parameters) d.show(name);
    }
    // PyTorch holds numbers of the state as tensors, or the other way round: what counts is that either goes on with the other's.
    d.add({ kind: 'share', of: made });
    d.after(() => {
      d.add({ kind: 'take', on: made, from: made });
      const out = d.name('y');
      d.add({ kind: 'minimise', on: made, of: parameters, out });
      d.show(out);
      for (const name of parameters) d.show(name);
    });
  },
  'optim.SparseAdam': (d) => {
    const [rows, width] = [d.int(1, 6), d.size(4)];
    const float = { dtype: d.pick(['float32', 'float64']), memory: 'contiguous', requiresGrad: false } as const;
    const name = parameter(d, d.tensor([rows, width], float));
    const options = {
      lr: learningRate(d),
      betas: d.chance(0.5) ? pair(d) : undefined,
      ...eps(d),
      maximize: d.flag(0.2),
    };
    const made = d.call('optim.SparseAdam', [[{ var: name }]], options);
    for (let i = 0; i < 3; i++) {
      const gradient = d.tensor([rows, width], float) as { var: string };
      d.add({
        kind: 'grad',
        of: name,
        from: d.call('toSparse', [], { sparseDim: 1 }, { on: gradient.var, python: { args: [1], options: {} } }),
      });
      d.call('step', [], {}, { on: made });
      d.show(name);
    }
    d.show(made, 'sorted state');
  },
  'nn.utils.getTotalNorm': (d) => {
    const tensors = Array.from({ length: d.int(0, 4) }, () => d.tensor(d.lead(3), { requiresGrad: false }));
    const normType = d.maybe<Value>([{ float: 1 }, { float: 3 }, { float: 'Infinity' }], 0.5);
    d.show(
      d.call(
        'optim.getTotalNorm',
        [tensors],
        { normType, errorIfNonfinite: d.flag(0.2) },
        { python: { name: 'nn.utils.get_total_norm' } },
      ),
    );
  },
  'nn.utils.clipGradsWithNorm_': (d) => {
    const norm = d.tensor([], { fill: 'positive', dtype: 'float32', requiresGrad: false });
    clip(d, 'clipGradsWithNorm_', [d.float(0.1, 2), norm], {});
  },
  'nn.utils.clipGradNorm_': (d) =>
    clip(d, 'clipGradNorm_', [d.float(0.1, 5)], {
      normType: d.maybe<Value>([{ float: 1 }, { float: 3 }, { float: 'Infinity' }], 0.4),
      errorIfNonfinite: d.flag(0.2),
    }),
  'nn.utils.clipGradValue_': (d) => clip(d, 'clipGradValue_', [d.float(0.1, 2)], {}),
};

function clip(d: Draw, name: string, args: Value[], options: Drawn): void {
  const shapes = shapesOf(d, false);
  const parameters = shapes.map((shape) =>
    parameter(d, d.tensor(shape, { requiresGrad: false, memory: 'contiguous' })),
  );
  for (const [i, each] of parameters.entries()) {
    const gradient = d.tensor(shapes[i]!, {
      requiresGrad: false,
      scale: d.pick([1, 5]),
      ...(d.chance(0.1) ? { fill: 'special' } : {}),
    }) as { var: string };
    d.add({ kind: 'grad', of: each, from: i > 0 && d.chance(0.1) ? null : gradient.var });
  }
  const list = parameters.map((each) => ({ var: each }));
  const out = d.call(`optim.${name}`, [list, ...args], options, {
    python: { name: `nn.utils.${name.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`)}` },
  });
  d.show(out);
  for (const each of parameters) d.show(each, 'gradients');
}
