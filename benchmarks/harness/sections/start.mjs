// From the start of a process to the end of its first training step.
import { startOurs, startTheirs } from '../peers.mjs';
import { cell, printTable, ratioCell } from '../report.mjs';
import { playRounds } from '../rounds.mjs';
import { ratioOf } from '../statistics.mjs';

const WORKLOAD = 'mlp';

export async function measureStart({ numThreads, python, versions, isQuick }) {
  const plan = { name: WORKLOAD, numThreads, python };
  const { default: workload } = await import(`../../workloads/${WORKLOAD}.mjs`);
  const once = async (start, mode) => {
    const peer = start(plan, mode, workload.batchSize);
    const time = await peer.waitForFirstLine();
    await peer.close();
    return time;
  };
  const contenders = [
    { key: 'sconce', measure: () => once(startOurs, 'first-step') },
    ...(python ? [{ key: 'pytorch', measure: () => once(startTheirs, 'first-step') }] : []),
    { key: 'sconceTrainer', measure: () => once(startOurs, 'first-fit-step') },
    ...(versions?.lightning ? [{ key: 'lightning', measure: () => once(startTheirs, 'first-fit-step') }] : []),
  ];
  const results = await playRounds(contenders, isQuick ? 1 : 7);
  const { sconce, pytorch, sconceTrainer, lightning } = results;
  printTable(
    `Start of the process to the end of the first step, ${workload.title}, ms`,
    ['', 'Sconce', 'Python', 'ratio'],
    [
      ['by hand / PyTorch', cell(sconce), cell(pytorch), ratioCell(sconce, pytorch)],
      ['trainer / Lightning', cell(sconceTrainer), cell(lightning), ratioCell(sconceTrainer, lightning)],
    ],
  );
  if (!pytorch) return { results, promises: [] };
  return {
    results,
    promises: [{ what: 'start to first step, ratio to PyTorch', found: ratioOf(sconce, pytorch), limit: 0.35 }],
  };
}
