// What publishing is told, and everything that is wrong with it at once.
import type { MetricValues } from '../tracking/run-format.ts';
import type { BestMode } from '../tracking/summary.ts';
import type { CheckpointChoice } from './find-source.ts';
import type { Lineage } from './model-version.ts';
import { aliasProblem, nameProblem } from './reference.ts';

export interface PublishOptions {
  /** The model: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Aliases that point at the version from now on, as in 'production'. */
  readonly alias?: string | readonly string[];
  /** Which checkpoint of a run's folder; the best, or the latest where none is best, by default. */
  readonly checkpoint?: CheckpointChoice;
  /** Moves the alias `best` to the version, of all that have this metric, in which it is best. */
  readonly best?: { readonly metric: string; readonly mode: BestMode };
  /** What was measured, in place of what the checkpoint says. */
  readonly metrics?: MetricValues;
  /** The configuration as plain JSON, in place of the checkpoint's. */
  readonly config?: unknown;
  /** The version that this one was made from, as in 'digits@production'. */
  readonly parent?: string;
  /** What is known beyond what the checkpoint and its run say, or better. */
  readonly lineage?: Partial<Omit<Lineage, 'parent'>>;
  readonly tags?: readonly string[];
  readonly notes?: string;
}

const NAMES = ['name', 'alias', 'checkpoint', 'best', 'metrics', 'config', 'parent', 'lineage', 'tags', 'notes'];

/** The aliases of the options, as a list. */
export const aliasesOf = ({ alias }: PublishOptions): readonly string[] =>
  alias === undefined ? [] : typeof alias === 'string' ? [alias] : alias;

/** @throws {TypeError} with all problems of the options. */
export function checkPublishOptions(place: string, options: PublishOptions): void {
  const { name, checkpoint, best, metrics = {}, tags = [], notes } = options;
  const unknown = Object.keys(options).filter((key) => !NAMES.includes(key));
  const badMetric = Object.entries(metrics).find(([, value]) => typeof value !== 'number');
  const problems = [
    ...unknown.map((key) => `expected options ${NAMES.join(', ')}, got "${key}"`),
    nameProblem(name),
    ...aliasesOf(options).map(aliasProblem),
    checkpoint === undefined || checkpoint === 'best' || checkpoint === 'latest'
      ? undefined
      : `expected checkpoint 'best' or 'latest', got "${String(checkpoint)}"`,
    best === undefined || (typeof best.metric === 'string' && ['min', 'max'].includes(best.mode))
      ? undefined
      : `expected best as { metric: 'val/loss', mode: 'min' }, got ${JSON.stringify(best)}`,
    best !== undefined && aliasesOf(options).includes('best')
      ? 'expected best or the alias "best", got both'
      : undefined,
    badMetric && `expected metrics.${badMetric[0]} to be a number, got ${String(badMetric[1])}`,
    Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')
      ? undefined
      : `expected tags as texts, got ${JSON.stringify(tags)}`,
    notes === undefined || typeof notes === 'string' ? undefined : `expected notes as a text, got ${typeof notes}`,
  ].filter((problem) => problem !== undefined);
  if (problems.length === 0) return;
  throw new TypeError(`Cannot publish "${place}": ${problems.join('\n  ')}`);
}
