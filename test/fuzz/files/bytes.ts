// Damage to bytes that knows nothing of what they mean: flips, cuts, splices, and numbers that programs trip over.
import type { Random } from '../random.ts';

const NUMBERS = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe,
  0xffff_ffff,
];

/** A number that sits at the edge of something. */
export function edgeNumber(random: Random): number {
  return random.chance(0.8) ? random.pick(NUMBERS) : random.int(0, 2 ** 32 - 1);
}

/** A place in bytes; more often than not near the start or the end, where headers and directories are. */
export function placeIn(length: number, random: Random): number {
  if (length === 0) return 0;
  const near = Math.min(length - 1, random.int(0, 300));
  return random.pick([near, length - 1 - near, random.int(0, length - 1), random.int(0, length - 1)]);
}

/** The bytes with one piece of damage. @param other - what a splice takes from. */
export function damage(bytes: Buffer, other: Buffer, random: Random): Buffer {
  const at = placeIn(bytes.length, random);
  const length = random.pick([1, 2, 4, 8, 16, 64, 512]);
  const copy = Buffer.from(bytes);
  switch (random.int(0, 10)) {
    case 0:
    case 1:
    case 2:
      if (copy.length > 0) copy[at]! ^= 1 << random.int(0, 7);
      return copy;
    case 3:
      if (copy.length > 0) copy[at] = random.pick([0, 1, 0x7f, 0x80, 0xfe, 0xff, random.int(0, 255)]);
      return copy;
    case 4:
      return copy.subarray(0, random.chance(0.5) ? at : random.int(0, copy.length));
    case 5: // a part is missing
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    case 6: // a part too many
      return Buffer.concat([copy.subarray(0, at), Buffer.alloc(length, random.int(0, 255)), copy.subarray(at)]);
    case 7: // a part twice
      return Buffer.concat([copy.subarray(0, at + length), copy.subarray(at)]);
    case 8: {
      // the beginning of one file, the end of another
      const from = placeIn(other.length, random);
      return Buffer.concat([
        copy.subarray(0, at),
        other.subarray(from, random.chance(0.5) ? from + length : undefined),
      ]);
    }
    case 9: {
      const wide = random.pick([1, 2, 4, 8]);
      if (copy.length < at + wide) return copy;
      if (wide === 8)
        copy.writeBigUInt64LE(random.pick([0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]), at);
      else copy.writeUIntLE(edgeNumber(random) % 2 ** (8 * wide), at, wide);
      return copy;
    }
    default:
      copy.fill(random.pick([0, 0xff, 0x2e]), at, Math.min(copy.length, at + length));
      return copy;
  }
}
