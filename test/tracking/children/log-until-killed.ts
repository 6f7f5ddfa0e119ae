// Logs 100 steps to every kind of file, waits until they have to be on the disk, says so, and runs until it is killed.
// node log-until-killed.mjs FOLDER turning|blocked
import { join } from 'node:path';
import { CSVLogger } from '../../../src/tracking/loggers/csv/csv-logger.ts';
import { JsonlLogger } from '../../../src/tracking/loggers/jsonl.ts';
import { TensorBoardLogger } from '../../../src/tracking/loggers/tensorboard/tensorboard-logger.ts';
import { WandbLogger } from '../../../src/tracking/loggers/wandb/wandb-logger.ts';

const [folder = '', mode] = process.argv.slice(2);
const run = {
  ...{ id: 'abcd1234', name: 'run', folder, config: {}, tags: [], resumedFrom: undefined },
  warn: (message: string) => void process.stderr.write(`${message}\n`),
};
const wandb = new WandbLogger({ project: 'killed', mode: 'offline' });
const loggers = [new CSVLogger(), new TensorBoardLogger(), new JsonlLogger(join(folder, 'metrics.jsonl')), wandb];
for (const logger of loggers) await logger.open(run);
for (let step = 1; step <= 100; step += 1)
  for (const logger of loggers) logger.logMetrics({ 'train/loss': step / 3 }, { step, microStep: step, epoch: 0 });
// "blocked" is a step that takes long: the event loop turns once before it, and never again.
await new Promise((resolve) => (mode === 'blocked' ? setImmediate(resolve) : setTimeout(resolve, 1000)));
if (mode === 'blocked') await new Promise(setImmediate);
process.stdout.write('logged\n');
if (mode === 'blocked') for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
setInterval(() => {}, 1000);
