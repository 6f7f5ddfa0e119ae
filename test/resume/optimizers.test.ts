// Every optimizer goes on from a file to the bits that it would have reached without.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveTensors, load, optim, save, setNumThreads } from '../../src/index.ts';
import { settledTensors } from '../../src/tensor/testing/settled-tensors.ts';
import { decodeOptimizer, encodeOptimizer } from '../../src/trainer/checkpoint/format.ts';
import { EVERY_OPTIMIZER, Problem } from '../parity/every-optimizer.ts';
import { expectSame } from '../parity/reference.ts';

let folder: string;
beforeAll(() => {
  setNumThreads(1);
  folder = mkdtempSync(join(tmpdir(), 'sconce-resume-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('every optimizer is in the table', () => {
  const isOptimizer = (each: unknown): each is { name: string } =>
    typeof each === 'function' && each.prototype instanceof optim.Optimizer;
  const names = Object.values<unknown>(optim)
    .filter(isOptimizer)
    .map(({ name }) => name)
    .filter((name) => name !== 'GroupOptimizer' && name !== 'ClippedAdamW'); // the second is AdamW with a hook before its steps
  expect(Object.keys(EVERY_OPTIMIZER).sort()).toEqual(names.sort());
});

describe.each(Object.keys(EVERY_OPTIMIZER))('%s', (name) => {
  it('reaches the same bits through a file, with hyperparameters and names', async () => {
    const whole = new Problem(name);
    whole.step(7);
    const first = new Problem(name);
    first.step(3);
    const path = join(folder, `${name}.pt`);
    await save({ values: first.values, optimizer: encodeOptimizer(first.optimizer) }, path);
    const stored = (await load(path)) as { values: Problem['values']; optimizer: unknown };
    const second = new Problem(name, stored.values);
    for (const group of second.optimizer.paramGroups) group.lr = 123;
    second.optimizer.loadStateDict(decodeOptimizer(stored.optimizer));
    second.step(4);
    for (const [i, value] of second.values.entries()) expectSame(value, whole.values[i]!, `${name} ${i}`);
    expect(second.optimizer.stateDict().param_groups).toEqual(whole.optimizer.stateDict().param_groups);
    // Three steps in place of seven are another result: the state and the steps matter.
    expect(first.values.map(String)).not.toEqual(whole.values.map(String));
    const forgetful = new Problem(name, stored.values);
    forgetful.step(4);
    expect(forgetful.values.map(String)).not.toEqual(whole.values.map(String));
  });

  it('leaves nothing behind that a step made, and gives up its state to the one that is loaded', () => {
    const problem = new Problem(name);
    // LBFGS keeps two more tensors a step until its history is full.
    problem.step(8);
    const before = settledTensors();
    problem.step(3);
    expect(liveTensors()).toBe(before);
  });

  it('refuses the state of an optimizer that keeps something else, and takes nothing then', () => {
    const problem = new Problem(name);
    problem.step(2);
    const state = problem.optimizer.stateDict();
    const entries = state.state.get(0)!;
    const before = JSON.stringify(problem.optimizer.stateDict().param_groups);
    expect(() =>
      problem.optimizer.loadStateDict({ ...state, state: new Map([[0, { ...entries, velocity: 1 as never }]]) }),
    ).toThrow(/^Cannot load a state into \w+: expected entries of \{ .* \} for parameter 0, got "velocity"$/);
    const [needed, ...others] = Object.keys(entries);
    const { [needed!]: _, ...rest } = entries;
    // A state without entries is that of a parameter that had no gradient yet.
    if (others.length > 0)
      expect(() => problem.optimizer.loadStateDict({ ...state, state: new Map([[0, rest]]) })).toThrow(
        `expected "${needed}" of parameter 0, got none`,
      );
    expect(JSON.stringify(problem.optimizer.stateDict().param_groups)).toBe(before);
  });
});
