// Checkpoints that are written on threads: the same files to the byte, whatever becomes of the value meanwhile.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { liveTensors, randn, scope, tensor, zeros } from '../tensor/index.ts';
import { complex } from '../tensor/ops.generated.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import { Snapshot } from './snapshot.ts';
import { save } from './tensors.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-snapshot-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Shared memory, views, an empty tensor, marks, a sparse one, more than one call of the system writes. */
function values() {
  const shared = randn([300, 5000]);
  return {
    whole: shared,
    row: shared.select(0, 3),
    empty: zeros([0, 4]),
    marked: complex(tensor([1]), tensor([2])).conj(),
    sparse: zeros([4])
      .add(tensor([0, 1, 2, 0]))
      .toSparse(),
    plain: [1, 'two', { three: 3n }],
  };
}

describe('save() in the background', () => {
  test('writes the same bytes as save() does, of what the tensors were at the call', async () => {
    const folder = temporaryFolder();
    const value = values();
    await save(value, join(folder, 'a.pt'));
    const before = settledTensors();
    const saving = scope(() => [save(value, join(folder, 'b.pt'), { inBackground: true })])[0];
    value.whole.fill_(0);
    value.plain.length = 0;
    await saving;
    expect(readFileSync(join(folder, 'b.pt')).equals(readFileSync(join(folder, 'a.pt')))).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.pt', 'b.pt']);
    expect(liveTensors()).toBeLessThanOrEqual(before); // what earlier tests left may be collected meanwhile
  });

  test('is done after a few turns of the event loop, however large the file and however long a turn', async () => {
    const path = join(temporaryFolder(), 'large.pt');
    let isDone = false;
    const saving = save({ large: zeros([64, 2 ** 18]) }, path, { inBackground: true }).then(() => {
      isDone = true;
    });
    let turns = 0;
    for (let size = 0; !isDone; turns++) {
      // A turn is as long as the thread still gets on with the file: what is left for the next turn does not depend on the machine.
      for (let before = -1; size !== before; ) {
        before = size;
        const end = performance.now() + 20;
        while (performance.now() < end);
        size = sizeIn(path);
      }
      await new Promise(setImmediate);
    }
    await saving;
    expect(statSync(path).size).toBeGreaterThan(2 ** 26);
    expect(turns).toBeLessThan(32); // one turn a MiB would be twice as many
  });

  test('leaves nothing behind where it cannot write, and says why', async () => {
    const folder = temporaryFolder();
    const x = zeros([9]);
    const before = settledTensors();
    mkdirSync(join(folder, 'taken'));
    const save1 = save({ x }, join(folder, 'not there', 'x.pt'), { inBackground: true });
    await expect(save1).rejects.toThrow(/^Cannot write checkpoint ".*x\.pt": ENOENT: no such file or directory, open$/);
    const save2 = save({ x, y: undefined }, join(folder, 'x.pt'), { inBackground: true });
    await expect(save2).rejects.toThrow(/^Cannot write checkpoint ".*x\.pt": /);
    const save3 = save({ x }, join(folder, 'taken'), { inBackground: true });
    await expect(save3).rejects.toThrow(/EISDIR/);
    expect(readdirSync(folder)).toEqual(['taken']);
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });
});

describe('Snapshot', () => {
  test('has the parts of the file in order', async () => {
    const path = join(temporaryFolder(), 'a.pt');
    const value = values();
    await save(value, path);
    const snapshot = new Snapshot(value);
    expect(Buffer.concat(await snapshot.parts()).equals(readFileSync(path))).toBe(true);
    snapshot.release();
  });
});

/** Bytes of all files in the folder. */
function sizeIn(path: string): number {
  const folder = join(path, '..');
  return readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
