// Convolutional blocks beside shortcuts.

import { Conv2d, Conv3d, Identity, Sequential, type UnaryModule } from '../../../nn/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { ACTIVATIONS, type ActivationType, planActivation } from '../layers/activation-types.ts';
import type { BlockPlan } from '../layers/block-plan.ts';
import { ConvBlock } from '../layers/conv-block.ts';
import type { AxisSizes, Dim } from '../layers/conv-settings.ts';
import { NORMS, type NormOptions, type NormType, planNorm } from '../layers/norm-types.ts';
import { PaddedShortcut, ResBlock } from '../layers/res-block.ts';
import { SettingsReader } from '../settings-reader.ts';
import { Convnet, type ConvnetOptions, type ConvnetPlan, readConvnet } from './convnet.ts';

export interface ResNetOptions extends ConvnetOptions {
  /** Behind each sum. Default 'none'. */
  readonly resnetPostAddActivation?: ActivationType | null;
  /** Where a block changes channels or sizes, its shortcut is a convolution; without one it takes every stride-th place, and zeros for missing channels.
   *  Default true. */
  readonly resnetShortcutProjection?: boolean;
  /** Of that convolution. Default kernel 1 without a bias. */
  readonly resnetShortcutParams?: { readonly kernelSize?: AxisSizes; readonly bias?: boolean };
  /** Behind that convolution. Default none. */
  readonly resnetShortcutNormType?: NormType | null;
  readonly resnetShortcutNormParams?: NormOptions;
}

interface ResNetPlan extends ConvnetPlan {
  readonly shortcuts: readonly (() => UnaryModule)[];
  readonly postAddActivation: () => UnaryModule;
}

function planOf(options: ResNetOptions): ResNetPlan {
  const reader = new SettingsReader(options);
  const plan = readConvnet(reader, (_before, block) => block.outChannels);
  const isProjected = reader.flag('resnetShortcutProjection', true);
  const projections = readProjections(reader, plan);
  const shortcuts = plan.blocks.map((block, i) => {
    const settings = plan.readers[i]!;
    const { inChannels, outChannels, stride } = block;
    if (stride === undefined)
      settings.note('poolParams.type', 'a pool beside whose stride a shortcut can be set', 'one with an output size');
    const steps = stride ?? [];
    if (inChannels === outChannels && steps.every((step) => step === 1)) return () => new Identity();
    if (isProjected) return projections(block, steps);
    if (outChannels < inChannels)
      reader.note(
        'resnetShortcutProjection',
        `true where a block gives fewer channels than its ${inChannels}`,
        'false',
      );
    return () => new PaddedShortcut(outChannels, steps);
  });
  const actType = reader.type('resnetPostAddActivation', ACTIVATIONS, 'none');
  if (actType === 'splitrelu') reader.note('resnetPostAddActivation', 'one that keeps the channels');
  const act = planActivation(actType, new SettingsReader({}), plan.dim + 2);
  reader.finish('make a ResNet');
  return { ...plan, shortcuts, postAddActivation: () => act.make() };
}

/** Reads the shortcuts that are convolutions. @returns how that of a block is made. */
function readProjections(
  reader: SettingsReader,
  { dim }: { readonly dim: Dim },
): (block: BlockPlan, stride: readonly number[]) => () => UnaryModule {
  const params = reader.inner('resnetShortcutParams');
  const kernelSize = params.sizes('kernelSize', dim, 1);
  const bias = params.flag('bias', false);
  const normType = reader.type('resnetShortcutNormType', NORMS, 'none');
  const normParams = reader.inner('resnetShortcutNormParams');
  return ({ inChannels, outChannels }, stride) => {
    const makeNorm = planNorm(normType, normParams, { numFeatures: outChannels, dim });
    return () => {
      const conv = new (dim === 2 ? Conv2d : Conv3d)(inChannels, outChannels, kernelSize, { stride, bias });
      return normType === 'none' ? conv : new Sequential(conv, makeNorm());
    };
  };
}

/** A stem, if there is one, and blocks each beside a shortcut: y = act(block(x) + shortcut(x)). A shortcut has the stride of the block's convolution and
 *  pool together; where its output is larger, it is cut to the block's: the middle of space, and of time the last frames.
 *  Shape: [B, inChannels, T, H, W] -> [B, outChannels, T', H', W'], or without T where `dim` is 2.
 *  @throws {ConfigError} with everything that is wrong.
 *  Source: He et al. 2015, arXiv:1512.03385; VisionCore's ResNet.
 *  @example
 *  import { ResNet } from 'sconce/multidataset';
 *  const blockConfig = { convParams: { kernelSize: [3, 3, 3], padding: 1 }, normType: 'rms', poolParams: { type: 'max', kernelSize: [1, 2, 2] } } as const;
 *  const core = new ResNet({ inChannels: 1, channels: [4, 8], blockConfig });
 *  core.forward(ones([1, 1, 5, 16, 12])).shape; // [1, 8, 5, 4, 3] */
export class ResNet extends Convnet {
  constructor(options: ResNetOptions) {
    const plan = planOf(options);
    const layers = plan.blocks.map(
      (block, i) => new ResBlock(new ConvBlock(block), plan.shortcuts[i]!(), plan.postAddActivation()),
    );
    super(plan, layers);
  }

  protected runLayers(input: Tensor): Tensor {
    return [...this.layers].reduce((x, layer) => this.run(layer, x), input);
  }
}
