// What reaches a captured step by other ways than its arguments: it is noticed, or the step is refused, and the numbers are those of the step as it is written.
import { describe, expect, test } from 'vitest';
import * as nn from '../../src/nn/index.ts';
import { AdamW, SGD } from '../../src/optim/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import {
  AutogradFunction,
  autocast,
  ChangedStepError,
  capture,
  detectAnomaly,
  type FunctionContext,
  full,
  Generator,
  grad,
  inferenceMode,
  manualSeed,
  noGrad,
  ones,
  rand,
  randint,
  randn,
  readAnew,
  savedTensorsHooks,
  scope,
  type Tensor,
  tensor,
  withGenerator,
} from '../../src/tensor/index.ts';
import { complex, take, tensorSplit, viewAsReal } from '../../src/tensor/ops.generated.ts';
import { settledTensors } from '../../src/tensor/testing/settled-tensors.ts';
import { play, type Trial, values } from './trials.ts';

const F = nn.functional;

const real = (x: Tensor): Tensor => x.to({ dtype: 'float32' });

/** Calls of a step, in some of which something is different. */
function calls(count: number, body: (i: number) => unknown[]): unknown[] {
  return Array.from({ length: count }, (_, i) => body(i)).flat();
}

const error = (body: () => unknown): string => {
  try {
    body();
    return 'none';
  } catch (thrown) {
    return (thrown as Error).name;
  }
};

/** What is expected of its captured steps: that they are replayed, or why not. */
type Expected = 'replayed' | RegExp;

