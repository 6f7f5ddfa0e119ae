// Parametrisations, pruning, lazy layers, averaged models.
import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

interface Made {
  readonly module: string;
  readonly inputs: Value[];
  readonly make: () => string;
}

/** A layer with a weight, and what it takes; made again in the same way for the other side. */
function weighted(d: Draw, isSquareOften = false): Made {
  const kind = d.pick(['nn.Linear', 'nn.Linear', 'nn.Conv1d', 'nn.Conv2d', 'nn.ConvTranspose2d']);
  const [i, o] = [d.size(5), d.size(5)];
  const dtype = d.dtype === 'float64' ? { dtype: { dtype: 'float64' } } : {};
  const float = { dtype: d.dtype === 'float64' ? 'float64' : 'float32' };
  const bias = d.flag(0.3);
  const width = kind === 'nn.Linear' && isSquareOften && d.chance(0.4) ? i : o;
  const dims = Number(/\d/.exec(kind)?.[0] ?? 0);
  const args = dims === 0 ? [i, width] : [i, width, d.int(1, 2)];
  const shape = dims === 0 ? [...d.lead(2), i] : [d.batch(), i, ...d.space(dims, 2, 4)];
  const make = (): string => {
    d.seed();
    return d.call(kind, args, { ...dtype, ...(bias === undefined ? {} : { bias }) });
  };
  return { module: make(), inputs: [d.tensor(shape, float)], make };
}

/** What a function makes of a layer: its draws, its printed form, a training step, evaluation, and its state on the other side. */
function changed(d: Draw, { module, inputs, make }: Made, change: (on: string) => void): void {
  change(module);
  const forward = (on: string): string => d.call('forward', inputs, {}, { on });
  d.show(module, 'text');
  d.show(module, 'state');
  for (let i = 0; i < 2; i++) {
    const out = forward(module);
    d.show(out);
    d.add({ kind: 'backward', of: [out] });
    d.show(module, 'gradients');
  }
  d.call('eval', [], {}, { on: module });
  d.show(forward(module));
  d.show(module, 'state');
  d.add({ kind: 'share', of: module });
  d.after(() => {
    const other = make();
    change(other);
    d.add({ kind: 'take', on: other, from: module });
    d.call('eval', [], {}, { on: other });
    d.show(forward(other));
    d.show(other, 'state');
  });
}

const parametrised =
  (options: (d: Draw) => Drawn, name?: string, isSquareOften = false): Spec['draw'] =>
  (d) => {
    const made = weighted(d, isSquareOften);
    const given = options(d);
    changed(d, made, (on) => void d.call(name ?? d.target, [{ var: on }, 'weight'], given));
  };

const ALL: Value = { ours: 'all', python: null };
const weightNorm = (d: Draw): Drawn => ({ dim: d.chance(0.2) ? ALL : d.maybe([0, 1], 0.5) });
const spectralNorm = (d: Draw): Drawn => ({
  nPowerIterations: d.maybe([1, 3], 0.5),
  eps: d.maybe([1e-8], 0.2),
  dim: d.maybe([0, 1], 0.3),
});
const orthogonal = (d: Draw): Drawn => ({
  orthogonalMap: d.maybe(['matrix_exp', 'cayley', 'householder'], 0.7),
  useTrivialization: d.flag(0.4),
});

/** How much is pruned: a share or a count. */
const amount = (d: Draw): Value => (d.chance(0.6) ? d.float(0, 1) : d.int(0, 3));

const pruned =
  (options: (d: Draw) => Drawn): Spec['draw'] =>
  (d) => {
    const made = weighted(d);
    const steps = Array.from({ length: d.int(1, 2) }, () => options(d));
    changed(d, made, (on) => {
      for (const each of steps) d.call(d.target, [{ var: on }, 'weight'], each);
    });
  };

/** A layer that learns its inputs' width from the first batch. */
const lazy =
  (args: (d: Draw) => Value[], options: (d: Draw) => Drawn, shape: (d: Draw) => number[]): Spec['draw'] =>
  (d) => {
    // Loaded before its first batch, PyTorch's refuses every batch: it knows its tensors but not how many features they are for.
    const canGoOn = !d.target.includes('InstanceNorm');
    const [given, more] = [args(d), options(d)];
    const dtype: Drawn = d.dtype === 'float64' ? { dtype: { dtype: 'float64' } } : {};
    const x = d.tensor(shape(d), { dtype: d.dtype === 'float64' ? 'float64' : 'float32', isFit: true });
    d.seed();
    const module = d.call(d.target, given, { ...more, ...dtype });
    d.show(module, 'text');
    const out = d.call('forward', [x], {}, { on: module });
    d.show(out);
    d.show(module, 'text');
    d.show(module, 'state');
    d.add({ kind: 'backward', of: [out] });
    d.show(module, 'gradients');
    d.showGradients([x]);
    d.add({ kind: 'share', of: module });
    d.after(() => {
      const other = d.call(d.target, given, { ...more, ...dtype });
      d.add({ kind: 'take', on: other, from: module });
      d.show(other, 'state');
      d.call('eval', [], {}, { on: other });
      if (canGoOn) d.show(d.call('forward', [x], {}, { on: other }));
    });
  };

