// What layers and losses refuse: every message names the layer, what was expected and what came.

import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../errors.ts';
import { ones, tensor, zeros } from '../../tensor/create.ts';
import * as nn from '../index.ts';

const { functional: F, init } = nn;

type Row = [what: string, run: () => unknown, error: Error];

const MADE: Row[] = [
  ['Bilinear of nothing', () => new nn.Bilinear(0, 2, 2), new RangeError('Cannot make Bilinear: expected in1Features of at least 1, got 0')],
  ['a padding mode', () => new nn.Conv1d(2, 2, 3, { paddingMode: 'mirror' as 'reflect' }), new RangeError('Cannot make Conv1d: expected paddingMode of zeros, reflect, replicate, circular, got "mirror"')],
  ['a padding by name', () => new nn.Conv3d(2, 2, 3, { padding: 'full' as 'same' }), new RangeError('Cannot make Conv3d: expected padding of numbers, "same" or "valid", got "full"')],
  ['a kernel of nothing', () => new nn.ConvTranspose2d(2, 2, 0), new RangeError('Cannot make ConvTranspose2d: expected integers of at least 1 for kernelSize, got 0')],
  ['a padding mode of a transposed one', () => new nn.ConvTranspose1d(2, 2, 3, { paddingMode: 'reflect' as 'zeros' }), new RangeError('Cannot make ConvTranspose1d: expected paddingMode "zeros", got "reflect"')],
  ['groups of a norm', () => new nn.GroupNorm(3, 4), new RangeError('Cannot make GroupNorm: expected groups that divide 4 channels, got 3')],
  ['a clamp the wrong way round', () => new nn.Hardtanh({ minVal: 2 }), new RangeError('Cannot make Hardtanh: expected minVal below maxVal, got 2 and 1')],
  ['a negative shrinkage', () => new nn.Softshrink({ lambd: -1 }), new RangeError('Cannot make Softshrink: expected lambd of at least 0, got -1')],
  ['an approximation', () => new nn.GELU({ approximate: 'erf' as 'none' }), new RangeError('Cannot make GELU: expected approximate "none" or "tanh", got "erf"')],
  ['no dimension', () => new nn.Softmax(undefined as unknown as number), new TypeError('Cannot make Softmax: expected a dimension, got undefined')],
  ['a probability', () => new nn.Dropout2d(1.5), new RangeError('Cannot make Dropout2d: expected p from 0 to 1, got 1.5')],
  ['a window', () => new nn.MaxPool2d([2, 2, 2]), new RangeError('Cannot make MaxPool2d: expected 2 numbers for kernelSize, got [2, 2, 2]')],
  ['a stride', () => new nn.AvgPool3d(2, { stride: 0 }), new RangeError('Cannot make AvgPool3d: expected integers of at least 1 for stride, got 0')],
  ['sizes and ratios', () => new nn.FractionalMaxPool2d(2, { outputSize: 2, outputRatio: 0.5 }), new TypeError('Cannot make FractionalMaxPool2d: expected either outputSize or outputRatio, got both')],
  ['a ratio', () => new nn.FractionalMaxPool3d(2, { outputRatio: [0.5, 1.5, 0.5] }), new RangeError('Cannot make FractionalMaxPool3d: expected 3 outputRatio between 0 and 1, got [0.5, 1.5, 0.5]')],
  ['edges', () => new nn.ReflectionPad2d([1, 2]), new RangeError('Cannot make ReflectionPad2d: expected 4 integers for padding, got [1, 2]')],
  ['no size', () => new nn.Upsample({}), new TypeError('Cannot make Upsample: expected either size or scaleFactor, got none')],
  ['parts of a dimension', () => new nn.Unflatten(1, [2, 0.5]), new TypeError('Cannot make Unflatten: expected integers for unflattenedSize, got 2,0.5')],
  ['layers', () => new nn.GRU(2, 3, { numLayers: 0 }), new RangeError('Cannot make GRU: expected numLayers of at least 1, got 0')],
  ['a projection', () => new nn.LSTM(2, 3, { projSize: 3 }), new RangeError('Cannot make LSTM: expected projSize from 0 to below 3, got 3')],
  ['a nonlinearity', () => new nn.RNN(2, 3, { nonlinearity: 'gelu' as 'relu' }), new RangeError('Cannot make RNN: expected nonlinearity "tanh" or "relu", got "gelu"')],
  ['heads', () => new nn.MultiheadAttention(6, 4), new RangeError('Cannot make MultiheadAttention: expected heads that divide the embedding, got 4 and 6')],
  ['an activation', () => new nn.TransformerEncoderLayer(4, 2, { activation: 'tanh' as 'relu' }), new RangeError('Cannot make TransformerEncoderLayer: expected activation "relu", "gelu", a function or a module, got "tanh"')],
  ['a stack of nothing', () => new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 2 }), 0), new RangeError('Cannot make TransformerEncoder: expected numLayers of at least 1, got 0')],
  ['clusters that fall', () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [5, 2]), new RangeError('Cannot make AdaptiveLogSoftmaxWithLoss: expected cutoffs that rise from 1 to at most 8, got [5, 2]')],
  ['clusters beyond the classes', () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [9]), new RangeError('Cannot make AdaptiveLogSoftmaxWithLoss: expected cutoffs that rise from 1 to at most 8, got [9]')],
  ['a normalisation over no maps', () => new nn.CrossMapLRN2d(0), new RangeError('Cannot make CrossMapLRN2d: expected a size of at least 1, got 0')],
  ['weights of other classes', () => new nn.LinearCrossEntropyLoss(4, 3, { weight: ones([2]) }), new ShapeError('Cannot make LinearCrossEntropyLoss: expected a weight of shape [3], got [2]')],
  ['a smoothing', () => new nn.LinearCrossEntropyLoss(4, 3, { labelSmoothing: 2 }), new RangeError('Cannot make LinearCrossEntropyLoss: expected labelSmoothing from 0 to 1, got 2')],
  ['a margin of a distance', () => new nn.TripletMarginWithDistanceLoss({ margin: -1 }), new RangeError('Cannot make TripletMarginWithDistanceLoss: expected margin above 0, got -1')],
  ['a reduction of a margin', () => new nn.MarginRankingLoss({ reduction: 'max' as 'sum' }), new RangeError('Cannot compute MarginRankingLoss: expected reduction of none, mean, sum, got "max"')],
  ['a table', () => nn.Embedding.fromPretrained(ones([3])), new ShapeError('Cannot make Embedding: expected a table of 2 dimensions, got [3]')],
  ['a reduction', () => new nn.L1Loss({ reduction: 'max' as 'sum' }), new RangeError('Cannot compute L1Loss: expected reduction of none, mean, sum, got "max"')],
  ['a power', () => new nn.MultiMarginLoss({ p: 3 }), new RangeError('Cannot make MultiMarginLoss: expected p of 1 or 2, got 3')],
  ['a margin', () => new nn.TripletMarginLoss({ margin: 0 }), new RangeError('Cannot make TripletMarginLoss: expected margin above 0, got 0')],
]; // biome-ignore format: a table

