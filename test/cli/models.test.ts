// `sconce models` as processes: what they print, and how they end.
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { save, tensor } from '../../src/index.ts';
import { requireCompiled, sconce } from './sconce.ts';

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-models-')));
  await save({ model: { w: tensor([1, 2]) } }, join(folder, 'a.pt'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('sconce models publishes, shows, exports, verifies and refuses', async () => {
  const models = (...words: string[]) => sconce(['models', ...words], folder);
  const published = await models('publish', 'a.pt', '--name', 'net', '--alias', 'production', '--notes', 'first');
  expect(published).toMatchObject({ code: 0, stderr: '' });
  expect(published.stdout).toMatch(/^Published net@v1: models\/net\/files\/[\w-]+\/a\.pt \([\d.]+ \w+\)\n$/);
  const again = await models('publish', 'a.pt', '--name', 'net', '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ isNew: false, version: { name: 'net', number: 1, notes: 'first' } });
  const listed = await models('list');
  expect(listed.stdout).toMatch(/^model {2}versions {2}newest {2}aliases .*\nnet {4}1 {9}v1 {6}production \(v1\) /);
  expect((await models('show', 'net@production')).stdout).toContain('sha256     ');
  const exported = await models('export', 'net', 'out');
  expect(readFileSync(join(folder, exported.stdout.trim()))).toEqual(readFileSync(join(folder, 'a.pt')));
  expect(await models('verify', 'net')).toMatchObject({ code: 0, stdout: 'ok       net@v1\n' });
  expect((await models('export', 'net')).stderr).toContain('expected a folder, --mlflow or --wandb, got none');
  expect((await models('export', 'net', 'out', '--wandb')).stderr).toContain('or --wandb, got more than one');
  const refused = await models('remove', 'net@v1');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('expected a version without aliases, got production');
  const [, path] = /v1: (\S+) /.exec(published.stdout)!;
  writeFileSync(join(folder, path!), 'damaged');
  expect(await models('verify', 'net@production')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^DAMAGED {2}net@v1\n/),
  });
}, 60_000);
