// How a captured step would be cut into CUDA graphs: what the host has a part in is called between them. Their replay itself needs a GPU, and has none here.
import { expect, test } from 'vitest';
import * as nn from '../../src/nn/index.ts';
import { AdamW, clipGradNorm_, SGD } from '../../src/optim/index.ts';
import {
  capture,
  type ExplainedOperator,
  libtorchVersion,
  ones,
  randint,
  randn,
  readAnew,
  scope,
  type Tensor,
} from '../../src/tensor/index.ts';

const F = nn.functional;

/** Of libtorch 1.13 the updates are many operators, with numbers and without. */
const hasFused = !libtorchVersion().startsWith('1.');

/** What is run at each replay, as in `[['mm', 0], ['mul_', undefined]]`. */
function cutOf(
  step: (...args: Tensor[]) => Tensor,
  argumentsOf: () => Tensor[],
): (readonly [name: string, graph: number | undefined])[] {
  const each = capture(step);
  for (let i = 0; i < 6; i++) scope(() => void each(...argumentsOf()));
  expect(each.status.refusal).toBeUndefined();
  const explanation = each.explain()!;
  expect(explanation.device).toBe('cpu');
  expect(explanation.graphRefusal).toBeUndefined();
  const isRun = ({ fate }: ExplainedOperator): boolean => !['folded', 'dropped', 'computed once'].includes(fate);
  each.dispose();
  for (const operation of explanation.operations) if (!isRun(operation)) expect(operation.graph).toBeUndefined();
  return explanation.operations.filter(isRun).map(({ name, graph }) => [name.replace(/\..*/, ''), graph] as const);
}

test('all that needs no host is one graph, random operators among it', () => {
  const weight = randn([4, 4]);
  const cut = cutOf(
    (x: Tensor) => F.dropout(x.mm(weight).tanh(), { p: 0.5, training: true }).sum(),
    () => [randn([3, 4])],
  );
  expect(cut.length).toBeGreaterThan(3);
  expect(new Set(cut.map(([, graph]) => graph))).toEqual(new Set([0]));
});

test('an operator whose numbers are read anew is called, and parts the graphs around it', () => {
  let factor = 1;
  const cut = cutOf(
    (x: Tensor) => {
      const product = x.mm(x).tanh();
      const [alpha] = readAnew(() => [factor++]);
      return product.add(x, { alpha }).exp().mm(x);
    },
    () => [ones([2, 2])],
  );
  expect(cut).toEqual([
    ['mm', 0],
    ['tanh', 0],
    ['add', undefined],
    ['exp', 1],
    ['mm', 1],
  ]);
});

test('an operator alone between two that are called is called as well', () => {
  const cut = cutOf(
    (x: Tensor) => {
      const sum = x
        .mm(x)
        .exp()
        .mul(...readAnew(() => [2]));
      return sum
        .tanh()
        .mul(...readAnew(() => [3]))
        .mm(x);
    },
    () => [ones([2, 2])],
  );
  expect(cut).toEqual([
    ['mm', 0],
    ['exp', 0],
    ['mul', undefined],
    ['tanh', undefined],
    ['mul', undefined],
    ['mm', undefined],
  ]);
});

test('an argument that the step writes to is where it is given, and is called for; one that it reads is copied', () => {
  const cut = cutOf(
    (x: Tensor, total: Tensor) => {
      const part = x.mm(x).tanh();
      total.add_(part);
      return part.exp().mm(x);
    },
    () => [ones([2, 2]), ones([2, 2])],
  );
  expect(cut).toEqual([
    ['mm', 0],
    ['tanh', 0],
    ['add_', undefined],
    ['exp', 1],
    ['mm', 1],
  ]);
});

test.runIf(hasFused)('of a training step forward and backward are one graph, and the fused update is called', () => {
  const model = new nn.Sequential(new nn.Linear(6, 8), new nn.ReLU(), new nn.Dropout(0.1), new nn.Linear(8, 3));
  const optimizer = new AdamW(model.parameters(), { lr: 1e-3 });
  const cut = cutOf(
    (x: Tensor, y: Tensor) => {
      optimizer.zeroGrad();
      const loss = F.crossEntropy(model.forward(x), y);
      loss.backward();
      optimizer.step();
      return loss;
    },
    () => [randn([4, 6]), randint(0, 3, [4])],
  );
  const called = cut.filter(([, graph]) => graph === undefined);
  expect(called).toEqual([['_fused_adamw_', undefined]]);
  expect(new Set(cut.map(([, graph]) => graph))).toEqual(new Set([0, undefined]));
});

test.runIf(hasFused)(
  'gradients from before the step are where they were left, and what looks at them is called',
  () => {
    const model = new nn.Linear(6, 3);
    const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    const backward = (): void => {
      scope(() => F.crossEntropy(model.forward(randn([4, 6])), randint(0, 3, [4])).backward());
    };
    backward();
    const cut = cutOf(
      () => {
        const norm = clipGradNorm_(model.parameters(), 1);
        optimizer.step();
        return norm;
      },
      () => {
        backward();
        return [];
      },
    );
    const called = cut.filter(([, graph]) => graph === undefined).map(([name]) => name);
    expect(called).toEqual(['_foreach_norm', '_foreach_mul_', '_fused_sgd_']);
  },
);
