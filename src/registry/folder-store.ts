// A registry in a folder: what is made appears by one link, what is replaced by one rename.
import { randomBytes } from 'node:crypto';
import {
  constants,
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { RegistryStore } from './registry-store.ts';

/** What a file system says that has no hard links. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'];

/** A folder; it is made with the first version. */
export class FolderStore implements RegistryStore {
  readonly location: string;

  constructor(folder: string) {
    this.location = folder;
  }

  pathOf(path: string): string {
    return join(this.location, path);
  }

  localPath(path: string): string {
    return this.pathOf(path);
  }

  async list(folder: string): Promise<string[]> {
    const top = this.pathOf(folder);
    const entries = await ifThere(readdir(top, { recursive: true, withFileTypes: true }));
    const files = (entries ?? []).filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'));
    return files.map(({ parentPath, name }) => relative(top, join(parentPath, name)).split(sep).join('/'));
  }

  async folders(): Promise<string[]> {
    const entries = (await ifThere(readdir(this.location, { withFileTypes: true }))) ?? [];
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  read(path: string): Promise<string | undefined> {
    return ifThere(readFile(this.pathOf(path), 'utf8'));
  }

  async create(path: string, text: string): Promise<boolean> {
    const temporary = await this.#writeTemporary(path, text);
    try {
      await link(temporary, this.pathOf(path)).catch(async (error: unknown) => {
        if (!NO_LINKS.includes(codeOf(error) ?? '')) throw error;
        await copyFile(temporary, this.pathOf(path), constants.COPYFILE_EXCL);
      });
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
    await syncPath(dirname(this.pathOf(path)));
    return true;
  }

  async write(path: string, text: string): Promise<void> {
    await rename(await this.#writeTemporary(path, text), this.pathOf(path));
    await syncPath(dirname(this.pathOf(path)));
  }

  async upload(path: string, from: string): Promise<void> {
    const target = this.pathOf(path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(from, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await syncPath(target);
    await syncPath(dirname(target));
  }

  async download(path: string, to: string): Promise<void> {
    await copyFile(this.pathOf(path), to, constants.COPYFILE_FICLONE);
  }

  async delete(paths: readonly string[]): Promise<void> {
    for (const path of paths) await rm(this.pathOf(path), { force: true });
    const folders = new Set(paths.map((path) => dirname(this.pathOf(path))));
    for (const folder of folders) await rmdir(folder).catch(() => undefined); // others are in it, or it is gone
  }

  async #writeTemporary(path: string, text: string): Promise<string> {
    const target = this.pathOf(path);
    await mkdir(dirname(target), { recursive: true });
    const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
    await writeFile(temporary, text, { flush: true });
    return temporary;
  }
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
