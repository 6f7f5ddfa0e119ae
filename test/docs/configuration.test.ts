// What is made from the schema of a configuration is current: its types and the tables of docs/configuration.md.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('scripts/generate-config.mjs has nothing to write', () => {
  const script = fileURLToPath(new URL('../../scripts/generate-config.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
