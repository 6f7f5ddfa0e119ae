// The folder of checkpoints: what stays, what `latest` and `best` mean, what is damaged, what was left behind, and a disk that is full.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { zeros } from '../../tensor/index.ts';
import { startClocks } from '../loop/clocks.ts';
import { temporaryFolder } from '../testing/tiny.ts';
import { CheckpointNames } from './names.ts';
import { CheckpointStore } from './store.ts';

const nameAt = (step: number, epoch = 0): string =>
  new CheckpointNames().nameOf({ ...startClocks(), step, epoch, microStep: 2 * step }, false);

async function writeSteps(store: CheckpointStore, steps: readonly number[], best?: number): Promise<void> {
  for (const step of steps) await store.write({ step }, nameAt(step), { isBest: step === best });
}

const filesIn = (folder: string): string[] => readdirSync(folder).sort();

describe('CheckpointStore', () => {
  test('keeps the newest files and the best one, and points at both', async () => {
    const store = new CheckpointStore(temporaryFolder(), { keepLast: 2 });
    await writeSteps(store, [1, 2, 3, 4, 5], 2);
    expect(filesIn(store.folder)).toEqual(['best.ckpt', nameAt(2), nameAt(4), nameAt(5), 'latest.ckpt'].sort());
    expect(readlinkSync(join(store.folder, 'latest.ckpt'))).toBe(nameAt(5));
    expect(readlinkSync(join(store.folder, 'best.ckpt'))).toBe(nameAt(2));
    await writeSteps(store, [6], 6);
    expect(filesIn(store.folder)).toEqual(['best.ckpt', nameAt(5), nameAt(6), 'latest.ckpt'].sort());
  });

  test('deletes nothing before the new file is committed', async () => {
    const store = new CheckpointStore(temporaryFolder(), { keepLast: 1 });
    await writeSteps(store, [1, 2]);
    const before = filesIn(store.folder);
    await expect(store.write({ step: 3, bad: undefined }, nameAt(3), { isBest: true })).rejects.toThrow(
      /^Cannot write checkpoint ".*epoch_000_step_000003\.ckpt": /,
    );
    expect(filesIn(store.folder)).toEqual(before);
    expect(readlinkSync(join(store.folder, 'latest.ckpt'))).toBe(nameAt(2));
  });

  test('reads the newest file that verifies, and says what is wrong with newer ones', async () => {
    const store = new CheckpointStore(temporaryFolder(), { keepLast: 5 });
    await writeSteps(store, [1, 2, 3, 4]);
    truncateSync(join(store.folder, nameAt(4)), 100);
    const flipped = join(store.folder, nameAt(3));
    const bytes = readFileSync(flipped);
    bytes[bytes.indexOf('step') + 1]! ^= 1;
    writeFileSync(flipped, bytes);
    const found = await store.readLatest();
    expect(found?.value).toEqual({ step: 2 });
    expect(found?.path).toBe(join(store.folder, nameAt(2)));
    expect(found?.rejected).toEqual([
      expect.stringMatching(/^Cannot read checkpoint ".*step_000004\.ckpt": /),
      expect.stringMatching(/^Cannot read checkpoint ".*step_000003\.ckpt": .*CRC/),
    ]);
  });

  test('has no newest where there is none, and says so where none verifies', async () => {
    const store = new CheckpointStore(join(temporaryFolder(), 'not there'), { keepLast: 5 });
    expect(await store.readLatest()).toBeUndefined();
    expect(await store.list()).toEqual([]);
    await writeSteps(store, [1]);
    truncateSync(join(store.folder, nameAt(1)), 0);
    await expect(store.readLatest()).rejects.toThrow(
      /^Cannot resume from .*: expected a checkpoint that verifies, got\n {2}Cannot read checkpoint ".*": /,
    );
  });

  test('sets aside what a run left behind that goes on from an earlier file, so that it is not the newest any more', async () => {
    const store = new CheckpointStore(temporaryFolder(), { keepLast: 2 });
    await writeSteps(store, [1, 2, 3, 4], 4);
    await writeSteps(new CheckpointStore(store.folder, { keepLast: 2 }), [2]); // resumed from 1, say
    expect(filesIn(store.folder)).toEqual(
      [nameAt(2), `${nameAt(3)}.abandoned`, `${nameAt(4)}.abandoned`, 'latest.ckpt'].sort(),
    );
    expect((await store.readLatest())?.value).toEqual({ step: 2 });
    expect(readlinkSync(join(store.folder, 'latest.ckpt'))).toBe(nameAt(2));
  });

  test('deletes what a killed save left, and no file of anybody else', async () => {
    const folder = temporaryFolder();
    const others = ['notes.txt', '.hidden.tmp', 'epoch_000_step_000001.ckpt.tmp'];
    for (const name of [...others, '.epoch_000_step_000009.ckpt.0123456789ab.tmp'])
      writeFileSync(join(folder, name), '');
    await writeSteps(new CheckpointStore(folder, { keepLast: 1 }), [1]);
    expect(filesIn(folder)).toEqual([...others, nameAt(1), 'latest.ckpt'].sort());
  });

  test('on a full disk says so, and leaves the old checkpoint and no temporary file', async (context) => {
    const folder = join(temporaryFolder(), 'small');
    mkdirSync(folder);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { encoding: 'utf8' });
    if (mount.status !== 0) {
      const reason = mount.error?.message ?? mount.stderr.trim();
      console.log(`skipped, a full disk: no small file system can be mounted here (${reason})`);
      context.skip();
    }
    onTestFinished(() => void spawnSync('umount', [folder]));
    const store = new CheckpointStore(folder, { keepLast: 1 });
    const weights = (numKilobytes: number) => ({ weights: zeros([numKilobytes, 256]) });
    await store.write(weights(100), nameAt(1), { isBest: false });
    const before = filesIn(folder);
    await expect(store.write(weights(2000), nameAt(2), { isBest: true })).rejects.toThrow(
      /^Cannot write checkpoint ".*epoch_000_step_000002\.ckpt": ENOSPC: no space left on device/,
    );
    expect(filesIn(folder)).toEqual(before);
    expect((await store.readLatest())?.path).toBe(join(folder, nameAt(1)));
    await store.write(weights(200), nameAt(3), { isBest: false }); // there is room again
  });
});
