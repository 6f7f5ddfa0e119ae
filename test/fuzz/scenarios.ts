// Sequences of calls that no schema describes: the addon's own functions, creation, scopes, gradients set by hand, indices, memory, generators.

import * as torch from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import { callBack, enterModes } from './callbacks.ts';
import { type Random, randomFrom } from './random.ts';
import { Maker, type Strange } from './specs.ts';

type Untyped = (...args: unknown[]) => unknown;

/** What these do reaches beyond the call: they would change what later cases run on. */
const NOT_CALLED =
  /^(call|defineOperators|set.*Factory|markWorker|(un)?watchSignals|setNum.*Threads|setGradMode|(enter|leave)Autocast|(begin|end)[A-Z].*|leave|runEngineAside|manualSeed|.*Generator.*|generatorState)$/;
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
    () => random.pick([() => undefined, () => handle(), () => Float64Array.of(handle())]),
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

/** A part of brackets, more or less fit for a dimension of up to four elements. */
function someIndex(random: Random): unknown {
  const number = (): number => (random.chance(0.85) ? random.int(-4, 3) : random.pick(SIZES));
  const nested = (): unknown => (random.chance(0.8) ? number() : [number(), number()]);
  const strange = new Maker();
  const parts: (() => unknown)[] = [
    number,
    number,
    () => torch.slice(random.chance(0.5) ? null : number(), random.chance(0.5) ? null : number()),
    () => torch.slice(null, null, random.int(1, 4)),
    () =>
      Object.assign(Object.create(torch.Slice.prototype) as object, {
        start: number(),
        stop: number(),
        step: number(),
      }),
    () => null,
    () => '...',
    () => random.chance(0.5),
    () => BigInt(random.int(-4, 3)) * (random.chance(0.2) ? 2n ** 61n : 1n),
    () => Array.from({ length: random.int(0, 3) }, nested),
    () => torch.tensor([random.int(-3, 2), random.int(-3, 2)], { dtype: random.pick(DTYPES) }),
    () => torch.tensor(BigInt(random.int(-3, 3))),
    () =>
      strange.tensor({ shape: [2], dtype: 'int64', fill: { outside: 3 }, view: random.pick(['expanded', 'strided']) }),
    () => strange.tensor({ shape: [random.int(1, 4), 3].slice(random.int(0, 1)), dtype: 'bool', fill: 'unit' }),
    () => strange.tensor({ shape: [3, 3], dtype: 'int64', fill: { below: 3 }, layout: 'sparse_coo' }),
    () => torch.zeros([2], { dtype: 'int64', device: 'meta' }),
    () => strange.make({ strange: random.pick(STRANGE) }, 'surface'),
  ];
  return random.pick(parts)();
}

function useBrackets(random: Random): unknown {
  const maker = new Maker();
  const shape = Array.from({ length: random.int(0, 4) }, () => random.int(random.chance(0.05) ? 0 : 1, 4));
  const view = random.pick([undefined, undefined, 'expanded', 'transposed', 'strided', 'graph', 'host'] as const);
  const layout = random.chance(0.03) ? 'sparse_coo' : 'strided';
  const x = maker.tensor({
    shape,
    dtype: random.pick(DTYPES),
    layout,
    ...(view && { view }),
    grad: random.chance(0.3),
  });
  const results: unknown[] = [];
  for (let i = random.int(1, 4); i > 0; i--) {
    const indices = Array.from({ length: random.int(0, shape.length + 1) }, () => someIndex(random)) as torch.Index[];
    const value = random.pick<() => unknown>([
      () => 2,
      () => torch.ones([]),
      () => torch.ones([random.int(1, 3)], { requiresGrad: random.chance(0.5) }),
      () => x,
      () => x.index(...indices),
      () => someIndex(random),
    ]);
    const calls: (() => unknown)[] = [
      () => x.index(...indices),
      () => x.index(...indices),
      () => x.indexPut_(indices, value() as torch.Tensor, { accumulate: random.chance(0.4) }),
      () => x.indexPut(indices, value() as torch.Tensor, { accumulate: random.chance(0.4) }),
    ];
    try {
      results.push(random.pick(calls)());
    } catch {
      // Refused; what it left is used on.
    }
  }
  return [...results, x];
}

async function leaveLater(made: torch.Tensor[]): Promise<torch.Tensor> {
  const tensor = torch.ones([2]);
  made.push(tensor);
  await Promise.resolve();
  return tensor;
}

