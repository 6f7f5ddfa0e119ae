// What the data layer itself costs: scheduling per sample of a million-sample epoch, memory per sample, a gathered batch beside the bare gather.
import { DataLoader, RandomSampler, TensorDataset } from '../dist/data/index.js';
import { scope, tensor } from '../dist/tensor/index.js';

const NUM_SAMPLES = 1_000_000;
const BATCH_SIZE = 64;

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const report = (what, value, unit) => console.log(`${what.padEnd(58)} ${value.toFixed(3).padStart(9)} ${unit}`);

/** The time of one epoch in which samples cost nothing, per sample. */
async function measureScheduling(what, get, options) {
  const dataset = { length: NUM_SAMPLES, get };
  const loader = new DataLoader({ dataset, batchSize: BATCH_SIZE, collate: (samples) => samples.length, ...options });
  const times = [];
  for (let epoch = 0; epoch < 3; epoch++) {
    const start = performance.now();
    let seen = 0;
    for await (const count of loader) seen += count;
    if (seen !== NUM_SAMPLES) throw new Error(`Cannot measure: expected ${NUM_SAMPLES} samples, got ${seen}`);
    times.push(performance.now() - start);
  }
  report(`scheduling, ${what}`, (median(times) * 1000) / NUM_SAMPLES, 'us a sample');
}

await measureScheduling('in order, samples at once', (index) => index);
await measureScheduling('shuffled, samples at once', (index) => index, { shuffle: true });
await measureScheduling('shuffled, samples as promises', async (index) => index, { shuffle: true });

const before = process.memoryUsage().arrayBuffers;
const order = new RandomSampler(NUM_SAMPLES).order(0);
report('memory of a shuffled order', (process.memoryUsage().arrayBuffers - before) / order.length, 'bytes a sample');

const images = tensor(new Float32Array(60_000 * 784).fill(1), { shape: [60_000, 784] });
const loader = new DataLoader({ dataset: new TensorDataset({ images }), batchSize: BATCH_SIZE, shuffle: true });
const iterator = loader[Symbol.asyncIterator]();
const rows = new RandomSampler(60_000, { seed: 1 }).order(0);
const byLoader = [];
const bare = [];
for (let batch = 0; batch < 900; batch++) {
  const indices = Int32Array.from({ length: BATCH_SIZE }, (_, i) => rows.at(batch * BATCH_SIZE + i));
  const started = performance.now();
  scope(() => void images.indexSelect(0, tensor(indices)));
  bare.push(performance.now() - started);
  const asked = performance.now();
  const { value } = await iterator.next();
  byLoader.push(performance.now() - asked);
  value.images.dispose();
}
await iterator.return();
report('a batch of 64 x 784 from 60,000 rows, by the loader', median(byLoader) * 1000, 'us');
report('the same, by the bare gather', median(bare) * 1000, 'us');
