// One rank as a process, with a process group of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RankError } from '../environment/error-file.ts';
import { onCores } from './core-shares.ts';
import type { RankEnd, SignalName } from './rank-end.ts';
import type { RankGuard } from './rank-guard.ts';
import type { RankOutput } from './rank-output.ts';

/** What a rank is started with. @internal */
export interface RankStart {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly rank: number;
  readonly node: number;
  readonly cores: readonly number[] | undefined;
  readonly errorFile: string;
  readonly output: RankOutput;
  readonly guard: RankGuard;
}

/** What a rank has left open may keep its output open, but not the launcher. */
const CLOSE_MS = 2000;

/** @internal */
export class RankProcess {
  readonly rank: number;
  /** Kept when it has ended and its output is read. */
  readonly ended: Promise<RankEnd>;
  readonly #child: ChildProcess;
  #hasExited = false;
  #wasEnded = false;

  /** @param onExit - called as soon as the process is gone. */
  constructor(start: RankStart, onExit: (end: RankEnd) => void) {
    this.rank = start.rank;
    const { command, cwd, environment, cores, output, guard } = start;
    const [program, ...args] = command;
    this.#child = onCores(cores, () =>
      spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true }),
    );
    const { pid } = this.#child;
    if (pid !== undefined) guard.add(pid);
    output.read(this.#child.stdout!, 'stdout');
    output.read(this.#child.stderr!, 'stderr');
    this.ended = new Promise((resolve) => {
      const exited = (how: Pick<RankEnd, 'code' | 'signal' | 'error'>): void => {
        if (this.#hasExited) return;
        this.#hasExited = true;
        // What the rank has started ends with it.
        this.#killGroup();
        if (pid !== undefined) guard.delete(pid);
        const end = (): RankEnd => ({
          ...{ rank: start.rank, node: start.node, endedAtMs, wasEnded, lastLines: output.lastLines },
          ...how,
          error: how.error ?? readError(start.errorFile),
        });
        const [endedAtMs, wasEnded] = [Date.now(), this.#wasEnded];
        onExit(end());
        const closed = (): void => {
          clearTimeout(late);
          output.close();
          resolve(end());
        };
        const late = setTimeout(closed, CLOSE_MS);
        if (pid === undefined) closed();
        else this.#child.once('close', closed);
      };
      this.#child.on('exit', (code, signal) => exited({ code: code ?? undefined, signal: signal ?? undefined }));
      this.#child.on('error', (error) => {
        if (pid !== undefined) return; // a signal that could not be sent
        const { name, message, stack = '' } = error;
        exited({ code: 127, error: { name, message, stack, timestamp: Date.now(), rank: start.rank } });
      });
    });
  }

  /** Sends a signal to the rank itself, if it is there. */
  send(signal: SignalName): void {
    if (!this.#hasExited) this.#child.kill(signal as NodeJS.Signals);
  }

  /** Asks the rank to end because another has failed. */
  end(): void {
    this.#wasEnded = true;
    this.send('SIGTERM');
  }

  /** Ends the rank and what it has started, at once. */
  kill(): void {
    this.#wasEnded = true;
    if (!this.#hasExited) this.#killGroup();
  }

  #killGroup(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // nobody is left
    }
  }
}

function readError(path: string): RankError | undefined {
  try {
    const written = JSON.parse(readFileSync(path, 'utf8'));
    const { message, name = 'Error', stack = '', timestamp, rank, code, missingRanks } = written;
    return {
      ...{ message: String(message), name: String(name), stack: String(stack), timestamp: Number(timestamp), rank },
      ...(typeof code === 'string' && { code }),
      ...(Array.isArray(missingRanks) && { missingRanks }),
    };
  } catch {
    return undefined; // it wrote none, or was killed while it wrote
  }
}
