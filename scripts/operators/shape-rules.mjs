// The shapes of single operators' results, each as the text for its comment and as a function of a call's arguments with every tensor as its shape.

import {
  broadcast,
  cut,
  filled,
  joined,
  padded,
  pieces,
  positive,
  product,
  reduced,
  replaced,
  triangle,
} from './shape-arithmetic.mjs';
import { convolved, pooled, transposeConvolved } from './shape-formulas.mjs';

/** Single operators: text and function. The test has calls of each. */
export const RULES = {
  matmul: [
    '[*, N, K], [*, K, M] -> [*, N, M], with leading dimensions broadcast; a vector counts as a row or a column, and that dimension is dropped.',
    (a, b) => {
      const rows = a.length === 1 ? [] : [a.at(-2)];
      const columns = b.length === 1 ? [] : [b.at(-1)];
      return [...broadcast(a.slice(0, -2), b.slice(0, -2)), ...rows, ...columns];
    },
  ],
  inner: ['[*a, K], [*b, K] -> [*a, *b].', (a, b) => [...a.slice(0, -1), ...b.slice(0, -1)]],
  logsumexp: [
    'the input without `dim`, or with size 1 there if `keepdim`.',
    (x, dim, options) => reduced(x, { ...options, dim }),
  ],
  quantile: [
    'with a number `q` as a reduction: [] for all elements; with `dim`, the input without it. With a tensor [Q], that after a first dimension Q.',
    (x, q, options) => [...(Array.isArray(q) ? q : []), ...reduced(x, options)],
  ],
  nanquantile: [
    'with a number `q` as a reduction: [] for all elements; with `dim`, the input without it. With a tensor [Q], that after a first dimension Q.',
    (x, q, options) => [...(Array.isArray(q) ? q : []), ...reduced(x, options)],
  ],
  countNonzero: ['[] for all elements; with `dim`, the input without it.', (x, options) => reduced(x, options)],
  cross: ['two of one shape, with size 3 at `dim` -> the same.', (x) => x],
  cosineSimilarity: [
    'two of one shape -> that without `dim` (default 1).',
    (x, _y, { dim = 1 } = {}) => reduced(x, { dim }),
  ],
  renorm: ['any, unchanged.', (x) => x],
  diff: ['the input, with `n` less at `dim`.', (x, { n = 1, dim = -1 } = {}) => replaced(x, dim, x.at(dim) - n)],
  trapezoid: ['the input without `dim` (default the last).', (x, { dim = -1 } = {}) => reduced(x, { dim })],
  cumulativeTrapezoid: ['the input, with 1 less at `dim`.', (x, { dim = -1 } = {}) => replaced(x, dim, x.at(dim) - 1)],
  topk: ['values and indices: the input, with `k` at `dim`.', (x, k, { dim = -1 } = {}) => replaced(x, dim, k)],
  searchsorted: ['that of `input`.', (_sorted, x) => x],
  bucketize: ['that of `input`.', (x) => x],
  isin: ['that of `elements`.', (x) => x],
  histc: ['[bins].', (_x, { bins = 100 } = {}) => [bins]],
  view: ['`size`.', (x, size) => filled(size, product(x))],
  viewAs: ['that of `other`.', (_x, other) => other],
  reshape: ['`shape`.', (x, shape) => filled(shape, product(x))],
  reshapeAs: ['that of `other`.', (_x, other) => other],
  flatten: [
    'the input, with one dimension in place of those from `startDim` to `endDim`.',
    (x, { startDim = 0, endDim = -1 } = {}) => {
      const end = positive(endDim, x.length) + 1;
      return x.toSpliced(startDim, end - startDim, product(x.slice(startDim, end)));
    },
  ],
  unflatten: [
    'the input, with `sizes` in place of `dim`.',
    (x, dim, sizes) => replaced(x, dim, ...filled(sizes, x.at(dim))),
  ],
  squeeze: [
    'the input without its dimensions of size 1; with `dim`, only without those of them.',
    (x, { dim } = {}) => x.filter((size, i) => size !== 1 || (dim !== undefined && ![dim].flat().includes(i))),
  ],
  unsqueeze: ['the input, with size 1 put in at `dim`.', (x, dim) => x.toSpliced(positive(dim, x.length + 1), 0, 1)],
  transpose: [
    'the input, with two sizes exchanged.',
    (x, a, b) => x.with(positive(a, x.length), x.at(b)).with(positive(b, x.length), x.at(a)),
  ],
  T: ['the input, with its sizes in reverse order.', (x) => x.toReversed()],
  permute: ['the sizes of the input, in the order of `dims`.', (x, dims) => dims.map((dim) => x.at(dim))],
  movedim: [
    'the input, with the size at `source` moved to `destination`.',
    (x, source, destination) => x.toSpliced(source, 1).toSpliced(positive(destination, x.length), 0, x[source]),
  ],
  expand: [
    '`size`; -1 stands for the size that is there.',
    (x, size) => size.map((wanted, i) => (wanted === -1 ? x[i - size.length + x.length] : wanted)),
  ],
  expandAs: ['that of `other`.', (_x, other) => other],
  broadcastTo: ['`size`.', (_x, size) => size],
  broadcastTensors: ['all that of the inputs, broadcast together.', (shapes) => shapes.map(() => broadcast(...shapes))],
  repeat: [
    'each size times its count; dimensions are put in front where there are more counts.',
    (x, counts) => counts.map((count, i) => count * (x[i - counts.length + x.length] ?? 1)),
  ],
  tile: [
    'each size times its count; of counts and sizes, the shorter list is filled up with ones in front.',
    (x, counts) =>
      Array.from({ length: Math.max(x.length, counts.length) }, (_, i, n = Math.max(x.length, counts.length)) => {
        return (x[i - n + x.length] ?? 1) * (counts[i - n + counts.length] ?? 1);
      }),
  ],
  cat: ['that of each input, with their sizes at `dim` added up.', (shapes, { dim = 0 } = {}) => joined(shapes, dim)],
  stack: [
    'that of the inputs, with their number put in at `dim`.',
    ([first, ...rest], { dim = 0 } = {}) => first.toSpliced(positive(dim, first.length + 1), 0, rest.length + 1),
  ],
  split: [
    'each the input, with the length of its piece at `dim`.',
    (x, size, { dim = 0 } = {}) =>
      (Array.isArray(size) ? size : pieces(x.at(dim), size)).map((length) => replaced(x, dim, length)),
  ],
  splitWithSizes: [
    'each the input, with its length at `dim`.',
    (x, sizes, { dim = 0 } = {}) => sizes.map((length) => replaced(x, dim, length)),
  ],
  chunk: [
    'each the input, with ceil(size / chunks) at `dim`, the last one with what is left.',
    (x, chunks, { dim = 0 } = {}) =>
      pieces(x.at(dim), Math.ceil(x.at(dim) / chunks)).map((length) => replaced(x, dim, length)),
  ],
  tensorSplit: [
    'each the input, with the length of its piece at `dim`.',
    (x, cuts, { dim = 0 } = {}) => cut(x, cuts, dim),
  ],
  unbind: [
    'each the input without `dim`.',
    (x, { dim = 0 } = {}) => Array.from({ length: x.at(dim) }, () => reduced(x, { dim })),
  ],
  unfold: [
    'the input, with the number of windows, floor((L - size) / step) + 1, at the dimension, and `size` as a last one.',
    (x, dim, size, step) => [...replaced(x, dim, Math.floor((x.at(dim) - size) / step) + 1), size],
  ],
  rot90: [
    'the input, with its first two sizes exchanged for an odd `k`.',
    (x, { k = 1 } = {}) => (k % 2 === 0 ? x : [x[1], x[0], ...x.slice(2)]),
  ],
  meshgrid: ['each [N1, N2, …], the lengths of the inputs.', (shapes) => shapes.map(() => shapes.flat())],
  cartesianProd: ['[N1 * N2 * …, number of inputs].', (shapes) => [product(shapes.flat()), shapes.length]],
  blockDiag: [
    "the inputs' rows and columns added up.",
    (shapes) => [0, 1].map((dim) => shapes.reduce((sum, shape) => sum + shape[dim], 0)),
  ],
  diag: [
    '[N] -> [N, N], [N, M] -> [min(N, M)], for diagonal 0.',
    (x) => (x.length === 1 ? [x[0], x[0]] : [Math.min(...x)]),
  ],
  diagonal: [
    'the input without `dim1` and `dim2`, and the length of the diagonal as a last one.',
    (x, { dim1 = 0, dim2 = 1 } = {}) => [...reduced(x, { dim: [dim1, dim2] }), Math.min(x.at(dim1), x.at(dim2))],
  ],
  select: ['the input without `dim`.', (x, dim) => reduced(x, { dim })],
  narrow: ['the input, with `length` at `dim`.', (x, dim, _start, length) => replaced(x, dim, length)],
  narrowCopy: ['the input, with `length` at `dim`.', (x, dim, _start, length) => replaced(x, dim, length)],
  indexSelect: ['the input, with the length of `index` at `dim`.', (x, dim, index) => replaced(x, dim, ...index)],
  gather: ['that of `index`, which has the dimensions of the input.', (_x, _dim, index) => index],
  take: ['that of `index`.', (_x, index) => index],
  takeAlongDim: ['that of `indices`.', (_x, indices) => indices],
  indexAdd: ['any, unchanged.', (x) => x],
  indexCopy: ['any, unchanged.', (x) => x],
  indexFill: ['any, unchanged.', (x) => x],
  scatter: ['any, unchanged.', (x) => x],
  scatterAdd: ['any, unchanged.', (x) => x],
  scatterReduce: ['any, unchanged.', (x) => x],
  maskedScatter: ['any, unchanged; the mask broadcasts to it.', (x) => x],
  put: ['any, unchanged.', (x) => x],
  selectScatter: ['any, unchanged; `src` without `dim`.', (x) => x],
  sliceScatter: ['any, unchanged.', (x) => x],
  diagonalScatter: ['any, unchanged.', (x) => x],
  newZeros: ['`size`.', (_x, size) => size],
  newOnes: ['`size`.', (_x, size) => size],
  newFull: ['`size`.', (_x, size) => size],
  newEmpty: ['`size`.', (_x, size) => size],
  oneHot: ['[*] -> [*, numClasses].', (x, { numClasses }) => [...x, numClasses]],
  multinomial: ['[N] -> [numSamples], [B, N] -> [B, numSamples].', (x, count) => [...x.slice(0, -1), count]],
  layerNorm: ['[*, ...normalizedShape], unchanged.', (x) => x],
  rmsNorm: ['[*, ...normalizedShape], unchanged.', (x) => x],
  groupNorm: ['[N, C, *], unchanged.', (x) => x],
  batchNorm: ['[N, C, *], unchanged.', (x) => x],
  instanceNorm: ['[N, C, *], unchanged.', (x) => x],
  channelShuffle: ['[N, C, *], unchanged.', (x) => x],
  typeAs: ['any, unchanged.', (x) => x],
  prelu: ['any, unchanged.', (x) => x],
  featureDropout: ['[N, C, *], unchanged.', (x) => x],
  pixelShuffle: [
    '[*, C * r * r, H, W] -> [*, C, H * r, W * r], with r the factor.',
    (x, r) => [...x.slice(0, -3), x.at(-3) / (r * r), x.at(-2) * r, x.at(-1) * r],
  ],
  pixelUnshuffle: [
    '[*, C, H * r, W * r] -> [*, C * r * r, H, W], with r the factor.',
    (x, r) => [...x.slice(0, -3), x.at(-3) * r * r, x.at(-2) / r, x.at(-1) / r],
  ],
  pad: ['each size from the last on with its two numbers of `pad` added.', padded],
  crossEntropyLoss: [
    '[N, C, *], classes [N, *] or shares [N, C, *] -> []; [N, *] where `reduction` is 0.',
    (x, _target, { reduction = 1 } = {}) => (reduction === 0 ? [x[0], ...x.slice(2)] : []),
  ],
  nllLoss: [
    '[N, C], classes [N] -> []; [N] where `reduction` is 0.',
    (x, _target, { reduction = 1 } = {}) => (reduction === 0 ? [x[0]] : []),
  ],
  cosineEmbeddingLoss: ['two [N, D], target [N] -> [].', () => []],
  adaptiveAvgPool1d: ['[*, L] -> [*, outputSize].', (x, size) => [...x.slice(0, -1), ...[size].flat()]],
  adaptiveAvgPool2d: ['[*, H, W] -> [*, ...outputSize].', (x, size) => [...x.slice(0, -2), ...size]],
  adaptiveMaxPool2d: ['[*, H, W] -> values and indices [*, ...outputSize].', (x, size) => [...x.slice(0, -2), ...size]],
  upsampleNearest2d: ['[N, C, H, W] -> [N, C, ...outputSize].', (x, size) => [...x.slice(0, 2), ...size]],
  upsampleBilinear2d: ['[N, C, H, W] -> [N, C, ...outputSize].', (x, size) => [...x.slice(0, 2), ...size]],
  upsampleBicubic2d: ['[N, C, H, W] -> [N, C, ...outputSize].', (x, size) => [...x.slice(0, 2), ...size]],
  copy_: ['any, unchanged; the other broadcasts to it.', (x) => x],
  resize_: ['`size`.', (_x, size) => size],
  asStrided: ['`size`.', (_x, size) => size],
  emptyStrided: ['`size`.', (size) => size],
  newEmptyStrided: ['`size`.', (_x, size) => size],
  sumToSize: ['`size`, which broadcasts to the input.', (_x, size) => size],
  asStridedScatter: ['any, unchanged.', (x) => x],
  indexReduce: ['any, unchanged.', (x) => x],
  fillDiagonal_: ['two or more dimensions, unchanged.', (x) => x],
  featureAlphaDropout: ['[N, C, *], unchanged.', (x) => x],
  fakeQuantizePerTensorAffine: ['any, unchanged.', (x) => x],
  toSparse: ['any, unchanged.', (x) => x],
  randintLike: ['any, unchanged.', (x) => x],
  diagflat: ['[N, N], with N the number of elements.', (x) => [product(x), product(x)]],
  repeatInterleave: [
    'with a number: the input, with that many times the size at `dim`; without `dim`, [number of elements times that].',
    (x, repeats, { dim } = {}) => (dim === undefined ? [product(x) * repeats] : replaced(x, dim, x.at(dim) * repeats)),
  ],
  atleast1d: ['at least [1]: any other unchanged.', (x) => (x.length === 0 ? [1] : x)],
  atleast2d: ['[] -> [1, 1], [N] -> [1, N]; any other unchanged.', (x) => [1, 1, ...x].slice(Math.min(2, x.length))],
  atleast3d: [
    '[] -> [1, 1, 1], [N] -> [1, N, 1], [N, M] -> [N, M, 1]; any other unchanged.',
    (x) => (x.length > 2 ? x : x.length === 2 ? [...x, 1] : [1, x[0] ?? 1, 1]),
  ],
  hstack: [
    'that of each input, with their sizes added up: of vectors at dimension 0, else at 1.',
    (shapes) => joined(shapes, Math.min(1, shapes[0].length - 1)),
  ],
  vstack: [
    'that of each input, a vector counting as [1, N], with their sizes at dimension 0 added up.',
    (shapes) =>
      joined(
        shapes.map((shape) => (shape.length === 1 ? [1, ...shape] : shape)),
        0,
      ),
  ],
  columnStack: [
    'that of each input, a vector counting as [N, 1], with their sizes at dimension 1 added up.',
    (shapes) =>
      joined(
        shapes.map((shape) => (shape.length === 1 ? [...shape, 1] : shape)),
        1,
      ),
  ],
  hsplit: [
    'each the input, with the length of its piece at dimension 1; of a vector, [length].',
    (x, cuts) => cut(x, cuts, Math.min(1, x.length - 1)),
  ],
  vsplit: ['each the input, with the length of its piece at dimension 0.', (x, cuts) => cut(x, cuts, 0)],
  dsplit: ['each the input, with the length of its piece at dimension 2.', (x, cuts) => cut(x, cuts, 2)],
  combinations: [
    '[N] -> [number of choices, r].',
    ([n], { r = 2 } = {}) => [
      Array.from({ length: r }, (_, i) => (n - i) / (i + 1)).reduce((all, factor) => all * factor, 1),
      r,
    ],
  ],
  vander: ['[N] -> [N, N], or [N, `N`] with that option.', ([n], options = {}) => [n, options.N ?? n]],
  logspace: ['[steps].', (_start, _end, steps) => [steps]],
  hannWindow: ['[windowLength].', (length) => [length]],
  hammingWindow: ['[windowLength].', (length) => [length]],
  bartlettWindow: ['[windowLength].', (length) => [length]],
  blackmanWindow: ['[windowLength].', (length) => [length]],
  kaiserWindow: ['[windowLength].', (length) => [length]],
  'fft.fftfreq': ['[n].', (n) => [n]],
  'fft.rfftfreq': ['[floor(n / 2) + 1].', (n) => [Math.floor(n / 2) + 1]],
  trilIndices: ['[2, number of places].', (rows, columns) => [2, triangle(rows, columns)]],
  triuIndices: ['[2, number of places].', (rows, columns) => [2, triangle(columns, rows)]],
  histogram: ['counts [bins], edges [bins + 1].', (_x, { bins = 100 } = {}) => [[bins], [bins + 1]]],
  multiMarginLoss: [
    '[N, C], classes [N] -> []; [N] where `reduction` is 0.',
    (x, _target, { reduction = 1 } = {}) => (reduction === 0 ? [x[0]] : []),
  ],
  multilabelMarginLoss: [
    'two [N, C] -> []; [N] where `reduction` is 0.',
    (x, _target, { reduction = 1 } = {}) => (reduction === 0 ? [x[0]] : []),
  ],
  padSequence: [
    'N sequences [L, *] -> [longest L, N, *], or with `batchFirst` [N, longest L, *].',
    (shapes, { batchFirst = false } = {}) => {
      const outer = [Math.max(...shapes.map((shape) => shape[0])), shapes.length];
      return [...(batchFirst ? outer.toReversed() : outer), ...shapes[0].slice(1)];
    },
  ],
  constantPadNd: ['each size from the last on with its two numbers of `pad` added.', padded],
  reflectionPad1d: ['[*, L] -> [*, L + both numbers].', padded],
  reflectionPad2d: ['[*, H, W], each size with its two numbers added, those of W first.', padded],
  replicationPad1d: ['[*, L] -> [*, L + both numbers].', padded],
  replicationPad2d: ['[*, H, W], each size with its two numbers added, those of W first.', padded],
  adaptiveMaxPool1d: [
    '[*, L] -> values and indices [*, outputSize].',
    (x, size) => [...x.slice(0, -1), ...[size].flat()],
  ],
  adaptiveAvgPool3d: ['[*, D, H, W] -> [*, ...outputSize].', (x, size) => [...x.slice(0, -3), ...size]],
  adaptiveMaxPool3d: [
    '[*, D, H, W] -> values and indices [*, ...outputSize].',
    (x, size) => [...x.slice(0, -3), ...size],
  ],
  upsampleNearest1d: ['[N, C, L] -> [N, C, outputSize].', (x, size) => [...x.slice(0, 2), ...[size].flat()]],
  upsampleLinear1d: ['[N, C, L] -> [N, C, outputSize].', (x, size) => [...x.slice(0, 2), ...[size].flat()]],
  affineGridGenerator: ['theta [N, 2, 3], size [N, C, H, W] -> [N, H, W, 2].', (_theta, [n, _c, h, w]) => [n, h, w, 2]],
  im2col: [
    '[N, C, H, W] -> [N, C * product of kernel, number of windows].',
    (x, kernel, dilation, padding, stride) => {
      const windows = kernel.map(
        (size, i) => Math.floor((x.at(i - 2) + 2 * padding - dilation * (size - 1) - 1) / stride) + 1,
      );
      return [...x.slice(0, -3), x.at(-3) * product(kernel), product(windows)];
    },
  ],
  col2im: [
    '[N, C * product of kernel, number of windows] -> [N, C, ...outputSize].',
    (x, size, kernel) => [...x.slice(0, -2), x.at(-2) / product(kernel), ...size],
  ],
  'linalg.norm': [
    '[] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.',
    (x, options) => reduced(x, options),
  ],
  'linalg.multiDot': ['[N, …], …, […, M] -> [N, M].', (shapes) => [shapes[0][0], shapes.at(-1)[1]]],
  conv1d: convolved(1),
  conv2d: convolved(2),
  conv3d: convolved(3),
  convTranspose1d: transposeConvolved(1),
  convTranspose2d: transposeConvolved(2),
  convTranspose3d: transposeConvolved(3),
  maxPool1d: pooled(1),
  maxPool2d: pooled(2),
  maxPool3d: pooled(3),
  maxPool1dWithIndices: pooled(1),
  maxPool2dWithIndices: pooled(2),
  avgPool1d: pooled(1),
  avgPool2d: pooled(2),
  avgPool3d: pooled(3),
};
