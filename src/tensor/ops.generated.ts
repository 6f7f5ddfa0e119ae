// The operators of the torch namespace, as functions. Made by scripts/generate-operators.mjs from operators.facts.json; change those, then run `npm run generate`.

import type { Layout, MemoryFormat, Scalar } from './arguments.ts';
import { isList, isNumberList, isTensor, isTensorList, layoutCode, memoryFormatCode, partsOf, readOptions, tracked, unfit } from './arguments.ts';
import { call, h, handles, wrap, wrapAll, wrapTuple } from './call.ts';
import { type Device, deviceCode } from './device.ts';
import { type DType, dtypeCode } from './dtype.ts';
import type { Generator } from './generator.ts';
import type { Tensor } from './tensor.ts';
import { wrapNumber } from './wrap-number.ts';

const OPTIONS_0: readonly string[] = ['alpha'];
const OPTIONS_1: readonly string[] = ['beta', 'alpha'];
const OPTIONS_2: readonly string[] = ['value'];
const OPTIONS_3: readonly string[] = ['beta', 'alpha', 'outDtype'];
const OPTIONS_4: readonly string[] = ['dim', 'keepdim'];
const OPTIONS_5: readonly string[] = ['rtol', 'atol', 'equalNan'];
const OPTIONS_6: readonly string[] = ['stable', 'dim', 'descending'];
const OPTIONS_7: readonly string[] = ['storageOffset'];
const OPTIONS_8: readonly string[] = ['stride', 'padding', 'ceilMode', 'countIncludePad'];
const OPTIONS_9: readonly string[] = ['dtype', 'layout', 'device', 'pinMemory', 'requiresGrad', 'periodic'];
const OPTIONS_10: readonly string[] = ['generator', 'p'];
const OPTIONS_11: readonly string[] = ['bias'];
const OPTIONS_12: readonly string[] = ['weight', 'posWeight', 'reduction'];
const OPTIONS_13: readonly string[] = ['weights', 'minlength'];
const OPTIONS_14: readonly string[] = ['generator'];
const OPTIONS_15: readonly string[] = ['outDtype'];
const OPTIONS_16: readonly string[] = ['outInt32', 'right'];
const OPTIONS_17: readonly string[] = ['dim'];
const OPTIONS_18: readonly string[] = ['p', 'computeMode'];
const OPTIONS_19: readonly string[] = ['upper'];
const OPTIONS_20: readonly string[] = ['min', 'max'];
const OPTIONS_21: readonly string[] = ['memoryFormat'];
const OPTIONS_22: readonly string[] = ['r', 'withReplacement'];
const OPTIONS_23: readonly string[] = ['bias', 'stride', 'padding', 'dilation', 'groups'];
const OPTIONS_24: readonly string[] = ['pad'];
const OPTIONS_25: readonly string[] = ['bias', 'stride', 'padding', 'outputPadding', 'groups', 'dilation'];
const OPTIONS_26: readonly string[] = ['margin', 'reduction'];
const OPTIONS_27: readonly string[] = ['dim', 'eps'];
const OPTIONS_28: readonly string[] = ['correction', 'fweights', 'aweights'];
const OPTIONS_29: readonly string[] = ['blank', 'reduction', 'zeroInfinity'];
const OPTIONS_30: readonly string[] = ['dtype'];
const OPTIONS_31: readonly string[] = ['x', 'dim', 'dx'];
const OPTIONS_32: readonly string[] = ['diagonal'];
const OPTIONS_33: readonly string[] = ['offset', 'dim1', 'dim2'];
const OPTIONS_34: readonly string[] = ['offset'];
const OPTIONS_35: readonly string[] = ['n', 'dim', 'prepend', 'append'];
const OPTIONS_36: readonly string[] = ['p'];
const OPTIONS_37: readonly string[] = ['roundingMode'];
const OPTIONS_38: readonly string[] = ['path'];
const OPTIONS_39: readonly string[] = ['paddingIdx', 'scaleGradByFreq', 'sparse'];
const OPTIONS_40: readonly string[] = ['scaleGradByFreq', 'mode', 'sparse', 'perSampleWeights', 'includeLastOffset', 'paddingIdx'];
const OPTIONS_41: readonly string[] = ['dtype', 'layout', 'device', 'pinMemory', 'memoryFormat', 'requiresGrad'];
const OPTIONS_42: readonly string[] = ['dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'];
const OPTIONS_43: readonly string[] = ['implicit'];
const OPTIONS_44: readonly string[] = ['startDim', 'endDim'];
const OPTIONS_45: readonly string[] = ['keepdim'];
const OPTIONS_46: readonly string[] = ['perRowFakeQuant', 'symmetricQuant'];
const OPTIONS_47: readonly string[] = ['sparseGrad'];
const OPTIONS_48: readonly string[] = ['spacing', 'dim', 'edgeOrder'];
const OPTIONS_49: readonly string[] = ['weight', 'bias', 'eps', 'cudnnEnabled'];
const OPTIONS_50: readonly string[] = ['bIh', 'bHh'];
const OPTIONS_51: readonly string[] = ['dtype', 'layout', 'device', 'pinMemory', 'requiresGrad', 'periodic', 'alpha', 'beta'];
const OPTIONS_52: readonly string[] = ['lambd'];
const OPTIONS_53: readonly string[] = ['dim', 'keepdim', 'mode'];
const OPTIONS_54: readonly string[] = ['bins', 'min', 'max'];
const OPTIONS_55: readonly string[] = ['bins', 'weight', 'density', 'range'];
const OPTIONS_56: readonly string[] = ['range', 'weight', 'density'];
const OPTIONS_57: readonly string[] = ['includeSelf'];
const OPTIONS_58: readonly string[] = ['assumeUnique', 'invert'];
const OPTIONS_59: readonly string[] = ['hopLength', 'winLength', 'window', 'center', 'normalized', 'onesided', 'length', 'returnComplex'];
const OPTIONS_60: readonly string[] = ['dtype', 'layout', 'device', 'pinMemory', 'requiresGrad', 'periodic', 'beta'];
const OPTIONS_61: readonly string[] = ['reduction', 'logTarget'];
const OPTIONS_62: readonly string[] = ['weight', 'bias', 'eps', 'cudnnEnable'];
const OPTIONS_63: readonly string[] = ['eps'];
const OPTIONS_64: readonly string[] = ['base', 'dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'];
const OPTIONS_65: readonly string[] = ['unpackData', 'unpackPivots'];
const OPTIONS_66: readonly string[] = ['other', 'dim', 'keepdim'];
const OPTIONS_67: readonly string[] = ['stride', 'padding', 'dilation', 'ceilMode'];
const OPTIONS_68: readonly string[] = ['dtype', 'dim', 'keepdim'];
const OPTIONS_69: readonly string[] = ['indexing'];
const OPTIONS_70: readonly string[] = ['replacement', 'generator'];
const OPTIONS_71: readonly string[] = ['nan', 'posinf', 'neginf'];
const OPTIONS_72: readonly string[] = ['dim', 'keepdim', 'dtype'];
const OPTIONS_73: readonly string[] = ['dim', 'keepdim', 'interpolation'];
const OPTIONS_74: readonly string[] = ['p', 'dim', 'keepdim', 'dtype'];
const OPTIONS_75: readonly string[] = ['size', 'fillValue'];
const OPTIONS_76: readonly string[] = ['pow', 'dim'];
const OPTIONS_77: readonly string[] = ['std', 'generator', 'size', 'dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'];
const OPTIONS_78: readonly string[] = ['left', 'transpose'];
const OPTIONS_79: readonly string[] = ['p', 'eps', 'keepdim'];
const OPTIONS_80: readonly string[] = ['rcond'];
const OPTIONS_81: readonly string[] = ['accumulate'];
const OPTIONS_82: readonly string[] = ['some'];
const OPTIONS_83: readonly string[] = ['generator', 'dtype', 'layout', 'device', 'pinMemory', 'memoryFormat', 'requiresGrad'];
const OPTIONS_84: readonly string[] = ['high', 'generator', 'dtype', 'layout', 'device', 'pinMemory', 'memoryFormat', 'requiresGrad'];
const OPTIONS_85: readonly string[] = ['dim', 'outputSize'];
const OPTIONS_86: readonly string[] = ['weight', 'eps'];
const OPTIONS_87: readonly string[] = ['dims'];
const OPTIONS_88: readonly string[] = ['k', 'dims'];
const OPTIONS_89: readonly string[] = ['decimals'];
const OPTIONS_90: readonly string[] = ['lower', 'upper', 'training', 'generator'];
const OPTIONS_91: readonly string[] = ['reduce'];
const OPTIONS_92: readonly string[] = ['outInt32', 'right', 'side', 'sorter'];
const OPTIONS_93: readonly string[] = ['lengths', 'indices', 'offsets', 'axis', 'unsafe', 'initial'];
const OPTIONS_94: readonly string[] = ['dim', 'start', 'end', 'step'];
const OPTIONS_95: readonly string[] = ['size', 'dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'];
const OPTIONS_96: readonly string[] = ['dtype', 'layout', 'device', 'pinMemory', 'requiresGrad', 'values', 'isCoalesced', 'size'];
const OPTIONS_97: readonly string[] = ['dim', 'unbiased', 'keepdim', 'correction'];
const OPTIONS_98: readonly string[] = ['hopLength', 'winLength', 'window', 'normalized', 'onesided', 'returnComplex', 'alignToWindow', 'center', 'padMode'];
const OPTIONS_99: readonly string[] = ['some', 'computeUv'];
const OPTIONS_100: readonly string[] = ['dim', 'largest', 'sorted'];
const OPTIONS_101: readonly string[] = ['dx', 'dim', 'x'];
const OPTIONS_102: readonly string[] = ['upper', 'transpose', 'unitriangular'];
const OPTIONS_103: readonly string[] = ['offset', 'dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'];
const OPTIONS_104: readonly string[] = ['margin', 'p', 'eps', 'swap', 'reduction'];
const OPTIONS_105: readonly string[] = ['returnInverse', 'returnCounts', 'dim'];
const OPTIONS_106: readonly string[] = ['sorted', 'returnInverse', 'returnCounts'];
const OPTIONS_107: readonly string[] = ['N', 'increasing'];

/** How far each element is from zero; of a complex number, its length.
 *  Shape: any, unchanged.
 *
 *  `abs(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.abs.html
 *  @example
 *  tensor([-1.5, 2]).abs(); // tensor([1.5000, 2.0000]) */
export function abs(input: Tensor): Tensor {
  return wrap(call(179, h(input)));
}

/** How far each element is from zero; of a complex number, its length. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `abs_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([-1.5, 2]).abs_(); // tensor([1.5000, 2.0000]) */
export function abs_(input: Tensor): Tensor {
  call(180, h(input));
  return input;
}

/** Another name of `abs`. How far each element is from zero; of a complex number, its length.
 *  Shape: any, unchanged.
 *
 *  `absolute(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.absolute.html
 *  @example
 *  tensor([-1.5, 2]).absolute(); // tensor([1.5000, 2.0000]) */
export function absolute(input: Tensor): Tensor {
  return wrap(call(181, h(input)));
}

/** The angle whose cosine each element is, from 0 to pi.
 *  Shape: any, unchanged.
 *
 *  `acos(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.acos.html
 *  @example
 *  tensor([1, -1]).acos(); // tensor([0.0000, 3.1416]) */
export function acos(input: Tensor): Tensor {
  return wrap(call(183, h(input)));
}

/** The angle whose cosine each element is, from 0 to pi. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `acos_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1, -1]).acos_(); // tensor([0.0000, 3.1416]) */
export function acos_(input: Tensor): Tensor {
  call(184, h(input));
  return input;
}

/** The number whose hyperbolic cosine each element is; NaN below 1.
 *  Shape: any, unchanged.
 *
 *  `acosh(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.acosh.html
 *  @example
 *  tensor([1, 1.5431, 0]).acosh(); // tensor([0.0000, 1.0000,    nan]) */
export function acosh(input: Tensor): Tensor {
  return wrap(call(185, h(input)));
}

/** The number whose hyperbolic cosine each element is; NaN below 1. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `acosh_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1, 1.5431, 0]).acosh_(); // tensor([0.0000, 1.0000,    nan]) */
export function acosh_(input: Tensor): Tensor {
  call(186, h(input));
  return input;
}

/** Averages over as many windows as the result is to have elements.
 *  Shape: [*, L] -> [*, outputSize].
 *
 *  `adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_avg_pool1d.html
 *  @example
 *  adaptiveAvgPool1d(tensor([[1, 3, 5, 7]]), 2); // tensor([[2., 6.]]) */
export function adaptiveAvgPool1d(input: Tensor, outputSize: number | readonly number[]): Tensor {
  return wrap(call(187, h(input), outputSize));
}

/** The largest elements of as many windows as the result is to have elements, and where they are.
 *  Shape: [*, L] -> values and indices [*, outputSize].
 *
 *  `adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_max_pool1d.html
 *  @example
 *  adaptiveMaxPool1d(tensor([[1, 3, 7, 5]]), 2); // [tensor([[3., 7.]]), tensor([[1, 2]])] */
export function adaptiveMaxPool1d(input: Tensor, outputSize: number | readonly number[]): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(190, h(input), outputSize));
}

/** Adds `other`, multiplied by `alpha`, to each element.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
 *  `add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.add.html
 *  @example
 *  tensor([1, 2]).add(tensor([10, 20]), { alpha: 2 }); // tensor([21., 42.]) */
export function add(input: Tensor | Scalar, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
export function add(input: Tensor, other: Scalar, options?: { alpha?: Scalar | undefined }): Tensor;
export function add(input: Tensor | Scalar, other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) {
    if (typeof other === 'object') return wrap(call(194, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other)));
    if (typeof input === 'object' && typeof other !== 'object') return wrap(call(193, h(input), other));
    throw unfit('add', 'add(input: Tensor | Scalar, other: Tensor, { alpha? }) or add(input: Tensor, other: Scalar, { alpha? })', [input, other]);
  }
  readOptions('add', OPTIONS_0, options);
  if (typeof other === 'object') return wrap(call(194, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other), options.alpha));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(193, h(input), other, options.alpha));
  throw unfit('add', 'add(input: Tensor | Scalar, other: Tensor, { alpha? }) or add(input: Tensor, other: Scalar, { alpha? })', [input, other, options]);
}

/** Adds the sum of the products of two batches of matrices: `beta * input + alpha * sum(batch1 @ batch2)`.
 *  Shape: [N, M], [B, N, K], [B, K, M] -> [N, M].
 *
 *  `addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.addbmm.html
 *  @example
 *  ones([1, 1]).addbmm(ones([5, 1, 2]), ones([5, 2, 1])); // tensor([[11.]]) */
export function addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(197, h(input), h(batch1), h(batch2)));
  readOptions('addbmm', OPTIONS_1, options);
  return wrap(call(197, h(input), h(batch1), h(batch2), options.beta, options.alpha));
}

/** Adds `value * tensor1 / tensor2` in one step.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.addcdiv.html
 *  @example
 *  tensor([1, 1]).addcdiv(tensor([6, 9]), tensor([2, 3])); // tensor([4., 4.]) */
export function addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(199, h(input), h(tensor1), h(tensor2)));
  readOptions('addcdiv', OPTIONS_2, options);
  return wrap(call(199, h(input), h(tensor1), h(tensor2), options.value));
}

/** Adds `value * tensor1 * tensor2` in one step.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.addcmul.html
 *  @example
 *  tensor([1, 1]).addcmul(tensor([2, 3]), tensor([10, 10]), { value: 0.5 }); // tensor([11., 16.]) */
export function addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, options?: { value?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(201, h(input), h(tensor1), h(tensor2)));
  readOptions('addcmul', OPTIONS_2, options);
  return wrap(call(201, h(input), h(tensor1), h(tensor2), options.value));
}

/** Adds the product of two matrices: `beta * input + alpha * mat1 @ mat2`.
 *  Shape: [N, M], [N, K], [K, M] -> [N, M].
 *
 *  `addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
 *  `addmm.dtype(Tensor self, Tensor mat1, Tensor mat2, ScalarType out_dtype, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.addmm.html
 *  @example
 *  ones([2, 2]).addmm(tensor([[1, 2], [3, 4]]), ones([2, 2]), { beta: 10 }); // tensor([[13., 13.], [17., 17.]]) */
export function addmm(input: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined } | { outDtype: DType; beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
export function addmm(input: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined; outDtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(203, h(input), h(mat1), h(mat2)));
  const given = readOptions('addmm', OPTIONS_3, options);
  if ((given & 4) === 0) return wrap(call(203, h(input), h(mat1), h(mat2), options.beta, options.alpha));
  if ((given & 4) === 4) return wrap(call(204, h(input), h(mat1), h(mat2), options.outDtype && dtypeCode(options.outDtype), options.beta, options.alpha));
  throw unfit('addmm', 'addmm(input: Tensor, mat1: Tensor, mat2: Tensor, { beta?, alpha? }) or addmm(input: Tensor, mat1: Tensor, mat2: Tensor, { outDtype, beta?, alpha? })', [input, mat1, mat2, options]);
}

/** Adds the product of a matrix and a vector: `beta * input + alpha * mat @ vec`.
 *  Shape: [N], [N, K], [K] -> [N].
 *
 *  `addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.addmv.html
 *  @example
 *  tensor([100, 200]).addmv(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // tensor([103., 207.]) */
export function addmv(input: Tensor, mat: Tensor, vec: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(206, h(input), h(mat), h(vec)));
  readOptions('addmv', OPTIONS_1, options);
  return wrap(call(206, h(input), h(mat), h(vec), options.beta, options.alpha));
}

/** Adds the product of a matrix and a vector: `beta * input + alpha * mat @ vec`. In place: the tensor itself changes, and is returned.
 *  Shape: [N], [N, K], [K] -> [N].
 *
 *  `addmv_(Tensor(a!) self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor(a!)`
 *  @example
 *  tensor([100, 200]).addmv_(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // tensor([103., 207.]) */
export function addmv_(input: Tensor, mat: Tensor, vec: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) {
    call(207, h(input), h(mat), h(vec));
    return input;
  }
  readOptions('addmv_', OPTIONS_1, options);
  call(207, h(input), h(mat), h(vec), options.beta, options.alpha);
  return input;
}

/** Adds the outer product of two vectors: `beta * input + alpha * outer(vec1, vec2)`.
 *  Shape: [N, M], [N], [M] -> [N, M].
 *
 *  `addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.addr.html
 *  @example
 *  zeros([2, 2]).addr(tensor([1, 2]), tensor([1, 10])); // tensor([[ 1., 10.], [ 2., 20.]]) */
export function addr(input: Tensor, vec1: Tensor, vec2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(208, h(input), h(vec1), h(vec2)));
  readOptions('addr', OPTIONS_1, options);
  return wrap(call(208, h(input), h(vec1), h(vec2), options.beta, options.alpha));
}

/** The last two dimensions exchanged and the numbers conjugated, as a view.
 *  Shape: [*, N, M] -> [*, M, N].
 *
 *  `adjoint(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.adjoint.html
 *  @example
 *  complex(zeros([1, 2]), ones([1, 2])).adjoint(); // tensor([[0.-1.j], [0.-1.j]]) */
export function adjoint(input: Tensor): Tensor {
  return wrap(call(210, h(input)));
}

/** The places in a picture that an affine map of the unit square samples, for `gridSampler`.
 *  Shape: theta [N, 2, 3], size [N, C, H, W] -> [N, H, W, 2].
 *
 *  `affine_grid_generator(Tensor theta, int[] size, bool align_corners) -> Tensor`
 *  @example
 *  affineGridGenerator(tensor([[[1, 0, 0], [0, 1, 0]]]), [1, 1, 1, 2], true); // tensor([[[[-1.,  0.], [ 1.,  0.]]]]) */
export function affineGridGenerator(theta: Tensor, size: readonly number[], alignCorners: boolean): Tensor {
  return wrap(call(211, h(theta), size, alignCorners));
}

/** A copy of the tensor.
 *
 *  `alias_copy(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.alias_copy.html
 *  @example
 *  const x = tensor([1, 2]);
 *  aliasCopy(x).add_(1); // tensor([2., 3.])
 *  x; // tensor([1., 2.]) */
export function aliasCopy(input: Tensor): Tensor {
  return wrap(call(213, h(input)));
}

/** Whether all elements are true, or not zero.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `all(Tensor self) -> Tensor`
 *  `all.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor`
 *  `all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.all.html
 *  @example
 *  tensor([[1, 0], [2, 3]]).all({ dim: 1 }); // tensor([False,  True]) */
export function all(input: Tensor, options?: { dim?: readonly number[] | number | undefined; keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(214, h(input)));
  const given = readOptions('all', OPTIONS_4, options);
  if ((given & 3) === 0) return wrap(call(214, h(input)));
  if (options.dim === undefined || isList(options.dim)) return wrap(call(216, h(input), options.dim, options.keepdim));
  if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(215, h(input), options.dim, options.keepdim));
  throw unfit('all', 'all(input: Tensor) or all(input: Tensor, { dim?: readonly number[], keepdim? }) or all(input: Tensor, { dim: number, keepdim? })', [input, options]);
}

/** Whether every element is within `atol + rtol * |other|` of `other`: one answer. Default 1e-8 and 1e-5.
 *
 *  `allclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> bool`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.allclose.html
 *  @example
 *  tensor([1, 1]).allclose(tensor([1.000001, 1.1])); // false
 *  tensor([1, 1]).allclose(tensor([1.000001, 1.1]), { atol: 0.2 }); // true */
export function allclose(input: Tensor, other: Tensor, options?: { rtol?: number | undefined; atol?: number | undefined; equalNan?: boolean | undefined }): boolean {
  if (options === undefined) return call(217, h(input), h(other)) as boolean;
  readOptions('allclose', OPTIONS_5, options);
  return call(217, h(input), h(other), options.rtol, options.atol, options.equalNan) as boolean;
}

/** `dropout` that keeps mean and variance, for nets of `selu`.
 *  Shape: any, unchanged.
 *
 *  `alpha_dropout(Tensor input, float p, bool train) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.alpha_dropout.html
 *  @example
 *  alphaDropout(tensor([1, 2]), 0.5, false); // tensor([1., 2.]) */
export function alphaDropout(input: Tensor, p: number, train: boolean): Tensor {
  return wrap(call(218, h(input), p, train));
}

/** `dropout` that keeps mean and variance, for nets of `selu`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `alpha_dropout_(Tensor(a!) self, float p, bool train) -> Tensor(a!)`
 *  @example
 *  alphaDropout_(tensor([1, 2]), 0.5, false); // tensor([1., 2.]) */
export function alphaDropout_(input: Tensor, p: number, train: boolean): Tensor {
  call(219, h(input), p, train);
  return input;
}

/** The largest element, of all or along one or more dimensions; equal ones share the gradient.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.amax.html
 *  @example
 *  tensor([[1, 9], [7, 3]]).amax({ dim: [0, 1] }); // tensor(9.) */
export function amax(input: Tensor, options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(220, h(input)));
  readOptions('amax', OPTIONS_4, options);
  return wrap(call(220, h(input), options.dim, options.keepdim));
}

/** The smallest element, of all or along one or more dimensions; equal ones share the gradient.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.amin.html
 *  @example
 *  tensor([[1, 9], [7, 3]]).amin({ dim: 0 }); // tensor([1., 3.]) */
export function amin(input: Tensor, options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(221, h(input)));
  readOptions('amin', OPTIONS_4, options);
  return wrap(call(221, h(input), options.dim, options.keepdim));
}

/** The smallest and the largest element in one pass.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.aminmax.html
 *  @example
 *  tensor([4, 1, 8]).aminmax(); // [tensor(1.), tensor(8.)] */
export function aminmax(input: Tensor, options?: { dim?: number | undefined; keepdim?: boolean | undefined }): readonly [min: Tensor, max: Tensor] {
  if (options === undefined) return wrapTuple<readonly [min: Tensor, max: Tensor]>(call(222, h(input)));
  readOptions('aminmax', OPTIONS_4, options);
  return wrapTuple<readonly [min: Tensor, max: Tensor]>(call(222, h(input), options.dim, options.keepdim));
}

/** The direction of a complex number in radians; of a real one 0, or pi where it is negative.
 *  Shape: any, unchanged.
 *
 *  `angle(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.angle.html
 *  @example
 *  tensor([2, -2]).angle(); // tensor([0.0000, 3.1416]) */
export function angle(input: Tensor): Tensor {
  return wrap(call(223, h(input)));
}

/** Whether any element is true, or not zero.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `any(Tensor self) -> Tensor`
 *  `any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor`
 *  `any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.any.html
 *  @example
 *  tensor([[0, 0], [2, 3]]).any({ dim: 1 }); // tensor([False,  True]) */
export function any(input: Tensor, options?: { dim?: readonly number[] | number | undefined; keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(224, h(input)));
  const given = readOptions('any', OPTIONS_4, options);
  if ((given & 3) === 0) return wrap(call(224, h(input)));
  if (options.dim === undefined || isList(options.dim)) return wrap(call(226, h(input), options.dim, options.keepdim));
  if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(225, h(input), options.dim, options.keepdim));
  throw unfit('any', 'any(input: Tensor) or any(input: Tensor, { dim?: readonly number[], keepdim? }) or any(input: Tensor, { dim: number, keepdim? })', [input, options]);
}

/** Another name of `acos`. The angle whose cosine each element is, from 0 to pi.
 *  Shape: any, unchanged.
 *
 *  `arccos(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.arccos.html
 *  @example
 *  tensor([1, -1]).arccos(); // tensor([0.0000, 3.1416]) */
export function arccos(input: Tensor): Tensor {
  return wrap(call(230, h(input)));
}

/** The angle whose cosine each element is, from 0 to pi. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `arccos_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1, -1]).arccos_(); // tensor([0.0000, 3.1416]) */
export function arccos_(input: Tensor): Tensor {
  call(231, h(input));
  return input;
}

/** Another name of `acosh`. The number whose hyperbolic cosine each element is; NaN below 1.
 *  Shape: any, unchanged.
 *
 *  `arccosh(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.arccosh.html
 *  @example
 *  tensor([1, 1.5431, 0]).arccosh(); // tensor([0.0000, 1.0000,    nan]) */
export function arccosh(input: Tensor): Tensor {
  return wrap(call(232, h(input)));
}

/** The number whose hyperbolic cosine each element is; NaN below 1. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `arccosh_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1, 1.5431, 0]).arccosh_(); // tensor([0.0000, 1.0000,    nan]) */
export function arccosh_(input: Tensor): Tensor {
  call(233, h(input));
  return input;
}

/** Another name of `asin`. The angle whose sine each element is, from -pi/2 to pi/2.
 *  Shape: any, unchanged.
 *
 *  `arcsin(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.arcsin.html
 *  @example
 *  tensor([0, 1]).arcsin(); // tensor([0.0000, 1.5708]) */
export function arcsin(input: Tensor): Tensor {
  return wrap(call(234, h(input)));
}

/** The angle whose sine each element is, from -pi/2 to pi/2. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `arcsin_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).arcsin_(); // tensor([0.0000, 1.5708]) */
export function arcsin_(input: Tensor): Tensor {
  call(235, h(input));
  return input;
}

/** Another name of `asinh`. The number whose hyperbolic sine each element is.
 *  Shape: any, unchanged.
 *
 *  `arcsinh(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.arcsinh.html
 *  @example
 *  tensor([0, 1.1752]).arcsinh(); // tensor([0.0000, 1.0000]) */
export function arcsinh(input: Tensor): Tensor {
  return wrap(call(236, h(input)));
}

/** The number whose hyperbolic sine each element is. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `arcsinh_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1.1752]).arcsinh_(); // tensor([0.0000, 1.0000]) */
export function arcsinh_(input: Tensor): Tensor {
  call(237, h(input));
  return input;
}

/** Another name of `atan`. The angle whose tangent each element is, from -pi/2 to pi/2.
 *  Shape: any, unchanged.
 *
 *  `arctan(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.arctan.html
 *  @example
 *  tensor([0, 1]).arctan(); // tensor([0.0000, 0.7854]) */
export function arctan(input: Tensor): Tensor {
  return wrap(call(238, h(input)));
}

/** Another name of `atan2`. The angle of the point (x = `other`, y = input) in all four quadrants, from -pi to pi.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `arctan2(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.arctan2.html
 *  @example
 *  tensor([1, -1]).arctan2(tensor([-1, -1])); // tensor([ 2.3562, -2.3562]) */
export function arctan2(input: Tensor, other: Tensor): Tensor {
  return wrap(call(239, h(input), h(other)));
}

/** The angle whose tangent each element is, from -pi/2 to pi/2. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `arctan_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).arctan_(); // tensor([0.0000, 0.7854]) */
export function arctan_(input: Tensor): Tensor {
  call(241, h(input));
  return input;
}

/** Another name of `atanh`. The number whose hyperbolic tangent each element is; infinite at -1 and 1.
 *  Shape: any, unchanged.
 *
 *  `arctanh(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.arctanh.html
 *  @example
 *  tensor([0, 0.5, 1]).arctanh(); // tensor([0.0000, 0.5493,    inf]) */
export function arctanh(input: Tensor): Tensor {
  return wrap(call(242, h(input)));
}

/** The number whose hyperbolic tangent each element is; infinite at -1 and 1. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `arctanh_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 0.5, 1]).arctanh_(); // tensor([0.0000, 0.5493,    inf]) */
export function arctanh_(input: Tensor): Tensor {
  call(243, h(input));
  return input;
}

/** Where the largest element is: in the flattened tensor, or along `dim`.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.argmax.html
 *  @example
 *  tensor([[1, 9], [7, 3]]).argmax(); // tensor(1)
 *  tensor([[1, 9], [7, 3]]).argmax({ dim: 1 }); // tensor([1, 0]) */
export function argmax(input: Tensor, options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(244, h(input)));
  readOptions('argmax', OPTIONS_4, options);
  return wrap(call(244, h(input), options.dim, options.keepdim));
}

/** Where the smallest element is: in the flattened tensor, or along `dim`.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.argmin.html
 *  @example
 *  tensor([[4, 9], [7, 3]]).argmin(); // tensor(3) */
export function argmin(input: Tensor, options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(245, h(input)));
  readOptions('argmin', OPTIONS_4, options);
  return wrap(call(245, h(input), options.dim, options.keepdim));
}

/** The places of the elements in ascending order along `dim` (default the last).
 *  Shape: any, unchanged.
 *
 *  `argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor`
 *  `argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.argsort.html
 *  @example
 *  tensor([3, 1, 2]).argsort(); // tensor([1, 2, 0]) */
export function argsort(input: Tensor, options?: { dim?: number | undefined; descending?: boolean | undefined } | { stable: boolean; dim?: number | undefined; descending?: boolean | undefined }): Tensor;
export function argsort(input: Tensor, options?: { stable?: boolean | undefined; dim?: number | undefined; descending?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(246, h(input)));
  const given = readOptions('argsort', OPTIONS_6, options);
  if ((given & 1) === 1) return wrap(call(247, h(input), options.stable, options.dim, options.descending));
  if ((given & 1) === 0) return wrap(call(246, h(input), options.dim, options.descending));
  throw unfit('argsort', 'argsort(input: Tensor, { stable, dim?, descending? }) or argsort(input: Tensor, { dim?, descending? })', [input, options]);
}

/** The places of the elements that are not zero, one a row.
 *
 *  `argwhere(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.argwhere.html
 *  @example
 *  tensor([0, 5, 7]).argwhere(); // tensor([[1], [2]]) */
export function argwhere(input: Tensor): Tensor {
  return wrap(call(248, h(input)));
}

/** The same memory read with sizes and strides of your own; they may overlap.
 *  Shape: `size`.
 *
 *  `as_strided(Tensor(a) self, int[] size, int[] stride, int? storage_offset=None) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.as_strided.html
 *  @example
 *  arange(4).asStrided([3, 2], [1, 1]); // tensor([[0, 1], [1, 2], [2, 3]]) */
export function asStrided(input: Tensor, size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(249, h(input), size, stride));
  readOptions('asStrided', OPTIONS_7, options);
  return wrap(call(249, h(input), size, stride, options.storageOffset));
}

/** A copy of the memory read with sizes and strides of your own.
 *
 *  `as_strided_copy(Tensor self, int[] size, int[] stride, int? storage_offset=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.as_strided_copy.html
 *  @example
 *  asStridedCopy(arange(3), [2, 2], [1, 1]); // tensor([[0, 1], [1, 2]]) */
export function asStridedCopy(input: Tensor, size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(251, h(input), size, stride));
  readOptions('asStridedCopy', OPTIONS_7, options);
  return wrap(call(251, h(input), size, stride, options.storageOffset));
}

/** A copy in which the elements that `asStrided` would read are `src`.
 *  Shape: any, unchanged.
 *
 *  `as_strided_scatter(Tensor self, Tensor src, int[] size, int[] stride, int? storage_offset=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.as_strided_scatter.html
 *  @example
 *  zeros([4]).asStridedScatter(tensor([1, 2]), [2], [2]); // tensor([1., 0., 2., 0.]) */
export function asStridedScatter(input: Tensor, src: Tensor, size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(252, h(input), h(src), size, stride));
  readOptions('asStridedScatter', OPTIONS_7, options);
  return wrap(call(252, h(input), h(src), size, stride, options.storageOffset));
}

/** The same memory read with sizes and strides of your own; they may overlap. In place: the tensor itself changes, and is returned.
 *  Shape: `size`.
 *
 *  `as_strided_(Tensor(a!) self, int[] size, int[] stride, int? storage_offset=None) -> Tensor(a!)`
 *  @example
 *  arange(4).asStrided_([3, 2], [1, 1]); // tensor([[0, 1], [1, 2], [2, 3]]) */
export function asStrided_(input: Tensor, size: readonly number[], stride: readonly number[], options?: { storageOffset?: number | undefined }): Tensor {
  if (options === undefined) {
    call(250, h(input), size, stride);
    return input;
  }
  readOptions('asStrided_', OPTIONS_7, options);
  call(250, h(input), size, stride, options.storageOffset);
  return input;
}

/** The angle whose sine each element is, from -pi/2 to pi/2.
 *  Shape: any, unchanged.
 *
 *  `asin(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.asin.html
 *  @example
 *  tensor([0, 1]).asin(); // tensor([0.0000, 1.5708]) */
export function asin(input: Tensor): Tensor {
  return wrap(call(253, h(input)));
}

/** The angle whose sine each element is, from -pi/2 to pi/2. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `asin_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).asin_(); // tensor([0.0000, 1.5708]) */
export function asin_(input: Tensor): Tensor {
  call(254, h(input));
  return input;
}

/** The number whose hyperbolic sine each element is.
 *  Shape: any, unchanged.
 *
 *  `asinh(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.asinh.html
 *  @example
 *  tensor([0, 1.1752]).asinh(); // tensor([0.0000, 1.0000]) */
export function asinh(input: Tensor): Tensor {
  return wrap(call(255, h(input)));
}

/** The number whose hyperbolic sine each element is. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `asinh_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1.1752]).asinh_(); // tensor([0.0000, 1.0000]) */
export function asinh_(input: Tensor): Tensor {
  call(256, h(input));
  return input;
}

/** The angle whose tangent each element is, from -pi/2 to pi/2.
 *  Shape: any, unchanged.
 *
 *  `atan(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.atan.html
 *  @example
 *  tensor([0, 1]).atan(); // tensor([0.0000, 0.7854]) */
export function atan(input: Tensor): Tensor {
  return wrap(call(257, h(input)));
}

/** The angle of the point (x = `other`, y = input) in all four quadrants, from -pi to pi.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `atan2(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.atan2.html
 *  @example
 *  tensor([1, -1]).atan2(tensor([-1, -1])); // tensor([ 2.3562, -2.3562]) */
export function atan2(input: Tensor, other: Tensor): Tensor {
  return wrap(call(258, h(input), h(other)));
}

/** The angle whose tangent each element is, from -pi/2 to pi/2. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `atan_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).atan_(); // tensor([0.0000, 0.7854]) */
export function atan_(input: Tensor): Tensor {
  call(260, h(input));
  return input;
}

/** The number whose hyperbolic tangent each element is; infinite at -1 and 1.
 *  Shape: any, unchanged.
 *
 *  `atanh(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.atanh.html
 *  @example
 *  tensor([0, 0.5, 1]).atanh(); // tensor([0.0000, 0.5493,    inf]) */
export function atanh(input: Tensor): Tensor {
  return wrap(call(261, h(input)));
}

/** The number whose hyperbolic tangent each element is; infinite at -1 and 1. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `atanh_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 0.5, 1]).atanh_(); // tensor([0.0000, 0.5493,    inf]) */
export function atanh_(input: Tensor): Tensor {
  call(262, h(input));
  return input;
}

/** Gives a tensor without dimensions one.
 *  Shape: at least [1]: any other unchanged.
 *
 *  `atleast_1d(Tensor self) -> Tensor`
 *  `atleast_1d.Sequence(Tensor[] tensors) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.atleast_1d.html
 *  @example
 *  atleast1d(tensor(5)); // tensor([5.]) */
export function atleast1d(input: Tensor): Tensor;
export function atleast1d(tensors: readonly Tensor[]): Tensor[];
export function atleast1d(inputOrTensors: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  if (isTensor(inputOrTensors)) return wrap(call(263, h(inputOrTensors)));
  return wrapAll(call(264, handles(inputOrTensors)));
}

/** Puts dimensions of size 1 in front until there are two.
 *  Shape: [] -> [1, 1], [N] -> [1, N]; any other unchanged.
 *
 *  `atleast_2d(Tensor self) -> Tensor`
 *  `atleast_2d.Sequence(Tensor[] tensors) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.atleast_2d.html
 *  @example
 *  atleast2d(tensor([1, 2])); // tensor([[1., 2.]]) */
export function atleast2d(input: Tensor): Tensor;
export function atleast2d(tensors: readonly Tensor[]): Tensor[];
export function atleast2d(inputOrTensors: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  if (isTensor(inputOrTensors)) return wrap(call(265, h(inputOrTensors)));
  return wrapAll(call(266, handles(inputOrTensors)));
}

/** Adds dimensions of size 1 until there are three.
 *  Shape: [] -> [1, 1, 1], [N] -> [1, N, 1], [N, M] -> [N, M, 1]; any other unchanged.
 *
 *  `atleast_3d(Tensor self) -> Tensor`
 *  `atleast_3d.Sequence(Tensor[] tensors) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.atleast_3d.html
 *  @example
 *  atleast3d(tensor([1, 2])).shape; // [1, 2, 1] */
export function atleast3d(input: Tensor): Tensor;
export function atleast3d(tensors: readonly Tensor[]): Tensor[];
export function atleast3d(inputOrTensors: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  if (isTensor(inputOrTensors)) return wrap(call(267, h(inputOrTensors)));
  return wrapAll(call(268, handles(inputOrTensors)));
}

/** The average of each window; `stride` is the window's size unless given.
 *  Shape: [*, L] -> [*, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; `ceilMode` rounds up, if the last window begins inside.
 *
 *  `avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], bool ceil_mode=False, bool count_include_pad=True) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.avg_pool1d.html
 *  @example
 *  avgPool1d(tensor([[1, 5, 2, 4]]), 2); // tensor([[3., 3.]]) */
export function avgPool1d(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; ceilMode?: boolean | undefined; countIncludePad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(269, h(input), kernelSize));
  readOptions('avgPool1d', OPTIONS_8, options);
  return wrap(call(269, h(input), kernelSize, options.stride, options.padding, options.ceilMode, options.countIncludePad));
}

/** Adds the products of two batches of matrices, pair by pair: `beta * input + alpha * batch1 @ batch2`.
 *  Shape: [B, N, M], [B, N, K], [B, K, M] -> [B, N, M].
 *
 *  `baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
 *  `baddbmm.dtype(Tensor self, Tensor batch1, Tensor batch2, ScalarType out_dtype, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.baddbmm.html
 *  @example
 *  ones([5, 1, 1]).baddbmm(ones([5, 1, 2]), ones([5, 2, 1])).flatten(); // tensor([3., 3., 3., 3., 3.]) */
export function baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined } | { outDtype: DType; beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor;
export function baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined; outDtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(272, h(input), h(batch1), h(batch2)));
  const given = readOptions('baddbmm', OPTIONS_3, options);
  if ((given & 4) === 0) return wrap(call(272, h(input), h(batch1), h(batch2), options.beta, options.alpha));
  if ((given & 4) === 4) return wrap(call(273, h(input), h(batch1), h(batch2), options.outDtype && dtypeCode(options.outDtype), options.beta, options.alpha));
  throw unfit('baddbmm', 'baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, { beta?, alpha? }) or baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, { outDtype, beta?, alpha? })', [input, batch1, batch2, options]);
}

/** A triangle from 0 to 1 and back.
 *  Shape: [windowLength].
 *
 *  `bartlett_window(int window_length, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `bartlett_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bartlett_window.html
 *  @example
 *  bartlettWindow(4); // tensor([0.0000, 0.5000, 1.0000, 0.5000]) */
export function bartlettWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { periodic: boolean; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function bartlettWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined; periodic?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(275, windowLength));
  const given = readOptions('bartlettWindow', OPTIONS_9, options);
  if ((given & 32) === 0) return tracked(wrap(call(275, windowLength, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 32) === 32) return tracked(wrap(call(276, windowLength, options.periodic, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('bartlettWindow', 'bartlettWindow(windowLength: number, { dtype?, layout?, device?, pinMemory?, requiresGrad? }) or bartlettWindow(windowLength: number, { periodic, dtype?, layout?, device?, pinMemory?, requiresGrad? })', [windowLength, options]);
}

/** Gives each channel mean 0 and variance 1 over the batch in training, by running statistics otherwise.
 *  Shape: [N, C, *], unchanged.
 *
 *  `batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.batch_norm.html
 *  @example
 *  const x = tensor([[1, 5], [3, 7]]);
 *  batchNorm(x, undefined, undefined, undefined, undefined, true, 0.1, 0, false); // tensor([[-1., -1.], [ 1.,  1.]]) */
export function batchNorm(input: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, runningMean: Tensor | undefined, runningVar: Tensor | undefined, training: boolean, momentum: number, eps: number, cudnnEnabled: boolean): Tensor {
  return wrap(call(277, h(input), h(weight), h(bias), h(runningMean), h(runningVar), training, momentum, eps, cudnnEnabled));
}

/** `batch_norm_elemt(Tensor input, Tensor? weight, Tensor? bias, Tensor mean, Tensor invstd, float eps) -> Tensor` */
export function batchNormElemt(input: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, mean: Tensor, invstd: Tensor, eps: number): Tensor {
  return wrap(call(278, h(input), h(weight), h(bias), h(mean), h(invstd), eps));
}

/** `batch_norm_gather_stats(Tensor input, Tensor mean, Tensor invstd, Tensor? running_mean, Tensor? running_var, float momentum, float eps, int count) -> (Tensor, Tensor)` */
export function batchNormGatherStats(input: Tensor, mean: Tensor, invstd: Tensor, runningMean: Tensor | undefined, runningVar: Tensor | undefined, momentum: number, eps: number, count: number): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(279, h(input), h(mean), h(invstd), h(runningMean), h(runningVar), momentum, eps, count));
}

/** `batch_norm_gather_stats_with_counts(Tensor input, Tensor mean, Tensor invstd, Tensor? running_mean, Tensor? running_var, float momentum, float eps, Tensor counts) -> (Tensor, Tensor)` */
export function batchNormGatherStatsWithCounts(input: Tensor, mean: Tensor, invstd: Tensor, runningMean: Tensor | undefined, runningVar: Tensor | undefined, momentum: number, eps: number, counts: Tensor): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(280, h(input), h(mean), h(invstd), h(runningMean), h(runningVar), momentum, eps, h(counts)));
}

/** `batch_norm_stats(Tensor input, float eps) -> (Tensor, Tensor)` */
export function batchNormStats(input: Tensor, eps: number): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(281, h(input), eps));
}

/** `batch_norm_update_stats(Tensor input, Tensor? running_mean, Tensor? running_var, float momentum) -> (Tensor, Tensor)` */
export function batchNormUpdateStats(input: Tensor, runningMean: Tensor | undefined, runningVar: Tensor | undefined, momentum: number): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(282, h(input), h(runningMean), h(runningVar), momentum));
}

/** 0 or 1 for each element, which is the chance of 1; with `p`, all with that chance.
 *  Shape: any, unchanged.
 *
 *  `bernoulli(Tensor self, *, Generator? generator=None) -> Tensor`
 *  `bernoulli.p(Tensor self, float p, *, Generator? generator=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bernoulli.html
 *  @example
 *  tensor([0, 1, 1]).bernoulli(); // tensor([0., 1., 1.]) */
export function bernoulli(input: Tensor, options?: { generator?: Generator | undefined } | { p: number; generator?: Generator | undefined }): Tensor;
export function bernoulli(input: Tensor, options?: { generator?: Generator | undefined; p?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(283, h(input)));
  const given = readOptions('bernoulli', OPTIONS_10, options);
  if ((given & 2) === 0) return wrap(call(283, h(input), options.generator?.index));
  if ((given & 2) === 2) return wrap(call(284, h(input), options.p, options.generator?.index));
  throw unfit('bernoulli', 'bernoulli(input: Tensor, { generator? }) or bernoulli(input: Tensor, { p, generator? })', [input, options]);
}

/** One number for each matrix in `weight`: `input1^T W input2`.
 *  Shape: [*, A], [*, B], weight [Out, A, B] -> [*, Out].
 *
 *  `bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.bilinear.html
 *  @example
 *  bilinear(tensor([[1, 2]]), tensor([[3, 4]]), tensor([[[1, 0], [0, 1]]])); // tensor([[11.]]) */
export function bilinear(input1: Tensor, input2: Tensor, weight: Tensor, options?: { bias?: Tensor | undefined }): Tensor {
  if (options === undefined) return wrap(call(287, h(input1), h(input2), h(weight)));
  readOptions('bilinear', OPTIONS_11, options);
  return wrap(call(287, h(input1), h(input2), h(weight), h(options.bias)));
}

/** `binaryCrossEntropy` of the input's sigmoid, which does not overflow. Default reduction: mean.
 *  Shape: two of one shape -> []; unchanged where `reduction` is 0.
 *
 *  `binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 *  @example
 *  binaryCrossEntropyWithLogits(tensor([0, 100]), tensor([1, 1])); // tensor(0.3466) */
export function binaryCrossEntropyWithLogits(input: Tensor, target: Tensor, options?: { weight?: Tensor | undefined; posWeight?: Tensor | undefined; reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(289, h(input), h(target)));
  readOptions('binaryCrossEntropyWithLogits', OPTIONS_12, options);
  return wrap(call(289, h(input), h(target), h(options.weight), h(options.posWeight), options.reduction));
}

/** How often each whole number from 0 on occurs.
 *
 *  `bincount(Tensor self, Tensor? weights=None, int minlength=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bincount.html
 *  @example
 *  tensor([1n, 3n, 1n]).bincount(); // tensor([0, 2, 0, 1]) */
export function bincount(input: Tensor, options?: { weights?: Tensor | undefined; minlength?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(290, h(input)));
  readOptions('bincount', OPTIONS_13, options);
  return wrap(call(290, h(input), h(options.weights), options.minlength));
}

/** The number of successes in `count` tries of chance `prob`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `binomial(Tensor count, Tensor prob, Generator? generator=None) -> Tensor`
 *  @example
 *  binomial(tensor([10, 10]), tensor([0, 1])); // tensor([ 0., 10.]) */
export function binomial(count: Tensor, prob: Tensor, options?: { generator?: Generator | undefined }): Tensor {
  if (options === undefined) return wrap(call(291, h(count), h(prob)));
  readOptions('binomial', OPTIONS_14, options);
  return wrap(call(291, h(count), h(prob), options.generator?.index));
}

/** The bits that both have; for bool, whether both are true.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `bitwise_and.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `bitwise_and.Scalar_Tensor(Scalar self, Tensor other) -> Tensor`
 *  `bitwise_and.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bitwise_and.html
 *  @example
 *  tensor([12n]).bitwiseAnd(10); // tensor([8]) */
export function bitwiseAnd(input: Tensor | Scalar, other: Tensor): Tensor;
export function bitwiseAnd(input: Tensor, other: Scalar): Tensor;
export function bitwiseAnd(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(294, h(input), h(other)));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(293, input, h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(292, h(input), other));
  throw unfit('bitwiseAnd', 'bitwiseAnd(input: Tensor, other: Tensor) or bitwiseAnd(input: Scalar, other: Tensor) or bitwiseAnd(input: Tensor, other: Scalar)', [input, other]);
}

/** Moves the bits up by `other` places: multiplies by 2 that often.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `bitwise_left_shift.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `bitwise_left_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor`
 *  `bitwise_left_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bitwise_left_shift.html
 *  @example
 *  tensor([1n, 3n]).bitwiseLeftShift(2); // tensor([ 4, 12]) */
export function bitwiseLeftShift(input: Tensor | Scalar, other: Tensor): Tensor;
export function bitwiseLeftShift(input: Tensor, other: Scalar): Tensor;
export function bitwiseLeftShift(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(298, h(input), h(other)));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(297, input, h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(299, h(input), other));
  throw unfit('bitwiseLeftShift', 'bitwiseLeftShift(input: Tensor, other: Tensor) or bitwiseLeftShift(input: Scalar, other: Tensor) or bitwiseLeftShift(input: Tensor, other: Scalar)', [input, other]);
}

/** Every bit turned over; for bool, its opposite.
 *  Shape: any, unchanged.
 *
 *  `bitwise_not(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bitwise_not.html
 *  @example
 *  tensor([0n, 5n]).bitwiseNot(); // tensor([-1, -6]) */
export function bitwiseNot(input: Tensor): Tensor {
  return wrap(call(302, h(input)));
}

/** The bits that either has; for bool, whether either is true.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `bitwise_or.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `bitwise_or.Scalar_Tensor(Scalar self, Tensor other) -> Tensor`
 *  `bitwise_or.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bitwise_or.html
 *  @example
 *  tensor([12n]).bitwiseOr(10); // tensor([14]) */
export function bitwiseOr(input: Tensor | Scalar, other: Tensor): Tensor;
export function bitwiseOr(input: Tensor, other: Scalar): Tensor;
export function bitwiseOr(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(306, h(input), h(other)));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(305, input, h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(304, h(input), other));
  throw unfit('bitwiseOr', 'bitwiseOr(input: Tensor, other: Tensor) or bitwiseOr(input: Scalar, other: Tensor) or bitwiseOr(input: Tensor, other: Scalar)', [input, other]);
}

/** Moves the bits down by `other` places, keeping the sign.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `bitwise_right_shift.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `bitwise_right_shift.Scalar_Tensor(Scalar self, Tensor other) -> Tensor`
 *  `bitwise_right_shift.Tensor_Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bitwise_right_shift.html
 *  @example
 *  tensor([8n, -8n]).bitwiseRightShift(2); // tensor([ 2, -2]) */
export function bitwiseRightShift(input: Tensor | Scalar, other: Tensor): Tensor;
export function bitwiseRightShift(input: Tensor, other: Scalar): Tensor;
export function bitwiseRightShift(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(310, h(input), h(other)));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(309, input, h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(311, h(input), other));
  throw unfit('bitwiseRightShift', 'bitwiseRightShift(input: Tensor, other: Tensor) or bitwiseRightShift(input: Scalar, other: Tensor) or bitwiseRightShift(input: Tensor, other: Scalar)', [input, other]);
}

/** The bits that one of the two has; for bool, whether they differ.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `bitwise_xor.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `bitwise_xor.Scalar_Tensor(Scalar self, Tensor other) -> Tensor`
 *  `bitwise_xor.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bitwise_xor.html
 *  @example
 *  tensor([12n]).bitwiseXor(10); // tensor([6]) */
export function bitwiseXor(input: Tensor | Scalar, other: Tensor): Tensor;
export function bitwiseXor(input: Tensor, other: Scalar): Tensor;
export function bitwiseXor(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(316, h(input), h(other)));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(315, input, h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(314, h(input), other));
  throw unfit('bitwiseXor', 'bitwiseXor(input: Tensor, other: Tensor) or bitwiseXor(input: Scalar, other: Tensor) or bitwiseXor(input: Tensor, other: Scalar)', [input, other]);
}

/** A bell of two cosines, narrower than Hann's.
 *  Shape: [windowLength].
 *
 *  `blackman_window(int window_length, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `blackman_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.blackman_window.html
 *  @example
 *  blackmanWindow(4).narrow(0, 1, 3); // tensor([0.3400, 1.0000, 0.3400]) */
export function blackmanWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { periodic: boolean; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function blackmanWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined; periodic?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(319, windowLength));
  const given = readOptions('blackmanWindow', OPTIONS_9, options);
  if ((given & 32) === 0) return tracked(wrap(call(319, windowLength, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 32) === 32) return tracked(wrap(call(320, windowLength, options.periodic, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('blackmanWindow', 'blackmanWindow(windowLength: number, { dtype?, layout?, device?, pinMemory?, requiresGrad? }) or blackmanWindow(windowLength: number, { periodic, dtype?, layout?, device?, pinMemory?, requiresGrad? })', [windowLength, options]);
}

/** Puts matrices on the diagonal of one that is zero elsewhere.
 *  Shape: the inputs' rows and columns added up.
 *
 *  `block_diag(Tensor[] tensors) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.block_diag.html
 *  @example
 *  blockDiag([ones([1, 2]), tensor([[5]])]); // tensor([[1., 1., 0.], [0., 0., 5.]]) */
export function blockDiag(tensors: readonly Tensor[]): Tensor {
  return wrap(call(321, handles(tensors)));
}

/** The products of two batches of matrices, pair by pair.
 *  Shape: [B, N, K], [B, K, M] -> [B, N, M].
 *
 *  `bmm(Tensor self, Tensor mat2) -> Tensor`
 *  `bmm.dtype(Tensor self, Tensor mat2, ScalarType out_dtype) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bmm.html
 *  @example
 *  ones([5, 2, 3]).bmm(ones([5, 3, 4])).shape; // [5, 2, 4] */
export function bmm(input: Tensor, mat2: Tensor, options?: { outDtype: DType }): Tensor {
  if (options === undefined) return wrap(call(322, h(input), h(mat2)));
  const given = readOptions('bmm', OPTIONS_15, options);
  if ((given & 1) === 0) return wrap(call(322, h(input), h(mat2)));
  if ((given & 1) === 1) return wrap(call(323, h(input), h(mat2), options.outDtype && dtypeCode(options.outDtype)));
  throw unfit('bmm', 'bmm(input: Tensor, mat2: Tensor) or bmm(input: Tensor, mat2: Tensor, { outDtype })', [input, mat2, options]);
}

/** Expands tensors to the one shape that they broadcast to.
 *  Shape: all that of the inputs, broadcast together.
 *
 *  `broadcast_tensors(Tensor[] tensors) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.broadcast_tensors.html
 *  @example
 *  broadcastTensors([zeros([3, 1]), zeros([2])]).map((x) => x.shape); // [[3, 2], [3, 2]] */
export function broadcastTensors(tensors: readonly Tensor[]): Tensor[] {
  return wrapAll(call(324, handles(tensors)));
}

/** Repeats dimensions of size 1 without copying, as a view.
 *  Shape: `size`.
 *
 *  `broadcast_to(Tensor(a) self, int[] size) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.broadcast_to.html
 *  @example
 *  tensor([1, 2]).broadcastTo([2, 2]); // tensor([[1., 2.], [1., 2.]]) */
export function broadcastTo(input: Tensor, size: readonly number[]): Tensor {
  return wrap(call(325, h(input), size));
}

/** The number of the interval between `boundaries` that each element falls into.
 *  Shape: that of `input`.
 *
 *  `bucketize.Tensor(Tensor self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor`
 *  `bucketize.Scalar(Scalar self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.bucketize.html
 *  @example
 *  bucketize(tensor([5, 15, 25]), tensor([10, 20])); // tensor([0, 1, 2]) */
export function bucketize(input: Tensor | Scalar, boundaries: Tensor, options?: { outInt32?: boolean | undefined; right?: boolean | undefined }): Tensor {
  if (options === undefined) {
    if (typeof input === 'object') return wrap(call(327, h(input), h(boundaries)));
    return wrap(call(326, input, h(boundaries)));
  }
  readOptions('bucketize', OPTIONS_16, options);
  if (typeof input === 'object') return wrap(call(327, h(input), h(boundaries), options.outInt32, options.right));
  return wrap(call(326, input, h(boundaries), options.outInt32, options.right));
}

/** Whether numbers of one dtype can become another without loss of kind.
 *
 *  `can_cast(ScalarType from_, ScalarType to) -> bool`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.can_cast.html
 *  @example
 *  canCast('float32', 'int64'); // false */
export function canCast(from_: DType, to: DType): boolean {
  return call(328, dtypeCode(from_), dtypeCode(to)) as boolean;
}

/** Every combination of one element from each tensor, one a row.
 *  Shape: [N1 * N2 * …, number of inputs].
 *
 *  `cartesian_prod(Tensor[] tensors) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cartesian_prod.html
 *  @example
 *  cartesianProd([tensor([1, 2]), tensor([3, 4])]); // tensor([[1., 3.], [1., 4.], [2., 3.], [2., 4.]]) */
export function cartesianProd(tensors: readonly Tensor[]): Tensor {
  return wrap(call(329, handles(tensors)));
}

/** Joins tensors along a dimension that they have (default 0).
 *  Shape: that of each input, with their sizes at `dim` added up.
 *
 *  `cat(Tensor[] tensors, int dim=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cat.html
 *  @example
 *  cat([tensor([[1, 2]]), tensor([[3, 4]])]); // tensor([[1., 2.], [3., 4.]])
 *  cat([tensor([[1, 2]]), tensor([[3, 4]])], { dim: 1 }); // tensor([[1., 2., 3., 4.]]) */
export function cat(tensors: readonly Tensor[], options?: { dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(330, handles(tensors)));
  readOptions('cat', OPTIONS_17, options);
  return wrap(call(330, handles(tensors), options.dim));
}

/** `ccol_indices_copy(Tensor self) -> Tensor` */
export function ccolIndicesCopy(input: Tensor): Tensor {
  return wrap(call(333, h(input)));
}

/** The distance of every row of one matrix to every row of another.
 *  Shape: [*, N, D], [*, M, D] -> [*, N, M].
 *
 *  `cdist(Tensor x1, Tensor x2, float p=2., int? compute_mode=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cdist.html
 *  @example
 *  cdist(tensor([[0, 0], [0, 1]]), tensor([[3, 4]])); // tensor([[5.0000], [4.2426]]) */
export function cdist(x1: Tensor, x2: Tensor, options?: { p?: number | undefined; computeMode?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(334, h(x1), h(x2)));
  readOptions('cdist', OPTIONS_18, options);
  return wrap(call(334, h(x1), h(x2), options.p, options.computeMode));
}

/** The smallest whole number that is not below each element.
 *  Shape: any, unchanged.
 *
 *  `ceil(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.ceil.html
 *  @example
 *  tensor([1.2, -1.7]).ceil(); // tensor([ 2., -1.]) */
export function ceil(input: Tensor): Tensor {
  return wrap(call(335, h(input)));
}

/** The smallest whole number that is not below each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `ceil_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1.2, -1.7]).ceil_(); // tensor([ 2., -1.]) */
export function ceil_(input: Tensor): Tensor {
  call(336, h(input));
  return input;
}

/** The element where it is positive, else `alpha * (exp(x / alpha) - 1)`, which is smooth at 0 for every `alpha`.
 *  Shape: any, unchanged.
 *
 *  `celu(Tensor self, Scalar alpha=1.) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.celu.html
 *  @example
 *  celu(tensor([-1, 2]), { alpha: 0.5 }); // tensor([-0.4323,  2.0000]) */
export function celu(input: Tensor, options?: { alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(337, h(input)));
  readOptions('celu', OPTIONS_0, options);
  return wrap(call(337, h(input), options.alpha));
}

/** The element where it is positive, else `alpha * (exp(x / alpha) - 1)`, which is smooth at 0 for every `alpha`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `celu_(Tensor(a!) self, Scalar alpha=1.) -> Tensor(a!)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.celu_.html
 *  @example
 *  celu_(tensor([-1, 2]), { alpha: 0.5 }); // tensor([-0.4323,  2.0000]) */
export function celu_(input: Tensor, options?: { alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) {
    call(338, h(input));
    return input;
  }
  readOptions('celu_', OPTIONS_0, options);
  call(338, h(input), options.alpha);
  return input;
}

/** Another name of `linalg.multiDot`. The product of several matrices, multiplied in the cheapest order.
 *  Shape: [N, …], …, […, M] -> [N, M].
 *
 *  `chain_matmul(Tensor[] matrices) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.chain_matmul.html
 *  @example
 *  chainMatmul([ones([2, 3]), ones([3, 4]), ones([4, 1])]); // tensor([[12.], [12.]]) */
export function chainMatmul(matrices: readonly Tensor[]): Tensor {
  return wrap(call(339, handles(matrices)));
}

/** Mixes the channels of `groups` with each other: the first of each, then the second of each, and so on.
 *  Shape: [N, C, *], unchanged.
 *
 *  `channel_shuffle(Tensor self, int groups) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.channel_shuffle.html
 *  @example
 *  channelShuffle(arange(4).view([1, 4, 1, 1]), 2).flatten(); // tensor([0, 2, 1, 3]) */
export function channelShuffle(input: Tensor, groups: number): Tensor {
  return wrap(call(341, h(input), groups));
}

/** The lower triangle L for which L L^H is the matrix, or with `upper` its mirror image; `linalg.cholesky` is its successor.
 *  Shape: [*, N, N] -> [*, N, N].
 *
 *  `cholesky(Tensor self, bool upper=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cholesky.html
 *  @example
 *  tensor([[9]]).cholesky(); // tensor([[3.]]) */
export function cholesky(input: Tensor, options?: { upper?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(342, h(input)));
  readOptions('cholesky', OPTIONS_19, options);
  return wrap(call(342, h(input), options.upper));
}

/** The inverse of A out of the Cholesky factor of A.
 *  Shape: [*, N, N] -> [*, N, N].
 *
 *  `cholesky_inverse(Tensor self, bool upper=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cholesky_inverse.html
 *  @example
 *  tensor([[2]]).choleskyInverse(); // tensor([[0.2500]]) */
export function choleskyInverse(input: Tensor, options?: { upper?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(343, h(input)));
  readOptions('choleskyInverse', OPTIONS_19, options);
  return wrap(call(343, h(input), options.upper));
}

/** The X for which A X is the input, where `input2` is the Cholesky factor of A.
 *  Shape: [*, N, K], factor [*, N, N] -> [*, N, K].
 *
 *  `cholesky_solve(Tensor self, Tensor input2, bool upper=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cholesky_solve.html
 *  @example
 *  tensor([[6], [8]]).choleskySolve(tensor([[1, 0], [0, 2]])); // tensor([[6.], [2.]]) */
export function choleskySolve(input: Tensor, input2: Tensor, options?: { upper?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(344, h(input), h(input2)));
  readOptions('choleskySolve', OPTIONS_19, options);
  return wrap(call(344, h(input), h(input2), options.upper));
}

/** `choose_qparams_optimized(Tensor input, int numel, int n_bins, float ratio, int bit_width) -> (Tensor, Tensor)` */
export function chooseQparamsOptimized(input: Tensor, numel: number, nBins: number, ratio: number, bitWidth: number): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(345, h(input), numel, nBins, ratio, bitWidth));
}

/** Views of the tensor in that many pieces of one size, the last perhaps smaller; fewer pieces where it does not come out.
 *  Shape: each the input, with ceil(size / chunks) at `dim`, the last one with what is left.
 *
 *  `chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.chunk.html
 *  @example
 *  arange(5).chunk(2); // [tensor([0, 1, 2]), tensor([3, 4])] */
export function chunk(input: Tensor, chunks: number, options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(346, h(input), chunks));
  readOptions('chunk', OPTIONS_17, options);
  return wrapAll(call(346, h(input), chunks, options.dim));
}

/** Limits each element to `min` and `max`, either of which may be left out.
 *  Shape: any, unchanged.
 *
 *  `clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor`
 *  `clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.clamp.html
 *  @example
 *  tensor([-2, 0.5, 9]).clamp({ min: 0, max: 1 }); // tensor([0.0000, 0.5000, 1.0000]) */
export function clamp(input: Tensor, options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): Tensor;
export function clamp(input: Tensor, options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(348, h(input)));
  readOptions('clamp', OPTIONS_20, options);
  if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) return wrap(call(348, h(input), h(options.min), h(options.max)));
  if (typeof options.min !== 'object' && typeof options.max !== 'object') return wrap(call(347, h(input), options.min, options.max));
  throw unfit('clamp', 'clamp(input: Tensor, { min?: Tensor, max?: Tensor }) or clamp(input: Tensor, { min?: Scalar, max?: Scalar })', [input, options]);
}

/** Replaces what is above `max` by `max`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `clamp_max.Tensor(Tensor self, Tensor max) -> Tensor`
 *  `clamp_max(Tensor self, Scalar max) -> Tensor`
 *  @example
 *  tensor([-2, 5]).clampMax(3); // tensor([-2.,  3.]) */
export function clampMax(input: Tensor, max: Tensor | Scalar): Tensor {
  if (typeof max === 'object') return wrap(call(352, h(input), h(max)));
  return wrap(call(351, h(input), max));
}

/** Replaces what is above `max` by `max`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged; the others broadcast to it.
 *
 *  `clamp_max_.Tensor(Tensor(a!) self, Tensor max) -> Tensor(a!)`
 *  `clamp_max_(Tensor(a!) self, Scalar max) -> Tensor(a!)`
 *  @example
 *  tensor([-2, 5]).clampMax_(3); // tensor([-2.,  3.]) */
export function clampMax_(input: Tensor, max: Tensor | Scalar): Tensor {
  if (typeof max === 'object') { call(354, h(input), h(max)); return input; }
  call(353, h(input), max);
  return input;
}

/** Replaces what is below `min` by `min`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `clamp_min.Tensor(Tensor self, Tensor min) -> Tensor`
 *  `clamp_min(Tensor self, Scalar min) -> Tensor`
 *  @example
 *  tensor([-2, 5]).clampMin(0); // tensor([0., 5.]) */
export function clampMin(input: Tensor, min: Tensor | Scalar): Tensor {
  if (typeof min === 'object') return wrap(call(356, h(input), h(min)));
  return wrap(call(355, h(input), min));
}

/** Replaces what is below `min` by `min`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged; the others broadcast to it.
 *
 *  `clamp_min_.Tensor(Tensor(a!) self, Tensor min) -> Tensor(a!)`
 *  `clamp_min_(Tensor(a!) self, Scalar min) -> Tensor(a!)`
 *  @example
 *  tensor([-2, 5]).clampMin_(0); // tensor([0., 5.]) */
export function clampMin_(input: Tensor, min: Tensor | Scalar): Tensor {
  if (typeof min === 'object') { call(358, h(input), h(min)); return input; }
  call(357, h(input), min);
  return input;
}

/** Limits each element to `min` and `max`, either of which may be left out. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `clamp_.Tensor(Tensor(a!) self, Tensor? min=None, Tensor? max=None) -> Tensor(a!)`
 *  `clamp_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)`
 *  @example
 *  tensor([-2, 0.5, 9]).clamp_({ min: 0, max: 1 }); // tensor([0.0000, 0.5000, 1.0000]) */
export function clamp_(input: Tensor, options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): Tensor;
export function clamp_(input: Tensor, options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): Tensor {
  if (options === undefined) {
    call(350, h(input));
    return input;
  }
  readOptions('clamp_', OPTIONS_20, options);
  if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) { call(350, h(input), h(options.min), h(options.max)); return input; }
  if (typeof options.min !== 'object' && typeof options.max !== 'object') { call(349, h(input), options.min, options.max); return input; }
  throw unfit('clamp_', 'clamp_(input: Tensor, { min?: Tensor, max?: Tensor }) or clamp_(input: Tensor, { min?: Scalar, max?: Scalar })', [input, options]);
}

/** Another name of `clamp`. Limits each element to `min` and `max`, either of which may be left out.
 *  Shape: any, unchanged.
 *
 *  `clip.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor`
 *  `clip(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.clip.html
 *  @example
 *  tensor([-2, 0.5, 9]).clip({ min: 0, max: 1 }); // tensor([0.0000, 0.5000, 1.0000]) */
export function clip(input: Tensor, options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): Tensor;
export function clip(input: Tensor, options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(360, h(input)));
  readOptions('clip', OPTIONS_20, options);
  if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) return wrap(call(360, h(input), h(options.min), h(options.max)));
  if (typeof options.min !== 'object' && typeof options.max !== 'object') return wrap(call(359, h(input), options.min, options.max));
  throw unfit('clip', 'clip(input: Tensor, { min?: Tensor, max?: Tensor }) or clip(input: Tensor, { min?: Scalar, max?: Scalar })', [input, options]);
}

/** Limits each element to `min` and `max`, either of which may be left out. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `clip_.Tensor(Tensor(a!) self, Tensor? min=None, Tensor? max=None) -> Tensor(a!)`
 *  `clip_(Tensor(a!) self, Scalar? min=None, Scalar? max=None) -> Tensor(a!)`
 *  @example
 *  tensor([-2, 0.5, 9]).clip_({ min: 0, max: 1 }); // tensor([0.0000, 0.5000, 1.0000]) */
export function clip_(input: Tensor, options?: { min?: Scalar | undefined; max?: Scalar | undefined } | { min?: Tensor | undefined; max?: Tensor | undefined }): Tensor;
export function clip_(input: Tensor, options?: { min?: Tensor | Scalar | undefined; max?: Tensor | Scalar | undefined }): Tensor {
  if (options === undefined) {
    call(362, h(input));
    return input;
  }
  readOptions('clip_', OPTIONS_20, options);
  if ((options.min === undefined || typeof options.min === 'object') && (options.max === undefined || typeof options.max === 'object')) { call(362, h(input), h(options.min), h(options.max)); return input; }
  if (typeof options.min !== 'object' && typeof options.max !== 'object') { call(361, h(input), options.min, options.max); return input; }
  throw unfit('clip_', 'clip_(input: Tensor, { min?: Tensor, max?: Tensor }) or clip_(input: Tensor, { min?: Scalar, max?: Scalar })', [input, options]);
}

/** A copy, through which gradients flow back.
 *  Shape: any, unchanged.
 *
 *  `clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.clone.html
 *  @example
 *  const x = tensor([1, 2]);
 *  x.clone().add_(1); // tensor([2., 3.])
 *  x; // tensor([1., 2.]) */
export function clone(input: Tensor, options?: { memoryFormat?: MemoryFormat | undefined }): Tensor {
  if (options === undefined) return wrap(call(363, h(input)));
  readOptions('clone', OPTIONS_21, options);
  return wrap(call(363, h(input), options.memoryFormat && memoryFormatCode(options.memoryFormat)));
}

/** `col_indices_copy(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.col_indices_copy.html */
export function colIndicesCopy(input: Tensor): Tensor {
  return wrap(call(367, h(input)));
}

/** Joins tensors side by side; vectors become columns.
 *  Shape: that of each input, a vector counting as [N, 1], with their sizes at dimension 1 added up.
 *
 *  `column_stack(Tensor[] tensors) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.column_stack.html
 *  @example
 *  columnStack([tensor([1, 2]), tensor([3, 4])]); // tensor([[1., 3.], [2., 4.]]) */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  return wrap(call(368, handles(tensors)));
}

/** Every choice of `r` elements (default 2), one a row.
 *  Shape: [N] -> [number of choices, r].
 *
 *  `combinations(Tensor self, int r=2, bool with_replacement=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.combinations.html
 *  @example
 *  combinations(tensor([1, 2, 3])); // tensor([[1., 2.], [1., 3.], [2., 3.]]) */
export function combinations(input: Tensor, options?: { r?: number | undefined; withReplacement?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(369, h(input)));
  readOptions('combinations', OPTIONS_22, options);
  return wrap(call(369, h(input), options.r, options.withReplacement));
}

/** Complex numbers out of their real and imaginary parts.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `complex(Tensor real, Tensor imag) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.complex.html
 *  @example
 *  complex(tensor([1, 0]), tensor([0, -2])); // tensor([1.+0.j, 0.-2.j]) */
export function complex(real: Tensor, imag: Tensor): Tensor {
  return wrap(call(370, h(real), h(imag)));
}

/** Another name of `cat`. Joins tensors along a dimension that they have (default 0).
 *  Shape: that of each input, with their sizes at `dim` added up.
 *
 *  `concat(Tensor[] tensors, int dim=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.concat.html
 *  @example
 *  concat([tensor([[1, 2]]), tensor([[3, 4]])]); // tensor([[1., 2.], [3., 4.]])
 *  concat([tensor([[1, 2]]), tensor([[3, 4]])], { dim: 1 }); // tensor([[1., 2., 3., 4.]]) */
export function concat(tensors: readonly Tensor[], options?: { dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(371, handles(tensors)));
  readOptions('concat', OPTIONS_17, options);
  return wrap(call(371, handles(tensors), options.dim));
}

/** Another name of `cat`. Joins tensors along a dimension that they have (default 0).
 *  Shape: that of each input, with their sizes at `dim` added up.
 *
 *  `concatenate(Tensor[] tensors, int dim=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.concatenate.html
 *  @example
 *  concatenate([tensor([[1, 2]]), tensor([[3, 4]])]); // tensor([[1., 2.], [3., 4.]])
 *  concatenate([tensor([[1, 2]]), tensor([[3, 4]])], { dim: 1 }); // tensor([[1., 2., 3., 4.]]) */
export function concatenate(tensors: readonly Tensor[], options?: { dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(372, handles(tensors)));
  readOptions('concatenate', OPTIONS_17, options);
  return wrap(call(372, handles(tensors), options.dim));
}

/** Complex numbers mirrored at the real axis, as a view that is computed when read.
 *  Shape: any, unchanged.
 *
 *  `conj(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.conj.html
 *  @example
 *  complex(tensor([1]), tensor([2])).conj(); // tensor([1.-2.j]) */
export function conj(input: Tensor): Tensor {
  return wrap(call(373, h(input)));
}

/** Complex numbers mirrored at the real axis, computed at once.
 *  Shape: any, unchanged.
 *
 *  `conj_physical(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.conj_physical.html
 *  @example
 *  complex(tensor([1]), tensor([2])).conjPhysical(); // tensor([1.-2.j]) */
export function conjPhysical(input: Tensor): Tensor {
  return wrap(call(374, h(input)));
}

/** Complex numbers mirrored at the real axis, computed at once. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `conj_physical_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  complex(tensor([1]), tensor([2])).conjPhysical_(); // tensor([1.-2.j]) */
export function conjPhysical_(input: Tensor): Tensor {
  call(375, h(input));
  return input;
}

/** Adds elements of one value at the ends, `[before, after]` for the last dimension, then for the one before it; takes some away where negative.
 *  Shape: each size from the last on with its two numbers of `pad` added.
 *
 *  `constant_pad_nd(Tensor self, int[] pad, Scalar value=0) -> Tensor`
 *  @example
 *  constantPadNd(tensor([1, 2]), [1, -1], { value: 9 }); // tensor([9., 1.]) */
export function constantPadNd(input: Tensor, pad: readonly number[], options?: { value?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(376, h(input), pad));
  readOptions('constantPadNd', OPTIONS_2, options);
  return wrap(call(376, h(input), pad, options.value));
}

/** Slides filters along one dimension and sums the products.
 *  Shape: [N, In, L], weight [Out, In / groups, ...kernel] -> [N, Out, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1.
 *
 *  `conv1d(Tensor input, Tensor weight, Tensor? bias=None, int[1] stride=[1], int[1] padding=[0], int[1] dilation=[1], int groups=1) -> Tensor`
 *  `conv1d.padding(Tensor input, Tensor weight, Tensor? bias=None, int[1] stride=[1], str padding="valid", int[1] dilation=[1], int groups=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv1d.html
 *  @example
 *  const x = tensor([[[1, 2, 4, 8]]]);
 *  conv1d(x, tensor([[[-1, 1]]])); // tensor([[[1., 2., 4.]]])
 *  conv1d(x, tensor([[[1, 1]]]), { stride: 2 }); // tensor([[[ 3., 12.]]]) */
export function conv1d(input: Tensor, weight: Tensor, options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | string | undefined; dilation?: number | readonly number[] | undefined; groups?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(378, h(input), h(weight)));
  readOptions('conv1d', OPTIONS_23, options);
  if (typeof options.padding !== 'string') return wrap(call(378, h(input), h(weight), h(options.bias), options.stride, options.padding, options.dilation, options.groups));
  if (options.padding === undefined || typeof options.padding === 'string') return wrap(call(379, h(input), h(weight), h(options.bias), options.stride, options.padding, options.dilation, options.groups));
  throw unfit('conv1d', 'conv1d(input: Tensor, weight: Tensor, { bias?, stride?, padding?: number | readonly number[], dilation?, groups? }) or conv1d(input: Tensor, weight: Tensor, { bias?, stride?, padding?: string, dilation?, groups? })', [input, weight, options]);
}

/** Slides filters over pictures and sums the products.
 *  Shape: [N, In, H, W], weight [Out, In / groups, ...kernel] -> [N, Out, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1.
 *
 *  `conv2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=[1, 1], int[2] padding=[0, 0], int[2] dilation=[1, 1], int groups=1) -> Tensor`
 *  `conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=[1, 1], str padding="valid", int[2] dilation=[1, 1], int groups=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv2d.html
 *  @example
 *  conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2])); // tensor([[[[4., 4.], [4., 4.]]]])
 *  conv2d(rand([8, 3, 32, 32]), rand([16, 3, 3, 3]), { padding: 1, stride: 2 }).shape; // [8, 16, 16, 16] */
export function conv2d(input: Tensor, weight: Tensor, options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | string | undefined; dilation?: number | readonly number[] | undefined; groups?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(380, h(input), h(weight)));
  readOptions('conv2d', OPTIONS_23, options);
  if (typeof options.padding !== 'string') return wrap(call(380, h(input), h(weight), h(options.bias), options.stride, options.padding, options.dilation, options.groups));
  if (options.padding === undefined || typeof options.padding === 'string') return wrap(call(381, h(input), h(weight), h(options.bias), options.stride, options.padding, options.dilation, options.groups));
  throw unfit('conv2d', 'conv2d(input: Tensor, weight: Tensor, { bias?, stride?, padding?: number | readonly number[], dilation?, groups? }) or conv2d(input: Tensor, weight: Tensor, { bias?, stride?, padding?: string, dilation?, groups? })', [input, weight, options]);
}

/** Slides filters over volumes and sums the products.
 *  Shape: [N, In, D, H, W], weight [Out, In / groups, ...kernel] -> [N, Out, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1.
 *
 *  `conv3d(Tensor input, Tensor weight, Tensor? bias=None, int[3] stride=[1, 1, 1], int[3] padding=[0, 0, 0], int[3] dilation=[1, 1, 1], int groups=1) -> Tensor`
 *  `conv3d.padding(Tensor input, Tensor weight, Tensor? bias=None, int[3] stride=[1, 1, 1], str padding="valid", int[3] dilation=[1, 1, 1], int groups=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv3d.html
 *  @example
 *  conv3d(ones([1, 1, 2, 2, 2]), ones([1, 1, 2, 2, 2])).flatten(); // tensor([8.]) */
export function conv3d(input: Tensor, weight: Tensor, options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | string | undefined; dilation?: number | readonly number[] | undefined; groups?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(382, h(input), h(weight)));
  readOptions('conv3d', OPTIONS_23, options);
  if (typeof options.padding !== 'string') return wrap(call(382, h(input), h(weight), h(options.bias), options.stride, options.padding, options.dilation, options.groups));
  if (options.padding === undefined || typeof options.padding === 'string') return wrap(call(383, h(input), h(weight), h(options.bias), options.stride, options.padding, options.dilation, options.groups));
  throw unfit('conv3d', 'conv3d(input: Tensor, weight: Tensor, { bias?, stride?, padding?: number | readonly number[], dilation?, groups? }) or conv3d(input: Tensor, weight: Tensor, { bias?, stride?, padding?: string, dilation?, groups? })', [input, weight, options]);
}

/** `conv_tbc(Tensor self, Tensor weight, Tensor bias, int pad=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv_tbc.html */
export function convTbc(input: Tensor, weight: Tensor, bias: Tensor, options?: { pad?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(385, h(input), h(weight), h(bias)));
  readOptions('convTbc', OPTIONS_24, options);
  return wrap(call(385, h(input), h(weight), h(bias), options.pad));
}

/** Lays a filter down at each element, scaled by it, and adds them up: the gradient of `conv1d`.
 *  Shape: [N, In, L], weight [In, Out / groups, ...kernel] -> [N, Out, …]: each size L becomes (L - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1.
 *
 *  `conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, int[1] stride=[1], int[1] padding=[0], int[1] output_padding=[0], int groups=1, int[1] dilation=[1]) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv_transpose1d.html
 *  @example
 *  convTranspose1d(tensor([[[1, 10]]]), tensor([[[1, 2]]]), { stride: 2 }); // tensor([[[ 1.,  2., 10., 20.]]]) */
export function convTranspose1d(input: Tensor, weight: Tensor, options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; outputPadding?: number | readonly number[] | undefined; groups?: number | undefined; dilation?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(386, h(input), h(weight)));
  readOptions('convTranspose1d', OPTIONS_25, options);
  return wrap(call(386, h(input), h(weight), h(options.bias), options.stride, options.padding, options.outputPadding, options.groups, options.dilation));
}

/** Lays a filter down at each pixel, scaled by it, and adds them up: makes pictures larger.
 *  Shape: [N, In, H, W], weight [In, Out / groups, ...kernel] -> [N, Out, …]: each size L becomes (L - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1.
 *
 *  `conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=[1, 1], int[2] padding=[0, 0], int[2] output_padding=[0, 0], int groups=1, int[2] dilation=[1, 1]) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv_transpose2d.html
 *  @example
 *  convTranspose2d(rand([1, 16, 8, 8]), rand([16, 3, 2, 2]), { stride: 2 }).shape; // [1, 3, 16, 16] */
export function convTranspose2d(input: Tensor, weight: Tensor, options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; outputPadding?: number | readonly number[] | undefined; groups?: number | undefined; dilation?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(387, h(input), h(weight)));
  readOptions('convTranspose2d', OPTIONS_25, options);
  return wrap(call(387, h(input), h(weight), h(options.bias), options.stride, options.padding, options.outputPadding, options.groups, options.dilation));
}

/** Lays a filter down at each voxel, scaled by it, and adds them up: makes volumes larger.
 *  Shape: [N, In, D, H, W], weight [In, Out / groups, ...kernel] -> [N, Out, …]: each size L becomes (L - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1.
 *
 *  `conv_transpose3d.input(Tensor input, Tensor weight, Tensor? bias=None, int[3] stride=[1, 1, 1], int[3] padding=[0, 0, 0], int[3] output_padding=[0, 0, 0], int groups=1, int[3] dilation=[1, 1, 1]) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.conv_transpose3d.html
 *  @example
 *  convTranspose3d(rand([1, 2, 4, 4, 4]), rand([2, 3, 2, 2, 2]), { stride: 2 }).shape; // [1, 3, 8, 8, 8] */
export function convTranspose3d(input: Tensor, weight: Tensor, options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; outputPadding?: number | readonly number[] | undefined; groups?: number | undefined; dilation?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(388, h(input), h(weight)));
  readOptions('convTranspose3d', OPTIONS_25, options);
  return wrap(call(388, h(input), h(weight), h(options.bias), options.stride, options.padding, options.outputPadding, options.groups, options.dilation));
}

/** The convolution of any number of dimensions, or its transpose, with every setting by position: what `conv2d` and its kin call.
 *
 *  `convolution(Tensor input, Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] dilation, bool transposed, int[] output_padding, int groups) -> Tensor`
 *  @example
 *  convolution(tensor([[[1, 2, 4]]]), tensor([[[-1, 1]]]), undefined, [1], [0], [1], false, [0], 1); // tensor([[[1., 2.]]]) */
export function convolution(input: Tensor, weight: Tensor, bias: Tensor | undefined, stride: readonly number[], padding: readonly number[], dilation: readonly number[], transposed: boolean, outputPadding: readonly number[], groups: number): Tensor {
  return wrap(call(389, h(input), h(weight), h(bias), stride, padding, dilation, transposed, outputPadding, groups));
}

/** The size of each element with the sign of `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `copysign.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `copysign.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.copysign.html
 *  @example
 *  tensor([1, -2]).copysign(tensor([-0, 5])); // tensor([-1.,  2.]) */
export function copysign(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(392, h(input), h(other)));
  return wrap(call(391, h(input), other));
}

/** The correlation of variables, one a row.
 *  Shape: [N, K] -> [N, N].
 *
 *  `corrcoef(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.corrcoef.html
 *  @example
 *  tensor([[1, 2, 3], [6, 4, 2]]).corrcoef(); // tensor([[ 1., -1.], [-1.,  1.]]) */
export function corrcoef(input: Tensor): Tensor {
  return wrap(call(395, h(input)));
}

/** The cosine of each angle, in radians.
 *  Shape: any, unchanged.
 *
 *  `cos(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cos.html
 *  @example
 *  tensor([0, Math.PI / 3]).cos(); // tensor([1.0000, 0.5000]) */
export function cos(input: Tensor): Tensor {
  return wrap(call(396, h(input)));
}

/** The cosine of each angle, in radians. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `cos_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, Math.PI / 3]).cos_(); // tensor([1.0000, 0.5000]) */
export function cos_(input: Tensor): Tensor {
  call(397, h(input));
  return input;
}

/** The hyperbolic cosine of each element.
 *  Shape: any, unchanged.
 *
 *  `cosh(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cosh.html
 *  @example
 *  tensor([0, 1]).cosh(); // tensor([1.0000, 1.5431]) */
export function cosh(input: Tensor): Tensor {
  return wrap(call(398, h(input)));
}

/** The hyperbolic cosine of each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `cosh_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).cosh_(); // tensor([1.0000, 1.5431]) */
export function cosh_(input: Tensor): Tensor {
  call(399, h(input));
  return input;
}

/** 1 - cosine where the target is 1, and what the cosine has above `margin` where it is -1.
 *  Shape: two [N, D], target [N] -> [].
 *
 *  `cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0., int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.cosine_embedding_loss.html
 *  @example
 *  cosineEmbeddingLoss(tensor([[1, 0]]), tensor([[0, 1]]), tensor([1])); // tensor(1.) */
export function cosineEmbeddingLoss(input1: Tensor, input2: Tensor, target: Tensor, options?: { margin?: number | undefined; reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(400, h(input1), h(input2), h(target)));
  readOptions('cosineEmbeddingLoss', OPTIONS_26, options);
  return wrap(call(400, h(input1), h(input2), h(target), options.margin, options.reduction));
}

/** The cosine of the angle between vectors along `dim` (default 1).
 *  Shape: two of one shape -> that without `dim` (default 1).
 *
 *  `cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.cosine_similarity.html
 *  @example
 *  cosineSimilarity(tensor([[1, 0], [1, 1]]), tensor([[0, 5], [2, 2]])); // tensor([0.0000, 1.0000]) */
export function cosineSimilarity(x1: Tensor, x2: Tensor, options?: { dim?: number | undefined; eps?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(401, h(x1), h(x2)));
  readOptions('cosineSimilarity', OPTIONS_27, options);
  return wrap(call(401, h(x1), h(x2), options.dim, options.eps));
}

/** How many elements are not zero.
 *  Shape: [] for all elements; with `dim`, the input without it.
 *
 *  `count_nonzero(Tensor self, int? dim=None) -> Tensor`
 *  `count_nonzero.dim_IntList(Tensor self, int[] dim) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.count_nonzero.html
 *  @example
 *  tensor([[0, 5], [2, 3]]).countNonzero({ dim: 0 }); // tensor([1, 2]) */
export function countNonzero(input: Tensor, options?: { dim?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(402, h(input)));
  const given = readOptions('countNonzero', OPTIONS_17, options);
  if (typeof options.dim !== 'object') return wrap(call(402, h(input), options.dim));
  if ((given & 1) === 1 && isList(options.dim)) return wrap(call(403, h(input), options.dim));
  throw unfit('countNonzero', 'countNonzero(input: Tensor, { dim?: number }) or countNonzero(input: Tensor, { dim: readonly number[] })', [input, options]);
}

/** The covariance of variables, one a row.
 *  Shape: [N, K] -> [N, N].
 *
 *  `cov(Tensor self, *, int correction=1, Tensor? fweights=None, Tensor? aweights=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cov.html
 *  @example
 *  tensor([[1, 2, 3], [3, 2, 1]]).cov(); // tensor([[ 1., -1.], [-1.,  1.]]) */
export function cov(input: Tensor, options?: { correction?: number | undefined; fweights?: Tensor | undefined; aweights?: Tensor | undefined }): Tensor {
  if (options === undefined) return wrap(call(404, h(input)));
  readOptions('cov', OPTIONS_28, options);
  return wrap(call(404, h(input), options.correction, h(options.fweights), h(options.aweights)));
}

/** The vector that stands on both of two vectors in space, along `dim`, which is better given: its default is the first of size 3.
 *  Shape: two of one shape, with size 3 at `dim` -> the same.
 *
 *  `cross(Tensor self, Tensor other, int? dim=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cross.html
 *  @example
 *  tensor([1, 0, 0]).cross(tensor([0, 1, 0]), { dim: 0 }); // tensor([0., 0., 1.]) */
export function cross(input: Tensor, other: Tensor, options?: { dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(405, h(input), h(other)));
  readOptions('cross', OPTIONS_17, options);
  return wrap(call(405, h(input), h(other), options.dim));
}

/** `crow_indices_copy(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.crow_indices_copy.html */
export function crowIndicesCopy(input: Tensor): Tensor {
  return wrap(call(408, h(input)));
}

/** Minus the logarithm of the chance that a sequence of frames spells the target, blanks and repetitions dropped.
 *
 *  `ctc_loss.IntList(Tensor log_probs, Tensor targets, int[] input_lengths, int[] target_lengths, int blank=0, int reduction=1, bool zero_infinity=False) -> Tensor`
 *  `ctc_loss.Tensor(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, int blank=0, int reduction=1, bool zero_infinity=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.ctc_loss.html
 *  @example
 *  ctcLoss(tensor([[[0.5, 0.5]]]).log(), tensor([[1n]]), [1], [1]); // tensor(0.6931) */
export function ctcLoss(logProbs: Tensor, targets: Tensor, inputLengths: readonly number[], targetLengths: readonly number[], options?: { blank?: number | undefined; reduction?: number | undefined; zeroInfinity?: boolean | undefined }): Tensor;
export function ctcLoss(logProbs: Tensor, targets: Tensor, inputLengths: Tensor, targetLengths: Tensor, options?: { blank?: number | undefined; reduction?: number | undefined; zeroInfinity?: boolean | undefined }): Tensor;
export function ctcLoss(logProbs: Tensor, targets: Tensor, inputLengths: readonly number[] | Tensor, targetLengths: readonly number[] | Tensor, options?: { blank?: number | undefined; reduction?: number | undefined; zeroInfinity?: boolean | undefined }): Tensor {
  if (options === undefined) {
    if (isList(inputLengths) && isList(targetLengths)) return wrap(call(409, h(logProbs), h(targets), inputLengths, targetLengths));
    if (isTensor(inputLengths) && isTensor(targetLengths)) return wrap(call(410, h(logProbs), h(targets), h(inputLengths), h(targetLengths)));
    throw unfit('ctcLoss', 'ctcLoss(logProbs: Tensor, targets: Tensor, inputLengths: readonly number[], targetLengths: readonly number[], { blank?, reduction?, zeroInfinity? }) or ctcLoss(logProbs: Tensor, targets: Tensor, inputLengths: Tensor, targetLengths: Tensor, { blank?, reduction?, zeroInfinity? })', [logProbs, targets, inputLengths, targetLengths]);
  }
  readOptions('ctcLoss', OPTIONS_29, options);
  if (isList(inputLengths) && isList(targetLengths)) return wrap(call(409, h(logProbs), h(targets), inputLengths, targetLengths, options.blank, options.reduction, options.zeroInfinity));
  if (isTensor(inputLengths) && isTensor(targetLengths)) return wrap(call(410, h(logProbs), h(targets), h(inputLengths), h(targetLengths), options.blank, options.reduction, options.zeroInfinity));
  throw unfit('ctcLoss', 'ctcLoss(logProbs: Tensor, targets: Tensor, inputLengths: readonly number[], targetLengths: readonly number[], { blank?, reduction?, zeroInfinity? }) or ctcLoss(logProbs: Tensor, targets: Tensor, inputLengths: Tensor, targetLengths: Tensor, { blank?, reduction?, zeroInfinity? })', [logProbs, targets, inputLengths, targetLengths, options]);
}

/** The largest element so far along `dim`, and where it is.
 *  Shape: any, unchanged.
 *
 *  `cummax(Tensor self, int dim) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cummax.html
 *  @example
 *  tensor([1, 3, 2]).cummax(0); // [tensor([1., 3., 3.]), tensor([0, 1, 1])] */
export function cummax(input: Tensor, dim: number): readonly [values: Tensor, indices: Tensor] {
  return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(411, h(input), dim));
}

/** The smallest element so far along `dim`, and where it is.
 *  Shape: any, unchanged.
 *
 *  `cummin(Tensor self, int dim) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cummin.html
 *  @example
 *  tensor([2, 3, 1]).cummin(0); // [tensor([2., 2., 1.]), tensor([0, 0, 2])] */
export function cummin(input: Tensor, dim: number): readonly [values: Tensor, indices: Tensor] {
  return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(412, h(input), dim));
}

/** The product of each element and all before it along `dim`.
 *  Shape: any, unchanged.
 *
 *  `cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cumprod.html
 *  @example
 *  tensor([1, 2, 3, 4]).cumprod(0); // tensor([ 1.,  2.,  6., 24.]) */
export function cumprod(input: Tensor, dim: number, options?: { dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(413, h(input), dim));
  readOptions('cumprod', OPTIONS_30, options);
  return wrap(call(413, h(input), dim, options.dtype && dtypeCode(options.dtype)));
}

/** The sum of each element and all before it along `dim`.
 *  Shape: any, unchanged.
 *
 *  `cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cumsum.html
 *  @example
 *  tensor([1, 2, 3]).cumsum(0); // tensor([1., 3., 6.]) */
export function cumsum(input: Tensor, dim: number, options?: { dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(415, h(input), dim));
  readOptions('cumsum', OPTIONS_30, options);
  return wrap(call(415, h(input), dim, options.dtype && dtypeCode(options.dtype)));
}

/** The area below the line through points, up to each of them.
 *  Shape: the input, with 1 less at `dim`.
 *
 *  `cumulative_trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor`
 *  `cumulative_trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.cumulative_trapezoid.html
 *  @example
 *  cumulativeTrapezoid(tensor([1, 2, 3])); // tensor([1.5000, 4.0000]) */
export function cumulativeTrapezoid(y: Tensor, options?: { dx?: Scalar | undefined; dim?: number | undefined } | { x: Tensor; dim?: number | undefined }): Tensor;
export function cumulativeTrapezoid(y: Tensor, options?: { x?: Tensor | undefined; dim?: number | undefined; dx?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(417, h(y)));
  const given = readOptions('cumulativeTrapezoid', OPTIONS_31, options);
  if ((given & 5) === 1) return wrap(call(418, h(y), h(options.x), options.dim));
  if ((given & 1) === 0) return wrap(call(417, h(y), options.dx, options.dim));
  throw unfit('cumulativeTrapezoid', 'cumulativeTrapezoid(y: Tensor, { x, dim? }) or cumulativeTrapezoid(y: Tensor, { dx?, dim? })', [y, options]);
}

/** Degrees as radians.
 *  Shape: any, unchanged.
 *
 *  `deg2rad(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.deg2rad.html
 *  @example
 *  tensor([180, 90]).deg2rad(); // tensor([3.1416, 1.5708]) */
export function deg2rad(input: Tensor): Tensor {
  return wrap(call(419, h(input)));
}

/** Degrees as radians. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `deg2rad_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([180, 90]).deg2rad_(); // tensor([3.1416, 1.5708]) */
export function deg2rad_(input: Tensor): Tensor {
  call(420, h(input));
  return input;
}

/** `dequantize.self(Tensor self) -> Tensor`
 *  `dequantize.tensors(Tensor[] tensors) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.dequantize.html */
export function dequantize(input: Tensor): Tensor;
export function dequantize(tensors: readonly Tensor[]): Tensor[];
export function dequantize(inputOrTensors: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  if (isTensor(inputOrTensors)) return wrap(call(422, h(inputOrTensors)));
  return wrapAll(call(423, handles(inputOrTensors)));
}

/** The determinant: by how much a matrix scales volumes.
 *  Shape: [*, N, N] -> [*].
 *
 *  `det(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.det.html
 *  @example
 *  tensor([[2, 0], [1, 3]]).det(); // tensor(6.) */
export function det(input: Tensor): Tensor {
  return wrap(call(424, h(input)));
}

/** The same memory without its history: no gradient flows back through it.
 *  Shape: any, unchanged.
 *
 *  `detach(Tensor(a) self) -> Tensor(a)`
 *  @example
 *  ones([2], { requiresGrad: true }).mul(2).detach(); // tensor([2., 2.]) */
export function detach(input: Tensor): Tensor {
  return wrap(call(425, h(input)));
}

/** A copy, through which gradients flow back all the same, as in PyTorch; `x.detach().clone()` cuts them off.
 *
 *  `detach_copy(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.detach_copy.html
 *  @example
 *  detachCopy(ones([2], { requiresGrad: true })).requiresGrad; // true */
export function detachCopy(input: Tensor): Tensor {
  return wrap(call(427, h(input)));
}

/** The same memory without its history: no gradient flows back through it. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `detach_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  ones([2], { requiresGrad: true }).mul(2).detach_(); // tensor([2., 2.]) */
export function detach_(input: Tensor): Tensor {
  call(426, h(input));
  return input;
}

/** The diagonal of a matrix, or a matrix with a vector on its diagonal.
 *  Shape: [N] -> [N, N], [N, M] -> [min(N, M)], for diagonal 0.
 *
 *  `diag(Tensor self, int diagonal=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.diag.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).diag(); // tensor([1., 4.])
 *  tensor([1, 2]).diag(); // tensor([[1., 0.], [0., 2.]]) */
export function diag(input: Tensor, options?: { diagonal?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(428, h(input)));
  readOptions('diag', OPTIONS_32, options);
  return wrap(call(428, h(input), options.diagonal));
}

/** Matrices with the last dimension on their diagonals.
 *  Shape: [*, N] -> [*, N, N].
 *
 *  `diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.diag_embed.html
 *  @example
 *  tensor([1, 2]).diagEmbed(); // tensor([[1., 0.], [0., 2.]]) */
export function diagEmbed(input: Tensor, options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(429, h(input)));
  readOptions('diagEmbed', OPTIONS_33, options);
  return wrap(call(429, h(input), options.offset, options.dim1, options.dim2));
}

/** A matrix with all elements on its diagonal.
 *  Shape: [N, N], with N the number of elements.
 *
 *  `diagflat(Tensor self, int offset=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.diagflat.html
 *  @example
 *  tensor([[1], [2]]).diagflat(); // tensor([[1., 0.], [0., 2.]]) */
export function diagflat(input: Tensor, options?: { offset?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(430, h(input)));
  readOptions('diagflat', OPTIONS_34, options);
  return wrap(call(430, h(input), options.offset));
}

/** The diagonal of two dimensions, as a view.
 *  Shape: the input without `dim1` and `dim2`, and the length of the diagonal as a last one.
 *
 *  `diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.diagonal.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).diagonal({ offset: 1 }); // tensor([2.]) */
export function diagonal(input: Tensor, options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(431, h(input)));
  readOptions('diagonal', OPTIONS_33, options);
  return wrap(call(431, h(input), options.offset, options.dim1, options.dim2));
}

/** A copy of the diagonal of two dimensions.
 *
 *  `diagonal_copy(Tensor self, int offset=0, int dim1=0, int dim2=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.diagonal_copy.html
 *  @example
 *  diagonalCopy(tensor([[1, 2], [3, 4]])); // tensor([1., 4.]) */
export function diagonalCopy(input: Tensor, options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(432, h(input)));
  readOptions('diagonalCopy', OPTIONS_33, options);
  return wrap(call(432, h(input), options.offset, options.dim1, options.dim2));
}

/** A copy in which the diagonal is `src`.
 *  Shape: any, unchanged.
 *
 *  `diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.diagonal_scatter.html
 *  @example
 *  zeros([2, 2]).diagonalScatter(tensor([1, 2])); // tensor([[1., 0.], [0., 2.]]) */
export function diagonalScatter(input: Tensor, src: Tensor, options?: { offset?: number | undefined; dim1?: number | undefined; dim2?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(433, h(input), h(src)));
  readOptions('diagonalScatter', OPTIONS_33, options);
  return wrap(call(433, h(input), h(src), options.offset, options.dim1, options.dim2));
}

/** Each element minus the one before it along `dim` (default the last), `n` times over.
 *  Shape: the input, with `n` less at `dim`.
 *
 *  `diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.diff.html
 *  @example
 *  tensor([1, 4, 9, 16]).diff(); // tensor([3., 5., 7.]) */
export function diff(input: Tensor, options?: { n?: number | undefined; dim?: number | undefined; prepend?: Tensor | undefined; append?: Tensor | undefined }): Tensor {
  if (options === undefined) return wrap(call(434, h(input)));
  readOptions('diff', OPTIONS_35, options);
  return wrap(call(434, h(input), options.n, options.dim, h(options.prepend), h(options.append)));
}

/** The slope of `lgamma`.
 *  Shape: any, unchanged.
 *
 *  `digamma(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.digamma.html
 *  @example
 *  tensor([1]).digamma(); // tensor([-0.5772]) */
export function digamma(input: Tensor): Tensor {
  return wrap(call(435, h(input)));
}

/** The p-norm of the difference of two tensors, by default the distance, p = 2.
 *  Shape: [*], [*] -> [].
 *
 *  `dist(Tensor self, Tensor other, Scalar p=2) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.dist.html
 *  @example
 *  tensor([0, 0]).dist(tensor([3, 4])); // tensor(5.) */
export function dist(input: Tensor, other: Tensor, options?: { p?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(437, h(input), h(other)));
  readOptions('dist', OPTIONS_36, options);
  return wrap(call(437, h(input), h(other), options.p));
}

/** Divides each element by `other`. Integers give a fraction, unless `roundingMode` says 'floor' or 'trunc'.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `div.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `div.Scalar(Tensor self, Scalar other) -> Tensor`
 *  `div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor`
 *  `div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.div.html
 *  @example
 *  tensor([7n, -7n]).div(2); // tensor([ 3.5000, -3.5000])
 *  tensor([7n, -7n]).div(2, { roundingMode: 'floor' }); // tensor([ 3, -4]) */
export function div(input: Tensor | Scalar, other: Tensor, options?: { roundingMode?: string | undefined }): Tensor;
export function div(input: Tensor, other: Scalar, options?: { roundingMode?: string | undefined }): Tensor;
export function div(input: Tensor | Scalar, other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): Tensor {
  if (options === undefined) {
    if (typeof other === 'object') return wrap(call(440, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other)));
    if (typeof input === 'object' && typeof other !== 'object') return wrap(call(438, h(input), other));
    throw unfit('div', 'div(input: Tensor | Scalar, other: Tensor) or div(input: Tensor, other: Scalar) or div(input: Tensor | Scalar, other: Tensor, { roundingMode? }) or div(input: Tensor, other: Scalar, { roundingMode? })', [input, other]);
  }
  const given = readOptions('div', OPTIONS_37, options);
  if (typeof other === 'object' && (given & 1) === 0) return wrap(call(440, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other)));
  if (typeof input === 'object' && typeof other !== 'object' && (given & 1) === 0) return wrap(call(438, h(input), other));
  if (typeof other === 'object' && (given & 1) === 1) return wrap(call(441, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other), options.roundingMode));
  if (typeof input === 'object' && typeof other !== 'object' && (given & 1) === 1) return wrap(call(439, h(input), other, options.roundingMode));
  throw unfit('div', 'div(input: Tensor | Scalar, other: Tensor) or div(input: Tensor, other: Scalar) or div(input: Tensor | Scalar, other: Tensor, { roundingMode? }) or div(input: Tensor, other: Scalar, { roundingMode? })', [input, other, options]);
}

/** Another name of `div`. Divides each element by `other`. Integers give a fraction, unless `roundingMode` says 'floor' or 'trunc'.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `divide.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `divide.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor`
 *  `divide.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor`
 *  `divide.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.divide.html
 *  @example
 *  tensor([7n, -7n]).divide(2); // tensor([ 3.5000, -3.5000])
 *  tensor([7n, -7n]).divide(2, { roundingMode: 'floor' }); // tensor([ 3, -4]) */
export function divide(input: Tensor, other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): Tensor;
export function divide(input: Tensor, other: Scalar): Tensor;
export function divide(input: Tensor, other: Tensor | Scalar, options?: { roundingMode?: string | undefined }): Tensor {
  if (options === undefined) {
    if (typeof other === 'object') return wrap(call(448, h(input), h(other)));
    return wrap(call(446, h(input), other));
  }
  const given = readOptions('divide', OPTIONS_37, options);
  if (typeof other === 'object' && (given & 1) === 0) return wrap(call(448, h(input), h(other)));
  if (typeof other === 'object' && (given & 1) === 1) return wrap(call(449, h(input), h(other), options.roundingMode));
  if (typeof other !== 'object' && (given & 1) === 1) return wrap(call(447, h(input), other, options.roundingMode));
  if (typeof other !== 'object' && (given & 1) === 0) return wrap(call(446, h(input), other));
  throw unfit('divide', 'divide(input: Tensor, other: Tensor) or divide(input: Tensor, other: Tensor, { roundingMode? }) or divide(input: Tensor, other: Scalar, { roundingMode? }) or divide(input: Tensor, other: Scalar)', [input, other, options]);
}

/** The sum of the products of two vectors' elements.
 *  Shape: [N], [N] -> [].
 *
 *  `dot(Tensor self, Tensor tensor) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.dot.html
 *  @example
 *  tensor([1, 2, 3]).dot(tensor([4, 5, 6])); // tensor(32.) */
export function dot(input: Tensor, tensor: Tensor): Tensor {
  return wrap(call(454, h(input), h(tensor)));
}

/** In training sets each element to 0 with chance `p` and divides the rest by 1 - p; otherwise passes the input on.
 *  Shape: any, unchanged.
 *
 *  `dropout(Tensor input, float p, bool train) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.dropout.html
 *  @example
 *  dropout(tensor([1, 2]), 0.5, false); // tensor([1., 2.])
 *  const x = dropout(ones([1000]), 0.5, true);
 *  x.eq(0).logicalOr(x.eq(2)).all(); // tensor(True) */
export function dropout(input: Tensor, p: number, train: boolean): Tensor {
  return wrap(call(455, h(input), p, train));
}

/** In training sets each element to 0 with chance `p` and divides the rest by 1 - p; otherwise passes the input on. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `dropout_(Tensor(a!) self, float p, bool train) -> Tensor(a!)`
 *  @example
 *  dropout_(tensor([1, 2]), 0.5, false); // tensor([1., 2.])
 *  const x = dropout_(ones([1000]), 0.5, true);
 *  x.eq(0).logicalOr(x.eq(2)).all(); // tensor(True) */
export function dropout_(input: Tensor, p: number, train: boolean): Tensor {
  call(456, h(input), p, train);
  return input;
}

/** Cuts along dimension 2: into that many pieces, or at the indices given.
 *  Shape: each the input, with the length of its piece at dimension 2.
 *
 *  `dsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]`
 *  `dsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.dsplit.html
 *  @example
 *  zeros([2, 3, 4]).dsplit([1]).map((x) => x.shape); // [[2, 3, 1], [2, 3, 3]] */
export function dsplit(input: Tensor, sectionsOrIndices: number | readonly number[]): Tensor[] {
  if (typeof sectionsOrIndices !== 'object') return wrapAll(call(458, h(input), sectionsOrIndices));
  return wrapAll(call(457, h(input), sectionsOrIndices));
}

/** Joins tensors along the third dimension.
 *
 *  `dstack(Tensor[] tensors) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.dstack.html
 *  @example
 *  dstack([tensor([1, 2]), tensor([3, 4])]); // tensor([[[1., 3.], [2., 4.]]]) */
export function dstack(tensors: readonly Tensor[]): Tensor {
  return wrap(call(459, handles(tensors)));
}

/** Sums products over the letters that the result does not name.
 *
 *  `einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.einsum.html
 *  @example
 *  const x = tensor([[1, 2], [3, 4]]);
 *  einsum('ij->j', [x]); // tensor([4., 6.])
 *  einsum('ij,kj->ik', [x, x]); // tensor([[ 5., 11.], [11., 25.]]) */
export function einsum(equation: string, tensors: readonly Tensor[], options?: { path?: readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(460, equation, handles(tensors)));
  readOptions('einsum', OPTIONS_38, options);
  return wrap(call(460, equation, handles(tensors), options.path));
}

/** The rows of `weight` at the places given.
 *  Shape: weight [V, E], indices [*] -> [*, E].
 *
 *  `embedding(Tensor weight, Tensor indices, int padding_idx=-1, bool scale_grad_by_freq=False, bool sparse=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.embedding.html
 *  @example
 *  embedding(tensor([[0, 0], [1, 2], [3, 4]]), tensor([2n, 1n])); // tensor([[3., 4.], [1., 2.]]) */
export function embedding(weight: Tensor, indices: Tensor, options?: { paddingIdx?: number | undefined; scaleGradByFreq?: boolean | undefined; sparse?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(463, h(weight), h(indices)));
  readOptions('embedding', OPTIONS_39, options);
  return wrap(call(463, h(weight), h(indices), options.paddingIdx, options.scaleGradByFreq, options.sparse));
}

/** Rows of `weight` combined in bags that begin at `offsets`: mode 0 adds, 1 averages, 2 takes the largest. The first result is the bags'.
 *
 *  `embedding_bag.padding_idx(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, bool sparse, Tensor? per_sample_weights, bool include_last_offset, int? padding_idx) -> (Tensor, Tensor, Tensor, Tensor)`
 *  `embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, bool sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False) -> (Tensor, Tensor, Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.embedding_bag.html
 *  @example
 *  const weight = tensor([[1], [10], [100]]);
 *  embeddingBag(weight, tensor([0n, 1n, 2n]), tensor([0n, 2n]))[0]; // tensor([[ 11.], [100.]]) */
export function embeddingBag(weight: Tensor, indices: Tensor, offsets: Tensor, options?: { scaleGradByFreq: boolean; mode: number; sparse: boolean; perSampleWeights?: Tensor | undefined; includeLastOffset: boolean; paddingIdx?: number | undefined } | { scaleGradByFreq?: boolean | undefined; mode?: number | undefined; sparse?: boolean | undefined; perSampleWeights?: Tensor | undefined; includeLastOffset?: boolean | undefined }): readonly [Tensor, Tensor, Tensor, Tensor];
export function embeddingBag(weight: Tensor, indices: Tensor, offsets: Tensor, options?: { scaleGradByFreq?: boolean | undefined; mode?: number | undefined; sparse?: boolean | undefined; perSampleWeights?: Tensor | undefined; includeLastOffset?: boolean | undefined; paddingIdx?: number | undefined }): readonly [Tensor, Tensor, Tensor, Tensor] {
  if (options === undefined) return wrapTuple<readonly [Tensor, Tensor, Tensor, Tensor]>(call(464, h(weight), h(indices), h(offsets)));
  const given = readOptions('embeddingBag', OPTIONS_40, options);
  if ((given & 63) === 63) return wrapTuple<readonly [Tensor, Tensor, Tensor, Tensor]>(call(465, h(weight), h(indices), h(offsets), options.scaleGradByFreq, options.mode, options.sparse, h(options.perSampleWeights), options.includeLastOffset, options.paddingIdx));
  if ((given & 32) === 0) return wrapTuple<readonly [Tensor, Tensor, Tensor, Tensor]>(call(464, h(weight), h(indices), h(offsets), options.scaleGradByFreq, options.mode, options.sparse, h(options.perSampleWeights), options.includeLastOffset));
  if ((given & 23) === 23) return wrapTuple<readonly [Tensor, Tensor, Tensor, Tensor]>(call(465, h(weight), h(indices), h(offsets), options.scaleGradByFreq, options.mode, options.sparse, h(options.perSampleWeights), options.includeLastOffset, options.paddingIdx));
  throw unfit('embeddingBag', 'embeddingBag(weight: Tensor, indices: Tensor, offsets: Tensor, { scaleGradByFreq, mode, sparse, perSampleWeights?, includeLastOffset, paddingIdx? }) or embeddingBag(weight: Tensor, indices: Tensor, offsets: Tensor, { scaleGradByFreq?, mode?, sparse?, perSampleWeights?, includeLastOffset? })', [weight, indices, offsets, options]);
}

/** Shrinks the rows of an embedding that are used and whose norm is above `maxNorm`, in place.
 *
 *  `embedding_renorm_(Tensor(a!) self, Tensor indices, float max_norm, float norm_type) -> Tensor(a!)`
 *  @example
 *  embeddingRenorm_(tensor([[3, 4], [6, 8]]), tensor([1n]), 5, 2); // tensor([[3., 4.], [3., 4.]]) */
export function embeddingRenorm_(input: Tensor, indices: Tensor, maxNorm: number, normType: number): Tensor {
  call(466, h(input), h(indices), maxNorm, normType);
  return input;
}

/** Memory in the shape, dtype and place of another tensor, undefined until written.
 *  Shape: any, unchanged.
 *
 *  `empty_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.empty_like.html
 *  @example
 *  emptyLike(zeros([2, 3], { dtype: 'float64' })).dtype; // 'float64' */
export function emptyLike(input: Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(468, h(input)));
  readOptions('emptyLike', OPTIONS_41, options);
  return tracked(wrap(call(468, h(input), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
}

/** `empty_permuted(int[] size, int[] physical_layout, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.empty_permuted.html */
export function emptyPermuted(size: readonly number[], physicalLayout: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(469, size, physicalLayout));
  readOptions('emptyPermuted', OPTIONS_42, options);
  return tracked(wrap(call(469, size, physicalLayout, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
}

/** `empty_quantized(int[] size, Tensor qtensor, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor` */
export function emptyQuantized(size: readonly number[], qtensor: Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(470, size, h(qtensor)));
  readOptions('emptyQuantized', OPTIONS_41, options);
  return tracked(wrap(call(470, size, h(qtensor), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
}

/** Memory laid out with the strides given, undefined until written.
 *  Shape: `size`.
 *
 *  `empty_strided(int[] size, int[] stride, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.empty_strided.html
 *  @example
 *  emptyStrided([2, 3], [1, 2]).stride; // [1, 2] */
export function emptyStrided(size: readonly number[], stride: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(471, size, stride));
  readOptions('emptyStrided', OPTIONS_42, options);
  return tracked(wrap(call(471, size, stride, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
}

/** Whether each element equals `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `eq.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `eq.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.eq.html
 *  @example
 *  tensor([1, 2, 3]).eq(2); // tensor([False,  True, False]) */
export function eq(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(473, h(input), h(other)));
  return wrap(call(472, h(input), other));
}

/** Whether both have the same shape and the same elements: one answer.
 *
 *  `equal(Tensor self, Tensor other) -> bool`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.equal.html
 *  @example
 *  tensor([1, 2]).equal(tensor([1, 2])); // true */
export function equal(input: Tensor, other: Tensor): boolean {
  return call(476, h(input), h(other)) as boolean;
}

/** The chance, doubled and less 1, that a normal number of variance 1/2 is below each element.
 *  Shape: any, unchanged.
 *
 *  `erf(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.erf.html
 *  @example
 *  tensor([0, 1]).erf(); // tensor([0.0000, 0.8427]) */
export function erf(input: Tensor): Tensor {
  return wrap(call(477, h(input)));
}

/** The chance, doubled and less 1, that a normal number of variance 1/2 is below each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `erf_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).erf_(); // tensor([0.0000, 0.8427]) */
export function erf_(input: Tensor): Tensor {
  call(478, h(input));
  return input;
}

/** `1 - erf(x)`, exact for large x.
 *  Shape: any, unchanged.
 *
 *  `erfc(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.erfc.html
 *  @example
 *  tensor([0, 1, 5]).erfc(); // tensor([1.0000e+00, 1.5730e-01, 1.5375e-12]) */
export function erfc(input: Tensor): Tensor {
  return wrap(call(479, h(input)));
}

/** `1 - erf(x)`, exact for large x. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `erfc_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1, 5]).erfc_(); // tensor([1.0000e+00, 1.5730e-01, 1.5375e-12]) */
export function erfc_(input: Tensor): Tensor {
  call(480, h(input));
  return input;
}

/** The number whose `erf` each element is.
 *  Shape: any, unchanged.
 *
 *  `erfinv(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.erfinv.html
 *  @example
 *  tensor([0, 0.8427]).erfinv(); // tensor([0.0000, 1.0000]) */
export function erfinv(input: Tensor): Tensor {
  return wrap(call(481, h(input)));
}

/** Euler's number e raised to each element.
 *  Shape: any, unchanged.
 *
 *  `exp(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.exp.html
 *  @example
 *  tensor([0, 1]).exp(); // tensor([1.0000, 2.7183]) */
export function exp(input: Tensor): Tensor {
  return wrap(call(483, h(input)));
}

/** 2 raised to each element.
 *  Shape: any, unchanged.
 *
 *  `exp2(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.exp2.html
 *  @example
 *  tensor([0, 3, -1]).exp2(); // tensor([1.0000, 8.0000, 0.5000]) */
export function exp2(input: Tensor): Tensor {
  return wrap(call(484, h(input)));
}

/** 2 raised to each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `exp2_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 3, -1]).exp2_(); // tensor([1.0000, 8.0000, 0.5000]) */
export function exp2_(input: Tensor): Tensor {
  call(485, h(input));
  return input;
}

/** Euler's number e raised to each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `exp_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).exp_(); // tensor([1.0000, 2.7183]) */
export function exp_(input: Tensor): Tensor {
  call(486, h(input));
  return input;
}

/** A copy with dimensions of size 1 repeated; -1 keeps a size.
 *
 *  `expand_copy(Tensor self, int[] size, *, bool implicit=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.expand_copy.html
 *  @example
 *  expandCopy(tensor([[1], [2]]), [-1, 2]); // tensor([[1., 1.], [2., 2.]]) */
export function expandCopy(input: Tensor, size: readonly number[], options?: { implicit?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(489, h(input), size));
  readOptions('expandCopy', OPTIONS_43, options);
  return wrap(call(489, h(input), size, options.implicit));
}

/** `exp(x) - 1`, exact where x is near 0.
 *  Shape: any, unchanged.
 *
 *  `expm1(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.expm1.html
 *  @example
 *  tensor([1e-10], { dtype: 'float64' }).expm1(); // tensor([1.0000e-10], dtype=torch.float64) */
export function expm1(input: Tensor): Tensor {
  return wrap(call(490, h(input)));
}

/** `exp(x) - 1`, exact where x is near 0. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `expm1_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1e-10], { dtype: 'float64' }).expm1_(); // tensor([1.0000e-10], dtype=torch.float64) */
export function expm1_(input: Tensor): Tensor {
  call(491, h(input));
  return input;
}

/** `fake_quantize_per_channel_affine(Tensor self, Tensor scale, Tensor zero_point, int axis, int quant_min, int quant_max) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fake_quantize_per_channel_affine.html */
export function fakeQuantizePerChannelAffine(input: Tensor, scale: Tensor, zeroPoint: Tensor, axis: number, quantMin: number, quantMax: number): Tensor {
  return wrap(call(495, h(input), h(scale), h(zeroPoint), axis, quantMin, quantMax));
}

/** Rounds to what a quantized tensor could hold, and stays a floating tensor through which gradients flow.
 *  Shape: any, unchanged.
 *
 *  `fake_quantize_per_tensor_affine(Tensor self, float scale, int zero_point, int quant_min, int quant_max) -> Tensor`
 *  `fake_quantize_per_tensor_affine.tensor_qparams(Tensor self, Tensor scale, Tensor zero_point, int quant_min, int quant_max) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fake_quantize_per_tensor_affine.html
 *  @example
 *  fakeQuantizePerTensorAffine(tensor([0.1, 0.6, 9]), 0.5, 0, 0, 3); // tensor([0.0000, 0.5000, 1.5000]) */
export function fakeQuantizePerTensorAffine(input: Tensor, scale: number, zeroPoint: number, quantMin: number, quantMax: number): Tensor;
export function fakeQuantizePerTensorAffine(input: Tensor, scale: Tensor, zeroPoint: Tensor, quantMin: number, quantMax: number): Tensor;
export function fakeQuantizePerTensorAffine(input: Tensor, scale: number | Tensor, zeroPoint: number | Tensor, quantMin: number, quantMax: number): Tensor {
  if (typeof scale === 'number' && typeof zeroPoint !== 'object') return wrap(call(496, h(input), scale, zeroPoint, quantMin, quantMax));
  if (typeof scale === 'object' && typeof zeroPoint === 'object') return wrap(call(497, h(input), h(scale), h(zeroPoint), quantMin, quantMax));
  throw unfit('fakeQuantizePerTensorAffine', 'fakeQuantizePerTensorAffine(input: Tensor, scale: number, zeroPoint: number, quantMin: number, quantMax: number) or fakeQuantizePerTensorAffine(input: Tensor, scale: Tensor, zeroPoint: Tensor, quantMin: number, quantMax: number)', [input, scale, zeroPoint, quantMin, quantMax]);
}

/** `alphaDropout` of whole channels.
 *  Shape: [N, C, *], unchanged.
 *
 *  `feature_alpha_dropout(Tensor input, float p, bool train) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.feature_alpha_dropout.html
 *  @example
 *  featureAlphaDropout(ones([1, 2, 2]), 0.5, false).sum(); // tensor(4.) */
export function featureAlphaDropout(input: Tensor, p: number, train: boolean): Tensor {
  return wrap(call(498, h(input), p, train));
}

/** `alphaDropout` of whole channels. In place: the tensor itself changes, and is returned.
 *  Shape: [N, C, *], unchanged.
 *
 *  `feature_alpha_dropout_(Tensor(a!) self, float p, bool train) -> Tensor(a!)`
 *  @example
 *  featureAlphaDropout_(ones([1, 2, 2]), 0.5, false).sum(); // tensor(4.) */
export function featureAlphaDropout_(input: Tensor, p: number, train: boolean): Tensor {
  call(499, h(input), p, train);
  return input;
}

/** `dropout` of whole channels.
 *  Shape: [N, C, *], unchanged.
 *
 *  `feature_dropout(Tensor input, float p, bool train) -> Tensor`
 *  @example
 *  featureDropout(ones([1, 3, 2]), 1, true).sum(); // tensor(0.) */
export function featureDropout(input: Tensor, p: number, train: boolean): Tensor {
  return wrap(call(500, h(input), p, train));
}

/** `dropout` of whole channels. In place: the tensor itself changes, and is returned.
 *  Shape: [N, C, *], unchanged.
 *
 *  `feature_dropout_(Tensor(a!) self, float p, bool train) -> Tensor(a!)`
 *  @example
 *  featureDropout_(ones([1, 3, 2]), 1, true).sum(); // tensor(0.) */
export function featureDropout_(input: Tensor, p: number, train: boolean): Tensor {
  call(501, h(input), p, train);
  return input;
}

/** A copy with one value everywhere.
 *  Shape: any, unchanged.
 *
 *  `fill.Tensor(Tensor self, Tensor value) -> Tensor`
 *  `fill.Scalar(Tensor self, Scalar value) -> Tensor`
 *  @example
 *  fill(zeros([2]), 7); // tensor([7., 7.]) */
export function fill(input: Tensor, value: Tensor | Scalar): Tensor {
  if (typeof value === 'object') return wrap(call(525, h(input), h(value)));
  return wrap(call(524, h(input), value));
}

/** Puts one value everywhere, in place.
 *  Shape: any, unchanged.
 *
 *  `fill_.Tensor(Tensor(a!) self, Tensor value) -> Tensor(a!)`
 *  `fill_.Scalar(Tensor(a!) self, Scalar value) -> Tensor(a!)`
 *  @example
 *  zeros([3]).fill_(7); // tensor([7., 7., 7.]) */
export function fill_(input: Tensor, value: Tensor | Scalar): Tensor {
  if (typeof value === 'object') { call(527, h(input), h(value)); return input; }
  call(526, h(input), value);
  return input;
}

/** Another name of `trunc`. Drops what is behind the decimal point.
 *  Shape: any, unchanged.
 *
 *  `fix(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fix.html
 *  @example
 *  tensor([1.7, -1.7]).fix(); // tensor([ 1., -1.]) */
export function fix(input: Tensor): Tensor {
  return wrap(call(529, h(input)));
}

/** Drops what is behind the decimal point. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `fix_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1.7, -1.7]).fix_(); // tensor([ 1., -1.]) */
export function fix_(input: Tensor): Tensor {
  call(530, h(input));
  return input;
}

/** Makes one dimension of those from `startDim` to `endDim`, by default of all.
 *  Shape: the input, with one dimension in place of those from `startDim` to `endDim`.
 *
 *  `flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.flatten.html
 *  @example
 *  zeros([2, 3, 4]).flatten({ startDim: 1 }).shape; // [2, 12] */
export function flatten(input: Tensor, options?: { startDim?: number | undefined; endDim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(531, h(input)));
  readOptions('flatten', OPTIONS_44, options);
  return wrap(call(531, h(input), options.startDim, options.endDim));
}

/** Turns the order around along the dimensions given.
 *  Shape: any, unchanged.
 *
 *  `flip(Tensor self, int[] dims) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.flip.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).flip([1]); // tensor([[2., 1.], [4., 3.]]) */
export function flip(input: Tensor, dims: readonly number[]): Tensor {
  return wrap(call(533, h(input), dims));
}

/** Turns the order around along dimension 1: mirrors left and right.
 *  Shape: [*, N, M], unchanged.
 *
 *  `fliplr(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fliplr.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).fliplr(); // tensor([[2., 1.], [4., 3.]]) */
export function fliplr(input: Tensor): Tensor {
  return wrap(call(534, h(input)));
}

/** Turns the order around along dimension 0: mirrors top and bottom.
 *  Shape: [*, N, M], unchanged.
 *
 *  `flipud(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.flipud.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).flipud(); // tensor([[3., 4.], [1., 2.]]) */
export function flipud(input: Tensor): Tensor {
  return wrap(call(535, h(input)));
}

/** Raises each element to `exponent`, computed and given in double precision.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `float_power.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor`
 *  `float_power.Scalar(Scalar self, Tensor exponent) -> Tensor`
 *  `float_power.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.float_power.html
 *  @example
 *  tensor([2n, 3n]).floatPower(-1); // tensor([0.5000, 0.3333], dtype=torch.float64) */
export function floatPower(input: Tensor | Scalar, exponent: Tensor): Tensor;
export function floatPower(input: Tensor, exponent: Scalar): Tensor;
export function floatPower(input: Tensor | Scalar, exponent: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof exponent === 'object') return wrap(call(538, h(input), h(exponent)));
  if (typeof input !== 'object' && typeof exponent === 'object') return wrap(call(536, input, h(exponent)));
  if (typeof input === 'object' && typeof exponent !== 'object') return wrap(call(537, h(input), exponent));
  throw unfit('floatPower', 'floatPower(input: Tensor, exponent: Tensor) or floatPower(input: Scalar, exponent: Tensor) or floatPower(input: Tensor, exponent: Scalar)', [input, exponent]);
}

/** The largest whole number that is not above each element.
 *  Shape: any, unchanged.
 *
 *  `floor(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.floor.html
 *  @example
 *  tensor([1.7, -1.2]).floor(); // tensor([ 1., -2.]) */
export function floor(input: Tensor): Tensor {
  return wrap(call(541, h(input)));
}

/** Divides and rounds down to a whole number.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `floor_divide(Tensor self, Tensor other) -> Tensor`
 *  `floor_divide.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.floor_divide.html
 *  @example
 *  tensor([7, -7]).floorDivide(2); // tensor([ 3., -4.]) */
export function floorDivide(input: Tensor | Scalar, other: Tensor): Tensor;
export function floorDivide(input: Tensor, other: Scalar): Tensor;
export function floorDivide(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(543, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(544, h(input), other));
  throw unfit('floorDivide', 'floorDivide(input: Tensor | Scalar, other: Tensor) or floorDivide(input: Tensor, other: Scalar)', [input, other]);
}

/** The largest whole number that is not above each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `floor_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1.7, -1.2]).floor_(); // tensor([ 1., -2.]) */
export function floor_(input: Tensor): Tensor {
  call(542, h(input));
  return input;
}

/** The larger of two, element by element; a number wins over NaN.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `fmax(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fmax.html
 *  @example
 *  tensor([1, NaN]).fmax(tensor([3, 2])); // tensor([3., 2.]) */
export function fmax(input: Tensor, other: Tensor): Tensor {
  return wrap(call(547, h(input), h(other)));
}

/** The smaller of two, element by element; a number wins over NaN.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `fmin(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fmin.html
 *  @example
 *  tensor([1, NaN]).fmin(tensor([3, 2])); // tensor([1., 2.]) */
export function fmin(input: Tensor, other: Tensor): Tensor {
  return wrap(call(548, h(input), h(other)));
}

/** What is left of dividing by `other`, with the sign of the input, as JavaScript's `%`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `fmod.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `fmod.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.fmod.html
 *  @example
 *  tensor([5, -5]).fmod(3); // tensor([ 2., -2.]) */
export function fmod(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(550, h(input), h(other)));
  return wrap(call(549, h(input), other));
}

/** What is behind the decimal point, with the sign of the element.
 *  Shape: any, unchanged.
 *
 *  `frac(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.frac.html
 *  @example
 *  tensor([1.25, -1.25]).frac(); // tensor([ 0.2500, -0.2500]) */
export function frac(input: Tensor): Tensor {
  return wrap(call(553, h(input)));
}

/** What is behind the decimal point, with the sign of the element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `frac_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1.25, -1.25]).frac_(); // tensor([ 0.2500, -0.2500]) */
export function frac_(input: Tensor): Tensor {
  call(554, h(input));
  return input;
}

/** Takes each element apart: a fraction of size 0.5 to 1, and the power of two that it was multiplied by.
 *  Shape: any, unchanged.
 *
 *  `frexp.Tensor(Tensor self) -> (Tensor mantissa, Tensor exponent)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.frexp.html
 *  @example
 *  tensor([6, 0.25]).frexp(); // [tensor([0.7500, 0.5000]), tensor([ 3, -1], dtype=torch.int32)] */
export function frexp(input: Tensor): readonly [mantissa: Tensor, exponent: Tensor] {
  return wrapTuple<readonly [mantissa: Tensor, exponent: Tensor]>(call(557, h(input)));
}

/** The root of the sum of squares along the dimensions given; `linalg.matrixNorm` is its successor.
 *
 *  `frobenius_norm.dim(Tensor self, int[1] dim, bool keepdim=False) -> Tensor`
 *  @example
 *  frobeniusNorm(tensor([[3, 4]]), [0, 1]); // tensor(5.) */
export function frobeniusNorm(input: Tensor, dim: number | readonly number[], options?: { keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(558, h(input), dim));
  readOptions('frobeniusNorm', OPTIONS_45, options);
  return wrap(call(558, h(input), dim, options.keepdim));
}

/** One value in the shape, dtype and place of another tensor.
 *  Shape: any, unchanged.
 *
 *  `full_like(Tensor self, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.full_like.html
 *  @example
 *  fullLike(zeros([2]), 3); // tensor([3., 3.]) */
export function fullLike(input: Tensor, fillValue: Scalar, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(561, h(input), fillValue));
  readOptions('fullLike', OPTIONS_41, options);
  return tracked(wrap(call(561, h(input), fillValue, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
}

/** `fused_moving_avg_obs_fake_quant(Tensor self, Tensor observer_on, Tensor fake_quant_on, Tensor(a!) running_min, Tensor(b!) running_max, Tensor(c!) scale, Tensor(d!) zero_point, float averaging_const, int quant_min, int quant_max, int ch_axis, bool per_row_fake_quant=False, bool symmetric_quant=False) -> Tensor` */
export function fusedMovingAvgObsFakeQuant(input: Tensor, observerOn: Tensor, fakeQuantOn: Tensor, runningMin: Tensor, runningMax: Tensor, scale: Tensor, zeroPoint: Tensor, averagingConst: number, quantMin: number, quantMax: number, chAxis: number, options?: { perRowFakeQuant?: boolean | undefined; symmetricQuant?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(562, h(input), h(observerOn), h(fakeQuantOn), h(runningMin), h(runningMax), h(scale), h(zeroPoint), averagingConst, quantMin, quantMax, chAxis));
  readOptions('fusedMovingAvgObsFakeQuant', OPTIONS_46, options);
  return wrap(call(562, h(input), h(observerOn), h(fakeQuantOn), h(runningMin), h(runningMax), h(scale), h(zeroPoint), averagingConst, quantMin, quantMax, chAxis, options.perRowFakeQuant, options.symmetricQuant));
}

/** Takes from each place along `dim` the element that `index` names there: `out[i][j] = x[index[i][j]][j]` for dim 0.
 *  Shape: that of `index`, which has the dimensions of the input.
 *
 *  `gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.gather.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).gather(1, tensor([[1n], [0n]])); // tensor([[2.], [3.]]) */
export function gather(input: Tensor, dim: number, index: Tensor, options?: { sparseGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(563, h(input), dim, h(index)));
  readOptions('gather', OPTIONS_47, options);
  return wrap(call(563, h(input), dim, h(index), options.sparseGrad));
}

/** The greatest whole number that divides both.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `gcd(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.gcd.html
 *  @example
 *  tensor([12n, 7n]).gcd(tensor([18n, 21n])); // tensor([6, 7]) */
export function gcd(input: Tensor, other: Tensor): Tensor {
  return wrap(call(564, h(input), h(other)));
}

/** The greatest whole number that divides both. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged; the others broadcast to it.
 *
 *  `gcd_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
 *  @example
 *  tensor([12n, 7n]).gcd_(tensor([18n, 21n])); // tensor([6, 7]) */
export function gcd_(input: Tensor, other: Tensor): Tensor {
  call(565, h(input), h(other));
  return input;
}

/** Whether each element is at least `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `ge.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `ge.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.ge.html
 *  @example
 *  tensor([1, 2, 3]).ge(2); // tensor([False,  True,  True]) */
export function ge(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(567, h(input), h(other)));
  return wrap(call(566, h(input), other));
}

/** The QR decomposition as LAPACK keeps it: R and reflections in one matrix, and their factors.
 *
 *  `geqrf(Tensor self) -> (Tensor a, Tensor tau)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.geqrf.html
 *  @example
 *  tensor([[3], [4.5]]).geqrf()[0].select(0, 0).abs(); // tensor([5.4083]) */
export function geqrf(input: Tensor): readonly [a: Tensor, tau: Tensor] {
  return wrapTuple<readonly [a: Tensor, tau: Tensor]>(call(573, h(input)));
}

/** Another name of `outer`. Every product of an element of one vector and an element of the other.
 *  Shape: [N], [M] -> [N, M].
 *
 *  `ger(Tensor self, Tensor vec2) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.ger.html
 *  @example
 *  tensor([1, 2]).ger(tensor([3, 4, 5])); // tensor([[ 3.,  4.,  5.], [ 6.,  8., 10.]]) */
export function ger(input: Tensor, vec2: Tensor): Tensor {
  return wrap(call(574, h(input), h(vec2)));
}

/** The slope along every dimension, from the neighbours on both sides.
 *
 *  `gradient.scalarint(Tensor self, *, Scalar? spacing=None, int? dim=None, int edge_order=1) -> Tensor[]`
 *  `gradient.scalarrayint(Tensor self, *, Scalar[] spacing, int? dim=None, int edge_order=1) -> Tensor[]`
 *  `gradient.scalarrayarray(Tensor self, *, Scalar[] spacing, int[] dim, int edge_order=1) -> Tensor[]`
 *  `gradient.tensorarrayint(Tensor self, *, Tensor[] spacing, int? dim=None, int edge_order=1) -> Tensor[]`
 *  `gradient.scalararray(Tensor self, *, Scalar spacing, int[] dim, int edge_order=1) -> Tensor[]`
 *  `gradient.tensorarray(Tensor self, *, Tensor[] spacing, int[] dim, int edge_order=1) -> Tensor[]`
 *  `gradient.array(Tensor self, *, int[] dim, int edge_order=1) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.gradient.html
 *  @example
 *  gradient(tensor([1, 4, 9, 16])); // [tensor([3., 4., 6., 7.])] */
export function gradient(input: Tensor, options?: { dim: readonly number[]; edgeOrder?: number | undefined } | { spacing?: Scalar | readonly Scalar[] | readonly Tensor[] | undefined; dim?: number | undefined; edgeOrder?: number | undefined } | { spacing: readonly Scalar[] | Scalar | readonly Tensor[]; dim: readonly number[]; edgeOrder?: number | undefined }): Tensor[];
export function gradient(input: Tensor, options?: { spacing?: Scalar | readonly Scalar[] | readonly Tensor[] | undefined; dim?: number | readonly number[] | undefined; edgeOrder?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(579, h(input)));
  const given = readOptions('gradient', OPTIONS_48, options);
  if (typeof options.spacing !== 'object' && typeof options.dim !== 'object') return wrapAll(call(579, h(input), options.spacing, options.dim, options.edgeOrder));
  if ((given & 1) === 1 && isNumberList(options.spacing) && typeof options.dim !== 'object') return wrapAll(call(581, h(input), options.spacing, options.dim, options.edgeOrder));
  if ((given & 3) === 3 && isNumberList(options.spacing) && isList(options.dim)) return wrapAll(call(580, h(input), options.spacing, options.dim, options.edgeOrder));
  if ((given & 1) === 1 && isTensorList(options.spacing) && typeof options.dim !== 'object') return wrapAll(call(583, h(input), options.spacing && handles(options.spacing), options.dim, options.edgeOrder));
  if ((given & 3) === 3 && typeof options.spacing !== 'object' && isList(options.dim)) return wrapAll(call(578, h(input), options.spacing, options.dim, options.edgeOrder));
  if ((given & 3) === 3 && isTensorList(options.spacing) && isList(options.dim)) return wrapAll(call(582, h(input), options.spacing && handles(options.spacing), options.dim, options.edgeOrder));
  if ((given & 3) === 2 && isList(options.dim)) return wrapAll(call(577, h(input), options.dim, options.edgeOrder));
  throw unfit('gradient', 'gradient(input: Tensor, { spacing?: Scalar, dim?: number, edgeOrder? }) or gradient(input: Tensor, { spacing: readonly Scalar[], dim?: number, edgeOrder? }) or gradient(input: Tensor, { spacing: readonly Scalar[], dim: readonly number[], edgeOrder? }) or gradient(input: Tensor, { spacing: readonly Tensor[], dim?: number, edgeOrder? }) or gradient(input: Tensor, { spacing: Scalar, dim: readonly number[], edgeOrder? }) or gradient(input: Tensor, { spacing: readonly Tensor[], dim: readonly number[], edgeOrder? }) or gradient(input: Tensor, { dim: readonly number[], edgeOrder? })', [input, options]);
}

/** Another name of `gt`. Whether each element is above `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `greater.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `greater.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.greater.html
 *  @example
 *  tensor([1, 2, 3]).greater(tensor([3, 2, 1])); // tensor([False, False,  True]) */
export function greater(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(585, h(input), h(other)));
  return wrap(call(584, h(input), other));
}

/** Another name of `ge`. Whether each element is at least `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `greater_equal.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `greater_equal.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.greater_equal.html
 *  @example
 *  tensor([1, 2, 3]).greaterEqual(2); // tensor([False,  True,  True]) */
export function greaterEqual(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(589, h(input), h(other)));
  return wrap(call(588, h(input), other));
}

/** A picture read at the places of `grid`, from -1 to 1 each way. Interpolation 0 bilinear, 1 nearest, 2 bicubic; outside 0 zeros, 1 the edge, 2 mirrored.
 *
 *  `grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor`
 *  @example
 *  gridSampler(tensor([[[[0, 10]]]]), tensor([[[[0, 0]]]]), 0, 0, true); // tensor([[[[5.]]]]) */
export function gridSampler(input: Tensor, grid: Tensor, interpolationMode: number, paddingMode: number, alignCorners: boolean): Tensor {
  return wrap(call(592, h(input), h(grid), interpolationMode, paddingMode, alignCorners));
}

/** `grid_sampler_2d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor` */
export function gridSampler2d(input: Tensor, grid: Tensor, interpolationMode: number, paddingMode: number, alignCorners: boolean): Tensor {
  return wrap(call(593, h(input), h(grid), interpolationMode, paddingMode, alignCorners));
}

/** `grid_sampler_3d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor` */
export function gridSampler3d(input: Tensor, grid: Tensor, interpolationMode: number, paddingMode: number, alignCorners: boolean): Tensor {
  return wrap(call(594, h(input), h(grid), interpolationMode, paddingMode, alignCorners));
}

/** Gives each group of channels mean 0 and variance 1, sample by sample.
 *  Shape: [N, C, *], unchanged.
 *
 *  `group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1.0000000000000001e-05, bool cudnn_enabled=True) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.group_norm.html
 *  @example
 *  groupNorm(tensor([[1, 3, 100, 300]]), 2); // tensor([[-1.0000,  1.0000, -1.0000,  1.0000]]) */
export function groupNorm(input: Tensor, numGroups: number, options?: { weight?: Tensor | undefined; bias?: Tensor | undefined; eps?: number | undefined; cudnnEnabled?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(595, h(input), numGroups));
  readOptions('groupNorm', OPTIONS_49, options);
  return wrap(call(595, h(input), numGroups, h(options.weight), h(options.bias), options.eps, options.cudnnEnabled));
}

/** A gated recurrent unit over a whole sequence [T, B, In]: the states of the last layer at every step, and the last state of each layer. Four tensors a layer.
 *
 *  `gru.data(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional) -> (Tensor, Tensor)`
 *  `gru.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)`
 *  @example
 *  const params = [zeros([9, 2]), zeros([9, 3]), zeros([9]), zeros([9])];
 *  const [output, last] = gru(ones([5, 1, 2]), ones([1, 1, 3]), params, true, 1, 0, false, false, false);
 *  [output.shape, last.flatten().mul(32)]; // [[5, 1, 3], tensor([1., 1., 1.])] */
export function gru(data: Tensor, batchSizes: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean): readonly [Tensor, Tensor];
export function gru(input: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean): readonly [Tensor, Tensor];
export function gru(dataOrInput: Tensor, batchSizesOrHx: Tensor, hxOrParams: Tensor | readonly Tensor[], paramsOrHasBiases: readonly Tensor[] | boolean, hasBiasesOrNumLayers: boolean | number, numLayersOrDropout: number, dropoutOrTrain: number | boolean, trainOrBidirectional: boolean, bidirectionalOrBatchFirst: boolean): readonly [Tensor, Tensor] {
  if (isTensor(hxOrParams) && isList(paramsOrHasBiases) && typeof hasBiasesOrNumLayers === 'boolean' && typeof dropoutOrTrain === 'number') return wrapTuple<readonly [Tensor, Tensor]>(call(596, h(dataOrInput), h(batchSizesOrHx), h(hxOrParams), handles(paramsOrHasBiases), hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst));
  if (isList(hxOrParams) && typeof paramsOrHasBiases === 'boolean' && typeof hasBiasesOrNumLayers !== 'boolean' && typeof numLayersOrDropout === 'number' && typeof dropoutOrTrain === 'boolean') return wrapTuple<readonly [Tensor, Tensor]>(call(597, h(dataOrInput), h(batchSizesOrHx), handles(hxOrParams), paramsOrHasBiases, hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst));
  throw unfit('gru', 'gru(data: Tensor, batchSizes: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean) or gru(input: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean)', [dataOrInput, batchSizesOrHx, hxOrParams, paramsOrHasBiases, hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst]);
}

/** One step of a gated recurrent unit: the next state.
 *  Shape: input [B, In], state [B, H], [3 * H, In], [3 * H, H] -> [B, H].
 *
 *  `gru_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor`
 *  @example
 *  gruCell(ones([1, 2]), ones([1, 3]), zeros([9, 2]), zeros([9, 3])); // tensor([[0.5000, 0.5000, 0.5000]]) */
export function gruCell(input: Tensor, hx: Tensor, wIh: Tensor, wHh: Tensor, options?: { bIh?: Tensor | undefined; bHh?: Tensor | undefined }): Tensor {
  if (options === undefined) return wrap(call(598, h(input), h(hx), h(wIh), h(wHh)));
  readOptions('gruCell', OPTIONS_50, options);
  return wrap(call(598, h(input), h(hx), h(wIh), h(wHh), h(options.bIh), h(options.bHh)));
}

/** Whether each element is above `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `gt.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `gt.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.gt.html
 *  @example
 *  tensor([1, 2, 3]).gt(tensor([3, 2, 1])); // tensor([False, False,  True]) */
export function gt(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(600, h(input), h(other)));
  return wrap(call(599, h(input), other));
}

/** A bell of cosines that does not quite start at 0, for `stft`: `0.54 - 0.46 cos(2 pi k / N)`.
 *  Shape: [windowLength].
 *
 *  `hamming_window(int window_length, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `hamming_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `hamming_window.periodic_alpha(int window_length, bool periodic, float alpha, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `hamming_window.periodic_alpha_beta(int window_length, bool periodic, float alpha, float beta, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.hamming_window.html
 *  @example
 *  hammingWindow(4); // tensor([0.0800, 0.5400, 1.0000, 0.5400]) */
export function hammingWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { periodic: boolean; alpha: number; beta: number; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { periodic: boolean; alpha: number; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { periodic: boolean; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function hammingWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined; periodic?: boolean | undefined; alpha?: number | undefined; beta?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(603, windowLength));
  const given = readOptions('hammingWindow', OPTIONS_51, options);
  if ((given & 224) === 0) return tracked(wrap(call(603, windowLength, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 224) === 32) return tracked(wrap(call(604, windowLength, options.periodic, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 224) === 96) return tracked(wrap(call(605, windowLength, options.periodic, options.alpha, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 224) === 224) return tracked(wrap(call(606, windowLength, options.periodic, options.alpha, options.beta, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('hammingWindow', 'hammingWindow(windowLength: number, { dtype?, layout?, device?, pinMemory?, requiresGrad? }) or hammingWindow(windowLength: number, { periodic, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or hammingWindow(windowLength: number, { periodic, alpha, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or hammingWindow(windowLength: number, { periodic, alpha, beta, dtype?, layout?, device?, pinMemory?, requiresGrad? })', [windowLength, options]);
}

/** A bell of cosines from 0, for `stft`: `sin^2(pi k / N)`.
 *  Shape: [windowLength].
 *
 *  `hann_window(int window_length, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `hann_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.hann_window.html
 *  @example
 *  hannWindow(4); // tensor([0.0000, 0.5000, 1.0000, 0.5000]) */
export function hannWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { periodic: boolean; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function hannWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined; periodic?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(607, windowLength));
  const given = readOptions('hannWindow', OPTIONS_9, options);
  if ((given & 32) === 0) return tracked(wrap(call(607, windowLength, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 32) === 32) return tracked(wrap(call(608, windowLength, options.periodic, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('hannWindow', 'hannWindow(windowLength: number, { dtype?, layout?, device?, pinMemory?, requiresGrad? }) or hannWindow(windowLength: number, { periodic, dtype?, layout?, device?, pinMemory?, requiresGrad? })', [windowLength, options]);
}

/** 0 for what is within `lambd` (default 0.5) of 0, and the element itself beyond.
 *  Shape: any, unchanged.
 *
 *  `hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hardshrink.html
 *  @example
 *  tensor([-2, 0.25, 2]).hardshrink(); // tensor([-2.,  0.,  2.]) */
export function hardshrink(input: Tensor, options?: { lambd?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(609, h(input)));
  readOptions('hardshrink', OPTIONS_52, options);
  return wrap(call(609, h(input), options.lambd));
}

/** `hash_tensor(Tensor self, int[1] dim=[], *, bool keepdim=False, int mode=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.hash_tensor.html */
export function hashTensor(input: Tensor, options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; mode?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(616, h(input)));
  readOptions('hashTensor', OPTIONS_53, options);
  return wrap(call(616, h(input), options.dim, options.keepdim, options.mode));
}

/** 0 below zero, 1 above, and `values` at zero.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `heaviside(Tensor self, Tensor values) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.heaviside.html
 *  @example
 *  tensor([-2, 0, 3]).heaviside(tensor(0.5)); // tensor([0.0000, 0.5000, 1.0000]) */
export function heaviside(input: Tensor, values: Tensor): Tensor {
  return wrap(call(617, h(input), h(values)));
}

/** The input where the target is 1, and how much it lacks to `margin` where the target is -1.
 *  Shape: two of one shape -> []; unchanged where `reduction` is 0.
 *
 *  `hinge_embedding_loss(Tensor self, Tensor target, float margin=1., int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hinge_embedding_loss.html
 *  @example
 *  hingeEmbeddingLoss(tensor([0.25, 0.25]), tensor([1, -1]), { reduction: 0 }); // tensor([0.2500, 0.7500]) */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, options?: { margin?: number | undefined; reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(619, h(input), h(target)));
  readOptions('hingeEmbeddingLoss', OPTIONS_26, options);
  return wrap(call(619, h(input), h(target), options.margin, options.reduction));
}

/** How many elements fall into each of `bins` equal intervals from `min` to `max`.
 *  Shape: [bins].
 *
 *  `histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.histc.html
 *  @example
 *  tensor([1, 2, 1, 9]).histc({ bins: 3, min: 0, max: 3 }); // tensor([0., 2., 1.]) */
export function histc(input: Tensor, options?: { bins?: number | undefined; min?: Scalar | undefined; max?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(620, h(input)));
  readOptions('histc', OPTIONS_54, options);
  return wrap(call(620, h(input), options.bins, options.min, options.max));
}

/** How many elements fall into each interval, and the intervals' edges.
 *  Shape: counts [bins], edges [bins + 1].
 *
 *  `histogram.bins_tensor(Tensor self, Tensor bins, *, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)`
 *  `histogram.bin_ct(Tensor self, int bins=100, *, float[]? range=None, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor bin_edges)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.histogram.html
 *  @example
 *  tensor([1, 2, 1]).histogram({ bins: 2, range: [0, 4] }); // [tensor([2., 1.]), tensor([0., 2., 4.])] */
export function histogram(input: Tensor, options?: { bins: Tensor; weight?: Tensor | undefined; density?: boolean | undefined } | { bins?: number | undefined; range?: readonly number[] | undefined; weight?: Tensor | undefined; density?: boolean | undefined }): readonly [hist: Tensor, binEdges: Tensor];
export function histogram(input: Tensor, options?: { bins?: Tensor | number | undefined; weight?: Tensor | undefined; density?: boolean | undefined; range?: readonly number[] | undefined }): readonly [hist: Tensor, binEdges: Tensor] {
  if (options === undefined) return wrapTuple<readonly [hist: Tensor, binEdges: Tensor]>(call(621, h(input)));
  const given = readOptions('histogram', OPTIONS_55, options);
  if ((given & 9) === 1 && typeof options.bins === 'object') return wrapTuple<readonly [hist: Tensor, binEdges: Tensor]>(call(622, h(input), h(options.bins), h(options.weight), options.density));
  if (typeof options.bins !== 'object') return wrapTuple<readonly [hist: Tensor, binEdges: Tensor]>(call(621, h(input), options.bins, options.range, h(options.weight), options.density));
  throw unfit('histogram', 'histogram(input: Tensor, { bins: Tensor, weight?, density? }) or histogram(input: Tensor, { bins?: number, range?, weight?, density? })', [input, options]);
}

/** How many points fall into each box of a grid, and the edges of the grid in each dimension.
 *
 *  `histogramdd.int_bins(Tensor self, int bins, float[]? range=None, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor[] bin_edges)`
 *  `histogramdd(Tensor self, int[] bins, float[]? range=None, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor[] bin_edges)`
 *  `histogramdd.TensorList_bins(Tensor self, Tensor[] bins, float[]? range=None, Tensor? weight=None, bool density=False) -> (Tensor hist, Tensor[] bin_edges)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.histogramdd.html
 *  @example
 *  const [counts] = histogramdd(tensor([[0, 0], [1, 1], [1, 1]]), [2, 2]);
 *  counts; // tensor([[1., 0.], [0., 2.]]) */
export function histogramdd(input: Tensor, bins: number | readonly number[] | readonly Tensor[], options?: { range?: readonly number[] | undefined; weight?: Tensor | undefined; density?: boolean | undefined }): readonly [hist: Tensor, binEdges: Tensor[]] {
  if (options === undefined) {
    if (typeof bins !== 'object') return partsOf(call(625, h(input), bins), [wrap, wrapAll]) as readonly [hist: Tensor, binEdges: Tensor[]];
    if (isNumberList(bins)) return partsOf(call(623, h(input), bins), [wrap, wrapAll]) as readonly [hist: Tensor, binEdges: Tensor[]];
    return partsOf(call(624, h(input), handles(bins)), [wrap, wrapAll]) as readonly [hist: Tensor, binEdges: Tensor[]];
  }
  readOptions('histogramdd', OPTIONS_56, options);
  if (typeof bins !== 'object') return partsOf(call(625, h(input), bins, options.range, h(options.weight), options.density), [wrap, wrapAll]) as readonly [hist: Tensor, binEdges: Tensor[]];
  if (isNumberList(bins)) return partsOf(call(623, h(input), bins, options.range, h(options.weight), options.density), [wrap, wrapAll]) as readonly [hist: Tensor, binEdges: Tensor[]];
  return partsOf(call(624, h(input), handles(bins), options.range, h(options.weight), options.density), [wrap, wrapAll]) as readonly [hist: Tensor, binEdges: Tensor[]];
}

/** Cuts along dimension 1, a vector along 0: into that many pieces, or at the indices given.
 *  Shape: each the input, with the length of its piece at dimension 1; of a vector, [length].
 *
 *  `hsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]`
 *  `hsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.hsplit.html
 *  @example
 *  arange(4).hsplit(2); // [tensor([0, 1]), tensor([2, 3])] */
export function hsplit(input: Tensor, sectionsOrIndices: number | readonly number[]): Tensor[] {
  if (typeof sectionsOrIndices !== 'object') return wrapAll(call(627, h(input), sectionsOrIndices));
  return wrapAll(call(626, h(input), sectionsOrIndices));
}

/** `hspmm(Tensor mat1, Tensor mat2) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.hspmm.html */
export function hspmm(mat1: Tensor, mat2: Tensor): Tensor {
  return wrap(call(628, h(mat1), h(mat2)));
}

/** Joins tensors side by side: along dimension 1, vectors along 0.
 *  Shape: that of each input, with their sizes added up: of vectors at dimension 0, else at 1.
 *
 *  `hstack(Tensor[] tensors) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.hstack.html
 *  @example
 *  hstack([tensor([[1], [2]]), tensor([[3], [4]])]); // tensor([[1., 3.], [2., 4.]]) */
export function hstack(tensors: readonly Tensor[]): Tensor {
  return wrap(call(629, handles(tensors)));
}

/** The length of the hypotenuse over two sides: sqrt(x^2 + other^2).
 *  Shape: those of the inputs, broadcast together.
 *
 *  `hypot(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.hypot.html
 *  @example
 *  tensor([1, 5]).hypot(tensor([1, 12])); // tensor([ 1.4142, 13.0000]) */
export function hypot(input: Tensor, other: Tensor): Tensor {
  return wrap(call(631, h(input), h(other)));
}

/** The modified Bessel function of order 0.
 *  Shape: any, unchanged.
 *
 *  `i0(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.i0.html
 *  @example
 *  tensor([0, 1]).i0(); // tensor([1.0000, 1.2661]) */
export function i0(input: Tensor): Tensor {
  return wrap(call(633, h(input)));
}

/** The modified Bessel function of order 0. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `i0_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).i0_(); // tensor([1.0000, 1.2661]) */
export function i0_(input: Tensor): Tensor {
  call(634, h(input));
  return input;
}

/** The share of the gamma function's integral, at the input, that lies below `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `igamma(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.igamma.html
 *  @example
 *  tensor([1]).igamma(tensor([1])); // tensor([0.6321]) */
export function igamma(input: Tensor, other: Tensor): Tensor {
  return wrap(call(635, h(input), h(other)));
}

/** The share of the gamma function's integral, at the input, that lies above `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `igammac(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.igammac.html
 *  @example
 *  tensor([1]).igammac(tensor([1])); // tensor([0.3679]) */
export function igammac(input: Tensor, other: Tensor): Tensor {
  return wrap(call(637, h(input), h(other)));
}

/** The imaginary part, as a view.
 *  Shape: any, unchanged.
 *
 *  `imag(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.imag.html
 *  @example
 *  complex(tensor([1]), tensor([2])).imag; // tensor([2.]) */
export function imag(input: Tensor): Tensor {
  return wrap(call(640, h(input)));
}

/** Adds the slices of `source` to those at the places given; a place that comes twice gets both.
 *  Shape: any, unchanged.
 *
 *  `index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.index_add.html
 *  @example
 *  zeros([3]).indexAdd(0, tensor([0n, 2n, 2n]), tensor([1, 10, 100])); // tensor([  1.,   0., 110.]) */
export function indexAdd(input: Tensor, dim: number, index: Tensor, source: Tensor, options?: { alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(642, h(input), dim, h(index), h(source)));
  readOptions('indexAdd', OPTIONS_0, options);
  return wrap(call(642, h(input), dim, h(index), h(source), options.alpha));
}

/** Puts the slices of `source` at the places given.
 *  Shape: any, unchanged.
 *
 *  `index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.index_copy.html
 *  @example
 *  zeros([3]).indexCopy(0, tensor([2n, 0n]), tensor([7, 8])); // tensor([8., 0., 7.]) */
export function indexCopy(input: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return wrap(call(644, h(input), dim, h(index), h(source)));
}

/** Puts one value into the slices at the places given.
 *  Shape: any, unchanged.
 *
 *  `index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor`
 *  `index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor`
 *  @example
 *  zeros([2, 3]).indexFill(1, tensor([0n, 2n]), 5); // tensor([[5., 0., 5.], [5., 0., 5.]]) */
export function indexFill(input: Tensor, dim: number, index: Tensor, value: Tensor | Scalar): Tensor {
  if (typeof value === 'object') return wrap(call(647, h(input), dim, h(index), h(value)));
  return wrap(call(646, h(input), dim, h(index), value));
}

/** Combines the slices of `source` with those at the places given: 'prod', 'mean', 'amax' or 'amin'.
 *  Shape: any, unchanged.
 *
 *  `index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.index_reduce.html
 *  @example
 *  tensor([1, 5]).indexReduce(0, tensor([0n, 0n]), tensor([7, 3]), 'amax'); // tensor([7., 5.]) */
export function indexReduce(input: Tensor, dim: number, index: Tensor, source: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(651, h(input), dim, h(index), h(source), reduce));
  readOptions('indexReduce', OPTIONS_57, options);
  return wrap(call(651, h(input), dim, h(index), h(source), reduce, options.includeSelf));
}

/** The slices along `dim` at the places given, copied.
 *  Shape: the input, with the length of `index` at `dim`.
 *
 *  `index_select(Tensor self, int dim, Tensor index) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.index_select.html
 *  @example
 *  tensor([[1, 2], [3, 4], [5, 6]]).indexSelect(0, tensor([2n, 0n])); // tensor([[5., 6.], [1., 2.]]) */
export function indexSelect(input: Tensor, dim: number, index: Tensor): Tensor {
  return wrap(call(653, h(input), dim, h(index)));
}

/** `indices_copy(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.indices_copy.html */
export function indicesCopy(input: Tensor): Tensor {
  return wrap(call(655, h(input)));
}

/** The dot products along the last dimensions of both.
 *  Shape: [*a, K], [*b, K] -> [*a, *b].
 *
 *  `inner(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.inner.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).inner(tensor([1, 10])); // tensor([21., 43.]) */
export function inner(input: Tensor, other: Tensor): Tensor {
  return wrap(call(656, h(input), h(other)));
}

/** Gives each channel of each sample mean 0 and variance 1.
 *  Shape: [N, C, *], unchanged.
 *
 *  `instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.instance_norm.html
 *  @example
 *  const x = tensor([[[1, 3], [5, 7]]]);
 *  instanceNorm(x, undefined, undefined, undefined, undefined, true, 0.1, 0, false); // tensor([[[-1.,  1.], [-1.,  1.]]]) */
export function instanceNorm(input: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, runningMean: Tensor | undefined, runningVar: Tensor | undefined, useInputStats: boolean, momentum: number, eps: number, cudnnEnabled: boolean): Tensor {
  return wrap(call(657, h(input), h(weight), h(bias), h(runningMean), h(runningVar), useInputStats, momentum, eps, cudnnEnabled));
}

/** `int_repr(Tensor self) -> Tensor` */
export function intRepr(input: Tensor): Tensor {
  return wrap(call(658, h(input)));
}

/** The matrix that undoes this one.
 *  Shape: [*, N, N] -> [*, N, N].
 *
 *  `inverse(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.inverse.html
 *  @example
 *  tensor([[2, 0], [0, 4]]).inverse(); // tensor([[0.5000, 0.0000], [0.0000, 0.2500]]) */
export function inverse(input: Tensor): Tensor {
  return wrap(call(659, h(input)));
}

/** Whether the dtype is complex.
 *
 *  `is_complex(Tensor self) -> bool`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.is_complex.html
 *  @example
 *  complex(tensor([1]), tensor([2])).isComplex(); // true */
export function isComplex(input: Tensor): boolean {
  return call(661, h(input)) as boolean;
}

/** Whether the tensor is a `conj` view that is not written out yet.
 *
 *  `is_conj(Tensor self) -> bool`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.is_conj.html
 *  @example
 *  complex(tensor([1]), tensor([2])).conj().isConj(); // true */
export function isConj(input: Tensor): boolean {
  return call(662, h(input)) as boolean;
}

/** `is_distributed(Tensor self) -> bool` */
export function isDistributed(input: Tensor): boolean {
  return call(665, h(input)) as boolean;
}

/** Whether the dtype has a fraction.
 *
 *  `is_floating_point(Tensor self) -> bool`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.is_floating_point.html
 *  @example
 *  tensor([1n]).isFloatingPoint(); // false */
export function isFloatingPoint(input: Tensor): boolean {
  return call(666, h(input)) as boolean;
}

/** Whether the tensor was made where autograd is switched off for good.
 *
 *  `is_inference(Tensor self) -> bool`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.is_inference.html
 *  @example
 *  ones([2]).isInference(); // false */
export function isInference(input: Tensor): boolean {
  return call(667, h(input)) as boolean;
}

/** Whether the tensor is a view with the sign changed that is not written out yet.
 *
 *  `is_neg(Tensor self) -> bool`
 *  @example
 *  complex(tensor([1]), tensor([2])).conj().imag.isNeg(); // true */
export function isNeg(input: Tensor): boolean {
  return call(668, h(input)) as boolean;
}

/** Whether the only element is not zero.
 *
 *  `is_nonzero(Tensor self) -> bool`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.is_nonzero.html
 *  @example
 *  tensor([3]).isNonzero(); // true */
export function isNonzero(input: Tensor): boolean {
  return call(669, h(input)) as boolean;
}

/** Whether both have the same shape.
 *
 *  `is_same_size(Tensor self, Tensor other) -> bool`
 *  @example
 *  zeros([2, 3]).isSameSize(ones([3, 2])); // false */
export function isSameSize(input: Tensor, other: Tensor): boolean {
  return call(671, h(input), h(other)) as boolean;
}

/** Whether the dtype can hold a minus sign.
 *
 *  `is_signed(Tensor self) -> bool`
 *  @example
 *  tensor([1], { dtype: 'uint8' }).isSigned(); // false */
export function isSigned(input: Tensor): boolean {
  return call(673, h(input)) as boolean;
}

/** Whether each element is within `atol + rtol * |other|` of `other`. Default 1e-8 and 1e-5.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `isclose(Tensor self, Tensor other, float rtol=1.0000000000000001e-05, float atol=1e-08, bool equal_nan=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.isclose.html
 *  @example
 *  tensor([1, 1]).isclose(tensor([1.000001, 1.1])); // tensor([ True, False]) */
export function isclose(input: Tensor, other: Tensor, options?: { rtol?: number | undefined; atol?: number | undefined; equalNan?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(674, h(input), h(other)));
  readOptions('isclose', OPTIONS_5, options);
  return wrap(call(674, h(input), h(other), options.rtol, options.atol, options.equalNan));
}

/** Whether each element is neither infinite nor NaN.
 *  Shape: any, unchanged.
 *
 *  `isfinite(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.isfinite.html
 *  @example
 *  tensor([1, Infinity, NaN]).isfinite(); // tensor([ True, False, False]) */
export function isfinite(input: Tensor): Tensor {
  return wrap(call(675, h(input)));
}

/** Whether each element is among `testElements`.
 *  Shape: that of `elements`.
 *
 *  `isin.Tensor_Tensor(Tensor elements, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor`
 *  `isin.Scalar_Tensor(Scalar element, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor`
 *  `isin.Tensor_Scalar(Tensor elements, Scalar test_element, *, bool assume_unique=False, bool invert=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.isin.html
 *  @example
 *  isin(tensor([1, 2, 3]), tensor([2, 3, 9])); // tensor([False,  True,  True]) */
export function isin(elementsOrElement: Tensor | Scalar, testElements: Tensor, options?: { assumeUnique?: boolean | undefined; invert?: boolean | undefined }): Tensor;
export function isin(elements: Tensor, testElement: Scalar, options?: { assumeUnique?: boolean | undefined; invert?: boolean | undefined }): Tensor;
export function isin(elementsOrElement: Tensor | Scalar, testElementsOrTestElement: Tensor | Scalar, options?: { assumeUnique?: boolean | undefined; invert?: boolean | undefined }): Tensor {
  if (options === undefined) {
    if (typeof elementsOrElement === 'object' && typeof testElementsOrTestElement === 'object') return wrap(call(678, h(elementsOrElement), h(testElementsOrTestElement)));
    if (typeof elementsOrElement !== 'object' && typeof testElementsOrTestElement === 'object') return wrap(call(676, elementsOrElement, h(testElementsOrTestElement)));
    if (typeof elementsOrElement === 'object' && typeof testElementsOrTestElement !== 'object') return wrap(call(677, h(elementsOrElement), testElementsOrTestElement));
    throw unfit('isin', 'isin(elements: Tensor, testElements: Tensor, { assumeUnique?, invert? }) or isin(element: Scalar, testElements: Tensor, { assumeUnique?, invert? }) or isin(elements: Tensor, testElement: Scalar, { assumeUnique?, invert? })', [elementsOrElement, testElementsOrTestElement]);
  }
  readOptions('isin', OPTIONS_58, options);
  if (typeof elementsOrElement === 'object' && typeof testElementsOrTestElement === 'object') return wrap(call(678, h(elementsOrElement), h(testElementsOrTestElement), options.assumeUnique, options.invert));
  if (typeof elementsOrElement !== 'object' && typeof testElementsOrTestElement === 'object') return wrap(call(676, elementsOrElement, h(testElementsOrTestElement), options.assumeUnique, options.invert));
  if (typeof elementsOrElement === 'object' && typeof testElementsOrTestElement !== 'object') return wrap(call(677, h(elementsOrElement), testElementsOrTestElement, options.assumeUnique, options.invert));
  throw unfit('isin', 'isin(elements: Tensor, testElements: Tensor, { assumeUnique?, invert? }) or isin(element: Scalar, testElements: Tensor, { assumeUnique?, invert? }) or isin(elements: Tensor, testElement: Scalar, { assumeUnique?, invert? })', [elementsOrElement, testElementsOrTestElement, options]);
}

/** Whether each element is infinite, of either sign.
 *  Shape: any, unchanged.
 *
 *  `isinf(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.isinf.html
 *  @example
 *  tensor([1, -Infinity, NaN]).isinf(); // tensor([False,  True, False]) */
export function isinf(input: Tensor): Tensor {
  return wrap(call(679, h(input)));
}

/** Whether each element is not a number.
 *  Shape: any, unchanged.
 *
 *  `isnan(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.isnan.html
 *  @example
 *  tensor([1, NaN]).isnan(); // tensor([False,  True]) */
export function isnan(input: Tensor): Tensor {
  return wrap(call(680, h(input)));
}

/** Whether each element is minus infinity.
 *  Shape: any, unchanged.
 *
 *  `isneginf(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.isneginf.html
 *  @example
 *  tensor([Infinity, -Infinity]).isneginf(); // tensor([False,  True]) */
export function isneginf(input: Tensor): Tensor {
  return wrap(call(681, h(input)));
}

/** Whether each element is plus infinity.
 *  Shape: any, unchanged.
 *
 *  `isposinf(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.isposinf.html
 *  @example
 *  tensor([Infinity, -Infinity]).isposinf(); // tensor([ True, False]) */
export function isposinf(input: Tensor): Tensor {
  return wrap(call(682, h(input)));
}

/** Whether each element has no imaginary part.
 *  Shape: any, unchanged.
 *
 *  `isreal(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.isreal.html
 *  @example
 *  complex(tensor([1, 1]), tensor([0, 2])).isreal(); // tensor([ True, False]) */
export function isreal(input: Tensor): Tensor {
  return wrap(call(683, h(input)));
}

/** Undoes `stft`.
 *
 *  `istft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, bool normalized=False, bool? onesided=None, int? length=None, bool return_complex=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.istft.html
 *  @example
 *  const window = ones([4]);
 *  const frames = arange(1, 9, { dtype: 'float32' }).stft(4, { window, center: true, returnComplex: true });
 *  frames.istft(4, { window }).round(); // tensor([1., 2., 3., 4., 5., 6., 7., 8.]) */
export function istft(input: Tensor, nFft: number, options?: { hopLength?: number | undefined; winLength?: number | undefined; window?: Tensor | undefined; center?: boolean | undefined; normalized?: boolean | undefined; onesided?: boolean | undefined; length?: number | undefined; returnComplex?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(684, h(input), nFft));
  readOptions('istft', OPTIONS_59, options);
  return wrap(call(684, h(input), nFft, options.hopLength, options.winLength, h(options.window), options.center, options.normalized, options.onesided, options.length, options.returnComplex));
}

/** A bell whose width is set by `beta` (default 12): the Bessel function of a half circle.
 *  Shape: [windowLength].
 *
 *  `kaiser_window(int window_length, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `kaiser_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `kaiser_window.beta(int window_length, bool periodic, float beta, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.kaiser_window.html
 *  @example
 *  kaiserWindow(3, { periodic: false }); // tensor([5.2773e-05, 1.0000e+00, 5.2773e-05]) */
export function kaiserWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { periodic: boolean; beta: number; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { periodic: boolean; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function kaiserWindow(windowLength: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined; periodic?: boolean | undefined; beta?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(685, windowLength));
  const given = readOptions('kaiserWindow', OPTIONS_60, options);
  if ((given & 96) === 0) return tracked(wrap(call(685, windowLength, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 96) === 32) return tracked(wrap(call(687, windowLength, options.periodic, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 96) === 96) return tracked(wrap(call(686, windowLength, options.periodic, options.beta, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('kaiserWindow', 'kaiserWindow(windowLength: number, { dtype?, layout?, device?, pinMemory?, requiresGrad? }) or kaiserWindow(windowLength: number, { periodic, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or kaiserWindow(windowLength: number, { periodic, beta, dtype?, layout?, device?, pinMemory?, requiresGrad? })', [windowLength, options]);
}

/** How far shares are from target shares: `target * (log(target) - input)`; the input is a logarithm.
 *  Shape: two of one shape -> []; unchanged where `reduction` is 0.
 *
 *  `kl_div(Tensor self, Tensor target, int reduction=1, *, bool log_target=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.kl_div.html
 *  @example
 *  klDiv(tensor([0.5, 0.5]).log(), tensor([1, 0])); // tensor(0.3466) */
export function klDiv(input: Tensor, target: Tensor, options?: { reduction?: number | undefined; logTarget?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(688, h(input), h(target)));
  readOptions('klDiv', OPTIONS_61, options);
  return wrap(call(688, h(input), h(target), options.reduction, options.logTarget));
}

/** Each element of one matrix times the whole other one.
 *  Shape: [N, M], [P, Q] -> [N * P, M * Q].
 *
 *  `kron(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.kron.html
 *  @example
 *  tensor([[1, 2]]).kron(tensor([[1, 10]])); // tensor([[ 1., 10.,  2., 20.]]) */
export function kron(input: Tensor, other: Tensor): Tensor {
  return wrap(call(689, h(input), h(other)));
}

/** The k-th smallest element along `dim` (default the last), counted from 1, and where it is.
 *  Shape: the input without `dim`, or with size 1 there if `keepdim`.
 *
 *  `kthvalue(Tensor self, int k, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.kthvalue.html
 *  @example
 *  tensor([40, 10, 30, 20]).kthvalue(2); // [tensor(20.), tensor(3)] */
export function kthvalue(input: Tensor, k: number, options?: { dim?: number | undefined; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
  if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(690, h(input), k));
  readOptions('kthvalue', OPTIONS_4, options);
  return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(690, h(input), k, options.dim, options.keepdim));
}

/** Gives the last dimensions, those of `normalizedShape`, mean 0 and variance 1, then scales by `weight` and adds `bias`.
 *  Shape: [*, ...normalizedShape], unchanged.
 *
 *  `layer_norm(Tensor input, int[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1.0000000000000001e-05, bool cudnn_enable=True) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.layer_norm.html
 *  @example
 *  layerNorm(tensor([[1, 3], [10, 20]]), [2]); // tensor([[-1.0000,  1.0000], [-1.0000,  1.0000]]) */
export function layerNorm(input: Tensor, normalizedShape: readonly number[], options?: { weight?: Tensor | undefined; bias?: Tensor | undefined; eps?: number | undefined; cudnnEnable?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(692, h(input), normalizedShape));
  readOptions('layerNorm', OPTIONS_62, options);
  return wrap(call(692, h(input), normalizedShape, h(options.weight), h(options.bias), options.eps, options.cudnnEnable));
}

/** The smallest positive whole number that both divide.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `lcm(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.lcm.html
 *  @example
 *  tensor([4n, 6n]).lcm(tensor([6n, 8n])); // tensor([12, 24]) */
export function lcm(input: Tensor, other: Tensor): Tensor {
  return wrap(call(693, h(input), h(other)));
}

/** The smallest positive whole number that both divide. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged; the others broadcast to it.
 *
 *  `lcm_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
 *  @example
 *  tensor([4n, 6n]).lcm_(tensor([6n, 8n])); // tensor([12, 24]) */
export function lcm_(input: Tensor, other: Tensor): Tensor {
  call(694, h(input), h(other));
  return input;
}

/** Multiplies each element by 2 to the power of `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `ldexp.Tensor(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.ldexp.html
 *  @example
 *  tensor([1, 3]).ldexp(tensor([3n, -1n])); // tensor([8.0000, 1.5000]) */
export function ldexp(input: Tensor, other: Tensor): Tensor {
  return wrap(call(695, h(input), h(other)));
}

/** Multiplies each element by 2 to the power of `other`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged; the others broadcast to it.
 *
 *  `ldexp_(Tensor(a!) self, Tensor other) -> Tensor(a!)`
 *  @example
 *  tensor([1, 3]).ldexp_(tensor([3n, -1n])); // tensor([8.0000, 1.5000]) */
export function ldexp_(input: Tensor, other: Tensor): Tensor {
  call(696, h(input), h(other));
  return input;
}

/** Whether each element is at most `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `le.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `le.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.le.html
 *  @example
 *  tensor([1, 2, 3]).le(2); // tensor([ True,  True, False]) */
export function le(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(698, h(input), h(other)));
  return wrap(call(697, h(input), other));
}

/** Goes from each element towards `end` by the fraction `weight`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor`
 *  `lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.lerp.html
 *  @example
 *  tensor([0, 10]).lerp(tensor([100, 20]), 0.25); // tensor([25.0000, 12.5000]) */
export function lerp(input: Tensor, end: Tensor, weight: Tensor | Scalar): Tensor {
  if (typeof weight === 'object') return wrap(call(704, h(input), h(end), h(weight)));
  return wrap(call(703, h(input), h(end), weight));
}

/** Another name of `lt`. Whether each element is below `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `less.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `less.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.less.html
 *  @example
 *  tensor([1, 2, 3]).less(2); // tensor([ True, False, False]) */
export function less(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(708, h(input), h(other)));
  return wrap(call(707, h(input), other));
}

/** Another name of `le`. Whether each element is at most `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `less_equal.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `less_equal.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.less_equal.html
 *  @example
 *  tensor([1, 2, 3]).lessEqual(2); // tensor([ True,  True, False]) */
export function lessEqual(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(712, h(input), h(other)));
  return wrap(call(711, h(input), other));
}

/** The logarithm of the gamma function's size; gamma(n) is (n - 1)! for whole n.
 *  Shape: any, unchanged.
 *
 *  `lgamma(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.lgamma.html
 *  @example
 *  tensor([5]).lgamma().exp().round(); // tensor([24.]) */
export function lgamma(input: Tensor): Tensor {
  return wrap(call(715, h(input)));
}

/** The natural logarithm of each element.
 *  Shape: any, unchanged.
 *
 *  `log(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.log.html
 *  @example
 *  tensor([1, 10]).log(); // tensor([0.0000, 2.3026]) */
export function log(input: Tensor): Tensor {
  return wrap(call(772, h(input)));
}

/** The logarithm to base 10.
 *  Shape: any, unchanged.
 *
 *  `log10(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.log10.html
 *  @example
 *  tensor([1000, 5]).log10(); // tensor([3.0000, 0.6990]) */
export function log10(input: Tensor): Tensor {
  return wrap(call(773, h(input)));
}

/** The logarithm to base 10. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `log10_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1000, 5]).log10_(); // tensor([3.0000, 0.6990]) */
export function log10_(input: Tensor): Tensor {
  call(774, h(input));
  return input;
}

/** `log(1 + x)`, exact where x is near 0.
 *  Shape: any, unchanged.
 *
 *  `log1p(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.log1p.html
 *  @example
 *  tensor([1e-10], { dtype: 'float64' }).log1p(); // tensor([1.0000e-10], dtype=torch.float64) */
export function log1p(input: Tensor): Tensor {
  return wrap(call(775, h(input)));
}

/** `log(1 + x)`, exact where x is near 0. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `log1p_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1e-10], { dtype: 'float64' }).log1p_(); // tensor([1.0000e-10], dtype=torch.float64) */
export function log1p_(input: Tensor): Tensor {
  call(776, h(input));
  return input;
}

/** The logarithm to base 2.
 *  Shape: any, unchanged.
 *
 *  `log2(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.log2.html
 *  @example
 *  tensor([8, 3]).log2(); // tensor([3.0000, 1.5850]) */
export function log2(input: Tensor): Tensor {
  return wrap(call(777, h(input)));
}

/** The logarithm to base 2. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `log2_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([8, 3]).log2_(); // tensor([3.0000, 1.5850]) */
export function log2_(input: Tensor): Tensor {
  call(778, h(input));
  return input;
}

/** The logarithm of `softmax`, exact for very small shares too.
 *  Shape: any, unchanged.
 *
 *  `log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.log_softmax.html
 *  @example
 *  tensor([0, 1000]).logSoftmax(0); // tensor([-1000.,     0.]) */
export function logSoftmax(input: Tensor, dim: number, options?: { dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(782, h(input), dim));
  readOptions('logSoftmax', OPTIONS_30, options);
  return wrap(call(782, h(input), dim, options.dtype && dtypeCode(options.dtype)));
}

/** The natural logarithm of each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `log_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1, 10]).log_(); // tensor([0.0000, 2.3026]) */
export function log_(input: Tensor): Tensor {
  call(779, h(input));
  return input;
}

/** `log(exp(x) + exp(other))`, which does not overflow.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `logaddexp(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logaddexp.html
 *  @example
 *  tensor([1000]).logaddexp(tensor([1000])); // tensor([1000.6932]) */
export function logaddexp(input: Tensor, other: Tensor): Tensor {
  return wrap(call(783, h(input), h(other)));
}

/** `log2(2^x + 2^other)`, which does not overflow.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `logaddexp2(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logaddexp2.html
 *  @example
 *  tensor([3]).logaddexp2(tensor([1])); // tensor([3.3219]) */
export function logaddexp2(input: Tensor, other: Tensor): Tensor {
  return wrap(call(784, h(input), h(other)));
}

/** `logsumexp` of each element and all before it along `dim`.
 *  Shape: any, unchanged.
 *
 *  `logcumsumexp(Tensor self, int dim) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logcumsumexp.html
 *  @example
 *  tensor([0, 0, 0]).logcumsumexp(0); // tensor([0.0000, 0.6931, 1.0986]) */
export function logcumsumexp(input: Tensor, dim: number): Tensor {
  return wrap(call(785, h(input), dim));
}

/** The logarithm of the determinant; NaN where it is negative.
 *  Shape: [*, N, N] -> [*].
 *
 *  `logdet(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logdet.html
 *  @example
 *  tensor([[4, 0], [0, 1]]).logdet(); // tensor(1.3863) */
export function logdet(input: Tensor): Tensor {
  return wrap(call(786, h(input)));
}

/** Whether both are true, or not zero.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `logical_and(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logical_and.html
 *  @example
 *  tensor([0, 1, 2]).logicalAnd(tensor([1, 0, 3])); // tensor([False, False,  True]) */
export function logicalAnd(input: Tensor, other: Tensor): Tensor {
  return wrap(call(787, h(input), h(other)));
}

/** Whether each element is false, or zero.
 *  Shape: any, unchanged.
 *
 *  `logical_not(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logical_not.html
 *  @example
 *  tensor([0, 1, 2]).logicalNot(); // tensor([ True, False, False]) */
export function logicalNot(input: Tensor): Tensor {
  return wrap(call(789, h(input)));
}

/** Whether either is true, or not zero.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `logical_or(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logical_or.html
 *  @example
 *  tensor([0, 0, 2]).logicalOr(tensor([1, 0, 3])); // tensor([ True, False,  True]) */
export function logicalOr(input: Tensor, other: Tensor): Tensor {
  return wrap(call(791, h(input), h(other)));
}

/** Whether one is true, or not zero, and the other is not.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `logical_xor(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logical_xor.html
 *  @example
 *  tensor([0, 0, 2]).logicalXor(tensor([1, 0, 3])); // tensor([ True, False, False]) */
export function logicalXor(input: Tensor, other: Tensor): Tensor {
  return wrap(call(793, h(input), h(other)));
}

/** The number whose sigmoid each element is: `log(x / (1 - x))`; `eps` keeps elements away from 0 and 1.
 *  Shape: any, unchanged.
 *
 *  `logit(Tensor self, float? eps=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logit.html
 *  @example
 *  tensor([0.5, 0.7311]).logit(); // tensor([0.0000, 1.0002]) */
export function logit(input: Tensor, options?: { eps?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(795, h(input)));
  readOptions('logit', OPTIONS_63, options);
  return wrap(call(795, h(input), options.eps));
}

/** The number whose sigmoid each element is: `log(x / (1 - x))`; `eps` keeps elements away from 0 and 1. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `logit_(Tensor(a!) self, float? eps=None) -> Tensor(a!)`
 *  @example
 *  tensor([0.5, 0.7311]).logit_(); // tensor([0.0000, 1.0002]) */
export function logit_(input: Tensor, options?: { eps?: number | undefined }): Tensor {
  if (options === undefined) {
    call(796, h(input));
    return input;
  }
  readOptions('logit_', OPTIONS_63, options);
  call(796, h(input), options.eps);
  return input;
}

/** `steps` values from `base ** start` to `base ** end`, evenly spaced in the exponent. Default base 10.
 *  Shape: [steps].
 *
 *  `logspace(Scalar start, Scalar end, int steps, float base=10., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `logspace.Tensor_Tensor(Tensor start, Tensor end, int steps, float base=10., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `logspace.Scalar_Tensor(Scalar start, Tensor end, int steps, float base=10., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  `logspace.Tensor_Scalar(Tensor start, Scalar end, int steps, float base=10., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logspace.html
 *  @example
 *  logspace(-1, 1, 3); // tensor([ 0.1000,  1.0000, 10.0000]) */
export function logspace(start: Scalar, end: Scalar | Tensor, steps: number, options?: { base?: number | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function logspace(start: Tensor, end: Tensor | Scalar, steps: number, options?: { base?: number | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function logspace(start: Scalar | Tensor, end: Scalar | Tensor, steps: number, options?: { base?: number | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) {
    if (typeof start !== 'object' && typeof end !== 'object') return wrap(call(797, start, end, steps));
    if (typeof start === 'object' && typeof end === 'object') return wrap(call(800, h(start), h(end), steps));
    if (typeof start !== 'object' && typeof end === 'object') return wrap(call(798, start, h(end), steps));
    if (typeof start === 'object' && typeof end !== 'object') return wrap(call(799, h(start), end, steps));
    throw unfit('logspace', 'logspace(start: Scalar, end: Scalar, steps: number, { base?, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or logspace(start: Tensor, end: Tensor, steps: number, { base?, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or logspace(start: Scalar, end: Tensor, steps: number, { base?, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or logspace(start: Tensor, end: Scalar, steps: number, { base?, dtype?, layout?, device?, pinMemory?, requiresGrad? })', [start, end, steps]);
  }
  readOptions('logspace', OPTIONS_64, options);
  if (typeof start !== 'object' && typeof end !== 'object') return tracked(wrap(call(797, start, end, steps, options.base, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if (typeof start === 'object' && typeof end === 'object') return tracked(wrap(call(800, h(start), h(end), steps, options.base, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if (typeof start !== 'object' && typeof end === 'object') return tracked(wrap(call(798, start, h(end), steps, options.base, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if (typeof start === 'object' && typeof end !== 'object') return tracked(wrap(call(799, h(start), end, steps, options.base, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('logspace', 'logspace(start: Scalar, end: Scalar, steps: number, { base?, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or logspace(start: Tensor, end: Tensor, steps: number, { base?, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or logspace(start: Scalar, end: Tensor, steps: number, { base?, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or logspace(start: Tensor, end: Scalar, steps: number, { base?, dtype?, layout?, device?, pinMemory?, requiresGrad? })', [start, end, steps, options]);
}

/** `log(sum(exp(x)))` along `dim`, which does not overflow.
 *  Shape: the input without `dim`, or with size 1 there if `keepdim`.
 *
 *  `logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.logsumexp.html
 *  @example
 *  tensor([1000, 1000]).logsumexp(0); // tensor(1000.6932) */
export function logsumexp(input: Tensor, dim: number | readonly number[], options?: { keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(801, h(input), dim));
  readOptions('logsumexp', OPTIONS_45, options);
  return wrap(call(801, h(input), dim, options.keepdim));
}

/** An LSTM over a whole sequence [T, B, In]: the output at every step, and the last output and cell state of each layer. Four tensors a layer.
 *
 *  `lstm.data(Tensor data, Tensor batch_sizes, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional) -> (Tensor, Tensor, Tensor)`
 *  `lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor, Tensor)`
 *  @example
 *  const params = [zeros([12, 2]), zeros([12, 3]), zeros([12]), zeros([12])];
 *  const state = [ones([1, 1, 3]), ones([1, 1, 3])];
 *  const [output, , cell] = lstm(ones([2, 1, 2]), state, params, true, 1, 0, false, false, false);
 *  [output.shape, cell.flatten()]; // [[2, 1, 3], tensor([0.2500, 0.2500, 0.2500])] */
export function lstm(data: Tensor, batchSizes: Tensor, hx: readonly Tensor[], params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean): readonly [Tensor, Tensor, Tensor];
export function lstm(input: Tensor, hx: readonly Tensor[], params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean): readonly [Tensor, Tensor, Tensor];
export function lstm(dataOrInput: Tensor, batchSizesOrHx: Tensor | readonly Tensor[], hxOrParams: readonly Tensor[], paramsOrHasBiases: readonly Tensor[] | boolean, hasBiasesOrNumLayers: boolean | number, numLayersOrDropout: number, dropoutOrTrain: number | boolean, trainOrBidirectional: boolean, bidirectionalOrBatchFirst: boolean): readonly [Tensor, Tensor, Tensor] {
  if (isTensor(batchSizesOrHx) && isList(paramsOrHasBiases) && typeof hasBiasesOrNumLayers === 'boolean' && typeof dropoutOrTrain === 'number') return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(802, h(dataOrInput), h(batchSizesOrHx), handles(hxOrParams), handles(paramsOrHasBiases), hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst));
  if (isList(batchSizesOrHx) && typeof paramsOrHasBiases === 'boolean' && typeof hasBiasesOrNumLayers !== 'boolean' && typeof numLayersOrDropout === 'number' && typeof dropoutOrTrain === 'boolean') return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(803, h(dataOrInput), handles(batchSizesOrHx), handles(hxOrParams), paramsOrHasBiases, hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst));
  throw unfit('lstm', 'lstm(data: Tensor, batchSizes: Tensor, hx: readonly Tensor[], params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean) or lstm(input: Tensor, hx: readonly Tensor[], params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean)', [dataOrInput, batchSizesOrHx, hxOrParams, paramsOrHasBiases, hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst]);
}

/** One step of an LSTM: the next output and the next cell state.
 *
 *  `lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> (Tensor, Tensor)`
 *  @example
 *  lstmCell(ones([1, 2]), [ones([1, 1]), ones([1, 1])], zeros([4, 2]), zeros([4, 1])); // [tensor([[0.2311]]), tensor([[0.5000]])] */
export function lstmCell(input: Tensor, hx: readonly Tensor[], wIh: Tensor, wHh: Tensor, options?: { bIh?: Tensor | undefined; bHh?: Tensor | undefined }): readonly [Tensor, Tensor] {
  if (options === undefined) return wrapTuple<readonly [Tensor, Tensor]>(call(804, h(input), handles(hx), h(wIh), h(wHh)));
  readOptions('lstmCell', OPTIONS_50, options);
  return wrapTuple<readonly [Tensor, Tensor]>(call(804, h(input), handles(hx), h(wIh), h(wHh), h(options.bIh), h(options.bHh)));
}

/** Whether each element is below `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `lt.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `lt.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.lt.html
 *  @example
 *  tensor([1, 2, 3]).lt(2); // tensor([ True, False, False]) */
export function lt(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(806, h(input), h(other)));
  return wrap(call(805, h(input), other));
}

/** The X for which A X is the input, out of what `linalg.luFactor` gave for A.
 *
 *  `lu_solve(Tensor self, Tensor LU_data, Tensor LU_pivots) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.lu_solve.html
 *  @example
 *  const [LU, pivots] = linalg.luFactor(tensor([[0, 2], [4, 8]]));
 *  tensor([[4], [20]]).luSolve(LU, pivots); // tensor([[1.], [2.]]) */
export function luSolve(input: Tensor, LUData: Tensor, LUPivots: Tensor): Tensor {
  return wrap(call(809, h(input), h(LUData), h(LUPivots)));
}

/** `lu_unpack(Tensor LU_data, Tensor LU_pivots, bool unpack_data=True, bool unpack_pivots=True) -> (Tensor P, Tensor L, Tensor U)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.lu_unpack.html */
export function luUnpack(LUData: Tensor, LUPivots: Tensor, options?: { unpackData?: boolean | undefined; unpackPivots?: boolean | undefined }): readonly [P: Tensor, L: Tensor, U: Tensor] {
  if (options === undefined) return wrapTuple<readonly [P: Tensor, L: Tensor, U: Tensor]>(call(810, h(LUData), h(LUPivots)));
  readOptions('luUnpack', OPTIONS_65, options);
  return wrapTuple<readonly [P: Tensor, L: Tensor, U: Tensor]>(call(810, h(LUData), h(LUPivots), options.unpackData, options.unpackPivots));
}

/** How much the first input lacks to lie above the second by `margin`, where the target is 1; the other way around where it is -1.
 *  Shape: [*], [*], [*] -> [].
 *
 *  `margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0., int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.margin_ranking_loss.html
 *  @example
 *  marginRankingLoss(tensor([1]), tensor([3]), tensor([1])); // tensor(2.) */
export function marginRankingLoss(input1: Tensor, input2: Tensor, target: Tensor, options?: { margin?: number | undefined; reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(813, h(input1), h(input2), h(target)));
  readOptions('marginRankingLoss', OPTIONS_26, options);
  return wrap(call(813, h(input1), h(input2), h(target), options.margin, options.reduction));
}

/** Replaces the elements where the mask is true by one value.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor`
 *  `masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor`
 *  @example
 *  tensor([1, 2, 3]).maskedFill(tensor([true, false, true]), -1); // tensor([-1.,  2., -1.]) */
export function maskedFill(input: Tensor, mask: Tensor, value: Tensor | Scalar): Tensor {
  if (typeof value === 'object') return wrap(call(815, h(input), h(mask), h(value)));
  return wrap(call(814, h(input), h(mask), value));
}

/** Replaces the elements where the mask is true by those of `source`, one after the other.
 *  Shape: any, unchanged; the mask broadcasts to it.
 *
 *  `masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor`
 *  @example
 *  zeros([3]).maskedScatter(tensor([true, false, true]), tensor([7, 8])); // tensor([7., 0., 8.]) */
export function maskedScatter(input: Tensor, mask: Tensor, source: Tensor): Tensor {
  return wrap(call(818, h(input), h(mask), h(source)));
}

/** The elements where the mask is true, in one dimension.
 *
 *  `masked_select(Tensor self, Tensor mask) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.masked_select.html
 *  @example
 *  const x = tensor([[1, 2], [3, 4]]);
 *  x.maskedSelect(x.gt(2)); // tensor([3., 4.]) */
export function maskedSelect(input: Tensor, mask: Tensor): Tensor {
  return wrap(call(820, h(input), h(mask)));
}

/** The matrix product; of batches, matrix by matrix; of two vectors, their dot product.
 *  Shape: [*, N, K], [*, K, M] -> [*, N, M], with leading dimensions broadcast; a vector counts as a row or a column, and that dimension is dropped.
 *
 *  `matmul(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.matmul.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).matmul(tensor([10, 1])); // tensor([12., 34.])
 *  ones([5, 2, 3]).matmul(ones([3, 4])).shape; // [5, 2, 4] */
export function matmul(input: Tensor, other: Tensor): Tensor {
  return wrap(call(821, h(input), h(other)));
}

/** The exponential series of a matrix: I + A + A^2/2 + A^3/6 + …, without end.
 *  Shape: [*, N, N] -> [*, N, N].
 *
 *  `matrix_exp(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.matrix_exp.html
 *  @example
 *  tensor([[0, 0.5], [0, 0]]).matrixExp(); // tensor([[1.0000, 0.5000], [0.0000, 1.0000]]) */
export function matrixExp(input: Tensor): Tensor {
  return wrap(call(823, h(input)));
}

/** A matrix multiplied with itself `n` times; its inverse, where `n` is negative.
 *  Shape: [*, N, N] -> [*, N, N].
 *
 *  `matrix_power(Tensor self, int n) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.matrix_power.html
 *  @example
 *  tensor([[1, 1], [0, 1]]).matrixPower(5); // tensor([[1., 5.], [0., 1.]]) */
export function matrixPower(input: Tensor, n: number): Tensor {
  return wrap(call(824, h(input), n));
}

/** The largest element; along `dim`, the largest ones and where they are; with `other`, the larger of two as `maximum`.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `max(Tensor self) -> Tensor`
 *  `max.other(Tensor self, Tensor other) -> Tensor`
 *  `max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.max.html
 *  @example
 *  tensor([[1, 9], [7, 3]]).max(); // tensor(9.)
 *  tensor([[1, 9], [7, 3]]).max({ dim: 1 }); // [tensor([9., 7.]), tensor([1, 0])] */
export function max(input: Tensor, options?: { other: Tensor }): Tensor;
export function max(input: Tensor, options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
export function max(input: Tensor, options?: { other?: Tensor | undefined; dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
  if (options === undefined) return wrap(call(825, h(input)));
  const given = readOptions('max', OPTIONS_66, options);
  if ((given & 7) === 0) return wrap(call(825, h(input)));
  if ((given & 7) === 1) return wrap(call(827, h(input), h(options.other)));
  if ((given & 3) === 2) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(826, h(input), options.dim, options.keepdim));
  throw unfit('max', 'max(input: Tensor) or max(input: Tensor, { other }) or max(input: Tensor, { dim, keepdim? })', [input, options]);
}

/** The largest element of each window; `stride` is the window's size unless given.
 *  Shape: [*, L] -> [*, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; `ceilMode` rounds up, if the last window begins inside.
 *
 *  `max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], int[1] dilation=[1], bool ceil_mode=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_pool1d.html
 *  @example
 *  maxPool1d(tensor([[1, 5, 2, 3]]), 2); // tensor([[5., 3.]]) */
export function maxPool1d(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(828, h(input), kernelSize));
  readOptions('maxPool1d', OPTIONS_67, options);
  return wrap(call(828, h(input), kernelSize, options.stride, options.padding, options.dilation, options.ceilMode));
}

/** The largest element of each window, and where it is.
 *  Shape: [*, L] -> [*, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; `ceilMode` rounds up, if the last window begins inside.
 *
 *  `max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], int[1] dilation=[1], bool ceil_mode=False) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_pool1d_with_indices.html
 *  @example
 *  maxPool1dWithIndices(tensor([[1, 5, 2, 3]]), 2); // [tensor([[5., 3.]]), tensor([[1, 3]])] */
export function maxPool1dWithIndices(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): readonly [Tensor, Tensor] {
  if (options === undefined) return wrapTuple<readonly [Tensor, Tensor]>(call(829, h(input), kernelSize));
  readOptions('maxPool1dWithIndices', OPTIONS_67, options);
  return wrapTuple<readonly [Tensor, Tensor]>(call(829, h(input), kernelSize, options.stride, options.padding, options.dilation, options.ceilMode));
}

/** The largest element of each window of a picture; `stride` is the window's size unless given.
 *  Shape: [*, H, W] -> [*, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; `ceilMode` rounds up, if the last window begins inside.
 *
 *  `max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_pool2d.html
 *  @example
 *  maxPool2d(arange(16, { dtype: 'float32' }).view([1, 4, 4]), 2); // tensor([[[ 5.,  7.], [13., 15.]]]) */
export function maxPool2d(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(830, h(input), kernelSize));
  readOptions('maxPool2d', OPTIONS_67, options);
  return wrap(call(830, h(input), kernelSize, options.stride, options.padding, options.dilation, options.ceilMode));
}

/** The largest element of each window of a volume; `stride` is the window's size unless given.
 *  Shape: [*, D, H, W] -> [*, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; `ceilMode` rounds up, if the last window begins inside.
 *
 *  `max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_pool3d.html
 *  @example
 *  maxPool3d(rand([1, 4, 4, 4]), 2).shape; // [1, 2, 2, 2] */
export function maxPool3d(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(832, h(input), kernelSize));
  readOptions('maxPool3d', OPTIONS_67, options);
  return wrap(call(832, h(input), kernelSize, options.stride, options.padding, options.dilation, options.ceilMode));
}

/** The larger of two, element by element; NaN where either is.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `maximum(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.maximum.html
 *  @example
 *  tensor([1, 5]).maximum(tensor([3, 2])); // tensor([3., 5.]) */
export function maximum(input: Tensor, other: Tensor): Tensor {
  return wrap(call(836, h(input), h(other)));
}

/** The average of all elements, or of those along `dim`.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `mean(Tensor self, *, ScalarType? dtype=None) -> Tensor`
 *  `mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.mean.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).mean({ dim: 1, keepdim: true }); // tensor([[1.5000], [3.5000]]) */
export function mean(input: Tensor, options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(837, h(input)));
  const given = readOptions('mean', OPTIONS_68, options);
  if ((given & 6) === 0) return wrap(call(837, h(input), options.dtype && dtypeCode(options.dtype)));
  return wrap(call(838, h(input), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
}

/** The element in the middle, of two the lower one; along `dim` also where it is.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `median(Tensor self) -> Tensor`
 *  `median.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.median.html
 *  @example
 *  tensor([5, 1, 4, 2]).median(); // tensor(2.) */
export function median(input: Tensor): Tensor;
export function median(input: Tensor, options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
export function median(input: Tensor, options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
  if (options === undefined) return wrap(call(839, h(input)));
  const given = readOptions('median', OPTIONS_4, options);
  if ((given & 3) === 0) return wrap(call(839, h(input)));
  if ((given & 1) === 1) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(840, h(input), options.dim, options.keepdim));
  throw unfit('median', 'median(input: Tensor) or median(input: Tensor, { dim, keepdim? })', [input, options]);
}

/** The coordinates of a grid: one tensor for each dimension, of the whole grid's shape.
 *  Shape: each [N1, N2, …], the lengths of the inputs.
 *
 *  `meshgrid(Tensor[] tensors) -> Tensor[]`
 *  `meshgrid.indexing(Tensor[] tensors, *, str indexing) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.meshgrid.html
 *  @example
 *  meshgrid([tensor([1, 2]), tensor([3, 4])], { indexing: 'ij' }); // [tensor([[1., 1.], [2., 2.]]), tensor([[3., 4.], [3., 4.]])] */
export function meshgrid(tensors: readonly Tensor[], options?: { indexing: string }): Tensor[] {
  if (options === undefined) return wrapAll(call(841, handles(tensors)));
  const given = readOptions('meshgrid', OPTIONS_69, options);
  if ((given & 1) === 0) return wrapAll(call(841, handles(tensors)));
  if ((given & 1) === 1) return wrapAll(call(842, handles(tensors), options.indexing));
  throw unfit('meshgrid', 'meshgrid(tensors: readonly Tensor[]) or meshgrid(tensors: readonly Tensor[], { indexing })', [tensors, options]);
}

/** The smallest element; along `dim`, the smallest ones and where they are; with `other`, the smaller of two as `minimum`.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `min(Tensor self) -> Tensor`
 *  `min.other(Tensor self, Tensor other) -> Tensor`
 *  `min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.min.html
 *  @example
 *  tensor([[1, 9], [7, 3]]).min(); // tensor(1.)
 *  tensor([[1, 9], [7, 3]]).min({ dim: 1 }); // [tensor([1., 3.]), tensor([0, 1])] */
export function min(input: Tensor, options?: { other: Tensor }): Tensor;
export function min(input: Tensor, options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
export function min(input: Tensor, options?: { other?: Tensor | undefined; dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
  if (options === undefined) return wrap(call(843, h(input)));
  const given = readOptions('min', OPTIONS_66, options);
  if ((given & 7) === 0) return wrap(call(843, h(input)));
  if ((given & 7) === 1) return wrap(call(845, h(input), h(options.other)));
  if ((given & 3) === 2) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(844, h(input), options.dim, options.keepdim));
  throw unfit('min', 'min(input: Tensor) or min(input: Tensor, { other }) or min(input: Tensor, { dim, keepdim? })', [input, options]);
}

/** The smaller of two, element by element; NaN where either is.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `minimum(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.minimum.html
 *  @example
 *  tensor([1, 5]).minimum(tensor([3, 2])); // tensor([1., 2.]) */
export function minimum(input: Tensor, other: Tensor): Tensor {
  return wrap(call(846, h(input), h(other)));
}

/** The product of two matrices.
 *  Shape: [N, K], [K, M] -> [N, M].
 *
 *  `mm(Tensor self, Tensor mat2) -> Tensor`
 *  `mm.dtype(Tensor self, Tensor mat2, ScalarType out_dtype) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.mm.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).mm(tensor([[0, 1], [1, 0]])); // tensor([[2., 1.], [4., 3.]]) */
export function mm(input: Tensor, mat2: Tensor, options?: { outDtype: DType }): Tensor {
  if (options === undefined) return wrap(call(849, h(input), h(mat2)));
  const given = readOptions('mm', OPTIONS_15, options);
  if ((given & 1) === 0) return wrap(call(849, h(input), h(mat2)));
  if ((given & 1) === 1) return wrap(call(850, h(input), h(mat2), options.outDtype && dtypeCode(options.outDtype)));
  throw unfit('mm', 'mm(input: Tensor, mat2: Tensor) or mm(input: Tensor, mat2: Tensor, { outDtype })', [input, mat2, options]);
}

/** The most frequent element along `dim` (default the last), of several the smallest, and where it is last found.
 *  Shape: the input without `dim`, or with size 1 there if `keepdim`.
 *
 *  `mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.mode.html
 *  @example
 *  tensor([1, 3, 3, 2]).mode(); // [tensor(3.), tensor(2)] */
export function mode(input: Tensor, options?: { dim?: number | undefined; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
  if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(851, h(input)));
  readOptions('mode', OPTIONS_4, options);
  return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(851, h(input), options.dim, options.keepdim));
}

/** Another name of `movedim`. Moves dimensions to other places and leaves the others in their order, as a view.
 *  Shape: the input, with the size at `source` moved to `destination`.
 *
 *  `moveaxis.int(Tensor(a) self, int source, int destination) -> Tensor(a)`
 *  `moveaxis.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.moveaxis.html
 *  @example
 *  zeros([2, 3, 4]).moveaxis(0, 2).shape; // [3, 4, 2] */
export function moveaxis(input: Tensor, source: number, destination: number): Tensor;
export function moveaxis(input: Tensor, source: readonly number[], destination: readonly number[]): Tensor;
export function moveaxis(input: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
  if (typeof source !== 'object' && typeof destination !== 'object') return wrap(call(852, h(input), source, destination));
  if (isList(source) && isList(destination)) return wrap(call(853, h(input), source, destination));
  throw unfit('moveaxis', 'moveaxis(input: Tensor, source: number, destination: number) or moveaxis(input: Tensor, source: readonly number[], destination: readonly number[])', [input, source, destination]);
}

/** Moves dimensions to other places and leaves the others in their order, as a view.
 *  Shape: the input, with the size at `source` moved to `destination`.
 *
 *  `movedim.int(Tensor(a) self, int source, int destination) -> Tensor(a)`
 *  `movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.movedim.html
 *  @example
 *  zeros([2, 3, 4]).movedim(0, 2).shape; // [3, 4, 2] */
export function movedim(input: Tensor, source: number, destination: number): Tensor;
export function movedim(input: Tensor, source: readonly number[], destination: readonly number[]): Tensor;
export function movedim(input: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
  if (typeof source !== 'object' && typeof destination !== 'object') return wrap(call(854, h(input), source, destination));
  if (isList(source) && isList(destination)) return wrap(call(855, h(input), source, destination));
  throw unfit('movedim', 'movedim(input: Tensor, source: number, destination: number) or movedim(input: Tensor, source: readonly number[], destination: readonly number[])', [input, source, destination]);
}

/** The elements in ascending order along dimension 0.
 *  Shape: any, unchanged.
 *
 *  `msort(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.msort.html
 *  @example
 *  tensor([[3, 1], [2, 4]]).msort(); // tensor([[2., 1.], [3., 4.]]) */
export function msort(input: Tensor): Tensor {
  return wrap(call(857, h(input)));
}

/** Multiplies each element by `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `mul.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `mul.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.mul.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).mul(tensor([10, 100])); // tensor([[ 10., 200.], [ 30., 400.]]) */
export function mul(input: Tensor | Scalar, other: Tensor): Tensor;
export function mul(input: Tensor, other: Scalar): Tensor;
export function mul(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(859, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(858, h(input), other));
  throw unfit('mul', 'mul(input: Tensor | Scalar, other: Tensor) or mul(input: Tensor, other: Scalar)', [input, other]);
}

/** Draws places of the last dimension with chances in proportion to its elements, without repetition unless `replacement` is true.
 *  Shape: [N] -> [numSamples], [B, N] -> [B, numSamples].
 *
 *  `multinomial(Tensor self, int num_samples, bool replacement=False, *, Generator? generator=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.multinomial.html
 *  @example
 *  tensor([0, 5, 0]).multinomial(1); // tensor([1])
 *  tensor([1, 1, 1]).multinomial(3).sort()[0]; // tensor([0, 1, 2]) */
export function multinomial(input: Tensor, numSamples: number, options?: { replacement?: boolean | undefined; generator?: Generator | undefined }): Tensor {
  if (options === undefined) return wrap(call(864, h(input), numSamples));
  readOptions('multinomial', OPTIONS_70, options);
  return wrap(call(864, h(input), numSamples, options.replacement, options.generator?.index));
}

/** Another name of `mul`. Multiplies each element by `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `multiply.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `multiply.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.multiply.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).multiply(tensor([10, 100])); // tensor([[ 10., 200.], [ 30., 400.]]) */
export function multiply(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(866, h(input), h(other)));
  return wrap(call(865, h(input), other));
}

/** The product of a matrix and a vector.
 *  Shape: [N, K], [K] -> [N].
 *
 *  `mv(Tensor self, Tensor vec) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.mv.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).mv(tensor([1, 1])); // tensor([3., 7.]) */
export function mv(input: Tensor, vec: Tensor): Tensor {
  return wrap(call(869, h(input), h(vec)));
}

/** The logarithm of the gamma function of p dimensions.
 *  Shape: any, unchanged.
 *
 *  `mvlgamma(Tensor self, int p) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.mvlgamma.html
 *  @example
 *  tensor([2, 3]).mvlgamma(1); // tensor([0.0000, 0.6931]) */
export function mvlgamma(input: Tensor, p: number): Tensor {
  return wrap(call(870, h(input), p));
}

/** Replaces NaN by `nan` (default 0) and the infinities by `posinf` and `neginf` (default the dtype's largest and smallest numbers).
 *  Shape: any, unchanged.
 *
 *  `nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nan_to_num.html
 *  @example
 *  tensor([NaN, Infinity, 1]).nanToNum({ posinf: 9 }); // tensor([0., 9., 1.]) */
export function nanToNum(input: Tensor, options?: { nan?: number | undefined; posinf?: number | undefined; neginf?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(872, h(input)));
  readOptions('nanToNum', OPTIONS_71, options);
  return wrap(call(872, h(input), options.nan, options.posinf, options.neginf));
}

/** Replaces NaN by `nan` (default 0) and the infinities by `posinf` and `neginf` (default the dtype's largest and smallest numbers). In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `nan_to_num_(Tensor(a!) self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor(a!)`
 *  @example
 *  tensor([NaN, Infinity, 1]).nanToNum_({ posinf: 9 }); // tensor([0., 9., 1.]) */
export function nanToNum_(input: Tensor, options?: { nan?: number | undefined; posinf?: number | undefined; neginf?: number | undefined }): Tensor {
  if (options === undefined) {
    call(873, h(input));
    return input;
  }
  readOptions('nanToNum_', OPTIONS_71, options);
  call(873, h(input), options.nan, options.posinf, options.neginf);
  return input;
}

/** The average of the elements that are not NaN.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `nanmean(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nanmean.html
 *  @example
 *  tensor([1, NaN, 3]).nanmean(); // tensor(2.) */
export function nanmean(input: Tensor, options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(874, h(input)));
  readOptions('nanmean', OPTIONS_72, options);
  return wrap(call(874, h(input), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
}

/** The median of the elements that are not NaN.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `nanmedian(Tensor self) -> Tensor`
 *  `nanmedian.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nanmedian.html
 *  @example
 *  tensor([5, NaN, 1, 4]).nanmedian(); // tensor(4.) */
export function nanmedian(input: Tensor): Tensor;
export function nanmedian(input: Tensor, options: { dim: number; keepdim?: boolean | undefined }): readonly [values: Tensor, indices: Tensor];
export function nanmedian(input: Tensor, options?: { dim?: number | undefined; keepdim?: boolean | undefined }): Tensor | readonly [values: Tensor, indices: Tensor] {
  if (options === undefined) return wrap(call(875, h(input)));
  const given = readOptions('nanmedian', OPTIONS_4, options);
  if ((given & 3) === 0) return wrap(call(875, h(input)));
  if ((given & 1) === 1) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(876, h(input), options.dim, options.keepdim));
  throw unfit('nanmedian', 'nanmedian(input: Tensor) or nanmedian(input: Tensor, { dim, keepdim? })', [input, options]);
}

/** `quantile` of the elements that are not NaN.
 *  Shape: with a number `q` as a reduction: [] for all elements; with `dim`, the input without it. With a tensor [Q], that after a first dimension Q.
 *
 *  `nanquantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
 *  `nanquantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nanquantile.html
 *  @example
 *  tensor([0, NaN, 10]).nanquantile(0.5); // tensor(5.) */
export function nanquantile(input: Tensor, q: Tensor | number, options?: { dim?: number | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor {
  if (options === undefined) {
    if (typeof q === 'object') return wrap(call(877, h(input), h(q)));
    return wrap(call(878, h(input), q));
  }
  readOptions('nanquantile', OPTIONS_73, options);
  if (typeof q === 'object') return wrap(call(877, h(input), h(q), options.dim, options.keepdim, options.interpolation));
  return wrap(call(878, h(input), q, options.dim, options.keepdim, options.interpolation));
}

/** Adds up all elements, or those along `dim`, and takes NaN for 0.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nansum.html
 *  @example
 *  tensor([1, NaN, 3]).nansum(); // tensor(4.) */
export function nansum(input: Tensor, options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(879, h(input)));
  readOptions('nansum', OPTIONS_72, options);
  return wrap(call(879, h(input), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
}

/** The `length` slices from `start` on along `dim`, as a view.
 *  Shape: the input, with `length` at `dim`.
 *
 *  `narrow.Tensor(Tensor(a) self, int dim, Tensor start, int length) -> Tensor(a)`
 *  `narrow(Tensor(a) self, int dim, int start, int length) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.narrow.html
 *  @example
 *  tensor([1, 2, 3, 4]).narrow(0, 1, 2); // tensor([2., 3.]) */
export function narrow(input: Tensor, dim: number, start: Tensor | number, length: number): Tensor {
  if (typeof start === 'object') return wrap(call(881, h(input), dim, h(start), length));
  return wrap(call(880, h(input), dim, start, length));
}

/** The `length` slices from `start` on along `dim`, copied.
 *  Shape: the input, with `length` at `dim`.
 *
 *  `narrow_copy(Tensor self, int dim, int start, int length) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.narrow_copy.html
 *  @example
 *  tensor([1, 2, 3, 4]).narrowCopy(0, 1, 2); // tensor([2., 3.]) */
export function narrowCopy(input: Tensor, dim: number, start: number, length: number): Tensor {
  return wrap(call(882, h(input), dim, start, length));
}

/** `native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)` */
export function nativeBatchNorm(input: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, runningMean: Tensor | undefined, runningVar: Tensor | undefined, training: boolean, momentum: number, eps: number): readonly [Tensor, Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(883, h(input), h(weight), h(bias), h(runningMean), h(runningVar), training, momentum, eps));
}

/** `native_channel_shuffle(Tensor self, int groups) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.native_channel_shuffle.html */
export function nativeChannelShuffle(input: Tensor, groups: number): Tensor {
  return wrap(call(884, h(input), groups));
}

/** `native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)` */
export function nativeDropout(input: Tensor, p: number, train: boolean | undefined): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(885, h(input), p, train));
}

/** `native_group_norm(Tensor input, Tensor? weight, Tensor? bias, int N, int C, int HxW, int group, float eps) -> (Tensor, Tensor, Tensor)` */
export function nativeGroupNorm(input: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, N: number, C: number, HxW: number, group: number, eps: number): readonly [Tensor, Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(886, h(input), h(weight), h(bias), N, C, HxW, group, eps));
}

/** `native_layer_norm(Tensor input, int[] normalized_shape, Tensor? weight, Tensor? bias, float eps) -> (Tensor, Tensor, Tensor)` */
export function nativeLayerNorm(input: Tensor, normalizedShape: readonly number[], weight: Tensor | undefined, bias: Tensor | undefined, eps: number): readonly [Tensor, Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(887, h(input), normalizedShape, h(weight), h(bias), eps));
}

/** `native_norm.ScalarOpt_dim_dtype(Tensor self, Scalar? p, int[1] dim, bool keepdim, ScalarType? dtype) -> Tensor`
 *  `native_norm(Tensor self, Scalar p=2) -> Tensor` */
export function nativeNorm(input: Tensor, options?: { p?: Scalar | undefined; dim: number | readonly number[]; keepdim: boolean; dtype?: DType | undefined } | { p?: Scalar | undefined }): Tensor;
export function nativeNorm(input: Tensor, options?: { p?: Scalar | undefined; dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(888, h(input)));
  const given = readOptions('nativeNorm', OPTIONS_74, options);
  if ((given & 15) === 15) return wrap(call(889, h(input), options.p, options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  if ((given & 14) === 0) return wrap(call(888, h(input), options.p));
  if ((given & 6) === 6) return wrap(call(889, h(input), options.p, options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  throw unfit('nativeNorm', 'nativeNorm(input: Tensor, { p?, dim, keepdim, dtype? }) or nativeNorm(input: Tensor, { p? })', [input, options]);
}

/** Whether each element differs from `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `ne.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `ne.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.ne.html
 *  @example
 *  tensor([1, 2, 3]).ne(2); // tensor([ True, False,  True]) */
export function ne(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(891, h(input), h(other)));
  return wrap(call(890, h(input), other));
}

/** Changes the sign of each element.
 *  Shape: any, unchanged.
 *
 *  `neg(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.neg.html
 *  @example
 *  tensor([1, -2]).neg(); // tensor([-1.,  2.]) */
export function neg(input: Tensor): Tensor {
  return wrap(call(894, h(input)));
}

/** Changes the sign of each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `neg_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1, -2]).neg_(); // tensor([-1.,  2.]) */
export function neg_(input: Tensor): Tensor {
  call(895, h(input));
  return input;
}

/** Another name of `neg`. Changes the sign of each element.
 *  Shape: any, unchanged.
 *
 *  `negative(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.negative.html
 *  @example
 *  tensor([1, -2]).negative(); // tensor([-1.,  2.]) */
export function negative(input: Tensor): Tensor {
  return wrap(call(896, h(input)));
}

/** Changes the sign of each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `negative_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1, -2]).negative_(); // tensor([-1.,  2.]) */
export function negative_(input: Tensor): Tensor {
  call(897, h(input));
  return input;
}

/** The next number that the dtype has in the direction of `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `nextafter(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nextafter.html
 *  @example
 *  tensor([1]).nextafter(tensor([2])).sub(1); // tensor([1.1921e-07]) */
export function nextafter(input: Tensor, other: Tensor): Tensor {
  return wrap(call(903, h(input), h(other)));
}

/** The places of the elements that are not zero, one a row.
 *
 *  `nonzero(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nonzero.html
 *  @example
 *  tensor([[0, 5], [7, 0]]).nonzero(); // tensor([[0, 1], [1, 0]]) */
export function nonzero(input: Tensor): Tensor {
  return wrap(call(908, h(input)));
}

/** The first `size` places of elements that are not zero; places that are missing hold `fillValue`. The shape does not depend on the data.
 *
 *  `nonzero_static(Tensor self, *, int size, int fill_value=-1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nonzero_static.html
 *  @example
 *  tensor([0, 5, 7]).nonzeroStatic({ size: 3 }); // tensor([[ 1], [ 2], [-1]]) */
export function nonzeroStatic(input: Tensor, options: { size: number; fillValue?: number | undefined }): Tensor {
  const given = readOptions('nonzeroStatic', OPTIONS_75, options);
  if ((given & 1) === 1) return wrap(call(909, h(input), options.size, options.fillValue));
  throw unfit('nonzeroStatic', 'nonzeroStatic(input: Tensor, { size, fillValue? })', [input, options]);
}

/** `norm_except_dim(Tensor v, int pow=2, int dim=0) -> Tensor` */
export function normExceptDim(v: Tensor, options?: { pow?: number | undefined; dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(914, h(v)));
  readOptions('normExceptDim', OPTIONS_76, options);
  return wrap(call(914, h(v), options.pow, options.dim));
}

/** Normal numbers about `mean`, with standard deviation `std` (default 1); either may be a tensor.
 *
 *  `normal.Tensor_Tensor(Tensor mean, Tensor std, *, Generator? generator=None) -> Tensor`
 *  `normal.Tensor_float(Tensor mean, float std=1., *, Generator? generator=None) -> Tensor`
 *  `normal.float_Tensor(float mean, Tensor std, *, Generator? generator=None) -> Tensor`
 *  `normal.float_float(float mean, float std, int[] size, *, Generator? generator=None, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.normal.html
 *  @example
 *  normal(tensor([3, 5]), { std: 0 }); // tensor([3., 5.])
 *  normal(0, { std: 1, size: [2, 3] }).shape; // [2, 3] */
export function normal(mean: Tensor, options?: { std?: Tensor | number | undefined; generator?: Generator | undefined }): Tensor;
export function normal(mean: number, options: { std: Tensor; generator?: Generator | undefined } | { std: number; size: readonly number[]; generator?: Generator | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function normal(mean: Tensor | number, options?: { std?: Tensor | number | undefined; generator?: Generator | undefined; size?: readonly number[] | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) {
    if (typeof mean === 'object') return wrap(call(916, h(mean)));
    throw unfit('normal', 'normal(mean: Tensor, { std: Tensor, generator? }) or normal(mean: Tensor, { std?: number, generator? }) or normal(mean: number, { std: Tensor, generator? }) or normal(mean: number, { std: number, size, generator?, dtype?, layout?, device?, pinMemory?, requiresGrad? })', [mean]);
  }
  const given = readOptions('normal', OPTIONS_77, options);
  if (typeof mean === 'object' && (given & 253) === 1 && typeof options.std === 'object') return wrap(call(915, h(mean), h(options.std), options.generator?.index));
  if (typeof mean === 'object' && (given & 252) === 0 && (options.std === undefined || typeof options.std === 'number')) return wrap(call(916, h(mean), options.std, options.generator?.index));
  if (typeof mean === 'number' && (given & 253) === 1 && typeof options.std === 'object') return wrap(call(917, mean, h(options.std), options.generator?.index));
  if (typeof mean === 'number' && (given & 5) === 5 && typeof options.std === 'number') return tracked(wrap(call(918, mean, options.std, options.size, options.generator?.index, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('normal', 'normal(mean: Tensor, { std: Tensor, generator? }) or normal(mean: Tensor, { std?: number, generator? }) or normal(mean: number, { std: Tensor, generator? }) or normal(mean: number, { std: number, size, generator?, dtype?, layout?, device?, pinMemory?, requiresGrad? })', [mean, options]);
}

/** Another name of `ne`. Whether each element differs from `other`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `not_equal.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `not_equal.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.not_equal.html
 *  @example
 *  tensor([1, 2, 3]).notEqual(2); // tensor([ True, False,  True]) */
export function notEqual(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(921, h(input), h(other)));
  return wrap(call(920, h(input), other));
}

/** The sum of a matrix's singular values; `linalg.matrixNorm` with `ord: 'nuc'` is its successor.
 *
 *  `nuclear_norm.dim(Tensor self, int[2] dim, bool keepdim=False) -> Tensor`
 *  `nuclear_norm(Tensor self, bool keepdim=False) -> Tensor`
 *  @example
 *  nuclearNorm(tensor([[3.5, 0], [0, 4]])); // tensor(7.5000) */
export function nuclearNorm(input: Tensor, options?: { dim: number | readonly number[]; keepdim?: boolean | undefined } | { keepdim?: boolean | undefined }): Tensor;
export function nuclearNorm(input: Tensor, options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(924, h(input)));
  const given = readOptions('nuclearNorm', OPTIONS_4, options);
  if ((given & 1) === 1) return wrap(call(925, h(input), options.dim, options.keepdim));
  if ((given & 1) === 0) return wrap(call(924, h(input), options.keepdim));
  throw unfit('nuclearNorm', 'nuclearNorm(input: Tensor, { dim, keepdim? }) or nuclearNorm(input: Tensor, { keepdim? })', [input, options]);
}

/** The number of elements.
 *
 *  `numel(Tensor self) -> int`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.numel.html
 *  @example
 *  numel(zeros([2, 3])); // 6 */
export function numel(input: Tensor): number {
  return call(926, h(input)) as number;
}

/** Ones in the shape, dtype and place of another tensor.
 *  Shape: any, unchanged.
 *
 *  `ones_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.ones_like.html
 *  @example
 *  onesLike(tensor([5n, 6n])); // tensor([1, 1]) */
export function onesLike(input: Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(930, h(input)));
  readOptions('onesLike', OPTIONS_41, options);
  return tracked(wrap(call(930, h(input), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
}

/** `orgqr(Tensor self, Tensor input2) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.orgqr.html */
export function orgqr(input: Tensor, input2: Tensor): Tensor {
  return wrap(call(931, h(input), h(input2)));
}

/** `ormqr(Tensor self, Tensor input2, Tensor input3, bool left=True, bool transpose=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.ormqr.html */
export function ormqr(input: Tensor, input2: Tensor, input3: Tensor, options?: { left?: boolean | undefined; transpose?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(932, h(input), h(input2), h(input3)));
  readOptions('ormqr', OPTIONS_78, options);
  return wrap(call(932, h(input), h(input2), h(input3), options.left, options.transpose));
}

/** Every product of an element of one vector and an element of the other.
 *  Shape: [N], [M] -> [N, M].
 *
 *  `outer(Tensor self, Tensor vec2) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.outer.html
 *  @example
 *  tensor([1, 2]).outer(tensor([3, 4, 5])); // tensor([[ 3.,  4.,  5.], [ 6.,  8., 10.]]) */
export function outer(input: Tensor, vec2: Tensor): Tensor {
  return wrap(call(933, h(input), h(vec2)));
}

/** The distance between rows of the same number in two matrices.
 *  Shape: [*, D], [*, D] -> [*].
 *
 *  `pairwise_distance(Tensor x1, Tensor x2, float p=2., float eps=9.9999999999999995e-07, bool keepdim=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.pairwise_distance.html
 *  @example
 *  pairwiseDistance(tensor([[0, 0]]), tensor([[3, 4]])); // tensor([5.0000]) */
export function pairwiseDistance(x1: Tensor, x2: Tensor, options?: { p?: number | undefined; eps?: number | undefined; keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(936, h(x1), h(x2)));
  readOptions('pairwiseDistance', OPTIONS_79, options);
  return wrap(call(936, h(x1), h(x2), options.p, options.eps, options.keepdim));
}

/** The distances between the rows of a matrix, each pair once.
 *  Shape: [N, D] -> [N * (N - 1) / 2].
 *
 *  `pdist(Tensor self, float p=2.) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.pdist.html
 *  @example
 *  pdist(tensor([[0, 0], [3, 4], [0, 1]])); // tensor([5.0000, 1.0000, 4.2426]) */
export function pdist(input: Tensor, options?: { p?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(937, h(input)));
  readOptions('pdist', OPTIONS_36, options);
  return wrap(call(937, h(input), options.p));
}

/** Puts the dimensions in the order that is given, as a view.
 *  Shape: the sizes of the input, in the order of `dims`.
 *
 *  `permute(Tensor(a) self, int[] dims) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.permute.html
 *  @example
 *  zeros([2, 3, 4]).permute([2, 0, 1]).shape; // [4, 2, 3] */
export function permute(input: Tensor, dims: readonly number[]): Tensor {
  return wrap(call(938, h(input), dims));
}

/** A copy with the dimensions in the order that is given.
 *
 *  `permute_copy(Tensor self, int[] dims) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.permute_copy.html
 *  @example
 *  permuteCopy(zeros([2, 3, 4]), [2, 0, 1]).shape; // [4, 2, 3] */
export function permuteCopy(input: Tensor, dims: readonly number[]): Tensor {
  return wrap(call(939, h(input), dims));
}

/** The pseudo-inverse; singular values below `rcond` times the largest count as 0.
 *  Shape: [*, N, M] -> [*, M, N].
 *
 *  `pinverse(Tensor self, float rcond=1.0000000000000001e-15) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.pinverse.html
 *  @example
 *  tensor([[4]]).pinverse(); // tensor([[0.2500]]) */
export function pinverse(input: Tensor, options?: { rcond?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(941, h(input)));
  readOptions('pinverse', OPTIONS_80, options);
  return wrap(call(941, h(input), options.rcond));
}

/** Moves channels into space: r x r channels become a picture r times as high and wide.
 *  Shape: [*, C * r * r, H, W] -> [*, C, H * r, W * r], with r the factor.
 *
 *  `pixel_shuffle(Tensor self, int upscale_factor) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.pixel_shuffle.html
 *  @example
 *  pixelShuffle(tensor([1, 2, 3, 4]).view([4, 1, 1]), 2); // tensor([[[1., 2.], [3., 4.]]]) */
export function pixelShuffle(input: Tensor, upscaleFactor: number): Tensor {
  return wrap(call(942, h(input), upscaleFactor));
}

/** Moves space into channels: undoes `pixelShuffle`.
 *  Shape: [*, C, H * r, W * r] -> [*, C * r * r, H, W], with r the factor.
 *
 *  `pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.pixel_unshuffle.html
 *  @example
 *  pixelUnshuffle(zeros([1, 4, 6]), 2).shape; // [4, 2, 3] */
export function pixelUnshuffle(input: Tensor, downscaleFactor: number): Tensor {
  return wrap(call(943, h(input), downscaleFactor));
}

/** For each element a count of events of which so many are expected.
 *  Shape: any, unchanged.
 *
 *  `poisson(Tensor self, Generator? generator=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.poisson.html
 *  @example
 *  poisson(tensor([0, 0])); // tensor([0., 0.]) */
export function poisson(input: Tensor, options?: { generator?: Generator | undefined }): Tensor {
  if (options === undefined) return wrap(call(944, h(input)));
  readOptions('poisson', OPTIONS_14, options);
  return wrap(call(944, h(input), options.generator?.index));
}

/** Minus the logarithm of a Poisson chance, but for a constant: `exp(input) - target * input` for logarithms, `input - target * log(input)` otherwise.
 *
 *  `poisson_nll_loss(Tensor input, Tensor target, bool log_input, bool full, float eps, int reduction) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.poisson_nll_loss.html
 *  @example
 *  poissonNllLoss(tensor([0]), tensor([3]), true, false, 1e-8, 1); // tensor(1.) */
export function poissonNllLoss(input: Tensor, target: Tensor, logInput: boolean, full: boolean, eps: number, reduction: number): Tensor {
  return wrap(call(945, h(input), h(target), logInput, full, eps, reduction));
}

/** Complex numbers out of their lengths and angles.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `polar(Tensor abs, Tensor angle) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.polar.html
 *  @example
 *  polar(tensor([2]), tensor([0])); // tensor([2.+0.j]) */
export function polar(abs: Tensor, angle: Tensor): Tensor {
  return wrap(call(946, h(abs), h(angle)));
}

/** The n-th derivative of `digamma`.
 *  Shape: any, unchanged.
 *
 *  `polygamma(int n, Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.polygamma.html
 *  @example
 *  tensor([1]).polygamma(1); // tensor([1.6449]) */
export function polygamma(n: number, input: Tensor): Tensor {
  return wrap(call(947, n, h(input)));
}

/** The tensor itself; an error for bool.
 *  Shape: any, unchanged.
 *
 *  `positive(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.positive.html
 *  @example
 *  tensor([1, -2]).positive(); // tensor([ 1., -2.]) */
export function positive(input: Tensor): Tensor {
  return wrap(call(949, h(input)));
}

/** Raises each element to `exponent`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor`
 *  `pow.Scalar(Scalar self, Tensor exponent) -> Tensor`
 *  `pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.pow.html
 *  @example
 *  tensor([1, 2, 3]).pow(2); // tensor([1., 4., 9.])
 *  tensor([2, 2]).pow(tensor([2, 0.5])); // tensor([4.0000, 1.4142]) */
export function pow(input: Tensor | Scalar, exponent: Tensor): Tensor;
export function pow(input: Tensor, exponent: Scalar): Tensor;
export function pow(input: Tensor | Scalar, exponent: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof exponent === 'object') return wrap(call(952, h(input), h(exponent)));
  if (typeof input !== 'object' && typeof exponent === 'object') return wrap(call(950, input, h(exponent)));
  if (typeof input === 'object' && typeof exponent !== 'object') return wrap(call(951, h(input), exponent));
  throw unfit('pow', 'pow(input: Tensor, exponent: Tensor) or pow(input: Scalar, exponent: Tensor) or pow(input: Tensor, exponent: Scalar)', [input, exponent]);
}

/** The element where it is positive, else `weight` times it; the weight is learned, one for all or one a channel.
 *  Shape: any, unchanged.
 *
 *  `prelu(Tensor self, Tensor weight) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.prelu.html
 *  @example
 *  tensor([-4, 2]).prelu(tensor([0.25])); // tensor([-1.,  2.]) */
export function prelu(input: Tensor, weight: Tensor): Tensor {
  return wrap(call(955, h(input), h(weight)));
}

/** Multiplies all elements, or those along `dim`.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `prod(Tensor self, *, ScalarType? dtype=None) -> Tensor`
 *  `prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.prod.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).prod({ dim: 1 }); // tensor([ 2., 12.]) */
export function prod(input: Tensor, options?: { dim: number; keepdim?: boolean | undefined; dtype?: DType | undefined } | { dtype?: DType | undefined }): Tensor;
export function prod(input: Tensor, options?: { dtype?: DType | undefined; dim?: number | undefined; keepdim?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(956, h(input)));
  const given = readOptions('prod', OPTIONS_68, options);
  if ((given & 6) === 0) return wrap(call(956, h(input), options.dtype && dtypeCode(options.dtype)));
  if ((given & 2) === 2) return wrap(call(957, h(input), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
  throw unfit('prod', 'prod(input: Tensor, { dtype? }) or prod(input: Tensor, { dim, keepdim?, dtype? })', [input, options]);
}

/** Puts elements at places of the flattened tensor; with `accumulate` it adds them.
 *  Shape: any, unchanged.
 *
 *  `put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor`
 *  @example
 *  zeros([2, 2]).put(tensor([3n]), tensor([9])); // tensor([[0., 0.], [0., 9.]]) */
export function put(input: Tensor, index: Tensor, source: Tensor, options?: { accumulate?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(959, h(input), h(index), h(source)));
  readOptions('put', OPTIONS_81, options);
  return wrap(call(959, h(input), h(index), h(source), options.accumulate));
}

/** `q_per_channel_axis(Tensor self) -> int` */
export function qPerChannelAxis(input: Tensor): number {
  return call(961, h(input)) as number;
}

/** `q_per_channel_scales(Tensor self) -> Tensor` */
export function qPerChannelScales(input: Tensor): Tensor {
  return wrap(call(962, h(input)));
}

/** `q_per_channel_zero_points(Tensor self) -> Tensor` */
export function qPerChannelZeroPoints(input: Tensor): Tensor {
  return wrap(call(963, h(input)));
}

/** `q_scale(Tensor self) -> float` */
export function qScale(input: Tensor): number {
  return call(964, h(input)) as number;
}

/** `q_zero_point(Tensor self) -> int` */
export function qZeroPoint(input: Tensor): number {
  return call(965, h(input)) as number;
}

/** Q with orthonormal columns and an upper triangle R, whose product is the matrix; `linalg.qr` is its successor.
 *  Shape: [*, N, M] -> [*, N, K], [*, K, M], where K = min(N, M).
 *
 *  `qr(Tensor self, bool some=True) -> (Tensor Q, Tensor R)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.qr.html
 *  @example
 *  tensor([[3], [4.5]]).qr()[1].abs(); // tensor([[5.4083]]) */
export function qr(input: Tensor, options?: { some?: boolean | undefined }): readonly [Q: Tensor, R: Tensor] {
  if (options === undefined) return wrapTuple<readonly [Q: Tensor, R: Tensor]>(call(966, h(input)));
  readOptions('qr', OPTIONS_82, options);
  return wrapTuple<readonly [Q: Tensor, R: Tensor]>(call(966, h(input), options.some));
}

/** The value below which the fraction `q` of the elements lies, interpolated between two.
 *  Shape: with a number `q` as a reduction: [] for all elements; with `dim`, the input without it. With a tensor [Q], that after a first dimension Q.
 *
 *  `quantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
 *  `quantile.scalar(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation="linear") -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.quantile.html
 *  @example
 *  tensor([0, 10, 20, 30]).quantile(0.5); // tensor(15.) */
export function quantile(input: Tensor, q: Tensor | number, options?: { dim?: number | undefined; keepdim?: boolean | undefined; interpolation?: string | undefined }): Tensor {
  if (options === undefined) {
    if (typeof q === 'object') return wrap(call(967, h(input), h(q)));
    return wrap(call(968, h(input), q));
  }
  readOptions('quantile', OPTIONS_73, options);
  if (typeof q === 'object') return wrap(call(967, h(input), h(q), options.dim, options.keepdim, options.interpolation));
  return wrap(call(968, h(input), q, options.dim, options.keepdim, options.interpolation));
}

/** `quantize_per_channel(Tensor self, Tensor scales, Tensor zero_points, int axis, ScalarType dtype) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.quantize_per_channel.html */
export function quantizePerChannel(input: Tensor, scales: Tensor, zeroPoints: Tensor, axis: number, dtype: DType): Tensor {
  return wrap(call(969, h(input), h(scales), h(zeroPoints), axis, dtypeCode(dtype)));
}

/** `quantize_per_tensor.tensor_qparams(Tensor self, Tensor scale, Tensor zero_point, ScalarType dtype) -> Tensor`
 *  `quantize_per_tensor(Tensor self, float scale, int zero_point, ScalarType dtype) -> Tensor`
 *  `quantize_per_tensor.tensors(Tensor[] tensors, Tensor scales, Tensor zero_points, ScalarType dtype) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.quantize_per_tensor.html */
export function quantizePerTensor(input: Tensor, scale: Tensor, zeroPoint: Tensor, dtype: DType): Tensor;
export function quantizePerTensor(input: Tensor, scale: number, zeroPoint: number, dtype: DType): Tensor;
export function quantizePerTensor(tensors: readonly Tensor[], scales: Tensor, zeroPoints: Tensor, dtype: DType): Tensor[];
export function quantizePerTensor(inputOrTensors: Tensor | readonly Tensor[], scaleOrScales: Tensor | number, zeroPointOrZeroPoints: Tensor | number, dtype: DType): Tensor | Tensor[] {
  if (isTensor(inputOrTensors) && typeof scaleOrScales === 'object' && typeof zeroPointOrZeroPoints === 'object') return wrap(call(971, h(inputOrTensors), h(scaleOrScales), h(zeroPointOrZeroPoints), dtypeCode(dtype)));
  if (isTensor(inputOrTensors) && typeof scaleOrScales === 'number' && typeof zeroPointOrZeroPoints !== 'object') return wrap(call(970, h(inputOrTensors), scaleOrScales, zeroPointOrZeroPoints, dtypeCode(dtype)));
  if (isList(inputOrTensors) && typeof scaleOrScales === 'object' && typeof zeroPointOrZeroPoints === 'object') return wrapAll(call(972, handles(inputOrTensors), h(scaleOrScales), h(zeroPointOrZeroPoints), dtypeCode(dtype)));
  throw unfit('quantizePerTensor', 'quantizePerTensor(input: Tensor, scale: Tensor, zeroPoint: Tensor, dtype: DType) or quantizePerTensor(input: Tensor, scale: number, zeroPoint: number, dtype: DType) or quantizePerTensor(tensors: readonly Tensor[], scales: Tensor, zeroPoints: Tensor, dtype: DType)', [inputOrTensors, scaleOrScales, zeroPointOrZeroPoints, dtype]);
}

/** `quantize_per_tensor_dynamic(Tensor self, ScalarType dtype, bool reduce_range) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.quantize_per_tensor_dynamic.html */
export function quantizePerTensorDynamic(input: Tensor, dtype: DType, reduceRange: boolean): Tensor {
  return wrap(call(973, h(input), dtypeCode(dtype), reduceRange));
}

/** `quantized_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor mean, Tensor var, float eps, float output_scale, int output_zero_point) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.quantized_batch_norm.html */
export function quantizedBatchNorm(input: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, mean: Tensor, var_: Tensor, eps: number, outputScale: number, outputZeroPoint: number): Tensor {
  return wrap(call(974, h(input), h(weight), h(bias), h(mean), h(var_), eps, outputScale, outputZeroPoint));
}

/** `quantized_gru_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor b_ih, Tensor b_hh, Tensor packed_ih, Tensor packed_hh, Tensor col_offsets_ih, Tensor col_offsets_hh, Scalar scale_ih, Scalar scale_hh, Scalar zero_point_ih, Scalar zero_point_hh) -> Tensor` */
export function quantizedGruCell(input: Tensor, hx: Tensor, wIh: Tensor, wHh: Tensor, bIh: Tensor, bHh: Tensor, packedIh: Tensor, packedHh: Tensor, colOffsetsIh: Tensor, colOffsetsHh: Tensor, scaleIh: Scalar, scaleHh: Scalar, zeroPointIh: Scalar, zeroPointHh: Scalar): Tensor {
  return wrap(call(975, h(input), h(hx), h(wIh), h(wHh), h(bIh), h(bHh), h(packedIh), h(packedHh), h(colOffsetsIh), h(colOffsetsHh), scaleIh, scaleHh, zeroPointIh, zeroPointHh));
}

/** `quantized_lstm_cell(Tensor input, Tensor[] hx, Tensor w_ih, Tensor w_hh, Tensor b_ih, Tensor b_hh, Tensor packed_ih, Tensor packed_hh, Tensor col_offsets_ih, Tensor col_offsets_hh, Scalar scale_ih, Scalar scale_hh, Scalar zero_point_ih, Scalar zero_point_hh) -> (Tensor, Tensor)` */
export function quantizedLstmCell(input: Tensor, hx: readonly Tensor[], wIh: Tensor, wHh: Tensor, bIh: Tensor, bHh: Tensor, packedIh: Tensor, packedHh: Tensor, colOffsetsIh: Tensor, colOffsetsHh: Tensor, scaleIh: Scalar, scaleHh: Scalar, zeroPointIh: Scalar, zeroPointHh: Scalar): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(976, h(input), handles(hx), h(wIh), h(wHh), h(bIh), h(bHh), h(packedIh), h(packedHh), h(colOffsetsIh), h(colOffsetsHh), scaleIh, scaleHh, zeroPointIh, zeroPointHh));
}

/** `quantized_max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], int[1] dilation=[1], bool ceil_mode=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.quantized_max_pool1d.html */
export function quantizedMaxPool1d(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(977, h(input), kernelSize));
  readOptions('quantizedMaxPool1d', OPTIONS_67, options);
  return wrap(call(977, h(input), kernelSize, options.stride, options.padding, options.dilation, options.ceilMode));
}

/** `quantized_max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.quantized_max_pool2d.html */
export function quantizedMaxPool2d(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(978, h(input), kernelSize));
  readOptions('quantizedMaxPool2d', OPTIONS_67, options);
  return wrap(call(978, h(input), kernelSize, options.stride, options.padding, options.dilation, options.ceilMode));
}

/** `quantized_max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> Tensor` */
export function quantizedMaxPool3d(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(979, h(input), kernelSize));
  readOptions('quantizedMaxPool3d', OPTIONS_67, options);
  return wrap(call(979, h(input), kernelSize, options.stride, options.padding, options.dilation, options.ceilMode));
}

/** `quantized_rnn_relu_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor b_ih, Tensor b_hh, Tensor packed_ih, Tensor packed_hh, Tensor col_offsets_ih, Tensor col_offsets_hh, Scalar scale_ih, Scalar scale_hh, Scalar zero_point_ih, Scalar zero_point_hh) -> Tensor` */
export function quantizedRnnReluCell(input: Tensor, hx: Tensor, wIh: Tensor, wHh: Tensor, bIh: Tensor, bHh: Tensor, packedIh: Tensor, packedHh: Tensor, colOffsetsIh: Tensor, colOffsetsHh: Tensor, scaleIh: Scalar, scaleHh: Scalar, zeroPointIh: Scalar, zeroPointHh: Scalar): Tensor {
  return wrap(call(980, h(input), h(hx), h(wIh), h(wHh), h(bIh), h(bHh), h(packedIh), h(packedHh), h(colOffsetsIh), h(colOffsetsHh), scaleIh, scaleHh, zeroPointIh, zeroPointHh));
}

/** `quantized_rnn_tanh_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor b_ih, Tensor b_hh, Tensor packed_ih, Tensor packed_hh, Tensor col_offsets_ih, Tensor col_offsets_hh, Scalar scale_ih, Scalar scale_hh, Scalar zero_point_ih, Scalar zero_point_hh) -> Tensor` */
export function quantizedRnnTanhCell(input: Tensor, hx: Tensor, wIh: Tensor, wHh: Tensor, bIh: Tensor, bHh: Tensor, packedIh: Tensor, packedHh: Tensor, colOffsetsIh: Tensor, colOffsetsHh: Tensor, scaleIh: Scalar, scaleHh: Scalar, zeroPointIh: Scalar, zeroPointHh: Scalar): Tensor {
  return wrap(call(981, h(input), h(hx), h(wIh), h(wHh), h(bIh), h(bHh), h(packedIh), h(packedHh), h(colOffsetsIh), h(colOffsetsHh), scaleIh, scaleHh, zeroPointIh, zeroPointHh));
}

/** Radians as degrees.
 *  Shape: any, unchanged.
 *
 *  `rad2deg(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.rad2deg.html
 *  @example
 *  tensor([Math.PI]).rad2deg(); // tensor([180.]) */
export function rad2deg(input: Tensor): Tensor {
  return wrap(call(982, h(input)));
}

/** Radians as degrees. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `rad2deg_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([Math.PI]).rad2deg_(); // tensor([180.]) */
export function rad2deg_(input: Tensor): Tensor {
  call(983, h(input));
  return input;
}

/** Numbers that are equally likely in [0, 1), in the shape, dtype and place of another tensor.
 *  Shape: any, unchanged.
 *
 *  `rand_like.generator(Tensor self, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  `rand_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.rand_like.html
 *  @example
 *  const x = randLike(zeros([2, 3]));
 *  x.ge(0).logicalAnd(x.lt(1)).all(); // tensor(True) */
export function randLike(input: Tensor, options?: { generator?: Generator | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(986, h(input)));
  const given = readOptions('randLike', OPTIONS_83, options);
  if ((given & 1) === 1) return tracked(wrap(call(987, h(input), options.generator?.index, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  if ((given & 1) === 0) return tracked(wrap(call(986, h(input), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  throw unfit('randLike', 'randLike(input: Tensor, { generator?, dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? }) or randLike(input: Tensor, { dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? })', [input, options]);
}

/** Whole numbers that are equally likely from 0, or the one given first, up to but without `high`, in the shape, dtype and place of another tensor.
 *  Shape: any, unchanged.
 *
 *  `randint_like.low_generator_dtype(Tensor self, int low, int high, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  `randint_like.low_dtype(Tensor self, int low, int high, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  `randint_like.Tensor_generator(Tensor self, Tensor high, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  `randint_like.Tensor(Tensor self, Tensor high, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  `randint_like.generator(Tensor self, int high, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  `randint_like(Tensor self, int high, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.randint_like.html
 *  @example
 *  randintLike(zeros([3]), 1); // tensor([0., 0., 0.])
 *  randintLike(zeros([3]), 5, { high: 6 }); // tensor([5., 5., 5.]) */
export function randintLike(input: Tensor, low: number, options: { high: number; generator?: Generator | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function randintLike(input: Tensor, high: Tensor | number, options?: { generator?: Generator | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function randintLike(input: Tensor, high: number, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function randintLike(input: Tensor, lowOrHigh: number | Tensor, options?: { high?: number | undefined; generator?: Generator | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) {
    if (typeof lowOrHigh === 'object') return wrap(call(993, h(input), h(lowOrHigh)));
    return wrap(call(992, h(input), lowOrHigh));
  }
  const given = readOptions('randintLike', OPTIONS_84, options);
  if (typeof lowOrHigh !== 'object' && (given & 3) === 3) return tracked(wrap(call(997, h(input), lowOrHigh, options.high, options.generator?.index, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  if (typeof lowOrHigh !== 'object' && (given & 3) === 1) return tracked(wrap(call(996, h(input), lowOrHigh, options.high, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  if (typeof lowOrHigh === 'object' && (given & 3) === 2) return tracked(wrap(call(994, h(input), h(lowOrHigh), options.generator?.index, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  if (typeof lowOrHigh === 'object' && (given & 3) === 0) return tracked(wrap(call(993, h(input), h(lowOrHigh), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  if (typeof lowOrHigh !== 'object' && (given & 3) === 2) return tracked(wrap(call(995, h(input), lowOrHigh, options.generator?.index, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  if (typeof lowOrHigh !== 'object' && (given & 3) === 0) return tracked(wrap(call(992, h(input), lowOrHigh, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  throw unfit('randintLike', 'randintLike(input: Tensor, low: number, { high, generator?, dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? }) or randintLike(input: Tensor, low: number, { high, dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? }) or randintLike(input: Tensor, high: Tensor, { generator?, dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? }) or randintLike(input: Tensor, high: Tensor, { dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? }) or randintLike(input: Tensor, high: number, { generator?, dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? }) or randintLike(input: Tensor, high: number, { dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? })', [input, lowOrHigh, options]);
}

/** Normal numbers, mean 0 and variance 1, in the shape, dtype and place of another tensor.
 *  Shape: any, unchanged.
 *
 *  `randn_like.generator(Tensor self, *, Generator? generator, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  `randn_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.randn_like.html
 *  @example
 *  manualSeed(0);
 *  const x = randnLike(zeros([2]));
 *  manualSeed(0);
 *  x.equal(randn([2])); // true */
export function randnLike(input: Tensor, options?: { generator?: Generator | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1000, h(input)));
  const given = readOptions('randnLike', OPTIONS_83, options);
  if ((given & 1) === 1) return tracked(wrap(call(1001, h(input), options.generator?.index, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  if ((given & 1) === 0) return tracked(wrap(call(1000, h(input), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
  throw unfit('randnLike', 'randnLike(input: Tensor, { generator?, dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? }) or randnLike(input: Tensor, { dtype?, layout?, device?, pinMemory?, memoryFormat?, requiresGrad? })', [input, options]);
}

/** The elements in one dimension: a view where possible, else a copy.
 *  Shape: [N, M] -> [N * M].
 *
 *  `ravel(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.ravel.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).ravel(); // tensor([1., 2., 3., 4.]) */
export function ravel(input: Tensor): Tensor {
  return wrap(call(1009, h(input)));
}

/** The real part, as a view.
 *  Shape: any, unchanged.
 *
 *  `real(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.real.html
 *  @example
 *  complex(tensor([1]), tensor([2])).real; // tensor([1.]) */
export function real(input: Tensor): Tensor {
  return wrap(call(1010, h(input)));
}

/** One divided by each element.
 *  Shape: any, unchanged.
 *
 *  `reciprocal(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.reciprocal.html
 *  @example
 *  tensor([2, -4]).reciprocal(); // tensor([ 0.5000, -0.2500]) */
export function reciprocal(input: Tensor): Tensor {
  return wrap(call(1011, h(input)));
}

/** One divided by each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `reciprocal_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([2, -4]).reciprocal_(); // tensor([ 0.5000, -0.2500]) */
export function reciprocal_(input: Tensor): Tensor {
  call(1012, h(input));
  return input;
}

/** The element where it is positive, else 0.
 *  Shape: any, unchanged.
 *
 *  `relu(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.relu.html
 *  @example
 *  tensor([-2, 0, 3]).relu(); // tensor([0., 0., 3.]) */
export function relu(input: Tensor): Tensor {
  return wrap(call(1016, h(input)));
}

/** The element where it is positive, else 0. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `relu_(Tensor(a!) self) -> Tensor(a!)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.relu_.html
 *  @example
 *  tensor([-2, 0, 3]).relu_(); // tensor([0., 0., 3.]) */
export function relu_(input: Tensor): Tensor {
  call(1019, h(input));
  return input;
}

/** What is left of dividing by `other`, with the sign of `other`, as Python's `%`.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `remainder.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `remainder.Scalar_Tensor(Scalar self, Tensor other) -> Tensor`
 *  `remainder.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.remainder.html
 *  @example
 *  tensor([5, -5]).remainder(3); // tensor([2., 1.]) */
export function remainder(input: Tensor | Scalar, other: Tensor): Tensor;
export function remainder(input: Tensor, other: Scalar): Tensor;
export function remainder(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(1022, h(input), h(other)));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(1021, input, h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1020, h(input), other));
  throw unfit('remainder', 'remainder(input: Tensor, other: Tensor) or remainder(input: Scalar, other: Tensor) or remainder(input: Tensor, other: Scalar)', [input, other]);
}

/** Shrinks each slice along `dim` whose p-norm is above `maxnorm` to that norm.
 *  Shape: any, unchanged.
 *
 *  `renorm(Tensor self, Scalar p, int dim, Scalar maxnorm) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.renorm.html
 *  @example
 *  tensor([[3, 4], [0.3, 0.4]]).renorm(2, 0, 1); // tensor([[0.6000, 0.8000], [0.3000, 0.4000]]) */
export function renorm(input: Tensor, p: Scalar, dim: number, maxnorm: Scalar): Tensor {
  return wrap(call(1025, h(input), p, dim, maxnorm));
}

/** Repeats each element that often, next to itself.
 *  Shape: with a number: the input, with that many times the size at `dim`; without `dim`, [number of elements times that].
 *
 *  `repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, int? output_size=None) -> Tensor`
 *  `repeat_interleave.self_int(Tensor self, int repeats, int? dim=None, *, int? output_size=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.repeat_interleave.html
 *  @example
 *  tensor([1, 2]).repeatInterleave(2); // tensor([1., 1., 2., 2.])
 *  tensor([1, 2]).repeatInterleave(tensor([3n, 1n])); // tensor([1., 1., 1., 2.]) */
export function repeatInterleave(input: Tensor, repeats: Tensor | number, options?: { dim?: number | undefined; outputSize?: number | undefined }): Tensor {
  if (options === undefined) {
    if (typeof repeats === 'object') return wrap(call(1028, h(input), h(repeats)));
    return wrap(call(1029, h(input), repeats));
  }
  readOptions('repeatInterleave', OPTIONS_85, options);
  if (typeof repeats === 'object') return wrap(call(1028, h(input), h(repeats), options.dim, options.outputSize));
  return wrap(call(1029, h(input), repeats, options.dim, options.outputSize));
}

/** The elements under another shape, of which one size may be -1: a view where possible, else a copy.
 *  Shape: `shape`.
 *
 *  `reshape(Tensor(a) self, int[] shape) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.reshape.html
 *  @example
 *  arange(6).reshape([3, 2]); // tensor([[0, 1], [2, 3], [4, 5]]) */
export function reshape(input: Tensor, shape: readonly number[]): Tensor {
  return wrap(call(1033, h(input), shape));
}

/** `resize_as_sparse_(Tensor(a!) self, Tensor the_template) -> Tensor(a!)` */
export function resizeAsSparse_(input: Tensor, theTemplate: Tensor): Tensor {
  call(1037, h(input), h(theTemplate));
  return input;
}

/** Gives the tensor the shape of another in place. Further elements are undefined until written.
 *
 *  `resize_as_(Tensor(a!) self, Tensor the_template, *, MemoryFormat? memory_format=None) -> Tensor(a!)`
 *  @example
 *  arange(4).resizeAs_(zeros([2, 2])); // tensor([[0, 1], [2, 3]]) */
export function resizeAs_(input: Tensor, theTemplate: Tensor, options?: { memoryFormat?: MemoryFormat | undefined }): Tensor {
  if (options === undefined) {
    call(1036, h(input), h(theTemplate));
    return input;
  }
  readOptions('resizeAs_', OPTIONS_21, options);
  call(1036, h(input), h(theTemplate), options.memoryFormat && memoryFormatCode(options.memoryFormat));
  return input;
}

/** The tensor itself, or, where it is a `conj` view, a copy with the numbers written out.
 *  Shape: any, unchanged.
 *
 *  `resolve_conj(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.resolve_conj.html
 *  @example
 *  complex(tensor([1]), tensor([2])).conj().resolveConj().isConj(); // false */
export function resolveConj(input: Tensor): Tensor {
  return wrap(call(1038, h(input)));
}

/** The tensor itself, or, where it is a view with the sign changed, a copy with the numbers written out.
 *  Shape: any, unchanged.
 *
 *  `resolve_neg(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.resolve_neg.html
 *  @example
 *  complex(tensor([1]), tensor([2])).conj().imag.resolveNeg(); // tensor([-2.]) */
export function resolveNeg(input: Tensor): Tensor {
  return wrap(call(1039, h(input)));
}

/** Divides the last dimensions, those of `normalizedShape`, by the root of their mean square.
 *  Shape: [*, ...normalizedShape], unchanged.
 *
 *  `rms_norm(Tensor input, int[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.rms_norm.html
 *  @example
 *  rmsNorm(tensor([3, 4]), [2]); // tensor([0.8485, 1.1314]) */
export function rmsNorm(input: Tensor, normalizedShape: readonly number[], options?: { weight?: Tensor | undefined; eps?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1045, h(input), normalizedShape));
  readOptions('rmsNorm', OPTIONS_86, options);
  return wrap(call(1045, h(input), normalizedShape, h(options.weight), options.eps));
}

/** A plain recurrent net with relu over a whole sequence [T, B, In]: the states of the last layer at every step, and the last state of each layer.
 *
 *  `rnn_relu.data(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional) -> (Tensor, Tensor)`
 *  `rnn_relu.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)`
 *  @example
 *  const params = [tensor([[1]]), tensor([[1]]), zeros([1]), zeros([1])];
 *  rnnRelu(tensor([[[1]], [[2]]]), zeros([1, 1, 1]), params, true, 1, 0, false, false, false)[0].flatten(); // tensor([1., 3.]) */
export function rnnRelu(data: Tensor, batchSizes: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean): readonly [Tensor, Tensor];
export function rnnRelu(input: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean): readonly [Tensor, Tensor];
export function rnnRelu(dataOrInput: Tensor, batchSizesOrHx: Tensor, hxOrParams: Tensor | readonly Tensor[], paramsOrHasBiases: readonly Tensor[] | boolean, hasBiasesOrNumLayers: boolean | number, numLayersOrDropout: number, dropoutOrTrain: number | boolean, trainOrBidirectional: boolean, bidirectionalOrBatchFirst: boolean): readonly [Tensor, Tensor] {
  if (isTensor(hxOrParams) && isList(paramsOrHasBiases) && typeof hasBiasesOrNumLayers === 'boolean' && typeof dropoutOrTrain === 'number') return wrapTuple<readonly [Tensor, Tensor]>(call(1046, h(dataOrInput), h(batchSizesOrHx), h(hxOrParams), handles(paramsOrHasBiases), hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst));
  if (isList(hxOrParams) && typeof paramsOrHasBiases === 'boolean' && typeof hasBiasesOrNumLayers !== 'boolean' && typeof numLayersOrDropout === 'number' && typeof dropoutOrTrain === 'boolean') return wrapTuple<readonly [Tensor, Tensor]>(call(1047, h(dataOrInput), h(batchSizesOrHx), handles(hxOrParams), paramsOrHasBiases, hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst));
  throw unfit('rnnRelu', 'rnnRelu(data: Tensor, batchSizes: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean) or rnnRelu(input: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean)', [dataOrInput, batchSizesOrHx, hxOrParams, paramsOrHasBiases, hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst]);
}

/** One step of a plain recurrent net: `relu(wIh x + bIh + wHh h + bHh)`.
 *  Shape: input [B, In], state [B, H], [H, In], [H, H] -> [B, H].
 *
 *  `rnn_relu_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor`
 *  @example
 *  rnnReluCell(tensor([[1]]), tensor([[2]]), tensor([[10]]), tensor([[1]])); // tensor([[12.]]) */
export function rnnReluCell(input: Tensor, hx: Tensor, wIh: Tensor, wHh: Tensor, options?: { bIh?: Tensor | undefined; bHh?: Tensor | undefined }): Tensor {
  if (options === undefined) return wrap(call(1048, h(input), h(hx), h(wIh), h(wHh)));
  readOptions('rnnReluCell', OPTIONS_50, options);
  return wrap(call(1048, h(input), h(hx), h(wIh), h(wHh), h(options.bIh), h(options.bHh)));
}

/** A plain recurrent net with tanh over a whole sequence [T, B, In]: the states of the last layer at every step, and the last state of each layer.
 *
 *  `rnn_tanh.data(Tensor data, Tensor batch_sizes, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional) -> (Tensor, Tensor)`
 *  `rnn_tanh.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)`
 *  @example
 *  const params = [tensor([[1]]), tensor([[0]]), zeros([1]), zeros([1])];
 *  rnnTanh(tensor([[[0]], [[1]]]), zeros([1, 1, 1]), params, true, 1, 0, false, false, false)[0].flatten(); // tensor([0.0000, 0.7616]) */
export function rnnTanh(data: Tensor, batchSizes: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean): readonly [Tensor, Tensor];
export function rnnTanh(input: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean): readonly [Tensor, Tensor];
export function rnnTanh(dataOrInput: Tensor, batchSizesOrHx: Tensor, hxOrParams: Tensor | readonly Tensor[], paramsOrHasBiases: readonly Tensor[] | boolean, hasBiasesOrNumLayers: boolean | number, numLayersOrDropout: number, dropoutOrTrain: number | boolean, trainOrBidirectional: boolean, bidirectionalOrBatchFirst: boolean): readonly [Tensor, Tensor] {
  if (isTensor(hxOrParams) && isList(paramsOrHasBiases) && typeof hasBiasesOrNumLayers === 'boolean' && typeof dropoutOrTrain === 'number') return wrapTuple<readonly [Tensor, Tensor]>(call(1049, h(dataOrInput), h(batchSizesOrHx), h(hxOrParams), handles(paramsOrHasBiases), hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst));
  if (isList(hxOrParams) && typeof paramsOrHasBiases === 'boolean' && typeof hasBiasesOrNumLayers !== 'boolean' && typeof numLayersOrDropout === 'number' && typeof dropoutOrTrain === 'boolean') return wrapTuple<readonly [Tensor, Tensor]>(call(1050, h(dataOrInput), h(batchSizesOrHx), handles(hxOrParams), paramsOrHasBiases, hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst));
  throw unfit('rnnTanh', 'rnnTanh(data: Tensor, batchSizes: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean) or rnnTanh(input: Tensor, hx: Tensor, params: readonly Tensor[], hasBiases: boolean, numLayers: number, dropout: number, train: boolean, bidirectional: boolean, batchFirst: boolean)', [dataOrInput, batchSizesOrHx, hxOrParams, paramsOrHasBiases, hasBiasesOrNumLayers, numLayersOrDropout, dropoutOrTrain, trainOrBidirectional, bidirectionalOrBatchFirst]);
}

/** One step of a plain recurrent net: `tanh(wIh x + bIh + wHh h + bHh)`.
 *  Shape: input [B, In], state [B, H], [H, In], [H, H] -> [B, H].
 *
 *  `rnn_tanh_cell(Tensor input, Tensor hx, Tensor w_ih, Tensor w_hh, Tensor? b_ih=None, Tensor? b_hh=None) -> Tensor`
 *  @example
 *  rnnTanhCell(tensor([[1]]), tensor([[0]]), tensor([[1]]), tensor([[1]])); // tensor([[0.7616]]) */
export function rnnTanhCell(input: Tensor, hx: Tensor, wIh: Tensor, wHh: Tensor, options?: { bIh?: Tensor | undefined; bHh?: Tensor | undefined }): Tensor {
  if (options === undefined) return wrap(call(1051, h(input), h(hx), h(wIh), h(wHh)));
  readOptions('rnnTanhCell', OPTIONS_50, options);
  return wrap(call(1051, h(input), h(hx), h(wIh), h(wHh), h(options.bIh), h(options.bHh)));
}

/** Shifts elements along `dims`; what falls off one end comes in at the other.
 *  Shape: any, unchanged.
 *
 *  `roll(Tensor self, int[1] shifts, int[1] dims=[]) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.roll.html
 *  @example
 *  tensor([1, 2, 3, 4]).roll(1); // tensor([4., 1., 2., 3.]) */
export function roll(input: Tensor, shifts: number | readonly number[], options?: { dims?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(1052, h(input), shifts));
  readOptions('roll', OPTIONS_87, options);
  return wrap(call(1052, h(input), shifts, options.dims));
}

/** Turns by 90 degrees, `k` times, in the plane of two dimensions.
 *  Shape: the input, with its first two sizes exchanged for an odd `k`.
 *
 *  `rot90(Tensor self, int k=1, int[] dims=[0, 1]) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.rot90.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).rot90(); // tensor([[2., 4.], [1., 3.]]) */
export function rot90(input: Tensor, options?: { k?: number | undefined; dims?: readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(1053, h(input)));
  readOptions('rot90', OPTIONS_88, options);
  return wrap(call(1053, h(input), options.k, options.dims));
}

/** The nearest whole number, of two as near the even one; `decimals` keeps that many places.
 *  Shape: any, unchanged.
 *
 *  `round(Tensor self) -> Tensor`
 *  `round.decimals(Tensor self, *, int decimals) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.round.html
 *  @example
 *  tensor([0.5, 1.5, 2.6]).round(); // tensor([0., 2., 3.])
 *  tensor([1.237]).round({ decimals: 2 }); // tensor([1.2400]) */
export function round(input: Tensor, options?: { decimals: number }): Tensor {
  if (options === undefined) return wrap(call(1054, h(input)));
  const given = readOptions('round', OPTIONS_89, options);
  if ((given & 1) === 0) return wrap(call(1054, h(input)));
  if ((given & 1) === 1) return wrap(call(1055, h(input), options.decimals));
  throw unfit('round', 'round(input: Tensor) or round(input: Tensor, { decimals })', [input, options]);
}

/** The nearest whole number, of two as near the even one; `decimals` keeps that many places. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `round_(Tensor(a!) self) -> Tensor(a!)`
 *  `round_.decimals(Tensor(a!) self, *, int decimals) -> Tensor(a!)`
 *  @example
 *  tensor([0.5, 1.5, 2.6]).round_(); // tensor([0., 2., 3.])
 *  tensor([1.237]).round_({ decimals: 2 }); // tensor([1.2400]) */
export function round_(input: Tensor, options?: { decimals: number }): Tensor {
  if (options === undefined) {
    call(1056, h(input));
    return input;
  }
  const given = readOptions('round_', OPTIONS_89, options);
  if ((given & 1) === 0) { call(1056, h(input)); return input; }
  if ((given & 1) === 1) { call(1057, h(input), options.decimals); return input; }
  throw unfit('round_', 'round_(input: Tensor) or round_(input: Tensor, { decimals })', [input, options]);
}

/** `row_indices_copy(Tensor self) -> Tensor` */
export function rowIndicesCopy(input: Tensor): Tensor {
  return wrap(call(1059, h(input)));
}

/** Another name of `vstack`. Joins tensors one below the other; vectors become rows.
 *  Shape: that of each input, a vector counting as [1, N], with their sizes at dimension 0 added up.
 *
 *  `row_stack(Tensor[] tensors) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.row_stack.html
 *  @example
 *  rowStack([tensor([1, 2]), tensor([3, 4])]); // tensor([[1., 2.], [3., 4.]]) */
export function rowStack(tensors: readonly Tensor[]): Tensor {
  return wrap(call(1060, handles(tensors)));
}

/** The element where it is positive, else a part of it that is drawn between `lower` and `upper` in training, and their mean otherwise.
 *  Shape: any, unchanged.
 *
 *  `rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.33333333333333331, bool training=False, Generator? generator=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.rrelu.html
 *  @example
 *  rrelu(tensor([-1, 2]), { lower: 0.25, upper: 0.75 }); // tensor([-0.5000,  2.0000]) */
export function rrelu(input: Tensor, options?: { lower?: Scalar | undefined; upper?: Scalar | undefined; training?: boolean | undefined; generator?: Generator | undefined }): Tensor {
  if (options === undefined) return wrap(call(1061, h(input)));
  readOptions('rrelu', OPTIONS_90, options);
  return wrap(call(1061, h(input), options.lower, options.upper, options.training, options.generator?.index));
}

/** The element where it is positive, else a part of it that is drawn between `lower` and `upper` in training, and their mean otherwise. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `rrelu_(Tensor(a!) self, Scalar lower=0.125, Scalar upper=0.33333333333333331, bool training=False, Generator? generator=None) -> Tensor(a!)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.rrelu_.html
 *  @example
 *  rrelu_(tensor([-1, 2]), { lower: 0.25, upper: 0.75 }); // tensor([-0.5000,  2.0000]) */
export function rrelu_(input: Tensor, options?: { lower?: Scalar | undefined; upper?: Scalar | undefined; training?: boolean | undefined; generator?: Generator | undefined }): Tensor {
  if (options === undefined) {
    call(1062, h(input));
    return input;
  }
  readOptions('rrelu_', OPTIONS_90, options);
  call(1062, h(input), options.lower, options.upper, options.training, options.generator?.index);
  return input;
}

/** One divided by the square root of each element.
 *  Shape: any, unchanged.
 *
 *  `rsqrt(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.rsqrt.html
 *  @example
 *  tensor([4, 0.25]).rsqrt(); // tensor([0.5000, 2.0000]) */
export function rsqrt(input: Tensor): Tensor {
  return wrap(call(1065, h(input)));
}

/** One divided by the square root of each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `rsqrt_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([4, 0.25]).rsqrt_(); // tensor([0.5000, 2.0000]) */
export function rsqrt_(input: Tensor): Tensor {
  call(1066, h(input));
  return input;
}

/** Takes the input, multiplied by `alpha`, away from `other`: `sub` with its sides exchanged.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
 *  `rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
 *  @example
 *  rsub(tensor([1, 2]), 10); // tensor([9., 8.]) */
export function rsub(input: Tensor, other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) {
    if (typeof other === 'object') return wrap(call(1068, h(input), h(other)));
    return wrap(call(1067, h(input), other));
  }
  readOptions('rsub', OPTIONS_0, options);
  if (typeof other === 'object') return wrap(call(1068, h(input), h(other), options.alpha));
  return wrap(call(1067, h(input), other, options.alpha));
}

/** Puts elements of `src`, or one value, at the places along `dim` that `index` names: undoes `gather`.
 *  Shape: any, unchanged.
 *
 *  `scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor`
 *  `scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor`
 *  `scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor`
 *  `scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.scatter.html
 *  @example
 *  zeros([2, 3]).scatter(1, tensor([[2n], [0n]]), tensor([[7], [8]])); // tensor([[0., 0., 7.], [8., 0., 0.]])
 *  zeros([3]).scatter(0, tensor([1n]), 5); // tensor([0., 5., 0.]) */
export function scatter(input: Tensor, dim: number, index: Tensor, srcOrValue: Tensor | Scalar, options?: { reduce: string }): Tensor {
  if (options === undefined) {
    if (typeof srcOrValue === 'object') return wrap(call(1072, h(input), dim, h(index), h(srcOrValue)));
    return wrap(call(1073, h(input), dim, h(index), srcOrValue));
  }
  const given = readOptions('scatter', OPTIONS_91, options);
  if (typeof srcOrValue === 'object' && (given & 1) === 1) return wrap(call(1071, h(input), dim, h(index), h(srcOrValue), options.reduce));
  if (typeof srcOrValue === 'object' && (given & 1) === 0) return wrap(call(1072, h(input), dim, h(index), h(srcOrValue)));
  if (typeof srcOrValue !== 'object' && (given & 1) === 1) return wrap(call(1074, h(input), dim, h(index), srcOrValue, options.reduce));
  if (typeof srcOrValue !== 'object' && (given & 1) === 0) return wrap(call(1073, h(input), dim, h(index), srcOrValue));
  throw unfit('scatter', 'scatter(input: Tensor, dim: number, index: Tensor, src: Tensor, { reduce }) or scatter(input: Tensor, dim: number, index: Tensor, src: Tensor) or scatter(input: Tensor, dim: number, index: Tensor, value: Scalar, { reduce }) or scatter(input: Tensor, dim: number, index: Tensor, value: Scalar)', [input, dim, index, srcOrValue, options]);
}

/** Adds elements of `src` at the places along `dim` that `index` names; a place that comes twice gets both.
 *  Shape: any, unchanged.
 *
 *  `scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.scatter_add.html
 *  @example
 *  zeros([3]).scatterAdd(0, tensor([0n, 0n, 2n]), tensor([1, 2, 3])); // tensor([3., 0., 3.]) */
export function scatterAdd(input: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return wrap(call(1079, h(input), dim, h(index), h(src)));
}

/** Combines elements of `src` with those at the places that `index` names: 'sum', 'prod', 'mean', 'amax' or 'amin'.
 *  Shape: any, unchanged.
 *
 *  `scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.scatter_reduce.html
 *  @example
 *  tensor([1, 1]).scatterReduce(0, tensor([0n, 0n]), tensor([5, 3]), 'amax'); // tensor([5., 1.]) */
export function scatterReduce(input: Tensor, dim: number, index: Tensor, src: Tensor, reduce: string, options?: { includeSelf?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1081, h(input), dim, h(index), h(src), reduce));
  readOptions('scatterReduce', OPTIONS_57, options);
  return wrap(call(1081, h(input), dim, h(index), h(src), reduce, options.includeSelf));
}

/** Where each element of `input` would have to be put in to keep `sortedSequence` in order.
 *  Shape: that of `input`.
 *
 *  `searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None) -> Tensor`
 *  `searchsorted.Scalar(Tensor sorted_sequence, Scalar self, *, bool out_int32=False, bool right=False, str? side=None, Tensor? sorter=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.searchsorted.html
 *  @example
 *  searchsorted(tensor([1, 3, 5]), tensor([0, 3, 9])); // tensor([0, 1, 3])
 *  searchsorted(tensor([1, 3, 5]), tensor([3]), { right: true }); // tensor([2]) */
export function searchsorted(sortedSequence: Tensor, input: Tensor | Scalar, options?: { outInt32?: boolean | undefined; right?: boolean | undefined; side?: string | undefined; sorter?: Tensor | undefined }): Tensor {
  if (options === undefined) {
    if (typeof input === 'object') return wrap(call(1084, h(sortedSequence), h(input)));
    return wrap(call(1083, h(sortedSequence), input));
  }
  readOptions('searchsorted', OPTIONS_92, options);
  if (typeof input === 'object') return wrap(call(1084, h(sortedSequence), h(input), options.outInt32, options.right, options.side, h(options.sorter)));
  return wrap(call(1083, h(sortedSequence), input, options.outInt32, options.right, options.side, h(options.sorter)));
}

/** Combines runs of slices, of the lengths given: 'sum', 'mean', 'max', 'min' or 'prod'.
 *
 *  `segment_reduce(Tensor data, str reduce, *, Tensor? lengths=None, Tensor? indices=None, Tensor? offsets=None, int axis=0, bool unsafe=False, Scalar? initial=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.segment_reduce.html
 *  @example
 *  segmentReduce(tensor([1, 2, 3]), 'sum', { lengths: tensor([2n, 1n]) }); // tensor([3., 3.]) */
export function segmentReduce(data: Tensor, reduce: string, options?: { lengths?: Tensor | undefined; indices?: Tensor | undefined; offsets?: Tensor | undefined; axis?: number | undefined; unsafe?: boolean | undefined; initial?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(1085, h(data), reduce));
  readOptions('segmentReduce', OPTIONS_93, options);
  return wrap(call(1085, h(data), reduce, h(options.lengths), h(options.indices), h(options.offsets), options.axis, options.unsafe, options.initial));
}

/** The slice at `index` of `dim`, as a view without that dimension.
 *  Shape: the input without `dim`.
 *
 *  `select.int(Tensor(a) self, int dim, int index) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.select.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).select(0, 1); // tensor([3., 4.]) */
export function select(input: Tensor, dim: number, index: number): Tensor {
  return wrap(call(1086, h(input), dim, index));
}

/** A copy of the slice at `index` of `dim`, without that dimension.
 *
 *  `select_copy.int(Tensor self, int dim, int index) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.select_copy.html
 *  @example
 *  selectCopy(tensor([[1, 2], [3, 4]]), 0, 1); // tensor([3., 4.]) */
export function selectCopy(input: Tensor, dim: number, index: number): Tensor {
  return wrap(call(1087, h(input), dim, index));
}

/** A copy in which the slice at `index` of `dim` is `src`.
 *  Shape: any, unchanged; `src` without `dim`.
 *
 *  `select_scatter(Tensor self, Tensor src, int dim, int index) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.select_scatter.html
 *  @example
 *  zeros([2, 2]).selectScatter(tensor([1, 2]), 0, 1); // tensor([[0., 0.], [1., 2.]]) */
export function selectScatter(input: Tensor, src: Tensor, dim: number, index: number): Tensor {
  return wrap(call(1088, h(input), h(src), dim, index));
}

/** `elu` scaled so that a deep net's activations keep mean 0 and variance 1.
 *  Shape: any, unchanged.
 *
 *  `selu(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.selu.html
 *  @example
 *  selu(tensor([-1, 1])); // tensor([-1.1113,  1.0507]) */
export function selu(input: Tensor): Tensor {
  return wrap(call(1089, h(input)));
}

/** `elu` scaled so that a deep net's activations keep mean 0 and variance 1. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `selu_(Tensor(a!) self) -> Tensor(a!)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.selu_.html
 *  @example
 *  selu_(tensor([-1, 1])); // tensor([-1.1113,  1.0507]) */
export function selu_(input: Tensor): Tensor {
  call(1090, h(input));
  return input;
}

/** `sign`, which for a complex number gives the number of length 1 in its direction.
 *  Shape: any, unchanged.
 *
 *  `sgn(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sgn.html
 *  @example
 *  complex(tensor([3]), tensor([4])).sgn(); // tensor([0.6000+0.8000j]) */
export function sgn(input: Tensor): Tensor {
  return wrap(call(1091, h(input)));
}

/** Squeezes each element between 0 and 1: `1 / (1 + exp(-x))`.
 *  Shape: any, unchanged.
 *
 *  `sigmoid(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.sigmoid.html
 *  @example
 *  tensor([-1, 0, 1]).sigmoid(); // tensor([0.2689, 0.5000, 0.7311]) */
export function sigmoid(input: Tensor): Tensor {
  return wrap(call(1093, h(input)));
}

/** Squeezes each element between 0 and 1: `1 / (1 + exp(-x))`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `sigmoid_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([-1, 0, 1]).sigmoid_(); // tensor([0.2689, 0.5000, 0.7311]) */
export function sigmoid_(input: Tensor): Tensor {
  call(1094, h(input));
  return input;
}

/** -1, 0 or 1 by the sign of each element.
 *  Shape: any, unchanged.
 *
 *  `sign(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sign.html
 *  @example
 *  tensor([-3, 0, 8]).sign(); // tensor([-1.,  0.,  1.]) */
export function sign(input: Tensor): Tensor {
  return wrap(call(1095, h(input)));
}

/** Whether the sign is minus, that of -0 included.
 *  Shape: any, unchanged.
 *
 *  `signbit(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.signbit.html
 *  @example
 *  tensor([-1, -0, 0, 1]).signbit(); // tensor([ True,  True, False, False]) */
export function signbit(input: Tensor): Tensor {
  return wrap(call(1097, h(input)));
}

/** The sine of each angle, in radians.
 *  Shape: any, unchanged.
 *
 *  `sin(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sin.html
 *  @example
 *  tensor([0, Math.PI / 6]).sin(); // tensor([0.0000, 0.5000]) */
export function sin(input: Tensor): Tensor {
  return wrap(call(1100, h(input)));
}

/** The sine of each angle, in radians. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `sin_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, Math.PI / 6]).sin_(); // tensor([0.0000, 0.5000]) */
export function sin_(input: Tensor): Tensor {
  call(1101, h(input));
  return input;
}

/** `sin(pi x) / (pi x)`, and 1 at 0.
 *  Shape: any, unchanged.
 *
 *  `sinc(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sinc.html
 *  @example
 *  tensor([0, 0.5, 1.5]).sinc(); // tensor([ 1.0000,  0.6366, -0.2122]) */
export function sinc(input: Tensor): Tensor {
  return wrap(call(1102, h(input)));
}

/** `sin(pi x) / (pi x)`, and 1 at 0. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `sinc_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 0.5, 1.5]).sinc_(); // tensor([ 1.0000,  0.6366, -0.2122]) */
export function sinc_(input: Tensor): Tensor {
  call(1103, h(input));
  return input;
}

/** The hyperbolic sine of each element.
 *  Shape: any, unchanged.
 *
 *  `sinh(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sinh.html
 *  @example
 *  tensor([0, 1]).sinh(); // tensor([0.0000, 1.1752]) */
export function sinh(input: Tensor): Tensor {
  return wrap(call(1104, h(input)));
}

/** The hyperbolic sine of each element. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `sinh_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).sinh_(); // tensor([0.0000, 1.1752]) */
export function sinh_(input: Tensor): Tensor {
  call(1105, h(input));
  return input;
}

/** A copy of every `step`-th slice from `start` to `end` of `dim` (default 0).
 *
 *  `slice_copy.Tensor(Tensor self, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.slice_copy.html
 *  @example
 *  sliceCopy(tensor([0, 1, 2, 3, 4]), { start: 1, end: 4, step: 2 }); // tensor([1., 3.]) */
export function sliceCopy(input: Tensor, options?: { dim?: number | undefined; start?: number | undefined; end?: number | undefined; step?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1107, h(input)));
  readOptions('sliceCopy', OPTIONS_94, options);
  return wrap(call(1107, h(input), options.dim, options.start, options.end, options.step));
}

/** `slice_inverse(Tensor(a) self, Tensor src, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor(a)` */
export function sliceInverse(input: Tensor, src: Tensor, options?: { dim?: number | undefined; start?: number | undefined; end?: number | undefined; step?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1108, h(input), h(src)));
  readOptions('sliceInverse', OPTIONS_94, options);
  return wrap(call(1108, h(input), h(src), options.dim, options.start, options.end, options.step));
}

/** A copy in which the slices from `start` to `end` of `dim` are `src`.
 *  Shape: any, unchanged.
 *
 *  `slice_scatter(Tensor self, Tensor src, int dim=0, int? start=None, int? end=None, int step=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.slice_scatter.html
 *  @example
 *  zeros([4]).sliceScatter(tensor([1, 2]), { start: 1, end: 3 }); // tensor([0., 1., 2., 0.]) */
export function sliceScatter(input: Tensor, src: Tensor, options?: { dim?: number | undefined; start?: number | undefined; end?: number | undefined; step?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1109, h(input), h(src)));
  readOptions('sliceScatter', OPTIONS_94, options);
  return wrap(call(1109, h(input), h(src), options.dim, options.start, options.end, options.step));
}

/** The determinant's sign, and the logarithm of its size.
 *  Shape: [*, N, N] -> [*], [*].
 *
 *  `slogdet(Tensor self) -> (Tensor sign, Tensor logabsdet)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.slogdet.html
 *  @example
 *  tensor([[0, 1], [1, 0]]).slogdet(); // [tensor(-1.), tensor(0.)] */
export function slogdet(input: Tensor): readonly [sign: Tensor, logabsdet: Tensor] {
  return wrapTuple<readonly [sign: Tensor, logabsdet: Tensor]>(call(1110, h(input)));
}

/** The product of a sparse matrix and a matrix, as a sparse one.
 *
 *  `smm(Tensor self, Tensor mat2) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.smm.html
 *  @example
 *  tensor([[0, 2], [0, 0]]).toSparse().smm(tensor([[1], [10]])).toDense(); // tensor([[20.], [ 0.]]) */
export function smm(input: Tensor, mat2: Tensor): Tensor {
  return wrap(call(1116, h(input), h(mat2)));
}

/** Turns the elements along `dim` into shares that add up to 1: `exp(x) / sum(exp(x))`.
 *  Shape: any, unchanged.
 *
 *  `softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softmax.html
 *  @example
 *  tensor([0, 0, Math.log(2)]).softmax(0); // tensor([0.2500, 0.2500, 0.5000]) */
export function softmax(input: Tensor, dim: number, options?: { dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(1119, h(input), dim));
  readOptions('softmax', OPTIONS_30, options);
  return wrap(call(1119, h(input), dim, options.dtype && dtypeCode(options.dtype)));
}

/** The elements in order along `dim` (default the last), and where each came from.
 *  Shape: any, unchanged.
 *
 *  `sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)`
 *  `sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sort.html
 *  @example
 *  tensor([3, 1, 2]).sort(); // [tensor([1., 2., 3.]), tensor([1, 2, 0])]
 *  tensor([3, 1, 2]).sort({ descending: true }); // [tensor([3., 2., 1.]), tensor([0, 2, 1])] */
export function sort(input: Tensor, options?: { stable?: boolean | undefined; dim?: number | undefined; descending?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
  if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1122, h(input)));
  const given = readOptions('sort', OPTIONS_6, options);
  if ((given & 1) === 1) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1123, h(input), options.stable, options.dim, options.descending));
  if ((given & 1) === 0) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1122, h(input), options.dim, options.descending));
  throw unfit('sort', 'sort(input: Tensor, { stable?, dim?, descending? }) or sort(input: Tensor, { dim?, descending? })', [input, options]);
}

/** `sparse_bsc_tensor.ccol_row_value_size(Tensor ccol_indices, Tensor row_indices, Tensor values, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  `sparse_bsc_tensor.ccol_row_value(Tensor ccol_indices, Tensor row_indices, Tensor values, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sparse_bsc_tensor.html */
export function sparseBscTensor(ccolIndices: Tensor, rowIndices: Tensor, values: Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { size: readonly number[]; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function sparseBscTensor(ccolIndices: Tensor, rowIndices: Tensor, values: Tensor, options?: { size?: readonly number[] | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1124, h(ccolIndices), h(rowIndices), h(values)));
  const given = readOptions('sparseBscTensor', OPTIONS_95, options);
  if ((given & 1) === 1) return tracked(wrap(call(1125, h(ccolIndices), h(rowIndices), h(values), options.size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 1) === 0) return tracked(wrap(call(1124, h(ccolIndices), h(rowIndices), h(values), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('sparseBscTensor', 'sparseBscTensor(ccolIndices: Tensor, rowIndices: Tensor, values: Tensor, { size, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or sparseBscTensor(ccolIndices: Tensor, rowIndices: Tensor, values: Tensor, { dtype?, layout?, device?, pinMemory?, requiresGrad? })', [ccolIndices, rowIndices, values, options]);
}

/** `sparse_bsr_tensor.crow_col_value_size(Tensor crow_indices, Tensor col_indices, Tensor values, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  `sparse_bsr_tensor.crow_col_value(Tensor crow_indices, Tensor col_indices, Tensor values, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sparse_bsr_tensor.html */
export function sparseBsrTensor(crowIndices: Tensor, colIndices: Tensor, values: Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { size: readonly number[]; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function sparseBsrTensor(crowIndices: Tensor, colIndices: Tensor, values: Tensor, options?: { size?: readonly number[] | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1126, h(crowIndices), h(colIndices), h(values)));
  const given = readOptions('sparseBsrTensor', OPTIONS_95, options);
  if ((given & 1) === 1) return tracked(wrap(call(1127, h(crowIndices), h(colIndices), h(values), options.size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 1) === 0) return tracked(wrap(call(1126, h(crowIndices), h(colIndices), h(values), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('sparseBsrTensor', 'sparseBsrTensor(crowIndices: Tensor, colIndices: Tensor, values: Tensor, { size, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or sparseBsrTensor(crowIndices: Tensor, colIndices: Tensor, values: Tensor, { dtype?, layout?, device?, pinMemory?, requiresGrad? })', [crowIndices, colIndices, values, options]);
}

/** `sparse_compressed_tensor.comp_plain_value_size(Tensor compressed_indices, Tensor plain_indices, Tensor values, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  `sparse_compressed_tensor.comp_plain_value(Tensor compressed_indices, Tensor plain_indices, Tensor values, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sparse_compressed_tensor.html */
export function sparseCompressedTensor(compressedIndices: Tensor, plainIndices: Tensor, values: Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { size: readonly number[]; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function sparseCompressedTensor(compressedIndices: Tensor, plainIndices: Tensor, values: Tensor, options?: { size?: readonly number[] | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1128, h(compressedIndices), h(plainIndices), h(values)));
  const given = readOptions('sparseCompressedTensor', OPTIONS_95, options);
  if ((given & 1) === 1) return tracked(wrap(call(1129, h(compressedIndices), h(plainIndices), h(values), options.size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 1) === 0) return tracked(wrap(call(1128, h(compressedIndices), h(plainIndices), h(values), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('sparseCompressedTensor', 'sparseCompressedTensor(compressedIndices: Tensor, plainIndices: Tensor, values: Tensor, { size, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or sparseCompressedTensor(compressedIndices: Tensor, plainIndices: Tensor, values: Tensor, { dtype?, layout?, device?, pinMemory?, requiresGrad? })', [compressedIndices, plainIndices, values, options]);
}

/** A tensor of which only some elements are kept: their places, one column each, and their values.
 *
 *  `sparse_coo_tensor.size(int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  `sparse_coo_tensor.indices(Tensor indices, Tensor values, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool? is_coalesced=None) -> Tensor`
 *  `sparse_coo_tensor.indices_size(Tensor indices, Tensor values, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, bool? is_coalesced=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sparse_coo_tensor.html
 *  @example
 *  sparseCooTensor(tensor([[0n, 1n], [1n, 0n]]), { values: tensor([7, 8]), size: [2, 2] }).toDense(); // tensor([[0., 7.], [8., 0.]]) */
export function sparseCooTensor(size: readonly number[], options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function sparseCooTensor(indices: Tensor, options: { values: Tensor; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; isCoalesced?: boolean | undefined; requiresGrad?: boolean | undefined } | { values: Tensor; size: readonly number[]; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; isCoalesced?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function sparseCooTensor(sizeOrIndices: readonly number[] | Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined; values?: Tensor | undefined; isCoalesced?: boolean | undefined; size?: readonly number[] | undefined }): Tensor {
  if (options === undefined) {
    if (isList(sizeOrIndices)) return wrap(call(1132, sizeOrIndices));
    throw unfit('sparseCooTensor', 'sparseCooTensor(size: readonly number[], { dtype?, layout?, device?, pinMemory?, requiresGrad? }) or sparseCooTensor(indices: Tensor, { values, dtype?, layout?, device?, pinMemory?, isCoalesced?, requiresGrad? }) or sparseCooTensor(indices: Tensor, { values, size, dtype?, layout?, device?, pinMemory?, isCoalesced?, requiresGrad? })', [sizeOrIndices]);
  }
  const given = readOptions('sparseCooTensor', OPTIONS_96, options);
  if (isList(sizeOrIndices) && (given & 224) === 0) return tracked(wrap(call(1132, sizeOrIndices, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if (isTensor(sizeOrIndices) && (given & 160) === 32) return tracked(wrap(call(1130, h(sizeOrIndices), h(options.values), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.isCoalesced)), options.requiresGrad);
  if (isTensor(sizeOrIndices) && (given & 160) === 160) return tracked(wrap(call(1131, h(sizeOrIndices), h(options.values), options.size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.isCoalesced)), options.requiresGrad);
  throw unfit('sparseCooTensor', 'sparseCooTensor(size: readonly number[], { dtype?, layout?, device?, pinMemory?, requiresGrad? }) or sparseCooTensor(indices: Tensor, { values, dtype?, layout?, device?, pinMemory?, isCoalesced?, requiresGrad? }) or sparseCooTensor(indices: Tensor, { values, size, dtype?, layout?, device?, pinMemory?, isCoalesced?, requiresGrad? })', [sizeOrIndices, options]);
}

/** A matrix of which only some elements are kept: where each column begins, the rows, and the values.
 *
 *  `sparse_csc_tensor.ccol_row_value_size(Tensor ccol_indices, Tensor row_indices, Tensor values, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  `sparse_csc_tensor.ccol_row_value(Tensor ccol_indices, Tensor row_indices, Tensor values, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sparse_csc_tensor.html
 *  @example
 *  sparseCscTensor(tensor([0n, 1n, 2n]), tensor([1n, 0n]), tensor([7, 8]), { size: [2, 2] }).toDense(); // tensor([[0., 8.], [7., 0.]]) */
export function sparseCscTensor(ccolIndices: Tensor, rowIndices: Tensor, values: Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { size: readonly number[]; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function sparseCscTensor(ccolIndices: Tensor, rowIndices: Tensor, values: Tensor, options?: { size?: readonly number[] | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1133, h(ccolIndices), h(rowIndices), h(values)));
  const given = readOptions('sparseCscTensor', OPTIONS_95, options);
  if ((given & 1) === 1) return tracked(wrap(call(1134, h(ccolIndices), h(rowIndices), h(values), options.size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 1) === 0) return tracked(wrap(call(1133, h(ccolIndices), h(rowIndices), h(values), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('sparseCscTensor', 'sparseCscTensor(ccolIndices: Tensor, rowIndices: Tensor, values: Tensor, { size, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or sparseCscTensor(ccolIndices: Tensor, rowIndices: Tensor, values: Tensor, { dtype?, layout?, device?, pinMemory?, requiresGrad? })', [ccolIndices, rowIndices, values, options]);
}

/** A matrix of which only some elements are kept: where each row begins, the columns, and the values.
 *
 *  `sparse_csr_tensor.crow_col_value_size(Tensor crow_indices, Tensor col_indices, Tensor values, int[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  `sparse_csr_tensor.crow_col_value(Tensor crow_indices, Tensor col_indices, Tensor values, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sparse_csr_tensor.html
 *  @example
 *  sparseCsrTensor(tensor([0n, 1n, 2n]), tensor([1n, 0n]), tensor([7, 8]), { size: [2, 2] }).toDense(); // tensor([[0., 7.], [8., 0.]]) */
export function sparseCsrTensor(crowIndices: Tensor, colIndices: Tensor, values: Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined } | { size: readonly number[]; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor;
export function sparseCsrTensor(crowIndices: Tensor, colIndices: Tensor, values: Tensor, options?: { size?: readonly number[] | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1135, h(crowIndices), h(colIndices), h(values)));
  const given = readOptions('sparseCsrTensor', OPTIONS_95, options);
  if ((given & 1) === 1) return tracked(wrap(call(1136, h(crowIndices), h(colIndices), h(values), options.size, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  if ((given & 1) === 0) return tracked(wrap(call(1135, h(crowIndices), h(colIndices), h(values), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
  throw unfit('sparseCsrTensor', 'sparseCsrTensor(crowIndices: Tensor, colIndices: Tensor, values: Tensor, { size, dtype?, layout?, device?, pinMemory?, requiresGrad? }) or sparseCsrTensor(crowIndices: Tensor, colIndices: Tensor, values: Tensor, { dtype?, layout?, device?, pinMemory?, requiresGrad? })', [crowIndices, colIndices, values, options]);
}

/** Views of the tensor in pieces of one size, the last perhaps smaller, or of the sizes given.
 *  Shape: each the input, with the length of its piece at `dim`.
 *
 *  `split.Tensor(Tensor(a -> *) self, int split_size, int dim=0) -> Tensor(a)[]`
 *  `split.sizes(Tensor(a -> *) self, int[] split_size, int dim=0) -> Tensor(a)[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.split.html
 *  @example
 *  arange(5).split(2); // [tensor([0, 1]), tensor([2, 3]), tensor([4])] */
export function split(input: Tensor, splitSize: number | readonly number[], options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) {
    if (typeof splitSize !== 'object') return wrapAll(call(1227, h(input), splitSize));
    return wrapAll(call(1228, h(input), splitSize));
  }
  readOptions('split', OPTIONS_17, options);
  if (typeof splitSize !== 'object') return wrapAll(call(1227, h(input), splitSize, options.dim));
  return wrapAll(call(1228, h(input), splitSize, options.dim));
}

/** Copies of pieces of one size, the last perhaps smaller.
 *
 *  `split_copy.Tensor(Tensor self, int split_size, int dim=0) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.split_copy.html
 *  @example
 *  splitCopy(arange(3), 2); // [tensor([0, 1]), tensor([2])] */
export function splitCopy(input: Tensor, splitSize: number, options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(1229, h(input), splitSize));
  readOptions('splitCopy', OPTIONS_17, options);
  return wrapAll(call(1229, h(input), splitSize, options.dim));
}

/** Views of the tensor in pieces of the sizes given.
 *  Shape: each the input, with its length at `dim`.
 *
 *  `split_with_sizes(Tensor(a -> *) self, int[] split_sizes, int dim=0) -> Tensor(a)[]`
 *  @example
 *  arange(5).splitWithSizes([1, 4]); // [tensor([0]), tensor([1, 2, 3, 4])] */
export function splitWithSizes(input: Tensor, splitSizes: readonly number[], options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(1230, h(input), splitSizes));
  readOptions('splitWithSizes', OPTIONS_17, options);
  return wrapAll(call(1230, h(input), splitSizes, options.dim));
}

/** Copies of pieces of the sizes given.
 *
 *  `split_with_sizes_copy(Tensor self, int[] split_sizes, int dim=0) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.split_with_sizes_copy.html
 *  @example
 *  splitWithSizesCopy(arange(3), [1, 2]); // [tensor([0]), tensor([1, 2])] */
export function splitWithSizesCopy(input: Tensor, splitSizes: readonly number[], options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(1231, h(input), splitSizes));
  readOptions('splitWithSizesCopy', OPTIONS_17, options);
  return wrapAll(call(1231, h(input), splitSizes, options.dim));
}

/** The square root of each element; NaN for negative ones.
 *  Shape: any, unchanged.
 *
 *  `sqrt(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sqrt.html
 *  @example
 *  tensor([9, 2, -1]).sqrt(); // tensor([3.0000, 1.4142,    nan]) */
export function sqrt(input: Tensor): Tensor {
  return wrap(call(1232, h(input)));
}

/** The square root of each element; NaN for negative ones. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `sqrt_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([9, 2, -1]).sqrt_(); // tensor([3.0000, 1.4142,    nan]) */
export function sqrt_(input: Tensor): Tensor {
  call(1233, h(input));
  return input;
}

/** Multiplies each element by itself.
 *  Shape: any, unchanged.
 *
 *  `square(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.square.html
 *  @example
 *  tensor([-3, 0.5]).square(); // tensor([9.0000, 0.2500]) */
export function square(input: Tensor): Tensor {
  return wrap(call(1234, h(input)));
}

/** Multiplies each element by itself. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `square_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([-3, 0.5]).square_(); // tensor([9.0000, 0.2500]) */
export function square_(input: Tensor): Tensor {
  call(1235, h(input));
  return input;
}

/** Drops the dimensions of size 1, or only `dim` where it has size 1.
 *  Shape: the input without its dimensions of size 1; with `dim`, only without those of them.
 *
 *  `squeeze(Tensor(a) self) -> Tensor(a)`
 *  `squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)`
 *  `squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.squeeze.html
 *  @example
 *  zeros([1, 3, 1]).squeeze().shape; // [3]
 *  zeros([1, 3, 1]).squeeze({ dim: 0 }).shape; // [3, 1] */
export function squeeze(input: Tensor, options?: { dim: number | readonly number[] }): Tensor {
  if (options === undefined) return wrap(call(1236, h(input)));
  const given = readOptions('squeeze', OPTIONS_17, options);
  if ((given & 1) === 0) return wrap(call(1236, h(input)));
  if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(1237, h(input), options.dim));
  if ((given & 1) === 1 && isList(options.dim)) return wrap(call(1238, h(input), options.dim));
  throw unfit('squeeze', 'squeeze(input: Tensor) or squeeze(input: Tensor, { dim: number }) or squeeze(input: Tensor, { dim: readonly number[] })', [input, options]);
}

/** A copy without the dimensions of size 1, or without `dim` where it has size 1.
 *
 *  `squeeze_copy(Tensor self) -> Tensor`
 *  `squeeze_copy.dim(Tensor self, int dim) -> Tensor`
 *  `squeeze_copy.dims(Tensor self, int[] dim) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.squeeze_copy.html
 *  @example
 *  squeezeCopy(ones([1, 2])); // tensor([1., 1.]) */
export function squeezeCopy(input: Tensor, options?: { dim: number | readonly number[] }): Tensor {
  if (options === undefined) return wrap(call(1242, h(input)));
  const given = readOptions('squeezeCopy', OPTIONS_17, options);
  if ((given & 1) === 0) return wrap(call(1242, h(input)));
  if ((given & 1) === 1 && typeof options.dim !== 'object') return wrap(call(1243, h(input), options.dim));
  if ((given & 1) === 1 && isList(options.dim)) return wrap(call(1244, h(input), options.dim));
  throw unfit('squeezeCopy', 'squeezeCopy(input: Tensor) or squeezeCopy(input: Tensor, { dim: number }) or squeezeCopy(input: Tensor, { dim: readonly number[] })', [input, options]);
}

/** `sspaddmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sspaddmm.html */
export function sspaddmm(input: Tensor, mat1: Tensor, mat2: Tensor, options?: { beta?: Scalar | undefined; alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(1245, h(input), h(mat1), h(mat2)));
  readOptions('sspaddmm', OPTIONS_1, options);
  return wrap(call(1245, h(input), h(mat1), h(mat2), options.beta, options.alpha));
}

/** Joins tensors of one shape along a new dimension (default 0).
 *  Shape: that of the inputs, with their number put in at `dim`.
 *
 *  `stack(Tensor[] tensors, int dim=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.stack.html
 *  @example
 *  stack([tensor([1, 2]), tensor([3, 4])], { dim: 1 }); // tensor([[1., 3.], [2., 4.]]) */
export function stack(tensors: readonly Tensor[], options?: { dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1246, handles(tensors)));
  readOptions('stack', OPTIONS_17, options);
  return wrap(call(1246, handles(tensors), options.dim));
}

/** The standard deviation. The sum of squares is divided by count - `correction`, default 1.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor`
 *  `std.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor`
 *  `std(Tensor self, bool unbiased=True) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.std.html
 *  @example
 *  tensor([1, 2, 3, 4]).std(); // tensor(1.2910)
 *  tensor([1, 2, 3, 4]).std({ correction: 0 }); // tensor(1.1180) */
export function std(input: Tensor, options?: { dim?: number | readonly number[] | undefined; correction?: Scalar | undefined; keepdim?: boolean | undefined } | { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined }): Tensor;
export function std(input: Tensor, options?: { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; correction?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(1248, h(input)));
  const given = readOptions('std', OPTIONS_97, options);
  if ((given & 9) === 1) return wrap(call(1249, h(input), options.dim, options.unbiased, options.keepdim));
  if ((given & 2) === 0) return wrap(call(1248, h(input), options.dim, options.correction, options.keepdim));
  if ((given & 13) === 0) return wrap(call(1247, h(input), options.unbiased));
  if ((given & 8) === 0) return wrap(call(1249, h(input), options.dim, options.unbiased, options.keepdim));
  throw unfit('std', 'std(input: Tensor, { dim?, unbiased?, keepdim? }) or std(input: Tensor, { dim?, correction?, keepdim? }) or std(input: Tensor, { unbiased? })', [input, options]);
}

/** Standard deviation and mean in one pass.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `std_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)`
 *  `std_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)`
 *  `std_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.std_mean.html
 *  @example
 *  stdMean(tensor([1, 2, 3])); // [tensor(1.), tensor(2.)] */
export function stdMean(input: Tensor, options?: { dim?: number | readonly number[] | undefined; correction?: Scalar | undefined; keepdim?: boolean | undefined } | { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined }): readonly [Tensor, Tensor];
export function stdMean(input: Tensor, options?: { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; correction?: Scalar | undefined }): readonly [Tensor, Tensor] {
  if (options === undefined) return wrapTuple<readonly [Tensor, Tensor]>(call(1251, h(input)));
  const given = readOptions('stdMean', OPTIONS_97, options);
  if ((given & 9) === 1) return wrapTuple<readonly [Tensor, Tensor]>(call(1252, h(input), options.dim, options.unbiased, options.keepdim));
  if ((given & 2) === 0) return wrapTuple<readonly [Tensor, Tensor]>(call(1251, h(input), options.dim, options.correction, options.keepdim));
  if ((given & 13) === 0) return wrapTuple<readonly [Tensor, Tensor]>(call(1250, h(input), options.unbiased));
  if ((given & 8) === 0) return wrapTuple<readonly [Tensor, Tensor]>(call(1252, h(input), options.dim, options.unbiased, options.keepdim));
  throw unfit('stdMean', 'stdMean(input: Tensor, { dim?, unbiased?, keepdim? }) or stdMean(input: Tensor, { dim?, correction?, keepdim? }) or stdMean(input: Tensor, { unbiased? })', [input, options]);
}

/** The Fourier transforms of windows of `nFft` elements, `hopLength` apart: frequencies by time.
 *
 *  `stft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor`
 *  `stft.center(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool center=True, str pad_mode="reflect", bool normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.stft.html
 *  @example
 *  ones([8]).stft(4, { window: ones([4]), hopLength: 4, returnComplex: true }).abs(); // tensor([[4., 4.], [0., 0.], [0., 0.]]) */
export function stft(input: Tensor, nFft: number, options?: { hopLength?: number | undefined; winLength?: number | undefined; window?: Tensor | undefined; center?: boolean | undefined; padMode?: string | undefined; normalized?: boolean | undefined; onesided?: boolean | undefined; returnComplex?: boolean | undefined; alignToWindow?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1253, h(input), nFft));
  const given = readOptions('stft', OPTIONS_98, options);
  if ((given & 384) === 0) return wrap(call(1253, h(input), nFft, options.hopLength, options.winLength, h(options.window), options.normalized, options.onesided, options.returnComplex, options.alignToWindow));
  return wrap(call(1254, h(input), nFft, options.hopLength, options.winLength, h(options.window), options.center, options.padMode, options.normalized, options.onesided, options.returnComplex, options.alignToWindow));
}

/** Takes `other`, multiplied by `alpha`, away from each element.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
 *  `sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sub.html
 *  @example
 *  tensor([5, 7]).sub(1); // tensor([4., 6.]) */
export function sub(input: Tensor | Scalar, other: Tensor, options?: { alpha?: Scalar | undefined }): Tensor;
export function sub(input: Tensor, other: Scalar, options?: { alpha?: Scalar | undefined }): Tensor;
export function sub(input: Tensor | Scalar, other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) {
    if (typeof other === 'object') return wrap(call(1257, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other)));
    if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1256, h(input), other));
    throw unfit('sub', 'sub(input: Tensor | Scalar, other: Tensor, { alpha? }) or sub(input: Tensor, other: Scalar, { alpha? })', [input, other]);
  }
  readOptions('sub', OPTIONS_0, options);
  if (typeof other === 'object') return wrap(call(1257, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other), options.alpha));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1256, h(input), other, options.alpha));
  throw unfit('sub', 'sub(input: Tensor | Scalar, other: Tensor, { alpha? }) or sub(input: Tensor, other: Scalar, { alpha? })', [input, other, options]);
}

/** Another name of `sub`. Takes `other`, multiplied by `alpha`, away from each element.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `subtract.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`
 *  `subtract.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.subtract.html
 *  @example
 *  tensor([5, 7]).subtract(1); // tensor([4., 6.]) */
export function subtract(input: Tensor, other: Tensor | Scalar, options?: { alpha?: Scalar | undefined }): Tensor {
  if (options === undefined) {
    if (typeof other === 'object') return wrap(call(1261, h(input), h(other)));
    return wrap(call(1260, h(input), other));
  }
  readOptions('subtract', OPTIONS_0, options);
  if (typeof other === 'object') return wrap(call(1261, h(input), h(other), options.alpha));
  return wrap(call(1260, h(input), other, options.alpha));
}

/** Adds up all elements, or those along `dim`.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `sum(Tensor self, *, ScalarType? dtype=None) -> Tensor`
 *  `sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.sum.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).sum(); // tensor(10.)
 *  tensor([[1, 2], [3, 4]]).sum({ dim: 0 }); // tensor([4., 6.]) */
export function sum(input: Tensor, options?: { dim?: number | readonly number[] | undefined; keepdim?: boolean | undefined; dtype?: DType | undefined }): Tensor {
  if (options === undefined) return wrap(call(1264, h(input)));
  const given = readOptions('sum', OPTIONS_68, options);
  if ((given & 6) === 0) return wrap(call(1264, h(input), options.dtype && dtypeCode(options.dtype)));
  return wrap(call(1265, h(input), options.dim, options.keepdim, options.dtype && dtypeCode(options.dtype)));
}

/** U, S and V (not its transpose), whose product U S V^H is the matrix; `linalg.svd` is its successor.
 *  Shape: [*, N, M] -> [*, N, K], [*, K], [*, M, K], where K = min(N, M).
 *
 *  `svd(Tensor self, bool some=True, bool compute_uv=True) -> (Tensor U, Tensor S, Tensor V)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.svd.html
 *  @example
 *  tensor([[0.5, 0], [0, 0.25]]).svd()[1]; // tensor([0.5000, 0.2500]) */
export function svd(input: Tensor, options?: { some?: boolean | undefined; computeUv?: boolean | undefined }): readonly [U: Tensor, S: Tensor, V: Tensor] {
  if (options === undefined) return wrapTuple<readonly [U: Tensor, S: Tensor, V: Tensor]>(call(1267, h(input)));
  readOptions('svd', OPTIONS_99, options);
  return wrapTuple<readonly [U: Tensor, S: Tensor, V: Tensor]>(call(1267, h(input), options.some, options.computeUv));
}

/** Another name of `transpose`. Exchanges two dimensions, as a view.
 *  Shape: the input, with two sizes exchanged.
 *
 *  `swapaxes(Tensor(a) self, int axis0, int axis1) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.swapaxes.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).swapaxes(0, 1); // tensor([[1., 3.], [2., 4.]]) */
export function swapaxes(input: Tensor, axis0: number, axis1: number): Tensor {
  return wrap(call(1268, h(input), axis0, axis1));
}

/** Another name of `transpose`. Exchanges two dimensions, as a view.
 *  Shape: the input, with two sizes exchanged.
 *
 *  `swapdims(Tensor(a) self, int dim0, int dim1) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.swapdims.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).swapdims(0, 1); // tensor([[1., 3.], [2., 4.]]) */
export function swapdims(input: Tensor, dim0: number, dim1: number): Tensor {
  return wrap(call(1270, h(input), dim0, dim1));
}

/** A matrix with rows and columns exchanged, as a view; a vector stays as it is.
 *  Shape: [N, M] -> [M, N].
 *
 *  `t(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.t.html
 *  @example
 *  zeros([2, 3]).t().shape; // [3, 2] */
export function t(input: Tensor): Tensor {
  return wrap(call(1272, h(input)));
}

/** A copy of a matrix with rows and columns exchanged.
 *
 *  `t_copy(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.t_copy.html
 *  @example
 *  tCopy(tensor([[1, 2]])); // tensor([[1.], [2.]]) */
export function tCopy(input: Tensor): Tensor {
  return wrap(call(1274, h(input)));
}

/** Elements by their place in the flattened tensor.
 *  Shape: that of `index`.
 *
 *  `take(Tensor self, Tensor index) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.take.html
 *  @example
 *  tensor([[10, 20], [30, 40]]).take(tensor([0n, 3n])); // tensor([10., 40.]) */
export function take(input: Tensor, index: Tensor): Tensor {
  return wrap(call(1275, h(input), h(index)));
}

/** Elements by their place along `dim`, as `argsort` and `argmax` give them.
 *  Shape: that of `indices`.
 *
 *  `take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.take_along_dim.html
 *  @example
 *  const x = tensor([[30, 10], [5, 20]]);
 *  x.takeAlongDim(x.argsort({ dim: 1 }), { dim: 1 }); // tensor([[10., 30.], [ 5., 20.]]) */
export function takeAlongDim(input: Tensor, indices: Tensor, options?: { dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1276, h(input), h(indices)));
  readOptions('takeAlongDim', OPTIONS_17, options);
  return wrap(call(1276, h(input), h(indices), options.dim));
}

/** The tangent of each angle, in radians.
 *  Shape: any, unchanged.
 *
 *  `tan(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.tan.html
 *  @example
 *  tensor([0, 1]).tan(); // tensor([0.0000, 1.5574]) */
export function tan(input: Tensor): Tensor {
  return wrap(call(1277, h(input)));
}

/** The tangent of each angle, in radians. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `tan_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).tan_(); // tensor([0.0000, 1.5574]) */
export function tan_(input: Tensor): Tensor {
  call(1278, h(input));
  return input;
}

/** Squeezes each element between -1 and 1: the hyperbolic tangent.
 *  Shape: any, unchanged.
 *
 *  `tanh(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.tanh.html
 *  @example
 *  tensor([0, 1]).tanh(); // tensor([0.0000, 0.7616]) */
export function tanh(input: Tensor): Tensor {
  return wrap(call(1279, h(input)));
}

/** Squeezes each element between -1 and 1: the hyperbolic tangent. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `tanh_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([0, 1]).tanh_(); // tensor([0.0000, 0.7616]) */
export function tanh_(input: Tensor): Tensor {
  call(1280, h(input));
  return input;
}

/** Views of the tensor in exactly that many pieces, or cut at the indices given.
 *  Shape: each the input, with the length of its piece at `dim`.
 *
 *  `tensor_split.tensor_indices_or_sections(Tensor(a -> *) self, Tensor tensor_indices_or_sections, int dim=0) -> Tensor(a)[]`
 *  `tensor_split.sections(Tensor(a -> *) self, int sections, int dim=0) -> Tensor(a)[]`
 *  `tensor_split.indices(Tensor(a -> *) self, int[] indices, int dim=0) -> Tensor(a)[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.tensor_split.html
 *  @example
 *  arange(5).tensorSplit(3); // [tensor([0, 1]), tensor([2, 3]), tensor([4])]
 *  arange(5).tensorSplit([1, 3]); // [tensor([0]), tensor([1, 2]), tensor([3, 4])] */
export function tensorSplit(input: Tensor, sectionsOrIndices: Tensor | number | readonly number[], options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) {
    if (isTensor(sectionsOrIndices)) return wrapAll(call(1283, h(input), h(sectionsOrIndices)));
    if (typeof sectionsOrIndices !== 'object') return wrapAll(call(1282, h(input), sectionsOrIndices));
    return wrapAll(call(1281, h(input), sectionsOrIndices));
  }
  readOptions('tensorSplit', OPTIONS_17, options);
  if (isTensor(sectionsOrIndices)) return wrapAll(call(1283, h(input), h(sectionsOrIndices), options.dim));
  if (typeof sectionsOrIndices !== 'object') return wrapAll(call(1282, h(input), sectionsOrIndices, options.dim));
  return wrapAll(call(1281, h(input), sectionsOrIndices, options.dim));
}

/** The element where it is above `threshold`, else `value`.
 *  Shape: any, unchanged.
 *
 *  `threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.threshold.html
 *  @example
 *  threshold(tensor([1, 5]), 2, -1); // tensor([-1.,  5.]) */
export function threshold(input: Tensor, threshold: Scalar, value: Scalar): Tensor {
  return wrap(call(1286, h(input), threshold, value));
}

/** The element where it is above `threshold`, else `value`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `threshold_(Tensor(a!) self, Scalar threshold, Scalar value) -> Tensor(a!)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.threshold_.html
 *  @example
 *  threshold_(tensor([1, 5]), 2, -1); // tensor([-1.,  5.]) */
export function threshold_(input: Tensor, threshold: Scalar, value: Scalar): Tensor {
  call(1287, h(input), threshold, value);
  return input;
}

/** Copies the tensor that often along its last dimensions.
 *  Shape: each size times its count; of counts and sizes, the shorter list is filled up with ones in front.
 *
 *  `tile(Tensor self, int[] dims) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.tile.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).tile([2]); // tensor([[1., 2., 1., 2.], [3., 4., 3., 4.]]) */
export function tile(input: Tensor, dims: readonly number[]): Tensor {
  return wrap(call(1288, h(input), dims));
}

/** The `k` largest elements along `dim` (default the last), or the smallest with `largest: false`, and where they are.
 *  Shape: values and indices: the input, with `k` at `dim`.
 *
 *  `topk(Tensor self, int k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor indices)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.topk.html
 *  @example
 *  tensor([10, 40, 20]).topk(2); // [tensor([40., 20.]), tensor([1, 2])] */
export function topk(input: Tensor, k: number, options?: { dim?: number | undefined; largest?: boolean | undefined; sorted?: boolean | undefined }): readonly [values: Tensor, indices: Tensor] {
  if (options === undefined) return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1302, h(input), k));
  readOptions('topk', OPTIONS_100, options);
  return wrapTuple<readonly [values: Tensor, indices: Tensor]>(call(1302, h(input), k, options.dim, options.largest, options.sorted));
}

/** The sum of the diagonal.
 *  Shape: [N, M] -> [].
 *
 *  `trace(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.trace.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).trace(); // tensor(5.) */
export function trace(input: Tensor): Tensor {
  return wrap(call(1303, h(input)));
}

/** Exchanges two dimensions, as a view.
 *  Shape: the input, with two sizes exchanged.
 *
 *  `transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.transpose.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).transpose(0, 1); // tensor([[1., 3.], [2., 4.]]) */
export function transpose(input: Tensor, dim0: number, dim1: number): Tensor {
  return wrap(call(1304, h(input), dim0, dim1));
}

/** A copy with two dimensions exchanged.
 *
 *  `transpose_copy.int(Tensor self, int dim0, int dim1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.transpose_copy.html
 *  @example
 *  transposeCopy(tensor([[1, 2]]), 0, 1); // tensor([[1.], [2.]]) */
export function transposeCopy(input: Tensor, dim0: number, dim1: number): Tensor {
  return wrap(call(1306, h(input), dim0, dim1));
}

/** The area below the line through points at distance `dx`, or at the places `x`.
 *  Shape: the input without `dim` (default the last).
 *
 *  `trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor`
 *  `trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.trapezoid.html
 *  @example
 *  trapezoid(tensor([1, 2, 3])); // tensor(4.)
 *  trapezoid(tensor([1, 2, 3]), { x: tensor([0, 1, 3]) }); // tensor(6.5000) */
export function trapezoid(y: Tensor, options?: { dx?: Scalar | undefined; dim?: number | undefined } | { x: Tensor; dim?: number | undefined }): Tensor;
export function trapezoid(y: Tensor, options?: { x?: Tensor | undefined; dim?: number | undefined; dx?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(1307, h(y)));
  const given = readOptions('trapezoid', OPTIONS_31, options);
  if ((given & 5) === 1) return wrap(call(1308, h(y), h(options.x), options.dim));
  if ((given & 1) === 0) return wrap(call(1307, h(y), options.dx, options.dim));
  throw unfit('trapezoid', 'trapezoid(y: Tensor, { x, dim? }) or trapezoid(y: Tensor, { dx?, dim? })', [y, options]);
}

/** Another name of `trapezoid`. The area below the line through points at distance `dx`, or at the places `x`.
 *  Shape: the input without `dim` (default the last).
 *
 *  `trapz.dx(Tensor y, *, float dx=1., int dim=-1) -> Tensor`
 *  `trapz.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.trapz.html
 *  @example
 *  trapz(tensor([1, 2, 3])); // tensor(4.)
 *  trapz(tensor([1, 2, 3]), { x: tensor([0, 1, 3]) }); // tensor(6.5000) */
export function trapz(y: Tensor, options?: { dx?: number | undefined; dim?: number | undefined } | { x: Tensor; dim?: number | undefined }): Tensor;
export function trapz(y: Tensor, options?: { dx?: number | undefined; dim?: number | undefined; x?: Tensor | undefined }): Tensor {
  if (options === undefined) return wrap(call(1309, h(y)));
  const given = readOptions('trapz', OPTIONS_101, options);
  if ((given & 4) === 0) return wrap(call(1309, h(y), options.dx, options.dim));
  if ((given & 5) === 4) return wrap(call(1310, h(y), h(options.x), options.dim));
  throw unfit('trapz', 'trapz(y: Tensor, { dx?, dim? }) or trapz(y: Tensor, { x, dim? })', [y, options]);
}

/** The X for which A X is the input, where A is a triangle; `linalg.solveTriangular` is its successor.
 *
 *  `triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False) -> (Tensor solution, Tensor cloned_coefficient)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.triangular_solve.html
 *  @example
 *  tensor([[8], [8]]).triangularSolve(tensor([[2, 1], [0, 4]]))[0]; // tensor([[3.], [2.]]) */
export function triangularSolve(input: Tensor, A: Tensor, options?: { upper?: boolean | undefined; transpose?: boolean | undefined; unitriangular?: boolean | undefined }): readonly [solution: Tensor, clonedCoefficient: Tensor] {
  if (options === undefined) return wrapTuple<readonly [solution: Tensor, clonedCoefficient: Tensor]>(call(1311, h(input), h(A)));
  readOptions('triangularSolve', OPTIONS_102, options);
  return wrapTuple<readonly [solution: Tensor, clonedCoefficient: Tensor]>(call(1311, h(input), h(A), options.upper, options.transpose, options.unitriangular));
}

/** The lower triangle; above the diagonal, zeros.
 *  Shape: [*, N, M], unchanged.
 *
 *  `tril(Tensor self, int diagonal=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.tril.html
 *  @example
 *  ones([2, 3]).tril(); // tensor([[1., 0., 0.], [1., 1., 0.]]) */
export function tril(input: Tensor, options?: { diagonal?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1312, h(input)));
  readOptions('tril', OPTIONS_32, options);
  return wrap(call(1312, h(input), options.diagonal));
}

/** The places of a lower triangle: rows, then columns.
 *  Shape: [2, number of places].
 *
 *  `tril_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.tril_indices.html
 *  @example
 *  trilIndices(2, 2); // tensor([[0, 1, 1], [0, 0, 1]]) */
export function trilIndices(row: number, col: number, options?: { offset?: number | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1314, row, col));
  readOptions('trilIndices', OPTIONS_103, options);
  return tracked(wrap(call(1314, row, col, options.offset, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
}

/** How much nearer than by `margin` the negative is to the anchor than the positive.
 *  Shape: [*, D], [*, D], [*, D] -> [].
 *
 *  `triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1., float p=2., float eps=9.9999999999999995e-07, bool swap=False, int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.triplet_margin_loss.html
 *  @example
 *  tripletMarginLoss(tensor([[0, 0]]), tensor([[0, 3]]), tensor([[0, 3]])); // tensor(1.) */
export function tripletMarginLoss(anchor: Tensor, positive: Tensor, negative: Tensor, options?: { margin?: number | undefined; p?: number | undefined; eps?: number | undefined; swap?: boolean | undefined; reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1315, h(anchor), h(positive), h(negative)));
  readOptions('tripletMarginLoss', OPTIONS_104, options);
  return wrap(call(1315, h(anchor), h(positive), h(negative), options.margin, options.p, options.eps, options.swap, options.reduction));
}

/** The upper triangle; below the diagonal, zeros.
 *  Shape: [*, N, M], unchanged.
 *
 *  `triu(Tensor self, int diagonal=0) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.triu.html
 *  @example
 *  ones([2, 3]).triu(); // tensor([[1., 1., 1.], [0., 1., 1.]]) */
export function triu(input: Tensor, options?: { diagonal?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1316, h(input)));
  readOptions('triu', OPTIONS_32, options);
  return wrap(call(1316, h(input), options.diagonal));
}

/** The places of an upper triangle: rows, then columns.
 *  Shape: [2, number of places].
 *
 *  `triu_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.triu_indices.html
 *  @example
 *  triuIndices(2, 2); // tensor([[0, 0, 1], [0, 1, 1]]) */
export function triuIndices(row: number, col: number, options?: { offset?: number | undefined; dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1318, row, col));
  readOptions('triuIndices', OPTIONS_103, options);
  return tracked(wrap(call(1318, row, col, options.offset, options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory)), options.requiresGrad);
}

/** Divides each element by `other`; what `div` does without options.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `true_divide.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `true_divide.Scalar(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.true_divide.html
 *  @example
 *  tensor([1, 3]).trueDivide(2); // tensor([0.5000, 1.5000]) */
export function trueDivide(input: Tensor | Scalar, other: Tensor): Tensor;
export function trueDivide(input: Tensor, other: Scalar): Tensor;
export function trueDivide(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') return wrap(call(1320, h(typeof input === 'object' ? input : wrapNumber(input, other)), h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1319, h(input), other));
  throw unfit('trueDivide', 'trueDivide(input: Tensor | Scalar, other: Tensor) or trueDivide(input: Tensor, other: Scalar)', [input, other]);
}

/** Drops what is behind the decimal point.
 *  Shape: any, unchanged.
 *
 *  `trunc(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.trunc.html
 *  @example
 *  tensor([1.7, -1.7]).trunc(); // tensor([ 1., -1.]) */
export function trunc(input: Tensor): Tensor {
  return wrap(call(1323, h(input)));
}

/** Drops what is behind the decimal point. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `trunc_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  tensor([1.7, -1.7]).trunc_(); // tensor([ 1., -1.]) */
export function trunc_(input: Tensor): Tensor {
  call(1324, h(input));
  return input;
}

/** The slices along `dim` (default 0), as views without that dimension.
 *  Shape: each the input without `dim`.
 *
 *  `unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.unbind.html
 *  @example
 *  tensor([[1, 2], [3, 4]]).unbind(); // [tensor([1., 2.]), tensor([3., 4.])] */
export function unbind(input: Tensor, options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(1326, h(input)));
  readOptions('unbind', OPTIONS_17, options);
  return wrapAll(call(1326, h(input), options.dim));
}

/** Copies of the slices along `dim` (default 0), without that dimension.
 *
 *  `unbind_copy.int(Tensor self, int dim=0) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.unbind_copy.html
 *  @example
 *  unbindCopy(tensor([[1, 2], [3, 4]])); // [tensor([1., 2.]), tensor([3., 4.])] */
export function unbindCopy(input: Tensor, options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(1327, h(input)));
  readOptions('unbindCopy', OPTIONS_17, options);
  return wrapAll(call(1327, h(input), options.dim));
}

/** Makes several dimensions of one.
 *  Shape: the input, with `sizes` in place of `dim`.
 *
 *  `unflatten.int(Tensor(a) self, int dim, int[] sizes) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.unflatten.html
 *  @example
 *  zeros([2, 12]).unflatten(1, [3, 4]).shape; // [2, 3, 4] */
export function unflatten(input: Tensor, dim: number, sizes: readonly number[]): Tensor {
  return wrap(call(1328, h(input), dim, sizes));
}

/** Copies of windows of `size` elements, `step` apart, in a new last dimension.
 *
 *  `unfold_copy(Tensor self, int dimension, int size, int step) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.unfold_copy.html
 *  @example
 *  unfoldCopy(arange(4), 0, 3, 1); // tensor([[0, 1, 2], [1, 2, 3]]) */
export function unfoldCopy(input: Tensor, dimension: number, size: number, step: number): Tensor {
  return wrap(call(1331, h(input), dimension, size, step));
}

/** One of each run of equal elements; beside it the run that each element is in, and the runs' lengths, where asked for.
 *
 *  `unique_consecutive(Tensor self, bool return_inverse=False, bool return_counts=False, int? dim=None) -> (Tensor, Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.unique_consecutive.html
 *  @example
 *  const [values, runs, counts] = tensor([7, 7, 1, 7]).uniqueConsecutive({ returnInverse: true, returnCounts: true });
 *  [values, runs, counts]; // [tensor([7., 1., 7.]), tensor([0, 0, 1, 2]), tensor([2, 1, 1])] */
export function uniqueConsecutive(input: Tensor, options?: { returnInverse?: boolean | undefined; returnCounts?: boolean | undefined; dim?: number | undefined }): readonly [Tensor, Tensor, Tensor] {
  if (options === undefined) return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(1333, h(input)));
  readOptions('uniqueConsecutive', OPTIONS_105, options);
  return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(1333, h(input), options.returnInverse, options.returnCounts, options.dim));
}

/** The slices along `dim` without repetition, in order.
 *
 *  `unique_dim(Tensor self, int dim, bool sorted=True, bool return_inverse=False, bool return_counts=False) -> (Tensor, Tensor, Tensor)`
 *  @example
 *  uniqueDim(tensor([[2, 2], [1, 1], [2, 2]]), 0)[0]; // tensor([[1., 1.], [2., 2.]]) */
export function uniqueDim(input: Tensor, dim: number, options?: { sorted?: boolean | undefined; returnInverse?: boolean | undefined; returnCounts?: boolean | undefined }): readonly [Tensor, Tensor, Tensor] {
  if (options === undefined) return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(1334, h(input), dim));
  readOptions('uniqueDim', OPTIONS_106, options);
  return wrapTuple<readonly [Tensor, Tensor, Tensor]>(call(1334, h(input), dim, options.sorted, options.returnInverse, options.returnCounts));
}

/** `chunk` whose pieces may be changed in place while gradients are recorded, so long as the whole is not used again.
 *
 *  `unsafe_chunk(Tensor self, int chunks, int dim=0) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.unsafe_chunk.html
 *  @example
 *  arange(4).unsafeChunk(2); // [tensor([0, 1]), tensor([2, 3])] */
export function unsafeChunk(input: Tensor, chunks: number, options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(1335, h(input), chunks));
  readOptions('unsafeChunk', OPTIONS_17, options);
  return wrapAll(call(1335, h(input), chunks, options.dim));
}

/** `split` whose pieces may be changed in place while gradients are recorded, so long as the whole is not used again.
 *
 *  `unsafe_split.Tensor(Tensor self, int split_size, int dim=0) -> Tensor[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.unsafe_split.html
 *  @example
 *  arange(3).unsafeSplit(2); // [tensor([0, 1]), tensor([2])] */
export function unsafeSplit(input: Tensor, splitSize: number, options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(1336, h(input), splitSize));
  readOptions('unsafeSplit', OPTIONS_17, options);
  return wrapAll(call(1336, h(input), splitSize, options.dim));
}

/** `unsafe_split_with_sizes(Tensor self, int[] split_sizes, int dim=0) -> Tensor[]` */
export function unsafeSplitWithSizes(input: Tensor, splitSizes: readonly number[], options?: { dim?: number | undefined }): Tensor[] {
  if (options === undefined) return wrapAll(call(1337, h(input), splitSizes));
  readOptions('unsafeSplitWithSizes', OPTIONS_17, options);
  return wrapAll(call(1337, h(input), splitSizes, options.dim));
}

/** Puts in a dimension of size 1 at `dim`.
 *  Shape: the input, with size 1 put in at `dim`.
 *
 *  `unsqueeze(Tensor(a) self, int dim) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.unsqueeze.html
 *  @example
 *  tensor([1, 2]).unsqueeze(1); // tensor([[1.], [2.]]) */
export function unsqueeze(input: Tensor, dim: number): Tensor {
  return wrap(call(1338, h(input), dim));
}

/** A copy with a dimension of size 1 at `dim`.
 *
 *  `unsqueeze_copy(Tensor self, int dim) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.unsqueeze_copy.html
 *  @example
 *  unsqueezeCopy(tensor([1, 2]), 1); // tensor([[1.], [2.]]) */
export function unsqueezeCopy(input: Tensor, dim: number): Tensor {
  return wrap(call(1340, h(input), dim));
}

/** `values_copy(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.values_copy.html */
export function valuesCopy(input: Tensor): Tensor {
  return wrap(call(1356, h(input)));
}

/** The powers of each element in a row, from the highest down to 0.
 *  Shape: [N] -> [N, N], or [N, `N`] with that option.
 *
 *  `vander(Tensor x, int? N=None, bool increasing=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.vander.html
 *  @example
 *  vander(tensor([1, 2, 3])); // tensor([[1., 1., 1.], [4., 2., 1.], [9., 3., 1.]]) */
export function vander(x: Tensor, options?: { N?: number | undefined; increasing?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1357, h(x)));
  readOptions('vander', OPTIONS_107, options);
  return wrap(call(1357, h(x), options.N, options.increasing));
}

/** The variance. The sum of squares is divided by count - `correction`, default 1.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor`
 *  `var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor`
 *  `var(Tensor self, bool unbiased=True) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.var.html
 *  @example
 *  tensor([1, 2, 3, 4]).var(); // tensor(1.6667) */
function var_(input: Tensor, options?: { dim?: number | readonly number[] | undefined; correction?: Scalar | undefined; keepdim?: boolean | undefined } | { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined }): Tensor;
function var_(input: Tensor, options?: { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; correction?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(1359, h(input)));
  const given = readOptions('var', OPTIONS_97, options);
  if ((given & 9) === 1) return wrap(call(1360, h(input), options.dim, options.unbiased, options.keepdim));
  if ((given & 2) === 0) return wrap(call(1359, h(input), options.dim, options.correction, options.keepdim));
  if ((given & 13) === 0) return wrap(call(1358, h(input), options.unbiased));
  if ((given & 8) === 0) return wrap(call(1360, h(input), options.dim, options.unbiased, options.keepdim));
  throw unfit('var', 'var(input: Tensor, { dim?, unbiased?, keepdim? }) or var(input: Tensor, { dim?, correction?, keepdim? }) or var(input: Tensor, { unbiased? })', [input, options]);
}
export { var_ as var };

/** Variance and mean in one pass.
 *  Shape: [] for all elements; with `dim`, the input without it, or with size 1 there if `keepdim`.
 *
 *  `var_mean.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)`
 *  `var_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)`
 *  `var_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.var_mean.html
 *  @example
 *  varMean(tensor([1, 3, 5])); // [tensor(4.), tensor(3.)] */
export function varMean(input: Tensor, options?: { dim?: number | readonly number[] | undefined; correction?: Scalar | undefined; keepdim?: boolean | undefined } | { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined }): readonly [Tensor, Tensor];
export function varMean(input: Tensor, options?: { dim?: number | readonly number[] | undefined; unbiased?: boolean | undefined; keepdim?: boolean | undefined; correction?: Scalar | undefined }): readonly [Tensor, Tensor] {
  if (options === undefined) return wrapTuple<readonly [Tensor, Tensor]>(call(1362, h(input)));
  const given = readOptions('varMean', OPTIONS_97, options);
  if ((given & 9) === 1) return wrapTuple<readonly [Tensor, Tensor]>(call(1363, h(input), options.dim, options.unbiased, options.keepdim));
  if ((given & 2) === 0) return wrapTuple<readonly [Tensor, Tensor]>(call(1362, h(input), options.dim, options.correction, options.keepdim));
  if ((given & 13) === 0) return wrapTuple<readonly [Tensor, Tensor]>(call(1361, h(input), options.unbiased));
  if ((given & 8) === 0) return wrapTuple<readonly [Tensor, Tensor]>(call(1363, h(input), options.dim, options.unbiased, options.keepdim));
  throw unfit('varMean', 'varMean(input: Tensor, { dim?, unbiased?, keepdim? }) or varMean(input: Tensor, { dim?, correction?, keepdim? }) or varMean(input: Tensor, { unbiased? })', [input, options]);
}

/** The dot product with the first vector conjugated.
 *  Shape: [N], [N] -> [].
 *
 *  `vdot(Tensor self, Tensor other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.vdot.html
 *  @example
 *  const i = complex(tensor([0]), tensor([1]));
 *  i.vdot(i); // tensor(1.+0.j) */
export function vdot(input: Tensor, other: Tensor): Tensor {
  return wrap(call(1364, h(input), h(other)));
}

/** A tensor whose last dimension is 2 as complex numbers, as a view.
 *  Shape: [*, 2] -> [*].
 *
 *  `view_as_complex(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.view_as_complex.html
 *  @example
 *  viewAsComplex(tensor([[1, 2]])); // tensor([1.+2.j]) */
export function viewAsComplex(input: Tensor): Tensor {
  return wrap(call(1368, h(input)));
}

/** A copy of a tensor whose last dimension is 2 as complex numbers.
 *
 *  `view_as_complex_copy(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.view_as_complex_copy.html
 *  @example
 *  viewAsComplexCopy(tensor([[1, 2]])); // tensor([1.+2.j]) */
export function viewAsComplexCopy(input: Tensor): Tensor {
  return wrap(call(1369, h(input)));
}

/** A complex tensor as a real one whose last dimension of 2 holds real and imaginary part, as a view.
 *  Shape: [*] -> [*, 2].
 *
 *  `view_as_real(Tensor(a) self) -> Tensor(a)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.view_as_real.html
 *  @example
 *  viewAsReal(complex(tensor([1]), tensor([2]))); // tensor([[1., 2.]]) */
export function viewAsReal(input: Tensor): Tensor {
  return wrap(call(1370, h(input)));
}

/** A copy of a complex tensor as a real one whose last dimension of 2 holds real and imaginary part.
 *
 *  `view_as_real_copy(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.view_as_real_copy.html
 *  @example
 *  viewAsRealCopy(complex(tensor([1]), tensor([2]))); // tensor([[1., 2.]]) */
export function viewAsRealCopy(input: Tensor): Tensor {
  return wrap(call(1371, h(input)));
}

/** A copy under another shape, of which one size may be -1, or read as another dtype.
 *
 *  `view_copy.dtype(Tensor self, ScalarType dtype) -> Tensor`
 *  `view_copy(Tensor self, int[] size) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.view_copy.html
 *  @example
 *  viewCopy(arange(4), [2, -1]); // tensor([[0, 1], [2, 3]]) */
export function viewCopy(input: Tensor, dtypeOrSize: DType | readonly number[]): Tensor {
  if (typeof dtypeOrSize === 'string') return wrap(call(1373, h(input), dtypeCode(dtypeOrSize)));
  return wrap(call(1372, h(input), dtypeOrSize));
}

/** Cuts along dimension 0: into that many pieces, or at the indices given.
 *  Shape: each the input, with the length of its piece at dimension 0.
 *
 *  `vsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]`
 *  `vsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.vsplit.html
 *  @example
 *  arange(4).view([2, 2]).vsplit(2); // [tensor([[0, 1]]), tensor([[2, 3]])] */
export function vsplit(input: Tensor, sectionsOrIndices: number | readonly number[]): Tensor[] {
  if (typeof sectionsOrIndices !== 'object') return wrapAll(call(1375, h(input), sectionsOrIndices));
  return wrapAll(call(1374, h(input), sectionsOrIndices));
}

/** Joins tensors one below the other; vectors become rows.
 *  Shape: that of each input, a vector counting as [1, N], with their sizes at dimension 0 added up.
 *
 *  `vstack(Tensor[] tensors) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.vstack.html
 *  @example
 *  vstack([tensor([1, 2]), tensor([3, 4])]); // tensor([[1., 2.], [3., 4.]]) */
export function vstack(tensors: readonly Tensor[]): Tensor {
  return wrap(call(1376, handles(tensors)));
}

/** The input where the condition is true, and `other` elsewhere.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `where.self(Tensor condition, Tensor self, Tensor other) -> Tensor`
 *  `where.ScalarSelf(Tensor condition, Scalar self, Tensor other) -> Tensor`
 *  `where.ScalarOther(Tensor condition, Tensor self, Scalar other) -> Tensor`
 *  `where.Scalar(Tensor condition, Scalar self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.where.html
 *  @example
 *  const x = tensor([-1, 2, -3]);
 *  x.where(x.gt(0), 0); // tensor([0., 2., 0.])
 *  where(x.gt(0), 1, x); // tensor([-1.,  1., -3.]) */
export function where(condition: Tensor, input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(1380, h(condition), h(input), h(other)));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(1379, h(condition), input, h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1378, h(condition), h(input), other));
  if (typeof input !== 'object' && typeof other !== 'object') return wrap(call(1377, h(condition), input, other));
  throw unfit('where', 'where(condition: Tensor, input: Tensor, other: Tensor) or where(condition: Tensor, input: Scalar, other: Tensor) or where(condition: Tensor, input: Tensor, other: Scalar) or where(condition: Tensor, input: Scalar, other: Scalar)', [condition, input, other]);
}

/** `x * log(other)`, which is 0 where x is 0.
 *  Shape: those of the inputs, broadcast together.
 *
 *  `xlogy.Tensor(Tensor self, Tensor other) -> Tensor`
 *  `xlogy.Scalar_Self(Scalar self, Tensor other) -> Tensor`
 *  `xlogy.Scalar_Other(Tensor self, Scalar other) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.xlogy.html
 *  @example
 *  tensor([0, 2]).xlogy(tensor([0, 10])); // tensor([0.0000, 4.6052]) */
export function xlogy(input: Tensor | Scalar, other: Tensor): Tensor;
export function xlogy(input: Tensor, other: Scalar): Tensor;
export function xlogy(input: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  if (typeof input === 'object' && typeof other === 'object') return wrap(call(1383, h(input), h(other)));
  if (typeof input !== 'object' && typeof other === 'object') return wrap(call(1382, input, h(other)));
  if (typeof input === 'object' && typeof other !== 'object') return wrap(call(1381, h(input), other));
  throw unfit('xlogy', 'xlogy(input: Tensor, other: Tensor) or xlogy(input: Scalar, other: Tensor) or xlogy(input: Tensor, other: Scalar)', [input, other]);
}

/** `x * log(other)`, which is 0 where x is 0. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged; the others broadcast to it.
 *
 *  `xlogy_.Tensor(Tensor(a!) self, Tensor other) -> Tensor(a!)`
 *  `xlogy_.Scalar_Other(Tensor(a!) self, Scalar other) -> Tensor(a!)`
 *  @example
 *  tensor([0, 2]).xlogy_(tensor([0, 10])); // tensor([0.0000, 4.6052]) */
export function xlogy_(input: Tensor, other: Tensor | Scalar): Tensor {
  if (typeof other === 'object') { call(1385, h(input), h(other)); return input; }
  call(1384, h(input), other);
  return input;
}

/** Puts 0 everywhere, in place.
 *  Shape: any, unchanged.
 *
 *  `zero_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  ones([3]).zero_(); // tensor([0., 0., 0.]) */
export function zero_(input: Tensor): Tensor {
  call(1386, h(input));
  return input;
}

/** Zeros in the shape, dtype and place of another tensor.
 *  Shape: any, unchanged.
 *
 *  `zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None, MemoryFormat? memory_format=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.zeros_like.html
 *  @example
 *  zerosLike(tensor([[1, 2]])); // tensor([[0., 0.]]) */
export function zerosLike(input: Tensor, options?: { dtype?: DType | undefined; layout?: Layout | undefined; device?: Device | undefined; pinMemory?: boolean | undefined; memoryFormat?: MemoryFormat | undefined; requiresGrad?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1388, h(input)));
  readOptions('zerosLike', OPTIONS_41, options);
  return tracked(wrap(call(1388, h(input), options.dtype && dtypeCode(options.dtype), options.layout && layoutCode(options.layout), options.device && deviceCode(options.device), options.pinMemory, options.memoryFormat && memoryFormatCode(options.memoryFormat))), options.requiresGrad);
}
