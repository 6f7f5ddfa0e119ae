// What a `LossAnomalies` and a balancer have logged: losses of single batches that no training should have, and towers that stay unlike.
import { formatNumber } from '../number-format.ts';
import { median, type Rule } from './run-view.ts';

/** As they are told, in the order of how bad they are. */
const KINDS = [
  ['nan', 'NaN', 'critical'],
  ['infinite', 'infinite', 'critical'],
  ['high', 'unusually high', 'note'],
  ['near_zero_accuracy', 'with an accuracy near zero', 'warning'],
  ['low', 'unusually low', 'note'],
] as const;

/** Losses that were NaN, infinite, unusually high or low; a warning where some came with an accuracy near zero. */
export const lossAnomalies: Rule = (run) => {
  const found = KINDS.flatMap(([kind, text, severity]) => {
    const count = run.points(`loss_anomalies/${kind}`).values.reduce((sum, value) => sum + value, 0);
    return count > 0 ? [{ text: `${formatNumber(count)} ${text}`, severity }] : [];
  });
  if (found.length === 0) return undefined;
  const has = (severity: string): boolean => found.some((each) => each.severity === severity);
  return {
    rule: 'loss-anomalies',
    severity: has('critical') ? 'critical' : has('warning') ? 'warning' : 'note',
    message: `Losses of single batches were conspicuous: ${found.map(({ text }) => text).join(', ')}`,
    advice: has('critical')
      ? 'lower the learning rate, clip gradients, or look at the batches that the warnings of the run name'
      : 'look at the batches that the warnings of the run name, and at the temperature',
  };
};

const UNBALANCED = 10;

/** The gradients of the towers, with the factors of their rates where they are balanced, differ by more than ten times at most of the last looks. */
export const modalityImbalance: Rule = (run) => {
  const balanced = run.points('balancing/balanced_ratio').values;
  const own = run.points('gradients/vision_text_ratio').values.map((ratio) => 1 / ratio);
  const [ratios, isBalanced] = balanced.length > 0 ? [balanced, true] : [own, false];
  if (ratios.length === 0) return undefined;
  const ratio = median(ratios.slice(-3));
  if (!(Math.max(ratio, 1 / ratio) > UNBALANCED)) return undefined;
  const [larger, smaller] = ratio > 1 ? ['text', 'vision'] : ['vision', 'text'];
  return {
    rule: 'modality-imbalance',
    severity: 'warning',
    message: `One modality dominates: the gradients of ${larger}${isBalanced ? ', balanced as far as they are,' : ''} are ${formatNumber(Math.max(ratio, 1 / ratio))} times those of ${smaller}`,
    advice: isBalanced
      ? 'allow larger factors, or weigh the towers in the model'
      : 'ModalityBalancingScheduler evens out the steps of both; look at how features are scaled',
  };
};

export const LOSS_RULES: readonly Rule[] = [lossAnomalies, modalityImbalance];
