// Sequences through everything that calls back: functions, hooks, saved tensors, checkpoints, anomaly detection, modes. What is called back misbehaves.

import * as torch from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import type { Random } from './random.ts';

/** Steps of one sequence, those inside callbacks included. */
const MAX_STEPS = 40;
const MAX_DEPTH = 4;

/** What the steps of one sequence share. */
class World {
  readonly random: Random;
  readonly tensors: torch.Tensor[];
  readonly hooks: torch.HookHandle[] = [];
  readonly generators = [new torch.Generator(1), new torch.Generator(2)];
  numSteps = 0;
  depth = 0;

  constructor(random: Random) {
    this.random = random;
    const leaf = (shape: readonly number[]): torch.Tensor => torch.ones(shape, { requiresGrad: true });
    this.tensors = [leaf([2, 3]), leaf([2, 3]), leaf([]), torch.ones([2, 3]), leaf([3])];
  }

  get some(): torch.Tensor {
    return this.random.pick(this.tensors);
  }

  add(value: unknown): void {
    if (value instanceof torch.Tensor) this.tensors.push(value);
    else if (Array.isArray(value)) for (const element of value) this.add(element);
  }
}

/** One step; its error is a good end of it. */
function step(world: World): void {
  if (world.numSteps >= MAX_STEPS || world.depth >= MAX_DEPTH) return;
  world.numSteps++;
  world.depth++;
  try {
    world.add(world.random.pick(STEPS)(world));
  } catch {
    // The next step meets what this one left.
  } finally {
    world.depth--;
  }
}

function steps(world: World, most: number): void {
  for (let i = world.random.int(0, most); i > 0; i--) step(world);
}

/** What a callback does before it answers, and what it answers: mostly `right`. */
function answer(world: World, given: readonly torch.Tensor[], right: () => unknown): unknown {
  const { random } = world;
  if (random.chance(0.35)) attempt(() => random.pick(MISDEEDS)(world, random.pick(given)));
  if (random.chance(0.25)) step(world);
  return random.chance(0.2) ? random.pick(WRONG_ANSWERS)(world, given) : right();
}

function attempt(run: () => unknown): void {
  try {
    run();
  } catch {
    // Refused.
  }
}

/** Done to what a callback is given, or to something else. */
const MISDEEDS: readonly ((world: World, given: torch.Tensor | undefined) => unknown)[] = [
  (_, given) => given?.dispose(),
  (world) => world.some.dispose(),
  (world, given) => given && world.tensors.push(given),
  (world, given) => given && world.tensors.push(given.keep()),
  (_, given) => given && torch.adopt(given),
  (_, given) => given?.mul_(2),
  (_, given) => given?.resize_([5]),
  (_, given) => given?.setData(torch.zeros([0])),
  (_, given) => given?.detach_(),
  (_, given) => given?.requiresGrad_(),
  (_, given) => given?.sum().backward(),
  (_, given) => torch.scope(() => given),
  (_, given) =>
    torch.scope(() => {
      given?.mul(2);
      throw new Error('out of a scope');
    }),
  (world) => {
    world.some.grad = world.some;
  },
  (world) => world.some.sum().backward(undefined, { retainGraph: true, createGraph: true }),
  (world) => torch.grad([world.some.sum()], [world.some], { allowUnused: true, createGraph: true }),
  (world) => world.hooks.at(-1)?.remove(),
  (world) => world.some.registerHook(() => undefined),
  () => torch.memorySummary(),
  () => torch.releaseMemory(),
  () => deep(0),
];

/** Until the stack is used up, with native calls all the way. */
function deep(depth: number): number {
  return torch.scope(() => torch.noGrad(() => deep(depth + 1)));
}

const WRONG_ANSWERS: readonly ((world: World, given: readonly torch.Tensor[]) => unknown)[] = [
  () => {
    throw new Error('thrown on purpose');
  },
  () => {
    throw undefined;
  },
  (world) => {
    throw world.some;
  },
  () => undefined,
  () => null,
  () => 5,
  () => 'a gradient',
  () => ({}),
  () => Symbol('wrong'),
  () => Promise.resolve(),
  () => (function* generate() {})(),
  () => [],
  (world) => [world.some, undefined, world.some],
  (world) => world.some,
  (_, given) => given[0],
  (_, given) => [...given, ...given],
  () => torch.ones([7]),
  () => torch.ones([2, 3], { dtype: 'int64' }),
  () => torch.ones([2, 3], { dtype: 'complex64' }),
  () => torch.ones([2, 3], { device: 'meta' }),
  () => torch.ones([2, 3]).toSparse(),
  () => torch.ones([1]).expand([2, 3]),
  () => torch.inferenceMode(() => torch.ones([2, 3])),
  () => torch.ones([2, 3], { requiresGrad: true }).mul(2),
  () => {
    const gone = torch.ones([2, 3]);
    gone.dispose();
    return gone;
  },
  () => Object.create(torch.Tensor.prototype) as unknown,
  () => new Proxy(torch.ones([2, 3]), {}),
];

