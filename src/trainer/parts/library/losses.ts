// The losses that an experiment can name: those of `nn` that take an output and a target, with and without `Loss` behind the name.

import * as classes from '../../../nn/losses/index.ts';
import type { Module } from '../../../nn/module.ts';
import { scope } from '../../../tensor/scope.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Part, Parts } from '../registry.ts';

type Loss = Module & { forward(output: Tensor, target: Tensor): Tensor };
type LossClass = new (options: object) => Loss;

/** Those whose `forward` takes an output and a target. */
const NAMES = [
  ...['CrossEntropyLoss', 'NLLLoss', 'BCELoss', 'BCEWithLogitsLoss', 'KLDivLoss', 'HingeEmbeddingLoss'],
  ...['SoftMarginLoss', 'MultiMarginLoss', 'MultiLabelMarginLoss', 'MultiLabelSoftMarginLoss'],
  ...['MSELoss', 'L1Loss', 'SmoothL1Loss', 'HuberLoss', 'PoissonNLLLoss'],
] as const satisfies readonly (keyof typeof classes)[];

const byName: Readonly<Record<string, unknown>> = classes;

export const losses: NonNullable<Parts['losses']> = Object.fromEntries(
  NAMES.flatMap((name) => {
    const part = partOf(byName[name] as LossClass); // each takes options
    return [[name, part] as const, [name.replace(/Loss$/, ''), part] as const];
  }),
);

function partOf(Class: LossClass): Part<object, Loss> {
  return {
    build: (options: object) => new Class(options),
    try: (options) => {
      scope(() => new Class(options));
    },
  };
}
