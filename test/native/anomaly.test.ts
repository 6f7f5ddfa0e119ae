// Anomaly detection, seen from outside the library: the frames of a report are those of its user.

import { describe, expect, it } from 'vitest';
import { AutogradFunction, detectAnomaly, type FunctionContext, grad, type Tensor, tensor } from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';

const leaf = (values: number[]): Tensor => tensor(values, { requiresGrad: true });

function errorOf(run: () => void): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected an error');
}

function rootOf(x: Tensor): Tensor {
  return x.sqrt();
}

function logOf(x: Tensor): Tensor {
  return x.log();
}

function slopeOf(y: Tensor, x: Tensor): Tensor {
  return grad([y], [x], { createGraph: true })[0]!;
}

function secondOf(y: Tensor, x: Tensor): Tensor {
  return grad([y], [x], { createGraph: true })[0]!;
}

describe.each([false, true])('detectAnomaly(), engine aside: %s', (isAside) => {
  const run = (body: () => void): Error => {
    const before = getNative().runEngineAside(isAside);
    try {
      return errorOf(() => detectAnomaly(body));
    } finally {
      getNative().runEngineAside(before);
    }
  };

  it('names the function that gave NaN, its output, and the line of its forward', () => {
    const error = run(() =>
      rootOf(leaf([0]))
        .mul(0)
        .backward(),
    );
    const [first, second, frame] = error.message.split('\n');
    expect(first).toBe(
      'Cannot run backward of float32 [1]: expected gradients that are numbers, got NaN in output 0 of SqrtBackward0',
    );
    expect(second).toBe('SqrtBackward0 was recorded by the call');
    expect(frame).toMatch(/at rootOf .*anomaly\.test/);
  });

  it('names the parents of what a second order computes, each with the line of its forward', () => {
    // The backward of a square root divides by it: 1 / (2 * 0). The derivative of that quotient by its divisor, times 0, is NaN.
    const error = run(() => {
      const x = leaf([0]);
      slopeOf(rootOf(x), x).mul(0).backward();
    });
    const lines = error.message.split('\n');
    expect(lines[0]).toMatch(/expected gradients that are numbers, got NaN in output 1 of DivBackward0$/);
    expect(lines[1]).toBe('DivBackward0 was recorded by the call');
    expect(lines[2]).toMatch(/at slopeOf .*anomaly\.test/);
    const parent = lines.indexOf(
      'That was inside the backward of SqrtBackward0. SqrtBackward0 was recorded by the call',
    );
    expect(lines[parent + 1]).toMatch(/at rootOf .*anomaly\.test/);
    expect(lines.filter((line) => line.startsWith('That was inside')).length).toBe(1);
  });

  it('names the parents of parents', () => {
    // The second derivative of a logarithm is a quotient in the backward of the quotient 1 / x.
    const error = run(() => {
      const x = leaf([0]);
      const first = slopeOf(logOf(x), x);
      secondOf(first, x).mul(0).backward();
    });
    const recorded = error.message.split('\n').filter((line) => line.includes('was recorded by the call'));
    const callers = [...error.message.matchAll(/was recorded by the call\n\s*at (\w+)/g)].map(([, name]) => name);
    expect(recorded.length).toBe(3);
    expect(callers).toEqual(['secondOf', 'slopeOf', 'logOf']);
  });

  it('adds the line to the stack of an error that a function throws', () => {
    const thrown = new Error('thrown in backward');
    class Throwing extends AutogradFunction {
      static forward(_: FunctionContext, x: Tensor): Tensor {
        return x.mul(2);
      }
      static backward(): never {
        throw thrown;
      }
    }
    expect(run(() => Throwing.apply(leaf([1])).backward())).toBe(thrown);
    expect(thrown.stack).toContain('ThrowingBackward was recorded by the call');
  });

  it('ends with its body', () => {
    run(() => {
      throw new Error('ends here');
    });
    const x = leaf([0]);
    rootOf(x).mul(0).backward();
    expect(x.grad!.item()).toBeNaN();
  });

  it('leaves NaN alone with checkNan: false', () => {
    const x = leaf([0]);
    detectAnomaly(() => rootOf(x).mul(0).backward(), { checkNan: false });
    expect(x.grad!.item()).toBeNaN();
  });
});
