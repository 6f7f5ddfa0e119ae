// What the tests of this folder train: two linear towers whose gradients can be made as unequal as one likes, and pairs for them.

import { DataLoader, TensorDataset } from '../../../data/index.ts';
import { functional, Linear, Module } from '../../../nn/index.ts';
import { SGD } from '../../../optim/index.ts';
import { arange, manualSeed, randn, type Tensor } from '../../../tensor/index.ts';
import { GenericTrainer, type GenericTrainerOptions } from '../../../trainer/generic-trainer.ts';
import { type BatchFeatures, FEATURES } from '../../features.ts';

const { crossEntropy, normalize } = functional;

export interface Pair {
  /** [B, 6] */
  readonly images: Tensor;
  /** [B, 6] */
  readonly text: Tensor;
}

/** Two towers, whose outputs are multiplied by gains: with a gain of 10 a tower's gradients are ten times what they were. */
export class TwoTowers extends Module {
  readonly vision_model = new Linear(6, 4);
  readonly text_model = new Linear(6, 4);
  gains = { vision: 1, text: 1 };

  forward({ images, text }: Pair): BatchFeatures {
    const { vision: v, text: t } = this.gains;
    return { vision: this.vision_model.forward(images).mul(v), text: this.text_model.forward(text).mul(t) };
  }
}

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

/** A trainer of two towers by `pairLoss` on normalised features, which it hands over. */
export function pairTrainer(
  options: Partial<GenericTrainerOptions> = {},
  change: (f: BatchFeatures) => BatchFeatures = (f) => f,
) {
  manualSeed(5);
  const model = new TwoTowers();
  const optimizer = new SGD(
    [
      { params: model.vision_model.parameters(), name: 'vision_model' },
      { params: model.text_model.parameters(), name: 'text_model' },
    ],
    { lr: 0.1 },
  );
  const trainer = new GenericTrainer({ model, optimizers: [optimizer], ...options });
  trainer.setTrainingStep((_trainer, batch: Pair) => {
    const { vision, text } = model.forward(batch);
    const features = change({ vision: normalize(vision), text: normalize(text) });
    return { loss: pairLoss(features), [FEATURES]: features };
  });
  return { trainer, model, optimizer };
}
