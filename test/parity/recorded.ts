// Holds a function of tensors against what record.py recorded of PyTorch's: outputs, and gradients of the floating inputs.
import { expect } from 'vitest';
import { type Tensor, Tensor as TensorClass } from '../../src/index.ts';
import { cotangent, expectClose } from './reference.ts';

export interface Recorded {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
  readonly gradients: Readonly<Record<string, Tensor>>;
}

/** @param tolerance - absolute and relative. */
export function expectRecorded(
  run: (inputs: Record<string, Tensor>) => Tensor | readonly Tensor[],
  expected: Recorded,
  tolerance: number,
): void {
  const leaves = Object.fromEntries(
    Object.entries(expected.inputs).map(([name, value]) => {
      const leaf = value.clone();
      return [name, value.dtype.includes('float') ? leaf.requiresGrad_() : leaf];
    }),
  );
  const result = run(leaves);
  const outputs = result instanceof TensorClass ? [result] : result;
  expect(outputs.length).toBe(expected.outputs.length);
  outputs.forEach((output, i) => {
    expectClose(output, expected.outputs[i]!, tolerance, `output ${i}`);
  });
  const differentiable = [...outputs.entries()].filter(([, output]) => output.requiresGrad);
  differentiable.forEach(([i, output], position) => {
    output.backward(cotangent(output, i), { retainGraph: position < differentiable.length - 1 });
  });
  for (const [name, leaf] of Object.entries(leaves)) {
    const gradient = expected.gradients[name];
    if (gradient) expectClose(leaf.grad!, gradient, tolerance, `gradient of ${name}`);
    else expect([name, leaf.grad]).toEqual([name, undefined]);
  }
}
