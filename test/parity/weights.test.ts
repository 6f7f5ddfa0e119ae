// The weights that a seed gives against PyTorch, bit for bit: every parameter and buffer of layers in their usual sizes, and what initialisers draw.
import { describe, expect, it } from 'vitest';
import { type DType, empty, Generator, manualSeed, nn, rand, type Tensor, zeros } from '../../src/index.ts';
import { digest } from './fingerprint.ts';
import { references } from './reference.ts';

const { init } = nn;

/** One line each; what PyTorch makes of the same line is in test/fixtures/parity/weights.py. */
const LAYERS: Readonly<Record<string, () => nn.Module>> = {
  Linear: () => new nn.Linear(784, 128),
  'Linear without bias': () => new nn.Linear(17, 5, { bias: false }),
  'Linear of one number': () => new nn.Linear(1, 1),
  'Linear in float64': () => new nn.Linear(30, 20, { dtype: 'float64' }),
  'Linear in bfloat16': () => new nn.Linear(30, 20, { dtype: 'bfloat16' }),
  Bilinear: () => new nn.Bilinear(12, 10, 7),
  'Bilinear without bias': () => new nn.Bilinear(3, 4, 2, { bias: false }),
  Conv1d: () => new nn.Conv1d(16, 33, 3),
  'Conv1d in groups': () => new nn.Conv1d(8, 12, 5, { groups: 4, bias: false }),
  Conv2d: () => new nn.Conv2d(3, 64, 7),
  'Conv2d by depth': () => new nn.Conv2d(12, 24, [3, 5], { groups: 12, paddingMode: 'reflect' }),
  Conv3d: () => new nn.Conv3d(4, 6, [3, 2, 1]),
  ConvTranspose1d: () => new nn.ConvTranspose1d(16, 9, 4),
  ConvTranspose2d: () => new nn.ConvTranspose2d(16, 8, 4, { stride: 2 }),
  'ConvTranspose2d in groups': () => new nn.ConvTranspose2d(12, 8, 3, { groups: 4, bias: false }),
  ConvTranspose3d: () => new nn.ConvTranspose3d(4, 6, 2),
  Embedding: () => new nn.Embedding(1000, 64),
  'Embedding with padding': () => new nn.Embedding(10, 3, { paddingIdx: 0 }),
  EmbeddingBag: () => new nn.EmbeddingBag(100, 16),
  'EmbeddingBag with padding': () => new nn.EmbeddingBag(5, 2, { paddingIdx: -1, mode: 'sum' }),
  LayerNorm: () => new nn.LayerNorm([6, 20]),
  RMSNorm: () => new nn.RMSNorm(48),
  GroupNorm: () => new nn.GroupNorm(3, 12),
  BatchNorm1d: () => new nn.BatchNorm1d(20),
  BatchNorm2d: () => new nn.BatchNorm2d(20, { affine: false }),
  BatchNorm3d: () => new nn.BatchNorm3d(20, { bias: false }),
  InstanceNorm1d: () => new nn.InstanceNorm1d(20, { affine: true }),
  InstanceNorm2d: () => new nn.InstanceNorm2d(20, { trackRunningStats: true }),
  PReLU: () => new nn.PReLU({ numParameters: 12, init: 0.1 }),
  RNN: () => new nn.RNN(20, 30),
  'RNN, two layers both ways': () => new nn.RNN(7, 5, { numLayers: 2, nonlinearity: 'relu', bidirectional: true }),
  LSTM: () => new nn.LSTM(28, 64, { batchFirst: true }),
  'LSTM, two layers both ways': () => new nn.LSTM(10, 12, { numLayers: 2, bidirectional: true, dropout: 0.1 }),
  'LSTM with projection': () => new nn.LSTM(10, 12, { numLayers: 2, projSize: 5 }),
  'LSTM without bias': () => new nn.LSTM(4, 3, { bias: false }),
  GRU: () => new nn.GRU(28, 32, { numLayers: 3 }),
  'GRU both ways': () => new nn.GRU(5, 6, { bidirectional: true, bias: false }),
  RNNCell: () => new nn.RNNCell(10, 20),
  LSTMCell: () => new nn.LSTMCell(10, 20, { bias: false }),
  GRUCell: () => new nn.GRUCell(10, 20),
  MultiheadAttention: () => new nn.MultiheadAttention(64, 8),
  'MultiheadAttention of other keys': () => new nn.MultiheadAttention(12, 3, { kdim: 7, vdim: 5, addBiasKv: true }),
  'MultiheadAttention without bias': () => new nn.MultiheadAttention(16, 2, { bias: false }),
  TransformerEncoderLayer: () => new nn.TransformerEncoderLayer(32, 4, { dimFeedforward: 64 }),
  TransformerDecoderLayer: () => new nn.TransformerDecoderLayer(32, 4, { dimFeedforward: 64, bias: false }),
  TransformerEncoder: () =>
    new nn.TransformerEncoder(new nn.TransformerEncoderLayer(16, 2, { dimFeedforward: 24 }), 3, {
      norm: new nn.LayerNorm(16),
    }),
  TransformerDecoder: () => new nn.TransformerDecoder(new nn.TransformerDecoderLayer(16, 2, { dimFeedforward: 24 }), 2),
  Transformer: () =>
    new nn.Transformer({ dModel: 16, nhead: 2, numEncoderLayers: 2, numDecoderLayers: 2, dimFeedforward: 24 }),
  Sequential: () =>
    new nn.Sequential(
      new nn.Conv2d(1, 6, 5),
      new nn.BatchNorm2d(6),
      new nn.ReLU(),
      new nn.Flatten(),
      new nn.Linear(30, 10),
    ),
  'a layer after a copied one': () =>
    new nn.ModuleList<nn.Module>([
      new nn.TransformerEncoder(new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 6 }), 2),
      new nn.Linear(8, 8),
    ]),
};

