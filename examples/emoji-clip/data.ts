// The data of the example: emoji pictures of two vendors, joined with their names and keywords in five languages, and which of them are held out.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Dataset, decodeImage } from 'sconce/data';
import { LANGUAGES, type Language, splitWords } from './words.ts';

/** Whose drawing of an emoji. */
export type Vendor = 'google' | 'twitter';

/** One emoji: what it is called, in the words that the text tower reads, and where its pictures are. */
export interface Emoji {
  /** Code points without the variation selector FE0F, as in '1F469-200D-1F692'. */
  readonly hexcode: string;
  /** Its CLDR name in English, as in 'woman firefighter'. */
  readonly label: string;
  readonly labels: Readonly<Record<Language, string>>;
  /** In each language the words of its name and keywords by their position in the vocabulary, each once; 0 fills up to the longest caption. */
  readonly words: Readonly<Record<Language, Int32Array>>;
  /** As 'animals-nature'. */
  readonly group: string;
  /** As 'animal-bird'. */
  readonly subgroup: string;
  /** Whether its Twitter picture is kept for validation. Its Google picture is trained on either way. */
  readonly isHeldOut: boolean;
  readonly pictures: Readonly<Record<Vendor, string>>;
}

/** All emoji that both vendors draw, and the words of all captions; word 0 stands for none. */
export interface Catalogue {
  readonly emoji: readonly Emoji[];
  readonly vocabulary: readonly string[];
  /** The groups of emoji, in emojibase's order, and the subgroups that each has. */
  readonly groups: readonly { readonly name: string; readonly subgroups: readonly string[] }[];
}

