// One rank under a launcher, by the name of what happens to it.
import { allReduce, barrier, destroyProcessGroup, initProcessGroup } from '../../src/distributed/index.ts';
import { ConfigError, full } from '../../src/index.ts';

const [what] = process.argv.slice(2);
const restart = Number(process.env.TORCHELASTIC_RESTART_COUNT);

async function sum(): Promise<number> {
  // Longer than the tests have: a rank that nobody ends is found out.
  const { rank } = await initProcessGroup({ timeoutMs: 120_000 });
  const value = full([1], rank + 1 + 10 * restart);
  allReduce(value);
  return value.item();
}

const first = await sum();
if (what === 'config') throw new ConfigError('train', ['optimizer.lr: expected a number, got "fast"']);
const { RANK, LOCAL_RANK, LOCAL_WORLD_SIZE, GROUP_RANK, OMP_NUM_THREADS } = process.env;
if (what === 'fail' && RANK === '1') {
  const broken: { steps?: { length: number } } = {};
  console.log(broken.steps!.length);
}
if (what === 'killed-once' && RANK === '1' && restart === 0) process.kill(process.pid, 'SIGKILL');
await barrier();
destroyProcessGroup();
const second = await sum();
console.log(JSON.stringify({ first, second, RANK, LOCAL_RANK, LOCAL_WORLD_SIZE, GROUP_RANK, OMP_NUM_THREADS }));
