// The artifacts of an open run: each is uploaded, or kept in the offline run for `wandb sync`.
import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ArtifactPlace, type Manifest, type ManifestEntry, makeManifest, uploadManifest } from './artifact.ts';
import type { WandbArtifact } from './options.ts';
import { artifactRecord, type RunFacts } from './records.ts';

const MAX_TRIES = 3;
/** What a connection has to carry, below which an upload is given up. */
const MIN_BYTES_PER_SECOND = 100_000;

export interface ArtifactUploadsOptions {
  readonly facts: RunFacts;
  /** Of the offline run. */
  readonly folder: string;
  readonly timeoutMs: number;
  readonly closeWithinMs: number;
  /** Where artifacts go; undefined where nothing is sent, or the server has not answered. */
  place(): Promise<Omit<ArtifactPlace, 'signal'> | undefined>;
  append(record: Uint8Array): void;
  warn(message: string): void;
}

export class ArtifactUploads {
  readonly #options: ArtifactUploadsOptions;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  #numKept = 0;

  constructor(options: ArtifactUploadsOptions) {
    this.#options = options;
  }

  /** How many the server did not take. */
  get numKept(): number {
    return this.#numKept;
  }

  get isUploading(): boolean {
    return this.#underWay.size > 0;
  }

  async upload(artifact: WandbArtifact): Promise<'uploaded' | 'offline'> {
    const upload = this.#upload(await makeManifest(artifact));
    this.#underWay.add(upload);
    try {
      return await upload;
    } finally {
      this.#underWay.delete(upload);
    }
  }

  /** Waits for what is under way, and keeps offline what takes too long. */
  async finish(): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(new Error('the run has ended')), this.#options.closeWithinMs);
    await Promise.allSettled(this.#underWay);
    clearTimeout(timer);
  }

  async #upload(manifest: Manifest): Promise<'uploaded' | 'offline'> {
    const place = await this.#options.place();
    if (place !== undefined && (await this.#send(manifest, place))) return 'uploaded';
    await this.#keep(manifest);
    return 'offline';
  }

  /** @returns whether it arrived. */
  async #send(manifest: Manifest, place: Omit<ArtifactPlace, 'signal'>): Promise<boolean> {
    const sizeBytes = manifest.entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    const withinMs = this.#options.timeoutMs + (1000 * sizeBytes) / MIN_BYTES_PER_SECOND;
    for (let numTries = 1; ; numTries += 1) {
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(Math.ceil(withinMs))]);
      try {
        await uploadManifest(manifest, { ...place, signal });
        return true;
      } catch (error) {
        if (numTries < MAX_TRIES && !this.#stop.signal.aborted) continue;
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.warn(`${reason}; the artifact "${manifest.artifact.name}" stays in the offline run`);
        return false;
      }
    }
  }

  /** Notes the artifact in the log, with files of its own: those of the caller may go. */
  async #keep(manifest: Manifest): Promise<void> {
    this.#numKept += 1;
    const { folder, facts, append } = this.#options;
    const entries: ManifestEntry[] = [];
    for (const entry of manifest.entries) {
      const localPath = join(folder, 'artifacts', manifest.clientId.slice(0, 16), entry.path);
      await mkdir(dirname(localPath), { recursive: true });
      await copyFile(entry.localPath, localPath, constants.COPYFILE_FICLONE);
      entries.push({ ...entry, localPath });
    }
    append(artifactRecord({ ...manifest, entries }, facts));
  }
}
