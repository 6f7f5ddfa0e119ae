// The operators that are methods of Tensor. Made by scripts/generate-operators.mjs from operators.facts.json; change those, then run `npm run generate`.

import type { Layout, MemoryFormat, Scalar } from './arguments.ts';
import { isList, isTensor, layoutCode, memoryFormatCode, readOptions, tracked, unfit } from './arguments.ts';
import { call, h, handles, wrap, wrapAll, wrapTuple } from './call.ts';
import { type Device, deviceCode } from './device.ts';
import { type DType, dtypeCode } from './dtype.ts';
import type { Generator } from './generator.ts';
import type { Tensor } from './tensor.ts';

const OPTIONS_0: readonly string[] = ['alpha'];
const OPTIONS_1: readonly string[] = ['beta', 'alpha'];
const OPTIONS_2: readonly string[] = ['value'];
const OPTIONS_3: readonly string[] = ['dim', 'keepdim'];
const OPTIONS_4: readonly string[] = ['rtol', 'atol', 'equalNan'];
const OPTIONS_5: readonly string[] = ['stable', 'dim', 'descending'];
const OPTIONS_6: readonly string[] = ['storageOffset'];
const OPTIONS_7: readonly string[] = ['generator', 'p'];
const OPTIONS_8: readonly string[] = ['p', 'generator'];
const OPTIONS_9: readonly string[] = ['weights', 'minlength'];
const OPTIONS_10: readonly string[] = ['median', 'sigma', 'generator'];
const OPTIONS_11: readonly string[] = ['memoryFormat'];
const OPTIONS_12: readonly string[] = ['upper'];
const OPTIONS_13: readonly string[] = ['dim'];
const OPTIONS_14: readonly string[] = ['min', 'max'];
const OPTIONS_15: readonly string[] = ['nonBlocking'];
const OPTIONS_16: readonly string[] = ['correction', 'fweights', 'aweights'];
const OPTIONS_17: readonly string[] = ['dtype'];
const OPTIONS_18: readonly string[] = ['diagonal'];
const OPTIONS_19: readonly string[] = ['offset', 'dim1', 'dim2'];
const OPTIONS_20: readonly string[] = ['offset'];
const OPTIONS_21: readonly string[] = ['n', 'dim', 'prepend', 'append'];
const OPTIONS_22: readonly string[] = ['p'];
const OPTIONS_23: readonly string[] = ['roundingMode'];
const OPTIONS_24: readonly string[] = ['implicit'];
const OPTIONS_25: readonly string[] = ['lambd', 'generator'];
const OPTIONS_26: readonly string[] = ['wrap'];
const OPTIONS_27: readonly string[] = ['startDim', 'endDim'];
const OPTIONS_28: readonly string[] = ['sparseGrad'];
const OPTIONS_29: readonly string[] = ['generator'];
const OPTIONS_30: readonly string[] = ['lambd'];
const OPTIONS_31: readonly string[] = ['dim', 'keepdim', 'mode'];
const OPTIONS_32: readonly string[] = ['bins', 'min', 'max'];
const OPTIONS_33: readonly string[] = ['bins', 'weight', 'density', 'range'];
const OPTIONS_34: readonly string[] = ['accumulate'];
const OPTIONS_35: readonly string[] = ['includeSelf'];
const OPTIONS_36: readonly string[] = ['device'];
const OPTIONS_37: readonly string[] = ['hopLength', 'winLength', 'window', 'center', 'normalized', 'onesided', 'length', 'returnComplex'];
const OPTIONS_38: readonly string[] = ['mean', 'std', 'generator'];
const OPTIONS_39: readonly string[] = ['eps'];
const OPTIONS_40: readonly string[] = ['keepdim'];
const OPTIONS_41: readonly string[] = ['other', 'dim', 'keepdim'];
const OPTIONS_42: readonly string[] = ['dtype', 'dim', 'keepdim'];
const OPTIONS_43: readonly string[] = ['replacement', 'generator'];
const OPTIONS_44: readonly string[] = ['nan', 'posinf', 'neginf'];
const OPTIONS_45: readonly string[] = ['dim', 'keepdim', 'dtype'];
const OPTIONS_46: readonly string[] = ['dim', 'keepdim', 'interpolation'];
const OPTIONS_47: readonly string[] = ['dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'];
const OPTIONS_48: readonly string[] = ['size', 'fillValue'];
const OPTIONS_49: readonly string[] = ['p', 'dim', 'keepdim', 'dtype'];
const OPTIONS_50: readonly string[] = ['left', 'transpose'];
const OPTIONS_51: readonly string[] = ['rcond'];
const OPTIONS_52: readonly string[] = ['some'];
const OPTIONS_53: readonly string[] = ['generator', 'from', 'to'];
const OPTIONS_54: readonly string[] = ['dim', 'outputSize'];
const OPTIONS_55: readonly string[] = ['dims'];
const OPTIONS_56: readonly string[] = ['k', 'dims'];
const OPTIONS_57: readonly string[] = ['decimals'];
const OPTIONS_58: readonly string[] = ['reduce'];
const OPTIONS_59: readonly string[] = ['dim', 'start', 'end', 'step'];
const OPTIONS_60: readonly string[] = ['dim', 'unbiased', 'keepdim', 'correction'];
const OPTIONS_61: readonly string[] = ['hopLength', 'winLength', 'window', 'normalized', 'onesided', 'returnComplex', 'alignToWindow', 'center', 'padMode'];
const OPTIONS_62: readonly string[] = ['some', 'computeUv'];
const OPTIONS_63: readonly string[] = ['dtype', 'maskedGrad'];
const OPTIONS_64: readonly string[] = ['outputSize'];
const OPTIONS_65: readonly string[] = ['layout', 'blocksize', 'denseDim', 'sparseDim'];
const OPTIONS_66: readonly string[] = ['denseDim'];
const OPTIONS_67: readonly string[] = ['dim', 'largest', 'sorted'];
const OPTIONS_68: readonly string[] = ['upper', 'transpose', 'unitriangular'];
const OPTIONS_69: readonly string[] = ['from', 'to', 'generator'];
const OPTIONS_70: readonly string[] = ['returnInverse', 'returnCounts', 'dim'];

/** The operators that PyTorch has as methods of a tensor; class Tensor adds the rest. */
export abstract class TensorOperators {
  /** The native handle. @internal */
  abstract readonly handle: number;

  /** `matrix_H(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.H.html */
  get H(): Tensor {
    return wrap(call(816, h(this)));
  }

  /** `numpy_T(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.T.html */
  get T(): Tensor {
    return wrap(call(921, h(this)));
  }

  /** `imag(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.imag.html */
  get imag(): Tensor {
    return wrap(call(633, h(this)));
  }

  /** `mH(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mH.html */
  get mH(): Tensor {
    return wrap(call(805, h(this)));
  }

  /** `mT(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mT.html */
  get mT(): Tensor {
    return wrap(call(806, h(this)));
  }

  /** `real(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.real.html */
  get real(): Tensor {
    return wrap(call(1004, h(this)));
  }

  /** How far each element is from zero; of a complex number, its length.
   *
   *  `abs(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.abs.html
   *  @example
   *  tensor([-1.5, 2]).abs(); // tensor([1.5000, 2.0000]) */
  abs(): Tensor {
    return wrap(call(173, h(this)));
  }

  /** How far each element is from zero; of a complex number, its length. In place: the tensor itself changes, and is returned.
   *
   *  `abs_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.abs_.html
   *  @example
   *  tensor([-1.5, 2]).abs_(); // tensor([1.5000, 2.0000]) */
  abs_(): this {
    call(174, h(this));
    return this;
  }

  /** Another name of `abs`. How far each element is from zero; of a complex number, its length.
   *
   *  `absolute(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.absolute.html
   *  @example
   *  tensor([-1.5, 2]).absolute(); // tensor([1.5000, 2.0000]) */
  absolute(): Tensor {
    return wrap(call(175, h(this)));
  }

  /** How far each element is from zero; of a complex number, its length. In place: the tensor itself changes, and is returned.
   *
   *  `absolute_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.absolute_.html
   *  @example
   *  tensor([-1.5, 2]).absolute_(); // tensor([1.5000, 2.0000]) */
  absolute_(): this {
    call(176, h(this));
    return this;
  }

  /** `acos(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.acos.html */
  acos(): Tensor {
    return wrap(call(177, h(this)));
  }

  /** `acos_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.acos_.html */
  acos_(): this {
    call(178, h(this));
    return this;
  }

  /** `acosh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.acosh.html */
  acosh(): Tensor {
    return wrap(call(179, h(this)));
  }

  /** `acosh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.acosh_.html */
  acosh_(): this {
    call(180, h(this));
    return this;
  }

