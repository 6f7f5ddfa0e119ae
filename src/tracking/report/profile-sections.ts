// Where a run's time went, and what to do about it, as sections of its report.

import { formatDuration } from '../number-format.ts';
import { profileFindings } from '../profile/advice.ts';
import { formatMs } from '../profile/format-ms.ts';
import { profileRows } from '../profile/profile-table.ts';
import type { RunProfile } from '../profile/run-profile.ts';
import type { ReportSection, TableCell } from './section.ts';

/** The parts of the training's time, and what the rules advise. */
export function profileSections(profile: RunProfile): ReportSection[] {
  const rows = profileRows(profile).map(({ label, ms, share, eachMs }): TableCell[] => [
    label,
    formatMs(ms),
    formatMs(eachMs),
    { share },
  ]);
  const findings = profileFindings(profile);
  const caption = `${formatDuration(profile.totalMs)} in this process, ${profile.numBatches.toLocaleString('en-US')} batches, ${profile.numSteps.toLocaleString('en-US')} steps. "Each" is a batch, a validation, a save or a log point.`;
  const columns = ['part', 'time', 'each', 'share'];
  const title = 'What to do about it';
  const advice: ReportSection =
    findings.length === 0
      ? { kind: 'text', title, text: 'Nothing: no rule has found time that is easily saved.' }
      : {
          kind: 'table',
          title,
          columns: ['severity', 'what', 'what to try'],
          rows: findings.map(({ severity, message, advice: text = '' }) => [severity, message, text]),
        };
  return [{ kind: 'table', title: 'Where the time went', caption, columns, rows }, advice];
}
