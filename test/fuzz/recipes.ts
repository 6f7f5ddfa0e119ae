// What the operators of each family need to run at all: related shapes, dtypes and values. What a recipe does not name, `arguments.ts` fills in.
// Past 300 lines because it is a table: a family a row.

import type { Context } from './arguments.ts';
import type { Fill, Spec } from './specs.ts';

type Recipe = (c: Context, key: string) => Readonly<Record<string, Spec>>;

/** Shapes of a batch of pictures: sizes in `n` dimensions. */
const spatial = (c: Context, n: number, low = 4, high = 8): number[] => c.sizes(n, low, high);
const dimsOf = (key: string): number => Number(/([123])d/.exec(key)?.[1] ?? 2);
const none: Spec = { strange: 'undefined' };
const list = (...tensors: Spec[]): Spec => ({ tensors });
const matrix = (c: Context, fill: Fill = 'normal'): Spec => {
  const n = c.random.int(1, 4);
  return c.float([...c.shape.slice(2), n, n], fill);
};

/** Tried in order; the first that fits makes the arguments. */
const RECIPES: readonly (readonly [RegExp, Recipe])[] = [
  // Products.
  [/^(mm|hspmm|smm)$/, (c) => product(c, [], 'mat1 mat2 self mat2 mat1 mat2')],
  [/^(matmul|linalg_matmul)$/, (c) => product(c, [], 'self other')],
  [/^bmm$/, (c) => product(c, c.sizes(1), 'self mat2')],
  [/^(addmm|sspaddmm)_?$/, (c) => ({ ...sums(c, []), beta: c.maybe(1), alpha: c.maybe(2) })],
  [/^baddbmm_?$/, (c) => ({ ...sums(c, c.sizes(1), 'batch1 batch2'), beta: c.maybe(1), alpha: c.maybe(2) })],
  [
    /^addbmm_?$/,
    (c) => {
      const [b, m, k, n] = c.sizes(4) as [number, number, number, number];
      return { self: c.float([m, n]), batch1: c.float([b, m, k]), batch2: c.float([b, k, n]) };
    },
  ],
  [
    /^addmv_?$/,
    (c) => {
      const [m, k] = c.sizes(2) as [number, number];
      return { self: c.tensor([m]), mat: c.tensor([m, k]), vec: c.tensor([k]) };
    },
  ],
  [
    /^addr_?$/,
    (c) => {
      const [m, n] = c.sizes(2) as [number, number];
      return { self: c.tensor([m, n]), vec1: c.tensor([m]), vec2: c.tensor([n]) };
    },
  ],
  [
    /^mv$/,
    (c) => {
      const [m, k] = c.sizes(2) as [number, number];
      return { self: c.tensor([m, k]), vec: c.tensor([k]) };
    },
  ],
  [
    /^(dot|vdot|ger|outer)$/,
    (c) => {
      const n = c.sizes(1);
      return { self: c.tensor(n), other: c.tensor(n), tensor: c.tensor(n), vec2: c.tensor(n) };
    },
  ],
  [
    /^(chain_matmul|linalg_multi_dot)$/,
    (c) => {
      const [m, k, n] = c.sizes(3) as [number, number, number];
      const all = list(c.float([m, k]), c.float([k, n]), c.float([n, m]));
      return { matrices: all, tensors: all };
    },
  ],
  [
    /^linear$/,
    (c) => {
      const [i, o] = c.sizes(2, 1, 20) as [number, number];
      return { input: c.float([...c.shape.slice(1), i]), weight: c.float([o, i]), bias: c.maybe(c.float([o])) };
    },
  ],
  [
    /^bilinear$/,
    (c) => {
      const [b, i, j, o] = c.sizes(4) as [number, number, number, number];
      return {
        input1: c.float([b, i]),
        input2: c.float([b, j]),
        weight: c.float([o, i, j]),
        bias: c.maybe(c.float([o])),
      };
    },
  ],
  [
    /^einsum$/,
    (c) => {
      const [i, j, k] = c.sizes(3) as [number, number, number];
      return {
        equation: c.random.pick(['ij,jk->ik', 'ij,jk', 'ij,jk->', '...j,jk']),
        tensors: list(c.tensor([i, j]), c.tensor([j, k])),
        path: none,
      };
    },
  ],
  [
    /^tensordot$/,
    (c) => {
      const [i, j, k] = c.sizes(3) as [number, number, number];
      return { self: c.float([i, j]), other: c.float([j, k]), dims_self: [1], dims_other: [0] };
    },
  ],
  [/^(cross|linalg_cross)$/, (c) => ({ self: c.tensor([2, 3]), other: c.tensor([2, 3]), dim: -1 })],
  [
    /^cdist$/,
    (c) => ({
      x1: c.float([3, 4]),
      x2: c.float([2, 4]),
      p: c.random.pick([0, 1, 2, 3, 1.5]),
      compute_mode: c.maybe(c.random.int(0, 2)),
    }),
  ],
  [/^pdist$/, (c) => ({ self: c.float(c.sizes(2)), p: c.random.pick([0, 1, 2, 3]) })],
  [/^kron$/, (c) => ({ self: c.tensor(c.sizes(2)), other: c.tensor(c.sizes(2)) })],
  [/^linalg_vecdot$/, (c) => ({ x: c.float(c.shape), y: c.float(c.shape), dim: c.maybe(-1) })],
  // Matrices.
  [/^(cholesky|cholesky_inverse|linalg_cholesky|linalg_cholesky_ex)$/, (c) => ({ self: matrix(c, 'definite') })],
  [/^(cholesky_solve)$/, (c) => ({ self: c.float([3, 2]), input2: c.float([3, 3], 'definite') })],
  [
    /^(linalg_solve|linalg_solve_ex|linalg_lu_solve|linalg_ldl_solve|lu_solve|triangular_solve|linalg_solve_triangular)$/,
    (c) => {
      const dtype = c.floating === 'float64' ? 'float64' : 'float32';
      const a = c.tensor([3, 3], 'definite', dtype);
      const b = c.tensor([3, 2], 'normal', dtype);
      const pivots: Spec = { tensor: { shape: [3], dtype: 'int32', fill: [1, 2, 3] } };
      return { A: a, B: b, LU: a, LD: a, pivots, self: b, LU_data: a, LU_pivots: pivots, left: c.maybe(true) };
    },
  ],
  [
    /^lu_unpack$/,
    (c) => ({ LU_data: c.float([3, 3]), LU_pivots: { tensor: { shape: [3], dtype: 'int32', fill: [1, 2, 3] } } }),
  ],
  [
    /^(orgqr|linalg_householder_product)$/,
    (c) => ({ self: c.float([4, 3]), input: c.float([4, 3]), input2: c.float([3]), tau: c.float([3]) }),
  ],
  [/^ormqr$/, (c) => ({ self: c.float([4, 3]), input2: c.float([3]), input3: c.float([4, 2]), left: true })],
  [
    /^linalg_lstsq$/,
    (c) => ({
      self: c.float([4, 3]),
      b: c.float([4, 2]),
      driver: c.maybe(c.random.pick(['gels', 'gelsy', 'gelsd', 'gelss'])),
      rcond: none,
    }),
  ],
  [/^linalg_tensorinv$/, (c) => ({ self: c.tensor([4, 6, 8, 3], 'normal', 'float32'), ind: 2 })],
  [
    /^linalg_tensorsolve$/,
    (c) => ({
      self: c.tensor([2, 3, 6], 'normal', 'float32'),
      other: c.tensor([2, 3], 'normal', 'float32'),
      dims: none,
    }),
  ],
  [
    /^linalg_(det|slogdet|inv|inv_ex|eig|eigvals|eigh|eigvalsh|matrix_exp|ldl_factor|ldl_factor_ex|lu|lu_factor|lu_factor_ex)$/,
    (c) => ({ self: matrix(c, 'definite'), A: matrix(c, 'definite') }),
  ],
  [
    /^(det|slogdet|logdet|inverse|matrix_exp|matrix_power|linalg_matrix_power|trace)$/,
    (c) => ({ self: matrix(c, 'definite'), n: c.random.int(-2, 5) }),
  ],
  [
    /^(svd|qr|geqrf|pinverse|linalg_(svd|svdvals|qr|pinv|matrix_rank|cond|matrix_norm)|nuclear_norm)$/,
    (c, key) => ({
      self: c.float(
        [...c.shape.slice(3), 3, c.random.int(1, 4)].map((n, i, all) =>
          /cond/.test(key) && i === all.length - 1 ? 3 : n,
        ),
      ),
      A: c.float(c.sizes(2)),
      dim: key.includes('.') || /nuclear/.test(key) ? [-2, -1] : none,
      mode: 'reduced',
      p: /str/.test(key) ? 'fro' : c.maybe(2),
      ord: c.maybe(/str/.test(key) ? 'fro' : 2),
      tol: /tensor/.test(key) ? c.float([]) : 0.1,
      rcond: c.maybe(/tensor/.test(key) ? c.float([]) : 0.1),
      atol: none,
      rtol: none,
    }),
  ],
  [
    /^(linalg_norm|linalg_vector_norm|norm|frobenius_norm)$/,
    (c, key) => ({
      self: c.float(/str/.test(key) || /frob/.test(key) ? [3, 2] : c.shape),
      ord: /str/.test(key) ? 'fro' : c.random.pick([0, 1, 2, 3]),
      p: c.random.pick([0, 1, 2, 3]),
      dim:
        key === 'frobenius_norm.dim'
          ? [0, 1]
          : /names/.test(key)
            ? none
            : c.random.chance(0.5)
              ? [c.dim].slice(c.shape.length ? 0 : 1)
              : [],
      dtype: /dtype/.test(key) ? { dtype: 'float32' } : none,
    }),
  ],
  [/^(linalg_vander|vander)$/, (c) => ({ x: c.tensor(c.sizes(1)) })],
  [
    /^(linalg_diagonal|diagonal|diagonal_copy|diagonal_scatter|diag_embed|diag|diagflat)$/,
    (c, key) => {
      const numDims = key === 'diag' ? 1 : 3;
      return {
        self: c.tensor([3, 3, 3].slice(0, numDims)),
        A: c.tensor([3, 3, 3]),
        src: c.tensor([3, 3]),
        offset: 0,
        dim1: 0,
        dim2: key === 'diag_embed' ? 2 : 1,
      };
    },
  ],
  [
    /^(tril|triu)(_|_indices)?$/,
    (c) => ({
      self: c.tensor(c.sizes(c.random.int(2, 3))),
      row: c.random.int(0, 5),
      col: c.random.int(0, 5),
      dtype: none,
    }),
  ],
  [/^(numpy_T|matrix_H|t|t_copy|t_|mT|mH|adjoint)$/, (c) => ({ self: c.tensor(c.sizes(2)) })],
  // Convolutions.
  [/^(conv_transpose|slow_conv_transpose)[123]d$/, (c, key) => convolution(c, dimsOf(key), true)],
  [
    /^(conv|slow_conv|slow_conv_dilated|conv_depthwise|thnn_conv)[123]d$/,
    (c, key) => convolution(c, dimsOf(key), false),
  ],
  [/^(convolution|mkldnn_convolution)$/, (c) => convolution(c, c.random.int(1, 3), false)],
  [/^conv_tbc$/, (c) => ({ self: c.float([5, 2, 3]), weight: c.float([2, 3, 4]), bias: c.float([4]), pad: 1 })],
  [
    /^(im2col)$/,
    (c) => ({ self: c.float([2, 3, 6, 6]), kernel_size: [2, 2], dilation: [1, 1], padding: [0, 0], stride: [1, 1] }),
  ],
  [
    /^(col2im)$/,
    (c) => ({
      self: c.float([2, 12, 25]),
      output_size: [6, 6],
      kernel_size: [2, 2],
      dilation: [1, 1],
      padding: [0, 0],
      stride: [1, 1],
    }),
  ],
  // Pools and pictures.
  [
    /^(max_unpool)[23]d$/,
    (c, key) => {
      const n = dimsOf(key);
      const shape = [2, 3, ...spatial(c, n, 2, 3)];
      const output = spatial(c, n, 4, 6);
      return {
        self: c.float(shape),
        indices: c.index(
          shape,
          output.reduce((a, b) => a * b),
        ),
        output_size: output,
        stride: c.sizes(n, 2, 2),
        padding: c.sizes(n, 0, 0),
      };
    },
  ],
  [
    /^fractional_max_pool[23]d$/,
    (c, key) => {
      const n = dimsOf(key);
      return {
        self: c.float([2, 3, ...spatial(c, n)]),
        kernel_size: c.sizes(n, 1, 2),
        output_size: c.sizes(n, 2, 3),
        random_samples: c.random.chance(0.2)
          ? { tensor: { shape: [2, 3, n], fill: [3e7, 0.5, -1, 2e8] } }
          : c.float([2, 3, n], 'unit'),
      };
    },
  ],
  [
    /adaptive_\w+_pool[123]d$/,
    (c, key) => ({ self: c.float([2, 3, ...spatial(c, dimsOf(key))]), output_size: c.sizes(dimsOf(key)) }),
  ],
  [
    /(avg|max)_pool[123]d(_with_indices)?$/,
    (c, key) => {
      const n = dimsOf(key);
      return {
        self: /quantized/.test(key)
          ? c.tensor([2, 3, ...spatial(c, n)], 'normal', 'uint8')
          : c.float([2, 3, ...spatial(c, n)]),
        kernel_size: c.sizes(n, 2, 3),
        stride: c.maybe(c.sizes(n, 1, 2)),
        padding: c.maybe(c.sizes(n, 0, 1)),
        dilation: c.maybe(c.sizes(n, 1, 2)),
        divisor_override: c.maybe(3, 0.2),
      };
    },
  ],
  [
    /upsample/,
    (c, key) => {
      const n = dimsOf(key);
      const isScaled = c.random.chance(0.3);
      const factors = Array.from({ length: n }, () => 2);
      return {
        self: c.float([2, 3, ...spatial(c, n, 2, 5)]),
        input: c.float([2, 3, ...spatial(c, n, 2, 5)]),
        output_size: isScaled && key.endsWith('.vec') ? none : spatial(c, n, 3, 9),
        scale_factors: isScaled ? factors : none,
        scales: none,
        scales_h: none,
        scales_w: none,
        scales_d: none,
      };
    },
  ],
  [
    /^(grid_sampler|grid_sampler_[23]d)$/,
    (c, key) => {
      const n = /3d/.test(key) ? 3 : 2;
      const dtype = c.random.pick(['float32', 'float64'] as const);
      return {
        input: c.tensor([2, 3, ...spatial(c, n)], 'normal', dtype),
        grid: c.tensor([2, ...spatial(c, n, 2, 4), n], 'normal', dtype),
        interpolation_mode: c.random.int(0, n === 3 ? 1 : 2),
        padding_mode: c.random.int(0, 2),
        align_corners: c.random.chance(0.5),
      };
    },
  ],
  [
    /^affine_grid_generator$/,
    (c) => ({ theta: c.float([2, 2, 3]), size: [2, 3, 4, 5], align_corners: c.random.chance(0.5) }),
  ],
  [/^pixel_shuffle$/, (c) => ({ self: c.tensor([2, 4, 3, 3]), upscale_factor: 2 })],
  [/^pixel_unshuffle$/, (c) => ({ self: c.tensor([2, 1, 4, 4]), downscale_factor: 2 })],
  [/channel_shuffle$/, (c) => ({ self: c.tensor([2, 4, 3, 3]), groups: 2 })],
  [
    /^(reflection|replication)_pad[123]d$/,
    (c, key) => ({ self: c.float([2, 3, ...spatial(c, dimsOf(key), 3, 5)]), padding: c.sizes(2 * dimsOf(key), 0, 2) }),
  ],
  [/^(constant_pad_nd|pad)$/, (c) => ({ self: c.tensor([2, 3, 4]), pad: c.sizes(2, 0, 2) })],
  // Normalization and activations.
  [
    /^(batch_norm|native_batch_norm|instance_norm|cudnn_batch_norm|quantized_batch_norm|batch_norm_update_stats|batch_norm_stats|batch_norm_elemt|batch_norm_gather_stats|batch_norm_gather_stats_with_counts|batch_norm_backward\w+)$/,
    (c) => {
      const n = c.random.int(1, 4);
      const input = c.float([3, n, ...c.shape.slice(0, 2)]);
      const track = c.random.chance(0.6);
      return {
        input,
        weight: c.maybe(c.float([n])),
        bias: c.maybe(c.float([n])),
        running_mean: track ? c.float([n]) : none,
        running_var: track ? c.float([n], 'positive') : none,
        training: c.random.chance(0.7),
        use_input_stats: c.random.chance(0.7),
        momentum: 0.1,
        eps: 1e-5,
        mean: c.float([n]),
        invstd: c.float([n]),
      };
    },
  ],
  [
    /^(layer_norm|native_layer_norm|rms_norm)$/,
    (c) => {
      const shape = c.sizes(c.random.int(1, 2));
      return {
        input: c.float([...c.shape.slice(2), ...shape]),
        normalized_shape: shape,
        weight: c.maybe(c.float(shape)),
        bias: c.maybe(c.float(shape)),
        eps: 1e-5,
      };
    },
  ],
  [
    /^group_norm$/,
    (c) => ({
      input: c.float([2, 4, ...c.shape.slice(0, 2)]),
      num_groups: 2,
      weight: c.maybe(c.float([4])),
      bias: c.maybe(c.float([4])),
    }),
  ],
  [
    /^native_group_norm$/,
    (c) => ({
      input: c.float([2, 4, 3]),
      weight: c.maybe(c.float([4])),
      bias: c.maybe(c.float([4])),
      N: 2,
      C: 4,
      HxW: 3,
      group: 2,
      eps: 1e-5,
    }),
  ],
  [/^prelu$/, (c) => ({ self: c.float([2, 3, 4]), weight: c.float(c.random.pick([[1], [3]])) })],
  [/^rrelu_with_noise_?$/, (c) => ({ self: c.float([2, 3]), noise: c.float([2, 3]), lower: 0.1, upper: 0.3 })],
  [/^rrelu_?$/, (c) => ({ self: c.float(c.shape), lower: 0.1, upper: 0.3 })],
  [/^glu$/, (c) => ({ self: c.float([2, 4]), dim: c.maybe(-1) })],
  [
    /^(feature_dropout|feature_alpha_dropout|dropout|alpha_dropout|native_dropout)_?$/,
    (c) => ({ input: c.float([2, 3, 4]), self: c.float([2, 3, 4]), p: c.random.pick([0, 0.5, 1]) }),
  ],
  [
    /^scaled_dot_product_attention$/,
    (c) => {
      const [b, h, l, s, e] = c.sizes(5) as [number, number, number, number, number];
      const isCausal = c.random.chance(0.3);
      return {
        query: c.float([b, h, l, e]),
        key: c.float([b, h, s, e]),
        value: c.float([b, h, s, e]),
        attn_mask: isCausal ? none : c.maybe(c.random.chance(0.5) ? c.tensor([l, s], 'unit', 'bool') : c.float([l, s])),
        is_causal: isCausal,
        dropout_p: 0,
        enable_gqa: none,
        scale: none,
      };
    },
  ],
  // Recurrent layers.
  [
    /^(lstm_cell|gru_cell|rnn_tanh_cell|rnn_relu_cell)$/,
    (c, key) => {
      const gates = key.startsWith('lstm') ? 4 : key.startsWith('gru') ? 3 : 1;
      const hx = c.tensor([2, 3], 'normal', 'float32');
      return {
        input: c.tensor([2, 4], 'normal', 'float32'),
        hx: gates === 4 ? list(hx, hx) : hx,
        w_ih: c.tensor([3 * gates, 4], 'normal', 'float32'),
        w_hh: c.tensor([3 * gates, 3], 'normal', 'float32'),
        b_ih: c.maybe(c.tensor([3 * gates], 'normal', 'float32')),
        b_hh: none,
      };
    },
  ],
  [/^(lstm|gru|rnn_tanh|rnn_relu)$/, recurrent],
  // Losses.
  [
    /^(nll_loss|nll_loss2d|nll_loss_nd|cross_entropy_loss)$/,
    (c, key) => {
      const rest = /2d/.test(key) ? [3, 2] : c.random.chance(0.5) ? [] : /nd|cross/.test(key) ? c.sizes(1) : [];
      return {
        self: c.float([2, 4, ...rest]),
        target: c.index([2, ...rest], 4),
        weight: c.maybe(c.float([4], 'positive')),
        ignore_index: c.maybe(c.random.pick([-100, 0, 3])),
        label_smoothing: c.maybe(0.1),
      };
    },
  ],
  [
    /^ctc_loss$/,
    (c, key) => {
      const lengths = (values: readonly number[]): Spec =>
        /IntList/.test(key) ? [...values] : { tensor: { shape: [values.length], dtype: 'int64', fill: values } };
      return {
        log_probs: c.tensor([6, 2, 4], 'normal', c.random.pick(['float32', 'float64'])),
        targets: c.tensor([2, 3], [1, 2, 3, 1, 3, 2], 'int64'),
        input_lengths: lengths([6, 5]),
        target_lengths: lengths([3, 2]),
        blank: c.maybe(0),
      };
    },
  ],
  [
    /^multi_margin_loss$/,
    (c) => ({
      self: c.float([3, 4]),
      target: c.index([3], 4),
      weight: c.maybe(c.float([4], 'positive')),
      p: c.random.pick([1, 2]),
    }),
  ],
  [/^multilabel_margin_loss$/, (c) => ({ self: c.float([3, 4]), target: c.tensor([3, 4], [0, 2, -1, 1], 'int64') })],
  [
    /^cosine_embedding_loss$/,
    (c) => ({ input1: c.float([3, 4]), input2: c.float([3, 4]), target: c.float([3], 'ones') }),
  ],
  [/^margin_ranking_loss$/, (c) => ({ input1: c.float([3]), input2: c.float([3]), target: c.float([3], 'ones') })],
  [/^triplet_margin_loss$/, (c) => ({ anchor: c.float([3, 4]), positive: c.float([3, 4]), negative: c.float([3, 4]) })],
  [
    /^binary_cross_entropy(_with_logits)?$/,
    (c) => ({ self: c.float(c.shape, 'unit'), target: c.float(c.shape, 'unit'), weight: none, pos_weight: none }),
  ],
  [
    /^(mse_loss|l1_loss|smooth_l1_loss|huber_loss|soft_margin_loss|kl_div|poisson_nll_loss|hinge_embedding_loss|pairwise_distance|cosine_similarity)$/,
    (c) => {
      const shape = [...c.shape.slice(1), 3];
      return {
        self: c.float(shape),
        target: c.float(shape),
        input: c.float(shape),
        x1: c.float(shape),
        x2: c.float(shape),
        delta: c.maybe(1),
        dim: c.maybe(-1),
      };
    },
  ],
  // Embeddings and indices.
  [
    /^embedding$/,
    (c) => ({
      weight: c.float([5, 3]),
      indices: c.index(c.sizes(c.random.int(1, 2)), 5, c.random.pick(['int64', 'int32'])),
      padding_idx: c.maybe(c.random.int(-1, 4)),
    }),
  ],
  [/^embedding_renorm_$/, (c) => ({ self: c.float([5, 3]), indices: c.index([4], 5), max_norm: 1, norm_type: 2 })],
  [
    /^_?embedding_bag$/,
    (c) => {
      const mode = c.random.int(0, 2);
      const isWhole = c.random.chance(0.3);
      const dtype = c.random.pick(['int64', 'int64', 'int32'] as const);
      return {
        weight: c.float([5, 3]),
        indices: c.index([6], 5, dtype),
        offsets: isWhole ? c.tensor([3], [0, 2, 6], dtype) : c.tensor([3], [0, 2, 5], dtype),
        mode,
        per_sample_weights: mode === 0 ? c.maybe(c.float([6])) : none,
        include_last_offset: isWhole ? true : c.maybe(false),
        padding_idx: c.maybe(c.random.int(0, 4)),
        scale_grad_by_freq: c.maybe(c.random.chance(0.5)),
        sparse: c.maybe(c.random.chance(0.3)),
      };
    },
  ],
  [
    /^(gather|scatter|scatter_add|scatter_reduce)_?$/,
    (c, key) => {
      const shape = c.shape.length === 0 ? [2] : c.shape;
      const length = shape[c.dim] ?? 1;
      const isReduced = /reduce/.test(key);
      return {
        self: c.tensor(shape),
        dim: c.dim,
        index: c.index(shape, length),
        src: c.tensor(shape),
        value: 1,
        reduce:
          /^scatter_?\./.test(key) && isReduced
            ? c.random.pick(['add', 'multiply'])
            : c.random.pick(['sum', 'prod', 'mean', 'amax', 'amin']),
      };
    },
  ],
  [
    /^(index_add|index_copy|index_reduce|index_select|index_fill)_?$/,
    (c, key) => {
      const shape = c.shape.length === 0 ? [3] : c.shape;
      const length = shape[c.dim]!;
      const isOnce = /copy|fill/.test(key);
      const source = shape.map((size, i) => (i === c.dim ? (isOnce ? 1 : 2) : size));
      return {
        self: c.tensor(shape),
        dim: c.dim,
        index: c.index([source[c.dim]!], length),
        source: c.tensor(source),
        value: /Tensor/.test(key) ? c.tensor([]) : 1,
        reduce: c.random.pick(['prod', 'mean', 'amax', 'amin']),
      };
    },
  ],
  [
    /^(index|index_put)_?$/,
    (c) => {
      const shape = c.shape.length === 0 ? [3] : c.shape;
      const rows = c.index([2], shape[0]!);
      const indices =
        c.random.chance(0.5) || shape.length < 2
          ? list(rows)
          : list(c.random.chance(0.3) ? none : rows, c.index([2], shape[1]!));
      return { self: c.tensor(shape), indices, values: c.tensor([]), accumulate: c.random.chance(0.5) };
    },
  ],
  [
    /^(take|put_?|take_along_dim)$/,
    (c, key) => {
      const count = c.shape.reduce((a, b) => a * b, 1);
      const shape = /along/.test(key) ? c.shape : [3];
      return {
        self: c.tensor(c.shape),
        index: c.index(shape, count),
        indices: c.index(shape, c.length),
        source: c.tensor(shape),
        dim: c.dim,
      };
    },
  ],
  [
    /^(masked_fill|masked_scatter|masked_select)_?$/,
    (c, key) => ({
      self: c.tensor(c.shape),
      mask: c.tensor(c.shape, 'unit', 'bool'),
      source: c.tensor(c.shape),
      value: /Tensor/.test(key) ? c.tensor([]) : 1,
    }),
  ],
  [
    /^(select|select_copy|select_scatter|slice|slice_copy|slice_scatter|slice_inverse|narrow|narrow_copy)$/,
    (c, key) => {
      const shape = c.shape.length === 0 ? [3] : c.shape;
      const isSelect = /select/.test(key);
      return {
        self: c.tensor(shape),
        src: c.tensor(isSelect ? shape.filter((_, i) => i !== c.dim) : shape),
        dim: c.dim,
        index: 0,
        start: /Tensor/.test(key)
          ? { tensor: { shape: [], dtype: 'int64', fill: 'zeros' } }
          : isSelect
            ? 0
            : /narrow/.test(key)
              ? 0
              : c.maybe(0),
        end: none,
        step: c.maybe(1),
        length: Math.min(1, shape[c.dim]!),
      };
    },
  ],
  [
    /^(searchsorted|bucketize)$/,
    (c, key) => ({
      sorted_sequence: c.tensor([6], 'sorted'),
      boundaries: c.tensor([6], 'sorted'),
      self: /Scalar/.test(key) ? 1 : c.tensor([4]),
      side: c.maybe('right', 0.2),
      right: none,
      sorter: c.maybe(c.tensor([6], [0, 1, 2, 3, 4, 5], 'int64'), 0.3),
    }),
  ],
  [
    /^(histc|histogram|histogramdd)$/,
    (c, key) => {
      const isDD = /dd/.test(key);
      const edges = (): Spec => c.float([4], 'sorted');
      return {
        self: c.float(isDD ? [5, 2] : c.shape),
        bins: /TensorList|bins_tensor/.test(key)
          ? isDD
            ? list(edges(), edges())
            : edges()
          : isDD && /int_bins/.test(key)
            ? 3
            : isDD
              ? [3, 2]
              : 4,
        range: none,
        weight: none,
        min: none,
        max: none,
      };
    },
  ],
  [/^bincount$/, (c) => ({ self: c.index([5], 6), weights: c.maybe(c.float([5])), minlength: c.maybe(3) })],
  [/^one_hot$/, (c) => ({ self: c.index(c.shape, 4), num_classes: c.random.pick([-1, 4, 6]) })],
  [
    /^segment_reduce$/,
    (c) => ({
      data: c.float([5, 2]),
      reduce: c.random.pick(['sum', 'mean', 'max', 'min', 'prod']),
      lengths: c.tensor([2], [2, 3], 'int64'),
      indices: none,
      offsets: none,
      axis: 0,
      unsafe: c.maybe(c.random.chance(0.3)),
      initial: none,
    }),
  ],
  [
    /^repeat_interleave$/,
    (c, key) => ({
      self: c.tensor(c.shape),
      repeats: /int/.test(key) ? 2 : c.tensor([/self/.test(key) ? c.length : 3], 'ones', 'int64'),
      dim: c.dim,
      output_size: none,
    }),
  ],
  [
    /^(isin)$/,
    (c, key) => ({
      elements: c.tensor(c.shape),
      test_elements: c.tensor([3]),
      element: 1,
      test_element: /Tensor_Scalar/.test(key) ? 1 : c.tensor([]),
    }),
  ],
  [
    /^(multinomial)$/,
    (c) => ({ self: c.float([3, 5], 'positive'), num_samples: 2, replacement: c.random.chance(0.5) }),
  ],
  [
    /^(bernoulli|bernoulli_)$/,
    (c) => ({ self: c.float(c.shape, 'unit'), p: /Tensor/.test(c.key) ? c.float(c.shape, 'unit') : 0.5 }),
  ],
  [/^binomial$/, (c) => ({ count: c.float(c.shape, 'ones'), prob: c.float(c.shape, 'unit') })],
  [
    /^(poisson|log_normal_|exponential_|geometric_|cauchy_|normal_|uniform_|normal)$/,
    (c, key) => {
      const mean = /Tensor_|float_float/.test(key) && !/float_float/.test(key) ? c.float(c.shape) : 0.5;
      return {
        self: c.float(c.shape, 'positive'),
        mean: key === 'normal.Tensor_Tensor' || key === 'normal.Tensor_float' ? c.float(c.shape) : mean,
        std: /_Tensor$/.test(key) ? c.float(c.shape, 'positive') : 1,
        p: 0.5,
        lambd: 1,
        from: 0,
        to: 1,
        size: [2, 3],
        dtype: none,
        sigma: 1,
        median: 0,
      };
    },
  ],
  [
    /^(random_|randint|randint_like)$/,
    (c) => ({ self: c.tensor(c.shape), low: 0, high: 5, from: 0, to: 5, size: [2, 3], dtype: none }),
  ],
  // Shapes.
  [
    /^(as_strided)(_|_copy|_scatter)?$/,
    (c) => ({
      self: c.tensor([4, 5]),
      src: c.tensor([2, 3]),
      size: [2, 3],
      stride: [c.random.int(0, 5), c.random.int(0, 2)],
      storage_offset: c.maybe(c.random.int(0, 3)),
    }),
  ],
  [
    /^(view|reshape|view_copy|reshape_as|view_as)$/,
    (c, key) => ({
      self: c.tensor([2, 6]),
      size: c.random.pick([[3, 4], [12], [-1], [2, -1, 3]]),
      shape: c.random.pick([[3, 4], [-1]]),
      other: c.tensor([3, 4]),
      dtype: { dtype: /dtype/.test(key) ? c.random.pick(['float32', 'int32', 'uint8', 'float64']) : 'float32' },
    }),
  ],
  [
    /^(expand|expand_copy|broadcast_to|expand_as)$/,
    (c) => ({ self: c.tensor(c.shape), size: [2, ...c.shape], other: c.tensor([2, ...c.shape]) }),
  ],
  [/^sum_to_size$/, (c) => ({ self: c.tensor(c.shape), size: c.shape.map(() => 1) })],
  [
    /^(permute|permute_copy)$/,
    (c) => ({ self: c.tensor(c.shape), dims: c.shape.map((_, i) => c.shape.length - 1 - i) }),
  ],
  [
    /^(movedim|moveaxis)$/,
    (c, key) => ({
      self: c.tensor([2, 3, 4]),
      source: /int$/.test(key) ? 0 : [0, 1],
      destination: /int$/.test(key) ? 2 : [1, 2],
    }),
  ],
  [
    /^(flatten|unflatten)$/,
    (c) => ({ self: c.tensor([2, 6]), dim: 1, sizes: [2, 3], start_dim: c.maybe(0), end_dim: c.maybe(-1) }),
  ],
  [/^(rot90|roll|flip)$/, (c) => ({ self: c.tensor([2, 3, 4]), dims: [0, 1], shifts: [1, 2], k: c.random.int(-3, 5) })],
  [
    /^(fliplr|flipud|hsplit|vsplit|dsplit|tensor_split|chunk|split|split_copy|split_with_sizes|split_with_sizes_copy|unsafe_\w+)$/,
    (c, key) => {
      const pieces: Spec = /tensor_indices/.test(key) ? { tensor: { shape: [1], dtype: 'int64', fill: [1] } } : [1, 3];
      const isOne = /int|sections/.test(key) && !/tensor_/.test(key);
      return {
        self: c.tensor([4, 4, 4]),
        indices: pieces,
        sections: 2,
        indices_or_sections: isOne ? 2 : pieces,
        tensor_indices_or_sections: pieces,
        split_sizes: [1, 3],
        split_size: /sizes/.test(key) ? [1, 3] : 2,
        chunks: 2,
        dim: c.maybe(0),
      };
    },
  ],
  [
    /^(cat|concat|concatenate|stack|hstack|vstack|dstack|column_stack|row_stack|block_diag|broadcast_tensors|meshgrid|cartesian_prod|atleast_[123]d|pad_sequence|flatten_dense_tensors)$/,
    (c, key) => {
      const shape = /cartesian|meshgrid/.test(key)
        ? c.sizes(1)
        : /block_diag/.test(key)
          ? c.sizes(2)
          : c.shape.length === 0
            ? [2]
            : c.shape;
      const tensors = list(c.tensor(shape), c.tensor(shape), c.tensor(shape));
      return { tensors, sequences: tensors, self: c.tensor(shape), dim: c.maybe(c.dim) };
    },
  ],
  [/^unflatten_dense_tensors$/, (c) => ({ flat: c.tensor([6]), tensors: list(c.tensor([2]), c.tensor([4])) })],
  [
    /^(repeat|tile)$/,
    (c) => ({ self: c.tensor(c.shape), repeats: c.sizes(Math.max(c.shape.length, 1), 1, 2), dims: c.sizes(2, 1, 2) }),
  ],
  [
    /^(squeeze|squeeze_copy|squeeze_)$/,
    (c, key) => ({ self: c.tensor([1, ...c.shape]), dim: /dims/.test(key) ? [0] : 0 }),
  ],
  [
    /^(unfold|unfold_copy)$/,
    (c) => ({ self: c.tensor([6, 4]), dimension: 0, size: c.random.int(1, 3), step: c.random.int(1, 2) }),
  ],
  [/^fill_diagonal_$/, (c) => ({ self: c.tensor([3, 3]), fill_value: 1 })],
  [/^combinations$/, (c) => ({ self: c.tensor([5]), r: c.maybe(c.random.int(0, 3)) })],
  [
    /^(resize_|resize_as_)$/,
    (c) => ({ self: withoutGrad(c.tensor(c.shape)), size: c.sizes(2, 0, 6), the_template: c.tensor(c.sizes(2)) }),
  ],
  [/^(empty_strided|new_empty_strided)$/, (c) => ({ self: c.tensor([2]), size: [2, 3], stride: [3, 1], dtype: none })],
  [/^empty_permuted$/, () => ({ size: [2, 3], physical_layout: [1, 0], dtype: none })],
  [
    /^(arange|range|linspace|logspace)$/,
    (c, key) => ({
      start: /Tensor_/.test(key) ? c.float([]) : 0,
      end: /_Tensor|Tensor_Tensor/.test(key) ? c.float([]) : 5,
      step: 1,
      steps: c.random.int(0, 6),
      dtype: none,
    }),
  ],
  [
    /^(full|full_like|new_full|fill|fill_)$/,
    (c, key) => ({
      self: c.tensor(c.shape),
      size: [2, 3],
      fill_value: 1,
      value: /Tensor/.test(key) ? c.tensor([]) : 1,
      dtype: none,
    }),
  ],
  [
    /(_like|^zeros|^ones|^rand|^randn|^empty|^eye|^new_\w+|^randperm|_window|^scalar_tensor)$/,
    (c) => ({
      self: c.tensor(c.shape),
      size: c.sizes(2),
      n: c.random.int(0, 6),
      m: c.random.int(0, 6),
      window_length: c.random.int(1, 8),
      dtype: c.maybe({ dtype: 'float32' }, 0.3),
      s: 1,
    }),
  ],
  [
    /^(diff|gradient|trapezoid|trapz|cumulative_trapezoid)$/,
    (c, key) => ({
      self: c.float([5, 4]),
      y: c.float([5, 4]),
      x: c.float([5, 4], 'sorted'),
      dim: /gradient\.\w*array/.test(key) ? [0, 1] : /trap/.test(key) ? -1 : c.maybe(0),
      spacing: /tensorarray/.test(key)
        ? /\.tensorarrayint/.test(key)
          ? list(c.float([5]))
          : list(c.float([5]), c.float([4]))
        : /array/.test(key)
          ? [1, 2]
          : 1,
      edge_order: c.maybe(1),
      n: c.maybe(1),
      prepend: none,
      append: none,
    }),
  ],
  // Complex numbers, Fourier transforms.
  [
    /^(complex|polar)$/,
    (c) => ({
      real: c.tensor(c.shape, 'normal', 'float32'),
      imag: c.tensor(c.shape, 'normal', 'float32'),
      abs: c.tensor(c.shape, 'positive', 'float32'),
      angle: c.tensor(c.shape, 'normal', 'float32'),
    }),
  ],
  [/^view_as_complex/, (c) => ({ self: c.tensor([...c.shape, 2], 'normal', 'float32') })],
  [/^(view_as_real|imag)/, (c) => ({ self: c.tensor(c.shape, 'normal', 'complex64') })],
  [
    /^stft$/,
    (c) => ({
      self: c.tensor([2, 40], 'normal', 'float32'),
      n_fft: 8,
      hop_length: c.maybe(4),
      win_length: c.maybe(8),
      window: c.maybe(c.tensor([8], 'ones', 'float32')),
      return_complex: true,
      normalized: c.random.chance(0.5),
      onesided: none,
      align_to_window: none,
      center: none,
      pad_mode: 'reflect',
    }),
  ],
  [
    /^istft$/,
    (c) => ({
      self: c.tensor([2, 5, 12], 'normal', 'complex64'),
      n_fft: 8,
      hop_length: c.maybe(2),
      win_length: none,
      window: { tensor: { shape: [8], fill: 'ones' } },
      onesided: none,
      length: none,
      center: none,
      return_complex: none,
    }),
  ],
  [/^fft_(fftfreq|rfftfreq)$/, (c) => ({ n: c.random.int(1, 9), d: 0.5, dtype: none })],
  [
    /^fft_/,
    (c, key) => {
      const shape = [...c.shape.slice(2), 3, 4];
      const isReal = /rfft|ihfft/.test(key) && !/irfft/.test(key);
      const isMany = /2$|n$/.test(key);
      return {
        self: c.tensor(shape, 'normal', isReal ? 'float32' : c.random.pick(['float32', 'complex64', 'float64'])),
        s: c.maybe([3, 4], 0.3),
        n: c.maybe(c.random.int(1, 6)),
        dim: isMany ? c.maybe([-2, -1], 0.3) : c.maybe(key.includes('shift') ? [-1] : -1),
        norm: c.maybe(c.random.pick(['ortho', 'forward', 'backward']), 0.3),
      };
    },
  ],
  // Sparse tensors.
  [
    /^sparse_coo_tensor$/,
    (c, key) => ({
      indices: c.tensor([2, 3], [0, 1, 2, 1, 0, 2], 'int64'),
      values: c.float([3]),
      size: /indices$/.test(key) ? none : [3, 3],
      dtype: none,
      layout: none,
      is_coalesced: c.maybe(c.random.chance(0.5), 0.3),
    }),
  ],
  [
    /^sparse_(csr|csc)_tensor$/,
    (c) => ({
      crow_indices: { tensor: { shape: [4], dtype: 'int64', fill: [0, 1, 2, 3] } },
      ccol_indices: { tensor: { shape: [4], dtype: 'int64', fill: [0, 1, 2, 3] } },
      col_indices: c.index([3], 3),
      row_indices: c.index([3], 3),
      values: c.float([3]),
      size: [3, 3],
      dtype: none,
      layout: none,
    }),
  ],
  [
    /^sparse_(bsr|bsc)_tensor$/,
    (c) => ({
      crow_indices: { tensor: { shape: [3], dtype: 'int64', fill: [0, 1, 2] } },
      ccol_indices: { tensor: { shape: [3], dtype: 'int64', fill: [0, 1, 2] } },
      col_indices: c.index([2], 2),
      row_indices: c.index([2], 2),
      values: c.float([2, 1, 1]),
      size: [2, 2],
      dtype: none,
      layout: none,
    }),
  ],
  [
    /^sparse_compressed_tensor$/,
    (c) => ({
      compressed_indices: { tensor: { shape: [4], dtype: 'int64', fill: [0, 1, 2, 3] } },
      plain_indices: c.index([3], 3),
      values: c.float([3]),
      size: [3, 3],
      dtype: none,
      layout: { layout: 'sparse_csr' },
    }),
  ],
  [/^to_sparse_(bsr|bsc)$/, (c) => ({ self: c.tensor([4, 4]), blocksize: [2, 2], dense_dim: none })],
  [
    /^(to_sparse|to_sparse_cs[rc])$/,
    (c) => ({
      self: c.tensor([4, 4]),
      sparse_dim: 2,
      layout: c.maybe({ layout: c.random.pick(['sparse_coo', 'sparse_csr', 'sparse_csc']) }),
      blocksize: none,
      dense_dim: none,
    }),
  ],
  [
    /^(ccol_indices|row_indices)/,
    (c) => ({ self: { tensor: { shape: [3, 3], layout: 'sparse_csc', seed: c.random.int(0, 9) } } }),
  ],
  [
    /^(crow_indices|col_indices)/,
    (c) => ({ self: { tensor: { shape: [3, 3], layout: 'sparse_csr', seed: c.random.int(0, 9) } } }),
  ],
  [
    /^(indices|values|coalesce|sparse_dim|dense_dim|is_coalesced|sparse_resize_|sparse_resize_and_clear_|sparse_mask|resize_as_sparse_|indices_copy|values_copy|to_dense)$/,
    (c) => {
      const sparse: Spec = { tensor: { shape: [3, 3], layout: 'sparse_coo', seed: c.random.int(0, 9) } };
      return {
        self: /mask/.test(c.key) ? c.tensor([3, 3], 'normal', 'float32') : sparse,
        mask: sparse,
        the_template: sparse,
        size: [3, 3],
        sparse_dim: 2,
        dense_dim: 0,
        dtype: none,
        masked_grad: none,
      };
    },
  ],
  // Integers.
  [
    /^(bitwise_\w+|gcd_?|lcm_?)$/,
    (c, key) => {
      const other = c.tensor(c.shape, 'positive', c.integer);
      return {
        self: key.endsWith('Scalar_Tensor') ? 3 : c.tensor(c.shape, 'positive', c.integer),
        other: /\.(Tensor_)?Scalar$/.test(key) ? 2 : other,
      };
    },
  ],
  // Quantization.
  [
    /^quantize_per_tensor/,
    (c, key) => ({
      self: key.endsWith('.tensors') ? none : c.tensor([4], 'normal', 'float32'),
      input: c.tensor([4], 'normal', 'float32'),
      scale: /tensor_q/.test(key) ? c.float([], 'positive') : 0.1,
      zero_point: 0,
      dtype: { dtype: 13 },
    }),
  ],
  [
    /^quantize_per_channel$/,
    (c) => ({
      self: c.tensor([2, 3], 'normal', 'float32'),
      scales: c.tensor([3], 'positive', 'float32'),
      zero_points: c.tensor([3], 'zeros', 'int64'),
      axis: 1,
      dtype: { dtype: 13 },
    }),
  ],
  [
    /^fake_quantize_per_channel_affine$/,
    (c) => ({
      self: c.tensor([2, 3], 'normal', 'float32'),
      scale: c.tensor([3], 'positive', 'float32'),
      zero_point: c.tensor([3], 'zeros', 'int32'),
      axis: 1,
      quant_min: 0,
      quant_max: 255,
    }),
  ],
  [
    /^fake_quantize_per_tensor_affine$/,
    (c, key) => ({
      self: c.tensor([2, 3], 'normal', 'float32'),
      scale: /tensor_q/.test(key) ? c.tensor([1], 'positive', 'float32') : 0.1,
      zero_point: /tensor_q/.test(key) ? c.tensor([1], 'zeros', 'int32') : 0,
      quant_min: 0,
      quant_max: 255,
    }),
  ],
  [
    /^fused_moving_avg_obs_fake_quant$/,
    (c) => {
      const isPerRow = c.random.chance(0.4);
      const count = isPerRow ? 2 : 1;
      return {
        self: c.tensor([2, 3], 'normal', 'float32'),
        observer_on: c.tensor([1], c.random.chance(0.8) ? 'ones' : 'zeros', 'int64'),
        fake_quant_on: c.tensor([1], c.random.chance(0.8) ? 'ones' : 'zeros', 'int64'),
        running_min: c.tensor([count], 'zeros', 'float32'),
        running_max: c.tensor([count], 'ones', 'float32'),
        scale: c.tensor([count], 'ones', 'float32'),
        zero_point: c.tensor([count], 'zeros', 'int32'),
        averaging_const: 0.01,
        quant_min: 0,
        quant_max: 255,
        ch_axis: 0,
        per_row_fake_quant: isPerRow,
      };
    },
  ],
  [
    /^choose_qparams_optimized$/,
    (c) => ({ input: c.tensor([20], 'normal', 'float32'), numel: 20, n_bins: 20, ratio: 0.2, bit_width: 8 }),
  ],
  // Optimizers and lists.
  [
    /^_fused_(adam|adamw|sgd|adagrad)_$/,
    (c, key) => {
      const shape = c.shape;
      const dtype = c.random.pick(['float32', 'float64'] as const);
      const plain = (fill: Fill): Spec => withoutGrad(c.tensor(shape, fill, dtype));
      const steps = (): Spec => ({ tensor: { shape: [], dtype: 'float32', fill: 'ones' } });
      const pair = (fill: Fill): Spec => list(plain(fill), plain(fill));
      return {
        self: pair('normal'),
        grads: pair('normal'),
        exp_avgs: pair('normal'),
        exp_avg_sqs: pair('positive'),
        max_exp_avg_sqs: list(),
        state_steps: list(steps(), steps()),
        state_sums: pair('positive'),
        momentum_buffer_list: pair('normal'),
        lr: /tensor_lr/.test(key) ? { tensor: { shape: [], dtype: 'float32', fill: 'ones' } } : 0.1,
        amsgrad: false,
        grad_scale: none,
        found_inf: none,
        weight_decay: 0.1,
        momentum: 0.9,
        dampening: 0,
        nesterov: false,
        maximize: c.random.chance(0.5),
        is_first_step: c.random.chance(0.5),
        beta1: 0.9,
        beta2: 0.99,
        eps: 1e-8,
        lr_decay: 0.1,
      };
    },
  ],
  [
    /^_amp_foreach_non_finite_check_and_unscale_$/,
    (c) => ({
      self: list(c.tensor([2], 'normal', 'float32')),
      found_inf: { tensor: { shape: [1], fill: 'zeros' } },
      inv_scale: { tensor: { shape: [1], fill: 'ones' } },
    }),
  ],
  [
    /^_amp_update_scale_$/,
    () => ({
      self: { tensor: { shape: [1], fill: 'ones' } },
      growth_tracker: { tensor: { shape: [1], dtype: 'int32', fill: 'zeros' } },
      found_inf: { tensor: { shape: [1], fill: 'zeros' } },
    }),
  ],
  [
    /^_foreach_/,
    (c, key) => {
      const dtype = c.random.chance(0.7) ? 'float32' : c.dtype;
      const tensors = (fill: Fill = 'normal'): Spec => list(plainOf(c, dtype, fill), plainOf(c, dtype, fill));
      const isOne = /\.Tensor$/.test(key);
      return {
        self: tensors('positive'),
        other: isOne ? c.tensor([], 'positive', dtype) : tensors(),
        exponent: tensors(),
        tensor1: tensors(),
        tensor2: tensors('positive'),
        tensors1: tensors(),
        weights: tensors(),
        src: tensors(),
        scalars:
          /addc\w+\.Tensor/.test(key) || /addc\w+_\.Tensor/.test(key)
            ? { tensor: { shape: [2], dtype: 'float32' } }
            : [1, 2],
        weight: /ScalarList/.test(key) ? [0.5, 0.5] : 0.5,
        dtype: none,
      };
    },
  ],
  // Statistics.
  [
    /^(quantile|nanquantile)$/,
    (c, key) => ({
      self: c.tensor([3, 4], 'normal', 'float32'),
      q: /scalar/.test(key) ? 0.5 : { tensor: { shape: [2], fill: 'unit', seed: c.random.int(0, 99) } },
      dim: c.maybe(0),
      interpolation: 'linear',
    }),
  ],
  [
    /^(kthvalue|topk|mode|median|nanmedian|cummax|cummin|logcumsumexp|sort|msort|argsort)$/,
    (c) => {
      const shape = c.shape.length === 0 ? [3] : c.shape;
      return { self: c.tensor(shape), k: 1, dim: c.dim };
    },
  ],
  [
    /^(cov|corrcoef)$/,
    (c) => ({
      self: c.float([3, 5]),
      fweights: c.maybe(c.index([5], 3), 0.3),
      aweights: c.maybe(c.float([5], 'positive'), 0.3),
    }),
  ],
  [
    /^(std|var|std_mean|var_mean)$/,
    (c, key) => ({ self: c.float(c.shape), dim: key.includes('.') ? (c.shape.length ? [c.dim] : []) : none }),
  ],
  [/^(renorm_?)$/, (c) => ({ self: c.float([3, 4]), p: 2, dim: 0, maxnorm: 1 })],
  [/^norm_except_dim$/, (c) => ({ v: c.float([3, 4]), pow: 2, dim: 0 })],
  [
    /^(polygamma_?|special_polygamma|mvlgamma_?|special_multigammaln)$/,
    (c) => ({ self: c.float(c.shape, 'ones'), n: c.random.int(0, 3), p: 1 }),
  ],
  [
    /^special_\w*polynomial/,
    (c, key) => ({
      x: /x_scalar/.test(key) ? 0.5 : c.float(c.shape),
      n: /n_scalar/.test(key) ? 3 : c.tensor(c.shape, 'positive', 'float32'),
    }),
  ],
  [
    /^(special_zeta|special_xlog1py|special_xlogy|xlogy_?|special_gammainc|igamma)/,
    (c, key) => ({
      self: /self_scalar|Scalar_Self/.test(key) ? 2 : c.float(c.shape, 'positive'),
      other: /other_scalar|Scalar_Other/.test(key) ? 2 : c.float(c.shape, 'positive'),
    }),
  ],
  [
    /^(float_power|pow)_?$/,
    (c, key) => ({
      self: /\.Scalar$/.test(key) && !/_\.Scalar$/.test(key) ? 2 : c.tensor(c.shape, 'positive', 'float64'),
      exponent: /Tensor_Scalar$/.test(key) || /_\.Scalar$/.test(key) ? 2 : c.float(c.shape),
    }),
  ],
  [
    /^where$/,
    (c, key) => ({
      condition: c.tensor(c.shape, 'unit', 'bool'),
      self: /ScalarSelf|\.Scalar$/.test(key) ? 1 : c.tensor(c.shape),
      other: /ScalarOther|\.Scalar$/.test(key) ? 1 : c.tensor(c.shape),
    }),
  ],
  [/^nonzero_static$/, (c) => ({ self: c.tensor(c.shape), size: c.random.int(0, 6) })],
  [/^(unique_dim|unique_consecutive)$/, (c) => ({ self: c.tensor([3, 2]), dim: 0 })],
  [
    /^(allclose|isclose|equal|maximum|minimum|fmax|fmin)$/,
    (c) => ({ self: c.tensor(c.shape), other: c.tensor(c.shape) }),
  ],
  [/^(item|is_nonzero)$/, (c) => ({ self: c.tensor([1]) })],
  [/^from_file$/, () => ({ filename: '/nonexistent', shared: false, size: 1, dtype: none })],
  [
    /^(promote_types|can_cast)$/,
    () => ({
      type1: { dtype: 'float32' },
      type2: { dtype: 'int64' },
      from_: { dtype: 'int32' },
      to: { dtype: 'float32' },
    }),
  ],
  [
    /^(addcmul|addcdiv)_?$/,
    (c) => ({ self: c.float(c.shape), tensor1: c.float(c.shape), tensor2: c.float(c.shape, 'positive'), value: 1 }),
  ],
  [
    /^lerp_?$/,
    (c, key) => ({
      self: c.float(c.shape),
      end: c.float(c.shape),
      weight: /Scalar/.test(key) ? 0.5 : c.float(c.shape),
    }),
  ],
  [
    /^(clamp|clip)_?$/,
    (c, key) => ({
      self: c.tensor(c.shape),
      min: /Tensor/.test(key) ? c.tensor(c.shape) : 0,
      max: /Tensor/.test(key) ? c.maybe(c.tensor(c.shape)) : 2,
    }),
  ],
  [/_$/, (c) => ({ self: withoutGrad(c.random.chance(0.7) ? c.float(c.shape, 'unit') : c.tensor(c.shape)) })],
];

