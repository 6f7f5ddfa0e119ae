// What `sconce doctor` looks at: each check gives one finding, and no check changes anything.
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { cacheFolder, type Environment, freeBytesIn, reasonOf } from '../../binding/cache.ts';
import { runCommand } from '../../binding/command.ts';
import { findCompiler } from '../../binding/compiler.ts';
import { aptAdvice, systemBlas } from '../../binding/debian.ts';
import { type Libtorch, supportedVersions } from '../../binding/libtorch-folder.ts';
import { type LocatedAddon, locateAddon } from '../../binding/locate.ts';
import { currentPlatform } from '../../binding/platform.ts';
import { type AddonFacts, describe, probeAddon } from '../../binding/setup.ts';
import { cpuFeatures, memory } from './machine.ts';

export interface Finding {
  /** `missing` means that training cannot work; `note` is for what is merely good to know. */
  readonly state: 'ok' | 'missing' | 'note';
  readonly topic: string;
  readonly fact: string;
  /** What to do about it. */
  readonly remedy?: string;
}

const runSetup = 'run: npx sconce setup';

/** Looks at everything that training needs on this machine. */
export async function examine(environment: Environment): Promise<Finding[]> {
  const engine = await examineEngine(environment);
  return [
    { state: 'ok', topic: 'Node', fact: `${process.versions.node} (${process.execPath})` },
    examinePlatform(),
    await examineCompiler(environment, engine.located !== undefined),
    await examinePython(environment),
    ...engine.findings,
    {
      state: 'ok',
      topic: 'CPU',
      fact: `${cpus()[0]?.model.trim() ?? process.arch}: ${cpuFeatures().join(', ') || 'features unknown'}`,
    },
    { state: 'ok', topic: 'memory', fact: memory() },
    await examineGpu(environment, engine.located?.libtorch),
    examineCache(environment),
  ];
}

function examinePlatform(): Finding {
  const fact = `${process.platform} ${process.arch}`;
  try {
    const { isTested } = currentPlatform();
    return { state: isTested ? 'ok' : 'note', topic: 'platform', fact: isTested ? fact : `${fact}, untested` };
  } catch (error) {
    return { state: 'missing', topic: 'platform', fact: reasonOf(error) };
  }
}

/** A compiler is needed only as long as the addon is not built. */
async function examineCompiler(environment: Environment, isBuilt: boolean): Promise<Finding> {
  try {
    const { version } = await findCompiler(environment);
    return { state: 'ok', topic: 'C++ compiler', fact: version };
  } catch (error) {
    return { state: isBuilt ? 'note' : 'missing', topic: 'C++ compiler', fact: reasonOf(error) };
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

async function examineEngine(
  environment: Environment,
): Promise<{ findings: Finding[]; located: LocatedAddon | undefined }> {
  let located: LocatedAddon;
  try {
    located = locateAddon(environment);
  } catch (error) {
    return { findings: [{ state: 'missing', topic: 'libtorch', fact: reasonOf(error) }], located: undefined };
  }
  const facts = await probeAddon(located.addonPath, environment);
  const { libtorch } = located;
  const findings: Finding[] = [
    {
      state: 'ok',
      topic: 'libtorch',
      fact: describe(libtorch),
      ...(supportedVersions.includes(libtorch.version)
        ? {}
        : { remedy: `untested; tested are ${supportedVersions.join(' and ')}` }),
    },
    { state: 'ok', topic: 'C++ ABI', fact: libtorch.cxx11Abi ? 'C++11 strings' : 'the strings from before C++11' },
    ...(typeof facts === 'string'
      ? [{ state: 'missing', topic: 'addon', fact: facts, remedy: `${runSetup} --force` } as const]
      : [
          { state: 'ok', topic: 'addon', fact: `loads (${located.addonPath})` } as const,
          ...examineConfiguration(libtorch, facts),
        ]),
  ];
  return { findings, located };
}

/** What multiplies the matrices: read from libtorch's own account, and for the system's libtorch from the library it resolves to. */
function examineConfiguration(libtorch: Libtorch, facts: AddonFacts): Finding[] {
  const oneDnn =
    /MKL-DNN v[\d.]+|oneDNN v[\d.]+/i.exec(facts.configuration)?.[0].replace('MKL-DNN', 'oneDNN') ?? 'no oneDNN';
  const threads: Finding = {
    state: 'ok',
    topic: 'threads',
    fact: `libtorch uses ${facts.numThreads} of ${availableParallelism()} usable`,
  };
  const ofSystem = libtorch.libDir.startsWith('/usr/lib') ? systemBlas() : undefined;
  const blas = ofSystem ?? /BLAS_INFO=(\w+)/.exec(facts.configuration)?.[1];
  if (ofSystem === undefined || /openblas|mkl|blis|atlas/.test(ofSystem)) {
    return [{ state: 'ok', topic: 'BLAS', fact: `${blas ?? 'not stated'}, ${oneDnn}` }, threads];
  }
  const remedy = `run: ${aptAdvice('apt-get install -y libopenblas0-pthread')}`;
  return [{ state: 'note', topic: 'BLAS', fact: `${ofSystem}, far slower than OpenBLAS; ${oneDnn}`, remedy }, threads];
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
  const folder = cacheFolder(environment);
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const gigabytes = (freeBytesIn(existing) / 1e9).toFixed(1);
  return { state: 'ok', topic: 'cache', fact: `"${folder}", ${gigabytes} GB free on its disk` };
}
