// Writes what is made from the schema of a configuration: its types, and the tables of docs/configuration.md. `--check` fails where they are not current.
// node scripts/generate-config.mjs [--check]
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { printFields, printFormerKeys, withBlock } from './config/tables.mjs';
import { printExperimentTypes, printTypes } from './config/types.mjs';
import { root } from './prepare.mjs';

/** A source of ours as it is now, not as it was compiled: types that do not fit any more must not keep it from being read. */
export async function importSource(path) {
  const bundle = join(root, 'dist/.generate', `${path.replaceAll('/', '-')}.mjs`);
  mkdirSync(dirname(bundle), { recursive: true });
  await build({
    entryPoints: [join(root, path)],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
  });
  try {
    return await import(`${pathToFileURL(bundle).href}?${process.hrtime.bigint()}`);
  } finally {
    rmSync(bundle);
  }
}

/** Path and text of every file that is made from the schema. */
async function generate() {
  const { configSchema } = await importSource('src/trainer/config/schema.ts');
  const { experimentFields, experimentSchema } = await importSource('src/config/experiment-schema.ts');
  const { FORMER_KEYS } = await importSource('src/trainer/config/former-keys.ts');
  const { snakeCased } = await importSource('src/config/spelling.ts');
  const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
  const withFields = withBlock(page, 'fields', printFields(experimentSchema, snakeCased));
  return {
    'docs/configuration.md': withBlock(withFields, 'former keys', printFormerKeys(FORMER_KEYS, snakeCased)),
    'src/trainer/config/types.generated.ts': formatted(printTypes(configSchema)),
    'src/config/experiment-types.generated.ts': formatted(printExperimentTypes(experimentFields)),
  };
}

function formatted(text) {
  const biome = join(root, 'node_modules/.bin/biome');
  return execFileSync(biome, ['format', '--stdin-file-path=types.generated.ts'], {
    input: text,
    cwd: root,
    encoding: 'utf8',
  });
}

const isCheck = process.argv.includes('--check');
for (const [path, text] of Object.entries(await generate())) {
  if (!isCheck) writeFileSync(join(root, path), text);
  else if (readFileSync(join(root, path), 'utf8') !== text) {
    console.error(`${path} is not current: run node scripts/generate-config.mjs`);
    process.exitCode = 1;
  }
}
