// Kills trainings of many data sets at random batches (test/resume/multidataset-training.mjs), in the warm-up of a curriculum and behind it, resumes each in new processes until it ends, and compares its checkpoints with those of one
// that nobody killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { load } from 'sconce';
import { comparable, differences, randomFrom } from './resume.mjs';

const root = join(import.meta.dirname, '../..');
const runs = join(root, 'runs', `stress-multidataset-${process.pid}`);
const program = join(root, 'test/resume/multidataset-training.mjs');

/** Runs the program. @returns how it ended, and what it said. */
function play(settings) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, JSON.stringify(settings)], {
      cwd: root,
      env: { ...process.env, OMP_NUM_THREADS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('exit', (code, died) => resolve({ code, died, output }));
  });
}

/** Every checkpoint that a training has left, by its name; what it says of folders is left out. */
async function leftBy(folder) {
  const names = readdirSync(join(folder, 'run')).filter((name) => name.endsWith('.ckpt'));
  const states = names.sort().map(async (name) => {
    const { hyper_parameters: _config, ...state } = comparable(await load(join(folder, 'run', name)));
    return [name, state];
  });
  return Object.fromEntries(await Promise.all(states));
}

/** Trains once without an end before its time and once with some, and compares. */
async function playOne(lane, random, counts) {
  const pick = (values) => values[Math.floor(random() * values.length)];
  const homogeneous = random() < 0.3;
  const settings = {
    homogeneous,
    transition: homogeneous ? 'clamp' : pick(['clamp', 'blend']),
    stepAt: pick(['batch', 'batch', 'epoch']),
    warmupSteps: pick([4, 8, 30]),
    accumulation: pick([1, 2, 3]),
    saveEverySteps: pick([1, 2, 5]),
    validateEverySteps: pick([0, 0, 3]),
    workers: pick([0, 0, 1]),
    steps: pick([4, 7]),
    epochs: pick([3, 4]),
    seed: Math.floor(random() * 1e6),
  };
  const [whole, killed] = ['whole', 'killed'].map((name) => join(runs, lane, name));
  for (const folder of [whole, killed]) mkdirSync(folder, { recursive: true });
  const reference = await play({ ...settings, folder: whole });
  assert.equal(reference.code, 0, `${reference.output} (${JSON.stringify(settings)})`);
  const kills = [];
  const numKills = 2 + Math.floor(random() * 3);
  for (;;) {
    const killAt = kills.length < numKills ? 1 + Math.floor(random() * 0.6 * settings.steps * settings.epochs) : 0;
    const { code, died, output } = await play({ ...settings, folder: killed, killAt });
    if (code === 0) break;
    kills.push(killAt);
    assert.equal(died, 'SIGKILL', `${output} (${JSON.stringify(settings)}, killed at ${kills})`);
    counts.kills += 1;
  }
  const context = `${JSON.stringify(settings)}, killed at ${kills}`;
  assert.deepEqual(differences(await leftBy(killed), await leftBy(whole)), [], context);
  rmSync(join(runs, lane), { recursive: true });
  counts.runs += 1;
}

export async function run({ seed, minutes }) {
  const end = performance.now() + minutes * 60_000;
  const counts = { runs: 0, kills: 0 };
  const lanes = Array.from({ length: Math.min(4, availableParallelism()) }, async (_, lane) => {
    const random = randomFrom(seed + lane);
    while (performance.now() < end) await playOne(`${lane}`, random, counts);
  });
  await Promise.all(lanes);
  rmSync(runs, { recursive: true });
  console.log(
    `multidataset: ${counts.runs} trainings killed ${counts.kills} times at random batches, in the warm-up of their curriculum and behind it, ended as if they had not been`,
  );
}
