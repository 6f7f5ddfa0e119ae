// Every kind of panel that a picture can have, and how each becomes a drawing.
import type { Drawing, Room } from './drawing.ts';
import { type AlignmentPanel, alignmentPanels } from './panels/alignment.ts';
import { type BarsPanel, layOutBars } from './panels/bars.ts';
import { type HistogramPanel, layOutHistogram } from './panels/histogram.ts';
import { type HistogramsPanel, layOutHistograms } from './panels/histograms.ts';
import { type LinesPanel, layOutLines } from './panels/lines.ts';
import { layOutMap, type MapPanel } from './panels/map.ts';
import { layOutMatrix, type MatrixPanel } from './panels/matrix.ts';
import { layOutScatter, type ScatterPanel } from './panels/scatter.ts';
import { layOutSchedule, type SchedulePanel } from './panels/schedule.ts';
import { layOutShares, type SharesPanel } from './panels/shares.ts';
import { layOutParts, layOutTimeline, type PartsPanel, type TimelinePanel } from './panels/timeline.ts';
import type { PlacedPanel } from './sheet.ts';

/** What stands between two axes. */
export type Panel =
  | AlignmentPanel
  | BarsPanel
  | HistogramPanel
  | HistogramsPanel
  | LinesPanel
  | MapPanel
  | MatrixPanel
  | PartsPanel
  | ScatterPanel
  | SchedulePanel
  | SharesPanel
  | TimelinePanel;

/** The panels, laid out; alignment becomes two. */
export function layOutPanels(panels: readonly Panel[], room: Room): PlacedPanel[] {
  const single = panels.flatMap((panel) => (panel.kind === 'alignment' ? alignmentPanels(panel) : [panel]));
  return single.map((panel) => ({ kind: panel.kind, title: panel.title, ...layOut(panel, room) }));
}

function layOut(panel: Exclude<Panel, AlignmentPanel>, room: Room): Drawing {
  const { width } = room;
  switch (panel.kind) {
    case 'bars':
      return layOutBars(panel, width);
    case 'histogram':
      return layOutHistogram(panel, width);
    case 'histograms':
      return layOutHistograms(panel, room);
    case 'lines':
      return layOutLines(panel, width);
    case 'map':
      return layOutMap(panel, room);
    case 'matrix':
      return layOutMatrix(panel, width);
    case 'parts':
      return layOutParts(panel, width);
    case 'scatter':
      return layOutScatter(panel, width);
    case 'schedule':
      return layOutSchedule(panel, width);
    case 'shares':
      return layOutShares(panel, width);
    case 'timeline':
      return layOutTimeline(panel, width);
  }
}
