// A second signal ends the process at once, within the operator in progress.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { requireCompiled, startSconce } from '../cli/sconce.ts';

test('a second signal ends the command within the operator in progress, with 128 and its number', {
  timeout: 60_000,
}, async () => {
  await requireCompiled();
  const folder = mkdtempSync(join(tmpdir(), 'sconce-signals-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const experiment = fileURLToPath(new URL('long-operator.ts', import.meta.url));
  const { process: child, ended } = startSconce(['train', experiment, '--runs', folder], folder);
  let said = '';
  await new Promise<void>((resolve) => {
    child.stderr!.on('data', (text: string) => {
      said += text;
      if (said.includes('in the operator')) resolve();
    });
    child.on('close', () => resolve());
  });
  const sentMs = performance.now();
  child.kill('SIGTERM');
  const outcome = await ended;
  expect(outcome).toMatchObject({ code: 143, signal: null });
  expect(outcome.stderr).not.toContain('after the operator');
  expect(performance.now() - sentMs).toBeLessThan(3000);
});
