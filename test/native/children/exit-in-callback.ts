// A process that ends in the way that it is told while a callback of backward runs; a handler of its exit makes another backward.
// Arguments: here or aside, for the engine; exit, throw, return or beside; the callback.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { enableGrad, ones, scope, type Tensor } from '../../../src/index.ts';
import { getNative } from '../../../src/tensor/call.ts';
import { makeGraph, PLACES, type Place } from '../callbacks.ts';

const [mode, end, place] = (isMainThread ? process.argv.slice(2) : workerData) as [string, string, Place];
getNative().runEngineAside(mode === 'aside');
const kept: Tensor[] = [];

if (!isMainThread) {
  makeGraph(place, () => {
    parentPort!.postMessage('inside');
    for (;;) scope(() => void ones([1]));
  }).backward();
}

process.on('exit', () => {
  console.log('exit');
  const x = enableGrad(() => ones([1], { requiresGrad: true }).mul(1)); // callbacks record nothing
  x.registerHook((gradient) => {
    console.log(gradient.mul(4).item());
    return gradient;
  });
  x.backward();
  for (const graph of kept) graph.item();
});

function finish(): void {
  if (end === 'exit') process.exit(7);
  throw new Error('thrown inside');
}

if (end === 'return') kept.push(...PLACES.map((each) => makeGraph(each, () => {})));
else if (end === 'beside') {
  const worker = new Worker(new URL(import.meta.url), { workerData: [mode, end, place] });
  await once(worker, 'message');
  process.exit(7);
} else makeGraph(place, finish).backward();
