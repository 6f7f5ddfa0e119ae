// What W&B is told of a run beside its values: the run, its machine, and the configuration in W&B's form.
import { randomBytes } from 'node:crypto';
import { hostname, release, type as systemType } from 'node:os';
import type { RunInfo } from '../../logger.ts';
import { toExtendedJson } from './extended-json.ts';
import type { WandbSettings } from './options.ts';
import { isTree, type RunEnvironment, type RunFacts, type Tree } from './records.ts';

/** @param branchStep - the step that the run goes on from, where what it logged before is on the server alone. */
export function runFacts(settings: WandbSettings, run: RunInfo, now: number, branchStep: number | undefined): RunFacts {
  return {
    id: settings.id ?? run.id,
    project: settings.project,
    entity: settings.entity,
    displayName: settings.name ?? run.name,
    notes: settings.notes,
    tags: settings.tags ?? run.tags,
    config: run.config,
    host: hostname(),
    startTime: now,
    branchStep,
  };
}

export function runEnvironment(now: number): RunEnvironment {
  return {
    os: `${systemType()}-${release()}-${process.arch}`,
    program: process.argv[1] ?? '',
    host: hostname(),
    executable: process.execPath,
    root: process.cwd(),
    startedAt: new Date(now).toISOString(),
    writerId: Array.from(randomBytes(32), (byte) => (byte % 36).toString(36)).join(''),
  };
}

/** Metrics of which the summary has the best value, where the options name none: what checkpoints are ranked by. */
export function rankedMetric(config: Tree): Readonly<Record<string, 'min' | 'max'>> {
  const trainer = isTree(config.trainer) ? config.trainer : {};
  const { monitorMetric, monitorMode } = isTree(trainer.checkpoint) ? trainer.checkpoint : {};
  if (typeof monitorMetric !== 'string') return {};
  const key = monitorMetric.includes('/') ? monitorMetric : monitorMetric.replace('_', '/');
  return { [key]: monitorMode === 'max' ? 'max' : 'min' };
}

type Best = Readonly<Record<string, 'min' | 'max'>>;

/** The configuration as W&B keeps it: each entry as `{ value }`, and its own things under `_wandb`, by numbers of its protocol.
 *  @param panels - charts, by key. */
export function wandbConfig(config: Tree, environment: RunEnvironment, best: Best, panels: Tree): Tree {
  const metrics = Object.entries(best).map(([key, mode]) => ({ 1: key, 6: [3], 7: [mode === 'min' ? 1 : 2, 5] }));
  const own = {
    t: { 13: `${process.platform}-${process.arch}` },
    m: metrics,
    e: { [environment.writerId]: environment },
    ...(isTree(panels) ? { visualize: panels } : {}),
  };
  const entries = Object.entries(config).map(([key, value]) => [key, { value }]);
  return { ...Object.fromEntries(entries), _wandb: { value: own } };
}

/** Files that W&B's client writes for every run when it ends. */
export function closingFiles(config: Tree, environment: RunEnvironment, summary: string): Record<string, string> {
  return {
    'wandb-metadata.json': JSON.stringify(environment, undefined, 2),
    'wandb-summary.json': summary,
    'config.yaml': toExtendedJson(config), // JSON is YAML
  };
}
