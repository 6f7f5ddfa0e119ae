// Adapters, frontends, recurrent parts and modulators against their formulas in PyTorch, by configurations and states as VisionCore has them: values, and gradients of inputs and parameters.
import { describe, expect, it } from 'vitest';
import { autocast, type Tensor } from '../../src/index.ts';
import { createAdapter } from '../../src/multidataset/network/adapters/create-adapter.ts';
import { createFrontend } from '../../src/multidataset/network/frontends/create-frontend.ts';
import { createModulator } from '../../src/multidataset/network/modulators/create-modulator.ts';
import { createRecurrent } from '../../src/multidataset/network/recurrent/create-recurrent.ts';
import type { Module, StateDict } from '../../src/nn/module.ts';
import { cotangent, expectClose, references } from './reference.ts';

interface Case {
  readonly part: keyof typeof CREATE;
  readonly config: { readonly type: string; readonly params: Readonly<Record<string, unknown>> };
  readonly context: never;
  readonly state: StateDict;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly [Tensor];
  readonly inputGradients: readonly Tensor[];
  readonly gradients: Readonly<Record<string, Tensor>>;
}

const CREATE = {
  adapter: createAdapter,
  frontend: createFrontend,
  modulator: createModulator,
  recurrent: createRecurrent,
};
type AnyModule = Module & { forward(...inputs: readonly Tensor[]): Tensor };

/** Sums are in another order here. */
const TOLERANCE = 2e-5;
const all = await references<Readonly<Record<string, Case>>>('multidataset_parts');

describe.each(all)('parts of a network against $source', ({ cases }) => {
  it.each(Object.entries(cases))('%s', (_name, { part, config, context, state, inputs, ...expected }) => {
    const { module, outChannels } = CREATE[part](config, context);
    const layer = module as AnyModule;
    // What is made of the options alone is as the formula makes it.
    const made = layer.stateDict();
    for (const [name] of layer.namedBuffers())
      if (name in made && !name.startsWith('bn.'))
        expectClose(made[name] as Tensor, state[name] as Tensor, TOLERANCE, name);
    const { missing } = layer.loadStateDict(state, { strict: false });
    expect([...missing].filter((name) => !/^bn\.(?:running|num)/.test(name))).toEqual([]);

    const leaves = inputs.map((input) => input.clone().requiresGrad_());
    const output = layer.forward(...leaves);
    expectClose(output, expected.outputs[0], TOLERANCE);
    expect(output.size(1)).toBe(outChannels);
    output.backward(cotangent(output));
    leaves.forEach((leaf, i) => {
      expectClose(leaf.grad!, expected.inputGradients[i]!, TOLERANCE, `gradient of input ${i}`);
    });
    const trained = [...layer.namedParameters()].filter(([, parameter]) => parameter.requiresGrad);
    for (const [name, parameter] of trained)
      expectClose(parameter.grad!, expected.gradients[name]!, TOLERANCE, `gradient of ${name}`);
  });

  it('are near to it in mixed precision', () => {
    const far: string[] = [];
    for (const [name, { part, config, context, state, inputs, outputs }] of Object.entries(cases)) {
      const layer = CREATE[part](config, context).module as AnyModule;
      layer.loadStateDict(state, { strict: false });
      const leaves = inputs.map((input) => input.clone().requiresGrad_());
      const output = autocast('cpu', () => layer.forward(...leaves));
      output.sum().backward();
      const gap = output.to('float32').sub(outputs[0]).abs().max().item() as number;
      const size = outputs[0].abs().max().item() as number;
      if (!(gap < 0.05 * size)) far.push(`${name}: ${gap} of ${size}`);
    }
    expect(far).toEqual([]);
  });
});
