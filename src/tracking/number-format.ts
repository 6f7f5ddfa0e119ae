// How numbers, durations and sizes are written where a person reads them: the progress line, plots and the report.

export { formatBytes } from '../tensor/format-bytes.ts';

/** Four significant digits, without an exponent between 1e-4 and 1e6: `0.6931`, `12.35`, `120,000`, `3e-5`, `NaN`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '-∞' : value > 0 ? '∞' : 'NaN';
  const magnitude = Math.abs(value);
  if (magnitude === 0) return '0';
  if (magnitude < 1e-4 || magnitude >= 1e9)
    return value
      .toExponential(3)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  if (Number.isInteger(value) || magnitude >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(4);
}

/** With so many digits after the point, as Python's `format(value, '.4f')` has them: `0.6931`, a half to the even digit, `nan`, `-inf`. */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e21) return `${sign}${BigInt(magnitude)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  const rounded = magnitude.toFixed(digits);
  // A binary number that lies between two decimal ones has its last digit not far behind them.
  const exact = magnitude.toFixed(Math.min(100, digits + 54));
  const [kept, rest] = [exact.slice(0, exact.length - 54), exact.slice(-54)];
  const isHalf = /^50*$/.test(rest);
  return sign + (isHalf && /[02468]\.?$/.test(kept) ? kept.replace(/\.$/, '') : rounded);
}

/** A share as Python's `format(value, '.2%')` has it: `12.34%`. */
export const formatPercent = (value: number, digits: number): string => `${formatFixed(value * 100, digits)}%`;

/** `450 ms`, `12.3 s`, `4 min 05 s`, `2 h 07 min`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs) || durationMs < 0) return '–';
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** A clock face for a line that is redrawn: `0:07`, `12:34`, `3:07:00`. */
export function formatCountdown(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return '–:––';
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const tail = twoDigits(seconds % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${tail}` : `${minutes}:${tail}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
