// Turns the sections of a report into HTML; every text that comes from outside is escaped here.
import { dataAddress, mediaTypeOf } from '../images/media-type.ts';
import { escapeMarkup } from '../markup.ts';
import { formatNumber } from '../number-format.ts';
import type {
  GalleryItem,
  GallerySection,
  MediaSection,
  PlotSection,
  ReportSection,
  TableCell,
  TableSection,
  TextSection,
} from './section.ts';

/** A section's HTML; `id` is what the page's contents link to. @throws {RangeError} if a picture is of a format that browsers do not show. */
export function renderSection(section: ReportSection, id: string): string {
  const caption = 'caption' in section && section.caption !== undefined ? section.caption : '';
  const note = caption === '' ? '' : `<p class="caption">${escapeMarkup(caption)}</p>`;
  return `<section id="${escapeMarkup(id)}"><h2>${escapeMarkup(section.title)}</h2>${note}${renderBody(section)}</section>`;
}

function renderBody(section: ReportSection): string {
  switch (section.kind) {
    case 'plot':
      return renderPictures(section);
    case 'media':
      return renderMedia(section);
    case 'gallery':
      return renderGallery(section);
    case 'table':
      return renderTable(section);
    case 'tree':
      return `<div class="card tree">${renderTree(section.value, 0)}</div>`;
    case 'text':
      return renderText(section);
  }
}

function renderPictures({ pictures }: PlotSection): string {
  const figures = pictures.map(
    ({ svg }) => `<figure class="card${isWide(svg) ? ' wide-picture' : ''}">${svg}</figure>`,
  );
  return `<div class="pictures">${figures.join('')}</div>`;
}

/** Whether a picture has a row for itself. */
const isWide = (svg: string): boolean => Number(/ viewBox="0 0 (\d+)/.exec(svg)?.[1] ?? 0) > WIDE;
/** In units of the picture. */
const WIDE = 900;

function renderMedia({ pictures }: MediaSection): string {
  const figures = pictures.map(({ bytes, caption }) => {
    const words = `<figcaption class="caption">${escapeMarkup(caption)}</figcaption>`;
    return `<figure class="card media">${renderPicture(bytes, caption)}${words}</figure>`;
  });
  return `<div class="pictures">${figures.join('')}</div>`;
}

function renderGallery({ rows }: GallerySection): string {
  const body = rows.map(({ query, results }) => {
    const found = results.map((result, index) => renderItem(result, `${index + 1}`));
    const shape = results.some(({ picture }) => picture !== undefined)
      ? `class="results" style="--columns:${Math.min(5, results.length)}"`
      : 'class="results texts"';
    return `<div class="query">${renderItem(query, 'query')}<div ${shape}>${found.join('')}</div></div>`;
  });
  return `<div class="gallery">${body.join('')}</div>`;
}

function renderItem(item: GalleryItem, place: string): string {
  const mark = item.isRight === undefined ? '' : item.isRight ? ' right' : ' wrong';
  const picture = item.picture === undefined ? '' : renderPicture(item.picture, item.text ?? place);
  const text = item.text === undefined ? '' : `<span class="words">${escapeMarkup(item.text)}</span>`;
  const score =
    item.score === undefined
      ? ''
      : `<span class="score">${escapeMarkup(String(Number(item.score.toPrecision(3))))}</span>`;
  const sign = item.isRight === true ? '<span class="sign" role="img" aria-label="right">✓</span>' : '';
  return `<div class="item${mark}"><span class="place">${place}${sign}</span>${picture}${text}${score}</div>`;
}

function renderPicture(bytes: Uint8Array, description: string): string {
  const mediaType = mediaTypeOf(bytes);
  if (mediaType !== undefined) return `<img alt="${escapeMarkup(description)}" src="${dataAddress(bytes, mediaType)}">`;
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  throw new RangeError(
    `Cannot put a picture into a report: expected PNG, JPEG, WebP, GIF or SVG, got bytes that start with ${start || 'nothing'}`,
  );
}

function renderTable({ columns, rows }: TableSection): string {
  const isNumeric = columns.map((_, index) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number'));
  const align = (index: number): string => (isNumeric[index] ? ' class="number"' : '');
  const head = columns.map((label, index) => `<th scope="col"${align(index)}>${escapeMarkup(label)}</th>`).join('');
  const body = rows.map((row) => {
    return `<tr>${row.map((cell, index) => `<td${align(index)}>${renderCell(cell)}</td>`).join('')}</tr>`;
  });
  return `<div class="card wide"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function renderCell(cell: TableCell): string {
  if (typeof cell === 'string') return escapeMarkup(cell);
  if (typeof cell === 'number') return formatNumber(cell);
  const percent = `${(cell.share * 100).toFixed(1)}%`;
  const width = Math.min(100, Math.max(0, cell.share * 100)).toFixed(1);
  return `<span class="share"><span class="bar"><i style="width:${width}%"></i></span>${percent}</span>`;
}

/** Objects as folds that stand open down to the second level; lists of plain values on one line. */
function renderTree(value: unknown, depth: number): string {
  if (!isBranch(value)) return renderLeaf(value);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return `<span class="leaf">${Array.isArray(value) ? '[]' : '{}'}</span>`;
  const rows = entries.map(([key, entry]) => {
    const name = `<span class="key">${escapeMarkup(key)}</span>`;
    if (!isBranch(entry)) return `<li>${name} ${renderLeaf(entry)}</li>`;
    const open = depth < 2 ? ' open' : '';
    return `<li><details${open}><summary>${name}</summary>${renderTree(entry, depth + 1)}</details></li>`;
  });
  return `<ul>${rows.join('')}</ul>`;
}

/** Whether a value is worth a fold of its own. */
function isBranch(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((entry) => typeof entry === 'object' && entry !== null);
  return Object.keys(value).length > 0;
}

function renderLeaf(value: unknown): string {
  const text = Array.isArray(value) ? value.map(leafText).join(', ') : leafText(value);
  return `<span class="leaf">${escapeMarkup(Array.isArray(value) ? `[${text}]` : text)}</span>`;
}

function leafText(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value;
  return typeof value === 'object' && value !== null ? '{}' : String(value);
}

function renderText({ text }: TextSection): string {
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');
  return paragraphs.map((paragraph) => `<p>${escapeMarkup(paragraph.trim())}</p>`).join('');
}
