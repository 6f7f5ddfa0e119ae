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

  it('names the parent of what a second order computes', () => {
    const error = run(() => {
      const x = leaf([0]);
      const [first] = grad([rootOf(x.add(1)).mul(x)], [x], { createGraph: true });
      first!.sub(first!.detach()).sqrt().backward();
    });
    expect(error.message).toContain('NaN in output');
    const [nan] = error.message.split('\n');
    expect(nan).toContain('Backward');
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
