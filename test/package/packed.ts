// The package as it would be published, and places to install it in.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { cacheFolder } from '../../src/binding/cache.ts';
import { locateAddon } from '../../src/binding/locate.ts';
import { requireCompiled } from '../cli/sconce.ts';
import { output, root } from './process.ts';

/** A new folder whose name has what breaks careless paths. */
export function oddFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'sconce päckage ')));
}

/** Packs this checkout, unless it lies packed as it is now. Gives the path of the tarball, which stays for other tests. */
export async function pack(): Promise<string> {
  await requireCompiled();
  const place = join(root, 'node_modules/.cache/package-tests');
  const tarball = join(place, `packed-${packedStamp()}.tgz`);
  if (existsSync(tarball)) return tarball;
  mkdirSync(place, { recursive: true });
  const folder = mkdtempSync(join(place, 'packing-'));
  try {
    await output(['npm', 'pack', '--ignore-scripts', '--pack-destination', folder], { folder: root });
    const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
    if (name === undefined) throw new Error(`Cannot pack: expected a tarball in "${folder}", got none`);
    for (const old of readdirSync(place)) if (/^packed-.*\.tgz$/.test(old)) rmSync(join(place, old), { force: true });
    renameSync(join(folder, name), tarball);
    return tarball;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What changes with the size or time of any file that could be packed. */
function packedStamp(): string {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: readonly string[] };
  const tops = files.flatMap((file) => /^!?([\w.]+)/.exec(file)?.[1] ?? []).concat('package.json');
  const hash = createHash('sha256');
  for (const top of new Set(tops)) {
    const path = join(root, top);
    const { size, mtimeMs } = lstatSync(path);
    hash.update(lstatSync(path).isDirectory() ? snapshot(path).join('\n') : `${top} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Unpacks a tarball where a program in `folder` imports it from, without what it depends on. Gives the package's folder. */
export async function unpack(tarball: string, folder: string): Promise<string> {
  const target = join(folder, 'node_modules/sconce');
  mkdirSync(target, { recursive: true });
  await output(['tar', '-xzf', tarball, '--strip-components', '1', '-C', target], { folder });
  return target;
}

/** Lets an unpacked package find the packages of this checkout. */
export function linkDependencies(packageFolder: string): void {
  symlinkSync(join(root, 'node_modules'), join(packageFolder, 'node_modules'));
}

/** Variables for a set-up of its own in `folder` that need neither fetch nor compile: it shares this checkout's libtorch, objects and addons. */
export function sharedCache(folder: string): Readonly<Record<string, string>> {
  const cache = join(folder, 'cache');
  mkdirSync(cache);
  for (const part of ['objects', 'addons']) symlinkSync(join(cacheFolder(process.env), part), join(cache, part));
  return { SCONCE_CACHE: cache, SCONCE_LIBTORCH: locateAddon().libtorch.root };
}

/** Every file below a folder with what a write would change. */
export function snapshot(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => {
      const { mode, mtimeMs, size } = lstatSync(path);
      return `${relative(folder, path)} ${mode} ${size} ${mtimeMs}`;
    })
    .sort();
}

/** Copies the programs into `folder`, a project of its own. */
export function makeProject(folder: string, dependencies: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'test/package/programs'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
}
