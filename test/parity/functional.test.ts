// The functions of nn.functional against PyTorch: values and gradients.
import { describe, expect, it } from 'vitest';
import { nn, scope, type Tensor, tensor } from '../../src/index.ts';
import { collectTensors } from '../../src/tensor/scope.ts';
import { expectRecorded, type Recorded } from './recorded.ts';
import { references } from './reference.ts';

const { functional: F } = nn;
const { rnn } = nn.utils;
type Function = (t: Record<string, Tensor>) => Tensor | readonly Tensor[];

const attend = (...args: Parameters<typeof F.multiHeadAttentionForward>): Tensor =>
  F.multiHeadAttentionForward(...args)[0];

/** One line each; what PyTorch makes of the same line is in test/fixtures/parity/functional.py. */
const FUNCTIONS: Record<string, Function> = {
  embedding: (t) => F.embedding(t.indices!, t.table!),
  'embedding with padding': (t) => F.embedding(t.indices!, t.table!, { paddingIdx: -5 }),
  'embeddingBag with padding': (t) => F.embeddingBag(t.indices!, t.table!, t.offsets!, { paddingIdx: -5 }),
  'embeddingBag with weights': (t) =>
    F.embeddingBag(t.indices!, t.table!, t.offsets!, { mode: 'sum', perSampleWeights: t.weights! }),
  affineGrid: (t) => F.affineGrid(t.theta!, [2, 4, 5, 3], false),
  'crossEntropy of pictures': (t) => F.crossEntropy(t.input!, t.target!),
  'dropout in evaluation': (t) => F.dropout(t.a!, { p: 0.4, training: false }),
  normalize: (t) => F.normalize(t.a!),
  'normalize, all options': (t) => F.normalize(t.a!, { p: 3, dim: -1, eps: 0.5 }),
  'normalize of zeros': (t) => F.normalize(t.a!),
  maxPool1d: (t) => F.maxPool1d(t.input!, 2, { stride: 2 }),
  maxPool2d: (t) => F.maxPool2d(t.input!, 2, { stride: 2 }),
  maxPool3d: (t) => F.maxPool3d(t.input!, 2, { stride: 2 }),
  layerNorm: (t) => F.layerNorm(t.input!, [9], { weight: t.weight!, bias: t.bias!, eps: 1e-3 }),
  groupNorm: (t) => F.groupNorm(t.input!, 2, { weight: t.weight!, bias: t.bias!, eps: 1e-3 }),
  relu: (t) => F.relu(t.a!),
  sigmoid: (t) => F.sigmoid(t.a!),
  tanh: (t) => F.tanh(t.a!),
  gelu: (t) => F.gelu(t.a!),
  silu: (t) => F.silu(t.a!),
  softplus: (t) => F.softplus(t.a!),
  elu: (t) => F.elu(t.a!),
  hardtanh: (t) => F.hardtanh(t.a!),
  leaky_relu: (t) => F.leakyRelu(t.a!),
  logsigmoid: (t) => F.logSigmoid(t.a!),
  mish: (t) => F.mish(t.a!),
  hardswish: (t) => F.hardswish(t.a!),
  softmax: (t) => F.softmax(t.a!, 1),
  logSoftmax: (t) => F.logSoftmax(t.a!, -1),
  linear: (t) => F.linear(t.a!, t.weight!, { bias: t.bias! }),
  avgPool2d: (t) => F.avgPool2d(t.a!, [3, 2], { stride: 2, padding: [1, 0], countIncludePad: false }),
  adaptiveAvgPool2d: (t) => F.adaptiveAvgPool2d(t.a!, [4, 3]),
  nllLoss: (t) => F.nllLoss(t.a!.logSoftmax(-1), t.target!),
  l1Loss: (t) => F.l1Loss(t.a!, t.b!),
  smoothL1Loss: (t) => F.smoothL1Loss(t.a!, t.b!, { beta: 0.5 }),
  softsign: (t) => F.softsign(t.a!),
  tanhshrink: (t) => F.tanhshrink(t.a!),
  softmin: (t) => F.softmin(t.a!, 1),
  unfold: (t) => F.unfold(t.a!, [2, 3], { dilation: 2, padding: 1, stride: [1, 2] }),
  fold: (t) => F.fold(t.a!, [4, 5], [2, 3], { padding: 1 }),
  lpPool1d: (t) => F.lpPool1d(t.a!.abs(), 2, 3),
  lpPool2d: (t) => F.lpPool2d(t.a!.abs(), 3, [2, 3], { stride: 2, ceilMode: true }),
  lpPool3d: (t) => F.lpPool3d(t.a!.abs(), 1.5, 2),
  maxUnpool1d: (t) => F.maxUnpool1d(t.a!, t.indices!, 2),
  maxUnpool2d: (t) => F.maxUnpool2d(t.a!, t.indices!, 2, { outputSize: [5, 5] }),
  maxUnpool3d: (t) => F.maxUnpool3d(t.a!, t.indices!, 2, { stride: 3 }),
  tripletMarginWithDistanceLoss: (t) => F.tripletMarginWithDistanceLoss(t.a!, t.b!, t.c!, { swap: true }),
  linearCrossEntropy: (t) =>
    F.linearCrossEntropy(t.a!, t.weight!, t.target!, { linearBias: t.bias!, labelSmoothing: 0.2 }),
  multiHeadAttentionForward: (t) =>
    attend(t.q!, t.q!, t.q!, {
      numHeads: 2,
      inProjWeight: t.in,
      inProjBias: t.inBias,
      dropoutP: 0.5,
      outProjWeight: t.out!,
      outProjBias: t.outBias,
      training: false,
      averageAttnWeights: false,
    }),
  'multiHeadAttentionForward of separate weights': (t) =>
    attend(t.q!, t.k!, t.v!, {
      numHeads: 2,
      qProjWeight: t.wq,
      kProjWeight: t.wk,
      vProjWeight: t.wv,
      inProjBias: t.inBias,
      biasK: t.biasK,
      biasV: t.biasV,
      addZeroAttn: true,
      outProjWeight: t.out!,
    }),
  'multiHeadAttentionForward of projected keys': (t) =>
    attend(t.q!, t.q!, t.q!, {
      numHeads: 2,
      inProjWeight: t.in,
      inProjBias: t.inBias,
      outProjWeight: t.out!,
      outProjBias: t.outBias,
      staticK: t.k,
      staticV: t.v,
    }),
  'multiHeadAttentionForward, weights': (t) =>
    F.multiHeadAttentionForward(t.q!, t.q!, t.q!, {
      numHeads: 2,
      inProjWeight: t.in,
      inProjBias: t.inBias,
      outProjWeight: t.out!,
      averageAttnWeights: false,
    })[1]!,
  functionalCall: (t) => nn.utils.functionalCall(new nn.Linear(4, 3), { weight: t.weight!, bias: t.bias! }, [t.x!]),
  'functionalCall of a tree': (t) => {
    const [first, last] = [new nn.Linear(3, 3, { bias: false }), new nn.Linear(3, 3, { bias: false })];
    const tied = new nn.Sequential(first, new nn.BatchNorm1d(3, { affine: false }), last).eval();
    Object.assign(last, { weight: first.weight });
    return nn.utils.functionalCall(tied, { '0.weight': t.weight!, '1.running_mean': t.mean!.detach() }, [t.x!]);
  },
  'functionalCall of a buffer': (t) => {
    const mean = t.mean!.detach().mul(1);
    const norm = new nn.BatchNorm1d(3, { affine: false });
    return [nn.utils.functionalCall(norm, { running_mean: mean }, [t.x!]), mean];
  },
  parametersToVector: (t) => nn.utils.parametersToVector([t.weight!, t.bias!]),
  vectorToParameters: (t) => {
    const layer = new nn.Linear(4, 3);
    nn.utils.vectorToParameters(t.vector!, layer.parameters());
    return layer.parameters().map((parameter) => parameter.detach());
  },
  packSequence: (t) => collectTensors(rnn.packSequence([t.a!, t.c!, t.b!])),
  'packSequence in another order': (t) =>
    collectTensors(rnn.packSequence([t.a!, t.b!, t.c!], { enforceSorted: false })),
  unpackSequence: (t) => rnn.unpackSequence(rnn.packSequence([t.a!, t.b!, t.c!], { enforceSorted: false })),
  'padSequence on the left': (t) =>
    rnn.padSequence([t.a!, t.b!, t.c!], { batchFirst: true, paddingValue: 0.5, paddingSide: 'left' }),
  packPaddedSequence: (t) =>
    collectTensors(rnn.packPaddedSequence(t.a!, tensor([3n, 5n, 1n]), { enforceSorted: false })),
  'padPackedSequence, all options': (t) =>
    rnn.padPackedSequence(rnn.packPaddedSequence(t.a!, [3, 2, 2, 1, 1], { batchFirst: true }), {
      batchFirst: true,
      paddingValue: -1,
      totalLength: 4,
    }),
  unpadSequence: (t) => rnn.unpadSequence(t.a!, tensor([3n, 5n, 1n])),
  invertPermutation: (t) => rnn.invertPermutation(t.a!),
  huberLoss: (t) => F.huberLoss(t.a!, t.b!, { delta: 0.7 }),
};
for (const mode of ['sum', 'mean', 'max'] as const)
  FUNCTIONS[`embeddingBag ${mode}`] = (t) => F.embeddingBag(t.indices!, t.table!, t.offsets!, { mode });
