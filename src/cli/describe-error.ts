// An error as a command prints it: what is wrong, and where in the user's own program.

import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../binding/sources.ts';
import { callbackFailure } from '../trainer/loop/callback-failures.ts';

const MAX_FRAMES = 4;

/** The message, and the lines of the stack that are the user's: not Node's, not a package's, not ours.
 *  @param options.isWhole - the whole stack instead. */
export function describeError(error: unknown, options: { isWhole: boolean }): string {
  if (!(error instanceof Error)) return String(error);
  const { stack = '' } = error;
  const message = messageOf(error);
  if (options.isWhole) return stack.includes(message) ? stack : `${message}\n${stack}`;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && isUsers(line));
  return [message, ...frames.slice(0, MAX_FRAMES)].join('\n');
}

/** The message, with the callback that threw it, if one did. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const failure = callbackFailure(error);
  return failure === undefined ? error.message : `${failure}: ${error.message}`;
}

function isUsers(frame: string): boolean {
  const [, place] = /(?:file:\/\/| \(| at )(\/[^)]*?):\d+:\d+\)?$/.exec(frame) ?? [];
  if (place === undefined) return false; // Node's own and native ones have no path
  const path = frame.includes('file://') ? fileURLToPath(`file://${place}`) : place;
  const own = [join(packageFolder(), 'dist'), join(packageFolder(), 'src')];
  return !path.includes(`${sep}node_modules${sep}`) && !own.some((folder) => path.startsWith(folder + sep));
}
