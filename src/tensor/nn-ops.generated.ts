// The operators behind torch.nn.functional. Made by scripts/generate-operators.mjs from operators.facts.json; change those, then run `npm run generate`.

import type { Scalar } from './arguments.ts';
import { isList, readOptions, unfit } from './arguments.ts';
import { call, h, handles, wrap, wrapAll, wrapTuple } from './call.ts';
import type { Generator } from './generator.ts';
import type { Tensor } from './tensor.ts';

const OPTIONS_0: readonly string[] = ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride'];
const OPTIONS_1: readonly string[] = ['weight', 'reduction'];
const OPTIONS_2: readonly string[] = ['weight', 'reduction', 'ignoreIndex', 'labelSmoothing'];
const OPTIONS_3: readonly string[] = ['alpha', 'scale', 'inputScale'];
const OPTIONS_4: readonly string[] = ['approximate'];
const OPTIONS_5: readonly string[] = ['dim'];
const OPTIONS_6: readonly string[] = ['minVal', 'maxVal'];
const OPTIONS_7: readonly string[] = ['reduction', 'delta'];
const OPTIONS_8: readonly string[] = ['reduction'];
const OPTIONS_9: readonly string[] = ['negativeSlope'];
const OPTIONS_10: readonly string[] = ['bias'];
const OPTIONS_11: readonly string[] = ['stride', 'padding', 'dilation', 'ceilMode'];
const OPTIONS_12: readonly string[] = ['p', 'margin', 'weight', 'reduction'];
const OPTIONS_13: readonly string[] = ['weight', 'reduction', 'ignoreIndex'];
const OPTIONS_14: readonly string[] = ['numClasses'];
const OPTIONS_15: readonly string[] = ['mode', 'value'];
const OPTIONS_16: readonly string[] = ['batchFirst', 'paddingValue', 'paddingSide'];
const OPTIONS_17: readonly string[] = ['lower', 'upper', 'training', 'generator'];
const OPTIONS_18: readonly string[] = ['attnMask', 'dropoutP', 'isCausal', 'scale', 'enableGqa'];
const OPTIONS_19: readonly string[] = ['bias', 'stride', 'padding'];
const OPTIONS_20: readonly string[] = ['bias', 'stride', 'padding', 'dilation'];
const OPTIONS_21: readonly string[] = ['bias', 'stride', 'padding', 'outputPadding', 'dilation'];
const OPTIONS_22: readonly string[] = ['reduction', 'beta'];
const OPTIONS_23: readonly string[] = ['beta', 'threshold'];
const OPTIONS_24: readonly string[] = ['lambd'];
const OPTIONS_25: readonly string[] = ['scalesH', 'scalesW', 'scaleFactors'];
const OPTIONS_26: readonly string[] = ['scales', 'scaleFactors'];
const OPTIONS_27: readonly string[] = ['scalesD', 'scalesH', 'scalesW', 'scaleFactors'];

/** Averages over as many windows as the result is to have pixels: pictures of any size come out alike.
 *  Shape: [*, H, W] -> [*, ...outputSize].
 *
 *  `adaptive_avg_pool2d(Tensor self, int[2] output_size) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_avg_pool2d.html
 *  @example
 *  nn.functional.adaptiveAvgPool2d(rand([8, 16, 7, 9]), [1, 1]).shape; // [8, 16, 1, 1] */
export function adaptiveAvgPool2d(input: Tensor, outputSize: number | readonly number[]): Tensor {
  return wrap(call(188, h(input), outputSize));
}

/** Averages over as many windows as the result is to have voxels.
 *  Shape: [*, D, H, W] -> [*, ...outputSize].
 *
 *  `adaptive_avg_pool3d(Tensor self, int[3] output_size) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_avg_pool3d.html
 *  @example
 *  nn.functional.adaptiveAvgPool3d(ones([1, 4, 4, 4]), 1).flatten(); // tensor([1.]) */
export function adaptiveAvgPool3d(input: Tensor, outputSize: number | readonly number[]): Tensor {
  return wrap(call(189, h(input), outputSize));
}

/** The largest elements of as many windows as the result is to have pixels, and where they are.
 *  Shape: [*, H, W] -> values and indices [*, ...outputSize].
 *
 *  `adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_max_pool2d.html
 *  @example
 *  nn.functional.adaptiveMaxPool2d(tensor([[[1, 2], [9, 4]]]), 1); // [tensor([[[9.]]]), tensor([[[2]]])] */
export function adaptiveMaxPool2d(input: Tensor, outputSize: number | readonly number[]): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(191, h(input), outputSize));
}

/** The largest elements of as many windows as the result is to have voxels, and where they are.
 *  Shape: [*, D, H, W] -> values and indices [*, ...outputSize].
 *
 *  `adaptive_max_pool3d(Tensor self, int[3] output_size) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.adaptive_max_pool3d.html
 *  @example
 *  nn.functional.adaptiveMaxPool3d(rand([1, 4, 6, 8]), 2)[0].shape; // [1, 2, 2, 2] */
export function adaptiveMaxPool3d(input: Tensor, outputSize: number | readonly number[]): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(192, h(input), outputSize));
}

/** The average of each window of a picture; `stride` is the window's size unless given.
 *  Shape: [*, H, W] -> [*, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; `ceilMode` rounds up, if the last window begins inside.
 *
 *  `avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.avg_pool2d.html
 *  @example
 *  nn.functional.avgPool2d(tensor([[[1, 2], [3, 6]]]), 2); // tensor([[[3.]]]) */
export function avgPool2d(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; ceilMode?: boolean | undefined; countIncludePad?: boolean | undefined; divisorOverride?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(270, h(input), kernelSize));
  readOptions('avgPool2d', OPTIONS_0, options);
  return wrap(call(270, h(input), kernelSize, options.stride, options.padding, options.ceilMode, options.countIncludePad, options.divisorOverride));
}

/** The average of each window of a volume; `stride` is the window's size unless given.
 *  Shape: [*, D, H, W] -> [*, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; `ceilMode` rounds up, if the last window begins inside.
 *
 *  `avg_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.avg_pool3d.html
 *  @example
 *  nn.functional.avgPool3d(ones([1, 4, 4, 4]), 2).shape; // [1, 2, 2, 2] */
export function avgPool3d(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; ceilMode?: boolean | undefined; countIncludePad?: boolean | undefined; divisorOverride?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(271, h(input), kernelSize));
  readOptions('avgPool3d', OPTIONS_0, options);
  return wrap(call(271, h(input), kernelSize, options.stride, options.padding, options.ceilMode, options.countIncludePad, options.divisorOverride));
}

/** Minus the logarithm of the chance given to what happened; the input is a chance.
 *  Shape: two of one shape -> []; unchanged where `reduction` is 0.
 *
 *  `binary_cross_entropy(Tensor self, Tensor target, Tensor? weight=None, int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.binary_cross_entropy.html
 *  @example
 *  nn.functional.binaryCrossEntropy(tensor([0.5]), tensor([1])); // tensor(0.6931) */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options?: { weight?: Tensor | undefined; reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(288, h(input), h(target)));
  readOptions('binaryCrossEntropy', OPTIONS_1, options);
  return wrap(call(288, h(input), h(target), h(options.weight), options.reduction));
}