const convolution = (dims: number): Spec['draw'] =>
  lazy(
    (d) => [d.size(4), d.sizes(dims, 1, 3)],
    (d) => ({ stride: d.maybe([1, 2], 0.4), padding: d.maybe([0, 1], 0.4), bias: d.flag(0.3) }),
    (d) => [...d.channels(d.size(4)), ...d.space(dims, 3, 6)],
  );
const norm = (...dims: number[]): Spec['draw'] =>
  lazy(
    () => [],
    (d) => ({
      eps: d.maybe([1e-3], 0.3),
      momentum: d.maybeFloat(0, 1, 0.3),
      // Of neither, PyTorch's never learns the number.
      ...d.pick([{}, { affine: false }, { trackRunningStats: false }, { affine: true }]),
    }),
    (d) => [d.int(2, 4), d.size(4), ...d.space(d.pick(dims), 2, 4)],
  );

const LAZY: Specs = {
  'nn.LazyLinear': lazy(
    (d) => [d.size()],
    (d) => ({ bias: d.flag(0.3) }),
    (d) => [...d.lead(2), d.size()],
  ),
  ...Object.fromEntries([1, 2, 3].map((dims) => [`nn.LazyConv${dims}d`, convolution(dims)])),
  ...Object.fromEntries([1, 2, 3].map((dims) => [`nn.LazyConvTranspose${dims}d`, convolution(dims)])),
  'nn.LazyBatchNorm1d': norm(0, 1),
  'nn.LazyBatchNorm2d': norm(2),
  'nn.LazyBatchNorm3d': norm(3),
  ...Object.fromEntries([1, 2, 3].map((dims) => [`nn.LazyInstanceNorm${dims}d`, norm(dims)])),
};

/** A small model with batch statistics. */
function model(d: Draw): { module: string; width: number; layer: string } {
  const width = d.int(2, 4);
  d.seed();
  const layer = d.call('nn.Linear', [width, 3]);
  return { module: d.call('nn.Sequential', [{ var: layer }, { var: d.call('nn.BatchNorm1d', [3]) }]), width, layer };
}

