// The commands of `sconce`, and how an error ends one.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { writeRankError } from '../distributed/environment/error-file.ts';
import { adaptiveCommand } from './commands/adaptive.ts';
import { captureCommand } from './commands/capture.ts';
import { convertCommand } from './commands/convert.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { initCommand } from './commands/init.ts';
import { launchCommand } from './commands/launch.ts';
import { modelsCommand } from './commands/models.ts';
import { multidatasetCommand } from './commands/multidataset.ts';
import { plotCommand } from './commands/plot.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { runsCommand } from './commands/runs.ts';
import { setupCommand } from './commands/setup.ts';
import { slurmCommand } from './commands/slurm.ts';
import { sweepCommand } from './commands/sweep.ts';
import { trainCommand } from './commands/train.ts';
import { verifyCommand } from './commands/verify.ts';
import { describeError } from './describe-error.ts';
import { printWarnings } from './print-warnings.ts';

/** The command line: every command with its flags. */
export function makeProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return (
    new Command('sconce')
      .description('Trains neural networks from TypeScript on libtorch')
      .version(version)
      // What stands behind a launched command belongs to it.
      .enablePositionalOptions()
      .addCommand(trainCommand())
      .addCommand(resumeCommand())
      .addCommand(launchCommand())
      .addCommand(sweepCommand())
      .addCommand(slurmCommand())
      .addCommand(multidatasetCommand())
      .addCommand(adaptiveCommand())
      .addCommand(evaluateCommand())
      .addCommand(captureCommand())
      .addCommand(runsCommand())
      .addCommand(plotCommand())
      .addCommand(reportCommand())
      .addCommand(modelsCommand())
      .addCommand(initCommand())
      .addCommand(convertCommand())
      .addCommand(verifyCommand())
      .addCommand(setupCommand())
      .addCommand(doctorCommand())
      .addHelpText(
        'after',
        `
Examples:
  sconce init my-project                     a project that trains at once
  sconce train experiment.yaml               train; the run gets a folder in runs/
  sconce train experiment.ts --set epochs=3
  sconce resume                              go on with the newest run that has not finished
  sconce runs                                what has been trained
  sconce plot runs/a runs/b                  pictures of two runs together

Exit codes: 0 done, 1 an error, 130, 138, 143, … ended by a signal (128 and its number) when everything was saved.
Where a project has sconce in its node_modules, that one runs, whichever was called. SCONCE_DEBUG=1 shows whole stacks.`,
      )
  );
}

/** What a command line has wrong is written where a launcher reads it: another start would not help. The process ends as it would without. */
function recordUsageErrors(command: Command): void {
  command.exitOverride((error) => {
    if (error.exitCode !== 0) writeRankError(error);
    process.exit(error.exitCode);
  });
  command.commands.forEach(recordUsageErrors);
}

/** Runs the command that `argv` names. An error prints its message and sets exit code 1; SCONCE_DEBUG=1 adds the stack. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const program = makeProgram();
  recordUsageErrors(program);
  printWarnings();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    console.error(describeError(error, { isWhole: Boolean(process.env.SCONCE_DEBUG) }));
    writeRankError(error);
    process.exitCode = 1;
  }
  // Whoever sent the signal waits, and other ranks wait for one that fails: what a user's program has left open must not keep the process.
  const isRank = process.env.TORCHELASTIC_RUN_ID !== undefined;
  if (Number(process.exitCode) > 128 || (isRank && process.exitCode === 1)) process.exit();
}
