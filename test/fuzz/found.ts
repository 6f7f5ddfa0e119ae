// Calls that killed the process, or hung, or read outside a tensor's memory, before they were guarded or fixed; and what is said now.

import type { Spec } from './specs.ts';

export interface Found {
  /** The operator, as in `add.Tensor`. */
  readonly operator: string;
  /** By position. */
  readonly args: readonly Spec[];
  /** The error that it ends with on libtorch 2.13; nothing where it has a result. */
  readonly error?: string;
  /** Whether the error is that of some processors alone; on others it has a result. */
  readonly isOfProcessor?: boolean;
  /** Whether backward runs on the first result, and the gradients of all arguments are read. */
  readonly hasBackward?: boolean;
}

const x = (shape: readonly number[]): Spec => ({ tensor: { shape } });
const leaf = (shape: readonly number[]): Spec => ({ tensor: { shape, grad: true } });
const indices = (fill: readonly number[]): Spec => ({ tensor: { shape: [fill.length], dtype: 'int64', fill } });
const lists = (...shapes: number[][]): Spec => ({ tensors: shapes.map(x) });
const bfloat16 = (shape: readonly number[]): Spec => ({ tensor: { shape, dtype: 'bfloat16', grad: true } });
const one: Spec = { tensor: { shape: [1], dtype: 'int64', fill: 'ones' } };
const zeroPoint: Spec = { tensor: { shape: [1], dtype: 'int32', fill: 'zeros' } };
const absent: Spec = { strange: 'undefined' };

