// One of two ranks, the last of which is held up on purpose, in its forward or in its backward pass. What the first logs and is warned of is printed as JSON.
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { manualSeed, nn, optim, rand, type Tensor } from '../../src/index.ts';
import { GenericTrainer } from '../../src/trainer/index.ts';

const HELD_UP_MS = 12;
const isLast = process.env.RANK === '1';

function holdUp(): undefined {
  const until = performance.now() + HELD_UP_MS;
  while (performance.now() < until);
}

async function train(where: 'forward' | 'backward', slowRankFactor: number): Promise<unknown> {
  manualSeed(1);
  const model = new nn.Linear(4, 1);
  const logged: Record<string, number>[] = [];
  const warnings: string[] = [];
  const trainer = new GenericTrainer({
    model,
    optimizers: [new optim.SGD(model.parameters(), { lr: 0.1 })],
    config: { logEveryNSteps: 4, ddp: { slowRankFactor } },
    loggers: [
      {
        name: 'kept',
        logMetrics: (values) => void logged.push({ ...(values as Record<string, number>) }),
        close: () => {},
      },
    ],
    callbacks: [{ name: 'Kept', warning: (_context, message) => warnings.push(message) }],
  });
  trainer.setTrainingStep((_, [x]: readonly [Tensor]) => {
    if (isLast && where === 'forward') holdUp();
    const output = model.forward(x);
    if (isLast && where === 'backward') output.registerHook(holdUp);
    return { loss: output.pow(2).mean() };
  });
  const loader = new DataLoader({ dataset: new TensorDataset([rand([80, 4])] as const), batchSize: 2 });
  await trainer.fit({ trainLoaders: [loader] });
  const times = logged.filter((values) => 'ranks/slowest' in values);
  return { times, warnings: warnings.filter((message) => message.includes('slow')) };
}

console.log(
  JSON.stringify({
    forward: await train('forward', 1.5),
    backward: await train('backward', 1.5),
    unsaid: await train('forward', 1e9),
  }),
);
