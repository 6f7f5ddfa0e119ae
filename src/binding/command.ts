// Runs another program and waits for it, without blocking the event loop and without a shell.
import { spawn } from 'node:child_process';
import type { Environment } from './cache.ts';

export interface CommandResult {
  /** The exit status; undefined where the program was not found or a signal ended it. */
  readonly status: number | undefined;
  /** The program is not there at all. */
  readonly isMissing: boolean;
  readonly stdout: string;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly environment: Environment;
  readonly timeoutMs?: number;
  /** Called every ten seconds with the seconds gone, for a sign of life during long work. */
  readonly onWait?: (seconds: number) => void;
}

/** Runs `command` (program, then arguments) and collects what it prints. Never throws for a program that fails or is missing. */
export function runCommand(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const [program = '', ...commandArguments] = command;
  return new Promise((resolve) => {
    const child = spawn(program, commandArguments, {
      env: { ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { onWait, timeoutMs } = options;
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const startMs = performance.now();
    const wait = onWait && setInterval(() => onWait(Math.round((performance.now() - startMs) / 1000)), 10_000);
    // Not spawn's own timeout: that one goes on ticking, and keeps this process alive, after a program that is missing.
    const limit = timeoutMs === undefined ? undefined : setTimeout(() => child.kill(), timeoutMs);
    const stopTimers = (): void => {
      clearInterval(wait);
      clearTimeout(limit);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      stopTimers();
      resolve({ status: undefined, isMissing: error.code === 'ENOENT', stdout, output: output || error.message });
    });
    child.on('close', (status) => {
      stopTimers();
      resolve({ status: status ?? undefined, isMissing: false, stdout, output });
    });
  });
}

/** The last line of a program's output that says something: most programs end with the reason of their failure. */
export function lastLine(output: string): string {
  return output.trimEnd().split('\n').at(-1)?.trim() || 'no output';
}
