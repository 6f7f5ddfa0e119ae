// Numbers that a user gives as an array or as a tensor.
import { isComplexDType } from '../../tensor/dtype.ts';
import { Tensor } from '../../tensor/index.ts';

/** One number a sample: an array, a typed array or a tensor of one dimension. */
export type NumberColumn = ArrayLike<number> | Tensor;

/** The numbers of `column`, which stay the caller's: copy what is to be kept.
 *  @throws {TypeError} for what is no list of numbers, or a tensor of more than one dimension. */
export function readNumbers(column: NumberColumn, action: string, what: string): ArrayLike<number> {
  const fail = (got: string): never => {
    throw new TypeError(
      `Cannot ${action}: expected ${what} that are an array or a tensor of one dimension, got ${got}`,
    );
  };
  if (!(column instanceof Tensor)) {
    if (typeof column === 'object' && column !== null && typeof column.length === 'number') return column;
    return fail(String(column));
  }
  if (isComplexDType(column.dtype)) fail('a complex tensor');
  if (column.shape.length !== 1) fail(`a tensor of shape [${column.shape.join(', ')}]`);
  const values = column.toTypedArray();
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float64Array.from(values, Number);
  return values;
}
