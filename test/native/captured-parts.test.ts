// A training step that is captured in several parts: gradients go from one to the next.

import { describe, expect, it } from 'vitest';
import { type CapturedStep, capture, manualSeed, nn, optim, randn, scope, type Tensor } from '../../src/index.ts';

const gradientsOf = (parameters: readonly nn.Parameter[]): Tensor[] =>
  parameters.flatMap(({ grad }) => (grad ? [grad] : []));

interface Ran {
  readonly values: readonly number[];
  readonly numEager: readonly number[];
}

/** Forward and backward, the norm of the gradients, and the update, each a part; batches of 8, and every 20th of 5. */
function train(isCaptured: boolean, accumulation: number): Ran {
  manualSeed(1);
  const model = new nn.Sequential(new nn.Linear(6, 8), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(8, 3));
  const parameters = [...model.parameters()];
  const optimizer = new optim.AdamW(parameters, { lr: 1e-2 });
  const criterion = new nn.CrossEntropyLoss();
  const captured: CapturedStep<never[], unknown>[] = [];
  const part = <Args extends readonly unknown[], Result>(body: (...args: Args) => Result) => {
    if (!isCaptured) return body;
    const step = capture(body);
    captured.push(step as never);
    return step;
  };
  const backward = part((x: Tensor, y: Tensor) => {
    const loss = criterion.forward(model.forward(x), y);
    loss.div(accumulation).backward();
    return loss;
  });
  const norm = part(() => optim.getTotalNorm(gradientsOf(parameters)));
  const update = part((total: Tensor) => {
    optim.clipGradsWithNorm_(parameters, 0.5, total);
    optimizer.step();
  });
  const values: number[] = [];
  for (let i = 0; i < 120; i++)
    scope(() => {
      const x = randn([i % 20 === 19 ? 5 : 8, 6]);
      values.push(backward(x, x.narrow(1, 0, 3).argmax({ dim: 1 })).item() as number);
      if ((i + 1) % accumulation > 0) return;
      const total = norm();
      values.push(total.item() as number);
      update(total);
      optimizer.zeroGrad();
    });
  for (const parameter of parameters) values.push(...Array.from(parameter.toTypedArray(), Number));
  const numEager = captured.map(({ status }) => status.numEager);
  for (const step of captured) step.dispose();
  return { values, numEager };
}

describe('capture() of parts of a step', () => {
  it.each([1, 2, 3])('hands gradients from part to part, with %i micro-batches in a window', (accumulation) => {
    const captured = train(true, accumulation);
    expect(captured.values).toEqual(train(false, accumulation).values);
    // Whichever recording made the gradients, and whether it was replayed, the others hold.
    const [backward, norm, update] = captured.numEager;
    expect(backward).toBeLessThan(30);
    expect([norm, update].every((count) => count! < 14)).toBe(true);
  });
});
