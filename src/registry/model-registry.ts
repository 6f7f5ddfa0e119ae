// `ModelRegistry`: immutable versions of models with names that move, in a folder or a bucket.
//
// Below its place, for each model:
//   versions/v3.json            a version, or that it was removed; made once, on the condition that it is not there: who makes it has the number
//   files/<hash>-<random>/…     the files of one version, there before the version is
//   aliases/production.json     which version it is
import { randomBytes } from 'node:crypto';
import type { Module } from '../nn/module.ts';
import type { BestMode } from '../tracking/summary.ts';
import { type WarmStartOptions, type WarmStartReport, warmStart } from '../trainer/checkpoint/warm-start.ts';
import { BucketStore } from './bucket-store.ts';
import { findSource, hashOf, type Source } from './find-source.ts';
import { FolderStore } from './folder-store.ts';
import {
  decodeVersion,
  encodeVersion,
  type ModelVersion,
  type RemovedVersion,
  referenceTo,
  type VersionFile,
} from './model-version.ts';
import { aliasProblem, LATEST, parseReference } from './reference.ts';
import { aliasesOf, checkPublishOptions, type PublishOptions } from './registry-options.ts';
import type { RegistryStore } from './registry-store.ts';
import { VersionFiles } from './version-files.ts';

/** What came of publishing. */
export interface PublishedVersion {
  readonly version: ModelVersion;
  /** False where a version of this content was there already: it is that one, as it was. */
  readonly isNew: boolean;
}

/** A model with what it has. */
export interface RegisteredModel {
  readonly name: string;
  /** Oldest first, without those that were removed. */
  readonly versions: readonly ModelVersion[];
  /** Numbers of versions by alias, `latest` among them. */
  readonly aliases: Readonly<Record<string, number>>;
}

/** What is wrong with a version's files. */
export interface VersionReport {
  readonly version: ModelVersion;
  /** Empty where every byte is as it was published. */
  readonly problems: readonly string[];
}

/** Versions of models. A version is a number from 1 that is given once, with its files, their SHA-256, metrics, configuration and where it comes from; nothing of
 *  it changes. An alias is a name that points at one version and can be moved.
 *  Rule: the files are there before the version is, and the version is made on the condition that nobody has its number. So of several who publish at once
 *  each gets a number of its own, and who dies meanwhile leaves no version.
 *  @example
 *  import { ModelRegistry } from 'sconce/registry';
 *  const registry = new ModelRegistry('s3://bucket/models/');
 *  registry.location; // 's3://bucket/models'
 *  const publish = () => registry.publish('runs/digits', { name: 'digits', alias: 'production' });
 *  const use = (model: nn.Linear) => registry.load(model, 'digits@production'); */
export class ModelRegistry {
  readonly #store: RegistryStore;
  readonly #files: VersionFiles;

  /** Opens nothing. @param place - a folder, or an address as in s3://bucket/models.
   *  @throws {RangeError} for an address of another kind. */
  constructor(place: string) {
    this.#store = place.includes('://') ? new BucketStore(place) : new FolderStore(place);
    this.#files = new VersionFiles(this.#store);
  }

  /** The folder or address. */
  get location(): string {
    return this.#store.location;
  }

  /** Publishes weights as a model's next version; where a version has the same content, it is that one, and only the aliases are set.
   *  @param source - a checkpoint or weights (.ckpt, .pt, .pth, .bin, .safetensors), a folder of safetensors, the folder of a run, or the address of a file.
   *  @throws {TypeError} for options that do not fit, all at once. @throws {Error} for what holds no weights or is damaged; nothing is published then. */
  async publish(source: string, options: PublishOptions): Promise<PublishedVersion> {
    checkPublishOptions(source, options);
    const parent = options.parent === undefined ? undefined : await this.get(options.parent);
    const found = await findSource(source, options.checkpoint);
    try {
      const published = await this.#publishFiles(found, options, parent);
      for (const alias of aliasesOf(options)) await this.#point(options.name, alias, published.version.number);
      if (options.best) await this.#pointAtBest(options.name, options.best);
      return published;
    } finally {
      await found.release();
    }
  }