/** Adds windows up to a picture; PyTorch's `fold`.
 *  Shape: [N, C * product of kernel, number of windows] -> [N, C, ...outputSize].
 *
 *  `col2im(Tensor self, int[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor`
 *  @example
 *  nn.functional.col2im(ones([2, 2]), [1, 3], [1, 2], 1, 0, 1); // tensor([[[1., 2., 1.]]]) */
export function col2im(input: Tensor, outputSize: number | readonly number[], kernelSize: number | readonly number[], dilation: number | readonly number[], padding: number | readonly number[], stride: number | readonly number[]): Tensor {
  return wrap(call(365, h(input), outputSize, kernelSize, dilation, padding, stride));
}

/** `conv_depthwise3d(Tensor self, Tensor weight, int[3] kernel_size, Tensor? bias, int[3] stride, int[3] padding, int[3] dilation) -> Tensor` */
export function convDepthwise3d(input: Tensor, weight: Tensor, kernelSize: number | readonly number[], bias: Tensor | undefined, stride: number | readonly number[], padding: number | readonly number[], dilation: number | readonly number[]): Tensor {
  return wrap(call(384, h(input), h(weight), kernelSize, h(bias), stride, padding, dilation));
}

/** Minus the logarithm of the share that `softmax` gives the right class; targets are classes, or shares of all classes.
 *  Shape: [N, C, *], classes [N, *] or shares [N, C, *] -> []; [N, *] where `reduction` is 0.
 *
 *  `cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, int ignore_index=-100, float label_smoothing=0.) -> Tensor`
 *  @example
 *  nn.functional.crossEntropyLoss(tensor([[0, 0]]), tensor([1n])); // tensor(0.6931) */
export function crossEntropyLoss(input: Tensor, target: Tensor, options?: { weight?: Tensor | undefined; reduction?: number | undefined; ignoreIndex?: number | undefined; labelSmoothing?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(406, h(input), h(target)));
  readOptions('crossEntropyLoss', OPTIONS_2, options);
  return wrap(call(406, h(input), h(target), h(options.weight), options.reduction, options.ignoreIndex, options.labelSmoothing));
}

/** The element where it is positive, else `alpha * (exp(x) - 1)`.
 *  Shape: any, unchanged.
 *
 *  `elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.elu.html
 *  @example
 *  nn.functional.elu(tensor([-1, 2])); // tensor([-0.6321,  2.0000]) */
export function elu(input: Tensor, options?: { alpha?: Scalar | undefined; scale?: Scalar | undefined; inputScale?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(461, h(input)));
  readOptions('elu', OPTIONS_3, options);
  return wrap(call(461, h(input), options.alpha, options.scale, options.inputScale));
}

/** The element where it is positive, else `alpha * (exp(x) - 1)`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `elu_(Tensor(a!) self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor(a!)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.elu_.html
 *  @example
 *  nn.functional.elu_(tensor([-1, 2])); // tensor([-0.6321,  2.0000]) */
export function elu_(input: Tensor, options?: { alpha?: Scalar | undefined; scale?: Scalar | undefined; inputScale?: Scalar | undefined }): Tensor {
  if (options === undefined) {
    call(462, h(input));
    return input;
  }
  readOptions('elu_', OPTIONS_3, options);
  call(462, h(input), options.alpha, options.scale, options.inputScale);
  return input;
}

/** `flatten_dense_tensors(Tensor[] tensors) -> Tensor` */
export function flattenDenseTensors(tensors: readonly Tensor[]): Tensor {
  return wrap(call(532, handles(tensors)));
}

/** `fractional_max_pool2d(Tensor self, int[2] kernel_size, int[2] output_size, Tensor random_samples) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.fractional_max_pool2d.html */
export function fractionalMaxPool2d(input: Tensor, kernelSize: number | readonly number[], outputSize: number | readonly number[], randomSamples: Tensor): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(555, h(input), kernelSize, outputSize, h(randomSamples)));
}

/** `fractional_max_pool3d(Tensor self, int[3] kernel_size, int[3] output_size, Tensor random_samples) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.fractional_max_pool3d.html */
export function fractionalMaxPool3d(input: Tensor, kernelSize: number | readonly number[], outputSize: number | readonly number[], randomSamples: Tensor): readonly [Tensor, Tensor] {
  return wrapTuple<readonly [Tensor, Tensor]>(call(556, h(input), kernelSize, outputSize, h(randomSamples)));
}

/** The element times the chance that a normal number is below it; `approximate: 'tanh'` computes that by a formula.
 *  Shape: any, unchanged.
 *
 *  `gelu(Tensor self, *, str approximate="none") -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.gelu.html
 *  @example
 *  nn.functional.gelu(tensor([-1, 0, 1])); // tensor([-0.1587,  0.0000,  0.8413]) */
export function gelu(input: Tensor, options?: { approximate?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(570, h(input)));
  readOptions('gelu', OPTIONS_4, options);
  return wrap(call(570, h(input), options.approximate));
}

/** The element times the chance that a normal number is below it; `approximate: 'tanh'` computes that by a formula. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `gelu_(Tensor(a!) self, *, str approximate="none") -> Tensor(a!)`
 *  @example
 *  nn.functional.gelu_(tensor([-1, 0, 1])); // tensor([-0.1587,  0.0000,  0.8413]) */
export function gelu_(input: Tensor, options?: { approximate?: string | undefined }): Tensor {
  if (options === undefined) {
    call(571, h(input));
    return input;
  }
  readOptions('gelu_', OPTIONS_4, options);
  call(571, h(input), options.approximate);
  return input;
}

/** The first half along `dim` (default the last) times the sigmoid of the second.
 *  Shape: [*, 2 * N] -> [*, N].
 *
 *  `glu(Tensor self, int dim=-1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.glu.html
 *  @example
 *  nn.functional.glu(tensor([10, 20, 0, 100])); // tensor([ 5., 20.]) */
export function glu(input: Tensor, options?: { dim?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(576, h(input)));
  readOptions('glu', OPTIONS_5, options);
  return wrap(call(576, h(input), options.dim));
}

/** `sigmoid` out of straight lines: `relu6(x + 3) / 6`.
 *  Shape: any, unchanged.
 *
 *  `hardsigmoid(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hardsigmoid.html
 *  @example
 *  nn.functional.hardsigmoid(tensor([-4, 0, 1.5])); // tensor([0.0000, 0.5000, 0.7500]) */
export function hardsigmoid(input: Tensor): Tensor {
  return wrap(call(610, h(input)));
}

/** `sigmoid` out of straight lines: `relu6(x + 3) / 6`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `hardsigmoid_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  nn.functional.hardsigmoid_(tensor([-4, 0, 1.5])); // tensor([0.0000, 0.5000, 0.7500]) */
export function hardsigmoid_(input: Tensor): Tensor {
  call(611, h(input));
  return input;
}

/** `silu` out of straight lines: `x * relu6(x + 3) / 6`.
 *  Shape: any, unchanged.
 *
 *  `hardswish(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hardswish.html
 *  @example
 *  nn.functional.hardswish(tensor([-1, 0, 3])); // tensor([-0.3333,  0.0000,  3.0000]) */
export function hardswish(input: Tensor): Tensor {
  return wrap(call(612, h(input)));
}

