// Clips of recorded speech with what is said in them, in five languages: the sounds of the Asterisk telephone system, as Debian packs them.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Each language's only speaker, whose folder lies below `share/asterisk/sounds`, and the letters that it is written with. */
export const LANGUAGES: Readonly<Record<string, { readonly voice: string; readonly script: RegExp }>> = {
  en: { voice: 'en_US_f_Allison', script: /^[\p{Script=Latin}' ]+$/u },
  es: { voice: 'es_MX_f_Allison', script: /^[\p{Script=Latin}' ]+$/u },
  fr: { voice: 'fr_CA_f_June', script: /^[\p{Script=Latin}' ]+$/u },
  it: { voice: 'it_IT_m_Carlo', script: /^[\p{Script=Latin}' ]+$/u },
  ru: { voice: 'ru_RU_f_IvrvoiceRU', script: /^[\p{Script=Cyrillic} ]+$/u },
};

/** A sound and its words. */
export interface Clip {
  /** Below the voice's folder, without its ending, as in `digits/7`. */
  readonly name: string;
  readonly path: string;
  /** Lower case; letters, apostrophes and single spaces alone. */
  readonly text: string;
}

/** All clips of a language whose words are known letter by letter, in the order of their names. Left out are
 *  those whose transcript has digits, remarks in brackets or letters of another script, and sounds that nobody speaks.
 *  @param share - Debian's `/usr/share`.
 *  @throws {Error} where the packages are not there. */
export async function readClips(language: string, share: string): Promise<Clip[]> {
  const known = LANGUAGES[language];
  if (known === undefined)
    throw new RangeError(`Cannot read clips: expected one of ${Object.keys(LANGUAGES).join(', ')}, got "${language}"`);
  const folder = join(share, 'asterisk', 'sounds', known.voice);
  const list = join(share, 'doc', `asterisk-core-sounds-${language}`, `core-sounds-${language}.txt.gz`);
  const missing = [folder, list].find((path) => !existsSync(path));
  if (missing !== undefined)
    throw new Error(
      `Cannot read the clips of "${language}": expected ${missing}, got none there; apt-get install asterisk-core-sounds-${language}-wav asterisk-core-sounds-${language}`,
    );
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = new Set(
    files
      .filter((file) => file.isFile() && file.name.endsWith('.wav'))
      .map((file) => relative(folder, join(file.parentPath, file.name)).replace(/\.wav$/, '')),
  );
  return gunzipSync(await readFile(list))
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, words] = /^([^;:]+):\s*(.*)$/.exec(line) ?? [];
      const text = words === undefined ? undefined : lettersOf(words);
      if (name === undefined || text === undefined || !known.script.test(text) || !names.delete(name)) return [];
      return [{ name, path: join(folder, `${name}.wav`), text }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Undefined for what is not spoken as it is written. */
function lettersOf(words: string): string | undefined {
  const text = words.toLowerCase().normalize('NFC').replaceAll(/[’`]/g, "'");
  if (/[\d[\](){}<>@#*+=/$]/.test(text)) return undefined;
  const letters = text
    .replaceAll(/[^\p{L}']+/gu, ' ')
    .replaceAll(/(?<!\p{L})'|'(?!\p{L})/gu, '')
    .trim();
  return letters === '' ? undefined : letters;
}

/** Whether a clip is held out: every eighth, the same phrases in all languages, whose clips have the same names. */
export function isHeldOut({ name }: Clip): boolean {
  return createHash('sha256').update(name).digest().readUInt32BE(0) % 8 === 0;
}

/** What a language is written with, in the order of its letters. Number 0 is CTC's blank; the first letter is 1. */
export class Alphabet {
  readonly letters: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(texts: Iterable<string>) {
    this.letters = [...new Set([...texts].flatMap((text) => [...text]))].sort();
    this.#numbers = new Map(this.letters.map((letter, i) => [letter, i + 1]));
  }

  /** With the blank. */
  get size(): number {
    return this.letters.length + 1;
  }

  /** Letters that the alphabet has not are left out. */
  encode(text: string): number[] {
    return [...text].flatMap((letter) => this.#numbers.get(letter) ?? []);
  }

  /** The text of the best class of each frame: repetitions are one, blanks are none. */
  decode(classes: Iterable<number>): string {
    let before = 0;
    let text = '';
    for (const number of classes) {
      if (number !== before && number > 0) text += this.letters[number - 1] ?? '';
      before = number;
    }
    return text;
  }
}
