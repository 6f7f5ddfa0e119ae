// The main example without its download: synthetic pictures and packages of a few emoji go through its data, augmentation, model and training step.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { full, Generator, manualSeed, noGrad, ones, optim, rand, randint, save, type Tensor, tensor } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { RetrievalRecall } from 'sconce/metrics';
import { CLIPLoss } from 'sconce/multimodal';
import { GenericTrainer, type RunReport } from 'sconce/trainer';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { augmentPictures, dropLanguages, dropWords } from '../../examples/emoji-clip/augment.ts';
import { collate, collateAugmented, type EmojiBatch } from '../../examples/emoji-clip/batches.ts';
import { EmojiDataset, matchesOf, readCatalogue } from '../../examples/emoji-clip/data.ts';
import { twoComponents } from '../../examples/emoji-clip/embed.ts';
import { EmojiClip } from '../../examples/emoji-clip/model.ts';
import { EmojiReport } from '../../examples/emoji-clip/report.ts';
import { LANGUAGES, splitWords } from '../../examples/emoji-clip/words.ts';
import { zeroShot } from '../../examples/emoji-clip/zero-shot.ts';
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
  const nameOf = (language: string, i: number): string =>
    language === 'ja' ? `笑顔の顔${i}` : i < 2 ? 'Grinning face' : `face ${i}`;
  const names = (language: string) =>
    records.map((_, i) => ({
      ...{ hexcode: `1F60${i}`, label: nameOf(language, i), tags: ['smile'] },
      ...{ group: i < 5 ? 0 : 1, subgroup: i < 5 ? 0 : 1 },
    }));
  const groups = {
    groups: { 0: 'smile-emotion', 1: 'face-body' },
    subgroups: { 0: 'face-grinning', 1: 'unheard' },
    hierarchy: { 0: [0], 1: [1] },
  };
  const write = (path: string, value: unknown): void => {
    mkdirSync(join(folder, 'node_modules', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'node_modules', path), value instanceof Uint8Array ? value : JSON.stringify(value));
  };
  write('emojibase-data/package.json', { name: 'emojibase-data' });
  write('emojibase-data/meta/groups.json', groups);
  for (const language of LANGUAGES) write(`emojibase-data/${language}/data.json`, names(language));
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
    const { emoji, vocabulary, groups } = await readCatalogue(folder);
    expect(vocabulary.slice(0, 5)).toEqual(['', '0', '1', '2', '3']);
    expect(emoji.map(({ hexcode }) => hexcode).slice(0, 2)).toEqual(['1F600', '1F601']);
    expect(emoji.flatMap(({ isHeldOut }, i) => (isHeldOut ? [i] : []))).toEqual([4, 9]);
    expect(Array.from(emoji[0]!.words.en.filter(Boolean), (word) => vocabulary[word])).toEqual([
      'grinning',
      'face',
      'smile',
    ]);
    expect(Array.from(emoji[3]!.words.ja.filter(Boolean), (word) => vocabulary[word])).toEqual(['笑顔', 'の', '顔', '3', 'smile']); // biome-ignore format: one caption
    expect(emoji[9]).toMatchObject({
      label: 'face 9',
      labels: { ja: '笑顔の顔9' },
      group: 'face-body',
      subgroup: 'unheard',
    });
    expect(groups).toEqual([
      { name: 'smile-emotion', subgroups: ['face-grinning'] },
      { name: 'face-body', subgroups: ['unheard'] },
    ]);
    // The first two have the same name in all languages but Japanese.
    expect(matchesOf(emoji, ['en'])).toEqual([0, 0, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(matchesOf(emoji, ['ja'])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(matchesOf(emoji, LANGUAGES)[1]).toBe(0);
  });

  it('joins what hangs together over several languages', () => {
    const words = (en: number, de: number) => ({ words: { en: Int32Array.of(en), de: Int32Array.of(de) } });
    const emoji = [words(1, 1), words(2, 2), words(1, 2), words(3, 3)] as unknown as Parameters<typeof matchesOf>[0];
    expect(matchesOf(emoji, ['en', 'de'])).toEqual([0, 0, 0, 3]);
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
    expect(splitWords('にっこり笑う・笑顔', 'ja')).toEqual(['にっこり', '笑う', '笑顔']);
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

describe('dropLanguages()', () => {
  it('leaves each of a caption\u2019s languages with an even chance, and always one', () => {
    const words = ones([2000, 3, 2], { dtype: 'int64' });
    const rest = dropLanguages(words, new Generator(1));
    expect(rest.shape).toEqual([2000, 6]);
    const kept = rest.view([2000, 3, 2]).sum({ dim: [2] }); // 0 or 2 a language
    expect(kept.eq(1).any().item()).toBe(0);
    expect(
      kept
        .sum({ dim: [1] })
        .eq(0)
        .any()
        .item(),
    ).toBe(0);
    // A third is chosen, of the others every second one stays.
    expect(kept.ne(0).to('float32').mean().item()).toBeCloseTo(2 / 3, 1);
  });

  it('leaves captions in one language as they are', () => {
    const words = tensor([[[3n, 0n]], [[4n, 6n]]]);
    expect(dropLanguages(words, new Generator(0)).toArray()).toEqual([
      [3, 0],
      [4, 6],
    ]);
  });
});

describe('the batches of emoji-clip', () => {
  const sample = (i: number) => ({
    image: new Uint8Array(12).fill(51 * i),
    words: Int32Array.of(i, 0, 7, 8),
    match: i,
  });

  it('have pictures from 0 to 1, words and the numbers of what belongs together', () => {
    const batch = collate([sample(1), sample(5)]);
    expect(batch.images.shape).toEqual([2, 3, 2, 2]);
    expect(batch.images.amax({ dim: [1, 2, 3] }).toArray()).toEqual([expect.closeTo(0.2, 6), 1]);
    expect(batch.textData.toArray()).toEqual([[1, 0, 7, 8], [5, 0, 7, 8]]); // biome-ignore format: a table
    expect(batch.matchIds.toArray()).toEqual([1, 5]);
  });

  it('are drawn by their seed alone', () => {
    const make = (seed: number): EmojiBatch =>
      collateAugmented({ numLanguages: 2, ...AUGMENTATION })([sample(1), sample(2), sample(3)], { seed } as never);
    expect(make(5).images.equal(make(5).images)).toBe(true);
    expect(make(5).images.equal(make(6).images)).toBe(false);
    expect(make(5).textData.shape).toEqual([3, 4]);
  });
});

describe('twoComponents()', () => {
  it('finds the directions of most variance of both sides, each less its mean', () => {
    const one = tensor([[3, 0, 0], [-3, 0, 0], [0, 1, 0], [0, -1, 0]]); // biome-ignore format: a table
    const { places, shares } = twoComponents(one, one.add(100));
    expect(shares.slice(0, 2)).toEqual([expect.closeTo(0.9, 5), expect.closeTo(0.1, 5)]);
    expect(places.map(([x, y]) => [Math.abs(x!), Math.abs(y!)])).toEqual(
      [
        [3, 0],
        [3, 0],
        [0, 1],
        [0, 1],
        [3, 0],
        [3, 0],
        [0, 1],
        [0, 1],
      ].map((pair) => pair.map((v) => expect.closeTo(v, 4))),
    );
    expect(places[0]![0]).toBeCloseTo(-places[1]![0]!, 4);
  });
});

describe('zeroShot()', () => {
  it('puts pictures to the nearest prompts, and counts those of classes without words as wrong', () => {
    const model = new EmojiClip(4, 2);
    model.text.words.weight.requiresGrad_(false).copy_(tensor([[0, 0], [1, 0], [0, 1], [1, 1]])); // biome-ignore format: a table
    const catalogue = { vocabulary: ['', 'cat', 'pie', 'dog'], emoji: [], groups: [] };
    const classes = { names: ['animal', 'food', 'other'], prompts: [['Cat', 'cat dog unheard'], ['pie'], ['unheard']] };
    const images = tensor([[1, 0.3], [0.1, 1], [1, 0], [0, 1]]); // biome-ignore format: a table
    const classOf = ['animal', 'food', 'food', 'other'];
    expect(zeroShot(model, catalogue, classes, { images, classOf })).toEqual({
      ...{ names: ['animal', 'food'], unknown: ['other'], top1: 0.5, top5: 0.75 },
      confusion: [[1, 0], [1, 1]], // biome-ignore format: a table
    });
  });
});

describe('EmojiClip', () => {
  /** Emoji of one colour each; the caption is the colour's number. */
  function colours(count: number, seed: number): TensorDataset<EmojiBatch & Record<string, Tensor>> {
    const generator = new Generator(5);
    const noise = rand([count, 3, 48, 48], { generator: new Generator(seed) }).mul(0.1);
    const images = rand([count, 3, 1, 1], { generator }).expand([count, 3, 48, 48]).mul(0.9).add(noise);
    const matchIds = tensor(BigInt64Array.from({ length: count }, (_, i) => BigInt(i)));
    return new TensorDataset({ images, textData: matchIds.add(1).unsqueeze(1), matchIds });
  }

  it('learns which word belongs to which colour, in a few epochs of two loaders', { timeout: 60_000 }, async () => {
    manualSeed(0);
    const count = 16;
    const model = new EmojiClip(count + 1, 32);
    const loss = new CLIPLoss({ temperature: 0.1, learnableTemperature: true });
    const optimizer = new optim.AdamW([...model.parameters(), ...loss.parameters()], { lr: 5e-3 });
    const recall = new RetrievalRecall();
    const trainer = new GenericTrainer({
      config: { seed: 0, trainLoaderConfig: { dataloaderNames: ['google', 'twitter'] } },
      model,
      modules: { loss },
      optimizers: [optimizer],
      valMetrics: [recall],
    });
    trainer.setTrainingStep((_trainer, { matchIds, ...inputs }: EmojiBatch) => {
      const { imageFeatures: visionFeatures, textFeatures } = model.forward(inputs);
      return loss.forward({ visionFeatures, textFeatures, matchIds });
    });
    trainer.setValidationStep((_trainer, { images, textData, matchIds }: EmojiBatch) => {
      recall.update(model.embedImage(images), model.embedText(textData), matchIds);
      return {};
    });
    const loader = (seed: number) =>
      new DataLoader({ dataset: colours(count, seed), batchSize: 8, shuffle: true, seed });
    const history = await trainer.fit({ trainLoaders: [loader(0), loader(1)], valLoaders: [loader(2)], maxEpochs: 10 });
    expect(history[0]!['train/loss']).toBeGreaterThan(1);
    expect(history.at(-1)!['train/loss']).toBeLessThan(0.5 * history[0]!['train/loss']!);
    expect(history.at(-1)!['val/image_to_text_r1']).toBeGreaterThan(0.6);
  });

  it('is reported on with look-ups, similarities, a map, classes and recall in each language', async () => {
    await installPackages();
    const catalogue = await readCatalogue(folder);
    const model = new EmojiClip(catalogue.vocabulary.length, 8);
    const reports: RunReport[] = [];
    const values: unknown[] = [];
    const run = { folder, addToReport: (report: RunReport) => void reports.push(report) };
    const logger = { logMetrics: (logged: unknown) => void values.push(logged) };
    await new EmojiReport({ model, catalogue, run }).fitEnd({ logger: logger as never });
    const [{ sections, counts } = {}] = reports;
    expect(sections!.map(({ kind, title }) => `${kind}: ${title}`)).toEqual([
      'gallery: Pictures found by name, in five languages',
      'gallery: Names found by picture',
      'table: Recall in each language',
      'plot: Similarities',
      'plot: Map',
      'table: Classes that were never trained on',
      'text: Whose pictures and names',
    ]);
    expect(counts).toMatchObject({ emoji: 10, heldOut: 2 });
    const recall = sections![2] as { rows: readonly (readonly unknown[])[] };
    expect(recall.rows.map(([language]) => language)).toEqual(['English', 'German', 'French', 'Spanish', 'Japanese']);
    const map = sections![4] as { pictures: readonly { svg: string }[] };
    expect(map.pictures[0]!.svg.match(/<image /g)).toHaveLength(2);
    expect(sections![5]).toMatchObject({ caption: expect.stringContaining('No caption has a word of unheard') });
    expect(Object.keys(values[0] as object)).toEqual(['zero_shot/groups_top1', 'zero_shot/subgroups_top1', 'zero_shot/subgroups_top5']); // biome-ignore format: one list
    expect(model.training).toBe(true);
    expect(existsSync(join(folder, 'embeddings.pt'))).toBe(true);
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
      model.embedImage(pictures); // moves the running statistics away from their start
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
