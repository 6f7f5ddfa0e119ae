// What is published: a file of weights, a folder of them, or the best checkpoint of a run; and what is known of it from itself and from its run.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { loadValue } from '../serial/file.ts';
import { openSafetensors } from '../serial/safetensors.ts';
import { type MetricValues, runPaths } from '../tracking/run-format.ts';
import { readSummary } from '../tracking/summary.ts';
import { isLightningCheckpoint, isSconceCheckpoint } from '../trainer/checkpoint/lightning.ts';
import { bucketOf, storageOf } from '../trainer/checkpoint/storage/open-storage.ts';
import type { Lineage, VersionFile } from './model-version.ts';
import { numbersIn, plainJson, recordAt } from './plain-json.ts';

/** Which checkpoint of a run's folder is meant. */
export type CheckpointChoice = 'best' | 'latest';

const ENDINGS = ['.ckpt', '.pt', '.pth', '.bin', '.safetensors'];

/** Files on this machine, and what is known of them. */
export interface Source {
  readonly files: readonly (VersionFile & { readonly from: string })[];
  readonly metrics: MetricValues;
  readonly config: unknown;
  readonly lineage: Lineage;
  /** Lets go of what was fetched for this. */
  release(): Promise<void>;
}

/** Finds and reads what is to be published; every checksum that the files have is checked.
 *  @param place - a file, a folder of files, a run's folder, or the address of a file on s3:// or gs://.
 *  @throws {Error} where there is nothing, no weights, or something damaged. */
export async function findSource(place: string, choice: CheckpointChoice | undefined): Promise<Source> {
  if (!place.includes('://')) return describe(await localFiles(place, choice), place, async () => {});
  const folder = await mkdtemp(join(tmpdir(), 'sconce-publish-'));
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    if (choice !== undefined)
      throw unpublishable(place, 'the folder of a run for checkpoint', 'an address of a bucket');
    const cut = place.lastIndexOf('/');
    // `best.ckpt` and `latest.ckpt` of a bucket are small files with a name in them.
    const target = (await storageOf(place.slice(0, cut)).target(place.slice(cut + 1))) ?? place.slice(cut + 1);
    const { key, open } = bucketOf(`${place.slice(0, cut)}/${target}`);
    await (await open()).download(key, join(folder, target));
    return await describe([join(folder, target)], `${place.slice(0, cut)}/${target}`, release);
  } catch (error) {
    await release();
    throw error;
  }
}

const unpublishable = (place: string, wanted: string, got: string): Error =>
  new Error(`Cannot publish "${place}": expected ${wanted}, got ${got}`);

