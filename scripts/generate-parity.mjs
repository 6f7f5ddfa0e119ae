// Makes docs/parity.md: a row for each public name of torch.nn and torch.optim. `--check` writes nothing and fails where the page is stale.
// Fails for a name that is neither here nor listed in docs/naming.md with the reason why not.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as library from 'sconce';
import { readLive } from './parity/live.mjs';
import { readNaming } from './parity/naming.mjs';
import { writePage } from './parity/page.mjs';
import { listRows } from './parity/surfaces.mjs';
import { readTypes } from './parity/types.mjs';

const root = join(import.meta.dirname, '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const api = JSON.parse(read('test/fixtures/tensor/public-api.json'));
const { rows, problems } = listRows({ api, library, naming: readNaming(read('docs/naming.md')) });
for (const problem of problems) console.error(`Cannot write docs/parity.md: ${problem}`);
const page = writePage({ rows, types: readTypes(root), live: await readLive(root) });
const isStale = read('docs/parity.md') !== page;
if (!process.argv.includes('--check')) {
  writeFileSync(join(root, 'docs/parity.md'), page);
  const numHere = rows.filter(({ ours }) => ours !== undefined).length;
  console.log(`docs/parity.md: ${rows.length} names, ${numHere} here`);
} else if (isStale)
  console.error(
    'Cannot accept docs/parity.md: expected what the generator makes, got another text; run `npm run generate`',
  );
process.exitCode = problems.length > 0 || (isStale && process.argv.includes('--check')) ? 1 : 0;
