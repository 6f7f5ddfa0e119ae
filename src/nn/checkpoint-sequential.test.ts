// A chain in checkpoints against the plain chain: the same bits, and fewer tensors kept.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savedTensorsHooks } from '../tensor/autograd/saved-tensors.ts';
import { getNative } from '../tensor/call.ts';
import { rand, randn } from '../tensor/create.ts';
import { manualSeed } from '../tensor/generator.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as nn from './index.ts';

/** Counts how often it runs. */
class Counting extends nn.Module {
  runs = 0;
  forward(input: Tensor): Tensor {
    this.runs++;
    return input.tanh();
  }
}

const makeModel = (): nn.Sequential => {
  const parts = Array.from({ length: 3 }, () => [new nn.Linear(6, 6), new nn.GELU(), new nn.Dropout(0.4)]).flat();
  return new nn.Sequential(...parts, new nn.Linear(6, 2));
};

/** Output, gradients of input and parameters, and the draws that follow. */
function play(run: (model: nn.Sequential, input: Tensor) => Tensor): unknown[] {
  manualSeed(5);
  const model = makeModel();
  const input = randn([4, 6]).requiresGrad_();
  return scope(() => {
    const output = run(model, input);
    const drawn = rand([3]);
    output.pow(2).sum().backward();
    const gradients = [input, ...model.parameters()].map((leaf) => leaf.grad!);
    return [output, ...gradients, drawn, rand([3])].map((tensor) => [...tensor.detach().toBytes()]);
  });
}

describe('checkpointSequential()', () => {
  describe.each([false, true])('with the engine on another thread: %s', (isAside) => {
    let before = false;
    beforeAll(() => {
      before = getNative().runEngineAside(isAside);
    });
    afterAll(() => void getNative().runEngineAside(before));

    it.each([1, 2, 3, 4, 10])('gives the bits of the plain chain with %i segments', (segments) => {
      const expected = play((model, input) => model.forward(input));
      expect(play((model, input) => nn.checkpointSequential(model, segments, input))).toEqual(expected);
    });
  });

  it('draws otherwise in backward where the random state is not preserved', () => {
    const options = { preserveRngState: false };
    const expected = play((model, input) => model.forward(input));
    expect(play((model, input) => nn.checkpointSequential(model, 2, input, options))).not.toEqual(expected);
  });

  it('runs all segments but the last twice', () => {
    const list = new nn.ModuleList(Array.from({ length: 7 }, () => new Counting()));
    nn.checkpointSequential(list, 3, randn([2]).requiresGrad_())
      .sum()
      .backward();
    // Segments of two, two and three. The last tanh of a segment need not run to its end, but its module is entered.
    expect(Array.from(list, (module) => module.runs)).toEqual([2, 2, 2, 2, 1, 1, 1]);
  });

  it('keeps fewer tensors', () => {
    const numSaved = (run: (model: nn.Sequential, input: Tensor) => Tensor): number => {
      let count = 0;
      const pack = (tensor: Tensor): Tensor => {
        count++;
        return tensor;
      };
      const model = makeModel();
      savedTensorsHooks({ pack, unpack: (tensor) => tensor }, () => run(model, randn([4, 6]).requiresGrad_()));
      return count;
    };
    const plain = numSaved((model, input) => model.forward(input));
    const checkpointed = numSaved((model, input) => nn.checkpointSequential(model, 10, input));
    const last = numSaved((model, input) => model.at(-1).forward(input));
    expect(checkpointed).toBe(9 + last); // the inputs of nine segments
    expect(plain).toBeGreaterThan(checkpointed);
  });

  it.each([0, 3, 1.5, -1, Number.NaN])('refuses %d segments of two modules', (segments) => {
    const model = new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU());
    expect(() => nn.checkpointSequential(model, segments, randn([1, 2]))).toThrow(
      new RangeError(
        `Cannot run checkpointSequential: expected from 1 segment to one for each of 2 modules, got ${segments}`,
      ),
    );
  });
});
