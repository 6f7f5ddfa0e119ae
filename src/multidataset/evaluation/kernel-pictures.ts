// Pictures of what a network has learned: kernels over time, kernels over space, and where its first readout looks.

import type { Module } from '../../nn/index.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { LoggedImage } from '../../tracking/data-records.ts';
import { type Figure, figure } from '../../tracking/plots/figure.ts';
import { type Maps, signedTiles } from './signed-tiles.ts';

/** What a logger is given: an image, or a figure that it draws as SVG. */
export type Picture = LoggedImage | Figure;

/** Rows and columns on which the windows of a readout are drawn. Source: VisionCore. */
const MAP_SIDE = 15;

/** The pictures that a network has something for, by key:
 *  - `kernels/frontend`: weights over time of `frontend.temporal_conv`, a line a kernel;
 *  - `kernels/stem`, `kernels/layer_{i}`: kernels of the convolutions of `convnet.stem` and `convnet.layers`, a tile for each pair of channels and each frame, as they act (weight norm and windows included);
 *  - `kernels/readout_0_features`: the weights of each unit (columns) on each channel (rows), `kernels/readout_0_spatial`: its window on a map of 15 by 15.
 *
 *  Sync: waits for the device.  Source: VisionCore, training callbacks. */
export function kernelPictures(network: Module): Record<string, Picture> {
  const pictures: Record<string, Picture> = {};
  noGrad(() =>
    scope(() => {
      const add = (key: string, picture: Picture | undefined): void => {
        if (picture) pictures[`kernels/${key}`] = picture;
      };
      add('frontend', temporalKernels(weightAt(network, 'frontend', 'temporal_conv')));
      add('stem', spatialKernels(convWeight(partOf(network, 'convnet', 'stem'))));
      for (const [i, layer] of childrenOf(partOf(network, 'convnet', 'layers')).entries())
        add(`layer_${i}`, spatialKernels(convWeight(layer)));
      const readout = childrenOf(partOf(network, 'readouts'))[0];
      add('readout_0_features', featureWeights(readout));
      add('readout_0_spatial', windows(readout));
    }),
  );
  return pictures;
}

type Parts = { readonly [name: string]: unknown };

/** What lies under names, one in the other. Networks of other parts have nothing there. */
const partOf = (of: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>(
    (part, name) => (typeof part === 'object' && part !== null ? (part as Parts)[name] : undefined),
    of,
  );

function weightAt(of: unknown, ...names: readonly string[]): Tensor | undefined {
  const weight = partOf(of, ...names, 'weight');
  return weight instanceof Tensor ? weight.detach() : undefined;
}

/** Of a block, of the main block of a residual one, or of the part of a unit of X3D that looks at space. */
const convWeight = (layer: unknown): Tensor | undefined =>
  weightAt(layer, 'components', 'conv') ??
  weightAt(layer, 'main_block', 'components', 'conv') ??
  weightAt(layer, 'pre_spatial', 'components', 'conv');

const childrenOf = (list: unknown): unknown[] =>
  typeof list === 'object' && list !== null && Symbol.iterator in list ? [...(list as Iterable<unknown>)] : [];

const numbers = (tensor: Tensor): Float32Array =>
  tensor.to({ device: 'cpu', dtype: 'float32' }).toTypedArray() as Float32Array;

/** [kernels, C, T, 1, 1] as lines over T. */
function temporalKernels(weight: Tensor | undefined): Figure | undefined {
  if (!weight || weight.ndim < 3) return undefined;
  const length = weight.shape[2]!;
  const rows = weight.reshape([-1, length]);
  const values = numbers(rows);
  const x = Array.from({ length }, (_, i) => i);
  const series = Array.from({ length: rows.shape[0]! }, (_, i) => ({
    label: `kernel ${i}`,
    ...{ x, y: Array.from(values.subarray(i * length, (i + 1) * length)) },
    kind: 'exact' as const,
  }));
  return figure({
    title: 'Frontend temporal kernels',
    panels: [{ kind: 'lines', xLabel: 'frame', yLabel: 'weight', series }],
  });
}

/** [out, in, (T,) H, W] as tiles [H, W]; a row for each pair of channels where there are several frames. Kernels of one pixel are lines of T. */
function spatialKernels(weight: Tensor | undefined): LoggedImage | undefined {
  if (!weight || weight.ndim < 4 || weight.ndim > 5) return undefined;
  const [out = 1, inn = 1, ...rest] = weight.shape;
  const [frames, height, width] = (rest.length === 3 ? rest : [1, ...rest]) as [number, number, number];
  const isLine = height * width === 1;
  const shape: Maps['shape'] = isLine ? [1, out * inn, frames] : [out * inn * frames, height, width];
  const caption = `${out} x ${inn} kernels of ${rest.join(' x ')}`;
  const columns = frames > 1 && !isLine ? frames * Math.max(1, Math.round(Math.sqrt((out * inn) / frames))) : undefined;
  return signedTiles({ shape, values: numbers(weight) }, { caption, ...(columns === undefined ? {} : { columns }) });
}

/** Weights of units on channels: [units, C, 1, 1] or [units, C], channels as rows; those that excite above those that inhibit where a readout has both. */
function featureWeights(readout: unknown): LoggedImage | undefined {
  const sides = ['features_ex_weight', 'features_inh_weight'].map((name) => partOf(readout, name));
  const one = weightAt(readout, 'features') ?? weightAt(readout, 'fc');
  const tables = (one ? [one] : sides)
    .filter((weight) => weight instanceof Tensor)
    .map((weight) => weight.detach().flatten({ startDim: 1 }).t()); // [C, units]
  if (tables.length === 0) return undefined;
  const table = cat(tables);
  const [channels = 1, units = 1] = table.shape;
  const caption =
    tables.length === 1
      ? `${channels} channels by ${units} units`
      : `${channels / 2} channels that excite, and below as many that inhibit, by ${units} units`;
  return signedTiles({ shape: [1, channels, units], values: numbers(table) }, { caption });
}

/** The windows of a readout that has such, [units, H, W]; those that excite and behind them those that inhibit where it has both. */
function windows(readout: unknown): LoggedImage | undefined {
  const { spatialWeights } = (readout ?? {}) as { spatialWeights?: (height: number, width: number) => object };
  if (typeof spatialWeights !== 'function') return undefined;
  const given = spatialWeights.call(readout, MAP_SIDE, MAP_SIDE);
  const sides = (given instanceof Tensor ? [given] : Object.values(given)).filter((side) => side instanceof Tensor);
  if (sides.length === 0) return undefined;
  const maps = cat(sides);
  const what = sides.length === 1 ? '' : ', those that excite and behind them those that inhibit';
  return signedTiles(
    { shape: maps.shape as [number, number, number], values: numbers(maps) },
    { scale: 'each', caption: `windows on a map of ${MAP_SIDE} x ${MAP_SIDE}${what}` },
  );
}
