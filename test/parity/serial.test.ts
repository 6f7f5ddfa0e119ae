// Files go both ways between Sconce and Python: what torch.save wrote is read and written here, and torch.load finds it equal.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadValue, saveValue } from '../../src/serial/index.ts';
import { findPythonTorch, runPython } from './python.ts';

const peer = fileURLToPath(new URL('serial_peer.py', import.meta.url));
// Before 2.0, torch.load(weights_only=True) knows no floats.
const python = findPythonTorch({ oldest: 2 });
if ('missing' in python) console.log(`skipped, files against PyTorch: ${python.missing}`);

describe.skipIf('missing' in python)('files against PyTorch', () => {
  it('keeps random values that torch.save wrote, equal under torch.load', {
    timeout: 120_000,
  }, async () => {
    if ('missing' in python) return;
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log(`files against PyTorch ${python.torchVersion}: seed ${seed}`);
    const folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    const count = 200;
    try {
      runPython(python, [peer, 'write', folder, String(seed), String(count)]);
      for (let index = 0; index < count; index++) {
        const value = await loadValue(join(folder, `${index}.pt`), { keepFloats: true });
        await saveValue(value, join(folder, `${index}.ours.pt`));
      }
      expect(runPython(python, [peer, 'compare', folder, String(count)]).trim()).toBe('ok');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('keeps every kind of value with its types, and opens by weights_only what PyTorch opens', {
    timeout: 120_000,
  }, async () => {
    if ('missing' in python) return;
    const folder = mkdtempSync(join(tmpdir(), 'sconce-parity-'));
    try {
      runPython(python, [peer, 'write-kinds', folder]);
      const names = readdirSync(folder).map((name) => name.replace(/\.pt$/, ''));
      expect(names.length).toBeGreaterThan(50);
      for (const name of names) {
        const value = await loadValue(join(folder, `${name}.pt`), { keepTypes: true });
        await saveValue(value, join(folder, `${name}.ours.pt`));
      }
      expect(runPython(python, [peer, 'compare-kinds', folder]).trim()).toBe('ok');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
