// One save at a time: who waits, how long, and what is told of it.
import { expect, test } from 'vitest';
import { SavesUnderWay } from './saves-under-way.ts';

const done = { path: 'a.ckpt', step: 1, durationMs: 1, warnings: [] };

test('a save that waits too long for the one before is left out, with a warning; one without a limit waits', async () => {
  const saves = new SavesUnderWay();
  let finish = (): void => {};
  saves.begin(new Promise((resolve) => (finish = () => resolve(done))));
  expect(await saves.makeRoom(5)).toBe(false);
  expect(saves.takeWarnings()).toEqual([
    'A checkpoint was left out: the one before it was not written within 0.005 s (preemption.maxCheckpointSec)',
  ]);
  expect(saves.waitMs).toBeGreaterThanOrEqual(4);
  const waiting = saves.makeRoom();
  finish();
  expect(await waiting).toBe(true);
  expect(saves.takeCommitted()).toEqual([{ path: 'a.ckpt', step: 1, durationMs: 1 }]);
});

test('a save that failed in the background is an error at the next look, once', async () => {
  const saves = new SavesUnderWay();
  saves.begin(Promise.reject(new Error('no space')));
  await expect(saves.settle()).rejects.toThrow('no space');
  expect(saves.hasNews).toBe(false);
  expect(await saves.makeRoom()).toBe(true);
});
