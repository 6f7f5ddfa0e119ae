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

/** `special_airy_ai(Tensor x) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.airy_ai */
export function airyAi(x: Tensor): Tensor {
  return wrap(call(1135, h(x)));
}

/** `special_bessel_j0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.bessel_j0 */
export function besselJ0(input: Tensor): Tensor {
  return wrap(call(1136, h(input)));
}

/** `special_bessel_j1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.bessel_j1 */
export function besselJ1(input: Tensor): Tensor {
  return wrap(call(1137, h(input)));
}

/** `special_bessel_y0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.bessel_y0 */
export function besselY0(input: Tensor): Tensor {
  return wrap(call(1138, h(input)));
}

/** `special_bessel_y1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.bessel_y1 */
export function besselY1(input: Tensor): Tensor {
  return wrap(call(1139, h(input)));
}

/** `special_chebyshev_polynomial_t(Tensor x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_t.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_t.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.chebyshev_polynomial_t */
export function chebyshevPolynomialT(x: Tensor | Scalar, n: Tensor): Tensor;
export function chebyshevPolynomialT(x: Tensor, n: Scalar): Tensor;
export function chebyshevPolynomialT(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1140, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1142, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1141, h(x), n));
  throw unfit('chebyshevPolynomialT', 'chebyshevPolynomialT(x: Tensor, n: Tensor) or chebyshevPolynomialT(x: Scalar, n: Tensor) or chebyshevPolynomialT(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_chebyshev_polynomial_u(Tensor x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_u.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_u.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.chebyshev_polynomial_u */
export function chebyshevPolynomialU(x: Tensor | Scalar, n: Tensor): Tensor;
export function chebyshevPolynomialU(x: Tensor, n: Scalar): Tensor;
export function chebyshevPolynomialU(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1143, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1145, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1144, h(x), n));
  throw unfit('chebyshevPolynomialU', 'chebyshevPolynomialU(x: Tensor, n: Tensor) or chebyshevPolynomialU(x: Scalar, n: Tensor) or chebyshevPolynomialU(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_chebyshev_polynomial_v(Tensor x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_v.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_v.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.chebyshev_polynomial_v */
export function chebyshevPolynomialV(x: Tensor | Scalar, n: Tensor): Tensor;
export function chebyshevPolynomialV(x: Tensor, n: Scalar): Tensor;
export function chebyshevPolynomialV(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1146, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1148, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1147, h(x), n));
  throw unfit('chebyshevPolynomialV', 'chebyshevPolynomialV(x: Tensor, n: Tensor) or chebyshevPolynomialV(x: Scalar, n: Tensor) or chebyshevPolynomialV(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_chebyshev_polynomial_w(Tensor x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_w.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_chebyshev_polynomial_w.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.chebyshev_polynomial_w */
export function chebyshevPolynomialW(x: Tensor | Scalar, n: Tensor): Tensor;
export function chebyshevPolynomialW(x: Tensor, n: Scalar): Tensor;
export function chebyshevPolynomialW(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1149, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1151, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1150, h(x), n));
  throw unfit('chebyshevPolynomialW', 'chebyshevPolynomialW(x: Tensor, n: Tensor) or chebyshevPolynomialW(x: Scalar, n: Tensor) or chebyshevPolynomialW(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_digamma(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.digamma */
export function digamma(input: Tensor): Tensor {
  return wrap(call(1152, h(input)));
}

/** `special_entr(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.entr */
export function entr(input: Tensor): Tensor {
  return wrap(call(1153, h(input)));
}

/** `special_erf(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.erf */
export function erf(input: Tensor): Tensor {
  return wrap(call(1154, h(input)));
}

/** `special_erfc(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.erfc */
export function erfc(input: Tensor): Tensor {
  return wrap(call(1155, h(input)));
}

/** `special_erfcx(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.erfcx */
export function erfcx(input: Tensor): Tensor {
  return wrap(call(1156, h(input)));
}

/** `special_erfinv(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.erfinv */
export function erfinv(input: Tensor): Tensor {
  return wrap(call(1157, h(input)));
}

/** `special_exp2(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.exp2 */
export function exp2(input: Tensor): Tensor {
  return wrap(call(1158, h(input)));
}

/** `special_expit(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.expit */
export function expit(input: Tensor): Tensor {
  return wrap(call(1159, h(input)));
}

/** `special_expm1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.expm1 */
export function expm1(input: Tensor): Tensor {
  return wrap(call(1160, h(input)));
}

/** `special_gammainc(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.gammainc */
export function gammainc(input: Tensor, other: Tensor): Tensor {
  return wrap(call(1161, h(input), h(other)));
}

/** `special_gammaincc(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.gammaincc */
export function gammaincc(input: Tensor, other: Tensor): Tensor {
  return wrap(call(1162, h(input), h(other)));
}

/** `special_gammaln(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.gammaln */
export function gammaln(input: Tensor): Tensor {
  return wrap(call(1163, h(input)));
}

/** `special_hermite_polynomial_h(Tensor x, Tensor n) -> Tensor`
 *  `special_hermite_polynomial_h.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_hermite_polynomial_h.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.hermite_polynomial_h */
export function hermitePolynomialH(x: Tensor | Scalar, n: Tensor): Tensor;
export function hermitePolynomialH(x: Tensor, n: Scalar): Tensor;
export function hermitePolynomialH(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1164, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1166, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1165, h(x), n));
  throw unfit('hermitePolynomialH', 'hermitePolynomialH(x: Tensor, n: Tensor) or hermitePolynomialH(x: Scalar, n: Tensor) or hermitePolynomialH(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_hermite_polynomial_he(Tensor x, Tensor n) -> Tensor`
 *  `special_hermite_polynomial_he.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_hermite_polynomial_he.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.hermite_polynomial_he */
export function hermitePolynomialHe(x: Tensor | Scalar, n: Tensor): Tensor;
export function hermitePolynomialHe(x: Tensor, n: Scalar): Tensor;
export function hermitePolynomialHe(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1167, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1169, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1168, h(x), n));
  throw unfit('hermitePolynomialHe', 'hermitePolynomialHe(x: Tensor, n: Tensor) or hermitePolynomialHe(x: Scalar, n: Tensor) or hermitePolynomialHe(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_i0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.i0 */
export function i0(input: Tensor): Tensor {
  return wrap(call(1170, h(input)));
}

/** `special_i0e(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.i0e */
export function i0e(input: Tensor): Tensor {
  return wrap(call(1171, h(input)));
}

/** `special_i1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.i1 */
export function i1(input: Tensor): Tensor {
  return wrap(call(1172, h(input)));
}

/** `special_i1e(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.i1e */
export function i1e(input: Tensor): Tensor {
  return wrap(call(1173, h(input)));
}

/** `special_laguerre_polynomial_l(Tensor x, Tensor n) -> Tensor`
 *  `special_laguerre_polynomial_l.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_laguerre_polynomial_l.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.laguerre_polynomial_l */
export function laguerrePolynomialL(x: Tensor | Scalar, n: Tensor): Tensor;
export function laguerrePolynomialL(x: Tensor, n: Scalar): Tensor;
export function laguerrePolynomialL(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1174, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1176, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1175, h(x), n));
  throw unfit('laguerrePolynomialL', 'laguerrePolynomialL(x: Tensor, n: Tensor) or laguerrePolynomialL(x: Scalar, n: Tensor) or laguerrePolynomialL(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_legendre_polynomial_p(Tensor x, Tensor n) -> Tensor`
 *  `special_legendre_polynomial_p.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_legendre_polynomial_p.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.legendre_polynomial_p */
export function legendrePolynomialP(x: Tensor | Scalar, n: Tensor): Tensor;
export function legendrePolynomialP(x: Tensor, n: Scalar): Tensor;
export function legendrePolynomialP(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1177, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1179, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1178, h(x), n));
  throw unfit('legendrePolynomialP', 'legendrePolynomialP(x: Tensor, n: Tensor) or legendrePolynomialP(x: Scalar, n: Tensor) or legendrePolynomialP(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_log1p(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.log1p */
export function log1p(input: Tensor): Tensor {
  return wrap(call(1180, h(input)));
}

/** `special_log_ndtr(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.log_ndtr */
export function logNdtr(input: Tensor): Tensor {
  return wrap(call(1181, h(input)));
}

/** `special_log_softmax(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.log_softmax */
export function logSoftmax(input: Tensor, dim: number, options?: { dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(1182, h(input), dim));
  readOptions('logSoftmax', OPTIONS_0, options);
  return wrap(call(1182, h(input), dim, options.dtype && dtypeCode(options.dtype)));
}

/** `special_logit(Tensor self, float? eps=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.logit */
export function logit(input: Tensor, options?: { eps?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1183, h(input)));
  readOptions('logit', OPTIONS_1, options);
  return wrap(call(1183, h(input), options.eps));
}

/** `special_logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.logsumexp */
export function logsumexp(input: Tensor, dim: number | readonly number[], options?: { keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1184, h(input), dim));
  readOptions('logsumexp', OPTIONS_2, options);
  return wrap(call(1184, h(input), dim, options.keepdim));
}

/** `special_modified_bessel_i0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.modified_bessel_i0 */
export function modifiedBesselI0(input: Tensor): Tensor {
  return wrap(call(1185, h(input)));
}

/** `special_modified_bessel_i1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.modified_bessel_i1 */
export function modifiedBesselI1(input: Tensor): Tensor {
  return wrap(call(1186, h(input)));
}

/** `special_modified_bessel_k0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.modified_bessel_k0 */
export function modifiedBesselK0(input: Tensor): Tensor {
  return wrap(call(1187, h(input)));
}

/** `special_modified_bessel_k1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.modified_bessel_k1 */
export function modifiedBesselK1(input: Tensor): Tensor {
  return wrap(call(1188, h(input)));
}

/** `special_multigammaln(Tensor self, int p) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.multigammaln */
export function multigammaln(input: Tensor, p: number): Tensor {
  return wrap(call(1189, h(input), p));
}

/** `special_ndtr(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.ndtr */
export function ndtr(input: Tensor): Tensor {
  return wrap(call(1190, h(input)));
}

/** `special_ndtri(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.ndtri */
export function ndtri(input: Tensor): Tensor {
  return wrap(call(1191, h(input)));
}

/** `special_polygamma(int n, Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.polygamma */
export function polygamma(n: number, input: Tensor): Tensor {
  return wrap(call(1192, n, h(input)));
}

/** `special_psi(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.psi */
export function psi(input: Tensor): Tensor {
  return wrap(call(1193, h(input)));
}

/** `special_round(Tensor self, *, int decimals=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.round */
export function round(input: Tensor, options?: { decimals?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1194, h(input)));
  readOptions('round', OPTIONS_3, options);
  return wrap(call(1194, h(input), options.decimals));
}

