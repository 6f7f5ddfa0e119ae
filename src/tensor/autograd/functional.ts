// Derivatives of functions: Jacobians, Hessians, and their products with vectors, as torch.autograd.functional has them.

import { enableGrad, grad } from '../autograd.ts';
import { onesLike, stack, zerosLike } from '../ops.generated.ts';
import { Tensor } from '../tensor.ts';
import { describeValue } from './callback.ts';

type Some = Tensor | readonly Tensor[];
/** A result for each element of a list, or for the one tensor. */
type Like<Given extends Some, Each> = Given extends Tensor ? Each : Each[];
/** A function of one tensor, or of as many as there are inputs. */
type FunctionOf<Inputs extends Some, Output extends Some> = Inputs extends Tensor
  ? (input: Tensor) => Output
  : (...inputs: Tensor[]) => Output;

export interface DerivativeOptions {
  /** Record the result, to differentiate it further. Default false. */
  readonly createGraph?: boolean;
  /** Refuse an input on which an output does not depend, instead of giving zeros. Default false. */
  readonly strict?: boolean;
}

const listOf = (some: Some): readonly Tensor[] => (some instanceof Tensor ? [some] : some);
const like = <Given extends Some, Each>(given: Given, list: readonly Each[]): Like<Given, Each> =>
  (given instanceof Tensor ? list[0] : [...list]) as Like<Given, Each>; // one tensor in, one out
const finish = (tensor: Tensor, createGraph: boolean): Tensor => (createGraph ? tensor : tensor.detach());

/** Leaves with the inputs' values, or with `createGraph` aliases that stay connected to the inputs. */
function prepare(inputs: Some, createGraph: boolean): Tensor[] {
  return listOf(inputs).map((input) =>
    createGraph && input.requiresGrad ? input.viewAs(input) : input.detach().requiresGrad_(),
  );
}

function evaluate<Output extends Some>(name: string, fn: (...inputs: Tensor[]) => Output, inputs: Tensor[]): Output {
  const output: unknown = fn(...inputs);
  const isList = Array.isArray(output) && output.every((element) => element instanceof Tensor);
  if (output instanceof Tensor || isList) return output as Output;
  throw new TypeError(
    `Cannot compute ${name}: expected a function that returns a tensor or an array of tensors, got ${describeValue(output)}`,
  );
}

/** Gradients of one sum of outputs; zeros, or with `strict` an error, where there is no dependence. */
function gradients(
  name: string,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  vectors: readonly (Tensor | undefined)[],
  options: Required<DerivativeOptions>,
  isRecorded = options.createGraph,
): Tensor[] {
  const recorded = outputs.map((output, i) => [output, vectors[i]] as const).filter(([output]) => output.requiresGrad);
  if (recorded.length < outputs.length && options.strict) throw independent(name);
  const found =
    recorded.length === 0
      ? inputs.map(() => undefined)
      : grad(
          recorded.map(([output]) => output),
          inputs,
          {
            gradOutputs: recorded.map(([, vector]) => vector),
            retainGraph: true,
            createGraph: isRecorded,
            allowUnused: true,
          },
        );
  return found.map((gradient, i) => {
    if (gradient === undefined && options.strict) throw independent(name);
    return gradient ?? zerosLike(inputs[i]!);
  });
}

function independent(name: string): TypeError {
  return new TypeError(
    `Cannot compute ${name} with strict: expected outputs that depend on every input, got one that does not`,
  );
}

function withDefaults(options: DerivativeOptions): Required<DerivativeOptions> {
  return { createGraph: options.createGraph ?? false, strict: options.strict ?? false };
}

function requireScalar(name: string, output: Some): Tensor {
  if (output instanceof Tensor && output.numel === 1) return output;
  const got = output instanceof Tensor ? `[${output.shape.join(', ')}]` : 'an array';
  throw new TypeError(`Cannot compute ${name}: expected a function that returns one element, got ${got}`);
}

