// Reads JSON into nodes with their places. JSON.parse says no places of values, and lets keys come twice.

import type { ConfigNode, MapEntry } from './node.ts';
import { LineTable, type Place, type PlacedProblem } from './place.ts';
import { Bounds, BoundsError, type TextReading } from './reading.ts';

/** @param source - the file as messages name it. */
export function readJson(text: string, source: string): TextReading {
  const reader = new JsonReader(text, new LineTable(source, text));
  try {
    return { node: reader.read(), problems: reader.problems };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof BoundsError)) throw error;
    const place = error instanceof BoundsError ? error.place : reader.place;
    return { node: undefined, problems: [...reader.problems, { place, text: error.message }] };
  }
}

/** A number, or a word, from the place of a sticky search on. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const STRING = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"/y;
const NO_COMMA = (wanted: string): string => `${wanted} behind a comma`;
const WORDS = { true: true, false: false, null: null } as const;

class JsonReader {
  readonly problems: PlacedProblem[] = [];
  readonly #text: string;
  readonly #lines: LineTable;
  readonly #bounds = new Bounds();
  #at = 0;

  constructor(text: string, lines: LineTable) {
    this.#text = text;
    this.#lines = lines;
  }

  get place(): Place {
    return this.#lines.at(this.#at);
  }

  read(): ConfigNode {
    const node = this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) this.#fail('the end of the file');
    return node;
  }

  #value(depth: number): ConfigNode {
    this.#skip();
    const { place } = this;
    this.#bounds.enter(depth, place);
    const letter = this.#text[this.#at];
    if (letter === '{') return { kind: 'map', place, entries: this.#entries(depth) };
    if (letter === '[') return { kind: 'list', place, items: this.#items(depth) };
    if (letter === '"') return { kind: 'scalar', place, value: this.#string() };
    for (const [word, value] of Object.entries(WORDS)) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return { kind: 'scalar', place, value };
    }
    return { kind: 'scalar', place, value: this.#number(place) };
  }

  #number(place: Place): number {
    const digits = this.#match(NUMBER);
    if (digits === undefined)
      this.#fail(/^[\]}]/.test(this.#text.slice(this.#at, this.#at + 1)) ? NO_COMMA('a value') : 'a value');
    const value = Number(digits);
    const isWhole = /^-?\d+$/.test(digits);
    if (isWhole ? !Number.isSafeInteger(value) : !Number.isFinite(value))
      this.problems.push({
        place,
        text: `expected a number that is kept exactly, got ${digits}; put it between quotation marks`,
      });
    return value;
  }

  #string(): string {
    const quoted = this.#match(STRING);
    if (quoted === undefined) this.#fail('a text that ends with " on its line');
    try {
      return JSON.parse(quoted) as string;
    } catch {
      this.#at -= quoted.length;
      return this.#fail('a text as JSON writes it');
    }
  }

  #items(depth: number): ConfigNode[] {
    const items: ConfigNode[] = [];
    this.#at += 1;
    if (this.#take(']')) return items;
    for (;;) {
      items.push(this.#value(depth + 1));
      if (this.#take(']')) return items;
      if (!this.#take(',')) this.#fail('a comma or ]');
    }
  }

  #entries(depth: number): Map<string, MapEntry> {
    const entries = new Map<string, MapEntry>();
    this.#at += 1;
    if (this.#take('}')) return entries;
    for (;;) {
      this.#skip();
      const { place } = this;
      const wanted = 'a key between quotation marks';
      if (this.#text[this.#at] !== '"') this.#fail(this.#text[this.#at] === '}' ? NO_COMMA(wanted) : wanted);
      const key = this.#string();
      if (!this.#take(':')) this.#fail('a colon');
      const node = this.#value(depth + 1);
      if (entries.has(key)) this.problems.push({ place, text: `${key}: expected a key once, got it twice` });
      entries.set(key, { place, node });
      if (this.#take('}')) return entries;
      if (!this.#take(',')) this.#fail('a comma or }');
    }
  }

  #take(letter: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== letter) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'end')) this.#at += 1;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fail(wanted: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 20).split('\n')[0]!;
    throw new SyntaxError(
      `expected ${wanted}, got ${this.#at >= this.#text.length ? 'the end of the file' : JSON.stringify(rest)}`,
    );
  }
}
