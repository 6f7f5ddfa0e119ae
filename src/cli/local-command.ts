// The `sconce` of the project that the command is called in: a program must share its packages, so that one runs.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where to hand over to: the URL of the local command's first file; undefined where there is none, or this is it.
 *  @param own - this command's first file. */
export function localCommand(start: string, own: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', 'sconce');
    const main = existsSync(join(found, 'package.json')) ? mainOf(found) : undefined;
    if (main !== undefined) return realpathSync(main) === realpathSync(own) ? undefined : pathToFileURL(main).href;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The file behind the package's command, where it is there. */
function mainOf(folder: string): string | undefined {
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin?: string | { sconce?: string };
  };
  const path = typeof bin === 'string' ? bin : bin?.sconce;
  const main = path === undefined ? undefined : join(folder, path);
  return main !== undefined && existsSync(main) ? realpathSync(main) : undefined;
}
