// Parameters that a module cannot see are told, not silently left untrained.

import { expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import * as nn from '../../nn/index.ts';
import { AdamW } from '../../optim/index.ts';
import { ones, type Tensor } from '../../tensor/index.ts';
import { Trainer } from '../trainer.ts';

class Hiding extends nn.Module {
  readonly seen = new nn.Linear(2, 2);
  readonly #unseen: nn.Linear;

  constructor(isTrained: boolean) {
    super();
    this.#unseen = new nn.Linear(2, 3).requiresGrad_(isTrained);
  }

  forward(input: Tensor): Tensor {
    return this.#unseen.forward(this.seen.forward(input));
  }
}

const train = (model: Hiding) => {
  const loader = new DataLoader({ dataset: new TensorDataset([ones([4, 2]), ones([4, 3])]), batchSize: 2 });
  const trainer = new Trainer({ model, optimizer: new AdamW(model.parameters()), criterion: new nn.MSELoss() });
  return trainer.fit({ trainLoader: loader, numEpochs: 1 });
};

test('GenericTrainer.fit() refuses a parameter in a private field, which would not be trained', async () => {
  await expect(train(new Hiding(true))).rejects.toThrow(
    /expected every parameter in a property of the model, got a gradient for 2 elsewhere, of shape \[3(?:, 2\], \[3|\], \[3, 2)\]; a private field .* ModuleList/,
  );
});

test('GenericTrainer.fit() takes a hidden module that asks for no gradient, and gradients from before the fit', async () => {
  const other = new nn.Linear(2, 1);
  other
    .forward(ones([1, 2]))
    .sum()
    .backward();
  await expect(train(new Hiding(false))).resolves.toHaveLength(1);
  expect(other.weight.grad).toBeDefined();
});
