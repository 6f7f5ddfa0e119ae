// Lets every system call of every save of a training fail, or kills the process in its place, and resumes: the weights have to be those of a training without faults.
// By hand: node test/stress/faults.mjs [--seed 5] [--minutes 2]. The line that is printed tells kind and number of a fault.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const KINDS = ['kill', 'EIO', 'ENOSPC'];
const MODES = ['asynchronous', 'synchronous'];

/** All faults in an order that the seed chooses, for as long as there is time. */
export async function run({ seed, minutes }) {
  if (process.platform !== 'linux') return console.log('faults: skipped, they are preloaded as on Linux');
  const script = join(root, 'node_modules/.sconce-test', `faults-${process.pid}.mjs`);
  const entryPoints = [join(root, 'test/resume/faults.ts')];
  buildSync({ entryPoints, outfile: script, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
  const trainings = [];
  try {
    const { FaultyTraining, faultProblem } = await import(pathToFileURL(script).href);
    const faults = [];
    for (const mode of MODES) {
      const training = new FaultyTraining(root, mode);
      trainings.push(training);
      const { calls, played } = training.whole();
      assert.equal(played.status, 0, played.stderr);
      for (const kind of KINDS)
        for (const [i, call] of calls.entries()) faults.push({ mode, training, played, kind, at: i + 1, call });
    }
    const end = performance.now() + 60_000 * minutes;
    let numPlayed = 0;
    for (const { mode, training, played, kind, at, call } of shuffled(faults, seed)) {
      if (performance.now() > end) break;
      const problem = faultProblem(training.fail(kind, at), kind, played);
      assert.equal(problem, undefined, `${mode}: ${kind} in call ${at}, ${call}: ${problem}`);
      numPlayed++;
    }
    console.log(`faults: ${numPlayed} of ${faults.length} faults, and after each the same weights`);
  } finally {
    for (const training of trainings) training.remove();
    rmSync(script, { force: true });
  }
}

/** A permutation by mulberry32. */
function shuffled(list, seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
  return list
    .map((value) => ({ value, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, minutes: { type: 'string' } } });
  await run({ seed: Number(values.seed ?? 1), minutes: Number(values.minutes ?? 60) });
}
