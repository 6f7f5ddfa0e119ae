// Convolutional blocks each of which gets what all before it gave.

import { cat } from '../../../tensor/ops.generated.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { ConvBlock } from '../layers/conv-block.ts';
import { crop, sizesOf } from '../layers/crop.ts';
import { SettingsReader } from '../settings-reader.ts';
import { Convnet, type ConvnetOptions, type ConvnetPlan, readConvnet } from './convnet.ts';

function planOf(options: ConvnetOptions): ConvnetPlan {
  const reader = new SettingsReader(options);
  const plan = readConvnet(reader, (before, block) => before + block.outChannels);
  reader.finish('make a DenseNet');
  return plan;
}

/** A stem, if there is one, and blocks each of which adds its channels to those before it: x ← cat(x, block(x)). What was before is cut to the size of
 *  what comes: the middle of space, and of time the last frames. So behind a block with a stride or a pool it shows the middle alone, at the finer grid.
 *  Shape: [B, inChannels, T, H, W] -> [B, outChannels, T', H', W'], or without T where `dim` is 2; outChannels are those of the stem or the input, and all
 *  that blocks give.
 *  @throws {ConfigError} with everything that is wrong.
 *  Source: Huang et al. 2016, arXiv:1608.06993; VisionCore's DenseNet.
 *  @example
 *  import { DenseNet } from 'sconce/multidataset';
 *  const core = new DenseNet({ inChannels: 2, channels: [4, 4], blockConfig: { convParams: { kernelSize: 3 } } });
 *  core.outChannels; // 10
 *  core.forward(ones([1, 2, 5, 10, 8])).shape; // [1, 10, 5, 6, 4] */
export class DenseNet extends Convnet {
  constructor(options: ConvnetOptions) {
    const plan = planOf(options);
    super(
      plan,
      plan.blocks.map((block) => new ConvBlock(block)),
    );
  }

  protected runLayers(input: Tensor): Tensor {
    return [...this.layers].reduce((before, layer) => {
      const added = this.run(layer, before);
      const isCausal = (layer as ConvBlock).causal; // the constructor made them
      return cat([crop(before, sizesOf(added), { isCausal }), added], { dim: 1 });
    }, input);
  }
}
