import { expect, test } from 'vitest';
import { fileStems } from './file-stem.ts';

test('fileStems() gives names that every system takes, none twice', () => {
  const next = fileStems();
  const names = ['val/Loss', 'val loss', '../../etc/passwd', '…', 'R@1', 'recalls.top1', 'x'.repeat(200)];
  const stems = ['val-loss', 'val-loss-2', 'etc-passwd', 'picture', 'r@1', 'recalls.top1', 'x'.repeat(80)];
  expect(names.map(next)).toEqual(stems);
  const kept = fileStems({ keepsCase: true });
  expect(['Loss', 'loss'].map(kept)).toEqual(['Loss', 'loss-2']);
});
