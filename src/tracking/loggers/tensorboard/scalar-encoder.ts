// Encodes the events of scalars, of which a run has most: without making a thing for each.
import type { MetricValues } from '../../run-format.ts';
import { ProtobufWriter } from '../protobuf.ts';
import { type EventPlace, STEP, SUMMARY, TAG, WALL_TIME } from './events.ts';

const KEYS_KEPT = 10_000;

/** Encodes values as `simple_value`, rounded to float32. What is the same for a key in every record is kept. */
export class ScalarEncoder {
  readonly #heads = new Map<string, Uint8Array>();
  #bytes = Buffer.allocUnsafe(1024);

  /** One event with all of the values. Valid until the next. @throws {TypeError} for what is no number. */
  encode(values: MetricValues, { seconds, step }: EventPlace): Uint8Array {
    const length = this.#lengthOf(values);
    if (this.#bytes.length < length + 40) this.#bytes = Buffer.allocUnsafe(2 * length + 40);
    const bytes = this.#bytes;
    bytes[0] = (WALL_TIME << 3) | 1;
    bytes.writeDoubleLE(seconds, 1);
    bytes[9] = STEP << 3;
    let at = writeVarint(bytes, step, 10);
    bytes[at++] = (SUMMARY << 3) | 2;
    at = writeVarint(bytes, length, at);
    for (const key in values) {
      const head = this.#heads.get(key) ?? headOf(key);
      bytes.set(head, at);
      at = bytes.writeFloatLE(values[key]!, at + head.length);
    }
    return bytes.subarray(0, at);
  }

  /** Bytes of the `Summary`. */
  #lengthOf(values: MetricValues): number {
    let length = 0;
    for (const key in values) {
      const value: unknown = values[key];
      if (typeof value !== 'number')
        throw new TypeError(
          `Cannot log metric "${key}": expected a number, got ${value === null ? 'null' : typeof value}`,
        );
      let head = this.#heads.get(key);
      if (head === undefined) {
        head = headOf(key);
        if (this.#heads.size < KEYS_KEPT) this.#heads.set(key, head);
      }
      length += head.length + 4;
    }
    return length;
  }
}

/** A `Summary.Value` with the field before it, up to the four bytes of its number. */
function headOf(key: string): Uint8Array {
  const value = new ProtobufWriter().message(1, (fields) => fields.text(TAG, key).float(2, 0)).finish();
  return value.subarray(0, -4);
}

/** @returns the place behind. */
function writeVarint(bytes: Buffer, value: number, at: number): number {
  let rest = value;
  let next = at;
  while (rest >= 0x80) {
    bytes[next++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[next++] = rest;
  return next;
}
