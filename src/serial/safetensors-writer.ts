// Turns a state dict into safetensors files: who shares memory with whom, what is written, and how a folder changes without ever mixing two models.

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { getNative, h } from '../tensor/call.ts';
import { dtypeBytes } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/tensor.ts';
import { writeFileDurably } from './file.ts';
import { unwritable } from './problems.ts';
import { encodeHeader, inFileOrder, requireText, type TensorFacts } from './safetensors-header.ts';
import { encodeIndex, indexName, shardPattern, splitIntoShards } from './sharded-index.ts';
import type { SharedTensors } from './shared-tensors.ts';
import { contiguousStride } from './stored-tensor.ts';
import { quoted } from './strict-json.ts';
import { describe } from './values.ts';

/** A tensor with the bytes that go into a file. */
interface Content extends TensorFacts {
  readonly bytes: Uint8Array;
}

/** What is written of a state. */
export interface Contents {
  readonly tensors: readonly Content[];
  readonly metadata: ReadonlyMap<string, string>;
  /** Lets go of memory that is not copied. To be called when all is with the system, before anything else can run. */
  release(): void;
}

/** Finds the bytes of a state's tensors, in row-major order whatever their strides.
 *  @param copies - whether they are copied, so that they may be written while other things run; else tensors without gaps are seen as they lie in memory.
 *  @throws {CheckpointError} for what is no dense tensor, and, with 'error', for tensors that share memory. */
export function readContents(
  state: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
  options: { shared: SharedTensors; copies: boolean },
): Contents {
  const { shared, copies } = options;
  const texts = new Map(Object.entries(metadata));
  for (const [key, text] of texts) {
    if (typeof text !== 'string')
      throw unwritable(`expected text in metadata at ${quoted(key)}, got ${describe(text)}`);
    requireText(key, 'a key of metadata');
    requireText(text, `metadata at ${quoted(key)}`);
  }
  const tensors = new Map(Object.entries(state).map(([name, value]) => [name, requireDense(name, value)]));
  if (shared !== 'copy') {
    for (const [dropped, kept] of findDuplicates(tensors, shared)) {
      tensors.delete(dropped);
      if (!texts.has(dropped)) texts.set(dropped, kept); // as Python's save_model says it
    }
  }
  const contents = [...tensors].map(([name, tensor]): Content => {
    const sizeBytes = tensor.numel * dtypeBytes(tensor.dtype);
    return { name, dtype: tensor.dtype, shape: tensor.shape, sizeBytes, bytes: new Uint8Array() };
  });
  inFileOrder(contents); // refuses names and dtypes before gigabytes are copied
  const views: ArrayBuffer[] = [];
  const filled = contents.map((content) => ({ ...content, bytes: bytesOf(tensors.get(content.name)!, copies, views) }));
  const release = (): void => {
    for (const view of views.splice(0)) getNative().detachBuffer(view);
  };
  return { tensors: filled, metadata: texts, release };
}

/** As isContiguous(), which libtorch 1.13 has no operator for. */
function liesInOrder({ shape, stride }: Tensor): boolean {
  const wanted = contiguousStride(shape);
  return shape.every((size, dim) => size === 1 || stride[dim] === wanted[dim]);
}

/** @param views - gets the memory that is seen in place. */
function bytesOf(tensor: Tensor, copies: boolean, views: ArrayBuffer[]): Uint8Array {
  const isInPlace = tensor.device === 'cpu' && liesInOrder(tensor) && !tensor.isConj() && !tensor.isNeg();
  if (copies || !isInPlace) return tensor.toBytes();
  const view = getNative().viewStorage(h(tensor));
  views.push(view);
  const size = dtypeBytes(tensor.dtype);
  return new Uint8Array(view, getNative().storageOffset(h(tensor)) * size, tensor.numel * size);
}

function requireDense(name: string, value: unknown): Tensor {
  if (!(value instanceof Tensor)) {
    throw unwritable(
      `expected tensors by name, got ${describe(value)} at ${quoted(name)}; save() writes nested values`,
    );
  }
  if (value.layout !== 'strided') {
    throw unwritable(`expected dense tensors, got layout ${value.layout} at ${quoted(name)}; write its toDense()`);
  }
  return value;
}

/** The bytes of memory that a tensor looks at. */
interface Area {
  readonly name: string;
  readonly tensor: Tensor;
  readonly start: number;
  readonly end: number;
}

/** Names to leave out, with the name under which each one's tensor is written.
 *  @throws {CheckpointError} listing the names that share memory, where that is not wanted or more than a name is different. */
