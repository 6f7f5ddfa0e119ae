// Modules: what is found in properties, what is saved and loaded, and what a mistake is told.

import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { ones, tensor, zeros } from '../tensor/create.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import { BatchNorm1d, Conv2d, Dropout, Linear, Module, ModuleList, Parameter, ReLU, Sequential } from './index.ts';

class Model extends Module {
  readonly body = new Linear(3, 2);
  readonly norm = new BatchNorm1d(2);
  declare mean: Tensor;

  constructor() {
    super();
    this.registerBuffer('mean', zeros([2]));
  }

  forward(input: Tensor): Tensor {
    return this.norm.forward(this.body.forward(input)).sub(this.mean);
  }
}

const keys = (items: Iterable<[string, unknown]>): string[] => Array.from(items, ([name]) => name);

describe('Module', () => {
  it('finds parameters, buffers and modules below it by their properties', () => {
    const model = new Model();
    expect(keys(model.namedParameters())).toEqual(['body.weight', 'body.bias', 'norm.weight', 'norm.bias']);
    expect(keys(model.namedBuffers())).toEqual([
      'mean',
      'norm.running_mean',
      'norm.running_var',
      'norm.num_batches_tracked',
    ]);
    expect(keys(model.namedModules())).toEqual(['', 'body', 'norm']);
    expect([...model.modules()]).toEqual([model, model.body, model.norm]);
    expect(Object.keys(model.stateDict())[0]).toBe('mean');
  });

  it('finds a shared module and a shared parameter once, and saves them under each name', () => {
    const layer = new Linear(2, 2, { bias: false });
    class Tied extends Module {
      readonly first = layer;
      readonly second = layer;
      readonly third = new Linear(2, 2, { bias: false });
      readonly alias = this.third.weight;
      forward(): void {}
    }
    const model = new Tied();
    expect(keys(model.namedParameters())).toEqual(['alias', 'first.weight']);
    expect(Object.keys(model.stateDict())).toEqual(['alias', 'first.weight', 'second.weight', 'third.weight']);
  });

  it.each<[string, (layer: Linear) => unknown, string]>([
    ['an array', (layer) => [layer], 'an array'],
    ['a Map', (layer) => new Map([['a', layer]]), 'a Map'],
    ['a Set', (layer) => new Set([layer.weight]), 'a Set'],
  ])('refuses modules and parameters in %s, where they would not be trained', (_, hide, kind) => {
    class Hiding extends Module {
      readonly layers = hide(new Linear(1, 1));
      forward(): void {}
    }
    const model = new Hiding();
    const message = `Cannot collect the parameters of Hiding: expected modules in properties, got ${kind} of them in "layers", which would not be trained; use ModuleList`;
    for (const use of [() => model.parameters(), () => model.stateDict(), () => model.eval(), () => String(model)])
      expect(use).toThrow(new TypeError(message));
  });

  it('lets arrays of other things be', () => {
    class Listing extends Module {
      readonly sizes = [1, 2];
      readonly tensors = [ones([1])];
      forward(): void {}
    }
    expect(new Listing().parameters()).toEqual([]);
  });

  it('switches the whole tree between training and evaluation', () => {
    const model = new Sequential(new Linear(1, 1), new Sequential(new Dropout()));
    expect(model.eval()).toBe(model);
    expect(Array.from(model.modules(), (module) => module.training)).toEqual([false, false, false, false]);
    model.train();
    expect(Array.from(model.modules(), (module) => module.training)).toEqual([true, true, true, true]);
  });

  it('apply() visits what is below before the module itself', () => {
    const seen: string[] = [];
    new Sequential(new Sequential(new ReLU()), new Linear(1, 1)).apply(
      (module) => void seen.push(module.constructor.name),
    );
    expect(seen).toEqual(['ReLU', 'Sequential', 'Linear', 'Sequential']);
  });

  it('freezes parameters and forgets gradients', () => {
    const model = new Linear(2, 1);
    model
      .forward(ones([3, 2]))
      .sum()
      .backward();
    expect(model.weight.grad!.toArray()).toEqual([[3, 3]]);
    model.zeroGrad();
    expect(model.weight.grad).toBeUndefined();
    model.requiresGrad_(false);
    expect(model.forward(ones([3, 2])).requiresGrad).toBe(false);
  });
});

