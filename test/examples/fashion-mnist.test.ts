// The example that tells clothes apart: its reading of files that the test writes, a few of its steps, and some on the real pictures where they are.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { manualSeed, nn, optim } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { Trainer } from 'sconce/trainer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClothesNet, DEBIAN_FOLDER, readClothes, toNumbers, withChanges } from '../../examples/fashion-mnist/train.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-fashion-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a part of the set: pictures whose bright row says their kind. */
function writePart(part: string, count: number): void {
  const images = Buffer.alloc(16 + count * 784, 20);
  images.set([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]);
  const labels = Buffer.alloc(8 + count);
  labels.set([0, 0, 8, 1, 0, 0, 0, count]);
  for (let i = 0; i < count; i++) {
    labels[8 + i] = i % 10;
    images.fill(250, 16 + i * 784 + (2 * (i % 10) + 4) * 28, 16 + i * 784 + (2 * (i % 10) + 6) * 28);
  }
  writeFileSync(join(folder, `${part}-images-idx3-ubyte.gz`), gzipSync(images));
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte.gz`), gzipSync(labels));
}

async function trainOn(from: string, part: 'train' | 't10k', numPictures: number) {
  const [pictures, kinds] = await readClothes(from, part);
  const dataset = new TensorDataset([pictures.narrow(0, 0, numPictures), kinds.narrow(0, 0, numPictures)] as const);
  manualSeed(0);
  const model = new ClothesNet();
  const optimizer = new optim.AdamW(model.parameters(), { lr: 4e-3 });
  const trainer = new Trainer({ model, optimizer, criterion: new nn.CrossEntropyLoss(), channelsLast: true, seed: 0 });
  const trainLoader = new DataLoader({ dataset, batchSize: 50, shuffle: true, transform: withChanges });
  const valLoader = new DataLoader({ dataset, batchSize: 100, transform: toNumbers });
  return trainer.fit({ trainLoader, valLoader, numEpochs: 6 });
}

describe('the fashion-mnist example', () => {
  it('reads pictures and kinds, and says how to get them where there are none', async () => {
    writePart('t10k', 20);
    const [pictures, kinds] = await readClothes(folder, 't10k');
    expect([pictures.shape, pictures.dtype, kinds.dtype, kinds.select(0, 13).item()]).toEqual([
      [20, 1, 28, 28],
      'uint8',
      'int64',
      3,
    ]);
    await expect(readClothes(join(folder, 'nowhere'), 'train')).rejects.toThrow(
      'get it with "apt-get install dataset-fashion-mnist"',
    );
  });

  it('learns what pictures differ in', { timeout: 60_000 }, async () => {
    writePart('train', 200);
    const history = await trainOn(folder, 'train', 200);
    expect(history[0]!.train_loss).toBeGreaterThan(0.5);
    expect(history.at(-1)!.val_accuracy).toBeGreaterThan(0.8);
  });

  const isMissing = !existsSync(join(DEBIAN_FOLDER, 't10k-images-idx3-ubyte.gz'));
  if (isMissing && process.env.CI !== 'true')
    console.log(
      `skipped, a few steps on Fashion-MNIST: expected ${DEBIAN_FOLDER}, from Debian's dataset-fashion-mnist`,
    );

  it.skipIf(isMissing && process.env.CI !== 'true')('learns from the real pictures', { timeout: 60_000 }, async () => {
    const history = await trainOn(DEBIAN_FOLDER, 't10k', 300);
    expect(history.at(-1)!.val_accuracy).toBeGreaterThan(0.5);
  });
});
