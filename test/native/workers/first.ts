// A process whose worker is the first to load the addon; prints the threads that each of the two may use, and what both draw. With the argument
// "alone" there is no worker.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Generator, manualSeed, numThreads, rand } from '../../../src/index.ts';

if (isMainThread) {
  let inWorker: unknown;
  if (process.argv[2] !== 'alone') {
    const worker = new Worker(new URL(import.meta.url));
    const exit = once(worker, 'exit'); // heard from now on: it may come with the message
    [inWorker] = (await once(worker, 'message')) as [unknown];
    await exit;
  }
  manualSeed(1);
  console.log(JSON.stringify({ inWorker, inMain: { numThreads: numThreads(), drawn: rand([2]).toArray() } }));
} else {
  parentPort!.postMessage({ numThreads: numThreads(), drawn: rand([2], { generator: new Generator(1) }).toArray() });
}
