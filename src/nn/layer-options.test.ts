// Every layer and loss refuses an option that it does not have.
import { describe, expect, it } from 'vitest';
import { ones } from '../tensor/create.ts';
import * as nn from './index.ts';
import { checkOptions } from './layer-options.ts';

type Make = (options: object) => unknown;

/** What takes options, each by its least arguments. */
const MADE: Record<string, Make> = {
  AdaptiveLogSoftmaxWithLoss: (o) => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [2], o),
  Bilinear: (o) => new nn.Bilinear(2, 2, 2, o),
  CTCLoss: (o) => new nn.CTCLoss(o),
  CrossMapLRN2d: (o) => new nn.CrossMapLRN2d(2, o),
  Embedding: (o) => new nn.Embedding(2, 2, o),
  EmbeddingBag: (o) => new nn.EmbeddingBag(2, 2, o),
  GroupNorm: (o) => new nn.GroupNorm(1, 2, o),
  LayerNorm: (o) => new nn.LayerNorm(2, o),
  Linear: (o) => new nn.Linear(2, 2, o),
  LinearCrossEntropyLoss: (o) => new nn.LinearCrossEntropyLoss(2, 2, o),
  LocalResponseNorm: (o) => new nn.LocalResponseNorm(2, o),
  MultiheadAttention: (o) => new nn.MultiheadAttention(2, 1, o),
  RMSNorm: (o) => new nn.RMSNorm(2, o),
  SyncBatchNorm: (o) => new nn.SyncBatchNorm(2, o),
  Threshold: (o) => new nn.Threshold(1, 2, o),
  Transformer: (o) => new nn.Transformer(o),
  TransformerDecoderLayer: (o) => new nn.TransformerDecoderLayer(2, 1, o),
  TransformerEncoderLayer: (o) => new nn.TransformerEncoderLayer(2, 1, o),
  TransformerDecoder: (o) =>
    new nn.TransformerDecoder(new nn.TransformerDecoderLayer(2, 1, { dimFeedforward: 2 }), 1, o),
  TransformerEncoder: (o) =>
    new nn.TransformerEncoder(new nn.TransformerEncoderLayer(2, 1, { dimFeedforward: 2 }), 1, o),
  Fold: (o) => new nn.Fold(2, 1, o),
  Unfold: (o) => new nn.Unfold(1, o),
};
const classes = nn as unknown as Record<string, new (...args: unknown[]) => unknown>;
const own = (name: string, ...args: unknown[]): void => {
  MADE[name] = (options) => new classes[name]!(...args, options);
};
for (const dims of ['1d', '2d', '3d']) {
  for (const kind of ['Conv', 'ConvTranspose']) own(kind + dims, 2, 2, 1);
  for (const kind of ['LazyConv', 'LazyConvTranspose']) own(kind + dims, 2, 1);
  for (const kind of ['LazyBatchNorm', 'LazyInstanceNorm']) own(kind + dims);
  for (const kind of ['BatchNorm', 'InstanceNorm']) own(kind + dims, 2);
  for (const kind of ['MaxPool', 'AvgPool', 'MaxUnpool', 'AdaptiveMaxPool']) own(kind + dims, 1);
  own(`LPPool${dims}`, 2, 1);
  own(`Dropout${dims}`, 0.5);
}
own('LazyLinear', 2);
for (const dims of ['2d', '3d']) own(`FractionalMaxPool${dims}`, 1);
for (const kind of ['Dropout', 'AlphaDropout', 'FeatureAlphaDropout']) own(kind, 0.5);
for (const kind of ['RNN', 'LSTM', 'GRU', 'RNNCell', 'LSTMCell', 'GRUCell']) own(kind, 2, 2);
for (const kind of [
  ...['CELU', 'ELU', 'GELU', 'GLU', 'Hardshrink', 'Hardsigmoid', 'Hardswish', 'Hardtanh', 'LeakyReLU', 'Mish', 'PReLU'],
  ...[
    'RReLU',
    'ReLU',
    'ReLU6',
    'SELU',
    'SiLU',
    'Softplus',
    'Softshrink',
    'Flatten',
    'CosineSimilarity',
    'PairwiseDistance',
  ],
  ...[
    'BCELoss',
    'BCEWithLogitsLoss',
    'CosineEmbeddingLoss',
    'CrossEntropyLoss',
    'GaussianNLLLoss',
    'HingeEmbeddingLoss',
  ],
  ...[
    'HuberLoss',
    'KLDivLoss',
    'L1Loss',
    'MSELoss',
    'MarginRankingLoss',
    'MultiLabelMarginLoss',
    'MultiLabelSoftMarginLoss',
  ],
  ...['MultiMarginLoss', 'NLLLoss', 'PoissonNLLLoss', 'SmoothL1Loss', 'SoftMarginLoss', 'TripletMarginLoss'],
  ...['TripletMarginWithDistanceLoss', 'Upsample', 'UpsamplingBilinear2d', 'UpsamplingNearest2d'],
])
  own(kind);

/** What has no options. */
const WITHOUT =
  /^(AdaptiveAvgPool.*|.*Pad\dd|ChannelShuffle|Pixel.*|Identity|LogSigmoid|LogSoftmax|Module.*|Parameter.*|Sequential|Sigmoid|Softm.*|Softsign|Tanh.*|Unflatten)$/;

