// The operators that are methods of Tensor. Made by scripts/generate-operators.mjs from operators.facts.json; change those, then run `npm run generate`.

import type { Layout, MemoryFormat, Scalar } from './arguments.ts';
import { isList, isTensor, layoutCode, memoryFormatCode, readOptions, tracked, unfit } from './arguments.ts';
import { call, h, wrap, wrapAll, wrapTuple } from './call.ts';
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
const OPTIONS_34: readonly string[] = ['includeSelf'];
const OPTIONS_35: readonly string[] = ['device'];
const OPTIONS_36: readonly string[] = ['hopLength', 'winLength', 'window', 'center', 'normalized', 'onesided', 'length', 'returnComplex'];
const OPTIONS_37: readonly string[] = ['mean', 'std', 'generator'];
const OPTIONS_38: readonly string[] = ['eps'];
const OPTIONS_39: readonly string[] = ['keepdim'];
const OPTIONS_40: readonly string[] = ['other', 'dim', 'keepdim'];
const OPTIONS_41: readonly string[] = ['dtype', 'dim', 'keepdim'];
const OPTIONS_42: readonly string[] = ['replacement', 'generator'];
const OPTIONS_43: readonly string[] = ['nan', 'posinf', 'neginf'];
const OPTIONS_44: readonly string[] = ['dim', 'keepdim', 'dtype'];
const OPTIONS_45: readonly string[] = ['dim', 'keepdim', 'interpolation'];
const OPTIONS_46: readonly string[] = ['dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'];
const OPTIONS_47: readonly string[] = ['size', 'fillValue'];
const OPTIONS_48: readonly string[] = ['left', 'transpose'];
const OPTIONS_49: readonly string[] = ['rcond'];
const OPTIONS_50: readonly string[] = ['accumulate'];
const OPTIONS_51: readonly string[] = ['some'];
const OPTIONS_52: readonly string[] = ['generator', 'from', 'to'];
const OPTIONS_53: readonly string[] = ['dim', 'outputSize'];
const OPTIONS_54: readonly string[] = ['dims'];
const OPTIONS_55: readonly string[] = ['k', 'dims'];
const OPTIONS_56: readonly string[] = ['decimals'];
const OPTIONS_57: readonly string[] = ['reduce'];
const OPTIONS_58: readonly string[] = ['dim', 'start', 'end', 'step'];
const OPTIONS_59: readonly string[] = ['dim', 'unbiased', 'keepdim', 'correction'];
const OPTIONS_60: readonly string[] = ['hopLength', 'winLength', 'window', 'normalized', 'onesided', 'returnComplex', 'alignToWindow', 'center', 'padMode'];
const OPTIONS_61: readonly string[] = ['some', 'computeUv'];
const OPTIONS_62: readonly string[] = ['dtype', 'maskedGrad'];
const OPTIONS_63: readonly string[] = ['outputSize'];
const OPTIONS_64: readonly string[] = ['layout', 'blocksize', 'denseDim', 'sparseDim'];
const OPTIONS_65: readonly string[] = ['denseDim'];
const OPTIONS_66: readonly string[] = ['dim', 'largest', 'sorted'];
const OPTIONS_67: readonly string[] = ['upper', 'transpose', 'unitriangular'];
const OPTIONS_68: readonly string[] = ['from', 'to', 'generator'];
const OPTIONS_69: readonly string[] = ['returnInverse', 'returnCounts', 'dim'];

/** The operators that PyTorch has as methods of a tensor; class Tensor adds the rest. */
export abstract class TensorOperators {
  /** The native handle. @internal */
  abstract readonly handle: number;

  /** A matrix transposed and conjugated, as a view.
   *  Shape: [N, M] -> [M, N].
   *
   *  `matrix_H(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.H.html
   *  @example
   *  complex(zeros([1, 2]), ones([1, 2])).H; // tensor([[0.-1.j], [0.-1.j]]) */
  get H(): Tensor {
    return wrap(call(822, h(this)));
  }

  /** All dimensions in reverse order, as a view.
   *  Shape: the input, with its sizes in reverse order.
   *
   *  `numpy_T(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.T.html
   *  @example
   *  zeros([2, 3]).T.shape; // [3, 2] */
  get T(): Tensor {
    return wrap(call(927, h(this)));
  }

  /** The imaginary part, as a view.
   *  Shape: any, unchanged.
   *
   *  `imag(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.imag.html
   *  @example
   *  complex(tensor([1]), tensor([2])).imag; // tensor([2.]) */
  get imag(): Tensor {
    return wrap(call(640, h(this)));
  }

  /** The last two dimensions exchanged and the numbers conjugated, as a view.
   *  Shape: [*, N, M] -> [*, M, N].
   *
   *  `mH(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mH.html
   *  @example
   *  complex(zeros([3, 1, 2]), ones([3, 1, 2])).mH.shape; // [3, 2, 1] */
  get mH(): Tensor {
    return wrap(call(811, h(this)));
  }

  /** The last two dimensions exchanged, as a view: a batch of matrices transposed.
   *  Shape: [*, N, M] -> [*, M, N].
   *
   *  `mT(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mT.html
   *  @example
   *  zeros([5, 2, 3]).mT.shape; // [5, 3, 2] */
  get mT(): Tensor {
    return wrap(call(812, h(this)));
  }

  /** The real part, as a view.
   *  Shape: any, unchanged.
   *
   *  `real(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.real.html
   *  @example
   *  complex(tensor([1]), tensor([2])).real; // tensor([1.]) */
  get real(): Tensor {
    return wrap(call(1010, h(this)));
  }

  /** How far each element is from zero; of a complex number, its length.
   *  Shape: any, unchanged.
   *
   *  `abs(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.abs.html
   *  @example
   *  tensor([-1.5, 2]).abs(); // tensor([1.5000, 2.0000]) */
  abs(): Tensor {
    return wrap(call(179, h(this)));
  }

  /** How far each element is from zero; of a complex number, its length. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `abs_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.abs_.html
   *  @example
   *  tensor([-1.5, 2]).abs_(); // tensor([1.5000, 2.0000]) */
  abs_(): this {
    call(180, h(this));
    return this;
  }

  /** Another name of `abs`. How far each element is from zero; of a complex number, its length.
   *  Shape: any, unchanged.
   *
   *  `absolute(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.absolute.html
   *  @example
   *  tensor([-1.5, 2]).absolute(); // tensor([1.5000, 2.0000]) */
  absolute(): Tensor {
    return wrap(call(181, h(this)));
  }

  /** How far each element is from zero; of a complex number, its length. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `absolute_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.absolute_.html
   *  @example
   *  tensor([-1.5, 2]).absolute_(); // tensor([1.5000, 2.0000]) */
  absolute_(): this {
    call(182, h(this));
    return this;
  }

  /** The angle whose cosine each element is, from 0 to pi.
   *  Shape: any, unchanged.
   *
   *  `acos(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.acos.html
   *  @example
   *  tensor([1, -1]).acos(); // tensor([0.0000, 3.1416]) */
  acos(): Tensor {
    return wrap(call(183, h(this)));
  }

  /** The angle whose cosine each element is, from 0 to pi. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `acos_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.acos_.html
   *  @example
   *  tensor([1, -1]).acos_(); // tensor([0.0000, 3.1416]) */
  acos_(): this {
    call(184, h(this));
    return this;
  }

  /** The number whose hyperbolic cosine each element is; NaN below 1.
   *  Shape: any, unchanged.
   *
   *  `acosh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.acosh.html
   *  @example
   *  tensor([1, 1.5431, 0]).acosh(); // tensor([0.0000, 1.0000,    nan]) */
  acosh(): Tensor {
    return wrap(call(185, h(this)));
  }

  /** The number whose hyperbolic cosine each element is; NaN below 1. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `acosh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.acosh_.html
   *  @example
   *  tensor([1, 1.5431, 0]).acosh_(); // tensor([0.0000, 1.0000,    nan]) */
  acosh_(): this {
    call(186, h(this));
    return this;
  }

