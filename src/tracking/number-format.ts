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
