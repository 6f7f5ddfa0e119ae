// A training that needs about half a MiB a sample, in a process that may be short of memory: finds its batch size, or trains at one. Prints JSON.
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { manualSeed, memoryStats, nn, optim, randn, type Tensor } from '../../src/index.ts';
import { GenericTrainer } from '../../src/trainer/index.ts';

const [task, size = '0'] = process.argv.slice(2);

class Deep extends nn.Module {
  readonly weight = new nn.Parameter(randn([16384]).mul(0.01));

  forward(x: Tensor): Tensor {
    let hidden = x.mul(this.weight); // [B, 16384]: 64 KiB a sample, each of these kept for backward
    for (let i = 0; i < 7; i++) hidden = hidden.tanh();
    return hidden.mean();
  }
}

manualSeed(1);
const model = new Deep();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.1 });
const trainer = new GenericTrainer({ config: { maxSteps: 2 }, model, optimizers: [optimizer] });
trainer.setTrainingStep((_trainer, { row }: { row: Tensor }) => ({
  loss: model.forward(row.unsqueeze(1).expand([-1, 16384])),
}));
const dataset = new TensorDataset({ row: randn([1 << 15]) });
const makeLoaders = (batchSize: number) => [new DataLoader<{ row: Tensor }, { row: Tensor }>({ dataset, batchSize })];
const before = model.weight.toArray() as number[];
const left = memoryStats().availableBytes;
if (task === 'train') {
  await trainer.fit({ trainLoaders: makeLoaders(Number(size)), maxEpochs: 1 });
  console.log(JSON.stringify({ steps: trainer.globalStep }));
} else {
  const found = await trainer.findBatchSize({
    makeLoaders,
    initialSize: 512,
    stepsPerTrial: 1,
    mode: task as 'power' | 'binary',
  });
  const isUntouched =
    String(model.weight.toArray()) === String(before) && optimizer.stateDict().state.size === 0 && !model.weight.grad;
  console.log(JSON.stringify({ ...found, left, isUntouched, steps: trainer.globalStep }));
}
