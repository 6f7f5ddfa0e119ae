// Three models that are compared: the adaptive network, a plain one with as many parameters, and a linear one.
import { nn, type Tensor } from 'sconce';
import { AdaptiveModel } from 'sconce/adaptive';

export type Kind = 'adaptive' | 'mlp' | 'linear';
export const KINDS: readonly Kind[] = ['adaptive', 'mlp', 'linear'];

/** Sizes that both networks have. */
export interface Sizes {
  readonly inputDim: number;
  readonly hiddenDim: number;
  readonly numNodes: number;
  readonly seed: number;
}

const NUM_CLASSES = 10;

/** Pictures become rows of numbers before the model has them. */
export class Classifier extends nn.Module {
  readonly core: AdaptiveModel | nn.Sequential | nn.Linear;

  constructor(kind: Kind, { inputDim, hiddenDim, numNodes, seed }: Sizes) {
    super();
    if (kind === 'adaptive') {
      this.core = new AdaptiveModel({ inputDim, hiddenDim, numNodes, outputDim: NUM_CLASSES, seed });
    } else if (kind === 'mlp') {
      this.core = plainNetwork(
        inputDim,
        hiddenDim,
        parametersOf(new Classifier('adaptive', { inputDim, hiddenDim, numNodes, seed })),
      );
    } else {
      this.core = new nn.Linear(inputDim, NUM_CLASSES);
    }
  }

  override forward(pictures: Tensor): Tensor {
    return this.core.forward(pictures.flatten({ startDim: 1 })); // [B, 10]
  }
}

/** Numbers that are learnt. The state that an adaptive network carries along is none of them. */
export function parametersOf(model: nn.Module): number {
  return model.parameters().reduce((sum, { numel }) => sum + numel, 0);
}

/** Two hidden layers: the first as wide as the adaptive network's nodes, the second such that both have about as many parameters. */
function plainNetwork(inputDim: number, hiddenDim: number, numParameters: number): nn.Sequential {
  const rest = numParameters - (inputDim + 1) * hiddenDim - NUM_CLASSES;
  const width = Math.max(1, Math.round(rest / (hiddenDim + 1 + NUM_CLASSES)));
  return new nn.Sequential(
    new nn.Linear(inputDim, hiddenDim),
    new nn.ReLU(),
    new nn.Linear(hiddenDim, width),
    new nn.ReLU(),
    new nn.Linear(width, NUM_CLASSES),
  );
}
