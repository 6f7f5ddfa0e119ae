// Kills random ranks of trainings under `sconce launch` (test/distributed/restarts-experiment.ts) at random moments, lets the launcher start all again, and compares what they end with with trainings
// that nobody killed. Every fourth kill takes the launcher itself, or asks it to stop: then the run is resumed by another one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'sconce';
import { verify } from '../../dist/cli/verify/verify.js';
import { comparable, differences, randomFrom } from './resume.mjs';

const root = join(import.meta.dirname, '../..');
const runs = join(root, 'runs', `stress-launch-${process.pid}`);
const command = join(root, 'dist/cli/main.js');
const experiment = join(root, 'test/distributed/restarts-experiment.ts');
const MAX_RESTARTS = 50;

/** Launches; `onRank` hears of each rank that begins. */
function play(args, onRank = () => {}) {
  const child = spawn(
    process.execPath,
    [command, 'launch', '--nproc', '2', '--grace', '5', '--max-restarts', `${MAX_RESTARTS}`, '--', ...args],
    {
      cwd: root,
      env: { ...process.env, OMP_NUM_THREADS: '1', SLURM_JOB_ID: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  let numHeard = 0;
  const pids = [];
  const hear = (text) => {
    output += text;
    const begun = [...output.matchAll(/^\[rank (\d)\] pid (\d+)$/gm)];
    for (const [, rank, pid] of begun.slice(numHeard)) {
      pids.push(Number(pid));
      onRank({ rank: Number(rank), pid: Number(pid), launcher: child });
    }
    numHeard = begun.length;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.on('close', (code, died) => resolve({ code, died, output, pids })));
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Ranks of a killed launcher may take their grace. */
async function requireGone(pids, context) {
  for (const end = performance.now() + 20_000; pids.some(isRunning); ) {
    assert(performance.now() < end, `ranks are left: ${pids.filter(isRunning)} (${context})`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

const onlyRun = (folder) => join(folder, readdirSync(folder)[0]);
const finalState = async (folder) => comparable(await load(join(onlyRun(folder), 'checkpoints/latest.ckpt')));

async function playOne(random, counts) {
  const pick = (values) => values[Math.floor(random() * values.length)];
  const settings = {
    accumulation: pick([1, 2, 3]),
    saveEverySteps: pick([1, 2, 5]),
    epochs: 8,
    pauseMs: pick([5, 20, 50]),
    seed: Math.floor(random() * 1e6),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const [whole, killed] = ['whole', 'killed'].map((name) => join(runs, name));
  for (const folder of [whole, killed]) mkdirSync(folder, { recursive: true });
  let beganMs = 0;
  const reference = await play(['train', experiment, '--runs', whole, ...flags], () => {
    beganMs = performance.now();
  });
  assert.equal(reference.code, 0, reference.output);
  const fitMs = performance.now() - beganMs;

  const numKills = 6 + Math.floor(random() * 6);
  const kills = [];
  const timers = [];
  const context = () => `${JSON.stringify(settings)}, ${kills.join(', ')}`;
  const killOne = (started) => {
    if (started.rank !== 1 || kills.length + timers.length >= numKills) return; // both have begun
    const victim = pick(['rank', 'rank', 'rank', 'launcher']);
    const afterMs = random() ** 2 * 0.5 * fitMs;
    const both = allPids.slice(-2);
    timers.push(
      setTimeout(() => {
        timers.pop();
        const [target, signal] =
          victim === 'rank' ? [pick(both), 'SIGKILL'] : [started.launcher.pid, pick(['SIGKILL', 'SIGTERM'])];
        if (!isRunning(target)) return; // it has ended
        process.kill(target, signal);
        kills.push(`${signal} to ${victim} after ${afterMs.toFixed(0)} ms`);
        counts[victim] += 1;
      }, afterMs),
    );
  };
  const allPids = [];
  for (let args = ['train', experiment, '--runs', killed, ...flags]; ; ) {
    const { code, died, output, pids } = await play(args, (started) => {
      allPids.push(started.pid);
      killOne(started);
    });
    for (const timer of timers.splice(0)) clearTimeout(timer);
    counts.restarts += (output.match(/Starting all ranks again/g) ?? []).length;
    await requireGone(pids, context());
    if (code === 0) break;
    assert(died === 'SIGKILL' || code === 143, `ended with ${died ?? code}: ${output} (${context()})`);
    // A launcher that was killed before the run had a folder.
    if (readdirSync(killed).some((name) => !name.startsWith('.'))) args = ['resume', onlyRun(killed)];
  }
  const checkpoints = join(onlyRun(killed), 'checkpoints');
  for (const name of readdirSync(checkpoints)) {
    assert(!name.endsWith('.tmp'), `something is left of a save: ${name} (${context()})`);
    const [{ problem }] = await verify(join(checkpoints, name));
    assert.equal(problem, undefined, `${name}: ${problem} (${context()})`);
  }
  assert.deepEqual(differences(await finalState(killed), await finalState(whole)), [], context());
  rmSync(runs, { recursive: true });
  counts.runs += 1;
}

export async function run({ seed, minutes }) {
  const end = performance.now() + minutes * 60_000;
  const counts = { runs: 0, rank: 0, launcher: 0, restarts: 0 };
  const random = randomFrom(seed);
  while (performance.now() < end) {
    await playOne(random, counts);
  }
  console.log(
    `launch: ${counts.runs} trainings on two ranks, of which ${counts.rank} ranks and ${counts.launcher} launchers were killed or stopped, with ${counts.restarts} restarts, ended as if they had not been`,
  );
}
