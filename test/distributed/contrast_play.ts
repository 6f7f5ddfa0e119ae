// Some steps by one loss, in one process or as one of several ranks.
import { manualSeed, type nn, optim, type Tensor } from '../../src/index.ts';
import type { MultimodalLoss } from '../../src/multimodal/index.ts';
import { type Batch, STEPS, Towers } from './contrast_losses.ts';

/** What a training showed: the loss of each step, the last gradients, and the buffers of the loss afterwards. */
export interface Played {
  readonly losses: number[];
  readonly gradients: Record<string, number[]>;
  readonly buffers: Record<string, number[]>;
}

interface Trained {
  forward(batch: Batch): Tensor;
}

const numbersOf = (value: Tensor): number[] => value.detach().flatten().to('float64').toArray() as number[];

export function play(
  makeLoss: (vision: nn.Module, text: nn.Module) => MultimodalLoss,
  batchOf: (step: number) => Batch,
  wrap: (towers: Towers) => Trained = (towers) => towers,
): Played {
  manualSeed(4);
  const towers = new Towers(makeLoss);
  const model = wrap(towers);
  const optimizer = new optim.SGD(towers.parameters(), { lr: 0.1 });
  const losses = Array.from({ length: STEPS }, (_, step) => {
    optimizer.zeroGrad();
    towers.loss.updateStep(step, STEPS);
    const loss = model.forward(batchOf(step));
    loss.backward();
    optimizer.step();
    return loss.item();
  });
  const trained = Array.from(towers.namedParameters()).filter(([, { grad }]) => grad !== undefined);
  return {
    losses,
    gradients: Object.fromEntries(trained.map(([name, { grad }]) => [name, numbersOf(grad!)])),
    buffers: Object.fromEntries(Array.from(towers.loss.namedBuffers(), ([name, buffer]) => [name, numbersOf(buffer)])),
  };
}
