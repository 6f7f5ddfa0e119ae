// What runs in a worker thread of a loader: makes the dataset again, then batch after batch.
import { setImmediate } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { collectTensors } from '../../tensor/index.ts';
import { datasetName } from '../datasets/dataset.ts';
import type { BatchPlan, BatchRecipe } from '../loader/prefetch.ts';
import { datasetRecipe } from '../loader/recipe.ts';
import { runRecipe } from '../loader/run-recipe.ts';
import type { JobMessage, PackedBatch, WorkerMessage, WorkerStart } from './messages.ts';
import { type Packed, pack, unpack } from './packed.ts';
import { packError } from './packed-error.ts';
import { remake } from './remake.ts';
import { SharedBlocks } from './shared-blocks.ts';

process.setSourceMapsEnabled(true); // stacks name the lines that the user wrote
const { recipe, port, firstWanted } = workerData as WorkerStart;
const blocks = new SharedBlocks();
const post = (message: WorkerMessage): void => port.postMessage(message);

function packBatch(batch: unknown, name: string): Packed {
  const refuse = (path: string, got: string): Error =>
    new TypeError(
      `Cannot send a batch of ${name} from a worker thread: expected tensors on the CPU, typed arrays, numbers, strings, plain objects, arrays, maps and sets, got ${got} in ${path}; have the module's collate leave it out`,
    );
  const packed = pack(batch, { name: 'batch', refuse }, (bytes) => blocks.take(bytes));
  for (const tensor of collectTensors(batch)) tensor.dispose(); // they were the batch's, and lie in the shared memory now
  return packed;
}

async function makeBatch(
  batches: BatchRecipe<unknown, unknown, unknown>,
  { plan }: JobMessage,
  name: string,
): Promise<PackedBatch> {
  const unpacked = unpack(plan) as BatchPlan<unknown>; // what the pool packed
  const { batch, ...rest } = await runRecipe(batches, unpacked, recipe.concurrency);
  return { ...rest, batch: packBatch(batch, name) };
}

async function start(): Promise<void> {
  const { dataset, collate } = await remake(recipe.origin);
  const name = datasetName(dataset);
  const batches = datasetRecipe(dataset, collate, { ...recipe, timeout: 0 }); // the pool counts the time
  let turn: Promise<void> = Promise.resolve();
  const serve = async (message: JobMessage): Promise<void> => {
    const { job } = message;
    if (job < Atomics.load(firstWanted, 0)) return post({ type: 'dropped', job });
    try {
      post({ type: 'done', job, finished: await makeBatch(batches, message, name) });
    } catch (error) {
      post({ type: 'failed', job, error: packError(error) });
    }
    await setImmediate(); // timers and files of the dataset have their turn
  };
  port.on('message', (message: JobMessage) => {
    turn = turn.then(() => serve(message));
  });
  post({ type: 'ready', name, length: dataset.length });
}

post({ type: 'begun' });
start().catch((error: unknown) => post({ type: 'unmade', error: packError(error) }));
