// What a PNG says of itself in its first chunk.

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/** @throws {SyntaxError} for bytes that are no PNG. */
export function pngInfo(bytes: Uint8Array): { width: number; height: number; numChannels: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(0) !== 0x89504e47 || view.getUint32(12) !== 0x49484452)
    throw new SyntaxError(`Cannot read a PNG: expected its signature and header, got ${bytes.length} other bytes`);
  return { width: view.getUint32(16), height: view.getUint32(20), numChannels: CHANNELS[bytes[25]!] ?? 3 };
}
