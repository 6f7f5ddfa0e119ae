// A training of two modalities that has everything that a resume can lose, which kills itself at a set batch: `node multimodal-training.mjs '{"folder": …}'`.
// Started again with the same folder it goes on. Kind 'trainer' is a MultimodalTrainer with a MoCo queue that the run fills by half, kind 'stages' a MultistageTrainer with such a queue in its second stage.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { arange, manualSeed, nn, optim } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import {
  CrossModalStrategy,
  DualEncoder,
  EndToEndStrategy,
  MoCoLoss,
  MultimodalTrainer,
  MultistageTrainer,
} from 'sconce/multimodal';

const options = {
  ...{ kind: 'trainer', epochs: 4, rows: 28, accumulation: 1, saveEverySteps: 2, evaluationSteps: 0, seed: 1 },
  // Which batch of this process is its last; none where that is 0.
  killAt: 0,
  ...JSON.parse(process.argv[2]),
};

const WIDTH = 5;
const DIM = 6;
const tower = () =>
  new nn.Sequential(
    new nn.Linear(WIDTH, 8),
    new nn.BatchNorm1d(8),
    new nn.Tanh(),
    new nn.Dropout(0.2),
    new nn.Linear(8, 8),
  );

function loader(start, rows, more = {}) {
  const row = arange(start, start + rows, { dtype: 'int64' });
  const at = row.to('float32').unsqueeze(1); // [N, 1]
  const columns = arange(1, WIDTH + 1).to('float32');
  const wave = at.mul(columns).mul(0.7);
  const dataset = new TensorDataset({ images: wave.sin(), text: wave.add(0.5).cos(), match_id: row });
  return new DataLoader({ dataset, batchSize: 4, ...more });
}

let batches = 0;
const killer = {
  name: 'killer',
  batchEnd() {
    if (++batches === options.killAt) process.kill(process.pid, 'SIGKILL');
  },
};

manualSeed(options.seed);
const model = new DualEncoder({ visionModel: tower(), textModel: tower(), projectionDim: DIM });
const trainDataloader = loader(0, options.rows, { shuffle: true, seed: options.seed });
const valDataloader = loader(100, 8);
/** Twice as many places as the run has rows to fill them with. */
const makeLoss = () => new MoCoLoss({ dim: DIM, queueSize: 2 * options.rows * options.epochs });
const stream = { write: () => true };

async function trainOne() {
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.02 });
  const trainer = new MultimodalTrainer({
    ...{ model, optimizer, trainDataloader, valDataloader, lossFn: makeLoss(), seed: options.seed, stream },
    scheduler: new optim.CosineAnnealingLR(optimizer, { tMax: 30 }),
    warmupSteps: 3,
    accumulationSteps: options.accumulation,
    evaluationSteps: options.evaluationSteps,
    clipGradNorm: 0.5,
    logSteps: 1,
    earlyStoppingPatience: 3,
    numEpochs: options.epochs,
    checkpointDir: join(options.folder, 'checkpoints'),
    logDir: join(options.folder, 'logs'),
    device: 'cpu',
    recallKValues: [1],
    callbacks: [killer],
    config: { checkpoint: { saveEveryNSteps: options.saveEverySteps } },
  });
  trainer.metrics.plotHistory = async () => []; // pictures take longer than the training
  await trainer.train({ resume: 'latest' });
}

/** A stage with a queue. */
class QueueStrategy extends EndToEndStrategy {
  makeLoss() {
    return makeLoss();
  }
}

async function trainStages() {
  const trainer = new MultistageTrainer({
    ...{ model, trainDataloader: () => trainDataloader, valDataloader: () => valDataloader },
    strategies: {
      towers: { strategy: new CrossModalStrategy({ model, warmupSteps: 2 }), epochs: Math.ceil(options.epochs / 2) },
      queue: { strategy: new QueueStrategy({ model, warmupSteps: 2 }), epochs: options.epochs },
    },
    gradientAccumulationSteps: options.accumulation,
    saveEverySteps: options.saveEverySteps,
    seed: options.seed,
    checkpointDir: join(options.folder, 'checkpoints'),
    callbacks: [killer],
  });
  await trainer.train();
}

if (!existsSync(options.folder)) throw new Error(`Cannot train: expected a folder ${options.folder}`);
await (options.kind === 'stages' ? trainStages() : trainOne());
