// What `sconce doctor` looks at: each check gives one finding, and no check changes anything.
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { cacheFolder, cacheProblem, type Environment, freeBytesIn } from '../../binding/cache.ts';
import { runCommand } from '../../binding/command.ts';
import { findCompiler } from '../../binding/compiler.ts';
import type { Libtorch } from '../../binding/libtorch-folder.ts';
import { currentPlatform } from '../../binding/platform.ts';
import { packageFolder, packageVersion } from '../../binding/sources.ts';
import { examineEngine } from './engine.ts';
import { type Finding, findingOf } from './finding.ts';
import { allocatorOf, cpuFeatures, largePageSetting, memory } from './machine.ts';

/** Looks at everything that training needs on this machine. */
export async function examine(environment: Environment): Promise<Finding[]> {
  const cache = examineCache(environment);
  const engine = await examineEngine(environment);
  const isSetUp = engine.located !== undefined;
  return [
    { state: 'ok', topic: 'Sconce', fact: `${packageVersion(packageFolder())} in "${packageFolder()}"` },
    {
      state: 'ok',
      topic: 'Node',
      fact: `${process.versions.node}, Node-API ${process.versions.napi} (${process.execPath})`,
    },
    examinePlatform(),
    await examineCompiler(environment, isSetUp),
    await examinePython(environment),
    // A finished set-up is only read.
    isSetUp && cache.state === 'missing' ? { ...cache, state: 'note' } : cache,
    ...engine.findings,
    {
      state: 'ok',
      topic: 'CPU',
      fact: `${cpus()[0]?.model.trim() ?? process.arch}: ${cpuFeatures().join(', ') || 'features unknown'}`,
    },
    { state: 'ok', topic: 'memory', fact: memory() },
    examineAllocator(),
    await examineGpu(environment, engine.located?.libtorch),
  ];
}

function examinePlatform(): Finding {
  const fact = `${process.platform} ${process.arch}`;
  try {
    const { isTested } = currentPlatform();
    return { state: isTested ? 'ok' : 'note', topic: 'platform', fact: isTested ? fact : `${fact}, untested` };
  } catch (error) {
    return findingOf('missing', 'platform', error);
  }
}

/** A compiler is needed only as long as the addon is not built. */
async function examineCompiler(environment: Environment, isBuilt: boolean): Promise<Finding> {
  const topic = 'C++ compiler';
  try {
    const { version } = await findCompiler(environment);
    return { state: 'ok', topic, fact: version };
  } catch (error) {
    if (isBuilt) return { state: 'note', topic, fact: 'none; the addon is built, so none is needed now' };
    return findingOf('missing', topic, error);
  }
}

async function examinePython(environment: Environment): Promise<Finding> {
  const version = async (command: string[]): Promise<string | undefined> => {
    const result = await runCommand([...command, '--version'], { environment, timeoutMs: 30_000 });
    return result.status === 0 ? result.output.trim().split(' from ')[0] : undefined;
  };
  const python = (await version(['python3'])) ?? (await version(['python']));
  const pip = (await version(['pip3'])) ?? (await version(['pip'])) ?? (await version(['python3', '-m', 'pip']));
  const fact = `${python ?? 'no Python'}, ${pip ?? 'no pip'} (only set-up uses them, to fetch libtorch)`;
  return { state: pip ? 'ok' : 'note', topic: 'Python, pip', fact };
}

async function examineGpu(environment: Environment, libtorch: Libtorch | undefined): Promise<Finding> {
  const topic = 'GPU';
  const query = ['nvidia-smi', '--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'];
  const result = await runCommand(query, { environment, timeoutMs: 30_000 });
  if (result.status !== 0) return { state: 'note', topic, fact: 'none found by nvidia-smi; training runs on the CPU' };
  const fact = result.stdout.trim().split('\n').join('; ');
  if (libtorch === undefined || libtorch.hasCuda) return { state: 'ok', topic, fact };
  return {
    state: 'note',
    topic,
    fact: `${fact}, but this libtorch is built for the CPU`,
    remedy: 'install a CUDA build of torch for Python, then run: SCONCE_LIBTORCH=python npx sconce setup',
  };
}

function examineCache(environment: Environment): Finding {
  const topic = 'cache';
  let folder: string;
  try {
    folder = cacheFolder(environment);
  } catch (error) {
    return findingOf('missing', topic, error);
  }
  const problem = cacheProblem(folder);
  if (problem !== undefined) {
    const fact = `"${folder}" cannot be written: ${problem}`;
    return { state: 'missing', topic, fact, remedy: 'set SCONCE_CACHE to another folder' };
  }
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const gigabytes = (freeBytesIn(existing) / 1e9).toFixed(1);
  return { state: 'ok', topic, fact: `"${folder}", ${gigabytes} GB free on its disk` };
}

function examineAllocator(): Finding {
  const { fact, areLargePagesOff } = allocatorOf(largePageSetting());
  if (!areLargePagesOff) return { state: 'ok', topic: 'allocator', fact };
  const remedy =
    'large tensors are faster with them; as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled';
  return { state: 'note', topic: 'allocator', fact, remedy };
}
