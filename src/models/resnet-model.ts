// ResNet as in transformers: the same state keys, the same weights from the same seed. torchvision's is in resnet.ts.

import { ShapeError } from '../errors.ts';
import { kaimingNormal_ } from '../nn/init.ts';
import { AdaptiveAvgPool2d } from '../nn/layers/adaptive-pool.ts';
import { BatchNorm2d } from '../nn/layers/batch-norm.ts';
import { ModuleList, Sequential } from '../nn/layers/container.ts';
import { Conv2d } from '../nn/layers/conv.ts';
import { Linear } from '../nn/layers/linear.ts';
import { MaxPool2d } from '../nn/layers/max-pool.ts';
import { Flatten, Identity } from '../nn/layers/shape.ts';
import { Module } from '../nn/module.ts';
import { readOptions } from '../tensor/arguments.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { activation } from './activations.ts';
import { numLabels } from './config-fields.ts';
import type { HeadOutput } from './gpt2-heads.ts';
import { sequenceLoss } from './head-losses.ts';
import { PretrainedModel } from './pretrained-model.ts';
import { type ResNetConfig, resnetConfig, resnetSchema } from './vit-config.ts';

// B batch, C channels, H height, W width, K classes.

interface ConvOptions {
  readonly kernelSize?: number;
  readonly stride?: number;
  /** Default 'relu', whatever the configuration says; 'linear' for none. */
  readonly act?: string;
}

class ResNetConvLayer extends Module {
  readonly convolution: Conv2d;
  readonly normalization: BatchNorm2d;
  readonly act: (x: Tensor) => Tensor;

  constructor(inputs: number, outputs: number, { kernelSize = 3, stride = 1, act = 'relu' }: ConvOptions = {}) {
    super();
    const padding = Math.floor(kernelSize / 2);
    this.convolution = new Conv2d(inputs, outputs, kernelSize, { stride, padding, bias: false });
    this.normalization = new BatchNorm2d(outputs);
    this.act = activation(act);
  }

  forward(input: Tensor): Tensor {
    return this.act(this.normalization.forward(this.convolution.forward(input)));
  }
}

class ResNetEmbeddings extends Module {
  readonly embedder: ResNetConvLayer;
  readonly pooler: MaxPool2d;

  constructor({ num_channels, embedding_size, hidden_act }: ResNetConfig) {
    super();
    this.embedder = new ResNetConvLayer(num_channels, embedding_size, { kernelSize: 7, stride: 2, act: hidden_act });
    this.pooler = new MaxPool2d(3, { stride: 2, padding: 1 });
  }

  forward(pixels: Tensor): Tensor {
    return this.pooler.forward(this.embedder.forward(pixels)); // [B, embedding_size, H / 4, W / 4]
  }
}

class ResNetShortCut extends Module {
  readonly convolution: Conv2d;
  readonly normalization: BatchNorm2d;

  constructor(inputs: number, outputs: number, stride: number) {
    super();
    this.convolution = new Conv2d(inputs, outputs, 1, { stride, bias: false });
    this.normalization = new BatchNorm2d(outputs);
  }

  forward(input: Tensor): Tensor {
    return this.normalization.forward(this.convolution.forward(input));
  }
}

/** Two 3x3 convolutions, or one between two of single pixels, beside a skip. */
class ResNetLayer extends Module {
  readonly shortcut: ResNetShortCut | Identity;
  readonly layer: Sequential;
  readonly act: (x: Tensor) => Tensor;

  constructor(inputs: number, outputs: number, stride: number, config: ResNetConfig) {
    super();
    const isOther = inputs !== outputs || stride !== 1;
    const reduced = Math.floor(outputs / 4);
    this.shortcut = isOther ? new ResNetShortCut(inputs, outputs, stride) : new Identity();
    const [first, second] = config.downsample_in_bottleneck ? [stride, 1] : [1, stride];
    this.layer =
      config.layer_type === 'basic'
        ? new Sequential(
            new ResNetConvLayer(inputs, outputs, { stride }),
            new ResNetConvLayer(outputs, outputs, { act: 'linear' }),
          )
        : new Sequential(
            new ResNetConvLayer(inputs, reduced, { kernelSize: 1, stride: first }),
            new ResNetConvLayer(reduced, reduced, { stride: second }),
            new ResNetConvLayer(reduced, outputs, { kernelSize: 1, act: 'linear' }),
          );
    this.act = activation(config.hidden_act);
  }

  forward(input: Tensor): Tensor {
    return this.act(this.layer.forward(input).add_(this.shortcut.forward(input)));
  }
}

class ResNetStage extends Module {
  readonly layers: Sequential;

  constructor(inputs: number, outputs: number, stride: number, depth: number, config: ResNetConfig) {
    super();
    const first = new ResNetLayer(inputs, outputs, stride, config);
    const rest = Array.from({ length: depth - 1 }, () => new ResNetLayer(outputs, outputs, 1, config));
    this.layers = new Sequential(first, ...rest);
  }

  forward(input: Tensor): Tensor {
    return this.layers.forward(input);
  }
}

class ResNetEncoder extends Module {
  readonly stages: ModuleList<ResNetStage>;

