// A perceptron of the size that people begin with.
import { nn, randint, randn } from 'sconce';

/** Training steps on it are compared with python/workloads/mlp.py. */
export default {
  title: 'MLP 784-128-128-10, batch 64',
  batchSize: 64,
  /** Steps before the first that counts; steps between two looks at the clock; looks in a round. */
  warmSteps: 500,
  stepsPerPiece: 2,
  pieces: 40,
  makeModel: () =>
    new nn.Sequential(
      new nn.Linear(784, 128),
      new nn.ReLU(),
      new nn.Linear(128, 128),
      new nn.ReLU(),
      new nn.Linear(128, 10),
    ),
  makeInputs: (count) => randn([count, 784]),
  makeTargets: (count) => randint(0, 10, [count]),
  loss: (model, inputs, targets) => nn.functional.crossEntropy(model.forward(inputs), targets),
};
