// The operators of torch.special. Made by scripts/generate-operators.mjs from operators.facts.json; change those, then run `npm run generate`.

import type { Scalar } from './arguments.ts';
import { readOptions, unfit } from './arguments.ts';
import { call, h, wrap } from './call.ts';
import { type DType, dtypeCode } from './dtype.ts';
import type { Tensor } from './tensor.ts';

const OPTIONS_0: readonly string[] = ['dtype'];
const OPTIONS_1: readonly string[] = ['eps'];
const OPTIONS_2: readonly string[] = ['keepdim'];
const OPTIONS_3: readonly string[] = ['decimals'];

/** The Airy function Ai.
 *  Shape: any, unchanged.
 *
 *  `special_airy_ai(Tensor x) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.airy_ai
 *  @example
 *  special.airyAi(tensor([0])); // tensor([0.3550]) */
export function airyAi(x: Tensor): Tensor {
  return wrap(call(1141, h(x)));
}

/** The Bessel function of the first kind of order 0.
 *  Shape: any, unchanged.
 *
 *  `special_bessel_j0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.bessel_j0
 *  @example
 *  special.besselJ0(tensor([0, 1])); // tensor([1.0000, 0.7652]) */
export function besselJ0(input: Tensor): Tensor {
  return wrap(call(1142, h(input)));
}

/** The Bessel function of the first kind of order 1.
 *  Shape: any, unchanged.
 *
 *  `special_bessel_j1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.bessel_j1
 *  @example
 *  special.besselJ1(tensor([0, 1])); // tensor([0.0000, 0.4401]) */
export function besselJ1(input: Tensor): Tensor {
  return wrap(call(1143, h(input)));
}

/** The Bessel function of the second kind of order 0.
 *  Shape: any, unchanged.
 *
 *  `special_bessel_y0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.bessel_y0
 *  @example
 *  special.besselY0(tensor([1])); // tensor([0.0883]) */
export function besselY0(input: Tensor): Tensor {
  return wrap(call(1144, h(input)));
}

/** The Bessel function of the second kind of order 1.
 *  Shape: any, unchanged.
 *
 *  `special_bessel_y1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.bessel_y1
 *  @example
 *  special.besselY1(tensor([1])); // tensor([-0.7812]) */
export function besselY1(input: Tensor): Tensor {
  return wrap(call(1145, h(input)));
}

/** The Chebyshev polynomial of the first kind of degree `n`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_chebyshev_polynomial_t(Tensor x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_t.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_t.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.chebyshev_polynomial_t
 *  @example
 *  special.chebyshevPolynomialT(tensor([0.5]), 2); // tensor([-0.5000]) */
export function chebyshevPolynomialT(x: Tensor | Scalar, n: Tensor): Tensor;
export function chebyshevPolynomialT(x: Tensor, n: Scalar): Tensor;
export function chebyshevPolynomialT(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1146, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1148, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1147, h(x), n));
  throw unfit('chebyshevPolynomialT', 'chebyshevPolynomialT(x: Tensor, n: Tensor) or chebyshevPolynomialT(x: Scalar, n: Tensor) or chebyshevPolynomialT(x: Tensor, n: Scalar)', [x, n]);
}

/** The Chebyshev polynomial of the second kind of degree `n`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_chebyshev_polynomial_u(Tensor x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_u.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_u.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.chebyshev_polynomial_u
 *  @example
 *  special.chebyshevPolynomialU(tensor([0.5]), 3); // tensor([-1.]) */
export function chebyshevPolynomialU(x: Tensor | Scalar, n: Tensor): Tensor;
export function chebyshevPolynomialU(x: Tensor, n: Scalar): Tensor;
export function chebyshevPolynomialU(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1149, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1151, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1150, h(x), n));
  throw unfit('chebyshevPolynomialU', 'chebyshevPolynomialU(x: Tensor, n: Tensor) or chebyshevPolynomialU(x: Scalar, n: Tensor) or chebyshevPolynomialU(x: Tensor, n: Scalar)', [x, n]);
}

