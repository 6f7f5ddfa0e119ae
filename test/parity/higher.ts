// What higher.test.ts holds against PyTorch; what PyTorch makes of the same lines is in test/fixtures/parity/higher.py.
import {
  batchNorm,
  bmm,
  cat,
  eye,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  keep,
  linalg,
  nn,
  savedTensorsHooks,
  type Tensor,
  Tensor as TensorClass,
  tensor,
  vhp,
  vjp,
  where,
} from '../../src/index.ts';
import { cotangent } from './reference.ts';

const { functional: F } = nn;
export type Inputs = Readonly<Record<string, Tensor>>;
type Results = readonly Tensor[];

/** Of those outputs that have any, without the inputs that have no part in them. Recorded, for the next order. */
function gradients(outputs: Results, leaves: Results): Tensor[] {
  const starts = [...outputs.entries()]
    .filter(([, output]) => output.requiresGrad)
    .map(([i, output]) => [output, cotangent(output, i)] as const);
  if (starts.length === 0) return [];
  const options = { gradOutputs: starts.map(([, start]) => start), createGraph: true, allowUnused: true } as const;
  const found = grad(
    starts.map(([output]) => output),
    leaves,
    options,
  );
  return found.filter((gradient) => gradient !== undefined);
}

/** The outputs of a function, and its derivatives up to the third, in order of its inputs. */
function orders(fn: (t: Inputs) => Tensor | Results): (t: Inputs) => Results {
  return (t) => {
    const result = fn(t);
    let latest: Results = result instanceof TensorClass ? [result] : result;
    const made = [...latest];
    for (let order = 1; order <= 3; order++) {
      latest = gradients(latest, Object.values(t));
      made.push(...latest);
    }
    return made;
  };
}

function mlp(t: Inputs): Tensor {
  const hidden = F.linear(t.x!, t.w1!, { bias: t.b1! }).tanh();
  const second = F.linear(hidden, t.w2!, { bias: t.b2! }).sigmoid();
  return F.mseLoss(F.linear(second, t.w3!, { bias: t.b3! }), t.x!.narrow(1, 0, 2));
}

/** The gradients of a critic's loss with the penalty of WGAN-GP. */
function penalty(t: Inputs): Results {
  const critic = (x: Tensor): Tensor => F.linear(F.softplus(F.linear(x, t.w1!, { bias: t.b1! })), t.w2!);
  const scores = critic(t.x!);
  const [slope] = grad([scores.sum()], [t.x!], { createGraph: true }) as [Tensor];
  const norms = slope
    .pow(2)
    .sum({ dim: [1] })
    .sqrt();
  const loss = scores.mean().add(norms.sub(1).pow(2).mean().mul(10));
  loss.backward();
  return [loss, slope, ...Object.values(t).map((leaf) => leaf.grad!)];
}

const OPERATORS: Readonly<Record<string, (t: Inputs) => Tensor | Results>> = {
  'mul div': (t) => t.a!.mul(t.b!).div(t.a!.mul(t.a!).add(1.5)),
  exp: (t) => t.a!.exp(),
  'sin cos': (t) => t.a!.sin().mul(t.b!.cos()),
  tanh: (t) => t.a!.tanh(),
  sigmoid: (t) => t.a!.sigmoid(),
  pow: (t) => t.p!.pow(2.5),
  'pow of tensors': (t) => t.p!.pow(t.a!),
  'sqrt log': (t) => t.p!.sqrt().mul(t.p!.log()),
  matmul: (t) => t.a!.matmul(t.b!.t()),
  bmm: (t) => bmm(t.a!.reshape([2, 2, 3]), t.b!.reshape([2, 3, 2])).tanh(),
  softmax: (t) => t.a!.softmax(-1),
  log_softmax: (t) => t.a!.logSoftmax(0),
  logsumexp: (t) => t.a!.logsumexp(1),
  gelu: (t) => F.gelu(t.a!),
  silu: (t) => F.silu(t.a!),
  softplus: (t) => F.softplus(t.a!),
  elu: (t) => F.elu(t.a!),
  relu: (t) => F.relu(t.a!).mul(t.b!),
  layer_norm: (t) => F.layerNorm(t.a!, [3]),
  batch_norm: (t) => batchNorm(t.a!, undefined, undefined, undefined, undefined, true, 0.1, 1e-5, true),
  var: (t) => t.a!.var({ dim: [1] }),
  norm: (t) => linalg.vectorNorm(t.a!),
  prod: (t) => t.a!.prod({ dim: 1 }),
  cumsum: (t) => t.a!.cumsum(0).pow(3),
  max: (t) => t.a!.amax({ dim: [1] }).mul(t.b!.sum({ dim: [1] })),
  index_select: (t) => t.a!.indexSelect(0, tensor([1n, 1n, 3n])).exp(),
  'cat split': (t) => cat([t.a!, t.b!.sin()]).pow(3).split(3),
  where: (t) => where(t.a!.gt(0), t.a!.exp(), t.b!.mul(t.a!)),
  cross_entropy: (t) => F.crossEntropy(t.a!, tensor([0n, 2n, 1n, 1n])),
  inverse: (t) => linalg.inv(t.a!.t().matmul(t.a!).add(eye(3))),
  conv2d: (t) => F.conv2d(t.x!, t.w!, { padding: 1 }).tanh(),
  conv_transpose1d: (t) => F.convTranspose1d(t.x!.select(2, 0), t.w!.select(0, 0), { stride: 2 }).sin(),
  avg_pool2d: (t) => F.avgPool2d(t.x!.exp(), 2).mul(t.w!.sum()),
  'a small MLP': mlp,
};

