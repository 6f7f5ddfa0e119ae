// Raw calls for the library itself: every argument by position, in the order of the schema. Made by scripts/generate-operators.mjs from operators.facts.json; change those, then run `npm run generate`.

import type { Layout, MemoryFormat, Scalar } from './arguments.ts';
import { layoutCode, memoryFormatCode } from './arguments.ts';
import { call, h, handles, wrap, wrapAll, wrapTuple } from './call.ts';
import { type Device, deviceCode } from './device.ts';
import { type DType, dtypeCode } from './dtype.ts';
import type { Generator } from './generator.ts';
import type { Tensor } from './tensor.ts';

/** `_amp_foreach_non_finite_check_and_unscale_(Tensor(a!)[] self, Tensor(b!) found_inf, Tensor inv_scale) -> ()` */
export function _amp_foreach_non_finite_check_and_unscale_(self: readonly Tensor[], foundInf: Tensor, invScale: Tensor): void {
  call(0, handles(self), h(foundInf), h(invScale));
}

/** `_amp_update_scale_(Tensor(a!) self, Tensor(b!) growth_tracker, Tensor found_inf, float scale_growth_factor, float scale_backoff_factor, int growth_interval) -> Tensor(a!)` */
export function _amp_update_scale_(self: Tensor, growthTracker: Tensor, foundInf: Tensor, scaleGrowthFactor: number, scaleBackoffFactor: number, growthInterval: number): void {
  call(1, h(self), h(growthTracker), h(foundInf), scaleGrowthFactor, scaleBackoffFactor, growthInterval);
}

/** `_embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, bool sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False, int padding_idx=-1) -> (Tensor, Tensor, Tensor, Tensor)` */
export function _embedding_bag(weight: Tensor, indices: Tensor, offsets: Tensor, scaleGradByFreq?: boolean | undefined, mode?: number | undefined, sparse?: boolean | undefined, perSampleWeights?: Tensor | undefined, includeLastOffset?: boolean | undefined, paddingIdx?: number | undefined): readonly [Tensor, Tensor, Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor, Tensor, Tensor]>(call(2, h(weight), h(indices), h(offsets), scaleGradByFreq, mode, sparse, h(perSampleWeights), includeLastOffset, paddingIdx));
}

/** `_foreach_abs(Tensor[] self) -> Tensor[]` */
export function _foreach_abs(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(3, handles(self)));
}

/** `_foreach_abs_(Tensor(a!)[] self) -> ()` */
export function _foreach_abs_(self: readonly Tensor[]): void {
  call(4, handles(self));
}

/** `_foreach_acos(Tensor[] self) -> Tensor[]` */
export function _foreach_acos(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(5, handles(self)));
}

/** `_foreach_acos_(Tensor(a!)[] self) -> ()` */
export function _foreach_acos_(self: readonly Tensor[]): void {
  call(6, handles(self));
}

/** `_foreach_add.List(Tensor[] self, Tensor[] other, *, Scalar alpha=1) -> Tensor[]` */
export function _foreach_add$List(self: readonly Tensor[], other: readonly Tensor[], alpha?: Scalar | undefined): Tensor[] {
  return wrapAll(call(7, handles(self), handles(other), alpha));
}

/** `_foreach_add.Scalar(Tensor[] self, Scalar scalar) -> Tensor[]` */
export function _foreach_add$Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[] {
  return wrapAll(call(8, handles(self), scalar));
}

/** `_foreach_add.ScalarList(Tensor[] self, Scalar[] scalars) -> Tensor[]` */
export function _foreach_add$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(9, handles(self), scalars));
}

/** `_foreach_add.Tensor(Tensor[] self, Tensor other, *, Scalar alpha=1) -> Tensor[]` */
export function _foreach_add$Tensor(self: readonly Tensor[], other: Tensor, alpha?: Scalar | undefined): Tensor[] {
  return wrapAll(call(10, handles(self), h(other), alpha));
}

/** `_foreach_add_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()` */
export function _foreach_add_$List(self: readonly Tensor[], other: readonly Tensor[], alpha?: Scalar | undefined): void {
  call(11, handles(self), handles(other), alpha);
}

/** `_foreach_add_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_add_$Scalar(self: readonly Tensor[], scalar: Scalar): void {
  call(12, handles(self), scalar);
}

/** `_foreach_add_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()` */
export function _foreach_add_$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(13, handles(self), scalars);
}

/** `_foreach_add_.Tensor(Tensor(a!)[] self, Tensor other, *, Scalar alpha=1) -> ()` */
export function _foreach_add_$Tensor(self: readonly Tensor[], other: Tensor, alpha?: Scalar | undefined): void {
  call(14, handles(self), h(other), alpha);
}

/** `_foreach_addcdiv.Scalar(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> Tensor[]` */
export function _foreach_addcdiv$Scalar(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value?: Scalar | undefined): Tensor[] {
  return wrapAll(call(15, handles(self), handles(tensor1), handles(tensor2), value));
}

/** `_foreach_addcdiv.ScalarList(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar[] scalars) -> Tensor[]` */
export function _foreach_addcdiv$ScalarList(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(16, handles(self), handles(tensor1), handles(tensor2), scalars));
}

/** `_foreach_addcdiv.Tensor(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Tensor scalars) -> Tensor[]` */
export function _foreach_addcdiv$Tensor(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor): Tensor[] {
  return wrapAll(call(17, handles(self), handles(tensor1), handles(tensor2), h(scalars)));
}

/** `_foreach_addcdiv_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()` */
export function _foreach_addcdiv_$Scalar(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value?: Scalar | undefined): void {
  call(18, handles(self), handles(tensor1), handles(tensor2), value);
}

/** `_foreach_addcdiv_.ScalarList(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar[] scalars) -> ()` */
export function _foreach_addcdiv_$ScalarList(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(19, handles(self), handles(tensor1), handles(tensor2), scalars);
}

/** `_foreach_addcdiv_.Tensor(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Tensor scalars) -> ()` */
export function _foreach_addcdiv_$Tensor(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor): void {
  call(20, handles(self), handles(tensor1), handles(tensor2), h(scalars));
}

/** `_foreach_addcmul.Scalar(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> Tensor[]` */
export function _foreach_addcmul$Scalar(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value?: Scalar | undefined): Tensor[] {
  return wrapAll(call(21, handles(self), handles(tensor1), handles(tensor2), value));
}

/** `_foreach_addcmul.ScalarList(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar[] scalars) -> Tensor[]` */
export function _foreach_addcmul$ScalarList(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(22, handles(self), handles(tensor1), handles(tensor2), scalars));
}

/** `_foreach_addcmul.Tensor(Tensor[] self, Tensor[] tensor1, Tensor[] tensor2, Tensor scalars) -> Tensor[]` */
export function _foreach_addcmul$Tensor(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor): Tensor[] {
  return wrapAll(call(23, handles(self), handles(tensor1), handles(tensor2), h(scalars)));
}

