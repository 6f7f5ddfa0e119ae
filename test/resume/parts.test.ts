// Each part of a checkpoint is needed: a run that goes on without it ends otherwise.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { load, save } from '../../src/serial/tensors.ts';
import { IS_SCALED, OPTIONS as STANDARD, train } from './experiment.ts';
import { lastingDifferences } from './runs.ts';

type Checkpoint = Record<string, Record<string, unknown>>;

/** What says what the run is, and not where it stands. */
const FACTS = ['format', 'version', 'extra', 'hyper_parameters', 'environment'];
/** Where the runs of this process keep their checkpoints. */
const ROOT = 'hyper_parameters.checkpoint.rootDir';

/** Validates inside epochs, so that the last validation's values matter to an epoch's record. */
const OPTIONS = { ...STANDARD, validateEverySteps: 6 };

let folder: string;
let stopped: Checkpoint;
let whole: Checkpoint;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-parts-'));
  // In the second epoch, behind its validation, with windows that are part full.
  const options = { ...OPTIONS, signal: 'SIGTERM', at: 15 };
  await expect(train(options, { rootDir: join(folder, 'stopped') })).rejects.toThrow('SIGTERM');
  await train(OPTIONS, { rootDir: join(folder, 'whole') });
  stopped = await latest('stopped');
  whole = await latest('whole');
});
afterAll(() => rmSync(folder, { recursive: true }));

const pathOf = (name: string): string => join(folder, name, 'experiment', 'latest.ckpt');
const latest = async (name: string): Promise<Checkpoint> =>
  (await load(pathOf(name), { keepFloats: true })) as Checkpoint;

/** The parts of a checkpoint by the names that `drop` takes. */
function partsOf(checkpoint: Checkpoint): Map<string, unknown> {
  const entries = Object.entries(checkpoint).flatMap(([key, value]): [string, unknown][] => {
    if (FACTS.includes(key) || value === null) return [];
    if (!['modules', 'callbacks', 'metrics'].includes(key)) return [[key, value]];
    return Object.entries(value).map(([name, part]) => [`${key}.${name}`, part]);
  });
  return new Map(entries);
}

/** Where a run that goes on from the interrupted one without some parts ends otherwise than the whole one. */
async function changedWithout(drop: readonly string[], resumeFromCheckpoint = pathOf('stopped')): Promise<string[]> {
  const name = `without-${drop.join()}-${basename(resumeFromCheckpoint)}`;
  const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  await train(OPTIONS, { rootDir: join(folder, name) }, { resumeFromCheckpoint, resume: { drop } });
  warnings.mockRestore();
  return lastingDifferences(await latest(name), whole).filter((path) => path !== ROOT);
}

test('with every part a run ends like one that nothing interrupts', async () => {
  expect(await changedWithout([])).toEqual([]);
});

const PARTS = [
  'callbacks.earlyStoppingPatience',
  'callbacks.lossWatcher',
  'clocks',
  'ema',
  'gradients',
  'loaders',
  'metrics.best',
  'metrics.history',
  'metrics.train',
  'metrics.validation',
  'model_state_dict',
  'modules.loss',
  'optimizer_state_dicts',
  'rng',
  'scheduler_state_dicts',
  ...(IS_SCALED ? ['scaler'] : []),
];

test.each(PARTS)('without %s it ends otherwise', async (part) => {
  expect(await changedWithout([part])).not.toEqual([]);
});

test('without what the user keeps in extra it ends otherwise', async () => {
  const path = join(folder, 'without-extra.ckpt');
  await save({ ...stopped, extra: {} }, path);
  expect(await changedWithout([], path)).toEqual(['extra.samples']);
});

test('there are no other parts, and an earlier checkpoint differs in each of them', async () => {
  // It has a state, so that it is asked in a save, but an empty one.
  const parts = [...partsOf(stopped)].filter(([name]) => name !== 'callbacks.signaller');
  expect(parts.map(([name]) => name).sort()).toEqual([...PARTS].sort());
  const checkpoints = join(folder, 'stopped', 'experiment');
  const [first] = readdirSync(checkpoints)
    .filter((name) => name.startsWith('epoch_000'))
    .sort();
  const earlier = partsOf((await load(join(checkpoints, first!), { keepFloats: true })) as Checkpoint);
  const equal = parts.filter(([name, part]) => lastingDifferences(part, earlier.get(name)).length === 0);
  expect(equal.map(([name]) => name)).toEqual([]);
});
