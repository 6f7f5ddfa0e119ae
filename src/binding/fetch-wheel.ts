// Fetches PyTorch's CPU wheel, through pip or over HTTPS, and unpacks the parts of it that are libtorch.
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type Environment,
  explainFullDisk,
  megabytes,
  reasonOf,
  requireRoom,
  writeFileWhole,
  writeFolderWhole,
} from './cache.ts';
import { lastLine, runCommand } from './command.ts';
import { describeLibtorch, type Libtorch } from './libtorch-folder.ts';
import { withLock } from './lock.ts';
import { type Platform, wheelVersion } from './platform.ts';
import { unpackWheel } from './wheel.ts';

/** What set-up is told about and reports to. */
export interface SetupContext {
  readonly environment: Environment;
  readonly cache: string;
  readonly platform: Platform;
  /** Takes one line of progress. */
  readonly report: (line: string) => void;
}

const pytorchIndex = 'https://download.pytorch.org/whl/cpu';
const action = 'fetch libtorch';

/** Room for the wheel (192 MB) and what is unpacked of it (507 MB), with some to spare. */
const neededBytes = 800e6;

/** A download that brings no byte for this long has failed. */
const stallMs = 60_000;

const pipPrograms: readonly (readonly string[])[] = [
  ['pip3'],
  ['pip'],
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
];

function wheelFolder(context: SetupContext): string {
  return join(context.cache, 'libtorch', `${wheelVersion}-cpu-${process.platform}-${process.arch}`);
}

/** The libtorch that an earlier set-up fetched; undefined where there is none, or where it is not as it was left. */
export function findFetched(context: SetupContext): Libtorch | undefined {
  try {
    const folder = wheelFolder(context);
    const stamp = JSON.parse(readFileSync(join(folder, 'complete.json'), 'utf8')) as { libraryBytes: number };
    const libtorch = describeLibtorch(join(folder, 'torch'), 'wheel');
    return libtorch.libraryBytes === stamp.libraryBytes ? libtorch : undefined;
  } catch {
    return undefined; // Nothing there, or a part is gone: it is fetched again.
  }
}

/** Fetches the wheel and unpacks lib, include and share into the cache.
 *  Two set-ups at once share one download. @returns libtorch, or the reasons why each way failed.
 *  @throws {SetupError} if the cache's disk has no room. */
export async function fetchWheel(context: SetupContext): Promise<Libtorch | readonly string[]> {
  const folder = wheelFolder(context);
  requireRoom(action, context.cache, neededBytes);
  const onWait = (): void => context.report('libtorch: waiting for another set-up that is fetching it');
  return withLock(join(context.cache, 'locks', 'libtorch.lock'), onWait, async () => {
    const fetched = findFetched(context);
    if (fetched) return fetched;
    const failures: string[] = [];
    try {
      await writeFolderWhole(folder, (temporary) => fill(temporary, context, failures));
    } catch (error) {
      if (error instanceof SyntaxError) failures.push(`the wheel: ${error.message}`);
      else if (error !== noWheel) throw explainFullDisk(action, context.cache, error);
      return failures;
    }
    return findFetched(context) ?? ['the wheel that was fetched does not hold a whole libtorch'];
  });
}

const noWheel = new Error('no way brought the wheel');

async function fill(folder: string, context: SetupContext, failures: string[]): Promise<void> {
  const downloads = join(folder, 'download');
  mkdirSync(downloads);
  const wheel =
    (await downloadByPip(downloads, context, failures)) ?? (await downloadByHttps(downloads, context, failures));
  if (wheel === undefined) throw noWheel;
  context.report('libtorch: unpacking');
  await unpackWheel(wheel, ['torch/lib/', 'torch/include/', 'torch/share/'], folder);
  rmSync(downloads, { recursive: true });
  const { libraryBytes, version } = describeLibtorch(join(folder, 'torch'), 'wheel');
  writeFileWhole(join(folder, 'complete.json'), JSON.stringify({ libraryBytes, version }));
}

