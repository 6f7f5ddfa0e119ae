// Writes a model as a Hugging Face folder, which transformers opens too.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateDict } from '../nn/module.ts';
import { writeFileDurably } from '../serial/file.ts';
import { saveSafetensors } from '../serial/safetensors.ts';
import { readOptions } from '../tensor/arguments.ts';
import { isFloatingDType } from '../tensor/dtype.ts';
import { configFile } from './config-fields.ts';
import type { PretrainedClass, PretrainedModel } from './pretrained-model.ts';

export interface SaveOptions {
  /** Weights of more bytes than this go into several files with an index. Default 5e9. */
  maxShardBytes?: number;
}

/** See `PretrainedModel.savePretrained`. @internal */
export async function saveFolder(model: PretrainedModel, folder: string, options: SaveOptions): Promise<void> {
  readOptions('savePretrained', ['maxShardBytes'], options);
  const state: StateDict = model.stateDict();
  const dtype = Object.values(state).find((tensor) => isFloatingDType(tensor.dtype))?.dtype ?? 'float32';
  const modelClass = model.constructor as unknown as PretrainedClass;
  const config = configFile(
    modelClass.schema,
    model.config as unknown as Record<string, unknown>,
    modelClass.name,
    dtype,
  );
  // transformers ties them again when it loads.
  const kept = Object.entries(state).filter(([key]) => !(key in model.tiedKeys));
  const named = kept.map(([key, tensor]) => [modelClass.fileKey(key), tensor] as const);
  await mkdir(folder, { recursive: true });
  await saveSafetensors(Object.fromEntries(named), folder, {
    metadata: { format: 'pt' },
    maxShardBytes: options.maxShardBytes ?? 5e9,
  });
  await writeFileDurably(join(folder, 'config.json'), [Buffer.from(`${JSON.stringify(config, undefined, 2)}\n`)]);
}
