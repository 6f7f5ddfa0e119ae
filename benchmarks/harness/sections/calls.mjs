// What a call costs in each language, operator by operator.
import { operators } from '../../workloads/calls.mjs';
import { startOurs, startTheirs } from '../peers.mjs';
import { cell, printTable, ratioCell } from '../report.mjs';
import { playRounds } from '../rounds.mjs';
import { median, ratioOf } from '../statistics.mjs';

const WARM_ROUNDS = 3;

export async function measureCalls(plan) {
  const { python, isQuick, numThreads } = plan;
  const ours = startOurs(plan);
  const theirs = python && startTheirs(plan);
  const contenders = operators.flatMap((operator) => [
    { key: `${operator}/sconce`, measure: () => ours.ask({ run: 'call', operator }) },
    ...(theirs ? [{ key: `${operator}/pytorch`, measure: () => theirs.ask({ run: 'call', operator }) }] : []),
  ]);
  await playRounds(contenders, WARM_ROUNDS);
  const results = await playRounds(contenders, isQuick ? 5 : 15);
  await ours.close();
  await theirs?.close();
  const pairs = operators.map((operator) => [operator, results[`${operator}/sconce`], results[`${operator}/pytorch`]]);
  printTable(
    `Calls on 8x8 tensors, ${numThreads} thread${numThreads > 1 ? 's' : ''}, us a call`,
    ['operator', 'Sconce', 'PyTorch', 'ratio'],
    pairs.map(([operator, our, their]) => [operator, cell(our), cell(their), ratioCell(our, their)]),
  );
  if (!theirs) return { results, promises: [] };
  const ratios = pairs.map(([, our, their]) => ratioOf(our, their));
  return {
    results,
    promises: [
      { what: 'calls: median ratio to PyTorch', found: median(ratios), limit: 1 },
      { what: 'calls: largest ratio to PyTorch', found: Math.max(...ratios), limit: 1.3 },
    ],
  };
}
