// One rank of a training in which a rank fails, by the name of how. What this one is told is printed as JSON, with the time at which it was. Arguments: how, and which rank.
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { type DistributedError, nn, ones, optim, type Tensor } from '../../src/index.ts';
import { GenericTrainer } from '../../src/trainer/index.ts';

const [how, which] = process.argv.slice(2);
const isIt = process.env.RANK === which;
const model = new nn.Linear(2, 1);
const trainer = new GenericTrainer({
  model,
  optimizers: [new optim.SGD(model.parameters(), { lr: 0.1 })],
  config: { logEveryNSteps: 1000 },
});
let failedAt = 0;
function badRow(): never {
  throw new TypeError('the row is bad');
}
trainer.setTrainingStep((_, batch: Tensor) => {
  if (isIt && trainer.clocks.step === 5) {
    failedAt = Date.now();
    if (how === 'killed') process.kill(process.pid, 'SIGKILL');
    else badRow();
  }
  return { loss: model.forward(batch).pow(2).mean() };
});
const loader = new DataLoader({ dataset: new TensorDataset(ones([4000, 2])), batchSize: 4 });
const train = () => trainer.fit({ trainLoaders: [loader], maxEpochs: 100 });
try {
  await train();
} catch (error) {
  const { name, message, missingRanks, cause } = error as DistributedError;
  const stack = (cause as Error | undefined)?.stack ?? '';
  const toldAt = Date.now();
  const again = how === 'killed' ? await train().catch(({ message: reason }: Error) => reason) : undefined;
  console.log(JSON.stringify({ name, message, missingRanks, stack, failedAt, toldAt, again }));
}
