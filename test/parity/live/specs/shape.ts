// What moves elements: flattening, padding, shuffling, folding, resizing.
import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

const picture = (d: Draw, dims: number, low = 2, high = 6): Value =>
  d.tensor([...d.channels(d.size(3)), ...d.space(dims, low, high)]);

const pad =
  (dims: number, low: number, high: number, more: (d: Draw) => Value[] = () => []): Spec['draw'] =>
  (d) => {
    const padding = d.chance(0.4) ? d.int(low, high) : Array.from({ length: 2 * dims }, () => d.int(low, high));
    d.layer({ args: [padding, ...more(d)], inputs: [picture(d, dims)], isTyped: false });
  };

const value = (d: Draw): Value[] => [d.float(-2, 2)];

const RESIZES: readonly (readonly [dims: number, mode: string])[] = [
  ...([1, 2, 3] as const).flatMap(
    (dims) =>
      [
        [dims, 'nearest'],
        [dims, 'nearest-exact'],
        [dims, 'area'],
      ] as const,
  ),
  ...([
    [1, 'linear'],
    [2, 'bilinear'],
    [2, 'bicubic'],
    [3, 'trilinear'],
  ] as const),
];

function resize(d: Draw): { options: Drawn; input: Value } {
  const [dims, mode] = d.pick(RESIZES);
  const bySize = d.chance(0.5);
  const isLinear = /linear|cubic/.test(mode);
  const factor = (): Value => d.pick([d.float(0.5, 2.5), { float: 2 }]);
  return {
    options: {
      size: bySize ? d.sizes(dims, 1, 9) : undefined,
      scaleFactor: bySize ? undefined : d.chance(0.6) ? factor() : Array.from({ length: dims }, factor),
      mode: mode === 'nearest' && d.chance(0.5) ? undefined : mode,
      alignCorners: isLinear ? d.flag(0.5) : d.chance(0.02) ? true : undefined,
      recomputeScaleFactor: bySize ? undefined : d.flag(0.2),
    },
    input: d.tensor([d.int(1, 2), d.size(3), ...d.space(dims, 2, 6)]),
  };
}