/** `silu` out of straight lines: `x * relu6(x + 3) / 6`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `hardswish_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  nn.functional.hardswish_(tensor([-1, 0, 3])); // tensor([-0.3333,  0.0000,  3.0000]) */
export function hardswish_(input: Tensor): Tensor {
  call(613, h(input));
  return input;
}

/** The element limited to `minVal` and `maxVal`, by default -1 and 1.
 *  Shape: any, unchanged.
 *
 *  `hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hardtanh.html
 *  @example
 *  nn.functional.hardtanh(tensor([-3, 0.5, 3])); // tensor([-1.0000,  0.5000,  1.0000]) */
export function hardtanh(input: Tensor, options?: { minVal?: Scalar | undefined; maxVal?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(614, h(input)));
  readOptions('hardtanh', OPTIONS_6, options);
  return wrap(call(614, h(input), options.minVal, options.maxVal));
}

/** The element limited to `minVal` and `maxVal`, by default -1 and 1. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `hardtanh_(Tensor(a!) self, Scalar min_val=-1, Scalar max_val=1) -> Tensor(a!)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.hardtanh_.html
 *  @example
 *  nn.functional.hardtanh_(tensor([-3, 0.5, 3])); // tensor([-1.0000,  0.5000,  1.0000]) */
export function hardtanh_(input: Tensor, options?: { minVal?: Scalar | undefined; maxVal?: Scalar | undefined }): Tensor {
  if (options === undefined) {
    call(615, h(input));
    return input;
  }
  readOptions('hardtanh_', OPTIONS_6, options);
  call(615, h(input), options.minVal, options.maxVal);
  return input;
}

/** Half the square of a small difference, and `delta` times the size of a large one less `delta / 2`.
 *  Shape: two of one shape -> []; unchanged where `reduction` is 0.
 *
 *  `huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.huber_loss.html
 *  @example
 *  nn.functional.huberLoss(tensor([0]), tensor([3]), { delta: 2 }); // tensor(4.) */
export function huberLoss(input: Tensor, target: Tensor, options?: { reduction?: number | undefined; delta?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(630, h(input), h(target)));
  readOptions('huberLoss', OPTIONS_7, options);
  return wrap(call(630, h(input), h(target), options.reduction, options.delta));
}

/** The windows of a picture, one a column; PyTorch's `unfold`.
 *  Shape: [N, C, H, W] -> [N, C * product of kernel, number of windows].
 *
 *  `im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor`
 *  @example
 *  nn.functional.im2col(arange(4, { dtype: 'float32' }).view([1, 2, 2]), [1, 2], 1, 0, 1); // tensor([[0., 2.], [1., 3.]]) */
export function im2col(input: Tensor, kernelSize: number | readonly number[], dilation: number | readonly number[], padding: number | readonly number[], stride: number | readonly number[]): Tensor {
  return wrap(call(639, h(input), kernelSize, dilation, padding, stride));
}

/** The size of the difference.
 *  Shape: two of one shape -> []; unchanged where `reduction` is 0.
 *
 *  `l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.l1_loss.html
 *  @example
 *  nn.functional.l1Loss(tensor([1, 2]), tensor([3, 2])); // tensor(1.) */
export function l1Loss(input: Tensor, target: Tensor, options?: { reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(691, h(input), h(target)));
  readOptions('l1Loss', OPTIONS_8, options);
  return wrap(call(691, h(input), h(target), options.reduction));
}

/** The element where it is positive, else a small part of it, `negativeSlope` (default 0.01).
 *  Shape: any, unchanged.
 *
 *  `leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.leaky_relu.html
 *  @example
 *  nn.functional.leakyRelu(tensor([-100, 5]), { negativeSlope: 0.1 }); // tensor([-10.,   5.]) */
export function leakyRelu(input: Tensor, options?: { negativeSlope?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(701, h(input)));
  readOptions('leakyRelu', OPTIONS_9, options);
  return wrap(call(701, h(input), options.negativeSlope));
}

/** The element where it is positive, else a small part of it, `negativeSlope` (default 0.01). In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `leaky_relu_(Tensor(a!) self, Scalar negative_slope=0.01) -> Tensor(a!)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.leaky_relu_.html
 *  @example
 *  nn.functional.leakyRelu_(tensor([-100, 5]), { negativeSlope: 0.1 }); // tensor([-10.,   5.]) */
export function leakyRelu_(input: Tensor, options?: { negativeSlope?: Scalar | undefined }): Tensor {
  if (options === undefined) {
    call(702, h(input));
    return input;
  }
  readOptions('leakyRelu_', OPTIONS_9, options);
  call(702, h(input), options.negativeSlope);
  return input;
}

/** `input @ weight.T + bias`, along the last dimension.
 *  Shape: [*, In], weight [Out, In] -> [*, Out].
 *
 *  `linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.linear.html
 *  @example
 *  nn.functional.linear(tensor([1, 2]), tensor([[1, 0], [0, 10]]), { bias: tensor([5, 5]) }); // tensor([ 6., 25.]) */
export function linear(input: Tensor, weight: Tensor, options?: { bias?: Tensor | undefined }): Tensor {
  if (options === undefined) return wrap(call(767, h(input), h(weight)));
  readOptions('linear', OPTIONS_10, options);
  return wrap(call(767, h(input), h(weight), h(options.bias)));
}

/** `log(sigmoid(x))`, which does not overflow.
 *  Shape: any, unchanged.
 *
 *  `log_sigmoid(Tensor self) -> Tensor`
 *  @example
 *  nn.functional.logSigmoid(tensor([-1000, 0])); // tensor([-1.0000e+03, -6.9315e-01]) */
export function logSigmoid(input: Tensor): Tensor {
  return wrap(call(781, h(input)));
}

/** The largest element of each window of a picture, and where it is in the flattened picture.
 *  Shape: [*, H, W] -> [*, …]: each size L becomes floor((L + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1; `ceilMode` rounds up, if the last window begins inside.
 *
 *  `max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_pool2d_with_indices.html
 *  @example
 *  nn.functional.maxPool2dWithIndices(tensor([[[1, 2], [9, 4]]]), 2); // [tensor([[[9.]]]), tensor([[[2]]])] */
export function maxPool2dWithIndices(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): readonly [Tensor, Tensor] {
  if (options === undefined) return wrapTuple<readonly [Tensor, Tensor]>(call(831, h(input), kernelSize));
  readOptions('maxPool2dWithIndices', OPTIONS_11, options);
  return wrapTuple<readonly [Tensor, Tensor]>(call(831, h(input), kernelSize, options.stride, options.padding, options.dilation, options.ceilMode));
}

/** The largest element of each window of a volume, and where it is in the flattened volume.
 *
 *  `max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_pool3d_with_indices.html
 *  @example
 *  nn.functional.maxPool3dWithIndices(tensor([[[[1, 2], [9, 4]]]]), [1, 2, 2]); // [tensor([[[[9.]]]]), tensor([[[[2]]]])] */
export function maxPool3dWithIndices(input: Tensor, kernelSize: number | readonly number[], options?: { stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined; ceilMode?: boolean | undefined }): readonly [Tensor, Tensor] {
  if (options === undefined) return wrapTuple<readonly [Tensor, Tensor]>(call(833, h(input), kernelSize));
  readOptions('maxPool3dWithIndices', OPTIONS_11, options);
  return wrapTuple<readonly [Tensor, Tensor]>(call(833, h(input), kernelSize, options.stride, options.padding, options.dilation, options.ceilMode));
}