/** Asks about memory while tensors come and go. */
function watchMemory(random: Random): unknown {
  const made: torch.Tensor[] = [some(random), torch.ones([3]).expand([4, 3])];
  const steps: (() => unknown)[] = [
    () => torch.memorySummary({ numLargest: random.pick([0, 1, 100, -1, Number.NaN, 2 ** 40]) }),
    () => torch.memoryStats(),
    () => torch.listTensors(),
    () => torch.releaseMemory(),
    () => torch.resetPeakMemoryStats(),
    () => made.push(torch.hostBuffer('float32', [3]).tensor),
    () => made.push(torch.ones([3, 3]).toSparse(), torch.ones([3], { device: 'meta' })),
    () => random.pick(made).dispose(),
    () => random.pick(made).resize_([random.int(0, 9)]),
    () => random.pick(made).setData(random.pick(made)),
    () =>
      torch.trackTensors(() => {
        for (let i = random.int(0, 4); i > 0; i--) random.pick(steps)();
        return random.chance(0.5) ? made : random.pick(made);
      }),
    () => torch.scope(() => leaveLater(made)),
  ];
  for (let i = random.int(1, 8); i > 0; i--) {
    try {
      random.pick(steps)();
    } catch {
      // Refused.
    }
  }
  return made;
}

/** Sparse tensors of indices that do not fit, or that are written to, resized and cut under the tensor; then whatever reads them. */
function useSparse(random: Random): unknown {
  const maker = new Maker();
  const picks = (shape: number[], dtype: 'int64' | 'int32' = 'int64'): torch.Tensor =>
    maker.tensor({ shape, dtype, seed: random.fork(), fill: random.chance(0.7) ? { below: 3 } : { outside: 3 } });
  const rows = (): torch.Tensor =>
    random.chance(0.6) ? torch.tensor([0n, 1n, 2n, 3n]) : maker.tensor({ shape: [4], dtype: 'int64', fill: 'sorted' });
  const values = torch.ones([3], { requiresGrad: random.chance(0.4) });
  const size = random.chance(0.8) ? [3, 3] : [random.int(0, 3), random.int(0, 3)];
  const dense = torch.ones([3, 3], { requiresGrad: random.chance(0.4) });
  const makers: (() => torch.Tensor)[] = [
    () => torch.sparseCooTensor(picks([2, 3]), { values, size }),
    () => torch.sparseCooTensor(picks([2, 3]), { values, size, isCoalesced: true }),
    () => torch.sparseCooTensor(picks([2, 3]), { values }),
    () => torch.sparseCsrTensor(rows(), picks([3]), values, { size }),
    () => torch.sparseCscTensor(rows(), picks([3]), values, { size }),
    () => torch.sparseCsrTensor(rows(), picks([3]), values),
    () => torch.sparseBsrTensor(rows(), picks([3]), torch.ones([3, 1, 1]), { size }),
    () => dense.toSparse(),
    () => dense.toSparseCsr(),
    () => dense.toSparseCsc(),
    () => dense.toSparseBsr([1, 3]),
  ];
  const x = random.pick(makers)();
  const parts: (() => torch.Tensor)[] = [
    () => x.indices(),
    () => x.values(),
    () => x.crowIndices(),
    () => x.colIndices(),
    () => x.rowIndices(),
    () => x.ccolIndices(),
  ];
  const steps: (() => unknown)[] = [
    () =>
      random
        .pick(parts)()
        .fill_(random.pick([-1, 2, 3, 1000, 2 ** 40])),
    () =>
      random
        .pick(parts)()
        .resize_([random.int(0, 5)]),
    () =>
      random
        .pick(parts)()
        .setData(torch.ones([1], { dtype: 'int64' })),
    () => random.pick(parts)().sub_(1),
    () => x.sparseResize_([random.int(0, 9), random.int(0, 9)], 2, 0),
    () => x.toDense(),
    () => x.coalesce(),
    () => x.mm(dense),
    () => dense.add(x),
    () => x.add(x),
    () => x.mul(x),
    () => x.t(),
    () => x.sum(),
    () => x.toSparse(),
    () => x.toSparseCsr(),
    () => x.clone(),
    () => x.sparseMask(x),
    () => dense.sparseMask(x),
    () => x.indexSelect(0, torch.tensor([0n, 2n])),
    () => x.toDense().sum().backward(),
    () => x.mm(dense).sum().backward(),
    () => {
      dense.grad = x;
      dense.sum().backward();
    },
    () => dense.mul(2).backward(x),
    () => String(x),
  ];
  for (let i = random.int(1, 6); i > 0; i--) {
    try {
      random.pick(steps)();
    } catch {
      // Refused.
    }
  }
  return [dense, dense.grad];
}

export const SCENARIOS: Readonly<Record<string, (random: Random) => unknown>> = {
  callBack,
  enterModes,
  useBrackets,
  useSparse,
  watchMemory,
  callAddon,
  create,
  nestScopes,
  setGradients,
  drawFromGenerators,
};

export function runScenario(name: string, random: Random): unknown {
  return SCENARIOS[name]!(random);
}
