// A `scontrol` for tests: it writes down what it is called with, and says what a test tells it to.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Scontrol {
  /** The folder of the command, for the front of PATH. */
  readonly folder: string;
  /** Arguments of each call so far. */
  calls(): string[];
}

/** What SLURM 22.05 says of a job, without the fields that nobody reads. */
export const RUNNING = 'JobId=12 JobName=train Reason=None Requeue=1 BatchFlag=1 JobState=RUNNING ExitCode=0:0';

/** Makes the command.
 *  @param shown - what `scontrol show job` prints.  @param requeue - a shell line in the place of `scontrol requeue`. */
export function makeScontrol(folder: string, { shown = RUNNING, requeue = 'true' } = {}): Scontrol {
  const [path, log, job] = ['scontrol', 'calls.txt', 'job.txt'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(job, `${shown}\n`);
  writeFileSync(
    path,
    `#!/bin/sh\necho "$*" >> '${log}'\ncase "$1" in show) cat '${job}';; requeue) ${requeue};; *) exit 9;; esac\n`,
  );
  chmodSync(path, 0o755);
  return {
    folder,
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}
