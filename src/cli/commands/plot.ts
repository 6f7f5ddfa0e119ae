// `sconce plot`: the pictures of a run, or of several runs together, as files.

import { basename, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Run } from '../../tracking/read-run.ts';
import type { Picture } from '../../tracking/report/section.ts';
import { runPaths } from '../../tracking/run-format.ts';
import type { RunFigureChapter } from '../../tracking/run-plots.ts';

interface Flags {
  readonly runs: string;
  readonly metrics?: readonly string[];
  readonly out?: string;
  readonly png?: boolean;
  readonly dark?: boolean;
  readonly epochs?: boolean;
  readonly log?: boolean;
  readonly smooth?: number;
}

export function plotCommand(): Command {
  return new Command('plot')
    .description(
      'draw the curves, histograms, matrices and the profile of a run, or of several together, as SVG and PNG',
    )
    .argument('[run...]', 'folders of runs (default: the newest run)')
    .option('--metrics <names...>', 'only these: keys as train/loss, names as loss, or beginnings as profile/')
    .option('--out <folder>', "where the files go (default: the run's plots, or plots-of-runs for several)")
    .option('--png', 'PNG beside SVG')
    .option('--dark', 'PNG on dark paper; SVG is light or dark as its viewer prefers')
    .option('--epochs', 'metrics over epochs alone')
    .option('--log', 'curves on a logarithmic axis')
    .option(
      '--smooth <count>',
      'average noisy curves over so many neighbours on each side; 0 leaves them as they are',
      count,
    )
    .option('--runs <folder>', 'where the folders of runs are, for the default', 'runs')
    .action(async (given: string[], flags: Flags) => {
      const { newestRun } = await import('../newest-run.ts');
      const { readRun } = await import('../../tracking/read-run.ts');
      const { writePictures } = await import('../../tracking/run-plots/write-figures.ts');
      const folders = given.length > 0 ? given : [await newestRun(flags.runs)];
      const runs = await Promise.all(folders.map(readRun));
      const out = flags.out ?? (folders.length === 1 ? runPaths(folders[0]!).plots : 'plots-of-runs');
      const { png: hasPng = false, dark } = flags;
      const written = await writePictures(out, drawn(await chaptersOf(folders, runs, flags)), {
        hasPng: hasPng || dark === true,
        theme: dark ? 'dark' : 'light',
      });
      for (const path of written) console.log(relative(process.cwd(), path));
      if (written.length === 0) console.log('Nothing to draw: the log has no values yet.');
    })
    .addHelpText(
      'after',
      `
Examples:
  sconce plot
  sconce plot runs/digits-20261122-101500 --png
  sconce plot runs/a runs/b runs/c --metrics loss accuracy --out comparison
  sconce plot runs/a --metrics train/loss --log --smooth 50
  sconce plot runs/a --metrics profile/ system/

A run that goes on is drawn as far as it is. Runs are told apart by colour, beyond eight also by dashes, beyond 24 not any more.`,
    );
}

function count(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('Expected an integer, 0 or above.');
}

async function chaptersOf(folders: readonly string[], runs: readonly Run[], flags: Flags): Promise<RunFigureChapter[]> {
  const { runFigures } = await import('../../tracking/run-plots.ts');
  const { metrics, epochs, log, smooth } = flags;
  const options = {
    ...(metrics === undefined ? {} : { metrics }),
    ...(epochs ? { over: 'epochs' as const } : {}),
    ...(log ? { isLog: true } : {}),
    ...(smooth === undefined ? {} : { smooth }),
  };
  if (runs.length === 1) return runFigures(runs[0]!, options);
  const names = namesOf(folders);
  return runFigures(Object.fromEntries(runs.map((run, index) => [names[index]!, run])), options);
}

/** The folders' own names, with the folders above where two are the same. */
function namesOf(folders: readonly string[]): string[] {
  const short = folders.map((folder) => basename(resolve(folder)));
  const whole = new Set(folders.map((folder) => resolve(folder)));
  if (whole.size < folders.length)
    throw new Error(`Cannot draw runs together: expected each run once, got ${folders.join(', ')}`);
  return folders.map((folder, index) => {
    const isShared = short.indexOf(short[index]!) !== short.lastIndexOf(short[index]!);
    return isShared ? relative(process.cwd(), resolve(folder)) || '.' : short[index]!;
  });
}

async function* drawn(chapters: readonly RunFigureChapter[]): AsyncGenerator<Picture> {
  for (const { figures } of chapters) {
    for (const { name, figure } of figures) yield { name, svg: await figure.toSvg() };
  }
}
