// Hooks on modules: that they cost nothing where there are none, act on every call of forward, and refuse what they cannot do.

import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { noGrad } from '../tensor/autograd.ts';
import { ones, tensor } from '../tensor/create.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import * as nn from './index.ts';

class Doubling extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.mul(2);
  }
}

class Deeper extends Doubling {
  override forward(x: Tensor): Tensor {
    return super.forward(x).add(1);
  }
}

const counter = (): { count: number; hook: () => undefined } => {
  const self = { count: 0, hook: (): undefined => void self.count++ };
  return self;
};

describe('Module.registerForwardHook()', () => {
  it('leaves the class and modules without hooks as they are', () => {
    const [hooked, other] = [new Doubling(), new Doubling()];
    const handle = hooked.registerForwardHook(() => undefined);
    expect([Object.hasOwn(hooked, 'forward'), Object.hasOwn(other, 'forward')]).toEqual([true, false]);
    expect(other.forward).toBe(Doubling.prototype.forward);
    expect(Object.keys(hooked)).toEqual(Object.keys(other));
    expect([Object.keys(hooked.stateDict()), String(hooked)]).toEqual([[], 'Doubling()']);
    handle.remove();
    handle.remove();
    expect(Object.hasOwn(hooked, 'forward')).toBe(false);
  });

  it('acts once where a class calls the forward of its base', () => {
    const module = new Deeper();
    const calls = counter();
    module.registerForwardHook(calls.hook);
    expect([module.forward(tensor([3])).item(), calls.count]).toEqual([7, 1]);
  });

  it('acts on a forward that the object has itself, and on one that is assigned later', () => {
    class Own extends nn.Module {
      forward = (x: Tensor): Tensor => x.mul(3);
    }
    const module = new Own();
    const calls = counter();
    const handle = module.registerForwardHook(calls.hook);
    expect(module.forward(tensor([2])).item()).toBe(6);
    module.forward = (x) => x.mul(5);
    expect([module.forward(tensor([2])).item(), calls.count]).toEqual([10, 2]);
    handle.remove();
    expect([module.forward(tensor([2])).item(), calls.count, Object.keys(module).includes('forward')]).toEqual([
      10,
      2,
      true,
    ]);
  });

  it('knows the types of what the module takes and gives', () => {
    new nn.Bilinear(1, 1, 1).registerForwardHook((module, inputs, output) => {
      expectTypeOf(module).toEqualTypeOf<nn.Bilinear>();
      expectTypeOf(inputs).toEqualTypeOf<readonly [input1: Tensor, input2: Tensor]>();
      expectTypeOf(output).toEqualTypeOf<Tensor>();
      return output;
    });
    expectTypeOf<nn.Linear>().toExtend<nn.UnaryModule>();
  });

  it('sees options objects among the inputs, and its own options are checked', () => {
    const layer = new nn.EmbeddingBag(3, 2, { mode: 'sum' });
    const seen: unknown[] = [];
    layer.registerForwardHook((_, inputs) => void seen.push(inputs.length, inputs[2]));
    const perSampleWeights = ones([2]);
    layer.forward(tensor([0n, 1n]), tensor([0n]), { perSampleWeights });
    expect(seen[0]).toBe(3);
    expect((seen[1] as { perSampleWeights: Tensor }).perSampleWeights === perSampleWeights).toBe(true);
    expect(() => layer.registerForwardHook(() => undefined, { withKwargs: true } as nn.HookOptions)).toThrow(
      'expected options of { prepend, alwaysCall }, got "withKwargs"',
    );
    expect(() => layer.registerForwardHook(1 as never)).toThrow(
      new TypeError('Cannot register a hook on EmbeddingBag: expected a function, got number 1'),
    );
  });

  it('removes a hook at the end of a block, within the call that it is removed in too', () => {
    const module = new Doubling();
    const calls = counter();
    {
      using _ = module.registerForwardHook(calls.hook);
      module.forward(ones([1]));
    }
    module.forward(ones([1]));
    expect(calls.count).toBe(1);
    const handle: nn.RemovableHandle = module.registerForwardHook(() => handle.remove() as undefined);
    module.registerForwardHook(calls.hook);
    module.forward(ones([1]));
    module.forward(ones([1]));
    expect(calls.count).toBe(3);
  });

  it('refuses hooks that end later, and pre-hooks that do not give all inputs', () => {
    const module = new Doubling();
    const handle = module.registerForwardHook((async () => undefined) as never);
    expect(() => module.forward(ones([1]))).toThrow(
      'Cannot run a forward hook of Doubling: expected a synchronous body',
    );
    handle.remove();
    module.registerForwardPreHook((() => ones([1])) as never);
    expect(() => module.forward(ones([1]))).toThrow(
      new TypeError(
        'Cannot run a forward pre-hook of Doubling: expected an array of all inputs or undefined, got a Tensor',
      ),
    );
  });

  it('warns of a hook that throws after another error, which it lets through', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const module = new Doubling();
    module.registerForwardHook(
      () => {
        throw new Error('second');
      },
      { alwaysCall: true },
    );
    expect(() => module.forward(undefined as never)).toThrow(TypeError);
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('threw after another error'), 'SconceWarning');
    warn.mockRestore();
  });

  it('comes along with a copy, whose handles remove it there alone', () => {
    class Watching extends nn.Module {
      readonly inner = new Doubling();
      readonly seen: { count: number } = { count: 0 };
      readonly handle = this.inner.registerForwardHook(() => void total.count++);
      forward(x: Tensor): Tensor {
        return this.inner.forward(x);
      }
    }
    const total = { count: 0 };
    const module = new Watching();
    const copy = module.deepCopy();
    copy.forward(ones([1]));
    expect(total.count).toBe(1);
    copy.handle.remove();
    copy.forward(ones([1]));
    expect([total.count, Object.hasOwn(copy.inner, 'forward')]).toEqual([1, false]);
    module.forward(ones([1]));
    expect(total.count).toBe(2);
  });
});

