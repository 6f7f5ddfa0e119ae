// What the documents of multimodal_insight_engine leave out: a model of two modalities, pairs that can be learned, folders, and where lines go.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arange, manualSeed, nn, optim, type Tensor } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { CLIPLoss, MetricsCollector } from 'sconce/multimodal';
import { onTestFinished } from 'vitest';

/** Shape: images [B, 4], text [B, 3] -> features of both, [B, 6]. */
export class TwoTowers extends nn.Module {
  readonly vision = new nn.Linear(4, 6);
  readonly text = new nn.Linear(3, 6);

  forward({ images, textData }: { images: Tensor; textData: Tensor }) {
    return { visionFeatures: this.vision.forward(images), textFeatures: this.text.forward(textData) };
  }
}

/** Both sides of a row are waves of the same number. */
export function loaderOf(numRows: number, start = 0) {
  const at = arange(start, start + numRows)
    .to('float32')
    .mul(0.37)
    .unsqueeze(1); // [N, 1]
  const images = at.mul(arange(1, 5).to('float32')).sin(); // [N, 4]
  const text = at.mul(arange(1, 4).to('float32')).cos(); // [N, 3]
  return new DataLoader({ dataset: new TensorDataset({ images, text }), batchSize: 4 });
}

/** A folder of the test's own. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sconce-multimodal-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What the examples call `model`, `optimizer`, `train_loader`, `val_loader` and `test_loader`, the same every time. */
export function parts() {
  manualSeed(5);
  const model = new TwoTowers();
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.02 });
  return { model, optimizer, trainLoader: loaderOf(8), valLoader: loaderOf(8, 20), testLoader: loaderOf(4, 40) };
}

/** Options of a trainer, with the lines that it writes, and folders of the test's own. */
export function options() {
  const { model, optimizer, trainLoader, valLoader } = parts();
  const place = folder();
  const lines: string[] = [];
  return {
    lines,
    given: {
      ...{ model, optimizer, trainDataloader: trainLoader, valDataloader: valLoader },
      ...{ lossFn: new CLIPLoss({ metrics: false }), recallKValues: [1] }, // a picture a metric is drawn in every epoch
      ...{ checkpointDir: join(place, 'checkpoints'), logDir: join(place, 'logs') },
      stream: { write: (text: string) => void lines.push(text) },
    },
  };
}

/** For trainings that are about something else. */
export class PicturesLater extends MetricsCollector {
  isDrawn = false;

  override async plotHistory(options: { saveDir?: string } = {}): Promise<string[]> {
    return this.isDrawn ? super.plotHistory(options) : [];
  }
}

/** Every weight of a module, one after the other. */
export function weightsOf(module: nn.Module): number[] {
  return Object.values(module.stateDict()).flatMap((tensor) => Array.from(tensor.toTypedArray(), Number));
}
