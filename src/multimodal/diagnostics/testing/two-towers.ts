// What the tests of this folder train: two linear towers whose gradients can be made as unequal as one likes, and pairs for them.

import { DataLoader, TensorDataset } from '../../../data/index.ts';
import { functional, Linear, Module } from '../../../nn/index.ts';
import { SGD } from '../../../optim/index.ts';
import { arange, manualSeed, randn, type Tensor } from '../../../tensor/index.ts';
import { GenericTrainer, type GenericTrainerOptions } from '../../../trainer/generic-trainer.ts';
import type { Callback } from '../../../trainer/loop/events.ts';
import { type BatchFeatures, FEATURES } from '../../batches/features.ts';

const { crossEntropy, normalize } = functional;

export interface Pair {
  /** [B, 6] */
  readonly images: Tensor;
  /** [B, 6] */
  readonly text: Tensor;
}

/** Two towers whose gradients are multiplied by gains, and whose outputs are not. */
export class TwoTowers extends Module {
  readonly vision_model = new Linear(6, 4);
  readonly text_model = new Linear(6, 4);
  gains: { readonly vision?: number; readonly text?: number } = {};

  forward({ images, text }: Pair): BatchFeatures {
    const { vision: v = 1, text: t = 1 } = this.gains;
    return { vision: gained(this.vision_model.forward(images), v), text: gained(this.text_model.forward(text), t) };
  }
}

/** The same values with other gradients. */
const gained = (values: Tensor, gain: number): Tensor => values.mul(gain).sub(values.detach().mul(gain - 1));

export function pairsLoader(numPairs: number, batchSize = 4): DataLoader<Pair, Pair> {
  manualSeed(11);
  const images = randn([numPairs, 6]);
  const dataset = new TensorDataset({ images, text: images.mul(0.5).add(randn([numPairs, 6]).mul(0.1)) });
  return new DataLoader<Pair, Pair>({ dataset, batchSize });
}

/** A loss of pairs: cross-entropy over cosine similarities, both ways. */
export function pairLoss({ vision, text }: BatchFeatures): Tensor {
  const logits = vision.matmul(text.t()).div(0.2); // [B, B]
  const targets = arange(0, logits.size(0), { dtype: 'int64' });
  return crossEntropy(logits, targets).add(crossEntropy(logits.t(), targets)).mul(0.5);
}

export interface PairTrainerOptions extends Partial<GenericTrainerOptions> {
  readonly gains?: TwoTowers['gains'];
  /** Default 0.1. */
  readonly lr?: number;
  /** What the loss gets in place of the normalised features. */
  readonly change?: (features: BatchFeatures) => BatchFeatures;
}

/** A trainer of two towers by `pairLoss` on normalised features, which it hands over. @param made - gives further callbacks. */
export function pairTrainer(
  options: PairTrainerOptions = {},
  made: (optimizer: SGD, model: TwoTowers) => Callback[] = () => [],
) {
  const { gains = {}, lr = 0.1, change = (features) => features, callbacks: given = [], ...others } = options;
  manualSeed(5);
  const model = new TwoTowers();
  model.gains = gains;
  const optimizer = new SGD(
    [
      { params: model.vision_model.parameters(), name: 'vision_model' },
      { params: model.text_model.parameters(), name: 'text_model' },
    ],
    { lr },
  );
  const callbacks = [...made(optimizer, model), ...(given as Callback[])];
  const trainer = new GenericTrainer({ model, optimizers: [optimizer], ...others, callbacks });
  trainer.setTrainingStep((_trainer, batch: Pair) => {
    const { vision, text } = model.forward(batch);
    const features = change({ vision: normalize(vision), text: normalize(text) });
    return { loss: pairLoss(features), [FEATURES]: features };
  });
  return { trainer, model, optimizer, callbacks };
}