describe('Module.registerFullBackwardHook()', () => {
  it('keeps gradients of outputs alive until those of the inputs are there, and nothing after', () => {
    const layer = new nn.Sequential(new nn.Linear(2, 2), new nn.Tanh(), new nn.Linear(2, 1));
    const sums: number[] = [];
    for (const module of layer.modules())
      module.registerFullBackwardHook(
        (_, [input], [output]) => void sums.push(Number(input!.sum()), Number(output!.sum())),
      );
    const x = ones([3, 2], { requiresGrad: true });
    const step = (): void => scope(() => layer.forward(x).sum().backward());
    step();
    const before = settledTensors();
    for (let i = 0; i < 5; i++) step();
    expect(liveTensors()).toBe(before);
    expect([sums.length, sums.every(Number.isFinite)]).toEqual([48, true]);
  });

  it('may keep a gradient', () => {
    const layer = new Doubling();
    const kept: Tensor[] = [];
    layer.registerFullBackwardHook((_, [input], [output]) => void kept.push(input!.keep(), output!.keep()));
    scope(() =>
      layer
        .forward(ones([2], { requiresGrad: true }))
        .sum()
        .backward(),
    );
    expect(kept.map((each) => each.toArray())).toEqual([[2, 2], [1, 1]]); // biome-ignore format: a list of two
  });

  it('does nothing without gradients', () => {
    const layer = new nn.Linear(1, 1);
    const calls = counter();
    layer.registerFullBackwardHook(calls.hook);
    expect(noGrad(() => layer.forward(ones([1]))).requiresGrad).toBe(false);
    expect(calls.count).toBe(0);
  });

  it('refuses what it cannot watch, and gradients that do not fit', () => {
    class Named extends nn.Module {
      forward(x: Tensor): { y: Tensor } {
        return { y: x };
      }
    }
    const named = new Named();
    named.registerFullBackwardHook(() => undefined);
    expect(() => named.forward(ones([1]))).toThrow(
      'Cannot watch the gradients of Named: expected forward to return a tensor or an array with tensors, got a Object; remove its backward hooks',
    );
    const use = (hook: nn.BackwardHook, needs: boolean): (() => void) => {
      const layer = new nn.Linear(1, 1);
      layer.registerFullBackwardHook(hook);
      const y = layer.forward(ones([1], { requiresGrad: needs })).sum();
      return () => y.backward();
    };
    expect(use(() => [], true)).toThrow(
      'Cannot run a backward hook of Linear: expected an array of 1 or undefined, got one of 0',
    );
    expect(use((() => ones([1])) as never, true)).toThrow('expected an array of 1 or undefined, got a Tensor');
    expect(use((() => [1]) as never, true)).toThrow('expected tensors or undefined, got number 1');
    expect(use(() => [ones([1])], false)).toThrow('expected undefined for inputs that need no gradient, got a tensor');
    expect(use(() => [undefined], false)).not.toThrow();
  });
});
