// What is known of the shapes of operators' results: for each a text for its comment and the same as a function, which `src/tensor/shapes.test.ts` compares
// with what calls give.

import { convolved, pooled, transposeConvolved } from './shape-formulas.mjs';
import { readSignature } from './shape-signature.mjs';

/** The shape that shapes broadcast to. */
export function broadcast(...shapes) {
  const length = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length }, (_, i) => {
    const sizes = shapes.map((shape) => shape[i - length + shape.length] ?? 1);
    return sizes.find((size) => size !== 1) ?? 1;
  });
}

const positive = (dim, length) => (dim < 0 ? dim + length : dim);
const replaced = (shape, dim, ...sizes) => shape.toSpliced(positive(dim, shape.length), 1, ...sizes);
const product = (shape) => shape.reduce((all, size) => all * size, 1);

function reduced(shape, { dim, keepdim = false } = {}) {
  const dims = (dim === undefined ? shape.map((_, i) => i) : [dim].flat()).map((d) => positive(d, shape.length));
  return keepdim ? shape.map((size, i) => (dims.includes(i) ? 1 : size)) : shape.filter((_, i) => !dims.includes(i));
}

/** A shape with -1 for one size, filled in. */
const filled = (shape, numel) => shape.map((size) => (size === -1 ? numel / -product(shape) : size));

/** Lengths of pieces of one size, the last one perhaps smaller. */
const pieces = (length, size) =>
  Array.from({ length: Math.ceil(length / size) }, (_, i) => Math.min(size, length - i * size));

/** Lengths of that many pieces, the first ones one longer where it does not come out. */
const sections = (length, count) =>
  Array.from({ length: count }, (_, i) => Math.floor(length / count) + (i < length % count ? 1 : 0));

/** Families: the kind of calls that the test makes of all members, the text, the function, and the members. `of` is given a call's arguments,
 *  the tensor itself first and options last, with every tensor as its shape; where it gives one shape, all results have it. */
export const FAMILIES = [
  {
    kind: 'same',
    text: 'any, unchanged.',
    of: (x) => x,
    members: `abs acos acosh angle asin asinh atan atanh bitwiseNot ceil conj conjPhysical cos cosh deg2rad detach digamma erf erfc erfinv exp exp2 expm1
      floor frac i0 isfinite isinf isnan isneginf isposinf isreal lgamma log log10 log1p log2 logicalNot logit mvlgamma nanToNum neg polygamma positive
      rad2deg real reciprocal relu resolveConj resolveNeg round rsqrt sgn sigmoid sign signbit sin sinc sinh sqrt square tan tanh trunc hardshrink clone
      contiguous bernoulli celu selu elu gelu hardsigmoid hardswish hardtanh leakyRelu logSigmoid mish relu6 silu softplus softshrink threshold rrelu
      dropout alphaDropout zerosLike onesLike fullLike emptyLike randLike randnLike fill poisson frexp clamp imag
      special.airyAi special.besselJ0 special.besselJ1 special.besselY0 special.besselY1 special.entr special.erfcx special.i0e special.i1 special.i1e
      special.logNdtr special.modifiedBesselI0 special.modifiedBesselI1 special.modifiedBesselK0 special.modifiedBesselK1 special.ndtr special.ndtri
      special.scaledModifiedBesselK0 special.scaledModifiedBesselK1 special.sphericalBesselJ0
      zero_ fill_ bernoulli_ normal_ uniform_ random_ exponential_ geometric_ cauchy_ logNormal_ sort argsort`,
  },
  {
    kind: 'along',
    text: 'any, unchanged.',
    of: (x) => x,
    members:
      'softmax logSoftmax cumsum cumprod cummax cummin logcumsumexp flip roll fft.fft fft.ifft fft.fftn fft.ifftn fft.fftshift fft.ifftshift msort',
  },
  {
    kind: 'planes',
    text: '[*, N, M], unchanged.',
    of: (x) => x,
    members: 'tril triu fft.fft2 fft.ifft2 flipud fliplr',
  },
  {
    kind: 'broadcast',
    text: 'those of the inputs, broadcast together.',
    inPlace: 'any, unchanged; the others broadcast to it.',
    of: (...shapes) => broadcast(...shapes.filter(Array.isArray)),
    members: `add sub rsub mul div trueDivide floorDivide remainder fmod copysign pow floatPower hypot addcmul addcdiv lerp atan2 gcd lcm ldexp nextafter
      bitwiseAnd bitwiseOr bitwiseXor bitwiseLeftShift bitwiseRightShift heaviside logaddexp logaddexp2 xlogy special.xlog1py eq ne lt le gt ge isclose
      maximum minimum fmax fmin logicalAnd logicalOr logicalXor clampMin clampMax where maskedFill igamma igammac special.zeta complex polar
      special.chebyshevPolynomialT special.chebyshevPolynomialU special.hermitePolynomialH special.hermitePolynomialHe special.laguerrePolynomialL
      special.legendrePolynomialP binomial`,
  },
  {
    kind: 'reduction',
    text: '[] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.',
    of: (x, ...rest) => reduced(x, rest.at(-1)),
    members: `sum nansum mean nanmean prod amax amin all any std var argmax argmin median nanmedian max min aminmax stdMean varMean
      linalg.vectorNorm`,
  },
  {
    kind: 'lastReduction',
    text: 'the input without `dim`, or with size 1 there if `keepdim`.',
    of: (x, ...rest) => reduced(x, { dim: -1, ...rest.at(-1) }),
    members: 'mode kthvalue',
  },
  {
    kind: 'loss',
    text: 'two of one shape -> []; unchanged where `reduction` is 0.',
    of: (x, _target, { reduction = 1 } = {}) => (reduction === 0 ? x : []),
    members: `mseLoss l1Loss smoothL1Loss huberLoss binaryCrossEntropy binaryCrossEntropyWithLogits klDiv softMarginLoss hingeEmbeddingLoss`,
  },
];

