// Runs a program once for each rank of a job on this machine, and reads what each printed.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll } from 'vitest';
import { bundle } from '../child.ts';

export interface RankResult {
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** The one JSON value that it printed, if it did. */
  readonly value: unknown;
  readonly stderr: string;
}

export interface RankOptions {
  readonly args?: readonly string[];
  readonly timeoutMs?: number;
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A port that nobody listens on now, below those that systems give to connections: none of another test takes it meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await new Promise<boolean>((done) =>
      server.once('listening', () => done(true)).once('error', () => done(false)),
    );
    if (!isFree) continue;
    await new Promise((done) => server.close(done));
    return port;
  }
}

/** Programs of ranks, each bundled once for all tests of a file. */
const programs = new Map<string, ReturnType<typeof bundle>>();
afterAll(() => {
  for (const program of programs.values()) program.remove();
  programs.clear();
});

/** The file of a program that ranks run; it goes when the tests of this file have ended. */
export function programOf(entry: URL): string {
  const found = programs.get(entry.href) ?? bundle(entry);
  programs.set(entry.href, found);
  return found.path;
}

/** Runs `entry` as ranks 0 to `size` - 1, each with one thread. */
export async function runRanks(entry: URL, size: number, options: RankOptions = {}): Promise<RankResult[]> {
  const { args = [], timeoutMs = 60_000, environment = {} } = options;
  const command = [programOf(entry), ...args];
  const port = await freePort();
  return Promise.all(
    Array.from({ length: size }, (_, rank) => runRank(command, { rank, size, port, timeoutMs, environment })),
  );
}

interface Place {
  readonly rank: number;
  readonly size: number;
  readonly port: number;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
}

async function runRank(
  command: readonly string[],
  { rank, size, port, timeoutMs, environment }: Place,
): Promise<RankResult> {
  const env = {
    ...process.env,
    ...environment,
    OMP_NUM_THREADS: '1',
    RANK: `${rank}`,
    WORLD_SIZE: `${size}`,
    LOCAL_RANK: `${rank}`,
    MASTER_ADDR: '127.0.0.1',
    MASTER_PORT: `${port}`,
  };
  const child = spawn(process.execPath, ['--enable-source-maps', ...command], {
    env,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done) =>
    child.once('close', (...end) => done(end as [number | null, NodeJS.Signals | null])),
  );
  const value = stdout.trim() === '' ? undefined : JSON.parse(stdout);
  return { status: status ?? undefined, signal: signal ?? undefined, value, stderr };
}

/** The values that all ranks printed. @throws {Error} with what a rank said that failed. */
export function valuesOf(results: readonly RankResult[]): unknown[] {
  results.forEach(({ status, signal, stderr }, rank) => {
    if (status !== 0) throw new Error(`Rank ${rank} ended with ${signal ?? `exit code ${status}`}\n${stderr}`);
  });
  return results.map(({ value }) => value);
}
