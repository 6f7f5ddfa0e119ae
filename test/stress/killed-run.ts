// The experiment that the stress campaign kills: everything that a resume has to bring back, on a model that takes seconds.
import { Generator, manualSeed, nn, optim, randint, randn, scope, type Tensor } from 'sconce';
import { type BatchContext, DataLoader, defaultCollate, TensorDataset } from 'sconce/data';
import { defineExperiment, GenericTrainer } from 'sconce/trainer';

type Batch = [input: Tensor, target: Tensor];

/** Noise that follows from the batch's seed. */
const noisy = (samples: Batch[], { seed }: BatchContext): Batch =>
  scope(() => {
    const [input, target] = defaultCollate(samples);
    return [input.add(randn(input.shape, { generator: new Generator(seed) }).mul(0.1)), target];
  });

export default defineExperiment({
  name: 'killed-run',
  options: { epochs: 3, accumulation: 2, everySteps: 7, seed: 0, pauseMs: 3 },
  async run(run, { epochs, accumulation, everySteps, seed, pauseMs }) {
    manualSeed(seed);
    const data = new Generator(seed + 1);
    const rows = (count: number) =>
      new TensorDataset([
        randn([count, 12], { generator: data }),
        randint(0, 5, [count], { generator: data }),
      ] as const);
    const loader = (count: number, loaderSeed: number) =>
      new DataLoader({
        dataset: { length: count, get: (i: number) => all.get(i) as unknown as Batch, name: `rows ${count}` },
        batchSize: 8,
        shuffle: true,
        seed: loaderSeed,
        collate: noisy,
      });
    const all = rows(240);
    const model = new nn.Sequential(
      new nn.Linear(12, 24),
      new nn.BatchNorm1d(24),
      new nn.ReLU(),
      new nn.Dropout(0.3),
      new nn.Linear(24, 5),
    );
    const optimizer = new optim.AdamW(model.parameters(), { lr: 5e-3 });
    const scheduler = new optim.LambdaLR(optimizer, optim.warmupCosine({ warmupSteps: 5, totalSteps: 200 }));
    let seen = 0;
    const trainer = new GenericTrainer({
      config: {
        seed,
        logEveryNSteps: 3,
        trainLoaderConfig: { samplingStrategy: 'weighted', dataloaderWeights: [3, 1] },
        performance: { clipGradNorm: 1, gradientAccumulationSteps: accumulation },
        checkpoint: { saveEveryNSteps: everySteps, maxCheckpoints: 3, monitorMetric: 'val/loss' },
      },
      model,
      optimizers: [optimizer],
      schedulers: [{ scheduler }],
      callbacks: [
        {
          name: 'Counter',
          batchEnd: ({ batchSize }) => {
            seen += batchSize;
          },
          state: () => ({ seen }),
          loadState: (state) => {
            seen = state.seen as number;
          },
        },
      ],
      run,
    });
    const step = (_trainer: GenericTrainer, [input, target]: Batch) => {
      const until = performance.now() + pauseMs;
      while (performance.now() < until);
      return { loss: nn.functional.crossEntropy(model.forward(input), target) };
    };
    trainer.setTrainingStep(step).setValidationStep(step);
    await trainer.fit({
      trainLoaders: [loader(240, 1), loader(72, 2)],
      valLoaders: [loader(40, 3)],
      maxEpochs: epochs,
    });
    return undefined;
  },
});
