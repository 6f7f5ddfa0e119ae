// The price of logging: time for each logged scalar of every logger, alone and all together, beside Lightning's `self.log` and PyTorch's SummaryWriter:
//   SCONCE_PYTHON=/path/to/python node benchmarks/logging.mjs [--scalars 100000] [--rounds 5]        (a Python with torch, lightning and tensorboard)
// From the first call to closed files. Every language in a process of its own, in turn; Lightning's is a fit with 10 scalars a step, without the same fit
// that logs nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, pinned, threadVariables } from './harness/machine.mjs';
import { Peer } from './harness/peer.mjs';
import { median } from './harness/statistics.mjs';

const { values: flags } = parseArgs({
  options: { scalars: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' } },
});
const scalars = Number(flags.scalars);
const rounds = Number(flags.rounds);
const python = process.env.SCONCE_PYTHON;
if (!(scalars >= 1000) || !(rounds >= 1) || !python) {
  console.error(
    'Cannot measure logging: expected --scalars from 1000 and --rounds above 0, and SCONCE_PYTHON with torch, lightning and tensorboard',
  );
  process.exit(1);
}

const OURS = ['console', 'csv', 'jsonl', 'tensorboard', 'wandb', 'all'];
const THEIRS = ['summaryWriter', 'lightning'];
/** What a fifth of theirs is asked for: the one that does the least. */
const LIMIT = 1 / 5;

const numThreads = 1;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sconce-logging-'));
const start = (name, command) => new Peer(name, pinned(command, numThreads), threadVariables(numThreads));
const ours = start('ours', [process.execPath, here('logging/worker.mjs')]);
const theirs = start('theirs', [python, here('python/loggers.py')]);
const cases = [
  ...OURS.flatMap((logger) => [1, 10].map((perCall) => ({ peer: ours, logger, perCall }))),
  { peer: theirs, logger: 'summaryWriter', perCall: 1 },
  { peer: theirs, logger: 'lightning', perCall: 10 },
];

try {
  const machine = describeMachine();
  console.log(
    `${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}; ${scalars} scalars, ${rounds} rounds, medians\n`,
  );
  const times = new Map(cases.map((each) => [each, []]));
  for (let round = -1; round < rounds; round++) {
    for (const each of round % 2 === 0 ? cases : cases.toReversed()) {
      const { peer, logger, perCall } = each;
      const { ms } = await peer.ask({ logger, perCall, scalars, folder: mkdtempSync(join(folder, 'run-')) });
      if (round >= 0) times.get(each).push((ms * 1000) / scalars);
    }
  }
  const micros = (each) => median(times.get(each));
  const least = Math.min(...cases.filter(({ logger }) => THEIRS.includes(logger)).map(micros));
  console.log('| logger | values a call | µs a scalar | of the faster of theirs |\n|---|---|---|---|');
  for (const each of cases)
    console.log(
      `| ${each.logger} | ${each.perCall} | ${micros(each).toFixed(2)} | ${(micros(each) / least).toFixed(3)} |`,
    );
  const slow = cases.filter((each) => OURS.includes(each.logger) && micros(each) > LIMIT * least);
  if (slow.length > 0) {
    console.error(`above a fifth: ${slow.map(({ logger, perCall }) => `${logger} (${perCall} a call)`).join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  await ours.close();
  await theirs.close();
  rmSync(folder, { recursive: true, force: true });
}
