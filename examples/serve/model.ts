// The model that is served: the one that trains in the project that sconce init writes.
import { nn, type Tensor } from 'sconce';

/** Tells from a point in the plane which arm of a spiral it lies on. */
export class SpiralNet extends nn.Module {
  readonly layers: nn.Sequential;

  constructor(hidden: number) {
    super();
    this.layers = new nn.Sequential(
      new nn.Linear(2, hidden),
      new nn.ReLU(),
      new nn.Linear(hidden, hidden),
      new nn.ReLU(),
      new nn.Linear(hidden, 2),
    );
  }

  override forward(points: Tensor): Tensor {
    return this.layers.forward(points); // [B, 2] -> [B, 2]
  }
}
