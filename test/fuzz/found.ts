// Calls that killed the process, or hung, or read outside a tensor's memory, before they were guarded or fixed; and what is said now.

import type { Spec } from './specs.ts';

export interface Found {
  /** The operator, as in `add.Tensor`. */
  readonly operator: string;
  /** By position. */
  readonly args: readonly Spec[];
  /** The error that it ends with on libtorch 2.13; nothing where it has a result. */
  readonly error?: string;
  /** Whether backward runs on the first result, and the gradients of all arguments are read. */
  readonly hasBackward?: boolean;
}

const x = (shape: readonly number[]): Spec => ({ tensor: { shape } });
const leaf = (shape: readonly number[]): Spec => ({ tensor: { shape, grad: true } });
const absent: Spec = { strange: 'undefined' };

export const FOUND: readonly Found[] = [
  {
    operator: 'choose_qparams_optimized',
    args: [x([20]), 21, 20, 0.2, 8],
    error:
      'RangeError: Cannot run choose_qparams_optimized: expected a contiguous float32 tensor of "numel" elements for "input", got float32 [20] and 21',
  },
  {
    operator: 'choose_qparams_optimized',
    args: [x([20]), 20, -(2 ** 31), 0.2, 8],
    error: 'RangeError: Cannot run choose_qparams_optimized: expected "n_bins" from 1 to 65536, got -2147483648',
  },
  {
    operator: 'native_batch_norm',
    args: [x([3, 3]), absent, absent, absent, absent, false, 0.1, 1e-5],
    error:
      'RangeError: Cannot run native_batch_norm: expected "running_mean" and "running_var" where "training" is false, got none',
  },
  {
    operator: 'batch_norm_update_stats',
    args: [x([3, 3]), absent, x([0]), 0.1],
    error:
      'RangeError: Cannot run batch_norm_update_stats: expected both of "running_mean" and "running_var" or neither, got one',
  },
  {
    operator: '_foreach_div_.ScalarList',
    args: [{ tensors: [{ tensor: { shape: [3], view: 'graph' } }] }, []],
    error: 'RangeError: Cannot run _foreach_div_.ScalarList: expected 1 element for "scalars", as "self" has, got 0',
  },
  {
    operator: 'ctc_loss.IntList',
    args: [x([6, 2, 4]), { tensor: { shape: [2, 3], dtype: 'int64', fill: [1, 2, 1000] } }, [6, 5], [3, 2]],
    error: 'RangeError: Cannot run ctc_loss.IntList: expected elements of "targets" from 0 to 3, got 1000',
  },
  {
    operator: 'special_legendre_polynomial_p.n_scalar',
    args: [x([4]), 2 ** 31],
    error:
      'RangeError: Cannot run special_legendre_polynomial_p.n_scalar: expected degrees "n" up to 1048576, got 2147483648.000000',
  },
  {
    operator: 'lstm_cell',
    args: [x([2, 4]), { tensors: [x([2, 3])] }, x([12, 4]), x([12, 3]), absent, absent],
    error: 'RangeError: Cannot run lstm_cell: expected 2 tensors for "hx", got 1',
  },
  { operator: 'sgn', args: [leaf([3])], hasBackward: true },
  { operator: 'l1_loss', args: [leaf([3]), leaf([3])], hasBackward: true },
];
