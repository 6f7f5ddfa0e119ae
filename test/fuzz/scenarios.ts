// Sequences of calls that no schema describes: the addon's own functions, creation, scopes, gradients set by hand, shared memory, generators.

import * as torch from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import { type Random, randomFrom } from './random.ts';
import { Maker, type Strange } from './specs.ts';

type Untyped = (...args: unknown[]) => unknown;

/** What these do reaches beyond the call: they would change what later cases run on. */
const NOT_CALLED =
  /^(call|defineOperators|set.*Factory|markWorker|(un)?watchSignals|setNumThreads|setGradMode|enterAutocast|leaveAutocast|beginScope|endScope|manualSeed|.*Generator.*|generatorState)$/;
const STRANGE: readonly Strange[] = [
  'undefined',
  'null',
  'NaN',
  'symbol',
  'object',
  'getter',
  'freed',
  'foreign',
  'forged',
];
const SIZES = [
  0,
  1,
  2,
  3,
  7,
  -1,
  -5,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 40,
  2 ** 53 - 1,
  2 ** 62,
  -(2 ** 53),
];
const DTYPES = ['float32', 'float64', 'int64', 'bool', 'bfloat16', 'complex64', 'uint8'] as const;

function size(random: Random): number {
  return random.chance(0.8) ? random.int(0, 4) : random.pick(SIZES);
}

function sizes(random: Random): number[] {
  return Array.from({ length: random.int(0, 4) }, () => size(random));
}

function some(random: Random): torch.Tensor {
  const isLeaf = random.chance(0.5);
  return torch.ones([random.int(0, 3), random.int(1, 3)], { requiresGrad: isLeaf });
}

/** Calls until one fails; the error is the scenario's end. */
function callAddon(random: Random): unknown {
  const native = getNative() as unknown as Readonly<Record<string, Untyped>>;
  const names = Object.keys(native).filter((name) => !NOT_CALLED.test(name));
  const pool = [some(random), some(random).mul(2), torch.ones([2]).expand([3, 2])];
  const handle = (): number => random.pick(pool).handle;
  const maker = new Maker();
  const values: (() => unknown)[] = [
    handle,
    handle,
    () => Float64Array.from({ length: random.int(0, 4) }, () => (random.chance(0.8) ? handle() : random.pick(SIZES))),
    () => random.chance(0.5),
    () => size(random),
    () => sizes(random),
    () => new Uint8Array(random.int(0, 64)),
    () => maker.make({ strange: random.pick(STRANGE) }, 'addon'),
  ];
  return native[random.pick(names)]!(...Array.from({ length: random.int(0, 6) }, () => random.pick(values)()));
}

function create(random: Random): unknown {
  const options = { dtype: random.pick(DTYPES), requiresGrad: random.chance(0.2) };
  const makers: (() => unknown)[] = [
    () => torch.zeros(sizes(random), options),
    () => torch.full(sizes(random), size(random), options),
    () => torch.empty(sizes(random), options),
    () => torch.eye(size(random), options),
    () => torch.arange(random.int(-3, 3), random.int(-3, 9), { ...options, step: size(random) }),
    () => torch.linspace(size(random), size(random), random.int(-1, 9), options),
    () => torch.rand(sizes(random), options),
    () => torch.randint(size(random), size(random), sizes(random)),
    () => torch.randperm(random.int(-2, 9)),
    () => torch.fromBytes(new Uint8Array(random.int(0, 64)), sizes(random), options.dtype),
    () => torch.hostBuffer(options.dtype, sizes(random)).tensor.add(1),
    () =>
      torch.fromShared(new Uint8Array(new SharedArrayBuffer(72), random.int(0, 8), 64), sizes(random), options.dtype),
    () => torch.tensor([[1, 2], random.chance(0.5) ? [3] : [3, size(random)]], options),
  ];
  return random.pick(makers)();
}

function nestScopes(random: Random, depth = 0): unknown {
  const made = [some(random), torch.ones([3])];
  for (let i = random.int(0, 6); i > 0; i--) {
    const tensor = random.pick(made);
    const steps: (() => unknown)[] = [
      () => tensor.dispose(),
      () => torch.keep(tensor),
      () => torch.adopt(tensor),
      () => made.push(tensor.detach()),
      () => depth < 3 && made.push(torch.scope(() => nestScopes(randomFrom(random.fork()), depth + 1)) as torch.Tensor),
    ];
    try {
      random.pick(steps)();
    } catch {
      // A step may fail, as on a tensor that was disposed of; the scope goes on.
    }
  }
  return random.chance(0.8) ? random.pick(made) : made.map((tensor) => tensor.add(1));
}

function setGradients(random: Random): unknown {
  const leaf = torch.ones([2, 3], { requiresGrad: true });
  const other = some(random);
  const product = leaf.mul(random.chance(0.5) ? leaf : 2);
  const steps: (() => unknown)[] = [
    () => leaf.setData(other),
    () => other.setData(leaf),
    () => product.setData(other),
    () => {
      leaf.grad = other;
    },
    () => {
      leaf.grad = product.detach();
      leaf.grad.grad = leaf;
    },
    () => leaf.requiresGrad_(false),
    () => torch.noGrad(() => leaf.resize_([random.int(0, 4)])),
    () => torch.noGrad(() => leaf.t_()),
    () => torch.noGrad(() => leaf.zero_()),
    () => product.backward(other, { retainGraph: random.chance(0.5), inputs: [leaf, other] }),
    () => product.sum().backward(),
    () => torch.grad([product], [leaf, other], { allowUnused: random.chance(0.5), createGraph: true }),
    () => leaf.grad?.mul(leaf).sum().backward(),
    () => product.dispose(),
  ];
  for (let i = random.int(1, 6); i > 0; i--) {
    try {
      random.pick(steps)();
    } catch {
      // The next step meets what this one left.
    }
  }
  return [leaf.toBytes(), leaf.grad?.toBytes(), product.isDisposed || product.toBytes()];
}

function drawFromGenerators(random: Random): unknown {
  const generator = new torch.Generator(random.fork());
  const state = generator.getState();
  for (let i = random.int(0, 40); i > 0; i--) state[random.int(0, state.length - 1)] = random.int(0, 255);
  generator.setState(random.chance(0.9) ? state : state.subarray(random.int(0, 9)));
  return torch.randn([700], { generator }).add(torch.rand([700], { generator }));
}

export const SCENARIOS: Readonly<Record<string, (random: Random) => unknown>> = {
  callAddon,
  create,
  nestScopes,
  setGradients,
  drawFromGenerators,
};

export function runScenario(name: string, random: Random): unknown {
  return SCENARIOS[name]!(random);
}
