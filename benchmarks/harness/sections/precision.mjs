// A training step in float32 and in bf16-mixed, by hand in both languages: what half precision gains on this CPU.
import { hasFastBfloat16 } from 'sconce';
import { startOurs, startTheirs } from '../peers.mjs';
import { cell, printTable, ratioCell } from '../report.mjs';
import { playRounds } from '../rounds.mjs';
import { ratioOf } from '../statistics.mjs';

const WORKLOADS = ['cnn-large', 'gpt-large'];
/** bf16-mixed has to be faster than float32 in the same memory order, where the CPU multiplies bfloat16 in hardware. */
const LIMIT = 1;

export async function measurePrecision({ numThreads, python, isQuick }) {
  const results = {};
  const promises = [];
  for (const name of WORKLOADS) {
    const { default: workload } = await import(`../../workloads/${name}.mjs`);
    const found = await measureModes({ name, numThreads, python }, workload, isQuick ? 2 : 8);
    results[name] = found;
    printModes(`${workload.title}, ${numThreads} thread${numThreads > 1 ? 's' : ''}, ms a step`, found);
    const [plain, mixed] = [found['sconce float32'], found['sconce bf16-mixed']];
    if (hasFastBfloat16())
      promises.push({ what: `${name}: bf16-mixed, ratio to float32`, found: ratioOf(mixed, plain), limit: LIMIT });
  }
  return { results, promises, hasWrongLosses: false };
}

async function measureModes(plan, { batchSize, warmSteps, pieces }, numRounds) {
  const ours = startOurs(plan);
  const theirs = plan.python && startTheirs(plan);
  const orders = plan.name.startsWith('cnn') ? [false, true] : [false];
  const contenders = ['float32', 'bf16-mixed'].flatMap((precision) =>
    orders.flatMap((channelsLast) => {
      const request = { run: 'modes', precision, channelsLast, batchSize, warmSteps, pieces };
      const mode = channelsLast ? `${precision}, channels last` : precision;
      const inMs = async (peer) => (await peer.ask(request)).map((us) => us / 1000);
      return [
        { key: `sconce ${mode}`, measure: () => inMs(ours) },
        ...(theirs ? [{ key: `pytorch ${mode}`, measure: () => inMs(theirs) }] : []),
      ];
    }),
  );
  try {
    await playRounds(contenders, 1);
    return await playRounds(contenders, numRounds);
  } finally {
    await ours.close();
    await theirs?.close();
  }
}

function printModes(title, found) {
  const modes = Object.keys(found)
    .filter((key) => key.startsWith('sconce '))
    .map((key) => key.slice('sconce '.length));
  const plain = found['sconce float32'];
  printTable(
    title,
    ['', 'Sconce', 'to its float32', 'Python', 'ratio'],
    modes.map((mode) => {
      const [ours, theirs] = [found[`sconce ${mode}`], found[`pytorch ${mode}`]];
      return [mode, cell(ours), ratioCell(ours, plain), cell(theirs), ratioCell(ours, theirs)];
    }),
  );
}
