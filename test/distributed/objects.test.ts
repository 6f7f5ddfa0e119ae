// Values of JavaScript between processes.
import { expect, test } from 'vitest';
import { runRanks, valuesOf } from './ranks.ts';

test('values of any size and their tensors reach the other ranks, and what cannot be sent is refused', async () => {
  const values = valuesOf(await runRanks(new URL('./objects_rank.ts', import.meta.url), 3)) as Record<
    string,
    unknown
  >[];
  for (const [rank, found] of values.entries()) {
    expect(found).toEqual({
      all: [
        [0, 1, [0]],
        [1, 10, [0, 0.5]],
        [2, 100, [0, 0.5, 1]],
      ],
      gathered: rank === 1 ? [0, 1, 2].map((other) => [other, String(2n ** 70n)]) : 'nothing',
      half: ['float16', [2, 1], [[1.5], [-2]], true],
      whole: 'map a=set 1,2,b=Float64Array 0.1',
      part: [rank * 7, `${rank}`],
      subgroup: rank === 1 ? 'outside' : [0, 2],
      refused: [
        expect.stringMatching(/^Cannot send a value to other ranks: .* got a function at value\["a"\]\[0\]; send/),
        expect.stringMatching(/got an instance of Own at value\["b"\]/),
        expect.stringMatching(/got an object with the key "sconce\/tensor" at value;/),
        rank === 0
          ? 'Cannot scatter: expected 3 values, one for each rank, got 1'
          : 'Cannot scatter: expected values on rank 0 alone, got 1',
      ],
    });
  }
});
