// Files beside Python's: the same tensors written and read in each format by both, fsync included, and one pass over all bytes after each load:
//   node benchmarks/files.mjs [--gib 1] [--rounds 5] [--formats pt,safetensors] [--folder /tmp]
// Every save and load runs in a process of its own (what a process keeps of memory would make the next one faster), the languages in turn. Start-up is not measured.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, pinned, threadVariables } from './harness/machine.mjs';
import { Peer } from './harness/peer.mjs';
import { findPython } from './harness/python.mjs';
import { median, ratioOf } from './harness/statistics.mjs';

/** One format a row; `files/worker.mjs` and `python/files.py` have a save and a load of each name. */
const FORMATS = [
  { name: 'pt', file: 'state.pt', what: "PyTorch's zip archive: save, load against torch.save, torch.load" },
  {
    name: 'safetensors',
    file: 'state.safetensors',
    what: 'saveSafetensors, loadSafetensors against safetensors.torch with its backend "pread", which reads as we do',
  },
  {
    name: 'safetensors-mmap',
    file: 'state.safetensors',
    loadOnly: true,
    what: 'loadSafetensors(path, { mmap: true }) against safetensors.torch, which maps by default',
  },
  { name: 'mmap', file: 'state.pt', loadOnly: true, what: 'load(path, { mmap: true }) against torch.load(mmap=True)' },
  { name: 'legacy', file: 'state.legacy.pt', loadOnly: true, what: 'load of a file from before PyTorch 1.6' },
];

const { values: flags } = parseArgs({
  options: {
    gib: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    formats: { type: 'string', default: FORMATS.map(({ name }) => name).join(',') },
    folder: { type: 'string', default: tmpdir() },
  },
});
const bytes = Number(flags.gib) * 2 ** 30;
const rounds = Number(flags.rounds);
const wanted = flags.formats.split(',');
const unknown = wanted.filter((name) => !FORMATS.some((format) => format.name === name));
if (!(bytes > 0) || !(rounds >= 1) || unknown.length > 0) {
  console.error(
    `Cannot measure files: expected sizes and rounds above 0 and formats of ${FORMATS.map(({ name }) => name).join(', ')}, got ${JSON.stringify(flags)}`,
  );
  process.exit(1);
}

const numThreads = 2; // reading and checking go on at the same time, in both languages as they like
const found = findPython();
if (found.reason !== undefined) {
  console.error(`Cannot measure files: expected a Python with torch and safetensors, got none: ${found.reason}`);
  process.exit(1);
}
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const commands = {
  ours: [process.execPath, '--expose-gc', here('files/worker.mjs')],
  theirs: [found.python, here('python/files.py')],
};
const folder = mkdtempSync(join(flags.folder, 'sconce-files-'));
const mib = (count) => (count / 2 ** 20).toFixed(0);

/** One operation of one language in a new process. */
async function measure(language, request) {
  const peer = new Peer(language, pinned(commands[language], numThreads), threadVariables(numThreads));
  try {
    return await peer.ask({ ...request, bytes });
  } finally {
    await peer.close();
  }
}

/** The format whose file another way of loading reads. */
function writerOf(name) {
  if (name === 'mmap') return 'pt';
  return name === 'safetensors-mmap' ? 'safetensors' : name;
}

/** Both languages in turn, the first one in turn too. */
async function compare(format, action, path) {
  const results = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours'];
    for (const language of order)
      results[language].push(await measure(language, { format, action, path: path(language) }));
  }
  const ms = (language) => median(results[language].map((result) => result.ms));
  const extra = (language) => median(results[language].map((result) => result.extraBytes));
  const ratio = ratioOf(
    results.ours.map((result) => result.ms),
    results.theirs.map((result) => result.ms),
  );
  const sums = new Set([...results.ours, ...results.theirs].map(({ sum }) => sum));
  if (sums.size > 1)
    throw new Error(`Cannot compare ${format}: expected the same elements, got sums ${[...sums].join(', ')}`);
  console.log(
    `| ${format} ${action} | ${ms('ours').toFixed(0)} | ${ms('theirs').toFixed(0)} | ${ratio.toFixed(2)} | ${mib(extra('ours'))} | ${mib(extra('theirs'))} |`,
  );
}

try {
  const machine = describeMachine();
  console.log(
    `${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}; ${flags.gib} GiB, ${rounds} rounds, medians\n`,
  );
  const checksum = await measure('ours', { format: 'checksum', action: 'run' });
  console.log(
    `CRC-32 of ${flags.gib} GiB: ${checksum.ms.toFixed(0)} ms (${checksum.how}); by node:zlib ${checksum.plainMs.toFixed(0)} ms\n`,
  );
  console.log(
    '| | Sconce, ms | Python, ms | ratio | peak beyond the tensors, MiB: Sconce | Python |\n|---|---|---|---|---|---|',
  );
  for (const { name, file, loadOnly } of FORMATS.filter((format) => wanted.includes(format.name))) {
    const path = join(folder, file);
    if (loadOnly) await measure('theirs', { format: writerOf(name), action: 'save', path });
    else await compare(name, 'save', (language) => `${path}.${language}`);
    await compare(name, 'load', () => (loadOnly ? path : `${path}.theirs`));
    if (!loadOnly) for (const language of ['ours', 'theirs']) rmSync(`${path}.${language}`);
  }
  console.log(`\n${FORMATS.map(({ name, what }) => `${name}: ${what}`).join('\n')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
