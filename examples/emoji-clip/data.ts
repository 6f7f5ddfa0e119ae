// The data of the example: emoji pictures of two vendors, joined with their names and keywords, and which of them are held out.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Dataset, decodeImage } from 'sconce/data';

/** Whose drawing of an emoji. */
export type Vendor = 'google' | 'twitter';

/** One emoji: what it is called, in the words that the text tower reads, and where its pictures are. */
export interface Emoji {
  /** Code points without the variation selector FE0F, as in '1F469-200D-1F692'. */
  readonly hexcode: string;
  /** Its CLDR name, as in 'woman firefighter'. */
  readonly label: string;
  /** The words of its name and keywords by their position in the vocabulary, each once; 0 fills up to the longest caption. */
  readonly words: Int32Array;
  /** Number of the caption: emoji with the same words share it, and no model can tell them apart by their text. */
  readonly caption: number;
  /** Whether its Twitter picture is kept for validation. Its Google picture is trained on either way. */
  readonly isHeldOut: boolean;
  readonly pictures: Readonly<Record<Vendor, string>>;
}

/** All emoji that both vendors draw, and the words of all captions; word 0 stands for none. */
export interface Catalogue {
  readonly emoji: readonly Emoji[];
  readonly vocabulary: readonly string[];
}

/** Whose work the example uses, and on which terms: printed and put into the report of every run. */
export const ATTRIBUTION = [
  'Google pictures: Noto Emoji, copyright Google Inc., Apache License 2.0 (npm emoji-datasource-google 16.0.0)',
  'Twitter pictures: Twemoji, copyright Twitter, Inc. and other contributors, CC-BY 4.0, https://creativecommons.org/licenses/by/4.0/ (npm emoji-datasource-twitter 16.0.0); resized to 48 x 48 pixels on white',
  'Names and keywords: Unicode CLDR by way of emojibase, copyright Miles Johnson, MIT (npm emojibase-data 17.0.0)',
] as const;

/** One emoji in five is held out: those at positions 4, 9, 14, … of emoji.json, which lists emoji by code point, so that no random choice is involved. */
const HELD_OUT_EVERY = 5;

/** The fields of emoji-datasource's emoji.json that the example reads. */
interface PictureRecord {
  readonly unified: string;
  readonly image: string;
  readonly has_img_google: boolean;
  readonly has_img_twitter: boolean;
}

/** The fields of emojibase-data's en/data.json that the example reads. */
interface NameRecord {
  readonly hexcode: string;
  readonly label: string;
  readonly tags?: readonly string[];
}

/**
 * Reads what the three packages say about every emoji; no picture is opened.
 * @param folder - where the packages are installed: the example's folder.
 * @throws {Error} where a package is missing.
 */
export async function readCatalogue(folder: string): Promise<Catalogue> {
  const google = packageFolder('emoji-datasource-google', folder);
  const twitter = packageFolder('emoji-datasource-twitter', folder);
  const names = packageFolder('emojibase-data', folder);
  const pictures = await readJson<PictureRecord>(join(google, 'emoji.json'));
  const nameByHexcode = new Map(
    (await readJson<NameRecord>(join(names, 'en/data.json'))).map((name) => [withoutSelector(name.hexcode), name]),
  );
  const drawn = pictures.filter((picture) => picture.has_img_google && picture.has_img_twitter);
  const captions = drawn.map((picture) => captionOf(picture, nameByHexcode));
  const vocabulary = ['', ...new Set(captions.flatMap(({ words }) => words).sort())];
  const wordIndex = new Map(vocabulary.map((word, index) => [word, index]));
  const maxWords = Math.max(...captions.map(({ words }) => words.length));
  const captionNumbers = new Map<string, number>();
  const emoji = captions.map(({ label, words }, position): Emoji => {
    const { unified, image } = drawn[position]!;
    const indices = new Int32Array(maxWords);
    indices.set(words.map((word) => wordIndex.get(word)!));
    const key = [...words].sort().join(' ');
    if (!captionNumbers.has(key)) captionNumbers.set(key, captionNumbers.size);
    return {
      hexcode: withoutSelector(unified),
      label,
      words: indices,
      caption: captionNumbers.get(key)!,
      isHeldOut: position % HELD_OUT_EVERY === HELD_OUT_EVERY - 1,
      pictures: { google: join(google, 'img/google/64', image), twitter: join(twitter, 'img/twitter/64', image) },
    };
  });
  return { emoji, vocabulary };
}

/** The words of a text in lower case: runs of letters and digits. */
export function splitWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** One sample: the picture's pixels, the words of its caption, and the caption's number. */
export interface EmojiSample {
  /** 3 * size * size bytes: red, green, blue planes. */
  readonly image: Uint8Array;
  readonly words: Int32Array;
  readonly caption: number;
}

/** One vendor's pictures of some emoji, on white. Decoded anew at every `get`: wrap it in a `CachedDataset` to decode each once. */
export class EmojiDataset implements Dataset<EmojiSample> {
  readonly name: string;
  readonly length: number;
  readonly #emoji: readonly Emoji[];
  readonly #vendor: Vendor;
  readonly #size: number;

  /** @param options.size - edge of the pictures in pixels. */
  constructor(emoji: readonly Emoji[], options: { vendor: Vendor; size: number }) {
    this.name = `${options.vendor} emoji`;
    this.length = emoji.length;
    this.#emoji = emoji;
    this.#vendor = options.vendor;
    this.#size = options.size;
  }

  async get(index: number): Promise<EmojiSample> {
    const { words, caption, pictures } = this.#emoji[index]!;
    const { data } = await decodeImage(pictures[this.#vendor], { size: this.#size, background: [255, 255, 255] });
    return { image: data, words, caption };
  }
}

function captionOf(picture: PictureRecord, nameByHexcode: ReadonlyMap<string, NameRecord>) {
  const name = nameByHexcode.get(withoutSelector(picture.unified));
  if (!name) throw new Error(`Cannot caption emoji ${picture.unified}: expected its name in emojibase-data, got none`);
  const words = new Set([name.label, ...(name.tags ?? [])].flatMap(splitWords));
  return { label: name.label, words: [...words] };
}

/** The vendors' table and the names' table disagree only about FE0F, which asks for the colourful form and changes no meaning. */
function withoutSelector(hexcode: string): string {
  return hexcode
    .split('-')
    .filter((point) => point !== 'FE0F')
    .join('-');
}

function packageFolder(name: string, folder: string): string {
  try {
    return dirname(createRequire(join(folder, 'package.json')).resolve(`${name}/package.json`));
  } catch (cause) {
    throw new Error(
      `Cannot read the emoji: expected the package ${name} in ${folder}, got none; "npm run demo" installs it`,
      { cause },
    );
  }
}

/** Reads a file that holds a list. The packages are pinned, so that their records have the fields that `T` names. */
async function readJson<T>(path: string): Promise<T[]> {
  return JSON.parse(await readFile(path, 'utf8')) as T[];
}
