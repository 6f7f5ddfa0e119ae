// Plays random loaders with one thread and no hurry, then again with other workers, other prefetching, shuffled timing and stops in between: every batch has to be the same.
import assert from 'node:assert/strict';
import { Tensor } from 'sconce';
import {
  BucketByLengthSampler,
  ByDatasetBatchSampler,
  ContrastWeightedSampler,
  DataLoader,
  DistributedSampler,
  datasetModule,
  MultiDataLoader,
  RandomSampler,
  ShuffleBuffer,
  Subset,
  WeightedRandomSampler,
} from 'sconce/data';

const MODULE = new URL('./loader-dataset.ts', import.meta.url);
const NUM_EPOCHS = 2;

/** mulberry32: numbers in [0, 1) from a seed. */
function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (low, high) => low + Math.floor(next() * (high - low + 1));
  return { next, int, chance: (p) => next() < p, pick: (values) => values[int(0, values.length - 1)] };
}

/** What the order of a loader comes from, as plain data; `make` gives the sampler anew. */
function samplerPlan(random, length) {
  const seed = random.int(0, 2 ** 31);
  const numReplicas = random.int(1, 3);
  const rank = random.int(0, numReplicas - 1);
  const numbers = Array.from({ length }, () => random.int(1, 9));
  const half = length >> 1;
  const dataset = { datasets: [{ length: half }, { length: length - half }] };
  const scores = { a: numbers.slice(0, half), b: numbers.slice(half) };
  const datasetNameToIdx = { a: 0, b: 1 };
  const stepAt = random.pick(['batch', 'epoch']);
  const curriculum = {
    dataset,
    seed,
    numReplicas,
    rank,
    warmupSteps: 20,
    stepAt,
    transition: random.pick(['clamp', 'blend']),
  };
  const orders = {
    inOrder: () => ({}),
    shuffled: () => ({ shuffle: true }),
    replaced: () => ({ sampler: new RandomSampler(length, { seed, replacement: true, numSamples: length + 3 }) }),
    weighted: () => ({ sampler: new WeightedRandomSampler(numbers, { seed }) }),
    weightedOnce: () => ({ sampler: new WeightedRandomSampler(numbers, { seed, replacement: false }) }),
    distributed: () => ({ sampler: new DistributedSampler(length, { seed, numReplicas, rank }) }),
    contrast: () => ({
      sampler: new ContrastWeightedSampler({ ...curriculum, contrastScoresDict: scores, datasetNameToIdx }),
    }),
    byDataset: (batchSize) => ({
      batchSampler: new ByDatasetBatchSampler({
        ...{ seed, numReplicas, rank, batchSize, warmupSteps: 20, stepAt },
        ...{ cat: dataset, name2idx: datasetNameToIdx, contrastScores: scores },
      }),
    }),
    buckets: (batchSize) => ({
      batchSampler: new BucketByLengthSampler(numbers, { seed, batchSize, numReplicas, rank }),
    }),
    fullBuckets: () => ({ batchSampler: new BucketByLengthSampler(numbers, { seed, maxTokens: 20, dropLast: true }) }),
  };
  const name = random.pick(Object.keys(orders));
  return { name, make: orders[name] };
}

/** One loader, all of it plain data but for the functions that make its parts. */
function loaderPlan(random) {
  const kind = random.pick(['map', 'map', 'stream']);
  const length = random.int(3, 60);
  const broken = random.chance(0.3) ? Array.from({ length: random.int(1, 3) }, () => random.int(0, length - 1)) : [];
  const plan = {
    dataset: { kind, length, isSized: random.chance(0.5), broken },
    batchSize: random.int(1, 8),
    dropLast: random.chance(0.3),
    seed: random.int(0, 2 ** 40),
    buffer: random.chance(0.7) ? random.int(1, 20) : undefined,
    subset: random.chance(0.3) && length > 4 ? length - 2 : undefined,
  };
  return { ...plan, sampler: kind === 'stream' ? undefined : samplerPlan(random, plan.subset ?? length) };
}

/** How a loader is played, which must not matter. */
function playing(random) {
  return {
    numWorkers: random.pick([0, 0, 1, 2, 3]),
    concurrency: random.int(1, 8),
    prefetchFactor: random.int(0, 5),
    noise: random.pick([0, 1, 3]),
  };
}

const QUIET = { numWorkers: 0, concurrency: 1, prefetchFactor: 0, noise: 0 };

async function makeLoader(plan, { noise, ...options }) {
  let dataset = await datasetModule(MODULE, { ...plan.dataset, noise });
  if (plan.sampler && plan.subset)
    dataset = new Subset(
      dataset,
      Array.from({ length: plan.subset }, (_, i) => i + 1),
    );
  if (!plan.sampler && plan.buffer) dataset = new ShuffleBuffer(dataset, { size: plan.buffer, seed: plan.seed });
  const order = plan.sampler?.make(plan.batchSize) ?? {};
  const { batchSize, dropLast, seed } = plan;
  const size = order.batchSampler ? {} : { batchSize, dropLast };
  const loader = new DataLoader({ dataset, ...size, seed, onSampleError: 'skip', ...order, ...options });
  // A curriculum moves with the batches that were played.
  return {
    loader,
    onBatch: (count) => (order.sampler ?? order.batchSampler)?.setStep?.(count),
    end: () => loader.close(),
  };
}

