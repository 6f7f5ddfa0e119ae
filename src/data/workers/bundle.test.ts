import { mkdir, mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { linkPackage } from './bundle.ts';

it('linkPackage() has a link at every moment, when many ranks make it and when it changes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sconce-link-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const targets = ['one', 'two'].map((name) => join(folder, name));
  for (const target of targets) await mkdir(target);
  const link = join(folder, 'node_modules', 'sconce');
  await linkPackage(folder, 'sconce', targets[0]!);
  let isOver = false;
  const watched = (async () => {
    while (!isOver) await stat(link);
  })();
  await Promise.all(Array.from({ length: 100 }, (_, i) => linkPackage(folder, 'sconce', targets[i % 2]!)));
  isOver = true;
  await watched;
  await linkPackage(folder, 'sconce', targets[1]!);
  expect(await readlink(link)).toBe(targets[1]);
  expect(await readdir(join(folder, 'node_modules'))).toEqual(['sconce']);
});