/** `special_scaled_modified_bessel_k0(Tensor x) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.scaled_modified_bessel_k0 */
export function scaledModifiedBesselK0(x: Tensor): Tensor {
  return wrap(call(1195, h(x)));
}

/** `special_scaled_modified_bessel_k1(Tensor x) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.scaled_modified_bessel_k1 */
export function scaledModifiedBesselK1(x: Tensor): Tensor {
  return wrap(call(1196, h(x)));
}

/** `special_shifted_chebyshev_polynomial_t(Tensor x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_t.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_t.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.shifted_chebyshev_polynomial_t */
export function shiftedChebyshevPolynomialT(x: Tensor | Scalar, n: Tensor): Tensor;
export function shiftedChebyshevPolynomialT(x: Tensor, n: Scalar): Tensor;
export function shiftedChebyshevPolynomialT(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1197, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1199, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1198, h(x), n));
  throw unfit('shiftedChebyshevPolynomialT', 'shiftedChebyshevPolynomialT(x: Tensor, n: Tensor) or shiftedChebyshevPolynomialT(x: Scalar, n: Tensor) or shiftedChebyshevPolynomialT(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_shifted_chebyshev_polynomial_u(Tensor x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_u.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_u.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.shifted_chebyshev_polynomial_u */
export function shiftedChebyshevPolynomialU(x: Tensor | Scalar, n: Tensor): Tensor;
export function shiftedChebyshevPolynomialU(x: Tensor, n: Scalar): Tensor;
export function shiftedChebyshevPolynomialU(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1200, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1202, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1201, h(x), n));
  throw unfit('shiftedChebyshevPolynomialU', 'shiftedChebyshevPolynomialU(x: Tensor, n: Tensor) or shiftedChebyshevPolynomialU(x: Scalar, n: Tensor) or shiftedChebyshevPolynomialU(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_shifted_chebyshev_polynomial_v(Tensor x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_v.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_v.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.shifted_chebyshev_polynomial_v */
export function shiftedChebyshevPolynomialV(x: Tensor | Scalar, n: Tensor): Tensor;
export function shiftedChebyshevPolynomialV(x: Tensor, n: Scalar): Tensor;
export function shiftedChebyshevPolynomialV(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1203, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1205, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1204, h(x), n));
  throw unfit('shiftedChebyshevPolynomialV', 'shiftedChebyshevPolynomialV(x: Tensor, n: Tensor) or shiftedChebyshevPolynomialV(x: Scalar, n: Tensor) or shiftedChebyshevPolynomialV(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_shifted_chebyshev_polynomial_w(Tensor x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_w.x_scalar(Scalar x, Tensor n) -> Tensor`
 *  `special_shifted_chebyshev_polynomial_w.n_scalar(Tensor x, Scalar n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.shifted_chebyshev_polynomial_w */
export function shiftedChebyshevPolynomialW(x: Tensor | Scalar, n: Tensor): Tensor;
export function shiftedChebyshevPolynomialW(x: Tensor, n: Scalar): Tensor;
export function shiftedChebyshevPolynomialW(x: Tensor | Scalar, n: Tensor | Scalar): Tensor {
  if (typeof x === 'object' && typeof n === 'object') return wrap(call(1206, h(x), h(n)));
  if (typeof x !== 'object' && typeof n === 'object') return wrap(call(1208, x, h(n)));
  if (typeof x === 'object' && typeof n !== 'object') return wrap(call(1207, h(x), n));
  throw unfit('shiftedChebyshevPolynomialW', 'shiftedChebyshevPolynomialW(x: Tensor, n: Tensor) or shiftedChebyshevPolynomialW(x: Scalar, n: Tensor) or shiftedChebyshevPolynomialW(x: Tensor, n: Scalar)', [x, n]);
}

/** `special_sinc(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.sinc */
export function sinc(input: Tensor): Tensor {
  return wrap(call(1209, h(input)));
}

/** `special_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.softmax */
export function softmax(input: Tensor, dim: number, options?: { dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(1210, h(input), dim));
  readOptions('softmax', OPTIONS_0, options);
  return wrap(call(1210, h(input), dim, options.dtype && dtypeCode(options.dtype)));
}

/** `special_spherical_bessel_j0(Tensor x) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.spherical_bessel_j0 */
export function sphericalBesselJ0(x: Tensor): Tensor {
  return wrap(call(1211, h(x)));
}

/** `special_xlog1py(Tensor self, Tensor other) -> Tensor`
 *  `special_xlog1py.other_scalar(Tensor self, Scalar other) -> Tensor`
 *  `special_xlog1py.self_scalar(Scalar self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.xlog1py */
export function xlog1py(input: Tensor, other: Tensor | Scalar): Tensor;
export function xlog1py(input: Scalar, other: Tensor): Tensor;
export function xlog1py(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(1212, h(input), h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1213, h(input), other));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(1214, input, h(other)));
  throw unfit('xlog1py', 'xlog1py(input: Tensor, other: Tensor) or xlog1py(input: Tensor, other: Scalar) or xlog1py(input: Scalar, other: Tensor)', [input, other]);
}

