// What metrics ask of their inputs before they take them: shapes and dtypes, which are known without waiting for the device.

import { DTypeError, ShapeError } from '../errors.ts';
import { isComplexDType, isFloatingDType } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

export const shapeOf = ({ shape }: Tensor): string => `[${shape.join(', ')}]`;

/** @throws {ShapeError} */
export function wrongShapes(label: string, wanted: string, preds: Tensor, target: Tensor): never {
  throw new ShapeError(`Cannot update ${label}: expected ${wanted}, got ${shapeOf(preds)} and ${shapeOf(target)}`);
}

/** @throws {ShapeError} for tensors of two shapes. */
export function requireSameShape(label: string, preds: Tensor, target: Tensor): void {
  if (String(preds.shape) !== String(target.shape)) wrongShapes(label, 'preds and target of one shape', preds, target);
}

/** @throws {DTypeError} for what is no real floating tensor. */
export function requireFloating(label: string, name: string, value: Tensor): void {
  if (!isFloatingDType(value.dtype))
    throw new DTypeError(`Cannot update ${label}: expected ${name} of a floating dtype, got ${value.dtype}`);
}

/** @throws {DTypeError} for what cannot be the number of a class. */
export function requireIntegers(label: string, name: string, value: Tensor): void {
  const { dtype } = value;
  if (isFloatingDType(dtype) || isComplexDType(dtype))
    throw new DTypeError(`Cannot update ${label}: expected ${name} of an integer dtype, got ${dtype}`);
}

/** Scores in the dtype that they are compared and summed in: float32 at least. */
export function widened(value: Tensor): Tensor {
  return value.dtype === 'float64' ? value : value.to('float32');
}

/** Numbers of a tensor on the host, in order. Waits for the device. */
export function numbersOf(value: Tensor): number[] {
  return Array.from(value.reshape([-1]).to('float64').toTypedArray() as Float64Array);
}
