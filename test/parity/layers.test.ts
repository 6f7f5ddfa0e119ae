// Every layer against PyTorch: weights from a seed, values, gradients, state and how it prints.
import { describe, expect, it } from 'vitest';
import { manualSeed, type Tensor } from '../../src/index.ts';
import type { StateDict } from '../../src/nn/module.ts';
import { type AnyModule, LAYERS } from './layers.ts';
import { cotangent, expectClose, expectSame, references } from './reference.ts';

interface LayerCase {
  readonly text: string;
  readonly initial: StateDict;
  readonly names: { readonly parameters: string[]; readonly buffers: string[]; readonly modules: string[] };
  readonly inputs: readonly Tensor[];
  readonly training: Tensor;
  readonly inputGradients: readonly (Tensor | null)[];
  readonly gradients: StateDict;
  readonly after: StateDict;
  readonly evaluation: Tensor;
}

/** A module's tensors under PyTorch's weights, so that values can be held together where the weights of a seed cannot. */
function loaded(name: string, { initial }: LayerCase): AnyModule {
  const module = LAYERS[name]!() as AnyModule;
  module.loadStateDict(initial);
  return module;
}

const all = await references<Readonly<Record<string, LayerCase>>>('layers');

describe.each(all)('layers against $source', ({ cases, isSame, isSameVersion, tolerance }) => {
  it('are all compared', () => {
    expect(Object.keys(LAYERS)).toEqual(Object.keys(cases));
  });

  describe.each(Object.entries(cases))('%s', (name, expected) => {
    const isRandom = name === 'Dropout';

    it('prints as in Python', () => {
      expect(String(LAYERS[name]!())).toBe(expected.text);
    });

    it('has the names of its parameters, buffers and state in the same order', () => {
      const module = LAYERS[name]!();
      expect(Array.from(module.namedParameters(), ([key]) => key)).toEqual(expected.names.parameters);
      expect(Array.from(module.namedBuffers(), ([key]) => key)).toEqual(expected.names.buffers);
      expect(Array.from(module.namedModules(), ([key]) => key)).toEqual(expected.names.modules);
      expect(Object.keys(module.stateDict())).toEqual(Object.keys(expected.initial));
    });

    it.runIf(isSame.vectors)('starts from the same weights after the same seed', () => {
      manualSeed(0);
      const state = LAYERS[name]!().stateDict();
      for (const [key, value] of Object.entries(expected.initial)) expectSame(state[key]!, value, key);
    });

    it.skipIf(isRandom && !isSameVersion)('gives the values, gradients and state of a training step', () => {
      const module = loaded(name, expected);
      const leaves = expected.inputs.map((input) =>
        input.dtype === 'float32' ? input.clone().requiresGrad_() : input,
      );
      manualSeed(1);
      const output = module.forward(...leaves);
      expectClose(output, expected.training, tolerance);
      if (output.requiresGrad) output.backward(cotangent(output));
      expected.inputGradients.forEach((gradient, i) => {
        if (gradient) expectClose(leaves[i]!.grad!, gradient, tolerance, `gradient of input ${i}`);
        else expect(leaves[i]!.grad).toBeUndefined();
      });
      const gradients = Object.fromEntries(
        Array.from(module.namedParameters(), ([key, value]) => [key, value.grad] as const).filter(([, value]) => value),
      );
      expect(Object.keys(gradients)).toEqual(Object.keys(expected.gradients));
      for (const [key, value] of Object.entries(expected.gradients))
        expectClose(gradients[key]!, value, tolerance, key);
      const after = module.stateDict();
      for (const [key, value] of Object.entries(expected.after)) expectClose(after[key]!, value, tolerance, key);
    });

    it('gives the values of evaluation', () => {
      const module = loaded(name, expected);
      module.loadStateDict(expected.after);
      expectClose(
        module.eval().forward(...expected.inputs.map((input) => input.clone())),
        expected.evaluation,
        tolerance,
      );
    });
  });
});
