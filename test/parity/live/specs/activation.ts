// Activations, by layer and by function.
import type { Draw, Drawn, Spec, Specs } from '../draw.ts';
import type { Value } from '../program.ts';

/** Values of any shape, now and then with infinities, nan and zeros of both signs. */
function input(d: Draw): Value {
  return d.tensor([...d.lead(3), d.size()], d.chance(0.1) ? { fill: 'special' } : { scale: d.pick([1, 1, 5]) });
}

/** One in place is given what another operator made: a leaf may not change. */
function forInplace(d: Draw, options: Drawn): Value {
  const x = input(d) as { var: string };
  return options.inplace === true && d.chance(0.9) ? { var: d.call('mul', [{ float: 1.5 }], {}, { on: x.var }) } : x;
}

type Options = (d: Draw) => Drawn;

/** A layer without weights, of options alone. */
const layer =
  (options: Options = () => ({})): Spec['draw'] =>
  (d) => {
    const given = options(d);
    d.layer({ options: given, inputs: [forInplace(d, given)], isTyped: false });
  };

const call =
  (options: Options = () => ({})): Spec['draw'] =>
  (d) => {
    const given = options(d);
    d.function([forInplace(d, given)], given);
  };

const inplace: Options = (d) => ({ inplace: d.flag(0.3) });
const lambd: Options = (d) => ({ lambd: d.maybeFloat(0, 2) });
const alpha: Options = (d) => ({ alpha: d.maybeFloat(0.1, 2), ...inplace(d) });
const softplus: Options = (d) => ({ beta: d.maybeFloat(0.2, 3), threshold: d.maybeFloat(0.5, 5) });
const leaky: Options = (d) => ({ negativeSlope: d.maybeFloat(0, 1), ...inplace(d) });
const hardtanh: Options = (d) => ({ minVal: d.maybeFloat(-2, 0), maxVal: d.maybeFloat(0.1, 3), ...inplace(d) });
const dims: Options = (d) => ({ dim: d.maybe([0, 1, -1, -2]) });

/** Of one dimension. */
const along = (d: Draw): { x: Value; dim: number } => {
  const shape = [...d.lead(3), d.size()];
  const dim = d.int(-shape.length, shape.length - 1);
  return { x: d.tensor(shape, d.chance(0.1) ? { fill: 'special' } : {}), dim: d.chance(0.03) ? 7 : dim };
};

const alongLayer: Spec['draw'] = (d) => {
  const { x, dim } = along(d);
  d.layer({ args: [dim], inputs: [x], isTyped: false });
};

const alongCall: Spec['draw'] = (d) => {
  const { x, dim } = along(d);
  const dtype = d.maybe(['float32', 'float64', 'bfloat16'], 0.2);
  d.function([x, dim], { dtype: dtype && { dtype } });
};

export const ACTIVATIONS: Specs = {
  'nn.ReLU': layer(inplace),
  'nn.ReLU6': layer(inplace),
  'nn.SELU': layer(inplace),
  'nn.SiLU': layer(inplace),
  'nn.Mish': layer(inplace),
  'nn.Hardswish': layer(inplace),
  'nn.Hardsigmoid': layer(inplace),
  'nn.ELU': layer(alpha),
  'nn.CELU': layer(alpha),
  'nn.GELU': layer((d) => ({ approximate: d.maybe(['none', 'tanh']) })),
  'nn.Sigmoid': layer(),
  'nn.Tanh': layer(),
  'nn.LogSigmoid': layer(),
  'nn.Softsign': layer(),
  'nn.Tanhshrink': layer(),
  'nn.Softplus': layer(softplus),
  'nn.GLU': layer(dims),
  'nn.LeakyReLU': layer(leaky),
  'nn.Hardtanh': layer(hardtanh),
  'nn.RReLU': layer((d) => ({ lower: d.maybeFloat(0, 0.3), upper: d.maybeFloat(0.3, 1), ...inplace(d) })),
  'nn.Hardshrink': layer(lambd),
  'nn.Softshrink': layer(lambd),
  'nn.Threshold': (d) => {
    const options = inplace(d);
    d.layer({ args: [d.float(-1, 1), d.float(-9, 9)], options, inputs: [forInplace(d, options)], isTyped: false });
  },
  'nn.PReLU': (d) => {
    const numParameters = d.maybe([1, 2, 3]);
    const count = numParameters ?? 1;
    const shape = d.chance(0.1) ? [d.batch()] : [d.batch(), count, ...d.space(d.int(0, 2))];
    d.layer({ options: { numParameters, init: d.maybeFloat(0, 1) }, inputs: [d.tensor(shape)] });
  },
  'nn.Softmax': alongLayer,
  'nn.LogSoftmax': alongLayer,
  'nn.Softmin': alongLayer,
  'nn.Softmax2d': (d) => d.layer({ inputs: [d.tensor([...d.channels(d.size()), ...d.space(2)])], isTyped: false }),

  'nn.functional.relu': call(),
  'nn.functional.relu6': call(),
  'nn.functional.gelu': call((d) => ({ approximate: d.maybe(['none', 'tanh']) })),
  'nn.functional.silu': call(),
  'nn.functional.softmax': alongCall,
  'nn.functional.logSoftmax': alongCall,
  'nn.functional.softplus': call(softplus),
};
