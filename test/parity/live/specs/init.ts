// Initialisers: the same numbers from the same seed, in every dtype and layout.

import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import { differing } from '../draw.ts';
import type { Value } from '../program.ts';

const GAINS = ['linear', 'conv2d', 'sigmoid', 'tanh', 'relu', 'selu'];

const matrix = (d: Draw): number[] => [d.size(8), d.size(8), ...d.space(d.pick([0, 0, 1, 2]), 1, 4)];
const anyShape = (d: Draw): number[] => [...d.lead(3), d.size(20)];

const init =
  (
    shape: (d: Draw) => number[],
    args: (d: Draw) => Value[] = () => [],
    options: (d: Draw) => Drawn = () => ({}),
  ): Spec['draw'] =>
  (d) => {
    // Of other layouts PyTorch refuses some, for want of a view.
    const memory = d.target === 'nn.init.orthogonal_' ? ({ memory: 'contiguous' } as const) : {};
    const x = d.tensor(shape(d), { requiresGrad: false, isFit: true, ...memory });
    d.seed();
    d.call(d.target, [x, ...args(d)], options(d));
    d.show(x);
    d.show(x, 'next draw');
  };

const kaiming = (d: Draw): Drawn => ({
  a: d.maybeFloat(0, 2, 0.4),
  mode: d.maybe(['fan_in', 'fan_out']),
  nonlinearity: d.maybe([...GAINS, 'leaky_relu']),
});
const gain = (d: Draw): Drawn => ({ gain: d.maybeFloat(0.1, 3) });

export const INITS: Specs = {
  'nn.init.uniform_': init(anyShape, (d) => [d.float(-2, 0), d.float(0, 2)]),
  'nn.init.normal_': init(anyShape, (d) => [d.float(-2, 2), d.float(0.1, 2)]),
  'nn.init.constant_': init(anyShape, (d) => [d.float(-2, 2)]),
  'nn.init.zeros_': init(anyShape),
  'nn.init.ones_': init(anyShape),
  'nn.init.eye_': init((d) => [d.size(8), d.size(8)]),
  'nn.init.dirac_': init(
    (d) => [d.size(6), d.size(4), ...d.space(d.int(1, 3), 1, 4)],
    undefined,
    (d) => ({ groups: d.maybe([1, 2, 3], 0.3) }),
  ),
  'nn.init.xavierUniform_': init(matrix, undefined, gain),
  'nn.init.xavierNormal_': init(matrix, undefined, gain),
  'nn.init.kaimingUniform_': init(matrix, undefined, kaiming),
  'nn.init.kaimingNormal_': init(matrix, undefined, kaiming),
  'nn.init.orthogonal_': differing(init(matrix, undefined, gain), 'takes every layout in memory, PyTorch refuses some'),
  'nn.init.sparse_': init(
    (d) => [d.size(8), d.size(8)],
    (d) => [d.float(0, 1)],
    (d) => ({ std: d.maybeFloat(0.01, 1) }),
  ),
  'nn.init.truncNormal_': init(anyShape, undefined, (d) => ({
    mean: d.maybeFloat(-1, 1),
    std: d.maybeFloat(0.1, 2),
    a: d.maybeFloat(-3, -1),
    b: d.maybeFloat(1, 3),
  })),
  'nn.init.calculateGain': (d) => {
    const name = d.pick([...GAINS, 'leaky_relu']);
    d.show(d.call('nn.init.calculateGain', name === 'leaky_relu' && d.chance(0.5) ? [name, d.float(0, 1)] : [name]));
  },
};
