// The emoji example beside PyTorch: the same model, initial weights, batches (augmentation included), loss, optimizer and schedule, in float32 on the same cores.
// Says how far the losses of the first 50 steps are apart, the time of a step, and the recall of both at the end.
//   node benchmarks/emoji-clip.mjs [--blocks 40] [--steps 25] [--threads 1]      after npm run demo, which installs the pictures
// Each side is a process of its own; a block of steps of one follows a block of the other, so that what slows the machine slows both.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleProgram } from '../dist/data/workers/bundle.js';
import { describeMachine, pinned, threadVariables } from './harness/machine.mjs';
import { Peer } from './harness/peer.mjs';
import { findPython } from './harness/python.mjs';
import { ratioOf, summarize } from './harness/statistics.mjs';

const { values: flags } = parseArgs({
  options: {
    blocks: { type: 'string', default: '40' },
    steps: { type: 'string', default: '25' },
    threads: { type: 'string', default: '1' },
  },
});
const [numBlocks, stepsPerBlock, threads] = [flags.blocks, flags.steps, flags.threads].map(Number);
if (![numBlocks, stepsPerBlock, threads].every((value) => Number.isInteger(value) && value > 0)) {
  console.error(`Cannot measure: expected whole numbers above 0, got ${JSON.stringify(flags)}`);
  process.exit(1);
}
const found = findPython();
if (found.reason !== undefined) {
  console.error(`Cannot measure: expected a Python with torch, got none: ${found.reason}`);
  process.exit(1);
}

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sconce-emoji-'));
const worker = join(folder, 'worker.mjs');
await bundleProgram(here('emoji-clip/worker.ts'), worker, 'measure');
const environment = { ...threadVariables(threads), SCONCE_BENCH_EXAMPLE: here('../examples/emoji-clip') };
const start = (name, command) => new Peer(name, pinned(command, threads), environment);
const ours = start('Sconce', [process.execPath, worker]);
const theirs = start('PyTorch', [found.python, here('python/emoji_clip.py')]);

const [statePath, heldOutPath, path] = ['state.pt', 'held-out.pt', 'batches.pt'].map((name) => join(folder, name));
const recipe = { warmupSteps: Math.min(24, numBlocks * stepsPerBlock - 1), lr: 2e-3, weightDecay: 0.05, threads };
const losses = { ours: [], theirs: [] };
const times = { ours: [], theirs: [] };

async function block(i) {
  await ours.ask({ run: 'prepare', path });
  const sides = [
    ['ours', () => ours.ask({ run: 'train' })],
    ['theirs', () => theirs.ask({ run: 'train', path })],
  ];
  for (const [name, train] of i % 2 === 0 ? sides : sides.toReversed()) {
    const reply = await train();
    losses[name].push(...reply.losses);
    if (i > 0) times[name].push(summarize(reply.ms).median);
  }
}

/** The largest relative difference of the losses of some steps. */
const apart = (from, to) =>
  Math.max(...losses.ours.slice(from, to).map((loss, i) => Math.abs(loss / losses.theirs[from + i] - 1)));
const shown = ({ median, p10, p90 }) => `${median.toFixed(1)} (${p10.toFixed(1)} to ${p90.toFixed(1)})`;

try {
  const batchSize = 128;
  await ours.ask({ run: 'start', statePath, heldOutPath, numBlocks, stepsPerBlock, batchSize, ...recipe });
  await theirs.ask({ run: 'start', path: statePath, totalSteps: numBlocks * stepsPerBlock, ...recipe });
  for (let i = 0; i < numBlocks; i++) await block(i);
  const { cpu, load, node } = describeMachine();
  console.log(
    `${cpu}, ${threads} of its cores, load ${load.toFixed(1)}, Node ${node}, PyTorch ${found.versions.torch}; ${numBlocks} blocks of ${stepsPerBlock} steps, batch ${batchSize}, float32\n`,
  );
  console.log(`losses, steps 1 to 50: at most ${apart(0, 50).toExponential(1)} apart (relative)`);
  console.log(`losses, all steps: at most ${apart(0, losses.ours.length).toExponential(1)} apart\n`);
  console.log(`| | Sconce | PyTorch |\n|---|---|---|`);
  if (numBlocks > 1)
    console.log(
      `| ms a step, median of blocks | ${shown(summarize(times.ours))} | ${shown(summarize(times.theirs))} |\n| ratio of blocks beside each other | ${ratioOf(times.ours, times.theirs).toFixed(3)} | 1 |`,
    );
  const end = [losses.ours, losses.theirs].map((all) => all.slice(-25).reduce((sum, loss) => sum + loss / 25, 0));
  console.log(`| mean loss of the last 25 steps | ${end.map((loss) => loss.toFixed(4)).join(' | ')} |`);
  const [our, their] = [await ours.ask({ run: 'evaluate' }), await theirs.ask({ run: 'evaluate', path: heldOutPath })];
  for (const key of Object.keys(their)) console.log(`| ${key} | ${our[key].toFixed(3)} | ${their[key].toFixed(3)} |`);
} finally {
  await ours.close();
  await theirs.close();
  rmSync(folder, { recursive: true, force: true });
}
