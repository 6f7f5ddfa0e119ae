// What a trainer adds to the loop that a person would write, in microseconds a step: ours over our loop, Lightning's and Accelerate's over PyTorch's. Each plays one run of
// 20,000 steps of the small perceptron in a process of its own; they take turns block by block, so that all see the same machine, and whether the overhead grows shows.
//   --blocks <n>   of 250 steps each, behind four that do not count; default 20
//   --cpu          processor time instead of the clock, garbage collection included: for a machine that others use as well
//   --json <file>  every block of every contender
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, pinned, threadVariables } from './harness/machine.mjs';
import { Peer } from './harness/peer.mjs';
import { findPython } from './harness/python.mjs';
import { printMachine, printPromises, printTable } from './harness/report.mjs';
import { median, quantile } from './harness/statistics.mjs';

const STEPS_PER_BLOCK = 1000;
/** In these code is compiled. */
const WARM_BLOCKS = 2;
const LIMIT_US = 10;

const { values: flags } = parseArgs({
  options: {
    blocks: { type: 'string', default: '20' },
    cpu: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const numBlocks = Number(flags.blocks);
const { python, versions, reason } = findPython();
const machine = describeMachine();
printMachine(machine, versions);
if (!python) console.log(`No Python to compare with, so only our own numbers: ${reason}`);

const script = (path) => fileURLToPath(new URL(path, import.meta.url));
const ours = (mode) => ({ mode, base: 'raw', command: [process.execPath, script('overhead-worker.mjs'), mode] });
const theirs = (mode) => ({ mode, base: 'pytorch', command: [python, '-B', script('python/overhead.py'), mode] });
const contenders = [
  ...['raw', 'bare', 'everything'].map(ours),
  ...(python ? ['pytorch'].map(theirs) : []),
  ...(versions?.lightning ? ['lightning-bare', 'lightning'].map(theirs) : []),
  ...(versions?.accelerate ? ['accelerate'].map(theirs) : []),
];
const results = await play();
report();

/** Microseconds a step of every block, by contender. */
async function play() {
  const peers = contenders.map(({ mode, command }) => {
    const plan = [String(STEPS_PER_BLOCK), String(numBlocks + WARM_BLOCKS), flags.cpu ? 'cpu' : 'clock'];
    return { mode, peer: new Peer(mode, pinned([...command, ...plan], 1), threadVariables(1)), blocks: [] };
  });
  try {
    for (let round = 0; round < numBlocks + WARM_BLOCKS; round++) {
      for (let turn = 0; turn < peers.length; turn++) {
        const { peer, blocks } = peers[(round + turn) % peers.length];
        blocks.push(await peer.ask({ run: 'block' }));
      }
    }
  } finally {
    for (const { peer } of peers) await peer.close();
  }
  return Object.fromEntries(peers.map(({ mode, blocks }) => [mode, blocks.slice(WARM_BLOCKS)]));
}

/** What a contender took beyond its raw loop, round by round. */
function addedBy({ mode, base }) {
  return results[mode].map((value, round) => value - results[base][round]);
}

function report() {
  const quarter = Math.max(1, Math.floor(numBlocks / 4));
  const rows = contenders.map((contender) => {
    const step = median(results[contender.mode]).toFixed(1);
    if (contender.mode === contender.base) return [contender.mode, step];
    const added = addedBy(contender);
    const growth = median(added.slice(-quarter)) - median(added.slice(0, quarter));
    const spread = `${quantile(added, 0.1).toFixed(1)} to ${quantile(added, 0.9).toFixed(1)}`;
    return [contender.mode, step, median(added).toFixed(1), spread, growth.toFixed(1)];
  });
  const title = `MLP 784-32-32-10, batch 8, ${numBlocks * STEPS_PER_BLOCK} steps, us a step${flags.cpu ? ' of processor time' : ''}`;
  printTable(title, ['', 'step', 'added', '10 to 90 %', 'last quarter less first'], rows);
  printPromises(
    contenders
      .filter(({ mode }) => mode === 'bare' || mode === 'everything')
      .map((contender) => ({
        what: `us that the trainer adds to a step, ${contender.mode}`,
        found: median(addedBy(contender)),
        limit: LIMIT_US,
      })),
  );
  if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ machine, versions, results }, null, 1)}\n`);
}
