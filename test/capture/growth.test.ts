// A captured step is replayed some 20,000 times: nothing grows. `npm run stress` goes on for longer.
import { expect, test } from 'vitest';
import * as nn from '../../src/nn/index.ts';
import { AdamW } from '../../src/optim/index.ts';
import { capture, manualSeed, memoryStats, randint, randn, scope, type Tensor } from '../../src/tensor/index.ts';
import { settledTensors } from '../../src/tensor/testing/settled-tensors.ts';

const MIB = 2 ** 20;
const REPLAYS_PER_ROUND = 5000;
/** A kilobyte a hundred replays would be 200 MiB over a day of training. */
const MOST_GROWTH = 12 * MIB;

interface Held {
  readonly tensors: number;
  readonly inUseBytes: number;
  readonly residentBytes: number;
}

test('20,000 replays leave nothing behind', { timeout: 60_000 }, () => {
  manualSeed(1);
  const model = new nn.Sequential(new nn.Linear(8, 16), new nn.GELU(), new nn.Dropout(0.1), new nn.Linear(16, 4));
  const optimizer = new AdamW(model.parameters());
  const step = capture((x: Tensor, y: Tensor) => {
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  });
  const batches = [4, 4, 4, 3].map((size) => [randn([size, 8]), randint(0, 4, [size])] as const);
  const round = (): Held => {
    for (let i = 0; i < REPLAYS_PER_ROUND; i++) scope(() => void step(...batches[i % batches.length]!).item());
    const tensors = settledTensors();
    const { allocator, residentBytes } = memoryStats();
    return { tensors, inUseBytes: allocator.inUseBytes, residentBytes };
  };
  const first = round();
  const later = [round(), round(), round()];
  expect(later.map(({ tensors }) => tensors)).toEqual(later.map(() => first.tensors));
  expect(later.map(({ inUseBytes }) => inUseBytes)).toEqual(later.map(() => first.inUseBytes));
  expect(later.at(-1)!.residentBytes - first.residentBytes).toBeLessThan(MOST_GROWTH);
  expect(step.status).toMatchObject({ refusal: undefined, numRecordings: 2 });
  expect(step.status.numReplayed).toBeGreaterThan(4 * REPLAYS_PER_ROUND - 100);
  step.dispose();
});
