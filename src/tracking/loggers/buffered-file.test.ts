import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BufferedFile } from './buffered-file.ts';

function temporaryPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-buffered-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'file');
}

function opened(path: string, fd = openSync(path, 'w')): { file: BufferedFile; warnings: string[]; fd: number } {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  return { file: new BufferedFile({ path, fd, position: 0, warn }), warnings, fd };
}

test('BufferedFile writes all there is when it is full, flushed and closed', () => {
  const path = temporaryPath();
  const { file, warnings } = opened(path);
  file.appendText('ä');
  expect(readFileSync(path, 'utf8')).toBe('');
  file.flush();
  expect(readFileSync(path, 'utf8')).toBe('ä');
  file.append(new Uint8Array(70_000).fill(98));
  expect(readFileSync(path).length).toBe(70_002);
  file.append(new Uint8Array(1_000_000).fill(99));
  file.appendText('end');
  file.close();
  file.close();
  expect(readFileSync(path, 'utf8').slice(-4)).toBe('cend');
  expect(warnings).toEqual([]);
});

test.runIf(existsSync('/dev/full'))(
  'BufferedFile on a full disk warns, holds so much and no more, and says what is missing',
  () => {
    const { file, warnings } = opened('/dev/full');
    file.appendText('one');
    file.flush();
    expect(warnings[0]).toMatch(/^Cannot write \/dev\/full: ENOSPC.*; it is tried again, and the run goes on$/);
    const megabyte = new Uint8Array(1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100; i += 1) file.append(megabyte);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(70 * 1024 * 1024);
    file.close();
    expect(warnings.at(-1)).toMatch(/got a disk that was full; 8[45] records and 1[56]\d{6} bytes are missing$/);
  },
);

test.runIf(existsSync('/proc/self/fd'))('BufferedFile writes what it held once there is room again', () => {
  const path = temporaryPath();
  const { file, warnings, fd } = opened(path);
  closeSync(fd); // from here on writes fail, as on a disk that is full
  file.appendText('one ');
  file.flush();
  expect(warnings.length).toBe(1);
  expect(openSync(path, 'r+')).toBe(fd); // the lowest free number: the same
  file.appendText('two');
  file.close();
  expect(readFileSync(path, 'utf8')).toBe('one two');
});
