// A checkpoint in memory: a copy of everything that goes into a file, which is then checked and written on threads of its own.

import { getSystemErrorMap } from 'node:util';
import { getNative } from '../tensor/call.ts';
import { writeFileDurably } from './file.ts';
import { inFile } from './problems.ts';
import { encodeCheckpoint } from './pytorch-zip.ts';
import { nativeChecksum, TensorDescriber } from './tensors.ts';

/** A value as it was at one moment. Its tensors are copied when it is made, and what they were copied from may change from then on.
 *  Nothing of the rest takes the calling thread more than a moment, whatever the size: not the checksums, nor the writing. */
export class Snapshot {
  readonly #describer = new TensorDescriber({ copies: true });
  readonly #checksums = new Map<Uint8Array, number>();
  readonly #first: Uint8Array;
  readonly #rest: Generator<Uint8Array>;
  #parts: Promise<readonly Uint8Array[]> | undefined;

  /** @throws {CheckpointError} for a value that a file cannot hold. */
  constructor(value: unknown, options: { readonly keepsObjects?: boolean | undefined } = {}) {
    try {
      this.#rest = encodeCheckpoint(value, {
        toStored: this.#describer.describe,
        keepsObjects: options.keepsObjects,
        checksum: nativeChecksum(),
        checksumOf: (bytes) => this.#checksums.get(bytes),
      });
      // With the first chunk the whole value was walked through.
      this.#first = this.#rest.next().value as Uint8Array;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** All bytes of the file in order; valid until `release`. */
  parts(): Promise<readonly Uint8Array[]> {
    this.#parts ??= this.#layOut();
    return this.#parts;
  }

  /** Writes the file. When it resolves, the file is on disk under its name; when it rejects, what was there before still is. */
  async writeTo(path: string): Promise<void> {
    try {
      const parts = await this.parts();
      const { copies } = this.#describer;
      await writeFileDurably(path, async (temporary) => {
        const failed = await getNative().writeFile(
          temporary,
          parts.map((part) => copies.get(part) ?? part),
        );
        if (failed) throw systemError(...failed);
      });
    } catch (error) {
      throw inFile('write', path, error);
    }
  }

  /** Lets go of the copies. */
  release(): void {
    this.#describer.release();
  }

  async #layOut(): Promise<readonly Uint8Array[]> {
    const copies = [...this.#describer.copies];
    const sums = await getNative().checksums(Float64Array.from(copies, ([, handle]) => handle));
    for (const [i, [bytes]] of copies.entries()) this.#checksums.set(bytes, sums[i]!);
    return [this.#first, ...this.#rest];
  }
}

/** An error as Node's own file functions throw it. */
function systemError(number: number, syscall: string): Error {
  const [code, text] = getSystemErrorMap().get(-number) ?? [`E${number}`, 'unknown error'];
  return Object.assign(new Error(`${code}: ${text}, ${syscall}`), { errno: -number, code, syscall });
}