/** The files of a place, as paths that are no links. */
async function localFiles(place: string, choice: CheckpointChoice | undefined): Promise<string[]> {
  const facts = await stat(place).catch(() => undefined);
  if (facts === undefined) throw unpublishable(place, 'a checkpoint, weights or a run', 'nothing there');
  if (facts.isFile()) {
    if (choice !== undefined) throw unpublishable(place, 'the folder of a run for checkpoint', 'a file');
    if (ENDINGS.includes(extname(place))) return [await realpath(place)];
    throw unpublishable(place, `a file that ends in ${ENDINGS.join(', ')}`, basename(place));
  }
  const checkpoint = checkpointIn(place, choice);
  if (checkpoint !== undefined) return [await realpath(checkpoint)];
  const entries = choice === undefined ? await readdir(place, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // The other files of a run are no part of a model.
  if (files.some((path) => ENDINGS.includes(extname(path))) && !existsSync(runPaths(place).metrics))
    return files.sort();
  const wanted = choice === undefined ? 'best.ckpt, latest.ckpt or files of weights' : `${choice}.ckpt`;
  throw unpublishable(place, `the folder of a run or of weights, with ${wanted}`, 'none');
}

/** The chosen checkpoint of a run's folder, or of a folder of checkpoints. */
function checkpointIn(folder: string, choice: CheckpointChoice | undefined): string | undefined {
  const names = choice === undefined ? ['best', 'latest'] : [choice];
  const paths = [runPaths(folder).checkpoints, folder].flatMap((at) => names.map((name) => join(at, `${name}.ckpt`)));
  return paths.find((path) => existsSync(path));
}

async function describe(paths: readonly string[], place: string, release: () => Promise<void>): Promise<Source> {
  const top = paths.length === 1 ? dirname(paths[0]!) : resolve(place);
  const files: Source['files'][number][] = [];
  for (const from of paths) {
    const { size } = await stat(from);
    const path = relative(await realpath(top), await realpath(from))
      .split(sep)
      .join('/');
    files.push({ path, from, bytes: size, sha256: await hashFile(from) });
  }
  const facts = (await factsOf(paths)) ?? { metrics: {}, config: undefined };
  const isFetched = place.includes('://');
  const checkpoint = isFetched || paths.length > 1 ? (isFetched ? place : resolve(place)) : paths[0]!;
  const { config, ...run } = isFetched ? { config: undefined } : await runOf(paths[0]!);
  return {
    files,
    metrics: facts.metrics,
    config: facts.config ?? config,
    lineage: { checkpoint, ...run, ...facts.clocks },
    release,
  };
}

/** What is known from the file itself. */
interface Facts {
  readonly metrics: MetricValues;
  readonly config: unknown;
  readonly clocks?: Pick<Lineage, 'step' | 'epoch'>;
}

/** Reads every file of weights, which verifies it; facts come from a checkpoint alone. */
async function factsOf(paths: readonly string[]): Promise<Facts | undefined> {
  let facts: Facts | undefined;
  for (const path of paths) {
    if (!ENDINGS.includes(extname(path))) continue;
    if (extname(path) === '.safetensors') await (await openSafetensors(path)).close();
    else facts = factsOfValue(await loadValue(path, { allowsPlaceholders: true })) ?? facts;
  }
  return facts;
}

function factsOfValue(value: unknown): Facts | undefined {
  if (isSconceCheckpoint(value)) {
    const { step, epoch } = numbersIn(recordAt(value, 'clocks'));
    const { history } = recordAt(value, 'metrics');
    const last: unknown = Array.isArray(history) ? history.at(-1) : undefined;
    const validation = recordAt(recordAt(value, 'metrics'), 'validation');
    return {
      metrics: { ...numbersIn(recordAt(last, 'values')), ...numbersIn(recordAt(validation, 'values')) },
      config: plainJson(recordAt(value, 'hyper_parameters')),
      clocks: withoutNothing({ step, epoch }),
    };
  }
  if (!isLightningCheckpoint(value)) return undefined;
  const { global_step: step, epoch } = numbersIn(value as Record<string, unknown>);
  return {
    metrics: {},
    config: plainJson(recordAt(value, 'hyper_parameters')),
    clocks: withoutNothing({ step, epoch }),
  };
}

type RunFacts = Pick<Lineage, 'runId' | 'runFolder' | 'gitCommit'> & { readonly config?: unknown };

/** What the run's folder says, where the file lies in the checkpoints of one. */
async function runOf(path: string): Promise<RunFacts> {
  const folder = dirname(dirname(path));
  const paths = runPaths(folder);
  if (dirname(path) !== paths.checkpoints || !existsSync(paths.metrics)) return {};
  const [first = ''] = (await readFile(paths.metrics, 'utf8')).split('\n', 1);
  const { id } = JSON.parse(first) as { id?: unknown };
  const summary = await readSummary(folder);
  const config: unknown = existsSync(paths.config) ? JSON.parse(await readFile(paths.config, 'utf8')) : undefined;
  return {
    ...(typeof id === 'string' ? { runId: id } : {}),
    runFolder: folder,
    ...withoutNothing({ gitCommit: summary?.environment.gitCommit }),
    config,
  };
}

/** The SHA-256 of a file, in hexadecimal digits. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The hash of a version: that of its only file, or of the names and hashes of its files. */
export function hashOf(files: readonly VersionFile[]): string {
  if (files.length === 1) return files[0]!.sha256;
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** An object without the properties that are undefined. */
function withoutNothing<T extends object>(object: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
