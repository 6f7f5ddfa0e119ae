// Tables beside Python's: the same files read into float32 and int64 tensors by Sconce, and by pandas (and pyarrow) into PyTorch's or NumPy's:
//   SCONCE_PYTHON=/path/to/python node benchmarks/tables.mjs [--rows 300000] [--rounds 5]        (a Python with pandas, pyarrow and numpy)
// Every read runs in a process that has read the file before (compiled code, a warm page cache), the languages in turn. Wall clock and processor time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, pinned, threadVariables } from './harness/machine.mjs';
import { Peer } from './harness/peer.mjs';
import { median, ratioOf } from './harness/statistics.mjs';

/** One file a row; `tables/worker.mjs` and `python/tables.py` read each name. */
const FILES = [
  { name: 'mixed.csv', what: '8 columns of random float64 as printed in full, 2 of integers, 1 of words' },
  { name: 'short.csv', what: '8 columns of numbers with 4 decimals' },
  { name: 'snappy.parquet', what: '8 columns of float32, 2 of int64, 1 of words; snappy, 100,000 rows a group' },
  { name: 'plain.parquet', what: 'the same, not compressed, without dictionaries' },
  { name: 'zstd.parquet', what: 'the same, zstd' },
];

const { values: flags } = parseArgs({
  options: { rows: { type: 'string', default: '300000' }, rounds: { type: 'string', default: '5' } },
});
const rows = Number(flags.rows);
const rounds = Number(flags.rounds);
const python = process.env.SCONCE_PYTHON;
if (!(rows >= 1) || !(rounds >= 1) || !python) {
  console.error(
    'Cannot measure tables: expected --rows and --rounds above 0, and SCONCE_PYTHON with pandas and pyarrow',
  );
  process.exit(1);
}

const numThreads = 2;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sconce-tables-'));
const start = (name, command) => new Peer(name, pinned(command, numThreads), threadVariables(numThreads));
const ours = start('ours', [process.execPath, here('tables/worker.mjs')]);
const theirs = start('theirs', [python, here('python/tables.py')]);

try {
  const machine = describeMachine();
  console.log(
    `${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}; ${rows} rows, ${rounds} rounds, medians\n`,
  );
  await theirs.ask({ action: 'make', folder, rows });
  console.log(
    '| file | Sconce, rows/s | Python, rows/s | time, ratio | processor time, ratio |\n|---|---|---|---|---|',
  );
  for (const { name } of FILES) {
    const results = { ours: [], theirs: [] };
    for (let round = -1; round < rounds; round++) {
      for (const peer of round % 2 === 0 ? [ours, theirs] : [theirs, ours]) {
        const result = await peer.ask({ action: 'read', path: join(folder, name) });
        if (round >= 0) results[peer.name].push(result);
      }
    }
    const sums = new Set([...results.ours, ...results.theirs].map(({ sum }) => sum.toPrecision(4)));
    if (sums.size > 1) throw new Error(`Cannot compare ${name}: expected equal sums, got ${[...sums].join(', ')}`);
    const of = (language, field) => results[language].map((result) => result[field]);
    const rate = (language) => Math.round(rows / (median(of(language, 'ms')) / 1000)).toLocaleString('en');
    const ratio = (field) => ratioOf(of('ours', field), of('theirs', field)).toFixed(2);
    console.log(`| ${name} | ${rate('ours')} | ${rate('theirs')} | ${ratio('ms')} | ${ratio('cpuMs')} |`);
  }
  console.log(`\n${FILES.map(({ name, what }) => `${name}: ${what}`).join('\n')}`);
} finally {
  await ours.close();
  await theirs.close();
  rmSync(folder, { recursive: true, force: true });
}
