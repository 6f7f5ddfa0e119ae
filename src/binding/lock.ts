// Keeps two set-ups that run at once from doing the same work twice.
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from './cache.ts';

const heartbeatMs = 2_000;
const staleAfterMs = 30_000;
const pollMs = 200;

/** Runs `work` while holding the lock file at `path`; waits for another holder, calling `onWait` once.
 *  A holder touches its file every two seconds. A lock is taken over when its process is gone, or silent for 30 s (another
 *  machine on a shared disk). Two waiters that take over in the same instant may both work: what the work leaves is written
 *  whole (`writeFolderWhole`), so that costs time only. */
export async function withLock<T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  makeFolder(dirname(path));
  const content = JSON.stringify({ processId: process.pid, space: processSpace(), token: randomUUID() });
  let hasWaited = false;
  while (!take(path, content)) {
    if (removeAbandoned(path)) continue;
    if (!hasWaited) onWait();
    hasWaited = true;
    await sleep(pollMs);
  }
  const heartbeat = setInterval(() => touch(path, content), heartbeatMs);
  const release = (): void => {
    if (readIfThere(path) === content) rmSync(path, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

function take(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function removeAbandoned(path: string): boolean {
  if (!isAbandoned(path)) return false;
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    rmSync(aside, { force: true });
    return true;
  } catch {
    return false; // Another waiter was faster, or the holder has just released it: the next round sees which.
  }
}

function isAbandoned(path: string): boolean {
  const content = readIfThere(path);
  if (content === undefined) return false;
  try {
    if (Date.now() - statSync(path).mtimeMs > staleAfterMs) return true;
    const holder = JSON.parse(content) as { processId: number; space: string };
    return holder.space === processSpace() && !isAlive(holder.processId);
  } catch {
    return false; // Not readable now: its holder is writing or releasing it. Silence makes it stale in the end.
  }
}

/** Names the set of process numbers that this process can see: machine and, on Linux, namespace. */
function processSpace(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function touch(path: string, content: string): void {
  const now = new Date();
  if (readIfThere(path) === content) utimesSync(path, now, now);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
