// A stop signal ends a run in one checkpoint wherever it comes, with 128 and its number, and the run goes on from there; a second one ends the process at once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readRun } from '../../src/tracking/index.ts';
import { startSconce } from '../cli/sconce.ts';
import { checkpointNames, type EndedRun, expectSameEnd, resumeAll, runsFolder, trainNew } from './runs.ts';

const folder = runsFolder();

/** Where the signal comes, and the micro-step of the checkpoint that it ends in: at most one behind. */
const phases = {
  'before the first step': { during: 'fitStart', at: 1, signal: 'SIGTERM', microSteps: [0, 1] },
  'in the sanity check': { during: 'sanity', at: 1, signal: 'SIGTERM', microSteps: [0] },
  'in a step, with windows part full': { during: 'step', at: 3, signal: 'SIGINT', microSteps: [3] },
  'in the last step of an epoch': { during: 'step', at: 9, signal: 'SIGTERM', microSteps: [9] },
  'at the start of a validation': { during: 'validationStart', at: 2, signal: 'SIGTERM', microSteps: [18] },
  'in a validation': { during: 'validate', at: 5, signal: 'SIGUSR1', microSteps: [9] },
  'while a checkpoint is put together': { during: 'save', at: 3, signal: 'SIGTERM', microSteps: [16] },
  'while a checkpoint is written': { during: 'write', at: 2, signal: 'SIGTERM', microSteps: [9, 10] },
  'at the end of the run': { during: 'fitEnd', at: 1, signal: 'SIGTERM', microSteps: [27] },
  'in a test behind the training': { during: 'test', at: 2, signal: 'SIGTERM', microSteps: [27] },
  'between epochs': { during: 'epochEnd', at: 1, signal: 'SIGTERM', microSteps: [9] },
} as const;
type Phase = keyof typeof phases;
const CODES = { SIGINT: 130, SIGTERM: 143, SIGUSR1: 138 };

describe('a run that gets a stop signal', () => {
  let whole: EndedRun;
  const runs = new Map<Phase, EndedRun>();
  const stopped = new Map<Phase, string[]>();
  beforeAll(async () => {
    const waiting = Object.keys(phases) as Phase[];
    const start = async (): Promise<void> => {
      for (let phase = waiting.shift(); phase !== undefined; phase = waiting.shift()) {
        const { microSteps: _, ...settings } = phases[phase];
        const run = await trainNew(folder.path, settings);
        runs.set(phase, run);
        stopped.set(phase, checkpointNames(run.folder));
      }
    };
    const reference = trainNew(folder.path);
    await Promise.all([start(), start()]);
    whole = await reference;
  }, 120_000);

  test.each(Object.keys(phases) as Phase[])('%s saves once and ends with 128 and its number', async (phase) => {
    const { signal, microSteps } = phases[phase];
    const { outcome, folder: run } = runs.get(phase)!;
    const code = CODES[signal];
    const wasSaved = phases[phase].during === 'test';
    expect(outcome).toMatchObject({ code, signal: null, stdout: '' });
    expect(outcome.stderr).toMatch(
      new RegExp(
        `^Interrupted by ${signal}${wasSaved ? '' : '; saved ".*\\.ckpt"'}\nGo on with: npx sconce resume .*resume-test-`,
        'm',
      ),
    );
    const { summary } = await readRun(run);
    expect(summary).toMatchObject({ status: 'interrupted', exitCode: code, message: signal });
    expect(microSteps).toContain(summary!.clocks.microStep);
    // The checkpoints that were due, and one of the moment at which it ended.
    const names = stopped.get(phase)!;
    const last = names.at(-1)!;
    expect(names).toEqual([...checkpointNames(whole.folder).filter((name) => name < last), last]);
    if (!wasSaved) expect(outcome.stderr).toContain(`${last}"`);
  });

  test('goes on in a new process to the end that it would have reached', { timeout: 60_000 }, async () => {
    const resumed = await resumeAll(
      [...runs.values()].map((run) => run.folder),
      folder.path,
    );
    expect(resumed).toMatchObject({ code: 0, stdout: '' });
    for (const run of runs.values()) await expectSameEnd(run.folder, whole.folder);
  });
});

test('a second signal ends the command within the operator in progress, with 128 and its number', {
  timeout: 60_000,
}, async () => {
  const runs = mkdtempSync(join(tmpdir(), 'sconce-signals-'));
  onTestFinished(() => rmSync(runs, { recursive: true }));
  const experiment = fileURLToPath(new URL('long-operator.ts', import.meta.url));
  const { process: child, ended } = startSconce(['train', experiment, '--runs', runs], runs);
  let said = '';
  await new Promise<void>((resolve) => {
    child.stderr!.on('data', (text: string) => {
      said += text;
      if (said.includes('in the operator')) resolve();
    });
    child.on('close', () => resolve());
  });
  const sentMs = performance.now();
  child.kill('SIGTERM');
  const outcome = await ended;
  expect(outcome).toMatchObject({ code: 143, signal: null });
  expect(outcome.stderr).not.toContain('after the operator');
  expect(performance.now() - sentMs).toBeLessThan(3000);
});