/** Puts elements back where `maxPool2dWithIndices` found them, and zeros elsewhere.
 *
 *  `max_unpool2d(Tensor self, Tensor indices, int[2] output_size) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_unpool2d.html
 *  @example
 *  nn.functional.maxUnpool2d(tensor([[[9]]]), tensor([[[2n]]]), 2); // tensor([[[0., 0.], [9., 0.]]]) */
export function maxUnpool2d(input: Tensor, indices: Tensor, outputSize: number | readonly number[]): Tensor {
  return wrap(call(834, h(input), h(indices), outputSize));
}

/** `max_unpool3d(Tensor self, Tensor indices, int[3] output_size, int[3] stride, int[3] padding) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.max_unpool3d.html */
export function maxUnpool3d(input: Tensor, indices: Tensor, outputSize: number | readonly number[], stride: number | readonly number[], padding: number | readonly number[]): Tensor {
  return wrap(call(835, h(input), h(indices), outputSize, stride, padding));
}

/** The element times the tanh of its softplus.
 *  Shape: any, unchanged.
 *
 *  `mish(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.mish.html
 *  @example
 *  nn.functional.mish(tensor([-1, 0, 1])); // tensor([-0.3034,  0.0000,  0.8651]) */
export function mish(input: Tensor): Tensor {
  return wrap(call(847, h(input)));
}

/** The element times the tanh of its softplus. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `mish_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  nn.functional.mish_(tensor([-1, 0, 1])); // tensor([-0.3034,  0.0000,  0.8651]) */
export function mish_(input: Tensor): Tensor {
  call(848, h(input));
  return input;
}

/** The square of the difference.
 *  Shape: two of one shape -> []; unchanged where `reduction` is 0.
 *
 *  `mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.mse_loss.html
 *  @example
 *  nn.functional.mseLoss(tensor([1, 2]), tensor([3, 2])); // tensor(2.) */
export function mseLoss(input: Tensor, target: Tensor, options?: { reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(856, h(input), h(target)));
  readOptions('mseLoss', OPTIONS_8, options);
  return wrap(call(856, h(input), h(target), options.reduction));
}

/** By how much each wrong class comes nearer than `margin` to the right one, over the number of classes.
 *  Shape: [N, C], classes [N] -> []; [N] where `reduction` is 0.
 *
 *  `multi_margin_loss(Tensor self, Tensor target, Scalar p=1, Scalar margin=1, Tensor? weight=None, int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.multi_margin_loss.html
 *  @example
 *  nn.functional.multiMarginLoss(tensor([[0, 0]]), tensor([1n])); // tensor(0.5000) */
export function multiMarginLoss(input: Tensor, target: Tensor, options?: { p?: Scalar | undefined; margin?: Scalar | undefined; weight?: Tensor | undefined; reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(862, h(input), h(target)));
  readOptions('multiMarginLoss', OPTIONS_12, options);
  return wrap(call(862, h(input), h(target), options.p, options.margin, h(options.weight), options.reduction));
}

/** By how much each wrong class comes nearer than 1 to each right one; the classes are listed up to the first -1.
 *  Shape: two [N, C] -> []; [N] where `reduction` is 0.
 *
 *  `multilabel_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.multilabel_margin_loss.html
 *  @example
 *  nn.functional.multilabelMarginLoss(tensor([[0, 0, 3]]), tensor([[2n, -1n, 0n]])); // tensor(0.) */
export function multilabelMarginLoss(input: Tensor, target: Tensor, options?: { reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(863, h(input), h(target)));
  readOptions('multilabelMarginLoss', OPTIONS_8, options);
  return wrap(call(863, h(input), h(target), options.reduction));
}

/** Minus the input at the right class, which is to be a logarithm of a share.
 *  Shape: [N, C], classes [N] -> []; [N] where `reduction` is 0.
 *
 *  `nll_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, int ignore_index=-100) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.nll_loss.html
 *  @example
 *  nn.functional.nllLoss(tensor([[-0.5, -2]]), tensor([1n])); // tensor(2.) */
export function nllLoss(input: Tensor, target: Tensor, options?: { weight?: Tensor | undefined; reduction?: number | undefined; ignoreIndex?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(905, h(input), h(target)));
  readOptions('nllLoss', OPTIONS_13, options);
  return wrap(call(905, h(input), h(target), h(options.weight), options.reduction, options.ignoreIndex));
}

/** `nll_loss2d(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, int ignore_index=-100) -> Tensor` */
export function nllLoss2d(input: Tensor, target: Tensor, options?: { weight?: Tensor | undefined; reduction?: number | undefined; ignoreIndex?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(906, h(input), h(target)));
  readOptions('nllLoss2d', OPTIONS_13, options);
  return wrap(call(906, h(input), h(target), h(options.weight), options.reduction, options.ignoreIndex));
}

/** `nll_loss_nd(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, int ignore_index=-100) -> Tensor` */
export function nllLossNd(input: Tensor, target: Tensor, options?: { weight?: Tensor | undefined; reduction?: number | undefined; ignoreIndex?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(907, h(input), h(target)));
  readOptions('nllLossNd', OPTIONS_13, options);
  return wrap(call(907, h(input), h(target), h(options.weight), options.reduction, options.ignoreIndex));
}

/** A 1 at each class's place, in a new last dimension; as many classes as `numClasses`, or up to the largest.
 *  Shape: [*] -> [*, numClasses].
 *
 *  `one_hot(Tensor self, int num_classes=-1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.one_hot.html
 *  @example
 *  nn.functional.oneHot(tensor([0n, 2n])); // tensor([[1, 0, 0], [0, 0, 1]]) */
export function oneHot(input: Tensor, options?: { numClasses?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(928, h(input)));
  readOptions('oneHot', OPTIONS_14, options);
  return wrap(call(928, h(input), options.numClasses));
}

/** Adds elements at the ends, `[before, after]` for the last dimension, then for the one before it: of `value`, or by 'reflect', 'replicate' or 'circular'.
 *  Shape: each size from the last on with its two numbers of `pad` added.
 *
 *  `pad(Tensor self, int[] pad, str mode="constant", float? value=None) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.pad.html
 *  @example
 *  nn.functional.pad(tensor([1, 2]), [1, 2]); // tensor([0., 1., 2., 0., 0.])
 *  nn.functional.pad(tensor([[1, 2, 3]]), [2, 0], { mode: 'reflect' }); // tensor([[3., 2., 1., 2., 3.]]) */
export function pad(input: Tensor, pad: readonly number[], options?: { mode?: string | undefined; value?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(934, h(input), pad));
  readOptions('pad', OPTIONS_15, options);
  return wrap(call(934, h(input), pad, options.mode, options.value));
}

/** Stacks sequences of different lengths and fills up the shorter ones.
 *  Shape: N sequences [L, *] -> [longest L, N, *], or with `batchFirst` [N, longest L, *].
 *
 *  `pad_sequence(Tensor[] sequences, bool batch_first=False, float padding_value=0., str padding_side="right") -> Tensor`
 *  @example
 *  nn.functional.padSequence([tensor([1, 2, 3]), tensor([4])], { batchFirst: true }); // tensor([[1., 2., 3.], [4., 0., 0.]]) */
