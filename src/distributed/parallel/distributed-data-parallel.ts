// `DistributedDataParallel`: a module whose gradients are averaged over ranks.
import { Module } from '../../nn/module.ts';
import { isGradEnabled } from '../../tensor/autograd.ts';
import { getNative, h } from '../../tensor/call.ts';
import { collectTensors } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { groupOf, type ProcessGroup } from '../group/process-group.ts';
import { distributedError } from '../store/told.ts';
import { GradientReducer, type GradientReducerOptions } from './gradient-reducer.ts';

/** How a module is trained on all ranks. */
export interface DistributedDataParallelOptions extends GradientReducerOptions {
  /** Buffers become the first rank's before each forward pass in training. Default true. */
  readonly broadcastBuffers?: boolean;
  /** Parameters and buffers become the first rank's in the constructor. Default true. */
  readonly initSync?: boolean;
}

/** So many bytes of parameters and buffers go in one message. */
const BROADCAST_BYTES = 250 * 1024 * 1024;

/** Wraps a module so that every rank trains on its own batches and all have the same weights: backward averages gradients over ranks while it goes on.
 *  Keys of its state dict begin with `module.`, as in PyTorch. Source: torch.nn.parallel.DistributedDataParallel (arXiv 2006.15704). */
export class DistributedDataParallel<Inputs extends unknown[], Output> extends Module {
  readonly module: Module & { forward(...inputs: Inputs): Output };
  readonly reducer: GradientReducer;
  readonly broadcastBuffers: boolean;
  readonly processGroup: ProcessGroup;
  /** Whether backward averages; `noSync` sets it. */
  requireBackwardGradSync = true;

  /** Every rank calls it, with a module of the same structure.
   *  @throws {DistributedError} where the parameters of ranks differ in number or shape, and where a rank does not come. */
  constructor(
    module: Module & { forward(...inputs: Inputs): Output },
    { broadcastBuffers = true, initSync = true, ...options }: DistributedDataParallelOptions = {},
  ) {
    super();
    this.module = module;
    this.broadcastBuffers = broadcastBuffers;
    this.processGroup = groupOf(options.group);
    this.reducer = new GradientReducer(module.namedParameters(), options);
    if (initSync) synchronizeModule(module, this.processGroup);
  }

  override forward(...inputs: Inputs): Output {
    const isAveraged = this.requireBackwardGradSync && isGradEnabled();
    if (isAveraged) this.reducer.prepareForForward();
    if (this.broadcastBuffers && this.training && this.requireBackwardGradSync)
      broadcastTensors(this.module.buffers(), this.processGroup);
    const output = this.module.forward(...inputs);
    if (isAveraged) this.reducer.prepareForBackward(collectTensors(output));
    return output;
  }

  /** Runs `body`, whose backward passes leave gradients to this rank: they accumulate, and the first backward after it averages the sum. Forward and backward belong inside. */
  noSync<Result>(body: () => Result): Result {
    const before = this.requireBackwardGradSync;
    this.requireBackwardGradSync = false;
    try {
      return body();
    } finally {
      this.requireBackwardGradSync = before;
    }
  }
}

/** Parameters and buffers of all ranks become the first rank's. */
export function synchronizeModule(module: Module, group?: ProcessGroup): void {
  broadcastTensors([...module.parameters(), ...module.buffers()], group);
}

/** Tensors of all ranks become the first rank's, in few messages. Every rank gives tensors of the same dtypes and shapes. */
export function broadcastTensors(tensors: readonly Tensor[], among?: ProcessGroup): void {
  if (tensors.length === 0) return;
  const group = groupOf(among);
  try {
    const handles = Float64Array.from(tensors, (tensor) => h(tensor));
    getNative().broadcastCoalesced(group.held, handles, BROADCAST_BYTES, 0);
  } catch (error) {
    throw distributedError('take over the parameters of the first rank', error);
  }
}