function plainOf(c: Context, dtype: NonNullable<Parameters<Context['tensor']>[2]>, fill: Fill): Spec {
  return c.tensor(c.shape, fill, dtype);
}

/** A leaf that needs a gradient refuses in-place operators. */
function withoutGrad(spec: Spec): Spec {
  if (typeof spec !== 'object' || !('tensor' in spec)) return spec;
  const { grad, view, ...rest } = spec.tensor;
  return { tensor: view === undefined || view === 'expanded' || view === 'overlapping' ? rest : { ...rest, view } };
}

function product(c: Context, batch: readonly number[], names: string): Readonly<Record<string, Spec>> {
  const [m, k, n] = c.sizes(3, 1, 20) as [number, number, number];
  const dtype = c.dtype === 'bool' ? 'float32' : c.dtype;
  const sides = [c.tensor([...batch, m, k], 'normal', dtype), c.tensor([...batch, k, n], 'normal', dtype)];
  return Object.fromEntries(names.split(' ').map((name) => [name, sides[/^(self|mat1)$/.test(name) ? 0 : 1]!]));
}

function sums(c: Context, batch: readonly number[], names = 'mat1 mat2'): Readonly<Record<string, Spec>> {
  const [m, k, n] = c.sizes(3, 1, 20) as [number, number, number];
  const [left, right] = names.split(' ') as [string, string];
  return {
    self: withoutGrad(c.float([...batch, m, n])),
    [left]: c.float([...batch, m, k]),
    [right]: c.float([...batch, k, n]),
  };
}

