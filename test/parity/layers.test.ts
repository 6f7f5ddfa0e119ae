// Every layer against PyTorch: weights from a seed, values, gradients, state and how it prints.
import { describe, expect, it } from 'vitest';
import { grad, manualSeed, noGrad, type Tensor } from '../../src/index.ts';
import type { StateDict } from '../../src/nn/module.ts';
import { collectTensors } from '../../src/tensor/scope.ts';
import { type AnyModule, CALLS, LAYERS } from './layers.ts';
import { cotangent, expectClose, expectSame, references } from './reference.ts';

interface LayerCase {
  readonly text: string;
  readonly initial: StateDict;
  readonly names: { readonly parameters: string[]; readonly buffers: string[]; readonly modules: string[] };
  readonly inputs: readonly Tensor[];
  readonly training: readonly Tensor[];
  readonly inputGradients: readonly (Tensor | null)[];
  readonly gradients: StateDict;
  readonly after: StateDict;
  readonly evaluation: readonly Tensor[];
  /** What PyTorch's own kernels for evaluation without gradients give, of attention and transformers. */
  readonly fused: readonly Tensor[];
}

/** A module's tensors under PyTorch's weights, so that values can be held together where the weights of a seed cannot. */
function loaded(name: string, { initial }: LayerCase): AnyModule {
  const module = LAYERS[name]!() as AnyModule;
  module.loadStateDict(initial);
  return module;
}

/** The tensors that a module gives, in order. */
function apply(name: string, module: AnyModule, inputs: readonly Tensor[]): Tensor[] {
  const call = CALLS[name];
  return collectTensors(call ? call(module as never, inputs) : module.forward(...inputs));
}

const all = await references<Readonly<Record<string, LayerCase>>>('layers');

describe.each(all)('layers against $source', ({ cases, isSame, isSameVersion, tolerance }) => {
  it('are all compared', () => {
    expect(Object.keys(LAYERS)).toEqual(Object.keys(cases));
  });

  describe.each(Object.entries(cases))('%s', (name, expected) => {
    const isRandom = /Dropout|RReLU|Fractional|all options|of three|Transformer/.test(name);

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

    it.runIf(isSame.normals)('starts from the same weights after the same seed', () => {
      manualSeed(0);
      const state = LAYERS[name]!().stateDict();
      // Some have computed theirs: with other kernels they are nearly the same.
      const isComputed = name.startsWith('parametrizations.') && !(isSame.products && isSame.factorisations);
      for (const [key, value] of Object.entries(expected.initial)) {
        if (isComputed) expectClose(state[key]!, value, tolerance, key);
        else expectSame(state[key]!, value, key);
      }
    });

    it.skipIf(isRandom && !isSameVersion)('gives the values, gradients and state of a training step', () => {
      const module = loaded(name, expected);
      const leaves = expected.inputs.map((input, i) =>
        expected.inputGradients[i] ? input.clone().requiresGrad_() : input,
      );
      manualSeed(1);
      const outputs = apply(name, module, leaves);
      expect(outputs.length).toBe(expected.training.length);
      outputs.forEach((output, i) => {
        expectClose(output, expected.training[i]!, tolerance, `output ${i}`);
      });
      const differentiable = [...outputs.entries()].filter(([, output]) => output.requiresGrad);
      const parameters = [...module.namedParameters()].filter(([, value]) => value.requiresGrad);
      const inputs = [...leaves.filter((leaf) => leaf.requiresGrad), ...parameters.map(([, value]) => value)];
      // One pass from all outputs, as in Python: sums of gradients are rounded in the order of the pass.
      const found =
        differentiable.length === 0
          ? inputs.map(() => undefined)
          : grad(
              differentiable.map(([, output]) => output),
              inputs,
              { gradOutputs: differentiable.map(([i, output]) => cotangent(output, i)), allowUnused: true },
            );
      const gradients = new Map(inputs.map((input, i) => [input, found[i]]));
      expected.inputGradients.forEach((gradient, i) => {
        if (gradient) expectClose(gradients.get(leaves[i]!)!, gradient, tolerance, `gradient of input ${i}`);
      });
      const withGradient = parameters.filter(([, value]) => gradients.get(value));
      expect(withGradient.map(([key]) => key)).toEqual(Object.keys(expected.gradients));
      for (const [key, value] of withGradient)
        expectClose(gradients.get(value)!, expected.gradients[key]!, tolerance, `gradient of ${key}`);
      const after = module.stateDict();
      for (const [key, value] of Object.entries(expected.after)) expectClose(after[key]!, value, tolerance, key);
    });

    it.runIf(expected.fused.length > 0)('gives what the fused kernels give, nearly', () => {
      const module = loaded(name, expected);
      const inputs = expected.inputs.map((input) => input.clone());
      const outputs = noGrad(() => apply(name, module.eval(), inputs));
      outputs.forEach((output, i) => {
        expectClose(output, expected.fused[i]!, name.endsWith('bfloat16') ? 0.05 : 1e-5, `output ${i}`);
      });
    });

    // This one draws in evaluation too.
    it.skipIf(name.startsWith('Fractional') && !isSameVersion)('gives the values of evaluation', () => {
      const module = loaded(name, expected);
      module.loadStateDict(expected.after);
      const outputs = apply(
        name,
        module.eval(),
        expected.inputs.map((input) => input.clone()),
      );
      expect(outputs.length).toBe(expected.evaluation.length);
      outputs.forEach((output, i) => {
        expectClose(output, expected.evaluation[i]!, tolerance, `output ${i}`);
      });
    });
  });
});
