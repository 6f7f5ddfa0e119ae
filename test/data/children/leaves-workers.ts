// Plays loaders with workers to their end, half way, and not at all, closes none of them, and prints what it saw: the process has to end by itself.
import { DataLoader, type Dataset, datasetModule } from '../../../src/data/index.ts';
import { numThreads } from '../../../src/index.ts';
import type { TimedOptions, TimedSample } from '../modules/timed.ts';

const [url] = process.argv.slice(2);
const options: TimedOptions = { length: 40, pause: 2 };
const dataset = await datasetModule<Dataset<TimedSample>>(url!, options);
const kept: DataLoader<TimedSample>[] = []; // their collection would end their threads
process.on('exit', () => kept.splice(0));
const load = (numWorkers: number): DataLoader<TimedSample> => {
  kept.push(new DataLoader({ dataset, batchSize: 4, numWorkers }));
  return kept.at(-1)!;
};

const threads = new Set<number>();
for await (const { numThreads } of load(2)) for (const count of numThreads.toArray() as number[]) threads.add(count);

const abandoned = load(1)[Symbol.asyncIterator]();
process.on('exit', () => void abandoned);
await abandoned.next();

for await (const batch of load(1)) {
  batch.index.dispose();
  break;
}

load(1)[Symbol.asyncIterator]().prefetch();

console.log(JSON.stringify({ inWorkers: [...threads], here: numThreads() }));
