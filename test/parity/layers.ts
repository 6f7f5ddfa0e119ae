// Every layer and loss, one line each; what PyTorch makes of the same line is in test/fixtures/parity/layers.py.
import { arange, full, nn, noGrad, ones, type Tensor, tensor, zeros } from '../../src/index.ts';
import type { Module } from '../../src/nn/index.ts';

class Block extends nn.Module {
  readonly first = new nn.Linear(4, 4);
  readonly norm = new nn.LayerNorm(4);
  readonly scale = new nn.Parameter(ones([4]));
  readonly layers = new nn.ModuleList<nn.UnaryModule>([new nn.Linear(4, 4), new nn.Linear(4, 4), new nn.ReLU()]);
  declare offset: Tensor;
  declare scratch: Tensor;
  readonly tied = this.first;
  readonly frozen = new nn.Parameter(ones([2]), false);

  constructor() {
    super();
    this.registerBuffer('offset', full([4], 0.25));
    this.registerBuffer('scratch', zeros([2]), { persistent: false });
  }

  forward(input: Tensor): Tensor {
    let x = this.norm.forward(this.first.forward(input)).mul(this.scale).add(this.offset);
    for (const layer of this.layers) x = layer.forward(x);
    return this.tied.forward(x);
  }
}

class DictBlock extends nn.Module {
  readonly paths = new nn.ModuleDict({ up: new nn.Linear(4, 3), down: new nn.Linear(4, 3, { bias: false }) });
  readonly scales = new nn.ParameterDict({ up: ones([3]), down: full([3], 0.5) });

  forward(input: Tensor): Tensor {
    let sum: Tensor | number = 0;
    for (const [name, path] of this.paths) {
      const scaled: Tensor = path.forward(input).mul(this.scales.get(name));
      sum = typeof sum === 'number' ? scaled.add(sum) : sum.add(scaled);
    }
    return sum as Tensor;
  }
}

class ListBlock extends nn.Module {
  readonly scales = new nn.ParameterList([ones([4]), full([4], 0.5)]);

  forward(input: Tensor): Tensor {
    let x = input;
    for (const scale of this.scales) x = x.mul(scale).add(scale);
    return x;
  }
}

/** A lazy layer after its first forward, in which statistics stay as they are. */
function applied<M extends nn.UnaryModule>(module: M, ...shape: number[]): M {
  module.eval().forward(ones(shape));
  return module.train();
}

/** A batch normalisation with statistics and numbers of its own, in evaluation. */
function settled(norm: nn.BatchNorm1d): nn.BatchNorm1d {
  const steps = arange(norm.numFeatures);
  norm.running_mean!.copy_(steps);
  norm.running_var!.copy_(steps.add(0.5));
  noGrad(() => {
    norm.weight?.copy_(steps.mul(0.5).neg().add(2));
    norm.bias?.copy_(steps.mul(0.25));
  });
  return norm.eval();
}

/** A symmetric matrix of the upper triangle. */
class Symmetric extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.triu().add(x.triu({ diagonal: 1 }).t());
  }
}

/** A tensor times a number, which is a parameter. */
class Scaled extends nn.Module {
  readonly factor: nn.Parameter;

  constructor(factor: number) {
    super();
    this.factor = new nn.Parameter(full([], factor));
  }

  forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }

  rightInverse(x: Tensor): Tensor {
    return x.div(this.factor);
  }
}

/** A module that any number of tensors go into, and tensors or nests of them come out of. */
export type AnyModule = Module & { forward(...inputs: Tensor[]): unknown };

const { parametrizations, parametrize, prune, rnn } = nn.utils;
const causal = nn.generateSquareSubsequentMask(5);
const layer = { dimFeedforward: 6, batchFirst: true, dropout: 0.25 };
const three = tensor([1, 2, 0.5]);

type Call = (module: never, inputs: readonly Tensor[]) => unknown;

