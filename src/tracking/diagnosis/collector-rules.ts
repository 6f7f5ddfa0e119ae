// The rules that multimodal_insight_engine's MetricsCollector looks at loss and accuracy with, and their texts.
import type { MetricsHistory } from '../history/metrics-history.ts';
import type { Finding } from './finding.ts';
import { deviation, mean, type Rule, RunView } from './run-view.ts';

const PLATEAU = 'Loss is not decreasing (plateau detected)';
const EXPLODING = 'Loss may be exploding';
const STUCK = 'Accuracy not improving (possible vanishing gradients)';
const UNSTABLE = 'Loss is unstable (high variance)';

/** The last three losses: none is below the one before. */
export const lossPlateau: Rule = (run) => {
  const recent = run.epochs('train/loss').slice(-3);
  if (recent.length < 3 || !recent.every((loss, i) => i === 0 || loss >= recent[i - 1]!)) return undefined;
  const advice = 'lower the learning rate, or stop here';
  return { rule: 'loss-plateau', severity: 'note', message: PLATEAU, advice };
};

/** The last loss is above 100, or above twice the first. */
export const lossExploding: Rule = (run) => {
  const losses = run.epochs('train/loss');
  const last = losses.at(-1);
  if (last === undefined) return undefined;
  const hasDoubled = losses.length >= 2 && last > 2 * losses[0]!;
  if (!(last > 100 || hasDoubled)) return undefined;
  // A loss of squares may be large and fall.
  const severity = hasDoubled ? 'critical' : losses.length >= 2 && last < losses[0]! ? 'note' : 'warning';
  const advice = 'lower the learning rate, clip gradients (performance.clipGradNorm), or look for outliers in the data';
  return { rule: 'loss-exploding', severity, message: EXPLODING, advice };
};

/** The last five accuracies lie within 0.01 of the first of them. */
export const accuracyStuck: Rule = (run) => {
  const recent = run.epochs('train/accuracy').slice(-5);
  if (recent.length < 5 || !recent.every((value) => Math.abs(value - recent[0]!) < 0.01)) return undefined;
  const advice = 'look at the norms of gradients (GradientMonitor), at what is frozen, and at the learning rate';
  return { rule: 'accuracy-stuck', severity: 'note', message: STUCK, advice };
};

/** The last ten losses deviate by more than half their mean. */
export const lossUnstable: Rule = (run) => {
  const recent = run.epochs('train/loss').slice(-10);
  if (recent.length < 10 || !(deviation(recent) > 0.5 * mean(recent))) return undefined;
  const advice = 'lower the learning rate, clip gradients, or take larger batches';
  // One that falls by half or more deviates from its mean, too.
  const severity = recent.at(-1)! < recent[0]! / 2 ? 'note' : 'warning';
  return { rule: 'loss-unstable', severity, message: UNSTABLE, advice };
};

/** In the order in which their texts are told. */
export const COLLECTOR_RULES: readonly Rule[] = [lossPlateau, lossExploding, accuracyStuck, lossUnstable];

/** What these four rules find, as text.
 *  @returns the findings line by line, or that there are none, or that nothing was measured.
 *  Source: multimodal_insight_engine, MetricsCollector.diagnose_training_issues.
 *  @example
 *  import { diagnoseTrainingIssues, MetricsHistory } from 'sconce/tracking';
 *  const history = new MetricsHistory();
 *  for (const loss of [0.5, 0.6, 0.7]) history.update({ loss }, 'train');
 *  diagnoseTrainingIssues(history).split('\n'); // ['Training issues detected:', '  - Loss is not decreasing (plateau detected)'] */
export function diagnoseTrainingIssues(history: MetricsHistory): string {
  const run = new RunView(history);
  if (run.epochs('train/loss').length === 0) return 'No training metrics available for diagnostics.';
  const found = COLLECTOR_RULES.map((rule) => rule(run)).filter((finding): finding is Finding => finding !== undefined);
  if (found.length === 0) return 'No obvious training issues detected from metrics.';
  return `Training issues detected:\n${found.map(({ message }) => `  - ${message}`).join('\n')}`;
}
