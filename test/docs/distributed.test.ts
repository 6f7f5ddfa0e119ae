// Every program of docs/distributed.md that opens with "```ts ranks", run by two ranks under the launcher.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { launch } from '../../src/distributed/index.ts';
import { bundle } from '../child.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/distributed.md'), 'utf8');
const programs = [...page.matchAll(/^```ts ranks\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

test.each(programs.map((code, i) => [i, code] as const))('program %i runs by two ranks', async (_, code) => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-page-'));
  const file = join(folder, 'program.ts');
  writeFileSync(file, code.replace(/from 'sconce(\/\w+)?'/g, `from '${root}src$1/index.ts'`));
  const program = bundle(pathToFileURL(file));
  try {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const { exitCode } = await launch({
      ...{ command: [process.execPath, program.path], numRanks: 2, signals: [] },
      output: { stdout, stderr },
    });
    const printed = String(stderr.read() ?? '').replace(/^\[launch\].*\n/gm, '');
    expect([exitCode, printed]).toEqual([0, '']);
    const lines = String(stdout.read() ?? '')
      .trim()
      .split('\n')
      .filter(Boolean);
    expect(lines.length).toBe(code.includes('step % 10') ? 2 : code.includes('console.log') ? 1 : 0);
    if (code.includes('have a state')) expect(lines).toEqual(['[rank 0] 2 parameters have a state']);
  } finally {
    program.remove();
    rmSync(folder, { recursive: true });
  }
});

test('the page has programs', () => {
  expect(programs.length).toBe(4);
});