export function padSequence(sequences: readonly Tensor[], options?: { batchFirst?: boolean | undefined; paddingValue?: number | undefined; paddingSide?: string | undefined }): Tensor {
  if (options === undefined) return wrap(call(935, handles(sequences)));
  readOptions('padSequence', OPTIONS_16, options);
  return wrap(call(935, handles(sequences), options.batchFirst, options.paddingValue, options.paddingSide));
}

/** Adds the mirror image of the elements at both ends.
 *  Shape: [*, L] -> [*, L + both numbers].
 *
 *  `reflection_pad1d(Tensor self, int[2] padding) -> Tensor`
 *  @example
 *  nn.functional.reflectionPad1d(tensor([[1, 2, 3]]), [2, 1]); // tensor([[3., 2., 1., 2., 3., 2.]]) */
export function reflectionPad1d(input: Tensor, padding: number | readonly number[]): Tensor {
  return wrap(call(1013, h(input), padding));
}

/** Adds the mirror image of a picture at its edges.
 *  Shape: [*, H, W], each size with its two numbers added, those of W first.
 *
 *  `reflection_pad2d(Tensor self, int[4] padding) -> Tensor`
 *  @example
 *  nn.functional.reflectionPad2d(tensor([[[1, 2], [3, 4]]]), [1, 0, 0, 0]); // tensor([[[2., 1., 2.], [4., 3., 4.]]]) */
export function reflectionPad2d(input: Tensor, padding: number | readonly number[]): Tensor {
  return wrap(call(1014, h(input), padding));
}

/** Adds the mirror image of a volume at its faces.
 *
 *  `reflection_pad3d(Tensor self, int[6] padding) -> Tensor`
 *  @example
 *  nn.functional.reflectionPad3d(rand([1, 2, 3, 4]), 1).shape; // [1, 4, 5, 6] */
export function reflectionPad3d(input: Tensor, padding: number | readonly number[]): Tensor {
  return wrap(call(1015, h(input), padding));
}

/** The element limited to 0 and 6.
 *  Shape: any, unchanged.
 *
 *  `relu6(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.relu6.html
 *  @example
 *  nn.functional.relu6(tensor([-2, 3, 8])); // tensor([0., 3., 6.]) */
export function relu6(input: Tensor): Tensor {
  return wrap(call(1017, h(input)));
}

/** The element limited to 0 and 6. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `relu6_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  nn.functional.relu6_(tensor([-2, 3, 8])); // tensor([0., 3., 6.]) */
export function relu6_(input: Tensor): Tensor {
  call(1018, h(input));
  return input;
}

/** Repeats the first and the last element at the ends.
 *  Shape: [*, L] -> [*, L + both numbers].
 *
 *  `replication_pad1d(Tensor self, int[2] padding) -> Tensor`
 *  @example
 *  nn.functional.replicationPad1d(tensor([[1, 2, 3]]), [2, 1]); // tensor([[1., 1., 1., 2., 3., 3.]]) */
export function replicationPad1d(input: Tensor, padding: number | readonly number[]): Tensor {
  return wrap(call(1030, h(input), padding));
}

/** Repeats a picture's edges.
 *  Shape: [*, H, W], each size with its two numbers added, those of W first.
 *
 *  `replication_pad2d(Tensor self, int[4] padding) -> Tensor`
 *  @example
 *  nn.functional.replicationPad2d(tensor([[[1, 2], [3, 4]]]), [1, 0, 0, 0]); // tensor([[[1., 1., 2.], [3., 3., 4.]]]) */
export function replicationPad2d(input: Tensor, padding: number | readonly number[]): Tensor {
  return wrap(call(1031, h(input), padding));
}

/** Repeats a volume's faces.
 *
 *  `replication_pad3d(Tensor self, int[6] padding) -> Tensor`
 *  @example
 *  nn.functional.replicationPad3d(rand([1, 2, 3, 4]), 1).shape; // [1, 4, 5, 6] */
export function replicationPad3d(input: Tensor, padding: number | readonly number[]): Tensor {
  return wrap(call(1032, h(input), padding));
}

/** `rrelu_with_noise(Tensor self, Tensor(b!) noise, Scalar lower=0.125, Scalar upper=0.33333333333333331, bool training=False, Generator? generator=None) -> Tensor` */
export function rreluWithNoise(input: Tensor, noise: Tensor, options?: { lower?: Scalar | undefined; upper?: Scalar | undefined; training?: boolean | undefined; generator?: Generator | undefined }): Tensor {
  if (options === undefined) return wrap(call(1063, h(input), h(noise)));
  readOptions('rreluWithNoise', OPTIONS_17, options);
  return wrap(call(1063, h(input), h(noise), options.lower, options.upper, options.training, options.generator?.index));
}

/** `rrelu_with_noise_(Tensor(a!) self, Tensor(b!) noise, Scalar lower=0.125, Scalar upper=0.33333333333333331, bool training=False, Generator? generator=None) -> Tensor(a!)` */
export function rreluWithNoise_(input: Tensor, noise: Tensor, options?: { lower?: Scalar | undefined; upper?: Scalar | undefined; training?: boolean | undefined; generator?: Generator | undefined }): Tensor {
  if (options === undefined) {
    call(1064, h(input), h(noise));
    return input;
  }
  readOptions('rreluWithNoise_', OPTIONS_17, options);
  call(1064, h(input), h(noise), options.lower, options.upper, options.training, options.generator?.index);
  return input;
}

/** `softmax(query @ key^T * scale) @ value`, where scale is 1 / sqrt(E): each query's mixture of the values, by how well it fits their keys.
 *  Shape: query [*, L, E], key [*, S, E], value [*, S, V] -> [*, L, V].
 *
 *  `scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, float dropout_p=0., bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.scaled_dot_product_attention.html
 *  @example
 *  const key = tensor([[[100, 0], [0, 100]]]);
 *  nn.functional.scaledDotProductAttention(tensor([[[1, 0]]]), key, tensor([[[7.5], [8]]])); // tensor([[[7.5000]]]) */
export function scaledDotProductAttention(query: Tensor, key: Tensor, value: Tensor, options?: { attnMask?: Tensor | undefined; dropoutP?: number | undefined; isCausal?: boolean | undefined; scale?: number | undefined; enableGqa?: boolean | undefined }): Tensor {
  if (options === undefined) return wrap(call(1070, h(query), h(key), h(value)));
  readOptions('scaledDotProductAttention', OPTIONS_18, options);
  return wrap(call(1070, h(query), h(key), h(value), h(options.attnMask), options.dropoutP, options.isCausal, options.scale, options.enableGqa));
}

/** The element times its sigmoid: `x / (1 + exp(-x))`.
 *  Shape: any, unchanged.
 *
 *  `silu(Tensor self) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.silu.html
 *  @example
 *  nn.functional.silu(tensor([-1, 0, 1])); // tensor([-0.2689,  0.0000,  0.7311]) */
export function silu(input: Tensor): Tensor {
  return wrap(call(1098, h(input)));
}

