// The index of a model in several safetensors files: which file holds which tensor, and how tensors are shared out among files.
// {"metadata": {"total_size": 8}, "weight_map": {"a": "model-00001-of-00002.safetensors", …}}
// Source: huggingface_hub, split_state_dict_into_shards_factory.

import { unreadable } from './problems.ts';
import type { TensorFacts } from './safetensors-header.ts';
import { describeJson, parseStrictJson, quoted, type StrictJson } from './strict-json.ts';

/** The file of a folder that is not sharded. */
export const singleName = 'model.safetensors';
export const indexName = 'model.safetensors.index.json';
export const indexEnding = '.safetensors.index.json';
/** Files that an earlier save into the same folder may have left. */
export const shardPattern = /^model(?:-\d{5}-of-\d{5})?\.safetensors$/;
/** An index has less than a hundred bytes a tensor. */
export const maxIndexBytes = 100_000_000;

export interface ShardedIndex {
  /** File names by the names of tensors. */
  readonly weightMap: ReadonlyMap<string, string>;
  /** Bytes of all tensors together, where the index says so. Some in the wild are wrong: nothing is refused for it. */
  readonly totalBytes: number | undefined;
}

/** @throws {CheckpointError} for an index that is none, or names files outside its folder. */
export function parseIndex(bytes: Uint8Array): ShardedIndex {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable('expected an index in UTF-8, got other bytes', { cause });
  }
  const index = parseStrictJson(text, 'index');
  if (!(index instanceof Map)) throw unreadable(`expected an object as index, got ${describeJson(index)}`);
  const fields = index as ReadonlyMap<string, StrictJson>;
  const weightMap = fields.get('weight_map');
  if (!(weightMap instanceof Map)) {
    throw unreadable(`expected an object as weight_map of the index, got ${describeJson(weightMap)}`);
  }
  for (const [name, file] of weightMap as ReadonlyMap<string, StrictJson>) {
    if (typeof file === 'string' && isFileName(file)) continue;
    throw unreadable(
      `expected a .safetensors file beside the index for tensor ${quoted(name)}, got ${describeJson(file)}`,
    );
  }
  const metadata = fields.get('metadata');
  const total = metadata instanceof Map ? (metadata as ReadonlyMap<string, StrictJson>).get('total_size') : undefined;
  return {
    weightMap: weightMap as ReadonlyMap<string, string>,
    totalBytes: typeof total === 'number' ? total : undefined,
  };
}

/** Nothing that leads out of the folder, on any system. */
function isFileName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file that anybody means has one
  return name.endsWith('.safetensors') && !/[/\\:\u0000-\u001f]/.test(name);
}

/** The index as transformers writes it. */
export function encodeIndex(index: { weightMap: ReadonlyMap<string, string>; totalBytes: number }): Uint8Array {
  const sorted = [...index.weightMap].sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = sorted.map(([name, file]) => `\n    ${JSON.stringify(name)}: ${JSON.stringify(file)}`);
  const metadata = `{\n    "total_size": ${index.totalBytes}\n  }`;
  return Buffer.from(`{\n  "metadata": ${metadata},\n  "weight_map": {${pairs.join(',')}\n  }\n}\n`);
}

/** Shares tensors out among files of at most `maxBytes` of tensors, in their order; one that is larger has a file of its own.
 *  @returns the files' names with their tensors. A single one is `model.safetensors`. */
export function splitIntoShards<T extends TensorFacts>(tensors: readonly T[], maxBytes: number): Map<string, T[]> {
  const shards: T[][] = [];
  let current: T[] = [];
  let currentBytes = 0;
  for (const tensor of tensors) {
    if (tensor.sizeBytes > maxBytes) {
      shards.push([tensor]);
      continue;
    }
    if (currentBytes + tensor.sizeBytes > maxBytes) {
      shards.push(current);
      current = [];
      currentBytes = 0;
    }
    current.push(tensor);
    currentBytes += tensor.sizeBytes;
  }
  if (current.length > 0 || shards.length === 0) shards.push(current);
  if (shards.length === 1) return new Map([[singleName, shards[0]!]]);
  const number = (count: number): string => String(count).padStart(5, '0');
  return new Map(shards.map((shard, i) => [`model-${number(i + 1)}-of-${number(shards.length)}.safetensors`, shard]));
}
