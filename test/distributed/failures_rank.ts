// One rank of a job in which something goes wrong, by the name of what does. What it meets is printed as JSON.
import { allReduce, barrier, destroyProcessGroup, initProcessGroup, TCPStore } from '../../src/distributed/index.ts';
import { type DistributedError, zeros } from '../../src/index.ts';

const [what] = process.argv.slice(2);
const met: Record<string, unknown> = {};

async function meet(name: string, action: () => unknown): Promise<void> {
  try {
    await action();
    met[name] = 'nothing';
  } catch (error) {
    const { name: kind, message, missingRanks } = error as DistributedError;
    met[name] = { kind, message, missingRanks };
  }
}

if (what === 'absent') {
  // Rank 1 never comes.
  if (process.env.RANK === '0') await meet('init', () => initProcessGroup({ timeoutMs: 1500 }));
} else if (what === 'taken') {
  const store = await TCPStore.connect({ host: '127.0.0.1', port: 0, isMaster: true });
  await meet('serve', () => TCPStore.connect({ host: '127.0.0.1', port: store.port, isMaster: true }));
} else {
  const { rank, store } = await initProcessGroup({ timeoutMs: 20_000 });
  if (what === 'late') {
    // Rank 1 comes when rank 0 has been told, and rank 0, whose store it is, goes when rank 1 has heard.
    if (rank === 0) await meet('barrier', () => barrier({ timeoutMs: 800 }));
    else await store.wait(['told/0']);
    await store.set(`told/${rank}`, '');
    if (rank === 0) await store.wait(['told/1']);
  }
  if (what === 'killed' && rank === 1) process.kill(process.pid, 'SIGKILL');
  if (what === 'killed') {
    await meet('sum', () => allReduce(zeros([4])));
    await meet('later', () => allReduce(zeros([4]), { asyncOp: true }).done());
  }
  if (what === 'left')
    await meet('sum', () => allReduce(zeros([4]))); // and ends without destroyProcessGroup()
  else destroyProcessGroup();
  if (what === 'destroyed') await meet('sum', () => allReduce(zeros([4])));
}
console.log(JSON.stringify(met));
