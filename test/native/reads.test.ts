// Where a program reads elements out of tensors: outside of src/, whose own lines are not the program's.
import { expect, test } from 'vitest';
import { ones, scope } from '../../src/index.ts';
import { onNextRead } from '../../src/tensor/profiler/call-counts.ts';

test('onNextRead() names the line of one read', () => {
  const places: string[] = [];
  onNextRead((place) => void places.push(place));
  scope(() => {
    ones([1]).item();
    ones([1]).item();
  });
  expect(places.length).toBe(1);
  expect(places[0]).toContain('reads.test.ts');
  onNextRead((place) => void places.push(place))();
  scope(() => ones([1]).item());
  expect(places.length).toBe(1);
});
