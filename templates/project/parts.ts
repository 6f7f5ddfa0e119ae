// What experiment.yaml names: a model and data of our own.
import { cat, Generator, nn, randn, stack, type Tensor } from 'sconce';
import { TensorDataset } from 'sconce/data';
import { defineParts, part } from 'sconce/trainer';

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

/** Points on two arms of a spiral, with some noise: `[point, arm]`. The same seed gives the same points. */
export function spirals(numPoints: number, seed: number): TensorDataset<[Tensor, Tensor]> {
  const generator = new Generator();
  generator.manualSeed(seed);
  const turns = randn([numPoints], { generator }).abs().mul(4).add(0.5); // [N]
  const noise = randn([numPoints, 2], { generator }).mul(0.05);
  const arm = (sign: number): Tensor =>
    stack([turns.cos(), turns.sin()], { dim: 1 })
      .mul(turns.unsqueeze(1))
      .mul(sign / 4)
      .add(noise);
  const arms = turns.mul(0).to('int64');
  return new TensorDataset([cat([arm(1), arm(-1)]), cat([arms, arms.add(1)])]);
}

export default defineParts({
  models: {
    'spiral-net': part({ options: { hidden: 64 }, build: ({ hidden }) => new SpiralNet(hidden) }),
  },
  datasets: {
    spirals: part({ options: { points: 500, seed: 0 }, build: ({ points, seed }) => spirals(points, seed) }),
  },
});
