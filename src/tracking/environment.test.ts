import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectEnvironment, readGitCommit } from './environment.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sconce-git-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const commit = '0123456789abcdef0123456789abcdef01234567';
function write(path: string, text: string): void {
  const full = join(root, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, text);
}

test('readGitCommit() follows HEAD to a branch, loose or packed, from a folder inside', () => {
  write('.git/HEAD', 'ref: refs/heads/main\n');
  write('src/deep/file', '');
  expect(readGitCommit(join(root, 'src/deep'))).toBeUndefined(); // no commit yet
  write('.git/packed-refs', `# pack-refs with: peeled\n${commit} refs/heads/main\n${'f'.repeat(40)} refs/heads/x\n`);
  expect(readGitCommit(join(root, 'src/deep'))).toBe(commit);
  write('.git/refs/heads/main', `${'a'.repeat(40)}\n`);
  expect(readGitCommit(root)).toBe('a'.repeat(40));
});

test('readGitCommit() reads a detached HEAD and the work tree of another folder', () => {
  write('main/.git/HEAD', `${commit}\n`);
  expect(readGitCommit(join(root, 'main'))).toBe(commit);
  write('main/.git/refs/heads/side', `${'b'.repeat(40)}\n`);
  write('main/.git/worktrees/side/HEAD', 'ref: refs/heads/side\n');
  write('main/.git/worktrees/side/commondir', '../..\n');
  write('side/.git', `gitdir: ${join(root, 'main/.git/worktrees/side')}\n`);
  expect(readGitCommit(join(root, 'side'))).toBe('b'.repeat(40));
});

test('collectEnvironment() describes this process and leaves out what nobody knows', () => {
  const environment = collectEnvironment({ folder: root, packages: { sconce: '0.1.0' } });
  expect(environment).toMatchObject({ node: process.versions.node, packages: { sconce: '0.1.0' } });
  expect(environment.cores).toBeGreaterThan(0);
  expect(environment.memoryBytes).toBeGreaterThan(1e6);
  expect('gitCommit' in environment).toBe(false);
  expect('libtorch' in environment).toBe(false);
});
