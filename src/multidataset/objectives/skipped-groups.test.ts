import { expect, test } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import { SkippedGroups } from './skipped-groups.ts';

test('SkippedGroups counts by data set, goes on from its state, and adds what another process counted', () => {
  const make = (): SkippedGroups => new SkippedGroups(['mouse', 'cat', 'owl']);
  const [first, second, resumed] = [make(), make(), make()];
  first.update(0, true);
  first.update(1, false);
  first.update(1, tensor(false));
  first.update(2, tensor(true));
  second.update(0, false);
  second.update(1, false);
  expect(first.compute()).toEqual({ 'nan_skip/cat': 2 });
  resumed.update(2, false);
  resumed.loadState(first.state());
  expect(resumed.compute()).toEqual({ 'nan_skip/cat': 2 });
  resumed.merge(second.state());
  expect(resumed.compute()).toEqual({ 'nan_skip/mouse': 1, 'nan_skip/cat': 3 });
  const wanted = 'Cannot load the state of SkippedGroups: expected 3 parts by their numbers, got "0"';
  for (const method of ['loadState', 'merge'] as const) expect(() => resumed[method]({ 0: {} })).toThrow(wanted);
  resumed.reset();
  expect(resumed.compute()).toEqual({});
});
