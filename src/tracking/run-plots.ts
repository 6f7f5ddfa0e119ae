// Draws the pictures that any run has: each of its metrics over steps, training and validation together, and the learning rate.
import { drawLines, type LineSeries } from './plots/line.ts';
import { seriesColors } from './plots/palette.ts';
import { drawSchedule } from './plots/schedule.ts';
import { metricKeys, metricSeries, type Run } from './read-run.ts';
import type { Picture } from './report/section.ts';

/** Draws one picture for each metric's name, the last part of its key: `train/loss`, `train/dl_a/loss` and `val/loss` make one of `loss`.
 *  More curves than a reader can tell apart go on in a further picture. Names that start with `lr` or `learning_rate` are schedules. */
export async function drawRunPlots(run: Pick<Run, 'metrics'>): Promise<Picture[]> {
  const groups = new Map<string, string[]>();
  for (const key of metricKeys(run)) {
    if (key.startsWith('epoch_summary/')) continue;
    const name = key.slice(key.lastIndexOf('/') + 1);
    groups.set(name, [...(groups.get(name) ?? []), key]);
  }
  const pictures: Picture[] = [];
  for (const [name, keys] of groups) {
    for (let start = 0; start < keys.length; start += seriesColors.length) {
      const part = keys.slice(start, start + seriesColors.length);
      const title = start === 0 ? name : `${name} (${start / seriesColors.length + 1})`;
      pictures.push({ name: title, svg: await drawMetric(run, name, title, part) });
    }
  }
  return pictures;
}

async function drawMetric(
  run: Pick<Run, 'metrics'>,
  name: string,
  title: string,
  keys: readonly string[],
): Promise<string> {
  const series = keys.map((key): LineSeries => {
    const kind = key.startsWith('train/') ? 'noisy' : 'exact';
    return { label: seriesLabel(key), ...metricSeries(run, key), kind };
  });
  const isSchedule = /^(lr|learning_rate)(\b|_|\d|$)/.test(name);
  return isSchedule ? drawSchedule({ title: 'learning rate', series }) : drawLines({ title, yLabel: name, series });
}

/** What tells a curve from the others of its picture: `train/dl_google/loss` is `train google`. */
function seriesLabel(key: string): string {
  const parts = key.split('/');
  return parts.length === 1
    ? key
    : parts
        .slice(0, -1)
        .map((part) => part.replace(/^dl_/, ''))
        .join(' ');
}
