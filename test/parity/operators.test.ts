// Common operators against PyTorch: values and gradients.
import { describe, expect, it } from 'vitest';
import { NativeError, scope } from '../../src/index.ts';
import { type Inputs, OPERATORS } from './operators.ts';
import { expectRecorded, type Recorded } from './recorded.ts';
import { references } from './reference.ts';

interface Cases {
  readonly inputs: Recorded['inputs'];
  readonly operators: Readonly<Record<string, Omit<Recorded, 'inputs'>>>;
}

/** What libtorch 1.13 has under no public name: there the call says so. */
const NEEDS_LIBTORCH_2 = ['scaledDotProductAttention'];

const all = await references<Cases>('operators');

describe.each(all)('operators against $source', ({ cases, isSameVersion, tolerance }) => {
  it('are all compared', () => {
    expect(Object.keys(OPERATORS)).toEqual(Object.keys(cases.operators));
  });

  it.each(Object.entries(cases.operators))('%s', (name, expected) => {
    const run = (inputs: Recorded['inputs']) => OPERATORS[name]!(inputs as unknown as Inputs);
    if (!isSameVersion && NEEDS_LIBTORCH_2.includes(name)) {
      try {
        run(cases.inputs);
      } catch (error) {
        expect(error).toBeInstanceOf(NativeError);
        expect((error as Error).message).toContain('libtorch 2.13.0 has it');
        return;
      }
    }
    scope(() => expectRecorded(run, { inputs: cases.inputs, ...expected }, tolerance));
  });
});
