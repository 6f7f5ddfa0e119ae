// Dropout of every kind: what is dropped comes from the seed.

import type { Draw, Spec, Specs } from '../draw.ts';
import { differing } from '../draw.ts';
import type { Value } from '../program.ts';

const probability = (d: Draw): Value | undefined => (d.chance(0.15) ? { float: d.pick([0, 1]) } : d.maybeFloat(0, 0.9));

const layer =
  (...dims: number[]): Spec['draw'] =>
  (d) => {
    // PyTorch's alpha dropouts take the option and ignore it.
    const inplace = d.target.includes('Alpha') ? undefined : d.flag(0.2);
    const x = d.tensor([...d.channels(d.size()), ...d.space(d.pick(dims), 1, 5)]) as { var: string };
    const input = inplace === true ? { var: d.call('mul', [{ float: 1.5 }], {}, { on: x.var }) } : x;
    const p = probability(d);
    d.layer({
      args: p === undefined ? [] : [p],
      options: p === undefined ? {} : { inplace },
      inputs: [input],
      isTyped: false,
    });
  };

const call =
  (...dims: number[]): Spec['draw'] =>
  (d) => {
    const x = d.tensor([...d.channels(d.size()), ...d.space(d.pick(dims), 1, 5)]);
    d.function([x], { p: probability(d), training: d.flag(0.4) });
  };

/** Of shapes that PyTorch warns of and goes on with. */
const ONLY_WARNS = 'a shape that PyTorch warns of';

export const DROPOUTS: Specs = {
  'nn.Dropout': layer(0, 1, 2),
  'nn.Dropout1d': layer(1),
  'nn.Dropout2d': layer(2),
  'nn.Dropout3d': { draw: layer(3), refuses: [[/dropout3d: expected 4 or 5 dimensions/, ONLY_WARNS]] },
  'nn.AlphaDropout': differing(layer(0, 1), '`inplace` is honoured, PyTorch ignores it'),
  'nn.FeatureAlphaDropout': differing(layer(1, 2, 3), '`inplace` is honoured, PyTorch ignores it'),
  'nn.functional.dropout': call(0, 1, 2),
  'nn.functional.dropout1d': call(1),
  'nn.functional.dropout2d': call(2),
  'nn.functional.dropout3d': { draw: call(3), refuses: [[/dropout3d: expected 4 or 5 dimensions/, ONLY_WARNS]] },
  'nn.functional.alphaDropout': call(0, 1),
  'nn.functional.featureAlphaDropout': call(1, 2, 3),
};
