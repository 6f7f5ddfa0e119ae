// A process that tells how many threads it may use, and what becomes of other wishes.
import { numInteropThreads, numThreads, setNumInteropThreads, setNumThreads } from '../../../src/index.ts';

const messageOf = (run: () => void): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};

const atStart = numThreads();
setNumThreads(1);
const interopBad = messageOf(() => setNumInteropThreads(0));
setNumInteropThreads(3);
console.log(
  JSON.stringify({
    atStart,
    set: numThreads(),
    interop: numInteropThreads(),
    interopBad,
    interopAgain: messageOf(() => setNumInteropThreads(2)),
    bad: [0, -1, 1.5, 5000].map((count) => messageOf(() => setNumThreads(count))),
  }),
);
