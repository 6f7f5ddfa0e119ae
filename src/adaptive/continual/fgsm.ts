// The fast gradient sign method: the small change of inputs that a classifier likes least.

import { ConfigError } from '../../errors.ts';
import { optionProblems, type Rule } from '../../metrics/options.ts';
import { crossEntropy } from '../../nn/functional/index.ts';
import { Module } from '../../nn/module.ts';
import { enableGrad, grad } from '../../tensor/autograd.ts';
import { getRngState, setRngState } from '../../tensor/generator.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import type { Pair } from '../data/loaders.ts';
import type { ContinualModel } from './method.ts';

export interface FgsmOptions {
  /** By how much each number of an input changes, in the inputs' units, 0 or more. */
  readonly epsilon: number;
  /** What inputs are cut to afterwards: [low, high]. Default [0, 1]. */
  readonly range?: readonly [low: number, high: number] | undefined;
}

const isRange = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1];
export const rangeRule: Rule = ['[low, high] with low below high', isRange];
const rules: Readonly<Record<string, Rule>> = {
  epsilon: ['a number from 0', (value) => Number.isFinite(value) && (value as number) >= 0],
  range: rangeRule,
};

/** Adversarial inputs against a model, one step along the sign of the loss's gradient.
 *  Rule: x' = clamp(x + ε sign(∂ CE(model(x), y) / ∂x)). In evaluation mode; modes, gradients of parameters and random numbers are as before then. Shape: inputs [N, …], unchanged.
 *  @param samples - inputs and classes, in one batch.  @returns new inputs, the caller's.
 *  @throws {ConfigError} for options that do not fit.
 *  Source: Goodfellow et al. 2015, arXiv:1412.6572.
 *  @example
 *  import { fgsm } from 'sconce/adaptive';
 *  const model = new nn.Linear(1, 2, { bias: false });
 *  // The larger the input, the more it is of class 0.
 *  model.loadStateDict({ weight: tensor([[1], [-1]]) });
 *  fgsm(model, [tensor([[0.5]]), tensor([0n])], { epsilon: 0.25 }); // tensor([[0.2500]]) */
export function fgsm(model: ContinualModel, pair: Pair, options: FgsmOptions): Tensor {
  const problems = model instanceof Module ? [] : [`model: expected a Module, got ${describeValue(model)}`];
  if (!Array.isArray(pair) || pair.length !== 2)
    problems.push(`pair: expected [inputs, classes], got ${describeValue(pair)}`);
  problems.push(...optionProblems(options, rules, ['epsilon']));
  if (problems.length > 0) throw new ConfigError('make adversarial inputs', problems);
  const [inputs, classes] = pair;
  const { epsilon, range: [low, high] = [0, 1] } = options;
  const device = model.parameters()[0]?.device ?? inputs.device;
  const rng = getRngState();
  const mode = model.evalMode();
  try {
    return scope(() => {
      const x = inputs.detach().to(device).clone().requiresGrad_();
      const [slope] = enableGrad(() => grad([crossEntropy(model.forward(x), classes.to(device))], [x]));
      return x.detach().add(slope!.sign(), { alpha: epsilon }).clamp({ min: low, max: high }).to(inputs.device);
    });
  } finally {
    mode.restore();
    setRngState(rng);
  }
}
