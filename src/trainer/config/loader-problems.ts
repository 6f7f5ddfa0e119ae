// What of a configuration does not fit the loaders: lists of one entry a loader, and the schedule of their turns.

import { checkSchedule, type ScheduleConfig } from '../../data/multi-loader/schedule-config.ts';
import { OptionProblems } from '../../data/option-problems.ts';
import type { ResolvedConfig } from './types.generated.ts';

/** What of a configuration does not fit `numLoaders` training loaders. */
export function loaderProblems(config: ResolvedConfig, numLoaders: number): string[] {
  const names = config.trainLoaderConfig.dataloaderNames;
  const counted = {
    'trainLoaderConfig.dataloaderNames': names,
    lossWeightsPerLoader: config.lossWeightsPerLoader,
    perLoaderOptimizerId: config.perLoaderOptimizerId,
  };
  const problems = Object.entries(counted)
    .filter(([, list]) => list !== undefined && list.length !== numLoaders)
    .map(([path, list]) => `${path}: expected one entry a loader, ${numLoaders}, got ${list!.length}`);
  const twice = names?.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    problems.push(`trainLoaderConfig.dataloaderNames: expected names that differ, got "${twice}" twice`);
  if (config.trainLoaderConfig.maxBatchesPerEpoch && config.trainLoaderConfig.prefetchCapTotalBatches)
    problems.push(
      `trainLoaderConfig.prefetchCapTotalBatches: expected none beside maxBatchesPerEpoch, which is the same, got ${config.trainLoaderConfig.prefetchCapTotalBatches}`,
    );
  const schedule = new OptionProblems();
  checkSchedule(scheduleOf(config), numLoaders, schedule);
  return [...problems, ...schedule.lines.map(asConfigured)];
}

/** The schedule that a configuration asks for. */
export function scheduleOf({ trainLoaderConfig: config }: ResolvedConfig): ScheduleConfig {
  return {
    strategy: config.samplingStrategy,
    epochLength: config.epochLengthPolicy,
    stepsPerEpoch: config.stepsPerEpoch,
    weights: config.dataloaderWeights,
    temperature: config.temperature,
    sizes: config.datasetSizes,
    weightSchedule: config.weightSchedule,
    lossMix: config.lossMix,
    pattern: config.alternatingPattern,
    burstSize: config.burstSize,
  };
}

const PATHS: Readonly<Record<string, string>> = {
  strategy: 'samplingStrategy',
  epochLength: 'epochLengthPolicy',
  weights: 'dataloaderWeights',
  sizes: 'datasetSizes',
  pattern: 'alternatingPattern',
};

/** A schedule's problem under the configuration's names. */
function asConfigured(problem: string): string {
  return problem
    .replace(/^\w+/, (option) => `trainLoaderConfig.${PATHS[option] ?? option}`)
    .replace(/(?<=expected none beside )\w+/, (option) => PATHS[option] ?? option);
}