/** The element times its sigmoid: `x / (1 + exp(-x))`. In place: the tensor itself changes, and is returned.
 *  Shape: any, unchanged.
 *
 *  `silu_(Tensor(a!) self) -> Tensor(a!)`
 *  @example
 *  nn.functional.silu_(tensor([-1, 0, 1])); // tensor([-0.2689,  0.0000,  0.7311]) */
export function silu_(input: Tensor): Tensor {
  call(1099, h(input));
  return input;
}

/** `slow_conv3d(Tensor self, Tensor weight, int[3] kernel_size, Tensor? bias=None, int[3] stride=[1, 1, 1], int[3] padding=[0, 0, 0]) -> Tensor` */
export function slowConv3d(input: Tensor, weight: Tensor, kernelSize: number | readonly number[], options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(1111, h(input), h(weight), kernelSize));
  readOptions('slowConv3d', OPTIONS_19, options);
  return wrap(call(1111, h(input), h(weight), kernelSize, h(options.bias), options.stride, options.padding));
}

/** `slow_conv_dilated2d(Tensor self, Tensor weight, int[2] kernel_size, Tensor? bias=None, int[2] stride=[1, 1], int[2] padding=[0, 0], int[2] dilation=[1, 1]) -> Tensor` */
export function slowConvDilated2d(input: Tensor, weight: Tensor, kernelSize: number | readonly number[], options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(1112, h(input), h(weight), kernelSize));
  readOptions('slowConvDilated2d', OPTIONS_20, options);
  return wrap(call(1112, h(input), h(weight), kernelSize, h(options.bias), options.stride, options.padding, options.dilation));
}

/** `slow_conv_dilated3d(Tensor self, Tensor weight, int[3] kernel_size, Tensor? bias=None, int[3] stride=[1, 1, 1], int[3] padding=[0, 0, 0], int[3] dilation=[1, 1, 1]) -> Tensor` */
export function slowConvDilated3d(input: Tensor, weight: Tensor, kernelSize: number | readonly number[], options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(1113, h(input), h(weight), kernelSize));
  readOptions('slowConvDilated3d', OPTIONS_20, options);
  return wrap(call(1113, h(input), h(weight), kernelSize, h(options.bias), options.stride, options.padding, options.dilation));
}

/** `slow_conv_transpose2d(Tensor self, Tensor weight, int[2] kernel_size, Tensor? bias=None, int[2] stride=[1, 1], int[2] padding=[0, 0], int[2] output_padding=[0, 0], int[2] dilation=[1, 1]) -> Tensor` */
export function slowConvTranspose2d(input: Tensor, weight: Tensor, kernelSize: number | readonly number[], options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; outputPadding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(1114, h(input), h(weight), kernelSize));
  readOptions('slowConvTranspose2d', OPTIONS_21, options);
  return wrap(call(1114, h(input), h(weight), kernelSize, h(options.bias), options.stride, options.padding, options.outputPadding, options.dilation));
}

/** `slow_conv_transpose3d(Tensor self, Tensor weight, int[3] kernel_size, Tensor? bias=None, int[3] stride=[1, 1, 1], int[3] padding=[0, 0, 0], int[3] output_padding=[0, 0, 0], int[3] dilation=[1, 1, 1]) -> Tensor` */
export function slowConvTranspose3d(input: Tensor, weight: Tensor, kernelSize: number | readonly number[], options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined; outputPadding?: number | readonly number[] | undefined; dilation?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(1115, h(input), h(weight), kernelSize));
  readOptions('slowConvTranspose3d', OPTIONS_21, options);
  return wrap(call(1115, h(input), h(weight), kernelSize, h(options.bias), options.stride, options.padding, options.outputPadding, options.dilation));
}

/** Half the square of a small difference over `beta`, and the size of a large one less `beta / 2`.
 *  Shape: two of one shape -> []; unchanged where `reduction` is 0.
 *
 *  `smooth_l1_loss(Tensor self, Tensor target, int reduction=1, float beta=1.) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.smooth_l1_loss.html
 *  @example
 *  nn.functional.smoothL1Loss(tensor([0, 0]), tensor([1, 3])); // tensor(1.5000) */
export function smoothL1Loss(input: Tensor, target: Tensor, options?: { reduction?: number | undefined; beta?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1117, h(input), h(target)));
  readOptions('smoothL1Loss', OPTIONS_22, options);
  return wrap(call(1117, h(input), h(target), options.reduction, options.beta));
}

/** `log(1 + exp(-target * input))` for targets 1 and -1.
 *  Shape: two of one shape -> []; unchanged where `reduction` is 0.
 *
 *  `soft_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.soft_margin_loss.html
 *  @example
 *  nn.functional.softMarginLoss(tensor([0]), tensor([-1])); // tensor(0.6931) */
export function softMarginLoss(input: Tensor, target: Tensor, options?: { reduction?: number | undefined }): Tensor {
  if (options === undefined) return wrap(call(1118, h(input), h(target)));
  readOptions('softMarginLoss', OPTIONS_8, options);
  return wrap(call(1118, h(input), h(target), options.reduction));
}

/** A smooth `relu`: `log(1 + exp(beta x)) / beta`.
 *  Shape: any, unchanged.
 *
 *  `softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softplus.html
 *  @example
 *  nn.functional.softplus(tensor([-1, 0, 30])); // tensor([ 0.3133,  0.6931, 30.0000]) */
export function softplus(input: Tensor, options?: { beta?: Scalar | undefined; threshold?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(1120, h(input)));
  readOptions('softplus', OPTIONS_23, options);
  return wrap(call(1120, h(input), options.beta, options.threshold));
}

/** Moves each element towards 0 by `lambd` (default 0.5), and no further.
 *  Shape: any, unchanged.
 *
 *  `softshrink(Tensor self, Scalar lambd=0.5) -> Tensor`
 *  Source: https://docs.pytorch.org/docs/2.13/generated/torch.nn.functional.softshrink.html
 *  @example
 *  nn.functional.softshrink(tensor([-2, 0.25, 2])); // tensor([-1.5000,  0.0000,  1.5000]) */
export function softshrink(input: Tensor, options?: { lambd?: Scalar | undefined }): Tensor {
  if (options === undefined) return wrap(call(1121, h(input)));
  readOptions('softshrink', OPTIONS_24, options);
  return wrap(call(1121, h(input), options.lambd));
}

/** `thnn_conv2d(Tensor self, Tensor weight, int[2] kernel_size, Tensor? bias=None, int[2] stride=[1, 1], int[2] padding=[0, 0]) -> Tensor` */
export function thnnConv2d(input: Tensor, weight: Tensor, kernelSize: number | readonly number[], options?: { bias?: Tensor | undefined; stride?: number | readonly number[] | undefined; padding?: number | readonly number[] | undefined }): Tensor {
  if (options === undefined) return wrap(call(1285, h(input), h(weight), kernelSize));
  readOptions('thnnConv2d', OPTIONS_19, options);
  return wrap(call(1285, h(input), h(weight), kernelSize, h(options.bias), options.stride, options.padding));
}

/** `unflatten_dense_tensors(Tensor flat, Tensor[] tensors) -> Tensor[]` */
export function unflattenDenseTensors(flat: Tensor, tensors: readonly Tensor[]): Tensor[] {
  return wrapAll(call(1329, h(flat), handles(tensors)));
}