/** The Chebyshev polynomial of the third kind of degree `n`.
 *
 *  `special_chebyshev_polynomial_v(Tensor x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_v.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_v.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.chebyshev_polynomial_v
 *  @example
 *  special.chebyshevPolynomialV(tensor([0.5]), 1); // tensor([0.]) */
export function chebyshevPolynomialV(x: Tensor | Scalar, n: Tensor): Tensor;
export function chebyshevPolynomialV(x: Tensor, n: Scalar): Tensor;
export function chebyshevPolynomialV(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1152, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1154, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1153, h(x), n));
  throw unfit('chebyshevPolynomialV', 'chebyshevPolynomialV(x: Tensor, n: Tensor) or chebyshevPolynomialV(x: Scalar, n: Tensor) or chebyshevPolynomialV(x: Tensor, n: Scalar)', [x, n]);
}

/** The Chebyshev polynomial of the fourth kind of degree `n`.
 *
 *  `special_chebyshev_polynomial_w(Tensor x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_w.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_w.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.chebyshev_polynomial_w
 *  @example
 *  special.chebyshevPolynomialW(tensor([0.5]), 1); // tensor([2.]) */
export function chebyshevPolynomialW(x: Tensor | Scalar, n: Tensor): Tensor;
export function chebyshevPolynomialW(x: Tensor, n: Scalar): Tensor;
export function chebyshevPolynomialW(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1155, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1157, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1156, h(x), n));
  throw unfit('chebyshevPolynomialW', 'chebyshevPolynomialW(x: Tensor, n: Tensor) or chebyshevPolynomialW(x: Scalar, n: Tensor) or chebyshevPolynomialW(x: Tensor, n: Scalar)', [x, n]);
}

/** The slope of `lgamma`.
 *  Shape: any, unchanged.
 *
 *  `special_digamma(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.digamma
 *  @example
 *  tensor([1]).digamma(); // tensor([-0.5772]) */
export function digamma(input: Tensor): Tensor {
  return wrap(call(1158, h(input)));
}

/** `-x * log(x)`, the entropy of a share; 0 at 0, minus infinity below.
 *  Shape: any, unchanged.
 *
 *  `special_entr(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.entr
 *  @example
 *  special.entr(tensor([0, 0.5])); // tensor([0.0000, 0.3466]) */
export function entr(input: Tensor): Tensor {
  return wrap(call(1159, h(input)));
}

/** The chance, doubled and less 1, that a normal number of variance 1/2 is below each element.
 *  Shape: any, unchanged.
 *
 *  `special_erf(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.erf
 *  @example
 *  tensor([0, 1]).erf(); // tensor([0.0000, 0.8427]) */
export function erf(input: Tensor): Tensor {
  return wrap(call(1160, h(input)));
}

/** `1 - erf(x)`, exact for large x.
 *  Shape: any, unchanged.
 *
 *  `special_erfc(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.erfc
 *  @example
 *  tensor([0, 1, 5]).erfc(); // tensor([1.0000e+00, 1.5730e-01, 1.5375e-12]) */
export function erfc(input: Tensor): Tensor {
  return wrap(call(1161, h(input)));
}

/** `exp(x^2) * erfc(x)`, which does not vanish for large x.
 *  Shape: any, unchanged.
 *
 *  `special_erfcx(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.erfcx
 *  @example
 *  special.erfcx(tensor([0, 10])); // tensor([1.0000, 0.0561]) */
export function erfcx(input: Tensor): Tensor {
  return wrap(call(1162, h(input)));
}

/** The number whose `erf` each element is.
 *  Shape: any, unchanged.
 *
 *  `special_erfinv(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.erfinv
 *  @example
 *  tensor([0, 0.8427]).erfinv(); // tensor([0.0000, 1.0000]) */
export function erfinv(input: Tensor): Tensor {
  return wrap(call(1163, h(input)));
}

/** 2 raised to each element.
 *  Shape: any, unchanged.
 *
 *  `special_exp2(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.exp2
 *  @example
 *  tensor([0, 3, -1]).exp2(); // tensor([1.0000, 8.0000, 0.5000]) */
export function exp2(input: Tensor): Tensor {
  return wrap(call(1164, h(input)));
}

