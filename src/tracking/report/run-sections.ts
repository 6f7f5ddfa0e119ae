// What a report says about any run: its headline figures, and its time, environment, configuration and events as sections.
import { DIAGNOSIS_RULES, diagnoseRun } from '../diagnosis/diagnose.ts';
import type { Environment } from '../environment.ts';
import { formatBytes, formatDuration, formatNumber } from '../number-format.ts';
import type { Run } from '../read-run.ts';
import type { EventRecord } from '../run-format.ts';
import { finalMetrics, type RunSummary } from '../summary.ts';
import type { HeadlineFigure, ReportSection, TableCell } from './section.ts';
import { timeSections } from './time-sections.ts';

const MAX_HEADLINE = 6;

/** The figures at a report's head: the metrics in `keys`, or else the best values, then the last ones of validation and training. */
export function headlineFigures(run: Run, keys?: readonly string[]): HeadlineFigure[] {
  const best = run.summary?.best ?? {};
  const final = run.summary?.final ?? finalMetrics(run.metrics);
  const byRank = Object.keys(final).sort((a, b) => rank(a) - rank(b));
  const shown = keys ?? [...new Set([...Object.keys(best), ...byRank])].slice(0, MAX_HEADLINE);
  return shown.map((key) => {
    const entry = best[key] ?? final[key];
    if (entry === undefined) return { label: key, value: '–', note: 'not measured' };
    const which = best[key] === undefined ? 'last' : 'best';
    return {
      label: key,
      value: formatNumber(entry.value),
      note: `${which}, step ${entry.step.toLocaleString('en-US')}`,
    };
  });
}

const rank = (key: string): number => (/^val[/_]/.test(key) ? 0 : /^train[/_]/.test(key) ? 1 : 2);

/** Short facts for below the title: when, how long, how far. */
export function runFacts(run: Run): string[] {
  const { summary } = run;
  const startedAt = summary?.startedAt ?? new Date(run.header.time).toISOString();
  const last = summary?.clocks ?? run.metrics.at(-1);
  const facts = [`${startedAt.slice(0, 16).replace('T', ' ')} UTC`];
  if (summary !== undefined) facts.push(formatDuration(summary.durations.totalMs));
  if (last !== undefined) facts.push(`${last.step.toLocaleString('en-US')} steps`);
  if (summary?.message !== undefined) facts.push(summary.message);
  return facts;
}

/** The sections that follow the pictures; those that a run has nothing for are left out. */
export function runSections(run: Run): ReportSection[] {
  const sections: ReportSection[] = [];
  if (run.metrics.length > 0) sections.push(diagnosisSection(run));
  if (run.summary !== undefined) sections.push(...timeSections(run.summary), environmentSection(run.summary));
  if (run.config !== undefined) sections.push({ kind: 'tree', title: 'Configuration', value: run.config });
  if (run.events.length > 0) sections.push(eventSection(run.events));
  return sections;
}

function diagnosisSection(run: Run): ReportSection {
  const rows = diagnoseRun(run).map(({ severity, message, advice = '' }): TableCell[] => [severity, message, advice]);
  if (rows.length > 0) return { kind: 'table', title: 'Diagnosis', columns: ['severity', 'what', 'what to try'], rows };
  const text = `Nothing conspicuous: none of ${DIAGNOSIS_RULES.length} rules about loss, validation, gradients and learning rate found anything.`;
  return { kind: 'text', title: 'Diagnosis', text };
}

function environmentSection({ environment }: RunSummary): ReportSection {
  return { kind: 'table', title: 'Environment', columns: ['what', 'value'], rows: environmentRows(environment) };
}

function environmentRows(environment: Environment): [string, string][] {
  const { libtorch, gitCommit, cores, memoryBytes } = environment;
  const rows: [string, string][] = Object.entries(environment.packages).map(([name, version]) => [name, version]);
  if (libtorch !== undefined) {
    rows.push(['libtorch', `${libtorch.version} (${libtorch.source})`], ['threads', String(libtorch.threads)]);
  }
  rows.push(
    ['Node', environment.node],
    ['system', environment.system],
    ['processor', `${environment.cpu}, ${cores} ${cores === 1 ? 'core' : 'cores'}`],
    ['memory', formatBytes(memoryBytes)],
    ['command', environment.command.join(' ')],
  );
  if (gitCommit !== undefined) rows.push(['git commit', gitCommit]);
  return rows;
}

function eventSection(events: readonly EventRecord[]): ReportSection {
  const shown = events.filter(({ event }) => event !== 'checkpointStarted');
  const rows = shown.map((event): TableCell[] => [
    event.step,
    new Date(event.time).toISOString().slice(0, 19).replace('T', ' '),
    describeEvent(event),
  ]);
  return { kind: 'table', title: 'Events', columns: ['step', 'time (UTC)', 'what'], rows };
}

function describeEvent(event: EventRecord): string {
  switch (event.event) {
    case 'checkpointStarted':
      return 'a checkpoint is written';
    case 'checkpointSaved':
      return `saved ${event.path}`;
    case 'resumed': {
      const again = event.dropped.length;
      return `resumed from ${event.checkpoint ?? 'its beginning'}${again === 0 ? '' : `; ${again} later records set aside`}`;
    }
    case 'interrupted':
      return `interrupted: ${event.reason}`;
    case 'warning':
      return `warning: ${event.message}`;
    case 'failed':
      return `failed: ${event.message}`;
    case 'finished':
      return 'finished';
  }
}