/** Another picture size, interpolated between sixteen neighbours.
 *  Shape: [N, C, H, W] -> [N, C, ...outputSize].
 *
 *  `upsample_bicubic2d(Tensor self, int[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor`
 *  `upsample_bicubic2d.vec(Tensor input, int[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor`
 *  @example
 *  nn.functional.upsampleBicubic2d(rand([1, 3, 8, 8]), [16, 16], false).shape; // [1, 3, 16, 16] */
export function upsampleBicubic2d(input: Tensor, outputSize: number | readonly number[], alignCorners: boolean, options?: { scalesH?: number | undefined; scalesW?: number | undefined }): Tensor;
export function upsampleBicubic2d(input: Tensor, outputSize: readonly number[] | undefined, alignCorners: boolean, options?: { scaleFactors?: readonly number[] | undefined }): Tensor;
export function upsampleBicubic2d(input: Tensor, outputSize: number | readonly number[] | undefined, alignCorners: boolean, options?: { scalesH?: number | undefined; scalesW?: number | undefined; scaleFactors?: readonly number[] | undefined }): Tensor {
  if (options === undefined) {
    if (isList(outputSize) || typeof outputSize === 'number') return wrap(call(1341, h(input), outputSize, alignCorners));
    return wrap(call(1342, h(input), outputSize, alignCorners));
  }
  const given = readOptions('upsampleBicubic2d', OPTIONS_25, options);
  if ((isList(outputSize) || typeof outputSize === 'number') && (given & 4) === 0) return wrap(call(1341, h(input), outputSize, alignCorners, options.scalesH, options.scalesW));
  if ((outputSize === undefined || isList(outputSize)) && (given & 3) === 0) return wrap(call(1342, h(input), outputSize, alignCorners, options.scaleFactors));
  throw unfit('upsampleBicubic2d', 'upsampleBicubic2d(input: Tensor, outputSize: number | readonly number[], alignCorners: boolean, { scalesH?, scalesW? }) or upsampleBicubic2d(input: Tensor, outputSize: readonly number[], alignCorners: boolean, { scaleFactors? })', [input, outputSize, alignCorners, options]);
}

/** Another picture size, interpolated between four neighbours.
 *  Shape: [N, C, H, W] -> [N, C, ...outputSize].
 *
 *  `upsample_bilinear2d(Tensor self, int[2] output_size, bool align_corners, float? scales_h=None, float? scales_w=None) -> Tensor`
 *  `upsample_bilinear2d.vec(Tensor input, int[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor`
 *  @example
 *  nn.functional.upsampleBilinear2d(tensor([[[[0, 2]]]]), [1, 3], true); // tensor([[[[0., 1., 2.]]]]) */
export function upsampleBilinear2d(input: Tensor, outputSize: number | readonly number[], alignCorners: boolean, options?: { scalesH?: number | undefined; scalesW?: number | undefined }): Tensor;
export function upsampleBilinear2d(input: Tensor, outputSize: readonly number[] | undefined, alignCorners: boolean, options?: { scaleFactors?: readonly number[] | undefined }): Tensor;
export function upsampleBilinear2d(input: Tensor, outputSize: number | readonly number[] | undefined, alignCorners: boolean, options?: { scalesH?: number | undefined; scalesW?: number | undefined; scaleFactors?: readonly number[] | undefined }): Tensor {
  if (options === undefined) {
    if (isList(outputSize) || typeof outputSize === 'number') return wrap(call(1343, h(input), outputSize, alignCorners));
    return wrap(call(1344, h(input), outputSize, alignCorners));
  }
  const given = readOptions('upsampleBilinear2d', OPTIONS_25, options);
  if ((isList(outputSize) || typeof outputSize === 'number') && (given & 4) === 0) return wrap(call(1343, h(input), outputSize, alignCorners, options.scalesH, options.scalesW));
  if ((outputSize === undefined || isList(outputSize)) && (given & 3) === 0) return wrap(call(1344, h(input), outputSize, alignCorners, options.scaleFactors));
  throw unfit('upsampleBilinear2d', 'upsampleBilinear2d(input: Tensor, outputSize: number | readonly number[], alignCorners: boolean, { scalesH?, scalesW? }) or upsampleBilinear2d(input: Tensor, outputSize: readonly number[], alignCorners: boolean, { scaleFactors? })', [input, outputSize, alignCorners, options]);
}

/** Another length, interpolated between two neighbours.
 *  Shape: [N, C, L] -> [N, C, outputSize].
 *
 *  `upsample_linear1d(Tensor self, int[1] output_size, bool align_corners, float? scales=None) -> Tensor`
 *  `upsample_linear1d.vec(Tensor input, int[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor`
 *  @example
 *  nn.functional.upsampleLinear1d(tensor([[[0, 2]]]), 3, true); // tensor([[[0., 1., 2.]]]) */
export function upsampleLinear1d(input: Tensor, outputSize: number | readonly number[], alignCorners: boolean, options?: { scales?: number | undefined }): Tensor;
export function upsampleLinear1d(input: Tensor, outputSize: readonly number[] | undefined, alignCorners: boolean, options?: { scaleFactors?: readonly number[] | undefined }): Tensor;
export function upsampleLinear1d(input: Tensor, outputSize: number | readonly number[] | undefined, alignCorners: boolean, options?: { scales?: number | undefined; scaleFactors?: readonly number[] | undefined }): Tensor {
  if (options === undefined) {
    if (isList(outputSize) || typeof outputSize === 'number') return wrap(call(1345, h(input), outputSize, alignCorners));
    return wrap(call(1346, h(input), outputSize, alignCorners));
  }
  const given = readOptions('upsampleLinear1d', OPTIONS_26, options);
  if ((isList(outputSize) || typeof outputSize === 'number') && (given & 2) === 0) return wrap(call(1345, h(input), outputSize, alignCorners, options.scales));
  if ((outputSize === undefined || isList(outputSize)) && (given & 1) === 0) return wrap(call(1346, h(input), outputSize, alignCorners, options.scaleFactors));
  throw unfit('upsampleLinear1d', 'upsampleLinear1d(input: Tensor, outputSize: number | readonly number[], alignCorners: boolean, { scales? }) or upsampleLinear1d(input: Tensor, outputSize: readonly number[], alignCorners: boolean, { scaleFactors? })', [input, outputSize, alignCorners, options]);
}

/** Another length, each element taken from the nearest.
 *  Shape: [N, C, L] -> [N, C, outputSize].
 *
 *  `upsample_nearest1d(Tensor self, int[1] output_size, float? scales=None) -> Tensor`
 *  `upsample_nearest1d.vec(Tensor input, int[]? output_size, float[]? scale_factors) -> Tensor`
 *  @example
 *  nn.functional.upsampleNearest1d(tensor([[[1, 2]]]), 4); // tensor([[[1., 1., 2., 2.]]]) */
