// Transforms by parts of networks, untrained: temporal_basis, dacones.

import { noGrad, type Tensor } from '../../../tensor/index.ts';
import { DAModel, type DAModelOptions } from '../../network/frontends/da-model.ts';
import { TemporalBasis, type TemporalBasisOptions } from '../../network/frontends/temporal-basis.ts';
import type { TransformMaker } from './transform.ts';

/** The sums of a `TemporalBasis` with these options. Shape: [T, C] -> [T, C K]; [T, H, W] or [T, C, H, W] -> [T, C K, H, W]. With `batch_norm` each function's signal
 *  is normalised over the recording. */
export const temporalBasis: TransformMaker = {
  check: (options) => new TemporalBasis(options),
  make: (options) => {
    const basis = new TemporalBasis(options as TemporalBasisOptions);
    return (x) => noGrad(() => framesFirst(basis.forward(asClip(x, 'temporal_basis'))));
  },
};

/** The response of a `DAModel` with these options; its `sampling_rate` is by default that of the recording. Shape: [T, H, W] or [T, C, H, W] -> [T, C, H, W].
 *  Bytes give bytes: the response times 102, cut off at 0 and 255. */
export const dacones: TransformMaker = {
  check: (options) => new DAModel(options),
  make: (options, { samplingRate }) => {
    const rate = samplingRate === undefined ? {} : { samplingRate };
    const cones = new DAModel({ ...rate, ...(options as DAModelOptions) });
    return (x) => {
      if (x.ndim < 3) throw misfit('dacones', '[T, H, W] or [T, C, H, W]', x);
      const response = noGrad(() => framesFirst(cones.forward(asClip(x, 'dacones'))));
      if (x.dtype !== 'uint8') return response.to(x.dtype);
      return response.div(2.5).mul(255).clamp({ min: 0, max: 255 }).to('uint8');
    };
  },
};

/** As a batch of one: [T, C] -> [1, C, T], [T, H, W] -> [1, 1, T, H, W], [T, C, H, W] -> [1, C, T, H, W]. */
function asClip(x: Tensor, name: string): Tensor {
  const frames = x.to('float32');
  if (x.ndim === 2) return frames.t().unsqueeze(0);
  if (x.ndim === 3) return frames.unsqueeze(0).unsqueeze(0);
  if (x.ndim === 4) return frames.transpose(0, 1).unsqueeze(0);
  throw misfit(name, '[T, C], [T, H, W] or [T, C, H, W]', x);
}

/** [1, C, T, …] -> [T, C, …] */
const framesFirst = (clip: Tensor): Tensor => clip.select(0, 0).transpose(0, 1).contiguous();

const misfit = (name: string, wanted: string, { shape }: Tensor): RangeError =>
  new RangeError(`Cannot apply ${name}: expected shape ${wanted}, got [${shape.join(', ')}]`);
