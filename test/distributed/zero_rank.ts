// One rank of trainings by optimizers whose state lies in parts on the ranks, each beside the optimizer alone. What differs, and what went wrong, is printed as JSON.
import {
  DistributedDataParallel,
  destroyProcessGroup,
  initProcessGroup,
  newGroup,
  ZeroRedundancyOptimizer,
} from '../../src/distributed/index.ts';
import { manualSeed, nn, optim, randn, scope, type Tensor, tensor } from '../../src/index.ts';

const world = await initProcessGroup({ timeoutMs: 20_000 });
const alone = await newGroup([0]);
const own = await newGroup([1]);
const single = (alone ?? own)!;
const { rank } = world;

function makeNet(): nn.Sequential {
  manualSeed(1);
  return new nn.Sequential(
    new nn.Linear(6, 16),
    new nn.ReLU(),
    new nn.Linear(16, 3, { bias: false }),
    new nn.Linear(3, 2),
  );
}
type Make = typeof optim.AdamW;
/** A rest of a type that is lost where optimizers of all kinds stand in one table. */
const made = (optimizerClass: unknown, defaults: object): { optimizerClass: Make; defaults: object } => ({
  optimizerClass: optimizerClass as Make,
  defaults,
});
const KINDS = {
  AdamW: made(optim.AdamW, { lr: 0.01, weightDecay: 0.1, amsgrad: true }),
  SGD: made(optim.SGD, { lr: 0.05, momentum: 0.9, nesterov: true }),
  Adagrad: made(optim.Adagrad, { lr: 0.05 }),
  Adafactor: made(optim.Adafactor, { lr: 0.05 }),
  Lion: made(optim.Lion, { lr: 0.01 }),
  ASGD: made(optim.ASGD, { lr: 0.05 }),
  ClippedAdamW: made(optim.ClippedAdamW, { lr: 0.01, clipGrad: 0.1 }),
};

const listOf = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && 'toArray' in value ? (value as Tensor).toArray() : value;
const plainOf = ({ state, param_groups }: optim.OptimizerStateDict): unknown => [
  Array.from(state, ([i, entries]) => [i, Object.entries(entries).map(([name, value]) => [name, listOf(value)])]),
  param_groups,
];
const weightsOf = (net: nn.Module): unknown => net.parameters().map(listOf);

interface Run {
  readonly net: nn.Sequential;
  readonly model: DistributedDataParallel<[Tensor], Tensor>;
  readonly optimizer: optim.AnyOptimizer;
}
const runOf = (make: (net: nn.Sequential) => optim.AnyOptimizer): Run => {
  const net = makeNet();
  return {
    net,
    model: new DistributedDataParallel(net as nn.Module & { forward(input: Tensor): Tensor }),
    optimizer: make(net),
  };
};
function step({ model, optimizer }: Run, at: number): void {
  scope(() => {
    manualSeed(100 * at + rank);
    model
      .forward(randn([4, 6]))
      .square()
      .mean()
      .backward();
    optimizer.step();
    optimizer.zeroGrad();
  });
}
/** Two groups, the second with a rate of its own. */
const groupsOf = (net: nn.Sequential): optim.ParamGroupInput<{ lr: number }>[] => {
  const all = net.parameters();
  return [{ params: all.slice(0, 2) }, { params: all.slice(2), lr: 0.02 }];
};
const problem = (run: () => unknown): string => {
  try {
    return String(run());
  } catch (error) {
    return (error as Error).message;
  }
};

