// What a run was asked to do, as its folder says it.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runPaths } from '../tracking/run-format.ts';

/** What a run was asked to do.
 *  @param action - for messages, as in `resume`.
 *  @throws {Error} for what is no folder of a run. */
export async function readAsked(runFolder: string, action: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const asked: unknown = JSON.parse(await readFile(runPaths(resolve(runFolder)).config, 'utf8'));
    if (typeof asked === 'object' && asked !== null) return asked as Readonly<Record<string, unknown>>; // an object can be read by name
    throw new SyntaxError('config.json holds no object');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isMissing = Object(cause).code === 'ENOENT';
    throw new Error(
      `Cannot ${action} "${runFolder}": expected a run's folder with its config.json, got ${isMissing ? 'none there; `sconce runs` lists the folders' : reason}`,
      { cause },
    );
  }
}
