// One rank on a host of its own. `train`: data parallel steps; the weights are printed. `cut` and `average`: trains until the wire is cut, by a trainer or without; what this rank is told then is printed.
import { DataLoader, TensorDataset } from '../../../src/data/index.ts';
import {
  allReduce,
  barrier,
  DistributedDataParallel,
  destroyProcessGroup,
  initProcessGroup,
} from '../../../src/distributed/index.ts';
import { type DistributedError, nn, ones, optim, scope, type Tensor, zeros } from '../../../src/index.ts';
import { GenericTrainer } from '../../../src/trainer/index.ts';
import { batchOf, makeNet, meanSquares, STEPS, weightsOf } from '../parallel_model.ts';

async function train(): Promise<unknown> {
  const { rank, size } = await initProcessGroup({ timeoutMs: 20_000 });
  const net = makeNet();
  const model = new DistributedDataParallel(net);
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
  const started = performance.now();
  for (let step = 0; step < STEPS; step++) {
    scope(() => {
      const [input, target] = batchOf(step).map((all) => all.chunk(size)[rank]!) as [Tensor, Tensor];
      meanSquares(model.forward(input), target).backward();
      optimizer.step();
      optimizer.zeroGrad();
    });
  }
  const ms = (performance.now() - started) / STEPS;
  destroyProcessGroup();
  return { weights: weightsOf(net), ms };
}

async function trainUntilCut(): Promise<unknown> {
  // Both are there before the time counts that a rank waits for the other.
  await initProcessGroup({ timeoutMs: 20_000 });
  await barrier();
  destroyProcessGroup();
  process.env.MASTER_PORT = '29501';
  const model = new nn.Linear(2, 1);
  const trainer = new GenericTrainer({
    model,
    optimizers: [new optim.SGD(model.parameters(), { lr: 0.01 })],
    config: { logEveryNSteps: 1000, ddp: { timeoutSec: 2 } },
  });
  let lastStep = 0;
  trainer.setTrainingStep((_, batch: Tensor) => {
    lastStep = performance.now();
    if (trainer.clocks.step === 3) process.stderr.write('training\n');
    return { loss: model.forward(batch).square().mean() };
  });
  try {
    await trainer.fit({
      trainLoaders: [new DataLoader({ dataset: new TensorDataset(ones([40_000, 2])), batchSize: 4 })],
      maxEpochs: 1,
    });
    return 'nothing';
  } catch (error) {
    const { name, message, missingRanks } = error as DistributedError;
    return { name, message, missingRanks, ms: performance.now() - lastStep };
  }
}

/** What an action is told that fails, and after how long. */
async function failureOf(action: () => unknown): Promise<object> {
  const began = performance.now();
  try {
    await action();
    return { message: 'nothing' };
  } catch (error) {
    const { name, message, missingRanks } = error as DistributedError;
    return { name, message, missingRanks, ms: performance.now() - began };
  }
}

/** The same without a trainer: a program of its own, which goes on asking when it has been told. */
async function averageUntilCut(): Promise<unknown> {
  const { rank, size, store } = await initProcessGroup({ timeoutMs: 2000 });
  const net = makeNet();
  const model = new DistributedDataParallel(net);
  const step = (number: number): void => {
    const [input, target] = batchOf(number).map((all) => all.chunk(size)[rank]!) as [Tensor, Tensor];
    meanSquares(model.forward(input), target).backward();
    if (number === 1) process.stderr.write('training\n');
  };
  let began = performance.now();
  const backward = await failureOf(() => {
    for (let number = 0; ; number++) {
      began = performance.now();
      scope(() => step(number));
    }
  });
  return {
    backward: { ...backward, ms: performance.now() - began },
    sum: await failureOf(() => allReduce(zeros([4]))),
    store: await failureOf(() => store.check(['nothing'])),
  };
}

const parts: Record<string, () => Promise<unknown>> = { train, cut: trainUntilCut, average: averageUntilCut };
console.log(JSON.stringify(await parts[process.argv[2]!]!()));
