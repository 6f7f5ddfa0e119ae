// Kills runs of test/resume/experiment.ts at random moments, resumes them in new processes until they end, and compares everything with runs that were never
// killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { load, Tensor } from 'sconce';
import { verify } from '../../dist/cli/verify/verify.js';

const root = join(import.meta.dirname, '../..');
const runs = join(root, 'runs', `stress-${process.pid}`);
const command = join(root, 'dist/cli/main.js');
const experiment = join(root, 'test/resume/experiment.ts');
const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT'];

/** What two equal runs may differ in: when a checkpoint was written, and what a clock on the wall has shown. */
const WALL_CLOCK = [
  'environment.saved_at',
  'environment.run_id',
  'clocks.elapsedSeconds',
  'clocks.validatedAtSeconds',
  'clocks.savedAtSeconds',
];

/** mulberry32: numbers in [0, 1) from a seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs the command; with `kill` it gets a signal so long after its first step began, unless it has ended. */
function play(args, kill) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...args], {
      cwd: root,
      env: { ...process.env, OMP_NUM_THREADS: '1', SLURM_JOB_ID: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let began;
    let timer;
    const hear = (text) => {
      output += text;
      if (began !== undefined || !output.includes('fit begins')) return;
      began = performance.now();
      if (kill) timer = setTimeout(() => child.kill(kill.signal), kill.afterMs);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code, died) => {
      clearTimeout(timer);
      resolve({ code, died, output, fitMs: performance.now() - (began ?? performance.now()) });
    });
  });
}

/** Plain values of a checkpoint, without the wall clock. */
export function comparable(value, path = '') {
  if (WALL_CLOCK.includes(path)) return undefined;
  if (value instanceof Tensor)
    return { shape: value.shape, dtype: value.dtype, bytes: Buffer.from(value.toBytes()).toString('base64') };
  if (value instanceof Map) return [...value].map(([key, entry]) => [key, comparable(entry, `${path}.${key}`)]);
  if (Array.isArray(value)) return value.map((entry, i) => comparable(entry, `${path}.${i}`));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, entry]) => [key, comparable(entry, path === '' ? key : `${path}.${key}`)]),
  );
}

/** Paths at which two of them differ. */
export function differences(a, b, path = '') {
  if (isDeepStrictEqual(a, b)) return [];
  const areBoth = [a, b].every((value) => typeof value === 'object' && value !== null);
  if (!areBoth || Object.keys(a).join() !== Object.keys(b).join()) return [path];
  return Object.keys(a).flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

const finalState = async (folder) => comparable(await load(join(folder, 'checkpoints/latest.ckpt')));

/** What was logged, without the wall clock, how long things took, and the events. */
function loggedValues(folder) {
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const records = lines.map((line) => JSON.parse(line));
  const isLasting = ([name]) => !/^(profile|system)\//.test(name);
  return records
    .filter(({ kind }) => kind === 'metrics')
    .map(({ time, values, ...record }) => ({
      ...record,
      values: Object.fromEntries(Object.entries(values).filter(isLasting)),
    }))
    .filter(({ values }) => Object.keys(values).length > 0);
}

const isLeftover = (name) => name.endsWith('.tmp');

/** Checks every file that is a checkpoint by its name. @returns how many a save has left unfinished. */
async function lookAt(folder, context) {
  const checkpoints = join(folder, 'checkpoints');
  const names = readdirSync(checkpoints);
  for (const name of names.filter((each) => each.endsWith('.ckpt') && !each.startsWith('.'))) {
    const [{ problem }] = await verify(join(checkpoints, name));
    assert.equal(problem, undefined, `${name}: ${problem} (${context})`);
  }
  return names.filter(isLeftover).length;
}

const inSave = (at) => ['signal=SIGKILL', 'during=write', `at=${at}`].flatMap((setting) => ['--set', setting]);

/** Trains one run, killed some times, and one that is not, and compares them. */
async function playOne(lane, random, counts) {
  const pick = (values) => values[Math.floor(random() * values.length)];
  const settings = {
    accumulation: pick([1, 2, 3, 5]),
    saveEverySteps: pick([1, 1, 2, 3, 7, 1000]),
    stepsPerEpoch: pick([7, 9, 20]),
    workers: pick([0, 0, 1]),
    validateEverySteps: pick([0, 0, 2, 3]),
    patience: pick([1, 2, 10]),
    isAsynchronous: pick([true, false]),
    seed: Math.floor(random() * 1e6),
    pauseMs: pick([2, 8]),
    isWatched: true,
    epochs: 4,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const [whole, killed] = ['whole', 'killed'].map((name) => join(runs, lane, name));
  for (const folder of [whole, killed]) mkdirSync(folder, { recursive: true });
  const onlyRun = (folder) => join(folder, readdirSync(folder)[0]);
  const reference = await play(['train', experiment, '--runs', whole, ...flags]);
  assert.equal(reference.code, 0, reference.output);
  const kills = [];
  const context = () => `${JSON.stringify(settings)}, ${kills.join(', ')}`;
  const numKills = 3 + Math.floor(random() * 6);
  for (let attempt = 0; ; attempt++) {
    // Every second run first kills itself while it writes a checkpoint.
    const first = attempt === 0 && random() < 0.5 ? inSave(1 + Math.floor(random() * 4)) : [];
    const args =
      attempt === 0 ? ['train', experiment, '--runs', killed, ...flags, ...first] : ['resume', onlyRun(killed)];
    const kill = attempt < numKills ? { signal: pick(SIGNALS), afterMs: random() * 0.7 * reference.fitMs } : undefined;
    const { code, died, output } = await play(args, kill);
    if (code === 0) break;
    kills.push(`${died ?? code} after ${kill?.afterMs.toFixed(0)} ms`);
    const isOwn = first.length > 0 && died === 'SIGKILL';
    const wasKilled = kill !== undefined && (isOwn || died === kill.signal || code === 130 || code === 143);
    assert(wasKilled, `ended with ${died ?? code}: ${output} (${context()})`);
    counts.kills += 1;
    if (died === 'SIGKILL') counts.sigkills += 1;
    if ((await lookAt(onlyRun(killed), context())) > 0) counts.insideSaves += 1;
  }
  assert.equal(await lookAt(onlyRun(killed), context()), 0, `something is left of a save (${context()})`);
  const [state, logged] = [await finalState(onlyRun(killed)), loggedValues(onlyRun(killed))];
  assert.deepEqual(differences(state, await finalState(onlyRun(whole))), [], context());
  assert.deepEqual(differences(logged, loggedValues(onlyRun(whole))), [], context());
  rmSync(join(runs, lane), { recursive: true });
  counts.runs += 1;
}

export async function run({ seed, minutes }) {
  const end = performance.now() + minutes * 60_000;
  const counts = { runs: 0, kills: 0, sigkills: 0, insideSaves: 0 };
  const lanes = Array.from({ length: Math.min(4, availableParallelism()) }, async (_, lane) => {
    const random = randomFrom(seed + lane);
    while (performance.now() < end) await playOne(`${lane}`, random, counts);
  });
  await Promise.all(lanes);
  rmSync(runs, { recursive: true });
  console.log(
    `resume: ${counts.runs} runs killed ${counts.kills} times (${counts.sigkills} by SIGKILL, ${counts.insideSaves} inside a save) ended as if they had not been`,
  );
}
