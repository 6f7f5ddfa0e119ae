// A checkout of a job's own: what is edited after the submission does not change the job. Source: model-training-framework, which made a branch for each job.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../../errors.ts';

const run = promisify(execFile);

export interface Checkout {
  /** The folder that stands for the one of the submission. */
  readonly folder: string;
  readonly commit: string;
}

/** Makes a worktree of the commit that is checked out where `folder` is, at `path`; packages that are installed there are reached by a link.
 *  @param ignored - a folder whose contents need not be committed: that of the jobs.
 *  @throws {ConfigError} where there is no repository, or something is not committed: the job would run without it. */
export async function makeCheckout(folder: string, path: string, ignored?: string): Promise<Checkout> {
  const git = async (...args: string[]): Promise<string> => (await run('git', args, { cwd: folder })).stdout.trim();
  const problem = (text: string): ConfigError =>
    new ConfigError('check out the commit of a job', [`isolated: ${text}`]);
  let root: string;
  try {
    root = await git('rev-parse', '--show-toplevel');
  } catch {
    throw problem(`expected a folder in a git repository, got "${folder}"; leave isolated out, or commit the project`);
  }
  const changed = (await git('status', '--porcelain', '--', ':/', ...(ignored === undefined ? [] : [`:!${ignored}`])))
    .split('\n')
    .filter((line) => line !== '');
  if (changed.length > 0) {
    const shown = changed
      .slice(0, 5)
      .map((line) => line.slice(3))
      .join(', ');
    throw problem(
      `expected everything to be committed, got changes in ${shown}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''}; commit them, ignore them, or leave isolated out`,
    );
  }
  const commit = await git('rev-parse', 'HEAD');
  await git('worktree', 'add', '--detach', path, commit);
  const inside = relative(root, folder);
  for (const place of new Set(['', inside])) {
    const installed = join(root, place, 'node_modules');
    const linked = join(path, place, 'node_modules');
    if (existsSync(installed) && !existsSync(linked)) await symlink(installed, linked);
  }
  return { folder: join(path, inside), commit };
}
