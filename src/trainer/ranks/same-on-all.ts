// What ranks must do alike is compared before they do it: where one differs, the others would wait for it until their time is over.

import type { MultiDataLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import type { ResolvedConfig } from '../config/types.generated.ts';
import type { Ranks } from './ranks.ts';

/** @param value - plain data. Values that are undefined are as if they were not there.
 *  @throws {ConfigError} on all ranks, that names what differs and where. */
export function requireSameOnAll(ranks: Ranks, action: string, value: unknown): void {
  if (ranks.isAlone) return;
  const all = ranks.gather(JSON.stringify(value));
  if (all.every((each) => each === all[0])) return;
  const flat = all.map((text) => leavesOf(JSON.parse(text)));
  const paths = new Set(flat.flatMap((leaves) => [...leaves.keys()]));
  const problems: string[] = [];
  for (const path of paths) {
    const [ofFirst, ...others] = flat.map((leaves) => leaves.get(path) ?? 'nothing') as [string, ...string[]];
    const different = others.findIndex((other) => other !== ofFirst);
    if (different >= 0)
      problems.push(
        `${path}: expected the same on all ranks, got ${ofFirst} on rank 0 and ${others[different]} on rank ${different + 1}`,
      );
  }
  throw new ConfigError(action, problems);
}

/** The part of a configuration by which ranks know when to do what together. Seeds, names and places of files may differ. */
export function commonPart(config: ResolvedConfig): unknown {
  const { performance, checkpoint, validation, trainLoaderConfig, ddp } = config;
  const { logEveryNSteps, validateEveryNEpochs, maxSteps, maxTime, earlyStoppingPatience, earlyStoppingMetric } =
    config;
  const { perLoaderOptimizerId, lossWeightsPerLoader, freeze, nonFinite } = config;
  const { gradientAccumulationSteps, clipGradNorm, clipGradValue } = performance;
  const { rootDir: _, ...saved } = checkpoint;
  const { initMethod, timeoutSec, ...exchange } = ddp;
  return {
    ...{ logEveryNSteps, validateEveryNEpochs, maxSteps, maxTime, earlyStoppingPatience, earlyStoppingMetric },
    ...{ perLoaderOptimizerId, lossWeightsPerLoader, freeze, nonFinite, trainLoaderConfig, validation },
    performance: { gradientAccumulationSteps, clipGradNorm, clipGradValue },
    ...{ checkpoint: saved, ddp: exchange },
  };
}

/** What the next epoch plays, as far as ranks must play the same. Of loaders that are shared, also in which order. */
export function scheduleOf(train: MultiDataLoader<unknown>, isShared: boolean): unknown {
  const { loaders, ...schedule } = train.state();
  const ORDER = ['epoch', 'position', 'seed', 'numSamples', 'batchSize', 'numReplicas', 'cut'];
  const pick = (state: object): unknown =>
    Object.fromEntries(Object.entries(state).filter(([key]) => ORDER.includes(key)));
  const orders = Object.entries(loaders).map(([name, state]) => [name, isShared ? pick(state) : undefined]);
  return { schedule, loaders: Object.fromEntries(orders) };
}

/** The values in it by their paths, as texts. */
function leavesOf(value: unknown, path = '', leaves = new Map<string, string>()): Map<string, string> {
  if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) leavesOf(each, path === '' ? key : `${path}.${key}`, leaves);
  else leaves.set(path, JSON.stringify(value));
  return leaves;
}
