// Pooling and its inverse, by layer and by function.

import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import { differing } from '../draw.ts';
import type { Value } from '../program.ts';

const picture = (d: Draw, dims: number, low = 3, scale = {}): Value =>
  d.tensor([...d.channels(d.size(3)), ...d.space(dims, low, [10, 8, 6][dims - 1])], scale);

const windows = (d: Draw, dims: number): Drawn => ({
  stride: d.maybe([d.sizes(dims, 1, 3)]),
  padding: d.maybe([d.sizes(dims, 0, 1)], 0.4),
  ceilMode: d.flag(0.4),
});

const layer =
  (dims: number, options: (d: Draw) => Drawn): Spec['draw'] =>
  (d) =>
    d.layer({ args: [d.sizes(dims, 1, 3)], options: options(d), inputs: [picture(d, dims)], isTyped: false });

const call =
  (dims: number, options: (d: Draw) => Drawn): Spec['draw'] =>
  (d) =>
    d.function([picture(d, dims), d.sizes(dims, 1, 3)], options(d));

const max = (dims: number) => (d: Draw) => ({
  ...windows(d, dims),
  dilation: d.maybe([d.sizes(dims, 1, 2)], 0.3),
  returnIndices: d.flag(0.3),
});
const maxCall = (dims: number) => (d: Draw) => ({ ...windows(d, dims), dilation: d.maybe([d.sizes(dims, 1, 2)], 0.3) });
const avg = (dims: number) => (d: Draw) => ({
  ...windows(d, dims),
  countIncludePad: d.flag(0.4),
  divisorOverride: dims === 1 ? undefined : d.maybe([1, 3, 5], 0.3),
});

function adaptiveSize(d: Draw, dims: number): Value {
  if (dims === 1 || d.chance(0.4)) return d.int(1, 5);
  return Array.from({ length: dims }, () => (d.chance(0.2) ? null : d.int(1, 5)));
}

const adaptive =
  (dims: number, isMax: boolean): Spec['draw'] =>
  (d) =>
    d.layer({
      args: [adaptiveSize(d, dims)],
      options: isMax ? { returnIndices: d.flag(0.3) } : {},
      inputs: [picture(d, dims, 1)],
      isTyped: false,
    });

const adaptiveCall =
  (dims: number): Spec['draw'] =>
  (d) =>
    d.function([picture(d, dims, 1), d.chance(0.5) ? d.int(1, 5) : d.space(dims, 1, 5)]);

const lp =
  (dims: number): Spec['draw'] =>
  (d) => {
    const normType: Value = d.pick([{ float: 2 }, { float: 1 }, { float: 3 }, { float: 1.5 }, { float: 'Infinity' }]);
    const options = { stride: d.maybe([d.sizes(dims, 1, 3)]), ceilMode: d.flag(0.3) };
    const input = picture(d, dims, 3, d.chance(0.7) ? { fill: 'positive' } : {});
    // PyTorch's layer of one dimension fails with a tuple.
    const kernel = dims === 1 ? d.int(1, 3) : d.sizes(dims, 1, 3);
    d.layer({ args: [normType, kernel], options, inputs: [input], isTyped: false });
  };

const fractional =
  (dims: number): Spec['draw'] =>
  (d) => {
    const bySize = d.chance(0.5);
    const ratio = (): Value => d.float(0.3, 0.8);
    const options: Drawn = {
      outputSize: bySize ? d.sizes(dims, 1, 3) : undefined,
      outputRatio: bySize ? undefined : d.chance(0.5) ? ratio() : Array.from({ length: dims }, ratio),
      returnIndices: d.flag(0.3),
    };
    d.layer({ args: [d.sizes(dims, 1, 3)], options, inputs: [picture(d, dims, 6)], isTyped: false });
  };

/** What max pooling gave, with its indices. */
const unpool =
  (dims: number): Spec['draw'] =>
  (d) => {
    const kernel = d.sizes(dims, 2, 3);
    const options = { stride: d.maybe([d.sizes(dims, 2, 3)], 0.3) };
    const x = picture(d, dims, 4, { requiresGrad: false });
    const pooled = d.call(`nn.MaxPool${dims}d`, [kernel], { ...options, returnIndices: true });
    const both = d.call('forward', [x], {}, { on: pooled });
    const input = { var: both, at: [0] } as const;
    d.layer({ args: [kernel], options, inputs: [input, { var: both, at: [1] }], isTyped: false });
  };

