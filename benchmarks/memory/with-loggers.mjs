// A training that logs every step to every kind of file, and whether every value is in each of them.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nn, optim, randint, randn } from 'sconce';
import { DataLoader, TensorDataset } from 'sconce/data';
import {
  ConsoleLogger,
  CSVLogger,
  JsonlLogger,
  metricSeries,
  readRun,
  TensorBoardLogger,
  WandbLogger,
} from 'sconce/tracking';
import { GenericTrainer } from 'sconce/trainer';

const BATCH_SIZE = 8;
/** As in the scenario without loggers: the history's record of an epoch is no leak. */
const NUM_BATCHES = 5000;

/** @param model - takes [B, 32], gives [B, 10]. */
export async function withLoggers({ numSteps, look, model }) {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-loggers-'));
  try {
    const losses = new Float64Array(numSteps);
    const numRows = BATCH_SIZE * NUM_BATCHES;
    const dataset = new TensorDataset([randn([numRows, 32]), randint(0, 10, [numRows])]);
    let step = 0;
    let numLines = 0;
    const jsonl = new JsonlLogger(join(folder, 'metrics.jsonl'));
    const trainer = new GenericTrainer({
      model,
      optimizers: [new optim.AdamW(model.parameters())],
      config: { seed: 0, logEveryNSteps: 1, logging: { logPerLoaderMetrics: false } },
      loggers: [
        new ConsoleLogger({ stream: { write: () => void numLines++ } }),
        new CSVLogger({ path: join(folder, 'metrics.csv') }),
        jsonl,
        new TensorBoardLogger({ folder: join(folder, 'tensorboard') }),
        new WandbLogger({ project: 'memory', mode: 'offline', folder: join(folder, 'wandb') }),
      ],
      callbacks: [
        {
          name: 'look',
          batchEnd: () => look(step++),
          logged: ({ clocks }, values) => {
            if (values['train/loss'] !== undefined) losses[clocks.step - 1] = values['train/loss'];
          },
        },
      ],
    });
    trainer.setTrainingStep((_trainer, [inputs, targets]) => ({
      loss: nn.functional.crossEntropy(model.forward(inputs), targets),
    }));
    const loader = new DataLoader({ dataset, batchSize: BATCH_SIZE, shuffle: true });
    await trainer.fit({ trainLoaders: [loader], maxEpochs: Math.ceil(numSteps / NUM_BATCHES) });
    await verify(folder, losses);
    if (numLines < numSteps) throw new Error(`expected a line a step, got ${numLines}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @throws {Error} for a file that has other values than were logged. */
async function verify(folder, losses) {
  const [header, ...rows] = readFileSync(join(folder, 'metrics.csv'), 'utf8').trimEnd().split('\n');
  const column = header.split(',').indexOf('train/loss');
  const byStep = rows.map((row) => row.split(',')).filter((cells) => (cells[column] ?? '') !== '');
  check(
    'metrics.csv',
    losses,
    byStep.map((cells) => Number(cells[column])),
  );
  check('metrics.jsonl', losses, metricSeries(await readRun(folder), 'train/loss').values);
  const [eventFile] = readdirSync(join(folder, 'tensorboard'));
  check(
    'the event file',
    losses.map(Math.fround),
    scalarsOf(readFileSync(join(folder, 'tensorboard', eventFile)), 'train/loss'),
  );
}

function check(name, expected, found) {
  if (found.length !== expected.length)
    throw new Error(`expected ${expected.length} values in ${name}, got ${found.length}`);
  const at = expected.findIndex((value, i) => value !== found[i]);
  if (at >= 0) throw new Error(`expected ${expected[at]} at step ${at + 1} of ${name}, got ${found[at]}`);
}

/** The float behind each record's `tag`, which `simple_value` follows. */
function scalarsOf(bytes, tag) {
  const head = Buffer.concat([Buffer.from([10, tag.length]), Buffer.from(tag), Buffer.from([21])]);
  const values = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + 12 + bytes.readUInt32LE(start);
    const at = bytes.subarray(start + 12, end).indexOf(head);
    if (at >= 0) values.push(bytes.readFloatLE(start + 12 + at + head.length));
    start = end + 4;
  }
  return values;
}
