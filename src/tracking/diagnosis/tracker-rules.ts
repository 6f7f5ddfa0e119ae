// The rules of multimodal_insight_engine's MetricsTracker: what epochs, the learning rate and the alignment of pairs say.
import { formatNumber } from '../number-format.ts';
import { correlation, mean, type Rule } from './run-view.ts';

/** More than three epochs, and the last three losses rise. */
export const lossRising: Rule = (run) => {
  const losses = run.epochs('train/loss');
  const [first, second, third] = losses.slice(-3) as [number, number, number];
  if (losses.length <= 3 || !(second > first && third > second)) return undefined;
  return {
    rule: 'loss-rising',
    severity: 'warning',
    message: `The training loss has risen for three epochs, from ${formatNumber(first)} to ${formatNumber(third)}`,
    advice: 'lower the learning rate, or go back to the best checkpoint',
  };
};

/** From the second epoch on: the last validation loss is above twice the last training loss. */
export const overfitting: Rule = (run) => {
  const trained = run.epochs('train/loss');
  const train = trained.at(-1);
  const validated = run.epochs('val/loss').at(-1);
  if (trained.length < 2 || train === undefined || validated === undefined) return undefined;
  if (!(train > 0 && validated / train > 2)) return undefined;
  return {
    rule: 'overfitting',
    severity: 'warning',
    message: `The validation loss is ${formatNumber(validated / train)} times the training loss, which suggests overfitting`,
    advice: 'stop earlier, or add data, augmentation, dropout or weight decay',
  };
};

/** The last value of something is NaN or infinite. */
export const nonFinite: Rule = (run) => {
  const bad = run.names.filter(
    (name) => !/^(system|features)\//.test(name) && !Number.isFinite(run.points(name).values.at(-1)),
  );
  const shown = bad.filter((name) => !name.startsWith('epoch_summary/') || !bad.includes(name.slice(14)));
  if (shown.length === 0) return undefined;
  const others = shown.length > 3 ? ` and ${shown.length - 3} more` : '';
  return {
    rule: 'non-finite',
    severity: 'critical',
    message: `The last value of ${shown.slice(0, 3).join(', ')}${others} is NaN or infinite`,
    advice: 'run once with detectAnomaly to find the operator, lower the learning rate, or clip gradients',
  };
};

/** The best validation loss is more than three epochs old. */
export const noImprovement: Rule = (run) => {
  const losses = run.epochs('val/loss');
  const best = losses.reduce((best, loss, i) => (loss < losses[best]! || Number.isNaN(losses[best]) ? i : best), 0);
  const numEpochs = losses.length - 1 - best;
  if (!(numEpochs > 3)) return undefined;
  return {
    rule: 'no-improvement',
    severity: 'note',
    message: `The validation loss has not improved for ${numEpochs} epochs; the best was ${formatNumber(losses[best]!)}`,
    advice:
      'stop early (earlyStoppingPatience), keep the best checkpoint (checkpoint.monitorMetric), or lower the learning rate',
  };
};

/** Log points that are looked at, and how many it takes. */
const [LOOKED_AT, ENOUGH] = [100, 50];

/** More than 50 log points, and in the last 100 the loss goes with the learning rate. Unlike the tracker's own rule it asks for a loss that has risen: where both fall,
 *  a decay does what it is for. */
export const learningRateTooHigh: Rule = (run) => {
  const rates = run.points('lr');
  const losses = run.points('train/loss');
  const rateAt = new Map(rates.steps.map((step, i) => [step, rates.values[i]!]));
  const both = losses.steps.flatMap((step, i) =>
    rateAt.has(step) ? [[rateAt.get(step)!, losses.values[i]!] as const] : [],
  );
  const recent = both.slice(-LOOKED_AT);
  if (recent.length <= ENOUGH) return undefined;
  const values = recent.map(([, loss]) => loss);
  const quarter = Math.floor(values.length / 4);
  const hasRisen = mean(values.slice(-quarter)) > mean(values.slice(0, quarter));
  const together = correlation(
    recent.map(([rate]) => rate),
    values,
  );
  if (!(together > 0.7 && hasRisen)) return undefined;
  return {
    rule: 'learning-rate-too-high',
    severity: 'warning',
    message: `The loss rises with the learning rate: over the last ${recent.length} log points their correlation is ${formatNumber(together)}`,
    advice: 'lower the greatest learning rate; findLearningRate says where it becomes too high',
  };
};

/** The gap of matched pairs to all pairs is below 0.05; below 0.02 after three epochs. */
export const alignmentGap: Rule = (run) => {
  const point = run.alignment.at(-1);
  const numEpochs = run.epochs('train/loss').length;
  if (!point || numEpochs < 1 || !(point.alignmentGap < 0.05)) return undefined;
  const isCritical = numEpochs >= 3 && point.alignmentGap < 0.02;
  const [gap, diag, all] = [point.alignmentGap, point.diagMean, point.simMean].map(formatNumber);
  return {
    rule: 'alignment-gap',
    severity: isCritical ? 'critical' : 'warning',
    message: `Pairs that belong together are hardly more similar than others: ${diag} to ${all}, a gap of ${gap}${isCritical ? ` after ${numEpochs} epochs` : ''}`,
    advice: isCritical
      ? 'look for collapsed features: their variance over a batch, the temperature, and whether pairs are matched'
      : 'give it more epochs or larger batches, or lower the temperature',
  };
};

/** The gap is below one standard deviation of all similarities; below a half after three epochs. */
export const alignmentNoise: Rule = (run) => {
  const point = run.alignment.at(-1);
  const numEpochs = run.epochs('train/loss').length;
  if (!point || numEpochs < 1 || !(point.alignmentSnr < 1)) return undefined;
  const isCritical = numEpochs >= 3 && point.alignmentSnr < 0.5;
  return {
    rule: 'alignment-noise',
    severity: isCritical ? 'critical' : 'warning',
    message: `Matched pairs do not stand out from the others: a signal-to-noise ratio of ${formatNumber(point.alignmentSnr)}${isCritical ? ` after ${numEpochs} epochs` : ''}`,
    advice: 'larger batches or harder negatives, and a look at whether pairs are matched',
  };
};

export const TRACKER_RULES: readonly Rule[] = [
  lossRising,
  overfitting,
  nonFinite,
  noImprovement,
  learningRateTooHigh,
  alignmentGap,
  alignmentNoise,
];
