// What c10d says when something fails, in words that say what to do.
import { DistributedError, NativeError } from '../../errors.ts';

/** @throws {DistributedError} where the addon was built for a libtorch that has no c10d. @internal */
export function requireC10d(native: object, action: string): void {
  if ('makeGroup' in native) return;
  throw new DistributedError(
    `Cannot ${action}: expected a libtorch with distributed and Gloo, got one that was built without; choose another with SCONCE_LIBTORCH, then run: npx sconce setup`,
  );
}

/** What a promise of the addon gives. @param action - what is tried, after "Cannot". @throws {DistributedError} where c10d fails. @internal */
export async function told<Result>(
  action: string,
  promise: Promise<Result>,
  others?: readonly number[],
): Promise<Result> {
  try {
    return await promise;
  } catch (error) {
    throw distributedError(action, error, others);
  }
}

/** What ranks have not done where their calls do not fit one another. */
const SAME_CALLS = 'expected all ranks to call the same functions in the same order with the same shapes and dtypes';

/** The error for what c10d threw. What is no error of the addon's goes on as it is. @internal */
export function distributedError(action: string, error: unknown, others: readonly number[] = []): unknown {
  if (!(error instanceof NativeError)) return error;
  const said = error.message.replace(/^Cannot call \w+: /, '').replace(/^\[\S+\.(?:cc|cpp):\d+\] /, '');
  const [, missing] = /Ranks? ([\d, ]+) failed to pass/.exec(said) ?? [];
  if (missing !== undefined) {
    const missingRanks = missing.split(',').map(Number);
    return new DistributedError(`Cannot ${action}: expected all ranks in time, got none of ${named(missingRanks)}`, {
      cause: error,
      missingRanks,
    });
  }
  const late = lateWords(said, others);
  if (late === undefined) return new DistributedError(`Cannot ${action}: ${wordsFor(said)}`, { cause: error });
  const missingRanks = others.length === 1 ? others : []; // Gloo does not say which of several
  return new DistributedError(`Cannot ${action}: ${late}`, { cause: error, missingRanks });
}

/** What to say of ranks that do not come in time; undefined where something else went wrong. @param others - those that were waited for, where they are known. */
function lateWords(said: string, others: readonly number[]): string | undefined {
  const who = others.length === 0 ? 'the other ranks' : named(others);
  const got = others.length > 1 ? 'nothing of at least one of them' : 'nothing';
  const [, timeMs] = /Timed out waiting (\d+)ms/.exec(said) ?? [];
  if (timeMs !== undefined)
    return `expected ${who} within ${timeMs} ms, got ${got}; it is late, cut off, or called another function`;
  if (/Application timeout caused pair closure/.test(said))
    return `expected ${who}, got ${got} in time in an earlier call; the group has ended with that`;
  return undefined;
}

/** Whether an error says that other ranks are gone or late, as it comes out of a collective, or of a backward pass in which gradients are averaged. @internal */
export function isOfOtherRanks(error: unknown): boolean {
  if (error instanceof DistributedError) return !error.message.includes(SAME_CALLS);
  return (
    error instanceof NativeError &&
    /gloo\/|gloo::|Connection (?:closed|reset) by peer|NCCL communicator|ncclRemoteError/.test(error.message)
  );
}

/** `rank 1`, `ranks 1 and 3`. @internal */
export function named(ranks: readonly number[]): string {
  if (ranks.length === 1) return `rank ${ranks[0]}`;
  return `ranks ${ranks.slice(0, -1).join(', ')} and ${ranks.at(-1)}`;
}

function wordsFor(said: string): string {
  const [, address, reason] = /(?:Read|Write) error \[?([^\]]*\]?:\d+): ([^.]*)/.exec(said) ?? [];
  if (address !== undefined || /Connection closed by peer/.test(said)) {
    const where = address === undefined ? '' : ` at ${address.replace(/\]/, '')} (${reason})`;
    return `expected all ranks to be there, got a lost connection to the rank${where}; what it printed last says why it ended`;
  }
  const [, bytes, wantedBytes] = /op\.preamble\.length <= op\.nbytes\. (\d+) vs (\d+)/.exec(said) ?? [];
  if (bytes !== undefined)
    return `${SAME_CALLS}, got ${bytes} bytes of another rank where ${wantedBytes} were to come; checksCalls of initProcessGroup says which calls differ`;
  const [, calls] = /Detected mismatch between collectives on ranks\. (.*)/s.exec(said) ?? [];
  if (calls !== undefined) return `${SAME_CALLS}, got others: ${calls}`;
  const [, timeMs] = /Timed out waiting (\d+)ms/.exec(said) ?? [];
  if (timeMs !== undefined)
    return `expected the other ranks within ${timeMs} ms, got nothing of one; it is late, or called another function`;
  const [, wrongDtype] = /data type is not supported for NCCL process group:? ?(\w*)/.exec(said) ?? [];
  if (wrongDtype !== undefined) return `expected a dtype that NCCL has, got ${wrongDtype || 'another one'}`;
  if (/Duplicate GPU detected/.test(said))
    return 'expected a GPU of its own for each rank, got one that several ranks of a machine have; device of initProcessGroup, or LOCAL_RANK, says which';
  if (said === 'Invalid scalar type') return 'expected a dtype that Gloo has, got another one, as int16 is';
  if (/EADDRINUSE|Address already in use/i.test(said))
    return 'expected a free port, got one that is in use; choose another one with MASTER_PORT';
  const [lost] =
    /^(?:Connection timed out|Connection reset by peer|Broken pipe|No route to host|Network is unreachable)/.exec(
      said,
    ) ?? [];
  if (lost !== undefined)
    return `expected the store to answer, got ${lost}; its process has ended, or the network to it is cut`;
  return said;
}