type Initialise = (weight: Tensor) => Tensor;

const drawn =
  (initialise: Initialise, shapes: readonly (readonly number[])[], dtype: DType = 'float32') =>
  (): Tensor[] =>
    shapes.map((shape) => initialise(empty(shape, { dtype })));

/** Draws from a generator of its own. */
const fromOwn = (initialise: (weight: Tensor, options: { generator: Generator }) => Tensor) => (): Tensor[] => [
  initialise(empty([6, 7]), { generator: new Generator(2) }),
  rand([3]),
];

const [small, matrix, kernel] = [[3, 5], [20, 30], [6, 4, 3, 2]] as const; // biome-ignore format: shapes
const INITIALISERS: Readonly<Record<string, () => Tensor[]>> = {
  uniform_: drawn((weight) => init.uniform_(weight, -2, 3), [[7], matrix]),
  normal_: drawn((weight) => init.normal_(weight, 1, 0.5), [[7], matrix]),
  'normal_ in float64': drawn((weight) => init.normal_(weight), [small, matrix], 'float64'),
  'normal_ of columns': () => [
    init.normal_(zeros([20, 30]).t()),
    init.normal_(zeros([3, 30]).unflatten(1, [15, 2]).select(2, 0)),
  ],
  trunc_normal_: drawn((weight) => init.truncNormal_(weight), [small, matrix]),
  'trunc_normal_ of a narrow normal': drawn((weight) => init.truncNormal_(weight, { std: 0.02 }), [matrix]),
  'trunc_normal_ of a tail': drawn(
    (weight) => init.truncNormal_(weight, { mean: 0.5, std: 2, a: 2.5, b: 3 }),
    [small, matrix],
  ),
  'trunc_normal_ in bfloat16': drawn((weight) => init.truncNormal_(weight, { a: -1.1, b: 1.3 }), [matrix], 'bfloat16'),
  constant_: drawn((weight) => init.constant_(weight, 0.3), [small]),
  ones_: drawn(init.ones_, [small]),
  zeros_: drawn(init.zeros_, [small]),
  eye_: drawn(init.eye_, [small, [4, 4], [5, 2]]),
  dirac_: drawn((weight) => init.dirac_(weight), [[4, 6, 3], kernel, [2, 2, 3, 3, 3]]),
  'dirac_ in groups': drawn((weight) => init.dirac_(weight, { groups: 3 }), [[6, 2, 5], [9, 4, 3, 3]]), // biome-ignore format: shapes
  xavier_uniform_: drawn((weight) => init.xavierUniform_(weight, { gain: 1.5 }), [matrix, kernel]),
  xavier_normal_: drawn((weight) => init.xavierNormal_(weight), [matrix, kernel]),
  kaiming_uniform_: drawn((weight) => init.kaimingUniform_(weight, { a: 0.2, mode: 'fan_out' }), [matrix, kernel]),
  kaiming_normal_: drawn((weight) => init.kaimingNormal_(weight, { nonlinearity: 'relu' }), [matrix, kernel]),
  orthogonal_: drawn((weight) => init.orthogonal_(weight), [[4, 4], matrix, [30, 20], kernel]),
  'orthogonal_ with gain': drawn((weight) => init.orthogonal_(weight, { gain: 2 }), [small]),
  sparse_: drawn((weight) => init.sparse_(weight, 0.3), [small, matrix]),
  'uniform_ from a generator': fromOwn((weight, options) => init.uniform_(weight, 0, 1, options)),
  'normal_ from a generator': fromOwn((weight, options) => init.normal_(weight, 0, 1, options)),
  'trunc_normal_ from a generator': fromOwn(init.truncNormal_),
  'xavier_uniform_ from a generator': fromOwn(init.xavierUniform_),
  'xavier_normal_ from a generator': fromOwn(init.xavierNormal_),
  'kaiming_uniform_ from a generator': fromOwn(init.kaimingUniform_),
  'kaiming_normal_ from a generator': fromOwn(init.kaimingNormal_),
  'orthogonal_ from a generator': fromOwn(init.orthogonal_),
  'sparse_ from a generator': fromOwn((weight, options) => init.sparse_(weight, 0.4, options)),
};

