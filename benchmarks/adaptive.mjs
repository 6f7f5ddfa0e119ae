// A training step of the adaptive network beside the loops over samples and nodes that it replaces, in Python:
//   SCONCE_PYTHON=/path/to/python node benchmarks/adaptive.mjs [--rounds 5]        (a Python with torch and numpy)
// Forward and backward in float32 on one thread, in turn, all warm. Wall clock and processor time.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, pinned, threadVariables } from './harness/machine.mjs';
import { Peer } from './harness/peer.mjs';
import { median, ratioOf } from './harness/statistics.mjs';

const SIZES = { samples: 64, nodes: 100, hidden: 64, inputs: 784, outputs: 10 };
/** What takes turns, and steps of one turn: about a second. */
const CONTENDERS = [
  { what: 'Sconce', language: 'ours', steps: 100 },
  { what: 'Python, the whole step node by node', language: 'theirs', form: 'nodes', steps: 1 },
  { what: 'Python, phases node by node, the rest as tensors', language: 'theirs', form: 'phases', steps: 3 },
];

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rounds = Number(flags.rounds);
const python = process.env.SCONCE_PYTHON;
if (!(rounds >= 1) || !python) {
  console.error('Cannot measure the adaptive network: expected --rounds above 0, and SCONCE_PYTHON with torch');
  process.exit(1);
}

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const start = (name, command) => new Peer(name, pinned(command, 1), threadVariables(1));
const peers = {
  ours: start('ours', [process.execPath, here('adaptive/worker.mjs')]),
  theirs: start('theirs', [python, here('python/adaptive.py')]),
};

try {
  const machine = describeMachine();
  const sizes = Object.entries(SIZES).map(([name, size]) => `${size} ${name}`);
  console.log(
    `${machine.cpu}, one core, load ${machine.load.toFixed(1)}, Node ${machine.node}; ${sizes.join(', ')}; ${rounds} rounds, medians\n`,
  );
  for (const peer of Object.values(peers)) await peer.ask({ action: 'make', sizes: SIZES });
  const results = CONTENDERS.map(() => []);
  for (let round = -1; round < rounds; round++) {
    const turns = [...CONTENDERS.entries()];
    for (const [i, { language, form, steps }] of round % 2 === 0 ? turns : turns.reverse()) {
      const result = await peers[language].ask({ action: 'train', form, steps });
      if (round >= 0) results[i].push(result);
    }
  }
  console.log('| a step | wall clock, ms | processor, ms | times our processor time |\n|---|---|---|---|');
  for (const [i, { what }] of CONTENDERS.entries()) {
    const of = (place, field) => results[place].map((result) => result[field]);
    const ratio = ratioOf(of(i, 'cpuMs'), of(0, 'cpuMs')).toFixed(0);
    console.log(`| ${what} | ${median(of(i, 'ms')).toFixed(1)} | ${median(of(i, 'cpuMs')).toFixed(1)} | ${ratio} |`);
  }
} finally {
  for (const peer of Object.values(peers)) await peer.close();
}
