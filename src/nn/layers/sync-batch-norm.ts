// Batch normalisation over the batches of all processes.

import { ShapeError } from '../../errors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Module } from '../module.ts';
import { BatchNorm, type BatchNormOptions } from './batch-norm.ts';

/** Batch normalisation whose statistics are those of all processes that train together; of one process, and in evaluation, those of `BatchNorm2d` and its siblings.
 *  Shape: [N, C, ...], unchanged. Source: torch.nn.SyncBatchNorm. */
export class SyncBatchNorm extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super([], numFeatures, options);
  }

  /** @throws {ShapeError} for fewer than two dimensions, or no channels. */
  override forward(input: Tensor): Tensor {
    if (input.ndim < 2 || input.size(1) === 0)
      throw new ShapeError(
        `Cannot apply SyncBatchNorm: expected at least 2 dimensions and a channel, got [${input.shape.join(', ')}]`,
      );
    return this.normalize(input);
  }

  /** Puts a `SyncBatchNorm` of the same parameters and statistics in the place of every batch normalisation; one that has two names stays one.
   *  @returns the module, or what took its place.  Source: torch.nn.SyncBatchNorm.convert_sync_batchnorm. */
  static convertSyncBatchnorm<M extends Module>(module: M): M | SyncBatchNorm {
    const made = new Map<Module, SyncBatchNorm>();
    const convert = (found: Module): Module => {
      if (!(found instanceof BatchNorm)) return found;
      const sync = made.get(found) ?? SyncBatchNorm.of(found);
      made.set(found, sync);
      return sync;
    };
    for (const parent of [...module.modules()]) {
      for (const [name, child] of Object.entries(parent))
        if (child instanceof BatchNorm) Object.assign(parent, { [name]: convert(child) });
    }
    return convert(module) as M | SyncBatchNorm; // what is no batch normalisation comes back as it is
  }

  private static of(norm: BatchNorm): SyncBatchNorm {
    const { eps, momentum, weight, bias } = norm;
    const sync = new SyncBatchNorm(norm.numFeatures, {
      eps,
      momentum,
      affine: weight !== undefined,
      bias: bias !== undefined,
      trackRunningStats: norm.running_mean !== undefined,
    });
    // The parameters themselves, so that an optimizer that has them goes on training them.
    noGrad(() => Object.assign(sync, { weight, bias }));
    sync.running_mean = norm.running_mean;
    sync.running_var = norm.running_var;
    sync.num_batches_tracked = norm.num_batches_tracked;
    sync.training = norm.training;
    return sync;
  }
}
