// `figure`: any picture, ours and the user's own, from a description of its panels to SVG and PNG.

import { figureProblems } from './panel-schema.ts';
import { layOutPanels, type Panel } from './panels.ts';
import { type PngOptions, renderPng } from './png.ts';
import { drawSheet } from './sheet.ts';

export interface FigureOptions {
  readonly title: string;
  readonly subtitle?: string;
  /** Panels beside each other. Default: one panel 1, else 2. */
  readonly columns?: number;
  /** In units of the picture, 200 to 4000; default 440. Pictures scale without loss. */
  readonly panelWidth?: number;
  /** Of a panel's plot, default 240. Matrices, timelines and bars that lie take the height that they need. */
  readonly panelHeight?: number;
  readonly panels: readonly Panel[];
}

/** A picture that can be drawn as often as it is asked for. What its description holds is read when it is drawn. */
export interface Figure {
  readonly title: string;
  /** Standalone SVG text, light or dark as its viewer prefers. Nothing in it runs or is fetched. */
  toSvg(): Promise<string>;
  /** PNG bytes: `scale` is pixels a unit (default 2), `theme` the paper (default light). */
  toPng(options?: PngOptions): Promise<Uint8Array>;
}

/** Describes a picture of one or more panels. Kinds: `lines`, `schedule`, `bars`, `shares` (stacked over time), `histogram`, `histograms` (over time),
 *  `matrix`, `alignment`, `scatter`, `map`, `timeline` and `parts`. A logger takes it as text: `logger.logFigure('roc', await picture.toSvg(), clocks)`.
 *  @throws {TypeError} for a description that cannot be drawn, with every problem in it.
 *  @example
 *  import { figure } from 'sconce/tracking';
 *  const picture = figure({
 *    title: 'loss',
 *    panels: [{
 *      kind: 'lines',
 *      yLabel: 'loss (nats)',
 *      series: [
 *        { label: 'train', x: [1, 2, 3, 4], y: [2.3, 1.7, 1.2, 0.9] },
 *        { label: 'val', x: [2, 4], y: [1.9, 1.1] },
 *      ],
 *    }],
 *  });
 *  (await picture.toSvg()).startsWith('<svg'); // true */
export function figure(options: FigureOptions): Figure {
  const problems = figureProblems(options);
  if (problems.length > 0)
    throw new TypeError(`Cannot draw a figure:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  const { title, subtitle, panels, panelWidth = 440, panelHeight = 240 } = options;
  const toSvg = (): Promise<string> => {
    const room = { width: panelWidth, height: panelHeight };
    const placed = layOutPanels(panels, room);
    return drawSheet({ title, subtitle, columns: Math.min(placed.length, options.columns ?? 2), room, panels: placed });
  };
  return { title, toSvg, toPng: async (png) => renderPng(await toSvg(), png) };
}
