// Killed and resumed in new processes, a run ends as if it had never been: every entry of its last checkpoint and every record of its log.
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readRun } from '../../src/tracking/index.ts';
import { sconce } from '../cli/sconce.ts';
import {
  checkpointNames,
  type EndedRun,
  expectSameEnd,
  lastCheckpoint,
  lastingDifferences,
  resumeAll,
  runsFolder,
  trainNew,
  warningsOf,
} from './runs.ts';

const folder = runsFolder();

const moments = {
  'before its first checkpoint': { during: 'batch', at: 2 },
  'between saves': { during: 'batch', at: 16, workers: 1 },
  'with captured steps': { during: 'batch', at: 22, captureSteps: true },
  'in a validation': { during: 'validate', at: 7 },
  'while a file is being written': { during: 'write', at: 3 },
  'behind a save': { during: 'saved', at: 2 },
  'at the end of an epoch': { during: 'epochEnd', at: 2 },
  'before its report': { during: 'fitEnd', at: 1 },
} as const;
type Moment = keyof typeof moments;
const names = Object.keys(moments) as Moment[];

describe('a run that is killed', () => {
  let whole: EndedRun;
  const runs = new Map<Moment, EndedRun>();
  let damaged: string;
  beforeAll(async () => {
    const start = async (): Promise<void> => {
      for (let name = names.shift(); name !== undefined; name = names.shift())
        runs.set(name, await trainNew(folder.path, { signal: 'SIGKILL', ...moments[name] }));
    };
    const reference = trainNew(folder.path);
    await Promise.all([start(), start()]);
    whole = await reference;
    // The newest file of one is cut short, as a disk may that loses its power.
    const { folder: killed } = runs.get('between saves')!;
    damaged = checkpointNames(killed).at(-1)!;
    truncateSync(join(killed, 'checkpoints', damaged), 5000);
    const resumed = await resumeAll(
      [...runs.values()].map((run) => run.folder),
      folder.path,
    );
    expect(resumed).toMatchObject({ code: 0, stdout: '' });
  }, 120_000);

  test.each(Object.keys(moments) as Moment[])('%s ends like one that nothing interrupts', async (name) => {
    expect(whole.outcome).toMatchObject({ code: 0 });
    const run = runs.get(name)!;
    expect(run.outcome).toMatchObject({ code: null, signal: 'SIGKILL' });
    await expectSameEnd(run.folder, whole.folder);
  });

  test('is begun again where it had saved nothing, and says so', async () => {
    const run = await readRun(runs.get('before its first checkpoint')!.folder);
    expect(warningsOf(run)).toEqual(['Begun again: the run had not saved a checkpoint yet']);
  });

  test('goes on from the newest checkpoint that verifies, keeps what it had logged behind it, and says so', async () => {
    const run = await readRun(runs.get('between saves')!.folder);
    const event = run.events.find((record) => record.event === 'resumed');
    expect(event?.event === 'resumed' && event.checkpoint! < `checkpoints/${damaged}`).toBe(true);
    expect(event?.event === 'resumed' && event.dropped.length).toBeGreaterThan(0);
    expect(warningsOf(run)).toEqual([expect.stringContaining(damaged)]);
  });

  test('stays as it is when it is resumed again', async () => {
    const { folder: run } = runs.get('in a validation')!;
    const before = await lastCheckpoint(run);
    const again = await sconce(['resume', run], folder.path);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('Finished already') });
    expect(lastingDifferences(await lastCheckpoint(run), before)).toEqual([]);
  });

  test('leaves out what --drop names, and keeps that in the log', { timeout: 60_000 }, async () => {
    const run = await trainNew(folder.path, { signal: 'SIGTERM', at: 14 });
    const resumed = await sconce(['resume', run.folder, '--drop', 'callbacks.lossWatcher'], folder.path);
    expect(resumed).toMatchObject({ code: 0 });
    const changed = lastingDifferences(await lastCheckpoint(run.folder), await lastCheckpoint(whole.folder));
    expect(changed).toEqual(['callbacks.lossWatcher.average.value', 'callbacks.lossWatcher.count']);
    expect(warningsOf(await readRun(run.folder))).toEqual(['Resumed without the saved state of callbacks.lossWatcher']);
  });
});
