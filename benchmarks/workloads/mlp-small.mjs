// A perceptron so small that a step is almost nothing but overhead.
import { nn, randint, randn } from 'sconce';

/** Training steps on it are compared with python/workloads/mlp_small.py. */
export default {
  title: 'MLP 784-32-32-10, batch 8',
  batchSize: 8,
  /** Steps before the first that counts; steps between two looks at the clock; looks in a round. */
  warmSteps: 1000,
  stepsPerPiece: 5,
  pieces: 40,
  makeModel: () =>
    new nn.Sequential(
      new nn.Linear(784, 32),
      new nn.ReLU(),
      new nn.Linear(32, 32),
      new nn.ReLU(),
      new nn.Linear(32, 10),
    ),
  makeInputs: (count) => randn([count, 784]),
  makeTargets: (count) => randint(0, 10, [count]),
  loss: (model, inputs, targets) => nn.functional.crossEntropy(model.forward(inputs), targets),
};
