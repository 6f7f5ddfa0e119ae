// What the features of two modalities say: collapsed, dead in parts, not normalised, not finite. From the values that a `FeatureCollapseCheck` logs.
import { formatNumber } from '../number-format.ts';
import type { Finding } from './finding.ts';
import type { Rule, RunView } from './run-view.ts';

/** Before the names of the values. */
export const FEATURES_FOLDER = 'features/';

/** Values of one log point, by their names behind `features/`. */
type Values = Readonly<Record<string, number>>;
type Judge = (values: Values) => Finding | undefined;

const SIDES = ['vision', 'text'] as const;
const [LOW_STD, MANY_DEAD, NORM_TOLERANCE] = [1e-4, 0.5, 0.01] as const;

/** Sides whose value meets something, each with the value: `vision 0.0001, text 0.2`. */
function told(values: Values, name: string, isMet: (value: number) => boolean, show = formatNumber): string {
  return SIDES.flatMap((side) => {
    const value = values[`${side}_${name}`];
    return value !== undefined && isMet(value) ? [`${side} ${show(value)}`] : [];
  }).join(', ');
}

const percent = (share: number): string => `${formatNumber(100 * share)} %`;
const everySide = (): boolean => true;

/** Of some batch that was looked at since the log point before, the variance of a side was below the bound. Text as multimodal_insight_engine has it. */
const collapse: Judge = (values) => {
  const share = values.collapsed;
  if (share === undefined || !(share > 0)) return undefined;
  const { similarity_mean = Number.NaN, similarity_std = Number.NaN } = values;
  return {
    rule: 'feature-collapse',
    severity: 'critical',
    message: `FEATURE COLLAPSE DETECTED: the features of a batch hardly differ, their variance is ${told(values, 'variance', everySide)}; similarities are ${formatNumber(similarity_mean)} on average, with a standard deviation of ${formatNumber(similarity_std)}`,
    advice:
      'look at the learning rate, the temperature, and whether negatives reach the loss; a variance term (VICReg) or larger batches keep features apart',
  };
};

const nonFinite: Judge = (values) => {
  const sides = told(values, 'nonfinite_share', (share) => share > 0, percent);
  if (sides === '') return undefined;
  return {
    rule: 'feature-non-finite',
    severity: 'critical',
    message: `Features are NaN or infinite: ${sides} of their elements`,
    advice: 'run once with detectAnomaly to find the operator, lower the learning rate, or clip gradients',
  };
};

/** The standard deviation of all elements is below 1e-4. */
const std: Judge = (values) => {
  const sides = told(values, 'std', (value) => value < LOW_STD);
  if (sides === '') return undefined;
  return {
    rule: 'feature-std',
    severity: 'warning',
    message: `Features have nearly no spread: the standard deviation of their elements is ${sides}`,
    advice: 'look at whether the tower is trained, and for activations that are zero all over',
  };
};

/** Dimensions with a variance below 1e-6; a warning where they are half of all. */
const deadDimensions: Judge = (values) => {
  const sides = told(values, 'dead_share', (share) => share > 0, percent);
  if (sides === '') return undefined;
  const isMany = SIDES.some((side) => (values[`${side}_dead_share`] ?? 0) >= MANY_DEAD);
  return {
    rule: 'feature-dead-dimensions',
    severity: isMany ? 'warning' : 'note',
    message: `Dimensions of the features say nothing, for their variance over a batch is below 1e-6: ${sides}`,
    advice: 'fewer dimensions may do; DecorrelationLoss or VICRegLoss keep them in use',
  };
};

/** The mean norm is off 1 by more than 0.01. Logged only where features are expected to be normalised. */
const norm: Judge = (values) => {
  const sides = told(values, 'norm', (value) => Math.abs(value - 1) > NORM_TOLERANCE);
  if (sides === '') return undefined;
  return {
    rule: 'feature-norm',
    severity: 'warning',
    message: `Features are not normalised: their mean norm is ${sides}`,
    advice: 'normalise them before the loss, or say isNormalized: false where they are not meant to be',
  };
};

const JUDGES: readonly Judge[] = [nonFinite, collapse, std, deadDimensions, norm];

/** What one log point's values say. @param values - by names without their folder, as `vision_variance`. */
export function featureFindings(values: Values): Finding[] {
  const found = JUDGES.flatMap((judge) => judge(values) ?? []);
  const hasCollapsed = found.some(({ rule }) => rule === 'feature-collapse');
  // Of what has collapsed everything else follows.
  return found.filter(({ rule }) => !hasCollapsed || (rule !== 'feature-std' && rule !== 'feature-dead-dimensions'));
}

/** The last value of everything that a log has of features. */
function latest(run: RunView): Values {
  const own = run.names.filter((name) => name.startsWith(FEATURES_FOLDER));
  return Object.fromEntries(own.map((name) => [name.slice(FEATURES_FOLDER.length), run.points(name).values.at(-1)!]));
}

export const featureNonFinite: Rule = (run) => nonFinite(latest(run));
export const featureCollapse: Rule = (run) => collapse(latest(run));
export const featureStd: Rule = (run) => std(latest(run));
export const featureDeadDimensions: Rule = (run) => deadDimensions(latest(run));
export const featureNorm: Rule = (run) => norm(latest(run));

/** They look at the last log point that has features. */
export const FEATURE_RULES: readonly Rule[] = [
  featureNonFinite,
  featureCollapse,
  featureStd,
  featureDeadDimensions,
  featureNorm,
];
