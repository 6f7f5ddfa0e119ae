// Where a layer makes its parameters: the dtype and device that every layer's options may name.

import type { TensorOptions } from '../tensor/create.ts';
import type { Device } from '../tensor/device.ts';
import type { DType } from '../tensor/dtype.ts';

export interface FactoryOptions {
  /** Of the parameters. Default 'float32'. */
  dtype?: DType;
  /** Of the parameters. Default 'cpu'. */
  device?: Device;
}

/** The part of a layer's options that its tensors are made with. */
export function factoryOf({ dtype, device }: FactoryOptions): TensorOptions {
  return { ...(dtype === undefined ? {} : { dtype }), ...(device === undefined ? {} : { device }) };
}
