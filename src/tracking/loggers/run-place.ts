// Where a logger's files of a run lie.
import { join } from 'node:path';
import type { RunInfo } from '../logger.ts';

/** In the folder for all runs where there is one, under the run's name; else in the run's own folder; else in a folder of the working directory.
 *  A run without a folder has no name of its own: its id stands behind.
 *  @param within - a folder inside the run's own; none for itself. */
export function placeOf(
  run: Pick<RunInfo, 'id' | 'name' | 'folder'>,
  { logDir, within = '', otherwise }: { logDir: string | undefined; within?: string; otherwise: string },
): string {
  if (logDir === undefined && run.folder !== undefined) return join(run.folder, within);
  return join(logDir ?? otherwise, run.folder === undefined ? `${run.name}-${run.id}` : run.name);
}
