// What starting `sconce` loads: every command is described, and what it runs comes when it runs.
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));

/** Files below src/ that a file imports before it runs. */
function loadedBy(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  const text = readFileSync(join(source, path), 'utf8');
  for (const [, specifier] of text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?['"](\.[^'"]+)['"];/gm))
    loadedBy(relative('', join(dirname(path), specifier!)), found);
  return found;
}

test('sconce --help loads no tensors, trainer or configuration', () => {
  const files = [...loadedBy('cli/program.ts')];
  expect(files).toContain('cli/commands/train.ts');
  expect(files.filter((path) => /^(?:tensor\/call|nn|trainer\/trainer|config|experiments\/run)/.test(path))).toEqual(
    [],
  );
  expect(files.length).toBeLessThan(100);
});
