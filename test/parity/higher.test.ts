// Derivatives of higher order, derivatives of functions, and hooks against PyTorch: to the last bit where the same kernels compute.
import { describe, expect, it } from 'vitest';
import { libtorchVersion, scope, type Tensor } from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import { DERIVATIVES, HOOKS, type Inputs, Trace } from './higher.ts';
import { expectClose, expectSame, references } from './reference.ts';

interface Cases {
  readonly derivatives: Readonly<Record<string, { readonly inputs: Inputs; readonly outputs: readonly Tensor[] }>>;
  readonly hooks: Readonly<
    Record<string, { readonly inputs: Inputs; readonly labels: readonly string[]; readonly outputs: readonly Tensor[] }>
  >;
}

const leavesOf = (inputs: Inputs): Inputs =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, value.clone().requiresGrad_()]));

const all = await references<Cases>('higher');
/** Before 2.1 libtorch has no hooks after accumulation; hooks ran elsewhere. */
const isOld = libtorchVersion().startsWith('1.');

describe.each(all)('against $source', ({ cases, isExact }) => {
  const expectAll = (results: readonly Tensor[], expected: readonly Tensor[]): void => {
    expect(results.length).toBe(expected.length);
    for (const [i, result] of results.entries()) {
      if (isExact) expectSame(result, expected[i]!, `result ${i}`);
      // Third derivatives add many terms; where other kernels computed, these are wide apart from what a wrong formula gives.
      else expectClose(result, expected[i]!, 1e-4, `result ${i}`);
    }
  };

  it('is compared whole', () => {
    expect(Object.keys(DERIVATIVES).sort()).toEqual(Object.keys(cases.derivatives).sort());
    expect(Object.keys(HOOKS).sort()).toEqual(Object.keys(cases.hooks).sort());
  });

  it.each(Object.entries(cases.derivatives))('%s', (name, { inputs, outputs }) => {
    scope(() => expectAll(DERIVATIVES[name]!(leavesOf(inputs)), outputs));
  });

  describe.skipIf(isOld).each([false, true])('hooks, engine on another thread: %s', (isAside) => {
    it.each(Object.entries(cases.hooks))('%s', (name, { inputs, labels, outputs }) => {
      const before = getNative().runEngineAside(isAside);
      const trace = new Trace();
      try {
        scope(() => HOOKS[name]!(leavesOf(inputs), trace));
      } finally {
        getNative().runEngineAside(before);
      }
      expect(trace.labels).toEqual(labels);
      expectAll(trace.values, outputs);
      for (const value of trace.values) value.dispose();
    });
  });
});
