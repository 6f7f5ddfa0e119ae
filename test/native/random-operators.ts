// Every operator that takes a generator, called with arguments that fit, and those that draw without taking one.
import { full, type Generator, nn, ones, scope, type Tensor, tensor } from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import { OPERATORS } from '../../src/tensor/operators.generated.ts';

type Value = number | boolean | readonly number[] | Tensor | undefined;

/** Fit for most operators; a distribution's own come below. */
const ARGUMENTS: Readonly<Record<string, () => Value>> = {
  self: () => full([4, 5], 0.5),
  p: () => 0.3,
  count: () => full([4, 5], 10),
  prob: () => full([4, 5], 0.5),
  median: () => 0,
  sigma: () => 1,
  lambd: () => 1,
  mean: () => 0.5,
  std: () => 2,
  num_samples: () => 3,
  replacement: () => true,
  size: () => [3, 7],
  low: () => 1,
  high: () => 100,
  from: () => 1,
  to: () => 100,
  n: () => 20,
  noise: () => full([4, 5], 0),
  lower: () => 0.1,
  upper: () => 0.4,
  training: () => true,
};

const OWN: Readonly<Record<string, Readonly<Record<string, () => Value>>>> = {
  'bernoulli_.Tensor': { p: () => full([4, 5], 0.4) },
  'normal.Tensor_Tensor': { mean: () => full([4, 5], 1), std: () => full([4, 5], 2) },
  'normal.Tensor_float': { mean: () => full([4, 5], 1) },
  'normal.float_Tensor': { std: () => full([4, 5], 2) },
  'randint_like.Tensor_generator': { high: () => tensor(100n) },
  rrelu: { self: () => full([4, 5], -1) },
  rrelu_: { self: () => full([4, 5], -1) },
  rrelu_with_noise: { self: () => full([4, 5], -1) },
  rrelu_with_noise_: { self: () => full([4, 5], -1) },
};

/** Names with overload, as in "rand.generator", of those that the loaded libtorch has. */
export const drawing: readonly string[] = OPERATORS.filter((signature) => /[(,]generator[,)]/.test(signature))
  .map((signature) => signature.slice(0, signature.indexOf('(')))
  .filter((name) => getNative().hasOperator(name));

/** Calls one of `drawing` and gives what it drew; `generator` undefined: none is passed. */
export function drawWith(name: string, generator: Generator | undefined): number[] {
  return scope(() => {
    const index = OPERATORS.findIndex((signature) => signature.startsWith(`${name}(`));
    const names = OPERATORS[index]!.slice(name.length + 1, -1).split(',');
    const values = names.map((argument): Value => {
      if (argument === 'generator') return generator?.index;
      return (OWN[name]?.[argument] ?? ARGUMENTS[argument])?.();
    });
    const flat = values.map((value) => (typeof value === 'object' && 'handle' in value ? value.handle : value));
    const native = getNative();
    const result = native.call(index, ...flat);
    const drawn = (result ?? flat[0]) as number; // in place: what was drawn is in the first argument
    return [...new Uint8Array(native.readBytes(drawn))];
  });
}

const x = (): Tensor => ones([2, 3, 4]);

/** Draw, and take no generator. */
export const drawingFromDefault: Readonly<Record<string, () => unknown>> = {
  Dropout: () => new nn.Dropout(0.5).forward(x()),
  'functional.dropout': () => nn.functional.dropout(x()),
  ...Object.fromEntries(
    OPERATORS.filter((signature) => /dropout/.test(signature.slice(0, signature.indexOf('(')))).map((signature) => [
      signature,
      () => getNative().call(OPERATORS.indexOf(signature), x().handle, 0.5, true),
    ]),
  ),
};
