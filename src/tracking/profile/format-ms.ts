// Times from microseconds up.

import { formatDuration } from '../number-format.ts';

/** `0.213 ms`, `12.4 ms`, `3.2 s`; nothing for undefined. */
export function formatMs(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 100 ? `${Number(ms.toPrecision(3))} ms` : formatDuration(ms);
}
