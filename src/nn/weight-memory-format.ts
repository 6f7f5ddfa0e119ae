// Weights of convolutions laid out for the kernels that take channels last.

import { Conv2d, Conv3d } from './layers/conv.ts';
import { ConvTranspose2d, ConvTranspose3d } from './layers/conv-transpose.ts';
import type { Module } from './module.ts';

type Format = 'contiguous_format' | 'channels_last' | 'channels_last_3d';

function convert<M extends Module>(module: M, isMeant: (each: Module) => boolean, memoryFormat: Format): M {
  for (const each of module.modules()) {
    if (!isMeant(each)) continue;
    const { weight } = each as Conv2d;
    weight.setData(weight.detach().clone({ memoryFormat }));
  }
  return module;
}

/** Lays the weights of all two-dimensional convolutions out anew. @param memoryFormat - 'channels_last' or 'contiguous_format'.
 *  Source: torch.nn.utils.convert_conv2d_weight_memory_format. */
export function convertConv2dWeightMemoryFormat<M extends Module>(
  module: M,
  memoryFormat: 'contiguous_format' | 'channels_last',
): M {
  return convert(module, (each) => each instanceof Conv2d || each instanceof ConvTranspose2d, memoryFormat);
}

/** Lays the weights of all three-dimensional convolutions out anew. @param memoryFormat - 'channels_last_3d' or 'contiguous_format'.
 *  Source: torch.nn.utils.convert_conv3d_weight_memory_format. */
export function convertConv3dWeightMemoryFormat<M extends Module>(
  module: M,
  memoryFormat: 'contiguous_format' | 'channels_last_3d',
): M {
  return convert(module, (each) => each instanceof Conv3d || each instanceof ConvTranspose3d, memoryFormat);
}
