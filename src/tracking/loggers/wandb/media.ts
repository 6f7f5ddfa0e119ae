// Values of W&B that are more than a number: histograms, and files of pictures, pages and tables with what the history says of them.
import { createHash } from 'node:crypto';
import type { Histogram, LoggedImage, Matrix } from '../../data-records.ts';
import { escapeMarkup } from '../../markup.ts';
import { toExtendedJson } from './extended-json.ts';
import type { Tree } from './records.ts';

/** The most bins that W&B draws. */
const MAX_BINS = 512;

/** A file of a run, and the value that refers to it. */
export interface Media {
  /** Below the run's folder `files`. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly value: Tree;
}

/** Bins next to each other become one where there are more than W&B draws. */
export function histogramValue({ edges, counts }: Histogram): Tree {
  const numJoined = Math.ceil(counts.length / MAX_BINS);
  if (numJoined <= 1) return { _type: 'histogram', values: counts, bins: edges };
  const values: number[] = [];
  const bins = [edges[0]!];
  for (let start = 0; start < counts.length; start += numJoined) {
    const end = Math.min(start + numJoined, counts.length);
    values.push(counts.slice(start, end).reduce((sum, count) => sum + count, 0));
    bins.push(edges[end]!);
  }
  return { _type: 'histogram', values, bins };
}

export function imageMedia(key: string, { bytes, format, width, height, caption }: LoggedImage, step: number): Media {
  const ending = format === 'jpeg' ? 'jpg' : format;
  const facts = { format: ending, width, height, ...(caption === undefined ? {} : { caption }) };
  return media('images', 'image-file', key, step, ending, bytes, facts);
}

/** What W&B's client puts before a page. */
const HTML_HEAD =
  '<base target="_blank"><link rel="stylesheet" type="text/css" href="https://app.wandb.ai/normalize.css" />';

/** A page of HTML, which SVG may be part of. */
export function htmlMedia(key: string, html: string, step: number): Media {
  return media('html', 'html-file', key, step, 'html', Buffer.from(HTML_HEAD + html), {});
}

export const textMedia = (key: string, text: string, step: number): Media =>
  htmlMedia(key, `<pre>${escapeMarkup(text)}</pre>`, step);

/** A matrix as the table of W&B's chart of confusion matrices: one row for each cell. */
export function matrixMedia(key: string, { rows, columns, values }: Matrix, step: number): Media {
  const data = rows.flatMap((row, i) => columns.map((column, j) => [row, column, values[i]![j]]));
  const table = toExtendedJson({ columns: ['Actual', 'Predicted', 'nPredictions'], data });
  const facts = { ncols: 3, nrows: data.length, log_mode: 'IMMUTABLE' };
  return media('table', 'table-file', key, step, 'table.json', Buffer.from(table), facts);
}

/** The chart that shows a table of `matrixMedia`: W&B's own, by name. */
export function matrixPanel(key: string, tableKey: string): Tree {
  const field = (name: string): Tree => ({ name, fields: [] });
  const fields = [
    field('id'),
    field('name'),
    field('_defaultColorIndex'),
    { name: 'summaryTable', args: [{ name: 'tableKey', value: tableKey }], fields: [] },
  ];
  return {
    panel_type: 'Vega2',
    panel_config: {
      userQuery: { queryFields: [{ name: 'runSets', args: [{ name: 'runSets', value: '$' + '{runSets}' }], fields }] },
      panelDefId: 'wandb/confusion_matrix/v1',
      transform: { name: 'tableWithLeafColNames' },
      fieldSettings: { Actual: 'Actual', Predicted: 'Predicted', nPredictions: 'nPredictions' },
      stringSettings: { title: key },
    },
  };
}

function media(
  folder: string,
  type: string,
  key: string,
  step: number,
  ending: string,
  content: Uint8Array,
  facts: Tree,
): Media {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const path = `media/${folder}/${safePath(key)}_${step}_${sha256.slice(0, 20)}.${ending}`;
  return { path, content, value: { _type: type, sha256, size: content.length, path, ...facts } };
}

/** A key as folders and a name that every disk takes. */
function safePath(key: string): string {
  const parts = key.split('/').map((part) => part.replace(/[^\p{L}\p{N}@_. -]+/gu, '-').slice(0, 80));
  return parts.map((part) => (/^\.*$/.test(part) ? '-' : part)).join('/');
}
