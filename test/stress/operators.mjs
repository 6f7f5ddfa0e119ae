// Calls every operator and public function with generated arguments, in child processes: one that dies or hangs is a finding. The line that is printed
// makes the call again: node test/stress/operators.mjs --seed 5 --case 1234. With --only, a pattern, some of them alone.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { planSurface } from '../../scripts/operators/plan.mjs';
import { parseSchema } from '../../scripts/operators/schema.mjs';

const root = join(import.meta.dirname, '../..');
/** The names in test/fuzz/scenarios.ts. */
const SCENARIOS = [
  ...['callBack', 'enterModes', 'useBrackets', 'useSparse', 'watchMemory'],
  ...['callAddon', 'create', 'nestScopes', 'setGradients', 'drawFromGenerators'],
];
const CASES_PER_CHILD = 20_000;
const HANG_MS = 20_000;
/** A call that is made again, alone, has longer, with what Node and libtorch take to start: then it does not end, however loaded the machine is. */
const HANG_ALONE_MS = 60_000;
/** Children that end before their first call, in a row. */
const MAX_FAILED_STARTS = 3;
/** A death in so many calls of libtorch's operators was usual when this was written; without guards it was one in 1,000. */
const CALLS_PER_FINDING = 40_000;
/** Beyond its own memory a child's allocations fail, and the machine lives. */
const MEMORY_KIB = 2 * 1024 * 1024;
/** A target that killed this many children is left out for the rest of the run, so that one run finds many. */
const MAX_DEATHS = 3;

/** Everything that is called, or what of it a pattern fits. */
export function listTargets(only) {
  const facts = JSON.parse(readFileSync(join(root, 'src/tensor/operators.facts.json'), 'utf8'));
  const plan = planSurface(facts);
  const targets = plan.operators.map((text, index) => {
    const key = text.slice(0, text.indexOf('('));
    return { id: `addon ${key}`, kind: 'addon', index, schema: schemaOf(parseSchema(facts.schemas[key])) };
  });
  for (const [surface, members] of Object.entries(plan.surfaces)) {
    for (const { name, overloads } of members) {
      targets.push({ id: `${surface} ${name}`, kind: 'surface', surface, name, overloads: overloads.map(overloadOf) });
    }
  }
  // Several of each, since each draws what it does.
  for (let i = 0; i < 20; i++) {
    for (const name of SCENARIOS) targets.push({ id: `scenario ${name} ${i}`, kind: 'scenario', name });
  }
  const chosen = only === undefined ? targets : targets.filter(({ id }) => new RegExp(only).test(id));
  if (chosen.length === 0) throw new Error(`Cannot run operators: expected --only to fit some target, got ${only}`);
  return chosen;
}

const schemaOf = ({ key, args }) => ({ key, args });

function overloadOf({ schema, positional, options }) {
  return {
    schema: schemaOf(schema),
    positional: positional.map((arg) => arg.name),
    options: options.map((arg) => [arg.name, arg.publicName]),
  };
}

/** The folder of a campaign: the bundled child, the preloaded guard pages, the files that children are told their task by. */
function prepareFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-fuzz-'));
  // Two levels below the package folder, as `src/binding` is: the bundled loader finds the package from there.
  const script = join(root, 'node_modules/.sconce-test', `fuzz-${process.pid}.mjs`);
  buildSync({
    entryPoints: [join(root, 'test/fuzz/child.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
  });
  // Calls that write files do it here.
  const work = join(folder, 'work');
  mkdirSync(work);
  const library = join(folder, 'guard-pages.so');
  const isLinux = process.platform === 'linux';
  if (isLinux)
    execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, join(root, 'test/fuzz/guard-pages.c'), '-lpthread']);
  const place = {
    work,
    script,
    preload: isLinux ? library : undefined,
    task: join(folder, 'task.json'),
    progress: join(folder, 'progress'),
    remove() {
      rmSync(folder, { recursive: true, force: true });
      rmSync(script, { force: true });
    },
  };
  // The child sees that its parent is gone, and ends.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      place.remove();
      process.exit(1);
    });
  }
  return place;
}