/** `_foreach_addcmul_.Scalar(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar value=1) -> ()` */
export function _foreach_addcmul_$Scalar(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], value?: Scalar | undefined): void {
  call(24, handles(self), handles(tensor1), handles(tensor2), value);
}

/** `_foreach_addcmul_.ScalarList(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Scalar[] scalars) -> ()` */
export function _foreach_addcmul_$ScalarList(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(25, handles(self), handles(tensor1), handles(tensor2), scalars);
}

/** `_foreach_addcmul_.Tensor(Tensor(a!)[] self, Tensor[] tensor1, Tensor[] tensor2, Tensor scalars) -> ()` */
export function _foreach_addcmul_$Tensor(self: readonly Tensor[], tensor1: readonly Tensor[], tensor2: readonly Tensor[], scalars: Tensor): void {
  call(26, handles(self), handles(tensor1), handles(tensor2), h(scalars));
}

/** `_foreach_asin(Tensor[] self) -> Tensor[]` */
export function _foreach_asin(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(27, handles(self)));
}

/** `_foreach_asin_(Tensor(a!)[] self) -> ()` */
export function _foreach_asin_(self: readonly Tensor[]): void {
  call(28, handles(self));
}

/** `_foreach_atan(Tensor[] self) -> Tensor[]` */
export function _foreach_atan(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(29, handles(self)));
}

/** `_foreach_atan_(Tensor(a!)[] self) -> ()` */
export function _foreach_atan_(self: readonly Tensor[]): void {
  call(30, handles(self));
}

/** `_foreach_ceil(Tensor[] self) -> Tensor[]` */
export function _foreach_ceil(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(31, handles(self)));
}

/** `_foreach_ceil_(Tensor(a!)[] self) -> ()` */
export function _foreach_ceil_(self: readonly Tensor[]): void {
  call(32, handles(self));
}

/** `_foreach_clamp_max.List(Tensor[] self, Tensor[] other) -> Tensor[]` */
export function _foreach_clamp_max$List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[] {
  return wrapAll(call(33, handles(self), handles(other)));
}

/** `_foreach_clamp_max.Scalar(Tensor[] self, Scalar scalar) -> Tensor[]` */
export function _foreach_clamp_max$Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[] {
  return wrapAll(call(34, handles(self), scalar));
}

/** `_foreach_clamp_max.ScalarList(Tensor[] self, Scalar[] scalars) -> Tensor[]` */
export function _foreach_clamp_max$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(35, handles(self), scalars));
}

/** `_foreach_clamp_max_.List(Tensor(a!)[] self, Tensor[] other) -> ()` */
export function _foreach_clamp_max_$List(self: readonly Tensor[], other: readonly Tensor[]): void {
  call(36, handles(self), handles(other));
}

/** `_foreach_clamp_max_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_clamp_max_$Scalar(self: readonly Tensor[], scalar: Scalar): void {
  call(37, handles(self), scalar);
}

/** `_foreach_clamp_max_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()` */
export function _foreach_clamp_max_$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(38, handles(self), scalars);
}

/** `_foreach_clamp_min.List(Tensor[] self, Tensor[] other) -> Tensor[]` */
export function _foreach_clamp_min$List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[] {
  return wrapAll(call(39, handles(self), handles(other)));
}

/** `_foreach_clamp_min.Scalar(Tensor[] self, Scalar scalar) -> Tensor[]` */
export function _foreach_clamp_min$Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[] {
  return wrapAll(call(40, handles(self), scalar));
}

/** `_foreach_clamp_min.ScalarList(Tensor[] self, Scalar[] scalars) -> Tensor[]` */
export function _foreach_clamp_min$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(41, handles(self), scalars));
}

/** `_foreach_clamp_min_.List(Tensor(a!)[] self, Tensor[] other) -> ()` */
export function _foreach_clamp_min_$List(self: readonly Tensor[], other: readonly Tensor[]): void {
  call(42, handles(self), handles(other));
}

/** `_foreach_clamp_min_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_clamp_min_$Scalar(self: readonly Tensor[], scalar: Scalar): void {
  call(43, handles(self), scalar);
}

/** `_foreach_clamp_min_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()` */
export function _foreach_clamp_min_$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(44, handles(self), scalars);
}

/** `_foreach_clone(Tensor[] self, *, MemoryFormat? memory_format=None) -> Tensor[]` */
export function _foreach_clone(self: readonly Tensor[], memoryFormat?: MemoryFormat | undefined): Tensor[] {
  return wrapAll(call(45, handles(self), memoryFormat && memoryFormatCode(memoryFormat)));
}

/** `_foreach_copy(Tensor[] self, Tensor[] src, bool non_blocking=False) -> Tensor[] self_out` */
export function _foreach_copy(self: readonly Tensor[], src: readonly Tensor[], nonBlocking?: boolean | undefined): Tensor[] {
  return wrapAll(call(46, handles(self), handles(src), nonBlocking));
}

/** `_foreach_copy_(Tensor(a!)[] self, Tensor[] src, bool non_blocking=False) -> ()` */
export function _foreach_copy_(self: readonly Tensor[], src: readonly Tensor[], nonBlocking?: boolean | undefined): void {
  call(47, handles(self), handles(src), nonBlocking);
}

/** `_foreach_cos(Tensor[] self) -> Tensor[]` */
export function _foreach_cos(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(48, handles(self)));
}

/** `_foreach_cos_(Tensor(a!)[] self) -> ()` */
export function _foreach_cos_(self: readonly Tensor[]): void {
  call(49, handles(self));
}

/** `_foreach_cosh(Tensor[] self) -> Tensor[]` */
export function _foreach_cosh(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(50, handles(self)));
}

/** `_foreach_cosh_(Tensor(a!)[] self) -> ()` */
export function _foreach_cosh_(self: readonly Tensor[]): void {
  call(51, handles(self));
}

/** `_foreach_div.List(Tensor[] self, Tensor[] other) -> Tensor[]` */
export function _foreach_div$List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[] {
  return wrapAll(call(52, handles(self), handles(other)));
}

/** `_foreach_div.Scalar(Tensor[] self, Scalar scalar) -> Tensor[]` */
export function _foreach_div$Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[] {
  return wrapAll(call(53, handles(self), scalar));
}

/** `_foreach_div.ScalarList(Tensor[] self, Scalar[] scalars) -> Tensor[]` */
export function _foreach_div$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(54, handles(self), scalars));
}

/** `_foreach_div.Tensor(Tensor[] self, Tensor other) -> Tensor[]` */
export function _foreach_div$Tensor(self: readonly Tensor[], other: Tensor): Tensor[] {
  return wrapAll(call(55, handles(self), h(other)));
}

/** `_foreach_div_.List(Tensor(a!)[] self, Tensor[] other) -> ()` */
export function _foreach_div_$List(self: readonly Tensor[], other: readonly Tensor[]): void {
  call(56, handles(self), handles(other));
}

