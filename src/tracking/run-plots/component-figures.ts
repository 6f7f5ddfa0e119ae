// The gradients of a model's components over time, side by side, and how they were balanced.
import type { LineSeries } from '../plots/panels/lines.ts';
import type { Panel } from '../plots/panels.ts';
import type { CurveOptions, NamedFigure, RunMetric } from './metric-figures.ts';

const [MEAN, JOINT] = [/^gradients\/(.+)\/avg_norm$/, /^gradients\/(.+)\/grad_norm$/] as const;
const IMBALANCE = /^gradients\/imbalance(?:\/(.+))?$/;
const BALANCE = 'balancing/';
const RATIOS = new Map([
  ['ratio', 'gradients'],
  ['balanced_ratio', 'with the factors'],
  ['target', 'wanted'],
]);

/** The pictures of one run, and the metrics that they do not show. Several runs are compared metric by metric. */
export function componentFigures(
  metrics: readonly RunMetric[],
  options: CurveOptions,
): { figures: NamedFigure[]; others: RunMetric[] } {
  const isShown = ({ name }: RunMetric): boolean =>
    MEAN.test(name) || JOINT.test(name) || IMBALANCE.test(name) || name.startsWith(BALANCE);
  const hasAny = !options.hasManyRuns && metrics.some(({ name }) => MEAN.test(name) || name.startsWith(BALANCE));
  if (!hasAny) return { figures: [], others: [...metrics] };
  const figures = [componentFigure(metrics, options), balancingFigure(metrics, options)].filter(
    (figure) => figure !== undefined,
  );
  return { figures, others: metrics.filter((metric) => !isShown(metric)) };
}

const curve = (label: string, { series: { steps, values } }: RunMetric): LineSeries => ({ label, x: steps, y: values });

function componentFigure(metrics: readonly RunMetric[], { smooth }: CurveOptions): NamedFigure | undefined {
  const components = new Map<string, LineSeries>();
  // A component of one parameter has its norm alone.
  for (const pattern of [JOINT, MEAN])
    for (const metric of metrics) {
      const [, component] = pattern.exec(metric.name) ?? [];
      if (component !== undefined) components.set(component, curve(component, metric));
    }
  if (components.size === 0) return undefined;
  const ratios = metrics.flatMap((metric) => {
    const found = IMBALANCE.exec(metric.name);
    return found ? [curve(found[1] ?? 'greatest by least', metric)] : [];
  });
  const axis = { yScale: 'log' as const, ...(smooth === undefined ? {} : { smooth }) };
  const panels: Panel[] = [
    { kind: 'lines', title: 'mean norm of a parameter', yLabel: 'norm', ...axis, series: [...components.values()] },
  ];
  if (components.size > 1 && ratios.length > 0)
    panels.push({ kind: 'lines', title: 'greatest mean by least', yLabel: 'ratio', ...axis, series: ratios });
  return { name: 'gradients components', options: { title: 'gradients of components', columns: 2, panels } };
}

/** What a `ModalityBalancingScheduler` or a `GradientHandler` has measured and done. */
function balancingFigure(metrics: readonly RunMetric[], { smooth }: CurveOptions): NamedFigure | undefined {
  const own = metrics.filter(({ name }) => name.startsWith(BALANCE));
  const axis = { yScale: 'log' as const, ...(smooth === undefined ? {} : { smooth }) };
  const ratios = own.flatMap((metric) => {
    const label = RATIOS.get(metric.name.slice(BALANCE.length));
    return label === undefined ? [] : [curve(label, metric)];
  });
  const factors = own.flatMap((metric) => {
    const [, component] = /^balancing\/(.+)_factor$/.exec(metric.name) ?? [];
    return component === undefined ? [] : [curve(component, metric)];
  });
  const panels: Panel[] = [
    { kind: 'lines' as const, title: 'text by vision', yLabel: 'ratio', ...axis, series: ratios },
    { kind: 'lines' as const, title: 'factors of learning rates', yLabel: 'factor', ...axis, series: factors },
  ].filter(({ series }) => series.length > 0);
  if (panels.length === 0) return undefined;
  return { name: 'gradients balancing', options: { title: 'balanced gradients', columns: 2, panels } };
}
