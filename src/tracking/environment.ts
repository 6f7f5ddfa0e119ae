// The facts about the machine and the program that a run records: Node, system, processor, memory, git commit, libtorch.
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, release, type as systemType, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** What the caller knows of the libtorch in use. */
export interface LibtorchFacts {
  readonly version: string;
  /** Where it came from, as `sconce doctor` says it. */
  readonly source: string;
  /** Threads inside one operator. */
  readonly threads: number;
}

/** What a run records about where it ran. */
export interface Environment {
  readonly node: string;
  /** Name and version of the operating system, and the architecture. */
  readonly system: string;
  /** The processor's model. */
  readonly cpu: string;
  /** Processors that this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** The program and its arguments, without the path of Node. */
  readonly command: readonly string[];
  /** The commit that is checked out where the program runs, if that is a git work tree. */
  readonly gitCommit?: string | undefined;
  readonly libtorch?: LibtorchFacts | undefined;
  /** Versions of packages by name, `sconce` among them. */
  readonly packages: Readonly<Record<string, string>>;
}

/** What `collectEnvironment` cannot find out by itself. */
export interface EnvironmentOptions {
  readonly libtorch?: LibtorchFacts;
  readonly packages?: Readonly<Record<string, string>>;
  /** Where to look for git; the current folder by default. */
  readonly folder?: string;
}

/** Collects the facts about this machine and process. Reads `/etc/os-release` and `.git`, starts no process. */
export function collectEnvironment(options: EnvironmentOptions = {}): Environment {
  const gitCommit = readGitCommit(options.folder ?? process.cwd());
  return {
    node: process.versions.node,
    system: `${systemName()} (${arch()})`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    command: process.argv.slice(1),
    ...(gitCommit === undefined ? {} : { gitCommit }),
    ...(options.libtorch === undefined ? {} : { libtorch: options.libtorch }),
    packages: options.packages ?? {},
  };
}

/** The commit checked out in the git work tree that holds `folder`; undefined where there is none, or no commit yet. */
export function readGitCommit(folder: string): string | undefined {
  const gitFolder = findGitFolder(resolve(folder));
  if (gitFolder === undefined) return undefined;
  const head = readText(join(gitFolder, 'HEAD'))?.trim();
  if (head === undefined) return undefined;
  if (!head.startsWith('ref: ')) return head;
  const reference = head.slice('ref: '.length);
  // The work tree of `git worktree` keeps its HEAD to itself and its branches in the common folder.
  const common = readText(join(gitFolder, 'commondir'))?.trim();
  const referenceFolder = common === undefined ? gitFolder : resolve(gitFolder, common);
  return readText(join(referenceFolder, reference))?.trim() ?? readPackedReference(referenceFolder, reference);
}

function findGitFolder(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    if (readText(join(git, 'HEAD')) !== undefined) return git;
    const pointer = readText(git)?.match(/^gitdir: (.+)$/m)?.[1]; // a file in work trees and submodules
    if (pointer !== undefined) return resolve(folder, pointer);
    if (folder === dirname(folder)) return undefined;
  }
}

function readPackedReference(gitFolder: string, reference: string): string | undefined {
  const lines = readText(join(gitFolder, 'packed-refs'))?.split('\n') ?? [];
  return lines.find((line) => line.endsWith(` ${reference}`))?.split(' ')[0];
}

function systemName(): string {
  return readText('/etc/os-release')?.match(/^PRETTY_NAME="?([^"\n]+)"?$/m)?.[1] ?? `${systemType()} ${release()}`;
}

/** A file's text; undefined where there is no readable file, which is an answer here and no failure. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