/** `_foreach_div_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_div_$Scalar(self: readonly Tensor[], scalar: Scalar): void {
  call(57, handles(self), scalar);
}

/** `_foreach_div_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()` */
export function _foreach_div_$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(58, handles(self), scalars);
}

/** `_foreach_div_.Tensor(Tensor(a!)[] self, Tensor other) -> ()` */
export function _foreach_div_$Tensor(self: readonly Tensor[], other: Tensor): void {
  call(59, handles(self), h(other));
}

/** `_foreach_erf(Tensor[] self) -> Tensor[]` */
export function _foreach_erf(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(60, handles(self)));
}

/** `_foreach_erf_(Tensor(a!)[] self) -> ()` */
export function _foreach_erf_(self: readonly Tensor[]): void {
  call(61, handles(self));
}

/** `_foreach_erfc(Tensor[] self) -> Tensor[]` */
export function _foreach_erfc(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(62, handles(self)));
}

/** `_foreach_erfc_(Tensor(a!)[] self) -> ()` */
export function _foreach_erfc_(self: readonly Tensor[]): void {
  call(63, handles(self));
}

/** `_foreach_exp(Tensor[] self) -> Tensor[]` */
export function _foreach_exp(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(64, handles(self)));
}

/** `_foreach_exp_(Tensor(a!)[] self) -> ()` */
export function _foreach_exp_(self: readonly Tensor[]): void {
  call(65, handles(self));
}

/** `_foreach_expm1(Tensor[] self) -> Tensor[]` */
export function _foreach_expm1(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(66, handles(self)));
}

/** `_foreach_expm1_(Tensor(a!)[] self) -> ()` */
export function _foreach_expm1_(self: readonly Tensor[]): void {
  call(67, handles(self));
}

/** `_foreach_floor(Tensor[] self) -> Tensor[]` */
export function _foreach_floor(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(68, handles(self)));
}

/** `_foreach_floor_(Tensor(a!)[] self) -> ()` */
export function _foreach_floor_(self: readonly Tensor[]): void {
  call(69, handles(self));
}

/** `_foreach_frac(Tensor[] self) -> Tensor[]` */
export function _foreach_frac(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(70, handles(self)));
}

/** `_foreach_frac_(Tensor(a!)[] self) -> ()` */
export function _foreach_frac_(self: readonly Tensor[]): void {
  call(71, handles(self));
}

/** `_foreach_lerp.List(Tensor[] self, Tensor[] tensors1, Tensor[] weights) -> Tensor[]` */
export function _foreach_lerp$List(self: readonly Tensor[], tensors1: readonly Tensor[], weights: readonly Tensor[]): Tensor[] {
  return wrapAll(call(72, handles(self), handles(tensors1), handles(weights)));
}

/** `_foreach_lerp.Scalar(Tensor[] self, Tensor[] tensors1, Scalar weight) -> Tensor[]` */
export function _foreach_lerp$Scalar(self: readonly Tensor[], tensors1: readonly Tensor[], weight: Scalar): Tensor[] {
  return wrapAll(call(73, handles(self), handles(tensors1), weight));
}

/** `_foreach_lerp.ScalarList(Tensor[] self, Tensor[] tensors1, Scalar[] weight) -> Tensor[]` */
export function _foreach_lerp$ScalarList(self: readonly Tensor[], tensors1: readonly Tensor[], weight: readonly Scalar[]): Tensor[] {
  return wrapAll(call(74, handles(self), handles(tensors1), weight));
}

/** `_foreach_lerp_.List(Tensor(a!)[] self, Tensor[] tensors1, Tensor[] weights) -> ()` */
export function _foreach_lerp_$List(self: readonly Tensor[], tensors1: readonly Tensor[], weights: readonly Tensor[]): void {
  call(75, handles(self), handles(tensors1), handles(weights));
}

/** `_foreach_lerp_.Scalar(Tensor(a!)[] self, Tensor[] tensors1, Scalar weight) -> ()` */
export function _foreach_lerp_$Scalar(self: readonly Tensor[], tensors1: readonly Tensor[], weight: Scalar): void {
  call(76, handles(self), handles(tensors1), weight);
}

/** `_foreach_lerp_.ScalarList(Tensor(a!)[] self, Tensor[] tensors1, Scalar[] weight) -> ()` */
export function _foreach_lerp_$ScalarList(self: readonly Tensor[], tensors1: readonly Tensor[], weight: readonly Scalar[]): void {
  call(77, handles(self), handles(tensors1), weight);
}

/** `_foreach_lgamma(Tensor[] self) -> Tensor[]` */
export function _foreach_lgamma(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(78, handles(self)));
}

/** `_foreach_lgamma_(Tensor(a!)[] self) -> ()` */
export function _foreach_lgamma_(self: readonly Tensor[]): void {
  call(79, handles(self));
}

/** `_foreach_log(Tensor[] self) -> Tensor[]` */
export function _foreach_log(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(80, handles(self)));
}

/** `_foreach_log10(Tensor[] self) -> Tensor[]` */
export function _foreach_log10(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(81, handles(self)));
}

/** `_foreach_log10_(Tensor(a!)[] self) -> ()` */
export function _foreach_log10_(self: readonly Tensor[]): void {
  call(82, handles(self));
}

/** `_foreach_log1p(Tensor[] self) -> Tensor[]` */
export function _foreach_log1p(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(83, handles(self)));
}

/** `_foreach_log1p_(Tensor(a!)[] self) -> ()` */
export function _foreach_log1p_(self: readonly Tensor[]): void {
  call(84, handles(self));
}

/** `_foreach_log2(Tensor[] self) -> Tensor[]` */
export function _foreach_log2(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(85, handles(self)));
}

/** `_foreach_log2_(Tensor(a!)[] self) -> ()` */
export function _foreach_log2_(self: readonly Tensor[]): void {
  call(86, handles(self));
}

/** `_foreach_log_(Tensor(a!)[] self) -> ()` */
export function _foreach_log_(self: readonly Tensor[]): void {
  call(87, handles(self));
}

/** `_foreach_max(Tensor[] self) -> Tensor[]` */
export function _foreach_max(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(88, handles(self)));
}

/** `_foreach_maximum.List(Tensor[] self, Tensor[] other) -> Tensor[]` */
export function _foreach_maximum$List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[] {
  return wrapAll(call(89, handles(self), handles(other)));
}

/** `_foreach_maximum.Scalar(Tensor[] self, Scalar scalar) -> Tensor[]` */
export function _foreach_maximum$Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[] {
  return wrapAll(call(90, handles(self), scalar));
}

/** `_foreach_maximum.ScalarList(Tensor[] self, Scalar[] scalars) -> Tensor[]` */
export function _foreach_maximum$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(91, handles(self), scalars));
}

