// `sconce report`: writes the page of a run, whatever became of it.

import { basename, relative, resolve } from 'node:path';
import { Command } from 'commander';

export function reportCommand(): Command {
  return new Command('report')
    .description(
      'write report.html of a run that goes on, was interrupted or has failed; a run that finishes writes its own',
    )
    .argument('[run]', "the run's folder (default: the newest run)")
    .option('--runs <folder>', 'where the folders of runs are, for the default', 'runs')
    .action(async (given: string | undefined, { runs }: { runs: string }) => {
      const { newestRun } = await import('../newest-run.ts');
      const { writeReport } = await import('../../tracking/report.ts');
      const folder = given ?? (await newestRun(runs));
      console.log(relative(process.cwd(), await writeReport(folder, { title: basename(resolve(folder)) })));
    })
    .addHelpText(
      'after',
      `
Examples:
  sconce report
  sconce report runs/digits-20261122-101500

Of a run that has finished, what its program has added to the page is gone.`,
    );
}
