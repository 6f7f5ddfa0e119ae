// `sconce setup` and `sconce doctor` as someone meets them who has installed the package, in good and bad circumstances.
// In place of the compiler stands a script that brings the addon of this checkout: the set-up around it is the real one.
import { on } from 'node:events';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { locateAddon } from '../../src/binding/locate.ts';
import { nativeFiles } from '../../src/binding/sources.ts';
import { linkDependencies, oddFolder, pack, unpack } from './packed.ts';
import { type Outcome, obeyingPermissions, output, run, start } from './process.ts';

const { addonPath, libtorch } = locateAddon();

let folder: string;
let installed: string;
/** Each test's own: what a killed set-up leaves running does not reach the next test. */
let work: string;
let numTests = 0;
let cache: string;
beforeAll(async () => {
  folder = oddFolder();
  installed = await unpack(await pack(), folder);
  linkDependencies(installed);
  mkdirSync(join(folder, 'bin'));
  for (const program of ['sh', 'cat', 'cp', 'touch', 'mkdir', 'basename', 'dpkg-query']) {
    const path = ['/bin', '/usr/bin'].map((place) => join(place, program)).find((place) => existsSync(place));
    if (path) symlinkSync(path, join(folder, 'bin', program));
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  work = join(folder, `test ${++numTests}`);
  cache = join(work, 'cache');
  mkdirSync(join(work, 'compiled'), { recursive: true });
  compiler('');
});

/** A compiler that notes what it compiles, and at the end brings the addon; `before` runs ahead of every source. */
function compiler(before: string): void {
  const script = `#!/bin/sh
[ "$1" = --version ] && { echo 'cc 1.0'; exit 0; }
case " $* " in
  *' -shared '*) while [ "$1" != -o ]; do shift; done; cp '${addonPath}' "$2" ;;
  *' -c '*) while [ "$1" != -c ]; do shift; done; ${before}
    name=$(basename "$2"); [ -e "compiled/$name" ] && touch "compiled/$name-again"; touch "compiled/$name" "$4" ;;
  *) exit 1 ;; # a program that looks for a library
esac
`;
  // A new file: the old one may be running.
  writeFileSync(join(work, 'cc.new'), script);
  chmodSync(join(work, 'cc.new'), 0o755);
  renameSync(join(work, 'cc.new'), join(work, 'cc'));
}

/** Variables of a machine with the stand-in for a compiler and without Python. */
const machine = (): Record<string, string | undefined> => ({
  PATH: join(folder, 'bin'),
  CXX: './cc',
  SCONCE_CACHE: cache,
  SCONCE_LIBTORCH: libtorch.root,
});

const main = (): string => join(installed, 'dist/cli/main.js');

function sconce(words: readonly string[], environment: Record<string, string | undefined> = {}): Promise<Outcome> {
  return run([process.execPath, main(), ...words], { folder: work, environment: { ...machine(), ...environment } });
}

function train(): Promise<Outcome> {
  const program = "import { zeros } from 'sconce'; console.log(zeros([2]).toArray().join());";
  return run([process.execPath, '--input-type=module', '-e', program], { folder: work, environment: machine() });
}

/** Makes a file on which readers wait, now and later, until the function that it gives is called. */
async function hold(): Promise<() => void> {
  const path = join(work, 'hold');
  rmSync(path, { force: true });
  await output(['mkfifo', path], { folder });
  return () => {
    // Open for both directions, which never waits; those who read get an end, and those who come later find an empty file.
    const pipe = openSync(path, constants.O_RDWR);
    rmSync(path);
    writeFileSync(path, '');
    closeSync(pipe);
  };
}

/** Waits until a stream has brought what matches, and gives it. */
async function line(stream: Readable, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const [chunk] of on(stream, 'data', { close: ['end'] })) {
    text += chunk;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return found;
  }
  throw new Error(`Cannot wait: expected a line like ${pattern}, got ${text}`);
}

