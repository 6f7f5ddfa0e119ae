// Recorded operators against torch.profiler, and counted operations against torch.utils.flop_counter, for the same small models in a live PyTorch.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { countFlops, libtorchVersion, nn, ones, recordOperators, scope } from '../../src/index.ts';
import { findPythonTorch, runPython } from './python.ts';

const { Conv2d, Flatten, Linear, ReLU, Sequential, Tanh, functional } = nn;

/** As in profiler_peer.py. */
const STEPS: Readonly<Record<string, () => () => unknown>> = {
  perceptron() {
    const model = new Sequential(new Linear(3, 4), new Tanh(), new Linear(4, 1));
    const [x, gradient] = [ones([5, 3]), ones([5, 1])];
    return () => model.forward(x).backward(gradient);
  },
  convolution() {
    const model = new Sequential(
      new Conv2d(3, 6, 3, { stride: 2, padding: 1 }),
      new ReLU(),
      new Conv2d(6, 4, [3, 2], { dilation: 2 }),
      new Flatten(),
    );
    const [x, gradient] = [ones([2, 3, 16, 16]), ones([2, 96])];
    return () => model.forward(x).backward(gradient);
  },
  attention() {
    const [q, k, v] = [6, 10, 10].map((length) => ones([2, 4, length, 8], { requiresGrad: true }));
    return () => functional.scaledDotProductAttention(q!, k!, v!).backward(ones([2, 4, 6, 8]));
  },
  products() {
    const [a, b] = [ones([4, 2, 3]), ones([4, 3, 5])];
    return () => [
      a.bmm(b),
      ones([5]).baddbmm(a, b),
      a.select(0, 0).matmul(b.select(0, 0)),
      ones([5]).addmm(a.select(0, 0), b.select(0, 0)),
    ];
  },
};

function played(makeStep: () => () => unknown): { calls: Record<string, number>; flops: number } {
  return scope(() => {
    const step = makeStep();
    step();
    const { profile } = recordOperators(() => void step());
    const calls = Object.fromEntries(profile.rows().map(({ name, calls }) => [name, calls]));
    return { calls, flops: countFlops(() => void step()) };
  });
}

/** Indexing and making tensors, where Python's way is another. */
const ASIDE = ['aten::select', 'aten::as_strided', 'aten::ones', 'aten::empty', 'aten::fill_'];

/** Two products forward, the weights again and four backward, of 2 · 4 heads, 6 queries, 10 keys, 8 numbers each. */
const ATTENTION_FLOPS = 7 * 2 * (2 * 4 * 6 * 10 * 8);

const python = findPythonTorch({ oldest: 2 });
const reason =
  'missing' in python
    ? python.missing
    : python.torchVersion.startsWith(libtorchVersion())
      ? undefined
      : `torch ${python.torchVersion} is not libtorch ${libtorchVersion()}`;
if (reason !== undefined) console.warn(`Skipped: the profiler against PyTorch; ${reason}`);

describe.skipIf(reason !== undefined)('recordOperators()', () => {
  it('records the operators that torch.profiler does, as often, and countFlops() what flop_counter counts', () => {
    const theirs = JSON.parse(
      runPython(python as never, [fileURLToPath(new URL('profiler_peer.py', import.meta.url))]),
    ) as Record<string, ReturnType<typeof played>>;
    for (const [name, makeStep] of Object.entries(STEPS)) {
      const [ours, peer] = [played(makeStep), theirs[name]!];
      for (const { calls } of [ours, peer]) for (const way of ASIDE) delete calls[way];
      // flop_counter has no formula for the kernel of processors.
      if (name === 'attention') peer.flops = ATTENTION_FLOPS;
      expect({ name, ...ours }).toEqual({ name, ...peer });
    }
  });
});
