// `sconce plot` as a process: files for one run and for several, messages, and a machine without fonts.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireCompiled, sconce } from './sconce.ts';

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-plot-')));
  for (const run of ['a', 'b']) writeRun(join(folder, 'runs', run), run === 'a' ? 1 : 2);
});
afterAll(() => rmSync(folder, { recursive: true }));

function writeRun(path: string, factor: number): void {
  mkdirSync(path, { recursive: true });
  const lines: object[] = [{ kind: 'header', format: 'sconce-run', version: 1, time: 0 }];
  for (let step = 1; step <= 6; step += 1) {
    const values = {
      'train/loss': factor / step,
      ...(step % 3 === 0 ? { 'val/loss': factor / step + 0.1 } : {}),
      lr: 0.1,
    };
    lines.push({ kind: 'metrics', step, microStep: step, epoch: Math.floor((step - 1) / 3), time: 0, values });
  }
  writeFileSync(join(path, 'metrics.jsonl'), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
}

test('sconce plot writes the pictures of a run, and says by name what it has no metric for', async () => {
  const { code, stdout } = await sconce(['plot', 'runs/a'], folder);
  expect([code, stdout.trim().split('\n')]).toEqual([
    0,
    ['loss', 'loss-epochs', 'lr'].map((name) => `runs/a/plots/${name}.svg`),
  ]);
  const wrong = await sconce(['plot', 'runs/a', '--metrics', 'acc'], folder);
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    'Cannot draw "acc": expected a metric of the run; there are train/loss, lr, val/loss\n',
  ]);
});

test('sconce plot draws runs together; without a font its PNG files have no words, and it says so', async () => {
  const config = join(folder, 'fonts.conf');
  writeFileSync(
    config,
    `<?xml version="1.0"?><fontconfig><dir>${folder}/none</dir><cachedir>${folder}/cache</cachedir></fontconfig>`,
  );
  const { code, stderr } = await sconce(
    ['plot', 'runs/a', 'runs/b', '--metrics', 'loss', '--out', 'both', '--png'],
    folder,
    { FONTCONFIG_FILE: config },
  );
  expect([code, readdirSync(join(folder, 'both')).sort()]).toEqual([
    0,
    ['loss-epochs.png', 'loss-epochs.svg', 'loss.png', 'loss.svg'],
  ]);
  expect(
    stderr.match(/^warning: Cannot write text into a PNG: expected a font on this system, got none/gm),
  ).toHaveLength(1);
});