/** The same number of vectors, of the same shapes; ones where left out, for a single element. */
function vectorsFor(name: string, tensors: readonly Tensor[], vectors: Some | undefined): readonly Tensor[] {
  if (vectors === undefined) {
    if (tensors.length === 1 && tensors[0]!.numel === 1) return [onesLike(tensors[0]!)];
    throw new TypeError(
      `Cannot compute ${name}: expected vectors, got none; they may be left out for a single element alone`,
    );
  }
  const list = listOf(vectors);
  const shown = (some: readonly Tensor[]): string => some.map((tensor) => `[${tensor.shape.join(', ')}]`).join(', ');
  const fits =
    list.length === tensors.length && list.every((vector, i) => String(vector.shape) === String(tensors[i]!.shape)); // by their sizes
  if (!fits) throw new TypeError(`Cannot compute ${name}: expected vectors of ${shown(tensors)}, got ${shown(list)}`);
  return list;
}

/** The derivative of every element of every output by every element of every input. Source: torch.autograd.functional.jacobian.
 *  Shape: output's followed by input's. For lists of outputs or inputs, lists: `result[output][input]`.
 *  @throws {TypeError} with `strict`, where an output does not depend on an input.
 *  @example
 *  jacobian((x) => x.mul(x), tensor([1, 2])); // tensor([[2., 0.], [0., 4.]])
 *  jacobian((x, y) => x.mul(y).sum(), [tensor([1, 2]), tensor([3, 4])]); // [tensor([3., 4.]), tensor([1., 2.])] */
export function jacobian<Inputs extends Some, Output extends Some>(
  fn: FunctionOf<Inputs, Output>,
  inputs: Inputs,
  options: DerivativeOptions = {},
): Like<Output, Like<Inputs, Tensor>> {
  const settings = withDefaults(options);
  return enableGrad(() => {
    const leaves = prepare(inputs, settings.createGraph);
    const output = evaluate('jacobian', fn as (...inputs: Tensor[]) => Output, leaves);
    const rows = listOf(output).map((out) => like(inputs, jacobianOf('jacobian', out, leaves, settings)));
    return like(output, rows);
  });
}

function jacobianOf(
  name: string,
  output: Tensor,
  leaves: readonly Tensor[],
  settings: Required<DerivativeOptions>,
): Tensor[] {
  const flat = output.reshape([-1]);
  const rows = Array.from({ length: flat.numel }, (_, i) =>
    gradients(name, [flat.select(0, i)], leaves, [undefined], settings),
  );
  return leaves.map((leaf, k) => {
    const shape = [...output.shape, ...leaf.shape];
    if (rows.length === 0) return zerosLike(leaf).reshape([-1]).narrow(0, 0, 0).newZeros(shape);
    return finish(stack(rows.map((row) => row[k]!)).reshape(shape), settings.createGraph);
  });
}

/** The second derivatives of a function that returns one element. Source: torch.autograd.functional.hessian.
 *  Shape: input's twice. For a list of inputs: `result[i][j]`, the derivative by input i and then by input j.
 *  @example
 *  hessian((x) => x.pow(3).sum(), tensor([1, 2])); // tensor([[ 6.,  0.], [ 0., 12.]]) */
export function hessian<Inputs extends Some>(
  fn: FunctionOf<Inputs, Tensor>,
  inputs: Inputs,
  options: DerivativeOptions = {},
): Like<Inputs, Like<Inputs, Tensor>> {
  const settings = withDefaults(options);
  return enableGrad(() => {
    const leaves = prepare(inputs, settings.createGraph);
    const output = requireScalar('hessian', evaluate('hessian', fn as (...inputs: Tensor[]) => Tensor, leaves));
    const first = gradients('hessian', [output], leaves, [undefined], settings, true);
    return like(
      inputs,
      first.map((gradient) => like(inputs, jacobianOf('hessian', gradient, leaves, settings))),
    );
  });
}

/** The outputs, and the vector times the Jacobian: one backward. Source: torch.autograd.functional.vjp.
 *  @param vectors - like the outputs; may be left out for one element.
 *  @example
 *  vjp((x) => x.mul(x), tensor([1, 2]), tensor([1, 10])); // [tensor([1., 4.]), tensor([ 2., 40.])] */
export function vjp<Inputs extends Some, Output extends Some>(
  fn: FunctionOf<Inputs, Output>,
  inputs: Inputs,
  vectors?: Some,
  options: DerivativeOptions = {},
): [output: Output, product: Like<Inputs, Tensor>] {
  const settings = withDefaults(options);
  return enableGrad(() => {
    const leaves = prepare(inputs, settings.createGraph);
    const output = evaluate('vjp', fn as (...inputs: Tensor[]) => Output, leaves);
    const outputs = listOf(output);
    const given = vectorsFor('vjp', outputs, vectors);
    const products = gradients('vjp', outputs, leaves, given, settings);
    return [
      finishAll(output, settings.createGraph),
      like(
        inputs,
        products.map((each) => finish(each, settings.createGraph)),
      ),
    ];
  });
}

