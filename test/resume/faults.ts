// Plays a training with a fault at its n-th system call on the checkpoints, and again without one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export type FaultKind = 'EIO' | 'ENOSPC' | 'kill';

export interface Played {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** The step that it began with, its warnings and the bits of its weights; undefined where it failed. */
  readonly result: { readonly startedAt: number; readonly warnings: string[]; readonly weights: string } | undefined;
}

export class FaultyTraining {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sconce-faults-'));
  readonly #root: string;
  readonly #script: string;
  readonly #library = join(this.#folder, 'fail-call.so');
  readonly #mode: 'asynchronous' | 'synchronous';
  #numRuns = 0;

  /** @param root - folder of the repository.  @throws {Error} where there is no C compiler. */
  constructor(root: string, mode: 'asynchronous' | 'synchronous') {
    this.#root = root;
    this.#mode = mode;
    // Two levels below the package folder, as `src/binding` is: the bundled loader finds the package from there.
    this.#script = join(root, 'node_modules/.sconce-test', `faults-${mode}-${process.pid}.mjs`);
    buildSync({
      entryPoints: [join(root, 'test/resume/fault-training.ts')],
      outfile: this.#script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      alias: {
        sconce: join(root, 'src/index.ts'),
        'sconce/data': join(root, 'src/data/index.ts'),
        'sconce/trainer': join(root, 'src/trainer/index.ts'),
      },
    });
    const source = join(root, 'test/resume/fail-call.c');
    const made = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', this.#library, source, '-ldl'], {
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(`Cannot compile fail-call.c: ${made.error?.message ?? made.stderr}`);
  }

  /** The calls of a training without faults, as in `rename epoch_000_step_000002.ckpt`, and what it comes to. */
  whole(): { calls: string[]; played: Played } {
    const folder = this.#newFolder();
    const log = `${folder}.log`;
    const played = this.#play(folder, { SCONCE_FAULT_LOG: log });
    return { calls: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [], played };
  }

  /** @param at - the number of the call, from 1. */
  fail(kind: FaultKind, at: number): { failed: Played; stored: string[]; resumed: Played } {
    const folder = this.#newFolder();
    const failed = this.#play(folder, { SCONCE_FAULT_KIND: kind, SCONCE_FAULT_AT: String(at) });
    const place = join(folder, 'experiment');
    const stored = existsSync(place) ? readdirSync(place).filter((name) => name.startsWith('epoch')) : [];
    const resumed = this.#play(folder, {});
    rmSync(folder, { recursive: true, force: true });
    return { failed, stored, resumed };
  }

  remove(): void {
    rmSync(this.#script, { force: true });
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #newFolder(): string {
    return join(this.#folder, `run-${this.#numRuns++}`);
  }

  #play(folder: string, faults: Readonly<Record<string, string>>): Played {
    const isFaulty = Object.keys(faults).length > 0;
    const preload = isFaulty ? { LD_PRELOAD: this.#library, SCONCE_FAULT_FOLDER: folder, ...faults } : {};
    const run = spawnSync(process.execPath, [this.#script, folder, this.#mode], {
      encoding: 'utf8',
      cwd: this.#root,
      env: { ...process.env, OMP_NUM_THREADS: '1', UV_USE_IO_URING: '0', ...preload },
      timeout: 120_000,
      killSignal: 'SIGABRT',
    });
    const result = run.status === 0 ? (JSON.parse(run.stdout) as Played['result']) : undefined;
    return { status: run.status, signal: run.signal, stderr: run.stderr, result };
  }
}

/** What is wrong with how a training came back from a fault; undefined where nothing is. */
export function faultProblem(
  { failed, stored, resumed }: ReturnType<FaultyTraining['fail']>,
  kind: FaultKind,
  whole: Played,
): string | undefined {
  if (kind === 'kill' && failed.signal !== 'SIGKILL') return `expected SIGKILL, got ${failed.signal ?? failed.status}`;
  if (kind !== 'kill' && failed.status === 1 && !/ENOSPC|EIO|ENOENT: [^\n]*mkdir/.test(failed.stderr))
    return `expected an error with its reason, got\n${failed.stderr}`;
  if (kind !== 'kill' && failed.status !== 0 && failed.status !== 1)
    return `expected an orderly end, got ${failed.signal ?? failed.status}\n${failed.stderr}`;
  if (resumed.result === undefined) return `expected to go on, got\n${resumed.stderr}`;
  if (stored.length > 0 && resumed.result.startedAt === 1) return `expected to go on from ${stored}, began anew`;
  if (resumed.result.weights !== whole.result!.weights) return 'expected the weights of the training without faults';
  return undefined;
}
