// Modules as PyTorch's Module behaves: hooks and their arguments, names, what is loaded, copied and moved. test/fixtures/parity/module.py has the scenes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type DType, nn, ones, Tensor, tensor, zeros } from '../../src/index.ts';

const recorded = JSON.parse(readFileSync(new URL('../fixtures/parity/module.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>;

/** As the script writes values. */
function plain(value: unknown): unknown {
  if (value instanceof Tensor) return value.toArray();
  if (Array.isArray(value)) return value.map(plain);
  return value ?? null;
}

/** Parameters 1, 2, 3, … in order. */
function filled<M extends nn.Module>(module: M): M {
  let count = 0;
  for (const parameter of module.parameters()) {
    const { shape, numel } = parameter;
    const values = Array.from({ length: numel }, () => ++count);
    parameter.setData(tensor(values).view(shape));
  }
  return module;
}

class Pair extends nn.Module {
  readonly scale = new nn.Parameter(tensor([2]));
  readonly usesSecond: boolean;
  constructor(usesSecond: boolean) {
    super();
    this.usesSecond = usesSecond;
  }
  forward(a: Tensor, b: Tensor, factor: number): Tensor[] {
    const first = a.mul(this.scale).mul(factor);
    return [this.usesSecond ? first.add(b) : first, a.mul(3)];
  }
}

class Failing extends nn.Module {
  forward(_x: Tensor): Tensor {
    throw new Error('no');
  }
}

class Tied extends nn.Module {
  readonly a = new nn.Linear(1, 1);
  readonly b = this.a;
  readonly c = new nn.Sequential(this.a, new nn.BatchNorm1d(1));
  readonly w = this.a.weight;
  declare m: Tensor;
  declare n: Tensor;
  constructor() {
    super();
    this.registerBuffer('m', zeros([1]));
    this.registerBuffer('n', this.m, { persistent: false });
  }
  forward(): void {}
}

class Extra extends nn.Module {
  readonly inner = new nn.Linear(1, 1, { bias: false });
  readonly w = new nn.Parameter(ones([1]));
  got: unknown = null;
  constructor() {
    super();
    this.registerBuffer('m', zeros([1]));
  }
  override getExtraState(): Tensor {
    return tensor([7]);
  }
  override setExtraState(state: unknown): void {
    this.got = plain(state);
  }
  forward(x: Tensor): Tensor {
    return x;
  }
}

class Frozen extends nn.Sequential {
  override train(mode = true): this {
    super.train(mode);
    this.at(0).eval();
    return this;
  }
}

const keys = (items: Iterable<[string, unknown]>): string[] => Array.from(items, ([name]) => name);

/** What is seen after a call, or that it was refused. */
function attempt<T>(call: () => unknown, after: () => T): T | 'refused' {
  try {
    call();
  } catch {
    return 'refused';
  }
  return after();
}

const scenes: Readonly<Record<string, () => unknown[]>> = {
  hooks_order: () => {
    const seen: unknown[] = [];
    const first = new nn.Linear(2, 2);
    const model = filled(new nn.Sequential(first, new nn.ReLU(), new nn.Linear(2, 1)));
    const handles: nn.RemovableHandle[] = [];
    for (const [path, module] of model.namedModules()) {
      const name = path || 'root';
      const see = (...values: unknown[]): undefined => void seen.push(values.map(plain));
      handles.push(
        module.registerForwardPreHook((_, inputs) => see('pre', name, inputs)),
        module.registerForwardHook((_, inputs, output) => see('post', name, inputs, output)),
        module.registerFullBackwardPreHook((_, gradients) => see('bpre', name, gradients)),
        module.registerFullBackwardHook((_, inputs, outputs) => see('back', name, inputs, outputs)),
      );
    }
    first.registerForwardPreHook(() => void seen.push(['pre first', '0']), { prepend: true });
    first.registerForwardHook(() => void seen.push(['post first', '0']), { prepend: true });
    const x = tensor([[1, -2]], { requiresGrad: true });
    model.forward(x).sum().backward();
    seen.push(['grad', plain(x.grad)]);
    for (const handle of [...handles, ...handles]) handle.remove();
    model.forward(x);
    return seen;
  },

  hooks_replace: () => {
    const seen: unknown[] = [];
    const layer = filled(new nn.Linear(2, 1));
    layer.registerForwardPreHook((_, [x]) => [x.add(1)]);
    layer.registerForwardPreHook((_, [x]) => [x.mul(2)]);
    layer.registerForwardHook((_layer, _inputs, output) => output.add(100));
    layer.registerForwardHook(
      (_, inputs, output) => void seen.push(['inputs', plain(inputs), 'output', plain(output)]),
    );
    layer.registerFullBackwardPreHook((_, [gradient]) => [gradient!.mul(10)]);
    layer.registerFullBackwardHook((_, [gradient]) => [gradient!.add(1000)]);
    layer.registerFullBackwardHook((_, inputs, outputs) => void seen.push(['back', plain(inputs), plain(outputs)]));
    const x = tensor([[1, 2]], { requiresGrad: true });
    const out = layer.forward(x);
    out.sum().backward();
    seen.push(['result', out, x.grad, layer.weight.grad, layer.bias!.grad].map(plain));
    return seen;
  },

  hooks_pair: () => {
    const seen: unknown[] = [];
    const uses = [true, false].flatMap(
      (usesSecond) =>
      [[true, true], [true, false], [false, false]].flatMap((needs) => [0, 1, 2].map((which) => ({ usesSecond, needs, which }))), // biome-ignore format: a list of pairs
    );
    for (const { usesSecond, needs, which } of uses) {
      const module = new Pair(usesSecond);
      module.registerFullBackwardPreHook((_, gradients) => void seen.push(['bpre', plain(gradients)]));
      module.registerFullBackwardHook((_, inputs, outputs) => void seen.push(['back', plain(inputs), plain(outputs)]));
      const a = tensor([1], { requiresGrad: needs[0]! });
      const b = tensor([5], { requiresGrad: needs[1]! });
      seen.push([usesSecond, needs, which]);
      const [first, second] = module.forward(a, b, 4) as [Tensor, Tensor];
      const loss = [first, second, first.add(second)][which]!.sum();
      if (loss.requiresGrad) loss.backward();
      seen.push(['grads', a.grad, b.grad, module.scale.grad].map(plain));
    }
    return seen;
  },

  hooks_always: () => {
    const seen: unknown[] = [];
    const module = new Failing();
    module.registerForwardHook(() => void seen.push('never'));
    module.registerForwardHook((_, inputs, output) => void seen.push(['always', plain(inputs), plain(output)]), {
      alwaysCall: true,
    });
    const tell = (call: () => void): void => {
      try {
        call();
      } catch (error) {
        seen.push((error as Error).message);
      }
    };
    tell(() => module.forward(tensor([1])));
    const layer = new nn.Identity();
    layer.registerForwardHook((_m, _i, output) => void seen.push(['once', plain(output)]), { alwaysCall: true });
    layer.registerForwardHook(() => {
      throw new Error('hook');
    });
    layer.registerForwardHook((_m, _i, output) => void seen.push(['late', plain(output)]), { alwaysCall: true });
    tell(() => layer.forward(tensor([1])));
    return seen;
  },

  names: () => {
    const model = new Tied();
    const options = [{}, { prefix: 'p' }, { removeDuplicate: false }, { prefix: 'p', removeDuplicate: false }];
    return [
      ...options.flatMap((each) => [
        keys(model.namedModules(each)),
        keys(model.namedParameters(each)),
        keys(model.namedBuffers(each)),
        keys(model.namedParameters({ ...each, recurse: false })),
        keys(model.namedBuffers({ ...each, recurse: false })),
      ]),
      keys(model.namedChildren()),
      [...model.children()].length,
      [model.parameters().length, model.parameters({ recurse: false }).length],
      [model.buffers().length, model.buffers({ recurse: false }).length],
      Object.keys(model.stateDict()),
      Object.keys(model.stateDict({ prefix: 'x.' })),
    ];
  },

  extra_state: () => {
    const x = new Extra();
    const model = new nn.Sequential({ x });
    const { 'x._extra_state': _, ...rest } = model.stateDict();
    model.loadStateDict(model.stateDict());
    const other = new nn.Sequential({ x: new nn.Linear(1, 1) });
    const reports = [
      model.loadStateDict(rest, { strict: false }),
      other.loadStateDict({ ...other.stateDict(), 'x._extra_state': tensor(1) }, { strict: false }),
    ];
    return [Object.keys(model.stateDict()), x.got, ...reports.map(({ missing, unexpected }) => [missing, unexpected])];
  },

  state_hooks: () => {
    const [seen, before, after]: [unknown[], unknown[], unknown[]] = [[], [], []];
    const a = new nn.Linear(1, 1, { bias: false });
    const b = new nn.Sequential({ c: new nn.Linear(1, 1, { bias: false }) });
    const model = new nn.Sequential({ a, b });
    for (const [path, module] of model.namedModules()) {
      const name = path || 'root';
      module.registerStateDictPreHook((_, prefix, keepVars) => void seen.push(['save pre', name, prefix, keepVars]));
      module.registerStateDictPostHook(
        (_, state, prefix) => void seen.push(['save', name, prefix, Object.keys(state)]),
      );
      module.registerLoadStateDictPreHook((_m, _s, { prefix }) => void before.push(['load pre', name, prefix]));
      module.registerLoadStateDictPostHook(
        (_, { missing, unexpected }) => void after.push(['load', name, [[...missing], [...unexpected]]]),
      );
    }
    const state = model.stateDict({ keepVars: true });
    seen.push([state['a.weight'] === a.weight, model.stateDict()['a.weight'] === a.weight]);
    model.loadStateDict({ 'a.weight': ones([1, 1]), z: ones([1]) }, { strict: false });
    a.registerLoadStateDictPreHook((_, given, { prefix }) => {
      given[`${prefix}weight`] = given[`${prefix}old`]!;
      delete given[`${prefix}old`];
    });
    b.registerLoadStateDictPostHook((_, { missing }) => void missing.splice(0));
    model.loadStateDict({ 'a.old': tensor([[9]]) });
    seen.push(plain(a.weight));
    return [...seen, ...before, ...after];
  },

  load_lists: () => {
    const model = new nn.Sequential(new nn.Linear(1, 1), new nn.BatchNorm1d(1), new nn.Sequential(new nn.Linear(1, 1)));
    const own = model.stateDict();
    const x = ones([1]);
    const states = [
      {},
      Object.fromEntries(Object.entries(own).filter(([name]) => !name.includes('0'))),
      nn.addPrefix(own, 'module.'),
      { ...own, 1: x, '0.x': x, '5.weight': x, '2.0.weight.x': x },
    ];
    return states.map((state) => {
      const { missing, unexpected } = model.loadStateDict(state, { strict: false });
      return [[...missing].sort(), [...unexpected].sort()];
    });
  },

  copies: () => {
    const model = Object.assign(new Tied(), { extra: ones([1], { requiresGrad: true }) });
    let numCalls = 0;
    model.c.registerForwardHook(() => void numCalls++);
    model.a.weight.grad = ones([1, 1]);
    model.extra.grad = ones([1]);
    model.a.bias!.requiresGrad = false;
    model.c.eval();
    const twin = model.deepCopy();
    twin.c.forward(ones([1, 1]));
    return [
      [twin.a === twin.b, twin.a === twin.c.at(0), twin.w === twin.a.weight, twin.m === twin.n],
      [twin.a === model.a, twin.w === model.w, twin.m === model.m],
      [twin.w.grad === undefined, plain(twin.extra.grad), twin.extra.requiresGrad, twin.a.bias!.requiresGrad],
      [twin.training, twin.c.training, twin.c.at(1).training],
      [numCalls],
      Object.keys(twin.stateDict()),
    ];
  },

  moves: () => {
    const seen: unknown[] = [];
    for (const dtype of ['float64', 'bfloat16', 'complex64'] satisfies DType[]) {
      const model = new nn.Sequential(new nn.Conv2d(1, 1, 1), new nn.BatchNorm2d(1), new nn.PReLU());
      model.registerBuffer('mask', ones([1], { dtype: 'bool' }));
      const parameters = model.parameters();
      for (const parameter of parameters) parameter.grad = ones(parameter.shape);
      model.to(dtype);
      seen.push(Object.values(model.stateDict()).map((value) => value.dtype));
      seen.push([model.parameters().every((each, i) => each === parameters[i]), `torch.${parameters[0]!.grad!.dtype}`]);
    }
    const convolutions = [
      new nn.Conv2d(3, 2, 3).to({ memoryFormat: 'channels_last' }),
      new nn.Conv3d(3, 2, 3).to({ memoryFormat: 'channels_last_3d' }),
      new nn.Conv2d(3, 2, 3).to({ memoryFormat: 'channels_last' }).to({ memoryFormat: 'contiguous_format' }),
    ];
    for (const { weight, bias } of convolutions) seen.push([weight.stride, bias!.stride]);
    const attempts = [
      () => new nn.Linear(1, 1).to('int64'),
      () => new nn.Conv3d(1, 1, 1).to({ memoryFormat: 'channels_last' }),
      () => new nn.Conv2d(1, 1, 1).to({ memoryFormat: 'channels_last_3d' }),
      () => new nn.Linear(1, 1, { device: 'meta' }).to('cpu'),
    ];
    for (const each of attempts) seen.push(attempt(each, () => 'moved'));
    const { weight } = new nn.Linear(2, 1, { device: 'meta' }).toEmpty({ device: 'cpu' });
    seen.push([weight.device, weight.shape, weight.requiresGrad]);
    return seen;
  },

  modes: () => {
    const model = new nn.Sequential(new Frozen(new nn.BatchNorm1d(1), new nn.Dropout()), new nn.Dropout());
    return [true, false, true].map((mode) => {
      model.train(mode);
      return Array.from(model.modules(), ({ training }) => training);
    });
  },

  lookups: () => {
    const model = new nn.Sequential({ a: new nn.Sequential(new nn.Linear(1, 1), new nn.BatchNorm1d(1)) });
    const relu = (): nn.ReLU => new nn.ReLU();
    const parameter = (): nn.Parameter => new nn.Parameter(ones([1]));
    const found = [
      ...['b', 'a.0.weight', 'a..0'].map((name) => () => model.getSubmodule(name)),
      ...['a.0.x', 'a.1.running_mean', 'a.0'].map((name) => () => model.getParameter(name)),
      ...['a.0.weight', 'x.y'].map((name) => () => model.getBuffer(name)),
    ];
    const set: [string, boolean][] = [['a.0', false], ['a.7', false], ['a.8', true], ['b.c', false], ['a.0.weight', false], ['', false]]; // biome-ignore format: a list of pairs
    const registered: [string, () => void][] = [
      ['a.b', () => model.addModule('a.b', relu())],
      ['', () => model.addModule('', relu())],
      ['training', () => model.addModule('training', relu())],
      ['forward', () => model.registerParameter('forward', parameter())],
      ['tensor', () => model.registerParameter('w', ones([1]) as nn.Parameter)],
      ['none', () => model.registerParameter('w', undefined)],
      ['again', () => model.registerParameter('w', parameter())],
      ['module', () => model.addModule('m', undefined)],
      ['replaced', () => model.addModule('a', relu())],
      ['buffer', () => model.registerBuffer('w', ones([1]))],
    ];
    return [
      model.getSubmodule('a.0').constructor.name,
      model.getSubmodule('') === model,
      model.getParameter('a.0.weight').shape,
      model.getBuffer('a.1.running_mean').shape,
      ...found.map((each) => attempt(each, () => 'found')),
      ...set.map(([name, strict]) =>
        attempt(
          () => model.setSubmodule(name, relu(), { strict }),
          () => keys(model.namedModules()),
        ),
      ),
      ...registered.map(([name, each]) => [name, attempt(each, () => Object.keys(model.stateDict()))]),
    ];
  },
};

describe('Module', () => {
  it.each(Object.keys(scenes))('does what PyTorch 2.13 does in the scene %s', (name) => {
    expect(scenes[name]!()).toEqual(recorded[name]);
  });

  it('plays every recorded scene', () => {
    expect(Object.keys(scenes)).toEqual(Object.keys(recorded).slice(1));
  });
});