const same: Record<string, unknown> = {};
for (const [name, options] of Object.entries(KINDS)) {
  const plain = runOf((net) => new options.optimizerClass(groupsOf(net), options.defaults));
  const zero = runOf((net) => new ZeroRedundancyOptimizer(groupsOf(net), options));
  const sharded = zero.optimizer as ZeroRedundancyOptimizer<optim.AdamWHyperparameters>;
  const schedules = [plain, zero].map(({ optimizer }) => new optim.StepLR(optimizer, { stepSize: 2, gamma: 0.5 }));
  for (let at = 0; at < 3; at++) {
    for (const run of [plain, zero]) step(run, at);
    for (const schedule of schedules) schedule.step();
  }
  sharded.consolidateStateDict(1);
  const wanted = plain.optimizer.stateDict();
  const isFull = problem(() => JSON.stringify(plainOf(sharded.stateDict())) === JSON.stringify(plainOf(wanted)));
  const owned = sharded
    .parameters()
    .map((each) => (sharded.stateOf(each) === undefined) !== (sharded.ownerOf(each) === rank));

  // One rank goes on with the state of two, and two with that of one.
  sharded.consolidateStateDict();
  const part = rank === 0 ? sharded.stateDict() : wanted;
  const single1 = new ZeroRedundancyOptimizer(groupsOf(zero.net), { ...options, group: single });
  single1.loadStateDict(part);
  const again = JSON.stringify(plainOf(single1.stateDict())) === JSON.stringify(plainOf(wanted));
  const two = { ...zero, optimizer: new ZeroRedundancyOptimizer(groupsOf(zero.net), options) };
  two.optimizer.loadStateDict(wanted);
  for (const run of [plain, two]) step(run, 9);
  same[name] = [
    isFull,
    owned.every(Boolean),
    again,
    JSON.stringify(weightsOf(zero.net)) === JSON.stringify(weightsOf(plain.net)),
  ];
  for (const { model } of [plain, zero]) model.reducer.destroy();
}

// Closures see all parameters, hooks too, the class's own as well; a scaler steps it.
const lines: unknown[] = [];
const run = runOf((net) => new ZeroRedundancyOptimizer(net.parameters(), KINDS.ClippedAdamW));
const zero = run.optimizer as ZeroRedundancyOptimizer<optim.AdamWHyperparameters>;
zero.registerStepPreHook((optimizer) => void lines.push(optimizer === zero && optimizer.parameters().length));
zero.registerStepPostHook((optimizer) => void lines.push(optimizer.parameters().length));
lines.push(
  zero.step(() => {
    zero.zeroGrad();
    const loss = run.model.forward(tensor([[1, 2, 3, 4, 5, 6]]).mul(rank + 1)).sum();
    loss.backward();
    return zero.parameters().filter(({ grad }) => grad !== undefined).length;
  }),
);
const scaler = new optim.GradScaler({ initScale: 4 });
scaler.scale(run.model.forward(randn([2, 6])).sum()).backward();
lines.push(scaler.step(zero));
scaler.update();
lines.push(zero.paramGroups.map(({ params }) => params.length));
const added = new nn.Linear(2, 2);
zero.addParamGroup({ params: added.parameters(), lr: 0.5 });
lines.push(
  zero.numElements,
  added.parameters().map((each) => zero.ownerOf(each)),
);
added
  .forward(tensor([[1, 1]]))
  .sum()
  .backward();
const before = added.weight.detach().clone();
zero.step();
lines.push(added.weight.equal(before));

const told = [...lines];

// Ranks with different numbers of batches.
zero.zeroGrad();
const update = (): void => {
  zero.step();
  zero.zeroGrad();
};
await run.model.join(
  () => {
    for (let at = 0; at < 1 + 2 * rank; at++) {
      run.model
        .forward(randn([2, 6]))
        .sum()
        .backward();
      update();
    }
  },
  { onShadowStep: update },
);
zero.consolidateStateDict();

const results = {
  same,
  lines: told,
  sizes: new ZeroRedundancyOptimizer(makeNet().parameters(), KINDS.SGD).numElements,
  weights: weightsOf(run.net),
  steps: rank === 0 ? Array.from(zero.stateDict().state.values(), ({ step: count }) => listOf(count)) : [],
  refused: [
    problem(() => new ZeroRedundancyOptimizer(makeNet().parameters(), { ...KINDS.SGD, lr: 1 } as never)),
    problem(() => new ZeroRedundancyOptimizer(makeNet().parameters(), made(optim.LBFGS, {}))),
    problem(() => new ZeroRedundancyOptimizer(makeNet().parameters(), { optimizerClass: 'AdamW' as never })),
    problem(() => new ZeroRedundancyOptimizer(makeNet().parameters(), made(optim.SGD, { lr: -1 }))),
    problem(() => new ZeroRedundancyOptimizer(new nn.Linear(2, 2 + rank).parameters(), KINDS.SGD)),
    problem(() => zero.stateDict().state.size),
    problem(() => zero.loadStateDict({ state: new Map(), param_groups: [] })),
  ],
};
destroyProcessGroup();
console.log(JSON.stringify(results));
