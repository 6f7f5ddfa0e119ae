// A chain of modules in checkpoints: all segments but the last keep their inputs alone, and run again in backward.

import { type CheckpointOptions, checkpoint } from '../tensor/autograd/checkpoint.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { UnaryModule } from './module.ts';

/** Applies modules one after the other, in segments of equal length; the last takes what is left over. Each but the last runs as a `checkpoint`: of it the
 *  graph keeps the input alone, and backward runs it again. The last is not run again, since backward begins there. Values, gradients and dropout are the
 *  bits of the plain chain.
 *  @param modules - a `Sequential`, a `ModuleList` or any list.  @param segments - from 1, which checkpoints nothing, to the number of modules.
 *  @throws {RangeError} for another number of segments.
 *  Source: torch.utils.checkpoint.checkpoint_sequential (use_reentrant=False).
 *  @example
 *  const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 8), new nn.Tanh());
 *  nn.checkpointSequential(model, 2, ones([3, 2])).shape; // [3, 8] */
export function checkpointSequential(
  modules: Iterable<UnaryModule>,
  segments: number,
  input: Tensor,
  options: CheckpointOptions = {},
): Tensor {
  const list = [...modules];
  if (!Number.isInteger(segments) || segments < 1 || segments > list.length) {
    throw new RangeError(
      `Cannot run checkpointSequential: expected from 1 segment to one for each of ${list.length} modules, got ${String(segments)}`,
    );
  }
  const length = Math.floor(list.length / segments);
  let output = input;
  for (let segment = 0; segment < segments - 1; segment++) {
    const part = list.slice(segment * length, (segment + 1) * length);
    output = checkpoint((given) => chain(part, given), [output], options);
  }
  return chain(list.slice((segments - 1) * length), output);
}

function chain(modules: readonly UnaryModule[], input: Tensor): Tensor {
  return modules.reduce((output, module) => module.forward(output), input);
}