const TRIALS: Readonly<Record<string, readonly [Expected, Trial]>> = {
  'a small tensor from outside is another one with the same bytes, until it has others': [
    /another one from step to step/,
    (capture) => {
      let weight = tensor(0.5);
      const step = capture((x: Tensor) => x.mul(weight));
      return calls(24, (i) => {
        weight = tensor(i < 20 ? 0.5 : i);
        return values(step(ones([2])));
      });
    },
  ],
  'a small tensor from outside is written to': [
    'replayed',
    (capture) => {
      const weight = tensor([0.5, 1]);
      const step = capture((x: Tensor) => x.mul(weight));
      return calls(12, (i) => {
        weight.fill_(i < 6 ? 0.5 : i);
        return values(step(ones([2])));
      });
    },
  ],
  'autocast around the steps keeps the casts of weights': [
    /autocast inside of the step/,
    (capture) => {
      const weight = new nn.Parameter(randn([3, 3]));
      const step = capture((x: Tensor) => x.matmul(weight).sum());
      return calls(3, () => {
        noGrad(() => weight.mul_(1.5));
        return autocast('cpu', () => noGrad(() => calls(8, () => values(real(step(randn([2, 3])))))));
      });
    },
  ],
  'autocast around whole steps': [
    /autocast inside of the step|kept beyond/,
    (capture) => {
      const weight = new nn.Parameter(randn([3, 3]));
      const optimizer = new SGD([weight], { lr: 0.1 });
      const step = capture((x: Tensor) => {
        optimizer.zeroGrad();
        const loss = x.matmul(weight).sum();
        loss.backward();
        optimizer.step();
        return loss;
      });
      return calls(3, () => autocast('cpu', () => calls(8, () => values(real(step(randn([2, 3])))))));
    },
  ],
  'autocast inside of a step casts its weights anew each time': [
    'replayed',
    (capture) => {
      const weight = new nn.Parameter(randn([4, 4]));
      const optimizer = new SGD([weight], { lr: 0.1 });
      const step = capture((x: Tensor) => {
        optimizer.zeroGrad();
        const loss = autocast('cpu', () => x.matmul(weight).matmul(weight).sum());
        loss.backward();
        optimizer.step();
        return loss;
      });
      return calls(16, () => values(real(step(randn([2, 4]))), weight));
    },
  ],
  'a graph from outside ends in a parameter that no operator of the step is given': [
    /takes part in a graph/,
    (capture) => {
      const weight = new nn.Parameter(randn([3]));
      const twice = weight.mul(2);
      const step = capture((x: Tensor) => {
        x.mul(twice).sum().backward(undefined, { retainGraph: true });
      });
      return calls(30, (i) => {
        if (i % 15 === 14) weight.grad = undefined;
        step(randn([3]));
        return values(weight.grad);
      });
    },
  ],
  'backward begins at a tensor from outside': [
    /takes part in a graph/,
    (capture) => {
      const weight = new nn.Parameter(randn([3]));
      const twice = weight.mul(2);
      const step = capture((x: Tensor) => twice.backward(x.mul(2), { retainGraph: true }));
      return calls(30, (i) => {
        if (i % 15 === 14) weight.grad = undefined;
        step(randn([3]));
        return values(weight.grad);
      });
    },
  ],
  'backward begins at a parameter': [
    'replayed',
    (capture) => {
      const weight = new nn.Parameter(randn([4]));
      const step = capture((x: Tensor) => weight.backward(x.mul(2)));
      return calls(30, (i) => {
        if (i % 15 === 14) weight.grad = undefined;
        step(randn([4]));
        return values(weight.grad);
      });
    },
  ],
  'a part of a larger tensor is trained': [
    /a view that is trained/,
    (capture) => {
      const whole = randn([6]);
      const part = noGrad(() => whole.narrow(0, 0, 3));
      part.requiresGrad_();
      const step = capture((x: Tensor) => x.mul(part).sum().backward());
      return calls(30, (i) => {
        if (i % 15 === 14) part.grad = undefined;
        step(randn([3]));
        return values(part.grad);
      });
    },
  ],
  'a hook is registered on a parameter, and removed': [
    /hook/,
    (capture) => {
      const weight = new nn.Parameter(randn([4]));
      const step = capture((x: Tensor) => {
        weight.grad = undefined;
        x.mul(weight).sum().backward();
      });
      let handle: { remove(): void } | undefined;
      return calls(24, (i) => {
        if (i === 8) handle = weight.registerHook((gradient) => gradient.mul(2));
        if (i === 20) handle!.remove();
        step(randn([4]));
        return values(weight.grad);
      });
    },
  ],
  'a hook on a parameter that comes and goes': [
    'replayed',
    (capture) => {
      const weight = new nn.Parameter(randn([4]));
      let count = 0;
      const step = capture((x: Tensor) => {
        weight.grad = undefined;
        x.mul(weight).sum().backward();
      });
      return calls(40, (i) => {
        const handle = i % 10 === 8 ? weight.registerHook((gradient) => gradient.mul(++count)) : undefined;
        step(randn([4]));
        handle?.remove();
        return [count, ...values(weight.grad)];
      });
    },
  ],
  'hooks on saved tensors, and a search for anomalies, around some steps': [
    'replayed',
    (capture) => {
      const weight = new nn.Parameter(ones([4]));
      const step = capture((x: Tensor) => {
        weight.grad = undefined;
        const loss = x.mul(weight).sqrt().sum();
        loss.backward();
        return loss;
      });
      const hooks = { pack: (saved: Tensor) => saved.mul(2), unpack: (packed: Tensor) => packed };
      return calls(40, (i) => {
        const x = rand([4]).add(0.1);
        if (i > 10 && i < 20) savedTensorsHooks(hooks, () => step(x));
        else if (i > 25 && i < 35) return [error(() => detectAnomaly(() => step(i % 2 ? x.neg() : x)))];
        else step(x);
        return values(weight.grad);
      });
    },
  ],
  'values decide into which parts a tensor falls': [
    /depends on values/,
    (capture) => {
      const step = capture((x: Tensor, at: Tensor) => tensorSplit(x, at)[0]!.sum());
      return calls(16, (i) => values(step(randn([6]), tensor(i < 8 ? [3] : [1], { dtype: 'int64' }))));
    },
  ],
  'offsets of bags are given: nobody would look whether they are in order': [
    /depends on values/,
    (capture) => {
      const table = randn([5, 3]);
      const step = capture((x: Tensor, offsets: Tensor) => F.embeddingBag(x, table, offsets).sum());
      return calls(12, (i) => {
        const offsets = tensor(i < 8 ? [0, 2] : [0, 1_000_000_000], { dtype: 'int64' });
        return [error(() => step(randint(0, 5, [4]), offsets))];
      });
    },
  ],
  'bags of one size': [
    'replayed',
    (capture) => {
      const bags = new nn.EmbeddingBag(5, 3);
      const step = capture((x: Tensor) => {
        bags.weight.grad = undefined;
        const loss = bags.forward(x).square().sum();
        loss.backward();
        return loss;
      });
      return calls(12, () => values(step(randint(0, 5, [2, 3])), bags.weight.grad));
    },
  ],
  'indices that are none, where nobody needs what they choose': [
    'replayed',
    (capture) => {
      const weight = new nn.Parameter(randn([4, 3]));
      const choices = [
        (i: Tensor) => F.embedding(i, weight),
        (i: Tensor) => weight.indexSelect(0, i),
        (i: Tensor) => take(weight, i),
        (i: Tensor) => weight.gather(0, i.view([1, 2])),
      ];
      return choices.flatMap((choose) => {
        const step = capture((i: Tensor) => {
          weight.grad = undefined;
          choose(i).sum().backward();
        });
        return calls(12, (i) => {
          const thrown = error(() => step(tensor(i % 6 === 5 ? [99, 1] : [1, 2], { dtype: 'int64' })));
          return thrown === 'none' ? values(weight.grad) : [thrown];
        });
      });
    },
  ],
  'parts of an argument are looked at as another dtype': [
    'replayed',
    (capture) => {
      const whole = complex(randn([40]), randn([40]));
      const integers = randint(0, 1000, [40]);
      const step = capture((x: Tensor, i: Tensor) => {
        const [parts, halves] = [viewAsReal(x), i.view('int32')];
        return [parts.mul(2), parts, halves.add(1), halves];
      });
      return calls(12, (i) => values(...step(whole.narrow(0, 3 + (i % 2), 4), integers.narrow(0, 5 + (i % 3), 4))));
    },
  ],
  'an argument lies in the memory of a parameter in some replays, or is its gradient': [
    'replayed',
    (capture) => {
      const weight = new nn.Parameter(randn([3, 3]));
      const optimizer = new SGD([weight], { lr: 0.1, momentum: 0.9 });
      const step = capture((x: Tensor) => {
        optimizer.zeroGrad();
        const loss = weight.matmul(x).square().sum();
        loss.backward();
        optimizer.step();
        return [loss, x.mul(2)];
      });
      return calls(30, (i) => {
        const x = i > 10 && i % 3 > 0 ? (i % 3 === 1 ? weight.detach() : weight.grad!) : randn([3, 3]);
        return values(...step(x).map((each) => each), weight.grad, weight);
      });
    },
  ],
  'a gradient is given, beside itself, a parameter and an argument': [
    'replayed',
    (capture) => {
      const weight = new nn.Parameter(randn([3]));
      const step = capture((x: Tensor) => {
        weight.grad = undefined;
        weight.mul(x).square().sum().backward();
        return { gradient: weight.grad!, weight, x, again: [weight.grad!, x] };
      });
      const held = calls(16, () => {
        const { gradient, x, again } = step(randn([3]));
        return [gradient, x, ...again];
      });
      return values(...(held as Tensor[]));
    },
  ],
  'gradients of gradients, and a gradient of what is no leaf': [
    'replayed',
    (capture) => {
      const weight = new nn.Parameter(randn([3]));
      const optimizer = new AdamW([weight]);
      const step = capture((x: Tensor) => {
        optimizer.zeroGrad();
        const product = weight.mul(x);
        product.retainGrad();
        const loss = product.pow(3).sum();
        const [slope] = grad([loss], [weight], { createGraph: true });
        slope!.square().sum().add(loss).backward();
        optimizer.step();
        return [loss, product.grad!];
      });
      return calls(16, () => values(...step(randn([3])), weight.grad));
    },
  ],
  'a function with a backward of its own': [
    'replayed',
    (capture) => {
      class Square extends AutogradFunction {
        static forward(ctx: FunctionContext<readonly [Tensor]>, x: Tensor): Tensor {
          ctx.saveForBackward(x);
          return x.mul(x);
        }
        static backward(ctx: FunctionContext<readonly [Tensor]>, gradient: Tensor): Tensor[] {
          return [gradient.mul(ctx.savedTensors[0]).mul(2)];
        }
      }
      const weight = new nn.Parameter(randn([3]));
      const step = capture((x: Tensor) => {
        weight.grad = undefined;
        const loss = Square.apply(weight.mul(x)).sum();
        loss.backward();
        return loss;
      });
      return calls(16, () => values(step(randn([3])), weight.grad));
    },
  ],
  'inference mode around some steps': [
    'replayed',
    (capture) => {
      const model = new nn.Linear(3, 3);
      const step = capture((x: Tensor) => model.forward(x).relu());
      return calls(24, (i) => values(i % 3 ? inferenceMode(() => step(randn([2, 3]))) : step(randn([2, 3]))));
    },
  ],
  'a model and its copy are captured, and the copy is another one': [
    'replayed',
    (capture) => {
      const training = (model: nn.Sequential): ((x: Tensor) => Tensor) => {
        const optimizer = new AdamW(model.parameters(), { lr: 0.1 });
        return capture((x: Tensor) => {
          optimizer.zeroGrad();
          const loss = model.forward(x).square().mean();
          loss.backward();
          optimizer.step();
          return loss;
        });
      };
      const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Dropout(0.5), new nn.Linear(4, 2));
      const step = training(model);
      const first = calls(12, () => values(step(randn([5, 3]))));
      const copy = model.deepCopy();
      const other = training(copy);
      const later = calls(24, (i) => values((i % 3 ? other : step)(randn([5, 3]))));
      return [...first, ...later, ...values(...model.parameters(), ...copy.parameters())];
    },
  ],
  'a group of an optimizer is given another parameter': [
    'replayed',
    (capture) => {
      const optimizer = new SGD([new nn.Parameter(randn([3]))], { lr: 0.1 });
      const { params } = optimizer.paramGroups[0]! as { params: nn.Parameter[] };
      const other = new nn.Parameter(randn([3]));
      const step = capture((x: Tensor) => {
        optimizer.zeroGrad();
        const loss = params[0]!.mul(x).square().sum();
        loss.backward();
        optimizer.step();
        return loss;
      });
      return calls(24, (i) => {
        if (i === 12) params[0] = other;
        return values(step(randn([3])), params[0]);
      });
    },
  ],
  'generators are seeded, and others take their place': [
    'replayed',
    (capture) => {
      const own = new Generator(1);
      const step = capture((x: Tensor) => x.add(randn([3])).mul(randn([3], { generator: own })));
      return calls(40, (i) => {
        if (i % 9 === 5) own.manualSeed(i);
        if (i % 12 === 7) manualSeed(i);
        const x = ones([3]);
        return values(i > 30 ? withGenerator(own, () => step(x)) : step(x));
      });
    },
  ],
  'batch norm of an argument that is turned, or a part of a larger one': [
    'replayed',
    (capture) => {
      const norm = new nn.BatchNorm1d(6);
      const step = capture((x: Tensor) => {
        norm.weight!.grad = undefined;
        const y = norm.forward(x);
        y.square().mul(y.detach()).sum().backward();
        return y;
      });
      return calls(24, (i) => {
        const x =
          i % 2
            ? randn([6, 9])
                .narrow(1, i % 5, 4)
                .t()
            : randn([4, 5, 6]).transpose(1, 2);
        return values(step(x), norm.weight!.grad, norm.running_mean, norm.running_var);
      });
    },
  ],
  'a model moves to another dtype and back': [
    'replayed',
    (capture) => {
      const model = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4));
      const step = capture((x: Tensor) => {
        const loss = model.forward(x).square().mean();
        loss.backward();
        return loss;
      });
      return calls(30, (i) => {
        if (i === 9) model.to({ dtype: 'float64' });
        if (i === 18) model.to({ dtype: 'float32' });
        for (const each of model.parameters()) each.grad = undefined;
        const loss = step(randn([5, 3]).to({ dtype: i >= 9 && i < 18 ? 'float64' : 'float32' }));
        return values(loss, ...model.parameters().map((each) => each.grad), ...model.buffers());
      });
    },
  ],
  'an error in the middle, where it is recorded and where it would be replayed': [
    'replayed',
    (capture) => {
      const weight = new nn.Parameter(randn([3]));
      const optimizer = new AdamW([weight], { lr: 0.1 });
      const step = capture((x: Tensor, isFailing: boolean) => {
        optimizer.zeroGrad();
        const loss = weight.mul(x).sum();
        loss.backward();
        if (isFailing) throw new RangeError('in the middle');
        optimizer.step();
        return loss;
      });
      return calls(24, (i) => {
        const x = randn([3]);
        return i % 5 === 1 ? [error(() => step(x, true)), ...values(weight.grad)] : values(step(x, false), weight);
      });
    },
  ],
  'an argument is written to, and given': [
    'replayed',
    (capture) => {
      const step = capture((x: Tensor) => {
        x.mul_(2);
        x.narrow(0, 0, 1).add_(1);
        return x;
      });
      return calls(12, () => {
        const x = randn([3]);
        const given = step(x);
        const before = values(x, given);
        given.add_(1);
        return [...before, ...values(x)];
      });
    },
  ],
  'a nest that holds itself stands beside the tensors': [
    'replayed',
    (capture) => {
      const nest: { size: number; self?: unknown } = { size: 1 };
      nest.self = nest;
      const step = capture((options: object, x: Tensor) => x.add(Object.keys(options).length));
      return calls(12, () => values(step(nest, ones([2]))));
    },
  ],
};

