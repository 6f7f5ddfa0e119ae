// Compiles a program against the packed declarations: without skipLibCheck, without any other package, with ES2022 alone.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { oddFolder, pack, unpack } from './packed.ts';
import { type Outcome, root, run, tools } from './process.ts';

let folder: string;
beforeAll(async () => {
  folder = oddFolder();
  await unpack(await pack(folder), folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

type Version = '5.6' | '6' | '7';

async function compiler(context: TestContext, version: Version): Promise<string> {
  if (version === '6') return join(root, 'node_modules/typescript/bin/tsc');
  return join(await tools(context, 'typescript'), `typescript-${version}/bin/tsc`);
}

interface Settings {
  readonly module: string;
  readonly moduleResolution: string;
  readonly types?: readonly string[];
  readonly typeRoots?: readonly string[];
}

let numProjects = 0;

/** Compiles the program under another name, in a project of its own that sees the unpacked package. */
async function compile(context: TestContext, version: Version, file: string, settings: Settings): Promise<Outcome> {
  const project = join(folder, `project-${numProjects++}`);
  mkdirSync(project);
  copyFileSync(join(root, 'test/package/programs/consumer.ts'), join(project, file));
  const compilerOptions = {
    ...{ noEmit: true, strict: true, skipLibCheck: false, target: 'es2022', lib: ['es2022'], types: [] },
    ...settings,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  return run([process.execPath, await compiler(context, version), '-p', project], { folder: project });
}

const passed = { code: 0, stdout: '', stderr: '' };
const nodeNext = { module: 'nodenext', moduleResolution: 'nodenext' };
const timeout = 60_000;

describe.each(['5.6', '6', '7'] as const)('the declarations, under TypeScript %s', (version) => {
  it('need nothing but ES2022 in an ES module', { timeout }, async (context) => {
    expect(await compile(context, version, 'program.mts', nodeNext)).toEqual(passed);
  });
  it('need nothing but ES2022 under a bundler', { timeout }, async (context) => {
    const settings = { module: 'esnext', moduleResolution: 'bundler' };
    expect(await compile(context, version, 'program.ts', settings)).toEqual(passed);
  });
});

describe('the declarations', () => {
  it.for(['6', '7'] as const)(
    'can be required from CommonJS under TypeScript %s',
    { timeout },
    async (version, context) => {
      expect(await compile(context, version, 'program.cts', nodeNext)).toEqual(passed);
    },
  );

  it('are refused to CommonJS by TypeScript 5.6, for that reason alone', { timeout }, async (context) => {
    const { code, stdout } = await compile(context, '5.6', 'program.cts', nodeNext);
    expect(code).not.toBe(0);
    expect(new Set(stdout.match(/error TS\d+/g))).toEqual(new Set(['error TS1479']));
  });

  it('agree with the types of Node, where a program has them', { timeout }, async (context) => {
    const settings = { ...nodeNext, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
    expect(await compile(context, '6', 'program.mts', settings)).toEqual(passed);
  });
});