/** Another name of `sigmoid`. Squeezes each element between 0 and 1: `1 / (1 + exp(-x))`.
 *  Shape: any, unchanged.
 *
 *  `special_expit(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.expit
 *  @example
 *  tensor([-1, 0, 1]).sigmoid(); // tensor([0.2689, 0.5000, 0.7311]) */
export function expit(input: Tensor): Tensor {
  return wrap(call(1165, h(input)));
}

/** `exp(x) - 1`, exact where x is near 0.
 *  Shape: any, unchanged.
 *
 *  `special_expm1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.expm1
 *  @example
 *  tensor([1e-10], { dtype: 'float64' }).expm1(); // tensor([1.0000e-10], dtype=torch.float64) */
export function expm1(input: Tensor): Tensor {
  return wrap(call(1166, h(input)));
}

/** Another name of `igamma`. The share of the gamma function's integral, at the input, that lies below `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_gammainc(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.gammainc
 *  @example
 *  tensor([1]).igamma(tensor([1])); // tensor([0.6321]) */
export function gammainc(input: Tensor, other: Tensor): Tensor {
  return wrap(call(1167, h(input), h(other)));
}

/** Another name of `igammac`. The share of the gamma function's integral, at the input, that lies above `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_gammaincc(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.gammaincc
 *  @example
 *  tensor([1]).igammac(tensor([1])); // tensor([0.3679]) */
export function gammaincc(input: Tensor, other: Tensor): Tensor {
  return wrap(call(1168, h(input), h(other)));
}

/** Another name of `lgamma`. The logarithm of the gamma function's size; gamma(n) is (n - 1)! for whole n.
 *  Shape: any, unchanged.
 *
 *  `special_gammaln(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.gammaln
 *  @example
 *  tensor([5]).lgamma().exp().round(); // tensor([24.]) */
export function gammaln(input: Tensor): Tensor {
  return wrap(call(1169, h(input)));
}

/** The physicists' Hermite polynomial of degree `n`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_hermite_polynomial_h(Tensor x, Tensor n) -> Tensor`
 *  `special_hermite_polynomial_h.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_hermite_polynomial_h.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.hermite_polynomial_h
 *  @example
 *  special.hermitePolynomialH(tensor([2]), 2); // tensor([14.]) */
export function hermitePolynomialH(x: Tensor | Scalar, n: Tensor): Tensor;
export function hermitePolynomialH(x: Tensor, n: Scalar): Tensor;
export function hermitePolynomialH(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1170, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1172, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1171, h(x), n));
  throw unfit('hermitePolynomialH', 'hermitePolynomialH(x: Tensor, n: Tensor) or hermitePolynomialH(x: Scalar, n: Tensor) or hermitePolynomialH(x: Tensor, n: Scalar)', [x, n]);
}

/** The probabilists' Hermite polynomial of degree `n`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_hermite_polynomial_he(Tensor x, Tensor n) -> Tensor`
 *  `special_hermite_polynomial_he.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_hermite_polynomial_he.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.hermite_polynomial_he
 *  @example
 *  special.hermitePolynomialHe(tensor([2]), 2); // tensor([3.]) */
export function hermitePolynomialHe(x: Tensor | Scalar, n: Tensor): Tensor;
export function hermitePolynomialHe(x: Tensor, n: Scalar): Tensor;
export function hermitePolynomialHe(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1173, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1175, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1174, h(x), n));
  throw unfit('hermitePolynomialHe', 'hermitePolynomialHe(x: Tensor, n: Tensor) or hermitePolynomialHe(x: Scalar, n: Tensor) or hermitePolynomialHe(x: Tensor, n: Scalar)', [x, n]);
}

/** The modified Bessel function of order 0.
 *  Shape: any, unchanged.
 *
 *  `special_i0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.i0
 *  @example
 *  tensor([0, 1]).i0(); // tensor([1.0000, 1.2661]) */
export function i0(input: Tensor): Tensor {
  return wrap(call(1176, h(input)));
}

/** `exp(-|x|) * i0(x)`, which does not overflow.
 *  Shape: any, unchanged.
 *
 *  `special_i0e(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.i0e
 *  @example
 *  special.i0e(tensor([0, 1])); // tensor([1.0000, 0.4658]) */
