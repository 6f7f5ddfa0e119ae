// The table at the end of a run: where its time went, and what to do about it.

import { alignColumns } from '../align-columns.ts';
import { describeFinding } from '../diagnosis/finding.ts';
import { formatDuration } from '../number-format.ts';
import { profileFindings } from './advice.ts';
import { formatMs } from './format-ms.ts';
import { type ProfilePart, partMs, type RunProfile } from './run-profile.ts';

/** What the parts are called where a person reads them, in the order of the table. */
export const PART_LABELS: Readonly<Record<string, string>> = {
  data: 'waiting for data',
  forward: 'forward',
  backward: 'backward',
  optimizer: 'optimizer',
  callbacks: 'callbacks',
  rest: 'everything else',
  turns: 'turns of the event loop',
  logging: 'logging',
  validation: 'validation',
  checkpoint: 'checkpoints',
};

/** One line of the table. */
export interface ProfileRow {
  readonly label: string;
  readonly ms: number;
  readonly share: number;
  /** A batch, of what belongs to batches; else each time. Undefined where neither is counted. */
  readonly eachMs: number | undefined;
}

const OF_BATCHES = new Set(['data', 'forward', 'backward', 'optimizer', 'callbacks', 'rest', 'turns']);

function rowOf({ name, ms, count }: ProfilePart, totalMs: number, numBatches: number): ProfileRow {
  const over = OF_BATCHES.has(name) ? numBatches : count;
  const eachMs = over > 0 ? ms / over : undefined;
  return { label: PART_LABELS[name] ?? name, ms, share: totalMs > 0 ? ms / totalMs : 0, eachMs };
}

/** The parts that took any time, and under several loaders those of each. */
export function profileRows({ parts, totalMs, numBatches, loaders }: RunProfile): ProfileRow[] {
  const rows = parts.filter(({ ms }) => ms > 0).map((part) => rowOf(part, totalMs, numBatches));
  if (loaders.length < 2) return rows;
  const each = loaders.map(({ name, parts: own, numBatches: count }) => {
    const ms = own.reduce((sum, part) => sum + part.ms, 0);
    const dataShare = ms > 0 ? Math.round((partMs(own, 'data') / ms) * 100) : 0;
    return {
      ...rowOf({ name: 'data', ms, count }, totalMs, count),
      label: `loader "${name}", ${dataShare} % of it data`,
    };
  });
  return [...rows, ...each];
}

/** The table and the advice as text, as `sconce train` prints it at the end. */
export function printProfile(profile: RunProfile): string {
  const { totalMs, numBatches } = profile;
  const rows = profileRows(profile).map(({ label, ms, share, eachMs }) => [
    `  ${label}`,
    formatMs(ms),
    `${(share * 100).toFixed(1)} %`,
    formatMs(eachMs),
  ]);
  const head = `Where the time went: ${formatDuration(totalMs)}, ${numBatches} ${numBatches === 1 ? 'batch' : 'batches'}`;
  const table = alignColumns([['  part', 'time', 'share', 'each'], ...rows]);
  return [
    head,
    table,
    ...profileFindings(profile).map((finding) => `  ${finding.severity}: ${describeFinding(finding)}`),
  ].join('\n');
}
