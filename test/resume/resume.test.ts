// Interrupted and resumed in new processes, a run ends as if it had never been: every entry of its last checkpoint and every record of its log.
import { mkdtempSync, readdirSync, realpathSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { load } from '../../src/serial/tensors.ts';
import { type LogRecord, type Run, readRun } from '../../src/tracking/index.ts';
import { type Outcome, requireCompiled, sconce } from '../cli/sconce.ts';
import { differences } from './differences.ts';
import { OPTIONS, train } from './experiment.ts';

const experiment = fileURLToPath(new URL('experiment.ts', import.meta.url));
/** What says when a file was written: the only entry that may differ. */
const WALL_CLOCK = ['environment.saved_at'];
/** Where the tests of this process, which have no run, keep their checkpoints. */
const ROOT = 'hyper_parameters.checkpoint.rootDir';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-resume-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface EndedRun {
  readonly outcome: Outcome;
  readonly folder: string;
}

/** Trains in a process of its own. */
async function trainNew(settings: Readonly<Record<string, string | number>> = {}): Promise<EndedRun> {
  await requireCompiled();
  const runs = mkdtempSync(join(folder, 'runs-'));
  const set = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const outcome = await sconce(['train', experiment, '--runs', runs, ...set], folder);
  const [name] = readdirSync(runs);
  return { outcome, folder: join(runs, name ?? '') };
}

const lastCheckpoint = (run: string): Promise<unknown> =>
  load(join(run, 'checkpoints', 'latest.ckpt'), { keepFloats: true });

/** What was measured, without the time at which. */
const measured = ({ metrics }: Run): object[] => metrics.map(({ time: _time, ...rest }) => rest);
const eventsOf = ({ events }: Run): LogRecord[] => [...events];

let whole: Promise<EndedRun> | undefined;
/** The run that nothing interrupts. */
function uninterrupted(): Promise<EndedRun> {
  whole ??= trainNew();
  return whole;
}

async function expectSameEnd(run: string): Promise<void> {
  const reference = await uninterrupted();
  expect(reference.outcome).toMatchObject({ code: 0 });
  const values = (await readRun(reference.folder)).metrics.flatMap((record) => Object.values(record.values));
  expect(values.every(Number.isFinite)).toBe(true); // everything is equal where everything is NaN
  expect(differences(await lastCheckpoint(run), await lastCheckpoint(reference.folder))).toEqual(WALL_CLOCK);
  expect(measured(await readRun(run))).toEqual(measured(await readRun(reference.folder)));
}

const moments: [signal: NodeJS.Signals, code: number, during: string, at: number, what: string][] = [
  ['SIGINT', 130, 'batch', 3, 'inside the windows of both optimizers, before any checkpoint'],
  ['SIGTERM', 143, 'batch', 9, 'in the last batch of an epoch, before the windows that it cuts short'],
  ['SIGTERM', 143, 'batch', 14, 'in the second epoch'],
  ['SIGUSR1', 138, 'validation', 5, 'in a validation'],
  ['SIGTERM', 143, 'save', 3, 'in a save'],
];

describe('sconce resume', () => {
  for (const [signal, code, during, at, what] of moments) {
    test.concurrent(`ends a run like one that nothing interrupts, after ${signal} ${what}`, {
      timeout: 120_000,
    }, async () => {
      const run = await trainNew({ signal, during, at });
      expect(run.outcome).toMatchObject({ code, signal: null });
      expect(run.outcome.stderr).toMatch(
        new RegExp(`^Interrupted by ${signal}; saved ".*\\.ckpt"\nGo on with: npx sconce resume .*resume-test-`, 'm'),
      );
      expect(await readRun(run.folder)).toMatchObject({
        summary: { status: 'interrupted', exitCode: code, message: signal },
      });
      const resumed = await sconce(['resume', run.folder], folder);
      expect(resumed).toMatchObject({ code: 0, stdout: '' });
      await expectSameEnd(run.folder);
    });
  }

  test.concurrent('ends a run like one that nothing interrupts, after SIGKILL between saves and with the newest file cut short', {
    timeout: 120_000,
  }, async () => {
    const run = await trainNew({ signal: 'SIGKILL', at: 17 });
    expect(run.outcome).toMatchObject({ code: null, signal: 'SIGKILL' });
    const checkpoints = join(run.folder, 'checkpoints');
    const files = readdirSync(checkpoints)
      .filter((name) => name.startsWith('epoch'))
      .sort();
    truncateSync(join(checkpoints, files.at(-1)!), 5000);
    const log = await readRun(run.folder);
    const resumed = await sconce(['resume', run.folder], folder);
    expect(resumed).toMatchObject({ code: 0 });
    await expectSameEnd(run.folder);
    // Something had been logged beyond the checkpoint: it was taken out, and is kept.
    const after = await readRun(run.folder);
    const event = after.events.find((record) => record.event === 'resumed');
    expect(event).toMatchObject({ checkpoint: `checkpoints/${files.at(-2)}` });
    expect(event?.event === 'resumed' && event.dropped.length).toBeGreaterThan(0);
    expect(measured(log).length).toBeGreaterThan(0);
    expect(eventsOf(after).filter((record) => record.kind === 'event' && record.event === 'warning').length).toBe(1);
  });

  test.concurrent('begins a run again that was killed before its first checkpoint', { timeout: 120_000 }, async () => {
    const run = await trainNew({ signal: 'SIGKILL', at: 2 });
    expect(run.outcome).toMatchObject({ signal: 'SIGKILL' });
    expect(await sconce(['resume', run.folder], folder)).toMatchObject({ code: 0 });
    await expectSameEnd(run.folder);
    const warnings = (await readRun(run.folder)).events.flatMap((event) =>
      event.event === 'warning' ? [event.message] : [],
    );
    expect(warnings).toEqual(['Begun again: the run had not saved a checkpoint yet']);
  });

  test.concurrent('leaves out what --drop names, and keeps that in the log', { timeout: 120_000 }, async () => {
    const run = await trainNew({ signal: 'SIGTERM', at: 14 });
    const resumed = await sconce(['resume', run.folder, '--drop', 'callbacks.lossWatcher'], folder);
    expect(resumed).toMatchObject({ code: 0 });
    const [own, reference] = [await lastCheckpoint(run.folder), await lastCheckpoint((await uninterrupted()).folder)];
    expect(differences(own, reference)).toEqual([
      'callbacks.lossWatcher.average.value',
      'callbacks.lossWatcher.count',
      ...WALL_CLOCK,
    ]);
    const warnings = (await readRun(run.folder)).events.flatMap((event) =>
      event.event === 'warning' ? [event.message] : [],
    );
    expect(warnings).toEqual(['Resumed without the saved state of callbacks.lossWatcher']);
  });
});

describe('each part of a checkpoint', () => {
  /** A run that is interrupted in its second epoch, and the last checkpoint of one that is not. */
  async function interrupted(): Promise<{ path: string; reference: unknown }> {
    const [stopped, complete] = [join(folder, 'stopped'), join(folder, 'complete')];
    await expect(train({ ...OPTIONS, signal: 'SIGTERM', at: 14 }, { rootDir: stopped })).rejects.toThrow('SIGTERM');
    await train(OPTIONS, { rootDir: complete });
    return {
      path: join(stopped, 'experiment', 'latest.ckpt'),
      reference: await load(join(complete, 'experiment', 'latest.ckpt'), { keepFloats: true }),
    };
  }

  test('is needed: without it a resumed run ends otherwise', { timeout: 60_000 }, async () => {
    const { path, reference } = await interrupted();
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warnings.mockRestore());
    const end = async (name: string, drop: readonly string[]): Promise<string[]> => {
      const rootDir = join(folder, `without-${name}`);
      await train(OPTIONS, { rootDir }, { resumeFromCheckpoint: path, resume: { drop } });
      const checkpoint = await load(join(rootDir, 'experiment', 'latest.ckpt'), { keepFloats: true });
      return differences(checkpoint, reference).filter((entry) => entry !== ROOT && !WALL_CLOCK.includes(entry));
    };
    expect(await end('nothing', [])).toEqual([]);
    const checkpoint = (await load(path)) as Record<string, Record<string, unknown>>;
    const facts = ['format', 'version', 'extra', 'hyper_parameters', 'environment', 'scaler', 'ema'];
    const parts = Object.entries(checkpoint).flatMap(([key, value]) => {
      if (facts.includes(key)) return [];
      return ['callbacks', 'metrics'].includes(key) ? Object.keys(value).map((name) => `${key}.${name}`) : [key];
    });
    expect(parts.sort()).toEqual([
      'callbacks.lossWatcher',
      'callbacks.signaller',
      'clocks',
      'gradients',
      'loaders',
      'metrics.best',
      'metrics.history',
      'metrics.train',
      'model_state_dict',
      'optimizer_state_dicts',
      'rng',
      'scheduler_state_dicts',
    ]);
    for (const part of parts) {
      const changed = await end(part, [part]);
      // The signaller has a state, so that it is asked in a save, but an empty one.
      if (part === 'callbacks.signaller') expect(changed).toEqual([]);
      else expect([part, changed.length > 0]).toEqual([part, true]);
    }
  });
});
