// What the samplers cost: an epoch of a million samples, each sampler in a process of its own, by CPU time (the machine may be shared) and bytes of arrays:
//   node --expose-gc benchmarks/samplers.mjs [--samples 1000000] [--rounds 3]
// Columns: making the sampler; the beginning of an epoch (order() and the first position); every position of it, batches of 64 where a loader cuts them;
// all together a sample; bytes a sample that are held while the epoch is played.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  BatchSampler,
  BucketByLengthSampler,
  ByDatasetBatchSampler,
  ContrastWeightedSampler,
  DistributedSampler,
  RandomSampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
} from '../dist/data/index.js';
import { median } from './harness/statistics.mjs';

const { values: flags } = parseArgs({
  options: {
    samples: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});
const count = Number(flags.samples);
const rounds = Number(flags.rounds);
if (!(Number.isInteger(count) && count >= 1000 && rounds >= 1)) {
  console.error(
    `Cannot measure samplers: expected --samples from 1000 on and --rounds from 1 on, got ${JSON.stringify(flags)}`,
  );
  process.exit(1);
}

const BATCH_SIZE = 64;
/** Scores like those of recordings: positive, of median 1, with a long tail. The same in every run. */
const scoreAt = (i) => Math.exp(2 * Math.sin(i * 12.9898) * Math.cos(i * 78.233));
const column = (make) => Float32Array.from({ length: count }, (_, i) => make(i));
const parts = { datasets: [0.5, 0.3, 0.2].map((share) => ({ length: Math.round(count * share) })) };
const names = { a: 0, b: 1, c: 2 };
const scores = () => {
  const [a, b, c] = parts.datasets.map(({ length }) => Float32Array.from({ length }, (_, i) => scoreAt(i)));
  return { a, b, c };
};
const contrast = (options) =>
  new ContrastWeightedSampler({ dataset: parts, contrastScoresDict: scores(), datasetNameToIdx: names, ...options });
const afterWarmup = () => {
  const sampler = contrast();
  sampler.setStep(8000);
  return sampler;
};

/** What is measured, by name. A sampler of samples is cut into batches, as a loader does. */
const CASES = {
  SequentialSampler: () => new SequentialSampler(count),
  RandomSampler: () => new RandomSampler(count),
  'RandomSampler, replacement': () => new RandomSampler(count, { replacement: true }),
  SubsetRandomSampler: () => new SubsetRandomSampler(Int32Array.from({ length: count }, (_, i) => i)),
  WeightedRandomSampler: () => new WeightedRandomSampler(column(scoreAt)),
  'WeightedRandomSampler, no replacement': () => new WeightedRandomSampler(column(scoreAt), { replacement: false }),
  'DistributedSampler, rank 0 of 1': () => new DistributedSampler(count),
  'BucketByLengthSampler, numBuckets 8': () =>
    new BucketByLengthSampler(
      column((i) => Math.ceil(100 * scoreAt(i))),
      { batchSize: BATCH_SIZE },
    ),
  'BucketByLengthSampler, windowSize 6400': () =>
    new BucketByLengthSampler(
      column((i) => Math.ceil(100 * scoreAt(i))),
      { batchSize: BATCH_SIZE, windowSize: 6400 },
    ),
  'ContrastWeightedSampler, clamp': () => contrast(),
  'ContrastWeightedSampler, clamp, a step a batch': () => contrast({ stepAt: 'batch' }),
  'ContrastWeightedSampler, blend': () => contrast({ transition: 'blend' }),
  'ContrastWeightedSampler, after the warm-up': afterWarmup,
  'ByDatasetBatchSampler, uniform': () =>
    new ByDatasetBatchSampler({ cat: parts, name2idx: names, batchSize: BATCH_SIZE }),
  'ByDatasetBatchSampler, scores': () =>
    new ByDatasetBatchSampler({ cat: parts, name2idx: names, batchSize: BATCH_SIZE, contrastScores: scores() }),
};

if (flags.only === undefined) {
  const self = fileURLToPath(import.meta.url);
  console.log(`${count} samples, CPU time, medians of ${rounds} epochs`);
  console.log(
    ['', 'make ms', 'begin ms', 'play ms', 'ns a sample', 'bytes a sample']
      .map((text, i) => (i === 0 ? text.padEnd(48) : text.padStart(15)))
      .join(''),
  );
  for (const name of Object.keys(CASES)) {
    const { status } = spawnSync(
      process.execPath,
      ['--expose-gc', self, '--only', name, '--samples', `${count}`, '--rounds', `${rounds}`],
      { stdio: 'inherit' },
    );
    if (status !== 0) process.exit(status ?? 1);
  }
} else {
  measure(flags.only);
}

function playsSamples(sampler) {
  return typeof sampler.order(0).at(0) === 'number';
}

function measure(name) {
  const cpuMs = () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;
  const heldBytes = () => {
    globalThis.gc();
    globalThis.gc();
    return process.memoryUsage().arrayBuffers;
  };
  const before = heldBytes();
  const started = cpuMs();
  let sampler = CASES[name]();
  const makeMs = cpuMs() - started;
  const isDynamic = name.endsWith('a step a batch');
  if (playsSamples(sampler)) sampler = new BatchSampler(sampler, { batchSize: BATCH_SIZE });
  const begin = [];
  const play = [];
  let held = 0;
  // A function of its own: the epoch before is gone when the next one begins.
  const playEpoch = (epoch) => {
    const start = cpuMs();
    const order = sampler.order(epoch);
    let sum = order.at(0)[0];
    const begun = cpuMs();
    for (let batch = 0; batch < order.length; batch++) {
      sum += order.at(batch, isDynamic ? { step: batch % 8000 } : undefined)[0];
    }
    play.push(cpuMs() - begun);
    begin.push(begun - start);
    held = Math.max(held, heldBytes() - before);
    if (!(sum + order.at(0)[0] >= 0)) throw new Error('Cannot measure: expected indices');
  };
  for (let epoch = 1; epoch <= rounds; epoch++) {
    playEpoch(epoch);
    heldBytes();
  }
  const [beginMs, playMs] = [median(begin), median(play)];
  const nsASample = ((beginMs + playMs) * 1e6) / count;
  const cells = [
    makeMs.toFixed(1),
    beginMs.toFixed(1),
    playMs.toFixed(1),
    nsASample.toFixed(0),
    (held / count).toFixed(2),
  ];
  console.log(name.padEnd(48) + cells.map((cell) => cell.padStart(15)).join(''));
}
