// Where a run of `sconce multidataset` keeps its checkpoints: where VisionCore's scripts look for them, and its own folder points there.

import { mkdir, readdir, rmdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingRun } from '../../trainer/run/run.ts';

/** Makes `{checkpointDir}/{name}` with a link `last.ckpt` to the newest checkpoint, and links the folder of a run that begins to it. Where checkpoints of another run lie there, the first of
 *  `{name}-v1`, `{name}-v2`, … that is empty is taken, as Lightning names a second file.
 *  @returns the folder. */
export async function placeCheckpoints(run: TrainingRun, checkpointDir: string, name: string): Promise<string> {
  for (let version = 0; ; version++) {
    const folder = join(checkpointDir, version === 0 ? name : `${name}-v${version}`);
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0) continue;
    await symlink('latest.ckpt', join(folder, 'last.ckpt'));
    await rmdir(run.checkpointFolder);
    await symlink(folder, run.checkpointFolder);
    return folder;
  }
}