export const SHAPES: Specs = {
  'nn.Identity': (d) => d.layer({ inputs: [d.tensor(d.lead(3))], isTyped: false }),
  'nn.Flatten': (d) => {
    const shape = d.lead(4);
    d.layer({
      options: { startDim: d.maybe([0, 1, 2, -2]), endDim: d.maybe([0, 1, 2, -1, -2]) },
      inputs: [d.tensor(shape)],
      isTyped: false,
    });
  },
  'nn.Unflatten': (d) => {
    const [a, b] = [d.size(3), d.size(3)];
    const sizes = d.pick([
      [a, b],
      [a, -1],
      [-1, b],
      [a, b + (d.chance(0.1) ? 1 : 0)],
    ]);
    d.layer({ args: [d.pick([1, -1, 1, 0]), sizes], inputs: [d.tensor([d.batch(), a * b])], isTyped: false });
  },
  'nn.ZeroPad1d': pad(1, -1, 3),
  'nn.ZeroPad2d': pad(2, -1, 3),
  'nn.ZeroPad3d': pad(3, -1, 2),
  'nn.ConstantPad1d': pad(1, -1, 3, value),
  'nn.ConstantPad2d': pad(2, -1, 3, value),
  'nn.ConstantPad3d': pad(3, -1, 2, value),
  'nn.ReflectionPad1d': pad(1, 0, 3),
  'nn.ReflectionPad2d': pad(2, 0, 3),
  'nn.ReflectionPad3d': pad(3, 0, 2),
  'nn.ReplicationPad1d': pad(1, 0, 3),
  'nn.ReplicationPad2d': pad(2, 0, 3),
  'nn.ReplicationPad3d': pad(3, 0, 2),
  'nn.CircularPad1d': pad(1, 0, 3),
  'nn.CircularPad2d': pad(2, 0, 3),
  'nn.CircularPad3d': pad(3, 0, 2),
  'nn.functional.pad': (d) => {
    const mode = d.pick(['constant', 'reflect', 'replicate', 'circular']);
    const dims = d.int(1, 3);
    const padding = Array.from({ length: 2 * dims }, () => d.int(0, 2));
    const shape = [...d.channels(d.size(3)), ...d.space(dims, 2, 5)];
    d.function([d.tensor(shape), padding], {
      mode: d.chance(0.8) ? mode : undefined,
      value: mode === 'constant' ? d.maybeFloat(-1, 1) : undefined,
    });
  },
  'nn.PixelShuffle': (d) => {
    const factor = d.int(1, 3);
    const channels = factor * factor * d.int(1, 2) + (d.chance(0.05) ? 1 : 0);
    d.layer({ args: [factor], inputs: [d.tensor([...d.lead(2), channels, ...d.space(2, 1, 4)])], isTyped: false });
  },
  'nn.PixelUnshuffle': (d) => {
    const factor = d.int(1, 3);
    const space = d.space(2, 1, 3).map((size) => size * factor + (d.chance(0.05) ? 1 : 0));
    d.layer({ args: [factor], inputs: [d.tensor([...d.lead(2), d.size(3), ...space])], isTyped: false });
  },
  'nn.ChannelShuffle': (d) => {
    const groups = d.int(1, 3);
    const channels = groups * d.int(1, 3) + (d.chance(0.05) ? 1 : 0);
    d.layer({
      args: [groups],
      inputs: [d.tensor([d.batch(), channels, ...d.space(d.int(1, 3), 1, 4)])],
      isTyped: false,
    });
  },
  'nn.Unfold': (d) => {
    const options = {
      dilation: d.maybe([d.sizes(2, 1, 2)], 0.3),
      padding: d.maybe([d.sizes(2, 0, 2)], 0.4),
      stride: d.maybe([d.sizes(2, 1, 2)], 0.4),
    };
    d.layer({ args: [d.sizes(2, 1, 3)], options, inputs: [picture(d, 2, 4, 7)], isTyped: false });
  },
  'nn.Fold': (d) => {
    const [output, kernel] = [d.space(2, 3, 6), d.space(2, 1, 3)];
    const [stride, padding] = [d.int(1, 2), d.int(0, 1)];
    const count = output.reduce(
      (product, size, i) => product * (Math.floor((size + 2 * padding - kernel[i]!) / stride) + 1),
      1,
    );
    const channels = d.size(2) * kernel[0]! * kernel[1]!;
    d.layer({
      args: [output, kernel],
      options: { stride, padding },
      inputs: [d.tensor([...d.channels(channels), count])],
      isTyped: false,
    });
  },
  'nn.functional.unfold': (d) => {
    const options = {
      dilation: d.maybe([d.sizes(2, 1, 2)], 0.3),
      padding: d.maybe([d.sizes(2, 0, 2)], 0.4),
      stride: d.maybe([d.sizes(2, 1, 2)], 0.4),
    };
    d.function([picture(d, 2, 4, 7), d.sizes(2, 1, 3)], options);
  },
  'nn.functional.fold': (d) => {
    const [output, kernel, padding] = [d.space(2, 3, 6), d.space(2, 1, 3), d.int(0, 1)];
    const count = output.reduce((product, size, i) => product * (size + 2 * padding - kernel[i]! + 1), 1);
    d.function([d.tensor([...d.channels(d.size(2) * kernel[0]! * kernel[1]!), count]), output, kernel], { padding });
  },
  'nn.functional.nativeChannelShuffle': (d) => {
    const groups = d.int(1, 3);
    const input = d.tensor([d.batch(), groups * d.int(1, 3), ...d.space(d.int(1, 3), 1, 4)], { requiresGrad: false });
    d.function([input, groups], {}, { name: 'nativeChannelShuffle' });
  },
  'nn.Upsample': (d) => {
    const { options, input } = resize(d);
    d.layer({ options, inputs: [input], isTyped: false });
  },
  'nn.UpsamplingNearest2d': (d) => {
    const options = d.chance(0.5) ? { size: d.sizes(2, 1, 9) } : { scaleFactor: d.float(0.5, 2.5) };
    d.layer({ options, inputs: [d.tensor([d.batch(), d.size(3), ...d.space(2, 2, 6)])], isTyped: false });
  },
  'nn.UpsamplingBilinear2d': (d) => {
    const options = d.chance(0.5) ? { size: d.sizes(2, 1, 9) } : { scaleFactor: d.float(0.5, 2.5) };
    d.layer({ options, inputs: [d.tensor([d.batch(), d.size(3), ...d.space(2, 2, 6)])], isTyped: false });
  },
  'nn.functional.interpolate': (d) => {
    const { options, input } = resize(d);
    const canAntialias = /^bi/.test(String(options.mode));
    d.function([input], { ...options, antialias: canAntialias ? d.flag(0.3) : undefined });
  },
  'nn.functional.gridSample': (d) => {
    const dims = d.pick([2, 2, 3]);
    const batch = d.int(1, 3);
    const input = d.tensor([batch, d.size(3), ...d.space(dims, 1, 5)]);
    const grid = d.tensor([batch, ...d.space(dims, 1, 5), dims]);
    d.function([input, grid], {
      mode: d.maybe(dims === 2 ? ['bilinear', 'nearest', 'bicubic'] : ['bilinear', 'nearest']),
      paddingMode: d.maybe(['zeros', 'border', 'reflection']),
      alignCorners: d.flag(0.5),
    });
  },
  'nn.functional.affineGrid': (d) => {
    const dims = d.pick([2, 3]);
    const batch = d.int(1, 3);
    const size = [batch, d.size(3), ...d.space(dims, 1, 4)];
    d.function([d.tensor([batch, dims, dims + 1]), size, d.chance(0.5)]);
  },
  'nn.functional.oneHot': (d) => d.function([d.integers(4, d.lead(3))], { numClasses: d.maybe([4, 6, 2]) }),
};
