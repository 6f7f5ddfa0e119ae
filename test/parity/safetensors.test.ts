// Safetensors files both ways between Sconce and Python's library: the same bytes, the same values, and the same files refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSafetensors, openSafetensors, save, saveSafetensors } from '../../src/index.ts';
import { lengthBytes, parseHeader, readHeaderBytes } from '../../src/serial/safetensors-header.ts';
import { makeSafetensors } from '../fuzz/files/safetensors-headers.ts';
import { hash, randomFrom } from '../fuzz/random.ts';
import { findPythonTorch, runPython } from './python.ts';

const peer = fileURLToPath(new URL('safetensors_peer.py', import.meta.url));
const python = findPythonTorch({ oldest: 2 });
if ('missing' in python) console.log(`skipped, safetensors against Python: ${python.missing}`);

/** What we refuse and Python's library takes, each with the reason. */
const STRICTER: readonly { readonly message: RegExp; readonly why: string }[] = [
  {
    message: /^Cannot read checkpoint: expected every key of the header once/,
    why: 'the format: "Duplicate keys are disallowed"',
  },
  {
    message: /expected a header that begins with "\{"/,
    why: 'the format: "The header data MUST begin with a { character"',
  },
  {
    message: /expected an object with dtype, shape and data_offsets .* got a list/,
    why: 'the format has an object; serde takes a list too',
  },
  {
    message: /expected a dtype that the format has .* got an object/,
    why: 'the format has a string; serde takes {"F32": null} too',
  },
  { message: /from 0 to 2\^53 - 1 .*got \d{16,20}$/, why: 'no double holds the size, and no tensor has it' },
];

function verdict(file: Uint8Array): { readonly taken: boolean; readonly message: string } {
  try {
    const length = readHeaderBytes(file.subarray(0, lengthBytes), file.length);
    parseHeader(file.subarray(lengthBytes, lengthBytes + length), file.length);
    return { taken: true, message: '' };
  } catch (error) {
    return { taken: false, message: (error as Error).message };
  }
}

describe.skipIf('missing' in python)('safetensors against Python', () => {
  if ('missing' in python) return;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sconce-safetensors-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes the bytes that save_file writes, and reads what load_file reads', { timeout: 120_000 }, async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`safetensors against torch ${python.torchVersion}: seed ${seed}`);
    const count = 60;
    runPython(python, [peer, 'write', folder, String(seed), String(count)]);
    for (let index = 0; index < count; index++) {
      const path = join(folder, `${index}.safetensors`);
      const reader = await openSafetensors(path);
      const { metadata } = reader;
      await reader.close();
      const state = await loadSafetensors(path);
      await saveSafetensors(state, join(folder, 'ours.safetensors'), { metadata });
      expect(readFileSync(join(folder, 'ours.safetensors')).equals(readFileSync(path)), `file ${index}`).toBe(true);
      await save(new Map(Object.entries(state)), join(folder, `${index}.pt`));
    }
    runPython(python, [peer, 'compare', folder, String(count)]);
  });

  it('takes and refuses what the library takes and refuses', { timeout: 120_000 }, () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`safetensors headers against Python: seed ${seed}`);
    const files = Array.from({ length: 6000 }, (_, index) => makeSafetensors(randomFrom(hash(seed, index))));
    const path = join(folder, 'headers');
    const length = (file: Uint8Array): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(file.length);
      return bytes;
    };
    writeFileSync(path, Buffer.concat(files.flatMap((file) => [length(file), file])));
    const theirs = runPython(python, [peer, 'judge', path]).trim();
    expect(theirs.length).toBe(files.length);
    const unexplained = files.flatMap((file, index) => {
      const { taken, message } = verdict(file);
      if (taken === (theirs[index] === '1')) return [];
      const isKnown = !taken && STRICTER.some((rule) => rule.message.test(message));
      const text = Buffer.from(file.subarray(0, 300)).toString('latin1');
      return isKnown ? [] : [`case ${index}: ${taken ? 'taken' : message}, Python ${theirs[index]}: ${text}`];
    });
    expect(unexplained.slice(0, 10)).toEqual([]);
    // The comparison is of both kinds.
    const numTaken = [...theirs].filter((mark) => mark === '1').length;
    expect(numTaken).toBeGreaterThan(500);
    expect(numTaken).toBeLessThan(5500);
  });
});
