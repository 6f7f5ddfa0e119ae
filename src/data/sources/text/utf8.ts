// UTF-8 that is checked: text that is something else is refused where it is, not read as question marks.

const checked = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const REPLACEMENT = 0xfffd;

/** Decodes bytes that are whole characters. @param action - for the message, with what is read.  @param where - names the bytes' place, as in `line 7`.
 *  @throws {TypeError} naming the first byte that is no UTF-8. */
export function decodeUtf8(bytes: Uint8Array, action: string, where: string): string {
  try {
    return checked.decode(bytes);
  } catch (cause) {
    const at = firstInvalid(bytes);
    throw new TypeError(
      `Cannot ${action}: expected UTF-8, got byte 0x${bytes[at]!.toString(16).padStart(2, '0')} at byte ${at} of ${where}`,
      { cause },
    );
  }
}

/** How many of the last bytes begin a character that goes on behind them. */
export function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

/** Where the first byte is that belongs to no character. A lenient decoder puts U+FFFD there; the text may have some of its own. */
function firstInvalid(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let at = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const isItsOwn = bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
    if (code === REPLACEMENT && !isItsOwn) return at;
    at += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes.length - 1;
}
