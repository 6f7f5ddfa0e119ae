// Common operators against PyTorch: values and gradients.
import { describe, expect, it } from 'vitest';
import { scope } from '../../src/index.ts';
import { type Inputs, OPERATORS } from './operators.ts';
import { expectRecorded, type Recorded } from './recorded.ts';
import { references } from './reference.ts';

interface Cases {
  readonly inputs: Recorded['inputs'];
  readonly operators: Readonly<Record<string, Omit<Recorded, 'inputs'>>>;
}

const all = await references<Cases>('operators');

describe.each(all)('operators against $source', ({ cases, tolerance }) => {
  it('are all compared', () => {
    expect(Object.keys(OPERATORS)).toEqual(Object.keys(cases.operators));
  });

  it.each(Object.entries(cases.operators))('%s', (name, expected) => {
    const run = (inputs: Recorded['inputs']) => OPERATORS[name]!(inputs as unknown as Inputs);
    scope(() => expectRecorded(run, { inputs: cases.inputs, ...expected }, tolerance));
  });
});
