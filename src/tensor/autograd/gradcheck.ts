// Checks gradients against finite differences: for functions with a backward of their own.

import { enableGrad, grad, noGrad } from '../autograd.ts';
import { tensor } from '../create.ts';
import { zerosLike } from '../ops.generated.ts';
import { scope } from '../scope.ts';
import { Tensor } from '../tensor.ts';
import { describeValue } from './callback.ts';

export interface GradcheckOptions {
  /** Half the distance of the two points of a difference. Default 1e-6. */
  readonly eps?: number;
  /** Default 1e-5. */
  readonly atol?: number;
  /** Default 1e-3. */
  readonly rtol?: number;
  /** Give false instead of an error. Default false. */
  readonly returnsFalse?: boolean;
}

type CheckedFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

interface Tolerances {
  readonly eps: number;
  readonly atol: number;
  readonly rtol: number;
}

const realOutputs = (outputs: Tensor | readonly Tensor[]): Tensor[] =>
  (outputs instanceof Tensor ? [outputs] : [...outputs]).filter((output) => output.dtype === 'float64');

/** Compares the gradients that backward gives with central differences, for each float64 input that requires one.
 *  Rule: |backward - difference| <= atol + rtol * |difference|, element by element. Source: torch.autograd.gradcheck.
 *  @returns true.  @throws {TypeError} for inputs that are not float64.  @throws {Error} where they differ; the message names the place.
 *  @example
 *  const x = tensor([0.5, 2], { dtype: 'float64', requiresGrad: true });
 *  gradcheck((x) => x.sin(), [x]); // true
 *  gradcheck((x) => x.detach().mul(x), [x], { returnsFalse: true }); // false */
export function gradcheck(fn: CheckedFunction, inputs: readonly Tensor[], options: GradcheckOptions = {}): boolean {
  return check('gradcheck', fn, inputs, options);
}

/** Does what `gradcheck` does for the gradients themselves: for second derivatives.
 *  @param gradOutputs - like the outputs. Default drawn from a fixed sequence. Source: torch.autograd.gradgradcheck. */
export function gradgradcheck(
  fn: CheckedFunction,
  inputs: readonly Tensor[],
  options: GradcheckOptions & { readonly gradOutputs?: readonly Tensor[] } = {},
): boolean {
  const { gradOutputs, ...rest } = options;
  return scope(() => {
    const outputs = realOutputs(noGrad(() => fn(...inputs)));
    const vectors = (gradOutputs ?? outputs.map(fixedVector)).map((vector) => vector.detach().requiresGrad_());
    const numInputs = inputs.length;
    const gradientsOf = (...all: Tensor[]): Tensor[] => {
      const given = all.slice(0, numInputs);
      const checked = given.filter((input) => input.requiresGrad);
      return enableGrad(() =>
        grad(realOutputs(fn(...given)), checked, {
          gradOutputs: all.slice(numInputs),
          createGraph: true,
          allowUnused: true,
        }).map((gradient, i) => gradient ?? zerosLike(checked[i]!)),
      );
    };
    return check('gradgradcheck', gradientsOf, [...inputs, ...vectors], rest);
  });
}

/** Values of no pattern that a wrong factor could hide in, between 0.5 and 1.5 in size; the same each time. */
function fixedVector(output: Tensor): Tensor {
  const values = Array.from({ length: output.numel }, (_, i) => (i % 2 === 0 ? 1 : -1) * (0.5 + ((i * 0.618034) % 1)));
  return tensor(values, { dtype: 'float64' }).reshape(output.shape);
}

function check(name: string, fn: CheckedFunction, inputs: readonly Tensor[], options: GradcheckOptions): boolean {
  const tolerances: Tolerances = { eps: options.eps ?? 1e-6, atol: options.atol ?? 1e-5, rtol: options.rtol ?? 1e-3 };
  const checked = inputs.filter((input) => input.requiresGrad);
  if (checked.length === 0 || checked.some((input) => input.dtype !== 'float64')) {
    const got = checked.map((input) => input.dtype).join(', ') || 'none that requires a gradient';
    throw new TypeError(`Cannot run ${name}: expected inputs of float64 that require gradients, got ${got}`);
  }
  const problem = scope(() => findProblem(fn, inputs, checked, tolerances));
  if (problem === undefined) return true;
  if (options.returnsFalse) return false;
  throw new Error(`Cannot pass ${name}: expected ${problem}`);
}

function findProblem(
  fn: CheckedFunction,
  inputs: readonly Tensor[],
  checked: readonly Tensor[],
  { eps, atol, rtol }: Tolerances,
): string | undefined {
  const evaluated: unknown = enableGrad(() => fn(...inputs));
  if (!(evaluated instanceof Tensor) && !Array.isArray(evaluated))
    return `a function that returns tensors, got ${describeValue(evaluated)}`;
  const outputs = realOutputs(evaluated as Tensor | Tensor[]);
  if (outputs.length === 0) return 'an output of float64, got none';
  for (const [o, output] of outputs.entries()) {
    const analytic = rowsOf(output, checked);
    for (const [i, input] of checked.entries()) {
      const numeric = differences(fn, inputs, input, o, eps);
      for (const [row, expected] of numeric.entries()) {
        for (const [column, wanted] of expected.entries()) {
          const got = analytic[column]![i]![row]!;
          // Not `>`: NaN fits nothing.
          if (Math.abs(got - wanted) <= atol + rtol * Math.abs(wanted)) continue;
          return `the derivative of output ${o}, element ${column}, by input ${inputs.indexOf(input)}, element ${row}, to be ${wanted} by differences, got ${got} from backward`;
        }
      }
    }
  }
  return undefined;
}

/** [output element][input][input element] from backward. */
function rowsOf(output: Tensor, checked: readonly Tensor[]): number[][][] {
  const flat = output.reshape([-1]);
  return Array.from({ length: flat.numel }, (_, element) =>
    scope(() => {
      if (!output.requiresGrad) return checked.map((input) => new Array<number>(input.numel).fill(0));
      const found = grad([flat.select(0, element)], checked, { retainGraph: true, allowUnused: true });
      return found.map((gradient, i) =>
        gradient ? numbersOf(gradient) : new Array<number>(checked[i]!.numel).fill(0),
      );
    }),
  );
}

/** [input element][output element] from central differences. */
function differences(
  fn: CheckedFunction,
  inputs: readonly Tensor[],
  input: Tensor,
  outputIndex: number,
  eps: number,
): number[][] {
  const values = numbersOf(input);
  const shape = input.shape;
  const at = (element: number, offset: number): number[] =>
    scope(() => {
      const moved = values.slice();
      moved[element]! += offset;
      const point = tensor(moved, { dtype: 'float64' }).reshape(shape).requiresGrad_();
      // Functions that differentiate inside, as gradgradcheck's, record for themselves.
      const outputs = noGrad(() => fn(...inputs.map((each) => (each === input ? point : each))));
      return numbersOf(realOutputs(outputs)[outputIndex]!);
    });
  return values.map((_, element) => {
    const [low, high] = [at(element, -eps), at(element, eps)];
    return high.map((value, i) => (value - low[i]!) / (2 * eps));
  });
}

function numbersOf(tensor: Tensor): number[] {
  return Array.from(tensor.detach().toTypedArray() as Float64Array);
}
