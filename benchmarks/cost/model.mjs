// What data parallel training costs at n ranks: a few formulas, whose parameters are measured on one process and on two that only exchange (`parameters.mjs`).
//
// Gloo's all-reduce is a ring: 2 (n - 1) rounds, in each of which every rank sends S / n bytes to the next one. A round lasts as long as its slowest part:
//   by the clock          latency + bytes * perByte            what one exchange takes where each rank has a core
//   by processor time     (ranks / cores) * (busy + bytes * busyPerByte)   what the ranks of a machine take together, where they share its cores
//   by the network        network latency + bytes / bandwidth  between machines
// Ranks of one machine follow one another in the ring, so that one connection enters a machine and one leaves it.

/** Milliseconds of an all-reduce of `bytes`. @param job - { ranks, ranksPerMachine }.  @param machine - { cores, round: { latency, perByte, busy, busyPerByte }, network? }; ms and bytes. */
export function allReduceMs(bytes, { ranks, ranksPerMachine }, { cores, round, network }) {
  if (ranks === 1) return 0;
  const part = bytes / ranks;
  const clock = round.latency + part * round.perByte;
  const processor = (ranksPerMachine / cores) * (round.busy + part * round.busyPerByte);
  const isSpread = ranks > ranksPerMachine;
  const wire = isSpread ? network.latencyMs + part / network.bytesPerMs : 0;
  return 2 * (ranks - 1) * Math.max(clock, processor, wire + (isSpread ? round.latency : 0));
}

/** Bytes that a rank sends for gradients of so many bytes. */
export const trafficBytes = (gradientBytes, { ranks }) => (2 * (ranks - 1) * gradientBytes) / ranks;

/** Milliseconds of a step. @param model - { stepMs: alone; hooksMs: what averaging adds to it; bucketBytes; contention: how much longer a step takes
 *  where all cores compute }. Where ranks share cores, nothing is gained by sending during backward, since both want the processor; where a rank has a core to spare, buckets but the last are hidden
 *  behind backward, `hiddenShare` of the step. */
export function stepMs({ stepMs, hooksMs, bucketBytes, contention, hiddenShare = 0 }, job, machine) {
  const busyRanks = Math.min(job.ranks, job.ranksPerMachine);
  const compute = (stepMs * (busyRanks > 1 ? contention : 1) + hooksMs) * Math.max(1, busyRanks / machine.cores);
  const sends = bucketBytes.map((bytes) => allReduceMs(bytes, job, machine));
  const last = sends.at(-1) ?? 0;
  const before = sends.reduce((sum, ms) => sum + ms, 0) - last;
  return compute + last + Math.max(0, before - hiddenShare * compute);
}

/** What joining asks of the store, which one rank serves: each rank reads the addresses of all others. @param store - coefficients of `fitStore`. */
export function storeLoad({ ranks }, { keys, requests, bytes, requestUs }) {
  const perRank = { requests: valueAt(requests, ranks), bytes: valueAt(bytes, ranks) };
  return {
    /** Of one group. */
    keys: valueAt(keys, ranks),
    connections: ranks,
    requests: ranks * perRank.requests,
    bytes: ranks * perRank.bytes,
    /** One thread answers all. */
    serverMs: (ranks * perRank.requests * requestUs) / 1000,
  };
}

/** Open sockets of a rank: to every other one, one to listen on, and to the store. */
export const socketsOf = ({ ranks }) => ranks + 1;

/** Bytes and milliseconds of a checkpoint: what ranks tell one another, and what one rank takes for collecting, laying out, writing, fsync and rename. The others collect too, which takes time from
 *  the one that writes where they share its core. @param state - { tensors, tensorBytes }.  @param cost - of `fitCheckpoint`. */
export function checkpoint({ tensors, tensorBytes }, job, { size, write, collect, gather }, { cores, round, network }) {
  const { ranks, ranksPerMachine } = job;
  const bytes = size.fixed + tensorBytes + tensors * size.perTensor + ranks * size.perRank;
  if (ranks === 1) return { bytes, ms: sumOf(write.alone, [1, bytes, tensors]) };
  // What two tell one another is in what two took.
  const own = sumOf(write.together, [1, bytes, tensors]);
  const [, rounds] = gatherTerms(job, cores);
  const [, oneRound] = gatherTerms({ ranks: 2, ranksPerMachine: 2 }, cores);
  const perCore = Math.max(1, Math.min(ranks, ranksPerMachine) / cores);
  const others = (perCore - 1) * sumOf(collect, [1, tensors]);
  const wire = ranks > ranksPerMachine ? 2 * (ranks - 1) * (network.latencyMs + round.latency) : 0;
  return { bytes, ms: own + others + gather[1] * (rounds - oneRound) + wire };
}

/** What a gather's time is made of: what it takes by itself, and rounds around the ring, which take turns where ranks share cores. */
export const gatherTerms = ({ ranks, ranksPerMachine }, cores) => [
  1,
  (ranks - 1) * Math.max(1, Math.min(ranks, ranksPerMachine) / cores),
];

const sumOf = (factors, terms) => factors.reduce((sum, factor, i) => sum + factor * terms[i], 0);

const valueAt = (coefficients, x) => coefficients.reduce((sum, each, power) => sum + each * x ** power, 0);

/** The polynomial through as many points as it has coefficients, lowest power first. */
export function polynomialThrough(points) {
  return solve(points.map(([x, y]) => [...points.map((_, power) => x ** power), y]));
}

/** Linear equations: rows of coefficients and, last, the value. */
function solve(equations) {
  const rows = equations.map((row) => [...row]);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < rows.length; j++) {
      if (j === i) continue;
      const factor = rows[j][i] / rows[i][i];
      rows[j] = rows[j].map((value, column) => value - factor * rows[i][column]);
    }
  }
  return rows.map((row, i) => row.at(-1) / row[i]);
}

/** Factors of the terms whose sum is nearest to the values, by least relative squares. None is below 0: one that would be is left out.
 *  @param points - { terms, value }. */
export function leastSquares(points) {
  const numTerms = points[0].terms.length;
  let used = Array.from({ length: numTerms }, (_, i) => i);
  while (used.length > 0) {
    const dot = (f, g) => points.reduce((sum, point) => sum + (f(point) * g(point)) / point.value ** 2, 0);
    const term = (i) => (point) => point.terms[i];
    const found = solve(
      used.map((i) => [...used.map((j) => dot(term(i), term(j))), dot(term(i), ({ value }) => value)]),
    );
    const lowest = found.indexOf(Math.min(...found));
    if (found[lowest] >= 0)
      return Array.from({ length: numTerms }, (_, i) => (used.includes(i) ? found[used.indexOf(i)] : 0));
    used = used.filter((_, i) => i !== lowest);
  }
  return new Array(numTerms).fill(0);
}
