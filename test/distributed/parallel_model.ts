// The models and data of the tests of data parallelism, the same in every process.
import { arange, manualSeed, nn, randn, type Tensor } from '../../src/index.ts';

/** Two layers with a norm whose buffers each rank would have of its own. */
export class SmallNet extends nn.Module {
  readonly first = new nn.Linear(6, 16);
  readonly norm = new nn.LayerNorm(16);
  readonly last = new nn.Linear(16, 2);

  override forward(input: Tensor): Tensor {
    return this.last.forward(this.norm.forward(this.first.forward(input)).relu());
  }
}

/** Uses one of two branches: the other's parameters have no gradient. */
export class Branches extends nn.Module {
  readonly left = new nn.Linear(6, 2);
  readonly right = new nn.Linear(6, 2);

  override forward(input: Tensor, side: 'left' | 'right'): Tensor {
    return this[side].forward(input);
  }
}

export const STEPS = 4;
export const BATCH = 12;

/** One batch a step: [12, 6] and [12, 2]. */
export function batchOf(step: number): [input: Tensor, target: Tensor] {
  manualSeed(100 + step);
  return [randn([BATCH, 6]), randn([BATCH, 2]).add(arange(2))];
}

export function makeNet(): SmallNet {
  manualSeed(1);
  return new SmallNet();
}

export const meanSquares = (output: Tensor, target: Tensor): Tensor => output.sub(target).square().mean();

/** All weights in one list. */
export function weightsOf(module: nn.Module): number[] {
  return module.parameters().flatMap((parameter) => parameter.detach().flatten().toArray() as number[]);
}
