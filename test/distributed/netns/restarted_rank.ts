// One rank of a training that saves every second step, and goes on from what is saved: `restarted_rank <folder of checkpoints>`. What came of it is printed as JSON.
import { DataLoader, TensorDataset } from '../../../src/data/index.ts';
import { barrier, destroyProcessGroup, initProcessGroup } from '../../../src/distributed/index.ts';
import { manualSeed, nn, optim, randn, type Tensor } from '../../../src/index.ts';
import { GenericTrainer } from '../../../src/trainer/index.ts';

// Both are there before the time counts that a rank waits for the other.
await initProcessGroup({ timeoutMs: 20_000 });
await barrier();
destroyProcessGroup();

manualSeed(3);
const dataset = new TensorDataset([randn([96, 6]), randn([96, 2])]);
const model = new nn.Sequential(new nn.Linear(6, 16), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(16, 2));
const trainer = new GenericTrainer({
  model,
  optimizers: [new optim.AdamW(model.parameters(), { lr: 0.02 })],
  config: {
    seed: 5,
    checkpoint: { rootDir: process.argv[2]!, saveEveryNSteps: 2 },
    ddp: { timeoutSec: 3 },
    logEveryNSteps: 4,
  },
});
let firstStep: number | undefined;
trainer.setTrainingStep((_, [x, y]: readonly [Tensor, Tensor]) => {
  const { step } = trainer.clocks;
  firstStep ??= step;
  if (step === 6) process.stderr.write('in step 6\n');
  return { loss: model.forward(x).sub(y).square().mean() };
});
await trainer.fit({
  trainLoaders: [new DataLoader({ dataset, batchSize: 4, shuffle: true, seed: 2 })],
  maxEpochs: 1,
});
const weights = model.parameters().flatMap((each) => each.detach().flatten().toArray() as number[]);
console.log(JSON.stringify({ firstStep, step: trainer.clocks.step, weights }));