function convolution(c: Context, n: number, isTransposed: boolean): Readonly<Record<string, Spec>> {
  const [i, o] = c.sizes(2, 1, 3) as [number, number];
  const isDepthwise = /depthwise/.test(c.key);
  const groups = isDepthwise ? i : 1;
  const kernel = c.sizes(n, 1, 3);
  const weight = isTransposed ? [i, o, ...kernel] : [isDepthwise ? i : o, isDepthwise ? 1 : i, ...kernel];
  const input = c.float([2, i, ...spatial(c, n, 5, 8)]);
  const bias = isDepthwise ? i : o;
  return {
    input,
    self: input,
    weight: c.float(weight),
    kernel_size: kernel,
    bias: c.maybe(c.float([bias])),
    stride: c.sizes(n, 1, 2),
    padding: /padding/.test(c.key) ? 'valid' : c.sizes(n, 0, 1),
    dilation: c.sizes(n, 1, 2),
    output_padding: c.sizes(n, 0, 0),
    groups,
    transposed: false,
  };
}

function recurrent(c: Context, key: string): Readonly<Record<string, Spec>> {
  const gates = key.startsWith('lstm') ? 4 : key.startsWith('gru') ? 3 : 1;
  const dtype = 'float32';
  const isPacked = key.endsWith('.data');
  const hx = c.tensor([1, 2, 3], 'normal', dtype);
  const hasBiases = c.random.chance(0.5);
  const biases = [c.tensor([3 * gates], 'normal', dtype), c.tensor([3 * gates], 'normal', dtype)];
  const weights = [c.tensor([3 * gates, 4], 'normal', dtype), c.tensor([3 * gates, 3], 'normal', dtype)];
  return {
    input: c.tensor([5, 2, 4], 'normal', dtype),
    data: c.tensor([4, 4], 'normal', dtype),
    batch_sizes: { tensor: { shape: [2], dtype: 'int64', fill: [2, 2] } },
    hx: gates === 4 ? list(hx, hx) : hx,
    params: list(...weights, ...(hasBiases ? biases : [])),
    has_biases: hasBiases,
    num_layers: 1,
    dropout: 0,
    train: c.random.chance(0.5),
    bidirectional: false,
    batch_first: isPacked ? none : false,
  };
}

/** The arguments that the operator's family settles; `isList` says that its `dim` is a list. */
export function recipeOf(c: Context, isList: boolean): Readonly<Record<string, Spec>> {
  const name = c.key.split('.')[0]!;
  const found = RECIPES.find(([pattern]) => pattern.test(name));
  const made = found?.[1](c, c.key) ?? {};
  if (!isList || typeof made.dim !== 'number') return made;
  return { ...made, dim: [made.dim] };
}
