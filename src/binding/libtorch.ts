// Finds libtorch on this machine or fetches it, trying each way in a fixed order.
import { existsSync } from 'node:fs';
import { SetupError } from '../errors.ts';
import { reasonOf } from './cache.ts';
import { lastLine, runCommand } from './command.ts';
import { aptAdvice, aptCommand, findSystemLibtorch, installSystemLibtorch } from './debian.ts';
import { fetchWheel, findFetched, type SetupContext } from './fetch-wheel.ts';
import { describeLibtorch, type Libtorch } from './libtorch-folder.ts';
import { wheelVersion } from './platform.ts';

/** Finds or fetches libtorch; the first way that works wins.
 *  Rule: SCONCE_LIBTORCH (a folder, or `python`); what set-up fetched before; the CPU wheel through pip, then over HTTPS; an
 *  installed Python torch; the system's package, installed or, as root on Debian and Ubuntu, to be installed.
 *  @throws {SetupError} if no way works (it names them all), if SCONCE_LIBTORCH names none, or if the disk is full. */
export async function findLibtorch(context: SetupContext): Promise<Libtorch> {
  const wanted = context.environment.SCONCE_LIBTORCH;
  if (wanted) return findWanted(wanted, context);
  const fetched = findFetched(context);
  if (fetched) return fetched;
  const failures: string[] = [];
  const wheel = await fetchWheel(context);
  if ('root' in wheel) return wheel;
  failures.push(...wheel);
  for (const find of [findPythonTorch, findSystem, installSystemLibtorch]) {
    const found = await find(context);
    if (typeof found !== 'string') return found;
    failures.push(found);
  }
  throw new SetupError(nothingFound(failures));
}

/** The libtorch that set-up would take without fetching one: SCONCE_LIBTORCH's, or what an earlier set-up fetched.
 *  @throws {SetupError} if SCONCE_LIBTORCH names none. */
export async function findPresent(context: SetupContext): Promise<Libtorch | undefined> {
  const wanted = context.environment.SCONCE_LIBTORCH;
  return wanted ? findWanted(wanted, context) : findFetched(context);
}

async function findWanted(wanted: string, context: SetupContext): Promise<Libtorch> {
  if (wanted !== 'python') {
    if (!existsSync(wanted)) {
      throw new SetupError(
        `Cannot use SCONCE_LIBTORCH: expected a libtorch folder or "python", got "${wanted}", which does not exist; name another one or unset it`,
      );
    }
    return describeLibtorch(wanted, 'environment');
  }
  const found = await findPythonTorch(context);
  if (typeof found !== 'string') return found;
  throw new SetupError(
    `Cannot use SCONCE_LIBTORCH=python: expected an installed torch, got none (${found}); run: pip install torch`,
  );
}

/** Asks Python where its torch lies, without the seconds that importing it takes. */
async function findPythonTorch(context: SetupContext): Promise<Libtorch | string> {
  const question =
    'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")';
  const reasons: string[] = [];
  for (const python of ['python3', 'python']) {
    const result = await runCommand([python, '-c', question], { environment: context.environment, timeoutMs: 60_000 });
    if (result.isMissing) continue;
    const folder = result.stdout.trim();
    if (result.status !== 0 || folder === '') {
      reasons.push(`${python}: ${result.status === 0 ? 'has no torch' : lastLine(result.output)}`);
      continue;
    }
    try {
      return describeLibtorch(folder, 'python');
    } catch (error) {
      reasons.push(`${python}: ${reasonOf(error)}`);
    }
  }
  return reasons.join('; ') || 'python3: not installed';
}

async function findSystem(): Promise<Libtorch | string> {
  return findSystemLibtorch() ?? '/usr: libtorch-dev is not installed';
}

function nothingFound(failures: readonly string[]): string {
  return [
    'Cannot find libtorch: expected one of these ways to work, got',
    ...failures.map((failure) => `  - ${failure}`),
    'Any one of these helps, then run npx sconce setup again:',
    '  - a network that reaches PyPI or download.pytorch.org',
    `  - a Python with torch: pip install torch==${wheelVersion}`,
    `  - on Debian and Ubuntu: ${aptAdvice(aptCommand)}`,
    '  - SCONCE_LIBTORCH=<folder with include and lib>, for example unpacked from https://pytorch.org/get-started/locally',
  ].join('\n');
}
