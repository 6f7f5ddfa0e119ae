// Three spirals that a small network tells apart, by one process or by several: the same program, the same losses.
import { arange, manualSeed, nn, optim, randn, stack, type Tensor } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { readRankEnvironment } from 'sconce/distributed';
import { Accuracy } from 'sconce/metrics';
import { defineExperiment, GenericTrainer, ProgressCallback } from 'sconce/trainer';

const NUM_ARMS = 3;

/** Points of the arms in turn, each with the number of its arm. Every process makes the same. */
export function spirals(numPoints: number, seed: number): TensorDataset<[Tensor, Tensor]> {
  manualSeed(seed);
  const arms = arange(numPoints).remainder(NUM_ARMS);
  const along = arange(numPoints).div(numPoints); // 0 in the middle, 1 outside
  const angle = along
    .mul(4)
    .add(arms.mul((2 * Math.PI) / NUM_ARMS))
    .add(randn([numPoints]).mul(0.15));
  const points = stack([angle.cos().mul(along), angle.sin().mul(along)], { dim: 1 }); // [points, 2]
  return new TensorDataset([points, arms.to('int64')]);
}

/** With batch normalisation, whose statistics `syncBatchNorm` takes over all ranks. A bias before one has a gradient of rounding errors alone, of which AdamW makes steps: there is none. */
export function makeModel(seed: number): nn.Sequential {
  manualSeed(seed);
  const hidden = (width: number): nn.UnaryModule[] => [
    new nn.Linear(width, 64, { bias: false }),
    new nn.BatchNorm1d(64),
    new nn.ReLU(),
  ];
  return new nn.Sequential(...hidden(2), ...hidden(64), new nn.Linear(64, NUM_ARMS));
}

export default defineExperiment({
  name: 'spirals',
  options: { epochs: 10, batchSize: 64, lr: 0.01, seed: 0 },
  async run(run, { epochs, batchSize, lr, seed }) {
    // A loader's batch size is a rank's: of any number of ranks a step has as many samples.
    const numRanks = readRankEnvironment()?.worldSize ?? 1;
    const trainLoader = new DataLoader({
      dataset: spirals(3000, seed + 1),
      batchSize: batchSize / numRanks,
      shuffle: true,
      seed,
    });
    const valLoader = new DataLoader({ dataset: spirals(1000, seed + 2), batchSize: 250 });
    const model = makeModel(seed);
    const criterion = new nn.CrossEntropyLoss();
    const accuracy = new Accuracy({ task: 'multiclass', numClasses: NUM_ARMS });
    const trainer = new GenericTrainer({
      config: { experimentName: 'spirals', seed, ddp: { syncBatchNorm: true }, logEveryNSteps: 10 },
      model,
      optimizers: [new optim.AdamW(model.parameters(), { lr })],
      valMetrics: [accuracy],
      callbacks: [new ProgressCallback({ metrics: ['train/loss', 'val/loss', 'val/accuracy'] })],
      run,
    });
    trainer.setTrainingStep((_, [points, arms]: [Tensor, Tensor]) => ({
      loss: criterion.forward(model.forward(points), arms),
    }));
    trainer.setValidationStep((_, [points, arms]: [Tensor, Tensor]) => {
      const output = model.forward(points);
      accuracy.update(output, arms);
      return { loss: criterion.forward(output, arms) };
    });
    await trainer.fit({ trainLoaders: [trainLoader], valLoaders: [valLoader], maxEpochs: epochs });
    return { title: 'Spirals', headline: ['val/accuracy', 'val/loss'], better: { 'val/accuracy': 'max' } };
  },
});
