// Prints what was measured: tables of medians with their spread, and how they stand to what the project promises.
import { ratioOf, summarize } from './statistics.mjs';

const number = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const spread = ({ median, p10, p90 }) => `${number(median)} (${number(p10)}-${number(p90)})`;

/** Pads every column to its widest cell; the first is text, the others numbers. */
export function printTable(title, header, rows) {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row) =>
    header.map((_, i) => (i === 0 ? (row[i] ?? '').padEnd(widths[i]) : (row[i] ?? '').padStart(widths[i]))).join('  ');
  console.log(`\n${title}`);
  for (const row of all) console.log(`  ${line(row).trimEnd()}`);
}

/** Median (p10-p90) of rounds, or a dash where nothing was measured. */
export const cell = (values) => (values ? spread(summarize(values)) : '-');

/** The median ratio of ours to theirs, round by round. */
export const ratioCell = (ours, theirs) => (ours && theirs ? ratioOf(ours, theirs).toFixed(2) : '-');

/** One line a promise: what it says, what was found, whether it holds. */
export function printPromises(promises) {
  if (promises.length === 0) return;
  printTable(
    'Promises (one thread)',
    ['', 'found', 'promised', ''],
    promises.map(({ what, found, limit }) => [
      what,
      found.toFixed(2),
      `<= ${limit}`,
      found <= limit ? 'kept' : 'missed',
    ]),
  );
}

export function printMachine(machine, versions) {
  const { cpu, cores, memoryGiB, load, node, isPinned } = machine;
  console.log(`${cpu}, ${cores} cores, ${memoryGiB} GiB; load ${load.toFixed(2)}; Node ${node}`);
  if (versions) {
    const lightning = versions.lightning ? `, Lightning ${versions.lightning}` : '; no Lightning there';
    console.log(`Python ${versions.python}, PyTorch ${versions.torch}${lightning}`);
  }
  console.log("Times: median of rounds (10th to 90th percentile); ratios: median of the rounds' ratios.");
  if (!isPinned) console.log('Warning: no taskset here, so processes wander between cores');
  if (load > cores / 4)
    console.log(
      `Warning: the machine is busy (load ${load.toFixed(2)} on ${cores} cores): read the ratios, not the times`,
    );
}
