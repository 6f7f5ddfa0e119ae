// Converts files of weights and checkpoints from one format to another: reads one, changes what is asked for, writes the other, and says what was lost.

import { lstat, open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { loadSafetensors, openSafetensors, type SharedTensors, saveSafetensors } from '../../serial/safetensors.ts';
import { load, save } from '../../serial/tensors.ts';
import { dtypeBytes } from '../../tensor/dtype.ts';
import { formatBytes } from '../../tensor/format-bytes.ts';
import type { Checkpoint } from '../../trainer/checkpoint/format.ts';
import {
  fromLightning,
  holdsAnything,
  isLightningCheckpoint,
  isSconceCheckpoint,
  lightningFromWeights,
  toLightning,
} from '../../trainer/checkpoint/lightning.ts';
import { convertForeign } from '../../trainer/checkpoint/readers.ts';
import type { Target } from './targets.ts';
import {
  changeWeights,
  type FoundWeights,
  findWeights,
  isRecord,
  type WeightChanges,
  type Weights,
  withWeights,
} from './weights.ts';

export interface ConvertOptions extends WeightChanges {
  /** Default: by the output's ending. */
  readonly to?: Target | undefined;
  /** Where the weights are in the input. */
  readonly key?: string | undefined;
  /** The weights alone, whatever else the input holds. */
  readonly weights?: boolean | undefined;
  /** Of a sharded folder. */
  readonly maxShardBytes?: number | undefined;
  readonly shared: SharedTensors;
  readonly force?: boolean | undefined;
}

/** What was read. */
interface Input {
  readonly kind: 'safetensors' | 'sconce' | 'lightning' | 'pytorch';
  readonly value: unknown;
  /** Of a safetensors file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What the file means to us, where another system than Lightning wrote it to go on from. */
  readonly foreign?: ReturnType<typeof convertForeign>;
}

/** What is written, and what is not. */
interface Output {
  readonly value: unknown;
  readonly dropped: readonly string[];
}

const kindNames = {
  safetensors: 'safetensors',
  sconce: 'a Sconce checkpoint',
  lightning: 'a Lightning checkpoint',
  pytorch: 'a PyTorch file',
} as const;

/** Converts a file. @returns lines that say what was done.
 *  @throws {Error} for what cannot be converted as asked; nothing is written then. */
export async function convert(from: string, to: string, options: ConvertOptions): Promise<string[]> {
  try {
    return await convertFile(from, to, options);
  } catch (error) {
    // What the file layer says is whole; the rest says only what is wrong with a wish.
    if (!(error instanceof TypeError) || error.message.startsWith('Cannot ')) throw error;
    throw new TypeError(`Cannot convert "${from}": ${error.message}`, { cause: error });
  }
}

async function convertFile(from: string, to: string, options: ConvertOptions): Promise<string[]> {
  const target = options.to ?? (await targetOf(to));
  if (!options.force && (await isThere(to)))
    throw new TypeError(`expected no file at "${to}", got one; --force replaces it`);
  const isFolder = target === 'safetensors' && extname(to) !== '.safetensors';
  if (options.maxShardBytes !== undefined && !isFolder) {
    throw new TypeError(`expected a folder for --max-shard-size, got "${to}"`);
  }
  const input = await readInput(from);
  const found = findWeights(input.value, options.key);
  const { value, dropped } = assemble(input, found, target, options);
  const written = findWeights(value)?.weights ?? {};
  // Objects of classes that nobody here knows are written as they were read.
  if (target !== 'safetensors') await save(value, to, { keepsObjects: true });
  else {
    await saveSafetensors(value as Weights, to, {
      metadata: { format: 'pt', ...input.metadata },
      sharedTensors: options.shared,
      maxShardBytes: isFolder ? (options.maxShardBytes ?? defaultShardBytes) : undefined,
    });
  }
  const lines = [
    `Read "${from}": ${input.foreign ? `a checkpoint of ${input.foreign.system}` : kindNames[input.kind]}${found ? `, ${countOf(found.weights)}` : ''}`,
    `Wrote "${to}": ${kindNames[target]}, ${countOf(written)}`,
  ];
  if (dropped.length > 0) lines.push(`Dropped: ${dropped.join(', ')}`);
  return lines;
}

/** As Hugging Face's libraries have it. */
const defaultShardBytes = 5_000_000_000;

async function targetOf(path: string): Promise<Target> {
  const ending = extname(path);
  if (ending === '.safetensors' || ending === '' || path.endsWith('/')) return 'safetensors';
  if (['.pt', '.pth', '.bin'].includes(ending)) return 'pytorch';
  if (ending === '.ckpt') return 'lightning';
  if (await isFolder(path)) return 'safetensors';
  throw new TypeError(
    `expected an output that ends in .safetensors, .pt, .pth, .bin or .ckpt, or a folder, got "${path}"; --to says what it shall be`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await isThere(path)) && (await stat(path)).isDirectory();
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function readInput(path: string): Promise<Input> {
  if (await isSafetensors(path)) {
    const reader = await openSafetensors(path);
    const { metadata, names } = reader;
    await reader.close();
    // Ties come back as one tensor and are written as such; what said so is written anew.
    const own = Object.entries(metadata).filter(([key, text]) => !names.includes(text) || names.includes(key));
    return { kind: 'safetensors', value: await loadSafetensors(path), metadata: Object.fromEntries(own) };
  }
  const value = await load(path, { keepTypes: true, allowsPlaceholders: true });
  const kind = isSconceCheckpoint(value) ? 'sconce' : isLightningCheckpoint(value) ? 'lightning' : 'pytorch';
  const foreign = kind === 'pytorch' ? convertForeign(value, path) : undefined;
  return { kind, value, metadata: {}, foreign };
}

/** By its content: a folder, an index, or a length and then a header. */
export async function isSafetensors(path: string): Promise<boolean> {
  if (await isFolder(path)) return true;
  if (path.endsWith('.safetensors') || path.endsWith('.safetensors.index.json')) return true;
  const file = await open(path, 'r');
  try {
    const first = Buffer.alloc(9);
    const { bytesRead } = await file.read(first, 0, 9, 0);
    // Neither a zip file nor a pickle has a zero in its sixth to eighth byte and a brace behind.
    return bytesRead === 9 && first[8] === 0x7b && first[5] === 0 && first[6] === 0 && first[7] === 0;
  } finally {
    await file.close();
  }
}

/** Puts together what is written. */
function assemble(input: Input, found: FoundWeights | undefined, target: Target, options: ConvertOptions): Output {
  const isWeightsOnly = options.weights || target === 'safetensors';
  const changesWeights = options.dtype ?? options.strip ?? options.prefix ?? options.only[0];
  if (found === undefined) {
    if (!isWeightsOnly && changesWeights === undefined && options.key === undefined && target === 'pytorch') {
      return { value: input.value, dropped: [] };
    }
    const keys = isRecord(input.value) ? Object.keys(input.value).slice(0, 20).join(', ') : 'no dict';
    const place = options.key === undefined ? 'tensors by name somewhere in it' : `tensors by name at "${options.key}"`;
    throw new TypeError(`expected ${place}, got ${keys || 'an empty dict'}; --key says where the weights are`);
  }
  const { weights, dropped: unwanted } = changeWeights(found.weights, options);
  if (isWeightsOnly || (found.path.length === 0 && target !== 'pytorch')) {
    const dropped = [...besides(input.value, found.path), ...unwanted, ...Object.keys(found.rest)];
    return { value: wrapWeights(weights, target), dropped };
  }
  if (options.only.length > 0 && found.path.length > 0) {
    throw new TypeError('expected --weights beside --only, got a checkpoint whose optimizer knows all parameters');
  }
  if (changesWeights === undefined) return inLayout(input, found, target);
  const change = (value: unknown): unknown => withWeights(value, found.path, { ...weights, ...found.rest });
  const { foreign } = input;
  const changed = foreign && { ...foreign, value: change(foreign.value) as typeof foreign.value };
  return inLayout({ ...input, value: change(input.value), foreign: changed }, { ...found, weights }, target);
}

/** A file of weights alone, in the layout of the target. */
function wrapWeights(weights: Weights, target: Target): unknown {
  if (target === 'lightning') return lightningFromWeights(weights);
  return target === 'sconce' ? fromLightning(lightningFromWeights(weights)).value : weights;
}

/** A whole checkpoint in another layout. */
function inLayout({ kind, value, foreign }: Input, { weights, path }: FoundWeights, target: Target): Output {
  if (target === 'pytorch' || target === kind) return { value, dropped: [] };
  // What is found elsewhere is not what that system goes on from.
  if (foreign && path.join('.') === 'model_state_dict') {
    if (target === 'sconce') return foreign;
    const written = toLightning(foreign.value as Checkpoint); // as every reader makes it
    return { value: written.value, dropped: [...foreign.dropped, ...written.dropped] };
  }
  if (target === 'lightning' && isSconceCheckpoint(value)) return toLightning(value);
  if (target === 'sconce' && isLightningCheckpoint(value)) return fromLightning(value);
  return { value: wrapWeights(weights, target), dropped: besides(value, path) };
}

/** Keys beside the path to the weights whose values go. */
function besides(value: unknown, path: readonly string[]): string[] {
  const [first] = path;
  if (first === undefined || !isRecord(value)) return [];
  return Object.keys(value).filter((key) => key !== first && holdsAnything(value[key]));
}

function countOf(weights: Weights): string {
  const tensors = Object.values(weights);
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.numel * dtypeBytes(tensor.dtype), 0);
  const kinds = [...new Set(tensors.map((tensor) => tensor.dtype))].join(', ');
  return `${tensors.length} tensors of weights (${formatBytes(bytes)}${kinds && `, ${kinds}`})`;
}
