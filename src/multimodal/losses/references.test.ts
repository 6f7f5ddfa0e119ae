// Every loss of pairs against its paper's formula, computed in Python one number at a time (test/fixtures/multimodal): values and gradients, in double and in single precision, and under autocast.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Module } from '../../nn/index.ts';
import { autocast, noGrad, type Tensor, tensor } from '../../tensor/index.ts';
import * as multimodal from '../index.ts';
import type { LossInputs, LossOutput, MultimodalLoss } from './multimodal-loss.ts';

interface Batch {
  readonly vision: number[][];
  readonly text: number[][];
  readonly ids?: (string | number)[];
  readonly [input: string]: unknown;
}

interface Case {
  readonly loss: string;
  readonly options: object;
  readonly batch: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** Batches of the steps before. */
  readonly before: readonly string[];
  readonly outputs: Readonly<Record<string, number>>;
  readonly gradients: Readonly<Record<string, unknown>>;
}

const fixture = new URL('../../../test/fixtures/multimodal/pairs.json', import.meta.url);
const { batches, cases } = JSON.parse(readFileSync(fixture, 'utf8')) as {
  batches: Record<string, Batch>;
  cases: Case[];
};

const classes = multimodal as unknown as Record<string, new (options: object) => MultimodalLoss>;

function makeLoss({ loss, options, parameters }: Case, dtype: 'float32' | 'float64'): MultimodalLoss {
  const weights = Reflect.get(options, 'classWeights') as unknown;
  const given = Array.isArray(weights) ? { ...options, classWeights: tensor(weights) } : options;
  const made = new classes[loss]!(given).to(dtype);
  for (const [name, parameter] of (made as Module).namedParameters())
    noGrad(() => parameter.fill_(parameters[name] ?? Number.NaN));
  return made;
}

function inputsOf({ vision, text, ids, ...rest }: Batch, dtype: 'float32' | 'float64'): LossInputs {
  const further = Object.entries(rest).map(([name, values]) => [
    name,
    tensor(values as number[], { dtype: /labels|indices/.test(name) ? 'int64' : dtype }),
  ]);
  return {
    visionFeatures: tensor(vision, { dtype, requiresGrad: true }),
    textFeatures: tensor(text, { dtype, requiresGrad: true }),
    ...(ids ? { matchIds: ids } : {}),
    ...Object.fromEntries(further),
  };
}

/** Numbers of nested arrays behind one another. */
const flat = (value: unknown): number[] => (Array.isArray(value) ? value.flatMap(flat) : [value as number]);

function expectClose(actual: Tensor | undefined, expected: unknown, tolerance: number, what: string): void {
  const wanted = flat(expected);
  const got =
    actual === undefined ? wanted.map(() => 0) : [...actual.to('float64').flatten().toTypedArray()].map(Number);
  const size = Math.max(1, ...wanted.map(Math.abs));
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)));
  expect(got.length, what).toBe(wanted.length);
  if (!(worst <= tolerance * size)) expect(got, what).toEqual(wanted);
}

function check(each: Case, dtype: 'float32' | 'float64', tolerance: number, run = (body: () => LossOutput) => body()) {
  const criterion = makeLoss(each, dtype);
  for (const before of each.before) criterion.forward(inputsOf(batches[before]!, dtype));
  const inputs = inputsOf(batches[each.batch]!, dtype);
  const output = run(() => criterion.forward(inputs));
  expect(output.loss.dtype).toBe(dtype);
  for (const [name, value] of Object.entries(each.outputs)) expectClose(output[name] as Tensor, value, tolerance, name);
  output.loss.backward();
  expectClose(inputs.visionFeatures!.grad, each.gradients.vision, tolerance, 'vision');
  expectClose(inputs.textFeatures!.grad, each.gradients.text, tolerance, 'text');
  for (const [name, parameter] of (criterion as Module).namedParameters())
    expectClose(parameter.grad, each.gradients[name], tolerance, name);
}

const byLoss: Record<string, Case[]> = {};
for (const each of cases) {
  byLoss[each.loss] ??= [];
  byLoss[each.loss]!.push(each);
}

describe.each(Object.entries(byLoss))('%s, held against its formula', (_loss, own) => {
  it.each(own.map((each) => [`${each.batch} ${JSON.stringify(each.options)}`, each] as const))('%s', (_name, each) => {
    check(each, 'float64', 1e-9);
    check(each, 'float32', 2e-4);
    check(each, 'float32', 2e-4, (body) => autocast('cpu', body));
  });
});