describe('properties of a Module', () => {
  class Holder extends Module {
    weight: Parameter | undefined = new Parameter(ones([2]));
    layer: Linear | undefined = new Linear(1, 1);
    forward(): void {}
  }

  it('may be assigned anew, be undefined, or be deleted', () => {
    const holder = new Holder();
    const names = (): string[] => keys(holder.namedParameters());
    const order = names();
    holder.weight = new Parameter(zeros([3]));
    expect([names(), holder.parameters()[0]!.shape]).toEqual([order, [3]]);
    holder.weight = undefined;
    holder.layer = undefined;
    expect([names(), Object.keys(holder.stateDict()), String(holder)]).toEqual([[], [], 'Holder()']);
    holder.weight = new Parameter(ones([1]));
    expect(names()).toEqual(['weight']);
    Reflect.deleteProperty(holder, 'weight');
    expect(names()).toEqual([]);
  });

  it('do not lose a parameter to a plain tensor unnoticed', () => {
    const holder = new Holder();
    holder.parameters();
    Object.assign(holder, { weight: holder.weight!.detach().mul(2) });
    expect(() => holder.parameters()).toThrow(
      new TypeError(
        'Cannot collect the parameters of Holder: expected modules in properties, got a plain tensor in "weight", which held a parameter or module before; assign a Parameter, or undefined to have none',
      ),
    );
  });

  it('refuse what a Sequential would have and never apply', () => {
    const chain = new Sequential(new Linear(1, 1));
    Object.assign(chain, { extra: new Linear(1, 1) });
    expect(() => chain.stateDict()).toThrow(
      'got "extra", which was assigned and would not be applied; use append() or addModule()',
    );
    Reflect.deleteProperty(chain, 'extra');
    chain.addModule('extra', new ReLU());
    Object.assign(chain, { 0: new Linear(1, 2) });
    expect([chain.forward(zeros([1])).shape, chain.length, chain.at(-1).constructor.name]).toEqual([[2], 2, 'ReLU']);
  });

  it('refuse modules that are keys of a Map', () => {
    const holder = Object.assign(new Holder(), { costs: new Map([[new Linear(1, 1), 3]]) });
    expect(() => holder.parameters()).toThrow('got a Map of them in "costs"');
  });
});

describe('Module.getSubmodule() and its kin', () => {
  it('say at which part of a name there is nothing, and what there is', () => {
    const model = new Sequential({ a: new Sequential(new Linear(1, 1), new BatchNorm1d(1)) });
    const messages: [() => unknown, string][] = [
      [() => model.getSubmodule('b'), 'Cannot get submodule "b" of Sequential: expected a module "b" in Sequential, got none; it has "a"'],
      [() => model.getSubmodule('a.0.x'), 'Cannot get submodule "a.0.x" of Sequential: expected a module "x" in "a.0" (Linear), got none; it has none'],
      [() => model.getParameter('a.0.x'), 'Cannot get parameter "a.0.x" of Sequential: expected a parameter "x" in "a.0" (Linear), got none; it has "weight", "bias"'],
      [() => model.getBuffer('a.1.weight'), 'Cannot get buffer "a.1.weight" of Sequential: expected a buffer "weight" in "a.1" (BatchNorm1d), got a Parameter; it has "running_mean", "running_var", "num_batches_tracked"'],
      [() => model.setSubmodule('a.2', new ReLU(), { strict: true }), 'Cannot set submodule "a.2" of Sequential: expected a module "2" in "a" (Sequential), got none; it has "0", "1"'],
    ]; // biome-ignore format: a table
    for (const [use, message] of messages) expect(use).toThrow(new RangeError(message));
    expect(() => model.getSubmodule(3 as never)).toThrow(TypeError);
    expect(() => model.setSubmodule('a.0', 3 as never)).toThrow('expected a module, got number 3');
  });

  it('sets a module where the container applies it', () => {
    const model = new Sequential(new Linear(1, 1), new ReLU());
    model.setSubmodule('0', new Linear(1, 5));
    expect(model.forward(zeros([1])).shape).toEqual([5]);
  });
});

describe('Module.registerBuffer()', () => {
  it('keeps what is assigned later beyond its scope', () => {
    const model = new Model();
    scope(() => {
      model.mean = ones([2]).mul(5);
    });
    expect(model.mean.toArray()).toEqual([5, 5]);
    expect(model.stateDict().mean!.toArray()).toEqual([5, 5]);
  });

  it('may be absent, or left out of the state', () => {
    const model = new Model();
    model.registerBuffer('later', undefined);
    model.registerBuffer('scratch', ones([1]), { persistent: false });
    expect(Object.keys(model.stateDict()).filter((name) => !name.includes('.'))).toEqual(['mean']);
    (model as unknown as { later: Tensor }).later = ones([3]);
    expect(model.stateDict().later!.shape).toEqual([3]);
    expect(keys(model.namedBuffers())).toContain('scratch');
  });

  it('refuses a name that is taken or has dots', () => {
    const model = new Model();
    expect(() => model.registerBuffer('body', ones([1]))).toThrow(
      new TypeError('Cannot register buffer "body": expected a free name, got one that Model has already'),
    );
    expect(() => model.registerBuffer('training', ones([1]))).toThrow(TypeError);
    expect(() => model.registerBuffer('a.b', ones([1]))).toThrow(
      new RangeError('Cannot register buffer "a.b": expected a name without dots'),
    );
    model.registerBuffer('mean', ones([2])); // again is fine
    expect(model.mean.toArray()).toEqual([1, 1]);
  });
});

