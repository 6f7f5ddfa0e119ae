// Cuts text files into documents: whole files, lines, or what stands between separators.
import { SequentialFile } from '../reading/sequential-file.ts';
import { decodeUtf8, unfinishedBytes } from './utf8.ts';

/** What is a document of a text file. */
export type DocumentSplit = 'file' | 'line' | { readonly separator: string };

/** A document, or a piece of one. */
export interface DocumentPiece {
  /** Never empty but for the last piece of a document. */
  readonly text: string;
  /** Nothing of the document follows. */
  readonly isEnd: boolean;
}

/** No string of V8 is longer than 2^29 - 24 characters; a document may come near to that. */
const MAX_CHARACTERS = 2 ** 29 - 2 ** 21;

/**
 * The documents of a file, those without text left out.
 * @param isSplittable - a document may come in pieces; else each is whole.
 * @throws {Error} naming the file: unreadable, no UTF-8, a document that no string can hold.
 */
export async function* documentsOf(
  path: string,
  split: DocumentSplit,
  isSplittable: boolean,
): AsyncGenerator<DocumentPiece, void, undefined> {
  const separator = split === 'file' ? undefined : split === 'line' ? '\n' : split.separator;
  let pending = '';
  let hasBegun = false; // pieces of the document have been given
  for await (const text of textOf(path)) {
    const searched = separator === undefined ? 0 : Math.max(0, pending.length - separator.length + 1);
    pending += text;
    if (separator !== undefined) {
      let start = 0;
      for (let end = pending.indexOf(separator, searched); end >= 0; end = pending.indexOf(separator, start)) {
        const piece = pending.slice(
          start,
          split === 'line' && pending[end - 1] === '\r' ? Math.max(start, end - 1) : end,
        );
        if (hasBegun || piece !== '') yield { text: piece, isEnd: true };
        hasBegun = false;
        start = end + separator.length;
      }
      pending = pending.slice(start);
    }
    // What could be the beginning of a separator stays; so does half of a character, and the "\r" before a "\n".
    const kept = separator === undefined ? 0 : separator.length;
    const given = isSplittable ? cutBetweenCharacters(pending, pending.length - kept) : 0;
    if (given > 0) {
      yield { text: pending.slice(0, given), isEnd: false };
      hasBegun = true;
      pending = pending.slice(given);
    }
    if (pending.length > MAX_CHARACTERS) {
      throw new RangeError(
        `Cannot encode "${path}": expected documents of at most ${MAX_CHARACTERS} characters, got a longer one; split it by lines or a separator`,
      );
    }
  }
  if (split === 'line' && pending.endsWith('\r')) pending = pending.slice(0, -1);
  if (hasBegun || pending !== '') yield { text: pending, isEnd: true };
}

/** `end`, or one less where it would part a surrogate pair. */
function cutBetweenCharacters(text: string, end: number): number {
  if (end <= 0) return 0;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
}

/** The text of a file in pieces, without a byte order mark. */
async function* textOf(path: string): AsyncGenerator<string, void, undefined> {
  const file = new SequentialFile(path);
  try {
    await file.need(3);
    const [first, second, third] = file.buffered;
    if (first === 0xef && second === 0xbb && third === 0xbf) file.skip(3);
    let isMore = true;
    while (isMore) {
      const { buffered, position } = file;
      const whole = buffered.length - unfinishedBytes(buffered);
      if (whole > 0) yield decodeUtf8(buffered.subarray(0, whole), `read "${path}"`, `what follows byte ${position}`);
      file.skip(whole);
      isMore = await file.more();
    }
    const { buffered, position } = file; // half a character at the file's end
    if (buffered.length > 0) decodeUtf8(buffered, `read "${path}"`, `what follows byte ${position}`);
  } finally {
    await file.close();
  }
}
