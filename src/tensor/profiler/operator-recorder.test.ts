import { describe, expect, test } from 'vitest';
import { autocast, countFlops, OperatorRecorder, ones, recordOperators, scope } from '../index.ts';
import { callCounts, OPERATORS, READS } from './call-counts.ts';
import { printRows } from './operator-table.ts';

describe('recordOperators()', () => {
  test('gives operators with what ran inside them, and nodes of the backward', () => {
    const [a, b] = [ones([4, 3], { requiresGrad: true }), ones([3, 2])];
    const { profile } = recordOperators(() => scope(() => a.matmul(b).sum().backward()));
    const rows = profile.rows();
    const of = (name: string) => rows.find((row) => row.name === name)!;
    expect([of('aten::matmul').calls, of('aten::mm').calls, of('MmBackward0').calls]).toEqual([1, 2, 1]);
    expect(of('aten::matmul').totalUs).toBeGreaterThanOrEqual(of('aten::matmul').selfUs);
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    const events = [...profile.events()];
    const [outer, inner] = ['aten::matmul', 'aten::mm'].map((name) => events.find((event) => event.name === name)!);
    expect(inner!.startUs).toBeGreaterThanOrEqual(outer!.startUs);
    expect(inner!.startUs + inner!.durationUs).toBeLessThanOrEqual(outer!.startUs + outer!.durationUs + 1e-3);
    expect(events.filter(({ isBackward }) => isBackward).map(({ name }) => name)).toContain('MmBackward0');
    expect(events.every(({ thread }) => thread === profile.mainThread)).toBe(true);
  });

  test('keeps as many as there is room for and counts the others', () => {
    const { profile } = recordOperators(() => scope(() => Array.from({ length: 10 }, () => ones([1]).neg())), {
      maxOperators: 3,
    });
    expect(profile.length).toBe(3);
    expect(profile.numDropped).toBeGreaterThanOrEqual(17);
    expect(profile.table()).toContain(`${profile.numDropped} operators were not recorded`);
  });

  test('has times on the clock of performance.now()', () => {
    const before = performance.now() * 1000;
    const { profile } = recordOperators(() => scope(() => ones([1])));
    const after = performance.now() * 1000;
    const { startUs, durationUs } = profile.at(0);
    expect(startUs).toBeGreaterThan(before);
    expect(startUs + durationUs).toBeLessThan(after);
  });

  test('leaves nothing behind, whatever the body does', () => {
    expect(() => recordOperators(() => { throw new Error('no'); })).toThrow('no'); // biome-ignore format: short
    const recorder = new OperatorRecorder().start();
    expect(() => new OperatorRecorder().start()).toThrow('expected one record at a time, got a second one');
    expect(() => recordOperators(() => 1)).toThrow('expected one record at a time');
    expect(recorder.stop().length).toBe(0);
    expect(() => recorder.stop()).toThrow('expected a record that this thread has begun, got none');
    expect(() => new OperatorRecorder({ maxOperators: 0 })).toThrow('expected maxOperators of at least 1, got 0');
  });
});

test('countFlops() counts an operator once that autocast runs again in another dtype', () => {
  expect(countFlops(() => autocast('cpu', () => ones([4, 3]).mm(ones([3, 2]))))).toBe(2 * 4 * 3 * 2);
});

test('countFlops() counts products forward and backward', () => {
  const [a, b] = [ones([4, 3], { requiresGrad: true }), ones([3, 2])];
  expect(countFlops(() => scope(() => a.matmul(b).sum().backward()))).toBe(2 * (2 * 4 * 3 * 2));
});

describe('callCounts()', () => {
  test('counts operators called and elements read', () => {
    scope(() => {
      const counts = callCounts();
      const [operators, reads] = [counts[OPERATORS]!, counts[READS]!];
      const sum = ones([3]).add(1).sum();
      expect(counts[OPERATORS]! - operators).toBe(3);
      sum.item();
      sum.toArray();
      expect(counts[READS]! - reads).toBe(2);
    });
  });
});

test('printRows() has the columns of torch.profiler', () => {
  const rows = [
    { name: 'aten::mm', calls: 3, selfUs: 750, totalUs: 1500, share: 0.75, flops: 0 },
    { name: `aten::${'x'.repeat(60)}`, calls: 1, selfUs: 250, totalUs: 250, share: 0.25, flops: 0 },
  ];
  expect(printRows(rows, { maxRows: 2, numDropped: 0 })).toMatchInlineSnapshot(`
    "-------------------------------------------------------  ----------  ---------  -----------  ---------  ------------  ----------
    Name                                                     Self CPU %   Self CPU  CPU total %  CPU total  CPU time avg  # of Calls
    -------------------------------------------------------  ----------  ---------  -----------  ---------  ------------  ----------
    aten::mm                                                     75.00%  750.000us      150.00%    1.500ms     500.000us           3
    aten::xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...      25.00%  250.000us       25.00%  250.000us     250.000us           1
    -------------------------------------------------------  ----------  ---------  -----------  ---------  ------------  ----------
    Self CPU time total: 1.000ms"
  `);
  expect(printRows(rows, { maxRows: 1, numDropped: 0 })).toContain('1.000ms, 1 more operators');
});
