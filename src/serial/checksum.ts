// The CRC-32 of archives, by whoever computes it fastest.
import { crc32 } from 'node:zlib';

/** The CRC of `bytes`, or of what came before and them, whose CRC so far is `before`. */
export type Checksum = (bytes: Uint8Array, before?: number) => number;

/** Node's own, which every process has. Of no bytes Node 20's may give 0, whatever came before. */
export const plainChecksum: Checksum = (bytes, before = 0) => (bytes.length === 0 ? before : crc32(bytes, before));
