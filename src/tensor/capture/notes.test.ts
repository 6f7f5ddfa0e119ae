// What JavaScript says in a captured step: numbers that are read anew, what is counted, what has to hold.

import { expect, it } from 'vitest';
import { noGrad } from '../autograd.ts';
import { full, ones, rand, tensor, zeros } from '../create.ts';
import { manualSeed } from '../generator.ts';
import { scope } from '../scope.ts';
import type { Tensor } from '../tensor.ts';
import { settledTensors } from '../testing/settled-tensors.ts';
import { capture } from './captured-step.ts';
import { atEachStep, holdsWhile, pauseStep, readAnew, refuseCapture } from './notes.ts';

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

/** A step that draws, adds up, counts and clears a gradient, and leaves out what is not finite. */
function summing(isCaptured: boolean) {
  const weight = tensor([1, 2, 3], { requiresGrad: true });
  const total = zeros([3]);
  const seen: number[] = [];
  let scale = 1;
  let numBegun = 0;
  let numEnded = 0;
  const written = (x: Tensor): void => {
    atEachStep(() => {
      numBegun += 1;
    });
    const loss = weight
      .mul(x)
      .mul(rand([3]))
      .sum();
    const goesOn = pauseStep({ loss, x }, ({ loss: given, x: same }) => {
      expect(given.requiresGrad).toBe(!isCaptured);
      seen.push(given.item() as number, same.sum().item() as number);
      scale = 1 + numBegun;
      return Number.isFinite(seen.at(-2));
    });
    if (!goesOn) return;
    loss.backward();
    noGrad(() => void total.add_(weight.grad!, { alpha: readAnew(() => [scale])[0] }));
    atEachStep(() => {
      numEnded += 1;
    });
  };
  const step = isCaptured ? capture(written) : written;
  return { step, read: () => [seen, total.toArray(), weight.grad?.toArray(), numBegun, numEnded] };
}

it('pauseStep() asks in the middle of a step, whether it is recorded, replayed or checked, and ends it there', () => {
  const runOf = (isCaptured: boolean) => {
    manualSeed(4);
    const made = summing(isCaptured);
    // The third would be the one that is recorded, others are looks (after 1, 2, 4 replays) and replays.
    for (let i = 0; i < 40; i++)
      scope(() => made.step(full([3], [2, 3, 6, 7, 8, 17, 30].includes(i) ? Number.NaN : i / 8)));
    return made;
  };
  const captured = runOf(true);
  expect(captured.read()).toEqual(runOf(false).read());
  const { numReplayed, numEager, refusal } = (captured.step as ReturnType<typeof capture>).status;
  expect(refusal).toBeUndefined();
  expect(numReplayed).toBeGreaterThan(20);
  expect(numReplayed + numEager).toBe(40);
  expect(captured.read().slice(3)).toEqual([40, 33]);
});

it('pauseStep() gives tensors that outlive the recorded step, with what is made of them there', () => {
  const before = settledTensors();
  scope(() => {
    const step = capture((x: Tensor) => {
      const sum = x.add(1);
      pauseStep([sum], ([given]) => {
        made.push(given!, given!.mul(2));
        scope(() => given!.mul(3));
        return true;
      });
    });
    const made: Tensor[] = [];
    for (let i = 0; i < 6; i++) step(full([], i));
    expect(made.map((each) => each.item())).toEqual([1, 2, 2, 4, 3, 6, 4, 8, 5, 10, 6, 12]);
    expect(step.status.numReplayed).toBeGreaterThan(1);
    step.dispose();
  });
  expect(settledTensors()).toBe(before);
});

it('pauseStep() runs other captured steps, and the same one as it is written', () => {
  const other = capture((x: Tensor) => x.mul(2), { checkEvery: 0 });
  const seen: number[] = [];
  let again = ones([]);
  const step = capture(
    (x: Tensor) => {
      const sum = x.add(1);
      pauseStep(sum, (given) => {
        seen.push(other(given).item() as number);
        if (seen.length % 2 === 1) step(again);
        return true;
      });
    },
    { checkEvery: 0 },
  );
  for (let i = 0; i < 8; i++) {
    again = full([], i);
    scope(() => step(full([], i)));
  }
  expect(seen).toEqual(Array.from({ length: 16 }, (_, i) => 2 * ((i >> 1) + 1)));
  expect(step.status.numReplayed).toBeGreaterThan(3);
});

it('pauseStep() is refused twice in a step, and where it gives more at its end; what throws there leaves all as it was', () => {
  const refusalOf = (step: (x: Tensor) => unknown): string | undefined => {
    const captured = capture(step);
    for (let i = 0; i < 8; i++) scope(() => captured(ones([])));
    return captured.status.refusal;
  };
  const twice = (x: Tensor) => pauseStep(x.add(1), () => true) && pauseStep(x.add(2), () => true);
  expect(refusalOf(twice)).toBe('it pauses twice');
  expect(refusalOf((x) => pauseStep(x.add(1), () => true) && x.add(2))).toBe(
    'it gives tensors at its end beside those where it pauses',
  );
  expect(refusalOf((x) => void pauseStep(new Map([[1, x.add(1)]]), () => true))).toContain('arrays and plain objects');
  const weight = ones([], { requiresGrad: true });
  let message: string | undefined;
  let count = 0;
  const step = capture((x: Tensor) => {
    const loss = weight.mul(x);
    pauseStep(loss, () => {
      if (message !== undefined) throw new Error(message);
      return true;
    });
    loss.backward();
    atEachStep(() => {
      count += 1;
    });
  });
  for (let i = 0; i < 20; i++) {
    message = [1, 9, 12].includes(i) ? 'not this one' : undefined;
    const run = (): void => scope(() => step(ones([])));
    if (message === undefined) run();
    else expect(run).toThrow('not this one');
  }
  expect(count).toBe(17);
  expect(step.status.refusal).toBeUndefined();
  expect(step.status.numReplayed).toBeGreaterThan(8);
  let isCleared = false;
  const guarded = capture(
    (x: Tensor) => {
      const loss = weight.mul(x);
      pauseStep(loss, () => {
        if (isCleared) weight.grad = undefined;
        return true;
      });
      loss.backward();
    },
    { checkEvery: 0 },
  );
  for (let i = 0; i < 6; i++) scope(() => guarded(ones([])));
  isCleared = true;
  expect(() => scope(() => guarded(ones([])))).toThrow(
    'Cannot go on with a captured step behind its pause: expected everything as it was before, got a parameter has no gradient where it had one',
  );
});
