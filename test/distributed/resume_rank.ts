// One rank: trains with dropout, metrics and windows of two batches, and goes on from whatever checkpoint there is. What came of it is printed as JSON, a line at a time of what it played too.
import { writeSync } from 'node:fs';
import { DataLoader, TensorDataset } from '../../src/data/index.ts';
import { arange, manualSeed, nn, optim, type Tensor } from '../../src/index.ts';
import { MeanMetric } from '../../src/metrics/index.ts';
import { GenericTrainer } from '../../src/trainer/index.ts';

const [rootDir, stopAt = '', signal = 'SIGTERM', perRank = '', maxSteps = ''] = process.argv.slice(2);
const { rank, size } = { rank: Number(process.env.RANK ?? 0), size: Number(process.env.WORLD_SIZE ?? 1) };
const NUM_SAMPLES = 45;
const GLOBAL_BATCH = 6;

manualSeed(3);
const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Dropout(0.2), new nn.Linear(8, 1));
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01 });
const numbers = new MeanMetric();
const trainer = new GenericTrainer({
  model,
  optimizers: [optimizer],
  schedulers: [{ scheduler: new optim.StepLR(optimizer, { stepSize: 5, gamma: 0.7 }), interval: 'step' }],
  config: {
    seed: 11,
    logEveryNSteps: 3,
    ...(maxSteps !== '' && { maxSteps: Number(maxSteps), ddp: { zero: true } }),
    performance: { gradientAccumulationSteps: 2 },
    checkpoint: { rootDir: rootDir!, saveEveryNSteps: 4 },
  },
  trainMetrics: [numbers],
  callbacks: [
    {
      name: 'stopper',
      epochEnd: ({ clocks }) => {
        epochSteps.push(clocks.step);
      },
      batchEnd: ({ clocks, batchesPerEpoch: batches }) => {
        batchesPerEpoch.add(`${clocks.epoch}: ${batches}`);
      },
      optimizerStepEnd: ({ clocks }) => {
        if (String(clocks.step) === stopAt && rank === size - 1) process.kill(process.pid, signal);
      },
    },
  ],
});
const played: number[][] = [];
const epochSteps: number[] = [];
const batchesPerEpoch = new Set<string>();
trainer.setTrainingStep((_, [x, index]: readonly [Tensor, Tensor]) => {
  const own = index.toArray({ bigint: false }) as number[];
  played.push([trainer.clocks.epoch, ...own]);
  numbers.update(index.to('float32').mean());
  return { loss: model.forward(x).squeeze({ dim: 1 }).sub(index.div(45)).square().mean(), spread: x.detach().mean() };
});

const index = arange(NUM_SAMPLES);
const dataset = new TensorDataset([
  arange(2 * NUM_SAMPLES)
    .reshape([NUM_SAMPLES, 2])
    .mul(0.01),
  index,
] as const);
const loader = new DataLoader({
  dataset,
  batchSize: perRank === '' ? GLOBAL_BATCH / size : Number(perRank),
  shuffle: true,
  seed: 2,
});
let history: unknown;
let ended = 'complete';
try {
  history = await trainer.fit({ trainLoaders: [loader], maxEpochs: 4 });
} catch (error) {
  ended = (error as Error).name;
}
const weights = [...model.parameters()].flatMap((each) => each.detach().flatten().toArray() as number[]);
writeSync(
  1,
  JSON.stringify({
    ended,
    step: trainer.clocks.step,
    samples: trainer.clocks.samples,
    played,
    epochSteps,
    batchesPerEpoch: [...batchesPerEpoch],
    lr: optimizer.paramGroups[0]!.lr,
    weights,
    history: history ?? null,
  }),
);
process.exit(0);