describe('what comes from outside', () => {
  test.each(Object.keys(TRIALS))('%s', (name) => {
    const [expected, trial] = TRIALS[name]!;
    const written = play(trial, false);
    const { seen, steps } = play(trial, true);
    expect(seen).toEqual(written.seen);
    for (const { status } of steps) {
      if (expected === 'replayed') expect(status).toMatchObject({ refusal: undefined });
      else expect(status.refusal).toMatch(expected);
      if (expected === 'replayed') expect(status.numReplayed).toBeGreaterThan(3);
    }
  });
});

describe('readAnew() where gradients are wanted', () => {
  const OPERATORS: Readonly<Record<string, (x: Tensor, number: () => number) => Tensor>> = {
    mul: (x, number) => x.mul(...readAnew(() => [number()])),
    div: (x, number) => x.div(...readAnew(() => [number()])),
    pow: (x, number) => x.pow(...readAnew(() => [number()])),
    add: (x, number) => x.add(x.mul(2), { alpha: readAnew(() => [number()])[0] }),
  };
  const trial =
    (operator: (x: Tensor, number: () => number) => Tensor): Trial =>
    (capture) => {
      let number = 1.5;
      const weight = new nn.Parameter(ones([3]));
      const step = capture((x: Tensor) => {
        weight.grad = undefined;
        operator(weight.mul(x), () => number)
          .sum()
          .backward();
      });
      return calls(16, (i) => {
        number = i < 8 ? 1.5 : i;
        step(rand([3]));
        return values(weight.grad);
      });
    };
  test.each(Object.entries(OPERATORS))('%s has the number in its gradient, too: refused', (_, operator) => {
    const captured = play(trial(operator), true);
    expect(captured.seen).toEqual(play(trial(operator), false).seen);
    expect(captured.steps[0]!.status.refusal).toMatch(/goes into a gradient, by .*make a tensor of it by full/);
  });
  test('a tensor of the number is the way', () => {
    const way = trial((x, number) => x.mul(full([], ...readAnew(() => [number()]))));
    const captured = play(way, true);
    expect(captured.seen).toEqual(play(way, false).seen);
    expect(captured.steps[0]!.status.numReplayed).toBeGreaterThan(10);
  });
});

