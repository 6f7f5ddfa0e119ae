// Starts the processes of both languages for one workload, bound to the same cores.
import { fileURLToPath } from 'node:url';
import { pinned, threadVariables } from './machine.mjs';
import { Peer } from './peer.mjs';

const ours = fileURLToPath(new URL('../worker.mjs', import.meta.url));
const theirs = fileURLToPath(new URL('../python/worker.py', import.meta.url));
const jaxs = fileURLToPath(new URL('../python/jax_worker.py', import.meta.url));

/** @param rest - arguments of the worker behind the number of threads. */
export const startOurs = ({ name, numThreads }, ...rest) =>
  start('Sconce', [process.execPath, ours, name, String(numThreads), ...rest], numThreads);

export const startTheirs = ({ name, numThreads, python }, ...rest) =>
  start('Python', [python, theirs, name, String(numThreads), ...rest.map(String)], numThreads);

/** @param folder - where JAX is. */
export const startJax = ({ name, numThreads, python }, folder) =>
  start('JAX', [python, jaxs, name, String(numThreads)], numThreads, { PYTHONPATH: folder });

function start(language, command, numThreads, variables = {}) {
  return new Peer(language, pinned(command, numThreads), { ...threadVariables(numThreads), ...variables });
}
