// What the loop shows to steps and callbacks: one object for the whole run, whose fields change.

import type { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Clocks } from './clocks.ts';

export interface LoopContext {
  readonly model: Module;
  readonly optimizers: readonly AnyOptimizer[];
  readonly clocks: Readonly<Clocks>;
  /** Where the run ends. */
  readonly maxEpochs: number;
  readonly batchesPerEpoch: number;
  /** The batch being worked on; its tensors end with the step. */
  batch: unknown;
  batchSize: number;
  /** The loader that the batch came from. */
  loaderIndex: number;
  loaderName: string;
  /** The batch's place in its own loader's epoch. */
  batchIndex: number;
  /** The optimizer that this batch is routed to. */
  optimizerIndex: number;
  /** The loss of the step, before weight and accumulation; ends with the step. */
  loss: Tensor | undefined;
  /** The joint norm of the gradients before clipping, where clipping is on; ends with the step. */
  gradientNorm: Tensor | undefined;
}
