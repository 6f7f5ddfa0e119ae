// libtorch as Debian and Ubuntu package it: found under /usr, or installed with apt-get where we may.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from './cache.ts';
import { lastLine, runCommand } from './command.ts';
import type { SetupContext } from './fetch-wheel.ts';
import { describeLibtorch, type Libtorch } from './libtorch-folder.ts';

const packages: readonly string[] = ['libtorch-dev', 'libopenblas0-pthread'];

/** The command that brings libtorch on Debian and Ubuntu. */
export const aptCommand = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;

/** The command line by which this user installs packages of Debian and Ubuntu; a fresh machine needs the update first. */
export function aptAdvice(command: string): string {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}${command}`;
}

/** The libtorch installed under `/usr`; undefined where there is none. */
export function findSystemLibtorch(): Libtorch | undefined {
  return existsSync('/usr/include/torch/csrc/api/include/torch/version.h')
    ? describeLibtorch('/usr', 'system')
    : undefined;
}

/** Whether `/usr` is of Debian or a descendant of it, by the text of `/etc/os-release`. */
export function isDebian(osRelease: string): boolean {
  return /^ID(?:_LIKE)?=.*\b(?:debian|ubuntu)\b/m.test(osRelease);
}

/** Which BLAS the system's libtorch multiplies with. The reference one is tens of times slower.
 *  @returns the library's real path, or undefined where there is no `libblas.so.3`. */
export function systemBlas(): string | undefined {
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib'];
  const link = folders.map((folder) => join(folder, 'libblas.so.3')).find((path) => existsSync(path));
  return link && realpathSync(link);
}

/** Installs libtorch with apt-get as root, or through a sudo that asks nothing.
 *  @returns libtorch, or the reason why this way is closed. */
export async function installSystemLibtorch(context: SetupContext): Promise<Libtorch | string> {
  const release = '/etc/os-release';
  if (!existsSync(release) || !isDebian(readFileSync(release, 'utf8'))) return 'apt-get: this is not Debian or Ubuntu';
  const prefix = await rootPrefix(context);
  if (prefix === undefined) return 'apt-get: needs root';
  const environment = { ...context.environment, DEBIAN_FRONTEND: 'noninteractive' };
  context.report(
    `libtorch: no wheel and no Python torch, so installing the system's: ${[...prefix, aptCommand].join(' ')}`,
  );
  const run = (command: string): ReturnType<typeof runCommand> =>
    runCommand([...prefix, ...command.split(' ')], {
      environment,
      onWait: (seconds) => context.report(`libtorch: apt-get at work, ${seconds} s`),
    });
  let result = await run(aptCommand);
  if (result.status !== 0) {
    // A fresh machine has no lists of packages yet.
    await run('apt-get update');
    result = await run(aptCommand);
  }
  if (result.status !== 0) return `apt-get: ${firstComplaint(result.output)}`;
  try {
    return findSystemLibtorch() ?? 'apt-get: it ran, but left no libtorch in /usr';
  } catch (error) {
    return `apt-get: ${reasonOf(error)}`;
  }
}

async function rootPrefix(context: SetupContext): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  const sudo = await runCommand(['sudo', '-n', 'true'], { environment: context.environment, timeoutMs: 10_000 });
  return sudo.status === 0 ? ['sudo', '-n'] : undefined;
}

/** apt-get's reason: its last line that begins with `E:`. */
function firstComplaint(output: string): string {
  const complaints = output.split('\n').filter((line) => line.startsWith('E:'));
  return complaints.at(-1)?.slice(2).trim() ?? lastLine(output);
}