function commandOf(place) {
  const environment = { ...process.env, OMP_NUM_THREADS: '1', MALLOC_PERTURB_: '165' };
  if (place.preload) environment.LD_PRELOAD = place.preload;
  const line = `ulimit -d ${MEMORY_KIB}; ulimit -c 0; exec "$0" --enable-source-maps "$@"`;
  return ['/bin/sh', ['-c', line, process.execPath, place.script, place.task], { cwd: place.work, env: environment }];
}

/** Runs one child to its end, or until a case takes too long. */
function runChild(place, task) {
  writeFileSync(place.task, JSON.stringify({ ...task, progress: place.progress }));
  const file = openSync(place.progress, 'r+');
  writeSync(file, new Uint8Array(new Float64Array([-1]).buffer), 0, 8, 0);
  closeSync(file);
  return new Promise((resolve, reject) => {
    const [program, args, options] = commandOf(place);
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (text) => {
      errors = (errors + text).slice(-4000);
    });
    let last = -1;
    let since = performance.now();
    let isHung = false;
    const watch = setInterval(() => {
      const now = caseUnderWay(place);
      if (now !== last) [last, since] = [now, performance.now()];
      else if (performance.now() - since > (now < 0 ? HANG_ALONE_MS : HANG_MS)) {
        isHung = true;
        child.kill('SIGKILL');
      }
    }, 250);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      resolve({ end: isHung ? 'hang' : (signal ?? code), number: caseUnderWay(place), errors });
    });
  });
}

const caseUnderWay = (place) => readFileSync(place.progress).readDoubleLE(0);

/** The call of a case, printed by a child that does not make it; and how a child ends that makes it alone. */
function examine(place, task, number) {
  const alone = { ...task, from: number, to: number + 1, skip: [], untilMs: undefined, progress: place.progress };
  const [program, args, options] = commandOf(place);
  const play = (extra) => {
    writeFileSync(place.task, JSON.stringify({ ...alone, ...extra }));
    return spawnSync(program, args, { ...options, encoding: 'utf8', timeout: HANG_ALONE_MS, killSignal: 'SIGKILL' });
  };
  const { stdout } = play({ isDry: true });
  const again = play({});
  const end = again.error?.code === 'ETIMEDOUT' ? 'hang' : (again.signal ?? again.status);
  return { text: (stdout ?? '').trim(), end };
}

export async function run({ seed, minutes, only }) {
  const targets = shuffled(listTargets(only), seed);
  const place = prepareFolder();
  const campaign = { seed, only, targets, place, deaths: new Map(), findings: [], warnings: [], numCases: 0 };
  const endMs = Date.now() + minutes * 60_000;
  writeFileSync(place.progress, Buffer.alloc(8 + targets.length));
  let from = 0;
  let numFailedStarts = 0;
  try {
    while (Date.now() < endMs) {
      const to = (Math.floor(from / CASES_PER_CHILD) + 1) * CASES_PER_CHILD;
      const skip = [...campaign.deaths].filter(([, count]) => count >= MAX_DEATHS).map(([id]) => id);
      const task = { seed, from, to, untilMs: endMs, targets, skip };
      const result = await runChild(place, task);
      if (result.number < 0) {
        if (result.end === 0) break;
        if (++numFailedStarts >= MAX_FAILED_STARTS)
          throw new Error(`Cannot start a child: it ended with ${result.end}: ${result.errors}`);
        continue;
      }
      numFailedStarts = 0;
      const next = result.end === 0 && Date.now() < endMs ? to : result.number + 1;
      campaign.numCases += next - from;
      if (result.end !== 0) tellDeath(campaign, task, result);
      from = next;
    }
    report(campaign);
  } finally {
    place.remove();
  }
  judge(campaign);
}

/** Every finding is printed, to be guarded. What fails the campaign is one in our own code, and so many in libtorch's operators that a guard or a check must
 *  have gone: a change has no part in what a fresh seed finds in libtorch's kernels (docs/decisions/0011). */
function judge({ findings, numCases, seed }) {
  const ours = findings.filter((id) => id.startsWith('scenario '));
  if (ours.length > 0)
    throw new Error(`Cannot pass operators: expected no death in our own code, got ${ours.join(', ')}, seed ${seed}`);
  const allowed = Math.max(3, Math.floor(numCases / CALLS_PER_FINDING));
  if (findings.length > allowed)
    throw new Error(
      `Cannot pass operators: expected ${allowed} deaths at most in ${numCases} calls, got ${findings.length}, seed ${seed}`,
    );
}

