// Where a run's time went, and what to do about it, as sections of its report.

import { formatDuration, formatNumber } from '../number-format.ts';
import { profileFindings } from '../profile/advice.ts';
import { formatMs } from '../profile/format-ms.ts';
import { profileRows } from '../profile/profile-table.ts';
import type { RunProfile } from '../profile/run-profile.ts';
import type { RunSummary } from '../summary.ts';
import type { ReportSection, TableCell } from './section.ts';

/** The parts of the run's time, as the profile has them where there is one, and what the rules advise. */
export function timeSections(summary: RunSummary): ReportSection[] {
  const { profile } = summary;
  const rows = profile === undefined ? roughRows(summary) : profiledRows(summary, profile);
  const facts = speedFacts(summary);
  if (profile !== undefined)
    facts.push(
      `${count(profile.numBatches, 'batch', 'batches')}, ${count(profile.numSteps, 'step', 'steps')} in this process`,
    );
  const note = profile === undefined ? '' : '"Each" is a batch, a validation, a save or a log point.';
  const caption = [facts.join(' · '), note].filter(Boolean).join('\n');
  const columns = profile === undefined ? ['part', 'time', 'share'] : ['part', 'time', 'each', 'share'];
  const table: ReportSection = { kind: 'table', title: 'Where the time went', caption, columns, rows };
  return profile === undefined ? [table] : [table, adviceSection(profile)];
}

const count = (number: number, one: string, many: string): string =>
  `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;

/** Set-up, the parts of the training, what is beside both, and then the loaders, whose times are among the parts. */
function profiledRows({ durations: { totalMs, setupMs } }: RunSummary, profile: RunProfile): TableCell[][] {
  const row = (label: string, ms: number, eachMs?: number): TableCell[] => {
    return [label, formatMs(ms), formatMs(eachMs), { share: totalMs > 0 ? ms / totalMs : 0 }];
  };
  const all = profileRows(profile).map(({ label, ms, eachMs }) => row(label, ms, eachMs));
  const numParts = profile.parts.filter(({ ms }) => ms > 0).length;
  const besideMs = Math.max(0, totalMs - profile.totalMs - (setupMs ?? 0));
  return [
    ...(setupMs === undefined ? [] : [row('set-up', setupMs)]),
    ...all.slice(0, numParts),
    row('before and after training', besideMs),
    row('whole run', totalMs),
    ...all.slice(numParts),
  ];
}

/** Of a run without a profile. */
function roughRows({ durations }: RunSummary): TableCell[][] {
  const { totalMs, setupMs, trainMs, dataWaitMs, validationMs, checkpointMs } = durations;
  const stepsMs = trainMs === undefined ? undefined : trainMs - (dataWaitMs ?? 0);
  const parts: [string, number | undefined][] = [
    ['set-up', setupMs],
    ['training steps', stepsMs],
    ['waiting for data', dataWaitMs],
    ['validation', validationMs],
    ['checkpoints', checkpointMs],
  ];
  const rows: TableCell[][] = [];
  let otherMs = totalMs;
  for (const [name, partMs] of parts) {
    if (partMs === undefined) continue;
    otherMs -= partMs;
    rows.push([name, formatDuration(partMs), { share: partMs / totalMs }]);
  }
  rows.push(['everything else', formatDuration(Math.max(0, otherMs)), { share: Math.max(0, otherMs) / totalMs }]);
  rows.push(['whole run', formatDuration(totalMs), { share: 1 }]);
  return rows;
}

/** How fast the run was, how long its epochs took, and what was counted. */
function speedFacts({ durations: { trainMs, epochsMs }, clocks, counts, profile }: RunSummary): string[] {
  const facts: string[] = [];
  if (trainMs !== undefined && trainMs > 0)
    facts.push(`${formatNumber(((profile?.numSteps ?? clocks.step) / trainMs) * 1000)} steps/s while training`);
  if (epochsMs.length > 0) {
    const meanMs = epochsMs.reduce((sum, epochMs) => sum + epochMs, 0) / epochsMs.length;
    const span = `${formatDuration(Math.min(...epochsMs))} to ${formatDuration(Math.max(...epochsMs))}`;
    facts.push(`${count(epochsMs.length, 'epoch', 'epochs')} of ${formatDuration(meanMs)} on average (${span})`);
  }
  for (const [name, number] of Object.entries(counts)) facts.push(`${name} ${formatNumber(number)}`);
  return facts;
}

function adviceSection(profile: RunProfile): ReportSection {
  const findings = profileFindings(profile);
  const title = 'What to do about it';
  if (findings.length === 0)
    return { kind: 'text', title, text: 'Nothing: no rule has found time that is easily saved.' };
  const rows = findings.map(({ severity, message, advice = '' }): TableCell[] => [severity, message, advice]);
  return { kind: 'table', title, columns: ['severity', 'what', 'what to try'], rows };
}
