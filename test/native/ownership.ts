// Steps that keep state through their scope. Each runs in the main thread and in a worker, and throws where a value or a count of live tensors is wrong.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  adopt,
  collectTensors,
  DisposedError,
  keep,
  liveTensors,
  nn,
  ones,
  optim,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '../../src/index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Plays a step often; after the first few, every one must leave as many tensors as it found. */
function steady(step: (index: number) => void, numSteps = 40, numWarm = 4): void {
  for (let i = 0; i < numWarm; i++) step(i);
  for (let i = 0; i < 3; i++) {
    collectGarbage(); // what came before goes now, and not from the counts below
    liveTensors();
  }
  const before = liveTensors();
  for (let i = numWarm; i < numSteps; i++) {
    step(i);
    assert.equal(liveTensors(), before, `live tensors after step ${i}`);
  }
}

function close(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected)),
    `expected ${expected}, got ${actual}`,
  );
}

class Averaging extends nn.Module {
  declare running: Tensor | undefined;

  constructor() {
    super();
    this.registerBuffer('running', zeros([2]));
  }

  forward(x: Tensor): Tensor {
    this.running = this.running!.mul(0.9).add(x.detach());
    return x.sub(this.running);
  }
}

class Outer extends nn.Module {
  readonly inner = new Averaging();
  readonly layers = new nn.ModuleList([new Averaging(), new Averaging()]);

  forward(x: Tensor): Tensor {
    return this.layers.at(1).forward(this.inner.forward(x) as never) as Tensor;
  }
}

/** Gradient descent with momentum, in which every entry is made anew at every step. */
class Momentum extends optim.GroupOptimizer<{ lr: number }> {
  readonly #replacesRecords: boolean;

  constructor(params: nn.Parameter[], replacesRecords = false) {
    super(params, { hyperparameters: { lr: { key: 'lr', kind: 'float', initial: 0.1 } }, state: {} });
    this.#replacesRecords = replacesRecords;
  }

  protected override start(): Record<string, Tensor> {
    return {};
  }

