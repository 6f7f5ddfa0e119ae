// Tests of where the cache is and whether set-up can write there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolder, cacheProblem } from './cache.ts';

it('cacheFolder() goes by SCONCE_CACHE, XDG_CACHE_HOME, HOME and then the system, and takes an empty one for none', () => {
  const all = { SCONCE_CACHE: 'mine', XDG_CACHE_HOME: '/xdg', HOME: '/home/a' };
  expect(cacheFolder(all)).toBe(resolve('mine'));
  expect(cacheFolder({ ...all, SCONCE_CACHE: '' })).toBe('/xdg/sconce');
  expect(cacheFolder({ HOME: '/home/a', XDG_CACHE_HOME: 'relative' })).toBe('/home/a/.cache/sconce');
  expect(cacheFolder({ HOME: '' })).toBe(join(userInfo().homedir, '.cache/sconce'));
  expect(cacheFolder({})).toBe(join(userInfo().homedir, '.cache/sconce'));
});

it('cacheProblem() names what is in the way, in the cache or above it, and makes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-cache-'));
  try {
    expect(cacheProblem(join(folder, 'new/cache'))).toBeUndefined();
    expect(cacheProblem(folder)).toBeUndefined();
    writeFileSync(join(folder, 'file'), '');
    expect(cacheProblem(join(folder, 'file/cache'))).toBe(`"${join(folder, 'file')}", which is no folder`);
    mkdirSync(join(folder, 'cache'));
    writeFileSync(join(folder, 'cache/objects'), '');
    expect(cacheProblem(join(folder, 'cache'))).toBe(`"${join(folder, 'cache/objects')}", which is no folder`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
