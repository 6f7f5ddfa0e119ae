// The live comparison with PyTorch: random programs here and in a Python, compared to the bit. Runs in a child process, so that one that dies is a finding.
// By hand: node test/stress/parity.mjs --seed 5 --minutes 2 [--only 'nn.Conv'] [--case 1234] [--cases 5000]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** @param options - seed, minutes; and only, a pattern of specs, from and to, numbers of cases. */
export async function run(options) {
  // Two levels below the package folder, as `src/binding` is: the bundled loader finds the package from there.
  const script = join(root, 'node_modules/.sconce-test', `parity-${process.pid}.mjs`);
  const folder = mkdtempSync(join(tmpdir(), 'sconce-live-'));
  const progress = join(folder, 'progress');
  const remove = () => {
    rmSync(script, { force: true });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    buildSync({
      entryPoints: [join(root, 'test/parity/live/child.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      sourcemap: 'inline',
      keepNames: true,
    });
    writeFileSync(progress, 'nothing');
    const task = JSON.stringify({ ...options, progress, peerScript: join(root, 'test/parity/live/peer.py') });
    const environment = { ...process.env, OMP_NUM_THREADS: '1' };
    const command = ['--enable-source-maps', script, task];
    const { status, signal } = spawnSync(process.execPath, command, { stdio: 'inherit', env: environment });
    if (signal)
      throw new Error(`Cannot pass parity: ${signal} in ${readFileSync(progress, 'utf8')}, seed ${options.seed}`);
    if (status !== 0) throw new Error(`Cannot pass parity: expected no differences, seed ${options.seed}`);
  } finally {
    remove();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      only: { type: 'string' },
      case: { type: 'string' },
      cases: { type: 'string' },
    },
  });
  const number = values.case === undefined ? undefined : Number(values.case);
  const to = number === undefined ? values.cases && Number(values.cases) : number + 1;
  await run({ seed: Number(values.seed), minutes: Number(values.minutes), only: values.only, from: number, to });
}