/** A call that kills a process of its own too is a finding. One that does not is a warning: what came before it, or the machine, had a part in it. */
function tellDeath({ seed, only, targets, place, deaths, findings, warnings }, task, { end, number, errors }) {
  const { id } = targets[number % targets.length];
  deaths.set(id, (deaths.get(id) ?? 0) + 1);
  const { text, end: endAlone } = examine(place, task, number);
  const isAlone = endAlone !== 0;
  (isAlone ? findings : warnings).push(id);
  const again = `node test/stress/operators.mjs --seed ${seed}${only === undefined ? '' : ` --only '${only}'`}`;
  if (isAlone) {
    console.log(`operators: ${end} in case ${number}, alone ${endAlone}: ${text}`);
    if (typeof end === 'number') console.log(errors.trim().replace(/^/gm, '  '));
    console.log(`  again with: ${again} --case ${number}`);
    return;
  }
  console.log(`operators: warning: ${end} in case ${number}, but not alone: ${text}`);
  const lines = errors.split('\n').filter((line) => line !== '' && !/^\[W|Warning: /.test(line));
  for (const line of lines.slice(-20)) console.log(`  ${line}`);
  console.log(`  again with: ${again} --case ${task.from} --to ${number + 1}`);
}

function report({ place, targets, numCases, findings, warnings, deaths, seed }) {
  const reached = readFileSync(place.progress).subarray(8);
  const missing = targets.filter((_, i) => reached[i] === 0);
  const operators = targets.filter(({ kind }) => kind === 'addon');
  const numOperators = operators.length - missing.filter(({ kind }) => kind === 'addon').length;
  const share = (part, whole) => `${part} of ${whole} (${((100 * part) / Math.max(whole, 1)).toFixed(1)} %)`;
  console.log(
    `operators: ${numCases} calls, seed ${seed}; with a result ${share(numOperators, operators.length)} operators, ${share(targets.length - missing.length, targets.length)} of all that is called; ${findings.length} findings, ${warnings.length} warnings`,
  );
  const skipped = [...deaths].filter(([, count]) => count >= MAX_DEATHS).map(([id]) => id);
  if (skipped.length > 0) console.log(`  left out after ${MAX_DEATHS} deaths each: ${skipped.join(', ')}`);
  if (process.env.SCONCE_FUZZ_MISSING) {
    const ids = missing.map(({ id }) => id).sort();
    console.log(ids.join('\n'));
  }
}

function shuffled(values, seed) {
  const result = [...values];
  let state = seed >>> 0;
  for (let i = result.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = state % (i + 1);
    [result[i], result[other]] = [result[other], result[i]];
  }
  return result;
}

/** Makes one case again, or several, telling all. */
function playCases({ seed, only, from, to, isTraced }) {
  const place = prepareFolder();
  try {
    writeFileSync(place.progress, Buffer.alloc(1 << 16));
    const task = { seed, from, to, targets: shuffled(listTargets(only), seed), skip: [], isLoud: true };
    writeFileSync(place.task, JSON.stringify({ ...task, progress: place.progress }));
    const [program, args, options] = commandOf(place);
    if (isTraced)
      args[1] = args[1].replace('exec ', 'exec gdb -batch -ex "handle SIGUSR1 nostop" -ex run -ex bt --args ');
    const { status, signal } = spawnSync(program, args, { ...options, stdio: 'inherit', timeout: 10 * HANG_MS });
    console.log(`ended with ${signal ?? status}`);
    return status ?? 1;
  } finally {
    place.remove();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      case: { type: 'string' },
      to: { type: 'string' },
      only: { type: 'string' },
      gdb: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '1' },
    },
  });
  const { only } = values;
  const seed = Number(values.seed);
  const from = Number(values.case);
  if (values.case === undefined) await run({ seed, minutes: Number(values.minutes), only });
  else process.exitCode = playCases({ seed, only, from, to: Number(values.to ?? from + 1), isTraced: values.gdb });
}