export function i0e(input: Tensor): Tensor {
  return wrap(call(1177, h(input)));
}

/** The modified Bessel function of order 1.
 *  Shape: any, unchanged.
 *
 *  `special_i1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.i1
 *  @example
 *  special.i1(tensor([0, 1])); // tensor([0.0000, 0.5652]) */
export function i1(input: Tensor): Tensor {
  return wrap(call(1178, h(input)));
}

/** `exp(-|x|) * i1(x)`, which does not overflow.
 *  Shape: any, unchanged.
 *
 *  `special_i1e(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.i1e
 *  @example
 *  special.i1e(tensor([0, 1])); // tensor([0.0000, 0.2079]) */
export function i1e(input: Tensor): Tensor {
  return wrap(call(1179, h(input)));
}

/** The Laguerre polynomial of degree `n`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_laguerre_polynomial_l(Tensor x, Tensor n) -> Tensor`
 *  `special_laguerre_polynomial_l.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_laguerre_polynomial_l.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.laguerre_polynomial_l
 *  @example
 *  special.laguerrePolynomialL(tensor([2]), 1); // tensor([-1.]) */
export function laguerrePolynomialL(x: Tensor | Scalar, n: Tensor): Tensor;
export function laguerrePolynomialL(x: Tensor, n: Scalar): Tensor;
export function laguerrePolynomialL(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1180, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1182, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1181, h(x), n));
  throw unfit('laguerrePolynomialL', 'laguerrePolynomialL(x: Tensor, n: Tensor) or laguerrePolynomialL(x: Scalar, n: Tensor) or laguerrePolynomialL(x: Tensor, n: Scalar)', [x, n]);
}

/** The Legendre polynomial of degree `n`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_legendre_polynomial_p(Tensor x, Tensor n) -> Tensor`
 *  `special_legendre_polynomial_p.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_legendre_polynomial_p.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.legendre_polynomial_p
 *  @example
 *  special.legendrePolynomialP(tensor([0.5]), 2); // tensor([-0.1250]) */
export function legendrePolynomialP(x: Tensor | Scalar, n: Tensor): Tensor;
export function legendrePolynomialP(x: Tensor, n: Scalar): Tensor;
export function legendrePolynomialP(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1183, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1185, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1184, h(x), n));
  throw unfit('legendrePolynomialP', 'legendrePolynomialP(x: Tensor, n: Tensor) or legendrePolynomialP(x: Scalar, n: Tensor) or legendrePolynomialP(x: Tensor, n: Scalar)', [x, n]);
}

/** `log(1 + x)`, exact where x is near 0.
 *  Shape: any, unchanged.
 *
 *  `special_log1p(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.log1p
 *  @example
 *  tensor([1e-10], { dtype: 'float64' }).log1p(); // tensor([1.0000e-10], dtype=torch.float64) */
export function log1p(input: Tensor): Tensor {
  return wrap(call(1186, h(input)));
}

/** The logarithm of `special.ndtr`, exact far below 0.
 *  Shape: any, unchanged.
 *
 *  `special_log_ndtr(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.log_ndtr
 *  @example
 *  special.logNdtr(tensor([0, -20])); // tensor([  -0.6931, -203.9172]) */
export function logNdtr(input: Tensor): Tensor {
  return wrap(call(1187, h(input)));
}

/** The logarithm of `softmax`, exact for very small shares too.
 *  Shape: any, unchanged.
 *
 *  `special_log_softmax(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.log_softmax
 *  @example
 *  tensor([0, 1000]).logSoftmax(0); // tensor([-1000.,     0.]) */
export function logSoftmax(input: Tensor, dim: number, options?: { dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(1188, h(input), dim));
  readOptions('logSoftmax', OPTIONS_0, options);
  return wrap(call(1188, h(input), dim, options.dtype && dtypeCode(options.dtype)));
}

/** The number whose sigmoid each element is: `log(x / (1 - x))`; `eps` keeps elements away from 0 and 1.
 *  Shape: any, unchanged.
 *
 *  `special_logit(Tensor self, float? eps=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.logit
 *  @example
 *  tensor([0.5, 0.7311]).logit(); // tensor([0.0000, 1.0002]) */
