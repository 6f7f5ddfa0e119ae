// One rank that trains and counts what it sends. What it finds is printed as JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { DistributedDataParallel, destroyProcessGroup, initProcessGroup } from '../../src/distributed/index.ts';
import { manualSeed, nn, randn, scope } from '../../src/index.ts';

const STEPS = 10;

const { rank, size } = await initProcessGroup({ timeoutMs: 20_000 });
manualSeed(rank);
const model = new DistributedDataParallel(new nn.Sequential(new nn.Linear(200, 300), new nn.Linear(300, 40)));
const step = (): void =>
  scope(() => {
    model
      .forward(randn([4, 200]))
      .sum()
      .backward();
  });

/** Bytes given to the system to write, sockets included. */
const written = (): number => Number(/^wchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))![1]);

for (let i = 0; i < 3; i++) step(); // buckets are laid out anew behind the first
const before = written();
for (let i = 0; i < STEPS; i++) step();
const sent = (written() - before) / STEPS;

/** The priorities of the threads of a name; higher ones let others go first. */
const priorities = (name: string): number[] =>
  readdirSync('/proc/self/task')
    .filter((id) => readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim() === name)
    .map((id) => Number(readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ')[1]!.split(' ')[16]));
const [own] = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ').slice(16).map(Number);

const gradients = model.reducer.bucketBytes.reduce((sum, bytes) => sum + bytes, 0);
const gloo = priorities('gloo_tcp_loop');
destroyProcessGroup();
console.log(
  JSON.stringify({
    sent,
    theory: (2 * (size - 1) * gradients) / size,
    gradients,
    own,
    gloo,
  }),
);
