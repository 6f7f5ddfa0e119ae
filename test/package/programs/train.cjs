const { manualSeed, nn, optim, randn } = require('sconce');
const { DataLoader, TensorDataset } = require('sconce/data');
const { Trainer } = require('sconce/trainer');

manualSeed(0);
const input = randn([64, 4]);
const model = new nn.Linear(4, 4);
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.1 });
const trainer = new Trainer({ model, optimizer, criterion: new nn.CrossEntropyLoss(), seed: 1 });
const dataset = new TensorDataset([input, input.argmax({ dim: 1 })]);
const trainLoader = new DataLoader({ dataset, batchSize: 16, shuffle: true });
void trainer.fit({ trainLoader, numEpochs: 3 }).then((history) => {
  console.log(JSON.stringify(history.map((epoch) => epoch.train_loss)));
});
