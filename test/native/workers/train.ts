// A worker that trains on its own: seeded draws, a step of AdamW, and an end with live tensors, in the way that it is told.
import { parentPort, workerData } from 'node:worker_threads';
import {
  type DType,
  Generator,
  liveTensors,
  manualSeed,
  nn,
  numThreads,
  ones,
  optim,
  rand,
  randn,
  scope,
  setRngState,
  type Tensor,
} from '../../../src/index.ts';
import { getNative } from '../../../src/tensor/call.ts';

interface Task {
  readonly seed: number;
  readonly end?: 'return' | 'exit' | 'throw' | 'wait';
  /** A handle of the thread that started this one. */
  readonly foreign?: number;
}

const { seed, end = 'return', foreign } = workerData as Task;

function messageOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

const generator = new Generator(seed);
const draw = (shape: readonly number[]): Tensor => randn(shape, { generator });
const weight = new nn.Parameter(draw([8, 4]));
const optimizer = new optim.AdamW([weight], { lr: 0.1 });
const losses: number[] = [];
for (let i = 0; i < 20; i++) {
  scope(() => {
    const loss = draw([16, 8]).matmul(weight).pow(2).mean();
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
  });
}
const alive = Array.from({ length: 50 }, () => ones([10]).add(1));

const x = ones([4, 4]);
const dropout = new nn.Dropout(0.5);
const half: DType = 'float16';
parentPort!.postMessage({
  losses,
  liveTensors: liveTensors(),
  numThreads: numThreads(),
  refused: {
    rand: messageOf(() => rand([2])),
    normal_: messageOf(() => x.normal_()),
    dropout: messageOf(() => dropout.forward(x)),
    manualSeed: messageOf(() => manualSeed(1)),
    setRngState: messageOf(() => setRngState(new Uint8Array(3))),
    foreign: foreign === undefined ? undefined : messageOf(() => getNative().shape(foreign)),
  },
  allowed: {
    evaluation: dropout.eval().forward(x).sum().item(),
    noDropout: new nn.Dropout(0).forward(x).sum().item(),
    generator: x
      .clone()
      .normal_({ generator: new Generator(1) })
      .to(half).shape,
  },
});
if (end === 'exit') process.exit(0);
if (end === 'throw') throw new Error(`thrown with ${alive.length} tensors alive`);
if (end === 'wait') setInterval(() => alive.push(ones([10])), 1);