  /** Adds `other`, multiplied by `alpha`, to each element.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
   *  `add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.add.html
   *  @example
   *  tensor([1, 2]).add(tensor([10, 20]), { alpha: 2 }); // tensor([21., 42.]) */
  add(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(194, h(this), h(other)));
      return wrap(call(193, h(this), other));
    }
    readOptions('add', OPTIONS_0, options);
    if (typeof other === 'object') return wrap(call(194, h(this), h(other), options.alpha));
    return wrap(call(193, h(this), other, options.alpha));
  }

  /** Adds `other`, multiplied by `alpha`, to each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)`
   *  `add_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.add_.html
   *  @example
   *  tensor([1, 2]).add_(tensor([10, 20]), { alpha: 2 }); // tensor([21., 42.]) */
  add_(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(196, h(this), h(other)); return this; }
      call(195, h(this), other);
      return this;
    }
    readOptions('add_', OPTIONS_0, options);
    if (typeof other === 'object') { call(196, h(this), h(other), options.alpha); return this; }
    call(195, h(this), other, options.alpha);
    return this;
  }

  /** Adds the sum of the products of two batches of matrices: `beta * input + alpha * sum(batch1 @ batch2)`.
   *  Shape: [N, M], [B, N, K], [B, K, M] -> [N, M].
   *
   *  `addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addbmm.html
   *  @example
   *  ones([1, 1]).addbmm(ones([5, 1, 2]), ones([5, 2, 1])); // tensor([[11.]]) */
  addbmm(batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(197, h(this), h(batch1), h(batch2)));
    readOptions('addbmm', OPTIONS_1, options);
    return wrap(call(197, h(this), h(batch1), h(batch2), options.beta, options.alpha));
  }

  /** Adds the sum of the products of two batches of matrices: `beta * input + alpha * sum(batch1 @ batch2)`. In place: the tensor itself changes, and is returned.
   *  Shape: [N, M], [B, N, K], [B, K, M] -> [N, M].
   *
   *  `addbmm_(Tensor(a!) self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addbmm_.html
   *  @example
   *  ones([1, 1]).addbmm_(ones([5, 1, 2]), ones([5, 2, 1])); // tensor([[11.]]) */
  addbmm_(batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(198, h(this), h(batch1), h(batch2));
      return this;
    }
    readOptions('addbmm_', OPTIONS_1, options);
    call(198, h(this), h(batch1), h(batch2), options.beta, options.alpha);
    return this;
  }

  /** Adds `value * tensor1 / tensor2` in one step.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addcdiv.html
   *  @example
   *  tensor([1, 1]).addcdiv(tensor([6, 9]), tensor([2, 3])); // tensor([4., 4.]) */
  addcdiv(tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(199, h(this), h(tensor1), h(tensor2)));
    readOptions('addcdiv', OPTIONS_2, options);
    return wrap(call(199, h(this), h(tensor1), h(tensor2), options.value));
  }

  /** Adds `value * tensor1 / tensor2` in one step. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `addcdiv_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addcdiv_.html
   *  @example
   *  tensor([1, 1]).addcdiv_(tensor([6, 9]), tensor([2, 3])); // tensor([4., 4.]) */
  addcdiv_(tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): this {
    if (options === undefined) {
      call(200, h(this), h(tensor1), h(tensor2));
      return this;
    }
    readOptions('addcdiv_', OPTIONS_2, options);
    call(200, h(this), h(tensor1), h(tensor2), options.value);
    return this;
  }

  /** Adds `value * tensor1 * tensor2` in one step.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addcmul.html
   *  @example
   *  tensor([1, 1]).addcmul(tensor([2, 3]), tensor([10, 10]), { value: 0.5 }); // tensor([11., 16.]) */
  addcmul(tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(201, h(this), h(tensor1), h(tensor2)));
    readOptions('addcmul', OPTIONS_2, options);
    return wrap(call(201, h(this), h(tensor1), h(tensor2), options.value));
  }

  /** Adds `value * tensor1 * tensor2` in one step. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `addcmul_(Tensor(a!) self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addcmul_.html
   *  @example
   *  tensor([1, 1]).addcmul_(tensor([2, 3]), tensor([10, 10]), { value: 0.5 }); // tensor([11., 16.]) */
  addcmul_(tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): this {
    if (options === undefined) {
      call(202, h(this), h(tensor1), h(tensor2));
      return this;
    }
    readOptions('addcmul_', OPTIONS_2, options);
    call(202, h(this), h(tensor1), h(tensor2), options.value);
    return this;
  }

  /** Adds the product of two matrices: `beta * input + alpha * mat1 @ mat2`.
   *  Shape: [N, M], [N, K], [K, M] -> [N, M].
   *
   *  `addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addmm.html
   *  @example
   *  ones([2, 2]).addmm(tensor([[1, 2], [3, 4]]), ones([2, 2]), { beta: 10 }); // tensor([[13., 13.], [17., 17.]]) */
  addmm(mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(203, h(this), h(mat1), h(mat2)));
    readOptions('addmm', OPTIONS_1, options);
    return wrap(call(203, h(this), h(mat1), h(mat2), options.beta, options.alpha));
  }

  /** Adds the product of two matrices: `beta * input + alpha * mat1 @ mat2`. In place: the tensor itself changes, and is returned.
   *  Shape: [N, M], [N, K], [K, M] -> [N, M].
   *
   *  `addmm_(Tensor(a!) self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addmm_.html
   *  @example
   *  ones([2, 2]).addmm_(tensor([[1, 2], [3, 4]]), ones([2, 2]), { beta: 10 }); // tensor([[13., 13.], [17., 17.]]) */
  addmm_(mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(205, h(this), h(mat1), h(mat2));
      return this;
    }
    readOptions('addmm_', OPTIONS_1, options);
    call(205, h(this), h(mat1), h(mat2), options.beta, options.alpha);
    return this;
  }

  /** Adds the product of a matrix and a vector: `beta * input + alpha * mat @ vec`.
   *  Shape: [N], [N, K], [K] -> [N].
   *
   *  `addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addmv.html
   *  @example
   *  tensor([100, 200]).addmv(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // tensor([103., 207.]) */
  addmv(mat: Tensor, vec: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(206, h(this), h(mat), h(vec)));
    readOptions('addmv', OPTIONS_1, options);
    return wrap(call(206, h(this), h(mat), h(vec), options.beta, options.alpha));
  }

  /** Adds the product of a matrix and a vector: `beta * input + alpha * mat @ vec`. In place: the tensor itself changes, and is returned.
   *  Shape: [N], [N, K], [K] -> [N].
   *
   *  `addmv_(Tensor(a!) self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addmv_.html
   *  @example
   *  tensor([100, 200]).addmv_(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // tensor([103., 207.]) */
  addmv_(mat: Tensor, vec: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(207, h(this), h(mat), h(vec));
      return this;
    }
    readOptions('addmv_', OPTIONS_1, options);
    call(207, h(this), h(mat), h(vec), options.beta, options.alpha);
    return this;
  }

  /** Adds the outer product of two vectors: `beta * input + alpha * outer(vec1, vec2)`.
   *  Shape: [N, M], [N], [M] -> [N, M].
   *
   *  `addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addr.html
   *  @example
   *  zeros([2, 2]).addr(tensor([1, 2]), tensor([1, 10])); // tensor([[ 1., 10.], [ 2., 20.]]) */
  addr(vec1: Tensor, vec2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(208, h(this), h(vec1), h(vec2)));
    readOptions('addr', OPTIONS_1, options);
    return wrap(call(208, h(this), h(vec1), h(vec2), options.beta, options.alpha));
  }

  /** Adds the outer product of two vectors: `beta * input + alpha * outer(vec1, vec2)`. In place: the tensor itself changes, and is returned.
   *  Shape: [N, M], [N], [M] -> [N, M].
   *
   *  `addr_(Tensor(a!) self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.addr_.html
   *  @example
   *  zeros([2, 2]).addr_(tensor([1, 2]), tensor([1, 10])); // tensor([[ 1., 10.], [ 2., 20.]]) */
  addr_(vec1: Tensor, vec2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(209, h(this), h(vec1), h(vec2));
      return this;
    }
    readOptions('addr_', OPTIONS_1, options);
    call(209, h(this), h(vec1), h(vec2), options.beta, options.alpha);
    return this;
  }

  /** The last two dimensions exchanged and the numbers conjugated, as a view.
   *  Shape: [*, N, M] -> [*, M, N].
   *
   *  `adjoint(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.adjoint.html
   *  @example
   *  complex(zeros([1, 2]), ones([1, 2])).adjoint(); // tensor([[0.-1.j], [0.-1.j]]) */
  adjoint(): Tensor {
    return wrap(call(210, h(this)));
  }

  /** Whether all elements are true, or not zero.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `all(Tensor self) -> Tensor`
   *  `all.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor`
   *  `all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.all.html
   *  @example
   *  tensor([[1, 0], [2, 3]]).all({ dim: 1 }); // tensor([False,  True]) */
  all(options?: { dim?: readonly number[] | number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(214, h(this)));
    const given = readOptions('all', OPTIONS_3, options);
    if ((given & 3) === 0) return wrap(call(214, h(this)));
    if (options.dim === undefined || isList(options.dim)) return wrap(call(216, h(this), options.dim, options.keepdim));
    if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(215, h(this), options.dim, options.keepdim));
    throw unfit('all', 'all() or all({ dim?: readonly number[], keepdim? }) or all({ dim: number, keepdim? })', [options]);
  }

  /** Whether every element is within `atol + rtol * |other|` of `other`: one answer. Default 1e-8 and 1e-5.
   *
   *  `allclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.allclose.html
   *  @example
   *  tensor([1, 1]).allclose(tensor([1.000001, 1.1])); // false
   *  tensor([1, 1]).allclose(tensor([1.000001, 1.1]), { atol: 0.2 }); // true */
  allclose(other: Tensor, options?: { rtol?: number | undefined; atol?: number | undefined; equalNan?: boolean | undefined }): boolean {
    if (options === undefined) return call(217, h(this), h(other)) as boolean;
    readOptions('allclose', OPTIONS_4, options);
    return call(217, h(this), h(other), options.rtol, options.atol, options.equalNan) as boolean;
  }

  /** The largest element, of all or along one or more dimensions; equal ones share the gradient.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.amax.html
   *  @example
   *  tensor([[1, 9], [7, 3]]).amax({ dim: [0, 1] }); // tensor(9.) */
  amax(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(220, h(this)));
    readOptions('amax', OPTIONS_3, options);
    return wrap(call(220, h(this), options.dim, options.keepdim));
  }

  /** The smallest element, of all or along one or more dimensions; equal ones share the gradient.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.amin.html
   *  @example
   *  tensor([[1, 9], [7, 3]]).amin({ dim: 0 }); // tensor([1., 3.]) */
  amin(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(221, h(this)));
    readOptions('amin', OPTIONS_3, options);
    return wrap(call(221, h(this), options.dim, options.keepdim));
  }

  /** The smallest and the largest element in one pass.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.aminmax.html
   *  @example
   *  tensor([4, 1, 8]).aminmax(); // [tensor(1.), tensor(8.)] */
  aminmax(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): readonly [min: Tensor, max: Tensor] {
    if (options === undefined) return wrapTuple<readonly [min: Tensor, max: Tensor]>(call(222, h(this)));
    readOptions('aminmax', OPTIONS_3, options);
    return wrapTuple<readonly [min: Tensor, max: Tensor]>(call(222, h(this), options.dim, options.keepdim));
  }

  /** The direction of a complex number in radians; of a real one 0, or pi where it is negative.
   *  Shape: any, unchanged.
   *
   *  `angle(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.angle.html
   *  @example
   *  tensor([2, -2]).angle(); // tensor([0.0000, 3.1416]) */
  angle(): Tensor {
    return wrap(call(223, h(this)));
  }

  /** Whether any element is true, or not zero.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `any(Tensor self) -> Tensor`
   *  `any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor`
   *  `any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.any.html
   *  @example
   *  tensor([[0, 0], [2, 3]]).any({ dim: 1 }); // tensor([False,  True]) */
  any(options?: { dim?: readonly number[] | number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(224, h(this)));
    const given = readOptions('any', OPTIONS_3, options);
    if ((given & 3) === 0) return wrap(call(224, h(this)));
    if (options.dim === undefined || isList(options.dim)) return wrap(call(226, h(this), options.dim, options.keepdim));
    if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(225, h(this), options.dim, options.keepdim));
    throw unfit('any', 'any() or any({ dim?: readonly number[], keepdim? }) or any({ dim: number, keepdim? })', [options]);
  }

  /** Another name of `acos`. The angle whose cosine each element is, from 0 to pi.
   *  Shape: any, unchanged.
   *
   *  `arccos(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arccos.html
   *  @example
   *  tensor([1, -1]).arccos(); // tensor([0.0000, 3.1416]) */
  arccos(): Tensor {
    return wrap(call(230, h(this)));
  }

  /** The angle whose cosine each element is, from 0 to pi. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `arccos_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arccos_.html
   *  @example
   *  tensor([1, -1]).arccos_(); // tensor([0.0000, 3.1416]) */
  arccos_(): this {
    call(231, h(this));
    return this;
  }

  /** Another name of `acosh`. The number whose hyperbolic cosine each element is; NaN below 1.
   *  Shape: any, unchanged.
   *
   *  `arccosh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arccosh.html
   *  @example
   *  tensor([1, 1.5431, 0]).arccosh(); // tensor([0.0000, 1.0000,    nan]) */
  arccosh(): Tensor {
    return wrap(call(232, h(this)));
  }

  /** The number whose hyperbolic cosine each element is; NaN below 1. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `arccosh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arccosh_.html
   *  @example
   *  tensor([1, 1.5431, 0]).arccosh_(); // tensor([0.0000, 1.0000,    nan]) */
  arccosh_(): this {
    call(233, h(this));
    return this;
  }

  /** Another name of `asin`. The angle whose sine each element is, from -pi/2 to pi/2.
   *  Shape: any, unchanged.
   *
   *  `arcsin(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arcsin.html
   *  @example
   *  tensor([0, 1]).arcsin(); // tensor([0.0000, 1.5708]) */
  arcsin(): Tensor {
    return wrap(call(234, h(this)));
  }

  /** The angle whose sine each element is, from -pi/2 to pi/2. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `arcsin_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arcsin_.html
   *  @example
   *  tensor([0, 1]).arcsin_(); // tensor([0.0000, 1.5708]) */
  arcsin_(): this {
    call(235, h(this));
    return this;
  }

  /** Another name of `asinh`. The number whose hyperbolic sine each element is.
   *  Shape: any, unchanged.
   *
   *  `arcsinh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arcsinh.html
   *  @example
   *  tensor([0, 1.1752]).arcsinh(); // tensor([0.0000, 1.0000]) */
  arcsinh(): Tensor {
    return wrap(call(236, h(this)));
  }

  /** The number whose hyperbolic sine each element is. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `arcsinh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arcsinh_.html
   *  @example
   *  tensor([0, 1.1752]).arcsinh_(); // tensor([0.0000, 1.0000]) */
  arcsinh_(): this {
    call(237, h(this));
    return this;
  }

  /** Another name of `atan`. The angle whose tangent each element is, from -pi/2 to pi/2.
   *  Shape: any, unchanged.
   *
   *  `arctan(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctan.html
   *  @example
   *  tensor([0, 1]).arctan(); // tensor([0.0000, 0.7854]) */
  arctan(): Tensor {
    return wrap(call(238, h(this)));
  }

  /** Another name of `atan2`. The angle of the point (x = `other`, y = input) in all four quadrants, from -pi to pi.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `arctan2(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctan2.html
   *  @example
   *  tensor([1, -1]).arctan2(tensor([-1, -1])); // tensor([ 2.3562, -2.3562]) */
  arctan2(other: Tensor): Tensor {
    return wrap(call(239, h(this), h(other)));
  }

  /** The angle of the point (x = `other`, y = input) in all four quadrants, from -pi to pi. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `arctan2_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctan2_.html
   *  @example
   *  tensor([1, -1]).arctan2_(tensor([-1, -1])); // tensor([ 2.3562, -2.3562]) */
  arctan2_(other: Tensor): this {
    call(240, h(this), h(other));
    return this;
  }

  /** The angle whose tangent each element is, from -pi/2 to pi/2. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `arctan_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctan_.html
   *  @example
   *  tensor([0, 1]).arctan_(); // tensor([0.0000, 0.7854]) */
  arctan_(): this {
    call(241, h(this));
    return this;
  }

  /** Another name of `atanh`. The number whose hyperbolic tangent each element is; infinite at -1 and 1.
   *  Shape: any, unchanged.
   *
   *  `arctanh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctanh.html
   *  @example
   *  tensor([0, 0.5, 1]).arctanh(); // tensor([0.0000, 0.5493,    inf]) */
  arctanh(): Tensor {
    return wrap(call(242, h(this)));
  }

  /** The number whose hyperbolic tangent each element is; infinite at -1 and 1. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `arctanh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.arctanh_.html
   *  @example
   *  tensor([0, 0.5, 1]).arctanh_(); // tensor([0.0000, 0.5493,    inf]) */
  arctanh_(): this {
    call(243, h(this));
    return this;
  }

  /** Where the largest element is: in the flattened tensor, or along `dim`.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.argmax.html
   *  @example
   *  tensor([[1, 9], [7, 3]]).argmax(); // tensor(1)
   *  tensor([[1, 9], [7, 3]]).argmax({ dim: 1 }); // tensor([1, 0]) */
  argmax(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(244, h(this)));
    readOptions('argmax', OPTIONS_3, options);
    return wrap(call(244, h(this), options.dim, options.keepdim));
  }

  /** Where the smallest element is: in the flattened tensor, or along `dim`.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.argmin.html
   *  @example
   *  tensor([[4, 9], [7, 3]]).argmin(); // tensor(3) */
  argmin(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(245, h(this)));
    readOptions('argmin', OPTIONS_3, options);
    return wrap(call(245, h(this), options.dim, options.keepdim));
  }

  /** The places of the elements in ascending order along `dim` (default the last).
   *  Shape: any, unchanged.
   *
   *  `argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor`
   *  `argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.argsort.html
   *  @example
   *  tensor([3, 1, 2]).argsort(); // tensor([1, 2, 0]) */
  argsort(options?: { dim?: number | undefined; descending?: boolean | undefined } | { stable: boolean; dim?: number | undefined; descending?: boolean | undefined }): Tensor;
  argsort(options?: { stable?: boolean | undefined; dim?: number | undefined; descending?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(246, h(this)));
    const given = readOptions('argsort', OPTIONS_5, options);
    if ((given & 1) === 1) return wrap(call(247, h(this), options.stable, options.dim, options.descending));
    if ((given & 1) === 0) return wrap(call(246, h(this), options.dim, options.descending));
    throw unfit('argsort', 'argsort({ stable, dim?, descending? }) or argsort({ dim?, descending? })', [options]);
  }

  /** The places of the elements that are not zero, one a row.
   *
   *  `argwhere(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.argwhere.html
   *  @example
   *  tensor([0, 5, 7]).argwhere(); // tensor([[1], [2]]) */
  argwhere(): Tensor {
    return wrap(call(248, h(this)));
  }

  /** The same memory read with sizes and strides of your own; they may overlap.
   *  Shape: `size`.
   *
   *  `as_strided(Tensor(a) self, int[] size, int[] stride, int? storage_offset=None) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.as_strided.html
   *  @example
   *  arange(4).asStrided([3, 2], [1, 1]); // tensor([[0, 1], [1, 2], [2, 3]]) */
  asStrided(size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(249, h(this), size, stride));
    readOptions('asStrided', OPTIONS_6, options);
    return wrap(call(249, h(this), size, stride, options.storageOffset));
  }

  /** A copy in which the elements that `asStrided` would read are `src`.
   *  Shape: any, unchanged.
   *
   *  `as_strided_scatter(Tensor self, Tensor src, int[] size, int[] stride, int? storage_offset=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.as_strided_scatter.html
   *  @example
   *  zeros([4]).asStridedScatter(tensor([1, 2]), [2], [2]); // tensor([1., 0., 2., 0.]) */
  asStridedScatter(src: Tensor, size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(252, h(this), h(src), size, stride));
    readOptions('asStridedScatter', OPTIONS_6, options);
    return wrap(call(252, h(this), h(src), size, stride, options.storageOffset));
  }

  /** The same memory read with sizes and strides of your own; they may overlap. In place: the tensor itself changes, and is returned.
   *  Shape: `size`.
   *
   *  `as_strided_(Tensor(a!) self, int[] size, int[] stride, int? storage_offset=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.as_strided_.html
   *  @example
   *  arange(4).asStrided_([3, 2], [1, 1]); // tensor([[0, 1], [1, 2], [2, 3]]) */
  asStrided_(size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): this {
    if (options === undefined) {
      call(250, h(this), size, stride);
      return this;
    }
    readOptions('asStrided_', OPTIONS_6, options);
    call(250, h(this), size, stride, options.storageOffset);
    return this;
  }

  /** The angle whose sine each element is, from -pi/2 to pi/2.
   *  Shape: any, unchanged.
   *
   *  `asin(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.asin.html
   *  @example
   *  tensor([0, 1]).asin(); // tensor([0.0000, 1.5708]) */
  asin(): Tensor {
    return wrap(call(253, h(this)));
  }

  /** The angle whose sine each element is, from -pi/2 to pi/2. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `asin_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.asin_.html
   *  @example
   *  tensor([0, 1]).asin_(); // tensor([0.0000, 1.5708]) */
  asin_(): this {
    call(254, h(this));
    return this;
  }

  /** The number whose hyperbolic sine each element is.
   *  Shape: any, unchanged.
   *
   *  `asinh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.asinh.html
   *  @example
   *  tensor([0, 1.1752]).asinh(); // tensor([0.0000, 1.0000]) */
  asinh(): Tensor {
    return wrap(call(255, h(this)));
  }

  /** The number whose hyperbolic sine each element is. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `asinh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.asinh_.html
   *  @example
   *  tensor([0, 1.1752]).asinh_(); // tensor([0.0000, 1.0000]) */
  asinh_(): this {
    call(256, h(this));
    return this;
  }

  /** The angle whose tangent each element is, from -pi/2 to pi/2.
   *  Shape: any, unchanged.
   *
   *  `atan(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atan.html
   *  @example
   *  tensor([0, 1]).atan(); // tensor([0.0000, 0.7854]) */
  atan(): Tensor {
    return wrap(call(257, h(this)));
  }

  /** The angle of the point (x = `other`, y = input) in all four quadrants, from -pi to pi.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `atan2(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atan2.html
   *  @example
   *  tensor([1, -1]).atan2(tensor([-1, -1])); // tensor([ 2.3562, -2.3562]) */
  atan2(other: Tensor): Tensor {
    return wrap(call(258, h(this), h(other)));
  }

  /** The angle of the point (x = `other`, y = input) in all four quadrants, from -pi to pi. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `atan2_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atan2_.html
   *  @example
   *  tensor([1, -1]).atan2_(tensor([-1, -1])); // tensor([ 2.3562, -2.3562]) */
  atan2_(other: Tensor): this {
    call(259, h(this), h(other));
    return this;
  }

  /** The angle whose tangent each element is, from -pi/2 to pi/2. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `atan_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atan_.html
   *  @example
   *  tensor([0, 1]).atan_(); // tensor([0.0000, 0.7854]) */
  atan_(): this {
    call(260, h(this));
    return this;
  }

  /** The number whose hyperbolic tangent each element is; infinite at -1 and 1.
   *  Shape: any, unchanged.
   *
   *  `atanh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atanh.html
   *  @example
   *  tensor([0, 0.5, 1]).atanh(); // tensor([0.0000, 0.5493,    inf]) */
  atanh(): Tensor {
    return wrap(call(261, h(this)));
  }

  /** The number whose hyperbolic tangent each element is; infinite at -1 and 1. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `atanh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.atanh_.html
   *  @example
   *  tensor([0, 0.5, 1]).atanh_(); // tensor([0.0000, 0.5493,    inf]) */
  atanh_(): this {
    call(262, h(this));
    return this;
  }

  /** Adds the products of two batches of matrices, pair by pair: `beta * input + alpha * batch1 @ batch2`.
   *  Shape: [B, N, M], [B, N, K], [B, K, M] -> [B, N, M].
   *
   *  `baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.baddbmm.html
   *  @example
   *  ones([5, 1, 1]).baddbmm(ones([5, 1, 2]), ones([5, 2, 1])).flatten(); // tensor([3., 3., 3., 3., 3.]) */
  baddbmm(batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(272, h(this), h(batch1), h(batch2)));
    readOptions('baddbmm', OPTIONS_1, options);
    return wrap(call(272, h(this), h(batch1), h(batch2), options.beta, options.alpha));
  }

  /** Adds the products of two batches of matrices, pair by pair: `beta * input + alpha * batch1 @ batch2`. In place: the tensor itself changes, and is returned.
   *  Shape: [B, N, M], [B, N, K], [B, K, M] -> [B, N, M].
   *
   *  `baddbmm_(Tensor(a!) self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.baddbmm_.html
   *  @example
   *  ones([5, 1, 1]).baddbmm_(ones([5, 1, 2]), ones([5, 2, 1])).flatten(); // tensor([3., 3., 3., 3., 3.]) */
  baddbmm_(batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(274, h(this), h(batch1), h(batch2));
      return this;
    }
    readOptions('baddbmm_', OPTIONS_1, options);
    call(274, h(this), h(batch1), h(batch2), options.beta, options.alpha);
    return this;
  }

  /** 0 or 1 for each element, which is the chance of 1; with `p`, all with that chance.
   *  Shape: any, unchanged.
   *
   *  `bernoulli(Tensor self, *, Generator? generator=None) -> Tensor`
   *  `bernoulli.p(Tensor self, float p, *, Generator? generator=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bernoulli.html
   *  @example
   *  tensor([0, 1, 1]).bernoulli(); // tensor([0., 1., 1.]) */
  bernoulli(options?: { generator?: Generator | undefined } | { p: number; generator?: Generator | undefined }): Tensor;
  bernoulli(options?: { generator?: Generator | undefined; p?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(283, h(this)));
    const given = readOptions('bernoulli', OPTIONS_7, options);
    if ((given & 2) === 0) return wrap(call(283, h(this), options.generator?.index));
    if ((given & 2) === 2) return wrap(call(284, h(this), options.p, options.generator?.index));
    throw unfit('bernoulli', 'bernoulli({ generator? }) or bernoulli({ p, generator? })', [options]);
  }

  /** Fills the tensor with 0 and 1, in place; `p` is the chance of 1 (default 0.5), for all or for each element.
   *  Shape: any, unchanged.
   *
   *  `bernoulli_.Tensor(Tensor(a!) self, Tensor p, *, Generator? generator=None) -> Tensor(a!)`
   *  `bernoulli_.float(Tensor(a!) self, float p=0.5, *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bernoulli_.html
   *  @example
   *  zeros([3]).bernoulli_({ p: 1 }); // tensor([1., 1., 1.]) */
  bernoulli_(options?: { p?: Tensor | number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(286, h(this));
      return this;
    }
    const given = readOptions('bernoulli_', OPTIONS_8, options);
    if ((given & 1) === 1 && typeof options.p === 'object') { call(285, h(this), h(options.p), options.generator?.index); return this; }
    if (options.p === undefined || typeof options.p === 'number') { call(286, h(this), options.p, options.generator?.index); return this; }
    throw unfit('bernoulli_', 'bernoulli_({ p: Tensor, generator? }) or bernoulli_({ p?: number, generator? })', [options]);
  }

  /** How often each whole number from 0 on occurs.
   *
   *  `bincount(Tensor self, Tensor? weights=None, int minlength=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bincount.html
   *  @example
   *  tensor([1n, 3n, 1n]).bincount(); // tensor([0, 2, 0, 1]) */
  bincount(options?: { weights?: Tensor | undefined; minlength?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(290, h(this)));
    readOptions('bincount', OPTIONS_9, options);
    return wrap(call(290, h(this), h(options.weights), options.minlength));
  }

  /** The bits that both have; for bool, whether both are true.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_and.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_and.html
   *  @example
   *  tensor([12n]).bitwiseAnd(10); // tensor([8]) */
  bitwiseAnd(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(294, h(this), h(other)));
    return wrap(call(292, h(this), other));
  }

  /** The bits that both have; for bool, whether both are true. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `bitwise_and_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_and_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_and_.html
   *  @example
   *  tensor([12n]).bitwiseAnd_(10); // tensor([8]) */
  bitwiseAnd_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(296, h(this), h(other)); return this; }
    call(295, h(this), other);
    return this;
  }

  /** Moves the bits up by `other` places: multiplies by 2 that often.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `bitwise_left_shift.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_left_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_left_shift.html
   *  @example
   *  tensor([1n, 3n]).bitwiseLeftShift(2); // tensor([ 4, 12]) */
  bitwiseLeftShift(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(298, h(this), h(other)));
    return wrap(call(299, h(this), other));
  }

  /** Moves the bits up by `other` places: multiplies by 2 that often. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `bitwise_left_shift_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_left_shift_.Tensor_Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_left_shift_.html
   *  @example
   *  tensor([1n, 3n]).bitwiseLeftShift_(2); // tensor([ 4, 12]) */
  bitwiseLeftShift_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(300, h(this), h(other)); return this; }
    call(301, h(this), other);
    return this;
  }

  /** Every bit turned over; for bool, its opposite.
   *  Shape: any, unchanged.
   *
   *  `bitwise_not(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_not.html
   *  @example
   *  tensor([0n, 5n]).bitwiseNot(); // tensor([-1, -6]) */
  bitwiseNot(): Tensor {
    return wrap(call(302, h(this)));
  }

  /** Every bit turned over; for bool, its opposite. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `bitwise_not_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_not_.html
   *  @example
   *  tensor([0n, 5n]).bitwiseNot_(); // tensor([-1, -6]) */
  bitwiseNot_(): this {
    call(303, h(this));
    return this;
  }

  /** The bits that either has; for bool, whether either is true.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `bitwise_or.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_or.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_or.html
   *  @example
   *  tensor([12n]).bitwiseOr(10); // tensor([14]) */
  bitwiseOr(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(306, h(this), h(other)));
    return wrap(call(304, h(this), other));
  }

  /** The bits that either has; for bool, whether either is true. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `bitwise_or_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_or_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_or_.html
   *  @example
   *  tensor([12n]).bitwiseOr_(10); // tensor([14]) */
  bitwiseOr_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(308, h(this), h(other)); return this; }
    call(307, h(this), other);
    return this;
  }

  /** Moves the bits down by `other` places, keeping the sign.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `bitwise_right_shift.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_right_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_right_shift.html
   *  @example
   *  tensor([8n, -8n]).bitwiseRightShift(2); // tensor([ 2, -2]) */
  bitwiseRightShift(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(310, h(this), h(other)));
    return wrap(call(311, h(this), other));
  }

  /** Moves the bits down by `other` places, keeping the sign. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `bitwise_right_shift_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_right_shift_.Tensor_Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_right_shift_.html
   *  @example
   *  tensor([8n, -8n]).bitwiseRightShift_(2); // tensor([ 2, -2]) */
  bitwiseRightShift_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(312, h(this), h(other)); return this; }
    call(313, h(this), other);
    return this;
  }

  /** The bits that one of the two has; for bool, whether they differ.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `bitwise_xor.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `bitwise_xor.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_xor.html
   *  @example
   *  tensor([12n]).bitwiseXor(10); // tensor([6]) */
  bitwiseXor(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(316, h(this), h(other)));
    return wrap(call(314, h(this), other));
  }

  /** The bits that one of the two has; for bool, whether they differ. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `bitwise_xor_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `bitwise_xor_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bitwise_xor_.html
   *  @example
   *  tensor([12n]).bitwiseXor_(10); // tensor([6]) */
  bitwiseXor_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(318, h(this), h(other)); return this; }
    call(317, h(this), other);
    return this;
  }

  /** The products of two batches of matrices, pair by pair.
   *  Shape: [B, N, K], [B, K, M] -> [B, N, M].
   *
   *  `bmm(Tensor self, Tensor mat2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.bmm.html
   *  @example
   *  ones([5, 2, 3]).bmm(ones([5, 3, 4])).shape; // [5, 2, 4] */
  bmm(mat2: Tensor): Tensor {
    return wrap(call(322, h(this), h(mat2)));
  }

  /** Repeats dimensions of size 1 without copying, as a view.
   *  Shape: `size`.
   *
   *  `broadcast_to(Tensor(a) self, int[] size) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.broadcast_to.html
   *  @example
   *  tensor([1, 2]).broadcastTo([2, 2]); // tensor([[1., 2.], [1., 2.]]) */
  broadcastTo(size: readonly number[]): Tensor {
    return wrap(call(325, h(this), size));
  }

  /** Fills the tensor with numbers of a Cauchy distribution, which has no mean, in place.
   *  Shape: any, unchanged.
   *
   *  `cauchy_(Tensor(a!) self, float median=0., float sigma=1., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cauchy_.html
   *  @example
   *  manualSeed(0);
   *  zeros([10000]).cauchy_({ median: 5, sigma: 0.1 }).median().sub(5).abs().lt(0.02); // tensor(True) */
  cauchy_(options?: { median?: number | undefined; sigma?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(331, h(this));
      return this;
    }
    readOptions('cauchy_', OPTIONS_10, options);
    call(331, h(this), options.median, options.sigma, options.generator?.index);
    return this;
  }

  /** Where each column of a sparse matrix begins among its values.
   *
   *  `ccol_indices(Tensor(a) self) -> Tensor(a)`
   *  @example
   *  tensor([[1, 2], [0, 3]]).toSparseCsc().ccolIndices(); // tensor([0, 1, 3]) */
  ccolIndices(): Tensor {
    return wrap(call(332, h(this)));
  }

  /** The smallest whole number that is not below each element.
   *  Shape: any, unchanged.
   *
   *  `ceil(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ceil.html
   *  @example
   *  tensor([1.2, -1.7]).ceil(); // tensor([ 2., -1.]) */
  ceil(): Tensor {
    return wrap(call(335, h(this)));
  }

  /** The smallest whole number that is not below each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `ceil_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ceil_.html
   *  @example
   *  tensor([1.2, -1.7]).ceil_(); // tensor([ 2., -1.]) */
  ceil_(): this {
    call(336, h(this));
    return this;
  }

  /** `chalf(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.chalf.html */
  chalf(options?: { memoryFormat?: MemoryFormat | undefined }): Tensor {
    if (options === undefined) return wrap(call(340, h(this)));
    readOptions('chalf', OPTIONS_11, options);
    return wrap(call(340, h(this), options.memoryFormat && memoryFormatCode(options.memoryFormat)));
  }

  /** The lower triangle L for which L L^H is the matrix, or with `upper` its mirror image; `linalg.cholesky` is its successor.
   *  Shape: [*, N, N] -> [*, N, N].
   *
   *  `cholesky(Tensor self, bool upper=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cholesky.html
   *  @example
   *  tensor([[9]]).cholesky(); // tensor([[3.]]) */
  cholesky(options?: { upper?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(342, h(this)));
    readOptions('cholesky', OPTIONS_12, options);
    return wrap(call(342, h(this), options.upper));
  }

  /** The inverse of A out of the Cholesky factor of A.
   *  Shape: [*, N, N] -> [*, N, N].
   *
   *  `cholesky_inverse(Tensor self, bool upper=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cholesky_inverse.html
   *  @example
   *  tensor([[2]]).choleskyInverse(); // tensor([[0.2500]]) */
  choleskyInverse(options?: { upper?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(343, h(this)));
    readOptions('choleskyInverse', OPTIONS_12, options);
    return wrap(call(343, h(this), options.upper));
  }

  /** The X for which A X is the input, where `input2` is the Cholesky factor of A.
   *  Shape: [*, N, K], factor [*, N, N] -> [*, N, K].
   *
   *  `cholesky_solve(Tensor self, Tensor input2, bool upper=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cholesky_solve.html
   *  @example
   *  tensor([[6], [8]]).choleskySolve(tensor([[1, 0], [0, 2]])); // tensor([[6.], [2.]]) */
  choleskySolve(input2: Tensor, options?: { upper?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(344, h(this), h(input2)));
    readOptions('choleskySolve', OPTIONS_12, options);
    return wrap(call(344, h(this), h(input2), options.upper));
  }

  /** Views of the tensor in that many pieces of one size, the last perhaps smaller; fewer pieces where it does not come out.
   *  Shape: each the input, with ceil(size / chunks) at `dim`, the last one with what is left.
   *
   *  `chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.chunk.html
   *  @example
   *  arange(5).chunk(2); // [tensor([0, 1, 2]), tensor([3, 4])] */
  chunk(chunks: number, options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(346, h(this), chunks));
    readOptions('chunk', OPTIONS_13, options);
    return wrapAll(call(346, h(this), chunks, options.dim));
  }

  /** Limits each element to `min` and `max`, either of which may be left out.
   *  Shape: any, unchanged.
   *
   *  `clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor`
   *  `clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clamp.html
   *  @example
   *  tensor([-2, 0.5, 9]).clamp({ min: 0, max: 1 }); // tensor([0.0000, 0.5000, 1.0000]) */
  clamp(options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): Tensor;
  clamp(options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(348, h(this)));
    readOptions('clamp', OPTIONS_14, options);
    if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) return wrap(call(348, h(this), h(options.min), h(options.max)));
    if (typeof options.min !== 'object' && typeof options.max !== 'object') return wrap(call(347, h(this), options.min, options.max));
    throw unfit('clamp', 'clamp({ min?: Tensor, max?: Tensor }) or clamp({ min?: Scalar, max?: Scalar })', [options]);
  }

  /** Replaces what is above `max` by `max`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `clamp_max.Tensor(Tensor self, Tensor max) -> Tensor`
   *  `clamp_max(Tensor self, Scalar max) -> Tensor`
   *  @example
   *  tensor([-2, 5]).clampMax(3); // tensor([-2.,  3.]) */
  clampMax(max: Tensor | Scalar): Tensor {
    if (typeof max === 'object') return wrap(call(352, h(this), h(max)));
    return wrap(call(351, h(this), max));
  }

  /** Replaces what is above `max` by `max`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `clamp_max_.Tensor(Tensor(a!) self, Tensor max) -> Tensor(a!)`
   *  `clamp_max_(Tensor(a!) self, Scalar max) -> Tensor(a!)`
   *  @example
   *  tensor([-2, 5]).clampMax_(3); // tensor([-2.,  3.]) */
  clampMax_(max: Tensor | Scalar): this {
    if (typeof max === 'object') { call(354, h(this), h(max)); return this; }
    call(353, h(this), max);
    return this;
  }

  /** Replaces what is below `min` by `min`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `clamp_min.Tensor(Tensor self, Tensor min) -> Tensor`
   *  `clamp_min(Tensor self, Scalar min) -> Tensor`
   *  @example
   *  tensor([-2, 5]).clampMin(0); // tensor([0., 5.]) */
  clampMin(min: Tensor | Scalar): Tensor {
    if (typeof min === 'object') return wrap(call(356, h(this), h(min)));
    return wrap(call(355, h(this), min));
  }

  /** Replaces what is below `min` by `min`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `clamp_min_.Tensor(Tensor(a!) self, Tensor min) -> Tensor(a!)`
   *  `clamp_min_(Tensor(a!) self, Scalar min) -> Tensor(a!)`
   *  @example
   *  tensor([-2, 5]).clampMin_(0); // tensor([0., 5.]) */
  clampMin_(min: Tensor | Scalar): this {
    if (typeof min === 'object') { call(358, h(this), h(min)); return this; }
    call(357, h(this), min);
    return this;
  }

  /** Limits each element to `min` and `max`, either of which may be left out. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `clamp_.Tensor(Tensor(a!) self, Tensor? min=None, Tensor? max=None) -> Tensor(a!)`
   *  `clamp_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clamp_.html
   *  @example
   *  tensor([-2, 0.5, 9]).clamp_({ min: 0, max: 1 }); // tensor([0.0000, 0.5000, 1.0000]) */
  clamp_(options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): this;
  clamp_(options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): this {
    if (options === undefined) {
      call(350, h(this));
      return this;
    }
    readOptions('clamp_', OPTIONS_14, options);
    if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) { call(350, h(this), h(options.min), h(options.max)); return this; }
    if (typeof options.min !== 'object' && typeof options.max !== 'object') { call(349, h(this), options.min, options.max); return this; }
    throw unfit('clamp_', 'clamp_({ min?: Tensor, max?: Tensor }) or clamp_({ min?: Scalar, max?: Scalar })', [options]);
  }

  /** Another name of `clamp`. Limits each element to `min` and `max`, either of which may be left out.
   *  Shape: any, unchanged.
   *
   *  `clip.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor`
   *  `clip(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clip.html
   *  @example
   *  tensor([-2, 0.5, 9]).clip({ min: 0, max: 1 }); // tensor([0.0000, 0.5000, 1.0000]) */
  clip(options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): Tensor;
  clip(options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(360, h(this)));
    readOptions('clip', OPTIONS_14, options);
    if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) return wrap(call(360, h(this), h(options.min), h(options.max)));
    if (typeof options.min !== 'object' && typeof options.max !== 'object') return wrap(call(359, h(this), options.min, options.max));
    throw unfit('clip', 'clip({ min?: Tensor, max?: Tensor }) or clip({ min?: Scalar, max?: Scalar })', [options]);
  }

  /** Limits each element to `min` and `max`, either of which may be left out. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `clip_.Tensor(Tensor(a!) self, Tensor? min=None, Tensor? max=None) -> Tensor(a!)`
   *  `clip_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clip_.html
   *  @example
   *  tensor([-2, 0.5, 9]).clip_({ min: 0, max: 1 }); // tensor([0.0000, 0.5000, 1.0000]) */
  clip_(options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): this;
  clip_(options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): this {
    if (options === undefined) {
      call(362, h(this));
      return this;
    }
    readOptions('clip_', OPTIONS_14, options);
    if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) { call(362, h(this), h(options.min), h(options.max)); return this; }
    if (typeof options.min !== 'object' && typeof options.max !== 'object') { call(361, h(this), options.min, options.max); return this; }
    throw unfit('clip_', 'clip_({ min?: Tensor, max?: Tensor }) or clip_({ min?: Scalar, max?: Scalar })', [options]);
  }

  /** A copy, through which gradients flow back.
   *  Shape: any, unchanged.
   *
   *  `clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.clone.html
   *  @example
   *  const x = tensor([1, 2]);
   *  x.clone().add_(1); // tensor([2., 3.])
   *  x; // tensor([1., 2.]) */
  clone(options?: { memoryFormat?: MemoryFormat | undefined }): Tensor {
    if (options === undefined) return wrap(call(363, h(this)));
    readOptions('clone', OPTIONS_11, options);
    return wrap(call(363, h(this), options.memoryFormat && memoryFormatCode(options.memoryFormat)));
  }

  /** Adds up elements that are kept twice at one place, and puts all in order.
   *
   *  `coalesce(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.coalesce.html
   *  @example
   *  sparseCooTensor(tensor([[1n, 1n]]), { values: tensor([7, 8]), size: [2] }).coalesce().values(); // tensor([15.]) */
  coalesce(): Tensor {
    return wrap(call(364, h(this)));
  }

  /** The column of each value of a sparse matrix that is kept by rows.
   *
   *  `col_indices(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.col_indices.html
   *  @example
   *  tensor([[1, 2], [0, 3]]).toSparseCsr().colIndices(); // tensor([0, 1, 1]) */
  colIndices(): Tensor {
    return wrap(call(366, h(this)));
  }

  /** Complex numbers mirrored at the real axis, as a view that is computed when read.
   *  Shape: any, unchanged.
   *
   *  `conj(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.conj.html
   *  @example
   *  complex(tensor([1]), tensor([2])).conj(); // tensor([1.-2.j]) */
  conj(): Tensor {
    return wrap(call(373, h(this)));
  }

  /** Complex numbers mirrored at the real axis, computed at once.
   *  Shape: any, unchanged.
   *
   *  `conj_physical(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.conj_physical.html
   *  @example
   *  complex(tensor([1]), tensor([2])).conjPhysical(); // tensor([1.-2.j]) */
  conjPhysical(): Tensor {
    return wrap(call(374, h(this)));
  }

  /** Complex numbers mirrored at the real axis, computed at once. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `conj_physical_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.conj_physical_.html
   *  @example
   *  complex(tensor([1]), tensor([2])).conjPhysical_(); // tensor([1.-2.j]) */
  conjPhysical_(): this {
    call(375, h(this));
    return this;
  }

  /** The tensor itself, or, where its elements lie otherwise, a copy in the order of its dimensions.
   *  Shape: any, unchanged.
   *
   *  `contiguous(Tensor(a) self, *, MemoryFormat memory_format=0) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.contiguous.html
   *  @example
   *  zeros([2, 3]).t().contiguous().stride; // [2, 1] */
  contiguous(options?: { memoryFormat?: MemoryFormat | undefined }): Tensor {
    if (options === undefined) return wrap(call(377, h(this)));
    readOptions('contiguous', OPTIONS_11, options);
    return wrap(call(377, h(this), options.memoryFormat && memoryFormatCode(options.memoryFormat)));
  }

  /** Takes over the elements of another tensor, in place, in its own dtype and on its own device.
   *  Shape: any, unchanged; the other broadcasts to it.
   *
   *  `copy_(Tensor(a!) self, Tensor src, bool non_blocking=False) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.copy_.html
   *  @example
   *  zeros([2], { dtype: 'int64' }).copy_(tensor([1.9, 2])); // tensor([1, 2]) */
  copy_(src: Tensor, options?: { nonBlocking?: boolean | undefined }): this {
    if (options === undefined) {
      call(390, h(this), h(src));
      return this;
    }
    readOptions('copy_', OPTIONS_15, options);
    call(390, h(this), h(src), options.nonBlocking);
    return this;
  }

  /** The size of each element with the sign of `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `copysign.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `copysign.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.copysign.html
   *  @example
   *  tensor([1, -2]).copysign(tensor([-0, 5])); // tensor([-1.,  2.]) */
  copysign(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(392, h(this), h(other)));
    return wrap(call(391, h(this), other));
  }

  /** The size of each element with the sign of `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `copysign_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `copysign_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.copysign_.html
   *  @example
   *  tensor([1, -2]).copysign_(tensor([-0, 5])); // tensor([-1.,  2.]) */
  copysign_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(394, h(this), h(other)); return this; }
    call(393, h(this), other);
    return this;
  }

  /** The correlation of variables, one a row.
   *  Shape: [N, K] -> [N, N].
   *
   *  `corrcoef(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.corrcoef.html
   *  @example
   *  tensor([[1, 2, 3], [6, 4, 2]]).corrcoef(); // tensor([[ 1., -1.], [-1.,  1.]]) */
  corrcoef(): Tensor {
    return wrap(call(395, h(this)));
  }

  /** The cosine of each angle, in radians.
   *  Shape: any, unchanged.
   *
   *  `cos(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cos.html
   *  @example
   *  tensor([0, Math.PI / 3]).cos(); // tensor([1.0000, 0.5000]) */
  cos(): Tensor {
    return wrap(call(396, h(this)));
  }

  /** The cosine of each angle, in radians. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `cos_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cos_.html
   *  @example
   *  tensor([0, Math.PI / 3]).cos_(); // tensor([1.0000, 0.5000]) */
  cos_(): this {
    call(397, h(this));
    return this;
  }

  /** The hyperbolic cosine of each element.
   *  Shape: any, unchanged.
   *
   *  `cosh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cosh.html
   *  @example
   *  tensor([0, 1]).cosh(); // tensor([1.0000, 1.5431]) */
  cosh(): Tensor {
    return wrap(call(398, h(this)));
  }

  /** The hyperbolic cosine of each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `cosh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cosh_.html
   *  @example
   *  tensor([0, 1]).cosh_(); // tensor([1.0000, 1.5431]) */
  cosh_(): this {
    call(399, h(this));
    return this;
  }

  /** How many elements are not zero.
   *  Shape: [] for all elements; with `dim`, the input without it.
   *
   *  `count_nonzero(Tensor self, int? dim=None) -> Tensor`
   *  `count_nonzero.dim_IntList(Tensor self, int[] dim) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.count_nonzero.html
   *  @example
   *  tensor([[0, 5], [2, 3]]).countNonzero({ dim: 0 }); // tensor([1, 2]) */
  countNonzero(options?: { dim?: number | readonly number[] | undefined }): Tensor {
    if (options === undefined) return wrap(call(402, h(this)));
    const given = readOptions('countNonzero', OPTIONS_13, options);
    if (typeof options.dim !== 'object') return wrap(call(402, h(this), options.dim));
    if ((given & 1) === 1 && isList(options.dim)) return wrap(call(403, h(this), options.dim));
    throw unfit('countNonzero', 'countNonzero({ dim?: number }) or countNonzero({ dim: readonly number[] })', [options]);
  }

  /** The covariance of variables, one a row.
   *  Shape: [N, K] -> [N, N].
   *
   *  `cov(Tensor self, *, int correction=1, Tensor? fweights=None, Tensor? aweights=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cov.html
   *  @example
   *  tensor([[1, 2, 3], [3, 2, 1]]).cov(); // tensor([[ 1., -1.], [-1.,  1.]]) */
  cov(options?: { correction?: number | undefined; fweights?: Tensor | undefined; aweights?: Tensor | undefined }): Tensor {
    if (options === undefined) return wrap(call(404, h(this)));
    readOptions('cov', OPTIONS_16, options);
    return wrap(call(404, h(this), options.correction, h(options.fweights), h(options.aweights)));
  }

  /** The vector that stands on both of two vectors in space, along `dim`, which is better given: its default is the first of size 3.
   *  Shape: two of one shape, with size 3 at `dim` -> the same.
   *
   *  `cross(Tensor self, Tensor other, int? dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cross.html
   *  @example
   *  tensor([1, 0, 0]).cross(tensor([0, 1, 0]), { dim: 0 }); // tensor([0., 0., 1.]) */
  cross(other: Tensor, options?: { dim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(405, h(this), h(other)));
    readOptions('cross', OPTIONS_13, options);
    return wrap(call(405, h(this), h(other), options.dim));
  }

  /** Where each row of a sparse matrix begins among its values.
   *
   *  `crow_indices(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.crow_indices.html
   *  @example
   *  tensor([[1, 2], [0, 3]]).toSparseCsr().crowIndices(); // tensor([0, 2, 3]) */
  crowIndices(): Tensor {
    return wrap(call(407, h(this)));
  }

  /** The largest element so far along `dim`, and where it is.
   *  Shape: any, unchanged.
   *
   *  `cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cummax.html
   *  @example
   *  tensor([1, 3, 2]).cummax(0); // [tensor([1., 3., 3.]), tensor([0, 1, 1])] */
  cummax(dim: number): readonly [values: Tensor, indices: Tensor] {
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(411, h(this), dim));
  }

  /** The smallest element so far along `dim`, and where it is.
   *  Shape: any, unchanged.
   *
   *  `cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cummin.html
   *  @example
   *  tensor([2, 3, 1]).cummin(0); // [tensor([2., 2., 1.]), tensor([0, 0, 2])] */
  cummin(dim: number): readonly [values: Tensor, indices: Tensor] {
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(412, h(this), dim));
  }

  /** The product of each element and all before it along `dim`.
   *  Shape: any, unchanged.
   *
   *  `cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cumprod.html
   *  @example
   *  tensor([1, 2, 3, 4]).cumprod(0); // tensor([ 1.,  2.,  6., 24.]) */
  cumprod(dim: number, options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(413, h(this), dim));
    readOptions('cumprod', OPTIONS_17, options);
    return wrap(call(413, h(this), dim, options.dtype && dtypeCode(options.dtype)));
  }

  /** The product of each element and all before it along `dim`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `cumprod_(Tensor(a!) self, int dim, *, ScalarType? dtype=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cumprod_.html
   *  @example
   *  tensor([1, 2, 3, 4]).cumprod_(0); // tensor([ 1.,  2.,  6., 24.]) */
  cumprod_(dim: number, options?: { dtype?: DType | undefined }): this {
    if (options === undefined) {
      call(414, h(this), dim);
      return this;
    }
    readOptions('cumprod_', OPTIONS_17, options);
    call(414, h(this), dim, options.dtype && dtypeCode(options.dtype));
    return this;
  }

  /** The sum of each element and all before it along `dim`.
   *  Shape: any, unchanged.
   *
   *  `cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cumsum.html
   *  @example
   *  tensor([1, 2, 3]).cumsum(0); // tensor([1., 3., 6.]) */
  cumsum(dim: number, options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(415, h(this), dim));
    readOptions('cumsum', OPTIONS_17, options);
    return wrap(call(415, h(this), dim, options.dtype && dtypeCode(options.dtype)));
  }

  /** The sum of each element and all before it along `dim`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `cumsum_(Tensor(a!) self, int dim, *, ScalarType? dtype=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.cumsum_.html
   *  @example
   *  tensor([1, 2, 3]).cumsum_(0); // tensor([1., 3., 6.]) */
  cumsum_(dim: number, options?: { dtype?: DType | undefined }): this {
    if (options === undefined) {
      call(416, h(this), dim);
      return this;
    }
    readOptions('cumsum_', OPTIONS_17, options);
    call(416, h(this), dim, options.dtype && dtypeCode(options.dtype));
    return this;
  }

  /** Degrees as radians.
   *  Shape: any, unchanged.
   *
   *  `deg2rad(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.deg2rad.html
   *  @example
   *  tensor([180, 90]).deg2rad(); // tensor([3.1416, 1.5708]) */
  deg2rad(): Tensor {
    return wrap(call(419, h(this)));
  }

  /** Degrees as radians. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `deg2rad_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.deg2rad_.html
   *  @example
   *  tensor([180, 90]).deg2rad_(); // tensor([3.1416, 1.5708]) */
  deg2rad_(): this {
    call(420, h(this));
    return this;
  }

  /** How many dimensions of a sparse tensor are whole, inside its values.
   *
   *  `dense_dim(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dense_dim.html
   *  @example
   *  tensor([[0, 5]]).toSparse({ sparseDim: 1 }).denseDim(); // 1 */
  denseDim(): number {
    return call(421, h(this)) as number;
  }

  /** `dequantize.self(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dequantize.html */
  dequantize(): Tensor {
    return wrap(call(422, h(this)));
  }

  /** The determinant: by how much a matrix scales volumes.
   *  Shape: [*, N, N] -> [*].
   *
   *  `det(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.det.html
   *  @example
   *  tensor([[2, 0], [1, 3]]).det(); // tensor(6.) */
  det(): Tensor {
    return wrap(call(424, h(this)));
  }

  /** The same memory without its history: no gradient flows back through it.
   *  Shape: any, unchanged.
   *
   *  `detach(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.detach.html
   *  @example
   *  ones([2], { requiresGrad: true }).mul(2).detach(); // tensor([2., 2.]) */
  detach(): Tensor {
    return wrap(call(425, h(this)));
  }

  /** The same memory without its history: no gradient flows back through it. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `detach_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.detach_.html
   *  @example
   *  ones([2], { requiresGrad: true }).mul(2).detach_(); // tensor([2., 2.]) */
  detach_(): this {
    call(426, h(this));
    return this;
  }

  /** The diagonal of a matrix, or a matrix with a vector on its diagonal.
   *  Shape: [N] -> [N, N], [N, M] -> [min(N, M)], for diagonal 0.
   *
   *  `diag(Tensor self, int diagonal=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diag.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).diag(); // tensor([1., 4.])
   *  tensor([1, 2]).diag(); // tensor([[1., 0.], [0., 2.]]) */
  diag(options?: { diagonal?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(428, h(this)));
    readOptions('diag', OPTIONS_18, options);
    return wrap(call(428, h(this), options.diagonal));
  }

  /** Matrices with the last dimension on their diagonals.
   *  Shape: [*, N] -> [*, N, N].
   *
   *  `diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diag_embed.html
   *  @example
   *  tensor([1, 2]).diagEmbed(); // tensor([[1., 0.], [0., 2.]]) */
  diagEmbed(options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(429, h(this)));
    readOptions('diagEmbed', OPTIONS_19, options);
    return wrap(call(429, h(this), options.offset, options.dim1, options.dim2));
  }

  /** A matrix with all elements on its diagonal.
   *  Shape: [N, N], with N the number of elements.
   *
   *  `diagflat(Tensor self, int offset=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diagflat.html
   *  @example
   *  tensor([[1], [2]]).diagflat(); // tensor([[1., 0.], [0., 2.]]) */
  diagflat(options?: { offset?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(430, h(this)));
    readOptions('diagflat', OPTIONS_20, options);
    return wrap(call(430, h(this), options.offset));
  }

  /** The diagonal of two dimensions, as a view.
   *  Shape: the input without `dim1` and `dim2`, and the length of the diagonal as a last one.
   *
   *  `diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diagonal.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).diagonal({ offset: 1 }); // tensor([2.]) */
  diagonal(options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(431, h(this)));
    readOptions('diagonal', OPTIONS_19, options);
    return wrap(call(431, h(this), options.offset, options.dim1, options.dim2));
  }

  /** A copy in which the diagonal is `src`.
   *  Shape: any, unchanged.
   *
   *  `diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diagonal_scatter.html
   *  @example
   *  zeros([2, 2]).diagonalScatter(tensor([1, 2])); // tensor([[1., 0.], [0., 2.]]) */
  diagonalScatter(src: Tensor, options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(433, h(this), h(src)));
    readOptions('diagonalScatter', OPTIONS_19, options);
    return wrap(call(433, h(this), h(src), options.offset, options.dim1, options.dim2));
  }

  /** Each element minus the one before it along `dim` (default the last), `n` times over.
   *  Shape: the input, with `n` less at `dim`.
   *
   *  `diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.diff.html
   *  @example
   *  tensor([1, 4, 9, 16]).diff(); // tensor([3., 5., 7.]) */
  diff(options?: { n?: number | undefined; dim?: number | undefined; prepend?: Tensor | undefined; append?: Tensor | undefined }): Tensor {
    if (options === undefined) return wrap(call(434, h(this)));
    readOptions('diff', OPTIONS_21, options);
    return wrap(call(434, h(this), options.n, options.dim, h(options.prepend), h(options.append)));
  }

  /** The slope of `lgamma`.
   *  Shape: any, unchanged.
   *
   *  `digamma(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.digamma.html
   *  @example
   *  tensor([1]).digamma(); // tensor([-0.5772]) */
  digamma(): Tensor {
    return wrap(call(435, h(this)));
  }

  /** The slope of `lgamma`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `digamma_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.digamma_.html
   *  @example
   *  tensor([1]).digamma_(); // tensor([-0.5772]) */
  digamma_(): this {
    call(436, h(this));
    return this;
  }

  /** The p-norm of the difference of two tensors, by default the distance, p = 2.
   *  Shape: [*], [*] -> [].
   *
   *  `dist(Tensor self, Tensor other, Scalar p=2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dist.html
   *  @example
   *  tensor([0, 0]).dist(tensor([3, 4])); // tensor(5.) */
  dist(other: Tensor, options?: { p?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(437, h(this), h(other)));
    readOptions('dist', OPTIONS_22, options);
    return wrap(call(437, h(this), h(other), options.p));
  }

  /** Divides each element by `other`. Integers give a fraction, unless `roundingMode` says 'floor' or 'trunc'.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `div.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `div.Scalar(Tensor self, Scalar other) -> Tensor`
   *  `div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor`
   *  `div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.div.html
   *  @example
   *  tensor([7n, -7n]).div(2); // tensor([ 3.5000, -3.5000])
   *  tensor([7n, -7n]).div(2, { roundingMode: 'floor' }); // tensor([ 3, -4]) */
  div(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(440, h(this), h(other)));
      return wrap(call(438, h(this), other));
    }
    const given = readOptions('div', OPTIONS_23, options);
    if (typeof other === 'object' && (given & 1) === 0) return wrap(call(440, h(this), h(other)));
    if (typeof other !== 'object' && (given & 1) === 0) return wrap(call(438, h(this), other));
    if (typeof other === 'object' && (given & 1) === 1) return wrap(call(441, h(this), h(other), options.roundingMode));
    if (typeof other !== 'object' && (given & 1) === 1) return wrap(call(439, h(this), other, options.roundingMode));
    throw unfit('div', 'div(other: Tensor) or div(other: Scalar) or div(other: Tensor, { roundingMode? }) or div(other: Scalar, { roundingMode? })', [other, options]);
  }

  /** Divides each element by `other` in place. Integers cannot hold the fraction: they need a `roundingMode`.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `div_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `div_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  `div_.Tensor_mode(Tensor(a!) self, Tensor other, *, str? rounding_mode) -> Tensor(a!)`
   *  `div_.Scalar_mode(Tensor(a!) self, Scalar other, *, str? rounding_mode) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.div_.html
   *  @example
   *  tensor([7n, -7n]).div_(2, { roundingMode: 'trunc' }); // tensor([ 3, -3]) */
  div_(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(444, h(this), h(other)); return this; }
      call(442, h(this), other);
      return this;
    }
    const given = readOptions('div_', OPTIONS_23, options);
    if (typeof other === 'object' && (given & 1) === 0) { call(444, h(this), h(other)); return this; }
    if (typeof other !== 'object' && (given & 1) === 0) { call(442, h(this), other); return this; }
    if (typeof other === 'object' && (given & 1) === 1) { call(445, h(this), h(other), options.roundingMode); return this; }
    if (typeof other !== 'object' && (given & 1) === 1) { call(443, h(this), other, options.roundingMode); return this; }
    throw unfit('div_', 'div_(other: Tensor) or div_(other: Scalar) or div_(other: Tensor, { roundingMode? }) or div_(other: Scalar, { roundingMode? })', [other, options]);
  }

  /** Another name of `div`. Divides each element by `other`. Integers give a fraction, unless `roundingMode` says 'floor' or 'trunc'.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `divide.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `divide.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor`
   *  `divide.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor`
   *  `divide.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.divide.html
   *  @example
   *  tensor([7n, -7n]).divide(2); // tensor([ 3.5000, -3.5000])
   *  tensor([7n, -7n]).divide(2, { roundingMode: 'floor' }); // tensor([ 3, -4]) */
  divide(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): Tensor;
  divide(other: Scalar): Tensor;
  divide(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(448, h(this), h(other)));
      return wrap(call(446, h(this), other));
    }
    const given = readOptions('divide', OPTIONS_23, options);
    if (typeof other === 'object' && (given & 1) === 0) return wrap(call(448, h(this), h(other)));
    if (typeof other === 'object' && (given & 1) === 1) return wrap(call(449, h(this), h(other), options.roundingMode));
    if (typeof other !== 'object' && (given & 1) === 1) return wrap(call(447, h(this), other, options.roundingMode));
    if (typeof other !== 'object' && (given & 1) === 0) return wrap(call(446, h(this), other));
    throw unfit('divide', 'divide(other: Tensor) or divide(other: Tensor, { roundingMode? }) or divide(other: Scalar, { roundingMode? }) or divide(other: Scalar)', [other, options]);
  }

  /** Another name of `div_`. Divides each element by `other` in place. Integers cannot hold the fraction: they need a `roundingMode`.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `divide_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `divide_.Tensor_mode(Tensor(a!) self, Tensor other, *, str? rounding_mode) -> Tensor(a!)`
   *  `divide_.Scalar_mode(Tensor(a!) self, Scalar other, *, str? rounding_mode) -> Tensor(a!)`
   *  `divide_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.divide_.html
   *  @example
   *  tensor([7n, -7n]).divide_(2, { roundingMode: 'trunc' }); // tensor([ 3, -3]) */
  divide_(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): this;
  divide_(other: Scalar): this;
  divide_(other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(452, h(this), h(other)); return this; }
      call(450, h(this), other);
      return this;
    }
    const given = readOptions('divide_', OPTIONS_23, options);
    if (typeof other === 'object' && (given & 1) === 0) { call(452, h(this), h(other)); return this; }
    if (typeof other === 'object' && (given & 1) === 1) { call(453, h(this), h(other), options.roundingMode); return this; }
    if (typeof other !== 'object' && (given & 1) === 1) { call(451, h(this), other, options.roundingMode); return this; }
    if (typeof other !== 'object' && (given & 1) === 0) { call(450, h(this), other); return this; }
    throw unfit('divide_', 'divide_(other: Tensor) or divide_(other: Tensor, { roundingMode? }) or divide_(other: Scalar, { roundingMode? }) or divide_(other: Scalar)', [other, options]);
  }

  /** The sum of the products of two vectors' elements.
   *  Shape: [N], [N] -> [].
   *
   *  `dot(Tensor self, Tensor tensor) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dot.html
   *  @example
   *  tensor([1, 2, 3]).dot(tensor([4, 5, 6])); // tensor(32.) */
  dot(tensor: Tensor): Tensor {
    return wrap(call(454, h(this), h(tensor)));
  }

  /** Cuts along dimension 2: into that many pieces, or at the indices given.
   *  Shape: each the input, with the length of its piece at dimension 2.
   *
   *  `dsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]`
   *  `dsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.dsplit.html
   *  @example
   *  zeros([2, 3, 4]).dsplit([1]).map((x) => x.shape); // [[2, 3, 1], [2, 3, 3]] */
  dsplit(sectionsOrIndices: number | readonly number[]): Tensor[] {
    if (typeof sectionsOrIndices !== 'object') return wrapAll(call(458, h(this), sectionsOrIndices));
    return wrapAll(call(457, h(this), sectionsOrIndices));
  }

  /** Whether each element equals `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `eq.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `eq.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.eq.html
   *  @example
   *  tensor([1, 2, 3]).eq(2); // tensor([False,  True, False]) */
  eq(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(473, h(this), h(other)));
    return wrap(call(472, h(this), other));
  }

  /** Whether each element equals `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `eq_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `eq_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.eq_.html */
  eq_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(475, h(this), h(other)); return this; }
    call(474, h(this), other);
    return this;
  }

  /** Whether both have the same shape and the same elements: one answer.
   *
   *  `equal(Tensor self, Tensor other) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.equal.html
   *  @example
   *  tensor([1, 2]).equal(tensor([1, 2])); // true */
  equal(other: Tensor): boolean {
    return call(476, h(this), h(other)) as boolean;
  }

  /** The chance, doubled and less 1, that a normal number of variance 1/2 is below each element.
   *  Shape: any, unchanged.
   *
   *  `erf(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erf.html
   *  @example
   *  tensor([0, 1]).erf(); // tensor([0.0000, 0.8427]) */
  erf(): Tensor {
    return wrap(call(477, h(this)));
  }

  /** The chance, doubled and less 1, that a normal number of variance 1/2 is below each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `erf_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erf_.html
   *  @example
   *  tensor([0, 1]).erf_(); // tensor([0.0000, 0.8427]) */
  erf_(): this {
    call(478, h(this));
    return this;
  }

  /** `1 - erf(x)`, exact for large x.
   *  Shape: any, unchanged.
   *
   *  `erfc(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erfc.html
   *  @example
   *  tensor([0, 1, 5]).erfc(); // tensor([1.0000e+00, 1.5730e-01, 1.5375e-12]) */
  erfc(): Tensor {
    return wrap(call(479, h(this)));
  }

  /** `1 - erf(x)`, exact for large x. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `erfc_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erfc_.html
   *  @example
   *  tensor([0, 1, 5]).erfc_(); // tensor([1.0000e+00, 1.5730e-01, 1.5375e-12]) */
  erfc_(): this {
    call(480, h(this));
    return this;
  }

  /** The number whose `erf` each element is.
   *  Shape: any, unchanged.
   *
   *  `erfinv(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erfinv.html
   *  @example
   *  tensor([0, 0.8427]).erfinv(); // tensor([0.0000, 1.0000]) */
  erfinv(): Tensor {
    return wrap(call(481, h(this)));
  }

  /** The number whose `erf` each element is. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `erfinv_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.erfinv_.html
   *  @example
   *  tensor([0, 0.8427]).erfinv_(); // tensor([0.0000, 1.0000]) */
  erfinv_(): this {
    call(482, h(this));
    return this;
  }

  /** Euler's number e raised to each element.
   *  Shape: any, unchanged.
   *
   *  `exp(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exp.html
   *  @example
   *  tensor([0, 1]).exp(); // tensor([1.0000, 2.7183]) */
  exp(): Tensor {
    return wrap(call(483, h(this)));
  }

  /** 2 raised to each element.
   *  Shape: any, unchanged.
   *
   *  `exp2(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exp2.html
   *  @example
   *  tensor([0, 3, -1]).exp2(); // tensor([1.0000, 8.0000, 0.5000]) */
  exp2(): Tensor {
    return wrap(call(484, h(this)));
  }

  /** 2 raised to each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `exp2_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exp2_.html
   *  @example
   *  tensor([0, 3, -1]).exp2_(); // tensor([1.0000, 8.0000, 0.5000]) */
  exp2_(): this {
    call(485, h(this));
    return this;
  }

  /** Euler's number e raised to each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `exp_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exp_.html
   *  @example
   *  tensor([0, 1]).exp_(); // tensor([1.0000, 2.7183]) */
  exp_(): this {
    call(486, h(this));
    return this;
  }

  /** Repeats dimensions of size 1 without copying, as a view; -1 keeps a size.
   *  Shape: `size`; -1 stands for the size that is there.
   *
   *  `expand(Tensor(a) self, int[] size, *, bool implicit=False) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.expand.html
   *  @example
   *  tensor([[1], [2]]).expand([-1, 3]); // tensor([[1., 1., 1.], [2., 2., 2.]]) */
  expand(size: readonly number[], options?: { implicit?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(487, h(this), size));
    readOptions('expand', OPTIONS_24, options);
    return wrap(call(487, h(this), size, options.implicit));
  }

  /** Repeats dimensions of size 1 to the shape of another tensor, as a view.
   *  Shape: that of `other`.
   *
   *  `expand_as(Tensor(a) self, Tensor other) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.expand_as.html
   *  @example
   *  tensor([[1], [2]]).expandAs(zeros([2, 2])); // tensor([[1., 1.], [2., 2.]]) */
  expandAs(other: Tensor): Tensor {
    return wrap(call(488, h(this), h(other)));
  }

  /** `exp(x) - 1`, exact where x is near 0.
   *  Shape: any, unchanged.
   *
   *  `expm1(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.expm1.html
   *  @example
   *  tensor([1e-10], { dtype: 'float64' }).expm1(); // tensor([1.0000e-10], dtype=torch.float64) */
  expm1(): Tensor {
    return wrap(call(490, h(this)));
  }

  /** `exp(x) - 1`, exact where x is near 0. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `expm1_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.expm1_.html
   *  @example
   *  tensor([1e-10], { dtype: 'float64' }).expm1_(); // tensor([1.0000e-10], dtype=torch.float64) */
  expm1_(): this {
    call(491, h(this));
    return this;
  }

  /** Fills the tensor with waiting times of rate `lambd` (default 1), in place.
   *  Shape: any, unchanged.
   *
   *  `exponential_(Tensor(a!) self, float lambd=1., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.exponential_.html
   *  @example
   *  manualSeed(0);
   *  zeros([10000]).exponential_({ lambd: 2 }).mean().sub(0.5).abs().lt(0.02); // tensor(True) */
  exponential_(options?: { lambd?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(492, h(this));
      return this;
    }
    readOptions('exponential_', OPTIONS_25, options);
    call(492, h(this), options.lambd, options.generator?.index);
    return this;
  }

  /** Puts one value on the diagonal, in place.
   *  Shape: two or more dimensions, unchanged.
   *
   *  `fill_diagonal_(Tensor(a!) self, Scalar fill_value, bool wrap=False) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fill_diagonal_.html
   *  @example
   *  zeros([2, 2]).fillDiagonal_(3); // tensor([[3., 0.], [0., 3.]]) */
  fillDiagonal_(fillValue: Scalar, options?: { wrap?: boolean | undefined }): this {
    if (options === undefined) {
      call(528, h(this), fillValue);
      return this;
    }
    readOptions('fillDiagonal_', OPTIONS_26, options);
    call(528, h(this), fillValue, options.wrap);
    return this;
  }

  /** Puts one value everywhere, in place.
   *  Shape: any, unchanged.
   *
   *  `fill_.Tensor(Tensor(a!) self, Tensor value) -> Tensor(a!)`
   *  `fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fill_.html
   *  @example
   *  zeros([3]).fill_(7); // tensor([7., 7., 7.]) */
  fill_(value: Tensor | Scalar): this {
    if (typeof value === 'object') { call(527, h(this), h(value)); return this; }
    call(526, h(this), value);
    return this;
  }

  /** Another name of `trunc`. Drops what is behind the decimal point.
   *  Shape: any, unchanged.
   *
   *  `fix(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fix.html
   *  @example
   *  tensor([1.7, -1.7]).fix(); // tensor([ 1., -1.]) */
  fix(): Tensor {
    return wrap(call(529, h(this)));
  }

  /** Drops what is behind the decimal point. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `fix_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fix_.html
   *  @example
   *  tensor([1.7, -1.7]).fix_(); // tensor([ 1., -1.]) */
  fix_(): this {
    call(530, h(this));
    return this;
  }

  /** Makes one dimension of those from `startDim` to `endDim`, by default of all.
   *  Shape: the input, with one dimension in place of those from `startDim` to `endDim`.
   *
   *  `flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.flatten.html
   *  @example
   *  zeros([2, 3, 4]).flatten({ startDim: 1 }).shape; // [2, 12] */
  flatten(options?: { startDim?: number | undefined; endDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(531, h(this)));
    readOptions('flatten', OPTIONS_27, options);
    return wrap(call(531, h(this), options.startDim, options.endDim));
  }

  /** Turns the order around along the dimensions given.
   *  Shape: any, unchanged.
   *
   *  `flip(Tensor self, int[] dims) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.flip.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).flip([1]); // tensor([[2., 1.], [4., 3.]]) */
  flip(dims: readonly number[]): Tensor {
    return wrap(call(533, h(this), dims));
  }

  /** Turns the order around along dimension 1: mirrors left and right.
   *  Shape: [*, N, M], unchanged.
   *
   *  `fliplr(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fliplr.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).fliplr(); // tensor([[2., 1.], [4., 3.]]) */
  fliplr(): Tensor {
    return wrap(call(534, h(this)));
  }

  /** Turns the order around along dimension 0: mirrors top and bottom.
   *  Shape: [*, N, M], unchanged.
   *
   *  `flipud(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.flipud.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).flipud(); // tensor([[3., 4.], [1., 2.]]) */
  flipud(): Tensor {
    return wrap(call(535, h(this)));
  }

  /** Raises each element to `exponent`, computed and given in double precision.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `float_power.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor`
   *  `float_power.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.float_power.html
   *  @example
   *  tensor([2n, 3n]).floatPower(-1); // tensor([0.5000, 0.3333], dtype=torch.float64) */
  floatPower(exponent: Tensor | Scalar): Tensor {
    if (typeof exponent === 'object') return wrap(call(538, h(this), h(exponent)));
    return wrap(call(537, h(this), exponent));
  }

  /** Raises each element to `exponent` in place; the tensor has to be double precision.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `float_power_.Tensor(Tensor(a!) self, Tensor exponent) -> Tensor(a!)`
   *  `float_power_.Scalar(Tensor(a!) self, Scalar exponent) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.float_power_.html
   *  @example
   *  tensor([2, 3], { dtype: 'float64' }).floatPower_(2); // tensor([4., 9.], dtype=torch.float64) */
  floatPower_(exponent: Tensor | Scalar): this {
    if (typeof exponent === 'object') { call(540, h(this), h(exponent)); return this; }
    call(539, h(this), exponent);
    return this;
  }

  /** The largest whole number that is not above each element.
   *  Shape: any, unchanged.
   *
   *  `floor(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.floor.html
   *  @example
   *  tensor([1.7, -1.2]).floor(); // tensor([ 1., -2.]) */
  floor(): Tensor {
    return wrap(call(541, h(this)));
  }

  /** Divides and rounds down to a whole number.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `floor_divide(Tensor self, Tensor other) -> Tensor`
   *  `floor_divide.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.floor_divide.html
   *  @example
   *  tensor([7, -7]).floorDivide(2); // tensor([ 3., -4.]) */
  floorDivide(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(543, h(this), h(other)));
    return wrap(call(544, h(this), other));
  }

  /** Divides and rounds down to a whole number. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `floor_divide_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `floor_divide_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.floor_divide_.html
   *  @example
   *  tensor([7, -7]).floorDivide_(2); // tensor([ 3., -4.]) */
  floorDivide_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(546, h(this), h(other)); return this; }
    call(545, h(this), other);
    return this;
  }

  /** The largest whole number that is not above each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `floor_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.floor_.html
   *  @example
   *  tensor([1.7, -1.2]).floor_(); // tensor([ 1., -2.]) */
  floor_(): this {
    call(542, h(this));
    return this;
  }

  /** The larger of two, element by element; a number wins over NaN.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `fmax(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fmax.html
   *  @example
   *  tensor([1, NaN]).fmax(tensor([3, 2])); // tensor([3., 2.]) */
  fmax(other: Tensor): Tensor {
    return wrap(call(547, h(this), h(other)));
  }

  /** The smaller of two, element by element; a number wins over NaN.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `fmin(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fmin.html
   *  @example
   *  tensor([1, NaN]).fmin(tensor([3, 2])); // tensor([1., 2.]) */
  fmin(other: Tensor): Tensor {
    return wrap(call(548, h(this), h(other)));
  }

  /** What is left of dividing by `other`, with the sign of the input, as JavaScript's `%`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `fmod.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `fmod.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fmod.html
   *  @example
   *  tensor([5, -5]).fmod(3); // tensor([ 2., -2.]) */
  fmod(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(550, h(this), h(other)));
    return wrap(call(549, h(this), other));
  }

  /** What is left of dividing by `other`, with the sign of the input, as JavaScript's `%`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `fmod_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `fmod_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.fmod_.html
   *  @example
   *  tensor([5, -5]).fmod_(3); // tensor([ 2., -2.]) */
  fmod_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(552, h(this), h(other)); return this; }
    call(551, h(this), other);
    return this;
  }

  /** What is behind the decimal point, with the sign of the element.
   *  Shape: any, unchanged.
   *
   *  `frac(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.frac.html
   *  @example
   *  tensor([1.25, -1.25]).frac(); // tensor([ 0.2500, -0.2500]) */
  frac(): Tensor {
    return wrap(call(553, h(this)));
  }

  /** What is behind the decimal point, with the sign of the element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `frac_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.frac_.html
   *  @example
   *  tensor([1.25, -1.25]).frac_(); // tensor([ 0.2500, -0.2500]) */
  frac_(): this {
    call(554, h(this));
    return this;
  }

  /** Takes each element apart: a fraction of size 0.5 to 1, and the power of two that it was multiplied by.
   *  Shape: any, unchanged.
   *
   *  `frexp.Tensor(Tensor self) -> (Tensor mantissa, Tensor exponent)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.frexp.html
   *  @example
   *  tensor([6, 0.25]).frexp(); // [tensor([0.7500, 0.5000]), tensor([ 3, -1], dtype=torch.int32)] */
  frexp(): readonly [mantissa: Tensor, exponent: Tensor] {
    return wrapTuple<readonly [mantissa: Tensor, exponent: Tensor]>(call(557, h(this)));
  }

  /** Takes from each place along `dim` the element that `index` names there: `out[i][j] = x[index[i][j]][j]` for dim 0.
   *  Shape: that of `index`, which has the dimensions of the input.
   *
   *  `gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gather.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).gather(1, tensor([[1n], [0n]])); // tensor([[2.], [3.]]) */
  gather(dim: number, index: Tensor, options?: { sparseGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(563, h(this), dim, h(index)));
    readOptions('gather', OPTIONS_28, options);
    return wrap(call(563, h(this), dim, h(index), options.sparseGrad));
  }

  /** The greatest whole number that divides both.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `gcd(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gcd.html
   *  @example
   *  tensor([12n, 7n]).gcd(tensor([18n, 21n])); // tensor([6, 7]) */
  gcd(other: Tensor): Tensor {
    return wrap(call(564, h(this), h(other)));
  }

  /** The greatest whole number that divides both. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `gcd_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gcd_.html
   *  @example
   *  tensor([12n, 7n]).gcd_(tensor([18n, 21n])); // tensor([6, 7]) */
  gcd_(other: Tensor): this {
    call(565, h(this), h(other));
    return this;
  }

  /** Whether each element is at least `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `ge.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `ge.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ge.html
   *  @example
   *  tensor([1, 2, 3]).ge(2); // tensor([False,  True,  True]) */
  ge(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(567, h(this), h(other)));
    return wrap(call(566, h(this), other));
  }

  /** Whether each element is at least `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `ge_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `ge_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ge_.html */
  ge_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(569, h(this), h(other)); return this; }
    call(568, h(this), other);
    return this;
  }

  /** Fills the tensor with the number of tries up to the first success, each of chance `p`, in place.
   *  Shape: any, unchanged.
   *
   *  `geometric_(Tensor(a!) self, float p, *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.geometric_.html
   *  @example
   *  manualSeed(0);
   *  zeros([10000]).geometric_(0.5).mean().sub(2).abs().lt(0.05); // tensor(True) */
  geometric_(p: number, options?: { generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(572, h(this), p);
      return this;
    }
    readOptions('geometric_', OPTIONS_29, options);
    call(572, h(this), p, options.generator?.index);
    return this;
  }

  /** The QR decomposition as LAPACK keeps it: R and reflections in one matrix, and their factors.
   *
   *  `geqrf(Tensor self) -> (Tensor a, Tensor tau)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.geqrf.html
   *  @example
   *  tensor([[3], [4.5]]).geqrf()[0].select(0, 0).abs(); // tensor([5.4083]) */
  geqrf(): readonly [a: Tensor, tau: Tensor] {
    return wrapTuple<readonly [a: Tensor, tau: Tensor]>(call(573, h(this)));
  }

  /** Another name of `outer`. Every product of an element of one vector and an element of the other.
   *  Shape: [N], [M] -> [N, M].
   *
   *  `ger(Tensor self, Tensor vec2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ger.html
   *  @example
   *  tensor([1, 2]).ger(tensor([3, 4, 5])); // tensor([[ 3.,  4.,  5.], [ 6.,  8., 10.]]) */
  ger(vec2: Tensor): Tensor {
    return wrap(call(574, h(this), h(vec2)));
  }

  /** `get_device(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.get_device.html */
  getDevice(): number {
    return call(575, h(this)) as number;
  }

  /** Another name of `gt`. Whether each element is above `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `greater.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `greater.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.greater.html
   *  @example
   *  tensor([1, 2, 3]).greater(tensor([3, 2, 1])); // tensor([False, False,  True]) */
  greater(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(585, h(this), h(other)));
    return wrap(call(584, h(this), other));
  }

  /** Another name of `ge`. Whether each element is at least `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `greater_equal.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `greater_equal.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.greater_equal.html
   *  @example
   *  tensor([1, 2, 3]).greaterEqual(2); // tensor([False,  True,  True]) */
  greaterEqual(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(589, h(this), h(other)));
    return wrap(call(588, h(this), other));
  }

  /** Whether each element is at least `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `greater_equal_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `greater_equal_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.greater_equal_.html */
  greaterEqual_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(591, h(this), h(other)); return this; }
    call(590, h(this), other);
    return this;
  }

  /** Whether each element is above `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `greater_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `greater_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.greater_.html */
  greater_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(587, h(this), h(other)); return this; }
    call(586, h(this), other);
    return this;
  }

  /** Whether each element is above `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `gt.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `gt.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gt.html
   *  @example
   *  tensor([1, 2, 3]).gt(tensor([3, 2, 1])); // tensor([False, False,  True]) */
  gt(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(600, h(this), h(other)));
    return wrap(call(599, h(this), other));
  }

  /** Whether each element is above `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `gt_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `gt_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.gt_.html */
  gt_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(602, h(this), h(other)); return this; }
    call(601, h(this), other);
    return this;
  }

  /** 0 for what is within `lambd` (default 0.5) of 0, and the element itself beyond.
   *  Shape: any, unchanged.
   *
   *  `hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.hardshrink.html
   *  @example
   *  tensor([-2, 0.25, 2]).hardshrink(); // tensor([-2.,  0.,  2.]) */
  hardshrink(options?: { lambd?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(609, h(this)));
    readOptions('hardshrink', OPTIONS_30, options);
    return wrap(call(609, h(this), options.lambd));
  }

  /** `hash_tensor(Tensor self, int[1] dim=[], *, bool keepdim=False, int mode=0) -> Tensor` */
  hashTensor(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; mode?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(616, h(this)));
    readOptions('hashTensor', OPTIONS_31, options);
    return wrap(call(616, h(this), options.dim, options.keepdim, options.mode));
  }

  /** 0 below zero, 1 above, and `values` at zero.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `heaviside(Tensor self, Tensor values) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.heaviside.html
   *  @example
   *  tensor([-2, 0, 3]).heaviside(tensor(0.5)); // tensor([0.0000, 0.5000, 1.0000]) */
  heaviside(values: Tensor): Tensor {
    return wrap(call(617, h(this), h(values)));
  }

  /** 0 below zero, 1 above, and `values` at zero. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `heaviside_(Tensor(a!) self, Tensor values) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.heaviside_.html
   *  @example
   *  tensor([-2, 0, 3]).heaviside_(tensor(0.5)); // tensor([0.0000, 0.5000, 1.0000]) */
  heaviside_(values: Tensor): this {
    call(618, h(this), h(values));
    return this;
  }

  /** How many elements fall into each of `bins` equal intervals from `min` to `max`.
   *  Shape: [bins].
   *
   *  `histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.histc.html
   *  @example
   *  tensor([1, 2, 1, 9]).histc({ bins: 3, min: 0, max: 3 }); // tensor([0., 2., 1.]) */
  histc(options?: { bins?: number | undefined; min?: Scalar | undefined; max?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(620, h(this)));
    readOptions('histc', OPTIONS_32, options);
    return wrap(call(620, h(this), options.bins, options.min, options.max));
  }

  /** How many elements fall into each interval, and the intervals' edges.
   *  Shape: counts [bins], edges [bins + 1].
   *
   *  `histogram.bins_tensor(Tensor self, Tensor bins, *, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)`
   *  `histogram.bin_ct(Tensor self, int bins=100, *, float[]? range=None, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.histogram.html
   *  @example
   *  tensor([1, 2, 1]).histogram({ bins: 2, range: [0, 4] }); // [tensor([2., 1.]), tensor([0., 2., 4.])] */
  histogram(options?: { bins: Tensor; weight?: Tensor | undefined; density?: boolean | undefined } | { bins?: number | undefined; range?: readonly number[] | undefined; weight?: Tensor | undefined; density?: boolean | undefined }): readonly [hist: Tensor, binEdges: Tensor];
  histogram(options?: { bins?: Tensor | number | undefined; weight?: Tensor | undefined; density?: boolean | undefined; range?: readonly number[] | undefined }): readonly [hist: Tensor, binEdges: Tensor] {
    if (options === undefined) return wrapTuple<readonly [hist: Tensor, binEdges: Tensor]>(call(621, h(this)));
    const given = readOptions('histogram', OPTIONS_33, options);
    if ((given & 9) === 1 && typeof options.bins === 'object') return wrapTuple<readonly [hist: Tensor, binEdges: Tensor]>(call(622, h(this), h(options.bins), h(options.weight), options.density));
    if (typeof options.bins !== 'object') return wrapTuple<readonly [hist: Tensor, binEdges: Tensor]>(call(621, h(this), options.bins, options.range, h(options.weight), options.density));
    throw unfit('histogram', 'histogram({ bins: Tensor, weight?, density? }) or histogram({ bins?: number, range?, weight?, density? })', [options]);
  }

  /** Cuts along dimension 1, a vector along 0: into that many pieces, or at the indices given.
   *  Shape: each the input, with the length of its piece at dimension 1; of a vector, [length].
   *
   *  `hsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]`
   *  `hsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.hsplit.html
   *  @example
   *  arange(4).hsplit(2); // [tensor([0, 1]), tensor([2, 3])] */
  hsplit(sectionsOrIndices: number | readonly number[]): Tensor[] {
    if (typeof sectionsOrIndices !== 'object') return wrapAll(call(627, h(this), sectionsOrIndices));
    return wrapAll(call(626, h(this), sectionsOrIndices));
  }

  /** The length of the hypotenuse over two sides: sqrt(x^2 + other^2).
   *  Shape: those of the inputs, broadcast together.
   *
   *  `hypot(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.hypot.html
   *  @example
   *  tensor([1, 5]).hypot(tensor([1, 12])); // tensor([ 1.4142, 13.0000]) */
  hypot(other: Tensor): Tensor {
    return wrap(call(631, h(this), h(other)));
  }

  /** The length of the hypotenuse over two sides: sqrt(x^2 + other^2). In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `hypot_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.hypot_.html
   *  @example
   *  tensor([1, 5]).hypot_(tensor([1, 12])); // tensor([ 1.4142, 13.0000]) */
  hypot_(other: Tensor): this {
    call(632, h(this), h(other));
    return this;
  }

  /** The modified Bessel function of order 0.
   *  Shape: any, unchanged.
   *
   *  `i0(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.i0.html
   *  @example
   *  tensor([0, 1]).i0(); // tensor([1.0000, 1.2661]) */
  i0(): Tensor {
    return wrap(call(633, h(this)));
  }

  /** The modified Bessel function of order 0. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `i0_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.i0_.html
   *  @example
   *  tensor([0, 1]).i0_(); // tensor([1.0000, 1.2661]) */
  i0_(): this {
    call(634, h(this));
    return this;
  }

  /** The share of the gamma function's integral, at the input, that lies below `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `igamma(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.igamma.html
   *  @example
   *  tensor([1]).igamma(tensor([1])); // tensor([0.6321]) */
  igamma(other: Tensor): Tensor {
    return wrap(call(635, h(this), h(other)));
  }

  /** The share of the gamma function's integral, at the input, that lies below `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `igamma_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.igamma_.html
   *  @example
   *  tensor([1]).igamma_(tensor([1])); // tensor([0.6321]) */
  igamma_(other: Tensor): this {
    call(636, h(this), h(other));
    return this;
  }

  /** The share of the gamma function's integral, at the input, that lies above `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `igammac(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.igammac.html
   *  @example
   *  tensor([1]).igammac(tensor([1])); // tensor([0.3679]) */
  igammac(other: Tensor): Tensor {
    return wrap(call(637, h(this), h(other)));
  }

  /** The share of the gamma function's integral, at the input, that lies above `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `igammac_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.igammac_.html
   *  @example
   *  tensor([1]).igammac_(tensor([1])); // tensor([0.3679]) */
  igammac_(other: Tensor): this {
    call(638, h(this), h(other));
    return this;
  }

  /** Adds the slices of `source` to those at the places given; a place that comes twice gets both.
   *  Shape: any, unchanged.
   *
   *  `index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_add.html
   *  @example
   *  zeros([3]).indexAdd(0, tensor([0n, 2n, 2n]), tensor([1, 10, 100])); // tensor([  1.,   0., 110.]) */
  indexAdd(dim: number, index: Tensor, source: Tensor, options?: { alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(642, h(this), dim, h(index), h(source)));
    readOptions('indexAdd', OPTIONS_0, options);
    return wrap(call(642, h(this), dim, h(index), h(source), options.alpha));
  }

  /** Adds the slices of `source` to those at the places given; a place that comes twice gets both. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `index_add_(Tensor(a!) self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_add_.html
   *  @example
   *  zeros([3]).indexAdd_(0, tensor([0n, 2n, 2n]), tensor([1, 10, 100])); // tensor([  1.,   0., 110.]) */
  indexAdd_(dim: number, index: Tensor, source: Tensor, options?: { alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      call(643, h(this), dim, h(index), h(source));
      return this;
    }
    readOptions('indexAdd_', OPTIONS_0, options);
    call(643, h(this), dim, h(index), h(source), options.alpha);
    return this;
  }

  /** Puts the slices of `source` at the places given.
   *  Shape: any, unchanged.
   *
   *  `index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_copy.html
   *  @example
   *  zeros([3]).indexCopy(0, tensor([2n, 0n]), tensor([7, 8])); // tensor([8., 0., 7.]) */
  indexCopy(dim: number, index: Tensor, source: Tensor): Tensor {
    return wrap(call(644, h(this), dim, h(index), h(source)));
  }

  /** Puts the slices of `source` at the places given. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `index_copy_(Tensor(a!) self, int dim, Tensor index, Tensor source) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_copy_.html
   *  @example
   *  zeros([3]).indexCopy_(0, tensor([2n, 0n]), tensor([7, 8])); // tensor([8., 0., 7.]) */
  indexCopy_(dim: number, index: Tensor, source: Tensor): this {
    call(645, h(this), dim, h(index), h(source));
    return this;
  }

  /** Puts one value into the slices at the places given.
   *  Shape: any, unchanged.
   *
   *  `index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor`
   *  `index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_fill.html
   *  @example
   *  zeros([2, 3]).indexFill(1, tensor([0n, 2n]), 5); // tensor([[5., 0., 5.], [5., 0., 5.]]) */
  indexFill(dim: number, index: Tensor, value: Tensor | Scalar): Tensor {
    if (typeof value === 'object') return wrap(call(647, h(this), dim, h(index), h(value)));
    return wrap(call(646, h(this), dim, h(index), value));
  }

  /** Puts one value into the slices at the places given. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `index_fill_.int_Tensor(Tensor(a!) self, int dim, Tensor index, Tensor value) -> Tensor(a!)`
   *  `index_fill_.int_Scalar(Tensor(a!) self, int dim, Tensor index, Scalar value) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_fill_.html
   *  @example
   *  zeros([2, 3]).indexFill_(1, tensor([0n, 2n]), 5); // tensor([[5., 0., 5.], [5., 0., 5.]]) */
  indexFill_(dim: number, index: Tensor, value: Tensor | Scalar): this {
    if (typeof value === 'object') { call(649, h(this), dim, h(index), h(value)); return this; }
    call(648, h(this), dim, h(index), value);
    return this;
  }

  /** Combines the slices of `source` with those at the places given: 'prod', 'mean', 'amax' or 'amin'.
   *  Shape: any, unchanged.
   *
   *  `index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor`
   *  @example
   *  tensor([1, 5]).indexReduce(0, tensor([0n, 0n]), tensor([7, 3]), 'amax'); // tensor([7., 5.]) */
  indexReduce(dim: number, index: Tensor, source: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(651, h(this), dim, h(index), h(source), reduce));
    readOptions('indexReduce', OPTIONS_34, options);
    return wrap(call(651, h(this), dim, h(index), h(source), reduce, options.includeSelf));
  }

  /** Combines the slices of `source` with those at the places given: 'prod', 'mean', 'amax' or 'amin'. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `index_reduce_(Tensor(a!) self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_reduce_.html
   *  @example
   *  tensor([1, 5]).indexReduce_(0, tensor([0n, 0n]), tensor([7, 3]), 'amax'); // tensor([7., 5.]) */
  indexReduce_(dim: number, index: Tensor, source: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): this {
    if (options === undefined) {
      call(652, h(this), dim, h(index), h(source), reduce);
      return this;
    }
    readOptions('indexReduce_', OPTIONS_34, options);
    call(652, h(this), dim, h(index), h(source), reduce, options.includeSelf);
    return this;
  }

  /** The slices along `dim` at the places given, copied.
   *  Shape: the input, with the length of `index` at `dim`.
   *
   *  `index_select(Tensor self, int dim, Tensor index) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.index_select.html
   *  @example
   *  tensor([[1, 2], [3, 4], [5, 6]]).indexSelect(0, tensor([2n, 0n])); // tensor([[5., 6.], [1., 2.]]) */
  indexSelect(dim: number, index: Tensor): Tensor {
    return wrap(call(653, h(this), dim, h(index)));
  }

  /** The places that a coalesced sparse tensor keeps, one column each.
   *
   *  `indices(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.indices.html
   *  @example
   *  tensor([[0, 5], [6, 0]]).toSparse().indices(); // tensor([[0, 1], [1, 0]]) */
  indices(): Tensor {
    return wrap(call(654, h(this)));
  }

  /** The dot products along the last dimensions of both.
   *  Shape: [*a, K], [*b, K] -> [*a, *b].
   *
   *  `inner(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.inner.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).inner(tensor([1, 10])); // tensor([21., 43.]) */
  inner(other: Tensor): Tensor {
    return wrap(call(656, h(this), h(other)));
  }

  /** `int_repr(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.int_repr.html */
  intRepr(): Tensor {
    return wrap(call(658, h(this)));
  }

  /** The matrix that undoes this one.
   *  Shape: [*, N, N] -> [*, N, N].
   *
   *  `inverse(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.inverse.html
   *  @example
   *  tensor([[2, 0], [0, 4]]).inverse(); // tensor([[0.5000, 0.0000], [0.0000, 0.2500]]) */
  inverse(): Tensor {
    return wrap(call(659, h(this)));
  }

  /** Whether each place is kept once, in order.
   *
   *  `is_coalesced(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_coalesced.html
   *  @example
   *  sparseCooTensor(tensor([[1n, 1n]]), { values: tensor([7, 8]), size: [2] }).isCoalesced(); // false */
  isCoalesced(): boolean {
    return call(660, h(this)) as boolean;
  }

  /** Whether the dtype is complex.
   *
   *  `is_complex(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_complex.html
   *  @example
   *  complex(tensor([1]), tensor([2])).isComplex(); // true */
  isComplex(): boolean {
    return call(661, h(this)) as boolean;
  }

  /** Whether the tensor is a `conj` view that is not written out yet.
   *
   *  `is_conj(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_conj.html
   *  @example
   *  complex(tensor([1]), tensor([2])).conj().isConj(); // true */
  isConj(): boolean {
    return call(662, h(this)) as boolean;
  }

  /** Whether the elements lie in memory in the order of the dimensions, without gaps.
   *
   *  `is_contiguous(Tensor self) -> bool`
   *  `is_contiguous.memory_format(Tensor self, MemoryFormat memory_format) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_contiguous.html
   *  @example
   *  zeros([2, 3]).t().isContiguous(); // false */
  isContiguous(options?: { memoryFormat: MemoryFormat }): boolean {
    if (options === undefined) return call(663, h(this)) as boolean;
    const given = readOptions('isContiguous', OPTIONS_11, options);
    if ((given & 1) === 0) return call(663, h(this)) as boolean;
    if ((given & 1) === 1) return call(664, h(this), options.memoryFormat && memoryFormatCode(options.memoryFormat)) as boolean;
    throw unfit('isContiguous', 'isContiguous() or isContiguous({ memoryFormat })', [options]);
  }

  /** `is_distributed(Tensor self) -> bool` */
  isDistributed(): boolean {
    return call(665, h(this)) as boolean;
  }

  /** Whether the dtype has a fraction.
   *
   *  `is_floating_point(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_floating_point.html
   *  @example
   *  tensor([1n]).isFloatingPoint(); // false */
  isFloatingPoint(): boolean {
    return call(666, h(this)) as boolean;
  }

  /** Whether the tensor was made where autograd is switched off for good.
   *
   *  `is_inference(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_inference.html
   *  @example
   *  ones([2]).isInference(); // false */
  isInference(): boolean {
    return call(667, h(this)) as boolean;
  }

  /** Whether the tensor is a view with the sign changed that is not written out yet.
   *
   *  `is_neg(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_neg.html
   *  @example
   *  complex(tensor([1]), tensor([2])).conj().imag.isNeg(); // true */
  isNeg(): boolean {
    return call(668, h(this)) as boolean;
  }

  /** Whether the only element is not zero.
   *
   *  `is_nonzero(Tensor self) -> bool`
   *  @example
   *  tensor([3]).isNonzero(); // true */
  isNonzero(): boolean {
    return call(669, h(this)) as boolean;
  }

  /** Whether the memory is locked for fast copies to a GPU.
   *
   *  `is_pinned(Tensor self, Device? device=None) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_pinned.html
   *  @example
   *  ones([2]).isPinned(); // false */
  isPinned(options?: { device?: Device | undefined }): boolean {
    if (options === undefined) return call(670, h(this)) as boolean;
    readOptions('isPinned', OPTIONS_35, options);
    return call(670, h(this), options.device && deviceCode(options.device)) as boolean;
  }

  /** Whether both have the same shape.
   *
   *  `is_same_size(Tensor self, Tensor other) -> bool`
   *  @example
   *  zeros([2, 3]).isSameSize(ones([3, 2])); // false */
  isSameSize(other: Tensor): boolean {
    return call(671, h(this), h(other)) as boolean;
  }

  /** Whether both are the same elements of the same memory.
   *
   *  `is_set_to(Tensor self, Tensor tensor) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_set_to.html
   *  @example
   *  const x = zeros([4]);
   *  x.isSetTo(x.view([4])); // true */
  isSetTo(tensor: Tensor): boolean {
    return call(672, h(this), h(tensor)) as boolean;
  }

  /** Whether the dtype can hold a minus sign.
   *
   *  `is_signed(Tensor self) -> bool`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.is_signed.html
   *  @example
   *  tensor([1], { dtype: 'uint8' }).isSigned(); // false */
  isSigned(): boolean {
    return call(673, h(this)) as boolean;
  }

  /** Whether each element is within `atol + rtol * |other|` of `other`. Default 1e-8 and 1e-5.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `isclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isclose.html
   *  @example
   *  tensor([1, 1]).isclose(tensor([1.000001, 1.1])); // tensor([ True, False]) */
  isclose(other: Tensor, options?: { rtol?: number | undefined; atol?: number | undefined; equalNan?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(674, h(this), h(other)));
    readOptions('isclose', OPTIONS_4, options);
    return wrap(call(674, h(this), h(other), options.rtol, options.atol, options.equalNan));
  }

  /** Whether each element is neither infinite nor NaN.
   *  Shape: any, unchanged.
   *
   *  `isfinite(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isfinite.html
   *  @example
   *  tensor([1, Infinity, NaN]).isfinite(); // tensor([ True, False, False]) */
  isfinite(): Tensor {
    return wrap(call(675, h(this)));
  }

  /** Whether each element is infinite, of either sign.
   *  Shape: any, unchanged.
   *
   *  `isinf(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isinf.html
   *  @example
   *  tensor([1, -Infinity, NaN]).isinf(); // tensor([False,  True, False]) */
  isinf(): Tensor {
    return wrap(call(679, h(this)));
  }

  /** Whether each element is not a number.
   *  Shape: any, unchanged.
   *
   *  `isnan(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isnan.html
   *  @example
   *  tensor([1, NaN]).isnan(); // tensor([False,  True]) */
  isnan(): Tensor {
    return wrap(call(680, h(this)));
  }

  /** Whether each element is minus infinity.
   *  Shape: any, unchanged.
   *
   *  `isneginf(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isneginf.html
   *  @example
   *  tensor([Infinity, -Infinity]).isneginf(); // tensor([False,  True]) */
  isneginf(): Tensor {
    return wrap(call(681, h(this)));
  }

  /** Whether each element is plus infinity.
   *  Shape: any, unchanged.
   *
   *  `isposinf(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isposinf.html
   *  @example
   *  tensor([Infinity, -Infinity]).isposinf(); // tensor([ True, False]) */
  isposinf(): Tensor {
    return wrap(call(682, h(this)));
  }

  /** Whether each element has no imaginary part.
   *  Shape: any, unchanged.
   *
   *  `isreal(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.isreal.html
   *  @example
   *  complex(tensor([1, 1]), tensor([0, 2])).isreal(); // tensor([ True, False]) */
  isreal(): Tensor {
    return wrap(call(683, h(this)));
  }

  /** Undoes `stft`.
   *
   *  `istft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, bool normalized=False, bool? onesided=None, int? length=None, bool return_complex=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.istft.html
   *  @example
   *  const window = ones([4]);
   *  const frames = arange(1, 9, { dtype: 'float32' }).stft(4, { window, center: true, returnComplex: true });
   *  frames.istft(4, { window }).round(); // tensor([1., 2., 3., 4., 5., 6., 7., 8.]) */
  istft(nFft: number, options?: { hopLength?: number | undefined; winLength?: number | undefined; window?: Tensor | undefined; center?: boolean | undefined; normalized?: boolean | undefined; onesided?: boolean | undefined; length?: number | undefined; returnComplex?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(684, h(this), nFft));
    readOptions('istft', OPTIONS_36, options);
    return wrap(call(684, h(this), nFft, options.hopLength, options.winLength, h(options.window), options.center, options.normalized, options.onesided, options.length, options.returnComplex));
  }

  /** Each element of one matrix times the whole other one.
   *  Shape: [N, M], [P, Q] -> [N * P, M * Q].
   *
   *  `kron(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.kron.html
   *  @example
   *  tensor([[1, 2]]).kron(tensor([[1, 10]])); // tensor([[ 1., 10.,  2., 20.]]) */
  kron(other: Tensor): Tensor {
    return wrap(call(689, h(this), h(other)));
  }

  /** The k-th smallest element along `dim` (default the last), counted from 1, and where it is.
   *  Shape: the input without `dim`, or with size 1 there if `keepdim`.
   *
   *  `kthvalue(Tensor self, int k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.kthvalue.html
   *  @example
   *  tensor([40, 10, 30, 20]).kthvalue(2); // [tensor(20.), tensor(3)] */
  kthvalue(k: number, options?: { dim?: number | undefined; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(690, h(this), k));
    readOptions('kthvalue', OPTIONS_3, options);
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(690, h(this), k, options.dim, options.keepdim));
  }

  /** The smallest positive whole number that both divide.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `lcm(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lcm.html
   *  @example
   *  tensor([4n, 6n]).lcm(tensor([6n, 8n])); // tensor([12, 24]) */
  lcm(other: Tensor): Tensor {
    return wrap(call(693, h(this), h(other)));
  }

  /** The smallest positive whole number that both divide. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `lcm_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lcm_.html
   *  @example
   *  tensor([4n, 6n]).lcm_(tensor([6n, 8n])); // tensor([12, 24]) */
  lcm_(other: Tensor): this {
    call(694, h(this), h(other));
    return this;
  }

  /** Multiplies each element by 2 to the power of `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `ldexp.Tensor(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ldexp.html
   *  @example
   *  tensor([1, 3]).ldexp(tensor([3n, -1n])); // tensor([8.0000, 1.5000]) */
  ldexp(other: Tensor): Tensor {
    return wrap(call(695, h(this), h(other)));
  }

  /** Multiplies each element by 2 to the power of `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `ldexp_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ldexp_.html
   *  @example
   *  tensor([1, 3]).ldexp_(tensor([3n, -1n])); // tensor([8.0000, 1.5000]) */
  ldexp_(other: Tensor): this {
    call(696, h(this), h(other));
    return this;
  }

  /** Whether each element is at most `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `le.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `le.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.le.html
   *  @example
   *  tensor([1, 2, 3]).le(2); // tensor([ True,  True, False]) */
  le(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(698, h(this), h(other)));
    return wrap(call(697, h(this), other));
  }

  /** Whether each element is at most `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `le_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `le_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.le_.html */
  le_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(700, h(this), h(other)); return this; }
    call(699, h(this), other);
    return this;
  }

  /** Goes from each element towards `end` by the fraction `weight`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor`
   *  `lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lerp.html
   *  @example
   *  tensor([0, 10]).lerp(tensor([100, 20]), 0.25); // tensor([25.0000, 12.5000]) */
  lerp(end: Tensor, weight: Tensor | Scalar): Tensor {
    if (typeof weight === 'object') return wrap(call(704, h(this), h(end), h(weight)));
    return wrap(call(703, h(this), h(end), weight));
  }

  /** Goes from each element towards `end` by the fraction `weight`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `lerp_.Tensor(Tensor(a!) self, Tensor end, Tensor weight) -> Tensor(a!)`
   *  `lerp_.Scalar(Tensor(a!) self, Tensor end, Scalar weight) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lerp_.html
   *  @example
   *  tensor([0, 10]).lerp_(tensor([100, 20]), 0.25); // tensor([25.0000, 12.5000]) */
  lerp_(end: Tensor, weight: Tensor | Scalar): this {
    if (typeof weight === 'object') { call(706, h(this), h(end), h(weight)); return this; }
    call(705, h(this), h(end), weight);
    return this;
  }

  /** Another name of `lt`. Whether each element is below `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `less.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `less.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.less.html
   *  @example
   *  tensor([1, 2, 3]).less(2); // tensor([ True, False, False]) */
  less(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(708, h(this), h(other)));
    return wrap(call(707, h(this), other));
  }

  /** Another name of `le`. Whether each element is at most `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `less_equal.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `less_equal.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.less_equal.html
   *  @example
   *  tensor([1, 2, 3]).lessEqual(2); // tensor([ True,  True, False]) */
  lessEqual(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(712, h(this), h(other)));
    return wrap(call(711, h(this), other));
  }

  /** Whether each element is at most `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `less_equal_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `less_equal_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.less_equal_.html */
  lessEqual_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(714, h(this), h(other)); return this; }
    call(713, h(this), other);
    return this;
  }

  /** Whether each element is below `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `less_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `less_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.less_.html */
  less_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(710, h(this), h(other)); return this; }
    call(709, h(this), other);
    return this;
  }

  /** The logarithm of the gamma function's size; gamma(n) is (n - 1)! for whole n.
   *  Shape: any, unchanged.
   *
   *  `lgamma(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lgamma.html
   *  @example
   *  tensor([5]).lgamma().exp().round(); // tensor([24.]) */
  lgamma(): Tensor {
    return wrap(call(715, h(this)));
  }

  /** The logarithm of the gamma function's size; gamma(n) is (n - 1)! for whole n. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `lgamma_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lgamma_.html
   *  @example
   *  tensor([5]).lgamma_().exp().round(); // tensor([24.]) */
  lgamma_(): this {
    call(716, h(this));
    return this;
  }

  /** The natural logarithm of each element.
   *  Shape: any, unchanged.
   *
   *  `log(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log.html
   *  @example
   *  tensor([1, 10]).log(); // tensor([0.0000, 2.3026]) */
  log(): Tensor {
    return wrap(call(772, h(this)));
  }

  /** The logarithm to base 10.
   *  Shape: any, unchanged.
   *
   *  `log10(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log10.html
   *  @example
   *  tensor([1000, 5]).log10(); // tensor([3.0000, 0.6990]) */
  log10(): Tensor {
    return wrap(call(773, h(this)));
  }

  /** The logarithm to base 10. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `log10_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log10_.html
   *  @example
   *  tensor([1000, 5]).log10_(); // tensor([3.0000, 0.6990]) */
  log10_(): this {
    call(774, h(this));
    return this;
  }

  /** `log(1 + x)`, exact where x is near 0.
   *  Shape: any, unchanged.
   *
   *  `log1p(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log1p.html
   *  @example
   *  tensor([1e-10], { dtype: 'float64' }).log1p(); // tensor([1.0000e-10], dtype=torch.float64) */
  log1p(): Tensor {
    return wrap(call(775, h(this)));
  }

  /** `log(1 + x)`, exact where x is near 0. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `log1p_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log1p_.html
   *  @example
   *  tensor([1e-10], { dtype: 'float64' }).log1p_(); // tensor([1.0000e-10], dtype=torch.float64) */
  log1p_(): this {
    call(776, h(this));
    return this;
  }

  /** The logarithm to base 2.
   *  Shape: any, unchanged.
   *
   *  `log2(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log2.html
   *  @example
   *  tensor([8, 3]).log2(); // tensor([3.0000, 1.5850]) */
  log2(): Tensor {
    return wrap(call(777, h(this)));
  }

  /** The logarithm to base 2. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `log2_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log2_.html
   *  @example
   *  tensor([8, 3]).log2_(); // tensor([3.0000, 1.5850]) */
  log2_(): this {
    call(778, h(this));
    return this;
  }

  /** Fills the tensor with numbers whose logarithms are normal, in place.
   *  Shape: any, unchanged.
   *
   *  `log_normal_(Tensor(a!) self, float mean=1., float std=2., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log_normal_.html
   *  @example
   *  manualSeed(0);
   *  zeros([10000]).logNormal_({ mean: 3, std: 1 }).log().mean().sub(3).abs().lt(0.05); // tensor(True) */
  logNormal_(options?: { mean?: number | undefined; std?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(780, h(this));
      return this;
    }
    readOptions('logNormal_', OPTIONS_37, options);
    call(780, h(this), options.mean, options.std, options.generator?.index);
    return this;
  }

  /** The logarithm of `softmax`, exact for very small shares too.
   *  Shape: any, unchanged.
   *
   *  `log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`
   *  @example
   *  tensor([0, 1000]).logSoftmax(0); // tensor([-1000.,     0.]) */
  logSoftmax(dim: number, options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(782, h(this), dim));
    readOptions('logSoftmax', OPTIONS_17, options);
    return wrap(call(782, h(this), dim, options.dtype && dtypeCode(options.dtype)));
  }

  /** The natural logarithm of each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `log_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.log_.html
   *  @example
   *  tensor([1, 10]).log_(); // tensor([0.0000, 2.3026]) */
  log_(): this {
    call(779, h(this));
    return this;
  }

  /** `log(exp(x) + exp(other))`, which does not overflow.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `logaddexp(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logaddexp.html
   *  @example
   *  tensor([1000]).logaddexp(tensor([1000])); // tensor([1000.6932]) */
  logaddexp(other: Tensor): Tensor {
    return wrap(call(783, h(this), h(other)));
  }

  /** `log2(2^x + 2^other)`, which does not overflow.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `logaddexp2(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logaddexp2.html
   *  @example
   *  tensor([3]).logaddexp2(tensor([1])); // tensor([3.3219]) */
  logaddexp2(other: Tensor): Tensor {
    return wrap(call(784, h(this), h(other)));
  }

  /** `logsumexp` of each element and all before it along `dim`.
   *  Shape: any, unchanged.
   *
   *  `logcumsumexp(Tensor self, int dim) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logcumsumexp.html
   *  @example
   *  tensor([0, 0, 0]).logcumsumexp(0); // tensor([0.0000, 0.6931, 1.0986]) */
  logcumsumexp(dim: number): Tensor {
    return wrap(call(785, h(this), dim));
  }

  /** The logarithm of the determinant; NaN where it is negative.
   *  Shape: [*, N, N] -> [*].
   *
   *  `logdet(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logdet.html
   *  @example
   *  tensor([[4, 0], [0, 1]]).logdet(); // tensor(1.3863) */
  logdet(): Tensor {
    return wrap(call(786, h(this)));
  }

  /** Whether both are true, or not zero.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `logical_and(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_and.html
   *  @example
   *  tensor([0, 1, 2]).logicalAnd(tensor([1, 0, 3])); // tensor([False, False,  True]) */
  logicalAnd(other: Tensor): Tensor {
    return wrap(call(787, h(this), h(other)));
  }

  /** Whether both are true, or not zero. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `logical_and_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_and_.html */
  logicalAnd_(other: Tensor): this {
    call(788, h(this), h(other));
    return this;
  }

  /** Whether each element is false, or zero.
   *  Shape: any, unchanged.
   *
   *  `logical_not(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_not.html
   *  @example
   *  tensor([0, 1, 2]).logicalNot(); // tensor([ True, False, False]) */
  logicalNot(): Tensor {
    return wrap(call(789, h(this)));
  }

  /** Whether each element is false, or zero. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `logical_not_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_not_.html */
  logicalNot_(): this {
    call(790, h(this));
    return this;
  }

  /** Whether either is true, or not zero.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `logical_or(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_or.html
   *  @example
   *  tensor([0, 0, 2]).logicalOr(tensor([1, 0, 3])); // tensor([ True, False,  True]) */
  logicalOr(other: Tensor): Tensor {
    return wrap(call(791, h(this), h(other)));
  }

  /** Whether either is true, or not zero. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `logical_or_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_or_.html */
  logicalOr_(other: Tensor): this {
    call(792, h(this), h(other));
    return this;
  }

  /** Whether one is true, or not zero, and the other is not.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `logical_xor(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_xor.html
   *  @example
   *  tensor([0, 0, 2]).logicalXor(tensor([1, 0, 3])); // tensor([ True, False, False]) */
  logicalXor(other: Tensor): Tensor {
    return wrap(call(793, h(this), h(other)));
  }

  /** Whether one is true, or not zero, and the other is not. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `logical_xor_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logical_xor_.html */
  logicalXor_(other: Tensor): this {
    call(794, h(this), h(other));
    return this;
  }

  /** The number whose sigmoid each element is: `log(x / (1 - x))`; `eps` keeps elements away from 0 and 1.
   *  Shape: any, unchanged.
   *
   *  `logit(Tensor self, float? eps=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logit.html
   *  @example
   *  tensor([0.5, 0.7311]).logit(); // tensor([0.0000, 1.0002]) */
  logit(options?: { eps?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(795, h(this)));
    readOptions('logit', OPTIONS_38, options);
    return wrap(call(795, h(this), options.eps));
  }

  /** The number whose sigmoid each element is: `log(x / (1 - x))`; `eps` keeps elements away from 0 and 1. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `logit_(Tensor(a!) self, float? eps=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logit_.html
   *  @example
   *  tensor([0.5, 0.7311]).logit_(); // tensor([0.0000, 1.0002]) */
  logit_(options?: { eps?: number | undefined }): this {
    if (options === undefined) {
      call(796, h(this));
      return this;
    }
    readOptions('logit_', OPTIONS_38, options);
    call(796, h(this), options.eps);
    return this;
  }

  /** `log(sum(exp(x)))` along `dim`, which does not overflow.
   *  Shape: the input without `dim`, or with size 1 there if `keepdim`.
   *
   *  `logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.logsumexp.html
   *  @example
   *  tensor([1000, 1000]).logsumexp(0); // tensor(1000.6932) */
  logsumexp(dim: number | readonly number[], options?: { keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(801, h(this), dim));
    readOptions('logsumexp', OPTIONS_39, options);
    return wrap(call(801, h(this), dim, options.keepdim));
  }

  /** Whether each element is below `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `lt.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `lt.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lt.html
   *  @example
   *  tensor([1, 2, 3]).lt(2); // tensor([ True, False, False]) */
  lt(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(806, h(this), h(other)));
    return wrap(call(805, h(this), other));
  }

  /** Whether each element is below `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `lt_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `lt_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lt_.html */
  lt_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(808, h(this), h(other)); return this; }
    call(807, h(this), other);
    return this;
  }

  /** The X for which A X is the input, out of what `linalg.luFactor` gave for A.
   *
   *  `lu_solve(Tensor self, Tensor LU_data, Tensor LU_pivots) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.lu_solve.html
   *  @example
   *  const [LU, pivots] = linalg.luFactor(tensor([[0, 2], [4, 8]]));
   *  tensor([[4], [20]]).luSolve(LU, pivots); // tensor([[1.], [2.]]) */
  luSolve(LUData: Tensor, LUPivots: Tensor): Tensor {
    return wrap(call(809, h(this), h(LUData), h(LUPivots)));
  }

  /** Replaces the elements where the mask is true by one value.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor`
   *  `masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_fill.html
   *  @example
   *  tensor([1, 2, 3]).maskedFill(tensor([true, false, true]), -1); // tensor([-1.,  2., -1.]) */
  maskedFill(mask: Tensor, value: Tensor | Scalar): Tensor {
    if (typeof value === 'object') return wrap(call(815, h(this), h(mask), h(value)));
    return wrap(call(814, h(this), h(mask), value));
  }

  /** Replaces the elements where the mask is true by one value. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `masked_fill_.Tensor(Tensor(a!) self, Tensor mask, Tensor value) -> Tensor(a!)`
   *  `masked_fill_.Scalar(Tensor(a!) self, Tensor mask, Scalar value) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_fill_.html
   *  @example
   *  tensor([1, 2, 3]).maskedFill_(tensor([true, false, true]), -1); // tensor([-1.,  2., -1.]) */
  maskedFill_(mask: Tensor, value: Tensor | Scalar): this {
    if (typeof value === 'object') { call(817, h(this), h(mask), h(value)); return this; }
    call(816, h(this), h(mask), value);
    return this;
  }

  /** Replaces the elements where the mask is true by those of `source`, one after the other.
   *  Shape: any, unchanged; the mask broadcasts to it.
   *
   *  `masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_scatter.html
   *  @example
   *  zeros([3]).maskedScatter(tensor([true, false, true]), tensor([7, 8])); // tensor([7., 0., 8.]) */
  maskedScatter(mask: Tensor, source: Tensor): Tensor {
    return wrap(call(818, h(this), h(mask), h(source)));
  }

  /** Replaces the elements where the mask is true by those of `source`, one after the other. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the mask broadcasts to it.
   *
   *  `masked_scatter_(Tensor(a!) self, Tensor mask, Tensor source) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_scatter_.html
   *  @example
   *  zeros([3]).maskedScatter_(tensor([true, false, true]), tensor([7, 8])); // tensor([7., 0., 8.]) */
  maskedScatter_(mask: Tensor, source: Tensor): this {
    call(819, h(this), h(mask), h(source));
    return this;
  }

  /** The elements where the mask is true, in one dimension.
   *
   *  `masked_select(Tensor self, Tensor mask) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.masked_select.html
   *  @example
   *  const x = tensor([[1, 2], [3, 4]]);
   *  x.maskedSelect(x.gt(2)); // tensor([3., 4.]) */
  maskedSelect(mask: Tensor): Tensor {
    return wrap(call(820, h(this), h(mask)));
  }

  /** The matrix product; of batches, matrix by matrix; of two vectors, their dot product.
   *  Shape: [*, N, K], [*, K, M] -> [*, N, M], with leading dimensions broadcast; a vector counts as a row or a column, and that dimension is dropped.
   *
   *  `matmul(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.matmul.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).matmul(tensor([10, 1])); // tensor([12., 34.])
   *  ones([5, 2, 3]).matmul(ones([3, 4])).shape; // [5, 2, 4] */
  matmul(other: Tensor): Tensor {
    return wrap(call(821, h(this), h(other)));
  }

  /** The exponential series of a matrix: I + A + A^2/2 + A^3/6 + …, without end.
   *  Shape: [*, N, N] -> [*, N, N].
   *
   *  `matrix_exp(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.matrix_exp.html
   *  @example
   *  tensor([[0, 0.5], [0, 0]]).matrixExp(); // tensor([[1.0000, 0.5000], [0.0000, 1.0000]]) */
  matrixExp(): Tensor {
    return wrap(call(823, h(this)));
  }

  /** A matrix multiplied with itself `n` times; its inverse, where `n` is negative.
   *  Shape: [*, N, N] -> [*, N, N].
   *
   *  `matrix_power(Tensor self, int n) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.matrix_power.html
   *  @example
   *  tensor([[1, 1], [0, 1]]).matrixPower(5); // tensor([[1., 5.], [0., 1.]]) */
  matrixPower(n: number): Tensor {
    return wrap(call(824, h(this), n));
  }

  /** The largest element; along `dim`, the largest ones and where they are; with `other`, the larger of two as `maximum`.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `max(Tensor self) -> Tensor`
   *  `max.other(Tensor self, Tensor other) -> Tensor`
   *  `max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.max.html
   *  @example
   *  tensor([[1, 9], [7, 3]]).max(); // tensor(9.)
   *  tensor([[1, 9], [7, 3]]).max({ dim: 1 }); // [tensor([9., 7.]), tensor([1, 0])] */
  max(options?: { other: Tensor }): Tensor;
  max(options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
  max(options?: { other?: Tensor | undefined; dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrap(call(825, h(this)));
    const given = readOptions('max', OPTIONS_40, options);
    if ((given & 7) === 0) return wrap(call(825, h(this)));
    if ((given & 7) === 1) return wrap(call(827, h(this), h(options.other)));
    if ((given & 3) === 2) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(826, h(this), options.dim, options.keepdim));
    throw unfit('max', 'max() or max({ other }) or max({ dim, keepdim? })', [options]);
  }

  /** The larger of two, element by element; NaN where either is.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `maximum(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.maximum.html
   *  @example
   *  tensor([1, 5]).maximum(tensor([3, 2])); // tensor([3., 5.]) */
  maximum(other: Tensor): Tensor {
    return wrap(call(836, h(this), h(other)));
  }

  /** The average of all elements, or of those along `dim`.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `mean(Tensor self, *, ScalarType? dtype=None) -> Tensor`
   *  `mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mean.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).mean({ dim: 1, keepdim: true }); // tensor([[1.5000], [3.5000]]) */
  mean(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(837, h(this)));
    const given = readOptions('mean', OPTIONS_41, options);
    if ((given & 6) === 0) return wrap(call(837, h(this), options.dtype && dtypeCode(options.dtype)));
    return wrap(call(838, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  }

  /** The element in the middle, of two the lower one; along `dim` also where it is.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `median(Tensor self) -> Tensor`
   *  `median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.median.html
   *  @example
   *  tensor([5, 1, 4, 2]).median(); // tensor(2.) */
  median(): Tensor;
  median(options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
  median(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrap(call(839, h(this)));
    const given = readOptions('median', OPTIONS_3, options);
    if ((given & 3) === 0) return wrap(call(839, h(this)));
    if ((given & 1) === 1) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(840, h(this), options.dim, options.keepdim));
    throw unfit('median', 'median() or median({ dim, keepdim? })', [options]);
  }

  /** The smallest element; along `dim`, the smallest ones and where they are; with `other`, the smaller of two as `minimum`.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `min(Tensor self) -> Tensor`
   *  `min.other(Tensor self, Tensor other) -> Tensor`
   *  `min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.min.html
   *  @example
   *  tensor([[1, 9], [7, 3]]).min(); // tensor(1.)
   *  tensor([[1, 9], [7, 3]]).min({ dim: 1 }); // [tensor([1., 3.]), tensor([0, 1])] */
  min(options?: { other: Tensor }): Tensor;
  min(options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
  min(options?: { other?: Tensor | undefined; dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrap(call(843, h(this)));
    const given = readOptions('min', OPTIONS_40, options);
    if ((given & 7) === 0) return wrap(call(843, h(this)));
    if ((given & 7) === 1) return wrap(call(845, h(this), h(options.other)));
    if ((given & 3) === 2) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(844, h(this), options.dim, options.keepdim));
    throw unfit('min', 'min() or min({ other }) or min({ dim, keepdim? })', [options]);
  }

  /** The smaller of two, element by element; NaN where either is.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `minimum(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.minimum.html
   *  @example
   *  tensor([1, 5]).minimum(tensor([3, 2])); // tensor([1., 2.]) */
  minimum(other: Tensor): Tensor {
    return wrap(call(846, h(this), h(other)));
  }

  /** The product of two matrices.
   *  Shape: [N, K], [K, M] -> [N, M].
   *
   *  `mm(Tensor self, Tensor mat2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mm.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).mm(tensor([[0, 1], [1, 0]])); // tensor([[2., 1.], [4., 3.]]) */
  mm(mat2: Tensor): Tensor {
    return wrap(call(849, h(this), h(mat2)));
  }

  /** The most frequent element along `dim` (default the last), of several the smallest, and where it is last found.
   *  Shape: the input without `dim`, or with size 1 there if `keepdim`.
   *
   *  `mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mode.html
   *  @example
   *  tensor([1, 3, 3, 2]).mode(); // [tensor(3.), tensor(2)] */
  mode(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(851, h(this)));
    readOptions('mode', OPTIONS_3, options);
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(851, h(this), options.dim, options.keepdim));
  }

  /** Another name of `movedim`. Moves dimensions to other places and leaves the others in their order, as a view.
   *  Shape: the input, with the size at `source` moved to `destination`.
   *
   *  `moveaxis.int(Tensor(a) self, int source, int destination) -> Tensor(a)`
   *  `moveaxis.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.moveaxis.html
   *  @example
   *  zeros([2, 3, 4]).moveaxis(0, 2).shape; // [3, 4, 2] */
  moveaxis(source: number, destination: number): Tensor;
  moveaxis(source: readonly number[], destination: readonly number[]): Tensor;
  moveaxis(source: number | readonly number[], destination: number | readonly number[]): Tensor {
    if (typeof source !== 'object' && typeof destination !== 'object') return wrap(call(852, h(this), source, destination));
    if (isList(source) && isList(destination)) return wrap(call(853, h(this), source, destination));
    throw unfit('moveaxis', 'moveaxis(source: number, destination: number) or moveaxis(source: readonly number[], destination: readonly number[])', [source, destination]);
  }

  /** Moves dimensions to other places and leaves the others in their order, as a view.
   *  Shape: the input, with the size at `source` moved to `destination`.
   *
   *  `movedim.int(Tensor(a) self, int source, int destination) -> Tensor(a)`
   *  `movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.movedim.html
   *  @example
   *  zeros([2, 3, 4]).movedim(0, 2).shape; // [3, 4, 2] */
  movedim(source: number, destination: number): Tensor;
  movedim(source: readonly number[], destination: readonly number[]): Tensor;
  movedim(source: number | readonly number[], destination: number | readonly number[]): Tensor {
    if (typeof source !== 'object' && typeof destination !== 'object') return wrap(call(854, h(this), source, destination));
    if (isList(source) && isList(destination)) return wrap(call(855, h(this), source, destination));
    throw unfit('movedim', 'movedim(source: number, destination: number) or movedim(source: readonly number[], destination: readonly number[])', [source, destination]);
  }

  /** The elements in ascending order along dimension 0.
   *  Shape: any, unchanged.
   *
   *  `msort(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.msort.html
   *  @example
   *  tensor([[3, 1], [2, 4]]).msort(); // tensor([[2., 1.], [3., 4.]]) */
  msort(): Tensor {
    return wrap(call(857, h(this)));
  }

  /** Multiplies each element by `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `mul.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `mul.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mul.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).mul(tensor([10, 100])); // tensor([[ 10., 200.], [ 30., 400.]]) */
  mul(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(859, h(this), h(other)));
    return wrap(call(858, h(this), other));
  }

  /** Multiplies each element by `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `mul_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `mul_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mul_.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).mul_(tensor([10, 100])); // tensor([[ 10., 200.], [ 30., 400.]]) */
  mul_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(861, h(this), h(other)); return this; }
    call(860, h(this), other);
    return this;
  }

  /** Draws places of the last dimension with chances in proportion to its elements, without repetition unless `replacement` is true.
   *  Shape: [N] -> [numSamples], [B, N] -> [B, numSamples].
   *
   *  `multinomial(Tensor self, int num_samples, bool replacement=False, *, Generator? generator=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.multinomial.html
   *  @example
   *  tensor([0, 5, 0]).multinomial(1); // tensor([1])
   *  tensor([1, 1, 1]).multinomial(3).sort()[0]; // tensor([0, 1, 2]) */
  multinomial(numSamples: number, options?: { replacement?: boolean | undefined; generator?: Generator | undefined }): Tensor {
    if (options === undefined) return wrap(call(864, h(this), numSamples));
    readOptions('multinomial', OPTIONS_42, options);
    return wrap(call(864, h(this), numSamples, options.replacement, options.generator?.index));
  }

  /** Another name of `mul`. Multiplies each element by `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `multiply.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `multiply.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.multiply.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).multiply(tensor([10, 100])); // tensor([[ 10., 200.], [ 30., 400.]]) */
  multiply(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(866, h(this), h(other)));
    return wrap(call(865, h(this), other));
  }

  /** Multiplies each element by `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `multiply_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `multiply_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.multiply_.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).multiply_(tensor([10, 100])); // tensor([[ 10., 200.], [ 30., 400.]]) */
  multiply_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(868, h(this), h(other)); return this; }
    call(867, h(this), other);
    return this;
  }

  /** The product of a matrix and a vector.
   *  Shape: [N, K], [K] -> [N].
   *
   *  `mv(Tensor self, Tensor vec) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mv.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).mv(tensor([1, 1])); // tensor([3., 7.]) */
  mv(vec: Tensor): Tensor {
    return wrap(call(869, h(this), h(vec)));
  }

  /** The logarithm of the gamma function of p dimensions.
   *  Shape: any, unchanged.
   *
   *  `mvlgamma(Tensor self, int p) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mvlgamma.html
   *  @example
   *  tensor([2, 3]).mvlgamma(1); // tensor([0.0000, 0.6931]) */
  mvlgamma(p: number): Tensor {
    return wrap(call(870, h(this), p));
  }

  /** The logarithm of the gamma function of p dimensions. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `mvlgamma_(Tensor(a!) self, int p) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.mvlgamma_.html
   *  @example
   *  tensor([2, 3]).mvlgamma_(1); // tensor([0.0000, 0.6931]) */
  mvlgamma_(p: number): this {
    call(871, h(this), p);
    return this;
  }

  /** Replaces NaN by `nan` (default 0) and the infinities by `posinf` and `neginf` (default the dtype's largest and smallest numbers).
   *  Shape: any, unchanged.
   *
   *  `nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nan_to_num.html
   *  @example
   *  tensor([NaN, Infinity, 1]).nanToNum({ posinf: 9 }); // tensor([0., 9., 1.]) */
  nanToNum(options?: { nan?: number | undefined; posinf?: number | undefined; neginf?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(872, h(this)));
    readOptions('nanToNum', OPTIONS_43, options);
    return wrap(call(872, h(this), options.nan, options.posinf, options.neginf));
  }

  /** Replaces NaN by `nan` (default 0) and the infinities by `posinf` and `neginf` (default the dtype's largest and smallest numbers). In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `nan_to_num_(Tensor(a!) self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nan_to_num_.html
   *  @example
   *  tensor([NaN, Infinity, 1]).nanToNum_({ posinf: 9 }); // tensor([0., 9., 1.]) */
  nanToNum_(options?: { nan?: number | undefined; posinf?: number | undefined; neginf?: number | undefined }): this {
    if (options === undefined) {
      call(873, h(this));
      return this;
    }
    readOptions('nanToNum_', OPTIONS_43, options);
    call(873, h(this), options.nan, options.posinf, options.neginf);
    return this;
  }

  /** The average of the elements that are not NaN.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `nanmean(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nanmean.html
   *  @example
   *  tensor([1, NaN, 3]).nanmean(); // tensor(2.) */
  nanmean(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(874, h(this)));
    readOptions('nanmean', OPTIONS_44, options);
    return wrap(call(874, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  }

  /** The median of the elements that are not NaN.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `nanmedian(Tensor self) -> Tensor`
   *  `nanmedian.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nanmedian.html
   *  @example
   *  tensor([5, NaN, 1, 4]).nanmedian(); // tensor(4.) */
  nanmedian(): Tensor;
  nanmedian(options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
  nanmedian(options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrap(call(875, h(this)));
    const given = readOptions('nanmedian', OPTIONS_3, options);
    if ((given & 3) === 0) return wrap(call(875, h(this)));
    if ((given & 1) === 1) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(876, h(this), options.dim, options.keepdim));
    throw unfit('nanmedian', 'nanmedian() or nanmedian({ dim, keepdim? })', [options]);
  }

  /** `quantile` of the elements that are not NaN.
   *  Shape: with a number `q` as a reduction: [] for all elements; with `dim`, the input without it. With a tensor [Q], that after a first dimension Q.
   *
   *  `nanquantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
   *  `nanquantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nanquantile.html
   *  @example
   *  tensor([0, NaN, 10]).nanquantile(0.5); // tensor(5.) */
  nanquantile(q: Tensor | number, options?: { dim?: number | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor {
    if (options === undefined) {
      if (typeof q === 'object') return wrap(call(877, h(this), h(q)));
      return wrap(call(878, h(this), q));
    }
    readOptions('nanquantile', OPTIONS_45, options);
    if (typeof q === 'object') return wrap(call(877, h(this), h(q), options.dim, options.keepdim, options.interpolation));
    return wrap(call(878, h(this), q, options.dim, options.keepdim, options.interpolation));
  }

  /** Adds up all elements, or those along `dim`, and takes NaN for 0.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nansum.html
   *  @example
   *  tensor([1, NaN, 3]).nansum(); // tensor(4.) */
  nansum(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(879, h(this)));
    readOptions('nansum', OPTIONS_44, options);
    return wrap(call(879, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  }

  /** The `length` slices from `start` on along `dim`, as a view.
   *  Shape: the input, with `length` at `dim`.
   *
   *  `narrow.Tensor(Tensor(a) self, int dim, Tensor start, int length) -> Tensor(a)`
   *  `narrow(Tensor(a) self, int dim, int start, int length) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.narrow.html
   *  @example
   *  tensor([1, 2, 3, 4]).narrow(0, 1, 2); // tensor([2., 3.]) */
  narrow(dim: number, start: Tensor | number, length: number): Tensor {
    if (typeof start === 'object') return wrap(call(881, h(this), dim, h(start), length));
    return wrap(call(880, h(this), dim, start, length));
  }

  /** The `length` slices from `start` on along `dim`, copied.
   *  Shape: the input, with `length` at `dim`.
   *
   *  `narrow_copy(Tensor self, int dim, int start, int length) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.narrow_copy.html
   *  @example
   *  tensor([1, 2, 3, 4]).narrowCopy(0, 1, 2); // tensor([2., 3.]) */
  narrowCopy(dim: number, start: number, length: number): Tensor {
    return wrap(call(882, h(this), dim, start, length));
  }

  /** Whether each element differs from `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `ne.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `ne.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ne.html
   *  @example
   *  tensor([1, 2, 3]).ne(2); // tensor([ True, False,  True]) */
  ne(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(891, h(this), h(other)));
    return wrap(call(890, h(this), other));
  }

  /** Whether each element differs from `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `ne_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `ne_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ne_.html */
  ne_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(893, h(this), h(other)); return this; }
    call(892, h(this), other);
    return this;
  }

  /** Changes the sign of each element.
   *  Shape: any, unchanged.
   *
   *  `neg(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.neg.html
   *  @example
   *  tensor([1, -2]).neg(); // tensor([-1.,  2.]) */
  neg(): Tensor {
    return wrap(call(894, h(this)));
  }

  /** Changes the sign of each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `neg_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.neg_.html
   *  @example
   *  tensor([1, -2]).neg_(); // tensor([-1.,  2.]) */
  neg_(): this {
    call(895, h(this));
    return this;
  }

  /** Another name of `neg`. Changes the sign of each element.
   *  Shape: any, unchanged.
   *
   *  `negative(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.negative.html
   *  @example
   *  tensor([1, -2]).negative(); // tensor([-1.,  2.]) */
  negative(): Tensor {
    return wrap(call(896, h(this)));
  }

  /** Changes the sign of each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `negative_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.negative_.html
   *  @example
   *  tensor([1, -2]).negative_(); // tensor([-1.,  2.]) */
  negative_(): this {
    call(897, h(this));
    return this;
  }

  /** Memory of this tensor's dtype and place, undefined until written.
   *  Shape: `size`.
   *
   *  `new_empty(Tensor self, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_empty.html
   *  @example
   *  tensor([1n]).newEmpty([2, 3]).shape; // [2, 3] */
  newEmpty(size: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(898, h(this), size));
    readOptions('newEmpty', OPTIONS_46, options);
    return tracked(wrap(call(898, h(this), size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** Memory of this tensor's dtype and place, laid out with the strides given, undefined until written.
   *  Shape: `size`.
   *
   *  `new_empty_strided(Tensor self, int[] size, int[] stride, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_empty_strided.html
   *  @example
   *  tensor([1]).newEmptyStrided([2, 3], [1, 2]).stride; // [1, 2] */
  newEmptyStrided(size: readonly number[], stride: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(899, h(this), size, stride));
    readOptions('newEmptyStrided', OPTIONS_46, options);
    return tracked(wrap(call(899, h(this), size, stride, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** One value of this tensor's dtype and place, in the shape given.
   *  Shape: `size`.
   *
   *  `new_full(Tensor self, int[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_full.html
   *  @example
   *  tensor([1]).newFull([2], 3); // tensor([3., 3.]) */
  newFull(size: readonly number[], fillValue: Scalar, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(900, h(this), size, fillValue));
    readOptions('newFull', OPTIONS_46, options);
    return tracked(wrap(call(900, h(this), size, fillValue, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** Ones of this tensor's dtype and place, in the shape given.
   *  Shape: `size`.
   *
   *  `new_ones(Tensor self, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_ones.html
   *  @example
   *  tensor([1n]).newOnes([2]); // tensor([1, 1]) */
  newOnes(size: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(901, h(this), size));
    readOptions('newOnes', OPTIONS_46, options);
    return tracked(wrap(call(901, h(this), size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** Zeros of this tensor's dtype and place, in the shape given.
   *  Shape: `size`.
   *
   *  `new_zeros(Tensor self, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.new_zeros.html
   *  @example
   *  tensor([1n]).newZeros([2]); // tensor([0, 0]) */
  newZeros(size: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(902, h(this), size));
    readOptions('newZeros', OPTIONS_46, options);
    return tracked(wrap(call(902, h(this), size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  }

  /** The next number that the dtype has in the direction of `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `nextafter(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nextafter.html
   *  @example
   *  tensor([1]).nextafter(tensor([2])).sub(1); // tensor([1.1921e-07]) */
  nextafter(other: Tensor): Tensor {
    return wrap(call(903, h(this), h(other)));
  }

  /** The next number that the dtype has in the direction of `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `nextafter_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nextafter_.html
   *  @example
   *  tensor([1]).nextafter_(tensor([2])).sub(1); // tensor([1.1921e-07]) */
  nextafter_(other: Tensor): this {
    call(904, h(this), h(other));
    return this;
  }

  /** The places of the elements that are not zero, one a row.
   *
   *  `nonzero(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nonzero.html
   *  @example
   *  tensor([[0, 5], [7, 0]]).nonzero(); // tensor([[0, 1], [1, 0]]) */
  nonzero(): Tensor {
    return wrap(call(908, h(this)));
  }

  /** The first `size` places of elements that are not zero; places that are missing hold `fillValue`. The shape does not depend on the data.
   *
   *  `nonzero_static(Tensor self, *, int size, int fill_value=-1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.nonzero_static.html
   *  @example
   *  tensor([0, 5, 7]).nonzeroStatic({ size: 3 }); // tensor([[ 1], [ 2], [-1]]) */
  nonzeroStatic(options: { size: number; fillValue?: number | undefined }): Tensor {
    const given = readOptions('nonzeroStatic', OPTIONS_47, options);
    if ((given & 1) === 1) return wrap(call(909, h(this), options.size, options.fillValue));
    throw unfit('nonzeroStatic', 'nonzeroStatic({ size, fillValue? })', [options]);
  }

  /** Fills the tensor with normal numbers, in place.
   *  Shape: any, unchanged.
   *
   *  `normal_(Tensor(a!) self, float mean=0., float std=1., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.normal_.html
   *  @example
   *  zeros([2]).normal_({ mean: 7, std: 0 }); // tensor([7., 7.]) */
  normal_(options?: { mean?: number | undefined; std?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(919, h(this));
      return this;
    }
    readOptions('normal_', OPTIONS_37, options);
    call(919, h(this), options.mean, options.std, options.generator?.index);
    return this;
  }

  /** Another name of `ne`. Whether each element differs from `other`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `not_equal.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `not_equal.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.not_equal.html
   *  @example
   *  tensor([1, 2, 3]).notEqual(2); // tensor([ True, False,  True]) */
  notEqual(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(921, h(this), h(other)));
    return wrap(call(920, h(this), other));
  }

  /** Whether each element differs from `other`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `not_equal_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `not_equal_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.not_equal_.html */
  notEqual_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(923, h(this), h(other)); return this; }
    call(922, h(this), other);
    return this;
  }

  /** `orgqr(Tensor self, Tensor input2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.orgqr.html */
  orgqr(input2: Tensor): Tensor {
    return wrap(call(931, h(this), h(input2)));
  }

  /** `ormqr(Tensor self, Tensor input2, Tensor input3, bool left=True, bool transpose=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ormqr.html */
  ormqr(input2: Tensor, input3: Tensor, options?: { left?: boolean | undefined; transpose?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(932, h(this), h(input2), h(input3)));
    readOptions('ormqr', OPTIONS_48, options);
    return wrap(call(932, h(this), h(input2), h(input3), options.left, options.transpose));
  }

  /** Every product of an element of one vector and an element of the other.
   *  Shape: [N], [M] -> [N, M].
   *
   *  `outer(Tensor self, Tensor vec2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.outer.html
   *  @example
   *  tensor([1, 2]).outer(tensor([3, 4, 5])); // tensor([[ 3.,  4.,  5.], [ 6.,  8., 10.]]) */
  outer(vec2: Tensor): Tensor {
    return wrap(call(933, h(this), h(vec2)));
  }

  /** Puts the dimensions in the order that is given, as a view.
   *  Shape: the sizes of the input, in the order of `dims`.
   *
   *  `permute(Tensor(a) self, int[] dims) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.permute.html
   *  @example
   *  zeros([2, 3, 4]).permute([2, 0, 1]).shape; // [4, 2, 3] */
  permute(dims: readonly number[]): Tensor {
    return wrap(call(938, h(this), dims));
  }

  /** `pin_memory(Tensor(a) self, Device? device=None) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.pin_memory.html */
  pinMemory(options?: { device?: Device | undefined }): Tensor {
    if (options === undefined) return wrap(call(940, h(this)));
    readOptions('pinMemory', OPTIONS_35, options);
    return wrap(call(940, h(this), options.device && deviceCode(options.device)));
  }

  /** The pseudo-inverse; singular values below `rcond` times the largest count as 0.
   *  Shape: [*, N, M] -> [*, M, N].
   *
   *  `pinverse(Tensor self, float rcond=1.0000000000000001e-15) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.pinverse.html
   *  @example
   *  tensor([[4]]).pinverse(); // tensor([[0.2500]]) */
  pinverse(options?: { rcond?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(941, h(this)));
    readOptions('pinverse', OPTIONS_49, options);
    return wrap(call(941, h(this), options.rcond));
  }

  /** The n-th derivative of `digamma`.
   *  Shape: any, unchanged.
   *
   *  `polygamma(int n, Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.polygamma.html
   *  @example
   *  tensor([1]).polygamma(1); // tensor([1.6449]) */
  polygamma(n: number): Tensor {
    return wrap(call(947, n, h(this)));
  }

  /** The n-th derivative of `digamma`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `polygamma_(Tensor(a!) self, int n) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.polygamma_.html
   *  @example
   *  tensor([1]).polygamma_(1); // tensor([1.6449]) */
  polygamma_(n: number): this {
    call(948, h(this), n);
    return this;
  }

  /** The tensor itself; an error for bool.
   *  Shape: any, unchanged.
   *
   *  `positive(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.positive.html
   *  @example
   *  tensor([1, -2]).positive(); // tensor([ 1., -2.]) */
  positive(): Tensor {
    return wrap(call(949, h(this)));
  }

  /** Raises each element to `exponent`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor`
   *  `pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.pow.html
   *  @example
   *  tensor([1, 2, 3]).pow(2); // tensor([1., 4., 9.])
   *  tensor([2, 2]).pow(tensor([2, 0.5])); // tensor([4.0000, 1.4142]) */
  pow(exponent: Tensor | Scalar): Tensor {
    if (typeof exponent === 'object') return wrap(call(952, h(this), h(exponent)));
    return wrap(call(951, h(this), exponent));
  }

  /** Raises each element to `exponent`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `pow_.Tensor(Tensor(a!) self, Tensor exponent) -> Tensor(a!)`
   *  `pow_.Scalar(Tensor(a!) self, Scalar exponent) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.pow_.html
   *  @example
   *  tensor([1, 2, 3]).pow_(2); // tensor([1., 4., 9.])
   *  tensor([2, 2]).pow_(tensor([2, 0.5])); // tensor([4.0000, 1.4142]) */
  pow_(exponent: Tensor | Scalar): this {
    if (typeof exponent === 'object') { call(954, h(this), h(exponent)); return this; }
    call(953, h(this), exponent);
    return this;
  }

  /** The element where it is positive, else `weight` times it; the weight is learned, one for all or one a channel.
   *  Shape: any, unchanged.
   *
   *  `prelu(Tensor self, Tensor weight) -> Tensor`
   *  @example
   *  tensor([-4, 2]).prelu(tensor([0.25])); // tensor([-1.,  2.]) */
  prelu(weight: Tensor): Tensor {
    return wrap(call(955, h(this), h(weight)));
  }

  /** Multiplies all elements, or those along `dim`.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `prod(Tensor self, *, ScalarType? dtype=None) -> Tensor`
   *  `prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.prod.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).prod({ dim: 1 }); // tensor([ 2., 12.]) */
  prod(options?: { dim: number; keepdim?: boolean | undefined; dtype?: DType | undefined } | { dtype?: DType | undefined }): Tensor;
  prod(options?: { dtype?: DType | undefined; dim?: number | undefined; keepdim?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(956, h(this)));
    const given = readOptions('prod', OPTIONS_41, options);
    if ((given & 6) === 0) return wrap(call(956, h(this), options.dtype && dtypeCode(options.dtype)));
    if ((given & 2) === 2) return wrap(call(957, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
    throw unfit('prod', 'prod({ dtype? }) or prod({ dim, keepdim?, dtype? })', [options]);
  }

  /** Puts elements at places of the flattened tensor; with `accumulate` it adds them.
   *  Shape: any, unchanged.
   *
   *  `put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.put.html
   *  @example
   *  zeros([2, 2]).put(tensor([3n]), tensor([9])); // tensor([[0., 0.], [0., 9.]]) */
  put(index: Tensor, source: Tensor, options?: { accumulate?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(959, h(this), h(index), h(source)));
    readOptions('put', OPTIONS_50, options);
    return wrap(call(959, h(this), h(index), h(source), options.accumulate));
  }

  /** Puts elements at places of the flattened tensor; with `accumulate` it adds them. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `put_(Tensor(a!) self, Tensor index, Tensor source, bool accumulate=False) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.put_.html
   *  @example
   *  zeros([2, 2]).put_(tensor([3n]), tensor([9])); // tensor([[0., 0.], [0., 9.]]) */
  put_(index: Tensor, source: Tensor, options?: { accumulate?: boolean | undefined }): this {
    if (options === undefined) {
      call(960, h(this), h(index), h(source));
      return this;
    }
    readOptions('put_', OPTIONS_50, options);
    call(960, h(this), h(index), h(source), options.accumulate);
    return this;
  }

  /** `q_per_channel_axis(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_per_channel_axis.html */
  qPerChannelAxis(): number {
    return call(961, h(this)) as number;
  }

  /** `q_per_channel_scales(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_per_channel_scales.html */
  qPerChannelScales(): Tensor {
    return wrap(call(962, h(this)));
  }

  /** `q_per_channel_zero_points(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_per_channel_zero_points.html */
  qPerChannelZeroPoints(): Tensor {
    return wrap(call(963, h(this)));
  }

  /** `q_scale(Tensor self) -> float`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_scale.html */
  qScale(): number {
    return call(964, h(this)) as number;
  }

  /** `q_zero_point(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.q_zero_point.html */
  qZeroPoint(): number {
    return call(965, h(this)) as number;
  }

  /** Q with orthonormal columns and an upper triangle R, whose product is the matrix; `linalg.qr` is its successor.
   *  Shape: [*, N, M] -> [*, N, K], [*, K, M], where K = min(N, M).
   *
   *  `qr(Tensor self, bool some=True) -> (Tensor Q, Tensor R)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.qr.html
   *  @example
   *  tensor([[3], [4.5]]).qr()[1].abs(); // tensor([[5.4083]]) */
  qr(options?: { some?: boolean | undefined }): readonly [Q: Tensor, R: Tensor] {
    if (options === undefined) return wrapTuple<readonly [Q: Tensor, R: Tensor]>(call(966, h(this)));
    readOptions('qr', OPTIONS_51, options);
    return wrapTuple<readonly [Q: Tensor, R: Tensor]>(call(966, h(this), options.some));
  }

  /** The value below which the fraction `q` of the elements lies, interpolated between two.
   *  Shape: with a number `q` as a reduction: [] for all elements; with `dim`, the input without it. With a tensor [Q], that after a first dimension Q.
   *
   *  `quantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
   *  `quantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.quantile.html
   *  @example
   *  tensor([0, 10, 20, 30]).quantile(0.5); // tensor(15.) */
  quantile(q: Tensor | number, options?: { dim?: number | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor {
    if (options === undefined) {
      if (typeof q === 'object') return wrap(call(967, h(this), h(q)));
      return wrap(call(968, h(this), q));
    }
    readOptions('quantile', OPTIONS_45, options);
    if (typeof q === 'object') return wrap(call(967, h(this), h(q), options.dim, options.keepdim, options.interpolation));
    return wrap(call(968, h(this), q, options.dim, options.keepdim, options.interpolation));
  }

  /** Radians as degrees.
   *  Shape: any, unchanged.
   *
   *  `rad2deg(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rad2deg.html
   *  @example
   *  tensor([Math.PI]).rad2deg(); // tensor([180.]) */
  rad2deg(): Tensor {
    return wrap(call(982, h(this)));
  }

  /** Radians as degrees. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `rad2deg_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rad2deg_.html
   *  @example
   *  tensor([Math.PI]).rad2deg_(); // tensor([180.]) */
  rad2deg_(): this {
    call(983, h(this));
    return this;
  }

  /** Fills the tensor with whole numbers that are equally likely from `from` up to but without `to`, in place.
   *  Shape: any, unchanged.
   *
   *  `random_(Tensor(a!) self, *, Generator? generator=None) -> Tensor(a!)`
   *  `random_.from(Tensor(a!) self, int from, int? to, *, Generator? generator=None) -> Tensor(a!)`
   *  `random_.to(Tensor(a!) self, int to, *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.random_.html
   *  @example
   *  const x = zeros([1000]).random_({ from: 1, to: 7 });
   *  x.aminmax(); // [tensor(1.), tensor(6.)] */
  random_(options?: { from: number; to?: number | undefined; generator?: Generator | undefined } | { generator?: Generator | undefined } | { to: number; generator?: Generator | undefined }): this;
  random_(options?: { generator?: Generator | undefined; from?: number | undefined; to?: number | undefined }): this {
    if (options === undefined) {
      call(1002, h(this));
      return this;
    }
    const given = readOptions('random_', OPTIONS_52, options);
    if ((given & 6) === 0) { call(1002, h(this), options.generator?.index); return this; }
    if ((given & 6) === 6) { call(1003, h(this), options.from, options.to, options.generator?.index); return this; }
    if ((given & 6) === 4) { call(1004, h(this), options.to, options.generator?.index); return this; }
    if ((given & 2) === 2) { call(1003, h(this), options.from, options.to, options.generator?.index); return this; }
    throw unfit('random_', 'random_({ generator? }) or random_({ from, to?, generator? }) or random_({ to, generator? })', [options]);
  }

  /** The elements in one dimension: a view where possible, else a copy.
   *  Shape: [N, M] -> [N * M].
   *
   *  `ravel(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.ravel.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).ravel(); // tensor([1., 2., 3., 4.]) */
  ravel(): Tensor {
    return wrap(call(1009, h(this)));
  }

  /** One divided by each element.
   *  Shape: any, unchanged.
   *
   *  `reciprocal(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.reciprocal.html
   *  @example
   *  tensor([2, -4]).reciprocal(); // tensor([ 0.5000, -0.2500]) */
  reciprocal(): Tensor {
    return wrap(call(1011, h(this)));
  }

  /** One divided by each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `reciprocal_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.reciprocal_.html
   *  @example
   *  tensor([2, -4]).reciprocal_(); // tensor([ 0.5000, -0.2500]) */
  reciprocal_(): this {
    call(1012, h(this));
    return this;
  }

  /** The element where it is positive, else 0.
   *  Shape: any, unchanged.
   *
   *  `relu(Tensor self) -> Tensor`
   *  @example
   *  tensor([-2, 0, 3]).relu(); // tensor([0., 0., 3.]) */
  relu(): Tensor {
    return wrap(call(1016, h(this)));
  }

  /** The element where it is positive, else 0. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `relu_(Tensor(a!) self) -> Tensor(a!)`
   *  @example
   *  tensor([-2, 0, 3]).relu_(); // tensor([0., 0., 3.]) */
  relu_(): this {
    call(1019, h(this));
    return this;
  }

  /** What is left of dividing by `other`, with the sign of `other`, as Python's `%`.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `remainder.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `remainder.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.remainder.html
   *  @example
   *  tensor([5, -5]).remainder(3); // tensor([2., 1.]) */
  remainder(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(1022, h(this), h(other)));
    return wrap(call(1020, h(this), other));
  }

  /** What is left of dividing by `other`, with the sign of `other`, as Python's `%`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `remainder_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `remainder_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.remainder_.html
   *  @example
   *  tensor([5, -5]).remainder_(3); // tensor([2., 1.]) */
  remainder_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(1024, h(this), h(other)); return this; }
    call(1023, h(this), other);
    return this;
  }

  /** Shrinks each slice along `dim` whose p-norm is above `maxnorm` to that norm.
   *  Shape: any, unchanged.
   *
   *  `renorm(Tensor self, Scalar p, int dim, Scalar maxnorm) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.renorm.html
   *  @example
   *  tensor([[3, 4], [0.3, 0.4]]).renorm(2, 0, 1); // tensor([[0.6000, 0.8000], [0.3000, 0.4000]]) */
  renorm(p: Scalar, dim: number, maxnorm: Scalar): Tensor {
    return wrap(call(1025, h(this), p, dim, maxnorm));
  }

  /** Shrinks each slice along `dim` whose p-norm is above `maxnorm` to that norm. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `renorm_(Tensor(a!) self, Scalar p, int dim, Scalar maxnorm) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.renorm_.html
   *  @example
   *  tensor([[3, 4], [0.3, 0.4]]).renorm_(2, 0, 1); // tensor([[0.6000, 0.8000], [0.3000, 0.4000]]) */
  renorm_(p: Scalar, dim: number, maxnorm: Scalar): this {
    call(1026, h(this), p, dim, maxnorm);
    return this;
  }

  /** Copies the tensor that often along each dimension.
   *  Shape: each size times its count; dimensions are put in front where there are more counts.
   *
   *  `repeat(Tensor self, int[] repeats) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.repeat.html
   *  @example
   *  tensor([1, 2]).repeat([2, 2]); // tensor([[1., 2., 1., 2.], [1., 2., 1., 2.]]) */
  repeat(repeats: readonly number[]): Tensor {
    return wrap(call(1027, h(this), repeats));
  }

  /** Repeats each element that often, next to itself.
   *  Shape: with a number: the input, with that many times the size at `dim`; without `dim`, [number of elements times that].
   *
   *  `repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, int? output_size=None) -> Tensor`
   *  `repeat_interleave.self_int(Tensor self, int repeats, int? dim=None, *, int? output_size=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.repeat_interleave.html
   *  @example
   *  tensor([1, 2]).repeatInterleave(2); // tensor([1., 1., 2., 2.])
   *  tensor([1, 2]).repeatInterleave(tensor([3n, 1n])); // tensor([1., 1., 1., 2.]) */
  repeatInterleave(repeats: Tensor | number, options?: { dim?: number | undefined; outputSize?: number | undefined }): Tensor {
    if (options === undefined) {
      if (typeof repeats === 'object') return wrap(call(1028, h(this), h(repeats)));
      return wrap(call(1029, h(this), repeats));
    }
    readOptions('repeatInterleave', OPTIONS_53, options);
    if (typeof repeats === 'object') return wrap(call(1028, h(this), h(repeats), options.dim, options.outputSize));
    return wrap(call(1029, h(this), repeats, options.dim, options.outputSize));
  }

  /** The elements under another shape, of which one size may be -1: a view where possible, else a copy.
   *  Shape: `shape`.
   *
   *  `reshape(Tensor(a) self, int[] shape) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.reshape.html
   *  @example
   *  arange(6).reshape([3, 2]); // tensor([[0, 1], [2, 3], [4, 5]]) */
  reshape(shape: readonly number[]): Tensor {
    return wrap(call(1033, h(this), shape));
  }

  /** The elements under the shape of another tensor.
   *  Shape: that of `other`.
   *
   *  `reshape_as(Tensor(a) self, Tensor other) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.reshape_as.html
   *  @example
   *  arange(4).reshapeAs(zeros([2, 2])); // tensor([[0, 1], [2, 3]]) */
  reshapeAs(other: Tensor): Tensor {
    return wrap(call(1034, h(this), h(other)));
  }

  /** `resize_as_sparse_(Tensor(a!) self, Tensor the_template) -> Tensor(a!)` */
  resizeAsSparse_(theTemplate: Tensor): this {
    call(1037, h(this), h(theTemplate));
    return this;
  }

  /** Gives the tensor the shape of another in place. Further elements are undefined until written.
   *
   *  `resize_as_(Tensor(a!) self, Tensor the_template, *, MemoryFormat? memory_format=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.resize_as_.html
   *  @example
   *  arange(4).resizeAs_(zeros([2, 2])); // tensor([[0, 1], [2, 3]]) */
  resizeAs_(theTemplate: Tensor, options?: { memoryFormat?: MemoryFormat | undefined }): this {
    if (options === undefined) {
      call(1036, h(this), h(theTemplate));
      return this;
    }
    readOptions('resizeAs_', OPTIONS_11, options);
    call(1036, h(this), h(theTemplate), options.memoryFormat && memoryFormatCode(options.memoryFormat));
    return this;
  }

  /** Gives the tensor another shape in place. Further elements are undefined until written.
   *  Shape: `size`.
   *
   *  `resize_(Tensor(a!) self, int[] size, *, MemoryFormat? memory_format=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.resize_.html
   *  @example
   *  arange(4).resize_([2, 2]); // tensor([[0, 1], [2, 3]]) */
  resize_(size: readonly number[], options?: { memoryFormat?: MemoryFormat | undefined }): this {
    if (options === undefined) {
      call(1035, h(this), size);
      return this;
    }
    readOptions('resize_', OPTIONS_11, options);
    call(1035, h(this), size, options.memoryFormat && memoryFormatCode(options.memoryFormat));
    return this;
  }

  /** The tensor itself, or, where it is a `conj` view, a copy with the numbers written out.
   *  Shape: any, unchanged.
   *
   *  `resolve_conj(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.resolve_conj.html
   *  @example
   *  complex(tensor([1]), tensor([2])).conj().resolveConj().isConj(); // false */
  resolveConj(): Tensor {
    return wrap(call(1038, h(this)));
  }

  /** The tensor itself, or, where it is a view with the sign changed, a copy with the numbers written out.
   *  Shape: any, unchanged.
   *
   *  `resolve_neg(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.resolve_neg.html
   *  @example
   *  complex(tensor([1]), tensor([2])).conj().imag.resolveNeg(); // tensor([-2.]) */
  resolveNeg(): Tensor {
    return wrap(call(1039, h(this)));
  }

  /** Keeps the gradient of a tensor that is no leaf, for `grad`.
   *
   *  `retain_grad(Tensor(a!) self) -> ()`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.retain_grad.html
   *  @example
   *  const x = tensor([3], { requiresGrad: true });
   *  const y = x.mul(2);
   *  y.retainGrad();
   *  y.square().backward();
   *  y.grad; // tensor([12.]) */
  retainGrad(): void {
    call(1044, h(this));
  }

  /** Shifts elements along `dims`; what falls off one end comes in at the other.
   *  Shape: any, unchanged.
   *
   *  `roll(Tensor self, int[1] shifts, int[1] dims=[]) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.roll.html
   *  @example
   *  tensor([1, 2, 3, 4]).roll(1); // tensor([4., 1., 2., 3.]) */
  roll(shifts: number | readonly number[], options?: { dims?: number | readonly number[] | undefined }): Tensor {
    if (options === undefined) return wrap(call(1052, h(this), shifts));
    readOptions('roll', OPTIONS_54, options);
    return wrap(call(1052, h(this), shifts, options.dims));
  }

  /** Turns by 90 degrees, `k` times, in the plane of two dimensions.
   *  Shape: the input, with its first two sizes exchanged for an odd `k`.
   *
   *  `rot90(Tensor self, int k=1, int[] dims=[0, 1]) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rot90.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).rot90(); // tensor([[2., 4.], [1., 3.]]) */
  rot90(options?: { k?: number | undefined; dims?: readonly number[] | undefined }): Tensor {
    if (options === undefined) return wrap(call(1053, h(this)));
    readOptions('rot90', OPTIONS_55, options);
    return wrap(call(1053, h(this), options.k, options.dims));
  }

  /** The nearest whole number, of two as near the even one; `decimals` keeps that many places.
   *  Shape: any, unchanged.
   *
   *  `round(Tensor self) -> Tensor`
   *  `round.decimals(Tensor self, *, int decimals) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.round.html
   *  @example
   *  tensor([0.5, 1.5, 2.6]).round(); // tensor([0., 2., 3.])
   *  tensor([1.237]).round({ decimals: 2 }); // tensor([1.2400]) */
  round(options?: { decimals: number }): Tensor {
    if (options === undefined) return wrap(call(1054, h(this)));
    const given = readOptions('round', OPTIONS_56, options);
    if ((given & 1) === 0) return wrap(call(1054, h(this)));
    if ((given & 1) === 1) return wrap(call(1055, h(this), options.decimals));
    throw unfit('round', 'round() or round({ decimals })', [options]);
  }

  /** The nearest whole number, of two as near the even one; `decimals` keeps that many places. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `round_(Tensor(a!) self) -> Tensor(a!)`
   *  `round_.decimals(Tensor(a!) self, *, int decimals) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.round_.html
   *  @example
   *  tensor([0.5, 1.5, 2.6]).round_(); // tensor([0., 2., 3.])
   *  tensor([1.237]).round_({ decimals: 2 }); // tensor([1.2400]) */
  round_(options?: { decimals: number }): this {
    if (options === undefined) {
      call(1056, h(this));
      return this;
    }
    const given = readOptions('round_', OPTIONS_56, options);
    if ((given & 1) === 0) { call(1056, h(this)); return this; }
    if ((given & 1) === 1) { call(1057, h(this), options.decimals); return this; }
    throw unfit('round_', 'round_() or round_({ decimals })', [options]);
  }

  /** The row of each value of a sparse matrix that is kept by columns.
   *
   *  `row_indices(Tensor(a) self) -> Tensor(a)`
   *  @example
   *  tensor([[1, 2], [0, 3]]).toSparseCsc().rowIndices(); // tensor([0, 0, 1]) */
  rowIndices(): Tensor {
    return wrap(call(1058, h(this)));
  }

  /** One divided by the square root of each element.
   *  Shape: any, unchanged.
   *
   *  `rsqrt(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rsqrt.html
   *  @example
   *  tensor([4, 0.25]).rsqrt(); // tensor([0.5000, 2.0000]) */
  rsqrt(): Tensor {
    return wrap(call(1065, h(this)));
  }

  /** One divided by the square root of each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `rsqrt_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.rsqrt_.html
   *  @example
   *  tensor([4, 0.25]).rsqrt_(); // tensor([0.5000, 2.0000]) */
  rsqrt_(): this {
    call(1066, h(this));
    return this;
  }

  /** Puts elements of `src`, or one value, at the places along `dim` that `index` names: undoes `gather`.
   *  Shape: any, unchanged.
   *
   *  `scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor`
   *  `scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor`
   *  `scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor`
   *  `scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter.html
   *  @example
   *  zeros([2, 3]).scatter(1, tensor([[2n], [0n]]), tensor([[7], [8]])); // tensor([[0., 0., 7.], [8., 0., 0.]])
   *  zeros([3]).scatter(0, tensor([1n]), 5); // tensor([0., 5., 0.]) */
  scatter(dim: number, index: Tensor, srcOrValue: Tensor | Scalar, options?: { reduce: string }): Tensor {
    if (options === undefined) {
      if (typeof srcOrValue === 'object') return wrap(call(1072, h(this), dim, h(index), h(srcOrValue)));
      return wrap(call(1073, h(this), dim, h(index), srcOrValue));
    }
    const given = readOptions('scatter', OPTIONS_57, options);
    if (typeof srcOrValue === 'object' && (given & 1) === 0) return wrap(call(1072, h(this), dim, h(index), h(srcOrValue)));
    if (typeof srcOrValue === 'object' && (given & 1) === 1) return wrap(call(1071, h(this), dim, h(index), h(srcOrValue), options.reduce));
    if (typeof srcOrValue !== 'object' && (given & 1) === 1) return wrap(call(1074, h(this), dim, h(index), srcOrValue, options.reduce));
    if (typeof srcOrValue !== 'object' && (given & 1) === 0) return wrap(call(1073, h(this), dim, h(index), srcOrValue));
    throw unfit('scatter', 'scatter(dim: number, index: Tensor, src: Tensor) or scatter(dim: number, index: Tensor, src: Tensor, { reduce }) or scatter(dim: number, index: Tensor, value: Scalar, { reduce }) or scatter(dim: number, index: Tensor, value: Scalar)', [dim, index, srcOrValue, options]);
  }

  /** Adds elements of `src` at the places along `dim` that `index` names; a place that comes twice gets both.
   *  Shape: any, unchanged.
   *
   *  `scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_add.html
   *  @example
   *  zeros([3]).scatterAdd(0, tensor([0n, 0n, 2n]), tensor([1, 2, 3])); // tensor([3., 0., 3.]) */
  scatterAdd(dim: number, index: Tensor, src: Tensor): Tensor {
    return wrap(call(1079, h(this), dim, h(index), h(src)));
  }

  /** Adds elements of `src` at the places along `dim` that `index` names; a place that comes twice gets both. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `scatter_add_(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_add_.html
   *  @example
   *  zeros([3]).scatterAdd_(0, tensor([0n, 0n, 2n]), tensor([1, 2, 3])); // tensor([3., 0., 3.]) */
  scatterAdd_(dim: number, index: Tensor, src: Tensor): this {
    call(1080, h(this), dim, h(index), h(src));
    return this;
  }

  /** Combines elements of `src` with those at the places that `index` names: 'sum', 'prod', 'mean', 'amax' or 'amin'.
   *  Shape: any, unchanged.
   *
   *  `scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_reduce.html
   *  @example
   *  tensor([1, 1]).scatterReduce(0, tensor([0n, 0n]), tensor([5, 3]), 'amax'); // tensor([5., 1.]) */
  scatterReduce(dim: number, index: Tensor, src: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(1081, h(this), dim, h(index), h(src), reduce));
    readOptions('scatterReduce', OPTIONS_34, options);
    return wrap(call(1081, h(this), dim, h(index), h(src), reduce, options.includeSelf));
  }

  /** Combines elements of `src` with those at the places that `index` names: 'sum', 'prod', 'mean', 'amax' or 'amin'. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `scatter_reduce_.two(Tensor(a!) self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_reduce_.html
   *  @example
   *  tensor([1, 1]).scatterReduce_(0, tensor([0n, 0n]), tensor([5, 3]), 'amax'); // tensor([5., 1.]) */
  scatterReduce_(dim: number, index: Tensor, src: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): this {
    if (options === undefined) {
      call(1082, h(this), dim, h(index), h(src), reduce);
      return this;
    }
    readOptions('scatterReduce_', OPTIONS_34, options);
    call(1082, h(this), dim, h(index), h(src), reduce, options.includeSelf);
    return this;
  }

  /** Puts elements of `src`, or one value, at the places along `dim` that `index` names: undoes `gather`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `scatter_.src(Tensor(a!) self, int dim, Tensor index, Tensor src) -> Tensor(a!)`
   *  `scatter_.reduce(Tensor(a!) self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor(a!)`
   *  `scatter_.value_reduce(Tensor(a!) self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor(a!)`
   *  `scatter_.value(Tensor(a!) self, int dim, Tensor index, Scalar value) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.scatter_.html
   *  @example
   *  zeros([2, 3]).scatter_(1, tensor([[2n], [0n]]), tensor([[7], [8]])); // tensor([[0., 0., 7.], [8., 0., 0.]])
   *  zeros([3]).scatter_(0, tensor([1n]), 5); // tensor([0., 5., 0.]) */
  scatter_(dim: number, index: Tensor, srcOrValue: Tensor | Scalar, options?: { reduce: string }): this {
    if (options === undefined) {
      if (typeof srcOrValue === 'object') { call(1076, h(this), dim, h(index), h(srcOrValue)); return this; }
      call(1077, h(this), dim, h(index), srcOrValue);
      return this;
    }
    const given = readOptions('scatter_', OPTIONS_57, options);
    if (typeof srcOrValue === 'object' && (given & 1) === 0) { call(1076, h(this), dim, h(index), h(srcOrValue)); return this; }
    if (typeof srcOrValue === 'object' && (given & 1) === 1) { call(1075, h(this), dim, h(index), h(srcOrValue), options.reduce); return this; }
    if (typeof srcOrValue !== 'object' && (given & 1) === 1) { call(1078, h(this), dim, h(index), srcOrValue, options.reduce); return this; }
    if (typeof srcOrValue !== 'object' && (given & 1) === 0) { call(1077, h(this), dim, h(index), srcOrValue); return this; }
    throw unfit('scatter_', 'scatter_(dim: number, index: Tensor, src: Tensor) or scatter_(dim: number, index: Tensor, src: Tensor, { reduce }) or scatter_(dim: number, index: Tensor, value: Scalar, { reduce }) or scatter_(dim: number, index: Tensor, value: Scalar)', [dim, index, srcOrValue, options]);
  }

  /** The slice at `index` of `dim`, as a view without that dimension.
   *  Shape: the input without `dim`.
   *
   *  `select.int(Tensor(a) self, int dim, int index) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.select.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).select(0, 1); // tensor([3., 4.]) */
  select(dim: number, index: number): Tensor {
    return wrap(call(1086, h(this), dim, index));
  }

  /** A copy in which the slice at `index` of `dim` is `src`.
   *  Shape: any, unchanged; `src` without `dim`.
   *
   *  `select_scatter(Tensor self, Tensor src, int dim, int index) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.select_scatter.html
   *  @example
   *  zeros([2, 2]).selectScatter(tensor([1, 2]), 0, 1); // tensor([[0., 0.], [1., 2.]]) */
  selectScatter(src: Tensor, dim: number, index: number): Tensor {
    return wrap(call(1088, h(this), h(src), dim, index));
  }

  /** `sign`, which for a complex number gives the number of length 1 in its direction.
   *  Shape: any, unchanged.
   *
   *  `sgn(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sgn.html
   *  @example
   *  complex(tensor([3]), tensor([4])).sgn(); // tensor([0.6000+0.8000j]) */
  sgn(): Tensor {
    return wrap(call(1091, h(this)));
  }

  /** `sign`, which for a complex number gives the number of length 1 in its direction. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `sgn_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sgn_.html
   *  @example
   *  complex(tensor([3]), tensor([4])).sgn_(); // tensor([0.6000+0.8000j]) */
  sgn_(): this {
    call(1092, h(this));
    return this;
  }

  /** Squeezes each element between 0 and 1: `1 / (1 + exp(-x))`.
   *  Shape: any, unchanged.
   *
   *  `sigmoid(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sigmoid.html
   *  @example
   *  tensor([-1, 0, 1]).sigmoid(); // tensor([0.2689, 0.5000, 0.7311]) */
  sigmoid(): Tensor {
    return wrap(call(1093, h(this)));
  }

  /** Squeezes each element between 0 and 1: `1 / (1 + exp(-x))`. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `sigmoid_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sigmoid_.html
   *  @example
   *  tensor([-1, 0, 1]).sigmoid_(); // tensor([0.2689, 0.5000, 0.7311]) */
  sigmoid_(): this {
    call(1094, h(this));
    return this;
  }

  /** -1, 0 or 1 by the sign of each element.
   *  Shape: any, unchanged.
   *
   *  `sign(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sign.html
   *  @example
   *  tensor([-3, 0, 8]).sign(); // tensor([-1.,  0.,  1.]) */
  sign(): Tensor {
    return wrap(call(1095, h(this)));
  }

  /** -1, 0 or 1 by the sign of each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `sign_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sign_.html
   *  @example
   *  tensor([-3, 0, 8]).sign_(); // tensor([-1.,  0.,  1.]) */
  sign_(): this {
    call(1096, h(this));
    return this;
  }

  /** Whether the sign is minus, that of -0 included.
   *  Shape: any, unchanged.
   *
   *  `signbit(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.signbit.html
   *  @example
   *  tensor([-1, -0, 0, 1]).signbit(); // tensor([ True,  True, False, False]) */
  signbit(): Tensor {
    return wrap(call(1097, h(this)));
  }

  /** The sine of each angle, in radians.
   *  Shape: any, unchanged.
   *
   *  `sin(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sin.html
   *  @example
   *  tensor([0, Math.PI / 6]).sin(); // tensor([0.0000, 0.5000]) */
  sin(): Tensor {
    return wrap(call(1100, h(this)));
  }

  /** The sine of each angle, in radians. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `sin_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sin_.html
   *  @example
   *  tensor([0, Math.PI / 6]).sin_(); // tensor([0.0000, 0.5000]) */
  sin_(): this {
    call(1101, h(this));
    return this;
  }

  /** `sin(pi x) / (pi x)`, and 1 at 0.
   *  Shape: any, unchanged.
   *
   *  `sinc(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sinc.html
   *  @example
   *  tensor([0, 0.5, 1.5]).sinc(); // tensor([ 1.0000,  0.6366, -0.2122]) */
  sinc(): Tensor {
    return wrap(call(1102, h(this)));
  }

  /** `sin(pi x) / (pi x)`, and 1 at 0. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `sinc_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sinc_.html
   *  @example
   *  tensor([0, 0.5, 1.5]).sinc_(); // tensor([ 1.0000,  0.6366, -0.2122]) */
  sinc_(): this {
    call(1103, h(this));
    return this;
  }

  /** The hyperbolic sine of each element.
   *  Shape: any, unchanged.
   *
   *  `sinh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sinh.html
   *  @example
   *  tensor([0, 1]).sinh(); // tensor([0.0000, 1.1752]) */
  sinh(): Tensor {
    return wrap(call(1104, h(this)));
  }

  /** The hyperbolic sine of each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `sinh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sinh_.html
   *  @example
   *  tensor([0, 1]).sinh_(); // tensor([0.0000, 1.1752]) */
  sinh_(): this {
    call(1105, h(this));
    return this;
  }

  /** `slice_inverse(Tensor(a) self, Tensor src, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor(a)` */
  sliceInverse(src: Tensor, options?: { dim?: number | undefined; start?: number | undefined; end?: number | undefined; step?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1108, h(this), h(src)));
    readOptions('sliceInverse', OPTIONS_58, options);
    return wrap(call(1108, h(this), h(src), options.dim, options.start, options.end, options.step));
  }

  /** A copy in which the slices from `start` to `end` of `dim` are `src`.
   *  Shape: any, unchanged.
   *
   *  `slice_scatter(Tensor self, Tensor src, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.slice_scatter.html
   *  @example
   *  zeros([4]).sliceScatter(tensor([1, 2]), { start: 1, end: 3 }); // tensor([0., 1., 2., 0.]) */
  sliceScatter(src: Tensor, options?: { dim?: number | undefined; start?: number | undefined; end?: number | undefined; step?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1109, h(this), h(src)));
    readOptions('sliceScatter', OPTIONS_58, options);
    return wrap(call(1109, h(this), h(src), options.dim, options.start, options.end, options.step));
  }

  /** The determinant's sign, and the logarithm of its size.
   *  Shape: [*, N, N] -> [*], [*].
   *
   *  `slogdet(Tensor self) -> (Tensor sign, Tensor logabsdet)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.slogdet.html
   *  @example
   *  tensor([[0, 1], [1, 0]]).slogdet(); // [tensor(-1.), tensor(0.)] */
  slogdet(): readonly [sign: Tensor, logabsdet: Tensor] {
    return wrapTuple<readonly [sign: Tensor, logabsdet: Tensor]>(call(1110, h(this)));
  }

  /** The product of a sparse matrix and a matrix, as a sparse one.
   *
   *  `smm(Tensor self, Tensor mat2) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.smm.html
   *  @example
   *  tensor([[0, 2], [0, 0]]).toSparse().smm(tensor([[1], [10]])).toDense(); // tensor([[20.], [ 0.]]) */
  smm(mat2: Tensor): Tensor {
    return wrap(call(1116, h(this), h(mat2)));
  }

  /** Turns the elements along `dim` into shares that add up to 1: `exp(x) / sum(exp(x))`.
   *  Shape: any, unchanged.
   *
   *  `softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.softmax.html
   *  @example
   *  tensor([0, 0, Math.log(2)]).softmax(0); // tensor([0.2500, 0.2500, 0.5000]) */
  softmax(dim: number, options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(1119, h(this), dim));
    readOptions('softmax', OPTIONS_17, options);
    return wrap(call(1119, h(this), dim, options.dtype && dtypeCode(options.dtype)));
  }

  /** The elements in order along `dim` (default the last), and where each came from.
   *  Shape: any, unchanged.
   *
   *  `sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)`
   *  `sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sort.html
   *  @example
   *  tensor([3, 1, 2]).sort(); // [tensor([1., 2., 3.]), tensor([1, 2, 0])]
   *  tensor([3, 1, 2]).sort({ descending: true }); // [tensor([3., 2., 1.]), tensor([0, 2, 1])] */
  sort(options?: { stable?: boolean | undefined; dim?: number | undefined; descending?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1122, h(this)));
    const given = readOptions('sort', OPTIONS_5, options);
    if ((given & 1) === 1) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1123, h(this), options.stable, options.dim, options.descending));
    if ((given & 1) === 0) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1122, h(this), options.dim, options.descending));
    throw unfit('sort', 'sort({ stable?, dim?, descending? }) or sort({ dim?, descending? })', [options]);
  }

  /** How many dimensions of a sparse tensor are kept as places.
   *
   *  `sparse_dim(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sparse_dim.html
   *  @example
   *  tensor([[0, 5]]).toSparse().sparseDim(); // 2 */
  sparseDim(): number {
    return call(1137, h(this)) as number;
  }

  /** The elements at the places that a sparse tensor keeps.
   *
   *  `sparse_mask(Tensor self, Tensor mask) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sparse_mask.html
   *  @example
   *  tensor([1, 2, 3]).sparseMask(tensor([0, 9, 9]).toSparse()).toDense(); // tensor([0., 2., 3.]) */
  sparseMask(mask: Tensor): Tensor {
    return wrap(call(1138, h(this), h(mask)));
  }

  /** `sparse_resize_and_clear_(Tensor(a!) self, int[] size, int sparse_dim, int dense_dim) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sparse_resize_and_clear_.html */
  sparseResizeAndClear_(size: readonly number[], sparseDim: number, denseDim: number): this {
    call(1140, h(this), size, sparseDim, denseDim);
    return this;
  }

  /** `sparse_resize_(Tensor(a!) self, int[] size, int sparse_dim, int dense_dim) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sparse_resize_.html */
  sparseResize_(size: readonly number[], sparseDim: number, denseDim: number): this {
    call(1139, h(this), size, sparseDim, denseDim);
    return this;
  }

  /** Views of the tensor in pieces of one size, the last perhaps smaller, or of the sizes given.
   *  Shape: each the input, with the length of its piece at `dim`.
   *
   *  `split.Tensor(Tensor(a -> *) self, int split_size, int dim=0) -> Tensor(a)[]`
   *  `split.sizes(Tensor(a -> *) self, int[] split_size, int dim=0) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.split.html
   *  @example
   *  arange(5).split(2); // [tensor([0, 1]), tensor([2, 3]), tensor([4])] */
  split(splitSize: number | readonly number[], options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) {
      if (typeof splitSize !== 'object') return wrapAll(call(1227, h(this), splitSize));
      return wrapAll(call(1228, h(this), splitSize));
    }
    readOptions('split', OPTIONS_13, options);
    if (typeof splitSize !== 'object') return wrapAll(call(1227, h(this), splitSize, options.dim));
    return wrapAll(call(1228, h(this), splitSize, options.dim));
  }

  /** Views of the tensor in pieces of the sizes given.
   *  Shape: each the input, with its length at `dim`.
   *
   *  `split_with_sizes(Tensor(a -> *) self, int[] split_sizes, int dim=0) -> Tensor(a)[]`
   *  @example
   *  arange(5).splitWithSizes([1, 4]); // [tensor([0]), tensor([1, 2, 3, 4])] */
  splitWithSizes(splitSizes: readonly number[], options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1230, h(this), splitSizes));
    readOptions('splitWithSizes', OPTIONS_13, options);
    return wrapAll(call(1230, h(this), splitSizes, options.dim));
  }

  /** The square root of each element; NaN for negative ones.
   *  Shape: any, unchanged.
   *
   *  `sqrt(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sqrt.html
   *  @example
   *  tensor([9, 2, -1]).sqrt(); // tensor([3.0000, 1.4142,    nan]) */
  sqrt(): Tensor {
    return wrap(call(1232, h(this)));
  }

  /** The square root of each element; NaN for negative ones. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `sqrt_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sqrt_.html
   *  @example
   *  tensor([9, 2, -1]).sqrt_(); // tensor([3.0000, 1.4142,    nan]) */
  sqrt_(): this {
    call(1233, h(this));
    return this;
  }

  /** Multiplies each element by itself.
   *  Shape: any, unchanged.
   *
   *  `square(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.square.html
   *  @example
   *  tensor([-3, 0.5]).square(); // tensor([9.0000, 0.2500]) */
  square(): Tensor {
    return wrap(call(1234, h(this)));
  }

  /** Multiplies each element by itself. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `square_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.square_.html
   *  @example
   *  tensor([-3, 0.5]).square_(); // tensor([9.0000, 0.2500]) */
  square_(): this {
    call(1235, h(this));
    return this;
  }

  /** Drops the dimensions of size 1, or only `dim` where it has size 1.
   *  Shape: the input without its dimensions of size 1; with `dim`, only without those of them.
   *
   *  `squeeze(Tensor(a) self) -> Tensor(a)`
   *  `squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)`
   *  `squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.squeeze.html
   *  @example
   *  zeros([1, 3, 1]).squeeze().shape; // [3]
   *  zeros([1, 3, 1]).squeeze({ dim: 0 }).shape; // [3, 1] */
  squeeze(options?: { dim: number | readonly number[] }): Tensor {
    if (options === undefined) return wrap(call(1236, h(this)));
    const given = readOptions('squeeze', OPTIONS_13, options);
    if ((given & 1) === 0) return wrap(call(1236, h(this)));
    if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(1237, h(this), options.dim));
    if ((given & 1) === 1 && isList(options.dim)) return wrap(call(1238, h(this), options.dim));
    throw unfit('squeeze', 'squeeze() or squeeze({ dim: number }) or squeeze({ dim: readonly number[] })', [options]);
  }

  /** Drops the dimensions of size 1, or only `dim` where it has size 1. In place: the tensor itself changes, and is returned.
   *  Shape: the input without its dimensions of size 1; with `dim`, only without those of them.
   *
   *  `squeeze_(Tensor(a!) self) -> Tensor(a!)`
   *  `squeeze_.dim(Tensor(a!) self, int dim) -> Tensor(a!)`
   *  `squeeze_.dims(Tensor(a!) self, int[] dim) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.squeeze_.html
   *  @example
   *  zeros([1, 3, 1]).squeeze_().shape; // [3]
   *  zeros([1, 3, 1]).squeeze_({ dim: 0 }).shape; // [3, 1] */
  squeeze_(options?: { dim: number | readonly number[] }): this {
    if (options === undefined) {
      call(1239, h(this));
      return this;
    }
    const given = readOptions('squeeze_', OPTIONS_13, options);
    if ((given & 1) === 0) { call(1239, h(this)); return this; }
    if ((given & 1) === 1 && typeof options.dim !== 'object') { call(1240, h(this), options.dim); return this; }
    if ((given & 1) === 1 && isList(options.dim)) { call(1241, h(this), options.dim); return this; }
    throw unfit('squeeze_', 'squeeze_() or squeeze_({ dim: number }) or squeeze_({ dim: readonly number[] })', [options]);
  }

  /** `sspaddmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sspaddmm.html */
  sspaddmm(mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(1245, h(this), h(mat1), h(mat2)));
    readOptions('sspaddmm', OPTIONS_1, options);
    return wrap(call(1245, h(this), h(mat1), h(mat2), options.beta, options.alpha));
  }

  /** The standard deviation. The sum of squares is divided by count - `correction`, default 1.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor`
   *  `std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor`
   *  `std(Tensor self, bool unbiased=True) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.std.html
   *  @example
   *  tensor([1, 2, 3, 4]).std(); // tensor(1.2910)
   *  tensor([1, 2, 3, 4]).std({ correction: 0 }); // tensor(1.1180) */
  std(options?: { dim?: number | readonly number[] | undefined; correction?: Scalar | undefined; keepdim?: boolean | undefined } | { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined }): Tensor;
  std(options?: { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; correction?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(1248, h(this)));
    const given = readOptions('std', OPTIONS_59, options);
    if ((given & 9) === 1) return wrap(call(1249, h(this), options.dim, options.unbiased, options.keepdim));
    if ((given & 2) === 0) return wrap(call(1248, h(this), options.dim, options.correction, options.keepdim));
    if ((given & 13) === 0) return wrap(call(1247, h(this), options.unbiased));
    if ((given & 8) === 0) return wrap(call(1249, h(this), options.dim, options.unbiased, options.keepdim));
    throw unfit('std', 'std({ dim?, unbiased?, keepdim? }) or std({ dim?, correction?, keepdim? }) or std({ unbiased? })', [options]);
  }

  /** The Fourier transforms of windows of `nFft` elements, `hopLength` apart: frequencies by time.
   *
   *  `stft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor`
   *  `stft.center(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, str pad_mode="reflect", bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.stft.html
   *  @example
   *  ones([8]).stft(4, { window: ones([4]), hopLength: 4, returnComplex: true }).abs(); // tensor([[4., 4.], [0., 0.], [0., 0.]]) */
  stft(nFft: number, options?: { hopLength?: number | undefined; winLength?: number | undefined; window?: Tensor | undefined; center?: boolean | undefined; padMode?: string | undefined; normalized?: boolean | undefined; onesided?: boolean | undefined; returnComplex?: boolean | undefined; alignToWindow?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(1253, h(this), nFft));
    const given = readOptions('stft', OPTIONS_60, options);
    if ((given & 384) === 0) return wrap(call(1253, h(this), nFft, options.hopLength, options.winLength, h(options.window), options.normalized, options.onesided, options.returnComplex, options.alignToWindow));
    return wrap(call(1254, h(this), nFft, options.hopLength, options.winLength, h(options.window), options.center, options.padMode, options.normalized, options.onesided, options.returnComplex, options.alignToWindow));
  }

  /** How many elements of the memory lie before the first one.
   *
   *  `storage_offset(Tensor self) -> int`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.storage_offset.html
   *  @example
   *  arange(5).narrow(0, 2, 3).storageOffset(); // 2 */
  storageOffset(): number {
    return call(1255, h(this)) as number;
  }

  /** Takes `other`, multiplied by `alpha`, away from each element.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
   *  `sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sub.html
   *  @example
   *  tensor([5, 7]).sub(1); // tensor([4., 6.]) */
  sub(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(1257, h(this), h(other)));
      return wrap(call(1256, h(this), other));
    }
    readOptions('sub', OPTIONS_0, options);
    if (typeof other === 'object') return wrap(call(1257, h(this), h(other), options.alpha));
    return wrap(call(1256, h(this), other, options.alpha));
  }

  /** Takes `other`, multiplied by `alpha`, away from each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `sub_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)`
   *  `sub_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sub_.html
   *  @example
   *  tensor([5, 7]).sub_(1); // tensor([4., 6.]) */
  sub_(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(1259, h(this), h(other)); return this; }
      call(1258, h(this), other);
      return this;
    }
    readOptions('sub_', OPTIONS_0, options);
    if (typeof other === 'object') { call(1259, h(this), h(other), options.alpha); return this; }
    call(1258, h(this), other, options.alpha);
    return this;
  }

  /** Another name of `sub`. Takes `other`, multiplied by `alpha`, away from each element.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `subtract.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
   *  `subtract.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.subtract.html
   *  @example
   *  tensor([5, 7]).subtract(1); // tensor([4., 6.]) */
  subtract(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
    if (options === undefined) {
      if (typeof other === 'object') return wrap(call(1261, h(this), h(other)));
      return wrap(call(1260, h(this), other));
    }
    readOptions('subtract', OPTIONS_0, options);
    if (typeof other === 'object') return wrap(call(1261, h(this), h(other), options.alpha));
    return wrap(call(1260, h(this), other, options.alpha));
  }

  /** Takes `other`, multiplied by `alpha`, away from each element. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `subtract_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)`
   *  `subtract_.Scalar(Tensor(a!) self, Scalar other, Scalar alpha=1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.subtract_.html
   *  @example
   *  tensor([5, 7]).subtract_(1); // tensor([4., 6.]) */
  subtract_(other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): this {
    if (options === undefined) {
      if (typeof other === 'object') { call(1263, h(this), h(other)); return this; }
      call(1262, h(this), other);
      return this;
    }
    readOptions('subtract_', OPTIONS_0, options);
    if (typeof other === 'object') { call(1263, h(this), h(other), options.alpha); return this; }
    call(1262, h(this), other, options.alpha);
    return this;
  }

  /** Adds up all elements, or those along `dim`.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `sum(Tensor self, *, ScalarType? dtype=None) -> Tensor`
   *  `sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sum.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).sum(); // tensor(10.)
   *  tensor([[1, 2], [3, 4]]).sum({ dim: 0 }); // tensor([4., 6.]) */
  sum(options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(1264, h(this)));
    const given = readOptions('sum', OPTIONS_41, options);
    if ((given & 6) === 0) return wrap(call(1264, h(this), options.dtype && dtypeCode(options.dtype)));
    return wrap(call(1265, h(this), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  }

  /** Adds up the dimensions that broadcasting from `size` would have made: the gradient of `expand`.
   *  Shape: `size`, which broadcasts to the input.
   *
   *  `sum_to_size(Tensor self, int[] size) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.sum_to_size.html
   *  @example
   *  ones([2, 3]).sumToSize([1, 3]); // tensor([[2., 2., 2.]]) */
  sumToSize(size: readonly number[]): Tensor {
    return wrap(call(1266, h(this), size));
  }

  /** U, S and V (not its transpose), whose product U S V^H is the matrix; `linalg.svd` is its successor.
   *  Shape: [*, N, M] -> [*, N, K], [*, K], [*, M, K], where K = min(N, M).
   *
   *  `svd(Tensor self, bool some=True, bool compute_uv=True) -> (Tensor U, Tensor S, Tensor V)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.svd.html
   *  @example
   *  tensor([[0.5, 0], [0, 0.25]]).svd()[1]; // tensor([0.5000, 0.2500]) */
  svd(options?: { some?: boolean | undefined; computeUv?: boolean | undefined }): readonly [U: Tensor, S: Tensor, V: Tensor] {
    if (options === undefined) return wrapTuple<readonly [U: Tensor, S: Tensor, V: Tensor]>(call(1267, h(this)));
    readOptions('svd', OPTIONS_61, options);
    return wrapTuple<readonly [U: Tensor, S: Tensor, V: Tensor]>(call(1267, h(this), options.some, options.computeUv));
  }

  /** Another name of `transpose`. Exchanges two dimensions, as a view.
   *  Shape: the input, with two sizes exchanged.
   *
   *  `swapaxes(Tensor(a) self, int axis0, int axis1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.swapaxes.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).swapaxes(0, 1); // tensor([[1., 3.], [2., 4.]]) */
  swapaxes(axis0: number, axis1: number): Tensor {
    return wrap(call(1268, h(this), axis0, axis1));
  }

  /** Exchanges two dimensions, as a view. In place: the tensor itself changes, and is returned.
   *  Shape: the input, with two sizes exchanged.
   *
   *  `swapaxes_(Tensor(a!) self, int axis0, int axis1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.swapaxes_.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).swapaxes_(0, 1); // tensor([[1., 3.], [2., 4.]]) */
  swapaxes_(axis0: number, axis1: number): this {
    call(1269, h(this), axis0, axis1);
    return this;
  }

  /** Another name of `transpose`. Exchanges two dimensions, as a view.
   *  Shape: the input, with two sizes exchanged.
   *
   *  `swapdims(Tensor(a) self, int dim0, int dim1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.swapdims.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).swapdims(0, 1); // tensor([[1., 3.], [2., 4.]]) */
  swapdims(dim0: number, dim1: number): Tensor {
    return wrap(call(1270, h(this), dim0, dim1));
  }

  /** Exchanges two dimensions, as a view. In place: the tensor itself changes, and is returned.
   *  Shape: the input, with two sizes exchanged.
   *
   *  `swapdims_(Tensor(a!) self, int dim0, int dim1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.swapdims_.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).swapdims_(0, 1); // tensor([[1., 3.], [2., 4.]]) */
  swapdims_(dim0: number, dim1: number): this {
    call(1271, h(this), dim0, dim1);
    return this;
  }

  /** A matrix with rows and columns exchanged, as a view; a vector stays as it is.
   *  Shape: [N, M] -> [M, N].
   *
   *  `t(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.t.html
   *  @example
   *  zeros([2, 3]).t().shape; // [3, 2] */
  t(): Tensor {
    return wrap(call(1272, h(this)));
  }

  /** A matrix with rows and columns exchanged, as a view; a vector stays as it is. In place: the tensor itself changes, and is returned.
   *  Shape: [N, M] -> [M, N].
   *
   *  `t_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.t_.html
   *  @example
   *  zeros([2, 3]).t_().shape; // [3, 2] */
  t_(): this {
    call(1273, h(this));
    return this;
  }

  /** Elements by their place in the flattened tensor.
   *  Shape: that of `index`.
   *
   *  `take(Tensor self, Tensor index) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.take.html
   *  @example
   *  tensor([[10, 20], [30, 40]]).take(tensor([0n, 3n])); // tensor([10., 40.]) */
  take(index: Tensor): Tensor {
    return wrap(call(1275, h(this), h(index)));
  }

  /** Elements by their place along `dim`, as `argsort` and `argmax` give them.
   *  Shape: that of `indices`.
   *
   *  `take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.take_along_dim.html
   *  @example
   *  const x = tensor([[30, 10], [5, 20]]);
   *  x.takeAlongDim(x.argsort({ dim: 1 }), { dim: 1 }); // tensor([[10., 30.], [ 5., 20.]]) */
  takeAlongDim(indices: Tensor, options?: { dim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1276, h(this), h(indices)));
    readOptions('takeAlongDim', OPTIONS_13, options);
    return wrap(call(1276, h(this), h(indices), options.dim));
  }

  /** The tangent of each angle, in radians.
   *  Shape: any, unchanged.
   *
   *  `tan(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tan.html
   *  @example
   *  tensor([0, 1]).tan(); // tensor([0.0000, 1.5574]) */
  tan(): Tensor {
    return wrap(call(1277, h(this)));
  }

  /** The tangent of each angle, in radians. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `tan_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tan_.html
   *  @example
   *  tensor([0, 1]).tan_(); // tensor([0.0000, 1.5574]) */
  tan_(): this {
    call(1278, h(this));
    return this;
  }

  /** Squeezes each element between -1 and 1: the hyperbolic tangent.
   *  Shape: any, unchanged.
   *
   *  `tanh(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tanh.html
   *  @example
   *  tensor([0, 1]).tanh(); // tensor([0.0000, 0.7616]) */
  tanh(): Tensor {
    return wrap(call(1279, h(this)));
  }

  /** Squeezes each element between -1 and 1: the hyperbolic tangent. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `tanh_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tanh_.html
   *  @example
   *  tensor([0, 1]).tanh_(); // tensor([0.0000, 0.7616]) */
  tanh_(): this {
    call(1280, h(this));
    return this;
  }

  /** Views of the tensor in exactly that many pieces, or cut at the indices given.
   *  Shape: each the input, with the length of its piece at `dim`.
   *
   *  `tensor_split.indices(Tensor(a -> *) self, int[] indices, int dim=0) -> Tensor(a)[]`
   *  `tensor_split.tensor_indices_or_sections(Tensor(a -> *) self, Tensor tensor_indices_or_sections, int dim=0) -> Tensor(a)[]`
   *  `tensor_split.sections(Tensor(a -> *) self, int sections, int dim=0) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tensor_split.html
   *  @example
   *  arange(5).tensorSplit(3); // [tensor([0, 1]), tensor([2, 3]), tensor([4])]
   *  arange(5).tensorSplit([1, 3]); // [tensor([0]), tensor([1, 2]), tensor([3, 4])] */
  tensorSplit(indicesOrSections: readonly number[] | Tensor | number, options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) {
      if (isList(indicesOrSections)) return wrapAll(call(1281, h(this), indicesOrSections));
      if (isTensor(indicesOrSections)) return wrapAll(call(1283, h(this), h(indicesOrSections)));
      return wrapAll(call(1282, h(this), indicesOrSections));
    }
    readOptions('tensorSplit', OPTIONS_13, options);
    if (isList(indicesOrSections)) return wrapAll(call(1281, h(this), indicesOrSections, options.dim));
    if (isTensor(indicesOrSections)) return wrapAll(call(1283, h(this), h(indicesOrSections), options.dim));
    return wrapAll(call(1282, h(this), indicesOrSections, options.dim));
  }

  /** Copies the tensor that often along its last dimensions.
   *  Shape: each size times its count; of counts and sizes, the shorter list is filled up with ones in front.
   *
   *  `tile(Tensor self, int[] dims) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tile.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).tile([2]); // tensor([[1., 2., 1., 2.], [3., 4., 3., 4.]]) */
  tile(dims: readonly number[]): Tensor {
    return wrap(call(1288, h(this), dims));
  }

  /** The tensor with its zeros written out.
   *
   *  `to_dense(Tensor self, ScalarType? dtype=None, *, bool? masked_grad=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_dense.html
   *  @example
   *  tensor([0, 5]).toSparse().toDense(); // tensor([0., 5.]) */
  toDense(options?: { dtype?: DType | undefined; maskedGrad?: boolean | undefined }): Tensor {
    if (options === undefined) return wrap(call(1293, h(this)));
    readOptions('toDense', OPTIONS_62, options);
    return wrap(call(1293, h(this), options.dtype && dtypeCode(options.dtype), options.maskedGrad));
  }

  /** `to_mkldnn(Tensor self, ScalarType? dtype=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_mkldnn.html */
  toMkldnn(options?: { dtype?: DType | undefined }): Tensor {
    if (options === undefined) return wrap(call(1294, h(this)));
    readOptions('toMkldnn', OPTIONS_17, options);
    return wrap(call(1294, h(this), options.dtype && dtypeCode(options.dtype)));
  }

  /** `to_padded_tensor(Tensor self, float padding, int[]? output_size=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_padded_tensor.html */
  toPaddedTensor(padding: number, options?: { outputSize?: readonly number[] | undefined }): Tensor {
    if (options === undefined) return wrap(call(1295, h(this), padding));
    readOptions('toPaddedTensor', OPTIONS_63, options);
    return wrap(call(1295, h(this), padding, options.outputSize));
  }

  /** The tensor with its zeros left out.
   *  Shape: any, unchanged.
   *
   *  `to_sparse(Tensor self, *, Layout? layout=None, int[2]? blocksize=None, int? dense_dim=None) -> Tensor`
   *  `to_sparse.sparse_dim(Tensor self, int sparse_dim) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse.html
   *  @example
   *  tensor([0, 5, 0]).toSparse().values(); // tensor([5.]) */
  toSparse(options?: { layout?: Layout | undefined; blocksize?: number | readonly number[] | undefined; denseDim?: number | undefined } | { sparseDim: number }): Tensor;
  toSparse(options?: { layout?: Layout | undefined; blocksize?: number | readonly number[] | undefined; denseDim?: number | undefined; sparseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1296, h(this)));
    const given = readOptions('toSparse', OPTIONS_64, options);
    if ((given & 8) === 0) return wrap(call(1296, h(this), options.layout && layoutCode(options.layout), options.blocksize, options.denseDim));
    if ((given & 15) === 8) return wrap(call(1297, h(this), options.sparseDim));
    throw unfit('toSparse', 'toSparse({ layout?, blocksize?, denseDim? }) or toSparse({ sparseDim })', [options]);
  }

  /** `to_sparse_bsc(Tensor self, int[2] blocksize, int? dense_dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse_bsc.html */
  toSparseBsc(blocksize: number | readonly number[], options?: { denseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1298, h(this), blocksize));
    readOptions('toSparseBsc', OPTIONS_65, options);
    return wrap(call(1298, h(this), blocksize, options.denseDim));
  }

  /** `to_sparse_bsr(Tensor self, int[2] blocksize, int? dense_dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse_bsr.html */
  toSparseBsr(blocksize: number | readonly number[], options?: { denseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1299, h(this), blocksize));
    readOptions('toSparseBsr', OPTIONS_65, options);
    return wrap(call(1299, h(this), blocksize, options.denseDim));
  }

  /** A matrix with its zeros left out, column by column.
   *
   *  `to_sparse_csc(Tensor self, int? dense_dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse_csc.html
   *  @example
   *  tensor([[0, 5], [6, 0]]).toSparseCsc().ccolIndices(); // tensor([0, 1, 2]) */
  toSparseCsc(options?: { denseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1300, h(this)));
    readOptions('toSparseCsc', OPTIONS_65, options);
    return wrap(call(1300, h(this), options.denseDim));
  }

  /** A matrix with its zeros left out, row by row.
   *
   *  `to_sparse_csr(Tensor self, int? dense_dim=None) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.to_sparse_csr.html
   *  @example
   *  tensor([[0, 5], [6, 0]]).toSparseCsr().crowIndices(); // tensor([0, 1, 2]) */
  toSparseCsr(options?: { denseDim?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1301, h(this)));
    readOptions('toSparseCsr', OPTIONS_65, options);
    return wrap(call(1301, h(this), options.denseDim));
  }

  /** The `k` largest elements along `dim` (default the last), or the smallest with `largest: false`, and where they are.
   *  Shape: values and indices: the input, with `k` at `dim`.
   *
   *  `topk(Tensor self, int k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.topk.html
   *  @example
   *  tensor([10, 40, 20]).topk(2); // [tensor([40., 20.]), tensor([1, 2])] */
  topk(k: number, options?: { dim?: number | undefined; largest?: boolean | undefined; sorted?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
    if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1302, h(this), k));
    readOptions('topk', OPTIONS_66, options);
    return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1302, h(this), k, options.dim, options.largest, options.sorted));
  }

  /** The sum of the diagonal.
   *  Shape: [N, M] -> [].
   *
   *  `trace(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.trace.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).trace(); // tensor(5.) */
  trace(): Tensor {
    return wrap(call(1303, h(this)));
  }

  /** Exchanges two dimensions, as a view.
   *  Shape: the input, with two sizes exchanged.
   *
   *  `transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.transpose.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).transpose(0, 1); // tensor([[1., 3.], [2., 4.]]) */
  transpose(dim0: number, dim1: number): Tensor {
    return wrap(call(1304, h(this), dim0, dim1));
  }

  /** Exchanges two dimensions, as a view. In place: the tensor itself changes, and is returned.
   *  Shape: the input, with two sizes exchanged.
   *
   *  `transpose_(Tensor(a!) self, int dim0, int dim1) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.transpose_.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).transpose_(0, 1); // tensor([[1., 3.], [2., 4.]]) */
  transpose_(dim0: number, dim1: number): this {
    call(1305, h(this), dim0, dim1);
    return this;
  }

  /** The X for which A X is the input, where A is a triangle; `linalg.solveTriangular` is its successor.
   *
   *  `triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False) -> (Tensor solution, Tensor cloned_coefficient)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.triangular_solve.html
   *  @example
   *  tensor([[8], [8]]).triangularSolve(tensor([[2, 1], [0, 4]]))[0]; // tensor([[3.], [2.]]) */
  triangularSolve(A: Tensor, options?: { upper?: boolean | undefined; transpose?: boolean | undefined; unitriangular?: boolean | undefined }): readonly [solution: Tensor, clonedCoefficient: Tensor] {
    if (options === undefined) return wrapTuple<readonly [solution: Tensor, clonedCoefficient: Tensor]>(call(1311, h(this), h(A)));
    readOptions('triangularSolve', OPTIONS_67, options);
    return wrapTuple<readonly [solution: Tensor, clonedCoefficient: Tensor]>(call(1311, h(this), h(A), options.upper, options.transpose, options.unitriangular));
  }

  /** The lower triangle; above the diagonal, zeros.
   *  Shape: [*, N, M], unchanged.
   *
   *  `tril(Tensor self, int diagonal=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tril.html
   *  @example
   *  ones([2, 3]).tril(); // tensor([[1., 0., 0.], [1., 1., 0.]]) */
  tril(options?: { diagonal?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1312, h(this)));
    readOptions('tril', OPTIONS_18, options);
    return wrap(call(1312, h(this), options.diagonal));
  }

  /** The lower triangle; above the diagonal, zeros. In place: the tensor itself changes, and is returned.
   *  Shape: [*, N, M], unchanged.
   *
   *  `tril_(Tensor(a!) self, int diagonal=0) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.tril_.html
   *  @example
   *  ones([2, 3]).tril_(); // tensor([[1., 0., 0.], [1., 1., 0.]]) */
  tril_(options?: { diagonal?: number | undefined }): this {
    if (options === undefined) {
      call(1313, h(this));
      return this;
    }
    readOptions('tril_', OPTIONS_18, options);
    call(1313, h(this), options.diagonal);
    return this;
  }

  /** The upper triangle; below the diagonal, zeros.
   *  Shape: [*, N, M], unchanged.
   *
   *  `triu(Tensor self, int diagonal=0) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.triu.html
   *  @example
   *  ones([2, 3]).triu(); // tensor([[1., 1., 1.], [0., 1., 1.]]) */
  triu(options?: { diagonal?: number | undefined }): Tensor {
    if (options === undefined) return wrap(call(1316, h(this)));
    readOptions('triu', OPTIONS_18, options);
    return wrap(call(1316, h(this), options.diagonal));
  }

  /** The upper triangle; below the diagonal, zeros. In place: the tensor itself changes, and is returned.
   *  Shape: [*, N, M], unchanged.
   *
   *  `triu_(Tensor(a!) self, int diagonal=0) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.triu_.html
   *  @example
   *  ones([2, 3]).triu_(); // tensor([[1., 1., 1.], [0., 1., 1.]]) */
  triu_(options?: { diagonal?: number | undefined }): this {
    if (options === undefined) {
      call(1317, h(this));
      return this;
    }
    readOptions('triu_', OPTIONS_18, options);
    call(1317, h(this), options.diagonal);
    return this;
  }

  /** Divides each element by `other`; what `div` does without options.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `true_divide.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `true_divide.Scalar(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.true_divide.html
   *  @example
   *  tensor([1, 3]).trueDivide(2); // tensor([0.5000, 1.5000]) */
  trueDivide(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(1320, h(this), h(other)));
    return wrap(call(1319, h(this), other));
  }

  /** Divides each element by `other`; what `div` does without options. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `true_divide_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `true_divide_.Scalar(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.true_divide_.html
   *  @example
   *  tensor([1, 3]).trueDivide_(2); // tensor([0.5000, 1.5000]) */
  trueDivide_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(1322, h(this), h(other)); return this; }
    call(1321, h(this), other);
    return this;
  }

  /** Drops what is behind the decimal point.
   *  Shape: any, unchanged.
   *
   *  `trunc(Tensor self) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.trunc.html
   *  @example
   *  tensor([1.7, -1.7]).trunc(); // tensor([ 1., -1.]) */
  trunc(): Tensor {
    return wrap(call(1323, h(this)));
  }

  /** Drops what is behind the decimal point. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged.
   *
   *  `trunc_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.trunc_.html
   *  @example
   *  tensor([1.7, -1.7]).trunc_(); // tensor([ 1., -1.]) */
  trunc_(): this {
    call(1324, h(this));
    return this;
  }

  /** The elements in the dtype of another tensor.
   *  Shape: any, unchanged.
   *
   *  `type_as(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.type_as.html
   *  @example
   *  tensor([1.7, -1.7]).typeAs(tensor([0n])); // tensor([ 1, -1]) */
  typeAs(other: Tensor): Tensor {
    return wrap(call(1325, h(this), h(other)));
  }

  /** The slices along `dim` (default 0), as views without that dimension.
   *  Shape: each the input without `dim`.
   *
   *  `unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unbind.html
   *  @example
   *  tensor([[1, 2], [3, 4]]).unbind(); // [tensor([1., 2.]), tensor([3., 4.])] */
  unbind(options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1326, h(this)));
    readOptions('unbind', OPTIONS_13, options);
    return wrapAll(call(1326, h(this), options.dim));
  }

  /** Makes several dimensions of one.
   *  Shape: the input, with `sizes` in place of `dim`.
   *
   *  `unflatten.int(Tensor(a) self, int dim, int[] sizes) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unflatten.html
   *  @example
   *  zeros([2, 12]).unflatten(1, [3, 4]).shape; // [2, 3, 4] */
  unflatten(dim: number, sizes: readonly number[]): Tensor {
    return wrap(call(1328, h(this), dim, sizes));
  }

  /** Views of windows of `size` elements, `step` apart, in a new last dimension.
   *  Shape: the input, with the number of windows, floor((L - size) / step) + 1, at the dimension, and `size` as a last one.
   *
   *  `unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unfold.html
   *  @example
   *  arange(5).unfold(0, 3, 1); // tensor([[0, 1, 2], [1, 2, 3], [2, 3, 4]]) */
  unfold(dimension: number, size: number, step: number): Tensor {
    return wrap(call(1330, h(this), dimension, size, step));
  }

  /** Fills the tensor with numbers that are equally likely from `from` (default 0) up to `to` (default 1), in place.
   *  Shape: any, unchanged.
   *
   *  `uniform_(Tensor(a!) self, float from=0., float to=1., *, Generator? generator=None) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.uniform_.html
   *  @example
   *  const x = zeros([1000]).uniform_({ from: 2, to: 3 });
   *  x.ge(2).logicalAnd(x.le(3)).all(); // tensor(True) */
  uniform_(options?: { from?: number | undefined; to?: number | undefined; generator?: Generator | undefined }): this {
    if (options === undefined) {
      call(1332, h(this));
      return this;
    }
    readOptions('uniform_', OPTIONS_68, options);
    call(1332, h(this), options.from, options.to, options.generator?.index);
    return this;
  }

  /** One of each run of equal elements; beside it the run that each element is in, and the runs' lengths, where asked for.
   *
   *  `unique_consecutive(Tensor self, bool return_inverse=False, bool return_counts=False, int? dim=None) -> (Tensor, Tensor, Tensor)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unique_consecutive.html
   *  @example
   *  const [values, runs, counts] = tensor([7, 7, 1, 7]).uniqueConsecutive({ returnInverse: true, returnCounts: true });
   *  [values, runs, counts]; // [tensor([7., 1., 7.]), tensor([0, 0, 1, 2]), tensor([2, 1, 1])] */
  uniqueConsecutive(options?: { returnInverse?: boolean | undefined; returnCounts?: boolean | undefined; dim?: number | undefined }): readonly [Tensor, Tensor, Tensor] {
    if (options === undefined) return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(1333, h(this)));
    readOptions('uniqueConsecutive', OPTIONS_69, options);
    return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(1333, h(this), options.returnInverse, options.returnCounts, options.dim));
  }

  /** `chunk` whose pieces may be changed in place while gradients are recorded, so long as the whole is not used again.
   *
   *  `unsafe_chunk(Tensor self, int chunks, int dim=0) -> Tensor[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unsafe_chunk.html
   *  @example
   *  arange(4).unsafeChunk(2); // [tensor([0, 1]), tensor([2, 3])] */
  unsafeChunk(chunks: number, options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1335, h(this), chunks));
    readOptions('unsafeChunk', OPTIONS_13, options);
    return wrapAll(call(1335, h(this), chunks, options.dim));
  }

  /** `split` whose pieces may be changed in place while gradients are recorded, so long as the whole is not used again.
   *
   *  `unsafe_split.Tensor(Tensor self, int split_size, int dim=0) -> Tensor[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unsafe_split.html
   *  @example
   *  arange(3).unsafeSplit(2); // [tensor([0, 1]), tensor([2])] */
  unsafeSplit(splitSize: number, options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1336, h(this), splitSize));
    readOptions('unsafeSplit', OPTIONS_13, options);
    return wrapAll(call(1336, h(this), splitSize, options.dim));
  }

  /** `unsafe_split_with_sizes(Tensor self, int[] split_sizes, int dim=0) -> Tensor[]` */
  unsafeSplitWithSizes(splitSizes: readonly number[], options?: { dim?: number | undefined }): Tensor[] {
    if (options === undefined) return wrapAll(call(1337, h(this), splitSizes));
    readOptions('unsafeSplitWithSizes', OPTIONS_13, options);
    return wrapAll(call(1337, h(this), splitSizes, options.dim));
  }

  /** Puts in a dimension of size 1 at `dim`.
   *  Shape: the input, with size 1 put in at `dim`.
   *
   *  `unsqueeze(Tensor(a) self, int dim) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unsqueeze.html
   *  @example
   *  tensor([1, 2]).unsqueeze(1); // tensor([[1.], [2.]]) */
  unsqueeze(dim: number): Tensor {
    return wrap(call(1338, h(this), dim));
  }

  /** Puts in a dimension of size 1 at `dim`. In place: the tensor itself changes, and is returned.
   *  Shape: the input, with size 1 put in at `dim`.
   *
   *  `unsqueeze_(Tensor(a!) self, int dim) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.unsqueeze_.html
   *  @example
   *  tensor([1, 2]).unsqueeze_(1); // tensor([[1.], [2.]]) */
  unsqueeze_(dim: number): this {
    call(1339, h(this), dim);
    return this;
  }

  /** The elements that a sparse tensor keeps.
   *
   *  `values(Tensor(a) self) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.values.html
   *  @example
   *  tensor([[0, 5], [6, 0]]).toSparse().values(); // tensor([5., 6.]) */
  values(): Tensor {
    return wrap(call(1355, h(this)));
  }

  /** The variance. The sum of squares is divided by count - `correction`, default 1.
   *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
   *
   *  `var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor`
   *  `var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor`
   *  `var(Tensor self, bool unbiased=True) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.var.html
   *  @example
   *  tensor([1, 2, 3, 4]).var(); // tensor(1.6667) */
  var(options?: { dim?: number | readonly number[] | undefined; correction?: Scalar | undefined; keepdim?: boolean | undefined } | { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined }): Tensor;
  var(options?: { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; correction?: Scalar | undefined }): Tensor {
    if (options === undefined) return wrap(call(1359, h(this)));
    const given = readOptions('var', OPTIONS_59, options);
    if ((given & 9) === 1) return wrap(call(1360, h(this), options.dim, options.unbiased, options.keepdim));
    if ((given & 2) === 0) return wrap(call(1359, h(this), options.dim, options.correction, options.keepdim));
    if ((given & 13) === 0) return wrap(call(1358, h(this), options.unbiased));
    if ((given & 8) === 0) return wrap(call(1360, h(this), options.dim, options.unbiased, options.keepdim));
    throw unfit('var', 'var({ dim?, unbiased?, keepdim? }) or var({ dim?, correction?, keepdim? }) or var({ unbiased? })', [options]);
  }

  /** The dot product with the first vector conjugated.
   *  Shape: [N], [N] -> [].
   *
   *  `vdot(Tensor self, Tensor other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.vdot.html
   *  @example
   *  const i = complex(tensor([0]), tensor([1]));
   *  i.vdot(i); // tensor(1.+0.j) */
  vdot(other: Tensor): Tensor {
    return wrap(call(1364, h(this), h(other)));
  }

  /** The same memory under another shape, of which one size may be -1, or read as another dtype. Fails where the elements do not lie fittingly.
   *  Shape: `size`.
   *
   *  `view.dtype(Tensor(a) self, ScalarType dtype) -> Tensor(a)`
   *  `view(Tensor(a) self, int[] size) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.view.html
   *  @example
   *  arange(6).view([2, -1]); // tensor([[0, 1, 2], [3, 4, 5]])
   *  tensor([1]).view('int32'); // tensor([1065353216], dtype=torch.int32) */
  view(dtypeOrSize: DType | readonly number[]): Tensor {
    if (typeof dtypeOrSize === 'string') return wrap(call(1366, h(this), dtypeCode(dtypeOrSize)));
    return wrap(call(1365, h(this), dtypeOrSize));
  }

  /** The same memory under the shape of another tensor.
   *  Shape: that of `other`.
   *
   *  `view_as(Tensor(a) self, Tensor other) -> Tensor(a)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.view_as.html
   *  @example
   *  arange(4).viewAs(zeros([2, 2])); // tensor([[0, 1], [2, 3]]) */
  viewAs(other: Tensor): Tensor {
    return wrap(call(1367, h(this), h(other)));
  }

  /** Cuts along dimension 0: into that many pieces, or at the indices given.
   *  Shape: each the input, with the length of its piece at dimension 0.
   *
   *  `vsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]`
   *  `vsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.vsplit.html
   *  @example
   *  arange(4).view([2, 2]).vsplit(2); // [tensor([[0, 1]]), tensor([[2, 3]])] */
  vsplit(sectionsOrIndices: number | readonly number[]): Tensor[] {
    if (typeof sectionsOrIndices !== 'object') return wrapAll(call(1375, h(this), sectionsOrIndices));
    return wrapAll(call(1374, h(this), sectionsOrIndices));
  }

  /** The input where the condition is true, and `other` elsewhere.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `where.self(Tensor condition, Tensor self, Tensor other) -> Tensor`
   *  `where.ScalarOther(Tensor condition, Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.where.html
   *  @example
   *  const x = tensor([-1, 2, -3]);
   *  x.where(x.gt(0), 0); // tensor([0., 2., 0.])
   *  where(x.gt(0), 1, x); // tensor([-1.,  1., -3.]) */
  where(condition: Tensor, other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(1380, h(condition), h(this), h(other)));
    return wrap(call(1378, h(condition), h(this), other));
  }

  /** `x * log(other)`, which is 0 where x is 0.
   *  Shape: those of the inputs, broadcast together.
   *
   *  `xlogy.Tensor(Tensor self, Tensor other) -> Tensor`
   *  `xlogy.Scalar_Other(Tensor self, Scalar other) -> Tensor`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.xlogy.html
   *  @example
   *  tensor([0, 2]).xlogy(tensor([0, 10])); // tensor([0.0000, 4.6052]) */
  xlogy(other: Tensor | Scalar): Tensor {
    if (typeof other === 'object') return wrap(call(1383, h(this), h(other)));
    return wrap(call(1381, h(this), other));
  }

  /** `x * log(other)`, which is 0 where x is 0. In place: the tensor itself changes, and is returned.
   *  Shape: any, unchanged; the others broadcast to it.
   *
   *  `xlogy_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
   *  `xlogy_.Scalar_Other(Tensor(a!) self, Scalar other) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.xlogy_.html
   *  @example
   *  tensor([0, 2]).xlogy_(tensor([0, 10])); // tensor([0.0000, 4.6052]) */
  xlogy_(other: Tensor | Scalar): this {
    if (typeof other === 'object') { call(1385, h(this), h(other)); return this; }
    call(1384, h(this), other);
    return this;
  }

  /** Puts 0 everywhere, in place.
   *  Shape: any, unchanged.
   *
   *  `zero_(Tensor(a!) self) -> Tensor(a!)`
   *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.Tensor.zero_.html
   *  @example
   *  ones([3]).zero_(); // tensor([0., 0., 0.]) */
  zero_(): this {
    call(1386, h(this));
    return this;
  }
}
