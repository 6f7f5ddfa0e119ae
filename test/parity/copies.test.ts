// Every layer once more: a deep copy of it, and one with hooks on each of its modules, give what it gives.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { grad, load, manualSeed, type nn, scope, setNumThreads, type Tensor } from '../../src/index.ts';
import { collectTensors } from '../../src/tensor/scope.ts';
import { type AnyModule, CALLS, LAYERS } from './layers.ts';
import { expectClose, expectSame } from './reference.ts';

interface LayerCase {
  readonly initial: nn.StateDict;
  readonly inputs: readonly Tensor[];
}

setNumThreads(1);
const file = fileURLToPath(new URL('../fixtures/parity/layers.pt', import.meta.url));
const { cases } = (await load(file)) as { readonly cases: Readonly<Record<string, LayerCase>> };

/** What a module gives for the recorded inputs, and the gradients of all that is trained. */
function play(name: string, module: AnyModule, { inputs }: LayerCase): Tensor[] {
  manualSeed(7);
  const call = CALLS[name];
  const given = inputs.map((input) => input.clone());
  const outputs = collectTensors(call ? call(module as never, given) : module.forward(...given));
  const trained = module.parameters().filter(({ requiresGrad }) => requiresGrad);
  const loss = outputs.filter(({ requiresGrad }) => requiresGrad).map((output) => output.sum());
  const gradients = trained.length === 0 || loss.length === 0 ? [] : grad(loss, trained, { allowUnused: true });
  return [...outputs, ...gradients.filter((gradient) => gradient !== undefined)];
}

/** @param tolerance - 0: every bit. */
function expectAll(got: readonly Tensor[], wanted: readonly Tensor[], tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) {
    if (tolerance === 0) expectSame(got[i]!, value, `tensor ${i}`);
    else expectClose(got[i]!, value, tolerance, `tensor ${i}`);
  }
}

describe.each(Object.entries(cases))('%s', (name, expected) => {
  const make = (): AnyModule => {
    const module = LAYERS[name]!() as AnyModule;
    module.loadStateDict(expected.initial);
    return module;
  };

  it('is copied: the copy gives the same, and shares nothing', () => {
    scope(() => {
      const module = make();
      const copy = module.deepCopy();
      expect([String(copy), Object.keys(copy)]).toEqual([String(module), Object.keys(module)]);
      const wanted = play(name, module, expected);
      for (const tensor of Object.values(module.stateDict())) tensor.zero_();
      expectAll(play(name, copy, expected), wanted, 0);
    });
  });

  it('gives the same under hooks on all of its modules, backward ones too', () => {
    scope(() => {
      const hooked = make();
      let numCalls = 0;
      for (const module of hooked.modules()) {
        module.registerForwardPreHook(() => undefined);
        module.registerForwardHook(() => void numCalls++);
        if (!/inplace|Inplace/.test(String(module))) module.registerFullBackwardHook(() => undefined);
      }
      // Attention to itself gets three tensors in place of one then, and gradients are added up in another order.
      expectAll(play(name, hooked, expected), play(name, make(), expected), /Transformer/.test(name) ? 1e-5 : 0);
      expect(numCalls).toBeGreaterThan(0);
    });
  });
});
