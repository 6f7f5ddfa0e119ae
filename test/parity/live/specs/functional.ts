// Functions that have no layer, or whose layer takes another way; ours stand in `sconce` where PyTorch has them in `torch` as well.
import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

const input = (d: Draw): Value => d.tensor([...d.lead(3), d.size()], d.chance(0.1) ? { fill: 'special' } : {});

/** A function of one tensor; `name` is ours, where it is not that of the spec. */
const one =
  (options: (d: Draw) => Drawn = () => ({}), name?: string): Spec['draw'] =>
  (d) => {
    const python = name === undefined ? {} : { python: { name: pythonName(d.target) } };
    d.function([input(d)], options(d), { name: name ?? d.target, extra: python });
  };

const pythonName = (target: string): string => target.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`);

/** In place, on what another operator made. */
const inPlace =
  (options: (d: Draw) => Drawn = () => ({}), name?: string, more: (d: Draw) => Value[] = () => []): Spec['draw'] =>
  (d) => {
    const x = input(d) as { var: string };
    const made = d.call('mul', [{ float: 1.5 }], {}, { on: x.var });
    const python = name === undefined ? {} : { python: { name: pythonName(d.target) } };
    d.seed();
    const out = d.call(name ?? d.target, [{ var: made }, ...more(d)], options(d), python);
    d.show(out);
    d.show(made);
    d.add({ kind: 'backward', of: [out] });
    d.showGradients([x]);
  };

const lambd = (d: Draw): Drawn => ({ lambd: d.maybeFloat(0, 2) });
const alpha = (d: Draw): Drawn => ({ alpha: d.maybeFloat(0.1, 2) });
const bounds = (d: Draw): Drawn => ({ minVal: d.maybeFloat(-2, 0), maxVal: d.maybeFloat(0.1, 3) });
const slope = (d: Draw): Drawn => ({ negativeSlope: d.maybeFloat(0, 1) });
const slopes = (d: Draw): Drawn => ({
  lower: d.maybeFloat(0, 0.3),
  upper: d.maybeFloat(0.3, 1),
  training: d.flag(0.6),
});

export const FUNCTIONS: Specs = {
  'nn.functional.elu': one(alpha),
  'nn.functional.elu_': inPlace(alpha),
  'nn.functional.celu': one(alpha, 'celu'),
  'nn.functional.celu_': inPlace(alpha, 'celu_'),
  'nn.functional.selu': one(undefined, 'selu'),
  'nn.functional.selu_': inPlace(undefined, 'selu_'),
  'nn.functional.relu_': inPlace(undefined, 'relu_'),
  'nn.functional.leakyRelu': one(slope),
  'nn.functional.leakyRelu_': inPlace(slope),
  'nn.functional.hardtanh': one(bounds),
  'nn.functional.hardtanh_': inPlace(bounds),
  'nn.functional.hardsigmoid': one(),
  'nn.functional.hardswish': one(),
  'nn.functional.hardshrink': one(lambd, 'hardshrink'),
  'nn.functional.softshrink': one(lambd),
  'nn.functional.mish': one(),
  'nn.functional.glu': one((d) => ({ dim: d.maybe([0, -1, 1]) })),
  'nn.functional.logSigmoid': one(),
  'nn.functional.softsign': one(),
  'nn.functional.tanhshrink': one(),
  'nn.functional.softmin': (d) => {
    const dtype = d.maybe(['float32', 'float64'], 0.2);
    d.function([input(d), d.pick([-1, 0])], { dtype: dtype && { dtype } });
  },
  'nn.functional.gumbelSoftmax': one((d) => ({ tau: d.maybeFloat(0.1, 2), hard: d.flag(0.4), dim: d.maybe([0, -1]) })),
  'nn.functional.sigmoid': one(),
  'nn.functional.tanh': one(),
  'nn.functional.rrelu': one(slopes, 'rrelu'),
  'nn.functional.rrelu_': inPlace(slopes, 'rrelu_'),
  'nn.functional.threshold': (d) =>
    d.function(
      [input(d), d.float(-1, 1), d.float(-9, 9)],
      {},
      { name: 'threshold', extra: { python: { name: 'nn.functional.threshold' } } },
    ),
  'nn.functional.threshold_': inPlace(undefined, 'threshold_', (d) => [d.float(-1, 1), d.float(-9, 9)]),
  'nn.functional.prelu': (d) => {
    const count = d.size(3);
    d.function(
      [d.tensor([d.batch(), count, ...d.space(d.int(0, 2))]), d.tensor([d.chance(0.5) ? 1 : count])],
      {},
      { name: 'prelu' },
    );
  },
  'nn.functional.pixelShuffle': (d) => {
    const factor = d.int(1, 3);
    d.function(
      [d.tensor([...d.lead(2), factor * factor * d.int(1, 2), ...d.space(2, 1, 4)]), factor],
      {},
      { name: 'pixelShuffle' },
    );
  },
  'nn.functional.pixelUnshuffle': (d) => {
    const factor = d.int(1, 3);
    d.function(
      [d.tensor([...d.lead(2), d.size(3), ...d.space(2, 1, 3).map((size) => size * factor)]), factor],
      {},
      { name: 'pixelUnshuffle' },
    );
  },
  'nn.functional.channelShuffle': (d) => {
    const groups = d.int(1, 3);
    d.function(
      [d.tensor([d.batch(), groups * d.int(1, 3), ...d.space(d.int(1, 3), 1, 4)]), groups],
      {},
      { name: 'channelShuffle' },
    );
  },
  'nn.functional.avgPool1d': (d) => {
    const options = {
      stride: d.maybe([d.int(1, 3)]),
      padding: d.maybe([0, 1], 0.4),
      ceilMode: d.flag(0.4),
      countIncludePad: d.flag(0.4),
    };
    d.function([d.tensor([...d.channels(d.size(3)), d.int(3, 10)]), d.int(1, 3)], options, { name: 'avgPool1d' });
  },
  'nn.functional.adaptiveAvgPool1d': (d) =>
    d.function([d.tensor([...d.channels(d.size(3)), d.int(1, 10)]), d.int(1, 5)], {}, { name: 'adaptiveAvgPool1d' }),
  ...Object.fromEntries(
    [1, 2, 3].map((dims) => [
      `nn.functional.adaptiveMaxPool${dims}d`,
      (d: Draw) => {
        const x = d.tensor([...d.channels(d.size(3)), ...d.space(dims, 1, 7)]);
        const name = `adaptiveMaxPool${dims}d`;
        const size = d.int(1, 4);
        const python = { name: `nn.functional.adaptive_max_pool${dims}d`, options: { returnIndices: true } };
        d.function([x, size], {}, { name: dims === 1 ? name : `nn.functional.${name}`, extra: { python } });
      },
    ]),
  ),
};