describe('looks whether it still is what was recorded', () => {
  test('a look at a step that cannot be captured says what is otherwise', () => {
    let isOdd = false;
    const step = capture((x: Tensor) => (isOdd ? x.maskedSelect(x.gt(0)).sum() : x.mul(2)));
    const play = (count: number): void => {
      for (let i = 0; i < count; i++) scope(() => void step(ones([2])));
    };
    play(8);
    isOdd = true;
    expect(() => play(40)).toThrow(ChangedStepError);
  });

  test('a look in which it reads a value only has the step recorded anew', () => {
    let isRead = false;
    const step = capture((x: Tensor) => {
      const y = x.mul(2);
      if (isRead) y.sum().item();
      return y;
    });
    for (let i = 0; i < 200; i++) {
      isRead = i % 40 === 20;
      expect(scope(() => step(ones([2])).toArray())).toEqual([2, 2]);
    }
    expect(step.status.refusal).toBeUndefined();
    expect(step.status.numReplayed).toBeGreaterThan(150);
  });

  test('few odd steps among many do not end it', () => {
    const step = capture((x: Tensor, isRead: boolean) => (isRead ? x.mul(x.sum().item()) : x.mul(2)));
    for (let i = 0; i < 100; i++) {
      const isRead = i % 10 === 9;
      expect(scope(() => step(ones([2]), isRead).toArray())).toEqual([2, 2]);
    }
    expect(step.status.refusal).toBeUndefined();
    expect(step.status.numReplayed).toBeGreaterThan(75);
  });
});

