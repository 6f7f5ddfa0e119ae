// What a `GradientHandler` has seen, and its picture of four panels.

import { type Figure, figure } from '../../tracking/plots/figure.ts';
import type { LineSeries } from '../../tracking/plots/panels/lines.ts';

/** Looks that are kept. */
const KEPT = 1000;
/** Looks whose distribution is drawn, and its ranges. */
const [RECENT, NUM_BINS] = [100, 12] as const;

/** One look at the gradients. Norms are joint ones, of all parameters of a part. */
export interface GradientLook {
  readonly step: number;
  readonly vision: number;
  readonly text: number;
  readonly fusion: number;
  readonly total: number;
  /** vision by text; 0 where one of them has none. */
  readonly ratio: number;
}

export const PARTS = ['vision', 'text', 'fusion'] as const;

/** The newest 1000 looks. */
export class GradientHistory {
  #looks: GradientLook[] = [];

  get looks(): readonly GradientLook[] {
    return this.#looks;
  }

  add(look: GradientLook): void {
    this.#looks.push(look);
    // Not at every look: a list of a thousand is not copied for each.
    if (this.#looks.length >= 2 * KEPT) this.#looks = this.#looks.slice(-KEPT);
  }

  /** As multimodal_insight_engine names it. */
  toDict(): Record<string, number[]> {
    const of = (name: keyof GradientLook): number[] => this.#looks.slice(-KEPT).map((look) => look[name]);
    return {
      step: of('step'),
      vision_grad_norm: of('vision'),
      text_grad_norm: of('text'),
      fusion_grad_norm: of('fusion'),
      total_grad_norm: of('total'),
      vision_text_ratio: of('ratio'),
    };
  }

  fromDict(dict: Readonly<Record<string, readonly number[]>>): void {
    const at = (name: string, i: number): number => dict[name]?.[i] ?? Number.NaN;
    this.#looks = (dict.step ?? []).map((step, i) => ({
      ...{ step, vision: at('vision_grad_norm', i), text: at('text_grad_norm', i), fusion: at('fusion_grad_norm', i) },
      ...{ total: at('total_grad_norm', i), ratio: at('vision_text_ratio', i) },
    }));
  }

  /** Norms of the parts, vision by text, the joint norm, and how the recent norms are spread; undefined before the first look. */
  picture(): Figure | undefined {
    const looks = this.#looks.slice(-KEPT);
    if (looks.length === 0) return undefined;
    const x = looks.map(({ step }) => step);
    const line = (label: string, name: keyof GradientLook): LineSeries => ({
      label,
      x,
      y: looks.map((look) => look[name]),
    });
    const there = PARTS.filter((part) => looks.some((look) => look[part] > 0));
    const recent = looks.slice(-RECENT);
    return figure({
      title: `Gradients up to step ${x.at(-1)!.toLocaleString('en-US')}`,
      columns: 2,
      panels: [
        { kind: 'lines', title: 'norms of components', yLabel: 'norm', series: there.map((part) => line(part, part)) },
        {
          ...{ kind: 'lines', title: 'vision by text', yLabel: 'ratio', yScale: 'log' },
          series: [line('ratio', 'ratio'), { label: 'equal', x: [x[0]!, x.at(-1)!], y: [1, 1], kind: 'noisy' }],
        },
        { kind: 'lines', title: 'joint norm', yLabel: 'norm', series: [line('all', 'total')] },
        {
          ...{
            kind: 'lines',
            title: `the last ${recent.length} norms`,
            xLabel: 'norm',
            yLabel: 'looks',
            xScale: 'log',
          },
          series: distribution(recent, there),
        },
      ],
    });
  }
}

/** How often each part's norm was in each of twelve ranges, equally wide on a logarithmic axis. */
function distribution(looks: readonly GradientLook[], parts: readonly (typeof PARTS)[number][]): LineSeries[] {
  const norms = parts.map((part) => looks.map((look) => look[part]).filter((norm) => norm > 0 && norm < Infinity));
  const logs = norms.flat().map(Math.log10);
  const low = logs.reduce((least, log) => Math.min(least, log), Infinity);
  const high = logs.reduce((most, log) => Math.max(most, log), -Infinity);
  const width = Math.max((high - low) / NUM_BINS, 1e-3);
  const binOf = (norm: number): number => Math.min(NUM_BINS - 1, Math.floor((Math.log10(norm) - low) / width));
  return parts.flatMap((part, p): LineSeries[] => {
    if (norms[p]!.length === 0) return [];
    const counts = Array.from({ length: NUM_BINS }, () => 0);
    for (const norm of norms[p]!) counts[binOf(norm)]! += 1;
    return [{ label: part, x: counts.map((_, bin) => 10 ** (low + (bin + 0.5) * width)), y: counts }];
  });
}
