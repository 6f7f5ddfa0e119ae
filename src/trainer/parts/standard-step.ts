// The step of an experiment that names a model and a loss: the input of a batch through the model, its output and the target into the loss.

import type { Metric } from '../../metrics/metric.ts';
import { Module } from '../../nn/module.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../config/problems.ts';
import type { StepOutput, TrainingOutput } from '../loop/step.ts';
import { markStandard, type StepInParts } from '../loop/step-facts.ts';
import type { LossPart, StepPart } from './part-kinds.ts';

/** Where batches that are objects usually have what a model takes and what it is held against. */
const INPUTS = ['input', 'image', 'x'];
const TARGETS = ['target', 'label', 'y'];

/** Where the output of a validation step has what the model gave: no value of the log, but what `prediction-writer` writes. */
export const PREDICTION = Symbol('prediction');

/** What the step is made of. */
export interface StandardStep {
  readonly model: Module & { forward(input: never): unknown };
  /** Without one the model's own output has `loss`, as those of transformers have that are given labels. */
  readonly loss: LossPart | undefined;
  readonly metrics: readonly Metric[];
  readonly trainMetrics: readonly Metric[];
  readonly input: string | number | undefined;
  readonly target: string | number | undefined;
}

/** Values: `loss`, `accuracy` of class targets, and what the loss gives beside. The metrics take output and target: those of training in training, the others in validation. */
export function standardStep(parts: StandardStep): StepPart {
  const run = (batch: unknown): { values: TrainingOutput; output: unknown; target: unknown } => {
    const { model, loss } = parts;
    if (loss === undefined) {
      const output: unknown = model.forward(batch as never);
      return { values: ownLoss(output), ...scoredBy(output, batch, parts.target) };
    }
    const output: unknown = model.forward(entryOf(batch, parts.input, INPUTS, 'input') as never);
    const target = entryOf(batch, parts.target, TARGETS, 'target');
    const given =
      loss instanceof Module ? loss.forward(output as Tensor, target as Tensor) : loss(output, target, batch);
    const values = given instanceof Tensor ? { loss: given } : given;
    return { values: { ...accuracyOf(output, target), ...values }, output, target };
  };
  const update = (metrics: readonly Metric[], output: unknown, target: unknown): void => {
    if (metrics.length === 0) return;
    if (!(output instanceof Tensor && target instanceof Tensor))
      throw new TypeError(
        `Cannot update metrics: expected an output and a target that are tensors, got ${describeValue(output)} and ${describeValue(target)}; update them in a step of your own, or leave them out`,
      );
    noGrad(() => {
      for (const metric of metrics) metric.update(output.detach(), target);
    });
  };
  const measured = (batch: unknown, metrics: readonly Metric[]): TrainingOutput & { [PREDICTION]: unknown } => {
    const { values, output, target } = run(batch);
    update(metrics, output, target);
    return { ...values, [PREDICTION]: output };
  };
  const inParts: StepInParts = {
    run: (batch) => {
      const { values, ...seen } = run(batch);
      return { values, seen };
    },
    measure: ({ output, target }: { output: unknown; target: unknown }) => {
      update(parts.trainMetrics, output, target);
      return {};
    },
  };
  return {
    training: markStandard((_trainer: unknown, batch: unknown) => measured(batch, parts.trainMetrics), {
      isStandard: parts.loss === undefined || parts.loss instanceof Module,
      ...(parts.trainMetrics.length === 0 ? {} : { inParts }),
    }),
    validation: (_trainer, batch): StepOutput => measured(batch, parts.metrics),
  };
}

/** @throws {TypeError} for an output without a loss. */
function ownLoss(output: unknown): TrainingOutput {
  const loss: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, 'loss') : undefined;
  if (loss instanceof Tensor) return { loss };
  throw new TypeError(
    `Cannot run a step: expected a loss in the configuration, or a model whose output has one, got ${describeValue(output)}; name one, as in loss: cross-entropy`,
  );
}

/** What a model that gives its own loss is measured by, as those of transformers: its `logits`, and the `labels` of the batch. */
function scoredBy(
  output: unknown,
  batch: unknown,
  key: string | number | undefined,
): { output: unknown; target: unknown } {
  const found = (key === undefined ? ['labels', ...TARGETS] : [key]).find((name) => Object.hasOwn(Object(batch), name));
  return {
    output: Reflect.get(Object(output), 'logits'),
    target: found === undefined ? undefined : Reflect.get(Object(batch), found),
  };
}

/** @throws {TypeError} for a batch without the entry. */
function entryOf(
  batch: unknown,
  key: string | number | undefined,
  usual: readonly string[],
  what: 'input' | 'target',
): unknown {
  const isObject = typeof batch === 'object' && batch !== null;
  const names = Array.isArray(batch) ? [what === 'input' ? 0 : 1] : usual;
  const wanted = key === undefined ? names : [key];
  const found = isObject ? wanted.find((name) => Object.hasOwn(batch, name)) : undefined;
  if (found !== undefined) return Reflect.get(Object(batch), found);
  const got = Array.isArray(batch)
    ? `an array of ${batch.length}`
    : isObject
      ? Object.keys(batch).join(', ')
      : typeof batch;
  throw new TypeError(
    `Cannot run a step: expected a batch with ${wanted.join(' or ')}, got ${got}; say where its ${what} is, as in data: { ${what}: … }`,
  );
}

/** The share of right classes, where outputs are scores of classes. */
function accuracyOf(output: unknown, target: unknown): { accuracy?: Tensor } {
  const isScores = output instanceof Tensor && target instanceof Tensor && output.ndim === 2 && target.ndim === 1;
  if (!isScores || target.dtype !== 'int64') return {};
  return { accuracy: output.detach().argmax({ dim: 1 }).eq(target).to('float32').mean() };
}
