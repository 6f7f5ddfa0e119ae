// Precision modes: in which dtype weights and batches are, how the forward pass runs, and whether its loss is scaled.

import { ConfigError } from '../../errors.ts';
import type { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { autocast } from '../../tensor/autocast.ts';
import type { Device } from '../../tensor/device.ts';
import { type DType, isFloatingDType } from '../../tensor/dtype.ts';

/** - `float32`: weights and batches as they are; the default.
 *  - `bf16-mixed`: weights stay float32, operators that gain from it run in bfloat16.
 *  - `fp16-mixed`: the same in float16, whose small range takes a loss scale; updates whose gradients overflow are left out.
 *  - `bf16`, `float64`: weights, optimizer state and the floating tensors of batches are in this dtype. */
export const PRECISION_MODES = ['float32', 'bf16-mixed', 'fp16-mixed', 'bf16', 'float64'] as const;

export type PrecisionMode = (typeof PRECISION_MODES)[number];

/** How one mode is carried out. */
export interface Precision {
  /** Of weights, buffers and the floating tensors of a batch; undefined leaves them as they are. */
  readonly dtype: DType | undefined;
  /** Whether the loss is multiplied by a scale before backward. */
  readonly scalesLoss: boolean;
  /** Runs the body of a step, forward and loss. */
  run<T>(body: () => T): T;
}

export const isMixed = (mode: PrecisionMode): boolean => mode.endsWith('-mixed');

export function precisionOf(mode: PrecisionMode, device: Device): Precision {
  const plain = { dtype: undefined, scalesLoss: false, run: <T>(body: () => T): T => body() };
  switch (mode) {
    case 'float32':
      return plain;
    case 'bf16-mixed':
      return { ...plain, run: (body) => autocast(device, body, { dtype: 'bfloat16' }) };
    case 'fp16-mixed':
      return { ...plain, scalesLoss: true, run: (body) => autocast(device, body, { dtype: 'float16' }) };
    case 'bf16':
      return { ...plain, dtype: 'bfloat16' };
    case 'float64':
      return { ...plain, dtype: 'float64' };
  }
}

/** Puts a module's weights and buffers into a precision's dtype, in place, and where asked pictures' weights into channels-last order.
 *  @throws {ConfigError} where an optimizer remembers values in another dtype already. */
export function convertModel(
  model: Module,
  optimizers: readonly AnyOptimizer[],
  { dtype, channelsLast }: { dtype: DType | undefined; channelsLast: boolean },
): void {
  const isOther = (given: DType): boolean => dtype !== undefined && isFloatingDType(given) && given !== dtype;
  const isConverted = !model.parameters().some((parameter) => isOther(parameter.dtype));
  if (!isConverted && optimizers.some((each) => (each.ownStateDict?.() ?? each.stateDict()).state.size > 0)) {
    throw new ConfigError('fit', [
      `performance.precision: expected optimizers without state before weights become ${dtype}, got one that has stepped; convert the model first with model.to({ dtype: '${dtype}' }), or make the optimizer new`,
    ]);
  }
  model.to({
    ...(dtype === undefined ? {} : { dtype }),
    ...(channelsLast ? { memoryFormat: 'channels_last' as const } : {}),
  });
}
