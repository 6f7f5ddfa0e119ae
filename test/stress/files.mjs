// Reads files that were damaged, or made to deceive, with every reader, in child processes. Each has to be an error with a reason or a value, in little time and
// memory, with nothing run: node test/stress/files.mjs [--cases 10000] [--reader zip] [--seed 5]. The line that is printed makes a case again.
import { spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');
export const READERS = ['zip', 'lightning', 'legacy', 'tar', 'safetensors', 'shards', 'checkpoint', 'png', 'jpeg'];
/** Children at a time. */
const NUM_CHILDREN = 2;
const CASES_PER_CHILD = 20_000;
const HANG_MS = 30_000;
const START_MS = 120_000;
/** Beyond its own memory a child's allocations fail, and the machine lives. */
const MEMORY_KIB = 3 * 1024 * 1024;
/** A reader that killed this many children is left alone for the rest of the run. */
const MAX_DEATHS = 5;

/** The folder of a campaign, and the bundled child. */
function preparePlace(seed) {
  // Memory, where there is such a folder: a disk has no part in this.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'sconce-files-'));
  // Two levels below the package folder, as `src/binding` is: the bundled loader finds the package from there.
  const script = join(root, 'node_modules/.sconce-test', `files-${process.pid}.mjs`);
  buildSync({
    entryPoints: [join(root, 'test/fuzz/files/child.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
  });
  const kept = join(tmpdir(), `sconce-files-${seed}`);
  mkdirSync(kept, { recursive: true });
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(script, { force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      remove();
      process.exit(1);
    });
  }
  return { folder, script, kept, remove };
}

/** Runs one child to its end, or until a case takes too long. */
function runChild(place, task) {
  const work = join(place.folder, task.reader);
  mkdirSync(work, { recursive: true });
  const [taskFile, progress] = [join(work, 'task.json'), join(work, 'progress')];
  const full = { ...task, work, progress, kept: place.kept, fixtures: join(root, 'test/fixtures/serial') };
  writeFileSync(taskFile, JSON.stringify(full));
  const file = openSync(progress, 'w');
  writeSync(file, new Uint8Array(new Float64Array([-1]).buffer), 0, 8, 0);
  closeSync(file);
  const underWay = () => readFileSync(progress).readDoubleLE(0);
  return new Promise((resolve, reject) => {
    const line = `ulimit -d ${MEMORY_KIB}; ulimit -c 0; exec "$0" --enable-source-maps "$@"`;
    const environment = { ...process.env, OMP_NUM_THREADS: '1', TMPDIR: work };
    const child = spawn('/bin/sh', ['-c', line, process.execPath, place.script, taskFile], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, errors, last, since, isHung] = ['', '', -1, performance.now(), false];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      if (task.isLoud) process.stderr.write(text);
      errors = (errors + text).slice(-4000);
    });
    const watch = setInterval(() => {
      const now = underWay();
      if (now !== last) [last, since] = [now, performance.now()];
      else if (performance.now() - since > (now < 0 ? START_MS : HANG_MS)) {
        isHung = true;
        child.kill('SIGKILL');
      }
    }, 250);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      const reports = output
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text));
      resolve({
        end: isHung ? 'hang' : (signal ?? code),
        number: underWay(),
        reports,
        errors,
        file: join(work, `${task.reader}.bin`),
      });
    });
  });
}

