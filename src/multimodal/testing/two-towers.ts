// What the tests of training train: two small towers with dropout, pairs that can be learned, and losses with everything that a resume can lose.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { DataLoader, type DataLoaderOptions, TensorDataset } from '../../data/index.ts';
import { Dropout, functional, Linear, Module, Parameter } from '../../nn/index.ts';
import { arange, manualSeed, noGrad, randn, type Tensor, tensor } from '../../tensor/index.ts';
import { cat } from '../../tensor/ops.generated.ts';
import type { LossInputs, LossOutput } from '../losses/multimodal-loss.ts';
import { MultimodalLoss } from '../losses/multimodal-loss.ts';
import { MetricsCollector } from '../stores/metrics-collector.ts';
import { MultimodalTrainer } from '../trainer/multimodal-trainer.ts';
import type { MultimodalTrainerOptions } from '../trainer/multimodal-trainer-options.ts';

/** Both modalities of a row are waves of the same number. */
export function pairData(numRows: number, start = 0) {
  const row = arange(start, start + numRows, { dtype: 'int64' });
  const at = row.to('float32').mul(0.37).unsqueeze(1); // [N, 1]
  return new TensorDataset({
    images: at.mul(arange(1, 5).to('float32')).sin(), // [N, 4]
    text: at.mul(arange(1, 4).to('float32')).cos(), // [N, 3]
    match_id: row,
  });
}

type PairBatch = { images: Tensor; text: Tensor; match_id: Tensor };

/** Batches of 4 unless told otherwise. */
export function pairLoader(
  numRows: number,
  options: Partial<DataLoaderOptions<PairBatch, PairBatch>> & { start?: number } = {},
) {
  const { start = 0, ...rest } = options;
  return new DataLoader<PairBatch, PairBatch>({ batchSize: 4, ...rest, dataset: pairData(numRows, start) });
}

/** Shape: images [B, 4] and text [B, 3] -> features [B, 6] each. */
export class TwoTowers extends Module {
  readonly vision_model = new Linear(4, 6);
  readonly text_model = new Linear(3, 6);
  readonly dropout = new Dropout(0.2);

  forward({ images, textData }: { images: Tensor; textData: Tensor }) {
    return {
      visionFeatures: this.dropout.forward(this.vision_model.forward(images)),
      textFeatures: this.text_model.forward(textData),
    };
  }
}

/** A contrastive loss with a temperature that is learned, a queue of former texts, and a phase by epochs: what a trainer has to save, tell and step. */
export class QueueLoss extends MultimodalLoss {
  readonly logit_scale = new Parameter(tensor(1));
  declare queue: Tensor;
  declare filled: Tensor;
  phase = 'first';
  readonly heard: string[] = [];

  constructor(size = 10) {
    super();
    this.registerBuffer('queue', randn([size, 6]).mul(0.1));
    this.registerBuffer('filled', tensor(0));
  }

  override updateEpoch(epoch: number): void {
    this.phase = epoch === 0 ? 'first' : 'later';
    this.heard.push(`epoch ${epoch}`);
  }

  override updateStep(step: number, totalSteps?: number): void {
    this.heard.push(`${step} of ${totalSteps}`);
  }

  override forward({ visionFeatures, textFeatures }: LossInputs): LossOutput {
    const [vision, text] = [visionFeatures!, textFeatures!];
    const logits = vision.matmul(cat([text, this.queue.detach()]).t()).mul(this.logit_scale.exp()); // [B, B + K]
    const targets = arange(vision.size(0), { dtype: 'int64' });
    const loss = functional.crossEntropy(logits, targets);
    const accuracy = logits.argmax({ dim: 1 }).eq(targets).to('float32').mean();
    if (this.training)
      noGrad(() => {
        const kept = cat([text.detach(), this.queue]).narrow(0, 0, this.queue.size(0)).clone();
        this.queue = kept;
        this.filled = this.filled.add(text.size(0)).clone();
      });
    return { loss, accuracy, recalls: { top1: accuracy }, current_phase: this.phase };
  }
}

/** Takes lines and keeps them. */
export class Lines {
  text = '';

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

/** Draws nothing: pictures take longer than everything else in a test. */
class Undrawn extends MetricsCollector {
  override async plotHistory(): Promise<string[]> {
    return [];
  }
}

/** A folder of the test's own. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-multimodal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface PairTrainer<T extends MultimodalTrainer = MultimodalTrainer> {
  readonly trainer: T;
  readonly folder: string;
  readonly lines: Lines;
}

/** A trainer with the same weights every time, whose files lie in a folder of the test's own. */
export function pairTrainer<T extends MultimodalTrainer = MultimodalTrainer>(
  options: Partial<MultimodalTrainerOptions> = {},
  {
    kind = MultimodalTrainer as new (
      options: MultimodalTrainerOptions,
    ) => T,
    folder = ownFolder(),
    isDrawn = false,
  } = {},
): PairTrainer<T> {
  manualSeed(5);
  const lines = new Lines();
  const trainer = new kind({
    model: new TwoTowers(),
    lossFn: new QueueLoss(),
    trainDataloader: pairLoader(14, { shuffle: true, seed: 3 }),
    valDataloader: pairLoader(6, { start: 50 }),
    learningRate: 0.02,
    seed: 11,
    numEpochs: 2,
    logSteps: 1,
    stream: lines,
    ...(options.run ? {} : { checkpointDir: join(folder, 'checkpoints') }),
    logDir: join(folder, 'logs'),
    device: 'cpu',
    ...options,
  });
  if (!isDrawn) trainer.metrics = new Undrawn({ stream: lines });
  return { trainer, folder, lines };
}