/** `_foreach_maximum_.List(Tensor(a!)[] self, Tensor[] other) -> ()` */
export function _foreach_maximum_$List(self: readonly Tensor[], other: readonly Tensor[]): void {
  call(92, handles(self), handles(other));
}

/** `_foreach_maximum_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_maximum_$Scalar(self: readonly Tensor[], scalar: Scalar): void {
  call(93, handles(self), scalar);
}

/** `_foreach_maximum_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()` */
export function _foreach_maximum_$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(94, handles(self), scalars);
}

/** `_foreach_minimum.List(Tensor[] self, Tensor[] other) -> Tensor[]` */
export function _foreach_minimum$List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[] {
  return wrapAll(call(95, handles(self), handles(other)));
}

/** `_foreach_minimum.Scalar(Tensor[] self, Scalar scalar) -> Tensor[]` */
export function _foreach_minimum$Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[] {
  return wrapAll(call(96, handles(self), scalar));
}

/** `_foreach_minimum.ScalarList(Tensor[] self, Scalar[] scalars) -> Tensor[]` */
export function _foreach_minimum$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(97, handles(self), scalars));
}

/** `_foreach_minimum_.List(Tensor(a!)[] self, Tensor[] other) -> ()` */
export function _foreach_minimum_$List(self: readonly Tensor[], other: readonly Tensor[]): void {
  call(98, handles(self), handles(other));
}

/** `_foreach_minimum_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_minimum_$Scalar(self: readonly Tensor[], scalar: Scalar): void {
  call(99, handles(self), scalar);
}

/** `_foreach_minimum_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()` */
export function _foreach_minimum_$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(100, handles(self), scalars);
}

/** `_foreach_mm(Tensor[] self, Tensor[] mat2) -> Tensor[]` */
export function _foreach_mm(self: readonly Tensor[], mat2: readonly Tensor[]): Tensor[] {
  return wrapAll(call(101, handles(self), handles(mat2)));
}

/** `_foreach_mul.List(Tensor[] self, Tensor[] other) -> Tensor[]` */
export function _foreach_mul$List(self: readonly Tensor[], other: readonly Tensor[]): Tensor[] {
  return wrapAll(call(102, handles(self), handles(other)));
}

/** `_foreach_mul.Scalar(Tensor[] self, Scalar scalar) -> Tensor[]` */
export function _foreach_mul$Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[] {
  return wrapAll(call(103, handles(self), scalar));
}

/** `_foreach_mul.ScalarList(Tensor[] self, Scalar[] scalars) -> Tensor[]` */
export function _foreach_mul$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(104, handles(self), scalars));
}

/** `_foreach_mul.Tensor(Tensor[] self, Tensor other) -> Tensor[]` */
export function _foreach_mul$Tensor(self: readonly Tensor[], other: Tensor): Tensor[] {
  return wrapAll(call(105, handles(self), h(other)));
}

/** `_foreach_mul_.List(Tensor(a!)[] self, Tensor[] other) -> ()` */
export function _foreach_mul_$List(self: readonly Tensor[], other: readonly Tensor[]): void {
  call(106, handles(self), handles(other));
}

/** `_foreach_mul_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_mul_$Scalar(self: readonly Tensor[], scalar: Scalar): void {
  call(107, handles(self), scalar);
}

/** `_foreach_mul_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()` */
export function _foreach_mul_$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(108, handles(self), scalars);
}

/** `_foreach_mul_.Tensor(Tensor(a!)[] self, Tensor other) -> ()` */
export function _foreach_mul_$Tensor(self: readonly Tensor[], other: Tensor): void {
  call(109, handles(self), h(other));
}

/** `_foreach_neg(Tensor[] self) -> Tensor[]` */
export function _foreach_neg(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(110, handles(self)));
}

/** `_foreach_neg_(Tensor(a!)[] self) -> ()` */
export function _foreach_neg_(self: readonly Tensor[]): void {
  call(111, handles(self));
}

/** `_foreach_norm.Scalar(Tensor[] self, Scalar ord=2, ScalarType? dtype=None) -> Tensor[]` */
export function _foreach_norm$Scalar(self: readonly Tensor[], ord?: Scalar | undefined, dtype?: DType | undefined): Tensor[] {
  return wrapAll(call(112, handles(self), ord, dtype && dtypeCode(dtype)));
}

/** `_foreach_pow.List(Tensor[] self, Tensor[] exponent) -> Tensor[]` */
export function _foreach_pow$List(self: readonly Tensor[], exponent: readonly Tensor[]): Tensor[] {
  return wrapAll(call(113, handles(self), handles(exponent)));
}

/** `_foreach_pow.Scalar(Tensor[] self, Scalar exponent) -> Tensor[]` */
export function _foreach_pow$Scalar(self: readonly Tensor[], exponent: Scalar): Tensor[] {
  return wrapAll(call(114, handles(self), exponent));
}

/** `_foreach_pow.ScalarAndTensor(Scalar self, Tensor[] exponent) -> Tensor[]` */
export function _foreach_pow$ScalarAndTensor(self: Scalar, exponent: readonly Tensor[]): Tensor[] {
  return wrapAll(call(115, self, handles(exponent)));
}

/** `_foreach_pow.ScalarList(Tensor[] self, Scalar[] exponent) -> Tensor[]` */
export function _foreach_pow$ScalarList(self: readonly Tensor[], exponent: readonly Scalar[]): Tensor[] {
  return wrapAll(call(116, handles(self), exponent));
}

/** `_foreach_pow_.List(Tensor(a!)[] self, Tensor[] exponent) -> ()` */
export function _foreach_pow_$List(self: readonly Tensor[], exponent: readonly Tensor[]): void {
  call(117, handles(self), handles(exponent));
}

/** `_foreach_pow_.Scalar(Tensor(a!)[] self, Scalar exponent) -> ()` */
export function _foreach_pow_$Scalar(self: readonly Tensor[], exponent: Scalar): void {
  call(118, handles(self), exponent);
}

/** `_foreach_pow_.ScalarList(Tensor(a!)[] self, Scalar[] exponent) -> ()` */
export function _foreach_pow_$ScalarList(self: readonly Tensor[], exponent: readonly Scalar[]): void {
  call(119, handles(self), exponent);
}

/** `_foreach_powsum.Scalar(Tensor[] self, Scalar ord=2, ScalarType? dtype=None) -> Tensor[]` */
export function _foreach_powsum$Scalar(self: readonly Tensor[], ord?: Scalar | undefined, dtype?: DType | undefined): Tensor[] {
  return wrapAll(call(120, handles(self), ord, dtype && dtypeCode(dtype)));
}

/** `_foreach_reciprocal(Tensor[] self) -> Tensor[]` */
export function _foreach_reciprocal(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(121, handles(self)));
}

/** `_foreach_reciprocal_(Tensor(a!)[] self) -> ()` */
export function _foreach_reciprocal_(self: readonly Tensor[]): void {
  call(122, handles(self));
}