function applyFunction(world: World): unknown {
  const { random } = world;
  type Context = torch.FunctionContext<(torch.Tensor | undefined)[]>;
  class Fuzzed extends torch.AutogradFunction {
    static forward(context: Context, ...inputs: torch.Tensor[]): torch.Tensor {
      const output = random.chance(0.2) ? inputs[0]! : inputs[0]!.mul(inputs.at(-1)!);
      if (random.chance(0.7)) context.saveForBackward(...inputs, output, undefined);
      if (random.chance(0.1)) context.saveForBackward(random.pick(WRONG_ANSWERS)(world, inputs) as torch.Tensor);
      if (random.chance(0.2)) context.markDirty(random.chance(0.5) ? inputs[0]!.mul_(2) : world.some);
      if (random.chance(0.1)) context.markNonDifferentiable(random.chance(0.5) ? output : world.some);
      if (random.chance(0.3)) context.setMaterializeGrads(false);
      const outputs = random.chance(0.2) ? [output, inputs[0]!.add(1), 'no tensor'] : output;
      return answer(world, [...inputs, output], () => outputs) as torch.Tensor;
    }
    static backward(context: Context, ...gradients: torch.Tensor[]): torch.Tensor[] {
      const saved = random.chance(0.7) ? context.savedTensors : [];
      for (const tensor of saved) if (random.chance(0.2)) attempt(() => tensor?.toBytes());
      const right = (): unknown => Array.from({ length: random.int(1, 2) }, () => gradients[0]?.mul(saved[0] ?? 2));
      return answer(world, [...gradients, ...saved.filter((tensor) => tensor !== undefined)], right) as torch.Tensor[];
    }
  }
  return Fuzzed.apply(...Array.from({ length: random.int(1, 2) }, () => world.some));
}

function hook(world: World): void {
  const seen = (given: torch.Tensor): torch.Tensor | undefined =>
    answer(world, [given], () => (world.random.chance(0.5) ? undefined : given.mul(2))) as torch.Tensor | undefined;
  const target = world.some;
  world.hooks.push(
    world.random.chance(0.7) ? target.registerHook(seen) : target.registerPostAccumulateGradHook((leaf) => seen(leaf)),
  );
}

function saveThroughHooks(world: World): unknown {
  const { random } = world;
  const kind = random.int(0, 2);
  return torch.savedTensorsHooks<unknown, unknown>(
    {
      pack: (saved) =>
        answer(world, [saved], () => (kind === 0 ? saved : kind === 1 ? { inside: saved.mul(1) } : saved.toBytes())),
      unpack: (packed) =>
        answer(world, torch.collectTensors(packed), () =>
          kind === 0
            ? packed
            : kind === 1
              ? (packed as { inside: torch.Tensor }).inside
              : torch.fromBytes(packed as Uint8Array, [2, 3], 'float32'),
        ) as torch.Tensor,
    },
    () => record(world),
  );
}

function recordCheckpoint(world: World): unknown {
  const { random } = world;
  const inputs: [torch.Tensor, torch.Tensor] = [
    world.some,
    random.chance(0.8) ? world.some : (5 as unknown as torch.Tensor),
  ];
  return torch.checkpoint(
    (a, b) =>
      answer(world, [a, b], () => {
        if (random.chance(0.2)) step(world);
        const outer = random.chance(0.3) ? world.some : b;
        return random.chance(0.3) ? torch.checkpoint((c) => c.exp().mul(c), [a]) : a.mul(outer).exp().mul(a);
      }),
    inputs,
    {
      preserveRngState: random.chance(0.7),
      determinismCheck: random.chance(0.6),
      generators: random.chance(0.3) ? world.generators : [],
    },
  );
}

/** Some operators, which save this and that. */
function record(world: World): unknown {
  const { random } = world;
  steps(world, 2);
  const [a, b] = [world.some, world.some];
  const operators: (() => unknown)[] = [
    () => a.mul(b),
    () => a.exp(),
    () => a.div(b),
    () => a.matmul(b.t()),
    () => a.sum(),
    () => a.softmax(-1),
    () => a.index(random.int(-1, 1)),
    () => a.view([-1]),
    () => a.mul_(b),
    () => torch.stack([a, b]),
    () => a.unbind(),
    () => a.std(),
    () => a.detach(),
    () => a.clone(),
    () => a.addmm(a, b),
  ];
  return random.pick(operators)();
}

