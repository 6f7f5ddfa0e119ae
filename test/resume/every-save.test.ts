// A run that is killed right behind a save ends like one that nothing interrupts, whichever save that was.
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { load } from '../../src/serial/tensors.ts';
import { OPTIONS as STANDARD, train } from './experiment.ts';
import { lastingDifferences } from './runs.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-every-save-'));
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {}); // a run that stops early says so
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const checkpointsOf = (root: string): string => join(root, 'experiment');
const namesIn = (root: string): string[] =>
  readdirSync(checkpointsOf(root))
    .filter((name) => name.startsWith('epoch_'))
    .sort();

/** Where the last checkpoints of two runs differ, but for their places. */
async function differencesOf(root: string, whole: string): Promise<string[]> {
  const [end, wanted] = await Promise.all(
    [root, whole].map((each) => load(join(checkpointsOf(each), 'latest.ckpt'), { keepFloats: true })),
  );
  return lastingDifferences(end, wanted).filter((path) => path !== 'hyper_parameters.checkpoint.rootDir');
}

const settings: Readonly<Record<string, Partial<typeof STANDARD>>> = {
  // What was measured there ranks the checkpoint of the epoch's end too.
  'a validation at the last step of an epoch': {
    ...{ accumulation: 5, saveEverySteps: 1, stepsPerEpoch: 9, validateEverySteps: 2, seed: 115_631, epochs: 4 },
  },
  'an early stop at the last step of an epoch': {
    ...{ accumulation: 1, saveEverySteps: 2, stepsPerEpoch: 4, validateEverySteps: 2, seed: 871_107, epochs: 2 },
    patience: 3,
  },
  'an early stop between two windows that the end of an epoch cuts short': {
    ...{ accumulation: 5, saveEverySteps: 1, stepsPerEpoch: 7, validateEverySteps: 2, seed: 54_515, epochs: 3 },
    patience: 2,
  },
};

test.each(Object.keys(settings))('a run with %s goes on the same from each of its saves', async (what) => {
  const options = { ...STANDARD, ...settings[what] };
  const whole = mkdtempSync(join(folder, 'whole-'));
  await train(options, { rootDir: whole });
  const names = namesIn(whole);
  expect(names.length).toBeGreaterThan(3);
  const changed: Record<string, string[]> = {};
  for (const [i, name] of names.entries()) {
    const killed = mkdtempSync(join(folder, 'killed-'));
    cpSync(whole, killed, { recursive: true, verbatimSymlinks: true });
    for (const later of [...names.slice(i + 1), 'latest.ckpt', 'best.ckpt'])
      rmSync(join(checkpointsOf(killed), later), { force: true });
    await train(options, { rootDir: killed }, { resumeFromCheckpoint: checkpointsOf(killed) });
    const differing = await differencesOf(killed, whole);
    if (differing.length > 0) changed[name] = differing;
  }
  expect(changed).toEqual({});
});

test('a run that is stopped in a validation between such windows, which ends it, ends where it would have', async () => {
  const options = { ...STANDARD, ...settings['an early stop between two windows that the end of an epoch cuts short'] };
  const unsaved = { ...options, saveEverySteps: 7 };
  const [whole, stopped] = ['unstopped', 'stopped'].map((name) => join(folder, name)) as [string, string];
  await train(unsaved, { rootDir: whole });
  const stop = train({ ...unsaved, signal: 'SIGTERM', during: 'validationStart', at: 3 }, { rootDir: stopped });
  await expect(stop).rejects.toThrow('SIGTERM');
  await train(unsaved, { rootDir: stopped }, { resumeFromCheckpoint: checkpointsOf(stopped) });
  expect(await differencesOf(stopped, whole)).toEqual([]);
});
