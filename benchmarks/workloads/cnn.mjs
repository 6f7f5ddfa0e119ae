// A small convolutional network with batch normalisation, on pictures of 32x32.
import { nn, randint, randn } from 'sconce';

const block = (inChannels, outChannels) => [
  new nn.Conv2d(inChannels, outChannels, 3, { padding: 1 }),
  new nn.BatchNorm2d(outChannels),
  new nn.ReLU(),
];

/** Training steps on it are compared with python/workloads/cnn.py. */
export default {
  title: 'CNN 32/64/128 with batch norm, 32x32, batch 32',
  batchSize: 32,
  /** Steps before the first that counts; steps between two looks at the clock; looks in a round. */
  warmSteps: 5,
  stepsPerPiece: 1,
  pieces: 7,
  makeModel: () =>
    new nn.Sequential(
      ...block(3, 32),
      new nn.MaxPool2d(2),
      ...block(32, 64),
      new nn.MaxPool2d(2),
      ...block(64, 128),
      new nn.AdaptiveAvgPool2d(1),
      new nn.Flatten(),
      new nn.Linear(128, 10),
    ),
  makeInputs: (count) => randn([count, 3, 32, 32]),
  makeTargets: (count) => randint(0, 10, [count]),
  loss: (model, inputs, targets) => nn.functional.crossEntropy(model.forward(inputs), targets),
};