/** Plays one reader's cases. @returns what was found and how it went. */
async function playReader(place, { reader, seed, from = 0, numCases, untilMs, isLoud }) {
  const result = { reader, numCases: 0, ends: {}, maxMs: 0, maxGrowth: 0, findings: [] };
  const end = numCases === undefined ? Number.POSITIVE_INFINITY : from + numCases;
  let next = from;
  let deaths = 0;
  while (next < end && (untilMs === undefined || Date.now() < untilMs)) {
    const to = Math.min(end, next + CASES_PER_CHILD);
    const ended = await runChild(place, { reader, seed, from: next, to, untilMs, isLoud });
    for (const report of ended.reports) {
      if (report.kind === 'finding') result.findings.push(report);
      else addSummary(result, report);
    }
    if (ended.end === 0) {
      if (ended.number < to - 1) break; // the time is up, or there is enough to look at
      next = to;
      continue;
    }
    if (ended.number < 0)
      throw new Error(
        `Cannot read files with ${reader}: expected a child that starts, got ${ended.end}: ${ended.errors}`,
      );
    const kept = join(place.kept, `${reader}-${ended.number}.bin`);
    copyFileSync(ended.file, kept);
    result.findings.push({
      number: ended.number,
      problem: `the process ended with ${ended.end}: ${ended.errors.trim()}`,
      file: kept,
      changes: 0,
    });
    result.numCases += ended.number + 1 - next;
    next = ended.number + 1;
    if (++deaths >= MAX_DEATHS) break;
  }
  return result;
}

function addSummary(result, { numCases, ends, maxMs, maxGrowth }) {
  result.numCases += numCases;
  for (const [end, count] of Object.entries(ends)) result.ends[end] = (result.ends[end] ?? 0) + count;
  result.maxMs = Math.max(result.maxMs, maxMs);
  result.maxGrowth = Math.max(result.maxGrowth, maxGrowth);
}

function tell(seed, { reader, numCases, ends, maxMs, maxGrowth, findings }) {
  const share = Object.entries(ends)
    .map(([end, count]) => `${count} ${end}`)
    .join(', ');
  console.log(
    `files: ${reader}: ${numCases} cases (${share}), slowest ${Math.round(maxMs)} ms, most memory ${(maxGrowth / 2 ** 20).toFixed(1)} MiB, ${findings.length} findings`,
  );
  for (const { number, problem, file, changes } of findings) {
    console.log(
      `files: ${reader} case ${number}, ${changes} changes, kept as ${file}: ${problem.replaceAll('\n', '\n  ')}`,
    );
    console.log(`  again with: node test/stress/files.mjs --seed ${seed} --reader ${reader} --case ${number}`);
  }
}

/** @param minutes - shared by the readers.  @param cases - of each reader, instead of a time. */
export async function run({ seed, minutes, cases, only, from, isLoud }) {
  const readers = only === undefined ? READERS : READERS.filter((name) => name === only);
  if (readers.length === 0)
    throw new Error(`Cannot read files: expected --reader of ${READERS.join(', ')}, got ${only}`);
  const place = preparePlace(seed);
  const shareMs = (minutes * 60_000 * Math.min(NUM_CHILDREN, readers.length)) / readers.length;
  const waiting = [...readers];
  const results = [];
  const work = async () => {
    for (let reader = waiting.shift(); reader !== undefined; reader = waiting.shift()) {
      const untilMs = cases === undefined ? Date.now() + shareMs : undefined;
      const result = await playReader(place, { reader, seed, from, numCases: cases, untilMs, isLoud });
      tell(seed, result);
      results.push(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: NUM_CHILDREN }, work));
  } finally {
    place.remove();
  }
  const total = results.reduce((sum, { numCases }) => sum + numCases, 0);
  const found = results.flatMap(({ reader, findings }) => findings.map(({ number }) => `${reader} ${number}`));
  console.log(`files: ${total} files, seed ${seed}, ${found.length} findings`);
  if (found.length > 0)
    throw new Error(
      `Cannot pass files: expected errors with a reason or equal values, got ${found.join(', ')}, seed ${seed}`,
    );
  if (!isLoud) rmSync(place.kept, { recursive: true, force: true });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: `${Date.now() % 2 ** 31}` },
      cases: { type: 'string', default: '10000' },
      reader: { type: 'string' },
      case: { type: 'string' },
    },
  });
  const isOne = values.case !== undefined;
  try {
    await run({
      seed: Number(values.seed),
      cases: isOne ? 1 : Number(values.cases),
      only: values.reader,
      from: isOne ? Number(values.case) : 0,
      isLoud: isOne,
    });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
