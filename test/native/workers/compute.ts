// A worker that computes: told "products", it gives the bytes of some; told "forever", it says so and multiplies until it is terminated.
import { parentPort, workerData } from 'node:worker_threads';
import { numThreads, setNumThreads } from '../../../src/index.ts';
import { multiplyForever, products } from '../threads.ts';

switch (workerData as string) {
  case 'products':
    parentPort!.postMessage({ products: products(), numThreads: numThreads() });
    break;
  case 'threads':
    setNumThreads(3);
    parentPort!.postMessage(numThreads());
    break;
  case 'forever':
    multiplyForever(() => parentPort!.postMessage('started'));
}
