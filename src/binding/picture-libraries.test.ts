// Tests of the search for libpng and libjpeg-turbo, with stand-ins for the compiler and pkg-config.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildAddon } from './build.ts';
import type { Compiler } from './compiler.ts';
import type { Libtorch } from './libtorch-folder.ts';
import { describePictures, findPictureLibraries, picturesAdvice, pictureVersions } from './picture-libraries.ts';
import { requirePlatform } from './platform.ts';

let folder: string;
const lines: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-pictures-'));
  mkdirSync(join(folder, 'native'));
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.0.0" }');
  for (const name of ['a.cc', 'image-png.cc', 'image-jpeg.cc']) writeFileSync(join(folder, 'native', name), 'int a;\n');
  lines.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}`);
  chmodSync(join(folder, name), 0o755);
}

/** A compiler whose programs print the version, and that fails where its arguments have one of the `missing` words. It notes what it compiles for keeps. */
function compilerThatLacks(missing: string, version = '1.6.0'): Compiler {
  program(
    'cc',
    `case "$*" in ${missing}) exit 1;; esac
for word; do
  case "$previous" in -c) echo "$*" >> ${folder}/compiled.log;; -o) target="$word";; esac
  previous="$word"
done
printf '#!/bin/sh\\necho ${version}\\n' > "$target"
chmod +x "$target"
`,
  );
  return { command: [join(folder, 'cc')], version: 'cc 1.0' };
}

const environment = () => ({ PATH: `${folder}:/usr/bin:/bin` });

describe('findPictureLibraries()', () => {
  it('takes headers and libraries from pkg-config, else those that the compiler finds', async () => {
    program(
      'pkg-config',
      'case "$*" in *libjpeg) exit 1;; --cflags*) echo -I/opt/png;; *) echo -L/opt/png -lpng16;; esac\n',
    );
    const found = await findPictureLibraries(compilerThatLacks('"no such word"'), environment());
    expect(found).toEqual({
      png: { version: '1.6.0', compile: ['-DSCONCE_HAS_PNG', '-I/opt/png'], link: ['-L/opt/png', '-lpng16'] },
      jpeg: { version: '1.6.0', compile: ['-DSCONCE_HAS_JPEG'], link: ['-ljpeg'] },
    });
    // What pkg-config says of a library that is gone does not hold.
    const plain = await findPictureLibraries(compilerThatLacks('*-lpng16*'), environment());
    expect(plain.png).toEqual({ version: '1.6.0', compile: ['-DSCONCE_HAS_PNG'], link: ['-lpng'] });
  });

  it('finds none where a program with it does not compile or does not run', async () => {
    program('pkg-config', 'exit 1\n');
    expect(await findPictureLibraries(compilerThatLacks('*'), environment())).toEqual({});
    expect(pictureVersions(await findPictureLibraries(compilerThatLacks('*jpeg*'), environment()))).toEqual([
      '1.6.0',
      '',
    ]);
    expect(await findPictureLibraries(compilerThatLacks('"no such word"', ''), environment())).toEqual({});
  });

  it('leaves nothing behind', async () => {
    program('pkg-config', 'exit 1\n');
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    try {
      await findPictureLibraries(compilerThatLacks('*jpeg*'), environment());
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('buildAddon()', () => {
  const libtorch: Libtorch = {
    root: '/torch',
    includeDirs: ['/torch/include'],
    libDir: '/torch/lib',
    version: '2.13.0',
    cxx11Abi: true,
    source: 'wheel',
    hasCuda: false,
    libraryBytes: 7,
  };

  it('compiles one source again, and links anew, when its library comes', async () => {
    program('pkg-config', 'exit 1\n');
    const context = {
      environment: environment(),
      cache: join(folder, 'cache'),
      platform: requirePlatform('linux', 'x64', false),
      report: (line: string) => void lines.push(line),
    };
    const without = await buildAddon(folder, libtorch, compilerThatLacks('*-lpng*'), context);
    expect(lines[0]).toMatch(
      /^pictures: no libpng, so that sharp decodes PNG, libjpeg-turbo 1\.6\.0; to have it several times faster run: /,
    );
    rmSync(join(folder, 'compiled.log'));
    const withBoth = await buildAddon(folder, libtorch, compilerThatLacks('"no such word"'), context);
    expect(withBoth).not.toBe(without);
    const compiled = readFileSync(join(folder, 'compiled.log'), 'utf8').trim().split('\n');
    expect(compiled).toEqual([expect.stringMatching(/-DSCONCE_HAS_PNG -c \S+image-png\.cc/)]);
    expect(JSON.parse(readFileSync(join(withBoth, '../build.json'), 'utf8')).link).toEqual(
      expect.arrayContaining(['-lpng', '-ljpeg']),
    );
  });
});

describe('describePictures()', () => {
  it('says who decodes what, and how to get the rest', () => {
    expect(describePictures(['1.6.39', '2.1.5'])).toBe('libpng 1.6.39, libjpeg-turbo 2.1.5');
    expect(describePictures(['', ''])).toBe(
      'no libpng, so that sharp decodes PNG, no libjpeg-turbo, so that sharp decodes JPEG',
    );
    expect(picturesAdvice('linux')).toMatch(/apt-get install -y --no-install-recommends libpng-dev libjpeg-dev$/);
    expect(picturesAdvice('darwin')).toBe('brew install pkg-config libpng jpeg-turbo');
  });
});
