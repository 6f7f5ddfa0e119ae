// Where the modules of datasets are bundled in tests: processes of tests are killed, and leave what they had in the system's folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { requireCompiled } from '../cli/sconce.ts';

/** For a file of tests with workers: these run the compiled package, and bundles go when the tests are done. */
export function useWorkers(): void {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sconce-workers-'));
    vi.stubEnv('TMPDIR', folder);
    await requireCompiled();
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
}
