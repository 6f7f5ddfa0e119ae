// The optimizers that an experiment can name: every one of `optim`, by its class's name.

import { Parameter } from '../../../nn/parameter.ts';
import * as algorithms from '../../../optim/algorithms.ts';
import type { AnyOptimizer } from '../../../optim/optimizer.ts';
import { zeros } from '../../../tensor/create.ts';
import { scope } from '../../../tensor/scope.ts';
import type { Part, Parts } from '../registry.ts';

type OptimizerClass = new (parameters: readonly Parameter[], options: object) => AnyOptimizer;
// LBFGS evaluates the loss itself, which no trainer's step can do.
const { LBFGS: _, ...classes } = algorithms as unknown as Readonly<Record<string, OptimizerClass>>; // each takes parameters and options

/** By name, with the options of the class. */
export const optimizers: NonNullable<Parts['optimizers']> = Object.fromEntries(
  Object.entries(classes).map(([name, Class]) => [name, partOf(Class)]),
);

function partOf(Class: OptimizerClass): Part<{ readonly parameters: readonly Parameter[] }, AnyOptimizer> {
  return {
    build: (options: object, { parameters }) => new Class(parameters, options),
    try: (options) => {
      scope(() => new Class([new Parameter(zeros([1, 1]))], options));
    },
  };
}
