// The part of `sconce doctor` that looks at libtorch and the addon.
import { availableParallelism } from 'node:os';
import { cacheFolder, type Environment } from '../../binding/cache.ts';
import { aptAdvice, systemBlas } from '../../binding/debian.ts';
import { findPresent } from '../../binding/libtorch.ts';
import { type Libtorch, supportedVersions } from '../../binding/libtorch-folder.ts';
import { type LocatedAddon, locateAddon } from '../../binding/locate.ts';
import { whyNoNccl } from '../../binding/nccl.ts';
import { describePictures, picturesAdvice } from '../../binding/picture-libraries.ts';
import { currentPlatform } from '../../binding/platform.ts';
import { type AddonFacts, describe, probeAddon } from '../../binding/setup.ts';
import { type Finding, findingOf } from './finding.ts';

/** Looks at the set-up, and at what one would take where there has been none. */
export async function examineEngine(
  environment: Environment,
): Promise<{ findings: Finding[]; located: LocatedAddon | undefined }> {
  let located: LocatedAddon;
  try {
    located = locateAddon(environment);
  } catch (error) {
    return { findings: [await examinePresent(environment), findingOf('missing', 'addon', error)], located: undefined };
  }
  const facts = await probeAddon(located.addonPath, environment);
  const findings: Finding[] = [
    ...libtorchFindings(located.libtorch),
    ...(typeof facts === 'string'
      ? [
          {
            state: 'missing',
            topic: 'addon',
            fact: `does not load: ${facts}`,
            remedy: 'run: npx sconce setup',
          } as const,
        ]
      : [
          { state: 'ok', topic: 'addon', fact: `loads ("${located.addonPath}")` } as const,
          ...examineConfiguration(located.libtorch, facts),
          ...examineProducts(facts),
          examinePictures(facts),
          examineRanks(located, facts),
        ]),
  ];
  return { findings, located };
}

function libtorchFindings(libtorch: Libtorch): Finding[] {
  const topic = 'libtorch';
  const isSupported = supportedVersions.includes(libtorch.version);
  return [
    isSupported
      ? { state: 'ok', topic, fact: describe(libtorch) }
      : {
          state: 'note',
          topic,
          fact: `${describe(libtorch)}, untested; tested are ${supportedVersions.join(' and ')}`,
        },
    { state: 'ok', topic: 'C++ ABI', fact: libtorch.cxx11Abi ? 'C++11 strings' : 'the strings from before C++11' },
  ];
}

/** The libtorch that a set-up would take, where there has been none. */
async function examinePresent(environment: Environment): Promise<Finding> {
  const topic = 'libtorch';
  try {
    const context = { environment, cache: cacheFolder(environment), platform: currentPlatform(), report: () => {} };
    const present = await findPresent(context);
    if (present) return { state: 'ok', topic, fact: describe(present) };
    return { state: 'note', topic, fact: 'none yet; set-up finds or fetches one' };
  } catch (error) {
    return findingOf('missing', topic, error);
  }
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

/** Whose matrix products run. Where the processor has no use for ours there is nothing to say. */
function examineProducts({ hasOwnProducts }: AddonFacts): Finding[] {
  if (hasOwnProducts === undefined) return [];
  const fact = hasOwnProducts
    ? "our own for float32, with AVX-512: the BLAS's bits, sooner"
    : 'those of the BLAS, whose bits ours do not have';
  return [{ state: 'ok', topic: 'products', fact }];
}

/** What decodes PNG and JPEG. Without the libraries everything works, more slowly. */
function examinePictures({ pictures }: AddonFacts): Finding {
  const topic = 'pictures';
  const fact = describePictures(pictures);
  if (pictures.every((version) => version !== '')) return { state: 'ok', topic, fact };
  return {
    state: 'note',
    topic,
    fact: `${fact}, several times slower`,
    remedy: `run: ${picturesAdvice()}; then: npx sconce setup`,
  };
}

/** By what several processes reach one another. Where libtorch has no CUDA, that there is no NCCL is nothing to say. */
function examineRanks({ addonPath, libtorch }: LocatedAddon, { hasRanks, nccl }: AddonFacts): Finding {
  const topic = 'ranks';
  if (!hasRanks) return { state: 'note', topic, fact: 'this libtorch has no c10d: one process trains alone' };
  if (nccl !== undefined)
    return {
      state: 'ok',
      topic,
      fact: `Gloo, and NCCL ${nccl[0]} between GPUs, built with the headers of ${nccl[1]}, untested`,
    };
  if (!libtorch.hasCuda) return { state: 'ok', topic, fact: 'Gloo, between CPUs' };
  return { state: 'note', topic, fact: `Gloo, between CPUs; no NCCL between GPUs: ${whyNoNccl(addonPath)}` };
}
