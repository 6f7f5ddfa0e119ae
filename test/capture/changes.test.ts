// What changes under a recording: it is noticed, and the numbers are those of the step as it is written.
import { afterEach, describe, expect, test } from 'vitest';
import * as nn from '../../src/nn/index.ts';
import { AdamW, SGD } from '../../src/optim/index.ts';
import {
  autocast,
  type CapturedStep,
  ChangedStepError,
  capture,
  checkpoint,
  liveTensors,
  manualSeed,
  noGrad,
  ones,
  randint,
  randn,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '../../src/tensor/index.ts';

const F = nn.functional;

class Net extends nn.Module {
  first = new nn.Linear(6, 8);
  readonly dropout = new nn.Dropout(0.5);
  last = new nn.Linear(8, 3);
  forward(x: Tensor): Tensor {
    return this.last.forward(this.dropout.forward(F.relu(this.first.forward(x))));
  }
}

type Step = (x: Tensor, y: Tensor) => Tensor;
interface Kit {
  readonly model: Net;
  readonly optimizer: AdamW;
  readonly step: Step;
}

function kit(isCaptured: boolean): Kit & { captured: CapturedStep<[Tensor, Tensor], Tensor> | undefined } {
  manualSeed(1);
  const model = new Net();
  const optimizer = new AdamW(model.parameters(), { lr: 0.01 });
  const written: Step = (x, y) => {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  const captured = isCaptured ? capture(written) : undefined;
  return { model, optimizer, step: captured ?? written, captured };
}

const batchOf = (size: number): [Tensor, Tensor] => [randn([size, 6]), randint(0, 3, [size])];

/** Losses and weights of a kit to which things happen between its steps, played twice: as written and captured. */
function bothWays(
  happens: (kit: Kit, i: number) => [Tensor, Tensor] | undefined,
  numSteps = 40,
): CapturedStep<[Tensor, Tensor], Tensor> {
  const results = [false, true].map((isCaptured) => {
    const made = kit(isCaptured);
    manualSeed(9);
    const losses: number[] = [];
    for (let i = 0; i < numSteps; i++) {
      scope(() => {
        const batch = happens(made, i) ?? batchOf(4);
        losses.push(made.step(...batch).item() as number);
      });
    }
    return { losses, weights: made.model.parameters().map((each) => each.toArray()), made };
  });
  const [written, captured] = results;
  expect(captured!.losses).toEqual(written!.losses);
  expect(captured!.weights).toEqual(written!.weights);
  return captured!.made.captured!;
}

afterEach(() => void manualSeed(0));

describe('between steps', () => {
  test('shapes change: each has a recording', () => {
    const { status } = bothWays((_, i) => batchOf(i % 3 === 2 ? 2 : 4), 60);
    expect([status.numRecordings, status.refusal]).toEqual([2, undefined]);
    expect(status.numReplayed).toBeGreaterThan(30);
  });

  test('modes of modules change, and change back: the recording is found again', () => {
    const captured = bothWays(({ model }, i) => void model.train(Math.floor(i / 10) % 2 === 0), 60);
    expect(captured.status.numRecordings).toBe(2);
    expect(captured.status.numReplayed).toBeGreaterThan(30);
  });

  test('one mode is set by hand', () => {
    bothWays(({ model }, i) => {
      if (i === 20) model.dropout.training = false;
      return undefined;
    });
  });

  test('parameters are frozen and thawed', () => {
    bothWays(({ model }, i) => {
      if (i === 15) model.first.weight.requiresGrad = false;
      if (i === 28) model.first.weight.requiresGrad = true;
      return undefined;
    });
  });

  test('a layer is another one', () => {
    bothWays(({ model, optimizer }, i) => {
      if (i !== 20) return undefined;
      model.last = new nn.Linear(8, 3);
      optimizer.addParamGroup({ params: model.last.parameters(), lr: 0.5 });
      return undefined;
    });
  });

  test('hyperparameters change, and a state is loaded', () => {
    let saved: ReturnType<AdamW['stateDict']> | undefined;
    const captured = bothWays(({ optimizer }, i) => {
      const [group] = optimizer.paramGroups;
      group!.lr = 0.01 / (i + 1);
      if (i === 12) group!.betas = [0.8, 0.9];
      if (i === 16) group!.weightDecay = 0;
      if (i === 20) group!.amsgrad = false;
      if (i === 22) saved = structuredCopy(optimizer.stateDict());
      if (i === 27) optimizer.loadStateDict(saved!);
      return undefined;
    }, 60);
    expect(captured.status.numReplayed).toBeGreaterThan(25);
  });

  test('weights are loaded, assigned and set', () => {
    bothWays(({ model }, i) => {
      if (i === 12) model.loadStateDict(new Net().stateDict());
      if (i === 18) noGrad(() => void model.first.weight.mul_(0.5));
      if (i === 24) model.first.weight.setData(randn([8, 6]));
      return undefined;
    });
  });

  test('gradients are set, held and cleared by hand', () => {
    const held: Tensor[] = [];
    const seen: unknown[] = [];
    bothWays(({ model }, i) => {
      const { grad } = model.first.weight;
      if (i > 10 && i < 16 && grad) {
        held.push(grad.keep());
        seen.push(grad.toArray());
      }
      if (i === 20) model.first.weight.grad = ones([8, 6]);
      if (i === 25) model.first.bias!.grad = undefined;
      return undefined;
    });
    expect(held.map((grad) => grad.toArray())).toEqual(seen);
    for (const grad of held) grad.dispose();
  });

  test('results that are held keep their values', () => {
    const { captured, step } = kit(true);
    const losses = Array.from({ length: 20 }, () => step(...batchOf(4)));
    const values = losses.map((loss) => loss.item());
    for (let i = 0; i < 5; i++) step(...batchOf(4));
    expect(captured!.status.numReplayed).toBeGreaterThan(15);
    expect(losses.map((loss) => loss.item())).toEqual(values);
    expect(new Set(values).size).toBe(20);
  });
});

describe('inside of it', () => {
  /** Plays a step until it is captured or given up. */
  const refusalOf = (step: (x: Tensor) => unknown, numSteps = 12): string | undefined => {
    const captured = capture(step);
    for (let i = 0; i < numSteps; i++) scope(() => void captured(ones([2, 6]).mul(i)));
    return captured.status.refusal;
  };
  const weight = ones([6]).requiresGrad_();

  test.each<[string, (x: Tensor) => unknown, string]>([
    ['a value is read', (x) => ((x.sum().item() as number) > 3 ? x : x.neg()), 'it reads values of a tensor'],
    ['a shape depends on values', (x) => x.nonzero(), 'the shape of what nonzero gives depends on values'],
    ['a mask chooses', (x) => x.maskedSelect(x.gt(1)), 'depends on values'],
    [
      'JavaScript makes a tensor',
      (x) => x.add(tensor([1, 2, 3, 4, 5, 6])),
      "it makes a tensor of JavaScript's values; give it as an argument",
    ],
    [
      'a generator is set',
      (x) => x.add(manualSeed(4) === undefined ? 1 : 2),
      'it reads or sets the state of a generator',
    ],
    [
      'what is drawn is drawn again in backward',
      (x) =>
        checkpoint((y) => F.dropout(y.mul(weight)).exp(), [x])
          .sum()
          .backward(),
      'draws the same numbers again in backward (checkpoint)',
    ],
    ['a tensor is kept', (x) => void kept.push(x.add(1).keep()), 'is kept beyond it'],
    [
      'a hook looks',
      (x) => {
        const y = x.mul(weight);
        y.registerHook(() => undefined);
        y.sum().backward();
      },
      'a hook looks at a gradient',
    ],
    ['what it gives is in a map', (x) => new Map([['x', x.add(1)]]), 'something else than arrays and plain objects'],
  ])('%s', (_, step, reason) => {
    expect(refusalOf(step)).toContain(reason);
  });
  const kept: Tensor[] = [];

  test('a number changes from step to step', () => {
    let count = 0;
    const step = (x: Tensor): Tensor => {
      count += 1;
      return x.mul(count);
    };
    expect(refusalOf(step, 40)).toContain('from step to step');
  });

  test('a number changes later: an error, and no wrong numbers for long', () => {
    let count = 0;
    const step = capture((x: Tensor) => {
      count += 1;
      return x.mul(count < 20 ? 1 : 2);
    });
    // The step itself runs now and then alone: JavaScript's count stands still in replays, so what it decides is seen late, but it is seen.
    expect(() => {
      for (let i = 0; i < 200_000; i++) scope(() => void step(ones([2])));
    }).toThrow(ChangedStepError);
  });

  test('a step that gives no tensor, and one that takes none', () => {
    const total = zeros([]);
    const step = capture(() => noGrad(() => void total.add_(1)));
    for (let i = 0; i < 30; i++) step();
    expect([total.item(), step.status.numReplayed > 15]).toEqual([30, true]);
  });

  test('another capture runs as it is written', () => {
    const inner = capture((x: Tensor) => x.add(1));
    const outer = capture((x: Tensor) => inner(x).mul(2));
    for (let i = 0; i < 12; i++) expect(outer(ones([2]).mul(i)).toArray()).toEqual([2 * (i + 1), 2 * (i + 1)]);
    expect(outer.status.numReplayed).toBeGreaterThan(5);
  });

  test('autocast around it is another recording', () => {
    const model = new nn.Linear(4, 4);
    const step = capture((x: Tensor) => noGrad(() => model.forward(x)));
    for (let i = 0; i < 24; i++) {
      const x = randn([2, 4]);
      const run = (): Tensor => step(x);
      const given = i % 2 ? autocast('cpu', run, { dtype: 'bfloat16', cacheEnabled: false }) : run();
      expect(given.dtype).toBe(i % 2 ? 'bfloat16' : 'float32');
    }
    expect(step.status.numReplayed).toBeGreaterThan(10);
  });

  test('an error is that of the step as it is written, and the next step works', () => {
    const table = randn([5, 3]);
    const step = capture((index: Tensor) => F.embedding(index, table).sum());
    const wrong = (): Tensor => step(tensor([9, 1], { dtype: 'int64' }));
    expect(wrong).toThrow(/index/);
    const right = (): number => step(tensor([1, 2], { dtype: 'int64' })).item() as number;
    const value = right();
    for (let i = 0; i < 10; i++) expect(right()).toBe(value);
    expect(wrong).toThrow(/index/);
    expect([right(), step.status.numReplayed > 4]).toEqual([value, true]);
  });

  test('a tensor from outside that is turned in place', () => {
    const outside = randn([3, 4]);
    const step = capture((x: Tensor) => x.matmul(outside));
    for (let i = 0; i < 24; i++) {
      if (i === 12) outside.t_();
      const x = randn([2, i < 12 ? 3 : 4]);
      expect(step(x).toArray()).toEqual(x.matmul(outside).toArray());
    }
    const square = randn([3, 3]);
    const same = capture((x: Tensor) => x.matmul(square));
    for (let i = 0; i < 24; i++) {
      if (i % 10 === 7) square.t_();
      const x = randn([2, 3]);
      expect(same(x).toArray()).toEqual(x.matmul(square).toArray());
    }
    expect(same.status.numReplayed).toBeGreaterThan(8);
  });

  test('parts of a larger tensor at other places', () => {
    const data = randn([40, 6]);
    const factor = new nn.Parameter(ones([6]));
    const optimizer = new SGD([factor], { lr: 0 });
    const step = capture((x: Tensor) => {
      optimizer.zeroGrad();
      const loss = x.mul(factor).sum();
      loss.backward();
      return [loss, x];
    });
    for (let i = 0; i < 20; i++) {
      const x = data.narrow(0, 2 * i, 2);
      const [loss, same] = step(x);
      expect(loss!.item()).toBe(x.sum().item());
      expect(same!.toArray()).toEqual(x.toArray());
    }
    expect(step.status.numReplayed).toBeGreaterThan(10);
  });
});

test('what is disposed of or collected is freed', () => {
  const before = liveTensors();
  for (let round = 0; round < 3; round++) {
    scope(() => {
      const { captured, step } = kit(true);
      for (let i = 0; i < 10; i++) step(...batchOf(4));
      captured!.dispose();
      expect(captured!.status).toMatchObject({ numRecordings: 0, refusal: 'it was disposed of' });
      expect(step(...batchOf(4)).item()).toBeGreaterThan(0);
    });
  }
  expect(liveTensors() - before).toBeLessThan(60);
});

/** Tensors of their own, as a file would have them. */
function structuredCopy(state: ReturnType<AdamW['stateDict']>): ReturnType<AdamW['stateDict']> {
  const entries = [...state.state].map(
    ([i, each]) =>
      [i, Object.fromEntries(Object.entries(each).map(([name, value]) => [name, value.clone().keep()]))] as const,
  );
  return { ...state, state: new Map(entries) };
}