interface Cases {
  /** Digests by name, and of four numbers drawn after that: a layer must not draw more or less. */
  readonly layers: Readonly<Record<string, { digests: Readonly<Record<string, string>>; next: string }>>;
  readonly initialisers: Readonly<Record<string, { digests: readonly string[]; next: string }>>;
}

const all = await references<Cases>('weights');

describe.each(all)('weights against $source', ({ cases, isSame }) => {
  it('are all compared', () => {
    expect(Object.keys(LAYERS)).toEqual(Object.keys(cases.layers));
    expect(Object.keys(INITIALISERS)).toEqual(Object.keys(cases.initialisers));
    expect(Object.keys(LAYERS).length + Object.keys(INITIALISERS).length).toBeGreaterThanOrEqual(60);
  });

  it.runIf(isSame.normals).each(Object.entries(cases.layers))('%s', (name, expected) => {
    manualSeed(7);
    const state = LAYERS[name]!().stateDict();
    const digests = Object.entries(state).map(([key, value]) => [key, digest(value)]);
    expect({ digests: Object.fromEntries(digests), next: digest(rand([4])) }).toEqual(expected);
    expect(Object.keys(state)).toEqual(Object.keys(expected.digests));
  });

  describe.each(Object.entries(cases.initialisers))('%s', (name, expected) => {
    // LAPACK factorises for the orthogonal ones.
    it.runIf(isSame.normals && (isSame.factorisations || !name.startsWith('orthogonal_')))(
      'gives the same bits',
      () => {
        manualSeed(7);
        const digests = INITIALISERS[name]!().map((value) => digest(value));
        expect({ digests, next: digest(rand([4])) }).toEqual(expected);
      },
    );
  });
});