/** Whose work the example uses, and on which terms: printed and put into the report of every run. */
export const ATTRIBUTION = [
  'Google pictures: Noto Emoji, copyright Google Inc., Apache License 2.0 (npm emoji-datasource-google 16.0.0)',
  'Twitter pictures: Twemoji, copyright Twitter, Inc. and other contributors, CC-BY 4.0, https://creativecommons.org/licenses/by/4.0/ (npm emoji-datasource-twitter 16.0.0); resized to 48 x 48 pixels on white',
  'Names, keywords and groups: Unicode CLDR by way of emojibase, copyright Miles Johnson, MIT (npm emojibase-data 17.0.0)',
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

/** The fields of emojibase-data's {language}/data.json that the example reads. */
interface NameRecord {
  readonly hexcode: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly subgroup?: number;
}

/** emojibase-data's meta/groups.json: names by number, and the subgroups of each group. */
interface GroupRecords {
  readonly groups: Readonly<Record<string, string>>;
  readonly subgroups: Readonly<Record<string, string>>;
  readonly hierarchy: Readonly<Record<string, readonly number[]>>;
}

/** Where the packages are installed: the folder of this file, whichever program it is bundled into. */
export const EXAMPLE_FOLDER = dirname(fileURLToPath(import.meta.url));

const read = new Map<string, Promise<Catalogue>>();

/** What the three packages say about every emoji, read once; no picture is opened.
 *  @param folder - where the packages are installed.  @throws {Error} where a package is missing. */
export function readCatalogue(folder = EXAMPLE_FOLDER): Promise<Catalogue> {
  if (!read.has(folder)) read.set(folder, readPackages(folder));
  return read.get(folder)!;
}

async function readPackages(folder: string): Promise<Catalogue> {
  const google = packageFolder('emoji-datasource-google', folder);
  const twitter = packageFolder('emoji-datasource-twitter', folder);
  const names = packageFolder('emojibase-data', folder);
  const pictures = await readJson<PictureRecord[]>(join(google, 'emoji.json'));
  const { groups, subgroups, hierarchy } = await readJson<GroupRecords>(join(names, 'meta/groups.json'));
  const drawn = pictures.filter((picture) => picture.has_img_google && picture.has_img_twitter);
  const captions = new Map<Language, Caption[]>();
  for (const language of LANGUAGES) {
    const records = await readJson<NameRecord[]>(join(names, language, 'data.json'));
    const nameByHexcode = new Map(records.map((name) => [withoutSelector(name.hexcode), name]));
    captions.set(
      language,
      drawn.map((picture) => captionOf(picture, nameByHexcode, language)),
    );
  }
  const all = [...captions.values()].flat().map(({ words }) => words);
  const vocabulary = ['', ...new Set(all.flat().sort())];
  const wordIndex = new Map(vocabulary.map((word, index) => [word, index]));
  const maxWords = Math.max(...all.map((words) => words.length));
  const indicesOf = (words: readonly string[]): Int32Array => {
    const indices = new Int32Array(maxWords);
    indices.set(words.map((word) => wordIndex.get(word)!));
    return indices;
  };
  const emoji = drawn.map(({ unified, image }, position): Emoji => {
    const { label, group, subgroup } = captions.get('en')![position]!;
    const inEach = <T>(of: (caption: Caption) => T) =>
      Object.fromEntries(LANGUAGES.map((each) => [each, of(captions.get(each)![position]!)])) as Record<Language, T>;
    return {
      hexcode: withoutSelector(unified),
      label,
      labels: inEach((caption) => caption.label),
      words: inEach(({ words }) => indicesOf(words)),
      group: groups[group] ?? 'component',
      subgroup: subgroups[subgroup] ?? 'component',
      isHeldOut: position % HELD_OUT_EVERY === HELD_OUT_EVERY - 1,
      pictures: { google: join(google, 'img/google/64', image), twitter: join(twitter, 'img/twitter/64', image) },
    };
  });
  const namedGroups = Object.entries(hierarchy).map(([group, members]) => ({
    name: groups[group]!,
    subgroups: members.map((subgroup) => subgroups[subgroup]!),
  }));
  return { emoji, vocabulary, groups: namedGroups };
}

/** One sample: the picture's pixels, its captions, and the number of what it shows. */
export interface EmojiSample {
  /** 3 * size * size bytes: red, green, blue planes. */
  readonly image: Uint8Array;
  /** A row of words for each language, one after the other. */
  readonly words: Int32Array;
  /** Equal for emoji that have the same caption in one of the languages: no model can tell them apart by it. */
  readonly match: number;
}

export interface EmojiDatasetOptions {
  readonly vendor: Vendor;
  /** Edge of the pictures in pixels. Default 48. */
  readonly size?: number;
  /** Default: English. */
  readonly languages?: readonly Language[];
}

/** One vendor's pictures of some emoji, on white. Decoded anew at every `get`: wrap it in a `CachedDataset` to decode each once. */
export class EmojiDataset implements Dataset<EmojiSample> {
  readonly name: string;
  readonly length: number;
  readonly #emoji: readonly Emoji[];
  readonly #vendor: Vendor;
  readonly #size: number;
  readonly #captions: readonly Int32Array[];
  readonly #matches: readonly number[];

  constructor(emoji: readonly Emoji[], { vendor, size = 48, languages = ['en'] }: EmojiDatasetOptions) {
    this.name = `${vendor} emoji`;
    this.length = emoji.length;
    this.#emoji = emoji;
    this.#vendor = vendor;
    this.#size = size;
    this.#captions = emoji.map(({ words }) =>
      Int32Array.from(languages.flatMap((language) => Array.from(words[language]))),
    );
    this.#matches = matchesOf(emoji, languages);
  }

  async get(index: number): Promise<EmojiSample> {
    const path = this.#emoji[index]!.pictures[this.#vendor];
    const { data } = await decodeImage(path, { size: this.#size, background: [255, 255, 255] });
    return { image: data, words: this.#captions[index]!, match: this.#matches[index]! };
  }
}

/** For each emoji the first one that has the same words in one of the languages, itself where none has; of those that hang together over several, too. */
export function matchesOf(emoji: readonly Emoji[], languages: readonly Language[]): number[] {
  const first = emoji.map((_, i) => i);
  const rootOf = (i: number): number => (first[i] === i ? i : rootOf(first[i]!));
  for (const language of languages) {
    const seen = new Map<string, number>();
    for (const [i, { words }] of emoji.entries()) {
      const caption = [...words[language]].sort((a, b) => a - b).join(' ');
      const [a, b] = [rootOf(seen.get(caption) ?? i), rootOf(i)];
      first[Math.max(a, b)] = Math.min(a, b);
      if (!seen.has(caption)) seen.set(caption, i);
    }
  }
  return first.map((_, i) => rootOf(i));
}

interface Caption {
  readonly label: string;
  readonly words: readonly string[];
  readonly group: number;
  readonly subgroup: number;
}

function captionOf(
  picture: PictureRecord,
  nameByHexcode: ReadonlyMap<string, NameRecord>,
  language: Language,
): Caption {
  const name = nameByHexcode.get(withoutSelector(picture.unified));
  if (!name) throw new Error(`Cannot caption emoji ${picture.unified}: expected its name in emojibase-data, got none`);
  const words = new Set([name.label, ...(name.tags ?? [])].flatMap((text) => splitWords(text, language)));
  return { label: name.label, words: [...words], group: name.group ?? -1, subgroup: name.subgroup ?? -1 };
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

/** Reads a file of the packages, which are pinned, so that it has what `T` names. */
async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
