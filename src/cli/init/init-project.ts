// Writes the files of a new project.

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { packageFolder } from '../../binding/sources.ts';
import { editorSchema } from '../../config/editor-schema.ts';
import { projectFiles } from './project-files.ts';

/** Writes a project that trains at once.
 *  @returns what to say to the user.
 *  @throws {Error} where one of its files is there already; nothing is written then. */
export async function initProject(folder: string): Promise<string[]> {
  const target = resolve(folder);
  const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string };
  const name =
    basename(target)
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'experiments';
  const files = {
    ...projectFiles({ name, version }),
    'experiment.schema.json': `${JSON.stringify(editorSchema(), null, 2)}\n`,
  };
  const taken = Object.keys(files).filter((file) => existsSync(join(target, file)));
  if (taken.length > 0) {
    throw new Error(
      `Cannot make a project in "${folder}": expected none of its files there, got ${taken.join(', ')}; choose another folder`,
    );
  }
  await mkdir(target, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(target, file), text, { flag: 'wx' });
  const cd = target === process.cwd() ? [] : [`  cd ${relative(process.cwd(), target)}`];
  return [
    ...Object.keys(files).map((file) => `wrote ${join(relative(process.cwd(), target), file)}`),
    '',
    'Train with:',
    ...cd,
    '  npm install',
    '  npx sconce setup        # once: finds or fetches libtorch, builds the addon',
    '  npx sconce train experiment.yaml',
  ];
}
