// Sconce's side of logging.mjs: requests on standard input, as JSON, a reply each.
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ConsoleLogger, CSVLogger, JsonlLogger, LoggerList, TensorBoardLogger, WandbLogger } from 'sconce/tracking';

const makers = {
  console: (folder) => [new ConsoleLogger({ stream: createWriteStream(join(folder, 'lines')) })],
  csv: () => [new CSVLogger()],
  jsonl: (folder) => [new JsonlLogger(join(folder, 'metrics.jsonl'))],
  tensorboard: () => [new TensorBoardLogger()],
  wandb: () => [new WandbLogger({ project: 'bench', mode: 'offline' })],
  all: (folder) => ['console', 'csv', 'jsonl', 'tensorboard', 'wandb'].flatMap((name) => makers[name](folder)),
};

async function measure({ logger, perCall, scalars, folder }) {
  const list = new LoggerList(makers[logger](folder));
  const keys = Array.from({ length: perCall }, (_, i) => `train/metric_${i}`);
  const warn = (message) => {
    throw new Error(message);
  };
  const started = performance.now();
  await list.open({ id: 'bench', name: 'run', folder, config: {}, tags: [], resumedFrom: undefined, warn });
  for (let step = 1; step <= scalars / perCall; step++) {
    const values = {};
    for (const key of keys) values[key] = Math.sin(step) / 3;
    list.logMetrics(values, { step, microStep: step, epoch: 0 });
    if (step % 100 === 0) await new Promise(setImmediate); // as a loop of training does
  }
  await list.close({ status: 'finished' });
  return performance.now() - started;
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify({ ms: await measure(JSON.parse(line)) }));
