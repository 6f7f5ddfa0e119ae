// One rank of batch normalisations over ranks. What came out is printed as JSON.
import {
  DistributedDataParallel,
  destroyProcessGroup,
  initProcessGroup,
  newGroup,
} from '../../src/distributed/index.ts';
import { grad, nn, ones, randn, type Tensor } from '../../src/index.ts';
import { CASES, normOf, outcomeOf, trained } from './sync-batch-norm_cases.ts';

const group = await initProcessGroup({ timeoutMs: 20_000 });
const { rank } = group;
const problem = (run: () => unknown): string => {
  try {
    return String(run());
  } catch (error) {
    return (error as Error).message;
  }
};

const outcomes = Object.fromEntries(
  Object.entries(CASES).map(([name, found]) => {
    const start = found.rows.slice(0, rank).reduce((sum, count) => sum + count, 0);
    return [name, outcomeOf(found, normOf(found, nn.SyncBatchNorm), start, found.rows[rank]!)];
  }),
);

const wrap = (net: nn.Module): nn.Module =>
  new DistributedDataParallel(
    nn.SyncBatchNorm.convertSyncBatchnorm(net) as nn.Module & { forward(input: Tensor): Tensor },
  );
const weights = trained(
  wrap,
  (batch) => batch.narrow(0, rank * 5, rank === 0 ? 5 : 3),
  (rows) => rows / 4, // averaged over two ranks, each row counts as one of eight
);

const alone = await newGroup([0]);
const own = new nn.SyncBatchNorm(2, { processGroup: alone });
const copy = new nn.SyncBatchNorm(2, { processGroup: group }).deepCopy();
const input = randn([3, 2], { requiresGrad: true });
const results = {
  outcomes,
  weights,
  alone: rank === 0 ? own.forward(ones([2, 2])).toArray() : 'outside',
  copy: copy.processGroup === group,
  refused: [
    problem(() => new nn.SyncBatchNorm(2).forward(randn([1 - rank, 2]))),
    problem(() => new nn.SyncBatchNorm(3).forward(randn([4, 2]))),
    problem(() => grad([new nn.SyncBatchNorm(2).forward(input).square().sum()], [input], { createGraph: true })),
    problem(() => new nn.SyncBatchNorm(2, { processGroup: 'all' as never })),
  ],
};
destroyProcessGroup();
const after = new nn.SyncBatchNorm(1).forward(ones([2, 1])).toArray();
console.log(JSON.stringify({ ...results, after }));
