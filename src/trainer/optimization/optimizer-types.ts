// The optimizers that a configuration can name, each with its class and what it can be told.

import { Adadelta, RULE as adadelta } from '../../optim/adadelta.ts';
import { Adafactor, RULE as adafactor } from '../../optim/adafactor.ts';
import { Adagrad, RULE as adagrad } from '../../optim/adagrad.ts';
import { Adam, RULE as adam } from '../../optim/adam.ts';
import { Adamax, RULE as adamax } from '../../optim/adamax.ts';
import { AdamW, RULE as adamw } from '../../optim/adamw.ts';
import { ASGD, RULE as asgd } from '../../optim/asgd.ts';
import type { HyperparameterSpec, Problem } from '../../optim/hyperparameters.ts';
import { Lion, RULE as lion } from '../../optim/lion.ts';
import { Muon, RULE as muon } from '../../optim/muon.ts';
import { NAdam, RULE as nadam } from '../../optim/nadam.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { ParamGroupInput } from '../../optim/param-groups.ts';
import { RAdam, RULE as radam } from '../../optim/radam.ts';
import { RMSprop, RULE as rmsprop } from '../../optim/rmsprop.ts';
import { Rprop, RULE as rprop } from '../../optim/rprop.ts';
import { SGD, RULE as sgd } from '../../optim/sgd.ts';
import { SparseAdam, RULE as sparseAdam } from '../../optim/sparse-adam.ts';

/** An optimizer's name, class and rule, whatever its hyperparameters. */
export interface OptimizerType {
  readonly name: string;
  make(groups: readonly ParamGroupInput<object>[], options: Readonly<Record<string, unknown>>): AnyOptimizer;
  readonly rule: {
    readonly hyperparameters: Readonly<Record<string, HyperparameterSpec>>;
    readonly conflicts?: (group: Readonly<Record<string, unknown>>) => readonly Problem[];
  };
}

type Maker = new (
  groups: readonly ParamGroupInput<object>[],
  options: Readonly<Record<string, unknown>>,
) => AnyOptimizer;

/** What is known of a class by its hyperparameters is checked by its rule here, whose names are texts. */
function optimizerType(name: string, kind: unknown, rule: unknown): OptimizerType {
  const Kind = kind as Maker;
  return { name, make: (groups, options) => new Kind(groups, options), rule: rule as OptimizerType['rule'] };
}

/** By name. LBFGS is not there: it evaluates the loss more than once a step, and needs a loop of its own. */
export const OPTIMIZER_TYPES: Readonly<Record<string, OptimizerType>> = Object.fromEntries(
  [
    optimizerType('adam', Adam, adam),
    optimizerType('adamw', AdamW, adamw),
    optimizerType('sgd', SGD, sgd),
    optimizerType('rmsprop', RMSprop, rmsprop),
    optimizerType('adagrad', Adagrad, adagrad),
    optimizerType('adadelta', Adadelta, adadelta),
    optimizerType('adamax', Adamax, adamax),
    optimizerType('nadam', NAdam, nadam),
    optimizerType('radam', RAdam, radam),
    optimizerType('asgd', ASGD, asgd),
    optimizerType('adafactor', Adafactor, adafactor),
    optimizerType('lion', Lion, lion),
    optimizerType('muon', Muon, muon),
    optimizerType('rprop', Rprop, rprop),
    optimizerType('sparse_adam', SparseAdam, sparseAdam),
  ].map((each) => [each.name, each]),
);
