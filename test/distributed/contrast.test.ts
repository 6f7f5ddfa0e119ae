// Losses of two ranks, which have different numbers of rows, against one process that has all of them.
import { expect, test } from 'vitest';
import { CLIPLoss } from '../../src/multimodal/index.ts';
import { batchOf, losses, withoutIds } from './contrast_losses.ts';
import { type Played, play } from './contrast_play.ts';
import { runRanks, valuesOf } from './ranks.ts';

const TOLERANCE = 2e-5;

function expectClose(found: Played, expected: Played, name: string): void {
  const flat = ({ losses: values, gradients, buffers }: Played): [string, number[]][] => [
    ['losses', values],
    ...Object.entries(gradients),
    ...Object.entries(buffers),
  ];
  const pairs = flat(found);
  expect(pairs.map(([key]) => key)).toEqual(flat(expected).map(([key]) => key));
  for (const [i, [key, wanted]] of flat(expected).entries()) {
    const size = Math.max(1, ...wanted.map(Math.abs).filter((value) => value < 1e6));
    const distances = wanted.map((value, at) => Math.abs(value - pairs[i]![1][at]!) / size);
    expect(Math.max(0, ...distances), `${name}: ${key}`).toBeLessThan(TOLERANCE);
  }
}

test('two ranks have the losses and gradients of one process', async () => {
  const entry = new URL('./contrast_rank.ts', import.meta.url);
  const [first, second] = valuesOf(await runRanks(entry, 2)) as [Record<string, unknown>, Record<string, unknown>];
  for (const [name, makeLoss] of Object.entries(losses)) {
    const alone = play(makeLoss, (step) => batchOf(step));
    expect(
      Object.values(alone.gradients)
        .flat()
        .some((value) => Math.abs(value) > 1e-4),
      name,
    ).toBe(true);
    for (const each of [first, second]) expectClose(each[name] as Played, alone, name);
  }
  const unmarked = play(losses.moco!, (step) => withoutIds(batchOf(step)));
  for (const each of [first, second]) expectClose(each.withoutIds as Played, unmarked, 'without ids');
  expect(first.rows).toEqual([
    [
      [0, 0],
      [1, 1],
      [1, 1],
    ],
    [[3, 3]],
  ]);
  expect(second.rows).toEqual([
    [
      [0, 0],
      [1, 1],
      [1, 1],
    ],
    [
      [3, 3],
      [3, 3],
    ],
  ]);
  expect(second.different).toBe(
    'Cannot gather rows: expected rows of one dtype and size on all ranks, got others on rank 1 than on rank 0; this rank has float32 [2, 4]',
  );
  const { images, texts } = batchOf(0);
  const sides = { visionFeatures: images.narrow(1, 0, 5), textFeatures: texts };
  expect(first.evaluated).toBe(new CLIPLoss().eval().forward(sides).loss.item());
  const [steps, sum] = first.trained as [number, number];
  expect(steps).toBe(2);
  expect(sum).not.toBe(first.untrained);
  expect(second.trained).toEqual(first.trained);
  expect(first.truth).toBe('true,false');
  expect(first.ids).toBe('0,1');
});
