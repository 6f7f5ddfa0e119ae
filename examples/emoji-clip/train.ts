// Learns which words belong to which emoji, from the pictures of two vendors. Run it: npm run demo
//
// Two loaders, one a vendor, take turns batch by batch. For one emoji in five the Twitter picture is never trained on (its Google twin is): validation looks up
// those pictures by their words and the words by the pictures, and compares with chance.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { autocast, Generator, hasFastBfloat16, manualSeed, noGrad, optim, save, scope, type Tensor } from 'sconce';
import { type BatchContext, CachedDataset, DataLoader, defaultCollate } from 'sconce/data';
import { RetrievalRecall } from 'sconce/metrics';
import type { GallerySection, ReportSection } from 'sconce/tracking';
import { defineExperiment, GenericTrainer, ProgressCallback } from 'sconce/trainer';
import { augmentPictures, dropWords } from './augment.ts';
import { ATTRIBUTION, type Emoji, EmojiDataset, type EmojiSample, readCatalogue, type Vendor } from './data.ts';
import { contrastiveLoss, EmojiClip } from './model.ts';

const SIZE = 48;
const AUGMENTATION = { degrees: 15, scale: 0.15, shift: 0.1, color: 0.2, wordDropout: 0.1 };

/** A batch as the loaders make it. */
interface EmojiBatch {
  /** [B, 3, 48, 48], values 0 to 1. */
  readonly image: Tensor;
  /** [B, W] int64. */
  readonly words: Tensor;
  /** [B] int64; equal for equal captions. */
  readonly caption: Tensor;
}

function collate(samples: EmojiSample[]): EmojiBatch {
  const { image, words, caption } = defaultCollate(samples);
  return {
    image: image.view([samples.length, 3, SIZE, SIZE]).to('float32').div(255),
    words: words.to('int64'),
    caption: caption.to('int64'),
  };
}

/** What is drawn depends on the batch's seed alone: the same batch after a resume, and under any number of decoders. */
function collateAugmented(samples: EmojiSample[], { seed }: BatchContext): EmojiBatch {
  return scope(() => {
    const generator = new Generator(seed);
    const { image, words, caption } = collate(samples);
    return {
      image: augmentPictures(image, AUGMENTATION, generator),
      words: dropWords(words, AUGMENTATION.wordDropout, generator),
      caption,
    };
  }, 'augmentation');
}

export default defineExperiment({
  name: 'emoji-clip',
  options: { epochs: 40, batchSize: 128, lr: 2e-3, weightDecay: 0.05, seed: 0 },
  async run(run, options) {
    const { emoji, vocabulary } = await readCatalogue(dirname(fileURLToPath(import.meta.url)));
    const heldOut = emoji.filter(({ isHeldOut }) => isHeldOut);
    const trainedOn = emoji.filter(({ isHeldOut }) => !isHeldOut);
    const pictures = (vendor: Vendor, of: readonly Emoji[]) =>
      new CachedDataset(new EmojiDataset(of, { vendor, size: SIZE }));
    const loader = (vendor: Vendor, of: readonly Emoji[], seed: number) =>
      new DataLoader({
        dataset: pictures(vendor, of),
        batchSize: options.batchSize,
        shuffle: true,
        dropLast: true,
        seed,
        collate: collateAugmented,
      });
    const google = loader('google', emoji, options.seed);
    const twitter = loader('twitter', trainedOn, options.seed + 1);
    const validation = new DataLoader({ dataset: pictures('twitter', heldOut), batchSize: options.batchSize, collate });

    manualSeed(options.seed);
    const model = new EmojiClip(vocabulary.length).to({ memoryFormat: 'channels_last' });
    const parameters = model.parameters();
    const optimizer = new optim.AdamW(
      [
        { params: parameters.filter(({ ndim }) => ndim > 1), weightDecay: options.weightDecay },
        { params: parameters.filter(({ ndim }) => ndim <= 1), weightDecay: 0 },
      ],
      { lr: options.lr },
    );
    const totalSteps = (google.length + twitter.length) * options.epochs;
    const scheduler = new optim.LambdaLR(
      optimizer,
      optim.warmupCosine({ warmupSteps: Math.ceil(totalSteps / 10), totalSteps }),
    );

    const recall = new RetrievalRecall({ k: [1, 5, 10] });
    const trainer = new GenericTrainer({
      config: {
        experimentName: 'emoji-clip',
        seed: options.seed,
        trainLoaderConfig: {
          samplingStrategy: 'weighted',
          dataloaderWeights: [google.length, twitter.length],
          dataloaderNames: ['google', 'twitter'],
        },
        performance: { useAmp: hasFastBfloat16() },
        checkpoint: { monitorMetric: 'val/image_to_text_r1', monitorMode: 'max', maxCheckpoints: 2 },
        logEveryNSteps: 10,
        validateEveryNEpochs: Math.min(5, options.epochs),
      },
      model,
      optimizers: [optimizer],
      schedulers: [{ scheduler, interval: 'step' }],
      callbacks: [
        new ProgressCallback({
          metrics: ['train/loss', 'val/image_to_text_r1', 'val/image_to_text_r10', 'val/text_to_image_r1'],
        }),
      ],
      valMetrics: [recall],
      run,
    });
    // Similarities are compared in float32, whatever the towers run in.
    const lossOf = (embeddings: { image: Tensor; text: Tensor }, caption: Tensor): Tensor =>
      autocast('cpu', () => contrastiveLoss(embeddings, caption, model.logit_scale), { enabled: false });
    trainer.setTrainingStep((_trainer, { image, words, caption }: EmojiBatch) => ({
      loss: lossOf(model.forward(image, words), caption),
    }));
    trainer.setValidationStep((_trainer, { image, words, caption }: EmojiBatch) => {
      const embeddings = model.forward(image, words);
      recall.update(embeddings.image, embeddings.text, caption);
      return { loss: lossOf(embeddings, caption) };
    });
    await trainer.fit({
      trainLoaders: [google, twitter],
      valLoaders: [validation],
      valLoaderNames: ['held_out'],
      maxEpochs: options.epochs,
    });

    return {
      title: 'Emoji and their words',
      headline: [
        'val/image_to_text_r1',
        'val/image_to_text_r10',
        'val/text_to_image_r1',
        'val/text_to_image_r10',
        'val/chance_r1',
        'val/chance_r10',
      ],
      better: { 'val/image_to_text_r1': 'max', 'val/text_to_image_r1': 'max', 'val/loss': 'min' },
      counts: {
        parameters: parameters.reduce((sum, { numel }) => sum + numel, 0),
        emoji: emoji.length,
        heldOut: heldOut.length,
        words: vocabulary.length - 1,
      },
      sections: await reportSections(await embed(model, heldOut, join(run.folder, 'embeddings.pt')), heldOut),
    };
  },
});

