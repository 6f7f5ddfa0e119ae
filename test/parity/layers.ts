// Every layer and loss, one line each; what PyTorch makes of the same line is in test/fixtures/parity/layers.py.
import { full, nn, ones, type Tensor, tensor, zeros } from '../../src/index.ts';
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

/** A module that any number of tensors go into. */
export type AnyModule = Module & { forward(...inputs: Tensor[]): Tensor };

export const LAYERS: Readonly<Record<string, () => Module>> = {
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
};