/** `_foreach_round(Tensor[] self) -> Tensor[]` */
export function _foreach_round(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(123, handles(self)));
}

/** `_foreach_round_(Tensor(a!)[] self) -> ()` */
export function _foreach_round_(self: readonly Tensor[]): void {
  call(124, handles(self));
}

/** `_foreach_rsqrt(Tensor[] self) -> Tensor[]` */
export function _foreach_rsqrt(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(125, handles(self)));
}

/** `_foreach_rsqrt_(Tensor(a!)[] self) -> ()` */
export function _foreach_rsqrt_(self: readonly Tensor[]): void {
  call(126, handles(self));
}

/** `_foreach_sigmoid(Tensor[] self) -> Tensor[]` */
export function _foreach_sigmoid(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(127, handles(self)));
}

/** `_foreach_sigmoid_(Tensor(a!)[] self) -> ()` */
export function _foreach_sigmoid_(self: readonly Tensor[]): void {
  call(128, handles(self));
}

/** `_foreach_sign(Tensor[] self) -> Tensor[]` */
export function _foreach_sign(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(129, handles(self)));
}

/** `_foreach_sign_(Tensor(a!)[] self) -> ()` */
export function _foreach_sign_(self: readonly Tensor[]): void {
  call(130, handles(self));
}

/** `_foreach_sin(Tensor[] self) -> Tensor[]` */
export function _foreach_sin(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(131, handles(self)));
}

/** `_foreach_sin_(Tensor(a!)[] self) -> ()` */
export function _foreach_sin_(self: readonly Tensor[]): void {
  call(132, handles(self));
}

/** `_foreach_sinh(Tensor[] self) -> Tensor[]` */
export function _foreach_sinh(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(133, handles(self)));
}

/** `_foreach_sinh_(Tensor(a!)[] self) -> ()` */
export function _foreach_sinh_(self: readonly Tensor[]): void {
  call(134, handles(self));
}

/** `_foreach_sqrt(Tensor[] self) -> Tensor[]` */
export function _foreach_sqrt(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(135, handles(self)));
}

/** `_foreach_sqrt_(Tensor(a!)[] self) -> ()` */
export function _foreach_sqrt_(self: readonly Tensor[]): void {
  call(136, handles(self));
}

/** `_foreach_sub.List(Tensor[] self, Tensor[] other, *, Scalar alpha=1) -> Tensor[]` */
export function _foreach_sub$List(self: readonly Tensor[], other: readonly Tensor[], alpha?: Scalar | undefined): Tensor[] {
  return wrapAll(call(137, handles(self), handles(other), alpha));
}

/** `_foreach_sub.Scalar(Tensor[] self, Scalar scalar) -> Tensor[]` */
export function _foreach_sub$Scalar(self: readonly Tensor[], scalar: Scalar): Tensor[] {
  return wrapAll(call(138, handles(self), scalar));
}

/** `_foreach_sub.ScalarList(Tensor[] self, Scalar[] scalars) -> Tensor[]` */
export function _foreach_sub$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): Tensor[] {
  return wrapAll(call(139, handles(self), scalars));
}

/** `_foreach_sub_.List(Tensor(a!)[] self, Tensor[] other, *, Scalar alpha=1) -> ()` */
export function _foreach_sub_$List(self: readonly Tensor[], other: readonly Tensor[], alpha?: Scalar | undefined): void {
  call(140, handles(self), handles(other), alpha);
}

/** `_foreach_sub_.Scalar(Tensor(a!)[] self, Scalar scalar) -> ()` */
export function _foreach_sub_$Scalar(self: readonly Tensor[], scalar: Scalar): void {
  call(141, handles(self), scalar);
}

/** `_foreach_sub_.ScalarList(Tensor(a!)[] self, Scalar[] scalars) -> ()` */
export function _foreach_sub_$ScalarList(self: readonly Tensor[], scalars: readonly Scalar[]): void {
  call(142, handles(self), scalars);
}

/** `_foreach_tan(Tensor[] self) -> Tensor[]` */
export function _foreach_tan(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(143, handles(self)));
}

/** `_foreach_tan_(Tensor(a!)[] self) -> ()` */
export function _foreach_tan_(self: readonly Tensor[]): void {
  call(144, handles(self));
}

/** `_foreach_tanh(Tensor[] self) -> Tensor[]` */
export function _foreach_tanh(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(145, handles(self)));
}

/** `_foreach_tanh_(Tensor(a!)[] self) -> ()` */
export function _foreach_tanh_(self: readonly Tensor[]): void {
  call(146, handles(self));
}

/** `_foreach_trunc(Tensor[] self) -> Tensor[]` */
export function _foreach_trunc(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(147, handles(self)));
}

/** `_foreach_trunc_(Tensor(a!)[] self) -> ()` */
export function _foreach_trunc_(self: readonly Tensor[]): void {
  call(148, handles(self));
}

/** `_foreach_zero(Tensor[] self) -> Tensor[] self_out` */
export function _foreach_zero(self: readonly Tensor[]): Tensor[] {
  return wrapAll(call(149, handles(self)));
}

/** `_foreach_zero_(Tensor(a!)[] self) -> ()` */
export function _foreach_zero_(self: readonly Tensor[]): void {
  call(150, handles(self));
}

/** `_fused_adagrad_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] state_sums, Tensor(d!)[] state_steps, *, float lr, float lr_decay, float weight_decay, float eps, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()` */
export function _fused_adagrad_(self: readonly Tensor[], grads: readonly Tensor[], stateSums: readonly Tensor[], stateSteps: readonly Tensor[], lr: number, lrDecay: number, weightDecay: number, eps: number, maximize: boolean, gradScale?: Tensor | undefined, foundInf?: Tensor | undefined): void {
  call(151, handles(self), handles(grads), handles(stateSums), handles(stateSteps), lr, lrDecay, weightDecay, eps, maximize, h(gradScale), h(foundInf));
}

/** `_fused_adagrad_.tensor_lr(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] state_sums, Tensor[] state_steps, *, Tensor lr, float lr_decay, float weight_decay, float eps, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()` */
export function _fused_adagrad_$tensor_lr(self: readonly Tensor[], grads: readonly Tensor[], stateSums: readonly Tensor[], stateSteps: readonly Tensor[], lr: Tensor, lrDecay: number, weightDecay: number, eps: number, maximize: boolean, gradScale?: Tensor | undefined, foundInf?: Tensor | undefined): void {
  call(152, handles(self), handles(grads), handles(stateSums), handles(stateSteps), h(lr), lrDecay, weightDecay, eps, maximize, h(gradScale), h(foundInf));
}

