// Tests of unpacking a wheel, damaged ones included.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackWheel } from './wheel.ts';
import { zipOf } from './zip.fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-wheel-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function unpack(zip: Buffer): Promise<number> {
  writeFileSync(join(folder, 'a.whl'), zip);
  return unpackWheel(join(folder, 'a.whl'), ['torch/lib/', 'torch/include/'], join(folder, 'out'));
}

describe('unpackWheel()', () => {
  it('unpacks the wanted folders only, empty files included', async () => {
    const long = 'torch '.repeat(100_000);
    const files = { 'torch/lib/a.so': long, 'torch/include/deep/x.h': '', 'torch/nn.py': 'no', 'torch/lib/': '' };
    expect(await unpack(zipOf(files))).toBe(2);
    expect(readFileSync(join(folder, 'out/torch/lib/a.so'), 'utf8')).toBe(long);
    expect(readFileSync(join(folder, 'out/torch/include/deep/x.h'), 'utf8')).toBe('');
    expect(existsSync(join(folder, 'out/torch/nn.py'))).toBe(false);
  });

  it('refuses an entry whose checksum is wrong', async () => {
    await expect(unpack(zipOf({ 'torch/lib/a.so': 'x' }, 'torch/lib/a.so'))).rejects.toThrow(
      /"torch\/lib\/a\.so" with 1 bytes, CRC/,
    );
  });

  it.each([1, 20, 60])('refuses a file that is %i bytes short', async (numMissing) => {
    const zip = zipOf({ 'torch/lib/a.so': 'some text' });
    await expect(unpack(zip.subarray(0, zip.length - numMissing))).rejects.toThrow(SyntaxError);
  });

  it('refuses deflated bytes that are not', async () => {
    const zip = zipOf({ 'torch/lib/a.so': 'some text'.repeat(50) });
    zip.fill(0xff, 44, 50);
    await expect(unpack(zip)).rejects.toThrow('the file is damaged or cut short');
  });

  it('refuses a name that leads out of the folder', async () => {
    await expect(unpack(zipOf({ 'torch/lib/../../../evil': 'x' }))).rejects.toThrow('expected names inside the wheel');
    expect(existsSync(join(folder, '../evil'))).toBe(false);
  });
});
