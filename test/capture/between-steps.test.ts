// Captured steps beside the same steps as they are written, where something changes between them: the same numbers, whatever is replayed.
import { describe, expect, test } from 'vitest';
import * as nn from '../../src/nn/index.ts';
import { AdamW, NAdam, SGD } from '../../src/optim/index.ts';
import { noGrad, randint, randn, type Tensor, tensor } from '../../src/tensor/index.ts';
import { type Capture, play, type Trial, values } from './trials.ts';

const F = nn.functional;

const small = (): nn.Sequential => new nn.Sequential(new nn.Linear(4, 6), new nn.Tanh(), new nn.Linear(6, 3));

interface Training {
  readonly model: nn.Sequential;
  readonly optimizer: AdamW;
  readonly step: (x: Tensor, y: Tensor) => Tensor;
}

function training(capture: Capture, model = small()): Training {
  const optimizer = new AdamW(model.parameters(), { lr: 0.05 });
  const step = capture((x: Tensor, y: Tensor) => {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  });
  return { model, optimizer, step };
}

const batch = (): [Tensor, Tensor] => [randn([5, 4]), randint(0, 3, [5])];

/** Eight steps, then what changes, and eight more; at the end every parameter. */
function aroundChange(change: (made: Training) => void): Trial {
  return (capture) => {
    const made = training(capture);
    const seen: unknown[] = [];
    const several = (): void => {
      for (let i = 0; i < 8; i++) seen.push(made.step(...batch()).item());
    };
    several();
    change(made);
    several();
    return [...seen, ...values(...made.model.parameters())];
  };
}

const first = ({ model }: Training): nn.Linear => model.at(0) as nn.Linear;

