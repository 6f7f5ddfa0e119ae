// What `initProcessGroup` refuses before it reaches for anything.
import { expect, test } from 'vitest';
import { initProcessGroup } from './process-group.ts';

test('all problems at once', async () => {
  const wrong = { rank: 2, worldSize: 2, backend: 'mpi', timeout: 5 } as object;
  await expect(initProcessGroup(wrong)).rejects.toThrow(
    /^Cannot initialize the process group: 3 problems\n {2}- timeout: expected one of backend, .*, got an unknown option\n {2}- rank: expected an integer from 0 to 1, got 2\n {2}- backend: expected gloo, got "mpi"$/,
  );
});
