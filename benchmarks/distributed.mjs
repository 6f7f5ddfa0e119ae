// Steps of data parallel training beside PyTorch's DistributedDataParallel over Gloo: the same models, ranks of one thread on a core each, the two languages taking turns;
// and the bytes that a rank sends beside those of a ring all-reduce, 2 (n - 1) / n of the gradients.
//   --ranks <n>    default 2; more than there are cores share them, and their times say little
//   --rounds <n>   default 9, in each of 3 generations of processes
//   --only <name>  one of mlp-small, mlp, cnn, gpt
//   --bucket <n>   MiB a bucket, default 25
//   --json <file>  every number
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Team } from './distributed/team.mjs';
import { describeMachine } from './harness/machine.mjs';
import { findPython } from './harness/python.mjs';
import { cell, printMachine, printPromises, printTable, ratioCell } from './harness/report.mjs';
import { playRounds } from './harness/rounds.mjs';
import { ratioOf } from './harness/statistics.mjs';

const LIMIT = 1.05;
/** What framing and the barrier may add to the bytes of a step: a share of them, and bytes. */
const OVERHEAD = { share: 0.01, bytes: 4096 };
/** Of losses of the first steps; PyTorch and we may add in another order. */
const LARGEST_DIFFERENCE = 1e-3;
const NUM_GENERATIONS = 3;
/** Steps before those that count, in the first round of a generation. */
const WARM = { 'mlp-small': 500, mlp: 300, cnn: 5, gpt: 10 };

const { values: flags } = parseArgs({
  options: {
    ranks: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '9' },
    only: { type: 'string' },
    bucket: { type: 'string', default: '25' },
    json: { type: 'string' },
  },
});
const numRanks = Number(flags.ranks);
const { python, versions, reason } = findPython();
const machine = describeMachine();
printMachine(machine, versions);
if (!python) console.log(`No Python to compare with, so only our own numbers: ${reason}`);

const script = (path) => fileURLToPath(new URL(path, import.meta.url));
const results = {};
for (const name of flags.only ? [flags.only] : Object.keys(WARM)) results[name] = await measure(name);
report();

async function measure(name) {
  const { default: workload } = await import(`./workloads/${name}.mjs`);
  const { stepsPerPiece, pieces, title, batchSize } = workload;
  const found = { title, times: { sconce: [], pytorch: [], trainer: [], captured: [] }, bytes: {} };
  for (let generation = 0; generation < NUM_GENERATIONS; generation++) {
    const teams = {
      sconce: await Team.start(
        'Sconce',
        [process.execPath, script('distributed/worker.mjs'), name, flags.bucket],
        numRanks,
      ),
    };
    if (python)
      teams.pytorch = await Team.start(
        'PyTorch',
        [python, '-B', script('python/distributed.py'), name, flags.bucket, batchSize],
        numRanks,
      );
    try {
      const losses = await Promise.all(Object.values(teams).map((team) => team.ask({ run: 'losses', numSteps: 10 })));
      found.difference = largestDifference(losses);
      const contenders = (warmSteps) => {
        const plan = { warmSteps, stepsPerPiece, pieces };
        const byHand = Object.entries(teams).map(([key, team]) => ({
          key,
          measure: () => team.time({ run: 'steps', ...plan }),
        }));
        const byTrainer = Object.entries({ trainer: false, captured: true }).map(([key, captureSteps]) => ({
          key,
          measure: () => teams.sconce.time({ run: 'trainer', ...plan, captureSteps }),
        }));
        return [...byHand, ...byTrainer];
      };
      await playRounds(contenders(WARM[name]), 1);
      const times = await playRounds(contenders(5), Number(flags.rounds));
      for (const key of Object.keys(times)) found.times[key].push(...times[key]);
      for (const [key, team] of Object.entries(teams))
        found.bytes[key] = await team.ask({ run: 'bytes', numSteps: 20 });
    } finally {
      for (const team of Object.values(teams)) await team.close();
    }
  }
  return found;
}

/** Between the losses of both languages, over ranks and steps; undefined where there is one language. */
function largestDifference([ours, theirs]) {
  if (!theirs) return undefined;
  return Math.max(...ours.flatMap((losses, rank) => losses.map((loss, step) => Math.abs(loss - theirs[rank][step]))));
}

function report() {
  const rows = Object.values(results).map(({ title, difference, times: { sconce, pytorch, trainer, captured } }) => {
    const theirs = pytorch.length > 0 ? pytorch : undefined;
    const ratios = [...[sconce, trainer].map((ours) => ratioCell(ours, theirs)), ratioCell(captured, trainer)];
    return [
      title,
      cell(sconce),
      cell(trainer),
      cell(captured),
      cell(theirs),
      ...ratios,
      difference?.toExponential(0) ?? '-',
    ];
  });
  const header = [
    '',
    'Sconce',
    'its trainer',
    'captured',
    'PyTorch',
    'ratio',
    'of the trainer',
    'captured / trainer',
    'losses differ by',
  ];
  printTable(`A step of ${numRanks} ranks of 1 thread, us`, header, rows);
  const kib = (bytes) => (bytes / 1024).toFixed(1);
  const theory = ({ gradients }) => (2 * (numRanks - 1) * gradients) / numRanks;
  printTable(
    'What a rank sends in a step, KiB',
    ['', 'theory', 'Sconce', 'PyTorch'],
    Object.values(results).map(({ title, bytes: { sconce, pytorch } }) => [
      title,
      kib(theory(sconce[0])),
      ...[sconce, pytorch].map((ranks) => (ranks ? ranks.map(({ sent }) => kib(sent)).join(' ') : '-')),
    ]),
  );
  const entries = Object.entries(results);
  printPromises([
    ...entries
      .filter(([, { times }]) => times.pytorch.length > 0)
      .flatMap(([name, { times }]) =>
        ['sconce', 'trainer'].map((key) => ({
          what: `${name}: step of ${numRanks} ranks by ${key === 'sconce' ? 'hand' : 'the trainer'}, ratio to PyTorch`,
          found: ratioOf(times[key], times.pytorch),
          limit: LIMIT,
        })),
      ),
    ...entries.flatMap(([name, { bytes }]) =>
      bytes.sconce.map((rank, i) => ({
        what: `${name}: bytes that rank ${i} sends, ratio to theory`,
        found: rank.sent / theory(rank),
        limit: Number((1 + OVERHEAD.share + OVERHEAD.bytes / theory(rank)).toFixed(3)),
      })),
    ),
  ]);
  if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ machine, versions, results }, null, 1)}\n`);
  const untrue = entries.filter(([, { difference }]) => difference > LARGEST_DIFFERENCE).map(([name]) => name);
  if (untrue.length === 0) return;
  console.error(
    `\nCannot trust the comparison: expected losses of both languages that agree, got others for ${untrue}`,
  );
  process.exitCode = 1;
}
