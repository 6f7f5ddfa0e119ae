// What `sconce launch` starts as each rank: a command of `sconce`, or a program file.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../../binding/sources.ts';
import { bundleProgram } from '../../data/workers/bundle.ts';

/** Commands that train or measure; the others have no use for ranks. */
const COMMANDS = ['train', 'resume', 'evaluate', 'multidataset', 'adaptive'];
const TYPESCRIPT = ['.ts', '.mts', '.cts', '.tsx'];
const JAVASCRIPT = ['.js', '.mjs', '.cjs'];

/** What a rank runs. */
export interface LaunchedCommand {
  readonly command: readonly string[];
  /** Takes away what was made for it. */
  remove(): Promise<void>;
}

/** A command of `sconce` with its arguments, as a rank runs it. */
export function sconceCommand(words: readonly string[]): string[] {
  return [process.execPath, join(packageFolder(), 'dist', 'cli', 'main.js'), ...words];
}

/** @throws {Error} where the first word is neither a command that can be launched nor the file of a program.
 *  @throws {SyntaxError} with the place of every error in the program. */
export async function launchedCommand([first, ...rest]: readonly [string, ...string[]]): Promise<LaunchedCommand> {
  if (COMMANDS.includes(first)) return { command: sconceCommand([first, ...rest]), remove: async () => {} };
  const isTypeScript = TYPESCRIPT.includes(extname(first));
  if (!isTypeScript && !JAVASCRIPT.includes(extname(first))) {
    throw new Error(
      `Cannot launch "${first}": expected one of the commands ${COMMANDS.join(', ')}, or a program (${[...TYPESCRIPT, ...JAVASCRIPT].join(', ')}); as in sconce launch --nproc 2 -- train experiment.yaml`,
    );
  }
  const file = resolve(first);
  if (!existsSync(file)) throw new Error(`Cannot launch "${first}": expected a program, got none there`);
  if (/^\s*export\s+default\s+defineExperiment\b/m.test(await readFile(file, 'utf8'))) {
    throw new Error(
      `Cannot launch "${first}": expected a program that trains by itself, got an experiment; write sconce launch … -- train ${first}`,
    );
  }
  const entry = pathToFileURL(join(packageFolder(), 'dist', 'cli', 'launch', 'rank-entry.js')).href;
  const node = [process.execPath, '--enable-source-maps', '--import', entry];
  if (!isTypeScript) return { command: [...node, file, ...rest], remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'sconce-program-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const bundle = join(folder, 'program.mjs');
    await bundleProgram(file, bundle, 'launch');
    return { command: [...node, bundle, ...rest], remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
