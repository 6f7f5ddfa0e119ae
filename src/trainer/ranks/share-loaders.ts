// Gives each rank its part of the loaders that all ranks were given alike.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import type { Ranks } from './ranks.ts';

/** This rank's part of each loader. One that already plays the part of a rank stays as it is.
 *  @throws {ConfigError} for one that cannot be shared, and for one that is shared by another number of processes. */
export function shareLoaders(
  loaders: readonly BatchLoader<unknown>[],
  { ranks, path, isShared }: { readonly ranks: Ranks; readonly path: string; readonly isShared: boolean },
): BatchLoader<unknown>[] {
  const { rank, worldSize: numReplicas } = ranks;
  if (ranks.isAlone || !isShared) return [...loaders];
  const problems: string[] = [];
  const shared = loaders.map((loader, i) => {
    const { numReplicas: already = 1 } = loader;
    if (already === numReplicas) return loader;
    if (already > 1) problems.push(`${path}.${i}: expected a loader for ${numReplicas} ranks, got one for ${already}`);
    else if (loader.forRank) return loader.forRank({ numReplicas, rank });
    else
      problems.push(
        `${path}.${i}: expected a loader that ${numReplicas} ranks can share, got one without forRank(); write it, or set ddp.shardLoaders to false where it gives each rank a part of its own`,
      );
    return loader;
  });
  if (problems.length > 0) throw new ConfigError('share loaders out to ranks', problems);
  return shared;
}
