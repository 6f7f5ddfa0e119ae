// What pruning and healing of nodes are told.

import { checkOptions, count, flag, type Rule } from '../../metrics/options.ts';

/** When nodes are pruned and healed, and how many. Every field may be left out. Source: adaptiveneuralnetwork, PruningConfig. */
export interface PruningOptions {
  /** A node whose mean activity is below this may be failing. Default 0.05. */
  readonly activityThreshold?: number | undefined;
  /** One whose mean energy is below this has little energy. Default 0.1. */
  readonly energyThreshold?: number | undefined;
  /** One whose mean contribution is below this contributes little. Default 0.01. */
  readonly contributionThreshold?: number | undefined;
  /** Largest share of the active nodes that one cycle prunes, from 0 to 1. Default 0.1. */
  readonly maxPruneRate?: number | undefined;
  /** So many nodes stay active. Default 10. */
  readonly minNodes?: number | undefined;
  /** Default true. */
  readonly healingEnabled?: boolean | undefined;
  /** A performance so much below its baseline lets nodes be healed. Default 0.05. */
  readonly healingThreshold?: number | undefined;
  /** Largest share of all nodes that one cycle heals, from 0 to 1. Default 0.2. */
  readonly maxHealRate?: number | undefined;
  /** Steps over which a node is judged. Default 100. */
  readonly evaluationWindow?: number | undefined;
  /** Steps between two cycles of pruning. Default 500. */
  readonly pruningFrequency?: number | undefined;
  /** Steps between two looks at whether nodes have to be healed. Default 200. */
  readonly healingFrequency?: number | undefined;
  /** Decides with what energy and activity healed nodes begin. Default 42. */
  readonly seed?: number | undefined;
}

export type PruningConfig = { readonly [Name in keyof PruningOptions]-?: NonNullable<PruningOptions[Name]> };

const level: Rule = ['a number of at least 0', (value) => typeof value === 'number' && value >= 0];
const share: Rule = ['a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1];

const RULES = {
  activityThreshold: level,
  energyThreshold: level,
  contributionThreshold: level,
  maxPruneRate: share,
  minNodes: count(),
  healingEnabled: flag,
  healingThreshold: level,
  maxHealRate: share,
  evaluationWindow: count(),
  pruningFrequency: count(),
  healingFrequency: count(),
  seed: count(0),
} satisfies Record<keyof PruningOptions, Rule>;

const DEFAULTS: PruningConfig = {
  activityThreshold: 0.05,
  energyThreshold: 0.1,
  contributionThreshold: 0.01,
  maxPruneRate: 0.1,
  minNodes: 10,
  healingEnabled: true,
  healingThreshold: 0.05,
  maxHealRate: 0.2,
  evaluationWindow: 100,
  pruningFrequency: 500,
  healingFrequency: 200,
  seed: 42,
};

/** All fields with their values. @throws {ConfigError} that lists every option that is unknown or does not fit. */
export function pruningConfig(options: PruningOptions = {}): PruningConfig {
  checkOptions('prune nodes', options, RULES);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...(Object.fromEntries(given) as Partial<PruningConfig>) };
}
