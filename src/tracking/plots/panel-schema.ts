// What a figure's description has to be, so that every problem is told at once, with its path, before anything is drawn.
import { z } from 'zod';
import { mediaTypeOf } from '../images/media-type.ts';
import { seriesColors } from './palette.ts';
import { MAP_SIGNS, MAX_MAP_GROUPS, signsOf } from './panels/map-signs.ts';
import { MAX_STYLES } from './series-style.ts';

const wanted = (text: string): { error: string } => ({ error: text });

const text = z.string(wanted('a text'));
const number = z.custom<number>((value) => typeof value === 'number', wanted('a number'));
const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'number');
const numbers = z.custom<number[]>(isNumbers, wanted('a list of numbers'));
const isPlaces = (value: unknown): boolean => isNumbers(value) && (value as number[]).every(Number.isFinite);
const places = z.custom<number[]>(isPlaces, wanted('a list of finite numbers'));
const counts = z.custom<number[]>(
  (value) => isPlaces(value) && (value as number[]).every((count) => count >= 0),
  wanted('a list of numbers that are not negative'),
);
const isRising = (value: unknown): boolean =>
  isPlaces(value) && (value as number[]).every((edge, index, all) => index === 0 || edge > all[index - 1]!);
const edges = z.custom<number[]>(isRising, wanted('a list of rising numbers'));
const texts = z.array(text, wanted('a list of texts'));
const list = <T extends z.ZodType>(entry: T) => z.array(entry, wanted('a list'));
const oneOf = <const T extends readonly string[]>(...values: T) =>
  z.enum(values, wanted(`one of ${values.map((value) => `"${value}"`).join(', ')}`));
const object = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape, wanted('an object'));

interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const sameLength = <T extends z.ZodType<Points>>(series: T): T =>
  series.refine(({ x, y }) => x.length === y.length, { path: ['y'], error: 'as many values as x has' }) as T;

const curve = { label: text, x: places, y: numbers };
const scale = oneOf('linear', 'log').optional();
const format = oneOf('number', 'percent').optional();
const title = text.optional();
const label = text.optional();

const bins = z
  .looseObject({ edges, counts, numNonFinite: number.optional() }, wanted('a histogram of { edges, counts }'))
  .refine(
    (histogram) =>
      histogram.edges.length === histogram.counts.length + 1 || histogram.edges.length + histogram.counts.length === 0,
    {
      path: ['edges'],
      error: 'one entry more than counts has',
    },
  );

const matrix = z
  .strictObject(
    {
      rows: texts,
      columns: texts,
      values: z.array(numbers, wanted('a list of lists of numbers')),
      rowLabel: label,
      columnLabel: label,
    },
    wanted('a matrix of { rows, columns, values }'),
  )
  .refine(
    ({ rows, columns, values }) =>
      values.length === rows.length && values.every((row) => row.length === columns.length),
    {
      path: ['values'],
      error: 'a list for each row with a number for each column',
    },
  );

const numGroups = (entries: readonly { readonly group?: string | undefined }[]): number =>
  new Set(entries.map(({ group = '' }) => group)).size;

const pictureBytes = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && mediaTypeOf(value) !== undefined,
  wanted('the bytes of a PNG, JPEG, WebP, GIF or SVG file'),
);

