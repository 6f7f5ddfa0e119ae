// Calls every operator and public function with generated arguments, in child processes: one that dies or hangs is a finding. The line that is printed
// makes the call again: node test/stress/operators.mjs --seed 5 --case 1234
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { planSurface } from '../../scripts/operators/plan.mjs';
import { parseSchema } from '../../scripts/operators/schema.mjs';

const root = join(import.meta.dirname, '../..');
/** The names in test/fuzz/scenarios.ts. */
const SCENARIOS = ['callAddon', 'create', 'nestScopes', 'setGradients', 'drawFromGenerators'];
const CASES_PER_CHILD = 20_000;
const HANG_MS = 20_000;
/** Beyond its own memory a child's allocations fail, and the machine lives. */
const MEMORY_KIB = 4 * 1024 * 1024;
/** A target that killed this many children is left out for the rest of the run, so that one run finds many. */
const MAX_DEATHS = 3;

/** Everything that is called. */
export function listTargets() {
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
  return targets;
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
  const library = join(folder, 'guard-pages.so');
  const isLinux = process.platform === 'linux';
  if (isLinux)
    execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, join(root, 'test/fuzz/guard-pages.c'), '-lpthread']);
  return {
    folder,
    script,
    preload: isLinux ? library : undefined,
    task: join(folder, 'task.json'),
    progress: join(folder, 'progress'),
    remove() {
      rmSync(folder, { recursive: true });
      rmSync(script);
    },
  };
}

function commandOf(place) {
  const environment = { ...process.env, OMP_NUM_THREADS: '1', MALLOC_PERTURB_: '165' };
  if (place.preload) environment.LD_PRELOAD = place.preload;
  const line = `ulimit -d ${MEMORY_KIB}; ulimit -c 0; exec "$0" --enable-source-maps "$@"`;
  return ['/bin/sh', ['-c', line, process.execPath, place.script, place.task], { cwd: root, env: environment }];
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
      else if (performance.now() - since > HANG_MS) {
        isHung = true;
        child.kill('SIGKILL');
      }
    }, 250);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      if (caseUnderWay(place) < 0 && code !== 0) reject(new Error(`Cannot start a child: ${errors}`));
      resolve({ end: isHung ? 'hang' : (signal ?? code), number: caseUnderWay(place), errors });
    });
  });
}

const caseUnderWay = (place) => readFileSync(place.progress).readDoubleLE(0);

/** The call of a case, printed by a child that does not make it; and how a child ends that makes it alone. */
function examine(place, task, number) {
  const alone = { ...task, from: number, to: number + 1, skip: [], progress: place.progress };
  const [program, args, options] = commandOf(place);
  const play = (extra) => {
    writeFileSync(place.task, JSON.stringify({ ...alone, ...extra }));
    return spawnSync(program, args, { ...options, encoding: 'utf8', timeout: HANG_MS });
  };
  const { stdout } = play({ isDry: true });
  const again = play({});
  const end = again.error?.code === 'ETIMEDOUT' ? 'hang' : (again.signal ?? again.status);
  return { text: stdout.trim(), end };
}

export async function run({ seed, minutes }) {
  const targets = shuffled(listTargets(), seed);
  const place = prepareFolder();
  const end = performance.now() + minutes * 60_000;
  const deaths = new Map();
  const findings = [];
  writeFileSync(place.progress, Buffer.alloc(8 + targets.length));
  let from = 0;
  let numCases = 0;
  try {
    while (performance.now() < end) {
      const to = (Math.floor(from / CASES_PER_CHILD) + 1) * CASES_PER_CHILD;
      const skip = [...deaths].filter(([, count]) => count >= MAX_DEATHS).map(([id]) => id);
      const task = { seed, from, to, targets, skip };
      const result = await runChild(place, task);
      const next = result.end === 0 ? to : result.number + 1;
      numCases += next - from;
      if (result.end !== 0) {
        const { id } = targets[result.number % targets.length];
        deaths.set(id, (deaths.get(id) ?? 0) + 1);
        const { text, end: endAlone } = examine(place, task, result.number);
        findings.push(id);
        const isAlone = endAlone !== 0;
        console.log(
          `operators: ${result.end} in case ${result.number}${isAlone ? '' : ` (not alone: cases ${from} to ${result.number} in one process)`}: ${text}`,
        );
        if (!isAlone || typeof result.end === 'number') console.log(result.errors.trim().replace(/^/gm, '  '));
        console.log(`  again with: node test/stress/operators.mjs --seed ${seed} --case ${result.number}`);
      }
      from = next;
    }
    report(place, targets, numCases, findings, seed);
  } finally {
    place.remove();
  }
  if (findings.length > 0)
    throw new Error(`Cannot pass operators: ${findings.length} calls killed their process, seed ${seed}`);
}

function report(place, targets, numCases, findings, seed) {
  const reached = readFileSync(place.progress).subarray(8);
  const missing = targets.filter((_, i) => reached[i] === 0);
  const operators = targets.filter(({ kind }) => kind === 'addon');
  const missingOperators = missing.filter(({ kind }) => kind === 'addon');
  const share = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;
  console.log(
    `operators: ${numCases} calls of ${targets.length} functions; a result from ${share(operators.length - missingOperators.length, operators.length)} of ${operators.length} operators and ${share(targets.length - missing.length, targets.length)} of all; ${findings.length} findings, seed ${seed}`,
  );
  if (process.env.SCONCE_FUZZ_MISSING)
    console.log(
      missing
        .map(({ id }) => id)
        .sort()
        .join('\n'),
    );
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
function playCases(seed, from, to, isTraced) {
  const place = prepareFolder();
  try {
    writeFileSync(place.progress, Buffer.alloc(1 << 16));
    const task = { seed, from, to, targets: shuffled(listTargets(), seed), skip: [], isLoud: true };
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
      gdb: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '1' },
    },
  });
  const seed = Number(values.seed);
  if (values.case === undefined) await run({ seed, minutes: Number(values.minutes) });
  else
    process.exitCode = playCases(seed, Number(values.case), Number(values.to ?? Number(values.case) + 1), values.gdb);
}
