// A worker that ends in the way that it is told while a callback of backward runs, or with graphs that hold callbacks.
import { parentPort, workerData } from 'node:worker_threads';
import { ones, scope } from '../../../src/index.ts';
import { getNative } from '../../../src/tensor/call.ts';
import { makeGraph, PLACES, type Place } from '../callbacks.ts';

export interface Task {
  /** From which callback. */
  readonly place: Place;
  /** `graphs`: not from a callback, but with every kind of graph alive. */
  readonly end: 'wait' | 'exit' | 'throw' | 'graphs';
  readonly isAside: boolean;
}

const { place, end, isAside } = workerData as Task;
getNative().runEngineAside(isAside);

function finish(): void {
  parentPort!.postMessage('inside');
  if (end === 'exit') process.exit(7);
  if (end === 'throw') throw new Error('thrown inside');
  for (;;) scope(() => void ones([10]).add(1));
}

if (end === 'graphs') {
  const alive = PLACES.map((each) => makeGraph(each, () => {}));
  alive[0]!.backward(undefined, { retainGraph: true });
  parentPort!.postMessage(getNative().autogradCounts());
} else makeGraph(place, finish).backward();
