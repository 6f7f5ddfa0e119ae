// One rank of two whose calls do not fit one another, by the name of how. What it is told is printed as JSON.
import * as dist from '../../src/distributed/index.ts';
import { type DistributedError, full, ones, type Tensor, zeros } from '../../src/index.ts';

const [what] = process.argv.slice(2);
const group = await dist.initProcessGroup({ timeoutMs: 20_000, checksCalls: what === 'checked' });
const isFirst = group.rank === 0;
const met: Record<string, unknown> = {};

async function meet(name: string, action: () => unknown): Promise<void> {
  try {
    await action();
    met[name] = 'nothing';
  } catch (error) {
    const { name: kind, message } = error as DistributedError;
    met[name] = `${kind}: ${message}`;
  }
}

if (what === 'sum') {
  const wait = (): unknown => dist.allReduce(zeros([isFirst ? 4 : 400]));
  await meet('sum', wait);
  if (isFirst) {
    await meet('again', wait);
    await meet('later', () => dist.allReduce(zeros([4]), { asyncOp: true }).done());
    await meet('barrier', () => dist.barrier());
  }
}
if (what === 'messages') {
  if (isFirst) dist.send(ones([400]), { dst: 1 });
  else await meet('receive', () => dist.irecv(zeros([4]), { src: 0 }).done());
}
if (what === 'checked') {
  const one = (a: number[], b: number[]): Tensor => zeros(isFirst ? a : b);
  await meet('sizes', () => dist.allReduce(one([4], [400])));
  await meet('shapes', () => dist.allReduce(one([2, 3], [3, 2])));
  await meet('dtypes', () => dist.broadcast(ones([4], { dtype: isFirst ? 'float32' : 'int32' }), { src: 0 }));
  await meet('gathered', () => dist.allGather(one([0], [4])));
  await meet('functions', () => (isFirst ? dist.allReduce(zeros([4])) : dist.gather(zeros([4]), { dst: 0 })));
  met.after = dist.allReduce(full([2], group.rank + 1)).toArray();
}
if (what === 'refused') {
  const splits = (inputSplits: number[], outputSplits: number[]): unknown =>
    dist.allToAll(zeros([4]), { inputSplits, outputSplits });
  await meet('negative', () => splits([-1, 5], [-1, 5]));
  await meet('sum', () => splits([2, 3], [2, 2]));
  await meet('own', () => (isFirst ? splits([1, 3], [2, 2]) : splits([3, 1], [2, 2])));
  await meet('odd', () => dist.allToAll(zeros([3])));
  await meet('scalar', () => dist.allToAll(zeros([])));
  await meet('self', () => dist.send(zeros([4]), { dst: group.rank }));
  await meet('tag', () => dist.send(zeros([4]), { dst: 1 - group.rank, tag: 2 ** 40 }));
  await meet('time', () => dist.allReduce(zeros([4]), { timeoutMs: 1.5 }));
  await meet('mean', () => dist.allReduce(ones([4], { dtype: 'int64' }), { op: 'avg' }));
  await meet('dtype', () => dist.allReduce(ones([4], { dtype: 'int16' })));
  await meet('device', () => dist.allReduce(zeros([4], { device: 'meta' })));
  await meet('none', () => dist.allReduceCoalesced([]));
  met.after = dist.allReduce(full([2], group.rank + 1)).toArray();
}
dist.destroyProcessGroup();
console.log(JSON.stringify(met));
