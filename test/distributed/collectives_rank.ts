// One rank: every collective once. What it gives is printed as JSON.
import {
  allGather,
  allReduce,
  allReduceCoalesced,
  allToAll,
  barrier,
  broadcast,
  destroyProcessGroup,
  gather,
  getWorldSize,
  initProcessGroup,
  irecv,
  isend,
  newGroup,
  recv,
  reduce,
  reduceScatter,
  scatter,
  send,
} from '../../src/distributed/index.ts';
import { arange, full, randn, type Tensor, tensor, zeros } from '../../src/index.ts';

const group = await initProcessGroup({ timeoutMs: 20_000 });
const { rank, size } = group;
const list = (value: Tensor): unknown => value.toArray();
const own = (): Tensor =>
  arange(3)
    .to('float32')
    .add(rank * 10); // rank 1: 10 11 12

const results: Record<string, unknown> = { rank, size, world: getWorldSize() };
results.sum = list(allReduce(own()));
results.avg = list(allReduce(own(), { op: 'avg' }));
results.max = list(allReduce(own(), { op: 'max' }));
results.product = list(allReduce(own(), { op: 'product' }));
results.counts = String(allReduce(tensor([BigInt(rank + 1)], { dtype: 'int64' })).item());
const pair = [own(), own().mul(2)];
allReduceCoalesced(pair);
results.coalesced = pair.map(list);
results.reduced = list(reduce(own(), { dst: 1 }));
results.broadcast = list(broadcast(own(), { src: 1 }));
results.allGather = allGather(own()).map(list);
results.gather = gather(own(), { dst: 1 })?.map(list) ?? 'nothing';
results.scatter = list(
  scatter(zeros([2]), {
    src: 0,
    ...(rank === 0 && { tensors: Array.from({ length: size }, (_, i) => full([2], i + 5)) }),
  }),
);
results.reduceScatter = list(
  reduceScatter(
    arange(2 * size)
      .to('float32')
      .add(rank),
  ),
);
results.allToAll = list(
  allToAll(
    arange(size)
      .to('float32')
      .add(rank * 100),
  ),
);
results.uneven = list(
  allToAll(full([1 + size], rank), {
    inputSplits: Array.from({ length: size }, (_, i) => (i === 0 ? 2 : 1)),
    outputSplits: Array.from({ length: size }, () => (rank === 0 ? 2 : 1)),
  }),
);

const work = allReduce(own(), { asyncOp: true });
results.async = list(await work.done());
results.isCompleted = work.isCompleted();

if (rank === 0) send(full([2], 7), { dst: 1, tag: 3 });
if (rank === 1) {
  const inbox = zeros([2]);
  results.sender = recv(inbox, { tag: 3 });
  results.message = list(inbox);
}
const ring = zeros([1]);
const received = irecv(ring, { src: (rank + size - 1) % size });
await isend(full([1], rank), { dst: (rank + 1) % size }).done();
results.from = await received.done();
results.ring = list(ring);

const evens = await newGroup([0, size - 1]);
results.subgroup = evens === undefined ? 'outside' : [evens.rank, evens.size, list(allReduce(own(), { group: evens }))];

const leaf = randn([2], { requiresGrad: true });
broadcast(leaf, { src: 0 });
results.leaf = allGather(leaf).every((other) => String(list(other)) === String(list(leaf)));

const before = await group.store.add('visits', 1);
await barrier();
results.visits = [before <= size, await group.store.add('visits', 0)];
await barrier();
destroyProcessGroup();
console.log(JSON.stringify(results));
