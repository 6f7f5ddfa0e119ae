// Starts the processes of both languages for one workload, bound to the same cores.
import { fileURLToPath } from 'node:url';
import { pinned, threadVariables } from './machine.mjs';
import { Peer } from './peer.mjs';

const ours = fileURLToPath(new URL('../worker.mjs', import.meta.url));
const theirs = fileURLToPath(new URL('../python/worker.py', import.meta.url));

/** @param rest - arguments of the worker behind the number of threads. */
export const startOurs = ({ name, numThreads }, ...rest) =>
  start('Sconce', [process.execPath, ours, name, String(numThreads), ...rest], numThreads);

export const startTheirs = ({ name, numThreads, python }, ...rest) =>
  start('Python', [python, theirs, name, String(numThreads), ...rest.map(String)], numThreads);

function start(language, command, numThreads) {
  return new Peer(language, pinned(command, numThreads), threadVariables(numThreads));
}
