// What modules of PyTorch gave, as test/fixtures/multidataset/recorded.py writes it, and the comparison with ours.

import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Module } from '../../../nn/index.ts';
import { loadSafetensors } from '../../../serial/safetensors.ts';
import { type Tensor, tensor } from '../../../tensor/index.ts';

type Tensors = Record<string, Tensor>;

export interface RecordedCase {
  readonly state: Tensors;
  readonly inputs: Tensors;
  readonly output: Tensors;
  /** By the names of parameters. */
  readonly gradients: Tensors;
  readonly inputGradients: Tensors;
}

/** The cases of a file by name. */
export async function recordedCases(file: string): Promise<Readonly<Record<string, RecordedCase>>> {
  const path = new URL(`../../../../test/fixtures/multidataset/${file}.safetensors`, import.meta.url);
  const cases: Record<string, Record<string, Tensors>> = {};
  for (const [key, value] of Object.entries(await loadSafetensors(fileURLToPath(path)))) {
    const [name = '', part = '', field = ''] = key.split('/');
    cases[name] ??= { state: {}, inputs: {}, output: {}, gradients: {}, inputGradients: {} };
    cases[name][part]![field] = value;
  }
  return cases as unknown as Readonly<Record<string, RecordedCase>>;
}

/** Holds a module against a case: the names and shapes of its state, its output, and all gradients.
 *  @param forward - gives the output of copies of the inputs. */
export function expectSame(
  module: Module,
  { state, inputs, output, gradients, inputGradients }: RecordedCase,
  forward: (inputs: Readonly<Tensors>) => Tensor,
): void {
  expect(shapesOf(module.stateDict())).toEqual(shapesOf(state));
  module.loadStateDict(state);
  const leaves = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, value.clone().requiresGrad_()]),
  );
  const actual = forward(leaves);
  expectClose('output', actual, output['']!);
  const start = Array.from({ length: actual.numel }, (_, i) => Math.sin(i * 0.37 + 0.5));
  actual.backward(tensor(start).view(actual.shape));
  for (const [name, leaf] of Object.entries(leaves)) {
    expectGradient(`gradient of ${name}`, leaf.grad, inputGradients[name]);
  }
  for (const [name, { grad }] of module.namedParameters()) expectGradient(`gradient of ${name}`, grad, gradients[name]);
}

const shapesOf = (state: Readonly<Tensors>): Record<string, readonly number[]> =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [name, value.shape]));

/** Where PyTorch has none, ours may be missing or zero. */
function expectGradient(what: string, actual: Tensor | undefined, expected: Tensor | undefined): void {
  if (expected) expectClose(what, actual, expected);
  else expect([what, actual?.abs().max().item() ?? 0]).toEqual([what, 0]);
}

/** To five digits of the largest value: sums are in another order here. */
function expectClose(what: string, actual: Tensor | undefined, expected: Tensor): void {
  expect([what, actual?.shape]).toEqual([what, expected.shape]);
  const size = Math.max(1e-3, expected.abs().max().item() as number);
  const gap = actual!.detach().sub(expected).abs().max().item() as number;
  if (!(gap <= 2e-5 * size)) expect(`${what}: ${actual!.detach()}`).toBe(`${what}: ${expected}`);
}
