// What one rank does for all: a run's folder is made once, however many processes train into it.

import { writeRankError } from '../../distributed/environment/error-file.ts';
import {
  barrier,
  broadcastObject,
  destroyProcessGroup,
  initProcessGroup,
  readRankEnvironment,
} from '../../distributed/index.ts';
import { DistributedError } from '../../errors.ts';

/** Whether this process speaks for all ranks. */
export function isPrimaryRank(): boolean {
  return (readRankEnvironment()?.rank ?? 0) === 0;
}

/** What `make` gives on the primary, for every rank; plain data. Ranks meet for it and part again: a trainer joins as its configuration says.
 *  @returns undefined where the primary failed: it says why itself, and this process ends with exit code 1. */
export async function fromPrimary<Made>(make: () => Promise<Made>): Promise<Made | undefined> {
  const place = readRankEnvironment();
  if (place === undefined || place.worldSize === 1) return make();
  await initProcessGroup();
  try {
    const told = place.rank === 0 ? await attempt(make) : undefined;
    const heard = broadcastObject(told?.outcome, { src: 0 })!;
    await barrier(); // nobody parts before all have heard
    if ('made' in heard) return heard.made;
    if (told !== undefined) throw told.error;
    writeRankError(new DistributedError(`Cannot begin: expected the first rank to, got ${heard.failure}`));
    process.exitCode = 1;
    return undefined;
  } finally {
    destroyProcessGroup();
  }
}

type Outcome<Made> = { readonly made: Made } | { readonly failure: string };

async function attempt<Made>(
  make: () => Promise<Made>,
): Promise<{ readonly outcome: Outcome<Made>; readonly error?: unknown }> {
  try {
    return { outcome: { made: await make() } };
  } catch (error) {
    return { outcome: { failure: error instanceof Error ? error.message : String(error) }, error };
  }
}
