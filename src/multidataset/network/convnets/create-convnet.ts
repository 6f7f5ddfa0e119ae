// The convolutional core that a model's configuration names.

import { ConfigError } from '../../../errors.ts';
import { Identity, type Module } from '../../../nn/index.ts';
import { type Component, type ComponentConfig, type ComponentMaker, makeComponent } from '../component.ts';
import { DenseNet } from './densenet.ts';
import { ResNet } from './resnet.ts';
import { VanillaCNN } from './vanilla-cnn.ts';
import { X3DNet } from './x3d.ts';

type Core = Module & { readonly outChannels: number };

/** Makes the part that stands under `convnet`: `none`, `vanilla` (or `conv`, `cnn`), `resnet`, `densenet`, or `x3d` (or `x3dnet`). The parameters are the
 *  options of the class, in snake_case or camelCase, without the channels that come in.
 *  @throws {ConfigError} with everything that is wrong.
 *  Source: VisionCore's create_convnet.
 *  @example
 *  import { createConvnet } from 'sconce/multidataset';
 *  const params = { channels: [8], block_configs: [{ conv_params: { kernel_size: [3, 5, 5] }, norm_type: 'grn', act_type: 'splitrelu' }] };
 *  createConvnet({ type: 'resnet', params }, { inChannels: 4 }).outChannels; // 16 */
export function createConvnet(config: ComponentConfig, context: { readonly inChannels: number }): Component {
  const { inChannels } = context;
  const core =
    <Options>(Class: new (options: Options) => Core): ComponentMaker<Component> =>
    (params) => {
      const module = refusing('inChannels' in params, () => new Class({ ...params, inChannels } as Options)); // the class checks them
      return { module, outChannels: module.outChannels };
    };
  const vanilla = core(VanillaCNN);
  const x3d = core(X3DNet);
  return makeComponent('convnet', config, {
    none: () => ({ module: new Identity(), outChannels: inChannels }),
    vanilla,
    conv: vanilla,
    cnn: vanilla,
    resnet: core(ResNet),
    densenet: core(DenseNet),
    x3d,
    x3dnet: x3d,
  });
}

/** Runs `make`, and says besides what is wrong there that channels were given. */
function refusing<T>(hasChannels: boolean, make: () => T): T {
  const problems = hasChannels ? ['inChannels: expected none, since the parts before say how many come, got one'] : [];
  let made: T | undefined;
  try {
    made = make();
  } catch (error) {
    if (!(error instanceof ConfigError) || !hasChannels) throw error;
    problems.push(...error.problems);
  }
  if (problems.length > 0) throw new ConfigError('make a core', problems);
  return made!;
}
