// Random steps, captured and as they are written: the same numbers to the bit, with all passes and without each.
import { expect, test } from 'vitest';
import {
  CAPTURE_PASSES,
  type CapturePass,
  capture,
  manualSeed,
  noGrad,
  randn,
  scope,
  type Tensor,
} from '../../src/tensor/index.ts';
import { cat } from '../../src/tensor/ops.generated.ts';

type Pick = (count: number) => number;
type Move = (a: Tensor, b: Tensor, n: number) => Tensor;

const MOVES: readonly Move[] = [
  (a, b) => a.add(b),
  (a, b) => a.sub(b.t()),
  (a, b) => a.mul(b),
  (a) => a.add(a.t()),
  (a, _, n) => a.sub(a.narrow(0, n, 1)),
  (a, _, n) => a.mul(a.select(1, n)),
  (a, b) => a.matmul(b).tanh(),
  (a) => a.sigmoid(),
  (a) => a.t(),
  (a) => a.flip([0]),
  (a) => a.contiguous().view([2, 8]).t().reshape([4, 4]),
  (a, b, n) => cat([a.narrow(0, 0, n), b.narrow(0, n, 4 - n)]),
  (a, b) => a.clone().add_(b),
  (a, b, n) => {
    const made = a.mul(1);
    made.select(0, n).copy_(b.select(1, n));
    return made;
  },
  (a, b) => {
    const made = a.add(1);
    made.t().mul_(b);
    return made;
  },
  (a) => a.detach(),
  (a) => noGrad(() => a.mul(0.5)),
  (a) => a.add(randn([4, 4])),
  (a) => a.softmax(1),
  (a) => a.relu().sub(a.mean()),
  (a) => a.exp().clamp({ max: 3 }),
];

function plan(seed: number): (readonly [number, number, number, number])[] {
  let state = (seed * 2654435761 + 1) >>> 0;
  const pick: Pick = (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return Array.from({ length: 3 + pick(12) }, (_, i) => [pick(MOVES.length), pick(i + 4), pick(i + 4), pick(4)]);
}

function play(seed: number, passes?: readonly CapturePass[]): { seen: unknown[]; numReplayed: number } {
  manualSeed(seed);
  const moves = plan(seed);
  const weight = randn([4, 4]).requiresGrad_();
  const buffer = randn([4, 4]);
  const written = (x: Tensor, y: Tensor) => {
    const made: Tensor[] = [x, y, weight, buffer];
    for (const [move, a, b, n] of moves) made.push(MOVES[move]!(made[a]!, made[b]!, n));
    const last = made.at(-1)!;
    const loss = last
      .add(made[made.length >> 1]!)
      .add(weight.mul(0.1))
      .square()
      .mean();
    weight.grad = undefined;
    loss.backward();
    noGrad(() => {
      weight.sub_(weight.grad!, { alpha: 0.01 });
      if (seed % 3 === 0) buffer.mul_(0.9).add_(last.detach().tanh());
      if (seed % 5 === 0) x.add_(last.detach().tanh());
    });
    return [loss, last, made.at(-2)!];
  };
  const captured = passes && capture(written, { passes, checkEvery: 0 });
  const step = captured ?? written;
  const seen: unknown[] = [];
  for (let i = 0; i < 8; i++)
    scope(() => {
      const x = randn([4, 4]);
      const given = step(x, randn([4, 4]));
      seen.push(...[...given, x, weight, weight.grad!, buffer].map((each) => each.toArray()));
    });
  const numReplayed = captured?.status.numReplayed ?? 0;
  captured?.dispose();
  return { seen, numReplayed };
}

const ALL = Object.keys(CAPTURE_PASSES) as CapturePass[];

test('random steps are those that are written, with all passes and without each', () => {
  let numReplayed = 0;
  for (let seed = 0; seed < 120; seed++) {
    const { seen } = play(seed);
    for (const passes of [ALL, ALL.filter((_, i) => i !== seed % ALL.length), []]) {
      const captured = play(seed, passes);
      expect(captured.seen, `seed ${seed} with ${passes.join(', ')}`).toEqual(seen);
      numReplayed += captured.numReplayed;
    }
  }
  expect(numReplayed).toBeGreaterThan(1000);
}, 60_000);
