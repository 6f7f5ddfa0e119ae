// A short training with many saves, links and deletions, whose checkpoints lie in the folder that is given. Started again, it goes on. Prints where it went on
// from, its warnings and the bits of its weights.
import { arange, manualSeed, nn, optim, type Tensor } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { GenericTrainer } from 'sconce/trainer';

manualSeed(1);
const model = new nn.Sequential(new nn.Linear(3, 8), new nn.Dropout(0.2), new nn.Linear(8, 1));
const at = arange(0, 8).unsqueeze(1); // [8, 1]
const data = new TensorDataset({ x: at.mul(arange(1, 4)).sin(), y: at.cos() });
const loader = (shuffle: boolean) => new DataLoader<Batch, Batch>({ dataset: data, batchSize: 2, shuffle, seed: 3 });
interface Batch {
  readonly x: Tensor;
  readonly y: Tensor;
}
const warnings: string[] = [];
const trainer = new GenericTrainer({
  model,
  optimizers: [new optim.AdamW(model.parameters(), { lr: 0.05 })],
  config: {
    seed: 4,
    checkpoint: {
      rootDir: process.argv[2]!,
      saveEveryNSteps: 2,
      maxCheckpoints: 1,
      keepTopK: 1,
      monitorMetric: 'val/loss',
      asynchronous: process.argv[3] !== 'synchronous',
    },
  },
  callbacks: [{ name: 'warnings', warning: (_context, message) => void warnings.push(message) }],
});
const step = (_trainer: unknown, { x, y }: Batch) => ({ loss: model.forward(x).sub(y).square().mean() });
trainer.setTrainingStep(step);
trainer.setValidationStep(step);
let startedAt = 0;
trainer.setTrainingStep((t, batch: Batch) => {
  startedAt ||= trainer.globalStep + 1;
  return step(t, batch);
});
await trainer.fit({ trainLoaders: [loader(true)], valLoaders: [loader(false)], maxEpochs: 2 });
const bits = Object.values(model.stateDict()).map((tensor) => Buffer.from(tensor.toBytes()).toString('hex'));
console.log(JSON.stringify({ startedAt, warnings, weights: bits.join() }));
