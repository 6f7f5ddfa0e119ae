// Finds the addon of a finished set-up in a few milliseconds: reads one record and compares sizes and times.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../errors.ts';
import { cacheFolder, type Environment, shortHash, writeFileWhole } from './cache.ts';
import type { Libtorch } from './libtorch-folder.ts';
import { libraryEnding } from './libtorch-folder.ts';
import { packageFolder, packageVersion, sourcesFingerprint, sourcesHash } from './sources.ts';

export interface LocatedAddon {
  /** The `.node` file. */
  readonly addonPath: string;
  /** The libtorch that it is built against, and finds again by its path. */
  readonly libtorch: Libtorch;
}

/** What set-up leaves for a package folder and a value of SCONCE_LIBTORCH. */
interface SetupRecord extends LocatedAddon {
  readonly format: 2;
  readonly packageVersion: string;
  /** Sizes and times of the C++ sources: where they are as they were, nothing is read. */
  readonly sources: string;
  /** What the sources say, for the case that only their times have changed. */
  readonly sourcesHash: string;
  /** Size and time of the library and the addon as set-up saw them. */
  readonly files: string;
}

/** The addon that set-up built for this package. No search: under 10 ms, reading the sources only where their times have changed.
 *  Environment: SCONCE_LIBTORCH chooses between set-ups; SCONCE_CACHE, XDG_CACHE_HOME and HOME say where the cache is.
 *  @throws {SetupError} if there is none, or if the sources or libtorch have changed since. */
export function locateAddon(
  environment: Environment = process.env,
  packageRoot: string = packageFolder(),
): LocatedAddon {
  const path = recordPath(environment, packageRoot);
  const record = readRecord(path);
  const got = record ? staleness(record, packageRoot) : `none ${placeOf(environment, packageRoot)}`;
  if (record === undefined || got !== undefined) {
    throw new SetupError(`Cannot load libtorch: expected a finished set-up, got ${got}; run: npx sconce setup`);
  }
  return { addonPath: record.addonPath, libtorch: record.libtorch };
}

/** The libtorch of the last set-up for this package, if its files are as they were; the addon may be out of date. */
export function recordedLibtorch(environment: Environment, packageRoot: string): Libtorch | undefined {
  const record = readRecord(recordPath(environment, packageRoot));
  return record && filesFingerprint(record.libtorch, undefined) === record.files.split(' ')[0]
    ? record.libtorch
    : undefined;
}

/** Remembers a finished set-up for `locateAddon`. */
export function writeRecord(environment: Environment, packageRoot: string, located: LocatedAddon): void {
  const record: SetupRecord = {
    format: 2,
    packageVersion: packageVersion(packageRoot),
    sources: sourcesFingerprint(packageRoot),
    sourcesHash: sourcesHash(packageRoot),
    files: filesFingerprint(located.libtorch, located.addonPath),
    ...located,
  };
  writeFileWhole(recordPath(environment, packageRoot), JSON.stringify(record, null, 2));
}

function recordPath(environment: Environment, packageRoot: string): string {
  const name = shortHash(`${packageRoot}\0${environment.SCONCE_LIBTORCH ?? ''}`);
  return join(cacheFolder(environment), 'setups', `${name}.json`);
}

function readRecord(path: string): SetupRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as SetupRecord;
    return record.format === 2 ? record : undefined;
  } catch {
    return undefined; // Never set up, or by a Sconce that wrote its records otherwise.
  }
}

function placeOf(environment: Environment, packageRoot: string): string {
  const chosen = environment.SCONCE_LIBTORCH ? ` with SCONCE_LIBTORCH="${environment.SCONCE_LIBTORCH}"` : '';
  return `of "${packageRoot}"${chosen} in the cache "${cacheFolder(environment)}"`;
}

/** What has changed since the set-up; undefined where nothing has. */
function staleness(record: SetupRecord, packageRoot: string): string | undefined {
  if (record.packageVersion !== packageVersion(packageRoot)) return `one of version ${record.packageVersion}`;
  if (record.sources !== sourcesFingerprint(packageRoot) && record.sourcesHash !== sourcesHash(packageRoot))
    return 'one from before the C++ sources changed';
  if (record.files !== filesFingerprint(record.libtorch, record.addonPath)) {
    return `one whose files in "${record.libtorch.libDir}" or "${record.addonPath}" have changed or gone`;
  }
  return undefined;
}

function filesFingerprint(libtorch: Libtorch, addonPath: string | undefined): string {
  const library = join(libtorch.libDir, `libtorch_cpu.${libraryEnding()}`);
  return [library, ...(addonPath === undefined ? [] : [addonPath])]
    .map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat ? `${stat.size}:${stat.mtimeMs}` : 'gone';
    })
    .join(' ');
}
