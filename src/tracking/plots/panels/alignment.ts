// How well two modalities agree, in multimodal_insight_engine's two panels: similarity of pairs against all, and what lies between them.
import type { LinesPanel } from './lines.ts';

/** Becomes two panels: `diagMean` (the mean similarity of pairs that belong together) against `simMean` (of all pairs), and `gap` (their difference) with
 *  `snr` (the gap's size over the spread of all similarities). Source: multimodal_insight_engine, plot_history. */
export interface AlignmentPanel {
  readonly kind: 'alignment';
  readonly title?: string;
  /** Default `step`. */
  readonly xLabel?: string;
  readonly x: readonly number[];
  readonly diagMean: readonly number[];
  readonly simMean: readonly number[];
  readonly gap: readonly number[];
  readonly snr: readonly number[];
}

/** The two panels of lines. */
export function alignmentPanels({
  title,
  xLabel = 'step',
  x,
  diagMean,
  simMean,
  gap,
  snr,
}: AlignmentPanel): LinesPanel[] {
  const before = title === undefined ? '' : `${title}: `;
  return [
    {
      kind: 'lines',
      title: `${before}similarity of pairs`,
      xLabel,
      yLabel: 'cosine similarity',
      series: [
        { label: 'belonging together', x, y: diagMean },
        { label: 'all', x, y: simMean },
      ],
    },
    {
      kind: 'lines',
      title: `${before}gap and signal`,
      xLabel,
      yLabel: 'value',
      series: [
        { label: 'gap', x, y: gap },
        { label: 'signal to noise', x, y: snr },
      ],
    },
  ];
}