/** `_fused_adam_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, float lr, float beta1, float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()` */
export function _fused_adam_(self: readonly Tensor[], grads: readonly Tensor[], expAvgs: readonly Tensor[], expAvgSqs: readonly Tensor[], maxExpAvgSqs: readonly Tensor[], stateSteps: readonly Tensor[], lr: number, beta1: number, beta2: number, weightDecay: number, eps: number, amsgrad: boolean, maximize: boolean, gradScale?: Tensor | undefined, foundInf?: Tensor | undefined): void {
  call(153, handles(self), handles(grads), handles(expAvgs), handles(expAvgSqs), handles(maxExpAvgSqs), handles(stateSteps), lr, beta1, beta2, weightDecay, eps, amsgrad, maximize, h(gradScale), h(foundInf));
}

/** `_fused_adam_.tensor_lr(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, Tensor lr, float beta1, float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()` */
export function _fused_adam_$tensor_lr(self: readonly Tensor[], grads: readonly Tensor[], expAvgs: readonly Tensor[], expAvgSqs: readonly Tensor[], maxExpAvgSqs: readonly Tensor[], stateSteps: readonly Tensor[], lr: Tensor, beta1: number, beta2: number, weightDecay: number, eps: number, amsgrad: boolean, maximize: boolean, gradScale?: Tensor | undefined, foundInf?: Tensor | undefined): void {
  call(154, handles(self), handles(grads), handles(expAvgs), handles(expAvgSqs), handles(maxExpAvgSqs), handles(stateSteps), h(lr), beta1, beta2, weightDecay, eps, amsgrad, maximize, h(gradScale), h(foundInf));
}

/** `_fused_adamw_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, float lr, float beta1, float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()` */
export function _fused_adamw_(self: readonly Tensor[], grads: readonly Tensor[], expAvgs: readonly Tensor[], expAvgSqs: readonly Tensor[], maxExpAvgSqs: readonly Tensor[], stateSteps: readonly Tensor[], lr: number, beta1: number, beta2: number, weightDecay: number, eps: number, amsgrad: boolean, maximize: boolean, gradScale?: Tensor | undefined, foundInf?: Tensor | undefined): void {
  call(155, handles(self), handles(grads), handles(expAvgs), handles(expAvgSqs), handles(maxExpAvgSqs), handles(stateSteps), lr, beta1, beta2, weightDecay, eps, amsgrad, maximize, h(gradScale), h(foundInf));
}

/** `_fused_adamw_.tensor_lr(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, Tensor lr, float beta1, float beta2, float weight_decay, float eps, bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()` */
export function _fused_adamw_$tensor_lr(self: readonly Tensor[], grads: readonly Tensor[], expAvgs: readonly Tensor[], expAvgSqs: readonly Tensor[], maxExpAvgSqs: readonly Tensor[], stateSteps: readonly Tensor[], lr: Tensor, beta1: number, beta2: number, weightDecay: number, eps: number, amsgrad: boolean, maximize: boolean, gradScale?: Tensor | undefined, foundInf?: Tensor | undefined): void {
  call(156, handles(self), handles(grads), handles(expAvgs), handles(expAvgSqs), handles(maxExpAvgSqs), handles(stateSteps), h(lr), beta1, beta2, weightDecay, eps, amsgrad, maximize, h(gradScale), h(foundInf));
}

/** `_fused_sgd_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] momentum_buffer_list, *, float weight_decay, float momentum, float lr, float dampening, bool nesterov, bool maximize, bool is_first_step, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()` */
export function _fused_sgd_(self: readonly Tensor[], grads: readonly Tensor[], momentumBufferList: readonly Tensor[], weightDecay: number, momentum: number, lr: number, dampening: number, nesterov: boolean, maximize: boolean, isFirstStep: boolean, gradScale?: Tensor | undefined, foundInf?: Tensor | undefined): void {
  call(157, handles(self), handles(grads), handles(momentumBufferList), weightDecay, momentum, lr, dampening, nesterov, maximize, isFirstStep, h(gradScale), h(foundInf));
}

/** `_fused_sgd_.tensor_lr(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] momentum_buffer_list, *, float weight_decay, float momentum, Tensor lr, float dampening, bool nesterov, bool maximize, bool is_first_step, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()` */
export function _fused_sgd_$tensor_lr(self: readonly Tensor[], grads: readonly Tensor[], momentumBufferList: readonly Tensor[], weightDecay: number, momentum: number, lr: Tensor, dampening: number, nesterov: boolean, maximize: boolean, isFirstStep: boolean, gradScale?: Tensor | undefined, foundInf?: Tensor | undefined): void {
  call(158, handles(self), handles(grads), handles(momentumBufferList), weightDecay, momentum, h(lr), dampening, nesterov, maximize, isFirstStep, h(gradScale), h(foundInf));
}

/** `_indices(Tensor(a) self) -> Tensor(a)` */
export function _indices(self: Tensor): Tensor {
  return wrap(call(159, h(self)));
}

/** `_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor` */
export function _log_softmax(self: Tensor, dim: number, halfToFloat: boolean): Tensor {
  return wrap(call(160, h(self), dim, halfToFloat));
}

/** `_nnz(Tensor self) -> int` */
export function _nnz(self: Tensor): number {
  return call(161, h(self)) as number;
}

/** `_pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first) -> (Tensor, Tensor)` */
export function _pack_padded_sequence(input: Tensor, lengths: Tensor, batchFirst: boolean): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(162, h(input), h(lengths), batchFirst));
}

/** `_pad_packed_sequence(Tensor data, Tensor batch_sizes, bool batch_first, Scalar padding_value, int total_length) -> (Tensor, Tensor)` */
export function _pad_packed_sequence(data: Tensor, batchSizes: Tensor, batchFirst: boolean, paddingValue: Scalar, totalLength: number): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(163, h(data), h(batchSizes), batchFirst, paddingValue, totalLength));
}

/** `_softmax(Tensor self, int dim, bool half_to_float) -> Tensor` */
export function _softmax(self: Tensor, dim: number, halfToFloat: boolean): Tensor {
  return wrap(call(164, h(self), dim, halfToFloat));
}

/** `_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, MemoryFormat? memory_format=None) -> Tensor` */
export function _to_copy(self: Tensor, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined, nonBlocking?: boolean | undefined, memoryFormat?: MemoryFormat | undefined): Tensor {
  return wrap(call(165, h(self), dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory, nonBlocking, memoryFormat && memoryFormatCode(memoryFormat)));
}

/** `_unique2(Tensor self, bool sorted=True, bool return_inverse=False, bool return_counts=False) -> (Tensor, Tensor, Tensor)` */
export function _unique2(self: Tensor, sorted?: boolean | undefined, returnInverse?: boolean | undefined, returnCounts?: boolean | undefined): readonly [Tensor, Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(166, h(self), sorted, returnInverse, returnCounts));
}

/** `_upsample_bicubic2d_aa(Tensor self, int[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor` */
export function _upsample_bicubic2d_aa(self: Tensor, outputSize: number | readonly number[], alignCorners: boolean, scalesH?: number | undefined, scalesW?: number | undefined): Tensor {
  return wrap(call(167, h(self), outputSize, alignCorners, scalesH, scalesW));
}

