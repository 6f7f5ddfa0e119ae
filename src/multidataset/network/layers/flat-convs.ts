// The convolutions that there are for pictures alone: a large kernel as a stack of small ones, and kernels under a fixed window.

import { type Conv2d, Dropout2d, Sequential, type UnaryModule } from '../../../nn/index.ts';
import { zeros } from '../../../tensor/create.ts';
import { pad } from '../../../tensor/nn-ops.generated.ts';
import { conv2d } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { SettingsReader } from '../settings-reader.ts';
import { maskOf, readWindow, WINDOWS, type WindowOf } from './anti-alias-window.ts';
import { type Geometry, readGeometry, readGroups } from './conv-settings.ts';
import { type ConvContext, ConvModule, type ConvPlan, makeConv } from './standard-conv.ts';

const isConv = (layer: UnaryModule): layer is Conv2d => !(layer instanceof Dropout2d);

/** A stack of small kernels in the place of a large one, with nothing that is not linear between them. The stride is of the first, the bias of the last,
 *  the padding of each. Shape: [B, C, H, W] -> [B, outChannels, H', W']. Source: VisionCore's StackedConv2d. */
export class StackedConv2d extends ConvModule {
  readonly convs: Sequential;
  readonly size: number;

  /** @param size - of the kernel that they are together. */
  constructor(layers: readonly UnaryModule[], size: number) {
    super();
    this.convs = new Sequential(...layers);
    this.size = size;
  }

  /** The kernel of all together, without stride and dropout, [outChannels, inChannels, size, size]. */
  get weight(): Tensor {
    const convs = [...this.convs].filter(isConv);
    const { inChannels, weight } = convs[0]!;
    // What a convolution makes of a single point is its kernel, turned round.
    const points = zeros([inChannels, inChannels, 2 * this.size - 1, 2 * this.size - 1], {
      dtype: weight.dtype,
      device: weight.device,
    });
    for (let i = 0; i < inChannels; i++)
      points
        .select(0, i)
        .select(0, i)
        .narrow(0, this.size - 1, 1)
        .narrow(1, this.size - 1, 1)
        .fill_(1);
    const kernels = convs.reduce((input, { weight, groups }) => conv2d(input, weight, { groups }), points);
    return kernels.flip([2, 3]).transpose(0, 1);
  }

  forward(input: Tensor): Tensor {
    return this.convs.forward(input);
  }
}

export function planStackedConv(conv: SettingsReader, context: ConvContext): ConvPlan {
  const { inChannels, outChannels } = context;
  const geometry = readGeometry(conv, { dim: 2, paddingMode: 'replicate', bias: context.bias, hasDilation: false });
  const groups = readGroups(conv, inChannels, outChannels);
  const dropout = conv.number('dropoutPercentage', 0, { least: 0, most: 1 });
  const small = conv.integer('subKernelSize', 3, { least: 2 });
  const [size = small, width] = geometry.kernelSize;
  const numLayers = 1 + (size - small) / (small - 1);
  const isStack = size === width && Number.isInteger(numLayers) && numLayers >= 1;
  if (!isStack) {
    const sizes = [0, 1, 2].map((more) => small + more * (small - 1)).join(', ');
    conv.note('kernelSize', `a square that kernels of ${small} make together (${sizes} and so on)`);
  }
  const make = (): StackedConv2d => {
    const layers = Array.from({ length: numLayers }, (_, i): UnaryModule[] => {
      const isLast = i === numLayers - 1;
      const stride = i === 0 ? geometry.stride : [1, 1];
      const own = { ...geometry, kernelSize: [small, small], stride, bias: geometry.bias && isLast };
      const layer = makeConv([i === 0 ? inChannels : outChannels, outChannels], own, { groups, isPadded: false });
      return dropout > 0 && !isLast ? [layer, new Dropout2d(dropout)] : [layer];
    });
    return new StackedConv2d(layers.flat(), size);
  };
  return { geometry, make };
}