const cube = (x: Tensor): Tensor => x.pow(3).sum().mul(x.select(0, 0));
const one = (x: Tensor): Tensor => x.sin().mul(x.sum());
/** Of two inputs two outputs. */
const both = (a: Tensor, b: Tensor): Tensor[] => [
  a.sin().mul(b),
  a
    .mul(a)
    .sum()
    .mul(b.narrow(0, 0, 2)),
];
const scalar = (a: Tensor, b: Tensor): Tensor =>
  a
    .exp()
    .mul(b)
    .sum()
    .add(a.prod().mul(b.pow(3).sum()));
const two = (t: Inputs): Tensor[] => [t.a!, t.b!];
const vectors = (t: Inputs): Tensor[] => [t.b!, t.a!];

type Nested = Tensor | readonly Nested[];
const flat = (some: Nested): Tensor[] => (some instanceof TensorClass ? [some] : some.flatMap(flat));

/** Each derivative of functions, of one input and of several. */
const FUNCTIONS: Readonly<Record<string, (t: Inputs) => Nested>> = {
  jacobian: (t) => [jacobian(one, t.a!), jacobian(both, two(t)) as Nested],
  hessian: (t) => [hessian(cube, t.a!), hessian(scalar, two(t)) as Nested],
  vjp: (t) => [vjp(one, t.a!, t.b!), vjp(both, two(t), [t.b!, t.a!.narrow(0, 0, 2)]), vjp(cube, t.a!)],
  jvp: (t) => [jvp(one, t.a!, t.b!), jvp(both, two(t), vectors(t))],
  vhp: (t) => [vhp(cube, t.a!, t.b!), vhp(scalar, two(t), vectors(t))],
  hvp: (t) => [hvp(cube, t.a!, t.b!), hvp(scalar, two(t), vectors(t))],
};

const recorded = { createGraph: true } as const;
/** Their derivatives. */
const FURTHER: Readonly<Record<string, (t: Inputs) => Tensor>> = {
  jacobian: (t) => jacobian(one, t.a!, recorded),
  hessian: (t) => hessian(cube, t.a!, recorded),
  vjp: (t) => vjp(one, t.a!, t.b!, recorded)[1],
  jvp: (t) => jvp(one, t.a!, t.b!, recorded)[1],
  vhp: (t) => vhp(cube, t.a!, t.b!, recorded)[1],
  hvp: (t) => hvp(cube, t.a!, t.b!, recorded)[1],
};

export const DERIVATIVES: Readonly<Record<string, (t: Inputs) => Results>> = {
  ...Object.fromEntries(Object.entries(OPERATORS).map(([name, fn]) => [name, orders(fn)])),
  'a gradient penalty': penalty,
  ...Object.fromEntries(Object.entries(FUNCTIONS).map(([name, fn]) => [`${name}()`, (t: Inputs) => flat(fn(t))])),
  ...Object.fromEntries(
    Object.entries(FURTHER).map(([name, fn]) => [
      `${name}() with createGraph`,
      (t: Inputs) => gradients([fn(t)], Object.values(t)),
    ]),
  ),
};