  protected override update({ group, params, grads, entries }: optim.Batch<{ lr: number }>): void {
    for (const [i, parameter] of params.entries()) {
      const before = entries[i]!;
      const old = before.momentum as Tensor | undefined;
      const momentum = old ? old.mul(0.5).add(grads[i]!) : grads[i]!.clone();
      if (old && !this.#replacesRecords) before.momentum = momentum;
      else this.state.set(parameter as nn.Parameter, { momentum, extra: momentum });
      parameter.sub_(momentum.mul(group.lr));
    }
  }

  momentumOf(parameter: nn.Parameter): Tensor {
    return this.state.get(parameter)!.momentum as Tensor;
  }

  forget(parameter: nn.Parameter): void {
    this.state.delete(parameter);
  }
}

function freedBy(name: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof DisposedError &&
    error.message.includes(`the scope "${name}" freed`) &&
    error.message.includes('keep()');
}

function nothing(): void {}

export const cases: Readonly<Record<string, () => void>> = {
  'a buffer that is assigned anew': () => {
    const model = new Averaging();
    let expected = 0;
    steady((i) => {
      scope(() => model.forward(ones([2]).mul(i)), 'step').dispose();
      expected = expected * 0.9 + i;
      scope(() => close(model.running!.sum().item(), 2 * expected));
    });
  },

  'buffers of nested modules, assigned from outside': () => {
    const model = new Outer();
    const expected = [0, 0];
    steady((i) => {
      scope(() => {
        model.inner.running = model.inner.running!.mul(0.5).add(i);
        (model.layers.at(1) as Averaging).running = model.inner.running.add(1);
      });
      expected[0] = expected[0]! * 0.5 + i;
      scope(() => {
        close(model.inner.running!.sum().item(), 2 * expected[0]!);
        close((model.layers.at(1) as Averaging).running!.sum().item(), 2 * expected[0]! + 2);
      });
    });
  },

  'a buffer that is registered anew, taken away, and loaded': () => {
    const model = new Averaging();
    steady((i) => {
      scope(() => model.registerBuffer('running', ones([2]).mul(i)));
      scope(() => assert.deepEqual(model.running!.toArray(), [i, i]));
      scope(() => {
        model.running = undefined;
        model.running = ones([2]);
        model.loadStateDict({ running: ones([2]).mul(3 * i) });
      });
      scope(() => assert.deepEqual(model.stateDict().running!.toArray(), [3 * i, 3 * i]));
    });
  },

  'one tensor as two buffers': () => {
    const [a, b] = [new Averaging(), new Averaging()];
    steady((i) => {
      scope(() => {
        const shared = ones([2]).mul(i);
        a.running = shared;
        b.running = shared;
      });
      scope(() => {
        a.running = zeros([2]);
      });
      scope(() =>
        assert.deepEqual(
          [a.running!.toArray(), b.running!.toArray()],
          [
            [0, 0],
            [i, i],
          ],
        ),
      );
    });
  },

  'the value before, within the step that replaces it, and afterwards': () => {
    const model = new Averaging();
    scope(() => model.forward(ones([2])));
    const [seen, kept] = [
      model.running!,
      keep(
        scope(() => {
          model.running = ones([2]).mul(7);
          return model.running;
        }),
      ),
    ];
    const change = scope(() => {
      const before = model.running!;
      model.running = before.add(1);
      return model.running.sub(before).sum().item();
    }, 'second');
    assert.equal(change, 2);
    assert.throws(() => seen.item(), DisposedError);
    assert.deepEqual(kept.toArray(), [7, 7]);
    const loose = model.running!;
    scope(() => model.forward(ones([2])), 'third');
    assert.throws(() => loose.sum(), freedBy('third'));
  },

  'a state dict that is held while the buffers go on': () => {
    const model = new Averaging();
    scope(() => model.forward(ones([2])));
    const snapshot = model.stateDict();
    scope(() => model.forward(ones([2])));
    assert.deepEqual(snapshot.running!.toArray(), [1, 1]);
    assert.notDeepEqual(model.running!.toArray(), [1, 1]);
    model.loadStateDict(snapshot);
    assert.deepEqual(model.running!.toArray(), [1, 1]);
  },

  'the state of an optimizer, made lazily and anew at each step': () => {
    for (const replacesRecords of [false, true]) {
      const parameter = new nn.Parameter(ones([3]));
      const optimizer = new Momentum([parameter], replacesRecords);
      let [value, momentum] = [1, 0];
      steady(() => {
        scope(() => {
          parameter.pow(2).sum().backward();
          optimizer.step();
          optimizer.zeroGrad();
        });
        momentum = momentum * 0.5 + 2 * value;
        value -= 0.1 * momentum;
        scope(() => {
          close(parameter.sum().item(), 3 * value);
          close(optimizer.momentumOf(parameter).sum().item(), 3 * momentum);
        });
      });
      const held = optimizer.momentumOf(parameter);
      scope(() => optimizer.forget(parameter), 'forgetting');
      assert.throws(() => held.sum(), freedBy('forgetting'));
    }
  },

  'an optimizer whose state goes back to what it was': () => {
    const parameter = new nn.Parameter(ones([2]));
    const optimizer = new optim.AdamW([parameter]);
    const step = (): void =>
      scope(() => {
        parameter.sum().backward();
        optimizer.step();
        optimizer.zeroGrad();
      });
    step();
    const snapshot = scope(() =>
      keep(
        [...optimizer.stateDict().state.values()].map((entries) => ({ ...entries, exp_avg: entries.exp_avg!.clone() })),
      ),
    );
    const average = snapshot[0]!.exp_avg!.toArray();
    steady(() => {
      step();
      scope(() => optimizer.loadStateDict({ ...optimizer.stateDict(), state: new Map([[0, snapshot[0]!]]) }));
      scope(() => assert.deepEqual(optimizer.stateDict().state.get(0)!.exp_avg!.toArray(), average));
    });
  },

  'parameters that take turns in getting a gradient': () => {
    const parameters = [new nn.Parameter(ones([2])), new nn.Parameter(ones([3])), new nn.Parameter(ones([4]))];
    const optimizer = new optim.AdamW(parameters);
    for (const parameter of parameters) parameter.sum().backward();
    optimizer.step();
    optimizer.zeroGrad();
    let count = 1;
    steady((i) => {
      scope(() => {
        for (const at of [i % 3, (i + 1) % 3]) parameters[at]!.sum().backward();
        optimizer.step();
        optimizer.zeroGrad();
      });
      count += 2 / 3;
      const steps = scope(() => [0, 1, 2].map((at) => optimizer.stateDict().state.get(at)!.step!.item()));
      close(steps.reduce((sum, step) => sum + step, 0) / 3, count);
    });
  },

  'gradients that outlive the step': () => {
    const parameter = new nn.Parameter(ones([2]));
    let total = 0;
    steady((i) => {
      const gradient = scope(() => {
        parameter.mul(i).sum().backward();
        return parameter.grad!;
      });
      total += i;
      assert.deepEqual(gradient.toArray(), [total, total]);
      gradient.dispose(); // the parameter goes on holding it
      scope(() => assert.deepEqual(parameter.grad!.toArray(), [total, total]));
    });
    let escaped = parameter as Tensor;
    scope(() => {
      escaped = parameter.grad!;
    }, 'reading');
    assert.throws(() => escaped.sum(), freedBy('reading'));
  },

  'a recurrent carry, given to the next step': () => {
    const cell = new nn.Linear(2, 2);
    const expected = scope(() => {
      let state = zeros([1, 2]);
      for (let i = 0; i < 40; i++) state = cell.forward(state.add(i)).tanh();
      return state.toArray();
    });
    let adopted = zeros([1, 2]);
    let disposed = zeros([1, 2]);
    steady((i) => {
      adopted = scope(() => {
        adopt(adopted);
        const next = cell.forward(adopted.add(i)).tanh();
        next.sum().backward();
        return next.detach();
      });
      const next = scope(() => cell.forward(disposed.add(i)).tanh().detach());
      disposed.dispose();
      disposed = next;
      cell.zeroGrad();
    });
    assert.deepEqual([adopted.toArray(), disposed.toArray()], [expected, expected]);
  },

  'a queue of keys, the oldest of which are dropped': () => {
    const queue: Tensor[] = [];
    steady(
      (i) => {
        const mean = scope(() => {
          queue.push(keep(ones([2]).mul(i)));
          if (queue.length > 8) adopt(queue.shift()!);
          return queue
            .reduce((sum, key) => sum.add(key))
            .div(queue.length)
            .select(0, 0)
            .item();
        });
        const first = Math.max(0, i - 7);
        close(mean, (first + i) / 2);
      },
      60,
      10,
    );
  },

  'parameters that are replaced': () => {
    const model = new nn.Linear(3, 1);
    const untyped = model as { weight: nn.Parameter };
    steady((i) => {
      scope(() => {
        const before = untyped.weight;
        untyped.weight = new nn.Parameter(before.mul(0).add(i));
        before.dispose();
        model
          .forward(ones([1, 3]))
          .sum()
          .backward();
      });
      scope(() => {
        assert.deepEqual(untyped.weight.toArray(), [[i, i, i]]);
        assert.deepEqual(untyped.weight.grad!.toArray(), [[1, 1, 1]]);
      });
    });
  },

  'parameters and generators that are dropped in a loop': () => {
    const before = liveTensors();
    let most = 0;
    // V8's young generation has grown to 32 MiB by now on Node 24, and a parameter takes a few hundred bytes of it.
    for (let i = 0; i < 250_000; i++) {
      scope(() => new nn.Parameter(ones([1])));
      if (i % 100 === 0) most = Math.max(most, liveTensors() - before);
    }
    assert.ok(most < 125_000, `expected the collector to free parameters inside the loop, got ${most} alive`);
  },

  'everything that can be returned': () => {
    class Base {
      readonly first: Tensor;
      constructor(value: number) {
        this.first = tensor(value);
      }
    }
    class Derived extends Base {
      readonly second = tensor(2);
      readonly again = this.first;
    }
    class List extends Array<Tensor> {
      label: Tensor | undefined;
    }
    const key = Symbol('key');
    const make = (value: number): { nest: Record<string | symbol, unknown>; expected: number } => {
      const shared = tensor(value);
      const list = List.from([tensor(3), shared]) as List;
      list.label = tensor(4);
      const holes: unknown[] = [];
      holes[3] = { deep: [new Set([new Map([[tensor(5), [tensor(6)]]])])] };
      const nest: Record<string | symbol, unknown> = {
        object: new Derived(1),
        list,
        holes,
        tuple: [shared, 'text', 7, undefined, null] as const,
        [key]: tensor(8),
        frozen: Object.freeze({ inside: Object.freeze([tensor(9)]) }),
        bare: Object.assign(Object.create(null), { inside: tensor(10) }),
        bytes: new Float64Array(4),
        proxied: new Proxy(tensor(11), {}),
        behind: new Proxy([tensor(12)], {}),
        date: new Date(0),
        run: () => shared,
        get computed() {
          return shared;
        },
        toJSON: () => assert.fail('nobody asked for JSON'),
      };
      nest.loop = nest;
      tensor(1000).add(1);
      return { nest, expected: 1 + 2 + 3 + 4 + 5 + 6 + 8 + 9 + 10 + 11 + 12 + value };
    };
    steady((i) => {
      const { nest, expected } = scope(() => scope(() => make(i)));
      const all = new Set(collectTensors(nest).map(({ handle }) => handle));
      assert.equal(all.size, 12);
      const tensors = new Map(collectTensors(nest).map((each) => [each.handle, each]));
      assert.equal(
        [...tensors.values()].reduce((sum, each) => sum + each.item(), 0),
        expected,
      );
      for (const each of tensors.values()) each.dispose();
    });
  },

  'a nest whose code throws while it is looked through': () => {
    const traps: readonly (() => unknown)[] = [
      () => ({
        get bad() {
          throw new RangeError('from the getter');
        },
      }),
      () =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new RangeError('from the proxy');
            },
          },
        ),
      () =>
        Object.assign(new Map(), {
          [Symbol.iterator]: () => {
            throw new RangeError('from the iterator');
          },
        }),
    ];
    steady(() => {
      for (const trap of traps) assert.throws(() => scope(() => [tensor(1), trap()]), /from the/);
      assert.equal(
        scope(() => tensor(2).add(1).item()),
        3,
      );
    });
  },

  'an exception at every third step': () => {
    const model = new Averaging();
    const layer = new nn.Linear(2, 2);
    let expected = 0;
    steady((i) => {
      const run = (): number =>
        scope(() => {
          const y = layer.forward(model.forward(ones([2]).mul(i)));
          scope(() => {
            y.mul(2);
            if (i % 3 === 0) throw new RangeError('in the step');
            if (i % 3 === 1) y.add(ones([3]));
          });
          return y.numel;
        });
      if (i % 3 === 2) assert.equal(run(), 2);
      else assert.throws(run, i % 3 === 0 ? /in the step/ : /must match/);
      expected = expected * 0.9 + i; // what was assigned before the error stays, as in PyTorch
      scope(() => close(model.running!.sum().item(), 2 * expected));
    });
  },

  'views of what is kept, and a kept view of what is not': () => {
    const base = keep(tensor([1, 2, 3, 4]));
    steady((i) => {
      const view = scope(() => {
        const whole = tensor([i, i + 1, i + 2]);
        base.narrow(0, 1, 2).mul(2);
        return keep(whole.narrow(0, 1, 2));
      });
      assert.deepEqual(view.toArray(), [i + 1, i + 2]);
      view.dispose();
      assert.deepEqual(base.toArray(), [1, 2, 3, 4]);
    });
    let view: Tensor = base;
    scope(() => {
      view = base.narrow(0, 1, 2);
    }, 'viewing');
    assert.throws(() => view.sum(), freedBy('viewing'));
  },

  'closures over what a scope freed': () => {
    const read = scope(() => {
      const [inside, kept] = [tensor(1), keep(tensor(2))];
      return { inside: () => inside.item(), kept: () => kept.item() };
    }, 'closing');
    assert.throws(read.inside, freedBy('closing'));
    assert.equal(read.kept(), 2);
  },

  'an iterator that is played across scopes': () => {
    function* values(): Generator<Tensor, void, undefined> {
      for (let i = 0; ; i++) yield tensor(i);
    }
    const played = values();
    steady((i) => {
      const value = scope(() => {
        const next = played.next().value as Tensor;
        return scope(() => next).item();
      });
      assert.equal(value, i);
    });
    function* accumulated(): Generator<Tensor, void, undefined> {
      let sum = tensor(0);
      for (;;) {
        sum = sum.add(1);
        yield sum;
      }
    }
    const sums = accumulated();
    scope(() => void sums.next(), 'first half');
    assert.throws(() => scope(() => sums.next()), freedBy('first half'));
    assert.throws(
      () =>
        scope(
          function* () {
            yield tensor(1);
          } as () => unknown,
          'step',
        ),
      new TypeError(
        'Cannot end the scope "step": expected a synchronous body, got one that returns a generator, of which nothing has run yet; iterate outside the scope',
      ),
    );
  },

  'using, and disposing twice': () => {
    steady((i) => {
      let seen: Tensor;
      {
        using x = tensor(i);
        using y = x.add(1);
        seen = y;
        assert.equal(y.item(), i + 1);
      }
      assert.ok(seen.isDisposed);
      for (const value of [1, 2, 3]) {
        using x = tensor(value);
        if (value === 2) continue;
        if (x.item() === 3) break;
      }
      assert.throws(() => {
        using x = tensor([1, 2]);
        using y = tensor([1, 2, 3]);
        x.add(y);
      }, /must match/);
      scope(() => {
        using x = tensor(i);
        x.dispose();
        x.dispose();
      });
      seen.dispose();
      for (const each of [tensor(1), keep(scope(() => tensor(2)))]) each[Symbol.dispose]();
    });
  },

  'adopting, keeping and returning in turns': () => {
    steady(() => {
      const x = tensor(1);
      scope(() => {
        adopt(x);
        keep(x);
        scope(() => void adopt(keep(adopt(x))), 'inner');
        assert.throws(() => x.item(), freedBy('inner'));
      });
      const y = scope(() => scope(() => scope(() => keep(scope(() => tensor(5))))));
      assert.equal(y.item(), 5);
      scope(() => assert.equal(scope(() => adopt(y)).item(), 5), 'last'); // handed on by the inner one
      assert.throws(() => y.item(), freedBy('last'));
    });
  },

  'a stack that is used up': () => {
    const before = tensor(1);
    const enter = scope; // the test runner's imports are getters that swallow the error
    for (const wraps of [false, true]) {
      const dive = (): void => {
        if (wraps) enter(dive);
        else {
          enter(nothing);
          dive();
        }
      };
      const shift = (depth: number): void => (depth === 0 ? dive() : shift(depth - 1));
      for (let i = 0; i < 20; i++) {
        assert.throws(() => shift(i), RangeError);
        const after = tensor(2);
        assert.equal(
          scope(() => tensor(3).add(after).add(before).item()),
          6,
        );
        assert.equal(after.item(), 2); // and not the last scope's, which would have freed it
        after.dispose();
      }
    }
    steady(() => scope(() => tensor(1).add(1).item()));
  },
};
