// What `sconce train` runs in an installed package: bundled, trained, saved, drawn.
import { nn, optim, randn } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import { defineExperiment, Trainer } from 'sconce/trainer';

export default defineExperiment({
  name: 'small',
  options: { numEpochs: 2 },
  async run(run, options) {
    const input = randn([32, 4]);
    const model = new nn.Linear(4, 4);
    const trainer = new Trainer({
      model,
      optimizer: new optim.AdamW(model.parameters(), { lr: 0.1 }),
      criterion: new nn.CrossEntropyLoss(),
      run,
    });
    const dataset = new TensorDataset([input, input.argmax({ dim: 1 })]);
    await trainer.fit({ trainLoader: new DataLoader({ dataset, batchSize: 16 }), numEpochs: options.numEpochs });
    return undefined;
  },
});