export function logit(input: Tensor, options?: { eps?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1189, h(input)));
  readOptions('logit', OPTIONS_1, options);
  return wrap(call(1189, h(input), options.eps));
}

/** `log(sum(exp(x)))` along `dim`, which does not overflow.
 *  Shape: the input without `dim`, or with size 1 there if `keepdim`.
 *
 *  `special_logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.logsumexp
 *  @example
 *  tensor([1000, 1000]).logsumexp(0); // tensor(1000.6932) */
export function logsumexp(input: Tensor, dim: number | readonly number[], options?: { keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1190, h(input), dim));
  readOptions('logsumexp', OPTIONS_2, options);
  return wrap(call(1190, h(input), dim, options.keepdim));
}

/** The modified Bessel function of the first kind of order 0.
 *  Shape: any, unchanged.
 *
 *  `special_modified_bessel_i0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.modified_bessel_i0
 *  @example
 *  special.modifiedBesselI0(tensor([1])); // tensor([1.2661]) */
export function modifiedBesselI0(input: Tensor): Tensor {
  return wrap(call(1191, h(input)));
}

/** The modified Bessel function of the first kind of order 1.
 *  Shape: any, unchanged.
 *
 *  `special_modified_bessel_i1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.modified_bessel_i1
 *  @example
 *  special.modifiedBesselI1(tensor([1])); // tensor([0.5652]) */
export function modifiedBesselI1(input: Tensor): Tensor {
  return wrap(call(1192, h(input)));
}

/** The modified Bessel function of the second kind of order 0.
 *  Shape: any, unchanged.
 *
 *  `special_modified_bessel_k0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.modified_bessel_k0
 *  @example
 *  special.modifiedBesselK0(tensor([1])); // tensor([0.4210]) */
export function modifiedBesselK0(input: Tensor): Tensor {
  return wrap(call(1193, h(input)));
}

/** The modified Bessel function of the second kind of order 1.
 *  Shape: any, unchanged.
 *
 *  `special_modified_bessel_k1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.modified_bessel_k1
 *  @example
 *  special.modifiedBesselK1(tensor([1])); // tensor([0.6019]) */
export function modifiedBesselK1(input: Tensor): Tensor {
  return wrap(call(1194, h(input)));
}

/** Another name of `mvlgamma`. The logarithm of the gamma function of p dimensions.
 *  Shape: any, unchanged.
 *
 *  `special_multigammaln(Tensor self, int p) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.multigammaln
 *  @example
 *  tensor([2, 3]).mvlgamma(1); // tensor([0.0000, 0.6931]) */
export function multigammaln(input: Tensor, p: number): Tensor {
  return wrap(call(1195, h(input), p));
}

/** The chance that a normal number is below each element.
 *  Shape: any, unchanged.
 *
 *  `special_ndtr(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.ndtr
 *  @example
 *  special.ndtr(tensor([0, 1.96])); // tensor([0.5000, 0.9750]) */
export function ndtr(input: Tensor): Tensor {
  return wrap(call(1196, h(input)));
}

/** The number below which a normal number is with the chance that each element says.
 *  Shape: any, unchanged.
 *
 *  `special_ndtri(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.ndtri
 *  @example
 *  special.ndtri(tensor([0.5, 0.975])); // tensor([0.0000, 1.9600]) */
export function ndtri(input: Tensor): Tensor {
  return wrap(call(1197, h(input)));
}

/** The n-th derivative of `digamma`.
 *  Shape: any, unchanged.
 *
 *  `special_polygamma(int n, Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.polygamma
 *  @example
 *  tensor([1]).polygamma(1); // tensor([1.6449]) */
export function polygamma(n: number, input: Tensor): Tensor {
  return wrap(call(1198, n, h(input)));
}

/** Another name of `digamma`. The slope of `lgamma`.
 *  Shape: any, unchanged.
 *
 *  `special_psi(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.psi
 *  @example
 *  tensor([1]).digamma(); // tensor([-0.5772]) */
export function psi(input: Tensor): Tensor {
  return wrap(call(1199, h(input)));
}

