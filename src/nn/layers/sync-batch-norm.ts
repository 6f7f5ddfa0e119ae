// Batch normalisation over the batches of all processes.

import { ShapeError } from '../../errors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { normOverRanks } from '../functional/norm-over-ranks.ts';
import type { Module } from '../module.ts';
import { allRanks, type BatchRanks, isApart } from '../ranks.ts';
import { BatchNorm, type BatchNormOptions } from './batch-norm.ts';

export interface SyncBatchNormOptions extends BatchNormOptions {
  /** Whose batches count as one. Default: all ranks, once `initProcessGroup` of `sconce/distributed` has been called. */
  processGroup?: BatchRanks | undefined;
}

/** Batch normalisation whose statistics in training are those of all processes that train together, each counted by its number of values; ranks may have batches of different sizes, also none.
 *  Every rank calls it as often. In evaluation, and of one process, it does what `BatchNorm2d` and its siblings do. Gradients of weight and bias are this rank's share, as of any other layer:
 *  `DistributedDataParallel` averages them. Backward cannot be differentiated again over ranks.
 *  Shape: [N, C, ...], unchanged. Source: torch.nn.SyncBatchNorm, which is for GPUs alone; this one works on any device that the group reaches. */
export class SyncBatchNorm extends BatchNorm {
  /** A function, so that copies of the layer share the group. */
  private readonly ownRanks: () => BatchRanks | undefined;

  constructor(numFeatures: number, options: SyncBatchNormOptions = {}) {
    const { processGroup, ...others } = options;
    super([], numFeatures, others);
    if (processGroup !== undefined && typeof (processGroup as Partial<BatchRanks>).gatherTensor !== 'function')
      throw new TypeError(
        `Cannot make SyncBatchNorm: expected a process group of sconce/distributed for processGroup, got ${String(processGroup)}`,
      );
    this.ownRanks = () => processGroup;
  }

  /** Whose batches count as one; undefined: all ranks. */
  get processGroup(): BatchRanks | undefined {
    return this.ownRanks();
  }

  /** @throws {ShapeError} for fewer than two dimensions, no channels, or one value a channel in training. */
  override forward(input: Tensor): Tensor {
    if (input.ndim < 2 || input.size(1) === 0)
      throw new ShapeError(
        `Cannot apply SyncBatchNorm: expected at least 2 dimensions and a channel, got [${input.shape.join(', ')}]`,
      );
    const ranks = this.training && !isApart() ? (this.processGroup ?? allRanks()) : undefined;
    if (ranks === undefined || ranks.size === 1) return this.normalize(input);
    if (input.size(1) !== this.numFeatures)
      throw new ShapeError(
        `Cannot apply SyncBatchNorm: expected ${this.numFeatures} channels, got [${input.shape.join(', ')}]`,
      );
    const { weight, bias, running_mean, running_var, eps } = this;
    const momentum = this.countBatch();
    const running = running_mean && { mean: running_mean, variance: running_var!, momentum };
    return normOverRanks(input, weight, bias, { ranks, eps, running });
  }

  /** Puts a `SyncBatchNorm` of the same parameters and statistics in the place of every batch normalisation; one that has two names stays one.
   *  @param options.processGroup - whose batches count as one. Default: all ranks.
   *  @returns the module, or what took its place.  Source: torch.nn.SyncBatchNorm.convert_sync_batchnorm. */
  static convertSyncBatchnorm<M extends Module>(
    module: M,
    options: Pick<SyncBatchNormOptions, 'processGroup'> = {},
  ): M | SyncBatchNorm {
    for (const name in options)
      if (name !== 'processGroup')
        throw new TypeError(
          `Cannot convert batch normalisations: expected options of { processGroup }, got ${JSON.stringify(name)}`,
        );
    const made = new Map<Module, SyncBatchNorm>();
    const convert = (found: Module): Module => {
      if (!(found instanceof BatchNorm)) return found;
      const sync = made.get(found) ?? SyncBatchNorm.of(found, options.processGroup);
      made.set(found, sync);
      return sync;
    };
    for (const parent of [...module.modules()]) {
      for (const [name, child] of Object.entries(parent))
        if (child instanceof BatchNorm) Object.assign(parent, { [name]: convert(child) });
    }
    return convert(module) as M | SyncBatchNorm; // what is no batch normalisation comes back as it is
  }

  private static of(norm: BatchNorm, processGroup: BatchRanks | undefined): SyncBatchNorm {
    const { eps, momentum, weight, bias } = norm;
    const sync = new SyncBatchNorm(norm.numFeatures, {
      eps,
      momentum,
      affine: weight !== undefined,
      bias: bias !== undefined,
      trackRunningStats: norm.running_mean !== undefined,
      processGroup,
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
