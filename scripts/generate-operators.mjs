// Makes the typed operator surface, src/tensor/*.generated.ts, from src/tensor/operators.facts.json and src/tensor/operator-docs/, its overview, docs/operators.md,
// and docs/guarded-operators.md from native/guards.cc.
// `--check` writes nothing and fails if a file is stale; `--report` prints what is left out, and why.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attachDocs, readDocs } from './operators/docs.mjs';
import { writeGuardsPage } from './operators/guards-page.mjs';
import { writeOverview } from './operators/overview.mjs';
import { planSurface } from './operators/plan.mjs';
import { writeFiles } from './operators/write-files.mjs';

const root = new URL('../', import.meta.url);
const folder = new URL('src/tensor/', root);
const docsFolder = new URL('operator-docs/', folder);
const plan = planSurface(JSON.parse(readFileSync(new URL('operators.facts.json', folder), 'utf8')));
const docs = readDocs(
  Object.fromEntries(
    readdirSync(docsFolder)
      .sort()
      .map((file) => [file, readFileSync(new URL(file, docsFolder), 'utf8')]),
  ),
);
attachDocs(plan, docs);
const files = {
  ...Object.fromEntries(Object.entries(writeFiles(plan)).map(([name, text]) => [`src/tensor/${name}`, text])),
  'docs/operators.md': writeOverview(plan, docs),
  'docs/guarded-operators.md': writeGuardsPage(readFileSync(new URL('native/guards.cc', root), 'utf8')),
};

if (process.argv.includes('--report')) {
  for (const [surface, excluded] of Object.entries(plan.excluded)) {
    console.log(`${surface}: ${plan.surfaces[surface].length} generated, ${Object.keys(excluded).length} left out`);
    for (const [name, reason] of Object.entries(excluded)) console.log(`  ${name}: ${reason}`);
  }
} else if (process.argv.includes('--check')) {
  const stale = Object.entries(files).filter(([name, text]) => readIfThere(name) !== text);
  for (const [name] of stale)
    console.error(
      `Cannot accept ${name}: expected what the generator makes, got another text; run \`npm run generate\``,
    );
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, root), text);
}

function readIfThere(name) {
  try {
    return readFileSync(fileURLToPath(new URL(name, root)), 'utf8');
  } catch {
    return undefined;
  }
}
