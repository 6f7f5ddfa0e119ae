// An engine call inside a hook that would wait for the hook's own node is an error; others run.

import { describe, expect, it } from 'vitest';
import { libtorchVersion } from '../../src/tensor/process.ts';
import { readChild } from '../child.ts';

// Before 2.1 libtorch does not tell which node runs: such a call waits forever there.
const tellsNodes = !libtorchVersion().startsWith('1.');

describe.runIf(tellsNodes)('an engine call inside a hook', () => {
  const entry = new URL('children/locked-nodes.ts', import.meta.url);
  const ends = tellsNodes ? (readChild(entry) as Record<string, string | number>) : {};

  it.each(Object.keys(ends).filter((name) => /same graph|backward into the leaf/.test(name)))(
    'is refused where it would wait for itself: %s',
    (name) => {
      expect(ends[name]).toMatch(
        /Cannot run (backward|grad): expected a graph without \w+, whose own backward waits for the hook that makes this call, got one with it/,
      );
    },
  );

  it.each([
    ['backward into another leaf', 4],
    ['grad of the leaf that has just had its gradient', 4],
    ['grad inside a checkpoint that runs again', 12],
  ])('runs elsewhere: %s', (name, value) => {
    expect(ends[name]).toBe(value);
    expect(ends[`${name}, on another thread`]).toBe(value);
  });
});
