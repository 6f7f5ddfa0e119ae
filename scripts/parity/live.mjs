// The specs of the live comparison, as the page needs them.
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Specs by the path below `torch` that they are for. */
export async function readLive(root) {
  const { outputFiles } = buildSync({
    stdin: {
      contents: "export { SPECS } from './specs/index.ts'; export { pythonPath } from './program.ts';",
      resolveDir: join(root, 'test/parity/live'),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
  const { SPECS, pythonPath } = await import(url);
  const byPath = new Map();
  for (const [name, spec] of Object.entries(SPECS)) {
    const path = pythonPath(name.split(',')[0]);
    byPath.set(path, [...(byPath.get(path) ?? []), { name, ...(typeof spec === 'function' ? {} : spec) }]);
  }
  return byPath;
}
