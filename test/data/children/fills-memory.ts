// A loader whose worker fills its memory; prints the error.
import { DataLoader, type Dataset, datasetModule } from '../../../src/data/index.ts';
import type { TimedOptions, TimedSample } from '../modules/timed.ts';

const [url] = process.argv.slice(2);
const options: TimedOptions = { length: 8, fail: { index: 5, how: 'fill' } };
const dataset = await datasetModule<Dataset<TimedSample>>(url!, options);
const batches: unknown[] = [];
try {
  for await (const { index } of new DataLoader({ dataset, batchSize: 4, numWorkers: 1 })) batches.push(index.toArray());
} catch (error) {
  const { name, message } = error as Error;
  console.log(JSON.stringify({ batches, name, message }));
}
