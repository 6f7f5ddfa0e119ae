import { expect, it } from 'vitest';
import { SharedBlocks } from './shared-blocks.ts';

const use = (block: SharedArrayBuffer, users: number): void => void Atomics.store(new Int32Array(block), 0, users);

it('SharedBlocks.take() gives a block again when nobody uses it, and only then', () => {
  const blocks = new SharedBlocks();
  const first = blocks.take(1000);
  use(first, 2);
  const second = blocks.take(1000);
  expect(second).not.toBe(first);
  use(second, 1);
  use(first, 0);
  expect(blocks.take(900)).toBe(first);
});

it('SharedBlocks.take() gives up blocks that have proven too small, and rounds up by an eighth at most', () => {
  const blocks = new SharedBlocks();
  const small = blocks.take(1000);
  const large = blocks.take(5000);
  expect([small.byteLength, large.byteLength]).toEqual([1024, 5120]);
  for (const bytes of [1, 65, 1025, 123_456_7]) {
    const { byteLength } = new SharedBlocks().take(bytes);
    expect(byteLength).toBeGreaterThanOrEqual(bytes);
    expect(byteLength).toBeLessThanOrEqual(Math.ceil(bytes * 1.125));
  }
  use(large, 1);
  expect(blocks.take(500)).not.toBe(small);
});