/** A convolution of pictures under a fixed window: y = conv(x, w * window). Shape: [B, C, H, W] -> [B, outChannels, H', W'].
 *  Source: VisionCore's WindowedConv2d. */
export class WindowedConv2d extends ConvModule {
  readonly conv: Conv2d;
  declare window: Tensor;

  /** @param window - [1, 1, kernel, kernel]. */
  constructor(conv: Conv2d, window: Tensor) {
    super();
    this.conv = conv;
    this.registerBuffer('window', window);
  }

  get weight(): Tensor {
    return this.conv.weight.mul(this.window);
  }

  forward(input: Tensor): Tensor {
    const { bias, stride, dilation, groups, padding, paddingMode } = this.conv;
    if (paddingMode === 'zeros') return conv2d(input, this.weight, { bias, stride, dilation, groups, padding });
    const [height = 0, width = 0] = padding as readonly number[]; // 'same' and 'valid' are never set here
    const padded = pad(input, [width, width, height, height], { mode: paddingMode });
    return conv2d(padded, this.weight, { bias, stride, dilation, groups });
  }
}

/** A mixture of channels at each place, then each channel by itself under a fixed window. Shape: [B, C, H, W] -> [B, outChannels, H', W'].
 *  Source: VisionCore's SeparableWindowedConv2D. */
export class SeparableWindowedConv2d extends ConvModule {
  readonly pointwise: Conv2d;
  readonly depthwise: WindowedConv2d;

  constructor(pointwise: Conv2d, depthwise: WindowedConv2d) {
    super();
    this.pointwise = pointwise;
    this.depthwise = depthwise;
  }

  /** The kernel of the two together, [outChannels, inChannels, kernel, kernel]. */
  get weight(): Tensor {
    return this.pointwise.weight.mul(this.depthwise.weight);
  }

  forward(input: Tensor): Tensor {
    return this.depthwise.forward(this.pointwise.forward(input));
  }
}

interface WindowedPlan {
  readonly geometry: Geometry;
  readonly windowOf: WindowOf;
}

function readWindowed(conv: SettingsReader, context: ConvContext): WindowedPlan {
  const geometry = readGeometry(conv, { dim: 2, paddingMode: 'zeros', bias: context.bias, hasDilation: true });
  const name = conv.choice('windowType', WINDOWS, 'hann');
  const windowOf = readWindow(name, conv.inner('windowKwargs'));
  for (const size of geometry.kernelSize)
    if (Math.max(...windowOf(size)) === 0)
      conv.note('windowType', `a window of ${size} points that are not all 0`, name);
  return { geometry, windowOf };
}

function makeWindowed(channels: readonly [number, number], plan: WindowedPlan, groups: number): WindowedConv2d {
  const conv = makeConv(channels, plan.geometry, { groups, isPadded: false });
  return new WindowedConv2d(conv, maskOf(plan.windowOf, plan.geometry.kernelSize, { least: 1 }));
}

export function planWindowedConv(conv: SettingsReader, context: ConvContext): ConvPlan {
  const { inChannels, outChannels } = context;
  const plan = readWindowed(conv, context);
  const groups = readGroups(conv, inChannels, outChannels);
  return { geometry: plan.geometry, make: () => makeWindowed([inChannels, outChannels], plan, groups) };
}

export function planSeparableWindowedConv(conv: SettingsReader, context: ConvContext): ConvPlan {
  const { inChannels, outChannels } = context;
  const plan = readWindowed(conv, context);
  const point = {
    ...plan.geometry,
    kernelSize: [1, 1],
    stride: [1, 1],
    dilation: [1, 1],
    padding: [0, 0],
    bias: false,
  };
  const make = (): SeparableWindowedConv2d =>
    new SeparableWindowedConv2d(
      makeConv([inChannels, outChannels], point, { groups: 1, isPadded: false }),
      makeWindowed([outChannels, outChannels], plan, outChannels),
    );
  return { geometry: plan.geometry, make };
}
