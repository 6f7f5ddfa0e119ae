import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectEnvironment } from './environment.ts';
import type { MetricsRecord } from './run-format.ts';
import { bestMetrics, finalMetrics, type RunSummary, readSummary, writeSummary } from './summary.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-summary-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const record = (step: number, values: Record<string, number>): MetricsRecord => {
  return { kind: 'metrics', step, microStep: step, epoch: 0, time: 0, values };
};
const records = [
  record(1, { 'val/loss': 3, 'val/recall': 0.2 }),
  record(2, { 'val/loss': 1, 'train/loss': 9 }),
  record(3, { 'val/loss': 1, 'val/recall': 0.1, 'val/odd': Number.NaN }),
];

test('finalMetrics() gives each metric’s last value and where it was measured', () => {
  expect(finalMetrics(records)).toEqual({
    'val/loss': { value: 1, step: 3, epoch: 0 },
    'val/recall': { value: 0.1, step: 3, epoch: 0 },
    'train/loss': { value: 9, step: 2, epoch: 0 },
    'val/odd': { value: Number.NaN, step: 3, epoch: 0 },
  });
});

test('bestMetrics() gives the earliest best value in either direction and never NaN', () => {
  const modes = { 'val/loss': 'min', 'val/recall': 'max', 'val/odd': 'max', 'val/none': 'min' } as const;
  expect(bestMetrics(records, modes)).toEqual({
    'val/loss': { value: 1, step: 2, epoch: 0, mode: 'min' },
    'val/recall': { value: 0.2, step: 1, epoch: 0, mode: 'max' },
  });
});

test('writeSummary() and readSummary() give back a summary, non-finite values included', async () => {
  const summary: RunSummary = {
    status: 'failed',
    exitCode: 1,
    message: 'loss is not finite',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:01:00.000Z',
    clocks: { step: 3, microStep: 6, epoch: 0 },
    final: finalMetrics(records),
    best: { 'val/loss': { value: Number.NEGATIVE_INFINITY, step: 2, epoch: 0, mode: 'min' } },
    durations: { totalMs: 60_000, validationMs: 5, epochsMs: [1, 2] },
    counts: { parameters: 10 },
    environment: collectEnvironment({ libtorch: { version: '2.13.0', source: 'wheel', threads: 2 } }),
  };
  await writeSummary(folder, summary);
  expect(await readSummary(folder)).toEqual(summary);
  expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toMatchObject({
    format: 'sconce-summary',
    version: 1,
  });
});

test('readSummary() gives undefined where there is none, and says what is wrong with a damaged one', async () => {
  expect(await readSummary(folder)).toBeUndefined();
  writeFileSync(join(folder, 'summary.json'), '{"format":"sconce-summary","version":2}');
  await expect(readSummary(folder)).rejects.toThrow(/Cannot read .*summary\.json: .*version/s);
});
