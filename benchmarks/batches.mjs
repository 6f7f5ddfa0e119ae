// Batches beside PyTorch's: 64 x 784 of 60,000 rows that lie in a tensor, by loader and by bare gather; and how long a network that trains on PNG files waits for them.
//   node benchmarks/batches.mjs [--rounds 9] [--pictures 2048]
// The sides take turns on the same two cores, each in a process of its own that keeps its loaders and workers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, pinned, threadVariables } from './harness/machine.mjs';
import { Peer } from './harness/peer.mjs';
import { findPython } from './harness/python.mjs';
import { median, ratioOf } from './harness/statistics.mjs';
import { drawPictures } from './images/pictures.mjs';

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, pictures: { type: 'string', default: '2048' } },
});
const rounds = Number(flags.rounds);
const numPictures = Number(flags.pictures);
if (![rounds, numPictures].every((value) => Number.isInteger(value) && value > 0)) {
  console.error(`Cannot measure batches: expected whole numbers above 0, got ${JSON.stringify(flags)}`);
  process.exit(1);
}
const found = findPython();
if (found.reason !== undefined) {
  console.error(`Cannot measure batches: expected a Python with torch, got none: ${found.reason}`);
  process.exit(1);
}

const numCores = 2;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const start = (name, command) => new Peer(name, pinned(command, numCores), threadVariables(1));
const ours = start('Sconce', [process.execPath, here('batches/worker.mjs')]);
const theirs = start('Python', [found.python, here('python/batches.py')]);
const folder = mkdtempSync(join(tmpdir(), 'sconce-batches-'));

/** Microseconds a batch of 64 x 784, an epoch of each side in turn; the first round starts workers and does not count. */
async function compareTensors(hasLabels) {
  const sides = {
    'Sconce, DataLoader': () => ours.ask({ run: 'loader', hasLabels }),
    'Sconce, bare indexSelect': () => ours.ask({ run: 'gather', hasLabels }),
    'PyTorch, DataLoader, 0 workers': () => theirs.ask({ run: 'loader', numWorkers: 0, hasLabels }),
    'PyTorch, DataLoader, 2 workers': () => theirs.ask({ run: 'loader', numWorkers: 2, hasLabels }),
    'PyTorch, bare index_select': () => theirs.ask({ run: 'gather', hasLabels }),
  };
  const names = Object.keys(sides);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { us } = await sides[name]();
      if (round >= 0) times[name].push(us);
    }
  }
  const what = hasLabels ? '64 x 784 of 60,000 and their labels' : '64 x 784 of 60,000';
  console.log(`| ${what}, shuffled | us a batch | as a ratio to Sconce's loader |\n|---|---|---|`);
  for (const name of names) {
    console.log(
      `| ${name} | ${median(times[name]).toFixed(1)} | ${ratioOf(times[name], times[names[0]]).toFixed(2)} |`,
    );
  }
}

/** How long a step of the benchmark's network waits for its pictures, and how long the decoder alone takes for a batch on the cores that it has. */
async function measureWaiting() {
  await drawPictures(join(folder, 'png'), 'png', numPictures);
  console.log(
    '| PNG 64x64, resized, cropped to 32, flipped, normalised, batch 32; CNN 32/64/128 | step, ms | wait, median us | wait, % of all time | decoder alone, ms a batch |\n|---|---|---|---|---|',
  );
  for (const numThreads of [1, 2]) {
    const { stepMs, waitUs, waitShare, decodeMs } = await ours.ask({
      run: 'training',
      folder: join(folder, 'png'),
      numThreads,
      rounds,
    });
    console.log(
      `| ${numThreads} of ${numCores} cores compute | ${stepMs.toFixed(2)} | ${waitUs.toFixed(0)} | ${(waitShare * 100).toFixed(2)} | ${decodeMs.toFixed(2)} |`,
    );
  }
}

try {
  const machine = describeMachine();
  console.log(
    `${machine.cpu}, ${numCores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}; ${rounds} rounds, medians\n`,
  );
  for (const hasLabels of [false, true]) await compareTensors(hasLabels);
  await measureWaiting();
} finally {
  await ours.close();
  await theirs.close();
  rmSync(folder, { recursive: true, force: true });
}