describe('an option that is not known', () => {
  it('is tried with every layer and loss', () => {
    const all = Object.entries(nn).flatMap(([name, value]) =>
      typeof value === 'function' && value.prototype instanceof nn.Module ? [name] : [],
    );
    expect(all.filter((name) => !(name in MADE) && !WITHOUT.test(name))).toEqual([]);
    expect(Object.keys(MADE).filter((name) => !all.includes(name))).toEqual([]);
  });

  it.each(Object.entries(MADE))('is refused by %s, with the known ones', (name, make) => {
    const refused = new RegExp(`^Cannot make ${name}: expected options of \\{ .+ \\}, got "colour"$`);
    expect(() => make({ colour: 'red' })).toThrow(refused);
    expect(() => make({ colour: undefined })).toThrow(TypeError);
  });

  it('is told from what is no options object', () => {
    const layer = new nn.ReLU();
    expect(() => checkOptions(layer, { bias: true }, true)).toThrow(
      'Cannot make ReLU: expected an options object { bias }, got boolean true',
    );
    expect(() => checkOptions(layer, { bias: true }, null)).toThrow('got null');
    expect(() => checkOptions(layer, { bias: true }, [3])).toThrow('got an array');
    expect(() => new nn.Linear(2, 2, false as unknown as object)).toThrow(
      'Cannot make Linear: expected an options object { bias, dtype, device }, got boolean false',
    );
  });

  it('is found where one inherited from Object.prototype has its name', () => {
    expect(() => new nn.Linear(2, 2, { toString: 1 } as object)).toThrow('got "toString"');
  });
});

const { functional: F, init } = nn;
const one = ones([2, 2]);

/** Functions that PyTorch writes in Python; what is generated has the same check. */
const CALLED: Record<string, Make> = {
  crossEntropy: (o) => F.crossEntropy(one, one, o),
  nllLoss: (o) => F.nllLoss(one, one, o),
  l1Loss: (o) => F.l1Loss(one, one, o),
  mseLoss: (o) => F.mseLoss(one, one, o),
  smoothL1Loss: (o) => F.smoothL1Loss(one, one, o),
  huberLoss: (o) => F.huberLoss(one, one, o),
  binaryCrossEntropy: (o) => F.binaryCrossEntropy(one, one, o),
  binaryCrossEntropyWithLogits: (o) => F.binaryCrossEntropyWithLogits(one, one, o),
  klDiv: (o) => F.klDiv(one, one, o),
  poissonNllLoss: (o) => F.poissonNllLoss(one, one, o),
  gaussianNllLoss: (o) => F.gaussianNllLoss(one, one, one, o),
  ctcLoss: (o) => F.ctcLoss(one, one, [1], [1], o),
  linearCrossEntropy: (o) => F.linearCrossEntropy(one, one, one, o),
  hingeEmbeddingLoss: (o) => F.hingeEmbeddingLoss(one, one, o),
  cosineEmbeddingLoss: (o) => F.cosineEmbeddingLoss(one, one, one, o),
  marginRankingLoss: (o) => F.marginRankingLoss(one, one, one, o),
  softMarginLoss: (o) => F.softMarginLoss(one, one, o),
  multiMarginLoss: (o) => F.multiMarginLoss(one, one, o),
  multilabelMarginLoss: (o) => F.multilabelMarginLoss(one, one, o),
  multilabelSoftMarginLoss: (o) => F.multilabelSoftMarginLoss(one, one, o),
  tripletMarginLoss: (o) => F.tripletMarginLoss(one, one, one, o),
  tripletMarginWithDistanceLoss: (o) => F.tripletMarginWithDistanceLoss(one, one, one, o),
  embedding: (o) => F.embedding(one, one, o),
  embeddingBag: (o) => F.embeddingBag(one, one, undefined, o),
  gridSample: (o) => F.gridSample(one, one, o),
  groupNorm: (o) => F.groupNorm(one, 1, o),
  interpolate: (o) => F.interpolate(one, o),
  localResponseNorm: (o) => F.localResponseNorm(one, 1, o),
  normalize: (o) => F.normalize(one, o),
  rmsNorm: (o) => F.rmsNorm(one, [2], o),
  scaledDotProductAttention: (o) => F.scaledDotProductAttention(one, one, one, o),
  dropout: (o) => F.dropout(one, o),
  alphaDropout: (o) => F.alphaDropout(one, o),
  gumbelSoftmax: (o) => F.gumbelSoftmax(one, o),
  fold: (o) => F.fold(one, 1, 1, o),
  lpPool2d: (o) => F.lpPool2d(one, 1, 1, o),
  maxUnpool2d: (o) => F.maxUnpool2d(one, one, 1, o),
  fractionalMaxPool2d: (o) => F.fractionalMaxPool2d(one, 1, o),
  uniform_: (o) => init.uniform_(one, 0, 1, o),
  normal_: (o) => init.normal_(one, 0, 1, o),
  xavierUniform_: (o) => init.xavierUniform_(one, o),
  xavierNormal_: (o) => init.xavierNormal_(one, o),
  kaimingUniform_: (o) => init.kaimingUniform_(one, o),
  kaimingNormal_: (o) => init.kaimingNormal_(one, o),
  dirac_: (o) => init.dirac_(one, o),
  orthogonal_: (o) => init.orthogonal_(one, o),
  sparse_: (o) => init.sparse_(one, 0.5, o),
  truncNormal_: (o) => init.truncNormal_(one, o),
};

describe('an option of a function that is not known', () => {
  it.each(Object.entries(CALLED))('is refused by %s, with the known ones', (name, make) => {
    const refused = new RegExp(`^Cannot call ${name}: expected options of \\{ .+ \\}, got "colour"$`);
    expect(() => make({ colour: 'red' })).toThrow(refused);
  });

  it('is told before a mode that is none', () => {
    const picture = ones([1, 1, 2, 2]);
    expect(() => F.gridSample(picture, ones([1, 1, 1, 2]), { mode: 'linear' as 'bilinear' })).toThrow(
      'Cannot apply gridSample: expected mode of bilinear, nearest, bicubic, got "linear"',
    );
  });
});
