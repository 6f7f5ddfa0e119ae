// Tells ten kinds of clothes apart in pictures of 28 x 28 pixels. Run it:
//   npx sconce train examples/fashion-mnist/train.ts [--set epochs=2]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasFastBfloat16, manualSeed, nn, noGrad, optim, scope, type Tensor } from 'sconce';
import { DataLoader, readIdx, TensorDataset, transforms } from 'sconce/data';
import { defineExperiment, ProgressCallback, Trainer } from 'sconce/trainer';

/** Where Debian's package puts the four files. */
export const DEBIAN_FOLDER = '/usr/share/datasets/fashion-mnist';
const KINDS = ['T-shirt', 'trousers', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle boot'];

/** Pictures [N, 1, 28, 28] uint8 and their kinds [N] int64. @param part - 'train', 60,000 pictures, or 't10k', the 10,000 to be tested on. */
export async function readClothes(folder: string, part: 'train' | 't10k'): Promise<[pictures: Tensor, kinds: Tensor]> {
  const path = (what: string): string => join(folder, `${part}-${what}-ubyte.gz`);
  if (!existsSync(path('images-idx3'))) {
    throw new Error(
      `Cannot read Fashion-MNIST: expected "${path('images-idx3')}", got no such file; get it with "apt-get install dataset-fashion-mnist", or say where it is with --set folder=…`,
    );
  }
  const pictures = await readIdx(path('images-idx3')); // [N, 28, 28]
  const kinds = await readIdx(path('labels-idx1')); // [N]
  return [pictures.unsqueeze(1), kinds.to('int64')];
}

/** Three convolutions, each of which halves the picture, and a linear layer. */
export class ClothesNet extends nn.Module {
  readonly features = new nn.Sequential(
    block(1, 32), // [B, 32, 14, 14]
    block(32, 64), // [B, 64, 7, 7]
    block(64, 128), // [B, 128, 3, 3]
  );
  readonly dropout = new nn.Dropout(0.2);
  readonly classifier = new nn.Linear(128 * 3 * 3, KINDS.length);

  override forward(pictures: Tensor): Tensor {
    return this.classifier.forward(this.dropout.forward(this.features.forward(pictures).flatten({ startDim: 1 }))); // [B, 10]
  }
}

function block(inputs: number, outputs: number): nn.Sequential {
  return new nn.Sequential(
    new nn.Conv2d(inputs, outputs, 3, { padding: 1, bias: false }),
    new nn.BatchNorm2d(outputs),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
  );
}

/** Pixels as the network takes them: the mean and the deviation are those of the training pictures. */
const asNumbers = [new transforms.ToDtype('float32', { scale: true }), new transforms.Normalize([0.286], [0.353])];
export const withChanges = transforms.compose([
  new transforms.RandomCrop(28, { padding: 1 }),
  new transforms.RandomHorizontalFlip(),
  ...asNumbers,
]);
export const toNumbers = transforms.compose(asNumbers);

export default defineExperiment({
  name: 'fashion-mnist',
  options: { epochs: 6, batchSize: 128, lr: 4e-3, weightDecay: 0.02, seed: 0, folder: DEBIAN_FOLDER },
  async run(run, options) {
    const training = new DataLoader({
      dataset: new TensorDataset(await readClothes(options.folder, 'train')),
      batchSize: options.batchSize,
      shuffle: true,
      dropLast: true,
      seed: options.seed,
      transform: withChanges,
    });
    const testing = new DataLoader({
      dataset: new TensorDataset(await readClothes(options.folder, 't10k')),
      batchSize: 500,
      transform: toNumbers,
    });

    manualSeed(options.seed);
    const model = new ClothesNet();
    const optimizer = new optim.AdamW(model.parameters(), { lr: options.lr, weightDecay: options.weightDecay });
    const totalSteps = training.length * options.epochs;
    const schedule = optim.warmupCosine({ warmupSteps: Math.ceil(totalSteps / 5), totalSteps });
    const trainer = new Trainer({
      model,
      optimizer,
      criterion: new nn.CrossEntropyLoss(),
      scheduler: { scheduler: new optim.LambdaLR(optimizer, schedule), interval: 'step' },
      callbacks: [new ProgressCallback({ metrics: ['train/loss', 'train/accuracy', 'val/accuracy'] })],
      useAmp: hasFastBfloat16(),
      channelsLast: true,
      seed: options.seed,
      run,
    });
    await trainer.fit({ trainLoader: training, valLoader: testing, numEpochs: options.epochs });

    console.log(`right of each kind, in %: ${(await shareRight(model, testing)).join(', ')}`);
    return { title: 'Clothes', headline: ['val/accuracy', 'val/loss'], better: { 'val/accuracy': 'max' } };
  },
});

/** How many of each kind the model knows, as in "sandal 98.1". */
async function shareRight(model: ClothesNet, loader: DataLoader<[Tensor, Tensor]>): Promise<string[]> {
  const right = new Array<number>(KINDS.length).fill(0);
  const all = [...right];
  model.eval();
  for await (const [pictures, kinds] of loader) {
    const guesses = noGrad(() => scope(() => model.forward(pictures).argmax({ dim: 1 }).toArray() as number[]));
    (kinds.toArray() as number[]).forEach((kind, i) => {
      all[kind]!++;
      if (guesses[i] === kind) right[kind]!++;
    });
  }
  return KINDS.map((name, kind) => `${name} ${((100 * right[kind]!) / all[kind]!).toFixed(1)}`);
}