const finished = /^set-up finished in [\d.]+ s$/m;
const refusal = (message: string): object => ({ code: 1, stderr: `${message}\n` });

describe('sconce setup', () => {
  it('says what it does, once', async () => {
    expect(await train()).toMatchObject({ code: 1, stderr: expect.stringContaining('run: npx sconce setup\n') });
    // Those of NCCL and of CUDA graphs are compiled where libtorch has CUDA.
    const isCompiled = (path: string): boolean => path.endsWith('.cc') && !/(?:c10d-nccl|capture-cuda)\.cc$/.test(path);
    const numSources = nativeFiles(installed).filter(isCompiled).length;
    const { code, stdout, stderr } = await sconce(['setup']);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('compiler: cc 1.0');
    expect(lines[1]).toMatch(/^libtorch: \d+\.\d+\.\d+ \(.*\) from SCONCE_LIBTORCH, in "/);
    expect(lines[2]).toMatch(/^pictures: no libpng, .*; to have it several times faster run: .*apt-get install/);
    expect(lines[3]).toMatch(new RegExp(`^addon: compiling ${numSources} of ${numSources} sources, \\d+ at a time$`));
    expect(lines.slice(4, -4)).toHaveLength(numSources);
    expect(lines.slice(-4)).toEqual([
      'addon: linking',
      expect.stringMatching(/^addon: built in \d+\.\d s$/),
      expect.stringMatching(/^addon: .*\.node$/),
      expect.stringMatching(finished),
    ]);
    expect(await train()).toEqual({ code: 0, stdout: '0,0\n', stderr: '' });
    const again = await sconce(['setup']);
    expect(again.stdout).toMatch(/^already set up: libtorch .*\n$/);
    expect(again.code).toBe(0);
  });

  it.each([
    [
      'a compiler',
      { CXX: '' },
      /^Cannot build the addon: expected a C\+\+ compiler .*; on Debian and Ubuntu run: .*apt-get install -y g\+\+/,
    ],
    [
      'that libtorch',
      { SCONCE_LIBTORCH: '/nowhere' },
      /got "\/nowhere", which does not exist; name another one or unset it\n$/,
    ],
    [
      'a torch for Python',
      { SCONCE_LIBTORCH: 'python' },
      /got none \(python3: not installed\); run: pip install torch\n$/,
    ],
    [
      'a folder for the cache',
      { SCONCE_CACHE: '/dev/null/x' },
      /got "\/dev\/null", which is no folder; set SCONCE_CACHE to another folder\n$/,
    ],
  ])('says what to do without %s', async (_what, environment, message) => {
    expect(await sconce(['setup'], environment)).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
    expect(existsSync(cache)).toBe(false);
  });

  it('says what to do where the cache cannot be written, and doctor does', async (context) => {
    const prefix = await obeyingPermissions(context);
    mkdirSync(cache, { mode: 0o555 });
    // By its path: the machine of these tests has no setpriv.
    const options = { folder: work, environment: { ...machine(), PATH: `${join(folder, 'bin')}:${process.env.PATH}` } };
    const words = [...prefix, process.execPath, main()];
    const got = `EACCES: permission denied, access '${cache}'`;
    expect(await run([...words, 'setup'], options)).toMatchObject(
      refusal(
        `Cannot set up Sconce: expected a cache that can be written, got ${got}; set SCONCE_CACHE to another folder`,
      ),
    );
    const doctor = await run([...words, 'doctor'], options);
    expect(doctor.stdout).toMatch(/^MISSING cache .*\n +-> set SCONCE_CACHE to another folder$/m);
    expect(doctor.code).toBe(1);
  });

  it('goes on after one that was killed', async () => {
    // The first source ends, the others wait.
    compiler('mkdir compiled/first 2>/dev/null || cat hold > /dev/null;');
    const letGo = await hold();
    const { process: killed, ended } = start([process.execPath, main(), 'setup'], {
      folder: work,
      environment: machine(),
    });
    const compiled = await line(killed.stdout!, /^addon: compiled native\/\S+/m);
    killed.kill('SIGKILL');
    letGo();
    await ended;
    compiler('');
    const { code, stdout } = await sconce(['setup']);
    expect(stdout).toMatch(finished);
    expect(stdout).not.toContain('waiting');
    expect(stdout).not.toContain(`${compiled} `);
    expect(code).toBe(0);
  });

  it('does the work once where two run at a time', async () => {
    compiler('cat hold > /dev/null;');
    const letGo = await hold();
    const command = [process.execPath, main(), 'setup'];
    const first = start(command, { folder: work, environment: machine() });
    await line(first.process.stdout!, /^addon: compiling/m);
    const second = start(command, { folder: work, environment: machine() });
    await line(second.process.stdout!, /^addon: waiting for another set-up that is building it$/m);
    letGo();
    for (const outcome of await Promise.all([first.ended, second.ended])) {
      expect(outcome).toMatchObject({ code: 0, stdout: expect.stringMatching(finished), stderr: '' });
    }
    expect(readdirSync(join(work, 'compiled')).filter((name) => name.endsWith('-again'))).toEqual([]);
  });

  it('builds for another version of the package, from what is compiled already', async () => {
    await sconce(['setup']);
    const description = join(installed, 'package.json');
    const text = readFileSync(description, 'utf8');
    const { version } = JSON.parse(text) as { version: string };
    writeFileSync(description, text.replace(`"version": "${version}"`, '"version": "99.0.0"'));
    try {
      const outdated = await train();
      expect(outdated.stderr).toContain(`got one of version ${version}; run: npx sconce setup`);
      const { stdout } = await sconce(['setup']);
      expect(stdout).toMatch(/^addon: all \d+ sources compiled already$/m);
      expect(await train()).toMatchObject({ code: 0 });
    } finally {
      writeFileSync(description, text);
    }
  });

  it('builds anew where the addon is gone', async () => {
    await sconce(['setup']);
    rmSync(join(cache, 'addons'), { recursive: true });
    expect((await train()).stderr).toContain('have changed or gone; run: npx sconce setup');
    expect(await sconce(['setup'])).toMatchObject({ code: 0, stdout: expect.stringMatching(finished) });
    expect(await train()).toMatchObject({ code: 0 });
  });
});

describe('sconce doctor', () => {
  it('prints every miss with its remedy, and ends with 1', async () => {
    const { code, stdout } = await sconce(['doctor'], { CXX: '', SCONCE_LIBTORCH: '/nowhere' });
    expect(stdout).toMatch(/^MISSING C\+\+ compiler {2}.*got none\n {22}-> on Debian and Ubuntu run: /m);
    expect(stdout).toMatch(/^MISSING libtorch .*which does not exist\n +-> name another one or unset it$/m);
    expect(stdout).toMatch(/^MISSING addon .*SCONCE_LIBTORCH="\/nowhere".*\n +-> run: npx sconce setup$/m);
    expect(stdout).toMatch(/\nTraining cannot work yet: see the lines marked MISSING\.\n$/);
    expect(code).toBe(1);
  });

  it('gives the same as JSON', async () => {
    await sconce(['setup']);
    const { code, stdout } = await sconce(['doctor', '--json'], { CXX: '' });
    const { canTrain, findings } = JSON.parse(stdout) as {
      canTrain: boolean;
      findings: { topic: string; fact: string }[];
    };
    expect([code, canTrain]).toEqual([0, true]);
    const fact = Object.fromEntries(findings.map((finding) => [finding.topic, finding.fact]));
    expect(fact['C++ compiler']).toBe('none; the addon is built, so none is needed now');
    expect(fact.libtorch).toContain(`${libtorch.version} (`);
    expect(fact.Node).toContain(process.versions.node);
    for (const topic of [
      'Sconce',
      'C++ ABI',
      'BLAS',
      'threads',
      'CPU',
      'memory',
      'allocator',
      'GPU',
      'ranks',
      'cache',
    ]) {
      expect(fact).toHaveProperty([topic]);
    }
  });
});
