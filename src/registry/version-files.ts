// The files of a version: where they lie, whether they are what was published, and how they come out.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { hashFile } from './find-source.ts';
import { type ModelVersion, referenceTo, type VersionFile } from './model-version.ts';
import type { RegistryStore } from './registry-store.ts';

/** Files of versions in a store. */
export class VersionFiles {
  readonly #store: RegistryStore;

  constructor(store: RegistryStore) {
    this.#store = store;
  }

  pathOf(version: ModelVersion, file: VersionFile): string {
    return this.#store.pathOf(filePath(version, file));
  }

  /** Lends the path of the verified weights: the registry's own, or one that is deleted afterwards. */
  async use<T>(version: ModelVersion, use: (path: string) => Promise<T>): Promise<T> {
    const weights = weightsOf(version);
    const own = this.#store.localPath(filePath(version, weights));
    if (own !== undefined) {
      const [problem] = await this.problemsOf(version);
      if (problem !== undefined) throw unusable(version, problem);
      return use(own);
    }
    return inTemporary(async (folder) => use(await this.copyTo(folder, version)));
  }

  /** @returns the path of the copied weights. @throws {Error} for files that are not what was published. */
  async copyTo(folder: string, version: ModelVersion): Promise<string> {
    const weights = weightsOf(version);
    for (const file of version.files) {
      const to = join(folder, file.path);
      const problem = await this.#problemOfCopy(version, file, to);
      if (problem === undefined) continue;
      await rm(to, { force: true });
      throw unusable(version, problem);
    }
    return join(folder, weights.path);
  }

  /** What is wrong with the files; nothing where each byte is as it was published. */
  async problemsOf(version: ModelVersion): Promise<string[]> {
    return inTemporary(async (folder) => {
      const problems: string[] = [];
      for (const file of version.files) {
        const own = this.#store.localPath(filePath(version, file));
        const problem =
          own === undefined
            ? await this.#problemOfCopy(version, file, join(folder, 'file'))
            : await problemOf(file, own, own);
        if (problem !== undefined) problems.push(problem);
      }
      return problems;
    });
  }

  async delete(version: ModelVersion): Promise<void> {
    await this.#store.delete(version.files.map((file) => filePath(version, file)));
  }

  async #problemOfCopy(version: ModelVersion, file: VersionFile, to: string): Promise<string | undefined> {
    const place = this.pathOf(version, file);
    await mkdir(dirname(to), { recursive: true });
    try {
      await this.#store.download(filePath(version, file), to);
    } catch (error) {
      return missing(place, error);
    }
    return problemOf(file, to, place);
  }
}

const filePath = ({ name, folder }: ModelVersion, { path }: VersionFile): string => `${name}/files/${folder}/${path}`;

const unusable = (version: ModelVersion, problem: string): Error =>
  new Error(`Cannot load "${referenceTo(version)}": ${problem}`);

const missing = (place: string, error: unknown): string =>
  `expected file "${place}", got: ${error instanceof Error ? error.message : String(error)}`;

async function problemOf({ sha256 }: VersionFile, path: string, place: string): Promise<string | undefined> {
  try {
    const got = await hashFile(path);
    return got === sha256 ? undefined : `expected "${place}" as it was published, with SHA-256 ${sha256}, got ${got}`;
  } catch (error) {
    return missing(place, error);
  }
}

async function inTemporary<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sconce-version-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const WEIGHTS = ['model.safetensors.index.json', 'model.safetensors', 'pytorch_model.bin'];

/** The file to load of a version. @throws {Error} where it has several that could be. */
function weightsOf(version: ModelVersion): VersionFile {
  const { files } = version;
  if (files.length === 1) return files[0]!;
  const known = WEIGHTS.map((path) => files.find((file) => file.path === path)).find((file) => file !== undefined);
  const others = files.filter(({ path }) => ['.ckpt', '.pt', '.pth', '.bin', '.safetensors'].includes(extname(path)));
  if (known !== undefined || others.length === 1) return known ?? others[0]!;
  const got = others.map(({ path }) => path).join(', ');
  throw unusable(version, `expected one file of weights or ${WEIGHTS.join(', ')}, got ${got}`);
}
