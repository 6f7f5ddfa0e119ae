// Tests of which machines are served, by what wheel, and where the cache and Debian are recognised.
import { describe, expect, it } from 'vitest';
import { cacheFolder } from './cache.ts';
import { isDebian } from './debian.ts';
import { findLink } from './fetch-wheel.ts';
import { requirePlatform } from './platform.ts';

describe('requirePlatform()', () => {
  it('knows three kinds of machine, of which one is tested', () => {
    expect(requirePlatform('linux', 'x64', false)).toMatchObject({ requirement: 'torch==2.13.0+cpu', isTested: true });
    expect(requirePlatform('linux', 'arm64', false)).toMatchObject({
      pipPlatform: 'manylinux_2_28_aarch64',
      isTested: false,
    });
    expect(requirePlatform('darwin', 'arm64', false)).toMatchObject({ requirement: 'torch==2.13.0', isTested: false });
  });

  it.each([
    ['win32', 'x64', false, 'got win32 x64; use a container of Debian 12, or on Windows WSL'],
    ['linux', 'x64', true, 'got linux x64 with musl;'],
  ])('refuses %s %s (musl %s)', (system, architecture, hasMusl, message) => {
    expect(() => requirePlatform(system, architecture, hasMusl)).toThrow(message);
  });
});

describe('findLink()', () => {
  const { wheelName } = requirePlatform('linux', 'x64', false);
  const name = 'torch-2.13.0%2Bcpu-cp311-cp311-manylinux_2_28_x86_64.whl';
  const sha256 = 'ab'.repeat(32);

  it('finds the wheel among others and resolves its address', () => {
    const page = `<a href="/w/${name.replace('cp311-cp311', 'cp312-cp312')}#sha256=${sha256}">x</a>\n<a data-x="&gt;" href="/w/${name}#sha256=${sha256}">y</a>`;
    const link = findLink(page, 'https://index.example/whl/cpu/torch/', wheelName);
    expect(link?.sha256).toBe(sha256);
    expect(link?.address.href).toContain(`https://index.example/w/${name}`);
  });

  it('does not take a link without a checksum', () => {
    expect(findLink(`<a href="/w/${name}">x</a>`, 'https://index.example/', wheelName)).toBeUndefined();
  });
});

describe('isDebian()', () => {
  it.each([
    ['ID=debian\n', true],
    ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', true],
    ['ID=pop\nID_LIKE="ubuntu debian"\n', true],
    ['ID=fedora\nHOME_URL="https://debian.org"\n', false],
  ])('reads %j as %s', (text, expected) => expect(isDebian(text)).toBe(expected));
});

describe('cacheFolder()', () => {
  it('prefers SCONCE_CACHE, then XDG_CACHE_HOME, then the home folder', () => {
    const all = { SCONCE_CACHE: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' };
    expect(cacheFolder(all)).toBe('/a');
    expect(cacheFolder({ ...all, SCONCE_CACHE: '' })).toBe('/b/sconce');
    expect(cacheFolder({ HOME: '/c' })).toBe('/c/.cache/sconce');
  });
});