  /** Adds `other`, multiplied by `alpha`, to each element.
   *
   *  `add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
   *  `add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.add.html
   *  @example
   *  tensor([1, 2]).add(tensor([10, 20]), { alpha: 2 }); // tensor([21., 42.]) */
  add(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(188, h(this), h(other)));
      return wrap(call(187, h(this), other));
    }
    readOptions('add', OPTIONS_0, options);
    if (typeof other === 'object') return wrap(call(188, h(this), h(other), options.alpha));
    return wrap(call(187, h(this), other, options.alpha));
  }

  /** Adds `other`, multiplied by `alpha`, to each element. In place: the tensor itself changes, and is returned.
   *
   *  `add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)`
   *  `add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.add_.html
   *  @example
   *  tensor([1, 2]).add_(tensor([10, 20]), { alpha: 2 }); // tensor([21., 42.]) */
  add_(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(190, h(this), h(other)); return this; }
      call(189, h(this), other);
      return this;
    }
    readOptions('add_', OPTIONS_0, options);
    if (typeof other === 'object') { call(190, h(this), h(other), options.alpha); return this; }
    call(189, h(this), other, options.alpha);
    return this;
  }

  /** `addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addbmm.html */
  addbmm(batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(191, h(this), h(batch1), h(batch2)));
    readOptions('addbmm', OPTIONS_1, options);
    return wrap(call(191, h(this), h(batch1), h(batch2), options.beta, options.alpha));
  }

  /** `addbmm_(Tensor(a!) self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addbmm_.html */
  addbmm_(batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(192, h(this), h(batch1), h(batch2));
      return this;
    }
    readOptions('addbmm_', OPTIONS_1, options);
    call(192, h(this), h(batch1), h(batch2), options.beta, options.alpha);
    return this;
  }

  /** `addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addcdiv.html */
  addcdiv(tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(193, h(this), h(tensor1), h(tensor2)));
    readOptions('addcdiv', OPTIONS_2, options);
    return wrap(call(193, h(this), h(tensor1), h(tensor2), options.value));
  }

  /** `addcdiv_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addcdiv_.html */
  addcdiv_(tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): this {
    if (options === undefined) {
      call(194, h(this), h(tensor1), h(tensor2));
      return this;
    }
    readOptions('addcdiv_', OPTIONS_2, options);
    call(194, h(this), h(tensor1), h(tensor2), options.value);
    return this;
  }

  /** `addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addcmul.html */
  addcmul(tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(195, h(this), h(tensor1), h(tensor2)));
    readOptions('addcmul', OPTIONS_2, options);
    return wrap(call(195, h(this), h(tensor1), h(tensor2), options.value));
  }

  /** `addcmul_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addcmul_.html */
  addcmul_(tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): this {
    if (options === undefined) {
      call(196, h(this), h(tensor1), h(tensor2));
      return this;
    }
    readOptions('addcmul_', OPTIONS_2, options);
    call(196, h(this), h(tensor1), h(tensor2), options.value);
    return this;
  }

  /** `addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addmm.html */
  addmm(mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(197, h(this), h(mat1), h(mat2)));
    readOptions('addmm', OPTIONS_1, options);
    return wrap(call(197, h(this), h(mat1), h(mat2), options.beta, options.alpha));
  }

  /** `addmm_(Tensor(a!) self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addmm_.html */
  addmm_(mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(199, h(this), h(mat1), h(mat2));
      return this;
    }
    readOptions('addmm_', OPTIONS_1, options);
    call(199, h(this), h(mat1), h(mat2), options.beta, options.alpha);
    return this;
  }

  /** `addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addmv.html */
  addmv(mat: Tensor, vec: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(200, h(this), h(mat), h(vec)));
    readOptions('addmv', OPTIONS_1, options);
    return wrap(call(200, h(this), h(mat), h(vec), options.beta, options.alpha));
  }

  /** `addmv_(Tensor(a!) self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addmv_.html */
  addmv_(mat: Tensor, vec: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(201, h(this), h(mat), h(vec));
      return this;
    }
    readOptions('addmv_', OPTIONS_1, options);
    call(201, h(this), h(mat), h(vec), options.beta, options.alpha);
    return this;
  }

  /** `addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addr.html */
  addr(vec1: Tensor, vec2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(202, h(this), h(vec1), h(vec2)));
    readOptions('addr', OPTIONS_1, options);
    return wrap(call(202, h(this), h(vec1), h(vec2), options.beta, options.alpha));
  }

  /** `addr_(Tensor(a!) self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addr_.html */
  addr_(vec1: Tensor, vec2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(203, h(this), h(vec1), h(vec2));
      return this;
    }
    readOptions('addr_', OPTIONS_1, options);
    call(203, h(this), h(vec1), h(vec2), options.beta, options.alpha);
    return this;
  }

  /** `adjoint(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.adjoint.html */
  adjoint(): Tensor {
    return wrap(call(204, h(this)));
  }

  /** `all(Tensor self) -> Tensor`
   *  `all.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor`
   *  `all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.all.html */
  all(options?: { dim?: readonly number[] | number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(207, h(this)));
    const given = readOptions('all', OPTIONS_3, options);
    if ((given & 3) === 0) return wrap(call(207, h(this)));
    if (options.dim === undefined || isList(options.dim)) return wrap(call(209, h(this), options.dim, options.keepdim));
    if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(208, h(this), options.dim, options.keepdim));
    throw unfit('all', 'all() or all({ dim?: readonly number[], keepdim? }) or all({ dim: number, keepdim? })', [options]);
  }

  /** `allclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.allclose.html */
  allclose(other: Tensor, options?: { rtol?: number | undefined; atol?: number | undefined; equalNan?: boolean | undefined }): boolean {
    if (options === undefined) return call(210, h(this), h(other)) as boolean;
    readOptions('allclose', OPTIONS_4, options);
    return call(210, h(this), h(other), options.rtol, options.atol, options.equalNan) as boolean;
  }

  /** `amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.amax.html */
  amax(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(213, h(this)));
    readOptions('amax', OPTIONS_3, options);
    return wrap(call(213, h(this), options.dim, options.keepdim));
  }

  /** `amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.amin.html */
  amin(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(214, h(this)));
    readOptions('amin', OPTIONS_3, options);
    return wrap(call(214, h(this), options.dim, options.keepdim));
  }

  /** `aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.aminmax.html */
  aminmax(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): readonly [min: Tensor, max: Tensor] {
    if (options === undefined) return wrapTuple<readonly [min: Tensor, max: Tensor]>(call(215, h(this)));
    readOptions('aminmax', OPTIONS_3, options);
    return wrapTuple<readonly [min: Tensor, max: Tensor]>(call(215, h(this), options.dim, options.keepdim));
  }

  /** `angle(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.angle.html */
  angle(): Tensor {
    return wrap(call(216, h(this)));
  }

  /** `any(Tensor self) -> Tensor`
   *  `any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor`
   *  `any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.any.html */
  any(options?: { dim?: readonly number[] | number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(217, h(this)));
    const given = readOptions('any', OPTIONS_3, options);
    if ((given & 3) === 0) return wrap(call(217, h(this)));
    if (options.dim === undefined || isList(options.dim)) return wrap(call(219, h(this), options.dim, options.keepdim));
    if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(218, h(this), options.dim, options.keepdim));
    throw unfit('any', 'any() or any({ dim?: readonly number[], keepdim? }) or any({ dim: number, keepdim? })', [options]);
  }

  /** `arccos(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arccos.html */
  arccos(): Tensor {
    return wrap(call(223, h(this)));
  }

  /** `arccos_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arccos_.html */
  arccos_(): this {
    call(224, h(this));
    return this;
  }

  /** `arccosh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arccosh.html */
  arccosh(): Tensor {
    return wrap(call(225, h(this)));
  }

  /** `arccosh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arccosh_.html */
  arccosh_(): this {
    call(226, h(this));
    return this;
  }

  /** `arcsin(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arcsin.html */
  arcsin(): Tensor {
    return wrap(call(227, h(this)));
  }

  /** `arcsin_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arcsin_.html */
  arcsin_(): this {
    call(228, h(this));
    return this;
  }

  /** `arcsinh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arcsinh.html */
  arcsinh(): Tensor {
    return wrap(call(229, h(this)));
  }

  /** `arcsinh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arcsinh_.html */
  arcsinh_(): this {
    call(230, h(this));
    return this;
  }

  /** `arctan(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctan.html */
  arctan(): Tensor {
    return wrap(call(231, h(this)));
  }

  /** `arctan2(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctan2.html */
  arctan2(other: Tensor): Tensor {
    return wrap(call(232, h(this), h(other)));
  }

  /** `arctan2_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctan2_.html */
  arctan2_(other: Tensor): this {
    call(233, h(this), h(other));
    return this;
  }

  /** `arctan_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctan_.html */
  arctan_(): this {
    call(234, h(this));
    return this;
  }

  /** `arctanh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctanh.html */
  arctanh(): Tensor {
    return wrap(call(235, h(this)));
  }

  /** `arctanh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctanh_.html */
  arctanh_(): this {
    call(236, h(this));
    return this;
  }

  /** `argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.argmax.html */
  argmax(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(237, h(this)));
    readOptions('argmax', OPTIONS_3, options);
    return wrap(call(237, h(this), options.dim, options.keepdim));
  }

  /** `argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.argmin.html */
  argmin(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(238, h(this)));
    readOptions('argmin', OPTIONS_3, options);
    return wrap(call(238, h(this), options.dim, options.keepdim));
  }

  /** `argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor`
   *  `argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.argsort.html */
  argsort(options?: { dim?: number | undefined; descending?: boolean | undefined } | { stable: boolean; dim?: number | undefined; descending?: boolean | undefined }): Tensor;
  argsort(options?: { stable?: boolean | undefined; dim?: number | undefined; descending?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(239, h(this)));
    const given = readOptions('argsort', OPTIONS_5, options);
    if ((given & 1) === 1) return wrap(call(240, h(this), options.stable, options.dim, options.descending));
    if ((given & 1) === 0) return wrap(call(239, h(this), options.dim, options.descending));
    throw unfit('argsort', 'argsort({ stable, dim?, descending? }) or argsort({ dim?, descending? })', [options]);
  }

  /** `argwhere(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.argwhere.html */
  argwhere(): Tensor {
    return wrap(call(241, h(this)));
  }

  /** `as_strided(Tensor(a) self, int[] size, int[] stride, int? storage_offset=None) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.as_strided.html */
  asStrided(size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(242, h(this), size, stride));
    readOptions('asStrided', OPTIONS_6, options);
    return wrap(call(242, h(this), size, stride, options.storageOffset));
  }

  /** `as_strided_scatter(Tensor self, Tensor src, int[] size, int[] stride, int? storage_offset=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.as_strided_scatter.html */
  asStridedScatter(src: Tensor, size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(245, h(this), h(src), size, stride));
    readOptions('asStridedScatter', OPTIONS_6, options);
    return wrap(call(245, h(this), h(src), size, stride, options.storageOffset));
  }

  /** `as_strided_(Tensor(a!) self, int[] size, int[] stride, int? storage_offset=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.as_strided_.html */
  asStrided_(size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): this {
    if (options === undefined) {
      call(243, h(this), size, stride);
      return this;
    }
    readOptions('asStrided_', OPTIONS_6, options);
    call(243, h(this), size, stride, options.storageOffset);
    return this;
  }

  /** `asin(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.asin.html */
  asin(): Tensor {
    return wrap(call(246, h(this)));
  }

  /** `asin_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.asin_.html */
  asin_(): this {
    call(247, h(this));
    return this;
  }

  /** `asinh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.asinh.html */
  asinh(): Tensor {
    return wrap(call(248, h(this)));
  }

  /** `asinh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.asinh_.html */
  asinh_(): this {
    call(249, h(this));
    return this;
  }

  /** `atan(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atan.html */
  atan(): Tensor {
    return wrap(call(250, h(this)));
  }

  /** `atan2(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atan2.html */
  atan2(other: Tensor): Tensor {
    return wrap(call(251, h(this), h(other)));
  }

  /** `atan2_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atan2_.html */
  atan2_(other: Tensor): this {
    call(252, h(this), h(other));
    return this;
  }

  /** `atan_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atan_.html */
  atan_(): this {
    call(253, h(this));
    return this;
  }

  /** `atanh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atanh.html */
  atanh(): Tensor {
    return wrap(call(254, h(this)));
  }

  /** `atanh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atanh_.html */
  atanh_(): this {
    call(255, h(this));
    return this;
  }

  /** `baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.baddbmm.html */
  baddbmm(batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(265, h(this), h(batch1), h(batch2)));
    readOptions('baddbmm', OPTIONS_1, options);
    return wrap(call(265, h(this), h(batch1), h(batch2), options.beta, options.alpha));
  }

  /** `baddbmm_(Tensor(a!) self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.baddbmm_.html */
  baddbmm_(batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(267, h(this), h(batch1), h(batch2));
      return this;
    }
    readOptions('baddbmm_', OPTIONS_1, options);
    call(267, h(this), h(batch1), h(batch2), options.beta, options.alpha);
    return this;
  }

  /** `bernoulli(Tensor self, *, Generator? generator=None) -> Tensor`
   *  `bernoulli.p(Tensor self, float p, *, Generator? generator=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bernoulli.html */
  bernoulli(options?: { generator?: Generator | undefined } | { p: number; generator?: Generator | undefined }): Tensor;
  bernoulli(options?: { generator?: Generator | undefined; p?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(276, h(this)));
    const given = readOptions('bernoulli', OPTIONS_7, options);
    if ((given & 2) === 0) return wrap(call(276, h(this), options.generator?.index));
    if ((given & 2) === 2) return wrap(call(277, h(this), options.p, options.generator?.index));
    throw unfit('bernoulli', 'bernoulli({ generator? }) or bernoulli({ p, generator? })', [options]);
  }

  /** `bernoulli_.Tensor(Tensor(a!) self, Tensor p, *, Generator? generator=None) -> Tensor(a!)`
   *  `bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bernoulli_.html */
  bernoulli_(options?: { p?: Tensor | number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(279, h(this));
      return this;
    }
    const given = readOptions('bernoulli_', OPTIONS_8, options);
    if ((given & 1) === 1 && typeof options.p === 'object') { call(278, h(this), h(options.p), options.generator?.index); return this; }
    if (options.p === undefined || typeof options.p === 'number') { call(279, h(this), options.p, options.generator?.index); return this; }
    throw unfit('bernoulli_', 'bernoulli_({ p: Tensor, generator? }) or bernoulli_({ p?: number, generator? })', [options]);
  }

  /** `bincount(Tensor self, Tensor? weights=None, int minlength=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bincount.html */
  bincount(options?: { weights?: Tensor | undefined; minlength?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(283, h(this)));
    readOptions('bincount', OPTIONS_9, options);
    return wrap(call(283, h(this), h(options.weights), options.minlength));
  }

  /** `bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_and.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_and.html */
  bitwiseAnd(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(287, h(this), h(other)));
    return wrap(call(285, h(this), other));
  }

  /** `bitwise_and_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_and_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_and_.html */
  bitwiseAnd_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(289, h(this), h(other)); return this; }
    call(288, h(this), other);
    return this;
  }

  /** `bitwise_left_shift.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_left_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_left_shift.html */
  bitwiseLeftShift(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(291, h(this), h(other)));
    return wrap(call(292, h(this), other));
  }

  /** `bitwise_left_shift_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_left_shift_.Tensor_Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_left_shift_.html */
  bitwiseLeftShift_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(293, h(this), h(other)); return this; }
    call(294, h(this), other);
    return this;
  }

  /** `bitwise_not(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_not.html */
  bitwiseNot(): Tensor {
    return wrap(call(295, h(this)));
  }

  /** `bitwise_not_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_not_.html */
  bitwiseNot_(): this {
    call(296, h(this));
    return this;
  }

  /** `bitwise_or.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_or.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_or.html */
  bitwiseOr(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(299, h(this), h(other)));
    return wrap(call(297, h(this), other));
  }

  /** `bitwise_or_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_or_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_or_.html */
  bitwiseOr_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(301, h(this), h(other)); return this; }
    call(300, h(this), other);
    return this;
  }

  /** `bitwise_right_shift.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_right_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_right_shift.html */
  bitwiseRightShift(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(303, h(this), h(other)));
    return wrap(call(304, h(this), other));
  }

  /** `bitwise_right_shift_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_right_shift_.Tensor_Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_right_shift_.html */
  bitwiseRightShift_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(305, h(this), h(other)); return this; }
    call(306, h(this), other);
    return this;
  }

  /** `bitwise_xor.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_xor.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_xor.html */
  bitwiseXor(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(309, h(this), h(other)));
    return wrap(call(307, h(this), other));
  }

  /** `bitwise_xor_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_xor_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_xor_.html */
  bitwiseXor_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(311, h(this), h(other)); return this; }
    call(310, h(this), other);
    return this;
  }

  /** `bmm(Tensor self, Tensor mat2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bmm.html */
  bmm(mat2: Tensor): Tensor {
    return wrap(call(315, h(this), h(mat2)));
  }

  /** `broadcast_to(Tensor(a) self, int[] size) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.broadcast_to.html */
  broadcastTo(size: readonly number[]): Tensor {
    return wrap(call(318, h(this), size));
  }

  /** `cauchy_(Tensor(a!) self, float median=0., float sigma=1., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cauchy_.html */
  cauchy_(options?: { median?: number | undefined; sigma?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(324, h(this));
      return this;
    }
    readOptions('cauchy_', OPTIONS_10, options);
    call(324, h(this), options.median, options.sigma, options.generator?.index);
    return this;
  }

  /** `ccol_indices(Tensor(a) self) -> Tensor(a)` */
  ccolIndices(): Tensor {
    return wrap(call(325, h(this)));
  }

  /** `ceil(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ceil.html */
  ceil(): Tensor {
    return wrap(call(328, h(this)));
  }

  /** `ceil_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ceil_.html */
  ceil_(): this {
    call(329, h(this));
    return this;
  }

  /** `chalf(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.chalf.html */
  chalf(options?: { memoryFormat?: MemoryFormat | undefined }): Tensor {
    if (options === undefined) return wrap(call(333, h(this)));
    readOptions('chalf', OPTIONS_11, options);
    return wrap(call(333, h(this), options.memoryFormat && memoryFormatCode(options.memoryFormat)));
  }

  /** `cholesky(Tensor self, bool upper=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cholesky.html */
  cholesky(options?: { upper?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(335, h(this)));
    readOptions('cholesky', OPTIONS_12, options);
    return wrap(call(335, h(this), options.upper));
  }

  /** `cholesky_inverse(Tensor self, bool upper=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cholesky_inverse.html */
  choleskyInverse(options?: { upper?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(336, h(this)));
    readOptions('choleskyInverse', OPTIONS_12, options);
    return wrap(call(336, h(this), options.upper));
  }

  /** `cholesky_solve(Tensor self, Tensor input2, bool upper=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cholesky_solve.html */
  choleskySolve(input2: Tensor, options?: { upper?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(337, h(this), h(input2)));
    readOptions('choleskySolve', OPTIONS_12, options);
    return wrap(call(337, h(this), h(input2), options.upper));
  }

  /** `chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.chunk.html */
  chunk(chunks: number, options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(339, h(this), chunks));
    readOptions('chunk', OPTIONS_13, options);
    return wrapAll(call(339, h(this), chunks, options.dim));
  }

  /** `clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor`
   *  `clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clamp.html */
  clamp(options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): Tensor;
  clamp(options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(341, h(this)));
    readOptions('clamp', OPTIONS_14, options);
    if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) return wrap(call(341, h(this), h(options.min), h(options.max)));
    if (typeof options.min !== 'object' && typeof options.max !== 'object') return wrap(call(340, h(this), options.min, options.max));
    throw unfit('clamp', 'clamp({ min?: Tensor, max?: Tensor }) or clamp({ min?: Scalar, max?: Scalar })', [options]);
  }

  /** `clamp_max.Tensor(Tensor self, Tensor max) -> Tensor`
   *  `clamp_max(Tensor self, Scalar max) -> Tensor` */
  clampMax(max: Tensor | Scalar): Tensor {
    if (typeof max === 'object') return wrap(call(345, h(this), h(max)));
    return wrap(call(344, h(this), max));
  }

  /** `clamp_max_.Tensor(Tensor(a!) self, Tensor max) -> Tensor(a!)`
   *  `clamp_max_(Tensor(a!) self, Scalar max) -> Tensor(a!)` */
  clampMax_(max: Tensor | Scalar): this {
    if (typeof max === 'object') { call(347, h(this), h(max)); return this; }
    call(346, h(this), max);
    return this;
  }

  /** `clamp_min.Tensor(Tensor self, Tensor min) -> Tensor`
   *  `clamp_min(Tensor self, Scalar min) -> Tensor` */
  clampMin(min: Tensor | Scalar): Tensor {
    if (typeof min === 'object') return wrap(call(349, h(this), h(min)));
    return wrap(call(348, h(this), min));
  }

  /** `clamp_min_.Tensor(Tensor(a!) self, Tensor min) -> Tensor(a!)`
   *  `clamp_min_(Tensor(a!) self, Scalar min) -> Tensor(a!)` */
  clampMin_(min: Tensor | Scalar): this {
    if (typeof min === 'object') { call(351, h(this), h(min)); return this; }
    call(350, h(this), min);
    return this;
  }

  /** `clamp_.Tensor(Tensor(a!) self, Tensor? min=None, Tensor? max=None) -> Tensor(a!)`
   *  `clamp_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clamp_.html */
  clamp_(options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): this;
  clamp_(options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): this {
    if (options === undefined) {
      call(343, h(this));
      return this;
    }
    readOptions('clamp_', OPTIONS_14, options);
    if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) { call(343, h(this), h(options.min), h(options.max)); return this; }
    if (typeof options.min !== 'object' && typeof options.max !== 'object') { call(342, h(this), options.min, options.max); return this; }
    throw unfit('clamp_', 'clamp_({ min?: Tensor, max?: Tensor }) or clamp_({ min?: Scalar, max?: Scalar })', [options]);
  }

  /** `clip.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor`
   *  `clip(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clip.html */
  clip(options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): Tensor;
  clip(options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(353, h(this)));
    readOptions('clip', OPTIONS_14, options);
    if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) return wrap(call(353, h(this), h(options.min), h(options.max)));
    if (typeof options.min !== 'object' && typeof options.max !== 'object') return wrap(call(352, h(this), options.min, options.max));
    throw unfit('clip', 'clip({ min?: Tensor, max?: Tensor }) or clip({ min?: Scalar, max?: Scalar })', [options]);
  }

  /** `clip_.Tensor(Tensor(a!) self, Tensor? min=None, Tensor? max=None) -> Tensor(a!)`
   *  `clip_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clip_.html */
  clip_(options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): this;
  clip_(options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): this {
    if (options === undefined) {
      call(355, h(this));
      return this;
    }
    readOptions('clip_', OPTIONS_14, options);
    if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) { call(355, h(this), h(options.min), h(options.max)); return this; }
    if (typeof options.min !== 'object' && typeof options.max !== 'object') { call(354, h(this), options.min, options.max); return this; }
    throw unfit('clip_', 'clip_({ min?: Tensor, max?: Tensor }) or clip_({ min?: Scalar, max?: Scalar })', [options]);
  }

  /** `clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clone.html */
  clone(options?: { memoryFormat?: MemoryFormat | undefined }): Tensor {
    if (options === undefined) return wrap(call(356, h(this)));
    readOptions('clone', OPTIONS_11, options);
    return wrap(call(356, h(this), options.memoryFormat && memoryFormatCode(options.memoryFormat)));
  }

  /** `coalesce(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.coalesce.html */
  coalesce(): Tensor {
    return wrap(call(357, h(this)));
  }

  /** `col_indices(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.col_indices.html */
  colIndices(): Tensor {
    return wrap(call(359, h(this)));
  }

  /** `conj(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.conj.html */
  conj(): Tensor {
    return wrap(call(366, h(this)));
  }

  /** `conj_physical(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.conj_physical.html */
  conjPhysical(): Tensor {
    return wrap(call(367, h(this)));
  }

  /** `conj_physical_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.conj_physical_.html */
  conjPhysical_(): this {
    call(368, h(this));
    return this;
  }

  /** `contiguous(Tensor(a) self, *, MemoryFormat memory_format=0) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.contiguous.html */
  contiguous(options?: { memoryFormat?: MemoryFormat | undefined }): Tensor {
    if (options === undefined) return wrap(call(370, h(this)));
    readOptions('contiguous', OPTIONS_11, options);
    return wrap(call(370, h(this), options.memoryFormat && memoryFormatCode(options.memoryFormat)));
  }

  /** `copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.copy_.html */
  copy_(src: Tensor, options?: { nonBlocking?: boolean | undefined }): this {
    if (options === undefined) {
      call(383, h(this), h(src));
      return this;
    }
    readOptions('copy_', OPTIONS_15, options);
    call(383, h(this), h(src), options.nonBlocking);
    return this;
  }

  /** `copysign.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `copysign.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.copysign.html */
  copysign(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(385, h(this), h(other)));
    return wrap(call(384, h(this), other));
  }

  /** `copysign_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `copysign_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.copysign_.html */
  copysign_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(387, h(this), h(other)); return this; }
    call(386, h(this), other);
    return this;
  }

  /** `corrcoef(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.corrcoef.html */
  corrcoef(): Tensor {
    return wrap(call(388, h(this)));
  }

  /** `cos(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cos.html */
  cos(): Tensor {
    return wrap(call(389, h(this)));
  }

  /** `cos_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cos_.html */
  cos_(): this {
    call(390, h(this));
    return this;
  }

  /** `cosh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cosh.html */
  cosh(): Tensor {
    return wrap(call(391, h(this)));
  }

  /** `cosh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cosh_.html */
  cosh_(): this {
    call(392, h(this));
    return this;
  }

  /** `count_nonzero(Tensor self, int? dim=None) -> Tensor`
   *  `count_nonzero.dim_IntList(Tensor self, int[] dim) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.count_nonzero.html */
  countNonzero(options?: { dim?: number | readonly number[] | undefined }): Tensor {
    if (options === undefined) return wrap(call(395, h(this)));
    const given = readOptions('countNonzero', OPTIONS_13, options);
    if (typeof options.dim !== 'object') return wrap(call(395, h(this), options.dim));
    if ((given & 1) === 1 && isList(options.dim)) return wrap(call(396, h(this), options.dim));
    throw unfit('countNonzero', 'countNonzero({ dim?: number }) or countNonzero({ dim: readonly number[] })', [options]);
  }

  /** `cov(Tensor self, *, int correction=1, Tensor? fweights=None, Tensor? aweights=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cov.html */
  cov(options?: { correction?: number | undefined; fweights?: Tensor | undefined; aweights?: Tensor | undefined }): Tensor {
    if (options === undefined) return wrap(call(397, h(this)));
    readOptions('cov', OPTIONS_16, options);
    return wrap(call(397, h(this), options.correction, h(options.fweights), h(options.aweights)));
  }

  /** `cross(Tensor self, Tensor other, int? dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cross.html */
  cross(other: Tensor, options?: { dim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(398, h(this), h(other)));
    readOptions('cross', OPTIONS_13, options);
    return wrap(call(398, h(this), h(other), options.dim));
  }

  /** `crow_indices(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.crow_indices.html */
  crowIndices(): Tensor {
    return wrap(call(400, h(this)));
  }

  /** `cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cummax.html */
  cummax(dim: number): readonly [values: Tensor, indices: Tensor] {
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(404, h(this), dim));
  }

  /** `cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cummin.html */
  cummin(dim: number): readonly [values: Tensor, indices: Tensor] {
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(405, h(this), dim));
  }

  /** `cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cumprod.html */
  cumprod(dim: number, options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(406, h(this), dim));
    readOptions('cumprod', OPTIONS_17, options);
    return wrap(call(406, h(this), dim, options.dtype && dtypeCode(options.dtype)));
  }

  /** `cumprod_(Tensor(a!) self, int dim, *, ScalarType? dtype=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cumprod_.html */
  cumprod_(dim: number, options?: { dtype?: DType | undefined }): this {
    if (options === undefined) {
      call(407, h(this), dim);
      return this;
    }
    readOptions('cumprod_', OPTIONS_17, options);
    call(407, h(this), dim, options.dtype && dtypeCode(options.dtype));
    return this;
  }

  /** `cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cumsum.html */
  cumsum(dim: number, options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(408, h(this), dim));
    readOptions('cumsum', OPTIONS_17, options);
    return wrap(call(408, h(this), dim, options.dtype && dtypeCode(options.dtype)));
  }

  /** `cumsum_(Tensor(a!) self, int dim, *, ScalarType? dtype=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cumsum_.html */
  cumsum_(dim: number, options?: { dtype?: DType | undefined }): this {
    if (options === undefined) {
      call(409, h(this), dim);
      return this;
    }
    readOptions('cumsum_', OPTIONS_17, options);
    call(409, h(this), dim, options.dtype && dtypeCode(options.dtype));
    return this;
  }

  /** `deg2rad(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.deg2rad.html */
  deg2rad(): Tensor {
    return wrap(call(412, h(this)));
  }

  /** `deg2rad_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.deg2rad_.html */
  deg2rad_(): this {
    call(413, h(this));
    return this;
  }

  /** `dense_dim(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dense_dim.html */
  denseDim(): number {
    return call(414, h(this)) as number;
  }

  /** `dequantize.self(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dequantize.html */
  dequantize(): Tensor {
    return wrap(call(415, h(this)));
  }

  /** `det(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.det.html */
  det(): Tensor {
    return wrap(call(417, h(this)));
  }

  /** `detach(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.detach.html */
  detach(): Tensor {
    return wrap(call(418, h(this)));
  }

  /** `detach_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.detach_.html */
  detach_(): this {
    call(419, h(this));
    return this;
  }

  /** `diag(Tensor self, int diagonal=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diag.html */
  diag(options?: { diagonal?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(421, h(this)));
    readOptions('diag', OPTIONS_18, options);
    return wrap(call(421, h(this), options.diagonal));
  }

  /** `diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diag_embed.html */
  diagEmbed(options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(422, h(this)));
    readOptions('diagEmbed', OPTIONS_19, options);
    return wrap(call(422, h(this), options.offset, options.dim1, options.dim2));
  }

  /** `diagflat(Tensor self, int offset=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diagflat.html */
  diagflat(options?: { offset?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(423, h(this)));
    readOptions('diagflat', OPTIONS_20, options);
    return wrap(call(423, h(this), options.offset));
  }

  /** `diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diagonal.html */
  diagonal(options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(424, h(this)));
    readOptions('diagonal', OPTIONS_19, options);
    return wrap(call(424, h(this), options.offset, options.dim1, options.dim2));
  }

  /** `diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diagonal_scatter.html */
  diagonalScatter(src: Tensor, options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(426, h(this), h(src)));
    readOptions('diagonalScatter', OPTIONS_19, options);
    return wrap(call(426, h(this), h(src), options.offset, options.dim1, options.dim2));
  }

  /** `diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diff.html */
  diff(options?: { n?: number | undefined; dim?: number | undefined; prepend?: Tensor | undefined; append?: Tensor | undefined }): Tensor {
    if (options === undefined) return wrap(call(427, h(this)));
    readOptions('diff', OPTIONS_21, options);
    return wrap(call(427, h(this), options.n, options.dim, h(options.prepend), h(options.append)));
  }

  /** `digamma(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.digamma.html */
  digamma(): Tensor {
    return wrap(call(428, h(this)));
  }

  /** `digamma_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.digamma_.html */
  digamma_(): this {
    call(429, h(this));
    return this;
  }

  /** `dist(Tensor self, Tensor other, Scalar p=2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dist.html */
  dist(other: Tensor, options?: { p?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(430, h(this), h(other)));
    readOptions('dist', OPTIONS_22, options);
    return wrap(call(430, h(this), h(other), options.p));
  }

  /** `div.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `div.Scalar(Tensor self, Scalar other) -> Tensor`
   *  `div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor`
   *  `div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.div.html */
  div(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(433, h(this), h(other)));
      return wrap(call(431, h(this), other));
    }
    const given = readOptions('div', OPTIONS_23, options);
    if (typeof other === 'object' && (given & 1) === 0) return wrap(call(433, h(this), h(other)));
    if (typeof other !== 'object' && (given & 1) === 0) return wrap(call(431, h(this), other));
    if (typeof other === 'object' && (given & 1) === 1) return wrap(call(434, h(this), h(other), options.roundingMode));
    if (typeof other !== 'object' && (given & 1) === 1) return wrap(call(432, h(this), other, options.roundingMode));
    throw unfit('div', 'div(other: Tensor) or div(other: Scalar) or div(other: Tensor, { roundingMode? }) or div(other: Scalar, { roundingMode? })', [other, options]);
  }

  /** `div_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `div_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  `div_.Tensor_mode(Tensor(a!) self, Tensor other, *, str? rounding_mode) -> Tensor(a!)`
   *  `div_.Scalar_mode(Tensor(a!) self, Scalar other, *, str? rounding_mode) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.div_.html */
  div_(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(437, h(this), h(other)); return this; }
      call(435, h(this), other);
      return this;
    }
    const given = readOptions('div_', OPTIONS_23, options);
    if (typeof other === 'object' && (given & 1) === 0) { call(437, h(this), h(other)); return this; }
    if (typeof other !== 'object' && (given & 1) === 0) { call(435, h(this), other); return this; }
    if (typeof other === 'object' && (given & 1) === 1) { call(438, h(this), h(other), options.roundingMode); return this; }
    if (typeof other !== 'object' && (given & 1) === 1) { call(436, h(this), other, options.roundingMode); return this; }
    throw unfit('div_', 'div_(other: Tensor) or div_(other: Scalar) or div_(other: Tensor, { roundingMode? }) or div_(other: Scalar, { roundingMode? })', [other, options]);
  }

  /** `divide.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `divide.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor`
   *  `divide.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor`
   *  `divide.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.divide.html */
  divide(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): Tensor;
  divide(other: Scalar): Tensor;
  divide(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(441, h(this), h(other)));
      return wrap(call(439, h(this), other));
    }
    const given = readOptions('divide', OPTIONS_23, options);
    if (typeof other === 'object' && (given & 1) === 0) return wrap(call(441, h(this), h(other)));
    if (typeof other === 'object' && (given & 1) === 1) return wrap(call(442, h(this), h(other), options.roundingMode));
    if (typeof other !== 'object' && (given & 1) === 1) return wrap(call(440, h(this), other, options.roundingMode));
    if (typeof other !== 'object' && (given & 1) === 0) return wrap(call(439, h(this), other));
    throw unfit('divide', 'divide(other: Tensor) or divide(other: Tensor, { roundingMode? }) or divide(other: Scalar, { roundingMode? }) or divide(other: Scalar)', [other, options]);
  }

  /** `divide_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `divide_.Tensor_mode(Tensor(a!) self, Tensor other, *, str? rounding_mode) -> Tensor(a!)`
   *  `divide_.Scalar_mode(Tensor(a!) self, Scalar other, *, str? rounding_mode) -> Tensor(a!)`
   *  `divide_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.divide_.html */
  divide_(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): this;
  divide_(other: Scalar): this;
  divide_(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(445, h(this), h(other)); return this; }
      call(443, h(this), other);
      return this;
    }
    const given = readOptions('divide_', OPTIONS_23, options);
    if (typeof other === 'object' && (given & 1) === 0) { call(445, h(this), h(other)); return this; }
    if (typeof other === 'object' && (given & 1) === 1) { call(446, h(this), h(other), options.roundingMode); return this; }
    if (typeof other !== 'object' && (given & 1) === 1) { call(444, h(this), other, options.roundingMode); return this; }
    if (typeof other !== 'object' && (given & 1) === 0) { call(443, h(this), other); return this; }
    throw unfit('divide_', 'divide_(other: Tensor) or divide_(other: Tensor, { roundingMode? }) or divide_(other: Scalar, { roundingMode? }) or divide_(other: Scalar)', [other, options]);
  }

  /** `dot(Tensor self, Tensor tensor) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dot.html */
  dot(tensor: Tensor): Tensor {
    return wrap(call(447, h(this), h(tensor)));
  }

  /** `dsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]`
   *  `dsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dsplit.html */
  dsplit(sectionsOrIndices: number | readonly number[]): Tensor[] {
    if (typeof sectionsOrIndices !== 'object') return wrapAll(call(451, h(this), sectionsOrIndices));
    return wrapAll(call(450, h(this), sectionsOrIndices));
  }

  /** `eq.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `eq.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.eq.html */
  eq(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(466, h(this), h(other)));
    return wrap(call(465, h(this), other));
  }

  /** `eq_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `eq_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.eq_.html */
  eq_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(468, h(this), h(other)); return this; }
    call(467, h(this), other);
    return this;
  }

  /** `equal(Tensor self, Tensor other) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.equal.html */
  equal(other: Tensor): boolean {
    return call(469, h(this), h(other)) as boolean;
  }

  /** `erf(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erf.html */
  erf(): Tensor {
    return wrap(call(470, h(this)));
  }

  /** `erf_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erf_.html */
  erf_(): this {
    call(471, h(this));
    return this;
  }

  /** `erfc(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erfc.html */
  erfc(): Tensor {
    return wrap(call(472, h(this)));
  }

  /** `erfc_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erfc_.html */
  erfc_(): this {
    call(473, h(this));
    return this;
  }

  /** `erfinv(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erfinv.html */
  erfinv(): Tensor {
    return wrap(call(474, h(this)));
  }

  /** `erfinv_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erfinv_.html */
  erfinv_(): this {
    call(475, h(this));
    return this;
  }

  /** `exp(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exp.html */
  exp(): Tensor {
    return wrap(call(476, h(this)));
  }

  /** `exp2(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exp2.html */
  exp2(): Tensor {
    return wrap(call(477, h(this)));
  }

  /** `exp2_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exp2_.html */
  exp2_(): this {
    call(478, h(this));
    return this;
  }

  /** `exp_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exp_.html */
  exp_(): this {
    call(479, h(this));
    return this;
  }

  /** `expand(Tensor(a) self, int[] size, *, bool implicit=False) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.expand.html */
  expand(size: readonly number[], options?: { implicit?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(480, h(this), size));
    readOptions('expand', OPTIONS_24, options);
    return wrap(call(480, h(this), size, options.implicit));
  }

  /** `expand_as(Tensor(a) self, Tensor other) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.expand_as.html */
  expandAs(other: Tensor): Tensor {
    return wrap(call(481, h(this), h(other)));
  }

  /** `expm1(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.expm1.html */
  expm1(): Tensor {
    return wrap(call(483, h(this)));
  }

  /** `expm1_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.expm1_.html */
  expm1_(): this {
    call(484, h(this));
    return this;
  }

  /** `exponential_(Tensor(a!) self, float lambd=1., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exponential_.html */
  exponential_(options?: { lambd?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(485, h(this));
      return this;
    }
    readOptions('exponential_', OPTIONS_25, options);
    call(485, h(this), options.lambd, options.generator?.index);
    return this;
  }

  /** `fill_diagonal_(Tensor(a!) self, Scalar fill_value, bool wrap=False) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fill_diagonal_.html */
  fillDiagonal_(fillValue: Scalar, options?: { wrap?: boolean | undefined }): this {
    if (options === undefined) {
      call(521, h(this), fillValue);
      return this;
    }
    readOptions('fillDiagonal_', OPTIONS_26, options);
    call(521, h(this), fillValue, options.wrap);
    return this;
  }

  /** `fill_.Tensor(Tensor(a!) self, Tensor value) -> Tensor(a!)`
   *  `fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fill_.html */
  fill_(value: Tensor | Scalar): this {
    if (typeof value === 'object') { call(520, h(this), h(value)); return this; }
    call(519, h(this), value);
    return this;
  }

  /** `fix(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fix.html */
  fix(): Tensor {
    return wrap(call(522, h(this)));
  }

  /** `fix_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fix_.html */
  fix_(): this {
    call(523, h(this));
    return this;
  }

  /** `flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.flatten.html */
  flatten(options?: { startDim?: number | undefined; endDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(524, h(this)));
    readOptions('flatten', OPTIONS_27, options);
    return wrap(call(524, h(this), options.startDim, options.endDim));
  }

  /** `flip(Tensor self, int[] dims) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.flip.html */
  flip(dims: readonly number[]): Tensor {
    return wrap(call(526, h(this), dims));
  }

  /** `fliplr(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fliplr.html */
  fliplr(): Tensor {
    return wrap(call(527, h(this)));
  }

  /** `flipud(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.flipud.html */
  flipud(): Tensor {
    return wrap(call(528, h(this)));
  }

  /** `float_power.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor`
   *  `float_power.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.float_power.html */
  floatPower(exponent: Tensor | Scalar): Tensor {
    if (typeof exponent === 'object') return wrap(call(531, h(this), h(exponent)));
    return wrap(call(530, h(this), exponent));
  }

  /** `float_power_.Tensor(Tensor(a!) self, Tensor exponent) -> Tensor(a!)`
   *  `float_power_.Scalar(Tensor(a!) self, Scalar exponent) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.float_power_.html */
  floatPower_(exponent: Tensor | Scalar): this {
    if (typeof exponent === 'object') { call(533, h(this), h(exponent)); return this; }
    call(532, h(this), exponent);
    return this;
  }

  /** `floor(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.floor.html */
  floor(): Tensor {
    return wrap(call(534, h(this)));
  }

  /** `floor_divide(Tensor self, Tensor other) -> Tensor`
   *  `floor_divide.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.floor_divide.html */
  floorDivide(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(536, h(this), h(other)));
    return wrap(call(537, h(this), other));
  }

  /** `floor_divide_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `floor_divide_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.floor_divide_.html */
  floorDivide_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(539, h(this), h(other)); return this; }
    call(538, h(this), other);
    return this;
  }

  /** `floor_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.floor_.html */
  floor_(): this {
    call(535, h(this));
    return this;
  }

  /** `fmax(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fmax.html */
  fmax(other: Tensor): Tensor {
    return wrap(call(540, h(this), h(other)));
  }

  /** `fmin(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fmin.html */
  fmin(other: Tensor): Tensor {
    return wrap(call(541, h(this), h(other)));
  }

  /** `fmod.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `fmod.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fmod.html */
  fmod(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(543, h(this), h(other)));
    return wrap(call(542, h(this), other));
  }

  /** `fmod_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `fmod_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fmod_.html */
  fmod_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(545, h(this), h(other)); return this; }
    call(544, h(this), other);
    return this;
  }

  /** `frac(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.frac.html */
  frac(): Tensor {
    return wrap(call(546, h(this)));
  }

  /** `frac_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.frac_.html */
  frac_(): this {
    call(547, h(this));
    return this;
  }

  /** `frexp.Tensor(Tensor self) -> (Tensor mantissa, Tensor exponent)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.frexp.html */
  frexp(): readonly [mantissa: Tensor, exponent: Tensor] {
    return wrapTuple<readonly [mantissa: Tensor, exponent: Tensor]>(call(550, h(this)));
  }

  /** `gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gather.html */
  gather(dim: number, index: Tensor, options?: { sparseGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(556, h(this), dim, h(index)));
    readOptions('gather', OPTIONS_28, options);
    return wrap(call(556, h(this), dim, h(index), options.sparseGrad));
  }

  /** `gcd(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gcd.html */
  gcd(other: Tensor): Tensor {
    return wrap(call(557, h(this), h(other)));
  }

  /** `gcd_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gcd_.html */
  gcd_(other: Tensor): this {
    call(558, h(this), h(other));
    return this;
  }

  /** `ge.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `ge.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ge.html */
  ge(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(560, h(this), h(other)));
    return wrap(call(559, h(this), other));
  }

  /** `ge_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `ge_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ge_.html */
  ge_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(562, h(this), h(other)); return this; }
    call(561, h(this), other);
    return this;
  }

  /** `geometric_(Tensor(a!) self, float p, *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.geometric_.html */
  geometric_(p: number, options?: { generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(565, h(this), p);
      return this;
    }
    readOptions('geometric_', OPTIONS_29, options);
    call(565, h(this), p, options.generator?.index);
    return this;
  }

  /** `geqrf(Tensor self) -> (Tensor a, Tensor tau)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.geqrf.html */
  geqrf(): readonly [a: Tensor, tau: Tensor] {
    return wrapTuple<readonly [a: Tensor, tau: Tensor]>(call(566, h(this)));
  }

  /** `ger(Tensor self, Tensor vec2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ger.html */
  ger(vec2: Tensor): Tensor {
    return wrap(call(567, h(this), h(vec2)));
  }

  /** `get_device(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.get_device.html */
  getDevice(): number {
    return call(568, h(this)) as number;
  }

  /** `greater.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `greater.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.greater.html */
  greater(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(578, h(this), h(other)));
    return wrap(call(577, h(this), other));
  }

  /** `greater_equal.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `greater_equal.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.greater_equal.html */
  greaterEqual(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(582, h(this), h(other)));
    return wrap(call(581, h(this), other));
  }

  /** `greater_equal_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `greater_equal_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.greater_equal_.html */
  greaterEqual_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(584, h(this), h(other)); return this; }
    call(583, h(this), other);
    return this;
  }

  /** `greater_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `greater_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.greater_.html */
  greater_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(580, h(this), h(other)); return this; }
    call(579, h(this), other);
    return this;
  }

  /** `gt.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `gt.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gt.html */
  gt(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(593, h(this), h(other)));
    return wrap(call(592, h(this), other));
  }

  /** `gt_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `gt_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gt_.html */
  gt_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(595, h(this), h(other)); return this; }
    call(594, h(this), other);
    return this;
  }

  /** `hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.hardshrink.html */
  hardshrink(options?: { lambd?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(602, h(this)));
    readOptions('hardshrink', OPTIONS_30, options);
    return wrap(call(602, h(this), options.lambd));
  }

  /** `hash_tensor(Tensor self, int[1] dim=[], *, bool keepdim=False, int mode=0) -> Tensor` */
  hashTensor(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; mode?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(609, h(this)));
    readOptions('hashTensor', OPTIONS_31, options);
    return wrap(call(609, h(this), options.dim, options.keepdim, options.mode));
  }

  /** `heaviside(Tensor self, Tensor values) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.heaviside.html */
  heaviside(values: Tensor): Tensor {
    return wrap(call(610, h(this), h(values)));
  }

  /** `heaviside_(Tensor(a!) self, Tensor values) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.heaviside_.html */
  heaviside_(values: Tensor): this {
    call(611, h(this), h(values));
    return this;
  }

  /** `histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.histc.html */
  histc(options?: { bins?: number | undefined; min?: Scalar | undefined; max?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(613, h(this)));
    readOptions('histc', OPTIONS_32, options);
    return wrap(call(613, h(this), options.bins, options.min, options.max));
  }

  /** `histogram.bins_tensor(Tensor self, Tensor bins, *, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)`
   *  `histogram.bin_ct(Tensor self, int bins=100, *, float[]? range=None, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.histogram.html */
  histogram(options?: { bins: Tensor; weight?: Tensor | undefined; density?: boolean | undefined } | { bins?: number | undefined; range?: readonly number[] | undefined; weight?: Tensor | undefined; density?: boolean | undefined }): readonly [hist: Tensor, binEdges: Tensor];
  histogram(options?: { bins?: Tensor | number | undefined; weight?: Tensor | undefined; density?: boolean | undefined; range?: readonly number[] | undefined }): readonly [hist: Tensor, binEdges: Tensor] {
    if (options === undefined) return wrapTuple<readonly [hist: Tensor, binEdges: Tensor]>(call(614, h(this)));
    const given = readOptions('histogram', OPTIONS_33, options);
    if ((given & 9) === 1 && typeof options.bins === 'object') return wrapTuple<readonly [hist: Tensor, binEdges: Tensor]>(call(615, h(this), h(options.bins), h(options.weight), options.density));
    if (typeof options.bins !== 'object') return wrapTuple<readonly [hist: Tensor, binEdges: Tensor]>(call(614, h(this), options.bins, options.range, h(options.weight), options.density));
    throw unfit('histogram', 'histogram({ bins: Tensor, weight?, density? }) or histogram({ bins?: number, range?, weight?, density? })', [options]);
  }

  /** `hsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]`
   *  `hsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.hsplit.html */
  hsplit(sectionsOrIndices: number | readonly number[]): Tensor[] {
    if (typeof sectionsOrIndices !== 'object') return wrapAll(call(620, h(this), sectionsOrIndices));
    return wrapAll(call(619, h(this), sectionsOrIndices));
  }

  /** `hypot(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.hypot.html */
  hypot(other: Tensor): Tensor {
    return wrap(call(624, h(this), h(other)));
  }

  /** `hypot_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.hypot_.html */
  hypot_(other: Tensor): this {
    call(625, h(this), h(other));
    return this;
  }

  /** `i0(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.i0.html */
  i0(): Tensor {
    return wrap(call(626, h(this)));
  }

  /** `i0_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.i0_.html */
  i0_(): this {
    call(627, h(this));
    return this;
  }

  /** `igamma(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.igamma.html */
  igamma(other: Tensor): Tensor {
    return wrap(call(628, h(this), h(other)));
  }

  /** `igamma_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.igamma_.html */
  igamma_(other: Tensor): this {
    call(629, h(this), h(other));
    return this;
  }

  /** `igammac(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.igammac.html */
  igammac(other: Tensor): Tensor {
    return wrap(call(630, h(this), h(other)));
  }

  /** `igammac_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.igammac_.html */
  igammac_(other: Tensor): this {
    call(631, h(this), h(other));
    return this;
  }

  /** `index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_add.html */
  indexAdd(dim: number, index: Tensor, source: Tensor, options?: { alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(635, h(this), dim, h(index), h(source)));
    readOptions('indexAdd', OPTIONS_0, options);
    return wrap(call(635, h(this), dim, h(index), h(source), options.alpha));
  }

  /** `index_add_(Tensor(a!) self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_add_.html */
  indexAdd_(dim: number, index: Tensor, source: Tensor, options?: { alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(636, h(this), dim, h(index), h(source));
      return this;
    }
    readOptions('indexAdd_', OPTIONS_0, options);
    call(636, h(this), dim, h(index), h(source), options.alpha);
    return this;
  }

  /** `index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_copy.html */
  indexCopy(dim: number, index: Tensor, source: Tensor): Tensor {
    return wrap(call(637, h(this), dim, h(index), h(source)));
  }

  /** `index_copy_(Tensor(a!) self, int dim, Tensor index, Tensor source) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_copy_.html */
  indexCopy_(dim: number, index: Tensor, source: Tensor): this {
    call(638, h(this), dim, h(index), h(source));
    return this;
  }

  /** `index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor`
   *  `index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_fill.html */
  indexFill(dim: number, index: Tensor, value: Tensor | Scalar): Tensor {
    if (typeof value === 'object') return wrap(call(640, h(this), dim, h(index), h(value)));
    return wrap(call(639, h(this), dim, h(index), value));
  }

  /** `index_fill_.int_Tensor(Tensor(a!) self, int dim, Tensor index, Tensor value) -> Tensor(a!)`
   *  `index_fill_.int_Scalar(Tensor(a!) self, int dim, Tensor index, Scalar value) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_fill_.html */
  indexFill_(dim: number, index: Tensor, value: Tensor | Scalar): this {
    if (typeof value === 'object') { call(642, h(this), dim, h(index), h(value)); return this; }
    call(641, h(this), dim, h(index), value);
    return this;
  }

  /** `index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_put.html */
  indexPut(indices: readonly (Tensor | undefined)[], values: Tensor, options?: { accumulate?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(643, h(this), handles(indices), h(values)));
    readOptions('indexPut', OPTIONS_34, options);
    return wrap(call(643, h(this), handles(indices), h(values), options.accumulate));
  }

  /** `index_put_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_put_.html */
  indexPut_(indices: readonly (Tensor | undefined)[], values: Tensor, options?: { accumulate?: boolean | undefined }): this {
    if (options === undefined) {
      call(644, h(this), handles(indices), h(values));
      return this;
    }
    readOptions('indexPut_', OPTIONS_34, options);
    call(644, h(this), handles(indices), h(values), options.accumulate);
    return this;
  }

  /** `index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor` */
  indexReduce(dim: number, index: Tensor, source: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(645, h(this), dim, h(index), h(source), reduce));
    readOptions('indexReduce', OPTIONS_35, options);
    return wrap(call(645, h(this), dim, h(index), h(source), reduce, options.includeSelf));
  }

  /** `index_reduce_(Tensor(a!) self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_reduce_.html */
  indexReduce_(dim: number, index: Tensor, source: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): this {
    if (options === undefined) {
      call(646, h(this), dim, h(index), h(source), reduce);
      return this;
    }
    readOptions('indexReduce_', OPTIONS_35, options);
    call(646, h(this), dim, h(index), h(source), reduce, options.includeSelf);
    return this;
  }

  /** `index_select(Tensor self, int dim, Tensor index) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_select.html */
  indexSelect(dim: number, index: Tensor): Tensor {
    return wrap(call(647, h(this), dim, h(index)));
  }

  /** `indices(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.indices.html */
  indices(): Tensor {
    return wrap(call(648, h(this)));
  }

  /** `inner(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.inner.html */
  inner(other: Tensor): Tensor {
    return wrap(call(650, h(this), h(other)));
  }

  /** `int_repr(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.int_repr.html */
  intRepr(): Tensor {
    return wrap(call(652, h(this)));
  }

  /** `inverse(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.inverse.html */
  inverse(): Tensor {
    return wrap(call(653, h(this)));
  }

  /** `is_coalesced(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_coalesced.html */
  isCoalesced(): boolean {
    return call(654, h(this)) as boolean;
  }

  /** `is_complex(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_complex.html */
  isComplex(): boolean {
    return call(655, h(this)) as boolean;
  }

  /** `is_conj(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_conj.html */
  isConj(): boolean {
    return call(656, h(this)) as boolean;
  }

  /** `is_contiguous(Tensor self) -> bool`
   *  `is_contiguous.memory_format(Tensor self, MemoryFormat memory_format) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_contiguous.html */
  isContiguous(options?: { memoryFormat: MemoryFormat }): boolean {
    if (options === undefined) return call(657, h(this)) as boolean;
    const given = readOptions('isContiguous', OPTIONS_11, options);
    if ((given & 1) === 0) return call(657, h(this)) as boolean;
    if ((given & 1) === 1) return call(658, h(this), options.memoryFormat && memoryFormatCode(options.memoryFormat)) as boolean;
    throw unfit('isContiguous', 'isContiguous() or isContiguous({ memoryFormat })', [options]);
  }

  /** `is_distributed(Tensor self) -> bool` */
  isDistributed(): boolean {
    return call(659, h(this)) as boolean;
  }

  /** `is_floating_point(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_floating_point.html */
  isFloatingPoint(): boolean {
    return call(660, h(this)) as boolean;
  }

  /** `is_inference(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_inference.html */
  isInference(): boolean {
    return call(661, h(this)) as boolean;
  }

  /** `is_neg(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_neg.html */
  isNeg(): boolean {
    return call(662, h(this)) as boolean;
  }

  /** `is_nonzero(Tensor self) -> bool` */
  isNonzero(): boolean {
    return call(663, h(this)) as boolean;
  }

  /** `is_pinned(Tensor self, Device? device=None) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_pinned.html */
  isPinned(options?: { device?: Device | undefined }): boolean {
    if (options === undefined) return call(664, h(this)) as boolean;
    readOptions('isPinned', OPTIONS_36, options);
    return call(664, h(this), options.device && deviceCode(options.device)) as boolean;
  }

  /** `is_same_size(Tensor self, Tensor other) -> bool` */
  isSameSize(other: Tensor): boolean {
    return call(665, h(this), h(other)) as boolean;
  }

  /** `is_set_to(Tensor self, Tensor tensor) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_set_to.html */
  isSetTo(tensor: Tensor): boolean {
    return call(666, h(this), h(tensor)) as boolean;
  }

  /** `is_signed(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_signed.html */
  isSigned(): boolean {
    return call(667, h(this)) as boolean;
  }

  /** `isclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isclose.html */
  isclose(other: Tensor, options?: { rtol?: number | undefined; atol?: number | undefined; equalNan?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(668, h(this), h(other)));
    readOptions('isclose', OPTIONS_4, options);
    return wrap(call(668, h(this), h(other), options.rtol, options.atol, options.equalNan));
  }

  /** `isfinite(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isfinite.html */
  isfinite(): Tensor {
    return wrap(call(669, h(this)));
  }

  /** `isinf(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isinf.html */
  isinf(): Tensor {
    return wrap(call(673, h(this)));
  }

  /** `isnan(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isnan.html */
  isnan(): Tensor {
    return wrap(call(674, h(this)));
  }

  /** `isneginf(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isneginf.html */
  isneginf(): Tensor {
    return wrap(call(675, h(this)));
  }

  /** `isposinf(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isposinf.html */
  isposinf(): Tensor {
    return wrap(call(676, h(this)));
  }

  /** `isreal(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isreal.html */
  isreal(): Tensor {
    return wrap(call(677, h(this)));
  }

  /** `istft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, bool normalized=False, bool? onesided=None, int? length=None, bool return_complex=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.istft.html */
  istft(nFft: number, options?: { hopLength?: number | undefined; winLength?: number | undefined; window?: Tensor | undefined; center?: boolean | undefined; normalized?: boolean | undefined; onesided?: boolean | undefined; length?: number | undefined; returnComplex?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(678, h(this), nFft));
    readOptions('istft', OPTIONS_37, options);
    return wrap(call(678, h(this), nFft, options.hopLength, options.winLength, h(options.window), options.center, options.normalized, options.onesided, options.length, options.returnComplex));
  }

  /** `kron(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.kron.html */
  kron(other: Tensor): Tensor {
    return wrap(call(683, h(this), h(other)));
  }

  /** `kthvalue(Tensor self, int k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.kthvalue.html */
  kthvalue(k: number, options?: { dim?: number | undefined; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(684, h(this), k));
    readOptions('kthvalue', OPTIONS_3, options);
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(684, h(this), k, options.dim, options.keepdim));
  }

  /** `lcm(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lcm.html */
  lcm(other: Tensor): Tensor {
    return wrap(call(687, h(this), h(other)));
  }

  /** `lcm_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lcm_.html */
  lcm_(other: Tensor): this {
    call(688, h(this), h(other));
    return this;
  }

  /** `ldexp.Tensor(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ldexp.html */
  ldexp(other: Tensor): Tensor {
    return wrap(call(689, h(this), h(other)));
  }

  /** `ldexp_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ldexp_.html */
  ldexp_(other: Tensor): this {
    call(690, h(this), h(other));
    return this;
  }

  /** `le.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `le.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.le.html */
  le(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(692, h(this), h(other)));
    return wrap(call(691, h(this), other));
  }

  /** `le_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `le_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.le_.html */
  le_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(694, h(this), h(other)); return this; }
    call(693, h(this), other);
    return this;
  }

  /** `lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor`
   *  `lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lerp.html */
  lerp(end: Tensor, weight: Tensor | Scalar): Tensor {
    if (typeof weight === 'object') return wrap(call(698, h(this), h(end), h(weight)));
    return wrap(call(697, h(this), h(end), weight));
  }

  /** `lerp_.Tensor(Tensor(a!) self, Tensor end, Tensor weight) -> Tensor(a!)`
   *  `lerp_.Scalar(Tensor(a!) self, Tensor end, Scalar weight) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lerp_.html */
  lerp_(end: Tensor, weight: Tensor | Scalar): this {
    if (typeof weight === 'object') { call(700, h(this), h(end), h(weight)); return this; }
    call(699, h(this), h(end), weight);
    return this;
  }

  /** `less.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `less.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.less.html */
  less(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(702, h(this), h(other)));
    return wrap(call(701, h(this), other));
  }

  /** `less_equal.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `less_equal.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.less_equal.html */
  lessEqual(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(706, h(this), h(other)));
    return wrap(call(705, h(this), other));
  }

  /** `less_equal_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `less_equal_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.less_equal_.html */
  lessEqual_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(708, h(this), h(other)); return this; }
    call(707, h(this), other);
    return this;
  }

  /** `less_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `less_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.less_.html */
  less_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(704, h(this), h(other)); return this; }
    call(703, h(this), other);
    return this;
  }

  /** `lgamma(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lgamma.html */
  lgamma(): Tensor {
    return wrap(call(709, h(this)));
  }

  /** `lgamma_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lgamma_.html */
  lgamma_(): this {
    call(710, h(this));
    return this;
  }

  /** `log(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log.html */
  log(): Tensor {
    return wrap(call(766, h(this)));
  }

  /** `log10(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log10.html */
  log10(): Tensor {
    return wrap(call(767, h(this)));
  }

  /** `log10_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log10_.html */
  log10_(): this {
    call(768, h(this));
    return this;
  }

  /** `log1p(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log1p.html */
  log1p(): Tensor {
    return wrap(call(769, h(this)));
  }

  /** `log1p_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log1p_.html */
  log1p_(): this {
    call(770, h(this));
    return this;
  }

  /** `log2(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log2.html */
  log2(): Tensor {
    return wrap(call(771, h(this)));
  }

  /** `log2_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log2_.html */
  log2_(): this {
    call(772, h(this));
    return this;
  }

  /** `log_normal_(Tensor(a!) self, float mean=1., float std=2., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log_normal_.html */
  logNormal_(options?: { mean?: number | undefined; std?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(774, h(this));
      return this;
    }
    readOptions('logNormal_', OPTIONS_38, options);
    call(774, h(this), options.mean, options.std, options.generator?.index);
    return this;
  }

  /** `log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor` */
  logSoftmax(dim: number, options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(776, h(this), dim));
    readOptions('logSoftmax', OPTIONS_17, options);
    return wrap(call(776, h(this), dim, options.dtype && dtypeCode(options.dtype)));
  }

  /** `log_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log_.html */
  log_(): this {
    call(773, h(this));
    return this;
  }

  /** `logaddexp(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logaddexp.html */
  logaddexp(other: Tensor): Tensor {
    return wrap(call(777, h(this), h(other)));
  }

  /** `logaddexp2(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logaddexp2.html */
  logaddexp2(other: Tensor): Tensor {
    return wrap(call(778, h(this), h(other)));
  }

  /** `logcumsumexp(Tensor self, int dim) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logcumsumexp.html */
  logcumsumexp(dim: number): Tensor {
    return wrap(call(779, h(this), dim));
  }

  /** `logdet(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logdet.html */
  logdet(): Tensor {
    return wrap(call(780, h(this)));
  }

  /** `logical_and(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_and.html */
  logicalAnd(other: Tensor): Tensor {
    return wrap(call(781, h(this), h(other)));
  }

  /** `logical_and_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_and_.html */
  logicalAnd_(other: Tensor): this {
    call(782, h(this), h(other));
    return this;
  }

  /** `logical_not(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_not.html */
  logicalNot(): Tensor {
    return wrap(call(783, h(this)));
  }

  /** `logical_not_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_not_.html */
  logicalNot_(): this {
    call(784, h(this));
    return this;
  }

  /** `logical_or(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_or.html */
  logicalOr(other: Tensor): Tensor {
    return wrap(call(785, h(this), h(other)));
  }

  /** `logical_or_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_or_.html */
  logicalOr_(other: Tensor): this {
    call(786, h(this), h(other));
    return this;
  }

  /** `logical_xor(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_xor.html */
  logicalXor(other: Tensor): Tensor {
    return wrap(call(787, h(this), h(other)));
  }

  /** `logical_xor_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_xor_.html */
  logicalXor_(other: Tensor): this {
    call(788, h(this), h(other));
    return this;
  }

  /** `logit(Tensor self, float? eps=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logit.html */
  logit(options?: { eps?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(789, h(this)));
    readOptions('logit', OPTIONS_39, options);
    return wrap(call(789, h(this), options.eps));
  }

  /** `logit_(Tensor(a!) self, float? eps=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logit_.html */
  logit_(options?: { eps?: number | undefined }): this {
    if (options === undefined) {
      call(790, h(this));
      return this;
    }
    readOptions('logit_', OPTIONS_39, options);
    call(790, h(this), options.eps);
    return this;
  }

  /** `logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logsumexp.html */
  logsumexp(dim: number | readonly number[], options?: { keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(795, h(this), dim));
    readOptions('logsumexp', OPTIONS_40, options);
    return wrap(call(795, h(this), dim, options.keepdim));
  }

  /** `lt.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `lt.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lt.html */
  lt(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(800, h(this), h(other)));
    return wrap(call(799, h(this), other));
  }

  /** `lt_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `lt_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lt_.html */
  lt_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(802, h(this), h(other)); return this; }
    call(801, h(this), other);
    return this;
  }

  /** `lu_solve(Tensor self, Tensor LU_data, Tensor LU_pivots) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lu_solve.html */
  luSolve(LUData: Tensor, LUPivots: Tensor): Tensor {
    return wrap(call(803, h(this), h(LUData), h(LUPivots)));
  }

  /** `masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor`
   *  `masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_fill.html */
  maskedFill(mask: Tensor, value: Tensor | Scalar): Tensor {
    if (typeof value === 'object') return wrap(call(809, h(this), h(mask), h(value)));
    return wrap(call(808, h(this), h(mask), value));
  }

  /** `masked_fill_.Tensor(Tensor(a!) self, Tensor mask, Tensor value) -> Tensor(a!)`
   *  `masked_fill_.Scalar(Tensor(a!) self, Tensor mask, Scalar value) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_fill_.html */
  maskedFill_(mask: Tensor, value: Tensor | Scalar): this {
    if (typeof value === 'object') { call(811, h(this), h(mask), h(value)); return this; }
    call(810, h(this), h(mask), value);
    return this;
  }

  /** `masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_scatter.html */
  maskedScatter(mask: Tensor, source: Tensor): Tensor {
    return wrap(call(812, h(this), h(mask), h(source)));
  }

  /** `masked_scatter_(Tensor(a!) self, Tensor mask, Tensor source) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_scatter_.html */
  maskedScatter_(mask: Tensor, source: Tensor): this {
    call(813, h(this), h(mask), h(source));
    return this;
  }

  /** `masked_select(Tensor self, Tensor mask) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_select.html */
  maskedSelect(mask: Tensor): Tensor {
    return wrap(call(814, h(this), h(mask)));
  }

  /** `matmul(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.matmul.html */
  matmul(other: Tensor): Tensor {
    return wrap(call(815, h(this), h(other)));
  }

  /** `matrix_exp(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.matrix_exp.html */
  matrixExp(): Tensor {
    return wrap(call(817, h(this)));
  }

  /** `matrix_power(Tensor self, int n) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.matrix_power.html */
  matrixPower(n: number): Tensor {
    return wrap(call(818, h(this), n));
  }

  /** `max(Tensor self) -> Tensor`
   *  `max.other(Tensor self, Tensor other) -> Tensor`
   *  `max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.max.html */
  max(options?: { other: Tensor }): Tensor;
  max(options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
  max(options?: { other?: Tensor | undefined; dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrap(call(819, h(this)));
    const given = readOptions('max', OPTIONS_41, options);
    if ((given & 7) === 0) return wrap(call(819, h(this)));
    if ((given & 7) === 1) return wrap(call(821, h(this), h(options.other)));
    if ((given & 3) === 2) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(820, h(this), options.dim, options.keepdim));
    throw unfit('max', 'max() or max({ other }) or max({ dim, keepdim? })', [options]);
  }

  /** `maximum(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.maximum.html */
  maximum(other: Tensor): Tensor {
    return wrap(call(830, h(this), h(other)));
  }

  /** `mean(Tensor self, *, ScalarType? dtype=None) -> Tensor`
   *  `mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mean.html */
  mean(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(831, h(this)));
    const given = readOptions('mean', OPTIONS_42, options);
    if ((given & 6) === 0) return wrap(call(831, h(this), options.dtype && dtypeCode(options.dtype)));
    return wrap(call(832, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  }

  /** `median(Tensor self) -> Tensor`
   *  `median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.median.html */
  median(): Tensor;
  median(options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
  median(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrap(call(833, h(this)));
    const given = readOptions('median', OPTIONS_3, options);
    if ((given & 3) === 0) return wrap(call(833, h(this)));
    if ((given & 1) === 1) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(834, h(this), options.dim, options.keepdim));
    throw unfit('median', 'median() or median({ dim, keepdim? })', [options]);
  }

  /** `min(Tensor self) -> Tensor`
   *  `min.other(Tensor self, Tensor other) -> Tensor`
   *  `min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.min.html */
  min(options?: { other: Tensor }): Tensor;
  min(options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
  min(options?: { other?: Tensor | undefined; dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrap(call(837, h(this)));
    const given = readOptions('min', OPTIONS_41, options);
    if ((given & 7) === 0) return wrap(call(837, h(this)));
    if ((given & 7) === 1) return wrap(call(839, h(this), h(options.other)));
    if ((given & 3) === 2) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(838, h(this), options.dim, options.keepdim));
    throw unfit('min', 'min() or min({ other }) or min({ dim, keepdim? })', [options]);
  }

  /** `minimum(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.minimum.html */
  minimum(other: Tensor): Tensor {
    return wrap(call(840, h(this), h(other)));
  }

  /** `mm(Tensor self, Tensor mat2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mm.html */
  mm(mat2: Tensor): Tensor {
    return wrap(call(843, h(this), h(mat2)));
  }

  /** `mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mode.html */
  mode(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(845, h(this)));
    readOptions('mode', OPTIONS_3, options);
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(845, h(this), options.dim, options.keepdim));
  }

  /** `moveaxis.int(Tensor(a) self, int source, int destination) -> Tensor(a)`
   *  `moveaxis.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.moveaxis.html */
  moveaxis(source: number, destination: number): Tensor;
  moveaxis(source: readonly number[], destination: readonly number[]): Tensor;
  moveaxis(source: number | readonly number[], destination: number | readonly number[]): Tensor {
    if (typeof source !== 'object' && typeof destination !== 'object') return wrap(call(846, h(this), source, destination));
    if (isList(source) && isList(destination)) return wrap(call(847, h(this), source, destination));
    throw unfit('moveaxis', 'moveaxis(source: number, destination: number) or moveaxis(source: readonly number[], destination: readonly number[])', [source, destination]);
  }

  /** `movedim.int(Tensor(a) self, int source, int destination) -> Tensor(a)`
   *  `movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.movedim.html */
  movedim(source: number, destination: number): Tensor;
  movedim(source: readonly number[], destination: readonly number[]): Tensor;
  movedim(source: number | readonly number[], destination: number | readonly number[]): Tensor {
    if (typeof source !== 'object' && typeof destination !== 'object') return wrap(call(848, h(this), source, destination));
    if (isList(source) && isList(destination)) return wrap(call(849, h(this), source, destination));
    throw unfit('movedim', 'movedim(source: number, destination: number) or movedim(source: readonly number[], destination: readonly number[])', [source, destination]);
  }

  /** `msort(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.msort.html */
  msort(): Tensor {
    return wrap(call(851, h(this)));
  }

  /** `mul.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `mul.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mul.html */
  mul(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(853, h(this), h(other)));
    return wrap(call(852, h(this), other));
  }

  /** `mul_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `mul_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mul_.html */
  mul_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(855, h(this), h(other)); return this; }
    call(854, h(this), other);
    return this;
  }

  /** `multinomial(Tensor self, int num_samples, bool replacement=False, *, Generator? generator=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.multinomial.html */
  multinomial(numSamples: number, options?: { replacement?: boolean | undefined; generator?: Generator | undefined }): Tensor {
    if (options === undefined) return wrap(call(858, h(this), numSamples));
    readOptions('multinomial', OPTIONS_43, options);
    return wrap(call(858, h(this), numSamples, options.replacement, options.generator?.index));
  }

  /** `multiply.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `multiply.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.multiply.html */
  multiply(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(860, h(this), h(other)));
    return wrap(call(859, h(this), other));
  }

  /** `multiply_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `multiply_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.multiply_.html */
  multiply_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(862, h(this), h(other)); return this; }
    call(861, h(this), other);
    return this;
  }

  /** `mv(Tensor self, Tensor vec) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mv.html */
  mv(vec: Tensor): Tensor {
    return wrap(call(863, h(this), h(vec)));
  }

  /** `mvlgamma(Tensor self, int p) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mvlgamma.html */
  mvlgamma(p: number): Tensor {
    return wrap(call(864, h(this), p));
  }

  /** `mvlgamma_(Tensor(a!) self, int p) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mvlgamma_.html */
  mvlgamma_(p: number): this {
    call(865, h(this), p);
    return this;
  }

  /** `nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nan_to_num.html */
  nanToNum(options?: { nan?: number | undefined; posinf?: number | undefined; neginf?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(866, h(this)));
    readOptions('nanToNum', OPTIONS_44, options);
    return wrap(call(866, h(this), options.nan, options.posinf, options.neginf));
  }

  /** `nan_to_num_(Tensor(a!) self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nan_to_num_.html */
  nanToNum_(options?: { nan?: number | undefined; posinf?: number | undefined; neginf?: number | undefined }): this {
    if (options === undefined) {
      call(867, h(this));
      return this;
    }
    readOptions('nanToNum_', OPTIONS_44, options);
    call(867, h(this), options.nan, options.posinf, options.neginf);
    return this;
  }

  /** `nanmean(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nanmean.html */
  nanmean(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(868, h(this)));
    readOptions('nanmean', OPTIONS_45, options);
    return wrap(call(868, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  }

  /** `nanmedian(Tensor self) -> Tensor`
   *  `nanmedian.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nanmedian.html */
  nanmedian(): Tensor;
  nanmedian(options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
  nanmedian(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrap(call(869, h(this)));
    const given = readOptions('nanmedian', OPTIONS_3, options);
    if ((given & 3) === 0) return wrap(call(869, h(this)));
    if ((given & 1) === 1) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(870, h(this), options.dim, options.keepdim));
    throw unfit('nanmedian', 'nanmedian() or nanmedian({ dim, keepdim? })', [options]);
  }

  /** `nanquantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
   *  `nanquantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nanquantile.html */
  nanquantile(q: Tensor | number, options?: { dim?: number | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor {
    if (options === undefined) {
      if (typeof q === 'object') return wrap(call(871, h(this), h(q)));
      return wrap(call(872, h(this), q));
    }
    readOptions('nanquantile', OPTIONS_46, options);
    if (typeof q === 'object') return wrap(call(871, h(this), h(q), options.dim, options.keepdim, options.interpolation));
    return wrap(call(872, h(this), q, options.dim, options.keepdim, options.interpolation));
  }

  /** `nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nansum.html */
  nansum(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(873, h(this)));
    readOptions('nansum', OPTIONS_45, options);
    return wrap(call(873, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  }

  /** `narrow.Tensor(Tensor(a) self, int dim, Tensor start, int length) -> Tensor(a)`
   *  `narrow(Tensor(a) self, int dim, int start, int length) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.narrow.html */
  narrow(dim: number, start: Tensor | number, length: number): Tensor {
    if (typeof start === 'object') return wrap(call(875, h(this), dim, h(start), length));
    return wrap(call(874, h(this), dim, start, length));
  }

  /** `narrow_copy(Tensor self, int dim, int start, int length) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.narrow_copy.html */
  narrowCopy(dim: number, start: number, length: number): Tensor {
    return wrap(call(876, h(this), dim, start, length));
  }

  /** `ne.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `ne.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ne.html */
  ne(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(885, h(this), h(other)));
    return wrap(call(884, h(this), other));
  }

  /** `ne_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `ne_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ne_.html */
  ne_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(887, h(this), h(other)); return this; }
    call(886, h(this), other);
    return this;
  }

  /** `neg(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.neg.html */
  neg(): Tensor {
    return wrap(call(888, h(this)));
  }

  /** `neg_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.neg_.html */
  neg_(): this {
    call(889, h(this));
    return this;
  }

  /** `negative(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.negative.html */
  negative(): Tensor {
    return wrap(call(890, h(this)));
  }

  /** `negative_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.negative_.html */
  negative_(): this {
    call(891, h(this));
    return this;
  }

  /** `new_empty(Tensor self, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_empty.html */
  newEmpty(size: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(892, h(this), size));
    readOptions('newEmpty', OPTIONS_47, options);
    return tracked(wrap(call(892, h(this), size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** `new_empty_strided(Tensor self, int[] size, int[] stride, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_empty_strided.html */
  newEmptyStrided(size: readonly number[], stride: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(893, h(this), size, stride));
    readOptions('newEmptyStrided', OPTIONS_47, options);
    return tracked(wrap(call(893, h(this), size, stride, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** `new_full(Tensor self, int[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_full.html */
  newFull(size: readonly number[], fillValue: Scalar, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(894, h(this), size, fillValue));
    readOptions('newFull', OPTIONS_47, options);
    return tracked(wrap(call(894, h(this), size, fillValue, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** `new_ones(Tensor self, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_ones.html */
  newOnes(size: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(895, h(this), size));
    readOptions('newOnes', OPTIONS_47, options);
    return tracked(wrap(call(895, h(this), size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** `new_zeros(Tensor self, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_zeros.html */
  newZeros(size: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(896, h(this), size));
    readOptions('newZeros', OPTIONS_47, options);
    return tracked(wrap(call(896, h(this), size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** `nextafter(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nextafter.html */
  nextafter(other: Tensor): Tensor {
    return wrap(call(897, h(this), h(other)));
  }

  /** `nextafter_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nextafter_.html */
  nextafter_(other: Tensor): this {
    call(898, h(this), h(other));
    return this;
  }

  /** `nonzero(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nonzero.html */
  nonzero(): Tensor {
    return wrap(call(902, h(this)));
  }

  /** `nonzero_static(Tensor self, *, int size, int fill_value=-1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nonzero_static.html */
  nonzeroStatic(options: { size: number; fillValue?: number | undefined }): Tensor {
    const given = readOptions('nonzeroStatic', OPTIONS_48, options);
    if ((given & 1) === 1) return wrap(call(903, h(this), options.size, options.fillValue));
    throw unfit('nonzeroStatic', 'nonzeroStatic({ size, fillValue? })', [options]);
  }

  /** `norm.Scalar(Tensor self, Scalar p=2) -> Tensor`
   *  `norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor`
   *  `norm.ScalarOpt_dim_dtype(Tensor self, Scalar? p, int[1] dim, bool keepdim, *, ScalarType dtype) -> Tensor`
   *  `norm.ScalarOpt_dtype(Tensor self, Scalar? p, *, ScalarType dtype) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.norm.html */
  norm(options?: { p?: Scalar | undefined; dim: number | readonly number[]; keepdim: boolean; dtype: DType } | { p?: Scalar | undefined; dim: number | readonly number[]; keepdim?: boolean | undefined } | { p?: Scalar | undefined; dtype: DType } | { p?: Scalar | undefined }): Tensor;
  norm(options?: { p?: Scalar | undefined; dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(904, h(this)));
    const given = readOptions('norm', OPTIONS_49, options);
    if ((given & 14) === 0) return wrap(call(904, h(this), options.p));
    if ((given & 11) === 3) return wrap(call(905, h(this), options.p, options.dim, options.keepdim));
    if ((given & 15) === 15) return wrap(call(906, h(this), options.p, options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
    if ((given & 15) === 9) return wrap(call(907, h(this), options.p, options.dtype && dtypeCode(options.dtype)));
    if ((given & 10) === 2) return wrap(call(905, h(this), options.p, options.dim, options.keepdim));
    if ((given & 14) === 14) return wrap(call(906, h(this), options.p, options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
    if ((given & 14) === 8) return wrap(call(907, h(this), options.p, options.dtype && dtypeCode(options.dtype)));
    throw unfit('norm', 'norm({ p? }) or norm({ p?, dim, keepdim? }) or norm({ p?, dim, keepdim, dtype }) or norm({ p?, dtype })', [options]);
  }

  /** `normal_(Tensor(a!) self, float mean=0., float std=1., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.normal_.html */
  normal_(options?: { mean?: number | undefined; std?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(913, h(this));
      return this;
    }
    readOptions('normal_', OPTIONS_38, options);
    call(913, h(this), options.mean, options.std, options.generator?.index);
    return this;
  }

  /** `not_equal.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `not_equal.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.not_equal.html */
  notEqual(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(915, h(this), h(other)));
    return wrap(call(914, h(this), other));
  }

  /** `not_equal_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `not_equal_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.not_equal_.html */
  notEqual_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(917, h(this), h(other)); return this; }
    call(916, h(this), other);
    return this;
  }

  /** `orgqr(Tensor self, Tensor input2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.orgqr.html */
  orgqr(input2: Tensor): Tensor {
    return wrap(call(925, h(this), h(input2)));
  }

  /** `ormqr(Tensor self, Tensor input2, Tensor input3, bool left=True, bool transpose=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ormqr.html */
  ormqr(input2: Tensor, input3: Tensor, options?: { left?: boolean | undefined; transpose?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(926, h(this), h(input2), h(input3)));
    readOptions('ormqr', OPTIONS_50, options);
    return wrap(call(926, h(this), h(input2), h(input3), options.left, options.transpose));
  }

  /** `outer(Tensor self, Tensor vec2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.outer.html */
  outer(vec2: Tensor): Tensor {
    return wrap(call(927, h(this), h(vec2)));
  }

  /** `permute(Tensor(a) self, int[] dims) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.permute.html */
  permute(dims: readonly number[]): Tensor {
    return wrap(call(932, h(this), dims));
  }

  /** `pin_memory(Tensor(a) self, Device? device=None) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.pin_memory.html */
  pinMemory(options?: { device?: Device | undefined }): Tensor {
    if (options === undefined) return wrap(call(934, h(this)));
    readOptions('pinMemory', OPTIONS_36, options);
    return wrap(call(934, h(this), options.device && deviceCode(options.device)));
  }

  /** `pinverse(Tensor self, float rcond=1.0000000000000001e-15) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.pinverse.html */
  pinverse(options?: { rcond?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(935, h(this)));
    readOptions('pinverse', OPTIONS_51, options);
    return wrap(call(935, h(this), options.rcond));
  }

  /** `polygamma(int n, Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.polygamma.html */
  polygamma(n: number): Tensor {
    return wrap(call(941, n, h(this)));
  }

  /** `polygamma_(Tensor(a!) self, int n) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.polygamma_.html */
  polygamma_(n: number): this {
    call(942, h(this), n);
    return this;
  }

  /** `positive(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.positive.html */
  positive(): Tensor {
    return wrap(call(943, h(this)));
  }

  /** `pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor`
   *  `pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.pow.html */
  pow(exponent: Tensor | Scalar): Tensor {
    if (typeof exponent === 'object') return wrap(call(946, h(this), h(exponent)));
    return wrap(call(945, h(this), exponent));
  }

  /** `pow_.Tensor(Tensor(a!) self, Tensor exponent) -> Tensor(a!)`
   *  `pow_.Scalar(Tensor(a!) self, Scalar exponent) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.pow_.html */
  pow_(exponent: Tensor | Scalar): this {
    if (typeof exponent === 'object') { call(948, h(this), h(exponent)); return this; }
    call(947, h(this), exponent);
    return this;
  }

  /** `prelu(Tensor self, Tensor weight) -> Tensor` */
  prelu(weight: Tensor): Tensor {
    return wrap(call(949, h(this), h(weight)));
  }

  /** `prod(Tensor self, *, ScalarType? dtype=None) -> Tensor`
   *  `prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.prod.html */
  prod(options?: { dim: number; keepdim?: boolean | undefined; dtype?: DType | undefined } | { dtype?: DType | undefined }): Tensor;
  prod(options?: { dtype?: DType | undefined; dim?: number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(950, h(this)));
    const given = readOptions('prod', OPTIONS_42, options);
    if ((given & 6) === 0) return wrap(call(950, h(this), options.dtype && dtypeCode(options.dtype)));
    if ((given & 2) === 2) return wrap(call(951, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
    throw unfit('prod', 'prod({ dtype? }) or prod({ dim, keepdim?, dtype? })', [options]);
  }

  /** `put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.put.html */
  put(index: Tensor, source: Tensor, options?: { accumulate?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(953, h(this), h(index), h(source)));
    readOptions('put', OPTIONS_34, options);
    return wrap(call(953, h(this), h(index), h(source), options.accumulate));
  }

  /** `put_(Tensor(a!) self, Tensor index, Tensor source, bool accumulate=False) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.put_.html */
  put_(index: Tensor, source: Tensor, options?: { accumulate?: boolean | undefined }): this {
    if (options === undefined) {
      call(954, h(this), h(index), h(source));
      return this;
    }
    readOptions('put_', OPTIONS_34, options);
    call(954, h(this), h(index), h(source), options.accumulate);
    return this;
  }

  /** `q_per_channel_axis(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_per_channel_axis.html */
  qPerChannelAxis(): number {
    return call(955, h(this)) as number;
  }

  /** `q_per_channel_scales(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_per_channel_scales.html */
  qPerChannelScales(): Tensor {
    return wrap(call(956, h(this)));
  }

  /** `q_per_channel_zero_points(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_per_channel_zero_points.html */
  qPerChannelZeroPoints(): Tensor {
    return wrap(call(957, h(this)));
  }

  /** `q_scale(Tensor self) -> float`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_scale.html */
  qScale(): number {
    return call(958, h(this)) as number;
  }

  /** `q_zero_point(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_zero_point.html */
  qZeroPoint(): number {
    return call(959, h(this)) as number;
  }

  /** `qr(Tensor self, bool some=True) -> (Tensor Q, Tensor R)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.qr.html */
  qr(options?: { some?: boolean | undefined }): readonly [Q: Tensor, R: Tensor] {
    if (options === undefined) return wrapTuple<readonly [Q: Tensor, R: Tensor]>(call(960, h(this)));
    readOptions('qr', OPTIONS_52, options);
    return wrapTuple<readonly [Q: Tensor, R: Tensor]>(call(960, h(this), options.some));
  }

  /** `quantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
   *  `quantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.quantile.html */
  quantile(q: Tensor | number, options?: { dim?: number | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor {
    if (options === undefined) {
      if (typeof q === 'object') return wrap(call(961, h(this), h(q)));
      return wrap(call(962, h(this), q));
    }
    readOptions('quantile', OPTIONS_46, options);
    if (typeof q === 'object') return wrap(call(961, h(this), h(q), options.dim, options.keepdim, options.interpolation));
    return wrap(call(962, h(this), q, options.dim, options.keepdim, options.interpolation));
  }

  /** `rad2deg(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rad2deg.html */
  rad2deg(): Tensor {
    return wrap(call(976, h(this)));
  }

  /** `rad2deg_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rad2deg_.html */
  rad2deg_(): this {
    call(977, h(this));
    return this;
  }

  /** `random_(Tensor(a!) self, *, Generator? generator=None) -> Tensor(a!)`
   *  `random_.from(Tensor(a!) self, int from, int? to, *, Generator? generator=None) -> Tensor(a!)`
   *  `random_.to(Tensor(a!) self, int to, *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.random_.html */
  random_(options?: { from: number; to?: number | undefined; generator?: Generator | undefined } | { generator?: Generator | undefined } | { to: number; generator?: Generator | undefined }): this;
  random_(options?: { generator?: Generator | undefined; from?: number | undefined; to?: number | undefined }): this {
    if (options === undefined) {
      call(996, h(this));
      return this;
    }
    const given = readOptions('random_', OPTIONS_53, options);
    if ((given & 6) === 0) { call(996, h(this), options.generator?.index); return this; }
    if ((given & 6) === 6) { call(997, h(this), options.from, options.to, options.generator?.index); return this; }
    if ((given & 6) === 4) { call(998, h(this), options.to, options.generator?.index); return this; }
    if ((given & 2) === 2) { call(997, h(this), options.from, options.to, options.generator?.index); return this; }
    throw unfit('random_', 'random_({ generator? }) or random_({ from, to?, generator? }) or random_({ to, generator? })', [options]);
  }

  /** `ravel(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ravel.html */
  ravel(): Tensor {
    return wrap(call(1003, h(this)));
  }

  /** `reciprocal(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.reciprocal.html */
  reciprocal(): Tensor {
    return wrap(call(1005, h(this)));
  }

  /** `reciprocal_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.reciprocal_.html */
  reciprocal_(): this {
    call(1006, h(this));
    return this;
  }

  /** `relu(Tensor self) -> Tensor` */
  relu(): Tensor {
    return wrap(call(1010, h(this)));
  }

  /** `relu_(Tensor(a!) self) -> Tensor(a!)` */
  relu_(): this {
    call(1013, h(this));
    return this;
  }

  /** `remainder.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `remainder.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.remainder.html */
  remainder(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(1016, h(this), h(other)));
    return wrap(call(1014, h(this), other));
  }

  /** `remainder_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `remainder_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.remainder_.html */
  remainder_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(1018, h(this), h(other)); return this; }
    call(1017, h(this), other);
    return this;
  }

  /** `renorm(Tensor self, Scalar p, int dim, Scalar maxnorm) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.renorm.html */
  renorm(p: Scalar, dim: number, maxnorm: Scalar): Tensor {
    return wrap(call(1019, h(this), p, dim, maxnorm));
  }

  /** `renorm_(Tensor(a!) self, Scalar p, int dim, Scalar maxnorm) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.renorm_.html */
  renorm_(p: Scalar, dim: number, maxnorm: Scalar): this {
    call(1020, h(this), p, dim, maxnorm);
    return this;
  }

  /** `repeat(Tensor self, int[] repeats) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.repeat.html */
  repeat(repeats: readonly number[]): Tensor {
    return wrap(call(1021, h(this), repeats));
  }

  /** `repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, int? output_size=None) -> Tensor`
   *  `repeat_interleave.self_int(Tensor self, int repeats, int? dim=None, *, int? output_size=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.repeat_interleave.html */
  repeatInterleave(repeats: Tensor | number, options?: { dim?: number | undefined; outputSize?: number | undefined }): Tensor {
    if (options === undefined) {
      if (typeof repeats === 'object') return wrap(call(1022, h(this), h(repeats)));
      return wrap(call(1023, h(this), repeats));
    }
    readOptions('repeatInterleave', OPTIONS_54, options);
    if (typeof repeats === 'object') return wrap(call(1022, h(this), h(repeats), options.dim, options.outputSize));
    return wrap(call(1023, h(this), repeats, options.dim, options.outputSize));
  }

  /** `reshape(Tensor(a) self, int[] shape) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.reshape.html */
  reshape(shape: readonly number[]): Tensor {
    return wrap(call(1027, h(this), shape));
  }

  /** `reshape_as(Tensor(a) self, Tensor other) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.reshape_as.html */
  reshapeAs(other: Tensor): Tensor {
    return wrap(call(1028, h(this), h(other)));
  }

  /** `resize_as_sparse_(Tensor(a!) self, Tensor the_template) -> Tensor(a!)` */
  resizeAsSparse_(theTemplate: Tensor): this {
    call(1031, h(this), h(theTemplate));
    return this;
  }

  /** `resize_as_(Tensor(a!) self, Tensor the_template, *, MemoryFormat? memory_format=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.resize_as_.html */
  resizeAs_(theTemplate: Tensor, options?: { memoryFormat?: MemoryFormat | undefined }): this {
    if (options === undefined) {
      call(1030, h(this), h(theTemplate));
      return this;
    }
    readOptions('resizeAs_', OPTIONS_11, options);
    call(1030, h(this), h(theTemplate), options.memoryFormat && memoryFormatCode(options.memoryFormat));
    return this;
  }

  /** `resize_(Tensor(a!) self, int[] size, *, MemoryFormat? memory_format=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.resize_.html */
  resize_(size: readonly number[], options?: { memoryFormat?: MemoryFormat | undefined }): this {
    if (options === undefined) {
      call(1029, h(this), size);
      return this;
    }
    readOptions('resize_', OPTIONS_11, options);
    call(1029, h(this), size, options.memoryFormat && memoryFormatCode(options.memoryFormat));
    return this;
  }

  /** `resolve_conj(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.resolve_conj.html */
  resolveConj(): Tensor {
    return wrap(call(1032, h(this)));
  }

  /** `resolve_neg(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.resolve_neg.html */
  resolveNeg(): Tensor {
    return wrap(call(1033, h(this)));
  }

  /** `retain_grad(Tensor(a!) self) -> ()`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.retain_grad.html */
  retainGrad(): void {
    call(1038, h(this));
  }

  /** `roll(Tensor self, int[1] shifts, int[1] dims=[]) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.roll.html */
  roll(shifts: number | readonly number[], options?: { dims?: number | readonly number[] | undefined }): Tensor {
    if (options === undefined) return wrap(call(1046, h(this), shifts));
    readOptions('roll', OPTIONS_55, options);
    return wrap(call(1046, h(this), shifts, options.dims));
  }

  /** `rot90(Tensor self, int k=1, int[] dims=[0, 1]) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rot90.html */
  rot90(options?: { k?: number | undefined; dims?: readonly number[] | undefined }): Tensor {
    if (options === undefined) return wrap(call(1047, h(this)));
    readOptions('rot90', OPTIONS_56, options);
    return wrap(call(1047, h(this), options.k, options.dims));
  }

  /** `round(Tensor self) -> Tensor`
   *  `round.decimals(Tensor self, *, int decimals) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.round.html */
  round(options?: { decimals: number }): Tensor {
    if (options === undefined) return wrap(call(1048, h(this)));
    const given = readOptions('round', OPTIONS_57, options);
    if ((given & 1) === 0) return wrap(call(1048, h(this)));
    if ((given & 1) === 1) return wrap(call(1049, h(this), options.decimals));
    throw unfit('round', 'round() or round({ decimals })', [options]);
  }

  /** `round_(Tensor(a!) self) -> Tensor(a!)`
   *  `round_.decimals(Tensor(a!) self, *, int decimals) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.round_.html */
  round_(options?: { decimals: number }): this {
    if (options === undefined) {
      call(1050, h(this));
      return this;
    }
    const given = readOptions('round_', OPTIONS_57, options);
    if ((given & 1) === 0) { call(1050, h(this)); return this; }
    if ((given & 1) === 1) { call(1051, h(this), options.decimals); return this; }
    throw unfit('round_', 'round_() or round_({ decimals })', [options]);
  }

  /** `row_indices(Tensor(a) self) -> Tensor(a)` */
  rowIndices(): Tensor {
    return wrap(call(1052, h(this)));
  }

  /** `rsqrt(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rsqrt.html */
  rsqrt(): Tensor {
    return wrap(call(1059, h(this)));
  }

  /** `rsqrt_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rsqrt_.html */
  rsqrt_(): this {
    call(1060, h(this));
    return this;
  }

  /** `scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor`
   *  `scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor`
   *  `scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor`
   *  `scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter.html */
  scatter(dim: number, index: Tensor, srcOrValue: Tensor | Scalar, options?: { reduce: string }): Tensor {
    if (options === undefined) {
      if (typeof srcOrValue === 'object') return wrap(call(1066, h(this), dim, h(index), h(srcOrValue)));
      return wrap(call(1067, h(this), dim, h(index), srcOrValue));
    }
    const given = readOptions('scatter', OPTIONS_58, options);
    if (typeof srcOrValue === 'object' && (given & 1) === 0) return wrap(call(1066, h(this), dim, h(index), h(srcOrValue)));
    if (typeof srcOrValue === 'object' && (given & 1) === 1) return wrap(call(1065, h(this), dim, h(index), h(srcOrValue), options.reduce));
    if (typeof srcOrValue !== 'object' && (given & 1) === 1) return wrap(call(1068, h(this), dim, h(index), srcOrValue, options.reduce));
    if (typeof srcOrValue !== 'object' && (given & 1) === 0) return wrap(call(1067, h(this), dim, h(index), srcOrValue));
    throw unfit('scatter', 'scatter(dim: number, index: Tensor, src: Tensor) or scatter(dim: number, index: Tensor, src: Tensor, { reduce }) or scatter(dim: number, index: Tensor, value: Scalar, { reduce }) or scatter(dim: number, index: Tensor, value: Scalar)', [dim, index, srcOrValue, options]);
  }

  /** `scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_add.html */
  scatterAdd(dim: number, index: Tensor, src: Tensor): Tensor {
    return wrap(call(1073, h(this), dim, h(index), h(src)));
  }

  /** `scatter_add_(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_add_.html */
  scatterAdd_(dim: number, index: Tensor, src: Tensor): this {
    call(1074, h(this), dim, h(index), h(src));
    return this;
  }

  /** `scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_reduce.html */
  scatterReduce(dim: number, index: Tensor, src: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(1075, h(this), dim, h(index), h(src), reduce));
    readOptions('scatterReduce', OPTIONS_35, options);
    return wrap(call(1075, h(this), dim, h(index), h(src), reduce, options.includeSelf));
  }

  /** `scatter_reduce_.two(Tensor(a!) self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_reduce_.html */
  scatterReduce_(dim: number, index: Tensor, src: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): this {
    if (options === undefined) {
      call(1076, h(this), dim, h(index), h(src), reduce);
      return this;
    }
    readOptions('scatterReduce_', OPTIONS_35, options);
    call(1076, h(this), dim, h(index), h(src), reduce, options.includeSelf);
    return this;
  }

  /** `scatter_.src(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)`
   *  `scatter_.reduce(Tensor(a!) self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor(a!)`
   *  `scatter_.value_reduce(Tensor(a!) self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor(a!)`
   *  `scatter_.value(Tensor(a!) self, int dim, Tensor index, Scalar value) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_.html */
  scatter_(dim: number, index: Tensor, srcOrValue: Tensor | Scalar, options?: { reduce: string }): this {
    if (options === undefined) {
      if (typeof srcOrValue === 'object') { call(1070, h(this), dim, h(index), h(srcOrValue)); return this; }
      call(1071, h(this), dim, h(index), srcOrValue);
      return this;
    }
    const given = readOptions('scatter_', OPTIONS_58, options);
    if (typeof srcOrValue === 'object' && (given & 1) === 0) { call(1070, h(this), dim, h(index), h(srcOrValue)); return this; }
    if (typeof srcOrValue === 'object' && (given & 1) === 1) { call(1069, h(this), dim, h(index), h(srcOrValue), options.reduce); return this; }
    if (typeof srcOrValue !== 'object' && (given & 1) === 1) { call(1072, h(this), dim, h(index), srcOrValue, options.reduce); return this; }
    if (typeof srcOrValue !== 'object' && (given & 1) === 0) { call(1071, h(this), dim, h(index), srcOrValue); return this; }
    throw unfit('scatter_', 'scatter_(dim: number, index: Tensor, src: Tensor) or scatter_(dim: number, index: Tensor, src: Tensor, { reduce }) or scatter_(dim: number, index: Tensor, value: Scalar, { reduce }) or scatter_(dim: number, index: Tensor, value: Scalar)', [dim, index, srcOrValue, options]);
  }

  /** `select.int(Tensor(a) self, int dim, int index) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.select.html */
  select(dim: number, index: number): Tensor {
    return wrap(call(1080, h(this), dim, index));
  }

  /** `select_scatter(Tensor self, Tensor src, int dim, int index) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.select_scatter.html */
  selectScatter(src: Tensor, dim: number, index: number): Tensor {
    return wrap(call(1082, h(this), h(src), dim, index));
  }

  /** `sgn(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sgn.html */
  sgn(): Tensor {
    return wrap(call(1085, h(this)));
  }

  /** `sgn_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sgn_.html */
  sgn_(): this {
    call(1086, h(this));
    return this;
  }

  /** `sigmoid(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sigmoid.html */
  sigmoid(): Tensor {
    return wrap(call(1087, h(this)));
  }

  /** `sigmoid_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sigmoid_.html */
  sigmoid_(): this {
    call(1088, h(this));
    return this;
  }

  /** `sign(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sign.html */
  sign(): Tensor {
    return wrap(call(1089, h(this)));
  }

  /** `sign_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sign_.html */
  sign_(): this {
    call(1090, h(this));
    return this;
  }

  /** `signbit(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.signbit.html */
  signbit(): Tensor {
    return wrap(call(1091, h(this)));
  }

  /** `sin(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sin.html */
  sin(): Tensor {
    return wrap(call(1094, h(this)));
  }

  /** `sin_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sin_.html */
  sin_(): this {
    call(1095, h(this));
    return this;
  }

  /** `sinc(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sinc.html */
  sinc(): Tensor {
    return wrap(call(1096, h(this)));
  }

  /** `sinc_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sinc_.html */
  sinc_(): this {
    call(1097, h(this));
    return this;
  }

  /** `sinh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sinh.html */
  sinh(): Tensor {
    return wrap(call(1098, h(this)));
  }

  /** `sinh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sinh_.html */
  sinh_(): this {
    call(1099, h(this));
    return this;
  }

  /** `slice_inverse(Tensor(a) self, Tensor src, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor(a)` */
  sliceInverse(src: Tensor, options?: { dim?: number | undefined; start?: number | undefined; end?: number | undefined; step?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1102, h(this), h(src)));
    readOptions('sliceInverse', OPTIONS_59, options);
    return wrap(call(1102, h(this), h(src), options.dim, options.start, options.end, options.step));
  }

  /** `slice_scatter(Tensor self, Tensor src, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.slice_scatter.html */
  sliceScatter(src: Tensor, options?: { dim?: number | undefined; start?: number | undefined; end?: number | undefined; step?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1103, h(this), h(src)));
    readOptions('sliceScatter', OPTIONS_59, options);
    return wrap(call(1103, h(this), h(src), options.dim, options.start, options.end, options.step));
  }

  /** `slogdet(Tensor self) -> (Tensor sign, Tensor logabsdet)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.slogdet.html */
  slogdet(): readonly [sign: Tensor, logabsdet: Tensor] {
    return wrapTuple<readonly [sign: Tensor, logabsdet: Tensor]>(call(1104, h(this)));
  }

  /** `smm(Tensor self, Tensor mat2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.smm.html */
  smm(mat2: Tensor): Tensor {
    return wrap(call(1110, h(this), h(mat2)));
  }

  /** `softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.softmax.html */
  softmax(dim: number, options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(1113, h(this), dim));
    readOptions('softmax', OPTIONS_17, options);
    return wrap(call(1113, h(this), dim, options.dtype && dtypeCode(options.dtype)));
  }

  /** `sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)`
   *  `sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sort.html */
  sort(options?: { stable?: boolean | undefined; dim?: number | undefined; descending?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1116, h(this)));
    const given = readOptions('sort', OPTIONS_5, options);
    if ((given & 1) === 1) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1117, h(this), options.stable, options.dim, options.descending));
    if ((given & 1) === 0) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1116, h(this), options.dim, options.descending));
    throw unfit('sort', 'sort({ stable?, dim?, descending? }) or sort({ dim?, descending? })', [options]);
  }

  /** `sparse_dim(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sparse_dim.html */
  sparseDim(): number {
    return call(1131, h(this)) as number;
  }

  /** `sparse_mask(Tensor self, Tensor mask) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sparse_mask.html */
  sparseMask(mask: Tensor): Tensor {
    return wrap(call(1132, h(this), h(mask)));
  }

  /** `sparse_resize_and_clear_(Tensor(a!) self, int[] size, int sparse_dim, int dense_dim) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sparse_resize_and_clear_.html */
  sparseResizeAndClear_(size: readonly number[], sparseDim: number, denseDim: number): this {
    call(1134, h(this), size, sparseDim, denseDim);
    return this;
  }

  /** `sparse_resize_(Tensor(a!) self, int[] size, int sparse_dim, int dense_dim) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sparse_resize_.html */
  sparseResize_(size: readonly number[], sparseDim: number, denseDim: number): this {
    call(1133, h(this), size, sparseDim, denseDim);
    return this;
  }

  /** `split.Tensor(Tensor(a -> *) self, int split_size, int dim=0) -> Tensor(a)[]`
   *  `split.sizes(Tensor(a -> *) self, int[] split_size, int dim=0) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.split.html */
  split(splitSize: number | readonly number[], options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) {
      if (typeof splitSize !== 'object') return wrapAll(call(1221, h(this), splitSize));
      return wrapAll(call(1222, h(this), splitSize));
    }
    readOptions('split', OPTIONS_13, options);
    if (typeof splitSize !== 'object') return wrapAll(call(1221, h(this), splitSize, options.dim));
    return wrapAll(call(1222, h(this), splitSize, options.dim));
  }

  /** `split_with_sizes(Tensor(a -> *) self, int[] split_sizes, int dim=0) -> Tensor(a)[]` */
  splitWithSizes(splitSizes: readonly number[], options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1224, h(this), splitSizes));
    readOptions('splitWithSizes', OPTIONS_13, options);
    return wrapAll(call(1224, h(this), splitSizes, options.dim));
  }

  /** `sqrt(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sqrt.html */
  sqrt(): Tensor {
    return wrap(call(1226, h(this)));
  }

  /** `sqrt_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sqrt_.html */
  sqrt_(): this {
    call(1227, h(this));
    return this;
  }

  /** `square(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.square.html */
  square(): Tensor {
    return wrap(call(1228, h(this)));
  }

  /** `square_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.square_.html */
  square_(): this {
    call(1229, h(this));
    return this;
  }

  /** `squeeze(Tensor(a) self) -> Tensor(a)`
   *  `squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)`
   *  `squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.squeeze.html */
  squeeze(options?: { dim: number | readonly number[] }): Tensor {
    if (options === undefined) return wrap(call(1230, h(this)));
    const given = readOptions('squeeze', OPTIONS_13, options);
    if ((given & 1) === 0) return wrap(call(1230, h(this)));
    if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(1231, h(this), options.dim));
    if ((given & 1) === 1 && isList(options.dim)) return wrap(call(1232, h(this), options.dim));
    throw unfit('squeeze', 'squeeze() or squeeze({ dim: number }) or squeeze({ dim: readonly number[] })', [options]);
  }

  /** `squeeze_(Tensor(a!) self) -> Tensor(a!)`
   *  `squeeze_.dim(Tensor(a!) self, int dim) -> Tensor(a!)`
   *  `squeeze_.dims(Tensor(a!) self, int[] dim) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.squeeze_.html */
  squeeze_(options?: { dim: number | readonly number[] }): this {
    if (options === undefined) {
      call(1233, h(this));
      return this;
    }
    const given = readOptions('squeeze_', OPTIONS_13, options);
    if ((given & 1) === 0) { call(1233, h(this)); return this; }
    if ((given & 1) === 1 && typeof options.dim !== 'object') { call(1234, h(this), options.dim); return this; }
    if ((given & 1) === 1 && isList(options.dim)) { call(1235, h(this), options.dim); return this; }
    throw unfit('squeeze_', 'squeeze_() or squeeze_({ dim: number }) or squeeze_({ dim: readonly number[] })', [options]);
  }

  /** `sspaddmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sspaddmm.html */
  sspaddmm(mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(1239, h(this), h(mat1), h(mat2)));
    readOptions('sspaddmm', OPTIONS_1, options);
    return wrap(call(1239, h(this), h(mat1), h(mat2), options.beta, options.alpha));
  }

  /** `std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor`
   *  `std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor`
   *  `std(Tensor self, bool unbiased=True) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.std.html */
  std(options?: { dim?: number | readonly number[] | undefined; correction?: Scalar | undefined; keepdim?: boolean | undefined } | { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined }): Tensor;
  std(options?: { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; correction?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(1242, h(this)));
    const given = readOptions('std', OPTIONS_60, options);
    if ((given & 9) === 1) return wrap(call(1243, h(this), options.dim, options.unbiased, options.keepdim));
    if ((given & 2) === 0) return wrap(call(1242, h(this), options.dim, options.correction, options.keepdim));
    if ((given & 13) === 0) return wrap(call(1241, h(this), options.unbiased));
    if ((given & 8) === 0) return wrap(call(1243, h(this), options.dim, options.unbiased, options.keepdim));
    throw unfit('std', 'std({ dim?, unbiased?, keepdim? }) or std({ dim?, correction?, keepdim? }) or std({ unbiased? })', [options]);
  }

  /** `stft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor`
   *  `stft.center(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, str pad_mode="reflect", bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.stft.html */
  stft(nFft: number, options?: { hopLength?: number | undefined; winLength?: number | undefined; window?: Tensor | undefined; center?: boolean | undefined; padMode?: string | undefined; normalized?: boolean | undefined; onesided?: boolean | undefined; returnComplex?: boolean | undefined; alignToWindow?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(1247, h(this), nFft));
    const given = readOptions('stft', OPTIONS_61, options);
    if ((given & 384) === 0) return wrap(call(1247, h(this), nFft, options.hopLength, options.winLength, h(options.window), options.normalized, options.onesided, options.returnComplex, options.alignToWindow));
    return wrap(call(1248, h(this), nFft, options.hopLength, options.winLength, h(options.window), options.center, options.padMode, options.normalized, options.onesided, options.returnComplex, options.alignToWindow));
  }

  /** `storage_offset(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.storage_offset.html */
  storageOffset(): number {
    return call(1249, h(this)) as number;
  }

  /** `sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
   *  `sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sub.html */
  sub(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(1251, h(this), h(other)));
      return wrap(call(1250, h(this), other));
    }
    readOptions('sub', OPTIONS_0, options);
    if (typeof other === 'object') return wrap(call(1251, h(this), h(other), options.alpha));
    return wrap(call(1250, h(this), other, options.alpha));
  }

  /** `sub_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)`
   *  `sub_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sub_.html */
  sub_(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(1253, h(this), h(other)); return this; }
      call(1252, h(this), other);
      return this;
    }
    readOptions('sub_', OPTIONS_0, options);
    if (typeof other === 'object') { call(1253, h(this), h(other), options.alpha); return this; }
    call(1252, h(this), other, options.alpha);
    return this;
  }

  /** `subtract.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
   *  `subtract.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.subtract.html */
  subtract(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(1255, h(this), h(other)));
      return wrap(call(1254, h(this), other));
    }
    readOptions('subtract', OPTIONS_0, options);
    if (typeof other === 'object') return wrap(call(1255, h(this), h(other), options.alpha));
    return wrap(call(1254, h(this), other, options.alpha));
  }

  /** `subtract_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)`
   *  `subtract_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.subtract_.html */
  subtract_(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(1257, h(this), h(other)); return this; }
      call(1256, h(this), other);
      return this;
    }
    readOptions('subtract_', OPTIONS_0, options);
    if (typeof other === 'object') { call(1257, h(this), h(other), options.alpha); return this; }
    call(1256, h(this), other, options.alpha);
    return this;
  }

  /** `sum(Tensor self, *, ScalarType? dtype=None) -> Tensor`
   *  `sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sum.html */
  sum(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(1258, h(this)));
    const given = readOptions('sum', OPTIONS_42, options);
    if ((given & 6) === 0) return wrap(call(1258, h(this), options.dtype && dtypeCode(options.dtype)));
    return wrap(call(1259, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  }

  /** `sum_to_size(Tensor self, int[] size) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sum_to_size.html */
  sumToSize(size: readonly number[]): Tensor {
    return wrap(call(1260, h(this), size));
  }

  /** `svd(Tensor self, bool some=True, bool compute_uv=True) -> (Tensor U, Tensor S, Tensor V)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.svd.html */
  svd(options?: { some?: boolean | undefined; computeUv?: boolean | undefined }): readonly [U: Tensor, S: Tensor, V: Tensor] {
    if (options === undefined) return wrapTuple<readonly [U: Tensor, S: Tensor, V: Tensor]>(call(1261, h(this)));
    readOptions('svd', OPTIONS_62, options);
    return wrapTuple<readonly [U: Tensor, S: Tensor, V: Tensor]>(call(1261, h(this), options.some, options.computeUv));
  }

  /** `swapaxes(Tensor(a) self, int axis0, int axis1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.swapaxes.html */
  swapaxes(axis0: number, axis1: number): Tensor {
    return wrap(call(1262, h(this), axis0, axis1));
  }

  /** `swapaxes_(Tensor(a!) self, int axis0, int axis1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.swapaxes_.html */
  swapaxes_(axis0: number, axis1: number): this {
    call(1263, h(this), axis0, axis1);
    return this;
  }

  /** `swapdims(Tensor(a) self, int dim0, int dim1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.swapdims.html */
  swapdims(dim0: number, dim1: number): Tensor {
    return wrap(call(1264, h(this), dim0, dim1));
  }

  /** `swapdims_(Tensor(a!) self, int dim0, int dim1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.swapdims_.html */
  swapdims_(dim0: number, dim1: number): this {
    call(1265, h(this), dim0, dim1);
    return this;
  }

  /** `t(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.t.html */
  t(): Tensor {
    return wrap(call(1266, h(this)));
  }

  /** `t_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.t_.html */
  t_(): this {
    call(1267, h(this));
    return this;
  }

  /** `take(Tensor self, Tensor index) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.take.html */
  take(index: Tensor): Tensor {
    return wrap(call(1269, h(this), h(index)));
  }

  /** `take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.take_along_dim.html */
  takeAlongDim(indices: Tensor, options?: { dim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1270, h(this), h(indices)));
    readOptions('takeAlongDim', OPTIONS_13, options);
    return wrap(call(1270, h(this), h(indices), options.dim));
  }

  /** `tan(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tan.html */
  tan(): Tensor {
    return wrap(call(1271, h(this)));
  }

  /** `tan_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tan_.html */
  tan_(): this {
    call(1272, h(this));
    return this;
  }

  /** `tanh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tanh.html */
  tanh(): Tensor {
    return wrap(call(1273, h(this)));
  }

  /** `tanh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tanh_.html */
  tanh_(): this {
    call(1274, h(this));
    return this;
  }

  /** `tensor_split.indices(Tensor(a -> *) self, int[] indices, int dim=0) -> Tensor(a)[]`
   *  `tensor_split.tensor_indices_or_sections(Tensor(a -> *) self, Tensor tensor_indices_or_sections, int dim=0) -> Tensor(a)[]`
   *  `tensor_split.sections(Tensor(a -> *) self, int sections, int dim=0) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tensor_split.html */
  tensorSplit(indicesOrSections: readonly number[] | Tensor | number, options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) {
      if (isList(indicesOrSections)) return wrapAll(call(1275, h(this), indicesOrSections));
      if (isTensor(indicesOrSections)) return wrapAll(call(1277, h(this), h(indicesOrSections)));
      return wrapAll(call(1276, h(this), indicesOrSections));
    }
    readOptions('tensorSplit', OPTIONS_13, options);
    if (isList(indicesOrSections)) return wrapAll(call(1275, h(this), indicesOrSections, options.dim));
    if (isTensor(indicesOrSections)) return wrapAll(call(1277, h(this), h(indicesOrSections), options.dim));
    return wrapAll(call(1276, h(this), indicesOrSections, options.dim));
  }

  /** `tile(Tensor self, int[] dims) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tile.html */
  tile(dims: readonly number[]): Tensor {
    return wrap(call(1282, h(this), dims));
  }

  /** `to_dense(Tensor self, ScalarType? dtype=None, *, bool? masked_grad=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_dense.html */
  toDense(options?: { dtype?: DType | undefined; maskedGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(1287, h(this)));
    readOptions('toDense', OPTIONS_63, options);
    return wrap(call(1287, h(this), options.dtype && dtypeCode(options.dtype), options.maskedGrad));
  }

  /** `to_mkldnn(Tensor self, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_mkldnn.html */
  toMkldnn(options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(1288, h(this)));
    readOptions('toMkldnn', OPTIONS_17, options);
    return wrap(call(1288, h(this), options.dtype && dtypeCode(options.dtype)));
  }

  /** `to_padded_tensor(Tensor self, float padding, int[]? output_size=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_padded_tensor.html */
  toPaddedTensor(padding: number, options?: { outputSize?: readonly number[] | undefined }): Tensor {
    if (options === undefined) return wrap(call(1289, h(this), padding));
    readOptions('toPaddedTensor', OPTIONS_64, options);
    return wrap(call(1289, h(this), padding, options.outputSize));
  }

  /** `to_sparse(Tensor self, *, Layout? layout=None, int[2]? blocksize=None, int? dense_dim=None) -> Tensor`
   *  `to_sparse.sparse_dim(Tensor self, int sparse_dim) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse.html */
  toSparse(options?: { layout?: Layout | undefined; blocksize?: number | readonly number[] | undefined; denseDim?: number | undefined } | { sparseDim: number }): Tensor;
  toSparse(options?: { layout?: Layout | undefined; blocksize?: number | readonly number[] | undefined; denseDim?: number | undefined; sparseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1290, h(this)));
    const given = readOptions('toSparse', OPTIONS_65, options);
    if ((given & 8) === 0) return wrap(call(1290, h(this), options.layout && layoutCode(options.layout), options.blocksize, options.denseDim));
    if ((given & 15) === 8) return wrap(call(1291, h(this), options.sparseDim));
    throw unfit('toSparse', 'toSparse({ layout?, blocksize?, denseDim? }) or toSparse({ sparseDim })', [options]);
  }

  /** `to_sparse_bsc(Tensor self, int[2] blocksize, int? dense_dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse_bsc.html */
  toSparseBsc(blocksize: number | readonly number[], options?: { denseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1292, h(this), blocksize));
    readOptions('toSparseBsc', OPTIONS_66, options);
    return wrap(call(1292, h(this), blocksize, options.denseDim));
  }

  /** `to_sparse_bsr(Tensor self, int[2] blocksize, int? dense_dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse_bsr.html */
  toSparseBsr(blocksize: number | readonly number[], options?: { denseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1293, h(this), blocksize));
    readOptions('toSparseBsr', OPTIONS_66, options);
    return wrap(call(1293, h(this), blocksize, options.denseDim));
  }

  /** `to_sparse_csc(Tensor self, int? dense_dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse_csc.html */
  toSparseCsc(options?: { denseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1294, h(this)));
    readOptions('toSparseCsc', OPTIONS_66, options);
    return wrap(call(1294, h(this), options.denseDim));
  }

  /** `to_sparse_csr(Tensor self, int? dense_dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse_csr.html */
  toSparseCsr(options?: { denseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1295, h(this)));
    readOptions('toSparseCsr', OPTIONS_66, options);
    return wrap(call(1295, h(this), options.denseDim));
  }

  /** `topk(Tensor self, int k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.topk.html */
  topk(k: number, options?: { dim?: number | undefined; largest?: boolean | undefined; sorted?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1296, h(this), k));
    readOptions('topk', OPTIONS_67, options);
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1296, h(this), k, options.dim, options.largest, options.sorted));
  }

  /** `trace(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.trace.html */
  trace(): Tensor {
    return wrap(call(1297, h(this)));
  }

  /** `transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.transpose.html */
  transpose(dim0: number, dim1: number): Tensor {
    return wrap(call(1298, h(this), dim0, dim1));
  }

  /** `transpose_(Tensor(a!) self, int dim0, int dim1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.transpose_.html */
  transpose_(dim0: number, dim1: number): this {
    call(1299, h(this), dim0, dim1);
    return this;
  }

  /** `triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False) -> (Tensor solution, Tensor cloned_coefficient)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.triangular_solve.html */
  triangularSolve(A: Tensor, options?: { upper?: boolean | undefined; transpose?: boolean | undefined; unitriangular?: boolean | undefined }): readonly [solution: Tensor, clonedCoefficient: Tensor] {
    if (options === undefined) return wrapTuple<readonly [solution: Tensor, clonedCoefficient: Tensor]>(call(1305, h(this), h(A)));
    readOptions('triangularSolve', OPTIONS_68, options);
    return wrapTuple<readonly [solution: Tensor, clonedCoefficient: Tensor]>(call(1305, h(this), h(A), options.upper, options.transpose, options.unitriangular));
  }

  /** `tril(Tensor self, int diagonal=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tril.html */
  tril(options?: { diagonal?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1306, h(this)));
    readOptions('tril', OPTIONS_18, options);
    return wrap(call(1306, h(this), options.diagonal));
  }

  /** `tril_(Tensor(a!) self, int diagonal=0) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tril_.html */
  tril_(options?: { diagonal?: number | undefined }): this {
    if (options === undefined) {
      call(1307, h(this));
      return this;
    }
    readOptions('tril_', OPTIONS_18, options);
    call(1307, h(this), options.diagonal);
    return this;
  }

  /** `triu(Tensor self, int diagonal=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.triu.html */
  triu(options?: { diagonal?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1310, h(this)));
    readOptions('triu', OPTIONS_18, options);
    return wrap(call(1310, h(this), options.diagonal));
  }

  /** `triu_(Tensor(a!) self, int diagonal=0) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.triu_.html */
  triu_(options?: { diagonal?: number | undefined }): this {
    if (options === undefined) {
      call(1311, h(this));
      return this;
    }
    readOptions('triu_', OPTIONS_18, options);
    call(1311, h(this), options.diagonal);
    return this;
  }

  /** `true_divide.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `true_divide.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.true_divide.html */
  trueDivide(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(1314, h(this), h(other)));
    return wrap(call(1313, h(this), other));
  }

  /** `true_divide_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `true_divide_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.true_divide_.html */
  trueDivide_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(1316, h(this), h(other)); return this; }
    call(1315, h(this), other);
    return this;
  }

  /** `trunc(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.trunc.html */
  trunc(): Tensor {
    return wrap(call(1317, h(this)));
  }

  /** `trunc_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.trunc_.html */
  trunc_(): this {
    call(1318, h(this));
    return this;
  }

  /** `type_as(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.type_as.html */
  typeAs(other: Tensor): Tensor {
    return wrap(call(1319, h(this), h(other)));
  }

  /** `unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unbind.html */
  unbind(options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1320, h(this)));
    readOptions('unbind', OPTIONS_13, options);
    return wrapAll(call(1320, h(this), options.dim));
  }

  /** `unflatten.int(Tensor(a) self, int dim, int[] sizes) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unflatten.html */
  unflatten(dim: number, sizes: readonly number[]): Tensor {
    return wrap(call(1322, h(this), dim, sizes));
  }

  /** `unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unfold.html */
  unfold(dimension: number, size: number, step: number): Tensor {
    return wrap(call(1324, h(this), dimension, size, step));
  }

  /** `uniform_(Tensor(a!) self, float from=0., float to=1., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.uniform_.html */
  uniform_(options?: { from?: number | undefined; to?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(1326, h(this));
      return this;
    }
    readOptions('uniform_', OPTIONS_69, options);
    call(1326, h(this), options.from, options.to, options.generator?.index);
    return this;
  }

  /** `unique_consecutive(Tensor self, bool return_inverse=False, bool return_counts=False, int? dim=None) -> (Tensor, Tensor, Tensor)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unique_consecutive.html */
  uniqueConsecutive(options?: { returnInverse?: boolean | undefined; returnCounts?: boolean | undefined; dim?: number | undefined }): readonly [Tensor, Tensor, Tensor] {
    if (options === undefined) return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(1327, h(this)));
    readOptions('uniqueConsecutive', OPTIONS_70, options);
    return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(1327, h(this), options.returnInverse, options.returnCounts, options.dim));
  }

  /** `unsafe_chunk(Tensor self, int chunks, int dim=0) -> Tensor[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unsafe_chunk.html */
  unsafeChunk(chunks: number, options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1329, h(this), chunks));
    readOptions('unsafeChunk', OPTIONS_13, options);
    return wrapAll(call(1329, h(this), chunks, options.dim));
  }

  /** `unsafe_split.Tensor(Tensor self, int split_size, int dim=0) -> Tensor[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unsafe_split.html */
  unsafeSplit(splitSize: number, options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1330, h(this), splitSize));
    readOptions('unsafeSplit', OPTIONS_13, options);
    return wrapAll(call(1330, h(this), splitSize, options.dim));
  }

  /** `unsafe_split_with_sizes(Tensor self, int[] split_sizes, int dim=0) -> Tensor[]` */
  unsafeSplitWithSizes(splitSizes: readonly number[], options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1331, h(this), splitSizes));
    readOptions('unsafeSplitWithSizes', OPTIONS_13, options);
    return wrapAll(call(1331, h(this), splitSizes, options.dim));
  }

  /** `unsqueeze(Tensor(a) self, int dim) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unsqueeze.html */
  unsqueeze(dim: number): Tensor {
    return wrap(call(1332, h(this), dim));
  }

  /** `unsqueeze_(Tensor(a!) self, int dim) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unsqueeze_.html */
  unsqueeze_(dim: number): this {
    call(1333, h(this), dim);
    return this;
  }

  /** `values(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.values.html */
  values(): Tensor {
    return wrap(call(1349, h(this)));
  }

  /** `var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor`
   *  `var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor`
   *  `var(Tensor self, bool unbiased=True) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.var.html */
  var(options?: { dim?: number | readonly number[] | undefined; correction?: Scalar | undefined; keepdim?: boolean | undefined } | { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined }): Tensor;
  var(options?: { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; correction?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(1353, h(this)));
    const given = readOptions('var', OPTIONS_60, options);
    if ((given & 9) === 1) return wrap(call(1354, h(this), options.dim, options.unbiased, options.keepdim));
    if ((given & 2) === 0) return wrap(call(1353, h(this), options.dim, options.correction, options.keepdim));
    if ((given & 13) === 0) return wrap(call(1352, h(this), options.unbiased));
    if ((given & 8) === 0) return wrap(call(1354, h(this), options.dim, options.unbiased, options.keepdim));
    throw unfit('var', 'var({ dim?, unbiased?, keepdim? }) or var({ dim?, correction?, keepdim? }) or var({ unbiased? })', [options]);
  }

  /** `vdot(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.vdot.html */
  vdot(other: Tensor): Tensor {
    return wrap(call(1358, h(this), h(other)));
  }

  /** `view.dtype(Tensor(a) self, ScalarType dtype) -> Tensor(a)`
   *  `view(Tensor(a) self, int[] size) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.view.html */
  view(dtypeOrSize: DType | readonly number[]): Tensor {
    if (typeof dtypeOrSize === 'string') return wrap(call(1360, h(this), dtypeCode(dtypeOrSize)));
    return wrap(call(1359, h(this), dtypeOrSize));
  }

  /** `view_as(Tensor(a) self, Tensor other) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.view_as.html */
  viewAs(other: Tensor): Tensor {
    return wrap(call(1361, h(this), h(other)));
  }

  /** `vsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]`
   *  `vsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.vsplit.html */
  vsplit(sectionsOrIndices: number | readonly number[]): Tensor[] {
    if (typeof sectionsOrIndices !== 'object') return wrapAll(call(1369, h(this), sectionsOrIndices));
    return wrapAll(call(1368, h(this), sectionsOrIndices));
  }

  /** `where.self(Tensor condition, Tensor self, Tensor other) -> Tensor`
   *  `where.ScalarOther(Tensor condition, Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.where.html */
  where(condition: Tensor, other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(1374, h(condition), h(this), h(other)));
    return wrap(call(1372, h(condition), h(this), other));
  }

  /** `xlogy.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `xlogy.Scalar_Other(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.xlogy.html */
  xlogy(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(1377, h(this), h(other)));
    return wrap(call(1375, h(this), other));
  }

  /** `xlogy_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `xlogy_.Scalar_Other(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.xlogy_.html */
  xlogy_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(1379, h(this), h(other)); return this; }
    call(1378, h(this), other);
    return this;
  }

  /** `zero_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.zero_.html */
  zero_(): this {
    call(1380, h(this));
    return this;
  }
}
