// Tests of where the cache is, whether set-up can write there, and how its folders are made.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolder, cacheProblem, makeFolder, requireRoom } from './cache.ts';

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

it('makeFolder() makes what is missing, leaves what is there, and says what is in the way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-cache-'));
  try {
    const deep = join(folder, 'a/b/c');
    makeFolder(deep);
    writeFileSync(join(deep, 'file'), 'kept');
    makeFolder(deep);
    expect(readFileSync(join(deep, 'file'), 'utf8')).toBe('kept');
    expect(() => makeFolder(join(deep, 'file'))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(deep, 'file/d'))).toThrow(/ENOTDIR/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// Nobody can make a folder there, and the system says that the parent is missing: Node's recursive mkdir would never end.
it.runIf(existsSync('/proc/self'))('requireRoom() gives up on a folder in /proc, and says what to set', () => {
  for (const folder of ['/proc/sconce-cache', '/proc/sconce-cache/below']) {
    expect(() => requireRoom('build the addon', folder, 1)).toThrow(
      /^Cannot build the addon: expected a folder that can be written, got E\w+: .* mkdir '\/proc\/sconce-cache'; set SCONCE_CACHE to another folder$/,
    );
  }
});