const copyOf = <State extends object>(state: State): State =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [name, (value as Tensor).clone()])) as State;

describe('what it holds', () => {
  const held = (): number => getNative().captureCounts()[0] + getNative().captureCounts()[1];

  test('nothing where it is disposed of in the step', () => {
    const before = held();
    let count = 0;
    const step = capture((x: Tensor) => {
      count += 1;
      if (count === 2) step.dispose();
      return x.add(1);
    });
    for (let i = 0; i < 6; i++) expect(step(ones([2])).toArray()).toEqual([2, 2]);
    expect(step.status).toMatchObject({ numReplayed: 0, numRecordings: 0, refusal: 'it was disposed of' });
    expect(held()).toBe(before);
  });

  test('no state of an optimizer that another was loaded for', () => {
    const before = held();
    const weight = new nn.Parameter(randn([3]));
    const optimizer = new AdamW([weight]);
    const step = capture((x: Tensor) => {
      optimizer.zeroGrad();
      weight.mul(x).sum().backward();
      optimizer.step();
    });
    let mostHeld = 0;
    for (let i = 0; i < 60; i++) {
      if (i % 8 === 7) {
        const state = optimizer.stateDict();
        const copied = scope(() => new Map([...state.state].map(([key, each]) => [key, copyOf(each)])));
        optimizer.loadStateDict({ ...state, state: copied });
        settledTensors(); // the old one is collected
      }
      step(randn([3]));
      mostHeld = Math.max(mostHeld, held() - before);
    }
    expect(step.status.refusal).toBeUndefined();
    expect(mostHeld).toBeLessThanOrEqual(3);
    step.dispose();
    expect(held()).toBe(before);
  });
});