  /** A version. @param reference - `digits` (its newest), `digits@v3` or `digits@production`.
   *  @throws {Error} where it is not there, saying what is. */
  async get(reference: string): Promise<ModelVersion> {
    const { name, number, alias } = parseReference(reference);
    const model = await this.#read(name);
    const wanted = number ?? model.aliases[alias!];
    const version = model.versions.find((each) => each.number === wanted);
    if (version !== undefined) return version;
    const has = [...model.versions.map((each) => `v${each.number}`), ...Object.keys(model.aliases)];
    const got = has.length > 0 ? `${name} with ${has.join(', ')}` : `no model "${name}"`;
    throw new Error(
      `Cannot find "${reference}" in "${this.location}": expected a version that was published, got ${got}`,
    );
  }

  /** All models, by name. */
  async list(): Promise<RegisteredModel[]> {
    const names = (await this.#store.folders()).sort();
    const models = await Promise.all(names.map((name) => this.#read(name)));
    return models.filter(({ versions }) => versions.length > 0);
  }

  /** A model with all its versions. @throws {Error} where there is none. */
  async model(name: string): Promise<RegisteredModel> {
    await this.get(name);
    return this.#read(parseReference(name).name);
  }

  /** Loads a version's weights into a model, after every byte was verified. See `warmStart` for the options.
   *  @throws {Error} for files that are not as they were published. @throws {CheckpointError} for weights that do not fit. */
  async load(model: Module, reference: string, options: WarmStartOptions = {}): Promise<WarmStartReport> {
    return this.#files.use(await this.get(reference), (path) => warmStart(model, path, options));
  }

  /** Copies a version's files into a folder, verified. @returns the path of its weights. */
  async export(reference: string, folder: string): Promise<string> {
    return this.#files.copyTo(folder, await this.get(reference));
  }

  /** Reads every file of a version and compares it with what was published. */
  async verify(reference: string): Promise<VersionReport> {
    const version = await this.get(reference);
    return { version, problems: await this.#files.problemsOf(version) };
  }

  /** Points an alias at a version; it may have pointed at another one.
   *  @throws {RangeError} for an alias that cannot be. @throws {Error} for a version that is not there. */
  async setAlias(reference: string, alias: string): Promise<void> {
    const problem = aliasProblem(alias);
    if (problem !== undefined) throw new RangeError(`Cannot set an alias: ${problem}`);
    const { name, number } = await this.get(reference);
    await this.#point(name, alias, number);
  }

  /** Removes an alias; nothing where there is none. */
  async removeAlias(name: string, alias: string): Promise<void> {
    await this.#store.delete([aliasPath(parseReference(name).name, alias)]);
  }

  /** Removes a version and its files; its number is not given again.
   *  @throws {Error} where an alias points at it. */
  async remove(reference: string): Promise<void> {
    const version = await this.get(reference);
    await this.#requireNoAlias(version);
    const path = versionPath(version.name, version.number);
    await this.#store.write(path, encodeVersion({ number: version.number, removedAt: new Date().toISOString() }));
    try {
      await this.#requireNoAlias(version); // one that was set meanwhile
    } catch (error) {
      await this.#store.write(path, encodeVersion(version));
      throw error;
    }
    await this.#files.delete(version);
  }

  /** Where a file of a version lies: a path or an address. */
  pathOf(version: ModelVersion, file: VersionFile = version.files[0]!): string {
    return this.#files.pathOf(version, file);
  }

  async #publishFiles(
    source: Source,
    options: PublishOptions,
    parent: ModelVersion | undefined,
  ): Promise<PublishedVersion> {
    const { name } = options;
    const sha256 = hashOf(source.files);
    const folder = `${sha256.slice(0, 12)}-${randomBytes(4).toString('hex')}`;
    const upload = source.files.map(({ path }) => `${name}/files/${folder}/${path}`);
    let isUploaded = false;
    for (;;) {
      // Read again with every try: the number that somebody else was given may have this content.
      const records = await this.#records(name);
      const same = records.find((record) => 'sha256' in record && record.sha256 === sha256);
      const own = same !== undefined && 'folder' in same && same.folder === folder; // made, though the answer was lost
      if (same !== undefined && 'folder' in same) {
        if (isUploaded && !own) await this.#store.delete(upload);
        return { version: same, isNew: own };
      }
      if (!isUploaded) for (const [i, file] of source.files.entries()) await this.#store.upload(upload[i]!, file.from);
      isUploaded = true;
      const number = Math.max(0, ...records.map((record) => record.number)) + 1;
      const version = versionOf(source, options, { number, sha256, folder, parent });
      if (await this.#store.create(versionPath(name, number), encodeVersion(version))) return { version, isNew: true };
    }
  }

  /** Points at a version, and takes that back where it was removed at the same moment. */
  async #point(name: string, alias: string, number: number): Promise<void> {
    const path = aliasPath(name, alias);
    const before = await this.#store.read(path);
    await this.#store.write(path, `${JSON.stringify({ version: number, setAt: new Date().toISOString() })}\n`);
    const records = await this.#records(name);
    if (records.some((record) => record.number === number && 'files' in record)) return;
    if (before === undefined) await this.#store.delete([path]);
    else await this.#store.write(path, before);
    throw new Error(
      `Cannot set alias "${alias}" of "${name}": expected v${number} to be there, got one that was removed`,
    );
  }

  /** Of equals the oldest. Whoever publishes last sees all versions, so that it is right whatever the order. */
  async #pointAtBest(name: string, { metric, mode }: { metric: string; mode: BestMode }): Promise<void> {
    const { versions, aliases } = await this.#read(name);
    let best: ModelVersion | undefined;
    const worth = ({ metrics }: ModelVersion): number => (mode === 'min' ? -metrics[metric]! : metrics[metric]!);
    for (const version of versions) {
      if (Number.isNaN(version.metrics[metric] ?? Number.NaN)) continue;
      if (best === undefined || worth(version) > worth(best)) best = version;
    }
    if (best !== undefined && aliases.best !== best.number) await this.#point(name, 'best', best.number);
  }

  async #requireNoAlias({ name, number }: ModelVersion): Promise<void> {
    const { aliases } = await this.#read(name);
    const pointing = Object.keys(aliases).filter((alias) => alias !== LATEST && aliases[alias] === number);
    if (pointing.length === 0) return;
    throw new Error(
      `Cannot remove "${referenceTo({ name, number })}": expected a version without aliases, got ${pointing.join(', ')}; point them at another version first`,
    );
  }

  async #read(name: string): Promise<RegisteredModel> {
    const [records, names] = await Promise.all([this.#records(name), this.#store.list(`${name}/aliases`)]);
    const versions = records.filter((record) => 'files' in record);
    const aliases: Record<string, number> = {};
    for (const file of names.sort()) {
      const text = await this.#store.read(`${name}/aliases/${file}`);
      const number = text === undefined ? undefined : (JSON.parse(text) as { version: number }).version;
      if (versions.some((version) => version.number === number)) aliases[file.replace(/\.json$/, '')] = number!;
    }
    const newest = versions.at(-1);
    if (newest !== undefined) aliases[LATEST] = newest.number;
    return { name, versions, aliases };
  }

  /** Every version that there is or was, by number. */
  async #records(name: string): Promise<(ModelVersion | RemovedVersion)[]> {
    const names = (await this.#store.list(`${name}/versions`)).filter((file) => /^v\d+\.json$/.test(file));
    const read = async (file: string): Promise<ModelVersion | RemovedVersion> => {
      const path = `${name}/versions/${file}`;
      return decodeVersion((await this.#store.read(path)) ?? '', this.#store.pathOf(path));
    };
    return (await Promise.all(names.map(read))).sort((a, b) => a.number - b.number);
  }
}

const versionPath = (name: string, number: number): string => `${name}/versions/v${number}.json`;
const aliasPath = (name: string, alias: string): string => `${name}/aliases/${alias}.json`;

function versionOf(
  { files, metrics, config, lineage }: Source,
  options: PublishOptions,
  made: { number: number; sha256: string; folder: string; parent: ModelVersion | undefined },
): ModelVersion {
  const { number, sha256, folder, parent } = made;
  const known = options.config ?? config;
  return {
    name: options.name,
    number,
    createdAt: new Date().toISOString(),
    sha256,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: files.map(({ path, bytes, sha256: hash }) => ({ path, bytes, sha256: hash })),
    metrics: options.metrics ?? metrics,
    ...(known === undefined ? {} : { config: known }),
    lineage: { ...lineage, ...options.lineage, ...(parent === undefined ? {} : { parent: referenceTo(parent) }) },
    tags: options.tags ?? [],
    ...(options.notes === undefined ? {} : { notes: options.notes }),
    folder,
  };
}
