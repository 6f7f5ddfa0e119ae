// The example that any number of processes trains: one and two of them, by the commands of its page.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireCompiled, sconce } from '../cli/sconce.ts';

const program = fileURLToPath(new URL('../../examples/distributed/train.ts', import.meta.url));
let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = mkdtempSync(join(tmpdir(), 'sconce-spirals-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The values behind the last epoch, by name. */
function lastEpoch(): Record<string, number> {
  const runs = readdirSync(join(folder, 'runs'));
  expect(runs.length).toBe(1); // by one rank for all
  const lines = readFileSync(join(folder, 'runs', runs[0]!, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n');
  rmSync(join(folder, 'runs'), { recursive: true });
  const values = lines.map((line) => (JSON.parse(line) as { values?: Record<string, number> }).values ?? {});
  return Object.assign({}, ...values) as Record<string, number>;
}

test('two ranks learn what one process learns', { timeout: 120_000 }, async () => {
  const command = ['train', program, '--set', 'epochs=1'];
  const alone = await sconce(command, folder);
  expect(alone.code, alone.stderr).toBe(0);
  const one = lastEpoch();
  const { code, stderr } = await sconce(['launch', '--nproc', '2', '--', ...command], folder);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^\[rank 0\] epoch 1\/1 /m);
  expect(stderr).not.toMatch(/^\[rank 1\]/m);
  const two = lastEpoch();
  expect(one['val/accuracy']).toBeGreaterThan(0.9);
  expect(two['val/accuracy']).toBeCloseTo(one['val/accuracy']!, 2);
  for (const name of ['train/loss', 'val/loss']) expect(two[name], name).toBeCloseTo(one[name]!, 3);
});
