// Convolutional blocks one after another.

import type { Tensor } from '../../../tensor/tensor.ts';
import { ConvBlock } from '../layers/conv-block.ts';
import { SettingsReader } from '../settings-reader.ts';
import { Convnet, type ConvnetOptions, type ConvnetPlan, readConvnet } from './convnet.ts';

function planOf(options: ConvnetOptions): ConvnetPlan {
  const reader = new SettingsReader(options);
  const plan = readConvnet(reader, (_before, block) => block.outChannels);
  reader.finish('make a VanillaCNN');
  return plan;
}

/** A stem, if there is one, and blocks one after another.
 *  Shape: [B, inChannels, T, H, W] -> [B, outChannels, T', H', W'], or without T where `dim` is 2.
 *  @throws {ConfigError} with everything that is wrong.
 *  Source: VisionCore's VanillaCNN.
 *  @example
 *  import { VanillaCNN } from 'sconce/multidataset';
 *  const core = new VanillaCNN({ inChannels: 1, channels: [4, 8], blockConfig: { convParams: { kernelSize: [1, 3, 3] } } });
 *  core.forward(ones([1, 1, 5, 10, 8])).shape; // [1, 8, 5, 6, 4] */
export class VanillaCNN extends Convnet {
  constructor(options: ConvnetOptions) {
    const plan = planOf(options);
    super(
      plan,
      plan.blocks.map((block) => new ConvBlock(block)),
    );
  }

  protected runLayers(input: Tensor): Tensor {
    return [...this.layers].reduce((x, layer) => this.run(layer, x), input);
  }
}
