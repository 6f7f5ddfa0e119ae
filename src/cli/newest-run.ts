// The run that `sconce resume` goes on with where none is named.

import { relative } from 'node:path';
import { listRuns } from './runs/list-runs.ts';

/** The folder of the newest run that is neither finished nor running; it is printed.
 *  @throws {Error} where there is none. */
export async function newestUnfinished(runsFolder: string): Promise<string> {
  const runs = await listRuns(runsFolder).catch((error: unknown) => {
    if (error instanceof Error && Object(error.cause).code === 'ENOENT') return [];
    throw error;
  });
  const found = runs.find(({ status }) => status !== 'finished' && status !== 'running');
  if (found === undefined) {
    throw new Error(
      `Cannot resume: expected a run in "${runsFolder}" that has not finished, got ${runs.length === 0 ? 'no runs' : `${runs.length} that have finished or are running`}; name a run, or say where runs are with --runs`,
    );
  }
  const folder = relative(process.cwd(), found.folder);
  console.error(`Going on with ${folder}, the newest run that has not finished (${found.status})`);
  return folder;
}
