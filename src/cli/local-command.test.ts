// Which `sconce` runs: the project's own, unless this is it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { localCommand } from './local-command.ts';

test('localCommand() finds the package of a project from below it, and not itself through a link', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-local-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const own = join(folder, 'global', 'main.js');
  const installed = join(folder, 'project', 'node_modules', 'sconce');
  for (const path of [
    join(folder, 'global'),
    installed,
    join(folder, 'project', 'deep'),
    join(folder, 'linked', 'node_modules'),
  ])
    mkdirSync(path, { recursive: true });
  const manifest = JSON.stringify({ name: 'sconce', bin: { sconce: './main.js' } });
  for (const place of [join(folder, 'global'), installed]) {
    writeFileSync(join(place, 'package.json'), manifest);
    writeFileSync(join(place, 'main.js'), '');
  }
  symlinkSync(join(folder, 'global'), join(folder, 'linked', 'node_modules', 'sconce'));
  expect(localCommand(join(folder, 'project', 'deep'), own)).toBe(pathToFileURL(join(installed, 'main.js')).href);
  expect(localCommand(join(folder, 'linked'), own)).toBeUndefined();
});
