// Deep copies: what is copied, what stays shared, and what is refused since a copy of it would be broken.

import { describe, expect, it } from 'vitest';
import { arange, ones, randn, tensor, zeros } from '../tensor/create.ts';
import { Generator, manualSeed } from '../tensor/generator.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import * as nn from './index.ts';
import { hiddenStateOf } from './private-members.ts';

abstract class Plain extends nn.Module {
  forward(input: Tensor): Tensor {
    return input;
  }
}

class Base extends Plain {
  #x = 1;
  has(other: object): boolean {
    return #x in other;
  }
}
class Derived extends Base {}

class Net extends Plain {
  readonly first = new nn.Linear(2, 2);
  readonly norm = new nn.BatchNorm1d(2);
  readonly chain = new nn.Sequential(this.first, new nn.ReLU());
  readonly tied = this.first.weight;
  readonly sizes = [1, [2, 3]];
  readonly table = new Map<string, object>([['a', { b: new Set([1]) }]]);
  readonly activation = Math.tanh;
  readonly back = { self: this as Net };
  override forward(input: Tensor): Tensor {
    return this.norm.forward(this.chain.forward(input));
  }
}

describe('Module.deepCopy()', () => {
  it('copies parameters, buffers, modes and plain fields into an object that shares nothing', () => {
    const net = new Net();
    net.norm.eval();
    net.first.bias!.requiresGrad = false;
    const copy = net.deepCopy();
    expect(copy).toBeInstanceOf(Net);
    expect(copy.forward(ones([3, 2])).toArray()).toEqual(net.forward(ones([3, 2])).toArray());
    expect([copy.training, copy.norm.training, copy.first.bias!.requiresGrad]).toEqual([true, false, false]);
    expect([copy.sizes, copy.table, copy.activation]).toEqual([net.sizes, net.table, Math.tanh]);
    for (const name of ['sizes', 'table', 'first', 'norm', 'chain'] as const)
      expect((copy[name] as object) === net[name], name).toBe(false);
    expect(copy.table.get('a')).not.toBe(net.table.get('a'));
    const before = copy.stateDict();
    const saved = Object.entries(before).map(([name, value]) => [name, value.toArray()]);
    for (const value of Object.values(net.stateDict())) value.fill_(9);
    expect(Object.entries(copy.stateDict()).map(([name, value]) => [name, value.toArray()])).toEqual(saved);
  });

  it('keeps shared what was shared, and references to itself', () => {
    const copy = new Net().deepCopy();
    expect([copy.back.self === copy, copy.chain.at(0) === copy.first, copy.tied === copy.first.weight]).toEqual([
      true,
      true,
      true,
    ]);
    expect(copy.parameters().length).toBe(new Net().parameters().length);
    expect(Object.keys(copy.stateDict())).toEqual(Object.keys(new Net().stateDict()));
    copy.chain.append(new nn.Linear(2, 1));
    expect(copy.chain.length).toBe(3);
  });

  it('leaves gradients of parameters behind, as PyTorch does, and takes those of other tensors along', () => {
    class Holding extends Plain {
      readonly weight = new nn.Parameter(ones([2]));
      readonly extra = ones([2], { requiresGrad: true });
    }
    const net = new Holding();
    net.weight.mul(net.extra).sum().backward();
    const copy = net.deepCopy();
    expect([copy.weight.grad, copy.extra.grad?.toArray(), copy.extra.requiresGrad]).toEqual([undefined, [1, 1], true]);
    net.extra.grad!.zero_();
    expect(copy.extra.grad!.toArray()).toEqual([1, 1]);
  });

  it('keeps views of one memory, strides and dtypes', () => {
    class Views extends Plain {
      declare all: Tensor;
      declare part: Tensor;
      readonly bits: Tensor;
      readonly wide = ones([1]).expand([3]);
      constructor() {
        super();
        this.registerBuffer('all', arange(6, { dtype: 'float32' }).view([2, 3]).t());
        this.registerBuffer('part', this.all.select(0, 1), { persistent: false });
        this.bits = this.all.detach().t().view('int32');
      }
    }
    const net = new Views();
    const copy = net.deepCopy();
    copy.part.fill_(0);
    expect(copy.all.toArray()).toEqual([[0, 3], [0, 0], [2, 5]]); // biome-ignore format: a matrix
    expect([copy.all.stride, copy.wide.stride, copy.bits.dtype]).toEqual([[1, 3], [0], 'int32']);
    expect(copy.bits.select(1, 1).toArray()).toEqual([0, 0]);
    expect(net.all.sum().item()).toBe(15);
    expect(Object.keys(copy.stateDict())).toEqual(['all']);
  });

  it('draws nothing, and copies generators where they are', () => {
    class Noisy extends Plain {
      readonly generator = new Generator(3);
      override emptyCopy(): nn.Module {
        randn([4]);
        return new Noisy();
      }
    }
    const net = new Noisy();
    randn([2], { generator: net.generator });
    manualSeed(0);
    const next = randn([2]).toArray();
    manualSeed(0);
    const copy = net.deepCopy();
    expect(randn([2]).toArray()).toEqual(next);
    expect(randn([2], { generator: copy.generator }).toArray()).toEqual(
      randn([2], { generator: net.generator }).toArray(),
    );
  });

  it('copies every built-in value, symbols, holes and flags', () => {
    const tag = Symbol('tag');
    class Odd extends Plain {
      readonly when = new Date(5);
      readonly pattern = /a/gi;
      readonly bytes = new Uint16Array(new Uint8Array([1, 0, 2, 0]).buffer, 2, 1);
      readonly node = Buffer.from('ab');
      readonly shared = new Int8Array(new SharedArrayBuffer(2));
      readonly frozen = Object.freeze({ list: Object.assign(new Array<number>(2), { 1: 1 }) });
      readonly bare = Object.assign(Object.create(null), { x: 1 }) as { x: number };
      readonly [tag] = [1];
      readonly big = 1n;
      readonly nothing = undefined;
      readonly none = null;
    }
    const net = new Odd();
    Object.defineProperty(net, 'hidden', { value: { deep: 1 }, enumerable: false });
    const copy = net.deepCopy() as Odd & { hidden: object };
    for (const name of ['when', 'pattern', 'bytes', 'node', 'shared', 'frozen', 'bare'] as const) {
      expect(copy[name], name).toEqual(net[name]);
      expect((copy[name] as object) === net[name], name).toBe(false);
    }
    copy.shared[0] = 1;
    copy.bytes[0] = 7;
    expect([net.shared[0], net.bytes[0], 0 in copy.frozen.list, Object.isFrozen(copy.frozen)]).toEqual([
      0,
      2,
      false,
      true,
    ]);
    expect([copy[tag], copy.hidden, Object.keys(copy).includes('hidden')]).toEqual([[1], { deep: 1 }, false]);
    expect(copy[tag]).not.toBe(net[tag]);
    expect([copy.big, copy.nothing, copy.none, 'nothing' in copy]).toEqual([1n, undefined, null, true]);
  });

  it('copies objects of other classes from their properties, with their class', () => {
    class Config {
      list = [1];
      get total(): number {
        return this.list.length;
      }
    }
    class Holding extends Plain {
      readonly config = new Config();
    }
    const net = new Holding();
    const copy = net.deepCopy();
    net.config.list.push(2);
    expect([copy.config instanceof Config, copy.config.total]).toEqual([true, 1]);
  });

  it.each<[string, () => nn.Module, string]>([
    ['private fields', () => new (class Net extends Plain { #x = 1; get x(): number { return this.#x; } })(), 'private #x of class Net'], // biome-ignore format: one class a line
    ['private methods', () => new (class Net extends Plain { #x(): number { return 1; } y(): number { return this.#x(); } })(), 'private #x of class Net'], // biome-ignore format: one class a line
    ['private members of a base class', () => new Derived(), 'private #x of class Base'],
    ['an arrow function with this', () => new (class Net extends Plain { run = (): boolean => this.training; })(), 'an arrow function that refers to `this` in "run"'], // biome-ignore format: one class a line
    ['a bound function', () => new (class Net extends Plain { run = this.eval.bind(this); })(), 'a bound function in "run"'], // biome-ignore format: one class a line
    ['a promise', () => new (class Net extends Plain { later = { all: [Promise.resolve()] }; })(), 'a Promise in "later.all.0"'], // biome-ignore format: one class a line
    ['a weak map', () => new (class Net extends Plain { cache = new WeakMap(); })(), 'a WeakMap in "cache"'], // biome-ignore format: one class a line
    ['a result of operators', () => new (class Net extends Plain { last = ones([1], { requiresGrad: true }).mul(2); })(), 'a tensor that operators made, with a graph behind it in "last"'], // biome-ignore format: one class a line
  ])('refuses %s, of which a copy would be broken', (_, make, got) => {
    const net = make();
    expect(() => net.deepCopy()).toThrow(TypeError);
    expect(() => net.deepCopy()).toThrow(`: expected what can be copied from outside, got ${got}; `);
  });

  it('lets static private members, and words that only look like private ones, be', () => {
    class Net extends Plain {
      static #made = 0;
      static next(): number {
        Net.#made += 1; // this.#count is no member
        return Net.#made;
      }
      readonly half = (x: number): string => `${x / 2} of it`.replace('this', /* this */ 'that');
      readonly color = '#count';
      readonly other = `a.#count`;
    }
    expect([new Net().deepCopy().color, Net.next()]).toEqual(['#count', 1]);
  });

  it('lets a class with private members say how to make another of it', () => {
    class Counting extends Plain {
      #calls = 0;
      #twin: nn.Linear;
      readonly width: number;
      readonly extra = 1;
      readonly body: nn.Linear;
      readonly report = (): number => this.#calls;
      constructor(width: number) {
        super();
        this.width = width;
        this.body = new nn.Linear(width, 1);
        this.#twin = this.body;
        this.registerBuffer('own', zeros([width]));
      }
      override emptyCopy(copyOf: nn.CopyOf): Counting {
        const copy = new Counting(this.width);
        copy.#calls = this.#calls;
        copy.#twin = copyOf(this.#twin);
        return copy;
      }
      call(): boolean {
        this.#calls += 1;
        return this.#twin === this.body;
      }
    }
    const net = new Counting(2);
    net.call();
    Object.assign(net, { late: new nn.Linear(1, 1), own: ones([2]) });
    Reflect.deleteProperty(net, 'extra');
    const copy = net.deepCopy();
    expect([copy.call(), copy.report(), net.report(), 'extra' in copy]).toEqual([true, 2, 1, false]);
    expect(copy.body.weight.equal(net.body.weight)).toBe(true);
    expect(Object.keys(copy.stateDict())).toEqual(Object.keys(net.stateDict()));
    expect(copy.stateDict().own!.toArray()).toEqual([1, 1]);
  });

  it('refuses an emptyCopy() of another class, of itself, or without end', () => {
    class Base extends Plain {
      override emptyCopy(_copyOf: nn.CopyOf): nn.Module {
        return new Base();
      }
    }
    class Derived extends Base {}
    class Same extends Base {
      override emptyCopy(): nn.Module {
        return this;
      }
    }
    class Endless extends Base {
      override emptyCopy(copyOf: nn.CopyOf): nn.Module {
        return copyOf(this);
      }
    }
    expect(new Base().deepCopy()).toBeInstanceOf(Base);
    expect(() => new Derived().deepCopy()).toThrow(
      'an emptyCopy() that returns no new Derived; define emptyCopy() in Derived',
    );
    expect(() => new Same().deepCopy()).toThrow('an emptyCopy() that returns no new Same');
    expect(() => new Endless().deepCopy()).toThrow('an emptyCopy() of Endless that copies itself');
  });

  it('leaves nothing in a scope around it, and outlives the scope', () => {
    const net = new Net();
    scope(() => net.deepCopy());
    const before = settledTensors();
    const numOwn = [...net.parameters(), ...net.namedBuffers()].length;
    const copy = scope(() => ({ copy: net.deepCopy() })).copy;
    expect(liveTensors() - before).toBeLessThanOrEqual(numOwn);
    expect(copy.forward(tensor([[1, 2], [3, 4]])).shape).toEqual([2, 2]); // biome-ignore format: a matrix
  });

  it('copies every container, and what is appended to the copy is not in the original', () => {
    const list = new nn.ModuleList<nn.UnaryModule>([new nn.Linear(1, 1)]);
    const dict = new nn.ModuleDict<nn.UnaryModule>({ a: new nn.Linear(1, 1) });
    const weights = new nn.ParameterList([ones([1])]);
    const named = new nn.ParameterDict({ a: ones([1]) });
    list.deepCopy().append(new nn.ReLU());
    dict.deepCopy().set('b', new nn.ReLU());
    weights.deepCopy().append(ones([1]));
    named.deepCopy().set('b', ones([1]));
    expect([list.length, dict.length, weights.length, named.length]).toEqual([1, 1, 1, 1]);
    expect(list.deepCopy().at(0) === list.at(0)).toBe(false);
    expect(named.deepCopy().get('a').toArray()).toEqual([1]);
  });

  it('copies layers that wait for their input, each of which takes its own', () => {
    const net = new nn.Sequential(new nn.LazyLinear(2), new nn.LazyBatchNorm1d());
    const copy = net.deepCopy();
    copy.forward(ones([2, 3]));
    net.forward(ones([2, 5]));
    expect([copy.getParameter('0.weight').shape, net.getParameter('0.weight').shape]).toEqual([[2, 3], [2, 5]]); // biome-ignore format: a list of two
    expect(copy.getBuffer('1.running_mean').shape).toEqual([2]);
  });

  it('knows of no private member in a class of this library', () => {
    const classes = Object.values(nn).filter(
      (each) => typeof each === 'function' && each.prototype instanceof nn.Module,
    );
    expect(classes.length).toBeGreaterThan(100);
    const hidden = classes.map((each) => hiddenStateOf((each as { prototype: object }).prototype, Object.prototype));
    expect(hidden.filter((each) => each !== undefined)).toEqual([]);
  });
});