/** What hooks saw, in order. */
export class Trace {
  readonly labels: string[] = [];
  readonly values: Tensor[] = [];

  note(label: string, value: Tensor): void {
    this.labels.push(label);
    this.values.push(keep(value.detach().clone()));
  }

  hook(label: string, change?: (gradient: Tensor) => Tensor): (gradient: Tensor) => Tensor | undefined {
    return (gradient) => {
      this.note(label, gradient);
      return change?.(gradient);
    };
  }
}

export const HOOKS: Readonly<Record<string, (t: Inputs, trace: Trace) => void>> = {
  several: (t, trace) => {
    const [x, y] = [t.a!, t.a!.mul(2)];
    y.registerHook(trace.hook('first', (gradient) => gradient.mul(3)));
    const removed = y.registerHook(trace.hook('removed'));
    y.registerHook(trace.hook('second', (gradient) => gradient.add(1)));
    x.registerHook(trace.hook('leaf', (gradient) => gradient.exp()));
    x.registerHook(trace.hook('leaf again'));
    removed.remove();
    y.sin().sum().backward();
    trace.note('grad', x.grad!);
  },
  diamond: (t, trace) => {
    const [x, z] = [t.a!, t.b!];
    const y = x.mul(z);
    const [left, right] = [y.sin(), y.exp()];
    const product = left.mul(right);
    for (const [label, each] of Object.entries({ x, z, y, left, right, product })) each.registerHook(trace.hook(label));
    product.sum().backward();
  },
  retained: (t, trace) => {
    const y = t.a!.mul(2);
    y.registerHook(trace.hook('before', (gradient) => gradient.mul(2)));
    y.retainGrad();
    y.registerHook(trace.hook('after', (gradient) => gradient.mul(5)));
    y.pow(2).sum().backward();
    trace.note('y.grad', y.grad!);
    trace.note('x.grad', t.a!.grad!);
  },
  'in place': (t, trace) => {
    const y = t.a!.mul(2);
    y.registerHook(trace.hook('old'));
    y.mul_(t.b!);
    y.registerHook(trace.hook('new', (gradient) => gradient.mul(2)));
    y.sin().sum().backward();
    trace.note('grad', t.a!.grad!);
  },
  'second order': (t, trace) => {
    const x = t.a!;
    const y = x.sin();
    y.registerHook(trace.hook('y', (gradient) => gradient.mul(gradient)));
    x.registerHook(trace.hook('x'));
    const [first] = grad([y.exp().sum()], [x], { createGraph: true }) as [Tensor];
    first.registerHook(trace.hook('first'));
    first.pow(2).sum().backward();
    trace.note('grad', x.grad!);
  },
  captured: (t, trace) => {
    const x = t.a!;
    const y = x.sin();
    y.registerHook(trace.hook('y', (gradient) => gradient.mul(4)));
    for (const found of grad([y.mul(t.b!).sum()], [y, x])) trace.note('captured', found);
  },
  outputs: (t, trace) => {
    const parts = t.a!.mul(2).unbind();
    for (const [i, part] of parts.entries())
      part.registerHook(trace.hook(`part ${i}`, (gradient) => gradient.mul(i + 2)));
    parts[2]!.sin().mul(parts[0]!).sum().backward();
    trace.note('grad', t.a!.grad!);
  },
  accumulated: (t, trace) => {
    const x = t.a!;
    x.registerHook(trace.hook('gradient', (gradient) => gradient.mul(2)));
    x.registerPostAccumulateGradHook((leaf) => trace.note('accumulated', leaf.grad!));
    x.registerPostAccumulateGradHook((leaf) => trace.note('accumulated again', leaf.grad!));
    for (let i = 0; i < 2; i++) x.mul(t.b!).sum().backward();
  },
  saved: (t, trace) => {
    const pack = (saved: Tensor): Tensor => {
      trace.note('pack', saved);
      return saved.mul(2);
    };
    const unpack = (packed: Tensor): Tensor => {
      trace.note('unpack', packed);
      return packed;
    };
    savedTensorsHooks({ pack, unpack }, () => t.a!.exp().mul(t.b!))
      .sum()
      .backward();
    trace.note('grad', t.a!.grad!);
  },
};
