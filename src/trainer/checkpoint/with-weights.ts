// Runs something with the weights of a checkpoint, and puts the model's own back.

import { join } from 'node:path';
import { ConfigError } from '../../errors.ts';
import type { Module, StateDict } from '../../nn/module.ts';
import { load } from '../../serial/tensors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { asCheckpoint, record } from './format.ts';

/** @param checkpoint - a path, or 'best' or 'latest' of `folder`.
 *  @throws {ConfigError} for 'best' or 'latest' without a folder. @throws {CheckpointError} for a file that does not verify, or is another model's. */
export async function withWeights<T>(
  model: Module,
  checkpoint: string,
  folder: string | undefined,
  body: () => Promise<T>,
): Promise<T> {
  const isNamed = checkpoint === 'best' || checkpoint === 'latest';
  if (isNamed && folder === undefined)
    throw new ConfigError('evaluate a checkpoint', [
      `checkpoint: expected a path, got "${checkpoint}" of a trainer that keeps none; set checkpoint.rootDir`,
    ]);
  const path = isNamed ? join(folder!, `${checkpoint}.ckpt`) : checkpoint;
  const { model_state_dict } = asCheckpoint(await load(path), path);
  const own = noGrad(() =>
    Object.fromEntries(Object.entries(model.stateDict()).map(([name, value]) => [name, value.clone().keep()])),
  );
  try {
    model.loadStateDict(record(model_state_dict, 'model_state_dict') as StateDict);
    return await body();
  } finally {
    model.loadStateDict(own);
    for (const tensor of Object.values(own)) tensor.dispose();
  }
}