/** A pooling function that always gives indices too; PyTorch is asked for them. */
const withIndices =
  (dims: number, name: string, python: string): Spec['draw'] =>
  (d) => {
    const [x, kernel, options] = [picture(d, dims), d.sizes(dims, 1, 3), maxCall(dims)(d)];
    d.function([x, kernel], options, { name, extra: { python: { name: python } } });
  };

const lpCall =
  (dims: number): Spec['draw'] =>
  (d) => {
    const normType: Value = d.pick([{ float: 2 }, { float: 1 }, { float: 3 }, { float: 1.5 }]);
    const kernel = dims === 1 ? d.int(1, 3) : d.sizes(dims, 1, 3);
    d.function([picture(d, dims, 3, { fill: 'positive' }), normType, kernel], {
      stride: d.maybe([d.sizes(dims, 1, 3)]),
      ceilMode: d.flag(0.3),
    });
  };

const fractionalCall =
  (dims: number): Spec['draw'] =>
  (d) => {
    const options: Drawn = d.chance(0.5)
      ? { outputSize: d.sizes(dims, 1, 3) }
      : { outputRatio: Array.from({ length: dims }, () => d.float(0.3, 0.8)) };
    const given = Object.fromEntries(Object.entries(options)) as Record<string, Value>;
    const python = { options: { ...given, returnIndices: true } };
    d.function([picture(d, dims, 6), d.sizes(dims, 1, 3)], options, { extra: { python } });
  };

const unpoolCall =
  (dims: number): Spec['draw'] =>
  (d) => {
    const kernel = d.sizes(dims, 2, 3);
    const options = { stride: d.maybe([d.sizes(dims, 2, 3)], 0.3) };
    const x = picture(d, dims, 4, { requiresGrad: false });
    const pooled = d.call(`nn.MaxPool${dims}d`, [kernel], { ...options, returnIndices: true });
    const both = d.call('forward', [x], {}, { on: pooled });
    d.function([{ var: both, at: [0] }, { var: both, at: [1] }, kernel], options);
  };

export const POOLS: Specs = {
  ...Object.fromEntries([1, 2, 3].map((dims) => [`nn.functional.lpPool${dims}d`, lpCall(dims)])),
  ...Object.fromEntries([2, 3].map((dims) => [`nn.functional.fractionalMaxPool${dims}d`, fractionalCall(dims)])),
  ...Object.fromEntries([1, 2, 3].map((dims) => [`nn.functional.maxUnpool${dims}d`, unpoolCall(dims)])),
  ...Object.fromEntries(
    [1, 2, 3].map((dims) => [
      `nn.functional.maxPool${dims}dWithIndices`,
      withIndices(
        dims,
        dims === 1 ? 'maxPool1dWithIndices' : `nn.functional.maxPool${dims}dWithIndices`,
        `nn.functional.max_pool${dims}d_with_indices`,
      ),
    ]),
  ),
  'nn.MaxPool1d': layer(1, max(1)),
  'nn.MaxPool2d': layer(2, max(2)),
  'nn.MaxPool3d': layer(3, max(3)),
  'nn.AvgPool1d': layer(1, avg(1)),
  'nn.AvgPool2d': layer(2, avg(2)),
  'nn.AvgPool3d': layer(3, avg(3)),
  'nn.AdaptiveAvgPool1d': adaptive(1, false),
  'nn.AdaptiveAvgPool2d': adaptive(2, false),
  'nn.AdaptiveAvgPool3d': adaptive(3, false),
  'nn.AdaptiveMaxPool1d': adaptive(1, true),
  'nn.AdaptiveMaxPool2d': adaptive(2, true),
  'nn.AdaptiveMaxPool3d': adaptive(3, true),
  'nn.LPPool1d': differing(lp(1), 'takes a list of one size, with which PyTorch fails'),
  'nn.LPPool2d': lp(2),
  'nn.LPPool3d': lp(3),
  'nn.FractionalMaxPool2d': fractional(2),
  'nn.FractionalMaxPool3d': fractional(3),
  'nn.MaxUnpool1d': unpool(1),
  'nn.MaxUnpool2d': unpool(2),
  'nn.MaxUnpool3d': unpool(3),
  'nn.functional.maxPool1d': call(1, maxCall(1)),
  'nn.functional.maxPool2d': call(2, maxCall(2)),
  'nn.functional.maxPool3d': call(3, maxCall(3)),
  'nn.functional.avgPool2d': call(2, avg(2)),
  'nn.functional.avgPool3d': call(3, avg(3)),
  'nn.functional.adaptiveAvgPool2d': adaptiveCall(2),
  'nn.functional.adaptiveAvgPool3d': adaptiveCall(3),
};
