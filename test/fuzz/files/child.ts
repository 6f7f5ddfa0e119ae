// Reads changed files until it is told to stop, or dies. Its parent (test/stress/files.mjs) knows from a file which case is under way.
import { closeSync, copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeFile, makePlayer, type Outcome, play, type Recipe, recipeOf, shrink } from './cases.ts';
import { fileReaders, type Places } from './readers.ts';

interface Task extends Places {
  readonly seed: number;
  readonly reader: string;
  readonly from: number;
  readonly to: number;
  readonly untilMs: number | undefined;
  /** Eight bytes: the case under way, -1 before the first. */
  readonly progress: string;
  /** Where failing files are kept. */
  readonly kept: string;
  /** Says what each case is. */
  readonly isLoud?: boolean;
}

/** What the parent is told, one line each. */
export type Report =
  | {
      readonly kind: 'finding';
      readonly number: number;
      readonly problem: string;
      readonly file: string;
      readonly changes: number;
    }
  | {
      readonly kind: 'summary';
      readonly numCases: number;
      readonly ends: Record<string, number>;
      readonly maxMs: number;
      readonly maxGrowth: number;
    };

const task = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as Task;
process.on('warning', () => {}); // a resumed run warns of what the file made it do without
const reader = fileReaders(task).find(({ name }) => name === task.reader)!;
const file = join(task.work, `${task.reader}.bin`);
const player = await makePlayer(reader, file, join(task.work, 'executed'));
const progress = openSync(task.progress, 'r+');
const position = new Float64Array(1);
const ends: Record<string, number> = {};
let [numCases, maxMs, maxGrowth] = [0, 0, 0];
let maxFindings = 10;

const say = (report: Report): void => console.log(JSON.stringify(report));

/** Keeps the smallest file that has the problem. */
async function tell(number: number, recipe: Recipe, { problem }: Outcome): Promise<void> {
  const smallest = await shrink(player, recipe);
  const kept = join(task.kept, `${task.reader}-${number}.bin`);
  writeFileSync(kept, makeFile(player, smallest).bytes);
  say({ kind: 'finding', number, problem: problem!, file: kept, changes: smallest.changes.length });
}

const parent = process.ppid;
for (let number = task.from; number < task.to && maxFindings > 0; number++) {
  if (task.untilMs !== undefined && Date.now() >= task.untilMs) break;
  if (number % 64 === 0 && process.ppid !== parent) break; // nobody reads what is found
  position[0] = number;
  writeSync(progress, new Uint8Array(position.buffer), 0, 8, 0);
  const recipe = recipeOf(player, task.seed, number);
  const outcome = await play(player, recipe);
  if (task.isLoud) {
    copyFileSync(file, join(task.kept, `${task.reader}-${number}.bin`));
    console.error(JSON.stringify({ number, base: recipe.base, changes: recipe.changes.length, ...outcome }));
  }
  numCases++;
  ends[outcome.end] = (ends[outcome.end] ?? 0) + 1;
  maxMs = Math.max(maxMs, outcome.ms);
  maxGrowth = Math.max(maxGrowth, outcome.growth);
  if (outcome.problem !== undefined) {
    maxFindings--;
    await tell(number, recipe, outcome);
  }
}
say({ kind: 'summary', numCases, ends, maxMs, maxGrowth });
closeSync(progress);
