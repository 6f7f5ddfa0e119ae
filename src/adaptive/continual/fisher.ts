// The diagonal of the Fisher information of a classifier, from gradients of the log-likelihood of single samples.

import { DataLoader, Subset } from '../../data/index.ts';
import { deriveSeed, Purpose, permutation } from '../../data/philox.ts';
import { ConfigError, ShapeError } from '../../errors.ts';
import { choice, count, optionProblems, type Rule } from '../../metrics/options.ts';
import { Module } from '../../nn/module.ts';
import type { Parameter } from '../../nn/parameter.ts';
import { grad, noGrad } from '../../tensor/autograd.ts';
import { tensor } from '../../tensor/from-data.ts';
import { getRngState, setRngState } from '../../tensor/generator.ts';
import { zerosLike } from '../../tensor/ops.generated.ts';
import { adopt, scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { type Pair, seedRule } from '../data/loaders.ts';
import type { ContinualModel } from './method.ts';
import { datasetOf } from './task.ts';

/** The labels y whose log-likelihood counts: drawn from the model's own p(y | x); all of them, weighted by p; the one that the model finds likeliest; the sample's own class. */
export type FisherLabels = 'sampled' | 'expected' | 'predicted' | 'targets';

export interface FisherOptions {
  /** Samples that are looked at, drawn by the seed without replacement; all where there are no more. Default 1000. */
  readonly numSamples?: number | undefined;
  /** 'sampled' is an unbiased estimate of the Fisher information for one backward pass a sample, 'expected' the information itself for one pass a class; 'predicted' is what adaptiveneuralnetwork takes,
   *  'targets' the empirical Fisher. Default 'sampled'. */
  readonly labels?: FisherLabels | undefined;
  /** Outputs between which the model decides. Default: all. */
  readonly outputs?: readonly number[] | undefined;
  /** Draws samples and labels. Default 42. */
  readonly seed?: number | undefined;
}

/** Diagonals by the names of the parameters that are trained. */
export type FisherDiagonal = Readonly<Record<string, Tensor>>;

const ACTION = 'estimate the Fisher information';
const isPlaces = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(Number.isSafeInteger);
export const fisherRules: Readonly<Record<string, Rule>> = {
  numSamples: count(),
  labels: choice('sampled', 'expected', 'predicted', 'targets'),
  outputs: ['places of outputs', isPlaces],
  seed: seedRule,
};

/** The diagonal of the Fisher information: how much the log-likelihood of a model's answers depends on each parameter.
 *
 *  Rule: F_i = (1/N) Σ_n E_y [ (∂ log p(y | x_n) / ∂θ_i)² ], with p the softmax of the outputs; squares of gradients of single samples, not of batches. In evaluation mode; modes, gradients and
 *  random numbers are as before then. Cost: N forward passes of one sample, and as many backward passes (`'expected'`: times classes).
 *  @param samples - inputs [N, …] and classes [N].  @returns one tensor like each parameter that is trained, the caller's.
 *  @throws {ConfigError} for options that do not fit.  @throws {ShapeError} for outputs that are not [1, classes].
 *  Source: Kirkpatrick et al. 2017, arXiv:1612.00796; on labels, Kunstner et al. 2019, arXiv:1905.12558.
 *  @example
 *  import { estimateFisher } from 'sconce/adaptive';
 *  const model = new nn.Linear(1, 2, { bias: false });
 *  nn.init.zeros_(model.weight);
 *  const fisher = await estimateFisher(model, [tensor([[1], [3]]), tensor([0n, 1n])]);
 *  fisher.weight; // tensor([[1.2500], [1.2500]]) */
export async function estimateFisher(
  model: ContinualModel,
  samples: Pair,
  options: FisherOptions = {},
): Promise<Record<string, Tensor>> {
  const problems = model instanceof Module ? [] : [`model: expected a Module, got ${describeValue(model)}`];
  problems.push(...optionProblems(options, fisherRules));
  if (problems.length > 0) throw new ConfigError(ACTION, problems);
  const { numSamples = 1000, seed = 42 } = options;
  const trained = Array.from(model.namedParameters()).filter(([, { requiresGrad }]) => requiresGrad);
  const sums = trained.map(([, parameter]) => zerosLike(parameter.detach()));
  const dataset = datasetOf(samples);
  const chosen = permutation(dataset.length, { seed, epoch: 0, purpose: Purpose.fisherSamples }).slice(0, numSamples);
  const loader = new DataLoader<Pair, Pair>({ dataset: new Subset<Pair>(dataset, chosen), batchSize: 1 });
  const rng = getRngState();
  const mode = model.evalMode();
  try {
    let number = 0;
    for await (const sample of loader) {
      const draw = deriveSeed({ seed, epoch: 0, purpose: Purpose.fisherLabels }, number++) / 2 ** 53;
      const parameters = trained.map(([, parameter]) => parameter);
      scope(() => addSquares(sums, { model, sample: adopt(sample), parameters, draw, options }));
    }
  } finally {
    mode.restore();
    setRngState(rng);
  }
  noGrad(() => {
    for (const sum of sums) sum.div_(chosen.length);
  });
  return Object.fromEntries(trained.map(([name], i) => [name, sums[i]!]));
}

interface One {
  readonly model: ContinualModel;
  readonly sample: Pair;
  readonly parameters: readonly Parameter[];
  /** Uniform from 0 to 1. */
  readonly draw: number;
  readonly options: FisherOptions;
}

/** Adds the squared gradients of one sample. */
function addSquares(sums: readonly Tensor[], { model, sample: [input, target], parameters, draw, options }: One): void {
  const { outputs, labels = 'sampled' } = options;
  const logits = model.forward(input.to(parameters[0]?.device ?? input.device));
  if (logits.ndim !== 2 || logits.shape[0] !== 1)
    throw new ShapeError(
      `Cannot ${ACTION}: expected outputs of shape [1, classes] for one sample, got [${logits.shape.join(', ')}]`,
    );
  const chosen = outputs
    ? logits.indexSelect(1, tensor(BigInt64Array.from(outputs, BigInt), { device: logits.device }))
    : logits;
  const logs = chosen.logSoftmax(1).squeeze({ dim: 0 }); // [classes]
  const likelihoods = logs.detach().exp().toArray() as number[];
  const own = outputs ? outputs.indexOf(Number(target.item())) : Number(target.item());
  const weights = weightsOf(labels, likelihoods, { own, draw });
  for (const [label, weight] of weights) {
    const gradients = grad([logs.select(0, label)], parameters, { allowUnused: true, retainGraph: weights.length > 1 });
    noGrad(() => {
      for (const [i, gradient] of gradients.entries())
        if (gradient) sums[i]!.addcmul_(gradient, gradient, { value: weight });
    });
  }
}

/** Which labels count, and how much. */
function weightsOf(
  labels: FisherLabels,
  likelihoods: readonly number[],
  { own, draw }: { own: number; draw: number },
): (readonly [label: number, weight: number])[] {
  if (labels === 'expected') return likelihoods.map((likelihood, label) => [label, likelihood] as const);
  if (labels === 'predicted') return [[likelihoods.indexOf(Math.max(...likelihoods)), 1]];
  if (labels === 'targets') {
    if (own < 0 || own >= likelihoods.length)
      throw new RangeError(`Cannot ${ACTION}: expected a class among the outputs, got ${own}`);
    return [[own, 1]];
  }
  let rest = draw * likelihoods.reduce((sum, value) => sum + value, 0);
  const label = likelihoods.findIndex((likelihood) => {
    rest -= likelihood;
    return rest < 0;
  });
  return [[label < 0 ? likelihoods.length - 1 : label, 1]];
}
