// Sconce's side of files.mjs: one request on standard input, as JSON, one reply.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';
import { full, load, loadSafetensors, save, saveSafetensors } from 'sconce';
import { nativeChecksum } from '../../dist/serial/tensors.js';

const formats = {
  pt: { save, load },
  mmap: { load: (path) => load(path, { mmap: true }) },
  legacy: { load },
  safetensors: { save: saveSafetensors, load: loadSafetensors },
  'safetensors-mmap': { save: saveSafetensors, load: (path) => loadSafetensors(path, { mmap: true }) },
};

/** Tensors of `bytes` bytes: nine tenths in large ones, the rest in many small ones, as a transformer's; the same as python/files.py makes. */
function makeState(bytes) {
  const numLarge = 40;
  const numSmall = 1000;
  const large = Math.floor((bytes * 0.9) / 4 / numLarge);
  const small = Math.floor((bytes * 0.1) / 4 / numSmall);
  const state = {};
  for (let i = 0; i < numLarge; i++) state[`large.${i}`] = full([large], i + 0.5);
  for (let i = 0; i < numSmall; i++) state[`small.${i}`] = full([small], i + 0.25);
  return state;
}

/** Sum of all elements: one pass over all bytes. */
const sumOf = (state) => Object.values(state).reduce((sum, tensor) => sum + tensor.sum().item(), 0);

const resident = (field) =>
  Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;

/** Forgets the peak so far. */
function resetPeak() {
  globalThis.gc();
  writeFileSync('/proc/self/clear_refs', '5');
  return resident('VmRSS');
}

async function run({ format, action, path, bytes }) {
  if (format === 'checksum') return measureChecksum(bytes);
  await warmUp(format, path);
  const state = action === 'save' ? makeState(bytes) : undefined;
  const before = resetPeak();
  const started = performance.now();
  const read = action === 'save' ? await formats[format].save(state, path) : await formats[format].load(path);
  const sum = action === 'save' ? 0 : sumOf(read);
  const ms = performance.now() - started;
  const extraBytes = resident('VmHWM') - before - (action === 'save' ? 0 : bytes);
  return { ms, extraBytes, sum };
}

/** Loads the addon and what the format needs: Python did so when it was started. */
async function warmUp(format, path) {
  const { save: write = save, load: read } = formats[format];
  const small = `${path}.small`;
  await write({ a: full([1000], 1) }, small);
  sumOf(await read(small));
  rmSync(small);
}

function measureChecksum(bytes) {
  const piece = new Uint8Array(2 ** 22).fill(7);
  const timed = (checksum) => {
    const started = performance.now();
    for (let done = 0, crc = 0; done < bytes; done += piece.length) crc = checksum(piece, crc);
    return performance.now() - started;
  };
  const checksum = nativeChecksum();
  timed(checksum);
  return {
    ms: timed(checksum),
    plainMs: timed(crc32),
    how: checksum.name === 'plainChecksum' ? "Node's" : 'carry-less multiplication',
    extraBytes: 0,
    sum: 0,
  };
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await run(JSON.parse(line))));