const APPLIED: Readonly<Record<string, Call>> = {
  'ConvTranspose2d of a size': (m: nn.ConvTranspose2d, [x]) => m.forward(x!, { outputSize: [12, 13] }),
  'EmbeddingBag with weights': (m: nn.EmbeddingBag, [x, starts, perSampleWeights]) =>
    m.forward(x!, starts, { perSampleWeights: perSampleWeights! }),
  'ReLU in place': (m: nn.ReLU, [x]) => m.forward(x!.mul(2)),
  'ELU, in place': (m: nn.ELU, [x]) => m.forward(x!.mul(2)),
  'Dropout in place': (m: nn.Dropout, [x]) => m.forward(x!.mul(2)),
  'MaxUnpool2d of a size': (m: nn.MaxUnpool2d, [x, indices]) => m.forward(x!, indices!, { outputSize: [5, 5] }),
  'LSTM with states': (m: nn.LSTM, [x, h, c]) => m.forward(x!, [h!, c!]),
  'RNN of packed sequences': (m: nn.RNN, [x]) =>
    m.forward(rnn.packSequence([x!.select(1, 0), x!.select(1, 1).narrow(0, 0, 2)])),
  'GRU of sequences in another order': (m: nn.GRU, [x, h, lengths]) =>
    m.forward(rnn.packPaddedSequence(x!, lengths!, { batchFirst: true, enforceSorted: false }), h),
  'LSTM of packed sequences, all options': (m: nn.LSTM, [x, h, c]) => {
    const [output, states] = m.forward(rnn.packPaddedSequence(x!, [2, 4], { enforceSorted: false }), [h!, c!]);
    return [rnn.padPackedSequence(output, { batchFirst: true, paddingValue: -1, totalLength: 6 }), states];
  },
  'LSTM of packed sequences in float64': (m: nn.LSTM, [x]) => m.forward(rnn.packPaddedSequence(x!, [5, 3])),
  LSTMCell: (m: nn.LSTMCell, [x, h, c]) => m.forward(x!, [h!, c!]),
  'AdaptiveLogSoftmaxWithLoss, all options': (m: nn.AdaptiveLogSoftmaxWithLoss, [x, y]) => [
    ...m.forward(x!, y!),
    m.logProb(x!),
    m.predict(x!),
  ],
  MultiheadAttention: (m: nn.MultiheadAttention, [x]) => m.forward(x!, x!, x!),
  'MultiheadAttention across': (m: nn.MultiheadAttention, [q, k]) =>
    m.forward(q!, k!, k!, { averageAttnWeights: false }),
  'MultiheadAttention of three': (m: nn.MultiheadAttention, [q, k, v]) => m.forward(q!, k!, v!, { needWeights: false }),
  'MultiheadAttention, all options': (m: nn.MultiheadAttention, [q, k, v, keyPaddingMask]) =>
    m.forward(q!, k!, v!, { keyPaddingMask: keyPaddingMask!, attnMask: causal }),
  'MultiheadAttention, causal': (m: nn.MultiheadAttention, [x]) =>
    m.forward(x!, x!, x!, { needWeights: false, attnMask: causal, isCausal: true }),
  'MultiheadAttention, masked': (m: nn.MultiheadAttention, [x, keyPaddingMask]) =>
    m.forward(x!, x!, x!, { needWeights: false, keyPaddingMask: keyPaddingMask!, attnMask: causal.ne(0) }),
  'MultiheadAttention without a batch': (m: nn.MultiheadAttention, [x]) => m.forward(x!, x!, x!),
  'TransformerEncoderLayer, all options': (m: nn.TransformerEncoderLayer, [x, padding]) =>
    m.forward(x!, { srcMask: causal, srcKeyPaddingMask: padding!.to('float32').mul(-9), isCausal: true }),
  TransformerEncoder: (m: nn.TransformerEncoder, [x, padding]) => m.forward(x!, { srcKeyPaddingMask: padding! }),
  TransformerDecoder: (m: nn.TransformerDecoder, [x, memory, padding]) =>
    m.forward(x!, memory!, { tgtMask: causal, tgtKeyPaddingMask: padding!.to('float32').mul(-9) }),
  Transformer: (m: nn.Transformer, [x, y]) => m.forward(x!, y!, { tgtMask: causal }),
};

