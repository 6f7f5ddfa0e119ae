// The paper of a picture: title, panels in rows with their words, legends and drawings, and the style for light and dark, as one standalone SVG.
import { escapeMarkup } from '../markup.ts';
import { type Drawing, MARGIN, type Room } from './drawing.ts';
import { type Legend, type LegendEntry, layOutLegend } from './legend.ts';
import { figureStyle, lightPaper } from './palette.ts';
import { plotToSvg } from './plot-library.ts';
import { wrapText } from './text-fit.ts';

/** A panel on the paper. */
export interface PlacedPanel extends Drawing {
  readonly kind: string;
  readonly title?: string | undefined;
}

export interface Sheet {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly columns: number;
  readonly room: Room;
  readonly panels: readonly PlacedPanel[];
}

/** A block of words or swatches, and its height. */
type Block = Legend;

const FONT_FAMILY = "system-ui, -apple-system, 'Segoe UI', sans-serif";

/** Draws the sheet as standalone SVG text, light or dark as the viewer prefers. */
export async function drawSheet(sheet: Sheet): Promise<string> {
  const { columns, room, panels } = sheet;
  const width = columns * room.width;
  const shared = sharedLegend(panels);
  const head = stack([
    words(sheet.title, width, 15, 'class="title" font-weight="600"', 2, escapeMarkup(sheet.title)),
    ...(sheet.subtitle === undefined ? [] : [words(sheet.subtitle, width, 12, 'opacity="0.7"', 3)]),
    legendBlock(shared ?? [], width),
  ]);
  let top = 10 + head.height + (panels.length > 1 ? 6 : 0);
  const parts = [move(head.svg, 0, 10)];
  for (let start = 0; start < panels.length; start += columns) {
    const row = panels.slice(start, start + columns);
    const heads = row.map((panel) => panelHead(panel, room.width, shared === undefined));
    const headHeight = Math.max(...heads.map(({ height }) => height));
    const heights = row.map(({ height = room.height }) => height);
    for (const [index, panel] of row.entries()) {
      const body = await drawPanel(panel, { width: room.width, height: heights[index]! });
      const name = panel.title === undefined ? '' : ` aria-label="${escapeMarkup(panel.title)}"`;
      const placed = body.replace('<svg ', `<svg y="${headHeight}" `);
      const place = `transform="translate(${index * room.width},${top})"`;
      parts.push(
        `<g class="panel" data-kind="${panel.kind}" role="group"${name} ${place}>${heads[index]!.svg}${placed}</g>`,
      );
    }
    top += headHeight + Math.max(...heights);
  }
  const height = Math.ceil(top + (panels.length > 1 ? 6 : 0));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="sconce-figure" role="img" aria-label="${escapeMarkup(sheet.title)}" ` +
    `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" color="#1f2733" fill="currentColor" ` +
    `font-family="${FONT_FAMILY}"><style>${figureStyle()}</style>` +
    `<rect class="paper" width="${width}" height="${height}" fill="${lightPaper}"/>${parts.join('')}</svg>\n`
  );
}

/** The legend of all panels where they have the same one. */
function sharedLegend(panels: readonly PlacedPanel[]): readonly LegendEntry[] | undefined {
  const [first, ...others] = panels;
  if (first === undefined || others.length === 0) return undefined;
  const wanted = JSON.stringify(first.legend);
  return others.every(({ legend }) => JSON.stringify(legend) === wanted) ? first.legend : undefined;
}

function panelHead({ title, subtitle, legend }: PlacedPanel, width: number, hasLegend: boolean): Block {
  return stack([
    ...(title === undefined
      ? []
      : [words(title, width, 13, 'class="panel-title" font-weight="600"', 2, escapeMarkup(title))]),
    ...(subtitle === undefined ? [] : [words(subtitle, width, 12, 'opacity="0.7"', 3)]),
    legendBlock(hasLegend ? legend : [], width),
  ]);
}

function words(
  text: string,
  width: number,
  fontSize: number,
  attributes: string,
  maxLines: number,
  whole?: string,
): Block {
  const lines = wrapText(text, width - 2 * MARGIN, fontSize * 1.02, maxLines);
  const lineHeight = Math.round(fontSize * 1.3);
  const tooltip = whole === undefined || lines.join(' ') === text ? '' : `<title>${whole}</title>`;
  const spans = lines.map((line, index) => {
    return lines.length === 1
      ? escapeMarkup(line)
      : `<tspan x="${MARGIN}" y="${lineHeight * (index + 1)}">${escapeMarkup(line)}</tspan>`;
  });
  const svg = `<text ${attributes} x="${MARGIN}" y="${lineHeight}" font-size="${fontSize}">${spans.join('')}${tooltip}</text>`;
  return { svg, height: lineHeight * lines.length + 4 };
}

function legendBlock(entries: readonly LegendEntry[], width: number): Block {
  const { svg, height } = layOutLegend(entries, MARGIN, width - MARGIN);
  return { svg: svg === '' ? '' : move(svg, 0, 14), height: height === 0 ? 0 : height + 4 };
}

function stack(blocks: readonly Block[]): Block {
  let height = 0;
  const parts = blocks.map((block) => {
    const placed = move(block.svg, 0, height);
    height += block.height;
    return placed;
  });
  return { svg: parts.join(''), height };
}

const move = (svg: string, x: number, y: number): string =>
  svg === '' || (x === 0 && y === 0) ? svg : `<g transform="translate(${x},${y})">${svg}</g>`;

async function drawPanel({ margins = {}, draw }: PlacedPanel, { width, height }: Room): Promise<string> {
  return plotToSvg((plot) => ({
    className: 'sconce-plot',
    width,
    height,
    marginLeft: margins.left ?? 52,
    marginRight: margins.right ?? 20,
    marginTop: margins.top ?? 26,
    marginBottom: margins.bottom ?? 42,
    style: { fontFamily: FONT_FAMILY, fontSize: '12px', background: 'none' },
    ...draw(plot),
  }));
}
