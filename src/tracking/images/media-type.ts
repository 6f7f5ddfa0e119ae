// What kind of picture some bytes are, by how they begin.

/** The media type of a PNG, JPEG, GIF, WebP or SVG file; undefined for other bytes. */
export function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF8')) return 'image/gif';
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'image/webp';
  if (/^(?:<\?xml|<svg)/.test(head)) return 'image/svg+xml'; // as a picture it runs nothing
  return undefined;
}

/** A picture as the address of an image. @param mediaType - what `mediaTypeOf` says. */
export function dataAddress(bytes: Uint8Array, mediaType: string): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return `data:${mediaType};base64,${data}`;
}
