// The Python that is measured against: the one that SCONCE_PYTHON names, or an environment of our own in the per-user cache, made once.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, shortHash } from '../../dist/binding/cache.js';

const requirements = fileURLToPath(new URL('../python/requirements.txt', import.meta.url));

/** @returns { python, versions } or { reason } where there is none. Never fails. */
export function findPython() {
  const named = process.env.SCONCE_PYTHON;
  if (named) return examine(named);
  const folder = join(
    cacheFolder(process.env),
    'benchmarks',
    `python-${shortHash(readFileSync(requirements, 'utf8'))}`,
  );
  const python = join(folder, 'bin', 'python');
  const reason = existsSync(join(folder, 'complete')) ? undefined : makeEnvironment(folder, python);
  return reason === undefined ? examine(python) : { reason };
}

const requirementsOfJax = fileURLToPath(new URL('../python/requirements-jax.txt', import.meta.url));

/** JAX for that Python, in a folder of its own in the per-user cache, put there once: its NumPy need not be PyTorch's.
 *  @returns { folder } or { reason } where pip does not have it. Never fails. */
export function findJax(python) {
  const folder = join(
    cacheFolder(process.env),
    'benchmarks',
    `jax-${shortHash(`${readFileSync(requirementsOfJax, 'utf8')} ${python}`)}`,
  );
  if (existsSync(join(folder, 'complete'))) return { folder };
  console.log('> putting JAX into a folder of its own (once, a minute)');
  rmSync(folder, { recursive: true, force: true });
  const options = ['--disable-pip-version-check', '--retries', '0', '--target', folder];
  const failure = failureOf([python, '-m', 'pip', 'install', ...options, '-r', requirementsOfJax]);
  if (failure !== undefined) return { reason: `pip could not install ${requirementsOfJax}: ${failure}` };
  writeFileSync(join(folder, 'complete'), '');
  return { folder };
}

/** @returns why it could not be made, or undefined. */
function makeEnvironment(folder, python) {
  console.log('> making a Python environment with PyTorch and Lightning (once, some minutes)');
  rmSync(folder, { recursive: true, force: true });
  const install = [python, '-m', 'pip', 'install', '--disable-pip-version-check', '--retries', '0', '-r', requirements];
  const noFolder = failureOf(['python3', '-m', 'venv', folder]);
  if (noFolder !== undefined) return `python3 could not make an environment: ${noFolder}`;
  // As pip is set up, then with PyTorch's own index beside it.
  const failure =
    failureOf(install) && failureOf([...install, '--extra-index-url', 'https://download.pytorch.org/whl/cpu']);
  if (failure !== undefined) return `pip could not install ${requirements}: ${failure}`;
  writeFileSync(join(folder, 'complete'), '');
  return undefined;
}

/** The last line of a command that failed, or undefined. */
function failureOf([program, ...rest]) {
  const { status, error, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
  if (status === 0) return undefined;
  return error?.message ?? (`${stdout}${stderr}`.trimEnd().split('\n').at(-1) || `exit status ${status}`);
}

/** Reads versions from the packages' records: importing them takes seconds. */
function examine(python) {
  const script = `
import importlib.metadata, json, platform
found = {"python": platform.python_version()}
for name in ["torch", "lightning", "accelerate"]:
    try: found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError: pass
print(json.dumps(found))`;
  const { status, error, stdout, stderr } = spawnSync(python, ['-c', script], { encoding: 'utf8' });
  if (status !== 0)
    return { reason: `${python} does not run: ${error?.message ?? stderr.trimEnd().split('\n').at(-1)}` };
  const versions = JSON.parse(stdout);
  return versions.torch ? { python, versions } : { reason: `${python} has no torch` };
}
