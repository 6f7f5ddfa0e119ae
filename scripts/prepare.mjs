// Brings a checkout to where it runs: Node checked, packages installed, sources compiled, libtorch fetched, addon built.
// Everything done already is found so from sizes, times and versions, in a fraction of a second.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Ends the process with a message, and no stack, where Node is older than package.json asks. */
export function requireNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '');
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  fail(
    `Cannot run here: expected Node ${wanted} or newer, got ${process.versions.node}; install a newer one from https://nodejs.org`,
  );
}

/** Whether a folder's node_modules is what its package-lock.json asks for. */
export function arePackagesCurrent(folder) {
  const got = readLock(join(folder, 'node_modules', '.package-lock.json'));
  const wanted = readLock(join(folder, 'package-lock.json'));
  return (
    got !== undefined &&
    Object.entries(wanted).every(([path, { version, optional }]) =>
      got[path] ? got[path].version === version : path === '' || optional,
    ) &&
    Object.keys(got).every((path) => wanted[path])
  );
}

/** Runs `npm ci` in a folder unless its node_modules is what package-lock.json asks for. */
export function installPackages(folder) {
  if (arePackagesCurrent(folder)) return;
  const name = relative(root, folder);
  run(
    `installing packages${name && ` of ${name}`}`,
    'npm',
    ['ci', '--no-audit', '--no-fund'],
    folder,
    'npm ci needs the network and room on this disk',
  );
}

function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

const stampPath = join(root, 'dist', '.sources');

/** Whether `dist/` is what `src/` compiles to. */
export function isCompiled() {
  return existsSync(stampPath) && readFileSync(stampPath, 'utf8') === sourcesStamp();
}

/** Compiles `src/` to `dist/` when a source has changed, and removes what sources that are gone have left there. */
export function compileSources() {
  if (isCompiled()) return;
  const stamp = sourcesStamp();
  rmSync(stampPath, { force: true });
  run(
    'compiling TypeScript',
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
    root,
  );
  for (const path of filesUnder(join(root, 'dist'))) {
    const source = relative(join(root, 'dist'), path).match(/^(.*)\.(?:js|js\.map|d\.ts)$/)?.[1];
    if (source && !existsSync(join(root, 'src', `${source}.ts`))) rmSync(path);
  }
  writeFileSync(stampPath, stamp);
}

function sourcesStamp() {
  const hash = createHash('sha256');
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name));
  for (const path of [...settings, ...filesUnder(join(root, 'src'))]) {
    if (/\.(?:test|fixture)\.ts$/.test(path)) continue;
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Every file under a folder, in a fixed order. */
export function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(path) : [path];
    });
}

/** Runs `sconce setup` unless a finished set-up is found. */
export async function setUpEngine() {
  const { locateAddon } = await import(pathToFileURL(join(root, 'dist/binding/locate.js')).href);
  try {
    locateAddon();
  } catch {
    run('setting up libtorch and the addon', process.execPath, [join(root, 'dist/cli/main.js'), 'setup'], root);
  }
}

/** Runs a program that prints for itself; where it fails, this process ends with its exit code. */
export function run(what, program, programArguments, folder, remedy = '') {
  const startMs = Date.now();
  console.log(`> ${what}`);
  const { status, error } = spawnSync(program, programArguments, { cwd: folder, stdio: 'inherit' });
  if (error) fail(`Cannot go on with ${what}: expected to run ${program}, got ${error.message}`);
  if (status !== 0) {
    console.error(`> ${what} failed: see the lines above${remedy && `; ${remedy}`}`);
    process.exit(status ?? 1);
  }
  console.log(`> ${what}: ${((Date.now() - startMs) / 1000).toFixed(1)} s`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

export async function prepare() {
  requireNode();
  installPackages(root);
  compileSources();
  await setUpEngine();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await prepare();
