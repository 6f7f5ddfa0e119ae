// Who works on a run, and what a killed start leaves behind.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noteProcess, processOf, requireNotRunning, startingFolder, wasKilled } from './run-process.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-process-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** No process has such a number. */
const DEAD = 2 ** 30;

test('a run is running while the process that noted itself lives, and not when its number is another’s', async () => {
  const folder = newFolder();
  const forget = await noteProcess(folder);
  expect(await processOf(folder)).toEqual({ pid: process.pid, host: hostname() });
  await expect(requireNotRunning(folder)).rejects.toThrow(
    new RegExp(`expected a run that nobody works on, got one that process ${process.pid} trains`),
  );
  await forget();
  expect(await processOf(folder)).toBeUndefined();
  const note = (noted: object): void => writeFileSync(join(folder, 'process.json'), JSON.stringify(noted));
  note({ pid: DEAD, host: hostname(), since: '1' });
  expect(await processOf(folder)).toBeUndefined();
  if (process.platform === 'linux') {
    note({ pid: process.pid, host: hostname(), since: '1' });
    expect(await processOf(folder)).toBeUndefined();
  }
});

test('what a machine that failed has noted does not keep its job from going on there where SLURM starts it again', async () => {
  const folder = newFolder();
  const path = join(folder, 'process.json');
  writeFileSync(path, JSON.stringify({ pid: 7, host: 'elsewhere', since: '1', slurmJob: { id: '12_3', restarts: 1 } }));
  const before = { ...process.env };
  onTestFinished(() => {
    process.env = before;
  });
  const inJob = (id: string, restarts: number): void => {
    process.env = { ...before, SLURM_JOB_ID: id, SLURM_RESTART_COUNT: String(restarts) };
  };
  await expect(requireNotRunning(folder)).rejects.toThrow(
    'got one that job 12_3 trains on elsewhere; wait for its end, or stop it with sconce slurm cancel 12_3',
  );
  for (const [id, restarts] of [
    ['12_3', 1],
    ['13', 2],
  ] as const) {
    inJob(id, restarts);
    expect(await processOf(folder)).toMatchObject({ pid: 7, host: 'elsewhere' });
  }
  inJob('12_3', 2);
  expect(await processOf(folder)).toBeUndefined();
  await requireNotRunning(folder);
  const forget = await noteProcess(folder);
  expect(JSON.parse(readFileSync(path, 'utf8')).slurmJob).toEqual({ id: '12_3', restarts: 2 });
  await forget();
});

test('a run was killed where its note is there and its last summary is older', async () => {
  const folder = newFolder();
  const forget = await noteProcess(folder);
  expect(await wasKilled(folder)).toBe(true);
  const summary = join(folder, 'summary.json');
  writeFileSync(summary, '{}');
  utimesSync(summary, 1, 1);
  expect(await wasKilled(folder), 'summary of a process before').toBe(true);
  utimesSync(summary, 2 ** 32, 2 ** 32);
  expect(await wasKilled(folder), 'summary of this one').toBe(false);
  await forget();
  utimesSync(summary, 1, 1);
  expect(await wasKilled(folder)).toBe(false);
});

test('a start deletes the folders of starts that were killed, and leaves those that go on', async () => {
  const folder = newFolder();
  const own = await startingFolder(folder);
  const names = {
    own,
    killed: join(folder, `.starting-${DEAD}-1ab-${hostname()}`),
    elsewhere: join(folder, '.starting-1-1ab-another-machine'),
    old: join(folder, '.starting-1-2ab-another-machine'),
    run: join(folder, 'run'),
  };
  for (const path of Object.values(names)) mkdirSync(path);
  utimesSync(names.old, 1, 1);
  await startingFolder(folder);
  expect(Object.fromEntries(Object.entries(names).map(([name, path]) => [name, existsSync(path)]))).toEqual({
    own: true,
    killed: false,
    elsewhere: true,
    old: false,
    run: true,
  });
});