const APPLIED: Row[] = [
  ['Bilinear', () => new nn.Bilinear(2, 3, 4).forward(ones([5, 3]), ones([5, 2])), new ShapeError('Cannot apply Bilinear: expected last dimensions 2 and 3, got [5, 3] and [5, 2]')],
  ['ConvTranspose2d', () => new nn.ConvTranspose2d(1, 1, 3, { stride: 2 }).forward(ones([1, 1, 2, 2]), { outputSize: [5, 7] }), new ShapeError('Cannot apply ConvTranspose2d: expected an outputSize from [5, 5] to [6, 6], got [5, 7]')],
  ['InstanceNorm1d of other channels', () => new nn.InstanceNorm1d(3).forward(ones([2, 4, 5])), new ShapeError('Cannot apply InstanceNorm1d: expected 3 channels, got [2, 4, 5]')],
  ['InstanceNorm2d of one value', () => new nn.InstanceNorm2d(3).forward(ones([2, 3, 1, 1])), new ShapeError('Cannot apply InstanceNorm2d: expected more than one value per channel to take the variance of, got [2, 3, 1, 1]')],
  ['InstanceNorm3d of dimensions', () => new nn.InstanceNorm3d(3).forward(ones([2, 3, 4])), new ShapeError('Cannot apply InstanceNorm3d: expected 4 or 5 dimensions, got [2, 3, 4]')],
  ['GroupNorm', () => new nn.GroupNorm(2, 4).forward(ones([2, 3, 5])), new ShapeError('Cannot apply GroupNorm: expected [N, 4, ...], got [2, 3, 5]')],
  ['LocalResponseNorm', () => new nn.LocalResponseNorm(2).forward(ones([2, 3])), new ShapeError('Cannot apply localResponseNorm: expected at least 3 dimensions, got [2, 3]')],
  ['Softmax2d', () => new nn.Softmax2d().forward(ones([2, 3])), new ShapeError('Cannot apply Softmax2d: expected 3 or 4 dimensions, got [2, 3]')],
  ['Dropout1d', () => new nn.Dropout1d().forward(ones([2])), new ShapeError('Cannot apply dropout1d: expected 2 or 3 dimensions, got [2]')],
  ['ChannelShuffle', () => new nn.ChannelShuffle(2).forward(ones([1, 3, 2])), new ShapeError('Cannot apply ChannelShuffle: expected at least 3 dimensions and channels that 2 groups divide, got [1, 3, 2]')],
  ['MaxUnpool2d', () => new nn.MaxUnpool2d(2).forward(ones([1, 1, 2, 2]), zeros([1, 1, 2, 2], { dtype: 'int64' }), { outputSize: [4, 6] }), new ShapeError('Cannot apply maxUnpool2d: expected an outputSize less than [2, 2] from [4, 4], got [4, 6]')],
  ['Upsample', () => new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' }).forward(ones([1, 1, 2])), new ShapeError('Cannot interpolate: expected 4 dimensions for mode "bilinear", got [1, 1, 2]')],
  ['Upsample with corners', () => new nn.Upsample({ size: 2, alignCorners: true }).forward(ones([1, 1, 2])), new RangeError('Cannot interpolate: expected alignCorners with a linear or cubic mode, got "nearest"')],
  ['LSTM of features', () => new nn.LSTM(2, 3).forward(ones([4, 1, 5])), new ShapeError('Cannot apply LSTM: expected last dimension 2, got [4, 1, 5]')],
  ['LSTM of states', () => new nn.LSTM(2, 3).forward(ones([4, 1, 2]), [ones([1, 1, 3]), ones([1, 2, 3])]), new ShapeError('Cannot apply LSTM: expected a state of shape [1, 1, 3], got [1, 2, 3]')],
  ['GRUCell', () => new nn.GRUCell(2, 3).forward(ones([4, 2]), ones([3])), new ShapeError('Cannot apply GRUCell: expected a state of shape [N, 3] or [3], got [3]')],
  ['MultiheadAttention', () => new nn.MultiheadAttention(4, 2).forward(ones([3, 1, 4]), ones([3, 1, 5]), ones([3, 1, 4])), new ShapeError('Cannot apply MultiheadAttention: expected query, key and value of 2 or 3 dimensions, the last 4, 4, 4, got [3, 1, 4], [3, 1, 5], [3, 1, 4]')],
  ['a mask of attention', () => new nn.MultiheadAttention(4, 2).forward(ones([3, 1, 4]), ones([3, 1, 4]), ones([3, 1, 4]), { attnMask: ones([2, 3]) }), new ShapeError('Cannot attend: expected attnMask of shape [3, 3] or [2, 3, 3], got [2, 3]')],
  ['a mask of integers', () => new nn.MultiheadAttention(4, 2).forward(ones([3, 1, 4]), ones([3, 1, 4]), ones([3, 1, 4]), { attnMask: ones([3, 3], { dtype: 'int64' }) }), new TypeError('Cannot attend: expected attnMask of dtype bool or a floating one, got int64')],
  ['a cause without a mask', () => new nn.MultiheadAttention(4, 2).forward(ones([3, 1, 4]), ones([3, 1, 4]), ones([3, 1, 4]), { isCausal: true }), new TypeError('Cannot attend: expected attnMask with isCausal, got none; Transformer.generateSquareSubsequentMask makes it')],
  ['Transformer', () => new nn.Transformer({ dModel: 4, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 2 }).forward(ones([3, 1, 4]), ones([3, 2, 4])), new ShapeError('Cannot apply Transformer: expected src and tgt of one batch and 4 features, got [3, 1, 4] and [3, 2, 4]')],
  ['bags without offsets', () => F.embeddingBag(tensor([1n]), ones([2, 2])), new ShapeError('Cannot apply embeddingBag: expected one dimension with offsets or two without, got [1] without')],
  ['factors of a mean', () => F.embeddingBag(tensor([1n]), ones([2, 2]), tensor([0n]), { perSampleWeights: ones([1]) }), new TypeError('Cannot apply embeddingBag: expected mode "sum" with perSampleWeights, got "mean"')],
  ['BCELoss', () => new nn.BCELoss().forward(ones([2]), ones([3])), new ShapeError('Cannot compute binaryCrossEntropy: expected a target of shape [2], got [3]')],
  ['GaussianNLLLoss', () => new nn.GaussianNLLLoss().forward(ones([2]), ones([2]), tensor([-1, 1])), new RangeError('Cannot compute gaussianNllLoss: expected a variance of at least 0, got a negative one')],
  ['MarginRankingLoss', () => new nn.MarginRankingLoss().forward(ones([2]), ones([2]), ones([2, 1])), new ShapeError('Cannot compute marginRankingLoss: expected as many dimensions of each, got [2], [2] and [2, 1]')],
  ['ModuleDict', () => new nn.ModuleDict().forward(), new TypeError('Cannot apply a ModuleDict: expected its modules to be called one by one')],
  ['a name that ModuleDict has', () => new nn.ModuleDict({ forward: new nn.ReLU() }), new TypeError('Cannot add "forward" to a ModuleDict: expected a free name, got one of its own members')],
  ['a name with a dot', () => new nn.Sequential({ 'a.b': new nn.ReLU() }), new TypeError('Cannot add "a.b" to a Sequential: expected a name without dots')],
  ['what is no module', () => new nn.ModuleList([ones([1]) as unknown as nn.UnaryModule]), new TypeError('Cannot add "0" to a ModuleList: expected a module, got object')],
  ['a parameter that is not there', () => new nn.ParameterDict({ a: ones([1]) }).get('b'), new RangeError('Cannot read parameter "b": expected one of a')],
  ['targets that are no classes', () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [2]).forward(ones([2, 4]), tensor([1n, 9n])), new RangeError('Cannot apply AdaptiveLogSoftmaxWithLoss: expected targets from 0 to 8, got 1 to 9')],
  ['targets of another batch', () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [2]).forward(ones([2, 4]), tensor([1n])), new ShapeError('Cannot apply AdaptiveLogSoftmaxWithLoss: expected input [N, 4] and target [N], or both without N, got [2, 4] and [1]')],
  ['CrossMapLRN2d', () => new nn.CrossMapLRN2d(2).forward(ones([2, 3, 4])), new ShapeError('Cannot apply CrossMapLRN2d: expected [N, C, H, W], got [2, 3, 4]')],
  ['SyncBatchNorm', () => new nn.SyncBatchNorm(2).forward(ones([2])), new ShapeError('Cannot apply SyncBatchNorm: expected at least 2 dimensions and a channel, got [2]')],
  ['linearCrossEntropy', () => F.linearCrossEntropy(ones([2, 4]), ones([3, 5]), tensor([0n, 1n])), new ShapeError('Cannot compute linearCrossEntropy: expected input [N, 5] or [5], got [2, 4]')],
  ['an offset of linearCrossEntropy', () => F.linearCrossEntropy(ones([2, 4]), ones([3, 4]), tensor([0n, 1n]), { linearBias: ones([4]) }), new ShapeError('Cannot compute linearCrossEntropy: expected a linearBias of shape [3], got [4]')],
  ['an ignored class of probabilities', () => F.linearCrossEntropy(ones([2, 4]), ones([3, 4]), ones([2, 3]), { ignoreIndex: 1 }), new TypeError('Cannot compute linearCrossEntropy: expected no ignoreIndex with probabilities, got one')],
  ['attention without projections', () => F.multiHeadAttentionForward(ones([2, 1, 4]), ones([2, 1, 4]), ones([2, 1, 4]), { numHeads: 2, outProjWeight: ones([4, 4]) }), new TypeError('Cannot attend: expected inProjWeight, or qProjWeight, kProjWeight and vProjWeight, got neither')],
  ['heads of attention', () => F.multiHeadAttentionForward(ones([2, 1, 4]), ones([2, 1, 4]), ones([2, 1, 4]), { numHeads: 3, inProjWeight: ones([12, 4]), outProjWeight: ones([4, 4]) }), new RangeError('Cannot attend: expected heads that divide the embedding, got 3 and 4')],
  ['one learnt key', () => F.multiHeadAttentionForward(ones([2, 1, 4]), ones([2, 1, 4]), ones([2, 1, 4]), { numHeads: 2, inProjWeight: ones([12, 4]), biasK: ones([1, 1, 4]), outProjWeight: ones([4, 4]) }), new TypeError('Cannot attend: expected biasK and biasV together, got one of them')],
  ['windows of unfold', () => F.unfold(ones([1, 1, 4, 4]), 0), new RangeError('Cannot call unfold: expected integers of at least 1 for kernelSize, got 0')],
  ['options of unfold', () => F.unfold(ones([1, 1, 4, 4]), 2, { strides: 2 } as object), new TypeError('Cannot call unfold: expected options of { dilation, padding, stride }, got "strides"')],
  ['options of attention', () => new nn.MultiheadAttention(4, 2).forward(ones([3, 1, 4]), ones([3, 1, 4]), ones([3, 1, 4]), { mask: ones([3, 3]) } as object), new TypeError('Cannot call MultiheadAttention.forward: expected options of { keyPaddingMask, attnMask, needWeights, averageAttnWeights, isCausal }, got "mask"')],
  ['eye_', () => init.eye_(ones([2])), new ShapeError('Cannot initialise by eye_: expected 2 dimensions, got [2]')],
  ['dirac_', () => init.dirac_(ones([3, 2, 2]), { groups: 2 }), new ShapeError('Cannot initialise by dirac_: expected a first dimension that 2 groups divide, got [3, 2, 2]')],
  ['orthogonal_', () => init.orthogonal_(ones([3])), new ShapeError('Cannot initialise by orthogonal_: expected at least 2 dimensions, got [3]')],
  ['sparse_', () => init.sparse_(ones([3, 2]), 2), new RangeError('Cannot initialise by sparse_: expected a sparsity from 0 to 1, got 2')],
  ['truncNormal_', () => init.truncNormal_(ones([3]), { a: 1, b: 1 }), new RangeError('Cannot initialise by truncNormal_: expected a below b, got 1 and 1')],
  ['calculateGain', () => init.calculateGain('mish' as 'relu'), new RangeError('Cannot calculate a gain: expected one of linear, conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d, sigmoid, tanh, relu, leaky_relu, selu, got "mish"')],
  ['attention of two masks', () => F.scaledDotProductAttention(ones([1, 2, 3]), ones([1, 2, 3]), ones([1, 2, 3]), { attnMask: ones([2, 2]), isCausal: true }), new TypeError('Cannot attend: expected either attnMask or isCausal, got both')],
]; // biome-ignore format: a table

describe('constructors refuse', () => {
  it.each(MADE)('%s', (_, run, error) => {
    expect(run).toThrow(error);
  });
});

describe('layers and functions refuse', () => {
  it.each(APPLIED)('%s', (_, run, error) => {
    expect(run).toThrow(error);
  });
});