function finishAll<Given extends Some>(given: Given, createGraph: boolean): Given {
  const list = listOf(given).map((tensor) => finish(tensor, createGraph));
  return like(given, list) as unknown as Given; // as many as were given, in the same form
}

/** The outputs, and the Jacobian times the vector, by differentiating a backward: two backwards. Source: torch.autograd.functional.jvp.
 *  @param vectors - like the inputs; may be left out for one element.
 *  @example
 *  jvp((x) => x.mul(x), tensor([1, 2]), tensor([1, 10])); // [tensor([1., 4.]), tensor([ 2., 40.])] */
export function jvp<Inputs extends Some, Output extends Some>(
  fn: FunctionOf<Inputs, Output>,
  inputs: Inputs,
  vectors?: Some,
  options: DerivativeOptions = {},
): [output: Output, product: Like<Output, Tensor>] {
  const settings = withDefaults(options);
  return enableGrad(() => {
    const leaves = prepare(inputs, settings.createGraph);
    const given = vectorsFor('jvp', leaves, vectors);
    const output = evaluate('jvp', fn as (...inputs: Tensor[]) => Output, leaves);
    const outputs = listOf(output);
    // The product with a free vector is linear in that vector: its derivative by the vector is the product with the transpose.
    const free = outputs.map((out) => zerosLike(out).requiresGrad_());
    const backwards = gradients('jvp', outputs, leaves, free, settings, true);
    const products = gradients('jvp', backwards, free, given, { ...settings, strict: false });
    return [
      finishAll(output, settings.createGraph),
      like(
        output,
        products.map((each) => finish(each, settings.createGraph)),
      ),
    ];
  });
}

/** The output, and the vector times the Hessian of a function that returns one element. Source: torch.autograd.functional.vhp.
 *  @example
 *  vhp((x) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 10])); // [tensor(9.), tensor([  6., 120.])] */
export function vhp<Inputs extends Some>(
  fn: FunctionOf<Inputs, Tensor>,
  inputs: Inputs,
  vectors?: Some,
  options: DerivativeOptions = {},
): [output: Tensor, product: Like<Inputs, Tensor>] {
  const settings = withDefaults(options);
  return enableGrad(() => {
    const leaves = prepare(inputs, settings.createGraph);
    const given = vectorsFor('vhp', leaves, vectors);
    const output = requireScalar('vhp', evaluate('vhp', fn as (...inputs: Tensor[]) => Tensor, leaves));
    const first = gradients('vhp', [output], leaves, [undefined], settings, true);
    const products = gradients('vhp', first, leaves, given, settings);
    return [
      finish(output, settings.createGraph),
      like(
        inputs,
        products.map((each) => finish(each, settings.createGraph)),
      ),
    ];
  });
}

/** The output, and the Hessian times the vector. The Hessian of a smooth function is symmetric, where `vhp` gives the same for less.
 *  Source: torch.autograd.functional.hvp.
 *  @example
 *  hvp((x) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 10])); // [tensor(9.), tensor([  6., 120.])] */
export function hvp<Inputs extends Some>(
  fn: FunctionOf<Inputs, Tensor>,
  inputs: Inputs,
  vectors?: Some,
  options: DerivativeOptions = {},
): [output: Tensor, product: Like<Inputs, Tensor>] {
  const settings = withDefaults(options);
  return enableGrad(() => {
    const leaves = prepare(inputs, settings.createGraph);
    const given = vectorsFor('hvp', leaves, vectors);
    const output = requireScalar('hvp', evaluate('hvp', fn as (...inputs: Tensor[]) => Tensor, leaves));
    const first = gradients('hvp', [output], leaves, [undefined], settings, true);
    const free = leaves.map((leaf) => zerosLike(leaf).requiresGrad_());
    const backwards = gradients('hvp', first, leaves, free, settings, true);
    const products = gradients('hvp', backwards, free, given, { ...settings, strict: false });
    return [
      finish(output, settings.createGraph),
      like(
        inputs,
        products.map((each) => finish(each, settings.createGraph)),
      ),
    ];
  });
}
