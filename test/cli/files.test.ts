// `sconce convert` and `sconce verify` as processes: what they print, and how they end.
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { save, tensor } from '../../src/index.ts';
import { requireCompiled, sconce } from './sconce.ts';

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-files-')));
  await save({ epoch: 3, model: { w: tensor([1, Number.NaN]) } }, join(folder, 'in.pt'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('sconce convert says what it did, and what it does not do', async () => {
  expect(await sconce(['convert', 'in.pt', 'out.safetensors', '--prefix', 'x.'], folder)).toMatchObject({
    code: 0,
    stderr: '',
    stdout: [
      'Read "in.pt": a PyTorch file, 1 tensors of weights (8 B, float32)',
      'Wrote "out.safetensors": safetensors, 1 tensors of weights (8 B, float32)',
      'Dropped: epoch',
      '',
    ].join('\n'),
  });
  const again = await sconce(['convert', 'in.pt', 'out.safetensors'], folder);
  expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--force replaces it') });
});

test('sconce verify ends with 1 for damage, and for numbers that are not finite where that is asked', async () => {
  const fine = await sconce(['verify', 'in.pt'], folder);
  expect(fine).toMatchObject({ code: 0, stderr: '' });
  expect(fine.stdout).toContain('not finite: model.w, 1 NaN and 0 infinite');
  const strict = await sconce(['verify', 'in.pt', '--finite', '--json'], folder);
  expect(strict.code).toBe(1);
  expect(JSON.parse(strict.stdout)).toMatchObject({ isIntact: true, isFinite: false, files: [{ numTensors: 1 }] });
  writeFileSync(join(folder, 'cut.pt'), readFileSync(join(folder, 'in.pt')).subarray(0, 200));
  const damaged = await sconce(['verify', 'cut.pt'], folder);
  expect(damaged).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^DAMAGED {2}cut\.pt\n {9}Cannot read checkpoint/),
  });
});
