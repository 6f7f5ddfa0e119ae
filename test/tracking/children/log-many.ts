// Logs many steps to every kind of file and prints how much memory the process had along the way.
// node log-many.mjs FOLDER
import { join } from 'node:path';
import { ConsoleLogger } from '../../../src/tracking/loggers/console/console-logger.ts';
import { CSVLogger } from '../../../src/tracking/loggers/csv/csv-logger.ts';
import { JsonlLogger } from '../../../src/tracking/loggers/jsonl.ts';
import { LoggerList } from '../../../src/tracking/loggers/logger-list.ts';
import { TensorBoardLogger } from '../../../src/tracking/loggers/tensorboard/tensorboard-logger.ts';

const [folder = ''] = process.argv.slice(2);
const list = new LoggerList([
  new ConsoleLogger({ stream: { write: () => true } }),
  ...[new CSVLogger(), new TensorBoardLogger(), new JsonlLogger(join(folder, 'metrics.jsonl'))],
]);
const warn = (message: string) => void process.stderr.write(`${message}\n`);
await list.open({ id: 'a', name: 'run', folder, config: {}, tags: [], resumedFrom: undefined, warn });
const residentMiB: number[] = [];
for (let step = 1; step <= 60_000; step += 1) {
  list.logMetrics(
    { 'train/loss': Math.sin(step), lr: 1 / step, 'train/accuracy': 0.5 },
    { step, microStep: step, epoch: 0 },
  );
  if (step % 100 === 0) await new Promise(setImmediate);
  if (step % 6000 !== 0) continue;
  globalThis.gc?.();
  residentMiB.push(process.memoryUsage().rss / 2 ** 20);
}
await list.close({ status: 'finished' });
console.log(JSON.stringify({ residentMiB }));
