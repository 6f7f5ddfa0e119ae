// A worker that has tensors over a SharedArrayBuffer of the thread that started it: it adds what it is told, and ends with live tensors in the way that it is told.
import { parentPort, workerData } from 'node:worker_threads';
import { fromShared, liveTensors } from '../../../src/index.ts';

const { memory, end } = workerData as { memory: SharedArrayBuffer; end: 'return' | 'exit' | 'throw' | 'wait' };
const x = fromShared(memory, [4], 'float64');
const views = Array.from({ length: 10 }, (_, i) => x.narrow(0, i % 4, 1));
const seen = x.toArray();
x.add_(100);
parentPort!.postMessage({ seen, liveTensors: liveTensors(), last: views[3]!.item() });
if (end === 'exit') process.exit(7);
if (end === 'throw') throw new Error('thrown');
if (end === 'wait') for (;;) x.add(1);
