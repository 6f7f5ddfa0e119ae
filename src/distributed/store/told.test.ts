// Tests of what is said where libtorch has no c10d.
import { expect, test } from 'vitest';
import { DistributedError } from '../../errors.ts';
import { getNative } from '../../tensor/call.ts';
import { requireC10d } from './told.ts';

test('requireC10d() refuses an addon that was built without c10d, and says what to do', () => {
  expect(() => requireC10d({ makeGenerator: () => 1 }, 'initialize the process group')).toThrow(
    new DistributedError(
      'Cannot initialize the process group: expected a libtorch with distributed and Gloo, got one that was built without; choose another with SCONCE_LIBTORCH, then run: npx sconce setup',
    ),
  );
  expect(() => requireC10d(getNative(), 'initialize the process group')).not.toThrow();
});
