// The package as it would be published, and places to install it in.
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
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

/** Packs this checkout into `folder`. Gives the tarball's path. */
export async function pack(folder: string): Promise<string> {
  await requireCompiled();
  await output(['npm', 'pack', '--ignore-scripts', '--pack-destination', folder], { folder: root });
  const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (name === undefined) throw new Error(`Cannot pack: expected a tarball in "${folder}", got none`);
  return join(folder, name);
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
