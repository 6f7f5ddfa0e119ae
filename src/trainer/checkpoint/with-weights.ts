// Runs something with the weights of a checkpoint, and puts the model's own back.

import { ConfigError } from '../../errors.ts';
import type { Module, StateDict } from '../../nn/module.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { asCheckpoint, record } from './format.ts';
import { readFrom } from './storage/open-storage.ts';

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
  const path = isNamed ? `${folder!.replace(/\/+$/, '')}/${checkpoint}.ckpt` : checkpoint;
  const { model_state_dict } = asCheckpoint((await readFrom(path)).value, path);
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
