// A worker that trains with a captured step, beside the same step as it is written, and ends with what was recorded alive, in the way that it is told.
import { parentPort, workerData } from 'node:worker_threads';
import { capture, Generator, nn, optim, randn, scope, type Tensor, withGenerator } from '../../../src/index.ts';

const { end } = workerData as { readonly end: 'return' | 'exit' | 'throw' };

function train(isCaptured: boolean): { losses: number[]; numReplayed: number } {
  return withGenerator(new Generator(3), () => {
    const model = new nn.Sequential(new nn.Linear(6, 8), new nn.ReLU(), new nn.Linear(8, 3));
    const optimizer = new optim.AdamW(model.parameters(), { lr: 0.05 });
    const written = (x: Tensor): Tensor => {
      optimizer.zeroGrad();
      const loss = model
        .forward(x.add(randn([4, 6]).mul(0.1)))
        .square()
        .mean();
      loss.backward();
      optimizer.step();
      return loss;
    };
    const step = capture(written);
    const losses: number[] = [];
    for (let i = 0; i < 60; i++) {
      scope(() => losses.push((isCaptured ? step : written)(randn([4, 6])).item() as number));
    }
    return { losses, numReplayed: step.status.numReplayed };
  });
}

const [written, captured] = [train(false), train(true)];
parentPort!.postMessage({ written: written.losses, captured: captured.losses, numReplayed: captured.numReplayed });
if (end === 'exit') process.exit(0);
if (end === 'throw') throw new RangeError('the end');
