// One rank on a host of its own. `train`: data parallel steps; the weights are printed. `cut`: trains until the wire is cut; what this rank is told then is printed.
import { DataLoader, TensorDataset } from '../../../src/data/index.ts';
import {
  barrier,
  DistributedDataParallel,
  destroyProcessGroup,
  initProcessGroup,
} from '../../../src/distributed/index.ts';
import { type DistributedError, nn, ones, optim, scope, type Tensor } from '../../../src/index.ts';
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

const found = process.argv[2] === 'cut' ? await trainUntilCut() : await train();
// A call to a store that cannot be reached waits on: who catches the error ends itself.
process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit());
