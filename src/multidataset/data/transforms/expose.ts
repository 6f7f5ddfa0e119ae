// Applies the transforms of a data set to a recording, in the order of the file.

import { ConfigError } from '../../../errors.ts';
import type { Tensor } from '../../../tensor/index.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { DatasetConfig, OpConfig, TransformConfig } from '../config/dataset-config.ts';
import type { StoredDType } from '../session-plan.ts';
import { makePipeline } from './registry.ts';

/** What transforms depend on beside the recording. */
export interface ExposeContext {
  readonly config: DatasetConfig;
  readonly samplingRate: number | undefined;
  readonly dtype: StoredDType;
}

/** Transforms that bytes go through as bytes; `pixelnorm` is then done to each batch. */
const BYTE_OPS = ['pixelnorm', 'unsqueeze'];

/** Whether the pixels of a stimulus kept as bytes are normalised: then that is left to whoever casts a batch. */
export function normRemoved({ transforms }: DatasetConfig, dtype: StoredDType): boolean {
  return (
    dtype === 'uint8' &&
    Object.values(transforms).some((one) => one.expose_as === 'stim' && opNames(one).includes('pixelnorm'))
  );
}

/** What keeps a stimulus from being kept as bytes: one line a transform. */
export function byteProblems({ transforms }: DatasetConfig): string[] {
  return Object.entries(transforms).flatMap(([name, one]) => {
    if (one.expose_as !== 'stim') return [];
    const others = opNames(one).filter((op) => !BYTE_OPS.includes(op));
    const wanted = `expected pixelnorm and unsqueeze alone for a stimulus that is kept as uint8`;
    const way = "; dsetDtype: 'bfloat16' or 'float32' takes all";
    if (one.concatenate) return [`transforms.${name}.concatenate: ${wanted}, got true${way}`];
    if (others.length > 0) return [`transforms.${name}.ops: ${wanted}, got ${others.join(', ')}${way}`];
    const twice = opNames(one).filter((op) => op === 'pixelnorm').length;
    return twice > 1 ? [`transforms.${name}.ops: ${wanted}, got pixelnorm ${twice} times${way}`] : [];
  });
}

const opNames = ({ ops }: TransformConfig): string[] => ops.flatMap((op) => Object.keys(op));

/** All tensors behind the transforms. Each begins with its source in float32, as the transforms before have left it; what is to be put beside others is put
 *  there at the end. `stim` becomes [frames, C, H, W], `behavior` [frames, D]. */
export function exposeTransforms(
  tensors: Readonly<Record<string, Tensor>>,
  { config, samplingRate, dtype }: ExposeContext,
): Record<string, Tensor> {
  const all = { ...tensors };
  const beside = new Map<string, Tensor[]>();
  for (const [name, { source, ops, expose_as, concatenate }] of Object.entries(config.transforms)) {
    const isBytes = expose_as === 'stim' && dtype === 'uint8';
    const run = (steps: readonly OpConfig[], x: Tensor): Tensor => {
      try {
        return makePipeline(steps, { cids: config.cids, samplingRate })(x);
      } catch (error) {
        throw new ConfigError(
          `prepare the data set "${config.session}"`,
          [`transforms.${name}: ${(error as Error).message}`],
          { cause: error },
        );
      }
    };
    const value = isBytes
      ? run(ops.filter((op) => !('pixelnorm' in op)), all[source]!)
      : run(ops, all[source]!.to('float32')); // biome-ignore format: two cases
    if (!concatenate) all[expose_as] = value;
    else beside.set(expose_as, [...(beside.get(expose_as) ?? []), value]);
  }
  for (const [key, values] of beside) all[key] = cat(values.map(atLeastTwo), { dim: -1 });
  if (all.stim) all.stim = stimulus(all.stim, dtype, config);
  if (all.behavior) all.behavior = atLeastTwo(all.behavior).to('float32');
  return all;
}

/** [frames] becomes [frames, 1]. */
const atLeastTwo = (x: Tensor): Tensor => (x.ndim === 1 ? x.unsqueeze(1) : x);

function stimulus(stim: Tensor, dtype: StoredDType, config: DatasetConfig): Tensor {
  const fail = (wanted: string, way = ''): never => {
    throw new ConfigError(`prepare the data set "${config.session}"`, [
      `stim: expected ${wanted}, got ${stim.dtype} [${stim.shape.join(', ')}]${way}`,
    ]);
  };
  if (stim.ndim !== 3 && stim.ndim !== 4) fail('[frames, H, W] or [frames, C, H, W]');
  if (dtype === 'uint8' && stim.dtype !== 'uint8') fail('uint8', "; dsetDtype: 'float32' keeps it as it is");
  const planes = stim.ndim === 3 ? stim.unsqueeze(1) : stim; // [T, H, W] -> [T, 1, H, W]
  return planes.to(dtype);
}