/** The nearest whole number, of two as near the even one; `decimals` keeps that many places.
 *  Shape: any, unchanged.
 *
 *  `special_round(Tensor self, *, int decimals=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.round
 *  @example
 *  tensor([0.5, 1.5, 2.6]).round(); // tensor([0., 2., 3.])
 *  tensor([1.237]).round({ decimals: 2 }); // tensor([1.2400]) */
export function round(input: Tensor, options?: { decimals?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1200, h(input)));
  readOptions('round', OPTIONS_3, options);
  return wrap(call(1200, h(input), options.decimals));
}

/** `exp(x) * K0(x)`, which does not vanish for large x.
 *  Shape: any, unchanged.
 *
 *  `special_scaled_modified_bessel_k0(Tensor x) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.scaled_modified_bessel_k0
 *  @example
 *  special.scaledModifiedBesselK0(tensor([1])); // tensor([1.1445]) */
export function scaledModifiedBesselK0(x: Tensor): Tensor {
  return wrap(call(1201, h(x)));
}

/** `exp(x) * K1(x)`, which does not vanish for large x.
 *  Shape: any, unchanged.
 *
 *  `special_scaled_modified_bessel_k1(Tensor x) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.scaled_modified_bessel_k1
 *  @example
 *  special.scaledModifiedBesselK1(tensor([1])); // tensor([1.6362]) */
export function scaledModifiedBesselK1(x: Tensor): Tensor {
  return wrap(call(1202, h(x)));
}

/** `special_shifted_chebyshev_polynomial_t(Tensor x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_t.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_t.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.shifted_chebyshev_polynomial_t */
export function shiftedChebyshevPolynomialT(x: Tensor | Scalar, n: Tensor): Tensor;
export function shiftedChebyshevPolynomialT(x: Tensor, n: Scalar): Tensor;
export function shiftedChebyshevPolynomialT(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1203, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1205, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1204, h(x), n));
  throw unfit('shiftedChebyshevPolynomialT', 'shiftedChebyshevPolynomialT(x: Tensor, n: Tensor) or shiftedChebyshevPolynomialT(x: Scalar, n: Tensor) or shiftedChebyshevPolynomialT(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_shifted_chebyshev_polynomial_u(Tensor x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_u.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_u.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.shifted_chebyshev_polynomial_u */
export function shiftedChebyshevPolynomialU(x: Tensor | Scalar, n: Tensor): Tensor;
export function shiftedChebyshevPolynomialU(x: Tensor, n: Scalar): Tensor;
export function shiftedChebyshevPolynomialU(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1206, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1208, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1207, h(x), n));
  throw unfit('shiftedChebyshevPolynomialU', 'shiftedChebyshevPolynomialU(x: Tensor, n: Tensor) or shiftedChebyshevPolynomialU(x: Scalar, n: Tensor) or shiftedChebyshevPolynomialU(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_shifted_chebyshev_polynomial_v(Tensor x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_v.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_v.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.shifted_chebyshev_polynomial_v */
export function shiftedChebyshevPolynomialV(x: Tensor | Scalar, n: Tensor): Tensor;
export function shiftedChebyshevPolynomialV(x: Tensor, n: Scalar): Tensor;
export function shiftedChebyshevPolynomialV(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1209, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1211, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1210, h(x), n));
  throw unfit('shiftedChebyshevPolynomialV', 'shiftedChebyshevPolynomialV(x: Tensor, n: Tensor) or shiftedChebyshevPolynomialV(x: Scalar, n: Tensor) or shiftedChebyshevPolynomialV(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_shifted_chebyshev_polynomial_w(Tensor x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_w.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_w.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.shifted_chebyshev_polynomial_w */
export function shiftedChebyshevPolynomialW(x: Tensor | Scalar, n: Tensor): Tensor;
export function shiftedChebyshevPolynomialW(x: Tensor, n: Scalar): Tensor;
export function shiftedChebyshevPolynomialW(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1212, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1214, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1213, h(x), n));
  throw unfit('shiftedChebyshevPolynomialW', 'shiftedChebyshevPolynomialW(x: Tensor, n: Tensor) or shiftedChebyshevPolynomialW(x: Scalar, n: Tensor) or shiftedChebyshevPolynomialW(x: Tensor, n: Scalar)', [x, n]);
}

