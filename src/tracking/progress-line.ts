// Lays out one line of progress for a width and, on a terminal, in colour: pure functions of what is to be shown.
import { formatCountdown, formatNumber } from './number-format.ts';
import type { MetricValues } from './run-format.ts';

/** What one line of progress says. */
export interface ProgressFacts {
  /** The phase, as in `epoch 3/10` or `validate 3/10`. */
  readonly label: string;
  readonly done: number;
  /** Undefined where nobody knows how many steps there will be. */
  readonly total: number | undefined;
  readonly stepsPerSecond: number | undefined;
  /** What is counted. Default 'step'. */
  readonly unit?: 'step' | 'batch';
  /** Until the end of the run, or of the phase where the run's length is unknown. */
  readonly leftMs: number | undefined;
  readonly values: MetricValues;
}

/** Paints text for a terminal, or leaves it as it is. */
export interface Paint {
  readonly accent: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

export const plainPaint: Paint = { accent: (text) => text, faint: (text) => text, strong: (text) => text };

export const colorPaint: Paint = {
  accent: (text) => `\u001b[36m${text}\u001b[39m`,
  faint: (text) => `\u001b[2m${text}\u001b[22m`,
  strong: (text) => `\u001b[1m${text}\u001b[22m`,
};

const GAP = '  ';
const MIN_BAR_WIDTH = 8;
const MAX_BAR_WIDTH = 32;

/** A piece of the line: its plain text decides the layout, its painted text is what is written. */
interface Piece {
  readonly plain: string;
  readonly painted: string;
}

/** The live line: label, bar, count, time left, rate, then as many metrics as fit into `width` columns.
 *  The bar takes what is left over. On a narrow terminal the first metric goes before the time left, that before the bar, that before the rate, and that before the
 *  other metrics. */
export function barLine(facts: ProgressFacts, width: number, paint: Paint): string {
  const label = piece(facts.label, paint.strong);
  const count = piece(countText(facts));
  const required = facts.label.length + GAP.length + count.plain.length;
  if (required > width) return `${facts.label}${GAP}${count.plain}`.slice(0, width);
  const hasBar = facts.total !== undefined && facts.total > 0;
  let room = width - required;
  const costOf = ({ plain }: Piece): number => GAP.length + displayWidth(plain);
  const shown = new Set<Piece>();
  const take = (candidate: Piece | undefined): boolean => {
    if (!candidate || costOf(candidate) > room) return false;
    room -= costOf(candidate);
    shown.add(candidate);
    return true;
  };
  const { left, rate } = timePieces(facts);
  const [first, ...others] = metricPieces(facts.values, paint);
  take(first);
  take(left);
  const barRoom = hasBar && room >= GAP.length + MIN_BAR_WIDTH ? GAP.length + MIN_BAR_WIDTH : 0;
  room -= barRoom;
  if (take(rate) || !rate) others.every(take);
  const barWidth = barRoom > 0 ? Math.min(MAX_BAR_WIDTH, MIN_BAR_WIDTH + room) : 0;
  const bar = barRoom > 0 ? [drawBar(facts.done / facts.total!, barWidth, paint)] : [];
  const optional = [left, rate, first, ...others].filter((each) => each !== undefined && shown.has(each)) as Piece[];
  return [label, ...bar, count, ...optional]
    .map(({ painted }) => painted)
    .join(GAP)
    .trimEnd();
}

/** The same facts as a line of a log file: no bar, no limit to its width. */
export function logLine(facts: ProgressFacts): string {
  const { left, rate } = timePieces(facts);
  const times = [left, rate].flatMap((each) => each ?? []);
  const pieces = [piece(countText(facts)), ...times, ...metricPieces(facts.values, plainPaint)];
  return [facts.label, ...pieces.map(({ plain }) => plain)].join(GAP).trimEnd();
}

/** What stays on the screen when an epoch is over; `columns` undefined means no limit. */
export function epochLine(
  label: string,
  durationText: string,
  values: MetricValues,
  paint: Paint,
  columns?: number,
): string {
  let room = (columns ?? Number.POSITIVE_INFINITY) - label.length - GAP.length - durationText.length;
  const shown: Piece[] = [];
  for (const candidate of metricPieces(values, paint)) {
    room -= GAP.length + displayWidth(candidate.plain);
    if (room < 0) break;
    shown.push(candidate);
  }
  return [paint.strong(label), paint.faint(durationText), ...shown.map(({ painted }) => painted)].join(GAP).trimEnd();
}

/** Columns that a terminal needs for the text: East Asian and emoji characters take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += wideCharacter.test(character) ? 2 : 1;
  return width;
}

const wideCharacter = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u;

/** Text that cannot move the cursor or colour the screen: control characters become `?`. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

function countText({ done, total, unit = 'step' }: ProgressFacts): string {
  if (total === undefined) return `${unit} ${done}`;
  return `${String(done).padStart(String(total).length)}/${total}`;
}

function timePieces({ leftMs, stepsPerSecond, unit = 'step' }: ProgressFacts): { left?: Piece; rate?: Piece } {
  return {
    ...(leftMs === undefined ? {} : { left: piece(`${formatCountdown(leftMs).padStart(5)} left`) }),
    ...(stepsPerSecond === undefined ? {} : { rate: piece(rateText(stepsPerSecond, unit)) }),
  };
}

function rateText(stepsPerSecond: number, unit: 'step' | 'batch'): string {
  const isSlow = stepsPerSecond > 0 && stepsPerSecond < 1;
  const rate = isSlow ? 1 / stepsPerSecond : stepsPerSecond;
  const digits = rate >= 100 ? rate.toFixed(0) : rate.toFixed(1);
  return isSlow ? `${digits} s/${unit}` : `${digits} ${unit === 'batch' ? 'batches' : 'steps'}/s`;
}

function metricPieces(values: MetricValues, paint: Paint): Piece[] {
  return Object.entries(values).map(([key, value]) => {
    const name = printable(key);
    const text = formatNumber(value).padEnd(6); // so that lines below each other align and the bar keeps its width
    return { plain: `${name} ${text}`, painted: `${paint.faint(name)} ${text}` };
  });
}

function drawBar(fraction: number, width: number, paint: Paint): Piece {
  const halves = Math.round(Math.min(1, Math.max(0, fraction)) * width * 2);
  const filled = '━'.repeat(halves >> 1) + (halves % 2 === 1 ? '╸' : '');
  const rest = '─'.repeat(width - filled.length);
  return { plain: filled + rest, painted: paint.accent(filled) + paint.faint(rest) };
}

function piece(plain: string, painted: (text: string) => string = plainPaint.accent): Piece {
  return { plain, painted: painted(plain) };
}
