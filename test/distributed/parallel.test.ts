// Data parallel training of two ranks against one process that has the whole batch.
import { expect, test } from 'vitest';
import { libtorchVersion, manualSeed, optim, scope } from '../../src/index.ts';
import { batchOf, makeNet, meanSquares, SmallNet, STEPS, weightsOf } from './parallel_model.ts';
import { runRanks, valuesOf } from './ranks.ts';

function trainAlone(): number[] {
  const net = makeNet();
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
  for (let step = 0; step < STEPS; step++) {
    scope(() => {
      const [input, target] = batchOf(step);
      meanSquares(net.forward(input), target).backward();
      optimizer.step();
      optimizer.zeroGrad();
    });
  }
  return weightsOf(net);
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

test('two ranks train as one', async () => {
  const values = valuesOf(await runRanks(new URL('./parallel_rank.ts', import.meta.url), 2)) as Record<
    string,
    unknown
  >[];
  const [first, second] = values as [Record<string, unknown>, Record<string, unknown>];
  const alone = trainAlone();
  for (const name of ['plain', 'small', 'views', 'staticGraph', 'unusedLooked', 'accumulated']) {
    expect(distance(first[name] as number[], alone), name).toBeLessThan(1e-6);
    expect(first[name], name).toEqual(second[name]);
  }
  for (const [name, limit] of [
    ['bfloat16', 2e-2],
    ['float16', 2e-3],
  ] as const) {
    if (name === 'bfloat16' && libtorchVersion().startsWith('1.')) {
      expect(first[name]).toMatch(/compress: expected float16 with libtorch 1\.13/);
      continue;
    }
    expect(distance(first[name] as number[], alone), name).toBeLessThan(limit);
    expect(distance(first[name] as number[], alone), name).toBeGreaterThan(1e-6); // rounded on the way
    expect(first[name], name).toEqual(second[name]);
  }
  manualSeed(0);
  expect(first.synchronized).toEqual(weightsOf(new SmallNet()));
  expect(second.synchronized).toEqual(first.synchronized);

  const [left, right, each] = first.branches as (number | 'none')[][];
  expect(left!.slice(2)).toEqual(['none', 'none']); // used by no rank: left as it was
  expect(left![0]).toBeGreaterThan(0);
  expect(right!.slice(0, 2)).toEqual(['none', 'none']);
  expect(each!.every((sum) => (sum as number) > 0)).toBe(true);
  expect(second.branches).toEqual(first.branches);

  const [input, target] = batchOf(0);
  const net = makeNet();
  meanSquares(net.forward(input), target).backward();
  const [bytes, grad] = first.reducer as [number[], number[]];
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBe(4 * alone.length);
  expect(distance(grad, net.last.bias!.grad!.toArray() as number[])).toBeLessThan(1e-6);
  expect(second.different).toMatch(/^Cannot average gradients over ranks: .*sizes \[2, 3\].*in process 0/);
});
