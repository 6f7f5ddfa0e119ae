// The experiment of experiment.yaml as a program, for what a configuration cannot say. Run it:
//   npx sconce train experiment.ts [--set epochs=5]
import { manualSeed, nn, optim } from 'sconce';
import { DataLoader } from 'sconce/data';
import { defineExperiment, ProgressCallback, Trainer } from 'sconce/trainer';
import { SpiralNet, spirals } from './parts.ts';

export default defineExperiment({
  name: 'spirals-program',
  options: { epochs: 20, batchSize: 50, lr: 0.01, hidden: 64, seed: 0 },
  async run(run, options) {
    manualSeed(options.seed);
    const model = new SpiralNet(options.hidden);
    const trainer = new Trainer({
      model,
      optimizer: new optim.AdamW(model.parameters(), { lr: options.lr }),
      criterion: new nn.CrossEntropyLoss(),
      callbacks: [new ProgressCallback()],
      seed: options.seed,
      run,
    });
    await trainer.fit({
      trainLoader: new DataLoader({
        dataset: spirals(500, 0),
        batchSize: options.batchSize,
        shuffle: true,
        seed: options.seed,
      }),
      valLoader: new DataLoader({ dataset: spirals(200, 1), batchSize: 100 }),
      numEpochs: options.epochs,
    });
    return {
      title: 'Spirals',
      headline: ['val/accuracy', 'val/loss'],
      better: { 'val/accuracy': 'max', 'val/loss': 'min' },
    };
  },
});
