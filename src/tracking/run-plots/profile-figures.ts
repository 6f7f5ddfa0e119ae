// Where the time of a step went, from the keys `profile/{phase}/dl_{loader}/time_{part}_ms`.

import type { ShareSeries } from '../plots/panels/shares.ts';
import type { Panel } from '../plots/panels.ts';
import type { NamedFigure, RunMetric } from './metric-figures.ts';

const TIMED = /^profile\/(?:(.*)\/)?time_([^/]+)_ms$/;
/** As they follow each other in a step; others stand behind. */
const ORDER = ['data', 'forward', 'backward', 'optimizer'];
/** From the end of a loader's batch to the start of its next: other parts are in it, and it cannot be laid end to end with them. */
const OVERLAPPING = 'batch_wait';

/** Of what is no part of a batch: logging, validation, checkpoints, in sums between two log points. */
const BESIDE = ', beside batches';

/** Whether a metric is the time of a part of a step. */
export const isTimed = ({ name }: RunMetric): boolean => TIMED.test(name);

/** The mean of each part over the run, laid end to end for each loader, and the parts stacked over steps. */
export function profileFigures(metrics: readonly RunMetric[]): NamedFigure[] {
  const places = new Map<string, ShareSeries[]>();
  for (const { name, run, series } of metrics) {
    const [, where = '', part = ''] = TIMED.exec(name) ?? [];
    if (part === '' || part === OVERLAPPING) continue;
    const place = where.includes('dl_') ? where.replace(/(^|\/)dl_/, ' ').trim() : `${where}${BESIDE}`;
    const label = [run, place].filter(Boolean).join(' ');
    places.set(label, [
      ...(places.get(label) ?? []),
      { label: part.replaceAll('_', ' '), x: series.steps, y: series.values },
    ]);
  }
  if (places.size === 0) return [];
  const ordered = [...places].map(([label, parts]): [string, ShareSeries[]] => [label, parts.sort(byOrder)]);
  const ofBatches = ordered.filter(([label]) => !label.endsWith(BESIDE));
  const rows = ofBatches.map(([label, parts]) => ({
    label,
    parts: Object.fromEntries(parts.map((part) => [part.label, mean(part.y)])),
  }));
  const over = ordered.map(([title, series]): Panel => {
    return { kind: 'shares', title, xLabel: 'step', yLabel: 'ms', series };
  });
  const means: Panel = { kind: 'parts', xLabel: 'ms a batch, mean over the run', rows };
  return [
    ...(rows.length === 0 ? [] : [{ name: 'profile', options: { title: 'where a step goes', panels: [means] } }]),
    { name: 'profile-steps', options: { title: 'where a step goes, over steps', panels: over } },
  ];
}

const rank = ({ label }: ShareSeries): number => (ORDER.indexOf(label) + ORDER.length + 1) % (ORDER.length + 1);
const byOrder = (a: ShareSeries, b: ShareSeries): number => rank(a) - rank(b);

function mean(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
