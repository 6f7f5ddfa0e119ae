// What JavaScript says in a captured step: numbers that are read anew, what is counted, what has to hold.

import { expect, it } from 'vitest';
import { ones } from '../create.ts';
import { scope } from '../scope.ts';
import type { Tensor } from '../tensor.ts';
import { capture } from './captured-step.ts';
import { atEachStep, holdsWhile, readAnew, refuseCapture } from './notes.ts';

it.each<[string, (x: Tensor, n: number) => Tensor, (n: number) => number]>([
  ['add', (x, n) => x.add(x, { alpha: n }), (n) => 1 + n],
  ['mul', (x, n) => x.mul(n), (n) => n],
  ['div', (x, n) => x.div(n), (n) => Math.fround(1 / n)],
  ['clamp', (x, n) => x.clamp({ max: n }), (n) => Math.min(1, n)],
])('readAnew() gives %s its number at each replay, whole ones and others', (_, operator, expected) => {
  let number = 1;
  const step = capture((x: Tensor) => operator(x, ...readAnew(() => [number])), { checkEvery: 0 });
  const gives = [1, 1, 1, 2, 0.25, 3, -0.5].map((each) => {
    number = each;
    return scope(() => step(ones([])).item());
  });
  expect(gives).toEqual([1, 1, 1, 2, 0.25, 3, -0.5].map(expected));
  expect(step.status.numReplayed).toBeGreaterThan(3);
});

it('atEachStep() and readAnew() go in the order of the step', () => {
  const make = (): { step: (x: Tensor) => Tensor; count: () => number } => {
    let count = 0;
    const step = (x: Tensor): Tensor => {
      let sum = x;
      for (let i = 0; i < 3; i++) {
        atEachStep(() => {
          count += 1;
        });
        const [alpha] = readAnew(() => [count]);
        sum = sum.add(x, { alpha });
      }
      return sum;
    };
    return { step, count: () => count };
  };
  const [written, played] = [make(), make()];
  const step = capture(played.step);
  for (let i = 0; i < 20; i++) scope(() => expect(step(ones([])).item()).toBe(written.step(ones([])).item()));
  expect(step.status.numReplayed).toBeGreaterThan(10);
  expect(played.count()).toBe(written.count());
});

it('holdsWhile() has a step recorded anew, and refuseCapture() says why there is none', () => {
  let isNegative = false;
  const step = capture((x: Tensor) => {
    const now = isNegative;
    holdsWhile(() => isNegative === now);
    return now ? x.neg() : x.abs();
  });
  const gives: number[] = [];
  for (let i = 0; i < 12; i++) {
    isNegative = i > 5;
    gives.push(scope(() => step(ones([])).item()));
  }
  expect(gives).toEqual([1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1]);
  expect(step.status).toMatchObject({ numRecordings: 2, refusal: undefined });
  const refused = capture((x: Tensor) => {
    refuseCapture('it says so');
    return x.abs();
  });
  for (let i = 0; i < 6; i++) scope(() => refused(ones([])));
  expect(refused.status.refusal).toBe('it says so');
});

it('refuses numbers that an operator does not have', () => {
  const step = capture((x: Tensor) => {
    readAnew(() => [1, 2]);
    return x.add(x, { alpha: 2 });
  });
  for (let i = 0; i < 6; i++) scope(() => step(ones([])));
  expect(step.status.refusal).toBe('add.Tensor has 1 numbers where 2 are read anew');
});