const TRIALS: Readonly<Record<string, Trial>> = {
  'the mode changes': (capture) => {
    const made = training(capture, new nn.Sequential(new nn.Linear(4, 6), new nn.Dropout(0.5), new nn.Linear(6, 3)));
    const seen: unknown[] = [];
    for (let i = 0; i < 24; i++) {
      if (i === 8) made.model.eval();
      if (i === 16) made.model.train();
      seen.push(made.step(...batch()).item());
    }
    return [...seen, ...values(...made.model.parameters())];
  },
  'a parameter is frozen': aroundChange((made) => first(made).weight.requiresGrad_(false)),
  'a parameter is thawed': (capture) => {
    const made = training(capture);
    first(made).weight.requiresGrad_(false);
    const seen: unknown[] = [];
    for (let i = 0; i < 16; i++) {
      if (i === 8) first(made).weight.requiresGrad_(true);
      seen.push(made.step(...batch()).item());
    }
    return [...seen, ...values(...made.model.parameters())];
  },
  'a state dict is loaded': aroundChange(({ model }) => {
    model.loadStateDict(small().stateDict());
  }),
  'a parameter is written to': aroundChange((made) => {
    noGrad(() => first(made).weight.fill_(0.1));
  }),
  'hyperparameters change': aroundChange(({ optimizer }) => {
    Object.assign(optimizer.paramGroups[0]!, { lr: 0.2, weightDecay: 0.3, betas: [0.5, 0.6], eps: 1e-3 });
  }),
  'an optimizer gets a state': aroundChange(({ optimizer }) => {
    const state = optimizer.stateDict();
    Object.assign(state.param_groups[0]!, { lr: 0.3 });
    optimizer.loadStateDict(state);
  }),
  'a group is added': (capture) => {
    const made = training(capture);
    const other = new nn.Parameter(randn([6]));
    const seen: unknown[] = [];
    for (let i = 0; i < 16; i++) {
      if (i === 8) made.optimizer.addParamGroup({ params: [other], lr: 0.1 });
      other.grad = randn([6]);
      seen.push(made.step(...batch()).item());
    }
    return [...seen, ...values(other, ...made.model.parameters())];
  },
  'gradients are set and cleared by hand': (capture) => {
    const weight = new nn.Parameter(randn([4, 3]));
    const step = capture((x: Tensor, y: Tensor) => {
      const loss = F.crossEntropy(x.matmul(weight), y);
      loss.backward();
      return loss;
    });
    const seen: unknown[] = [];
    for (let i = 0; i < 40; i++) {
      if (i % 5 === 0) weight.grad = undefined;
      if (i % 7 === 3) weight.grad = randn([4, 3]);
      seen.push(step(...batch()).item(), ...values(weight.grad));
    }
    return seen;
  },
  'gradients are held over steps': (capture) => {
    const made = training(capture);
    const held: Tensor[] = [];
    const views: Tensor[] = [];
    for (let i = 0; i < 20; i++) {
      made.step(...batch());
      const { grad } = first(made).weight;
      if (i % 3 === 0) held.push(grad!);
      if (i % 4 === 1) views.push(grad!.narrow(0, 1, 2));
    }
    return values(...held, ...views, ...made.model.parameters());
  },
  'results are held over steps': (capture) => {
    const weight = new nn.Parameter(randn([4, 3]));
    const step = capture((x: Tensor) => {
      const y = x.matmul(weight).tanh();
      return { whole: y, part: y.narrow(0, 1, 2), turned: y.t(), input: x, weight, same: [y, 3, 'text'] };
    });
    const held: Tensor[] = [];
    for (let i = 0; i < 12; i++) {
      const { whole, part, turned, input, weight: given, same } = step(batch()[0]);
      held.push(whole, part, turned, input, given, same[0] as Tensor);
    }
    return values(...held);
  },
  'a slice of one large tensor, a turned one, one of other strides': (capture) => {
    const made = training(capture);
    const all = randn([60, 4]);
    const targets = randint(0, 3, [60]);
    const seen: unknown[] = [];
    for (let i = 0; i < 36; i++) {
      let x = all.narrow(0, (i * 5) % 55, 5);
      if (i % 9 === 7) x = randn([4, 5]).t();
      if (i % 9 === 8) x = all.unfold(0, 5, 4).select(2, 0).narrow(0, 1, 5);
      seen.push(made.step(x, targets.narrow(0, i, 5)).item());
    }
    return [...seen, ...values(...made.model.parameters())];
  },
  'arguments that share their memory': (capture) => {
    const step = capture((a: Tensor, b: Tensor) => {
      a.add_(1);
      return b.mul(2);
    });
    const seen: unknown[] = [];
    for (let i = 0; i < 16; i++) {
      const a = randn([6]);
      seen.push(...values(step(a, i % 4 === 3 ? a.narrow(0, 0, 6) : randn([6])), a));
    }
    return seen;
  },
  'an argument that shares its memory with a parameter': (capture) => {
    const weight = new nn.Parameter(randn([3, 3]));
    const optimizer = new SGD([weight], { lr: 0.1, momentum: 0.9 });
    const step = capture((x: Tensor) => {
      optimizer.zeroGrad();
      const loss = weight.matmul(x).square().sum();
      loss.backward();
      optimizer.step();
      return loss;
    });
    const seen: unknown[] = [];
    for (let i = 0; i < 16; i++) seen.push(...values(step(weight.detach()), weight.grad));
    for (let i = 0; i < 8; i++) seen.push(...values(step(randn([3, 3])), weight.grad));
    for (let i = 0; i < 8; i++) seen.push(...values(step(weight.detach()), weight.grad, weight));
    return seen;
  },
  'an argument that shares its memory with a tensor from outside': (capture) => {
    const buffer = randn([5]);
    const step = capture((x: Tensor) => {
      buffer.add_(0.5);
      return x.mul(buffer);
    });
    const seen: unknown[] = [];
    for (let i = 0; i < 12; i++) seen.push(...values(step(buffer.narrow(0, 0, 5))));
    for (let i = 0; i < 12; i++) seen.push(...values(step(randn([5])), buffer));
    return seen;
  },
  'arguments without elements, and of other dtypes': (capture) => {
    const step = capture((x: Tensor) => ({ sum: x.sum(), twice: x.mul(2) }));
    const seen: unknown[] = [];
    for (let i = 0; i < 40; i++) {
      const dtype = (['float32', 'float64', 'int64', 'bfloat16'] as const)[i % 4]!;
      const { sum, twice } = step(i % 5 === 0 ? randn([0, 3]) : randn([2, 3]).to({ dtype }));
      seen.push(...values(sum.to({ dtype: 'float64' }), twice.to({ dtype: 'float64' })));
    }
    return seen;
  },
  'a tensor from outside gets other data, or takes part in a graph': (capture) => {
    const weight = randn([4]);
    const step = capture((x: Tensor) => {
      const loss = x.mul(weight).sum();
      if (weight.requiresGrad) loss.backward();
      return loss;
    });
    const seen: unknown[] = [];
    for (let i = 0; i < 24; i++) {
      if (i === 8) weight.setData(randn([4]));
      if (i === 16) weight.requiresGrad_(true);
      if (i >= 16) weight.grad = undefined;
      seen.push(...values(step(randn([4])), weight.grad));
    }
    return seen;
  },
  'a tensor is computed from others of its own memory': (capture) => {
    const step = capture((x: Tensor) => {
      const a = x.mul(2);
      const b = a.add(a.t());
      const c = b.sub(b.narrow(0, 0, 1));
      return c.mul(c.flip([0])).add(c.select(1, 2));
    });
    return Array.from({ length: 12 }, () => values(step(randn([7, 7]))));
  },
  'a step within a step, and two that take turns': (capture) => {
    const one = training(capture);
    const inner = capture((x: Tensor) => x.square().mean());
    const outer = capture((x: Tensor, y: Tensor) => one.step(x, y).add(inner(x)));
    const seen: unknown[] = [];
    for (let i = 0; i < 30; i++) {
      const [x, y] = batch();
      seen.push((i % 3 === 2 ? one.step(x, y) : outer(x, y)).item(), inner(y.to({ dtype: 'float32' })).item());
    }
    return [...seen, ...values(...one.model.parameters())];
  },
  'without gradients for a while': (capture) => {
    const model = small();
    const step = capture((x: Tensor) => {
      const y = model.forward(x).square().sum();
      if (y.requiresGrad) y.backward();
      return y;
    });
    const seen: unknown[] = [];
    for (let i = 0; i < 24; i++) {
      for (const parameter of model.parameters()) parameter.grad = undefined;
      const [x] = batch();
      seen.push(...values(i % 6 > 3 ? noGrad(() => step(x)) : step(x), ...model.parameters().map(({ grad }) => grad)));
    }
    return seen;
  },
  'it is disposed of': (capture) => {
    const made = training(capture);
    const seen: unknown[] = [];
    for (let i = 0; i < 16; i++) {
      if (i === 10) (made.step as { dispose?: () => void }).dispose?.();
      seen.push(made.step(...batch()).item());
    }
    return [...seen, ...values(...made.model.parameters())];
  },
  'an error, when it is recorded and when it is replayed': (capture) => {
    const seen: unknown[] = [];
    for (const at of [[0], [1], [2], [8], [9, 10]]) {
      const made = training(capture);
      for (let i = 0; i < 14; i++) {
        const [x, y] = batch();
        if (!at.includes(i)) seen.push(made.step(x, y).item());
        else expect(() => made.step(x, tensor([0, 1, 2, 7, 1], { dtype: 'int64' }))).toThrow(/out of bounds/);
      }
      seen.push(...values(...made.model.parameters()));
    }
    return seen;
  },
  'an error before an optimizer that counts in JavaScript': (capture) => {
    const weight = new nn.Parameter(randn([4, 3]));
    const optimizer = new NAdam([weight], { lr: 0.1 });
    const step = capture((x: Tensor, y: Tensor) => {
      optimizer.zeroGrad();
      const loss = F.crossEntropy(x.matmul(weight), y);
      loss.backward();
      optimizer.step();
      return loss;
    });
    const seen: unknown[] = [];
    for (let i = 0; i < 20; i++) {
      const [x, y] = batch();
      if (i % 6 < 5) seen.push(step(x, y).item());
      else expect(() => step(x, y.fill_(9))).toThrow(/out of bounds/);
    }
    return [...seen, ...values(weight)];
  },
};

describe('what changes under captured steps', () => {
  test.each(Object.keys(TRIALS))('%s', (name) => {
    const plain = play(TRIALS[name]!, false);
    const captured = play(TRIALS[name]!, true);
    expect(captured.seen).toEqual(plain.seen);
    expect(captured.steps.map(({ status }) => status.numReplayed + status.numEager).every((count) => count > 0)).toBe(
      true,
    );
  });
});
