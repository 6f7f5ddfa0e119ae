// One rank of data parallel trainings, each with other options. Weights, and what went wrong, are printed as JSON.
import {
  DistributedDataParallel,
  destroyProcessGroup,
  GradientReducer,
  initProcessGroup,
} from '../../src/distributed/index.ts';
import { manualSeed, nn, optim, scope, type Tensor } from '../../src/index.ts';
import { Branches, batchOf, makeNet, meanSquares, SmallNet, STEPS, weightsOf } from './parallel_model.ts';

const { rank, size } = await initProcessGroup({ timeoutMs: 20_000 });
const results: Record<string, unknown> = {};

/** This rank's rows of a batch. */
const shareOf = (tensor: Tensor): Tensor => {
  const rows = tensor.shape[0]! / size;
  return tensor.narrow(0, rank * rows, rows);
};

function train(options: object, accumulate = 1): number[] {
  const net = makeNet();
  const model = new DistributedDataParallel(net, options);
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 });
  for (let step = 0; step < STEPS; step++) {
    scope(() => {
      const [input, target] = batchOf(step).map(shareOf) as [Tensor, Tensor];
      const rows = input.shape[0]! / accumulate;
      for (let i = 0; i < accumulate; i++) {
        const part = (tensor: Tensor): Tensor => tensor.narrow(0, i * rows, rows);
        const backward = (): void =>
          meanSquares(model.forward(part(input)), part(target))
            .div(accumulate)
            .backward();
        if (i + 1 < accumulate) model.noSync(backward);
        else backward();
      }
      optimizer.step();
      optimizer.zeroGrad();
    });
  }
  const weights = weightsOf(net);
  model.reducer.destroy();
  return weights;
}

results.plain = train({});
results.small = train({ bucketCapMb: 0.0001 });
results.views = train({ gradientAsBucketView: true });
results.staticGraph = train({ staticGraph: true });
results.unusedLooked = train({ findUnusedParameters: true });
results.accumulated = train({}, 3);
try {
  results.bfloat16 = train({ compress: 'bfloat16' });
} catch (error) {
  results.bfloat16 = (error as Error).message;
}
results.float16 = train({ compress: 'float16' });

// Ranks begin with different weights: the first rank's count.
manualSeed(rank);
const differing = new SmallNet();
new DistributedDataParallel(differing).reducer.destroy();
results.synchronized = weightsOf(differing);

// Each step uses one branch; both ranks the same one, then each another.
manualSeed(3);
const branches = new Branches();
const model = new DistributedDataParallel(branches, { findUnusedParameters: true });
results.branches = (['left', 'right', rank === 0 ? 'left' : 'right'] as const).map((side) => {
  const [input, target] = batchOf(0).map(shareOf) as [Tensor, Tensor];
  meanSquares(model.forward(input, side), target).backward();
  const grads = branches.parameters().map((parameter) => parameter.grad?.abs().sum().item() ?? 'none');
  for (const parameter of branches.parameters()) parameter.grad = undefined;
  return grads;
});
model.reducer.destroy();

// A step without a module: the reducer by itself.
const net = makeNet();
const reducer = new GradientReducer(net.namedParameters());
reducer.prepareForForward();
const [input, target] = batchOf(0).map(shareOf) as [Tensor, Tensor];
const loss = meanSquares(net.forward(input), target);
reducer.prepareForBackward([loss]);
loss.backward();
results.reducer = [reducer.bucketBytes, net.last.bias!.grad!.toArray()];
reducer.destroy();

try {
  void new DistributedDataParallel(new nn.Linear(2 + rank, 2));
} catch (error) {
  results.different = (error as Error).message;
}
destroyProcessGroup();
console.log(JSON.stringify(results));
