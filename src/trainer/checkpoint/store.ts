// A run's checkpoints: names by moment, `latest` and `best`, retention after the commit, and a newest file that verifies.

import { CheckpointError } from '../../errors.ts';
import type { Clocks } from '../loop/clocks.ts';
import { BEST, CheckpointNames, type CheckpointNaming, DEFAULT_TEMPLATE, LATEST, type NameContext } from './names.ts';
import { abandoned, byMoment, expired, type RetentionPolicy, type StoredCheckpoint } from './retention.ts';
import { storageOf } from './storage/open-storage.ts';
import type { CheckpointStorage } from './storage/storage.ts';

export interface FoundCheckpoint {
  readonly path: string;
  /** What the file holds. */
  readonly value: unknown;
  /** Newer files that do not verify, with the reason of each. */
  readonly rejected: readonly string[];
}

export interface WriteOptions {
  readonly isBest: boolean;
  /** Names that stay whatever their age. */
  readonly kept?: readonly string[];
  /** Copy the value before the call returns, and write the copy. Default false. */
  readonly inBackground?: boolean;
}

/** What a write has done beside writing. */
export interface WrittenCheckpoint {
  readonly path: string;
  /** What could not be deleted, and why. It is tried again with the next write. */
  readonly warnings: readonly string[];
}

/** Files of one run; everything that touches them goes through here and its storage. */
export class CheckpointStore {
  readonly storage: CheckpointStorage;
  readonly #retention: RetentionPolicy;
  readonly #names: CheckpointNaming;
  #isPrepared = false;

  /** @param storage - or the path of a folder. */
  constructor(
    storage: CheckpointStorage | string,
    {
      template = DEFAULT_TEMPLATE,
      names = new CheckpointNames(template),
      ...retention
    }: RetentionPolicy & { readonly template?: string | undefined; readonly names?: CheckpointNaming | undefined },
  ) {
    this.storage = typeof storage === 'string' ? storageOf(storage) : storage;
    this.#retention = retention;
    this.#names = names;
  }

  /** Folder or address of the files. */
  get folder(): string {
    return this.storage.location;
  }

  /** The name of a checkpoint that is saved now. */
  nameOf(clocks: Readonly<Clocks>, isInsideWindow: boolean, context: NameContext = {}): string {
    return this.#names.nameOf(clocks, isInsideWindow, context);
  }

  /** Makes the place ready, once. `write` does so too; who wants its copy to be taken at once has done it before. */
  async prepare(): Promise<void> {
    if (this.#isPrepared) return;
    await this.storage.prepare((name) => this.#names.isLeftover(name));
    this.#isPrepared = true;
  }

  /** Writes a checkpoint, then points `latest` (and `best`) at it, then deletes what retention lets go.
   *  Checkpoints of a later moment, which a run leaves behind that resumes from an earlier one, get the ending `.abandoned`. */
  async write(checkpoint: unknown, name: string, options: WriteOptions): Promise<WrittenCheckpoint> {
    if (!this.#isPrepared) await this.prepare();
    await this.storage.write(name, checkpoint, { inBackground: options.inBackground ?? false });
    await this.pointAt(name, options);
    const warnings = await this.#tidyUp(name, options.kept ?? []);
    return { path: this.storage.pathOf(name), warnings };
  }

  /** Points `latest` (and `best`) at a checkpoint of this folder. A process may have died after it wrote the file and before it did this. */
  async pointAt(name: string, { isBest }: { isBest: boolean }): Promise<void> {
    await this.storage.point(LATEST, name);
    if (isBest) await this.storage.point(BEST, name);
  }

  /** Checkpoints by their moment, oldest first. */
  async list(): Promise<StoredCheckpoint[]> {
    const stored = (await this.storage.list()).flatMap((name) => this.#names.parse(name) ?? []);
    return stored.sort(byMoment);
  }

  /** The newest checkpoint whose every byte verifies, or undefined where there is none at all.
   *  @throws {CheckpointError} where there are some and none verifies. */
  async readLatest(): Promise<FoundCheckpoint | undefined> {
    const stored = (await this.list()).reverse();
    const rejected: string[] = [];
    for (const { name } of stored) {
      try {
        return { path: this.storage.pathOf(name), value: await this.storage.read(name), rejected };
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
        rejected.push(error.message);
      }
    }
    if (stored.length === 0) return undefined;
    throw new CheckpointError(
      `Cannot resume from "${this.folder}": expected a checkpoint that verifies, got\n  ${rejected.join('\n  ')}`,
      { path: this.folder },
    );
  }

  /** Deletes what is beyond retention and sets aside what this run has left behind. The new file is committed by now. */
  async #tidyUp(written: string, kept: readonly string[]): Promise<string[]> {
    const { storage } = this;
    const stored = await this.list();
    const best = await storage.target(BEST);
    const leftBehind = abandoned(stored, this.#names.parse(written)!);
    for (const name of leftBehind) await storage.rename(name, `${name}.abandoned`);
    const warnings: string[] = [];
    const remove = async (name: string): Promise<void> => {
      try {
        await storage.delete(name);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        warnings.push(`Could not delete "${storage.pathOf(name)}", which is tried again: ${reason}`);
      }
    };
    if (best !== undefined && leftBehind.includes(best)) await remove(BEST);
    const current = stored.filter(({ name }) => !leftBehind.includes(name));
    const staying = new Set([written, ...kept, ...(best === undefined ? [] : [best])]);
    for (const name of expired(current, this.#retention, staying)) await remove(name);
    return warnings;
  }
}