/** `_upsample_bicubic2d_aa.vec(Tensor input, int[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor` */
export function _upsample_bicubic2d_aa$vec(input: Tensor, outputSize: readonly number[] | undefined, alignCorners: boolean, scaleFactors?: readonly number[] | undefined): Tensor {
  return wrap(call(168, h(input), outputSize, alignCorners, scaleFactors));
}

/** `_upsample_bilinear2d_aa(Tensor self, int[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor` */
export function _upsample_bilinear2d_aa(self: Tensor, outputSize: number | readonly number[], alignCorners: boolean, scalesH?: number | undefined, scalesW?: number | undefined): Tensor {
  return wrap(call(169, h(self), outputSize, alignCorners, scalesH, scalesW));
}

/** `_upsample_bilinear2d_aa.vec(Tensor input, int[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor` */
export function _upsample_bilinear2d_aa$vec(input: Tensor, outputSize: readonly number[] | undefined, alignCorners: boolean, scaleFactors?: readonly number[] | undefined): Tensor {
  return wrap(call(170, h(input), outputSize, alignCorners, scaleFactors));
}

/** `_upsample_nearest_exact1d(Tensor self, int[1] output_size, float? scales=None) -> Tensor` */
export function _upsample_nearest_exact1d(self: Tensor, outputSize: number | readonly number[], scales?: number | undefined): Tensor {
  return wrap(call(171, h(self), outputSize, scales));
}

/** `_upsample_nearest_exact1d.vec(Tensor input, int[]? output_size, float[]? scale_factors) -> Tensor` */
export function _upsample_nearest_exact1d$vec(input: Tensor, outputSize?: readonly number[] | undefined, scaleFactors?: readonly number[] | undefined): Tensor {
  return wrap(call(172, h(input), outputSize, scaleFactors));
}

/** `_upsample_nearest_exact2d(Tensor self, int[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor` */
export function _upsample_nearest_exact2d(self: Tensor, outputSize: number | readonly number[], scalesH?: number | undefined, scalesW?: number | undefined): Tensor {
  return wrap(call(173, h(self), outputSize, scalesH, scalesW));
}

/** `_upsample_nearest_exact2d.vec(Tensor input, int[]? output_size, float[]? scale_factors) -> Tensor` */
export function _upsample_nearest_exact2d$vec(input: Tensor, outputSize?: readonly number[] | undefined, scaleFactors?: readonly number[] | undefined): Tensor {
  return wrap(call(174, h(input), outputSize, scaleFactors));
}

/** `_upsample_nearest_exact3d(Tensor self, int[3] output_size, float? scales_d=None, float? scales_h=None, float? scales_w=None) -> Tensor` */
export function _upsample_nearest_exact3d(self: Tensor, outputSize: number | readonly number[], scalesD?: number | undefined, scalesH?: number | undefined, scalesW?: number | undefined): Tensor {
  return wrap(call(175, h(self), outputSize, scalesD, scalesH, scalesW));
}

/** `_upsample_nearest_exact3d.vec(Tensor input, int[]? output_size, float[]? scale_factors) -> Tensor` */
export function _upsample_nearest_exact3d$vec(input: Tensor, outputSize?: readonly number[] | undefined, scaleFactors?: readonly number[] | undefined): Tensor {
  return wrap(call(176, h(input), outputSize, scaleFactors));
}

/** `_values(Tensor(a) self) -> Tensor(a)` */
export function _values(self: Tensor): Tensor {
  return wrap(call(177, h(self)));
}

/** `_weight_norm(Tensor v, Tensor g, int dim=0) -> Tensor` */
export function _weight_norm(v: Tensor, g: Tensor, dim?: number | undefined): Tensor {
  return wrap(call(178, h(v), h(g), dim));
}

/** `alias(Tensor(a) self) -> Tensor(a)` */
export function alias(self: Tensor): Tensor {
  return wrap(call(212, h(self)));
}

/** `arange(Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function arange(end: Scalar, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(227, end, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `arange.start(Scalar start, Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function arange$start(start: Scalar, end: Scalar, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(228, start, end, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `arange.start_step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function arange$start_step(start: Scalar, end: Scalar, step?: Scalar | undefined, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(229, start, end, step, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `empty.memory_format(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor` */
export function empty$memory_format(size: readonly number[], dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined, memoryFormat?: MemoryFormat | undefined): Tensor {
  return wrap(call(467, size, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory, memoryFormat && memoryFormatCode(memoryFormat)));
}

/** `eye(int n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function eye(n: number, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(493, n, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `eye.m(int n, int m, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function eye$m(n: number, m: number, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(494, n, m, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `from_file(str filename, bool? shared=None, int? size=0, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function from_file(filename: string, shared?: boolean | undefined, size?: number | undefined, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(559, filename, shared, size, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `full(int[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function full(size: readonly number[], fillValue: Scalar, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(560, size, fillValue, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `index.Tensor(Tensor self, Tensor?[] indices) -> Tensor` */
export function index$Tensor(self: Tensor, indices: readonly (Tensor | undefined)[]): Tensor {
  return wrap(call(641, h(self), handles(indices)));
}

/** `index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)` */
export function index_put_(self: Tensor, indices: readonly (Tensor | undefined)[], values: Tensor, accumulate?: boolean | undefined): void {
  call(650, h(self), handles(indices), h(values), accumulate);
}

/** `linspace(Scalar start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function linspace(start: Scalar, end: Scalar, steps: number, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(768, start, end, steps, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `linspace.Scalar_Tensor(Scalar start, Tensor end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function linspace$Scalar_Tensor(start: Scalar, end: Tensor, steps: number, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(769, start, h(end), steps, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `linspace.Tensor_Scalar(Tensor start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function linspace$Tensor_Scalar(start: Tensor, end: Scalar, steps: number, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(770, h(start), end, steps, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `linspace.Tensor_Tensor(Tensor start, Tensor end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function linspace$Tensor_Tensor(start: Tensor, end: Tensor, steps: number, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(771, h(start), h(end), steps, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `norm.Scalar(Tensor self, Scalar p=2) -> Tensor` */
export function norm$Scalar(self: Tensor, p?: Scalar | undefined): Tensor {
  return wrap(call(910, h(self), p));
}

/** `norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor` */
export function norm$ScalarOpt_dim(self: Tensor, p: Scalar | undefined, dim: number | readonly number[], keepdim?: boolean | undefined): Tensor {
  return wrap(call(911, h(self), p, dim, keepdim));
}

/** `norm.ScalarOpt_dim_dtype(Tensor self, Scalar? p, int[1] dim, bool keepdim, *, ScalarType dtype) -> Tensor` */
export function norm$ScalarOpt_dim_dtype(self: Tensor, p: Scalar | undefined, dim: number | readonly number[], keepdim: boolean, dtype: DType): Tensor {
  return wrap(call(912, h(self), p, dim, keepdim, dtypeCode(dtype)));
}

