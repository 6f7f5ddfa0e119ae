// Memory proofs: 100,000 steps in several ways, with resident memory and live tensors looked at along the way. Linux alone.
//   node benchmarks/memory.mjs [--only scope] [--steps 100000] [--folder runs/memory]
// Prints the slope of the resident memory over the last 80 % of each run with its 95 % interval, and fails where it may be 1 byte a step or more, where
// live tensors change, or where memory leaves the band that a scenario has instead. With --folder, the curves are written there (SVG and PNG).
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { figure } from 'sconce/tracking';
import { scenarios } from './memory/scenarios.mjs';
import { slopeOf } from './memory/slope.mjs';

const MIB = 2 ** 20;
/** Bytes a step that the interval's upper end must stay under. */
const LIMIT = 1;

const { values: flags } = parseArgs({
  options: { only: { type: 'string' }, steps: { type: 'string' }, folder: { type: 'string' } },
});
if (flags.only !== undefined && !Object.hasOwn(scenarios, flags.only)) {
  console.error(
    `Cannot prove memory: expected --only with one of ${Object.keys(scenarios).join(', ')}, got "${flags.only}"`,
  );
  process.exit(2);
}

function play(name, numSteps) {
  const command = ['--expose-gc', join(import.meta.dirname, 'memory/child.mjs'), name, String(numSteps)];
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const child = spawnSync(process.execPath, command, { encoding: 'utf8', env, maxBuffer: 64 * MIB });
  if (child.status !== 0) throw new Error(`${name} ended with ${child.signal ?? child.status}\n${child.stderr}`);
  return JSON.parse(child.stdout);
}

/** Figures over the last 80 % of a run, and what is wrong with them. */
function judge({ bandMiB }, { steps, resident, live }) {
  const from = Math.floor(steps.length / 5);
  const [x, y, alive] = [steps.slice(from), resident.slice(from), live.slice(from)];
  const { slope, halfWidth } = slopeOf(x, y);
  const range = (values) => [Math.min(...values), Math.max(...values)];
  const [least, most] = range(y);
  const [fewest, mostAlive] = range(alive);
  const problems = [];
  if (bandMiB !== undefined) {
    if (most - least > bandMiB * MIB) problems.push(`resident memory leaves a band of ${bandMiB} MiB`);
  } else {
    if (slope + halfWidth >= LIMIT) problems.push(`the slope may be ${LIMIT} byte a step or more`);
    if (fewest !== mostAlive) problems.push('the number of live tensors changes');
  }
  return { slope, halfWidth, least, most, fewest, mostAlive, problems };
}

/** Beside the verdict, which is on resident memory: what of it is no page of a file. */
function range(bytes) {
  const last = bytes.slice(Math.floor(bytes.length / 5));
  const [least, most] = [Math.min(...last), Math.max(...last)].map((value) => (value / MIB).toFixed(2));
  const { slope, halfWidth } = slopeOf(
    last.map((_, i) => i),
    last,
  );
  return `${least} to ${most} (${slope.toFixed(1)} +- ${halfWidth.toFixed(1)} bytes a look)`;
}

const results = {};
for (const [name, scenario] of Object.entries(scenarios)) {
  if (flags.only !== undefined && flags.only !== name) continue;
  const numSteps = Number(flags.steps ?? scenario.numSteps);
  const run = play(name, numSteps);
  const verdict = judge(scenario, run);
  results[name] = { ...run, ...verdict };
  const { slope, halfWidth, least, most, fewest, mostAlive, problems } = verdict;
  console.log(
    `${scenario.title}: ${numSteps} steps in ${run.seconds.toFixed(0)} s\n` +
      `  slope ${slope.toFixed(3)} +- ${halfWidth.toFixed(3)} bytes a step, resident ${(least / MIB).toFixed(2)} to ${(most / MIB).toFixed(2)} MiB, ` +
      `live tensors ${fewest === mostAlive ? fewest : `${fewest} to ${mostAlive}`}, own ${range(run.own)} MiB${problems.length > 0 ? `\n  FAILED: ${problems.join('; ')}` : ''}`,
  );
}

if (flags.folder !== undefined) {
  mkdirSync(flags.folder, { recursive: true });
  const series = Object.entries(results).map(([name, { steps, resident }]) => {
    return { label: scenarios[name].title, kind: 'noisy', x: steps, y: resident.map((bytes) => bytes / MIB) };
  });
  const picture = figure({ title: 'Resident memory', panels: [{ kind: 'lines', yLabel: 'MiB', series }] });
  writeFileSync(join(flags.folder, 'memory.svg'), await picture.toSvg());
  writeFileSync(join(flags.folder, 'memory.png'), await picture.toPng());
}
if (Object.values(results).some(({ problems }) => problems.length > 0)) process.exitCode = 1;
