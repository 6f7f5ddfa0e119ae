// Losses that compare rows of all ranks, with what they are given; the same in every process.

import { manualSeed, nn, randn, type Tensor, tensor } from '../../src/index.ts';
import {
  BarlowTwinsLoss,
  CLIPLoss,
  DecorrelationLoss,
  DecoupledLoss,
  DynamicTemperatureLoss,
  EMAMoCoLoss,
  FeatureConsistencyLoss,
  HardNegativeLoss,
  HybridPretrainVICRegLoss,
  InfoNCELoss,
  MixedMultimodalLoss,
  MoCoLoss,
  type MultimodalLoss,
  MultitaskLoss,
  NTXentLoss,
  SigLIPLoss,
  SimCLRLoss,
  SimpleContrastiveLoss,
  SupervisedContrastiveLoss,
  VICRegLoss,
} from '../../src/multimodal/index.ts';

const DIM = 4;
export const STEPS = 2;
/** Rows of a step, and where the second rank's begin: ranks have different numbers of them. */
export const ROWS = 8;
export const SECOND = 5;

/** Two towers and the loss, so that what the loss learns is averaged as well. */
export class Towers extends nn.Module {
  readonly vision = new nn.Linear(6, DIM);
  readonly text = new nn.Linear(5, DIM);
  readonly loss: MultimodalLoss;

  constructor(makeLoss: (vision: nn.Module, text: nn.Module) => MultimodalLoss) {
    super();
    this.loss = makeLoss(this.vision, this.text);
  }

  override forward({ images, texts, ...others }: Batch): Tensor {
    return this.loss.forward({
      visionFeatures: this.vision.forward(images).tanh(),
      textFeatures: this.text.forward(texts).tanh(),
      inputs: { images, textData: texts },
      ...others,
    }).loss;
  }
}

export interface Batch {
  readonly images: Tensor;
  readonly texts: Tensor;
  readonly matchIds?: Tensor | undefined;
  readonly labels: Tensor;
  readonly indices: Tensor;
}

const PAIRS = [0n, 1n, 2n, 1n, 4n, 5n, 2n, 7n];
const CLASSES = [0n, 1n, 0n, 2n, 2n, 1n, 0n, 1n];

/** The same, in which row i of one side belongs to row i of the other alone. */
export const withoutIds = (batch: Batch): Batch => ({ ...batch, matchIds: undefined });

/** Rows from `first` on of the batch of a step. */
export function batchOf(step: number, first = 0, count = ROWS): Batch {
  manualSeed(50 + step);
  const part = (all: Tensor): Tensor => all.narrow(0, first, count);
  const ids = (values: readonly bigint[]): Tensor => part(tensor([...values]));
  const images = part(randn([ROWS, 6]));
  return {
    images,
    texts: part(randn([ROWS, 5])),
    matchIds: ids(PAIRS),
    labels: ids(CLASSES),
    indices: ids(CLASSES.map((_, row) => BigInt(ROWS * step + row))),
  };
}

const plain = { smallBatchNoise: false } as const;

/** By name; each makes its loss anew. */
export const losses: Readonly<Record<string, (vision: nn.Module, text: nn.Module) => MultimodalLoss>> = {
  clip: () => new CLIPLoss({ learnableTemperature: true }),
  infoNce: () => new InfoNCELoss(),
  ntXent: () => new NTXentLoss({ useHardNegatives: true, hardNegativeWeight: 2 }),
  siglip: () => new SigLIPLoss(),
  decoupled: () => new DecoupledLoss(),
  hard: () => new HardNegativeLoss({ miningStrategy: 'hard' }),
  supervised: () => new SupervisedContrastiveLoss({ classWeights: 'balanced' }),
  simple: () => new SimpleContrastiveLoss(),
  mixed: () => new MixedMultimodalLoss(plain),
  dynamic: () => new DynamicTemperatureLoss(),
  simclr: () => new SimCLRLoss({ useProjection: false, ...plain }),
  simclrSupervised: () => new SimCLRLoss({ useProjection: false, lossType: 'supervised', ...plain }),
  bank: () =>
    new SimCLRLoss({
      useProjection: false,
      inputDim: DIM,
      samplingStrategy: 'memory-bank',
      memoryBankSize: 12,
      ...plain,
    }),
  global: () =>
    new SimCLRLoss({
      useProjection: false,
      inputDim: DIM,
      samplingStrategy: 'global',
      datasetSize: ROWS * STEPS,
      ...plain,
    }),
  moco: () => new MoCoLoss({ dim: DIM, queueSize: 12 }),
  emaMoco: (visionEncoder, textEncoder) => new EMAMoCoLoss({ visionEncoder, textEncoder, dim: DIM, K: 12, m: 0.5 }),
  vicreg: () => new VICRegLoss(),
  barlow: () => new BarlowTwinsLoss(),
  decorrelation: () => new DecorrelationLoss({ reduction: 'sum' }),
  hybrid: () => new HybridPretrainVICRegLoss(),
  consistency: () => {
    manualSeed(9);
    const make = (inputs: number): nn.Module => new nn.Linear(inputs, DIM);
    return new FeatureConsistencyLoss({ referenceVisionModel: make(6), referenceTextModel: make(5) });
  },
  multitask: () =>
    new MultitaskLoss({ lossFunctions: { clip: new CLIPLoss(), vicreg: new VICRegLoss() }, dynamicWeighting: true }),
};