for (const mode of ['bilinear', 'nearest', 'bicubic'] as const) {
  for (const paddingMode of ['zeros', 'border', 'reflection'] as const) {
    for (const alignCorners of [false, true]) {
      const name = `gridSample ${mode} ${paddingMode} ${alignCorners ? 'aligned' : 'unaligned'}`;
      FUNCTIONS[name] = (t) => F.gridSample(t.input!, t.grid!, { mode, paddingMode, alignCorners });
    }
  }
}
for (const reduction of ['none', 'mean', 'sum'] as const) {
  FUNCTIONS[`crossEntropy ${reduction}`] = (t) => F.crossEntropy(t.input!, t.target!, { reduction });
  FUNCTIONS[`crossEntropy ${reduction}, all options`] = (t) =>
    F.crossEntropy(t.input!, t.target!, { weight: t.weight!.detach(), ignoreIndex: 1, reduction, labelSmoothing: 0.2 });
  FUNCTIONS[`mseLoss ${reduction}`] = (t) => F.mseLoss(t.a!, t.b!, { reduction });
}
const [plain, transposed] = [
  [F.conv1d, F.conv2d, F.conv3d],
  [F.convTranspose1d, F.convTranspose2d, F.convTranspose3d],
] as const;
for (const [i, dims] of [1, 2, 3].entries()) {
  FUNCTIONS[`conv${dims}d`] = (t) => plain[i]!(t.input!, t.weight!, { bias: t.bias!, stride: 2, padding: 1 });
  FUNCTIONS[`convTranspose${dims}d`] = (t) =>
    transposed[i]!(t.input!, t.weight!, { bias: t.bias!, stride: 2, outputPadding: 1 });
}

const all = await references<Readonly<Record<string, Recorded>>>('functional');

describe.each(all)('nn.functional against $source', ({ cases, tolerance }) => {
  it('is compared whole', () => {
    expect(Object.keys(FUNCTIONS).sort()).toEqual(Object.keys(cases).sort());
  });

  it.each(Object.entries(cases))('%s', (name, expected) => {
    scope(() => expectRecorded(FUNCTIONS[name]!, expected, tolerance));
  });
});
