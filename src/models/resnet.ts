// ResNet, ResNeXt and Wide ResNet as in torchvision: the same state keys, the same weights from the same seed.

import { constant_, kaimingNormal_ } from '../nn/init.ts';
import { AdaptiveAvgPool2d } from '../nn/layers/adaptive-pool.ts';
import { BatchNorm2d } from '../nn/layers/batch-norm.ts';
import { Sequential } from '../nn/layers/container.ts';
import { Conv2d } from '../nn/layers/conv.ts';
import { GroupNorm } from '../nn/layers/group-norm.ts';
import { Linear } from '../nn/layers/linear.ts';
import { MaxPool2d } from '../nn/layers/max-pool.ts';
import { ReLU } from '../nn/layers/rectifier.ts';
import { Module, type UnaryModule } from '../nn/module.ts';
import { Parameter } from '../nn/parameter.ts';
import { readOptions } from '../tensor/arguments.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { checkCounts } from './counts.ts';
import { BasicBlock, Bottleneck, conv1x1, type NormLayer } from './resnet-blocks.ts';

// N batch, C channels, H height, W width, K classes.

export interface ResNetOptions {
  /** Default 1000. */
  numClasses?: number;
  /** Start the last factor of every block at 0, so that a block begins as its skip. Default false. */
  zeroInitResidual?: boolean;
  /** Of the 3x3 convolutions of `Bottleneck`. Default 1. */
  groups?: number;
  /** Channels of a group in the first stage. Default 64. */
  widthPerGroup?: number;
  /** Whether stages 2, 3 and 4 dilate their convolutions instead of making the picture smaller. Default [false, false, false]. */
  replaceStrideWithDilation?: readonly [boolean, boolean, boolean];
  /** Default: `BatchNorm2d`. */
  normLayer?: NormLayer;
}

const OPTIONS = [
  'numClasses',
  'zeroInitResidual',
  'groups',
  'widthPerGroup',
  'replaceStrideWithDilation',
  'normLayer',
] as const;

type BlockClass = typeof BasicBlock | typeof Bottleneck;
type NumLayers = readonly [number, number, number, number];

/** Makes one stage after the other; a stage begins where the last one ended. */
class StageMaker {
  readonly #block: BlockClass;
  readonly #options: Required<Pick<ResNetOptions, 'groups' | 'widthPerGroup' | 'normLayer'>>;
  #inPlanes = 64;
  #dilation = 1;

  constructor(block: BlockClass, options: Required<Pick<ResNetOptions, 'groups' | 'widthPerGroup' | 'normLayer'>>) {
    this.#block = block;
    this.#options = options;
  }

