// Looks whether files are what they were when they were written: every CRC, every header, every tensor's place, and numbers that are not finite.

import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { loadValue } from '../../serial/file.ts';
import { countNonFinite, type NonFinite } from '../../serial/finite.ts';
import { openSafetensors } from '../../serial/safetensors.ts';
import { dtypeOf } from '../../serial/safetensors-header.ts';
import { indexEnding, indexName, parseIndex, singleName } from '../../serial/sharded-index.ts';
import { readRun } from '../../tracking/read-run.ts';
import { runPaths } from '../../tracking/run-format.ts';
import { asCheckpoint } from '../../trainer/checkpoint/format.ts';
import { isLightningCheckpoint, isSconceCheckpoint } from '../../trainer/checkpoint/lightning.ts';
import { isSafetensors } from '../convert/convert.ts';
import { countNonFiniteStored, holdingsOf } from './stored-tensors.ts';

/** What was found out about one file, or one folder of safetensors. */
export interface FileReport {
  readonly path: string;
  /** As in 'PyTorch file'. */
  readonly format: string;
  /** What is wrong; undefined where nothing is. */
  readonly problem?: string;
  readonly numTensors: number;
  /** Bytes of all tensors. */
  readonly tensorBytes: number;
  /** Tensors with elements that are not finite. */
  readonly nonFinite: readonly (NonFinite & { readonly name: string })[];
  /** What is odd and does no harm. */
  readonly notes: readonly string[];
}

const endings = ['.pt', '.pth', '.bin', '.ckpt', '.safetensors'];

/** Verifies a file, a folder of safetensors, a run, or every file of weights in another folder. What is damaged is in the reports.
 *  @throws {Error} where there is nothing that could be verified. */
export async function verify(path: string): Promise<FileReport[]> {
  const facts = await stat(path).catch((cause: unknown) => {
    throw nothing(path, cause instanceof Error ? cause.message : String(cause), cause);
  });
  if (!facts.isDirectory()) return [await verifyOne(path)];
  const names = (await readdir(path)).sort();
  if (names.includes('metrics.jsonl') || names.includes('checkpoints')) return verifyRun(path);
  if (names.includes(indexName) || names.includes(singleName)) return [await verifySafetensors(path)];
  const files = names.filter((name) => endings.includes(extname(name)));
  if (files.length === 0) throw nothing(path, `a folder without ${endings.join(', ')} or a run`);
  const reports: FileReport[] = [];
  for (const name of files) reports.push(await verifyOne(join(path, name)));
  return reports;
}

function nothing(path: string, got: string, cause?: unknown): Error {
  return new Error(`Cannot verify "${path}": expected weights, a checkpoint or a run, got ${got}`, { cause });
}

async function verifyOne(path: string): Promise<FileReport> {
  try {
    if (await isSafetensors(path)) return await verifySafetensors(path);
  } catch (error) {
    return damaged(path, 'file', error);
  }
  return verifyPickle(path);
}

function damaged(path: string, format: string, error: unknown): FileReport {
  const problem = error instanceof Error ? error.message : String(error);
  return { path, format, problem, numTensors: 0, tensorBytes: 0, nonFinite: [], notes: [] };
}

async function verifyPickle(path: string): Promise<FileReport> {
  let format = 'PyTorch file';
  try {
    const value = await loadValue(path, { allowsPlaceholders: true });
    if (isLightningCheckpoint(value)) format = 'Lightning checkpoint';
    if (isSconceCheckpoint(value)) {
      format = 'Sconce checkpoint';
      asCheckpoint(value, path);
    }
    const { tensors, classes } = holdingsOf(value);
    const storages = new Set([...tensors.keys()].map(({ storage }) => storage));
    const nonFinite = [...tensors].map(([tensor, name]) => ({ name, ...countNonFiniteStored(tensor) }));
    return {
      path,
      format,
      numTensors: tensors.size,
      tensorBytes: [...storages].reduce((sum, { bytes }) => sum + bytes.length, 0),
      nonFinite: nonFinite.filter(isNotFinite),
      notes: classes.size === 0 ? [] : [`holds objects of Python classes: ${[...classes].join(', ')}`],
    };
  } catch (error) {
    return damaged(path, format, error);
  }
}

const isNotFinite = ({ numNan, numInf }: NonFinite): boolean => numNan + numInf > 0;

async function verifySafetensors(path: string): Promise<FileReport> {
  const format = 'safetensors';
  try {
    const reader = await openSafetensors(path);
    try {
      const nonFinite: (NonFinite & { name: string })[] = [];
      let tensorBytes = 0;
      for (const name of reader.names) {
        const { dtype, sizeBytes } = reader.info(name);
        tensorBytes += sizeBytes;
        const counts = { name, numNan: 0, numInf: 0 };
        for await (const chunk of reader.chunks(name)) {
          const { numNan, numInf } = countNonFinite(chunk, dtypeOf(dtype) ?? 'uint8');
          counts.numNan += numNan;
          counts.numInf += numInf;
        }
        if (isNotFinite(counts)) nonFinite.push(counts);
      }
      const notes = ['the format has no checksums', ...(await indexNotes(path, tensorBytes))];
      return { path, format, numTensors: reader.names.length, tensorBytes, nonFinite, notes };
    } finally {
      await reader.close();
    }
  } catch (error) {
    return damaged(path, format, error);
  }
}

async function indexNotes(path: string, tensorBytes: number): Promise<string[]> {
  const isIndex = path.endsWith(indexEnding);
  const folder = isIndex ? dirname(path) : path;
  const index = isIndex ? path : join(path, indexName);
  if (!isIndex && !((await stat(path)).isDirectory() && (await readdir(folder)).includes(indexName))) return [];
  const { totalBytes } = parseIndex(await readFile(index));
  if (totalBytes === undefined || totalBytes === tensorBytes) return [];
  return [`total_size of the index says ${totalBytes} bytes`];
}

/** The log, the configuration and every checkpoint of a run. */
async function verifyRun(folder: string): Promise<FileReport[]> {
  const { checkpoints, metrics } = runPaths(folder);
  const reports = [await verifyLog(folder, metrics)];
  const entries = await readdir(checkpoints, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  // `latest` and `best` are links to files that have names of their own.
  const files = entries.filter((entry) => entry.isFile() && endings.includes(extname(entry.name)));
  for (const { name } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    reports.push(await verifyOne(join(checkpoints, name)));
  }
  return reports;
}

async function verifyLog(folder: string, path: string): Promise<FileReport> {
  const format = 'log of a run';
  try {
    const run = await readRun(folder);
    const notes = [
      ...(run.isTorn ? ['its last line is cut off: it is being written, or its writer was killed'] : []),
      ...(run.summary === undefined ? ['the run has no summary: it goes on, or was killed'] : []),
    ];
    return { path, format, numTensors: 0, tensorBytes: 0, nonFinite: [], notes };
  } catch (error) {
    return damaged(path, format, error);
  }
}
