// An event file: its name, its folder, and the frame around each of its records.
import { mkdirSync, openSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BufferedFile } from '../buffered-file.ts';
import { openLog } from '../open-error.ts';
import { maskedCrc32c } from './crc32c.ts';

const NAME = /^events\.out\.tfevents\.(\d+)\./;

/** Appends records as TensorBoard reads them: `length (8 bytes), its masked CRC-32C, data, the data's masked CRC-32C`. */
export class EventFile {
  readonly path: string;
  readonly #file: BufferedFile;
  #frame: Buffer = Buffer.alloc(256);

  /** Starts a file that readers take behind all others in the folder: they go by its name.
   *  @param seconds - now, since 1970. */
  constructor(folder: string, seconds: number, warn: (message: string) => void) {
    openLog(folder, () => mkdirSync(folder, { recursive: true }));
    const starts = openLog(folder, () => readdirSync(folder)).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
    const start = Math.max(Math.floor(seconds), ...starts.map((each) => each + 1));
    const name = `events.out.tfevents.${String(start).padStart(10, '0')}.${hostname()}.${process.pid}.0`;
    this.path = join(folder, name);
    const fd = openLog(this.path, () => openSync(this.path, 'wx'));
    this.#file = new BufferedFile({ path: this.path, fd, position: 0, warn });
  }

  append(data: Uint8Array): void {
    const length = data.length + 16;
    if (this.#frame.length < length) this.#frame = Buffer.alloc(2 * length);
    const frame = this.#frame;
    frame.writeUInt32LE(data.length, 0);
    frame.writeUInt32LE(0, 4);
    frame.writeUInt32LE(maskedCrc32c(frame, 0, 8), 8);
    frame.set(data, 12);
    frame.writeUInt32LE(maskedCrc32c(data), 12 + data.length);
    this.#file.append(frame.subarray(0, length));
  }

  flush(): void {
    this.#file.flush();
  }

  close(): void {
    this.#file.close();
  }
}