describe('Module.stateDict() and loadStateDict()', () => {
  it('share memory one way and copy the other', () => {
    const [from, to] = [new Model(), new Model()];
    const state = from.stateDict();
    expect(to.loadStateDict(state)).toEqual({ missing: [], unexpected: [] });
    expect(to.body.weight.equal(from.body.weight)).toBe(true);
    state['body.weight']!.fill_(7);
    expect(from.body.weight.toArray()).toEqual([[7, 7, 7], [7, 7, 7]]); // biome-ignore format: a matrix
    expect(to.body.weight.equal(from.body.weight)).toBe(false);
    expect(to.body.weight.requiresGrad).toBe(true);
  });

  it('list all that does not fit, and change nothing then', () => {
    const model = new Model();
    const before = model.stateDict()['body.bias']!.toArray();
    const { 'norm.weight': _gone, ...state } = new Model().stateDict();
    const wrong = { ...state, 'body.weight': zeros([3, 2]), extra: ones([1]), mean: 3 as unknown as Tensor };
    expect(() => model.loadStateDict(wrong)).toThrow(
      new CheckpointError(
        [
          "Cannot load a state into Model: expected the module's own names and shapes, got",
          'missing: norm.weight',
          'unexpected: extra',
          '"mean": expected a tensor, got number',
          '"body.weight": expected shape [2, 3], got [3, 2]',
        ].join('\n  '),
        {
          missing: ['norm.weight'],
          unexpected: ['extra'],
          mismatched: ['"mean": expected a tensor, got number', '"body.weight": expected shape [2, 3], got [3, 2]'],
        },
      ),
    );
    expect(model.stateDict()['body.bias']!.toArray()).toEqual(before);
  });

  it('load what fits of another state where told so', () => {
    const model = new Model();
    const report = model.loadStateDict({ mean: ones([2]), extra: ones([1]) }, { strict: false });
    expect(report.unexpected).toEqual(['extra']);
    expect(report.missing).toContain('body.weight');
    expect(model.mean.toArray()).toEqual([1, 1]);
    expect(() => model.loadStateDict({ mean: ones([3]) }, { strict: false })).toThrow('expected shape [2], got [3]');
  });

  it('convert to the dtype of the module', () => {
    const model = new Linear(1, 1, { bias: false });
    model.loadStateDict({ weight: tensor([[3]]).to('bfloat16') });
    expect([model.weight.dtype, model.weight.item()]).toEqual(['float32', 3]);
  });

  it('leave nothing in a scope around them', () => {
    const model = new Model();
    const before = settledTensors();
    scope(() => void model.loadStateDict(model.stateDict()));
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });
});

