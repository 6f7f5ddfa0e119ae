// One rank, or the one process: searches a batch size, where the last rank has the least memory, and a learning rate. What was found is printed as JSON.
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { empty, manualSeed, nn, optim, type Tensor, tensor } from '../../src/index.ts';
import { GenericTrainer } from '../../src/trainer/index.ts';

const size = Number(process.env.WORLD_SIZE ?? 1);
const isLast = Number(process.env.RANK ?? 0) === size - 1;
manualSeed(1);
const model = new nn.Linear(2, 1);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
const trainer = new GenericTrainer({ model, optimizers: [optimizer] });
let limit = Number.POSITIVE_INFINITY;
trainer.setTrainingStep((_, [x, y]: [Tensor, Tensor]) => {
  if (isLast && x.size(0) > limit) empty([2 ** 45]); // refused
  return { loss: model.forward(x).sub(y).pow(2).mean() };
});
const rows = Array.from({ length: 64 }, (_, i) => [Math.sin(i), Math.cos(i)]);
const dataset = new TensorDataset([tensor(rows), tensor(rows.map(([a]) => [3 * a! + 1]))] as const);
const weights = (): unknown => [...model.parameters()].map((each) => each.detach().toArray());
const before = weights();

limit = 8;
const { batchSize, trials } = await trainer.findBatchSize({
  makeLoaders: (batchSize) => [new DataLoader({ dataset, batchSize })],
});
limit = Number.POSITIVE_INFINITY;
const found = await trainer.findLearningRate({
  trainLoaders: [new DataLoader({ dataset, batchSize: 8 / size })],
  minLr: 1e-4,
  maxLr: 10,
  numSteps: 60,
});
const { suggestion, losses, rates } = found;
const isRestored = JSON.stringify(weights()) === JSON.stringify(before);
await trainer.fit({ trainLoaders: [new DataLoader({ dataset, batchSize: 8 / size })], maxEpochs: 1 });
console.log(
  JSON.stringify({
    batchSize,
    trials: trials.map((trial) => [trial.batchSize, trial.isFitting]),
    ...{ suggestion, losses: losses.slice(0, 45), numRates: rates.length, isRestored, weights: weights() },
  }),
);
