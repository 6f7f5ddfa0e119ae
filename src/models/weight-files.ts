// Finds and reads the weights of a Hugging Face folder, whichever way they were saved.

import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '../errors.ts';
import type { StateDict } from '../nn/module.ts';
import { loadSafetensors } from '../serial/safetensors.ts';
import { indexName, singleName } from '../serial/sharded-index.ts';
import { load } from '../serial/tensors.ts';
import { Tensor } from '../tensor/tensor.ts';

const BIN = 'pytorch_model.bin';
const BIN_INDEX = 'pytorch_model.bin.index.json';

/** Whether a file is there. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** A JSON object.
 *  @throws {CheckpointError} naming the file, where it is missing or holds something else. */
export async function readJsonObject(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CheckpointError(`Cannot read "${path}": expected a JSON file, got none that can be read`, {
      cause,
      path,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError(`Cannot read "${path}": expected JSON, got ${(cause as Error).message}`, { cause, path });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CheckpointError(`Cannot read "${path}": expected a JSON object, got ${JSON.stringify(value)}`, { path });
}

export interface Weights {
  readonly weights: StateDict;
  /** Whether each tensor has memory of its own. */
  readonly areApart: boolean;
}

/** The weights of a folder by name, from the first that is there of model.safetensors, its shards, pytorch_model.bin and its shards.
 *  @throws {CheckpointError} where there are none, or where they are damaged. */
export async function readWeights(folder: string): Promise<Weights> {
  for (const name of [singleName, indexName]) {
    const path = join(folder, name);
    if (await exists(path)) return { weights: await loadSafetensors(path, { ties: false }), areApart: true };
  }
  if (await exists(join(folder, BIN))) return { weights: await readBin(join(folder, BIN)), areApart: false };
  if (await exists(join(folder, BIN_INDEX))) return { weights: await readBinShards(folder), areApart: false };
  throw new CheckpointError(
    `Cannot read weights from "${folder}": expected ${singleName}, ${indexName}, ${BIN} or ${BIN_INDEX}, got none of them`,
    {
      path: folder,
    },
  );
}

async function readBin(path: string): Promise<StateDict> {
  const value = await load(path);
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const odd = entries.find(([, tensor]) => !(tensor instanceof Tensor));
  if (entries.length > 0 && !odd) return value as StateDict;
  const got = odd ? `"${odd[0]}" that is none` : 'no dictionary of them';
  throw new CheckpointError(`Cannot read weights from "${path}": expected tensors by name, got ${got}`, { path });
}

async function readBinShards(folder: string): Promise<StateDict> {
  const path = join(folder, BIN_INDEX);
  const { weight_map } = await readJsonObject(path);
  const entries = typeof weight_map === 'object' && weight_map !== null ? Object.entries(weight_map) : [];
  const isFile = (name: unknown): boolean => typeof name === 'string' && /^[^/\\:]+\.bin$/.test(name);
  if (entries.length === 0 || !entries.every(([, file]) => isFile(file)))
    throw new CheckpointError(`Cannot read "${path}": expected weight_map to name .bin files beside it`, { path });
  const state: StateDict = {};
  for (const file of new Set(entries.map(([, name]) => name as string)))
    Object.assign(state, await readBin(join(folder, file)));
  const missing = entries.filter(([name]) => !(name in state)).map(([name]) => name);
  if (missing.length === 0) return state;
  throw new CheckpointError(`Cannot read weights from "${folder}": expected ${missing.join(', ')} in its shards`, {
    path,
  });
}
