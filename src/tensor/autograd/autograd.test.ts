// What TypeScript puts into a graph (functions, hooks, checkpoints), with the engine on this thread and on another, as it is with a GPU.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enableGrad, grad, inferenceMode, isInferenceMode, noGrad } from '../autograd.ts';
import { getNative } from '../call.ts';
import { ones, rand, tensor, zeros } from '../create.ts';
import { manualSeed } from '../generator.ts';
import { dropout } from '../ops.generated.ts';
import { libtorchVersion } from '../process.ts';
import { keep, liveTensors, scope } from '../scope.ts';
import type { Tensor } from '../tensor.ts';
import { checkpoint } from './checkpoint.ts';
import { AutogradFunction, type FunctionContext, type Gradients } from './function.ts';
import { hessian, hvp, jacobian, jvp, vhp, vjp } from './functional.ts';
import { gradcheck, gradgradcheck } from './gradcheck.ts';
import { savedTensorsHooks } from './saved-tensors.ts';

const leaf = (values: number[], dtype: 'float32' | 'float64' = 'float32'): Tensor =>
  tensor(values, { requiresGrad: true, dtype });
const counts = (): number[] => getNative().autogradCounts();

class Square extends AutogradFunction {
  static forward(ctx: FunctionContext<[Tensor]>, x: Tensor): Tensor {
    ctx.saveForBackward(x);
    return x.mul(x);
  }
  static backward(ctx: FunctionContext<[Tensor]>, gradient: Tensor): Tensor {
    const [x] = ctx.savedTensors;
    return gradient.mul(x).mul(2);
  }
}

/** x * scale and x + y; what the tests need to know is written down. */
const seen: unknown[] = [];
class Pair extends AutogradFunction {
  static forward(ctx: FunctionContext & { scale: number }, x: Tensor, scale: number, y: Tensor): [Tensor, Tensor] {
    ctx.scale = scale;
    seen.push(ctx.needsInputGrad);
    return [x.mul(scale), x.add(y)];
  }
  static backward(ctx: FunctionContext & { scale: number }, first: Tensor, second: Tensor): Gradients {
    seen.push(ctx.needsInputGrad, first.toArray(), second.toArray());
    return [first.mul(ctx.scale).add(second), undefined, second];
  }
}

/** A function of one argument whose backward is given. */
function withBackward(backward: (gradient: Tensor, ctx: FunctionContext) => unknown) {
  return class Odd extends AutogradFunction {
    static forward(ctx: FunctionContext, x: Tensor): Tensor {
      ctx.saveForBackward(x);
      return x.mul(1);
    }
    static backward(ctx: FunctionContext, gradient: Tensor): Gradients {
      return backward(gradient, ctx) as Gradients;
    }
  };
}

