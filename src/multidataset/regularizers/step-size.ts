// The step size that an optimizer really takes for each element of a parameter: what the threshold of a proximal step is measured in.

import type { Parameter } from '../../nn/parameter.ts';
import { Adagrad, Adam, Adamax, AdamW, type AnyOptimizer, type Optimizer, RMSprop, SGD } from '../../optim/index.ts';
import { pow } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

type State = Readonly<Record<string, unknown>>;

/** A group as its optimizer has it. */
interface Group {
  readonly lr: number;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly amsgrad: boolean;
  readonly centered: boolean;
  readonly lrDecay: number;
}

type Rule = (group: Group, state: State) => Tensor | number;

const tensorOf = (state: State, name: string): Tensor => state[name] as Tensor; // as the optimizer's own rule says

/** 1 - beta^t. In float64: by the float32 of t, 1 - 0.999 would have four digits. Where t lies in a tensor it is not read from the device. */
function correction(beta: number, step: unknown): Tensor | number {
  if (typeof step === 'number') return 1 - beta ** step;
  return pow(beta, (step as Tensor).to('float64'))
    .neg()
    .add(1);
}

/** lr / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps). */
function adam({ lr, betas, eps, amsgrad }: Group, state: State): Tensor {
  const squares = tensorOf(state, amsgrad ? 'max_exp_avg_sq' : 'exp_avg_sq');
  const denominator = squares.div(correction(betas[1], state.step)).sqrt().add(eps);
  return denominator.mul(correction(betas[0], state.step)).reciprocal().mul(lr);
}

/** lr / (1 - b1^t) / u. */
function adamax({ lr, betas }: Group, state: State): Tensor {
  return tensorOf(state, 'exp_inf').mul(correction(betas[0], state.step)).reciprocal().mul(lr);
}

/** lr / (sqrt(v) + eps), or with the variance around the mean gradient. */
function rmsprop({ lr, eps, centered }: Group, state: State): Tensor {
  const squares = tensorOf(state, 'square_avg');
  const spread = centered ? squares.sub(tensorOf(state, 'grad_avg').square()) : squares;
  return spread.sqrt().add(eps).reciprocal().mul(lr);
}

/** lr / (1 + (t - 1) lrDecay) / (sqrt(s) + eps). */
function adagrad({ lr, lrDecay, eps }: Group, state: State): Tensor {
  const slowed = tensorOf(state, 'step').to('float64').sub(1).mul(lrDecay).add(1);
  return tensorOf(state, 'sum').sqrt().add(eps).mul(slowed).reciprocal().mul(lr);
}

const RULES: readonly (readonly [optimizer: abstract new (...args: never[]) => unknown, rule: Rule])[] = [
  [SGD, ({ lr }) => lr],
  [Adam, adam],
  [AdamW, adam],
  [Adamax, adamax],
  [RMSprop, rmsprop],
  [Adagrad, adagrad],
];

const ruleOf = (optimizer: AnyOptimizer): Rule | undefined =>
  RULES.find(([optimizerClass]) => optimizer instanceof optimizerClass)?.[1];

/** What there is to say against an optimizer as the measure of a proximal step; undefined where its step sizes are known. */
export function stepSizeProblem(optimizer: AnyOptimizer): string | undefined {
  if (ruleOf(optimizer)) return undefined;
  const known = RULES.map(([optimizerClass]) => optimizerClass.name).join(', ');
  return `expected an optimizer with a step size for each element (${known}), got ${optimizer.constructor.name}; use type "l1"`;
}

/** The effective step size of each element of a parameter: what its optimizer multiplied the gradient, or its running average, by in its last step.
 *
 *  Rule, with the optimizer's own state after the step:
 *  SGD lr · Adam and AdamW lr / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps), v the largest so far with amsgrad · Adamax lr / (1 - b1^t) / u ·
 *  RMSprop lr / (sqrt(v) + eps) · Adagrad lr / (1 + (t - 1) lrDecay) / (sqrt(s) + eps). A parameter that was never stepped has lr. An average begins at 0, so the sizes of Adam's first steps are larger, by 1 / (1 - b1^t). Momentum is left out: its steps go on after the gradient.
 *  Shape: the parameter's; a number where all elements have the same. Nothing waits for the device.
 *  @throws {TypeError} for another optimizer, and for one that does not have the parameter.
 *  Source: Kingma and Ba 2015, arXiv:1412.6980, sections 2 and 7.1; VisionCore's adam_effective_lr, which adds eps before v is corrected.
 *  @example
 *  import { nn, optim, tensor } from 'sconce';
 *  import { effectiveStepSize } from 'sconce/multidataset';
 *  const weight = new nn.Parameter(tensor([1, 2]));
 *  const optimizer = new optim.Adam([weight], { lr: 0.1 });
 *  weight.mul(tensor([1, 4])).sum().backward();
 *  optimizer.step();
 *  effectiveStepSize(optimizer, weight); // tensor([1.0000, 0.2500]) */
export function effectiveStepSize(optimizer: AnyOptimizer, parameter: Parameter): Tensor | number {
  const rule = ruleOf(optimizer);
  if (!rule) throw new TypeError(`Cannot measure a step: ${stepSizeProblem(optimizer)}`);
  const group = optimizer.paramGroups.find(({ params }) => params.includes(parameter));
  if (!group)
    throw new TypeError(`Cannot measure a step: expected a parameter of ${optimizer.constructor.name}, got another`);
  const state = (optimizer as unknown as Pick<Optimizer, 'stateOf'>).stateOf(parameter);
  return state ? rule(group as unknown as Group, state) : group.lr; // a rule reads what its optimizer's groups have
}
