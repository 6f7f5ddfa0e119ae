// Text to tokens and back: bytes, characters, and what any tokenizer class has to offer.
import { readFile, writeFile } from 'node:fs/promises';
import { ConfigError } from '../../../errors.ts';
import { reasonOf } from '../reading/byte-source.ts';

/**
 * Makes tokens of text. A `PretrainedTokenizer` of `sconce/models` is one: then special tokens are left out, as `addSpecialTokens: false` asks.
 */
export interface TokenEncoder {
  /** Tokens are integers from 0 to below this. */
  readonly vocabSize: number;
  encode(
    text: string,
    options: { readonly addSpecialTokens: false },
  ): ArrayLike<number> | { readonly ids: ArrayLike<number> };
  /** Text may be cut between any two characters without a change to its tokens: then documents of any size are encoded in pieces. Default false. */
  readonly isSplittable?: boolean;
}

/** The tokens of `text`. */
export function encodeText(encoder: TokenEncoder, text: string): ArrayLike<number> {
  const tokens = encoder.encode(text, { addSpecialTokens: false });
  return 'ids' in tokens ? tokens.ids : tokens;
}

/**
 * The bytes of a text's UTF-8 as tokens 0 to 255; token 256 is free for the end of a document.
 * @example
 * import { ByteEncoder } from 'sconce/data';
 * const encoder = new ByteEncoder();
 * encoder.encode('hé'); // Uint8Array [104, 195, 169]
 * encoder.decode([104, 195, 169, 256]); // 'hé'
 */
export class ByteEncoder implements TokenEncoder {
  readonly vocabSize = 257;
  /** What stands behind each document. */
  readonly endToken = 256;
  readonly isSplittable = true;

  encode(text: string): Uint8Array {
    return new TextEncoder().encode(text);
  }

  /** What `endToken` stands for is left out, and bytes that are no UTF-8 become U+FFFD. @throws {RangeError} for what is no token. */
  decode(tokens: ArrayLike<number>): string {
    const bytes = Array.from(tokens, (token) => checkToken(token, this.vocabSize)).filter((token) => token < 256);
    return new TextDecoder().decode(Uint8Array.from(bytes));
  }
}

/**
 * A token a character (code point), in the order of the characters' numbers.
 * @example
 * import { CharacterEncoder } from 'sconce/data';
 * const encoder = CharacterEncoder.fromText('abracadabra!');
 * encoder.vocabSize; // 6
 * encoder.encode('cab'); // Uint32Array [3, 1, 2]
 * encoder.decode([3, 1, 2]); // 'cab'
 * encoder.encode('cat'); // throws RangeError: Cannot encode: expected one of the 6 characters of the vocabulary, got "t" at position 2
 */
export class CharacterEncoder implements TokenEncoder {
  readonly characters: readonly string[];
  readonly vocabSize: number;
  readonly isSplittable = true;
  readonly #tokenOf: ReadonlyMap<string, number>;

  /** @param characters - one a token, each once.  @throws {ConfigError} naming what is no single character or comes twice. */
  constructor(characters: readonly string[]) {
    this.characters = [...characters];
    this.vocabSize = characters.length;
    this.#tokenOf = new Map(characters.map((character, token) => [character, token]));
    const problems = characters.flatMap((character, token) => {
      if (typeof character !== 'string' || [...character].length !== 1)
        return [`expected one character for token ${token}, got ${JSON.stringify(character)}`];
      const last = this.#tokenOf.get(character);
      return last === token
        ? []
        : [`expected a character once, got ${JSON.stringify(character)} as ${token} and ${last}`];
    });
    if (problems.length > 0) throw new ConfigError('make a CharacterEncoder', problems);
  }

  /** The characters of some text. */
  static fromText(text: string): CharacterEncoder {
    const characters = [...new Set(text)];
    return new CharacterEncoder(characters.sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!));
  }

  /** Reads what `save` wrote. @throws {Error} naming the file, where it is something else. */
  static async load(path: string): Promise<CharacterEncoder> {
    try {
      const value: unknown = JSON.parse(await readFile(path, 'utf8'));
      const characters = typeof value === 'object' && value !== null && 'characters' in value ? value.characters : null;
      if (!Array.isArray(characters)) throw new TypeError('no list "characters"');
      return new CharacterEncoder(characters as string[]);
    } catch (cause) {
      throw new Error(
        `Cannot load characters from "${path}": expected what CharacterEncoder.save wrote, got ${reasonOf(cause)}`,
        {
          cause,
        },
      );
    }
  }

  /** Writes the characters as JSON. */
  async save(path: string): Promise<void> {
    await writeFile(path, `${JSON.stringify({ characters: this.characters })}\n`);
  }

  /** @throws {RangeError} naming the first character that has no token. */
  encode(text: string): Uint32Array {
    const tokens = new Uint32Array(text.length);
    let count = 0;
    for (const character of text) {
      const token = this.#tokenOf.get(character);
      if (token === undefined) {
        throw new RangeError(
          `Cannot encode: expected one of the ${this.vocabSize} characters of the vocabulary, got ${JSON.stringify(character)} at position ${count}`,
        );
      }
      tokens[count++] = token;
    }
    return tokens.slice(0, count);
  }

  /** @throws {RangeError} for what is no token. */
  decode(tokens: ArrayLike<number>): string {
    return Array.from(tokens, (token) => this.characters[checkToken(token, this.vocabSize)]!).join('');
  }
}

function checkToken(token: number, vocabSize: number): number {
  if (Number.isInteger(token) && token >= 0 && token < vocabSize) return token;
  throw new RangeError(`Cannot decode: expected tokens from 0 to ${vocabSize - 1}, got ${token}`);
}