function findDuplicates(tensors: ReadonlyMap<string, Tensor>, shared: SharedTensors): Map<string, string> {
  const groups = overlappingNames(tensors);
  const listed = groups.map((names) => `[${names.map(quoted).join(', ')}]`).join(', ');
  if (groups.length > 0 && shared === 'error') {
    throw unwritable(
      `expected tensors with memory of their own, got some that share it: ${listed}; sharedTensors: 'once' writes what is the same under one name, 'copy' under each`,
    );
  }
  const duplicates = new Map<string, string>();
  for (const [kept, ...others] of groups as [string, ...string[]][]) {
    for (const name of others) {
      if (!haveOneLayout(tensors.get(kept)!, tensors.get(name)!)) {
        throw unwritable(
          `expected tensors that share all of their memory, got ${quoted(kept)} and ${quoted(name)}, which share a part or see it in two ways; sharedTensors: 'copy' writes both`,
        );
      }
      duplicates.set(name, kept);
    }
  }
  return duplicates;
}

/** Groups of at least two names whose tensors have bytes in common, each sorted. */
function overlappingNames(tensors: ReadonlyMap<string, Tensor>): string[][] {
  const byStorage = new Map<string, Area[]>();
  for (const [name, tensor] of tensors) {
    if (tensor.numel === 0) continue;
    const key = `${tensor.device} ${getNative().storage(h(tensor))[0]}`;
    const areas = byStorage.get(key) ?? [];
    byStorage.set(key, areas);
    areas.push(areaOf(name, tensor));
  }
  const groups: string[][] = [];
  for (const areas of byStorage.values()) {
    areas.sort((a, b) => a.start - b.start);
    let group: string[] = [];
    let end = 0;
    for (const area of areas) {
      if (area.start >= end) {
        group = [];
        groups.push(group);
      }
      group.push(area.name);
      end = Math.max(end, area.end);
    }
  }
  return groups.filter((group) => group.length > 1).map((group) => group.sort());
}

function areaOf(name: string, tensor: Tensor): Area {
  const size = dtypeBytes(tensor.dtype);
  const first = getNative().storageOffset(h(tensor));
  const last = tensor.shape.reduce((place, extent, dim) => place + (extent - 1) * tensor.stride[dim]!, first);
  return { name, tensor, start: first * size, end: (last + 1) * size };
}

function haveOneLayout(a: Tensor, b: Tensor): boolean {
  const facts = (tensor: Tensor): string =>
    JSON.stringify([tensor.dtype, tensor.shape, tensor.stride, getNative().storageOffset(h(tensor)), tensor.isConj()]);
  return facts(a) === facts(b);
}

/** Writes one file, whole or not at all; what is not copied before the call returns. */
export async function writeSafetensorsFile(
  path: string,
  { tensors, metadata }: Pick<Contents, 'tensors' | 'metadata'>,
  options: { isBlocking: boolean },
): Promise<void> {
  const ordered = inFileOrder(tensors);
  const header = encodeHeader(ordered, metadata);
  await writeFileDurably(path, [header, ...ordered.map(({ bytes }) => bytes)], options);
}

/** Writes `model.safetensors`, or shards and their index, into a folder, which is made if it is not there. A process that is killed between the first file
 *  that changes and the last leaves a folder without an index: nobody takes some tensors from the old model and some from the new one. */
export async function writeSafetensorsFolder(
  folder: string,
  { tensors, metadata }: Contents,
  { maxShardBytes, isBlocking }: { maxShardBytes: number; isBlocking: boolean },
): Promise<void> {
  const shards = splitIntoShards(tensors, maxShardBytes);
  const index = {
    weightMap: new Map([...shards].flatMap(([file, held]) => held.map(({ name }) => [name, file] as const))),
    totalBytes: tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
  const staging = join(folder, `.${randomBytes(6).toString('hex')}.tmp`);
  mkdirSync(staging, { recursive: true });
  try {
    const writing: Promise<void>[] = [];
    for (const [file, held] of shards) {
      writing.push(writeSafetensorsFile(join(staging, file), { tensors: held, metadata }, { isBlocking }));
      // Copies wait their turn; what is not copied has to be written before anything else can run.
      if (!isBlocking) await writing.at(-1);
    }
    for (const end of await Promise.allSettled(writing)) if (end.status === 'rejected') throw end.reason;
    await rm(join(folder, indexName), { force: true });
    const old = (await readdir(folder)).filter((name) => shardPattern.test(name));
    for (const file of shards.keys()) await rename(join(staging, file), join(folder, file));
    for (const name of old) if (!shards.has(name)) await rm(join(folder, name));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  if (shards.size > 1) await writeFileDurably(join(folder, indexName), [encodeIndex(index)]);
}
