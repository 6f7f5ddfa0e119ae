// Sconce's side of emoji-clip.mjs: one request on standard input, as JSON, one reply. The example's own data and model by `GenericTrainer`, which waits at
// the end of every block of steps until it is asked for the next one.
import { createInterface } from 'node:readline';
import { manualSeed, noGrad, optim, save, setNumThreads, type Tensor } from 'sconce';
import { CachedDataset, DataLoader, MultiDataLoader } from 'sconce/data';
import { RetrievalRecall } from 'sconce/metrics';
import { CLIPLoss } from 'sconce/multimodal';
import { GenericTrainer } from 'sconce/trainer';
import { collate, collateAugmented, type EmojiBatch } from '../../examples/emoji-clip/batches.ts';
import { type Emoji, EmojiDataset, readCatalogue, type Vendor } from '../../examples/emoji-clip/data.ts';
import { EmojiClip } from '../../examples/emoji-clip/model.ts';

interface Start {
  readonly run: 'start';
  /** Where the initial weights and the held-out pictures are written to. */
  readonly statePath: string;
  readonly heldOutPath: string;
  readonly numBlocks: number;
  readonly stepsPerBlock: number;
  readonly batchSize: number;
  readonly warmupSteps: number;
  readonly lr: number;
  readonly weightDecay: number;
  readonly threads: number;
}
type Request =
  | Start
  | { readonly run: 'prepare'; readonly path: string }
  | { readonly run: 'train' }
  | { readonly run: 'evaluate' };

const AUGMENTATION = { numLanguages: 1, degrees: 15, scale: 0.15, shift: 0.1, color: 0.2, wordDropout: 0.1 };

/** The loaders of the example, in English alone, epoch after epoch. */
async function openData(batchSize: number): Promise<{ batches: AsyncGenerator<EmojiBatch>; heldOut: EmojiBatch }> {
  const { emoji } = await readCatalogue(process.env.SCONCE_BENCH_EXAMPLE);
  const loaderOf = (vendor: Vendor, of: readonly Emoji[], seed: number) => {
    const dataset = new CachedDataset(new EmojiDataset(of, { vendor }));
    return new DataLoader({
      ...{ dataset, batchSize, shuffle: true, dropLast: true, seed },
      collate: collateAugmented(AUGMENTATION),
    });
  };
  const google = loaderOf('google', emoji, 0);
  const trained = emoji.filter(({ isHeldOut }) => !isHeldOut);
  const twitter = loaderOf('twitter', trained, 1);
  const weights = [google.length, twitter.length];
  const all = new MultiDataLoader({ loaders: { google, twitter }, strategy: 'weighted', weights });
  async function* epochs(): AsyncGenerator<EmojiBatch> {
    for (;;) for await (const { batch } of all) yield batch;
  }
  const heldOut = new EmojiDataset(
    emoji.filter(({ isHeldOut }) => isHeldOut),
    { vendor: 'twitter' },
  );
  const samples = await Promise.all(Array.from({ length: heldOut.length }, (_, i) => heldOut.get(i)));
  return { batches: epochs(), heldOut: collate(samples) };
}

/** A run that goes on block by block. */
interface Blocks {
  /** Makes the batches of the next block. */
  prepare(): Promise<readonly EmojiBatch[]>;
  /** Trains on them. Milliseconds from the beginning of one step to that of the next, the block's last step left out. */
  train(): Promise<{ losses: number[]; ms: number[] }>;
  evaluate(): Record<string, number>;
}

async function start(options: Start): Promise<Blocks> {
  const { stepsPerBlock, numBlocks, warmupSteps, lr, weightDecay } = options;
  setNumThreads(options.threads);
  const { batches, heldOut } = await openData(options.batchSize);
  const { vocabulary } = await readCatalogue(process.env.SCONCE_BENCH_EXAMPLE);
  manualSeed(0);
  const model = new EmojiClip(vocabulary.length).to({ memoryFormat: 'channels_last' });
  const loss = new CLIPLoss({ temperature: 0.1, learnableTemperature: true, metrics: false });
  await save({ state: { ...model.stateDict(), logit_scale: loss.logit_scale } }, options.statePath);
  await save({ ...heldOut }, options.heldOutPath);
  const parameters = [...model.parameters(), ...loss.parameters()];
  const optimizer = new optim.AdamW(
    [
      { params: parameters.filter(({ ndim }) => ndim > 1), weightDecay },
      { params: parameters.filter(({ ndim }) => ndim <= 1), weightDecay: 0 },
    ],
    { lr },
  );
  const totalSteps = numBlocks * stepsPerBlock;
  const scheduler = new optim.LambdaLR(optimizer, optim.warmupCosine({ warmupSteps, totalSteps }));
  const never = { logEveryNSteps: 1e9, validateEveryNEpochs: 1e9 };
  const trainer = new GenericTrainer({
    config: never,
    model,
    modules: { loss },
    optimizers: [optimizer],
    schedulers: [{ scheduler, interval: 'step' }],
    callbacks: [{ name: 'BlockEnd', batchEnd: () => void (losses.length === stepsPerBlock && done()) }],
  });

  let block: EmojiBatch[] = [];
  let losses: Tensor[] = [];
  let marks: number[] = [];
  let open = (): void => {};
  let done = (): void => {};
  let gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  trainer.setTrainingStep((_trainer, { matchIds, ...inputs }: EmojiBatch) => {
    marks.push(performance.now());
    const { imageFeatures, textFeatures } = model.forward(inputs);
    const output = loss.forward({ visionFeatures: imageFeatures, textFeatures, matchIds });
    losses.push(output.loss.detach().keep());
    return { loss: output.loss };
  });
  const dataset = {
    length: totalSteps,
    get: async (i: number): Promise<EmojiBatch> => {
      if (i % stepsPerBlock === 0) await gate;
      return block[i % stepsPerBlock]!;
    },
  };
  const loader = new DataLoader({ dataset, prefetchFactor: 1, concurrency: 1, collate: ([batch]) => batch! });
  const fitted = trainer.fit({ trainLoaders: [loader], maxEpochs: 1 });

  return {
    prepare: async () => {
      block = [];
      while (block.length < stepsPerBlock) block.push((await batches.next()).value as EmojiBatch); // it never ends
      return block;
    },
    train: async () => {
      [losses, marks] = [[], []];
      const blockDone = new Promise<void>((resolve) => {
        done = resolve;
      });
      const now = open;
      gate = new Promise((resolve) => {
        open = resolve;
      });
      now();
      await Promise.race([blockDone, fitted]); // a fit that fails says so
      return { losses: losses.map((each) => each.item()), ms: marks.slice(1).map((mark, i) => mark - marks[i]!) };
    },
    evaluate: () => {
      model.eval();
      const recall = new RetrievalRecall();
      recall.update(
        ...noGrad(
          () => [model.embedImage(heldOut.images), model.embedText(heldOut.textData), heldOut.matchIds] as const,
        ),
      );
      return recall.compute();
    },
  };
}

let blocks: Blocks | undefined;

async function answer(request: Request): Promise<unknown> {
  if (request.run === 'start') {
    blocks = await start(request);
    return {};
  }
  if (!blocks) throw new Error(`Cannot ${request.run}: expected a start before it, got none`);
  if (request.run === 'train') return blocks.train();
  if (request.run === 'evaluate') return blocks.evaluate();
  await save({ batches: await blocks.prepare() }, request.path);
  return {};
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await answer(JSON.parse(line) as Request)));
