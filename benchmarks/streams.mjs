// What streams cost: tar shards beside a plain read of the same bytes, text lines, and a batch of token windows beside the bare gather.
// Runs of what is compared take turns, so that other work on the machine meets both; read the ratios. Files are in the page cache.
import { mkdtempSync, rmSync } from 'node:fs';
import { open, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ByteEncoder,
  DataLoader,
  encodeToFile,
  ShuffleBuffer,
  TarShards,
  TextLineDataset,
  TextLines,
  TokenDataset,
  writeShards,
} from '../dist/data/index.js';
import { scope, tensor } from '../dist/tensor/index.js';

const MIB = 1 << 20;
const ROUNDS = 9;
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const report = (what, value, unit) => console.log(`${what.padEnd(66)} ${value.toFixed(2).padStart(9)} ${unit}`);

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Medians of each kind of work in milliseconds, a run of each in every round. */
async function interleave(kinds) {
  const times = kinds.map(() => []);
  for (const work of kinds) await work();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, work] of kinds.entries()) times[i].push(await timed(work));
  }
  return times.map(median);
}

/** @param memoryFor - gives what a read goes to: the same again, which stays in the processor's cache, or fresh memory, as whoever keeps the bytes needs. */
async function readPlainly(paths, memoryFor) {
  for (const path of paths) {
    const file = await open(path, 'r');
    while ((await file.read(memoryFor(), 0, MIB, null)).bytesRead > 0);
    await file.close();
  }
}

const reused = new Uint8Array(MIB);
const same = () => reused;
const fresh = () => Buffer.allocUnsafeSlow(MIB);

async function playStream(dataset) {
  const stream = dataset.open(0);
  let count = 0;
  for (let sample = await stream.next(); sample !== undefined; sample = await stream.next()) count++;
  await stream.close();
  return count;
}

const folder = mkdtempSync(join(tmpdir(), 'sconce-streams-'));
try {
  for (const sampleBytes of [100_000, 10_000, 1_000]) {
    const numSamples = Math.floor((128 * MIB) / sampleBytes / 4) * 4;
    const bytes = new Uint8Array(sampleBytes).fill(7);
    const samples = Array.from({ length: numSamples }, (_, i) => ({
      __key__: `${i}`.padStart(7, '0'),
      jpg: bytes,
      cls: i % 10,
    }));
    const shards = await writeShards(join(folder, `b${sampleBytes}-%02d.tar`), samples, { maxSamples: numSamples / 4 });
    const paths = shards.map(({ path }) => path);
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const raw = new TarShards(paths, { decoders: 'bytes' });
    const loader = new DataLoader({ dataset: raw, batchSize: 64, collate: (batch) => batch.length });
    const shuffled = new ShuffleBuffer(raw, { size: 1000 });
    const [plain, kept, stream, buffer, loaded] = await interleave([
      () => readPlainly(paths, same),
      () => readPlainly(paths, fresh),
      () => playStream(raw),
      () => playStream(shuffled),
      async () => {
        for await (const _ of loader);
      },
    ]);
    const label = `tar, ${sampleBytes / 1000} kB samples`;
    report(`${label}: plain sequential read`, total / MIB / (plain / 1000), 'MiB/s');
    report(`${label}: the same into fresh memory`, total / MIB / (kept / 1000), 'MiB/s');
    report(`${label}: TarShards`, total / MIB / (stream / 1000), 'MiB/s');
    report(`${label}: time over the plain read's`, stream / plain, 'times');
    report(`${label}: with a ShuffleBuffer of 1000`, buffer / plain, 'times');
    report(`${label}: through a DataLoader, batches of 64`, loaded / plain, 'times');
    report(`${label}: samples a second`, numSamples / (stream / 1000), '');
  }

  const text = join(folder, 'text.txt');
  await writeFile(
    text,
    Array.from({ length: 400_000 }, (_, i) => `line ${i} of a text of ordinary length, about seventy characters`).join(
      '\n',
    ),
  );
  const lines = await TextLineDataset.open(text);
  const picks = Array.from({ length: 20_000 }, (_, i) => (i * 7919) % lines.length);
  const [plain, stream, opening, random] = await interleave([
    () => readPlainly([text], same),
    () => playStream(new TextLines(text)),
    async () => (await TextLineDataset.open(text)).close(),
    async () => {
      for (let at = 0; at < picks.length; at += 8)
        await Promise.all(picks.slice(at, at + 8).map((line) => lines.get(line)));
    },
  ]);
  report('text lines in sequence', lines.length / stream / 1000, 'million a second');
  report('text lines in sequence, over the plain read', stream / plain, 'times');
  report('opening a TextLineDataset, a line', (opening * 1e6) / lines.length, 'ns');
  report('one line at random, 8 under way', (random * 1000) / picks.length, 'us');
  await lines.close();

  const blockSize = 256;
  const batchSize = 64;
  const tokenPath = join(folder, 'tokens.bin');
  await encodeToFile(text, tokenPath, { encoder: new ByteEncoder() });
  const inMemory = await TokenDataset.open(tokenPath, { blockSize, isInMemory: true });
  const inFile = await TokenDataset.open(tokenPath, { blockSize });
  const all = tensor(Int32Array.from({ length: 8 * MIB }, (_, i) => i % 257));
  const rows = all.unfold(0, blockSize + 1, blockSize); // [windows, blockSize + 1], a view
  const indices = Array.from({ length: 200 }, (_, b) =>
    Int32Array.from({ length: batchSize }, (_, i) => (b * 7919 + i * 104_729) % inMemory.length),
  );
  const gathered = Array.from(indices, (batch) => batch.map((index) => index % rows.size(0)));
  const [bare, memory, file, windows] = await interleave([
    () => {
      for (const batch of gathered)
        scope(() => {
          const both = rows.indexSelect(0, tensor(batch)).to('int64');
          both.narrow(1, 0, blockSize).contiguous();
          both.narrow(1, 1, blockSize).contiguous();
        });
    },
    () => {
      for (const batch of indices) scope(() => void inMemory.getBatch(batch));
    },
    async () => {
      for (const batch of indices) {
        const { input, target } = await inFile.getBatch(batch);
        input.dispose();
        target.dispose();
      }
    },
    async () => {
      const loader = new DataLoader({ dataset: inMemory, batchSize, shuffle: true });
      let left = indices.length;
      for await (const { input, target } of loader) {
        input.dispose();
        target.dispose();
        if (--left === 0) break;
      }
    },
  ]);
  report(
    `bare gather of ${batchSize} windows of ${blockSize} (indexSelect, int64, both halves)`,
    (bare * 1000) / indices.length,
    'us',
  );
  report('TokenDataset.getBatch, in memory', (memory * 1000) / indices.length, 'us');
  report('  over the bare gather', memory / bare, 'times');
  report('TokenDataset.getBatch, from a file', (file * 1000) / indices.length, 'us');
  report('a batch through a shuffling DataLoader, its order included', (windows * 1000) / indices.length, 'us');
  await inFile.close();
} finally {
  rmSync(folder, { recursive: true });
}
