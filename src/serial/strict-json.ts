// Reads JSON that nobody may be fooled by: keys twice, half surrogates and deep nesting are errors, and 1.0 is not 1.

import { unreadable } from './problems.ts';

/** A number with a sign, a fraction or an exponent, or one above 2^53 - 1. Every other number comes as a plain one. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a JSON text holds. Objects are maps, whose order is the text's. */
export type StrictJson = string | number | boolean | null | JsonNumber | StrictJson[] | ReadonlyMap<string, StrictJson>;

/** Open brackets at once, those of the whole text included. Source: serde_json, which safetensors files are read with elsewhere. */
const maxDepth = 127;
const spaces = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they have to be escaped in a string
const plainText = /[^"\\\u0000-\u001f]*/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const hexDigits = /[0-9a-fA-F]{4}/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const words = { t: ['true', true], f: ['false', false], n: ['null', null] } as const;

/** The value of a JSON text.
 *  @param what - what the text is, for messages, as in "header".
 *  @throws {CheckpointError} naming the place of what JSON does not allow, or a reader could take in two ways. */
export function parseStrictJson(text: string, what: string): StrictJson {
  return new Parser(text, what).parse();
}

/** What a message calls a value. */
export function describeJson(value: StrictJson | undefined): string {
  if (value === undefined) return 'none';
  if (value === null) return 'null';
  if (value instanceof JsonNumber) return value.text.length > 40 ? `${value.text.slice(0, 40)}…` : value.text;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return 'an object';
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** A name in a message: one from a file may be a book. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

class Parser {
  readonly #text: string;
  readonly #what: string;
  #at = 0;
  #depth = 0;

  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
  }

  parse(): StrictJson {
    const value = this.#value();
    this.#skip(spaces);
    if (this.#at < this.#text.length) throw this.#wrong('nothing after its value');
    return value;
  }

  #value(): StrictJson {
    this.#skip(spaces);
    const start = this.#text[this.#at];
    if (start === '{') return this.#nested(() => this.#object());
    if (start === '[') return this.#nested(() => this.#array());
    if (start === '"') return this.#string();
    if (start !== 't' && start !== 'f' && start !== 'n') return this.#number();
    const [word, value] = words[start];
    if (!this.#text.startsWith(word, this.#at)) throw this.#wrong('a value');
    this.#at += word.length;
    return value;
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > maxDepth) throw this.#wrong(`at most ${maxDepth} levels of nesting`);
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): ReadonlyMap<string, StrictJson> {
    const entries = new Map<string, StrictJson>();
    if (this.#takes('}')) return entries;
    do {
      this.#skip(spaces);
      const key = this.#string();
      if (entries.has(key)) {
        throw unreadable(`expected every key of the ${this.#what} once, got ${quoted(key)} twice`);
      }
      if (!this.#takes(':')) throw this.#wrong('a colon');
      entries.set(key, this.#value());
    } while (this.#takes(','));
    if (!this.#takes('}')) throw this.#wrong('"," or "}"');
    return entries;
  }

  #array(): StrictJson[] {
    const items: StrictJson[] = [];
    if (this.#takes(']')) return items;
    do items.push(this.#value());
    while (this.#takes(','));
    if (!this.#takes(']')) throw this.#wrong('"," or "]"');
    return items;
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') throw this.#wrong('a string');
    this.#at++;
    let value = '';
    for (;;) {
      value += this.#skip(plainText);
      if (this.#text[this.#at] === '"') break;
      if (this.#text[this.#at] !== '\\') throw this.#wrong('the end of a string');
      value += this.#escape();
    }
    this.#at++;
    return value;
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    const plain = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (plain !== undefined) {
      this.#at += 2;
      return plain;
    }
    const first = this.#codeUnit();
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    const second = first < 0xdc00 ? this.#codeUnit() : 0;
    if (second < 0xdc00 || second > 0xdfff) throw this.#wrong('both halves of a surrogate pair');
    return String.fromCharCode(first, second);
  }

  #codeUnit(): number {
    if (!this.#text.startsWith('\\u', this.#at)) throw this.#wrong('an escape that JSON has');
    this.#at += 2;
    const digits = this.#skip(hexDigits);
    if (digits === '') throw this.#wrong('four hexadecimal digits');
    return Number.parseInt(digits, 16);
  }

  #number(): number | JsonNumber {
    const digits = this.#skip(number);
    if (digits === '') throw this.#wrong('a value');
    const value = Number(digits);
    if (!Number.isFinite(value)) throw this.#wrong('a number that a double can hold');
    return /^[0-9]+$/.test(digits) && Number.isSafeInteger(value) ? value : new JsonNumber(digits);
  }

  /** Moves on if a mark comes next, after any space. */
  #takes(mark: string): boolean {
    this.#skip(spaces);
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }

  #wrong(wanted: string): Error {
    const got = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'its end';
    return unreadable(`expected ${wanted} at character ${this.#at} of the ${this.#what}, got ${got}`);
  }
}
