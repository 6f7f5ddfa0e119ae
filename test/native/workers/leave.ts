// A worker that leaves tensors, an open scope or an operator in progress behind, in the way that it is told, and looks at handles of another thread.
import { parentPort, workerData } from 'node:worker_threads';
import { ones, scope } from '../../../src/index.ts';
import { getNative, wrap } from '../../../src/tensor/call.ts';

interface Task {
  readonly end: 'return' | 'exit' | 'throw' | 'wait' | 'operator';
  /** Whether the end comes inside a scope that is open. */
  readonly isScoped?: boolean;
  readonly foreign?: number;
}

const { end, isScoped = false, foreign } = workerData as Task;
const kept = Array.from({ length: 20 }, () => ones([100], { requiresGrad: true }).mul(2));

function messageOf(run: () => unknown): string {
  try {
    return `no error: ${String(run())}`;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

function finish(): void {
  const x = ones([10]).add(kept[0]!.sum());
  const refused =
    foreign === undefined
      ? []
      : [
          messageOf(() => getNative().readBytes(foreign)),
          messageOf(() => x.add(wrap(foreign))),
          messageOf(() => getNative().free(foreign)),
          messageOf(() => getNative().backward(Float64Array.of(foreign), undefined, false, false, undefined)),
        ];
  parentPort!.postMessage({ handle: x.handle, refused });
  if (end === 'exit') process.exit(7);
  if (end === 'throw') throw new Error('thrown');
  if (end === 'wait') for (;;) ones([10]).add(1);
  if (end === 'operator') for (;;) ones([1_000_000]).sin().sum().item();
}

if (isScoped) scope(finish, 'left open');
else finish();
