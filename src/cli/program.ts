// The commands of `sconce`, and how an error ends one.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { doctorCommand } from './commands/doctor.ts';
import { resumeCommand } from './commands/resume.ts';
import { setupCommand } from './commands/setup.ts';
import { trainCommand } from './commands/train.ts';

/** Runs the command that `argv` names. An error prints its message and sets exit code 1; SCONCE_DEBUG=1 adds the stack. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const program = new Command('sconce')
    .description('Trains neural networks from TypeScript on libtorch')
    .version(version)
    .addCommand(trainCommand())
    .addCommand(resumeCommand())
    .addCommand(setupCommand())
    .addCommand(doctorCommand());
  try {
    await program.parseAsync(argv);
  } catch (error) {
    printError(error);
    process.exitCode = 1;
  }
}

function printError(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  console.error(text);
  if (process.env.SCONCE_DEBUG && error instanceof Error) console.error(error.stack);
}