/** Operators whose shapes say all: letters are sizes, `*` any number of dimensions, the same wherever it stands. */
export const SIGNATURES = {
  mm: '[N, K], [K, M] -> [N, M]',
  bmm: '[B, N, K], [B, K, M] -> [B, N, M]',
  mv: '[N, K], [K] -> [N]',
  dot: '[N], [N] -> []',
  vdot: '[N], [N] -> []',
  outer: '[N], [M] -> [N, M]',
  addmm: '[N, M], [N, K], [K, M] -> [N, M]',
  addmv: '[N], [N, K], [K] -> [N]',
  addr: '[N, M], [N], [M] -> [N, M]',
  addbmm: '[N, M], [B, N, K], [B, K, M] -> [N, M]',
  baddbmm: '[B, N, M], [B, N, K], [B, K, M] -> [B, N, M]',
  kron: '[N, M], [P, Q] -> [N * P, M * Q]',
  trace: '[N, M] -> []',
  det: '[*, N, N] -> [*]',
  logdet: '[*, N, N] -> [*]',
  slogdet: '[*, N, N] -> [*], [*]',
  inverse: '[*, N, N] -> [*, N, N]',
  'linalg.inv': '[*, N, N] -> [*, N, N]',
  'linalg.invEx': '[*, N, N] -> [*, N, N], [*]',
  'linalg.pinv': '[*, N, M] -> [*, M, N]',
  pinverse: '[*, N, M] -> [*, M, N]',
  'linalg.solve': 'A [*, N, N], B [*, N, K] -> [*, N, K]',
  'linalg.solveEx': 'A [*, N, N], B [*, N, K] -> [*, N, K], [*]',
  'linalg.solveTriangular': 'A [*, N, N], B [*, N, K] -> [*, N, K]',
  'linalg.lstsq': 'A [*, N, M], B [*, N, K] -> [*, M, K], …',
  'linalg.cholesky': '[*, N, N] -> [*, N, N]',
  'linalg.choleskyEx': '[*, N, N] -> [*, N, N], [*]',
  cholesky: '[*, N, N] -> [*, N, N]',
  choleskySolve: '[*, N, K], factor [*, N, N] -> [*, N, K]',
  choleskyInverse: '[*, N, N] -> [*, N, N]',
  'linalg.qr': '[*, N, M] -> [*, N, K], [*, K, M], where K = min(N, M)',
  qr: '[*, N, M] -> [*, N, K], [*, K, M], where K = min(N, M)',
  'linalg.svd': '[*, N, M] -> [*, N, N], [*, K], [*, M, M], where K = min(N, M)',
  svd: '[*, N, M] -> [*, N, K], [*, K], [*, M, K], where K = min(N, M)',
  'linalg.svdvals': '[*, N, M] -> [*, K], where K = min(N, M)',
  'linalg.eig': '[*, N, N] -> [*, N], [*, N, N]',
  'linalg.eigvals': '[*, N, N] -> [*, N]',
  'linalg.eigh': '[*, N, N] -> [*, N], [*, N, N]',
  'linalg.eigvalsh': '[*, N, N] -> [*, N]',
  'linalg.lu': '[*, N, M] -> [*, N, N], [*, N, K], [*, K, M], where K = min(N, M)',
  'linalg.luFactor': '[*, N, M] -> [*, N, M], [*, K], where K = min(N, M)',
  matrixPower: '[*, N, N] -> [*, N, N]',
  matrixExp: '[*, N, N] -> [*, N, N]',
  'linalg.matrixRank': '[*, N, M] -> [*]',
  'linalg.matrixNorm': '[*, N, M] -> [*]',
  'linalg.cond': '[*, N, M] -> [*]',
  'linalg.cross': '[*, 3], [*, 3] -> [*, 3]',
  'linalg.vecdot': '[*, N], [*, N] -> [*]',
  'linalg.diagonal': '[*, N, N] -> [*, N]',
  'linalg.vander': '[*, N] -> [*, N, N]',
  cdist: '[*, N, D], [*, M, D] -> [*, N, M]',
  pdist: '[N, D] -> [N * (N - 1) / 2]',
  pairwiseDistance: '[*, D], [*, D] -> [*]',
  cov: '[N, K] -> [N, N]',
  corrcoef: '[N, K] -> [N, N]',
  t: '[N, M] -> [M, N]',
  H: '[N, M] -> [M, N]',
  mT: '[*, N, M] -> [*, M, N]',
  mH: '[*, N, M] -> [*, M, N]',
  adjoint: '[*, N, M] -> [*, M, N]',
  ravel: '[N, M] -> [N * M]',
  diagEmbed: '[*, N] -> [*, N, N]',
  viewAsReal: '[*] -> [*, 2]',
  viewAsComplex: '[*, 2] -> [*]',
  linear: '[*, In], weight [Out, In] -> [*, Out]',
  bilinear: '[*, A], [*, B], weight [Out, A, B] -> [*, Out]',
  embedding: 'weight [V, E], indices [*] -> [*, E]',
  glu: '[*, 2 * N] -> [*, N]',
  scaledDotProductAttention: 'query [*, L, E], key [*, S, E], value [*, S, V] -> [*, L, V]',
  gruCell: 'input [B, In], state [B, H], [3 * H, In], [3 * H, H] -> [B, H]',
  rnnTanhCell: 'input [B, In], state [B, H], [H, In], [H, H] -> [B, H]',
  rnnReluCell: 'input [B, In], state [B, H], [H, In], [H, H] -> [B, H]',
  dist: '[*], [*] -> []',
  marginRankingLoss: '[*], [*], [*] -> []',
  tripletMarginLoss: '[*, D], [*, D], [*, D] -> []',
  'fft.rfft': '[*, N] -> [*, floor(N / 2) + 1]',
  'fft.rfft2': '[*, M, N] -> [*, M, floor(N / 2) + 1]',
  'fft.rfftn': '[*, N] -> [*, floor(N / 2) + 1]',
  'fft.ihfft': '[*, N] -> [*, floor(N / 2) + 1]',
  'fft.irfft': '[*, N] -> [*, 2 * (N - 1)]',
  'fft.irfft2': '[*, M, N] -> [*, M, 2 * (N - 1)]',
  'fft.irfftn': '[*, N] -> [*, 2 * (N - 1)]',
  'fft.hfft': '[*, N] -> [*, 2 * (N - 1)]',
};

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
  tensordot: [
    'the dimensions of the first that are not summed, then those of the second.',
    (a, b, dimsA, dimsB) => [...a.filter((_, i) => !dimsA.includes(i)), ...b.filter((_, i) => !dimsB.includes(i))],
  ],
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
  norm: [
    '[] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.',
    (x, options) => reduced(x, options),
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
  cat: [
    'that of each input, with their sizes at `dim` added up.',
    (shapes, { dim = 0 } = {}) =>
      replaced(
        shapes[0],
        dim,
        shapes.reduce((sum, shape) => sum + shape.at(dim), 0),
      ),
  ],
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
    (x, cuts, { dim = 0 } = {}) =>
      (Array.isArray(cuts)
        ? [...cuts, x.at(dim)].map((cut, i) => cut - (cuts[i - 1] ?? 0))
        : sections(x.at(dim), cuts)
      ).map((length) => replaced(x, dim, length)),
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
  pad: [
    'each size from the last on with its two numbers of `pad` added.',
    (x, pad) => x.map((size, i) => size + (pad[2 * (x.length - 1 - i)] ?? 0) + (pad[2 * (x.length - 1 - i) + 1] ?? 0)),
  ],
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

/** By operator, with its namespace: `{ text, inPlace, of }`. */
export const SHAPES = Object.fromEntries([
  ...FAMILIES.flatMap(({ text, inPlace = text, of, members }) =>
    members.split(/\s+/).map((name) => [name, { text, inPlace, of }]),
  ),
  ...Object.entries(SIGNATURES).map(([name, signature]) => [
    name,
    { text: `${signature}.`, inPlace: `${signature}.`, of: readSignature(signature).of },
  ]),
  ...Object.entries(RULES).map(([name, [text, of]]) => [name, { text, inPlace: text, of }]),
]);
