// Step counts: each parameter's own, whatever the others did, and the caller's to keep.

import { describe, expect, it } from 'vitest';
import { Parameter } from '../nn/parameter.ts';
import { tensor } from '../tensor/create.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import { AdamW } from './adamw.ts';
import { StepCounts } from './step-counts.ts';

const stateAt = (step: number): Record<string, Tensor> => ({ step: tensor(step) });
const read = (states: readonly Record<string, Tensor>[]): number[] => states.map(({ step }) => step!.item());

describe('StepCounts.advance()', () => {
  it('adds 1 to every step, also where states come, go and are replaced', () => {
    const counts = new StepCounts();
    const group = {};
    const [a, b, c] = [stateAt(0), stateAt(0), stateAt(7)] as const;
    counts.advance(group, [a, b]);
    counts.advance(group, [a, b]);
    expect(read([a, b])).toEqual([2, 2]);
    counts.advance(group, [b, c]);
    expect(read([a, b, c])).toEqual([2, 3, 8]);
    counts.advance(group, [a, b, c]);
    expect(read([a, b, c])).toEqual([3, 4, 9]);
    b.step = tensor(100);
    const steps = counts.advance(group, [a, b, c]);
    expect(steps.map((step) => step.item())).toEqual([4, 101, 10]);
    expect(read([a, b, c])).toEqual([4, 101, 10]);
  });

  it('puts states that take turns into one tensor, once', () => {
    const counts = new StepCounts();
    const group = {};
    const [trunk, head, other] = [stateAt(0), stateAt(0), stateAt(0)] as const;
    const turn = (states: readonly Record<string, Tensor>[]): Tensor[] => {
      counts.advance(group, states);
      return states.map(({ step }) => step!);
    };
    turn([trunk, head]);
    const second = turn([trunk, other]);
    expect(turn([trunk, head])[0] === second[0]).toBe(true);
    expect(turn([trunk, other]).every((step, i) => step === second[i])).toBe(true);
    expect(read([trunk, head, other])).toEqual([4, 2, 2]);
  });

  it('keeps groups apart, and steps in shape [] and their dtype', () => {
    const counts = new StepCounts();
    const [a, b] = [stateAt(1), stateAt(5)];
    for (let i = 0; i < 3; i++) {
      counts.advance(a, [a]);
      counts.advance(b, [b]);
    }
    expect(read([a, b])).toEqual([4, 8]);
    expect([a.step!.shape, a.step!.dtype]).toEqual([[], 'float32']);
  });
});

describe('AdamW.step()', () => {
  it('counts the steps of a parameter from its first gradient on, in scopes and after a load, and keeps nothing else', () => {
    const early = new Parameter(tensor([1, 2]));
    const late = new Parameter(tensor([3]));
    const optimizer = new AdamW([early, late]);
    const train = (used: readonly Parameter[]): void =>
      scope(() => {
        for (const parameter of used) parameter.sum().backward();
        optimizer.step();
        optimizer.zeroGrad();
      });
    const steps = (): (number | undefined)[] => [0, 1].map((i) => optimizer.stateDict().state.get(i)?.step?.item());
    train([early]);
    expect(steps()).toEqual([1, undefined]);
    train([early, late]);
    train([early, late]);
    expect(steps()).toEqual([3, 2]);
    const before = settledTensors();
    train([early, late]);
    expect(liveTensors()).toBe(before);
    optimizer.loadStateDict(optimizer.stateDict());
    train([late]);
    train([early, late]);
    expect(steps()).toEqual([5, 5]);
  });
});
