// Precision modes: how the forward pass is run.

import { autocast } from '../tensor/autograd.ts';
import type { Device } from '../tensor/device.ts';

/** 'float32' as the model is, or 'bf16-mixed': weights stay float32, operators that gain from it run in bfloat16. */
export type PrecisionMode = 'float32' | 'bf16-mixed';

/** Runs the body of a step, forward and loss, in a precision. */
export type Precision = <T>(body: () => T) => T;

export function precisionOf(mode: PrecisionMode, device: Device): Precision {
  switch (mode) {
    case 'float32':
      return (body) => body();
    case 'bf16-mixed':
      return (body) => autocast(device, body, { dtype: 'bfloat16' });
  }
}