export const FOUND: readonly Found[] = [
  {
    operator: 'native_group_norm',
    args: [
      { tensor: { shape: [2, 4, 3], dtype: 'float64', grad: true } },
      { tensor: { shape: [4], dtype: 'float64', view: 'expanded' } },
      absent,
      2,
      4,
      3,
      2,
      1e-5,
    ],
    hasBackward: true,
  },
  {
    operator: 'native_group_norm',
    args: [x([2, 4, 3]), absent, absent, 2, 4, 3, 0, 1e-5],
    error: 'RangeError: Cannot run native_group_norm: expected "group" from 1 to 9223372036854775807, got 0',
  },
  {
    operator: 'fractional_max_pool3d',
    args: [x([2, 4, 4, 4]), [-(2 ** 53 - 1), 2, 2], [2, 2, 2], x([1, 2, 3])],
    error:
      'RangeError: Cannot run fractional_max_pool3d: expected "kernel_size" from 1 to 2147483647, got -9007199254740991',
  },
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
  {
    operator: 'choose_qparams_optimized',
    args: [x([20]), 20, 20, { strange: 'Infinity' }, 8],
    error: 'RangeError: Cannot run choose_qparams_optimized: expected "ratio" above 0 and up to 1, got inf',
  },
  {
    operator: 'replication_pad3d',
    args: [x([2, 3, 5, 3, 3]), { bigint: '9223372036854775807' }],
    error:
      'RangeError: Cannot run replication_pad3d: expected elements of "padding" from -2147483648 to 2147483648, got 9223372036854775807',
  },
  {
    operator: '_embedding_bag',
    args: [x([5, 3]), indices([0, 1, 2, 3, 4, 0]), { tensor: { shape: [0], dtype: 'int64' } }],
    error:
      'RangeError: Cannot run _embedding_bag: expected "offsets" of one dimension and at least one element, got int64 [0]',
  },
  {
    operator: '_embedding_bag',
    args: [x([5, 3]), indices([0, 1, 2, 3, 4, 0]), indices([0, 5, 2])],
    error:
      'RangeError: Cannot run _embedding_bag: expected "offsets" that begin at 0, do not fall and end at 6 or before, got others',
  },
  {
    operator: '_embedding_bag',
    args: [
      x([5, 3]),
      indices([0, 1, 2, 3, 4, 0]),
      { tensor: { shape: [3], dtype: 'int64', fill: 'zeros', view: 'expanded' } },
    ],
  },
  {
    operator: 'slow_conv3d',
    args: [x([2, 1, 5, 6, 7]), x([1, 1, 1, 1, 2]), [2, 1, 3], absent, [1, 2, 1], [0, 1, 0]],
    error:
      'RangeError: Cannot run slow_conv3d: expected a "weight" whose last sizes are "kernel_size" [2, 1, 3], got float32 [1, 1, 1, 1, 2]',
  },
  {
    operator: 'rnn_tanh.data',
    args: [
      x([4, 4]),
      { tensor: { shape: [0], dtype: 'int64' } },
      x([1, 2, 3]),
      lists([3, 4], [3, 3]),
      false,
      1,
      0,
      false,
      false,
    ],
    error:
      'RangeError: Cannot run rnn_tanh.data: expected an int64 tensor of one dimension on the CPU for "batch_sizes", of one element or more, got int64 [0]',
  },
  {
    operator: 'lstm.input',
    args: [x([5, 7, 4]), lists([1, 2, 3], [1, 2, 3]), lists([12, 4], [12, 3]), false, 1, 0, false, false, false],
    error: 'RangeError: Cannot run lstm.input: expected an "input" of batch size 2, as "hx", got float32 [5, 7, 4]',
  },
  {
    operator: 'lstm.data',
    args: [x([4, 4]), indices([2, 2]), lists([1, 2, 3], [1, 2, 3]), lists([], [2, 12, 3]), false, 1, 0, false, false],
    error: 'RangeError: Cannot run lstm.data: expected shape [12, 4] for element 0 of "params", got float32 []',
  },
  {
    operator: 'segment_reduce',
    args: [x([5, 2]), 'sum', indices([2, 1_000_000]), absent, absent, 0, true],
    error: 'RangeError: Cannot run segment_reduce: expected "lengths" that sum up to 5, got 1000000',
  },
  {
    operator: 'lu_unpack',
    args: [x([3, 3]), { tensor: { shape: [0], dtype: 'int32' } }],
    error: 'RangeError: Cannot run lu_unpack: expected 3 pivots for a matrix, got int32 [0]',
  },
  {
    operator: 'as_strided_',
    args: [x([4, 5]), [2, 3], [5, 1], { bigint: '9223372036854775807' }],
    error: 'RangeError: Cannot run as_strided_: expected a last element before 2^53, got one beyond',
  },
  {
    operator: 'special_shifted_chebyshev_polynomial_w.n_scalar',
    args: [{ tensor: { shape: [4], fill: 'extreme' } }, 2 ** 40],
    error:
      'RangeError: Cannot run special_shifted_chebyshev_polynomial_w.n_scalar: expected degrees "n" up to 1048576, got 1099511627776.000000',
  },
  {
    operator: 'thnn_conv2d',
    args: [x([2, 2, 7, 7]), x([2, 2, 3, 1]), [3, 1], absent, [1, 1], [1, { bigint: '9223372036854775807' }]],
    error:
      'RangeError: Cannot run thnn_conv2d: expected elements of "padding" from -2147483648 to 2147483648, got 9223372036854775807',
  },
  {
    operator: 'thnn_conv2d',
    args: [
      { tensor: { shape: [2, 2, 6, 6], view: 'overlapping' } },
      leaf([3, 2, 1, 2]),
      [1, 2],
      absent,
      [1, 1],
      [1, 1],
    ],
    hasBackward: true,
  },
  {
    operator: 'group_norm',
    args: [
      { tensor: { shape: [2, 4, 4, 4], view: 'channels_last' } },
      2,
      x([4]),
      { tensor: { shape: [4], view: 'expanded' } },
    ],
  },
  {
    operator: 'resize_',
    args: [{ tensor: { shape: [2], view: 'host' } }, [1000]],
    error:
      'RangeError: Cannot run resize_: expected a tensor whose memory can grow, got one over memory that JavaScript has too',
  },
  {
    operator: '_weight_norm',
    args: [leaf([4, 4, 1, 0]), leaf([4, 4, 1, 0])],
    error: 'RangeError: Cannot run _weight_norm: expected a "v" with elements and dimensions, got float32 [4, 4, 1, 0]',
  },
  {
    operator: '_weight_norm',
    args: [leaf([4, 3]), leaf([4, 3])],
    error:
      'RangeError: Cannot run _weight_norm: expected a "g" of one element for each slice of "v", got float32 [4, 3]',
  },
  {
    operator: '_weight_norm',
    args: [leaf([3, 4, 1, 1]), x([1, 1, 1])],
    error:
      'RangeError: Cannot run _weight_norm: expected a "g" of 3 elements, one for each slice of "v", got float32 [1, 1, 1]',
  },
  {
    operator: '_weight_norm',
    args: [leaf([3, 4]), x([1]), -1],
  },
  {
    operator: 'lcm',
    args: [indices([6, 1]), indices([-(2 ** 63), 3])],
    error:
      'RangeError: Cannot run lcm: expected elements of "other" from -9223372036854775807 to 9223372036854775807, got -9223372036854775808',
  },
  {
    operator: 'lcm_',
    args: [
      { tensor: { shape: [3, 4], dtype: 'int64', fill: 'positive', view: 'overlapping' } },
      { tensor: { shape: [3, 4], dtype: 'int64', fill: 'ones' } },
    ],
    error: 'RangeError: Cannot run lcm_: expected a "self" whose elements lie apart, got int64 [3, 4]',
  },
  {
    operator: 'pdist',
    args: [leaf([0, 4]), 3],
    hasBackward: true,
    error: 'RangeError: Cannot run pdist: expected a "self" of one row or more, got float32 [0, 4]',
  },
  {
    operator: 'sparse_compressed_tensor.comp_plain_value_size',
    args: [
      indices([0, 1, 2, 3]),
      { tensor: { shape: [], dtype: 'int64', fill: 'zeros' } },
      x([3]),
      [3, 3],
      absent,
      { layout: 'sparse_csr' },
    ],
    error:
      'RangeError: Cannot run sparse_compressed_tensor.comp_plain_value_size: expected a tensor of one dimension or more for "plain_indices", got int64 []',
  },
  {
    operator: 'combinations',
    args: [x([0]), 65_536],
    error: 'RangeError: Cannot run combinations: expected "r" from 0 to 64, got 65536',
  },
  {
    operator: 'zeros',
    args: [[3, 4], { dtype: 'int8' }, { layout: 3 }],
    error: 'TypeError: Cannot run zeros: expected a dense or sparse layout for "layout", got 3',
  },
  {
    operator: 'slow_conv_transpose2d',
    args: [x([2, 1, 7, 8]), x([1, 2, 2, 3]), [2, 1000], x([2]), [2, 1], [1, 1]],
    error:
      'RangeError: Cannot run slow_conv_transpose2d: expected a "weight" whose last sizes are "kernel_size" [2, 1000], got float32 [1, 2, 2, 3]',
  },
  {
    operator: '_foreach_copy',
    args: [{ tensors: [{ tensor: { shape: [4, 4], layout: 'sparse_csr' } }] }, { tensors: [x([4, 4])] }],
    error: 'RangeError: Cannot run _foreach_copy: expected dense tensors in "self", got a sparse one',
  },
  {
    operator: '_foreach_mul_.Tensor',
    args: [{ tensors: [x([4])] }, { tensor: { shape: [], layout: 'sparse_coo' } }],
    error: 'RangeError: Cannot run _foreach_mul_.Tensor: expected a dense tensor for "other", got a sparse one',
  },
  {
    operator: 'conv1d',
    args: [leaf([1, 2, 3]), x([3, 2, 3]), absent, [65_536]],
    error: 'RangeError: Cannot run conv1d: expected "stride" up to 16384, got 65536',
  },
  {
    operator: 'max_pool1d',
    args: [x([2, 3, 6]), [2 ** 32], [2], [1], [2]],
    error: 'RangeError: Cannot run max_pool1d: expected "kernel_size" up to 2147483647, got 4294967296',
  },
  {
    operator: 'lu_unpack',
    args: [x([3, 3]), { tensor: { shape: [3, 3], dtype: 'int32', fill: [1, 2, 3] } }, false, true],
    error: 'RangeError: Cannot run lu_unpack: expected 3 pivots for a matrix, got int32 [3, 3]',
  },
  {
    operator: 'group_norm',
    args: [{ tensor: { shape: [2, 4, 4, 2], view: 'channels_last' } }, 2, x([4]), leaf([4])],
    hasBackward: true,
  },
  { operator: 'nanmedian.dim', args: [{ tensor: { shape: [2000, 4], view: 'expanded' } }, 0] },
  {
    operator: 'linalg_eigvals',
    args: [{ tensor: { shape: [3, 3], fill: ['NaN', 1, 2] } }],
    error: 'RangeError: Cannot run linalg_eigvals: expected a "self" of finite elements, got NaN or infinity',
  },
  {
    operator: 'conv_transpose1d',
    args: [x([2, 3, 8]), x([3, 3, 3]), absent, [65_536]],
    error: 'RangeError: Cannot run conv_transpose1d: expected "stride" up to 16384, got 65536',
  },
  {
    operator: 'conv_transpose1d',
    args: [bfloat16([2, 2, 8]), bfloat16([2, 3, 2]), absent, [100], [0], [0], 1, [2]],
    error:
      'RangeError: Cannot run conv_transpose1d: expected a "stride" up to 34 in the last dimension of a bfloat16 convolution on this processor, got 100',
    isOfProcessor: true,
  },
  {
    operator: 'conv_transpose3d.input',
    args: [bfloat16([2, 2, 4, 4, 4]), bfloat16([2, 3, 2, 2, 2]), absent, [1, 1, 50]],
    error:
      'RangeError: Cannot run conv_transpose3d.input: expected a "stride" up to 33 in the last dimension of a bfloat16 convolution on this processor, got 50',
    isOfProcessor: true,
  },
  {
    operator: 'conv2d',
    args: [bfloat16([2, 2, 4, 320]), bfloat16([3, 2, 2, 2]), absent, [1, 40]],
    error:
      'RangeError: Cannot run conv2d: expected a "stride" up to 33 in the last dimension of a bfloat16 convolution on this processor, got 40',
    isOfProcessor: true,
    hasBackward: true,
  },
  // Its stride leads nowhere; the gradient of the weight read there.
  { operator: 'conv2d', args: [bfloat16([2, 2, 1, 8]), bfloat16([16, 2, 1, 2]), absent, [1, 100]], hasBackward: true },
  // As many columns as the block of a kernel has, at which it does not run out of them.
  { operator: 'conv_transpose1d', args: [bfloat16([2, 2, 8]), bfloat16([2, 3, 2]), absent, [33]], hasBackward: true },
  {
    operator: 'rrelu_with_noise',
    args: [x([2, 3]), { tensor: { shape: [2, 3], view: 'expanded' } }, 0.1, 0.3, true],
    error:
      'RangeError: Cannot run rrelu_with_noise: expected a contiguous "noise" of the shape and dtype of "self", got float32 [2, 3] of another order',
  },
  {
    operator: 'binomial',
    args: [{ tensor: { shape: [1], fill: ['NaN'] } }, { tensor: { shape: [1], fill: 'unit' } }],
    error: 'RangeError: Cannot run binomial: expected finite elements of "count", got NaN or infinity',
  },
  {
    operator: 'matrix_power',
    args: [x([3, 3]), { bigint: '-9223372036854775808' }],
    error:
      'RangeError: Cannot run matrix_power: expected "n" from -9223372036854775807 to 9223372036854775807, got -9223372036854775808',
  },
  {
    operator: 'fused_moving_avg_obs_fake_quant',
    args: [x([2, 3]), one, one, x([1]), x([0]), x([1]), zeroPoint, 0.01, 0, 255, 0],
    error:
      'RangeError: Cannot run fused_moving_avg_obs_fake_quant: expected a contiguous tensor of 1 element for "running_max", got float32 [0]',
  },
  {
    operator: 'fused_moving_avg_obs_fake_quant',
    args: [x([1000, 3]), one, one, x([1]), x([1000]), x([1000]), zeroPoint, 0.01, 0, 255, 0, true],
    error:
      'RangeError: Cannot run fused_moving_avg_obs_fake_quant: expected a contiguous tensor of 1000 elements for "running_min", got float32 [1]',
  },
  {
    operator: 'repeat_interleave.self_Tensor',
    args: [
      x([3]),
      { tensor: { shape: [3], dtype: 'int64', fill: ['9223372036854775807', '9223372036854775807', 5] } },
      0,
      3,
    ],
    error:
      'RangeError: Cannot run repeat_interleave.self_Tensor: expected elements of "repeats" from 0 to 3002399751580330, got 9223372036854775807',
  },
  {
    operator: 'linalg_ldl_solve',
    args: [
      { tensor: { shape: [3, 3], fill: 'definite' } },
      { tensor: { shape: [3], dtype: 'int32', fill: [-1, 3, -1] } },
      x([3, 2]),
    ],
    error: 'RangeError: Cannot run linalg_ldl_solve: expected negative pivots in equal pairs, got -1 alone',
  },
  {
    operator: '_upsample_bilinear2d_aa',
    args: [x([2, 3, 4, 4]), [9, 9], false, 1e-8, 1e-8],
    error:
      'RangeError: Cannot run _upsample_bilinear2d_aa: expected an "output_size" of the input\'s times "scales_h", got 9 and 0.000000',
  },
  {
    operator: 'scaled_dot_product_attention',
    args: [leaf([2, 1, 4, 1]), x([2, 1, 1, 1]), { same: '0' }],
    hasBackward: true,
    error:
      'RangeError: Cannot run scaled_dot_product_attention: expected as many values as keys, got float32 [2, 1, 4, 1] for float32 [2, 1, 1, 1]',
  },
  {
    operator: 'grid_sampler_2d',
    args: [leaf([2, 3, 6, 5]), { tensor: { shape: [2, 3, 3, 2], fill: ['NaN', 0.3] } }, 0, 1, true],
    hasBackward: true,
    error:
      'RangeError: Cannot run grid_sampler_2d: expected a "grid" of finite elements, where a gradient is wanted, got NaN or infinity',
  },
  {
    operator: '_embedding_bag',
    args: [leaf([5, 3]), indices([1, 2, 1, 2, 1, 2]), indices([0]), false, 0, false, absent, true],
    hasBackward: true,
    error:
      'RangeError: Cannot run _embedding_bag: expected a last element of "offsets" of 6, the number of indices, with "include_last_offset", got 0',
  },
  {
    operator: 'batch_norm',
    args: [
      x([3, 2, 1, 1]),
      absent,
      leaf([2]),
      { tensor: { shape: [2], view: 'expanded' } },
      { tensor: { shape: [2], fill: 'positive' } },
      false,
      0.1,
      1e-5,
      false,
    ],
    hasBackward: true,
  },
  {
    operator: 'col2im',
    args: [x([2, 12, 25]), [6, 6], [2, 2], [1, 1], [0, 2 ** 31], [1, 1]],
    error: 'RangeError: Cannot run col2im: expected elements of "padding" up to 2147483647, got 2147483648',
  },
  {
    operator: '_upsample_bilinear2d_aa',
    args: [x([2, 3, 5, 4]), [3, 5], false, absent, 1],
    error:
      'RangeError: Cannot run _upsample_bilinear2d_aa: expected an "output_size" of the input\'s times "scales_w", got 5 and 1.000000',
  },
  { operator: 'sgn', args: [leaf([3])], hasBackward: true },
  { operator: 'l1_loss', args: [leaf([3]), leaf([3])], hasBackward: true },
];
