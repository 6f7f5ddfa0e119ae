// Batches of `Trainer`: pairs of an input and a target.

import { Tensor } from '../../tensor/tensor.ts';

/** @throws {TypeError} for a batch that is no pair of tensors. */
export function pairOf(batch: unknown): [input: Tensor, target: Tensor] {
  const [input, target] = isPair(batch) ? batch : [];
  if (input instanceof Tensor && target instanceof Tensor) return [input, target];
  throw new TypeError(
    `Cannot train on a batch: expected [input, target], got ${Array.isArray(batch) ? `an array of ${batch.length}` : typeof batch}; give the DataLoader a transform that makes it so, as in (batch) => [batch.image, batch.target], or use GenericTrainer`,
  );
}

/** The input of a batch that may have a target beside it.
 *  @throws {TypeError} for a batch that is neither a tensor nor a pair. */
export function inputOf(batch: unknown): Tensor {
  const input = isPair(batch) ? batch[0] : batch;
  if (input instanceof Tensor) return input;
  throw new TypeError(
    `Cannot predict a batch: expected an input or [input, target], got ${Array.isArray(batch) ? `an array of ${batch.length}` : typeof batch}; give the DataLoader a transform that makes it so, or use GenericTrainer`,
  );
}

const isPair = (batch: unknown): batch is [unknown, unknown] => Array.isArray(batch) && batch.length === 2;
