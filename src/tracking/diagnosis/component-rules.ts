// What the gradients of a model's components say about each other.
import { formatNumber } from '../number-format.ts';
import type { Finding } from './finding.ts';
import { median, type Rule } from './run-view.ts';

/** A finding about a part of the model. */
export interface ComponentFinding extends Finding {
  /** The component or parameter; of an imbalance none. */
  readonly subject: string;
}

/** How a component's gradients are. Source: multimodal_insight_engine, TrainingLoop. */
export type ComponentStatus = 'Normal' | 'NaN' | 'ZeroGrad' | 'VerySmall' | 'VeryLarge';

const [SMALL, LARGE, LARGE_PARAMETER, IMBALANCED, SEVERE] = [1e-5, 5, 10, 100, 1000] as const;

/** @param norm - the mean of the norms of the component's parameters. */
export function componentStatus(norm: number): ComponentStatus {
  if (!Number.isFinite(norm)) return 'NaN';
  if (norm === 0) return 'ZeroGrad';
  if (norm < SMALL) return 'VerySmall';
  return norm > LARGE ? 'VeryLarge' : 'Normal';
}

const MESSAGES: Readonly<Record<Exclude<ComponentStatus, 'Normal'>, Omit<Finding, 'rule'>>> = {
  NaN: {
    severity: 'critical',
    message: 'has gradients that are NaN or infinite',
    advice: 'run once with detectAnomaly to find the operator, or lower the learning rate',
  },
  ZeroGrad: {
    severity: 'warning',
    message: 'has gradients that are zero all over',
    advice: 'look at whether the loss depends on it, and for dead activations',
  },
  VerySmall: { severity: 'note', message: 'has very small gradients' },
  VeryLarge: { severity: 'note', message: 'has very large gradients' },
};

/** Looks at the gradients of a model at one moment: components by their mean norms, parameters by their own, and the ratio of the greatest to the least component.
 *  @param components - the norms of each component's parameters.  @param parameters - norms by name. */
export function gradientFindings(
  components: ReadonlyMap<string, readonly number[]>,
  parameters: ReadonlyMap<string, number>,
): ComponentFinding[] {
  const means = Array.from(
    components,
    ([name, norms]) => [name, norms.reduce((a, b) => a + b, 0) / norms.length] as const,
  );
  const findings = means.flatMap(([name, norm]): ComponentFinding[] => {
    const status = componentStatus(norm);
    if (status === 'Normal') return [];
    const { message, ...rest } = MESSAGES[status];
    const shown = status.startsWith('Very') ? `, ${formatNumber(norm)} on average` : '';
    return [{ rule: `gradient-${kebab(status)}`, subject: name, ...rest, message: `${name} ${message}${shown}` }];
  });
  for (const [name, norm] of parameters)
    if (Number.isFinite(norm) && norm > LARGE_PARAMETER)
      findings.push({
        rule: 'gradient-large-parameter',
        subject: name,
        severity: 'note',
        message: `The gradient of ${name} is large: its norm is ${formatNumber(norm)}`,
        advice: 'clip gradients (performance.clipGradNorm)',
      });
  return [...findings, ...imbalance(means)];
}

/** The last mean norm of each group that a `GradientMonitor` has logged. */
function componentMeans(run: Parameters<Rule>[0]): [component: string, norm: number][] {
  const found = new Map<string, number>();
  // A group of one parameter has its norm alone.
  for (const kind of ['grad_norm', 'avg_norm'])
    for (const name of run.names) {
      const component =
        name.startsWith('gradients/') && name.endsWith(`/${kind}`) ? name.slice(10, -1 - kind.length) : '';
      if (component !== '') found.set(component, run.points(name).values.at(-1)!);
    }
  return [...found];
}

/** At the last look the gradients of a component were NaN, infinite, zero, or of a size that hardly trains. */
export const componentGradients: Rule = (run) => {
  const found = componentMeans(run).map(([name, norm]) => [name, norm, componentStatus(norm)] as const);
  const of = (...wanted: ComponentStatus[]) => found.filter(([, , status]) => wanted.includes(status));
  const list = (entries: typeof found): string => {
    const more = entries.length > 4 ? ` and ${entries.length - 4} more` : '';
    return (
      entries
        .slice(0, 4)
        .map(([name, norm, status]) => `${name} (${status}, ${formatNumber(norm)})`)
        .join(', ') + more
    );
  };
  const [bad, idle, odd] = [of('NaN'), of('ZeroGrad'), of('VerySmall', 'VeryLarge')];
  const worst = bad.length > 0 ? 'NaN' : idle.length > 0 ? 'ZeroGrad' : 'VerySmall';
  if (bad.length + idle.length + odd.length === 0) return undefined;
  const advice =
    worst === 'VerySmall'
      ? 'look at how the components are initialised and normalised, and at their learning rates'
      : MESSAGES[worst].advice;
  const message = `Gradients of components are conspicuous: ${list([...bad, ...idle, ...odd])}`;
  return { rule: 'component-gradients', severity: MESSAGES[worst].severity, message, advice };
};

/** The greatest mean norm of a component was more than 100 times the least at most of the last looks; a warning above 1000 times. */
export const gradientImbalance: Rule = (run) => {
  const ratios = run.names
    .filter((name) => name === 'gradients/imbalance' || name.startsWith('gradients/imbalance/'))
    .map((name) => median(run.points(name).values.slice(-3)));
  const ratio = Math.max(0, ...ratios.filter(Number.isFinite));
  return ratio > IMBALANCED ? imbalanceOf(ratio) : undefined;
};

/** What a log has of a `GradientMonitor`, by component. */
export const COMPONENT_RULES: readonly Rule[] = [componentGradients, gradientImbalance];

function imbalanceOf(ratio: number, between = ''): Finding {
  const isSevere = ratio > SEVERE;
  return {
    rule: 'gradient-imbalance',
    severity: isSevere ? 'warning' : 'note',
    message: `Gradients are ${isSevere ? 'severely ' : ''}imbalanced: ${between === '' ? `those of one component are ${formatNumber(ratio)} times those of another` : between}`,
    advice: 'give the components learning rates of their own, or weigh their losses',
  };
}

function imbalance(means: readonly (readonly [name: string, norm: number])[]): ComponentFinding[] {
  const sound = means.filter(([, norm]) => norm > 0 && Number.isFinite(norm)).sort((a, b) => a[1] - b[1]);
  const [least, greatest] = [sound[0], sound.at(-1)];
  if (!least || !greatest || greatest[1] / least[1] <= IMBALANCED) return [];
  const ratio = greatest[1] / least[1];
  const between = `those of ${greatest[0]} are ${formatNumber(ratio)} times those of ${least[0]}`;
  return [{ ...imbalanceOf(ratio, between), subject: '' }];
}

const kebab = (status: string): string =>
  status
    .replace(/NaN/, 'non-finite')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase();
