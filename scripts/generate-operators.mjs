// Makes the typed operator surface, src/tensor/*.generated.ts, from src/tensor/operators.facts.json.
// `--check` writes nothing and fails if a file is stale; `--report` prints what is left out, and why.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { planSurface } from './operators/plan.mjs';
import { writeFiles } from './operators/write-files.mjs';

const folder = new URL('../src/tensor/', import.meta.url);
const plan = planSurface(JSON.parse(readFileSync(new URL('operators.facts.json', folder), 'utf8')));
const files = writeFiles(plan);

if (process.argv.includes('--report')) {
  for (const [surface, excluded] of Object.entries(plan.excluded)) {
    console.log(`${surface}: ${plan.surfaces[surface].length} generated, ${Object.keys(excluded).length} left out`);
    for (const [name, reason] of Object.entries(excluded)) console.log(`  ${name}: ${reason}`);
  }
} else if (process.argv.includes('--check')) {
  const stale = Object.entries(files).filter(([name, text]) => readIfThere(name) !== text);
  for (const [name] of stale)
    console.error(
      `Cannot accept src/tensor/${name}: expected what the generator makes, got another text; run \`npm run generate\``,
    );
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, folder), text);
}

function readIfThere(name) {
  try {
    return readFileSync(fileURLToPath(new URL(name, folder)), 'utf8');
  } catch {
    return undefined;
  }
}
