// The two residual blocks of a ResNet, with torchvision's names.

import { BatchNorm2d } from '../nn/layers/batch-norm.ts';
import { Conv2d } from '../nn/layers/conv.ts';
import { ReLU } from '../nn/layers/rectifier.ts';
import { Module, type UnaryModule } from '../nn/module.ts';
import type { Tensor } from '../tensor/tensor.ts';

// N batch, C channels, H height, W width.

/** Makes the normalisation after a convolution, for that many channels. */
export type NormLayer = (numFeatures: number) => UnaryModule;

export interface ResidualBlockOptions {
  /** Of the convolution that makes the picture smaller. Default 1. */
  stride?: number;
  /** What the skip goes through where shapes differ. Default: nothing. */
  downsample?: UnaryModule | undefined;
  /** Default 1. */
  groups?: number;
  /** Default 64. */
  baseWidth?: number;
  /** Default 1. */
  dilation?: number;
  /** Default BatchNorm2d. */
  normLayer?: NormLayer;
}

const batchNorm: NormLayer = (numFeatures) => new BatchNorm2d(numFeatures);

function conv3x3(inPlanes: number, outPlanes: number, stride = 1, groups = 1, dilation = 1): Conv2d {
  return new Conv2d(inPlanes, outPlanes, 3, { stride, padding: dilation, groups, dilation, bias: false });
}

/** A convolution of single pixels. */
export function conv1x1(inPlanes: number, outPlanes: number, stride = 1): Conv2d {
  return new Conv2d(inPlanes, outPlanes, 1, { stride, bias: false });
}

/** Two 3x3 convolutions beside a skip: relu(bn2(conv2(relu(bn1(conv1(x))))) + skip(x)).
 *  Shape: [N, inPlanes, H, W] -> [N, planes, H / stride, W / stride].
 *  Source: He et al. 2015, arXiv:1512.03385; torchvision.models.resnet.BasicBlock. */
export class BasicBlock extends Module {
  /** Channels of the output over `planes`. */
  static readonly expansion = 1;
  readonly conv1: Conv2d;
  readonly bn1: UnaryModule;
  readonly relu: ReLU;
  readonly conv2: Conv2d;
  readonly bn2: UnaryModule;
  readonly downsample: UnaryModule | undefined;
  readonly stride: number;

  /** @throws {RangeError} for groups, widths or dilations, which only `Bottleneck` has. */
  constructor(inPlanes: number, planes: number, options: ResidualBlockOptions = {}) {
    super();
    const { stride = 1, downsample, groups = 1, baseWidth = 64, dilation = 1, normLayer = batchNorm } = options;
    if (groups !== 1 || baseWidth !== 64 || dilation !== 1)
      throw new RangeError(
        `Cannot make BasicBlock: expected groups 1, width 64 and dilation 1, got ${groups}, ${baseWidth} and ${dilation}; use Bottleneck`,
      );
    this.conv1 = conv3x3(inPlanes, planes, stride);
    this.bn1 = normLayer(planes);
    this.relu = new ReLU({ inplace: true });
    this.conv2 = conv3x3(planes, planes);
    this.bn2 = normLayer(planes);
    this.downsample = downsample;
    this.stride = stride;
  }

  forward(input: Tensor): Tensor {
    const first = this.relu.forward(this.bn1.forward(this.conv1.forward(input))); // [N, planes, H / stride, W / stride]
    const second = this.bn2.forward(this.conv2.forward(first));
    const skip = this.downsample ? this.downsample.forward(input) : input;
    return this.relu.forward(second.add_(skip));
  }
}

/** A 3x3 convolution between two of single pixels, beside a skip; the stride is in the 3x3, as in torchvision (ResNet v1.5).
 *  Shape: [N, inPlanes, H, W] -> [N, 4 planes, H / stride, W / stride].
 *  Source: He et al. 2015, arXiv:1512.03385; torchvision.models.resnet.Bottleneck. */
export class Bottleneck extends Module {
  /** Channels of the output over `planes`. */
  static readonly expansion = 4;
  readonly conv1: Conv2d;
  readonly bn1: UnaryModule;
  readonly conv2: Conv2d;
  readonly bn2: UnaryModule;
  readonly conv3: Conv2d;
  readonly bn3: UnaryModule;
  readonly relu: ReLU;
  readonly downsample: UnaryModule | undefined;
  readonly stride: number;

  constructor(inPlanes: number, planes: number, options: ResidualBlockOptions = {}) {
    super();
    const { stride = 1, downsample, groups = 1, baseWidth = 64, dilation = 1, normLayer = batchNorm } = options;
    const width = Math.trunc(planes * (baseWidth / 64)) * groups;
    const outPlanes = planes * Bottleneck.expansion;
    this.conv1 = conv1x1(inPlanes, width);
    this.bn1 = normLayer(width);
    this.conv2 = conv3x3(width, width, stride, groups, dilation);
    this.bn2 = normLayer(width);
    this.conv3 = conv1x1(width, outPlanes);
    this.bn3 = normLayer(outPlanes);
    this.relu = new ReLU({ inplace: true });
    this.downsample = downsample;
    this.stride = stride;
  }

  forward(input: Tensor): Tensor {
    const first = this.relu.forward(this.bn1.forward(this.conv1.forward(input))); // [N, width, H, W]
    const second = this.relu.forward(this.bn2.forward(this.conv2.forward(first))); // [N, width, H / stride, W / stride]
    const third = this.bn3.forward(this.conv3.forward(second)); // [N, 4 planes, H / stride, W / stride]
    const skip = this.downsample ? this.downsample.forward(input) : input;
    return this.relu.forward(third.add_(skip));
  }
}
