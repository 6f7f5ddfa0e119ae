// Measures what the model of cost is made of: a process that trains alone, two that only share the machine, two that only exchange bytes, a store that is only asked, and checkpoints of single layers.
import { median } from '../harness/statistics.mjs';
import { gatherTerms, leastSquares, polynomialThrough } from './model.mjs';

const REDUCE_BYTES = [4096, 65_536, 1 << 20, 4 << 20, 16 << 20];
/** Square layers, by width and number. */
export const SAVED = [
  { width: 64, layers: 1 },
  { width: 128, layers: 40 },
  { width: 192, layers: 3 },
  { width: 512, layers: 1 },
  { width: 1200, layers: 1 },
];

/** Square layers that are averaged. */
export const STACKS = [
  { width: 32, layers: 20 },
  { width: 256, layers: 4 },
  { width: 768, layers: 2 },
];

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** One all-reduce between two ranks, by size: milliseconds by the clock and of one rank's processor time. */
export async function measureReduces(pair) {
  const found = [];
  for (const bytes of REDUCE_BYTES) {
    const times = bytes > 2e6 ? 6 : 60;
    const ranks = await pair.ask({ run: 'reduce', bytes, times });
    found.push({
      bytes,
      wall: Math.max(...ranks.map(({ wall }) => wall)) / 1000,
      busy: mean(ranks.map(({ processor }) => processor)) / 1000,
    });
  }
  return found;
}

/** Of rounds of `measureReduces`: what one round of the ring of two ranks takes. Between two ranks an all-reduce of S bytes is two rounds of S / 2. */
export function fitRound(rounds) {
  const line = (key) =>
    leastSquares(
      REDUCE_BYTES.map((bytes, i) => ({
        terms: [1, bytes / 2],
        value: median(rounds.map((each) => each[i][key])) / 2,
      })),
    );
  const [latency, perByte] = line('wall');
  const [busy, busyPerByte] = line('busy');
  return { latency, perByte, busy, busyPerByte };
}

/** Milliseconds that the reducer's hooks and copies add to a step. @param rounds - of what `STACKS` showed.  @param model - { parameters, bytes }. */
export function hooksOf(rounds, model) {
  const points = STACKS.map((_, i) => ({
    terms: [rounds[0][i].parameters, rounds[0][i].bytes],
    value: Math.max(1, median(rounds.map((each) => each[i].us))),
  }));
  const [perParameter, perByte] = leastSquares(points);
  return (model.parameters * perParameter + model.bytes * perByte) / 1000;
}

/** What joining asks of the store, through groups of 2, 3 and 5 ranks. @param joins - { ranks, keys, requests, bytes }: keys of all, the others of one rank. */
export const fitStore = (joins, requestUs) => ({
  keys: leastSquares(joins.map(({ ranks, keys }) => ({ terms: [1, ranks], value: keys }))),
  requests: leastSquares(joins.map(({ ranks, requests }) => ({ terms: [1, ranks], value: requests }))),
  bytes: polynomialThrough(joins.map(({ ranks, bytes }) => [ranks, bytes])),
  requestUs,
});

/** @param saves - checkpoints of `SAVED` by one rank, { bytes, ms, tensors, tensorBytes }.  @param pairSaves - the same by two, of which one waits while the other writes.
 *  @param collects - { tensors, ms }.  @param gathers - { ranks, ms }, without checkpoints. */
export function fitCheckpoint({ saves, pairSaves, collects, gathers, cores }) {
  const writes = (found) =>
    leastSquares(found.map(({ tensors, bytes, ms }) => ({ terms: [1, bytes, tensors], value: ms })));
  const perRank = median(pairSaves.map(({ bytes }, i) => bytes - saves[i].bytes));
  const besides = saves.map(({ tensors, bytes, tensorBytes }) => ({
    terms: [1, tensors],
    value: bytes - tensorBytes - perRank,
  }));
  const [fixed, perTensor] = leastSquares(besides);
  return {
    size: { fixed, perTensor, perRank },
    write: { alone: writes(saves), together: writes(pairSaves) },
    collect: leastSquares(collects.map(({ tensors, ms }) => ({ terms: [1, tensors], value: ms }))),
    gather: leastSquares(
      gathers.map(({ ranks, ms }) => ({ terms: gatherTerms({ ranks, ranksPerMachine: ranks }, cores), value: ms })),
    ),
  };
}