describe.each([
  ['this thread', false],
  ['another thread', true],
])('with the engine on %s', (_, isAside) => {
  let before = false;
  beforeAll(() => {
    before = getNative().runEngineAside(isAside);
  });
  afterAll(() => void getNative().runEngineAside(before));

  describe('AutogradFunction', () => {
    it('gives its own gradient, first, second and third', () => {
      const x = leaf([3]);
      const y = Square.apply(Square.apply(x)); // x^4
      expect([y.item(), y.gradFn]).toEqual([81, 'SquareBackward']);
      const [first] = grad([y], [x], { createGraph: true });
      const [second] = grad([first!], [x], { createGraph: true });
      const [third] = grad([second!], [x]);
      expect([first!.item(), second!.item(), third!.item()]).toEqual([108, 108, 72]);
    });

    it('takes other arguments, gives several outputs, and knows what is wanted', () => {
      const [x, y] = [leaf([1, 2]), tensor([5, 6])];
      seen.length = 0;
      const [scaled, sum] = Pair.apply(x, 10, y);
      sum.mul(3).sum().backward();
      expect([scaled.toArray(), x.grad!.toArray()]).toEqual([
        [10, 20],
        [3, 3],
      ]);
      expect(seen).toEqual([
        [true, false, false],
        [true, false, false],
        [0, 0],
        [3, 3],
      ]);
    });

    it('leaves the gradients of unused outputs undefined where told', () => {
      class Partial extends AutogradFunction {
        static forward(ctx: FunctionContext, x: Tensor): Tensor[] {
          ctx.setMaterializeGrads(false);
          return [x.mul(2), x.mul(3)];
        }
        static backward(_: FunctionContext, first: Tensor | undefined, second: Tensor | undefined): Tensor {
          expect(first).toBeUndefined();
          return second!.mul(3);
        }
      }
      const x = leaf([1]);
      Partial.apply(x)[1]!.backward();
      expect(x.grad!.item()).toBe(3);
    });

    it('knows changes in place and outputs without gradients', () => {
      class Double extends AutogradFunction {
        static forward(ctx: FunctionContext, x: Tensor): [Tensor, Tensor] {
          x.mul_(2);
          const sign = x.sign();
          ctx.markDirty(x);
          ctx.markNonDifferentiable(sign);
          return [x, sign];
        }
        static backward(_: FunctionContext, gradient: Tensor): Tensor {
          return gradient.mul(2);
        }
      }
      const x = leaf([-1, 4]);
      const [doubled, sign] = Double.apply(x.mul(1));
      expect([doubled.toArray(), sign.toArray(), sign.requiresGrad]).toEqual([[-2, 8], [-1, 1], false]);
      doubled.sum().backward();
      expect(x.grad!.toArray()).toEqual([2, 2]);
      expect(() => Double.apply(x)).toThrow('Cannot run forward of Double');
    });

    it('refuses backward through what a forward left behind whose recording failed', () => {
      const kept: Tensor[] = [];
      class Stray extends AutogradFunction {
        static forward(ctx: FunctionContext, x: Tensor): [Tensor, Tensor] {
          const outputs = [x.add(1).keep(), x.sub(1).keep()] as [Tensor, Tensor];
          kept.push(...outputs);
          // No output: libtorch finds that when it has hung the node on the outputs.
          ctx.markDirty(x);
          return outputs;
        }
        static backward(_: FunctionContext, gradient: Tensor): Tensor {
          return gradient;
        }
      }
      expect(() => Stray.apply(leaf([1, 2]).mul(1))).toThrow('Cannot run forward of Stray');
      expect(() => kept[0]!.add(kept[1]!).sum().backward()).toThrow(
        /expected a Stray whose forward was recorded to its end, got one whose recording failed/,
      );
      for (const tensor of kept) tensor.dispose();
    });

    it('passes gradcheck and gradgradcheck, and fails where its backward is wrong', () => {
      const x = leaf([0.5, -1.5, 2], 'float64');
      expect(gradcheck((x) => Square.apply(x), [x])).toBe(true);
      expect(gradgradcheck((x) => Square.apply(x), [x])).toBe(true);
      const Wrong = withBackward((gradient) => gradient.mul(1.01));
      expect(() => gradcheck((x) => Wrong.apply(x), [x])).toThrow(
        /^Cannot pass gradcheck: expected the derivative of output 0, element 0, by input 0, element 0, to be 1.* by differences, got 1.01 from backward$/,
      );
      expect(gradcheck((x) => Wrong.apply(x), [x], { returnsFalse: true })).toBe(false);
    });

    it('throws what its backward throws: the same object', () => {
      const thrown = new Error('from backward');
      const Throwing = withBackward(() => {
        throw thrown;
      });
      const x = leaf([1]);
      let caught: unknown;
      try {
        Throwing.apply(x.mul(2)).mul(3).backward();
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
      x.mul(2).backward();
      expect(x.grad!.item()).toBe(2);
    });

    it.each<[string, (gradient: Tensor) => unknown, string]>([
      [
        'no gradient',
        () => undefined,
        'expected float32 [2] as the gradient of input 0, got undefined; return zeros if it is zero',
      ],
      ['a shape', () => ones([3]), 'expected float32 [2] as the gradient of input 0, got float32 [3]'],
      ['an integer', () => tensor([1n, 2n]), 'expected float32 [2] as the gradient of input 0, got int64 [2]'],
      ['too many', (gradient) => [gradient, gradient], 'expected 1 gradient, one for each argument of forward, got 2'],
      ['none', () => [], 'expected 1 gradient, one for each argument of forward, got 0'],
      ['a number', () => [5], 'expected a tensor or undefined for argument 0, got number 5'],
      ['no list', () => 'text', 'expected a tensor or an array of gradients, got string "text"'],
      [
        'a Promise',
        async (gradient) => gradient,
        'expected a synchronous body, got one that returns a Promise; await outside of it',
      ],
    ])('refuses from its backward: %s', (_, backward, message) => {
      const x = leaf([1, 2]);
      expect(() => withBackward(backward).apply(x).sum().backward()).toThrow(`Cannot run backward of Odd: ${message}`);
    });

    it('refuses a tensor that was freed meanwhile, and saved tensors that were changed', () => {
      const Freed = withBackward((gradient) => {
        const result = gradient.mul(2);
        result.dispose();
        return result;
      });
      expect(() => Freed.apply(leaf([1])).backward()).toThrow(
        'Cannot run backward of Odd: expected a live tensor for "gradient", got one that was freed',
      );
      const x = leaf([1]);
      const y = x.mul(1);
      const z = Square.apply(y);
      y.add_(1);
      expect(() => z.backward()).toThrow('changed in place since');
    });

    it('reads what it saved only while its backward runs, once more only with retainGraph', () => {
      let context: FunctionContext | undefined;
      const Keeping = withBackward((gradient, ctx) => {
        context = ctx;
        return gradient.mul(ctx.savedTensors[0]!).add(ctx.savedTensors[0]!.mul(0));
      });
      const y = Keeping.apply(leaf([2]));
      y.backward(undefined, { retainGraph: true });
      expect(() => context!.savedTensors).toThrow(
        'Cannot read savedTensors of Odd: expected its backward to be running; they are kept for that alone',
      );
      y.backward();
      expect(() => y.backward()).toThrow('got one that an earlier pass freed');
    });

    it('refuses a forward that gives no tensor', () => {
      class None extends AutogradFunction {
        static forward(_: FunctionContext, x: Tensor): number {
          return x.item();
        }
        static backward(): Gradients {
          return undefined;
        }
      }
      expect(() => None.apply(leaf([1]))).toThrow(
        'Cannot run forward of None: expected a tensor or an array with tensors, got number 1',
      );
    });

    it('is not recorded without need', () => {
      expect(Square.apply(tensor([2])).requiresGrad).toBe(false);
      expect(noGrad(() => Square.apply(leaf([2])).requiresGrad)).toBe(false);
    });

    it('may run backward inside backward, deeper than libtorch stays on one thread', () => {
      let depth = 0;
      const Nested = withBackward((gradient) => {
        if (++depth < 70) enableGrad(() => Nested.apply(leaf([1]))).backward();
        return gradient;
      });
      const x = leaf([1]);
      Nested.apply(x).backward();
      expect([depth, x.grad!.item()]).toEqual([70, 1]);
    });

    it('carries an error out of a backward inside backward', () => {
      const thrown = new RangeError('deep');
      const Inner = withBackward(() => {
        throw thrown;
      });
      const Outer = withBackward(() => enableGrad(() => Inner.apply(leaf([1]))).backward());
      expect(() => Outer.apply(leaf([1])).backward()).toThrow(thrown);
    });

    it('frees a chain that is longer than the stack', () => {
      const start = counts()[0]!;
      scope(() => {
        let y = leaf([1]);
        for (let i = 0; i < 10_000; i++) y = Square.apply(y);
        expect(counts()[0]!).toBeGreaterThanOrEqual(10_000);
      });
      expect(counts()[0]!).toBeLessThanOrEqual(start);
    });
  });

  describe('Tensor.registerHook()', () => {
    it('shows and replaces gradients, in order', () => {
      const x = leaf([1]);
      const y = x.mul(2);
      const order: unknown[] = [];
      y.registerHook((gradient) => {
        order.push(gradient.item());
        return gradient.mul(10);
      });
      const second = y.registerHook((gradient) => void order.push(gradient.item()) as undefined);
      x.registerHook((gradient) => gradient.add(1));
      y.mul(3).backward();
      expect([order, x.grad!.item()]).toEqual([[3, 30], 61]);
      second.remove();
      second.remove();
      y.mul(3).backward();
      expect([order, x.grad!.item()]).toEqual([[3, 30, 3], 122]);
    });

    it('runs after the tensor was freed with its scope', () => {
      const x = leaf([1]);
      const order: number[] = [];
      const loss = scope(() => {
        const y = x.mul(2);
        y.registerHook((gradient) => void order.push(gradient.item()) as undefined);
        return y.mul(5);
      });
      loss.backward();
      expect(order).toEqual([5]);
    });

    it('may register a hook, which waits for the next backward, and remove itself', () => {
      const x = leaf([1]);
      const order: string[] = [];
      const handle = x.registerHook(() => {
        order.push('first');
        handle.remove();
        x.registerHook(() => void order.push('second') as undefined);
        return undefined;
      });
      x.mul(1).backward();
      expect(order).toEqual(['first']);
      x.mul(1).backward();
      expect(order).toEqual(['first', 'second']);
    });

    it('throws what the hook throws, and refuses what does not fit', () => {
      const x = leaf([1, 2]);
      const thrown = new Error('from a hook');
      const handle = x.registerHook(() => {
        throw thrown;
      });
      expect(() => x.sum().backward()).toThrow(thrown);
      handle.remove();
      using _ = x.registerHook(() => ones([3]));
      expect(() => x.sum().backward()).toThrow(
        'Cannot run a tensor hook: expected it to return float32 [2] or undefined, got float32 [3]',
      );
      expect(() => tensor([1]).registerHook(() => undefined)).toThrow(
        'Cannot register a hook: expected a tensor that requires a gradient, got float32 [1], which does not',
      );
    });

    it('stays with the value before a change in place', () => {
      const x = leaf([1]);
      const y = x.mul(2);
      const order: unknown[] = [];
      y.registerHook((gradient) => void order.push(['old', gradient.item()]) as undefined);
      y.mul_(5);
      y.registerHook((gradient) => void order.push(['new', gradient.item()]) as undefined);
      y.backward();
      expect(order).toEqual([
        ['new', 1],
        ['old', 5],
      ]);
    });

    it('frees gradients unless they are kept', () => {
      const x = leaf([1]);
      const held: Tensor[] = [];
      x.registerHook((gradient) => void held.push(gradient, keep(gradient.mul(2))) as undefined);
      x.mul(3).backward();
      expect(held.map((gradient) => gradient.isDisposed)).toEqual([true, false]);
      expect(() => held[0]!.shape).toThrow('the scope "a tensor hook" freed at its end');
    });

    it('retainGrad() keeps the gradient that hooks left', () => {
      const x = leaf([1]);
      const y = x.mul(2);
      expect([x.retainsGrad, y.retainsGrad]).toEqual([false, false]);
      y.retainGrad();
      expect(y.retainsGrad).toBe(true);
      y.registerHook((gradient) => gradient.mul(7));
      y.mul(3).backward();
      expect(y.grad!.item()).toBe(21);
    });

    const isOld = libtorchVersion().startsWith('1.');
    it.skipIf(isOld)('registerPostAccumulateGradHook() sees the sum', () => {
      const x = leaf([1]);
      const order: unknown[] = [];
      const handle = x.registerPostAccumulateGradHook((tensor) => order.push(tensor.grad!.item()));
      x.mul(2).backward();
      x.mul(3).backward();
      handle.remove();
      x.mul(4).backward();
      expect(order).toEqual([2, 5]);
      expect(() => x.mul(1).registerPostAccumulateGradHook(() => {})).toThrow(
        'expected a leaf, got a result of MulBackward1',
      );
    });
    it.runIf(isOld)('registerPostAccumulateGradHook() says what it needs', () => {
      expect(() => leaf([1]).registerPostAccumulateGradHook(() => {})).toThrow('expected libtorch 2.1 or newer');
    });
  });

  describe('savedTensorsHooks()', () => {
    it('keeps what pack gives, innermost alone, and sees every tensor', () => {
      const x = leaf([1.001]);
      const order: string[] = [];
      const hooks = (name: string) => ({
        pack: (tensor: Tensor): Tensor => {
          order.push(`pack ${name}`);
          return tensor.to('bfloat16');
        },
        unpack: (packed: Tensor): Tensor => {
          order.push(`unpack ${name}`);
          return packed.to('float32');
        },
      });
      const y = savedTensorsHooks(hooks('outer'), () => savedTensorsHooks(hooks('inner'), () => x.exp()).sin());
      y.backward();
      expect(order).toEqual(['pack inner', 'pack outer', 'unpack outer', 'unpack inner']);
      const rounded = (value: number): number => tensor([value]).to('bfloat16').item();
      expect(x.grad!.item()).toBeCloseTo(Math.cos(rounded(Math.exp(1.001))) * rounded(Math.exp(1.001)), 5);
    });

    it.each<[string, (tensor: Tensor) => unknown, (packed: never) => Tensor]>([
      ['itself', (tensor) => tensor, (tensor: Tensor) => tensor],
      ['an object with it', (tensor) => ({ tensor }), ({ tensor }: { tensor: Tensor }) => tensor],
    ])('lets go of a result that pack gives back: %s', (_, pack, unpack) => {
      const start = counts();
      // What exp saves is its own result, which holds the graph.
      for (let i = 0; i < 3; i++) {
        scope(() => {
          const x = leaf([2]);
          const y = savedTensorsHooks<unknown, Tensor>({ pack, unpack: unpack as (packed: unknown) => Tensor }, () =>
            x.exp(),
          );
          y.backward(undefined, { retainGraph: i > 0 });
          expect(x.grad!.item()).toBeCloseTo(Math.exp(2), 4);
        });
      }
      for (const [i, count] of counts().entries()) expect(count).toBeLessThanOrEqual(start[i]!);
    });

    it('takes anything for packed, and passes errors on', () => {
      const x = leaf([2]);
      const y = savedTensorsHooks(
        { pack: (tensor) => ({ values: tensor.toArray() }), unpack: ({ values }) => tensor(values as number[]) },
        () => x.mul(x),
      );
      y.backward();
      expect(x.grad!.item()).toBe(4);
      const thrown = new Error('from pack');
      const failing = {
        pack: (): never => {
          throw thrown;
        },
        unpack: (packed: Tensor) => packed,
      };
      expect(() => savedTensorsHooks(failing, () => x.mul(x))).toThrow(thrown);
      const wrong = savedTensorsHooks({ pack: (kept) => kept, unpack: () => 5 as unknown as Tensor }, () => x.mul(x));
      expect(() => wrong.backward()).toThrow('Cannot run an unpack hook: expected a tensor, got number 5');
    });
  });

  describe('checkpoint()', () => {
    const network = (x: Tensor): Tensor => dropout(dropout(x.sin(), 0.3, true).exp(), 0.3, true).mul(x);
    const gradientOf = (run: (x: Tensor) => Tensor): unknown => {
      manualSeed(3);
      const x = rand([50]).requiresGrad_();
      run(x).sum().backward();
      return [x.grad!.toArray(), rand([2]).toArray()];
    };

    it('gives the bits of the run without it, and leaves the generator where it was', () => {
      const expected = gradientOf((x) => network(network(x)));
      expect(gradientOf((x) => checkpoint(network, [checkpoint(network, [x])]))).toEqual(expected);
      expect(gradientOf((x) => scope(() => checkpoint(() => network(network(x)), [])))).toEqual(expected);
      expect(gradientOf((x) => checkpoint((x) => checkpoint(network, [network(x)]), [x]))).toEqual(expected);
      expect(gradientOf((x) => checkpoint(network, [network(x)], { preserveRngState: false }))).not.toEqual(expected);
    });

    it('recomputes for each pass, up to what is needed, and for second orders', () => {
      const x = leaf([0.5]);
      let runs = 0;
      let ends = 0;
      const y = checkpoint(
        (x) => {
          runs++;
          const result = x.exp().sin().mul(1);
          ends++;
          return result;
        },
        [x],
      );
      const [first] = grad([y], [x], { createGraph: true });
      const [second] = grad([first!], [x], { retainGraph: true });
      y.backward();
      const e = Math.exp(0.5);
      expect(second!.item()).toBeCloseTo(Math.cos(e) * e - Math.sin(e) * e * e, 5);
      expect(x.grad!.item()).toBeCloseTo(Math.cos(e) * e, 5);
      expect(runs).toBeGreaterThanOrEqual(3);
      expect(ends).toBe(1); // later runs stop at the last tensor that somebody wants
    });

    it('tells a body that is not the same twice', () => {
      const x = leaf([1, 2, 3]);
      let size = 3;
      const shapes = checkpoint((x) => x.narrow(0, 0, size).exp(), [x]);
      size = 2;
      expect(() => shapes.sum().backward()).toThrow(
        'Cannot recompute a checkpoint: expected saved tensor 0 to be float32 [3] as before, got float32 [2]; its body must do the same operations each time that it runs',
      );
      let isShort = false;
      const fewer = checkpoint((x) => (isShort ? x.exp() : x.exp().exp()), [x]);
      isShort = true;
      expect(() => fewer.sum().backward()).toThrow(
        'Cannot recompute a checkpoint: expected 2 or more saved tensors as before, got 1',
      );
    });

    it('passes errors of the second run on, and names the scope of a tensor that is gone', () => {
      const x = leaf([1]);
      const thrown = new Error('second run');
      let isSecond = false;
      const y = checkpoint(
        (x) => {
          if (isSecond) throw thrown;
          return x.exp();
        },
        [x],
      );
      isSecond = true;
      expect(() => y.backward()).toThrow(thrown);
      const z = scope(() => {
        const inner = x.mul(2);
        return checkpoint(() => inner.exp(), []);
      }, 'step');
      expect(() => z.backward()).toThrow('one that the scope "step" freed at its end');
      const safe = scope(() => checkpoint((inner) => inner.exp(), [x.mul(2)]));
      safe.backward();
      expect(x.grad!.item()).toBeCloseTo(2 * Math.exp(2), 4);
    });

    it('keeps nothing of what is inside', () => {
      let numSaved = 0;
      const count = {
        pack: (tensor: Tensor): Tensor => {
          numSaved++;
          return tensor;
        },
        unpack: (tensor: Tensor): Tensor => tensor,
      };
      const deep = (x: Tensor): Tensor => x.exp().sin().exp().sin().exp();
      const x = leaf([1]);
      savedTensorsHooks(count, () => deep(x));
      const without = numSaved;
      numSaved = 0;
      savedTensorsHooks(count, () => checkpoint(deep, [x]));
      expect([without, numSaved]).toEqual([5, 1]);
    });

    it('just runs where nothing is recorded', () => {
      expect(noGrad(() => checkpoint((x) => x.exp(), [zeros([1])])).item()).toBe(1);
    });
  });

  it('holds nothing after 2,000 steps with a function, a hook and a checkpoint', () => {
    const x = leaf([0.5]);
    const step = (): void =>
      scope(() => {
        const y = checkpoint((x) => Square.apply(x.sin()), [x]);
        y.registerHook((gradient) => gradient.mul(2));
        using _ = x.registerHook((gradient) => gradient.mul(0.5));
        y.backward();
        x.grad = undefined;
      });
    step();
    const start = [liveTensors(), ...counts()];
    const bytes = process.memoryUsage().rss;
    for (let i = 0; i < 2000; i++) step();
    // Not more: what earlier tests left may have been collected meanwhile.
    for (const [i, count] of [liveTensors(), ...counts()].entries()) expect(count).toBeLessThanOrEqual(start[i]!);
    expect(process.memoryUsage().rss - bytes).toBeLessThan(100e6);
  });
});

describe('inferenceMode()', () => {
  it('makes tensors that backward cannot save, and says so', () => {
    const x = inferenceMode(() => {
      expect(isInferenceMode()).toBe(true);
      expect(inferenceMode(() => isInferenceMode(), { enabled: false })).toBe(false);
      return ones([2]);
    });
    expect([isInferenceMode(), x.isInference(), ones([2]).isInference()]).toEqual([false, true, false]);
    expect(() => x.mul(leaf([1, 2]))).toThrow(
      'Cannot run mul.Tensor: expected tensors that backward can save, got one made in inferenceMode(); use a clone() of it',
    );
    expect(() => x.add_(1)).toThrow(
      'Cannot run add_.Scalar: expected a tensor that may change here, got one made in inferenceMode(); change a clone() of it',
    );
    expect(x.clone().mul(leaf([1, 2])).requiresGrad).toBe(true);
    expect(() => inferenceMode(async () => {})).toThrow('Cannot leave inferenceMode');
    expect(isInferenceMode()).toBe(false);
  });
});

describe('derivatives of functions', () => {
  const x = tensor([1, 2], { dtype: 'float64' });
  const y = tensor([3, 4], { dtype: 'float64' });

  it('jacobian() of one and of several', () => {
    expect(jacobian((x: Tensor) => x.mul(x), x).toArray()).toEqual([
      [2, 0],
      [0, 4],
    ]);
    const [byX, byY] = jacobian((a: Tensor, b: Tensor) => a.mul(b).sum(), [x, y]);
    expect([byX!.toArray(), byY!.toArray()]).toEqual([
      [3, 4],
      [1, 2],
    ]);
    const unused = jacobian((a: Tensor, b: Tensor) => [a.sum(), b.sum()], [x, y]);
    expect(unused[0]![1]!.toArray()).toEqual([0, 0]);
    expect(() => jacobian((a: Tensor, _: Tensor) => a.sum(), [x, y], { strict: true })).toThrow(
      'Cannot compute jacobian with strict',
    );
  });

  it('hessian(), vhp() and hvp() agree', () => {
    const cubes = (x: Tensor): Tensor => x.pow(3).sum().add(x.prod());
    const full = hessian(cubes, x);
    expect(full.toArray()).toEqual([
      [6, 1],
      [1, 12],
    ]);
    expect(vhp(cubes, x, y)[1].toArray()).toEqual([22, 51]);
    expect(hvp(cubes, x, y)[1].toArray()).toEqual([22, 51]);
  });

  it('vjp() and jvp() multiply from the left and from the right', () => {
    const fn = (x: Tensor): Tensor => x.mul(x).sum().mul(x);
    const full = jacobian(fn, x);
    expect(vjp(fn, x, y)[1].toArray()).toEqual(y.matmul(full).toArray());
    expect(jvp(fn, x, y)[1].toArray()).toEqual(full.matmul(y).toArray());
    expect(vjp(fn, x, y)[0].toArray()).toEqual([5, 10]);
    expect(() => vjp(fn, x)).toThrow('Cannot compute vjp: expected vectors, got none');
    expect(() => vjp(fn, x, ones([3]))).toThrow('Cannot compute vjp: expected vectors of [2], got [3]');
  });

  it('can be differentiated further', () => {
    const z = leaf([1, 2], 'float64');
    jacobian((z: Tensor) => z.pow(3), z, { createGraph: true })
      .sum()
      .backward();
    expect(z.grad!.toArray()).toEqual([6, 12]);
  });
});
