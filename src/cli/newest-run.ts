// The run that a command is about where none is named.

import { relative } from 'node:path';
import { type ListedRun, listRuns } from './runs/list-runs.ts';

/** The folder of the newest run that is neither finished nor running; it is printed.
 *  @throws {Error} where there is none. */
export async function newestUnfinished(runsFolder: string): Promise<string> {
  const runs = await runsIn(runsFolder);
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

/** The folder of the newest run.
 *  @throws {Error} where there is none. */
export async function newestRun(runsFolder: string): Promise<string> {
  const [newest] = await runsIn(runsFolder);
  if (newest !== undefined) return newest.folder;
  throw new Error(
    `Cannot find a run: expected one in "${runsFolder}", got none there; name a run, or say where runs are with --runs`,
  );
}

async function runsIn(runsFolder: string): Promise<ListedRun[]> {
  return listRuns(runsFolder).catch((error: unknown) => {
    if (error instanceof Error && Object(error.cause).code === 'ENOENT') return [];
    throw error;
  });
}
