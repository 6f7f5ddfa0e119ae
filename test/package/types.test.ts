// Compiles a program against the packed declarations: without skipLibCheck, without any other package, with ES2022 alone.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { oddFolder, pack, unpack } from './packed.ts';
import { type Outcome, root, run, tools } from './process.ts';

let folder: string;
beforeAll(async () => {
  folder = oddFolder();
  await unpack(await pack(), folder);
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

/** Compiles the program under other names, in a project of its own that sees the unpacked package. */
async function compile(
  context: TestContext,
  version: Version,
  files: readonly string[],
  settings: Settings,
): Promise<Outcome> {
  const project = join(folder, `project-${numProjects++}`);
  mkdirSync(project);
  for (const file of files) copyFileSync(join(root, 'test/package/programs/consumer.ts'), join(project, file));
  const compilerOptions = {
    ...{ noEmit: true, strict: true, skipLibCheck: false, target: 'es2022', lib: ['es2022'], types: [] },
    ...settings,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  return run([process.execPath, await compiler(context, version), '-p', project], { folder: project });
}

const passed = { code: 0, stdout: '', stderr: '' };
const nodeNext = { module: 'nodenext', moduleResolution: 'nodenext' };
const timeout = 60_000;

describe.each(['5.6', '6', '7'] as const)('the declarations, under TypeScript %s', (version) => {
  it('need nothing but ES2022 in an ES module, and in CommonJS from 6 on, which can require one', {
    timeout,
  }, async (context) => {
    const outcome = await compile(context, version, ['program.mts', 'program.cts'], nodeNext);
    if (version !== '5.6') return expect(outcome).toEqual(passed);
    const errors = [...outcome.stdout.matchAll(/^(\S+)\(.*: error (TS\d+)/gm)].map(
      ([, file, code]) => `${file} ${code}`,
    );
    expect([outcome.code === 0, new Set(errors)]).toEqual([false, new Set(['program.cts TS1479'])]);
  });

  it('need nothing but ES2022 under a bundler', { timeout }, async (context) => {
    const settings = { module: 'esnext', moduleResolution: 'bundler' };
    expect(await compile(context, version, ['program.ts'], settings)).toEqual(passed);
  });
});

it('the declarations agree with the types of Node, where a program has them', { timeout }, async (context) => {
  const settings = { ...nodeNext, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
  expect(await compile(context, '6', ['program.mts'], settings)).toEqual(passed);
});
