// Sconce's side of batches.mjs: one request on standard input, as JSON, one reply.
import { createInterface } from 'node:readline';
import { DataLoader, ImageFolder, RandomSampler, TensorDataset } from '../../dist/data/index.js';
import { optim, scope, setNumThreads, tensor } from '../../dist/index.js';
import { median } from '../harness/statistics.mjs';
import cnn from '../workloads/cnn.mjs';

const NUM_ROWS = 60_000;
const BATCH_SIZE = 64;
const images = tensor(new Float32Array(NUM_ROWS * 784).fill(1), { shape: [NUM_ROWS, 784] });
const labels = tensor(new BigInt64Array(NUM_ROWS));
const loaders = [{ images }, { images, labels }].map(
  (columns) => new DataLoader({ dataset: new TensorDataset(columns), batchSize: BATCH_SIZE, shuffle: true, seed: 1 }),
);

const runs = {
  /** An epoch by the loader; its own time, and not that of giving the batch back. */
  async loader({ hasLabels }) {
    const rows = loaders[Number(hasLabels)];
    let ms = 0;
    const iterator = rows[Symbol.asyncIterator]();
    for (;;) {
      const asked = performance.now();
      const { value, done } = await iterator.next();
      ms += performance.now() - asked;
      if (done) return { us: (ms * 1000) / rows.length };
      for (const column of Object.values(value)) column.dispose();
    }
  },

  /** The same rows by nothing but the gather. */
  gather({ hasLabels }) {
    const order = new RandomSampler(NUM_ROWS, { seed: 1 }).order(0);
    let ms = 0;
    let count = 0;
    for (let from = 0; from + BATCH_SIZE <= NUM_ROWS; from += BATCH_SIZE, count++) {
      const indices = Int32Array.from({ length: BATCH_SIZE }, (_, i) => order.at(from + i));
      const started = performance.now();
      const chosen = tensor(indices);
      const batch = (hasLabels ? [images, labels] : [images]).map((column) => column.indexSelect(0, chosen));
      ms += performance.now() - started;
      for (const column of [chosen, ...batch]) column.dispose();
    }
    return { us: (ms * 1000) / count };
  },

  /** Steps of the network on pictures from files: what a step waits for, beside what it computes. */
  async training({ folder, numThreads, rounds }) {
    setNumThreads(numThreads);
    const normalize = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
    const transform = { resize: 40, randomCrop: 32, randomHorizontalFlip: 0.5, normalize };
    const dataset = await ImageFolder.open(folder, { transform });
    const loader = new DataLoader({ dataset, batchSize: cnn.batchSize, shuffle: true, dropLast: true, seed: 1 });
    const alone = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      for await (const { image, target } of loader) {
        image.dispose();
        target.dispose();
      }
      alone.push((performance.now() - started) / loader.length);
    }
    const model = cnn.makeModel();
    const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3 });
    const waits = [];
    const steps = [];
    for (let round = 0; round < Math.ceil(rounds / 3); round++) {
      const iterator = loader[Symbol.asyncIterator]();
      for (let step = 0; ; step++) {
        const asked = performance.now();
        const { value, done } = await iterator.next();
        const begun = performance.now();
        if (done) break;
        scope(() => {
          optimizer.zeroGrad();
          cnn.loss(model, value.image, value.target).backward();
          optimizer.step();
        });
        value.image.dispose();
        value.target.dispose();
        if (step < cnn.warmSteps) continue; // nothing can be fetched before it is asked for
        waits.push(begun - asked);
        steps.push(performance.now() - begun);
      }
    }
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    return {
      stepMs: median(steps),
      waitUs: median(waits) * 1000,
      waitShare: sum(waits) / (sum(waits) + sum(steps)),
      decodeMs: median(alone),
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  console.log(JSON.stringify(await runs[request.run](request)));
}