function derive(world: World): unknown {
  const { random } = world;
  const inputs: [torch.Tensor, torch.Tensor] = [world.some, world.some];
  const scalar = (...given: torch.Tensor[]): torch.Tensor =>
    answer(world, given, () => given[0]!.mul(given[1]!).sum()) as torch.Tensor;
  const options = { createGraph: random.chance(0.3), strict: random.chance(0.3) };
  return random.pick<() => unknown>([
    () => torch.jacobian(scalar, inputs, options),
    () => torch.hessian(scalar, inputs, options),
    () => torch.vjp(scalar, inputs, undefined, options),
    () => torch.jvp(scalar, inputs, inputs, options),
    () => torch.vhp(scalar, inputs, inputs, options),
    () => torch.hvp(scalar, inputs, inputs, options),
    () => torch.gradcheck(scalar, inputs, { returnsFalse: true }),
  ])();
}

const STEPS: readonly ((world: World) => unknown)[] = [
  record,
  record,
  record,
  applyFunction,
  applyFunction,
  hook,
  hook,
  saveThroughHooks,
  recordCheckpoint,
  derive,
  (world) => torch.detectAnomaly(() => record(world), { checkNan: world.random.chance(0.5) }),
  (world) => torch.inferenceMode(() => record(world), { enabled: world.random.chance(0.7) }),
  (world) => torch.noGrad(() => record(world)),
  (world) => torch.enableGrad(() => record(world)),
  (world) => torch.autocast('cpu', () => record(world)),
  (world) => torch.scope(() => record(world)),
  (world) => torch.scope(() => answer(world, world.tensors, () => world.some)),
  (world) => torch.trackTensors(() => record(world)).result,
  (world) =>
    torch.withGenerator(world.random.pick(world.generators), () => {
      steps(world, 2);
      return torch.rand([2, 3]).bernoulli();
    }),
  (world) => backward(world),
  (world) => backward(world),
  (world) =>
    torch.grad([world.some], [world.some, world.some], {
      gradOutputs: [world.some],
      createGraph: world.random.chance(0.5),
      allowUnused: world.random.chance(0.7),
    }),
  (world) => world.random.pick(MISDEEDS)(world, world.some),
  (world) => world.random.pick(world.hooks).remove(),
];

function backward(world: World): void {
  const { random } = world;
  const root = random.chance(0.7) ? world.some.sum() : world.some;
  root.backward(random.chance(0.3) ? world.some : undefined, {
    retainGraph: random.chance(0.5),
    createGraph: random.chance(0.2),
    ...(random.chance(0.2) ? { inputs: [world.some, world.some] } : {}),
  });
}

/** A sequence of steps; in some the engine runs on a thread of its own, as with a GPU. */
export function callBack(random: Random): unknown {
  const native = getNative();
  const world = new World(random);
  const before = native.runEngineAside(random.chance(0.4));
  try {
    for (let i = random.int(2, 12); i > 0; i--) step(world);
    return world.tensors.filter((tensor) => !tensor.isDisposed).map((tensor) => [tensor.toBytes(), tensor.grad]);
  } finally {
    native.runEngineAside(before);
    for (const generator of world.generators) torch.rand([2], { generator });
  }
}

/** The addon's own begins and ends, called out of order; the wrappers around put everything back. */
export function enterModes(random: Random): unknown {
  const native = getNative();
  const x = torch.ones([2, 3], { requiresGrad: true });
  const callback = (): never => {
    throw new Error('thrown on purpose');
  };
  const calls: (() => unknown)[] = [
    () => native.beginInferenceMode(random.chance(0.5)),
    () => native.endInferenceMode(random.int(1, 4)),
    () => native.beginAnomalyDetection(random.chance(0.5), random.chance(0.5) ? () => 'a stack' : callback),
    () => native.beginSavedHooks(random.chance(0.5) ? () => x.handle : callback, callback),
    () => native.beginCheckpoint(Float64Array.of(x.handle), random.chance(0.5) ? () => undefined : callback, true),
    () => native.leave(random.int(1, 4)),
    () => native.runEngineAside(random.chance(0.5)),
    () => native.beginScope(),
    () => x.mul(x).exp().sum().backward(),
    () => x.mul(x).exp().sum().backward(),
    () => native.savedTensors(random.int(-1, 5)),
    () => native.removeHook(random.int(-1, 5)),
  ];
  const aside = native.runEngineAside(false);
  try {
    return torch.scope(() =>
      torch.inferenceMode(
        () =>
          torch.detectAnomaly(() => {
            for (let i = random.int(1, 8); i > 0; i--) attempt(random.pick(calls));
            return undefined;
          }),
        { enabled: false },
      ),
    );
  } finally {
    native.runEngineAside(aside);
  }
}