const panels = [
  object({
    kind: z.literal('lines'), title, yLabel: text, xLabel: label, xScale: scale, yScale: scale, yFormat: format,
    smooth: z.int(wanted('an integer, 0 or above')).min(0, wanted('an integer, 0 or above')).optional(),
    kindLabels: object({ noisy: text, exact: text }).optional(),
    series: list(sameLength(object({ ...curve, kind: oneOf('noisy', 'exact').optional() }))),
  }),
  object({ kind: z.literal('schedule'), title, yLabel: label, xLabel: label, yScale: scale, series: list(sameLength(object(curve))) }),
  object({
    kind: z.literal('bars'), title, yLabel: text, yFormat: format, referenceLabel: label,
    bars: list(object({ label: text, group: label, value: number, reference: number.optional() })).refine(
      (bars) => numGroups(bars) <= seriesColors.length, wanted(`at most ${seriesColors.length} groups`),
    ),
  }),
  object({ kind: z.literal('shares'), title, yLabel: text, xLabel: label, yFormat: format, series: list(sameLength(object(curve))) }),
  object({ kind: z.literal('histogram'), title, xLabel: label, histogram: bins }),
  object({
    kind: z.literal('histograms'), title, style: oneOf('heat', 'ridges').optional(), xLabel: label, yLabel: label,
    x: edges, histograms: list(bins),
  }).refine(({ x, histograms }) => x.length === histograms.length, { path: ['histograms'], error: 'one for each x' }),
  object({ kind: z.literal('matrix'), title, matrix, normalize: oneOf('row', 'column', 'all', 'none').optional() }),
  object({
    kind: z.literal('alignment'), title, xLabel: label, x: places, diagMean: numbers, simMean: numbers, gap: numbers, snr: numbers,
  }).refine(({ x, diagMean, simMean, gap, snr }) => [diagMean, simMean, gap, snr].every((values) => values.length === x.length), {
    path: ['x'], error: 'as many values as diagMean, simMean, gap and snr each have',
  }),
  object({
    kind: z.literal('scatter'), title, xLabel: text, yLabel: text, xScale: scale, yScale: scale,
    points: list(object({ x: z.union([number, text], wanted('a number or a text')), y: number, group: label })).refine(
      (points) => numGroups(points) <= MAX_STYLES, wanted(`at most ${MAX_STYLES} groups`),
    ),
  }),
  object({
    kind: z.literal('map'), title, xLabel: label, yLabel: label, pictureSize: number.optional(),
    points: list(object({ x: number, y: number, group: label, sign: label, label, picture: pictureBytes.optional(), link: label })).refine(
      (points) => numGroups(points) <= MAX_MAP_GROUPS && signsOf(points).length <= MAP_SIGNS.length,
      wanted(`at most ${MAX_MAP_GROUPS} groups and ${MAP_SIGNS.length} signs`),
    ),
  }),
  object({
    kind: z.literal('timeline'), title, xLabel: label,
    lanes: list(object({ label: text, spans: list(object({ label: text, start: number, end: number })) })),
  }),
  object({ kind: z.literal('parts'), title, xLabel: label, rows: list(object({ label: text, parts: z.record(z.string(), number, wanted('an object of numbers')) })) }),
] as const; // biome-ignore format: a table

const kinds = panels.map((panel) => panel.shape.kind.value);
const size = z.custom<number>(
  (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 4000,
  wanted('an integer from 200 to 4000'),
);

const figureSchema = object({
  title: text,
  subtitle: label,
  columns: z
    .custom<number>(
      (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 8,
      wanted('an integer from 1 to 8'),
    )
    .optional(),
  panelWidth: size.optional(),
  panelHeight: size.optional(),
  panels: z
    .array(z.discriminatedUnion('kind', panels, wanted(`one of ${kinds.join(', ')}`)), wanted('a list of panels'))
    .min(1, wanted('at least one panel')),
});

/** One line a problem, with its path; none where the description can be drawn. */
export function figureProblems(options: unknown): string[] {
  const parsed = figureSchema.safeParse(options);
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => {
    const given = issue.path.reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      options,
    );
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map(
        (key) =>
          `${pathOf([...issue.path, key])}: expected no such option, got ${describe(Reflect.get(Object(given), key))}`,
      );
    return [`${pathOf(issue.path)}: expected ${issue.message}, got ${describe(given)}`];
  });
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  ) || 'options';

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) {
    const odd = value.find((entry) => typeof entry !== 'number' || !Number.isFinite(entry));
    return `a list of ${value.length}${odd === undefined || typeof odd === 'object' ? '' : ` with ${String(odd).slice(0, 40)} in it`}`;
  }
  if (typeof value === 'object' && value !== null)
    return 'kind' in value ? `one of kind ${JSON.stringify(value.kind)}` : (value.constructor?.name ?? 'an object');
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);
}