/** `special_xlogy(Tensor self, Tensor other) -> Tensor`
 *  `special_xlogy.other_scalar(Tensor self, Scalar other) -> Tensor`
 *  `special_xlogy.self_scalar(Scalar self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.xlogy */
export function xlogy(input: Tensor, other: Tensor | Scalar): Tensor;
export function xlogy(input: Scalar, other: Tensor): Tensor;
export function xlogy(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(1215, h(input), h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1216, h(input), other));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(1217, input, h(other)));
  throw unfit('xlogy', 'xlogy(input: Tensor, other: Tensor) or xlogy(input: Tensor, other: Scalar) or xlogy(input: Scalar, other: Tensor)', [input, other]);
}

/** `special_zeta(Tensor self, Tensor other) -> Tensor`
 *  `special_zeta.other_scalar(Tensor self, Scalar other) -> Tensor`
 *  `special_zeta.self_scalar(Scalar self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/special.html#torch.special.zeta */
export function zeta(input: Tensor, other: Tensor | Scalar): Tensor;
export function zeta(input: Scalar, other: Tensor): Tensor;
export function zeta(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(1218, h(input), h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1219, h(input), other));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(1220, input, h(other)));
  throw unfit('zeta', 'zeta(input: Tensor, other: Tensor) or zeta(input: Tensor, other: Scalar) or zeta(input: Scalar, other: Tensor)', [input, other]);
}
