// The files of predictions: rows of text that are written as they come, or tensors that are written when all are there.

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { saveNpy } from '../../data/index.ts';
import { saveSafetensors } from '../../serial/safetensors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { cat } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { csvHeader, csvLine, jsonLine, type PredictionColumns, readColumns } from './prediction-rows.ts';

/** A file that takes the columns of one batch after the other. */
export interface PredictionFile {
  /** Synchronous, inside the scope of a step. */
  add(columns: PredictionColumns, loader: string, numSamples: number): void;
  /** @param isComplete - false where the predictions were stopped or failed: of tensors no file is written then. */
  end(isComplete: boolean): Promise<void>;
}

export const PREDICTION_ENDINGS = ['.jsonl', '.csv', '.npy', '.safetensors'] as const;

/** The file at a path, whose ending says the format. Its folder is made. */
export function openPredictionFile(path: string): PredictionFile {
  mkdirSync(dirname(path), { recursive: true });
  return path.endsWith('.jsonl') || path.endsWith('.csv') ? new RowFile(path) : new TensorFile(path);
}

/** Text that waits for more is at most this long. */
const BUFFER_CHARS = 64 * 1024;

/** A line for each sample. */
class RowFile implements PredictionFile {
  readonly #path: string;
  readonly #fd: number;
  readonly #counts = new Map<string, number>();
  #layout: string | undefined;
  #text = '';

  constructor(path: string) {
    this.#path = path;
    this.#fd = openSync(path, 'w');
  }

  add(columns: PredictionColumns, loader: string, numSamples: number): void {
    const isCsv = this.#path.endsWith('.csv');
    const numbers = readColumns(columns);
    if (isCsv) {
      const header = csvHeader(numbers);
      this.#layout ??= this.#text += header;
      if (this.#layout !== header) refuse(this.#path, `columns ${this.#layout.trim()}`, header.trim());
    }
    const line = isCsv ? csvLine : jsonLine;
    const before = this.#counts.get(loader) ?? 0;
    for (let row = 0; row < numSamples; row++) {
      this.#text += line(numbers, row, { loader, sample: before + row });
      if (this.#text.length >= BUFFER_CHARS) this.#write();
    }
    this.#counts.set(loader, before + numSamples);
  }

  async end(): Promise<void> {
    try {
      this.#write();
    } finally {
      closeSync(this.#fd);
    }
  }

  #write(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(this.#fd, rest));
  }
}

/** Columns as tensors over all samples: .npy has one of them. */
class TensorFile implements PredictionFile {
  readonly #path: string;
  /** On the host, beyond the scopes of steps. */
  readonly #parts = new Map<string, Tensor[]>();
  #names: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  add(columns: PredictionColumns): void {
    const names = Object.keys(columns);
    this.#names ??= names.join(', ');
    if (names.join(', ') !== this.#names) refuse(this.#path, `columns ${this.#names}`, names.join(', '));
    if (this.#path.endsWith('.npy') && names.length !== 1)
      refuse(this.#path, 'one column', `${names.join(', ')}; select one, or write .safetensors`);
    for (const [name, tensor] of Object.entries(columns)) {
      const parts = this.#parts.get(name) ?? [];
      const [, ...shape] = parts[0]?.shape ?? tensor.shape;
      if (String(shape) !== String(tensor.shape.slice(1)))
        refuse(this.#path, `"${name}" of shape [N, ${shape.join(', ')}]`, `[${tensor.shape.join(', ')}]`);
      // A copy in any case: the model may go on to write into what it gave.
      parts.push(noGrad(() => tensor.detach().to({ device: 'cpu' }).clone()).keep());
      this.#parts.set(name, parts);
    }
  }

  async end(isComplete: boolean): Promise<void> {
    const whole: Record<string, Tensor> = {};
    try {
      if (!isComplete) return;
      for (const [name, parts] of this.#parts) whole[name] = scope(() => cat(parts)).keep();
      const [first] = Object.values(whole);
      if (first && this.#path.endsWith('.npy')) await saveNpy(first, this.#path);
      else if (first) await saveSafetensors(whole, this.#path);
    } finally {
      for (const tensor of [...Object.values(whole), ...[...this.#parts.values()].flat()]) tensor.dispose();
    }
  }
}

function refuse(path: string, wanted: string, got: string): never {
  throw new TypeError(`Cannot write predictions to "${path}": expected ${wanted}, got ${got}`);
}
