// Pictures beside Python's: epochs over folders of PNG (64 x 64, resized, cropped to 48, flipped, normalised) and JPEG (500 x 375, resized crops of 224, flipped,
// normalised) by both, on the same two cores: Pillow and torchvision in PyTorch's DataLoader without workers and with two.
//   SCONCE_PYTHON_MODELS=<folder with torchvision> node benchmarks/images.mjs [--rounds 7] [--png 1024] [--jpeg 192]
// Each side is one process that keeps its loaders and workers; an epoch of one follows an epoch of the other, so that what slows the machine slows both.
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
  options: {
    rounds: { type: 'string', default: '7' },
    png: { type: 'string', default: '1024' },
    jpeg: { type: 'string', default: '192' },
  },
});
const rounds = Number(flags.rounds);
const counts = { png: Number(flags.png), jpeg: Number(flags.jpeg) };
if (![rounds, counts.png, counts.jpeg].every((value) => Number.isInteger(value) && value > 0)) {
  console.error(`Cannot measure pictures: expected whole numbers above 0, got ${JSON.stringify(flags)}`);
  process.exit(1);
}
const found = findPython();
if (found.reason !== undefined || process.env.SCONCE_PYTHON_MODELS === undefined) {
  console.error(
    `Cannot measure pictures: expected a Python with torch, Pillow and (in the folder SCONCE_PYTHON_MODELS) torchvision, got ${found.reason ?? 'no SCONCE_PYTHON_MODELS'}`,
  );
  process.exit(1);
}

const numCores = 2;
const batchSize = 64;
const folder = mkdtempSync(join(tmpdir(), 'sconce-pictures-'));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const start = (name, command) => new Peer(name, pinned(command, numCores), threadVariables(1));
const ours = start('Sconce', [process.execPath, here('images/worker.mjs')]);
const theirs = start('Python', [found.python, here('python/images.py')]);

async function epoch(peer, kind, extra) {
  const { ms, count, cpuMs } = await peer.ask({ kind, folder: join(folder, kind), batchSize, ...extra });
  if (count !== counts[kind]) throw new Error(`Cannot measure: expected ${counts[kind]} pictures, got ${count}`);
  return { ms: ms / count, cpuMs: cpuMs / count };
}

/** Epochs of both in turn, the first one in turn too; milliseconds a picture. The first epochs start workers and fill caches, and do not count. */
async function compare(kind) {
  const sides = [
    ['ours', () => epoch(ours, kind, {})],
    ['without workers', () => epoch(theirs, kind, { numWorkers: 0 })],
    ['two workers', () => epoch(theirs, kind, { numWorkers: 2 })],
  ];
  const times = Object.fromEntries(sides.map(([name]) => [name, []]));
  const work = Object.fromEntries(sides.map(([name]) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of round % 2 === 0 ? sides : sides.toReversed()) {
      const { ms, cpuMs } = await run();
      if (round < 0) continue;
      times[name].push(ms);
      work[name].push(cpuMs);
    }
  }
  const shown = (name) => median(times[name]).toFixed(3);
  const speed = (name) => ratioOf(times[name], times.ours).toFixed(2);
  console.log(
    `| ${kind} | ${shown('ours')} | ${shown('without workers')} | ${speed('without workers')} | ${shown('two workers')} | ${speed('two workers')} | ${median(work.ours).toFixed(3)} | ${median(work['without workers']).toFixed(3)} |`,
  );
}

try {
  for (const kind of ['png', 'jpeg']) await drawPictures(join(folder, kind), kind, counts[kind]);
  const machine = describeMachine();
  console.log(
    `${machine.cpu}, ${numCores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}; ${rounds} rounds, medians, ms a picture\n`,
  );
  console.log(
    '| | Sconce | PyTorch, 0 workers | times as fast | PyTorch, 2 workers | times as fast | processor time: Sconce | PyTorch, 0 workers |\n|---|---|---|---|---|---|---|---|',
  );
  for (const kind of ['png', 'jpeg']) await compare(kind);
} finally {
  await ours.close();
  await theirs.close();
  rmSync(folder, { recursive: true, force: true });
}
