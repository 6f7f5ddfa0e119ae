// Finds the libraries that decode pictures, libpng and libjpeg-turbo, and says how the addon is built with those that are there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './cache.ts';
import { runCommand } from './command.ts';
import type { Compiler } from './compiler.ts';
import { aptAdvice } from './debian.ts';

/** One library that was found. */
interface PictureLibrary {
  /** As in `1.6.39`. */
  readonly version: string;
  /** What the compiler takes: `-D` for the source to know, and where the headers lie. */
  readonly compile: readonly string[];
  readonly link: readonly string[];
}

/** The libraries that were found. Without one, pictures of its kind are decoded by the package sharp. */
export interface PictureLibraries {
  readonly png?: PictureLibrary;
  readonly jpeg?: PictureLibrary;
}

type Kind = keyof PictureLibraries;

interface Probe {
  /** The name that pkg-config knows. */
  readonly module: string;
  /** A program that prints the version; it neither compiles nor links nor runs where the library is not whole. */
  readonly program: string;
  readonly flag: string;
  readonly define: string;
}

const probes: Readonly<Record<Kind, Probe>> = {
  png: {
    module: 'libpng',
    program: `#include <png.h>
#include <cstdio>
int main() { std::puts(png_get_libpng_ver(nullptr)); }
`,
    flag: '-lpng',
    define: '-DSCONCE_HAS_PNG',
  },
  // The original libjpeg has no LIBJPEG_TURBO_VERSION, and is not what is wanted: it is slower and gives other pixels.
  jpeg: {
    module: 'libjpeg',
    program: `#include <cstddef>
#include <cstdio>
#include <jpeglib.h>
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
int main() { jpeg_error_mgr errors; std::puts(jpeg_std_error(&errors) ? TEXT(LIBJPEG_TURBO_VERSION) : ""); return LIBJPEG_TURBO_VERSION_NUMBER < 1002000; }
`,
    flag: '-ljpeg',
    define: '-DSCONCE_HAS_JPEG',
  },
};

/** The source of `native/` that is compiled with a library. */
export const pictureSources: Readonly<Record<string, Kind>> = { 'image-png.cc': 'png', 'image-jpeg.cc': 'jpeg' };

/** Looks for both by building and running a small program with each. Nothing is left behind. */
export async function findPictureLibraries(compiler: Compiler, environment: Environment): Promise<PictureLibraries> {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-probe-'));
  try {
    const [png, jpeg] = await Promise.all([
      probe('png', folder, compiler, environment),
      probe('jpeg', folder, compiler, environment),
    ]);
    return { ...(png && { png }), ...(jpeg && { jpeg }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function probe(
  kind: Kind,
  folder: string,
  compiler: Compiler,
  environment: Environment,
): Promise<PictureLibrary | undefined> {
  const { module, program, flag, define } = probes[kind];
  const source = join(folder, `${kind}.cc`);
  const target = join(folder, kind);
  writeFileSync(source, program);
  // pkg-config knows of folders that a compiler does not search, as Homebrew's; without it the compiler's own have to do.
  const [headers, libraries] = await Promise.all([
    packageFlags(module, '--cflags', environment),
    packageFlags(module, '--libs', environment),
  ]);
  const places = [{ headers: headers ?? [], libraries: libraries ?? [flag] }];
  if (libraries) places.push({ headers: [], libraries: [flag] });
  for (const place of places) {
    const command = [...compiler.command, ...place.headers, source, '-o', target, ...place.libraries];
    const built = await runCommand(command, { environment, timeoutMs: 60_000 });
    if (built.status !== 0) continue;
    const ran = await runCommand([target], { environment, timeoutMs: 30_000 });
    const version = ran.stdout.trim();
    if (ran.status === 0 && version !== '') {
      return { version, compile: [define, ...place.headers], link: place.libraries };
    }
  }
  return undefined;
}

async function packageFlags(
  module: string,
  what: string,
  environment: Environment,
): Promise<readonly string[] | undefined> {
  const result = await runCommand(['pkg-config', what, module], { environment, timeoutMs: 30_000 });
  return result.status === 0 ? result.stdout.split(/\s+/).filter((word) => word !== '') : undefined;
}

/** One line about what decodes pictures, as in `libpng 1.6.39, libjpeg-turbo 2.1.5`, of versions that are empty for a library that is not there. */
export function describePictures([png, jpeg]: readonly [png: string, jpeg: string]): string {
  const names = [
    png === '' ? 'no libpng, so that sharp decodes PNG' : `libpng ${png}`,
    jpeg === '' ? 'no libjpeg-turbo, so that sharp decodes JPEG' : `libjpeg-turbo ${jpeg}`,
  ];
  return names.join(', ');
}

/** The versions for {@link describePictures}. */
export function pictureVersions({ png, jpeg }: PictureLibraries): readonly [png: string, jpeg: string] {
  return [png?.version ?? '', jpeg?.version ?? ''];
}

/** The command that brings both libraries. */
export function picturesAdvice(platform: string = process.platform): string {
  if (platform === 'darwin') return 'brew install pkg-config libpng jpeg-turbo';
  return aptAdvice('apt-get install -y --no-install-recommends libpng-dev libjpeg-dev');
}
