// SLURM's own commands, and what goes wrong with them.
import { execFile } from 'node:child_process';
import { SlurmError } from '../../errors.ts';

/** How long SLURM's controller has to answer. */
const TIMEOUT_MS = 60_000;

export type SlurmCommand = 'sbatch' | 'squeue' | 'sacct' | 'scancel' | 'scontrol' | 'sinfo';

/** Runs one of SLURM's commands. @returns what it printed.
 *  @throws {SlurmError} where it is not there, fails or does not answer. */
export function slurmCommand(name: SlurmCommand, args: readonly string[], folder?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 28, cwd: folder } as const;
    execFile(name, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const said = `${stderr}${stdout}`.trim();
      const { code, killed } = error;
      if (code === 'ENOENT')
        return reject(
          new SlurmError(
            `Cannot run ${name}: expected SLURM's commands on PATH, got none; run this where jobs are submitted, as on a login node`,
            { cause: error },
          ),
        );
      const how = killed ? `gave no answer within ${TIMEOUT_MS / 1000} s` : `ended with ${code ?? error.signal}`;
      reject(new SlurmError(`Cannot run ${name}: it ${how}${said === '' ? '' : `: ${said}`}`, { cause: error }));
    });
  });
}