/** `sin(pi x) / (pi x)`, and 1 at 0.
 *  Shape: any, unchanged.
 *
 *  `special_sinc(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.sinc
 *  @example
 *  tensor([0, 0.5, 1.5]).sinc(); // tensor([ 1.0000,  0.6366, -0.2122]) */
export function sinc(input: Tensor): Tensor {
  return wrap(call(1215, h(input)));
}

/** Turns the elements along `dim` into shares that add up to 1: `exp(x) / sum(exp(x))`.
 *  Shape: any, unchanged.
 *
 *  `special_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.softmax
 *  @example
 *  tensor([0, 0, Math.log(2)]).softmax(0); // tensor([0.2500, 0.2500, 0.5000]) */
export function softmax(input: Tensor, dim: number, options?: { dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(1216, h(input), dim));
  readOptions('softmax', OPTIONS_0, options);
  return wrap(call(1216, h(input), dim, options.dtype && dtypeCode(options.dtype)));
}

/** `sin(x) / x`, the spherical Bessel function of order 0.
 *  Shape: any, unchanged.
 *
 *  `special_spherical_bessel_j0(Tensor x) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.spherical_bessel_j0
 *  @example
 *  special.sphericalBesselJ0(tensor([0, 1])); // tensor([1.0000, 0.8415]) */
export function sphericalBesselJ0(x: Tensor): Tensor {
  return wrap(call(1217, h(x)));
}

/** `x * log(1 + other)`, which is 0 where x is 0.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_xlog1py(Tensor self, Tensor other) -> Tensor`
 *  `special_xlog1py.other_scalar(Tensor self, Scalar other) -> Tensor`
 *  `special_xlog1py.self_scalar(Scalar self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.xlog1py
 *  @example
 *  special.xlog1py(tensor([0, 2]), tensor([-1, 0])); // tensor([0., 0.]) */
export function xlog1py(input: Tensor, other: Tensor | Scalar): Tensor;
export function xlog1py(input: Scalar, other: Tensor): Tensor;
export function xlog1py(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(1218, h(input), h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1219, h(input), other));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(1220, input, h(other)));
  throw unfit('xlog1py', 'xlog1py(input: Tensor, other: Tensor) or xlog1py(input: Tensor, other: Scalar) or xlog1py(input: Scalar, other: Tensor)', [input, other]);
}

/** `x * log(other)`, which is 0 where x is 0.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_xlogy(Tensor self, Tensor other) -> Tensor`
 *  `special_xlogy.other_scalar(Tensor self, Scalar other) -> Tensor`
 *  `special_xlogy.self_scalar(Scalar self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.xlogy
 *  @example
 *  tensor([0, 2]).xlogy(tensor([0, 10])); // tensor([0.0000, 4.6052]) */
export function xlogy(input: Tensor, other: Tensor | Scalar): Tensor;
export function xlogy(input: Scalar, other: Tensor): Tensor;
export function xlogy(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(1221, h(input), h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1222, h(input), other));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(1223, input, h(other)));
  throw unfit('xlogy', 'xlogy(input: Tensor, other: Tensor) or xlogy(input: Tensor, other: Scalar) or xlogy(input: Scalar, other: Tensor)', [input, other]);
}

/** The Hurwitz zeta function: the sum of `1 / (k + other)^x` over k from 0 on.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `special_zeta(Tensor self, Tensor other) -> Tensor`
 *  `special_zeta.other_scalar(Tensor self, Scalar other) -> Tensor`
 *  `special_zeta.self_scalar(Scalar self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.zeta
 *  @example
 *  special.zeta(tensor([2]), 1); // tensor([1.6449]) */
export function zeta(input: Tensor, other: Tensor | Scalar): Tensor;
export function zeta(input: Scalar, other: Tensor): Tensor;
export function zeta(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(1224, h(input), h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1225, h(input), other));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(1226, input, h(other)));
  throw unfit('zeta', 'zeta(input: Tensor, other: Tensor) or zeta(input: Tensor, other: Scalar) or zeta(input: Scalar, other: Tensor)', [input, other]);
}
