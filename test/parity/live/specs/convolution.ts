// Convolutions and transposed convolutions, by layer and by function.
import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

interface Shape {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  readonly kernel: number | number[];
  readonly options: Drawn;
  readonly input: number[];
}

function shapeOf(d: Draw, dims: number, isTransposed: boolean): Shape {
  const groups = d.pick([1, 1, 1, 2, 3]);
  const isOdd = d.chance(0.03);
  const inChannels = groups * d.size(3) + (isOdd ? 1 : 0);
  const outChannels = groups * d.size(3);
  const kernel = d.sizes(dims, 1, 3);
  const isNamed = !isTransposed && d.chance(0.2);
  const padding = isNamed ? d.pick(['same', 'valid']) : d.maybe([d.sizes(dims, 0, 2)]);
  const stride = isNamed && d.chance(0.9) ? undefined : d.maybe([d.sizes(dims, 1, 3)]);
  const dilation = d.maybe([d.sizes(dims, 1, 2)], 0.3);
  return {
    inChannels,
    outChannels,
    groups,
    kernel,
    options: { stride, padding, dilation, groups: groups > 1 || d.chance(0.2) ? groups : undefined },
    input: [...d.channels(inChannels), ...d.space(dims, 3, [9, 8, 6][dims - 1])],
  };
}

const layer =
  (dims: number): Spec['draw'] =>
  (d) => {
    const { inChannels, outChannels, kernel, options, input } = shapeOf(d, dims, false);
    const paddingMode = d.maybe(['zeros', 'reflect', 'replicate', 'circular'], 0.4);
    d.layer({
      args: [inChannels, outChannels, kernel],
      options: { ...options, bias: d.flag(0.4), paddingMode },
      inputs: [d.tensor(input)],
    });
  };

const transposed =
  (dims: number): Spec['draw'] =>
  (d) => {
    const { inChannels, outChannels, kernel, options, input } = shapeOf(d, dims, true);
    const outputPadding = d.maybe([d.sizes(dims, 0, 1)], 0.3);
    d.layer({
      args: [inChannels, outChannels, kernel],
      options: { ...options, bias: d.flag(0.4), outputPadding },
      inputs: [d.tensor(input)],
      callOptions: { outputSize: d.chance(0.1) ? d.space(dims, 8, 14) : undefined },
    });
  };

const call =
  (dims: number, isTransposed = false): Spec['draw'] =>
  (d) => {
    const { inChannels, outChannels, groups, kernel, options, input } = shapeOf(d, dims, isTransposed);
    const window = typeof kernel === 'number' ? Array(dims).fill(kernel) : kernel;
    const inGroup = (channels: number): number => Math.max(1, Math.floor(channels / groups));
    const weight = isTransposed
      ? [inChannels, inGroup(outChannels), ...window]
      : [outChannels, inGroup(inChannels), ...window];
    const bias: Value | undefined = d.chance(0.5) ? d.tensor([outChannels]) : undefined;
    const outputPadding = isTransposed ? d.maybe([d.sizes(dims, 0, 1)], 0.3) : undefined;
    d.function([d.tensor(input), d.tensor(weight)], { ...options, bias, outputPadding });
  };

/** Seen on processors with AMX: of one column, over which the window jumps, a few values are made of memory that nobody wrote. */
const ONE_COLUMN = [
  ({ dtype, shape }: { dtype: string; shape: readonly number[] }) => dtype === 'bfloat16' && shape.at(-1) === 1,
  'bfloat16 of one column, for which a kernel of oneDNN reads memory that nobody wrote',
] as const;

export const CONVOLUTIONS: Specs = {
  'nn.Conv1d': layer(1),
  'nn.Conv2d': { draw: layer(2), unsettled: ONE_COLUMN },
  'nn.Conv3d': layer(3),
  'nn.ConvTranspose1d': transposed(1),
  'nn.ConvTranspose2d': transposed(2),
  'nn.ConvTranspose3d': transposed(3),
  'nn.functional.conv1d': call(1),
  'nn.functional.conv2d': { draw: call(2), unsettled: ONE_COLUMN },
  'nn.functional.conv3d': call(3),
  'nn.functional.convTranspose1d': call(1, true),
  'nn.functional.convTranspose2d': call(2, true),
  'nn.functional.convTranspose3d': call(3, true),
  'nn.functional.convTbc': (d) => {
    const [cin, cout, width] = [d.size(), d.size(), d.int(1, 3)];
    const input = d.tensor([d.int(3, 8), d.batch(), cin]);
    d.function(
      [input, d.tensor([width, cin, cout]), d.tensor([cout])],
      { pad: d.maybe([0, 1, 2]) },
      { name: 'convTbc', extra: { python: { name: 'conv_tbc' } } },
    );
  },
};