/** Asks the first pip that runs for the wheel, as it is set up and then with PyTorch's index beside. */
async function downloadByPip(
  downloads: string,
  context: SetupContext,
  failures: string[],
): Promise<string | undefined> {
  const { pipPlatform, requirement } = context.platform;
  // pip downloads into TMPDIR first: it is put on the disk whose room was checked.
  const environment = { ...context.environment, TMPDIR: downloads, PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  for (const pip of pipPrograms) {
    const version = await runCommand([...pip, '--version'], { environment, timeoutMs: 60_000 });
    if (version.status !== 0) continue;
    let output = '';
    for (const index of [[], ['--extra-index-url', indexAddress(context)]]) {
      context.report(`libtorch: downloading ${requirement} (192 MB) with ${pip.join(' ')}`);
      const result = await runCommand(
        // biome-ignore format: one option a line hides the command that this is.
        [...pip, 'download', '--no-deps', '--retries', '0', '--only-binary=:all:', '--python-version', '3.11',
          '--platform', pipPlatform, '--progress-bar', 'off', '--dest', downloads, ...index, requirement],
        { environment, onWait: (seconds) => context.report(`libtorch: still downloading, ${seconds} s`) },
      );
      const wheel = readdirSync(downloads).find((name) => name.endsWith('.whl'));
      if (result.status === 0 && wheel) return join(downloads, wheel);
      output = result.output;
      const full = explainFullDisk(action, context.cache, new Error(output));
      if (full instanceof Error && full.message !== output) throw full;
    }
    failures.push(`${pip.join(' ')}: ${lastLine(output)}`);
    return undefined;
  }
  failures.push('pip: not installed');
  return undefined;
}

/** Finds the wheel in PyTorch's index, downloads it, and checks it against the SHA-256 that the index gives. */
async function downloadByHttps(
  downloads: string,
  context: SetupContext,
  failures: string[],
): Promise<string | undefined> {
  const page = `${indexAddress(context)}/torch/`;
  try {
    context.report(`libtorch: downloading ${context.platform.requirement} (192 MB) from ${new URL(page).host}`);
    const response = await fetch(page, { signal: AbortSignal.timeout(stallMs) });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    const link = findLink(await response.text(), response.url, context.platform.wheelName);
    if (link === undefined) throw new Error(`it does not list ${context.platform.requirement} for this machine`);
    const path = join(downloads, 'torch.whl');
    await download(link, path, context);
    return path;
  } catch (error) {
    const reason = explainFullDisk(action, context.cache, error);
    if (reason !== error) throw reason;
    const hasProxy = ['HTTPS_PROXY', 'https_proxy'].some((name) => context.environment[name]);
    failures.push(
      `${page}: ${reasonOf(error)}${hasProxy ? '; HTTPS_PROXY is not used on this way, pip would use it' : ''}`,
    );
    return undefined;
  }
}

export interface WheelLink {
  readonly address: URL;
  readonly sha256: string;
}

/** Finds a wheel by its file name in an index page. A link without a SHA-256 is not taken.
 *  Source: PEP 503, "Simple Repository API". */
export function findLink(page: string, pageAddress: string, wheelName: RegExp): WheelLink | undefined {
  for (const [, href] of page.matchAll(/<a\s[^>]*href="([^"]+)"/g)) {
    const address = new URL((href ?? '').replaceAll('&amp;', '&'), pageAddress);
    const sha256 = /^#sha256=([0-9a-f]{64})$/.exec(address.hash)?.[1];
    const name = decodeURIComponent(address.pathname.split('/').at(-1) ?? '');
    if (sha256 !== undefined && wheelName.test(name)) return { address, sha256 };
  }
  return undefined;
}

async function download(link: WheelLink, path: string, context: SetupContext): Promise<void> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new Error(`no data for ${stallMs / 1000} s`)), stallMs);
  try {
    const response = await fetch(link.address, { signal: stall.signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
    const totalBytes = Number(response.headers.get('content-length'));
    const hash = createHash('sha256');
    let numBytes = 0;
    let reportedMs = performance.now();
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        timer.refresh();
        hash.update(chunk);
        numBytes += chunk.length;
        if (performance.now() - reportedMs > 5_000) {
          reportedMs = performance.now();
          context.report(
            `libtorch: ${megabytes(numBytes)} of ${totalBytes > 0 ? megabytes(totalBytes) : 'unknown size'}`,
          );
        }
        done(null, chunk);
      },
    });
    const partial = `${path}.part`;
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(partial));
    const sha256 = hash.digest('hex');
    if (sha256 !== link.sha256)
      throw new Error(`expected a file with SHA-256 ${link.sha256}, got ${numBytes} bytes with ${sha256}`);
    renameSync(partial, path);
  } finally {
    clearTimeout(timer);
  }
}

function indexAddress(context: SetupContext): string {
  return (context.environment.SCONCE_WHEEL_INDEX || pytorchIndex).replace(/\/+$/, '');
}
