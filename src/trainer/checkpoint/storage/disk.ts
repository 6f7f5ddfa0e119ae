// Checkpoints in a folder: temporary file, fsync, rename, fsync of the folder; `latest` and `best` are links.

import { copyFile, mkdir, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { load, save } from '../../../serial/tensors.ts';
import type { CheckpointStorage } from './storage.ts';

/** What a file system says that has no links. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/** A folder; it is made with the first checkpoint. */
export class DiskStorage implements CheckpointStorage {
  readonly location: string;

  constructor(folder: string) {
    this.location = folder;
  }

  pathOf(name: string): string {
    return join(this.location, name);
  }

  async prepare(isOurs: (temporaryName: string) => boolean): Promise<void> {
    await mkdir(this.location, { recursive: true });
    for (const name of await this.list()) if (isOurs(name)) await rm(this.pathOf(name), { force: true });
  }

  async list(): Promise<string[]> {
    try {
      return await readdir(this.location);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }

  async times(): Promise<Map<string, number>> {
    const times = new Map<string, number>();
    for (const name of await this.list()) {
      try {
        times.set(name, (await stat(this.pathOf(name))).mtimeMs);
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') throw error; // gone since, or a link to nothing
      }
    }
    return times;
  }

  read(name: string): Promise<unknown> {
    return load(this.pathOf(name));
  }

  write(name: string, value: unknown, options: { readonly inBackground: boolean }): Promise<void> {
    return save(value, this.pathOf(name), options);
  }

  /** A link that is renamed over the old one; a copy where the file system has no links. */
  async point(name: string, target: string): Promise<void> {
    const temporary = this.pathOf(`.${name}.tmp`);
    await rm(temporary, { force: true });
    try {
      await symlink(target, temporary);
    } catch (error) {
      if (!NO_LINKS.includes(codeOf(error) ?? '')) throw error;
      await copyFile(this.pathOf(target), temporary);
    }
    await rename(temporary, this.pathOf(name));
  }

  async target(name: string): Promise<string | undefined> {
    try {
      return basename(await readlink(this.pathOf(name)));
    } catch (error) {
      if (['ENOENT', 'EINVAL'].includes(codeOf(error) ?? '')) return undefined; // not there, or no link
      throw error;
    }
  }

  async delete(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.pathOf(from), this.pathOf(to));
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
