// Installs the packed package as people do, with npm and with pnpm, and trains with it there.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { makeProject, oddFolder, pack, sharedCache, snapshot } from './packed.ts';
import { obeyingPermissions, output, root, run, tools, withRegistry } from './process.ts';

let folder: string;
let tarball: string;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  folder = oddFolder();
  tarball = await pack();
  environment = sharedCache(folder);
}, 60_000);
afterAll(async () => {
  await output(['chmod', '-R', 'u+w', folder], { folder: root });
  await output(['rm', '-rf', folder], { folder: root });
}, 60_000);

const installers = {
  // Nothing may need to run at installation: so nothing is let run.
  async npm(_context: TestContext): Promise<readonly string[]> {
    return ['npm', 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  },
  // Shows a package only what it declares. Copies, so that a test's permissions never reach the store.
  async pnpm(context: TestContext): Promise<readonly string[]> {
    const pnpm = join(await tools(context, 'pnpm'), 'pnpm/bin/pnpm.cjs');
    const store = join(root, 'node_modules/.cache/package-tests/pnpm');
    return [
      ...[process.execPath, pnpm, 'install', '--ignore-scripts', '--prefer-offline'],
      ...['--package-import-method', 'copy', '--store-dir', store],
    ];
  },
};

/** A project of its own with the package installed. */
async function install(context: TestContext, manager: keyof typeof installers): Promise<string> {
  const project = join(folder, manager);
  makeProject(project, { sconce: `file:${tarball}` });
  await withRegistry(context, await installers[manager](context), { folder: project });
  return project;
}

describe.each(['npm', 'pnpm'] as const)('the package, installed with %s', (manager) => {
  it('sets itself up, trains as ESM and CommonJS, and leaves its own folder as it was', {
    timeout: 120_000,
  }, async (context) => {
    const project = await install(context, manager);
    const options = { folder: project, environment };
    const installed = join(project, 'node_modules/sconce/');
    const before = snapshot(installed);

    if (manager === 'npm') {
      const early = await run([process.execPath, 'train.mjs'], options);
      expect(early).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/expected a finished set-up, got none of .*; run: npx sconce setup\n/),
      });
    }
    expect(await output(['npx', '--no', 'sconce', 'setup'], options)).toMatch(
      /^addon: built already\n.*\nset-up finished in/m,
    );
    const sconce = (...words: string[]): Promise<string> => output(['node_modules/.bin/sconce', ...words], options);
    const losses = JSON.parse(await output([process.execPath, 'train.cjs'], options)) as number[];
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(losses[0]! / 1.5);
    if (manager === 'npm') {
      expect(await sconce('doctor')).toContain('Training works on this machine.');
      expect(JSON.parse(await output([process.execPath, 'train.mjs'], options))).toEqual(losses);
    }

    const entries = JSON.parse(await output([process.execPath, 'entries.cjs'], options)) as Record<string, string[]>;
    for (const [name, shared] of Object.entries({
      sconce: 'Tensor',
      'sconce/adaptive': 'Phase',
      'sconce/config': 'readExperiment',
      'sconce/data': 'DataLoader',
      'sconce/distributed': 'initProcessGroup',
      'sconce/experiments': 'ParameterGrid',
      'sconce/metrics': 'Accuracy',
      'sconce/models': 'GPT2LMHeadModel',
      'sconce/multidataset': 'makeComponent',
      'sconce/multimodal': 'MultimodalLoss',
      'sconce/registry': 'ModelRegistry',
      'sconce/trainer': 'GenericTrainer',
      'sconce/tracking': 'readRun',
    })) {
      expect(entries[name]).toContain(shared);
    }

    await sconce('train', 'experiment.ts');
    const [name] = readdirSync(join(project, 'runs'));
    expect(existsSync(join(project, 'runs', name!, 'report.html'))).toBe(true);
    expect(snapshot(installed)).toEqual(before);
  });
});

it('the package trains from a node_modules that nobody may write', { timeout: 60_000 }, async (context) => {
  const prefix = await obeyingPermissions(context);
  const project = join(folder, 'npm');
  if (!existsSync(join(project, 'node_modules'))) context.skip('the package could not be installed');
  const options = { folder: project, environment };
  await output(['chmod', '-R', 'a-w', 'node_modules'], options);
  const refused = await run([...prefix, 'touch', 'node_modules/sconce/x'], options);
  expect(refused.stderr).toContain('Permission denied');
  rmSync(join(environment.SCONCE_CACHE!, 'setups'), { recursive: true });
  for (const words of [
    ['node_modules/.bin/sconce', 'setup'],
    [process.execPath, 'train.mjs'],
    ['node_modules/.bin/sconce', 'train', 'experiment.ts'],
  ]) {
    await output([...prefix, ...words], options);
  }
});

it('the package has nothing that runs when it is installed', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  for (const event of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts).not.toHaveProperty(event);
  expect(existsSync(join(root, 'binding.gyp'))).toBe(false); // npm would run node-gyp
});
