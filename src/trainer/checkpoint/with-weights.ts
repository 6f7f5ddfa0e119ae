// Runs something with the weights of a checkpoint, and puts those of the model and of the modules beside it back.

import { ConfigError } from '../../errors.ts';
import type { Module, StateDict } from '../../nn/module.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { ModulesOfRun } from '../loop/modules-of-run.ts';
import { asCheckpoint, record } from './format.ts';
import { readFrom } from './storage/open-storage.ts';

/** @param checkpoint - a path, or 'best' or 'latest' of `folder`.
 *  @throws {ConfigError} for 'best' or 'latest' without a folder. @throws {CheckpointError} for a file that does not verify, or is another model's. */
export async function withWeights<T>(
  { model, modules }: ModulesOfRun,
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
  const stored = asCheckpoint((await readFrom(path)).value, path);
  const others = record(stored.modules, 'modules');
  const wanted = [
    ['model_state_dict', model, stored.model_state_dict] as const,
    ...Object.entries(modules).flatMap(([name, module]) =>
      Object.hasOwn(others, name) ? [[`modules.${name}`, module, others[name]] as const] : [],
    ),
  ];
  const own = wanted.map(([, module]) => [module, copyOf(module)] as const);
  try {
    for (const [key, module, state] of wanted) module.loadStateDict(record(state, key) as StateDict);
    return await body();
  } finally {
    for (const [module, state] of own) {
      module.loadStateDict(state);
      for (const tensor of Object.values(state)) tensor.dispose();
    }
  }
}

function copyOf(module: Module): StateDict {
  return noGrad(() =>
    Object.fromEntries(Object.entries(module.stateDict()).map(([name, value]) => [name, value.clone().keep()])),
  );
}
