// What is known of the shapes of operators' results: for each a text for its comment and the same as a function, which `src/tensor/shapes.test.ts` compares
// with what calls give.

import { broadcast, reduced } from './shape-arithmetic.mjs';
import { RULES } from './shape-rules.mjs';
import { readSignature } from './shape-signature.mjs';

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