async function makeMulti(plan, options) {
  const parts = await Promise.all(plan.parts.map((part) => makeLoader(part, options)));
  const loader = new MultiDataLoader({ loaders: parts.map((part) => part.loader), ...plan.schedule });
  const onBatch = (count) => {
    if (loader.takesLosses && count % 3 === 0)
      loader.reportLosses(Object.fromEntries(loader.names.map((name, i) => [name, 1 / (1 + count * (i + 1))])));
    for (const part of parts) part.onBatch(count);
  };
  return { loader, onBatch, end: () => Promise.all(parts.map((part) => part.end())) };
}

function multiPlan(random) {
  const parts = Array.from({ length: random.int(1, 3) }, () => loaderPlan(random));
  const isUnsized = parts.some(({ dataset, sampler }) => !sampler && !dataset.isSized);
  const length =
    isUnsized || random.chance(0.3)
      ? 'fixed_num_steps'
      : random.pick(['sum_of_lengths', 'max_of_lengths', 'min_of_lengths']);
  const strategies = ['sequential', 'round_robin', 'weighted', 'mixed', 'moving'];
  const strategy = random.pick(length.startsWith('m') ? strategies : [...strategies, 'alternating']);
  const isWeighted = ['weighted', 'mixed', 'moving'].includes(strategy);
  const weights = parts.map(() => random.int(1, 5));
  const schedule = {
    strategy: isWeighted ? 'weighted' : strategy,
    epochLength: length,
    ...(length === 'fixed_num_steps' && { stepsPerEpoch: random.int(1, 40) }),
    ...(strategy !== 'sequential' && { burstSize: random.int(1, 3) }),
    ...(strategy === 'alternating' && { pattern: parts.map((_, i) => i).reverse() }),
    ...((strategy === 'weighted' || (strategy === 'mixed' && random.chance(0.5))) && { weights }),
    ...(strategy === 'mixed' && { lossMix: {} }),
    ...(strategy === 'moving' && {
      weightSchedule: {
        points: [
          { batch: 0, weights },
          { batch: 30, weights: weights.toReversed() },
        ],
      },
    }),
    cycleShortLoaders: random.chance(0.7),
  };
  return { parts, schedule };
}

/** A batch as text: what it holds, to the bit. */
function textOf(batch) {
  return JSON.stringify(batch, (_, value) => {
    if (value instanceof Tensor) return `${value.dtype} ${value.shape} ${Buffer.from(value.toBytes()).toString('hex')}`;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

/** Plays `NUM_EPOCHS`; with `stops`, ends after so many batches in all, and goes on in a new loader from the state as a file would hold it. */
async function play(make, options, stops = []) {
  const played = [];
  let count = 0;
  let { loader, onBatch, end } = await make(options());
  for (let epoch = 0; epoch < NUM_EPOCHS; epoch++) {
    played.push('epoch');
    loader.setEpoch(epoch);
    for (let isDone = false; !isDone; ) {
      isDone = true;
      const iterator = loader[Symbol.asyncIterator]();
      for (;;) {
        const { value, done } = await iterator.next();
        if (done) break;
        played.push(textOf(value));
        onBatch(++count);
        if (!stops.includes(count)) continue;
        const state = JSON.parse(JSON.stringify(loader.state()));
        await end();
        ({ loader, onBatch, end } = await make(options()));
        loader.loadState(state);
        loader.setEpoch(epoch);
        isDone = false;
        break;
      }
    }
  }
  const state = JSON.stringify(loader.state());
  await end();
  return { played, count, state };
}

/** As `play`, where a loader that cannot be played says why. */
async function outcome(...args) {
  try {
    return await play(...args);
  } catch (error) {
    if (!/^Cannot (make|play) /.test(error.message)) throw error;
    return { played: [error.message], count: 0, state: '' };
  }
}

export async function run({ seed, minutes }) {
  const end = Date.now() + minutes * 60_000;
  let numCases = 0;
  let numBatches = 0;
  let numStops = 0;
  for (let caseSeed = seed; Date.now() < end; caseSeed = (caseSeed + 1) % 2 ** 31) {
    const random = randomFrom(caseSeed);
    const isMulti = random.chance(0.4);
    const plan = isMulti ? multiPlan(random) : loaderPlan(random);
    const make = (options) => (isMulti ? makeMulti(plan, options) : makeLoader(plan, options));
    const line = `loaders: again with: node scripts/stress.mjs --campaign test/stress/loaders.mjs --seed ${caseSeed} --minutes 0.01`;
    try {
      const quiet = await outcome(make, () => QUIET);
      const stops = Array.from({ length: random.int(1, 3) }, () => random.int(1, Math.max(1, quiet.count)));
      const other = await outcome(make, () => playing(random), quiet.count === 0 ? [] : stops);
      assert.deepEqual(other.played, quiet.played);
      assert.equal(other.state, quiet.state);
      numCases++;
      numBatches += quiet.count;
      numStops += new Set(stops).size;
    } catch (error) {
      console.error(line);
      console.error(JSON.stringify(plan));
      throw error;
    }
  }
  console.log(`loaders: ${numCases} loaders, ${numBatches} batches, ${numStops} stops, seed ${seed}: all the same`);
}
