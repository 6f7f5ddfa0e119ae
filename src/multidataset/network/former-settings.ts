// Settings that VisionCore's files still have and that nothing of VisionCore reads any more.

import type { ComponentConfig } from './component.ts';

/** Of its ConvGRU from 13 to 20 October 2025; the modulator of that name has been without them since. */
const OF_CONV_GRU = [
  'use_layer_norm',
  'learnable_h0',
  'use_depthwise',
  'use_grouped',
  'num_groups',
  'use_residual',
  'grad_clip_val',
];

/** The configuration of a modulator without settings that are not read; a warning names them. */
export function withoutFormer(config: ComponentConfig): ComponentConfig {
  const { type, params } = config;
  if (typeof type !== 'string' || type.toLowerCase() !== 'convgru' || typeof params !== 'object' || params === null)
    return config;
  const former = OF_CONV_GRU.filter((name) => Object.hasOwn(params, name));
  if (former.length === 0) return config;
  process.emitWarning(
    `Settings of modulator.params that are not read, here as in VisionCore: ${former.join(', ')}; take them out of the file`,
    'SconceWarning',
  );
  const rest = Object.fromEntries(Object.entries(params).filter(([name]) => !former.includes(name)));
  return { ...config, params: rest };
}
