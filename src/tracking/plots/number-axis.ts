// The axis of a number: its range, and ticks whose labels all differ, whatever the values are.
import { textWidth } from './text-fit.ts';

/** Values that differ by less than this part of their size are one: what lies between them is rounding, which no label could tell and no tick could be counted in. */
const ROUNDING = 1e-9;

/** Where a number stands and how it is written. */
export interface NumberAxis {
  readonly type: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly tickFormat: (value: number) => string;
}

export interface NumberAxisOptions {
  readonly scale?: 'linear' | 'log';
  readonly format?: 'number' | 'percent';
  /** Whether the range is widened to whole ticks. */
  readonly isNice?: boolean;
  /** Whether 0 is in the range. */
  readonly hasZero?: boolean;
  /** About so many. */
  readonly numTicks?: number;
}

/** An axis for these values. Those that it has no place for (not finite; not above 0 on a logarithmic one) are passed over. */
export function numberAxis(values: Iterable<number>, options: NumberAxisOptions = {}): NumberAxis {
  const { scale = 'linear', isNice = false, hasZero = false, format = 'number', numTicks = 6 } = options;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let isWhole = true;
  for (const value of values) {
    if (!Number.isFinite(value) || (scale === 'log' && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    isWhole &&= Number.isInteger(value);
  }
  if (scale === 'log') return logAxis(low, high, isNice, numTicks);
  if (low > high) [low, high, isWhole] = [0, 1, false];
  if (hasZero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  if (high - low <= Math.max(Math.abs(low), Math.abs(high)) * ROUNDING) high = low;
  // One whole number everywhere stands between whole numbers.
  const isCount = low === high && isWhole && isNice && format === 'number' && Math.abs(low) < 1e9;
  if (low === high) {
    const half = isCount ? 1 : isWhole && !isNice ? 0.5 : Math.max(Math.abs(low) * 0.1, Number.MIN_VALUE * 1e6) || 0.5;
    [low, high] = low === 0 ? (hasZero || isNice ? [0, 1] : [-0.5, 0.5]) : [low - half, high + half];
  }
  const step = niceStep((high - low) / numTicks, isCount || (isWhole && !isNice));
  if (isNice) [low, high] = [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1)
    ticks.push(index * step);
  const tickFormat = distinctFormat(ticks, format === 'percent' ? formatPercentTick : formatTick);
  return { type: 'linear', domain: [low, high], ticks, tickFormat };
}

/** How wide the widest label is. */
export function labelsWidth({ ticks, tickFormat }: NumberAxis, fontSize: number): number {
  return Math.max(0, ...ticks.map((tick) => textWidth(tickFormat(tick), fontSize)));
}

/** A tick's number, short: `0.05`, `250`, `12k`, `2e-5`. */
export function formatTick(value: number, numDigits = 4): string {
  const magnitude = Math.abs(value);
  const short = Number(value.toPrecision(numDigits));
  if (magnitude >= 1e9 || (magnitude > 0 && magnitude < 1e-4)) return short.toExponential().replace('e+', 'e');
  if (magnitude >= 1e6) return `${Number((short / 1e6).toPrecision(numDigits))}M`;
  return magnitude >= 1e4 ? `${Number((short / 1e3).toPrecision(numDigits))}k` : String(short);
}

/** A tick's number as a share of one: `12.5%`. */
export function formatPercentTick(value: number, numDigits = 4): string {
  return `${Number((value * 100).toPrecision(numDigits))}%`;
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(least: number, isWhole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const ratio = least / power;
  const fits = (digit: number): boolean => ratio <= digit * (1 + 1e-9);
  const step = power * (fits(1) ? 1 : fits(2) ? 2 : fits(5) ? 5 : 10);
  return isWhole ? Math.max(1, Math.round(step)) : step;
}

/** With as many digits as it takes for no two ticks to read alike. */
function distinctFormat(
  ticks: readonly number[],
  format: (value: number, numDigits: number) => string,
): (value: number) => string {
  let numDigits = 4;
  while (numDigits < 12 && new Set(ticks.map((tick) => format(tick, numDigits))).size < ticks.length) numDigits += 1;
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : 0;
  // 1.000001M reads worse than 1000001.
  const isPlain =
    numDigits > 6 && ticks.every((tick) => Math.abs(tick) < 1e9 && (tick === 0 || Math.abs(tick) >= 1e-4));
  return (value) => {
    if (Math.abs(value) < step * 1e-6) return format(0, 4);
    return isPlain && format === formatTick ? String(Number(value.toPrecision(numDigits))) : format(value, numDigits);
  };
}

function logAxis(lowest: number, highest: number, isNice: boolean, numTicks: number): NumberAxis {
  let [low, high] = lowest > highest ? [0.1, 1] : [lowest, highest];
  if (low === high) [low, high] = [low / 2, high * 2];
  const numDecades = Math.log10(high / low);
  if (numDecades < 0.8) {
    const axis = numberAxis([low, high], { isNice, numTicks });
    const ticks = axis.ticks.filter((tick) => tick > 0);
    return { ...axis, type: 'log', domain: [axis.domain[0] > 0 ? axis.domain[0] : low, axis.domain[1]], ticks };
  }
  if (numDecades > 3 && isNice)
    [low, high] = [10 ** Math.floor(Math.log10(low) + 1e-9), 10 ** Math.ceil(Math.log10(high) - 1e-9)];
  const stride = Math.max(1, Math.round(numDecades / numTicks));
  // Observable Plot leaves out the labels of other digits where there are many ticks.
  const leading = numDecades <= 1.5 ? [1, 2, 5] : numDecades <= 3 ? [1, 3] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    if (power % stride !== 0) continue;
    for (const digit of leading) {
      const tick = Number(`${digit}e${power}`);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return { type: 'log', domain: [low, high], ticks, tickFormat: (value) => formatTick(value) };
}