const NUM_QUERIES = 12;
const NUM_RESULTS = 5;

/** Embeddings of the held-out pictures and their names; also written to a file that Python opens. Shape: [N, D] each. */
async function embed(
  model: EmojiClip,
  heldOut: readonly Emoji[],
  path: string,
): Promise<{ image: Tensor; text: Tensor }> {
  const dataset = new EmojiDataset(heldOut, { vendor: 'twitter', size: SIZE });
  const { image, words } = collate(await Promise.all(heldOut.map((_, i) => dataset.get(i))));
  model.eval();
  const embeddings = noGrad(() => scope(() => model.forward(image, words), 'embed'));
  const pixels = image.mul(255).round().to('uint8');
  await save({ pixels, ...embeddings, labels: heldOut.map(({ label }) => label) }, path);
  return embeddings;
}

/** Some held-out pictures looked up by their names, some names by their pictures, and whose work all of it is. */
async function reportSections(
  embeddings: { image: Tensor; text: Tensor },
  heldOut: readonly Emoji[],
): Promise<ReportSection[]> {
  const similarity = embeddings.text.matmul(embeddings.image.t()); // [N, N]
  const files = await Promise.all(heldOut.map(({ pictures }) => readFile(pictures.twitter)));
  // Spread over the list, which is sorted by kind.
  const queries = Array.from({ length: NUM_QUERIES }, (_, i) => Math.floor(((i + 0.5) * heldOut.length) / NUM_QUERIES));
  const gallery = (title: string, scores: Tensor, of: { query: 'text' | 'picture' }): GallerySection => ({
    kind: 'gallery',
    title,
    rows: queries.map((query) => {
      const [values, indices] = scores.select(0, query).topk(NUM_RESULTS);
      const item = (i: number, shown: 'text' | 'picture') =>
        shown === 'text' ? { text: heldOut[i]!.label } : { picture: files[i]!, text: heldOut[i]!.label };
      const found = indices.toArray() as number[];
      const fits = values.toArray() as number[];
      return {
        query: of.query === 'text' ? { text: heldOut[query]!.label } : { picture: files[query]! },
        results: found.map((i, rank) => ({
          ...item(i, of.query === 'text' ? 'picture' : 'text'),
          isRight: heldOut[i]!.caption === heldOut[query]!.caption,
          score: fits[rank]!,
        })),
      };
    }),
  });
  return [
    gallery('Pictures found by name', similarity, { query: 'text' }),
    gallery('Names found by picture', similarity.t(), { query: 'picture' }),
    { kind: 'text', title: 'Pictures and names', text: ATTRIBUTION.join('\n\n') },
  ];
}