describe('Module.to()', () => {
  it('converts floating tensors in place, gradients too, so that optimizers keep working', () => {
    const model = new Model();
    const [weight] = model.parameters();
    model
      .forward(ones([4, 3]))
      .sum()
      .backward();
    expect(model.to({ dtype: 'bfloat16' })).toBe(model);
    expect(model.parameters()[0]).toBe(weight);
    expect([weight!.dtype, weight!.grad!.dtype, model.norm.running_mean!.dtype]).toEqual([
      'bfloat16',
      'bfloat16',
      'bfloat16',
    ]);
    expect(model.norm.num_batches_tracked!.dtype).toBe('int64');
    model
      .forward(ones([4, 3], { dtype: 'bfloat16' }))
      .sum()
      .backward();
    expect(weight!.grad!.dtype).toBe('bfloat16');
  });

  it('leaves a buffer alone that another module has too', () => {
    const mask = ones([2]);
    const [one, other] = [new ReLU(), new ReLU()];
    for (const module of [one, other]) module.registerBuffer('mask', mask);
    one.to('float64');
    expect([one.getBuffer('mask').dtype, other.getBuffer('mask').dtype, mask.dtype]).toEqual([
      'float64',
      'float32',
      'float32',
    ]);
  });

  it('keeps shared what is shared, buffers too', () => {
    const [shared, first, second] = [ones([2]), new Linear(2, 2), new Linear(2, 2)];
    for (const layer of [first, second]) layer.registerBuffer('mask', shared);
    second.registerParameter('weight', first.weight);
    new Sequential(first, second).to('float64');
    expect([first.getBuffer('mask') === second.getBuffer('mask'), first.weight === second.weight]).toEqual([
      true,
      true,
    ]);
    expect([second.getBuffer('mask').dtype, second.weight.dtype]).toEqual(['float64', 'float64']);
  });

  it('takes buffers out of a scope, and gives what they replace to it', () => {
    const model = new BatchNorm1d(2);
    scope(() => {
      model.to('float64');
      model.to({ dtype: 'float32' });
    });
    expect([model.running_mean!.toArray(), model.weight!.dtype]).toEqual([[0, 0], 'float32']);
    expect(model.to(ones([1], { dtype: 'float64' })).weight!.dtype).toBe('float64');
  });

  it('refuses before anything has moved', () => {
    const model = new Sequential(new Linear(1, 1), new Conv2d(1, 1, 1));
    expect(() => model.to('int64')).toThrow(
      new TypeError('Cannot move Sequential: expected a floating or complex dtype, got "int64"'),
    );
    expect(() => model.to({ dtype: 'float64', memoryFormat: 'channels_last_3d' })).toThrow(
      'expected tensors of 5 dimensions for "channels_last_3d", got "1.weight" of shape [1, 1, 1, 1]',
    );
    expect(model.parameters().every(({ dtype }) => dtype === 'float32')).toBe(true);
    model.to('complex64');
    expect(() => model.to('float32')).toThrow('expected a complex dtype for "0.weight", which is complex64');
    expect(() => new Linear(1, 1, { device: 'meta' }).to('cpu')).toThrow('got "weight" on device meta; use toEmpty()');
    expect(() => model.to({ type: 'float32' } as never)).toThrow('got "type"');
    expect(() => model.toEmpty({} as never)).toThrow('expected options.device');
  });

  it('replaces parameters that go to device meta and back, under all their names', () => {
    const layer = new Linear(2, 1);
    const model = Object.assign(new Sequential(layer), { alias: layer.weight });
    model.to('meta');
    expect([layer.weight.device, model.alias === layer.weight, layer.weight.requiresGrad]).toEqual([
      'meta',
      true,
      true,
    ]);
    model.toEmpty({ device: 'cpu' });
    expect([layer.forward(ones([2])).shape, model.alias === layer.weight]).toEqual([[1], true]);
  });

  it('lays weights of four dimensions out in channels last', () => {
    const conv = new Conv2d(3, 2, 3).to({ memoryFormat: 'channels_last' });
    expect(conv.weight.stride).toEqual([27, 1, 9, 3]);
    expect(conv.bias!.stride).toEqual([1]);
  });
});

describe('Module.zeroGrad()', () => {
  it('fills with zeros where told so', () => {
    const model = new Linear(1, 1);
    model.forward(ones([1])).backward();
    const gradient = model.weight.grad!;
    model.zeroGrad({ setToNone: false });
    expect([gradient.item(), model.weight.grad!.item()]).toEqual([0, 0]);
    model.zeroGrad();
    expect(model.weight.grad).toBeUndefined();
    expect(() => model.zeroGrad({ setToNull: true } as never)).toThrow('got "setToNull"');
  });
});

describe('Parameter', () => {
  it('is a leaf over the same memory that outlives its scope', () => {
    const data = ones([2]);
    const parameter = scope(() => ({ inside: new Parameter(data) })).inside;
    data.fill_(3);
    expect([parameter.toArray(), parameter.isLeaf, parameter.requiresGrad, data.requiresGrad]).toEqual([
      [3, 3],
      true,
      true,
      false,
    ]);
    expect(new Parameter(ones([1]), false).requiresGrad).toBe(false);
    expect(() => new Parameter(tensor([1n]))).toThrow('Only Tensors of floating point');
  });

  it('prints as in Python', () => {
    expect(String(new Parameter(ones([2])))).toBe('Parameter containing:\ntensor([1., 1.], requires_grad=True)');
  });
});

describe('ModuleList', () => {
  it('trains its modules and counts from both ends', () => {
    const list = new ModuleList([new Linear(1, 2), new Linear(2, 3)]).append(new Linear(3, 4));
    expect([list.length, list.at(-1).outFeatures, [...list].length, list.parameters().length]).toEqual([3, 4, 3, 6]);
    expect(Object.keys(list.stateDict())[5]).toBe('2.bias');
    expect(() => list.at(3)).toThrow(new RangeError('Cannot read module 3: expected an index of 3 modules'));
    expect(() => list.forward()).toThrow('Cannot apply a ModuleList');
  });

  it('prints neighbours that look alike in one line, as in Python', () => {
    const block = (): Sequential => new Sequential(new Linear(1, 1), new ReLU());
    expect(String(new ModuleList([block(), block(), new ReLU()]))).toBe(
      [
        'ModuleList(',
        '  (0-1): 2 x Sequential(',
        '    (0): Linear(in_features=1, out_features=1, bias=True)',
        '    (1): ReLU()',
        '  )',
        '  (2): ReLU()',
        ')',
      ].join('\n'),
    );
    expect(String(new ModuleList())).toBe('ModuleList()');
  });
});
