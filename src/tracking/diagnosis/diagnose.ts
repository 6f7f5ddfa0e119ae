// `diagnose`: all rules on one history.
import { MetricsHistory } from '../history/metrics-history.ts';
import type { Run } from '../read-run.ts';
import { COLLECTOR_RULES } from './collector-rules.ts';
import { COMPONENT_RULES } from './component-rules.ts';
import { FEATURE_RULES } from './feature-rules.ts';
import type { Finding, Severity } from './finding.ts';
import { FURTHER_RULES } from './further-rules.ts';
import { LOSS_RULES } from './loss-rules.ts';
import { type Rule, RunView } from './run-view.ts';
import { TRACKER_RULES } from './tracker-rules.ts';

/** All rules, those that look at the whole first. */
export const DIAGNOSIS_RULES: readonly Rule[] = [
  ...TRACKER_RULES,
  ...COLLECTOR_RULES,
  ...FURTHER_RULES,
  ...COMPONENT_RULES,
  ...FEATURE_RULES,
  ...LOSS_RULES,
];

const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, note: 2 };

/** A finding that says all that another one does, and more. */
const COVERS: Readonly<Record<string, readonly string[]>> = {
  'loss-flat': ['loss-plateau', 'loss-rising', 'accuracy-stuck', 'no-improvement'],
  'accuracy-at-chance': ['loss-plateau', 'loss-rising', 'accuracy-stuck', 'loss-flat', 'no-improvement'],
  'loss-exploding': ['loss-rising', 'loss-plateau'],
  'loss-rising': ['loss-plateau'],
  'best-long-ago': ['no-improvement'],
  'feature-collapse': ['feature-std', 'feature-dead-dimensions', 'alignment-gap'],
};

/** An accuracy that stands still here has nowhere to go. */
const TOP = 0.98;

/** What a run's metrics say about how it goes.
 *  @returns the findings, the worst first; none where all is well. What another finding says too is left out.
 *  @example
 *  import { diagnose, MetricsHistory } from 'sconce/tracking';
 *  const history = new MetricsHistory();
 *  for (const [train, val] of [[1, 1], [0.4, 0.6], [0.1, 0.5]]) history.update({ 'train/loss': train, 'val/loss': val });
 *  diagnose(history)[0]?.message; // 'The validation loss is 5 times the training loss, which suggests overfitting' */
export function diagnose(history: MetricsHistory, rules: readonly Rule[] = DIAGNOSIS_RULES): Finding[] {
  const run = new RunView(history);
  const found = rules.map((rule) => rule(run)).filter((finding): finding is Finding => finding !== undefined);
  const covered = new Set(found.flatMap(({ rule }) => COVERS[rule] ?? []));
  const accuracy = run.epochs('train/accuracy').at(-1);
  if (accuracy !== undefined && accuracy >= TOP && accuracy <= 1) covered.add('accuracy-stuck');
  return found.filter(({ rule }) => !covered.has(rule)).sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

/** The same of a run's log. */
export function diagnoseRun(run: Pick<Run, 'metrics'>): Finding[] {
  return diagnose(MetricsHistory.fromRun(run));
}
