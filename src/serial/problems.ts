// The two kinds of CheckpointError that this layer throws, so that every message begins alike and can be given its file.
import { CheckpointError } from '../errors.ts';

const cannotRead = 'Cannot read checkpoint';
const cannotWrite = 'Cannot write checkpoint';

/** A checkpoint that is damaged, hostile, or of a kind that is not supported. `problem` reads "expected …, got …". */
export function unreadable(problem: string, options?: ErrorOptions): CheckpointError {
  return new CheckpointError(`${cannotRead}: ${problem}`, options);
}

/** A value or a place that a checkpoint cannot be written to. `problem` reads "expected …, got …". */
export function unwritable(problem: string, options?: ErrorOptions): CheckpointError {
  return new CheckpointError(`${cannotWrite}: ${problem}`, options);
}

/** The same error, naming the file: what `unreadable` and `unwritable` made keeps its problem, anything else becomes the problem. */
export function inFile(action: 'read' | 'write', path: string, error: unknown): CheckpointError {
  const prefix = action === 'read' ? cannotRead : cannotWrite;
  const message = error instanceof Error ? error.message : String(error);
  const problem = message.startsWith(`${prefix}: `) ? message.slice(prefix.length + 2) : message;
  return new CheckpointError(`${prefix} "${path}": ${problem}`, { cause: error, path });
}