const FUNCTIONS = ['getEmaAvgFn', 'getEmaMultiAvgFn', 'getSwaAvgFn', 'getSwaMultiAvgFn'] as const;
const pythonFunction = (name: string): string =>
  `optim.swa_utils.${name.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`)}`;

/** The mean of a model's weights while an optimizer moves them. */
const average =
  (name?: (typeof FUNCTIONS)[number]): Spec['draw'] =>
  (d) => {
    const { module, width, layer } = model(d);
    const decay = name?.includes('Ema') ? [d.float(0.1, 0.99)] : [];
    const averaging = name && { var: d.call(`optim.${name}`, decay, {}, { python: { name: pythonFunction(name) } }) };
    const option = name?.includes('Multi') ? 'multiAvgFn' : 'avgFn';
    // PyTorch's mean of lists fails for integers on a CPU.
    const useBuffers = name === 'getSwaMultiAvgFn' ? undefined : d.flag(0.3);
    const python = { name: 'optim.swa_utils.AveragedModel' };
    const mean = d.call('optim.AveragedModel', [{ var: module }], { useBuffers, [option]: averaging }, { python });
    const parameters = { var: d.call('parameters', [], {}, { on: layer }) };
    const optimizer = d.call('optim.SGD', [parameters], { lr: 0.125 });
    const x = d.tensor([4, width], { dtype: 'float32', requiresGrad: false });
    for (let i = 0; i < 3; i++) {
      const out = d.call('forward', [x], {}, { on: module });
      d.add({ kind: 'backward', of: [out] });
      d.call('step', [], {}, { on: optimizer });
      d.call('updateParameters', [{ var: module }], {}, { on: mean });
      d.show(mean, 'state');
    }
    d.show(mean, 'text');
    d.call('eval', [], {}, { on: mean });
    d.show(d.call('forward', [x], {}, { on: mean }));
    d.add({ kind: 'share', of: mean });
    d.after(() => {
      d.add({ kind: 'take', on: mean, from: mean });
      d.show(mean, 'state');
    });
  };

/** Two layers' worth of parameters, by their own `parameters()`. */
function parametersOf(d: Draw): { module: string; count: number; parameters: Value } {
  const [i, o] = [d.size(4), d.size(4)];
  d.seed();
  const module = d.call('nn.Linear', [i, o]);
  return {
    module,
    count: i * o + o,
    parameters: { var: d.call('parameters', [], {}, { on: module, python: { name: 'parameters' } }) },
  };
}

const VECTORS: Specs = {
  'nn.utils.parametersToVector': (d) => {
    const { parameters } = parametersOf(d);
    const out = d.call('nn.utils.parametersToVector', [parameters]);
    d.show(out);
  },
  'nn.utils.vectorToParameters': (d) => {
    const { module, count, parameters } = parametersOf(d);
    const vector = d.tensor([count], { dtype: 'float32', requiresGrad: false, memory: 'contiguous', isFit: true });
    d.call('nn.utils.vectorToParameters', [vector, parameters]);
    d.show(module, 'state');
  },
};

/** A layer and the batch normalisation behind it, both in evaluation, with statistics of some batches. */
function fusion(d: Draw, dims: number, isTransposed: boolean): void {
  const [i, o] = [d.size(4), d.size(4)];
  d.seed();
  const kind = dims === 0 ? 'nn.Linear' : `nn.Conv${isTransposed ? 'Transpose' : ''}${dims}d`;
  const layer = d.call(kind, dims === 0 ? [i, o] : [i, o, 2], { bias: d.flag(0.4) });
  const norm = d.call(dims === 0 ? 'nn.BatchNorm1d' : `nn.BatchNorm${dims}d`, [o], {
    eps: d.maybe([1e-3], 0.3),
    affine: dims > 0 ? d.flag(0.3) : undefined,
  });
  const x = d.tensor([3, i, ...d.space(dims, 3, 4)], { dtype: 'float32', requiresGrad: false, isFit: true });
  const mid = d.call('forward', [x], {}, { on: layer });
  d.call('forward', [{ var: mid }], {}, { on: norm });
  d.call('eval', [], {}, { on: layer });
  if (d.chance(0.95)) d.call('eval', [], {}, { on: norm });
  const fused = d.call(d.target, [{ var: layer }, { var: norm }], { transpose: isTransposed || undefined });
  d.show(fused, 'text');
  d.show(fused, 'state');
  d.show(d.call('forward', [x], {}, { on: fused }));
}

const OTHERS: Specs = {
  'nn.utils.fuseLinearBnEval': (d) => fusion(d, 0, false),
  'nn.utils.fuseConvBnEval': (d) => fusion(d, d.int(1, 3), d.chance(0.3)),
  'nn.utils.stateless.functionalCall': (d) => {
    const [i, o] = [d.size(4), d.size(4)];
    d.seed();
    const module = d.call('nn.Linear', [i, o]);
    const float = { dtype: 'float32', memory: 'contiguous', isFit: true } as const;
    const [weight, bias] = [d.tensor([o, i], float), d.tensor([o], float)];
    const dict = d.chance(0.7) ? { weight, bias } : { weight };
    const x = d.tensor([...d.lead(1), i], { dtype: 'float32' });
    const options = { strict: d.flag(0.4) };
    const python = { name: 'func.functional_call', args: [{ var: module }, { dict, isVerbatim: true }, [x]] };
    const out = d.call('nn.utils.functionalCall', [{ var: module }, { dict }, [x]], options, { python });
    d.show(out);
    d.add({ kind: 'backward', of: [out] });
    d.showGradients([weight, bias, x]);
    d.show(module, 'gradients');
  },
};

export const UTILS: Specs = {
  ...VECTORS,
  ...OTHERS,
  'nn.utils.parametrizations.weightNorm': parametrised(weightNorm),
  'nn.utils.parametrizations.spectralNorm': parametrised(spectralNorm),
  'nn.utils.parametrizations.orthogonal': parametrised(orthogonal, undefined, true),
  'nn.utils.weightNorm': parametrised(weightNorm),
  'nn.utils.spectralNorm': parametrised(spectralNorm),
  'nn.utils.prune.identity': pruned(() => ({})),
  'nn.utils.prune.randomUnstructured': pruned((d) => ({ amount: amount(d) })),
  'nn.utils.prune.l1Unstructured': pruned((d) => ({ amount: amount(d) })),
  'nn.utils.prune.randomStructured': pruned((d) => ({ amount: amount(d), dim: d.pick([0, 1, -1]) })),
  'nn.utils.prune.lnStructured': pruned((d) => ({
    amount: amount(d),
    dim: d.pick([0, 1, -1]),
    n: d.pick<Value>([1, 2, { float: 'Infinity' }]),
  })),
  ...LAZY,
  'optim.swa_utils.AveragedModel': average(),
  ...Object.fromEntries(FUNCTIONS.map((name) => [pythonFunction(name), average(name)])),
};