/** `norm.ScalarOpt_dtype(Tensor self, Scalar? p, *, ScalarType dtype) -> Tensor` */
export function norm$ScalarOpt_dtype(self: Tensor, p: Scalar | undefined, dtype: DType): Tensor {
  return wrap(call(913, h(self), p, dtypeCode(dtype)));
}

/** `normal.Tensor_Tensor(Tensor mean, Tensor std, *, Generator? generator=None) -> Tensor` */
export function normal$Tensor_Tensor(mean: Tensor, std: Tensor, generator?: Generator | undefined): Tensor {
  return wrap(call(915, h(mean), h(std), generator?.index));
}

/** `normal.Tensor_float(Tensor mean, float std=1., *, Generator? generator=None) -> Tensor` */
export function normal$Tensor_float(mean: Tensor, std?: number | undefined, generator?: Generator | undefined): Tensor {
  return wrap(call(916, h(mean), std, generator?.index));
}

/** `normal.float_Tensor(float mean, Tensor std, *, Generator? generator=None) -> Tensor` */
export function normal$float_Tensor(mean: number, std: Tensor, generator?: Generator | undefined): Tensor {
  return wrap(call(917, mean, h(std), generator?.index));
}

/** `normal.float_float(float mean, float std, int[] size, *, Generator? generator=None, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function normal$float_float(mean: number, std: number, size: readonly number[], generator?: Generator | undefined, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(918, mean, std, size, generator?.index, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `ones(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function ones(size: readonly number[], dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(929, size, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `promote_types(ScalarType type1, ScalarType type2) -> ScalarType` */
export function promote_types(type1: DType, type2: DType): number {
  return call(958, dtypeCode(type1), dtypeCode(type2)) as number;
}

/** `rand(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function rand(size: readonly number[], dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(984, size, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `rand.generator(int[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function rand$generator(size: readonly number[], generator?: Generator | undefined, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(985, size, generator?.index, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `randint(int high, int[] size, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randint(high: number, size: readonly number[], dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(988, high, size, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `randint.generator(int high, int[] size, *, Generator? generator, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randint$generator(high: number, size: readonly number[], generator?: Generator | undefined, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(989, high, size, generator?.index, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `randint.low(int low, int high, int[] size, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randint$low(low: number, high: number, size: readonly number[], dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(990, low, high, size, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `randint.low_generator(int low, int high, int[] size, *, Generator? generator, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randint$low_generator(low: number, high: number, size: readonly number[], generator?: Generator | undefined, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(991, low, high, size, generator?.index, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `randn(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randn(size: readonly number[], dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(998, size, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `randn.generator(int[] size, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randn$generator(size: readonly number[], generator?: Generator | undefined, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(999, size, generator?.index, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `randperm(int n, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randperm(n: number, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(1005, n, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `randperm.generator(int n, *, Generator? generator, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function randperm$generator(n: number, generator?: Generator | undefined, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(1006, n, generator?.index, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `range(Scalar start, Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function range(start: Scalar, end: Scalar, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(1007, start, end, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `range.step(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function range$step(start: Scalar, end: Scalar, step?: Scalar | undefined, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(1008, start, end, step, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `result_type.Scalar(Tensor tensor, Scalar other) -> ScalarType` */
export function result_type$Scalar(tensor: Tensor, other: Scalar): number {
  return call(1040, h(tensor), other) as number;
}

/** `result_type.Scalar_Scalar(Scalar scalar1, Scalar scalar2) -> ScalarType` */
export function result_type$Scalar_Scalar(scalar1: Scalar, scalar2: Scalar): number {
  return call(1041, scalar1, scalar2) as number;
}

/** `result_type.Scalar_Tensor(Scalar scalar, Tensor tensor) -> ScalarType` */
export function result_type$Scalar_Tensor(scalar: Scalar, tensor: Tensor): number {
  return call(1042, scalar, h(tensor)) as number;
}

/** `result_type.Tensor(Tensor tensor, Tensor other) -> ScalarType` */
export function result_type$Tensor(tensor: Tensor, other: Tensor): number {
  return call(1043, h(tensor), h(other)) as number;
}

/** `scalar_tensor(Scalar s, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function scalar_tensor(s: Scalar, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(1069, s, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}

/** `slice.Tensor(Tensor(a) self, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor(a)` */
export function slice$Tensor(self: Tensor, dim?: number | undefined, start?: number | undefined, end?: number | undefined, step?: number | undefined): Tensor {
  return wrap(call(1106, h(self), dim, start, end, step));
}

/** `tensordot(Tensor self, Tensor other, int[] dims_self, int[] dims_other) -> Tensor` */
export function tensordot(self: Tensor, other: Tensor, dimsSelf: readonly number[], dimsOther: readonly number[]): Tensor {
  return wrap(call(1284, h(self), h(other), dimsSelf, dimsOther));
}

/** `to.device(Tensor(a) self, Device device, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)` */
export function to$device(self: Tensor, device: Device, dtype: DType, nonBlocking?: boolean | undefined, copy?: boolean | undefined, memoryFormat?: MemoryFormat | undefined): Tensor {
  return wrap(call(1289, h(self), deviceCode(device), dtypeCode(dtype), nonBlocking, copy, memoryFormat && memoryFormatCode(memoryFormat)));
}

/** `to.dtype(Tensor(a) self, ScalarType dtype, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)` */
export function to$dtype(self: Tensor, dtype: DType, nonBlocking?: boolean | undefined, copy?: boolean | undefined, memoryFormat?: MemoryFormat | undefined): Tensor {
  return wrap(call(1290, h(self), dtypeCode(dtype), nonBlocking, copy, memoryFormat && memoryFormatCode(memoryFormat)));
}

/** `to.dtype_layout(Tensor(a) self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)` */
export function to$dtype_layout(self: Tensor, dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined, nonBlocking?: boolean | undefined, copy?: boolean | undefined, memoryFormat?: MemoryFormat | undefined): Tensor {
  return wrap(call(1291, h(self), dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory, nonBlocking, copy, memoryFormat && memoryFormatCode(memoryFormat)));
}

/** `to.other(Tensor(a) self, Tensor other, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> Tensor(a)` */
export function to$other(self: Tensor, other: Tensor, nonBlocking?: boolean | undefined, copy?: boolean | undefined, memoryFormat?: MemoryFormat | undefined): Tensor {
  return wrap(call(1292, h(self), h(other), nonBlocking, copy, memoryFormat && memoryFormatCode(memoryFormat)));
}

/** `zeros(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor` */
export function zeros(size: readonly number[], dtype?: DType | undefined, layout?: Layout | undefined, device?: Device | undefined, pinMemory?: boolean | undefined): Tensor {
  return wrap(call(1387, size, dtype && dtypeCode(dtype), layout && layoutCode(layout), device && deviceCode(device), pinMemory));
}
