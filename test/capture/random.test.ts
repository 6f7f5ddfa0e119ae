// Random steps, captured and as they are written: the same to the bit, or refused with a reason. `npm run stress` plays many more.
import { expect, test } from 'vitest';
import { playProgram } from './programs.ts';

test('random steps give the same numbers, whatever passes are done', { timeout: 60_000 }, () => {
  let numReplayed = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const written = playProgram(seed, false, 16);
    const captured = playProgram(seed, true, 16);
    expect(captured.results, `seed ${seed}`).toEqual(written.results);
    if (captured.status!.refusal === undefined) numReplayed += captured.status!.numReplayed;
  }
  expect(numReplayed).toBeGreaterThan(200);
});
