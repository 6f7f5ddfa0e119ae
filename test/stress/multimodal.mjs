// Kills trainings of two modalities at random batches (test/resume/multimodal-training.mjs): with a half-full queue of MoCo, and inside a stage of a MultistageTrainer. Resumes each in new processes until it ends, and
// compares every file that it leaves with those of one that nobody killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { load } from 'sconce';
import { comparable, differences, randomFrom } from './resume.mjs';

const root = join(import.meta.dirname, '../..');
const runs = join(root, 'runs', `stress-multimodal-${process.pid}`);
const program = join(root, 'test/resume/multimodal-training.mjs');

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

/** Files of a kind in a folder and those inside it. */
function filesIn(folder, ending) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path, ending);
    return entry.isFile() && entry.name.endsWith(ending) ? [path] : [];
  });
}

/** Everything that a training has left, by the paths of its files. */
async function leftBy(folder) {
  const files = filesIn(folder, '.pt').sort();
  const states = files.map(async (path) => [relative(folder, path), comparable(await load(path))]);
  const logs = filesIn(folder, 'metrics.jsonl').map((path) => [relative(folder, path), loggedValues(path)]);
  return Object.fromEntries([...(await Promise.all(states)), ...logs]);
}

/** What was logged, but for times, and for what is measured by looks that begin anew in each process. */
function loggedValues(path) {
  const isLasting = ([name]) => !/^(?:profile|system|features|gradients|loss_anomalies)\//.test(name);
  const records = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return records
    .filter(({ kind }) => kind === 'metrics')
    .map(({ step, epoch, values }) => ({
      step,
      epoch,
      values: Object.fromEntries(Object.entries(values).filter(isLasting)),
    }))
    .filter(({ values }) => Object.keys(values).length > 0);
}

/** Trains once without an end before its time and once with some, and compares. */
async function playOne(lane, random, counts) {
  const pick = (values) => values[Math.floor(random() * values.length)];
  const settings = {
    kind: pick(['trainer', 'trainer', 'stages']),
    accumulation: pick([1, 2, 3]),
    saveEverySteps: pick([1, 2, 3, 7]),
    evaluationSteps: pick([0, 0, 2, 3]),
    rows: pick([16, 28, 30]),
    epochs: pick([3, 4]),
    seed: Math.floor(random() * 1e6),
  };
  const [whole, killed] = ['whole', 'killed'].map((name) => join(runs, lane, name));
  for (const folder of [whole, killed]) mkdirSync(folder, { recursive: true });
  const reference = await play({ ...settings, folder: whole });
  assert.equal(reference.code, 0, reference.output);
  const kills = [];
  const numKills = 2 + Math.floor(random() * 4);
  for (;;) {
    const batches = Math.ceil(settings.rows / 4) * settings.epochs;
    const killAt = kills.length < numKills ? 1 + Math.floor(random() * 0.6 * batches) : 0;
    const { code, died, output } = await play({ ...settings, folder: killed, killAt });
    if (code === 0) break;
    kills.push(killAt);
    assert.equal(died, 'SIGKILL', `${output} (${JSON.stringify(settings)}, killed at ${kills})`);
    counts.kills[settings.kind] += 1;
  }
  const context = `${JSON.stringify(settings)}, killed at ${kills}`;
  assert.deepEqual(differences(await leftBy(killed), await leftBy(whole)), [], context);
  rmSync(join(runs, lane), { recursive: true });
  counts.runs += 1;
}

export async function run({ seed, minutes }) {
  const end = performance.now() + minutes * 60_000;
  const counts = { runs: 0, kills: { trainer: 0, stages: 0 } };
  const lanes = Array.from({ length: Math.min(4, availableParallelism()) }, async (_, lane) => {
    const random = randomFrom(seed + lane);
    while (performance.now() < end) await playOne(`${lane}`, random, counts);
  });
  await Promise.all(lanes);
  rmSync(runs, { recursive: true });
  const { trainer, stages } = counts.kills;
  console.log(
    `multimodal: ${counts.runs} trainings killed ${trainer + stages} times at random batches (${trainer} with a queue that fills, ${stages} in stages) ended as if they had not been`,
  );
}
