// Two hosts on this machine, network namespaces joined by a relay that delays and loses packets (relay.cc), and ranks that run in them.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { RankResult } from '../ranks.ts';

/** Why there can be no hosts here; undefined where there can. */
export function whyNot(): string | undefined {
  if (process.platform !== 'linux' || !existsSync('/dev/net/tun')) return 'no /dev/net/tun';
  for (const program of ['g++', 'nsenter', 'ip']) if (spawnSync(program, ['--version']).error) return `no ${program}`;
  return spawnSync('unshare', ['--net', 'true']).status === 0 ? undefined : 'no network namespaces for this user';
}

export interface WireOptions {
  readonly delayMs: number;
  /** The part of packets that is lost. */
  readonly loss: number;
  readonly seed: number;
}

interface OnHost {
  readonly environment: Readonly<Record<string, string>>;
  readonly onError: (text: string) => void;
}

const HOSTS = [0, 1] as const;
/** The address of host 0. */
const FIRST_ADDRESS = '10.77.0.1';

let built: string | undefined;
afterAll(() => {
  if (built !== undefined) rmSync(built, { recursive: true });
  built = undefined;
});

/** The relay, compiled once for all tests of a file. */
function relayProgram(): string {
  built ??= mkdtempSync(join(tmpdir(), 'sconce-wire-'));
  const program = join(built, 'relay');
  if (existsSync(program)) return program;
  const source = fileURLToPath(new URL('./relay.cc', import.meta.url));
  const { status, stderr } = spawnSync('g++', ['-std=c++17', '-o', program, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Cannot build the relay: ${stderr}`);
  return program;
}

export class Wire {
  readonly #relay: ChildProcess;
  readonly #spaces: readonly string[];

  private constructor(relay: ChildProcess, spaces: readonly string[]) {
    this.#relay = relay;
    this.#spaces = spaces;
  }

  static async lay({ delayMs, loss, seed }: WireOptions): Promise<Wire> {
    const relay = spawn(relayProgram(), [delayMs, loss, seed].map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
    const spaces: string[] = [];
    for await (const line of createInterface({ input: relay.stdout })) if (spaces.push(line) === 2) break;
    if (spaces.length < 2) throw new Error('Cannot lay a wire: the relay ended');
    return new Wire(relay, spaces);
  }

  /** Runs a script as rank 0 and 1, each on its host. @param onError - hears what ranks write to standard error. */
  async run(script: readonly string[], onError: (text: string) => void = () => {}): Promise<RankResult[]> {
    const place = { WORLD_SIZE: '2', LOCAL_RANK: '0', MASTER_ADDR: FIRST_ADDRESS, MASTER_PORT: '29500' };
    return Promise.all(
      HOSTS.map((host) => this.#runOn(host, script, { environment: { RANK: `${host}`, ...place }, onError })),
    );
  }

  /** Runs a script once on each host, by the number of the host as its last argument; `MASTER_ADDR` is host 0. */
  async launch(script: readonly string[], onError: (text: string) => void): Promise<RankResult[]> {
    return Promise.all(
      HOSTS.map((host) =>
        this.#runOn(host, [...script, `${host}`], { environment: { MASTER_ADDR: FIRST_ADDRESS }, onError }),
      ),
    );
  }

  /** Takes the device of a host down. */
  cut(host: 0 | 1): void {
    spawnSync('nsenter', [`--net=${this.#spaces[host]}`, 'ip', 'link', 'set', 'tun0', 'down']);
  }

  /** Takes it up again. */
  mend(host: 0 | 1): void {
    spawnSync('nsenter', [`--net=${this.#spaces[host]}`, 'ip', 'link', 'set', 'tun0', 'up']);
  }

  async take(): Promise<void> {
    const ended = new Promise((done) => this.#relay.once('close', done));
    this.#relay.stdin!.end();
    await ended;
  }

  async #runOn(host: 0 | 1, script: readonly string[], { environment, onError }: OnHost): Promise<RankResult> {
    const child = spawn('nsenter', [`--net=${this.#spaces[host]}`, process.execPath, ...script], {
      env: { ...process.env, ...environment, OMP_NUM_THREADS: '1', GLOO_SOCKET_IFNAME: 'tun0' },
      timeout: 120_000,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onError(text);
    });
    const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done) =>
      child.once('close', (...end) => done(end as [number | null, NodeJS.Signals | null])),
    );
    const value = stdout.trim() === '' ? undefined : JSON.parse(stdout);
    return { status: status ?? undefined, signal: signal ?? undefined, value, stderr };
  }
}