  constructor(config: ResNetConfig) {
    super();
    const { hidden_sizes, depths, embedding_size } = config;
    const stages = hidden_sizes.map((outputs, i) => {
      const inputs = i === 0 ? embedding_size : hidden_sizes[i - 1]!;
      const stride = i > 0 || config.downsample_in_first_stage ? 2 : 1;
      return new ResNetStage(inputs, outputs, stride, depths[i]!, config);
    });
    this.stages = new ModuleList(stages);
  }

  /** @returns the input and the output of every stage. */
  forward(input: Tensor): Tensor[] {
    const states = [input];
    for (const stage of this.stages) states.push(stage.forward(states.at(-1)!));
    return states;
  }
}

/** What both ResNets share: their configuration, and how weights start. */
export abstract class ResNetPretrainedModel extends PretrainedModel<ResNetConfig> {
  static readonly schema = resnetSchema;
  static readonly baseModelPrefix = 'resnet';

  /** @throws {ConfigError} for fields that are unknown or out of range.  @throws {RangeError} for other numbers of depths than of stages. */
  constructor(fields: Partial<ResNetConfig> & { readonly num_labels?: number } = {}) {
    const config = resnetConfig(fields);
    if (config.depths.length !== config.hidden_sizes.length)
      throw new RangeError(
        `Cannot make a ResNet: expected as many depths as hidden_sizes, got ${config.depths.length} and ${config.hidden_sizes.length}`,
      );
    super(config);
  }

  /** Twice for each weight, as in transformers: N(0, initializer_range^2), then what it stays at. */
  protected override initWeights(module: Module): void {
    super.initWeights(module);
    if (module instanceof Conv2d) kaimingNormal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
    else if (module instanceof Linear) module.resetParameters();
  }
}

export interface ResNetInputs {
  /** Give the outputs of all stages too. Default false. */
  outputHiddenStates?: boolean | undefined;
}

export interface ResNetOutput {
  /** Shape: [B, C, H / 32, W / 32]. */
  readonly lastHiddenState: Tensor;
  /** The mean over the pixels. Shape: [B, C, 1, 1]. */
  readonly poolerOutput: Tensor;
  /** What the first convolution gives, then the output of every stage; where they were asked for. */
  readonly hiddenStates: readonly Tensor[] | undefined;
}

/** Stages of residual blocks behind a 7x7 convolution. Shape: pixels [B, num_channels, H, W] -> [B, C, H / 32, W / 32].
 *  @throws {ShapeError} for another number of channels.  Source: He et al. 2015, arXiv:1512.03385; transformers.ResNetModel. */
export class ResNetModel extends ResNetPretrainedModel {
  readonly embedder: ResNetEmbeddings;
  readonly encoder: ResNetEncoder;
  readonly pooler: AdaptiveAvgPool2d;

  constructor(fields: Partial<ResNetConfig> = {}) {
    super(fields);
    this.embedder = new ResNetEmbeddings(this.config);
    this.encoder = new ResNetEncoder(this.config);
    this.pooler = new AdaptiveAvgPool2d([1, 1]);
    this.postInit();
  }

  forward(pixels: Tensor, inputs: ResNetInputs = {}): ResNetOutput {
    readOptions('ResNetModel', ['outputHiddenStates'], inputs);
    const { num_channels } = this.config;
    if (pixels.ndim !== 4 || pixels.size(1) !== num_channels)
      throw new ShapeError(
        `Cannot apply ResNetModel: expected [B, ${num_channels}, H, W], got [${pixels.shape.join(', ')}]`,
      );
    const states = this.encoder.forward(this.embedder.forward(pixels));
    const lastHiddenState = states.at(-1)!;
    const poolerOutput = this.pooler.forward(lastHiddenState); // [B, C, 1, 1]
    return { lastHiddenState, poolerOutput, hiddenStates: inputs.outputHiddenStates ? states : undefined };
  }
}

/** Logits of a picture's classes. Shape: pixels [B, num_channels, H, W] -> logits [B, K]. Source: transformers.ResNetForImageClassification.
 *  @example
 *  import { ResNetForImageClassification } from 'sconce/models';
 *  const sizes = { embedding_size: 8, hidden_sizes: [8, 16], depths: [1, 1], layer_type: 'basic' as const };
 *  const model = new ResNetForImageClassification({ ...sizes, num_labels: 3 });
 *  model.forward(zeros([2, 3, 32, 32])).logits.shape; // [2, 3] */
export class ResNetForImageClassification extends ResNetPretrainedModel {
  readonly resnet: ResNetModel;
  readonly classifier: Sequential;

  constructor(fields: Partial<ResNetConfig> & { readonly num_labels?: number } = {}) {
    super(fields);
    this.resnet = new ResNetModel(this.config);
    const head = new Linear(this.config.hidden_sizes.at(-1)!, numLabels(this.config));
    this.classifier = new Sequential(new Flatten(), head);
    this.postInit();
  }

  /** @param inputs.labels - what the loss compares with, [B] int64. */
  forward(pixels: Tensor, inputs: ResNetInputs & { labels?: Tensor | undefined } = {}): HeadOutput {
    readOptions('ResNetForImageClassification', ['outputHiddenStates', 'labels'], inputs);
    const { labels, ...below } = inputs;
    const { poolerOutput, hiddenStates } = this.resnet.forward(pixels, below);
    const logits = this.classifier.forward(poolerOutput); // [B, K]
    return { loss: labels && sequenceLoss(logits, labels, this.config.problem_type), logits, hiddenStates };
  }
}
