// Finds out whether a libtorch has c10d and Gloo: builds without distributed have the headers and not the code.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './cache.ts';
import { runCommand } from './command.ts';
import { type Compiler, linkArguments } from './compiler.ts';
import type { Libtorch } from './libtorch-folder.ts';

/** Refers to tables of virtual functions, by the names that they have in the library: no header is read. */
const programOf = (names: readonly string[]): string => `#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
${names.map((name, i) => `extern char table${i}[] __asm__(TEXT(__USER_LABEL_PREFIX__) "${name}");`).join('\n')}
char* used[] = {${names.map((_, i) => `table${i}`).join(', ')}};
`;

/** Whether this libtorch has both. */
export async function hasC10d(libtorch: Libtorch, compiler: Compiler, environment: Environment): Promise<boolean> {
  const tables = ['_ZTVN4c10d12ProcessGroupE', '_ZTVN4c10d16ProcessGroupGlooE'];
  return librariesHave(tables, libtorch, compiler, environment);
}

/** Whether a small library that needs the names links against this libtorch. Nothing is left behind. */
export async function librariesHave(
  names: readonly string[],
  libtorch: Libtorch,
  compiler: Compiler,
  environment: Environment,
): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-probe-'));
  try {
    const source = join(folder, 'c10d.cc');
    writeFileSync(source, programOf(names));
    // What is missing is an error on macOS anyway, unless the addon's own arguments say that Node has it.
    const strict = process.platform === 'darwin' ? [] : ['-Wl,-z,defs'];
    const link = linkArguments(libtorch).filter((word) => word !== '-undefined' && word !== 'dynamic_lookup');
    const command = [...compiler.command, '-fPIC', source, '-o', join(folder, 'c10d'), ...link, ...strict];
    return (await runCommand(command, { environment, timeoutMs: 60_000 })).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The addon's file that names what the others register. */
export const TABLE_OF_CONTENTS = 'addon.cc';

/** Whether a source of `native/` is for c10d. */
export function isForC10d(name: string): boolean {
  return name.startsWith('c10d-');
}