const MADE: Readonly<Record<string, () => Module>> = {
  Linear: () => new nn.Linear(4, 3),
  'Linear without bias': () => new nn.Linear(4, 3, { bias: false }),
  'Linear of one output': () => new nn.Linear(4, 1),
  Conv1d: () => new nn.Conv1d(4, 6, 3),
  'Conv1d, all options': () => new nn.Conv1d(4, 6, 3, { stride: 2, padding: 2, dilation: 2, groups: 2, bias: false }),
  Conv2d: () => new nn.Conv2d(4, 6, 3),
  'Conv2d, sizes by dimension': () => new nn.Conv2d(4, 6, [2, 3], { stride: [1, 2], padding: [0, 1] }),
  'Conv2d of one channel a group': () => new nn.Conv2d(4, 8, 3, { padding: 1, groups: 4 }),
  'Conv2d, same': () => new nn.Conv2d(4, 2, 3, { padding: 'same', dilation: 2 }),
  'Conv2d, valid': () => new nn.Conv2d(4, 2, 3, { padding: 'valid' }),
  Conv3d: () => new nn.Conv3d(2, 3, 2, { padding: 1 }),
  BatchNorm1d: () => new nn.BatchNorm1d(4),
  'BatchNorm1d of a signal': () => new nn.BatchNorm1d(4, { eps: 1e-3, momentum: 0.25 }),
  BatchNorm2d: () => new nn.BatchNorm2d(4),
  'BatchNorm2d, cumulative': () => new nn.BatchNorm2d(4, { momentum: 'cumulative' }),
  'BatchNorm2d without statistics': () => new nn.BatchNorm2d(4, { trackRunningStats: false }),
  'BatchNorm2d without affine': () => new nn.BatchNorm2d(4, { affine: false }),
  BatchNorm3d: () => new nn.BatchNorm3d(2),
  LayerNorm: () => new nn.LayerNorm(4),
  'LayerNorm over two dimensions': () => new nn.LayerNorm([3, 4], { eps: 1e-3 }),
  'LayerNorm without bias': () => new nn.LayerNorm(4, { bias: false }),
  'LayerNorm without affine': () => new nn.LayerNorm(4, { elementwiseAffine: false }),
  Embedding: () => new nn.Embedding(7, 5),
  'Embedding with padding': () => new nn.Embedding(7, 5, { paddingIdx: -4 }),
  EmbeddingBag: () => new nn.EmbeddingBag(7, 5),
  'EmbeddingBag, sum': () => new nn.EmbeddingBag(7, 5, { mode: 'sum', paddingIdx: 2 }),
  'EmbeddingBag, max': () => new nn.EmbeddingBag(7, 5, { mode: 'max' }),
  Dropout: () => new nn.Dropout(0.25),
  'Dropout of nothing': () => new nn.Dropout(0),
  ReLU: () => new nn.ReLU(),
  GELU: () => new nn.GELU(),
  'GELU, tanh': () => new nn.GELU({ approximate: 'tanh' }),
  SiLU: () => new nn.SiLU(),
  Sigmoid: () => new nn.Sigmoid(),
  Tanh: () => new nn.Tanh(),
  MaxPool2d: () => new nn.MaxPool2d(2),
  'MaxPool2d, all options': () => new nn.MaxPool2d([3, 2], { stride: 2, padding: 1 }),
  AvgPool2d: () => new nn.AvgPool2d(3, { stride: 1, padding: 1 }),
  AdaptiveAvgPool2d: () => new nn.AdaptiveAvgPool2d(1),
  'AdaptiveAvgPool2d of two sizes': () => new nn.AdaptiveAvgPool2d([4, 3]),
  Flatten: () => new nn.Flatten(),
  'Flatten of some dimensions': () => new nn.Flatten({ startDim: 0, endDim: 2 }),
  Identity: () => new nn.Identity(),
  Sequential: () => new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU(), new nn.Sequential(new nn.Linear(3, 2))),
  'Sequential of nothing': () => new nn.Sequential(),
  'a module of modules': () => new Block(),
  CrossEntropyLoss: () => new nn.CrossEntropyLoss(),
  'CrossEntropyLoss, all options': () =>
    new nn.CrossEntropyLoss({ weight: tensor([1, 2, 0.5]), ignoreIndex: 1, reduction: 'sum', labelSmoothing: 0.1 }),
  'CrossEntropyLoss of probabilities': () => new nn.CrossEntropyLoss({ reduction: 'none' }),
  MSELoss: () => new nn.MSELoss(),
  'MSELoss, sum': () => new nn.MSELoss({ reduction: 'sum' }),
  'MSELoss, none': () => new nn.MSELoss({ reduction: 'none' }),

  'Linear in float64': () => new nn.Linear(4, 3, { dtype: 'float64' }),
  Bilinear: () => new nn.Bilinear(4, 3, 5),
  'Bilinear without bias': () => new nn.Bilinear(4, 3, 2, { bias: false }),
  'Conv1d, reflect': () => new nn.Conv1d(4, 2, 3, { padding: 2, paddingMode: 'reflect' }),
  'Conv2d, replicate': () => new nn.Conv2d(4, 2, 3, { padding: [1, 2], paddingMode: 'replicate', stride: 2 }),
  'Conv2d, circular and same': () => new nn.Conv2d(4, 2, [2, 3], { padding: 'same', paddingMode: 'circular' }),
  'Conv2d without a batch': () => new nn.Conv2d(4, 2, 3),
  'Conv3d, circular': () => new nn.Conv3d(2, 3, 2, { padding: 1, paddingMode: 'circular' }),
  ConvTranspose1d: () => new nn.ConvTranspose1d(4, 6, 3),
  'ConvTranspose1d, all options': () =>
    new nn.ConvTranspose1d(4, 6, 3, { stride: 3, padding: 1, outputPadding: 1, groups: 2, bias: false, dilation: 2 }),
  ConvTranspose2d: () => new nn.ConvTranspose2d(4, 2, 3),
  'ConvTranspose2d, sizes by dimension': () =>
    new nn.ConvTranspose2d(4, 2, [2, 3], { stride: [1, 2], padding: [0, 1], outputPadding: [0, 1] }),
  'ConvTranspose2d of a size': () => new nn.ConvTranspose2d(4, 2, 3, { stride: 2, padding: 1 }),
  ConvTranspose3d: () => new nn.ConvTranspose3d(2, 3, 2, { stride: 2 }),
  RMSNorm: () => new nn.RMSNorm(4),
  'RMSNorm over two dimensions': () => new nn.RMSNorm([3, 4], { eps: 1e-3 }),
  'RMSNorm without affine': () => new nn.RMSNorm(4, { elementwiseAffine: false }),
  GroupNorm: () => new nn.GroupNorm(2, 4),
  'GroupNorm without bias': () => new nn.GroupNorm(4, 4, { eps: 1e-3, bias: false }),
  'GroupNorm without affine': () => new nn.GroupNorm(1, 4, { affine: false }),
  'BatchNorm2d without bias': () => new nn.BatchNorm2d(4, { bias: false }),
  InstanceNorm1d: () => new nn.InstanceNorm1d(4),
  'InstanceNorm1d, all options': () =>
    new nn.InstanceNorm1d(4, { eps: 1e-3, momentum: 0.25, affine: true, trackRunningStats: true }),
  'InstanceNorm1d without a batch': () => new nn.InstanceNorm1d(4),
  InstanceNorm2d: () => new nn.InstanceNorm2d(4, { affine: true }),
  'InstanceNorm2d without bias': () => new nn.InstanceNorm2d(4, { affine: true, bias: false }),
  InstanceNorm3d: () => new nn.InstanceNorm3d(2, { trackRunningStats: true }),
  LocalResponseNorm: () => new nn.LocalResponseNorm(3),
  'LocalResponseNorm, all options': () => new nn.LocalResponseNorm(2, { alpha: 0.5, beta: 0.5, k: 2 }),
  CrossMapLRN2d: () => new nn.CrossMapLRN2d(3, { alpha: 0.5 }),
  'CrossMapLRN2d, all options': () => new nn.CrossMapLRN2d(4, { alpha: 0.25, beta: 0.5, k: 2 }),
  'CrossMapLRN2d of many maps': () => new nn.CrossMapLRN2d(5),
  SyncBatchNorm: () => new nn.SyncBatchNorm(4),
  'SyncBatchNorm, all options': () => new nn.SyncBatchNorm(2, { eps: 1e-3, momentum: 'cumulative', bias: false }),
  'SyncBatchNorm in the place of others': () =>
    nn.SyncBatchNorm.convertSyncBatchnorm(
      new nn.Sequential(new nn.Linear(4, 3), new nn.BatchNorm1d(3, { momentum: 0.25, affine: false })),
    ),
  'Embedding, all options': () => new nn.Embedding(7, 5, { maxNorm: 1.5, normType: 1, scaleGradByFreq: true }),
  'EmbeddingBag of rows': () => new nn.EmbeddingBag(7, 5, { mode: 'sum' }),
  'EmbeddingBag, all options': () =>
    new nn.EmbeddingBag(7, 5, {
      maxNorm: 1.5,
      normType: 3,
      scaleGradByFreq: true,
      mode: 'sum',
      includeLastOffset: true,
      paddingIdx: 1,
    }),
  'EmbeddingBag with weights': () => new nn.EmbeddingBag(7, 5, { mode: 'sum' }),
  'ReLU in place': () => new nn.ReLU({ inplace: true }),
  Threshold: () => new nn.Threshold(0.1, 20.5),
  RReLU: () => new nn.RReLU(),
  'RReLU, all options': () => new nn.RReLU({ lower: 0.1, upper: 0.4 }),
  Hardtanh: () => new nn.Hardtanh({ minVal: -0.5, maxVal: 0.75 }),
  ReLU6: () => new nn.ReLU6(),
  Hardsigmoid: () => new nn.Hardsigmoid(),
  Mish: () => new nn.Mish(),
  Hardswish: () => new nn.Hardswish(),
  ELU: () => new nn.ELU(),
  'ELU, in place': () => new nn.ELU({ alpha: 0.5, inplace: true }),
  CELU: () => new nn.CELU({ alpha: 0.75 }),
  SELU: () => new nn.SELU(),
  GLU: () => new nn.GLU(),
  'GLU of channels': () => new nn.GLU({ dim: 1 }),
  Hardshrink: () => new nn.Hardshrink({ lambd: 0.25 }),
  Softshrink: () => new nn.Softshrink(),
  LeakyReLU: () => new nn.LeakyReLU({ negativeSlope: 0.2 }),
  LogSigmoid: () => new nn.LogSigmoid(),
  Softplus: () => new nn.Softplus({ beta: 2, threshold: 1.5 }),
  PReLU: () => new nn.PReLU(),
  'PReLU of channels': () => new nn.PReLU({ numParameters: 4, init: 0.1 }),
  Softsign: () => new nn.Softsign(),
  Tanhshrink: () => new nn.Tanhshrink(),
  Softmin: () => new nn.Softmin(1),
  Softmax: () => new nn.Softmax(-1),
  Softmax2d: () => new nn.Softmax2d(),
  LogSoftmax: () => new nn.LogSoftmax(0),
  'Dropout in place': () => new nn.Dropout(0.5, { inplace: true }),
  Dropout1d: () => new nn.Dropout1d(0.5),
  'Dropout1d without a batch': () => new nn.Dropout1d(0.5),
  Dropout2d: () => new nn.Dropout2d(0.25),
  Dropout3d: () => new nn.Dropout3d(0.5),
  AlphaDropout: () => new nn.AlphaDropout(0.5),
  FeatureAlphaDropout: () => new nn.FeatureAlphaDropout(0.5),
  MaxPool1d: () => new nn.MaxPool1d(3, { stride: 2, padding: 1, ceilMode: true }),
  'MaxPool2d with indices': () => new nn.MaxPool2d(2, { dilation: 2, returnIndices: true }),
  MaxPool3d: () => new nn.MaxPool3d([2, 2, 3], { stride: [2, 1, 3] }),
  AvgPool1d: () => new nn.AvgPool1d(3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }),
  'AvgPool2d, all options': () =>
    new nn.AvgPool2d([3, 2], {
      stride: 2,
      padding: [1, 0],
      ceilMode: true,
      countIncludePad: false,
      divisorOverride: 5,
    }),
  AvgPool3d: () => new nn.AvgPool3d(2),
  AdaptiveAvgPool1d: () => new nn.AdaptiveAvgPool1d(4),
  'AdaptiveAvgPool2d of one size kept': () => new nn.AdaptiveAvgPool2d([undefined, 3]),
  AdaptiveAvgPool3d: () => new nn.AdaptiveAvgPool3d([2, 3, 1]),
  AdaptiveMaxPool1d: () => new nn.AdaptiveMaxPool1d(4),
  'AdaptiveMaxPool2d with indices': () => new nn.AdaptiveMaxPool2d([4, 3], { returnIndices: true }),
  AdaptiveMaxPool3d: () => new nn.AdaptiveMaxPool3d(2),
  LPPool1d: () => new nn.LPPool1d(2, 3),
  LPPool2d: () => new nn.LPPool2d(3, [2, 3], { stride: 2, ceilMode: true }),
  'LPPool2d of infinity': () => new nn.LPPool2d(Number.POSITIVE_INFINITY, 2),
  LPPool3d: () => new nn.LPPool3d(1.5, 2),
  FractionalMaxPool2d: () => new nn.FractionalMaxPool2d(2, { outputSize: [3, 4] }),
  'FractionalMaxPool2d with indices': () =>
    new nn.FractionalMaxPool2d([2, 3], { outputRatio: 0.6, returnIndices: true }),
  FractionalMaxPool3d: () => new nn.FractionalMaxPool3d(2, { outputRatio: [0.5, 0.5, 0.7] }),
  MaxUnpool1d: () => new nn.MaxUnpool1d(2),
  MaxUnpool2d: () => new nn.MaxUnpool2d(2),
  'MaxUnpool2d of a size': () => new nn.MaxUnpool2d(2),
  MaxUnpool3d: () => new nn.MaxUnpool3d(2),
  Unflatten: () => new nn.Unflatten(1, [2, -1]),
  Unfold: () => new nn.Unfold([2, 3], { dilation: 2, padding: 1, stride: [1, 2] }),
  Fold: () => new nn.Fold([4, 5], [2, 3], { padding: 1 }),
  ConstantPad1d: () => new nn.ConstantPad1d(2, 0.5),
  ConstantPad2d: () => new nn.ConstantPad2d([1, 0, -1, 2], 1.5),
  ConstantPad3d: () => new nn.ConstantPad3d(1, -1),
  ZeroPad1d: () => new nn.ZeroPad1d([1, 2]),
  ZeroPad2d: () => new nn.ZeroPad2d(1),
  ZeroPad3d: () => new nn.ZeroPad3d(1),
  ReflectionPad1d: () => new nn.ReflectionPad1d(2),
  ReflectionPad2d: () => new nn.ReflectionPad2d([1, 2, 0, 3]),
  ReflectionPad3d: () => new nn.ReflectionPad3d(1),
  ReplicationPad1d: () => new nn.ReplicationPad1d(2),
  ReplicationPad2d: () => new nn.ReplicationPad2d(1),
  ReplicationPad3d: () => new nn.ReplicationPad3d([1, 0, 2, 1, 0, 1]),
  CircularPad1d: () => new nn.CircularPad1d([3, 1]),
  CircularPad2d: () => new nn.CircularPad2d(1),
  CircularPad3d: () => new nn.CircularPad3d(1),
  PixelShuffle: () => new nn.PixelShuffle(2),
  PixelUnshuffle: () => new nn.PixelUnshuffle(2),
  ChannelShuffle: () => new nn.ChannelShuffle(2),
  Upsample: () => new nn.Upsample({ scaleFactor: 2 }),
  'Upsample to a size': () => new nn.Upsample({ size: [4, 10] }),
  'Upsample, exact': () => new nn.Upsample({ scaleFactor: [1.5, 2], mode: 'nearest-exact' }),
  'Upsample, area': () => new nn.Upsample({ scaleFactor: 0.5, mode: 'area' }),
  'Upsample, linear': () => new nn.Upsample({ scaleFactor: 1.7, mode: 'linear' }),
  'Upsample, bilinear': () => new nn.Upsample({ scaleFactor: 1.7, mode: 'bilinear', recomputeScaleFactor: true }),
  'Upsample, bicubic': () => new nn.Upsample({ size: 9, mode: 'bicubic', alignCorners: true }),
  'Upsample, trilinear': () => new nn.Upsample({ scaleFactor: 2, mode: 'trilinear' }),
  UpsamplingNearest2d: () => new nn.UpsamplingNearest2d({ scaleFactor: 2 }),
  UpsamplingBilinear2d: () => new nn.UpsamplingBilinear2d({ size: [9, 8] }),
  CosineSimilarity: () => new nn.CosineSimilarity({ dim: 0 }),
  PairwiseDistance: () => new nn.PairwiseDistance({ p: 3, keepdim: true }),
  RNN: () => new nn.RNN(4, 3),
  'RNN, all options': () =>
    new nn.RNN(4, 3, {
      numLayers: 2,
      nonlinearity: 'relu',
      bias: false,
      batchFirst: true,
      dropout: 0.5,
      bidirectional: true,
    }),
  'RNN without a batch': () => new nn.RNN(4, 3),
  LSTM: () => new nn.LSTM(4, 3),
  'LSTM with states': () => new nn.LSTM(4, 3),
  'LSTM, all options': () =>
    new nn.LSTM(4, 3, { numLayers: 2, batchFirst: true, dropout: 0.25, bidirectional: true, projSize: 2 }),
  'LSTM without bias': () => new nn.LSTM(4, 3, { numLayers: 2, bias: false }),
  GRU: () => new nn.GRU(4, 3),
  'GRU, all options': () =>
    new nn.GRU(4, 3, { numLayers: 2, bias: false, batchFirst: true, dropout: 0.5, bidirectional: true }),
  'RNN of packed sequences': () => new nn.RNN(4, 3),
  'GRU of sequences in another order': () => new nn.GRU(4, 3, { numLayers: 2, batchFirst: true, bidirectional: true }),
  'LSTM of packed sequences, all options': () =>
    new nn.LSTM(4, 3, { numLayers: 2, dropout: 0.25, bidirectional: true, projSize: 2 }),
  'LSTM of packed sequences in float64': () => new nn.LSTM(4, 3, { bias: false, dtype: 'float64' }),
  RNNCell: () => new nn.RNNCell(4, 3),
  'RNNCell, relu': () => new nn.RNNCell(4, 3, { bias: false, nonlinearity: 'relu' }),
  LSTMCell: () => new nn.LSTMCell(4, 3),
  'LSTMCell without a batch': () => new nn.LSTMCell(4, 3),
  GRUCell: () => new nn.GRUCell(4, 3),
  MultiheadAttention: () => new nn.MultiheadAttention(4, 2),
  'MultiheadAttention across': () => new nn.MultiheadAttention(4, 2, { bias: false }),
  'MultiheadAttention of three': () => new nn.MultiheadAttention(4, 2, { dropout: 0.25 }),
  'MultiheadAttention, all options': () =>
    new nn.MultiheadAttention(8, 2, {
      dropout: 0.25,
      addBiasKv: true,
      addZeroAttn: true,
      kdim: 4,
      vdim: 3,
      batchFirst: true,
    }),
  'MultiheadAttention, causal': () => new nn.MultiheadAttention(4, 2, { batchFirst: true }),
  'MultiheadAttention, masked': () => new nn.MultiheadAttention(4, 2, { batchFirst: true }),
  'MultiheadAttention without a batch': () => new nn.MultiheadAttention(4, 2),
  TransformerEncoderLayer: () => new nn.TransformerEncoderLayer(8, 2, layer),
  'TransformerEncoderLayer, all options': () =>
    new nn.TransformerEncoderLayer(8, 4, {
      dimFeedforward: 6,
      dropout: 0.1,
      activation: new nn.GELU(),
      layerNormEps: 1e-3,
      normFirst: true,
      bias: false,
    }),
  TransformerEncoder: () =>
    new nn.TransformerEncoder(new nn.TransformerEncoderLayer(8, 2, layer), 2, { norm: new nn.LayerNorm(8) }),
  TransformerDecoderLayer: () => new nn.TransformerDecoderLayer(8, 2, { activation: 'gelu', ...layer }),
  TransformerDecoder: () =>
    new nn.TransformerDecoder(new nn.TransformerDecoderLayer(8, 2, { normFirst: true, ...layer }), 2),
  Transformer: () => new nn.Transformer({ dModel: 8, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 2, ...layer }),
  'parametrizations.weightNorm': () => parametrizations.weightNorm(new nn.Linear(4, 3)),
  'parametrizations.weightNorm of a convolution': () =>
    parametrizations.weightNorm(new nn.ConvTranspose1d(4, 2, 3, { bias: false }), 'weight', { dim: 1 }),
  'parametrizations.weightNorm of all': () =>
    parametrizations.weightNorm(new nn.Linear(4, 3), 'weight', { dim: 'all' }),
  'parametrizations.weightNorm of an LSTM': () =>
    parametrizations.weightNorm(parametrizations.weightNorm(new nn.LSTM(4, 3), 'weight_hh_l0'), 'weight_ih_l0'),
  'parametrizations.spectralNorm': () => parametrizations.spectralNorm(new nn.Linear(4, 3)),
  'parametrizations.spectralNorm of a convolution': () =>
    parametrizations.spectralNorm(new nn.ConvTranspose2d(4, 2, 3), 'weight', { nPowerIterations: 2, eps: 1e-6 }),
  'parametrizations.spectralNorm of a vector': () => parametrizations.spectralNorm(new nn.BatchNorm1d(4)),
  'parametrizations.spectralNorm in evaluation': () => parametrizations.spectralNorm(new nn.Linear(4, 3).eval()),
  'parametrizations.orthogonal, square': () => parametrizations.orthogonal(new nn.Linear(4, 4)),
  'parametrizations.orthogonal, tall': () => parametrizations.orthogonal(new nn.Linear(4, 6)),
  'parametrizations.orthogonal, wide': () =>
    parametrizations.orthogonal(new nn.Linear(4, 2), 'weight', { orthogonalMap: 'matrix_exp' }),
  'parametrizations.orthogonal, Cayley': () =>
    parametrizations.orthogonal(new nn.Linear(4, 3, { bias: false }), 'weight', { orthogonalMap: 'cayley' }),
  'parametrizations.orthogonal, Cayley of itself': () =>
    parametrizations.orthogonal(new nn.Linear(4, 6), 'weight', { orthogonalMap: 'cayley', useTrivialization: false }),
  'parametrizations.orthogonal, Householder of itself': () =>
    parametrizations.orthogonal(new nn.Linear(4, 2), 'weight', { useTrivialization: false }),
  'parametrizations.orthogonal in float64': () =>
    parametrizations.orthogonal(new nn.Linear(4, 4, { dtype: 'float64' }), 'weight', { orthogonalMap: 'householder' }),
  registerParametrization: () => parametrize.registerParametrization(new nn.Linear(4, 4), 'weight', new Symmetric()),
  'registerParametrization of several': () => {
    const layer = new nn.Linear(4, 4);
    parametrize.registerParametrization(layer, 'weight', new Symmetric());
    parametrize.registerParametrization(layer, 'weight', new Scaled(2));
    return parametrize.registerParametrization(layer, 'bias', new Scaled(0.5));
  },
  'registerParametrization of a buffer': () =>
    parametrize.registerParametrization(new Block(), 'offset', new Scaled(3)),
  removeParametrizations: () =>
    parametrize.removeParametrizations(parametrizations.weightNorm(new nn.Linear(4, 3)), 'weight'),
  'removeParametrizations without them': () =>
    parametrize.removeParametrizations(
      parametrize.registerParametrization(new nn.Linear(4, 4), 'weight', new Symmetric()),
      'weight',
      { leaveParametrized: false },
    ),
  LazyLinear: () => applied(new nn.LazyLinear(3), 3, 4),
  'LazyLinear without bias': () => {
    const layer = new nn.LazyLinear(3, { bias: false, dtype: 'float64' });
    layer.forward(ones([3, 4], { dtype: 'float64' }));
    return layer;
  },
  LazyConv1d: () =>
    applied(new nn.LazyConv1d(6, 3, { groups: 2, bias: false, paddingMode: 'reflect', padding: 1 }), 2, 4, 9),
  LazyConv2d: () => applied(new nn.LazyConv2d(6, [2, 3], { stride: 2 }), 4, 6, 7),
  LazyConv3d: () => applied(new nn.LazyConv3d(3, 2), 2, 2, 4, 5, 3),
  LazyConvTranspose1d: () =>
    applied(new nn.LazyConvTranspose1d(6, 3, { groups: 2, stride: 2, outputPadding: 1 }), 2, 4, 9),
  LazyConvTranspose2d: () => applied(new nn.LazyConvTranspose2d(2, 3, { bias: false }), 2, 4, 6, 7),
  LazyConvTranspose3d: () => applied(new nn.LazyConvTranspose3d(3, 2), 2, 2, 4, 5, 3),
  LazyBatchNorm1d: () => applied(new nn.LazyBatchNorm1d(), 3, 4),
  LazyBatchNorm2d: () =>
    applied(new nn.LazyBatchNorm2d({ eps: 1e-3, momentum: 'cumulative', bias: false }), 2, 4, 6, 7),
  LazyBatchNorm3d: () => applied(new nn.LazyBatchNorm3d({ trackRunningStats: false }), 2, 2, 4, 5, 3),
  LazyInstanceNorm1d: () => applied(new nn.LazyInstanceNorm1d(), 2, 4, 9),
  LazyInstanceNorm2d: () => applied(new nn.LazyInstanceNorm2d({ momentum: 0.25, affine: false }), 2, 4, 6, 7),
  LazyInstanceNorm3d: () => applied(new nn.LazyInstanceNorm3d({ trackRunningStats: false }), 2, 2, 4, 5, 3),
  'Sequential of lazy layers': () =>
    applied(
      new nn.Sequential(
        new nn.LazyConv2d(3, 3),
        new nn.ReLU(),
        new nn.LazyBatchNorm2d(),
        new nn.Flatten(),
        new nn.LazyLinear(2),
      ),
      ...[2, 4, 6, 7],
    ),
  fuseConvBnEval: () =>
    nn.utils.fuseConvBnEval(new nn.Conv2d(4, 3, 3, { bias: false }).eval(), settled(new nn.BatchNorm2d(3))),
  'fuseConvBnEval, transposed': () =>
    nn.utils.fuseConvBnEval(
      new nn.ConvTranspose1d(4, 3, 2).eval(),
      settled(new nn.BatchNorm1d(3, { eps: 1e-2, affine: false })),
      { transpose: true },
    ),
  fuseLinearBnEval: () => nn.utils.fuseLinearBnEval(new nn.Linear(4, 3).eval(), settled(new nn.BatchNorm1d(3))),
  'fuseLinearBnEval without bias': () =>
    nn.utils.fuseLinearBnEval(
      new nn.Linear(4, 3, { bias: false, dtype: 'float64' }).eval(),
      settled(new nn.BatchNorm1d(3).to('float64')),
    ),
  weightNorm: () => nn.utils.weightNorm(new nn.Linear(4, 3)),
  'weightNorm of another dimension': () => nn.utils.weightNorm(new nn.Conv1d(4, 2, 3), 'weight', { dim: 1 }),
  'weightNorm of all': () => nn.utils.weightNorm(new nn.Linear(4, 3), 'weight', { dim: 'all' }),
  removeWeightNorm: () => nn.utils.removeWeightNorm(nn.utils.weightNorm(new nn.Linear(4, 3))),
  spectralNorm: () => nn.utils.spectralNorm(new nn.Linear(4, 3)),
  'spectralNorm of a convolution': () =>
    nn.utils.spectralNorm(new nn.ConvTranspose2d(4, 2, 3), 'weight', { nPowerIterations: 3, eps: 1e-6 }),
  removeSpectralNorm: () => {
    const layer = nn.utils.spectralNorm(new nn.Linear(4, 3));
    layer.forward(ones([3, 4]));
    return nn.utils.removeSpectralNorm(layer);
  },
  'prune.identity': () => prune.identity(new nn.Linear(4, 3), 'weight'),
  'prune.randomUnstructured': () => prune.randomUnstructured(new nn.Linear(4, 3), 'weight', { amount: 0.4 }),
  'prune.l1Unstructured': () => prune.l1Unstructured(new nn.Conv2d(4, 2, 3), 'weight', { amount: 0.3 }),
  'prune.l1Unstructured of a number': () =>
    prune.l1Unstructured(new nn.Linear(4, 3), 'bias', { amount: 2, importanceScores: tensor([3, -1, 2]) }),
  'prune.randomStructured': () => prune.randomStructured(new nn.Linear(4, 5), 'weight', { amount: 0.5, dim: 0 }),
  'prune.lnStructured': () =>
    prune.lnStructured(new nn.Conv1d(4, 6, 3), 'weight', { amount: 2, n: Number.POSITIVE_INFINITY, dim: 0 }),
  'prune.customFromMask': () =>
    prune.customFromMask(new nn.Linear(4, 3), 'weight', arange(12).reshape([3, 4]).remainder(3).ne(0)),
  'prune.remove': () =>
    prune.remove(prune.l1Unstructured(new nn.Linear(4, 3), 'weight', { amount: { share: 1 } }), 'weight'),
  'pruning on top of pruning': () => {
    const layer = new nn.Linear(4, 6);
    prune.randomUnstructured(layer, 'weight', { amount: 0.25 });
    prune.lnStructured(layer, 'weight', { amount: 0.4, n: 2, dim: -2 });
    return prune.l1Unstructured(layer, 'weight', { amount: 3 });
  },
  'prune.globalUnstructured': () => {
    const [first, second] = [new nn.Linear(4, 3), new nn.Linear(3, 2)];
    prune.l1Unstructured(second, 'weight', { amount: 2 });
    prune.globalUnstructured(
      [
        [first, 'weight'],
        [second, 'weight'],
      ],
      prune.L1Unstructured,
      { amount: 0.4 },
    );
    return new nn.Sequential(first, new nn.ReLU(), second);
  },
  'Sequential by name': () => new nn.Sequential({ first: new nn.Linear(4, 3), active: new nn.ReLU() }),
  ModuleDict: () => new DictBlock(),
  ParameterList: () => new ListBlock(),
  L1Loss: () => new nn.L1Loss(),
  SmoothL1Loss: () => new nn.SmoothL1Loss({ reduction: 'sum', beta: 0.5 }),
  HuberLoss: () => new nn.HuberLoss({ delta: 0.7 }),
  NLLLoss: () => new nn.NLLLoss({ weight: three, ignoreIndex: 1 }),
  'NLLLoss of pictures': () => new nn.NLLLoss({ reduction: 'sum' }),
  PoissonNLLLoss: () => new nn.PoissonNLLLoss({ full: true }),
  'PoissonNLLLoss of rates': () => new nn.PoissonNLLLoss({ logInput: false, eps: 1e-3, reduction: 'sum' }),
  GaussianNLLLoss: () => new nn.GaussianNLLLoss({ full: true }),
  'GaussianNLLLoss of rows': () => new nn.GaussianNLLLoss({ eps: 0.5, reduction: 'sum' }),
  KLDivLoss: () => new nn.KLDivLoss({ reduction: 'batchmean' }),
  'KLDivLoss of logarithms': () => new nn.KLDivLoss({ reduction: 'sum', logTarget: true }),
  BCELoss: () => new nn.BCELoss({ weight: three }),
  BCEWithLogitsLoss: () => new nn.BCEWithLogitsLoss({ posWeight: three }),
  'BCEWithLogitsLoss, none': () =>
    new nn.BCEWithLogitsLoss({ weight: tensor([[1], [2], [0.5], [1], [3]]), reduction: 'none' }),
  HingeEmbeddingLoss: () => new nn.HingeEmbeddingLoss({ margin: 0.5 }),
  CosineEmbeddingLoss: () => new nn.CosineEmbeddingLoss({ margin: 0.25 }),
  MarginRankingLoss: () => new nn.MarginRankingLoss({ margin: 0.5, reduction: 'sum' }),
  SoftMarginLoss: () => new nn.SoftMarginLoss(),
  MultiMarginLoss: () => new nn.MultiMarginLoss({ p: 2, margin: 0.5, weight: three }),
  MultiLabelMarginLoss: () => new nn.MultiLabelMarginLoss(),
  MultiLabelSoftMarginLoss: () => new nn.MultiLabelSoftMarginLoss({ weight: three }),
  TripletMarginLoss: () => new nn.TripletMarginLoss({ margin: 2, p: 1, swap: true }),
  TripletMarginWithDistanceLoss: () =>
    new nn.TripletMarginWithDistanceLoss({ margin: 2, swap: true, reduction: 'sum' }),
  'TripletMarginWithDistanceLoss of a function': () =>
    new nn.TripletMarginWithDistanceLoss({
      distanceFunction: (a, b) =>
        a
          .sub(b)
          .abs()
          .amax({ dim: [-1] }),
      reduction: 'none',
    }),
  LinearCrossEntropyLoss: () => new nn.LinearCrossEntropyLoss(4, 3),
  'LinearCrossEntropyLoss without a batch': () => new nn.LinearCrossEntropyLoss(4, 3, { reduction: 'sum' }),
  'LinearCrossEntropyLoss, all options': () =>
    new nn.LinearCrossEntropyLoss(4, 3, {
      outFeatures: [2, 2],
      bias: true,
      weight: three,
      reduction: 'none',
      ignoreIndex: 1,
      labelSmoothing: 0.1,
    }),
  'LinearCrossEntropyLoss of probabilities': () => new nn.LinearCrossEntropyLoss(4, 3, { dtype: 'float64' }),
  AdaptiveLogSoftmaxWithLoss: () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [2, 5]),
  'AdaptiveLogSoftmaxWithLoss, all options': () =>
    new nn.AdaptiveLogSoftmaxWithLoss(8, 9, [3], { divValue: 2, headBias: true }),
  'AdaptiveLogSoftmaxWithLoss without a batch': () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [2, 5]),
  CTCLoss: () => new nn.CTCLoss({ blank: 2, zeroInfinity: true }),
};

