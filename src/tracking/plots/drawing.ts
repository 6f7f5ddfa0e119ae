// What a panel of a picture hands to the paper that it stands on: words, legend, size, and a function that draws between its axes.
import { replaceUnrepresentable } from '../markup.ts';
import type { LegendEntry } from './legend.ts';
import type { NumberAxis } from './number-axis.ts';
import type { Mark, PlotLibrary, PlotOptions } from './plot-library.ts';
import { fitText, textWidth } from './text-fit.ts';

/** A panel, ready to be drawn. */
export interface Drawing {
  /** What the values say in words, below the title. */
  readonly subtitle?: string | undefined;
  readonly legend: readonly LegendEntry[];
  /** Of the plot with its axes; default the figure's. */
  readonly height?: number;
  readonly margins?: {
    readonly left?: number;
    readonly right?: number;
    readonly top?: number;
    readonly bottom?: number;
  };
  readonly draw: (plot: PlotLibrary) => PlotOptions;
}

/** The room that a panel has. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

export const MARGIN = 16;
export const TICK_FONT_SIZE = 12;

/** The left margin for labels this wide, and where the axis' own label goes, so that it begins below the title's first letter. */
export function leftMargin(labelsWidth: number): { left: number; labelOffset: number } {
  const left = Math.max(52, Math.ceil(labelsWidth) + 18);
  return { left, labelOffset: left - MARGIN };
}

/** Room for the half of the last label that stands beyond the axis. */
export function rightMargin({ ticks, tickFormat }: NumberAxis): number {
  const last = ticks.at(-1);
  return last === undefined ? 20 : Math.max(20, Math.ceil(textWidth(tickFormat(last), TICK_FONT_SIZE) / 2) + 2);
}

/** An axis' name as it can stand in a panel of this width. */
export function axisName(text: string, width: number): string {
  return fitText(replaceUnrepresentable(text), width - 2 * MARGIN - 24, TICK_FONT_SIZE);
}

/** Words in the middle of a panel without values. */
export function noValues(plot: PlotLibrary): Mark {
  return plot.text([{ text: 'no values' }], {
    text: 'text',
    frameAnchor: 'middle',
    fill: 'currentColor',
    fontSize: 13,
    opacity: 0.7,
  });
}
