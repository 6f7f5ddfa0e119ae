// The error that ends a rank, written where its launcher reads it.
import { writeFileSync } from 'node:fs';

/** The error that ended a rank, as it lies in `TORCHELASTIC_ERROR_FILE`. */
export interface RankError {
  readonly message: string;
  /** The class, as in `TypeError`. */
  readonly name: string;
  readonly stack: string;
  /** When, in milliseconds since 1970. */
  readonly timestamp: number;
  readonly rank: number;
  /** The error's `code`, where it has one. */
  readonly code?: string | undefined;
  /** Of a `DistributedError` that names them: the ranks that are missing. */
  readonly missingRanks?: readonly number[] | undefined;
}

/** What an error says beyond its words. */
function factsOf(error: unknown): Pick<RankError, 'code' | 'missingRanks'> {
  const { code, missingRanks } = (error ?? {}) as { readonly code?: unknown; readonly missingRanks?: unknown };
  return {
    ...(typeof code === 'string' && { code }),
    ...(Array.isArray(missingRanks) && { missingRanks: missingRanks as readonly number[] }),
  };
}

/** Writes the error that ends this rank to `TORCHELASTIC_ERROR_FILE`. Without that variable, or where an error is there already, it does nothing. */
export function writeRankError(error: unknown): void {
  const path = process.env.TORCHELASTIC_ERROR_FILE;
  if (!path) return;
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const written: RankError = {
    ...{ message, name, stack: stackOf(error) },
    ...{ timestamp: Date.now(), rank: Number(process.env.RANK ?? 0) },
    ...factsOf(error),
  };
  try {
    writeFileSync(path, JSON.stringify(written), { flag: 'wx' });
  } catch {
    // The error itself goes on to be printed: that it cannot be written, or is there, must not take its place.
  }
}

/** The stack, with those of its causes below it. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack = '', cause } = error;
  const own = stack.includes(message) ? stack : `${name}: ${message}\n${stack}`;
  return cause instanceof Error ? `${own}\nCaused by: ${stackOf(cause)}` : own;
}

let isRecording = false;

/** From now on what ends this rank uncaught is written to `TORCHELASTIC_ERROR_FILE` too. The process ends as it would without. */
export function recordRankErrors(): void {
  if (isRecording || !process.env.TORCHELASTIC_ERROR_FILE) return;
  isRecording = true;
  process.on('uncaughtExceptionMonitor', writeRankError);
}
