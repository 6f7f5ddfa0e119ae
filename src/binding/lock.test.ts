// Tests of the lock between set-ups.
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from './command.ts';
import { withLock } from './lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-lock-'));
  path = join(folder, 'locks/a.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const nothing = (): void => {};

describe('withLock()', () => {
  it('lets one work at a time and tells the other once that it waits', async () => {
    const order: string[] = [];
    let open = nothing;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = withLock(path, nothing, async () => {
      order.push('first begins');
      await gate;
      order.push('first ends');
    });
    const second = withLock(
      path,
      () => {
        order.push('second waits');
        open();
      },
      async () => void order.push('second works'),
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['first begins', 'second waits', 'first ends', 'second works']);
    expect(existsSync(path)).toBe(false);
  });

  it('is released when the work fails', async () => {
    const failing = withLock(path, nothing, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await withLock(path, nothing, async () => 'works')).toBe('works');
  });

  it('is taken over from a process that is gone', async () => {
    const module = new URL('./lock.ts', import.meta.url);
    const { build } = await import('esbuild');
    const outfile = join(folder, 'lock.mjs');
    await build({ entryPoints: [module.pathname], bundle: true, platform: 'node', format: 'esm', outfile });
    const script = `import('${outfile}').then((m) => m.withLock('${path}', () => {}, async () => process.kill(process.pid, 'SIGKILL')))`;
    await runCommand([process.execPath, '-e', script], { environment: process.env });
    expect(existsSync(path)).toBe(true);
    expect(await withLock(path, nothing, async () => 'works')).toBe('works');
  });

  it('is taken over from a holder elsewhere that has been silent', async () => {
    await withLock(path, nothing, async () => {});
    writeFileSync(path, JSON.stringify({ processId: process.pid, space: 'another machine', token: 'x' }));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path, longAgo, longAgo);
    expect(await withLock(path, nothing, async () => 'works')).toBe('works');
  });
});
