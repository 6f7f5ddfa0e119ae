// The per-user cache that holds what set-up fetched and built: where it is, room on its disk, files that appear whole or not at all.
import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { SetupError } from '../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder for everything that set-up fetches and builds.
 *  Rule: `SCONCE_CACHE`, else `$XDG_CACHE_HOME/sconce`, else `~/.cache/sconce`. An empty variable counts as not set, and so does an XDG_CACHE_HOME
 *  that is not absolute (XDG Base Directory Specification 0.8). Without HOME, the home folder is the system's for this user.
 *  @throws {SetupError} if there is neither a variable nor a home folder. */
export function cacheFolder(environment: Environment): string {
  if (environment.SCONCE_CACHE) return resolve(environment.SCONCE_CACHE);
  if (isAbsolute(environment.XDG_CACHE_HOME ?? '')) return join(environment.XDG_CACHE_HOME!, 'sconce');
  return join(environment.HOME || homeOfUser(), '.cache', 'sconce');
}

function homeOfUser(): string {
  try {
    return userInfo().homedir;
  } catch (error) {
    // As in a container that runs under a number that its system does not know.
    throw new SetupError(
      'Cannot find the cache: expected HOME or a home folder of this user, got neither; set SCONCE_CACHE to a folder',
      { cause: error },
    );
  }
}

/** A short name for a piece of text, the same on every machine. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Makes a folder and what is missing above it. One call a level: Node's recursive one never ends where the system says that a parent is missing which
 *  is there, as it does in /proc.
 *  @throws what the system says. */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!isFolder(folder)) throw error; // Else another process was faster.
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Writes a file so that a reader sees the old content or the new, never a part. */
export function writeFileWhole(path: string, text: string): void {
  makeFolder(dirname(path));
  const temporary = `${path}.${randomUUID()}`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes a fresh folder beside `target`, lets `fill` fill it, and renames it to `target`: what stands there is whole.
 *  A `target` that is there already is replaced. The caller holds the lock for `target`. */
export async function writeFolderWhole(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const prefix = `${basename(target)}.part-`;
  makeFolder(dirname(target));
  for (const name of readdirSync(dirname(target))) {
    if (name.startsWith(prefix)) rmSync(join(dirname(target), name), { recursive: true, force: true }); // Left by one that was killed.
  }
  const temporary = join(dirname(target), prefix + randomUUID());
  mkdirSync(temporary);
  try {
    await fill(temporary);
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What set-up writes into the cache; each may belong to another user. */
const cacheParts = ['', 'libtorch', 'objects', 'addons', 'setups', 'locks'];

/** Why set-up could not write into the cache; undefined where it can. Makes nothing. */
export function cacheProblem(cache: string): string | undefined {
  let existing = cache;
  while (!existsSync(existing)) existing = dirname(existing);
  const paths = existing === cache ? cacheParts.map((part) => join(cache, part)) : [existing];
  for (const path of paths.filter((path) => existsSync(path))) {
    if (!isFolder(path)) return `"${path}", which is no folder`;
    try {
      accessSync(path, constants.W_OK | constants.X_OK);
    } catch (error) {
      return reasonOf(error);
    }
  }
  return undefined;
}

/** Makes `folder` and checks that its disk has room.
 *  @throws {SetupError} if fewer than `bytes` are free, or the folder cannot be made. */
export function requireRoom(action: string, folder: string, bytes: number): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new SetupError(
      `Cannot ${action}: expected a folder that can be written, got ${reasonOf(error)}; set SCONCE_CACHE to another folder`,
      { cause: error },
    );
  }
  const freeBytes = freeBytesIn(folder);
  if (freeBytes < bytes) {
    throw new SetupError(
      `Cannot ${action}: expected ${megabytes(bytes)} free in "${folder}", got ${megabytes(freeBytes)}; ` +
        'make room there, or set SCONCE_CACHE to a folder on another disk',
    );
  }
}

/** Bytes that this user may still write on the disk of `folder`. */
export function freeBytesIn(folder: string): number {
  const disk = statfsSync(folder);
  return disk.bavail * disk.bsize;
}

/** Turns a full disk, met in the middle of the work, into the message that `requireRoom` gives before it; other errors pass. */
export function explainFullDisk(action: string, folder: string, error: unknown): unknown {
  const isFull = error instanceof Error && /ENOSPC|EDQUOT|no space left on device/i.test(error.message);
  if (!isFull) return error;
  return new SetupError(
    `Cannot ${action}: expected room on the disk of "${folder}", got a full disk; ` +
      'make room there, or set SCONCE_CACHE to a folder on another disk',
    { cause: error },
  );
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** The one-line reason inside an error of unknown kind. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