  make(planes: number, numBlocks: number, stride: number, dilate: boolean): Sequential {
    const { groups, widthPerGroup: baseWidth, normLayer } = this.#options;
    const outPlanes = planes * this.#block.expansion;
    const before = this.#dilation;
    if (dilate) this.#dilation *= stride;
    const ownStride = dilate ? 1 : stride;
    const isOther = ownStride !== 1 || this.#inPlanes !== outPlanes;
    const downsample = isOther
      ? new Sequential(conv1x1(this.#inPlanes, outPlanes, ownStride), normLayer(outPlanes))
      : undefined;
    const shared = { groups, baseWidth, normLayer };
    const first = { ...shared, stride: ownStride, downsample, dilation: before };
    const blocks = [new this.#block(this.#inPlanes, planes, first)];
    this.#inPlanes = outPlanes;
    while (blocks.length < numBlocks)
      blocks.push(new this.#block(outPlanes, planes, { ...shared, dilation: this.#dilation }));
    return new Sequential(...blocks);
  }
}

/** Four stages of residual blocks between a 7x7 convolution and a linear layer over the mean of the pixels.
 *  Shape: [N, 3, H, W] -> [N, K]. Works in `channels_last`: `model.to({ memoryFormat: 'channels_last' })` with inputs of that format.
 *  Convolutions start in N(0, 2 / fan out), norms at 1 and 0, the linear layer as `Linear` does.
 *  @throws {TypeError} for an unknown option.  @throws {RangeError} for counts below 1.
 *  Source: He et al. 2015, arXiv:1512.03385; torchvision.models.ResNet.
 *  @example
 *  import { ResNet, BasicBlock } from 'sconce/models';
 *  const model = new ResNet(BasicBlock, [1, 1, 1, 1], { numClasses: 10 });
 *  model.forward(zeros([2, 3, 32, 32])).shape; // [2, 10]
 *  Object.keys(model.stateDict())[0]; // 'conv1.weight' */
export class ResNet extends Module {
  readonly conv1: Conv2d;
  readonly bn1: UnaryModule;
  readonly relu: ReLU;
  readonly maxpool: MaxPool2d;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly layer4: Sequential;
  readonly avgpool: AdaptiveAvgPool2d;
  readonly fc: Linear;

  /** @param numLayers - blocks of each stage. */
  constructor(block: BlockClass, numLayers: NumLayers, options: ResNetOptions = {}) {
    super();
    readOptions('ResNet', OPTIONS, options);
    const { numClasses = 1000, groups = 1, widthPerGroup = 64, zeroInitResidual = false } = options;
    const { normLayer = (numFeatures) => new BatchNorm2d(numFeatures) } = options;
    const [dilate2, dilate3, dilate4, ...more] = options.replaceStrideWithDilation ?? [false, false, false];
    const [num1, num2, num3, num4] = numLayers;
    checkCounts('make ResNet', { numClasses, groups, widthPerGroup, num1, num2, num3, num4 });
    if (dilate4 === undefined || more.length > 0)
      throw new RangeError(
        `Cannot make ResNet: expected replaceStrideWithDilation of 3 booleans, got [${options.replaceStrideWithDilation}]`,
      );
    const stages = new StageMaker(block, { groups, widthPerGroup, normLayer });
    this.conv1 = new Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false });
    this.bn1 = normLayer(64);
    this.relu = new ReLU({ inplace: true });
    this.maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
    this.layer1 = stages.make(64, num1, 1, false);
    this.layer2 = stages.make(128, num2, 2, dilate2);
    this.layer3 = stages.make(256, num3, 2, dilate3);
    this.layer4 = stages.make(512, num4, 2, dilate4);
    this.avgpool = new AdaptiveAvgPool2d([1, 1]);
    this.fc = new Linear(512 * block.expansion, numClasses);
    this.initialize(zeroInitResidual);
  }

  private initialize(zeroInitResidual: boolean): void {
    for (const module of this.modules()) {
      if (module instanceof Conv2d) kaimingNormal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      else if (module instanceof BatchNorm2d || module instanceof GroupNorm) {
        if (module.weight) constant_(module.weight, 1);
        if (module.bias) constant_(module.bias, 0);
      }
    }
    if (!zeroInitResidual) return;
    for (const module of this.modules()) {
      const last = module instanceof Bottleneck ? module.bn3 : module instanceof BasicBlock ? module.bn2 : undefined;
      const weight = last && 'weight' in last ? last.weight : undefined;
      if (weight instanceof Parameter) constant_(weight, 0);
    }
  }

  /** What the linear layer sees. Shape: [N, 3, H, W] -> [N, 512 or 2048]. */
  forwardFeatures(input: Tensor): Tensor {
    const stem = this.maxpool.forward(this.relu.forward(this.bn1.forward(this.conv1.forward(input)))); // [N, 64, H / 4, W / 4]
    const stages = [this.layer1, this.layer2, this.layer3, this.layer4];
    const maps = stages.reduce((output, stage) => stage.forward(output), stem); // [N, 512 or 2048, H / 32, W / 32]
    return this.avgpool.forward(maps).flatten({ startDim: 1 });
  }

  forward(input: Tensor): Tensor {
    return this.fc.forward(this.forwardFeatures(input)); // [N, K]
  }
}

/** 11.7 million parameters with 1000 classes. Source: torchvision.models.resnet18. */
export function resnet18(options: ResNetOptions = {}): ResNet {
  return new ResNet(BasicBlock, [2, 2, 2, 2], options);
}

/** 21.8 million parameters with 1000 classes. Source: torchvision.models.resnet34. */
export function resnet34(options: ResNetOptions = {}): ResNet {
  return new ResNet(BasicBlock, [3, 4, 6, 3], options);
}

/** 25.6 million parameters with 1000 classes. Source: torchvision.models.resnet50. */
export function resnet50(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 4, 6, 3], options);
}

/** 44.5 million parameters with 1000 classes. Source: torchvision.models.resnet101. */
export function resnet101(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 4, 23, 3], options);
}

/** 60.2 million parameters with 1000 classes. Source: torchvision.models.resnet152. */
export function resnet152(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 8, 36, 3], options);
}

/** 25.0 million parameters with 1000 classes. Source: Xie et al. 2016, arXiv:1611.05431; torchvision.models.resnext50_32x4d. */
export function resnext50_32x4d(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 4, 6, 3], { groups: 32, widthPerGroup: 4, ...options });
}

/** 88.8 million parameters with 1000 classes. Source: Xie et al. 2016, arXiv:1611.05431; torchvision.models.resnext101_32x8d. */
export function resnext101_32x8d(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 4, 23, 3], { groups: 32, widthPerGroup: 8, ...options });
}

/** 83.5 million parameters with 1000 classes. Source: Xie et al. 2016, arXiv:1611.05431; torchvision.models.resnext101_64x4d. */
export function resnext101_64x4d(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 4, 23, 3], { groups: 64, widthPerGroup: 4, ...options });
}

/** 68.9 million parameters with 1000 classes. Source: Zagoruyko and Komodakis 2016, arXiv:1605.07146; torchvision.models.wide_resnet50_2. */
export function wideResnet50_2(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 4, 6, 3], { widthPerGroup: 128, ...options });
}

/** 126.9 million parameters with 1000 classes. Source: Zagoruyko and Komodakis 2016, arXiv:1605.07146; torchvision.models.wide_resnet101_2. */
export function wideResnet101_2(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 4, 23, 3], { widthPerGroup: 128, ...options });
}
