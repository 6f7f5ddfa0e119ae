// A convolutional network with batch normalisation; by default a small one on pictures of 32x32.
import { nn, randint, randn } from 'sconce';

const block = (inChannels, outChannels) => [
  new nn.Conv2d(inChannels, outChannels, 3, { padding: 1 }),
  new nn.BatchNorm2d(outChannels),
  new nn.ReLU(),
];

/** A workload on a network of three stages, on square pictures. */
export const cnnOf = ({ channels: [first, second, third], side }) => ({
  makeModel: () =>
    new nn.Sequential(
      ...block(3, first),
      new nn.MaxPool2d(2),
      ...block(first, second),
      new nn.MaxPool2d(2),
      ...block(second, third),
      new nn.AdaptiveAvgPool2d(1),
      new nn.Flatten(),
      new nn.Linear(third, 10),
    ),
  makeInputs: (count) => randn([count, 3, side, side]),
  makeTargets: (count) => randint(0, 10, [count]),
  loss: (model, inputs, targets) => nn.functional.crossEntropy(model.forward(inputs), targets),
});

/** Training steps on it are compared with python/workloads/cnn.py. */
export default {
  title: 'CNN 32/64/128 with batch norm, 32x32, batch 32',
  batchSize: 32,
  /** Steps before the first that counts; steps between two looks at the clock; looks in a round. */
  warmSteps: 5,
  stepsPerPiece: 1,
  pieces: 7,
  ...cnnOf({ channels: [32, 64, 128], side: 32 }),
};