/** Composed of operators, so that another dtype takes another way. */
const COMPOSED = [
  ...['MultiheadAttention', 'MultiheadAttention, masked', 'TransformerEncoderLayer', 'TransformerDecoderLayer'],
  ...[
    'LocalResponseNorm, all options',
    'CrossMapLRN2d',
    'LPPool2d',
    'Softsign',
    'Tanhshrink',
    'Softmin',
    'ChannelShuffle',
    'RMSNorm',
  ],
  ...['BatchNorm2d', 'GaussianNLLLoss', 'MultiLabelSoftMarginLoss', 'TripletMarginWithDistanceLoss'],
  ...['LinearCrossEntropyLoss', 'AdaptiveLogSoftmaxWithLoss', 'CosineSimilarity', 'parametrizations.weightNorm'],
  ...['parametrizations.spectralNorm', 'prune.l1Unstructured', 'RNN of packed sequences'],
];

/** As another case, layer and inputs in another dtype. */
const OTHERS = COMPOSED.flatMap((name) =>
  (['bfloat16', 'float64'] as const).map((dtype) => ({ name, other: `${name} as ${dtype}`, dtype })),
);

export const LAYERS: Readonly<Record<string, () => Module>> = {
  ...MADE,
  ...Object.fromEntries(OTHERS.map(({ name, other, dtype }) => [other, () => MADE[name]!().to(dtype)])),
};

/** How a module is applied where its inputs are not just its arguments. */
export const CALLS: Readonly<Record<string, Call>> = {
  ...APPLIED,
  ...Object.fromEntries(OTHERS.flatMap(({ name, other }) => (APPLIED[name] ? [[other, APPLIED[name]]] : []))),
};