export function upsampleNearest1d(input: Tensor, outputSize: number | readonly number[], options?: { scales?: number | undefined }): Tensor;
export function upsampleNearest1d(input: Tensor, outputSize: readonly number[] | undefined, options?: { scaleFactors?: readonly number[] | undefined }): Tensor;
export function upsampleNearest1d(input: Tensor, outputSize: number | readonly number[] | undefined, options?: { scales?: number | undefined; scaleFactors?: readonly number[] | undefined }): Tensor {
  if (options === undefined) {
    if (isList(outputSize) || typeof outputSize === 'number') return wrap(call(1347, h(input), outputSize));
    return wrap(call(1348, h(input), outputSize));
  }
  const given = readOptions('upsampleNearest1d', OPTIONS_26, options);
  if ((isList(outputSize) || typeof outputSize === 'number') && (given & 2) === 0) return wrap(call(1347, h(input), outputSize, options.scales));
  if ((outputSize === undefined || isList(outputSize)) && (given & 1) === 0) return wrap(call(1348, h(input), outputSize, options.scaleFactors));
  throw unfit('upsampleNearest1d', 'upsampleNearest1d(input: Tensor, outputSize: number | readonly number[], { scales? }) or upsampleNearest1d(input: Tensor, outputSize: readonly number[], { scaleFactors? })', [input, outputSize, options]);
}

/** Another picture size, each pixel taken from the nearest.
 *  Shape: [N, C, H, W] -> [N, C, ...outputSize].
 *
 *  `upsample_nearest2d(Tensor self, int[2] output_size, float? scales_h=None, float? scales_w=None) -> Tensor`
 *  `upsample_nearest2d.vec(Tensor input, int[]? output_size, float[]? scale_factors) -> Tensor`
 *  @example
 *  nn.functional.upsampleNearest2d(tensor([[[[1, 2]]]]), [2, 4]); // tensor([[[[1., 1., 2., 2.], [1., 1., 2., 2.]]]]) */
export function upsampleNearest2d(input: Tensor, outputSize: number | readonly number[], options?: { scalesH?: number | undefined; scalesW?: number | undefined }): Tensor;
export function upsampleNearest2d(input: Tensor, outputSize: readonly number[] | undefined, options?: { scaleFactors?: readonly number[] | undefined }): Tensor;
export function upsampleNearest2d(input: Tensor, outputSize: number | readonly number[] | undefined, options?: { scalesH?: number | undefined; scalesW?: number | undefined; scaleFactors?: readonly number[] | undefined }): Tensor {
  if (options === undefined) {
    if (isList(outputSize) || typeof outputSize === 'number') return wrap(call(1349, h(input), outputSize));
    return wrap(call(1350, h(input), outputSize));
  }
  const given = readOptions('upsampleNearest2d', OPTIONS_25, options);
  if ((isList(outputSize) || typeof outputSize === 'number') && (given & 4) === 0) return wrap(call(1349, h(input), outputSize, options.scalesH, options.scalesW));
  if ((outputSize === undefined || isList(outputSize)) && (given & 3) === 0) return wrap(call(1350, h(input), outputSize, options.scaleFactors));
  throw unfit('upsampleNearest2d', 'upsampleNearest2d(input: Tensor, outputSize: number | readonly number[], { scalesH?, scalesW? }) or upsampleNearest2d(input: Tensor, outputSize: readonly number[], { scaleFactors? })', [input, outputSize, options]);
}

/** Another volume size, each voxel taken from the nearest.
 *
 *  `upsample_nearest3d(Tensor self, int[3] output_size, float? scales_d=None, float? scales_h=None, float? scales_w=None) -> Tensor`
 *  `upsample_nearest3d.vec(Tensor input, int[]? output_size, float[]? scale_factors) -> Tensor`
 *  @example
 *  nn.functional.upsampleNearest3d(tensor([[[[[1, 2]]]]]), [1, 1, 4]).flatten(); // tensor([1., 1., 2., 2.]) */
export function upsampleNearest3d(input: Tensor, outputSize: number | readonly number[], options?: { scalesD?: number | undefined; scalesH?: number | undefined; scalesW?: number | undefined }): Tensor;
export function upsampleNearest3d(input: Tensor, outputSize: readonly number[] | undefined, options?: { scaleFactors?: readonly number[] | undefined }): Tensor;
export function upsampleNearest3d(input: Tensor, outputSize: number | readonly number[] | undefined, options?: { scalesD?: number | undefined; scalesH?: number | undefined; scalesW?: number | undefined; scaleFactors?: readonly number[] | undefined }): Tensor {
  if (options === undefined) {
    if (isList(outputSize) || typeof outputSize === 'number') return wrap(call(1351, h(input), outputSize));
    return wrap(call(1352, h(input), outputSize));
  }
  const given = readOptions('upsampleNearest3d', OPTIONS_27, options);
  if ((isList(outputSize) || typeof outputSize === 'number') && (given & 8) === 0) return wrap(call(1351, h(input), outputSize, options.scalesD, options.scalesH, options.scalesW));
  if ((outputSize === undefined || isList(outputSize)) && (given & 7) === 0) return wrap(call(1352, h(input), outputSize, options.scaleFactors));
  throw unfit('upsampleNearest3d', 'upsampleNearest3d(input: Tensor, outputSize: number | readonly number[], { scalesD?, scalesH?, scalesW? }) or upsampleNearest3d(input: Tensor, outputSize: readonly number[], { scaleFactors? })', [input, outputSize, options]);
}

/** Another volume size, interpolated between eight neighbours.
 *
 *  `upsample_trilinear3d(Tensor self, int[3] output_size, bool align_corners, float? scales_d=None, float? scales_h=None, float? scales_w=None) -> Tensor`
 *  `upsample_trilinear3d.vec(Tensor input, int[]? output_size, bool align_corners, float[]? scale_factors) -> Tensor`
 *  @example
 *  nn.functional.upsampleTrilinear3d(tensor([[[[[0, 2]]]]]), [1, 1, 3], true).flatten(); // tensor([0., 1., 2.]) */
export function upsampleTrilinear3d(input: Tensor, outputSize: number | readonly number[], alignCorners: boolean, options?: { scalesD?: number | undefined; scalesH?: number | undefined; scalesW?: number | undefined }): Tensor;
export function upsampleTrilinear3d(input: Tensor, outputSize: readonly number[] | undefined, alignCorners: boolean, options?: { scaleFactors?: readonly number[] | undefined }): Tensor;
export function upsampleTrilinear3d(input: Tensor, outputSize: number | readonly number[] | undefined, alignCorners: boolean, options?: { scalesD?: number | undefined; scalesH?: number | undefined; scalesW?: number | undefined; scaleFactors?: readonly number[] | undefined }): Tensor {
  if (options === undefined) {
    if (isList(outputSize) || typeof outputSize === 'number') return wrap(call(1353, h(input), outputSize, alignCorners));
    return wrap(call(1354, h(input), outputSize, alignCorners));
  }
  const given = readOptions('upsampleTrilinear3d', OPTIONS_27, options);
  if ((isList(outputSize) || typeof outputSize === 'number') && (given & 8) === 0) return wrap(call(1353, h(input), outputSize, alignCorners, options.scalesD, options.scalesH, options.scalesW));
  if ((outputSize === undefined || isList(outputSize)) && (given & 7) === 0) return wrap(call(1354, h(input), outputSize, alignCorners, options.scaleFactors));
  throw unfit('upsampleTrilinear3d', 'upsampleTrilinear3d(input: Tensor, outputSize: number | readonly number[], alignCorners: boolean, { scalesD?, scalesH?, scalesW? }) or upsampleTrilinear3d(input: Tensor, outputSize: readonly number[], alignCorners: boolean, { scaleFactors? })', [input, outputSize, alignCorners, options]);
}
