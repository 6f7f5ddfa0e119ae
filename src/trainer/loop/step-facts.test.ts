// What is known of steps before they run.

import { expect, test } from 'vitest';
import { isStandard, markStandard, standsFor, takesPlace } from './step-facts.ts';

test.each<[string, (...args: never[]) => unknown, boolean]>([
  ['none', () => 0, false],
  ['one without brackets', Function('return batch => batch')() as () => unknown, false],
  ['the trainer and the batch', (_trainer: unknown, batch: unknown) => batch, false],
  ['a batch taken apart', (_trainer: unknown, { x, y }: { x: unknown; y: unknown }) => [x, y], false],
  ['a default for the batch', (_trainer: unknown, batch = [1, 2, 3]) => batch, false],
  ['a comma behind the last', Function('return (trainer, batch,) => batch')() as () => unknown, false],
  ['batchIdx', (_trainer: unknown, _batch: unknown, batchIdx: number) => batchIdx, true],
  ['batchIdx with a default', (_trainer: unknown, _batch: unknown, batchIdx = 0) => batchIdx, true],
  ['all of the rest', (_trainer: unknown, ...rest: unknown[]) => rest, true],
  ['arguments', Function('return function (trainer, batch) { return arguments[2]; }')() as () => unknown, true],
])('takesPlace() of a step that takes %s', (_, step, isTaken) => {
  expect(takesPlace(step)).toBe(isTaken);
});

test('a step that stands for another is known as that one is', () => {
  const standard = markStandard((_trainer: unknown, batch: unknown) => batch);
  const around = standsFor((...args: [unknown, unknown]) => standard(...args), standard);
  expect([isStandard(around), takesPlace(around)]).toEqual([true, false]);
  expect(isStandard(() => 0)).toBe(false);
});
