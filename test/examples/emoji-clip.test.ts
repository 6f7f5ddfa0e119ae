// The main example without its download: synthetic pictures and packages of a few emoji go through its data, augmentation, model and training step.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { full, Generator, manualSeed, noGrad, ones, optim, rand, randint, save, tensor } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { RetrievalRecall } from 'sconce/metrics';
import { GenericTrainer } from 'sconce/trainer';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { augmentPictures, dropWords } from '../../examples/emoji-clip/augment.ts';
import { EmojiDataset, readCatalogue, splitWords } from '../../examples/emoji-clip/data.ts';
import { contrastiveLoss, EmojiClip } from '../../examples/emoji-clip/model.ts';
import { findPythonTorch, runPython } from '../parity/python.ts';

const AUGMENTATION = { degrees: 15, scale: 0.15, shift: 0.1, color: 0.2, wordDropout: 0.1 };
const NOTHING = { degrees: 0, scale: 0, shift: 0, color: 0, wordDropout: 0 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-emoji-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Packages of ten emoji, as npm would install them. */
async function installPackages(): Promise<void> {
  const records = Array.from({ length: 10 }, (_, i) => ({
    unified: `1F60${i}-FE0F`,
    image: `${i}.png`,
    has_img_google: true,
    has_img_twitter: true,
  }));
  const names = records.map((_, i) => ({
    hexcode: `1F60${i}`,
    label: i < 2 ? 'Grinning face' : `face ${i}`,
    tags: ['smile'],
  }));
  const write = (path: string, value: unknown): void => {
    mkdirSync(join(folder, 'node_modules', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'node_modules', path), value instanceof Uint8Array ? value : JSON.stringify(value));
  };
  write('emojibase-data/package.json', { name: 'emojibase-data' });
  write('emojibase-data/en/data.json', names);
  const red = { r: 255, g: 0, b: 0, alpha: 1 };
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  for (const vendor of ['google', 'twitter']) {
    const background = vendor === 'google' ? red : clear;
    const picture = await sharp({ create: { width: 64, height: 64, channels: 4, background } })
      .png()
      .toBuffer();
    write(`emoji-datasource-${vendor}/package.json`, { name: `emoji-datasource-${vendor}` });
    write(`emoji-datasource-${vendor}/emoji.json`, records);
    for (const { image } of records) write(`emoji-datasource-${vendor}/img/${vendor}/64/${image}`, picture);
  }
}

describe('the data of emoji-clip', () => {
  it('joins pictures and names whatever their FE0F, and holds out one in five', async () => {
    await installPackages();
    const { emoji, vocabulary } = await readCatalogue(folder);
    expect(vocabulary.slice(0, 5)).toEqual(['', '2', '3', '4', '5']);
    expect(emoji.map(({ hexcode }) => hexcode).slice(0, 2)).toEqual(['1F600', '1F601']);
    expect(emoji.flatMap(({ isHeldOut }, i) => (isHeldOut ? [i] : []))).toEqual([4, 9]);
    expect(Array.from(emoji[0]!.words, (word) => vocabulary[word])).toEqual(['grinning', 'face', 'smile']);
    expect(emoji.map(({ caption }) => caption)).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('decodes the pictures of one vendor on white', async () => {
    await installPackages();
    const { emoji } = await readCatalogue(folder);
    const { image } = await new EmojiDataset(emoji, { vendor: 'google', size: 4 }).get(3);
    expect([...image]).toEqual([...Array(16).fill(255), ...Array(32).fill(0)]);
    const transparent = await new EmojiDataset(emoji, { vendor: 'twitter', size: 4 }).get(3);
    expect([...transparent.image]).toEqual(Array(48).fill(255));
  });

  it('names the command that installs a missing package', async () => {
    await expect(readCatalogue(folder)).rejects.toThrow(
      /expected the package emoji-datasource-google .*"npm run demo" installs it/,
    );
  });

  it('splits words at everything that is neither letter nor digit', () => {
    expect(splitWords("Woman’s hat: São-Tomé 1st, O'Neill")).toEqual([
      'woman',
      's',
      'hat',
      'são',
      'tomé',
      '1st',
      'o',
      'neill',
    ]);
    expect(splitWords('* # !')).toEqual([]);
  });
});

describe('augmentPictures()', () => {
  it('draws the same from the same seed, and something else from another', () => {
    const pictures = rand([4, 3, 48, 48], { generator: new Generator(1) });
    const alter = (seed: number) => augmentPictures(pictures, AUGMENTATION, new Generator(seed));
    expect(alter(7).equal(alter(7))).toBe(true);
    expect(alter(7).equal(alter(8))).toBe(false);
  });

  it('gives the picture itself where nothing may change', () => {
    const pictures = rand([2, 3, 48, 48], { generator: new Generator(1) });
    const altered = augmentPictures(pictures, NOTHING, new Generator(0));
    expect(altered.sub(pictures).abs().max().item()).toBeLessThan(1e-5);
  });

  it('lets white come in from outside', () => {
    const white = ones([8, 3, 48, 48]);
    const moved = augmentPictures(white, { ...AUGMENTATION, color: 0, shift: 0.5 }, new Generator(0));
    expect(moved.sub(white).abs().max().item()).toBeLessThan(1e-5);
  });
});

describe('dropWords()', () => {
  it('leaves out about the share asked for, and padding stays padding', () => {
    const words = full([500, 8], 5n);
    words.select(1, 7).zero_();
    const rest = dropWords(words, 0.25, new Generator(3));
    expect(rest.select(1, 7).ne(0).any().item()).toBe(0);
    expect(rest.ne(0).sum().item() / 3500).toBeCloseTo(0.75, 1);
  });

  it('never leaves out all words of a caption', () => {
    const words = tensor([
      [3n, 0n],
      [4n, 6n],
    ]);
    expect(dropWords(words, 1, new Generator(0)).toArray()).toEqual([
      [3, 0],
      [4, 6],
    ]);
  });
});

describe('contrastiveLoss()', () => {
  it('is the logarithm of the batch size where all similarities are equal', () => {
    const same = { image: full([4, 2], Math.SQRT1_2), text: full([4, 2], Math.SQRT1_2) };
    expect(contrastiveLoss(same, tensor([0n, 1n, 2n, 3n]), tensor(1)).item()).toBeCloseTo(Math.log(4), 6);
  });

  it('takes equal captions for equally right', () => {
    const embedding = tensor([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    const loss = contrastiveLoss({ image: embedding, text: embedding }, tensor([0n, 0n, 1n]), tensor(Math.log(50)));
    expect(loss.item()).toBeCloseTo((2 / 3) * Math.log(2), 6);
  });
});

describe('EmojiClip', () => {
  /** Emoji of one colour each; the caption is the colour's number. */
  function colours(
    count: number,
    seed: number,
  ): TensorDataset<{
    image: ReturnType<typeof rand>;
    words: ReturnType<typeof rand>;
    caption: ReturnType<typeof rand>;
  }> {
    const generator = new Generator(5);
    const noise = rand([count, 3, 48, 48], { generator: new Generator(seed) }).mul(0.1);
    const image = rand([count, 3, 1, 1], { generator }).expand([count, 3, 48, 48]).mul(0.9).add(noise);
    const caption = tensor(BigInt64Array.from({ length: count }, (_, i) => BigInt(i)));
    return new TensorDataset({ image, words: caption.add(1).unsqueeze(1), caption });
  }

  it('learns which word belongs to which colour, in a few epochs of two loaders', { timeout: 60_000 }, async () => {
    manualSeed(0);
    const count = 16;
    const model = new EmojiClip(count + 1, 32);
    const optimizer = new optim.AdamW(model.parameters(), { lr: 5e-3 });
    const recall = new RetrievalRecall();
    const trainer = new GenericTrainer({
      config: { seed: 0, trainLoaderConfig: { dataloaderNames: ['google', 'twitter'] } },
      model,
      optimizers: [optimizer],
      valMetrics: [recall],
    });
    type Batch = { image: ReturnType<typeof rand>; words: ReturnType<typeof rand>; caption: ReturnType<typeof rand> };
    trainer.setTrainingStep((_trainer, { image, words, caption }: Batch) => ({
      loss: contrastiveLoss(model.forward(image, words), caption, model.logit_scale),
    }));
    trainer.setValidationStep((_trainer, { image, words, caption }: Batch) => {
      const embeddings = model.forward(image, words);
      recall.update(embeddings.image, embeddings.text, caption);
      return {};
    });
    const loader = (seed: number) =>
      new DataLoader({ dataset: colours(count, seed), batchSize: 8, shuffle: true, seed });
    const history = await trainer.fit({ trainLoaders: [loader(0), loader(1)], valLoaders: [loader(2)], maxEpochs: 10 });
    expect(history[0]!['train/loss']).toBeGreaterThan(1);
    expect(history.at(-1)!['train/loss']).toBeLessThan(0.5 * history[0]!['train/loss']!);
    expect(history.at(-1)!['val/image_to_text_r1']).toBeGreaterThan(0.6);
  });

  const python = findPythonTorch();
  const isOld = 'torchVersion' in python && Number.parseInt(python.torchVersion, 10) < 2;
  if ('missing' in python || isOld) console.log('skipped, embed.py: expected a Python with torch 2');

  it.skipIf('missing' in python || isOld)(
    'gives the embeddings that embed.py computes from its checkpoint',
    { timeout: 60_000 },
    async () => {
      if ('missing' in python) return;
      manualSeed(1);
      const model = new EmojiClip(20);
      const pixels = randint(0, 256, [4, 3, 48, 48], { dtype: 'uint8' });
      const pictures = pixels.to('float32').div(255);
      model.forward(pictures, tensor([[1n], [2n], [3n], [4n]])); // moves the running statistics away from their start
      model.eval();
      mkdirSync(join(folder, 'checkpoints'));
      await save({ model_state_dict: model.stateDict() }, join(folder, 'checkpoints/latest.ckpt'));
      await save({ pixels, image: noGrad(() => model.embedImage(pictures)) }, join(folder, 'embeddings.pt'));
      const script = fileURLToPath(new URL('../../examples/emoji-clip/embed.py', import.meta.url));
      const printed = runPython(python, [script, folder]);
      expect(printed).toMatch(/^4 embeddings, largest difference/);
      expect(Number(printed.split(':').at(-1))).toBeLessThan(1e-5);
    },
  );
});
