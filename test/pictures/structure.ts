// What a picture of ours shows, read from its SVG: panels with axes, legend and marks, each counted.

interface Node {
  readonly nodeType: number;
  readonly tagName: string;
  readonly textContent: string;
  readonly children: Iterable<Node>;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Node>;
  querySelector(selector: string): Node | null;
}

const packageName = 'linkedom'; // its types need the browser's

export interface PanelStructure {
  readonly kind: string;
  readonly title?: string;
  /** The axes' own labels, without arrows. */
  readonly axes: readonly string[];
  readonly legend: readonly string[];
  /** How many of each. */
  readonly marks: Readonly<Record<string, number>>;
}

export interface PictureStructure {
  readonly title: string;
  /** Of the whole picture, where its panels share one. */
  readonly legend: readonly string[];
  readonly panels: readonly PanelStructure[];
}

/** Marks that say something: axes, ticks, grids and rules are the paper's. */
const MARKS = new Set(['line', 'dot', 'bar', 'rect', 'area', 'cells', 'ridges', 'lanes', 'tick']);

/** A panel in a line, as `lines "loss": loss by step; train, val; 2 line, 3 dot`. */
export function describePanels({ panels, legend: shared }: PictureStructure): string[] {
  return panels.map(({ kind, title, axes, legend, marks }) => {
    const name = title === undefined ? kind : `${kind} "${title}"`;
    const counts = Object.entries(marks).map(([mark, count]) => (mark === 'cells' ? mark : `${count} ${mark}`));
    return [
      `${name}: ${axes.join(' by ') || 'no axes'}`,
      [...shared, ...legend].join(', ') || 'no legend',
      counts.join(', '),
    ].join('; ');
  });
}

/** Reads a picture. @throws {Error} where a place in it is no number. */
export async function structureOf(svg: string): Promise<PictureStructure> {
  const { DOMParser } = (await import(packageName)) as {
    DOMParser: new () => { parseFromString(text: string, type: string): { documentElement: Node } };
  };
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const wrong = /(?:[ (,"])(?:NaN|Infinity|undefined)(?=[ ),"])/.exec(svg.replace(/<text[^>]*>[^<]*/g, ''));
  if (wrong) throw new Error(`The picture has no place: ${svg.slice(Math.max(0, wrong.index - 80), wrong.index + 20)}`);
  const panels = [...root.querySelectorAll('.panel')];
  const inPanels = new Set(panels.flatMap((panel) => [...panel.querySelectorAll('.legend')]));
  const shared = [...root.querySelectorAll('.legend')].filter((legend) => !inPanels.has(legend));
  return {
    title: wordsOf(root.querySelector('.title')),
    legend: shared.flatMap(legendOf),
    panels: panels.map(panelOf),
  };
}

function panelOf(panel: Node): PanelStructure {
  const title = panel.getAttribute('aria-label');
  const labels = [...panel.querySelectorAll('g')].filter((group) =>
    /^[xy]-axis label$/.test(group.getAttribute('aria-label') ?? ''),
  );
  const marks: Record<string, number> = {};
  for (const group of panel.querySelectorAll('g')) {
    const name = group.getAttribute('aria-label') ?? '';
    if (!MARKS.has(name)) continue;
    const drawn = [...group.querySelectorAll('path, circle, rect, line')];
    marks[name] = (marks[name] ?? 0) + drawn.length;
  }
  return {
    kind: panel.getAttribute('data-kind') ?? '',
    ...(title === null ? {} : { title }),
    axes: labels.map((label) => wordsOf(label).replace(/[↑→]/g, '').trim()),
    legend: [...panel.querySelectorAll('.legend')].flatMap(legendOf),
    marks,
  };
}

const legendOf = (legend: Node): string[] => [...legend.querySelectorAll('text')].map(wordsOf);

const wordsOf = (node: Node | null): string => node?.textContent.trim() ?? '';
