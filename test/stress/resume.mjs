// Kills a run at random moments, resumes it in new processes until it ends, and compares everything with a run that was never killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { load, Tensor } from 'sconce';

const root = join(import.meta.dirname, '../..');
const runs = join(root, 'runs', `stress-${process.pid}`);
const command = join(root, 'dist/cli/main.js');
const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT'];

/** mulberry32: numbers in [0, 1) from a seed. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs the command; with `killAfterMs` it gets `signal` then, unless it has ended. */
function play(args, { killAfterMs, signal } = {}) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, [command, ...args], {
      cwd: root,
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      output += text;
    });
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill(signal), killAfterMs);
    child.on('exit', (code, died) => {
      clearTimeout(timer);
      resolve({ code, died, output, ms: performance.now() - started });
    });
  });
}

/** Plain values of a checkpoint, without the wall clock. */
function comparable(value, path = '') {
  if (path === '.environment.saved_at') return undefined;
  if (value instanceof Tensor)
    return { shape: value.shape, dtype: value.dtype, bytes: Buffer.from(value.toBytes()).toString('base64') };
  if (value instanceof Map) return [...value].map(([key, entry]) => [key, comparable(entry, `${path}.${key}`)]);
  if (Array.isArray(value)) return value.map((entry, i) => comparable(entry, `${path}.${i}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, comparable(entry, `${path}.${key}`)]));
}

async function finalState(folder) {
  return comparable(await load(join(folder, 'checkpoints/latest.ckpt')));
}

/** What was logged, without the wall clock and the events. */
function loggedValues(folder) {
  const records = readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return records.filter(({ kind }) => kind === 'metrics').map(({ time, ...record }) => record);
}

const onlyRun = (folder) => join(folder, readdirSync(folder)[0]);

async function playKilled(folder, settings, random, expectedMs) {
  const kills = [];
  const numKills = 1 + Math.floor(random() * 4);
  const experiment = join(import.meta.dirname, 'killed-run.ts');
  for (let attempt = 0; ; attempt++) {
    const isNew = readdirSync(folder).length === 0;
    const args = isNew ? ['train', experiment, '--runs', folder, ...settings] : ['resume', onlyRun(folder)];
    const kill =
      attempt < numKills
        ? { killAfterMs: random() * expectedMs, signal: SIGNALS[Math.floor(random() * SIGNALS.length)] }
        : {};
    const { code, died, output } = await play(args, kill);
    if (code === 0) return kills;
    // Killed before it had written what it was asked to do: there is nothing to resume.
    const isUnborn = !readdirSync(onlyRunOrSelf(folder)).includes('config.json');
    if (isUnborn) rmSync(folder, { recursive: true });
    if (isUnborn) mkdirSync(folder);
    const wasKilled = kill.signal !== undefined && (died === kill.signal || code === 130 || code === 143);
    assert(wasKilled, `ended with ${died ?? code} after ${JSON.stringify(kill)}: ${output}`);
    kills.push(`${kill.signal} at ${kill.killAfterMs.toFixed(0)} ms`);
  }
}

const onlyRunOrSelf = (folder) => (readdirSync(folder).length === 0 ? folder : onlyRun(folder));

export async function run({ seed, minutes }) {
  const random = randomFrom(seed);
  const end = performance.now() + minutes * 60_000;
  const pick = (values) => values[Math.floor(random() * values.length)];
  let numRuns = 0;
  let numKills = 0;
  while (performance.now() < end) {
    const settings = [
      `accumulation=${pick([1, 2, 3, 5])}`,
      `everySteps=${pick([3, 7, 1000])}`,
      `seed=${Math.floor(random() * 1e6)}`,
    ];
    const flags = settings.flatMap((setting) => ['--set', setting]);
    const whole = join(runs, 'whole');
    const killed = join(runs, 'killed');
    for (const folder of [whole, killed]) mkdirSync(folder, { recursive: true });
    const reference = await play(['train', join(import.meta.dirname, 'killed-run.ts'), '--runs', whole, ...flags]);
    assert.equal(reference.code, 0, reference.output);
    const kills = await playKilled(killed, flags, random, reference.ms);
    const context = `${settings.join(' ')}, ${kills.join(', ')}`;
    assert.deepEqual(await finalState(onlyRun(killed)), await finalState(onlyRun(whole)), context);
    assert.deepEqual(loggedValues(onlyRun(killed)), loggedValues(onlyRun(whole)), context);
    rmSync(runs, { recursive: true });
    numRuns += 1;
    numKills += kills.length;
  }
  console.log(`resume: ${numRuns} runs killed ${numKills} times ended as if they had not been`);
}
