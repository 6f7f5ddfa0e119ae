// Sconce's side of images.mjs: one request on standard input, as JSON, one reply. A loader is kept from one request to the next.
import { createInterface } from 'node:readline';
import { DataLoader, ImageFolder } from '../../dist/data/index.js';

const normalize = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** The same as in python/images.py. */
const transforms = {
  png: { resize: 56, randomCrop: 48, randomHorizontalFlip: 0.5, normalize },
  jpeg: { randomResizedCrop: 224, randomHorizontalFlip: 0.5, normalize },
};

const loaders = new Map();

async function loaderOf({ kind, folder, batchSize }) {
  if (!loaders.has(kind)) {
    const dataset = await ImageFolder.open(folder, { transform: transforms[kind] });
    loaders.set(kind, new DataLoader({ dataset, batchSize, shuffle: true, seed: 1 }));
  }
  return loaders.get(kind);
}

async function run(request) {
  const loader = await loaderOf(request);
  const before = process.cpuUsage();
  const started = performance.now();
  let count = 0;
  for await (const { image, target } of loader) {
    count += image.shape[0];
    image.dispose();
    target.dispose();
  }
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return { ms, count, cpuMs: (user + system) / 1000 };
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await run(JSON.parse(line))));
